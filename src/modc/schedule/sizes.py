"""The kernel's buffers and its table of sizes: which entry of modc_call.dim holds which number.

Input: a Program and its `Extents`. Output: `Sizes`, from which `lower` takes size expressions and
`plan` learns which private numbers the kernel wants.
"""

from __future__ import annotations

from modc.graph.dtype import INT64
from modc.graph.node import Leaf, Node, Size, size_text
from modc.graph.ops_core import DIM, NAMED_DIM
from modc.schedule.extents import Extents
from modc.schedule.loops import (
    INDEX_ADD,
    INDEX_MUL,
    INDEX_SUB,
    Apply,
    Buffer,
    Const,
    Expr,
    Slot,
    Var,
)
from modc.schedule.terms import Linear

COUNTERS = frozenset("ijklm")  # names of loop counters
NOUGHT = Const(0, INT64)


class Sizes:
    """Buffers in ABI order and slots of sizes."""

    def __init__(self, extents: Extents) -> None:
        self.extents = extents
        program = self.program = extents.program
        self.count = 0
        self._position = 0
        self.axis_slot: dict[Node, int] = {}
        self.repeated: list[tuple[int, int, int, int]] = []  # named sizes met again: buffer, axis, slot, first slot
        self._updates = dict(program.updates)
        self.inputs = [
            self._leaf(leaf, name, "input") for leaf, name in zip(program.inputs, program.input_names, strict=True)
        ]
        named = zip(program.members, program.member_names, strict=True)
        self.members = [self._member(place, leaf, name) for place, (leaf, name) in enumerate(named)]
        self.outputs = [self._made(f"out{place}", "output", node) for place, node in enumerate(program.outputs)]
        self._next = {
            place: self._made(f"{member.name}_next", "next", self._updates[place])
            for place, member in enumerate(self.members)
            if member.reshaped
        }
        self.buffer_of: dict[Node, Buffer] = dict(zip(program.inputs, self.inputs, strict=True))
        self.buffer_of.update(zip(program.members, self.members, strict=True))
        self.buffers_dims = self.count
        self.private: dict[Node, int] = {}
        self._names: dict[str, Node] = {}
        self._vars: dict[Node, Var] = {}

    @property
    def buffers(self) -> tuple[Buffer, ...]:
        """All buffers, in ABI order."""
        return (*self.inputs, *self.members, *self.outputs, *self._next.values())

    def next_of(self, member: int) -> Buffer:
        """The next buffer of a member, by position."""
        return self._next[member]

    def next_items(self) -> list[tuple[int, Buffer]]:
        """The members with a next buffer, by position."""
        return list(self._next.items())

    def _leaf(self, leaf: Leaf, name: str, kind: str, **flags: bool) -> Buffer:
        fixed = tuple(dim if isinstance(dim, int) else None for dim in leaf.dims)
        for axis, size in enumerate(leaf.shape):
            if isinstance(size, int):
                continue
            if size in self.axis_slot:
                self.repeated.append((self._position, axis, self.count + axis, self.axis_slot[size]))
            else:
                self.axis_slot[size] = self.count + axis
        return self._buffer(name, kind, leaf, fixed, **flags)

    def _member(self, place: int, leaf: Leaf, name: str) -> Buffer:
        update = self._updates.get(place)
        if update is None or update is leaf:
            return self._leaf(leaf, name, "member")
        same = self.extents.shape(leaf) == self.extents.shape(update)
        return self._leaf(leaf, name, "member", written=same, reshaped=not same)

    def _made(self, name: str, kind: str, node: Node) -> Buffer:
        fixed = tuple(size if isinstance(size, int) else None for size in self.extents.shape(node))
        return self._buffer(name, kind, node, fixed)

    def _buffer(self, name: str, kind: str, node: Node, fixed: tuple[int | None, ...], **flags: bool) -> Buffer:
        buffer = Buffer(name, kind, self._position, node.dtype, node.ndim, self.count, fixed, **flags)
        self._position += 1
        self.count += node.ndim
        return buffer

    # sizes as expressions of the kernel

    def slot(self, size: Node) -> int:
        """The entry of modc_call.dim with a canonical size; private ones are made on first use."""
        if size.op in (DIM, NAMED_DIM) and size in self.axis_slot:
            return self.axis_slot[size]
        if size not in self.private:
            self.private[size] = self.reserve()
        return self.private[size]

    def reserve(self) -> int:
        """A new private entry."""
        self.count += 1
        return self.count - 1

    def var(self, size: Node) -> Var:
        """The name of a size in the kernel."""
        found = self._vars.get(size)
        if found is None:
            self.slot(size)
            found = self._vars[size] = Var(self._name(size))
        return found

    def _name(self, size: Node) -> str:
        text = size_text(size)
        if size.op is DIM:
            leaf = size.args[0]
            names = [buffer.name for node, buffer in self.buffer_of.items() if node is leaf]
            text = f"{names[0]}_n{size.attrs[0]}" if names else "n"
        plain = text.isidentifier() and text.isascii() and text not in COUNTERS and not text[1:].isdigit()
        if not plain or text in self._names:
            stem = text if plain else "n"
            number = 1
            while f"{stem}_{number}" in self._names:
                number += 1
            text = f"{stem}_{number}"
        self._names[text] = size
        return text

    @property
    def used(self) -> list[tuple[Var, Slot]]:
        """The names that the kernel needs, with their slots."""
        return [(var, Slot(self.slot(size))) for size, var in self._vars.items()]

    def extent(self, size: Size) -> Expr:
        """A canonical size."""
        return Const(size, INT64) if isinstance(size, int) else self.var(size)

    def linear(self, value: Linear) -> Expr:
        """A sum of sizes."""
        total: Expr | None = None
        for node, factor in value[1]:
            if factor < 0 and total is not None:
                total = Apply(INDEX_SUB, (total, times(self.var(node), -factor)), INT64)
            else:
                total = plus(total, times(self.var(node), factor))
        if total is None:
            return Const(value[0], INT64)
        return plus(total, Const(value[0], INT64))


def times(a: Expr, b: Expr | int) -> Expr:
    """The product, with constants folded."""
    b = Const(b, INT64) if isinstance(b, int) else b
    if isinstance(a, Const) and isinstance(b, Const):
        return Const(a.value * b.value, INT64)
    if isinstance(a, Const):
        a, b = b, a
    if isinstance(b, Const) and b.value in (0, 1):
        return a if b.value == 1 else NOUGHT
    return Apply(INDEX_MUL, (a, b), INT64)


def plus(a: Expr | None, b: Expr) -> Expr:
    """The sum, with constants folded."""
    if a is None:
        return b
    if isinstance(a, Const) and isinstance(b, Const):
        return Const(a.value + b.value, INT64)
    if isinstance(a, Const):
        a, b = b, a
    if isinstance(b, Const):
        if b.value == 0:
            return a
        if isinstance(b.value, int) and b.value < 0:
            return Apply(INDEX_SUB, (a, Const(-b.value, INT64)), INT64)
    return Apply(INDEX_ADD, (a, b), INT64)
