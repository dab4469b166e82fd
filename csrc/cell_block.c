/* cell_block.c -- Block: 64-byte aligned memory, with huge pages when it is large.
 *
 * A block is the base object of arrays over it. It has no buffer protocol, so NumPy refuses to make
 * an array over a constant writable, and nobody can resize or free what a kernel writes.
 */
#include "call_private.h"
#include <stdlib.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#define ALIGNMENT 64
#define HUGE_BYTES ((int64_t)4 << 20)
#define HUGE_PAGE ((size_t)2 << 20)

static void *memory_new(int64_t bytes)
{
    size_t alignment = bytes >= HUGE_BYTES ? HUGE_PAGE : ALIGNMENT;
    size_t rounded = ((size_t)bytes + alignment - 1) / alignment * alignment;
#if defined(_WIN32)
    return _aligned_malloc(rounded, alignment);
#else
    void *memory = NULL;
    if (posix_memalign(&memory, alignment, rounded))
        return NULL;
#if defined(MADV_HUGEPAGE)
    if (bytes >= HUGE_BYTES)
        (void)madvise(memory, rounded, MADV_HUGEPAGE);    /* a wish: failure only costs time */
#endif
    return memory;
#endif
}

block *block_new(int64_t bytes)
{
    block *self = PyObject_New(block, Block_Type);
    if (!self)
        return NULL;
    self->bytes = bytes > 0 ? bytes : 1;
    self->memory = memory_new(self->bytes);
    if (!self->memory) {
        Py_DECREF(self);
        PyErr_NoMemory();
        return NULL;
    }
    return self;
}

static void block_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    void *memory = ((block *)object)->memory;
#if defined(_WIN32)
    _aligned_free(memory);
#else
    free(memory);
#endif
    PyObject_Free(object);
    Py_DECREF(type);
}

static PyType_Slot block_slots[] = {
    {Py_tp_dealloc, (void *)block_dealloc},
    {Py_tp_doc, (void *)"Memory of members; only arrays over it refer to it."},
    {0, NULL},
};

PyType_Spec Block_Spec = {
    "modc._call.Block", sizeof(block), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, block_slots,
};
