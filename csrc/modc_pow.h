/* modc_pow.h: powers of floats.
 *
 * Input: base and exponent.  Output and methods: see modc_math.h, which includes this.
 */
#ifndef MODC_POW_H
#define MODC_POW_H

#include <math.h>
#include <stdint.h>

#include "modc_bits.h"
#include "modc_exp.h"

/* @section modc_powlog_f64 : modc_inline */
/* log|x| given its ordinary value: -inf at 0, inf at inf, NaN at NaN. */
modc_inline double modc_powlog_f64(double x, double value) {
    const double ax = fabs(x), r = ax < (double)INFINITY ? value : ax;
    return ax == 0.0 ? -(double)INFINITY : r;
}
/* @end */

/* @section modc_powproduct_f64 : modc_inline */
/* y log|x| given the plain product: 0 where y or log|x| is, so that 1^y and x^0 are 1 for every y and x. */
modc_inline double modc_powproduct_f64(double y, double log, double product) {
    const double r = log == 0.0 ? 0.0 : product;
    return y == 0.0 ? 0.0 : r;
}
/* @end */

/* @section modc_powsign_f64 : modc_inline */
/* x^y given |x|^y: y's distance from a multiple of 2 is 0 (even), 1 (odd) or something else (no integer). */
modc_inline double modc_powsign_f64(double x, double y, double value) {
    const double ay = fabs(y), a = ay > 0x1p53 ? 0x1p53 : ay;
    const double off = fabs(a - ((a + 0x1p53) - 0x1p53));
    const double bad = x < 0.0 ? (x > -(double)INFINITY ? (double)NAN : value) : value;
    const double r = off == 1.0 ? copysign(value, x) : bad;
    return off == 0.0 ? value : r;
}
/* @end */

/* @section modc_pow_f64 : modc_inline modc_powlog_f64 modc_powproduct_f64 modc_powsign_f64 modc_split_f64 modc_tail_f64 modc_fma_f64 modc_expsum_f64 */
/* exp(y log|x|) with the logarithm and the product in double length: log m = 2s + s^3 (2/3 + s^2 q(s^2)),
 * s = (m - 1) / (m + 1), where all but q is kept in two parts. */
modc_inline double modc_pow_f64(double x, double y) {
    double k;
    const double m = modc_split_f64(fabs(x), &k);
    const double f = m - 1.0, t = f + 2.0, tl = f - (t - 2.0), inverse = 1.0 / t;
    const double s = f * inverse, st = s * t;
    const double sl = (((f - st) - modc_tail_f64(s, t, st)) - s * tl) * inverse;
    const double z = s * s, zl = modc_tail_f64(s, s, z) + 2.0 * s * sl;
    double q = 0x1.0c54795e2cb59p-3;
    q = modc_fma_f64(q, z, 0x1.0fb87bc747525p-3);
    q = modc_fma_f64(q, z, 0x1.3b1c539cf4a43p-3);
    q = modc_fma_f64(q, z, 0x1.745cf9666f0fdp-3);
    q = modc_fma_f64(q, z, 0x1.c71c71fc32c71p-3);
    q = modc_fma_f64(q, z, 0x1.249249247e766p-2);
    q = modc_fma_f64(q, z, 0x1.99999999999c2p-2);
    q = q * z;
    const double a = 0x1.5555555555555p-1 + q, al = ((0x1.5555555555555p-1 - a) + q) + 0x1.5555555555555p-55;
    const double c = z * s, cl = modc_tail_f64(z, s, c) + (zl * s + z * sl);
    const double v = c * a, vl = modc_tail_f64(c, a, v) + (c * al + cl * a);
    const double kh = k * 0x1.62e42fefa4p-1;
    const double g = kh + 2.0 * s, gl = (kh - g) + 2.0 * s;
    const double h = g + v, hl = (g - h) + v;
    const double low = (gl + hl) + (modc_fma_f64(k, -0x1.8432a1b0e2634p-43, 2.0 * sl) + vl);
    const double sum = h + low, ll = (h - sum) + low, lh = modc_powlog_f64(x, sum);
    const double yl = y * lh, pl = modc_tail_f64(y, lh, yl) + y * ll;
    const double p = modc_powproduct_f64(y, lh, yl);
    const double top = p > 720.0 ? 720.0 : p, clamped = top < -746.0 ? -746.0 : top;
    return modc_powsign_f64(x, y, modc_expsum_f64(clamped, fabs(pl) < 1.0 ? pl : 0.0));
}
/* @end */

/* @section modc_pow_f32 : modc_inline modc_powlog_f64 modc_powproduct_f64 modc_powsign_f64 modc_bits_f64 modc_from_bits_f64 modc_fma_f64 modc_near_f64 modc_pow2_f64 */
/* 2^(y log2|x|) in double. */
modc_inline float modc_pow_f32(float x, float y) {
    const double b = (double)x, e = (double)y;
    const uint64_t t = modc_bits_f64(fabs(b)) + 0x00095f619980c433u;
    const double k = modc_from_bits_f64(t >> 52 | 0x4330000000000000u) - (0x1p52 + 1023.0);
    const double m = modc_from_bits_f64((t & 0x000fffffffffffffu) + 0x3fe6a09e667f3bcdu);
    const double s = (m - 1.0) / (m + 1.0), z = s * s;
    double q = 0x1.21b33efbe0813p-2;
    q = modc_fma_f64(q, z, 0x1.47952a5582c5dp-2);
    q = modc_fma_f64(q, z, 0x1.a61a2feadda12p-2);
    q = modc_fma_f64(q, z, 0x1.2776c291b9ec9p-1);
    q = modc_fma_f64(q, z, 0x1.ec709dc53dd4ap-1);
    q = modc_fma_f64(q, z, 0x1.71547652b8250p+1);
    const double log = modc_powlog_f64(b, modc_fma_f64(q, s, k));
    const double p = modc_powproduct_f64(e, log, e * log);
    const double top = p > 129.0 ? 129.0 : p, w = top < -160.0 ? -160.0 : top;
    const double n = modc_near_f64(w), r = w - n;
    double g = 0x1.0dff3e210cf33p-16;
    g = modc_fma_f64(g, r, 0x1.43d279a327ac4p-13);
    g = modc_fma_f64(g, r, 0x1.5d74d0443aaa3p-10);
    g = modc_fma_f64(g, r, 0x1.3b2aacd4fb83fp-7);
    g = modc_fma_f64(g, r, 0x1.c6b0997f186fep-5);
    g = modc_fma_f64(g, r, 0x1.ebfbdfa19407fp-3);
    g = modc_fma_f64(g, r, 0x1.62e42fef54d02p-1);
    return (float)modc_powsign_f64(b, e, modc_fma_f64(g, r, 1.0) * modc_pow2_f64(n));
}
/* @end */

#endif
