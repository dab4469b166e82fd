/* modc_eig.h: eigenvalues and eigenvectors of stacks of general matrices, row-major, without a library.
 *
 * Input: `batch` matrices of n x n, one behind the other, real or complex.  Output: per matrix n complex eigenvalues
 * (modc_eigvals_*), or these and below them the eigenvectors as columns (modc_eig_*), n + 1 rows of n: of length 1, their
 * largest component real, a real eigenvalue's real, those of a pair of eigenvalues conjugate.  All NaN where an element is not
 * finite, or where the iteration does not come to an end.
 * Used by: the rows of graph/ops_eig.py.  T is the element type, R the type of its parts, C the complex type, S its suffix.
 *
 * Source of the algorithm: Golub & Van Loan, Matrix Computations, 4th ed. (2013), 7.6.4 back substitution.
 */
#ifndef MODC_EIG_H
#define MODC_EIG_H

#include <math.h>
#include <stdint.h>

#include "modc_complex.h"
#include "modc_schur.h"

/* @section MODC_EIGENVECTORS */
/* Eigenvectors of a matrix with Schur form q t q', t upper triangular, as columns of v: back substitution, the factors d of the
 * columns of the matrix, length 1, largest component real. x: n numbers; order: modc_isolate_*. Where im is given, eigenvalues with im < 0 have the
 * conjugate of the vector before, and those with im == 0 a real one. */
#define MODC_EIGENVECTORS(C, R, S, root, tiny, large)                                                              \
    static inline void modc_solved_##S(int64_t n, const C *t, int64_t k, R least, C *x) {                          \
        for (int64_t i = k + 1; i < n; ++i) x[i] = modc_of_##S((R)0, (R)0);                                        \
        x[k] = modc_of_##S((R)1, (R)0);                                                                            \
        for (int64_t i = k - 1; i >= 0; --i) {                                                                     \
            C sum = modc_of_##S((R)0, (R)0), gap = modc_sub_##S(t[k * n + k], t[i * n + i]);                       \
            for (int64_t j = i + 1; j <= k; ++j) sum = modc_add_##S(sum, modc_mul_##S(t[i * n + j], x[j]));        \
            if (modc_abs_##S(gap) < least) gap = modc_of_##S(least, (R)0);                                         \
            x[i] = modc_div_##S(sum, gap);                                                                         \
            const R reached = modc_abs_##S(x[i]);                                                                  \
            for (int64_t j = i; j <= k && reached > (R)large; ++j) x[j] = modc_of_##S(x[j].re / reached, x[j].im / reached);\
        }                                                                                                          \
    }                                                                                                              \
    static inline void modc_unit_##S(int64_t n, int64_t k, int real, C *v) {                                       \
        R most = (R)0, norm = (R)0;                                                                                \
        C turn = modc_of_##S((R)1, (R)0);                                                                          \
        for (int64_t i = 0; i < n; ++i) {                                                                          \
            const R size = modc_abs_##S(v[i * n + k]);                                                             \
            if (!(size > most)) continue;                                                                          \
            most = size;                                                                                           \
            turn = modc_of_##S(v[i * n + k].re / size, -v[i * n + k].im / size);                                   \
        }                                                                                                          \
        for (int64_t i = 0; i < n && most > (R)0; ++i) {                                                           \
            C z = modc_mul_##S(turn, v[i * n + k]);                                                                \
            z = modc_of_##S(z.re / most, real ? (R)0 : z.im / most);                                               \
            norm += z.re * z.re + z.im * z.im;                                                                     \
            v[i * n + k] = z;                                                                                      \
        }                                                                                                          \
        for (int64_t i = 0, found = 0; i < n && most > (R)0; ++i) {                                                \
            C z = v[i * n + k];                                                                                    \
            if (!found && z.re > (R)1 - (R)8 * (R)tiny) {                                                          \
                z.im = (R)0;                                                                                       \
                found = 1;                                                                                         \
            }                                                                                                      \
            v[i * n + k] = modc_of_##S(z.re / root(norm), z.im / root(norm));                                      \
        }                                                                                                          \
    }                                                                                                              \
    static inline void modc_eigenvectors_##S(int64_t n, const C *t, const C *q, const int64_t *order, const R *d, const R *im, C *v, C *x) {\
        R whole = (R)0;                                                                                            \
        for (int64_t i = 0; i < n * n; ++i) whole = modc_abs_##S(t[i]) > whole ? modc_abs_##S(t[i]) : whole;       \
        const R least = whole > (R)0 ? (R)tiny * whole : (R)1;                                                     \
        for (int64_t k = 0; k < n; ++k) {                                                                          \
            if (im && im[k] < (R)0) {                                                                              \
                for (int64_t i = 0; i < n; ++i) v[i * n + k] = modc_conj_##S(v[i * n + k - 1]);                    \
                continue;                                                                                          \
            }                                                                                                      \
            modc_solved_##S(n, t, k, least, x);                                                                    \
            for (int64_t i = 0; i < n; ++i) {                                                                      \
                C sum = modc_of_##S((R)0, (R)0);                                                                   \
                for (int64_t j = 0; j <= k; ++j) sum = modc_add_##S(sum, modc_mul_##S(q[i * n + j], x[j]));        \
                v[order[i] * n + k] = modc_of_##S(sum.re * d[i], sum.im * d[i]);                                   \
            }                                                                                                      \
            modc_unit_##S(n, k, im && im[k] == (R)0, v);                                                           \
        }                                                                                                          \
    }
/* @end */

/* @section MODC_EIG_REAL */
/* Scratch: n int64_t, then 6 n (n + 2) numbers of the size of a part. */
#define MODC_EIG_REAL(T, C, S, Z)                                                                                  \
    static inline void modc_triangle_##S(int64_t n, const T *h, const T *q, const T *re, const T *im, C *t, C *z) {\
        for (int64_t i = 0; i < n * n; ++i) {                                                                      \
            t[i] = modc_of_##Z(h[i], (T)0);                                                                        \
            z[i] = modc_of_##Z(q[i], (T)0);                                                                        \
        }                                                                                                          \
        for (int64_t k = 0; k + 1 < n; ++k) {                                                                      \
            if (!(im[k] > (T)0)) continue;                                                                         \
            const C far = modc_of_##Z(re[k] - h[(k + 1) * n + k + 1], im[k]);                                      \
            const T under = h[(k + 1) * n + k], length = modc_abs_##Z(modc_of_##Z(modc_abs_##Z(far), under)), s = under / length;\
            const C c = modc_of_##Z(far.re / length, far.im / length);                                             \
            for (int64_t j = k; j < n; ++j) {                                                                      \
                const C x = t[k * n + j], y = t[(k + 1) * n + j];                                                  \
                const C one = modc_mul_##Z(modc_conj_##Z(c), x), two = modc_mul_##Z(c, y);                         \
                t[k * n + j] = modc_of_##Z(one.re + s * y.re, one.im + s * y.im);                                  \
                t[(k + 1) * n + j] = modc_of_##Z(two.re - s * x.re, two.im - s * x.im);                            \
            }                                                                                                      \
            for (int64_t r = 0; r < k + 2 + n; ++r) {                                                              \
                C *const row = (r < k + 2 ? t + r * n : z + (r - k - 2) * n) + k;                                  \
                const C one = modc_mul_##Z(row[0], c), two = modc_mul_##Z(row[1], modc_conj_##Z(c)), x = row[0], y = row[1];\
                row[0] = modc_of_##Z(one.re + s * y.re, one.im + s * y.im);                                        \
                row[1] = modc_of_##Z(two.re - s * x.re, two.im - s * x.im);                                        \
            }                                                                                                      \
            t[k * n + k] = modc_of_##Z(re[k], im[k]);                                                              \
            t[(k + 1) * n + k] = modc_of_##Z((T)0, (T)0);                                                          \
            t[(k + 1) * n + k + 1] = modc_of_##Z(re[k], -im[k]);                                                   \
        }                                                                                                          \
    }                                                                                                              \
    static inline void modc_eig_one_##S(int64_t n, const T *a, C *w, C *v, int64_t *scratch) {                     \
        T *const h = (T *)(void *)(scratch + n), *const q = h + n * n, *const d = q + n * n, *const re = d + n, *const im = re + n, *const u = im + n;\
        C *const t = (C *)(void *)(u + 2 * n + n % 2), *const z = t + n * n, *const x = z + n * n;                 \
        for (int64_t i = 0; i < n * n; ++i) h[i] = a[i];                                                           \
        modc_isolate_##S(n, h, scratch);                                                                           \
        const int exponent = modc_balance_##S(n, h, d);                                                            \
        int good = exponent < 1 << 30;                                                                             \
        if (good) {                                                                                                \
            modc_hessenberg_##S(n, h, v ? q : 0, u, u + n);                                                        \
            good = modc_francis_##S(n, h, v ? q : 0, re, im);                                                      \
        }                                                                                                          \
        for (int64_t i = 0; i < n; ++i)                                                                            \
            w[i] = good ? modc_of_##Z((T)ldexp((double)re[i], exponent), (T)ldexp((double)im[i], exponent)) : modc_of_##Z((T)NAN, (T)NAN);\
        for (int64_t i = 0; v && i < n * n && !good; ++i) v[i] = modc_of_##Z((T)NAN, (T)NAN);                      \
        if (!v || !good) return;                                                                                   \
        modc_triangle_##S(n, h, q, re, im, t, z);                                                                  \
        modc_eigenvectors_##Z(n, t, z, scratch, d, im, v, x);                                                      \
    }
/* @end */

/* @section MODC_EIG_COMPLEX */
#define MODC_EIG_COMPLEX(C, R, S)                                                                                  \
    static inline void modc_eig_one_##S(int64_t n, const C *a, C *w, C *v, int64_t *scratch) {                     \
        C *const h = (C *)(void *)(scratch + n), *const q = h + n * n, *const u = q + n * n, *const x = u + n;     \
        R *const d = (R *)(void *)(x + n);                                                                         \
        for (int64_t i = 0; i < n * n; ++i) h[i] = a[i];                                                           \
        modc_isolate_##S(n, h, scratch);                                                                           \
        const int exponent = modc_balance_##S(n, h, d);                                                            \
        int good = exponent < 1 << 30;                                                                             \
        if (good) {                                                                                                \
            modc_hessenberg_##S(n, h, v ? q : 0, u, x);                                                            \
            good = modc_shifted_##S(n, h, v ? q : 0);                                                              \
        }                                                                                                          \
        for (int64_t i = 0; i < n; ++i)                                                                            \
            w[i] = good ? modc_of_##S((R)ldexp((double)h[i * n + i].re, exponent), (R)ldexp((double)h[i * n + i].im, exponent))\
                        : modc_of_##S((R)NAN, (R)NAN);                                                             \
        for (int64_t i = 0; v && i < n * n && !good; ++i) v[i] = modc_of_##S((R)NAN, (R)NAN);                      \
        if (v && good) modc_eigenvectors_##S(n, h, q, scratch, d, 0, v, x);                                        \
    }
/* @end */

/* @section MODC_EIG */
#define MODC_EIG(T, C, S)                                                                                          \
    static inline void modc_eig_##S(int64_t batch, int64_t n, const T *a, C *out, int64_t *scratch) {              \
        for (int64_t at = 0; at < batch; ++at, a += n * n, out += (n + 1) * n) modc_eig_one_##S(n, a, out, out + n, scratch);\
    }                                                                                                              \
    static inline void modc_eigvals_##S(int64_t batch, int64_t n, const T *a, C *out, int64_t *scratch) {          \
        for (int64_t at = 0; at < batch; ++at, a += n * n, out += n) modc_eig_one_##S(n, a, out, (C *)0, scratch); \
    }
/* @end */

/* @section modc_eigenvectors_c128 : MODC_EIGENVECTORS modc_of_c128 modc_add_c128 modc_sub_c128 modc_mul_c128 modc_div_c128 modc_neg_c128 modc_conj_c128 modc_abs_c128 */
MODC_EIGENVECTORS(modc_c128, double, c128, sqrt, 2.3e-16, 1e100)
/* @end */

/* @section modc_eig_one_f64 : MODC_EIG_REAL modc_isolate_f64 modc_balance_f64 modc_hessenberg_f64 modc_francis_f64 modc_eigenvectors_c128 */
MODC_EIG_REAL(double, modc_c128, f64, c128)
/* @end */

/* @section modc_eig_one_c128 : MODC_EIG_COMPLEX modc_isolate_c128 modc_balance_c128 modc_hessenberg_c128 modc_shifted_c128 modc_eigenvectors_c128 */
MODC_EIG_COMPLEX(modc_c128, double, c128)
/* @end */

/* @section modc_eig_f64 modc_eigvals_f64 : MODC_EIG modc_eig_one_f64 */
MODC_EIG(double, modc_c128, f64)
/* @end */

/* @section modc_eig_c128 modc_eigvals_c128 : MODC_EIG modc_eig_one_c128 */
MODC_EIG(modc_c128, modc_c128, c128)
/* @end */

/* @section modc_eigenvectors_c64 : MODC_EIGENVECTORS modc_of_c64 modc_add_c64 modc_sub_c64 modc_mul_c64 modc_div_c64 modc_neg_c64 modc_conj_c64 modc_abs_c64 */
MODC_EIGENVECTORS(modc_c64, float, c64, sqrtf, 1.2e-7f, 1e15)
/* @end */

/* @section modc_eig_one_f32 : MODC_EIG_REAL modc_isolate_f32 modc_balance_f32 modc_hessenberg_f32 modc_francis_f32 modc_eigenvectors_c64 */
MODC_EIG_REAL(float, modc_c64, f32, c64)
/* @end */

/* @section modc_eig_one_c64 : MODC_EIG_COMPLEX modc_isolate_c64 modc_balance_c64 modc_hessenberg_c64 modc_shifted_c64 modc_eigenvectors_c64 */
MODC_EIG_COMPLEX(modc_c64, float, c64)
/* @end */

/* @section modc_eig_f32 modc_eigvals_f32 : MODC_EIG modc_eig_one_f32 */
MODC_EIG(float, modc_c64, f32)
/* @end */

/* @section modc_eig_c64 modc_eigvals_c64 : MODC_EIG modc_eig_one_c64 */
MODC_EIG(modc_c64, modc_c64, c64)
/* @end */

#endif
