/* modc_cumulate.h: running sums, products and extremes along one axis.
 *
 * Input: an array of outer x n x inner elements, row-major.  Output: the same shape; each element is the
 * combination of those up to it along the middle axis, first to last, in the array's own dtype.
 * Used by: the rows cumsum, cumprod, cummax, cummin, logcumsumexp and recurrence.
 *
 * Integers wrap.  Extremes of floats keep a NaN once there is one.
 */
#ifndef MODC_CUMULATE_H
#define MODC_CUMULATE_H

#include <stdint.h>

#include "modc_complex.h"
#include "modc_logs.h"
#include "modc_scalar.h"

/* @section MODC_CUMULATE */
/* A function whose running value `a` takes in each element `b` by `step`. */
#define MODC_CUMULATE(name, type, step)                                                              \
    static inline void name(int64_t outer, int64_t n, int64_t inner, const type *x, type *y) {       \
        for (int64_t i = 0; i < outer; ++i) {                                                         \
            for (int64_t k = 0; k < inner && n > 0; ++k) y[i * n * inner + k] = x[i * n * inner + k]; \
            for (int64_t j = 1; j < n; ++j) {                                                         \
                const int64_t at = (i * n + j) * inner;                                               \
                for (int64_t k = 0; k < inner; ++k) {                                                 \
                    const type a = y[at - inner + k], b = x[at + k];                                  \
                    y[at + k] = step;                                                                 \
                }                                                                                     \
            }                                                                                         \
        }                                                                                             \
    }
/* @end */

/* @section modc_cumsum_f64 : MODC_CUMULATE */
MODC_CUMULATE(modc_cumsum_f64, double, a + b)
/* @end */

/* @section modc_cumsum_f32 : MODC_CUMULATE */
MODC_CUMULATE(modc_cumsum_f32, float, a + b)
/* @end */

/* @section modc_cumsum_i64 : MODC_CUMULATE */
MODC_CUMULATE(modc_cumsum_i64, int64_t, (int64_t)((uint64_t)a + (uint64_t)b))
/* @end */

/* @section modc_cumsum_u64 : MODC_CUMULATE */
MODC_CUMULATE(modc_cumsum_u64, uint64_t, (uint64_t)((uint64_t)a + (uint64_t)b))
/* @end */

/* @section modc_cumsum_c128 : MODC_CUMULATE modc_add_c128 */
MODC_CUMULATE(modc_cumsum_c128, modc_c128, modc_add_c128(a, b))
/* @end */

/* @section modc_cumsum_c64 : MODC_CUMULATE modc_add_c64 */
MODC_CUMULATE(modc_cumsum_c64, modc_c64, modc_add_c64(a, b))
/* @end */

/* @section modc_cumprod_c128 : MODC_CUMULATE modc_mul_c128 */
MODC_CUMULATE(modc_cumprod_c128, modc_c128, modc_mul_c128(a, b))
/* @end */

/* @section modc_cumprod_c64 : MODC_CUMULATE modc_mul_c64 */
MODC_CUMULATE(modc_cumprod_c64, modc_c64, modc_mul_c64(a, b))
/* @end */

/* @section modc_cumprod_f64 : MODC_CUMULATE */
MODC_CUMULATE(modc_cumprod_f64, double, a * b)
/* @end */

/* @section modc_cumprod_f32 : MODC_CUMULATE */
MODC_CUMULATE(modc_cumprod_f32, float, a * b)
/* @end */

/* @section modc_cumprod_i64 : MODC_CUMULATE */
MODC_CUMULATE(modc_cumprod_i64, int64_t, (int64_t)((uint64_t)a * (uint64_t)b))
/* @end */

/* @section modc_cumprod_u64 : MODC_CUMULATE */
MODC_CUMULATE(modc_cumprod_u64, uint64_t, (uint64_t)((uint64_t)a * (uint64_t)b))
/* @end */

/* @section modc_cummax_f64 : MODC_CUMULATE modc_max_f64 */
MODC_CUMULATE(modc_cummax_f64, double, modc_max_f64(a, b))
/* @end */

/* @section modc_cummax_f32 : MODC_CUMULATE modc_max_f32 */
MODC_CUMULATE(modc_cummax_f32, float, modc_max_f32(a, b))
/* @end */

/* @section modc_cummax_i8 : MODC_CUMULATE modc_max_i8 */
MODC_CUMULATE(modc_cummax_i8, int8_t, modc_max_i8(a, b))
/* @end */

/* @section modc_cummax_i16 : MODC_CUMULATE modc_max_i16 */
MODC_CUMULATE(modc_cummax_i16, int16_t, modc_max_i16(a, b))
/* @end */

/* @section modc_cummax_i32 : MODC_CUMULATE modc_max_i32 */
MODC_CUMULATE(modc_cummax_i32, int32_t, modc_max_i32(a, b))
/* @end */

/* @section modc_cummax_i64 : MODC_CUMULATE modc_max_i64 */
MODC_CUMULATE(modc_cummax_i64, int64_t, modc_max_i64(a, b))
/* @end */

/* @section modc_cummax_u8 : MODC_CUMULATE modc_max_u8 */
MODC_CUMULATE(modc_cummax_u8, uint8_t, modc_max_u8(a, b))
/* @end */

/* @section modc_cummax_u16 : MODC_CUMULATE modc_max_u16 */
MODC_CUMULATE(modc_cummax_u16, uint16_t, modc_max_u16(a, b))
/* @end */

/* @section modc_cummax_u32 : MODC_CUMULATE modc_max_u32 */
MODC_CUMULATE(modc_cummax_u32, uint32_t, modc_max_u32(a, b))
/* @end */

/* @section modc_cummax_u64 : MODC_CUMULATE modc_max_u64 */
MODC_CUMULATE(modc_cummax_u64, uint64_t, modc_max_u64(a, b))
/* @end */

/* @section modc_cummax_b8 : MODC_CUMULATE modc_max_u8 */
MODC_CUMULATE(modc_cummax_b8, uint8_t, modc_max_u8(a, b))
/* @end */

/* @section modc_cummin_f64 : MODC_CUMULATE modc_min_f64 */
MODC_CUMULATE(modc_cummin_f64, double, modc_min_f64(a, b))
/* @end */

/* @section modc_cummin_f32 : MODC_CUMULATE modc_min_f32 */
MODC_CUMULATE(modc_cummin_f32, float, modc_min_f32(a, b))
/* @end */

/* @section modc_cummin_i8 : MODC_CUMULATE modc_min_i8 */
MODC_CUMULATE(modc_cummin_i8, int8_t, modc_min_i8(a, b))
/* @end */

/* @section modc_cummin_i16 : MODC_CUMULATE modc_min_i16 */
MODC_CUMULATE(modc_cummin_i16, int16_t, modc_min_i16(a, b))
/* @end */

/* @section modc_cummin_i32 : MODC_CUMULATE modc_min_i32 */
MODC_CUMULATE(modc_cummin_i32, int32_t, modc_min_i32(a, b))
/* @end */

/* @section modc_cummin_i64 : MODC_CUMULATE modc_min_i64 */
MODC_CUMULATE(modc_cummin_i64, int64_t, modc_min_i64(a, b))
/* @end */

/* @section modc_cummin_u8 : MODC_CUMULATE modc_min_u8 */
MODC_CUMULATE(modc_cummin_u8, uint8_t, modc_min_u8(a, b))
/* @end */

/* @section modc_cummin_u16 : MODC_CUMULATE modc_min_u16 */
MODC_CUMULATE(modc_cummin_u16, uint16_t, modc_min_u16(a, b))
/* @end */

/* @section modc_cummin_u32 : MODC_CUMULATE modc_min_u32 */
MODC_CUMULATE(modc_cummin_u32, uint32_t, modc_min_u32(a, b))
/* @end */

/* @section modc_cummin_u64 : MODC_CUMULATE modc_min_u64 */
MODC_CUMULATE(modc_cummin_u64, uint64_t, modc_min_u64(a, b))
/* @end */

/* @section modc_cummin_b8 : MODC_CUMULATE modc_min_u8 */
MODC_CUMULATE(modc_cummin_b8, uint8_t, modc_min_u8(a, b))
/* @end */

/* @section modc_logcumsumexp_f64 : MODC_CUMULATE modc_logaddexp_f64 */
MODC_CUMULATE(modc_logcumsumexp_f64, double, modc_logaddexp_f64(a, b))
/* @end */

/* @section modc_logcumsumexp_f32 : MODC_CUMULATE modc_logaddexp_f32 */
MODC_CUMULATE(modc_logcumsumexp_f32, float, modc_logaddexp_f32(a, b))
/* @end */

/* @section MODC_RECURRENCE */
/* Along the middle axis y[0] = b[0], then y[j] = a[j] * y[j - 1] + b[j]; a[0] does not count. */
#define MODC_RECURRENCE(name, type)                                                                             \
    static inline void name(int64_t outer, int64_t n, int64_t inner, const type *a, const type *b, type *y) {  \
        for (int64_t i = 0; i < outer; ++i) {                                                                   \
            for (int64_t k = 0; k < inner && n > 0; ++k) y[i * n * inner + k] = b[i * n * inner + k];           \
            for (int64_t j = 1; j < n; ++j) {                                                                   \
                const int64_t at = (i * n + j) * inner;                                                         \
                for (int64_t k = 0; k < inner; ++k) y[at + k] = a[at + k] * y[at - inner + k] + b[at + k];      \
            }                                                                                                   \
        }                                                                                                       \
    }
/* @end */

/* @section modc_recurrence_f64 : MODC_RECURRENCE */
MODC_RECURRENCE(modc_recurrence_f64, double)
/* @end */

/* @section modc_recurrence_f32 : MODC_RECURRENCE */
MODC_RECURRENCE(modc_recurrence_f32, float)
/* @end */

#endif
