/* modc_reduce.h: the 32 lanes of a reduction folded to one value.
 *
 * Input: 32 partial results, lane l holding the elements j with j % 32 = l.  Output: their sum, product,
 * maximum or minimum over one fixed tree (l with l+16, then +8, +4, +2, +1), so that the order of the
 * operations never depends on the vector width.  Used by: the emitted reductions.
 *
 * Maximum and minimum of floats keep a NaN.  Integers wrap.
 */
#ifndef MODC_REDUCE_H
#define MODC_REDUCE_H

#include <stdint.h>

#include "modc_scalar.h"

/* @section modc_fold32_sum_f64 */
static inline double modc_fold32_sum_f64(const double *lane) {
    double a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = lane[l] + lane[l + 16];
    for (int l = 0; l < 8; ++l) b[l] = a[l] + a[l + 8];
    for (int l = 0; l < 4; ++l) b[l] = b[l] + b[l + 4];
    return (b[0] + b[2]) + (b[1] + b[3]);
}
/* @end */

/* @section modc_fold32_sum_f32 */
static inline float modc_fold32_sum_f32(const float *lane) {
    float a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = lane[l] + lane[l + 16];
    for (int l = 0; l < 8; ++l) b[l] = a[l] + a[l + 8];
    for (int l = 0; l < 4; ++l) b[l] = b[l] + b[l + 4];
    return (b[0] + b[2]) + (b[1] + b[3]);
}
/* @end */

/* @section modc_fold32_sum_i8 */
static inline int8_t modc_fold32_sum_i8(const int8_t *lane) {
    uint32_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = (uint32_t)lane[l] + (uint32_t)lane[l + 16];
    for (int l = 0; l < 8; ++l) b[l] = a[l] + a[l + 8];
    for (int l = 0; l < 4; ++l) b[l] = b[l] + b[l + 4];
    return (int8_t)((b[0] + b[2]) + (b[1] + b[3]));
}
/* @end */

/* @section modc_fold32_sum_i16 */
static inline int16_t modc_fold32_sum_i16(const int16_t *lane) {
    uint32_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = (uint32_t)lane[l] + (uint32_t)lane[l + 16];
    for (int l = 0; l < 8; ++l) b[l] = a[l] + a[l + 8];
    for (int l = 0; l < 4; ++l) b[l] = b[l] + b[l + 4];
    return (int16_t)((b[0] + b[2]) + (b[1] + b[3]));
}
/* @end */

/* @section modc_fold32_sum_i32 */
static inline int32_t modc_fold32_sum_i32(const int32_t *lane) {
    uint32_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = (uint32_t)lane[l] + (uint32_t)lane[l + 16];
    for (int l = 0; l < 8; ++l) b[l] = a[l] + a[l + 8];
    for (int l = 0; l < 4; ++l) b[l] = b[l] + b[l + 4];
    return (int32_t)((b[0] + b[2]) + (b[1] + b[3]));
}
/* @end */

/* @section modc_fold32_sum_i64 */
static inline int64_t modc_fold32_sum_i64(const int64_t *lane) {
    uint64_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = (uint64_t)lane[l] + (uint64_t)lane[l + 16];
    for (int l = 0; l < 8; ++l) b[l] = a[l] + a[l + 8];
    for (int l = 0; l < 4; ++l) b[l] = b[l] + b[l + 4];
    return (int64_t)((b[0] + b[2]) + (b[1] + b[3]));
}
/* @end */

/* @section modc_fold32_sum_u8 */
static inline uint8_t modc_fold32_sum_u8(const uint8_t *lane) {
    uint32_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = (uint32_t)lane[l] + (uint32_t)lane[l + 16];
    for (int l = 0; l < 8; ++l) b[l] = a[l] + a[l + 8];
    for (int l = 0; l < 4; ++l) b[l] = b[l] + b[l + 4];
    return (uint8_t)((b[0] + b[2]) + (b[1] + b[3]));
}
/* @end */

/* @section modc_fold32_sum_u16 */
static inline uint16_t modc_fold32_sum_u16(const uint16_t *lane) {
    uint32_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = (uint32_t)lane[l] + (uint32_t)lane[l + 16];
    for (int l = 0; l < 8; ++l) b[l] = a[l] + a[l + 8];
    for (int l = 0; l < 4; ++l) b[l] = b[l] + b[l + 4];
    return (uint16_t)((b[0] + b[2]) + (b[1] + b[3]));
}
/* @end */

/* @section modc_fold32_sum_u32 */
static inline uint32_t modc_fold32_sum_u32(const uint32_t *lane) {
    uint32_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = lane[l] + lane[l + 16];
    for (int l = 0; l < 8; ++l) b[l] = a[l] + a[l + 8];
    for (int l = 0; l < 4; ++l) b[l] = b[l] + b[l + 4];
    return (b[0] + b[2]) + (b[1] + b[3]);
}
/* @end */

/* @section modc_fold32_sum_u64 */
static inline uint64_t modc_fold32_sum_u64(const uint64_t *lane) {
    uint64_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = lane[l] + lane[l + 16];
    for (int l = 0; l < 8; ++l) b[l] = a[l] + a[l + 8];
    for (int l = 0; l < 4; ++l) b[l] = b[l] + b[l + 4];
    return (b[0] + b[2]) + (b[1] + b[3]);
}
/* @end */

/* @section modc_fold32_prod_f64 */
static inline double modc_fold32_prod_f64(const double *lane) {
    double a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = lane[l] * lane[l + 16];
    for (int l = 0; l < 8; ++l) b[l] = a[l] * a[l + 8];
    for (int l = 0; l < 4; ++l) b[l] = b[l] * b[l + 4];
    return (b[0] * b[2]) * (b[1] * b[3]);
}
/* @end */

/* @section modc_fold32_prod_f32 */
static inline float modc_fold32_prod_f32(const float *lane) {
    float a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = lane[l] * lane[l + 16];
    for (int l = 0; l < 8; ++l) b[l] = a[l] * a[l + 8];
    for (int l = 0; l < 4; ++l) b[l] = b[l] * b[l + 4];
    return (b[0] * b[2]) * (b[1] * b[3]);
}
/* @end */

/* @section modc_fold32_prod_i8 */
static inline int8_t modc_fold32_prod_i8(const int8_t *lane) {
    uint32_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = (uint32_t)lane[l] * (uint32_t)lane[l + 16];
    for (int l = 0; l < 8; ++l) b[l] = a[l] * a[l + 8];
    for (int l = 0; l < 4; ++l) b[l] = b[l] * b[l + 4];
    return (int8_t)((b[0] * b[2]) * (b[1] * b[3]));
}
/* @end */

/* @section modc_fold32_prod_i16 */
static inline int16_t modc_fold32_prod_i16(const int16_t *lane) {
    uint32_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = (uint32_t)lane[l] * (uint32_t)lane[l + 16];
    for (int l = 0; l < 8; ++l) b[l] = a[l] * a[l + 8];
    for (int l = 0; l < 4; ++l) b[l] = b[l] * b[l + 4];
    return (int16_t)((b[0] * b[2]) * (b[1] * b[3]));
}
/* @end */

/* @section modc_fold32_prod_i32 */
static inline int32_t modc_fold32_prod_i32(const int32_t *lane) {
    uint32_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = (uint32_t)lane[l] * (uint32_t)lane[l + 16];
    for (int l = 0; l < 8; ++l) b[l] = a[l] * a[l + 8];
    for (int l = 0; l < 4; ++l) b[l] = b[l] * b[l + 4];
    return (int32_t)((b[0] * b[2]) * (b[1] * b[3]));
}
/* @end */

/* @section modc_fold32_prod_i64 */
static inline int64_t modc_fold32_prod_i64(const int64_t *lane) {
    uint64_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = (uint64_t)lane[l] * (uint64_t)lane[l + 16];
    for (int l = 0; l < 8; ++l) b[l] = a[l] * a[l + 8];
    for (int l = 0; l < 4; ++l) b[l] = b[l] * b[l + 4];
    return (int64_t)((b[0] * b[2]) * (b[1] * b[3]));
}
/* @end */

/* @section modc_fold32_prod_u8 */
static inline uint8_t modc_fold32_prod_u8(const uint8_t *lane) {
    uint32_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = (uint32_t)lane[l] * (uint32_t)lane[l + 16];
    for (int l = 0; l < 8; ++l) b[l] = a[l] * a[l + 8];
    for (int l = 0; l < 4; ++l) b[l] = b[l] * b[l + 4];
    return (uint8_t)((b[0] * b[2]) * (b[1] * b[3]));
}
/* @end */

/* @section modc_fold32_prod_u16 */
static inline uint16_t modc_fold32_prod_u16(const uint16_t *lane) {
    uint32_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = (uint32_t)lane[l] * (uint32_t)lane[l + 16];
    for (int l = 0; l < 8; ++l) b[l] = a[l] * a[l + 8];
    for (int l = 0; l < 4; ++l) b[l] = b[l] * b[l + 4];
    return (uint16_t)((b[0] * b[2]) * (b[1] * b[3]));
}
/* @end */

/* @section modc_fold32_prod_u32 */
static inline uint32_t modc_fold32_prod_u32(const uint32_t *lane) {
    uint32_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = lane[l] * lane[l + 16];
    for (int l = 0; l < 8; ++l) b[l] = a[l] * a[l + 8];
    for (int l = 0; l < 4; ++l) b[l] = b[l] * b[l + 4];
    return (b[0] * b[2]) * (b[1] * b[3]);
}
/* @end */

/* @section modc_fold32_prod_u64 */
static inline uint64_t modc_fold32_prod_u64(const uint64_t *lane) {
    uint64_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = lane[l] * lane[l + 16];
    for (int l = 0; l < 8; ++l) b[l] = a[l] * a[l + 8];
    for (int l = 0; l < 4; ++l) b[l] = b[l] * b[l + 4];
    return (b[0] * b[2]) * (b[1] * b[3]);
}
/* @end */

/* @section modc_fold32_max_f64 : modc_max_f64 */
static inline double modc_fold32_max_f64(const double *lane) {
    double a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = modc_max_f64(lane[l], lane[l + 16]);
    for (int l = 0; l < 8; ++l) b[l] = modc_max_f64(a[l], a[l + 8]);
    for (int l = 0; l < 4; ++l) b[l] = modc_max_f64(b[l], b[l + 4]);
    return modc_max_f64(modc_max_f64(b[0], b[2]), modc_max_f64(b[1], b[3]));
}
/* @end */

/* @section modc_fold32_max_f32 : modc_max_f32 */
static inline float modc_fold32_max_f32(const float *lane) {
    float a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = modc_max_f32(lane[l], lane[l + 16]);
    for (int l = 0; l < 8; ++l) b[l] = modc_max_f32(a[l], a[l + 8]);
    for (int l = 0; l < 4; ++l) b[l] = modc_max_f32(b[l], b[l + 4]);
    return modc_max_f32(modc_max_f32(b[0], b[2]), modc_max_f32(b[1], b[3]));
}
/* @end */

/* @section modc_fold32_max_i8 : modc_max_i8 */
static inline int8_t modc_fold32_max_i8(const int8_t *lane) {
    int8_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = modc_max_i8(lane[l], lane[l + 16]);
    for (int l = 0; l < 8; ++l) b[l] = modc_max_i8(a[l], a[l + 8]);
    for (int l = 0; l < 4; ++l) b[l] = modc_max_i8(b[l], b[l + 4]);
    return modc_max_i8(modc_max_i8(b[0], b[2]), modc_max_i8(b[1], b[3]));
}
/* @end */

/* @section modc_fold32_max_i16 : modc_max_i16 */
static inline int16_t modc_fold32_max_i16(const int16_t *lane) {
    int16_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = modc_max_i16(lane[l], lane[l + 16]);
    for (int l = 0; l < 8; ++l) b[l] = modc_max_i16(a[l], a[l + 8]);
    for (int l = 0; l < 4; ++l) b[l] = modc_max_i16(b[l], b[l + 4]);
    return modc_max_i16(modc_max_i16(b[0], b[2]), modc_max_i16(b[1], b[3]));
}
/* @end */

/* @section modc_fold32_max_i32 : modc_max_i32 */
static inline int32_t modc_fold32_max_i32(const int32_t *lane) {
    int32_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = modc_max_i32(lane[l], lane[l + 16]);
    for (int l = 0; l < 8; ++l) b[l] = modc_max_i32(a[l], a[l + 8]);
    for (int l = 0; l < 4; ++l) b[l] = modc_max_i32(b[l], b[l + 4]);
    return modc_max_i32(modc_max_i32(b[0], b[2]), modc_max_i32(b[1], b[3]));
}
/* @end */

/* @section modc_fold32_max_i64 : modc_max_i64 */
static inline int64_t modc_fold32_max_i64(const int64_t *lane) {
    int64_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = modc_max_i64(lane[l], lane[l + 16]);
    for (int l = 0; l < 8; ++l) b[l] = modc_max_i64(a[l], a[l + 8]);
    for (int l = 0; l < 4; ++l) b[l] = modc_max_i64(b[l], b[l + 4]);
    return modc_max_i64(modc_max_i64(b[0], b[2]), modc_max_i64(b[1], b[3]));
}
/* @end */

/* @section modc_fold32_max_u8 : modc_max_u8 */
static inline uint8_t modc_fold32_max_u8(const uint8_t *lane) {
    uint8_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = modc_max_u8(lane[l], lane[l + 16]);
    for (int l = 0; l < 8; ++l) b[l] = modc_max_u8(a[l], a[l + 8]);
    for (int l = 0; l < 4; ++l) b[l] = modc_max_u8(b[l], b[l + 4]);
    return modc_max_u8(modc_max_u8(b[0], b[2]), modc_max_u8(b[1], b[3]));
}
/* @end */

/* @section modc_fold32_max_u16 : modc_max_u16 */
static inline uint16_t modc_fold32_max_u16(const uint16_t *lane) {
    uint16_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = modc_max_u16(lane[l], lane[l + 16]);
    for (int l = 0; l < 8; ++l) b[l] = modc_max_u16(a[l], a[l + 8]);
    for (int l = 0; l < 4; ++l) b[l] = modc_max_u16(b[l], b[l + 4]);
    return modc_max_u16(modc_max_u16(b[0], b[2]), modc_max_u16(b[1], b[3]));
}
/* @end */

/* @section modc_fold32_max_u32 : modc_max_u32 */
static inline uint32_t modc_fold32_max_u32(const uint32_t *lane) {
    uint32_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = modc_max_u32(lane[l], lane[l + 16]);
    for (int l = 0; l < 8; ++l) b[l] = modc_max_u32(a[l], a[l + 8]);
    for (int l = 0; l < 4; ++l) b[l] = modc_max_u32(b[l], b[l + 4]);
    return modc_max_u32(modc_max_u32(b[0], b[2]), modc_max_u32(b[1], b[3]));
}
/* @end */

/* @section modc_fold32_max_u64 : modc_max_u64 */
static inline uint64_t modc_fold32_max_u64(const uint64_t *lane) {
    uint64_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = modc_max_u64(lane[l], lane[l + 16]);
    for (int l = 0; l < 8; ++l) b[l] = modc_max_u64(a[l], a[l + 8]);
    for (int l = 0; l < 4; ++l) b[l] = modc_max_u64(b[l], b[l + 4]);
    return modc_max_u64(modc_max_u64(b[0], b[2]), modc_max_u64(b[1], b[3]));
}
/* @end */

/* @section modc_fold32_min_f64 : modc_min_f64 */
static inline double modc_fold32_min_f64(const double *lane) {
    double a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = modc_min_f64(lane[l], lane[l + 16]);
    for (int l = 0; l < 8; ++l) b[l] = modc_min_f64(a[l], a[l + 8]);
    for (int l = 0; l < 4; ++l) b[l] = modc_min_f64(b[l], b[l + 4]);
    return modc_min_f64(modc_min_f64(b[0], b[2]), modc_min_f64(b[1], b[3]));
}
/* @end */

/* @section modc_fold32_min_f32 : modc_min_f32 */
static inline float modc_fold32_min_f32(const float *lane) {
    float a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = modc_min_f32(lane[l], lane[l + 16]);
    for (int l = 0; l < 8; ++l) b[l] = modc_min_f32(a[l], a[l + 8]);
    for (int l = 0; l < 4; ++l) b[l] = modc_min_f32(b[l], b[l + 4]);
    return modc_min_f32(modc_min_f32(b[0], b[2]), modc_min_f32(b[1], b[3]));
}
/* @end */

/* @section modc_fold32_min_i8 : modc_min_i8 */
static inline int8_t modc_fold32_min_i8(const int8_t *lane) {
    int8_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = modc_min_i8(lane[l], lane[l + 16]);
    for (int l = 0; l < 8; ++l) b[l] = modc_min_i8(a[l], a[l + 8]);
    for (int l = 0; l < 4; ++l) b[l] = modc_min_i8(b[l], b[l + 4]);
    return modc_min_i8(modc_min_i8(b[0], b[2]), modc_min_i8(b[1], b[3]));
}
/* @end */

/* @section modc_fold32_min_i16 : modc_min_i16 */
static inline int16_t modc_fold32_min_i16(const int16_t *lane) {
    int16_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = modc_min_i16(lane[l], lane[l + 16]);
    for (int l = 0; l < 8; ++l) b[l] = modc_min_i16(a[l], a[l + 8]);
    for (int l = 0; l < 4; ++l) b[l] = modc_min_i16(b[l], b[l + 4]);
    return modc_min_i16(modc_min_i16(b[0], b[2]), modc_min_i16(b[1], b[3]));
}
/* @end */

/* @section modc_fold32_min_i32 : modc_min_i32 */
static inline int32_t modc_fold32_min_i32(const int32_t *lane) {
    int32_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = modc_min_i32(lane[l], lane[l + 16]);
    for (int l = 0; l < 8; ++l) b[l] = modc_min_i32(a[l], a[l + 8]);
    for (int l = 0; l < 4; ++l) b[l] = modc_min_i32(b[l], b[l + 4]);
    return modc_min_i32(modc_min_i32(b[0], b[2]), modc_min_i32(b[1], b[3]));
}
/* @end */

/* @section modc_fold32_min_i64 : modc_min_i64 */
static inline int64_t modc_fold32_min_i64(const int64_t *lane) {
    int64_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = modc_min_i64(lane[l], lane[l + 16]);
    for (int l = 0; l < 8; ++l) b[l] = modc_min_i64(a[l], a[l + 8]);
    for (int l = 0; l < 4; ++l) b[l] = modc_min_i64(b[l], b[l + 4]);
    return modc_min_i64(modc_min_i64(b[0], b[2]), modc_min_i64(b[1], b[3]));
}
/* @end */

/* @section modc_fold32_min_u8 : modc_min_u8 */
static inline uint8_t modc_fold32_min_u8(const uint8_t *lane) {
    uint8_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = modc_min_u8(lane[l], lane[l + 16]);
    for (int l = 0; l < 8; ++l) b[l] = modc_min_u8(a[l], a[l + 8]);
    for (int l = 0; l < 4; ++l) b[l] = modc_min_u8(b[l], b[l + 4]);
    return modc_min_u8(modc_min_u8(b[0], b[2]), modc_min_u8(b[1], b[3]));
}
/* @end */

/* @section modc_fold32_min_u16 : modc_min_u16 */
static inline uint16_t modc_fold32_min_u16(const uint16_t *lane) {
    uint16_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = modc_min_u16(lane[l], lane[l + 16]);
    for (int l = 0; l < 8; ++l) b[l] = modc_min_u16(a[l], a[l + 8]);
    for (int l = 0; l < 4; ++l) b[l] = modc_min_u16(b[l], b[l + 4]);
    return modc_min_u16(modc_min_u16(b[0], b[2]), modc_min_u16(b[1], b[3]));
}
/* @end */

/* @section modc_fold32_min_u32 : modc_min_u32 */
static inline uint32_t modc_fold32_min_u32(const uint32_t *lane) {
    uint32_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = modc_min_u32(lane[l], lane[l + 16]);
    for (int l = 0; l < 8; ++l) b[l] = modc_min_u32(a[l], a[l + 8]);
    for (int l = 0; l < 4; ++l) b[l] = modc_min_u32(b[l], b[l + 4]);
    return modc_min_u32(modc_min_u32(b[0], b[2]), modc_min_u32(b[1], b[3]));
}
/* @end */

/* @section modc_fold32_min_u64 : modc_min_u64 */
static inline uint64_t modc_fold32_min_u64(const uint64_t *lane) {
    uint64_t a[16], b[8];
    for (int l = 0; l < 16; ++l) a[l] = modc_min_u64(lane[l], lane[l + 16]);
    for (int l = 0; l < 8; ++l) b[l] = modc_min_u64(a[l], a[l + 8]);
    for (int l = 0; l < 4; ++l) b[l] = modc_min_u64(b[l], b[l + 4]);
    return modc_min_u64(modc_min_u64(b[0], b[2]), modc_min_u64(b[1], b[3]));
}
/* @end */

#endif
