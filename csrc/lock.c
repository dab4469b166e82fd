/* lock.c -- Lock: one per made graph, re-entrant for its thread.
 *
 * The fields change only under the GIL, so taking a free lock is a comparison and a store. A waiter
 * lets the GIL go, sleeps at a gate that the next drop opens, wakes every 50 ms all the same, and
 * lets signal handlers run. `fork_prepare` takes all locks before a fork, so that the child never
 * sees a call of another thread halfway; `fork_done` lets them go, and in the child starts those
 * anew that could not be taken.
 */
#include "call_private.h"
#include <structmember.h>

#define NAP 50000LL    /* microseconds */

static lock *oldest, *newest;
static unsigned long long serials;

#if defined(_MSC_VER)
static __declspec(thread) char here;
#else
static __thread char here;
#endif

uintptr_t lock_thread(void)
{
    return (uintptr_t)&here;
}

static int lock_try(lock *self)
{
    uintptr_t me = lock_thread();
    if (self->owner && self->owner != me)
        return 0;
    self->owner = me;
    self->depth++;
    return 1;
}

/* Waits at most some microseconds, or for ever (-1). 1 taken, 0 too late, -1 exception. */
int lock_wait(lock *self, long long microseconds)
{
    int result = 0;
    self->waiters++;
    for (;;) {
        long long nap = microseconds < 0 || microseconds > NAP ? NAP : microseconds;
        PyLockStatus status;
        Py_BEGIN_ALLOW_THREADS
        status = PyThread_acquire_lock_timed(self->gate, nap, 0);
        Py_END_ALLOW_THREADS
        if (status == PY_LOCK_ACQUIRED)
            self->gate_open = 0;
        if (lock_try(self)) {
            result = 1;
            break;
        }
        if (microseconds < 0) {
            if (PyErr_CheckSignals() < 0) {
                result = -1;
                break;
            }
        } else if ((microseconds -= nap) <= 0) {
            break;
        }
    }
    self->waiters--;
    return result;
}

void lock_wake(lock *self)
{
    if (!self->gate_open) {
        self->gate_open = 1;
        PyThread_release_lock(self->gate);
    }
}

static int lock_new_gate(lock *self)
{
    self->gate = PyThread_allocate_lock();
    if (!self->gate) {
        PyErr_NoMemory();
        return -1;
    }
    PyThread_acquire_lock(self->gate, 1);
    self->gate_open = 0;
    return 0;
}

static PyObject *lock_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    lock *self;
    static char *names[] = {NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, ":Lock", names))
        return NULL;
    self = (lock *)PyType_GenericAlloc(type, 0);
    if (!self)
        return NULL;
    if (lock_new_gate(self) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    self->serial = serials++;
    self->before = newest;
    if (newest)
        newest->after = self;
    else
        oldest = self;
    newest = self;
    return (PyObject *)self;
}

static void lock_dealloc(PyObject *object)
{
    lock *self = (lock *)object;
    PyTypeObject *type = Py_TYPE(object);
    if (self->gate) {
        if (self->before)
            self->before->after = self->after;
        else
            oldest = self->after;
        if (self->after)
            self->after->before = self->before;
        else
            newest = self->before;
        if (!self->gate_open)
            PyThread_release_lock(self->gate);
        PyThread_free_lock(self->gate);
    }
    Py_XDECREF(self->arena);
    PyObject_Free(object);
    Py_DECREF(type);
}

static PyObject *lock_acquire(PyObject *self, PyObject *unused)
{
    (void)unused;
    if (lock_take((lock *)self) < 0)
        return NULL;
    Py_RETURN_TRUE;
}

static PyObject *lock_release(PyObject *self, PyObject *unused)
{
    (void)unused;
    if (((lock *)self)->owner != lock_thread()) {
        PyErr_SetString(PyExc_RuntimeError, "cannot release a lock that this thread does not hold");
        return NULL;
    }
    lock_drop((lock *)self);
    Py_RETURN_NONE;
}

static PyObject *lock_enter(PyObject *self, PyObject *unused)
{
    (void)unused;
    if (lock_take((lock *)self) < 0)
        return NULL;
    return Py_NewRef(self);
}

/* fork_prepare(seconds): take every lock that can be had in time. */
static PyObject *fork_prepare(PyObject *module, PyObject *argument)
{
    double patience = PyFloat_AsDouble(argument);
    lock *each, *following;
    (void)module;
    if (patience == -1.0 && PyErr_Occurred())
        return NULL;
    for (each = oldest; each; each = following) {
        int taken;
        Py_INCREF(each);    /* waiting lets other threads drop their last reference */
        taken = lock_try(each);
        while (!taken && patience > 0.0) {
            taken = lock_wait(each, NAP);
            patience -= 1e-6 * NAP;
        }
        if (taken)
            each->forking++;
        following = each->after;
        Py_DECREF(each);
    }
    Py_RETURN_NONE;
}

/* fork_done(child): let them go. In the child, the threads that held the others do not exist. */
static PyObject *fork_done(PyObject *module, PyObject *argument)
{
    int child = PyObject_IsTrue(argument);
    uintptr_t me = lock_thread();
    lock *each;
    (void)module;
    for (each = oldest; each; each = each->after) {
        if (child) {
            each->waiters = 0;
            if (lock_new_gate(each) < 0)
                return NULL;
            if (each->owner != me) {
                each->owner = 0;
                each->depth = 0;
                each->forking = 0;
            }
        }
        if (each->forking && each->owner == me) {
            each->forking--;
            lock_drop(each);
        }
    }
    Py_RETURN_NONE;
}

PyMethodDef lock_functions[] = {
    {"fork_prepare", fork_prepare, METH_O, "Take all locks, waiting at most some seconds."},
    {"fork_done", fork_done, METH_O, "Let go of what fork_prepare took; true in the child."},
    {NULL, NULL, 0, NULL},
};

static PyMethodDef lock_methods[] = {
    {"acquire", lock_acquire, METH_NOARGS, "Take the lock; a thread may take it repeatedly."},
    {"release", lock_release, METH_NOARGS, "Undo one `acquire` of this thread."},
    {"__enter__", lock_enter, METH_NOARGS, NULL},
    {"__exit__", (PyCFunction)(void (*)(void))lock_release, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef lock_members[] = {
    {"serial", T_ULONGLONG, offsetof(lock, serial), READONLY, "Locks are taken in this order."},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot lock_slots[] = {
    {Py_tp_new, (void *)lock_new},
    {Py_tp_dealloc, (void *)lock_dealloc},
    {Py_tp_methods, lock_methods},
    {Py_tp_members, lock_members},
    {Py_tp_doc, (void *)"Lock()\n--\n\nRe-entrant lock of one made graph, safe over fork."},
    {0, NULL},
};

PyType_Spec Lock_Spec = {"modc._call.Lock", sizeof(lock), 0, Py_TPFLAGS_DEFAULT, lock_slots};
