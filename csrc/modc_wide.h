/* modc_wide.h: vectors of 64 bytes of signed numbers, sorted and split by AVX-512 instructions.
 *
 * Input, output and method: see modc_order.h, which includes this.  MODC_WIDE is defined where the CPU level has the
 * instructions, and an optimising compiler gives them as builtins, which need none of its slow headers.  q are 8 lanes
 * of 64 bits, d 16 lanes of 32.
 */
#ifndef MODC_WIDE_H
#define MODC_WIDE_H

#include <stdint.h>
#include <string.h>

/* @section modc_apart */
/* A long function that is compiled once, not in each place that calls it. */
#if defined(__GNUC__)
#define modc_apart static __attribute__((noinline, unused))
#else
#define modc_apart static inline
#endif
/* @end */

/* Networks */

/* @section MODC_NETS */
/* P(i, j) puts two of 16 (in hexadecimal), 8 or 4 rows in order. HALVES: of rows that rise and then fall. MIRRORED: the
 * pairs of opposite rows. EACH: all rows. RIFFLE: Z(i, j, k, l) makes rows k and l of the alternating elements of i and j. */
#define MODC_NET_16(P)                                                                                                \
    P(0, 1) P(2, 3) P(4, 5) P(6, 7) P(8, 9) P(A, B) P(C, D) P(E, F)                                                   \
    P(0, 2) P(1, 3) P(4, 6) P(5, 7) P(8, A) P(9, B) P(C, E) P(D, F)                                                   \
    P(0, 4) P(1, 5) P(2, 6) P(3, 7) P(8, C) P(9, D) P(A, E) P(B, F)                                                   \
    P(0, 8) P(1, 9) P(2, A) P(3, B) P(4, C) P(5, D) P(6, E) P(7, F)                                                   \
    P(5, A) P(6, 9) P(3, C) P(D, E) P(4, 8) P(7, B) P(1, 2) P(1, 4) P(7, D) P(2, 8) P(B, E)                           \
    P(2, 4) P(5, 6) P(9, A) P(B, D) P(3, 8) P(7, C) P(6, 8) P(A, C) P(3, 5) P(7, 9)                                   \
    P(3, 4) P(5, 6) P(7, 8) P(9, A) P(B, C) P(6, 7) P(8, 9)
#define MODC_NET_8(P)                                                                                                 \
    P(0, 2) P(1, 3) P(4, 6) P(5, 7) P(0, 4) P(1, 5) P(2, 6) P(3, 7) P(0, 1) P(2, 3) P(4, 5) P(6, 7)                   \
    P(2, 4) P(3, 5) P(1, 4) P(3, 6) P(1, 2) P(3, 4) P(5, 6)
#define MODC_NET_4(P) P(0, 1) P(2, 3) P(0, 2) P(1, 3) P(1, 2)
#define MODC_HALVES_4(P) P(0, 2) P(1, 3) P(0, 1) P(2, 3)
#define MODC_HALVES_8(P)                                                                                              \
    P(0, 4) P(1, 5) P(2, 6) P(3, 7) MODC_HALVES_4(P) P(4, 6) P(5, 7) P(4, 5) P(6, 7)
#define MODC_HALVES_16(P)                                                                                             \
    P(0, 8) P(1, 9) P(2, A) P(3, B) P(4, C) P(5, D) P(6, E) P(7, F) MODC_HALVES_8(P)                                  \
    P(8, C) P(9, D) P(A, E) P(B, F) P(8, A) P(9, B) P(8, 9) P(A, B) P(C, E) P(D, F) P(C, D) P(E, F)
#define MODC_MIRRORED_4(P) P(0, 3) P(1, 2)
#define MODC_MIRRORED_8(P) P(0, 7) P(1, 6) P(2, 5) P(3, 4)
#define MODC_MIRRORED_16(P) P(0, F) P(1, E) P(2, D) P(3, C) P(4, B) P(5, A) P(6, 9) P(7, 8)
#define MODC_EACH_4(P) P(0) P(1) P(2) P(3)
#define MODC_EACH_8(P) MODC_EACH_4(P) P(4) P(5) P(6) P(7)
#define MODC_EACH_16(P) MODC_EACH_8(P) P(8) P(9) P(A) P(B) P(C) P(D) P(E) P(F)
#define MODC_RIFFLE_4(Z, x, y) Z(x##0, x##2, y##0, y##1) Z(x##1, x##3, y##2, y##3)
#define MODC_RIFFLE_8(Z, x, y)                                                                                        \
    Z(x##0, x##4, y##0, y##1) Z(x##1, x##5, y##2, y##3) Z(x##2, x##6, y##4, y##5) Z(x##3, x##7, y##6, y##7)
#define MODC_RIFFLE_16(Z, x, y)                                                                                       \
    Z(x##0, x##8, y##0, y##1) Z(x##1, x##9, y##2, y##3) Z(x##2, x##A, y##4, y##5) Z(x##3, x##B, y##6, y##7)           \
    Z(x##4, x##C, y##8, y##9) Z(x##5, x##D, y##A, y##B) Z(x##6, x##E, y##C, y##D) Z(x##7, x##F, y##E, y##F)
/* @end */

/* Vectors of 64 bytes */

/* @section MODC_WIDE */
#if defined(__AVX512F__) && defined(__OPTIMIZE__) && defined(__has_builtin) && !defined(MODC_PLAIN_LOOPS)
#if __has_builtin(__builtin_ia32_compressdi512_mask) && __has_builtin(__builtin_ia32_cmpq512_mask) &&                 \
    __has_builtin(__builtin_ia32_loaddqudi512_mask) && __has_builtin(__builtin_ia32_storedqudi512_mask)
#if __has_builtin(__builtin_shufflevector)
#define MODC_WIDE_PICK(q, x, y, ...) __builtin_shufflevector(x, y, __VA_ARGS__)
#elif !defined(__cplusplus)
#define MODC_WIDE_PICK(q, x, y, ...) __builtin_shuffle(x, y, (modc_wide_##q){__VA_ARGS__})
#endif
#if defined(MODC_WIDE_PICK) && __has_builtin(__builtin_elementwise_min)
#define MODC_WIDE 1
#define MODC_WIDE_LEAST(q, x, y) __builtin_elementwise_min(x, y)
#define MODC_WIDE_MOST(q, x, y) __builtin_elementwise_max(x, y)
#elif defined(MODC_WIDE_PICK) && !defined(__clang__) && __has_builtin(__builtin_ia32_pminsq512_mask)
#define MODC_WIDE 1
#define MODC_WIDE_LEAST(q, x, y) __builtin_ia32_pmins##q##512_mask(x, y, x, (modc_wide_mask_##q)-1)
#define MODC_WIDE_MOST(q, x, y) __builtin_ia32_pmaxs##q##512_mask(x, y, x, (modc_wide_mask_##q)-1)
#endif
#endif
#endif
#if defined(MODC_WIDE)
#define MODC_WIDE_BELOW(q, x, y, mask) __builtin_ia32_cmp##q##512_mask(x, y, 1, (modc_wide_mask_##q)(mask))
#define MODC_WIDE_FIRST(n) ((1u << (n)) - 1u)
#endif
/* @end */

/* @section modc_wide_q : MODC_WIDE */
#if defined(MODC_WIDE)
typedef long long modc_wide_q __attribute__((vector_size(64)));
typedef long long modc_wide_any_q __attribute__((vector_size(64), aligned(8), may_alias));
typedef unsigned char modc_wide_mask_q;
#define MODC_WIDE_PACK_q(x, mask) __builtin_ia32_compressdi512_mask(x, x, (modc_wide_mask_q)(mask))
#define MODC_WIDE_LOAD_q(p, else_, mask)                                                                              \
    __builtin_ia32_loaddqudi512_mask((const long long *)(const void *)(p), else_, (modc_wide_mask_q)(mask))
#define MODC_WIDE_STORE_q(p, x, mask)                                                                                 \
    __builtin_ia32_storedqudi512_mask((long long *)(void *)(p), x, (modc_wide_mask_q)(mask))
#define MODC_WIDE_ZIP_q(i, j, k, l)                                                                                   \
    const modc_wide_q k = MODC_WIDE_PICK(q, i, j, 0, 8, 1, 9, 2, 10, 3, 11);                                          \
    const modc_wide_q l = MODC_WIDE_PICK(q, i, j, 4, 12, 5, 13, 6, 14, 7, 15);
/* TURN: lanes in reverse, in groups; SWAP: halves of groups; LOWER: lanes of the lower halves of groups from x. */
#define MODC_WIDE_TURN2_q(x) MODC_WIDE_PICK(q, x, x, 1, 0, 3, 2, 5, 4, 7, 6)
#define MODC_WIDE_TURN4_q(x) MODC_WIDE_PICK(q, x, x, 3, 2, 1, 0, 7, 6, 5, 4)
#define MODC_WIDE_TURN8_q(x) MODC_WIDE_PICK(q, x, x, 7, 6, 5, 4, 3, 2, 1, 0)
#define MODC_WIDE_SWAP2_q(x) MODC_WIDE_TURN2_q(x)
#define MODC_WIDE_SWAP4_q(x) MODC_WIDE_PICK(q, x, x, 2, 3, 0, 1, 6, 7, 4, 5)
#define MODC_WIDE_LOWER2_q(x, y) MODC_WIDE_PICK(q, x, y, 0, 9, 2, 11, 4, 13, 6, 15)
#define MODC_WIDE_LOWER4_q(x, y) MODC_WIDE_PICK(q, x, y, 0, 1, 10, 11, 4, 5, 14, 15)
#define MODC_WIDE_LOWER8_q(x, y) MODC_WIDE_PICK(q, x, y, 0, 1, 2, 3, 12, 13, 14, 15)
#endif
/* @end */

/* @section modc_wide_d : MODC_WIDE */
#if defined(MODC_WIDE)
typedef int modc_wide_d __attribute__((vector_size(64)));
typedef int modc_wide_any_d __attribute__((vector_size(64), aligned(4), may_alias));
typedef unsigned short modc_wide_mask_d;
#define MODC_WIDE_PACK_d(x, mask) __builtin_ia32_compresssi512_mask(x, x, (modc_wide_mask_d)(mask))
#define MODC_WIDE_LOAD_d(p, else_, mask)                                                                              \
    __builtin_ia32_loaddqusi512_mask((const int *)(const void *)(p), else_, (modc_wide_mask_d)(mask))
#define MODC_WIDE_STORE_d(p, x, mask)                                                                                 \
    __builtin_ia32_storedqusi512_mask((int *)(void *)(p), x, (modc_wide_mask_d)(mask))
#define MODC_WIDE_ZIP_d(i, j, k, l)                                                                                   \
    const modc_wide_d k = MODC_WIDE_PICK(d, i, j, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);            \
    const modc_wide_d l = MODC_WIDE_PICK(d, i, j, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
#define MODC_WIDE_TURN2_d(x) MODC_WIDE_PICK(d, x, x, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14)
#define MODC_WIDE_TURN4_d(x) MODC_WIDE_PICK(d, x, x, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)
#define MODC_WIDE_TURN8_d(x) MODC_WIDE_PICK(d, x, x, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8)
#define MODC_WIDE_TURN16_d(x) MODC_WIDE_PICK(d, x, x, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define MODC_WIDE_SWAP2_d(x) MODC_WIDE_TURN2_d(x)
#define MODC_WIDE_SWAP4_d(x) MODC_WIDE_PICK(d, x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)
#define MODC_WIDE_SWAP8_d(x) MODC_WIDE_PICK(d, x, x, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11)
#define MODC_WIDE_LOWER2_d(x, y) MODC_WIDE_PICK(d, x, y, 0, 17, 2, 19, 4, 21, 6, 23, 8, 25, 10, 27, 12, 29, 14, 31)
#define MODC_WIDE_LOWER4_d(x, y) MODC_WIDE_PICK(d, x, y, 0, 1, 18, 19, 4, 5, 22, 23, 8, 9, 26, 27, 12, 13, 30, 31)
#define MODC_WIDE_LOWER8_d(x, y) MODC_WIDE_PICK(d, x, y, 0, 1, 2, 3, 20, 21, 22, 23, 8, 9, 10, 11, 28, 29, 30, 31)
#define MODC_WIDE_LOWER16_d(x, y) MODC_WIDE_PICK(d, x, y, 0, 1, 2, 3, 4, 5, 6, 7, 24, 25, 26, 27, 28, 29, 30, 31)
#endif
/* @end */

/* @section modc_wide_few : modc_apart MODC_WIDE MODC_NETS */
/* Functions that sort up to 4, 8 or 16 vectors. The network is one of columns, of which neighbours are merged; at last
 * the columns become rows. */
#if defined(MODC_WIDE)
#define MODC_WIDE_ORDERED(q, a, b)                                                                                    \
    {                                                                                                                 \
        const modc_wide_##q least = MODC_WIDE_LEAST(q, a, b);                                                         \
        b = MODC_WIDE_MOST(q, a, b);                                                                                  \
        a = least;                                                                                                    \
    }
/* Opposite rows of opposite lanes of groups; then lanes of one row. */
#define MODC_WIDE_ACROSS(q, g, a, b)                                                                                  \
    {                                                                                                                 \
        const modc_wide_##q turned = MODC_WIDE_TURN##g##_##q(b);                                                      \
        const modc_wide_##q least = MODC_WIDE_LEAST(q, a, turned), most = MODC_WIDE_MOST(q, a, turned);               \
        const modc_wide_##q back = MODC_WIDE_LOWER##g##_##q(most, least);                                             \
        a = MODC_WIDE_LOWER##g##_##q(least, most);                                                                    \
        b = MODC_WIDE_TURN##g##_##q(back);                                                                            \
    }
#define MODC_WIDE_ALONG(q, g, a)                                                                                      \
    {                                                                                                                 \
        const modc_wide_##q other = MODC_WIDE_SWAP##g##_##q(a);                                                       \
        const modc_wide_##q least = MODC_WIDE_LEAST(q, a, other), most = MODC_WIDE_MOST(q, a, other);                 \
        a = MODC_WIDE_LOWER##g##_##q(least, most);                                                                    \
    }
#define MODC_WIDE_P_q(i, j) MODC_WIDE_ORDERED(q, v##i, v##j)
#define MODC_WIDE_P_d(i, j) MODC_WIDE_ORDERED(d, v##i, v##j)
#define MODC_WIDE_A2_q(i, j) MODC_WIDE_ACROSS(q, 2, v##i, v##j)
#define MODC_WIDE_A4_q(i, j) MODC_WIDE_ACROSS(q, 4, v##i, v##j)
#define MODC_WIDE_A8_q(i, j) MODC_WIDE_ACROSS(q, 8, v##i, v##j)
#define MODC_WIDE_A2_d(i, j) MODC_WIDE_ACROSS(d, 2, v##i, v##j)
#define MODC_WIDE_A4_d(i, j) MODC_WIDE_ACROSS(d, 4, v##i, v##j)
#define MODC_WIDE_A8_d(i, j) MODC_WIDE_ACROSS(d, 8, v##i, v##j)
#define MODC_WIDE_A16_d(i, j) MODC_WIDE_ACROSS(d, 16, v##i, v##j)
#define MODC_WIDE_L2_q(i) MODC_WIDE_ALONG(q, 2, v##i)
#define MODC_WIDE_L4_q(i) MODC_WIDE_ALONG(q, 4, v##i)
#define MODC_WIDE_L2_d(i) MODC_WIDE_ALONG(d, 2, v##i)
#define MODC_WIDE_L4_d(i) MODC_WIDE_ALONG(d, 4, v##i)
#define MODC_WIDE_L8_d(i) MODC_WIDE_ALONG(d, 8, v##i)
#define MODC_WIDE_COLUMNS_q(R)                                                                                        \
    MODC_NET_##R(MODC_WIDE_P_q)                                                                                       \
    MODC_MIRRORED_##R(MODC_WIDE_A2_q) MODC_HALVES_##R(MODC_WIDE_P_q)                                                  \
    MODC_MIRRORED_##R(MODC_WIDE_A4_q) MODC_EACH_##R(MODC_WIDE_L2_q) MODC_HALVES_##R(MODC_WIDE_P_q)                    \
    MODC_MIRRORED_##R(MODC_WIDE_A8_q) MODC_EACH_##R(MODC_WIDE_L4_q) MODC_EACH_##R(MODC_WIDE_L2_q)                     \
    MODC_HALVES_##R(MODC_WIDE_P_q)
#define MODC_WIDE_COLUMNS_d(R)                                                                                        \
    MODC_NET_##R(MODC_WIDE_P_d)                                                                                       \
    MODC_MIRRORED_##R(MODC_WIDE_A2_d) MODC_HALVES_##R(MODC_WIDE_P_d)                                                  \
    MODC_MIRRORED_##R(MODC_WIDE_A4_d) MODC_EACH_##R(MODC_WIDE_L2_d) MODC_HALVES_##R(MODC_WIDE_P_d)                    \
    MODC_MIRRORED_##R(MODC_WIDE_A8_d) MODC_EACH_##R(MODC_WIDE_L4_d) MODC_EACH_##R(MODC_WIDE_L2_d)                     \
    MODC_HALVES_##R(MODC_WIDE_P_d)                                                                                    \
    MODC_MIRRORED_##R(MODC_WIDE_A16_d) MODC_EACH_##R(MODC_WIDE_L8_d) MODC_EACH_##R(MODC_WIDE_L4_d)                    \
    MODC_EACH_##R(MODC_WIDE_L2_d) MODC_HALVES_##R(MODC_WIDE_P_d)
#define MODC_WIDE_ROWS_4(Z) MODC_RIFFLE_4(Z, v, w) MODC_RIFFLE_4(Z, w, z)
#define MODC_WIDE_ROWS_8(Z) MODC_RIFFLE_8(Z, v, w) MODC_RIFFLE_8(Z, w, x) MODC_RIFFLE_8(Z, x, z)
#define MODC_WIDE_ROWS_16(Z)                                                                                          \
    MODC_RIFFLE_16(Z, v, w) MODC_RIFFLE_16(Z, w, x) MODC_RIFFLE_16(Z, x, y) MODC_RIFFLE_16(Z, y, z)
#define MODC_WIDE_AT(q, i, full) (n - 0x##i * lanes >= lanes ? full : n > 0x##i * lanes ? (1u << (n - 0x##i * lanes)) - 1u : 0u)
#define MODC_WIDE_GET_q(i) modc_wide_q v##i = MODC_WIDE_LOAD_q(a + 0x##i * lanes, last, MODC_WIDE_AT(q, i, 0xFFu));
#define MODC_WIDE_PUT_q(i) MODC_WIDE_STORE_q(a + 0x##i * lanes, z##i, MODC_WIDE_AT(q, i, 0xFFu));
#define MODC_WIDE_GET_d(i) modc_wide_d v##i = MODC_WIDE_LOAD_d(a + 0x##i * lanes, last, MODC_WIDE_AT(d, i, 0xFFFFu));
#define MODC_WIDE_PUT_d(i) MODC_WIDE_STORE_d(a + 0x##i * lanes, z##i, MODC_WIDE_AT(d, i, 0xFFFFu));
#define MODC_WIDE_FEW(name, type, q, R)                                                                               \
    modc_apart void name##_few##R(int64_t n, type *a) {                                                               \
        enum { lanes = 64 / sizeof(type) };                                                                           \
        const modc_wide_##q zero = {0}, last = zero + (type)(~UINT64_C(0) >> (65 - 8 * sizeof(type)));                \
        MODC_EACH_##R(MODC_WIDE_GET_##q)                                                                              \
        MODC_WIDE_COLUMNS_##q(R)                                                                                      \
        MODC_WIDE_ROWS_##R(MODC_WIDE_ZIP_##q)                                                                         \
        MODC_EACH_##R(MODC_WIDE_PUT_##q)                                                                              \
    }
#endif
/* @end */


/* @section MODC_WIDE_SPLIT : modc_wide_few */
/* Of `few`, `split` and `pivot` see MODC_ORDER. */
#if defined(MODC_WIDE)
#define MODC_WIDE_MIDDLE(q, x, y, z)                                                                                  \
    MODC_WIDE_MOST(q, MODC_WIDE_LEAST(q, x, y), MODC_WIDE_LEAST(q, MODC_WIDE_MOST(q, x, y), z))
#define MODC_WIDE_SPLIT(name, type, q)                                                                                \
    MODC_WIDE_FEW(name, type, q, 4)                                                                                   \
    MODC_WIDE_FEW(name, type, q, 8)                                                                                   \
    MODC_WIDE_FEW(name, type, q, 16)                                                                                  \
    static inline void name##_few(int64_t n, type *a, type *b) {                                                      \
        (void)b;                                                                                                      \
        if (n <= 4 * 64 / (int64_t)sizeof(type)) name##_few4(n, a);                                                   \
        else if (n <= 8 * 64 / (int64_t)sizeof(type)) name##_few8(n, a);                                              \
        else name##_few16(n, a);                                                                                      \
    }                                                                                                                 \
    modc_apart int64_t name##_split(int64_t n, type *a, type *b, type pivot, int *above) {                            \
        enum { lanes = 64 / sizeof(type) };                                                                           \
        const modc_wide_##q zero = {0}, p = zero + pivot;                                                             \
        unsigned over = 0;                                                                                            \
        int64_t l = 0, r = 0, i = 0;                                                                                  \
        for (; i + lanes <= n; i += lanes) {                                                                          \
            const modc_wide_##q x = *(const modc_wide_any_##q *)(const void *)(a + i);                                \
            const unsigned below = MODC_WIDE_BELOW(q, x, p, -1);                                                      \
            over |= MODC_WIDE_BELOW(q, p, x, -1);                                                                     \
            *(modc_wide_any_##q *)(void *)(a + l) = MODC_WIDE_PACK_##q(x, below);                                     \
            *(modc_wide_any_##q *)(void *)(b + r) = MODC_WIDE_PACK_##q(x, ~below);                                    \
            const int count = __builtin_popcount(below);                                                              \
            l += count;                                                                                               \
            r += lanes - count;                                                                                       \
        }                                                                                                             \
        const unsigned some = MODC_WIDE_FIRST(n - i);                                                                 \
        const modc_wide_##q x = MODC_WIDE_LOAD_##q(a + i, p, some);                                                   \
        const unsigned below = MODC_WIDE_BELOW(q, x, p, some);                                                        \
        over |= MODC_WIDE_BELOW(q, p, x, some);                                                                       \
        const int count = __builtin_popcount(below);                                                                  \
        MODC_WIDE_STORE_##q(a + l, MODC_WIDE_PACK_##q(x, below), MODC_WIDE_FIRST(count));                             \
        MODC_WIDE_STORE_##q(b + r, MODC_WIDE_PACK_##q(x, some & ~below), MODC_WIDE_FIRST(n - i - count));             \
        l += count;                                                                                                   \
        r += n - i - count;                                                                                           \
        for (i = 0; i + lanes <= r; i += lanes)                                                                       \
            *(modc_wide_any_##q *)(void *)(a + l + i) = *(const modc_wide_any_##q *)(const void *)(b + i);            \
        MODC_WIDE_STORE_##q(a + l + i, MODC_WIDE_LOAD_##q(b + i, p, MODC_WIDE_FIRST(r - i)), MODC_WIDE_FIRST(r - i)); \
        *above = over != 0;                                                                                           \
        return l;                                                                                                     \
    }                                                                                                                 \
    modc_apart type name##_pivot(int64_t n, const type *a, int *same) {                                               \
        enum { lanes = 64 / sizeof(type) };                                                                           \
        const int wide = n >= 64 * lanes;                                                                             \
        const int64_t step = (n - lanes) / (wide ? 8 : 2);                                                            \
        modc_wide_##q x[3] = {{0}, {0}, {0}}, y[3];                                                                   \
        for (int i = 0; i < 3; ++i) {                                                                                 \
            for (int j = 0; j < (wide ? 3 : 1); ++j)                                                                  \
                x[j] = *(const modc_wide_any_##q *)(const void *)(a + (wide ? 3 * i + j : i) * step);                 \
            y[i] = wide ? MODC_WIDE_MIDDLE(q, x[0], x[1], x[2]) : x[0];                                               \
        }                                                                                                             \
        type found[64 / sizeof(type)];                                                                                \
        const modc_wide_##q middle = MODC_WIDE_MIDDLE(q, y[0], y[1], y[2]);                                           \
        memcpy(found, &middle, sizeof found);                                                                         \
        name##_few4(lanes, found);                                                                                    \
        *same = found[0] == found[lanes - 1];                                                                         \
        return found[lanes / 2];                                                                                      \
    }
#endif
/* @end */
#endif
