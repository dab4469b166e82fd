/* modc_bessel.h: Bessel functions of order 0 and 1, as inline C99 that vectorises.
 *
 * Input: one double or float.  Output: the function's value within the ULPs of its row in graph/ops_special.py; j0 and j1
 * beyond their first zeros within as many of 1 / sqrt(x), the height of their waves.
 * Used by: the emitted kernels, section by section.
 *
 * Methods: near 0 series in x^2, j0 and j1 with their zeros taken out (DLMF 10.2, 10.21), beyond the asymptotic forms
 * (DLMF 10.17, 10.40) as polynomials of our own from build_tools/special_fits.py.  Floats are worked out in double.
 */
#ifndef MODC_BESSEL_H
#define MODC_BESSEL_H

#include <math.h>

#include "modc_bits.h"
#include "modc_exp.h"
#include "modc_special.h"
#include "modc_trig.h"

/* @section modc_i0near_f64 : modc_inline modc_fma_f64 */
/* I0 by z = x^2, up to 60. */
modc_inline double modc_i0near_f64(double z) {
    double p = 0x1.204b67077ad92p-110;
    p = modc_fma_f64(p, z, 0x1.0d20c25c6393ap-101); p = modc_fma_f64(p, z, 0x1.f413bb6e5bfefp-92);
    p = modc_fma_f64(p, z, 0x1.40781ee3b5132p-82); p = modc_fma_f64(p, z, 0x1.69ed8e28a6ad4p-73);
    p = modc_fma_f64(p, z, 0x1.55fe783a7dff2p-64); p = modc_fma_f64(p, z, 0x1.0b3164cf2646dp-55);
    p = modc_fma_f64(p, z, 0x1.522a3f3d44a3ap-47); p = modc_fma_f64(p, z, 0x1.522a4448dd99bp-39);
    p = modc_fma_f64(p, z, 0x1.02e85c0494751p-31); p = modc_fma_f64(p, z, 0x1.23456789f0e3ap-24);
    p = modc_fma_f64(p, z, 0x1.c71c71c7165b0p-18); p = modc_fma_f64(p, z, 0x1.c71c71c71cc4dp-12);
    p = modc_fma_f64(p, z, 0x1.fffffffffffb6p-7); p = modc_fma_f64(p, z, 0x1.0000000000002p-2);
    p = modc_fma_f64(p, z, 0x1.0000000000000p+0);
    return p;
}
/* @end */

/* @section modc_i0far_f64 : modc_inline modc_fma_f64 */
/* sqrt(y) exp(-y) I0(y) from sqrt(60) on. */
modc_inline double modc_i0far_f64(double y) {
    const double t = modc_fma_f64(1.0 / y, 0x1.efbdeb14f4edap+3, -1.0);
    double p = 0x1.2a8baf25b5d62p-34;
    p = modc_fma_f64(p, t, -0x1.3d79e5b03532fp-34); p = modc_fma_f64(p, t, -0x1.1b6779c2e4229p-31);
    p = modc_fma_f64(p, t, 0x1.2d301951869ddp-31); p = modc_fma_f64(p, t, 0x1.f7d3f0b387f68p-30);
    p = modc_fma_f64(p, t, -0x1.0ae55a8a4b793p-29); p = modc_fma_f64(p, t, -0x1.1e7d76b298c7dp-28);
    p = modc_fma_f64(p, t, 0x1.28ecd1adb7aabp-28); p = modc_fma_f64(p, t, 0x1.ee083f05a5701p-28);
    p = modc_fma_f64(p, t, -0x1.d1e882b0687c2p-28); p = modc_fma_f64(p, t, -0x1.76feead6bb8c0p-27);
    p = modc_fma_f64(p, t, 0x1.faee56b8af6eep-28); p = modc_fma_f64(p, t, 0x1.160742d9b3f9bp-26);
    p = modc_fma_f64(p, t, -0x1.1d97fe42699d4p-29); p = modc_fma_f64(p, t, -0x1.6c3ffeba4e3fdp-26);
    p = modc_fma_f64(p, t, -0x1.1aa2d15948431p-26); p = modc_fma_f64(p, t, 0x1.9f9fb4e45a7d9p-28);
    p = modc_fma_f64(p, t, 0x1.03f063d848b80p-25); p = modc_fma_f64(p, t, 0x1.e70f68aa2f0a5p-25);
    p = modc_fma_f64(p, t, 0x1.00814118f6ac7p-23); p = modc_fma_f64(p, t, 0x1.8e655ecf3971dp-22);
    p = modc_fma_f64(p, t, 0x1.d48aa1103c8a7p-20); p = modc_fma_f64(p, t, 0x1.a3386e265e011p-17);
    p = modc_fma_f64(p, t, 0x1.332f2e3648afcp-13); p = modc_fma_f64(p, t, 0x1.c8225db6ba6e6p-9);
    p = modc_fma_f64(p, t, 0x1.9bf116ae90d06p-2);
    return p;
}
/* @end */

/* @section modc_i1near_f64 : modc_inline modc_fma_f64 */
/* I1(x) / x by z = x^2, up to 60. */
modc_inline double modc_i1near_f64(double z) {
    double p = 0x1.18a4b3bcd340cp-115;
    p = modc_fma_f64(p, z, 0x1.2600f2de343b4p-106); p = modc_fma_f64(p, z, 0x1.1c570034923eep-96);
    p = modc_fma_f64(p, z, 0x1.8ac51c8730ac1p-87); p = modc_fma_f64(p, z, 0x1.e283b1392d936p-78);
    p = modc_fma_f64(p, z, 0x1.f173c56901d62p-69); p = modc_fma_f64(p, z, 0x1.ab8218c14ff46p-60);
    p = modc_fma_f64(p, z, 0x1.2c9756ae6d94ep-51); p = modc_fma_f64(p, z, 0x1.522a441c4fcb4p-43);
    p = modc_fma_f64(p, z, 0x1.27e4fb75b0dedp-35); p = modc_fma_f64(p, z, 0x1.845c8a0d04da3p-28);
    p = modc_fma_f64(p, z, 0x1.6c16c16c155afp-21); p = modc_fma_f64(p, z, 0x1.c71c71c71c84ep-15);
    p = modc_fma_f64(p, z, 0x1.555555555554dp-9); p = modc_fma_f64(p, z, 0x1.0000000000000p-4);
    p = modc_fma_f64(p, z, 0x1.0000000000000p-1);
    return p;
}
/* @end */

/* @section modc_i1far_f64 : modc_inline modc_fma_f64 */
/* sqrt(y) exp(-y) I1(y) from sqrt(60) on. */
modc_inline double modc_i1far_f64(double y) {
    const double t = modc_fma_f64(1.0 / y, 0x1.efbdeb14f4edap+3, -1.0);
    double p = -0x1.2baad5dd53aecp-34;
    p = modc_fma_f64(p, t, 0x1.51f24784fa522p-34); p = modc_fma_f64(p, t, 0x1.1c3c2f827e2eep-31);
    p = modc_fma_f64(p, t, -0x1.409dcaae457bbp-31); p = modc_fma_f64(p, t, -0x1.f8e980dd6ea46p-30);
    p = modc_fma_f64(p, t, 0x1.1c4d71af98639p-29); p = modc_fma_f64(p, t, 0x1.1f0ee711098d2p-28);
    p = modc_fma_f64(p, t, -0x1.3d0617cb0c243p-28); p = modc_fma_f64(p, t, -0x1.f00beacaf790fp-28);
    p = modc_fma_f64(p, t, 0x1.f4c3093d8e099p-28); p = modc_fma_f64(p, t, 0x1.7b6aade6c5b00p-27);
    p = modc_fma_f64(p, t, -0x1.160b250f9341ep-27); p = modc_fma_f64(p, t, -0x1.1df222092693cp-26);
    p = modc_fma_f64(p, t, 0x1.7fb2d7cdd08a3p-29); p = modc_fma_f64(p, t, 0x1.80bac6e508c29p-26);
    p = modc_fma_f64(p, t, 0x1.209b971840e19p-26); p = modc_fma_f64(p, t, -0x1.ec7039aeac1dep-28);
    p = modc_fma_f64(p, t, -0x1.1b1185ed405d4p-25); p = modc_fma_f64(p, t, -0x1.0ac3b96bddce2p-24);
    p = modc_fma_f64(p, t, -0x1.205b58c01f947p-23); p = modc_fma_f64(p, t, -0x1.d1b19a3d02aa7p-22);
    p = modc_fma_f64(p, t, -0x1.213013b631210p-19); p = modc_fma_f64(p, t, -0x1.1a788c78a4ffbp-16);
    p = modc_fma_f64(p, t, -0x1.edc237abc9c0cp-13); p = modc_fma_f64(p, t, -0x1.4a7095b1b3be4p-7);
    p = modc_fma_f64(p, t, 0x1.8e6a96ca507e3p-2);
    return p;
}
/* @end */

/* @section modc_i0_f64 : modc_inline modc_i0near_f64 modc_i0far_f64 modc_exp_f64 */
/* exp in two halves: I0 overflows later than it. */
modc_inline double modc_i0_f64(double x) {
    const double y = fabs(x), b = y > 800.0 ? 800.0 : y, half = modc_exp_f64(0.5 * b);
    return x * x < 60.0 ? modc_i0near_f64(x * x) : half * (modc_i0far_f64(b) / sqrt(b)) * half;
}
/* @end */

/* @section modc_i0e_f64 : modc_inline modc_i0near_f64 modc_i0far_f64 modc_exp_f64 */
modc_inline double modc_i0e_f64(double x) {
    const double y = fabs(x);
    return x * x < 60.0 ? modc_i0near_f64(x * x) * modc_exp_f64(-y) : modc_i0far_f64(y) / sqrt(y);
}
/* @end */

/* @section modc_i1_f64 : modc_inline modc_i1near_f64 modc_i1far_f64 modc_exp_f64 */
modc_inline double modc_i1_f64(double x) {
    const double y = fabs(x), b = y > 800.0 ? 800.0 : y, half = modc_exp_f64(0.5 * b);
    return x * x < 60.0 ? x * modc_i1near_f64(x * x) : copysign(half * (modc_i1far_f64(b) / sqrt(b)) * half, x);
}
/* @end */

/* @section modc_i1e_f64 : modc_inline modc_i1near_f64 modc_i1far_f64 modc_exp_f64 */
modc_inline double modc_i1e_f64(double x) {
    const double y = fabs(x);
    return x * x < 60.0 ? x * modc_i1near_f64(x * x) * modc_exp_f64(-y) : copysign(modc_i1far_f64(y) / sqrt(y), x);
}
/* @end */

/* @section modc_either_f64 : modc_inline modc_bits_f64 modc_from_bits_f64 */
/* a where first, else b, by bits: with ?: compilers compute b only where it is needed, and its loads then keep the loop
 * from being vectorised. */
modc_inline double modc_either_f64(int first, double a, double b) {
    const uint64_t mask = 0u - (uint64_t)(first != 0);
    return modc_from_bits_f64((modc_bits_f64(a) & mask) | (modc_bits_f64(b) & ~mask));
}
/* @end */

/* @section modc_j0_f64 : modc_inline modc_either_f64 modc_fma_f64 modc_sine_f64 */
modc_inline double modc_j0_f64(double x) {
    const double y = fabs(x), b = y < 8.0 ? y : 8.0, z = b * b, t = modc_fma_f64(z, 0.03125, -1.0);
    const double c = y < 8.0 ? 8.0 : y, s = 1.0 / c, u = modc_fma_f64(s * s, 128.0, -1.0);
    double p = 0x1.a792c77e575bap-42;
    p = modc_fma_f64(p, t, -0x1.978e18b1bf1d7p-37); p = modc_fma_f64(p, t, 0x1.54ef229f74ad5p-32);
    p = modc_fma_f64(p, t, -0x1.eef4adf2b5647p-28); p = modc_fma_f64(p, t, 0x1.32aba128cfd56p-23);
    p = modc_fma_f64(p, t, -0x1.3f7e56f563903p-19); p = modc_fma_f64(p, t, 0x1.129ed47b8e62cp-15);
    p = modc_fma_f64(p, t, -0x1.7c24b12b400d8p-12); p = modc_fma_f64(p, t, 0x1.99dea9aae1c70p-9);
    p = modc_fma_f64(p, t, -0x1.479328ff5ab7ap-6); p = modc_fma_f64(p, t, 0x1.6400567338a22p-4);
    p = modc_fma_f64(p, t, -0x1.aa46206934330p-3); p = modc_fma_f64(p, t, 0x1.608a174037339p-6);
    p = modc_fma_f64(p, t, 0x1.279ccebfa4b5fp+0); p = modc_fma_f64(p, t, -0x1.bd0a2e05fc0c4p+0);
    p = modc_fma_f64(p, t, -0x1.5f0683f564108p+0); p = modc_fma_f64(p, t, 0x1.513ae3a379038p+1);
    double q = 0x1.2cca86c633780p-45;
    q = modc_fma_f64(q, u, -0x1.cdb3179595b9cp-44); q = modc_fma_f64(q, u, 0x1.143405810def1p-42);
    q = modc_fma_f64(q, u, -0x1.1de864a95f83fp-40); q = modc_fma_f64(q, u, 0x1.50dad9b31dc8fp-38);
    q = modc_fma_f64(q, u, -0x1.b63f441e64847p-36); q = modc_fma_f64(q, u, 0x1.54dc6d1e48781p-33);
    q = modc_fma_f64(q, u, -0x1.4d2ea54bfc4e9p-30); q = modc_fma_f64(q, u, 0x1.b7ef13a07a483p-27);
    q = modc_fma_f64(q, u, -0x1.b8d2d71b30a5ep-23); q = modc_fma_f64(q, u, 0x1.9be00160d9865p-18);
    q = modc_fma_f64(q, u, -0x1.193600c1de9d9p-11); q = modc_fma_f64(q, u, 0x1.ffb8dd328503dp-1);
    double w = -0x1.33cdb710c0329p-42;
    w = modc_fma_f64(w, u, 0x1.bd9648f62c676p-41); w = modc_fma_f64(w, u, -0x1.d86bdfa9d012ep-40);
    w = modc_fma_f64(w, u, 0x1.cc126f2239894p-38); w = modc_fma_f64(w, u, -0x1.fb5d5dbfbf748p-36);
    w = modc_fma_f64(w, u, 0x1.2c213b7dd4445p-33); w = modc_fma_f64(w, u, -0x1.a07cd08accc3cp-31);
    w = modc_fma_f64(w, u, 0x1.61a4309fccd6fp-28); w = modc_fma_f64(w, u, -0x1.858d1fd8f9301p-25);
    w = modc_fma_f64(w, u, 0x1.3135a8eb2e7fcp-21); w = modc_fma_f64(w, u, -0x1.8c843528063aap-17);
    w = modc_fma_f64(w, u, 0x1.1e9a6138fe31cp-11); w = modc_fma_f64(w, u, -0x1.fdb5c0b2f3d5cp-4);
    const double first = ((b - 0x1.33d152e971b40p+1) + 0x1.0f539d7da258ep-53) * (b + 0x1.33d152e971b40p+1);
    const double second = ((b - 0x1.6148f5b2c2e45p+2) - 0x1.75054cd60a517p-54) * (b + 0x1.6148f5b2c2e45p+2);
    const double near = first * second * p / ((z + 16.0) * (z + 16.0));
    const double sine = modc_sine_f64(y, 0.0), cosine = modc_sine_f64(y, 1.0);
    const double far = (q * (cosine + sine) - s * w * (sine - cosine)) * 0x1.20dd750429b6dp-1 / sqrt(c);
    return modc_either_f64(y == (double)INFINITY, 0.0, modc_either_f64(y < 8.0, near, far));
}
/* @end */

/* @section modc_j1_f64 : modc_inline modc_either_f64 modc_fma_f64 modc_sine_f64 */
modc_inline double modc_j1_f64(double x) {
    const double y = fabs(x), b = y < 8.0 ? y : 8.0, z = b * b, t = modc_fma_f64(z, 0.03125, -1.0);
    const double c = y < 8.0 ? 8.0 : y, s = 1.0 / c, u = modc_fma_f64(s * s, 128.0, -1.0);
    double p = -0x1.9afbebc620cd8p-42;
    p = modc_fma_f64(p, t, 0x1.711061b74e292p-37); p = modc_fma_f64(p, t, -0x1.1e6de789933ebp-32);
    p = modc_fma_f64(p, t, 0x1.7f55ced52ab82p-28); p = modc_fma_f64(p, t, -0x1.b25c43dac8fcbp-24);
    p = modc_fma_f64(p, t, 0x1.99979632a32cap-20); p = modc_fma_f64(p, t, -0x1.3a7836ff4e8e3p-16);
    p = modc_fma_f64(p, t, 0x1.7dd0de8f330b7p-13); p = modc_fma_f64(p, t, -0x1.5f73bdf7b3536p-10);
    p = modc_fma_f64(p, t, 0x1.c9fb57317f36dp-8); p = modc_fma_f64(p, t, -0x1.6e3ab85d04830p-6);
    p = modc_fma_f64(p, t, 0x1.910f072cdbb3fp-6); p = modc_fma_f64(p, t, 0x1.61dd9e4090f94p-4);
    p = modc_fma_f64(p, t, -0x1.0debdec6fe9bfp-2); p = modc_fma_f64(p, t, -0x1.70abcb89c6d45p-6);
    p = modc_fma_f64(p, t, 0x1.cc09a2cc4b81dp-2);
    double q = -0x1.3f5b1671b8398p-45;
    q = modc_fma_f64(q, u, 0x1.ebf5d803cd875p-44); q = modc_fma_f64(q, u, -0x1.2883a97c0538dp-42);
    q = modc_fma_f64(q, u, 0x1.3459d80b23ad0p-40); q = modc_fma_f64(q, u, -0x1.6d4b96ca1b173p-38);
    q = modc_fma_f64(q, u, 0x1.df1d5756e9b33p-36); q = modc_fma_f64(q, u, -0x1.78b760be6538cp-33);
    q = modc_fma_f64(q, u, 0x1.75ea62e7b87d0p-30); q = modc_fma_f64(q, u, -0x1.f96172d037183p-27);
    q = modc_fma_f64(q, u, 0x1.07762654afea9p-22); q = modc_fma_f64(q, u, -0x1.0b1541bfbbd42p-17);
    q = modc_fma_f64(q, u, 0x1.d73b8ea3c10dap-11); q = modc_fma_f64(q, u, 0x1.003b716033732p+0);
    double w = -0x1.d994b1fddb9acp-41;
    w = modc_fma_f64(w, u, 0x1.772d4dd737befp-39); w = modc_fma_f64(w, u, -0x1.ee8d65ad1cc5ep-38);
    w = modc_fma_f64(w, u, 0x1.0958f15076ac1p-35); w = modc_fma_f64(w, u, -0x1.46659e09f66f8p-33);
    w = modc_fma_f64(w, u, 0x1.c96ecd27abf3fp-31); w = modc_fma_f64(w, u, -0x1.8921a196cacdep-28);
    w = modc_fma_f64(w, u, 0x1.b92fec0e20897p-25); w = modc_fma_f64(w, u, -0x1.642312ca0efdep-21);
    w = modc_fma_f64(w, u, 0x1.e8e009d0041e6p-17); w = modc_fma_f64(w, u, -0x1.938da0a0a5dd2p-11);
    w = modc_fma_f64(w, u, 0x1.7f323705062f9p-2);
    const double first = ((b - 0x1.ea75575af6f09p+1) + 0x1.60155a9d1b256p-53) * (b + 0x1.ea75575af6f09p+1);
    const double second = ((b - 0x1.c0ff5f3b47250p+2) + 0x1.b226d9d243827p-54) * (b + 0x1.c0ff5f3b47250p+2);
    const double near = b * (first * second * p / ((z + 16.0) * (z + 16.0)));
    const double sine = modc_sine_f64(y, 0.0), cosine = modc_sine_f64(y, 1.0);
    const double far = (q * (sine - cosine) + s * w * (sine + cosine)) * 0x1.20dd750429b6dp-1 / sqrt(c);
    return copysign(1.0, x) * modc_either_f64(y == (double)INFINITY, 0.0, modc_either_f64(y < 8.0, near, far));
}
/* @end */

/* @section modc_i0_f32 : modc_inline modc_i0_f64 */
modc_inline float modc_i0_f32(float x) { return (float)modc_i0_f64((double)x); }
/* @end */

/* @section modc_i0e_f32 : modc_inline modc_i0e_f64 */
modc_inline float modc_i0e_f32(float x) { return (float)modc_i0e_f64((double)x); }
/* @end */

/* @section modc_i1_f32 : modc_inline modc_i1_f64 */
modc_inline float modc_i1_f32(float x) { return (float)modc_i1_f64((double)x); }
/* @end */

/* @section modc_i1e_f32 : modc_inline modc_i1e_f64 */
modc_inline float modc_i1e_f32(float x) { return (float)modc_i1e_f64((double)x); }
/* @end */

/* @section modc_j0_f32 : modc_inline modc_j0_f64 */
modc_inline float modc_j0_f32(float x) { return (float)modc_j0_f64((double)x); }
/* @end */

/* @section modc_j1_f32 : modc_inline modc_j1_f64 */
modc_inline float modc_j1_f32(float x) { return (float)modc_j1_f64((double)x); }
/* @end */

#endif
