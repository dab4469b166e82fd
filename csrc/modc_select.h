/* modc_select.h: the first of what sorting gives, or some of it, without sorting all.
 *
 * Input: arrays of outer x n x inner elements, as for modc_sort.h.  Output: positions, or elements.  Scratch: see
 * ops_sort.py, which counts it.
 * Used by: the rows argtopk and ranked.
 */
#ifndef MODC_SELECT_H
#define MODC_SELECT_H

#include <stdint.h>
#include <string.h>

#include "modc_sort.h"

/* @section MODC_ARGTOPK : MODC_SORT_FETCH modc_sort_places modc_sort_words */
/* The row argtopk: the positions of the `count` smallest elements (`down`: largest) of each row, the extreme one first.
 * What is better than the worst of those kept so far is collected; when the room is full, the best `count` stay. */
modc_apart int64_t modc_sort_best(int64_t have, int64_t count, int64_t *keys, int64_t *places, int64_t *a, int64_t *counts,
                                     int64_t *worst) {
    const int64_t rank = count - 1;
    memcpy(a, keys, (size_t)have * sizeof *a);
    modc_order_i64_ranked(have, a, a + have, counts, 1, &rank);
    int64_t last = a[rank], equal = count, kept = 0;
    for (int64_t j = 0; j < have; ++j) equal -= keys[j] < last;
    for (int64_t j = 0; j < have; ++j) {
        const int64_t key = keys[j];
        const int take = key < last || (key == last && equal-- > 0);
        keys[kept] = key;
        places[kept] = places[j];
        kept += take;
    }
    *worst = last;
    return kept;
}
#define MODC_ARGTOPK(name, type, level)                                                                               \
    static inline void name(int64_t outer, int64_t n, int64_t inner, int64_t down, int64_t count, const type *x,      \
                            int64_t *y, int64_t *scratch) {                                                           \
        enum { block = 64, lanes = 8 };                                                                               \
        const int64_t room = 2 * count + 128, rows = count ? outer * inner : 0, turn = down ? -1 : 0;                 \
        const int64_t few = n <= (inner == 1 ? 64 : MODC_SORT_LANES), step = rows > 1 && few ? (int64_t)lanes : 1;    \
        int64_t *const keys = scratch, *const places = keys + room, *const a = places + room;                         \
        int64_t *const counts = a + 3 * room, at[lanes];                                                              \
        for (int64_t i = 0; i < rows; i += step) {                                                                    \
            const int beside = modc_sort_starts(i, step, rows, n, inner, at);                                         \
            int left = 1;                                                                                             \
            if (step > 1) {                                                                                           \
                MODC_SORT_COLUMNS(turn ^ level, x, at, beside, keys)                                                  \
                left = modc_sort_words(n, keys);                                                                      \
                for (int64_t l = 0; l < step && i + l < rows; ++l)                                                    \
                    for (int64_t j = 0; j < count; ++j)                                                               \
                        y[((i + l) / inner * count + j) * inner + (i + l) % inner] = keys[j * lanes + l];             \
            }                                                                                                         \
            for (int64_t l = 0; left && l < step && i + l < rows; ++l) {                                              \
                if (!(left >> l & 1)) continue;                                                                       \
                const type *const from = x + at[l];                                                                   \
                int64_t have = n < room ? n : room - 1, worst = INT64_MAX, full = 0;                                  \
                for (int64_t j = 0; j < have; ++j) {                                                                  \
                    keys[j] = turn ^ level(from[j * inner]);                                                          \
                    places[j] = j;                                                                                    \
                }                                                                                                     \
                for (int64_t j = have; j < n;) {                                                                      \
                    const int64_t stop = n - j < block ? n : j + block;                                               \
                    int any = 0;                                                                                      \
                    if (full && inner == 1)                                                                           \
                        for (int64_t k = j; k < stop; ++k) any |= (turn ^ level(from[k])) < worst;                    \
                    if (full && inner == 1 && !any) j = stop;                                                         \
                    for (; j < stop; ++j) {                                                                           \
                        const int64_t key = turn ^ level(from[j * inner]);                                            \
                        if (full && key >= worst) continue;                                                           \
                        keys[have] = key;                                                                             \
                        places[have] = j;                                                                             \
                        if (++have < room) continue;                                                                  \
                        have = modc_sort_best(have, count, keys, places, a, counts, &worst);                          \
                        full = 1;                                                                                     \
                    }                                                                                                 \
                }                                                                                                     \
                if (have > 256) have = modc_sort_best(have, count, keys, places, a, counts, &worst);                  \
                const int64_t *const found = modc_sort_places(have, keys, a, counts);                                 \
                const int64_t row = i + l;                                                                            \
                for (int64_t j = 0; j < count; ++j)                                                                   \
                    y[(row / inner * count + j) * inner + row % inner] = places[found[j]];                            \
            }                                                                                                         \
        }                                                                                                             \
    }
/* @end */

/* @section MODC_RANKED : MODC_SORT_FETCH */
/* The row ranked: of each row the elements that sorting puts at some places. */
#define MODC_RANKED(name, type, signed_, short_, order, columns, key, unkey)                                          \
    static inline void name(int64_t outer, int64_t n, int64_t inner, int64_t count, const type *x,                    \
                            const int64_t *ranks, type *y, int64_t *scratch) {                                        \
        enum { lanes = 64 / sizeof(signed_) };                                                                        \
        signed_ *const a = (signed_ *)(void *)scratch;                                                                \
        const int64_t rows = outer * inner, words = (2 * n * (int64_t)sizeof(signed_) + 7) / 8;                       \
        const int64_t few = n <= (inner == 1 ? MODC_SORT_SHORT(signed_) : MODC_SORT_LANES), step = rows > 1 && few ? (int64_t)lanes : 1;\
        int64_t at[lanes];                                                                                            \
        for (int64_t i = 0; i < rows; i += step) {                                                                    \
            const int beside = modc_sort_starts(i, step, rows, n, inner, at);                                         \
            const int64_t some = rows - i < step ? rows - i : step;                                                   \
            const signed_ *found = a;                                                                                 \
            if (step > 1) {                                                                                           \
                MODC_SORT_COLUMNS((signed_)key, x, at, beside, a)                                                     \
                columns(n, a);                                                                                        \
            } else {                                                                                                  \
                MODC_SORT_FETCH((signed_)key, x, at[0], a)                                                            \
                if (count > 16) found = order(n, a, a + n, 0, scratch + words);                                       \
                else order##_ranked(n, a, a + n, scratch + words, count, ranks);                                      \
            }                                                                                                         \
            for (int64_t j = 0; j < count; ++j) {                                                                     \
                const int64_t rank = ranks[j] < 0 ? 0 : ranks[j] < n ? ranks[j] : n - 1;                              \
                for (int64_t l = 0; l < some; ++l) {                                                                  \
                    const int64_t row = i + l;                                                                        \
                    const signed_ here = n > 0 ? found[rank * step + l] : 0;                                          \
                    y[(row / inner * count + j) * inner + row % inner] = unkey((short_)here);                         \
                }                                                                                                     \
            }                                                                                                         \
        }                                                                                                             \
    }
/* @end */

/* The rows by dtype */

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

/* @section modc_ranked_f64 : MODC_RANKED modc_order_i64 modc_order_lanes_i64 modc_sort_key_f64 modc_sort_unkey_f64 */
MODC_RANKED(modc_ranked_f64, double, int64_t, int64_t, modc_order_i64, modc_order_lanes_i64, modc_sort_key_f64,
            modc_sort_unkey_f64)
/* @end */

/* @section modc_ranked_f32 : MODC_RANKED modc_order_i32 modc_order_lanes_i32 modc_sort_key_f32 modc_sort_unkey_f32 */
MODC_RANKED(modc_ranked_f32, float, int32_t, int32_t, modc_order_i32, modc_order_lanes_i32, modc_sort_key_f32,
            modc_sort_unkey_f32)
/* @end */

/* @section modc_ranked_i8 : MODC_RANKED modc_order_i32 modc_order_lanes_i32 modc_sort_key_i8 modc_sort_unkey_i8 */
MODC_RANKED(modc_ranked_i8, int8_t, int32_t, int8_t, modc_order_i32, modc_order_lanes_i32, modc_sort_key_i8,
            modc_sort_unkey_i8)
/* @end */

/* @section modc_ranked_i16 : MODC_RANKED modc_order_i32 modc_order_lanes_i32 modc_sort_key_i16 modc_sort_unkey_i16 */
MODC_RANKED(modc_ranked_i16, int16_t, int32_t, int16_t, modc_order_i32, modc_order_lanes_i32, modc_sort_key_i16,
            modc_sort_unkey_i16)
/* @end */

/* @section modc_ranked_i32 : MODC_RANKED modc_order_i32 modc_order_lanes_i32 modc_sort_key_i32 modc_sort_unkey_i32 */
MODC_RANKED(modc_ranked_i32, int32_t, int32_t, int32_t, modc_order_i32, modc_order_lanes_i32, modc_sort_key_i32,
            modc_sort_unkey_i32)
/* @end */

/* @section modc_ranked_i64 : MODC_RANKED modc_order_i64 modc_order_lanes_i64 modc_sort_key_i64 modc_sort_unkey_i64 */
MODC_RANKED(modc_ranked_i64, int64_t, int64_t, int64_t, modc_order_i64, modc_order_lanes_i64, modc_sort_key_i64,
            modc_sort_unkey_i64)
/* @end */

/* @section modc_ranked_u8 : MODC_RANKED modc_order_i32 modc_order_lanes_i32 modc_sort_key_u8 modc_sort_unkey_u8 */
MODC_RANKED(modc_ranked_u8, uint8_t, int32_t, int8_t, modc_order_i32, modc_order_lanes_i32, modc_sort_key_u8,
            modc_sort_unkey_u8)
/* @end */

/* @section modc_ranked_u16 : MODC_RANKED modc_order_i32 modc_order_lanes_i32 modc_sort_key_u16 modc_sort_unkey_u16 */
MODC_RANKED(modc_ranked_u16, uint16_t, int32_t, int16_t, modc_order_i32, modc_order_lanes_i32, modc_sort_key_u16,
            modc_sort_unkey_u16)
/* @end */

/* @section modc_ranked_u32 : MODC_RANKED modc_order_i32 modc_order_lanes_i32 modc_sort_key_u32 modc_sort_unkey_u32 */
MODC_RANKED(modc_ranked_u32, uint32_t, int32_t, int32_t, modc_order_i32, modc_order_lanes_i32, modc_sort_key_u32,
            modc_sort_unkey_u32)
/* @end */

/* @section modc_ranked_u64 : MODC_RANKED modc_order_i64 modc_order_lanes_i64 modc_sort_key_u64 modc_sort_unkey_u64 */
MODC_RANKED(modc_ranked_u64, uint64_t, int64_t, int64_t, modc_order_i64, modc_order_lanes_i64, modc_sort_key_u64,
            modc_sort_unkey_u64)
/* @end */

/* @section modc_ranked_b8 : MODC_RANKED modc_order_i32 modc_order_lanes_i32 modc_sort_key_b8 modc_sort_unkey_b8 */
MODC_RANKED(modc_ranked_b8, uint8_t, int32_t, int8_t, modc_order_i32, modc_order_lanes_i32, modc_sort_key_b8,
            modc_sort_unkey_b8)
/* @end */

#endif
