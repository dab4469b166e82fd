"""Speed and compile time of csrc/modc_gemm.h against NumPy's matmul.

Input: command line.  Output: one table row per shape and dtype: GFLOP/s of the own code from a C
loop, of `numpy.matmul(out=)`, of the BLAS inside NumPy (called directly, where it is found), the
own speed over the better of these, and the difference from an exact product in units of eps * K.
Set OPENBLAS_NUM_THREADS=1.
"""

from __future__ import annotations

import argparse
import ctypes
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from csrc_math import CSRC, FLAGS, LEVELS, Array

SHAPES = [
    (8, 8, 8, 0, 0),
    (16, 16, 16, 0, 0),
    (32, 32, 32, 0, 0),
    (64, 64, 64, 0, 0),
    (128, 128, 128, 0, 0),
    (256, 256, 256, 0, 0),
    (250, 250, 250, 0, 0),
    (256, 256, 256, 0, 1),
    (256, 256, 256, 1, 0),
    (20, 500, 784, 0, 0),
    (784, 500, 20, 1, 0),
    (64, 10, 128, 0, 0),
    (20, 10, 500, 0, 0),
    (500, 10, 20, 1, 0),
    (20, 500, 10, 0, 1),
    (20, 784, 500, 0, 1),
    (1, 500, 784, 0, 0),
    (1, 500, 784, 0, 1),
    (500, 1, 784, 0, 0),
    (4, 4, 4, 0, 0),
]
TEMPLATE = """
#include "modc_gemm.h"
void run(int64_t count, int ta, int tb, int64_t m, int64_t n, int64_t k,
         const {c} *a, const {c} *b, {c} *r) {{
    for (int64_t i = 0; i < count; ++i)
        modc_gemm_{s}(ta, tb, m, n, k, 1, a, ta ? m : k, b, tb ? k : n, 0, r, n);
}}
"""
Shape = tuple[int, int, int, int, int]


def build(suffix: str, compiler: str, level: str, folder: Path) -> ctypes.CDLL:
    """A library with a loop over one product; prints the time that it takes to compile."""
    path = folder / f"{suffix}.c"
    path.write_text(TEMPLATE.format(c="double" if suffix == "f64" else "float", s=suffix))
    flags = [f for f in FLAGS if compiler == "gcc" or "cost-model" not in f]
    command = [compiler, *flags, *LEVELS[level], "-fPIC", f"-I{CSRC}", str(path)]
    whole = best_of(lambda: subprocess.run([*command, "-c", "-o", f"{path}.o"], check=True), 3)
    print(f"{suffix}: compiles in {whole * 1e3:.0f} ms")
    library = folder / f"{suffix}.so"
    subprocess.run([*command, "-shared", "-o", str(library)], check=True)
    return ctypes.CDLL(str(library))


def best_of(call: Callable[[], object], rounds: int = 12) -> float:
    """The smallest of several timings, in seconds."""
    best = np.inf
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return best


def numpy_blas(suffix: str) -> Callable[..., object] | None:
    """The cblas function of the OpenBLAS that NumPy carries; None where there is none."""
    name = f"scipy_cblas_{'d' if suffix == 'f64' else 's'}gemm64_"
    folder = Path(np.__file__).parent.parent / "numpy.libs"
    for path in sorted(folder.glob("*openblas*")):
        return getattr(ctypes.CDLL(str(path)), name, None)
    return None


def row(library: ctypes.CDLL, suffix: str, shape: Shape) -> str:
    """One line of the table."""
    m, n, k, ta, tb = shape
    dtype: type = np.float64 if suffix == "f64" else np.float32
    real = ctypes.c_double if suffix == "f64" else ctypes.c_float
    random = np.random.default_rng(3)
    a: Array = random.uniform(-1, 1, (k, m) if ta else (m, k)).astype(dtype)
    b: Array = random.uniform(-1, 1, (n, k) if tb else (k, n)).astype(dtype)
    r: Array = np.full((m, n), np.nan, dtype)
    theirs: Array = np.empty((m, n), dtype)
    x, y = (a.T if ta else a), (b.T if tb else b)
    count, flops = max(1, int(2e7 / (2 * m * n * k))), 2e-9 * m * n * k
    p = [ctypes.c_void_p(v.ctypes.data) for v in (a, b, r, theirs)]
    sizes = [ctypes.c_int64(v) for v in (m, n, k)]
    pitches = [ctypes.c_int64(v) for v in (m if ta else k, k if tb else n, n)]
    times = [
        best_of(lambda: library.run(ctypes.c_int64(count), ta, tb, *sizes, *p[:3])),
        best_of(lambda: [np.matmul(x, y, out=theirs) for _ in range(count)]),
    ]
    blas = numpy_blas(suffix)
    if blas is not None:
        call: list[Any] = [101, 112 if ta else 111, 112 if tb else 111, *sizes, real(1)]
        call += [p[0], pitches[0], p[1], pitches[1], real(0), p[3], pitches[2]]
        times.append(best_of(lambda: [blas(*call) for _ in range(count)]))
    error = np.max(np.abs(r - x.astype(np.longdouble) @ y)) / (np.finfo(dtype).eps * max(k, 1))
    speeds = "".join(f"{flops * count / t:8.1f}" for t in times)
    ratio = min(times[1:]) / times[0]
    return f"{f'{m} {n} {k} {ta} {tb}':24}{speeds}{ratio:10.2f}{float(error):8.3f}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--level", default="v4", choices=sorted(LEVELS))
    parser.add_argument("--compiler", default="gcc")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("f64", "f32"):
            library = build(suffix, given.compiler, given.level, Path(folder))
            print(f"{'M N K ta tb':24}{'own':>8}{'numpy':>8}{'blas':>8}{'ratio':>10}{'error':>8}")
            for shape in SHAPES:
                print(row(library, suffix, shape))


if __name__ == "__main__":
    main()
