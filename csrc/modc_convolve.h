/* modc_convolve.h: convolution of vectors.
 *
 * Input: `batch` pairs of vectors a and v of n and m elements, row-major.  Output: per pair `count` of the sums of
 * a[i] * v[k - i], those of k = first, first + 1, ...; 0 for k without terms.
 * Used by: the rows convolve and convolve_part.
 *
 * Each element of the shorter vector adds a multiple of a piece of the longer one: a loop over neighbours, which is
 * vectorised.  A sum has its terms in the order of the shorter vector.
 */
#ifndef MODC_CONVOLVE_H
#define MODC_CONVOLVE_H

#include <stdint.h>

/* @section MODC_CONVOLVE */
#define MODC_CONVOLVE(name, type, step)                                                                              \
    static inline void name(int64_t batch, int64_t n, int64_t m, int64_t first, int64_t count, const type *a,        \
                            const type *v, type *y) {                                                                \
        const int64_t most = n > m ? n : m, least = n > m ? m : n;                                                   \
        for (int64_t i = 0; i < batch; ++i) {                                                                        \
            const type *const large = (n > m ? a : v) + i * most, *const small = (n > m ? v : a) + i * least;        \
            type *const sum = y + i * count;                                                                         \
            for (int64_t k = 0; k < count; ++k) sum[k] = 0;                                                          \
            for (int64_t j = 0; j < least; ++j) {                                                                    \
                const int64_t from = j > first ? j - first : 0;                                                      \
                const int64_t to = most + j - first < count ? most + j - first : count;                              \
                const type s = small[j];                                                                             \
                for (int64_t k = from; k < to; ++k) {                                                                \
                    const type p = large[k + first - j], old = sum[k];                                               \
                    sum[k] = (type)(step);                                                                           \
                }                                                                                                    \
            }                                                                                                        \
        }                                                                                                            \
    }                                                                                                                \
    static inline void name##_part(int64_t batch, int64_t n, int64_t m, int64_t first, int64_t count, const type *a, \
                                   const type *v, const type *like, type *y) {                                       \
        (void)like;                                                                                                  \
        name(batch, n, m, first, count, a, v, y);                                                                    \
    }
/* @end */

/* @section modc_convolve_f64 modc_convolve_f64_part : MODC_CONVOLVE */
MODC_CONVOLVE(modc_convolve_f64, double, old + s * p)
/* @end */

/* @section modc_convolve_f32 modc_convolve_f32_part : MODC_CONVOLVE */
MODC_CONVOLVE(modc_convolve_f32, float, old + s * p)
/* @end */

/* @section modc_convolve_i8 modc_convolve_i8_part : MODC_CONVOLVE */
MODC_CONVOLVE(modc_convolve_i8, int8_t, (uint32_t)old + (uint32_t)s * (uint32_t)p)
/* @end */

/* @section modc_convolve_u8 modc_convolve_u8_part : MODC_CONVOLVE */
MODC_CONVOLVE(modc_convolve_u8, uint8_t, (uint32_t)old + (uint32_t)s * (uint32_t)p)
/* @end */

/* @section modc_convolve_i16 modc_convolve_i16_part : MODC_CONVOLVE */
MODC_CONVOLVE(modc_convolve_i16, int16_t, (uint32_t)old + (uint32_t)s * (uint32_t)p)
/* @end */

/* @section modc_convolve_u16 modc_convolve_u16_part : MODC_CONVOLVE */
MODC_CONVOLVE(modc_convolve_u16, uint16_t, (uint32_t)old + (uint32_t)s * (uint32_t)p)
/* @end */

/* @section modc_convolve_i32 modc_convolve_i32_part : MODC_CONVOLVE */
MODC_CONVOLVE(modc_convolve_i32, int32_t, (uint32_t)old + (uint32_t)s * (uint32_t)p)
/* @end */

/* @section modc_convolve_u32 modc_convolve_u32_part : MODC_CONVOLVE */
MODC_CONVOLVE(modc_convolve_u32, uint32_t, (uint32_t)old + (uint32_t)s * (uint32_t)p)
/* @end */

/* @section modc_convolve_i64 modc_convolve_i64_part : MODC_CONVOLVE */
MODC_CONVOLVE(modc_convolve_i64, int64_t, (uint64_t)old + (uint64_t)s * (uint64_t)p)
/* @end */

/* @section modc_convolve_u64 modc_convolve_u64_part : MODC_CONVOLVE */
MODC_CONVOLVE(modc_convolve_u64, uint64_t, old + s * p)
/* @end */

/* @section modc_convolve_b8 modc_convolve_b8_part : MODC_CONVOLVE */
MODC_CONVOLVE(modc_convolve_b8, uint8_t, old | (s & p))
/* @end */

#endif
