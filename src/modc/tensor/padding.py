"""Padding: `pad` with every mode of NumPy's that has a name.

Each axis is padded after the other, as NumPy does it, so that corners follow from edges. Repeating modes are positions
along the axis (a gather, of any width); the others are parts joined.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from modc.graph import OPS, Size, apply, cast, size_node
from modc.graph.dtype import FLOAT64
from modc.graph.sizes import size_add, size_max, size_min, size_mul, size_sub
from modc.tensor import ordering, picking, shapes
from modc.tensor.arguments import Expression, node_of, size_argument
from modc.tensor.arrays import concatenate
from modc.tensor.making import apply_along_axis
from modc.tensor.variable import Variable, as_variable, wrap

__all__ = [
    "pad",
]  # fmt: skip

Pair = tuple[Any, Any]


def pad(
    x: Any, pad_width: Any, mode: str | Callable[..., Any] = "constant", *, stat_length: Any = None, constant_values: Any = 0,
    end_values: Any = 0, reflect_type: str = "even", **options: Any,
) -> Variable:  # fmt: skip
    """x with elements added before and behind along each axis.

    pad_width        a number, (before, after), one such pair per axis, or a dict of axes; may be symbolic
    mode             "constant" (constant_values), "edge", "reflect" (without the edge), "symmetric" (with it), "wrap",
                     "linear_ramp" (to end_values), "maximum", "mean", "median", "minimum" (of stat_length elements at
                     that end, or of all), "empty" (anything: here 0); or a function, which is called for each axis with a
                     vector that has zeros at its ends, the two widths, the axis and a dict of further keywords, as by NumPy,
                     and gives the padded vector (it cannot change the one it gets)
    reflect_type     "odd": reflections are mirrored at the edge's value

    Numbers per axis are given as pad_width is. Raises ValueError for other modes and for negative widths; for an
    empty axis all modes but "constant" and "empty" fail, ValueError.

    >>> T.pad([1, 2, 3], 2).eval()
    array([0, 0, 1, 2, 3, 0, 0])
    >>> T.pad([1, 2, 3], (2, 1), mode="reflect").eval()
    array([3, 2, 1, 2, 3, 2])
    """
    value = as_variable(x)
    widths = _widths(pad_width, value.ndim)
    if callable(mode):
        return _by_function(value, widths, mode, options)
    if options:
        raise ValueError(f"unsupported keyword arguments for mode '{mode}': {set(options)}")
    if mode not in _MODES:
        raise ValueError(f"mode '{mode}' is not supported")
    if reflect_type not in ("even", "odd"):
        raise ValueError(f"reflect_type is 'even' or 'odd', not {reflect_type!r}")
    filling = {"constant": constant_values, "linear_ramp": end_values}.get(mode, stat_length)
    numbers = _pairs(filling, value.ndim)
    given = [size for pair in widths for size in pair]
    value = wrap(shapes.not_negative(value.node, given, "index can't contain negative values"))
    if mode in ("constant", "empty") and not isinstance(filling, (tuple, list, np.ndarray)):
        return _framed(value, widths, 0 if mode == "empty" else filling)
    if mode in ("reflect", "symmetric") and reflect_type == "odd":
        mode += " odd"
    for axis, (width, pair) in enumerate(zip(widths, numbers, strict=True)):
        before, after = width
        if isinstance(before, int) and isinstance(after, int) and before == after == 0:
            continue
        if mode not in ("constant", "empty"):
            value = _checked(value, axis, mode)
        value = _MODES[mode](value, axis, before, after, pair)
    return value


def _by_function(
    value: Variable, widths: list[tuple[Size, Size]], function: Callable[..., Any], options: dict[str, Any]
) -> Variable:
    """Zeros all around, and then the function along one axis after the other."""
    given = [size for pair in widths for size in pair]
    value = wrap(shapes.not_negative(value.node, given, "index can't contain negative values"))
    value = _framed(value, widths, 0)

    def padded(vector: Variable, pair: tuple[Any, Any], axis: int) -> Any:
        found = function(vector, pair, axis, options)
        if found is None:
            raise TypeError("the function of pad gives the padded vector: an expression cannot be changed in place")
        return found

    for axis, (before, after) in enumerate(widths):
        pair = tuple(size if isinstance(size, int) else wrap(size) for size in (before, after))
        value = apply_along_axis(padded, axis, value, pair, axis)
    return value


def _widths(pad_width: Any, ndim: int) -> list[tuple[Size, Size]]:
    if isinstance(pad_width, dict):
        pairs: list[Pair] = [(0, 0)] * ndim
        for axis, width in pad_width.items():
            pairs[axis] = width if isinstance(width, (tuple, list)) else (width, width)
    else:
        pairs = _pairs(pad_width, ndim)
    return [(size_argument(before), size_argument(after)) for before, after in pairs]


def _pairs(given: Any, ndim: int) -> list[Pair]:
    """One pair per axis: from a number, a pair, or pairs. Raises ValueError for other shapes."""
    if hasattr(given, "tolist") and not isinstance(given, Expression):
        given = given.tolist()
    if not isinstance(given, (tuple, list)):
        return [(given, given)] * ndim
    many = [tuple(one) if isinstance(one, (tuple, list)) else one for one in given]
    if not any(isinstance(one, tuple) for one in many):
        if len(many) == 1:
            return [(many[0], many[0])] * ndim
        if len(many) == 2:
            return [(many[0], many[1])] * ndim
    elif len(many) in (1, ndim) and all(isinstance(one, tuple) and len(one) in (1, 2) for one in many):
        wide = [one if len(one) == 2 else one * 2 for one in many]
        return wide * ndim if len(wide) == 1 else wide
    raise ValueError(f"{given!r} does not give a pair for each of {ndim} axes")


def _checked(value: Variable, axis: int, mode: str) -> Variable:
    size = value.node.shape[axis]
    message = f"can't extend empty axis {axis} using modes other than 'constant' or 'empty'"
    if isinstance(size, int):
        if size == 0:
            raise ValueError(message)
        return value
    return wrap(shapes.required(value.node, apply(OPS["gt"], size_node(size), 0), "value", message))


# One axis


def _block(value: Variable, axis: int, width: Size, fill: Variable) -> Variable:
    """`fill`, whose size along the axis is 1, repeated `width` times."""
    sizes = [width if at == axis else size for at, size in enumerate(value.node.shape)]
    node = fill.node if fill.ndim else shapes.pad_left(fill.node, value.ndim)
    return wrap(shapes.broadcast_to(node, sizes))


def _around(value: Variable, axis: int, left: Variable, right: Variable) -> Variable:
    parts = [part for part in (left, value, right) if part.node.shape[axis] != 0]
    return concatenate(parts, axis) if len(parts) > 1 else parts[0] if parts else value


def _constant(value: Variable, axis: int, before: Size, after: Size, pair: Pair) -> Variable:
    fills = [wrap(cast(node_of(one), value.node.dtype)) for one in pair]
    return _around(value, axis, _block(value, axis, before, fills[0]), _block(value, axis, after, fills[1]))


def _framed(value: Variable, widths: list[tuple[Size, Size]], fill: Any) -> Variable:
    """One constant all around: the array set into an array of that."""
    sizes = value.node.shape
    whole = [size_add(size_add(size, before), after) for size, (before, after) in zip(sizes, widths, strict=True)]
    if shapes.same_sizes(whole, sizes):
        return value
    frame = shapes.broadcast_to(cast(node_of(fill), value.node.dtype), whole)
    bounds = [size_node(one) for size, (before, _) in zip(sizes, widths, strict=True) for one in (before, size)]
    return wrap(apply(OPS["update_slice"], frame, value.node, *bounds, spec=(1,) * value.ndim, mode="set"))


def _empty(value: Variable, axis: int, before: Size, after: Size, pair: Pair) -> Variable:
    return _constant(value, axis, before, after, (0, 0))


def _end(value: Variable, axis: int, last: bool, length: Any = 1) -> Variable:
    """The first or last elements along an axis."""
    size = value.node.shape[axis]
    count = size_argument(length)
    start: Size = 0 if not last else size_sub(size, count)
    return wrap(shapes.split(value.node, [start, count], axis)[1])


def _edge(value: Variable, axis: int, before: Size, after: Size, pair: Pair) -> Variable:
    first, last = _end(value, axis, False), _end(value, axis, True)
    return _around(value, axis, _block(value, axis, before, first), _block(value, axis, after, last))


def _linear_ramp(value: Variable, axis: int, before: Size, after: Size, pair: Pair) -> Variable:
    parts = []
    for width, goal, last in ((before, pair[0], False), (after, pair[1], True)):
        edge = _end(value, axis, last).astype("float64")
        target = wrap(cast(node_of(goal), FLOAT64))
        numbers = wrap(picking.counted(width)).dimshuffle([0 if at == axis else "x" for at in range(value.ndim)])
        share = numbers.astype("float64") / wrap(size_node(size_max(width, 1)))
        ramp = target + (edge - target) * share
        if not value.node.dtype.is_float:
            ramp = wrap(apply(OPS["floor"], ramp.node)) if value.node.dtype.is_integer else ramp
        ramp = ramp.astype(value.dtype)
        parts.append(ramp[tuple(slice(None, None, -1 if last and at == axis else None) for at in range(value.ndim))])
    return _around(value, axis, *parts)


def _statistic(reduce: Callable[[Variable, int], Variable]) -> Callable[..., Variable]:
    def padded(value: Variable, axis: int, before: Size, after: Size, pair: Pair) -> Variable:
        found = []
        for length, last in zip(pair, (False, True), strict=True):
            size = value.node.shape[axis]
            if length is not None and isinstance(length, int) and length < 1:
                raise ValueError("stat_length of 0 yields no value for padding")
            count = size if length is None else size_min(size, size_argument(length))
            part = value if length is None else _end(value, axis, last, wrap(size_node(count)))
            found.append(_rounded(reduce(part, axis), value))
        return _around(value, axis, _block(value, axis, before, found[0]), _block(value, axis, after, found[1]))

    return padded


def _rounded(found: Variable, like: Variable) -> Variable:
    """A statistic in the dtype of the array; means of integers are rounded."""
    if like.node.dtype.is_integer and found.node.dtype.is_float:
        found = wrap(apply(OPS["round"], found.node))
    return found.astype(like.dtype)


def _median(value: Variable, axis: int) -> Variable:
    """The middle of the sorted elements, or the mean of both in the middle; NaN wins, being last."""
    ordered = wrap(ordering.sort(value.node, axis))
    size = wrap(size_node(value.node.shape[axis]))
    before = (slice(None),) * axis
    low, high, last = (ordered[(*before, at)] for at in ((size - 1) // 2, size // 2, -1))
    found = (low + high) / 2 if value.node.dtype.is_float else (low.astype("float64") + high) / 2
    if value.node.dtype.is_float:
        found = last.equals(last).where(found, last)
    return found.dimshuffle(*range(axis), "x", *range(axis, found.ndim))


# Repeating modes: element p of the result, counted from the first of x, is that of a position


def _positions(value: Variable, axis: int, before: Size, after: Size) -> Variable:
    count = size_add(size_add(value.node.shape[axis], before), after)
    return wrap(picking.counted(count)) - wrap(size_node(before))


def _gathered(value: Variable, axis: int, positions: Variable) -> Variable:
    return value.take(positions, axis)  # type: ignore[no-any-return]


def _wrap(value: Variable, axis: int, before: Size, after: Size, pair: Pair) -> Variable:
    size = wrap(size_node(value.node.shape[axis]))
    return _gathered(value, axis, _positions(value, axis, before, after) % size)


def _mirror(with_edge: bool, odd: bool) -> Callable[..., Variable]:
    def padded(value: Variable, axis: int, before: Size, after: Size, pair: Pair) -> Variable:
        size = value.node.shape[axis]
        period = wrap(size_node(size_max(size_mul(size if with_edge else size_sub(size, 1), 2), 1)))
        places = _positions(value, axis, before, after)
        inside, back = places % period, wrap(size_node(size))
        mirrored = period - inside - (1 if with_edge else 0)
        behind = inside >= back
        found = _gathered(value, axis, behind.where(mirrored, inside))
        if not odd:
            return found
        first, last = _end(value, axis, False), _end(value, axis, True)
        pattern = [0 if at == axis else "x" for at in range(value.ndim)]
        turns = (places // period).dimshuffle(pattern).astype(value.dtype)
        found = behind.dimshuffle(pattern).where(last + last - found, found)
        return found + turns * ((last - first) + (last - first))

    return padded


_MODES: dict[str, Callable[..., Variable]] = {
    "constant": _constant,
    "empty": _empty,
    "edge": _edge,
    "linear_ramp": _linear_ramp,
    "maximum": _statistic(lambda part, axis: part.max(axis, keepdims=True)),
    "minimum": _statistic(lambda part, axis: part.min(axis, keepdims=True)),
    "mean": _statistic(lambda part, axis: part.mean(axis, keepdims=True)),
    "median": _statistic(_median),
    "reflect": _mirror(with_edge=False, odd=False),
    "symmetric": _mirror(with_edge=True, odd=False),
    "reflect odd": _mirror(with_edge=False, odd=True),
    "symmetric odd": _mirror(with_edge=True, odd=True),
    "wrap": _wrap,
}
