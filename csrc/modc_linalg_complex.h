/* modc_linalg_complex.h: factorisations of stacks of complex matrices, as modc_linalg.h's and modc_spectral.h's of real ones.
 *
 * Input: `batch` matrices, one behind the other, row-major.  Output: as the functions of those headers say; what is real in
 * theory is a complex number with imaginary part 0.
 * Used by: the rows of graph/ops_linalg.py.  C is the complex type, R that of its parts, S the suffix, Z the real one.
 */
#ifndef MODC_LINALG_COMPLEX_H
#define MODC_LINALG_COMPLEX_H

#include <math.h>
#include <stdint.h>

#include "modc_complex.h"
#include "modc_spectral.h"

/* @section MODC_ELIMINATE_COMPLEX */
/* Row exchanges for column k of an n x n matrix, and 0 below its diagonal, in `columns` columns of x as well; factors stay below
 * the diagonal. The row that was exchanged with row k is returned; it is chosen as LAPACK does. */
#define MODC_ELIMINATE_COMPLEX(C, R, S, size)                                                                      \
    static inline int64_t modc_eliminate_##S(int64_t n, int64_t k, int64_t columns, C *a, C *x) {                  \
        int64_t best = k;                                                                                          \
        R most = (R)-1;                                                                                            \
        for (int64_t i = k; i < n; ++i) {                                                                          \
            const R here = size(a[i * n + k].re) + size(a[i * n + k].im);                                          \
            if (!(here > most)) continue;                                                                          \
            most = here;                                                                                           \
            best = i;                                                                                              \
        }                                                                                                          \
        for (int64_t j = 0; best != k && j < n; ++j) {                                                             \
            const C kept = a[k * n + j];                                                                           \
            a[k * n + j] = a[best * n + j];                                                                        \
            a[best * n + j] = kept;                                                                                \
        }                                                                                                          \
        for (int64_t j = 0; best != k && j < columns; ++j) {                                                       \
            const C kept = x[k * columns + j];                                                                     \
            x[k * columns + j] = x[best * columns + j];                                                            \
            x[best * columns + j] = kept;                                                                          \
        }                                                                                                          \
        if (a[k * n + k].re == (R)0 && a[k * n + k].im == (R)0) return best;                                       \
        for (int64_t i = k + 1; i < n; ++i) {                                                                      \
            const C factor = modc_div_##S(a[i * n + k], a[k * n + k]);                                             \
            a[i * n + k] = factor;                                                                                 \
            for (int64_t j = k + 1; j < n; ++j) a[i * n + j] = modc_sub_##S(a[i * n + j], modc_mul_##S(factor, a[k * n + j]));\
            for (int64_t j = 0; j < columns; ++j)                                                                  \
                x[i * columns + j] = modc_sub_##S(x[i * columns + j], modc_mul_##S(factor, x[k * columns + j]));   \
        }                                                                                                          \
        return best;                                                                                               \
    }
/* @end */

/* @section MODC_LU_COMPLEX */
/* Per matrix n + 2 rows of n: the factors, the order of the rows, and the sign of that permutation in front of the last row. */
#define MODC_LU_COMPLEX(C, R, S)                                                                                   \
    static inline void modc_lu_##S(int64_t batch, int64_t n, const C *a, C *lu) {                                  \
        for (int64_t at = 0; at < batch; ++at, a += n * n, lu += (n + 2) * n) {                                    \
            C *const order = lu + n * n, *const last = order + n;                                                  \
            R sign = (R)1;                                                                                         \
            for (int64_t i = 0; i < n * n; ++i) lu[i] = a[i];                                                      \
            for (int64_t i = 0; i < n; ++i) order[i] = modc_of_##S((R)i, (R)0);                                    \
            for (int64_t k = 0; k < n; ++k) {                                                                      \
                const int64_t best = modc_eliminate_##S(n, k, 0, lu, lu);                                          \
                const C kept = order[k];                                                                           \
                if (best == k) continue;                                                                           \
                order[k] = order[best];                                                                            \
                order[best] = kept;                                                                                \
                sign = -sign;                                                                                      \
            }                                                                                                      \
            for (int64_t i = 0; i < n; ++i) last[i] = modc_of_##S(i == 0 ? sign : (R)0, (R)0);                     \
        }                                                                                                          \
    }
/* @end */

/* @section MODC_SOLVE_COMPLEX */
/* X with A X = B; per matrix n + 1 rows of k, the last one 1 where A is singular. */
#define MODC_SOLVE_COMPLEX(C, R, S)                                                                                \
    static inline void modc_solve_##S(int64_t batch, int64_t n, int64_t k, const C *a, const C *b, C *x, int64_t *scratch) {\
        C *const lu = (C *)(void *)scratch;                                                                        \
        for (int64_t at = 0; at < batch; ++at, a += n * n, b += n * k, x += (n + 1) * k) {                         \
            R singular = (R)0;                                                                                     \
            for (int64_t i = 0; i < n * n; ++i) lu[i] = a[i];                                                      \
            for (int64_t i = 0; i < n * k; ++i) x[i] = b[i];                                                       \
            for (int64_t i = 0; i < n; ++i) {                                                                      \
                (void)modc_eliminate_##S(n, i, k, lu, x);                                                          \
                if (lu[i * n + i].re == (R)0 && lu[i * n + i].im == (R)0) singular = (R)1;                         \
            }                                                                                                      \
            for (int64_t i = n - 1; i >= 0; --i) {                                                                 \
                for (int64_t r = i + 1; r < n; ++r)                                                                \
                    for (int64_t j = 0; j < k; ++j)                                                                \
                        x[i * k + j] = modc_sub_##S(x[i * k + j], modc_mul_##S(lu[i * n + r], x[r * k + j]));      \
                for (int64_t j = 0; j < k; ++j) x[i * k + j] = modc_div_##S(x[i * k + j], lu[i * n + i]);          \
            }                                                                                                      \
            for (int64_t j = 0; j < k; ++j) x[n * k + j] = modc_of_##S(singular, (R)0);                            \
        }                                                                                                          \
    }
/* @end */

/* @section MODC_TRISOLVE_COMPLEX */
/* X with A X = B for a triangle of A: lower or upper, its diagonal taken as 1 with `unit`. */
#define MODC_TRISOLVE_COMPLEX(C, S)                                                                                \
    static inline void modc_trisolve_##S(int64_t batch, int64_t n, int64_t k, int64_t lower, int64_t unit, const C *a, const C *b,\
                                         C *x) {                                                                   \
        for (int64_t at = 0; at < batch; ++at, a += n * n, b += n * k, x += n * k)                                 \
            for (int64_t step = 0; step < n; ++step) {                                                             \
                const int64_t i = lower ? step : n - 1 - step;                                                     \
                for (int64_t j = 0; j < k; ++j) x[i * k + j] = b[i * k + j];                                       \
                for (int64_t before = 0; before < step; ++before) {                                                \
                    const int64_t r = lower ? before : n - 1 - before;                                             \
                    for (int64_t j = 0; j < k; ++j)                                                                \
                        x[i * k + j] = modc_sub_##S(x[i * k + j], modc_mul_##S(a[i * n + r], x[r * k + j]));       \
                }                                                                                                  \
                for (int64_t j = 0; j < k && !unit; ++j) x[i * k + j] = modc_div_##S(x[i * k + j], a[i * n + i]);  \
            }                                                                                                      \
    }
/* @end */

/* @section MODC_CHOLESKY_COMPLEX */
/* The lower factor of each Hermitian matrix (its lower triangle is read), NaN on the diagonal where it is not positive definite. */
#define MODC_CHOLESKY_COMPLEX(C, R, S, root)                                                                       \
    static inline void modc_cholesky_##S(int64_t batch, int64_t n, const C *a, C *l) {                             \
        for (int64_t at = 0; at < batch; ++at, a += n * n, l += n * n) {                                           \
            for (int64_t i = 0; i < n; ++i)                                                                        \
                for (int64_t j = i; j < n; ++j) l[i * n + j] = modc_conj_##S(a[j * n + i]);                        \
            for (int64_t k = 0; k < n; ++k) {                                                                      \
                C *const row = l + k * n;                                                                          \
                const R head = root(row[k].re);                                                                    \
                row[k] = modc_of_##S(head, (R)0);                                                                  \
                for (int64_t j = k + 1; j < n; ++j) row[j] = modc_of_##S(row[j].re / head, row[j].im / head);      \
                for (int64_t i = k + 1; i < n; ++i) {                                                              \
                    const C factor = modc_conj_##S(row[i]);                                                        \
                    for (int64_t j = i; j < n; ++j) l[i * n + j] = modc_sub_##S(l[i * n + j], modc_mul_##S(factor, row[j]));\
                }                                                                                                  \
            }                                                                                                      \
            for (int64_t i = 0; i < n; ++i)                                                                        \
                for (int64_t j = 0; j < i; ++j) {                                                                  \
                    l[i * n + j] = modc_conj_##S(l[j * n + i]);                                                    \
                    l[j * n + i] = modc_of_##S((R)0, (R)0);                                                        \
                }                                                                                                  \
        }                                                                                                          \
    }
/* @end */

/* @section MODC_REFLECT_COMPLEX */
/* u and a factor t, which is returned, such that 1 - t' u u' (t' the conjugate) makes a real multiple of a unit vector of u; that is
 * left in *head, u[from] becomes 1 (LAPACK's larfg). And 1 - t u u' times the rows `from` on of a. */
#define MODC_REFLECT_COMPLEX(C, R, S, root, size)                                                                  \
    static inline C modc_reflector_##S(int64_t from, int64_t n, C *u, R *head) {                                   \
        R most = (R)0, whole = (R)0, below = (R)0;                                                                 \
        for (int64_t i = from; i < n; ++i) {                                                                       \
            const R here = size(u[i].re) > size(u[i].im) ? size(u[i].re) : size(u[i].im);                          \
            most = here > most ? here : most;                                                                      \
        }                                                                                                          \
        for (int64_t i = from; i < n && most > (R)0; ++i) {                                                        \
            u[i] = modc_of_##S(u[i].re / most, u[i].im / most);                                                    \
            whole += u[i].re * u[i].re + u[i].im * u[i].im;                                                        \
            below = i > from ? (size(u[i].re) + size(u[i].im) > below ? size(u[i].re) + size(u[i].im) : below) : size(u[i].im);\
        }                                                                                                          \
        const C first = u[from];                                                                                   \
        u[from] = modc_of_##S((R)1, (R)0);                                                                         \
        *head = first.re * most;                                                                                   \
        if (!(below > (R)0)) return modc_of_##S((R)0, (R)0);                                                       \
        const R length = first.re < (R)0 ? root(whole) : -root(whole);                                             \
        *head = length * most;                                                                                     \
        const C gap = modc_of_##S(first.re - length, first.im);                                                    \
        for (int64_t i = from + 1; i < n; ++i) u[i] = modc_div_##S(u[i], gap);                                     \
        return modc_of_##S((length - first.re) / length, -first.im / length);                                      \
    }                                                                                                              \
    static inline void modc_mirror_##S(int64_t from, int64_t m, int64_t left, int64_t n, C t, const C *u, C *a, C *w) {\
        for (int64_t j = left; j < n; ++j) w[j] = modc_of_##S((R)0, (R)0);                                         \
        for (int64_t i = from; i < m; ++i)                                                                         \
            for (int64_t j = left; j < n; ++j) w[j] = modc_add_##S(w[j], modc_mul_##S(modc_conj_##S(u[i]), a[i * n + j]));\
        for (int64_t i = from; i < m; ++i) {                                                                       \
            const C factor = modc_mul_##S(t, u[i]);                                                                \
            for (int64_t j = left; j < n; ++j) a[i * n + j] = modc_sub_##S(a[i * n + j], modc_mul_##S(factor, w[j]));\
        }                                                                                                          \
    }
/* @end */

/* @section MODC_QR_COMPLEX */
/* Reduced factors: per m x n matrix Q (m x r), then R (r x n), its diagonal real. */
#define MODC_QR_COMPLEX(C, R, S)                                                                                   \
    static inline void modc_qr_##S(int64_t batch, int64_t m, int64_t n, const C *a, C *out, int64_t *scratch) {    \
        const int64_t r = m < n ? m : n;                                                                           \
        C *const x = (C *)(void *)scratch, *const v = x + m * n, *const t = v + m * r, *const w = t + r;           \
        for (int64_t at = 0; at < batch; ++at, a += m * n, out += (m + n) * r) {                                   \
            C *const q = out, *const upper = out + m * r;                                                          \
            for (int64_t i = 0; i < m * n; ++i) x[i] = a[i];                                                       \
            for (int64_t k = 0; k < r; ++k) {                                                                      \
                C *const u = v + k * m;                                                                            \
                R head;                                                                                            \
                for (int64_t i = k; i < m; ++i) u[i] = x[i * n + k];                                               \
                t[k] = modc_reflector_##S(k, m, u, &head);                                                         \
                modc_mirror_##S(k, m, k + 1, n, modc_conj_##S(t[k]), u, x, w);                                     \
                x[k * n + k] = modc_of_##S(head, (R)0);                                                            \
            }                                                                                                      \
            for (int64_t i = 0; i < r; ++i)                                                                        \
                for (int64_t j = 0; j < n; ++j) upper[i * n + j] = j < i ? modc_of_##S((R)0, (R)0) : x[i * n + j]; \
            for (int64_t i = 0; i < m * r; ++i) q[i] = modc_of_##S(i / r == i % r ? (R)1 : (R)0, (R)0);            \
            for (int64_t k = r - 1; k >= 0; --k) modc_mirror_##S(k, m, k, r, t[k], v + k * m, q, w);               \
        }                                                                                                          \
    }
/* @end */

/* @section MODC_EIGH_COMPLEX */
/* Eigenvalues, ascending, of each Hermitian matrix (its lower triangle is read), then its eigenvectors as columns: per matrix n + 1
 * rows of n, NaN where not all is finite. Reflections to a real tridiagonal form, whose eigenvectors the real routine finds (rows
 * of z). Scratch: 7 n (n + 1) numbers of the size of a part. */
#define MODC_EIGH_COMPLEX(C, R, S, Z, size)                                                                        \
    static inline void modc_tridiagonal_##S(int64_t n, C *a, C *q, C *v, C *t, C *w, R *d, R *e) {                 \
        for (int64_t k = 0; k + 1 < n; ++k) {                                                                      \
            C *const u = v + k * n;                                                                                \
            for (int64_t i = k + 1; i < n; ++i) u[i] = a[i * n + k];                                               \
            t[k] = modc_reflector_##S(k + 1, n, u, e + k);                                                         \
            modc_mirror_##S(k + 1, n, k + 1, n, modc_conj_##S(t[k]), u, a, w);                                     \
            for (int64_t i = k + 1; i < n; ++i) {                                                                  \
                C inner = modc_of_##S((R)0, (R)0);                                                                 \
                for (int64_t j = k + 1; j < n; ++j) inner = modc_add_##S(inner, modc_mul_##S(a[i * n + j], u[j])); \
                inner = modc_mul_##S(inner, t[k]);                                                                 \
                for (int64_t j = k + 1; j < n; ++j) a[i * n + j] = modc_sub_##S(a[i * n + j], modc_mul_##S(inner, modc_conj_##S(u[j])));\
            }                                                                                                      \
        }                                                                                                          \
        for (int64_t i = 0; i < n; ++i) d[i] = a[i * n + i].re;                                                    \
        for (int64_t i = 0; i < n * n; ++i) q[i] = modc_of_##S(i % (n + 1) == 0 ? (R)1 : (R)0, (R)0);              \
        for (int64_t k = n - 2; k >= 0; --k) modc_mirror_##S(k + 1, n, k + 1, n, t[k], v + k * n, q, w);           \
    }                                                                                                              \
    static inline void modc_eigh_##S(int64_t batch, int64_t n, const C *given, C *out, int64_t *scratch) {         \
        C *const a = (C *)(void *)scratch, *const q = a + n * n, *const v = q + n * n, *const t = v + n * n, *const w = t + n;\
        R *const z = (R *)(void *)(w + n), *const d = z + n * n, *const e = d + n;                                 \
        for (int64_t at = 0; at < batch; ++at, given += n * n, out += (n + 1) * n) {                               \
            R bad = (R)0, most = (R)0;                                                                             \
            int exponent = 0;                                                                                      \
            for (int64_t i = 0; i < n; ++i)                                                                        \
                for (int64_t j = 0; j <= i; ++j) {                                                                 \
                    const R re = given[i * n + j].re, im = i == j ? (R)0 : given[i * n + j].im;                    \
                    bad += (R)0 * re + (R)0 * im;                                                                  \
                    most = size(re) > most ? size(re) : most;                                                      \
                    most = size(im) > most ? size(im) : most;                                                      \
                }                                                                                                  \
            (void)frexp((double)most, &exponent);                                                                  \
            const R down = (R)ldexp(1.0, -exponent / 2), rest = (R)ldexp(1.0, exponent / 2 - exponent);            \
            for (int64_t i = 0; i < n; ++i)                                                                        \
                for (int64_t j = 0; j <= i; ++j) {                                                                 \
                    const C one = given[i * n + j];                                                                \
                    a[i * n + j] = modc_of_##S(one.re * down * rest, i == j ? (R)0 : one.im * down * rest);        \
                    a[j * n + i] = modc_conj_##S(a[i * n + j]);                                                    \
                }                                                                                                  \
            if (bad == (R)0) modc_tridiagonal_##S(n, a, q, v, t, w, d, e);                                         \
            for (int64_t i = 0; i < n * n; ++i) z[i] = i % (n + 1) == 0 ? (R)1 : (R)0;                             \
            if (!(bad == (R)0) || !modc_implicit_##Z(n, d, e, z)) {                                                \
                for (int64_t i = 0; i < (n + 1) * n; ++i) out[i] = modc_of_##S((R)NAN, (R)NAN);                    \
                continue;                                                                                          \
            }                                                                                                      \
            for (int64_t k = 0; k < n; ++k) {                                                                      \
                int64_t least = k;                                                                                 \
                for (int64_t i = k + 1; i < n; ++i)                                                                \
                    if (d[i] < d[least]) least = i;                                                                \
                const R kept = d[least];                                                                           \
                d[least] = d[k];                                                                                   \
                out[k] = modc_of_##S((R)ldexp((double)kept, exponent), (R)0);                                      \
                for (int64_t j = 0; j < n; ++j) {                                                                  \
                    const R x = z[least * n + j];                                                                  \
                    z[least * n + j] = z[k * n + j];                                                               \
                    z[k * n + j] = x;                                                                              \
                }                                                                                                  \
            }                                                                                                      \
            for (int64_t i = 0; i < n; ++i)                                                                        \
                for (int64_t k = 0; k < n; ++k) {                                                                  \
                    C sum = modc_of_##S((R)0, (R)0);                                                               \
                    for (int64_t j = 0; j < n; ++j)                                                                \
                        sum = modc_of_##S(sum.re + q[i * n + j].re * z[k * n + j], sum.im + q[i * n + j].im * z[k * n + j]);\
                    out[(i + 1) * n + k] = sum;                                                                    \
                }                                                                                                  \
        }                                                                                                          \
    }
/* @end */

/* @section modc_eliminate_c128 : MODC_ELIMINATE_COMPLEX modc_of_c128 modc_add_c128 modc_sub_c128 modc_mul_c128 modc_div_c128 modc_conj_c128 */
MODC_ELIMINATE_COMPLEX(modc_c128, double, c128, fabs)
/* @end */

/* @section modc_lu_c128 : MODC_LU_COMPLEX modc_eliminate_c128 */
MODC_LU_COMPLEX(modc_c128, double, c128)
/* @end */

/* @section modc_solve_c128 : MODC_SOLVE_COMPLEX modc_eliminate_c128 */
MODC_SOLVE_COMPLEX(modc_c128, double, c128)
/* @end */

/* @section modc_trisolve_c128 : MODC_TRISOLVE_COMPLEX modc_of_c128 modc_add_c128 modc_sub_c128 modc_mul_c128 modc_div_c128 modc_conj_c128 */
MODC_TRISOLVE_COMPLEX(modc_c128, c128)
/* @end */

/* @section modc_cholesky_c128 : MODC_CHOLESKY_COMPLEX modc_of_c128 modc_add_c128 modc_sub_c128 modc_mul_c128 modc_div_c128 modc_conj_c128 */
MODC_CHOLESKY_COMPLEX(modc_c128, double, c128, sqrt)
/* @end */

/* @section modc_reflector_c128 modc_mirror_c128 : MODC_REFLECT_COMPLEX modc_of_c128 modc_add_c128 modc_sub_c128 modc_mul_c128 modc_div_c128 modc_conj_c128 */
MODC_REFLECT_COMPLEX(modc_c128, double, c128, sqrt, fabs)
/* @end */

/* @section modc_qr_c128 : MODC_QR_COMPLEX modc_reflector_c128 */
MODC_QR_COMPLEX(modc_c128, double, c128)
/* @end */

/* @section modc_eigh_c128 : MODC_EIGH_COMPLEX modc_reflector_c128 modc_eigh_f64 */
MODC_EIGH_COMPLEX(modc_c128, double, c128, f64, fabs)
/* @end */

/* @section modc_eliminate_c64 : MODC_ELIMINATE_COMPLEX modc_of_c64 modc_add_c64 modc_sub_c64 modc_mul_c64 modc_div_c64 modc_conj_c64 */
MODC_ELIMINATE_COMPLEX(modc_c64, float, c64, fabsf)
/* @end */

/* @section modc_lu_c64 : MODC_LU_COMPLEX modc_eliminate_c64 */
MODC_LU_COMPLEX(modc_c64, float, c64)
/* @end */

/* @section modc_solve_c64 : MODC_SOLVE_COMPLEX modc_eliminate_c64 */
MODC_SOLVE_COMPLEX(modc_c64, float, c64)
/* @end */

/* @section modc_trisolve_c64 : MODC_TRISOLVE_COMPLEX modc_of_c64 modc_add_c64 modc_sub_c64 modc_mul_c64 modc_div_c64 modc_conj_c64 */
MODC_TRISOLVE_COMPLEX(modc_c64, c64)
/* @end */

/* @section modc_cholesky_c64 : MODC_CHOLESKY_COMPLEX modc_of_c64 modc_add_c64 modc_sub_c64 modc_mul_c64 modc_div_c64 modc_conj_c64 */
MODC_CHOLESKY_COMPLEX(modc_c64, float, c64, sqrtf)
/* @end */

/* @section modc_reflector_c64 modc_mirror_c64 : MODC_REFLECT_COMPLEX modc_of_c64 modc_add_c64 modc_sub_c64 modc_mul_c64 modc_div_c64 modc_conj_c64 */
MODC_REFLECT_COMPLEX(modc_c64, float, c64, sqrtf, fabsf)
/* @end */

/* @section modc_qr_c64 : MODC_QR_COMPLEX modc_reflector_c64 */
MODC_QR_COMPLEX(modc_c64, float, c64)
/* @end */

/* @section modc_eigh_c64 : MODC_EIGH_COMPLEX modc_reflector_c64 modc_eigh_f32 */
MODC_EIGH_COMPLEX(modc_c64, float, c64, f32, fabsf)
/* @end */

/* @section MODC_SVD_COMPLEX */
/* Singular values, descending, of each m x n matrix A = U diag(w) V': per matrix U (m x n), the values (n), V (n x n, columns), where
 * the columns beyond the smaller of m and n are 0. Reflections to a real bidiagonal form, of which the real routine takes care.
 * Scratch: 14 m n + 8 (m + n) numbers of the size of a part. */
#define MODC_SVD_COMPLEX(C, R, S, Z, size)                                                                         \
    static inline void modc_bidiagonal_##S(int64_t m, int64_t n, C *a, C *left, C *over, C *tl, C *to, C *w, R *d, R *e, C *v) {\
        for (int64_t k = 0; k < n; ++k) {                                                                          \
            C *const u = left + k * m, *const o = over + k * n;                                                    \
            for (int64_t i = k; i < m; ++i) u[i] = a[i * n + k];                                                   \
            tl[k] = modc_reflector_##S(k, m, u, d + k);                                                            \
            modc_mirror_##S(k, m, k + 1, n, modc_conj_##S(tl[k]), u, a, w);                                        \
            e[k] = (R)0;                                                                                           \
            to[k] = modc_of_##S((R)0, (R)0);                                                                       \
            if (k + 1 == n) break;                                                                                 \
            for (int64_t j = k + 1; j < n; ++j) o[j] = modc_conj_##S(a[k * n + j]);                                \
            to[k] = modc_reflector_##S(k + 1, n, o, e + k);                                                        \
            for (int64_t i = k + 1; i < m; ++i) {                                                                  \
                C inner = modc_of_##S((R)0, (R)0);                                                                 \
                for (int64_t j = k + 1; j < n; ++j) inner = modc_add_##S(inner, modc_mul_##S(a[i * n + j], o[j])); \
                inner = modc_mul_##S(inner, to[k]);                                                                \
                for (int64_t j = k + 1; j < n; ++j) a[i * n + j] = modc_sub_##S(a[i * n + j], modc_mul_##S(inner, modc_conj_##S(o[j])));\
            }                                                                                                      \
        }                                                                                                          \
        for (int64_t i = 0; i < m * n; ++i) a[i] = modc_of_##S(i / n == i % n ? (R)1 : (R)0, (R)0);                \
        for (int64_t i = 0; i < n * n; ++i) v[i] = modc_of_##S(i / n == i % n ? (R)1 : (R)0, (R)0);                \
        for (int64_t k = n - 1; k >= 0; --k) {                                                                     \
            modc_mirror_##S(k, m, k, n, tl[k], left + k * m, a, w);                                                \
            if (k + 1 < n) modc_mirror_##S(k + 1, n, k + 1, n, to[k], over + k * n, v, w);                         \
        }                                                                                                          \
    }                                                                                                              \
    static inline C modc_mixed_##S(int64_t n, const C *x, const R *y) {                                            \
        C sum = modc_of_##S((R)0, (R)0);                                                                           \
        for (int64_t j = 0; j < n; ++j) sum = modc_of_##S(sum.re + x[j].re * y[j], sum.im + x[j].im * y[j]);       \
        return sum;                                                                                                \
    }                                                                                                              \
    static inline void modc_svd_##S(int64_t batch, int64_t m, int64_t n, const C *given, C *out, int64_t *scratch) {\
        const int64_t rows = m < n ? n : m, r = m < n ? m : n;                                                     \
        C *const a = (C *)(void *)scratch, *const left = a + rows * r, *const over = left + rows * r, *const v = over + r * r;\
        C *const tl = v + r * r, *const to = tl + r, *const w = to + r;                                            \
        R *const x = (R *)(void *)(w + rows), *const y = x + r * r, *const d = y + r * r, *const e = d + r;        \
        for (int64_t at = 0; at < batch; ++at, given += m * n, out += (m + n + 1) * n) {                           \
            C *const values = out + m * n, *const columns = values + n;                                            \
            const R *const flat = (const R *)(const void *)given;                                                  \
            R bad = (R)0, most = (R)0;                                                                             \
            int exponent = 0;                                                                                      \
            for (int64_t i = 0; i < 2 * m * n; ++i) {                                                              \
                bad += (R)0 * flat[i];                                                                             \
                most = size(flat[i]) > most ? size(flat[i]) : most;                                                \
            }                                                                                                      \
            (void)frexp((double)most, &exponent);                                                                  \
            const R down = (R)ldexp(1.0, -exponent / 2), rest = (R)ldexp(1.0, exponent / 2 - exponent);            \
            for (int64_t i = 0; i < m; ++i)                                                                        \
                for (int64_t j = 0; j < n; ++j) {                                                                  \
                    const C one = given[i * n + j];                                                                \
                    a[m < n ? j * m + i : i * n + j] = modc_of_##S(one.re * down * rest, (m < n ? -one.im : one.im) * down * rest);\
                }                                                                                                  \
            if (bad == (R)0) modc_bidiagonal_##S(rows, r, a, left, over, tl, to, w, d, e, v);                      \
            for (int64_t i = 0; i < r * r; ++i) x[i] = y[i] = i % (r + 1) == 0 ? (R)1 : (R)0;                      \
            bad = bad == (R)0 && modc_golub_##Z(r, r, d, e, x, y) ? (R)0 : (R)NAN;                                 \
            for (int64_t i = 0; i < (m + n + 1) * n; ++i) out[i] = modc_of_##S(bad, bad);                          \
            for (int64_t k = 0; k < r && bad == (R)0; ++k) {                                                       \
                if (!(d[k] < (R)0)) continue;                                                                      \
                d[k] = -d[k];                                                                                      \
                for (int64_t j = 0; j < r; ++j) y[k * r + j] = -y[k * r + j];                                      \
            }                                                                                                      \
            for (int64_t k = 0; k < r && bad == (R)0; ++k) {                                                       \
                int64_t best = 0;                                                                                  \
                for (int64_t i = 1; i < r; ++i)                                                                    \
                    if (d[i] > d[best]) best = i;                                                                  \
                values[k] = modc_of_##S((R)ldexp((double)d[best], exponent), (R)0);                                \
                for (int64_t i = 0; i < m; ++i) out[i * n + k] = modc_mixed_##S(r, (m < n ? v : a) + i * r, (m < n ? y : x) + best * r);\
                for (int64_t j = 0; j < n; ++j) columns[j * n + k] = modc_mixed_##S(r, (m < n ? a : v) + j * r, (m < n ? x : y) + best * r);\
                d[best] = (R)-1;                                                                                   \
            }                                                                                                      \
        }                                                                                                          \
    }
/* @end */

/* @section modc_svd_c128 : MODC_SVD_COMPLEX modc_reflector_c128 modc_golub_f64 */
MODC_SVD_COMPLEX(modc_c128, double, c128, f64, fabs)
/* @end */

/* @section modc_svd_c64 : MODC_SVD_COMPLEX modc_reflector_c64 modc_golub_f32 */
MODC_SVD_COMPLEX(modc_c64, float, c64, f32, fabsf)
/* @end */

#endif
