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
from modc.graph.dtype import BOOL, INT64
from modc.graph.ops_array import COMBINE
from modc.graph.sizes import size_add, size_product
from modc.tensor import masks, ranges
from modc.tensor.arguments import Expression, any_symbolic, node_of, size_argument
from modc.tensor.shapes import NodeArgument, dimshuffle, reshape, same_sizes


class Mask:
    """A boolean index: the true elements of as many axes as it has."""

    __slots__ = ("node",)

    def __init__(self, node: Node) -> None:
        self.node = node


class Plan:
    """One index of one node: axes joined, new axes, then a slice of every axis, then positions of some axes.

    joined      sizes of the operand with the axes of each mask joined into one
    inserted    dimshuffle pattern that adds the new axes
    steps       per axis of the operand with new axes: (step, start, length); step 0 is one position
    gathered    per axis left after slicing that positions index: (axis, int64 node)
    at          where the positions' axes stand in the result
    mask        (mask, axes before it) where the index is one mask and nothing else
    """

    __slots__ = ("at", "gathered", "inserted", "joined", "mask", "steps", "whole", "_gap", "_left", "_parted", "_places")

    def __init__(self, node: Node, items: Any) -> None:
        entries = _with_masks(node, _entries(node, items))
        self.joined: list[Size] = []
        self.inserted: list[int] = []
        self.steps: list[tuple[int, Size, Size]] = []
        self.gathered: list[tuple[int, Node]] = []
        self.whole = True
        self.mask: tuple[Node, int] | None = None
        self._left = 0
        self._gap = self._parted = False  # whether an ellipsis, even of no axes, stood behind positions; between them
        self._places: list[int] = []  # of what counts as an advanced index, in the order of the result's axes
        advanced = any(isinstance(entry, Mask) or (isinstance(entry, Node) and entry.ndim) for entry in entries)
        source = 0
        for entry in entries:
            if entry is Ellipsis:
                self._gap = self._gap or bool(self._places)
                continue
            if entry is None or (isinstance(entry, Mask) and not entry.node.ndim):
                self._new_axis(entry)
                continue
            width = entry.node.ndim if isinstance(entry, Mask) else 1
            sizes = node.shape[source : source + width]
            self.inserted.append(len(self.joined))
            self.joined.append(sizes[0] if width == 1 else size_product(sizes))
            if isinstance(entry, int) and not advanced:
                self.steps.append((0, _position(node, entry, source), 1))
                self.whole = False
            elif isinstance(entry, slice):
                self._slice(entry, sizes[0])
            elif isinstance(entry, Mask):
                self._mask(entry, sizes, entries, source)
            else:
                self._gather(_positions(node, entry, source), sizes[0])
            source += width
        adjacent = not self._parted and all(b - a == 1 for a, b in pairwise(self._places))
        self.at = self._places[0] if advanced and adjacent else 0

    def _new_axis(self, entry: Mask | None) -> None:
        """None; or a mask of no axes, which keeps or empties a new one."""
        self.inserted.append(-1)
        if entry is None:
            self.steps.append((1, 0, 1))
            self._left += 1
        else:
            known = entry.node.op.name == "const"
            mask = const(entry.node.value.reshape(1)) if known else dimshuffle(entry.node, (-1,))
            self._gather(masks.positions(mask), 1)

    def _slice(self, entry: slice, size: Size) -> None:
        stride = ranges.symbolic_step(entry)
        if stride is not None:  # as positions, but without the meaning that these have for the order of axes
            self.steps.append((1, 0, size))
            self.gathered.append((self._left, ranges.progression(entry, stride, size)))
            self._left += 1
            return
        step, start, length = ranges.bounds(entry, size)
        self.whole = self.whole and step == 1 and start == 0 and (length is size or length == size)
        self.steps.append((step, start, length))
        self._left += 1

    def _mask(self, entry: Mask, sizes: tuple[Size, ...], entries: list[Any], source: int) -> None:
        mask = masks.matched(entry.node, sizes)
        if sum(one is not Ellipsis and (one is None or one != slice(None)) for one in entries) == 1:
            self.mask = mask, source
        self._gather(masks.positions(mask), self.joined[-1])

    def _gather(self, positions: Node, size: Size) -> None:
        self.steps.append((1, 0, size))
        self.gathered.append((self._left, positions))
        self._places.append(self._left)
        self._parted = self._parted or self._gap
        self._left += 1

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
    def strided(self) -> list[tuple[int, Node]]:
        """Positions of slices with a symbolic step: each of them selects by itself."""
        return [entry for entry in self.gathered if entry[0] not in self._places]

    @property
    def picked(self) -> list[tuple[int, Node]]:
        """Positions that select together."""
        return [entry for entry in self.gathered if entry[0] in self._places]

    def parts(self, node: Node) -> list[tuple[str, Node, dict[str, Any], list[Node]]]:
        """The steps from a node to the elements selected: (row, its operand, parameters, other arguments)."""
        found: list[tuple[str, Node, dict[str, Any], list[Node]]] = []
        if not self.whole or not self.gathered:
            found.append(("slice", node, {"spec": self.spec}, self.bounds))
            node = apply(OPS["slice"], node, *self.bounds, spec=self.spec)
        for axis, positions in self.strided:
            params: dict[str, Any] = {"axes": (axis,), "at": axis}
            found.append(("gather", node, params, [positions]))
            node = apply(OPS["gather"], node, positions, **params)
        if self.picked:
            params = {"axes": tuple(axis for axis, _ in self.picked), "at": self.at}
            found.append(("gather", node, params, [positions for _, positions in self.picked]))
        return found


def take(node: Node, items: Any) -> Node:
    """`node[items]`. Raises IndexError for positions known to be outside and for too many indices."""
    plan = Plan(node, items)
    start = dimshuffle(reshape(node, plan.joined), plan.inserted)
    if plan.whole and not plan.gathered and not isinstance(start, Leaf):  # x[:] is an expression, not the root itself
        return start
    row, operand, params, rest = plan.parts(start)[-1]
    return apply(OPS[row], operand, *rest, **params)


def put(node: Node, items: Any, value: Node, mode: str) -> Node:
    """`node` with `value` (broadcast) set at `node[items]`, or combined with what is there: mode "set", "add", "mul",
    "min" or "max". Values for one place are combined one after the other.
    """
    plan = Plan(node, items)
    start = dimshuffle(reshape(node, plan.joined), plan.inserted)
    parts = plan.parts(start)
    row, operand, params, rest = parts[-1]
    chosen = apply(OPS[row], operand, *rest, **params)
    value = fit(value, chosen, mode)
    switched = None if plan.mask is None else _switched(node, *plan.mask, value, mode)
    if switched is not None:
        return switched
    for row, operand, params, rest in reversed(parts):
        if row == "slice" and mode not in ("set", "add"):
            value = apply(OPS[COMBINE[mode]], apply(OPS["slice"], operand, *rest, **params), value)
            mode = "set"
        target = "scatter" if row == "gather" else "update_slice"
        value = apply(OPS[target], operand, value, *rest, **params, mode=mode)
        mode = "set"
    back = {source: axis for axis, source in enumerate(plan.inserted) if source >= 0}
    return reshape(dimshuffle(value, [back[axis] for axis in range(len(plan.joined))]), node.shape)


def _switched(node: Node, mask: Node, before: int, value: Node, mode: str) -> Node | None:
    """As put, for one mask, by a choice for every element; None where the value differs between selected elements."""
    behind = node.ndim - before - mask.ndim
    if value.ndim > behind:
        if value.shape[value.ndim - behind - 1] != 1:
            return None
        place = value.ndim - behind - 1
        value = dimshuffle(value, [*range(place), *[-1] * mask.ndim, *range(place + 1, value.ndim)])
    if mode != "set":
        value = apply(OPS[COMBINE[mode]], node, value)
    return apply(OPS["where"], dimshuffle(mask, [*range(mask.ndim), *[-1] * behind]), value, node)


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
        verb = {"set": "set in", "add": "added to"}.get(mode, "combined with")
        raise DTypeError(
            f"{value.dtype.name} cannot be {verb} {chosen.dtype.name} without loss: use astype"
        )
    return cast(value, chosen.dtype)


def _entries(node: Node, items: Any) -> list[Any]:
    """One entry per new axis, mask and other axis: None, slice, int, Mask, or a node of positions."""
    many = list(items) if isinstance(items, tuple) else [items]
    read = [_entry(item) for item in many]
    if sum(entry is Ellipsis for entry in read) > 1:
        raise IndexError("an index can have only one ellipsis ('...')")
    used = sum(_width(entry) for entry in read)
    if used > node.ndim:
        raise IndexError(f"{used} indices for {shape_text(node)}, which has {node.ndim} dimensions")
    if not any(entry is Ellipsis for entry in read):
        read.append(Ellipsis)
    at = next(place for place, entry in enumerate(read) if entry is Ellipsis)
    rest: list[Any] = [slice(None)] * (node.ndim - used)
    return [*read[:at], *(rest or [Ellipsis]), *read[at + 1 :]]


def _with_masks(node: Node, entries: list[Any]) -> list[Any]:
    """The entries, with `nonzero` of a mask in this shape as the mask itself: x[mask.nonzero()] is x[mask]."""
    found: list[Any] = []
    source = 0
    while entries:
        entry = entries[0]
        mask = masks.counted_mask(entry) if isinstance(entry, Node) else None
        width = _width(entry)
        if mask is not None and mask.ndim > 1:
            same = same_sizes(mask.shape, node.shape[source : source + mask.ndim])
            if same and all(one is two for one, two in zip(entries, masks.coordinates(mask), strict=False)):
                entry, width = Mask(mask), mask.ndim
        found.append(entry)
        source += width
        del entries[: max(width if isinstance(entry, Mask) and entry.node is mask else 1, 1)]
    return found


def _width(entry: Any) -> int:
    """How many axes an entry stands for."""
    if entry is None or entry is Ellipsis:
        return 0
    return entry.node.ndim if isinstance(entry, Mask) else 1


def _entry(item: Any) -> Any:
    if item is None or item is Ellipsis or isinstance(item, slice):
        return item
    if isinstance(item, (bool, np.bool_)):
        return Mask(const(bool(item), BOOL))
    if isinstance(item, (list, tuple)):
        known = not any_symbolic(item)
        item = np.asarray(item, dtype=np.int64 if not len(item) else None) if known else NodeArgument(node_of(item))
    if isinstance(item, (np.ndarray, Expression)):
        return _array_entry(node_of(item))
    try:
        return size_argument(item)
    except (DTypeError, TypeError):
        raise IndexError(
            f"an index is made of integers, slices, None, ..., integer arrays and masks, not {type(item).__name__}"
        ) from None


def _array_entry(found: Node) -> Any:
    if found.dtype.kind == "b":
        return Mask(found)
    if not found.dtype.is_integer:
        raise IndexError(f"positions are integers, masks bool; this is {found.dtype.name}: use astype")
    found = cast(found, INT64)
    return found if found.ndim or found.op.name != "const" else int(found.value)


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
