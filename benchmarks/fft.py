"""Discrete Fourier transforms against numpy.fft (pocketfft): single lines of many lengths, and stacks.

    pip install "." && python benchmarks/fft.py

A Method's result is a new array, as NumPy's is. Columns: complex128 and complex64 through fft, float64 and float32 through
rfft; us per call of the Method, and how many times as long NumPy takes. Both are the fastest of 30 rounds in turn.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

import modc.tensor as T
from modc import function

LENGTHS = (8, 16, 64, 100, 127, 256, 1000, 1009, 1024, 4096, 10_007, 16_384, 65_536, 100_003, 262_144, 1_000_000)
#: Shape and axis.
STACKS = (((1000, 64), 1), ((64, 1000), 1), ((1000, 64), 0), ((100, 127), 1), ((100, 1009), 1))
DTYPES = ("complex128", "complex64", "float64", "float32")


def data(shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Any:
    """Normal numbers."""
    found = rng.normal(size=shape)
    return (found + 1j * rng.normal(size=shape) if dtype.startswith("complex") else found).astype(dtype)


def method(ndim: int, axis: int, dtype: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """A function of modc and NumPy's, of an array whose sizes are not known before the call."""
    x = T.TensorType(dtype, (None,) * ndim)("x")
    if dtype.startswith("complex"):
        return function([x], T.fft.fft(x, axis=axis)), lambda a: np.fft.fft(a, axis=axis)
    return function([x], T.fft.rfft(x, axis=axis)), lambda a: np.fft.rfft(a, axis=axis)


def fastest(calls: list[Callable[[], Any]], rounds: int = 30, seconds: float = 0.004) -> list[float]:
    """The smallest time of each call, in us; each round runs every one for about `seconds`."""
    counts = []
    for call in calls:
        call()
        begin = time.perf_counter()
        call()
        counts.append(max(1, int(seconds / (time.perf_counter() - begin))))
    best = [float("inf")] * len(calls)
    for _ in range(rounds):
        for at, (call, count) in enumerate(zip(calls, counts, strict=True)):
            begin = time.perf_counter()
            for _ in range(count):
                call()
            best[at] = min(best[at], (time.perf_counter() - begin) / count * 1e6)
    return best


def main() -> None:
    """Print a row per shape."""
    rng = np.random.default_rng(0)
    table = Table(title="fft and rfft: us, and NumPy / modc")
    table.add_column("")
    for dtype in DTYPES:
        table.add_column(dtype, justify="right")
        table.add_column("NumPy / modc", justify="right")
    for shape, axis in [((n,), 0) for n in LENGTHS] + list(STACKS):
        cells = []
        for dtype in DTYPES:
            ours, theirs = method(len(shape), axis, dtype)
            values = data(shape, dtype, rng)
            mine, numpys = fastest([lambda f=ours, a=values: f(a), lambda f=theirs, a=values: f(a)])
            cells += [f"{mine:.3g}" if mine < 1000 else f"{mine:.0f}", f"{numpys / mine:.2f}"]
        name = f"{shape[0]:,}" if len(shape) == 1 else f"{shape[0]} x {shape[1]}, axis {axis}"
        table.add_row(name, *cells)
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
