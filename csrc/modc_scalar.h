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

#include "modc_divide.h"

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
static inline double modc_max_f64(double a, double b) {
    const double m = b > a ? b : a; /* one instruction in most sets; a where a is NaN */
    return b != b ? b : m;
}
/* @end */

/* @section modc_max_one_f64 */
static inline double modc_max_one_f64(double a, double b) {
    if (b != b) return b; /* a branch that costs nothing: compilers make slow moves of the other form, outside loops */
    return b > a ? b : a;
}
/* @end */

/* @section modc_min_f64 */
static inline double modc_min_f64(double a, double b) {
    const double m = b < a ? b : a; /* one instruction in most sets; a where a is NaN */
    return b != b ? b : m;
}
/* @end */

/* @section modc_min_one_f64 */
static inline double modc_min_one_f64(double a, double b) {
    if (b != b) return b; /* a branch that costs nothing: compilers make slow moves of the other form, outside loops */
    return b < a ? b : a;
}
/* @end */

/* @section modc_max_f32 */
static inline float modc_max_f32(float a, float b) {
    const float m = b > a ? b : a; /* one instruction in most sets; a where a is NaN */
    return b != b ? b : m;
}
/* @end */

/* @section modc_max_one_f32 */
static inline float modc_max_one_f32(float a, float b) {
    if (b != b) return b; /* a branch that costs nothing: compilers make slow moves of the other form, outside loops */
    return b > a ? b : a;
}
/* @end */

/* @section modc_min_f32 */
static inline float modc_min_f32(float a, float b) {
    const float m = b < a ? b : a; /* one instruction in most sets; a where a is NaN */
    return b != b ? b : m;
}
/* @end */

/* @section modc_min_one_f32 */
static inline float modc_min_one_f32(float a, float b) {
    if (b != b) return b; /* a branch that costs nothing: compilers make slow moves of the other form, outside loops */
    return b < a ? b : a;
}
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
