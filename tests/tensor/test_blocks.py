"""Matrices put together and taken apart."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg

import modc.tensor as T
from modc import check_grad, function
from modc.errors import ShapeError

RANDOM = np.random.default_rng(4)
STACK = RANDOM.normal(size=(3, 4, 4))
MODES = pytest.mark.parametrize("mode", ["c", "numpy"])


@MODES
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_lu_is_scipys(mode, dtype):
    x = T.TensorType(dtype, (None, None, None))("x")
    for options in ({}, {"permute_l": True}, {"p_indices": True}):
        found = function([x], list(T.linalg.lu(x, **options)), mode=mode)(STACK.astype(dtype))
        for one, other in zip(found, scipy.linalg.lu(STACK.astype(dtype), **options), strict=True):
            np.testing.assert_allclose(one, other, rtol=0, atol=1e-12 if dtype == "float64" else 1e-5)


@MODES
@pytest.mark.parametrize("n", [0, 1, 2, 9])
def test_the_factors_give_the_matrix_back(n, mode):
    x = T.dmatrix("x")
    matrix = RANDOM.integers(-3, 4, (n, n)).astype(float)
    p, lower, upper = function([x], list(T.linalg.lu(x)), mode=mode)(matrix)
    np.testing.assert_allclose(p @ lower @ upper, matrix, atol=1e-12)


def test_lu_of_integers_and_of_what_is_not_square():
    assert [one.dtype for one in T.linalg.lu([[1, 2], [3, 4]])] == ["float64"] * 3
    assert T.slinalg.lu([[1, 2], [3, 4]], p_indices=True)[0].dtype == "int64"
    for bad in (T.dmatrix(shape=(2, 3)), T.dvector()):
        with pytest.raises(ShapeError, match="lu of"):
            T.linalg.lu(bad)
    with pytest.raises(ShapeError):
        T.linalg.lu(T.dmatrix("x"))[1].eval({"x": np.ones((2, 3))})


@pytest.mark.parametrize("which", [0, 1, 2])
def test_gradients_of_lu(which):
    if which == 0:  # the order is constant between its jumps
        check_grad(lambda x: T.linalg.lu(x)[0] * x, [STACK])
        return
    check_grad(lambda x: T.linalg.lu(x)[which], [STACK])
    check_grad(lambda x: T.linalg.lu(x, permute_l=True)[which - 1], [STACK[0]])
    check_grad(lambda x: T.jacobian(T.linalg.lu(x)[which], x)[1, 1] * x, [STACK[1]])


@MODES
def test_block_diag_is_scipys(mode):
    a, b, c = T.dmatrix("a"), T.ivector("b"), T.dscalar("c")
    given = (np.ones((2, 3)), np.array([5, 6], "int32"), np.array(7.0))
    found = function([a, b, c], T.linalg.block_diag(a, b, c), mode=mode)(*given)
    np.testing.assert_array_equal(found, scipy.linalg.block_diag(*given))
    stack = function([x := T.dtensor3("x")], T.linalg.block_diag(x, x[:, :1]), mode=mode)(STACK)
    np.testing.assert_array_equal(stack, [scipy.linalg.block_diag(one, one[:1]) for one in STACK])
    assert x.ndim == 3


def test_block_diag_of_nothing_and_of_several_numbers_of_axes():
    with pytest.raises(ValueError, match="at least one"):
        T.linalg.block_diag()
    with pytest.raises(ShapeError, match="number of axes"):
        T.linalg.block_diag(T.dtensor3(), T.dmatrix())
    check_grad(T.linalg.block_diag, [STACK[0], STACK[1][:2]])


@MODES
def test_traces_and_products(mode):
    x, y = T.dtensor3("x"), T.dmatrix("y")
    traces = function([x], [T.linalg.trace(x), T.linalg.trace(x, offset=-1), T.linalg.trace(x, dtype="float32")], mode=mode)(STACK)
    for one, other in zip(traces, (np.linalg.trace(STACK), np.linalg.trace(STACK, offset=-1), np.linalg.trace(STACK, dtype="float32")), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)
        assert one.dtype == other.dtype
    product = function([y], T.linalg.matrix_dot(y, y.T, y), mode=mode)(STACK[0])
    np.testing.assert_allclose(product, STACK[0] @ STACK[0].T @ STACK[0], rtol=1e-12)
    with pytest.raises(ValueError, match="at least one"):
        T.linalg.matrix_dot()
    with pytest.raises(ShapeError, match="trace of"):
        T.linalg.trace(T.dvector())
