/* modc_linalg.h: factorisations of stacks of small and middle-sized matrices, row-major, without a library.
 *
 * Input: `batch` matrices, one behind the other.  Output: factors, packed into one array per matrix as each function says;
 * numbers that a caller must look at (a zero pivot, no convergence) are in the result, never a trap.
 * Used by: the rows of graph/ops_linalg.py.  T is the element type, S its suffix.
 *
 * Sources of the algorithms: Golub & Van Loan, Matrix Computations, 4th ed. (2013): 3.4 LU, 4.2 Cholesky, 5.2 QR, 8.3
 * tridiagonal QL with implicit shifts, 8.6 one-sided Jacobi SVD; Higham, The Scaling and Squaring Method for the Matrix
 * Exponential Revisited, SIAM J. Matrix Anal. Appl. 26 (2005).
 */
#ifndef MODC_LINALG_H
#define MODC_LINALG_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "modc_bits.h"

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
#define MODC_QR(T, S, root)                                                                                \
    static inline void modc_reflect_##S(int64_t m, int64_t n, int64_t from, const T *u, T *a, int64_t pitch, T *sum) {\
        for (int64_t j = from; j < n; ++j) sum[j] = (T)0;                                                  \
        for (int64_t i = 0; i < m; ++i)                                                                    \
            for (int64_t j = from; j < n; ++j) sum[j] += u[i] * a[i * pitch + j];                          \
        for (int64_t i = 0; i < m; ++i)                                                                    \
            for (int64_t j = from; j < n; ++j) a[i * pitch + j] -= (T)2 * u[i] * sum[j];                   \
    }                                                                                                      \
    static inline void modc_qr_##S(int64_t batch, int64_t m, int64_t n, const T *a, T *out, int64_t *scratch) {\
        const int64_t r = m < n ? m : n;                                                                   \
        T *w = (T *)(void *)scratch, *v = w + m * n, *sum = v + m * n;                                     \
        for (int64_t at = 0; at < batch; ++at, a += m * n, out += (m + n) * r) {                           \
            T *q = out, *upper = out + m * r;                                                              \
            for (int64_t i = 0; i < m * n; ++i) w[i] = a[i];                                               \
            for (int64_t k = 0; k < r; ++k) {                                                              \
                T *u = v + k * m, below = (T)0, square = (T)0;                                             \
                for (int64_t i = k; i < m; ++i) u[i] = w[i * n + k];                                       \
                for (int64_t i = k + 1; i < m; ++i) below += u[i] * u[i];                                  \
                if (below == (T)0) {                                                                       \
                    for (int64_t i = k; i < m; ++i) u[i] = (T)0;                                           \
                    continue;                                                                              \
                }                                                                                          \
                u[k] += (u[k] < (T)0 ? (T)-1 : (T)1) * root(below + u[k] * u[k]);                          \
                square = root(below + u[k] * u[k]);                                                        \
                for (int64_t i = k; i < m; ++i) u[i] /= square;                                            \
                modc_reflect_##S(m - k, n, k, u + k, w + k * n, n, sum);                                   \
            }                                                                                              \
            for (int64_t i = 0; i < r; ++i)                                                                \
                for (int64_t j = 0; j < n; ++j) upper[i * n + j] = j < i ? (T)0 : w[i * n + j];            \
            for (int64_t i = 0; i < m; ++i)                                                                \
                for (int64_t j = 0; j < r; ++j) q[i * r + j] = i == j ? (T)1 : (T)0;                       \
            for (int64_t k = r - 1; k >= 0; --k) modc_reflect_##S(m - k, r, k, v + k * m + k, q + k * r, r, sum);\
        }                                                                                                  \
    }
/* @end */

/* @section MODC_EIGH */
/* Eigenvalues, ascending, of each symmetric matrix (its lower triangle is read), then its eigenvectors as columns: per
 * matrix n + 1 rows of n, NaN where not all is finite. Cyclic Jacobi (Golub & Van Loan, 8.5), which finds small eigenvalues to high relative accuracy. */
#define MODC_EIGH(T, S, root, size, tiny)                                                                  \
    static inline void modc_eigh_##S(int64_t batch, int64_t n, const T *given, T *out, int64_t *scratch) { \
        T *a = (T *)(void *)scratch;                                                                       \
        for (int64_t at = 0; at < batch; ++at, given += n * n, out += (n + 1) * n) {                       \
            T *w = out, *v = out + n, bad = (T)0;                                                          \
            for (int64_t i = 0; i < n; ++i)                                                                \
                for (int64_t j = 0; j < n; ++j) {                                                          \
                    a[i * n + j] = given[j < i ? i * n + j : j * n + i];                                   \
                    v[i * n + j] = i == j ? (T)1 : (T)0;                                                   \
                    bad += (T)0 * a[i * n + j];                                                            \
                }                                                                                          \
            if (!(bad == (T)0)) {                                                                          \
                for (int64_t i = 0; i < (n + 1) * n; ++i) out[i] = (T)NAN;                                 \
                continue;                                                                                  \
            }                                                                                              \
            for (int sweep = 0; sweep < 60; ++sweep) {                                                     \
                T off = (T)0, whole = (T)0;                                                                \
                for (int64_t i = 0; i < n * n; ++i) whole += a[i] * a[i];                                  \
                for (int64_t i = 0; i < n; ++i)                                                            \
                    for (int64_t j = 0; j < i; ++j) off += a[i * n + j] * a[i * n + j];                    \
                if (!(off > tiny * tiny * whole)) break;                                                   \
                for (int64_t p = 0; p < n; ++p)                                                            \
                    for (int64_t q = p + 1; q < n; ++q) {                                                  \
                        const T apq = a[p * n + q];                                                        \
                        if (apq == (T)0) continue;                                                         \
                        const T theta = (a[q * n + q] - a[p * n + p]) / ((T)2 * apq);                      \
                        const T t = (theta < (T)0 ? (T)-1 : (T)1) / (size(theta) + root(theta * theta + (T)1)); \
                        const T c = (T)1 / root(t * t + (T)1), s = t * c;                                  \
                        for (int64_t k = 0; k < n; ++k) {                                                  \
                            const T x = a[k * n + p], y = a[k * n + q];                                    \
                            a[k * n + p] = c * x - s * y;                                                  \
                            a[k * n + q] = s * x + c * y;                                                  \
                        }                                                                                  \
                        for (int64_t k = 0; k < n; ++k) {                                                  \
                            const T x = a[p * n + k], y = a[q * n + k];                                    \
                            a[p * n + k] = c * x - s * y;                                                  \
                            a[q * n + k] = s * x + c * y;                                                  \
                        }                                                                                  \
                        a[p * n + q] = a[q * n + p] = (T)0;                                                \
                        for (int64_t k = 0; k < n; ++k) {                                                  \
                            const T x = v[k * n + p], y = v[k * n + q];                                    \
                            v[k * n + p] = c * x - s * y;                                                  \
                            v[k * n + q] = s * x + c * y;                                                  \
                        }                                                                                  \
                    }                                                                                      \
            }                                                                                              \
            for (int64_t i = 0; i < n; ++i) w[i] = a[i * n + i];                                           \
            for (int64_t i = 0; i < n; ++i) {                                                              \
                int64_t least = i;                                                                         \
                for (int64_t j = i + 1; j < n; ++j)                                                        \
                    if (w[j] < w[least]) least = j;                                                        \
                if (least == i) continue;                                                                  \
                const T kept = w[i];                                                                       \
                w[i] = w[least];                                                                           \
                w[least] = kept;                                                                           \
                for (int64_t k = 0; k < n; ++k) {                                                          \
                    const T x = v[k * n + i];                                                              \
                    v[k * n + i] = v[k * n + least];                                                       \
                    v[k * n + least] = x;                                                                  \
                }                                                                                          \
            }                                                                                              \
        }                                                                                                  \
    }
/* @end */

/* @section MODC_COMPLETE */
/* Column j of an m x n matrix, which is 0, as a unit vector at right angles to the others (those behind it may be 0). */
#define MODC_COMPLETE(T, S, root)                                                                          \
    static inline void modc_complete_##S(int64_t m, int64_t n, int64_t j, T *u) {                          \
        for (int64_t unit = 0; unit < m; ++unit) {                                                         \
            T norm = (T)0;                                                                                 \
            for (int64_t k = 0; k < m; ++k) u[k * n + j] = k == unit ? (T)1 : (T)0;                        \
            for (int twice = 0; twice < 2; ++twice)                                                        \
                for (int64_t other = 0; other < n; ++other) {                                              \
                    T sum = (T)0;                                                                          \
                    if (other == j) continue;                                                              \
                    for (int64_t k = 0; k < m; ++k) sum += u[k * n + other] * u[k * n + j];                \
                    for (int64_t k = 0; k < m; ++k) u[k * n + j] -= sum * u[k * n + other];                \
                }                                                                                          \
            for (int64_t k = 0; k < m; ++k) norm += u[k * n + j] * u[k * n + j];                           \
            if (!(norm * (T)(2 * m) > (T)1)) continue;                                                     \
            for (int64_t k = 0; k < m; ++k) u[k * n + j] /= root(norm);                                    \
            return;                                                                                        \
        }                                                                                                  \
    }
/* @end */

/* @section MODC_SVD */
/* Singular values, descending, by one-sided Jacobi on the columns of each m x n matrix, m >= n: per matrix U (m x n), the
 * values (n), V (n x n, columns). Columns of U to values of 0 are 0: the caller completes them. */
#define MODC_SVD(T, S, root, size, tiny)                                                                   \
    static inline void modc_svd_##S(int64_t batch, int64_t m, int64_t n, const T *a, T *out) {             \
        for (int64_t at = 0; at < batch; ++at, a += m * n, out += (m + n + 1) * n) {                       \
            T *u = out, *w = out + m * n, *v = w + n;                                                      \
            for (int64_t i = 0; i < m * n; ++i) u[i] = a[i];                                               \
            for (int64_t i = 0; i < n; ++i)                                                                \
                for (int64_t j = 0; j < n; ++j) v[i * n + j] = i == j ? (T)1 : (T)0;                       \
            for (int sweep = 0, turned = 1; sweep < 60 && turned; ++sweep) {                               \
                turned = 0;                                                                                \
                for (int64_t p = 0; p < n; ++p)                                                            \
                    for (int64_t q = p + 1; q < n; ++q) {                                                  \
                        T alpha = (T)0, beta = (T)0, gamma = (T)0;                                         \
                        for (int64_t k = 0; k < m; ++k) {                                                  \
                            alpha += u[k * n + p] * u[k * n + p];                                          \
                            beta += u[k * n + q] * u[k * n + q];                                           \
                            gamma += u[k * n + p] * u[k * n + q];                                          \
                        }                                                                                  \
                        if (!(size(gamma) > tiny * root(alpha * beta))) continue;                          \
                        turned = 1;                                                                        \
                        const T zeta = (beta - alpha) / ((T)2 * gamma);                                    \
                        const T t = (zeta < (T)0 ? (T)-1 : (T)1) / (size(zeta) + root(zeta * zeta + (T)1)); \
                        const T c = (T)1 / root(t * t + (T)1), s = t * c;                                  \
                        for (int64_t k = 0; k < m; ++k) {                                                  \
                            const T x = u[k * n + p], y = u[k * n + q];                                    \
                            u[k * n + p] = c * x - s * y;                                                  \
                            u[k * n + q] = s * x + c * y;                                                  \
                        }                                                                                  \
                        for (int64_t k = 0; k < n; ++k) {                                                  \
                            const T x = v[k * n + p], y = v[k * n + q];                                    \
                            v[k * n + p] = c * x - s * y;                                                  \
                            v[k * n + q] = s * x + c * y;                                                  \
                        }                                                                                  \
                    }                                                                                      \
            }                                                                                              \
            for (int64_t j = 0; j < n; ++j) {                                                              \
                T norm = (T)0;                                                                             \
                for (int64_t k = 0; k < m; ++k) norm += u[k * n + j] * u[k * n + j];                       \
                w[j] = root(norm);                                                                         \
            }                                                                                              \
            for (int64_t i = 0; i < n; ++i) {                                                              \
                int64_t most = i;                                                                          \
                for (int64_t j = i + 1; j < n; ++j)                                                        \
                    if (w[j] > w[most]) most = j;                                                          \
                const T value = w[most];                                                                   \
                w[most] = w[i];                                                                            \
                w[i] = value;                                                                              \
                for (int64_t k = 0; k < n; ++k) {                                                          \
                    const T x = v[k * n + i];                                                              \
                    v[k * n + i] = v[k * n + most];                                                        \
                    v[k * n + most] = x;                                                                   \
                }                                                                                          \
                for (int64_t k = 0; k < m; ++k) {                                                          \
                    const T x = u[k * n + most];                                                           \
                    u[k * n + most] = u[k * n + i];                                                        \
                    u[k * n + i] = value > (T)0 ? x / value : (T)0;                                        \
                }                                                                                          \
            }                                                                                              \
            for (int64_t j = 0; j < n; ++j)                                                                \
                if (w[j] == (T)0) modc_complete_##S(m, n, j, u);                                           \
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

/* @section modc_qr_f64 : MODC_QR */
MODC_QR(double, f64, sqrt)
/* @end */

/* @section modc_qr_f32 : MODC_QR */
MODC_QR(float, f32, sqrtf)
/* @end */

/* @section modc_eigh_f64 : MODC_EIGH */
MODC_EIGH(double, f64, sqrt, fabs, 2.2e-16)
/* @end */

/* @section modc_eigh_f32 : MODC_EIGH */
MODC_EIGH(float, f32, sqrtf, fabsf, 1.2e-7f)
/* @end */

/* @section modc_complete_f64 : MODC_COMPLETE */
MODC_COMPLETE(double, f64, sqrt)
/* @end */

/* @section modc_svd_f64 : MODC_SVD modc_complete_f64 */
MODC_SVD(double, f64, sqrt, fabs, 2.2e-16)
/* @end */

/* @section modc_complete_f32 : MODC_COMPLETE */
MODC_COMPLETE(float, f32, sqrtf)
/* @end */

/* @section modc_svd_f32 : MODC_SVD modc_complete_f32 */
MODC_SVD(float, f32, sqrtf, fabsf, 1.2e-7f)
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
