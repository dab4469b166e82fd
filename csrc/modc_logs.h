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

/* @section modc_cbrt_f64 : modc_inline modc_split_f64 modc_logsum_f64 modc_exp_f64 modc_near_f64 modc_pow2_f64 modc_tail_f64 */
/* m 2^k with k = 3 q + r: 2^q times the root of m 2^r, by exp(log / 3) and a step of Newton's with an exact cube. */
modc_inline double modc_cbrt_f64(double x) {
    double k;
    const double m = modc_split_f64(fabs(x), &k), q = modc_near_f64(k * (1.0 / 3.0)), z = m * modc_pow2_f64(k - 3.0 * q);
    const double y = modc_exp_f64(modc_logsum_f64(k - 3.0 * q, m - 1.0) * (1.0 / 3.0));
    const double s = y * y, c = s * y, low = modc_tail_f64(s, y, c) + modc_tail_f64(y, y, s) * y;
    const double value = (y + y * (((z - c) - low) / (3.0 * z))) * modc_pow2_f64(q);
    return x == 0.0 || fabs(x) == (double)INFINITY || x != x ? x : copysign(value, x);
}
/* @end */

/* @section modc_cbrt_f32 : modc_inline modc_cbrt_f64 */
modc_inline float modc_cbrt_f32(float x) { return (float)modc_cbrt_f64((double)x); }
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
