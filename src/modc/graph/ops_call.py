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


def _logcumsumexp_gradient(g: Any, y: Any, x: Any, axis: int) -> tuple[Any]:
    """Of each x the sum of g[k] * exp(x - y[k]) over the places k from its own on: r * exp(x - y), where r[k] is
    g[k] + r[k + 1] * exp(y[k] - y[k + 1]). No difference is above 0, so that nothing overflows.
    """
    level = y.function("isinf").where(0, y)
    return (g.summed_back((level - level.later(axis)).function("exp"), axis) * (x - level).function("exp"),)


def _recurrence(a: Array, b: Array, axis: int) -> Array:
    result = b.copy()
    rows, factors = np.moveaxis(result, axis, 0), np.moveaxis(a, axis, 0)
    for at in range(1, len(rows)):
        rows[at] += factors[at] * rows[at - 1]
    return result


def _recurrence_gradient(g: Any, y: Any, a: Any, b: Any, axis: int) -> tuple[Any, Any]:
    """To b what reaches later elements too; to a that times the element before."""
    to_b = g.summed_back(a.later(axis), axis)
    return to_b * y.earlier(axis), to_b


def cumulative(
    name: str, function: np.ufunc, dtypes: Any, grad: Any, doc: str, cost: int = 1, ulp: float = 0.0, traits: tuple[str, ...] = ()
) -> Op:
    """The row of a running combination along one axis."""
    return Op(
        name, "call", _running(function), f"modc_{name}_{{t}}", dtypes=dtypes, shape=rules.same_shape, params=("axis",),
        grad=grad, sizes=around, cost=cost, ulp=ulp, traits=traits, doc=doc,
    )


# fmt: off
CUMULATIVE = table(
    cumulative("cumsum",  np.add,      rules.sums, _cumsum_gradient,  "Sum of the elements up to each one, along an axis.",
               traits=("complex",)),
    cumulative("cumprod", np.multiply, rules.sums, _cumprod_gradient, "Product of the elements up to each one.",
               traits=("complex",)),
    cumulative("cummax",  np.maximum,  rules.same, _extreme_gradient, "Largest of the elements up to each one; NaN stays."),
    cumulative("cummin",  np.minimum,  rules.same, _extreme_gradient, "Smallest of the elements up to each one; NaN stays."),
    cumulative("logcumsumexp", np.logaddexp, rules.to_float, _logcumsumexp_gradient,
               "log(cumsum(exp(x))) along an axis, without overflow.", 32, 2.5),
    Op("recurrence", "call", _recurrence, "modc_recurrence_{t}", dtypes=rules.to_float, shape=rules.same_shape,
       agree=rules.broadcast_agree, params=("axis",), grad=_recurrence_gradient, sizes=around, cost=2, ulp=2.5,
       doc="y[k] = a[k] * y[k - 1] + b[k] along an axis, from y[0] = b[0] on."),
)
# fmt: on
