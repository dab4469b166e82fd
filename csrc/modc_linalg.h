/* modc_linalg.h: factorisations of stacks of small and middle-sized matrices, row-major, without a library.
 *
 * Input: `batch` matrices, one behind the other.  Output: factors, packed into one array per matrix as each function says;
 * numbers that a caller must look at (a zero pivot, no convergence) are in the result, never a trap.
 * Used by: the rows of graph/ops_linalg.py.  T is the element type, S its suffix.
 *
 * Sources of the algorithms: Golub & Van Loan, Matrix Computations, 4th ed. (2013): 3.4 LU, 4.2 Cholesky, 5.2 QR;
 * Higham, The Scaling and Squaring Method for the Matrix
 * Exponential Revisited, SIAM J. Matrix Anal. Appl. 26 (2005).
 */
#ifndef MODC_LINALG_H
#define MODC_LINALG_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "modc_bits.h"
#include "modc_reflect.h"

/* @section MODC_CHOLESKY */
/* Lower factor of each symmetric matrix (its lower triangle is read): NaN on the diagonal where it is not positive definite.
 * The upper factor, row by row, is taken from what is left of the matrix, and turned at the end. */
#define MODC_CHOLESKY(T, S, root)                                                                          \
    static inline void modc_cholesky_##S(int64_t batch, int64_t n, const T *a, T *l) {                     \
        for (int64_t at = 0; at < batch; ++at, a += n * n, l += n * n) {                                   \
            for (int64_t i = 0; i < n; ++i)                                                                \
                for (int64_t j = i; j < n; ++j) l[i * n + j] = a[j * n + i];                               \
            for (int64_t k = 0; k < n; ++k) {                                                              \
                T *const row = l + k * n;                                                                  \
                row[k] = root(row[k]);                                                                     \
                for (int64_t j = k + 1; j < n; ++j) row[j] /= row[k];                                      \
                for (int64_t i = k + 1; i < n; ++i) {                                                      \
                    const T factor = row[i];                                                               \
                    for (int64_t j = i; j < n; ++j) l[i * n + j] -= factor * row[j];                       \
                }                                                                                          \
            }                                                                                              \
            for (int64_t i = 0; i < n; ++i)                                                                \
                for (int64_t j = 0; j < i; ++j) {                                                          \
                    l[i * n + j] = l[j * n + i];                                                           \
                    l[j * n + i] = (T)0;                                                                   \
                }                                                                                          \
        }                                                                                                  \
    }
/* @end */

/* @section MODC_LU_ONE */
/* In place, with row exchanges: L (unit) below, U on and above the diagonal; `order` the rows of the original. The sign of
 * the permutation is returned. */
#define MODC_LU_ONE(T, S, size)                                                                            \
    static inline T modc_lu_one_##S(int64_t n, T *a, T *order) {                                           \
        T sign = (T)1;                                                                                     \
        for (int64_t i = 0; i < n; ++i) order[i] = (T)i;                                                   \
        for (int64_t k = 0; k < n; ++k) {                                                                  \
            int64_t best = k;                                                                              \
            for (int64_t i = k + 1; i < n; ++i)                                                            \
                if (size(a[i * n + k]) > size(a[best * n + k])) best = i;                                  \
            if (best != k) {                                                                               \
                for (int64_t j = 0; j < n; ++j) {                                                          \
                    const T kept = a[k * n + j];                                                           \
                    a[k * n + j] = a[best * n + j];                                                        \
                    a[best * n + j] = kept;                                                                \
                }                                                                                          \
                const T row = order[k];                                                                    \
                order[k] = order[best];                                                                    \
                order[best] = row;                                                                         \
                sign = -sign;                                                                              \
            }                                                                                              \
            if (a[k * n + k] == (T)0) continue;                                                            \
            for (int64_t i = k + 1; i < n; ++i) {                                                          \
                const T factor = a[i * n + k] / a[k * n + k];                                              \
                a[i * n + k] = factor;                                                                     \
                for (int64_t j = k + 1; j < n; ++j) a[i * n + j] -= factor * a[k * n + j];                 \
            }                                                                                              \
        }                                                                                                  \
        return sign;                                                                                       \
    }
/* @end */

/* @section MODC_LU */
/* Per matrix n + 2 rows of n: the factors, the order of the rows, and the sign of that permutation in front of the last row. */
#define MODC_LU(T, S)                                                                                      \
    static inline void modc_lu_##S(int64_t batch, int64_t n, const T *a, T *lu) {                          \
        for (int64_t at = 0; at < batch; ++at, a += n * n, lu += (n + 2) * n) {                            \
            for (int64_t i = 0; i < n * n; ++i) lu[i] = a[i];                                              \
            for (int64_t i = n * n; i < (n + 2) * n; ++i) lu[i] = (T)0;                                    \
            const T sign = modc_lu_one_##S(n, lu, lu + n * n);                                             \
            if (n > 0) lu[(n + 1) * n] = sign;                                                             \
        }                                                                                                  \
    }
/* @end */

/* @section MODC_SOLVE */
/* X with A X = B, B of n x k; per matrix n + 1 rows of k, the last one 1 where A is singular and X means nothing. */
#define MODC_SOLVE(T, S)                                                                                   \
    static inline void modc_solve_##S(int64_t batch, int64_t n, int64_t k, const T *a, const T *b, T *x,   \
                                      int64_t *scratch) {                                                  \
        T *lu = (T *)(void *)scratch, *order = lu + n * n;                                                 \
        for (int64_t at = 0; at < batch; ++at, a += n * n, b += n * k, x += (n + 1) * k) {                 \
            for (int64_t i = 0; i < n * n; ++i) lu[i] = a[i];                                              \
            (void)modc_lu_one_##S(n, lu, order);                                                           \
            T singular = (T)0;                                                                             \
            for (int64_t i = 0; i < n; ++i)                                                                \
                if (lu[i * n + i] == (T)0) singular = (T)1;                                                \
            for (int64_t j = 0; j < k; ++j) x[n * k + j] = singular;                                       \
            for (int64_t i = 0; i < n; ++i) {                                                              \
                const int64_t from = (int64_t)order[i];                                                    \
                for (int64_t j = 0; j < k; ++j) x[i * k + j] = b[from * k + j];                            \
                for (int64_t r = 0; r < i; ++r)                                                            \
                    for (int64_t j = 0; j < k; ++j) x[i * k + j] -= lu[i * n + r] * x[r * k + j];          \
            }                                                                                              \
            for (int64_t i = n - 1; i >= 0; --i) {                                                         \
                for (int64_t r = i + 1; r < n; ++r)                                                        \
                    for (int64_t j = 0; j < k; ++j) x[i * k + j] -= lu[i * n + r] * x[r * k + j];          \
                for (int64_t j = 0; j < k; ++j) x[i * k + j] /= lu[i * n + i];                             \
            }                                                                                              \
        }                                                                                                  \
    }
/* @end */

/* @section MODC_TRISOLVE */
/* X with op(A) X = B for a triangle of A: lower or upper, its diagonal taken as 1 with `unit`. */
#define MODC_TRISOLVE(T, S)                                                                                \
    static inline void modc_trisolve_##S(int64_t batch, int64_t n, int64_t k, int64_t lower, int64_t unit, \
                                         const T *a, const T *b, T *x) {                                   \
        for (int64_t at = 0; at < batch; ++at, a += n * n, b += n * k, x += n * k)                         \
            for (int64_t step = 0; step < n; ++step) {                                                     \
                const int64_t i = lower ? step : n - 1 - step;                                             \
                for (int64_t j = 0; j < k; ++j) x[i * k + j] = b[i * k + j];                               \
                for (int64_t before = 0; before < step; ++before) {                                        \
                    const int64_t r = lower ? before : n - 1 - before;                                     \
                    for (int64_t j = 0; j < k; ++j) x[i * k + j] -= a[i * n + r] * x[r * k + j];           \
                }                                                                                          \
                if (!unit)                                                                                 \
                    for (int64_t j = 0; j < k; ++j) x[i * k + j] /= a[i * n + i];                          \
            }                                                                                              \
    }
/* @end */

/* @section MODC_QR */
/* Reduced factors by Householder reflections: per m x n matrix Q (m x r), then R (r x n), r the smaller of m and n. Signs are
 * LAPACK's: a column that is 0 below the diagonal is left alone. */
#define MODC_QR(T, S)                                                                                \
    static inline void modc_qr_##S(int64_t batch, int64_t m, int64_t n, const T *a, T *out, int64_t *scratch) {\
        const int64_t r = m < n ? m : n;                                                                   \
        T *w = (T *)(void *)scratch, *v = w + m * n, *sum = v + m * n;                                     \
        for (int64_t at = 0; at < batch; ++at, a += m * n, out += (m + n) * r) {                           \
            T *q = out, *upper = out + m * r;                                                              \
            for (int64_t i = 0; i < m * n; ++i) w[i] = a[i];                                               \
            for (int64_t k = 0; k < r; ++k) {                                                              \
                T *const u = v + k * m;                                                                    \
                for (int64_t i = k; i < m; ++i) u[i] = w[i * n + k];                                       \
                const T head = modc_reflection_##S(k, m, u);                                               \
                modc_mirror_rows_##S(k, m, k + 1, n, u, w, sum);                                           \
                w[k * n + k] = head;                                                                       \
            }                                                                                              \
            for (int64_t i = 0; i < r; ++i)                                                                \
                for (int64_t j = 0; j < n; ++j) upper[i * n + j] = j < i ? (T)0 : w[i * n + j];            \
            for (int64_t i = 0; i < m; ++i)                                                                \
                for (int64_t j = 0; j < r; ++j) q[i * r + j] = i == j ? (T)1 : (T)0;                       \
            for (int64_t k = r - 1; k >= 0; --k) modc_mirror_rows_##S(k, m, k, r, v + k * m, q, sum);\
        }                                                                                                  \
    }
/* @end */

/* @section MODC_TIMES */
#define MODC_TIMES(T, S)                                                                                   \
    static inline void modc_times_##S(int64_t n, const T *a, const T *b, T *c) {                           \
        for (int64_t i = 0; i < n * n; ++i) c[i] = (T)0;                                                   \
        for (int64_t i = 0; i < n; ++i)                                                                    \
            for (int64_t k = 0; k < n; ++k)                                                                \
                for (int64_t j = 0; j < n; ++j) c[i * n + j] += a[i * n + k] * b[k * n + j];               \
    }
/* @end */

/* @section MODC_EXPM */
/* The exponential of each n x n matrix: Pade approximant of degree 13, scaling and squaring (Higham 2005). */
#define MODC_EXPM(T, name, first, times, solve, size, limit)                                               \
    static inline void name(first int64_t batch, int64_t n, const T *given, T *out, int64_t *scratch) {    \
        static const T c[14] = {(T)64764752532480000.0, (T)32382376266240000.0, (T)7771770303897600.0,     \
                                (T)1187353796428800.0, (T)129060195264000.0, (T)10559470521600.0,          \
                                (T)670442572800.0, (T)33522128640.0, (T)1323241920.0, (T)40840800.0,       \
                                (T)960960.0, (T)16380.0, (T)182.0, (T)1.0};                                \
        const int64_t w = n * n;                                                                           \
        T *a = (T *)(void *)scratch, *a2 = a + w, *a4 = a2 + w, *a6 = a4 + w, *u = a6 + w, *v = u + w;     \
        T *p = v + w, *q = p + (n + 1) * n;                                                                \
        for (int64_t at = 0; at < batch; ++at, given += w, out += w) {                                     \
            T norm = (T)0;                                                                                 \
            for (int64_t j = 0; j < n; ++j) {                                                              \
                T sum = (T)0;                                                                              \
                for (int64_t i = 0; i < n; ++i) sum += size(given[i * n + j]);                             \
                if (!(sum <= norm)) norm = sum;                                                            \
            }                                                                                              \
            int halvings = 0;                                                                              \
            T scale = (T)1;                                                                                \
            while (norm * scale > (T)5.371920351148152 && halvings < limit) {                              \
                scale *= (T)0.5;                                                                           \
                ++halvings;                                                                                \
            }                                                                                              \
            for (int64_t i = 0; i < w; ++i) a[i] = given[i] * scale;                                       \
            times(n, a, a, a2);                                                                            \
            times(n, a2, a2, a4);                                                                          \
            times(n, a2, a4, a6);                                                                          \
            for (int64_t i = 0; i < w; ++i) p[i] = c[13] * a6[i] + c[11] * a4[i] + c[9] * a2[i];           \
            times(n, a6, p, q);                                                                            \
            for (int64_t i = 0; i < w; ++i) {                                                              \
                q[i] += c[7] * a6[i] + c[5] * a4[i] + c[3] * a2[i] + (i % (n + 1) == 0 ? c[1] : (T)0);     \
                p[i] = c[12] * a6[i] + c[10] * a4[i] + c[8] * a2[i];                                       \
            }                                                                                              \
            times(n, a, q, u);                                                                             \
            times(n, a6, p, v);                                                                            \
            for (int64_t i = 0; i < w; ++i) {                                                              \
                v[i] += c[6] * a6[i] + c[4] * a4[i] + c[2] * a2[i] + (i % (n + 1) == 0 ? c[0] : (T)0);     \
                a2[i] = v[i] - u[i];                                                                       \
                a4[i] = v[i] + u[i];                                                                       \
            }                                                                                              \
            solve(n, a2, a4, p, (int64_t *)(void *)q);                                                     \
            for (int64_t i = 0; i < w; ++i) out[i] = p[i];                                                 \
            for (int k = 0; k < halvings; ++k) {                                                           \
                times(n, out, out, a);                                                                     \
                for (int64_t i = 0; i < w; ++i) out[i] = a[i];                                             \
            }                                                                                              \
        }                                                                                                  \
    }
/* @end */

/* @section modc_cholesky_f64 : MODC_CHOLESKY */
MODC_CHOLESKY(double, f64, sqrt)
/* @end */

/* @section modc_cholesky_f32 : MODC_CHOLESKY */
MODC_CHOLESKY(float, f32, sqrtf)
/* @end */

/* @section modc_lu_one_f64 : MODC_LU_ONE */
MODC_LU_ONE(double, f64, fabs)
/* @end */

/* @section modc_lu_one_f32 : MODC_LU_ONE */
MODC_LU_ONE(float, f32, fabsf)
/* @end */

/* @section modc_lu_f64 : MODC_LU modc_lu_one_f64 */
MODC_LU(double, f64)
/* @end */

/* @section modc_lu_f32 : MODC_LU modc_lu_one_f32 */
MODC_LU(float, f32)
/* @end */

/* @section modc_solve_f64 : MODC_SOLVE modc_lu_one_f64 */
MODC_SOLVE(double, f64)
/* @end */

/* @section modc_solve_f32 : MODC_SOLVE modc_lu_one_f32 */
MODC_SOLVE(float, f32)
/* @end */

/* @section modc_trisolve_f64 : MODC_TRISOLVE */
MODC_TRISOLVE(double, f64)
/* @end */

/* @section modc_trisolve_f32 : MODC_TRISOLVE */
MODC_TRISOLVE(float, f32)
/* @end */

/* @section modc_qr_f64 : MODC_QR modc_flip_f64 */
MODC_QR(double, f64)
/* @end */

/* @section modc_qr_f32 : MODC_QR modc_flip_f32 */
MODC_QR(float, f32)
/* @end */

/* @section modc_times_f64 : MODC_TIMES */
MODC_TIMES(double, f64)
/* @end */

/* @section modc_expm_f64 : MODC_EXPM modc_times_f64 modc_solve_f64 */
#define MODC_OWN_SOLVE_F64(n, a, b, x, scratch) modc_solve_f64(1, n, n, a, b, x, scratch)
MODC_EXPM(double, modc_expm_f64, , modc_times_f64, MODC_OWN_SOLVE_F64, fabs, 1100)
/* @end */

/* @section modc_times_f32 : MODC_TIMES */
MODC_TIMES(float, f32)
/* @end */

/* @section modc_expm_f32 : MODC_EXPM modc_times_f32 modc_solve_f32 */
#define MODC_OWN_SOLVE_F32(n, a, b, x, scratch) modc_solve_f32(1, n, n, a, b, x, scratch)
MODC_EXPM(float, modc_expm_f32, , modc_times_f32, MODC_OWN_SOLVE_F32, fabsf, 160)
/* @end */

#endif
