/* modc_schur.h: the Schur forms of general matrices, row-major, without a library.
 *
 * Input: matrices of n x n, real or complex, worked on in place.  Output: eigenvalues on the diagonal of a matrix that is upper
 * triangular (real ones with blocks of 2 x 2), and the orthogonal matrix that belongs to it.
 * Used by: modc_eig.h.  T is the element type, R the type of its parts, C the complex type, S its suffix.
 *
 * Sources of the algorithms: Golub & Van Loan, Matrix Computations, 4th ed. (2013): 7.4 reduction to Hessenberg form, 7.5 QR
 * iteration with a double shift (Francis) for real and with a single shift for complex matrices; James, Langou & Lowery, On
 * matrix balancing and eigenvector computation, arXiv:1401.5766.
 */
#ifndef MODC_SCHUR_H
#define MODC_SCHUR_H

#include <math.h>
#include <stdint.h>

#include "modc_complex.h"
#include "modc_reflect.h"

/* @section MODC_ISOLATE */
/* Rows and columns exchanged so that rows with nothing beside their diagonal come last, as far as there are any: what is
 * triangular in some order becomes upper triangular. `order` says where each row was. */
#define MODC_ISOLATE(T, S, R, parts)                                                                               \
    static inline int modc_alone_##S(int64_t n, int64_t i, int64_t end, const T *a) {                              \
        const R *const row = (const R *)(const void *)(a + i * n);                                                 \
        for (int64_t j = 0; j < parts * end; ++j)                                                                  \
            if (j / parts != i && !(row[j] == (R)0)) return 0;                                                     \
        return 1;                                                                                                  \
    }                                                                                                              \
    static inline void modc_isolate_##S(int64_t n, T *a, int64_t *order) {                                         \
        for (int64_t i = 0; i < n; ++i) order[i] = i;                                                              \
        for (int64_t end = n, i = n - 1; i >= 0; --i) {                                                            \
            if (!modc_alone_##S(n, i, end, a)) continue;                                                           \
            const int64_t last = --end, kept = order[i];                                                           \
            order[i] = order[last];                                                                                \
            order[last] = kept;                                                                                    \
            for (int64_t j = 0; j < n; ++j) {                                                                      \
                const T one = a[i * n + j];                                                                        \
                a[i * n + j] = a[last * n + j];                                                                    \
                a[last * n + j] = one;                                                                             \
            }                                                                                                      \
            for (int64_t j = 0; j < n; ++j) {                                                                      \
                const T one = a[j * n + i];                                                                        \
                a[j * n + i] = a[j * n + last];                                                                    \
                a[j * n + last] = one;                                                                             \
            }                                                                                                      \
            i = end;                                                                                               \
        }                                                                                                          \
    }
/* @end */

/* @section MODC_BALANCE */
/* Brings the largest part to between 1/2 and 1, and rows and columns to about the same length, both by powers of 2, which
 * round nothing: d holds the factors of the columns, the exponent of the first step is returned. 1 << 30: not finite. */
#define MODC_BALANCE(T, R, S, parts, square, times, root, size)                                                    \
    static inline int modc_balance_##S(int64_t n, T *a, R *d) {                                                    \
        const R *const flat = (const R *)(const void *)a;                                                          \
        R most = (R)0, sum = (R)0;                                                                                 \
        int exponent = 0, changed = 1;                                                                             \
        for (int64_t i = 0; i < parts * n * n; ++i) {                                                              \
            sum += (R)0 * flat[i];                                                                                 \
            most = size(flat[i]) > most ? size(flat[i]) : most;                                                    \
        }                                                                                                          \
        if (!(sum == (R)0)) return 1 << 30;                                                                        \
        (void)frexp((double)most, &exponent);                                                                      \
        for (int64_t i = 0; i < n * n; ++i) a[i] = times(times(a[i], (R)ldexp(1.0, -exponent / 2)), (R)ldexp(1.0, exponent / 2 - exponent));\
        for (int64_t i = 0; i < n; ++i) d[i] = (R)1;                                                               \
        for (int round = 0; round < 30 && changed; ++round) {                                                      \
            changed = 0;                                                                                           \
            for (int64_t i = 0; i < n; ++i) {                                                                      \
                R column = (R)0, row = (R)0, factor = (R)1;                                                        \
                for (int64_t j = 0; j < n; ++j) {                                                                  \
                    if (j == i) continue;                                                                          \
                    column += square(a[j * n + i]);                                                                \
                    row += square(a[i * n + j]);                                                                   \
                }                                                                                                  \
                if (!(column > (R)0) || !(row > (R)0)) continue;                                                   \
                column = root(column);                                                                             \
                row = root(row);                                                                                   \
                const R before = column * column + row * row;                                                      \
                for (; column < row / (R)2; column *= (R)2, row /= (R)2) factor *= (R)2;                           \
                for (; column >= row * (R)2; column /= (R)2, row *= (R)2) factor /= (R)2;                          \
                if (!(column * column + row * row < (R)0.95 * before)) continue;                                   \
                changed = 1;                                                                                       \
                d[i] *= factor;                                                                                    \
                for (int64_t j = 0; j < n; ++j) a[i * n + j] = times(a[i * n + j], (R)1 / factor);                 \
                for (int64_t j = 0; j < n; ++j) a[j * n + i] = times(a[j * n + i], factor);                        \
            }                                                                                                      \
        }                                                                                                          \
        return exponent;                                                                                           \
    }
/* @end */

/* @section MODC_HESSENBERG */
/* Hessenberg form by reflections, and with q their product; u and sum: n numbers each. */
#define MODC_HESSENBERG(T, S)                                                                                \
    static inline void modc_hessenberg_##S(int64_t n, T *a, T *q, T *u, T *sum) {                                  \
        for (int64_t i = 0; q && i < n * n; ++i) q[i] = i % (n + 1) == 0 ? (T)1 : (T)0;                            \
        for (int64_t k = 0; k + 2 < n; ++k) {                                                                      \
            for (int64_t i = k + 1; i < n; ++i) u[i] = a[i * n + k];                                               \
            const T head = modc_reflection_##S(k + 1, n, u);                                                       \
            modc_mirror_rows_##S(k + 1, n, k + 1, n, u, a, sum);                                                   \
            a[(k + 1) * n + k] = head;                                                                             \
            for (int64_t i = k + 2; i < n; ++i) a[i * n + k] = (T)0;                                               \
            for (int64_t i = 0; i < (q ? 2 : 1) * n; ++i) {                                                        \
                T *const row = i < n ? a + i * n : q + (i - n) * n;                                                \
                const T twice = (T)2 * modc_inner_##S(n - k - 1, row + k + 1, u + k + 1);                          \
                for (int64_t j = k + 1; j < n; ++j) row[j] -= twice * u[j];                                        \
            }                                                                                                      \
        }                                                                                                          \
    }
/* @end */

/* @section MODC_FRANCIS */
/* Real Schur form of a Hessenberg matrix in place, blocks of 2 x 2 for pairs of eigenvalues (re, im), im > 0 first; q is turned
 * along. 0: no convergence. */
#define MODC_FRANCIS(T, S, root, size, tiny)                                                                       \
    static inline void modc_mirror_##S(int64_t n, T *h, T *q, int64_t k, int64_t many, int64_t left, int64_t bottom, const T *u) {\
        for (int64_t j = left; j < n; ++j) {                                                                       \
            T sum = (T)0;                                                                                          \
            for (int64_t i = 0; i < many; ++i) sum += u[i] * h[(k + i) * n + j];                                   \
            for (int64_t i = 0; i < many; ++i) h[(k + i) * n + j] -= (T)2 * sum * u[i];                            \
        }                                                                                                          \
        for (int64_t r = 0; r < bottom + (q ? n : 0); ++r) {                                                       \
            T *const row = (r < bottom ? h + r * n : q + (r - bottom) * n) + k;                                    \
            T sum = (T)0;                                                                                          \
            for (int64_t i = 0; i < many; ++i) sum += row[i] * u[i];                                               \
            for (int64_t i = 0; i < many; ++i) row[i] -= (T)2 * sum * u[i];                                        \
        }                                                                                                          \
    }                                                                                                              \
    static inline int64_t modc_top_##S(int64_t n, T *h, int64_t last, T whole) {                                   \
        int64_t l = last;                                                                                          \
        for (; l > 0; --l) {                                                                                       \
            T near = size(h[(l - 1) * n + l - 1]) + size(h[l * n + l]);                                            \
            if (near == (T)0) near = whole;                                                                        \
            if (!(size(h[l * n + l - 1]) > tiny * (near > tiny * whole ? near : tiny * whole))) break;             \
        }                                                                                                          \
        if (l > 0) h[l * n + l - 1] = (T)0;                                                                        \
        return l;                                                                                                  \
    }                                                                                                              \
    static inline void modc_pair_##S(int64_t n, T *h, T *q, int64_t k, T *re, T *im) {                             \
        T *const a = h + k * n + k, *const b = a + 1, *const c = a + n, *const d = c + 1;                          \
        const T half = (*a - *d) / (T)2, inside = half * half + *b * *c;                                           \
        im[k] = im[k + 1] = (T)0;                                                                                  \
        if (inside < (T)0) {                                                                                       \
            re[k] = re[k + 1] = *d + half;                                                                         \
            im[k] = root(-inside);                                                                                 \
            im[k + 1] = -im[k];                                                                                    \
            return;                                                                                                \
        }                                                                                                          \
        const T far = half + (half < (T)0 ? -root(inside) : root(inside)), length = root(far * far + *c * *c);     \
        const T one = *d + far, two = far == (T)0 ? *d : *d - *b / far * *c;                                       \
        const T cosine = length > (T)0 ? far / length : (T)1, sine = length > (T)0 ? *c / length : (T)0;           \
        for (int64_t j = k; j < n; ++j) {                                                                          \
            const T x = h[k * n + j], y = h[(k + 1) * n + j];                                                      \
            h[k * n + j] = cosine * x + sine * y;                                                                  \
            h[(k + 1) * n + j] = cosine * y - sine * x;                                                            \
        }                                                                                                          \
        for (int64_t r = 0; r < k + 2 + (q ? n : 0); ++r) {                                                        \
            T *const row = (r < k + 2 ? h + r * n : q + (r - k - 2) * n) + k;                                      \
            const T x = row[0], y = row[1];                                                                        \
            row[0] = cosine * x + sine * y;                                                                        \
            row[1] = cosine * y - sine * x;                                                                        \
        }                                                                                                          \
        *a = re[k] = one;                                                                                          \
        *d = re[k + 1] = two;                                                                                      \
        *c = (T)0;                                                                                                 \
    }                                                                                                              \
    static inline int modc_francis_##S(int64_t n, T *h, T *q, T *re, T *im) {                                      \
        T whole = (T)0;                                                                                            \
        for (int64_t i = 0; i < n * n; ++i) whole += size(h[i]);                                                   \
        int tries = 0;                                                                                             \
        for (int64_t last = n - 1; last >= 0;) {                                                                   \
            const int64_t l = modc_top_##S(n, h, last, whole);                                                     \
            if (l >= last - 1) {                                                                                   \
                if (l == last) {                                                                                   \
                    re[l] = h[l * n + l];                                                                          \
                    im[l] = (T)0;                                                                                  \
                } else {                                                                                           \
                    modc_pair_##S(n, h, q, l, re, im);                                                             \
                }                                                                                                  \
                last = l - 1;                                                                                      \
                tries = 0;                                                                                         \
                continue;                                                                                          \
            }                                                                                                      \
            if (++tries > 300) return 0;                                                                           \
            T first = h[(last - 1) * n + last - 1], second = h[last * n + last];                                   \
            T both = h[last * n + last - 1] * h[(last - 1) * n + last];                                            \
            if (tries % 10 == 0) {                                                                                 \
                const T off = size(h[last * n + last - 1]) + size(h[(last - 1) * n + last - 2]);                   \
                first = second = (T)0.75 * off + h[last * n + last];                                               \
                both = (T)-0.4375 * off * off;                                                                     \
            }                                                                                                      \
            const T *const a = h + l * n + l, *const b = a + n, *const c = b + n;                                  \
            T u[3] = {((a[0] - first) * (a[0] - second) - both) / b[0] + a[1], a[0] - first + (b[1] - second), c[1]};\
            for (int64_t k = l; k < last; ++k) {                                                                   \
                const int64_t many = k + 2 <= last ? 3 : 2, left = k > l ? k - 1 : l;                              \
                T most = (T)0, norm = (T)0;                                                                        \
                if (k > l)                                                                                         \
                    for (int64_t i = 0; i < many; ++i) u[i] = h[(k + i) * n + k - 1];                              \
                for (int64_t i = 0; i < many; ++i) most = size(u[i]) > most ? size(u[i]) : most;                   \
                if (most == (T)0) continue;                                                                        \
                for (int64_t i = 0; i < many; ++i) u[i] /= most;                                                   \
                for (int64_t i = 0; i < many; ++i) norm += u[i] * u[i];                                            \
                u[0] += u[0] < (T)0 ? -root(norm) : root(norm);                                                    \
                norm = (T)0;                                                                                       \
                for (int64_t i = 0; i < many; ++i) norm += u[i] * u[i];                                            \
                for (int64_t i = 0; i < many; ++i) u[i] /= root(norm);                                             \
                modc_mirror_##S(n, h, q, k, many, left, k + 3 < last ? k + 4 : last + 1, u);                       \
                for (int64_t i = 1; i < many && k > l; ++i) h[(k + i) * n + k - 1] = (T)0;                         \
            }                                                                                                      \
        }                                                                                                          \
        return 1;                                                                                                  \
    }
/* @end */

/* @section MODC_HESSENBERG_COMPLEX */
/* The same for complex matrices. */
#define MODC_HESSENBERG_COMPLEX(C, R, S, root)                                                                     \
    static inline void modc_hessenberg_##S(int64_t n, C *a, C *q, C *u, C *sum) {                                  \
        for (int64_t i = 0; q && i < n * n; ++i) q[i] = modc_of_##S(i % (n + 1) == 0 ? (R)1 : (R)0, (R)0);         \
        for (int64_t k = 0; k + 2 < n; ++k) {                                                                      \
            R below = (R)0, length = (R)0;                                                                         \
            for (int64_t i = k + 1; i < n; ++i) u[i] = a[i * n + k];                                               \
            for (int64_t i = k + 2; i < n; ++i) below += u[i].re * u[i].re + u[i].im * u[i].im;                    \
            if (!(below > (R)0)) continue;                                                                         \
            const R head = modc_abs_##S(u[k + 1]), norm = root(below + head * head);                               \
            const R stretch = head > (R)0 ? (head + norm) / head : (R)0;                                           \
            u[k + 1] = head > (R)0 ? modc_of_##S(u[k + 1].re * stretch, u[k + 1].im * stretch) : modc_of_##S(norm, (R)0);\
            length = root(below + (head + norm) * (head + norm));                                                  \
            for (int64_t i = k + 1; i < n; ++i) u[i] = modc_of_##S(u[i].re / length, u[i].im / length);            \
            for (int64_t j = k; j < n; ++j) sum[j] = modc_of_##S((R)0, (R)0);                                      \
            for (int64_t i = k + 1; i < n; ++i)                                                                    \
                for (int64_t j = k; j < n; ++j)                                                                    \
                    sum[j] = modc_add_##S(sum[j], modc_mul_##S(modc_conj_##S(u[i]), a[i * n + j]));                \
            for (int64_t i = k + 1; i < n; ++i) {                                                                  \
                const C twice = modc_of_##S((R)2 * u[i].re, (R)2 * u[i].im);                                       \
                for (int64_t j = k; j < n; ++j) a[i * n + j] = modc_sub_##S(a[i * n + j], modc_mul_##S(twice, sum[j]));\
            }                                                                                                      \
            for (int64_t i = k + 2; i < n; ++i) a[i * n + k] = modc_of_##S((R)0, (R)0);                            \
            for (int64_t i = 0; i < (q ? 2 : 1) * n; ++i) {                                                        \
                C *const row = i < n ? a + i * n : q + (i - n) * n;                                                \
                C dot = modc_of_##S((R)0, (R)0);                                                                   \
                for (int64_t j = k + 1; j < n; ++j) dot = modc_add_##S(dot, modc_mul_##S(row[j], u[j]));           \
                dot = modc_of_##S((R)2 * dot.re, (R)2 * dot.im);                                                   \
                for (int64_t j = k + 1; j < n; ++j) row[j] = modc_sub_##S(row[j], modc_mul_##S(dot, modc_conj_##S(u[j])));\
            }                                                                                                      \
        }                                                                                                          \
    }
/* @end */

/* @section MODC_SHIFTED */
/* Schur form of a complex Hessenberg matrix in place, by rotations; q is turned along. 0: no convergence. */
#define MODC_SHIFTED(C, R, S, root, size, tiny)                                                                    \
    static inline R modc_extent_##S(C z) { return size(z.re) + size(z.im); }                                       \
    static inline C modc_root_##S(C z) {                                                                           \
        const R whole = modc_abs_##S(z), large = root((whole + size(z.re)) / (R)2);                                \
        if (large == (R)0) return modc_of_##S((R)0, (R)0);                                                         \
        const R small = z.im / ((R)2 * large);                                                                     \
        return z.re >= (R)0 ? modc_of_##S(large, small) : modc_of_##S(size(small), z.im < (R)0 ? -large : large);  \
    }                                                                                                              \
    static inline C modc_shift_##S(int64_t n, const C *h, int64_t last) {                                          \
        const C a = h[(last - 1) * n + last - 1], d = h[last * n + last];                                          \
        const C both = modc_mul_##S(h[(last - 1) * n + last], h[last * n + last - 1]);                             \
        const C half = modc_of_##S((a.re - d.re) / (R)2, (a.im - d.im) / (R)2);                                    \
        C far = modc_root_##S(modc_add_##S(modc_mul_##S(half, half), both));                                       \
        if (half.re * far.re + half.im * far.im < (R)0) far = modc_neg_##S(far);                                   \
        far = modc_add_##S(half, far);                                                                             \
        return modc_extent_##S(far) == (R)0 ? d : modc_sub_##S(d, modc_div_##S(both, far));                        \
    }                                                                                                              \
    static inline int modc_shifted_##S(int64_t n, C *h, C *q) {                                                    \
        R whole = (R)0;                                                                                            \
        int tries = 0;                                                                                             \
        for (int64_t i = 0; i < n * n; ++i) whole += modc_extent_##S(h[i]);                                        \
        for (int64_t last = n - 1; last >= 0;) {                                                                   \
            int64_t l = last;                                                                                      \
            for (; l > 0; --l) {                                                                                   \
                R near = modc_extent_##S(h[(l - 1) * n + l - 1]) + modc_extent_##S(h[l * n + l]);                  \
                if (near == (R)0) near = whole;                                                                    \
                if (!(modc_extent_##S(h[l * n + l - 1]) > tiny * (near > tiny * whole ? near : tiny * whole))) break;\
            }                                                                                                      \
            if (l > 0) h[l * n + l - 1] = modc_of_##S((R)0, (R)0);                                                 \
            if (l == last) {                                                                                       \
                --last;                                                                                            \
                tries = 0;                                                                                         \
                continue;                                                                                          \
            }                                                                                                      \
            if (++tries > 300) return 0;                                                                           \
            C shift = modc_shift_##S(n, h, last);                                                                  \
            if (tries % 10 == 0) shift = modc_of_##S(h[last * n + last].re + (R)0.75 * modc_extent_##S(h[last * n + last - 1]), h[last * n + last].im);\
            C x = modc_sub_##S(h[l * n + l], shift), y = h[(l + 1) * n + l];                                       \
            for (int64_t k = l; k < last; ++k) {                                                                   \
                if (k > l) {                                                                                       \
                    x = h[k * n + k - 1];                                                                          \
                    y = h[(k + 1) * n + k - 1];                                                                    \
                }                                                                                                  \
                const R first = modc_abs_##S(x), second = modc_abs_##S(y), norm = first > second ? first * root((R)1 + second / first * (second / first))\
                    : second > (R)0 ? second * root((R)1 + first / second * (first / second)) : (R)0;              \
                if (norm == (R)0) continue;                                                                        \
                const C phase = first > (R)0 ? modc_of_##S(x.re / first, x.im / first) : modc_of_##S((R)1, (R)0);  \
                const R c = first / norm;                                                                          \
                const C other = modc_mul_##S(phase, modc_conj_##S(y)), s = modc_of_##S(other.re / norm, other.im / norm), t = modc_conj_##S(s);\
                for (int64_t j = k > l ? k - 1 : l; j < n; ++j) {                                                  \
                    C *const above = h + k * n + j, *const under = above + n, kept = *above;                       \
                    const C one = modc_mul_##S(s, *under), two = modc_mul_##S(t, kept);                            \
                    *above = modc_of_##S(c * kept.re + one.re, c * kept.im + one.im);                              \
                    *under = modc_of_##S(c * under->re - two.re, c * under->im - two.im);                          \
                }                                                                                                  \
                if (k > l) h[(k + 1) * n + k - 1] = modc_of_##S((R)0, (R)0);                                       \
                const int64_t bottom = k + 2 < last ? k + 3 : last + 1;                                            \
                for (int64_t r = 0; r < bottom + (q ? n : 0); ++r) {                                               \
                    C *const row = (r < bottom ? h + r * n : q + (r - bottom) * n) + k, kept = row[0];             \
                    const C one = modc_mul_##S(t, row[1]), two = modc_mul_##S(s, kept);                            \
                    row[0] = modc_of_##S(c * kept.re + one.re, c * kept.im + one.im);                              \
                    row[1] = modc_of_##S(c * row[1].re - two.re, c * row[1].im - two.im);                          \
                }                                                                                                  \
            }                                                                                                      \
        }                                                                                                          \
        return 1;                                                                                                  \
    }
/* @end */

/* @section modc_balance_f64 : MODC_BALANCE */
#define MODC_SQUARE_F64(x) ((x) * (x))
#define MODC_TIMES_F64(x, f) ((x) * (f))
MODC_BALANCE(double, double, f64, 1, MODC_SQUARE_F64, MODC_TIMES_F64, sqrt, fabs)
/* @end */

/* @section modc_balance_c128 : MODC_BALANCE modc_of_c128 modc_add_c128 modc_sub_c128 modc_mul_c128 modc_div_c128 modc_neg_c128 modc_conj_c128 modc_abs_c128 */
#define MODC_SQUARE_C128(z) ((z).re * (z).re + (z).im * (z).im)
#define MODC_TIMES_C128(z, f) modc_of_c128((z).re * (f), (z).im * (f))
MODC_BALANCE(modc_c128, double, c128, 2, MODC_SQUARE_C128, MODC_TIMES_C128, sqrt, fabs)
/* @end */

/* @section modc_isolate_f64 : MODC_ISOLATE */
MODC_ISOLATE(double, f64, double, 1)
/* @end */

/* @section modc_isolate_c128 : MODC_ISOLATE modc_c128 */
MODC_ISOLATE(modc_c128, c128, double, 2)
/* @end */

/* @section modc_hessenberg_f64 : MODC_HESSENBERG modc_flip_f64 */
MODC_HESSENBERG(double, f64)
/* @end */

/* @section modc_francis_f64 : MODC_FRANCIS */
MODC_FRANCIS(double, f64, sqrt, fabs, 2.3e-16)
/* @end */

/* @section modc_hessenberg_c128 : MODC_HESSENBERG_COMPLEX modc_of_c128 modc_add_c128 modc_sub_c128 modc_mul_c128 modc_div_c128 modc_neg_c128 modc_conj_c128 modc_abs_c128 */
MODC_HESSENBERG_COMPLEX(modc_c128, double, c128, sqrt)
/* @end */

/* @section modc_shifted_c128 : MODC_SHIFTED modc_of_c128 modc_add_c128 modc_sub_c128 modc_mul_c128 modc_div_c128 modc_neg_c128 modc_conj_c128 modc_abs_c128 */
MODC_SHIFTED(modc_c128, double, c128, sqrt, fabs, 2.3e-16)
/* @end */

/* @section modc_balance_f32 : MODC_BALANCE */
#define MODC_SQUARE_F32(x) ((x) * (x))
#define MODC_TIMES_F32(x, f) ((x) * (f))
MODC_BALANCE(float, float, f32, 1, MODC_SQUARE_F32, MODC_TIMES_F32, sqrtf, fabsf)
/* @end */

/* @section modc_balance_c64 : MODC_BALANCE modc_of_c64 modc_add_c64 modc_sub_c64 modc_mul_c64 modc_div_c64 modc_neg_c64 modc_conj_c64 modc_abs_c64 */
#define MODC_SQUARE_C64(z) ((z).re * (z).re + (z).im * (z).im)
#define MODC_TIMES_C64(z, f) modc_of_c64((z).re * (f), (z).im * (f))
MODC_BALANCE(modc_c64, float, c64, 2, MODC_SQUARE_C64, MODC_TIMES_C64, sqrtf, fabsf)
/* @end */

/* @section modc_isolate_f32 : MODC_ISOLATE */
MODC_ISOLATE(float, f32, float, 1)
/* @end */

/* @section modc_isolate_c64 : MODC_ISOLATE modc_c64 */
MODC_ISOLATE(modc_c64, c64, float, 2)
/* @end */

/* @section modc_hessenberg_f32 : MODC_HESSENBERG modc_flip_f32 */
MODC_HESSENBERG(float, f32)
/* @end */

/* @section modc_francis_f32 : MODC_FRANCIS */
MODC_FRANCIS(float, f32, sqrtf, fabsf, 1.2e-7f)
/* @end */

/* @section modc_hessenberg_c64 : MODC_HESSENBERG_COMPLEX modc_of_c64 modc_add_c64 modc_sub_c64 modc_mul_c64 modc_div_c64 modc_neg_c64 modc_conj_c64 modc_abs_c64 */
MODC_HESSENBERG_COMPLEX(modc_c64, float, c64, sqrtf)
/* @end */

/* @section modc_shifted_c64 : MODC_SHIFTED modc_of_c64 modc_add_c64 modc_sub_c64 modc_mul_c64 modc_div_c64 modc_neg_c64 modc_conj_c64 modc_abs_c64 */
MODC_SHIFTED(modc_c64, float, c64, sqrtf, fabsf, 1.2e-7f)
/* @end */

#endif
