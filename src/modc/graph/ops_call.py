"""The table of ops that one csrc function computes from whole arrays: what no loop over elements expresses.

The C function gets the row's `sizes`, then pointers; see `Op.c`. Gradients are written with operators and methods of
the arguments, as everywhere. Neighbours: `schedule.whole` makes the call; csrc/modc_cumulate.h.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from modc.graph import rules
from modc.graph.node import Node, Size
from modc.graph.op import Op, table
from modc.graph.sizes import size_product

Array = np.ndarray[Any, Any]


def around(args: Sequence[Node], axis: int, *params: Any) -> tuple[Size, ...]:
    """Elements before, along and behind an axis of the first operand."""
    shape = list(args[0].shape)
    return size_product(shape[:axis]), shape[axis], size_product(shape[axis + 1 :])


# Running sums and their like


def _running(function: np.ufunc) -> Any:
    return lambda x, axis: function.accumulate(x, axis=axis, dtype=x.dtype)


def _cumsum_gradient(g: Any, y: Any, x: Any, axis: int) -> tuple[Any]:
    return (g.running_back("cumsum", axis),)


def _cumprod_gradient(g: Any, y: Any, x: Any, axis: int) -> tuple[Any]:
    """Up to the first zero the sum of g * y behind it, over x; at it, as if it were 1; behind it nothing."""
    zero = x.equals(0)
    zeros = zero.astype("int64").running("cumsum", axis)
    first = zero & zeros.equals(1)
    at_first = (g * first.where(1, x).running("cumprod", axis)).running_back("cumsum", axis)
    before = (g * y).running_back("cumsum", axis) / zero.where(1, x)
    return (first.where(at_first, zeros.equals(0).where(before, 0)),)


def _extreme_gradient(g: Any, y: Any, x: Any, axis: int) -> tuple[Any]:
    """To the last place that attained the extreme so far."""
    places = x.numbered_along(axis)
    holder = x.equals(y).where(places, 0).running("cummax", axis)
    return (x.zeros_like().add_along(g, holder, axis),)


def cumulative(name: str, function: np.ufunc, dtypes: Any, grad: Any, doc: str) -> Op:
    """The row of a running combination along one axis."""
    return Op(
        name, "call", _running(function), f"modc_{name}_{{t}}", dtypes=dtypes, shape=rules.same_shape, params=("axis",),
        grad=grad, sizes=around, doc=doc,
    )


# fmt: off
CUMULATIVE = table(
    cumulative("cumsum",  np.add,      rules.sums, _cumsum_gradient,  "Sum of the elements up to each one, along an axis."),
    cumulative("cumprod", np.multiply, rules.sums, _cumprod_gradient, "Product of the elements up to each one."),
    cumulative("cummax",  np.maximum,  rules.same, _extreme_gradient, "Largest of the elements up to each one; NaN stays."),
    cumulative("cummin",  np.minimum,  rules.same, _extreme_gradient, "Smallest of the elements up to each one; NaN stays."),
)
# fmt: on
