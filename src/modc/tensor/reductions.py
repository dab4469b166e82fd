"""Functions over axes: sum, mean, max, argmax and their like; thin wrappers around the methods of Variable.

axis: an int, a tuple of ints, or None for all. keepdims leaves the reduced axes with size 1, which broadcast.
"""

from __future__ import annotations

from typing import Any

from modc.errors import ShapeError
from modc.graph import OPS, apply, const
from modc.graph.build import shape_text
from modc.tensor import shapes
from modc.tensor.arguments import axes_of, axis_of
from modc.tensor.checks import require
from modc.tensor.variable import Variable, as_variable, wrap

__all__ = [
    "all", "amax", "amin", "any", "argmax", "argmin", "average", "cummax", "cummin", "cumprod", "cumsum", "cumulative_prod",
    "cumulative_sum",
    "logcumsumexp", "max", "max_and_argmax", "mean", "min", "norm", "prod", "ptp", "std", "sum", "var",
]  # fmt: skip


def sum(
    x: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, acc_dtype: Any = None, *, initial: Any = None,
    where: Any = None,
) -> Variable:  # fmt: skip
    """Sum over `axis`; bool and small integers add up in 64 bits. 0 where there are no elements.

    The elements are added in `acc_dtype` (`dtype` unless given); the result has `dtype`. initial: what the sum starts from;
    where: a mask of the elements that count.

    >>> T.sum([1, 2, 3], initial=10, where=[True, False, True]).eval()
    array(14)
    """
    return as_variable(x).sum(axis, dtype, keepdims, acc_dtype, initial=initial, where=where)


def prod(
    x: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, acc_dtype: Any = None, *, initial: Any = None,
    where: Any = None,
) -> Variable:  # fmt: skip
    """Product over `axis`; arguments and dtypes as for sum. 1 where there are no elements.

    >>> T.prod([[1, 2], [3, 4]], axis=1, keepdims=True).eval()
    array([[ 2],
           [12]])
    """
    return as_variable(x).prod(axis, dtype, keepdims, acc_dtype, initial=initial, where=where)


def mean(
    x: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False, acc_dtype: Any = None, *, where: Any = None
) -> Variable:
    """Mean over `axis` (of the elements that count, by the mask `where`); float64 for integers and bool. NaN where there
    are no elements.

    >>> T.mean([[1, 2], [3, 5]], axis=0).eval()
    array([2. , 3.5])
    """
    return as_variable(x).mean(axis, dtype, keepdims, acc_dtype, where=where)


def max(
    x: Any, axis: Any = None, keepdims: bool = False, *, initial: Any = None, where: Any = None
) -> Variable:
    """Largest element over `axis`, and of `initial`; NaN wins. The gradient goes to every place that ties.

    where: a mask of the elements that count besides `initial`, without which it raises ValueError.

    >>> T.max([[1.0, 5.0], [np.nan, 2.0]], axis=1).eval()
    array([ 5., nan])
    """
    return as_variable(x).max(axis, keepdims, initial=initial, where=where)


def min(
    x: Any, axis: Any = None, keepdims: bool = False, *, initial: Any = None, where: Any = None
) -> Variable:
    """Smallest element over `axis`, and of `initial`; NaN wins. The gradient goes to every place that ties.

    where: a mask of the elements that count besides `initial`, without which it raises ValueError.

    >>> T.min([[1.0, 5.0], [3.0, 2.0]], axis=(0, 1)).eval()
    array(1.)
    """
    return as_variable(x).min(axis, keepdims, initial=initial, where=where)


def var(
    x: Any, axis: Any = None, ddof: Any = 0, keepdims: bool = False, dtype: Any = None, *, where: Any = None,
    mean: Any = None, correction: Any = None,
) -> Variable:  # fmt: skip
    """Variance over `axis`, divided by n - ddof; computed in `dtype`, float64 for integers.

    where: a mask of the elements that count; mean: their mean, with keepdims, where it is known; correction: ddof, by the
    name of the array standard.

    >>> T.var([1.0, 2.0, 6.0]).eval(), T.var([1.0, 2.0, 6.0], ddof=1).eval()
    (array(4.66666667), array(7.))
    """
    return as_variable(x).var(axis, ddof, keepdims, dtype, where=where, mean=mean, correction=correction)


def std(
    x: Any, axis: Any = None, ddof: Any = 0, keepdims: bool = False, dtype: Any = None, *, where: Any = None,
    mean: Any = None, correction: Any = None,
) -> Variable:  # fmt: skip
    """Standard deviation over `axis`: the root of `var`.

    >>> T.std([1.0, 2.0, 3.0], ddof=1).eval()
    array(1.)
    """
    return as_variable(x).std(axis, ddof, keepdims, dtype, where=where, mean=mean, correction=correction)


def any(x: Any, axis: Any = None, keepdims: bool = False, *, where: Any = None) -> Variable:
    """True where any element over `axis` is not 0.

    >>> T.any([[0, 2], [0, 0]], axis=1).eval(), T.any([]).eval()
    (array([ True, False]), array(False))
    """
    return as_variable(x).any(axis, keepdims, where=where)


def all(x: Any, axis: Any = None, keepdims: bool = False, *, where: Any = None) -> Variable:
    """True where all elements over `axis` are not 0.

    >>> T.all([[1, 2], [0, 3]], axis=1).eval(), T.all([]).eval()
    (array([ True, False]), array(True))
    """
    return as_variable(x).all(axis, keepdims, where=where)


def argmax(x: Any, axis: Any = None, keepdims: bool = False) -> Variable:
    """Position of the first largest element along `axis` (None: of the flattened array), int64; NaN wins.

    >>> T.argmax([3, 7, 7]).eval()
    array(1)
    >>> T.argmax([[1.0, np.nan], [4.0, 2.0]], axis=1).eval()
    array([1, 0])
    """
    return as_variable(x).argmax(axis, keepdims)


def argmin(x: Any, axis: Any = None, keepdims: bool = False) -> Variable:
    """Position of the first smallest element along `axis` (None: of the flattened array), int64; NaN wins.

    >>> T.argmin([3, 1, 1]).eval()
    array(1)
    """
    return as_variable(x).argmin(axis, keepdims)


def max_and_argmax(x: Any, axis: Any = None, keepdims: bool = False) -> tuple[Variable, Variable]:
    """`max` and `argmax` together.

    >>> [one.eval() for one in T.max_and_argmax([[1, 5], [7, 2]], axis=1)]
    [array([5, 7]), array([1, 0])]
    """
    return max(x, axis, keepdims), argmax(x, axis, keepdims)


def ptp(x: Any, axis: Any = None, keepdims: bool = False) -> Variable:
    """Largest minus smallest element over `axis`.

    >>> T.ptp([[1, 9], [4, 6]], axis=1).eval()
    array([8, 2])
    """
    return as_variable(x).ptp(axis, keepdims)


def norm(x: Any, ord: Any = 2, axis: Any = None, keepdims: bool = False) -> Variable:
    """The norm of the elements over `axis`, as of a vector: (sum |x|**ord)**(1/ord); the largest |x| for ord = inf, the
    smallest for -inf, the count of x != 0 for 0.

    >>> T.norm([3.0, 4.0]).eval()
    array(5.)
    >>> T.norm([3.0, -4.0], 1).eval()
    array(7.)
    >>> T.norm([3.0, -4.0], np.inf).eval()
    array(4.)
    """
    return as_variable(x).norm(ord, axis, keepdims)


def average(
    x: Any, axis: Any = None, weights: Any = None, returned: bool = False, *, keepdims: bool = False
) -> Any:
    """Mean over `axis` weighted with `weights`: of the shape of x, or of those axes of it; with `returned` also their sum.

    Raises ShapeError for weights of another shape; a call whose weights add up to 0 raises ZeroDivisionError.

    >>> T.average([1.0, 2.0, 6.0], weights=[1, 1, 2]).eval()
    array(3.75)
    """
    value = as_variable(x)
    axes = axes_of(axis, value.ndim)
    if weights is None:
        found = value.mean(axes, keepdims=keepdims)
        total = as_variable(value.count(axes)).astype(found.dtype)
        return (found, found.zeros_like() + total) if returned else found
    scale = full_weights(value, as_variable(weights), axis, axes)
    product = value * scale
    product = product if product.node.dtype.is_float else product.astype("float64")
    total = scale.astype(product.dtype).sum(axes, keepdims=keepdims)
    some = total.function("ne", 0)
    total = wrap(require(total.node, some.node, "division", "Weights sum to zero, can't be normalized"))
    found = product.sum(axes, keepdims=keepdims) / total
    return (found, total) if returned else found


def full_weights(value: Variable, weights: Variable, axis: Any, axes: tuple[int, ...]) -> Variable:
    """Weights of all elements, or of those along axes, in the shape of x. Raises ShapeError for other shapes."""
    found = weights
    if weights.ndim != value.ndim:
        found = _over_axes(value, weights, axis, axes)
    wide: Variable = found.broadcast_like(value)
    return wide


def _over_axes(value: Variable, weights: Variable, axis: Any, axes: tuple[int, ...]) -> Variable:
    """Weights of some axes with the others as size 1."""
    if axis is None:
        raise TypeError("Axis must be specified when shapes of a and weights differ.")
    if weights.ndim != len(axes):
        raise ShapeError(
            f"{shape_text(value.node)} over axis={axis} with weights {shape_text(weights.node)}: the shape of "
            "weights must be that of x, or of x along the axes"
        )
    given = [axis_of(one, value.ndim) for one in (axis if isinstance(axis, (tuple, list)) else [axis])]
    return weights.dimshuffle(*(given.index(at) if at in axes else "x" for at in range(value.ndim)))


def cumsum(x: Any, axis: Any = None, dtype: Any = None) -> Variable:
    """Sums of the elements up to each one, along `axis` (None: of the flattened array); dtypes as for sum.

    >>> T.cumsum([1, 2, 3]).eval()
    array([1, 3, 6])
    >>> T.cumsum([[1, 2], [3, 4]], axis=0).eval()
    array([[1, 2],
           [4, 6]])
    """
    return as_variable(x).cumsum(axis, dtype)


def cumprod(x: Any, axis: Any = None, dtype: Any = None) -> Variable:
    """Products of the elements up to each one, along `axis` (None: of the flattened array); dtypes as for sum.

    >>> T.cumprod([1, 2, 3, 4]).eval()
    array([ 1,  2,  6, 24])
    """
    return as_variable(x).cumprod(axis, dtype)


def cumulative_sum(x: Any, *, axis: Any = None, dtype: Any = None, include_initial: bool = False) -> Variable:
    """As cumsum, by the name of the array standard: `axis` may be left out for vectors only. include_initial: with a 0 in
    front.

    >>> T.cumulative_sum([1, 2, 3], include_initial=True).eval()
    array([0, 1, 3, 6])
    """
    return _cumulative("cumsum", as_variable(x), axis, dtype, 0 if include_initial else None)


def cumulative_prod(x: Any, *, axis: Any = None, dtype: Any = None, include_initial: bool = False) -> Variable:
    """As cumprod, by the name of the array standard; include_initial: with a 1 in front. See cumulative_sum.

    >>> T.cumulative_prod([2, 3], include_initial=True).eval()
    array([1, 2, 6])
    """
    return _cumulative("cumprod", as_variable(x), axis, dtype, 1 if include_initial else None)


def _cumulative(op: str, value: Variable, axis: Any, dtype: Any, first: Any) -> Variable:
    if axis is None and value.ndim != 1:
        raise ValueError("For arrays which have more than one dimension ``axis`` argument is required.")
    place = axis_of(0 if axis is None else axis, value.ndim)
    found = value._running(op, place, dtype)
    if first is None:
        return found
    sizes = [1 if at == place else size for at, size in enumerate(value.node.shape)]
    front = shapes.broadcast_to(const(first, found.node.dtype), sizes)
    return wrap(apply(OPS["concat"], front, found.node, axis=place))


def logcumsumexp(x: Any, axis: Any = None) -> Variable:
    """log(cumsum(exp(x))) along `axis` (None: of the flattened array), without overflow.

    >>> T.logcumsumexp([0.0, 0.0, 1000.0]).eval()
    array([0.00000000e+00, 6.93147181e-01, 1.00000000e+03])
    """
    return as_variable(x)._running("logcumsumexp", axis)


def cummax(x: Any, axis: Any = None) -> Variable:
    """Largest of the elements up to each one, along `axis` (None: of the flattened array). NaN stays.

    >>> T.cummax([1.0, 3.0, 2.0, np.nan, 5.0]).eval()
    array([ 1.,  3.,  3., nan, nan])
    """
    return as_variable(x)._running("cummax", axis)


def cummin(x: Any, axis: Any = None) -> Variable:
    """Smallest of the elements up to each one, along `axis` (None: of the flattened array). NaN stays.

    >>> T.cummin([3, 1, 2]).eval()
    array([3, 1, 1])
    """
    return as_variable(x)._running("cummin", axis)


amax, amin = max, min
