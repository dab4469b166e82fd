/* modc_matmul.h: products of stacks of matrices.
 *
 * Input: `batch` matrices of m x k and of k x n, row-major, one behind the other.  Output: their products.
 * Used by: the row matmul; a single product is a modc_gemm_*.
 */
#ifndef MODC_MATMUL_H
#define MODC_MATMUL_H

#include <stdint.h>

#include "modc_gemm.h"
#include "modc_gemm_int.h"

/* @section MODC_MATMUL */
#define MODC_MATMUL(name, type, gemm)                                                                   \
    static inline void name(int64_t batch, int64_t m, int64_t n, int64_t k, const type *a, const type *b, \
                            type *c) {                                                                  \
        for (int64_t i = 0; i < batch; ++i)                                                             \
            gemm(0, 0, m, n, k, 1, a + i * m * k, k, b + i * k * n, n, 0, c + i * m * n, n);            \
    }
/* @end */

/* @section modc_matmul_f64 : MODC_MATMUL modc_gemm_f64 */
MODC_MATMUL(modc_matmul_f64, double, modc_gemm_f64)
/* @end */

/* @section modc_matmul_f32 : MODC_MATMUL modc_gemm_f32 */
MODC_MATMUL(modc_matmul_f32, float, modc_gemm_f32)
/* @end */

/* @section modc_matmul_i8 : MODC_MATMUL modc_gemm_i8 */
MODC_MATMUL(modc_matmul_i8, int8_t, modc_gemm_i8)
/* @end */

/* @section modc_matmul_i16 : MODC_MATMUL modc_gemm_i16 */
MODC_MATMUL(modc_matmul_i16, int16_t, modc_gemm_i16)
/* @end */

/* @section modc_matmul_i32 : MODC_MATMUL modc_gemm_i32 */
MODC_MATMUL(modc_matmul_i32, int32_t, modc_gemm_i32)
/* @end */

/* @section modc_matmul_i64 : MODC_MATMUL modc_gemm_i64 */
MODC_MATMUL(modc_matmul_i64, int64_t, modc_gemm_i64)
/* @end */

/* @section modc_matmul_u8 : MODC_MATMUL modc_gemm_u8 */
MODC_MATMUL(modc_matmul_u8, uint8_t, modc_gemm_u8)
/* @end */

/* @section modc_matmul_u16 : MODC_MATMUL modc_gemm_u16 */
MODC_MATMUL(modc_matmul_u16, uint16_t, modc_gemm_u16)
/* @end */

/* @section modc_matmul_u32 : MODC_MATMUL modc_gemm_u32 */
MODC_MATMUL(modc_matmul_u32, uint32_t, modc_gemm_u32)
/* @end */

/* @section modc_matmul_u64 : MODC_MATMUL modc_gemm_u64 */
MODC_MATMUL(modc_matmul_u64, uint64_t, modc_gemm_u64)
/* @end */

#endif
