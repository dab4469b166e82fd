"""What the tests of the language share: values of Variables, gradients by differences, operands for every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import modc.tensor as T
from modc.graph.evaluate import values
from modc.tensor import Variable

Array = np.ndarray[Any, Any]


def value(variable: Variable, given: Mapping[Variable, Any] | None = None) -> Array:
    """The array of `variable` where root Variables have the given values."""
    return values([variable.node], {root.node: array for root, array in (given or {}).items()})[0]  # type: ignore[misc]


def root_like(array: Array, name: str = "x") -> Variable:
    """A root Variable for `array`, with axes of size 1 declared so."""
    return T.TensorType(array.dtype, [1 if size == 1 else None for size in array.shape])(name)


def by_differences(
    cost: Variable, wrt: Variable, given: Mapping[Variable, Any], step: float = 1e-5
) -> Array:
    """The gradient of a float64 cost by central differences."""
    at = np.array(given[wrt], dtype=np.float64)
    found = np.zeros_like(at)
    for place in np.ndindex(at.shape):
        ends = []
        for sign in (1, -1):
            moved = at.copy()
            moved[place] += sign * step
            ends.append(float(value(cost, {**given, wrt: moved})))
        found[place] = (ends[0] - ends[1]) / (2 * step)
    return found


def check_gradient(
    cost: Variable, wrt: Sequence[Variable], given: Mapping[Variable, Any], tolerance: float = 1e-6
) -> None:
    """Gradients of `cost` equal central differences and have the dtype and shape of their Variables."""
    for variable, gradient in zip(wrt, T.grad(cost, list(wrt)), strict=True):
        found = value(gradient, given)
        assert variable.dtype == gradient.dtype
        assert np.shape(given[variable]) == found.shape
        np.testing.assert_allclose(
            found, by_differences(cost, variable, given), rtol=tolerance, atol=tolerance
        )
