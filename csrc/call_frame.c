/* call_frame.c -- the parts of one call: inputs, members, outputs, commit.
 *
 * frame_inputs may run the caller's Python code and comes before the lock. The others run under it
 * and run no Python code: what dies is put into `dead` and released afterwards.
 */
#include "call_private.h"

static void put_sizes(frame *f, const buffer_spec *buffer, const npy_intp *dim)
{
    for (int axis = 0; axis < buffer->ndim; axis++)
        f->dim[buffer->dim + axis] = dim[axis];
}

/* An argument for a private cell: a block of its own, which the cell may take over. */
static int stage(call_object *self, frame *f, int i)
{
    const input_spec *input = &self->given[i];
    PyArrayObject *array = f->array[i];
    int64_t bytes = array ? (int64_t)PyArray_NBYTES(array) : PyDataType_ELSIZE(input->to.descr);
    block *fresh = block_new(bytes);
    if (!fresh)
        return -1;
    memcpy(fresh->memory, array ? PyArray_DATA(array) : (void *)&f->scalar[i], (size_t)bytes);
    Py_XSETREF(f->staged[input->cell], fresh);
    if (array)
        put_sizes(f, &self->buffer[self->n_in + input->cell], PyArray_DIMS(array));
    return 0;
}

static int ask_python(call_object *self, frame *f, int i)
{
    PyObject *array = PyObject_CallMethod(self->side, "convert_input", "iO", i, f->given[i]);
    if (!array)
        return -1;
    if (!target_accepts(&self->given[i].to, array)) {
        Py_DECREF(array);
        PyErr_SetString(PyExc_SystemError, "convert_input returned an array that does not fit");
        return -1;
    }
    f->array[i] = (PyArrayObject *)array;
    return 0;
}

static int convert_given(call_object *self, frame *f, int i)
{
    switch (convert_fast(&self->given[i].to, f->given[i], &f->scalar[i], &f->array[i])) {
    case CONVERT_ASK: return ask_python(self, f, i);
    case CONVERT_FAILED: return -1;
    default: return 0;
    }
}

int frame_inputs(call_object *self, frame *f)
{
    for (int i = 0; i < self->n_given; i++) {
        const input_spec *input = &self->given[i];
        if (input->plain && f->given[i] && PyFloat_CheckExact(f->given[i])) {
            f->scalar[i].f64 = PyFloat_AsDouble(f->given[i]);
            f->buf[input->buffer] = &f->scalar[i];
            continue;
        }
        if (f->given[i]) {
            if (convert_given(self, f, i) < 0)
                return -1;
            if (input->cell >= 0) {
                if (stage(self, f, i) < 0)
                    return -1;
                continue;
            }
        } else if (input->cell >= 0) {
            continue;
        } else if (input->fallback) {
            f->array[i] = (PyArrayObject *)Py_NewRef(input->fallback);
        } else {
            return 1;
        }
        if (f->array[i]) {
            f->n_array++;
            f->buf[input->buffer] = PyArray_DATA(f->array[i]);
            put_sizes(f, &self->buffer[input->buffer], PyArray_DIMS(f->array[i]));
        } else {
            f->buf[input->buffer] = &f->scalar[i];
        }
    }
    return 0;
}

/* Inputs that lie in memory about to be written are copied. */
static int part_inputs(call_object *self, frame *f, const member_spec *member)
{
    const char *start = member->cell->block->memory;
    const char *end = start + cell_bytes(member->cell);
    for (int i = 0; i < self->n_given; i++) {
        PyArrayObject *array = f->array[i];
        const char *data = array ? PyArray_BYTES(array) : NULL;
        if (!array || self->given[i].buffer < 0 || data >= end
            || data + PyArray_NBYTES(array) <= start)
            continue;
        f->dead[f->n_dead++] = (PyObject *)array;
        f->array[i] = (PyArrayObject *)PyArray_NewCopy(array, NPY_CORDER);
        if (!f->array[i])
            return -1;
        f->buf[self->given[i].buffer] = PyArray_DATA(f->array[i]);
    }
    return 0;
}

static int wrong_size(const call_object *self, frame *f)
{
    for (int b = 0; b < self->n_in + self->n_member; b++) {
        const buffer_spec *buffer = &self->buffer[b];
        for (int axis = 0; buffer->fixed && axis < buffer->ndim; axis++) {
            if (buffer->fixed[axis] >= 0 && buffer->fixed[axis] != f->dim[buffer->dim + axis]) {
                f->where = b;
                f->axis = axis;
                return 1;
            }
        }
    }
    return 0;
}

/* Zeros for a member that holds nothing and is only written; free axes have size 0. */
static int stage_zeros(call_object *self, frame *f, int k)
{
    const buffer_spec *buffer = &self->buffer[self->n_in + k];
    const npy_intp *fixed = self->member[k].cell->to.fixed;
    int64_t bytes = buffer->item;
    for (int axis = 0; axis < buffer->ndim; axis++) {
        int64_t n = fixed && fixed[axis] > 0 ? fixed[axis] : 0;
        f->dim[buffer->dim + axis] = n;
        bytes *= n;
    }
    f->staged[k] = block_new(bytes);
    if (!f->staged[k])
        return -1;
    memset(f->staged[k]->memory, 0, (size_t)f->staged[k]->bytes);
    f->buf[self->n_in + k] = f->staged[k]->memory;
    return 0;
}

int frame_members(call_object *self, frame *f)
{
    for (int k = 0; k < self->n_member; k++) {
        const member_spec *member = &self->member[k];
        const cell *from = member->cell;
        if (f->staged[k]) {
            f->buf[self->n_in + k] = f->staged[k]->memory;
            continue;
        }
        if (!from->filled && member->unread) {
            if (stage_zeros(self, f, k) < 0)
                return CALL_RAISED;
            continue;
        }
        if (!from->filled) {
            f->where = k;
            return CALL_NO_VALUE;
        }
        f->buf[self->n_in + k] = from->block->memory;
        put_sizes(f, &self->buffer[self->n_in + k], from->dim);
        if (f->n_array && member->written && part_inputs(self, f, member) < 0)
            return CALL_RAISED;
    }
    return self->any_fixed && wrong_size(self, f) ? CALL_SIZE : CALL_DONE;
}

/* Bytes of a buffer by the sizes in the frame, -1 when they cannot be. */
static int64_t bytes_of(const frame *f, const buffer_spec *buffer)
{
    int64_t bytes = buffer->item;
    int empty = 0;
    for (int axis = 0; axis < buffer->ndim; axis++) {
        int64_t n = f->dim[buffer->dim + axis];
        if (n < 0 || (n > 0 && bytes > MODC_MAX_BYTES / n))
            return -1;
        if (n == 0)
            empty = 1;
        else
            bytes *= n;
    }
    return empty ? 0 : bytes;
}

/* Whether nobody else can see an array, and it is still what it was. */
static int reusable(PyArrayObject *array, const output_spec *out, const int64_t *dim, int ndim)
{
    if (!array || Py_REFCNT(array) != 1 || PyArray_DESCR(array) != out->descr
        || PyArray_NDIM(array) != ndim || PyArray_BASE(array)
        || ((PyArrayObject_fields *)array)->weakreflist
        || !PyArray_CHKFLAGS(array, NPY_ARRAY_CARRAY | NPY_ARRAY_OWNDATA))
        return 0;
    for (int axis = 0; axis < ndim; axis++)
        if (PyArray_DIM(array, axis) != dim[axis])
            return 0;
    return 1;
}

static PyArrayObject *new_output(frame *f, const buffer_spec *buffer, PyArray_Descr *descr)
{
    npy_intp dim[NPY_MAXDIMS];
    for (int axis = 0; axis < buffer->ndim; axis++)
        dim[axis] = (npy_intp)f->dim[buffer->dim + axis];
    Py_INCREF(descr);
    return (PyArrayObject *)PyArray_NewFromDescr(
        &PyArray_Type, descr, buffer->ndim, dim, NULL, NULL, 0, NULL);
}

static int give_output(call_object *self, frame *f, int k)
{
    output_spec *out = &self->out[k];
    int b = self->n_in + self->n_member + k;
    const buffer_spec *buffer = &self->buffer[b];
    int64_t bytes = bytes_of(f, buffer);
    int small = self->recycle && bytes <= MODC_SMALL;
    if (bytes < 0)
        return CALL_LARGE;
    for (int slot = 0; small && slot < 2; slot++) {
        PyArrayObject *old = out->ring[out->turn ^ slot];
        if (reusable(old, out, f->dim + buffer->dim, buffer->ndim)) {
            f->out[k] = (PyArrayObject *)Py_NewRef((PyObject *)old);
            f->buf[b] = PyArray_DATA(old);
            out->turn ^= slot ^ 1;
            return CALL_DONE;
        }
    }
    f->out[k] = new_output(f, buffer, out->descr);
    if (!f->out[k])
        return CALL_RAISED;
    f->buf[b] = PyArray_DATA(f->out[k]);
    if (small) {
        f->dead[f->n_dead++] = (PyObject *)out->ring[out->turn];
        out->ring[out->turn] = (PyArrayObject *)Py_NewRef((PyObject *)f->out[k]);
        out->turn ^= 1;
    }
    return CALL_DONE;
}

static int give_next(call_object *self, frame *f, int k)
{
    int b = self->n_in + self->n_member + self->n_out + k;
    int64_t bytes = bytes_of(f, &self->buffer[b]);
    block *spare = self->spare[k];
    if (bytes < 0)
        return CALL_LARGE;
    if (spare && spare->bytes >= bytes && spare->bytes / 2 <= bytes) {
        self->spare[k] = NULL;
        f->next[k] = spare;
    } else {
        f->next[k] = block_new(bytes);
        if (!f->next[k])
            return CALL_RAISED;
    }
    f->buf[b] = f->next[k]->memory;
    return CALL_DONE;
}

static int give_arena(call_object *self, frame *f)
{
    lock *owner = self->lock;
    if (f->call.arena_bytes <= 0)
        return 0;
    if (!owner->arena || owner->arena->bytes < f->call.arena_bytes) {
        block *larger = block_new(f->call.arena_bytes);
        if (!larger)
            return -1;
        Py_XSETREF(owner->arena, larger);    /* a block's end runs no Python code */
    }
    f->call.arena = owner->arena->memory;
    f->call.arena_bytes = owner->arena->bytes;
    return 0;
}

/* Fixed sizes of outputs and NEXT; plan writes the others. */
static void fixed_sizes(const call_object *self, frame *f)
{
    for (int b = self->n_in + self->n_member; b < self->n_buf; b++) {
        const buffer_spec *buffer = &self->buffer[b];
        for (int axis = 0; buffer->fixed && axis < buffer->ndim; axis++)
            if (buffer->fixed[axis] >= 0)
                f->dim[buffer->dim + axis] = buffer->fixed[axis];
    }
}

int frame_outputs(call_object *self, frame *f)
{
    const modc_kernel *kernel = self->kernel;
    int status = CALL_DONE;
    f->call.arena_bytes = kernel->arena_bytes;
    f->call.work = kernel->work;
    fixed_sizes(self, f);
    if (kernel->plan) {
        int32_t planned = kernel->plan(&f->call);
        if (planned != MODC_OK)
            return planned == MODC_STOP ? CALL_STOP : CALL_KERNEL;
    }
    if (give_arena(self, f) < 0)
        return CALL_RAISED;
    for (int k = 0; k < self->n_out && status == CALL_DONE; k++)
        status = give_output(self, f, k);
    for (int k = 0; k < self->n_next && status == CALL_DONE; k++)
        status = give_next(self, f, k);
    return status;
}

void frame_commit(call_object *self, frame *f)
{
    for (int k = 0; self->any_given_cell && k < self->n_member; k++) {
        const member_spec *member = &self->member[k];
        if (f->staged[k] && member->written && member->next < 0) {
            const buffer_spec *buffer = &self->buffer[self->n_in + k];
            f->dead[f->n_dead] = f->dead[f->n_dead + 1] = NULL;
            cell_adopt(member->cell, f->staged[k], f->dim + buffer->dim, f->dead + f->n_dead);
            f->n_dead += 2;
        }
    }
    for (int k = 0; k < self->n_next; k++) {
        cell *to = self->member[self->next[k]].cell;
        const buffer_spec *buffer = &self->buffer[self->n_in + self->n_member + self->n_out + k];
        f->dead[f->n_dead] = f->dead[f->n_dead + 1] = NULL;
        cell_adopt(to, f->next[k], f->dim + buffer->dim, f->dead + f->n_dead);
        f->n_dead += 2;
        if (to->block != f->next[k]) {    /* its values were copied: keep the memory for later */
            f->dead[f->n_dead++] = (PyObject *)self->spare[k];
            self->spare[k] = f->next[k];
            f->next[k] = NULL;
        }
    }
}

/* An output as the caller gets it: cut to the size that run found, where that depends on data. */
PyObject *frame_result(call_object *self, frame *f, int k)
{
    const buffer_spec *buffer = &self->buffer[self->n_in + self->n_member + k];
    PyArrayObject *array = f->out[k], *shorter;
    int same = 1;
    for (int axis = 0; axis < buffer->ndim; axis++)
        same = same && PyArray_DIM(array, axis) == f->dim[buffer->dim + axis];
    if (same) {
        f->out[k] = NULL;
        return (PyObject *)array;
    }
    if (bytes_of(f, buffer) < 0 || bytes_of(f, buffer) > (int64_t)PyArray_NBYTES(array)) {
        PyErr_SetString(PyExc_SystemError, "a kernel returned more than it planned");
        return NULL;
    }
    shorter = new_output(f, buffer, self->out[k].descr);
    if (shorter)
        memcpy(PyArray_DATA(shorter), PyArray_DATA(array), (size_t)PyArray_NBYTES(shorter));
    return (PyObject *)shorter;
}

void frame_clear(call_object *self, frame *f)
{
    frame_bury(f);
    for (int i = 0; i < self->n_given; i++)
        Py_CLEAR(f->array[i]);
    for (int k = 0; k < self->n_out; k++)
        Py_CLEAR(f->out[k]);
    for (int k = 0; k < self->n_next; k++)
        Py_CLEAR(f->next[k]);
    for (int k = 0; self->any_given_cell && k < self->n_member; k++)
        Py_CLEAR(f->staged[k]);
}
