/* modc_fft_real.h: transforms of real numbers, and back.
 *
 * Input and output: as modc_fft.h says, with real lines on one side; on the other the elements 0 .. n / 2 of their
 * transforms, of which the others are the conjugates.  Used by: the rows rfft and irfft.
 *
 * A line of even length is a complex one of half the length, of pairs of neighbours; what comes out is taken apart (or put
 * together before) by one more pass.  Odd lengths are transformed as complex ones.
 */
#ifndef MODC_FFT_REAL_H
#define MODC_FFT_REAL_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "modc_fft.h"

/* Of a line of even length n = 2 h, pairs of neighbours are complex elements of a line of length h; `w` are roots of unity
 * of order n. */

/* @section MODC_FFT_UNFOLD : modc_fft_fused */
#define MODC_FFT_UNFOLD(T, S, L)                                                                                      \
    /* From the transform z of the pairs of a line, in place, elements 0 .. h of the line's own transform times `scale`, \
     * conjugates where `sign` is -1. */                                                                              \
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
            const modc_fft_vector_##S re = modc_fft_get_##S(low), im = modc_fft_get_##S(low + (L)), zero = {0};       \
            modc_fft_put_##S(low, re + im);                                                                           \
            modc_fft_put_##S(low + (L), zero);                                                                        \
            modc_fft_put_##S(high, re - im);                                                                          \
            modc_fft_put_##S(high + (L), zero);                                                                       \
        }                                                                                                             \
        for (int64_t k = 1; 2 * k <= h; ++k)                                                                          \
            for (int64_t l = 0; l < (L); l += modc_fft_wide_##S) {                                                    \
                T *const low = z + 2 * (L) * k + l, *const high = z + 2 * (L) * (h - k) + l;                          \
                const T c = w[2 * k], d = w[2 * k + 1];                                                               \
                const modc_fft_vector_##S ar = modc_fft_get_##S(low), ai = modc_fft_get_##S(low + (L));               \
                const modc_fft_vector_##S br = modc_fft_get_##S(high), bi = modc_fft_get_##S(high + (L));             \
                const modc_fft_vector_##S er = ar + br, ei = ai - bi, dr = ar - br, di = ai + bi;                     \
                const modc_fft_vector_##S pr = c * di + d * dr, pi = d * di - c * dr;                                 \
                modc_fft_put_##S(low, (er + pr) * half);                                                              \
                modc_fft_put_##S(low + (L), (ei + pi) * half);                                                        \
                modc_fft_put_##S(high, (er - pr) * half);                                                             \
                modc_fft_put_##S(high + (L), (pi - ei) * half);                                                       \
            }                                                                                                         \
    }
/* @end */

/* @section MODC_FFT_FOLD : modc_fft_fused */
#define MODC_FFT_FOLD(T, S, L)                                                                                        \
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
            const modc_fft_vector_##S first = modc_fft_get_##S(z + l + (L)), last = modc_fft_get_##S(z + 2 * (L) * h + l + (L)); \
            modc_fft_put_##S(z + l + (L), first + last);                                                              \
            modc_fft_put_##S(z + l, first - last);                                                                    \
        }                                                                                                             \
        for (int64_t k = 1; 2 * k <= h; ++k)                                                                          \
            for (int64_t l = 0; l < (L); l += modc_fft_wide_##S) {                                                    \
                T *const low = z + 2 * (L) * k + l, *const high = z + 2 * (L) * (h - k) + l;                          \
                const T c = w[2 * k], d = w[2 * k + 1];                                                               \
                const modc_fft_vector_##S ar = modc_fft_get_##S(low + (L)), ai = modc_fft_get_##S(low);               \
                const modc_fft_vector_##S br = modc_fft_get_##S(high + (L)), bi = modc_fft_get_##S(high);             \
                const modc_fft_vector_##S er = ar + br, ei = ai - bi, dr = ar - br, di = ai + bi;                     \
                const modc_fft_vector_##S qr = c * dr + d * di, qi = c * di - d * dr;                                 \
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
        if (modc_fft_together_##S(outer, inner, size)) {                                                              \
            modc_fft_plan_columns_##S(&f, size, (int)even, scratch);                                                  \
            for (int64_t first = 0; first < lines; first += (L)) {                                                    \
                modc_fft_lanes_##S at;                                                                                \
                modc_fft_aim_##S(&at, first, lines, inner, have, give);                                               \
                memset(f.x, 0, sizeof(T) * (size_t)(2 * (L) * size));                                                 \
                const int64_t down = even ? (L) : 2 * (L);                                                            \
                int64_t j = inner > 1 ? 0 : modc_fft_take_squares_##S(&at, kept, 1, have, x, f.x, down, 0);           \
                for (; j < kept; ++j) modc_fft_take_real_##S(&at, x + j * inner, f.x + down * j);                     \
                T *const z = modc_fft_columns_##S(size, f.roots_a, f.x, f.y);                                         \
                if (even) modc_fft_unfold_rows_##S(size, f.halves, z);                                                \
                for (int64_t l = 0; l < (L); ++l) z[l + (L)] = (T)0;                                                  \
                for (j = 1; j < some && back; ++j)                                                                    \
                    for (int64_t l = 0; l < (L); ++l) z[2 * (L) * j + (L) + l] = -z[2 * (L) * j + (L) + l];           \
                j = inner > 1 ? 0 : modc_fft_give_squares_##S(&at, some, 2, give, z, (L), 0, scale, y);               \
                for (; j < give; ++j) {                                                                               \
                    T *const row = z + 2 * (L) * (j < some ? j : n - j);                                              \
                    for (int64_t l = 0; l < (L) && j >= some; ++l) row[l + (L)] = -row[l + (L)];                      \
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
        if (modc_fft_together_##S(outer, inner, size)) {                                                              \
            modc_fft_plan_columns_##S(&f, size, (int)even, scratch);                                                  \
            for (int64_t first = 0; first < lines; first += (L)) {                                                    \
                modc_fft_lanes_##S at;                                                                                \
                modc_fft_aim_##S(&at, first, lines, inner, have, n);                                                  \
                memset(f.x, 0, sizeof(T) * (size_t)(2 * (L) * (even ? some : n)));                                    \
                int64_t taken = inner > 1 ? 0 : modc_fft_take_squares_##S(&at, kept, 2, have, x, f.x, (L), 1);        \
                for (; taken < kept; ++taken)                                                                         \
                    modc_fft_take_##S(&at, x + 2 * taken * inner, f.x + 2 * (L) * taken + (L), f.x + 2 * (L) * taken); \
                for (int64_t j = 0; j < kept; ++j) {                                                                  \
                    T *const row = f.x + 2 * (L) * j;                                                                 \
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
                /* Real parts are behind the imaginary ones; of pairs, the first number is the real part. */          \
                const int64_t down = even ? (L) : 2 * (L), first_one = even ? 0 : (L);                                \
                int64_t j = inner > 1 ? 0 : modc_fft_give_squares_##S(&at, n, 1, n, z + first_one, down, even, scale, y); \
                for (; j < n; ++j) modc_fft_give_real_##S(&at, z + first_one + (j ^ even) * down, scale, y + j * inner); \
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

/* @section modc_fft_unfold_f64 : MODC_FFT_UNFOLD modc_fft_line_f64 */
MODC_FFT_UNFOLD(double, f64, 8)
/* @end */

/* @section modc_fft_unfold_f32 : MODC_FFT_UNFOLD modc_fft_line_f32 */
MODC_FFT_UNFOLD(float, f32, 16)
/* @end */

/* @section modc_fft_fold_f64 : MODC_FFT_FOLD modc_fft_line_f64 */
MODC_FFT_FOLD(double, f64, 8)
/* @end */

/* @section modc_fft_fold_f32 : MODC_FFT_FOLD modc_fft_line_f32 */
MODC_FFT_FOLD(float, f32, 16)
/* @end */

/* @section modc_rfft_f64 : MODC_RFFT modc_fft_unfold_f64 modc_c128 */
MODC_RFFT(double, f64, modc_c128, 8)
/* @end */

/* @section modc_rfft_f32 : MODC_RFFT modc_fft_unfold_f32 modc_c64 */
MODC_RFFT(float, f32, modc_c64, 16)
/* @end */

/* @section modc_irfft_c128 : MODC_IRFFT modc_fft_fold_f64 modc_c128 */
MODC_IRFFT(double, f64, modc_c128, c128, 8)
/* @end */

/* @section modc_irfft_c64 : MODC_IRFFT modc_fft_fold_f32 modc_c64 */
MODC_IRFFT(float, f32, modc_c64, c64, 16)
/* @end */

#endif
