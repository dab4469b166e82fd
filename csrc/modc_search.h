/* modc_search.h: search in what is sorted.
 *
 * Input: a sorted vector, NaN last, and values.  Output: for each value how many elements are in front of its place.
 * Used by: the row searchsorted.
 */
#ifndef MODC_SEARCH_H
#define MODC_SEARCH_H

#include <stdint.h>
#include <string.h>

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
        enum { flight = 32, few = 16 };                                                                               \
        const int64_t some = count - count / flight * flight;  /* these one by one if they are few */                 \
        const int64_t whole = n > 0 ? (some < 12 ? count - some : count) : 0;                                         \
        for (int64_t i = 0; i < whole; i += flight) {                                                                 \
            const int64_t here = count - i < flight ? count - i : (int64_t)flight;                                    \
            type v[flight];                                                                                           \
            int64_t at[flight];                                                                                       \
            int number = 1;                                                                                           \
            memcpy(v, x + i, (size_t)here * sizeof *v);                                                               \
            for (int64_t k = here; k < flight; ++k) v[k] = v[0];                                                      \
            for (int k = 0; k < flight; ++k) {                                                                        \
                const type one = v[k], same = one;                                                                    \
                number &= one <= same;                                                                                \
                at[k] = 0;                                                                                            \
            }                                                                                                         \
            if (!number) {                                                                                            \
                for (int64_t k = i; k < i + here; ++k) name##_one(n, right, sorted, x[k], y + k);                     \
                continue;                                                                                             \
            }                                                                                                         \
            if (n <= few) {                                                                                           \
                for (int k = 0; k < flight; k += 8)                                                                   \
                    for (int64_t j = 0; j < n; ++j)                                                                   \
                        for (int l = k; l < k + 8; ++l) at[l] += right ? sorted[j] <= v[l] : sorted[j] < v[l];        \
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
            memcpy(y + i, at, (size_t)here * sizeof *at);                                                             \
        }                                                                                                             \
        for (int64_t i = whole; i < count; ++i) name##_one(n, right, sorted, x[i], y + i);                            \
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
