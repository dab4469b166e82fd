"""From nodes to statements: every kept node, output, update and check, with its axes, term and reads.

Input: a Program, its `Extents` and `Keep`. Output: `Builder.statements` in creation order (depth first
from the outputs, then the updates), each with its reads and the checks that guard them. `order` adds
the other edges. An update is a value and, apart, a commit that copies it into the member.
"""

from __future__ import annotations

from modc.graph.dtype import BOOL, INT64
from modc.graph.node import Leaf, Node, Size
from modc.graph.op import OPS, Op
from modc.graph.ops_array import COMBINE
from modc.graph.ops_core import CONST
from modc.schedule.extents import Extents
from modc.schedule.gemm import Gemm, Scaled, gemm_of, scaled_call, scaled_product
from modc.schedule.keep import Keep, walk_numbers
from modc.schedule.loops import Buffer, Site
from modc.schedule.pull import Puller
from modc.schedule.sizes import Sizes
from modc.schedule.terms import (
    ORIGIN,
    ZERO,
    At,
    Axis,
    Dyn,
    Index,
    Statement,
    Term,
    Value,
    linear_add,
)
from modc.schedule.whole import Whole, scratch_value, whole_call


class Builder:
    """Statements of one program."""

    def __init__(self, extents: Extents, keep: Keep, sizes: Sizes) -> None:
        self.program = extents.program
        self.extents, self.keep, self.sizes = extents, keep, sizes
        self.puller = Puller(extents, keep, self._guard, self._require)
        self.terms = self.puller.terms
        self.statements: list[Statement] = []
        self.values: list[Value] = []
        self.sites: list[Site] = []
        self.numbers = walk_numbers(self.program)
        self._checks: dict[tuple[Node, Size], Statement | None] = {}
        self._required: dict[Node, Statement] = {}
        self._build()

    def _build(self) -> None:
        program = self.program
        self._scaled = self._scaled_products()
        in_place = {node: program.members[member] for member, node in program.updates if self._in_place(member, node)}
        rest = iter(self.keep.nodes)
        roots = list(program.roots)
        done: set[Node] = set()
        for number, root in enumerate(roots):
            while root not in done:
                node = next(rest)
                done.add(node)
                if node in self.keep.kept and node not in in_place and not self._folded(node):
                    self.build_kept(node)
            if number < len(program.outputs):
                self._store("output", root, self.sizes.outputs[number])
            else:
                self._update(program.updates[number - len(program.outputs)][0], root)

    # kept nodes

    def build_kept(self, node: Node) -> Value:
        """The value of a kept node and the statements that fill it."""
        value = self._patched(node)
        if value is not None:
            return value
        value = self._value(node, self.extents.shape(node))
        name = node.op.name
        if node in self._scaled:
            scaled, member = self._scaled[node]
            self._call(value, node, scaled_call(self.puller, scaled, member))
        elif name in ("argmax", "argmin"):
            self._argument(value, node)
        elif node.op.family == "reduce":
            self._reduce(value, node)
        elif name == "dot":
            self._dot(value, node)
        elif node.op.family == "call":
            self._call(value, node, self._whole(node))
        elif name in ("update_slice", "scatter"):
            self._map(value, node.args[0])
            self._write_into(value, node)
        elif name == "concat":
            self._concat(value, node)
        else:
            axes, index = self.puller.axes_of(value.shape)
            self._add("map", node, axes, index, self.puller.compute(node, index), value)
        self.puller.values[node] = value
        return value

    def _patched(self, node: Node) -> Value | None:
        """The value of the array that `node` changes a part of, where only `node` wants it: it gives its place."""
        base = self.puller.values.get(node.args[0]) if node.op.name in ("update_slice", "scatter") else None
        if base is None or len(base.writers) < 2 or self.keep.uses[node.args[0]] != 1:
            return None
        self._write_into(base, node)
        self.puller.values[node] = base
        return base

    def _value(self, node: Node, shape: tuple[Size, ...]) -> Value:
        value = Value(len(self.values), node, shape)
        self.values.append(value)
        return value

    def _add(
        self, kind: str, node: Node, axes: list[Axis], out: Index, term: Term | None, value: Value | None
    ) -> Statement:
        """A new statement, guarded by the checks of what was pulled for it."""
        statement = Statement(kind, node, axes, out, term)
        statement.preds.update(dict.fromkeys(self.puller.guards))
        self.puller.guards.clear()
        statement.value = value
        if value is not None:
            value.writers.append(statement)
        self._number(statement)
        return statement

    def _number(self, statement: Statement) -> None:
        statement.number = len(self.statements)
        statement.collect_reads()
        self.statements.append(statement)

    def _map(self, value: Value, node: Node) -> None:
        axes, index = self.puller.axes_of(value.shape)
        self._add("map", node, axes, index, self.puller.pull(node, index), value)

    def _reduce(self, value: Value, node: Node) -> None:
        source, dropped = node.args[0], node.attrs[0]
        axes, index = self.puller.axes_of(self.extents.shape(source))
        out = tuple(entry for axis, entry in enumerate(index) if axis not in dropped)
        term = self.puller.pull(source, index)
        reduced = [index[axis].axis for axis in dropped if isinstance(index[axis], At)]
        self._summed(value, node, axes, out, term, OPS[node.op.c], reduced)  # type: ignore[index]

    def _summed(
        self, value: Value, node: Node, axes: list[Axis], out: Index, term: Term, combine: Op, reduced: list[Axis | None]
    ) -> None:
        found = tuple(axis for axis in reduced if axis is not None)
        statement = self._add("reduce" if found else "map", node, axes, out, term, value)
        if found:
            statement.reduced, statement.combine = found, combine

    def _argument(self, value: Value, node: Node) -> None:
        source, dropped = node.args[0], node.attrs[0]
        axes, index = self.puller.axes_of(self.extents.shape(source))
        out = index[:dropped] + index[dropped + 1 :]
        if index[dropped] == ORIGIN:
            self._add("map", node, axes, out, self.terms.const(0, INT64), value)
            return
        statement = self._add("arg", node, axes, out, self.puller.pull(source, index), value)
        statement.reduced = (index[dropped].axis,)

    def _call(self, value: Value, node: Node, call: Gemm | Whole) -> None:
        statement = Statement("call", node, [], (), None)
        statement.preds.update(dict.fromkeys(self.puller.guards))
        self.puller.guards.clear()
        statement.call, statement.value = call, value
        value.writers.append(statement)
        if isinstance(call, Whole) and call.scratch is not None:
            call.scratch.writers.append(statement)
        self._number(statement)
        if isinstance(call, Whole) and call.scratch is not None and "checking" in node.op.traits:
            self._answer(node, call.scratch)

    def _answer(self, node: Node, mark: Value) -> None:
        """The statement that checks what a call says of its own operands, in its scratch."""
        said = self.terms.read(mark, (ORIGIN,), mark.shape, INT64)
        ok = self.terms.apply(OPS["ne"], (said, self.terms.const(0, INT64)), BOOL)
        statement = self._add("check", node, [], (), ok, None)
        statement.site = len(self.sites)
        self.sites.append(Site("value", self.numbers[node], 0))

    def _whole(self, node: Node) -> Whole:
        call = whole_call(self.puller, node)
        call.scratch = scratch_value(self.puller, node, len(self.values))
        if call.scratch is not None:
            self.values.append(call.scratch)
        return call

    def _dot(self, value: Value, node: Node) -> None:
        if self.keep.is_gemm(node):
            self._call(value, node, gemm_of(self.puller, node))
            return
        a, b = node.args
        if self.keep.is_written_out(node):
            self._written_out(value, node)
            return
        outer, left = self.puller.axes_of(self.extents.shape(a)[:-1])
        inner, middle = self.puller.axes_of((self.extents.canonical(a.shape[-1]),))
        columns, right = self.puller.axes_of(self.extents.shape(b)[1:])
        product = self.terms.apply(
            OPS["mul"], (self.puller.pull(a, left + middle), self.puller.pull(b, middle + right)), node.dtype
        )
        combine = OPS["or_" if node.dtype.kind == "b" else "add"]  # lanes of bools are folded by it too
        self._summed(value, node, outer + inner + columns, left + right, product, combine, list(inner))

    def _written_out(self, value: Value, node: Node) -> None:
        """A product with few terms, term by term."""
        a, b = node.args
        terms = self.extents.canonical(a.shape[-1])
        assert isinstance(terms, int)
        axes, index = self.puller.axes_of(value.shape)
        left, right = index[: a.ndim - 1], index[a.ndim - 1 :]
        total: Term | None = None
        for place in range(terms):
            middle = (At(None, 0, (place, ())),)
            factors = self.puller.pull(a, left + middle), self.puller.pull(b, middle + right)
            product = self.terms.apply(OPS["mul"], factors, node.dtype)
            total = product if total is None else self.terms.apply(OPS["add"], (total, product), node.dtype)
        self._add("map", node, axes, index, total, value)

    def _concat(self, value: Value, node: Node) -> None:
        offset = ZERO
        for part in node.args:
            shape = list(value.shape)
            shape[node.attrs[0]] = self.extents.canonical(part.shape[node.attrs[0]])
            axes, index = self.puller.axes_of(tuple(shape))
            entry = index[node.attrs[0]]
            assert isinstance(entry, At)
            moved = entry._replace(offset=linear_add(entry.offset, offset))
            out = (*index[: node.attrs[0]], moved, *index[node.attrs[0] + 1 :])
            self._add("map", part, axes, out, self.puller.pull(part, index), value)
            offset = linear_add(offset, self.extents.linear(part.shape[node.attrs[0]]))

    # writes into a part

    def _region(self, node: Node) -> tuple[list[Axis], Index, Index]:
        """Axes of the part that an update_slice or scatter writes, their index, and the index in the whole."""
        if node.op.name == "update_slice":
            steps = node.attr("spec")
            rest = iter(node.args[2:])
            sizes = []
            for step in steps:
                next(rest)
                if step:
                    length = next(rest)
                    sizes.append(self.extents.canonical(_size(length)))
            axes, index = self.puller.axes_of(tuple(sizes))
            return axes, index, self.puller.inside(node, 2, index)
        positions = node.args[2:]
        shape = tuple(self.extents.canonical(size) for size in _wide_shape(node))
        axes, index = self.puller.axes_of(shape)
        return axes, index, self.puller.mesh(node, node.args[0], positions, 2, index)

    def _write_into(self, value: Value, node: Node) -> None:
        """The statement that sets or adds to a part of `value`, which holds a copy of the whole."""
        axes, index, out = self._region(node)
        term = self.puller.pull(node.args[1], self.puller.align(node.args[1], index))
        kind = "scatter" if node.op.name == "scatter" else "map"
        statement = self._add(kind, node, axes, out, term, value)
        if node.attr("mode") != "set":
            statement.combine = OPS[COMBINE[node.attr("mode")]]

    # checks

    def _guard(self, node: Node, operand: int, axis: int, position: Node) -> Statement | None:
        """The statement that checks the elements of `position` against an axis of node.args[0], made once."""
        source = node.args[0]
        size = self.extents.canonical(source.shape[axis])
        key = position, size
        if key in self._checks:
            return self._checks[key]
        if self._in_range(position, size):
            self._checks[key] = None
            return None
        outer, self.puller.guards = self.puller.guards, {}
        axes, index = self.puller.axes_of(self.extents.shape(position))
        term = self.puller.pull(position, index)
        statement = self._add("check", position, axes, (), term, None)
        statement.target = self.extents.linear(size), axis, node.op.name == "slice" or node.op.name == "update_slice"
        statement.site = len(self.sites)
        self.sites.append(Site("index", self.numbers[node], operand))
        self.puller.guards = outer
        self._checks[key] = statement
        return statement

    def _require(self, node: Node) -> Statement:
        """The statement that checks every element of a condition, made once."""
        found = self._required.get(node)
        if found is None:
            outer, self.puller.guards = self.puller.guards, {}
            axes, index = self.puller.axes_of(self.extents.shape(node.args[1]))
            found = self._add("check", node, axes, (), self.puller.pull(node.args[1], index), None)
            found.site = len(self.sites)
            self.sites.append(Site(node.attr("kind"), self.numbers[node], 1))
            self.puller.guards = outer
            self._required[node] = found
        return found

    def _in_range(self, position: Node, size: Size) -> bool:
        if position.op is CONST and isinstance(size, int):
            return bool(((position.value >= -size) & (position.value < size)).all())
        while position.op.name == "dimshuffle":
            position = position.args[0]
        if position.op.name in ("nonzero", "repeated"):
            return _same(self.extents.canonical(position.args[0].shape[0]), size)
        return position.op.name == "iota" and _same(self.extents.canonical(position.shape[0]), size)

    # outputs and updates

    def _store(self, kind: str, node: Node, target: Buffer) -> Statement:
        axes, index = self.puller.axes_of(self.extents.shape(node))
        statement = self._add(kind, node, axes, index, self.puller.pull(node, index), None)
        statement.target, statement.whole = target, self.extents.shape(node)
        return statement

    def _same_shape(self, member: Leaf, node: Node) -> bool:
        return self.extents.shape(member) == self.extents.shape(node)

    def _in_place(self, position: int, node: Node) -> bool:
        """Whether an update sets only a part of its member, and nobody else wants the whole."""
        if node.op.name not in ("update_slice", "scatter") or self.keep.uses[node] != 1:
            return False
        return node.args[0] is self.program.members[position]

    def _scaled_products(self) -> dict[Node, tuple[Scaled, Leaf]]:
        """Updates that are one gemm call with the member as C."""
        found: dict[Node, tuple[Scaled, Leaf]] = {}
        for position, node in self.program.updates:
            member = self.program.members[position]
            if node in found or not self._same_shape(member, node):
                continue
            scaled = scaled_product(self.keep, node, member)
            if scaled is not None:
                found[node] = scaled, member
        self._products = {scaled.product for node, (scaled, _) in found.items() if scaled.product is not node}
        return found

    def _folded(self, node: Node) -> bool:
        """Whether a product is part of an update's call."""
        return node in self._products

    def _update(self, position: int, node: Node) -> None:
        member = self.program.members[position]
        if node is member:
            return
        if not self._same_shape(member, node):
            self._store("output", node, self.sizes.next_of(position))
            return
        buffer = self.sizes.members[position]
        if self._in_place(position, node) and self._commit_part(member, buffer, node):
            return
        value = self.puller.values.get(node)
        if value is None and node in self.keep.kept:
            value = self.build_kept(node)
        if value is None:
            value = self._value(node, self.extents.shape(node))
            self._map(value, node)
        self._commit(member, buffer, node, value)

    def _commit(self, member: Leaf, buffer: Buffer, node: Node, value: Value) -> Statement:
        axes, index = self.puller.axes_of(value.shape)
        statement = self._add("commit", node, axes, index, self.puller.read(value, index), None)
        statement.target, statement.member, statement.whole = buffer, member, self.extents.shape(member)
        return statement

    def _commit_part(self, member: Leaf, buffer: Buffer, node: Node) -> bool:
        """Commit a range or positions of the member; False where its index or addend needs the member itself."""
        axes, index, out = self._region(node)
        if any(isinstance(entry, Dyn) and _reads(entry.term, member) for entry in out):
            self.puller.guards.clear()
            return False
        guards = dict(self.puller.guards)
        shape = tuple(1 if entry == ORIGIN else entry.axis.extent for entry in index)  # type: ignore[union-attr]
        value = self._part_value(node, shape)
        self.puller.guards = guards
        term = self.puller.read(value, index)
        statement = self._add("commit", node, axes, out, term, None)
        statement.target, statement.member, statement.whole = buffer, member, self.extents.shape(member)
        if node.attr("mode") != "set" and node.op.name == "scatter":
            statement.combine = OPS[COMBINE[node.attr("mode")]]
        return True

    def _part_value(self, node: Node, shape: tuple[Size, ...]) -> Value:
        """What a partial update stores, of the part's whole shape."""
        addend = node.args[1]
        known = self.puller.values.get(addend)
        scatter = node.op.name == "scatter"
        if known is not None and known.shape == shape and (scatter or node.attr("mode") == "set"):
            return known
        self.puller.guards.clear()
        value = self._value(addend, shape)
        axes, index = self.puller.axes_of(shape)
        term = self.puller.pull(addend, self.puller.align(addend, index))
        if not scatter and node.attr("mode") == "add":
            old = self.puller.read(node.args[0], self.puller.inside(node, 2, index))
            term = self.terms.apply(OPS["add"], (old, term), node.dtype)
        self._add("map", addend, axes, index, term, value)
        return value


def _same(one: Size, other: Size) -> bool:
    return one is other or (isinstance(one, int) and one == other)


def _size(node: Node) -> Size:
    return int(node.value) if node.op is CONST else node


def _wide_shape(node: Node) -> tuple[Size, ...]:
    """The shape of the part that a scatter writes."""
    shape = OPS["gather"].shape
    assert shape is not None
    found: tuple[Size, ...] = shape((node.args[0], *node.args[2:]), node.attr("axes"), node.attr("at"))
    return found


def _reads(term: Term, member: Node) -> bool:
    """Whether a term reads the member."""
    if term.kind == "read" and term.data[0] is member:
        return True
    inside = [entry.term for entry in term.data[1] if isinstance(entry, Dyn)] if term.kind == "read" else []
    return any(_reads(arg, member) for arg in (*term.args, *inside))
