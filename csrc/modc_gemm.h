/* modc_gemm.h: matrix products of small and middle size, one thread, no allocation.
 *
 * Input: row-major matrices with row pitches.  Output: C = alpha op(A) op(B) + beta C.
 * Used by: the emitted kernels, where no BLAS is taken.
 *
 * The bits of a result depend on the operands and on whether the CPU level has fused multiply-adds, never on
 * the vector width, the shape's remainders or the path taken: each element's products are added in order of k
 * (dot products of rows that lie in memory without gaps in 32 lanes, where there is one column only).
 * The vectors are the GNU C extension (gcc, clang); other compilers, and -DMODC_PLAIN_LOOPS, take
 * plain loops with the same bits.
 */
#ifndef MODC_GEMM_H
#define MODC_GEMM_H

#include <stdint.h>

#include "modc_gemv.h"
#include "modc_math.h"

/* @section modc_gemm_f64 : modc_fma_f64 modc_store_f64 modc_column_f64 */
#if defined(__GNUC__) && !defined(MODC_PLAIN_LOOPS)
#if defined(__AVX512F__)
enum { modc_lanes_f64 = 8 };
#elif defined(__AVX__)
enum { modc_lanes_f64 = 4 };
#else
enum { modc_lanes_f64 = 2 };
#endif
typedef double modc_vector_f64 __attribute__((vector_size(modc_lanes_f64 * sizeof(double)), aligned(8), may_alias));
/* Products of a tile are fused where the CPU level has the instruction, as modc_fma_f64; nothing else is. */
#if defined(__clang__)
#define MODC_FUSED_F64
#define MODC_CONTRACT_F64 _Pragma("clang fp contract(fast)")
#else
#define MODC_FUSED_F64 __attribute__((noinline, optimize("fp-contract=fast")))
#define MODC_CONTRACT_F64
#endif
#if defined(__AVX512F__)
MODC_FUSED_F64
static void modc_tile8x2_f64(int64_t depth, const double *const *row, int64_t step,
                           const double *b, int64_t ldb, double *out) {
    MODC_CONTRACT_F64
    const double *p0 = row[0], *p1 = row[1], *p2 = row[2], *p3 = row[3];
    const double *p4 = row[4], *p5 = row[5], *p6 = row[6], *p7 = row[7];
    modc_vector_f64 x0 = {0}, x1 = {0}, x2 = {0}, x3 = {0}, x4 = {0}, x5 = {0}, x6 = {0}, x7 = {0};
    modc_vector_f64 y0 = {0}, y1 = {0}, y2 = {0}, y3 = {0}, y4 = {0}, y5 = {0}, y6 = {0}, y7 = {0};
    for (int64_t k = 0, at = 0; k < depth; ++k, at += step, b += ldb) {
        const modc_vector_f64 u = *(const modc_vector_f64 *)b, v = *(const modc_vector_f64 *)(b + modc_lanes_f64);
        x0 += p0[at] * u; y0 += p0[at] * v;
        x1 += p1[at] * u; y1 += p1[at] * v;
        x2 += p2[at] * u; y2 += p2[at] * v;
        x3 += p3[at] * u; y3 += p3[at] * v;
        x4 += p4[at] * u; y4 += p4[at] * v;
        x5 += p5[at] * u; y5 += p5[at] * v;
        x6 += p6[at] * u; y6 += p6[at] * v;
        x7 += p7[at] * u; y7 += p7[at] * v;
    }
    *(modc_vector_f64 *)(out + 0 * modc_lanes_f64) = x0; *(modc_vector_f64 *)(out + 1 * modc_lanes_f64) = y0;
    *(modc_vector_f64 *)(out + 2 * modc_lanes_f64) = x1; *(modc_vector_f64 *)(out + 3 * modc_lanes_f64) = y1;
    *(modc_vector_f64 *)(out + 4 * modc_lanes_f64) = x2; *(modc_vector_f64 *)(out + 5 * modc_lanes_f64) = y2;
    *(modc_vector_f64 *)(out + 6 * modc_lanes_f64) = x3; *(modc_vector_f64 *)(out + 7 * modc_lanes_f64) = y3;
    *(modc_vector_f64 *)(out + 8 * modc_lanes_f64) = x4; *(modc_vector_f64 *)(out + 9 * modc_lanes_f64) = y4;
    *(modc_vector_f64 *)(out + 10 * modc_lanes_f64) = x5; *(modc_vector_f64 *)(out + 11 * modc_lanes_f64) = y5;
    *(modc_vector_f64 *)(out + 12 * modc_lanes_f64) = x6; *(modc_vector_f64 *)(out + 13 * modc_lanes_f64) = y6;
    *(modc_vector_f64 *)(out + 14 * modc_lanes_f64) = x7; *(modc_vector_f64 *)(out + 15 * modc_lanes_f64) = y7;
}
#endif
MODC_FUSED_F64
static void modc_tile4x2_f64(int64_t depth, const double *const *row, int64_t step,
                           const double *b, int64_t ldb, double *out) {
    MODC_CONTRACT_F64
    const double *p0 = row[0], *p1 = row[1], *p2 = row[2], *p3 = row[3];
    modc_vector_f64 x0 = {0}, x1 = {0}, x2 = {0}, x3 = {0};
    modc_vector_f64 y0 = {0}, y1 = {0}, y2 = {0}, y3 = {0};
    for (int64_t k = 0, at = 0; k < depth; ++k, at += step, b += ldb) {
        const modc_vector_f64 u = *(const modc_vector_f64 *)b, v = *(const modc_vector_f64 *)(b + modc_lanes_f64);
        x0 += p0[at] * u; y0 += p0[at] * v;
        x1 += p1[at] * u; y1 += p1[at] * v;
        x2 += p2[at] * u; y2 += p2[at] * v;
        x3 += p3[at] * u; y3 += p3[at] * v;
    }
    *(modc_vector_f64 *)(out + 0 * modc_lanes_f64) = x0; *(modc_vector_f64 *)(out + 1 * modc_lanes_f64) = y0;
    *(modc_vector_f64 *)(out + 2 * modc_lanes_f64) = x1; *(modc_vector_f64 *)(out + 3 * modc_lanes_f64) = y1;
    *(modc_vector_f64 *)(out + 4 * modc_lanes_f64) = x2; *(modc_vector_f64 *)(out + 5 * modc_lanes_f64) = y2;
    *(modc_vector_f64 *)(out + 6 * modc_lanes_f64) = x3; *(modc_vector_f64 *)(out + 7 * modc_lanes_f64) = y3;
}
MODC_FUSED_F64
static void modc_tile8x1_f64(int64_t depth, const double *const *row, int64_t step,
                           const double *b, int64_t ldb, double *out) {
    MODC_CONTRACT_F64
    const double *p0 = row[0], *p1 = row[1], *p2 = row[2], *p3 = row[3];
    const double *p4 = row[4], *p5 = row[5], *p6 = row[6], *p7 = row[7];
    modc_vector_f64 x0 = {0}, x1 = {0}, x2 = {0}, x3 = {0}, x4 = {0}, x5 = {0}, x6 = {0}, x7 = {0};
    for (int64_t k = 0, at = 0; k < depth; ++k, at += step, b += ldb) {
        const modc_vector_f64 u = *(const modc_vector_f64 *)b;
        x0 += p0[at] * u;
        x1 += p1[at] * u;
        x2 += p2[at] * u;
        x3 += p3[at] * u;
        x4 += p4[at] * u;
        x5 += p5[at] * u;
        x6 += p6[at] * u;
        x7 += p7[at] * u;
    }
    *(modc_vector_f64 *)(out + 0 * modc_lanes_f64) = x0;
    *(modc_vector_f64 *)(out + 2 * modc_lanes_f64) = x1;
    *(modc_vector_f64 *)(out + 4 * modc_lanes_f64) = x2;
    *(modc_vector_f64 *)(out + 6 * modc_lanes_f64) = x3;
    *(modc_vector_f64 *)(out + 8 * modc_lanes_f64) = x4;
    *(modc_vector_f64 *)(out + 10 * modc_lanes_f64) = x5;
    *(modc_vector_f64 *)(out + 12 * modc_lanes_f64) = x6;
    *(modc_vector_f64 *)(out + 14 * modc_lanes_f64) = x7;
}
#else
enum { modc_lanes_f64 = 4 };
#endif

/* out = 8 rows of op(A) times a panel of 1 or 2 vectors; rows from `rows` on repeat the first. */
static void modc_tile_f64(int64_t rows, int64_t wide, int64_t depth, const double *a, int64_t down, int64_t step,
                          const double *b, int64_t ldb, double *out) {
#if defined(__GNUC__) && !defined(MODC_PLAIN_LOOPS)
    const double *row[8];
    for (int r = 0; r < 8; ++r) row[r] = r < rows ? a + r * down : a;
    if (wide == 1) {
        modc_tile8x1_f64(depth, row, step, b, ldb, out);
        return;
    }
#if defined(__AVX512F__)
    if (rows > 4) {
        modc_tile8x2_f64(depth, row, step, b, ldb, out);
        return;
    }
#endif
    modc_tile4x2_f64(depth, row, step, b, ldb, out);
    if (rows > 4) modc_tile4x2_f64(depth, row + 4, step, b, ldb, out + 8 * modc_lanes_f64);
#else
    for (int64_t r = 0; r < rows; ++r)
        for (int64_t j = 0; j < wide * modc_lanes_f64; ++j) {
            double sum = 0;
            for (int64_t k = 0; k < depth; ++k) sum = modc_fma_f64(a[r * down + k * step], b[k * ldb + j], sum);
            out[r * 2 * modc_lanes_f64 + j] = sum;
        }
#endif
}

/* Rows of one panel, each of one or two whole vectors; what stands behind n columns is of no use.
 * A row is read past its end where that stays before `end`. */
static void modc_pack_f64(int tb, int64_t n, int64_t wide, int64_t depth, const double *b, int64_t ldb,
                          const double *end, double *panel) {
    const int64_t next = wide * modc_lanes_f64;
    if (tb) {
        for (int64_t j = 0; j < n; ++j)
            for (int64_t k = 0; k < depth; ++k) panel[k * next + j] = b[j * ldb + k];
        for (int64_t j = n; j < next; ++j)
            for (int64_t k = 0; k < depth; ++k) panel[k * next + j] = 0;
        return;
    }
    for (int64_t k = 0; k < depth; ++k, panel += next) {
        const double *row = b + k * ldb;
        if (end - row >= 2 * modc_lanes_f64)
            for (int64_t j = 0; j < 2 * modc_lanes_f64; ++j) panel[j] = row[j];
        else
            for (int64_t j = 0; j < next; ++j) panel[j] = j < n ? row[j] : 0;
    }
}

/* C = alpha op(A) op(B) + beta C, row-major; op(X) is X or, where its flag is set, X transposed; op(A) is M by K.
 * beta = 0 only writes C.  C overlaps neither A nor B.
 * Every element adds its K products in order, in blocks of 128: C = alpha block + beta C, then C += alpha block;
 * but a dot product of rows without gaps (one column, K >= 32) runs in 32 lanes.
 * The transposed equation is solved where it fills vectors better or has less to transpose. */
static inline void modc_gemm_f64(int ta, int tb, int64_t M, int64_t N, int64_t K, double alpha, const double *A,
                                 int64_t lda, const double *B, int64_t ldb, double beta, double *C, int64_t ldc) {
    if (K >= 32 && N == 1 && !ta && (tb || ldb == 1)) {
        modc_column_f64(M, K, alpha, A, lda, B, beta, C, ldc);
        return;
    }
    if (K >= 32 && M == 1 && tb && (!ta || lda == 1)) {
        modc_column_f64(N, K, alpha, B, ldb, A, beta, C, 1);
        return;
    }
    const int64_t lanes = modc_lanes_f64, width = 2 * lanes;
    const int64_t vm = (M + lanes - 1) / lanes, vn = (N + lanes - 1) / lanes; /* costs in vector operations */
    const int64_t plain = K * ((tb ? 3 * N : 0) + M * vn) + 2 * M * vn;
    const int swap = K * ((ta ? 0 : 3 * M) + N * vm) + 3 * M * N < plain;
    const int64_t rows = swap ? N : M, columns = swap ? M : N;
    const double *const a = swap ? B : A, *const b = swap ? A : B;
    const int along = swap ? !tb : ta, across = swap ? !ta : tb;
    const int64_t pa = swap ? ldb : lda, pb = swap ? lda : ldb;
    const int64_t down = along ? 1 : pa, step = along ? pa : 1;
    double panel[129 * 2 * modc_lanes_f64], out[16 * modc_lanes_f64];
    for (int64_t j0 = 0; j0 < columns; j0 += width) {
        const int64_t n = columns - j0 < width ? columns - j0 : width, wide = n > lanes ? 2 : 1;
        double keep = beta;
        int64_t k0 = 0;
        do {
            const int64_t depth = K - k0 < 128 ? K - k0 : 128;
            const double *part = across ? b + j0 * pb + k0 : b + k0 * pb + j0;
            int64_t next = pb;
            if (across || n < wide * lanes || rows > 24) {
                next = wide * lanes;
                modc_pack_f64(across, n, wide, depth, part, pb, b + (K - 1) * pb + columns, panel);
                part = panel;
            }
            for (int64_t i0 = 0; i0 < rows; i0 += 8) {
                const int64_t m = rows - i0 < 8 ? rows - i0 : 8;
                modc_tile_f64(m, wide, depth, a + i0 * down + k0 * step, down, step, part, next, out);
                modc_store_f64(m, n, alpha, out, width, keep, C + (swap ? j0 * ldc + i0 : i0 * ldc + j0), swap ? 1 : ldc,
                             swap ? ldc : 1);
            }
            keep = 1;
            k0 += 128;
        } while (k0 < K);
    }
}
/* @end */

/* @section modc_gemm_f32 : modc_fma_f32 modc_store_f32 modc_column_f32 */
#if defined(__GNUC__) && !defined(MODC_PLAIN_LOOPS)
#if defined(__AVX512F__)
enum { modc_lanes_f32 = 16 };
#elif defined(__AVX__)
enum { modc_lanes_f32 = 8 };
#else
enum { modc_lanes_f32 = 4 };
#endif
typedef float modc_vector_f32 __attribute__((vector_size(modc_lanes_f32 * sizeof(float)), aligned(4), may_alias));
/* Products of a tile are fused where the CPU level has the instruction, as modc_fma_f32; nothing else is. */
#if defined(__clang__)
#define MODC_FUSED_F32
#define MODC_CONTRACT_F32 _Pragma("clang fp contract(fast)")
#else
#define MODC_FUSED_F32 __attribute__((noinline, optimize("fp-contract=fast")))
#define MODC_CONTRACT_F32
#endif
#if defined(__AVX512F__)
MODC_FUSED_F32
static void modc_tile8x2_f32(int64_t depth, const float *const *row, int64_t step,
                           const float *b, int64_t ldb, float *out) {
    MODC_CONTRACT_F32
    const float *p0 = row[0], *p1 = row[1], *p2 = row[2], *p3 = row[3];
    const float *p4 = row[4], *p5 = row[5], *p6 = row[6], *p7 = row[7];
    modc_vector_f32 x0 = {0}, x1 = {0}, x2 = {0}, x3 = {0}, x4 = {0}, x5 = {0}, x6 = {0}, x7 = {0};
    modc_vector_f32 y0 = {0}, y1 = {0}, y2 = {0}, y3 = {0}, y4 = {0}, y5 = {0}, y6 = {0}, y7 = {0};
    for (int64_t k = 0, at = 0; k < depth; ++k, at += step, b += ldb) {
        const modc_vector_f32 u = *(const modc_vector_f32 *)b, v = *(const modc_vector_f32 *)(b + modc_lanes_f32);
        x0 += p0[at] * u; y0 += p0[at] * v;
        x1 += p1[at] * u; y1 += p1[at] * v;
        x2 += p2[at] * u; y2 += p2[at] * v;
        x3 += p3[at] * u; y3 += p3[at] * v;
        x4 += p4[at] * u; y4 += p4[at] * v;
        x5 += p5[at] * u; y5 += p5[at] * v;
        x6 += p6[at] * u; y6 += p6[at] * v;
        x7 += p7[at] * u; y7 += p7[at] * v;
    }
    *(modc_vector_f32 *)(out + 0 * modc_lanes_f32) = x0; *(modc_vector_f32 *)(out + 1 * modc_lanes_f32) = y0;
    *(modc_vector_f32 *)(out + 2 * modc_lanes_f32) = x1; *(modc_vector_f32 *)(out + 3 * modc_lanes_f32) = y1;
    *(modc_vector_f32 *)(out + 4 * modc_lanes_f32) = x2; *(modc_vector_f32 *)(out + 5 * modc_lanes_f32) = y2;
    *(modc_vector_f32 *)(out + 6 * modc_lanes_f32) = x3; *(modc_vector_f32 *)(out + 7 * modc_lanes_f32) = y3;
    *(modc_vector_f32 *)(out + 8 * modc_lanes_f32) = x4; *(modc_vector_f32 *)(out + 9 * modc_lanes_f32) = y4;
    *(modc_vector_f32 *)(out + 10 * modc_lanes_f32) = x5; *(modc_vector_f32 *)(out + 11 * modc_lanes_f32) = y5;
    *(modc_vector_f32 *)(out + 12 * modc_lanes_f32) = x6; *(modc_vector_f32 *)(out + 13 * modc_lanes_f32) = y6;
    *(modc_vector_f32 *)(out + 14 * modc_lanes_f32) = x7; *(modc_vector_f32 *)(out + 15 * modc_lanes_f32) = y7;
}
#endif
MODC_FUSED_F32
static void modc_tile4x2_f32(int64_t depth, const float *const *row, int64_t step,
                           const float *b, int64_t ldb, float *out) {
    MODC_CONTRACT_F32
    const float *p0 = row[0], *p1 = row[1], *p2 = row[2], *p3 = row[3];
    modc_vector_f32 x0 = {0}, x1 = {0}, x2 = {0}, x3 = {0};
    modc_vector_f32 y0 = {0}, y1 = {0}, y2 = {0}, y3 = {0};
    for (int64_t k = 0, at = 0; k < depth; ++k, at += step, b += ldb) {
        const modc_vector_f32 u = *(const modc_vector_f32 *)b, v = *(const modc_vector_f32 *)(b + modc_lanes_f32);
        x0 += p0[at] * u; y0 += p0[at] * v;
        x1 += p1[at] * u; y1 += p1[at] * v;
        x2 += p2[at] * u; y2 += p2[at] * v;
        x3 += p3[at] * u; y3 += p3[at] * v;
    }
    *(modc_vector_f32 *)(out + 0 * modc_lanes_f32) = x0; *(modc_vector_f32 *)(out + 1 * modc_lanes_f32) = y0;
    *(modc_vector_f32 *)(out + 2 * modc_lanes_f32) = x1; *(modc_vector_f32 *)(out + 3 * modc_lanes_f32) = y1;
    *(modc_vector_f32 *)(out + 4 * modc_lanes_f32) = x2; *(modc_vector_f32 *)(out + 5 * modc_lanes_f32) = y2;
    *(modc_vector_f32 *)(out + 6 * modc_lanes_f32) = x3; *(modc_vector_f32 *)(out + 7 * modc_lanes_f32) = y3;
}
MODC_FUSED_F32
static void modc_tile8x1_f32(int64_t depth, const float *const *row, int64_t step,
                           const float *b, int64_t ldb, float *out) {
    MODC_CONTRACT_F32
    const float *p0 = row[0], *p1 = row[1], *p2 = row[2], *p3 = row[3];
    const float *p4 = row[4], *p5 = row[5], *p6 = row[6], *p7 = row[7];
    modc_vector_f32 x0 = {0}, x1 = {0}, x2 = {0}, x3 = {0}, x4 = {0}, x5 = {0}, x6 = {0}, x7 = {0};
    for (int64_t k = 0, at = 0; k < depth; ++k, at += step, b += ldb) {
        const modc_vector_f32 u = *(const modc_vector_f32 *)b;
        x0 += p0[at] * u;
        x1 += p1[at] * u;
        x2 += p2[at] * u;
        x3 += p3[at] * u;
        x4 += p4[at] * u;
        x5 += p5[at] * u;
        x6 += p6[at] * u;
        x7 += p7[at] * u;
    }
    *(modc_vector_f32 *)(out + 0 * modc_lanes_f32) = x0;
    *(modc_vector_f32 *)(out + 2 * modc_lanes_f32) = x1;
    *(modc_vector_f32 *)(out + 4 * modc_lanes_f32) = x2;
    *(modc_vector_f32 *)(out + 6 * modc_lanes_f32) = x3;
    *(modc_vector_f32 *)(out + 8 * modc_lanes_f32) = x4;
    *(modc_vector_f32 *)(out + 10 * modc_lanes_f32) = x5;
    *(modc_vector_f32 *)(out + 12 * modc_lanes_f32) = x6;
    *(modc_vector_f32 *)(out + 14 * modc_lanes_f32) = x7;
}
#else
enum { modc_lanes_f32 = 8 };
#endif

/* out = 8 rows of op(A) times a panel of 1 or 2 vectors; rows from `rows` on repeat the first. */
static void modc_tile_f32(int64_t rows, int64_t wide, int64_t depth, const float *a, int64_t down, int64_t step,
                          const float *b, int64_t ldb, float *out) {
#if defined(__GNUC__) && !defined(MODC_PLAIN_LOOPS)
    const float *row[8];
    for (int r = 0; r < 8; ++r) row[r] = r < rows ? a + r * down : a;
    if (wide == 1) {
        modc_tile8x1_f32(depth, row, step, b, ldb, out);
        return;
    }
#if defined(__AVX512F__)
    if (rows > 4) {
        modc_tile8x2_f32(depth, row, step, b, ldb, out);
        return;
    }
#endif
    modc_tile4x2_f32(depth, row, step, b, ldb, out);
    if (rows > 4) modc_tile4x2_f32(depth, row + 4, step, b, ldb, out + 8 * modc_lanes_f32);
#else
    for (int64_t r = 0; r < rows; ++r)
        for (int64_t j = 0; j < wide * modc_lanes_f32; ++j) {
            float sum = 0;
            for (int64_t k = 0; k < depth; ++k) sum = modc_fma_f32(a[r * down + k * step], b[k * ldb + j], sum);
            out[r * 2 * modc_lanes_f32 + j] = sum;
        }
#endif
}

/* Rows of one panel, each of one or two whole vectors; what stands behind n columns is of no use.
 * A row is read past its end where that stays before `end`. */
static void modc_pack_f32(int tb, int64_t n, int64_t wide, int64_t depth, const float *b, int64_t ldb,
                          const float *end, float *panel) {
    const int64_t next = wide * modc_lanes_f32;
    if (tb) {
        for (int64_t j = 0; j < n; ++j)
            for (int64_t k = 0; k < depth; ++k) panel[k * next + j] = b[j * ldb + k];
        for (int64_t j = n; j < next; ++j)
            for (int64_t k = 0; k < depth; ++k) panel[k * next + j] = 0;
        return;
    }
    for (int64_t k = 0; k < depth; ++k, panel += next) {
        const float *row = b + k * ldb;
        if (end - row >= 2 * modc_lanes_f32)
            for (int64_t j = 0; j < 2 * modc_lanes_f32; ++j) panel[j] = row[j];
        else
            for (int64_t j = 0; j < next; ++j) panel[j] = j < n ? row[j] : 0;
    }
}

/* C = alpha op(A) op(B) + beta C, row-major; op(X) is X or, where its flag is set, X transposed; op(A) is M by K.
 * beta = 0 only writes C.  C overlaps neither A nor B.
 * Every element adds its K products in order, in blocks of 128: C = alpha block + beta C, then C += alpha block;
 * but a dot product of rows without gaps (one column, K >= 32) runs in 32 lanes.
 * The transposed equation is solved where it fills vectors better or has less to transpose. */
static inline void modc_gemm_f32(int ta, int tb, int64_t M, int64_t N, int64_t K, float alpha, const float *A,
                                 int64_t lda, const float *B, int64_t ldb, float beta, float *C, int64_t ldc) {
    if (K >= 32 && N == 1 && !ta && (tb || ldb == 1)) {
        modc_column_f32(M, K, alpha, A, lda, B, beta, C, ldc);
        return;
    }
    if (K >= 32 && M == 1 && tb && (!ta || lda == 1)) {
        modc_column_f32(N, K, alpha, B, ldb, A, beta, C, 1);
        return;
    }
    const int64_t lanes = modc_lanes_f32, width = 2 * lanes;
    const int64_t vm = (M + lanes - 1) / lanes, vn = (N + lanes - 1) / lanes; /* costs in vector operations */
    const int64_t plain = K * ((tb ? 3 * N : 0) + M * vn) + 2 * M * vn;
    const int swap = K * ((ta ? 0 : 3 * M) + N * vm) + 3 * M * N < plain;
    const int64_t rows = swap ? N : M, columns = swap ? M : N;
    const float *const a = swap ? B : A, *const b = swap ? A : B;
    const int along = swap ? !tb : ta, across = swap ? !ta : tb;
    const int64_t pa = swap ? ldb : lda, pb = swap ? lda : ldb;
    const int64_t down = along ? 1 : pa, step = along ? pa : 1;
    float panel[129 * 2 * modc_lanes_f32], out[16 * modc_lanes_f32];
    for (int64_t j0 = 0; j0 < columns; j0 += width) {
        const int64_t n = columns - j0 < width ? columns - j0 : width, wide = n > lanes ? 2 : 1;
        float keep = beta;
        int64_t k0 = 0;
        do {
            const int64_t depth = K - k0 < 128 ? K - k0 : 128;
            const float *part = across ? b + j0 * pb + k0 : b + k0 * pb + j0;
            int64_t next = pb;
            if (across || n < wide * lanes || rows > 24) {
                next = wide * lanes;
                modc_pack_f32(across, n, wide, depth, part, pb, b + (K - 1) * pb + columns, panel);
                part = panel;
            }
            for (int64_t i0 = 0; i0 < rows; i0 += 8) {
                const int64_t m = rows - i0 < 8 ? rows - i0 : 8;
                modc_tile_f32(m, wide, depth, a + i0 * down + k0 * step, down, step, part, next, out);
                modc_store_f32(m, n, alpha, out, width, keep, C + (swap ? j0 * ldc + i0 : i0 * ldc + j0), swap ? 1 : ldc,
                             swap ? ldc : 1);
            }
            keep = 1;
            k0 += 128;
        } while (k0 < K);
    }
}
/* @end */

#endif
