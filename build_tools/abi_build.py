"""Makes `src/modc/_abi.py`, the prebuilt cffi declarations of the kernel ABI.

Input: csrc/modc_abi.h, between its markers cdef-begin and cdef-end. Output: an out-of-line
ABI-mode module (`ffi`), for setuptools' `cffi_modules` and by hand:

    python build_tools/abi_build.py [PATH]
"""

from __future__ import annotations

import sys
from pathlib import Path

from cffi import FFI

ROOT = Path(__file__).resolve().parent.parent


def declarations(header: Path = ROOT / "csrc" / "modc_abi.h") -> str:
    """The part of the header that cffi can read, and the symbol that every kernel exports."""
    text = header.read_text(encoding="utf-8")
    cut = text.split("/* cdef-begin */")[1].split("/* cdef-end */")[0]
    return cut + "\nextern const modc_kernel modc_entry;\n"


ffi = FFI()
ffi.cdef(declarations())
ffi.set_source("modc._abi", None)

if __name__ == "__main__":
    target = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "src" / "modc" / "_abi.py")
    ffi.emit_python_code(target)
