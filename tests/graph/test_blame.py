"""Errors of expressions that cannot be: they show what was written, of what, and where."""

from __future__ import annotations

import pytest

import modc.tensor as T
from modc.errors import DTypeError, ShapeError

X, Y, N = T.dvector("x", shape=(3,)), T.dvector("y", shape=(4,)), T.dmatrix("n", shape=("rows", "columns"))

CASES = {
    "sizes": (lambda: T.exp(X) * 2 + Y, ShapeError, "exp(x) * 2.0 + y", "exp(x) * 2.0: float64[3], y: float64[4]"),
    "named dims": (lambda: T.dot(N, N), ShapeError, "dot(n, n)", "n: float64[rows, columns]"),
    "dtypes": (lambda: X & 1, DTypeError, "x & 1.0", "x: float64[3]"),
    "complex numbers": (lambda: T.maximum(1j * X, 0), DTypeError, "maximum(1j * complex128(x), 0)", "1j * complex128(x): complex128[3]"),
    "joined": (lambda: T.concatenate([N, N.T]), ShapeError, "concatenate([n, n.T])", "n: float64[rows, columns], n.T: float64[columns, rows]"),
}  # fmt: skip


@pytest.mark.parametrize("what", CASES)
def test_an_error_shows_the_expression_its_parts_and_the_line(what: str) -> None:
    make, kind, expression, parts = CASES[what]
    with pytest.raises(kind) as error:
        make()
    first, *context = str(error.value).split("\n")
    assert " of " in first
    assert context[:2] == [f"  in {expression}", f"  with {parts}"]
    assert context[2] == f"  at {__file__}:{make.__code__.co_firstlineno}"
    assert len(context) == 3


def test_a_deep_expression_is_cut() -> None:
    deep = X
    for _ in range(200):
        deep = T.exp(deep) + deep
    with pytest.raises(ShapeError) as error:
        deep + Y
    assert len(str(error.value)) < 600
