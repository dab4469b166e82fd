/* modc_complex_math.h: elementary functions of complex numbers.
 *
 * Input: modc_c128 (of modc_c64: worked out as modc_c128 and rounded).  Output: the principal value, with the branch
 * cuts, signed zeros and infinities of C99's Annex G.  Used by: the rows exp to arctanh and pow of the op table.
 *
 * Sources: W. Kahan, "Branch cuts for complex elementary functions", 1987 (tanh, atanh); T. E. Hull, T. F. Fairgrieve,
 * P. T. P. Tang, "Implementing the complex arcsine and arccosine functions using exception handling", ACM TOMS 23, 1997
 * (asin, acos); T. J. Dekker, "A floating-point technique for extending the available precision", 1971 (log near 1).
 */
#ifndef MODC_COMPLEX_MATH_H
#define MODC_COMPLEX_MATH_H

#include <math.h>
#include <stdint.h>

#include "modc_complex.h"

/* @section modc_times_i modc_over_i : modc_of_c128 */
static inline modc_c128 modc_times_i(modc_c128 z) { return modc_of_c128(-z.im, z.re); }
static inline modc_c128 modc_over_i(modc_c128 z) { return modc_of_c128(z.im, -z.re); }
/* @end */

/* @section modc_turned_c128 : modc_of_c128 */
/* scale * (cos(angle), sin(angle)), where an infinite scale or an angle of zero gives no NaN that need not be. */
static inline modc_c128 modc_turned_c128(double scale, double angle) {
    if (angle == 0) return modc_of_c128(scale, angle);
    if (scale == 0 && !isfinite(angle)) return modc_of_c128(0, copysign(0, angle));
    if (isinf(scale) && !isfinite(angle)) return modc_of_c128(scale, (double)NAN);
    return modc_of_c128(scale * cos(angle), scale * sin(angle));
}
/* @end */

/* @section modc_exp_c128 : modc_turned_c128 */
static inline modc_c128 modc_exp_c128(modc_c128 z) {
    if (z.re > 709 && z.re < 1500 && z.im != 0 && isfinite(z.im)) { /* exp(z.re) alone may overflow */
        const double half = exp(0.5 * z.re);
        return modc_of_c128(half * cos(z.im) * half, half * sin(z.im) * half);
    }
    if (isfinite(z.re) && !isfinite(z.im)) return modc_of_c128((double)NAN, (double)NAN);
    return modc_turned_c128(exp(z.re), z.im);
}
/* @end */

/* @section modc_product_low_f64 */
/* What a * b is more than its rounding to a double, for factors and product between 2^-900 and 2^900 (Dekker). */
static inline double modc_product_low_f64(double a, double b) {
    const double wide = 134217729.0 * a, high = wide - (wide - a), low = a - high, product = a * b;
    const double width = 134217729.0 * b, top = width - (width - b), rest = b - top;
    return ((high * top - product) + (high * rest + low * top)) + low * rest;
}
/* @end */

/* @section modc_exp2_c128 : modc_exp_c128 modc_turned_c128 modc_product_low_f64 */
static inline modc_c128 modc_exp2_c128(modc_c128 z) {
    const double ln2 = 0.69314718055994530942, ln2_low = 2.3190468138462996e-17, angle = z.im * ln2;
    if (z.re > 1022 || !isfinite(angle)) return modc_exp_c128(modc_of_c128(z.re * ln2, angle));
    const modc_c128 y = modc_turned_c128(exp2(z.re), angle);
    if (!(fabs(angle) > 1 && fabs(angle) < 1e15) || isinf(z.re)) return y;
    const double more = modc_product_low_f64(z.im, ln2) + z.im * ln2_low; /* of the angle */
    return modc_of_c128(y.re - more * y.im, y.im + more * y.re);
}
/* @end */

/* @section modc_expm1_c128 : modc_exp_c128 */
static inline modc_c128 modc_expm1_c128(modc_c128 z) {
    if (z.im == 0) return modc_of_c128(expm1(z.re), z.im);
    if (!isfinite(z.re) || !isfinite(z.im) || z.re > 700) {
        modc_c128 e = modc_exp_c128(z);
        e.re -= 1;
        return e;
    }
    const double less = expm1(z.re), half = sin(0.5 * z.im), flat = -2 * half * half; /* cos(z.im) - 1 */
    return modc_of_c128(less + (less + 1) * flat, exp(z.re) * sin(z.im));
}
/* @end */

/* @section modc_near_one_f64 : modc_product_low_f64 */
/* x * x + y * y - 1, for x >= y >= 0 and a sum of squares near 1: the rounding errors of the squares are added back. */
static inline double modc_near_one_f64(double x, double y) {
    const double a = x * x, b = y * y, low = modc_product_low_f64(x, x) + (y > 1e-100 ? modc_product_low_f64(y, y) : 0);
    const double first = a - 1, rest = a < 0.5 ? a - (first + 1) : 0; /* exact from 0.5 on */
    const double sum = first + b, seen = sum - first, error = (first - (sum - seen)) + (b - seen);
    return sum + (error + rest + low);
}
/* @end */

/* @section modc_log_abs_f64 : modc_near_one_f64 */
/* log(sqrt(re * re + im * im)). */
static inline double modc_log_abs_f64(double re, double im) {
    const double a = fabs(re), b = fabs(im), large = a > b ? a : b, small = a > b ? b : a;
    if (isinf(a) || isinf(b)) return (double)INFINITY;
    if (!(large > 0) || !(small >= 0)) return log(a + b); /* zero or NaN */
    if (large > 0.5 && large < 1.5) {
        const double square = large * large + small * small;
        if (square > 0.5 && square < 2) return 0.5 * log1p(modc_near_one_f64(large, small));
    }
    return log(large) + 0.5 * log1p(small / large * (small / large));
}
/* @end */

/* @section modc_log_c128 : modc_of_c128 modc_log_abs_f64 */
static inline modc_c128 modc_log_c128(modc_c128 z) { return modc_of_c128(modc_log_abs_f64(z.re, z.im), atan2(z.im, z.re)); }
/* @end */

/* @section modc_log2_c128 : modc_log_c128 */
static inline modc_c128 modc_log2_c128(modc_c128 z) {
    const modc_c128 y = modc_log_c128(z);
    return modc_of_c128(y.re * 1.4426950408889634074, y.im * 1.4426950408889634074);
}
/* @end */

/* @section modc_log10_c128 : modc_log_c128 */
static inline modc_c128 modc_log10_c128(modc_c128 z) {
    const modc_c128 y = modc_log_c128(z);
    return modc_of_c128(y.re * 0.43429448190325182765, y.im * 0.43429448190325182765);
}
/* @end */

/* @section modc_log1p_c128 : modc_log_c128 modc_product_low_f64 */
static inline modc_c128 modc_log1p_c128(modc_c128 z) {
    if (!(fabs(z.re) < 0.5 && fabs(z.im) < 1)) return modc_log_c128(modc_of_c128(1 + z.re, z.im));
    const double a = z.re * z.re, b = z.im * z.im, squares = a + b; /* |1 + z|^2 - 1 = 2 re + a + b */
    const double seen = squares - a, error = (a - (squares - seen)) + (b - seen);
    const double low = (fabs(z.re) > 1e-100 ? modc_product_low_f64(z.re, z.re) : 0) + (fabs(z.im) > 1e-100 ? modc_product_low_f64(z.im, z.im) : 0);
    const double sum = 2 * z.re + squares, part = sum - 2 * z.re;
    const double rest = (2 * z.re - (sum - part)) + (squares - part);
    return modc_of_c128(0.5 * log1p(sum + (rest + (error + low))), atan2(z.im, 1 + z.re));
}
/* @end */

/* @section modc_sqrt_c128 : modc_of_c128 modc_hypot_f64 */
static inline modc_c128 modc_sqrt_c128(modc_c128 z) {
    double x = z.re, y = z.im, times = 1;
    if (x == 0 && y == 0) return modc_of_c128(0, y);
    if (isinf(y)) return modc_of_c128((double)INFINITY, y);
    if (x != x) return modc_of_c128(x, (double)NAN);
    if (isinf(x)) return x > 0 ? modc_of_c128(x, y != y ? y : copysign(0, y)) : modc_of_c128(y != y ? y : 0, copysign(x, y));
    if (fabs(x) > 4e307 || fabs(y) > 4e307) x *= 0.0625, y *= 0.0625, times = 4;
    else if (fabs(x) < 1e-290 && fabs(y) < 1e-290) x *= 0x1p120, y *= 0x1p120, times = 0x1p-60;
    const double root = sqrt(0.5 * (fabs(x) + modc_hypot_f64(x, y))), other = y / (2 * root);
    return x >= 0 ? modc_of_c128(root * times, other * times) : modc_of_c128(fabs(other) * times, copysign(root, y) * times);
}
/* @end */

/* @section modc_sinh_c128 : modc_of_c128 */
static inline modc_c128 modc_sinh_c128(modc_c128 z) {
    if (z.im == 0) return modc_of_c128(sinh(z.re), z.im);
    if (z.re == 0) return modc_of_c128(isfinite(z.im) ? z.re * cos(z.im) : z.re, sin(z.im));
    if (isinf(z.re) && !isfinite(z.im)) return modc_of_c128(z.re, (double)NAN);
    if (fabs(z.re) > 700 && isfinite(z.re)) {
        const double half = exp(0.5 * fabs(z.re)), other = 0.5 * half;
        return modc_of_c128(half * cos(z.im) * copysign(other, z.re), half * sin(z.im) * other);
    }
    return modc_of_c128(sinh(z.re) * cos(z.im), cosh(z.re) * sin(z.im));
}
/* @end */

/* @section modc_cosh_c128 : modc_of_c128 */
static inline modc_c128 modc_cosh_c128(modc_c128 z) {
    if (z.im == 0) return modc_of_c128(cosh(z.re), z.re < 0 || signbit(z.re) ? -z.im : z.im);
    if (z.re == 0) return modc_of_c128(cos(z.im), isfinite(z.im) ? z.re * sin(z.im) : z.re);
    if (isinf(z.re) && !isfinite(z.im)) return modc_of_c128((double)INFINITY, (double)NAN);
    if (fabs(z.re) > 700 && isfinite(z.re)) {
        const double half = exp(0.5 * fabs(z.re)), other = 0.5 * half;
        return modc_of_c128(half * cos(z.im) * other, half * sin(z.im) * copysign(other, z.re));
    }
    return modc_of_c128(cosh(z.re) * cos(z.im), sinh(z.re) * sin(z.im));
}
/* @end */

/* @section modc_tanh_c128 : modc_of_c128 */
static inline modc_c128 modc_tanh_c128(modc_c128 z) {
    const double x = z.re, y = z.im;
    if (y == 0) return modc_of_c128(tanh(x), y);
    if (isfinite(x) && !isfinite(y)) return modc_of_c128(x == 0 ? x : (double)NAN, (double)NAN);
    if (fabs(x) > 22) {
        const double sign = isfinite(y) ? sin(y) * cos(y) : 1, small = exp(-fabs(x));
        return modc_of_c128(copysign(1, x), isinf(x) ? copysign(0, sign) : 4 * sign * small * small);
    }
    const double t = tan(y), beta = 1 + t * t, s = sinh(x), rho = sqrt(1 + s * s), divisor = 1 + beta * s * s;
    return modc_of_c128(beta * rho * s / divisor, t / divisor);
}
/* @end */

/* @section modc_sin_c128 : modc_sinh_c128 modc_times_i */
static inline modc_c128 modc_sin_c128(modc_c128 z) { return modc_over_i(modc_sinh_c128(modc_times_i(z))); }
/* @end */

/* @section modc_cos_c128 : modc_cosh_c128 modc_times_i */
static inline modc_c128 modc_cos_c128(modc_c128 z) { return modc_cosh_c128(modc_times_i(z)); }
/* @end */

/* @section modc_tan_c128 : modc_tanh_c128 modc_times_i */
static inline modc_c128 modc_tan_c128(modc_c128 z) { return modc_over_i(modc_tanh_c128(modc_times_i(z))); }
/* @end */

/* The arcsine and arccosine of x + iy, for x, y >= 0 and finite: with r and s the distances from -1 and 1 and
 * a = (r + s) / 2, the arcsine is asin(x / a) + i log(a + sqrt(a * a - 1)); where that cancels, other forms of it. */

/* @section modc_arc_c128 modc_arc_c128_of : modc_log_abs_f64 */
typedef struct modc_arc_c128 {
    double sine, cosine, height; /* real parts of arcsine and arccosine, imaginary part */
} modc_arc_c128;
static inline modc_arc_c128 modc_arc_c128_of(double x, double y) {
    modc_arc_c128 found;
    if (x > 1e150 || y > 1e150) {
        found.sine = atan2(x, y);
        found.cosine = atan2(y, x);
        found.height = 0.69314718055994530942 + modc_log_abs_f64(x, y);
        return found;
    }
    if (y < 1e-150 && fabs(x - 1) < 1e-8) { /* squares of y vanish: x is 1, or y is nothing beside x - 1 */
        const double way = x < 1 ? sqrt((1 - x) * (1 + x)) : sqrt(y);
        found.cosine = x < 1 ? acos(x) : x == 1 ? way : y / sqrt((x - 1) * (x + 1));
        found.sine = 1.57079632679489661923 - found.cosine;
        found.height = x < 1 ? y / way : x == 1 ? way : log1p((x - 1) + sqrt((x - 1) * (x + 1)));
        return found;
    }
    const double r = hypot(x + 1, y), s = hypot(x - 1, y), a = 0.5 * (r + s), b = x / a;
    if (b <= 0.6417) {
        found.sine = asin(b);
        found.cosine = acos(b);
    } else {
        const double way = x <= 1 ? sqrt(0.5 * (a + x) * (y * y / (r + x + 1) + (s + (1 - x))))
                                  : y * sqrt(0.5 * ((a + x) / (r + x + 1) + (a + x) / (s + (x - 1))));
        found.sine = atan2(x, way);
        found.cosine = atan2(way, x);
    }
    if (a <= 1.5) {
        const double more = x < 1 ? 0.5 * (y * y / (r + x + 1) + y * y / (s + (1 - x)))
                                  : 0.5 * (y * y / (r + x + 1) + (s + (x - 1)));
        found.height = x < 1 && more < 1e-290 ? y / sqrt((1 - x) * (1 + x)) : log1p(more + sqrt(more * (a + 1)));
    } else {
        found.height = log(a + sqrt(a * a - 1));
    }
    return found;
}
/* @end */

/* @section modc_arcsin_c128 : modc_of_c128 modc_arc_c128 */
static inline modc_c128 modc_arcsin_c128(modc_c128 z) {
    const double x = fabs(z.re), y = fabs(z.im);
    if (x != x || y != y) {
        if (isinf(x) || isinf(y)) return modc_of_c128(isinf(y) ? z.re : (double)NAN, isinf(y) ? z.im : (double)INFINITY);
        return modc_of_c128(x == 0 ? z.re : (double)NAN, (double)NAN);
    }
    if (isinf(x) || isinf(y)) {
        const double re = isinf(x) ? (isinf(y) ? 0.78539816339744830962 : 1.57079632679489661923) : 0;
        return modc_of_c128(copysign(re, z.re), copysign((double)INFINITY, z.im));
    }
    const modc_arc_c128 arc = modc_arc_c128_of(x, y);
    return modc_of_c128(copysign(arc.sine, z.re), copysign(arc.height, z.im));
}
/* @end */

/* @section modc_arccos_c128 : modc_of_c128 modc_arc_c128 */
static inline modc_c128 modc_arccos_c128(modc_c128 z) {
    const double x = fabs(z.re), y = fabs(z.im), pi = 3.14159265358979323846;
    if (x != x || y != y) {
        if (isinf(x) || isinf(y)) return modc_of_c128((double)NAN, isinf(y) ? -z.im : (double)INFINITY);
        return modc_of_c128(x == 0 ? 0.5 * pi : (double)NAN, (double)NAN);
    }
    if (isinf(x) || isinf(y)) {
        const double re = !isinf(x) ? 0.5 * pi : isinf(y) ? 0.25 * pi : 0;
        return modc_of_c128(signbit(z.re) ? pi - re : re, copysign((double)INFINITY, signbit(z.im) ? 1.0 : -1.0));
    }
    const modc_arc_c128 arc = modc_arc_c128_of(x, y);
    return modc_of_c128(signbit(z.re) ? pi - arc.cosine : arc.cosine, signbit(z.im) ? arc.height : -arc.height);
}
/* @end */

/* @section modc_arccosh_c128 : modc_arccos_c128 */
static inline modc_c128 modc_arccosh_c128(modc_c128 z) {
    const modc_c128 arc = modc_arccos_c128(z);
    if (arc.re != arc.re && arc.im != arc.im) return modc_of_c128(arc.re, z.re == 0 ? 1.57079632679489661923 : arc.im);
    return modc_of_c128(fabs(arc.im), copysign(arc.re, z.im));
}
/* @end */

/* @section modc_arcsinh_c128 : modc_arcsin_c128 modc_times_i */
static inline modc_c128 modc_arcsinh_c128(modc_c128 z) { return modc_over_i(modc_arcsin_c128(modc_times_i(z))); }
/* @end */

/* @section modc_arctanh_c128 : modc_of_c128 */
static inline modc_c128 modc_arctanh_c128(modc_c128 z) {
    const double x = fabs(z.re), y = z.im, right = 1.57079632679489661923;
    if (x > 1e150 || fabs(y) > 1e150) {
        const double large = x > fabs(y) ? x : fabs(y), a = x / large, b = y / large;
        const double re = isinf(x) || isinf(y) ? 0 : a / (a * a + b * b) / large;
        return modc_of_c128(copysign(x != x ? 0 : re, z.re), y != y ? y : copysign(right, y));
    }
    const double beside = 1 - x;
    double re = 0.25 * log1p(4 * x / (beside * beside + y * y));
    if (x == 1 && fabs(y) < 1e-100) re = y == 0 ? (double)INFINITY : 0.5 * (0.69314718055994530942 - log(fabs(y)));
    if (x == 0) re = 0;
    const double im = x == 1 && y == 0 ? y : 0.5 * atan2(2 * y, beside * (1 + x) - y * y);
    return modc_of_c128(copysign(re, z.re), im);
}
/* @end */

/* @section modc_arctan_c128 : modc_arctanh_c128 modc_times_i */
static inline modc_c128 modc_arctan_c128(modc_c128 z) { return modc_over_i(modc_arctanh_c128(modc_times_i(z))); }
/* @end */

/* @section modc_powi_c128 : modc_mul_c128 modc_div_c128 */
/* z to a whole power of up to 100, by squaring. */
static inline modc_c128 modc_powi_c128(modc_c128 z, int power) {
    modc_c128 result = modc_of_c128(1, 0), square = z;
    for (int left = power < 0 ? -power : power; left > 0; left /= 2) {
        if (left % 2) result = modc_mul_c128(result, square);
        square = modc_mul_c128(square, square);
    }
    return power < 0 ? modc_div_c128(modc_of_c128(1, 0), result) : result;
}
/* @end */

/* @section modc_pow_c128 : modc_powi_c128 modc_log_c128 modc_exp_c128 */
/* a ** b: whole powers up to 100 by squaring, 0 ** b is 0 for a positive b, anything else exp(b * log(a)). */
static inline modc_c128 modc_pow_c128(modc_c128 a, modc_c128 b) {
    if (b.re == 0 && b.im == 0) return modc_of_c128(1, 0);
    if (a.re == 0 && a.im == 0) return b.re > 0 && b.im == 0 ? modc_of_c128(0, 0) : modc_of_c128((double)NAN, (double)NAN);
    if (b.im == 0 && b.re == 1) return a;
    if (b.im == 0 && fabs(b.re) <= 100 && b.re == floor(b.re)) return modc_powi_c128(a, (int)b.re);
    const modc_c128 logarithm = modc_log_c128(a);
    if (b.im == 0) return modc_exp_c128(modc_of_c128(b.re * logarithm.re, b.re * logarithm.im));
    return modc_exp_c128(modc_mul_c128(b, logarithm));
}
/* @end */

/* Of floats: worked out in doubles, rounded once */

/* @section modc_exp_c64 : modc_exp_c128 modc_cast_c64_c128 modc_cast_c128_c64 */
static inline modc_c64 modc_exp_c64(modc_c64 z) { return modc_cast_c64_c128(modc_exp_c128(modc_cast_c128_c64(z))); }
/* @end */

/* @section modc_exp2_c64 : modc_exp2_c128 modc_cast_c64_c128 modc_cast_c128_c64 */
static inline modc_c64 modc_exp2_c64(modc_c64 z) { return modc_cast_c64_c128(modc_exp2_c128(modc_cast_c128_c64(z))); }
/* @end */

/* @section modc_expm1_c64 : modc_expm1_c128 modc_cast_c64_c128 modc_cast_c128_c64 */
static inline modc_c64 modc_expm1_c64(modc_c64 z) { return modc_cast_c64_c128(modc_expm1_c128(modc_cast_c128_c64(z))); }
/* @end */

/* @section modc_log_c64 : modc_log_c128 modc_cast_c64_c128 modc_cast_c128_c64 */
static inline modc_c64 modc_log_c64(modc_c64 z) { return modc_cast_c64_c128(modc_log_c128(modc_cast_c128_c64(z))); }
/* @end */

/* @section modc_log2_c64 : modc_log2_c128 modc_cast_c64_c128 modc_cast_c128_c64 */
static inline modc_c64 modc_log2_c64(modc_c64 z) { return modc_cast_c64_c128(modc_log2_c128(modc_cast_c128_c64(z))); }
/* @end */

/* @section modc_log10_c64 : modc_log10_c128 modc_cast_c64_c128 modc_cast_c128_c64 */
static inline modc_c64 modc_log10_c64(modc_c64 z) { return modc_cast_c64_c128(modc_log10_c128(modc_cast_c128_c64(z))); }
/* @end */

/* @section modc_log1p_c64 : modc_log1p_c128 modc_cast_c64_c128 modc_cast_c128_c64 */
static inline modc_c64 modc_log1p_c64(modc_c64 z) { return modc_cast_c64_c128(modc_log1p_c128(modc_cast_c128_c64(z))); }
/* @end */

/* @section modc_sqrt_c64 : modc_sqrt_c128 modc_cast_c64_c128 modc_cast_c128_c64 */
static inline modc_c64 modc_sqrt_c64(modc_c64 z) { return modc_cast_c64_c128(modc_sqrt_c128(modc_cast_c128_c64(z))); }
/* @end */

/* @section modc_sinh_c64 : modc_sinh_c128 modc_cast_c64_c128 modc_cast_c128_c64 */
static inline modc_c64 modc_sinh_c64(modc_c64 z) { return modc_cast_c64_c128(modc_sinh_c128(modc_cast_c128_c64(z))); }
/* @end */

/* @section modc_cosh_c64 : modc_cosh_c128 modc_cast_c64_c128 modc_cast_c128_c64 */
static inline modc_c64 modc_cosh_c64(modc_c64 z) { return modc_cast_c64_c128(modc_cosh_c128(modc_cast_c128_c64(z))); }
/* @end */

/* @section modc_tanh_c64 : modc_tanh_c128 modc_cast_c64_c128 modc_cast_c128_c64 */
static inline modc_c64 modc_tanh_c64(modc_c64 z) { return modc_cast_c64_c128(modc_tanh_c128(modc_cast_c128_c64(z))); }
/* @end */

/* @section modc_sin_c64 : modc_sin_c128 modc_cast_c64_c128 modc_cast_c128_c64 */
static inline modc_c64 modc_sin_c64(modc_c64 z) { return modc_cast_c64_c128(modc_sin_c128(modc_cast_c128_c64(z))); }
/* @end */

/* @section modc_cos_c64 : modc_cos_c128 modc_cast_c64_c128 modc_cast_c128_c64 */
static inline modc_c64 modc_cos_c64(modc_c64 z) { return modc_cast_c64_c128(modc_cos_c128(modc_cast_c128_c64(z))); }
/* @end */

/* @section modc_tan_c64 : modc_tan_c128 modc_cast_c64_c128 modc_cast_c128_c64 */
static inline modc_c64 modc_tan_c64(modc_c64 z) { return modc_cast_c64_c128(modc_tan_c128(modc_cast_c128_c64(z))); }
/* @end */

/* @section modc_arcsin_c64 : modc_arcsin_c128 modc_cast_c64_c128 modc_cast_c128_c64 */
static inline modc_c64 modc_arcsin_c64(modc_c64 z) { return modc_cast_c64_c128(modc_arcsin_c128(modc_cast_c128_c64(z))); }
/* @end */

/* @section modc_arccos_c64 : modc_arccos_c128 modc_cast_c64_c128 modc_cast_c128_c64 */
static inline modc_c64 modc_arccos_c64(modc_c64 z) { return modc_cast_c64_c128(modc_arccos_c128(modc_cast_c128_c64(z))); }
/* @end */

/* @section modc_arccosh_c64 : modc_arccosh_c128 modc_cast_c64_c128 modc_cast_c128_c64 */
static inline modc_c64 modc_arccosh_c64(modc_c64 z) { return modc_cast_c64_c128(modc_arccosh_c128(modc_cast_c128_c64(z))); }
/* @end */

/* @section modc_arcsinh_c64 : modc_arcsinh_c128 modc_cast_c64_c128 modc_cast_c128_c64 */
static inline modc_c64 modc_arcsinh_c64(modc_c64 z) { return modc_cast_c64_c128(modc_arcsinh_c128(modc_cast_c128_c64(z))); }
/* @end */

/* @section modc_arctanh_c64 : modc_arctanh_c128 modc_cast_c64_c128 modc_cast_c128_c64 */
static inline modc_c64 modc_arctanh_c64(modc_c64 z) { return modc_cast_c64_c128(modc_arctanh_c128(modc_cast_c128_c64(z))); }
/* @end */

/* @section modc_arctan_c64 : modc_arctan_c128 modc_cast_c64_c128 modc_cast_c128_c64 */
static inline modc_c64 modc_arctan_c64(modc_c64 z) { return modc_cast_c64_c128(modc_arctan_c128(modc_cast_c128_c64(z))); }
/* @end */

/* @section modc_pow_c64 : modc_pow_c128 modc_cast_c64_c128 modc_cast_c128_c64 */
static inline modc_c64 modc_pow_c64(modc_c64 a, modc_c64 b) {
    return modc_cast_c64_c128(modc_pow_c128(modc_cast_c128_c64(a), modc_cast_c128_c64(b)));
}
/* @end */

#endif
