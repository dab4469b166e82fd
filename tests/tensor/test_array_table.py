"""Reductions, composites, products, movement and joining against NumPy, with their gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tensor_helpers import check_gradient, root_like, value

import modc.tensor as T
from modc.graph import DTYPES, OPS, apply
from modc.tensor.variable import wrap

X = np.random.default_rng(5).normal(size=(2, 3, 4))
AXES = [None, 0, 1, -1, (0, 2), (-1, 0, 1), ()]
REDUCTIONS = ["sum", "prod", "max", "min", "mean", "any", "all", "var", "std"]


@pytest.mark.parametrize("name", REDUCTIONS)
@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("keepdims", [False, True])
def test_reductions_equal_numpy(name: str, axis: Any, keepdims: bool) -> None:
    x = T.dtensor3("x")
    expected = getattr(np, name)(X, axis=axis, keepdims=keepdims)
    found = value(getattr(x, name)(axis=axis, keepdims=keepdims), {x: X})
    assert expected.shape == found.shape
    np.testing.assert_allclose(expected, found, rtol=1e-14)
    np.testing.assert_array_equal(
        found, value(getattr(T, name)(x, axis=axis, keepdims=keepdims), {x: X})
    )


@pytest.mark.parametrize("name", ["argmax", "argmin"])
@pytest.mark.parametrize("axis", [None, 0, 1, -1])
@pytest.mark.parametrize("keepdims", [False, True])
def test_positions_of_extremes_equal_numpy(name: str, axis: Any, keepdims: bool) -> None:
    x = T.ltensor3("x")
    data = np.random.default_rng(8).integers(0, 3, (2, 3, 4))
    found = value(getattr(x, name)(axis=axis, keepdims=keepdims), {x: data})
    np.testing.assert_array_equal(getattr(np, name)(data, axis=axis, keepdims=keepdims), found)
    assert found.dtype == np.int64


@pytest.mark.parametrize("name", ["sum", "prod", "max", "min", "mean", "any", "all", "argmax"])
def test_dtypes_of_reductions_follow_numpy(name: str) -> None:
    for row in DTYPES.values():
        array = np.ones((2, 3), row.numpy)
        x = root_like(array)
        reference = getattr(np, name)(array, axis=0)
        found = getattr(x, name)(axis=0)
        assert reference.dtype == found.dtype == value(found, {x: array}).dtype, (name, row)
        np.testing.assert_array_equal(reference, value(found, {x: array}))


@pytest.mark.parametrize("name", ["sum", "prod", "mean", "any", "all"])
def test_reductions_of_nothing_give_the_start_value(name: str) -> None:
    x = T.dmatrix("x")
    with np.errstate(all="ignore"):
        expected = (
            np.full(3, np.nan) if name == "mean" else getattr(np, name)(np.zeros((0, 3)), axis=0)
        )
    np.testing.assert_array_equal(expected, value(getattr(x, name)(axis=0), {x: np.zeros((0, 3))}))


@pytest.mark.parametrize("name", ["max", "argmax"])
def test_an_extreme_of_nothing_is_refused(name: str) -> None:
    x = T.dvector("x")
    with pytest.raises(ValueError, match=name):
        value(getattr(x, name)(), {x: np.zeros(0)})
    with pytest.raises(ValueError, match="no elements"):
        getattr(T.dvector(shape=(0,)), name)()


@pytest.mark.parametrize("name", ["sum", "prod", "max", "min", "mean", "var", "std"])
@pytest.mark.parametrize("axis", [None, 1, (0, 2)])
def test_gradients_of_reductions(name: str, axis: Any) -> None:
    x = T.dtensor3("x")
    result = getattr(x, name)(axis=axis)
    check_gradient((result * result).sum(), [x], {x: X})


@pytest.mark.parametrize("zeros", [0, 1, 2])
def test_gradient_of_a_product_with_zeros(zeros: int) -> None:
    x = T.dvector("x")
    data = np.array([2.0, 3.0, 4.0])
    data[:zeros] = 0
    check_gradient(x.prod(), [x], {x: data})


def test_the_gradient_of_max_goes_to_every_tied_place() -> None:
    x = T.dvector("x")
    np.testing.assert_array_equal([0, 1, 1], value(T.grad(x.max(), x), {x: [1.0, 2.0, 2.0]}))


@pytest.mark.parametrize("L", [0, 1, 2, 3, float("inf"), float("-inf")])
def test_norms_equal_numpy(L: float) -> None:
    x = T.dvector("x")
    data = np.array([3.0, -4.0, 0.5])
    np.testing.assert_allclose(np.linalg.norm(data, L), value(x.norm(L), {x: data}))


def test_ddof_divides_by_fewer() -> None:
    x = T.dmatrix("x")
    np.testing.assert_allclose(X[0].var(axis=0, ddof=1), value(x.var(axis=0, ddof=1), {x: X[0]}))


# Composites

COMPOSITES = [op.name for op in OPS.values() if op.family == "composite" and op.params == ("axes",)]


@pytest.mark.parametrize("name", COMPOSITES)
@pytest.mark.parametrize("axes", [(2,), (0,), (0, 2)])
@pytest.mark.parametrize("dtype", ["float64", "float32", "int64"])
def test_expansion_of_a_composite_equals_its_numpy_reference(
    name: str, axes: tuple[int, ...], dtype: str
) -> None:
    data = (X * 5).astype(dtype)
    x = root_like(data)
    node = apply(OPS[name], x.node, axes=axes)
    expanded = OPS[name].expand(wrap(node.args[0]), axes=axes)  # type: ignore[misc]
    assert node.dtype.name == expanded.dtype
    assert node.shape == expanded.node.shape
    tolerance = 1e-5 if node.dtype.bits == 32 else 1e-13
    np.testing.assert_allclose(
        value(wrap(node), {x: data}), value(expanded, {x: data}), rtol=tolerance, atol=tolerance
    )


@pytest.mark.parametrize("name", COMPOSITES)
def test_gradient_of_a_composite(name: str) -> None:
    x = T.dmatrix("x")
    result = wrap(apply(OPS[name], x.node, axes=(1,)))
    check_gradient(
        (
            result * result * np.arange(1.0, 3.0)[:, None] if result.ndim == 2 else result * result
        ).sum(),
        [x],
        {x: X[0, :2]},
    )


@pytest.mark.parametrize("name", COMPOSITES)
def test_composites_survive_huge_and_infinite_elements(name: str) -> None:
    x = T.dmatrix("x")
    data = np.array([[1000.0, -1000.0, 1000.0], [-np.inf, 0.0, 1.0]])
    node = apply(OPS[name], x.node, axes=(1,))
    reference, expanded = (
        value(wrap(node), {x: data}),
        value(OPS[name].expand(x, axes=(1,)), {x: data}),
    )  # type: ignore[misc]
    np.testing.assert_allclose(reference, expanded)
    assert not np.isnan(reference).any()


# Products


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((), ()),
        ((), (3,)),
        ((3,), (3,)),
        ((2, 3), (3,)),
        ((3,), (3, 4)),
        ((2, 3), (3, 4)),
        ((2, 3, 4), (4,)),
        ((2, 3, 4), (4, 5)),
        ((2, 4), (3, 4, 5)),
        ((2, 3, 4), (5, 4, 2)),
        ((2, 0), (0, 3)),
    ],
)
def test_dot_equals_numpy(left: tuple[int, ...], right: tuple[int, ...]) -> None:
    rng = np.random.default_rng(6)
    a, b = rng.normal(size=left), rng.normal(size=right)
    x, y = (
        T.TensorType("float64", [None] * a.ndim)("x"),
        T.TensorType("float64", [None] * b.ndim)("y"),
    )
    found = value(x.dot(y), {x: a, y: b})
    assert np.dot(a, b).shape == found.shape
    np.testing.assert_allclose(np.dot(a, b), found, rtol=1e-12, atol=1e-12)
    if a.ndim and b.ndim and a.ndim <= 2 and b.ndim <= 2:
        np.testing.assert_allclose(a @ b, value(x @ y, {x: a, y: b}), rtol=1e-12, atol=1e-12)
    cost = (x.dot(y) * x.dot(y)).sum()
    check_gradient(cost, [x, y], {x: a, y: b}, 1e-5)


@pytest.mark.parametrize("axes", [0, 1, 2, ([0, 1], [1, 0]), (1, 0)])
def test_tensordot_equals_numpy(axes: Any) -> None:
    rng = np.random.default_rng(7)
    a, b = rng.normal(size=(2, 3, 3)), rng.normal(size=(3, 3, 2))
    if axes == ([0, 1], [1, 0]):
        b = rng.normal(size=(3, 2, 4))
    x, y = T.dtensor3("x"), T.dtensor3("y")
    np.testing.assert_allclose(
        np.tensordot(a, b, axes),
        value(T.tensordot(x, y, axes), {x: a, y: b}),
        rtol=1e-12,
        atol=1e-12,
    )


def test_the_gradient_of_a_tensordot() -> None:
    rng = np.random.default_rng(9)
    x, y = T.dtensor3("x"), T.dmatrix("y")
    given = {x: rng.normal(size=(2, 3, 4)), y: rng.normal(size=(4, 3))}
    result = T.tensordot(x, y, [[2, 1], [0, 1]])
    check_gradient((result * result).sum(), [x, y], given, 1e-5)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda x: T.tensordot(x, x, [[0], [0, 1]]),
        lambda x: x @ 2.0,
        lambda x: x.dot(T.dtensor3(shape=(1, 2, 1))),
        lambda x: T.tensordot(x, T.dmatrix(shape=(5, 5)), 1),
    ],
)
def test_products_that_cannot_be_are_value_errors(wrong: Callable[[Any], Any]) -> None:
    with pytest.raises(ValueError):
        wrong(T.dmatrix("x", shape=(3, 3)))


def test_outer_equals_numpy() -> None:
    x, y = T.dvector("x"), T.dvector("y")
    np.testing.assert_array_equal(
        np.outer([1, 2], [3, 4, 5]), value(T.outer(x, y), {x: [1, 2], y: [3, 4, 5]})
    )


# Movement and joining

MOVES: list[tuple[str, Callable[[Any], Any], Callable[[Any], Any]]] = [
    ("T", lambda x: x.T, lambda a: a.T),
    ("transpose", lambda x: x.transpose(1, 0, 2), lambda a: a.transpose(1, 0, 2)),
    ("dimshuffle", lambda x: x.dimshuffle(2, "x", 0, 1), lambda a: a.transpose(2, 0, 1)[:, None]),
    ("reshape", lambda x: x.reshape((6, 4)), lambda a: a.reshape(6, 4)),
    ("reshape-1", lambda x: x.reshape((x.shape[0], -1)), lambda a: a.reshape(2, -1)),
    (
        "reshape vector",
        lambda x: x.reshape(T.stack([x.shape[1], x.shape[0] * x.shape[2]])),
        lambda a: a.reshape(3, 8),
    ),
    ("flatten", lambda x: x.flatten(), lambda a: a.ravel()),
    ("flatten 2", lambda x: x.flatten(2), lambda a: a.reshape(2, 12)),
    ("swapaxes", lambda x: T.swapaxes(x, 0, 2), lambda a: a.swapaxes(0, 2)),
    ("moveaxis", lambda x: T.moveaxis(x, 0, -1), lambda a: np.moveaxis(a, 0, -1)),
    ("expand_dims", lambda x: T.expand_dims(x, 1), lambda a: np.expand_dims(a, 1)),
    ("squeeze", lambda x: x[:1].reshape((1, 3, 4)).squeeze(), lambda a: a[0]),
    ("tile", lambda x: T.tile(x, (2, 1, 3)), lambda a: np.tile(a, (2, 1, 3))),
    ("tile more", lambda x: T.tile(x, (2, 1, 1, 3)), lambda a: np.tile(a, (2, 1, 1, 3))),
    ("repeat", lambda x: x.repeat(3, axis=1), lambda a: a.repeat(3, axis=1)),
    ("repeat all", lambda x: T.repeat(x, 2), lambda a: a.repeat(2)),
    ("padleft", lambda x: T.shape_padleft(x, 2), lambda a: a[None, None]),
    ("padright", lambda x: T.shape_padright(x), lambda a: a[..., None]),
    (
        "concatenate",
        lambda x: T.concatenate([x, x * 2], axis=-1),
        lambda a: np.concatenate([a, a * 2], axis=-1),
    ),
    ("join", lambda x: T.join(1, x, x, x), lambda a: np.concatenate([a, a, a], axis=1)),
    ("stack", lambda x: T.stack([x, -x], axis=2), lambda a: np.stack([a, -a], axis=2)),
    (
        "broadcast",
        lambda x: T.broadcast_to(x[:, :, :1].reshape((2, 3, 1)), (5, 2, 3, 4)),
        lambda a: np.broadcast_to(a[:, :, :1], (5, 2, 3, 4)),
    ),
    ("tril", lambda x: T.tril(x[0]), lambda a: np.tril(a[0])),
    ("triu", lambda x: T.triu(x[0], 1), lambda a: np.triu(a[0], 1)),
    ("triu of a vector", lambda x: T.triu(x[0][0]), lambda a: np.triu(a[0][0])),
    ("take", lambda x: T.take(x, [2, 0], axis=1), lambda a: a.take([2, 0], axis=1)),
    ("clip", lambda x: x.clip(-0.5, 0.5), lambda a: a.clip(-0.5, 0.5)),
]


@pytest.mark.parametrize(
    ("move", "reference"), [row[1:] for row in MOVES], ids=[row[0] for row in MOVES]
)
def test_movement_equals_numpy_and_has_a_gradient(
    move: Callable[[Any], Any], reference: Callable[[Any], Any]
) -> None:
    x = T.dtensor3("x")
    np.testing.assert_array_equal(reference(X), value(move(x), {x: X}))
    check_gradient((move(x) * move(x)).sum(), [x], {x: X})


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda: T.zeros((2, 3)), np.zeros((2, 3))),
        (lambda: T.ones(3, dtype="int8"), np.ones(3, "int8")),
        (lambda: T.full((2,), 7), np.full(2, 7)),
        (lambda: T.alloc(1.5, 2, 2), np.full((2, 2), 1.5)),
        (lambda: T.eye(3), np.eye(3)),
        (lambda: T.eye(2, 4, 1, dtype="int32"), np.eye(2, 4, 1, dtype="int32")),
        (lambda: T.arange(5), np.arange(5)),
        (lambda: T.arange(2, 11, 3), np.arange(2, 11, 3)),
        (lambda: T.arange(5, 0, -2), np.arange(5, 0, -2)),
        (lambda: T.arange(3, 0), np.arange(3, 0)),
        (lambda: T.arange(0.5, 3, 0.3), np.arange(0.5, 3, 0.3)),
        (lambda: T.arange(3, dtype="float32"), np.arange(3, dtype="float32")),
        (lambda: T.linspace(0.0, 1.0, 5), np.linspace(0, 1, 5)),
        (lambda: T.tri(3, 4, 1), np.tri(3, 4, 1)),
        (lambda: T.zeros_like(np.ones((2, 2), "int16")), np.zeros((2, 2), "int16")),
        (lambda: T.stack([1, 2.5]), np.array([1, 2.5])),
        (lambda: T.as_tensor_variable([[1, 2], [3, 4]]), np.array([[1, 2], [3, 4]])),
    ],
)
def test_made_arrays_equal_numpy(made: Callable[[], Any], expected: np.ndarray) -> None:
    found = value(made())
    assert expected.dtype == found.dtype
    np.testing.assert_allclose(expected, found, rtol=1e-15)


@pytest.mark.parametrize(
    ("start", "stop", "step"), [(0, 7, 1), (5, -3, -2), (2, 2, 1), (4, 1, 1), (-3, 8, 5)]
)
def test_symbolic_ranges_equal_numpy(start: int, stop: int, step: int) -> None:
    a, b, c = T.lscalars("abc")
    given = {a: start, b: stop, c: step}
    np.testing.assert_array_equal(np.arange(start, stop, step), value(T.arange(a, b, c), given))
    np.testing.assert_array_equal(
        np.arange(start, stop, step), value(T.arange(a, b, step), {a: start, b: stop})
    )


def test_the_shape_of_an_expression_is_symbolic_and_joins_with_tuples() -> None:
    x = T.dmatrix("x")
    y = T.zeros(x.shape[:1] + (5,))  # noqa: RUF005  what NumPy code writes
    assert (3, 5) == value(y, {x: np.ones((3, 2))}).shape
    np.testing.assert_array_equal([3, 5], value(y.shape, {x: np.ones((3, 2))}))
    assert value(x.size, {x: np.ones((3, 2))}) == 6
    rows, columns = x.shape
    assert value(rows * columns, {x: np.ones((3, 2))}) == 6
