"""Single Methods against NumPy: reductions, softmax, products, an MLP step, Adam.

    pip install "." && python benchmarks/operations.py [float64|float32]
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one thread each

import numpy as np
from rich.console import Console
from rich.table import Table
from timing import interleaved

import modc.tensor as T
from modc import Method, Module, function, grad

Case = tuple[str, Callable[..., Any], Callable[..., Any], tuple[Any, ...]]


def softmax(a):
    """Rows of NumPy's usual softmax."""
    e = np.exp(a - a.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def vectors(dtype: str, rng: np.random.Generator) -> Iterator[Case]:
    """Functions of one or two vectors."""
    x, y = T.TensorType(dtype, (None,))("x"), T.TensorType(dtype, (None,))("y")
    for n in (1000, 100_000, 4_000_000):
        a, b = rng.normal(size=n).astype(dtype), rng.normal(size=n).astype(dtype)
        yield f"sum {n:,}", function([x], x.sum()), np.sum, (a,)
        yield f"max {n:,}", function([x], x.max()), np.max, (a,)
        yield f"argmax {n:,}", function([x], x.argmax()), np.argmax, (a,)
        yield f"var {n:,}", function([x], x.var()), np.var, (a,)
        yield f"dot {n:,}", function([x, y], T.dot(x, y)), np.dot, (a, b)
        squares = function([x, y], ((x - y) ** 2).sum())
        yield f"sum of squared differences {n:,}", squares, lambda a, b: ((a - b) ** 2).sum(), (a, b)


def matrices(dtype: str, rng: np.random.Generator) -> Iterator[Case]:
    """Functions of a matrix, with a second operand where they have one."""
    m, k, v = (T.TensorType(dtype, (None,) * ndim)(name) for name, ndim in (("m", 2), ("k", 2), ("v", 1)))
    for shape in ((128, 10), (128, 500), (1000, 1000)):
        a = rng.normal(size=shape).astype(dtype)
        b, c = rng.normal(size=(shape[1], 64)).astype(dtype), rng.normal(size=shape[1]).astype(dtype)
        size = f"{shape[0]}x{shape[1]}"
        yield f"sum of columns {size}", function([m], m.sum(axis=0)), lambda a: a.sum(axis=0), (a,)
        yield f"sum of rows {size}", function([m], m.sum(axis=1)), lambda a: a.sum(axis=1), (a,)
        yield f"variance of rows {size}", function([m], m.var(axis=1)), lambda a: a.var(axis=1), (a,)
        yield f"softmax {size}", function([m], T.nnet.softmax(m)), softmax, (a,)
        yield f"matrix @ vector {size}", function([m, v], T.dot(m, v)), np.dot, (a, c)
        yield f"matrix @ matrix {size} x 64", function([m, k], T.dot(m, k)), np.dot, (a, b)
        copied = function([m], m.T + 1)
        yield f"transposed + 1, copied {size}", copied, lambda a: np.ascontiguousarray(a.T) + a.dtype.type(1), (a,)


class Adam(Module):
    """One parameter vector and its two moments."""

    def __init__(self, dtype: str) -> None:
        super().__init__()
        kind = T.TensorType(dtype, (None,))
        self.p, self.m, self.v, g = kind(), kind(), kind(), kind("g")
        m, v = 0.9 * self.m + 0.1 * g, 0.999 * self.v + 0.001 * g * g
        self.step = Method(g, None, {self.m: m, self.v: v, self.p: self.p - 0.001 * m / (T.sqrt(v) + 1e-8)})


def adam(dtype: str, rng: np.random.Generator) -> Iterator[Case]:
    """Adam in place, against NumPy with temporaries."""
    for n in (1000, 400_000):
        g = rng.normal(size=n).astype(dtype)
        p, m, v = (np.zeros(n, dtype) for _ in range(3))
        inst = Adam(dtype).make(p=p, m=m, v=v)

        def step(g, p=p, m=m, v=v):
            m[:] = 0.9 * m + 0.1 * g
            v[:] = 0.999 * v + 0.001 * g * g
            p[:] = p - 0.001 * m / (np.sqrt(v) + 1e-8)

        yield f"Adam {n:,}", inst.step, step, (g,)


def perceptron(dtype: str, rng: np.random.Generator) -> Iterator[Case]:
    """Cost and gradients of a two-layer network, 20 rows of 784."""
    x, t = T.TensorType(dtype, (None, 784))("x"), T.lvector("t")
    w, u = T.TensorType(dtype, (784, 500))("w"), T.TensorType(dtype, (500, 10))("u")
    cost = T.nnet.softmax_cross_entropy(T.dot(T.tanh(T.dot(x, w)), u), t).mean()
    compiled = function([x, t, w, u], [cost, *grad(cost, [w, u])])

    def by_hand(x, t, w, u):
        h = np.tanh(x @ w)
        p = softmax(h @ u)
        rows = np.arange(len(t))
        d = p.copy()
        d[rows, t] -= 1
        d /= d.dtype.type(len(t))
        return [-np.log(p[rows, t]).mean(), x.T @ ((d @ u.T) * (1 - h * h)), h.T @ d]

    args = (rng.normal(size=(20, 784)), rng.integers(0, 10, 20), rng.normal(size=(784, 500)) / 28, rng.normal(size=(500, 10)) / 22)
    yield "perceptron 20x784x500x10, cost and gradients", compiled, by_hand, tuple(
        a if a.dtype.kind == "i" else a.astype(dtype) for a in args
    )


def check(dtype: str, ours: Any, theirs: Any) -> None:
    """Both results agree, within what the dtype's rounding makes of sums."""
    tolerance = 1e-9 if dtype == "float64" else 3e-3
    for a, b in zip(ours if isinstance(ours, list) else [ours], theirs if isinstance(theirs, list) else [theirs], strict=True):
        if b is not None:
            np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance * max(1e-3, float(np.abs(b).max())))


def main() -> None:
    dtype = sys.argv[1] if len(sys.argv) > 1 else "float64"
    table = Table("", "modc us", "numpy / modc", title=f"{dtype}, one call from Python")
    rng = np.random.default_rng(0)
    for group in (vectors, matrices, adam, perceptron):
        for name, ours, theirs, args in group(dtype, rng):
            check(dtype, ours(*args), theirs(*args))
            times = interleaved({"modc": lambda f=ours, a=args: f(*a), "numpy": lambda f=theirs, a=args: f(*a)}, 9, 0.01)
            table.add_row(name, f"{1e6 * times['modc']:.4g}", f"{times['numpy'] / times['modc']:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
