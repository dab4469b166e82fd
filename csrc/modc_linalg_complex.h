/* modc_linalg_complex.h: factorisations of stacks of complex matrices, as modc_linalg.h's of real ones.
 *
 * Input: `batch` matrices, one behind the other, row-major.  Output: as the functions of that header say.
 * Used by: the rows of graph/ops_linalg.py.  C is the complex type, R that of its parts, S the suffix.
 */
#ifndef MODC_LINALG_COMPLEX_H
#define MODC_LINALG_COMPLEX_H

#include <math.h>
#include <stdint.h>

#include "modc_complex.h"

/* @section MODC_ELIMINATE_COMPLEX */
/* Row exchanges for column k of an n x n matrix, and 0 below its diagonal, in the k columns of x as well. With `keep` the
 * factors stay there. 0: nothing to divide by; the sign of the exchange otherwise. */
#define MODC_ELIMINATE_COMPLEX(C, R, S, size)                                                                      \
    static inline int modc_eliminate_##S(int64_t n, int64_t k, int64_t columns, C *a, C *x) {                      \
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
        if (a[k * n + k].re == (R)0 && a[k * n + k].im == (R)0) return 0;                                          \
        for (int64_t i = k + 1; i < n; ++i) {                                                                      \
            const C factor = modc_div_##S(a[i * n + k], a[k * n + k]);                                             \
            a[i * n + k] = factor;                                                                                 \
            for (int64_t j = k + 1; j < n; ++j) a[i * n + j] = modc_sub_##S(a[i * n + j], modc_mul_##S(factor, a[k * n + j]));\
            for (int64_t j = 0; j < columns; ++j)                                                                  \
                x[i * columns + j] = modc_sub_##S(x[i * columns + j], modc_mul_##S(factor, x[k * columns + j]));   \
        }                                                                                                          \
        return best == k ? 1 : -1;                                                                                 \
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
            for (int64_t i = 0; i < n; ++i)                                                                        \
                if (!modc_eliminate_##S(n, i, k, lu, x)) singular = (R)1;                                          \
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

/* @section modc_eliminate_c128 : MODC_ELIMINATE_COMPLEX modc_sub_c128 modc_mul_c128 modc_div_c128 */
MODC_ELIMINATE_COMPLEX(modc_c128, double, c128, fabs)
/* @end */

/* @section modc_solve_c128 : MODC_SOLVE_COMPLEX modc_eliminate_c128 modc_of_c128 */
MODC_SOLVE_COMPLEX(modc_c128, double, c128)
/* @end */

/* @section modc_cholesky_c128 : MODC_CHOLESKY_COMPLEX modc_of_c128 modc_conj_c128 modc_sub_c128 modc_mul_c128 */
MODC_CHOLESKY_COMPLEX(modc_c128, double, c128, sqrt)
/* @end */

/* @section modc_eliminate_c64 : MODC_ELIMINATE_COMPLEX modc_sub_c64 modc_mul_c64 modc_div_c64 */
MODC_ELIMINATE_COMPLEX(modc_c64, float, c64, fabsf)
/* @end */

/* @section modc_solve_c64 : MODC_SOLVE_COMPLEX modc_eliminate_c64 modc_of_c64 */
MODC_SOLVE_COMPLEX(modc_c64, float, c64)
/* @end */

/* @section modc_cholesky_c64 : MODC_CHOLESKY_COMPLEX modc_of_c64 modc_conj_c64 modc_sub_c64 modc_mul_c64 */
MODC_CHOLESKY_COMPLEX(modc_c64, float, c64, sqrtf)
/* @end */

#endif
