/* modc_math.h: elementary functions as inline C99 that vectorises.
 *
 * Input: one double or float.  Output: the function's value, at most 2.5 ULP (pow: 4) from the correctly
 * rounded one over the whole domain; NaN, infinities, signed zeros and subnormals as NumPy has them.
 * Used by: the emitted kernels, which take in the sections that they name (see emit/sections).
 *
 * No function here has a branch or a loop, so a loop over it vectorises: choices are conditional
 * expressions on values, rounding is an addition of 1.5 * 2^52, powers of two are made of exponent bits.
 * Products and sums written fma go through modc_fma_*, which is a fused operation only where the CPU level
 * has one; without it the constants are short enough for the products that must be exact.
 *
 * Methods: argument reduction after W. J. Cody and W. Waite (Software Manual for the Elementary Functions,
 * 1980); 2/pi in pieces after M. Payne and R. Hanek (1983); the form of log after the classic 2 atanh(f/(2+f))
 * series; double-length sums and products after T. J. Dekker (1971) and D. Knuth (TAOCP 2, 4.2.2).
 * Coefficients: build_tools/minimax.py.
 */
#ifndef MODC_MATH_H
#define MODC_MATH_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* @section modc_inline */
/* A function that is not inlined keeps its loop from being vectorised; -O2 alone leaves the longer ones out. */
#if defined(__GNUC__)
#define modc_inline static inline __attribute__((always_inline, unused))
#else
#define modc_inline static inline
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

/* @section modc_exptail_f64 : modc_inline modc_fma_f64 */
/* exp(r) - 1 - r for |r| <= ln(2)/2. */
modc_inline double modc_exptail_f64(double r) {
    double q = 0x1.af858f032f547p-26;
    q = modc_fma_f64(q, r, 0x1.28b048fa55ccdp-22);
    q = modc_fma_f64(q, r, 0x1.71dddfc6eea70p-19);
    q = modc_fma_f64(q, r, 0x1.a0199693dcbbbp-16);
    q = modc_fma_f64(q, r, 0x1.a01a01bae4c4ep-13);
    q = modc_fma_f64(q, r, 0x1.6c16c185a7490p-10);
    q = modc_fma_f64(q, r, 0x1.111111110d630p-7);
    q = modc_fma_f64(q, r, 0x1.5555555550030p-5);
    q = modc_fma_f64(q, r, 0x1.5555555555561p-3);
    q = modc_fma_f64(q, r, 0x1.000000000000bp-1);
    return r * r * q;
}
/* @end */

/* @section modc_exptail_f32 : modc_inline modc_fma_f32 */
/* exp(r) - 1 - r for |r| <= ln(2)/2. */
modc_inline float modc_exptail_f32(float r) {
    float q = 0x1.6db42ap-10f;
    q = modc_fma_f32(q, r, 0x1.123b56p-7f);
    q = modc_fma_f32(q, r, 0x1.55545ep-5f);
    q = modc_fma_f32(q, r, 0x1.55548ep-3f);
    q = modc_fma_f32(q, r, 0x1p-1f);
    return r * r * q;
}
/* @end */

/* @section modc_expsum_f64 : modc_inline modc_fma_f64 modc_near_f64 modc_pow2_f64 modc_exptail_f64 */
/* exp(x + low) for x in [-746, 720] and a tiny low. 2^k is applied in two halves: k may pass the exponent range. */
modc_inline double modc_expsum_f64(double x, double low) {
    const double k = modc_near_f64(x * 0x1.71547652b82fep+0);
    const double r = modc_fma_f64(k, 0x1.8432a1b0e2634p-43, modc_fma_f64(k, -0x1.62e42fefa4p-1, x)) + low;
    const double half = modc_near_f64(k * 0.5);
    return (1.0 + (r + modc_exptail_f64(r))) * modc_pow2_f64(half) * modc_pow2_f64(k - half);
}
/* @end */

/* @section modc_exp_f64 : modc_inline modc_expsum_f64 */
modc_inline double modc_exp_f64(double x) {
    const double top = x > 710.0 ? 710.0 : x;
    return modc_expsum_f64(top < -746.0 ? -746.0 : top, 0.0);
}
/* @end */

/* @section modc_exp_f32 : modc_inline modc_fma_f32 modc_near_f32 modc_pow2_f32 modc_exptail_f32 */
modc_inline float modc_exp_f32(float x) {
    const float top = x > 89.0f ? 89.0f : x;
    const float y = top < -104.0f ? -104.0f : top;
    const float k = modc_near_f32(y * 0x1.715476p+0f);
    const float r = modc_fma_f32(k, -0x1.7f7d1cp-20f, modc_fma_f32(k, -0x1.62e4p-1f, y));
    const float half = modc_near_f32(k * 0.5f);
    return (1.0f + (r + modc_exptail_f32(r))) * modc_pow2_f32(half) * modc_pow2_f32(k - half);
}
/* @end */

/* @section modc_exp2_f64 : modc_inline modc_near_f64 modc_pow2_f64 modc_exptail_f64 */
modc_inline double modc_exp2_f64(double x) {
    const double top = x > 1025.0 ? 1025.0 : x;
    const double y = top < -1077.0 ? -1077.0 : top;
    const double k = modc_near_f64(y);
    const double r = (y - k) * 0x1.62e42fefa39efp-1;
    const double half = modc_near_f64(k * 0.5);
    return (1.0 + (r + modc_exptail_f64(r))) * modc_pow2_f64(half) * modc_pow2_f64(k - half);
}
/* @end */

/* @section modc_exp2_f32 : modc_inline modc_near_f32 modc_pow2_f32 modc_exptail_f32 */
modc_inline float modc_exp2_f32(float x) {
    const float top = x > 129.0f ? 129.0f : x;
    const float y = top < -151.0f ? -151.0f : top;
    const float k = modc_near_f32(y);
    const float r = (y - k) * 0x1.62e43p-1f;
    const float half = modc_near_f32(k * 0.5f);
    return (1.0f + (r + modc_exptail_f32(r))) * modc_pow2_f32(half) * modc_pow2_f32(k - half);
}
/* @end */

/* @section modc_expm1_f64 : modc_inline modc_fma_f64 modc_near_f64 modc_pow2_f64 modc_exptail_f64 */
/* 2^k (exp(r) - 1) + (2^k - 1), halved on the way so that k = 1024 fits. */
modc_inline double modc_expm1_f64(double x) {
    const double top = x > 710.0 ? 710.0 : x;
    const double y = top < -40.0 ? -40.0 : top;
    const double k = modc_near_f64(y * 0x1.71547652b82fep+0);
    const double r = modc_fma_f64(k, 0x1.8432a1b0e2634p-43, modc_fma_f64(k, -0x1.62e42fefa4p-1, y));
    const double half = modc_pow2_f64(k - 1.0);
    const double value = 2.0 * (modc_fma_f64(half, r + modc_exptail_f64(r), half - 0.5));
    return fabs(x) < 0x1p-60 ? x : value;
}
/* @end */

/* @section modc_expm1_f32 : modc_inline modc_fma_f32 modc_near_f32 modc_pow2_f32 modc_exptail_f32 */
modc_inline float modc_expm1_f32(float x) {
    const float top = x > 89.0f ? 89.0f : x;
    const float y = top < -20.0f ? -20.0f : top;
    const float k = modc_near_f32(y * 0x1.715476p+0f);
    const float r = modc_fma_f32(k, -0x1.7f7d1cp-20f, modc_fma_f32(k, -0x1.62e4p-1f, y));
    const float half = modc_pow2_f32(k - 1.0f);
    const float value = 2.0f * (modc_fma_f32(half, r + modc_exptail_f32(r), half - 0.5f));
    return fabsf(x) < 0x1p-30f ? x : value;
}
/* @end */

/* @section modc_logsum_f64 : modc_inline modc_fma_f64 */
/* k ln(2) + log(1 + f) for 1 + f in [sqrt(1/2), sqrt(2)]. */
modc_inline double modc_logsum_f64(double k, double f) {
    const double s = f / (2.0 + f), z = s * s, h = 0.5 * f * f;
    double q = 0x1.2ea4945dd2c9ap-3;
    q = modc_fma_f64(q, z, 0x1.39ac2cdde7d72p-3);
    q = modc_fma_f64(q, z, 0x1.7465cc8446b0ap-3);
    q = modc_fma_f64(q, z, 0x1.c71c547dcdc18p-3);
    q = modc_fma_f64(q, z, 0x1.2492493e6e440p-2);
    q = modc_fma_f64(q, z, 0x1.9999999984b38p-2);
    q = modc_fma_f64(q, z, 0x1.555555555557fp-1);
    q = modc_fma_f64(s, h + z * q, k * -0x1.8432a1b0e2634p-43);
    return k * 0x1.62e42fefa4p-1 - ((h - q) - f);
}
/* @end */

/* @section modc_logsum_f32 : modc_inline modc_fma_f32 */
/* k ln(2) + log(1 + f) for 1 + f in [sqrt(1/2), sqrt(2)]. */
modc_inline float modc_logsum_f32(float k, float f) {
    const float s = f / (2.0f + f), z = s * s, h = 0.5f * f * f;
    float q = 0x1.31e34cp-2f;
    q = modc_fma_f32(q, z, 0x1.995eb6p-2f);
    q = modc_fma_f32(q, z, 0x1.55557ap-1f);
    q = modc_fma_f32(s, h + z * q, k * 0x1.7f7d1cp-20f);
    return k * 0x1.62e4p-1f - ((h - q) - f);
}
/* @end */

/* @section modc_split_f64 : modc_inline modc_bits_f64 modc_from_bits_f64 */
/* m in [sqrt(1/2), sqrt(2)) and k with x = m 2^k, for positive finite x. */
modc_inline double modc_split_f64(double x, double *k) {
    const int tiny = x < 0x1p-1022;
    const uint64_t t = modc_bits_f64(tiny ? x * 0x1p54 : x) + 0x00095f619980c433u;
    *k = modc_from_bits_f64(t >> 52 | 0x4330000000000000u) - (tiny ? 0x1p52 + 1077.0 : 0x1p52 + 1023.0);
    return modc_from_bits_f64((t & 0x000fffffffffffffu) + 0x3fe6a09e667f3bcdu);
}
/* @end */

/* @section modc_split_f32 : modc_inline modc_bits_f32 modc_from_bits_f32 */
/* m in [sqrt(1/2), sqrt(2)) and k with x = m 2^k, for positive finite x. */
modc_inline float modc_split_f32(float x, float *k) {
    const int tiny = x < 0x1p-126f;
    const uint32_t t = modc_bits_f32(tiny ? x * 0x1p23f : x) + 0x004afb0du;
    *k = modc_from_bits_f32(t >> 23 | 0x4b000000u) - (tiny ? 0x1p23f + 150.0f : 0x1p23f + 127.0f);
    return modc_from_bits_f32((t & 0x007fffffu) + 0x3f3504f3u);
}
/* @end */

/* @section modc_logedge_f64 : modc_inline */
/* A logarithm's value where x is not positive and finite: -inf at 0, NaN below, inf at inf, NaN at NaN. */
modc_inline double modc_logedge_f64(double x, double value) {
    const double low = x == 0.0 ? -(double)INFINITY : (double)NAN;
    const double r = x > 0.0 ? value : low;
    return x < (double)INFINITY ? r : x;
}
/* @end */

/* @section modc_logedge_f32 : modc_inline */
modc_inline float modc_logedge_f32(float x, float value) {
    const float low = x == 0.0f ? -INFINITY : NAN;
    const float r = x > 0.0f ? value : low;
    return x < INFINITY ? r : x;
}
/* @end */

/* @section modc_log_f64 : modc_inline modc_logsum_f64 modc_split_f64 modc_logedge_f64 */
modc_inline double modc_log_f64(double x) {
    double k;
    const double m = modc_split_f64(x, &k);
    return modc_logedge_f64(x, modc_logsum_f64(k, m - 1.0));
}
/* @end */

/* @section modc_log_f32 : modc_inline modc_logsum_f32 modc_split_f32 modc_logedge_f32 */
modc_inline float modc_log_f32(float x) {
    float k;
    const float m = modc_split_f32(x, &k);
    return modc_logedge_f32(x, modc_logsum_f32(k, m - 1.0f));
}
/* @end */

/* @section modc_log2_f64 : modc_inline modc_logsum_f64 modc_split_f64 modc_logedge_f64 modc_fma_f64 */
modc_inline double modc_log2_f64(double x) {
    double k;
    const double m = modc_split_f64(x, &k);
    return modc_logedge_f64(x, modc_fma_f64(modc_logsum_f64(0.0, m - 1.0), 0x1.71547652b82fep+0, k));
}
/* @end */

/* @section modc_log2_f32 : modc_inline modc_logsum_f32 modc_split_f32 modc_logedge_f32 modc_fma_f32 */
modc_inline float modc_log2_f32(float x) {
    float k;
    const float m = modc_split_f32(x, &k);
    return modc_logedge_f32(x, modc_fma_f32(modc_logsum_f32(0.0f, m - 1.0f), 0x1.715476p+0f, k));
}
/* @end */

/* @section modc_log10_f64 : modc_inline modc_logsum_f64 modc_split_f64 modc_logedge_f64 modc_fma_f64 */
modc_inline double modc_log10_f64(double x) {
    double k;
    const double m = modc_split_f64(x, &k);
    const double low = modc_fma_f64(modc_logsum_f64(0.0, m - 1.0), 0x1.bcb7b1526e50ep-2, k * -0x1.80433b83b532ap-44);
    return modc_logedge_f64(x, k * 0x1.34413509f8000p-2 + low);
}
/* @end */

/* @section modc_log10_f32 : modc_inline modc_logsum_f32 modc_split_f32 modc_logedge_f32 modc_fma_f32 */
modc_inline float modc_log10_f32(float x) {
    float k;
    const float m = modc_split_f32(x, &k);
    const float low = modc_fma_f32(modc_logsum_f32(0.0f, m - 1.0f), 0x1.bcb7b2p-2f, k * 0x1.3509f8p-18f);
    return modc_logedge_f32(x, k * 0x1.344000p-2f + low);
}
/* @end */

/* @section modc_log1p_f64 : modc_inline modc_logsum_f64 modc_bits_f64 modc_from_bits_f64 modc_logedge_f64 */
/* u = 1 + x loses c; both are scaled by 2^-k, so that f is x itself, unrounded, where k = 0. */
modc_inline double modc_log1p_f64(double x) {
    const double u = 1.0 + x;
    const double c = x < 1.0 ? x - (u - 1.0) : 1.0 - (u - x);
    const uint64_t t = modc_bits_f64(u) + 0x00095f619980c433u;
    const double k = modc_from_bits_f64(t >> 52 | 0x4330000000000000u) - (0x1p52 + 1023.0);
    const double m = modc_from_bits_f64((t & 0x000fffffffffffffu) + 0x3fe6a09e667f3bcdu);
    const double twice = modc_from_bits_f64(0x7ff0000000000000u - (t & 0x7ff0000000000000u));
    const double value = modc_logsum_f64(k, (m - 1.0) + 0.5 * c * twice);
    return fabs(x) < 0x1p-60 ? x : modc_logedge_f64(u, value);
}
/* @end */

/* @section modc_log1p_f32 : modc_inline modc_logsum_f32 modc_bits_f32 modc_from_bits_f32 modc_logedge_f32 */
modc_inline float modc_log1p_f32(float x) {
    const float u = 1.0f + x;
    const float c = x < 1.0f ? x - (u - 1.0f) : 1.0f - (u - x);
    const uint32_t t = modc_bits_f32(u) + 0x004afb0du;
    const float k = modc_from_bits_f32(t >> 23 | 0x4b000000u) - (0x1p23f + 127.0f);
    const float m = modc_from_bits_f32((t & 0x007fffffu) + 0x3f3504f3u);
    const float twice = modc_from_bits_f32(0x7f800000u - (t & 0x7f800000u));
    const float value = modc_logsum_f32(k, (m - 1.0f) + 0.5f * c * twice);
    return fabsf(x) < 0x1p-30f ? x : modc_logedge_f32(u, value);
}
/* @end */

/* @section modc_tanh_f64 : modc_inline modc_sumtail_f64 modc_fma_f64 modc_near_f64 modc_pow2_f64 modc_exptail_f64 */
/* q = d / (d + 2) with d = exp(2|x|) - 1, and what the sums lost, over d + 2 = 2 / (1 - q).
 * From 44 on tanh rounds to 1. */
modc_inline double modc_tanh_f64(double x) {
    const double a = 2.0 * fabs(x), y = a > 44.0 ? 44.0 : a;
    const double k = modc_near_f64(y * 0x1.71547652b82fep+0);
    const double r = modc_fma_f64(k, 0x1.8432a1b0e2634p-43, modc_fma_f64(k, -0x1.62e42fefa4p-1, y));
    const double scale = modc_pow2_f64(k);
    const double tail = modc_exptail_f64(r), p = r + tail, pl = (r - p) + tail;
    const double d = modc_fma_f64(scale, p, scale - 1.0), e = d + 2.0, el = modc_sumtail_f64(2.0, d, e);
    const double q = d / e;
    return copysign(modc_fma_f64(modc_fma_f64(-q, el, scale * pl), 0.5 - 0.5 * q, q), x);
}
/* @end */

/* @section modc_tanh_f32 : modc_inline modc_fma_f32 modc_near_f32 modc_pow2_f32 modc_exptail_f32 */
modc_inline float modc_tanh_f32(float x) {
    const float a = 2.0f * fabsf(x), y = a > 20.0f ? 20.0f : a;
    const float k = modc_near_f32(y * 0x1.715476p+0f);
    const float r = modc_fma_f32(k, -0x1.7f7d1cp-20f, modc_fma_f32(k, -0x1.62e4p-1f, y));
    const float scale = modc_pow2_f32(k);
    const float tail = modc_exptail_f32(r), p = r + tail, pl = (r - p) + tail;
    const float d = modc_fma_f32(scale, p, scale - 1.0f), q = d / (d + 2.0f);
    return copysignf(modc_fma_f32(scale * pl, 0.5f - 0.5f * q, q), x);
}
/* @end */

/* @section modc_sigmoid_f64 : modc_inline modc_exp_f64 */
/* 1 / (1 + exp(-x)), with exp(-|x|) so that the left tail keeps its subnormal values. */
modc_inline double modc_sigmoid_f64(double x) {
    const double e = modc_exp_f64(-fabs(x));
    return (x < 0.0 ? e : 1.0) / (1.0 + e);
}
/* @end */

/* @section modc_sigmoid_f32 : modc_inline modc_exp_f32 */
modc_inline float modc_sigmoid_f32(float x) {
    const float e = modc_exp_f32(-fabsf(x));
    return (x < 0.0f ? e : 1.0f) / (1.0f + e);
}
/* @end */

/* @section modc_softplus_f64 : modc_inline modc_exp_f64 modc_logsum_f64 */
/* log(1 + exp(x)) = max(x, 0) + log(1 + e), e = exp(-|x|); 1 + e is halved where it passes sqrt(2). */
modc_inline double modc_softplus_f64(double x) {
    const double e = modc_exp_f64(-fabs(x)), k = e > 0.41421356 ? 1.0 : 0.0;
    return (x < 0.0 ? 0.0 : x) + modc_logsum_f64(k, e > 0.41421356 ? 0.5 * (e - 1.0) : e);
}
/* @end */

/* @section modc_softplus_f32 : modc_inline modc_exp_f32 modc_logsum_f32 */
modc_inline float modc_softplus_f32(float x) {
    const float e = modc_exp_f32(-fabsf(x)), k = e > 0.41421356f ? 1.0f : 0.0f;
    return (x < 0.0f ? 0.0f : x) + modc_logsum_f32(k, e > 0.41421356f ? 0.5f * (e - 1.0f) : e);
}
/* @end */

/* @section modc_two_over_pi_f64 */
/* Entry j: bits 16j+1 .. 16j+48 of 2/pi, as a fraction. */
static const double modc_two_over_pi_f64[70] = {
    0x1.45f306dc9c880p-1, 0x1.06dc9c882a520p-1, 0x1.391054a7f09c0p-2, 0x1.529fc2757d100p-4,
    0x1.f84eafa3ea680p-1, 0x1.5f47d4d377000p-2, 0x1.ea69bb81b6c40p-1, 0x1.bb81b6c52b320p-1,
    0x1.b6c52b3278860p-1, 0x1.2b32788720820p-1, 0x1.e21c820ff2880p-3, 0x1.2083fca2c7560p-1,
    0x1.fca2c757bd760p-1, 0x1.8eaf7aef15840p-2, 0x1.bd778ac36e480p-1, 0x1.8ac36e48dc740p-1,
    0x1.6e48dc74849a0p-1, 0x1.b8e909374b800p-2, 0x1.09374b8019240p-2, 0x1.a5c00c925dd40p-1,
    0x1.924bba8274400p-6, 0x1.77504e8c90e00p-3, 0x1.3a32439fc3a00p-5, 0x1.2439fc3bd6380p-1,
    0x1.fc3bd63962520p-1, 0x1.d63962534e7c0p-1, 0x1.62534e7dd1040p-1, 0x1.4e7dd1046bea0p-1,
    0x1.d1046bea5d760p-1, 0x1.afa975da24200p-3, 0x1.75da24274ce00p-3, 0x1.1213a671c0980p-2,
    0x1.d338e04d68be0p-1, 0x1.c09ad17df9040p-2, 0x1.68befc8273220p-1, 0x1.f904e64758e40p-2,
    0x1.cc8eb1cc1a980p-3, 0x1.ac7306a673e80p-1, 0x1.06a673e939080p-1, 0x1.cfa4e422fc580p-3,
    0x1.3908bf177bf20p-1, 0x1.7e2ef7e4a0ec0p-2, 0x1.7bf250763ff00p-1, 0x1.41d8ffc4bff80p-3,
    0x1.ff897ffde0500p-4, 0x1.2fffbc0b301e0p-1, 0x1.bc0b301fde5e0p-1, 0x1.301fde5e23160p-1,
    0x1.de5e2316b4140p-1, 0x1.18b5a0a6d1f00p-4, 0x1.6829b47db4d80p-2, 0x1.b47db4d9fb3c0p-2,
    0x1.b4d9fb3c9f2c0p-2, 0x1.fb3c9f2c26dc0p-2, 0x1.3e584dba7a300p-3, 0x1.36e9e8c7ecc00p-5,
    0x1.3d18fd9a797c0p-2, 0x1.fb34f2ff51680p-3, 0x1.3cbfd45aea4e0p-1, 0x1.d45aea4f758e0p-1,
    0x1.d49eeb1faf940p-2, 0x1.758fd7cbe2f60p-1, 0x1.d7cbe2f67a0e0p-1, 0x1.e2f67a0e73ee0p-1,
    0x1.e839cfbc52900p-3, 0x1.cfbc529497500p-3, 0x1.14a525d4d7f60p-1, 0x1.25d4d7f6bf620p-1,
    0x1.afed7ec47e340p-2, 0x1.7ec47e3574200p-2};
/* @end */

/* @section modc_sine_f64 : modc_inline modc_bits_f64 modc_from_bits_f64 modc_fma_f64 modc_tail_f64 modc_near_f64 modc_sumtail_f64 modc_two_over_pi_f64 */
/* sin(x + turn pi/2), for every finite x.
 * x 2/pi modulo 4 is made of four 48-bit pieces of 2/pi, from the first bit that matters at x's exponent on;
 * multiples of 4 leave at once, the rest is added without loss.  192 - 16 bits cover the worst double. */
modc_inline double modc_sine_f64(double x, double turn) {
    const uint64_t u = modc_bits_f64(x), biased = u >> 52 & 0x7ffu;
    const uint64_t j = ((biased < 1077u ? 1077u : biased) - 1077u) >> 4;
    const double p0 = modc_two_over_pi_f64[j], p1 = modc_two_over_pi_f64[j + 3u];
    const double p2 = modc_two_over_pi_f64[j + 6u], p3 = modc_two_over_pi_f64[j + 9u];
    const double w = x * modc_from_bits_f64((1023u - 16u * j) << 52);
    const double a0 = w * p0, b0 = modc_tail_f64(w, p0, a0);
    const double w1 = w * 0x1p-48, a1 = w1 * p1, b1 = modc_tail_f64(w1, p1, a1);
    const double w2 = w * 0x1p-96, a2 = w2 * p2, b2 = modc_tail_f64(w2, p2, a2);
    const double a3 = w * 0x1p-144 * p3;
    const double c0 = a0 - ((a0 + 0x1.8p72) - 0x1.8p72);
    const double d0 = c0 - ((c0 + 0x1.8p54) - 0x1.8p54), d1 = b0 - ((b0 + 0x1.8p54) - 0x1.8p54);
    const double d2 = a1 - ((a1 + 0x1.8p54) - 0x1.8p54);
    const double q = modc_near_f64((d0 + d1) + d2), d = d0 - q;
    const double s0 = d + d1, e0 = modc_sumtail_f64(d, d1, s0);
    const double s1 = s0 + d2, e1 = modc_sumtail_f64(s0, d2, s1);
    const double s2 = s1 + a2, e2 = modc_sumtail_f64(s1, a2, s2);
    const double s3 = s2 + b1, e3 = modc_sumtail_f64(s2, b1, s3);
    const double low = (e0 + e1) + (e2 + (e3 + (b2 + a3)));
    const double h = s3 + low, l = (s3 - h) + low;
    const double r = h * 0x1.921fb54442d18p+0;
    const double t = modc_tail_f64(h, 0x1.921fb54442d18p+0, r) + modc_fma_f64(h, 0x1.1a62633145c07p-54, l * 0x1.921fb54442d18p+0);
    const double z = r * r, hz = 0.5 * z, v = 1.0 - hz;
    double p = 0x1.5d99dcf699d5dp-33, g = -0x1.8ff105515694cp-37;
    p = modc_fma_f64(p, z, -0x1.ae5e80d8bc503p-26);
    p = modc_fma_f64(p, z, 0x1.71de359ee0224p-19);
    p = modc_fma_f64(p, z, -0x1.a01a019c47700p-13);
    p = modc_fma_f64(p, z, 0x1.111111110fa98p-7);
    p = modc_fma_f64(p, z, -0x1.555555555554bp-3);
    g = modc_fma_f64(g, z, 0x1.1eea7639f39e7p-29);
    g = modc_fma_f64(g, z, -0x1.27e4f8e7bd50fp-22);
    g = modc_fma_f64(g, z, 0x1.a01a019e05243p-16);
    g = modc_fma_f64(g, z, -0x1.6c16c16c160ccp-10);
    g = modc_fma_f64(g, z, 0x1.5555555555554p-5);
    const double sine = r + modc_fma_f64(r * z, p, t * v);
    const double cosine = v + (((1.0 - v) - hz) + modc_fma_f64(z * z, g, -r * t));
    const uint64_t quarter = modc_bits_f64((q + turn) + 0x1.8p52), odd = 0u - (quarter & 1u);
    const uint64_t value = (modc_bits_f64(cosine) & odd) | (modc_bits_f64(sine) & ~odd);
    return modc_from_bits_f64(value ^ (quarter & 2u) << 62);
}
/* @end */

/* @section modc_sin_f64 : modc_inline modc_sine_f64 */
modc_inline double modc_sin_f64(double x) {
    const double sine = modc_sine_f64(x, 0.0);
    return fabs(x) < 0x1p-27 ? x : sine;
}
/* @end */

/* @section modc_cos_f64 : modc_inline modc_sine_f64 */
modc_inline double modc_cos_f64(double x) { return modc_sine_f64(x, 1.0); }
/* @end */

/* @section modc_sine_f32 : modc_inline modc_bits_f64 modc_from_bits_f64 modc_fma_f64 modc_near_f64 */
/* sin(x + turn pi/2) for every finite x, in double: x 2/pi modulo 4 from three pieces of 2/pi (28, 28, 53 bits)
 * whose first two products are exact; which pieces depends on the 26-binade window of x. */
modc_inline float modc_sine_f32(float x, double turn) {
    const double w = (double)x, a = fabs(w);
    const int w1 = a >= 0x1p26, w2 = a >= 0x1p52, w3 = a >= 0x1p78, w4 = a >= 0x1p104;
    const double m0 = w1 ? 0x1.17cc1b4p-3 : 0x1.45f306cp-1, m1 = w1 ? 0x1.9391054p-30 : 0x1.c9c882ap-29;
    const double m2 = w1 ? 0x1.4fe13abe8fa9ap-59 : 0x1.4fe13abe8fa98p-59;
    const double n0 = w2 ? 0x1.c9c8828p-29 : m0, n1 = w2 ? 0x1.29fc274p-56 : m1;
    const double n2 = w2 ? 0x1.7d1f534ddc0dbp-84 : m2;
    const double k0 = w3 ? 0x1.4a7f09cp-54 : n0, k1 = w3 ? 0x1.5f47d4cp-82 : n1;
    const double k2 = w3 ? 0x1.377036d8a5664p-110 : n2;
    const double p0 = w * (w4 ? 0x1.57d1f52p-80 : k0), p1 = w * (w4 ? 0x1.4ddc0dap-108 : k1);
    const double p2 = w * (w4 ? 0x1.6295993c43904p-136 : k2);
    const double d0 = p0 - ((p0 + 0x1.8p54) - 0x1.8p54), d1 = p1 - ((p1 + 0x1.8p54) - 0x1.8p54);
    const double q = modc_near_f64(d0 + d1);
    const double r = (((d0 - q) + d1) + p2) * 0x1.921fb54442d18p+0, z = r * r;
    double p = 0x1.6cd8562198f57p-19, g = 0x1.9a42cd92431a8p-16;
    p = modc_fma_f64(p, z, -0x1.a00f9da210933p-13);
    p = modc_fma_f64(p, z, 0x1.1111089653415p-7);
    p = modc_fma_f64(p, z, -0x1.5555554cba1d5p-3);
    p = modc_fma_f64(p, z, 1.0);
    g = modc_fma_f64(g, z, -0x1.6c0d90ab7b95cp-10);
    g = modc_fma_f64(g, z, 0x1.55554cb47ea0bp-5);
    g = modc_fma_f64(g, z, -0.5);
    g = modc_fma_f64(g, z, 1.0);
    const uint64_t quarter = modc_bits_f64((q + turn) + 0x1.8p52);
    const double value = (quarter & 1u) != 0u ? g : r * p;
    return (float)modc_from_bits_f64(modc_bits_f64(value) ^ (quarter & 2u) << 62);
}
/* @end */

/* @section modc_sin_f32 : modc_inline modc_sine_f32 */
modc_inline float modc_sin_f32(float x) { return modc_sine_f32(x, 0.0); }
/* @end */

/* @section modc_cos_f32 : modc_inline modc_sine_f32 */
modc_inline float modc_cos_f32(float x) { return modc_sine_f32(x, 1.0); }
/* @end */

/* @section modc_powlog_f64 : modc_inline */
/* log|x| given its ordinary value: -inf at 0, inf at inf, NaN at NaN. */
modc_inline double modc_powlog_f64(double x, double value) {
    const double ax = fabs(x), r = ax < (double)INFINITY ? value : ax;
    return ax == 0.0 ? -(double)INFINITY : r;
}
/* @end */

/* @section modc_powproduct_f64 : modc_inline */
/* y log|x| given the plain product: 0 where y or log|x| is, so that 1^y and x^0 are 1 for every y and x. */
modc_inline double modc_powproduct_f64(double y, double log, double product) {
    const double r = log == 0.0 ? 0.0 : product;
    return y == 0.0 ? 0.0 : r;
}
/* @end */

/* @section modc_powsign_f64 : modc_inline */
/* x^y given |x|^y: y's distance from a multiple of 2 is 0 (even), 1 (odd) or something else (no integer). */
modc_inline double modc_powsign_f64(double x, double y, double value) {
    const double ay = fabs(y), a = ay > 0x1p53 ? 0x1p53 : ay;
    const double off = fabs(a - ((a + 0x1p53) - 0x1p53));
    const double bad = x < 0.0 ? (x > -(double)INFINITY ? (double)NAN : value) : value;
    const double r = off == 1.0 ? copysign(value, x) : bad;
    return off == 0.0 ? value : r;
}
/* @end */

/* @section modc_pow_f64 : modc_inline modc_powlog_f64 modc_powproduct_f64 modc_powsign_f64 modc_split_f64 modc_tail_f64 modc_fma_f64 modc_expsum_f64 */
/* exp(y log|x|) with the logarithm and the product in double length: log m = 2s + s^3 (2/3 + s^2 q(s^2)),
 * s = (m - 1) / (m + 1), where all but q is kept in two parts. */
modc_inline double modc_pow_f64(double x, double y) {
    double k;
    const double m = modc_split_f64(fabs(x), &k);
    const double f = m - 1.0, t = f + 2.0, tl = f - (t - 2.0), inverse = 1.0 / t;
    const double s = f * inverse, st = s * t;
    const double sl = (((f - st) - modc_tail_f64(s, t, st)) - s * tl) * inverse;
    const double z = s * s, zl = modc_tail_f64(s, s, z) + 2.0 * s * sl;
    double q = 0x1.0c54795e2cb59p-3;
    q = modc_fma_f64(q, z, 0x1.0fb87bc747525p-3);
    q = modc_fma_f64(q, z, 0x1.3b1c539cf4a43p-3);
    q = modc_fma_f64(q, z, 0x1.745cf9666f0fdp-3);
    q = modc_fma_f64(q, z, 0x1.c71c71fc32c71p-3);
    q = modc_fma_f64(q, z, 0x1.249249247e766p-2);
    q = modc_fma_f64(q, z, 0x1.99999999999c2p-2);
    q = q * z;
    const double a = 0x1.5555555555555p-1 + q, al = ((0x1.5555555555555p-1 - a) + q) + 0x1.5555555555555p-55;
    const double c = z * s, cl = modc_tail_f64(z, s, c) + (zl * s + z * sl);
    const double v = c * a, vl = modc_tail_f64(c, a, v) + (c * al + cl * a);
    const double kh = k * 0x1.62e42fefa4p-1;
    const double g = kh + 2.0 * s, gl = (kh - g) + 2.0 * s;
    const double h = g + v, hl = (g - h) + v;
    const double low = (gl + hl) + (modc_fma_f64(k, -0x1.8432a1b0e2634p-43, 2.0 * sl) + vl);
    const double sum = h + low, ll = (h - sum) + low, lh = modc_powlog_f64(x, sum);
    const double yl = y * lh, pl = modc_tail_f64(y, lh, yl) + y * ll;
    const double p = modc_powproduct_f64(y, lh, yl);
    const double top = p > 720.0 ? 720.0 : p, clamped = top < -746.0 ? -746.0 : top;
    return modc_powsign_f64(x, y, modc_expsum_f64(clamped, fabs(pl) < 1.0 ? pl : 0.0));
}
/* @end */

/* @section modc_pow_f32 : modc_inline modc_powlog_f64 modc_powproduct_f64 modc_powsign_f64 modc_bits_f64 modc_from_bits_f64 modc_fma_f64 modc_near_f64 modc_pow2_f64 */
/* 2^(y log2|x|) in double. */
modc_inline float modc_pow_f32(float x, float y) {
    const double b = (double)x, e = (double)y;
    const uint64_t t = modc_bits_f64(fabs(b)) + 0x00095f619980c433u;
    const double k = modc_from_bits_f64(t >> 52 | 0x4330000000000000u) - (0x1p52 + 1023.0);
    const double m = modc_from_bits_f64((t & 0x000fffffffffffffu) + 0x3fe6a09e667f3bcdu);
    const double s = (m - 1.0) / (m + 1.0), z = s * s;
    double q = 0x1.21b33efbe0813p-2;
    q = modc_fma_f64(q, z, 0x1.47952a5582c5dp-2);
    q = modc_fma_f64(q, z, 0x1.a61a2feadda12p-2);
    q = modc_fma_f64(q, z, 0x1.2776c291b9ec9p-1);
    q = modc_fma_f64(q, z, 0x1.ec709dc53dd4ap-1);
    q = modc_fma_f64(q, z, 0x1.71547652b8250p+1);
    const double log = modc_powlog_f64(b, modc_fma_f64(q, s, k));
    const double p = modc_powproduct_f64(e, log, e * log);
    const double top = p > 129.0 ? 129.0 : p, w = top < -160.0 ? -160.0 : top;
    const double n = modc_near_f64(w), r = w - n;
    double g = 0x1.0dff3e210cf33p-16;
    g = modc_fma_f64(g, r, 0x1.43d279a327ac4p-13);
    g = modc_fma_f64(g, r, 0x1.5d74d0443aaa3p-10);
    g = modc_fma_f64(g, r, 0x1.3b2aacd4fb83fp-7);
    g = modc_fma_f64(g, r, 0x1.c6b0997f186fep-5);
    g = modc_fma_f64(g, r, 0x1.ebfbdfa19407fp-3);
    g = modc_fma_f64(g, r, 0x1.62e42fef54d02p-1);
    return (float)modc_powsign_f64(b, e, modc_fma_f64(g, r, 1.0) * modc_pow2_f64(n));
}
/* @end */

/* @section modc_tan_f64 : modc_inline modc_sine_f64 */
modc_inline double modc_tan_f64(double x) {
    const double value = modc_sine_f64(x, 0.0) / modc_sine_f64(x, 1.0);
    return fabs(x) < 0x1p-27 ? x : value;
}
/* @end */

/* @section modc_tan_f32 : modc_inline modc_sine_f32 */
modc_inline float modc_tan_f32(float x) { return modc_sine_f32(x, 0.0) / modc_sine_f32(x, 1.0); }
/* @end */

/* @section modc_sinh_f64 : modc_inline modc_fma_f64 modc_near_f64 modc_pow2_f64 modc_exptail_f64 */
/* 2 (h + h / (4h + 1)) with h = (exp|x| - 1) / 4, a quarter so that the last finite values do not overflow.
 * What the sum p lost counts between 1 and 2 times. */
modc_inline double modc_sinh_f64(double x) {
    const double a = fabs(x), y = a > 710.5 ? 710.5 : a;
    const double k = modc_near_f64(y * 0x1.71547652b82fep+0);
    const double r = modc_fma_f64(k, 0x1.8432a1b0e2634p-43, modc_fma_f64(k, -0x1.62e42fefa4p-1, y));
    const double scale = modc_pow2_f64(k - 2.0);
    const double tail = modc_exptail_f64(r), p = r + tail, pl = (r - p) + tail;
    const double h = modc_fma_f64(scale, p, scale - 0.25);
    const double value = copysign(2.0 * (h + modc_fma_f64(1.75 * scale, pl, h / (4.0 * h + 1.0))), x);
    return a < 0x1p-30 ? x : value;
}
/* @end */

/* @section modc_sinh_f32 : modc_inline modc_fma_f32 modc_near_f32 modc_pow2_f32 modc_exptail_f32 */
modc_inline float modc_sinh_f32(float x) {
    const float a = fabsf(x), y = a > 89.5f ? 89.5f : a;
    const float k = modc_near_f32(y * 0x1.715476p+0f);
    const float r = modc_fma_f32(k, -0x1.7f7d1cp-20f, modc_fma_f32(k, -0x1.62e4p-1f, y));
    const float scale = modc_pow2_f32(k - 2.0f);
    const float h = modc_fma_f32(scale, r + modc_exptail_f32(r), scale - 0.25f);
    const float value = copysignf(2.0f * (h + h / (4.0f * h + 1.0f)), x);
    return a < 0x1p-14f ? x : value;
}
/* @end */

/* @section modc_cosh_f64 : modc_inline modc_fma_f64 modc_near_f64 modc_pow2_f64 modc_exptail_f64 */
/* 2 (t + 1/16 / t) with t = exp|x| / 4. */
modc_inline double modc_cosh_f64(double x) {
    const double a = fabs(x), y = a > 710.5 ? 710.5 : a;
    const double k = modc_near_f64(y * 0x1.71547652b82fep+0);
    const double r = modc_fma_f64(k, 0x1.8432a1b0e2634p-43, modc_fma_f64(k, -0x1.62e42fefa4p-1, y));
    const double t = (1.0 + (r + modc_exptail_f64(r))) * modc_pow2_f64(k - 2.0);
    return 2.0 * (t + 0.0625 / t);
}
/* @end */

/* @section modc_cosh_f32 : modc_inline modc_fma_f32 modc_near_f32 modc_pow2_f32 modc_exptail_f32 */
modc_inline float modc_cosh_f32(float x) {
    const float a = fabsf(x), y = a > 89.5f ? 89.5f : a;
    const float k = modc_near_f32(y * 0x1.715476p+0f);
    const float r = modc_fma_f32(k, -0x1.7f7d1cp-20f, modc_fma_f32(k, -0x1.62e4p-1f, y));
    const float t = (1.0f + (r + modc_exptail_f32(r))) * modc_pow2_f32(k - 2.0f);
    return 2.0f * (t + 0.0625f / t);
}
/* @end */

/* @section modc_erf_f64 : modc_inline modc_fma_f64 modc_expsum_f64 */
/* x + x p(x^2) below 1.0, else 1 - exp(q(|x| - 1.0)) with q the logarithm of erfc. */
modc_inline double modc_erf_f64(double x) {
    const double a = fabs(x), b = a > 6.0 ? 6.0 : a, z = x * x, w = b - 1.0;
    double p = -0x1.acdff90b8ebd8p-31, q = -0x1.f015ba91e33fcp-39;
    p = modc_fma_f64(p, z, 0x1.d784936618cc2p-27);
    p = modc_fma_f64(p, z, -0x1.5c16e30fb0d45p-23);
    p = modc_fma_f64(p, z, 0x1.b9827b1885f9bp-20);
    p = modc_fma_f64(p, z, -0x1.f4ca94990cb86p-17);
    p = modc_fma_f64(p, z, 0x1.f9a2bf73f0c68p-14);
    p = modc_fma_f64(p, z, -0x1.c02db072f3fe0p-11);
    p = modc_fma_f64(p, z, 0x1.565bccfa9a825p-8);
    p = modc_fma_f64(p, z, -0x1.b82ce312062bcp-6);
    p = modc_fma_f64(p, z, 0x1.ce2f21a041018p-4);
    p = modc_fma_f64(p, z, -0x1.812746b0379c2p-2);
    p = modc_fma_f64(p, z, 0x1.06eba8214db68p-3);
    q = modc_fma_f64(q, w, 0x1.94868680c2dedp-34);
    q = modc_fma_f64(q, w, -0x1.26d20fa4fb9d3p-30);
    q = modc_fma_f64(q, w, 0x1.f0779d24208e0p-28);
    q = modc_fma_f64(q, w, -0x1.f24a65e14d03fp-26);
    q = modc_fma_f64(q, w, 0x1.9beced17810dap-25);
    q = modc_fma_f64(q, w, 0x1.d9dde72816578p-23);
    q = modc_fma_f64(q, w, -0x1.206e1bafa3fcdp-19);
    q = modc_fma_f64(q, w, 0x1.44eb3ea154ed6p-17);
    q = modc_fma_f64(q, w, -0x1.c867456e0ae83p-16);
    q = modc_fma_f64(q, w, 0x1.b92f962560b45p-16);
    q = modc_fma_f64(q, w, 0x1.f1b09f9bb47a1p-13);
    q = modc_fma_f64(q, w, -0x1.033f5cfa36baep-9);
    q = modc_fma_f64(q, w, 0x1.48c9d3acc0191p-7);
    q = modc_fma_f64(q, w, -0x1.5477f09b1d936p-5);
    q = modc_fma_f64(q, w, -0x1.afabc11a29aa2p-1);
    q = modc_fma_f64(q, w, -0x1.51c9b0006c237p+1);
    q = modc_fma_f64(q, w, -0x1.d97fbf27aa2a1p+0);
    const double far = copysign(1.0 - modc_expsum_f64(q, 0.0), x), near = modc_fma_f64(x, p, x);
    return a < 1.0 ? near : far;
}
/* @end */

/* @section modc_erf_f32 : modc_inline modc_fma_f32 modc_exp_f32 */
/* x + x p(x^2) below 0.9f, else 1 - exp(q(|x| - 0.9f)) with q the logarithm of erfc. */
modc_inline float modc_erf_f32(float x) {
    const float a = fabsf(x), b = a > 4.0f ? 4.0f : a, z = x * x, w = b - 0.9f;
    float p = -0x1.406870p-11f, q = 0x1.9d84f6p-13f;
    p = modc_fma_f32(p, z, 0x1.48be5cp-8f);
    p = modc_fma_f32(p, z, -0x1.b6cbacp-6f);
    p = modc_fma_f32(p, z, 0x1.ce1ec2p-4f);
    p = modc_fma_f32(p, z, -0x1.812700p-2f);
    p = modc_fma_f32(p, z, 0x1.06eba6p-3f);
    q = modc_fma_f32(q, w, -0x1.04f102p-9f);
    q = modc_fma_f32(q, w, 0x1.65e97ep-7f);
    q = modc_fma_f32(q, w, -0x1.76800ep-5f);
    q = modc_fma_f32(q, w, -0x1.a8f988p-1f);
    q = modc_fma_f32(q, w, -0x1.3c5e7ap+1f);
    q = modc_fma_f32(q, w, -0x1.9816c2p+0f);
    const float far = copysignf(1.0f - modc_exp_f32(q), x), near = modc_fma_f32(x, p, x);
    return a < 0.9f ? near : far;
}
/* @end */

/* The rest is the C library's: correct, not vectorised, so slower. */

/* @section modc_arcsin_f64 : modc_inline */
modc_inline double modc_arcsin_f64(double x) { return asin(x); }
/* @end */

/* @section modc_arcsin_f32 : modc_inline */
modc_inline float modc_arcsin_f32(float x) { return asinf(x); }
/* @end */

/* @section modc_arccos_f64 : modc_inline */
modc_inline double modc_arccos_f64(double x) { return acos(x); }
/* @end */

/* @section modc_arccos_f32 : modc_inline */
modc_inline float modc_arccos_f32(float x) { return acosf(x); }
/* @end */

/* @section modc_arctan_f64 : modc_inline */
modc_inline double modc_arctan_f64(double x) { return atan(x); }
/* @end */

/* @section modc_arctan_f32 : modc_inline */
modc_inline float modc_arctan_f32(float x) { return atanf(x); }
/* @end */

/* @section modc_arcsinh_f64 : modc_inline */
modc_inline double modc_arcsinh_f64(double x) { return asinh(x); }
/* @end */

/* @section modc_arcsinh_f32 : modc_inline */
modc_inline float modc_arcsinh_f32(float x) { return asinhf(x); }
/* @end */

/* @section modc_arccosh_f64 : modc_inline */
modc_inline double modc_arccosh_f64(double x) { return acosh(x); }
/* @end */

/* @section modc_arccosh_f32 : modc_inline */
modc_inline float modc_arccosh_f32(float x) { return acoshf(x); }
/* @end */

/* @section modc_arctanh_f64 : modc_inline */
modc_inline double modc_arctanh_f64(double x) { return atanh(x); }
/* @end */

/* @section modc_arctanh_f32 : modc_inline */
modc_inline float modc_arctanh_f32(float x) { return atanhf(x); }
/* @end */

/* @section modc_erfc_f64 : modc_inline */
modc_inline double modc_erfc_f64(double x) { return erfc(x); }
/* @end */

/* @section modc_erfc_f32 : modc_inline */
modc_inline float modc_erfc_f32(float x) { return erfcf(x); }
/* @end */

/* @section modc_floor_f64 : modc_inline */
modc_inline double modc_floor_f64(double x) { return floor(x); }
/* @end */

/* @section modc_floor_f32 : modc_inline */
modc_inline float modc_floor_f32(float x) { return floorf(x); }
/* @end */

/* @section modc_ceil_f64 : modc_inline */
modc_inline double modc_ceil_f64(double x) { return ceil(x); }
/* @end */

/* @section modc_ceil_f32 : modc_inline */
modc_inline float modc_ceil_f32(float x) { return ceilf(x); }
/* @end */

/* @section modc_trunc_f64 : modc_inline */
modc_inline double modc_trunc_f64(double x) { return trunc(x); }
/* @end */

/* @section modc_trunc_f32 : modc_inline */
modc_inline float modc_trunc_f32(float x) { return truncf(x); }
/* @end */

/* @section modc_rint_f64 : modc_inline */
modc_inline double modc_rint_f64(double x) { return rint(x); }
/* @end */

/* @section modc_rint_f32 : modc_inline */
modc_inline float modc_rint_f32(float x) { return rintf(x); }
/* @end */

/* @section modc_arctan2_f64 : modc_inline */
modc_inline double modc_arctan2_f64(double y, double x) { return atan2(y, x); }
/* @end */

/* @section modc_arctan2_f32 : modc_inline */
modc_inline float modc_arctan2_f32(float y, float x) { return atan2f(y, x); }
/* @end */

#endif
