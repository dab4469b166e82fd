/* modc_fft.h: discrete Fourier transforms of any length, along one axis of an array, complex and real.
 *
 * Input: an array of outer x have x inner elements, row-major, of which each line along the middle axis is cut or filled
 * with zeros to n.  Output: the transforms, not scaled (norm 0), by 1 / n (1) or by 1 / sqrt(n) (2); scratch is
 * modc_fft_words of 8 bytes, see graph/ops_fft.py.
 * Used by: the rows fft, rfft and irfft.
 *
 * One core does everything: the transforms of L neighbouring columns at once (L = 8 doubles or 16 floats), in vectors, by
 * passes of radix 4, 2, 3, 5 and odd primes in Stockham's order.  Many short transforms are columns as they are. A long
 * one of a * b elements is b columns of a elements, a product with roots of unity, and a columns of b elements (Bailey,
 * FFTs in External or Hierarchical Memory, 1990).  Lengths with a large prime factor are convolutions (Bluestein 1970).
 * Real transforms of even length are complex ones of half the length.
 *
 * Roots of unity are computed at each call, to within 0.75 ULP, from exact fractions of a quarter turn; there are few of
 * them: about sqrt(n) for columns, and a table of 8 a and n / 8 in all for the product.
 * The bits of a result depend on the operand and on whether the CPU level has fused multiply-adds, not on vectors.
 */
#ifndef MODC_FFT_H
#define MODC_FFT_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "modc_bits.h"
#include "modc_complex.h"

/* @section modc_fftv_f64 modc_fft_wide_f64 */
#if defined(__GNUC__) && !defined(MODC_PLAIN_LOOPS)
#if defined(__AVX512F__)
enum { modc_fft_wide_f64 = 8 };
#elif defined(__AVX__)
enum { modc_fft_wide_f64 = 4 };
#else
enum { modc_fft_wide_f64 = 2 };
#endif
typedef double modc_fftv_f64 __attribute__((vector_size(modc_fft_wide_f64 * sizeof(double)), aligned(8), may_alias));
#else
enum { modc_fft_wide_f64 = 1 };
typedef double modc_fftv_f64;
#endif
/* @end */

/* @section modc_fftv_f32 modc_fft_wide_f32 */
#if defined(__GNUC__) && !defined(MODC_PLAIN_LOOPS)
#if defined(__AVX512F__)
enum { modc_fft_wide_f32 = 16 };
#elif defined(__AVX__)
enum { modc_fft_wide_f32 = 8 };
#else
enum { modc_fft_wide_f32 = 4 };
#endif
typedef float modc_fftv_f32 __attribute__((vector_size(modc_fft_wide_f32 * sizeof(float)), aligned(4), may_alias));
#else
enum { modc_fft_wide_f32 = 1 };
typedef float modc_fftv_f32;
#endif
/* @end */

/* @section modc_fft_fused modc_fft_contract */
/* Products in the passes are fused where the CPU level has the instruction. */
#if defined(__clang__)
#define modc_fft_fused static
#define modc_fft_contract _Pragma("clang fp contract(fast)")
#elif defined(__GNUC__)
#define modc_fft_fused static __attribute__((noinline, optimize("fp-contract=fast")))
#define modc_fft_contract
#else
#define modc_fft_fused static inline
#define modc_fft_contract
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

/* @section MODC_FFT_ROOTS : modc_fft_sine_f64 modc_bits_f64 modc_from_bits_f64 modc_near_f64 */
/* Cosines and negative sines of 2 pi k / n, interleaved; counts are rounded up to a multiple of 8. */
#define MODC_FFT_ROOTS(T, S)                                                                                          \
    /* For 8 whole numbers k from 0 to n. */                                                                          \
    modc_inline void modc_fft_eight_##S(const double *k, double size, double inverse, T *out) {                       \
        for (int64_t l = 0; l < 8; ++l) {                                                                             \
            const double q = modc_near_f64(k[l] * (4.0 * inverse)), r = 4.0 * k[l] - q * size;                        \
            const double h = r * inverse, hn = h * size;                                                              \
            double c, s;                                                                                              \
            modc_fft_sine_f64(h, ((r - hn) - modc_tail_f64(h, size, hn)) * inverse, &c, &s);                          \
            const uint64_t u = modc_bits_f64(q + 0x1.8p52), odd = 0u - (u & 1u);                                      \
            const uint64_t a = modc_bits_f64(c), b = modc_bits_f64(s);                                                \
            const uint64_t x = (b & odd) | (a & ~odd), y = (a & odd) | (b & ~odd);                                    \
            out[2 * l] = (T)modc_from_bits_f64(x ^ ((u + 1u) & 2u) << 62);                                            \
            out[2 * l + 1] = (T)modc_from_bits_f64(y ^ (~u & 2u) << 62);                                              \
        }                                                                                                             \
    }                                                                                                                 \
    /* For k = 0, step, 2 step ... */                                                                                 \
    static inline void modc_fft_roots_##S(int64_t count, int64_t step, int64_t n, T *out) {                           \
        const double size = (double)n, inverse = 1.0 / size;                                                          \
        double k[8];                                                                                                  \
        for (int64_t i = 0; i < count; i += 8) {                                                                      \
            for (int64_t l = 0; l < 8; ++l) k[l] = (double)((i + l) * step);                                          \
            modc_fft_eight_##S(k, size, inverse, out + 2 * i);                                                        \
        }                                                                                                             \
    }                                                                                                                 \
    /* For the squares 0, 1, 4 ... modulo n. */                                                                       \
    static inline void modc_fft_chirp_##S(int64_t count, int64_t n, T *out) {                                         \
        const double size = (double)n, inverse = 1.0 / size;                                                          \
        double k[8];                                                                                                  \
        int64_t square = 0;                                                                                           \
        for (int64_t i = 0; i < count; i += 8) {                                                                      \
            for (int64_t l = 0; l < 8; ++l) {                                                                         \
                k[l] = (double)square;                                                                                \
                square += 2 * (i + l) + 1;                                                                            \
                while (square >= n) square -= n;                                                                      \
            }                                                                                                         \
            modc_fft_eight_##S(k, size, inverse, out + 2 * i);                                                        \
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

/* @section MODC_FFT_DIRECT MODC_FFT_SHORT MODC_FFT_COLUMNS modc_fft_is_smooth modc_fft_width modc_fft_long */
/* Lengths up to `SHORT` are one column; stacks of lengths up to `COLUMNS` are columns. */
enum { MODC_FFT_SHORT = 16, MODC_FFT_COLUMNS = 2048 };
/* Prime factors up to this have passes of their own. */
enum { MODC_FFT_DIRECT = 31 };
/* Whether n has no larger one. */
static inline int modc_fft_is_smooth(int64_t n) {
    for (int64_t p = 2; p <= MODC_FFT_DIRECT; ++p)
        while (n % p == 0) n /= p;
    return n == 1;
}
/* The largest divisor of a smooth n up to its square root. */
static inline int64_t modc_fft_width(int64_t n) {
    int64_t a = 1;
    if (n <= MODC_FFT_SHORT) return 1;
    for (int64_t d = 1; d * d <= n; ++d)
        if (n % d == 0) a = d;
    return a;
}
/* The length of convolutions for n: the smallest 16 f 2^i from 2 n - 1 on, where f has the factors 3 and 5 alone. */
static inline int64_t modc_fft_long(int64_t n) {
    int64_t best = 4 * n + 64;
    for (int64_t f = 1; f < 82; f += 2) {
        int64_t m = 16 * f, rest = f;
        while (rest % 3 == 0) rest /= 3;
        while (rest % 5 == 0) rest /= 5;
        while (m < 2 * n - 1) m *= 2;
        if (rest == 1 && m < best) best = m;
    }
    return best;
}
/* @end */


/* @section MODC_FFT_PASSES : modc_inline modc_fft_fused modc_fft_radix */
/* The passes: `m` x `s` butterflies of r rows each (Stockham's order, which needs no bit reversal).  A row is L real
 * parts, then L imaginary ones.  `w` are the roots of unity of order s * m * r. */
#define MODC_FFT_PASSES(T, S, L)                                                                                      \
    modc_inline modc_fftv_##S modc_fft_get_##S(const T *p) { return *(const modc_fftv_##S *)p; }                      \
    modc_inline void modc_fft_put_##S(T *p, modc_fftv_##S v) { *(modc_fftv_##S *)p = v; }                             \
    /* A row times w[0] + i w[1]. */                                                                                  \
    modc_inline void modc_fft_turn_##S(T *p, const T *w, modc_fftv_##S re, modc_fftv_##S im) {                        \
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
                    const modc_fftv_##S ar = modc_fft_get_##S(from + l), ai = modc_fft_get_##S(from + l + (L));       \
                    const modc_fftv_##S br = modc_fft_get_##S(from + far + l), bi = modc_fft_get_##S(from + far + l + (L)); \
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
                    const modc_fftv_##S ar = modc_fft_get_##S(from + l), ai = modc_fft_get_##S(from + l + (L));       \
                    const modc_fftv_##S br = modc_fft_get_##S(from + far + l), bi = modc_fft_get_##S(from + far + l + (L)); \
                    const modc_fftv_##S cr = modc_fft_get_##S(from + 2 * far + l), ci = modc_fft_get_##S(from + 2 * far + l + (L)); \
                    const modc_fftv_##S sr = br + cr, si = bi + ci, dr = (br - cr) * sine, di = (bi - ci) * sine;     \
                    const modc_fftv_##S hr = ar - sr * half, hi = ai - si * half;                                     \
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
                    const modc_fftv_##S ar = modc_fft_get_##S(from + l), ai = modc_fft_get_##S(from + l + (L));       \
                    const modc_fftv_##S br = modc_fft_get_##S(from + far + l), bi = modc_fft_get_##S(from + far + l + (L)); \
                    const modc_fftv_##S cr = modc_fft_get_##S(from + 2 * far + l), ci = modc_fft_get_##S(from + 2 * far + l + (L)); \
                    const modc_fftv_##S dr = modc_fft_get_##S(from + 3 * far + l), di = modc_fft_get_##S(from + 3 * far + l + (L)); \
                    const modc_fftv_##S er = ar + cr, ei = ai + ci, fr = ar - cr, fi = ai - ci;                       \
                    const modc_fftv_##S gr = br + dr, gi = bi + di, hr = br - dr, hi = bi - di;                       \
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
                    const modc_fftv_##S ar = modc_fft_get_##S(from + l), ai = modc_fft_get_##S(from + l + (L));       \
                    const modc_fftv_##S br = modc_fft_get_##S(from + far + l), bi = modc_fft_get_##S(from + far + l + (L)); \
                    const modc_fftv_##S cr = modc_fft_get_##S(from + 2 * far + l), ci = modc_fft_get_##S(from + 2 * far + l + (L)); \
                    const modc_fftv_##S dr = modc_fft_get_##S(from + 3 * far + l), di = modc_fft_get_##S(from + 3 * far + l + (L)); \
                    const modc_fftv_##S er = modc_fft_get_##S(from + 4 * far + l), ei = modc_fft_get_##S(from + 4 * far + l + (L)); \
                    const modc_fftv_##S pr = br + er, pi = bi + ei, qr = br - er, qi = bi - ei;                       \
                    const modc_fftv_##S rr = cr + dr, ri = ci + di, tr = cr - dr, ti = ci - di;                       \
                    const modc_fftv_##S ur = ar + pr * c1 + rr * c2, ui = ai + pi * c1 + ri * c2;                     \
                    const modc_fftv_##S vr = ar + pr * c2 + rr * c1, vi = ai + pi * c2 + ri * c1;                     \
                    const modc_fftv_##S xr = qr * s1 + tr * s2, xi = qi * s1 + ti * s2;                               \
                    const modc_fftv_##S yr = qr * s2 - tr * s1, yi = qi * s2 - ti * s1;                               \
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
                    modc_fftv_##S sum = modc_fft_get_##S(from + l);                                                   \
                    for (int64_t j = 1; 2 * j < r; ++j) {                                                             \
                        const modc_fftv_##S a = modc_fft_get_##S(from + j * far + l), b = modc_fft_get_##S(from + (r - j) * far + l); \
                        sum += a + b;                                                                                 \
                        modc_fft_put_##S(from + j * far + l, a + b);                                                  \
                        modc_fft_put_##S(from + (r - j) * far + l, a - b);                                            \
                    }                                                                                                 \
                    modc_fft_put_##S(to + l, sum);                                                                    \
                }                                                                                                     \
                for (int64_t k = 1; 2 * k < r; ++k) {                                                                 \
                    const T *const w1 = w + 2 * p * s * k, *const w2 = w + 2 * p * s * (r - k);                       \
                    for (int64_t l = 0; l < (L); l += modc_fft_wide_##S) {                                            \
                        modc_fftv_##S ar = modc_fft_get_##S(from + l), ai = modc_fft_get_##S(from + l + (L));         \
                        modc_fftv_##S br = ar - ar, bi = br;                                                          \
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

/* @section MODC_FFT_CORE : modc_inline modc_fft_fused modc_fft_is_smooth */
/* A plan and the transform of one line.  Line: n complex elements, one behind the other. */
#define MODC_FFT_CORE(T, S, L)                                                                                        \
    typedef struct modc_fft_plan_##S {                                                                                \
        int64_t n, m, a, b, pitch; /* m = a * b is n, or the length of a convolution; pitch of a row of `middle` */   \
        T *roots_a, *roots_b, *inner, *outer, *chirp, *kernel, *work, *halves, *line, *middle, *x, *y;                \
    } modc_fft_plan_##S;                                                                                              \
    modc_inline T *modc_fft_room_##S(T **next, int64_t count) {                                                       \
        T *const found = *next;                                                                                       \
        *next += (count + 15) / 16 * 16;                                                                              \
        return found;                                                                                                 \
    }                                                                                                                 \
    modc_inline void modc_fft_split_##S(const T *__restrict from, T *__restrict re, T *__restrict im) {               \
        for (int64_t l = 0; l < (L); ++l) {                                                                           \
            re[l] = from[2 * l];                                                                                      \
            im[l] = from[2 * l + 1];                                                                                  \
        }                                                                                                             \
    }                                                                                                                 \
    modc_inline void modc_fft_join_##S(const T *__restrict re, const T *__restrict im, T scale, T *__restrict to) {   \
        for (int64_t l = 0; l < (L); ++l) {                                                                           \
            to[2 * l] = re[l] * scale;                                                                                \
            to[2 * l + 1] = im[l] * scale;                                                                            \
        }                                                                                                             \
    }                                                                                                                 \
    /* Column c and the L - 1 behind it, of a matrix of a x b. */                                                     \
    static inline void modc_fft_load_##S(const modc_fft_plan_##S *f, int64_t c, int back, const T *line) {            \
        const int64_t wide = f->b - c < (L) ? f->b - c : (L);                                                         \
        T *re = f->x + (back ? (L) : 0), *im = f->x + (back ? 0 : (L));                                               \
        line += 2 * c;                                                                                                \
        if (wide < (L)) memset(f->x, 0, sizeof(T) * (size_t)(2 * (L) * f->a));                                        \
        for (int64_t j = 0; j < f->a; ++j, re += 2 * (L), im += 2 * (L), line += 2 * f->b) {                          \
            if (wide == (L)) {                                                                                        \
                modc_fft_split_##S(line, re, im);                                                                     \
                continue;                                                                                             \
            }                                                                                                         \
            for (int64_t l = 0; l < wide; ++l) {                                                                      \
                re[l] = line[2 * l];                                                                                  \
                im[l] = line[2 * l + 1];                                                                              \
            }                                                                                                         \
        }                                                                                                             \
    }                                                                                                                 \
    /* Row k of the columns from c on, times the root of order a b to the power of k times the column, to the middle. */ \
    modc_fft_fused void modc_fft_twist_##S(const modc_fft_plan_##S *f, int64_t c, const T *found) {                   \
        modc_fft_contract                                                                                             \
        T *to = f->middle + 2 * c;                                                                                    \
        for (int64_t k = 0; k < f->a; ++k, to += f->pitch) {                                                          \
            const T *const from = found + 2 * (L) * k, *const w = f->inner + 2 * (L) * k;                             \
            const T c0 = c > 0 ? f->outer[2 * k] : (T)1, d0 = c > 0 ? f->outer[2 * k + 1] : (T)0;                     \
            for (int64_t l = 0; l < (L); l += modc_fft_wide_##S) {                                                    \
                const modc_fftv_##S re = modc_fft_get_##S(from + l), im = modc_fft_get_##S(from + l + (L));           \
                const modc_fftv_##S wr = modc_fft_get_##S(w + l), wi = modc_fft_get_##S(w + l + (L));                 \
                const modc_fftv_##S vr = wr * c0 - wi * d0, vi = wr * d0 + wi * c0;                                   \
                modc_fft_put_##S(to + l, re * vr - im * vi);                                                          \
                modc_fft_put_##S(to + l + (L), re * vi + im * vr);                                                    \
            }                                                                                                         \
        }                                                                                                             \
    }                                                                                                                 \
    /* Rows k and the next of the middle as columns. */                                                               \
    static inline void modc_fft_across_##S(const modc_fft_plan_##S *f, int64_t k, int64_t wide) {                     \
        T *to = f->x;                                                                                                 \
        if (wide < (L)) memset(to, 0, sizeof(T) * (size_t)(2 * (L) * f->b));                                          \
        for (int64_t c = 0; c < f->b; c += (L), to += 2 * (L) * (L)) {                                                \
            const T *from = f->middle + k * f->pitch + 2 * c;                                                         \
            for (int64_t l = 0; l < wide; ++l, from += f->pitch)                                                      \
                for (int64_t i = 0; i < (L); ++i) {                                                                   \
                    to[2 * (L) * i + l] = from[i];                                                                    \
                    to[2 * (L) * i + l + (L)] = from[i + (L)];                                                        \
                }                                                                                                     \
        }                                                                                                             \
    }                                                                                                                 \
    /* A transform of length m = a b; in and out may be the same. */                                                  \
    static inline void modc_fft_smooth_##S(const modc_fft_plan_##S *f, int back, const T *in, T *out, T scale) {      \
        const int64_t a = f->a, b = f->b;                                                                             \
        for (int64_t c = 0; c < b && a > 1; c += (L)) {                                                               \
            modc_fft_load_##S(f, c, back, in);                                                                        \
            if (c > 0) modc_fft_roots_##S(a, c, a * b, f->outer);                                                     \
            modc_fft_twist_##S(f, c, modc_fft_columns_##S(a, f->roots_a, f->x, f->y));                                \
        }                                                                                                             \
        for (int64_t k = 0; k < a; k += (L)) {                                                                        \
            const int64_t wide = a - k < (L) ? a - k : (L);                                                           \
            if (a > 1) {                                                                                              \
                modc_fft_across_##S(f, k, wide);                                                                      \
            } else {                                                                                                  \
                T *const re = f->x + (back ? (L) : 0), *const im = f->x + (back ? 0 : (L));                           \
                memset(f->x, 0, sizeof(T) * (size_t)(2 * (L) * b));                                                   \
                for (int64_t j = 0; j < b; ++j) {                                                                     \
                    re[2 * (L) * j] = in[2 * j];                                                                      \
                    im[2 * (L) * j] = in[2 * j + 1];                                                                  \
                }                                                                                                     \
            }                                                                                                         \
            const T *const found = modc_fft_columns_##S(b, f->roots_b, f->x, f->y);                                   \
            const T *re = found + (back ? (L) : 0), *im = found + (back ? 0 : (L));                                   \
            T *to = out + 2 * k;                                                                                      \
            for (int64_t j = 0; j < b; ++j, to += 2 * a, re += 2 * (L), im += 2 * (L)) {                              \
                if (wide == (L)) {                                                                                    \
                    modc_fft_join_##S(re, im, scale, to);                                                             \
                    continue;                                                                                         \
                }                                                                                                     \
                for (int64_t l = 0; l < wide; ++l) {                                                                  \
                    to[2 * l] = re[l] * scale;                                                                        \
                    to[2 * l + 1] = im[l] * scale;                                                                    \
                }                                                                                                     \
            }                                                                                                         \
        }                                                                                                             \
    }                                                                                                                 \
    /* to = x times w, elementwise, for n complex elements. */                                                        \
    static inline void modc_fft_times_##S(int64_t n, const T *x, const T *w, T scale, T *to) {                        \
        for (int64_t i = 0; i < 2 * n; i += 2) {                                                                      \
            const T re = x[i] * w[i] - x[i + 1] * w[i + 1], im = x[i] * w[i + 1] + x[i + 1] * w[i];                   \
            to[i] = re * scale;                                                                                       \
            to[i + 1] = im * scale;                                                                                   \
        }                                                                                                             \
    }                                                                                                                 \
    /* A transform of any length; in and out may be the same. */                                                      \
    static inline void modc_fft_line_##S(const modc_fft_plan_##S *f, int back, const T *in, T *out, T scale) {        \
        if (f->m == f->n) {                                                                                           \
            modc_fft_smooth_##S(f, back, in, out, scale);                                                             \
            return;                                                                                                   \
        }                                                                                                             \
        const int64_t n = f->n, m = f->m;                                                                             \
        T *const work = f->work;                                                                                      \
        if (back)                                                                                                     \
            for (int64_t i = 0; i < 2 * n; i += 2) {                                                                  \
                work[i] = in[i + 1];                                                                                  \
                work[i + 1] = in[i];                                                                                  \
            }                                                                                                         \
        modc_fft_times_##S(n, back ? work : in, f->chirp, (T)1, work);                                                \
        memset(work + 2 * n, 0, sizeof(T) * (size_t)(2 * (m - n)));                                                   \
        modc_fft_smooth_##S(f, 0, work, work, (T)1);                                                                  \
        modc_fft_times_##S(m, work, f->kernel, (T)1, work);                                                           \
        modc_fft_smooth_##S(f, 1, work, work, (T)1);                                                                  \
        modc_fft_times_##S(n, work, f->chirp, scale, back ? work : out);                                              \
        if (back)                                                                                                     \
            for (int64_t i = 0; i < 2 * n; i += 2) {                                                                  \
                out[i] = work[i + 1];                                                                                 \
                out[i + 1] = work[i];                                                                                 \
            }                                                                                                         \
    }                                                                                                                 \
    /* What transforms of length n need, in `next`, which is moved behind it; `halves`: roots of order 2 n as well. */ \
    static inline void modc_fft_plan_line_##S(modc_fft_plan_##S *f, int64_t n, int halves, int64_t *scratch) {        \
        T *next = (T *)(void *)scratch;                                                                               \
        f->n = n;                                                                                                     \
        f->m = modc_fft_is_smooth(n) ? n : modc_fft_long(n);                                                          \
        f->a = modc_fft_width(f->m);                                                                                  \
        f->b = f->m / f->a;                                                                                           \
        const int64_t rows = (f->b + (L) - 1) / (L) * (L), m = f->m;                                                  \
        f->pitch = 2 * rows + 2 * (L);                                                                                \
        f->x = modc_fft_room_##S(&next, 2 * (L) * rows);                                                              \
        f->y = modc_fft_room_##S(&next, 2 * (L) * rows);                                                              \
        f->roots_a = modc_fft_room_##S(&next, 2 * f->a + 16);                                                         \
        f->roots_b = modc_fft_room_##S(&next, 2 * f->b + 16);                                                         \
        f->line = modc_fft_room_##S(&next, 2 * n + 2);                                                                \
        modc_fft_roots_##S(f->b, 1, f->b, f->roots_b);                                                                \
        if (f->a > 1) {                                                                                               \
            f->inner = modc_fft_room_##S(&next, 2 * (L) * f->a);                                                      \
            f->outer = modc_fft_room_##S(&next, 2 * f->a + 16);                                                       \
            f->middle = modc_fft_room_##S(&next, f->a * f->pitch);                                                    \
            modc_fft_roots_##S(f->a, 1, f->a, f->roots_a);                                                            \
            for (int64_t k = 0; k < f->a; ++k) {                                                                      \
                T w[2 * (L)];                                                                                         \
                modc_fft_roots_##S((L), k, m, w);                                                                     \
                modc_fft_split_##S(w, f->inner + 2 * (L) * k, f->inner + 2 * (L) * k + (L));                          \
            }                                                                                                         \
        }                                                                                                             \
        if (halves) {                                                                                                 \
            f->halves = modc_fft_room_##S(&next, n + 32);                                                             \
            modc_fft_roots_##S(n / 2 + 1, 1, 2 * n, f->halves);                                                       \
        }                                                                                                             \
        if (m == n) return;                                                                                           \
        f->chirp = modc_fft_room_##S(&next, 2 * n + 16);                                                              \
        f->kernel = modc_fft_room_##S(&next, 2 * m);                                                                  \
        f->work = modc_fft_room_##S(&next, 2 * m);                                                                    \
        modc_fft_chirp_##S(n, 2 * n, f->chirp);                                                                       \
        memset(f->kernel, 0, sizeof(T) * (size_t)(2 * m));                                                            \
        for (int64_t k = 0; k < n; ++k) {                                                                             \
            const int64_t other = k == 0 ? 0 : m - k;                                                                 \
            f->kernel[2 * k] = f->kernel[2 * other] = f->chirp[2 * k];                                                \
            f->kernel[2 * k + 1] = f->kernel[2 * other + 1] = -f->chirp[2 * k + 1];                                   \
        }                                                                                                             \
        modc_fft_smooth_##S(f, 0, f->kernel, f->kernel, (T)1 / (T)m);                                                 \
    }                                                                                                                 \
    static inline void modc_fft_plan_columns_##S(modc_fft_plan_##S *f, int64_t n, int halves, int64_t *scratch) {     \
        T *next = (T *)(void *)scratch;                                                                               \
        f->n = n;                                                                                                     \
        f->x = modc_fft_room_##S(&next, 2 * (L) * (n + 1));                                                           \
        f->y = modc_fft_room_##S(&next, 2 * (L) * (n + 1));                                                           \
        f->roots_a = modc_fft_room_##S(&next, 2 * n + 16);                                                            \
        modc_fft_roots_##S(n, 1, n, f->roots_a);                                                                      \
        if (halves) {                                                                                                 \
            f->halves = modc_fft_room_##S(&next, n + 32);                                                             \
            modc_fft_roots_##S(n / 2 + 1, 1, 2 * n, f->halves);                                                       \
        }                                                                                                             \
    }
/* @end */

/* @section MODC_FFT_STACK : modc_inline modc_fft_is_smooth */
/* Stacks of lines: where they lie, and L of them as columns. */
#define MODC_FFT_STACK(T, S, L)                                                                                       \
    typedef struct modc_fft_lanes_##S {                                                                               \
        int64_t wide, from[L], to[L]; /* the first elements of `wide` lines, of the operand and of the result */      \
    } modc_fft_lanes_##S;                                                                                             \
    static inline void modc_fft_aim_##S(modc_fft_lanes_##S *at, int64_t first, int64_t lines, int64_t inner, int64_t have, int64_t give) { \
        at->wide = lines - first < (L) ? lines - first : (L);                                                         \
        for (int64_t l = 0; l < (L); ++l) {                                                                           \
            const int64_t line = l < at->wide ? first + l : first, i = line % inner;                                  \
            at->from[l] = (line - i) * have + i;                                                                      \
            at->to[l] = (line - i) * give + i;                                                                        \
        }                                                                                                             \
    }                                                                                                                 \
    modc_inline void modc_fft_take_##S(const modc_fft_lanes_##S *at, const T *x, T *re, T *im) {                      \
        if (at->wide == (L) && at->from[(L) - 1] - at->from[0] == (L) - 1) {                                          \
            modc_fft_split_##S(x + 2 * at->from[0], re, im);                                                          \
            return;                                                                                                   \
        }                                                                                                             \
        for (int64_t l = 0; l < at->wide; ++l) {                                                                      \
            re[l] = x[2 * at->from[l]];                                                                               \
            im[l] = x[2 * at->from[l] + 1];                                                                           \
        }                                                                                                             \
    }                                                                                                                 \
    modc_inline void modc_fft_give_##S(const modc_fft_lanes_##S *at, const T *re, const T *im, T scale, T *y) {       \
        if (at->wide == (L) && at->to[(L) - 1] - at->to[0] == (L) - 1) {                                              \
            modc_fft_join_##S(re, im, scale, y + 2 * at->to[0]);                                                      \
            return;                                                                                                   \
        }                                                                                                             \
        for (int64_t l = 0; l < at->wide; ++l) {                                                                      \
            y[2 * at->to[l]] = re[l] * scale;                                                                         \
            y[2 * at->to[l] + 1] = im[l] * scale;                                                                     \
        }                                                                                                             \
    }                                                                                                                 \
    modc_inline void modc_fft_take_real_##S(const modc_fft_lanes_##S *at, const T *x, T *to) {                        \
        if (at->wide == (L) && at->from[(L) - 1] - at->from[0] == (L) - 1)                                            \
            memcpy(to, x + at->from[0], sizeof(T) * (L));                                                             \
        else                                                                                                          \
            for (int64_t l = 0; l < at->wide; ++l) to[l] = x[at->from[l]];                                            \
    }                                                                                                                 \
    modc_inline void modc_fft_give_real_##S(const modc_fft_lanes_##S *at, const T *row, T scale, T *y) {              \
        for (int64_t l = 0; l < at->wide; ++l) y[at->to[l]] = row[l] * scale;                                         \
    }                                                                                                                 \
    /* Whether the lines are taken together: enough of them, a smooth length, little memory. */                       \
    modc_inline int modc_fft_together_##S(int64_t lines, int64_t n) {                                                 \
        return 2 * lines >= (L) && n <= MODC_FFT_COLUMNS && modc_fft_is_smooth(n);                                    \
    }                                                                                                                 \
    modc_inline T modc_fft_scale_##S(int64_t n, int64_t norm) {                                                       \
        return (T)(norm == 0 ? 1.0 : 1.0 / (norm == 1 ? (double)n : sqrt((double)n)));                                \
    }
/* @end */

/* @section MODC_FFT */
#define MODC_FFT(T, S, C, D, L)                                                                                       \
    static inline void modc_fft_##D(int64_t outer, int64_t have, int64_t inner, int64_t n, int64_t back, int64_t norm, \
                                    const C *operand, C *result, int64_t *scratch) {                                  \
        const T *const x = (const T *)(const void *)operand;                                                          \
        T *const y = (T *)(void *)result;                                                                             \
        const int64_t lines = outer * inner, kept = have < n ? have : n;                                              \
        const T scale = modc_fft_scale_##S(n, norm);                                                                  \
        modc_fft_plan_##S f;                                                                                          \
        if (lines == 0) return;                                                                                       \
        if (modc_fft_together_##S(lines, n)) {                                                                        \
            modc_fft_plan_columns_##S(&f, n, 0, scratch);                                                             \
            const int64_t re = back ? (L) : 0, im = back ? 0 : (L);                                                   \
            for (int64_t first = 0; first < lines; first += (L)) {                                                    \
                modc_fft_lanes_##S at;                                                                                \
                modc_fft_aim_##S(&at, first, lines, inner, have, n);                                                  \
                if (at.wide < (L)) memset(f.x, 0, sizeof(T) * (size_t)(2 * (L) * n));                                 \
                else memset(f.x + 2 * (L) * kept, 0, sizeof(T) * (size_t)(2 * (L) * (n - kept)));                     \
                for (int64_t j = 0; j < kept; ++j)                                                                    \
                    modc_fft_take_##S(&at, x + 2 * j * inner, f.x + 2 * (L) * j + re, f.x + 2 * (L) * j + im);        \
                const T *const found = modc_fft_columns_##S(n, f.roots_a, f.x, f.y);                                  \
                for (int64_t j = 0; j < n; ++j)                                                                       \
                    modc_fft_give_##S(&at, found + 2 * (L) * j + re, found + 2 * (L) * j + im, scale, y + 2 * j * inner); \
            }                                                                                                         \
            return;                                                                                                   \
        }                                                                                                             \
        modc_fft_plan_line_##S(&f, n, 0, scratch);                                                                    \
        for (int64_t at = 0; at < lines; ++at) {                                                                      \
            const int64_t i = at % inner;                                                                             \
            const T *const from = x + 2 * ((at - i) * have + i);                                                      \
            T *const to = y + 2 * ((at - i) * n + i);                                                                 \
            if (inner == 1 && have >= n) {                                                                            \
                modc_fft_line_##S(&f, back != 0, from, to, scale);                                                    \
                continue;                                                                                             \
            }                                                                                                         \
            for (int64_t j = 0; j < kept; ++j) {                                                                      \
                f.line[2 * j] = from[2 * j * inner];                                                                  \
                f.line[2 * j + 1] = from[2 * j * inner + 1];                                                          \
            }                                                                                                         \
            memset(f.line + 2 * kept, 0, sizeof(T) * (size_t)(2 * (n - kept)));                                       \
            modc_fft_line_##S(&f, back != 0, f.line, inner == 1 ? to : f.line, scale);                                \
            for (int64_t j = 0; j < n && inner > 1; ++j) {                                                            \
                to[2 * j * inner] = f.line[2 * j];                                                                    \
                to[2 * j * inner + 1] = f.line[2 * j + 1];                                                            \
            }                                                                                                         \
        }                                                                                                             \
    }
/* @end */

/* @section modc_fft_line_f64 : MODC_FFT_ROOTS MODC_FFT_PASSES MODC_FFT_CORE MODC_FFT_STACK modc_fftv_f64 */
MODC_FFT_ROOTS(double, f64)
MODC_FFT_PASSES(double, f64, 8)
MODC_FFT_CORE(double, f64, 8)
MODC_FFT_STACK(double, f64, 8)
/* @end */

/* @section modc_fft_line_f32 : MODC_FFT_ROOTS MODC_FFT_PASSES MODC_FFT_CORE MODC_FFT_STACK modc_fftv_f32 */
MODC_FFT_ROOTS(float, f32)
MODC_FFT_PASSES(float, f32, 16)
MODC_FFT_CORE(float, f32, 16)
MODC_FFT_STACK(float, f32, 16)
/* @end */

/* @section modc_fft_c128 : MODC_FFT modc_fft_line_f64 modc_c128 */
MODC_FFT(double, f64, modc_c128, c128, 8)
/* @end */

/* @section modc_fft_c64 : MODC_FFT modc_fft_line_f32 modc_c64 */
MODC_FFT(float, f32, modc_c64, c64, 16)
/* @end */


/* @section MODC_FFT_REAL : modc_fft_fused */
/* Real lines.  `halves`: for even n = 2 h, pairs of neighbours are complex elements of lines of length h. */
#define MODC_FFT_REAL(T, S, L)                                                                                        \
    /* From the transform z of the pairs of a line, in place, elements 0 .. h of the line's own transform times `scale`; \
     * element k is z[step k] and the same from `im` on. `sign` -1: conjugates. */                                    \
    modc_fft_fused void modc_fft_unfold_##S(int64_t h, const T *w, T *z, T scale, T sign) {                           \
        modc_fft_contract                                                                                             \
        const T half = (T)0.5 * scale, re = z[0], im = z[1];                                                          \
        z[0] = (re + im) * scale;                                                                                     \
        z[1] = z[2 * h + 1] = (T)0;                                                                                   \
        z[2 * h] = (re - im) * scale;                                                                                 \
        for (int64_t k = 1; 2 * k <= h; ++k) {                                                                        \
            const int64_t i = 2 * k, j = 2 * (h - k);                                                                 \
            const T ar = z[i], ai = z[i + 1], br = z[j], bi = z[j + 1], c = w[i], d = w[i + 1];                       \
            const T er = ar + br, ei = ai - bi, dr = ar - br, di = ai + bi;                                           \
            const T pr = c * di + d * dr, pi = d * di - c * dr;                                                       \
            z[i] = (er + pr) * half;                                                                                  \
            z[i + 1] = (ei + pi) * half * sign;                                                                       \
            z[j] = (er - pr) * half;                                                                                  \
            z[j + 1] = (pi - ei) * half * sign;                                                                       \
        }                                                                                                             \
    }                                                                                                                 \
    /* The same for L columns of rows. */                                                                             \
    modc_fft_fused void modc_fft_unfold_rows_##S(int64_t h, const T *w, T *z) {                                       \
        modc_fft_contract                                                                                             \
        const T half = (T)0.5;                                                                                        \
        for (int64_t l = 0; l < (L); l += modc_fft_wide_##S) {                                                        \
            T *const low = z + l, *const high = z + 2 * (L) * h + l;                                                  \
            const modc_fftv_##S re = modc_fft_get_##S(low), im = modc_fft_get_##S(low + (L)), zero = {0};             \
            modc_fft_put_##S(low, re + im);                                                                           \
            modc_fft_put_##S(low + (L), zero);                                                                        \
            modc_fft_put_##S(high, re - im);                                                                          \
            modc_fft_put_##S(high + (L), zero);                                                                       \
        }                                                                                                             \
        for (int64_t k = 1; 2 * k <= h; ++k)                                                                          \
            for (int64_t l = 0; l < (L); l += modc_fft_wide_##S) {                                                    \
                T *const low = z + 2 * (L) * k + l, *const high = z + 2 * (L) * (h - k) + l;                          \
                const T c = w[2 * k], d = w[2 * k + 1];                                                               \
                const modc_fftv_##S ar = modc_fft_get_##S(low), ai = modc_fft_get_##S(low + (L));                     \
                const modc_fftv_##S br = modc_fft_get_##S(high), bi = modc_fft_get_##S(high + (L));                   \
                const modc_fftv_##S er = ar + br, ei = ai - bi, dr = ar - br, di = ai + bi;                           \
                const modc_fftv_##S pr = c * di + d * dr, pi = d * di - c * dr;                                       \
                modc_fft_put_##S(low, (er + pr) * half);                                                              \
                modc_fft_put_##S(low + (L), (ei + pi) * half);                                                        \
                modc_fft_put_##S(high, (er - pr) * half);                                                             \
                modc_fft_put_##S(high + (L), (pi - ei) * half);                                                       \
            }                                                                                                         \
    }                                                                                                                 \
    /* Back: from elements 0 .. h, those at the ends real, what the pairs of a line are transformed from. */          \
    modc_fft_fused void modc_fft_fold_##S(int64_t h, const T *w, T *z) {                                              \
        modc_fft_contract                                                                                             \
        const T first = z[0], last = z[2 * h];                                                                        \
        z[0] = first + last;                                                                                          \
        z[1] = first - last;                                                                                          \
        for (int64_t k = 1; 2 * k <= h; ++k) {                                                                        \
            const int64_t i = 2 * k, j = 2 * (h - k);                                                                 \
            const T ar = z[i], ai = z[i + 1], br = z[j], bi = z[j + 1], c = w[i], d = w[i + 1];                       \
            const T er = ar + br, ei = ai - bi, dr = ar - br, di = ai + bi;                                           \
            const T qr = c * dr + d * di, qi = c * di - d * dr;                                                       \
            z[i] = er - qi;                                                                                           \
            z[i + 1] = ei + qr;                                                                                       \
            z[j] = er + qi;                                                                                           \
            z[j + 1] = qr - ei;                                                                                       \
        }                                                                                                             \
    }                                                                                                                 \
    /* The same for L columns of rows, in which the imaginary parts are in front, as back is forward with the parts   \
     * exchanged. */                                                                                                  \
    modc_fft_fused void modc_fft_fold_rows_##S(int64_t h, const T *w, T *z) {                                         \
        modc_fft_contract                                                                                             \
        for (int64_t l = 0; l < (L); l += modc_fft_wide_##S) {                                                        \
            const modc_fftv_##S first = modc_fft_get_##S(z + l + (L)), last = modc_fft_get_##S(z + 2 * (L) * h + l + (L)); \
            modc_fft_put_##S(z + l + (L), first + last);                                                              \
            modc_fft_put_##S(z + l, first - last);                                                                    \
        }                                                                                                             \
        for (int64_t k = 1; 2 * k <= h; ++k)                                                                          \
            for (int64_t l = 0; l < (L); l += modc_fft_wide_##S) {                                                    \
                T *const low = z + 2 * (L) * k + l, *const high = z + 2 * (L) * (h - k) + l;                          \
                const T c = w[2 * k], d = w[2 * k + 1];                                                               \
                const modc_fftv_##S ar = modc_fft_get_##S(low + (L)), ai = modc_fft_get_##S(low);                     \
                const modc_fftv_##S br = modc_fft_get_##S(high + (L)), bi = modc_fft_get_##S(high);                   \
                const modc_fftv_##S er = ar + br, ei = ai - bi, dr = ar - br, di = ai + bi;                           \
                const modc_fftv_##S qr = c * dr + d * di, qi = c * di - d * dr;                                       \
                modc_fft_put_##S(low + (L), er - qi);                                                                 \
                modc_fft_put_##S(low, ei + qr);                                                                       \
                modc_fft_put_##S(high + (L), er + qi);                                                                \
                modc_fft_put_##S(high, qr - ei);                                                                      \
            }                                                                                                         \
    }
/* @end */

/* @section MODC_RFFT */
/* The elements 0 .. n / 2 of the transforms of real lines, or, where `whole`, all n of them; conjugates where `back`. */
#define MODC_RFFT(T, S, C, L)                                                                                         \
    static inline void modc_rfft_##S(int64_t outer, int64_t have, int64_t inner, int64_t n, int64_t back, int64_t norm, \
                                     int64_t whole, const T *x, C *result, int64_t *scratch) {                        \
        T *const y = (T *)(void *)result;                                                                             \
        const int64_t even = n % 2 == 0, size = even ? n / 2 : n, lines = outer * inner, kept = have < n ? have : n;  \
        const int64_t some = n / 2 + 1, give = whole ? n : some;                                                      \
        const T scale = modc_fft_scale_##S(n, norm), sign = (T)(back ? -1.0 : 1.0);                                   \
        modc_fft_plan_##S f;                                                                                          \
        if (lines == 0) return;                                                                                       \
        if (modc_fft_together_##S(lines, size)) {                                                                     \
            modc_fft_plan_columns_##S(&f, size, (int)even, scratch);                                                  \
            for (int64_t first = 0; first < lines; first += (L)) {                                                    \
                modc_fft_lanes_##S at;                                                                                \
                modc_fft_aim_##S(&at, first, lines, inner, have, give);                                               \
                memset(f.x, 0, sizeof(T) * (size_t)(2 * (L) * size));                                                 \
                for (int64_t j = 0; j < kept; ++j)                                                                    \
                    modc_fft_take_real_##S(&at, x + j * inner, f.x + (even ? (L) : 2 * (L)) * j);                     \
                T *const z = modc_fft_columns_##S(size, f.roots_a, f.x, f.y);                                         \
                if (even) modc_fft_unfold_rows_##S(size, f.halves, z);                                                \
                for (int64_t l = 0; l < (L); ++l) z[l + (L)] = (T)0;                                                  \
                for (int64_t j = 0; j < give; ++j) {                                                                  \
                    T *const row = z + 2 * (L) * (j < some ? j : n - j);                                              \
                    if (j >= some || (back && j > 0))                                                                 \
                        for (int64_t l = 0; l < (L); ++l) row[l + (L)] = -row[l + (L)];                               \
                    modc_fft_give_##S(&at, row, row + (L), scale, y + 2 * j * inner);                                 \
                }                                                                                                     \
            }                                                                                                         \
            return;                                                                                                   \
        }                                                                                                             \
        modc_fft_plan_line_##S(&f, size, (int)even, scratch);                                                         \
        for (int64_t at = 0; at < lines; ++at) {                                                                      \
            const int64_t i = at % inner;                                                                             \
            const T *const from = x + (at - i) * have + i;                                                            \
            T *const to = y + 2 * ((at - i) * give + i), *const z = inner == 1 && even ? to : f.line;                 \
            const T *in = from;                                                                                       \
            if (inner > 1 || have < n || !even) {                                                                     \
                memset(f.line, 0, sizeof(T) * (size_t)(2 * size));                                                    \
                for (int64_t j = 0; j < kept; ++j) f.line[even ? j : 2 * j] = from[j * inner];                        \
                in = f.line;                                                                                          \
            }                                                                                                         \
            modc_fft_line_##S(&f, 0, in, z, even ? (T)1 : scale);                                                     \
            if (even)                                                                                                 \
                modc_fft_unfold_##S(size, f.halves, z, scale, sign);                                                  \
            else                                                                                                      \
                for (int64_t k = 0; k < some; ++k) z[2 * k + 1] = k > 0 ? z[2 * k + 1] * sign : (T)0;                 \
            for (int64_t j = z == to ? some : 0; j < give; ++j) {                                                     \
                const int64_t k = j < some ? j : n - j;                                                               \
                to[2 * j * inner] = z[2 * k];                                                                         \
                to[2 * j * inner + 1] = j < some ? z[2 * k + 1] : -z[2 * k + 1];                                      \
            }                                                                                                         \
        }                                                                                                             \
    }
/* @end */

/* @section MODC_IRFFT */
/* Real lines of n from the elements 0 .. n / 2 of their transforms, the other elements being the conjugates of those. */
#define MODC_IRFFT(T, S, C, D, L)                                                                                     \
    static inline void modc_irfft_##D(int64_t outer, int64_t have, int64_t inner, int64_t n, int64_t back, int64_t norm, \
                                      const C *operand, T *y, int64_t *scratch) {                                     \
        const T *const x = (const T *)(const void *)operand;                                                          \
        const int64_t even = n % 2 == 0, size = even ? n / 2 : n, lines = outer * inner;                              \
        const int64_t some = n / 2 + 1, kept = have < some ? have : some;                                             \
        const T scale = modc_fft_scale_##S(n, norm), sign = (T)(back ? 1.0 : -1.0);                                   \
        modc_fft_plan_##S f;                                                                                          \
        if (lines == 0) return;                                                                                       \
        if (modc_fft_together_##S(lines, size)) {                                                                     \
            modc_fft_plan_columns_##S(&f, size, (int)even, scratch);                                                  \
            for (int64_t first = 0; first < lines; first += (L)) {                                                    \
                modc_fft_lanes_##S at;                                                                                \
                modc_fft_aim_##S(&at, first, lines, inner, have, n);                                                  \
                memset(f.x, 0, sizeof(T) * (size_t)(2 * (L) * (even ? some : n)));                                    \
                for (int64_t j = 0; j < kept; ++j) {                                                                  \
                    T *const row = f.x + 2 * (L) * j;                                                                 \
                    modc_fft_take_##S(&at, x + 2 * j * inner, row + (L), row);                                        \
                    for (int64_t l = 0; l < (L); ++l) row[l] = j == 0 || 2 * j == n ? (T)0 : row[l] * sign;           \
                    if (even || j == 0) continue;                                                                     \
                    T *const other = f.x + 2 * (L) * (n - j);                                                         \
                    for (int64_t l = 0; l < (L); ++l) {                                                               \
                        other[l] = -row[l];                                                                           \
                        other[l + (L)] = row[l + (L)];                                                                \
                    }                                                                                                 \
                }                                                                                                     \
                if (even) modc_fft_fold_rows_##S(size, f.halves, f.x);                                                \
                const T *const z = modc_fft_columns_##S(size, f.roots_a, f.x, f.y);                                   \
                for (int64_t j = 0; j < n; ++j) {                                                                     \
                    const T *const row = z + (even ? 2 * (L) * (j / 2) + (j % 2 ? 0 : (L)) : 2 * (L) * j + (L));      \
                    modc_fft_give_real_##S(&at, row, scale, y + j * inner);                                           \
                }                                                                                                     \
            }                                                                                                         \
            return;                                                                                                   \
        }                                                                                                             \
        modc_fft_plan_line_##S(&f, size, (int)even, scratch);                                                         \
        for (int64_t at = 0; at < lines; ++at) {                                                                      \
            const int64_t i = at % inner;                                                                             \
            const T *const from = x + 2 * ((at - i) * have + i);                                                      \
            T *const to = y + (at - i) * n + i, *const z = inner == 1 && even ? to : f.line;                          \
            memset(f.line, 0, sizeof(T) * (size_t)(2 * (even ? some : n)));                                           \
            for (int64_t j = 0; j < kept; ++j) {                                                                      \
                const T re = from[2 * j * inner], im = j == 0 || 2 * j == n ? (T)0 : from[2 * j * inner + 1] * sign;  \
                f.line[2 * j] = re;                                                                                   \
                f.line[2 * j + 1] = im;                                                                               \
                if (even || j == 0) continue;                                                                         \
                f.line[2 * (n - j)] = re;                                                                             \
                f.line[2 * (n - j) + 1] = -im;                                                                        \
            }                                                                                                         \
            if (even) modc_fft_fold_##S(size, f.halves, f.line);                                                      \
            modc_fft_line_##S(&f, 1, f.line, z, scale);                                                               \
            for (int64_t j = 0; j < n && z != to; ++j) to[j * inner] = z[even ? j : 2 * j];                           \
        }                                                                                                             \
    }
/* @end */

/* @section modc_fft_fold_f64 : MODC_FFT_REAL modc_fft_line_f64 */
MODC_FFT_REAL(double, f64, 8)
/* @end */

/* @section modc_fft_fold_f32 : MODC_FFT_REAL modc_fft_line_f32 */
MODC_FFT_REAL(float, f32, 16)
/* @end */

/* @section modc_rfft_f64 : MODC_RFFT modc_fft_fold_f64 modc_c128 */
MODC_RFFT(double, f64, modc_c128, 8)
/* @end */

/* @section modc_rfft_f32 : MODC_RFFT modc_fft_fold_f32 modc_c64 */
MODC_RFFT(float, f32, modc_c64, 16)
/* @end */

/* @section modc_irfft_c128 : MODC_IRFFT modc_fft_fold_f64 modc_c128 */
MODC_IRFFT(double, f64, modc_c128, c128, 8)
/* @end */

/* @section modc_irfft_c64 : MODC_IRFFT modc_fft_fold_f32 modc_c64 */
MODC_IRFFT(float, f32, modc_c64, c64, 16)
/* @end */


#endif
