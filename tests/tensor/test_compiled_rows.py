"""The rows in compiled C against the NumPy interpreter: functions of many outputs, so that few compilers run."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from tensor_helpers import root_like, value

import modc
import modc.tensor as T
from modc import function
from modc.errors import DTypeError
from modc.graph import OPS, Leaf, apply, walk
from modc.tensor import Variable
from modc.tensor.variable import call, wrap

pytestmark = pytest.mark.skipif(
    "c" not in os.environ.get("MODC_TEST_MODES", "c"), reason="only interpreted"
)

X = np.random.default_rng(31).normal(size=(3, 4, 5))
ROWS = [op for op in OPS.values() if op.family == "map" and op.name not in ("cast", "iota")]
OPERANDS = {op.name: 2 if op.agree else 1 for op in ROWS} | dict.fromkeys(["where", "betainc", "betainc_da", "betainc_db", "betaincinv", "betainccinv"], 3)
WHOLE = slice(None)


def check(
    outputs: Sequence[Variable], given: dict[Variable, np.ndarray], tolerance: float = 1e-13
) -> None:
    """`outputs` compiled into one kernel give the dtypes, shapes and values of the interpreter."""
    leaves = [node for node in walk([output.node for output in outputs]) if isinstance(node, Leaf)]
    inputs = [leaf.variable for leaf in leaves]
    found = modc.function(inputs, list(outputs), mode="c")(
        *(given[variable] for variable in inputs)
    )
    for output, array in zip(outputs, found, strict=True):
        expected = value(output, given)
        assert (expected.dtype, expected.shape) == (array.dtype, array.shape), output
        limit = 1e-6 if expected.dtype == np.float32 else tolerance
        np.testing.assert_allclose(array, expected, rtol=limit, atol=tolerance, err_msg=str(output))


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "int8", "uint8", "bool"])
def test_elementwise_rows(dtype: str) -> None:
    given: dict[Variable, np.ndarray] = {}
    outputs: list[Variable] = []
    for op in ROWS:
        arrays = [operand(op.name, at, dtype) for at in range(OPERANDS[op.name])]
        roots = [root_like(array) for array in arrays]
        try:
            outputs.append(call(op.name, *roots))
        except DTypeError:
            continue
        given |= dict(zip(roots, arrays, strict=True))
    check(outputs, given, 1e-14)


def operand(name: str, at: int, dtype: str) -> np.ndarray:
    """19 elements: every tail of a vectorised loop is met."""
    rng = np.random.default_rng(at)
    if name == "where" and at == 0:
        return np.arange(19) % 3 == 0
    if np.dtype(dtype).kind != "f" or (name, at) == ("ldexp", 1):
        dtype = "int64" if name == "ldexp" and at else dtype
        return rng.integers(0, 2 if dtype == "bool" else 9, 19).astype(dtype)
    low, high = (1.1, 3.0) if name == "arccosh" else (0.05, 0.95)
    return rng.uniform(low, high, 19).astype(dtype)


REDUCED = [
    (name, axis)
    for name in ("sum", "prod", "max", "min", "mean", "var", "any")
    for axis in (None, 0, -1, (0, 2))
]


def test_reductions_and_their_gradients() -> None:
    x = T.dtensor3("x")
    check([getattr(x, name)(axis=axis) for name, axis in REDUCED], {x: X})
    check(
        [T.grad((getattr(x, name)(axis=axis) ** 2).sum(), x) for name, axis in REDUCED[:24:3]],
        {x: X},
    )
    check(
        [
            x.argmax(axis=1),
            x.argmin(),
            x.argmax(axis=0, keepdims=True),
            x.std(axis=(0, 1), keepdims=True),
        ],
        {x: X},
    )


def test_composites_and_their_gradients() -> None:
    m = T.dmatrix("m")
    found = [
        wrap(apply(op, m.node, axes=(axis,)))
        for op in OPS.values()
        if op.family == "composite" and op.params == ("axes",)
        for axis in (0, 1)
    ]
    check(found, {m: X[0]})
    check([T.grad((y * y).sum(), m) for y in found], {m: X[0]})


INDICES: list[Any] = [
    1,
    -1,
    slice(1, -1),
    slice(None, None, -1),
    slice(-2, None),
    slice(5, 1),
    slice(None, None, 2),
    (WHOLE, 2),
    (0, 1, 2),
    (..., None, 3),
    (slice(None, 2), None, slice(3, 0, -1)),
    [0, 2, 0],
    (WHOLE, [1, -1]),
    ([0, 2], WHOLE, [4, 1]),
    (0, WHOLE, [1, 1, -2]),
    ([[0, 1], [2, 2]], [1, 3]),
    (slice(1, None), [0, 3], slice(None, None, -2)),
]


def test_parts() -> None:
    x = T.dtensor3("x")
    check([x[index] for index in INDICES], {x: X})


@pytest.mark.parametrize("change", [T.set_subtensor, T.inc_subtensor])
def test_changed_parts(change: Any) -> None:
    x = T.dtensor3("x")
    check([change(x[index], 2.5) for index in INDICES], {x: X})
    check([change(x[index], x[index] * 3) for index in INDICES], {x: X})


def test_gradients_of_parts() -> None:
    x = T.dtensor3("x")
    check([T.grad((x[index] ** 2).sum(), x) for index in INDICES], {x: X})


def test_symbolic_positions() -> None:
    x, i, j, rows = T.dtensor3("x"), T.lscalar("i"), T.iscalar("j"), T.lvector("rows")
    given = {x: X, i: np.array(-2), j: np.array(1, "int32"), rows: np.array([2, 0, -1])}
    check(
        [
            x[i],
            x[i, j],
            x[:, i:],
            x[:, :i],
            x[j:i],
            x[:, j::2],
            x[:, i::-1],
            x[rows],
            x[rows, :, rows],
            x[rows, j],
            x[T.arange(rows.shape[0]), rows],
            T.inc_subtensor(x[rows], x[rows]),
            T.set_subtensor(x[i, 1:], 0.0),
        ],
        given,
    )


def test_joining_and_making() -> None:
    x, m, n = T.dtensor3("x"), T.dmatrix("m"), T.lscalar("n")
    given = {x: X, m: X[0], n: np.array(4)}
    check(
        [
            T.concatenate([m, m * 2, m[:1]]),
            T.concatenate([m[:, :2], m], axis=1),
            T.stack([m, m + 1], axis=1),
            m.T,
            m.T.flatten(),
            T.tile(m, (2, 3)),
            m.repeat(2, axis=1),
            T.eye(3),
            T.eye(n, 6, 1),
            T.arange(n),
            T.arange(n, -3, -2),
            T.zeros((n, 2)),
            T.tril(m),
            m.reshape((m.shape[1], -1)),
            x.dimshuffle(2, "x", 0, 1),
            x.flatten(2),
            m.shape,
            x.size,
            T.linspace(0.0, 1.0, 5),
        ],
        given,
    )


def test_products() -> None:
    a, b, v, w = T.dmatrix("a"), T.dmatrix("b"), T.dvector("v"), T.dvector("w")
    given = {a: X[0], b: X[1].T.copy(), v: X[0, 0], w: X[0, :, 0].copy()}
    outputs = [
        a.dot(b),
        a.dot(v),
        w.dot(a),
        v.dot(v),
        T.outer(v, w),
        a.T.dot(w),
        b.T.dot(a.T).T,
        T.tensordot(a, b, [[0], [1]]),
    ]
    check(outputs, given)
    check(T.grad((a.dot(b).dot(w) * T.tanh(a.dot(v))).sum(), [a, b, v, w]), given)


@pytest.mark.parametrize("mode", ["c", "numpy"])
@pytest.mark.parametrize("make", [lambda n: T.zeros((n,)), lambda n: T.ones((2, n)).sum(), lambda n: T.full((n,), 3)])
def test_a_size_that_is_negative_at_the_call_is_refused(make, mode):
    n = T.lscalar("n")
    new = function([n], make(n), mode=mode)
    assert np.asarray(new(0)).sum() == 0
    with pytest.raises(ValueError, match="negative"):
        new(-1)
