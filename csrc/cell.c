/* cell.c -- Cell: the storage of one Variable in one made graph.
 *
 * Kernels use the block's address and the cell's own sizes, never those of the array that users
 * see. Reading gives the same array until the shape changes; a value of the same shape is copied
 * into the same memory. src/modc/runtime/cell.py is the same thing in Python.
 */
#include "call_private.h"
#include <structmember.h>

int64_t cell_bytes(const cell *self)
{
    int64_t bytes = PyDataType_ELSIZE(self->to.descr);
    for (int i = 0; i < self->to.ndim; i++)
        bytes *= self->dim[i];
    return bytes;
}

static int cell_same_shape(const cell *self, const int64_t *dim)
{
    for (int i = 0; i < self->to.ndim; i++)
        if (self->dim[i] != dim[i])
            return 0;
    return 1;
}

void cell_adopt(cell *self, block *from, const int64_t *dim, PyObject **dead)
{
    if (self->block && cell_same_shape(self, dim)) {
        memmove(self->block->memory, from->memory, (size_t)cell_bytes(self));
    } else {
        dead[0] = (PyObject *)self->view;
        dead[1] = (PyObject *)self->block;
        self->view = NULL;
        self->block = from;
        Py_INCREF(from);
        for (int i = 0; i < self->to.ndim; i++)
            self->dim[i] = (npy_intp)dim[i];
    }
    self->filled = 1;
}

/* Copy values in, under the lock; `dead` as for cell_adopt. -1 without memory. */
static int cell_store(cell *self, const void *data, const npy_intp *dim, PyObject **dead)
{
    int64_t sizes[NPY_MAXDIMS], bytes = PyDataType_ELSIZE(self->to.descr);
    block *fresh;
    for (int i = 0; i < self->to.ndim; i++) {
        sizes[i] = dim[i];
        bytes *= dim[i];
    }
    if (self->block && cell_same_shape(self, sizes)) {
        memmove(self->block->memory, data, (size_t)bytes);
        self->filled = 1;
        return 0;
    }
    fresh = block_new(bytes);
    if (!fresh)
        return -1;
    memcpy(fresh->memory, data, (size_t)bytes);
    cell_adopt(self, fresh, sizes, dead);
    Py_DECREF(fresh);
    return 0;
}

static int cell_put(cell *self, const void *data, const npy_intp *dim)
{
    PyObject *dead[2] = {NULL, NULL};
    int status;
    if (lock_take(self->lock) < 0)
        return -1;
    status = cell_store(self, data, dim, dead);
    lock_drop(self->lock);
    Py_XDECREF(dead[0]);
    Py_XDECREF(dead[1]);
    return status;
}

static int cell_put_array(cell *self, PyArrayObject *array)
{
    int status = cell_put(self, PyArray_DATA(array), PyArray_DIMS(array));
    Py_DECREF(array);
    return status;
}

/* Python decides about a value, and its answer is checked before memory is read. */
static int cell_put_converted(cell *self, PyObject *converted)
{
    if (!converted)
        return -1;
    if (!target_accepts(&self->to, converted)) {
        Py_DECREF(converted);
        PyErr_SetString(PyExc_SystemError, "convert returned an array that does not fit");
        return -1;
    }
    return cell_put_array(self, (PyArrayObject *)converted);
}

static int cell_fill_plain(cell *self, PyObject *object)
{
    PyArrayObject *array = NULL;
    value scalar;
    switch (convert_fast(&self->to, object, &scalar, &array)) {
    case CONVERT_SCALAR: return cell_put(self, &scalar, NULL);
    case CONVERT_ARRAY: return cell_put_array(self, array);
    case CONVERT_ASK:
        return cell_put_converted(
            self, PyObject_CallFunctionObjArgs(modc_convert, object, (PyObject *)self, NULL));
    default: return -1;
    }
}

static int cell_drop_value(cell *self)
{
    PyObject *view, *memory = NULL;
    if (lock_take(self->lock) < 0)
        return -1;
    self->filled = 0;
    view = (PyObject *)self->view;
    self->view = NULL;
    memory = (PyObject *)self->block;
    self->block = NULL;
    lock_drop(self->lock);
    Py_XDECREF(view);
    Py_XDECREF(memory);
    return 0;
}

static int cell_refuse_constant(cell *self)
{
    if (!self->readonly)
        return 0;
    PyErr_Format(PyExc_TypeError, "Cannot set readonly storage: %U", self->name);
    return -1;
}

/* cell.value = object */
int cell_assign(cell *self, PyObject *object)
{
    if (cell_refuse_constant(self) < 0)
        return -1;
    return object == Py_None ? cell_drop_value(self) : cell_fill_plain(self, object);
}

/* Whether the array that users hold still has the header it was made with. */
static int cell_view_intact(const cell *self)
{
    const PyArrayObject *view = self->view;
    int wanted = self->readonly ? NPY_ARRAY_CARRAY_RO : NPY_ARRAY_CARRAY;
    if (!view || PyArray_NDIM(view) != self->to.ndim || PyArray_DESCR(view) != self->to.descr
        || PyArray_BYTES(view) != self->block->memory
        || (PyArray_FLAGS(view) & NPY_ARRAY_CARRAY) != wanted)
        return 0;
    for (int i = 0; i < self->to.ndim; i++)
        if (PyArray_DIM(view, i) != self->dim[i])
            return 0;
    return 1;
}

/* The live view: a new reference, None for a cell without value. */
PyObject *cell_value(cell *self)
{
    PyArrayObject *view, *old;
    if (!self->filled)
        Py_RETURN_NONE;
    if (cell_view_intact(self))
        return Py_NewRef((PyObject *)self->view);
    Py_INCREF(self->to.descr);
    view = (PyArrayObject *)PyArray_NewFromDescr(
        &PyArray_Type, self->to.descr, self->to.ndim, self->dim, NULL, self->block->memory,
        self->readonly ? NPY_ARRAY_CARRAY_RO : NPY_ARRAY_CARRAY, NULL);
    if (!view)
        return NULL;
    if (PyArray_SetBaseObject(view, Py_NewRef((PyObject *)self->block)) < 0) {
        Py_DECREF(view);
        return NULL;
    }
    old = self->view;
    self->view = (PyArrayObject *)Py_NewRef((PyObject *)view);
    Py_XDECREF(old);
    return (PyObject *)view;
}

static PyObject *cell_get_value(PyObject *self, void *unused)
{
    (void)unused;
    return cell_value((cell *)self);
}

static int cell_set_value(PyObject *self, PyObject *object, void *unused)
{
    (void)unused;
    return cell_assign((cell *)self, object ? object : Py_None);
}

/* fill(value, strict=False, allow_downcast=None), for whoever owns the cell */
static PyObject *cell_fill(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"value", "strict", "allow_downcast", NULL};
    cell *self = (cell *)object;
    PyObject *given, *strict = Py_False, *downcast = Py_None;
    int status;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|OO", names, &given, &strict, &downcast))
        return NULL;
    if (strict == Py_False && downcast == Py_None)
        status = cell_fill_plain(self, given);
    else
        status = cell_put_converted(self, PyObject_CallFunctionObjArgs(
            modc_convert_with, given, object, strict, downcast, NULL));
    if (status < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* set(value, ...): fill for users: None clears, constants refuse */
static PyObject *cell_set(PyObject *object, PyObject *args, PyObject *kwargs)
{
    cell *self = (cell *)object;
    if (cell_refuse_constant(self) < 0)
        return NULL;
    if (PyTuple_Size(args) > 0 && PyTuple_GetItem(args, 0) == Py_None) {
        if (cell_drop_value(self) < 0)
            return NULL;
        Py_RETURN_NONE;
    }
    return cell_fill(object, args, kwargs);
}

static PyObject *cell_clear(PyObject *self, PyObject *unused)
{
    (void)unused;
    if (cell_drop_value((cell *)self) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *cell_copy(PyObject *object, PyObject *unused)
{
    cell *self = (cell *)object;
    PyObject *view, *copy = NULL;
    (void)unused;
    if (lock_take(self->lock) < 0)
        return NULL;
    view = cell_value(self);
    if (view)
        copy = view == Py_None ? Py_NewRef(view)
                               : PyArray_NewCopy((PyArrayObject *)view, NPY_CORDER);
    lock_drop(self->lock);
    Py_XDECREF(view);
    return copy;
}

static PyObject *cell_restore(PyObject *object, PyObject *token)
{
    cell *self = (cell *)object;
    if (token == Py_None)
        return cell_clear(object, NULL);
    if (!target_accepts(&self->to, token)) {
        PyErr_SetString(PyExc_TypeError, "restore takes what snapshot gave");
        return NULL;
    }
    if (cell_put_array(self, (PyArrayObject *)Py_NewRef(token)) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *cell_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"name", "dtype", "ndim", "size", "readonly", "lock", "label", NULL};
    PyObject *name, *dtype, *size = Py_None, *lock_given = NULL, *label;
    int ndim, readonly = 0;
    cell *self;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "UO!iOpO!U:Cell", names, &name,
                                     &PyArrayDescr_Type, &dtype, &ndim, &size, &readonly,
                                     Lock_Type, &lock_given, &label))
        return NULL;
    if (ndim < 0 || ndim > NPY_MAXDIMS) {
        PyErr_Format(PyExc_ValueError, "a cell cannot have %d axes", ndim);
        return NULL;
    }
    self = (cell *)PyType_GenericAlloc(type, 0);
    if (!self)
        return NULL;
    self->name = Py_NewRef(name);
    self->label = Py_NewRef(label);
    self->size = Py_NewRef(size);
    self->to.descr = (PyArray_Descr *)Py_NewRef(dtype);
    self->to.ndim = ndim;
    self->readonly = readonly;
    self->lock = (lock *)Py_NewRef(lock_given);
    self->dim = PyMem_Calloc((size_t)ndim + 1, sizeof(npy_intp));
    if (!self->dim || target_init(&self->to, (PyObject *)self) < 0) {
        Py_DECREF(self);
        return self->dim ? NULL : PyErr_NoMemory();
    }
    return (PyObject *)self;
}

static void cell_dealloc(PyObject *object)
{
    cell *self = (cell *)object;
    PyTypeObject *type = Py_TYPE(object);
    Py_XDECREF(self->view);
    Py_XDECREF(self->block);
    Py_XDECREF(self->lock);
    Py_XDECREF(self->name);
    Py_XDECREF(self->label);
    Py_XDECREF(self->size);
    target_clear(&self->to);
    PyMem_Free(self->dim);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(object);    /* a subclass may be collected */
    Py_DECREF(type);
}

static PyObject *cell_shape(PyObject *object, void *unused)
{
    cell *self = (cell *)object;
    (void)unused;
    if (!self->filled)
        Py_RETURN_NONE;
    return PyArray_IntTupleFromIntp(self->to.ndim, self->dim);
}

static PyObject *cell_constant(PyObject *self, void *object)
{
    (void)self;
    return Py_NewRef((PyObject *)object);
}

static PyObject *cell_repr(PyObject *object)
{
    cell *self = (cell *)object;
    PyObject *shape = cell_shape(object, NULL), *text;
    if (!shape)
        return NULL;
    text = PyUnicode_FromFormat("<Cell %U %S %S>", self->name, (PyObject *)self->to.descr, shape);
    Py_DECREF(shape);
    return text;
}

static PyMethodDef cell_methods[] = {
    {"set", (PyCFunction)(void (*)(void))cell_set, METH_VARARGS | METH_KEYWORDS,
     "set(value, strict=False, allow_downcast=None)\n--\n\nConvert a value and copy it in; None clears."},
    {"fill", (PyCFunction)(void (*)(void))cell_fill, METH_VARARGS | METH_KEYWORDS,
     "fill(value, strict=False, allow_downcast=None)\n--\n\n`set` for the owner: constants too."},
    {"clear", cell_clear, METH_NOARGS, "Back to None."},
    {"copy", cell_copy, METH_NOARGS, "A copy that no call is halfway through, or None."},
    {"snapshot", cell_copy, METH_NOARGS, "A token that `restore` takes."},
    {"restore", cell_restore, METH_O, "Back to a snapshot; views stay live if the shape is the same."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef cell_getset[] = {
    {"value", cell_get_value, cell_set_value, "Live array over the storage, or None.", NULL},
    {"shape", cell_shape, NULL, "Sizes, None without value.", NULL},
    {"strict", cell_constant, NULL, NULL, Py_False},
    {"allow_downcast", cell_constant, NULL, NULL, Py_None},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef cell_members[] = {
    {"name", T_OBJECT, offsetof(cell, name), READONLY, NULL},
    {"label", T_OBJECT, offsetof(cell, label), READONLY, NULL},
    {"dtype", T_OBJECT, offsetof(cell, to.descr), READONLY, NULL},
    {"ndim", T_INT, offsetof(cell, to.ndim), READONLY, NULL},
    {"size", T_OBJECT, offsetof(cell, size), READONLY, NULL},
    {"lock", T_OBJECT, offsetof(cell, lock), READONLY, NULL},
    {"filled", T_INT, offsetof(cell, filled), READONLY, NULL},
    {"readonly", T_INT, offsetof(cell, readonly), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot cell_slots[] = {
    {Py_tp_new, (void *)cell_new},
    {Py_tp_dealloc, (void *)cell_dealloc},
    {Py_tp_repr, (void *)cell_repr},
    {Py_tp_methods, cell_methods},
    {Py_tp_members, cell_members},
    {Py_tp_getset, cell_getset},
    {Py_tp_doc, (void *)"A typed place for an array; `value` is a live view of it."},
    {0, NULL},
};

/* Python's subclass only parses the arguments of the constructor. */
PyType_Spec Cell_Spec = {
    "modc._call.Cell", sizeof(cell), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, cell_slots,
};
