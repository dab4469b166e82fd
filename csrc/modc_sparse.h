/* modc_sparse.h: products and sums of sparse matrices in compressed rows.
 *
 * Input: indptr (rows + 1 positions: where the entries of each row begin, and the end), indices (the column of each
 * entry), the value of each entry, dense matrices in rows of `width` elements.  Output: dense matrices, or a value for
 * each entry.  Operands may be a batch: `data_step` and `x_step` elements apart, 0 for what is the same for all.
 * Used by: the rows csr_check, csr_rows, csr_sum, csr_tsum, csr_dot, csr_tdot and csr_sampled.
 *
 * Products look at the structure as they go and say whether it is one; of sums, modc_csr_check has said so before. Sums of a row go to 4 sums in turn where width is 1; with
 * more columns they are taken in the order of the entries. Integers wrap: they are added as unsigned ones.
 */
#ifndef MODC_SPARSE_H
#define MODC_SPARSE_H

#include <stdint.h>

#include "modc_bits.h"

/* @section MODC_CSR_CHECK */
/* Whether a structure is one; `wide` is the unsigned type of an index. */
#define MODC_CSR_CHECK(name, index, wide)                                                                              \
    static inline void name(int64_t starts, int64_t count, int64_t minor, const index *indptr, const index *indices,   \
                            uint8_t *ok) {                                                                             \
        int bad = starts < 1 || indptr[0] != 0 || indptr[starts - 1] != count;                                         \
        for (int64_t i = 1; i < starts; ++i) bad |= indptr[i] < indptr[i - 1];                                         \
        wide top = 0;                                                                                                  \
        for (int64_t e = 0; e < count; ++e) top = (wide)indices[e] > top ? (wide)indices[e] : top;                     \
        *ok = (uint8_t)(!bad && (count == 0 || (uint64_t)top < (uint64_t)minor));                                      \
    }
/* @end */

/* @section modc_csr_check_i32 : MODC_CSR_CHECK */
MODC_CSR_CHECK(modc_csr_check_i32, int32_t, uint32_t)
/* @end */

/* @section modc_csr_check_i64 : MODC_CSR_CHECK */
MODC_CSR_CHECK(modc_csr_check_i64, int64_t, uint64_t)
/* @end */

/* @section MODC_CSR_ROWS */
#define MODC_CSR_ROWS(name, index)                                                                                     \
    static inline void name(int64_t major, int64_t count, const index *indptr, index *row) {                           \
        for (int64_t i = 0; i < major; ++i)                                                                            \
            for (int64_t e = (int64_t)indptr[i]; e < (int64_t)indptr[i + 1] && e < count; ++e) row[e] = (index)i;      \
    }
/* @end */

/* @section modc_csr_rows_i32 : MODC_CSR_ROWS */
MODC_CSR_ROWS(modc_csr_rows_i32, int32_t)
/* @end */

/* @section modc_csr_rows_i64 : MODC_CSR_ROWS */
MODC_CSR_ROWS(modc_csr_rows_i64, int64_t)
/* @end */

/* @section MODC_CSR_SUM */
#define MODC_CSR_SUM(name, index, type, sum)                                                                           \
    static inline void name(int64_t batch, int64_t major, int64_t count, const index *indptr, const type *data,        \
                            type *y) {                                                                                 \
        for (int64_t b = 0; b < batch; ++b, data += count, y += major)                                                 \
            for (int64_t i = 0; i < major; ++i) {                                                                      \
                const int64_t end = (int64_t)indptr[i + 1];                                                            \
                int64_t e = (int64_t)indptr[i];                                                                        \
                sum s0 = 0, s1 = 0, s2 = 0, s3 = 0;                                                                    \
                for (; e + 4 <= end; e += 4) {                                                                         \
                    s0 += (sum)data[e];                                                                                \
                    s1 += (sum)data[e + 1];                                                                            \
                    s2 += (sum)data[e + 2];                                                                            \
                    s3 += (sum)data[e + 3];                                                                            \
                }                                                                                                      \
                for (; e < end; ++e) s0 += (sum)data[e];                                                               \
                y[i] = (type)((s0 + s1) + (s2 + s3));                                                                  \
            }                                                                                                          \
    }
/* @end */

/* @section MODC_CSR_TSUM */
/* Sums of the columns. */
#define MODC_CSR_TSUM(name, index, type, sum)                                                                          \
    static inline void name(int64_t batch, int64_t minor, int64_t count, const index *indices, const type *data,       \
                            type *y) {                                                                                 \
        for (int64_t b = 0; b < batch; ++b, data += count, y += minor) {                                               \
            for (int64_t k = 0; k < minor; ++k) y[k] = 0;                                                              \
            for (int64_t e = 0; e < count; ++e) y[indices[e]] = (type)((sum)y[indices[e]] + (sum)data[e]);             \
        }                                                                                                              \
    }
/* @end */

/* @section MODC_CSR_SOUND */
/* Whether rows from `first` to before `last` are entries of columns that exist; those in front are known to be. */
#define MODC_CSR_SOUND(name, index, wide)                                                                              \
    static inline int64_t name(int64_t first, int64_t last, int64_t minor, int64_t count, const index *indptr,         \
                               const index *indices) {                                                                 \
        int bad = (int64_t)indptr[last] > count;                                                                       \
        for (int64_t i = first; i < last; ++i) bad |= indptr[i + 1] < indptr[i];                                       \
        if (bad) return 0;                                                                                             \
        wide top = 0;                                                                                                  \
        for (int64_t e = (int64_t)indptr[first]; e < (int64_t)indptr[last]; ++e)                                       \
            top = (wide)indices[e] > top ? (wide)indices[e] : top;                                                     \
        return indptr[first] == indptr[last] || (uint64_t)top < (uint64_t)minor;                                       \
    }
/* @end */

/* @section modc_csr_sound_i32 : MODC_CSR_SOUND */
MODC_CSR_SOUND(modc_csr_sound_i32, int32_t, uint32_t)
/* @end */

/* @section modc_csr_sound_i64 : MODC_CSR_SOUND */
MODC_CSR_SOUND(modc_csr_sound_i64, int64_t, uint64_t)
/* @end */

/* @section MODC_CSR_DOT_BLOCK : modc_unrolled */
/* `n` columns at a time of a row of A x. */
#define MODC_CSR_DOT_BLOCK(n, type, sum)                                                                               \
    for (; k + n <= width; k += n) {                                                                                   \
        sum s[n] = {0};                                                                                                \
        for (int64_t e = begin; e < end; ++e) {                                                                        \
            const type *const from = x + (int64_t)indices[e] * width + k;                                              \
            modc_unrolled for (int j = 0; j < n; ++j) s[j] += (sum)data[e] * (sum)from[j];                             \
        }                                                                                                              \
        modc_unrolled for (int j = 0; j < n; ++j) row[k + j] = (type)s[j];                                             \
    }
/* @end */

/* @section MODC_CSR_DOT : MODC_CSR_DOT_BLOCK */
/* y = A x: entry by entry where x has one column, else 16, 8, 4, 2 or 1 columns of a row at a time. The structure is looked
 * at on the way, 128 rows at a time, and nothing is done with what is none; `sound` is the function that looks. */
#define MODC_CSR_DOT(name, index, type, sum, sound)                                                                    \
    static inline void name##_column(int64_t first, int64_t last, const index *indptr, const index *indices,           \
                                     const type *data, const type *x, type *y) {                                       \
        for (int64_t i = first; i < last; ++i) {                                                                       \
            const int64_t end = (int64_t)indptr[i + 1];                                                                \
            int64_t e = (int64_t)indptr[i];                                                                            \
            sum s0 = 0, s1 = 0, s2 = 0, s3 = 0;                                                                        \
            for (; e + 4 <= end; e += 4) {                                                                             \
                s0 += (sum)data[e] * (sum)x[indices[e]];                                                               \
                s1 += (sum)data[e + 1] * (sum)x[indices[e + 1]];                                                       \
                s2 += (sum)data[e + 2] * (sum)x[indices[e + 2]];                                                       \
                s3 += (sum)data[e + 3] * (sum)x[indices[e + 3]];                                                       \
            }                                                                                                          \
            for (; e < end; ++e) s0 += (sum)data[e] * (sum)x[indices[e]];                                              \
            y[i] = (type)((s0 + s1) + (s2 + s3));                                                                      \
        }                                                                                                              \
    }                                                                                                                  \
    static inline void name(int64_t batch, int64_t data_step, int64_t x_step, int64_t major, int64_t minor,            \
                            int64_t count, int64_t width, const index *indptr, const index *indices, const type *data, \
                            const type *x, type *y, int64_t *ok) {                                                     \
        *ok = major >= 0 && indptr[0] == 0 && (int64_t)indptr[major] == count;                                         \
        for (int64_t b = 0; b < batch; ++b, data += data_step, x += x_step, y += major * width)                        \
            for (int64_t first = 0; *ok && first < major; first += 128) {                                              \
                const int64_t last = major - first < 128 ? major : first + 128;                                        \
                if (b == 0) *ok = sound(first, last, minor, count, indptr, indices);                                   \
                if (!*ok) return;                                                                                      \
                if (width == 1) {                                                                                      \
                    name##_column(first, last, indptr, indices, data, x, y);                                           \
                    continue;                                                                                          \
                }                                                                                                      \
                for (int64_t i = first; i < last; ++i) {                                                               \
                    const int64_t begin = (int64_t)indptr[i], end = (int64_t)indptr[i + 1];                            \
                    type *const row = y + i * width;                                                                   \
                    int64_t k = 0;                                                                                     \
                    MODC_CSR_DOT_BLOCK(16, type, sum)                                                                  \
                    MODC_CSR_DOT_BLOCK(8, type, sum)                                                                   \
                    MODC_CSR_DOT_BLOCK(4, type, sum)                                                                   \
                    MODC_CSR_DOT_BLOCK(2, type, sum)                                                                   \
                    MODC_CSR_DOT_BLOCK(1, type, sum)                                                                   \
                }                                                                                                      \
            }                                                                                                          \
    }
/* @end */

/* @section MODC_CSR_TDOT_BLOCK : modc_unrolled */
/* `n` columns at a time of what a row of x adds to A' x. */
#define MODC_CSR_TDOT_BLOCK(n, type, sum)                                                                              \
    for (; k + n <= width; k += n) {                                                                                   \
        type kept[n], found[n];                                                                                        \
        modc_unrolled for (int j = 0; j < n; ++j) kept[j] = from[k + j];                                               \
        for (int64_t e = begin; e < end; ++e) {                                                                        \
            type *const row = y + (int64_t)indices[e] * width + k;                                                     \
            modc_unrolled for (int j = 0; j < n; ++j) found[j] = (type)((sum)row[j] + (sum)data[e] * (sum)kept[j]);    \
            modc_unrolled for (int j = 0; j < n; ++j) row[j] = found[j];                                               \
        }                                                                                                              \
    }
/* @end */

/* @section MODC_CSR_TDOT : MODC_CSR_TDOT_BLOCK */
/* y = A' x: each entry adds a row of x to a row of y, 16, 8, 4, 2 or 1 columns at a time; structures as in MODC_CSR_DOT. */
#define MODC_CSR_TDOT(name, index, type, sum, sound)                                                                   \
    static inline void name(int64_t batch, int64_t data_step, int64_t x_step, int64_t major, int64_t minor,            \
                            int64_t count, int64_t width, const index *indptr, const index *indices, const type *data, \
                            const type *x, type *y, int64_t *ok) {                                                     \
        *ok = major >= 0 && indptr[0] == 0 && (int64_t)indptr[major] == count;                                         \
        for (int64_t b = 0; b < batch; ++b, data += data_step, x += x_step, y += minor * width) {                      \
            for (int64_t k = 0; k < minor * width; ++k) y[k] = 0;                                                      \
            for (int64_t first = 0; *ok && first < major; first += 128) {                                              \
                const int64_t last = major - first < 128 ? major : first + 128;                                        \
                if (b == 0) *ok = sound(first, last, minor, count, indptr, indices);                                   \
                if (!*ok) return;                                                                                      \
                for (int64_t i = first; i < last; ++i) {                                                               \
                    const int64_t begin = (int64_t)indptr[i], end = (int64_t)indptr[i + 1];                            \
                    const type *const from = x + i * width;                                                            \
                    int64_t k = 0;                                                                                     \
                    MODC_CSR_TDOT_BLOCK(16, type, sum)                                                                 \
                    MODC_CSR_TDOT_BLOCK(8, type, sum)                                                                  \
                    MODC_CSR_TDOT_BLOCK(4, type, sum)                                                                  \
                    MODC_CSR_TDOT_BLOCK(2, type, sum)                                                                  \
                    MODC_CSR_TDOT_BLOCK(1, type, sum)                                                                  \
                }                                                                                                      \
            }                                                                                                          \
        }                                                                                                              \
    }
/* @end */

/* @section MODC_CSR_SAMPLED : modc_unrolled */
/* For each entry the product of a row of one matrix and a row of another, in 8 sums in turn; structures as in MODC_CSR_DOT. */
#define MODC_CSR_SAMPLED(name, index, type, sum, sound)                                                                \
    static inline void name(int64_t batch, int64_t left_step, int64_t right_step, int64_t major, int64_t minor,        \
                            int64_t count, int64_t width, const index *indptr, const index *indices, const type *left, \
                            const type *right, type *found, int64_t *ok) {                                             \
        *ok = major >= 0 && indptr[0] == 0 && (int64_t)indptr[major] == count;                                         \
        for (int64_t b = 0; b < batch; ++b, left += left_step, right += right_step, found += count)                    \
            for (int64_t i = 0; *ok && i < major; ++i) {                                                               \
                if (b == 0 && i % 128 == 0)                                                                            \
                    *ok = sound(i, major - i < 128 ? major : i + 128, minor, count, indptr, indices);                  \
                if (!*ok) return;                                                                                      \
                const int64_t end = (int64_t)indptr[i + 1];                                                            \
                const type *const from = left + i * width;                                                             \
                for (int64_t e = (int64_t)indptr[i]; e < end; ++e) {                                                   \
                    const type *const to = right + (int64_t)indices[e] * width;                                        \
                    sum s[8] = {0}, rest = 0;                                                                          \
                    int64_t k = 0;                                                                                     \
                    for (; k + 8 <= width; k += 8)                                                                     \
                        modc_unrolled for (int j = 0; j < 8; ++j) s[j] += (sum)from[k + j] * (sum)to[k + j];           \
                    for (; k < width; ++k) rest += (sum)from[k] * (sum)to[k];                                          \
                    if (width >= 8)                                                                                    \
                        rest += ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]));                     \
                    found[e] = (type)rest;                                                                             \
                }                                                                                                      \
            }                                                                                                          \
    }
/* @end */

/* @section modc_csr_sum_i32_f64 : MODC_CSR_SUM */
MODC_CSR_SUM(modc_csr_sum_i32_f64, int32_t, double, double)
/* @end */

/* @section modc_csr_sum_i32_f32 : MODC_CSR_SUM */
MODC_CSR_SUM(modc_csr_sum_i32_f32, int32_t, float, float)
/* @end */

/* @section modc_csr_sum_i32_i64 : MODC_CSR_SUM */
MODC_CSR_SUM(modc_csr_sum_i32_i64, int32_t, int64_t, uint64_t)
/* @end */

/* @section modc_csr_sum_i64_f64 : MODC_CSR_SUM */
MODC_CSR_SUM(modc_csr_sum_i64_f64, int64_t, double, double)
/* @end */

/* @section modc_csr_sum_i64_f32 : MODC_CSR_SUM */
MODC_CSR_SUM(modc_csr_sum_i64_f32, int64_t, float, float)
/* @end */

/* @section modc_csr_sum_i64_i64 : MODC_CSR_SUM */
MODC_CSR_SUM(modc_csr_sum_i64_i64, int64_t, int64_t, uint64_t)
/* @end */

/* @section modc_csr_dot_i32_f64 : MODC_CSR_DOT modc_csr_sound_i32 */
MODC_CSR_DOT(modc_csr_dot_i32_f64, int32_t, double, double, modc_csr_sound_i32)
/* @end */

/* @section modc_csr_dot_i32_f32 : MODC_CSR_DOT modc_csr_sound_i32 */
MODC_CSR_DOT(modc_csr_dot_i32_f32, int32_t, float, float, modc_csr_sound_i32)
/* @end */

/* @section modc_csr_dot_i32_i64 : MODC_CSR_DOT modc_csr_sound_i32 */
MODC_CSR_DOT(modc_csr_dot_i32_i64, int32_t, int64_t, uint64_t, modc_csr_sound_i32)
/* @end */

/* @section modc_csr_dot_i64_f64 : MODC_CSR_DOT modc_csr_sound_i64 */
MODC_CSR_DOT(modc_csr_dot_i64_f64, int64_t, double, double, modc_csr_sound_i64)
/* @end */

/* @section modc_csr_dot_i64_f32 : MODC_CSR_DOT modc_csr_sound_i64 */
MODC_CSR_DOT(modc_csr_dot_i64_f32, int64_t, float, float, modc_csr_sound_i64)
/* @end */

/* @section modc_csr_dot_i64_i64 : MODC_CSR_DOT modc_csr_sound_i64 */
MODC_CSR_DOT(modc_csr_dot_i64_i64, int64_t, int64_t, uint64_t, modc_csr_sound_i64)
/* @end */

/* @section modc_csr_tdot_i32_f64 : MODC_CSR_TDOT modc_csr_sound_i32 */
MODC_CSR_TDOT(modc_csr_tdot_i32_f64, int32_t, double, double, modc_csr_sound_i32)
/* @end */

/* @section modc_csr_tdot_i32_f32 : MODC_CSR_TDOT modc_csr_sound_i32 */
MODC_CSR_TDOT(modc_csr_tdot_i32_f32, int32_t, float, float, modc_csr_sound_i32)
/* @end */

/* @section modc_csr_tdot_i32_i64 : MODC_CSR_TDOT modc_csr_sound_i32 */
MODC_CSR_TDOT(modc_csr_tdot_i32_i64, int32_t, int64_t, uint64_t, modc_csr_sound_i32)
/* @end */

/* @section modc_csr_tdot_i64_f64 : MODC_CSR_TDOT modc_csr_sound_i64 */
MODC_CSR_TDOT(modc_csr_tdot_i64_f64, int64_t, double, double, modc_csr_sound_i64)
/* @end */

/* @section modc_csr_tdot_i64_f32 : MODC_CSR_TDOT modc_csr_sound_i64 */
MODC_CSR_TDOT(modc_csr_tdot_i64_f32, int64_t, float, float, modc_csr_sound_i64)
/* @end */

/* @section modc_csr_tdot_i64_i64 : MODC_CSR_TDOT modc_csr_sound_i64 */
MODC_CSR_TDOT(modc_csr_tdot_i64_i64, int64_t, int64_t, uint64_t, modc_csr_sound_i64)
/* @end */

/* @section modc_csr_sampled_i32_f64 : MODC_CSR_SAMPLED modc_csr_sound_i32 */
MODC_CSR_SAMPLED(modc_csr_sampled_i32_f64, int32_t, double, double, modc_csr_sound_i32)
/* @end */

/* @section modc_csr_sampled_i32_f32 : MODC_CSR_SAMPLED modc_csr_sound_i32 */
MODC_CSR_SAMPLED(modc_csr_sampled_i32_f32, int32_t, float, float, modc_csr_sound_i32)
/* @end */

/* @section modc_csr_sampled_i32_i64 : MODC_CSR_SAMPLED modc_csr_sound_i32 */
MODC_CSR_SAMPLED(modc_csr_sampled_i32_i64, int32_t, int64_t, uint64_t, modc_csr_sound_i32)
/* @end */

/* @section modc_csr_sampled_i64_f64 : MODC_CSR_SAMPLED modc_csr_sound_i64 */
MODC_CSR_SAMPLED(modc_csr_sampled_i64_f64, int64_t, double, double, modc_csr_sound_i64)
/* @end */

/* @section modc_csr_sampled_i64_f32 : MODC_CSR_SAMPLED modc_csr_sound_i64 */
MODC_CSR_SAMPLED(modc_csr_sampled_i64_f32, int64_t, float, float, modc_csr_sound_i64)
/* @end */

/* @section modc_csr_sampled_i64_i64 : MODC_CSR_SAMPLED modc_csr_sound_i64 */
MODC_CSR_SAMPLED(modc_csr_sampled_i64_i64, int64_t, int64_t, uint64_t, modc_csr_sound_i64)
/* @end */

/* @section modc_csr_tsum_i32_f64 : MODC_CSR_TSUM */
MODC_CSR_TSUM(modc_csr_tsum_i32_f64, int32_t, double, double)
/* @end */

/* @section modc_csr_tsum_i32_f32 : MODC_CSR_TSUM */
MODC_CSR_TSUM(modc_csr_tsum_i32_f32, int32_t, float, float)
/* @end */

/* @section modc_csr_tsum_i32_i64 : MODC_CSR_TSUM */
MODC_CSR_TSUM(modc_csr_tsum_i32_i64, int32_t, int64_t, uint64_t)
/* @end */

/* @section modc_csr_tsum_i64_f64 : MODC_CSR_TSUM */
MODC_CSR_TSUM(modc_csr_tsum_i64_f64, int64_t, double, double)
/* @end */

/* @section modc_csr_tsum_i64_f32 : MODC_CSR_TSUM */
MODC_CSR_TSUM(modc_csr_tsum_i64_f32, int64_t, float, float)
/* @end */

/* @section modc_csr_tsum_i64_i64 : MODC_CSR_TSUM */
MODC_CSR_TSUM(modc_csr_tsum_i64_i64, int64_t, int64_t, uint64_t)
/* @end */

#endif
