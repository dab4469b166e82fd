/* modc_gemv.h: the parts of modc_gemm.h that know no vectors: a product with one column, storing a tile.
 *
 * Input: matrices with row pitches.  Output: c = alpha (product) + beta c, where beta = 0 only writes c.
 * The bits do not depend on the vector width.
 */
#ifndef MODC_GEMV_H
#define MODC_GEMV_H

#include <stdint.h>

#include "modc_bits.h"
#include "modc_reduce.h"

/* C = alpha out + beta C for one tile, C with any strides; apart, as gcc makes it half as fast in its caller. */

/* @section modc_store_f64 */
#if defined(__GNUC__)
__attribute__((noinline, unused))
#endif
static void modc_store_f64(int64_t rows, int64_t n, double alpha, const double *out, int64_t pitch, double beta, double *c,
                           int64_t down, int64_t right) {
    if (right == 1) {
        for (int64_t i = 0; i < rows; ++i, out += pitch, c += down)
            if (beta == 0)
                for (int64_t j = 0; j < n; ++j) c[j] = alpha * out[j];
            else
                for (int64_t j = 0; j < n; ++j) c[j] = alpha * out[j] + beta * c[j];
        return;
    }
    for (int64_t j = 0; j < n; ++j)
        for (int64_t i = 0; i < rows; ++i) {
            double *const at = c + i * down + j * right;
            const double term = alpha * out[i * pitch + j];
            *at = beta == 0 ? term : term + beta * *at;
        }
}
/* @end */

/* Rows of A, which have no gaps, times one column x: the products of a row go to 32 lanes in turn. */

/* @section modc_column_f64 : modc_unrolled modc_fma_f64 modc_fold32_sum_f64 */
static inline void modc_column_f64(int64_t M, int64_t K, double alpha, const double *A, int64_t lda, const double *x,
                                   double beta, double *C, int64_t ldc) {
    const int64_t whole = K / 32 * 32, rest = K - whole;
    for (int64_t i = 0; i < M; ++i) {
        const double *const a = A + i * lda;
        double lane[32] = {0}, *const c = C + i * ldc;
        for (int64_t k = 0; k < whole; k += 32)
            modc_unrolled
            for (int64_t l = 0; l < 32; ++l) lane[l] = modc_fma_f64(a[k + l], x[k + l], lane[l]);
        if (rest)
            for (int64_t l = 0; l < 32; ++l) {
                double kept = lane[l];
                if (l < rest) kept = modc_fma_f64(a[whole + l], x[whole + l], kept);
                lane[l] = kept;
            }
        const double term = alpha * modc_fold32_sum_f64(lane);
        *c = beta == 0 ? term : term + beta * *c;
    }
}
/* @end */

/* C = alpha out + beta C for one tile, C with any strides; apart, as gcc makes it half as fast in its caller. */

/* @section modc_store_f32 */
#if defined(__GNUC__)
__attribute__((noinline, unused))
#endif
static void modc_store_f32(int64_t rows, int64_t n, float alpha, const float *out, int64_t pitch, float beta, float *c,
                           int64_t down, int64_t right) {
    if (right == 1) {
        for (int64_t i = 0; i < rows; ++i, out += pitch, c += down)
            if (beta == 0)
                for (int64_t j = 0; j < n; ++j) c[j] = alpha * out[j];
            else
                for (int64_t j = 0; j < n; ++j) c[j] = alpha * out[j] + beta * c[j];
        return;
    }
    for (int64_t j = 0; j < n; ++j)
        for (int64_t i = 0; i < rows; ++i) {
            float *const at = c + i * down + j * right;
            const float term = alpha * out[i * pitch + j];
            *at = beta == 0 ? term : term + beta * *at;
        }
}
/* @end */

/* Rows of A, which have no gaps, times one column x: the products of a row go to 32 lanes in turn. */

/* @section modc_column_f32 : modc_unrolled modc_fma_f32 modc_fold32_sum_f32 */
static inline void modc_column_f32(int64_t M, int64_t K, float alpha, const float *A, int64_t lda, const float *x,
                                   float beta, float *C, int64_t ldc) {
    const int64_t whole = K / 32 * 32, rest = K - whole;
    for (int64_t i = 0; i < M; ++i) {
        const float *const a = A + i * lda;
        float lane[32] = {0}, *const c = C + i * ldc;
        for (int64_t k = 0; k < whole; k += 32)
            modc_unrolled
            for (int64_t l = 0; l < 32; ++l) lane[l] = modc_fma_f32(a[k + l], x[k + l], lane[l]);
        if (rest)
            for (int64_t l = 0; l < 32; ++l) {
                float kept = lane[l];
                if (l < rest) kept = modc_fma_f32(a[whole + l], x[whole + l], kept);
                lane[l] = kept;
            }
        const float term = alpha * modc_fold32_sum_f32(lane);
        *c = beta == 0 ? term : term + beta * *c;
    }
}
/* @end */

#endif
