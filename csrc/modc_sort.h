/* modc_sort.h: sorting along an axis, and search in what is sorted.
 *
 * Input: arrays of outer x n x inner elements, row-major, sorted along the middle axis.  Output: the elements in ascending
 * order, or the positions that they come from.  Scratch: two copies of one row (of pairs, for positions), behind them 256
 * counters per byte of an element, which rows of fewer than MODC_SORT_FEW elements do not use.
 * Used by: the rows sort, argsort and searchsorted.
 *
 * Elements are compared by keys: unsigned integers in the same order, with -0.0 equal to 0.0 and every NaN above infinity.
 * Equal elements keep their order.  Few elements are merged; more are distributed byte by byte (radix sort, from the last
 * byte), where bytes that all elements share cost nothing.
 */
#ifndef MODC_SORT_H
#define MODC_SORT_H

#include <stdint.h>
#include <string.h>

/* Keys */

/* @section modc_sort_key_f64 */
static inline uint64_t modc_sort_key_f64(double x) {
    uint64_t u;
    memcpy(&u, &x, sizeof u);
    if (u << 1 == 0) u = 0;
    if (u << 1 > UINT64_C(0xFFE0000000000000)) return UINT64_MAX;
    return u >> 63 ? ~u : u | UINT64_C(1) << 63;
}
/* @end */

/* @section modc_sort_key_f32 */
static inline uint64_t modc_sort_key_f32(float x) {
    uint32_t u;
    memcpy(&u, &x, sizeof u);
    if (u << 1 == 0) u = 0;
    if (u << 1 > UINT32_C(0xFF000000)) return UINT32_MAX;
    return u >> 31 ? ~u : u | UINT32_C(1) << 31;
}
/* @end */

/* @section modc_sort_key_i8 */
static inline uint64_t modc_sort_key_i8(int8_t x) { return (uint64_t)((int64_t)x + ((int64_t)1 << 7)); }
/* @end */

/* @section modc_sort_key_i16 */
static inline uint64_t modc_sort_key_i16(int16_t x) { return (uint64_t)((int64_t)x + ((int64_t)1 << 15)); }
/* @end */

/* @section modc_sort_key_i32 */
static inline uint64_t modc_sort_key_i32(int32_t x) { return (uint64_t)((int64_t)x + ((int64_t)1 << 31)); }
/* @end */

/* @section modc_sort_key_i64 */
static inline uint64_t modc_sort_key_i64(int64_t x) { return (uint64_t)x ^ UINT64_C(1) << 63; }
/* @end */

/* @section modc_sort_key_u8 */
static inline uint64_t modc_sort_key_u8(uint8_t x) { return x; }
/* @end */

/* @section modc_sort_key_u16 */
static inline uint64_t modc_sort_key_u16(uint16_t x) { return x; }
/* @end */

/* @section modc_sort_key_u32 */
static inline uint64_t modc_sort_key_u32(uint32_t x) { return x; }
/* @end */

/* @section modc_sort_key_u64 */
static inline uint64_t modc_sort_key_u64(uint64_t x) { return x; }
/* @end */

/* @section modc_sort_key_b8 */
static inline uint64_t modc_sort_key_b8(uint8_t x) { return x; }
/* @end */

/* Rows */

/* @section MODC_SORT_FEW */
#define MODC_SORT_FEW 256
/* @end */

/* @section MODC_SORT_ROW : MODC_SORT_FEW */
/* A function that sorts n elements at `a`, with room for as many at `b`, and says at which of the two it left them.
 * Runs of 8 by insertion, then merging; of MODC_SORT_FEW or more elements digit by digit of `key`, last digit first. */
#define MODC_SORT_ROW(name, type, key, digits)                                                                \
    static inline void name##_runs(int64_t n, type *a) {                                                      \
        for (int64_t i = 1; i < n; ++i) {                                                                     \
            const type x = a[i];                                                                              \
            const uint64_t own = key(x);                                                                      \
            int64_t j = i;                                                                                    \
            for (; j % 8 != 0 && own < key(a[j - 1]); --j) a[j] = a[j - 1];                                   \
            a[j] = x;                                                                                         \
        }                                                                                                     \
    }                                                                                                         \
    static inline void name##_merge(int64_t left, int64_t n, const type *a, type *b) {                        \
        int64_t i = 0, j = left;                                                                              \
        for (int64_t k = 0; k < n; ++k) {                                                                     \
            const int first = j >= n || (i < left && key(a[i]) <= key(a[j]));                                 \
            b[k] = a[first ? i : j];                                                                          \
            i += first;                                                                                       \
            j += !first;                                                                                      \
        }                                                                                                     \
    }                                                                                                         \
    static inline type *name##_digits(int64_t n, type *a, type *b, int64_t *counts) {                         \
        memset(counts, 0, (size_t)(digits) * 256 * sizeof *counts);                                           \
        for (int64_t i = 0; i < n; ++i) {                                                                     \
            const uint64_t k = key(a[i]);                                                                     \
            for (int d = 0; d < (digits); ++d) ++counts[256 * d + (int)(k >> 8 * d & 255)];                   \
        }                                                                                                     \
        for (int d = 0; d < (digits); ++d) {                                                                  \
            int64_t *const count = counts + 256 * d, sum = 0;                                                 \
            if (count[key(a[0]) >> 8 * d & 255] == n) continue;                                               \
            for (int i = 0; i < 256; ++i) {                                                                   \
                const int64_t here = count[i];                                                                \
                count[i] = sum;                                                                               \
                sum += here;                                                                                  \
            }                                                                                                 \
            for (int64_t i = 0; i < n; ++i) b[count[key(a[i]) >> 8 * d & 255]++] = a[i];                      \
            type *const other = a;                                                                            \
            a = b;                                                                                            \
            b = other;                                                                                        \
        }                                                                                                     \
        return a;                                                                                             \
    }                                                                                                         \
    static inline type *name(int64_t n, type *a, type *b, int64_t *counts) {                                  \
        if (n >= MODC_SORT_FEW) return name##_digits(n, a, b, counts);                                        \
        name##_runs(n, a);                                                                                    \
        for (int64_t width = 8; width < n; width *= 2) {                                                      \
            for (int64_t i = 0; i < n; i += 2 * width) {                                                      \
                const int64_t rest = n - i, left = width < rest ? width : rest;                               \
                name##_merge(left, 2 * width < rest ? 2 * width : rest, a + i, b + i);                        \
            }                                                                                                 \
            type *const other = a;                                                                            \
            a = b;                                                                                            \
            b = other;                                                                                        \
        }                                                                                                     \
        return a;                                                                                             \
    }
/* @end */

/* @section MODC_SORT : MODC_SORT_ROW */
/* The row sort: each row is copied to scratch, sorted there and copied to its place. */
#define MODC_SORT(name, type, key, digits)                                                                    \
    MODC_SORT_ROW(name##_row, type, key, digits)                                                              \
    static inline void name(int64_t outer, int64_t n, int64_t inner, const type *x, type *y, int64_t *scratch) { \
        const int64_t words = (2 * n * (int64_t)sizeof(type) + 7) / 8;                                        \
        type *const a = (type *)(void *)scratch;                                                              \
        for (int64_t i = 0; i < outer; ++i)                                                                   \
            for (int64_t k = 0; k < inner; ++k) {                                                             \
                const int64_t at = i * n * inner + k;                                                         \
                for (int64_t j = 0; j < n; ++j) a[j] = x[at + j * inner];                                     \
                const type *const found = name##_row(n, a, a + n, scratch + words);                           \
                for (int64_t j = 0; j < n; ++j) y[at + j * inner] = found[j];                                 \
            }                                                                                                 \
    }
/* @end */

/* @section modc_sort_pair */
/* A key and the position that it comes from. */
typedef struct {
    uint64_t key;
    int64_t at;
} modc_sort_pair;
/* @end */

/* @section modc_sort_pair_key : modc_sort_pair */
static inline uint64_t modc_sort_pair_key(modc_sort_pair x) { return x.key; }
/* @end */

/* @section MODC_ARGSORT : MODC_SORT_ROW modc_sort_pair modc_sort_pair_key */
/* The row argsort; `down` turns the order round, but equal elements still keep theirs. */
#define MODC_ARGSORT(name, type, keyed, digits)                                                               \
    MODC_SORT_ROW(name##_row, modc_sort_pair, modc_sort_pair_key, digits)                                     \
    static inline void name(int64_t outer, int64_t n, int64_t inner, int64_t down, const type *x, int64_t *y, \
                            int64_t *scratch) {                                                               \
        modc_sort_pair *const a = (modc_sort_pair *)(void *)scratch;                                          \
        for (int64_t i = 0; i < outer; ++i)                                                                   \
            for (int64_t k = 0; k < inner; ++k) {                                                             \
                const int64_t at = i * n * inner + k;                                                         \
                for (int64_t j = 0; j < n; ++j) {                                                             \
                    const uint64_t key = keyed(x[at + j * inner]);                                            \
                    a[j].key = down ? ~key : key;                                                             \
                    a[j].at = j;                                                                              \
                }                                                                                             \
                const modc_sort_pair *const found = name##_row(n, a, a + n, scratch + 4 * n);                 \
                for (int64_t j = 0; j < n; ++j) y[at + j * inner] = found[j].at;                              \
            }                                                                                                 \
    }
/* @end */

/* @section MODC_SEARCHSORTED */
/* The row searchsorted: for each x how many of the n sorted elements are below it, or (`right`) not above it. */
#define MODC_SEARCHSORTED(name, type, keyed)                                                                  \
    static inline void name(int64_t n, int64_t count, int64_t right, const type *sorted, const type *x, int64_t *y) { \
        for (int64_t i = 0; i < count; ++i) {                                                                 \
            const uint64_t key = keyed(x[i]);                                                                 \
            int64_t from = 0, size = n;                                                                       \
            while (size > 0) {                                                                                \
                const int64_t half = size / 2;                                                                \
                const uint64_t there = keyed(sorted[from + half]);                                            \
                const int below = right ? there <= key : there < key;                                         \
                from += below ? half + 1 : 0;                                                                 \
                size = below ? size - half - 1 : half;                                                        \
            }                                                                                                 \
            y[i] = from;                                                                                      \
        }                                                                                                     \
    }
/* @end */

/* The rows by dtype */

/* @section modc_sort_f64 : MODC_SORT modc_sort_key_f64 */
MODC_SORT(modc_sort_f64, double, modc_sort_key_f64, 8)
/* @end */

/* @section modc_sort_f32 : MODC_SORT modc_sort_key_f32 */
MODC_SORT(modc_sort_f32, float, modc_sort_key_f32, 4)
/* @end */

/* @section modc_sort_i8 : MODC_SORT modc_sort_key_i8 */
MODC_SORT(modc_sort_i8, int8_t, modc_sort_key_i8, 1)
/* @end */

/* @section modc_sort_i16 : MODC_SORT modc_sort_key_i16 */
MODC_SORT(modc_sort_i16, int16_t, modc_sort_key_i16, 2)
/* @end */

/* @section modc_sort_i32 : MODC_SORT modc_sort_key_i32 */
MODC_SORT(modc_sort_i32, int32_t, modc_sort_key_i32, 4)
/* @end */

/* @section modc_sort_i64 : MODC_SORT modc_sort_key_i64 */
MODC_SORT(modc_sort_i64, int64_t, modc_sort_key_i64, 8)
/* @end */

/* @section modc_sort_u8 : MODC_SORT modc_sort_key_u8 */
MODC_SORT(modc_sort_u8, uint8_t, modc_sort_key_u8, 1)
/* @end */

/* @section modc_sort_u16 : MODC_SORT modc_sort_key_u16 */
MODC_SORT(modc_sort_u16, uint16_t, modc_sort_key_u16, 2)
/* @end */

/* @section modc_sort_u32 : MODC_SORT modc_sort_key_u32 */
MODC_SORT(modc_sort_u32, uint32_t, modc_sort_key_u32, 4)
/* @end */

/* @section modc_sort_u64 : MODC_SORT modc_sort_key_u64 */
MODC_SORT(modc_sort_u64, uint64_t, modc_sort_key_u64, 8)
/* @end */

/* @section modc_sort_b8 : MODC_SORT modc_sort_key_b8 */
MODC_SORT(modc_sort_b8, uint8_t, modc_sort_key_b8, 1)
/* @end */

/* @section modc_argsort_f64 : MODC_ARGSORT modc_sort_key_f64 */
MODC_ARGSORT(modc_argsort_f64, double, modc_sort_key_f64, 8)
/* @end */

/* @section modc_argsort_f32 : MODC_ARGSORT modc_sort_key_f32 */
MODC_ARGSORT(modc_argsort_f32, float, modc_sort_key_f32, 4)
/* @end */

/* @section modc_argsort_i8 : MODC_ARGSORT modc_sort_key_i8 */
MODC_ARGSORT(modc_argsort_i8, int8_t, modc_sort_key_i8, 1)
/* @end */

/* @section modc_argsort_i16 : MODC_ARGSORT modc_sort_key_i16 */
MODC_ARGSORT(modc_argsort_i16, int16_t, modc_sort_key_i16, 2)
/* @end */

/* @section modc_argsort_i32 : MODC_ARGSORT modc_sort_key_i32 */
MODC_ARGSORT(modc_argsort_i32, int32_t, modc_sort_key_i32, 4)
/* @end */

/* @section modc_argsort_i64 : MODC_ARGSORT modc_sort_key_i64 */
MODC_ARGSORT(modc_argsort_i64, int64_t, modc_sort_key_i64, 8)
/* @end */

/* @section modc_argsort_u8 : MODC_ARGSORT modc_sort_key_u8 */
MODC_ARGSORT(modc_argsort_u8, uint8_t, modc_sort_key_u8, 1)
/* @end */

/* @section modc_argsort_u16 : MODC_ARGSORT modc_sort_key_u16 */
MODC_ARGSORT(modc_argsort_u16, uint16_t, modc_sort_key_u16, 2)
/* @end */

/* @section modc_argsort_u32 : MODC_ARGSORT modc_sort_key_u32 */
MODC_ARGSORT(modc_argsort_u32, uint32_t, modc_sort_key_u32, 4)
/* @end */

/* @section modc_argsort_u64 : MODC_ARGSORT modc_sort_key_u64 */
MODC_ARGSORT(modc_argsort_u64, uint64_t, modc_sort_key_u64, 8)
/* @end */

/* @section modc_argsort_b8 : MODC_ARGSORT modc_sort_key_b8 */
MODC_ARGSORT(modc_argsort_b8, uint8_t, modc_sort_key_b8, 1)
/* @end */

/* @section modc_searchsorted_f64 : MODC_SEARCHSORTED modc_sort_key_f64 */
MODC_SEARCHSORTED(modc_searchsorted_f64, double, modc_sort_key_f64)
/* @end */

/* @section modc_searchsorted_f32 : MODC_SEARCHSORTED modc_sort_key_f32 */
MODC_SEARCHSORTED(modc_searchsorted_f32, float, modc_sort_key_f32)
/* @end */

/* @section modc_searchsorted_i8 : MODC_SEARCHSORTED modc_sort_key_i8 */
MODC_SEARCHSORTED(modc_searchsorted_i8, int8_t, modc_sort_key_i8)
/* @end */

/* @section modc_searchsorted_i16 : MODC_SEARCHSORTED modc_sort_key_i16 */
MODC_SEARCHSORTED(modc_searchsorted_i16, int16_t, modc_sort_key_i16)
/* @end */

/* @section modc_searchsorted_i32 : MODC_SEARCHSORTED modc_sort_key_i32 */
MODC_SEARCHSORTED(modc_searchsorted_i32, int32_t, modc_sort_key_i32)
/* @end */

/* @section modc_searchsorted_i64 : MODC_SEARCHSORTED modc_sort_key_i64 */
MODC_SEARCHSORTED(modc_searchsorted_i64, int64_t, modc_sort_key_i64)
/* @end */

/* @section modc_searchsorted_u8 : MODC_SEARCHSORTED modc_sort_key_u8 */
MODC_SEARCHSORTED(modc_searchsorted_u8, uint8_t, modc_sort_key_u8)
/* @end */

/* @section modc_searchsorted_u16 : MODC_SEARCHSORTED modc_sort_key_u16 */
MODC_SEARCHSORTED(modc_searchsorted_u16, uint16_t, modc_sort_key_u16)
/* @end */

/* @section modc_searchsorted_u32 : MODC_SEARCHSORTED modc_sort_key_u32 */
MODC_SEARCHSORTED(modc_searchsorted_u32, uint32_t, modc_sort_key_u32)
/* @end */

/* @section modc_searchsorted_u64 : MODC_SEARCHSORTED modc_sort_key_u64 */
MODC_SEARCHSORTED(modc_searchsorted_u64, uint64_t, modc_sort_key_u64)
/* @end */

/* @section modc_searchsorted_b8 : MODC_SEARCHSORTED modc_sort_key_b8 */
MODC_SEARCHSORTED(modc_searchsorted_b8, uint8_t, modc_sort_key_b8)
/* @end */

#endif
