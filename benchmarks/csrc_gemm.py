"""Speed and compile time of csrc/modc_gemm.h against NumPy's matmul.

Input: command line.  Output: one table row per shape and dtype: GFLOP/s of the own code from a C loop,
of `numpy.matmul(out=)`, of the BLAS inside NumPy without its call overhead where it is found, the ratio to
the better of these, and the difference from NumPy's result in units of eps * K.  Set OPENBLAS_NUM_THREADS=1.
"""

from __future__ import annotations

import argparse
import ctypes
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from csrc_math import CSRC, FLAGS, LEVELS

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
void run(int64_t count, int ta, int tb, int64_t m, int64_t n, int64_t k, const {c} *a, const {c} *b, {c} *r) {{
    for (int64_t i = 0; i < count; ++i)
        modc_gemm_{s}(ta, tb, m, n, k, 1, a, ta ? m : k, b, tb ? k : n, 0, r, n);
}}
"""


def build(suffix: str, compiler: str, level: str, folder: Path) -> ctypes.CDLL:
    """A library with a loop over one product; prints what the section costs to compile."""
    source = TEMPLATE.format(c="double" if suffix == "f64" else "float", s=suffix)
    flags = [f for f in FLAGS if compiler == "gcc" or "cost-model" not in f]
    command = [compiler, *flags, *LEVELS[level], "-fPIC", f"-I{CSRC}"]
    times = []
    for text in (source, source.replace("modc_gemm_", "(void)(")):
        path = folder / f"{suffix}{len(times)}.c"
        path.write_text(text)
        best = np.inf
        for _ in range(3):
            start = time.perf_counter()
            subprocess.run([*command, "-c", str(path), "-o", f"{path}.o"], check=True)
            best = min(best, (time.perf_counter() - start) * 1e3)
            if times:
                break
        times.append(best)
        if len(times) == 1:
            empty = folder / f"{suffix}_empty.c"
            empty.write_text('#include "modc_gemm.h"\nvoid run(void) {}\n')
            start = time.perf_counter()
            subprocess.run([*command, "-c", str(empty), "-o", f"{path}.o"], check=True)
            print(f"{suffix}: compiles in {best:.0f} ms, {best - (time.perf_counter() - start) * 1e3:.0f} over none")
            break
    so = folder / f"{suffix}.so"
    subprocess.run([*command, "-shared", str(folder / f"{suffix}0.c"), "-o", str(so)], check=True)
    return ctypes.CDLL(str(so))


def best_of(call: Callable[[], object], rounds: int = 12) -> float:
    """The smallest of several timings, in seconds."""
    best = np.inf
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return best


def numpy_blas(suffix: str) -> Callable[..., object] | None:
    """cblas gemm of the OpenBLAS that NumPy carries; None where there is none."""
    folder = Path(np.__file__).parent.parent / "numpy.libs"
    for path in sorted(folder.glob("*openblas*")):
        try:
            return getattr(ctypes.CDLL(str(path)), f"scipy_cblas_{'d' if suffix == 'f64' else 's'}gemm64_")
        except AttributeError:
            return None
    return None


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--level", default="v4", choices=sorted(LEVELS))
    parser.add_argument("--compiler", default="gcc")
    given = parser.parse_args()
    random = np.random.default_rng(3)
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("f64", "f32"):
            dtype = np.float64 if suffix == "f64" else np.float32
            real = ctypes.c_double if suffix == "f64" else ctypes.c_float
            library = build(suffix, given.compiler, given.level, Path(folder))
            blas = numpy_blas(suffix)
            print(f"{'M N K ta tb':24}{'own':>8}{'numpy':>8}{'blas':>8}{'own/best':>10}{'error':>8}")
            for m, n, k, ta, tb in SHAPES:
                a = random.uniform(-1, 1, (k, m) if ta else (m, k)).astype(dtype)
                b = random.uniform(-1, 1, (n, k) if tb else (k, n)).astype(dtype)
                r, expected = np.full((m, n), np.nan, dtype), np.empty((m, n), dtype)
                x, y = (a.T if ta else a), (b.T if tb else b)
                count = max(1, int(2e7 / (2 * m * n * k)))
                np.matmul(x, y, out=expected)
                p = [ctypes.c_void_p(v.ctypes.data) for v in (a, b, r)]
                sizes = [ctypes.c_int64(v) for v in (m, n, k)]
                own = best_of(lambda: library.run(ctypes.c_int64(count), ta, tb, *sizes, *p)) / count
                theirs = best_of(lambda: [np.matmul(x, y, out=expected) for _ in range(count)]) / count
                flops = 2 * m * n * k * 1e-9
                direct = np.inf
                if blas is not None:
                    lda, ldb = ctypes.c_int64(m if ta else k), ctypes.c_int64(k if tb else n)
                    call = [101, 112 if ta else 111, 112 if tb else 111, *sizes, real(1), p[0], lda, p[1], ldb]
                    call += [real(0), ctypes.c_void_p(expected.ctypes.data), ctypes.c_int64(n)]
                    direct = best_of(lambda: [blas(*call) for _ in range(count)]) / count
                error = np.max(np.abs(r - x.astype(np.longdouble) @ y)) / np.finfo(dtype).eps / max(k, 1)
                best = min(theirs, direct)
                print(
                    f"{f'{m} {n} {k} {ta} {tb}':24}{flops / own:8.1f}{flops / theirs:8.1f}"
                    f"{flops / direct:8.1f}{best / own:10.2f}{float(error):8.3f}"
                )


if __name__ == "__main__":
    main()
