/* call_convert.c -- the common conversions of Python values, without Python code.
 *
 * The rules are those of src/modc/runtime/rules.py. Whatever is not plainly allowed here is left to
 * `convert` there, which also words all refusals: so this file never raises for a bad value. A test
 * runs every row of the rules through both.
 */
#include "call_private.h"

const int modc_item_bytes[MODC_N_DTYPES] = {1, 1, 2, 4, 8, 1, 2, 4, 8, 4, 8, 8, 16};
int modc_code_of_type[NPY_NTYPES_LEGACY];

/* Largest magnitudes of the integer types, MODC_INT8 ... MODC_UINT32 */
static const long long low[] = {0, INT8_MIN, INT16_MIN, INT32_MIN, INT64_MIN, 0, 0, 0, 0};
static const long long high[] = {
    0, INT8_MAX, INT16_MAX, INT32_MAX, INT64_MAX, UINT8_MAX, UINT16_MAX, UINT32_MAX, INT64_MAX};

static int code_of(PyArray_Descr *descr)
{
    int type = descr->type_num;
    return type >= 0 && type < NPY_NTYPES_LEGACY ? modc_code_of_type[type] : -1;
}

/* Bytes of a small integer type, little or big endian alike. Unsigned 64 bits ask Python. */
static void store_integer(int code, long long number, value *to)
{
    switch (modc_item_bytes[code]) {
    case 1: { int8_t x = (int8_t)number; memcpy(to, &x, sizeof x); break; }
    case 2: { int16_t x = (int16_t)number; memcpy(to, &x, sizeof x); break; }
    case 4: { int32_t x = (int32_t)number; memcpy(to, &x, sizeof x); break; }
    default: { int64_t x = number; memcpy(to, &x, sizeof x); break; }
    }
}

static int store_real(int code, double number, value *to)
{
    double pair[2] = {number, 0.0};
    float narrow[2] = {(float)number, 0.0f};
    switch (code) {
    case MODC_FLOAT32: memcpy(to, narrow, sizeof narrow[0]); return CONVERT_SCALAR;
    case MODC_FLOAT64: memcpy(to, pair, sizeof pair[0]); return CONVERT_SCALAR;
    case MODC_COMPLEX64: memcpy(to, narrow, sizeof narrow); return CONVERT_SCALAR;
    case MODC_COMPLEX128: memcpy(to, pair, sizeof pair); return CONVERT_SCALAR;
    default: return CONVERT_ASK;
    }
}

static int from_int(int code, PyObject *object, value *to)
{
    int overflow;
    long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (overflow || code == MODC_BOOL)
        return CONVERT_ASK;
    if (code >= MODC_FLOAT32) {
        if (number > (1LL << 53) || number < -(1LL << 53))
            return CONVERT_ASK;    /* rounding belongs to Python */
        return store_real(code, (double)number, to);
    }
    if (number < low[code] || number > high[code])
        return CONVERT_ASK;
    store_integer(code, number, to);
    return CONVERT_SCALAR;
}

static int from_bool(int code, int truth, value *to)
{
    if (code >= MODC_FLOAT32)
        return store_real(code, truth, to);
    store_integer(code, truth, to);
    return CONVERT_SCALAR;
}

/* A NumPy scalar of the same type or of one that is safe, or an integer that fits. */
static int from_numpy_scalar(const target *to, PyObject *object, value *result)
{
    PyArray_Descr *descr = PyArray_DescrFromScalar(object);
    int code, type;
    if (!descr) {
        PyErr_Clear();
        return CONVERT_ASK;
    }
    code = code_of(descr);
    type = descr->type_num;
    Py_DECREF(descr);
    if (code < 0)
        return CONVERT_ASK;
    if (code == to->code) {
        PyArray_ScalarAsCtype(object, result);
        return CONVERT_SCALAR;
    }
    if (!PyArray_CanCastSafely(type, to->descr->type_num))
        return CONVERT_ASK;
    if (PyArray_CastScalarToCtype(object, result, to->descr) < 0)
        return CONVERT_FAILED;
    return CONVERT_SCALAR;
}

static int from_number(const target *to, PyObject *object, value *scalar)
{
    if (PyFloat_CheckExact(object))
        return to->code >= MODC_FLOAT32 ? store_real(to->code, PyFloat_AsDouble(object), scalar)
                                        : CONVERT_ASK;
    if (PyLong_CheckExact(object))
        return from_int(to->code, object, scalar);
    if (PyBool_Check(object))
        return from_bool(to->code, object == Py_True, scalar);
    if (PyArray_IsScalar(object, Generic))
        return from_numpy_scalar(to, object, scalar);
    return CONVERT_ASK;
}

static int fits_sizes(const target *to, const npy_intp *dim)
{
    if (to->fixed)
        for (int i = 0; i < to->ndim; i++)
            if (to->fixed[i] >= 0 && to->fixed[i] != dim[i])
                return 0;
    return 1;
}

/* The slow way fails again, and says whose argument was too large. */
static int without_memory(void)
{
    if (!PyErr_ExceptionMatches(PyExc_MemoryError))
        return CONVERT_FAILED;
    PyErr_Clear();
    return CONVERT_ASK;
}

/* An array of the same type as it is; other layouts and safe types as a copy. */
static int from_array(const target *to, PyArrayObject *array, PyArrayObject **result)
{
    PyArray_Descr *descr = PyArray_DESCR(array);
    int code = code_of(descr);
    if (code < 0 || PyArray_NDIM(array) != to->ndim || !fits_sizes(to, PyArray_DIMS(array)))
        return CONVERT_ASK;
    if (code == to->code && PyArray_ISCARRAY_RO(array)) {
        *result = (PyArrayObject *)Py_NewRef((PyObject *)array);
        return CONVERT_ARRAY;
    }
    if (to->strict ? code != to->code || PyArray_ISBYTESWAPPED(array)
                   : !PyArray_CanCastSafely(descr->type_num, to->descr->type_num))
        return CONVERT_ASK;
    Py_INCREF(to->descr);
    *result = (PyArrayObject *)PyArray_FromArray(
        array, to->descr, NPY_ARRAY_CARRAY_RO | NPY_ARRAY_NOTSWAPPED);
    return *result ? CONVERT_ARRAY : without_memory();
}

/* A list of Python numbers for a vector. */
static int from_list(const target *to, PyObject *list, PyArrayObject **result)
{
    npy_intp count = PyList_Size(list);
    npy_intp width = PyDataType_ELSIZE(to->descr);
    char *data;
    if (to->ndim != 1 || to->strict || !fits_sizes(to, &count))
        return CONVERT_ASK;
    Py_INCREF(to->descr);
    *result = (PyArrayObject *)PyArray_NewFromDescr(
        &PyArray_Type, to->descr, 1, &count, NULL, NULL, 0, NULL);
    if (!*result)
        return without_memory();
    data = PyArray_BYTES(*result);
    for (npy_intp i = 0; i < count; i++, data += width) {
        PyObject *item = PyList_GetItem(list, i);
        value number;
        if (!item || PyArray_IsScalar(item, Generic)
            || from_number(to, item, &number) != CONVERT_SCALAR) {
            PyErr_Clear();
            Py_CLEAR(*result);
            return CONVERT_ASK;
        }
        memcpy(data, &number, (size_t)width);
    }
    return CONVERT_ARRAY;
}

int convert_fast(const target *to, PyObject *object, value *scalar, PyArrayObject **array)
{
    if (to->ndim == 0 && !to->strict) {
        int result;
        if (PyFloat_CheckExact(object) && to->code == MODC_FLOAT64) {
            scalar->f64 = PyFloat_AsDouble(object);
            return CONVERT_SCALAR;
        }
        result = from_number(to, object, scalar);
        if (result != CONVERT_ASK)
            return result;
    }
    if (PyArray_CheckExact(object))
        return from_array(to, (PyArrayObject *)object, array);
    if (PyList_CheckExact(object))
        return from_list(to, object, array);
    return CONVERT_ASK;
}

int target_accepts(const target *self, PyObject *object)
{
    PyArrayObject *array = (PyArrayObject *)object;
    return PyArray_Check(object) && code_of(PyArray_DESCR(array)) == self->code
        && PyArray_NDIM(array) == self->ndim && PyArray_ISCARRAY_RO(array)
        && fits_sizes(self, PyArray_DIMS(array));
}

static int target_sizes(target *self, PyObject *size)
{
    if (size == Py_None)
        return 0;
    self->fixed = PyMem_Calloc((size_t)self->ndim + 1, sizeof(npy_intp));
    if (!self->fixed) {
        PyErr_NoMemory();
        return -1;
    }
    for (int i = 0; i < self->ndim; i++) {
        PyObject *item = PyTuple_GetItem(size, i);
        if (!item)
            return -1;
        self->fixed[i] = item == Py_None ? -1 : PyLong_AsSsize_t(item);
        if (self->fixed[i] == -1 && PyErr_Occurred())
            return -1;
    }
    return 0;
}

int target_init(target *self, PyObject *spec)
{
    PyObject *descr = PyObject_GetAttrString(spec, "dtype");
    PyObject *ndim = descr ? PyObject_GetAttrString(spec, "ndim") : NULL;
    PyObject *size = ndim ? PyObject_GetAttrString(spec, "size") : NULL;
    PyObject *strict = size ? PyObject_GetAttrString(spec, "strict") : NULL;
    int status = -1;
    if (strict && PyArray_DescrCheck(descr)) {
        Py_XSETREF(self->descr, (PyArray_Descr *)Py_NewRef(descr));
        self->code = code_of(self->descr);
        self->ndim = (int)PyLong_AsLong(ndim);
        self->strict = PyObject_IsTrue(strict);
        status = target_sizes(self, size);
        if (status == 0 && self->code < 0) {
            PyErr_Format(PyExc_TypeError, "modc has no dtype %S", descr);
            status = -1;
        }
    } else if (!PyErr_Occurred()) {
        PyErr_SetString(PyExc_TypeError, "dtype must be a NumPy dtype");
    }
    Py_XDECREF(descr);
    Py_XDECREF(ndim);
    Py_XDECREF(size);
    Py_XDECREF(strict);
    return status;
}

void target_clear(target *self)
{
    Py_CLEAR(self->descr);
    PyMem_Free(self->fixed);
    self->fixed = NULL;
}
