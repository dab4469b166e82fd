/* modc_arc.h: inverse sine, cosine and tangent.
 *
 * Input: one or two doubles or floats.  Output: at most 2.5 ULP from the correctly rounded value; NaN, infinities and signed
 * zeros as NumPy has them.  Used by: the emitted kernels, section by section.
 *
 * Methods: polynomials of our own from build_tools/special_fits.py up to 1/2 (sine) and 1 (tangent), beyond them
 * arcsin(x) = pi/2 - 2 arcsin(sqrt((1 - x) / 2)) and arctan(x) = pi/2 - arctan(1 / x), with pi/2 in two parts and, of
 * doubles, what the root and the quotient lost when they were rounded.
 */
#ifndef MODC_ARC_H
#define MODC_ARC_H

#include <math.h>

#include "modc_bits.h"

/* @section modc_arctanrest_f64 : modc_inline modc_fma_f64 */
/* arctan(t) - t for t from 0 to 1. */
modc_inline double modc_arctanrest_f64(double t) {
    const double z = t * t, u = 2.0 * z - 1.0;
    double p = -0x1.980bdd0bf1a3fp-37;
    p = modc_fma_f64(p, u, 0x1.3766aa2824458p-35); p = modc_fma_f64(p, u, -0x1.baae63a490027p-35);
    p = modc_fma_f64(p, u, 0x1.68c4086c64c49p-33); p = modc_fma_f64(p, u, -0x1.69859f3381fdep-31);
    p = modc_fma_f64(p, u, 0x1.1d6fc79f522e0p-29); p = modc_fma_f64(p, u, -0x1.baa5051dc5518p-28);
    p = modc_fma_f64(p, u, 0x1.622753af51bcbp-26); p = modc_fma_f64(p, u, -0x1.1d02dbe8c0095p-24);
    p = modc_fma_f64(p, u, 0x1.cc1943e599fe3p-23); p = modc_fma_f64(p, u, -0x1.758bf66105bb9p-21);
    p = modc_fma_f64(p, u, 0x1.316a1790b45aep-19); p = modc_fma_f64(p, u, -0x1.f7903cae05d39p-18);
    p = modc_fma_f64(p, u, 0x1.a352824f903cdp-16); p = modc_fma_f64(p, u, -0x1.618d99db618c5p-14);
    p = modc_fma_f64(p, u, 0x1.2ee0b5fe42584p-12); p = modc_fma_f64(p, u, -0x1.08fa5f923da00p-10);
    p = modc_fma_f64(p, u, 0x1.dd5caa4cefbf7p-9); p = modc_fma_f64(p, u, -0x1.c10b0d776cf27p-7);
    p = modc_fma_f64(p, u, 0x1.c5e5c41d92f24p-5); p = modc_fma_f64(p, u, -0x1.09615e90afcd2p-2);
    return t * z * p;
}
/* @end */

/* @section modc_arctan_f64 : modc_inline modc_arctanrest_f64 */
modc_inline double modc_arctan_f64(double x) {
    const double y = fabs(x), t = y > 1.0 ? 1.0 / y : y, rest = modc_arctanrest_f64(t);
    const double far = 0x1.921fb54442d18p+0 - (t + (rest - 0x1.1a62633145c07p-54));
    return copysign(y > 1.0 ? far : t + rest, x);
}
/* @end */

/* @section modc_arctan2_f64 : modc_inline modc_arctanrest_f64 modc_tail_f64 */
/* The quotient of the smaller by the larger, and what it lost; then pi/2 less it where |y| is the larger, pi less that
 * left of 0. */
modc_inline double modc_arctan2_f64(double y, double x) {
    const double ay = fabs(y), ax = fabs(x), above = ay > ax ? ay : ax;
    const double low = ay > ax ? ax : ay, scale = above > 0x1p500 ? 0x1p-600 : above < 0x1p-900 ? 0x1p100 : 1.0;
    const double a = low * scale, b = above * scale, ratio = low / above;
    const double same = above > 0.0 ? 1.0 : 0.0, t = low == above ? same : ratio;
    const double rest = modc_arctanrest_f64(t), lost = (a - t * b) - modc_tail_f64(t, b, t * b);
    const double more = lost / b * (1.0 - 0.5 * t), some = t > 0x1p-500 ? more : 0.0, fine = t < 1.0 ? rest + some : rest;
    const double turn = copysign(1.0, x), half = 0x1.921fb54442d18p+0, part = 0x1.1a62633145c07p-54;
    const double upright = half - (turn * t + (turn * fine - part));
    const double left = 2.0 * half - (t + (fine - 2.0 * part));
    const double flat = turn < 0.0 ? left : t + fine;
    return copysign(ay > ax ? upright : flat, y);
}
/* @end */

/* @section modc_arcsinrest_f64 : modc_inline modc_fma_f64 */
/* arcsin(s) - s where s^2 is z, up to 1/4. */
modc_inline double modc_arcsinrest_f64(double s, double z) {
    const double u = modc_fma_f64(z, 8.0, -1.0);
    double p = 0x1.e739909fa5471p-45;
    p = modc_fma_f64(p, u, 0x1.d924a1e3b6e41p-42); p = modc_fma_f64(p, u, 0x1.b6af90cd573fcp-39);
    p = modc_fma_f64(p, u, 0x1.b45015e10e26ap-36); p = modc_fma_f64(p, u, 0x1.b79c018f7d5dap-33);
    p = modc_fma_f64(p, u, 0x1.c0b43f6ef0c3fp-30); p = modc_fma_f64(p, u, 0x1.d21943708d2dbp-27);
    p = modc_fma_f64(p, u, 0x1.eefaf22ac4df2p-24); p = modc_fma_f64(p, u, 0x1.0e70f980c7ccdp-20);
    p = modc_fma_f64(p, u, 0x1.3316da0570c38p-17); p = modc_fma_f64(p, u, 0x1.702d48c47f724p-14);
    p = modc_fma_f64(p, u, 0x1.df7ed1245b4c4p-11); p = modc_fma_f64(p, u, 0x1.678fec81fd249p-7);
    p = modc_fma_f64(p, u, 0x1.6a1887fac5ab8p-3);
    return s * z * p;
}
/* @end */

/* @section modc_arcsin_f64 : modc_inline modc_arcsinrest_f64 modc_tail_f64 */
modc_inline double modc_arcsin_f64(double x) {
    const double y = fabs(x), z = y > 0.5 ? 0.5 - 0.5 * y : y * y, s = y > 0.5 ? sqrt(z) : y, rest = modc_arcsinrest_f64(s, z);
    const double square = s * s, lost = ((z - square) - modc_tail_f64(s, s, square)) / (s + s);
    const double more = z > 0.0 ? rest + lost : rest;
    const double far = 0x1.921fb54442d18p+0 - (2.0 * s + (2.0 * more - 0x1.1a62633145c07p-54));
    return copysign(y > 0.5 ? far : s + rest, x);
}
/* @end */

/* @section modc_arccos_f64 : modc_inline modc_arcsinrest_f64 modc_tail_f64 */
modc_inline double modc_arccos_f64(double x) {
    const double y = fabs(x), z = y > 0.5 ? 0.5 - 0.5 * y : y * y, s = y > 0.5 ? sqrt(z) : x, rest = modc_arcsinrest_f64(s, z);
    const double square = s * s, lost = ((z - square) - modc_tail_f64(s, s, square)) / (s + s);
    const double more = z > 0.0 ? rest + lost : rest, near = 0x1.921fb54442d18p+0 - (s + (rest - 0x1.1a62633145c07p-54));
    const double left = 2.0 * (0x1.921fb54442d18p+0 - (s + (more - 0x1.1a62633145c07p-54)));
    return y > 0.5 ? x > 0.0 ? 2.0 * (s + more) : left : near;
}
/* @end */

/* @section modc_arctanrest_f32 : modc_inline modc_fma_f32 */
/* arctan(t) - t for t from 0 to 1. */
modc_inline float modc_arctanrest_f32(float t) {
    const float z = t * t, u = 2.0f * z - 1.0f;
    float p = 0x1.9038f8p-19f;
    p = modc_fma_f32(p, u, -0x1.40bcbep-17f); p = modc_fma_f32(p, u, 0x1.96c3fcp-16f);
    p = modc_fma_f32(p, u, -0x1.5998f0p-14f); p = modc_fma_f32(p, u, 0x1.2f3b30p-12f);
    p = modc_fma_f32(p, u, -0x1.092912p-10f); p = modc_fma_f32(p, u, 0x1.dd5a9cp-9f);
    p = modc_fma_f32(p, u, -0x1.c10a50p-7f); p = modc_fma_f32(p, u, 0x1.c5e5c6p-5f);
    p = modc_fma_f32(p, u, -0x1.09615ep-2f);
    return t * z * p;
}
/* @end */

/* @section modc_arctan_f32 : modc_inline modc_arctanrest_f32 */
modc_inline float modc_arctan_f32(float x) {
    const float y = fabsf(x), t = y > 1.0f ? 1.0f / y : y, rest = modc_arctanrest_f32(t);
    const float far = 0x1.921fb6p+0f - (t + (rest + 0x1.777a5cp-25f));
    return copysignf(y > 1.0f ? far : t + rest, x);
}
/* @end */

/* @section modc_arctan2_f32 : modc_inline modc_arctanrest_f32 */
modc_inline float modc_arctan2_f32(float y, float x) {
    const float ay = fabsf(y), ax = fabsf(x), above = ay > ax ? ay : ax, low = ay > ax ? ax : ay;
    const float same = above > 0.0f ? 1.0f : 0.0f, ratio = low / above, t = low == above ? same : ratio;
    const float rest = modc_arctanrest_f32(t), turn = copysignf(1.0f, x);
    const float upright = 0x1.921fb6p+0f - (turn * t + (turn * rest + 0x1.777a5cp-25f));
    const float left = 0x1.921fb6p+1f - (t + (rest + 0x1.777a5cp-24f)), flat = turn < 0.0f ? left : t + rest;
    return copysignf(ay > ax ? upright : flat, y);
}
/* @end */

/* @section modc_arcsinrest_f32 : modc_inline modc_fma_f32 */
/* arcsin(s) - s where s^2 is z, up to 1/4. */
modc_inline float modc_arcsinrest_f32(float s, float z) {
    const float u = modc_fma_f32(z, 8.0f, -1.0f);
    float p = 0x1.14efcap-20f;
    p = modc_fma_f32(p, u, 0x1.38fcbcp-17f); p = modc_fma_f32(p, u, 0x1.702036p-14f);
    p = modc_fma_f32(p, u, 0x1.df75ecp-11f); p = modc_fma_f32(p, u, 0x1.678ff0p-7f);
    p = modc_fma_f32(p, u, 0x1.6a1888p-3f);
    return s * z * p;
}
/* @end */

/* @section modc_arcsin_f32 : modc_inline modc_arcsinrest_f32 */
modc_inline float modc_arcsin_f32(float x) {
    const float y = fabsf(x), z = y > 0.5f ? 0.5f - 0.5f * y : y * y, s = y > 0.5f ? sqrtf(z) : y;
    const float rest = modc_arcsinrest_f32(s, z), far = 0x1.921fb6p+0f - (2.0f * s + (2.0f * rest + 0x1.777a5cp-25f));
    return copysignf(y > 0.5f ? far : s + rest, x);
}
/* @end */

/* @section modc_arccos_f32 : modc_inline modc_arcsinrest_f32 */
modc_inline float modc_arccos_f32(float x) {
    const float y = fabsf(x), z = y > 0.5f ? 0.5f - 0.5f * y : y * y, s = y > 0.5f ? sqrtf(z) : x;
    const float rest = modc_arcsinrest_f32(s, z), near = 0x1.921fb6p+0f - (s + (rest + 0x1.777a5cp-25f));
    const float left = 2.0f * (0x1.921fb6p+0f - (s + (rest + 0x1.777a5cp-25f)));
    return y > 0.5f ? x > 0.0f ? 2.0f * (s + rest) : left : near;
}
/* @end */

#endif
