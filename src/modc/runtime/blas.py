"""A BLAS and LAPACK for large matrices, looked for when a kernel first asks for one.

Input: the setting MODC_BLAS; packages, NumPy's bundled library, the system's. Output: the address of the table of routines
(`struct modc_blas` of csrc/modc_blas.h) that kernels get in their `modc_env`, and `Found`, which says what it is.
Neighbours: `native` and `cffi_call` ask when a kernel returned MODC_STOP for it; `modc doctor` shows it.

One library per process, found once: every thread uses it, and a forked child inherits it. Threads inside a library are its
own affair (OPENBLAS_NUM_THREADS and the like). `forget` makes the next call look again.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from modc import config
from modc.errors import ModeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ABI = 1  # modc_blas_abi
ROUTINES = ("gemm", "trsm", "potrf", "getrf", "getrs", "geqrf", "orgqr", "syevd", "gesdd", "geev")
#: How libraries call a routine: text before and behind its name, bits of their integers.
NAMES = (("scipy_", "_64_", 64), ("", "_64_", 64), ("scipy_", "_", 32), ("", "_", 32))
#: Symbols of libraries whose matrix products are fast; the reference BLAS has none of them.
FAST = (
    "openblas_get_config", "openblas_get_config64_", "scipy_openblas_get_config", "scipy_openblas_get_config64_",
    "mkl_get_version", "bli_info_get_version_str", "flexiblas_info", "armplversion",
)  # fmt: skip
#: Functions without arguments that give the number of threads.
THREADS = (
    "openblas_get_num_threads", "openblas_get_num_threads64_", "scipy_openblas_get_num_threads",
    "scipy_openblas_get_num_threads64_", "MKL_Get_Max_Threads", "bli_thread_get_num_threads", "flexiblas_get_num_threads",
)  # fmt: skip
PACKAGES = ("scipy_openblas64", "scipy_openblas32")
SYSTEM = {
    "linux": ("libopenblas.so.0", "libmkl_rt.so.2", "libmkl_rt.so.1", "libflexiblas.so.3", "liblapack.so.3"),
    "darwin": ("/System/Library/Frameworks/Accelerate.framework/Accelerate", "libopenblas.dylib"),
    "win32": ("libopenblas.dll", "openblas.dll", "mkl_rt.2.dll", "mkl_rt.1.dll"),
}


class Found:
    """A library: where it came from, its path, bits of its integers, routines that it has not; its table for kernels."""

    __slots__ = ("address", "bits", "missing", "origin", "path", "table")

    def __init__(self, origin: str, path: str, bits: int, missing: list[str], table: Any, address: int) -> None:
        self.origin, self.path, self.bits, self.missing = origin, path, bits, missing
        self.table, self.address = table, address


_found: list[Found] = []  # what `find` found, once it has looked
_forgetters: list[Callable[[], None]] = []  # of the runtimes, which keep the address


def address() -> int:
    """Address of the table for kernels; that of one that says "none" where there is no library.

    Raises ModeError where MODC_BLAS names a library that cannot be used.
    """
    return find().address


def find() -> Found:
    """The library, loaded and tried on matrices of 2 x 2, or what stands for none (`path` is empty).

    Raises ModeError where MODC_BLAS names a library that cannot be used.
    """
    if not _found:
        _found.append(_look())
        config.trace(1, f"blas: {_found[0].path or 'none'} ({_found[0].origin})")
    return _found[0]


def forget() -> None:
    """Let the next large call look again, with the setting of that moment."""
    _found.clear()
    for each in _forgetters:
        each()


def on_forget(function: Callable[[], None]) -> None:
    """Call `function` when what was found counts no more."""
    _forgetters.append(function)


def _look() -> Found:
    wanted = config.get("MODC_BLAS")
    if wanted == "none":
        return _none("MODC_BLAS=none")
    if wanted != "auto":
        try:
            return _loaded("MODC_BLAS", wanted)
        except (OSError, ValueError) as error:
            raise ModeError(
                f"MODC_BLAS={wanted!r} cannot be used: {error}\n"
                "  hint: give the path of a shared library with BLAS and LAPACK, or auto, or none"
            ) from error
    for origin, path in _candidates():
        try:
            return _loaded(origin, path)
        except (OSError, ValueError) as error:
            config.trace(2, f"blas: {path} is not used: {error}")
    return _none("no library was found")


def _candidates() -> Iterator[tuple[str, str]]:
    """(origin, path) of what may be a library, the best first."""
    for package in PACKAGES:
        for entry in sys.path:
            yield from _in_folder(f"package {package}", os.path.join(entry, package, "lib"))
    numpy_file = sys.modules["numpy"].__file__ or ""
    folder = os.path.dirname(numpy_file)
    for name in (".dylibs", ".libs", os.path.join(os.pardir, "numpy.libs")):
        yield from _in_folder("NumPy's own", os.path.normpath(os.path.join(folder, name)))
    for name in SYSTEM.get(sys.platform, SYSTEM["linux"]):
        for prefix in (os.path.join(sys.prefix, "lib"), os.path.join(sys.prefix, "Library", "bin")):
            path = os.path.join(prefix, name)
            if os.path.exists(path):
                yield "this environment's", path
        yield "the system's", name


def _in_folder(origin: str, folder: str) -> Iterator[tuple[str, str]]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return
    for name in names:
        if "openblas" in name and (name.endswith((".dll", ".dylib")) or ".so" in name):
            yield origin, os.path.join(folder, name)


def _types() -> tuple[Any, Any]:
    """ctypes, and the type of the table."""
    ctypes: Any = import_module("ctypes")  # NumPy has it loaded, where there is one
    pointer = ctypes.c_void_p
    fields = [(name, ctypes.c_int64) for name in ("abi", "bits", "threads")] + [("take", pointer), ("give", pointer)]
    fields += [(kind + name, pointer) for kind in "ds" for name in ROUTINES]
    return ctypes, type("Table", (ctypes.Structure,), {"_fields_": fields})


def _none(reason: str) -> Found:
    ctypes, table_type = _types()
    table = table_type()
    return Found(reason, "", 0, [], table, ctypes.addressof(table))


def _loaded(origin: str, path: str) -> Found:
    """Raises OSError for what cannot be loaded, ValueError for what is no such library or gives wrong results."""
    ctypes, table_type = _types()
    library = ctypes.CDLL(path)
    named = [row for row in NAMES if hasattr(library, f"{row[0]}dgemm{row[1]}")]
    if not named:
        raise ValueError("it has no dgemm")
    before, behind, bits = named[0]
    if bits == 32 and sys.byteorder == "big":
        raise ValueError("integers of 32 bits are not supported on this machine")
    calls = {
        kind + name: getattr(library, before + kind + name + behind, None) for kind in "ds" for name in ROUTINES
    }
    if origin != "MODC_BLAS" and "Accelerate" not in path and not any(hasattr(library, name) for name in FAST):
        calls["dgemm"] = calls["sgemm"] = None  # the reference BLAS: modc's own products are faster
    bits = _tried(ctypes, calls, bits)
    counts = [getattr(library, name)() for name in THREADS if hasattr(library, name)]
    table = table_type(abi=ABI, bits=bits, threads=counts[0] if counts else os.cpu_count())
    for name, call in calls.items():
        setattr(table, name, call and ctypes.cast(call, ctypes.c_void_p).value)
    table.take = ctypes.cast(ctypes.pythonapi.PyMem_RawMalloc, ctypes.c_void_p).value
    table.give = ctypes.cast(ctypes.pythonapi.PyMem_RawFree, ctypes.c_void_p).value
    missing = [name for name, call in calls.items() if call is None]
    found = Found(origin, path, bits, missing, (table, library), ctypes.addressof(table))
    return found


def _tried(ctypes: Any, calls: dict[str, Any], bits: int) -> int:
    """Bits of the library's integers, as LU of a small matrix shows them. Raises ValueError for a wrong result."""
    two, text, info = ctypes.c_int64(2), ctypes.c_char_p, ctypes.c_int64(0)
    length, by = ctypes.c_size_t(1), ctypes.byref
    for kind, real in (("d", ctypes.c_double), ("s", ctypes.c_float)):
        a, b, c = (real * 4)(1, 2, 3, 4), (real * 4)(5, 6, 7, 8), (real * 4)(1, 1, 1, 1)
        one, none, square = real(1), real(0), (real * 4)(4, 2, 2, 5)
        if (gemm := calls[kind + "gemm"]) is not None:
            gemm(text(b"N"), text(b"N"), by(two), by(two), by(two), by(one), a, by(two), b, by(two), by(none), c, by(two), length, length)
            if list(c) != [23, 34, 31, 46]:
                raise ValueError(f"its {kind}gemm gives a wrong product")
        if (potrf := calls[kind + "potrf"]) is not None:
            potrf(text(b"L"), by(two), square, by(two), by(info), length)
            if [square[0], square[1], square[3]] != [2, 1, 2] or info.value:
                raise ValueError(f"its {kind}potrf gives a wrong factor")
        if (getrf := calls[kind + "getrf"]) is not None:
            pivots = (ctypes.c_int32 * 4)(0, 0, 0, 0)
            getrf(by(two), by(two), a, by(two), pivots, by(info))
            if list(pivots) not in ([2, 2, 0, 0], [2, 0, 2, 0]) or a[0] != 2 or info.value:
                raise ValueError(f"its {kind}getrf gives wrong factors")
            bits = 32 if pivots[1] else 64
    return bits
