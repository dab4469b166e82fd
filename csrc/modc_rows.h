/* modc_rows.h: the order of the rows of a matrix.
 *
 * Input: `batch` matrices of n rows and m columns, row-major, and room for n numbers.  Output: for each the positions that
 * put the rows in order: by their first elements, where these are equal by their second ones, and so on; equal rows keep their
 * order, NaN is behind all numbers.
 * Used by: the row roworder, for sets of slices.
 *
 * A merge sort from the bottom up (D. E. Knuth, The Art of Computer Programming, volume 3, 5.2.4).
 */
#ifndef MODC_ROWS_H
#define MODC_ROWS_H

#include <stdint.h>

/* @section MODC_ROWORDER */
/* Whether row a comes before row b. */
#define MODC_ROWORDER(name, type)                                                                                         \
    static inline int name##_before(int64_t m, const type *a, const type *b) {                                            \
        for (int64_t j = 0; j < m; ++j) {                                                                                 \
            const int low = a[j] < b[j] || (a[j] == a[j] && b[j] != b[j]), high = b[j] < a[j] || (b[j] == b[j] && a[j] != a[j]); \
            if (low || high) return low;                                                                                  \
        }                                                                                                                 \
        return 0;                                                                                                         \
    }                                                                                                                     \
    static inline void name(int64_t batch, int64_t n, int64_t m, const type *x, int64_t *y, int64_t *room) {              \
        for (int64_t i = 0; i < batch; ++i, x += n * m, y += n) {                                                         \
            for (int64_t k = 0; k < n; ++k) y[k] = k;                                                                     \
            for (int64_t width = 1; width < n; width *= 2) {                                                              \
                for (int64_t start = 0; start < n; start += 2 * width) {                                                  \
                    const int64_t middle = start + width < n ? start + width : n;                                         \
                    const int64_t stop = middle + width < n ? middle + width : n;                                         \
                    int64_t left = start, right = middle;                                                                 \
                    for (int64_t k = start; k < stop; ++k) {                                                              \
                        const int second = left == middle                                                                 \
                            || (right < stop && name##_before(m, x + y[right] * m, x + y[left] * m));                     \
                        room[k] = second ? y[right++] : y[left++];                                                        \
                    }                                                                                                     \
                }                                                                                                         \
                for (int64_t k = 0; k < n; ++k) y[k] = room[k];                                                           \
            }                                                                                                             \
        }                                                                                                                 \
    }
/* @end */

/* @section modc_roworder_f64 : MODC_ROWORDER */
MODC_ROWORDER(modc_roworder_f64, double)
/* @end */

/* @section modc_roworder_f32 : MODC_ROWORDER */
MODC_ROWORDER(modc_roworder_f32, float)
/* @end */

/* @section modc_roworder_i8 : MODC_ROWORDER */
MODC_ROWORDER(modc_roworder_i8, int8_t)
/* @end */

/* @section modc_roworder_i16 : MODC_ROWORDER */
MODC_ROWORDER(modc_roworder_i16, int16_t)
/* @end */

/* @section modc_roworder_i32 : MODC_ROWORDER */
MODC_ROWORDER(modc_roworder_i32, int32_t)
/* @end */

/* @section modc_roworder_i64 : MODC_ROWORDER */
MODC_ROWORDER(modc_roworder_i64, int64_t)
/* @end */

/* @section modc_roworder_u8 : MODC_ROWORDER */
MODC_ROWORDER(modc_roworder_u8, uint8_t)
/* @end */

/* @section modc_roworder_u16 : MODC_ROWORDER */
MODC_ROWORDER(modc_roworder_u16, uint16_t)
/* @end */

/* @section modc_roworder_u32 : MODC_ROWORDER */
MODC_ROWORDER(modc_roworder_u32, uint32_t)
/* @end */

/* @section modc_roworder_u64 : MODC_ROWORDER */
MODC_ROWORDER(modc_roworder_u64, uint64_t)
/* @end */

/* @section modc_roworder_b8 : MODC_ROWORDER */
MODC_ROWORDER(modc_roworder_b8, uint8_t)
/* @end */

#endif
