"""The C text of the cffi glue.

Imports nothing of modc, since the build of modc itself runs it before modc can be imported
(build_tools/glue_build.py loads this file by its path). Neighbours: glue.
"""

from __future__ import annotations

# Two lines that every importable kernel adds to its text; the name costs nothing (no headers).
MODULE = "_modc_kernel"
INIT_LINES = """
/* makes this file a cffi extension module; the glue object is linked to it */
#if defined(_WIN32)
#define MODC_EXPORT __declspec(dllexport)
#else
#define MODC_EXPORT __attribute__((visibility("default")))
#endif
#ifdef __cplusplus
extern "C" {{
#endif
extern void *modc_glue_init(const char *name);
MODC_EXPORT void *PyInit_{module}(void);
MODC_EXPORT void *PyInit_{module}(void) {{ return modc_glue_init("{module}"); }}
#ifdef __cplusplus
}}
#endif
"""

_DECLARATIONS = """
extern const modc_kernel modc_entry;
int32_t modc_run(modc_call *call);
"""

_SOURCE = """
extern const modc_kernel modc_entry;
static int32_t modc_run(modc_call *call) { return modc_entry.run(call); }
"""

# _cffi_init is what every module made by cffi calls; 0x2601 is the version it is made for.
APPENDIX = """
PyObject *modc_glue_init(const char *name)
{
    return _cffi_init(name, 0x2601, &_cffi_type_context);
}
"""


def emit_glue(header: str, path: str) -> None:
    """Write the glue's C text: cffi's for the declarations of the ABI, and the entry point."""
    from cffi import FFI

    declared = header.split("/* cdef-begin */")[1].split("/* cdef-end */")[0]
    ffi = FFI()
    ffi.cdef(declared + _DECLARATIONS)
    body = "#include <stdint.h>\n" + declared + _SOURCE
    ffi.set_source("_modc_glue", body, py_limited_api=True, compiler_verbose=0)
    ffi.emit_c_code(path)
    with open(path, "a", encoding="utf-8") as file:
        file.write(APPENDIX)
