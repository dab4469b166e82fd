"""Sorting, searching and sets against NumPy: random, sorted, reversed and repeated data; vectors, and stacks of rows.

    pip install "." && python benchmarks/sorting.py [float64|float32|int64|int32 ...] [--only NAME ...]
"""

from __future__ import annotations

import argparse
import math
import statistics
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from timing import interleaved

import modc.tensor as T
from modc import function

Case = tuple[str, Callable[..., Any], Callable[..., Any], tuple[Any, ...]]
DTYPES = ("float64", "float32", "int64", "int32")
PATTERNS = ("random", "sorted", "reversed", "few")
LENGTHS = (10, 100, 1000, 100_000, 1_000_000)
STACKS = ((1000, 32), (10_000, 8), (64, 1000))


def data(dtype: str, pattern: str, shape: tuple[int, ...]) -> Any:
    """Random elements in some order; "few" takes 16 different ones."""
    rng = np.random.default_rng(0)
    if pattern == "few":
        return rng.integers(-8, 8, shape).astype(dtype)
    if dtype.startswith("float"):
        found = rng.normal(size=shape).astype(dtype)
    else:
        info = np.iinfo(dtype)
        found = rng.integers(info.min, info.max, shape, dtype)
    if pattern == "sorted":
        found = np.sort(found)
    if pattern == "reversed":
        found = np.ascontiguousarray(np.flip(np.sort(found), -1))
    return found


def top(a: Any, count: int) -> Any:
    """The largest elements, largest first, as NumPy's users write it."""
    part = np.partition(a, a.shape[-1] - count)[..., -count:]
    return np.flip(np.sort(part), -1)


def vectors(dtype: str) -> Iterator[Case]:
    """Functions of one vector."""
    x = T.TensorType(dtype, (None,))("x")
    sort, argsort, unique = function([x], T.sort(x)), function([x], T.argsort(x)), function([x], T.unique(x))
    largest, partition, median = function([x], T.topk(x, 10)), function([x], T.partition(x, 5)), function([x], T.median(x))
    quantile = function([x], T.quantile(x, 0.25))
    counts = function([x], list(T.unique(x, return_inverse=True, return_counts=True)))
    for n in LENGTHS:
        for pattern in PATTERNS:
            a = data(dtype, pattern, (n,))
            yield f"sort {pattern} {n:,}", sort, np.sort, (a,)
            yield f"argsort {pattern} {n:,}", argsort, np.argsort, (a,)
            yield f"stable argsort {pattern} {n:,}", argsort, lambda a: np.argsort(a, kind="stable"), (a,)
            yield f"unique {pattern} {n:,}", unique, np.unique, (a,)
            yield f"median {pattern} {n:,}", median, np.median, (a,)
        a = data(dtype, "random", (n,))
        yield f"quantile {n:,}", quantile, lambda a: np.quantile(a, 0.25), (a,)
        yield f"unique with counts {n:,}", counts, lambda a: np.unique(a, return_inverse=True, return_counts=True), (a,)
        yield f"topk {n:,}", largest, lambda a: top(a, 10), (a,)
        yield f"partition {n:,}", partition, lambda a: np.partition(a, 5), (a,)


def stacks(dtype: str) -> Iterator[Case]:
    """Functions of the rows of a matrix, and of its columns."""
    m = T.TensorType(dtype, (None, None))("m")
    sort, argsort, median = function([m], T.sort(m)), function([m], T.argsort(m)), function([m], T.median(m, axis=1))
    columns, largest = function([m], T.sort(m, 0)), function([m], T.topk(m, 3))
    for shape in STACKS:
        a = data(dtype, "random", shape)
        size = f"{shape[0]:,}x{shape[1]:,}"
        yield f"sort rows {size}", sort, np.sort, (a,)
        yield f"argsort rows {size}", argsort, np.argsort, (a,)
        yield f"median of rows {size}", median, lambda a: np.median(a, axis=1), (a,)
        yield f"topk of rows {size}", largest, lambda a: top(a, 3), (a,)
        yield f"sort columns {size}", columns, lambda a: np.sort(a, 0), (a,)


def searches(dtype: str) -> Iterator[Case]:
    """Searches in sorted vectors."""
    x, v = T.TensorType(dtype, (None,))("x"), T.TensorType(dtype, (None,))("v")
    search, member = function([x, v], T.searchsorted(x, v)), function([x, v], T.isin(v, x))
    for n, count in ((10, 10_000), (1000, 1000), (1000, 100_000), (100_000, 100_000), (1_000_000, 100_000)):
        a, b = data(dtype, "sorted", (n,)), np.roll(data(dtype, "random", (count,)), 1)
        yield f"searchsorted {count:,} in {n:,}", search, np.searchsorted, (a, b)
        yield f"searchsorted {count:,} sorted in {n:,}", search, np.searchsorted, (a, np.sort(b))
        yield f"isin {count:,} of {n:,}", member, lambda a, b: np.isin(b, a), (a, b)


def check(name: str, ours: Any, theirs: Any, args: tuple[Any, ...]) -> None:
    """Both results agree; positions by what they give."""
    got, want = ours(*args), theirs(*args)
    if name.startswith("argsort"):
        got, want = (np.take_along_axis(args[0], places, -1) for places in (got, want))
    for a, b in zip(got if isinstance(got, list) else [got], want if isinstance(want, tuple) else [want], strict=True):
        if name.startswith("partition"):
            a, b = a[5], b[5]
        np.testing.assert_allclose(a, b, rtol=1e-6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dtype", nargs="*", default=["float64"])
    parser.add_argument("--only", nargs="*", default=[], help="cases whose names contain one of these")
    parser.add_argument("--most", type=float, default=1e7, help="leave out cases with more elements")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--best", action="store_true", help="the fastest round instead of the median")
    options = parser.parse_args()
    for dtype in options.dtype:
        table = Table("", "modc us", "numpy / modc", title=f"{dtype}, one call from Python")
        for group in (vectors, stacks, searches):
            for name, ours, theirs, args in group(dtype):
                if options.only and not any(word in name for word in options.only):
                    continue
                if max(math.prod(a.shape) for a in args) > options.most:
                    continue
                check(name, ours, theirs, args)
                calls = {"modc": lambda f=ours, a=args: f(*a), "numpy": lambda f=theirs, a=args: f(*a)}
                times = interleaved(calls, options.rounds, 0.01, min if options.best else statistics.median)
                table.add_row(name, f"{1e6 * times['modc']:.4g}", f"{times['numpy'] / times['modc']:.2f}")
        Console().print(table)


if __name__ == "__main__":
    main()
