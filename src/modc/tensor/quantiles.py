"""Medians, quantiles and percentiles, with NumPy's methods; NaN makes the result NaN, or is left out (`nan...`).

All of them sort, and pick elements of the result; gradients go to the elements picked, and to q. Reference for the
methods: Hyndman and Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modc.errors import DTypeError
from modc.graph import OPS, Size, apply, const, size_node
from modc.graph.dtype import promote
from modc.tensor import ordering, shapes
from modc.tensor.arguments import axes_of
from modc.tensor.checks import require
from modc.tensor.reducing import moved_last
from modc.tensor.reductions import full_weights
from modc.tensor.variable import Variable, as_variable, call, wrap

__all__ = [
    "median", "nanmedian", "nanpercentile", "nanquantile", "percentile", "quantile",
]  # fmt: skip


def median(x: Any, axis: Any = None, keepdims: bool = False) -> Variable:
    """The middle element over `axis`, of an even number the mean of the two in the middle; float64 for integers.

    NaN where there is NaN, and where there are no elements.

    >>> T.median([3.0, 1.0, 10.0, 2.0]).eval(), T.median([1.0, np.nan]).eval()
    (array(2.5), array(nan))
    """
    value = as_variable(x)
    axes = axes_of(axis, value.ndim)
    row = _Row(value, axes)
    n, pair = row.count, row.ranked([(row.count - 1) // 2, row.count // 2])
    middle: Variable = pair.mean(row.axis)
    if row.size is None or row.size % 2:
        middle = call("where", (n % 2).equals(1), pair[(*[slice(None)] * row.axis, 0)].astype(middle.dtype), middle)
    if not row.size:
        middle = call("where", n.equals(0), float("nan"), middle)
    found = row.spoilt(middle)
    return _kept(found, axes, 0) if keepdims else found


class _Row:
    """What several axes hold, as one axis: the elements that sorting it puts at a few places, without sorting all."""

    __slots__ = ("axis", "count", "node", "size", "value")

    def __init__(self, value: Variable, axes: tuple[int, ...]) -> None:
        single = len(axes) == 1
        self.node = value.node if single else moved_last(value.node, axes)
        self.axis = axes[0] if single else self.node.ndim - 1
        self.value = wrap(self.node)
        self.count: Variable = self.value.shape[self.axis]
        size = self.node.shape[self.axis]
        self.size = size if isinstance(size, int) else None

    def ranked(self, places: list[Variable]) -> Variable:
        """In place of that axis one with the elements at these places, each a number or a vector."""
        ranks = [one.astype("int64").reshape((-1,)).node for one in places]
        whole = ranks[0] if len(ranks) == 1 else apply(OPS["concat"], *ranks, axis=0)
        return wrap(apply(OPS["ranked"], self.node, whole, axis=self.axis))

    def picked(self, many: list[Variable]) -> list[Variable]:
        """For each number or vector of places the elements there, the axis of a vector first."""
        found = self.ranked(many)
        order = [self.axis, *(at for at in range(self.node.ndim) if at != self.axis)]
        moved = found.dimshuffle(*order)
        if not many[0].ndim:
            return [moved[at] for at in range(len(many))]
        size = many[0].node.shape[0]
        assert isinstance(size, int)
        return [moved[at * size : (at + 1) * size] for at in range(len(many))]

    def needed(self) -> None:
        """Make a call with no elements raise IndexError."""
        message = "cannot take elements of an empty axis"
        self.node = require(self.node, (self.count > 0).node, "index", message)

    def spoilt(self, found: Variable) -> Variable:
        """`found`, NaN where there is NaN."""
        if not self.node.dtype.is_float:
            return found
        return call("where", call("isnan", self.value).any(self.axis), float("nan"), found)


def nanmedian(x: Any, axis: Any = None, keepdims: bool = False) -> Variable:
    """As median, of what is not NaN; NaN where there is nothing else.

    >>> T.nanmedian([3.0, np.nan, 1.0]).eval()
    array(2.)
    """
    value = as_variable(x)
    if not value.node.dtype.is_float:
        return median(value, axis, keepdims)
    axes = axes_of(axis, value.ndim)
    ordered, count = _counted(value, axes)
    below, above = (_at(ordered, call("maximum", at, 0)) for at in ((count - 1) // 2, count // 2))
    middle = call("where", call("eq", count % 2, 1), above, (below + above) / 2)
    found = middle.reshape(middle.shape[:-1], ndim=middle.ndim - 1)
    return _kept(found, axes, 0) if keepdims else found


def _counted(value: Variable, axes: tuple[int, ...]) -> tuple[Variable, Variable]:
    """The elements sorted along one last axis, and (with that axis) how many of them are not NaN.

    An axis of no elements becomes one of a NaN.
    """
    node = moved_last(value.node, axes)
    size = node.shape[-1]
    if not isinstance(size, int) or size == 0:
        pad = shapes.broadcast_to(const(float("nan"), node.dtype), [*node.shape[:-1], 1])
        node = apply(OPS["concat"], node, pad, axis=node.ndim - 1)
    ordered = wrap(ordering.sort(node, -1))
    return ordered, (~call("isnan", ordered)).sum(-1, keepdims=True)


def _at(ordered: Variable, positions: Variable) -> Variable:
    return wrap(ordering.picked(ordered.node, positions.node, ordered.ndim - 1))


def _kept(found: Variable, axes: tuple[int, ...], first: int) -> Variable:
    """With the reduced axes back as size 1, behind the axes of q."""
    rest = iter(range(found.ndim))
    many = [*range(first), *(axis + first for axis in range(found.ndim - first + len(axes)))]
    gone = [axis + first for axis in axes]
    return found.dimshuffle(*("x" if axis in gone else next(rest) for axis in many))


# Quantiles

#: Method -> from n and q to the place among the sorted elements, 0 the first, as a float between two of them.
Place = Callable[[Variable, Variable], Variable]


def _by(alpha: float, beta: float) -> Place:
    """The continuous methods."""
    return lambda n, q: n * q + (alpha + q * (1 - alpha - beta)) - 1


def _floor(value: Variable) -> Variable:
    return call("floor", value)


def _next_unless(place: Variable, stays: Variable) -> Variable:
    """A place between two elements as the one behind it, or as the one before it where it stays."""
    return call("maximum", call("where", stays, _floor(place), _floor(place) + 1), 0)


def _inverted(n: Variable, q: Variable) -> Variable:
    place = n * q - 1
    return _next_unless(place, place.equals(_floor(place)))


def _closest(n: Variable, q: Variable) -> Variable:
    place = n * q - 1 - 0.5
    return _next_unless(place, place.equals(_floor(place)) & (_floor(place) % 2).equals(1))


_PLACES: dict[str, Place] = {
    "inverted_cdf": _inverted,
    "averaged_inverted_cdf": lambda n, q: n * q - 1,
    "closest_observation": _closest,
    "interpolated_inverted_cdf": _by(0, 1),
    "hazen": _by(0.5, 0.5),
    "weibull": _by(0, 0),
    "linear": lambda n, q: (n - 1) * q,
    "median_unbiased": _by(1 / 3.0, 1 / 3.0),
    "normal_unbiased": _by(3 / 8.0, 3 / 8.0),
    "lower": lambda n, q: _floor((n - 1) * q),
    "higher": lambda n, q: call("ceil", (n - 1) * q),
    "midpoint": lambda n, q: 0.5 * (_floor((n - 1) * q) + call("ceil", (n - 1) * q)),
    "nearest": lambda n, q: call("round", (n - 1) * q),
}
_WHOLE = ("inverted_cdf", "closest_observation", "lower", "higher", "nearest")


def quantile(
    x: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False, *, weights: Any = None
) -> Variable:
    """The number below which a part `q` (0 to 1) of the elements over `axis` lies.

    q may be symbolic and have any shape: its axes come first in the result. method: between which elements, and how far;
    "linear", "lower", "higher", "midpoint", "nearest", "median_unbiased" or another one of NumPy's. Where the two are
    equal, infinities included, the result is that. weights: how much each element counts, in the shape of x or of `axis`;
    for the method "inverted_cdf" alone. A call raises ValueError for q outside of 0 to 1 and for weights that are negative
    or all 0, IndexError for no elements.

    >>> T.quantile([1.0, 2.0, 4.0], [0.25, 1.0]).eval()
    array([1.5, 4. ])
    """
    return _quantiles(as_variable(x), q, axis, method, keepdims, False, weights)


def percentile(
    x: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False, *, weights: Any = None
) -> Variable:
    """As quantile, with q from 0 to 100.

    >>> T.percentile([1.0, 2.0, 4.0], 75).eval()
    array(3.)
    >>> T.percentile([1.0, 2.0, 4.0], 75, method="lower").eval()
    array(2.)
    """
    return _quantiles(as_variable(x), _hundredth(q, x), axis, method, keepdims, False, weights)


def nanquantile(
    x: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False, *, weights: Any = None
) -> Variable:
    """As quantile, of what is not NaN; NaN where there is nothing else.

    >>> T.nanquantile([1.0, np.nan, 4.0], [0.0, 0.5]).eval()
    array([1. , 2.5])
    """
    value = as_variable(x)
    return _quantiles(value, q, axis, method, keepdims, value.node.dtype.is_float, weights)


def nanpercentile(
    x: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False, *, weights: Any = None
) -> Variable:
    """As percentile, of what is not NaN; NaN where there is nothing else.

    >>> T.nanpercentile([1.0, np.nan, 4.0], 50).eval()
    array(2.5)
    """
    return nanquantile(x, _hundredth(q, x), axis, method, keepdims, weights=weights)


def _hundredth(q: Any, x: Any) -> Any:
    return q / 100 if isinstance(q, (int, float)) else call("div", as_variable(q), 100)


def _quantiles(
    value: Variable, q: Any, axis: Any, method: str, keepdims: bool, leave_out: bool, weights: Any
) -> Variable:
    place = _PLACES.get(method)
    if place is None:
        raise ValueError(f"{method!r} is not a valid method. Use one of: {', '.join(_PLACES)}")
    if value.node.dtype.kind == "b" and method not in _WHOLE:
        raise DTypeError("quantile of bool: its elements cannot be subtracted; use astype, or a method such as lower")
    parts, weak = _parts(value, q)
    axes = axes_of(axis, value.ndim)
    if weights is not None:
        if method != "inverted_cdf":
            raise ValueError(f"Only method 'inverted_cdf' supports weights. Got: {method}.")
        heavy = moved_last(full_weights(value, as_variable(weights), axis, axes).node, axes)
        found = _weighted(wrap(moved_last(value.node, axes)), wrap(heavy), parts, as_variable(q).dtype, leave_out)
        return _kept(found, axes, parts.ndim) if keepdims else found
    if leave_out:
        ordered, found = _counted(value, axes)
        count = found.reshape(found.shape[:-1], ndim=found.ndim - 1)
    elif parts.ndim == 0 or (parts.ndim == 1 and _few(parts.node.shape[0])):
        row = _Row(value, axes)
        row.needed()
        places = place(row.count.astype("float64"), parts)
        found = row.spoilt(_between(row.picked, places, row.count, method, weak, row.node.ndim - 1))
        return _kept(found, axes, parts.ndim) if keepdims else found
    else:
        ordered = wrap(ordering.sort(moved_last(value.node, axes), -1))
        count = ordered.shape[-1]
    wide = parts.dimshuffle(*range(parts.ndim), *["x"] * count.ndim)

    def picked(many: list[Variable]) -> list[Variable]:
        return [_picked(ordered, one, count) for one in many]

    rest = 0 if count.ndim else ordered.ndim - 1
    found = _between(picked, place(count.astype("float64"), wide), count, method, weak, rest)
    if value.node.dtype.is_float and not leave_out:
        last = ordered[..., -1]
        found = call("where", call("isnan", last), last, found)
    return _kept(found, axes, parts.ndim) if keepdims else found


def _few(count: Size) -> bool:
    """Whether so many places are found quicker one by one than by sorting."""
    return isinstance(count, int) and count <= 8


def _weighted(value: Variable, weights: Variable, parts: Variable, exact: str, leave_out: bool) -> Variable:
    """Along the last axis the first of the sorted elements up to which a part of all weights lies."""
    last = value.ndim - 1
    fine = (weights >= 0).all()
    weights = wrap(require(weights.node, fine.node, "value", "Weights must be non-negative."))
    order = ordering.argsort(value.node, -1)
    ordered, heavy = (wrap(ordering.picked(one.node, order, last)) for one in (value, weights.astype("float64")))
    missing = call("isnan", ordered) if value.node.dtype.is_float else ordered.zeros_like("bool")
    if leave_out:
        heavy = call("where", missing, 0.0, heavy)
    some = heavy.cumsum(-1)
    total = some[..., -1].dimshuffle(*range(last), "x")
    count = (~missing).sum(-1) if leave_out else missing[..., 0].astype("int64") * 0 + ordered.shape[-1]
    fine = ((total > 0) & ~call("isinf", total))[..., 0]
    fine = (fine | count.equals(0) if leave_out else fine).all()
    share = wrap(require((some / total).node, fine.node, "value", "Weights included NaN, inf or were all zero."))
    share = share.astype(exact).astype("float64") if exact == "float32" else share
    share = call("where", share.equals(0), -1.0, share)
    wide = parts.dimshuffle(*range(parts.ndim), *["x"] * value.ndim)
    place = call("maximum", call("minimum", (share < wide).sum(-1), count - 1), 0)
    found = _picked(ordered, place, count)
    if value.node.dtype.is_float and not leave_out:
        found = call("where", missing[..., -1], ordered[..., -1], found)
    return found


def _parts(value: Variable, q: Any) -> tuple[Variable, bool]:
    """q as float64, inside 0 to 1; and whether the result's dtype does not depend on it."""
    weak = isinstance(q, (int, float)) and value.node.dtype.is_float
    parts = as_variable(q)
    weak = weak or (parts.node.dtype.is_float and promote(parts.node.dtype, value.node.dtype) is value.node.dtype)
    parts = parts.astype("float64")
    inside = (parts >= 0) & (parts <= 1)
    return wrap(require(parts.node, inside.node, "value", "Quantiles must be in the range [0, 1]")), weak


def _between(
    picked: Callable[[list[Variable]], list[Variable]], place: Variable, count: Variable, method: str, weak: bool, rest: int
) -> Variable:
    """The elements at places: of a `count` for each row, or for all of them, which have `rest` axes; between two as the
    method says.
    """
    end = (count - 1).astype("float64")
    behind = place >= end
    low_at = call("where", behind, end, call("maximum", _floor(place), 0.0))
    if method in _WHOLE:
        return picked([low_at])[0]
    low, high = picked([low_at, call("where", behind | (place < 0), low_at, _floor(place) + 1)])
    part = place - _floor(place)
    if method == "averaged_inverted_cdf":
        part = call("where", part.equals(0), 0.5, 1.0)
    elif method == "midpoint":
        part = call("where", part.equals(0), 0.0, 0.5)
    part = part.astype(low.dtype) if weak else part
    part = part.dimshuffle(*range(part.ndim), *["x"] * rest)
    low, high = (one if one.node.dtype.is_float else one.astype("float64") for one in (low, high))
    distance = high - low
    found = call("where", part >= 0.5, high - distance * (1 - part), low + distance * part)
    return call("where", low.equals(high), low, found)


def _picked(ordered: Variable, places: Variable, count: Variable) -> Variable:
    """The elements at places along the last axis: the same ones of every row, or each row's own (`count` has rows)."""
    positions = places.astype("int64")
    last = ordered.ndim - 1
    if not count.ndim:
        return wrap(apply(OPS["gather"], ordered.node, positions.node, axes=(last,), at=0))
    positions = call("maximum", positions, 0)
    rows = [_along(ordered, axis).node for axis in range(last)]
    return wrap(apply(OPS["gather"], ordered.node, *rows, positions.node, axes=tuple(range(ordered.ndim)), at=0))


def _along(ordered: Variable, axis: int) -> Variable:
    """0, 1, ... along one of the axes in front of the last one."""
    count = wrap(apply(OPS["iota"], size_node(ordered.node.shape[axis])))
    return count.dimshuffle(*(0 if at == axis else "x" for at in range(ordered.ndim - 1)))
