/* modc_complex.h: complex numbers as pairs, laid out as NumPy's and C's own, and their arithmetic.
 *
 * Input: modc_c64 (two floats) and modc_c128 (two doubles).  Output: the same, or a float of half the size.
 * Used by: the rows of the op table for kind "c", modc_fft.h, modc_eig.h; elementary functions are in modc_complex_math.h.
 *
 * Structs rather than C's _Complex: C++ and MSVC have no such type. Products are the textbook's, as NumPy's: an
 * infinite factor may give NaN.
 */
#ifndef MODC_COMPLEX_H
#define MODC_COMPLEX_H

#include <math.h>
#include <stdint.h>

#include "modc_logs.h"

/* @section modc_c64 modc_c128 */
typedef struct modc_c64 {
    float re, im;
} modc_c64;
typedef struct modc_c128 {
    double re, im;
} modc_c128;
/* @end */

/* Doubles */

/* @section modc_of_c128 : modc_c128 */
static inline modc_c128 modc_of_c128(double re, double im) {
    modc_c128 z;
    z.re = re;
    z.im = im;
    return z;
}
/* @end */

/* @section modc_real_c128 : modc_c128 */
static inline double modc_real_c128(modc_c128 z) { return z.re; }
/* @end */

/* @section modc_imag_c128 : modc_c128 */
static inline double modc_imag_c128(modc_c128 z) { return z.im; }
/* @end */

/* @section modc_truth_c128 : modc_c128 */
static inline uint8_t modc_truth_c128(modc_c128 z) { return z.re != 0 || z.im != 0; }
/* @end */

/* @section modc_add_c128 : modc_of_c128 */
static inline modc_c128 modc_add_c128(modc_c128 a, modc_c128 b) { return modc_of_c128(a.re + b.re, a.im + b.im); }
/* @end */

/* @section modc_sub_c128 : modc_of_c128 */
static inline modc_c128 modc_sub_c128(modc_c128 a, modc_c128 b) { return modc_of_c128(a.re - b.re, a.im - b.im); }
/* @end */

/* @section modc_mul_c128 : modc_of_c128 */
static inline modc_c128 modc_mul_c128(modc_c128 a, modc_c128 b) {
    return modc_of_c128(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re);
}
/* @end */

/* @section modc_neg_c128 : modc_of_c128 */
static inline modc_c128 modc_neg_c128(modc_c128 z) { return modc_of_c128(-z.re, -z.im); }
/* @end */

/* @section modc_conj_c128 : modc_of_c128 */
static inline modc_c128 modc_conj_c128(modc_c128 z) { return modc_of_c128(z.re, -z.im); }
/* @end */

/* @section modc_abs_c128 : modc_c128 modc_hypot_f64 */
static inline double modc_abs_c128(modc_c128 z) { return modc_hypot_f64(z.re, z.im); }
/* @end */

/* The quotient with one division by the larger part of b first, so that nothing overflows that need not (R. L. Smith,
 * Algorithm 116, Communications of the ACM 5, 1962). */

/* @section modc_div_c128 : modc_of_c128 */
static inline modc_c128 modc_div_c128(modc_c128 a, modc_c128 b) {
    const int flat = fabs(b.re) >= fabs(b.im);
    const double large = flat ? b.re : b.im, small = flat ? b.im : b.re;
    const double ratio = large != 0 ? small / large : 0, divisor = large + small * ratio;
    const double re = flat ? a.re + a.im * ratio : a.re * ratio + a.im;
    const double im = flat ? a.im - a.re * ratio : a.im * ratio - a.re;
    return modc_of_c128(re / divisor, im / divisor);
}
/* @end */

/* @section modc_eq_c128 : modc_c128 */
static inline uint8_t modc_eq_c128(modc_c128 a, modc_c128 b) { return a.re == b.re && a.im == b.im; }
/* @end */

/* @section modc_isnan_c128 : modc_c128 */
static inline uint8_t modc_isnan_c128(modc_c128 z) { return z.re != z.re || z.im != z.im; }
/* @end */

/* @section modc_isinf_c128 : modc_c128 */
static inline uint8_t modc_isinf_c128(modc_c128 z) { return isinf(z.re) || isinf(z.im); }
/* @end */

/* @section modc_fold32_sum_c128 : modc_add_c128 */
static inline modc_c128 modc_fold32_sum_c128(const modc_c128 *lane) {
    modc_c128 part[16];
    for (int i = 0; i < 16; ++i) part[i] = modc_add_c128(lane[i], lane[i + 16]);
    for (int half = 8; half > 0; half /= 2)
        for (int i = 0; i < half; ++i) part[i] = modc_add_c128(part[i], part[i + half]);
    return part[0];
}
/* @end */

/* @section modc_fold32_prod_c128 : modc_mul_c128 */
static inline modc_c128 modc_fold32_prod_c128(const modc_c128 *lane) {
    modc_c128 part[16];
    for (int i = 0; i < 16; ++i) part[i] = modc_mul_c128(lane[i], lane[i + 16]);
    for (int half = 8; half > 0; half /= 2)
        for (int i = 0; i < half; ++i) part[i] = modc_mul_c128(part[i], part[i + half]);
    return part[0];
}
/* @end */

/* The product of `batch` matrices of m x k and k x n, row-major, one behind the other. */

/* @section modc_matmul_c128 : modc_of_c128 */
static inline void modc_matmul_c128(int64_t batch, int64_t m, int64_t n, int64_t k, const modc_c128 *a, const modc_c128 *b, modc_c128 *c) {
    for (int64_t row = 0; row < batch * m; ++row) {
        const modc_c128 *right = b + row / m * k * n;
        modc_c128 *to = c + row * n;
        for (int64_t j = 0; j < n; ++j) to[j] = modc_of_c128(0, 0);
        for (int64_t i = 0; i < k; ++i) {
            const modc_c128 left = a[row * k + i];
            for (int64_t j = 0; j < n; ++j) {
                const modc_c128 other = right[i * n + j];
                to[j].re += left.re * other.re - left.im * other.im;
                to[j].im += left.re * other.im + left.im * other.re;
            }
        }
    }
}
/* @end */

/* Floats */

/* @section modc_of_c64 : modc_c64 */
static inline modc_c64 modc_of_c64(float re, float im) {
    modc_c64 z;
    z.re = re;
    z.im = im;
    return z;
}
/* @end */

/* @section modc_real_c64 : modc_c64 */
static inline float modc_real_c64(modc_c64 z) { return z.re; }
/* @end */

/* @section modc_imag_c64 : modc_c64 */
static inline float modc_imag_c64(modc_c64 z) { return z.im; }
/* @end */

/* @section modc_truth_c64 : modc_c64 */
static inline uint8_t modc_truth_c64(modc_c64 z) { return z.re != 0 || z.im != 0; }
/* @end */

/* @section modc_add_c64 : modc_of_c64 */
static inline modc_c64 modc_add_c64(modc_c64 a, modc_c64 b) { return modc_of_c64(a.re + b.re, a.im + b.im); }
/* @end */

/* @section modc_sub_c64 : modc_of_c64 */
static inline modc_c64 modc_sub_c64(modc_c64 a, modc_c64 b) { return modc_of_c64(a.re - b.re, a.im - b.im); }
/* @end */

/* @section modc_mul_c64 : modc_of_c64 */
static inline modc_c64 modc_mul_c64(modc_c64 a, modc_c64 b) {
    return modc_of_c64(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re);
}
/* @end */

/* @section modc_neg_c64 : modc_of_c64 */
static inline modc_c64 modc_neg_c64(modc_c64 z) { return modc_of_c64(-z.re, -z.im); }
/* @end */

/* @section modc_conj_c64 : modc_of_c64 */
static inline modc_c64 modc_conj_c64(modc_c64 z) { return modc_of_c64(z.re, -z.im); }
/* @end */

/* @section modc_abs_c64 : modc_c64 modc_hypot_f32 */
static inline float modc_abs_c64(modc_c64 z) { return modc_hypot_f32(z.re, z.im); }
/* @end */

/* The quotient with one division by the larger part of b first, so that nothing overflows that need not (R. L. Smith,
 * Algorithm 116, Communications of the ACM 5, 1962). */

/* @section modc_div_c64 : modc_of_c64 */
static inline modc_c64 modc_div_c64(modc_c64 a, modc_c64 b) {
    const int flat = fabsf(b.re) >= fabsf(b.im);
    const float large = flat ? b.re : b.im, small = flat ? b.im : b.re;
    const float ratio = large != 0 ? small / large : 0, divisor = large + small * ratio;
    const float re = flat ? a.re + a.im * ratio : a.re * ratio + a.im;
    const float im = flat ? a.im - a.re * ratio : a.im * ratio - a.re;
    return modc_of_c64(re / divisor, im / divisor);
}
/* @end */

/* @section modc_eq_c64 : modc_c64 */
static inline uint8_t modc_eq_c64(modc_c64 a, modc_c64 b) { return a.re == b.re && a.im == b.im; }
/* @end */

/* @section modc_isnan_c64 : modc_c64 */
static inline uint8_t modc_isnan_c64(modc_c64 z) { return z.re != z.re || z.im != z.im; }
/* @end */

/* @section modc_isinf_c64 : modc_c64 */
static inline uint8_t modc_isinf_c64(modc_c64 z) { return isinf(z.re) || isinf(z.im); }
/* @end */

/* @section modc_fold32_sum_c64 : modc_add_c64 */
static inline modc_c64 modc_fold32_sum_c64(const modc_c64 *lane) {
    modc_c64 part[16];
    for (int i = 0; i < 16; ++i) part[i] = modc_add_c64(lane[i], lane[i + 16]);
    for (int half = 8; half > 0; half /= 2)
        for (int i = 0; i < half; ++i) part[i] = modc_add_c64(part[i], part[i + half]);
    return part[0];
}
/* @end */

/* @section modc_fold32_prod_c64 : modc_mul_c64 */
static inline modc_c64 modc_fold32_prod_c64(const modc_c64 *lane) {
    modc_c64 part[16];
    for (int i = 0; i < 16; ++i) part[i] = modc_mul_c64(lane[i], lane[i + 16]);
    for (int half = 8; half > 0; half /= 2)
        for (int i = 0; i < half; ++i) part[i] = modc_mul_c64(part[i], part[i + half]);
    return part[0];
}
/* @end */

/* The product of `batch` matrices of m x k and k x n, row-major, one behind the other. */

/* @section modc_matmul_c64 : modc_of_c64 */
static inline void modc_matmul_c64(int64_t batch, int64_t m, int64_t n, int64_t k, const modc_c64 *a, const modc_c64 *b, modc_c64 *c) {
    for (int64_t row = 0; row < batch * m; ++row) {
        const modc_c64 *right = b + row / m * k * n;
        modc_c64 *to = c + row * n;
        for (int64_t j = 0; j < n; ++j) to[j] = modc_of_c64(0, 0);
        for (int64_t i = 0; i < k; ++i) {
            const modc_c64 left = a[row * k + i];
            for (int64_t j = 0; j < n; ++j) {
                const modc_c64 other = right[i * n + j];
                to[j].re += left.re * other.re - left.im * other.im;
                to[j].im += left.re * other.im + left.im * other.re;
            }
        }
    }
}
/* @end */

/* Between the two */

/* @section modc_cast_c64_c128 : modc_of_c64 */
static inline modc_c64 modc_cast_c64_c128(modc_c128 z) { return modc_of_c64((float)z.re, (float)z.im); }
/* @end */

/* @section modc_cast_c128_c64 : modc_of_c128 */
static inline modc_c128 modc_cast_c128_c64(modc_c64 z) { return modc_of_c128((double)z.re, (double)z.im); }
/* @end */

#endif
