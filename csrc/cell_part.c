/* cell_part.c -- Part: the data descriptor behind every attribute of an instance.
 *
 * `instance._parts[index]`: a cell reads as its value and takes values, a child with `initialize` is
 * initialised by what is assigned, anything else reads as itself. src/modc/runtime/part.py is the
 * same thing in Python.
 */
#include "call_private.h"
#include <structmember.h>

typedef struct part {
    PyObject_HEAD
    Py_ssize_t index;
    PyObject *name;
    PyTypeObject *seen;    /* a class whose `_parts` is a slot at `offset` */
    Py_ssize_t offset;
} part;

static PyObject *parts_name, *initialize_name;

/* Remember where instances of a class keep `_parts`, if it is one of its __slots__. */
static void part_learn(part *self, PyTypeObject *type)
{
    PyObject *slot = PyObject_GetAttr((PyObject *)type, parts_name);
    if (!slot) {
        PyErr_Clear();
    } else if (Py_IS_TYPE(slot, &PyMemberDescr_Type)
               && ((PyMemberDescrObject *)slot)->d_member->type == T_OBJECT_EX
               && PyType_IsSubtype(type, ((PyDescrObject *)slot)->d_type)) {
        self->offset = ((PyMemberDescrObject *)slot)->d_member->offset;
        Py_XSETREF(self->seen, (PyTypeObject *)Py_NewRef((PyObject *)type));
    }
    Py_XDECREF(slot);
}

/* A new reference to the instance's tuple. */
static PyObject *part_tuple(part *self, PyObject *instance)
{
    PyTypeObject *type = Py_TYPE(instance);
    PyObject *parts;
    if (type != self->seen)
        part_learn(self, type);
    if (type == self->seen) {
        parts = *(PyObject **)((char *)instance + self->offset);
        if (parts)
            return Py_NewRef(parts);
    }
    return PyObject_GetAttr(instance, parts_name);
}

/* A new reference to what this part stands for. */
static PyObject *part_item(part *self, PyObject *instance)
{
    PyObject *parts = part_tuple(self, instance), *item;
    if (!parts)
        return NULL;
    if (!PyTuple_Check(parts)) {
        Py_DECREF(parts);
        PyErr_SetString(PyExc_TypeError, "_parts must be a tuple");
        return NULL;
    }
    item = PyTuple_GetItem(parts, self->index);
    Py_XINCREF(item);
    Py_DECREF(parts);
    return item;
}

static PyObject *part_get(PyObject *object, PyObject *instance, PyObject *owner)
{
    PyObject *item, *result;
    (void)owner;
    if (!instance || instance == Py_None)
        return Py_NewRef(object);
    item = part_item((part *)object, instance);
    if (!item || !PyObject_TypeCheck(item, Cell_Type))
        return item;
    result = cell_value((cell *)item);
    Py_DECREF(item);
    return result;
}

static int part_initialize(part *self, PyObject *item, PyObject *given)
{
    PyObject *result = NULL;
    if (PyObject_HasAttr((PyObject *)Py_TYPE(item), initialize_name))
        result = PyObject_CallMethodObjArgs(item, initialize_name, given, NULL);
    else
        PyErr_Format(PyExc_AttributeError, "cannot set '%U': it is no member", self->name);
    Py_XDECREF(result);
    return result ? 0 : -1;
}

static int part_set(PyObject *object, PyObject *instance, PyObject *given)
{
    part *self = (part *)object;
    PyObject *item;
    int status;
    if (!given) {
        PyErr_Format(PyExc_AttributeError,
                     "cannot delete '%U': it belongs to the compiled Module", self->name);
        return -1;
    }
    item = part_item(self, instance);
    if (!item)
        return -1;
    if (PyObject_TypeCheck(item, Cell_Type))
        status = cell_assign((cell *)item, given);
    else
        status = part_initialize(self, item, given);
    Py_DECREF(item);
    return status;
}

static PyObject *part_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"index", "name", NULL};
    Py_ssize_t index;
    PyObject *name;
    part *self;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "nU:Part", names, &index, &name))
        return NULL;
    if (!parts_name)
        parts_name = PyUnicode_InternFromString("_parts");
    if (!initialize_name)
        initialize_name = PyUnicode_InternFromString("initialize");
    if (!parts_name || !initialize_name)
        return NULL;
    self = (part *)PyType_GenericAlloc(type, 0);
    if (!self)
        return NULL;
    self->index = index;
    self->name = Py_NewRef(name);
    return (PyObject *)self;
}

static int part_traverse(PyObject *object, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(((part *)object)->seen);
    return 0;
}

static int part_clear(PyObject *object)
{
    Py_CLEAR(((part *)object)->seen);
    return 0;
}

static void part_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    (void)part_clear(object);
    Py_XDECREF(((part *)object)->name);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

static PyMemberDef part_members[] = {
    {"index", T_PYSSIZET, offsetof(part, index), READONLY, "Place in `_parts`."},
    {"name", T_OBJECT, offsetof(part, name), READONLY, "Name of the attribute."},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot part_slots[] = {
    {Py_tp_new, (void *)part_new},
    {Py_tp_dealloc, (void *)part_dealloc},
    {Py_tp_traverse, (void *)part_traverse},
    {Py_tp_clear, (void *)part_clear},
    {Py_tp_descr_get, (void *)part_get},
    {Py_tp_descr_set, (void *)part_set},
    {Py_tp_members, part_members},
    {Py_tp_doc, (void *)"Part(index, name)\n--\n\nData descriptor for `instance._parts[index]`."},
    {0, NULL},
};

PyType_Spec Part_Spec = {
    "modc._call.Part", sizeof(part), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, part_slots,
};
