/* modc_orders.h: Bessel functions of any real order.
 *
 * Input: order and argument, doubles or floats.  Output: the function's value within the ULPs of its row in
 * graph/ops_special.py, NaN outside the domain.  Used by: the emitted kernels, section by section.  These have loops: they
 * do not vectorise.  Orders above 4e6 give NaN for J and Y where neither the series nor Hankel's expansion holds.
 *
 * Methods: power series (DLMF 10.2.2, 10.25.2); for large arguments Hankel's expansions (DLMF 10.17, 10.40); for large orders
 * of I and K Debye's (DLMF 10.41); K elsewhere by N. M. Temme's series (Journal of Computational Physics 19, 1975) up to 2,
 * then by the trapezoidal rule over its integral (DLMF 10.32.9), whose integrand is positive and falls off doubly
 * exponentially; Y likewise by Temme's series (21, 1976) up to 2, then with J of orders 0 to 2 by the two continued fractions
 * of A. R. Barnett, D. H. Feng, J. W. Steed and L. J. B. Goldfarb (Computer Physics Communications 8, 1974), evaluated as by
 * W. J. Lentz; then the recurrence upwards, for J no further than to the argument: beyond it comes down again (J. C. P. Miller).
 * Coefficients: build_tools/order_tables.py.  Floats are worked out in double.
 */
#ifndef MODC_ORDERS_H
#define MODC_ORDERS_H

#include <math.h>

#include "modc_errors.h"
#include "modc_exp.h"
#include "modc_math.h"
#include "modc_pow.h"
#include "modc_special.h"
#include "modc_trig.h"

/* @section modc_cospi_f64 : modc_sinpi_f64 */
/* Cosine of pi x, and its sine. */
static inline double modc_cospi_f64(double x, double *sine) {
    const double rest = fmod(x, 2.0), turns = floor(2.0 * rest + 0.5), r = rest - 0.5 * turns;
    const double s = modc_sinpi_f64(r), c = modc_sinpi_f64(0.5 - fabs(r)), turn = turns - 4.0 * floor(0.25 * turns);
    *sine = turn == 0.0 ? s : turn == 1.0 ? c : turn == 2.0 ? -s : -c;
    return turn == 0.0 ? c : turn == 1.0 ? -s : turn == 2.0 ? -c : s;
}
/* @end */

/* @section modc_temme_f64 : modc_exp_f64 modc_log_f64 modc_sinh_f64 modc_cosh_f64 modc_sinpi_f64 */
/* K of orders mu and mu + 1 (sign 1), or Y of these times -pi / 2 (sign -1); |mu| <= 1/2, x < 2. */
static inline double modc_temme_f64(double mu, double x, double sign, double *next) {
    /* 1 / gamma(1 - m) - 1 / gamma(1 + m) over 2 m, and the half sum of both, by powers of m^2 */
    static const double odds[] = {
        -0.5772156649015329, 0.04200263503409524, 0.04219773455554433, -0.0072189432466631, 0.00021524167411495098,
        2.013485478078824e-05, -1.133027231981696e-06, -6.116095104481416e-09, 1.18127457048702e-09,
        -7.782263439905071e-12, -5.100370287454476e-13, 5.348122539423018e-15, 1.1812593016974588e-16,
    };
    static const double evens[] = {
        1.0, -0.6558780715202539, 0.16653861138229148, -0.009621971527876973, -0.0011651675918590652,
        0.0001280502823881162, -1.2504934821426706e-06, -2.056338416977607e-07, 5.002007644469223e-09,
        1.0434267116911005e-10, -3.696805618642206e-12, -2.0583260535665066e-14, 1.2267786282382608e-15,
    };
    const double log = 0x1.62e42fefa39efp-1 - modc_log_f64(x), turn = mu * log;
    double odd = 0.0, even = 0.0;
    for (int k = 12; k >= 0; --k) {
        odd = odd * (mu * mu) + odds[k];
        even = even * (mu * mu) + evens[k];
    }
    const double share = fabs(turn) > 1e-8 ? modc_sinh_f64(turn) / turn : 1.0, angle = 0x1.921fb54442d18p+1 * mu;
    const double over = fabs(angle) > 1e-8 ? angle / modc_sinpi_f64(mu) : 1.0, half = modc_sinpi_f64(0.5 * mu);
    double f = over * (modc_cosh_f64(turn) * odd + share * log * even);
    double p = 0.5 * modc_exp_f64(turn) / (even - mu * odd), q = 0.5 * modc_exp_f64(-turn) / (even + mu * odd);
    const double r = sign < 0.0 && mu != 0.0 ? 2.0 * half * half / mu : 0.0;
    double first = f + r * q, second = p, factor = 1.0;
    for (int k = 1; k < 200; ++k) {
        const double n = (double)k;
        f = (n * f + p + q) / (n * n - mu * mu);
        p /= n - mu;
        q /= n + mu;
        factor *= sign * 0.25 * x * x / n;
        const double part = factor * (f + r * q);
        first += part;
        second += factor * (p - n * (f + r * q));
        if (fabs(part) < 0x1p-56 * fabs(first)) break;
    }
    *next = second * 2.0 / x;
    return first;
}
/* @end */

/* @section modc_debye_f64 : modc_exp_f64 modc_arcsinh_f64 */
/* I (sign 1) or K (sign -1) of an order from 20 on; scaled: exp(-x) I or exp(x) K. */
static inline double modc_debye_f64(double nu, double x, double sign, int scaled) {
    /* U[k](p) over p^k by powers of p^2, k = 0, 1, ... 14 */
    static const double terms[] = {
        1.0,
        0.125, -0.20833333333333334,
        0.0703125, -0.4010416666666667, 0.3342013888888889,
        0.0732421875, -0.8912109375, 1.8464626736111112, -1.0258125964506173,
        0.112152099609375, -2.3640869140625, 8.78912353515625, -11.207002616222994, 4.669584423426247,
        0.22710800170898438, -7.368794359479632, 42.53499874538846, -91.81824154324002, 84.63621767460073,
        -28.212072558200244,
        0.5725014209747314, -26.491430486951554, 218.1905117442116, -699.5796273761325, 1059.9904525279999,
        -765.2524681411817, 212.57013003921713,
        1.7277275025844574, -108.09091978839466, 1200.9029132163525, -5305.646978613403, 11655.393336864534,
        -13586.550006434138, 8061.722181737309, -1919.457662318407,
        6.074042001273483, -493.915304773088, 7109.514302489364, -41192.65496889755, 122200.46498301746,
        -203400.17728041555, 192547.00123253153, -96980.59838863752, 20204.29133096615,
        24.380529699556064, -2499.8304818112097, 45218.76898136273, -331645.1724845636, 1268365.2733216248,
        -2813563.226586534, 3763271.297656404, -2998015.9185381066, 1311763.6146629772, -242919.18790055133,
        110.01714026924674, -13886.08975371704, 308186.4046126624, -2785618.1280864547, 13288767.166421818,
        -37567176.66076335, 66344512.27472903, -74105148.21153265, 50952602.49266464, -19706819.118432228,
        3284469.853072038,
        551.3358961220206, -84005.43360302408, 2243768.1779224495, -24474062.72573873, 142062907.7975331,
        -495889784.2750303, 1106842816.8230145, -1621080552.1083372, 1553596899.57058, -939462359.6815784,
        325573074.18576574, -49329253.66450996,
        3038.090510922384, -549842.3275722887, 17395107.553978164, -225105661.88941526, 1559279864.8792574,
        -6563293792.619285, 17954213731.1556, -33026599749.800724, 41280185579.753975, -34632043388.158775,
        18688207509.295826, -5866481492.051847, 814789096.1183121,
        18257.755474293175, -3871833.442572613, 143157876.71888897, -2167164983.223795, 17634730606.83497,
        -87867072178.02327, 287900649906.1506, -645364869245.3765, 1008158106865.3821, -1098375156081.2233,
        819218669548.5773, -399096175224.4665, 114498237732.0258, -14679261247.695616,
        118838.42625678325, -29188388.122220814, 1247009293.5127103, -21822927757.529224, 205914503232.41,
        -1196552880196.1816, 4612725780849.132, -12320491305598.287, 23348364044581.84, -31667088584785.16,
        30565125519935.32, -20516899410934.438, 9109341185239.898, -2406297900028.504, 286464035717.679,
    };
    const double z = x / nu, root = sqrt(1.0 + z * z), p = 1.0 / root;
    double sum = 0.0;
    for (int k = 14, end = 120; k >= 0; end -= k + 1, --k) {
        double term = 0.0;
        for (int j = end - 1; j >= end - 1 - k; --j) term = term * (p * p) + terms[j];
        sum = sum * (sign * p / nu) + term;
    }
    const double fall = nu * ((scaled ? 1.0 / (root + z) : root) - modc_arcsinh_f64(nu / x));
    const double front = sign > 0.0 ? 0x1.45f306dc9c883p-3 * p / nu : 0x1.921fb54442d18p+0 * p / nu;
    return modc_exp_f64(sign * fall) * sqrt(front) * sum;
}
/* @end */

/* @section modc_asymptotic_f64 */
/* The series in 1 / x of exp(x) K (sign 1) and exp(-x) I (sign -1), without its factor. */
static inline double modc_asymptotic_f64(double nu, double x, double sign) {
    double term = 1.0, sum = 1.0;
    for (int k = 1; k < 100; ++k) {
        const double odd = 2.0 * (double)k - 1.0;
        term *= sign * (4.0 * nu * nu - odd * odd) / (8.0 * (double)k * x);
        sum += term;
        if (fabs(term) < 0x1p-56 * fabs(sum)) break;
    }
    return sum;
}
/* @end */

/* @section modc_ksum_f64 : modc_exp_f64 modc_sinh_f64 */
/* exp(x) K by the trapezoidal rule over its integral. */
static inline double modc_ksum_f64(double nu, double x) {
    const double h = fmin(0.125, 0.7 / sqrt(x));
    double sum = 0.5;
    for (int n = 1; n < 1000; ++n) {
        const double t = (double)n * h, s = modc_sinh_f64(0.5 * t), fall = -2.0 * x * s * s;
        const double part = 0.5 * (modc_exp_f64(nu * t + fall) + modc_exp_f64(fall - nu * t));
        sum += part;
        if (part < 0x1p-56 * sum && 2.0 * s * x > nu) break;
    }
    return sum * h;
}
/* @end */

/* @section modc_kscaled_f64 : modc_temme_f64 modc_debye_f64 modc_asymptotic_f64 modc_ksum_f64 modc_exp_f64 */
/* exp(x) K for nu >= 0, x > 0. */
static inline double modc_kscaled_f64(double nu, double x) {
    if (nu >= 20.0) return modc_debye_f64(nu, x, -1.0, 1);
    if (x > 25.0 && x > 0.5 * nu * nu) return sqrt(0x1.921fb54442d18p+0 / x) * modc_asymptotic_f64(nu, x, 1.0);
    if (x >= 2.0) return modc_ksum_f64(nu, x);
    const double n = floor(nu + 0.5), mu = nu - n;
    double then, now = modc_temme_f64(mu, x, 1.0, &then);
    for (double k = 1.0; k <= n; k += 1.0) {
        const double more = now + 2.0 * (mu + k) / x * then;
        now = then;
        then = more;
    }
    return now * modc_exp_f64(x);
}
/* @end */

/* @section modc_iscaled_f64 : modc_debye_f64 modc_asymptotic_f64 modc_exp_f64 modc_pow_f64 modc_gamma_f64 */
/* exp(-x) I for nu >= 0, x > 0. */
static inline double modc_iscaled_f64(double nu, double x) {
    if (nu >= 20.0) return modc_debye_f64(nu, x, 1.0, 1);
    if (x > 25.0 && x > 0.5 * nu * nu) return modc_asymptotic_f64(nu, x, -1.0) / sqrt(0x1.921fb54442d18p+2 * x);
    double term = 1.0, sum = 1.0;
    for (int k = 1; k < 1000; ++k) {
        term *= 0.25 * x * x / ((double)k * ((double)k + nu));
        sum += term;
        if (term < 0x1p-56 * sum) break;
    }
    return modc_pow_f64(0.5 * x, nu) / modc_gamma_f64(nu + 1.0) * (sum * modc_exp_f64(-x));
}
/* @end */

/* @section modc_hankel_f64 : modc_cospi_f64 modc_sine_f64 */
/* J for large x, and Y. */
static inline double modc_hankel_f64(double nu, double x, double *second) {
    double term = 1.0, even = 1.0, odd = 0.0, sa;
    for (int k = 1; k < 100; ++k) {
        const double up = 2.0 * (double)k - 1.0, part = (4.0 * nu * nu - up * up) / (8.0 * (double)k * x);
        term *= k % 2 == 0 ? -part : part;
        if (k % 2 == 0) even += term; else odd += term;
        if (fabs(term) < 0x1p-56) break;
    }
    const double ca = modc_cospi_f64(0.5 * nu + 0.25, &sa), cx = modc_sine_f64(x, 1.0), sx = modc_sine_f64(x, 0.0);
    const double c = cx * ca + sx * sa, s = sx * ca - cx * sa, front = sqrt(0x1.45f306dc9c883p-1 / x);
    *second = front * (even * s + odd * c);
    return front * (even * c - odd * s);
}
/* @end */

/* @section modc_jseries_f64 : modc_pow_f64 modc_gamma_f64 modc_log_f64 modc_exp_f64 */
/* J by powers of x, for x not much above 2 sqrt(nu + 1). */
static inline double modc_jseries_f64(double nu, double x) {
    double term = 1.0, sum = 1.0;
    for (int k = 1; k < 200; ++k) {
        term *= -0.25 * x * x / ((double)k * ((double)k + nu));
        sum += term;
        if (fabs(term) < 0x1p-56 * fabs(sum)) break;
    }
    if (nu < 100.0) return modc_pow_f64(0.5 * x, nu) / modc_gamma_f64(nu + 1.0) * sum;
    const double z = 1.0 / (nu * nu), rest = (1.0 / 12.0 - z * (1.0 / 360.0 - z / 1260.0)) / nu;
    const double power = modc_exp_f64(nu * (modc_log_f64(x) - 0x1.62e42fefa39efp-1 + 1.0 - modc_log_f64(nu)) - rest);
    return power / sqrt(0x1.921fb54442d18p+2 * nu) * sum;
}
/* @end */

/* @section modc_jratio_f64 */
/* J of order nu over that of nu + 1, by their continued fraction. */
static inline double modc_jratio_f64(double nu, double x) {
    double f = 2.0 * (nu + 1.0) / x, c = f, d = 0.0;
    for (int k = 2; k < 10000; ++k) {
        const double b = 2.0 * (nu + (double)k) / x;
        d = b - d;
        c = b - 1.0 / c;
        d = 1.0 / (d == 0.0 ? 1e-300 : d);
        c = c == 0.0 ? 1e-300 : c;
        f *= c * d;
        if (fabs(c * d - 1.0) < 0x1p-53) break;
    }
    return f;
}
/* @end */

/* @section modc_jyfirst_f64 : modc_hankel_f64 modc_jratio_f64 modc_sine_f64 */
/* J of orders mu and mu + 1, and Y, in this order; 0 <= mu < 1, x >= 2. */
static inline void modc_jyfirst_f64(double mu, double x, double *found) {
    if (x >= 25.0) {
        found[0] = modc_hankel_f64(mu, x, found + 2);
        found[1] = modc_hankel_f64(mu + 1.0, x, found + 3);
        return;
    }
    double tr = 1e-300, ti = 0.0, cr = 1e-300, ci = 0.0, dr = 0.0, di = 0.0;
    for (int k = 1; k < 1000; ++k) {
        const double part = ((double)k - 0.5) * ((double)k - 0.5) - mu * mu, br = 2.0 * x, bi = 2.0 * (double)k;
        const double er = br + part * dr, ei = bi + part * di, e = er * er + ei * ei, size = cr * cr + ci * ci;
        const double next = br + part * (cr / size);
        ci = size < 1e-300 ? bi : bi - part * (ci / size);
        cr = size < 1e-300 ? br + part * 1e300 : next;
        dr = er / e;
        di = -ei / e;
        const double sr = cr * dr - ci * di, si = cr * di + ci * dr, was = tr;
        tr = was * sr - ti * si;
        ti = was * si + ti * sr;
        if (fabs(sr - 1.0) + fabs(si) < 0x1p-52) break;
    }
    const double r = 1.0 / modc_jratio_f64(mu, x), slope = mu / x - r;
    const double p = -0.5 / x - ti / x, q = 1.0 + tr / x, g = (p - slope) / q;
    const double phase = x - (0.5 * mu + 0.25) * 0x1.921fb54442d18p+1 + (4.0 * mu * mu - 1.0) / (8.0 * x);
    const double cosine = modc_sine_f64(phase, 1.0), sine = modc_sine_f64(phase, 0.0);
    const int turned = fabs(g) < 1.0 ? cosine < 0.0 : (sine < 0.0) != (g < 0.0);
    const double size = sqrt(0x1.45f306dc9c883p-1 / x / ((p - slope) * g + q)), j = turned ? -size : size;
    found[0] = j;
    found[1] = r * j;
    found[2] = j * g;
    found[3] = mu / x * j * g - j * (p * g + q);
}
/* @end */

/* @section modc_yup_f64 */
/* Y of order mu + last from those of mu + first and the next one. */
static inline double modc_yup_f64(double y, double next, double mu, double x, double first, double last) {
    for (double k = first + 1.0; k <= last; k += 1.0) {
        const double more = 2.0 * (mu + k) / x * next - y;
        y = next;
        next = more;
        if (fabs(next) == (double)INFINITY) return k < last ? next : y;
    }
    return y;
}
/* @end */

/* @section modc_jy_f64 : modc_hankel_f64 modc_temme_f64 modc_jseries_f64 modc_jratio_f64 modc_jyfirst_f64 modc_yup_f64 */
/* J for nu >= 0, x > 0, and Y. */
static inline double modc_jy_f64(double nu, double x, double *second) {
    if (x > 25.0 && x > 0.5 * nu * nu) return modc_hankel_f64(nu, x, second);
    if (x < 2.0) {
        const double n = floor(nu + 0.5), mu = nu - n;
        double next, y = modc_temme_f64(mu, x, -1.0, &next);
        *second = modc_yup_f64(-0x1.45f306dc9c883p-1 * y, -0x1.45f306dc9c883p-1 * next, mu, x, 0.0, n);
        return modc_jseries_f64(nu, x);
    }
    *second = (double)NAN;
    if (nu > 4000000.0) return (double)NAN;
    const double n = floor(nu), mu = nu - n, middle = fmin(n, floor(x - mu));
    double found[4];
    modc_jyfirst_f64(mu, x, found);
    double j = found[0], j1 = found[1], y = found[2], y1 = found[3];
    for (double k = 1.0; k <= middle; k += 1.0) {
        const double b = 2.0 * (mu + k) / x, more = b * j1 - j, less = b * y1 - y;
        j = j1;
        j1 = more;
        y = y1;
        y1 = less;
    }
    *second = y;
    if (n == middle) return j;
    *second = modc_yup_f64(y, y1, mu, x, middle, n);
    if (x * x < 4.0 * (nu + 1.0)) return modc_jseries_f64(nu, x);
    double t = 1.0, u = 1.0 / modc_jratio_f64(nu, x);
    for (double k = n; k > middle; k -= 1.0) {
        const double more = 2.0 * (mu + k) / x * t - u, scale = more > 0x1p500 ? 0x1p-500 : 1.0;
        u = t * scale;
        t = more * scale;
        j *= scale;
    }
    return j / t;
}
/* @end */

/* @section modc_orderside_f64 */
/* 1, or for x < 0 the sign that a function of whole order changes to; NaN for other orders, for NaN and for no order. */
static inline double modc_orderside_f64(double nu, double x) {
    if (x != x || nu - nu != 0.0) return (double)NAN;
    if (x >= 0.0) return 1.0;
    return nu != floor(nu) ? (double)NAN : nu - 2.0 * floor(0.5 * nu) != 0.0 ? -1.0 : 1.0;
}
/* @end */

/* @section modc_jv_f64 : modc_jy_f64 modc_cospi_f64 modc_orderside_f64 */
static inline double modc_jv_f64(double nu, double x) {
    const double side = modc_orderside_f64(nu, x), order = fabs(nu), y = fabs(x);
    if (side != side) return side;
    const int whole = nu == floor(nu);
    double second, s;
    const double c = modc_cospi_f64(order, &s);
    if (y == (double)INFINITY) return 0.0;
    if (y == 0.0) return nu == 0.0 ? 1.0 : nu > 0.0 || whole ? 0.0 : copysign((double)INFINITY, s);
    const double first = modc_jy_f64(order, y, &second);
    if (nu >= 0.0) return side * first;
    return whole ? side * c * first : c * first - s * second;
}
/* @end */

/* @section modc_yv_f64 : modc_jy_f64 modc_cospi_f64 */
static inline double modc_yv_f64(double nu, double x) {
    double second, s;
    if (!(x >= 0.0) || nu - nu != 0.0) return (double)NAN;
    const double order = fabs(nu), c = modc_cospi_f64(order, &s);
    if (x == (double)INFINITY) return 0.0;
    if (x == 0.0) return nu >= 0.0 ? -(double)INFINITY : c == 0.0 ? 0.0 : copysign((double)INFINITY, -c);
    const double first = modc_jy_f64(order, x, &second);
    if (nu >= 0.0) return second;
    return (c == 0.0 ? 0.0 : c * second) + (s == 0.0 ? 0.0 : s * first);
}
/* @end */

/* @section modc_kve_f64 : modc_kscaled_f64 */
static inline double modc_kve_f64(double nu, double x) {
    if (!(x >= 0.0) || nu - nu != 0.0) return (double)NAN;
    return x == 0.0 ? (double)INFINITY : x == (double)INFINITY ? 0.0 : modc_kscaled_f64(fabs(nu), x);
}
/* @end */

/* @section modc_kv_f64 : modc_kve_f64 modc_debye_f64 modc_exp_f64 */
static inline double modc_kv_f64(double nu, double x) {
    if (fabs(nu) >= 20.0 && fabs(nu) < (double)INFINITY && x > 0.0 && x < (double)INFINITY)
        return modc_debye_f64(fabs(nu), x, -1.0, 0);
    const double found = modc_kve_f64(nu, x), half = x > 0.0 ? modc_exp_f64(-0.5 * fmin(x, 1600.0)) : 1.0;
    return found * half * half;
}
/* @end */

/* @section modc_ibessel_f64 : modc_iscaled_f64 modc_kscaled_f64 modc_kv_f64 modc_debye_f64 modc_cospi_f64 modc_orderside_f64 */
/* I, or exp(-|x|) I. */
static inline double modc_ibessel_f64(double nu, double x, int scaled) {
    const double side = modc_orderside_f64(nu, x), order = fabs(nu), y = fabs(x);
    if (side != side) return side;
    const int whole = nu == floor(nu);
    double s, found, other = 0.0;
    (void)modc_cospi_f64(order, &s);
    if (y == (double)INFINITY) return scaled ? 0.0 : side * y;
    if (y == 0.0) return nu == 0.0 ? 1.0 : nu > 0.0 || whole ? 0.0 : copysign((double)INFINITY, s);
    if (order >= 20.0 && !scaled) {
        found = modc_debye_f64(order, y, 1.0, 0);
    } else {
        const double half = scaled ? 1.0 : modc_exp_f64(0.5 * fmin(y, 1400.0));
        found = modc_iscaled_f64(order, y) * half * half;
    }
    if (nu >= 0.0 || whole) return side * found;
    other = scaled ? modc_kscaled_f64(order, y) * modc_exp_f64(-2.0 * y) : modc_kv_f64(order, y);
    return found + 0x1.45f306dc9c883p-1 * s * other;
}
/* @end */

/* @section modc_iv_f64 : modc_ibessel_f64 */
static inline double modc_iv_f64(double nu, double x) { return modc_ibessel_f64(nu, x, 0); }
/* @end */

/* @section modc_ive_f64 : modc_ibessel_f64 */
static inline double modc_ive_f64(double nu, double x) { return modc_ibessel_f64(nu, x, 1); }
/* @end */

/* @section modc_jv_f32 : modc_jv_f64 */
static inline float modc_jv_f32(float nu, float x) { return (float)modc_jv_f64((double)nu, (double)x); }
/* @end */

/* @section modc_yv_f32 : modc_yv_f64 */
static inline float modc_yv_f32(float nu, float x) { return (float)modc_yv_f64((double)nu, (double)x); }
/* @end */

/* @section modc_iv_f32 : modc_iv_f64 */
static inline float modc_iv_f32(float nu, float x) { return (float)modc_iv_f64((double)nu, (double)x); }
/* @end */

/* @section modc_ive_f32 : modc_ive_f64 */
static inline float modc_ive_f32(float nu, float x) { return (float)modc_ive_f64((double)nu, (double)x); }
/* @end */

/* @section modc_kv_f32 : modc_kv_f64 */
static inline float modc_kv_f32(float nu, float x) { return (float)modc_kv_f64((double)nu, (double)x); }
/* @end */

/* @section modc_kve_f32 : modc_kve_f64 */
static inline float modc_kve_f32(float nu, float x) { return (float)modc_kve_f64((double)nu, (double)x); }
/* @end */

#endif
