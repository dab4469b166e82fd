/* modc_order.h: signed numbers put in order.
 *
 * Input: n numbers at `a`, and room for as many at `b`; 256 counters per byte of a number behind `counts`, which fewer
 * than MODC_ORDER_FEW numbers do not use.  Output: the numbers ascending, at `a` or at `b`.
 * Used by: modc_sort.h, whose keys and words (a key and a position) these numbers are.
 *
 * Where the CPU level has AVX-512, and the compiler its instructions as builtins: quicksort that splits a vector of
 * numbers at once (those below the pivot stay, the others go to `b` and come back behind them), down to a few vectors,
 * which a network sorts: each lane by itself, then neighbouring lanes together (bitonic).  Quicksort that gets nowhere,
 * and other CPUs: distribution byte by byte from the last one on, where bytes that all numbers share cost nothing; few
 * numbers are ranked in groups, and merged.  Many short rows at a time are sorted as columns, by one network (Batcher's).
 */
#ifndef MODC_ORDER_H
#define MODC_ORDER_H

#include <stdint.h>
#include <string.h>

#include "modc_wide.h"

/* @section MODC_ORDER_FEW */
#define MODC_ORDER_FEW 256
#define MODC_ORDER_GROUP 32
/* @end */

/* @section MODC_ORDER_PLAIN : modc_apart MODC_ORDER_FEW */
/* name_plain: numbers whose bits below `low` need no ordering, because they are in order already. */
#define MODC_ORDER_PLAIN(name, type, bits)                                                                            \
    modc_apart void name##_group(int64_t n, const type *a, type *b) {                                                 \
        const type last = (type)(UINT##bits##_MAX >> 1);                                                              \
        type x[MODC_ORDER_GROUP], z[MODC_ORDER_GROUP];                                                                \
        for (int64_t i = 0; i < MODC_ORDER_GROUP; ++i) {                                                              \
            x[i] = i < n ? a[i] : last;                                                                               \
            z[i] = (type)(-last - 1);                                                                                 \
        }                                                                                                             \
        for (int64_t i = 0; i < n; ++i) {                                                                             \
            const type own = x[i];                                                                                    \
            type rank = 0;                                                                                            \
            for (int j = 0; j < MODC_ORDER_GROUP; ++j) rank = (type)(rank + (x[j] < own));                            \
            z[rank & (MODC_ORDER_GROUP - 1)] = own;                                                                   \
        }                                                                                                             \
        b[0] = z[0];                                                                                                  \
        for (int64_t i = 1; i < n; ++i) b[i] = z[i] > b[i - 1] ? z[i] : b[i - 1];                                     \
    }                                                                                                                 \
    modc_apart void name##_merge(int64_t left, int64_t n, const type *a, type *b) {                                   \
        int64_t i = 0, j = left, k = 0;                                                                               \
        while (i < left && j < n) {                                                                                   \
            const int64_t second = a[j] < a[i];                                                                       \
            b[k++] = a[second ? j : i];                                                                               \
            j += second;                                                                                              \
            i += 1 - second;                                                                                          \
        }                                                                                                             \
        while (i < left) b[k++] = a[i++];                                                                             \
        while (j < n) b[k++] = a[j++];                                                                                \
    }                                                                                                                 \
    modc_apart type *name##_bytes(int64_t n, type *a, type *b, int low, int64_t *counts) {                            \
        const uint##bits##_t flip = (uint##bits##_t)(1 + UINT##bits##_MAX / 2);                                       \
        memset(counts, 0, (bits + 7 - (size_t)low) / 8 * 256 * sizeof *counts);                                       \
        for (int64_t i = 0; i < n; ++i) {                                                                             \
            const uint##bits##_t u = (uint##bits##_t)((uint##bits##_t)a[i] ^ flip);                                   \
            int64_t *count = counts;                                                                                  \
            for (int d = low; d < bits; d += 8, count += 256) ++count[(int)(u >> d & 255)];                           \
        }                                                                                                             \
        int64_t *count = counts;                                                                                      \
        for (int d = low; d < bits; d += 8, count += 256) {                                                           \
            int64_t sum = 0;                                                                                          \
            if (count[(int)((uint##bits##_t)((uint##bits##_t)a[0] ^ flip) >> d & 255)] == n) continue;                \
            for (int i = 0; i < 256; ++i) {                                                                           \
                const int64_t here = count[i];                                                                        \
                count[i] = sum;                                                                                       \
                sum += here;                                                                                          \
            }                                                                                                         \
            for (int64_t i = 0; i < n; ++i)                                                                           \
                b[count[(int)((uint##bits##_t)((uint##bits##_t)a[i] ^ flip) >> d & 255)]++] = a[i];                   \
            type *const other = a;                                                                                    \
            a = b;                                                                                                    \
            b = other;                                                                                                \
        }                                                                                                             \
        return a;                                                                                                     \
    }                                                                                                                 \
    modc_apart type *name##_plain(int64_t n, type *a, type *b, int low, int64_t *counts) {                            \
        if (n < 2) return a;                                                                                          \
        if (n >= MODC_ORDER_FEW) return name##_bytes(n, a, b, low, counts);                                           \
        for (int64_t i = 0; i < n; i += MODC_ORDER_GROUP)                                                             \
            name##_group(n - i < MODC_ORDER_GROUP ? n - i : MODC_ORDER_GROUP, a + i, b + i);                          \
        for (int64_t width = MODC_ORDER_GROUP; width < n; width *= 2) {                                               \
            type *const other = a;                                                                                    \
            a = b;                                                                                                    \
            b = other;                                                                                                \
            for (int64_t i = 0; i < n; i += 2 * width) {                                                              \
                const int64_t rest = n - i, left = width < rest ? width : rest;                                       \
                name##_merge(left, 2 * width < rest ? 2 * width : rest, a + i, b + i);                                \
            }                                                                                                         \
        }                                                                                                             \
        return b;                                                                                                     \
    }
/* @end */

/* @section MODC_ORDER_SPLIT : MODC_ORDER_PLAIN */
/* As MODC_WIDE_SPLIT, for any CPU. */
#define MODC_ORDER_SPLIT(name, type)                                                                                  \
    static inline void name##_few(int64_t n, type *a, type *b) {                                                      \
        const type *const found = name##_plain(n, a, b, 0, (int64_t *)0);                                             \
        if (found != a) memcpy(a, found, (size_t)n * sizeof *a);                                                      \
    }                                                                                                                 \
    modc_apart int64_t name##_split(int64_t n, type *a, type *b, type pivot, int *above) {                            \
        int64_t l = 0, r = 0;                                                                                         \
        int over = 0;                                                                                                 \
        for (int64_t i = 0; i < n; ++i) {                                                                             \
            const type x = a[i];                                                                                      \
            const int64_t below = x < pivot;                                                                          \
            over |= pivot < x;                                                                                        \
            a[l] = x;                                                                                                 \
            b[r] = x;                                                                                                 \
            l += below;                                                                                               \
            r += 1 - below;                                                                                           \
        }                                                                                                             \
        memcpy(a + l, b, (size_t)r * sizeof *a);                                                                      \
        *above = over;                                                                                                \
        return l;                                                                                                     \
    }                                                                                                                 \
    modc_apart type name##_pivot(int64_t n, const type *a, int *same) {                                               \
        type some[9], room[9];                                                                                        \
        for (int i = 0; i < 9; ++i) some[i] = a[(n - 1) / 8 * i];                                                     \
        name##_few(9, some, room);                                                                                    \
        *same = some[0] == some[8];                                                                                   \
        return some[4];                                                                                               \
    }
/* @end */

/* @section MODC_ORDER_SELECT : modc_apart MODC_ORDER_FEW */
/* Quicksort of no more than holds one of `count` ranks; without ranks of everything. The larger parts wait.
 * few: up to `room` numbers.  split: those below the pivot to the front of `a`, the others behind them; how many are
 * below; `above`: whether one is above.  pivot: about the middle; `same`: whether some others were equal to it. */
#define MODC_ORDER_SELECT(name, type, room)                                                                           \
    static inline int name##_equal(int64_t n, const type *a) {                                                        \
        int differ = 0;                                                                                               \
        for (int64_t i = 0; i < n && !differ;) {                                                                      \
            const int64_t stop = n - i < 64 ? n : i + 64;                                                             \
            for (; i < stop; ++i) differ |= a[i] != a[0];                                                             \
        }                                                                                                             \
        return !differ;                                                                                               \
    }                                                                                                                 \
    modc_apart void name##_select(int64_t n, type *a, type *b, int depth, int64_t *counts, int64_t count,             \
                                  const int64_t *ranks) {                                                             \
        int64_t starts[48], sizes[48], start = 0;                                                                     \
        int depths[48], waiting = 0;                                                                                  \
        for (;;) {                                                                                                    \
            type *const here = a + start;                                                                             \
            int above, same, wanted = !ranks;                                                                         \
            for (int64_t i = 0; i < count; ++i) wanted |= ranks[i] >= start && ranks[i] < start + n;                  \
            if (!wanted || n <= room || (n >= MODC_ORDER_FEW && !depth)) {                                            \
                if (wanted && n > room) {                                                                             \
                    const type *const found = name##_bytes(n, here, b, 0, counts);                                    \
                    if (found != here) memcpy(here, found, (size_t)n * sizeof *a);                                    \
                } else if (wanted && n > 1) {                                                                         \
                    name##_few(n, here, b);                                                                           \
                }                                                                                                     \
                if (!waiting) return;                                                                                 \
                start = starts[--waiting];                                                                            \
                n = sizes[waiting];                                                                                   \
                depth = depths[waiting];                                                                              \
                continue;                                                                                             \
            }                                                                                                         \
            depth -= depth > 0;                                                                                       \
            const type pivot = name##_pivot(n, here, &same);                                                          \
            if (same && name##_equal(n, here)) {                                                                      \
                n = 0;                                                                                                \
                continue;                                                                                             \
            }                                                                                                         \
            int64_t l = name##_split(n, here, b, pivot, &above);                                                      \
            if (!l && above) {                                                                                        \
                l = name##_split(n, here, b, (type)(pivot + 1), &above);                                              \
                start += l;                                                                                           \
                n -= l;                                                                                               \
            } else if (!above) {                                                                                      \
                n = l;                                                                                                \
            } else {                                                                                                  \
                const int64_t first = l < n - l;                                                                      \
                starts[waiting] = first ? start + l : start;                                                          \
                sizes[waiting] = first ? n - l : l;                                                                   \
                depths[waiting++] = depth;                                                                            \
                start += first ? 0 : l;                                                                               \
                n = first ? l : n - l;                                                                                \
            }                                                                                                         \
        }                                                                                                             \
    }                                                                                                                 \
    /* The numbers at `a`, with those of the ranks where sorting puts them. */                                        \
    static inline void name##_ranked(int64_t n, type *a, type *b, int64_t *counts, int64_t count, const int64_t *ranks) {\
        int depth = 8;                                                                                                \
        for (int64_t size = n; size; size /= 2) depth += 2;                                                           \
        name##_select(n, a, b, depth, counts, count, ranks);                                                          \
    }
/* @end */

/* @section MODC_ORDER_RUN : modc_apart */
/* Whether numbers rise already; they do too if all fall, after they have been turned round. */
#define MODC_ORDER_RUN(name, type)                                                                                    \
    modc_apart int name##_run(int64_t n, type *a) {                                                                   \
        const int64_t most = n - 1;                                                                                   \
        int64_t i = 0;                                                                                                \
        int rises = 1, falls = 1;                                                                                     \
        while (i < most && (rises || falls)) {                                                                        \
            const int64_t stop = most - i < 64 ? most : i + 64;                                                       \
            int up = 0, down = 0;                                                                                     \
            for (; i < stop; ++i) {                                                                                   \
                up |= a[i] < a[i + 1];                                                                                \
                down |= a[i] > a[i + 1];                                                                              \
            }                                                                                                         \
            rises &= !down;                                                                                           \
            falls &= !up;                                                                                             \
        }                                                                                                             \
        if (rises) return 1;                                                                                          \
        for (i = 0; falls && i < n / 2; ++i) {                                                                        \
            const type x = a[i];                                                                                      \
            a[i] = a[n - 1 - i];                                                                                      \
            a[n - 1 - i] = x;                                                                                         \
        }                                                                                                             \
        return falls;                                                                                                 \
    }
/* @end */

/* @section MODC_ORDER : MODC_ORDER_PLAIN MODC_ORDER_SPLIT MODC_ORDER_SELECT MODC_ORDER_RUN MODC_WIDE_SPLIT */
#if defined(MODC_WIDE)
#define MODC_ORDER(name, type, bits, q)                                                                               \
    MODC_ORDER_PLAIN(name, type, bits)                                                                                \
    MODC_WIDE_SPLIT(name, type, q)                                                                                    \
    MODC_ORDER_SELECT(name, type, 8192 / bits)                                                                        \
    MODC_ORDER_RUN(name, type)                                                                                        \
    modc_apart type *name(int64_t n, type *a, type *b, int low, int64_t *counts) {                                    \
        (void)low;                                                                                                    \
        if (n <= 8192 / bits) name##_few(n, a, b);                                                                    \
        else if (!name##_run(n, a)) name##_ranked(n, a, b, counts, 0, (const int64_t *)0);                            \
        return a;                                                                                                     \
    }
#else
#define MODC_ORDER(name, type, bits, q)                                                                               \
    MODC_ORDER_PLAIN(name, type, bits)                                                                                \
    MODC_ORDER_SPLIT(name, type)                                                                                      \
    MODC_ORDER_SELECT(name, type, 48)                                                                                 \
    MODC_ORDER_RUN(name, type)                                                                                        \
    modc_apart type *name(int64_t n, type *a, type *b, int low, int64_t *counts) {                                    \
        return n >= MODC_ORDER_FEW && name##_run(n, a) ? a : name##_plain(n, a, b, low, counts);                      \
    }
#endif
/* @end */

/* @section modc_order_i8 : MODC_ORDER_PLAIN */
MODC_ORDER_PLAIN(modc_order_i8, int8_t, 8)
static inline int8_t *modc_order_i8(int64_t n, int8_t *a, int8_t *b, int low, int64_t *counts) {
    return modc_order_i8_plain(n, a, b, low, counts);
}
/* @end */

/* @section modc_order_i16 : MODC_ORDER_PLAIN */
MODC_ORDER_PLAIN(modc_order_i16, int16_t, 16)
static inline int16_t *modc_order_i16(int64_t n, int16_t *a, int16_t *b, int low, int64_t *counts) {
    return modc_order_i16_plain(n, a, b, low, counts);
}
/* @end */

/* @section modc_order_i32 : MODC_ORDER modc_wide_d */
MODC_ORDER(modc_order_i32, int32_t, 32, d)
/* @end */

/* @section modc_order_i64 : MODC_ORDER modc_wide_q */
MODC_ORDER(modc_order_i64, int64_t, 64, q)
/* @end */

/* Columns */

/* @section MODC_ORDER_LANES : modc_apart */
/* Sorts each of the columns of n rows of 64 bytes. */
#if defined(__GNUC__) && !defined(MODC_PLAIN_LOOPS)
#if defined(__AVX512BW__)
#define MODC_ORDER_WIDTH 64
#elif defined(__AVX2__)
#define MODC_ORDER_WIDTH 32
#else
#define MODC_ORDER_WIDTH 16
#endif
#define MODC_ORDER_ROWS(name, type)                                                                                   \
    typedef type name##_row __attribute__((vector_size(MODC_ORDER_WIDTH), aligned(sizeof(type)), may_alias));         \
    static inline void name##_pair(type *a, type *b) {                                                                \
        name##_row *const first = (name##_row *)(void *)a, *const second = (name##_row *)(void *)b;                   \
        for (int i = 0; i < 64 / MODC_ORDER_WIDTH; ++i) {                                                             \
            const name##_row x = first[i], y = second[i], less = (name##_row)(y < x);                                 \
            first[i] = (y & less) | (x & ~less);                                                                      \
            second[i] = (x & less) | (y & ~less);                                                                     \
        }                                                                                                             \
    }
#else
#define MODC_ORDER_ROWS(name, type)                                                                                   \
    static inline void name##_pair(type *a, type *b) {                                                                \
        for (int i = 0; i < (int)(64 / sizeof(type)); ++i) {                                                          \
            const type x = a[i], y = b[i];                                                                            \
            a[i] = y < x ? y : x;                                                                                     \
            b[i] = y < x ? x : y;                                                                                     \
        }                                                                                                             \
    }
#endif
#define MODC_ORDER_LANES(name, type)                                                                                  \
    MODC_ORDER_ROWS(name, type)                                                                                       \
    modc_apart void name(int64_t n, type *a) {                                                                        \
        const int64_t lanes = 64 / sizeof(type);                                                                      \
        for (int64_t p = 1; p < n; p *= 2)                                                                            \
            for (int64_t k = p; k > 0; k /= 2)                                                                        \
                for (int64_t j = k % p; j + k < n; j += 2 * k) {                                                      \
                    const int64_t stop = k < n - j - k ? j + k : n - k;                                               \
                    for (int64_t i = j; i < stop; ++i)                                                                \
                        if ((i ^ (i + k)) < 2 * p) name##_pair(a + i * lanes, a + (i + k) * lanes);                   \
                }                                                                                                     \
    }
/* @end */

/* @section modc_order_lanes_i8 : MODC_ORDER_LANES */
MODC_ORDER_LANES(modc_order_lanes_i8, int8_t)
/* @end */

/* @section modc_order_lanes_i16 : MODC_ORDER_LANES */
MODC_ORDER_LANES(modc_order_lanes_i16, int16_t)
/* @end */

/* @section modc_order_lanes_i32 : MODC_ORDER_LANES */
MODC_ORDER_LANES(modc_order_lanes_i32, int32_t)
/* @end */

/* @section modc_order_lanes_i64 : MODC_ORDER_LANES */
MODC_ORDER_LANES(modc_order_lanes_i64, int64_t)
/* @end */
#endif
