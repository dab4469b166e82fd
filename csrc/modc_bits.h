/* modc_bits.h: the building blocks of the elementary functions: bits, powers of two, rounding, fused products.
 *
 * Products and sums written fma go through modc_fma_*, which is a fused operation only where the CPU level
 * has one; without it the constants are short enough for the products that must be exact.
 *
 * Used by: modc_exp.h, modc_trig.h, modc_pow.h, modc_math.h, modc_gemm.h.
 */
#ifndef MODC_BITS_H
#define MODC_BITS_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* @section modc_inline */
/* A function that is not inlined keeps its loop from being vectorised; -O2 alone leaves the longer ones out. Where a
 * kernel calls hundreds of them, compiling them all in place would take minutes: MODC_CALLS makes them calls. */
#if defined(__GNUC__) && !defined(MODC_CALLS)
#define modc_inline static inline __attribute__((always_inline, unused))
#elif defined(__GNUC__)
#define modc_inline static __attribute__((unused))
#else
#define modc_inline static inline
#endif
/* @end */

/* Before a loop over lanes, and before a small one of known size: its rounds stay in registers, where gcc at
 * -O2 would keep them in memory. */

/* @section modc_unrolled */
#if defined(__GNUC__) && __GNUC__ >= 8 && !defined(__clang__) && !defined(__OPTIMIZE_SIZE__)
#define modc_unrolled _Pragma("GCC unroll 8")
#else
#define modc_unrolled
#endif
/* @end */

/* @section modc_bits_f64 : modc_inline */
modc_inline uint64_t modc_bits_f64(double x) { uint64_t u; memcpy(&u, &x, sizeof u); return u; }
/* @end */

/* @section modc_from_bits_f64 : modc_inline */
modc_inline double modc_from_bits_f64(uint64_t u) { double x; memcpy(&x, &u, sizeof x); return x; }
/* @end */

/* @section modc_bits_f32 : modc_inline */
modc_inline uint32_t modc_bits_f32(float x) { uint32_t u; memcpy(&u, &x, sizeof u); return u; }
/* @end */

/* @section modc_from_bits_f32 : modc_inline */
modc_inline float modc_from_bits_f32(uint32_t u) { float x; memcpy(&x, &u, sizeof x); return x; }
/* @end */

/* A choice by bits, for loops that add it up: where c is 1 a, where it is 0 b. */

/* @section modc_where_f64 : modc_bits_f64 modc_from_bits_f64 */
modc_inline double modc_where_f64(uint8_t c, double a, double b) {
    const uint64_t chosen = (uint64_t)0 - (uint64_t)(c != 0);
    return modc_from_bits_f64((modc_bits_f64(a) & chosen) | (modc_bits_f64(b) & ~chosen));
}
/* @end */

/* @section modc_where_f32 : modc_bits_f32 modc_from_bits_f32 */
modc_inline float modc_where_f32(uint8_t c, float a, float b) {
    const uint32_t chosen = (uint32_t)0 - (uint32_t)(c != 0);
    return modc_from_bits_f32((modc_bits_f32(a) & chosen) | (modc_bits_f32(b) & ~chosen));
}
/* @end */

/* @section modc_fma_f64 : modc_inline */
modc_inline double modc_fma_f64(double a, double b, double c) {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
    return fma(a, b, c);
#else
    return a * b + c;
#endif
}
/* @end */

/* @section modc_fma_f32 : modc_inline */
modc_inline float modc_fma_f32(float a, float b, float c) {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
    return fmaf(a, b, c);
#else
    return a * b + c;
#endif
}
/* @end */

/* @section modc_tail_f64 : modc_inline */
/* What a * b lost when it was rounded to p; exact unless something overflows or underflows. */
modc_inline double modc_tail_f64(double a, double b, double p) {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
    return fma(a, b, -p);
#else
    const double ac = a * 0x1.0000002p27, bc = b * 0x1.0000002p27;
    const double ah = ac - (ac - a), bh = bc - (bc - b);
    const double al = a - ah, bl = b - bh;
    return ((ah * bh - p) + (ah * bl + al * bh)) + al * bl;
#endif
}
/* @end */

/* @section modc_sumtail_f64 : modc_inline */
/* What a + b lost when it was rounded to s. */
modc_inline double modc_sumtail_f64(double a, double b, double s) {
    const double t = s - a;
    return (a - (s - t)) + (b - t);
}
/* @end */

/* @section modc_near_f64 : modc_inline */
/* Nearest integer, ties to even, for |x| < 2^51. */
modc_inline double modc_near_f64(double x) { return (x + 0x1.8p52) - 0x1.8p52; }
/* @end */

/* @section modc_near_f32 : modc_inline */
/* Nearest integer, ties to even, for |x| < 2^22. */
modc_inline float modc_near_f32(float x) { return (x + 0x1.8p23f) - 0x1.8p23f; }
/* @end */

/* @section modc_pow2_f64 : modc_inline modc_bits_f64 modc_from_bits_f64 */
/* 2^k for an integer k in [-1022, 1023]: the sum's low bits hold k + 1023. */
modc_inline double modc_pow2_f64(double k) {
    return modc_from_bits_f64(modc_bits_f64(k + (0x1.8p52 + 1023.0)) << 52);
}
/* @end */

/* @section modc_pow2_f32 : modc_inline modc_bits_f32 modc_from_bits_f32 */
/* 2^k for an integer k in [-126, 127]. */
modc_inline float modc_pow2_f32(float k) {
    return modc_from_bits_f32(modc_bits_f32(k + (0x1.8p23f + 127.0f)) << 23);
}
/* @end */

#endif
