/* modc_blas.h: a BLAS and LAPACK that the host found, and matrix products by it.
 *
 * Input: the table in modc_env, row-major matrices.  Output: what the functions of modc_gemm.h give, within rounding.
 * Used by: kernels that a host calls (never by exports), where matrices may be large; modc_lapack.h.
 *
 * A host that has not looked for a library leaves modc_env.blas at 0.  A kernel with such functions then returns MODC_STOP
 * before anything else, and the host looks and calls it again.  A table of another `abi` says that there is none.
 *
 * Routines are Fortran's: everything by address, matrices by columns, lengths of texts at the end.  Integers are int64_t
 * that a library with 32-bit integers reads and writes the lower half of: such a table is only made where that half comes
 * first.  A routine that the library has not is 0.
 */
#ifndef MODC_BLAS_H
#define MODC_BLAS_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "modc_abi.h"
#include "modc_gemm.h"
#include "modc_matmul.h"

/* @section modc_library modc_blas_abi MODC_BLAS_ROUTINES : modc_call */
enum { modc_blas_abi = 1 };
typedef const int64_t *modc_blas_int;
typedef const char *modc_blas_text;
#define MODC_BLAS_ROUTINES(T)                                                                                            \
    void (*gemm)(modc_blas_text ta, modc_blas_text tb, modc_blas_int m, modc_blas_int n, modc_blas_int k, const T *alpha, \
                 const T *a, modc_blas_int lda, const T *b, modc_blas_int ldb, const T *beta, T *c, modc_blas_int ldc,   \
                 uintptr_t, uintptr_t);                                                                                  \
    void (*trsm)(modc_blas_text side, modc_blas_text uplo, modc_blas_text ta, modc_blas_text diag, modc_blas_int m,      \
                 modc_blas_int n, const T *alpha, const T *a, modc_blas_int lda, T *b, modc_blas_int ldb, uintptr_t,     \
                 uintptr_t, uintptr_t, uintptr_t);                                                                       \
    void (*potrf)(modc_blas_text uplo, modc_blas_int n, T *a, modc_blas_int lda, int64_t *info, uintptr_t);              \
    void (*getrf)(modc_blas_int m, modc_blas_int n, T *a, modc_blas_int lda, int64_t *pivot, int64_t *info);             \
    void (*getrs)(modc_blas_text ta, modc_blas_int n, modc_blas_int k, const T *a, modc_blas_int lda,                    \
                  const int64_t *pivot, T *b, modc_blas_int ldb, int64_t *info, uintptr_t);                              \
    void (*geqrf)(modc_blas_int m, modc_blas_int n, T *a, modc_blas_int lda, T *tau, T *work, modc_blas_int lwork,       \
                  int64_t *info);                                                                                        \
    void (*orgqr)(modc_blas_int m, modc_blas_int n, modc_blas_int k, T *a, modc_blas_int lda, const T *tau, T *work,     \
                  modc_blas_int lwork, int64_t *info);                                                                   \
    void (*syevd)(modc_blas_text job, modc_blas_text uplo, modc_blas_int n, T *a, modc_blas_int lda, T *w, T *work,      \
                  modc_blas_int lwork, int64_t *iwork, modc_blas_int liwork, int64_t *info, uintptr_t, uintptr_t);       \
    void (*gesdd)(modc_blas_text job, modc_blas_int m, modc_blas_int n, T *a, modc_blas_int lda, T *s, T *u,             \
                  modc_blas_int ldu, T *vt, modc_blas_int ldvt, T *work, modc_blas_int lwork, int64_t *iwork,            \
                  int64_t *info, uintptr_t);                                                                             \
    void (*geev)(modc_blas_text left, modc_blas_text right, modc_blas_int n, T *a, modc_blas_int lda, T *re, T *im,      \
                 T *vl, modc_blas_int ldvl, T *vr, modc_blas_int ldvr, T *work, modc_blas_int lwork, int64_t *info,      \
                 uintptr_t, uintptr_t);

typedef struct modc_blas {
    int64_t abi, bits, threads;       /* modc_blas_abi; 32 or 64: the library's integers; how many it has */
    void *(*take)(uintptr_t bytes);   /* memory for the routines, 0 where there is none */
    void (*give)(void *);
    struct { MODC_BLAS_ROUTINES(double) } f64;
    struct { MODC_BLAS_ROUTINES(float) } f32;
} modc_library;
/* @end */

/* @section modc_blas_unknown : modc_call */
/* Whether the host has still to look for a library. */
static inline int modc_blas_unknown(const modc_call *c) { return c->env && !c->env->blas; }
/* @end */

/* @section modc_blas_of : modc_call modc_library */
/* The library, or 0. */
static inline const modc_library *modc_blas_of(const modc_call *c) {
    const modc_library *found = c->env ? c->env->blas : 0;
    return found && found->abi == modc_blas_abi ? found : 0;
}
/* @end */

/* @section modc_blas_counts : modc_library */
/* Whether the library can count the elements of an m x n matrix. */
static inline int modc_blas_counts(const modc_library *blas, int64_t m, int64_t n) {
    return blas->bits == 64 || (m < 46340 && n < 46340);
}
/* @end */

/* @section MODC_LARGE_GEMM */
/* modc_gemm_* by the library from about 900 rows and columns on, where modc's own, which has one thread and no panels, is as
 * fast as OpenBLAS with one thread (measured, x86-64-v4); from 384 on where the library has several. */
#define MODC_LARGE_GEMM(T, S)                                                                                     \
    static inline void modc_large_gemm_##S(const modc_library *blas, int ta, int tb, int64_t m, int64_t n, int64_t k,       \
                                           T alpha, const T *a, int64_t lda, const T *b, int64_t ldb, T beta, T *c,      \
                                           int64_t ldc) {                                                                \
        if (!blas || !blas->S.gemm || m < 16 || n < 16 || k < 16 ||                                                      \
            (double)m * (double)n * (double)k < (blas->threads > 1 ? 5.6e7 : 7.3e8) || !modc_blas_counts(blas, m, n) ||  \
            !modc_blas_counts(blas, k, k)) {                                                                             \
            modc_gemm_##S(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);                                         \
            return;                                                                                                      \
        }                                                                                                                \
        blas->S.gemm(tb ? "T" : "N", ta ? "T" : "N", &n, &m, &k, &alpha, b, &ldb, a, &lda, &beta, c, &ldc, 1, 1);        \
    }
/* @end */

/* @section modc_large_gemm_f64 : MODC_LARGE_GEMM modc_library modc_blas_counts modc_gemm_f64 */
MODC_LARGE_GEMM(double, f64)
/* @end */

/* @section modc_large_gemm_f32 : MODC_LARGE_GEMM modc_library modc_blas_counts modc_gemm_f32 */
MODC_LARGE_GEMM(float, f32)
/* @end */

/* @section MODC_LARGE_MATMUL */
#define MODC_LARGE_MATMUL(T, S)                                                                                          \
    static inline void modc_large_matmul_##S(const modc_library *blas, int64_t batch, int64_t m, int64_t n, int64_t k,      \
                                             const T *a, const T *b, T *c) {                                             \
        for (int64_t i = 0; i < batch; ++i)                                                                              \
            modc_large_gemm_##S(blas, 0, 0, m, n, k, 1, a + i * m * k, k, b + i * k * n, n, 0, c + i * m * n, n);        \
    }
/* @end */

/* @section modc_large_matmul_f64 : MODC_LARGE_MATMUL modc_large_gemm_f64 */
MODC_LARGE_MATMUL(double, f64)
/* @end */

/* @section modc_large_matmul_f32 : MODC_LARGE_MATMUL modc_large_gemm_f32 */
MODC_LARGE_MATMUL(float, f32)
/* @end */

#endif
