"""Slices of an axis as positions: first one, step, how many; Python's rules with symbolic bounds and steps.

Takes slices that users write and sizes of axes; gives sizes and nodes. Neighbours: `indexing`.
"""

from __future__ import annotations

from typing import Any

from modc.graph import OPS, Node, Size, apply, const, size_node
from modc.graph.sizes import (
    never_negative,
    size_add,
    size_floordiv,
    size_less,
    size_max,
    size_min,
    size_sub,
)
from modc.tensor.arguments import size_argument


def symbolic_step(item: slice) -> Node | None:
    """The step of a slice where it is symbolic; None where it is a constant or left out."""
    step = None if item.step is None else size_argument(item.step)
    return step if isinstance(step, Node) else None


def progression(item: slice, step: Node, size: Size) -> Node:
    """The positions that a slice with a symbolic step selects, int64. A call with step 0 raises ValueError."""
    up = None if never_negative(step) else apply(OPS["gt"], step, 0)
    lowest, highest = _either(up, 0, -1), _either(up, size, size_sub(size, 1))
    first = _either(up, 0, size_sub(size, 1)) if item.start is None else _cut(_bound(item.start), size, lowest, highest)
    last = _either(up, size, -1) if item.stop is None else _cut(_bound(item.stop), size, lowest, highest)
    count = size_max(size_sub(0, size_floordiv(size_sub(first, last), step)), 0)
    checked = apply(
        OPS["require"], step, apply(OPS["ne"], step, 0), kind="value", message="the step of a slice cannot be zero"
    )
    found = apply(OPS["mul"], apply(OPS["iota"], size_node(count)), checked)
    return apply(OPS["add"], found, size_node(first))


def _either(up: Node | None, yes: Size, no: Size) -> Size:
    """`yes` where the step is positive (or known to be), else `no`."""
    return yes if up is None else apply(OPS["where"], up, size_node(yes), size_node(no))


def _cut(bound: Size, size: Size, lowest: Size, highest: Size) -> Size:
    """A bound between two ends; negative ones count from the end first."""
    node, low, high = size_node(bound), size_node(lowest), size_node(highest)
    if isinstance(bound, int) and bound >= 0:
        return apply(OPS["minimum"], node, high)
    from_end = apply(OPS["maximum"], apply(OPS["add"], node, size_node(size)), low)
    if isinstance(bound, int):
        return from_end
    return apply(OPS["where"], apply(OPS["lt"], node, 0), from_end, apply(OPS["minimum"], node, high))


def bounds(item: slice, size: Size) -> tuple[int, Size, Size]:
    """Step, first position and number of elements of a slice of an axis, as `slice.indices` has them.

    Lengths of slices with constant bounds come in one form, max(n - k, 0) and min(n, k), so that equal lengths
    are the same node. The first position of an empty slice has no meaning.
    """
    step = 1 if item.step is None else size_argument(item.step)
    if not isinstance(step, int):
        raise IndexError("the step of a slice must be a constant")
    if step == 0:
        raise ValueError("the step of a slice cannot be zero")
    start = None if item.start is None else _bound(item.start)
    stop = None if item.stop is None else _bound(item.stop)
    if isinstance(size, int) and not isinstance(start, Node) and not isinstance(stop, Node):
        begin, end, _ = slice(start, stop, step).indices(size)
        return step, begin, len(range(begin, end, step))
    if step < 0:
        return step, *_backward(start, stop, step, size)
    first, count = _forward(start, stop, size)
    return step, first, _strided(count, step)


def _strided(count: Size, step: int) -> Size:
    """How many of `count` elements in a row a step takes."""
    return count if step == 1 else size_floordiv(size_add(count, step - 1), step)


def _forward(start: Size | None, stop: Size | None, size: Size) -> tuple[Size, Size]:
    """First position and number of elements of a slice with step 1."""
    start = 0 if start is None else start
    if isinstance(start, int) and start >= 0:  # where it is beyond the end the length is 0 anyway
        if stop is None or stop is size:
            return start, size_less(size, start)
        if isinstance(stop, int):
            return start, size_less(size, start - stop) if stop < 0 else size_less(
                size_min(size, stop), start
            )
        return start, size_less(_clamped(stop, size), start)
    first = _clamped(start, size)
    if isinstance(start, int) and (stop is None or (isinstance(stop, int) and stop < 0)):
        return first, size_less(size_min(size, -start), -(stop or 0))
    last = size if stop is None else _clamped(stop, size)
    return first, size_max(size_sub(last, first), 0)


def _backward(start: Size | None, stop: Size | None, step: int, size: Size) -> tuple[Size, Size]:
    """First position and number of elements of a slice with a negative step."""
    end = size_sub(size, 1)
    first = end if start is None else size_sub(_clamped(_next(start), size), 1)
    after: Size = (
        0 if stop is None else _clamped(_next(stop), size)
    )  # one above the last position that is not taken
    count = size_max(size_sub(size_add(first, 1), after), 0)
    return first, _strided(count, -step)


def _next(bound: Size) -> Size:
    """Bound + 1; -1 (the last position) becomes the size itself, which `_clamped` takes for any large number."""
    if isinstance(bound, int):
        return bound + 1 if bound != -1 else LARGE
    return apply(
        OPS["where"], apply(OPS["eq"], bound, -1), const(LARGE), apply(OPS["add"], bound, 1)
    )


#: Larger than any size, and small enough that sums of a few do not overflow.
LARGE = 2**60


def _bound(value: Any) -> Size:
    """A bound of a slice; numbers beyond every size are cut."""
    found = size_argument(value)
    return max(-LARGE, min(found, LARGE)) if isinstance(found, int) else found


def _clamped(bound: Size, size: Size) -> Size:
    """A bound of a slice between 0 and `size`; negative ones count from the end."""
    if isinstance(bound, int):
        if bound >= LARGE:
            return size
        return size_min(size, bound) if bound >= 0 else size_less(size, -bound)
    if bound is size:
        return size
    if never_negative(bound):
        return size_min(bound, size)
    from_end = apply(OPS["maximum"], apply(OPS["add"], bound, size_node(size)), 0)
    inside = apply(OPS["minimum"], bound, size_node(size))
    return apply(OPS["where"], apply(OPS["lt"], bound, 0), from_end, inside)
