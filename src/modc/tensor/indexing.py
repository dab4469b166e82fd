"""Indexing at node level: NumPy's rules in terms of the rows slice, gather, dimshuffle and their updates.

An index is read once into a `Plan`; `take` applies it to a node, `put` sets or adds to the elements it selects.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from modc.errors import DTypeError, ShapeError
from modc.graph import OPS, Leaf, Node, Size, apply, cast, const, size_node
from modc.graph.build import shape_text
from modc.graph.dtype import INT64
from modc.graph.sizes import (
    never_negative,
    size_add,
    size_floordiv,
    size_less,
    size_max,
    size_min,
    size_sub,
)
from modc.tensor.arguments import Expression, any_symbolic, node_of, size_argument
from modc.tensor.shapes import dimshuffle


class Plan:
    """One index of one node: new axes, then a slice of every axis, then positions of some axes.

    inserted    dimshuffle pattern that adds the new axes
    steps       per axis of the operand with new axes: (step, start, length); step 0 is one position
    gathered    per axis left after slicing that positions index: (axis, int64 node)
    at          where the positions' axes stand in the result
    """

    __slots__ = ("at", "gathered", "inserted", "steps", "whole")

    def __init__(self, node: Node, items: Any) -> None:
        entries = _entries(node, items)
        self.inserted: list[int] = []
        self.steps: list[tuple[int, Size, Size]] = []
        self.gathered: list[tuple[int, Node]] = []
        self.whole = True
        advanced = any(isinstance(entry, Node) and entry.ndim for entry in entries)
        source = left = 0
        places: list[
            int
        ] = []  # of what counts as an advanced index, in the order of the result's axes
        for entry in entries:
            if entry is None:
                self.inserted.append(-1)
                self.steps.append((1, 0, 1))
                left += 1
                continue
            size = node.shape[source]
            self.inserted.append(source)
            source += 1
            if isinstance(entry, int) and not advanced:
                self.steps.append((0, _position(node, entry, source - 1), 1))
                self.whole = False
                continue
            if isinstance(entry, slice):
                step, start, length = bounds(entry, size)
                self.whole = (
                    self.whole and step == 1 and start == 0 and (length is size or length == size)
                )
                self.steps.append((step, start, length))
            else:
                self.steps.append((1, 0, size))
                self.gathered.append((left, _positions(node, entry, source - 1)))
                places.append(left)
            left += 1
        adjacent = all(b - a == 1 for a, b in pairwise(places))
        self.at = places[0] if advanced and adjacent else 0

    @property
    def spec(self) -> tuple[int, ...]:
        """The slice row's spec."""
        return tuple(step for step, _, _ in self.steps)

    @property
    def bounds(self) -> list[Node]:
        """The slice row's bounds."""
        found: list[Size] = []
        for step, start, length in self.steps:
            found += (start, length) if step else (start,)
        return [size_node(size) for size in found]

    @property
    def axes(self) -> tuple[int, ...]:
        """The axes that positions index."""
        return tuple(axis for axis, _ in self.gathered)

    @property
    def positions(self) -> list[Node]:
        """The positions, int64."""
        return [node for _, node in self.gathered]


def take(node: Node, items: Any) -> Node:
    """`node[items]`. Raises IndexError for positions known to be outside and for too many indices."""
    plan = Plan(node, items)
    found = dimshuffle(node, plan.inserted)
    if not plan.whole:
        found = apply(OPS["slice"], found, *plan.bounds, spec=plan.spec)
    if plan.gathered:
        found = apply(OPS["gather"], found, *plan.positions, axes=plan.axes, at=plan.at)
    if isinstance(found, Leaf):  # x[:] is an expression, not the root itself
        return apply(OPS["slice"], found, *plan.bounds, spec=plan.spec)
    return found


def put(node: Node, items: Any, value: Node, mode: str) -> Node:
    """`node` with `value` (broadcast) set at or added to `node[items]`; repeated positions add up."""
    plan = Plan(node, items)
    wide = dimshuffle(node, plan.inserted)
    part = wide if plan.whole else apply(OPS["slice"], wide, *plan.bounds, spec=plan.spec)
    chosen = part
    if plan.gathered:
        chosen = apply(OPS["gather"], part, *plan.positions, axes=plan.axes, at=plan.at)
    value = fit(value, chosen, mode)
    if plan.gathered:
        value = apply(
            OPS["scatter"], part, value, *plan.positions, axes=plan.axes, at=plan.at, mode=mode
        )
        mode = "set"
    if not plan.whole or not plan.gathered:
        value = apply(OPS["update_slice"], wide, value, *plan.bounds, spec=plan.spec, mode=mode)
    back = {source: axis for axis, source in enumerate(plan.inserted) if source >= 0}
    return dimshuffle(value, [back[axis] for axis in range(node.ndim)])


def fit(value: Node, chosen: Node, mode: str) -> Node:
    """`value` in the dtype of the elements it goes to. Raises DTypeError where that loses, ShapeError where it is
    too large.
    """
    if value.ndim > chosen.ndim and any(
        size != 1 for size in value.shape[: value.ndim - chosen.ndim]
    ):
        raise ShapeError(
            f"{shape_text(value)} does not fit into {shape_text(chosen)}, which the index selects"
        )
    value = dimshuffle(value, range(max(value.ndim - chosen.ndim, 0), value.ndim))
    safe = np.can_cast(value.dtype.numpy, chosen.dtype.numpy, "same_kind")
    if not safe:
        verb = "set in" if mode == "set" else "added to"
        raise DTypeError(
            f"{value.dtype.name} cannot be {verb} {chosen.dtype.name} without loss: use astype"
        )
    return cast(value, chosen.dtype)


def _entries(node: Node, items: Any) -> list[Any]:
    """One entry per axis and new axis: None, slice, int, or a node of positions."""
    many = list(items) if isinstance(items, tuple) else [items]
    read = [_entry(item) for item in many]
    if sum(entry is Ellipsis for entry in read) > 1:
        raise IndexError("an index can have only one ellipsis ('...')")
    used = sum(entry is not None and entry is not Ellipsis for entry in read)
    if used > node.ndim:
        raise IndexError(f"{used} indices for {shape_text(node)}, which has {node.ndim} dimensions")
    if not any(entry is Ellipsis for entry in read):
        read.append(Ellipsis)
    at = next(place for place, entry in enumerate(read) if entry is Ellipsis)
    return [*read[:at], *[slice(None)] * (node.ndim - used), *read[at + 1 :]]


def _entry(item: Any) -> Any:
    if item is None or item is Ellipsis or isinstance(item, slice):
        return item
    if isinstance(item, (bool, np.bool_)):
        raise IndexError("bool indices are not supported: use T.switch, or positions")
    if isinstance(item, (list, tuple)) and not any_symbolic(item):
        item = np.asarray(item, dtype=np.int64 if not len(item) else None)
    if isinstance(item, np.ndarray) or (isinstance(item, Expression) and item.node.ndim):
        found = node_of(item)
        if found.dtype.kind == "b":
            raise IndexError(
                "bool masks are not supported: use T.switch(mask, a, b), or integer positions"
            )
        if not found.dtype.is_integer:
            raise IndexError(f"positions are integers, not {found.dtype.name}")
        found = cast(found, INT64)
        return found if found.ndim or found.op.name != "const" else int(found.value)
    try:
        return size_argument(item)
    except (DTypeError, TypeError):
        kind = item.node.dtype.name if isinstance(item, Expression) else type(item).__name__
        raise IndexError(
            f"an index is made of integers, slices, None, ... and integer arrays, not {kind}"
        ) from None


def _position(node: Node, at: int, axis: int) -> Size:
    """A constant position, counted from the front."""
    size = node.shape[axis]
    if isinstance(size, int) and not -size <= at < size:
        raise IndexError(
            f"index {at} is out of bounds for axis {axis} with size {size} of {shape_text(node)}"
        )
    return at if at >= 0 else size_add(size, at)


def _positions(node: Node, entry: Node | int, axis: int) -> Node:
    """Positions as a node; constants are checked where the size is known."""
    found = const(entry, INT64) if isinstance(entry, int) else entry
    size = node.shape[axis]
    if found.op.name == "const" and isinstance(size, int):
        outside = found.value[(found.value < -size) | (found.value >= size)]
        if outside.size:
            raise IndexError(
                f"index {outside.flat[0]} is out of bounds for axis {axis} with size {size} of {shape_text(node)}"
            )
    return found


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
