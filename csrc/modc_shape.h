/* modc_shape.h: derivatives of the incomplete gamma and beta functions by their shapes a and b.
 *
 * Input: doubles or floats.  Output: within the ULPs of the rows in graph/ops_special.py; NaN outside the domain.
 * Used by: the emitted kernels, section by section.  These have loops: they do not vectorise.
 *
 * Methods: the derivative of each term of the series (R. J. Moore, AS 187, 1982), and of each step of the continued
 * fractions (R. J. Boik and J. F. Robison-Cox, Journal of Statistical Software 3, 1998).
 */
#ifndef MODC_SHAPE_H
#define MODC_SHAPE_H

#include <math.h>

#include "modc_incomplete.h"
#include "modc_special.h"

/* @section modc_gammainc_da_f64 : modc_gammafactor_f64 modc_digamma_f64 modc_log_f64 */
/* The derivative of P(a, x) by a. */
static inline double modc_gammainc_da_f64(double a, double x) {
    if (!(a > 0.0 && x >= 0.0)) return (double)NAN;
    if (x == 0.0 || x == (double)INFINITY || a == (double)INFINITY) return 0.0;
    const double factor = modc_gammafactor_f64(a, x), log = modc_log_f64(x);
    if (x <= a + 1.0 || x <= 1.5) {
        double term = 1.0, slope = log - modc_digamma_f64(a + 1.0), sum = slope, size = fabs(slope);
        for (int k = 1; k < 200000; ++k) {
            term *= x / (a + k);
            slope -= 1.0 / (a + k);
            sum += term * slope;
            size += term * fabs(slope);
            if (term * fabs(slope) < 0x1p-56 * size && slope < 0.0) break;
        }
        return factor / a * sum;
    }
    double b = x + 1.0 - a, c = 1e300, d = 1.0 / b, h = d, dc = 0.0, dd = d * d, dh = dd;
    if (factor == 0.0) return 0.0;
    for (int k = 1; k < 200000; ++k) {
        const double part = k * (a - k);
        b += 2.0;
        dd = k * d + part * dd - 1.0;
        d = part * d + b;
        dc = k / c - part * dc / (c * c) - 1.0;
        c = b + part / c;
        d = 1.0 / (fabs(d) < 1e-300 ? 1e-300 : d);
        c = fabs(c) < 1e-300 ? 1e-300 : c;
        dd = -dd * d * d;
        const double step = d * c, bend = dd * c + d * dc;
        dh = dh * step + h * bend;
        h *= step;
        if (fabs(step - 1.0) < 0x1p-53 && fabs(h * bend) < 0x1p-53 * fabs(dh)) break;
    }
    return -factor * (h * (log - modc_digamma_f64(a)) + dh);
}
/* @end */

/* @section modc_betaslope_f64 : modc_betafactor_f64 modc_digamma_f64 modc_log_f64 modc_log1p_f64 */
/* The derivative of I(x; a, b) by b where second, else by a, for x up to the mean; y = 1 - x. */
static inline double modc_betaslope_f64(double a, double b, double x, double y, int second) {
    const double factor = modc_betafactor_f64(a, b, x, y) / a, da = second ? 0.0 : 1.0, db = second ? 1.0 : 0.0;
    const double whole = modc_digamma_f64(a + b), log_x = x < 0.5 ? modc_log_f64(x) : modc_log1p_f64(-y);
    const double log_y = y < 0.5 ? modc_log_f64(y) : modc_log1p_f64(-x);
    const double front = second ? log_y - modc_digamma_f64(b) + whole : log_x - modc_digamma_f64(a) + whole - 1.0 / a;
    double c = 1.0, dc = 0.0, d = 1.0 - (a + b) * x / (a + 1.0), dd, h, dh;
    if (factor == 0.0 || x == 0.0) return 0.0;
    dd = second ? -x / (a + 1.0) : x * (b - 1.0) / ((a + 1.0) * (a + 1.0));
    d = 1.0 / (fabs(d) < 1e-300 ? 1e-300 : d);
    dd = -dd * d * d;
    h = d;
    dh = dd;
    for (int k = 1; k < 100000; ++k) {
        const double m = (double)k, n = a + 2.0 * m;
        double step = 1.0, bend = 0.0;
        for (int half = 0; half < 2; ++half) {
            const double under = half == 0 ? (n - 1.0) * n : n * (n + 1.0), spread = half == 0 ? 2.0 * n - 1.0 : 2.0 * n + 1.0;
            const double over = half == 0 ? m * (b - m) : -(a + m) * (a + b + m);
            const double by = half == 0 ? m * db : -(da * (a + b + m) + (a + m) * (da + db));
            const double part = over * x / under, turn = x * (by - over * da * spread / under) / under;
            dd = turn * d + part * dd;
            d = 1.0 + part * d;
            dc = turn / c - part * dc / (c * c);
            c = 1.0 + part / c;
            d = 1.0 / (fabs(d) < 1e-300 ? 1e-300 : d);
            c = fabs(c) < 1e-300 ? 1e-300 : c;
            dd = -dd * d * d;
            bend = dd * c + d * dc;
            step = d * c;
            dh = dh * step + h * bend;
            h *= step;
        }
        if (fabs(step - 1.0) < 0x1p-53 && fabs(h * bend) <= 0x1p-53 * fabs(dh)) break;
    }
    return factor * (h * front + dh);
}
/* @end */

/* @section modc_betashape_f64 : modc_betaslope_f64 */
/* The derivative of I(x; a, b) by b where second, else by a. */
static inline double modc_betashape_f64(double a, double b, double x, int second) {
    const double y = 1.0 - x;
    if (!(a > 0.0 && b > 0.0 && x >= 0.0 && x <= 1.0)) return (double)NAN;
    if (a == (double)INFINITY || b == (double)INFINITY) return (double)NAN;
    if (x == 0.0 || x == 1.0) return 0.0;
    return x * (a + b) > a ? -modc_betaslope_f64(b, a, y, x, !second) : modc_betaslope_f64(a, b, x, y, second);
}
/* @end */

/* @section modc_betainc_da_f64 : modc_betashape_f64 */
static inline double modc_betainc_da_f64(double a, double b, double x) { return modc_betashape_f64(a, b, x, 0); }
/* @end */

/* @section modc_betainc_db_f64 : modc_betashape_f64 */
static inline double modc_betainc_db_f64(double a, double b, double x) { return modc_betashape_f64(a, b, x, 1); }
/* @end */

/* @section modc_gammainc_da_f32 : modc_gammainc_da_f64 */
static inline float modc_gammainc_da_f32(float a, float x) { return (float)modc_gammainc_da_f64((double)a, (double)x); }
/* @end */

/* @section modc_betainc_da_f32 : modc_betainc_da_f64 */
static inline float modc_betainc_da_f32(float a, float b, float x) {
    return (float)modc_betainc_da_f64((double)a, (double)b, (double)x);
}
/* @end */

/* @section modc_betainc_db_f32 : modc_betainc_db_f64 */
static inline float modc_betainc_db_f32(float a, float b, float x) {
    return (float)modc_betainc_db_f64((double)a, (double)b, (double)x);
}
/* @end */

#endif
