/* call_module.c -- the extension modc._call: checked calls, storage, locks.
 *
 * `setup(convert, convert_with, error, blas)` gives it the parts that are written in Python. One
 * interpreter only: NumPy cannot be loaded into a second one either.
 */
#define MODC_IMPORTS_ARRAY
#include "call_private.h"

PyTypeObject *Block_Type, *Lock_Type, *Cell_Type, *Part_Type, *Call_Type;
PyObject *modc_convert, *modc_convert_with, *modc_bind_error, *modc_find_blas;

static PyObject *setup(PyObject *module, PyObject *args)
{
    PyObject *convert, *with, *error, *blas;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOOO:setup", &convert, &with, &error, &blas))
        return NULL;
    Py_XSETREF(modc_convert, Py_NewRef(convert));
    Py_XSETREF(modc_convert_with, Py_NewRef(with));
    Py_XSETREF(modc_bind_error, Py_NewRef(error));
    Py_XSETREF(modc_find_blas, Py_NewRef(blas));
    Py_RETURN_NONE;
}

static PyObject *forget_blas(PyObject *module, PyObject *unused)
{
    (void)module;
    (void)unused;
    call_use_blas(0);
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"setup", setup, METH_VARARGS, "setup(convert, convert_with, error, blas): the parts in Python."},
    {"forget_blas", forget_blas, METH_NOARGS, "The next kernel that wants a library has it looked for."},
    {NULL, NULL, 0, NULL},
};

/* long and long long may be the same type under two numbers: sizes decide. */
static void fill_codes(void)
{
    static const int signed_code[] = {-1, MODC_INT8, MODC_INT16, -1, MODC_INT32, -1, -1, -1, MODC_INT64};
    static const int integer[][2] = {
        {NPY_BYTE, sizeof(npy_byte)}, {NPY_SHORT, sizeof(npy_short)}, {NPY_INT, sizeof(npy_int)},
        {NPY_LONG, sizeof(npy_long)}, {NPY_LONGLONG, sizeof(npy_longlong)},
    };
    for (int type = 0; type < NPY_NTYPES_LEGACY; type++)
        modc_code_of_type[type] = -1;
    for (size_t i = 0; i < sizeof integer / sizeof integer[0]; i++) {
        int code = signed_code[integer[i][1]];
        modc_code_of_type[integer[i][0]] = code;
        modc_code_of_type[integer[i][0] + 1] = code + (MODC_UINT8 - MODC_INT8);
    }
    modc_code_of_type[NPY_BOOL] = MODC_BOOL;
    modc_code_of_type[NPY_FLOAT] = MODC_FLOAT32;
    modc_code_of_type[NPY_DOUBLE] = MODC_FLOAT64;
    modc_code_of_type[NPY_CFLOAT] = MODC_COMPLEX64;
    modc_code_of_type[NPY_CDOUBLE] = MODC_COMPLEX128;
}

static int add_type(PyObject *module, PyType_Spec *spec, PyTypeObject **type)
{
    *type = (PyTypeObject *)PyType_FromSpec(spec);
    return *type ? PyModule_AddType(module, *type) : -1;
}

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_call", "Checked calls, storage and locks of modc.", -1,
    functions, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__call(void)
{
    PyObject *module;
    import_array();
    fill_codes();
    module = PyModule_Create(&definition);
    if (!module)
        return NULL;
    if (PyModule_AddFunctions(module, lock_functions) < 0
        || add_type(module, &Block_Spec, &Block_Type) < 0
        || add_type(module, &Lock_Spec, &Lock_Type) < 0
        || add_type(module, &Cell_Spec, &Cell_Type) < 0
        || add_type(module, &Part_Spec, &Part_Type) < 0
        || add_type(module, &Call_Spec, &Call_Type) < 0) {
        Py_DECREF(module);
        return NULL;
    }
    return module;
}
