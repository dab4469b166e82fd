/* modc_gemm_int.h: matrix products of integers, wrapping; plain loops.
 *
 * Input and output: as modc_gemm.h.
 */
#ifndef MODC_GEMM_INT_H
#define MODC_GEMM_INT_H

#include <stdint.h>

/* @section modc_gemm_i8 */
/* C = alpha op(A) op(B) + beta C, wrapping; as modc_gemm_f64 otherwise. */
static inline void modc_gemm_i8(int ta, int tb, int64_t M, int64_t N, int64_t K, int8_t alpha, const int8_t *A,
                                 int64_t lda, const int8_t *B, int64_t ldb, int8_t beta, int8_t *C, int64_t ldc) {
    for (int64_t i = 0; i < M; ++i)
        for (int64_t j0 = 0; j0 < N; j0 += 64) {
            const int64_t n = N - j0 < 64 ? N - j0 : 64;
            uint32_t sum[64] = {0};
            for (int64_t k = 0; k < K; ++k) {
                const uint32_t a = (uint32_t)(ta ? A[k * lda + i] : A[i * lda + k]);
                const int8_t *b = tb ? B + j0 * ldb + k : B + k * ldb + j0;
                for (int64_t j = 0; j < n; ++j) {
                    const uint32_t other = (uint32_t)b[tb ? j * ldb : j];
                    sum[j] = sum[j] + a * other;
                }
            }
            int8_t *c = C + i * ldc + j0;
            for (int64_t j = 0; j < n; ++j) {
                const uint32_t old = beta == 0 ? 0u : (uint32_t)beta * (uint32_t)c[j];
                c[j] = (int8_t)((uint32_t)alpha * sum[j] + old);
            }
        }
}
/* @end */

/* @section modc_gemm_i16 */
/* C = alpha op(A) op(B) + beta C, wrapping; as modc_gemm_f64 otherwise. */
static inline void modc_gemm_i16(int ta, int tb, int64_t M, int64_t N, int64_t K, int16_t alpha, const int16_t *A,
                                 int64_t lda, const int16_t *B, int64_t ldb, int16_t beta, int16_t *C, int64_t ldc) {
    for (int64_t i = 0; i < M; ++i)
        for (int64_t j0 = 0; j0 < N; j0 += 64) {
            const int64_t n = N - j0 < 64 ? N - j0 : 64;
            uint32_t sum[64] = {0};
            for (int64_t k = 0; k < K; ++k) {
                const uint32_t a = (uint32_t)(ta ? A[k * lda + i] : A[i * lda + k]);
                const int16_t *b = tb ? B + j0 * ldb + k : B + k * ldb + j0;
                for (int64_t j = 0; j < n; ++j) {
                    const uint32_t other = (uint32_t)b[tb ? j * ldb : j];
                    sum[j] = sum[j] + a * other;
                }
            }
            int16_t *c = C + i * ldc + j0;
            for (int64_t j = 0; j < n; ++j) {
                const uint32_t old = beta == 0 ? 0u : (uint32_t)beta * (uint32_t)c[j];
                c[j] = (int16_t)((uint32_t)alpha * sum[j] + old);
            }
        }
}
/* @end */

/* @section modc_gemm_i32 */
/* C = alpha op(A) op(B) + beta C, wrapping; as modc_gemm_f64 otherwise. */
static inline void modc_gemm_i32(int ta, int tb, int64_t M, int64_t N, int64_t K, int32_t alpha, const int32_t *A,
                                 int64_t lda, const int32_t *B, int64_t ldb, int32_t beta, int32_t *C, int64_t ldc) {
    for (int64_t i = 0; i < M; ++i)
        for (int64_t j0 = 0; j0 < N; j0 += 64) {
            const int64_t n = N - j0 < 64 ? N - j0 : 64;
            uint32_t sum[64] = {0};
            for (int64_t k = 0; k < K; ++k) {
                const uint32_t a = (uint32_t)(ta ? A[k * lda + i] : A[i * lda + k]);
                const int32_t *b = tb ? B + j0 * ldb + k : B + k * ldb + j0;
                for (int64_t j = 0; j < n; ++j) {
                    const uint32_t other = (uint32_t)b[tb ? j * ldb : j];
                    sum[j] = sum[j] + a * other;
                }
            }
            int32_t *c = C + i * ldc + j0;
            for (int64_t j = 0; j < n; ++j) {
                const uint32_t old = beta == 0 ? 0u : (uint32_t)beta * (uint32_t)c[j];
                c[j] = (int32_t)((uint32_t)alpha * sum[j] + old);
            }
        }
}
/* @end */

/* @section modc_gemm_i64 */
/* C = alpha op(A) op(B) + beta C, wrapping; as modc_gemm_f64 otherwise. */
static inline void modc_gemm_i64(int ta, int tb, int64_t M, int64_t N, int64_t K, int64_t alpha, const int64_t *A,
                                 int64_t lda, const int64_t *B, int64_t ldb, int64_t beta, int64_t *C, int64_t ldc) {
    for (int64_t i = 0; i < M; ++i)
        for (int64_t j0 = 0; j0 < N; j0 += 64) {
            const int64_t n = N - j0 < 64 ? N - j0 : 64;
            uint64_t sum[64] = {0};
            for (int64_t k = 0; k < K; ++k) {
                const uint64_t a = (uint64_t)(ta ? A[k * lda + i] : A[i * lda + k]);
                const int64_t *b = tb ? B + j0 * ldb + k : B + k * ldb + j0;
                for (int64_t j = 0; j < n; ++j) {
                    const uint64_t other = (uint64_t)b[tb ? j * ldb : j];
                    sum[j] = sum[j] + a * other;
                }
            }
            int64_t *c = C + i * ldc + j0;
            for (int64_t j = 0; j < n; ++j) {
                const uint64_t old = beta == 0 ? 0u : (uint64_t)beta * (uint64_t)c[j];
                c[j] = (int64_t)((uint64_t)alpha * sum[j] + old);
            }
        }
}
/* @end */

/* @section modc_gemm_u8 */
/* C = alpha op(A) op(B) + beta C, wrapping; as modc_gemm_f64 otherwise. */
static inline void modc_gemm_u8(int ta, int tb, int64_t M, int64_t N, int64_t K, uint8_t alpha, const uint8_t *A,
                                 int64_t lda, const uint8_t *B, int64_t ldb, uint8_t beta, uint8_t *C, int64_t ldc) {
    for (int64_t i = 0; i < M; ++i)
        for (int64_t j0 = 0; j0 < N; j0 += 64) {
            const int64_t n = N - j0 < 64 ? N - j0 : 64;
            uint32_t sum[64] = {0};
            for (int64_t k = 0; k < K; ++k) {
                const uint32_t a = (uint32_t)(ta ? A[k * lda + i] : A[i * lda + k]);
                const uint8_t *b = tb ? B + j0 * ldb + k : B + k * ldb + j0;
                for (int64_t j = 0; j < n; ++j) {
                    const uint32_t other = (uint32_t)b[tb ? j * ldb : j];
                    sum[j] = sum[j] + a * other;
                }
            }
            uint8_t *c = C + i * ldc + j0;
            for (int64_t j = 0; j < n; ++j) {
                const uint32_t old = beta == 0 ? 0u : (uint32_t)beta * (uint32_t)c[j];
                c[j] = (uint8_t)((uint32_t)alpha * sum[j] + old);
            }
        }
}
/* @end */

/* @section modc_gemm_u16 */
/* C = alpha op(A) op(B) + beta C, wrapping; as modc_gemm_f64 otherwise. */
static inline void modc_gemm_u16(int ta, int tb, int64_t M, int64_t N, int64_t K, uint16_t alpha, const uint16_t *A,
                                 int64_t lda, const uint16_t *B, int64_t ldb, uint16_t beta, uint16_t *C, int64_t ldc) {
    for (int64_t i = 0; i < M; ++i)
        for (int64_t j0 = 0; j0 < N; j0 += 64) {
            const int64_t n = N - j0 < 64 ? N - j0 : 64;
            uint32_t sum[64] = {0};
            for (int64_t k = 0; k < K; ++k) {
                const uint32_t a = (uint32_t)(ta ? A[k * lda + i] : A[i * lda + k]);
                const uint16_t *b = tb ? B + j0 * ldb + k : B + k * ldb + j0;
                for (int64_t j = 0; j < n; ++j) {
                    const uint32_t other = (uint32_t)b[tb ? j * ldb : j];
                    sum[j] = sum[j] + a * other;
                }
            }
            uint16_t *c = C + i * ldc + j0;
            for (int64_t j = 0; j < n; ++j) {
                const uint32_t old = beta == 0 ? 0u : (uint32_t)beta * (uint32_t)c[j];
                c[j] = (uint16_t)((uint32_t)alpha * sum[j] + old);
            }
        }
}
/* @end */

/* @section modc_gemm_u32 */
/* C = alpha op(A) op(B) + beta C, wrapping; as modc_gemm_f64 otherwise. */
static inline void modc_gemm_u32(int ta, int tb, int64_t M, int64_t N, int64_t K, uint32_t alpha, const uint32_t *A,
                                 int64_t lda, const uint32_t *B, int64_t ldb, uint32_t beta, uint32_t *C, int64_t ldc) {
    for (int64_t i = 0; i < M; ++i)
        for (int64_t j0 = 0; j0 < N; j0 += 64) {
            const int64_t n = N - j0 < 64 ? N - j0 : 64;
            uint32_t sum[64] = {0};
            for (int64_t k = 0; k < K; ++k) {
                const uint32_t a = (uint32_t)(ta ? A[k * lda + i] : A[i * lda + k]);
                const uint32_t *b = tb ? B + j0 * ldb + k : B + k * ldb + j0;
                for (int64_t j = 0; j < n; ++j) {
                    const uint32_t other = (uint32_t)b[tb ? j * ldb : j];
                    sum[j] = sum[j] + a * other;
                }
            }
            uint32_t *c = C + i * ldc + j0;
            for (int64_t j = 0; j < n; ++j) {
                const uint32_t old = beta == 0 ? 0u : (uint32_t)beta * (uint32_t)c[j];
                c[j] = (uint32_t)((uint32_t)alpha * sum[j] + old);
            }
        }
}
/* @end */

/* @section modc_gemm_u64 */
/* C = alpha op(A) op(B) + beta C, wrapping; as modc_gemm_f64 otherwise. */
static inline void modc_gemm_u64(int ta, int tb, int64_t M, int64_t N, int64_t K, uint64_t alpha, const uint64_t *A,
                                 int64_t lda, const uint64_t *B, int64_t ldb, uint64_t beta, uint64_t *C, int64_t ldc) {
    for (int64_t i = 0; i < M; ++i)
        for (int64_t j0 = 0; j0 < N; j0 += 64) {
            const int64_t n = N - j0 < 64 ? N - j0 : 64;
            uint64_t sum[64] = {0};
            for (int64_t k = 0; k < K; ++k) {
                const uint64_t a = (uint64_t)(ta ? A[k * lda + i] : A[i * lda + k]);
                const uint64_t *b = tb ? B + j0 * ldb + k : B + k * ldb + j0;
                for (int64_t j = 0; j < n; ++j) {
                    const uint64_t other = (uint64_t)b[tb ? j * ldb : j];
                    sum[j] = sum[j] + a * other;
                }
            }
            uint64_t *c = C + i * ldc + j0;
            for (int64_t j = 0; j < n; ++j) {
                const uint64_t old = beta == 0 ? 0u : (uint64_t)beta * (uint64_t)c[j];
                c[j] = (uint64_t)((uint64_t)alpha * sum[j] + old);
            }
        }
}
/* @end */

#endif
