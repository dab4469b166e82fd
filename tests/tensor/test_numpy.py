"""Variables beside NumPy's arrays, and under NumPy's functions."""

from __future__ import annotations

import operator

import numpy as np
import pytest

import modc.tensor as T

ARRAY = np.array([5, 6])
ARITHMETIC = ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "lt", "le", "gt", "ge"]
BITS = ["and_", "or_", "xor", "lshift", "rshift"]


@pytest.mark.parametrize("name", [*ARITHMETIC, *BITS])
@pytest.mark.parametrize("left", [ARRAY, np.int64(5), np.array(5)], ids=["array", "scalar", "0-d"])
def test_an_operator_with_numpy_on_the_left_is_an_expression(name, left):
    x = T.lvector("x")
    apply = getattr(operator, name)
    expected = apply(left, np.array([2, 3]))
    found = apply(left, x).eval({x: [2, 3]})
    assert (expected.tolist(), expected.dtype) == (found.tolist(), found.dtype)


def test_a_product_with_an_array_on_the_left_is_an_expression():
    x = T.lvector("x")
    assert (ARRAY @ x).eval({x: [2, 3]}) == 28


def test_equality_with_an_array_is_that_of_identity():
    x = T.lvector("x")
    assert (ARRAY == x, ARRAY != x, x == ARRAY) == (False, True, False)


X = np.array([[1.0, -2.0], [3.0, 4.0]])
CALLS = {
    "exp": lambda x: np.exp(x), "sum": lambda x: np.sum(x, axis=0), "dot": lambda x: np.dot(ARRAY, x),
    "concatenate": lambda x: np.concatenate([x, X], axis=1), "where": lambda x: np.where(x > 0, x, 0),
    "maximum": lambda x: np.maximum(X.T, x), "mean": lambda x: np.mean(x), "max": lambda x: np.max(x, axis=1, keepdims=True),
    "reduce": lambda x: np.add.reduce(x), "reduce last": lambda x: np.multiply.reduce(x, axis=-1),
    "accumulate": lambda x: np.maximum.accumulate(x, axis=1), "accumulate first": lambda x: np.add.accumulate(x),
    "transpose": lambda x: np.transpose(x), "clip": lambda x: np.clip(x, 0, 1), "stack": lambda x: np.stack([x, X]),
    "argmax": lambda x: np.argmax(x, axis=0), "amax": lambda x: np.amax(x), "cumsum": lambda x: np.cumsum(x, axis=1),
    "reshape": lambda x: np.reshape(x, (4,)), "tensordot": lambda x: np.tensordot(x, X, 1), "where out": lambda x: np.sin(x, out=None),
    "ufunc dtype": lambda x: np.add(x, 1, dtype="float32"), "outer": lambda x: np.multiply.outer(x, np.array([1.0, 2.0])),
    "no options": lambda x: np.multiply(x, 2, where=True, casting="same_kind", order="K"), "inner": lambda x: np.inner(x, X),
    "vdot": lambda x: np.vdot(x, X), "vecdot": lambda x: np.vecdot(x, X), "vecdot axis": lambda x: np.vecdot(x, X, axis=0),
    "linalg outer": lambda x: np.linalg.outer(x[0], x[1]), "linalg trace": lambda x: np.linalg.trace(x),
    "linalg det": lambda x: np.linalg.det(x), "array_equal": lambda x: np.array_equal(x, X), "concat": lambda x: np.concat([x, X]),
    "copy": lambda x: np.copy(x), "matrix_transpose": lambda x: np.matrix_transpose(x), "permute_dims": lambda x: np.permute_dims(x),
    "cumulative_prod": lambda x: np.cumulative_prod(x, axis=0), "sum dtype": lambda x: np.sum(x, dtype="float32"),
    "astype": lambda x: np.astype(x, np.int64),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_a_function_of_numpy_on_a_variable_is_an_expression(name):
    x = T.dmatrix("x")
    expected = CALLS[name](X)
    found = CALLS[name](x).eval({x: X})
    np.testing.assert_allclose(found, expected, rtol=1e-14)
    assert found.dtype == np.asarray(expected).dtype


@pytest.mark.parametrize("name", ["busday_count", "real_if_close", "roots", "vectorize"])
def test_a_function_that_the_language_has_not_is_refused_by_name(name):
    function = getattr(np, name)
    with pytest.raises(TypeError, match=f"np.{name} cannot compute with x, which is symbolic") as caught:
        T.dvector("x").__array_function__(function, (), (T.dvector("x"),), {})
    assert "modc.tensor" in str(caught.value)


def test_options_that_ask_for_what_there_is_not_are_refused():
    x = T.dvector("x")
    with pytest.raises(TypeError, match="which casting='same_kind' does not make int64"):
        np.add(x, 1, dtype="int64")
    with pytest.raises(TypeError, match="where"):
        np.add(x, 1, where=np.array([True]))
    with pytest.raises(TypeError, match=r"np.add cannot compute with"):
        np.add.at(x, [0], 1)
    with pytest.raises(TypeError, match=r"np.add cannot compute with"):
        np.add(x, 1, out=np.zeros(3))
    assert (np.ndim(x), np.iscomplexobj(x), np.isrealobj(x)) == (1, False, True)


def test_an_array_cannot_be_updated_in_place_by_a_variable():
    with pytest.raises(TypeError, match="symbolic"):
        np.array([1.0]).__iadd__(T.dvector("x"))
