/* modc_logs.h: logarithms of sums, differences and odds, roots, and choices between two floats.
 *
 * Input: one or two doubles or floats.  Output: within the ULPs of the rows in graph/ops_number.py, NaN, infinities and
 * signed zeros as NumPy and SciPy have them.  Used by: the emitted kernels, section by section.
 */
#ifndef MODC_LOGS_H
#define MODC_LOGS_H

#include <math.h>
#include <stdint.h>

#include "modc_bits.h"
#include "modc_exp.h"
#include "modc_math.h"

/* @section modc_fmax_f64 : modc_inline */
modc_inline double modc_fmax_f64(double a, double b) { return a >= b || b != b ? a : b; }
/* @end */

/* @section modc_fmax_f32 : modc_inline */
modc_inline float modc_fmax_f32(float a, float b) { return a >= b || b != b ? a : b; }
/* @end */

/* @section modc_fmin_f64 : modc_inline */
modc_inline double modc_fmin_f64(double a, double b) { return a <= b || b != b ? a : b; }
/* @end */

/* @section modc_fmin_f32 : modc_inline */
modc_inline float modc_fmin_f32(float a, float b) { return a <= b || b != b ? a : b; }
/* @end */

/* @section modc_xlogy_f64 : modc_inline modc_log_f64 */
/* x log(y), 0 where x is. */
modc_inline double modc_xlogy_f64(double x, double y) {
    const double product = x * modc_log_f64(y);
    return x == 0.0 && y == y ? 0.0 : product;
}
/* @end */

/* @section modc_xlogy_f32 : modc_inline modc_log_f32 */
/* x log(y), 0 where x is. */
modc_inline float modc_xlogy_f32(float x, float y) {
    const float product = x * modc_log_f32(y);
    return x == 0.0f && y == y ? 0.0f : product;
}
/* @end */

/* @section modc_xlog1py_f64 : modc_inline modc_log1p_f64 */
/* x log(1 + y), 0 where x is. */
modc_inline double modc_xlog1py_f64(double x, double y) {
    const double product = x * modc_log1p_f64(y);
    return x == 0.0 && y == y ? 0.0 : product;
}
/* @end */

/* @section modc_xlog1py_f32 : modc_inline modc_log1p_f32 */
/* x log(1 + y), 0 where x is. */
modc_inline float modc_xlog1py_f32(float x, float y) {
    const float product = x * modc_log1p_f32(y);
    return x == 0.0f && y == y ? 0.0f : product;
}
/* @end */

/* @section modc_logaddexp_f64 : modc_inline modc_exp_f64 modc_log1p_f64 */
/* log(exp(a) + exp(b)); equal infinities differ by 0. */
modc_inline double modc_logaddexp_f64(double a, double b) {
    const double low = a == b ? 0.0 : -fabs(a - b), high = a > b ? a : b;
    return high + modc_log1p_f64(modc_exp_f64(low));
}
/* @end */

/* @section modc_logaddexp_f32 : modc_inline modc_exp_f32 modc_log1p_f32 */
/* log(exp(a) + exp(b)); equal infinities differ by 0. */
modc_inline float modc_logaddexp_f32(float a, float b) {
    const float low = a == b ? 0.0f : -fabsf(a - b), high = a > b ? a : b;
    return high + modc_log1p_f32(modc_exp_f32(low));
}
/* @end */

/* @section modc_logaddexp2_f64 : modc_inline modc_exp2_f64 modc_log1p_f64 */
/* log2(2^a + 2^b). */
modc_inline double modc_logaddexp2_f64(double a, double b) {
    const double low = a == b ? 0.0 : -fabs(a - b), high = a > b ? a : b;
    return high + modc_log1p_f64(modc_exp2_f64(low)) * 1.4426950408889634;
}
/* @end */

/* @section modc_logaddexp2_f32 : modc_inline modc_exp2_f32 modc_log1p_f32 */
/* log2(2^a + 2^b). */
modc_inline float modc_logaddexp2_f32(float a, float b) {
    const float low = a == b ? 0.0f : -fabsf(a - b), high = a > b ? a : b;
    return high + modc_log1p_f32(modc_exp2_f32(low)) * 1.4426950408889634f;
}
/* @end */

/* @section modc_log1mexp_f64 : modc_inline modc_exp_f64 modc_log_f64 modc_expm1_f64 modc_log1p_f64 */
/* log(1 - exp(x)), after M. Maechler (Accurately computing log(1 - exp(-|a|)), 2012). */
modc_inline double modc_log1mexp_f64(double x) {
    const double far = modc_log1p_f64(-modc_exp_f64(x)), near = modc_log_f64(-modc_expm1_f64(x));
    return x < -0.6931471805599453 ? far : near;
}
/* @end */

/* @section modc_log1mexp_f32 : modc_inline modc_exp_f32 modc_log_f32 modc_expm1_f32 modc_log1p_f32 */
/* log(1 - exp(x)), after M. Maechler (Accurately computing log(1 - exp(-|a|)), 2012). */
modc_inline float modc_log1mexp_f32(float x) {
    const float far = modc_log1p_f32(-modc_exp_f32(x)), near = modc_log_f32(-modc_expm1_f32(x));
    return x < -0.6931471805599453f ? far : near;
}
/* @end */

/* @section modc_logit_f64 : modc_inline modc_log_f64 modc_log1p_f64 */
/* log(x / (1 - x)), around its zero at 1/2 as log1p of what x / (1 - x) is above 1. */
modc_inline double modc_logit_f64(double x) {
    const double rest = 1.0 - x, middle = modc_log1p_f64((2.0 * x - 1.0) / rest), outer = modc_log_f64(x / rest);
    return x > 0.25 && x < 0.75 ? middle : x == 1.0 ? (double)INFINITY : outer;
}
/* @end */

/* @section modc_logit_f32 : modc_inline modc_log_f32 modc_log1p_f32 */
/* log(x / (1 - x)), around its zero at 1/2 as log1p of what x / (1 - x) is above 1. */
modc_inline float modc_logit_f32(float x) {
    const float rest = 1.0f - x, middle = modc_log1p_f32((2.0f * x - 1.0f) / rest), outer = modc_log_f32(x / rest);
    return x > 0.25f && x < 0.75f ? middle : x == 1.0f ? INFINITY : outer;
}
/* @end */

/* @section modc_hypot_f64 : modc_inline modc_fma_f64 */
/* sqrt(a^2 + b^2), scaled where the squares would leave the range; inf where one is, whatever the other. */
modc_inline double modc_hypot_f64(double a, double b) {
    const double x = fabs(a), y = fabs(b), m = x > y ? x : y;
    const double scale = m > 0x1p500 ? 0x1p-600 : m < 0x1p-400 ? 0x1p600 : 1.0, back = m > 0x1p500 ? 0x1p600 : m < 0x1p-400 ? 0x1p-600 : 1.0;
    const double u = x * scale, v = y * scale, found = sqrt(modc_fma_f64(u, u, v * v)) * back;
    return x == (double)INFINITY || y == (double)INFINITY ? (double)INFINITY : found;
}
/* @end */

/* @section modc_hypot_f32 : modc_inline */
modc_inline float modc_hypot_f32(float a, float b) {
    const double x = (double)a, y = (double)b, found = sqrt(x * x + y * y);
    return fabsf(a) == INFINITY || fabsf(b) == INFINITY ? INFINITY : (float)found;
}
/* @end */

/* @section modc_cbrt_f64 : modc_inline modc_bits_f64 modc_from_bits_f64 modc_fma_f64 */
/* 1 / cbrt(a) from a third of the bits, by a polynomial of a r^3 and a step of third order; then what a rounded cube
 * root, whose cube is exact, leaves out. */
modc_inline double modc_cbrt_f64(double x) {
    const double size = fabs(x), a = size < 0x1p-960 ? size * 0x1p54 : size;
    const double high = modc_from_bits_f64(modc_bits_f64(a) >> 32 | UINT64_C(0x4330000000000000)) - 0x1p52;
    double r = modc_from_bits_f64(modc_bits_f64((0x1p52 + 1430057664.0) - high * (1.0 / 3.0)) << 32);
    const double c = a * r * r * r;
    r *= modc_fma_f64(modc_fma_f64(modc_fma_f64(-0x1.96ad0b3ed6996p-2, c, 0x1.53f874e3b30dep+0), c, -0x1.cfa2c78fd6c6ep+0), c,
                      0x1.e1264cfc8dbe8p+0);
    const double e = 1.0 - a * r * r * r;
    r += r * e * modc_fma_f64(e, 2.0 / 9.0, 1.0 / 3.0);
    const double y = modc_from_bits_f64((modc_bits_f64(a * r * r) + (UINT64_C(1) << 35)) & ~((UINT64_C(1) << 36) - 1));
    const double q = (a - y * y * y) * r * r * r;
    const double part = q * modc_fma_f64(q, modc_fma_f64(q, 14.0 / 81.0, 2.0 / 9.0), 1.0 / 3.0);
    const double value = modc_fma_f64(y, part, y) * (size < 0x1p-960 ? 0x1p-18 : 1.0);
    return size > 0.0 && size < (double)INFINITY ? copysign(value, x) : x + x;
}
/* @end */

/* @section modc_cbrt_f32 : modc_inline modc_bits_f32 modc_from_bits_f32 modc_fma_f32 */
/* As for doubles. */
modc_inline float modc_cbrt_f32(float x) {
    const float size = fabsf(x), a = size < 0x1p-100f ? size * 0x1p24f : size;
    const float third = (float)(int32_t)modc_bits_f32(a) * (1.0f / 3.0f);
    float r = modc_from_bits_f32((uint32_t)(int32_t)(1418870954.0f - third));
    const float c = a * r * r * r;
    r *= modc_fma_f32(modc_fma_f32(0x1.97709ap-2f, c, -0x1.16171cp+0f), c, 0x1.b10b24p+0f);
    r += r * (1.0f - a * r * r * r) * (1.0f / 3.0f);
    const float y = modc_from_bits_f32((modc_bits_f32(a * r * r) + (UINT32_C(1) << 15)) & ~((UINT32_C(1) << 16) - 1));
    const float q = (a - y * y * y) * r * r * r;
    const float part = q * modc_fma_f32(q, modc_fma_f32(q, 14.0f / 81.0f, 2.0f / 9.0f), 1.0f / 3.0f);
    const float value = modc_fma_f32(y, part, y) * (size < 0x1p-100f ? 0x1p-8f : 1.0f);
    return size > 0.0f && size < INFINITY ? copysignf(value, x) : x + x;
}
/* @end */

/* @section modc_ldexp_f64 */
/* x 2^n, rounded once. */
static inline double modc_ldexp_f64(double x, int64_t n) { return ldexp(x, (int)(n > 5000 ? 5000 : n < -5000 ? -5000 : n)); }
/* @end */

/* @section modc_ldexp_f32 */
/* x 2^n, rounded once. */
static inline float modc_ldexp_f32(float x, int64_t n) { return ldexpf(x, (int)(n > 5000 ? 5000 : n < -5000 ? -5000 : n)); }
/* @end */

#endif
