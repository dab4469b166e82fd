/* call_object.c -- Call as a Python object: attributes, defaults, garbage collection.
 *
 * What is not the call itself is written in Python: `side` (src/modc/runtime/side.py) knows names,
 * messages, defaults and signature, and the module layer's Method answers all other attributes.
 */
#include "call_private.h"
#include <structmember.h>

static PyObject *call_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    call_object *self;
    if (kwargs && PyDict_Size(kwargs)) {
        PyErr_SetString(PyExc_TypeError, "Call takes no keywords");
        return NULL;
    }
    self = (call_object *)PyType_GenericAlloc(type, 0);
    if (!self)
        return NULL;
    self->vectorcall = call_vector;
    if (call_init(self, args) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static int call_traverse(PyObject *object, visitproc visit, void *arg)
{
    call_object *self = (call_object *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->side);
    return 0;
}

static int call_clear(PyObject *object)
{
    call_object *self = (call_object *)object;
    Py_CLEAR(self->side);
    return 0;
}

static void call_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    if (((call_object *)object)->weak)
        PyObject_ClearWeakRefs(object);
    (void)call_clear(object);
    call_release((call_object *)object);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

/* The Python side, which a cleared object in a dying cycle has no more. */
static PyObject *side_of(PyObject *self)
{
    PyObject *side = ((call_object *)self)->side;
    if (!side)
        PyErr_SetString(PyExc_RuntimeError, "this Method has been destroyed");
    return side;
}

static PyObject *ask(PyObject *self, const char *method)
{
    PyObject *side = side_of(self);
    return side ? PyObject_CallMethod(side, method, NULL) : NULL;
}

static PyObject *call_getattr(PyObject *self, PyObject *name)
{
    PyObject *found = PyObject_GenericGetAttr(self, name), *side;
    if (found || !PyErr_ExceptionMatches(PyExc_AttributeError))
        return found;
    PyErr_Clear();
    side = side_of(self);
    return side ? PyObject_CallMethod(side, "attribute", "OO", self, name) : NULL;
}

static PyObject *call_position(PyObject *self, PyObject *key)
{
    PyObject *side = side_of(self);
    return side ? PyObject_CallMethod(side, "position", "(O)", key) : NULL;
}

static PyObject *call_get_default(PyObject *self, PyObject *index)
{
    PyObject *side = side_of(self);
    return side ? PyObject_CallMethod(side, "get_default", "(O)", index) : NULL;
}

/* Python converts and keeps it; the call takes it from here. */
static int put_default(PyObject *object, Py_ssize_t index, PyObject *given)
{
    call_object *self = (call_object *)object;
    PyObject *side = side_of(object), *array;
    if (!side)
        return -1;
    if (index < 0 || index >= self->n_given) {
        PyErr_SetString(PyExc_IndexError, "there is no such input");
        return -1;
    }
    array = PyObject_CallMethod(side, "set_default", "nO", index, given);
    if (!array)
        return -1;
    if (array == Py_None)
        Py_CLEAR(array);
    if (array && !target_accepts(&self->given[index].to, array)) {
        Py_DECREF(array);
        PyErr_SetString(PyExc_SystemError, "set_default returned an array that does not fit");
        return -1;
    }
    Py_XSETREF(self->given[index].fallback, array);
    return 0;
}

static PyObject *call_set_default(PyObject *self, PyObject *args)
{
    Py_ssize_t index;
    PyObject *given;
    if (!PyArg_ParseTuple(args, "nO:set_default", &index, &given)
        || put_default(self, index, given) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *call_subscript(PyObject *self, PyObject *key)
{
    PyObject *index = call_position(self, key), *found;
    if (!index)
        return NULL;
    found = call_get_default(self, index);
    Py_DECREF(index);
    return found;
}

static int call_set_subscript(PyObject *self, PyObject *key, PyObject *given)
{
    PyObject *position = call_position(self, key);
    Py_ssize_t index;
    if (!position)
        return -1;
    index = PyLong_AsSsize_t(position);
    Py_DECREF(position);
    return put_default(self, index, given ? given : Py_None);
}

/* Itself: having this, `help` and `inspect` take it for a routine. */
static PyObject *call_bound(PyObject *self, PyObject *instance, PyObject *owner)
{
    (void)instance;
    (void)owner;
    return Py_NewRef(self);
}

static PyObject *call_dir(PyObject *self, PyObject *unused)
{
    PyObject *side = side_of(self);
    (void)unused;
    return side ? PyObject_CallMethod(side, "directory", "O", self) : NULL;
}

static PyObject *call_reduce(PyObject *self, PyObject *unused)
{
    (void)unused;
    return ask(self, "reduce");
}

static PyObject *call_reduce_ex(PyObject *self, PyObject *protocol)
{
    (void)protocol;
    return ask(self, "reduce");
}

static PyObject *call_repr(PyObject *self)
{
    PyObject *side = ((call_object *)self)->side, *name, *text;
    if (!side)
        return PyUnicode_FromString("<compiled Method>");
    name = PyObject_GetAttrString(side, "name");
    if (!name)
        return NULL;
    text = PyUnicode_FromFormat("<compiled Method %S>", name);
    Py_DECREF(name);
    return text;
}

static PyObject *call_attribute(PyObject *self, void *name)
{
    PyObject *side = side_of(self);
    return side ? PyObject_CallMethod(side, "attribute", "Os", self, (const char *)name) : NULL;
}

static PyMethodDef call_methods[] = {
    {"position", call_position, METH_O, "Index of an input; TypeError when there is none."},
    {"get_default", call_get_default, METH_O, "Default of an input: a copy, None when required."},
    {"set_default", call_set_default, METH_VARARGS, "Change the default of an input; None drops it."},
    {"__dir__", call_dir, METH_NOARGS, NULL},
    {"__reduce__", call_reduce, METH_NOARGS, NULL},
    {"__reduce_ex__", call_reduce_ex, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef call_getset[] = {
    {"__doc__", call_attribute, NULL, NULL, (void *)"__doc__"},
    {"__name__", call_attribute, NULL, NULL, (void *)"__name__"},
    {"__qualname__", call_attribute, NULL, NULL, (void *)"__qualname__"},
    {"__signature__", call_attribute, NULL, NULL, (void *)"__signature__"},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef call_members[] = {
    {"side", T_OBJECT, offsetof(call_object, side), READONLY, "The Python side of the Method."},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(call_object, weak), READONLY, NULL},
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(call_object, vectorcall), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot call_slots[] = {
    {Py_tp_new, (void *)call_new},
    {Py_tp_dealloc, (void *)call_dealloc},
    {Py_tp_traverse, (void *)call_traverse},
    {Py_tp_clear, (void *)call_clear},
    {Py_tp_call, (void *)PyVectorcall_Call},
    {Py_tp_repr, (void *)call_repr},
    {Py_tp_getattro, (void *)call_getattr},
    {Py_tp_descr_get, (void *)call_bound},
    {Py_mp_subscript, (void *)call_subscript},
    {Py_mp_ass_subscript, (void *)call_set_subscript},
    {Py_tp_methods, call_methods},
    {Py_tp_getset, call_getset},
    {Py_tp_members, call_members},
    {0, NULL},
};

PyType_Spec Call_Spec = {
    "modc._call.Call", sizeof(call_object), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL, call_slots,
};
