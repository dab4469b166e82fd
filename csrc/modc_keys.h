/* modc_keys.h: elements as signed integers in the same order.
 *
 * modc_sort_key_T gives a key of the element's size, with every NaN above infinity and -0.0 below 0.0, and
 * modc_sort_unkey_T its element.  modc_sort_level_T gives one key for all NaNs, and one for both zeros.
 * Used by: modc_sort.h.
 */
#ifndef MODC_KEYS_H
#define MODC_KEYS_H

#include <stdint.h>
#include <string.h>

/* @section modc_sort_bits_f64 */
/* The bits, without the sign of a NaN. */
static inline uint64_t modc_sort_bits_f64(double x) {
    uint64_t u;
    memcpy(&u, &x, sizeof u);
    const uint64_t size = u & UINT64_MAX >> 1;
    return size > UINT64_C(0x7FF0000000000000) ? size : u;
}
/* @end */

/* @section modc_sort_key_f64 : modc_sort_bits_f64 */
static inline int64_t modc_sort_key_f64(double x) {
    const uint64_t u = modc_sort_bits_f64(x);
    return (int64_t)(u ^ (0 - (u >> 63)) >> 1);
}
/* @end */

/* @section modc_sort_unkey_f64 */
static inline double modc_sort_unkey_f64(int64_t key) {
    uint64_t u = (uint64_t)key;
    double x;
    u ^= (0 - (u >> 63)) >> 1;
    memcpy(&x, &u, sizeof x);
    return x;
}
/* @end */

/* @section modc_sort_level_f64 : modc_sort_bits_f64 */
static inline int64_t modc_sort_level_f64(double x) {
    const uint64_t u = modc_sort_bits_f64(x), size = u & UINT64_MAX >> 1, least = UINT64_C(0x7FF0000000000000) + 1;
    const uint64_t whole = size > least ? least : size ? u : 0;
    return (int64_t)(whole ^ (0 - (whole >> 63)) >> 1);
}
/* @end */

/* @section modc_sort_bits_f32 */
/* The bits, without the sign of a NaN. */
static inline uint32_t modc_sort_bits_f32(float x) {
    uint32_t u;
    memcpy(&u, &x, sizeof u);
    const uint32_t size = u & UINT32_MAX >> 1;
    return size > UINT32_C(0x7F800000) ? size : u;
}
/* @end */

/* @section modc_sort_key_f32 : modc_sort_bits_f32 */
static inline int32_t modc_sort_key_f32(float x) {
    const uint32_t u = modc_sort_bits_f32(x);
    return (int32_t)(u ^ (0 - (u >> 31)) >> 1);
}
/* @end */

/* @section modc_sort_unkey_f32 */
static inline float modc_sort_unkey_f32(int32_t key) {
    uint32_t u = (uint32_t)key;
    float x;
    u ^= (0 - (u >> 31)) >> 1;
    memcpy(&x, &u, sizeof x);
    return x;
}
/* @end */

/* @section modc_sort_level_f32 : modc_sort_bits_f32 */
static inline int32_t modc_sort_level_f32(float x) {
    const uint32_t u = modc_sort_bits_f32(x), size = u & UINT32_MAX >> 1, least = UINT32_C(0x7F800000) + 1;
    const uint32_t whole = size > least ? least : size ? u : 0;
    return (int32_t)(whole ^ (0 - (whole >> 31)) >> 1);
}
/* @end */

/* @section modc_sort_key_i8 */
static inline int8_t modc_sort_key_i8(int8_t x) { return x; }
/* @end */

/* @section modc_sort_unkey_i8 */
static inline int8_t modc_sort_unkey_i8(int8_t key) { return key; }
/* @end */

/* @section modc_sort_level_i8 : modc_sort_key_i8 */
static inline int8_t modc_sort_level_i8(int8_t x) { return modc_sort_key_i8(x); }
/* @end */

/* @section modc_sort_key_i16 */
static inline int16_t modc_sort_key_i16(int16_t x) { return x; }
/* @end */

/* @section modc_sort_unkey_i16 */
static inline int16_t modc_sort_unkey_i16(int16_t key) { return key; }
/* @end */

/* @section modc_sort_level_i16 : modc_sort_key_i16 */
static inline int16_t modc_sort_level_i16(int16_t x) { return modc_sort_key_i16(x); }
/* @end */

/* @section modc_sort_key_i32 */
static inline int32_t modc_sort_key_i32(int32_t x) { return x; }
/* @end */

/* @section modc_sort_unkey_i32 */
static inline int32_t modc_sort_unkey_i32(int32_t key) { return key; }
/* @end */

/* @section modc_sort_level_i32 : modc_sort_key_i32 */
static inline int32_t modc_sort_level_i32(int32_t x) { return modc_sort_key_i32(x); }
/* @end */

/* @section modc_sort_key_i64 */
static inline int64_t modc_sort_key_i64(int64_t x) { return x; }
/* @end */

/* @section modc_sort_unkey_i64 */
static inline int64_t modc_sort_unkey_i64(int64_t key) { return key; }
/* @end */

/* @section modc_sort_level_i64 : modc_sort_key_i64 */
static inline int64_t modc_sort_level_i64(int64_t x) { return modc_sort_key_i64(x); }
/* @end */

/* @section modc_sort_key_u8 */
static inline int8_t modc_sort_key_u8(uint8_t x) { return (int8_t)(x ^ 128u); }
/* @end */

/* @section modc_sort_unkey_u8 */
static inline uint8_t modc_sort_unkey_u8(int8_t key) { return (uint8_t)((uint8_t)key ^ 128u); }
/* @end */

/* @section modc_sort_level_u8 : modc_sort_key_u8 */
static inline int8_t modc_sort_level_u8(uint8_t x) { return modc_sort_key_u8(x); }
/* @end */

/* @section modc_sort_key_u16 */
static inline int16_t modc_sort_key_u16(uint16_t x) { return (int16_t)(x ^ 32768u); }
/* @end */

/* @section modc_sort_unkey_u16 */
static inline uint16_t modc_sort_unkey_u16(int16_t key) { return (uint16_t)((uint16_t)key ^ 32768u); }
/* @end */

/* @section modc_sort_level_u16 : modc_sort_key_u16 */
static inline int16_t modc_sort_level_u16(uint16_t x) { return modc_sort_key_u16(x); }
/* @end */

/* @section modc_sort_key_u32 */
static inline int32_t modc_sort_key_u32(uint32_t x) { return (int32_t)(x ^ UINT32_C(1) << 31); }
/* @end */

/* @section modc_sort_unkey_u32 */
static inline uint32_t modc_sort_unkey_u32(int32_t key) { return (uint32_t)((uint32_t)key ^ UINT32_C(1) << 31); }
/* @end */

/* @section modc_sort_level_u32 : modc_sort_key_u32 */
static inline int32_t modc_sort_level_u32(uint32_t x) { return modc_sort_key_u32(x); }
/* @end */

/* @section modc_sort_key_u64 */
static inline int64_t modc_sort_key_u64(uint64_t x) { return (int64_t)(x ^ UINT64_C(1) << 63); }
/* @end */

/* @section modc_sort_unkey_u64 */
static inline uint64_t modc_sort_unkey_u64(int64_t key) { return (uint64_t)((uint64_t)key ^ UINT64_C(1) << 63); }
/* @end */

/* @section modc_sort_level_u64 : modc_sort_key_u64 */
static inline int64_t modc_sort_level_u64(uint64_t x) { return modc_sort_key_u64(x); }
/* @end */

/* @section modc_sort_key_b8 */
static inline int8_t modc_sort_key_b8(uint8_t x) { return (int8_t)(x ^ 128u); }
/* @end */

/* @section modc_sort_unkey_b8 */
static inline uint8_t modc_sort_unkey_b8(int8_t key) { return (uint8_t)((uint8_t)key ^ 128u); }
/* @end */

/* @section modc_sort_level_b8 : modc_sort_key_b8 */
static inline int8_t modc_sort_level_b8(uint8_t x) { return modc_sort_key_b8(x); }
/* @end */

#endif
