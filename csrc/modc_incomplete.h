/* modc_incomplete.h: the incomplete gamma and beta functions, their inverses, and the logarithm of beta.
 *
 * Input: doubles or floats.  Output: the function's value within the ULPs of its row in graph/ops_special.py, NaN outside
 * the domain as SciPy.  Used by: the emitted kernels, section by section.  These have loops: they do not vectorise.
 *
 * Methods: series (DLMF 8.7.1, 8.7.3, 8.17.8) and continued fractions (DLMF 8.9.2, 8.17.22) by the algorithm of W. J. Lentz
 * (1976) as modified by I. J. Thompson and A. R. Barnett (1986); for large a and x near it N. M. Temme's uniform expansion
 * (DLMF 8.12); the factors in front by the deviances of C. Loader (Fast and Accurate Computation of Binomial
 * Probabilities, 2000); log beta after W. Fullerton's and R's splitting by size; inverses by Halley's step kept between
 * bounds, started at E. B. Wilson and M. M. Hilferty's approximation (1931)
 * and, for beta, at that of M. Abramowitz and I. A. Stegun, 26.5.22.
 */
#ifndef MODC_INCOMPLETE_H
#define MODC_INCOMPLETE_H

#include <math.h>

#include "modc_errors.h"
#include "modc_exp.h"
#include "modc_pow.h"
#include "modc_special.h"

/* @section modc_log1pmx_f64 : modc_log1p_f64 */
/* log(1 + u) - u without cancellation. */
static inline double modc_log1pmx_f64(double u) {
    if (!(u > -0.5 && u < 1.0)) return modc_log1p_f64(u) - u;
    const double r = u / (2.0 + u), z = r * r;
    double sum = 0.0, power = 1.0;
    for (int k = 1; k < 30 && power > 0x1p-58; ++k, power *= z) sum += power / (2.0 * k + 1.0);
    return 2.0 * r * z * sum - u * r;
}
/* @end */

/* @section modc_stirling_f64 : modc_gammaln_f64 modc_fma_f64 */
/* log gamma(x) less (x - 1/2) log(x) - x + log(2 pi) / 2, for x >= 4. */
static inline double modc_stirling_f64(double x) {
    const double s = 1.0 / x, u = s * s * 32.0 - 1.0;
    double w = 0x1.2fef12e3816d8p-45;
    w = modc_fma_f64(w, u, -0x1.312e06b65de4fp-42); w = modc_fma_f64(w, u, 0x1.6e9de1f3661c8p-39);
    w = modc_fma_f64(w, u, -0x1.25b15173940f0p-35); w = modc_fma_f64(w, u, 0x1.415a59172c4ffp-31);
    w = modc_fma_f64(w, u, -0x1.091402836d77dp-26); w = modc_fma_f64(w, u, 0x1.8529ecfac74d0p-21);
    w = modc_fma_f64(w, u, -0x1.65cdb07acf8fap-14); w = modc_fma_f64(w, u, 0x1.54fb1b05463bbp-4);
    return s * w;
}
/* @end */

/* @section modc_gammafactor_f64 : modc_pow_f64 modc_exp_f64 modc_log_f64 modc_gamma_f64 modc_log1pmx_f64 modc_stirling_f64 modc_tail_f64 */
/* x^a exp(-x) / gamma(a). */
static inline double modc_gammafactor_f64(double a, double x) {
    const double root = a < 100.0 && x > 700.0 && x < 1200.0 ? modc_pow_f64(x, 0.25 * a) * modc_exp_f64(-0.25 * x) : 0.0;
    if (a < 100.0 && x > 700.0) return root * root / modc_gamma_f64(a) * (root * root); /* exp(-x) alone would underflow */
    if (a < 100.0) return modc_pow_f64(x, a) * modc_exp_f64(-x) / modc_gamma_f64(a);
    const double u = (x - a) / a, fall = u > -0.5 && u < 1.0 ? modc_log1pmx_f64(u) : modc_log_f64(x / a) - u;
    return sqrt(a * 0x1.45f306dc9c883p-3) * modc_exp_f64(a * fall - modc_stirling_f64(a));
}
/* @end */

/* @section modc_gammatemme_f64 : modc_erfc_f64 modc_exp_f64 modc_log1pmx_f64 */
/* Q(a, x) where upper, else P(a, x), for a >= 100 and x / a within 0.3 of 1. */
static inline double modc_gammatemme_f64(double a, double x, int upper) {
    const double u = (x - a) / a, h = -modc_log1pmx_f64(u), n = copysign(sqrt(2.0 * h), u);
    double q = 0.0, r;
    r = -0.0005921664373536939;
    r = r * n + 0.0005313079364639922;
    q = q / a + r;
    r = -0.00019932570516188847;
    r = r * n + 0.0002772753244959392; r = r * n - 6.972813758365857e-05; r = r * n - 0.00033679855336635813;
    q = q / a + r;
    r = -3.968365047179435e-05;
    r = r * n + 6.641498215465122e-05; r = r * n - 1.4638452578843418e-06; r = r * n - 0.0002990724803031902;
    r = r * n + 0.0007840392217200666; r = r * n - 0.0008618882909167117;
    q = q / a + r;
    r = -5.6749528269915965e-06;
    r = r * n + 1.1082654115347302e-05; r = r * n - 2.396505113867297e-07; r = r * n - 7.561801671883977e-05;
    r = r * n + 0.00026772063206283885; r = r * n - 0.0004691894943952557; r = r * n + 0.00022947209362139917;
    r = r * n + 0.0006494341563786008;
    q = q / a + r;
    r = 1.4280614206064242e-07;
    r = r * n - 6.298992138380055e-07; r = r * n + 1.3721957309062934e-06; r = r * n + 3.423578734096138e-08;
    r = r * n - 1.2760635188618728e-05; r = r * n + 5.2923448829120125e-05; r = r * n - 0.0001073665322636516;
    r = r * n + 2.0093878600823047e-06; r = r * n + 0.0007716049382716049; r = r * n - 0.0026813271604938273;
    r = r * n + 0.004133597883597883;
    q = q / a + r;
    r = -1.7543241719747647e-11;
    r = r * n + 1.1951628599778148e-08; r = r * n - 5.752545603517705e-08; r = r * n + 1.378633446915721e-07;
    r = r * n + 4.647127802807434e-09; r = r * n - 1.6120900894563446e-06; r = r * n + 7.64916091608111e-06;
    r = r * n - 1.8098550334489977e-05; r = r * n - 4.018775720164609e-07; r = r * n + 0.00020576131687242798;
    r = r * n - 0.0009902263374485596; r = r * n + 0.0026455026455026454; r = r * n - 0.003472222222222222;
    r = r * n - 0.001851851851851852;
    q = q / a + r;
    r = -5.830772132550426e-11;
    r = r * n - 2.5514193994946248e-11; r = r * n + 9.14769958223679e-10; r = r * n - 4.382036018453353e-09;
    r = r * n + 1.0261809784240309e-08; r = r * n + 6.707853543401498e-09; r = r * n - 1.7665952736826078e-07;
    r = r * n + 8.296711340953087e-07; r = r * n - 1.85406221071516e-06; r = r * n - 2.185448510679992e-06;
    r = r * n + 3.919263178522438e-05; r = r * n - 0.0001787551440329218; r = r * n + 0.0003527336860670194;
    r = r * n + 0.0011574074074074073; r = r * n - 0.014814814814814815; r = r * n + 0.08333333333333333;
    r = r * n - 0.3333333333333333;
    q = q / a + r;
    r = q * modc_exp_f64(-a * h) / sqrt(0x1.921fb54442d18p+2 * a);
    return upper ? 0.5 * modc_erfc_f64(n * sqrt(0.5 * a)) + r : 0.5 * modc_erfc_f64(-n * sqrt(0.5 * a)) - r;
}
/* @end */

/* @section modc_gammaseries_f64 : modc_gammafactor_f64 */
/* P(a, x) = x^a exp(-x) / gamma(a) times the sum of x^k / (a (a + 1) ... (a + k)), for x not much above a. */
static inline double modc_gammaseries_f64(double a, double x) {
    double term = 1.0, sum = 1.0;
    for (int k = 1; k < 5000 && term > 0x1p-56 * sum; ++k) {
        term *= x / (a + k);
        sum += term;
    }
    return sum * (modc_gammafactor_f64(a, x) / a);
}
/* @end */

/* @section modc_gammafraction_f64 : modc_gammafactor_f64 */
/* Q(a, x) = x^a exp(-x) / gamma(a) times 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - ...)), for x above a + 1. */
static inline double modc_gammafraction_f64(double a, double x) {
    const double factor = modc_gammafactor_f64(a, x);
    double b = x + 1.0 - a, c = 1e300, d = 1.0 / b, h = d;
    if (factor == 0.0) return 0.0;
    for (int k = 1; k < 5000; ++k) {
        const double part = k * (a - k);
        b += 2.0;
        d = part * d + b;
        c = b + part / c;
        d = 1.0 / (fabs(d) < 1e-300 ? 1e-300 : d);
        c = fabs(c) < 1e-300 ? 1e-300 : c;
        h *= d * c;
        if (fabs(d * c - 1.0) < 0x1p-53) break;
    }
    return factor * h;
}
/* @end */

/* @section modc_gammasmall_f64 : modc_gammaln1p_f64 modc_expm1_f64 modc_log_f64 modc_exp_f64 */
/* Q(a, x) = 1 - x^a / gamma(1 + a) (1 + a sum of (-x)^k / ((a + k) k!)) for a up to 1 and small x, where 1 - P would
 * cancel. */
static inline double modc_gammasmall_f64(double a, double x) {
    const double log = a * modc_log_f64(x) - modc_gammaln1p_f64(a);
    double term = 1.0, sum = 0.0;
    for (int k = 1; k < 200; ++k) {
        term *= -x / k;
        sum += term / (a + k);
        if (fabs(term) < 0x1p-56 * fabs(sum) * (a + k)) break;
    }
    return -modc_expm1_f64(log) - modc_exp_f64(log) * a * sum;
}
/* @end */

/* @section modc_gammaboth_f64 : modc_gammatemme_f64 modc_gammaseries_f64 modc_gammafraction_f64 modc_gammasmall_f64 */
/* Q(a, x) where upper, else P(a, x). */
static inline double modc_gammaboth_f64(double a, double x, int upper) {
    const double zero = upper ? 1.0 : 0.0, one = upper ? 0.0 : 1.0;
    if (!(a >= 0.0 && x >= 0.0)) return (double)NAN;
    if (a == 0.0) return x > 0.0 ? one : (double)NAN;
    if (a == (double)INFINITY) return x < a ? zero : (double)NAN;
    if (x == 0.0) return zero;
    if (x == (double)INFINITY) return one;
    if (a >= 100.0 && fabs(x - a) < 0.3 * a) return modc_gammatemme_f64(a, x, upper);
    if (upper && x <= 1.5 && a <= 1.0) return modc_gammasmall_f64(a, x);
    if (x > 1.5 && x > a + 1.0) return upper ? modc_gammafraction_f64(a, x) : 1.0 - modc_gammafraction_f64(a, x);
    return upper ? 1.0 - modc_gammaseries_f64(a, x) : modc_gammaseries_f64(a, x);
}
/* @end */

/* @section modc_gammainc_f64 : modc_gammaboth_f64 */
static inline double modc_gammainc_f64(double a, double x) { return modc_gammaboth_f64(a, x, 0); }
/* @end */

/* @section modc_gammaincc_f64 : modc_gammaboth_f64 */
static inline double modc_gammaincc_f64(double a, double x) { return modc_gammaboth_f64(a, x, 1); }
/* @end */

/* @section modc_gammaroot_f64 : modc_gammaboth_f64 modc_gammafactor_f64 modc_erfcinv_f64 modc_gammaln_f64 modc_log_f64 modc_exp_f64 */
/* The x with P(a, x) = p, Q(a, x) = q = 1 - p, of which the smaller is solved for. */
static inline double modc_gammaroot_f64(double a, double p, double q) {
    const int upper = q < p;
    const double goal = upper ? q : p, z = (upper ? 1.4142135623730951 : -1.4142135623730951) * modc_erfcinv_f64(2.0 * goal), t = 1.0 / (9.0 * a);
    const double cube = 1.0 - t + z * sqrt(t), small = modc_exp_f64((modc_log_f64(p) + modc_gammaln_f64(1.0 + a)) / a);
    double x = a > 0.5 && cube > 0.2 ? a * cube * cube * cube : small, low = 0.0, high = (double)INFINITY;
    if (a <= 0.5 && upper) x = small < 1.0 ? small : 1.0 - modc_log_f64(q);
    if (x == 0.0) return x;
    for (int k = 0; k < 100; ++k) {
        const double value = modc_gammaboth_f64(a, x, upper), gap = upper ? goal - value : value - goal;
        const double ratio = upper ? value / goal : 1.0;
        const int far = value > 0.0 && !(ratio > 0.5 && ratio < 2.0); /* in the tail the logarithm is nearly straight */
        const double step = (far ? -value * modc_log_f64(ratio) : gap) * x / modc_gammafactor_f64(a, x);
        const double bend = far ? 0.0 : 0.5 * step * ((a - 1.0) / x - 1.0);
        low = gap < 0.0 ? x : low;
        high = gap < 0.0 ? high : x;
        double next = x - step / (1.0 - (fabs(bend) < 0.5 ? bend : 0.0));
        if (fabs(next - x) <= 0x1p-20 * x) return next; /* the error left is its cube */
        if (!(next > low && next < high)) next = high < (double)INFINITY ? low > 0.0 ? sqrt(low) * sqrt(high) : 0.5 * high : 2.0 * x;
        x = next;
    }
    return x;
}
/* @end */

/* @section modc_gammaincinv_f64 : modc_gammaroot_f64 */
static inline double modc_gammaincinv_f64(double a, double p) {
    if (!(a >= 0.0 && p >= 0.0 && p <= 1.0)) return (double)NAN;
    if (p == 0.0 || p == 1.0) return p == 0.0 ? 0.0 : (double)INFINITY;
    return a > 0.0 && a < (double)INFINITY ? modc_gammaroot_f64(a, p, 1.0 - p) : (double)NAN;
}
/* @end */

/* @section modc_gammainccinv_f64 : modc_gammaroot_f64 */
static inline double modc_gammainccinv_f64(double a, double q) {
    if (!(a >= 0.0 && q >= 0.0 && q <= 1.0)) return (double)NAN;
    if (q == 0.0 || q == 1.0) return q == 1.0 ? 0.0 : (double)INFINITY;
    return a > 0.0 && a < (double)INFINITY ? modc_gammaroot_f64(a, 1.0 - q, q) : (double)NAN;
}
/* @end */

/* @section modc_betaln_f64 : modc_stirling_f64 modc_gammaln_f64 modc_log1p_f64 modc_log_f64 modc_gamma_f64 */
/* log|beta(a, b)|; where both are large by Stirling's formula, so that nothing cancels. */
static inline double modc_betaln_f64(double a, double b) {
    const double p = a < b ? a : b, q = a < b ? b : a, h = p / q, c = h / (1.0 + h);
    if (a != a || b != b) return a + b;
    if (!(p > 0.0)) {
        const double sum = modc_gammaln_f64(a) + modc_gammaln_f64(b) - modc_gammaln_f64(a + b);
        return p == 0.0 || sum != sum ? (double)INFINITY : sum;
    }
    if (q == (double)INFINITY) return -q;
    if (p >= 8.0) {
        const double rest = modc_stirling_f64(p) + (modc_stirling_f64(q) - modc_stirling_f64(p + q));
        const double first = -0.5 * modc_log_f64(q) + 0x1.d67f1c864beb5p-1 + rest;
        return first + (p - 0.5) * modc_log_f64(c) - q * modc_log1p_f64(h);
    }
    if (q >= 8.0) {
        const double rest = modc_stirling_f64(q) - modc_stirling_f64(p + q);
        const double first = modc_gammaln_f64(p) + rest + p - p * modc_log_f64(p + q);
        return first - (q - 0.5) * modc_log1p_f64(h);
    }
    if (p < 1e-200) return -modc_log_f64(p);
    return modc_log_f64(modc_gamma_f64(p) * (modc_gamma_f64(q) / modc_gamma_f64(p + q)));
}
/* @end */

/* @section modc_betapowers_f64 : modc_pow_f64 modc_exp_f64 modc_log1p_f64 */
/* x^a y^b where y = 1 - x: the smaller one is exact, so the other's power comes from it. */
static inline double modc_betapowers_f64(double a, double b, double x, double y) {
    if (x < y) return modc_pow_f64(x, a) * modc_exp_f64(b * modc_log1p_f64(-x));
    return modc_pow_f64(y, b) * modc_exp_f64(a * modc_log1p_f64(-y));
}
/* @end */

/* @section modc_betafactor_f64 : modc_betapowers_f64 modc_betaln_f64 modc_log1pmx_f64 modc_stirling_f64 modc_exp_f64 modc_log_f64 modc_log1p_f64 modc_fma_f64 modc_pow_f64 modc_gamma_f64 */
/* x^a y^b / beta(a, b), where y = 1 - x. */
static inline double modc_betafactor_f64(double a, double b, double x, double y) {
    const double sum = a + b;
    if (a >= 8.0 && b >= 8.0) {
        const double gap = x < y ? modc_fma_f64(x, sum, -a) : b - y * sum;
        const double rest = modc_stirling_f64(a) + (modc_stirling_f64(b) - modc_stirling_f64(sum));
        const double s = x * sum / a, t = y * sum / b; /* beside 1 a small x would be lost */
        const double left = s < 0.5 ? modc_log_f64(s) - (s - 1.0) : modc_log1pmx_f64(gap / a);
        const double right = t < 0.5 ? modc_log_f64(t) - (t - 1.0) : modc_log1pmx_f64(-gap / b);
        const double fall = a * left + b * right;
        return sqrt(a * (b / sum) * 0x1.45f306dc9c883p-3) * modc_exp_f64(fall - rest);
    }
    const double powers = modc_betapowers_f64(a, b, x, y), all = modc_betaln_f64(a, b);
    if (powers > 1e-290 && fabs(all) < 600.0) return powers * modc_exp_f64(-all);
    const double left = x < 0.5 ? modc_log_f64(x) : modc_log1p_f64(-y), right = y < 0.5 ? modc_log_f64(y) : modc_log1p_f64(-x);
    return modc_exp_f64(a * left + b * right - all);
}
/* @end */

/* @section modc_betafraction_f64 : modc_betafactor_f64 */
/* I(x; a, b) by the continued fraction, for x up to (a + 1) / (a + b + 2). */
static inline double modc_betafraction_f64(double a, double b, double x, double y) {
    const double factor = modc_betafactor_f64(a, b, x, y) / a;
    double c = 1.0, d = 1.0 - (a + b) * x / (a + 1.0), h;
    if (factor == 0.0) return 0.0;
    d = 1.0 / (fabs(d) < 1e-300 ? 1e-300 : d);
    h = d;
    for (int k = 1; k < 20000; ++k) {
        const double m = (double)k, n = a + 2.0 * m;
        const double even = m * (b - m) * x / ((n - 1.0) * n), odd = -(a + m) * (a + b + m) * x / (n * (n + 1.0));
        d = 1.0 + even * d;
        c = 1.0 + even / c;
        d = 1.0 / (fabs(d) < 1e-300 ? 1e-300 : d);
        c = fabs(c) < 1e-300 ? 1e-300 : c;
        h *= d * c;
        d = 1.0 + odd * d;
        c = 1.0 + odd / c;
        d = 1.0 / (fabs(d) < 1e-300 ? 1e-300 : d);
        c = fabs(c) < 1e-300 ? 1e-300 : c;
        h *= d * c;
        if (fabs(d * c - 1.0) < 0x1p-53) break;
    }
    return factor * h;
}
/* @end */

/* @section modc_betaseries_f64 : modc_pow_f64 modc_betaln_f64 modc_exp_f64 modc_log_f64 */
/* I(x; a, b) by powers of x, for b x below 1. */
static inline double modc_betaseries_f64(double a, double b, double x) {
    double term = 1.0, sum = 1.0 / a;
    for (int k = 1; k < 5000; ++k) {
        term *= (k - b) * x / k;
        sum += term / (a + k);
        if (fabs(term) < 0x1p-56 * sum * (a + k)) break;
    }
    const double power = modc_pow_f64(x, a), all = modc_betaln_f64(a, b);
    if (power > 1e-290 && fabs(all) < 600.0) return sum * (power * modc_exp_f64(-all));
    return sum * modc_exp_f64(a * modc_log_f64(x) - all);
}
/* @end */

/* @section modc_betalower_f64 : modc_betaseries_f64 modc_betafraction_f64 */
/* I(x; a, b) where x is not above the mean. */
static inline double modc_betalower_f64(double a, double b, double x, double y) {
    if (x == 0.0) return 0.0;
    return b * x <= 1.0 && x <= 0.9 ? modc_betaseries_f64(a, b, x) : modc_betafraction_f64(a, b, x, y);
}
/* @end */

/* @section modc_betainc_f64 : modc_betalower_f64 */
static inline double modc_betainc_f64(double a, double b, double x) {
    const double y = 1.0 - x;
    if (!(a >= 0.0 && b >= 0.0 && x >= 0.0 && x <= 1.0)) return (double)NAN;
    if ((a == 0.0 && b == 0.0) || (a == (double)INFINITY && b == a)) return (double)NAN;
    if (x == 0.0) return 0.0;
    if (x == 1.0) return 1.0;
    if (a == 0.0 || b == (double)INFINITY) return 1.0;
    if (b == 0.0 || a == (double)INFINITY) return 0.0;
    return x * (a + b) > a ? 1.0 - modc_betalower_f64(b, a, y, x) : modc_betalower_f64(a, b, x, y);
}
/* @end */

/* @section modc_betaroot_f64 : modc_betainc_f64 modc_betafactor_f64 modc_betaln_f64 modc_erfcinv_f64 modc_log_f64 modc_exp_f64 */
/* The x with I(x; a, b) = p, for p up to 1/2. */
static inline double modc_betaroot_f64(double a, double b, double p) {
    double x, low = 0.0, high = 1.0;
    if (a > 1.0 && b > 1.0) {
        const double z = 1.4142135623730951 * modc_erfcinv_f64(2.0 * p), l = (z * z - 3.0) / 6.0;
        const double s = 1.0 / (2.0 * a - 1.0), t = 1.0 / (2.0 * b - 1.0), h = 2.0 / (s + t);
        const double w = z * sqrt(fmax(h + l, 0.0)) / h - (t - s) * (l + 5.0 / 6.0 - 2.0 / (3.0 * h));
        x = a / (a + b * modc_exp_f64(2.0 * w));
    } else {
        const double whole = modc_betaln_f64(a, b);
        x = modc_exp_f64((modc_log_f64(p) + modc_log_f64(a) + whole) / a);
        if (!(x < 0.5)) x = fmax(1.0 - modc_exp_f64((modc_log_f64(1.0 - p) + modc_log_f64(b) + whole) / b), 0.5);
    }
    if (x == 0.0) return x;
    if (!(x < 1.0)) x = 0.9999999999999999;
    for (int k = 0; k < 200; ++k) {
        const double y = 1.0 - x, here = modc_betainc_f64(a, b, x), gap = here - p;
        const double slope = modc_betafactor_f64(a, b, x, y), step = gap / slope * x * y;
        const double bend = 0.5 * step * ((a - 1.0) / x - (b - 1.0) / y);
        low = gap < 0.0 ? x : low;
        high = gap < 0.0 ? high : x;
        double next = x - step / (1.0 - (fabs(bend) < 0.5 ? bend : 0.0));
        if (here > 2.0 * p || here < 0.5 * p) { /* far off: a step on the scale of logarithms */
            next = x * modc_exp_f64((modc_log_f64(p) - modc_log_f64(here)) * (here / slope * y));
        } else if (fabs(next - x) <= 0x1p-20 * x * y) {
            return next; /* the error left is its cube */
        }
        if (!(next > low && next < high)) {
            const double power = x * modc_exp_f64((modc_log_f64(p) - modc_log_f64(here)) / a); /* near 0 it is c x^a */
            next = low > 0.25 ? 0.5 * (low + high) : sqrt(low) * sqrt(high);
            if (low == 0.0) next = power > 0.0 && power < 0.25 * high ? power : 0.25 * high;
        }
        if (next == x) return x;
        x = next;
    }
    return x;
}
/* @end */

/* @section modc_betainvboth_f64 : modc_betaroot_f64 */
/* The x with I(x; a, b) = p, where q = 1 - p: the smaller of both is solved for. */
static inline double modc_betainvboth_f64(double a, double b, double p, double q) {
    if (!(a > 0.0 && b > 0.0 && a < (double)INFINITY && b < (double)INFINITY && p >= 0.0 && q >= 0.0)) return (double)NAN;
    if (p == 0.0 || q == 0.0) return p == 0.0 ? 0.0 : 1.0;
    return p <= q ? modc_betaroot_f64(a, b, p) : 1.0 - modc_betaroot_f64(b, a, q);
}
/* @end */

/* @section modc_betaincinv_f64 : modc_betainvboth_f64 */
static inline double modc_betaincinv_f64(double a, double b, double p) { return modc_betainvboth_f64(a, b, p, 1.0 - p); }
/* @end */

/* @section modc_betainccinv_f64 : modc_betainvboth_f64 */
static inline double modc_betainccinv_f64(double a, double b, double q) { return modc_betainvboth_f64(a, b, 1.0 - q, q); }
/* @end */

/* @section modc_betaincinv_f32 : modc_betaincinv_f64 */
static inline float modc_betaincinv_f32(float a, float b, float p) {
    return (float)modc_betaincinv_f64((double)a, (double)b, (double)p);
}
/* @end */

/* @section modc_betainccinv_f32 : modc_betainccinv_f64 */
static inline float modc_betainccinv_f32(float a, float b, float q) {
    return (float)modc_betainccinv_f64((double)a, (double)b, (double)q);
}
/* @end */

/* @section modc_gammainc_f32 : modc_gammainc_f64 */
static inline float modc_gammainc_f32(float a, float x) { return (float)modc_gammainc_f64((double)a, (double)x); }
/* @end */

/* @section modc_gammaincc_f32 : modc_gammaincc_f64 */
static inline float modc_gammaincc_f32(float a, float x) { return (float)modc_gammaincc_f64((double)a, (double)x); }
/* @end */

/* @section modc_gammaincinv_f32 : modc_gammaincinv_f64 */
static inline float modc_gammaincinv_f32(float a, float p) { return (float)modc_gammaincinv_f64((double)a, (double)p); }
/* @end */

/* @section modc_gammainccinv_f32 : modc_gammainccinv_f64 */
static inline float modc_gammainccinv_f32(float a, float q) { return (float)modc_gammainccinv_f64((double)a, (double)q); }
/* @end */

/* @section modc_betaln_f32 : modc_betaln_f64 */
static inline float modc_betaln_f32(float a, float b) { return (float)modc_betaln_f64((double)a, (double)b); }
/* @end */

/* @section modc_betainc_f32 : modc_betainc_f64 */
static inline float modc_betainc_f32(float a, float b, float x) { return (float)modc_betainc_f64((double)a, (double)b, (double)x); }
/* @end */

#endif
