/* modc_number.h: divisors and bits of integers, remainders of their division cut towards 0, exponents of floats.
 *
 * Input: one or two integers of one dtype, or a float.  Output and conventions: see modc_scalar.h; nothing here traps.
 * Used by: the emitted kernels, section by section.
 */
#ifndef MODC_NUMBER_H
#define MODC_NUMBER_H

#include <math.h>
#include <stdint.h>

#include "modc_bits.h"

/* The e with |x| in [2^(e - 1), 2^e); 0 for 0, NaN and infinities.  Subnormal numbers are scaled first. */

/* @section modc_exponent_f64 : modc_inline modc_bits_f64 */
modc_inline int32_t modc_exponent_f64(double x) {
    const double y = fabs(x), z = y < 0x1p-1022 ? y * 0x1p54 : y;
    const int32_t e = (int32_t)(modc_bits_f64(z) >> 52) - (y < 0x1p-1022 ? 1076 : 1022);
    return y > 0.0 && y < (double)INFINITY ? e : 0;
}
/* @end */

/* @section modc_exponent_f32 : modc_inline modc_bits_f32 */
modc_inline int32_t modc_exponent_f32(float x) {
    const float y = fabsf(x), z = y < 0x1p-126f ? y * 0x1p25f : y;
    const int32_t e = (int32_t)(modc_bits_f32(z) >> 23) - (y < 0x1p-126f ? 151 : 126);
    return y > 0.0f && y < (float)INFINITY ? e : 0;
}
/* @end */

/* The rest of the division cut towards 0, with the sign of a; of integers 0 where b is 0. */

/* @section modc_fmod_i8 */
static inline int8_t modc_fmod_i8(int8_t a, int8_t b) { return b == 0 || b == -1 ? (int8_t)0 : (int8_t)(a % b); }
/* @end */

/* @section modc_fmod_i16 */
static inline int16_t modc_fmod_i16(int16_t a, int16_t b) { return b == 0 || b == -1 ? (int16_t)0 : (int16_t)(a % b); }
/* @end */

/* @section modc_fmod_i32 */
static inline int32_t modc_fmod_i32(int32_t a, int32_t b) { return b == 0 || b == -1 ? (int32_t)0 : (int32_t)(a % b); }
/* @end */

/* @section modc_fmod_i64 */
static inline int64_t modc_fmod_i64(int64_t a, int64_t b) { return b == 0 || b == -1 ? (int64_t)0 : (int64_t)(a % b); }
/* @end */

/* @section modc_fmod_u8 */
static inline uint8_t modc_fmod_u8(uint8_t a, uint8_t b) { return b == 0 ? (uint8_t)0 : (uint8_t)(a % b); }
/* @end */

/* @section modc_fmod_u16 */
static inline uint16_t modc_fmod_u16(uint16_t a, uint16_t b) { return b == 0 ? (uint16_t)0 : (uint16_t)(a % b); }
/* @end */

/* @section modc_fmod_u32 */
static inline uint32_t modc_fmod_u32(uint32_t a, uint32_t b) { return b == 0 ? (uint32_t)0 : (uint32_t)(a % b); }
/* @end */

/* @section modc_fmod_u64 */
static inline uint64_t modc_fmod_u64(uint64_t a, uint64_t b) { return b == 0 ? (uint64_t)0 : (uint64_t)(a % b); }
/* @end */

/* The greatest common divisor, after Euclid, and the least common multiple, which wraps; both of |a| and |b|. */

/* @section modc_divisor_u32 */
static inline uint32_t modc_divisor_u32(uint32_t a, uint32_t b) {
    while (b != 0u) {
        const uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}
/* @end */

/* @section modc_divisor_u64 */
static inline uint64_t modc_divisor_u64(uint64_t a, uint64_t b) {
    while (b != 0u) {
        const uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}
/* @end */

/* @section modc_gcd_i8 : modc_divisor_u32 */
static inline int8_t modc_gcd_i8(int8_t a, int8_t b) {
    const uint32_t x = a < 0 ? 0u - (uint32_t)a : (uint32_t)a, y = b < 0 ? 0u - (uint32_t)b : (uint32_t)b;
    return (int8_t)modc_divisor_u32(x, y);
}
/* @end */

/* @section modc_lcm_i8 : modc_divisor_u32 */
static inline int8_t modc_lcm_i8(int8_t a, int8_t b) {
    const uint32_t x = a < 0 ? 0u - (uint32_t)a : (uint32_t)a, y = b < 0 ? 0u - (uint32_t)b : (uint32_t)b;
    return x == 0u || y == 0u ? (int8_t)0 : (int8_t)(x / modc_divisor_u32(x, y) * y);
}
/* @end */

/* @section modc_gcd_i16 : modc_divisor_u32 */
static inline int16_t modc_gcd_i16(int16_t a, int16_t b) {
    const uint32_t x = a < 0 ? 0u - (uint32_t)a : (uint32_t)a, y = b < 0 ? 0u - (uint32_t)b : (uint32_t)b;
    return (int16_t)modc_divisor_u32(x, y);
}
/* @end */

/* @section modc_lcm_i16 : modc_divisor_u32 */
static inline int16_t modc_lcm_i16(int16_t a, int16_t b) {
    const uint32_t x = a < 0 ? 0u - (uint32_t)a : (uint32_t)a, y = b < 0 ? 0u - (uint32_t)b : (uint32_t)b;
    return x == 0u || y == 0u ? (int16_t)0 : (int16_t)(x / modc_divisor_u32(x, y) * y);
}
/* @end */

/* @section modc_gcd_i32 : modc_divisor_u32 */
static inline int32_t modc_gcd_i32(int32_t a, int32_t b) {
    const uint32_t x = a < 0 ? 0u - (uint32_t)a : (uint32_t)a, y = b < 0 ? 0u - (uint32_t)b : (uint32_t)b;
    return (int32_t)modc_divisor_u32(x, y);
}
/* @end */

/* @section modc_lcm_i32 : modc_divisor_u32 */
static inline int32_t modc_lcm_i32(int32_t a, int32_t b) {
    const uint32_t x = a < 0 ? 0u - (uint32_t)a : (uint32_t)a, y = b < 0 ? 0u - (uint32_t)b : (uint32_t)b;
    return x == 0u || y == 0u ? (int32_t)0 : (int32_t)(x / modc_divisor_u32(x, y) * y);
}
/* @end */

/* @section modc_gcd_i64 : modc_divisor_u64 */
static inline int64_t modc_gcd_i64(int64_t a, int64_t b) {
    const uint64_t x = a < 0 ? 0u - (uint64_t)a : (uint64_t)a, y = b < 0 ? 0u - (uint64_t)b : (uint64_t)b;
    return (int64_t)modc_divisor_u64(x, y);
}
/* @end */

/* @section modc_lcm_i64 : modc_divisor_u64 */
static inline int64_t modc_lcm_i64(int64_t a, int64_t b) {
    const uint64_t x = a < 0 ? 0u - (uint64_t)a : (uint64_t)a, y = b < 0 ? 0u - (uint64_t)b : (uint64_t)b;
    return x == 0u || y == 0u ? (int64_t)0 : (int64_t)(x / modc_divisor_u64(x, y) * y);
}
/* @end */

/* @section modc_gcd_u8 : modc_divisor_u32 */
static inline uint8_t modc_gcd_u8(uint8_t a, uint8_t b) {
    const uint32_t x = a, y = b;
    return (uint8_t)modc_divisor_u32(x, y);
}
/* @end */

/* @section modc_lcm_u8 : modc_divisor_u32 */
static inline uint8_t modc_lcm_u8(uint8_t a, uint8_t b) {
    const uint32_t x = a, y = b;
    return x == 0u || y == 0u ? (uint8_t)0 : (uint8_t)(x / modc_divisor_u32(x, y) * y);
}
/* @end */

/* @section modc_gcd_u16 : modc_divisor_u32 */
static inline uint16_t modc_gcd_u16(uint16_t a, uint16_t b) {
    const uint32_t x = a, y = b;
    return (uint16_t)modc_divisor_u32(x, y);
}
/* @end */

/* @section modc_lcm_u16 : modc_divisor_u32 */
static inline uint16_t modc_lcm_u16(uint16_t a, uint16_t b) {
    const uint32_t x = a, y = b;
    return x == 0u || y == 0u ? (uint16_t)0 : (uint16_t)(x / modc_divisor_u32(x, y) * y);
}
/* @end */

/* @section modc_gcd_u32 : modc_divisor_u32 */
static inline uint32_t modc_gcd_u32(uint32_t a, uint32_t b) {
    const uint32_t x = a, y = b;
    return (uint32_t)modc_divisor_u32(x, y);
}
/* @end */

/* @section modc_lcm_u32 : modc_divisor_u32 */
static inline uint32_t modc_lcm_u32(uint32_t a, uint32_t b) {
    const uint32_t x = a, y = b;
    return x == 0u || y == 0u ? (uint32_t)0 : (uint32_t)(x / modc_divisor_u32(x, y) * y);
}
/* @end */

/* @section modc_gcd_u64 : modc_divisor_u64 */
static inline uint64_t modc_gcd_u64(uint64_t a, uint64_t b) {
    const uint64_t x = a, y = b;
    return (uint64_t)modc_divisor_u64(x, y);
}
/* @end */

/* @section modc_lcm_u64 : modc_divisor_u64 */
static inline uint64_t modc_lcm_u64(uint64_t a, uint64_t b) {
    const uint64_t x = a, y = b;
    return x == 0u || y == 0u ? (uint64_t)0 : (uint64_t)(x / modc_divisor_u64(x, y) * y);
}
/* @end */

/* How many bits of |a| are set, after the sums of neighbouring bits in H. S. Warren, Hacker's Delight, 5-1. */

/* @section modc_ones_u32 : modc_inline */
modc_inline uint8_t modc_ones_u32(uint32_t a) {
    const uint32_t pairs = a - (a >> 1 & 0x55555555u), fours = (pairs & 0x33333333u) + (pairs >> 2 & 0x33333333u);
    return (uint8_t)(((fours + (fours >> 4)) & 0x0f0f0f0fu) * 0x01010101u >> 24);
}
/* @end */

/* @section modc_bitcount_i8 : modc_inline modc_ones_u32 */
modc_inline uint8_t modc_bitcount_i8(int8_t a) { return modc_ones_u32(a < 0 ? 0u - (uint32_t)a : (uint32_t)a); }
/* @end */

/* @section modc_bitcount_i16 : modc_inline modc_ones_u32 */
modc_inline uint8_t modc_bitcount_i16(int16_t a) { return modc_ones_u32(a < 0 ? 0u - (uint32_t)a : (uint32_t)a); }
/* @end */

/* @section modc_bitcount_i32 : modc_inline modc_ones_u32 */
modc_inline uint8_t modc_bitcount_i32(int32_t a) { return modc_ones_u32(a < 0 ? 0u - (uint32_t)a : (uint32_t)a); }
/* @end */

/* @section modc_bitcount_i64 : modc_inline modc_ones_u32 */
modc_inline uint8_t modc_bitcount_i64(int64_t a) {
    const uint64_t x = a < 0 ? 0u - (uint64_t)a : (uint64_t)a;
    return (uint8_t)(modc_ones_u32((uint32_t)x) + modc_ones_u32((uint32_t)(x >> 32)));
}
/* @end */

/* @section modc_bitcount_u8 : modc_inline modc_ones_u32 */
modc_inline uint8_t modc_bitcount_u8(uint8_t a) { return modc_ones_u32(a); }
/* @end */

/* @section modc_bitcount_u16 : modc_inline modc_ones_u32 */
modc_inline uint8_t modc_bitcount_u16(uint16_t a) { return modc_ones_u32(a); }
/* @end */

/* @section modc_bitcount_u32 : modc_inline modc_ones_u32 */
modc_inline uint8_t modc_bitcount_u32(uint32_t a) { return modc_ones_u32(a); }
/* @end */

/* @section modc_bitcount_u64 : modc_inline modc_ones_u32 */
modc_inline uint8_t modc_bitcount_u64(uint64_t a) {
    const uint64_t x = a;
    return (uint8_t)(modc_ones_u32((uint32_t)x) + modc_ones_u32((uint32_t)(x >> 32)));
}
/* @end */

#endif
