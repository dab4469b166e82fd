/* modc_abi.h -- the whole contract between a kernel and any host. C99, valid C++17.
 *
 * A kernel exports one symbol, `modc_entry`, that describes it. A host makes a modc_call, lets
 * `plan` check sizes and fill in the sizes of outputs, then lets `run` do the work.
 *
 *   plan  reads sizes (and values of 0-d inputs and members where a size depends on one), checks
 *         every agreement of shapes, and writes: sizes of outputs and NEXT buffers, the kernel's
 *         private entries of `dim`, arena_bytes and work. It stores nothing else. NULL when every
 *         size is fixed.
 *   run   does its value checks first, and cannot fail after its first store to a member. All
 *         buffers are C-contiguous and aligned; no written buffer overlaps another one.
 */
#ifndef MODC_ABI_H
#define MODC_ABI_H
#include <stdint.h>
/* cdef-begin */
/* @section MODC_ABI : */
#define MODC_ABI 1
/* @end */

/* @section MODC_OK MODC_FAIL MODC_STOP : */
enum { MODC_OK = 0, MODC_FAIL = 1, MODC_STOP = 2 };
/* @end */

/* @section modc_arg : */
enum { MODC_INPUT = 0, MODC_MEMBER = 1, MODC_OUTPUT = 2, MODC_NEXT = 3 };
enum { MODC_WRITTEN = 1, MODC_RESHAPED = 2 }; /* a RESHAPED member has a NEXT buffer, in member order */
enum { MODC_BOOL = 0, MODC_INT8 = 1, MODC_INT16 = 2, MODC_INT32 = 3, MODC_INT64 = 4,
       MODC_UINT8 = 5, MODC_UINT16 = 6, MODC_UINT32 = 7, MODC_UINT64 = 8,
       MODC_FLOAT32 = 9, MODC_FLOAT64 = 10, MODC_COMPLEX64 = 11, MODC_COMPLEX128 = 12 };

typedef struct modc_arg {
    const char *name;
    uint8_t kind, dtype, ndim, flags;
    int32_t dim;
    const int64_t *size;
} modc_arg;
/* @end */

/* @section modc_fail : */
typedef struct modc_fail { int32_t site, axis; int64_t got, want; } modc_fail;
/* @end */

/* @section modc_call modc_fn : modc_fail */
struct modc_blas;

typedef struct modc_env {
    int32_t abi, threads;
    int32_t (*poll)(void *host);
    void (*each)(void *host, void (*part)(void *, int64_t), void *arg, int64_t parts);
    const struct modc_blas *blas;
    void *host;
} modc_env;

typedef struct modc_call {
    void **buf;
    int64_t *dim;
    void *arena;
    int64_t arena_bytes;
    int64_t work;
    const modc_env *env;
    modc_fail fail;
} modc_call;

typedef int32_t modc_fn(modc_call *);
/* @end */

/* @section modc_kernel : modc_arg modc_call modc_fn */
typedef struct modc_kernel {
    int32_t abi, bytes, n_in, n_member, n_out, n_next, n_dim, n_site;
    const char *name, *key;
    const modc_arg *arg;
    modc_fn *plan, *run;
    int64_t work, arena_bytes;
} modc_kernel;
/* @end */
/* cdef-end */

/* A kernel's translation unit defines this one. */
#ifdef __cplusplus
extern "C" const modc_kernel modc_entry;
#else
extern const modc_kernel modc_entry;
#endif
#endif
