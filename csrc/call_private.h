/* call_private.h -- what the files of the extension modc._call share. Not part of any kernel.
 *
 *   call_module.c   the module, its types, tables made at import
 *   lock.c          Lock
 *   cell_block.c    Block: aligned memory that arrays stand on
 *   cell.c          Cell: the storage of one Variable
 *   cell_part.c     Part: the descriptor of an instance's attributes
 *   call_convert.c  Python values -> scalars and arrays, the common cases
 *   call_bind.c     Call: made from a kernel's descriptor and a Spec
 *   call_object.c   Call as a Python object: attributes, defaults, collection
 *   call_frame.c    the parts of one call: inputs, members, outputs, commit
 *   call.c          one call from beginning to end
 */
#ifndef MODC_CALL_PRIVATE_H
#define MODC_CALL_PRIVATE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#define NPY_NO_DEPRECATED_API NPY_2_0_API_VERSION
#define NPY_TARGET_VERSION NPY_2_0_API_VERSION
#define PY_ARRAY_UNIQUE_SYMBOL modc_array_api
#ifndef MODC_IMPORTS_ARRAY
#define NO_IMPORT_ARRAY
#endif
#include <numpy/arrayobject.h>
#include <numpy/arrayscalars.h>
#include <stdint.h>
#include <string.h>
#include "modc_abi.h"

#define MODC_N_DTYPES 13
#define MODC_SMALL 65536          /* bytes up to which a dead output's memory is used again */
#define MODC_RELEASE_WORK 32768   /* operations from which on a kernel runs without the GIL */
#define MODC_MAX_BYTES ((int64_t)1 << 62)

/* -- block: memory that outlives every array over it */
typedef struct block {
    PyObject_HEAD
    char *memory;
    int64_t bytes;
} block;

block *block_new(int64_t bytes);    /* NULL and MemoryError */

/* -- lock: owner is the address of a thread-local variable */
typedef struct lock {
    PyObject_HEAD
    uintptr_t owner;
    int depth, waiters, gate_open;
    PyThread_type_lock gate;
    unsigned long long serial;
    block *arena;                   /* scratch of the calls under this lock */
    struct lock *before, *after;    /* all locks, oldest first */
    int forking;
} lock;

uintptr_t lock_thread(void);
int lock_wait(lock *self, long long microseconds);    /* 1 taken, 0 too late, -1 exception */
void lock_wake(lock *self);

static inline int lock_take(lock *self)
{
    uintptr_t me = lock_thread();
    if (self->owner == me) {
        self->depth++;
        return 0;
    }
    if (self->owner == 0) {
        self->owner = me;
        self->depth = 1;
        return 0;
    }
    return lock_wait(self, -1) == 1 ? 0 : -1;
}

static inline void lock_drop(lock *self)
{
    if (--self->depth == 0) {
        self->owner = 0;
        if (self->waiters)
            lock_wake(self);
    }
}

/* -- values on their way to a kernel */
typedef union value {
    double f64;
    float f32;
    int64_t i64;
    char bytes[16];
} value;

typedef struct target {             /* what a value is converted to */
    PyArray_Descr *descr;
    int code, ndim, strict;
    npy_intp *fixed;                /* -1 or the size, per axis; NULL when every axis is free */
} target;

enum { CONVERT_FAILED = -1, CONVERT_ASK = 0, CONVERT_SCALAR = 1, CONVERT_ARRAY = 2 };
/* ASK: not a common case, Python decides. ARRAY: a new reference, contiguous, of the target's type. */
int convert_fast(const target *to, PyObject *object, value *scalar, PyArrayObject **array);
int target_init(target *self, PyObject *spec);    /* from dtype, ndim, size, strict of an object */
void target_clear(target *self);
int target_accepts(const target *self, PyObject *object);    /* after Python converted it */

extern int modc_code_of_type[NPY_NTYPES_LEGACY];  /* NumPy's type number -> MODC_*, or -1 */
extern const int modc_item_bytes[MODC_N_DTYPES];

/* -- cell */
typedef struct cell {
    PyObject_HEAD
    target to;
    npy_intp *dim;
    block *block;                   /* NULL: no memory yet */
    PyArrayObject *view;
    int filled, readonly;
    lock *lock;
    PyObject *name, *label, *size;
} cell;

PyObject *cell_value(cell *self);
int cell_assign(cell *self, PyObject *object);
/* Put a block in place, or copy it when the shape stays. `dead` gets what must be released after
 * the lock: its destruction may run Python code. */
void cell_adopt(cell *self, block *from, const int64_t *dim, PyObject **dead);
int64_t cell_bytes(const cell *self);

/* -- call */
typedef struct input_spec {
    target to;
    PyObject *name;                 /* interned, or NULL */
    PyObject *fallback;             /* default: an array that fits, or NULL */
    int cell;                       /* index of the private cell that it is, or -1 */
    int plain;                      /* a float64 scalar that takes floats as they are */
    int buffer;                     /* index among the kernel's inputs */
} input_spec;

typedef struct buffer_spec {
    int ndim, dim;
    int64_t item;
    const int64_t *fixed;           /* of the kernel's descriptor, or NULL */
} buffer_spec;

typedef struct member_spec {
    cell *cell;
    int written, next;              /* next: index of its NEXT buffer, or -1 */
    int given;                      /* index of the input that stands in for it, or -1 */
    int unread;                     /* only written: it may hold nothing before a call */
} member_spec;

typedef struct output_spec {
    PyArray_Descr *descr;
    PyArrayObject *ring[2];         /* results handed out, used again when nobody else has them */
    int turn, ndim;
} output_spec;

typedef struct call_object {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    const modc_kernel *kernel;
    lock *lock;
    lock **shared;                  /* locks of cells of no graph, oldest first */
    int n_shared, n_given, n_in, n_member, n_out, n_next, n_dim, n_buf;
    int recycle, any_fixed, any_given_cell;
    enum { RESULT_NONE, RESULT_ONE, RESULT_LIST } result;
    size_t frame_bytes, frame_zeros;    /* of the latter many, from `dim` on */
    input_spec *given;
    member_spec *member;
    output_spec *out;
    buffer_spec *buffer;
    int *next;                      /* cell of each NEXT buffer */
    block **spare;                  /* NEXT memory of an earlier call, per NEXT buffer */
    PyObject *side, *weak;
} call_object;

typedef struct frame {              /* one running call; the arrays lie in one piece of memory */
    modc_call call;
    value *scalar;                  /* per input */
    int64_t *dim;
    PyObject **given;               /* per input: the argument, NULL for the default */
    PyArrayObject **array;          /* per input: what it was converted to, NULL for a scalar */
    PyArrayObject **out;
    block **next, **staged;         /* per NEXT buffer; per member */
    PyObject **dead;                /* to be released after the lock */
    void **buf;
    int n_array;                    /* inputs that are arrays: only they can overlap a member */
    int n_dead, where, axis;        /* where: buffer of a SIZE failure, member of a NONE failure */
} frame;

enum { CALL_RAISED = -1, CALL_DONE = 0, CALL_KERNEL, CALL_NO_VALUE, CALL_SIZE, CALL_LARGE, CALL_STOP };

int frame_inputs(call_object *self, frame *f);    /* 1: an argument is missing */
int frame_members(call_object *self, frame *f);
int frame_outputs(call_object *self, frame *f);
void frame_commit(call_object *self, frame *f);
PyObject *frame_result(call_object *self, frame *f, int k);
void frame_clear(call_object *self, frame *f);

static inline void frame_bury(frame *f)    /* releases `dead` */
{
    while (f->n_dead)
        Py_XDECREF(f->dead[--f->n_dead]);
}

PyObject *call_vector(PyObject *self, PyObject *const *args, size_t flags, PyObject *names);
int call_init(call_object *self, PyObject *args);
void call_release(call_object *self);
void call_use_blas(uintptr_t address);

/* -- module */
extern PyTypeObject *Block_Type, *Lock_Type, *Cell_Type, *Part_Type, *Call_Type;
extern PyObject *modc_convert, *modc_convert_with, *modc_bind_error, *modc_find_blas;
extern PyType_Spec Block_Spec, Lock_Spec, Cell_Spec, Part_Spec, Call_Spec;
extern PyMethodDef lock_functions[];

#endif
