/* modc_keys.h: elements as unsigned integers in the same order.
 *
 * modc_sort_key_T gives a key of the element's size, with every NaN above infinity and -0.0 below 0.0, and
 * modc_sort_unkey_T its element.  modc_sort_level_T gives one key for all NaNs, and one for both zeros.
 * Used by: modc_sort.h.
 */
#ifndef MODC_KEYS_H
#define MODC_KEYS_H

#include <stdint.h>
#include <string.h>

/* @section modc_sort_key_f64 */
static inline uint64_t modc_sort_key_f64(double x) {
    uint64_t u;
    memcpy(&u, &x, sizeof u);
    if (u << 1 > UINT64_C(0xFFE0000000000000)) u &= UINT64_MAX >> 1;
    return u ^ (u >> 63 ? UINT64_MAX : UINT64_C(1) << 63);
}
/* @end */

/* @section modc_sort_unkey_f64 */
static inline double modc_sort_unkey_f64(uint64_t u) {
    double x;
    u ^= u >> 63 ? UINT64_C(1) << 63 : UINT64_MAX;
    memcpy(&x, &u, sizeof x);
    return x;
}
/* @end */

/* @section modc_sort_level_f64 : modc_sort_key_f64 */
/* The key, which is the same for all NaNs, and for both zeros. */
static inline uint64_t modc_sort_level_f64(double x) {
    return x < 0 || x > 0 ? modc_sort_key_f64(x) : x <= 0 ? UINT64_C(1) << 63 : UINT64_MAX;
}
/* @end */

/* @section modc_sort_key_f32 */
static inline uint32_t modc_sort_key_f32(float x) {
    uint32_t u;
    memcpy(&u, &x, sizeof u);
    if (u << 1 > UINT32_C(0xFF000000)) u &= UINT32_MAX >> 1;
    return u ^ (u >> 31 ? UINT32_MAX : UINT32_C(1) << 31);
}
/* @end */

/* @section modc_sort_unkey_f32 */
static inline float modc_sort_unkey_f32(uint32_t u) {
    float x;
    u ^= u >> 31 ? UINT32_C(1) << 31 : UINT32_MAX;
    memcpy(&x, &u, sizeof x);
    return x;
}
/* @end */

/* @section modc_sort_level_f32 : modc_sort_key_f32 */
/* The key, which is the same for all NaNs, and for both zeros. */
static inline uint64_t modc_sort_level_f32(float x) {
    return x < 0 || x > 0 ? modc_sort_key_f32(x) : x <= 0 ? UINT32_C(1) << 31 : UINT32_MAX;
}
/* @end */

/* @section modc_sort_key_i8 */
static inline uint8_t modc_sort_key_i8(int8_t x) { return (uint8_t)((uint8_t)x ^ 128u); }
/* @end */

/* @section modc_sort_unkey_i8 */
static inline int8_t modc_sort_unkey_i8(uint8_t u) { return (int8_t)(u ^ 128u); }
/* @end */

/* @section modc_sort_level_i8 : modc_sort_key_i8 */
static inline uint64_t modc_sort_level_i8(int8_t x) { return modc_sort_key_i8(x); }
/* @end */

/* @section modc_sort_key_i16 */
static inline uint16_t modc_sort_key_i16(int16_t x) { return (uint16_t)((uint16_t)x ^ 32768u); }
/* @end */

/* @section modc_sort_unkey_i16 */
static inline int16_t modc_sort_unkey_i16(uint16_t u) { return (int16_t)(u ^ 32768u); }
/* @end */

/* @section modc_sort_level_i16 : modc_sort_key_i16 */
static inline uint64_t modc_sort_level_i16(int16_t x) { return modc_sort_key_i16(x); }
/* @end */

/* @section modc_sort_key_i32 */
static inline uint32_t modc_sort_key_i32(int32_t x) { return (uint32_t)x ^ UINT32_C(1) << 31; }
/* @end */

/* @section modc_sort_unkey_i32 */
static inline int32_t modc_sort_unkey_i32(uint32_t u) { return (int32_t)(u ^ UINT32_C(1) << 31); }
/* @end */

/* @section modc_sort_level_i32 : modc_sort_key_i32 */
static inline uint64_t modc_sort_level_i32(int32_t x) { return modc_sort_key_i32(x); }
/* @end */

/* @section modc_sort_key_i64 */
static inline uint64_t modc_sort_key_i64(int64_t x) { return (uint64_t)x ^ UINT64_C(1) << 63; }
/* @end */

/* @section modc_sort_unkey_i64 */
static inline int64_t modc_sort_unkey_i64(uint64_t u) { return (int64_t)(u ^ UINT64_C(1) << 63); }
/* @end */

/* @section modc_sort_level_i64 : modc_sort_key_i64 */
static inline uint64_t modc_sort_level_i64(int64_t x) { return modc_sort_key_i64(x); }
/* @end */

/* @section modc_sort_key_u8 */
static inline uint8_t modc_sort_key_u8(uint8_t x) { return x; }
/* @end */

/* @section modc_sort_unkey_u8 */
static inline uint8_t modc_sort_unkey_u8(uint8_t u) { return u; }
/* @end */

/* @section modc_sort_level_u8 : modc_sort_key_u8 */
static inline uint64_t modc_sort_level_u8(uint8_t x) { return modc_sort_key_u8(x); }
/* @end */

/* @section modc_sort_key_u16 */
static inline uint16_t modc_sort_key_u16(uint16_t x) { return x; }
/* @end */

/* @section modc_sort_unkey_u16 */
static inline uint16_t modc_sort_unkey_u16(uint16_t u) { return u; }
/* @end */

/* @section modc_sort_level_u16 : modc_sort_key_u16 */
static inline uint64_t modc_sort_level_u16(uint16_t x) { return modc_sort_key_u16(x); }
/* @end */

/* @section modc_sort_key_u32 */
static inline uint32_t modc_sort_key_u32(uint32_t x) { return x; }
/* @end */

/* @section modc_sort_unkey_u32 */
static inline uint32_t modc_sort_unkey_u32(uint32_t u) { return u; }
/* @end */

/* @section modc_sort_level_u32 : modc_sort_key_u32 */
static inline uint64_t modc_sort_level_u32(uint32_t x) { return modc_sort_key_u32(x); }
/* @end */

/* @section modc_sort_key_u64 */
static inline uint64_t modc_sort_key_u64(uint64_t x) { return x; }
/* @end */

/* @section modc_sort_unkey_u64 */
static inline uint64_t modc_sort_unkey_u64(uint64_t u) { return u; }
/* @end */

/* @section modc_sort_level_u64 : modc_sort_key_u64 */
static inline uint64_t modc_sort_level_u64(uint64_t x) { return modc_sort_key_u64(x); }
/* @end */

/* @section modc_sort_key_b8 */
static inline uint8_t modc_sort_key_b8(uint8_t x) { return x; }
/* @end */

/* @section modc_sort_unkey_b8 */
static inline uint8_t modc_sort_unkey_b8(uint8_t u) { return u; }
/* @end */

/* @section modc_sort_level_b8 : modc_sort_key_b8 */
static inline uint64_t modc_sort_level_b8(uint8_t x) { return modc_sort_key_b8(x); }
/* @end */

#endif
