/* modc_fft_passes.h: the passes of discrete Fourier transforms, on columns, and roots of unity.
 *
 * Input: n rows of L columns; a row is L real parts, then L imaginary ones (L = 8 doubles or 16 floats, in vectors).
 * Output: the transform of each column, not scaled.  Used by: modc_fft.h, which has the method.
 *
 * Roots of unity are within 0.75 ULP: an angle is an exact fraction of a quarter turn before it is rounded.
 * The vectors are the GNU C extension (gcc, clang); other compilers, and -DMODC_PLAIN_LOOPS, take plain loops.
 */
#ifndef MODC_FFT_PASSES_H
#define MODC_FFT_PASSES_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "modc_bits.h"

/* @section modc_fft_vector_f64 modc_fft_wide_f64 modc_fft_low_f64 modc_fft_high_f64 : modc_inline */
/* Vectors, and the elements of two in turn: from their lower halves, from their higher ones. */
#if defined(__GNUC__) && !defined(MODC_PLAIN_LOOPS)
#if defined(__AVX512F__)
enum { modc_fft_wide_f64 = 8 };
#define modc_fft_lows_f64 0, 8, 1, 9, 2, 10, 3, 11
#define modc_fft_highs_f64 4, 12, 5, 13, 6, 14, 7, 15
#elif defined(__AVX__)
enum { modc_fft_wide_f64 = 4 };
#define modc_fft_lows_f64 0, 4, 1, 5
#define modc_fft_highs_f64 2, 6, 3, 7
#else
enum { modc_fft_wide_f64 = 2 };
#define modc_fft_lows_f64 0, 2
#define modc_fft_highs_f64 1, 3
#endif
typedef double modc_fft_vector_f64 __attribute__((vector_size(modc_fft_wide_f64 * sizeof(double)), aligned(8), may_alias));
#if defined(__clang__)
#define modc_fft_low_f64(a, b) __builtin_shufflevector(a, b, modc_fft_lows_f64)
#define modc_fft_high_f64(a, b) __builtin_shufflevector(a, b, modc_fft_highs_f64)
#else
typedef int64_t modc_fft_places_f64 __attribute__((vector_size(modc_fft_wide_f64 * sizeof(int64_t))));
modc_inline modc_fft_vector_f64 modc_fft_low_f64(modc_fft_vector_f64 a, modc_fft_vector_f64 b) {
    const modc_fft_places_f64 places = {modc_fft_lows_f64};
    return __builtin_shuffle(a, b, places);
}
modc_inline modc_fft_vector_f64 modc_fft_high_f64(modc_fft_vector_f64 a, modc_fft_vector_f64 b) {
    const modc_fft_places_f64 places = {modc_fft_highs_f64};
    return __builtin_shuffle(a, b, places);
}
#endif
#else
enum { modc_fft_wide_f64 = 1 };
typedef double modc_fft_vector_f64;
#define modc_fft_low_f64(a, b) (a)
#define modc_fft_high_f64(a, b) (b)
#endif
/* @end */

/* @section modc_fft_vector_f32 modc_fft_wide_f32 modc_fft_low_f32 modc_fft_high_f32 : modc_inline */
/* Vectors, and the elements of two in turn: from their lower halves, from their higher ones. */
#if defined(__GNUC__) && !defined(MODC_PLAIN_LOOPS)
#if defined(__AVX512F__)
enum { modc_fft_wide_f32 = 16 };
#define modc_fft_lows_f32 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define modc_fft_highs_f32 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#elif defined(__AVX__)
enum { modc_fft_wide_f32 = 8 };
#define modc_fft_lows_f32 0, 8, 1, 9, 2, 10, 3, 11
#define modc_fft_highs_f32 4, 12, 5, 13, 6, 14, 7, 15
#else
enum { modc_fft_wide_f32 = 4 };
#define modc_fft_lows_f32 0, 4, 1, 5
#define modc_fft_highs_f32 2, 6, 3, 7
#endif
typedef float modc_fft_vector_f32 __attribute__((vector_size(modc_fft_wide_f32 * sizeof(float)), aligned(4), may_alias));
#if defined(__clang__)
#define modc_fft_low_f32(a, b) __builtin_shufflevector(a, b, modc_fft_lows_f32)
#define modc_fft_high_f32(a, b) __builtin_shufflevector(a, b, modc_fft_highs_f32)
#else
typedef int32_t modc_fft_places_f32 __attribute__((vector_size(modc_fft_wide_f32 * sizeof(int32_t))));
modc_inline modc_fft_vector_f32 modc_fft_low_f32(modc_fft_vector_f32 a, modc_fft_vector_f32 b) {
    const modc_fft_places_f32 places = {modc_fft_lows_f32};
    return __builtin_shuffle(a, b, places);
}
modc_inline modc_fft_vector_f32 modc_fft_high_f32(modc_fft_vector_f32 a, modc_fft_vector_f32 b) {
    const modc_fft_places_f32 places = {modc_fft_highs_f32};
    return __builtin_shuffle(a, b, places);
}
#endif
#else
enum { modc_fft_wide_f32 = 1 };
typedef float modc_fft_vector_f32;
#define modc_fft_low_f32(a, b) (a)
#define modc_fft_high_f32(a, b) (b)
#endif
/* @end */

/* @section modc_fft_fused modc_fft_contract */
/* Products in the passes are fused where the CPU level has the instruction. */
#if defined(__clang__)
#define modc_fft_fused static __attribute__((unused))
#define modc_fft_contract _Pragma("clang fp contract(fast)")
#elif defined(__GNUC__)
#define modc_fft_fused static __attribute__((noinline, unused, optimize("fp-contract=fast")))
#define modc_fft_contract
#else
#define modc_fft_fused static inline
#define modc_fft_contract
#endif
/* @end */

/* @section modc_fft_unrolled */
/* Before a loop over an array of vectors, whose elements should be registers. */
#if defined(__clang__)
#define modc_fft_unrolled _Pragma("clang loop unroll(full)")
#elif defined(__GNUC__) && __GNUC__ >= 8
#define modc_fft_unrolled _Pragma("GCC unroll 16")
#else
#define modc_fft_unrolled
#endif
/* @end */

/* @section modc_fft_vectors */
/* Before a loop whose rounds are as many as lanes of a vector, or some times more: no more than one vector at once. */
#if defined(__clang__)
#define modc_fft_vectors _Pragma("clang loop vectorize(enable) interleave(disable)")
#else
#define modc_fft_vectors
#endif
/* @end */

/* @section modc_fft_sine_f64 : modc_inline modc_fma_f64 modc_tail_f64 */
/* Cosine and sine of (h + l) pi / 2, for |h| up to 0.5 and a little more. */
modc_inline void modc_fft_sine_f64(double h, double l, double *cosine, double *sine) {
    const double r = h * 0x1.921fb54442d18p+0;
    const double t = modc_tail_f64(h, 0x1.921fb54442d18p+0, r) + modc_fma_f64(h, 0x1.1a62633145c07p-54, l * 0x1.921fb54442d18p+0);
    const double z = r * r, hz = 0.5 * z, v = 1.0 - hz;
    double p = 0x1.5d99dcf699d5dp-33, g = -0x1.8ff105515694cp-37;
    p = modc_fma_f64(p, z, -0x1.ae5e80d8bc503p-26);
    p = modc_fma_f64(p, z, 0x1.71de359ee0224p-19);
    p = modc_fma_f64(p, z, -0x1.a01a019c47700p-13);
    p = modc_fma_f64(p, z, 0x1.111111110fa98p-7);
    p = modc_fma_f64(p, z, -0x1.555555555554bp-3);
    g = modc_fma_f64(g, z, 0x1.1eea7639f39e7p-29);
    g = modc_fma_f64(g, z, -0x1.27e4f8e7bd50fp-22);
    g = modc_fma_f64(g, z, 0x1.a01a019e05243p-16);
    g = modc_fma_f64(g, z, -0x1.6c16c16c160ccp-10);
    g = modc_fma_f64(g, z, 0x1.5555555555554p-5);
    *sine = r + modc_fma_f64(r * z, p, t * v);
    *cosine = v + (((1.0 - v) - hz) + modc_fma_f64(z * z, g, -r * t));
}
/* @end */

/* @section modc_fft_root_f64 : modc_inline modc_fft_sine_f64 modc_bits_f64 modc_from_bits_f64 modc_near_f64 modc_tail_f64 */
/* Cosine and negative sine of 2 pi k / n, for whole numbers k of a few times n. */
modc_inline void modc_fft_root_f64(double k, double n, double inverse, double *re, double *im) {
    const double q = modc_near_f64(k * (4.0 * inverse)), r = 4.0 * k - q * n;
    const double h = r * inverse, hn = h * n;
    double c, s;
    modc_fft_sine_f64(h, ((r - hn) - modc_tail_f64(h, n, hn)) * inverse, &c, &s);
    const uint64_t u = modc_bits_f64(q + 0x1.8p52), odd = 0u - (u & 1u);
    const uint64_t a = modc_bits_f64(c), b = modc_bits_f64(s);
    *re = modc_from_bits_f64(((b & odd) | (a & ~odd)) ^ ((u + 1u) & 2u) << 62);
    *im = modc_from_bits_f64(((a & odd) | (b & ~odd)) ^ (~u & 2u) << 62);
}
/* @end */

/* @section MODC_FFT_ROOTS : modc_fft_vectors modc_fft_root_f64 */
/* Tables of roots of unity of order n, real and imaginary parts in turn. */
#define MODC_FFT_ROOTS(T, S)                                                                                          \
    /* To the powers 0, step, 2 step ...; `count` is rounded up to a multiple of 16. */                               \
    static inline void modc_fft_roots_##S(int64_t count, int64_t step, int64_t n, T *out) {                           \
        const double size = (double)n, inverse = 1.0 / size, by = (double)step;                                       \
        const int32_t many = (int32_t)((count + 15) / 16 * 16);                                                       \
        modc_fft_vectors                                                                                              \
        for (int32_t i = 0; i < many; ++i) {                                                                          \
            double re, im;                                                                                            \
            modc_fft_root_f64((double)i * by, size, inverse, &re, &im);                                               \
            out[2 * (int64_t)i] = (T)re;                                                                              \
            out[2 * (int64_t)i + 1] = (T)im;                                                                          \
        }                                                                                                             \
    }                                                                                                                 \
    /* To the powers 0, 1, 4, 9 ...; `count` is rounded up to a multiple of 32. */                                    \
    static inline void modc_fft_chirp_##S(int64_t count, int64_t n, T *out) {                                         \
        const double size = (double)n, inverse = 1.0 / size;                                                          \
        for (int64_t first = 0; first < count; first += 32, out += 64) {                                              \
            const double base = (double)(first * first % n), slope = 2.0 * (double)first;                             \
            modc_fft_vectors                                                                                          \
            for (int32_t i = 0; i < 32; ++i) {                                                                        \
                double re, im;                                                                                        \
                modc_fft_root_f64(base + (double)i * (slope + (double)i), size, inverse, &re, &im);                   \
                out[2 * (int64_t)i] = (T)re;                                                                          \
                out[2 * (int64_t)i + 1] = (T)im;                                                                      \
            }                                                                                                         \
        }                                                                                                             \
    }
/* @end */

/* @section modc_fft_radix */
/* The radix of the first pass: 4 or the smallest prime factor. */
static inline int64_t modc_fft_radix(int64_t n) {
    if (n % 4 == 0) return 4;
    if (n % 2 == 0) return 2;
    for (int64_t p = 3; p * p <= n; p += 2)
        if (n % p == 0) return p;
    return n;
}
/* @end */

/* @section MODC_FFT_PASSES : modc_inline modc_fft_unrolled modc_fft_fused modc_fft_radix */
/* The passes: `m` x `s` butterflies of r rows each (Stockham's order, which needs no bit reversal).  A row is L real
 * parts, then L imaginary ones.  `w` are the roots of unity of order s * m * r. */
#define MODC_FFT_PASSES(T, S, L)                                                                                      \
    modc_inline modc_fft_vector_##S modc_fft_get_##S(const T *p) { return *(const modc_fft_vector_##S *)p; }          \
    modc_inline void modc_fft_put_##S(T *p, modc_fft_vector_##S v) { *(modc_fft_vector_##S *)p = v; }                 \
    /* to[i * down + l] = from[l * step + i] * scale, for L times L elements; neighbouring rows are exchanged where flip is \
     * 1, of `from` or of `to`. */                                                                                    \
    static inline void modc_fft_square_##S(const T *from, int64_t step, int64_t flip_from, T scale, T *to, int64_t down, \
                                           int64_t flip_to) {                                                         \
        const int64_t wide = modc_fft_wide_##S;                                                                       \
        for (int64_t row = 0; row < (L); row += wide)                                                                 \
            for (int64_t column = 0; column < (L); column += wide) {                                                  \
                modc_fft_vector_##S a[modc_fft_wide_##S], b[modc_fft_wide_##S];                                       \
                modc_fft_unrolled                                                                                     \
                for (int64_t i = 0; i < wide; ++i) a[i] = modc_fft_get_##S(from + ((row + i) ^ flip_from) * step + column) * scale; \
                modc_fft_unrolled                                                                                     \
                for (int64_t half = 1; half < wide; half *= 2) {                                                      \
                    modc_fft_unrolled                                                                                 \
                    for (int64_t i = 0; i < wide / 2; ++i) {                                                          \
                        b[2 * i] = modc_fft_low_##S(a[i], a[i + wide / 2]);                                           \
                        b[2 * i + 1] = modc_fft_high_##S(a[i], a[i + wide / 2]);                                      \
                    }                                                                                                 \
                    modc_fft_unrolled                                                                                 \
                    for (int64_t i = 0; i < wide; ++i) a[i] = b[i];                                                   \
                }                                                                                                     \
                modc_fft_unrolled                                                                                     \
                for (int64_t i = 0; i < wide; ++i) modc_fft_put_##S(to + ((column + i) ^ flip_to) * down + row, a[i]); \
            }                                                                                                         \
    }                                                                                                                 \
    /* A row times w[0] + i w[1]. */                                                                                  \
    modc_inline void modc_fft_turn_##S(T *p, const T *w, modc_fft_vector_##S re, modc_fft_vector_##S im) {            \
        const T c = w[0], d = w[1];                                                                                   \
        modc_fft_put_##S(p, re * c - im * d);                                                                         \
        modc_fft_put_##S(p + (L), re * d + im * c);                                                                   \
    }                                                                                                                 \
    modc_fft_fused void modc_fft_pass2_##S(int64_t m, int64_t s, const T *w, const T *x, T *y) {                      \
        modc_fft_contract                                                                                             \
        const int64_t far = 2 * (L) * s * m, near = 2 * (L) * s;                                                      \
        for (int64_t p = 0; p < m; ++p) {                                                                             \
            const T *const w1 = w + 2 * p * s;                                                                        \
            for (int64_t q = 0; q < s; ++q) {                                                                         \
                const T *const from = x + 2 * (L) * (q + s * p);                                                      \
                T *const to = y + 2 * (L) * (q + 2 * s * p);                                                          \
                for (int64_t l = 0; l < (L); l += modc_fft_wide_##S) {                                                \
                    const modc_fft_vector_##S ar = modc_fft_get_##S(from + l), ai = modc_fft_get_##S(from + l + (L)); \
                    const modc_fft_vector_##S br = modc_fft_get_##S(from + far + l), bi = modc_fft_get_##S(from + far + l + (L)); \
                    modc_fft_put_##S(to + l, ar + br);                                                                \
                    modc_fft_put_##S(to + l + (L), ai + bi);                                                          \
                    modc_fft_turn_##S(to + near + l, w1, ar - br, ai - bi);                                           \
                }                                                                                                     \
            }                                                                                                         \
        }                                                                                                             \
    }                                                                                                                 \
    modc_fft_fused void modc_fft_pass3_##S(int64_t m, int64_t s, const T *w, const T *x, T *y) {                      \
        modc_fft_contract                                                                                             \
        const int64_t far = 2 * (L) * s * m, near = 2 * (L) * s;                                                      \
        const T half = (T)0.5, sine = (T)0.86602540378443864676;                                                      \
        for (int64_t p = 0; p < m; ++p) {                                                                             \
            const T *const w1 = w + 2 * p * s, *const w2 = w + 4 * p * s;                                             \
            for (int64_t q = 0; q < s; ++q) {                                                                         \
                const T *const from = x + 2 * (L) * (q + s * p);                                                      \
                T *const to = y + 2 * (L) * (q + 3 * s * p);                                                          \
                for (int64_t l = 0; l < (L); l += modc_fft_wide_##S) {                                                \
                    const modc_fft_vector_##S ar = modc_fft_get_##S(from + l), ai = modc_fft_get_##S(from + l + (L)); \
                    const modc_fft_vector_##S br = modc_fft_get_##S(from + far + l), bi = modc_fft_get_##S(from + far + l + (L)); \
                    const modc_fft_vector_##S cr = modc_fft_get_##S(from + 2 * far + l), ci = modc_fft_get_##S(from + 2 * far + l + (L)); \
                    const modc_fft_vector_##S sr = br + cr, si = bi + ci, dr = (br - cr) * sine, di = (bi - ci) * sine; \
                    const modc_fft_vector_##S hr = ar - sr * half, hi = ai - si * half;                               \
                    modc_fft_put_##S(to + l, ar + sr);                                                                \
                    modc_fft_put_##S(to + l + (L), ai + si);                                                          \
                    modc_fft_turn_##S(to + near + l, w1, hr + di, hi - dr);                                           \
                    modc_fft_turn_##S(to + 2 * near + l, w2, hr - di, hi + dr);                                       \
                }                                                                                                     \
            }                                                                                                         \
        }                                                                                                             \
    }                                                                                                                 \
    modc_fft_fused void modc_fft_pass4_##S(int64_t m, int64_t s, const T *w, const T *x, T *y) {                      \
        modc_fft_contract                                                                                             \
        const int64_t far = 2 * (L) * s * m, near = 2 * (L) * s;                                                      \
        for (int64_t p = 0; p < m; ++p) {                                                                             \
            const T *const w1 = w + 2 * p * s, *const w2 = w + 4 * p * s, *const w3 = w + 6 * p * s;                  \
            for (int64_t q = 0; q < s; ++q) {                                                                         \
                const T *const from = x + 2 * (L) * (q + s * p);                                                      \
                T *const to = y + 2 * (L) * (q + 4 * s * p);                                                          \
                for (int64_t l = 0; l < (L); l += modc_fft_wide_##S) {                                                \
                    const modc_fft_vector_##S ar = modc_fft_get_##S(from + l), ai = modc_fft_get_##S(from + l + (L)); \
                    const modc_fft_vector_##S br = modc_fft_get_##S(from + far + l), bi = modc_fft_get_##S(from + far + l + (L)); \
                    const modc_fft_vector_##S cr = modc_fft_get_##S(from + 2 * far + l), ci = modc_fft_get_##S(from + 2 * far + l + (L)); \
                    const modc_fft_vector_##S dr = modc_fft_get_##S(from + 3 * far + l), di = modc_fft_get_##S(from + 3 * far + l + (L)); \
                    const modc_fft_vector_##S er = ar + cr, ei = ai + ci, fr = ar - cr, fi = ai - ci;                 \
                    const modc_fft_vector_##S gr = br + dr, gi = bi + di, hr = br - dr, hi = bi - di;                 \
                    modc_fft_put_##S(to + l, er + gr);                                                                \
                    modc_fft_put_##S(to + l + (L), ei + gi);                                                          \
                    if (p == 0) {                                                                                     \
                        modc_fft_put_##S(to + near + l, fr + hi);                                                     \
                        modc_fft_put_##S(to + near + l + (L), fi - hr);                                               \
                        modc_fft_put_##S(to + 2 * near + l, er - gr);                                                 \
                        modc_fft_put_##S(to + 2 * near + l + (L), ei - gi);                                           \
                        modc_fft_put_##S(to + 3 * near + l, fr - hi);                                                 \
                        modc_fft_put_##S(to + 3 * near + l + (L), fi + hr);                                           \
                    } else {                                                                                          \
                        modc_fft_turn_##S(to + near + l, w1, fr + hi, fi - hr);                                       \
                        modc_fft_turn_##S(to + 2 * near + l, w2, er - gr, ei - gi);                                   \
                        modc_fft_turn_##S(to + 3 * near + l, w3, fr - hi, fi + hr);                                   \
                    }                                                                                                 \
                }                                                                                                     \
            }                                                                                                         \
        }                                                                                                             \
    }                                                                                                                 \
    modc_fft_fused void modc_fft_pass5_##S(int64_t m, int64_t s, const T *w, const T *x, T *y) {                      \
        modc_fft_contract                                                                                             \
        const int64_t far = 2 * (L) * s * m, near = 2 * (L) * s;                                                      \
        const T c1 = (T)0.30901699437494742410, c2 = (T)-0.80901699437494742410;                                      \
        const T s1 = (T)0.95105651629515357212, s2 = (T)0.58778525229247312917;                                       \
        for (int64_t p = 0; p < m; ++p) {                                                                             \
            const T *const w1 = w + 2 * p * s, *const w2 = w + 4 * p * s, *const w3 = w + 6 * p * s, *const w4 = w + 8 * p * s; \
            for (int64_t q = 0; q < s; ++q) {                                                                         \
                const T *const from = x + 2 * (L) * (q + s * p);                                                      \
                T *const to = y + 2 * (L) * (q + 5 * s * p);                                                          \
                for (int64_t l = 0; l < (L); l += modc_fft_wide_##S) {                                                \
                    const modc_fft_vector_##S ar = modc_fft_get_##S(from + l), ai = modc_fft_get_##S(from + l + (L)); \
                    const modc_fft_vector_##S br = modc_fft_get_##S(from + far + l), bi = modc_fft_get_##S(from + far + l + (L)); \
                    const modc_fft_vector_##S cr = modc_fft_get_##S(from + 2 * far + l), ci = modc_fft_get_##S(from + 2 * far + l + (L)); \
                    const modc_fft_vector_##S dr = modc_fft_get_##S(from + 3 * far + l), di = modc_fft_get_##S(from + 3 * far + l + (L)); \
                    const modc_fft_vector_##S er = modc_fft_get_##S(from + 4 * far + l), ei = modc_fft_get_##S(from + 4 * far + l + (L)); \
                    const modc_fft_vector_##S pr = br + er, pi = bi + ei, qr = br - er, qi = bi - ei;                 \
                    const modc_fft_vector_##S rr = cr + dr, ri = ci + di, tr = cr - dr, ti = ci - di;                 \
                    const modc_fft_vector_##S ur = ar + pr * c1 + rr * c2, ui = ai + pi * c1 + ri * c2;               \
                    const modc_fft_vector_##S vr = ar + pr * c2 + rr * c1, vi = ai + pi * c2 + ri * c1;               \
                    const modc_fft_vector_##S xr = qr * s1 + tr * s2, xi = qi * s1 + ti * s2;                         \
                    const modc_fft_vector_##S yr = qr * s2 - tr * s1, yi = qi * s2 - ti * s1;                         \
                    modc_fft_put_##S(to + l, ar + pr + rr);                                                           \
                    modc_fft_put_##S(to + l + (L), ai + pi + ri);                                                     \
                    modc_fft_turn_##S(to + near + l, w1, ur + xi, ui - xr);                                           \
                    modc_fft_turn_##S(to + 2 * near + l, w2, vr + yi, vi - yr);                                       \
                    modc_fft_turn_##S(to + 3 * near + l, w3, vr - yi, vi + yr);                                       \
                    modc_fft_turn_##S(to + 4 * near + l, w4, ur - xi, ui + xr);                                       \
                }                                                                                                     \
            }                                                                                                         \
        }                                                                                                             \
    }                                                                                                                 \
    /* Any odd r: sums and differences of the pairs j, r - j replace those in x.  `w` has order n. */                 \
    modc_fft_fused void modc_fft_pass_##S(int64_t r, int64_t n, int64_t m, int64_t s, const T *w, T *x, T *y) {       \
        modc_fft_contract                                                                                             \
        const int64_t far = 2 * (L) * s * m, near = 2 * (L) * s, part = n / r;                                        \
        for (int64_t p = 0; p < m; ++p)                                                                               \
            for (int64_t q = 0; q < s; ++q) {                                                                         \
                T *const from = x + 2 * (L) * (q + s * p), *const to = y + 2 * (L) * (q + r * s * p);                 \
                for (int64_t l = 0; l < 2 * (L); l += modc_fft_wide_##S) {                                            \
                    modc_fft_vector_##S sum = modc_fft_get_##S(from + l);                                             \
                    for (int64_t j = 1; 2 * j < r; ++j) {                                                             \
                        const modc_fft_vector_##S a = modc_fft_get_##S(from + j * far + l), b = modc_fft_get_##S(from + (r - j) * far + l); \
                        sum += a + b;                                                                                 \
                        modc_fft_put_##S(from + j * far + l, a + b);                                                  \
                        modc_fft_put_##S(from + (r - j) * far + l, a - b);                                            \
                    }                                                                                                 \
                    modc_fft_put_##S(to + l, sum);                                                                    \
                }                                                                                                     \
                for (int64_t k = 1; 2 * k < r; ++k) {                                                                 \
                    const T *const w1 = w + 2 * p * s * k, *const w2 = w + 2 * p * s * (r - k);                       \
                    for (int64_t l = 0; l < (L); l += modc_fft_wide_##S) {                                            \
                        modc_fft_vector_##S ar = modc_fft_get_##S(from + l), ai = modc_fft_get_##S(from + l + (L));   \
                        modc_fft_vector_##S br = ar - ar, bi = br;                                                    \
                        int64_t at = 0;                                                                               \
                        for (int64_t j = 1; 2 * j < r; ++j) {                                                         \
                            const T *const sums = from + j * far + l, *const gaps = from + (r - j) * far + l;         \
                            at = at + k < r ? at + k : at + k - r;                                                    \
                            const T c = w[2 * at * part], d = w[2 * at * part + 1];                                   \
                            ar += modc_fft_get_##S(sums) * c;                                                         \
                            ai += modc_fft_get_##S(sums + (L)) * c;                                                   \
                            br += modc_fft_get_##S(gaps) * d;                                                         \
                            bi += modc_fft_get_##S(gaps + (L)) * d;                                                   \
                        }                                                                                             \
                        modc_fft_turn_##S(to + k * near + l, w1, ar - bi, ai + br);                                   \
                        modc_fft_turn_##S(to + (r - k) * near + l, w2, ar + bi, ai - br);                             \
                    }                                                                                                 \
                }                                                                                                     \
            }                                                                                                         \
    }                                                                                                                 \
    /* The transform of L columns of n rows: in x or in y, which is returned. */                                      \
    static inline T *modc_fft_columns_##S(int64_t n, const T *w, T *x, T *y) {                                        \
        int64_t s = 1;                                                                                                \
        for (int64_t left = n; left > 1;) {                                                                           \
            const int64_t r = modc_fft_radix(left), m = left / r;                                                     \
            if (r == 4) modc_fft_pass4_##S(m, s, w, x, y);                                                            \
            else if (r == 2) modc_fft_pass2_##S(m, s, w, x, y);                                                       \
            else if (r == 3) modc_fft_pass3_##S(m, s, w, x, y);                                                       \
            else if (r == 5) modc_fft_pass5_##S(m, s, w, x, y);                                                       \
            else modc_fft_pass_##S(r, n, m, s, w, x, y);                                                              \
            T *const other = x;                                                                                       \
            x = y;                                                                                                    \
            y = other;                                                                                                \
            s *= r;                                                                                                   \
            left = m;                                                                                                 \
        }                                                                                                             \
        return x;                                                                                                     \
    }
/* @end */

#endif
