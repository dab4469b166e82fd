"""A node's element as a scalar term: indices pulled from the consumer to what it reads.

Views only move the index; maps become applied rows; kept nodes, leaves and constants become reads;
a gather becomes a read at a computed position, with a check statement that guards it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from modc.graph.dtype import BOOL, INT64
from modc.graph.node import Leaf, Node, Size
from modc.graph.ops_array import slice_bounds
from modc.graph.ops_core import CONST, DIM, NAMED_DIM, REQUIRE
from modc.schedule.extents import Extents
from modc.schedule.keep import Keep, reshape_source, same_memory
from modc.schedule.loops import INDEX_ADD, INDEX_LESS, INDEX_MUL
from modc.schedule.terms import (
    ORIGIN,
    ZERO,
    At,
    Axis,
    Dyn,
    Entry,
    Index,
    Linear,
    Statement,
    Term,
    Terms,
    Value,
    linear_add,
)

#: Makes (once) the statement that checks a position: (gather or slice, operand, axis, raw position node).
Guard = Callable[[Node, int, int, Node], Statement | None]


class Puller:
    """Terms of nodes at indices; `values` are the nodes that are read, not computed in place."""

    def __init__(self, extents: Extents, keep: Keep, guard: Guard, require: Callable[[Node], Statement]) -> None:
        self.extents, self.keep, self.terms = extents, keep, Terms()
        self.values: dict[Node, Value] = {}
        self.guards: dict[Statement, None] = {}  # of what was pulled since it was last emptied
        self._guard, self._require = guard, require
        self._memo: dict[tuple[Node, Index], tuple[Term, tuple[Statement, ...]]] = {}

    def axes_of(self, shape: tuple[Size, ...]) -> tuple[list[Axis], Index]:
        """Fresh axes for a shape, none for sizes of 1, and the index that they make."""
        axes = [None if size == 1 else Axis(size) for size in shape]
        index = tuple(ORIGIN if axis is None else At(axis, 1, ZERO) for axis in axes)
        return [axis for axis in axes if axis is not None], index

    def pull(self, node: Node, index: Index) -> Term:
        """The element of `node` at `index`."""
        key = node, index
        found = self._memo.get(key)
        if found is None:
            outer, self.guards = self.guards, {}
            term = self._pull(node, index)
            found = self._memo[key] = term, tuple(self.guards)
            self.guards = outer
        self.guards.update(dict.fromkeys(found[1]))
        return found[0]

    def _pull(self, node: Node, index: Index) -> Term:
        if node in self.values:
            return self.read(self.values[node], index)
        return self.compute(node, index)

    def read(self, source: Node | Value, index: Index, shape: tuple[Size, ...] | None = None) -> Term:
        """The memory of `source` at `index`, under `shape` when it is reshaped."""
        if shape is None:
            shape = source.shape if isinstance(source, Value) else self.extents.shape(source)
        index = tuple(ORIGIN if size == 1 else entry for size, entry in zip(shape, index, strict=True))
        return self.terms.read(source, index, shape, source.dtype)

    def compute(self, node: Node, index: Index) -> Term:
        """The element of `node`, which is not kept (or is the node that a statement computes)."""
        name = node.op.name
        if node.op is CONST:
            return self._constant(node, index)
        if isinstance(node, Leaf):
            return self.read(node, index)
        if node.op in (DIM, NAMED_DIM):
            return self.terms.size(self.extents.linear(node))
        if name == "reshape":
            return self._reshape(node, index)
        if name == "gather":
            return self._gather(node, index)
        if node.op is REQUIRE:
            self.guards[self._require(node)] = None
        if self.keep.is_view(node):
            return self.pull(node.args[0], self.through(node, index))
        if name == "iota":
            return self.terms.position(index[0])
        args = tuple(self.pull(arg, self.align(arg, index)) for arg in node.args)
        return self.terms.apply(node.op, args, node.dtype, node.attrs)

    def align(self, arg: Node, index: Index) -> Index:
        """The index of a broadcast operand: right-aligned, 0 along its axes of size 1."""
        entries = index[len(index) - arg.ndim :] if arg.ndim else ()
        return tuple(ORIGIN if size == 1 else entry for size, entry in zip(arg.shape, entries, strict=True))

    def _constant(self, node: Node, index: Index) -> Term:
        values = node.value
        first = values.flat[0].item() if values.size else 0
        uniform = np.array_equal(values, np.full_like(values, first)) and not _negative_zero(values)
        if values.size <= 1 or uniform:
            return self.terms.const(first, node.dtype)
        return self.read(node, index)

    def through(self, node: Node, index: Index) -> Index:
        """The index of a view's operand."""
        if node.op.name == "dimshuffle":
            entries: list[Entry] = [ORIGIN] * node.args[0].ndim
            for entry, axis in zip(index, node.attrs[0], strict=True):
                if axis >= 0:
                    entries[axis] = entry
            return tuple(entries)
        if node.op.name == "slice":
            return self.inside(node, 1, index)
        return self.align(node.args[0], index)

    def inside(self, node: Node, first: int, index: Index) -> Index:
        """The index in the sliced operand for an index in the range; bounds are node.args[first:]."""
        rest = iter(index)
        bounds = slice_bounds(node.args[first:], node.attr("spec"))
        entries: list[Entry] = []
        for axis, (step, start, _) in enumerate(bounds):
            if step == 0:
                self._guard_slice(node, axis, start)
            entries.append(self.shift(next(rest) if step else ORIGIN, step, start))
        return tuple(entries)

    def _guard_slice(self, node: Node, axis: int, start: Size) -> None:
        if isinstance(start, Node) and not self.extents.known(start):
            check = self._guard(node, 0, axis, start)
            if check is not None:
                self.guards[check] = None

    def shift(self, entry: Entry, step: int, start: Size) -> Entry:
        """The entry start + step * entry."""
        if isinstance(start, Node) and not self.extents.known(start):
            moved = self.terms.position(self.shift(entry, step, 0))
            return Dyn(self.terms.apply(INDEX_ADD, (self.pull(start, ()), moved), INT64))
        offset: Linear = self.extents.linear(start)
        if isinstance(entry, At):
            return At(entry.axis, entry.step * step, linear_add(offset, entry.offset, step))
        factor = self.terms.const(step, INT64)
        scaled = entry.term if step == 1 else self.terms.apply(INDEX_MUL, (entry.term, factor), INT64)
        if offset == ZERO:
            return Dyn(scaled)
        return Dyn(self.terms.apply(INDEX_ADD, (scaled, self.terms.size(offset)), INT64))

    def _reshape(self, node: Node, index: Index) -> Term:
        have, want = self.extents.shape(node.args[0]), self.extents.shape(node)
        if same_memory(have, want):
            rest = iter([entry for entry, size in zip(index, want, strict=True) if size != 1])
            return self.pull(node.args[0], tuple(ORIGIN if size == 1 else next(rest) for size in have))
        source = reshape_source(node)
        if source.op is CONST:
            return self._constant_as(source, index, want)
        return self.read(self.values.get(source, source), index, want)

    def _constant_as(self, source: Node, index: Index, shape: tuple[Size, ...]) -> Term:
        term = self._constant(source, (ORIGIN,) * source.ndim)
        return term if term.kind == "const" else self.read(source, index, shape)

    def _gather(self, node: Node, index: Index) -> Term:
        source, positions = node.args[0], node.args[1:]
        return self.pull(source, self.mesh(node, source, positions, 1, index))

    def mesh(self, node: Node, source: Node, positions: tuple[Node, ...], first: int, index: Index) -> Index:
        """The index in `source` for an index in the result of a gather (or the range of a scatter)."""
        axes, at = node.attr("axes"), node.attr("at")
        wide = max(position.ndim for position in positions)
        middle = index[at : at + wide]
        free = iter(index[:at] + index[at + wide :])
        table: dict[int, Entry] = {}
        for number, (axis, position) in enumerate(zip(axes, positions, strict=True)):
            check = self._guard(node, first + number, axis, position)
            if check is not None:
                self.guards[check] = None
            raw = self.pull(position, self.align(position, middle))
            table[axis] = self._wrapped(raw, position, self.extents.linear(source.shape[axis]))
        return tuple(table[axis] if axis in table else next(free) for axis in range(source.ndim))

    def _wrapped(self, raw: Term, position: Node, size: Linear) -> Entry:
        """The entry for a raw position: negative ones count from the end."""
        if raw.kind == "axis":
            entry: At = raw.data
            return entry
        if raw.kind == "const":
            return At(None, 0, linear_add((raw.data, ()), size, 1 if raw.data < 0 else 0))
        if never_negative(position):
            return Dyn(raw)
        negative = self.terms.apply(INDEX_LESS, (raw, self.terms.const(0, INT64)), BOOL)
        back = self.terms.apply(INDEX_MUL, (negative, self.terms.size(size)), INT64)
        return Dyn(self.terms.apply(INDEX_ADD, (raw, back), INT64))


def never_negative(position: Node) -> bool:
    """Whether every element is known to be 0 or more."""
    while position.op.name in ("dimshuffle", "broadcast", "reshape", "slice", "specify", "gather"):
        position = position.args[0]
    if position.op.name == "cast":
        return position.args[0].dtype.kind in "bu" and position.args[0].dtype.bits < 64
    return position.op.name in ("argmax", "argmin", "iota", "nonzero", "repeated") or (position.op is CONST and bool((position.value >= 0).all()))


def _negative_zero(values: np.ndarray[Any, Any]) -> bool:
    return values.dtype.kind == "f" and bool(np.signbit(values).any()) and not values.all()
