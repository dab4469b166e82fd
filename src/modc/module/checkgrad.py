"""`modc.check_grad`: a gradient against central differences, for users who write expressions or ops.

Input: a function of Variables, and arrays. Output: nothing, or GradientError with the worst element.
Neighbours: `functions` compiles both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from modc.errors import ModcError
from modc.module.functions import function
from modc.tensor.gradient import grad
from modc.tensor.variable import TensorType, as_variable

#: Relative step and tolerances by dtype: the step balances truncation (h**2) against rounding (eps / h).
_STEPS = {"float64": (6e-6, 1e-6, 1e-7), "float32": (5e-3, 2e-2, 2e-3)}
_STEPS |= {"complex128": _STEPS["float64"], "complex64": _STEPS["float32"]}


class GradientError(ModcError, AssertionError):
    """A gradient differs from what central differences give.

    argument    number of the argument; index: the element; expected: by differences; got: by the graph
    """

    def __init__(self, text: str, argument: int, index: tuple[int, ...], expected: complex, got: complex) -> None:
        super().__init__(text)
        self.argument, self.index, self.expected, self.got = argument, index, expected, got


def check_grad(
    fun: Callable[..., Any],
    points: Sequence[Any],
    *,
    rng: np.random.Generator | int | None = 0,
    eps: float | None = None,
    rtol: float | None = None,
    atol: float | None = None,
    mode: Any = None,
) -> None:
    """Compare the gradient of `fun` at `points` with central differences.

    fun      takes one Variable per point and gives a float or complex expression of any shape; it is weighted with
             random numbers and summed (of a complex one the real part), so that every element counts
    points   float or complex arrays; where fun is not smooth, choose them away from the kinks
    eps      step, relative to the element (default 6e-6 for float64, 5e-3 for float32)

    Raises GradientError with the argument, the element and both numbers; TypeError for points of other dtypes.
    """
    arrays = [np.asarray(point) for point in points]
    for at, array in enumerate(arrays):
        if array.dtype.name not in _STEPS:
            raise TypeError(f"point {at} is {array.dtype}: check_grad takes {', '.join(_STEPS)}")
    variables = [TensorType(array.dtype.name, array.shape)(f"x{at}") for at, array in enumerate(arrays)]
    result = as_variable(fun(*variables))
    weights = TensorType(result.dtype, (None,) * result.ndim)("weights")
    cost = (result * weights).sum().real
    options = {"mode": mode, "on_unused_input": "ignore"}
    value = function(variables, result, **options)(*arrays)
    random = np.random.default_rng(rng)
    weight = (random.random(np.shape(value)) + 0.5).astype(result.dtype)
    if weight.dtype.kind == "c":
        weight += weight.dtype.type(1j) * random.random(np.shape(value)).astype(weight.real.dtype)
    gradients = grad(cost, variables, disconnected_inputs="ignore")
    slopes = function([*variables, weights], gradients, **options)(*arrays, weight)
    measure = function([*variables, weights], cost, **options)
    for at, (array, slope) in enumerate(zip(arrays, slopes, strict=True)):
        _compare(at, arrays, slope, lambda given: float(measure(*given, weight)), (eps, rtol, atol), array.dtype.name)


def _compare(
    at: int, arrays: list[Any], slope: Any, measure: Callable[[list[Any]], float], given: tuple[Any, ...], dtype: str
) -> None:
    """One argument, element by element. Raises GradientError."""
    step, rtol, atol = (default if one is None else one for one, default in zip(given, _STEPS[dtype], strict=True))
    for index in np.ndindex(arrays[at].shape):
        got, expected, scale = slope[index].item(), 0.0, 1.0
        for unit in (1, 1j) if arrays[at].dtype.kind == "c" else (1,):
            moved = [array.copy() for array in arrays]
            there = arrays[at][index]
            width = step * max(abs(there.item()), 1.0) * unit
            moved[at][index] = there + there.dtype.type(width)
            above, high = measure(moved), moved[at][index].item()
            moved[at][index] = there - there.dtype.type(width)
            below, low = measure(moved), moved[at][index].item()
            expected += (above - below) / ((high - low) / unit).real * unit
            scale = max(abs(above), abs(below), scale)
        if not abs(expected - got) <= atol * scale + rtol * max(abs(expected), abs(got)):
            raise GradientError(
                f"the gradient by argument {at}{list(index) if index else ''} is {got:.9g}, central differences give "
                f"{expected:.9g}\n  hint: is the point at a kink, or is a gradient of your own wrong?",
                at, index, expected, got,
            )  # fmt: skip

