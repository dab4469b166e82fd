/* modc_fft.h: discrete Fourier transforms of any length, along one axis of an array.
 *
 * Input: an array of outer x have x inner complex elements, row-major, of which each line along the middle axis is cut or
 * filled with zeros to n.  Output: the transforms, of the sign of the exponent that `back` says, not scaled (norm 0), by
 * 1 / n (1) or by 1 / sqrt(n) (2).  Scratch: see `words` in graph/ops_fft.py.
 * Used by: the row fft; modc_fft_real.h.  T is the type of a part, S its suffix, L the columns of a block.
 *
 * One core does everything: the transforms of L neighbouring columns at once, by passes of radix 4, 2, 3, 5 and odd primes
 * in Stockham's order.  Many short lines are columns as they are.  A long line of a * b elements is b columns of a
 * elements, a product with roots of unity, and a columns of b elements (Bailey, FFTs in External or Hierarchical Memory,
 * 1990).  Lengths with a large prime factor are convolutions (Bluestein 1970).
 *
 * Roots of unity are computed at each call: about sqrt(n) for columns, 8 a and n / 8 in all for the product.  The bits of a
 * result depend on the operand, on the length of the stack, and on whether the CPU level has fused multiply-adds.
 */
#ifndef MODC_FFT_H
#define MODC_FFT_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "modc_complex.h"
#include "modc_fft_passes.h"

/* @section MODC_FFT_DIRECT MODC_FFT_SHORT MODC_FFT_COLUMNS MODC_FFT_LINES MODC_FFT_HALF modc_fft_is_smooth modc_fft_width modc_fft_long */
/* Lengths up to `SHORT` are one column.  Stacks are columns up to a length of `COLUMNS` where lines are side by side, of
 * `LINES` where they are one behind the other; the latter from half a block on up to a length of `HALF`, else from a block on. */
enum { MODC_FFT_SHORT = 16, MODC_FFT_COLUMNS = 8192, MODC_FFT_LINES = 2048, MODC_FFT_HALF = 256 };
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
        for (int64_t l = 0; l < (L); l += modc_fft_wide_##S) {                                                        \
            const modc_fft_vector_##S a = modc_fft_get_##S(re + l) * scale, b = modc_fft_get_##S(im + l) * scale;     \
            modc_fft_put_##S(to + 2 * l, modc_fft_low_##S(a, b));                                                     \
            modc_fft_put_##S(to + 2 * l + modc_fft_wide_##S, modc_fft_high_##S(a, b));                                \
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
                const modc_fft_vector_##S re = modc_fft_get_##S(from + l), im = modc_fft_get_##S(from + l + (L));     \
                const modc_fft_vector_##S wr = modc_fft_get_##S(w + l), wi = modc_fft_get_##S(w + l + (L));           \
                const modc_fft_vector_##S vr = wr * c0 - wi * d0, vi = wr * d0 + wi * c0;                             \
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
            if (wide == (L)) {                                                                                        \
                modc_fft_square_##S(from, f->pitch, 0, (T)1, to, 2 * (L), 0);                                         \
                modc_fft_square_##S(from + (L), f->pitch, 0, (T)1, to + (L), 2 * (L), 0);                             \
                continue;                                                                                             \
            }                                                                                                         \
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
        f->roots_a = modc_fft_room_##S(&next, 2 * f->a + 32);                                                         \
        f->roots_b = modc_fft_room_##S(&next, 2 * f->b + 32);                                                         \
        f->line = modc_fft_room_##S(&next, 2 * n + 2);                                                                \
        modc_fft_roots_##S(f->b, 1, f->b, f->roots_b);                                                                \
        if (f->a > 1) {                                                                                               \
            f->inner = modc_fft_room_##S(&next, 2 * (L) * f->a);                                                      \
            f->outer = modc_fft_room_##S(&next, 2 * f->a + 32);                                                       \
            f->middle = modc_fft_room_##S(&next, f->a * f->pitch);                                                    \
            modc_fft_roots_##S(f->a, 1, f->a, f->roots_a);                                                            \
            for (int64_t k = 0; k < f->a; ++k) {                                                                      \
                T w[32];                                                                                              \
                modc_fft_roots_##S((L), k, m, w);                                                                     \
                modc_fft_split_##S(w, f->inner + 2 * (L) * k, f->inner + 2 * (L) * k + (L));                          \
            }                                                                                                         \
        }                                                                                                             \
        if (halves) {                                                                                                 \
            f->halves = modc_fft_room_##S(&next, n + 40);                                                             \
            modc_fft_roots_##S(n / 2 + 1, 1, 2 * n, f->halves);                                                       \
        }                                                                                                             \
        if (m == n) return;                                                                                           \
        f->chirp = modc_fft_room_##S(&next, 2 * n + 64);                                                              \
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
        f->roots_a = modc_fft_room_##S(&next, 2 * n + 64);                                                            \
        modc_fft_roots_##S(n, 1, n, f->roots_a);                                                                      \
        if (halves) {                                                                                                 \
            f->halves = modc_fft_room_##S(&next, n + 40);                                                             \
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
    /* `count` rows of `size` complex (2) or real (1) elements of one block of lines, from the operand or to the result, by \
     * squares where lines are `along` elements apart and each is in one piece; how many rows that were is returned.  Rows of \
     * the block are `down` apart, and pairs of them exchanged where flip is 1. */                                    \
    static inline int64_t modc_fft_take_squares_##S(const modc_fft_lanes_##S *at, int64_t count, int64_t size, int64_t along, \
                                                    const T *x, T *to, int64_t down, int64_t flip) {                  \
        const int64_t whole = at->wide == (L) && at->from[(L) - 1] - at->from[0] == ((L) - 1) * along ? size * count / (L) * (L) : 0; \
        for (int64_t i = 0; i < whole; i += (L))                                                                      \
            modc_fft_square_##S(x + size * at->from[0] + i, size * along, 0, (T)1, to + i * down, down, flip);        \
        return whole / size;                                                                                          \
    }                                                                                                                 \
    static inline int64_t modc_fft_give_squares_##S(const modc_fft_lanes_##S *at, int64_t count, int64_t size, int64_t along, \
                                                    const T *from, int64_t down, int64_t flip, T scale, T *y) {       \
        const int64_t whole = at->wide == (L) && at->to[(L) - 1] - at->to[0] == ((L) - 1) * along ? size * count / (L) * (L) : 0; \
        for (int64_t i = 0; i < whole; i += (L))                                                                      \
            modc_fft_square_##S(from + i * down, down, flip, scale, y + size * at->to[0] + i, size * along, 0);       \
        return whole / size;                                                                                          \
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
    modc_inline int modc_fft_together_##S(int64_t outer, int64_t inner, int64_t n) {                                  \
        const int64_t most = inner > 1 ? MODC_FFT_COLUMNS : MODC_FFT_LINES;                                           \
        const int64_t least = inner > 1 || n <= MODC_FFT_HALF ? (L) / 2 : (L);                                        \
        return outer * inner >= least && n <= most && modc_fft_is_smooth(n);                                          \
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
        if (modc_fft_together_##S(outer, inner, n)) {                                                                 \
            modc_fft_plan_columns_##S(&f, n, 0, scratch);                                                             \
            const int64_t re = back ? (L) : 0, im = back ? 0 : (L);                                                   \
            for (int64_t first = 0; first < lines; first += (L)) {                                                    \
                modc_fft_lanes_##S at;                                                                                \
                modc_fft_aim_##S(&at, first, lines, inner, have, n);                                                  \
                if (at.wide < (L)) memset(f.x, 0, sizeof(T) * (size_t)(2 * (L) * n));                                 \
                else memset(f.x + 2 * (L) * kept, 0, sizeof(T) * (size_t)(2 * (L) * (n - kept)));                     \
                int64_t j = inner > 1 ? 0 : modc_fft_take_squares_##S(&at, kept, 2, have, x, f.x, (L), back != 0);    \
                for (; j < kept; ++j)                                                                                 \
                    modc_fft_take_##S(&at, x + 2 * j * inner, f.x + 2 * (L) * j + re, f.x + 2 * (L) * j + im);        \
                const T *const found = modc_fft_columns_##S(n, f.roots_a, f.x, f.y);                                  \
                j = inner > 1 ? 0 : modc_fft_give_squares_##S(&at, n, 2, n, found, (L), back != 0, scale, y);         \
                for (; j < n; ++j)                                                                                    \
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

/* @section modc_fft_line_f64 : MODC_FFT_ROOTS MODC_FFT_PASSES MODC_FFT_CORE MODC_FFT_STACK modc_fft_vector_f64 */
MODC_FFT_ROOTS(double, f64)
MODC_FFT_PASSES(double, f64, 8)
MODC_FFT_CORE(double, f64, 8)
MODC_FFT_STACK(double, f64, 8)
/* @end */

/* @section modc_fft_line_f32 : MODC_FFT_ROOTS MODC_FFT_PASSES MODC_FFT_CORE MODC_FFT_STACK modc_fft_vector_f32 */
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

#endif
