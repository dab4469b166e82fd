/* modc_exp.h: exponentials, logarithms and what is made of them.
 *
 * Input: one double or float.  Output and methods: see modc_math.h, which includes this.
 */
#ifndef MODC_EXP_H
#define MODC_EXP_H

#include <math.h>
#include <stdint.h>

#include "modc_bits.h"

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

#endif
