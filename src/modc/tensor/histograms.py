"""Histograms: counts of elements, or sums of their weights, in bins; the bins' number may depend on data."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from modc.graph import OPS, apply, cast, const, size_of
from modc.graph.dtype import FLOAT64, INT64
from modc.graph.sizes import size_product
from modc.tensor import ordering, shapes
from modc.tensor.arguments import nodes_together
from modc.tensor.checks import require
from modc.tensor.methods import flat_positions
from modc.tensor.quantiles import nanpercentile
from modc.tensor.statistics import added
from modc.tensor.variable import Variable, as_variable, call, wrap

__all__ = [
    "histogram", "histogram2d", "histogram_bin_edges", "histogramdd",
]  # fmt: skip

_numbers = range  # histogram has an argument of that name


def histogram_bin_edges(x: Any, bins: Any = 10, range: Any = None, weights: Any = None) -> Variable:
    """The edges that `histogram` takes: `bins` themselves where they are a vector, else that many bins of equal width
    from the smallest to the largest element, or over `range`.

    The number of bins may depend on data, by an estimate: "auto", "doane", "fd", "rice", "scott", "sqrt" or "sturges".

    >>> T.histogram_bin_edges([0.0, 1.0, 4.0], bins=4).eval()
    array([0., 1., 2., 3., 4.])
    """
    return _edges(as_variable(x).flatten(1), bins, range, weights is not None)


def _edges(value: Variable, bins: Any, limits: Any, weighted: bool) -> Variable:
    given = as_variable(_count(value, bins, limits, weighted) if isinstance(bins, str) else bins)
    if given.ndim:
        if given.ndim != 1:
            raise ValueError("`bins` must be 1d, when an array")
        order = (given[1:] >= given[:-1]).all()
        return wrap(require(given.node, order.node, "value", "`bins` must increase monotonically, when an array"))
    if not given.node.dtype.is_integer:
        raise TypeError("`bins` must be an integer, a string, or an array")
    if given.node.op.name == "const" and int(given.node.value) < 1:
        raise ValueError("`bins` must be positive, when an integer")
    first, last = _limits(value, limits)
    at = wrap(apply(OPS["iota"], cast((given + 1).node, INT64)))
    edges = call("where", at.equals(given), last, at * ((last - first) / given) + first)
    return edges.astype(value.dtype) if value.node.dtype.is_float else edges


def _limits(value: Variable, limits: Any) -> tuple[Variable, Variable]:
    """The outer edges, as NumPy has them: half a unit to each side where they would be equal, 0 and 1 for no elements."""
    if limits is None:
        some = value.size > 0
        first = call("where", some, _extreme(value, "min", np.inf), 0.0)
        last = call("where", some, _extreme(value, "max", -np.inf), 1.0)
        message = "autodetected range of the elements is not finite"
    else:
        first, last = (as_variable(end).astype("float64") for end in limits)
        message = "supplied range is not finite, or its max is less than its min"
    fine = call("isnan", last - first).equals(False) & ~call("isinf", first) & ~call("isinf", last) & (first <= last)
    first = wrap(require(first.node, fine.node, "value", message))
    same = first.equals(last)
    return call("where", same, first - 0.5, first), call("where", same, last + 0.5, last)


def _extreme(value: Variable, op: str, nothing: float) -> Variable:
    """The smallest or largest element; `nothing` where there is none."""
    node = cast(value.node, FLOAT64)
    size = node.shape[0]
    if not isinstance(size, int) or not size:
        node = apply(OPS["concat"], node, const([nothing]), axis=0)
    return wrap(apply(OPS[op], node, axes=(0,)))


def histogram(
    x: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None
) -> tuple[Variable, Variable]:
    """How many elements lie in each bin, or the sum of their weights, and the edges of the bins.

    bins: edges, ascending, or a number of bins of equal width from the smallest to the largest element or over `range`; or
    the name of an estimate of that number ("auto", "fd", "sturges" ..., see histogram_bin_edges).
    A bin has its left edge, the last one both. What lies outside, and NaN, is left out. With `density` the counts are
    divided by their sum and by the widths of the bins. Raises as NumPy for edges in no order and for limits that are not
    finite.

    >>> T.histogram([1, 2, 2, 7], bins=[0, 2, 4, 6])[0].eval()
    array([1, 2, 0])
    """
    value = as_variable(x).flatten(1)
    edges = _edges(value, bins, range, weights is not None)
    count = edges.shape[0] - 1
    place, inside = _place(value, edges)
    one = as_variable(1 if weights is None else weights)
    one = one if weights is None else one.flatten(1)
    if weights is not None:
        one = wrap(shapes.specified(one.node, value.node.shape, "shape"))
    counted = call("where", inside, one, 0)
    places = call("where", inside, place, 0)
    found = wrap(added(counted.node, places.node, size_of(count.node)))
    if density:
        widths = (edges[1:] - edges[:-1]).astype("float64")
        found = found / widths / found.sum()
    return found, edges


# Numbers of bins that depend on data


def _count(value: Variable, name: str, limits: Any, weighted: bool) -> Variable:
    """As many bins as an estimate of their width gives; 1 for no elements, and where they do not differ."""
    rule = _WIDTHS.get(name)
    if name == "stone":
        raise NotImplementedError("bins='stone' tries every number of bins: use one of " + ", ".join(_WIDTHS))
    if rule is None:
        raise ValueError(f"{name!r} is not a valid estimator for `bins`: {', '.join(_WIDTHS)}")
    if weighted:
        raise TypeError("Automated estimation of the number of bins is not supported for weighted data")
    first, last = _limits(value, limits)
    if limits is not None:
        value = value[(value >= first) & (value <= last)]
    whole = value.node.dtype.is_integer
    value = value.astype("float64")
    width = rule(value, value.size.astype("float64"))
    width = call("where", width > 0, width, 0.0)  # NaN for no elements
    if whole:
        width = call("where", (width > 0) & (width < 1), 1.0, width)
    count = call("ceil", (last - first) / call("where", width > 0, width, 1.0))
    return call("where", width > 0, count, 1.0).astype("int64")


def _ptp(value: Variable) -> Variable:
    return _extreme(value, "max", -np.inf) - _extreme(value, "min", np.inf)


def _sturges(value: Variable, n: Variable) -> Variable:
    return _ptp(value) / (call("log2", n) + 1)


def _fd(value: Variable, n: Variable) -> Variable:
    """Twice the distance of the quartiles over the cube root of n: D. Freedman and P. Diaconis (1981)."""
    low, high = nanpercentile(value, 25), nanpercentile(value, 75)
    return 2.0 * (high - low) * n ** (-1.0 / 3.0)


def _doane(value: Variable, n: Variable) -> Variable:
    """Sturges' number with more bins for skewed data: D. P. Doane (1976)."""
    spread = call("sqrt", 6.0 * (n - 2) / ((n + 1.0) * (n + 3)))
    sigma = value.std()
    scaled = (value - value.mean()) / call("where", sigma > 0, sigma, 1.0)
    skew = call("abs", (scaled * scaled * scaled).mean())
    width = _ptp(value) / (1.0 + call("log2", n) + call("log2", 1.0 + skew / spread))
    return call("where", (n > 2) & (sigma > 0), width, 0.0)


def _auto(value: Variable, n: Variable) -> Variable:
    wide = call("maximum", _fd(value, n), _sqrt(value, n) / 2)
    return call("minimum", wide, _sturges(value, n))


def _sqrt(value: Variable, n: Variable) -> Variable:
    return _ptp(value) / call("sqrt", n)


_WIDTHS: dict[str, Callable[[Variable, Variable], Variable]] = {
    "auto": _auto,
    "doane": _doane,
    "fd": _fd,
    "rice": lambda value, n: _ptp(value) / (2.0 * n ** (1.0 / 3)),
    "scott": lambda value, n: (24.0 * math.sqrt(math.pi) / n) ** (1.0 / 3.0) * value.std(),
    "sqrt": _sqrt,
    "sturges": _sturges,
}


# In several dimensions


def histogramdd(
    sample: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None
) -> tuple[Variable, tuple[Variable, ...]]:
    """How many points lie in each box of a grid, or the sum of their weights (float64), and the edges along each axis.

    sample: a matrix with a row for each point and a known number of columns, or a list of vectors, one for each axis. bins: a
    number of bins for all axes, or for each axis a number or edges. range: for each axis its limits, or None. With
    `density` the counts are divided by their sum and by the volumes of the boxes.

    >>> T.histogramdd(np.array([[0.5, 0.5], [1.5, 0.5]]), bins=[[0, 1, 2], [0, 1]])[0].eval()
    array([[1.],
           [1.]])
    """
    columns = _columns(sample)
    many = list(bins) if isinstance(bins, (tuple, list)) or (isinstance(bins, np.ndarray) and bins.ndim) else [bins] * len(columns)
    if len(many) != len(columns):
        raise ValueError("The dimension of bins must be equal to the dimension of the sample x.")
    limits = [None] * len(columns) if range is None else list(range)
    if len(limits) != len(columns):
        raise ValueError("range argument must have one entry per dimension")
    edges = [_edges(one, number, limit, False) for one, number, limit in zip(columns, many, limits, strict=True)]
    places, inside = zip(*(_place(one, edge) for one, edge in zip(columns, edges, strict=True)), strict=True)
    kept: Any = inside[0]
    for mark in inside[1:]:
        kept = kept & mark
    sizes = [(edge.shape[0] - 1).node for edge in edges]
    flat = wrap(flat_positions([one.node for one in places], [size_of(size) for size in sizes]))
    one = as_variable(1.0 if weights is None else weights).astype("float64")
    total = size_product([size_of(size) for size in sizes])
    found = wrap(added(call("where", kept, one, 0.0).node, call("where", kept, flat, 0).node, total))
    found = wrap(shapes.reshape(found.node, [size_of(size) for size in sizes]))
    if density:
        whole = found.sum()
        for axis, edge in enumerate(edges):
            width = (edge[1:] - edge[:-1]).astype("float64")
            found = found / width.dimshuffle(*(0 if at == axis else "x" for at, _ in enumerate(edges)))
        found = found / whole
    return found, tuple(edges)


def _columns(sample: Any) -> list[Variable]:
    """Vectors of the points' places along each axis. Raises ValueError where their number is not known."""
    if isinstance(sample, (tuple, list)):
        return [wrap(one).astype("float64") for one in nodes_together(list(sample))]
    value = as_variable(sample)
    value = value if value.ndim == 2 else value.dimshuffle(0, "x")
    count = value.node.shape[1]
    if not isinstance(count, int):
        raise ValueError("histogramdd needs to know how many columns there are: declare them with shape=, or give a list")
    return [value[:, at].astype("float64") for at in _numbers(count)]


def _place(value: Variable, edges: Variable) -> tuple[Variable, Variable]:
    """The bin of each element, and whether there is one."""
    ordered, values = nodes_together([edges, value])
    count = edges.shape[0] - 1
    place = wrap(ordering.searchsorted(ordered, values, "right", None)) - 1
    place = call("where", wrap(values).equals(wrap(ordered)[-1]), count - 1, place)
    inside = (place >= 0) & (place < count)
    return place, inside & ~call("isnan", wrap(values)) if wrap(values).node.dtype.is_float else inside


def histogram2d(
    x: Any, y: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None
) -> tuple[Variable, Variable, Variable]:
    """histogramdd of points (x, y): the counts, and the edges along both axes. bins: a number, edges for both, or one of
    either for each.

    >>> T.histogram2d([0.5, 1.5, 1.5], [0.5, 0.5, 0.7], bins=[[0, 1, 2], [0, 1]])[0].eval()
    array([[1.],
           [2.]])
    """
    each = bins
    if isinstance(bins, (tuple, list, np.ndarray, Variable)):
        count = len(bins) if not isinstance(bins, Variable) else 0
        each = bins if count in (1, 2) else [as_variable(bins)] * 2
        each = [each[0], each[0]] if count == 1 else each
    if as_variable(x).ndim != 1 or as_variable(y).ndim != 1:
        raise ValueError("x and y must be vectors.")
    found, (first, second) = histogramdd([x, y], each, range, density, weights)
    return found, first, second
