/* modc_sort.h: sorting along an axis.
 *
 * Input: arrays of outer x n x inner elements, row-major, sorted along the middle axis.  Output: the same elements in
 * ascending order, or the positions that they come from.  Scratch: see ops_sort.py, which counts it.
 * Used by: the rows sort and argsort; modc_select.h.
 *
 * Elements are replaced by integer keys (modc_keys.h), which modc_order.h sorts.  argsort takes -0.0 and 0.0 for equal,
 * and equal elements keep their order; sort puts -0.0 first.  argsort sorts words, whose low bits are the
 * position and whose others are as many bits of the key as there is room for, counted from the smallest key on.  Where
 * that leaves ties between different keys, they are put in order by insertion; where there are many, the words are those
 * of a further pass over the remaining bits, lowest first.
 */
#ifndef MODC_SORT_H
#define MODC_SORT_H

#include <stdint.h>
#include <string.h>

#include "modc_keys.h"
#include "modc_order.h"

/* Rows */

/* @section modc_sort_starts : modc_apart MODC_WIDE */
/* Rows of at most MODC_SORT_LANES elements are sorted together as columns, where they lie as columns; other rows if they
 * are so short that nothing else is quicker. */
#define MODC_SORT_LANES 512
#if defined(MODC_WIDE)
#define MODC_SORT_SHORT(type) (sizeof(type) == 4 ? 24 : sizeof(type) == 8 ? 16 : MODC_SORT_LANES)
#else
#define MODC_SORT_SHORT(type) MODC_SORT_LANES
#endif
/* Where `lanes` rows from row `first` on start; behind the last row the first is repeated. Whether they lie side by side. */
modc_apart int modc_sort_starts(int64_t first, int64_t lanes, int64_t rows, int64_t n, int64_t inner, int64_t *at) {
    for (int64_t l = 0; l < lanes; ++l) {
        const int64_t row = first + l < rows ? first + l : first;
        at[l] = inner == 1 ? row * n : row / inner * n * inner + row % inner;
    }
    return inner > 1 && first + lanes <= rows && at[lanes - 1] == at[0] + lanes - 1;
}
/* @end */

/* @section MODC_SORT_FETCH : modc_sort_starts */
/* The keys of one row, or of the rows of a block as columns. */
#define MODC_SORT_FETCH(key, x, from, a)                                                                              \
    if (inner == 1)                                                                                                   \
        for (int64_t j = 0; j < n; ++j) (a)[j] = key((x)[(from) + j]);                                                \
    else                                                                                                              \
        for (int64_t j = 0; j < n; ++j) (a)[j] = key((x)[(from) + j * inner]);
#define MODC_SORT_COLUMNS(key, x, at, beside, a)                                                                      \
    for (int64_t j = 0; j < n; ++j) {                                                                                 \
        if (beside)                                                                                                   \
            for (int l = 0; l < lanes; ++l) (a)[j * lanes + l] = key((x)[(at)[0] + j * inner + l]);                   \
        else                                                                                                          \
            for (int l = 0; l < lanes; ++l) (a)[j * lanes + l] = key((x)[(at)[l] + j * inner]);                       \
    }
/* @end */

/* @section MODC_SORT : MODC_SORT_FETCH */
/* The row sort. */
#define MODC_SORT(name, type, signed_, order, columns, key, unkey)                                                    \
    static inline void name(int64_t outer, int64_t n, int64_t inner, const type *x, type *y, int64_t *scratch) {      \
        enum { lanes = 64 / sizeof(type) };                                                                           \
        signed_ *const a = (signed_ *)(void *)scratch;                                                                \
        const int64_t rows = outer * inner, words = (2 * n * (int64_t)sizeof(type) + 7) / 8;                          \
        int64_t at[lanes];                                                                                            \
        if (rows > 1 && n <= (inner == 1 ? MODC_SORT_SHORT(type) : MODC_SORT_LANES)) {                                \
            for (int64_t i = 0; i < rows; i += lanes) {                                                               \
                const int beside = modc_sort_starts(i, lanes, rows, n, inner, at);                                    \
                const int64_t count = rows - i < lanes ? rows - i : (int64_t)lanes;                                   \
                MODC_SORT_COLUMNS(key, x, at, beside, a)                                                              \
                columns(n, a);                                                                                        \
                for (int64_t j = 0; j < n; ++j) {                                                                     \
                    if (beside)                                                                                       \
                        for (int l = 0; l < lanes; ++l) y[at[0] + j * inner + l] = unkey(a[j * lanes + l]);           \
                    else                                                                                              \
                        for (int64_t l = 0; l < count; ++l) y[at[l] + j * inner] = unkey(a[j * lanes + l]);           \
                }                                                                                                     \
            }                                                                                                         \
            return;                                                                                                   \
        }                                                                                                             \
        for (int64_t i = 0; i < rows; ++i) {                                                                          \
            modc_sort_starts(i, 1, rows, n, inner, at);                                                               \
            MODC_SORT_FETCH(key, x, at[0], a)                                                                         \
            const signed_ *const found = order(n, a, a + n, 0, scratch + words);                                      \
            if (inner == 1)                                                                                           \
                for (int64_t j = 0; j < n; ++j) y[at[0] + j] = unkey(found[j]);                                       \
            else                                                                                                      \
                for (int64_t j = 0; j < n; ++j) y[at[0] + j * inner] = unkey(found[j]);                               \
        }                                                                                                             \
    }
/* @end */

/* Positions */

/* @section modc_sort_bits */
/* How many bits a number has, without leading zeros. */
static inline int modc_sort_bits(uint64_t x) {
#if defined(__GNUC__)
    return x ? 64 - __builtin_clzll(x) : 0;
#else
    int bits = 0;
    for (; x; x >>= 1) ++bits;
    return bits;
#endif
}
/* @end */

/* @section modc_sort_passes : modc_order_i64 */
/* The positions that sort keys, in all their bits, of which `wide` fit into a word at a time; from the last ones on. */
modc_apart const int64_t *modc_sort_passes(int64_t n, int low, const int64_t *keys, int64_t least, int bits, int64_t *a,
                                              int64_t *counts) {
    const int wide = 63 - low;
    const int64_t mask = (INT64_C(1) << low) - 1;
    int64_t *const order = a + 2 * n;
    for (int64_t i = 0; i < n; ++i) order[i] = i;
    for (int from = 0; from < bits; from += wide) {
        for (int64_t i = 0; i < n; ++i) {
            const uint64_t rest = ((uint64_t)keys[order[i]] - (uint64_t)least) >> from;
            a[i] = (int64_t)((rest & ((UINT64_C(1) << wide) - 1)) << low | (uint64_t)i);
        }
        const int64_t *const found = modc_order_i64(n, a, a + n, low, counts);
        int64_t *const next = found == a ? a + n : a;
        for (int64_t i = 0; i < n; ++i) next[i] = order[found[i] & mask];
        memcpy(order, next, (size_t)n * sizeof *order);
    }
    return order;
}
/* @end */

/* @section modc_sort_trend : modc_apart */
/* 1 where keys rise or stay, -1 where each is below the one before, 0 otherwise. */
modc_apart int modc_sort_trend(int64_t n, const int64_t *keys) {
    int rises = 1, falls = 1;
    for (int64_t i = 1; i < n && (rises || falls);) {
        const int64_t stop = n - i < 64 ? n : i + 64;
        int down = 0, other = 0;
        for (; i < stop; ++i) {
            down |= keys[i] < keys[i - 1];
            other |= keys[i] >= keys[i - 1];
        }
        rises &= !down;
        falls &= !other;
    }
    return rises ? 1 : falls ? -1 : 0;
}
/* @end */

/* @section modc_sort_places : modc_sort_bits modc_sort_passes modc_sort_trend */
/* The positions that sort n keys, equal ones in their order; at one of the three rows of n numbers from `a` on. */
modc_apart const int64_t *modc_sort_places(int64_t n, const int64_t *keys, int64_t *a, int64_t *counts) {
    enum { run = 24 };
    const int low = modc_sort_bits((uint64_t)n);
    const int64_t mask = (INT64_C(1) << low) - 1;
    int64_t least = INT64_MAX, most = INT64_MIN;
    const int trend = modc_sort_trend(n, keys);
    if (trend) {
        for (int64_t i = 0; i < n; ++i) a[i] = trend > 0 ? i : n - 1 - i;
        return a;
    }
    for (int64_t i = 0; i < n; ++i) {
        least = keys[i] < least ? keys[i] : least;
        most = keys[i] > most ? keys[i] : most;
    }
    const int bits = n ? modc_sort_bits((uint64_t)most - (uint64_t)least) : 0, lost = bits > 63 - low ? bits - 63 + low : 0;
    for (int64_t i = 0; i < n; ++i)
        a[i] = (int64_t)(((uint64_t)keys[i] - (uint64_t)least) >> lost << low | (uint64_t)i);
    int64_t *const found = modc_order_i64(n, a, a + n, low, counts);
    for (int64_t i = 0, next = 0; lost && i < n; i = next) {
        int64_t differ = 0;
        for (next = i + 1; next < n && found[next] >> low == found[i] >> low; ++next)
            differ |= keys[found[next] & mask] ^ keys[found[i] & mask];
        if (!differ) continue;
        if (next - i > run) return modc_sort_passes(n, low, keys, least, bits, a, counts);
        for (int64_t j = i + 1; j < next; ++j) {
            const int64_t word = found[j], key = keys[word & mask];
            int64_t k = j;
            for (; k > i && keys[found[k - 1] & mask] > key; --k) found[k] = found[k - 1];
            found[k] = word;
        }
    }
    for (int64_t i = 0; i < n; ++i) found[i] &= mask;
    return found;
}
/* @end */

/* @section modc_sort_words : modc_sort_bits modc_order_lanes_i64 */
/* Keys of 8 rows as columns become the positions that sort them. The rows where that needs more bits, as bits. */
modc_apart int modc_sort_words(int64_t n, int64_t *a) {
    const int low = modc_sort_bits((uint64_t)n);
    int64_t least[8], most[8], same[8];
    uint64_t lost[8];
    int bad = 0, any = 0;
    for (int l = 0; l < 8; ++l) {
        least[l] = INT64_MAX;
        most[l] = INT64_MIN;
        same[l] = 0;
    }
    for (int64_t j = 0; j < n; ++j)
        for (int l = 0; l < 8; ++l) {
            const int64_t key = a[8 * j + l];
            least[l] = key < least[l] ? key : least[l];
            most[l] = key > most[l] ? key : most[l];
        }
    for (int l = 0; l < 8; ++l) {
        const int bits = modc_sort_bits((uint64_t)most[l] - (uint64_t)least[l]);
        lost[l] = bits > 63 - low ? (uint64_t)(bits - 63 + low) : 0;
        any |= lost[l] > 0;
    }
    for (int64_t j = 0; j < n; ++j)
        for (int l = 0; l < 8; ++l)
            a[8 * j + l] = (int64_t)(((uint64_t)a[8 * j + l] - (uint64_t)least[l]) >> lost[l] << low | (uint64_t)j);
    modc_order_lanes_i64(n, a);
    for (int64_t j = 1; any && j < n; ++j)
        for (int l = 0; l < 8; ++l) same[l] |= a[8 * j + l] >> low == a[8 * j - 8 + l] >> low;
    for (int l = 0; l < 8; ++l) bad |= lost[l] && same[l] ? 1 << l : 0;
    for (int64_t j = 0; j < 8 * n; ++j) a[j] &= (INT64_C(1) << low) - 1;
    return bad;
}
/* @end */

/* @section MODC_ARGSORT : MODC_SORT_FETCH modc_sort_places modc_sort_words */
/* The row argsort; `down` turns the order round, but equal elements still keep theirs. */
#define MODC_ARGSORT(name, type, level)                                                                               \
    static inline void name(int64_t outer, int64_t n, int64_t inner, int64_t down, const type *x, int64_t *y,         \
                            int64_t *scratch) {                                                                       \
        enum { lanes = 8 };                                                                                           \
        const int64_t rows = outer * inner, few = n <= (inner == 1 ? 64 : MODC_SORT_LANES);                           \
        const int64_t turn = down ? -1 : 0, step = rows > 1 && few ? (int64_t)lanes : 1;                              \
        int64_t at[lanes], *const a = scratch;                                                                        \
        for (int64_t i = 0; i < rows; i += step) {                                                                    \
            const int beside = modc_sort_starts(i, step, rows, n, inner, at);                                         \
            const int64_t count = rows - i < step ? rows - i : step;                                                  \
            int left = 1;                                                                                             \
            if (step > 1) {                                                                                           \
                MODC_SORT_COLUMNS(turn ^ level, x, at, beside, a)                                                     \
                left = modc_sort_words(n, a);                                                                         \
                for (int64_t j = 0; j < n; ++j) {                                                                     \
                    if (beside)                                                                                       \
                        for (int l = 0; l < lanes; ++l) y[at[0] + j * inner + l] = a[j * lanes + l];                  \
                    else                                                                                              \
                        for (int64_t l = 0; l < count; ++l) y[at[l] + j * inner] = a[j * lanes + l];                  \
                }                                                                                                     \
            }                                                                                                         \
            for (int64_t l = 0; l < count; ++l) {                                                                     \
                if (!(left >> l & 1)) continue;                                                                       \
                MODC_SORT_FETCH(turn ^ level, x, at[l], a)                                                            \
                const int64_t *const found = modc_sort_places(n, a, a + n, scratch + 4 * n);                          \
                for (int64_t j = 0; j < n; ++j) y[at[l] + j * inner] = found[j];                                      \
            }                                                                                                         \
        }                                                                                                             \
    }
/* @end */

/* The rows by dtype */

/* @section modc_sort_f64 : MODC_SORT modc_order_i64 modc_order_lanes_i64 modc_sort_key_f64 modc_sort_unkey_f64 */
MODC_SORT(modc_sort_f64, double, int64_t, modc_order_i64, modc_order_lanes_i64, modc_sort_key_f64, modc_sort_unkey_f64)
/* @end */

/* @section modc_sort_f32 : MODC_SORT modc_order_i32 modc_order_lanes_i32 modc_sort_key_f32 modc_sort_unkey_f32 */
MODC_SORT(modc_sort_f32, float, int32_t, modc_order_i32, modc_order_lanes_i32, modc_sort_key_f32, modc_sort_unkey_f32)
/* @end */

/* @section modc_sort_i8 : MODC_SORT modc_order_i8 modc_order_lanes_i8 modc_sort_key_i8 modc_sort_unkey_i8 */
MODC_SORT(modc_sort_i8, int8_t, int8_t, modc_order_i8, modc_order_lanes_i8, modc_sort_key_i8, modc_sort_unkey_i8)
/* @end */

/* @section modc_sort_i16 : MODC_SORT modc_order_i16 modc_order_lanes_i16 modc_sort_key_i16 modc_sort_unkey_i16 */
MODC_SORT(modc_sort_i16, int16_t, int16_t, modc_order_i16, modc_order_lanes_i16, modc_sort_key_i16, modc_sort_unkey_i16)
/* @end */

/* @section modc_sort_i32 : MODC_SORT modc_order_i32 modc_order_lanes_i32 modc_sort_key_i32 modc_sort_unkey_i32 */
MODC_SORT(modc_sort_i32, int32_t, int32_t, modc_order_i32, modc_order_lanes_i32, modc_sort_key_i32, modc_sort_unkey_i32)
/* @end */

/* @section modc_sort_i64 : MODC_SORT modc_order_i64 modc_order_lanes_i64 modc_sort_key_i64 modc_sort_unkey_i64 */
MODC_SORT(modc_sort_i64, int64_t, int64_t, modc_order_i64, modc_order_lanes_i64, modc_sort_key_i64, modc_sort_unkey_i64)
/* @end */

/* @section modc_sort_u8 : MODC_SORT modc_order_i8 modc_order_lanes_i8 modc_sort_key_u8 modc_sort_unkey_u8 */
MODC_SORT(modc_sort_u8, uint8_t, int8_t, modc_order_i8, modc_order_lanes_i8, modc_sort_key_u8, modc_sort_unkey_u8)
/* @end */

/* @section modc_sort_u16 : MODC_SORT modc_order_i16 modc_order_lanes_i16 modc_sort_key_u16 modc_sort_unkey_u16 */
MODC_SORT(modc_sort_u16, uint16_t, int16_t, modc_order_i16, modc_order_lanes_i16, modc_sort_key_u16, modc_sort_unkey_u16)
/* @end */

/* @section modc_sort_u32 : MODC_SORT modc_order_i32 modc_order_lanes_i32 modc_sort_key_u32 modc_sort_unkey_u32 */
MODC_SORT(modc_sort_u32, uint32_t, int32_t, modc_order_i32, modc_order_lanes_i32, modc_sort_key_u32, modc_sort_unkey_u32)
/* @end */

/* @section modc_sort_u64 : MODC_SORT modc_order_i64 modc_order_lanes_i64 modc_sort_key_u64 modc_sort_unkey_u64 */
MODC_SORT(modc_sort_u64, uint64_t, int64_t, modc_order_i64, modc_order_lanes_i64, modc_sort_key_u64, modc_sort_unkey_u64)
/* @end */

/* @section modc_sort_b8 : MODC_SORT modc_order_i8 modc_order_lanes_i8 modc_sort_key_b8 modc_sort_unkey_b8 */
MODC_SORT(modc_sort_b8, uint8_t, int8_t, modc_order_i8, modc_order_lanes_i8, modc_sort_key_b8, modc_sort_unkey_b8)
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

#endif
