/* modc_errors.h: the error functions and their inverses, as inline C99 that vectorises (erf itself: modc_math.h).
 *
 * Input: one double or float.  Output: the function's value within the ULPs of its row in graph/ops_special.py.
 * Used by: the emitted kernels, section by section; modc_incomplete.h.
 *
 * Methods: erfcx by one polynomial for all x >= 0 after M. M. Shepherd and J. G. Laframboise (Math. Comp. 36, 1981); the
 * inverses by polynomials of -log(1 - x^2) and of its root after M. Giles (GPU Computing Gems, 2012), with coefficients
 * of our own from build_tools/special_fits.py.  Floats are worked out in double.
 */
#ifndef MODC_ERRORS_H
#define MODC_ERRORS_H

#include <math.h>

#include "modc_bits.h"
#include "modc_exp.h"
#include "modc_special.h"

/* @section modc_erfcxpart_f64 : modc_inline modc_fma_f64 */
/* exp(y^2) erfc(y) for y >= 0. */
modc_inline double modc_erfcxpart_f64(double y) {
    const double b = y > 1e200 ? 1e200 : y, t = (b - 3.75) / (b + 3.75);
    double p = 0x1.d374489f4d37cp-32;
    p = modc_fma_f64(p, t, 0x1.561b107f1d904p-32); p = modc_fma_f64(p, t, -0x1.638dcc7fd2971p-28);
    p = modc_fma_f64(p, t, -0x1.014cd72d689e2p-28); p = modc_fma_f64(p, t, 0x1.4c37f5a424aafp-25);
    p = modc_fma_f64(p, t, 0x1.8fa9fe51a3eecp-26); p = modc_fma_f64(p, t, -0x1.15be420346bf6p-22);
    p = modc_fma_f64(p, t, -0x1.eb8038460e9c9p-25); p = modc_fma_f64(p, t, 0x1.d6339f66f6e3fp-20);
    p = modc_fma_f64(p, t, -0x1.055686d406d69p-20); p = modc_fma_f64(p, t, -0x1.800077b77be5bp-17);
    p = modc_fma_f64(p, t, 0x1.778b933adb942p-16); p = modc_fma_f64(p, t, 0x1.b1439865f9742p-15);
    p = modc_fma_f64(p, t, -0x1.303fa4966bbc7p-12); p = modc_fma_f64(p, t, 0x1.33fb2968dec89p-12);
    p = modc_fma_f64(p, t, 0x1.cc3a0e7d21505p-10); p = modc_fma_f64(p, t, -0x1.3f603c398c6c5p-7);
    p = modc_fma_f64(p, t, 0x1.d0b0037d167adp-6); p = modc_fma_f64(p, t, -0x1.e0d0fa6ddfe85p-5);
    p = modc_fma_f64(p, t, 0x1.7a14188a9ce2ap-4); p = modc_fma_f64(p, t, -0x1.bda9309a2949ap-4);
    p = modc_fma_f64(p, t, 0x1.510169d09665bp-4); p = modc_fma_f64(p, t, 0x1.d5f294815a405p-9);
    p = modc_fma_f64(p, t, -0x1.1f367683f89a5p-3); p = modc_fma_f64(p, t, 0x1.3ccda0b5d5dc2p+0);
    return p / (1.0 + 2.0 * y);
}
/* @end */

/* @section modc_erfc_f64 : modc_inline modc_erfcxpart_f64 modc_expsum_f64 modc_tail_f64 */
modc_inline double modc_erfc_f64(double x) {
    const double y = fabs(x), b = y > 27.5 ? 27.5 : y, s = b * b, low = modc_tail_f64(b, b, s);
    const double top = s > 746.0 ? 746.0 : s;
    const double value = modc_expsum_f64(-top, y < 27.5 ? -low : 0.0) * modc_erfcxpart_f64(b);
    return x < 0.0 ? 2.0 - value : value;
}
/* @end */

/* @section modc_erfcx_f64 : modc_inline modc_erfcxpart_f64 modc_expsum_f64 modc_tail_f64 */
/* exp(x^2) erfc(x), below 0 as 2 exp(x^2) - erfcx(-x). */
modc_inline double modc_erfcx_f64(double x) {
    const double y = fabs(x), b = y > 26.7 ? 26.7 : y, s = b * b, low = modc_tail_f64(b, b, s);
    const double value = modc_erfcxpart_f64(y);
    return x < 0.0 ? 2.0 * modc_expsum_f64(s, low) - value : value;
}
/* @end */

/* @section modc_erfinvpart_f64 : modc_inline modc_fma_f64 */
/* erfinv(x) where w = -log(1 - x^2), for x >= 0. */
modc_inline double modc_erfinvpart_f64(double x, double w) {
    const double r = sqrt(w), s = 1.0 / r, t = modc_fma_f64(w, 0.32, -1.0), u = modc_fma_f64(r, 0.8, -3.0);
    const double v = modc_fma_f64(s, 0x1.87969f36683b8p+3, -0x1.728a98570d2c1p+0);
    double p = -0x1.1800dcbf76545p-32;
    p = modc_fma_f64(p, t, 0x1.a64454acc72ccp-31); p = modc_fma_f64(p, t, 0x1.8d8098abcd59bp-30);
    p = modc_fma_f64(p, t, -0x1.260cd2f1c6660p-27); p = modc_fma_f64(p, t, 0x1.5a5184d1fa927p-28);
    p = modc_fma_f64(p, t, 0x1.503ba4d125eeep-25); p = modc_fma_f64(p, t, -0x1.a96b17877ab99p-24);
    p = modc_fma_f64(p, t, -0x1.5d5da1b7fd9bdp-27); p = modc_fma_f64(p, t, 0x1.21cc1c15dfb87p-21);
    p = modc_fma_f64(p, t, -0x1.1c5d14613037dp-20); p = modc_fma_f64(p, t, -0x1.6f30aa62f6e43p-21);
    p = modc_fma_f64(p, t, 0x1.de7d9b8a5acd5p-18); p = modc_fma_f64(p, t, -0x1.79bad0cd600e4p-17);
    p = modc_fma_f64(p, t, -0x1.f83f146703393p-17); p = modc_fma_f64(p, t, 0x1.879c71f06bfb9p-14);
    p = modc_fma_f64(p, t, -0x1.ea446f6d4be88p-14); p = modc_fma_f64(p, t, -0x1.153ca239e8ef5p-12);
    p = modc_fma_f64(p, t, 0x1.4316b4d6bf6dap-10); p = modc_fma_f64(p, t, -0x1.4d5dd2d288f3ap-10);
    p = modc_fma_f64(p, t, -0x1.0f249df1b8482p-8); p = modc_fma_f64(p, t, 0x1.23c5aee6b8c35p-6);
    p = modc_fma_f64(p, t, -0x1.7259eca3a149bp-6); p = modc_fma_f64(p, t, -0x1.e2b19456a082dp-5);
    p = modc_fma_f64(p, t, 0x1.8040caa12786bp-1); p = modc_fma_f64(p, t, 0x1.a755e7c99ae86p+0);
    double q = 0x1.c46b4e3eeef7cp-34;
    q = modc_fma_f64(q, u, -0x1.5e7669ee41f6fp-33); q = modc_fma_f64(q, u, -0x1.51e4bd657f9aep-31);
    q = modc_fma_f64(q, u, 0x1.019fba5983eeep-29); q = modc_fma_f64(q, u, -0x1.8a2f102b9568bp-30);
    q = modc_fma_f64(q, u, -0x1.96bc22fd8a97dp-29); q = modc_fma_f64(q, u, 0x1.07aef22a990b8p-26);
    q = modc_fma_f64(q, u, -0x1.3961440828b7cp-25); q = modc_fma_f64(q, u, 0x1.4430187c598a5p-25);
    q = modc_fma_f64(q, u, 0x1.13fca3762a6e3p-24); q = modc_fma_f64(q, u, -0x1.9873e373ea13ep-22);
    q = modc_fma_f64(q, u, 0x1.e04da2cde27fdp-21); q = modc_fma_f64(q, u, -0x1.277025f5865a4p-20);
    q = modc_fma_f64(q, u, -0x1.3ea536b98c6b1p-21); q = modc_fma_f64(q, u, 0x1.fcaa2f9d4c5f6p-18);
    q = modc_fma_f64(q, u, -0x1.a7193a9eadda7p-16); q = modc_fma_f64(q, u, 0x1.dc562b4197b2ep-15);
    q = modc_fma_f64(q, u, -0x1.4aa4bd1a38f5fp-14); q = modc_fma_f64(q, u, -0x1.08f06ee745f24p-14);
    q = modc_fma_f64(q, u, 0x1.0a6d2d3635214p-10); q = modc_fma_f64(q, u, -0x1.43a86209e2910p-8);
    q = modc_fma_f64(q, u, 0x1.1c19b6af09483p-6); q = modc_fma_f64(q, u, 0x1.e9d04f8afc355p-1);
    double a = 0x1.344920d0a060fp-30;
    a = modc_fma_f64(a, v, -0x1.b11ff94ddee98p-30); a = modc_fma_f64(a, v, -0x1.6f5a9a1d3585ep-28);
    a = modc_fma_f64(a, v, 0x1.e6d1ca7ecfe3dp-28); a = modc_fma_f64(a, v, 0x1.c986b08c00b22p-27);
    a = modc_fma_f64(a, v, -0x1.23aba98bcc2f4p-26); a = modc_fma_f64(a, v, -0x1.38f17fc98698ep-26);
    a = modc_fma_f64(a, v, 0x1.719b4852ee86ep-26); a = modc_fma_f64(a, v, 0x1.5eb8a4708392ap-26);
    a = modc_fma_f64(a, v, -0x1.a24c2d2799c07p-26); a = modc_fma_f64(a, v, -0x1.8d2468c1ed12bp-28);
    a = modc_fma_f64(a, v, 0x1.bd00e3ac2f131p-30); a = modc_fma_f64(a, v, 0x1.b961cf736fcdbp-26);
    a = modc_fma_f64(a, v, -0x1.6699ba70bb5e0p-25); a = modc_fma_f64(a, v, 0x1.168f7f4b63ab7p-24);
    a = modc_fma_f64(a, v, -0x1.0a1cb800030f3p-23); a = modc_fma_f64(a, v, 0x1.04b6c1d277844p-22);
    a = modc_fma_f64(a, v, -0x1.033f20dc5687dp-21); a = modc_fma_f64(a, v, 0x1.0bef1852b5a70p-20);
    a = modc_fma_f64(a, v, -0x1.231ce44db34c0p-19); a = modc_fma_f64(a, v, 0x1.5137d303a9e11p-18);
    a = modc_fma_f64(a, v, -0x1.a68c909c49276p-17); a = modc_fma_f64(a, v, 0x1.2940be2d10dc9p-15);
    a = modc_fma_f64(a, v, -0x1.1d0a87fae78f1p-13); a = modc_fma_f64(a, v, 0x1.89d533cd86859p-11);
    a = modc_fma_f64(a, v, -0x1.d4535dd2e729fp-10); a = modc_fma_f64(a, v, -0x1.e2e07a267b284p-7);
    a = modc_fma_f64(a, v, 0x1.f8c2f4e430f86p-1);
    return w < 6.25 ? x * p : w < 25.0 ? r * q : r * a;
}
/* @end */

/* @section modc_erfinv_f64 : modc_inline modc_erfinvpart_f64 modc_log_f64 */
modc_inline double modc_erfinv_f64(double x) {
    const double y = fabs(x);
    return copysign(modc_erfinvpart_f64(y, -modc_log_f64((1.0 - y) * (1.0 + y))), x);
}
/* @end */

/* @section modc_erfcinv_f64 : modc_inline modc_erfinvpart_f64 modc_log_f64 */
modc_inline double modc_erfcinv_f64(double x) {
    return copysign(modc_erfinvpart_f64(fabs(1.0 - x), -modc_log_f64(x * (2.0 - x))), 1.0 - x);
}
/* @end */

/* @section modc_erfc_f32 : modc_inline modc_erfc_f64 */
modc_inline float modc_erfc_f32(float x) { return (float)modc_erfc_f64((double)x); }
/* @end */

/* @section modc_erfcx_f32 : modc_inline modc_erfcx_f64 */
modc_inline float modc_erfcx_f32(float x) { return (float)modc_erfcx_f64((double)x); }
/* @end */

/* @section modc_erfinv_f32 : modc_inline modc_erfinv_f64 */
modc_inline float modc_erfinv_f32(float x) { return (float)modc_erfinv_f64((double)x); }
/* @end */

/* @section modc_erfcinv_f32 : modc_inline modc_erfcinv_f64 */
modc_inline float modc_erfcinv_f32(float x) { return (float)modc_erfcinv_f64((double)x); }
/* @end */

#endif
