/* call_bind.c -- makes a Call from a kernel's descriptor and the Python side of a Method.
 *
 * Everything that a call needs is read out of Python objects once, here. A kernel with other buffers
 * than the Spec says would crash the process, so both are compared. src/modc/runtime/kernel.py does
 * the same for the cffi path.
 */
#include "call_private.h"

static int bind_error(PyObject *name, const char *what)
{
    PyErr_Format(modc_bind_error, "%S: %s", name, what);
    return -1;
}

/* Attribute of an object as a list or tuple; *count gets its length. */
static PyObject *sequence_of(PyObject *object, const char *attribute, int *count)
{
    PyObject *found = PyObject_GetAttrString(object, attribute), *fast;
    if (!found)
        return NULL;
    fast = PySequence_Tuple(found);
    Py_DECREF(found);
    if (fast)
        *count = (int)PyTuple_Size(fast);
    return fast;
}

static void *array_of(int count, size_t item)
{
    void *memory = PyMem_Calloc((size_t)count + 1, item);
    if (!memory)
        PyErr_NoMemory();
    return memory;
}

/* An optional index: -1 for None. */
static int index_or_none(PyObject *object, const char *attribute, int *index)
{
    PyObject *found = PyObject_GetAttrString(object, attribute);
    if (!found)
        return -1;
    *index = found == Py_None ? -1 : (int)PyLong_AsLong(found);
    Py_DECREF(found);
    return PyErr_Occurred() ? -1 : 0;
}

static int read_given(call_object *self, PyObject *spec)
{
    PyObject *targets = sequence_of(self->side, "targets", &self->n_given), *defaults;
    int n_defaults = 0;
    (void)spec;
    if (!targets)
        return -1;
    defaults = sequence_of(self->side, "defaults", &n_defaults);
    self->given = defaults ? array_of(self->n_given, sizeof(input_spec)) : NULL;
    for (int i = 0; self->given && i < self->n_given; i++) {
        PyObject *goal = PyTuple_GetItem(targets, i), *fallback = PyTuple_GetItem(defaults, i);
        input_spec *input = &self->given[i];
        input->buffer = -1;
        if (!fallback || target_init(&input->to, goal) < 0
            || index_or_none(goal, "cell", &input->cell) < 0
            || !(input->name = PyObject_GetAttrString(goal, "name")))
            break;
        if (input->name == Py_None)
            Py_CLEAR(input->name);
        else if (PyUnicode_CheckExact(input->name))
            PyUnicode_InternInPlace(&input->name);
        if (fallback != Py_None)
            input->fallback = Py_NewRef(fallback);
        input->plain = input->cell < 0 && input->to.ndim == 0 && !input->to.strict
            && input->to.code == MODC_FLOAT64;
        if (input->cell < 0)
            input->buffer = self->n_in++;
        else
            self->any_given_cell = 1;
    }
    Py_DECREF(targets);
    Py_XDECREF(defaults);
    return PyErr_Occurred() ? -1 : 0;
}

static int read_members(call_object *self, PyObject *spec)
{
    int n_written = 0, n_unread = 0;
    PyObject *cells = sequence_of(spec, "cells", &self->n_member);
    PyObject *written = cells ? sequence_of(spec, "written", &n_written) : NULL;
    PyObject *unread = written ? sequence_of(spec, "unread", &n_unread) : NULL;
    self->member = unread ? array_of(self->n_member, sizeof(member_spec)) : NULL;
    for (int k = 0; self->member && k < self->n_member; k++) {
        PyObject *item = PyTuple_GetItem(cells, k), *flag = PyTuple_GetItem(written, k);
        PyObject *blind = flag ? PyTuple_GetItem(unread, k) : NULL;
        if (!blind)
            break;
        if (!PyObject_TypeCheck(item, Cell_Type)) {
            PyErr_SetString(PyExc_TypeError, "cells must be those of this runtime");
            break;
        }
        self->member[k].cell = (cell *)Py_NewRef(item);
        self->member[k].written = PyObject_IsTrue(flag);
        self->member[k].unread = PyObject_IsTrue(blind);
        if (self->member[k].unread)
            self->any_given_cell = 1;    /* a stand-in is staged like an argument */
        self->member[k].next = self->member[k].given = -1;
    }
    Py_XDECREF(cells);
    Py_XDECREF(written);
    Py_XDECREF(unread);
    if (PyErr_Occurred())
        return -1;
    for (int i = 0; i < self->n_given; i++)
        if (self->given[i].cell >= 0)
            self->member[self->given[i].cell].given = i;
    return 0;
}

static int read_next(call_object *self, PyObject *spec)
{
    PyObject *next = sequence_of(spec, "next", &self->n_next);
    self->next = next ? array_of(self->n_next, sizeof(int)) : NULL;
    self->spare = self->next ? array_of(self->n_next, sizeof(block *)) : NULL;
    for (int k = 0; self->spare && k < self->n_next; k++) {
        self->next[k] = (int)PyLong_AsLong(PyTuple_GetItem(next, k));
        if (PyErr_Occurred())
            break;
        self->member[self->next[k]].next = k;
    }
    Py_XDECREF(next);
    return PyErr_Occurred() ? -1 : 0;
}

static int read_outputs(call_object *self, PyObject *spec)
{
    PyObject *outputs = sequence_of(spec, "outputs", &self->n_out), *result;
    self->out = outputs ? array_of(self->n_out, sizeof(output_spec)) : NULL;
    for (int k = 0; self->out && k < self->n_out; k++) {
        PyObject *output = PyTuple_GetItem(outputs, k);
        self->out[k].descr = (PyArray_Descr *)PyObject_GetAttrString(output, "dtype");
        if (!self->out[k].descr || index_or_none(output, "ndim", &self->out[k].ndim) < 0)
            break;
    }
    Py_XDECREF(outputs);
    if (PyErr_Occurred())
        return -1;
    result = PyObject_GetAttrString(spec, "result");
    if (!result)
        return -1;
    self->result = !PyUnicode_CompareWithASCIIString(result, "one") ? RESULT_ONE
                 : !PyUnicode_CompareWithASCIIString(result, "list") ? RESULT_LIST
                 : RESULT_NONE;
    Py_DECREF(result);
    return 0;
}

/* dtype and ndim that the Spec gives to buffer `b` of the kernel */
static void wanted(const call_object *self, int b, int *kind, PyArray_Descr **descr)
{
    if (b < self->n_in) {
        int i = 0;
        while (self->given[i].buffer != b)
            i++;
        *kind = MODC_INPUT;
        *descr = self->given[i].to.descr;
    } else if ((b -= self->n_in) < self->n_member) {
        *kind = MODC_MEMBER;
        *descr = self->member[b].cell->to.descr;
    } else if ((b -= self->n_member) < self->n_out) {
        *kind = MODC_OUTPUT;
        *descr = self->out[b].descr;
    } else {
        *kind = MODC_NEXT;
        *descr = self->member[self->next[b - self->n_out]].cell->to.descr;
    }
}

static int wanted_ndim(const call_object *self, int b)
{
    if (b < self->n_in) {
        for (int i = 0; i < self->n_given; i++)
            if (self->given[i].buffer == b)
                return self->given[i].to.ndim;
    }
    if ((b -= self->n_in) < self->n_member)
        return self->member[b].cell->to.ndim;
    if ((b -= self->n_member) < self->n_out)
        return self->out[b].ndim;
    return self->member[self->next[b - self->n_out]].cell->to.ndim;
}

static int check_buffer(call_object *self, PyObject *name, int b)
{
    const modc_arg *arg = &self->kernel->arg[b];
    buffer_spec *buffer = &self->buffer[b];
    PyArray_Descr *descr;
    int kind, ndim = wanted_ndim(self, b), unknown = 0;
    wanted(self, b, &kind, &descr);
    if (arg->kind != kind || arg->dtype >= MODC_N_DTYPES
        || arg->dtype != modc_code_of_type[descr->type_num] || arg->ndim != ndim
        || arg->ndim > NPY_MAXDIMS)
        return bind_error(name, "kind, dtype or ndim of a buffer differ between kernel and Spec");
    if (arg->dim < 0 || arg->dim + arg->ndim > self->n_dim)
        return bind_error(name, "sizes of a buffer lie outside the kernel's");
    buffer->ndim = arg->ndim;
    buffer->dim = arg->dim;
    buffer->item = PyDataType_ELSIZE(descr);
    for (int axis = 0; axis < arg->ndim; axis++) {
        if (arg->size && arg->size[axis] >= 0)
            buffer->fixed = arg->size;
        else
            unknown = 1;
    }
    if (unknown && kind >= MODC_OUTPUT && !self->kernel->plan)
        return bind_error(name, "a kernel without plan has an output of unknown size");
    if (kind == MODC_MEMBER && (arg->flags & MODC_WRITTEN) && !self->member[b - self->n_in].written)
        return bind_error(name, "the kernel writes a member that the Spec does not");
    if (buffer->fixed && kind <= MODC_MEMBER)
        self->any_fixed = 1;
    return 0;
}

static int check_kernel(call_object *self, PyObject *name)
{
    const modc_kernel *kernel = self->kernel;
    if (kernel->abi != MODC_ABI || kernel->bytes != (int32_t)sizeof *kernel)
        return bind_error(name, "the kernel is of another ABI");
    if (kernel->n_in != self->n_in || kernel->n_member != self->n_member
        || kernel->n_out != self->n_out || kernel->n_next != self->n_next)
        return bind_error(name, "kernel and Spec differ in their numbers of buffers");
    self->n_dim = kernel->n_dim;
    self->n_buf = self->n_in + self->n_member + self->n_out + self->n_next;
    self->buffer = array_of(self->n_buf, sizeof(buffer_spec));
    if (!self->buffer)
        return -1;
    for (int b = 0; b < self->n_buf; b++)
        if (check_buffer(self, name, b) < 0)
            return -1;
    return 0;
}

/* Locks of cells that belong to no graph, each once, oldest first. */
static int read_shared(call_object *self)
{
    self->shared = array_of(self->n_member, sizeof(lock *));
    if (!self->shared)
        return -1;
    for (int k = 0; k < self->n_member; k++) {
        lock *other = self->member[k].cell->lock;
        int place = 0;
        if (other == self->lock)
            continue;
        while (place < self->n_shared && self->shared[place]->serial < other->serial)
            place++;
        if (place < self->n_shared && self->shared[place] == other)
            continue;
        for (int i = self->n_shared; i > place; i--)
            self->shared[i] = self->shared[i - 1];
        self->shared[place] = (lock *)Py_NewRef((PyObject *)other);
        self->n_shared++;
    }
    return 0;
}

/* Call(address, side, lock, recycle) */
int call_init(call_object *self, PyObject *args)
{
    unsigned long long address;
    PyObject *side, *given_lock, *spec, *name = NULL;
    int status = -1;
    if (!PyArg_ParseTuple(args, "KOO!p:Call", &address, &side, Lock_Type, &given_lock,
                          &self->recycle))
        return -1;
    self->kernel = (const modc_kernel *)(uintptr_t)address;
    self->side = Py_NewRef(side);
    self->lock = (lock *)Py_NewRef(given_lock);
    spec = PyObject_GetAttrString(side, "spec");
    if (spec)
        name = PyObject_GetAttrString(spec, "name");
    if (name && self->kernel && read_given(self, spec) == 0 && read_members(self, spec) == 0
        && read_next(self, spec) == 0 && read_outputs(self, spec) == 0
        && check_kernel(self, name) == 0 && read_shared(self) == 0)
        status = 0;
    Py_XDECREF(spec);
    Py_XDECREF(name);
    self->frame_zeros = sizeof(int64_t) * (size_t)self->n_dim
        + sizeof(void *) * (size_t)(2 * self->n_given + self->n_out + self->n_next + self->n_member);
    self->frame_bytes = sizeof(value) * (size_t)self->n_given + self->frame_zeros
        + sizeof(void *) * (size_t)(self->n_given + self->n_out + 3 * self->n_next
                                    + 2 * self->n_member + self->n_buf);
    return status;
}

void call_release(call_object *self)
{
    for (int i = 0; self->given && i < self->n_given; i++) {
        target_clear(&self->given[i].to);
        Py_XDECREF(self->given[i].name);
        Py_XDECREF(self->given[i].fallback);
    }
    for (int k = 0; self->member && k < self->n_member; k++)
        Py_XDECREF(self->member[k].cell);
    for (int k = 0; self->out && k < self->n_out; k++) {
        Py_XDECREF(self->out[k].descr);
        Py_XDECREF(self->out[k].ring[0]);
        Py_XDECREF(self->out[k].ring[1]);
    }
    for (int k = 0; self->spare && k < self->n_next; k++)
        Py_XDECREF(self->spare[k]);
    for (int k = 0; k < self->n_shared; k++)
        Py_DECREF(self->shared[k]);
    Py_XDECREF(self->lock);
    PyMem_Free(self->given);
    PyMem_Free(self->member);
    PyMem_Free(self->out);
    PyMem_Free(self->buffer);
    PyMem_Free(self->next);
    PyMem_Free(self->spare);
    PyMem_Free(self->shared);
}
