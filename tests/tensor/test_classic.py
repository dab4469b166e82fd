"""Functions that only programs for Theano and PyTensor call."""

from __future__ import annotations

import numpy as np
import pytest

import modc
import modc.tensor as T
from modc import function, grad
from modc.errors import DTypeError, ShapeError

A, B = np.arange(24.0).reshape(2, 3, 4), np.arange(40.0).reshape(2, 4, 5)


@pytest.mark.parametrize("mode", ["c", "numpy"])
@pytest.mark.parametrize("axes", [1, [[2], [1]], (2, 1), [[-1], [-2]]])
def test_batched_tensordot_is_a_tensordot_for_each_element_of_the_batch(axes, mode):
    x, y = T.dtensor3("x"), T.dtensor3("y")
    found = function([x, y], T.batched_tensordot(x, y, axes), mode=mode)(A, B)
    np.testing.assert_array_equal(found, np.stack([a @ b for a, b in zip(A, B, strict=True)]))


def test_batched_tensordot_over_two_axes():
    x, y = T.dtensor3("x"), T.dtensor3("y")
    found = T.batched_tensordot(x, y, [[1, 2], [1, 2]]).eval({x: A, y: A})
    np.testing.assert_array_equal(found, [(a * a).sum() for a in A])


@pytest.mark.parametrize("axes", [0, 5, [[0], [1]], [[1], [0]], [[1, 2], [1]], [[1], [7]]])
def test_batched_tensordot_refuses_the_batch_and_axes_that_are_not_there(axes):
    if axes == 0:
        assert T.batched_tensordot(A, B, 0).ndim == 5
        return
    with pytest.raises((ValueError, IndexError)):
        T.batched_tensordot(A, B, axes)


def test_dimensions_are_joined_and_split():
    x = T.dtensor3("x")
    for start, count, shape in ((0, None, (24,)), (1, None, (2, 12)), (0, 2, (6, 4)), (1, 1, (2, 3, 4)), (1, 0, (2, 1, 3, 4)), (3, 0, (2, 3, 4, 1))):
        assert T.join_dims(x, start, count).eval({x: A}).shape == shape
    assert T.split_dims(x, (2, -1), axis=2).eval({x: A}).shape == (2, 3, 2, 2)
    assert T.split_dims(x, 3, axis=1).eval({x: A}).shape == (2, 3, 4)
    assert T.split_dims(x[:1], ()).eval({x: A}).shape == (3, 4)
    with pytest.raises(ValueError, match="join_dims of 4 axes"):
        T.join_dims(x, 0, 4)


def test_an_axis_declared_of_size_1_broadcasts_and_is_checked():
    x, y = T.dmatrix("x"), T.dmatrix("y")
    total = function([x, y], T.specify_broadcastable(x, 1) + y)
    assert total([[1.0], [2.0]], np.zeros((2, 3))).shape == (2, 3)
    with pytest.raises(AssertionError):
        total(np.zeros((2, 2)), np.zeros((2, 3)))


def test_constants_and_sizes_that_are_known_before_a_call():
    x = T.dvector("x", shape=(5,))
    assert T.get_scalar_constant_value(T.constant(2) * 3 + 1) == 7
    assert T.get_scalar_constant_value(x.shape[0] * 2) == 10
    assert (T.get_vector_length(x), T.get_vector_length(T.dmatrix("m").shape), T.get_vector_length([1, 2])) == (5, 2, 2)
    for build, error in ((lambda: T.get_scalar_constant_value(T.dscalar("s")), ValueError), (lambda: T.get_scalar_constant_value([1]), ValueError),
                         (lambda: T.get_vector_length(T.dvector("v")), ValueError), (lambda: T.get_vector_length(1), TypeError)):  # fmt: skip
        with pytest.raises(error):
            build()


def test_short_names():
    x = T.dvector("x")
    assert T.second(x, 3).eval({x: [1, 2]}).tolist() == [3, 3]
    assert T.tensor_from_scalar(T.scalar_from_tensor(x.sum())).eval({x: [1, 2]}) == 3
    assert (T.pi, T.e, T.euler_gamma, T.inf, T.newaxis) == (np.pi, np.e, np.euler_gamma, np.inf, None)
    assert grad((T.consider_constant(x) * x).sum(), x).eval({x: [1, 2]}).tolist() == [1, 2]
    assert x[T.newaxis].ndim == 2
    with pytest.raises(TypeError, match="1 axes"):
        T.scalar_from_tensor(x)


def test_parts_of_expressions_are_replaced():
    x, y, n = T.dvector("x"), T.dvector("y"), T.lvector("n")
    both = [T.exp(x).sum() * x, x.shape[0] + 1]
    found = function([y], modc.clone_replace(both, {x: y[1:]}))([5.0, 0.0, 1.0])
    np.testing.assert_allclose(found[0], (1 + np.e) * np.array([0, 1.0]))
    assert found[1] == 3
    inner = T.exp(x)
    assert T.clone_replace(inner + x, [(inner, x)]).eval({x: [2.0]}) == [4.0]
    assert T.clone_replace(x * 2, {x: n}).eval({n: [3]}).tolist() == [6.0]
    assert T.clone_replace(x) is not None and T.graph_replace([x + 1], {x: y})[0].eval({y: [1.0]}) == [2.0]
    assert T.graph_replace(x, {y: x}, strict=False).eval({x: [1.0]}) == [1.0]
    with pytest.raises(ValueError, match=r"graph_replace: y is no part of x"):
        T.graph_replace(x, {y: x})
    for value in (T.dscalar("s"), T.dmatrix("m")):
        with pytest.raises(DTypeError, match=r"x, .*cannot be replaced by"):
            T.clone_replace(x + 1, {x: value})
    with pytest.raises(DTypeError, match="cannot be replaced by x"):
        T.clone_replace(n, {n: x})
    with pytest.raises(ShapeError):
        T.clone_replace(x + T.dvector(shape=(3,)), {x: T.dvector("four", shape=(4,))})


def test_names_that_theano_has_at_the_top():
    assert (modc.gradient.disconnected_grad, modc.Rop, modc.Lop, modc.dot) == (T.disconnected_grad, T.Rop, T.Lop, T.dot)


def test_a_variable_is_declared_as_in_theano_or_as_in_pytensor():
    one, two = T.tensor("float32", (None, 3), "x"), T.tensor("x", dtype="float32", shape=(None, 3))
    assert (one.type, one.name) == (two.type, two.name)
    assert (T.tensor("d", shape=(2,)).name, T.tensor().type, T.tensor(dtype="int8", shape=(2,), name="k").name) == ("d", T.scalar().type, "k")
    assert (T.dtensor5("t").ndim, T.tensor6().ndim, [v.name for v in T.ztensor7s("ab")]) == (5, 6, ["a", "b"])
    for build in (lambda: T.tensor("x", (3,), "y"), lambda: T.tensor(np.int8, dtype="int8"), lambda: T.tensor("x", (3,), "y", dtype="int8")):
        with pytest.raises(TypeError, match="two"):
            build()
