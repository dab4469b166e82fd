/* modc_reflect.h: reflections and rotations of the rows of small and middle-sized matrices, row-major.
 *
 * Input and output: matrices and vectors, worked on in place.  Used by: modc_linalg.h, modc_spectral.h and modc_schur.h.  T is the
 * element type, S its suffix.  Source: Golub & Van Loan, Matrix Computations, 4th ed. (2013), 5.1.
 */
#ifndef MODC_REFLECT_H
#define MODC_REFLECT_H

#include <math.h>
#include <stdint.h>

/* @section MODC_ROWS */
/* The transpose of a square matrix in place; two rows turned by a rotation; a (1 - 2 u u') a for rows `from` on; x' y; the u of
 * length 1 (from `from` on) with which (1 - 2 u u') makes a multiple of a unit vector of u, which is returned. */
#define MODC_ROWS(T, S, root, size)                                                                                    \
    static inline void modc_flip_##S(int64_t n, T *a) {                                                    \
        for (int64_t i = 0; i < n; ++i)                                                                    \
            for (int64_t j = 0; j < i; ++j) {                                                              \
                const T kept = a[i * n + j];                                                               \
                a[i * n + j] = a[j * n + i];                                                               \
                a[j * n + i] = kept;                                                                       \
            }                                                                                              \
    }                                                                                                      \
    static inline void modc_turn_rows_##S(int64_t n, T c, T s, T *one, T *two) {                           \
        for (int64_t k = 0; k < n; ++k) {                                                                  \
            const T x = one[k], y = two[k];                                                                \
            one[k] = c * x + s * y;                                                                        \
            two[k] = c * y - s * x;                                                                        \
        }                                                                                                  \
    }                                                                                                      \
    static inline void modc_mirror_rows_##S(int64_t from, int64_t m, int64_t left, int64_t n, const T *u, T *a, T *w) {\
        for (int64_t j = left; j < n; ++j) w[j] = (T)0;                                                    \
        for (int64_t i = from; i < m; ++i)                                                                 \
            for (int64_t j = left; j < n; ++j) w[j] += (T)2 * u[i] * a[i * n + j];                         \
        for (int64_t i = from; i < m; ++i)                                                                 \
            for (int64_t j = left; j < n; ++j) a[i * n + j] -= u[i] * w[j];                                \
    }                                                                                                      \
    static inline T modc_inner_##S(int64_t n, const T *x, const T *y) {                                    \
        T lane[16] = {(T)0}, sum = (T)0;                                                                   \
        int64_t i = 0;                                                                                     \
        for (; i + 16 <= n; i += 16)                                                                       \
            for (int j = 0; j < 16; ++j) lane[j] += x[i + j] * y[i + j];                                   \
        for (int j = 0; j < 16; ++j) sum += lane[j];                                                       \
        for (; i < n; ++i) sum += x[i] * y[i];                                                             \
        return sum;                                                                                        \
    }                                                                                                      \
    static inline T modc_reflection_##S(int64_t from, int64_t n, T *u) {                                   \
        T most = (T)0, head = u[from];                                                                     \
        for (int64_t i = from + 1; i < n; ++i) most = size(u[i]) > most ? size(u[i]) : most;               \
        if (!(most > (T)0)) {                                                                              \
            for (int64_t i = from; i < n; ++i) u[i] = (T)0;                                                \
            return head;                                                                                   \
        }                                                                                                  \
        most = size(head) > most ? size(head) : most;                                                      \
        for (int64_t i = from; i < n; ++i) u[i] /= most;                                                   \
        head = u[from];                                                                                    \
        const T below = modc_inner_##S(n - from - 1, u + from + 1, u + from + 1);                          \
        const T whole = (head < (T)0 ? (T)1 : (T)-1) * root(below + head * head);                          \
        u[from] = head - whole;                                                                            \
        const T length = root(below + u[from] * u[from]);                                                  \
        for (int64_t i = from; i < n; ++i) u[i] /= length;                                                 \
        return whole * most;                                                                               \
    }
/* @end */

/* @section modc_flip_f64 modc_turn_rows_f64 modc_mirror_rows_f64 modc_inner_f64 modc_reflection_f64 : MODC_ROWS */
MODC_ROWS(double, f64, sqrt, fabs)
/* @end */

/* @section modc_flip_f32 modc_turn_rows_f32 modc_mirror_rows_f32 modc_inner_f32 modc_reflection_f32 : MODC_ROWS */
MODC_ROWS(float, f32, sqrtf, fabsf)
/* @end */

#endif
