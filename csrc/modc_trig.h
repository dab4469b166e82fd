/* modc_trig.h: sine, cosine and tangent of every finite argument.
 *
 * Input: one double or float.  Output and methods: see modc_math.h, which includes this.
 */
#ifndef MODC_TRIG_H
#define MODC_TRIG_H

#include <math.h>
#include <stdint.h>

#include "modc_bits.h"

/* @section modc_two_over_pi_f64 */
/* Entry j: bits 16j+1 .. 16j+48 of 2/pi, as a fraction. */
static const double modc_two_over_pi_f64[70] = {
    0x1.45f306dc9c880p-1, 0x1.06dc9c882a520p-1, 0x1.391054a7f09c0p-2, 0x1.529fc2757d100p-4,
    0x1.f84eafa3ea680p-1, 0x1.5f47d4d377000p-2, 0x1.ea69bb81b6c40p-1, 0x1.bb81b6c52b320p-1,
    0x1.b6c52b3278860p-1, 0x1.2b32788720820p-1, 0x1.e21c820ff2880p-3, 0x1.2083fca2c7560p-1,
    0x1.fca2c757bd760p-1, 0x1.8eaf7aef15840p-2, 0x1.bd778ac36e480p-1, 0x1.8ac36e48dc740p-1,
    0x1.6e48dc74849a0p-1, 0x1.b8e909374b800p-2, 0x1.09374b8019240p-2, 0x1.a5c00c925dd40p-1,
    0x1.924bba8274400p-6, 0x1.77504e8c90e00p-3, 0x1.3a32439fc3a00p-5, 0x1.2439fc3bd6380p-1,
    0x1.fc3bd63962520p-1, 0x1.d63962534e7c0p-1, 0x1.62534e7dd1040p-1, 0x1.4e7dd1046bea0p-1,
    0x1.d1046bea5d760p-1, 0x1.afa975da24200p-3, 0x1.75da24274ce00p-3, 0x1.1213a671c0980p-2,
    0x1.d338e04d68be0p-1, 0x1.c09ad17df9040p-2, 0x1.68befc8273220p-1, 0x1.f904e64758e40p-2,
    0x1.cc8eb1cc1a980p-3, 0x1.ac7306a673e80p-1, 0x1.06a673e939080p-1, 0x1.cfa4e422fc580p-3,
    0x1.3908bf177bf20p-1, 0x1.7e2ef7e4a0ec0p-2, 0x1.7bf250763ff00p-1, 0x1.41d8ffc4bff80p-3,
    0x1.ff897ffde0500p-4, 0x1.2fffbc0b301e0p-1, 0x1.bc0b301fde5e0p-1, 0x1.301fde5e23160p-1,
    0x1.de5e2316b4140p-1, 0x1.18b5a0a6d1f00p-4, 0x1.6829b47db4d80p-2, 0x1.b47db4d9fb3c0p-2,
    0x1.b4d9fb3c9f2c0p-2, 0x1.fb3c9f2c26dc0p-2, 0x1.3e584dba7a300p-3, 0x1.36e9e8c7ecc00p-5,
    0x1.3d18fd9a797c0p-2, 0x1.fb34f2ff51680p-3, 0x1.3cbfd45aea4e0p-1, 0x1.d45aea4f758e0p-1,
    0x1.d49eeb1faf940p-2, 0x1.758fd7cbe2f60p-1, 0x1.d7cbe2f67a0e0p-1, 0x1.e2f67a0e73ee0p-1,
    0x1.e839cfbc52900p-3, 0x1.cfbc529497500p-3, 0x1.14a525d4d7f60p-1, 0x1.25d4d7f6bf620p-1,
    0x1.afed7ec47e340p-2, 0x1.7ec47e3574200p-2};
/* @end */

/* @section modc_sine_f64 : modc_inline modc_bits_f64 modc_from_bits_f64 modc_fma_f64 modc_tail_f64 modc_near_f64 modc_sumtail_f64 modc_two_over_pi_f64 */
/* sin(x + turn pi/2), for every finite x.
 * x 2/pi modulo 4 is made of four 48-bit pieces of 2/pi, from the first bit that matters at x's exponent on;
 * multiples of 4 leave at once, the rest is added without loss.  192 - 16 bits cover the worst double. */
modc_inline double modc_sine_f64(double x, double turn) {
    const uint64_t u = modc_bits_f64(x), biased = u >> 52 & 0x7ffu;
    const uint64_t j = ((biased < 1077u ? 1077u : biased) - 1077u) >> 4;
    const double p0 = modc_two_over_pi_f64[j], p1 = modc_two_over_pi_f64[j + 3u];
    const double p2 = modc_two_over_pi_f64[j + 6u], p3 = modc_two_over_pi_f64[j + 9u];
    const double w = x * modc_from_bits_f64((1023u - 16u * j) << 52);
    const double a0 = w * p0, b0 = modc_tail_f64(w, p0, a0);
    const double w1 = w * 0x1p-48, a1 = w1 * p1, b1 = modc_tail_f64(w1, p1, a1);
    const double w2 = w * 0x1p-96, a2 = w2 * p2, b2 = modc_tail_f64(w2, p2, a2);
    const double a3 = w * 0x1p-144 * p3;
    const double c0 = a0 - ((a0 + 0x1.8p72) - 0x1.8p72);
    const double d0 = c0 - ((c0 + 0x1.8p54) - 0x1.8p54), d1 = b0 - ((b0 + 0x1.8p54) - 0x1.8p54);
    const double d2 = a1 - ((a1 + 0x1.8p54) - 0x1.8p54);
    const double q = modc_near_f64((d0 + d1) + d2), d = d0 - q;
    const double s0 = d + d1, e0 = modc_sumtail_f64(d, d1, s0);
    const double s1 = s0 + d2, e1 = modc_sumtail_f64(s0, d2, s1);
    const double s2 = s1 + a2, e2 = modc_sumtail_f64(s1, a2, s2);
    const double s3 = s2 + b1, e3 = modc_sumtail_f64(s2, b1, s3);
    const double low = (e0 + e1) + (e2 + (e3 + (b2 + a3)));
    const double h = s3 + low, l = (s3 - h) + low;
    const double r = h * 0x1.921fb54442d18p+0;
    const double t = modc_tail_f64(h, 0x1.921fb54442d18p+0, r) + modc_fma_f64(h, 0x1.1a62633145c07p-54, l * 0x1.921fb54442d18p+0);
    const double z = r * r, hz = 0.5 * z, v = 1.0 - hz;
    double p = 0x1.5d99dcf699d5dp-33, g = -0x1.8ff105515694cp-37;
    p = modc_fma_f64(p, z, -0x1.ae5e80d8bc503p-26);
    p = modc_fma_f64(p, z, 0x1.71de359ee0224p-19);
    p = modc_fma_f64(p, z, -0x1.a01a019c47700p-13);
    p = modc_fma_f64(p, z, 0x1.111111110fa98p-7);
    p = modc_fma_f64(p, z, -0x1.555555555554bp-3);
    g = modc_fma_f64(g, z, 0x1.1eea7639f39e7p-29);
    g = modc_fma_f64(g, z, -0x1.27e4f8e7bd50fp-22);
    g = modc_fma_f64(g, z, 0x1.a01a019e05243p-16);
    g = modc_fma_f64(g, z, -0x1.6c16c16c160ccp-10);
    g = modc_fma_f64(g, z, 0x1.5555555555554p-5);
    const double sine = r + modc_fma_f64(r * z, p, t * v);
    const double cosine = v + (((1.0 - v) - hz) + modc_fma_f64(z * z, g, -r * t));
    const uint64_t quarter = modc_bits_f64((q + turn) + 0x1.8p52), odd = 0u - (quarter & 1u);
    const uint64_t value = (modc_bits_f64(cosine) & odd) | (modc_bits_f64(sine) & ~odd);
    return modc_from_bits_f64(value ^ (quarter & 2u) << 62);
}
/* @end */

/* @section modc_sin_f64 : modc_inline modc_sine_f64 */
modc_inline double modc_sin_f64(double x) {
    const double sine = modc_sine_f64(x, 0.0);
    return fabs(x) < 0x1p-27 ? x : sine;
}
/* @end */

/* @section modc_cos_f64 : modc_inline modc_sine_f64 */
modc_inline double modc_cos_f64(double x) { return modc_sine_f64(x, 1.0); }
/* @end */

/* @section modc_sine_f32 : modc_inline modc_bits_f64 modc_from_bits_f64 modc_fma_f64 modc_near_f64 */
/* sin(x + turn pi/2) for every finite x, in double: x 2/pi modulo 4 from three pieces of 2/pi (28, 28, 53 bits)
 * whose first two products are exact; which pieces depends on the 26-binade window of x. */
modc_inline float modc_sine_f32(float x, double turn) {
    const double w = (double)x, a = fabs(w);
    const int w1 = a >= 0x1p26, w2 = a >= 0x1p52, w3 = a >= 0x1p78, w4 = a >= 0x1p104;
    const double m0 = w1 ? 0x1.17cc1b4p-3 : 0x1.45f306cp-1, m1 = w1 ? 0x1.9391054p-30 : 0x1.c9c882ap-29;
    const double m2 = w1 ? 0x1.4fe13abe8fa9ap-59 : 0x1.4fe13abe8fa98p-59;
    const double n0 = w2 ? 0x1.c9c8828p-29 : m0, n1 = w2 ? 0x1.29fc274p-56 : m1;
    const double n2 = w2 ? 0x1.7d1f534ddc0dbp-84 : m2;
    const double k0 = w3 ? 0x1.4a7f09cp-54 : n0, k1 = w3 ? 0x1.5f47d4cp-82 : n1;
    const double k2 = w3 ? 0x1.377036d8a5664p-110 : n2;
    const double p0 = w * (w4 ? 0x1.57d1f52p-80 : k0), p1 = w * (w4 ? 0x1.4ddc0dap-108 : k1);
    const double p2 = w * (w4 ? 0x1.6295993c43904p-136 : k2);
    const double d0 = p0 - ((p0 + 0x1.8p54) - 0x1.8p54), d1 = p1 - ((p1 + 0x1.8p54) - 0x1.8p54);
    const double q = modc_near_f64(d0 + d1);
    const double r = (((d0 - q) + d1) + p2) * 0x1.921fb54442d18p+0, z = r * r;
    double p = 0x1.6cd8562198f57p-19, g = 0x1.9a42cd92431a8p-16;
    p = modc_fma_f64(p, z, -0x1.a00f9da210933p-13);
    p = modc_fma_f64(p, z, 0x1.1111089653415p-7);
    p = modc_fma_f64(p, z, -0x1.5555554cba1d5p-3);
    p = modc_fma_f64(p, z, 1.0);
    g = modc_fma_f64(g, z, -0x1.6c0d90ab7b95cp-10);
    g = modc_fma_f64(g, z, 0x1.55554cb47ea0bp-5);
    g = modc_fma_f64(g, z, -0.5);
    g = modc_fma_f64(g, z, 1.0);
    const uint64_t quarter = modc_bits_f64((q + turn) + 0x1.8p52);
    const double value = (quarter & 1u) != 0u ? g : r * p;
    return (float)modc_from_bits_f64(modc_bits_f64(value) ^ (quarter & 2u) << 62);
}
/* @end */

/* @section modc_sin_f32 : modc_inline modc_sine_f32 */
modc_inline float modc_sin_f32(float x) { return modc_sine_f32(x, 0.0); }
/* @end */

/* @section modc_cos_f32 : modc_inline modc_sine_f32 */
modc_inline float modc_cos_f32(float x) { return modc_sine_f32(x, 1.0); }
/* @end */

/* @section modc_tan_f64 : modc_inline modc_sine_f64 */
modc_inline double modc_tan_f64(double x) {
    const double value = modc_sine_f64(x, 0.0) / modc_sine_f64(x, 1.0);
    return fabs(x) < 0x1p-27 ? x : value;
}
/* @end */

/* @section modc_tan_f32 : modc_inline modc_sine_f32 */
modc_inline float modc_tan_f32(float x) { return modc_sine_f32(x, 0.0) / modc_sine_f32(x, 1.0); }
/* @end */

#endif
