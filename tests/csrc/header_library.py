"""A shared library with one loop per function of csrc/*.h, and the sections of the headers.

Input: the headers.  Output: functions on NumPy arrays, and C text that has only some sections.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import DTypeLike, NDArray

CSRC = Path(__file__).resolve().parent.parent.parent / "csrc"
HEADERS = (
    "modc_abi.h",
    "modc_bits.h", "modc_exp.h", "modc_trig.h", "modc_pow.h", "modc_arc.h", "modc_math.h",
    "modc_special.h", "modc_errors.h", "modc_bessel.h", "modc_logs.h", "modc_incomplete.h", "modc_orders.h", "modc_integrals.h", "modc_shape.h",
    "modc_number.h",
    "modc_complex.h", "modc_complex_math.h", "modc_divide.h", "modc_scalar.h", "modc_reduce.h", "modc_cumulate.h", "modc_keys.h", "modc_wide.h", "modc_order.h", "modc_sort.h", "modc_select.h", "modc_search.h", "modc_rows.h", "modc_convolve.h", "modc_index.h", "modc_gemv.h", "modc_gemm.h", "modc_gemm_int.h", "modc_matmul.h", "modc_reflect.h", "modc_linalg.h", "modc_spectral.h", "modc_fft_passes.h", "modc_fft.h", "modc_fft_real.h", "modc_schur.h", "modc_eig.h", "modc_linalg_complex.h", "modc_blas.h", "modc_lapack.h", "modc_sparse.h",
)  # fmt: skip
FLAGS = ["-O2", "-ftree-vectorize", "-fno-tree-slp-vectorize", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=off"]
TYPES = {
    "f64": "double",
    "f32": "float",
    "b8": "uint8_t",
    "c64": "modc_c64",
    "c128": "modc_c128",
    **{f"{s}{bits}": f"{'u' * (s == 'u')}int{bits}_t" for s in "iu" for bits in (8, 16, 32, 64)},
}
DTYPES: dict[str, DTypeLike] = {
    "f64": np.float64,
    "f32": np.float32,
    "b8": np.uint8,
    **{f"{s}{bits}": f"{s}{bits // 8}" for s in "iu" for bits in (8, 16, 32, 64)},
}
Array = NDArray[np.generic]


def _levels() -> list[str]:
    try:
        words = set(Path("/proc/cpuinfo").read_text().split())
    except OSError:
        return [""]
    needs = {"x86-64-v3": {"avx2", "fma", "bmi2"}, "x86-64-v4": {"avx512f", "avx512dq", "avx512vl"}}
    return ["", *(name for name, features in needs.items() if features <= words)]


#: Every level that this machine has; and for most tests the least and the most of them, unless TEST_EXHAUSTIVE=1.
ALL_LEVELS = _levels()
LEVELS = ALL_LEVELS if os.environ.get("TEST_EXHAUSTIVE") == "1" else list(dict.fromkeys([ALL_LEVELS[0], ALL_LEVELS[-1]]))


def level_flags(level: str) -> list[str]:
    """The compiler flags of a CPU level ('' is the compiler's base)."""
    wide = ["-mprefer-vector-width=512"] if level.endswith("v4") else []
    return [f"-march={level}", *wide] if level else []


def compiler(name: str = "gcc") -> str:
    """The path of a compiler; skips the test without it."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"needs {name}")
    return path


def sections() -> list[tuple[list[str], list[str], str]]:
    """(names, needed names, text) of every section, in file order."""
    found = []
    for header in HEADERS:
        text = (CSRC / header).read_text()
        pattern = r"/\* @section ([^:*]+?)(?: :([^*]*?))? \*/\n(.*?)/\* @end \*/"
        for own, needs, body in re.findall(pattern, text, re.S):
            found.append((own.split(), needs.split(), body))
    return found


def signature(body: str, name: str) -> tuple[str, list[str]]:
    """(result type, argument types) of a function that a section defines."""
    match = re.search(rf"(?:static inline|modc_inline) (\w+) {name}\(([^)]*)\)", body)
    assert match is not None, name
    return match[1], [" ".join(a.split()[:-1]) for a in match[2].split(",")]


def loops() -> str:
    """C text: `loop_NAME` for every elementwise function, `call_NAME` for every fold and product."""
    lines = [f'#include "{header}"' for header in HEADERS]
    for names, _, body in sections():
        name = names[0]
        if f" {name}(" not in body or name.startswith(("MODC_", "modc_split", "modc_store", "modc_column")):
            continue
        if body.startswith("#define") or "modc_c64" in body or "modc_c128" in body or name.endswith(("_c64", "_c128")):
            continue
        if re.search(rf" {name}\([^)]*\*", body) and not name.startswith(("modc_gemm", "modc_fold32")):
            continue  # works on whole arrays
        result, args = signature(body, name)
        if name.startswith("modc_gemm"):
            given = "int ta, int tb, const int64_t *n, const T *s, const T *a, const T *b, T *c"
            call = f"{name}(ta, tb, n[0], n[1], n[2], s[0], a, n[3], b, n[4], s[1], c, n[5])"
            kind = TYPES[name.rsplit("_", 1)[1]]
            lines.append(f"void call_{name}({given.replace('T', kind)}) {{ {call}; }}")
        elif name.startswith("modc_fold32"):
            lines.append(f"void call_{name}({args[0]} *a, {result} *r) {{ *r = {name}(a); }}")
        else:
            given = "".join(f"const {kind} *a{i}, " for i, kind in enumerate(args))
            call = f"{name}({', '.join(f'a{i}[i]' for i in range(len(args)))})"
            body = f"for (int64_t i = 0; i < n; ++i) r[i] = {call};"
            lines.append(f"void loop_{name}({given}{result} *restrict r, int64_t n) {{ {body} }}")
    return "\n".join(lines) + "\n"


class Headers:
    """The functions of the headers on NumPy arrays."""

    def __init__(self, level: str, folder: Path, *extra: str, cc: str = "gcc") -> None:
        source = folder / "loops.c"
        source.write_text(loops())
        command = [compiler(cc), "-std=c99", *FLAGS, *level_flags(level), *extra, f"-I{CSRC}"]
        command += ["-fPIC", "-shared", str(source), "-o", str(folder / "loops.so"), "-lm"]
        subprocess.run(command, check=True)
        self.level = level
        self.library = ctypes.CDLL(str(folder / "loops.so"))

    def __call__(self, name: str, *args: Array, dtype: DTypeLike | None = None) -> Array:
        """modc_NAME elementwise; the result's dtype is the suffix's unless given."""
        kept = [np.ascontiguousarray(a) for a in args]
        result = np.empty(kept[0].shape, DTYPES[name.split("_")[-1]] if dtype is None else dtype)
        pointers = [ctypes.c_void_p(a.ctypes.data) for a in (*kept, result)]
        getattr(self.library, f"loop_modc_{name}")(*pointers, ctypes.c_int64(result.size))
        return result

    def fold(self, name: str, lanes: Array) -> Array:
        """modc_fold32_NAME of 32 lanes."""
        result = np.empty((), lanes.dtype)
        pointers = [ctypes.c_void_p(a.ctypes.data) for a in (lanes, result)]
        getattr(self.library, f"call_modc_fold32_{name}")(*pointers)
        return result

    def gemm(
        self, a: Array, b: Array, c: Array, ta: bool, tb: bool, alpha: float, beta: float
    ) -> None:
        """c = alpha op(a) op(b) + beta c; rows may be padded, elements of a row are adjacent."""
        suffix = next(s for s, d in DTYPES.items() if np.dtype(d) == a.dtype and s != "b8")
        depth = a.shape[0] if ta else a.shape[1]
        pitch = [x.strides[0] // x.itemsize for x in (a, b, c)]
        sizes = np.array([*c.shape, depth, *pitch], np.int64)
        scale = np.array([alpha, beta]).astype(a.dtype)
        pointers = [ctypes.c_void_p(x.ctypes.data) for x in (sizes, scale, a, b, c)]
        getattr(self.library, f"call_modc_gemm_{suffix}")(int(ta), int(tb), *pointers)
