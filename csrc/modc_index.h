/* modc_index.h: positions that data decide.
 *
 * Input: a vector of marks or counts, and how many positions there are, which was computed before.
 * Output: that many positions, ascending, each inside the vector.
 * Used by: the rows nonzero and repeated.
 */
#ifndef MODC_INDEX_H
#define MODC_INDEX_H

#include <stdint.h>
#include <string.h>

/* @section modc_nonzero_b8 */
/* The positions of the marks that are not 0; should there be fewer than `count`, then zeros. */
static inline void modc_nonzero_b8(int64_t n, int64_t count, const uint8_t *mask, int64_t *at) {
    int64_t k = 0, i = 0;
    while (i < n && k < count) {
        uint64_t eight = 1;
        if (n - i >= 8) memcpy(&eight, mask + i, 8);
        if (eight == 0) {
            i += 8;
            continue;
        }
        const int64_t end = n - i < 8 ? n : i + 8;
        for (; i < end && k < count; ++i) {
            at[k] = i;
            k += mask[i] != 0;
        }
    }
    for (; k < count; ++k) at[k] = 0;
}
/* @end */

/* @section modc_repeated_i64 */
/* i, repeats[i] times, for each i; should these be fewer than `count`, then zeros. Few times are written as 8 times, of
 * which the next ones write over what is too much. */
static inline void modc_repeated_i64(int64_t n, int64_t count, const int64_t *repeats, int64_t *at) {
    int64_t k = 0;
    for (int64_t i = 0; i < n; ++i) {
        const int64_t times = repeats[i] < 0 ? 0 : repeats[i];
        if (times <= 8 && count - k >= 8) {
            for (int j = 0; j < 8; ++j) at[k + j] = i;
            k += times;
        } else {
            const int64_t stop = times < count - k ? k + times : count;
            while (k < stop) at[k++] = i;
        }
    }
    for (; k < count; ++k) at[k] = 0;
}
/* @end */

#endif
