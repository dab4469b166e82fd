"""Functions over axes: sum, mean, max, argmax and their like; thin wrappers around the methods of Variable.

axis: an int, a tuple of ints, or None for all. keepdims leaves the reduced axes with size 1, which broadcast.
"""

from __future__ import annotations

from typing import Any

from modc.errors import ShapeError
from modc.graph.build import shape_text
from modc.tensor.arguments import axes_of, axis_of
from modc.tensor.checks import require
from modc.tensor.variable import Variable, as_variable, wrap

__all__ = [
    "all", "amax", "amin", "any", "argmax", "argmin", "average", "cummax", "cummin", "cumprod", "cumsum",
    "logcumsumexp", "max", "max_and_argmax", "mean", "min", "norm", "prod", "ptp", "std", "sum", "var",
]  # fmt: skip


def sum(x: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, acc_dtype: Any = None) -> Variable:
    """Sum over `axis`; bool and small integers add up in 64 bits. 0 where there are no elements.

    The elements are added in `acc_dtype` (`dtype` unless given); the result has `dtype`.
    """
    return as_variable(x).sum(axis, dtype, keepdims, acc_dtype)


def prod(x: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, acc_dtype: Any = None) -> Variable:
    """Product over `axis`; dtypes as for sum. 1 where there are no elements."""
    return as_variable(x).prod(axis, dtype, keepdims, acc_dtype)


def mean(x: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, acc_dtype: Any = None) -> Variable:
    """Mean over `axis`; float64 for integers and bool. NaN where there are no elements."""
    return as_variable(x).mean(axis, dtype, keepdims, acc_dtype)


def max(x: Any, axis: Any = None, keepdims: bool = False) -> Variable:
    """Largest element over `axis`; NaN wins. The gradient goes to every place that ties."""
    return as_variable(x).max(axis, keepdims)


def min(x: Any, axis: Any = None, keepdims: bool = False) -> Variable:
    """Smallest element over `axis`; NaN wins. The gradient goes to every place that ties."""
    return as_variable(x).min(axis, keepdims)


def var(x: Any, axis: Any = None, ddof: Any = 0, keepdims: bool = False, dtype: Any = None) -> Variable:
    """Variance over `axis`, divided by n - ddof; computed in `dtype`, float64 for integers."""
    return as_variable(x).var(axis, ddof, keepdims, dtype)


def std(x: Any, axis: Any = None, ddof: Any = 0, keepdims: bool = False, dtype: Any = None) -> Variable:
    """Standard deviation over `axis`: the root of `var`."""
    return as_variable(x).std(axis, ddof, keepdims, dtype)


def any(x: Any, axis: Any = None, keepdims: bool = False) -> Variable:
    """True where any element over `axis` is not 0."""
    return as_variable(x).any(axis, keepdims)


def all(x: Any, axis: Any = None, keepdims: bool = False) -> Variable:
    """True where all elements over `axis` are not 0."""
    return as_variable(x).all(axis, keepdims)


def argmax(x: Any, axis: Any = None, keepdims: bool = False) -> Variable:
    """Position of the first largest element along `axis` (None: of the flattened array), int64; NaN wins."""
    return as_variable(x).argmax(axis, keepdims)


def argmin(x: Any, axis: Any = None, keepdims: bool = False) -> Variable:
    """Position of the first smallest element along `axis` (None: of the flattened array), int64; NaN wins."""
    return as_variable(x).argmin(axis, keepdims)


def max_and_argmax(x: Any, axis: Any = None, keepdims: bool = False) -> tuple[Variable, Variable]:
    """`max` and `argmax` together."""
    return max(x, axis, keepdims), argmax(x, axis, keepdims)


def ptp(x: Any, axis: Any = None, keepdims: bool = False) -> Variable:
    """Largest minus smallest element over `axis`."""
    return as_variable(x).ptp(axis, keepdims)


def norm(x: Any, ord: Any = 2, axis: Any = None, keepdims: bool = False) -> Variable:
    """The norm of the elements over `axis`, as of a vector: (sum |x|**ord)**(1/ord); the largest |x| for ord = inf, the
    smallest for -inf, the count of x != 0 for 0.
    """
    return as_variable(x).norm(ord, axis, keepdims)


def average(
    x: Any, axis: Any = None, weights: Any = None, returned: bool = False, *, keepdims: bool = False
) -> Any:
    """Mean over `axis` weighted with `weights`: of the shape of x, or of those axes of it; with `returned` also their sum.

    Raises ShapeError for weights of another shape; a call whose weights add up to 0 raises ZeroDivisionError.

    >>> average([1.0, 2.0, 6.0], weights=[1, 1, 2]).eval()
    array(3.75)
    """
    value = as_variable(x)
    axes = axes_of(axis, value.ndim)
    if weights is None:
        found = value.mean(axes, keepdims=keepdims)
        total = as_variable(value.count(axes)).astype(found.dtype)
        return (found, found.zeros_like() + total) if returned else found
    scale = _weights(value, as_variable(weights), axis, axes)
    product = value * scale
    product = product if product.node.dtype.is_float else product.astype("float64")
    total = scale.astype(product.dtype).sum(axes, keepdims=keepdims)
    some = total.function("ne", 0)
    total = wrap(require(total.node, some.node, "division", "Weights sum to zero, can't be normalized"))
    found = product.sum(axes, keepdims=keepdims) / total
    return (found, total) if returned else found


def _weights(value: Variable, weights: Variable, axis: Any, axes: tuple[int, ...]) -> Variable:
    """The weights in the shape of x."""
    found = weights
    if weights.ndim != value.ndim:
        found = _over_axes(value, weights, axis, axes)
    wide: Variable = found.broadcast_like(value)
    return wide


def _over_axes(value: Variable, weights: Variable, axis: Any, axes: tuple[int, ...]) -> Variable:
    """Weights of some axes with the others as size 1."""
    if axis is None or weights.ndim != len(axes):
        raise ShapeError(
            f"average of {shape_text(value.node)} over axis={axis} with weights {shape_text(weights.node)}: the shape of "
            "weights must be that of x, or of x along the axes"
        )
    given = [axis_of(one, value.ndim) for one in (axis if isinstance(axis, (tuple, list)) else [axis])]
    return weights.dimshuffle(*(given.index(at) if at in axes else "x" for at in range(value.ndim)))


def cumsum(x: Any, axis: Any = None, dtype: Any = None) -> Variable:
    """Sums of the elements up to each one, along `axis` (None: of the flattened array); dtypes as for sum."""
    return as_variable(x).cumsum(axis, dtype)


def cumprod(x: Any, axis: Any = None, dtype: Any = None) -> Variable:
    """Products of the elements up to each one, along `axis` (None: of the flattened array); dtypes as for sum."""
    return as_variable(x).cumprod(axis, dtype)


def logcumsumexp(x: Any, axis: Any = None) -> Variable:
    """log(cumsum(exp(x))) along `axis` (None: of the flattened array), without overflow."""
    return as_variable(x)._running("logcumsumexp", axis)


def cummax(x: Any, axis: Any = None) -> Variable:
    """Largest of the elements up to each one, along `axis` (None: of the flattened array). NaN stays."""
    return as_variable(x)._running("cummax", axis)


def cummin(x: Any, axis: Any = None) -> Variable:
    """Smallest of the elements up to each one, along `axis` (None: of the flattened array). NaN stays."""
    return as_variable(x)._running("cummin", axis)


amax, amin = max, min
