/* call.c -- one call of a Method, from beginning to end.
 *
 *   match arguments, convert them          may run the caller's Python code, so before the lock
 *   take the lock (then those of shared cells, oldest first)
 *   read the cells, copy inputs that overlap what will be written
 *   plan, make outputs, run                without the GIL when there is much to do
 *   put NEXT blocks in place, drop the lock
 *   release what died, make the result, or raise
 *
 * No Python code runs between taking and dropping the lock, so a call is seen whole or not at all.
 */
#include "call_private.h"

#define LOCAL_BYTES 1024

static int32_t poll_signals(void *host)
{
    PyGILState_STATE state = PyGILState_Ensure();
    int stop = PyOS_InterruptOccurred();
    (void)host;
    if (stop)
        PyErr_SetInterrupt();    /* PyOS_InterruptOccurred cleared it; PyErr_CheckSignals raises it */
    PyGILState_Release(state);
    return stop;
}

static modc_env released_env = {MODC_ABI, 1, poll_signals, NULL, NULL, NULL};

/* The table of a library's routines; 0: the next kernel that wants one asks again. */
void call_use_blas(uintptr_t address)
{
    released_env.blas = (const struct modc_blas *)address;
}

/* A kernel stopped because nobody has looked for a library: Python does, with no lock held. */
static int find_blas(void)
{
    PyObject *found = modc_find_blas ? PyObject_CallNoArgs(modc_find_blas) : NULL;
    unsigned long long address = found ? PyLong_AsUnsignedLongLong(found) : 0;
    Py_XDECREF(found);
    if (PyErr_Occurred())
        return -1;
    call_use_blas((uintptr_t)address);
    return 0;
}

static void frame_init(const call_object *self, frame *f, char *memory)
{
    memset(&f->call, 0, sizeof f->call);
    f->scalar = (value *)memory;
    f->dim = (int64_t *)(f->scalar + self->n_given);
    memset(f->dim, 0, self->frame_zeros);
    f->given = (PyObject **)(f->dim + self->n_dim);
    f->array = (PyArrayObject **)(f->given + self->n_given);
    f->out = f->array + self->n_given;
    f->next = (block **)(f->out + self->n_out);
    f->staged = f->next + self->n_next;
    f->dead = (PyObject **)(f->staged + self->n_member);
    f->buf = (void **)(f->dead + self->n_given + self->n_out + 3 * self->n_next + 2 * self->n_member);
    f->n_dead = f->n_array = 0;
    f->call.buf = f->buf;
    f->call.dim = f->dim;
}

static int find_name(const call_object *self, PyObject *name)
{
    for (int i = 0; i < self->n_given; i++)
        if (self->given[i].name == name)
            return i;
    for (int i = 0; i < self->n_given; i++)
        if (self->given[i].name && PyUnicode_Check(self->given[i].name)
            && PyUnicode_Compare(self->given[i].name, name) == 0)
            return i;
    return -1;
}

/* Arguments in the order of the inputs. -1: something is wrong, Python will say what. */
static int match(const call_object *self, frame *f, PyObject *const *args, Py_ssize_t count,
                 PyObject *names)
{
    Py_ssize_t n_names = names ? PyTuple_Size(names) : 0;
    if (count > self->n_given)
        return -1;
    for (Py_ssize_t i = 0; i < count; i++)
        f->given[i] = args[i];
    for (Py_ssize_t i = 0; i < n_names; i++) {
        int place = find_name(self, PyTuple_GetItem(names, i));
        if (place < 0 || f->given[place])
            return -1;
        f->given[place] = args[count + i];
    }
    return 0;
}

/* The arguments again, as a tuple and a dict, for the Python side to refuse. */
static PyObject *bad_call(call_object *self, PyObject *const *args, Py_ssize_t count,
                          PyObject *names)
{
    PyObject *tuple = PyTuple_New(count), *dict = PyDict_New(), *result = NULL;
    for (Py_ssize_t i = 0; tuple && i < count; i++)
        PyTuple_SetItem(tuple, i, Py_NewRef(args[i]));
    for (Py_ssize_t i = 0; dict && names && i < PyTuple_Size(names); i++)
        if (PyDict_SetItem(dict, PyTuple_GetItem(names, i), args[count + i]) < 0)
            Py_CLEAR(dict);
    if (tuple && dict)
        result = PyObject_CallMethod(self->side, "bad_call", "OO", tuple, dict);
    Py_XDECREF(tuple);
    Py_XDECREF(dict);
    return result;
}

static void drop_locks(call_object *self, int taken)
{
    while (taken > 0)
        lock_drop(self->shared[--taken]);
    lock_drop(self->lock);
}

static int take_locks(call_object *self)
{
    if (lock_take(self->lock) < 0)
        return -1;
    for (int i = 0; i < self->n_shared; i++) {
        if (lock_take(self->shared[i]) < 0) {
            drop_locks(self, i);
            return -1;
        }
    }
    return 0;
}

/* Everything under the lock. */
static int transact(call_object *self, frame *f)
{
    int32_t status;
    int ready = frame_members(self, f);
    if (ready == CALL_DONE)
        ready = frame_outputs(self, f);
    if (ready != CALL_DONE)
        return ready;
    if (f->call.work >= MODC_RELEASE_WORK) {
        f->call.env = &released_env;
        Py_BEGIN_ALLOW_THREADS
        status = self->kernel->run(&f->call);
        Py_END_ALLOW_THREADS
        f->call.env = NULL;
    } else {
        status = self->kernel->run(&f->call);
    }
    if (status != MODC_OK)
        return status == MODC_STOP ? CALL_STOP : CALL_KERNEL;
    if (self->n_next || self->any_given_cell)
        frame_commit(self, f);
    return CALL_DONE;
}

/* Results of an attempt that a signal stopped; the next attempt makes its own. */
static void forget_results(call_object *self, frame *f)
{
    frame_bury(f);
    for (int k = 0; k < self->n_out; k++)
        Py_CLEAR(f->out[k]);
    for (int k = 0; k < self->n_next; k++)
        Py_CLEAR(f->next[k]);
}

static int attempt(call_object *self, frame *f)
{
    for (;;) {
        int status;
        if (take_locks(self) < 0)
            return CALL_RAISED;
        status = transact(self, f);
        drop_locks(self, self->n_shared);
        frame_bury(f);
        if (status != CALL_STOP)
            return status;
        forget_results(self, f);
        if (PyErr_CheckSignals() < 0 || (!released_env.blas && find_blas() < 0))
            return CALL_RAISED;
    }
}

/* Raise the exception that a method of the Python side returns. */
static void raise_made(PyObject *exception)
{
    if (!exception)
        return;
    if (PyExceptionInstance_Check(exception))
        PyErr_SetObject((PyObject *)Py_TYPE(exception), exception);
    else
        PyErr_SetString(PyExc_SystemError, "the Python side made no exception");
    Py_DECREF(exception);
}

static PyObject *sizes_of(const frame *f, const buffer_spec *buffer)
{
    PyObject *sizes = PyTuple_New(buffer->ndim);
    for (int axis = 0; sizes && axis < buffer->ndim; axis++) {
        PyObject *n = PyLong_FromLongLong(f->dim[buffer->dim + axis]);
        if (!n || PyTuple_SetItem(sizes, axis, n) < 0)
            Py_CLEAR(sizes);
    }
    return sizes;
}

static void raise_failure(call_object *self, frame *f, int status)
{
    const modc_fail *fail = &f->call.fail;
    const buffer_spec *buffer;
    switch (status) {
    case CALL_KERNEL:
        raise_made(PyObject_CallMethod(self->side, "failed", "iiLL", (int)fail->site,
                                       (int)fail->axis, (long long)fail->got,
                                       (long long)fail->want));
        break;
    case CALL_NO_VALUE:
        raise_made(PyObject_CallMethod(self->side, "missing", "i", f->where));
        break;
    case CALL_SIZE:
        buffer = &self->buffer[f->where];
        raise_made(PyObject_CallMethod(self->side, "wrong_size", "iiNL", f->where, f->axis,
                                       sizes_of(f, buffer), (long long)buffer->fixed[f->axis]));
        break;
    case CALL_LARGE:
        raise_made(PyObject_CallMethod(self->side, "too_large", NULL));
        break;
    default:
        break;
    }
}

static PyObject *result_list(call_object *self, frame *f)
{
    PyObject *list = PyList_New(self->n_out);
    for (int k = 0; list && k < self->n_out; k++) {
        PyObject *item = frame_result(self, f, k);
        if (!item || PyList_SetItem(list, k, item) < 0)
            Py_CLEAR(list);
    }
    return list;
}

static PyObject *finish(call_object *self, frame *f)
{
    int status = attempt(self, f);
    if (status != CALL_DONE) {
        raise_failure(self, f, status);
        return NULL;
    }
    switch (self->result) {
    case RESULT_ONE: return frame_result(self, f, 0);
    case RESULT_LIST: return result_list(self, f);
    default: Py_RETURN_NONE;
    }
}

PyObject *call_vector(PyObject *object, PyObject *const *args, size_t flags, PyObject *names)
{
    call_object *self = (call_object *)object;
    Py_ssize_t count = PyVectorcall_NARGS(flags);
    value local[LOCAL_BYTES / sizeof(value)];
    char *memory = (char *)local;
    PyObject *result = NULL;
    frame f;
    if (!self->side) {
        PyErr_SetString(PyExc_RuntimeError, "this Method has been destroyed");
        return NULL;
    }
    if (self->frame_bytes > sizeof local && !(memory = PyMem_Malloc(self->frame_bytes)))
        return PyErr_NoMemory();
    frame_init(self, &f, memory);
    Py_INCREF(object);    /* Python code of the caller may drop it */
    if (match(self, &f, args, count, names) < 0) {
        result = bad_call(self, args, count, names);
    } else {
        int status = frame_inputs(self, &f);
        if (status == 0)
            result = finish(self, &f);
        else if (status > 0)
            result = bad_call(self, args, count, names);
    }
    frame_clear(self, &f);
    if (memory != (char *)local)
        PyMem_Free(memory);
    Py_DECREF(object);
    return result;
}
