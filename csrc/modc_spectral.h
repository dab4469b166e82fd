/* modc_spectral.h: eigenvalues of symmetric matrices and singular values, in stacks, row-major, without a library.
 *
 * Input: `batch` matrices, one behind the other.  Output: values and vectors, packed into one array per matrix as each function
 * says; NaN where not all is finite, or where the iteration does not come to an end.
 * Used by: the rows of graph/ops_linalg.py.  T is the element type, S its suffix.
 *
 * Sources of the algorithms: Golub & Van Loan, Matrix Computations, 4th ed. (2013): 8.3 tridiagonal form and QL with implicit
 * shifts, 8.6 bidiagonal form and the QR steps of Golub & Kahan; Dubrulle, Martin & Wilkinson, The Implicit QL Algorithm,
 * Numerische Mathematik 12 (1968).
 */
#ifndef MODC_SPECTRAL_H
#define MODC_SPECTRAL_H

#include <math.h>
#include <stdint.h>

#include "modc_reflect.h"

/* @section MODC_EIGH */
/* Eigenvalues, ascending, of each symmetric matrix (its lower triangle is read), then its eigenvectors as columns: per
 * matrix n + 1 rows of n, NaN where not all is finite. Reflections to tridiagonal form, diagonal d and beside it e, then
 * implicit QL steps (Golub & Van Loan, 8.3; Dubrulle, Martin & Wilkinson, The Implicit QL Algorithm, 1968), which turn the
 * rows of v, vectors lying in memory. Scratch: n (n + 2) numbers. */
#define MODC_EIGH(T, S, root, size, tiny)                                                                  \
    static inline void modc_tridiagonal_##S(int64_t n, T *a, T *v, T *d, T *e, T *w) {                     \
        for (int64_t k = 0; k + 2 < n; ++k) {                                                              \
            T *const u = a + k * n, inner = (T)0;                                                          \
            e[k] = modc_reflection_##S(k + 1, n, u);                                                       \
            for (int64_t j = k + 1; j < n; ++j) w[j] = (T)0;                                               \
            for (int64_t i = k + 1; i < n; ++i)                                                            \
                for (int64_t j = k + 1; j < n; ++j) w[j] += (T)2 * u[i] * a[i * n + j];                    \
            for (int64_t j = k + 1; j < n; ++j) inner += u[j] * w[j];                                      \
            for (int64_t j = k + 1; j < n; ++j) w[j] -= inner * u[j];                                      \
            for (int64_t i = k + 1; i < n; ++i)                                                            \
                for (int64_t j = k + 1; j < n; ++j) a[i * n + j] -= u[i] * w[j] + w[i] * u[j];             \
        }                                                                                                  \
        for (int64_t i = 0; i < n; ++i) d[i] = a[i * n + i];                                               \
        if (n > 1) e[n - 2] = a[(n - 2) * n + n - 1];                                                      \
        for (int64_t i = 0; i < n * n; ++i) v[i] = i % (n + 1) == 0 ? (T)1 : (T)0;                         \
        for (int64_t k = n - 3; k >= 0; --k) {                                                             \
            const T *const u = a + k * n;                                                                  \
            modc_mirror_rows_##S(k + 1, n, k + 1, n, u, v, w);                                             \
        }                                                                                                  \
    }                                                                                                      \
    static inline int modc_implicit_##S(int64_t n, T *d, T *e, T *v) {                                     \
        T whole = (T)0;                                                                                    \
        for (int64_t i = 0; i < n; ++i) {                                                                  \
            const T here = size(d[i]) + (i + 1 < n ? size(e[i]) : (T)0);                                   \
            whole = here > whole ? here : whole;                                                           \
        }                                                                                                  \
        for (int64_t l = 0; l < n; ++l) {                                                                  \
            for (int tries = 0;; ++tries) {                                                                \
                int64_t m = l;                                                                             \
                while (m + 1 < n && size(e[m]) > tiny * (size(d[m]) + size(d[m + 1])) && size(e[m]) > tiny * tiny * whole) ++m;\
                if (m == l) break;                                                                         \
                if (tries == 60) return 0;                                                                 \
                const T half = (d[l + 1] - d[l]) / ((T)2 * e[l]), far = root(half * half + (T)1);          \
                T g = d[m] - d[l] + e[l] / (half + (half < (T)0 ? -far : far)), s = (T)1, c = (T)1, shift = (T)0;\
                int64_t i = m - 1;                                                                         \
                for (; i >= l; --i) {                                                                      \
                    const T f = s * e[i], b = c * e[i], r = root(f * f + g * g);                           \
                    e[i + 1] = r;                                                                          \
                    if (r == (T)0) break;                                                                  \
                    s = f / r;                                                                             \
                    c = g / r;                                                                             \
                    g = d[i + 1] - shift;                                                                  \
                    const T both = (d[i] - g) * s + (T)2 * c * b;                                          \
                    shift = s * both;                                                                      \
                    d[i + 1] = g + shift;                                                                  \
                    g = c * both - b;                                                                      \
                    T *const one = v + i * n, *const two = one + n;                                        \
                    modc_turn_rows_##S(n, c, -s, one, two);                                                \
                }                                                                                          \
                if (i >= l) {                                                                              \
                    d[i + 1] -= shift;                                                                     \
                } else {                                                                                   \
                    d[l] -= shift;                                                                         \
                    e[l] = g;                                                                              \
                }                                                                                          \
                if (m < n) e[m] = (T)0;                                                                    \
            }                                                                                              \
        }                                                                                                  \
        return 1;                                                                                          \
    }                                                                                                      \
    static inline void modc_eigh_##S(int64_t batch, int64_t n, const T *given, T *out, int64_t *scratch) { \
        T *a = (T *)(void *)scratch, *e = a + n * n, *row = e + n;                                         \
        for (int64_t at = 0; at < batch; ++at, given += n * n, out += (n + 1) * n) {                       \
            T *w = out, *v = out + n, bad = (T)0, most = (T)0;                                             \
            int exponent = 0;                                                                              \
            for (int64_t i = 0; i < n; ++i)                                                                \
                for (int64_t j = 0; j <= i; ++j) {                                                         \
                    bad += (T)0 * given[i * n + j];                                                        \
                    most = size(given[i * n + j]) > most ? size(given[i * n + j]) : most;                  \
                }                                                                                          \
            (void)frexp((double)most, &exponent);                                                          \
            const T down = (T)ldexp(1.0, -exponent / 2), rest = (T)ldexp(1.0, exponent / 2 - exponent);    \
            for (int64_t i = 0; i < n; ++i)                                                                \
                for (int64_t j = 0; j < n; ++j) a[i * n + j] = given[j < i ? i * n + j : j * n + i] * down * rest;\
            if (bad == (T)0) {                                                                             \
                modc_tridiagonal_##S(n, a, v, w, e, row);                                                  \
                modc_flip_##S(n, v);                                                                       \
            }                                                                                              \
            if (!(bad == (T)0) || !modc_implicit_##S(n, w, e, v)) {                                        \
                for (int64_t i = 0; i < (n + 1) * n; ++i) out[i] = (T)NAN;                                 \
                continue;                                                                                  \
            }                                                                                              \
            for (int64_t i = 0; i < n; ++i) {                                                              \
                int64_t least = i;                                                                         \
                for (int64_t j = i + 1; j < n; ++j)                                                        \
                    if (w[j] < w[least]) least = j;                                                        \
                const T kept = w[least];                                                                   \
                w[least] = w[i];                                                                           \
                w[i] = (T)ldexp((double)kept, exponent);                                                   \
                for (int64_t k = 0; k < n && least != i; ++k) {                                            \
                    const T x = v[i * n + k];                                                              \
                    v[i * n + k] = v[least * n + k];                                                       \
                    v[least * n + k] = x;                                                                  \
                }                                                                                          \
            }                                                                                              \
            modc_flip_##S(n, v);                                                                           \
        }                                                                                                  \
    }
/* @end */

/* @section modc_eigh_f64 : MODC_EIGH modc_flip_f64 */
MODC_EIGH(double, f64, sqrt, fabs, 2.2e-16)
/* @end */

/* @section modc_eigh_f32 : MODC_EIGH modc_flip_f32 */
MODC_EIGH(float, f32, sqrtf, fabsf, 1.2e-7f)
/* @end */

/* @section MODC_BIDIAGONAL */
/* Bidiagonal form of an m x n matrix a, m >= n: diagonal d, e above it, and orthogonal u and v (by rows: u n x m, v n x n) with
 * u a v' bidiagonal; a becomes scratch. right: n x n, w: m numbers. */
#define MODC_BIDIAGONAL(T, S)                                                                        \
    static inline void modc_bidiagonal_##S(int64_t m, int64_t n, T *a, T *u, T *v, T *right, T *d, T *e, T *w) {\
        for (int64_t k = 0; k < n; ++k) {                                                                  \
            T *const left = u + k * m, *const over = right + k * n;                                        \
            for (int64_t i = 0; i < m; ++i) left[i] = i < k ? (T)0 : a[i * n + k];                         \
            d[k] = modc_reflection_##S(k, m, left);                                                        \
            modc_mirror_rows_##S(k, m, k + 1, n, left, a, w);                                              \
            for (int64_t j = 0; j < n; ++j) over[j] = j <= k ? (T)0 : a[k * n + j];                        \
            e[k] = k + 1 < n ? modc_reflection_##S(k + 1, n, over) : (T)0;                                 \
            for (int64_t i = k + 1; i < m && k + 2 < n; ++i) {                                             \
                const T twice = (T)2 * modc_inner_##S(n - k - 1, a + i * n + k + 1, over + k + 1);         \
                for (int64_t j = k + 1; j < n; ++j) a[i * n + j] -= twice * over[j];                       \
            }                                                                                              \
        }                                                                                                  \
        for (int64_t i = 0; i < m * n; ++i) a[i] = i % (n + 1) == 0 && i / n < n ? (T)1 : (T)0;            \
        for (int64_t i = 0; i < n * n; ++i) v[i] = i % (n + 1) == 0 ? (T)1 : (T)0;                         \
        for (int64_t k = n - 1; k >= 0; --k) {                                                             \
            modc_mirror_rows_##S(k, m, k, n, u + k * m, a, w);                                             \
            if (k + 2 < n) modc_mirror_rows_##S(k + 1, n, k + 1, n, right + k * n, v, w);                  \
        }                                                                                                  \
        for (int64_t j = 0; j < n; ++j)                                                                    \
            for (int64_t i = 0; i < m; ++i) u[j * m + i] = a[i * n + j];                                   \
        modc_flip_##S(n, v);                                                                               \
    }
/* @end */

/* @section MODC_GOLUB_KAHAN */
/* Singular values out of the bidiagonal form, and u and v (by rows) turned along. 0: no convergence. */
#define MODC_GOLUB_KAHAN(T, S, root, size, tiny)                                                           \
    static inline T modc_rotation_##S(T x, T y, T *c, T *s) {                                              \
        const T r = root(x * x + y * y);                                                                   \
        *c = r > (T)0 ? x / r : (T)1;                                                                      \
        *s = r > (T)0 ? y / r : (T)0;                                                                      \
        return r;                                                                                          \
    }                                                                                                      \
    static inline void modc_golub_step_##S(int64_t m, int64_t n, int64_t lo, int64_t hi, T *d, T *e, T *u, T *v) {\
        const T last = d[hi], near = d[hi - 1], beside = e[hi - 1], above = hi - 1 > lo ? e[hi - 2] : (T)0;\
        const T first = near * near + above * above, second = last * last + beside * beside, both = near * beside;\
        const T half = (first - second) / (T)2, far = root(half * half + both * both);                     \
        const T under = half + (half < (T)0 ? -far : far), shift = under == (T)0 ? second : second - both * both / under;\
        T x = d[lo] * d[lo] - shift, y = d[lo] * e[lo], c, s;                                              \
        for (int64_t k = lo; k < hi; ++k) {                                                                \
            const T r = modc_rotation_##S(x, y, &c, &s);                                                   \
            if (k > lo) e[k - 1] = r;                                                                      \
            x = c * d[k] + s * e[k];                                                                       \
            e[k] = c * e[k] - s * d[k];                                                                    \
            y = s * d[k + 1];                                                                              \
            d[k + 1] = c * d[k + 1];                                                                       \
            modc_turn_rows_##S(n, c, s, v + k * n, v + (k + 1) * n);                                       \
            d[k] = modc_rotation_##S(x, y, &c, &s);                                                        \
            x = c * e[k] + s * d[k + 1];                                                                   \
            d[k + 1] = c * d[k + 1] - s * e[k];                                                            \
            if (k + 1 < hi) {                                                                              \
                y = s * e[k + 1];                                                                          \
                e[k + 1] = c * e[k + 1];                                                                   \
            }                                                                                              \
            modc_turn_rows_##S(m, c, s, u + k * m, u + (k + 1) * m);                                       \
        }                                                                                                  \
        e[hi - 1] = x;                                                                                     \
    }                                                                                                      \
    static inline void modc_without_pivot_##S(int64_t m, int64_t n, int64_t lo, int64_t at, int64_t hi, T *d, T *e, T *u, T *v) {\
        T c, s, f;                                                                                         \
        d[at] = (T)0;                                                                                      \
        if (at < hi) {                                                                                     \
            f = e[at];                                                                                     \
            e[at] = (T)0;                                                                                  \
            for (int64_t k = at + 1; k <= hi; ++k) {                                                       \
                d[k] = modc_rotation_##S(d[k], f, &c, &s);                                                 \
                f = k < hi ? -s * e[k] : (T)0;                                                             \
                if (k < hi) e[k] *= c;                                                                     \
                modc_turn_rows_##S(m, c, s, u + k * m, u + at * m);                                        \
            }                                                                                              \
            return;                                                                                        \
        }                                                                                                  \
        f = e[hi - 1];                                                                                     \
        e[hi - 1] = (T)0;                                                                                  \
        for (int64_t k = hi - 1; k >= lo; --k) {                                                           \
            d[k] = modc_rotation_##S(d[k], f, &c, &s);                                                     \
            f = k > lo ? -s * e[k - 1] : (T)0;                                                             \
            if (k > lo) e[k - 1] *= c;                                                                     \
            modc_turn_rows_##S(n, c, s, v + k * n, v + hi * n);                                            \
        }                                                                                                  \
    }                                                                                                      \
    static inline int modc_golub_##S(int64_t m, int64_t n, T *d, T *e, T *u, T *v) {                       \
        T whole = (T)0;                                                                                    \
        for (int64_t i = 0; i < n; ++i) whole = size(d[i]) + size(e[i]) > whole ? size(d[i]) + size(e[i]) : whole;\
        int tries = 0;                                                                                     \
        for (int64_t hi = n - 1; hi >= 0;) {                                                               \
            int64_t lo = hi, none = -1;                                                                    \
            while (lo > 0 && size(e[lo - 1]) > tiny * (size(d[lo - 1]) + size(d[lo])) && size(e[lo - 1]) > tiny * tiny * whole) --lo;\
            if (lo > 0) e[lo - 1] = (T)0;                                                                  \
            if (lo == hi) {                                                                                \
                --hi;                                                                                      \
                tries = 0;                                                                                 \
                continue;                                                                                  \
            }                                                                                              \
            if (++tries > 100) return 0;                                                                   \
            for (int64_t i = hi; i >= lo && none < 0; --i)                                                 \
                if (!(size(d[i]) > tiny * whole)) none = i;                                                \
            if (none >= 0) modc_without_pivot_##S(m, n, lo, none, hi, d, e, u, v);                         \
            else modc_golub_step_##S(m, n, lo, hi, d, e, u, v);                                            \
        }                                                                                                  \
        return 1;                                                                                          \
    }
/* @end */

/* @section MODC_SVD */
/* Singular values, descending, of each m x n matrix: per matrix U (m x n), the values (n), V (n x n, columns), where the columns
 * beyond the smaller of m and n are 0. Scratch: 4 m n + 3 (m + n) numbers. */
#define MODC_SVD(T, S, size)                                                                               \
    static inline void modc_svd_##S(int64_t batch, int64_t m, int64_t n, const T *a, T *out, int64_t *scratch) {\
        const int64_t rows = m < n ? n : m, r = m < n ? m : n;                                             \
        T *const x = (T *)(void *)scratch, *const u = x + rows * r, *const v = u + rows * r, *const right = v + r * r;\
        T *const d = right + r * r, *const e = d + r, *const w = e + r;                                    \
        for (int64_t at = 0; at < batch; ++at, a += m * n, out += (m + n + 1) * n) {                       \
            T bad = (T)0, most = (T)0, *const values = out + m * n, *const columns = values + n;           \
            int exponent = 0;                                                                              \
            for (int64_t i = 0; i < m * n; ++i) {                                                          \
                bad += (T)0 * a[i];                                                                        \
                most = size(a[i]) > most ? size(a[i]) : most;                                              \
            }                                                                                              \
            (void)frexp((double)most, &exponent);                                                          \
            const T down = (T)ldexp(1.0, -exponent / 2), rest = (T)ldexp(1.0, exponent / 2 - exponent);    \
            for (int64_t i = 0; i < m; ++i)                                                                \
                for (int64_t j = 0; j < n; ++j) x[m < n ? j * m + i : i * n + j] = a[i * n + j] * down * rest;\
            if (bad == (T)0) modc_bidiagonal_##S(rows, r, x, u, v, right, d, e, w);                        \
            bad = bad == (T)0 && modc_golub_##S(rows, r, d, e, u, v) ? (T)0 : (T)NAN;                      \
            for (int64_t i = 0; i < (m + n + 1) * n; ++i) out[i] = bad;                                    \
            for (int64_t k = 0; k < r && bad == (T)0; ++k) {                                               \
                if (!(d[k] < (T)0)) continue;                                                              \
                d[k] = -d[k];                                                                              \
                for (int64_t j = 0; j < r; ++j) v[k * r + j] = -v[k * r + j];                              \
            }                                                                                              \
            for (int64_t k = 0; k < r && bad == (T)0; ++k) {                                               \
                int64_t best = 0;                                                                          \
                for (int64_t i = 1; i < r; ++i)                                                            \
                    if (d[i] > d[best]) best = i;                                                          \
                const T *const left = (m < n ? v : u) + best * m, *const over = (m < n ? u : v) + best * n;\
                values[k] = (T)ldexp((double)d[best], exponent);                                           \
                for (int64_t i = 0; i < m; ++i) out[i * n + k] = left[i];                                  \
                for (int64_t j = 0; j < n; ++j) columns[j * n + k] = over[j];                              \
                d[best] = (T)-1;                                                                           \
            }                                                                                              \
        }                                                                                                  \
    }
/* @end */

/* @section modc_bidiagonal_f64 : MODC_BIDIAGONAL modc_flip_f64 */
MODC_BIDIAGONAL(double, f64)
/* @end */

/* @section modc_golub_f64 : MODC_GOLUB_KAHAN modc_flip_f64 */
MODC_GOLUB_KAHAN(double, f64, sqrt, fabs, 2.2e-16)
/* @end */

/* @section modc_svd_f64 : MODC_SVD modc_bidiagonal_f64 modc_golub_f64 */
MODC_SVD(double, f64, fabs)
/* @end */

/* @section modc_bidiagonal_f32 : MODC_BIDIAGONAL modc_flip_f32 */
MODC_BIDIAGONAL(float, f32)
/* @end */

/* @section modc_golub_f32 : MODC_GOLUB_KAHAN modc_flip_f32 */
MODC_GOLUB_KAHAN(float, f32, sqrtf, fabsf, 1.2e-7f)
/* @end */

/* @section modc_svd_f32 : MODC_SVD modc_bidiagonal_f32 modc_golub_f32 */
MODC_SVD(float, f32, fabsf)
/* @end */

#endif
