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


@pytest.mark.parametrize("name", ["exp", "sum", "dot", "concatenate", "where", "maximum"])
def test_a_function_of_numpy_is_refused_and_names_that_of_the_language(name):
    x = T.lvector("x")
    arguments = {"dot": (ARRAY, x), "concatenate": ([ARRAY, x],), "where": (x, 1, 2), "maximum": (ARRAY, x)}
    with pytest.raises(TypeError, match=f"use T.{name}"):
        getattr(np, name)(*arguments.get(name, (x,)))


def test_an_array_cannot_be_updated_in_place_by_a_variable():
    with pytest.raises(TypeError, match="symbolic"):
        np.array([1.0]).__iadd__(T.dvector("x"))
