/* modc_sort.h: sorting along an axis, and search in what is sorted.
 *
 * Input: arrays of outer x n x inner elements, row-major, sorted along the middle axis.  Output: the same elements in
 * ascending order, or the positions that they come from.  Scratch: two copies of one row of keys (or of pairs of a key and
 * a position), behind them 256 counters per byte of an element, which fewer than MODC_SORT_FEW elements do not use.
 * Used by: the rows sort, argsort, argtopk and searchsorted.
 *
 * Elements are compared by keys (modc_keys.h).  argsort and searchsorted take -0.0 and 0.0 for equal, and equal elements
 * keep their order; sort puts -0.0 first.  Few elements are ranked in groups by comparing all of a group with each other,
 * which is vectorised, and merged; more are distributed byte by byte, from the last one on, where bytes that all elements
 * share cost nothing.
 */
#ifndef MODC_SORT_H
#define MODC_SORT_H

#include <stdint.h>
#include <string.h>

#include "modc_keys.h"

/* Rows */

/* @section MODC_SORT_FEW */
#define MODC_SORT_FEW 256
#define MODC_SORT_GROUP 32
/* @end */

/* @section MODC_SORT_ROW : MODC_SORT_FEW */
/* A function that sorts n elements at `a`, with room for as many at `b`, and says at which of the two it left them; n is
 * at most `most`, which says whether there are counters.
 * Groups by name_group (from `a` to `b`), then merging; of MODC_SORT_FEW or more elements byte by byte of `key`. */
#define MODC_SORT_ROW(name, type, key)                                                                                \
    static inline void name##_merge(int64_t left, int64_t n, const type *a, type *b) {                                \
        int64_t i = 0, j = left, k = 0;                                                                               \
        while (i < left && j < n) {                                                                                   \
            const int64_t second = key(a[j]) < key(a[i]);                                                             \
            b[k++] = a[second ? j : i];                                                                               \
            j += second;                                                                                              \
            i += 1 - second;                                                                                          \
        }                                                                                                             \
        while (i < left) b[k++] = a[i++];                                                                             \
        while (j < n) b[k++] = a[j++];                                                                                \
    }                                                                                                                 \
    static inline type *name##_bytes(int64_t n, type *a, type *b, int bytes, int64_t *counts) {                       \
        memset(counts, 0, (size_t)bytes * 256 * sizeof *counts);                                                      \
        for (int64_t i = 0; i < n; ++i) {                                                                             \
            const uint64_t k = key(a[i]);                                                                             \
            for (int d = 0; d < bytes; ++d) ++counts[256 * d + (int)(k >> 8 * d & 255)];                              \
        }                                                                                                             \
        for (int d = 0; d < bytes; ++d) {                                                                             \
            int64_t *const count = counts + 256 * d, sum = 0;                                                         \
            if (count[(uint64_t)key(a[0]) >> 8 * d & 255] == n) continue;                                             \
            for (int i = 0; i < 256; ++i) {                                                                           \
                const int64_t here = count[i];                                                                        \
                count[i] = sum;                                                                                       \
                sum += here;                                                                                          \
            }                                                                                                         \
            for (int64_t i = 0; i < n; ++i) b[count[(uint64_t)key(a[i]) >> 8 * d & 255]++] = a[i];                    \
            type *const other = a;                                                                                    \
            a = b;                                                                                                    \
            b = other;                                                                                                \
        }                                                                                                             \
        return a;                                                                                                     \
    }                                                                                                                 \
    static inline type *name(int64_t n, int64_t most, type *a, type *b, int bytes, int64_t *counts) {                 \
        if (n < 2) return a;                                                                                          \
        if (most >= MODC_SORT_FEW && n >= MODC_SORT_FEW) return name##_bytes(n, a, b, bytes, counts);                 \
        for (int64_t i = 0; i < n; i += MODC_SORT_GROUP)                                                              \
            name##_group(n - i < MODC_SORT_GROUP ? n - i : MODC_SORT_GROUP, a + i, b + i);                            \
        for (int64_t width = MODC_SORT_GROUP; width < n; width *= 2) {                                                \
            type *const other = a;                                                                                    \
            a = b;                                                                                                    \
            b = other;                                                                                                \
            for (int64_t i = 0; i < n; i += 2 * width) {                                                              \
                const int64_t rest = n - i, left = width < rest ? width : rest;                                       \
                name##_merge(left, 2 * width < rest ? 2 * width : rest, a + i, b + i);                                \
            }                                                                                                         \
        }                                                                                                             \
        return b;                                                                                                     \
    }
/* @end */

/* @section modc_sort_same */
#define modc_sort_same(x) (x)
/* @end */

/* @section MODC_SORT_KEYS : MODC_SORT_ROW modc_sort_same */
/* Rows of keys. Equal ones are the same, so that they may share a rank: what that leaves out is filled from the left. */
#define MODC_SORT_KEYS(name, type)                                                                                    \
    static inline void name##_group(int64_t n, const type *a, type *b) {                                              \
        type x[MODC_SORT_GROUP], z[MODC_SORT_GROUP];                                                                  \
        for (int64_t i = 0; i < MODC_SORT_GROUP; ++i) {                                                               \
            x[i] = i < n ? a[i] : (type)-1;                                                                           \
            z[i] = 0;                                                                                                 \
        }                                                                                                             \
        for (int64_t i = 0; i < n; ++i) {                                                                             \
            const type own = x[i];                                                                                    \
            type rank = 0;                                                                                            \
            for (int j = 0; j < MODC_SORT_GROUP; ++j) rank = (type)(rank + (x[j] < own));                             \
            z[rank & (MODC_SORT_GROUP - 1)] = own;                                                                    \
        }                                                                                                             \
        b[0] = z[0];                                                                                                  \
        for (int64_t i = 1; i < n; ++i) b[i] = z[i] > b[i - 1] ? z[i] : b[i - 1];                                     \
    }                                                                                                                 \
    MODC_SORT_ROW(name, type, modc_sort_same)
/* @end */

/* @section modc_sort_row_u8 : MODC_SORT_KEYS */
MODC_SORT_KEYS(modc_sort_row_u8, uint8_t)
/* @end */

/* @section modc_sort_row_u16 : MODC_SORT_KEYS */
MODC_SORT_KEYS(modc_sort_row_u16, uint16_t)
/* @end */

/* @section modc_sort_row_u32 : MODC_SORT_KEYS */
MODC_SORT_KEYS(modc_sort_row_u32, uint32_t)
/* @end */

/* @section modc_sort_row_u64 : MODC_SORT_KEYS */
MODC_SORT_KEYS(modc_sort_row_u64, uint64_t)
/* @end */

/* @section MODC_SORT */
/* The row sort: the keys of each row are sorted in scratch. */
#define MODC_SORT(name, type, unsigned, row, key, unkey)                                                              \
    static inline void name(int64_t outer, int64_t n, int64_t inner, const type *x, type *y, int64_t *scratch) {      \
        const int64_t words = (2 * n * (int64_t)sizeof(type) + 7) / 8;                                                \
        unsigned *const a = (unsigned *)(void *)scratch;                                                              \
        for (int64_t i = 0; i < outer; ++i)                                                                           \
            for (int64_t k = 0; k < inner; ++k) {                                                                     \
                const int64_t at = i * n * inner + k;                                                                 \
                for (int64_t j = 0; j < n; ++j) a[j] = key(x[at + j * inner]);                                        \
                const unsigned *const found = row(n, n, a, a + n, (int)sizeof(type), scratch + words);                \
                for (int64_t j = 0; j < n; ++j) y[at + j * inner] = unkey(found[j]);                                  \
            }                                                                                                         \
    }
/* @end */

/* @section modc_sort_pairs : MODC_SORT_ROW */
/* Rows of keys and positions: of equal keys the first has the lower rank. */
typedef struct {
    uint64_t key;
    int64_t at;
} modc_sort_pair;
#define modc_sort_pair_key(x) ((x).key)
static inline void modc_sort_pairs_group(int64_t n, const modc_sort_pair *a, modc_sort_pair *b) {
    for (int64_t i = 0; i < n; ++i) {
        const uint64_t own = a[i].key;
        int64_t rank = 0;
        for (int64_t j = 0; j < i; ++j) rank += a[j].key <= own;
        for (int64_t j = i + 1; j < n; ++j) rank += a[j].key < own;
        b[rank] = a[i];
    }
}
MODC_SORT_ROW(modc_sort_pairs, modc_sort_pair, modc_sort_pair_key)
/* @end */

/* @section MODC_ARGSORT : modc_sort_pairs */
/* The row argsort; `down` turns the order round, but equal elements still keep theirs. */
#define MODC_ARGSORT(name, type, level)                                                                               \
    static inline void name(int64_t outer, int64_t n, int64_t inner, int64_t down, const type *x, int64_t *y,         \
                            int64_t *scratch) {                                                                       \
        modc_sort_pair *const a = (modc_sort_pair *)(void *)scratch;                                                  \
        for (int64_t i = 0; i < outer; ++i)                                                                           \
            for (int64_t k = 0; k < inner; ++k) {                                                                     \
                const int64_t at = i * n * inner + k;                                                                 \
                for (int64_t j = 0; j < n; ++j) {                                                                     \
                    const uint64_t key = level(x[at + j * inner]);                                                    \
                    a[j].key = down ? ~key : key;                                                                     \
                    a[j].at = j;                                                                                      \
                }                                                                                                     \
                const modc_sort_pair *const found = modc_sort_pairs(n, n, a, a + n, (int)sizeof(type), scratch + 4 * n);\
                for (int64_t j = 0; j < n; ++j) y[at + j * inner] = found[j].at;                                      \
            }                                                                                                         \
    }
/* @end */

/* @section MODC_ARGTOPK : modc_sort_pairs */
/* The row argtopk: the positions of the `count` smallest elements (`down`: largest) of each row, the extreme one first.
 * What is better than the worst of those kept so far is collected; when the room is full, the best `count` stay. */
#define MODC_ARGTOPK(name, type, level)                                                                               \
    static inline void name(int64_t outer, int64_t n, int64_t inner, int64_t down, int64_t count, const type *x,      \
                            int64_t *y, int64_t *scratch) {                                                           \
        const int64_t room = 2 * count + 64;                                                                          \
        modc_sort_pair *const pairs = (modc_sort_pair *)(void *)scratch;                                              \
        int64_t *const counts = scratch + 4 * room;                                                                   \
        for (int64_t row = 0; row < outer * inner && count > 0; ++row) {                                              \
            const int64_t i = row / inner, k = row - i * inner;                                                       \
            modc_sort_pair *kept = pairs;                                                                             \
            uint64_t worst = UINT64_MAX;                                                                              \
            int64_t have = 0, full = 0;                                                                               \
            for (int64_t j = 0; j < n; ++j) {                                                                         \
                const uint64_t up = level(x[(i * n + j) * inner + k]), key = down ? ~up : up;                         \
                if (full && key >= worst) continue;                                                                   \
                kept[have].key = key;                                                                                 \
                kept[have].at = j;                                                                                    \
                if (++have < room) continue;                                                                          \
                kept = modc_sort_pairs(have, room, kept, kept == pairs ? pairs + room : pairs, (int)sizeof(type), counts);\
                have = count;                                                                                         \
                full = 1;                                                                                             \
                worst = kept[count - 1].key;                                                                          \
            }                                                                                                         \
            kept = modc_sort_pairs(have, room, kept, kept == pairs ? pairs + room : pairs, (int)sizeof(type), counts);\
            for (int64_t j = 0; j < count; ++j) y[(i * count + j) * inner + k] = kept[j].at;                          \
        }                                                                                                             \
    }
/* @end */

/* @section MODC_SEARCHSORTED */
/* The row searchsorted: for each x how many of the n sorted elements are below it, or (`right`) not above it. NaN is
 * equal to itself and above all. */
#define MODC_SEARCHSORTED(name, type)                                                                                 \
    static inline void name(int64_t n, int64_t count, int64_t right, const type *sorted, const type *x, int64_t *y) { \
        for (int64_t i = 0; i < count; ++i) {                                                                         \
            const type v = x[i], same = v;                                                                            \
            const int nan = !(v <= same);                                                                             \
            int64_t from = nan && right ? n : 0, size = n - from;                                                     \
            while (size > 0) {                                                                                        \
                const int64_t half = size / 2;                                                                        \
                const type there = sorted[from + half], other = there;                                                \
                const int below = nan ? there <= other : right ? there <= v : there < v;                              \
                from += below ? half + 1 : 0;                                                                         \
                size = below ? size - half - 1 : half;                                                                \
            }                                                                                                         \
            y[i] = from;                                                                                              \
        }                                                                                                             \
    }
/* @end */

/* The rows by dtype */

/* @section modc_sort_f64 : MODC_SORT modc_sort_row_u64 modc_sort_key_f64 modc_sort_unkey_f64 */
MODC_SORT(modc_sort_f64, double, uint64_t, modc_sort_row_u64, modc_sort_key_f64, modc_sort_unkey_f64)
/* @end */

/* @section modc_sort_f32 : MODC_SORT modc_sort_row_u32 modc_sort_key_f32 modc_sort_unkey_f32 */
MODC_SORT(modc_sort_f32, float, uint32_t, modc_sort_row_u32, modc_sort_key_f32, modc_sort_unkey_f32)
/* @end */

/* @section modc_sort_i8 : MODC_SORT modc_sort_row_u8 modc_sort_key_i8 modc_sort_unkey_i8 */
MODC_SORT(modc_sort_i8, int8_t, uint8_t, modc_sort_row_u8, modc_sort_key_i8, modc_sort_unkey_i8)
/* @end */

/* @section modc_sort_i16 : MODC_SORT modc_sort_row_u16 modc_sort_key_i16 modc_sort_unkey_i16 */
MODC_SORT(modc_sort_i16, int16_t, uint16_t, modc_sort_row_u16, modc_sort_key_i16, modc_sort_unkey_i16)
/* @end */

/* @section modc_sort_i32 : MODC_SORT modc_sort_row_u32 modc_sort_key_i32 modc_sort_unkey_i32 */
MODC_SORT(modc_sort_i32, int32_t, uint32_t, modc_sort_row_u32, modc_sort_key_i32, modc_sort_unkey_i32)
/* @end */

/* @section modc_sort_i64 : MODC_SORT modc_sort_row_u64 modc_sort_key_i64 modc_sort_unkey_i64 */
MODC_SORT(modc_sort_i64, int64_t, uint64_t, modc_sort_row_u64, modc_sort_key_i64, modc_sort_unkey_i64)
/* @end */

/* @section modc_sort_u8 : MODC_SORT modc_sort_row_u8 modc_sort_key_u8 modc_sort_unkey_u8 */
MODC_SORT(modc_sort_u8, uint8_t, uint8_t, modc_sort_row_u8, modc_sort_key_u8, modc_sort_unkey_u8)
/* @end */

/* @section modc_sort_u16 : MODC_SORT modc_sort_row_u16 modc_sort_key_u16 modc_sort_unkey_u16 */
MODC_SORT(modc_sort_u16, uint16_t, uint16_t, modc_sort_row_u16, modc_sort_key_u16, modc_sort_unkey_u16)
/* @end */

/* @section modc_sort_u32 : MODC_SORT modc_sort_row_u32 modc_sort_key_u32 modc_sort_unkey_u32 */
MODC_SORT(modc_sort_u32, uint32_t, uint32_t, modc_sort_row_u32, modc_sort_key_u32, modc_sort_unkey_u32)
/* @end */

/* @section modc_sort_u64 : MODC_SORT modc_sort_row_u64 modc_sort_key_u64 modc_sort_unkey_u64 */
MODC_SORT(modc_sort_u64, uint64_t, uint64_t, modc_sort_row_u64, modc_sort_key_u64, modc_sort_unkey_u64)
/* @end */

/* @section modc_sort_b8 : MODC_SORT modc_sort_row_u8 modc_sort_key_b8 modc_sort_unkey_b8 */
MODC_SORT(modc_sort_b8, uint8_t, uint8_t, modc_sort_row_u8, modc_sort_key_b8, modc_sort_unkey_b8)
/* @end */

/* @section modc_argsort_f64 : MODC_ARGSORT modc_sort_level_f64 */
MODC_ARGSORT(modc_argsort_f64, double, modc_sort_level_f64)
/* @end */

/* @section modc_argsort_f32 : MODC_ARGSORT modc_sort_level_f32 */
MODC_ARGSORT(modc_argsort_f32, float, modc_sort_level_f32)
/* @end */

/* @section modc_argsort_i8 : MODC_ARGSORT modc_sort_level_i8 */
MODC_ARGSORT(modc_argsort_i8, int8_t, modc_sort_level_i8)
/* @end */

/* @section modc_argsort_i16 : MODC_ARGSORT modc_sort_level_i16 */
MODC_ARGSORT(modc_argsort_i16, int16_t, modc_sort_level_i16)
/* @end */

/* @section modc_argsort_i32 : MODC_ARGSORT modc_sort_level_i32 */
MODC_ARGSORT(modc_argsort_i32, int32_t, modc_sort_level_i32)
/* @end */

/* @section modc_argsort_i64 : MODC_ARGSORT modc_sort_level_i64 */
MODC_ARGSORT(modc_argsort_i64, int64_t, modc_sort_level_i64)
/* @end */

/* @section modc_argsort_u8 : MODC_ARGSORT modc_sort_level_u8 */
MODC_ARGSORT(modc_argsort_u8, uint8_t, modc_sort_level_u8)
/* @end */

/* @section modc_argsort_u16 : MODC_ARGSORT modc_sort_level_u16 */
MODC_ARGSORT(modc_argsort_u16, uint16_t, modc_sort_level_u16)
/* @end */

/* @section modc_argsort_u32 : MODC_ARGSORT modc_sort_level_u32 */
MODC_ARGSORT(modc_argsort_u32, uint32_t, modc_sort_level_u32)
/* @end */

/* @section modc_argsort_u64 : MODC_ARGSORT modc_sort_level_u64 */
MODC_ARGSORT(modc_argsort_u64, uint64_t, modc_sort_level_u64)
/* @end */

/* @section modc_argsort_b8 : MODC_ARGSORT modc_sort_level_b8 */
MODC_ARGSORT(modc_argsort_b8, uint8_t, modc_sort_level_b8)
/* @end */

/* @section modc_argtopk_f64 : MODC_ARGTOPK modc_sort_level_f64 */
MODC_ARGTOPK(modc_argtopk_f64, double, modc_sort_level_f64)
/* @end */

/* @section modc_argtopk_f32 : MODC_ARGTOPK modc_sort_level_f32 */
MODC_ARGTOPK(modc_argtopk_f32, float, modc_sort_level_f32)
/* @end */

/* @section modc_argtopk_i8 : MODC_ARGTOPK modc_sort_level_i8 */
MODC_ARGTOPK(modc_argtopk_i8, int8_t, modc_sort_level_i8)
/* @end */

/* @section modc_argtopk_i16 : MODC_ARGTOPK modc_sort_level_i16 */
MODC_ARGTOPK(modc_argtopk_i16, int16_t, modc_sort_level_i16)
/* @end */

/* @section modc_argtopk_i32 : MODC_ARGTOPK modc_sort_level_i32 */
MODC_ARGTOPK(modc_argtopk_i32, int32_t, modc_sort_level_i32)
/* @end */

/* @section modc_argtopk_i64 : MODC_ARGTOPK modc_sort_level_i64 */
MODC_ARGTOPK(modc_argtopk_i64, int64_t, modc_sort_level_i64)
/* @end */

/* @section modc_argtopk_u8 : MODC_ARGTOPK modc_sort_level_u8 */
MODC_ARGTOPK(modc_argtopk_u8, uint8_t, modc_sort_level_u8)
/* @end */

/* @section modc_argtopk_u16 : MODC_ARGTOPK modc_sort_level_u16 */
MODC_ARGTOPK(modc_argtopk_u16, uint16_t, modc_sort_level_u16)
/* @end */

/* @section modc_argtopk_u32 : MODC_ARGTOPK modc_sort_level_u32 */
MODC_ARGTOPK(modc_argtopk_u32, uint32_t, modc_sort_level_u32)
/* @end */

/* @section modc_argtopk_u64 : MODC_ARGTOPK modc_sort_level_u64 */
MODC_ARGTOPK(modc_argtopk_u64, uint64_t, modc_sort_level_u64)
/* @end */

/* @section modc_argtopk_b8 : MODC_ARGTOPK modc_sort_level_b8 */
MODC_ARGTOPK(modc_argtopk_b8, uint8_t, modc_sort_level_b8)
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
