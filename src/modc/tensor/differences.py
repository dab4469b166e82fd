"""Differences between neighbours, slopes, areas, interpolation and convolution along an axis."""

from __future__ import annotations

import math
from typing import Any

from modc.errors import ShapeError
from modc.graph import OPS, apply
from modc.graph.build import shape_text
from modc.tensor import ordering, shapes
from modc.tensor.arguments import axes_of, axis_of, node_of, nodes_together
from modc.tensor.checks import require
from modc.tensor.variable import Variable, as_variable, call, wrap

__all__ = [
    "convolve", "correlate", "diff", "ediff1d", "finite_gradient", "interp", "trapezoid", "trapz", "unwrap",
]  # fmt: skip


def _joined(parts: list[Any], axis: int) -> Variable:
    return wrap(apply(OPS["concat"], *nodes_together(parts), axis=axis))


def _along(axis: int, *bounds: Any) -> tuple[slice, ...]:
    """An index that cuts one axis."""
    return (slice(None),) * axis + (slice(*bounds),)


def diff(x: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Variable:
    """x[i + 1] - x[i] along `axis`, n times over; of bool, whether they differ.

    prepend, append: elements before and behind those of x; a scalar is one element.

    >>> T.diff([1, 4, 9, 16]).eval(), T.diff([1, 4, 9, 16], n=2).eval()
    (array([3, 5, 7]), array([2, 2]))
    """
    value = as_variable(x)
    if n < 0:
        raise ValueError(f"order must be non-negative but got {n}")
    if not value.ndim:
        raise ValueError("diff requires input that is at least one dimensional")
    place = axis_of(axis, value.ndim)
    if n == 0:
        return value
    parts = [_edge(one, value, place) for one in (prepend,) if one is not None] + [value]
    parts += [_edge(one, value, place) for one in (append,) if one is not None]
    value = _joined(parts, place) if len(parts) > 1 else value
    op = "ne" if value.node.dtype.kind == "b" else "sub"
    for _ in range(n):
        value = call(op, value[_along(place, 1, None)], value[_along(place, None, -1)])
    return value


def _edge(given: Any, value: Variable, axis: int) -> Variable:
    edge = as_variable(given)
    if edge.ndim:
        return edge
    sizes = [1 if at == axis else size for at, size in enumerate(value.node.shape)]
    return wrap(shapes.broadcast_to(edge.node, sizes))


def ediff1d(x: Any, to_end: Any = None, to_begin: Any = None) -> Variable:
    """x[i + 1] - x[i] of the flattened x, with elements before (`to_begin`) and behind (`to_end`).

    >>> T.ediff1d([[1, 4], [9, 16]], to_begin=[0]).eval()
    array([0, 3, 5, 7])
    """
    value = as_variable(x).flatten(1)
    found = call("sub", value[1:], value[:-1])
    parts = [] if to_begin is None else [as_variable(to_begin).flatten(1).astype(found.dtype)]
    parts.append(found)
    parts += [] if to_end is None else [as_variable(to_end).flatten(1).astype(found.dtype)]
    return _joined(parts, 0) if len(parts) > 1 else found


def finite_gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """NumPy's `gradient`: the slope of samples along each axis, by differences of the neighbours; at the ends of the
    first or second `edge_order`. (`T.grad` is the derivative of expressions.)

    varargs: the distance between samples, one for all axes or one for each; a vector has their coordinates.
    A list for several axes. Raises ValueError for fewer than edge_order + 1 samples.

    >>> T.finite_gradient([1.0, 4.0, 9.0, 16.0]).eval()
    array([3., 4., 6., 7.])
    """
    value = as_variable(f)
    value = value if value.node.dtype.is_float else value.astype("float64")
    axes = _axes_in_order(axis, value.ndim)
    if edge_order not in (1, 2):
        raise ValueError("'edge_order' greater than 2 not supported")
    if len(varargs) not in (0, 1, len(axes)):
        raise TypeError("invalid number of arguments")
    steps: list[Any] = list(varargs or [1.0])
    steps = steps * len(axes) if len(steps) == 1 else steps
    if len(varargs) == 1 and len(axes) > 1 and as_variable(steps[0]).ndim:
        raise TypeError("invalid number of arguments")
    found = [_slope(value, at, step, edge_order) for at, step in zip(axes, steps, strict=True)]
    return found[0] if len(found) == 1 else found


def _axes_in_order(axis: Any, ndim: int) -> list[int]:
    """Axes as they are given."""
    axes_of(axis, ndim)
    many = range(ndim) if axis is None else axis if isinstance(axis, (tuple, list)) else [axis]
    return [axis_of(one, ndim) for one in many]


def _slope(value: Variable, axis: int, step: Any, edge_order: int) -> Variable:
    size = value.node.shape[axis]
    if isinstance(size, int) and size < edge_order + 1:
        raise ValueError(
            "Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements are required."
        )
    enough = value.shape[axis] >= edge_order + 1
    message = "too few elements to calculate a numerical gradient, at least (edge_order + 1) are required"
    value = wrap(require(value.node, enough.node, "value", message))
    h = step if isinstance(step, (int, float)) else as_variable(step)  # a bare number does not widen float32
    if isinstance(h, Variable) and h.ndim:
        return _uneven(value, axis, h, edge_order)
    inner = (value[_along(axis, 2, None)] - value[_along(axis, None, -2)]) / (2.0 * h)

    def at(place: int) -> Variable:
        return value[_along(axis, place, place + 1 if place != -1 else None)]

    if edge_order == 1:
        first, last = (at(1) - at(0)) / h, (at(-1) - at(-2)) / h
    else:
        first = (-1.5 / h) * at(0) + (2.0 / h) * at(1) + (-0.5 / h) * at(2)
        last = (0.5 / h) * at(-3) + (-2.0 / h) * at(-2) + (1.5 / h) * at(-1)
    return _joined([first, inner, last], axis)


def _uneven(value: Variable, axis: int, coordinates: Variable, edge_order: int) -> Variable:
    """The slope over coordinates: weights that make it exact for polynomials of second degree."""
    if coordinates.ndim != 1:
        raise ValueError("distances must be either scalars or 1d")
    place = wrap(shapes.specified(coordinates.node, [value.node.shape[axis]], "shape"))
    shape = ["x"] * axis + [0] + ["x"] * (value.ndim - axis - 1)
    steps = (place[1:] - place[:-1]).astype(value.dtype).dimshuffle(*shape)

    def part(of: Variable, *bounds: Any) -> Variable:
        return of[_along(axis, *bounds)]

    before, behind = part(steps, None, -1), part(steps, 1, None)
    a = -behind / (before * (before + behind))
    b = (behind - before) / (before * behind)
    c = before / (behind * (before + behind))
    inner = a * part(value, None, -2) + b * part(value, 1, -1) + c * part(value, 2, None)
    if edge_order == 1:
        first = (part(value, 1, 2) - part(value, None, 1)) / part(steps, None, 1)
        last = (part(value, -1, None) - part(value, -2, -1)) / part(steps, -1, None)
    else:
        h, k = part(steps, None, 1), part(steps, 1, 2)
        first = -(2.0 * h + k) / (h * (h + k)) * part(value, None, 1) + (h + k) / (h * k) * part(value, 1, 2)
        first = first - h / (k * (h + k)) * part(value, 2, 3)
        h, k = part(steps, -2, -1), part(steps, -1, None)
        last = k / (h * (h + k)) * part(value, -3, -2) - (k + h) / (h * k) * part(value, -2, -1)
        last = last + (2.0 * k + h) / (k * (h + k)) * part(value, -1, None)
    return _joined([first, inner, last], axis)


def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Variable:
    """The area under the samples `y` along `axis`, by trapezia; x: their places, else they are `dx` apart.

    >>> T.trapezoid([1.0, 2.0, 3.0], dx=0.5).eval()
    array(2.)
    >>> T.trapezoid([1.0, 2.0], x=[0.0, 4.0]).eval()
    array(6.)
    """
    value = as_variable(y)
    place = axis_of(axis, value.ndim)
    heights = value[_along(place, 1, None)] + value[_along(place, None, -1)]
    if x is None:
        found: Variable = (dx * heights / 2.0).sum(place)
        return found
    points = as_variable(x)
    if points.ndim == 1:
        widths = diff(points).dimshuffle(*["x"] * place, 0, *["x"] * (value.ndim - place - 1))
    else:
        widths = diff(points, axis=axis)
    area: Variable = (widths * heights / 2.0).sum(place)
    return area


trapz = trapezoid


def unwrap(p: Any, discont: Any = None, axis: int = -1, *, period: Any = 2 * math.pi) -> Variable:
    """Angles without jumps: where neighbours along `axis` differ by more than `discont` (half a period unless given),
    multiples of `period` are added to those behind. Integers stay integers where the period is one.

    >>> T.unwrap([0, 1, 2, 3, 0, 1], period=4).eval()
    array([0, 1, 2, 3, 4, 5])
    """
    value = as_variable(p)
    place = axis_of(axis, value.ndim)
    step = diff(value, axis=place)
    whole = isinstance(period, int) and step.node.dtype.is_integer
    if not whole and not step.node.dtype.is_float:
        step = step.astype("float64")
    half = period // 2 if whole else period / 2.0
    limit = half if discont is None else discont
    low = -half if not whole or period % 2 == 0 else -half - 1
    turned = call("mod", step - low, period) + low
    if not whole or period % 2 == 0:  # half a turn on stays half a turn on
        turned = call("where", turned.equals(low) & (step > 0), half, turned)
    added = call("where", abs(step) < limit, 0, turned - step).cumsum(place)
    added = added.astype(step.dtype) if whole else added
    return _joined([value[_along(place, None, 1)], value[_along(place, 1, None)] + added], place)


# Interpolation


def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None) -> Variable:
    """The polygon through the points (xp, fp), xp ascending, at x: float64, in the shape of x.

    left, right: the values outside, fp[0] and fp[-1] unless given. period: xp and x count modulo it, and need no order.
    A call raises ValueError for no points. The gradient goes to x, xp and fp.

    >>> T.interp([0.5, 9.0], [0, 1, 2], [10, 20, 0]).eval()
    array([15.,  0.])
    """
    at, places, heights = (as_variable(one).astype("float64") for one in (x, xp, fp))
    if places.ndim != 1 or heights.ndim != 1:
        raise ValueError("Data points must be 1-D sequences")
    heights = wrap(shapes.specified(heights.node, places.node.shape, "shape"))
    if places.node.shape[0] == 0:
        raise ValueError("array of sample points is empty")
    enough = places.shape[0] > 0
    places = wrap(require(places.node, enough.node, "value", "array of sample points is empty"))
    if period is not None:
        at, places, heights = _periodic(at, places, heights, period)
        left = right = None
    last = places.shape[0] - 1
    below = wrap(ordering.searchsorted(places.node, at.node, "right", None)) - 1
    first = call("minimum", call("maximum", below, 0), call("maximum", last - 1, 0))
    after = call("minimum", first + 1, last)
    x0, x1, y0, y1 = places[first], places[after], heights[first], heights[after]
    width = call("where", x1 > x0, x1 - x0, 1.0)
    slope = (y1 - y0) / width
    inside = slope * (at - x0) + y0
    inside = call("where", call("isnan", inside), slope * (at - x1) + y1, inside)  # beside infinities
    found = call("where", at.equals(x0) | y0.equals(y1), y0, inside)
    ends = slice(None, 1), slice(-1, None)  # slices and no positions: the call is to fail by the check above
    (low, left_height), (high, right_height) = ([one[end].sum() for one in (places, heights)] for end in ends)
    found = call("where", at >= high, right_height, found)
    found = call("where", at > high, right_height if right is None else right, found)
    found = call("where", at < low, left_height if left is None else left, found)
    return call("where", call("isnan", at) & (last > 0), at, found)  # one point is the value everywhere, as in NumPy


def _periodic(at: Variable, places: Variable, heights: Variable, period: Any) -> tuple[Variable, Variable, Variable]:
    """x and xp within one period, the points in order and one more at each end."""
    if isinstance(period, (int, float)) and period == 0:
        raise ValueError("period must be a non-zero value")
    width = abs(as_variable(period))
    at, places = at % width, places % width
    order = wrap(ordering.argsort(places.node, 0))
    places, heights = places[order], heights[order]
    return (
        at, _joined([places[-1:] - width, places, places[:1] + width], 0), _joined([heights[-1:], heights, heights[:1]], 0),
    )  # fmt: skip


# Convolution

_MODES = ("full", "same", "valid")


def convolve(a: Any, v: Any, mode: str = "full") -> Variable:
    """The sums of a[i] * v[k - i] for each k, of vectors: all of them ("full"), as many as the longer vector has from
    their middle ("same"), or those for which one vector lies whole within the other ("valid").

    Raises ValueError for an empty vector.

    >>> T.convolve([1, 2, 3], [1, -1]).eval()
    array([ 1,  1,  1, -3])
    """
    if mode not in _MODES:
        raise ValueError(f"mode must be one of 'valid', 'same', or 'full' (got {mode!r})")
    first, second = nodes_together([a, v])
    for node in (first, second):
        if node.ndim > 1:
            raise ValueError(f"convolve takes vectors, not {shape_text(node)}")
    first, second = (node if node.ndim else shapes.dimshuffle(node, (-1,)) for node in (first, second))
    if first.dtype.is_complex or second.dtype.is_complex:
        return _convolve_parts(wrap(first), wrap(second), mode)
    if mode != "same":
        return wrap(apply(OPS["convolve"], first, second, valid=mode == "valid"))
    n, m = first.shape[0], second.shape[0]
    if isinstance(n, int) and isinstance(m, int):
        return wrap(apply(OPS["convolve_part"], first, second, first if n >= m else second, up=False))
    whole = wrap(apply(OPS["convolve"], first, second, valid=False))
    size, less = (call(op, wrap(first).size, wrap(second).size) for op in ("maximum", "minimum"))
    start = (less - 1) // 2
    return whole[start : start + size]


def _convolve_parts(a: Variable, v: Variable, mode: str) -> Variable:
    """Of complex vectors: convolutions of real and imaginary parts, which are faster than one of pairs."""
    re, im = (convolve(a.real, part, mode) for part in (v.real, v.imag))
    if not a.node.dtype.is_complex:
        return call("complex", re, im)
    return call("complex", re - convolve(a.imag, v.imag, mode), im + convolve(a.imag, v.real, mode))


def correlate(a: Any, v: Any, mode: str = "valid") -> Variable:
    """The sums of a[k + i] * conj(v[i]) for each k, of vectors; modes as for convolve.

    >>> T.correlate([1, 2, 3], [0, 1], mode="full").eval()
    array([1, 2, 3, 0])
    """
    other = as_variable(v)
    if other.ndim != 1:
        raise ShapeError(f"correlate takes vectors, not {shape_text(node_of(v))}")
    return convolve(a, other.conj()[::-1], mode)


