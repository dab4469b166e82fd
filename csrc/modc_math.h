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

#include "modc_arc.h"
#include "modc_bits.h"
#include "modc_exp.h"
#include "modc_pow.h"
#include "modc_trig.h"

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

/* The inverse hyperbolic functions are the C library's: correct, not vectorised, so slower. */

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

#endif
