"""Composites: ops that the rewriter knows by name and then expands into simpler rows.

`expand` is written with operators and methods of its argument, as gradients are; it must agree with the NumPy
reference.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from modc.graph import rules
from modc.graph.dtype import DType
from modc.graph.node import Node, Size
from modc.graph.op import Op, table

Array = np.ndarray[Any, Any]
Axes = tuple[int, ...]


def _mean(x: Array, axes: Axes) -> Any:
    count = int(np.prod([x.shape[axis] for axis in axes], dtype=np.int64))
    return np.sum(x, axis=axes, dtype=x.dtype) / x.dtype.type(count)


def _finite_max(x: Array, axes: Axes) -> Any:
    largest = np.max(x, axis=axes, keepdims=True, initial=-np.inf)
    return np.where(np.isinf(largest), x.dtype.type(0), largest)


def _logsumexp(x: Array, axes: Axes) -> Any:
    largest = _finite_max(x, axes)
    return np.squeeze(
        np.log(np.sum(np.exp(x - largest), axis=axes, keepdims=True)) + largest, axis=axes
    )


def _softmax(x: Array, axes: Axes) -> Any:
    shifted = np.exp(x - np.max(x, axis=axes, keepdims=True, initial=-np.inf))
    return shifted / np.sum(shifted, axis=axes, keepdims=True)


def _log_softmax(x: Array, axes: Axes) -> Any:
    shifted = x - np.max(x, axis=axes, keepdims=True, initial=-np.inf)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axes, keepdims=True))


def _mean_dtypes(dtypes: Sequence[DType], *params: Any) -> rules.DTypes:
    return rules.true_divide(dtypes)


def _expand_mean(x: Any, axes: Axes) -> Any:
    return x.sum(axis=axes) / x.count(axes).astype(x.dtype)


def _expand_logsumexp(x: Any, axes: Axes) -> Any:
    largest = x.peak(axis=axes)
    infinite = largest.function("isinf")
    shift = infinite.where(0, largest)
    return (x - shift).function("exp").sum(axis=axes).function("log") + shift.squeeze(axes)


def _expand_softmax(x: Any, axes: Axes) -> Any:
    shifted = (x - x.peak(axis=axes)).function("exp")
    return shifted / shifted.sum(axis=axes, keepdims=True)


def _expand_log_softmax(x: Any, axes: Axes) -> Any:
    shifted = x - x.peak(axis=axes)
    return shifted - shifted.function("exp").sum(axis=axes, keepdims=True).function("log")


def back(g: Any, x: Any, axes: Axes) -> Any:
    """The result of a reduction of `x` with the reduced axes back as size 1."""
    kept = iter(range(x.ndim))
    return g.dimshuffle(*("x" if axis in axes else next(kept) for axis in range(x.ndim)))


def _mean_gradient(g: Any, y: Any, x: Any, axes: Axes) -> tuple[Any]:
    return (back(g / x.count(axes).astype(x.dtype), x, axes).broadcast_like(x),)


def _logsumexp_gradient(g: Any, y: Any, x: Any, axes: Axes) -> tuple[Any]:
    return (back(g, x, axes) * (x - back(y, x, axes)).function("exp"),)


def _softmax_gradient(g: Any, y: Any, x: Any, axes: Axes) -> tuple[Any]:
    return (y * (g - (g * y).sum(axis=axes, keepdims=True)),)


def _log_softmax_gradient(g: Any, y: Any, x: Any, axes: Axes) -> tuple[Any]:
    return (g - y.function("exp") * g.sum(axis=axes, keepdims=True),)


def _same(args: Sequence[Node], axes: Axes) -> tuple[Size, ...]:
    return args[0].shape


def _clipped(g: Any, low: float, high: float) -> Any:
    """`g` cut to the bounds; of a complex one both parts."""
    if not g.node.dtype.is_complex:
        return g.clip(low, high)
    return g.real.clip(low, high).function("complex", -(-g.imag).clip(low, high))


def steering(name: str, grad: Any, doc: str, params: tuple[str, ...] = (), traits: tuple[str, ...] = ()) -> Op:
    """A row whose value is its operand, and whose gradient is something else."""
    return Op(
        name, "composite", lambda x, **given: x, dtypes=rules.same, shape=rules.same_shape, params=params, grad=grad,
        expand=lambda x, **given: x, cost=0, traits=(*traits, "complex"), doc=doc,
    )


# fmt: off
STEERING = table(
    steering("disconnected_grad", lambda g, y, x: (None,), "x, as a constant to `grad`: as if nothing led through it.",
             traits=("disconnects",)),
    steering("zero_grad",  lambda g, y, x: (g.zeros_like(),), "x, with a gradient of zeros."),
    steering("grad_clip",  lambda g, y, x, low, high: (_clipped(g, low, high),), "x, with its gradient cut to low and high.",
             ("low", "high")),
    steering("grad_scale", lambda g, y, x, factor: (g * factor,), "x, with its gradient times a factor.", ("factor",)),
)

COMPOSITES = table(
    Op("mean",        "composite", _mean,        dtypes=_mean_dtypes,   shape=rules.drop_axes, params=("axes",),
       grad=_mean_gradient, expand=_expand_mean, cost=2, ulp=0.0, traits=("complex",),
       doc="Mean over axes; NaN where there are no elements."),
    Op("logsumexp",   "composite", _logsumexp,   dtypes=rules.to_float, shape=rules.drop_axes, params=("axes",),
       grad=_logsumexp_gradient, expand=_expand_logsumexp, cost=16, ulp=2.5,
       doc="log(sum(exp(x))) over axes, without overflow; -inf where there are no elements."),
    Op("softmax",     "composite", _softmax,     dtypes=rules.to_float, shape=_same, params=("axes",),
       grad=_softmax_gradient, expand=_expand_softmax, cost=20, ulp=2.5,
       doc="exp(x) / sum(exp(x)) over axes, without overflow."),
    Op("log_softmax", "composite", _log_softmax, dtypes=rules.to_float, shape=_same, params=("axes",),
       grad=_log_softmax_gradient, expand=_expand_log_softmax, cost=20, ulp=2.5,
       doc="log(softmax(x)) over axes, without overflow."),
)
# fmt: on
