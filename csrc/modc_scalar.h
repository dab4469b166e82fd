/* modc_scalar.h: operations that C leaves undefined or defines differently from NumPy, for one element.
 *
 * Input: one or two scalars of one dtype (suffix: i8 .. u64, f32, f64, b8 for a bool stored as 0 or 1).
 * Output: NumPy's result for the same dtype.  Used by: the emitted kernels, section by section.
 *
 * Integers wrap: arithmetic goes through an unsigned type of at least 32 bits (the narrower ones would be
 * promoted to int) and back, which every supported compiler defines as two's complement.
 */
#ifndef MODC_SCALAR_H
#define MODC_SCALAR_H

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

/* Maximum and minimum; of floats, a NaN on either side is the result (np.maximum). */

/* @section modc_max_i8 */
static inline int8_t modc_max_i8(int8_t a, int8_t b) { return a > b ? a : b; }
/* @end */

/* @section modc_min_i8 */
static inline int8_t modc_min_i8(int8_t a, int8_t b) { return a < b ? a : b; }
/* @end */

/* @section modc_max_i16 */
static inline int16_t modc_max_i16(int16_t a, int16_t b) { return a > b ? a : b; }
/* @end */

/* @section modc_min_i16 */
static inline int16_t modc_min_i16(int16_t a, int16_t b) { return a < b ? a : b; }
/* @end */

/* @section modc_max_i32 */
static inline int32_t modc_max_i32(int32_t a, int32_t b) { return a > b ? a : b; }
/* @end */

/* @section modc_min_i32 */
static inline int32_t modc_min_i32(int32_t a, int32_t b) { return a < b ? a : b; }
/* @end */

/* @section modc_max_i64 */
static inline int64_t modc_max_i64(int64_t a, int64_t b) { return a > b ? a : b; }
/* @end */

/* @section modc_min_i64 */
static inline int64_t modc_min_i64(int64_t a, int64_t b) { return a < b ? a : b; }
/* @end */

/* @section modc_max_u8 */
static inline uint8_t modc_max_u8(uint8_t a, uint8_t b) { return a > b ? a : b; }
/* @end */

/* @section modc_min_u8 */
static inline uint8_t modc_min_u8(uint8_t a, uint8_t b) { return a < b ? a : b; }
/* @end */

/* @section modc_max_u16 */
static inline uint16_t modc_max_u16(uint16_t a, uint16_t b) { return a > b ? a : b; }
/* @end */

/* @section modc_min_u16 */
static inline uint16_t modc_min_u16(uint16_t a, uint16_t b) { return a < b ? a : b; }
/* @end */

/* @section modc_max_u32 */
static inline uint32_t modc_max_u32(uint32_t a, uint32_t b) { return a > b ? a : b; }
/* @end */

/* @section modc_min_u32 */
static inline uint32_t modc_min_u32(uint32_t a, uint32_t b) { return a < b ? a : b; }
/* @end */

/* @section modc_max_u64 */
static inline uint64_t modc_max_u64(uint64_t a, uint64_t b) { return a > b ? a : b; }
/* @end */

/* @section modc_min_u64 */
static inline uint64_t modc_min_u64(uint64_t a, uint64_t b) { return a < b ? a : b; }
/* @end */

/* @section modc_max_f64 */
static inline double modc_max_f64(double a, double b) { return ((a >= b) | (a != a)) ? a : b; }
/* @end */

/* @section modc_min_f64 */
static inline double modc_min_f64(double a, double b) { return ((a <= b) | (a != a)) ? a : b; }
/* @end */

/* @section modc_max_f32 */
static inline float modc_max_f32(float a, float b) { return ((a >= b) | (a != a)) ? a : b; }
/* @end */

/* @section modc_min_f32 */
static inline float modc_min_f32(float a, float b) { return ((a <= b) | (a != a)) ? a : b; }
/* @end */

/* @section modc_max_b8 */
static inline uint8_t modc_max_b8(uint8_t a, uint8_t b) { return (uint8_t)(a | b); }
/* @end */

/* @section modc_min_b8 */
static inline uint8_t modc_min_b8(uint8_t a, uint8_t b) { return (uint8_t)(a & b); }
/* @end */

/* Absolute value (of MIN: MIN) and sign (-1, 0, 1; of NaN: NaN). */

/* @section modc_abs_i8 */
static inline int8_t modc_abs_i8(int8_t a) { return (int8_t)(a < 0 ? 0u - (uint32_t)a : (uint32_t)a); }
/* @end */

/* @section modc_sign_i8 */
static inline int8_t modc_sign_i8(int8_t a) { return (int8_t)((a > 0) - (a < 0)); }
/* @end */

/* @section modc_abs_i16 */
static inline int16_t modc_abs_i16(int16_t a) { return (int16_t)(a < 0 ? 0u - (uint32_t)a : (uint32_t)a); }
/* @end */

/* @section modc_sign_i16 */
static inline int16_t modc_sign_i16(int16_t a) { return (int16_t)((a > 0) - (a < 0)); }
/* @end */

/* @section modc_abs_i32 */
static inline int32_t modc_abs_i32(int32_t a) { return (int32_t)(a < 0 ? 0u - (uint32_t)a : (uint32_t)a); }
/* @end */

/* @section modc_sign_i32 */
static inline int32_t modc_sign_i32(int32_t a) { return (int32_t)((a > 0) - (a < 0)); }
/* @end */

/* @section modc_abs_i64 */
static inline int64_t modc_abs_i64(int64_t a) { return (int64_t)(a < 0 ? 0u - (uint64_t)a : (uint64_t)a); }
/* @end */

/* @section modc_sign_i64 */
static inline int64_t modc_sign_i64(int64_t a) { return (int64_t)((a > 0) - (a < 0)); }
/* @end */

/* @section modc_abs_u8 */
static inline uint8_t modc_abs_u8(uint8_t a) { return a; }
/* @end */

/* @section modc_sign_u8 */
static inline uint8_t modc_sign_u8(uint8_t a) { return (uint8_t)(a > 0); }
/* @end */

/* @section modc_abs_u16 */
static inline uint16_t modc_abs_u16(uint16_t a) { return a; }
/* @end */

/* @section modc_sign_u16 */
static inline uint16_t modc_sign_u16(uint16_t a) { return (uint16_t)(a > 0); }
/* @end */

/* @section modc_abs_u32 */
static inline uint32_t modc_abs_u32(uint32_t a) { return a; }
/* @end */

/* @section modc_sign_u32 */
static inline uint32_t modc_sign_u32(uint32_t a) { return (uint32_t)(a > 0); }
/* @end */

/* @section modc_abs_u64 */
static inline uint64_t modc_abs_u64(uint64_t a) { return a; }
/* @end */

/* @section modc_sign_u64 */
static inline uint64_t modc_sign_u64(uint64_t a) { return (uint64_t)(a > 0); }
/* @end */

/* @section modc_abs_f64 */
static inline double modc_abs_f64(double a) { return fabs(a); }
/* @end */

/* @section modc_sign_f64 */
static inline double modc_sign_f64(double a) {
    const double r = a > 0.0 ? 1.0 : a < 0.0 ? -1.0 : 0.0;
    return a != a ? a : r;
}
/* @end */

/* @section modc_abs_f32 */
static inline float modc_abs_f32(float a) { return fabsf(a); }
/* @end */

/* @section modc_sign_f32 */
static inline float modc_sign_f32(float a) {
    const float r = a > 0.0f ? 1.0f : a < 0.0f ? -1.0f : 0.0f;
    return a != a ? a : r;
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

/* Float to integer, towards 0.  What does not fit (NaN included): MIN for i32 and i64; i8, i16, u8, u16 take the
 * low bits of the i32, u32 those of the i64, as NumPy's x86-64 conversion instructions do; u64 below 0 is the
 * i64's bits, from 2^64 on MIN's. */

/* @section modc_cast_i32_f64 */
static inline int32_t modc_cast_i32_f64(double x) {
    const double top = x < 0x1p31 ? x : -0x1p31;
    return (int32_t)(top >= -0x1p31 ? top : -0x1p31);
}
/* @end */

/* @section modc_cast_i64_f64 */
static inline int64_t modc_cast_i64_f64(double x) {
    const double top = x < 0x1p63 ? x : -0x1p63;
    return (int64_t)(top >= -0x1p63 ? top : -0x1p63);
}
/* @end */

/* @section modc_cast_i8_f64 : modc_cast_i32_f64 */
static inline int8_t modc_cast_i8_f64(double x) { return (int8_t)modc_cast_i32_f64(x); }
/* @end */

/* @section modc_cast_i16_f64 : modc_cast_i32_f64 */
static inline int16_t modc_cast_i16_f64(double x) { return (int16_t)modc_cast_i32_f64(x); }
/* @end */

/* @section modc_cast_u8_f64 : modc_cast_i32_f64 */
static inline uint8_t modc_cast_u8_f64(double x) { return (uint8_t)modc_cast_i32_f64(x); }
/* @end */

/* @section modc_cast_u16_f64 : modc_cast_i32_f64 */
static inline uint16_t modc_cast_u16_f64(double x) { return (uint16_t)modc_cast_i32_f64(x); }
/* @end */

/* @section modc_cast_u32_f64 : modc_cast_i64_f64 */
static inline uint32_t modc_cast_u32_f64(double x) { return (uint32_t)modc_cast_i64_f64(x); }
/* @end */

/* @section modc_cast_u64_f64 : modc_cast_i64_f64 */
static inline uint64_t modc_cast_u64_f64(double x) {
    const int high = x >= 0x1p63 && x < 0x1p64;
    const uint64_t low = (uint64_t)modc_cast_i64_f64(high ? x - 0x1p63 : x);
    return high ? low + 0x8000000000000000u : low;
}
/* @end */

/* @section modc_cast_b8_f64 */
static inline uint8_t modc_cast_b8_f64(double x) { return (uint8_t)(x != 0.0); }
/* @end */

/* @section modc_cast_i32_f32 */
static inline int32_t modc_cast_i32_f32(float x) {
    const float top = x < 0x1p31f ? x : -0x1p31f;
    return (int32_t)(top >= -0x1p31f ? top : -0x1p31f);
}
/* @end */

/* @section modc_cast_i64_f32 */
static inline int64_t modc_cast_i64_f32(float x) {
    const float top = x < 0x1p63f ? x : -0x1p63f;
    return (int64_t)(top >= -0x1p63f ? top : -0x1p63f);
}
/* @end */

/* @section modc_cast_i8_f32 : modc_cast_i32_f32 */
static inline int8_t modc_cast_i8_f32(float x) { return (int8_t)modc_cast_i32_f32(x); }
/* @end */

/* @section modc_cast_i16_f32 : modc_cast_i32_f32 */
static inline int16_t modc_cast_i16_f32(float x) { return (int16_t)modc_cast_i32_f32(x); }
/* @end */

/* @section modc_cast_u8_f32 : modc_cast_i32_f32 */
static inline uint8_t modc_cast_u8_f32(float x) { return (uint8_t)modc_cast_i32_f32(x); }
/* @end */

/* @section modc_cast_u16_f32 : modc_cast_i32_f32 */
static inline uint16_t modc_cast_u16_f32(float x) { return (uint16_t)modc_cast_i32_f32(x); }
/* @end */

/* @section modc_cast_u32_f32 : modc_cast_i64_f32 */
static inline uint32_t modc_cast_u32_f32(float x) { return (uint32_t)modc_cast_i64_f32(x); }
/* @end */

/* @section modc_cast_u64_f32 : modc_cast_i64_f32 */
static inline uint64_t modc_cast_u64_f32(float x) {
    const int high = x >= 0x1p63f && x < 0x1p64f;
    const uint64_t low = (uint64_t)modc_cast_i64_f32(high ? x - 0x1p63f : x);
    return high ? low + 0x8000000000000000u : low;
}
/* @end */

/* @section modc_cast_b8_f32 */
static inline uint8_t modc_cast_b8_f32(float x) { return (uint8_t)(x != 0.0f); }
/* @end */

/* Tests, and rounding to an integer, ties to even (integers are their own). */

/* @section modc_isnan_f64 */
static inline uint8_t modc_isnan_f64(double x) { return (uint8_t)(x != x); }
/* @end */

/* @section modc_isinf_f64 */
static inline uint8_t modc_isinf_f64(double x) { return (uint8_t)(fabs(x) == (double)INFINITY); }
/* @end */

/* @section modc_round_f64 */
static inline double modc_round_f64(double x) { return rint(x); }
/* @end */

/* @section modc_isnan_f32 */
static inline uint8_t modc_isnan_f32(float x) { return (uint8_t)(x != x); }
/* @end */

/* @section modc_isinf_f32 */
static inline uint8_t modc_isinf_f32(float x) { return (uint8_t)(fabsf(x) == INFINITY); }
/* @end */

/* @section modc_round_f32 */
static inline float modc_round_f32(float x) { return rintf(x); }
/* @end */

/* @section modc_round_i8 */
static inline int8_t modc_round_i8(int8_t x) { return x; }
/* @end */

/* @section modc_round_i16 */
static inline int16_t modc_round_i16(int16_t x) { return x; }
/* @end */

/* @section modc_round_i32 */
static inline int32_t modc_round_i32(int32_t x) { return x; }
/* @end */

/* @section modc_round_i64 */
static inline int64_t modc_round_i64(int64_t x) { return x; }
/* @end */

/* @section modc_round_u8 */
static inline uint8_t modc_round_u8(uint8_t x) { return x; }
/* @end */

/* @section modc_round_u16 */
static inline uint16_t modc_round_u16(uint16_t x) { return x; }
/* @end */

/* @section modc_round_u32 */
static inline uint32_t modc_round_u32(uint32_t x) { return x; }
/* @end */

/* @section modc_round_u64 */
static inline uint64_t modc_round_u64(uint64_t x) { return x; }
/* @end */

#endif
