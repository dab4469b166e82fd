/* modc_search.h: search in what is sorted.
 *
 * Input: a sorted vector, NaN last, and values.  Output: for each value how many elements are in front of its place.
 * Used by: the row searchsorted.
 */
#ifndef MODC_SEARCH_H
#define MODC_SEARCH_H

#include <stdint.h>

/* @section MODC_SEARCHSORTED */
/* The row searchsorted: for each x how many of the n sorted elements are below it, or (`right`) not above it. NaN is
 * equal to itself and above all: of NaN it is n, or how many are no NaN, which is as many as are not above infinity.
 * Several searches go on at a time, without branches. */
#define MODC_SEARCHSORTED(name, type)                                                                                 \
    static inline void name##_one(int64_t n, int64_t right, const type *sorted, type v, int64_t *y) {                 \
        const type same = v;                                                                                          \
        const int nan = !(v <= same);                                                                                 \
        int64_t from = nan && right ? n : 0, size = n - from;                                                         \
        while (size > 0) {                                                                                            \
            const int64_t half = size / 2;                                                                            \
            const type there = sorted[from + half], other = there;                                                    \
            const int below = nan ? there <= other : right ? there <= v : there < v;                                  \
            from += below ? half + 1 : 0;                                                                             \
            size = below ? size - half - 1 : half;                                                                    \
        }                                                                                                             \
        *y = from;                                                                                                    \
    }                                                                                                                 \
    static inline void name(int64_t n, int64_t count, int64_t right, const type *sorted, const type *x, int64_t *y) { \
        enum { flight = 16, few = 12 };                                                                               \
        int64_t i = 0;                                                                                                \
        for (; i + flight <= count && n > 0; i += flight) {                                                           \
            const type *const v = x + i;                                                                              \
            int64_t at[flight];                                                                                       \
            int number = 1;                                                                                           \
            for (int k = 0; k < flight; ++k) {                                                                        \
                const type one = v[k], same = one;                                                                    \
                number &= one <= same;                                                                                \
                at[k] = 0;                                                                                            \
            }                                                                                                         \
            if (!number) {                                                                                            \
                for (int k = 0; k < flight; ++k) name##_one(n, right, sorted, v[k], y + i + k);                       \
                continue;                                                                                             \
            }                                                                                                         \
            if (n <= few) {                                                                                           \
                for (int64_t j = 0; j < n; ++j)                                                                       \
                    for (int k = 0; k < flight; ++k) at[k] += right ? sorted[j] <= v[k] : sorted[j] < v[k];           \
            } else {                                                                                                  \
                for (int64_t size = n; size > 1;) {                                                                   \
                    const int64_t half = size / 2;                                                                    \
                    if (right)                                                                                        \
                        for (int k = 0; k < flight; ++k) at[k] += sorted[at[k] + half - 1] <= v[k] ? half : 0;        \
                    else                                                                                              \
                        for (int k = 0; k < flight; ++k) at[k] += sorted[at[k] + half - 1] < v[k] ? half : 0;         \
                    size -= half;                                                                                     \
                }                                                                                                     \
                for (int k = 0; k < flight; ++k) at[k] += right ? sorted[at[k]] <= v[k] : sorted[at[k]] < v[k];       \
            }                                                                                                         \
            for (int k = 0; k < flight; ++k) y[i + k] = at[k];                                                        \
        }                                                                                                             \
        for (; i < count; ++i) name##_one(n, right, sorted, x[i], y + i);                                             \
    }
/* @end */

/* @section modc_searchsorted_f64 : MODC_SEARCHSORTED */
MODC_SEARCHSORTED(modc_searchsorted_f64, double)
/* @end */

/* @section modc_searchsorted_f32 : MODC_SEARCHSORTED */
MODC_SEARCHSORTED(modc_searchsorted_f32, float)
/* @end */

/* @section modc_searchsorted_i8 : MODC_SEARCHSORTED */
MODC_SEARCHSORTED(modc_searchsorted_i8, int8_t)
/* @end */

/* @section modc_searchsorted_i16 : MODC_SEARCHSORTED */
MODC_SEARCHSORTED(modc_searchsorted_i16, int16_t)
/* @end */

/* @section modc_searchsorted_i32 : MODC_SEARCHSORTED */
MODC_SEARCHSORTED(modc_searchsorted_i32, int32_t)
/* @end */

/* @section modc_searchsorted_i64 : MODC_SEARCHSORTED */
MODC_SEARCHSORTED(modc_searchsorted_i64, int64_t)
/* @end */

/* @section modc_searchsorted_u8 : MODC_SEARCHSORTED */
MODC_SEARCHSORTED(modc_searchsorted_u8, uint8_t)
/* @end */

/* @section modc_searchsorted_u16 : MODC_SEARCHSORTED */
MODC_SEARCHSORTED(modc_searchsorted_u16, uint16_t)
/* @end */

/* @section modc_searchsorted_u32 : MODC_SEARCHSORTED */
MODC_SEARCHSORTED(modc_searchsorted_u32, uint32_t)
/* @end */

/* @section modc_searchsorted_u64 : MODC_SEARCHSORTED */
MODC_SEARCHSORTED(modc_searchsorted_u64, uint64_t)
/* @end */

/* @section modc_searchsorted_b8 : MODC_SEARCHSORTED */
MODC_SEARCHSORTED(modc_searchsorted_b8, uint8_t)
/* @end */

#endif
