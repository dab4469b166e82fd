"""Sparse matrices against SciPy: products, sums, functions, gradients; matrices as members and as arguments.

    pip install ".[sparse]" && python benchmarks/sparse.py [float64|float32 ...] [--only NAME ...]

Least times of interleaved calls from Python.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import scipy.sparse as sp
from rich.console import Console
from rich.table import Table

import modc.tensor as T
from modc import function, grad, sparse

Case = tuple[str, Callable[..., Any], Callable[..., Any], tuple[Any, ...]]
#: rows, columns, elements of a row
SIZES = ((100, 100, 5), (10_000, 10_000, 20), (1_000_000, 1_000_000, 5))


def data(rows: int, columns: int, each: int, dtype: str) -> Any:
    """A matrix with about `each` elements in every row, anywhere."""
    rng = np.random.default_rng(0)
    indices = np.sort(rng.integers(0, columns, (rows, each)), axis=1).ravel().astype(np.int32)
    indptr = np.arange(0, rows * each + 1, each, dtype=np.int32)
    found = sp.csr_array((rng.normal(size=rows * each).astype(dtype), indices, indptr), shape=(rows, columns))
    found.sum_duplicates()
    return found


def cases(dtype: str) -> Iterator[Case]:
    """(name, modc, SciPy, arguments) of one dtype."""
    A, x, X = sparse.csr_matrix("A", dtype), T.TensorType(dtype, (None,))("x"), T.TensorType(dtype, (None, None))("X")
    product, turned, wide = function([A, x], A @ x), function([A, x], A.T @ x), function([A, X], A @ X)
    turned_wide, left = function([A, X], A.T @ X), function([A, X], X @ A)
    columns, rows, dense = function([A], A.sum(0)), function([A], A.sum(1)), function([A], A.toarray())
    scaled, waves = function([A, x], sparse.row_scale(A, x)), function([A], sparse.tanh(A * 2))
    slope = function([A, x], grad((T.tanh(A @ x) ** 2).sum(), A))
    for count, other, each in SIZES:
        a, size = data(count, other, each, dtype), f"{count:,}, {each} a row"
        v = np.random.default_rng(1).normal(size=other).astype(dtype)
        member = function([x], sparse.shared(a) @ x)
        yield f"A @ x, A a member, {size}", member, lambda v, a=a: a @ v, (v,)
        yield f"A @ x, {size}", product, lambda a, v: a @ v, (a, v)
        yield f"A.T @ x, {size}", turned, lambda a, v: a.T @ v, (a, v)
        for width in (8, 64) if count < 100_000 else (8,):
            m = np.random.default_rng(2).normal(size=(other, width)).astype(dtype)
            yield f"A @ X, {width} columns, {size}", wide, lambda a, m: a @ m, (a, m)
            yield f"A.T @ X, {width} columns, {size}", turned_wide, lambda a, m: a.T @ m, (a, m)
            yield f"X @ A, {width} rows, {size}", left, lambda a, m: m @ a, (a, np.ascontiguousarray(m.T))
        yield f"A.sum(0), {size}", columns, lambda a: a.sum(axis=0), (a,)
        yield f"A.sum(1), {size}", rows, lambda a: a.sum(axis=1), (a,)
        yield f"tanh(2 A), {size}", waves, lambda a: (a * 2).tanh(), (a,)
        yield f"rows scaled, {size}", scaled, lambda a, v: sp.dia_array((v[None], [0]), shape=(len(v), len(v))) @ a, (a, v)
        yield f"gradient of sum(tanh(A @ x)**2) by A, {size}", slope, gradient, (a, v)
        if count <= 1000:
            yield f"toarray, {size}", dense, lambda a: a.toarray(), (a,)


def gradient(a: Any, v: Any) -> Any:
    """The same by hand."""
    y = np.tanh(a @ v)
    slope = 2 * y * (1 - y * y)
    return sp.csr_array((np.repeat(slope, np.diff(a.indptr)) * v[a.indices], a.indices.copy(), a.indptr.copy()), shape=a.shape)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dtypes", nargs="*", default=["float64", "float32"])
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--rounds", type=int, default=30)
    given = parser.parse_args()
    for dtype in given.dtypes:
        table = Table("case", "modc, us", "SciPy, us", "SciPy / modc", title=dtype)
        for name, ours, theirs, arguments in cases(dtype):
            if given.only and not any(word in name for word in given.only):
                continue
            check(ours(*arguments), theirs(*arguments), dtype, name)
            calls = {"modc": lambda f=ours, a=arguments: f(*a), "scipy": lambda f=theirs, a=arguments: f(*a)}
            mine, others = least(calls, given.rounds)
            table.add_row(name, f"{mine * 1e6:,.1f}", f"{others * 1e6:,.1f}", f"{others / mine:.2f}")
        Console().print(table)


def least(calls: dict[str, Callable[[], Any]], rounds: int) -> list[float]:
    """The least seconds of a call of each, which are called in turn: what others do on the machine does not count."""
    found = [float("inf")] * len(calls)
    for _ in range(rounds):
        for at, call in enumerate(calls.values()):
            for _ in range(max(1, int(1e-4 / found[at]))):
                begin = time.perf_counter()
                call()
                found[at] = min(found[at], time.perf_counter() - begin)
    return found


def check(got: Any, expected: Any, dtype: str, name: str) -> None:
    """Raise where the two disagree."""
    for one in (got, expected):
        if sp.issparse(one):
            one.sort_indices()
    got, expected = ((one.data if sp.issparse(one) else one) for one in (got, expected))
    loose = 1e-3 if dtype == "float32" else 1e-9
    np.testing.assert_allclose(got, expected, rtol=loose, atol=loose, err_msg=name)


if __name__ == "__main__":
    main()
