/* modc_divide.h: floor division, remainder, integer powers and shifts, for one element.
 *
 * Input: two scalars of one dtype.  Output and conventions: see modc_scalar.h, which includes this.
 */
#ifndef MODC_DIVIDE_H
#define MODC_DIVIDE_H

#include <math.h>
#include <stdint.h>

/* Integer division: rounds down, the remainder has the divisor's sign; x // 0 and x % 0 are 0, MIN // -1 is MIN. */

/* @section modc_floordiv_i8 */
static inline int8_t modc_floordiv_i8(int8_t a, int8_t b) {
    const int8_t d = b == 0 || b == -1 ? (int8_t)1 : b;
    const int8_t q = (int8_t)(a / d), r = (int8_t)(a % d);
    const int8_t down = (int8_t)(q - (r != 0 && (r < 0) != (d < 0)));
    return b == 0 ? (int8_t)0 : b == -1 ? (int8_t)(0u - (uint32_t)a) : down;
}
/* @end */

/* @section modc_mod_i8 */
static inline int8_t modc_mod_i8(int8_t a, int8_t b) {
    const int8_t r = (int8_t)(a % (b == 0 || b == -1 ? (int8_t)1 : b));
    return (int8_t)(r != 0 && (r < 0) != (b < 0) ? r + b : r);
}
/* @end */

/* @section modc_floordiv_i16 */
static inline int16_t modc_floordiv_i16(int16_t a, int16_t b) {
    const int16_t d = b == 0 || b == -1 ? (int16_t)1 : b;
    const int16_t q = (int16_t)(a / d), r = (int16_t)(a % d);
    const int16_t down = (int16_t)(q - (r != 0 && (r < 0) != (d < 0)));
    return b == 0 ? (int16_t)0 : b == -1 ? (int16_t)(0u - (uint32_t)a) : down;
}
/* @end */

/* @section modc_mod_i16 */
static inline int16_t modc_mod_i16(int16_t a, int16_t b) {
    const int16_t r = (int16_t)(a % (b == 0 || b == -1 ? (int16_t)1 : b));
    return (int16_t)(r != 0 && (r < 0) != (b < 0) ? r + b : r);
}
/* @end */

/* @section modc_floordiv_i32 */
static inline int32_t modc_floordiv_i32(int32_t a, int32_t b) {
    const int32_t d = b == 0 || b == -1 ? (int32_t)1 : b;
    const int32_t q = (int32_t)(a / d), r = (int32_t)(a % d);
    const int32_t down = (int32_t)(q - (r != 0 && (r < 0) != (d < 0)));
    return b == 0 ? (int32_t)0 : b == -1 ? (int32_t)(0u - (uint32_t)a) : down;
}
/* @end */

/* @section modc_mod_i32 */
static inline int32_t modc_mod_i32(int32_t a, int32_t b) {
    const int32_t r = (int32_t)(a % (b == 0 || b == -1 ? (int32_t)1 : b));
    return (int32_t)(r != 0 && (r < 0) != (b < 0) ? r + b : r);
}
/* @end */

/* @section modc_floordiv_i64 */
static inline int64_t modc_floordiv_i64(int64_t a, int64_t b) {
    const int64_t d = b == 0 || b == -1 ? (int64_t)1 : b;
    const int64_t q = (int64_t)(a / d), r = (int64_t)(a % d);
    const int64_t down = (int64_t)(q - (r != 0 && (r < 0) != (d < 0)));
    return b == 0 ? (int64_t)0 : b == -1 ? (int64_t)(0u - (uint64_t)a) : down;
}
/* @end */

/* @section modc_mod_i64 */
static inline int64_t modc_mod_i64(int64_t a, int64_t b) {
    const int64_t r = (int64_t)(a % (b == 0 || b == -1 ? (int64_t)1 : b));
    return (int64_t)(r != 0 && (r < 0) != (b < 0) ? r + b : r);
}
/* @end */

/* @section modc_floordiv_u8 */
static inline uint8_t modc_floordiv_u8(uint8_t a, uint8_t b) { return b == 0 ? (uint8_t)0 : (uint8_t)(a / b); }
/* @end */

/* @section modc_mod_u8 */
static inline uint8_t modc_mod_u8(uint8_t a, uint8_t b) { return b == 0 ? (uint8_t)0 : (uint8_t)(a % b); }
/* @end */

/* @section modc_floordiv_u16 */
static inline uint16_t modc_floordiv_u16(uint16_t a, uint16_t b) { return b == 0 ? (uint16_t)0 : (uint16_t)(a / b); }
/* @end */

/* @section modc_mod_u16 */
static inline uint16_t modc_mod_u16(uint16_t a, uint16_t b) { return b == 0 ? (uint16_t)0 : (uint16_t)(a % b); }
/* @end */

/* @section modc_floordiv_u32 */
static inline uint32_t modc_floordiv_u32(uint32_t a, uint32_t b) { return b == 0 ? (uint32_t)0 : (uint32_t)(a / b); }
/* @end */

/* @section modc_mod_u32 */
static inline uint32_t modc_mod_u32(uint32_t a, uint32_t b) { return b == 0 ? (uint32_t)0 : (uint32_t)(a % b); }
/* @end */

/* @section modc_floordiv_u64 */
static inline uint64_t modc_floordiv_u64(uint64_t a, uint64_t b) { return b == 0 ? (uint64_t)0 : (uint64_t)(a / b); }
/* @end */

/* @section modc_mod_u64 */
static inline uint64_t modc_mod_u64(uint64_t a, uint64_t b) { return b == 0 ? (uint64_t)0 : (uint64_t)(a % b); }
/* @end */

/* @section modc_floordiv_f64 */
/* Python's divmod, as NumPy does it: x // 0 is x / 0, a zero quotient has the sign of a / b. */
static inline double modc_floordiv_f64(double a, double b) {
    const double m = fmod(a, b), q = (a - m) / b;
    const double d = m != 0.0 && (b < 0.0) != (m < 0.0) ? q - 1.0 : q, down = floor(d);
    const double r = d - down > 0.5 ? down + 1.0 : down;
    return b == 0.0 ? a / b : d == 0.0 ? copysign(0.0, a / b) : r;
}
/* @end */

/* @section modc_mod_f64 */
/* The remainder with the divisor's sign; NaN where b is 0 or a infinite. */
static inline double modc_mod_f64(double a, double b) {
    const double m = fmod(a, b);
    return m == 0.0 ? copysign(0.0, b) : (b < 0.0) != (m < 0.0) ? m + b : m;
}
/* @end */

/* @section modc_floordiv_f32 */
/* Python's divmod, as NumPy does it: x // 0 is x / 0, a zero quotient has the sign of a / b. */
static inline float modc_floordiv_f32(float a, float b) {
    const float m = fmodf(a, b), q = (a - m) / b;
    const float d = m != 0.0f && (b < 0.0f) != (m < 0.0f) ? q - 1.0f : q, down = floorf(d);
    const float r = d - down > 0.5f ? down + 1.0f : down;
    return b == 0.0f ? a / b : d == 0.0f ? copysignf(0.0f, a / b) : r;
}
/* @end */

/* @section modc_mod_f32 */
/* The remainder with the divisor's sign; NaN where b is 0 or a infinite. */
static inline float modc_mod_f32(float a, float b) {
    const float m = fmodf(a, b);
    return m == 0.0f ? copysignf(0.0f, b) : (b < 0.0f) != (m < 0.0f) ? m + b : m;
}
/* @end */

/* a to the power b by squaring.  NumPy raises for b < 0; a kernel cannot, so it is 1 / a^-b rounded towards 0,
 * with 0 for a = 0. */

/* @section modc_powi_i8 */
static inline int8_t modc_powi_i8(int8_t a, int8_t b) {
    if (b < 0) return (int8_t)(a == 1 ? 1 : a == -1 ? (b & 1 ? -1 : 1) : 0);
    uint32_t r = 1u, x = (uint32_t)a;
    for (uint32_t n = (uint32_t)b; n != 0u; n >>= 1, x *= x) r *= n & 1u ? x : 1u;
    return (int8_t)r;
}
/* @end */

/* @section modc_powi_i16 */
static inline int16_t modc_powi_i16(int16_t a, int16_t b) {
    if (b < 0) return (int16_t)(a == 1 ? 1 : a == -1 ? (b & 1 ? -1 : 1) : 0);
    uint32_t r = 1u, x = (uint32_t)a;
    for (uint32_t n = (uint32_t)b; n != 0u; n >>= 1, x *= x) r *= n & 1u ? x : 1u;
    return (int16_t)r;
}
/* @end */

/* @section modc_powi_i32 */
static inline int32_t modc_powi_i32(int32_t a, int32_t b) {
    if (b < 0) return (int32_t)(a == 1 ? 1 : a == -1 ? (b & 1 ? -1 : 1) : 0);
    uint32_t r = 1u, x = (uint32_t)a;
    for (uint32_t n = (uint32_t)b; n != 0u; n >>= 1, x *= x) r *= n & 1u ? x : 1u;
    return (int32_t)r;
}
/* @end */

/* @section modc_powi_i64 */
static inline int64_t modc_powi_i64(int64_t a, int64_t b) {
    if (b < 0) return (int64_t)(a == 1 ? 1 : a == -1 ? (b & 1 ? -1 : 1) : 0);
    uint64_t r = 1u, x = (uint64_t)a;
    for (uint64_t n = (uint64_t)b; n != 0u; n >>= 1, x *= x) r *= n & 1u ? x : 1u;
    return (int64_t)r;
}
/* @end */

/* @section modc_powi_u8 */
static inline uint8_t modc_powi_u8(uint8_t a, uint8_t b) {
    uint32_t r = 1u, x = (uint32_t)a;
    for (uint32_t n = (uint32_t)b; n != 0u; n >>= 1, x *= x) r *= n & 1u ? x : 1u;
    return (uint8_t)r;
}
/* @end */

/* @section modc_powi_u16 */
static inline uint16_t modc_powi_u16(uint16_t a, uint16_t b) {
    uint32_t r = 1u, x = (uint32_t)a;
    for (uint32_t n = (uint32_t)b; n != 0u; n >>= 1, x *= x) r *= n & 1u ? x : 1u;
    return (uint16_t)r;
}
/* @end */

/* @section modc_powi_u32 */
static inline uint32_t modc_powi_u32(uint32_t a, uint32_t b) {
    uint32_t r = 1u, x = (uint32_t)a;
    for (uint32_t n = (uint32_t)b; n != 0u; n >>= 1, x *= x) r *= n & 1u ? x : 1u;
    return (uint32_t)r;
}
/* @end */

/* @section modc_powi_u64 */
static inline uint64_t modc_powi_u64(uint64_t a, uint64_t b) {
    uint64_t r = 1u, x = (uint64_t)a;
    for (uint64_t n = (uint64_t)b; n != 0u; n >>= 1, x *= x) r *= n & 1u ? x : 1u;
    return (uint64_t)r;
}
/* @end */

/* Shifts; by the width or more, or by a negative count: 0, of a negative number to the right: -1. */

/* @section modc_shl_i8 */
static inline int8_t modc_shl_i8(int8_t a, int8_t b) {
    return (uint32_t)b < 8u ? (int8_t)((uint32_t)a << ((uint32_t)b & 7u)) : (int8_t)0;
}
/* @end */

/* @section modc_shr_i8 */
static inline int8_t modc_shr_i8(int8_t a, int8_t b) {
    return (uint32_t)b < 8u ? (int8_t)(a >> ((uint32_t)b & 7u)) : (a < 0 ? (int8_t)-1 : (int8_t)0);
}
/* @end */

/* @section modc_shl_i16 */
static inline int16_t modc_shl_i16(int16_t a, int16_t b) {
    return (uint32_t)b < 16u ? (int16_t)((uint32_t)a << ((uint32_t)b & 15u)) : (int16_t)0;
}
/* @end */

/* @section modc_shr_i16 */
static inline int16_t modc_shr_i16(int16_t a, int16_t b) {
    return (uint32_t)b < 16u ? (int16_t)(a >> ((uint32_t)b & 15u)) : (a < 0 ? (int16_t)-1 : (int16_t)0);
}
/* @end */

/* @section modc_shl_i32 */
static inline int32_t modc_shl_i32(int32_t a, int32_t b) {
    return (uint32_t)b < 32u ? (int32_t)((uint32_t)a << ((uint32_t)b & 31u)) : (int32_t)0;
}
/* @end */

/* @section modc_shr_i32 */
static inline int32_t modc_shr_i32(int32_t a, int32_t b) {
    return (uint32_t)b < 32u ? (int32_t)(a >> ((uint32_t)b & 31u)) : (a < 0 ? (int32_t)-1 : (int32_t)0);
}
/* @end */

/* @section modc_shl_i64 */
static inline int64_t modc_shl_i64(int64_t a, int64_t b) {
    return (uint64_t)b < 64u ? (int64_t)((uint64_t)a << ((uint64_t)b & 63u)) : (int64_t)0;
}
/* @end */

/* @section modc_shr_i64 */
static inline int64_t modc_shr_i64(int64_t a, int64_t b) {
    return (uint64_t)b < 64u ? (int64_t)(a >> ((uint64_t)b & 63u)) : (a < 0 ? (int64_t)-1 : (int64_t)0);
}
/* @end */

/* @section modc_shl_u8 */
static inline uint8_t modc_shl_u8(uint8_t a, uint8_t b) {
    return (uint32_t)b < 8u ? (uint8_t)((uint32_t)a << ((uint32_t)b & 7u)) : (uint8_t)0;
}
/* @end */

/* @section modc_shr_u8 */
static inline uint8_t modc_shr_u8(uint8_t a, uint8_t b) {
    return (uint32_t)b < 8u ? (uint8_t)(a >> ((uint32_t)b & 7u)) : ((uint8_t)0);
}
/* @end */

/* @section modc_shl_u16 */
static inline uint16_t modc_shl_u16(uint16_t a, uint16_t b) {
    return (uint32_t)b < 16u ? (uint16_t)((uint32_t)a << ((uint32_t)b & 15u)) : (uint16_t)0;
}
/* @end */

/* @section modc_shr_u16 */
static inline uint16_t modc_shr_u16(uint16_t a, uint16_t b) {
    return (uint32_t)b < 16u ? (uint16_t)(a >> ((uint32_t)b & 15u)) : ((uint16_t)0);
}
/* @end */

/* @section modc_shl_u32 */
static inline uint32_t modc_shl_u32(uint32_t a, uint32_t b) {
    return (uint32_t)b < 32u ? (uint32_t)((uint32_t)a << ((uint32_t)b & 31u)) : (uint32_t)0;
}
/* @end */

/* @section modc_shr_u32 */
static inline uint32_t modc_shr_u32(uint32_t a, uint32_t b) {
    return (uint32_t)b < 32u ? (uint32_t)(a >> ((uint32_t)b & 31u)) : ((uint32_t)0);
}
/* @end */

/* @section modc_shl_u64 */
static inline uint64_t modc_shl_u64(uint64_t a, uint64_t b) {
    return (uint64_t)b < 64u ? (uint64_t)((uint64_t)a << ((uint64_t)b & 63u)) : (uint64_t)0;
}
/* @end */

/* @section modc_shr_u64 */
static inline uint64_t modc_shr_u64(uint64_t a, uint64_t b) {
    return (uint64_t)b < 64u ? (uint64_t)(a >> ((uint64_t)b & 63u)) : ((uint64_t)0);
}
/* @end */

#endif
