/* modc_lapack.h: the functions of modc_linalg.h, modc_spectral.h and modc_eig.h by a LAPACK that the host found, where matrices are large enough for it.
 *
 * Input and output: as those headers say, and a table of routines in front; without one, without a routine of it, without
 * memory and for small matrices they are modc's own.  What LAPACK reports as an error becomes what those report.
 * Used by: kernels that a host calls.  T is the element type, S its suffix.
 *
 * LAPACK has matrices by columns: a symmetric matrix or a triangle is the other triangle of the same memory, U and V of a
 * singular value decomposition change places, the rest is transposed.
 */
#ifndef MODC_LAPACK_H
#define MODC_LAPACK_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "modc_blas.h"
#include "modc_eig.h"
#include "modc_linalg.h"
#include "modc_spectral.h"

/* @section modc_least_cholesky modc_least_lu modc_least_solve modc_least_inv modc_least_trisolve modc_least_qr modc_least_eigh modc_least_svd modc_least_eig : */
/* Rows and columns from which on the library is taken, as measured with OpenBLAS and one thread (x86-64-v4). modc_least_solve
 * is for less than 8 columns on the right, modc_least_inv for more. */
enum {
    modc_least_cholesky = 96, modc_least_lu = 128, modc_least_solve = 24, modc_least_inv = 64, modc_least_trisolve = 16,
    modc_least_qr = 128, modc_least_eigh = 128, modc_least_svd = 128, modc_least_eig = 64
};
/* @end */

/* @section MODC_TURN */
/* The transpose of an m x n matrix, in blocks that fit a cache; the transpose of a square one in place; whether all is finite. */
#define MODC_TURN(T, S)                                                                                    \
    static inline void modc_turn_##S(int64_t m, int64_t n, const T *from, T *to) {                         \
        for (int64_t i0 = 0; i0 < m; i0 += 32)                                                             \
            for (int64_t j0 = 0; j0 < n; j0 += 32)                                                         \
                for (int64_t i = i0; i < i0 + 32 && i < m; ++i)                                            \
                    for (int64_t j = j0; j < j0 + 32 && j < n; ++j) to[j * m + i] = from[i * n + j];       \
    }                                                                                                      \
    static inline void modc_turn_here_##S(int64_t n, T *a) {                                               \
        for (int64_t i0 = 0; i0 < n; i0 += 32)                                                             \
            for (int64_t j0 = 0; j0 <= i0; j0 += 32)                                                       \
                for (int64_t i = i0; i < i0 + 32 && i < n; ++i)                                            \
                    for (int64_t j = j0; j < j0 + 32 && j < i; ++j) {                                      \
                        const T kept = a[i * n + j];                                                       \
                        a[i * n + j] = a[j * n + i];                                                       \
                        a[j * n + i] = kept;                                                               \
                    }                                                                                      \
    }                                                                                                      \
    static inline int modc_finite_##S(int64_t count, const T *a) {                                         \
        T sum = (T)0;                                                                                      \
        for (int64_t i = 0; i < count; ++i) sum += (T)0 * a[i];                                            \
        return sum == (T)0;                                                                                \
    }
/* @end */

/* @section modc_turn_f64 modc_turn_here_f64 modc_finite_f64 : MODC_TURN */
MODC_TURN(double, f64)
/* @end */

/* @section modc_turn_f32 modc_turn_here_f32 modc_finite_f32 : MODC_TURN */
MODC_TURN(float, f32)
/* @end */

/* @section modc_length_f64 modc_length_f32 : */
/* The size of scratch that a routine asked for, never too small by rounding. */
static inline int64_t modc_length_f64(double asked) { return (int64_t)asked + 1; }
static inline int64_t modc_length_f32(float asked) { return (int64_t)((double)asked * 1.000001) + 1; }
/* @end */

/* @section modc_pivot : modc_library */
/* The row, counted from 0, with which row i was exchanged. */
static inline int64_t modc_pivot(const modc_library *blas, const int64_t *pivot, int64_t i) {
    int32_t narrow;
    if (blas->bits == 64) return pivot[i] - 1;
    memcpy(&narrow, (const char *)pivot + 4 * i, 4);
    return narrow - 1;
}
/* @end */

/* @section MODC_LARGE_CHOLESKY */
#define MODC_LARGE_CHOLESKY(T, S)                                                                          \
    static inline void modc_large_cholesky_##S(const modc_library *blas, int64_t batch, int64_t n, const T *a, T *l) { \
        if (!blas || !blas->S.potrf || n < modc_least_cholesky || !modc_blas_counts(blas, n, n)) {         \
            modc_cholesky_##S(batch, n, a, l);                                                             \
            return;                                                                                        \
        }                                                                                                  \
        for (int64_t at = 0; at < batch; ++at, a += n * n, l += n * n) {                                   \
            int64_t info = 0;                                                                              \
            for (int64_t i = 0; i < n; ++i)                                                                \
                for (int64_t j = 0; j < n; ++j) l[i * n + j] = j <= i ? a[i * n + j] : (T)0;               \
            blas->S.potrf("U", &n, l, &n, &info, 1);                                                       \
            for (int64_t i = (int32_t)info - 1; i >= 0 && i < n; ++i) l[i * n + i] = (T)NAN;               \
        }                                                                                                  \
    }
/* @end */

/* @section modc_large_cholesky_f64 : MODC_LARGE_CHOLESKY modc_library modc_blas_counts modc_least_cholesky modc_cholesky_f64 */
MODC_LARGE_CHOLESKY(double, f64)
/* @end */

/* @section modc_large_cholesky_f32 : MODC_LARGE_CHOLESKY modc_library modc_blas_counts modc_least_cholesky modc_cholesky_f32 */
MODC_LARGE_CHOLESKY(float, f32)
/* @end */

/* @section MODC_LARGE_LU */
#define MODC_LARGE_LU(T, S)                                                                                \
    static inline void modc_large_lu_##S(const modc_library *blas, int64_t batch, int64_t n, const T *a, T *lu) { \
        const int use = blas && blas->S.getrf && n >= modc_least_lu && modc_blas_counts(blas, n, n);       \
        int64_t *const pivot = use ? (int64_t *)blas->take((uintptr_t)n * (8 + (uintptr_t)n * sizeof(T))) : 0; \
        if (!pivot) {                                                                                      \
            modc_lu_##S(batch, n, a, lu);                                                                  \
            return;                                                                                        \
        }                                                                                                  \
        T *const w = (T *)(void *)(pivot + n);                                                             \
        for (int64_t at = 0; at < batch; ++at, a += n * n, lu += (n + 2) * n) {                            \
            T *const order = lu + n * n, *const last = order + n, sign = (T)1;                             \
            int64_t info = 0;                                                                              \
            modc_turn_##S(n, n, a, w);                                                                     \
            blas->S.getrf(&n, &n, w, &n, pivot, &info);                                                    \
            modc_turn_##S(n, n, w, lu);                                                                    \
            for (int64_t i = 0; i < n; ++i) order[i] = (T)i;                                               \
            for (int64_t i = 0; i < n; ++i) {                                                              \
                const int64_t other = modc_pivot(blas, pivot, i);                                          \
                const T kept = order[i];                                                                   \
                if (other == i) continue;                                                                  \
                order[i] = order[other];                                                                   \
                order[other] = kept;                                                                       \
                sign = -sign;                                                                              \
            }                                                                                              \
            for (int64_t i = 0; i < n; ++i) last[i] = i == 0 ? sign : (T)0;                                \
        }                                                                                                  \
        blas->give(pivot);                                                                                 \
    }
/* @end */

/* @section modc_large_lu_f64 : MODC_LARGE_LU modc_library modc_blas_counts modc_least_lu modc_lu_f64 modc_turn_f64 modc_pivot */
MODC_LARGE_LU(double, f64)
/* @end */

/* @section modc_large_lu_f32 : MODC_LARGE_LU modc_library modc_blas_counts modc_least_lu modc_lu_f32 modc_turn_f32 modc_pivot */
MODC_LARGE_LU(float, f32)
/* @end */

/* @section MODC_LARGE_SOLVE */
#define MODC_LARGE_SOLVE(T, S)                                                                             \
    static inline void modc_large_solve_##S(const modc_library *blas, int64_t batch, int64_t n, int64_t k, const T *a, \
                                            const T *b, T *x, int64_t *scratch) {                          \
        const int use = blas && blas->S.getrf && blas->S.getrs && n >= (k < 8 ? modc_least_solve : modc_least_inv) && k > 0 &&        \
                        modc_blas_counts(blas, n, n) && modc_blas_counts(blas, n, k);                      \
        int64_t *const pivot = use ? (int64_t *)blas->take((uintptr_t)n * (8 + (uintptr_t)(n + k) * sizeof(T))) : 0; \
        if (!pivot) {                                                                                      \
            modc_solve_##S(batch, n, k, a, b, x, scratch);                                                 \
            return;                                                                                        \
        }                                                                                                  \
        T *const lu = (T *)(void *)(pivot + n), *const y = lu + n * n;                                     \
        for (int64_t at = 0; at < batch; ++at, a += n * n, b += n * k, x += (n + 1) * k) {                 \
            int64_t info = 0;                                                                              \
            modc_turn_##S(n, n, a, lu);                                                                    \
            modc_turn_##S(n, k, b, y);                                                                     \
            blas->S.getrf(&n, &n, lu, &n, pivot, &info);                                                   \
            const T singular = (T)((int32_t)info > 0);                                                     \
            if (!((int32_t)info > 0)) blas->S.getrs("N", &n, &k, lu, &n, pivot, y, &n, &info, 1);          \
            modc_turn_##S(k, n, y, x);                                                                     \
            for (int64_t j = 0; j < k; ++j) x[n * k + j] = singular;                                       \
        }                                                                                                  \
        blas->give(pivot);                                                                                 \
    }
/* @end */

/* @section modc_large_solve_f64 : MODC_LARGE_SOLVE modc_library modc_blas_counts modc_least_solve modc_solve_f64 modc_turn_f64 */
MODC_LARGE_SOLVE(double, f64)
/* @end */

/* @section modc_large_solve_f32 : MODC_LARGE_SOLVE modc_library modc_blas_counts modc_least_solve modc_solve_f32 modc_turn_f32 */
MODC_LARGE_SOLVE(float, f32)
/* @end */

/* @section MODC_LARGE_TRISOLVE */
/* In this memory, X' A' = B' by columns, with A' the other triangle. */
#define MODC_LARGE_TRISOLVE(T, S)                                                                          \
    static inline void modc_large_trisolve_##S(const modc_library *blas, int64_t batch, int64_t n, int64_t k, \
                                               int64_t lower, int64_t unit, const T *a, const T *b, T *x) { \
        const T one = (T)1;                                                                                \
        if (!blas || !blas->S.trsm || n < modc_least_trisolve || k < 1 || !modc_blas_counts(blas, n, n) || \
            !modc_blas_counts(blas, n, k)) {                                                               \
            modc_trisolve_##S(batch, n, k, lower, unit, a, b, x);                                          \
            return;                                                                                        \
        }                                                                                                  \
        memcpy(x, b, (size_t)(batch * n * k) * sizeof(T));                                                 \
        for (int64_t at = 0; at < batch; ++at, a += n * n, x += n * k)                                     \
            blas->S.trsm("R", lower ? "U" : "L", "N", unit ? "U" : "N", &k, &n, &one, a, &n, x, &k, 1, 1, 1, 1); \
    }
/* @end */

/* @section modc_large_trisolve_f64 : MODC_LARGE_TRISOLVE modc_library modc_blas_counts modc_least_trisolve modc_trisolve_f64 */
MODC_LARGE_TRISOLVE(double, f64)
/* @end */

/* @section modc_large_trisolve_f32 : MODC_LARGE_TRISOLVE modc_library modc_blas_counts modc_least_trisolve modc_trisolve_f32 */
MODC_LARGE_TRISOLVE(float, f32)
/* @end */

/* @section MODC_LARGE_QR */
#define MODC_LARGE_QR(T, S)                                                                                \
    static inline void modc_large_qr_##S(const modc_library *blas, int64_t batch, int64_t m, int64_t n, const T *a, T *out, \
                                         int64_t *scratch) {                                               \
        const int64_t r = m < n ? m : n, ask = -1;                                                         \
        int64_t info = 0, length = 0;                                                                      \
        T *w = 0, asked[2] = {(T)0, (T)0};                                                                 \
        if (blas && blas->S.geqrf && blas->S.orgqr && r >= modc_least_qr && modc_blas_counts(blas, m, n)) { \
            blas->S.geqrf(&m, &n, w, &m, w, asked, &ask, &info);                                           \
            blas->S.orgqr(&m, &r, &r, w, &m, w, asked + 1, &ask, &info);                                   \
            length = modc_length_##S(asked[0] > asked[1] ? asked[0] : asked[1]);                           \
            w = (T *)blas->take((uintptr_t)(m * n + r + length) * sizeof(T));                              \
        }                                                                                                  \
        if (!w) {                                                                                          \
            modc_qr_##S(batch, m, n, a, out, scratch);                                                     \
            return;                                                                                        \
        }                                                                                                  \
        T *const tau = w + m * n, *const work = tau + r;                                                   \
        for (int64_t at = 0; at < batch; ++at, a += m * n, out += (m + n) * r) {                           \
            T *const upper = out + m * r;                                                                  \
            modc_turn_##S(m, n, a, w);                                                                     \
            blas->S.geqrf(&m, &n, w, &m, tau, work, &length, &info);                                       \
            for (int64_t i = 0; i < r; ++i)                                                                \
                for (int64_t j = 0; j < n; ++j) upper[i * n + j] = j < i ? (T)0 : w[j * m + i];            \
            blas->S.orgqr(&m, &r, &r, w, &m, tau, work, &length, &info);                                   \
            modc_turn_##S(r, m, w, out);                                                                   \
        }                                                                                                  \
        blas->give(w);                                                                                     \
    }
/* @end */

/* @section modc_large_qr_f64 : MODC_LARGE_QR modc_library modc_blas_counts modc_least_qr modc_qr_f64 modc_turn_f64 modc_length_f64 */
MODC_LARGE_QR(double, f64)
/* @end */

/* @section modc_large_qr_f32 : MODC_LARGE_QR modc_library modc_blas_counts modc_least_qr modc_qr_f32 modc_turn_f32 modc_length_f32 */
MODC_LARGE_QR(float, f32)
/* @end */

/* @section MODC_LARGE_EIGH */
#define MODC_LARGE_EIGH(T, S)                                                                              \
    static inline void modc_large_eigh_##S(const modc_library *blas, int64_t batch, int64_t n, const T *given, T *out, \
                                           int64_t *scratch) {                                             \
        const int64_t ask = -1, whole = 3 + 5 * n;                                                         \
        int64_t info = 0, length = 0, *iwork = 0, none = 0;                                                \
        T asked = (T)0;                                                                                    \
        if (blas && blas->S.syevd && n >= modc_least_eigh && modc_blas_counts(blas, n, n)) {               \
            blas->S.syevd("V", "U", &n, out, &n, out, &asked, &ask, &none, &ask, &info, 1, 1);             \
            length = modc_length_##S(asked);                                                               \
            iwork = (int64_t *)blas->take((uintptr_t)whole * 8 + (uintptr_t)length * sizeof(T));           \
        }                                                                                                  \
        if (!iwork) {                                                                                      \
            modc_eigh_##S(batch, n, given, out, scratch);                                                  \
            return;                                                                                        \
        }                                                                                                  \
        for (int64_t at = 0; at < batch; ++at, given += n * n, out += (n + 1) * n) {                       \
            T *const v = out + n;                                                                          \
            for (int64_t i = 0; i < n; ++i)                                                                \
                for (int64_t j = 0; j < n; ++j) v[i * n + j] = j <= i ? given[i * n + j] : (T)0;           \
            info = modc_finite_##S(n * n, v) ? 0 : 1;                                                      \
            if (!info)                                                                                     \
                blas->S.syevd("V", "U", &n, v, &n, out, (T *)(void *)(iwork + whole), &length, iwork, &whole, &info, 1, 1); \
            if (!info) modc_turn_here_##S(n, v);                                                           \
            else                                                                                           \
                for (int64_t i = 0; i < (n + 1) * n; ++i) out[i] = (T)NAN;                                 \
        }                                                                                                  \
        blas->give(iwork);                                                                                 \
    }
/* @end */

/* @section modc_large_eigh_f64 : MODC_LARGE_EIGH modc_library modc_blas_counts modc_least_eigh modc_eigh_f64 modc_turn_f64 modc_length_f64 */
MODC_LARGE_EIGH(double, f64)
/* @end */

/* @section modc_large_eigh_f32 : MODC_LARGE_EIGH modc_library modc_blas_counts modc_least_eigh modc_eigh_f32 modc_turn_f32 modc_length_f32 */
MODC_LARGE_EIGH(float, f32)
/* @end */

/* @section MODC_LARGE_SVD */
/* A' by columns is A in this memory: what is V' there is U here. With fewer rows than columns the last columns are 0. */
#define MODC_LARGE_SVD(T, S)                                                                               \
    static inline void modc_large_svd_##S(const modc_library *blas, int64_t batch, int64_t m, int64_t n, const T *a, T *out, \
                                          int64_t *scratch) { \
        const int64_t ask = -1, r = m < n ? m : n;                                                         \
        int64_t info = 0, length = 0, *iwork = 0, none = 0;                                                \
        T asked = (T)0;                                                                                    \
        if (blas && blas->S.gesdd && r >= modc_least_svd && modc_blas_counts(blas, m, n)) {                \
            blas->S.gesdd("S", &n, &m, out, &n, out, out, &n, out, &r, &asked, &ask, &none, &info, 1);     \
            length = modc_length_##S(asked);                                                               \
            iwork = (int64_t *)blas->take((uintptr_t)r * 64 + (uintptr_t)(m * n + (m + n) * r + length) * sizeof(T)); \
        }                                                                                                  \
        if (!iwork) {                                                                                      \
            modc_svd_##S(batch, m, n, a, out, scratch);                                                             \
            return;                                                                                        \
        }                                                                                                  \
        T *const x = (T *)(void *)(iwork + 8 * r), *const vt = x + m * n, *const left = vt + m * r, *const work = left + n * r; \
        for (int64_t at = 0; at < batch; ++at, a += m * n, out += (m + n + 1) * n) {                       \
            T *const u = out, *const w = out + m * n, *const v = w + n;                                    \
            info = modc_finite_##S(m * n, a) ? 0 : 1;                                                      \
            memcpy(x, a, (size_t)(m * n) * sizeof(T));                                                     \
            for (int64_t i = 0; i < (m + n + 1) * n; ++i) out[i] = info ? (T)NAN : (T)0;                   \
            if (info) continue;                                                                            \
            blas->S.gesdd("S", &n, &m, x, &n, w, left, &n, vt, &r, work, &length, iwork, &info, 1);        \
            for (int64_t i = 0; i < m; ++i)                                                                \
                for (int64_t j = 0; j < r; ++j) u[i * n + j] = info ? (T)NAN : vt[i * r + j];              \
            for (int64_t j = 0; j < r && info; ++j) w[j] = (T)NAN;                                         \
            for (int64_t i = 0; i < n; ++i)                                                                \
                for (int64_t j = 0; j < r; ++j) v[i * n + j] = info ? (T)NAN : left[j * n + i];            \
        }                                                                                                  \
        blas->give(iwork);                                                                                 \
    }
/* @end */

/* @section modc_large_svd_f64 : MODC_LARGE_SVD modc_library modc_blas_counts modc_least_svd modc_svd_f64 modc_turn_f64 modc_length_f64 */
MODC_LARGE_SVD(double, f64)
/* @end */

/* @section modc_large_svd_f32 : MODC_LARGE_SVD modc_library modc_blas_counts modc_least_svd modc_svd_f32 modc_turn_f32 modc_length_f32 */
MODC_LARGE_SVD(float, f32)
/* @end */

/* @section MODC_LARGE_EIG */
#define MODC_LARGE_EIG(T, C, S, Z)                                                                                                 \
    static inline void modc_large_eigen_##S(const modc_library *blas, int64_t batch, int64_t n, int vectors, const T *a, C *out, int64_t *scratch) {\
        const int64_t ask = -1, one = 1, wide = vectors ? n : 1;                                                                   \
        int64_t info = 0, length = 0;                                                                                              \
        T *re = 0, asked = (T)0;                                                                                                   \
        if (blas && blas->S.geev && n >= modc_least_eig && modc_blas_counts(blas, n, n)) {                                         \
            blas->S.geev("N", vectors ? "V" : "N", &n, re, &n, re, re, re, &one, re, &wide, &asked, &ask, &info, 1, 1);            \
            length = modc_length_##S(asked);                                                                                       \
            re = (T *)blas->take((uintptr_t)(2 * n + 2 * n * n + length) * sizeof(T));                                             \
        }                                                                                                                          \
        if (!re) {                                                                                                                 \
            if (vectors) modc_eig_##S(batch, n, a, out, scratch);                                                                  \
            else modc_eigvals_##S(batch, n, a, out, scratch);                                                                      \
            return;                                                                                                                \
        }                                                                                                                          \
        T *const im = re + n, *const copy = im + n, *const vr = copy + n * n, *const work = vr + n * n;                            \
        for (int64_t at = 0; at < batch; ++at, a += n * n, out += (vectors ? n + 1 : 1) * n) {                                     \
            C *const v = out + n;                                                                                                  \
            modc_turn_##S(n, n, a, copy);                                                                                          \
            info = modc_finite_##S(n * n, a) ? 0 : 1;                                                                              \
            if (!info) blas->S.geev("N", vectors ? "V" : "N", &n, copy, &n, re, im, vr, &one, vr, &wide, work, &length, &info, 1, 1);\
            for (int64_t i = 0; i < (vectors ? n + 1 : 1) * n && info; ++i) out[i] = modc_of_##Z((T)NAN, (T)NAN);                  \
            if (info) continue;                                                                                                    \
            for (int64_t k = 0; k < n; ++k) out[k] = modc_of_##Z(re[k], im[k]);                                                    \
            for (int64_t i = 0; i < n && vectors; ++i)                                                                             \
                for (int64_t k = 0; k < n; ++k) {                                                                                  \
                    if (im[k] == (T)0) v[i * n + k] = modc_of_##Z(vr[k * n + i], (T)0);                                            \
                    else if (im[k] > (T)0) v[i * n + k] = modc_of_##Z(vr[k * n + i], vr[(k + 1) * n + i]);                         \
                    else v[i * n + k] = modc_conj_##Z(v[i * n + k - 1]);                                                           \
                }                                                                                                                  \
        }                                                                                                                          \
        blas->give(re);                                                                                                            \
    }                                                                                                                              \
    static inline void modc_large_eig_##S(const modc_library *blas, int64_t batch, int64_t n, const T *a, C *out, int64_t *scratch) { \
        modc_large_eigen_##S(blas, batch, n, 1, a, out, scratch);                                                                  \
    }                                                                                                                              \
    static inline void modc_large_eigvals_##S(const modc_library *blas, int64_t batch, int64_t n, const T *a, C *out, int64_t *scratch) {\
        modc_large_eigen_##S(blas, batch, n, 0, a, out, scratch);                                                                  \
    }
/* @end */

/* @section modc_large_eig_f64 modc_large_eigvals_f64 : MODC_LARGE_EIG modc_library modc_blas_counts modc_least_eig modc_eig_f64 modc_turn_f64 modc_length_f64 */
MODC_LARGE_EIG(double, modc_c128, f64, c128)
/* @end */

/* @section modc_large_eig_f32 modc_large_eigvals_f32 : MODC_LARGE_EIG modc_library modc_blas_counts modc_least_eig modc_eig_f32 modc_turn_f32 modc_length_f32 */
MODC_LARGE_EIG(float, modc_c64, f32, c64)
/* @end */

/* @section MODC_LARGE_EXPM MODC_LIBRARY MODC_COMMA */
#define MODC_LIBRARY const modc_library *blas MODC_COMMA
#define MODC_COMMA ,
#define MODC_LARGE_TIMES_F64(n, a, b, c) modc_large_gemm_f64(blas, 0, 0, n, n, n, 1.0, a, n, b, n, 0.0, c, n)
#define MODC_LARGE_TIMES_F32(n, a, b, c) modc_large_gemm_f32(blas, 0, 0, n, n, n, 1.0f, a, n, b, n, 0.0f, c, n)
#define MODC_LARGE_SOLVE_F64(n, a, b, x, scratch) modc_large_solve_f64(blas, 1, n, n, a, b, x, scratch)
#define MODC_LARGE_SOLVE_F32(n, a, b, x, scratch) modc_large_solve_f32(blas, 1, n, n, a, b, x, scratch)
/* @end */

/* @section modc_large_expm_f64 : MODC_LARGE_EXPM MODC_EXPM modc_large_solve_f64 modc_large_gemm_f64 */
MODC_EXPM(double, modc_large_expm_f64, MODC_LIBRARY, MODC_LARGE_TIMES_F64, MODC_LARGE_SOLVE_F64, fabs, 1100)
/* @end */

/* @section modc_large_expm_f32 : MODC_LARGE_EXPM MODC_EXPM modc_large_solve_f32 modc_large_gemm_f32 */
MODC_EXPM(float, modc_large_expm_f32, MODC_LIBRARY, MODC_LARGE_TIMES_F32, MODC_LARGE_SOLVE_F32, fabsf, 160)
/* @end */

#endif
