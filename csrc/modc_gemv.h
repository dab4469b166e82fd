/* modc_gemv.h: products with one row or one column, for modc_gemm.h.
 *
 * Input: matrices with row pitches.  Output: c = alpha (product) + beta c, where beta = 0 only writes c.
 * The bits do not depend on the vector width.
 */
#ifndef MODC_GEMV_H
#define MODC_GEMV_H

#include <stdint.h>

#include "modc_bits.h"
#include "modc_reduce.h"

/* One row times B, in memory's order; the sums of 256 columns stay in the cache.  The order of additions is that
 * of modc_gemm_f64: in order of k, in blocks of 128. */

/* @section modc_row_f64 : modc_fma_f64 */
static inline void modc_row_f64(int64_t N, int64_t K, double alpha, const double *a, int64_t step, const double *b,
                                int64_t ldb, double beta, double *c, int64_t right) {
    for (int64_t j0 = 0; j0 < N; j0 += 256) {
        const int64_t n = N - j0 < 256 ? N - j0 : 256;
        double keep = beta, sum[256];
        int64_t k0 = 0;
        do {
            const int64_t end = K - k0 < 128 ? K : k0 + 128;
            for (int64_t j = 0; j < n; ++j) sum[j] = 0;
            for (int64_t k = k0; k < end; ++k)
                for (int64_t j = 0; j < n; ++j) sum[j] = modc_fma_f64(a[k * step], b[k * ldb + j0 + j], sum[j]);
            for (int64_t j = 0; j < n; ++j) {
                double *const at = c + (j0 + j) * right;
                const double term = alpha * sum[j];
                *at = keep == 0 ? term : term + keep * *at;
            }
            keep = 1;
            k0 += 128;
        } while (k0 < K);
    }
}
/* @end */

/* Rows of A, which have no gaps, times one column x: the products of a row go to 32 lanes in turn. */

/* @section modc_column_f64 : modc_fma_f64 modc_fold32_sum_f64 */
static inline void modc_column_f64(int64_t M, int64_t K, double alpha, const double *A, int64_t lda, const double *x,
                                   double beta, double *C, int64_t ldc) {
    const int64_t whole = K / 32 * 32, rest = K - whole;
    for (int64_t i = 0; i < M; ++i) {
        const double *const a = A + i * lda;
        double lane[32] = {0}, *const c = C + i * ldc;
        for (int64_t k = 0; k < whole; k += 32)
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

/* One row times B, in memory's order; the sums of 256 columns stay in the cache.  The order of additions is that
 * of modc_gemm_f32: in order of k, in blocks of 128. */

/* @section modc_row_f32 : modc_fma_f32 */
static inline void modc_row_f32(int64_t N, int64_t K, float alpha, const float *a, int64_t step, const float *b,
                                int64_t ldb, float beta, float *c, int64_t right) {
    for (int64_t j0 = 0; j0 < N; j0 += 256) {
        const int64_t n = N - j0 < 256 ? N - j0 : 256;
        float keep = beta, sum[256];
        int64_t k0 = 0;
        do {
            const int64_t end = K - k0 < 128 ? K : k0 + 128;
            for (int64_t j = 0; j < n; ++j) sum[j] = 0;
            for (int64_t k = k0; k < end; ++k)
                for (int64_t j = 0; j < n; ++j) sum[j] = modc_fma_f32(a[k * step], b[k * ldb + j0 + j], sum[j]);
            for (int64_t j = 0; j < n; ++j) {
                float *const at = c + (j0 + j) * right;
                const float term = alpha * sum[j];
                *at = keep == 0 ? term : term + keep * *at;
            }
            keep = 1;
            k0 += 128;
        } while (k0 < K);
    }
}
/* @end */

/* Rows of A, which have no gaps, times one column x: the products of a row go to 32 lanes in turn. */

/* @section modc_column_f32 : modc_fma_f32 modc_fold32_sum_f32 */
static inline void modc_column_f32(int64_t M, int64_t K, float alpha, const float *A, int64_t lda, const float *x,
                                   float beta, float *C, int64_t ldc) {
    const int64_t whole = K / 32 * 32, rest = K - whole;
    for (int64_t i = 0; i < M; ++i) {
        const float *const a = A + i * lda;
        float lane[32] = {0}, *const c = C + i * ldc;
        for (int64_t k = 0; k < whole; k += 32)
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
