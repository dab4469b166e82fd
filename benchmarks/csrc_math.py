"""Speed, accuracy and compile time of the functions in csrc/modc_math.h.

Input: command line (function names; none means all).  Output: one table row per function: ns per
element in a loop over 4096 elements, NumPy's time for the same, the largest error in ULP over
random points of the whole domain, and what the function adds to the compile time of a kernel.
References are long double functions, so the ULP column needs 80-bit long double.
"""

from __future__ import annotations

import argparse
import ctypes
import re
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

CSRC = Path(__file__).resolve().parent.parent / "csrc"
FLAGS = [
    "-std=c99",
    "-O2",
    "-ftree-vectorize",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-ffp-contract=off",
    "-fvect-cost-model=dynamic",
]
LEVELS = {
    "v4": ["-march=x86-64-v4", "-mprefer-vector-width=512"],
    "v3": ["-march=x86-64-v3"],
    "v1": [],
}
Array = Any
Reference = Callable[..., Array]


def _sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def _softplus(x: Array) -> Array:
    return np.where(x > 60, x, np.log1p(np.exp(np.minimum(x, 60))))


def _erf(x: Array) -> Array:
    """The erf of the standard library's long double, elementwise (NumPy has none)."""
    libm = ctypes.CDLL("libm.so.6")
    libm.erfl.restype = libm.erfcl.restype = ctypes.c_longdouble
    libm.erfl.argtypes = libm.erfcl.argtypes = [ctypes.c_longdouble]
    return np.array([libm.erfl(v) for v in x], np.longdouble)


# name: (reference, low, high of the f64 argument, low, high for f32)
FUNCTIONS: dict[str, tuple[Reference, float, float, float, float]] = {
    "exp": (np.exp, -746, 710, -104, 89),
    "exp2": (np.exp2, -1076, 1024, -150, 128),
    "expm1": (np.expm1, -40, 710, -18, 89),
    "log": (np.log, 0, np.inf, 0, np.inf),
    "log2": (np.log2, 0, np.inf, 0, np.inf),
    "log10": (np.log10, 0, np.inf, 0, np.inf),
    "log1p": (np.log1p, -1, np.inf, -1, np.inf),
    "tanh": (np.tanh, -22, 22, -10, 10),
    "sigmoid": (_sigmoid, -746, 40, -104, 20),
    "softplus": (_softplus, -746, 40, -104, 20),
    "sin": (np.sin, -np.inf, np.inf, -np.inf, np.inf),
    "cos": (np.cos, -np.inf, np.inf, -np.inf, np.inf),
    "tan": (np.tan, -np.inf, np.inf, -np.inf, np.inf),
    "sinh": (np.sinh, -711, 711, -90, 90),
    "cosh": (np.cosh, -711, 711, -90, 90),
    "erf": (_erf, -6, 6, -4, 4),
    "pow": (np.power, 0, np.inf, 0, np.inf),
}


def expand(names: set[str]) -> str:
    """The sections that define `names`, and all that they need, in file order."""
    files = ("modc_bits.h", "modc_exp.h", "modc_trig.h", "modc_pow.h", "modc_math.h")
    text = "".join((CSRC / file).read_text() for file in files)
    found = re.findall(r"/\* @section ([^:*]+?)(?: : ([^*]*?))? \*/\n(.*?)/\* @end \*/", text, re.S)
    wanted = set(names)
    for own, needs, _ in reversed(found):
        if wanted & set(own.split()):
            wanted |= set(needs.split())
    return "".join(body for own, _, body in found if wanted & set(own.split()))


def loop(name: str, suffix: str) -> str:
    """C text: headers, the function's sections and a loop over n elements named `run`."""
    c = "double" if suffix == "f64" else "float"
    second, use = (f"const {c} *b, ", ", b[i]") if name == "pow" else ("", "")
    body = expand({f"modc_{name}_{suffix}"}) if name else ""
    call = f"modc_{name}_{suffix}(a[i]{use})" if name else "a[i]"
    return (
        "#include <stdint.h>\n#include <math.h>\n#include <string.h>\n"
        f"{body}\nvoid run(const {c} *restrict a, {second}{c} *restrict r, int64_t n) {{\n"
        f"    for (int64_t i = 0; i < n; ++i) r[i] = {call};\n}}\n"
    )


def build(compiler: str, level: str, source: str, folder: Path) -> tuple[ctypes.CDLL, float]:
    """The loaded library and the best of three compile times in ms (compile only, no link)."""
    path = folder / f"kernel{len(list(folder.iterdir()))}"
    path.with_suffix(".c").write_text(source)
    flags = [f for f in FLAGS if compiler == "gcc" or "cost-model" not in f]
    command = [compiler, *flags, *LEVELS[level], "-fPIC", f"{path}.c"]
    best = np.inf
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([*command, "-c", "-o", f"{path}.o"], check=True)
        best = min(best, (time.perf_counter() - start) * 1e3)
    subprocess.run([*command, "-shared", "-o", f"{path}.so", "-lm"], check=True)
    return ctypes.CDLL(f"{path}.so"), best


def pointers(*arrays: Array) -> list[ctypes.c_void_p]:
    """The arrays' addresses as C arguments."""
    return [ctypes.c_void_p(a.ctypes.data) for a in arrays]


def seconds(call: Callable[[], object]) -> float:
    """The smallest time of one call, over 30 rounds of 20 calls."""
    best = np.inf
    for _ in range(30):
        start = time.perf_counter()
        for _ in range(20):
            call()
        best = min(best, (time.perf_counter() - start) / 20)
    return best


def points(low: float, high: float, dtype: type, count: int) -> Array:
    """Random points: uniform in the interval, uniform in the exponent, and near 0 and 1."""
    random = np.random.default_rng(7)
    top = float(np.log2(np.finfo(dtype).max)) - 1e-3
    least = float(np.log2(np.finfo(dtype).smallest_subnormal))
    wide = np.exp2(random.uniform(least, top, count)) * random.choice([-1, 1], count)
    near = random.uniform(-3, 3, count)
    flat = random.uniform(max(low, -1e5), min(high, 1e5), count)
    x: Array = np.concatenate([wide, near, flat, 1 + random.uniform(-0.1, 0.1, count)]).astype(
        dtype
    )
    return x[(x >= low) & (x <= high)]


def errors(reference: Reference, got: Array, *args: Array) -> float:
    """The largest |got - exact| in units of the last place of the exact value."""
    with np.errstate(all="ignore"):
        exact = reference(*(a.astype(np.longdouble) for a in args))
        rounded = exact.astype(got.dtype)
        unit = np.spacing(np.abs(rounded)).astype(np.longdouble)
        ulps = np.abs(got.astype(np.longdouble) - exact) / unit
        ulps[~np.isfinite(rounded)] = np.where(got == rounded, 0, np.inf)[~np.isfinite(rounded)]
    return float(np.max(ulps))


def row(name: str, suffix: str, compiler: str, level: str, folder: Path, count: int) -> str:
    """One line of the table."""
    dtype: type = np.float64 if suffix == "f64" else np.float32
    reference, *bounds = FUNCTIONS[name]
    low, high = bounds[:2] if suffix == "f64" else bounds[2:]
    library, ms = build(compiler, level, loop(name, suffix), folder)
    _, floor = build(compiler, level, loop("", suffix), folder)
    x = points(low, high, dtype, count)
    small: Array = np.random.default_rng(1).uniform(max(low, -4), min(high, 4), 4096).astype(dtype)
    args, timed = [x], [small]
    if name == "pow":
        y = np.random.default_rng(2).uniform(-1100, 1100, x.size)
        with np.errstate(all="ignore"):
            args.append((y / np.maximum(np.abs(np.log2(x.astype(np.float64))), 0.5)).astype(dtype))
        timed.append(small[::-1].copy())
    out, short = np.empty_like(x), np.empty_like(small)
    library.run(*pointers(*args, out), ctypes.c_int64(x.size))
    worst = errors(reference, out, *args)
    run, given = library.run, [*pointers(*timed, short), ctypes.c_int64(4096)]
    own = seconds(lambda: run(*given)) / 4096e-9
    theirs = (
        seconds(lambda: reference(*timed)) / 4096e-9 if reference.__class__ is np.ufunc else np.nan
    )
    return (
        f"{name:9}{suffix:5}{own:8.3f}{theirs:9.3f}{theirs / own:8.2f}{worst:8.2f}{ms - floor:8.1f}"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="functions (default: all)")
    parser.add_argument("--level", default="v4", choices=sorted(LEVELS))
    parser.add_argument("--compiler", default="gcc")
    parser.add_argument("--count", type=int, default=200_000, help="points per kind")
    given = parser.parse_args()
    print(f"{'function':14}{'ns':>8}{'numpy':>9}{'ratio':>8}{'ulp':>8}{'cc ms':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for name in given.names or FUNCTIONS:
            for suffix in ("f64", "f32"):
                print(row(name, suffix, given.compiler, given.level, Path(folder), given.count))


if __name__ == "__main__":
    main()
