"""Reductions and running sums that leave out NaN; NumPy's `nan...` functions.

Integers and bool have no NaN: for them these are the plain functions.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from modc.tensor.arguments import axes_of
from modc.tensor.checks import require
from modc.tensor.reducing import counting
from modc.tensor.variable import Variable, as_variable, call, wrap

__all__ = [
    "nanargmax", "nanargmin", "nancumprod", "nancumsum", "nanmax", "nanmean", "nanmin", "nanprod", "nanstd", "nansum",
    "nanvar",
]  # fmt: skip


def without_nan(value: Variable, instead: Any) -> Variable:
    """`value` with another number for NaN, and the same for integers."""
    if not value.node.dtype.is_float:
        return value
    return call("where", call("isnan", value), instead, value)


def _counted(value: Variable, axes: Any, keepdims: bool) -> Variable:
    """How many elements over axes are not NaN, int64."""
    return call("invert", call("isnan", value)).sum(axes, keepdims=keepdims)


def _counting(value: Variable, where: Any) -> Variable:
    """`value` with NaN for what does not count."""
    return value if where is None else wrap(counting(value.node, where, np.nan))


def nansum(
    x: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, *, initial: Any = None, where: Any = None
) -> Variable:
    """Sum over `axis` of what is not NaN; dtypes as for sum.

    >>> T.nansum([1.0, np.nan, 2.0]).eval(), T.nansum([np.nan]).eval()
    (array(3.), array(0.))
    """
    return without_nan(as_variable(x), 0).sum(axis, dtype, keepdims, initial=initial, where=where)


def nanprod(
    x: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, *, initial: Any = None, where: Any = None
) -> Variable:
    """Product over `axis` of what is not NaN; dtypes as for sum.

    >>> T.nanprod([3.0, np.nan, 2.0]).eval(), T.nanprod([np.nan]).eval()
    (array(6.), array(1.))
    """
    return without_nan(as_variable(x), 1).prod(axis, dtype, keepdims, initial=initial, where=where)


def nancumsum(x: Any, axis: Any = None, dtype: Any = None) -> Variable:
    """As cumsum, with 0 for NaN.

    >>> T.nancumsum([1.0, np.nan, 2.0]).eval()
    array([1., 1., 3.])
    """
    return without_nan(as_variable(x), 0).cumsum(axis, dtype)


def nancumprod(x: Any, axis: Any = None, dtype: Any = None) -> Variable:
    """As cumprod, with 1 for NaN.

    >>> T.nancumprod([2.0, np.nan, 3.0]).eval()
    array([2., 2., 6.])
    """
    return without_nan(as_variable(x), 1).cumprod(axis, dtype)


def nanmean(
    x: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, *, where: Any = None
) -> Variable:
    """Mean over `axis` of what is not NaN (and counts, by the mask `where`); NaN where there is nothing else.

    >>> T.nanmean([[1.0, np.nan], [3.0, np.nan]], axis=0).eval()
    array([ 2., nan])
    """
    value = as_variable(x)
    value = value if dtype is None else value.astype(dtype)
    if not value.node.dtype.is_float:
        return value.mean(axis, None, keepdims, where=where)
    value = _counting(value, where)
    total: Variable = nansum(value, axis, None, keepdims)
    return total / _counted(value, axis, keepdims).astype(value.dtype)


def nanvar(
    x: Any, axis: Any = None, ddof: Any = 0, keepdims: bool = False, dtype: Any = None, *, where: Any = None,
    mean: Any = None, correction: Any = None,
) -> Variable:  # fmt: skip
    """Variance over `axis` of what is not NaN, divided by its number less ddof; NaN where that is not above 0.

    >>> T.nanvar([1.0, np.nan, 3.0]).eval()
    array(1.)
    """
    value = as_variable(x)
    value = value if dtype is None else value.astype(dtype)
    axes = axes_of(axis, value.ndim)
    if not value.node.dtype.is_float:
        return value.var(axes, ddof, keepdims, where=where, mean=mean, correction=correction)
    value = _counting(value, where)
    missing = call("isnan", value)
    centred = call("where", missing, 0, value - (nanmean(value, axes, None, True) if mean is None else mean))
    count = _counted(value, axes, keepdims) - (ddof if correction is None else correction)
    total = (centred * centred).sum(axes, keepdims=keepdims)
    return call("where", count > 0, total / count.astype(value.dtype), np.nan)


def nanstd(
    x: Any, axis: Any = None, ddof: Any = 0, keepdims: bool = False, dtype: Any = None, *, where: Any = None,
    mean: Any = None, correction: Any = None,
) -> Variable:  # fmt: skip
    """Standard deviation over `axis` of what is not NaN: the root of `nanvar`.

    >>> T.nanstd([1.0, np.nan, 3.0], ddof=1).eval()
    array(1.41421356)
    """
    return call("sqrt", nanvar(x, axis, ddof, keepdims, dtype, where=where, mean=mean, correction=correction))


def nanmax(
    x: Any, axis: Any = None, keepdims: bool = False, *, initial: Any = None, where: Any = None
) -> Variable:
    """Largest element over `axis` that is not NaN; NaN where there is nothing else.

    >>> T.nanmax([[1.0, np.nan], [np.nan, np.nan]], axis=1).eval()
    array([ 1., nan])
    """
    if initial is not None or where is not None:
        other = -np.inf if initial is None else initial
        return without_nan(as_variable(x), other).max(axis, keepdims, initial=initial, where=where)
    return _extreme(as_variable(x), "max", -np.inf, axis, keepdims)


def nanmin(
    x: Any, axis: Any = None, keepdims: bool = False, *, initial: Any = None, where: Any = None
) -> Variable:
    """Smallest element over `axis` that is not NaN; NaN where there is nothing else.

    >>> T.nanmin([[1.0, np.nan], [np.nan, np.nan]], axis=1).eval()
    array([ 1., nan])
    """
    if initial is not None or where is not None:
        other = np.inf if initial is None else initial
        return without_nan(as_variable(x), other).min(axis, keepdims, initial=initial, where=where)
    return _extreme(as_variable(x), "min", np.inf, axis, keepdims)


def _extreme(value: Variable, op: str, instead: float, axis: Any, keepdims: bool) -> Variable:
    found: Variable = value._reduce(op, axis, keepdims)
    if not value.node.dtype.is_float:
        return found
    found = without_nan(value, instead)._reduce(op, axis, keepdims)
    nothing = call("isnan", value).all(axis, keepdims)
    return call("where", nothing, np.nan, found)


def nanargmax(x: Any, axis: Any = None, keepdims: bool = False) -> Variable:
    """Position of the first largest element that is not NaN. A call raises ValueError where there is nothing else.

    >>> T.nanargmax([np.nan, 2.0, 5.0]).eval()
    array(2)
    """
    return _position(as_variable(x), "argmax", -np.inf, axis, keepdims)


def nanargmin(x: Any, axis: Any = None, keepdims: bool = False) -> Variable:
    """Position of the first smallest element that is not NaN. A call raises ValueError where there is nothing else.

    >>> T.nanargmin([np.nan, 2.0, 5.0]).eval()
    array(1)
    """
    return _position(as_variable(x), "argmin", np.inf, axis, keepdims)


def _position(value: Variable, op: str, instead: float, axis: Any, keepdims: bool) -> Variable:
    found: Variable = without_nan(value, instead)._position(op, axis, keepdims)
    if not value.node.dtype.is_float:
        return found
    some = call("invert", call("isnan", value).all(axis, keepdims))
    return wrap(require(found.node, some.node, "value", "All-NaN slice encountered"))
