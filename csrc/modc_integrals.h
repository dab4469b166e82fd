/* modc_integrals.h: special functions that are integrals: of the exponential, elliptic, Dawson's, Owen's; Hurwitz's sum.
 *
 * Input: doubles or floats.  Output: the function's value within the ULPs of its row in graph/ops_special.py, NaN outside the
 * domain as SciPy.  Used by: the emitted kernels, section by section.  These have loops: they do not vectorise.
 *
 * Methods: exponential integrals by their series and continued fraction (DLMF 6.6, 6.12, 8.19), the latter as by W. J. Lentz;
 * Dawson's integral and erfi by a series of positive terms (DLMF 7.6.2) and for large arguments by 7.12; elliptic integrals by
 * C. F. Gauss's means (DLMF 19.8); D. B. Owen's function (Annals of Mathematical Statistics 27, 1956) by Gauss's rule of 24
 * points over the range where the integrand counts, with his formula for a > 1.  Floats are worked out in double.
 */
#ifndef MODC_INTEGRALS_H
#define MODC_INTEGRALS_H

#include <math.h>

#include "modc_errors.h"
#include "modc_exp.h"
#include "modc_pow.h"
#include "modc_special.h"

/* @section modc_enfraction_f64 : modc_exp_f64 */
/* E of order n for x > 1. */
static inline double modc_enfraction_f64(double n, double x) {
    double b = x + n, c = 1e300, d = 1.0 / b, h = d;
    for (int k = 1; k < 5000; ++k) {
        const double part = -(double)k * (n - 1.0 + (double)k);
        b += 2.0;
        d = 1.0 / (part * d + b);
        c = b + part / c;
        h *= c * d;
        if (fabs(c * d - 1.0) < 0x1p-53) break;
    }
    return h * modc_exp_f64(-x);
}
/* @end */

/* @section modc_enseries_f64 : modc_log_f64 */
/* E of order n >= 1 for x up to 1. */
static inline double modc_enseries_f64(double n, double x) {
    double term = 1.0, sum = 0.0, own = 0.0, level = -0x1.2788cfc6fb619p-1 - modc_log_f64(x);
    for (double k = 0.0; k < 400.0; k += 1.0) {
        term = k > 0.0 ? term * (-x / k) : 1.0;
        if (k == n - 1.0) {
            own = term;
        } else {
            const double part = term / (k - (n - 1.0));
            sum -= part;
            if (k > n && fabs(part) < 0x1p-56 * fabs(sum)) break;
        }
        if (k > 0.0 && k <= n - 1.0) level += 1.0 / k;
    }
    return sum + own * level;
}
/* @end */

/* @section modc_expn_f64 : modc_enfraction_f64 modc_enseries_f64 modc_exp_f64 */
static inline double modc_expn_f64(double n, double x) {
    if (!(n >= 0.0 && x >= 0.0) || n != floor(n)) return (double)NAN;
    if (n == (double)INFINITY) return 0.0;
    if (x == 0.0) return n < 2.0 ? (double)INFINITY : 1.0 / (n - 1.0);
    if (n == 0.0) return modc_exp_f64(-x) / x;
    if (x == (double)INFINITY) return 0.0;
    return x > 1.0 || n > 300.0 ? modc_enfraction_f64(n, x) : modc_enseries_f64(n, x);
}
/* @end */

/* @section modc_exp1_f64 : modc_expn_f64 */
static inline double modc_exp1_f64(double x) { return modc_expn_f64(1.0, x); }
/* @end */

/* @section modc_expi_f64 : modc_expn_f64 modc_exp_f64 modc_log_f64 */
static inline double modc_expi_f64(double x) {
    double term = 1.0, sum = 0.0;
    if (x != x || x == 0.0) return x == 0.0 ? -(double)INFINITY : x;
    if (x < 0.0) return -modc_expn_f64(1.0, -x);
    if (x == (double)INFINITY) return x;
    if (x >= 40.0) {
        for (int k = 1; k < 60; ++k) {
            term *= (double)k / x;
            sum += term;
            if (term < 0x1p-56) break;
        }
        const double half = modc_exp_f64(0.5 * fmin(x, 1500.0));
        return half * (half / x * (1.0 + sum));
    }
    for (int k = 1; k < 200; ++k) {
        term *= x / (double)k;
        sum += term / (double)k;
        if (term < 0x1p-56 * sum * (double)k) break;
    }
    return 0x1.2788cfc6fb619p-1 + modc_log_f64(x) + sum;
}
/* @end */

/* @section modc_growing_f64 */
/* The sum of x^(2 k + 1) / (k! (2 k + 1)). */
static inline double modc_growing_f64(double x) {
    double term = x, sum = x;
    for (int k = 1; k < 1000; ++k) {
        term *= x * x / (double)k;
        const double part = term / (2.0 * (double)k + 1.0);
        sum += part;
        if (part < 0x1p-56 * sum) break;
    }
    return sum;
}
/* @end */

/* @section modc_falling_f64 */
/* 2 x exp(-x^2) times that sum, for x >= 7. */
static inline double modc_falling_f64(double x) {
    double term = 1.0, sum = 1.0;
    for (int k = 1; k < 60; ++k) {
        term *= (2.0 * (double)k - 1.0) / (2.0 * x * x);
        sum += term;
        if (term < 0x1p-56) break;
    }
    return sum;
}
/* @end */

/* @section modc_dawsn_f64 : modc_growing_f64 modc_falling_f64 modc_exp_f64 */
static inline double modc_dawsn_f64(double x) {
    const double y = fabs(x);
    if (!(y > 0.0)) return x;
    return copysign(y < 7.0 ? modc_growing_f64(y) * modc_exp_f64(-y * y) : modc_falling_f64(y) / (2.0 * y), x);
}
/* @end */

/* @section modc_erfi_f64 : modc_growing_f64 modc_falling_f64 modc_exp_f64 */
static inline double modc_erfi_f64(double x) {
    const double y = fabs(x);
    if (!(y > 0.0 && y < (double)INFINITY)) return x;
    if (y < 7.0) return copysign(0x1.20dd750429b6dp+0 * modc_growing_f64(y), x);
    const double half = modc_exp_f64(0.5 * fmin(y * y, 1450.0));
    return copysign(0x1.20dd750429b6dp+0 * (half * (half * modc_falling_f64(y) / (2.0 * y))), x);
}
/* @end */

/* @section modc_elliptic_f64 */
/* The complete integral of the first or second kind, by means. */
static inline double modc_elliptic_f64(double m, int second) {
    if (!(m <= 1.0)) return (double)NAN;
    if (m == 1.0) return second ? 1.0 : (double)INFINITY;
    if (m == -(double)INFINITY) return second ? (double)INFINITY : 0.0;
    double a = 1.0, b = sqrt(1.0 - m), factor = 0.5, sum = 0.5 * m;
    for (int k = 0; k < 60; ++k) {
        const double c = 0.5 * (a - b), mean = 0.5 * (a + b);
        b = sqrt(a * b);
        a = mean;
        factor *= 2.0;
        sum += factor * c * c;
        if (fabs(c) < 1e-9 * a) break;
    }
    const double first = 0x1.921fb54442d18p+1 / (a + b);
    return second ? first * (1.0 - sum) : first;
}
/* @end */

/* @section modc_ellipk_f64 : modc_elliptic_f64 */
static inline double modc_ellipk_f64(double m) { return modc_elliptic_f64(m, 0); }
/* @end */

/* @section modc_ellipe_f64 : modc_elliptic_f64 */
static inline double modc_ellipe_f64(double m) { return modc_elliptic_f64(m, 1); }
/* @end */

/* @section modc_owen_f64 : modc_exp_f64 */
/* For h >= 0 and 0 <= a <= 1, by Gauss's rule over where the integrand counts. */
static inline double modc_owen_f64(double h, double a) {
    static const double places[] = {
        0.06405689286260563, 0.1911188674736163, 0.3150426796961634, 0.4337935076260451, 0.5454214713888396,
        0.6480936519369755, 0.7401241915785544, 0.820001985973903, 0.8864155270044011, 0.9382745520027328,
        0.9747285559713095, 0.9951872199970213,
    };
    static const double weights[] = {
        0.12793819534675202, 0.12583745634682825, 0.1216704729278033, 0.11550566805372552, 0.10744427011596556,
        0.09761865210411393, 0.0861901615319532, 0.07334648141108016, 0.05929858491543636, 0.04427743881741941,
        0.02853138862893356, 0.01234122979998869,
    };
    const double top = 0.5 * (h * a < 9.0 ? a : 9.0 / h);
    double sum = 0.0;
    for (int k = 0; k < 24; ++k) {
        const double side = k % 2 == 0 ? 1.0 - places[k / 2] : 1.0 + places[k / 2], x = top * side;
        sum += weights[k / 2] * modc_exp_f64(-0.5 * (h * x) * (h * x)) / (1.0 + x * x);
    }
    return modc_exp_f64(-0.5 * h * h) * 0x1.45f306dc9c883p-3 * (top * sum);
}
/* @end */

/* @section modc_owens_t_f64 : modc_owen_f64 modc_erfc_f64 */
static inline double modc_owens_t_f64(double h, double a) {
    const double y = fabs(h), b = fabs(a), root = 0x1.6a09e667f3bcdp-1;
    if (h != h || a != a) return (double)NAN;
    if (y == (double)INFINITY) return copysign(0.0, a);
    if (b <= 1.0) return copysign(modc_owen_f64(y, b), a);
    const double low = 0.5 * modc_erfc_f64(y * root);
    if (b == (double)INFINITY) return copysign(0.5 * low, a);
    const double high = 0.5 * modc_erfc_f64(y * b * root);
    return copysign(0.5 * low + 0.5 * high - low * high - modc_owen_f64(y * b, 1.0 / b), a);
}
/* @end */

/* @section modc_hurwitz_f64 : modc_zeta_f64 */
static inline double modc_hurwitz_f64(double s, double x) {
    if (!(s >= 1.0) || x != x || (x < 0.0 && x != floor(x))) return (double)NAN;
    if (s == 1.0 || x <= 0.0) return (double)INFINITY;
    return x == (double)INFINITY ? 0.0 : s == (double)INFINITY && x == 1.0 ? 1.0 : modc_zeta_f64(s, x);
}
/* @end */

/* @section modc_expn_f32 : modc_expn_f64 */
static inline float modc_expn_f32(float a, float x) { return (float)modc_expn_f64((double)a, (double)x); }
/* @end */

/* @section modc_exp1_f32 : modc_exp1_f64 */
static inline float modc_exp1_f32(float x) { return (float)modc_exp1_f64((double)x); }
/* @end */

/* @section modc_expi_f32 : modc_expi_f64 */
static inline float modc_expi_f32(float x) { return (float)modc_expi_f64((double)x); }
/* @end */

/* @section modc_dawsn_f32 : modc_dawsn_f64 */
static inline float modc_dawsn_f32(float x) { return (float)modc_dawsn_f64((double)x); }
/* @end */

/* @section modc_erfi_f32 : modc_erfi_f64 */
static inline float modc_erfi_f32(float x) { return (float)modc_erfi_f64((double)x); }
/* @end */

/* @section modc_ellipk_f32 : modc_ellipk_f64 */
static inline float modc_ellipk_f32(float x) { return (float)modc_ellipk_f64((double)x); }
/* @end */

/* @section modc_ellipe_f32 : modc_ellipe_f64 */
static inline float modc_ellipe_f32(float x) { return (float)modc_ellipe_f64((double)x); }
/* @end */

/* @section modc_owens_t_f32 : modc_owens_t_f64 */
static inline float modc_owens_t_f32(float a, float x) { return (float)modc_owens_t_f64((double)a, (double)x); }
/* @end */

/* @section modc_hurwitz_f32 : modc_hurwitz_f64 */
static inline float modc_hurwitz_f32(float a, float x) { return (float)modc_hurwitz_f64((double)a, (double)x); }
/* @end */

#endif
