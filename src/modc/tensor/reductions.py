"""Functions over axes: sum, mean, max, argmax and their like; thin wrappers around the methods of Variable.

axis: an int, a tuple of ints, or None for all. keepdims leaves the reduced axes with size 1, which broadcast.
"""

from __future__ import annotations

from typing import Any

from modc.tensor.variable import Variable, as_variable

__all__ = [
    "all", "any", "argmax", "argmin", "cummax", "cummin", "cumprod", "cumsum", "max",
    "max_and_argmax", "mean", "min", "prod", "ptp", "std", "sum", "var",
]  # fmt: skip


def sum(x: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Variable:
    """Sum over `axis`; bool and small integers add up in 64 bits. 0 where there are no elements."""
    return as_variable(x).sum(axis, dtype, keepdims)


def prod(x: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Variable:
    """Product over `axis`; dtypes as for sum. 1 where there are no elements."""
    return as_variable(x).prod(axis, dtype, keepdims)


def mean(x: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Variable:
    """Mean over `axis`; float64 for integers and bool. NaN where there are no elements."""
    return as_variable(x).mean(axis, dtype, keepdims)


def max(x: Any, axis: Any = None, keepdims: bool = False) -> Variable:
    """Largest element over `axis`; NaN wins. The gradient goes to every place that ties."""
    return as_variable(x).max(axis, keepdims)


def min(x: Any, axis: Any = None, keepdims: bool = False) -> Variable:
    """Smallest element over `axis`; NaN wins. The gradient goes to every place that ties."""
    return as_variable(x).min(axis, keepdims)


def var(x: Any, axis: Any = None, ddof: int = 0, keepdims: bool = False) -> Variable:
    """Variance over `axis`, divided by n - ddof."""
    return as_variable(x).var(axis, ddof, keepdims)


def std(x: Any, axis: Any = None, ddof: int = 0, keepdims: bool = False) -> Variable:
    """Standard deviation over `axis`."""
    return as_variable(x).std(axis, ddof, keepdims)


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


def ptp(x: Any, axis: Any = None) -> Variable:
    """Largest minus smallest element over `axis`."""
    return max(x, axis) - min(x, axis)


def cumsum(x: Any, axis: Any = None) -> Variable:
    """Sums of the elements up to each one, along `axis` (None: of the flattened array); dtypes as for sum."""
    return as_variable(x)._running("cumsum", axis)


def cumprod(x: Any, axis: Any = None) -> Variable:
    """Products of the elements up to each one, along `axis` (None: of the flattened array); dtypes as for sum."""
    return as_variable(x)._running("cumprod", axis)


def cummax(x: Any, axis: Any = None) -> Variable:
    """Largest of the elements up to each one, along `axis` (None: of the flattened array). NaN stays."""
    return as_variable(x)._running("cummax", axis)


def cummin(x: Any, axis: Any = None) -> Variable:
    """Smallest of the elements up to each one, along `axis` (None: of the flattened array). NaN stays."""
    return as_variable(x)._running("cummin", axis)
