"""Linear algebra against numpy.linalg: with the library that modc finds, and with its own code alone.

    pip install "." && python benchmarks/linalg.py [float64|float32] [sizes]

Columns: sizes; per function the least time of modc with a library, with MODC_BLAS=none, and of NumPy, in microseconds, then
the ratios of both to NumPy's. A size at which both of modc's are equal is below the threshold of csrc/modc_lapack.h.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one thread each

import numpy as np
from rich.console import Console
from rich.table import Table
from timing import interleaved

import modc.tensor as T
from modc import config, function
from modc.runtime import blas

SIZES = (4, 16, 64, 128, 256, 1000)


def functions(dtype: str) -> dict[str, tuple[Callable[..., Any], Callable[..., Any], str]]:
    """By name: modc's, NumPy's, and what its operands are, a letter each."""
    linalg, x, y = T.linalg, T.TensorType(dtype, (None, None))("x"), T.TensorType(dtype, (None, None))("y")
    found = {
        "matmul": (function([x, y], T.dot(x, y)), np.matmul, "gg"),
        "solve": (function([x, y], linalg.solve(x, y)), np.linalg.solve, "gv"),
        "inv": (function([x], linalg.inv(x)), np.linalg.inv, "g"),
        "det": (function([x], linalg.det(x)), np.linalg.det, "s"),
        "cholesky": (function([x], linalg.cholesky(x)), np.linalg.cholesky, "p"),
        "triangle": (function([x, y], linalg.solve_triangular(x, y, lower=True)), np.linalg.solve, "lg"),
        "qr": (function([x], list(linalg.qr(x))), np.linalg.qr, "g"),
        "eigh": (function([x], list(linalg.eigh(x))), np.linalg.eigh, "p"),
        "svd": (function([x], list(linalg.svd(x, full_matrices=False))), lambda a: np.linalg.svd(a, full_matrices=False), "g"),
    }
    if hasattr(linalg, "eig"):
        found["eig"] = (function([x], list(linalg.eig(x))), np.linalg.eig, "g")
    return found


def operand(kind: str, n: int, dtype: str, rng: np.random.Generator) -> Any:
    """A general, positive definite or lower matrix, one of small numbers, or one column."""
    a = rng.normal(size=(n, 1 if kind == "v" else n))
    if kind == "p":
        a = a @ a.T + n * np.eye(n)
    if kind == "l":
        a = np.tril(a) + n * np.eye(n)
    return (a / np.sqrt(n) if kind == "s" else a).astype(dtype)


def with_library(name: str) -> None:
    """Let the next call look for a library by this setting."""
    os.environ["MODC_BLAS"] = name
    blas.forget()


def timed(own: Callable[..., Any], other: Callable[..., Any], arrays: list[Any], alone: bool) -> tuple[float, float, float]:
    """Seconds of modc with a library, of modc alone, of NumPy."""
    with_library("auto")
    own(*arrays)
    first = interleaved({"modc": lambda: own(*arrays), "numpy": lambda: other(*arrays)}, 40, 0.002, min)
    if not alone:
        return first["modc"], float("nan"), first["numpy"]
    with_library("none")
    own(*arrays)
    second = interleaved({"modc": lambda: own(*arrays)}, 40 if len(arrays[0]) < 128 else 8, 0.002, min)
    return first["modc"], second["modc"], first["numpy"]


def main() -> None:
    """Print the table."""
    dtype = sys.argv[1] if len(sys.argv) > 1 else "float64"
    sizes = tuple(map(int, sys.argv[2].split(","))) if len(sys.argv) > 2 else SIZES
    only = sys.argv[3].split(",") if len(sys.argv) > 3 else None
    rng = np.random.default_rng(0)
    table = Table("function", "n", "modc", "modc alone", "NumPy", "modc/NumPy", "alone/NumPy", title=f"{dtype}, microseconds")
    for name, (own, other, operands) in functions(dtype).items():
        for n in sizes if only is None or name in only else ():
            arrays = [operand(kind, n, dtype, rng) for kind in operands]
            a, b, c = (1e6 * one for one in timed(own, other, arrays, n <= 256))
            table.add_row(name, str(n), f"{a:,.1f}", f"{b:,.1f}", f"{c:,.1f}", f"{a / c:.2f}", f"{b / c:.2f}")
    print(config.get("MODC_BLAS"), blas.find().path or "no library")
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
