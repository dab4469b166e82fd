/* modc_special.h: the gamma function and its logarithm's derivatives, as inline C99 that vectorises.
 *
 * Input: one double or float.  Output: the function's value within the ULPs of its row in graph/ops_special.py, NaN,
 * infinities and poles as SciPy has them.  Used by: the emitted kernels, section by section; modc_incomplete.h.
 *
 * Methods: gamma and log gamma by polynomials near their arguments 1 to 4 and by Stirling's formula beyond (DLMF 5.11),
 * below by recurrence and reflection (DLMF 5.5); digamma and trigamma likewise, digamma around its zero; polygamma by
 * the Hurwitz zeta function, that by Euler and Maclaurin's formula (DLMF 25.11).  Coefficients:
 * build_tools/special_fits.py.  Floats are worked out in double.
 */
#ifndef MODC_SPECIAL_H
#define MODC_SPECIAL_H

#include <math.h>

#include "modc_bits.h"
#include "modc_exp.h"
#include "modc_pow.h"

/* @section modc_offset_f64 : modc_inline */
/* y's distance from the nearest whole number, for y >= 0: -1/2 to 1/2. */
modc_inline double modc_offset_f64(double y) {
    const double f = y - floor(y);
    return f > 0.5 ? f - 1.0 : f;
}
/* @end */

/* @section modc_sinpi_f64 : modc_inline modc_fma_f64 */
/* sin(pi r) for |r| <= 1/2. */
modc_inline double modc_sinpi_f64(double r) {
    const double t = modc_fma_f64(r * r, 8.0, -1.0);
    double p = 0x1.9d46684861742p-45;
    p = modc_fma_f64(p, t, -0x1.62909cb7f9ba4p-37); p = modc_fma_f64(p, t, 0x1.d5351774ac9ecp-30);
    p = modc_fma_f64(p, t, -0x1.cc930fd0aa64bp-23); p = modc_fma_f64(p, t, 0x1.3e0af61f76749p-16);
    p = modc_fma_f64(p, t, -0x1.1e5fdef25c404p-10); p = modc_fma_f64(p, t, 0x1.2a9fb40c119edp-5);
    p = modc_fma_f64(p, t, -0x1.23b03366aa0cap-1); p = modc_fma_f64(p, t, 0x1.4464bcc8cba1ep+1);
    return r * p;
}
/* @end */

/* @section modc_gamma_f64 : modc_inline modc_fma_f64 modc_pow_f64 modc_exp_f64 modc_sinpi_f64 modc_offset_f64 */
/* Up to 8 a polynomial over [2, 3] and the recurrence, beyond Stirling's formula with x^(x - 1/2) in two halves.
 * q is gamma(1 + y) below 2: what reflection divides by, and what stays finite there. */
modc_inline double modc_gamma_f64(double x) {
    const double y = fabs(x), b = y < 8.0 ? y : 2.0, whole = floor(y), c = y < 8.0 ? 8.0 : y > 190.0 ? 190.0 : y;
    const double d = b - floor(b), t = 2.0 * d - 1.0, s = 1.0 / c, u = modc_fma_f64(s, 16.0, -1.0);
    double p = -0x1.650dbab79cb19p-41;
    p = modc_fma_f64(p, t, 0x1.ba4ea8bb96e0bp-39); p = modc_fma_f64(p, t, -0x1.c091af402a4cdp-37);
    p = modc_fma_f64(p, t, 0x1.1e00287f05fcbp-34); p = modc_fma_f64(p, t, -0x1.57e9db306423ap-32);
    p = modc_fma_f64(p, t, 0x1.e716b899c0986p-30); p = modc_fma_f64(p, t, -0x1.ad8a6403b13c6p-28);
    p = modc_fma_f64(p, t, 0x1.013bdf3ed25b2p-24); p = modc_fma_f64(p, t, 0x1.0886c54a255fep-27);
    p = modc_fma_f64(p, t, 0x1.8b8fcf9634138p-19); p = modc_fma_f64(p, t, 0x1.a55ed217389fcp-17);
    p = modc_fma_f64(p, t, 0x1.5489cc6a2a52fp-13); p = modc_fma_f64(p, t, 0x1.d0a9bc4930c69p-11);
    p = modc_fma_f64(p, t, 0x1.c138b89493f18p-8); p = modc_fma_f64(p, t, 0x1.03f6d2fa4f509p-5);
    p = modc_fma_f64(p, t, 0x1.4f224d4b7e016p-3); p = modc_fma_f64(p, t, 0x1.de9585f1a7093p-2);
    p = modc_fma_f64(p, t, 0x1.544fa6d47b390p+0);
    double w = 0x1.56a3c9666b44cp-46;
    w = modc_fma_f64(w, u, 0x1.d0807ed361520p-43); w = modc_fma_f64(w, u, -0x1.4d22872d204e9p-38);
    w = modc_fma_f64(w, u, -0x1.d4bddd8a3e8bcp-36); w = modc_fma_f64(w, u, 0x1.f506c0b4dbc0bp-30);
    w = modc_fma_f64(w, u, 0x1.3334a35e10cecp-31); w = modc_fma_f64(w, u, -0x1.bcdcb3d2c323cp-20);
    w = modc_fma_f64(w, u, 0x1.e73d73a21e8ccp-16); w = modc_fma_f64(w, u, 0x1.addd25c409e20p-7);
    w = modc_fma_f64(w, u, 0x1.42860da249d4cp+1);
    const double up = (b < 3.0 ? 1.0 : b - 1.0) * (b < 4.0 ? 1.0 : b - 2.0) * (b < 5.0 ? 1.0 : b - 3.0)
        * (b < 6.0 ? 1.0 : b - 4.0) * (b < 7.0 ? 1.0 : b - 5.0);
    const double q = p * up / (b < 1.0 ? 1.0 + b : 1.0), near = b < 2.0 ? q / b : q, next = b < 2.0 ? q : q * b;
    const double half = modc_pow_f64(c, 0.5 * c - 0.25), low = half * modc_exp_f64(-c), high = half * w;
    const double right = y < 8.0 ? near : low * high;
    const double sine = modc_sinpi_f64(fabs(modc_offset_f64(y))), odd = whole - 2.0 * floor(0.5 * whole);
    const double turn = (odd > 0.0 ? 0x1.921fb54442d18p+1 : -0x1.921fb54442d18p+1) / sine;
    const double left = y < 8.0 ? turn / next : turn / y / high / low;
    const double below = sine == 0.0 ? (double)NAN : left, found = x < 0.0 ? below : right;
    return x == 0.0 ? copysign((double)INFINITY, x) : found;
}
/* @end */

/* @section modc_gammaln1p_f64 : modc_inline modc_fma_f64 */
/* log gamma(1 + d) for d from 0 to 1. */
modc_inline double modc_gammaln1p_f64(double d) {
    const double t = 2.0 * d - 1.0;
    double p = 0x1.97a672f510735p-37;
    p = modc_fma_f64(p, t, -0x1.3712529314dfdp-35); p = modc_fma_f64(p, t, 0x1.ba137484c764cp-35);
    p = modc_fma_f64(p, t, -0x1.683c30f1a7cfap-33); p = modc_fma_f64(p, t, 0x1.68fdeb08edc47p-31);
    p = modc_fma_f64(p, t, -0x1.1cfbbcd48451cp-29); p = modc_fma_f64(p, t, 0x1.b9e257d11f1c8p-28);
    p = modc_fma_f64(p, t, -0x1.61841f1ae66cfp-26); p = modc_fma_f64(p, t, 0x1.1c7e4f467baeep-24);
    p = modc_fma_f64(p, t, -0x1.cb504365545dbp-23); p = modc_fma_f64(p, t, 0x1.750a77d822d32p-21);
    p = modc_fma_f64(p, t, -0x1.313e528a95488p-19); p = modc_fma_f64(p, t, 0x1.f814babe86906p-18);
    p = modc_fma_f64(p, t, -0x1.a503537a0f991p-16); p = modc_fma_f64(p, t, 0x1.64f0664c37406p-14);
    p = modc_fma_f64(p, t, -0x1.34dbda12862fdp-12); p = modc_fma_f64(p, t, 0x1.133423527f3d7p-10);
    p = modc_fma_f64(p, t, -0x1.007aa83cefa2ap-8); p = modc_fma_f64(p, t, 0x1.01af62a2929bfp-6);
    p = modc_fma_f64(p, t, -0x1.2aed059bd6085p-4); p = modc_fma_f64(p, t, 0x1.eeb95b094c191p-2);
    return d * (d - 1.0) * p;
}
/* @end */

/* @section modc_gammaln_f64 : modc_inline modc_gammaln1p_f64 modc_fma_f64 modc_log_f64 modc_sinpi_f64 modc_offset_f64 */
/* log|gamma(x)|: up to 4 as (y - 1) (y - 2) times a polynomial, with d = y - 1 exact. */
modc_inline double modc_gammaln_f64(double x) {
    const double y = fabs(x), d = y < 1.0 ? y : y - 1.0, v = y < 1.0 ? 0.0 : y - 3.0;
    const double s = y < 4.0 ? 0.25 : 1.0 / y, u = modc_fma_f64(s * s, 32.0, -1.0), c = y < 4.0 ? 4.0 : y;
    double q = 0x1.772d8b51ef64cp-37;
    q = modc_fma_f64(q, v, -0x1.1d60a6b697115p-35); q = modc_fma_f64(q, v, 0x1.91182b2b73f96p-35);
    q = modc_fma_f64(q, v, -0x1.45cbc3977d705p-33); q = modc_fma_f64(q, v, 0x1.46a6f72a85886p-31);
    q = modc_fma_f64(q, v, -0x1.00d191c53c573p-29); q = modc_fma_f64(q, v, 0x1.8c49b6fc4881bp-28);
    q = modc_fma_f64(q, v, -0x1.3bacafc820408p-26); q = modc_fma_f64(q, v, 0x1.f9de565d5aaddp-25);
    q = modc_fma_f64(q, v, -0x1.9688dcbbc6b1ap-23); q = modc_fma_f64(q, v, 0x1.48b470ab2e9d2p-21);
    q = modc_fma_f64(q, v, -0x1.0bcbdd737ac8ap-19); q = modc_fma_f64(q, v, 0x1.b866591ee0374p-18);
    q = modc_fma_f64(q, v, -0x1.6e6093a03e8c4p-16); q = modc_fma_f64(q, v, 0x1.35711f3c19e80p-14);
    q = modc_fma_f64(q, v, -0x1.0ab1113ddca58p-12); q = modc_fma_f64(q, v, 0x1.d8cdb770c038ep-11);
    q = modc_fma_f64(q, v, -0x1.b4c4ca5486707p-9); q = modc_fma_f64(q, v, 0x1.aede3660fcb1bp-7);
    q = modc_fma_f64(q, v, -0x1.def8bd73867f4p-5); q = modc_fma_f64(q, v, 0x1.62e42fefa39efp-2);
    double w = 0x1.2fef12e3816d8p-45;
    w = modc_fma_f64(w, u, -0x1.312e06b65de4fp-42); w = modc_fma_f64(w, u, 0x1.6e9de1f3661c8p-39);
    w = modc_fma_f64(w, u, -0x1.25b15173940f0p-35); w = modc_fma_f64(w, u, 0x1.415a59172c4ffp-31);
    w = modc_fma_f64(w, u, -0x1.091402836d77dp-26); w = modc_fma_f64(w, u, 0x1.8529ecfac74d0p-21);
    w = modc_fma_f64(w, u, -0x1.65cdb07acf8fap-14); w = modc_fma_f64(w, u, 0x1.54fb1b05463bbp-4);
    const double log = modc_log_f64(y < 4.0 ? y < 1.0 ? y : 1.0 : y);
    const double core = y < 2.0 ? modc_gammaln1p_f64(d) : d * (d - 1.0) * q;
    const double far = modc_fma_f64(c - 0.5, log - 1.0, 0x1.acfe390c97d69p-2) + s * w;
    const double right = y < 4.0 ? (0.0 - log) + core : far < (double)INFINITY ? far : (double)INFINITY;
    const double sine = modc_sinpi_f64(fabs(modc_offset_f64(y < (double)INFINITY ? y : 0.0)));
    const double turn = -modc_log_f64(sine * (y < 1.0 ? 0x1.45f306dc9c883p-2 : y * 0x1.45f306dc9c883p-2));
    const double found = x < 0.0 ? turn - (y < 1.0 ? core : right) : right;
    return y < (double)INFINITY ? found : y;
}
/* @end */

/* @section modc_digamma_f64 : modc_inline modc_fma_f64 modc_log_f64 modc_sinpi_f64 modc_offset_f64 */
/* Up to 2 as (y - zero) times a polynomial, with y - 1 exact and the zero in two parts. */
modc_inline double modc_digamma_f64(double x) {
    const double y = fabs(x), d = y < 1.0 ? y : y - 1.0, t = 2.0 * d - 1.0;
    const double c = y < 2.0 ? 2.0 : y, s = 1.0 / c, z = s * s, u = modc_fma_f64(z, 8.0, -1.0);
    double p = 0x1.00b98a8f0aa04p-35;
    p = modc_fma_f64(p, t, -0x1.761380b8f00cep-34); p = modc_fma_f64(p, t, 0x1.80260c257a44fp-34);
    p = modc_fma_f64(p, t, -0x1.2f41994664278p-32); p = modc_fma_f64(p, t, 0x1.56c5b73aaffa6p-30);
    p = modc_fma_f64(p, t, -0x1.fdacdb7508852p-29); p = modc_fma_f64(p, t, 0x1.69ba8fdd1d52cp-27);
    p = modc_fma_f64(p, t, -0x1.0fb126d4c2892p-25); p = modc_fma_f64(p, t, 0x1.99e1aca26565dp-24);
    p = modc_fma_f64(p, t, -0x1.336df991b5f25p-22); p = modc_fma_f64(p, t, 0x1.cd1f26d55994ep-21);
    p = modc_fma_f64(p, t, -0x1.5a06a23d62223p-19); p = modc_fma_f64(p, t, 0x1.03c0b2b60f6f7p-17);
    p = modc_fma_f64(p, t, -0x1.8635641765f08p-16); p = modc_fma_f64(p, t, 0x1.25647156391a7p-14);
    p = modc_fma_f64(p, t, -0x1.b9f8b11b2f98ep-13); p = modc_fma_f64(p, t, 0x1.4de9aa1802de8p-11);
    p = modc_fma_f64(p, t, -0x1.fb44202a259cep-10); p = modc_fma_f64(p, t, 0x1.8512e59037ebbp-8);
    p = modc_fma_f64(p, t, -0x1.2feeeb98a78cbp-6); p = modc_fma_f64(p, t, 0x1.eca189b8e6f7bp-5);
    p = modc_fma_f64(p, t, -0x1.b1cb63005ee98p-3); p = modc_fma_f64(p, t, 0x1.e6f0cbb873616p-1);
    double w = 0x1.798041272423ep-40;
    w = modc_fma_f64(w, u, -0x1.3c2267b88e9ecp-39); w = modc_fma_f64(w, u, -0x1.2c19f2764bc4cp-39);
    w = modc_fma_f64(w, u, 0x1.5e11e7399f635p-39); w = modc_fma_f64(w, u, 0x1.3e775605e1948p-37);
    w = modc_fma_f64(w, u, -0x1.267bc5e19bccdp-36); w = modc_fma_f64(w, u, 0x1.916e96f729b7fp-36);
    w = modc_fma_f64(w, u, -0x1.1158f2854b81ap-34); w = modc_fma_f64(w, u, 0x1.8b76764ba5e54p-33);
    w = modc_fma_f64(w, u, -0x1.1b8b32ce251d3p-31); w = modc_fma_f64(w, u, 0x1.ba9511ca12ac6p-30);
    w = modc_fma_f64(w, u, -0x1.7f2c72d9ab10fp-28); w = modc_fma_f64(w, u, 0x1.77081a858f215p-26);
    w = modc_fma_f64(w, u, -0x1.ac77067f5113bp-24); w = modc_fma_f64(w, u, 0x1.2b61ab130a8cbp-21);
    w = modc_fma_f64(w, u, -0x1.131acd19c9dc4p-18); w = modc_fma_f64(w, u, 0x1.7823220cd47c8p-15);
    w = modc_fma_f64(w, u, -0x1.eb2333082c464p-11); w = modc_fma_f64(w, u, 0x1.514b05a63f6d8p-4);
    const double near = ((d - 0x1.d8b618d5af8fep-2) + 0x1.1e563779a1f5bp-56) * p;
    const double core = y < 2.0 ? near : (modc_log_f64(c) - 0.5 * s) - z * w, one = 1.0 / y;
    const double r = modc_offset_f64(y), turn = modc_sinpi_f64(0.5 - fabs(r)) / modc_sinpi_f64(r);
    const double left = modc_fma_f64(turn, 0x1.921fb54442d18p+1, y < 1.0 ? core : core + one);
    const double below = r == 0.0 ? (double)NAN : left, right = y < 1.0 ? core - one : core;
    const double found = x < 0.0 ? below : right;
    return x == 0.0 ? copysign((double)INFINITY, -x) : found;
}
/* @end */

/* @section modc_trigamma_f64 : modc_inline modc_fma_f64 modc_sinpi_f64 modc_offset_f64 */
modc_inline double modc_trigamma_f64(double x) {
    const double y = fabs(x), d = y < 1.0 ? y : y - 1.0, t = 2.0 * d - 1.0;
    const double c = y < 2.0 ? 2.0 : y, s = 1.0 / c, z = s * s, u = modc_fma_f64(z, 8.0, -1.0);
    double p = 0x1.877aec3a1a0f0p-34;
    p = modc_fma_f64(p, t, -0x1.11d55c6d1c8e7p-32); p = modc_fma_f64(p, t, 0x1.633f18e9c7376p-33);
    p = modc_fma_f64(p, t, -0x1.16dcc4c14a2ddp-31); p = modc_fma_f64(p, t, 0x1.9861633ead1b9p-29);
    p = modc_fma_f64(p, t, -0x1.1fc7cfbbdb274p-27); p = modc_fma_f64(p, t, 0x1.70c7a888467b5p-26);
    p = modc_fma_f64(p, t, -0x1.06c50cf159a2fp-24); p = modc_fma_f64(p, t, 0x1.797f80b239c72p-23);
    p = modc_fma_f64(p, t, -0x1.0a6665b2df550p-21); p = modc_fma_f64(p, t, 0x1.763a01380317bp-20);
    p = modc_fma_f64(p, t, -0x1.0603e1fb99683p-18); p = modc_fma_f64(p, t, 0x1.6d1738c93fa9bp-17);
    p = modc_fma_f64(p, t, -0x1.f9c742ecc28f9p-16); p = modc_fma_f64(p, t, 0x1.5c083a1733615p-14);
    p = modc_fma_f64(p, t, -0x1.db4d830caa86dp-13); p = modc_fma_f64(p, t, 0x1.41a51bf9c666dp-11);
    p = modc_fma_f64(p, t, -0x1.aeb6f15e584a6p-10); p = modc_fma_f64(p, t, 0x1.1cc1377b7424dp-8);
    p = modc_fma_f64(p, t, -0x1.72d7487c1f331p-7); p = modc_fma_f64(p, t, 0x1.da2d963cff057p-6);
    p = modc_fma_f64(p, t, -0x1.287825428e89fp-4); p = modc_fma_f64(p, t, 0x1.68ba30a42095fp-3);
    p = modc_fma_f64(p, t, -0x1.a85808a40aba1p-2); p = modc_fma_f64(p, t, 0x1.de9e64df22ef3p-1);
    double w = 0x1.9127b4d203475p-37;
    w = modc_fma_f64(w, u, -0x1.3228a8ea7ccc4p-36); w = modc_fma_f64(w, u, -0x1.04d2b8ce41487p-35);
    w = modc_fma_f64(w, u, 0x1.50aebf0694d94p-35); w = modc_fma_f64(w, u, 0x1.3f5091265ba04p-34);
    w = modc_fma_f64(w, u, -0x1.d57f38435e2e7p-34); w = modc_fma_f64(w, u, 0x1.d39c25126dffdp-36);
    w = modc_fma_f64(w, u, -0x1.ec27059c406a6p-34); w = modc_fma_f64(w, u, 0x1.d5bd3b2230338p-32);
    w = modc_fma_f64(w, u, -0x1.1156b7f83b183p-30); w = modc_fma_f64(w, u, 0x1.51053247f13a9p-29);
    w = modc_fma_f64(w, u, -0x1.ccc99ccc9ba84p-28); w = modc_fma_f64(w, u, 0x1.53206bf8f7f4fp-26);
    w = modc_fma_f64(w, u, -0x1.1088dbfd45e63p-24); w = modc_fma_f64(w, u, 0x1.e8a6cc14829d9p-23);
    w = modc_fma_f64(w, u, -0x1.f60f7fc7c0ed4p-21); w = modc_fma_f64(w, u, 0x1.33477f8ce259bp-18);
    w = modc_fma_f64(w, u, -0x1.db5d2f6bc8afdp-16); w = modc_fma_f64(w, u, 0x1.004fd64ed7d8cp-12);
    w = modc_fma_f64(w, u, -0x1.d3a100e75f325p-9); w = modc_fma_f64(w, u, 0x1.4d74bf402f153p-3);
    const double core = y < 2.0 ? p : modc_fma_f64(z, modc_fma_f64(s, w, 0.5), s), one = 1.0 / y;
    const double turn = 0x1.921fb54442d18p+1 / modc_sinpi_f64(modc_offset_f64(y));
    const double left = modc_fma_f64(turn, turn, -(y < 1.0 ? core : core - one * one));
    const double found = x < 0.0 ? left : y < 1.0 ? modc_fma_f64(one, one, core) : core;
    return x == 0.0 ? (double)INFINITY : found;
}
/* @end */

/* @section modc_zeta_f64 : modc_pow_f64 */
/* Hurwitz's zeta function, the sum of (x + k)^-s over all k >= 0, for s > 1 and x > 0. */
static inline double modc_zeta_f64(double s, double x) {
    /* B(2j) / (2j)! */
    static const double weights[] = {
        8.3333333333333329e-02, -1.3888888888888889e-03, 3.3068783068783071e-05, -8.2671957671957675e-07,
        2.0876756987868100e-08, -5.2841901386874931e-10, 1.3382536530684679e-11, -3.3896802963225827e-13,
        8.5860620562778447e-15, -2.1748686985580619e-16, 5.5090028283602295e-18, -1.3954464685812522e-19,
    };
    double sum = 0.0, a = x, term = 0.0;
    for (int k = 0; k < 40; ++k, a += 1.0) {
        term = modc_pow_f64(a, -s);
        if (k > 9 && a > 10.0 && a > 0.5 * s) break;
        sum += term;
        if (term < 0x1p-60 * sum) return sum;
    }
    double rest = term * 0.5 + term * a / (s - 1.0), factor = s * term / a;
    for (int j = 0; j < 12; ++j) {
        const double part = factor * weights[j], k = s + 2.0 * (double)j;
        rest += part;
        if (fabs(part) < 0x1p-56 * (sum + rest)) break;
        factor *= (k + 1.0) * (k + 2.0) / (a * a);
    }
    return sum + rest;
}
/* @end */

/* @section modc_polygamma_f64 : modc_zeta_f64 modc_digamma_f64 modc_trigamma_f64 modc_gamma_f64 modc_pow_f64 */
/* The n-th derivative of digamma, n = 0, 1, ... 170; NaN for other n.  Below 0 the terms (x + k)^-s of both sides are
 * two zeta functions. */
static inline double modc_polygamma_f64(double n, double x) {
    const double s = n + 1.0, y = -x, count = floor(y) + 1.0, odd = n - 2.0 * floor(0.5 * n);
    double sum;
    if (!(n >= 0.0 && n <= 170.0) || n != floor(n) || x != x) return (double)NAN;
    if (n == 0.0) return modc_digamma_f64(x);
    if (n == 1.0) return modc_trigamma_f64(x);
    if (x > 0.0) {
        sum = x < (double)INFINITY ? modc_zeta_f64(s, x) : 0.0;
    } else if (y == floor(y)) {
        sum = (double)INFINITY;
    } else {
        const double left = modc_zeta_f64(s, y - (count - 1.0)) - modc_zeta_f64(s, y + 1.0);
        sum = modc_zeta_f64(s, x + count) + (odd > 0.0 ? left : -left);
    }
    return (odd > 0.0 ? 1.0 : -1.0) * modc_gamma_f64(s) * sum;
}
/* @end */

/* @section modc_gamma_f32 : modc_inline modc_gamma_f64 */
modc_inline float modc_gamma_f32(float x) { return (float)modc_gamma_f64((double)x); }
/* @end */

/* @section modc_gammaln_f32 : modc_inline modc_gammaln_f64 */
modc_inline float modc_gammaln_f32(float x) { return (float)modc_gammaln_f64((double)x); }
/* @end */

/* @section modc_digamma_f32 : modc_inline modc_digamma_f64 */
modc_inline float modc_digamma_f32(float x) { return (float)modc_digamma_f64((double)x); }
/* @end */

/* @section modc_trigamma_f32 : modc_inline modc_trigamma_f64 */
modc_inline float modc_trigamma_f32(float x) { return (float)modc_trigamma_f64((double)x); }
/* @end */

/* @section modc_polygamma_f32 : modc_polygamma_f64 */
static inline float modc_polygamma_f32(float n, float x) { return (float)modc_polygamma_f64((double)n, (double)x); }
/* @end */

#endif
