"""The statements of `plan`: sizes checked, sizes of results, private numbers, arena and work.

Input: `Extents` (agreements in walk order), `Sizes` (slots), the arena and the placed tree. Output: the
plan's statements, or None where every size is fixed, with the arena's bytes and the work of every call.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from modc.graph.dtype import BOOL, FLOAT64, INT64
from modc.graph.node import Leaf, Node, Size
from modc.graph.op import OPS
from modc.graph.ops_core import CAST, CONST, DIM, NAMED_DIM
from modc.graph.sizes import never_negative
from modc.schedule.extents import Agreement, Extents
from modc.schedule.loops import (
    INDEX_AND,
    INDEX_EQUAL,
    INDEX_LESS,
    INDEX_LESS_EQUAL,
    INDEX_PADDED,
    INDEX_WORK,
    MOST_BYTES,
    Apply,
    Buffer,
    Check,
    Const,
    Expr,
    Let,
    LetProduct,
    Load,
    SetNeed,
    SetSlot,
    Site,
    Slot,
    Stmt,
    Var,
)
from modc.schedule.place import Body, Nest
from modc.schedule.sizes import NOUGHT, Sizes, plus
from modc.schedule.storage import ALIGN, Arena
from modc.schedule.terms import Statement

Factors = tuple[Expr, ...]


class Plan:
    """Statements of plan."""

    def __init__(self, extents: Extents, sizes: Sizes, sites: list[Site], numbers: dict[Node, int]) -> None:
        self.extents, self.sizes, self.sites, self.numbers = extents, sizes, sites, numbers
        self.stmts: list[Stmt] = []
        self._memo: dict[Node, Expr] = {}
        self._lets = 0
        self._agreed: dict[tuple[Expr, Expr], None] = {}
        self._counted: dict[Factors, Var] = {}

    def build(self, root: Body, arena: Arena) -> tuple[tuple[Stmt, ...] | None, int, int]:
        """(plan or None, arena bytes, work)."""
        self._named()
        for agreement in self.extents.agreements:
            self._agreement(agreement)
        made = [buffer for buffer in self.sizes.buffers if buffer.kind in ("output", "next")]
        fixed = not self.stmts and not self.sizes.axis_slot and not self.sizes.private
        if fixed and all(None not in buffer.size for buffer in made):
            work = self._work(root)
            assert isinstance(work, Const) and not self.stmts
            return None, arena.bytes, int(work.value)
        for buffer in made:
            self._result(buffer)
        self._private()
        need = self._arena(arena)
        self.stmts.append(SetNeed(need, self._work(root)))
        return tuple(self.stmts), arena.bytes, 0

    # checks

    def _site(self, kind: str, node: int, operand: int = 0) -> int:
        self.sites.append(Site(kind, node, operand))
        return len(self.sites) - 1

    def _named(self) -> None:
        for buffer, axis, slot, first in self.sizes.repeated:
            got, want = Slot(slot), Slot(first)
            site = self._site("named", -1, buffer)
            self.stmts.append(Check(Apply(INDEX_EQUAL, (got, want), BOOL), site, axis, got, want))

    def _agreement(self, agreement: Agreement) -> None:
        kind, node, operand, axis, *pair, name = agreement
        got, want = self._size(pair[0]), self._size(pair[1])
        if kind == "eq":
            if got == want or (got, want) in self._agreed:
                return
            self._agreed[got, want] = None
            ok: Expr = Apply(INDEX_EQUAL, (got, want), BOOL)
        else:
            below = Apply(INDEX_LESS, (got, want), BOOL)
            ok = below if got == NOUGHT else Apply(INDEX_AND, (_not_negative(got), below), BOOL)
        number = -1 if node is None else self.numbers[node]
        self.stmts.append(Check(ok, self._site(name, number, operand), axis, got, want))

    # sizes

    def _size(self, size: Size) -> Expr:
        """A size exactly as the user wrote it (not its canonical form)."""
        return Const(size, INT64) if isinstance(size, int) else self._value(size)

    def _value(self, node: Node) -> Expr:
        stack = [node]
        while stack:
            top = stack[-1]
            waiting = [arg for arg in self._operands(top) if arg not in self._memo]
            if waiting:
                stack.extend(waiting)
                continue
            stack.pop()
            if top not in self._memo:
                self._memo[top] = self._compute(top)
        return self._memo[node]

    def _operands(self, node: Node) -> tuple[Node, ...]:
        return () if node.op in (DIM, NAMED_DIM) or node.op.name == "slice" else node.args

    def _compute(self, node: Node) -> Expr:
        if node.op in (DIM, NAMED_DIM):
            return self._dim(node)
        if node.op is CONST:
            return Const(node.value.item(), node.dtype)
        if isinstance(node, Leaf):
            return Load(self.sizes.buffer_of[node], NOUGHT)
        if node.op is OPS["slice"]:
            return self._element(node)
        args = tuple(self._memo[arg] for arg in node.args)
        if node.op.name == "sub" and isinstance(args[1], Const) and args[1].value == 0:
            return args[0]
        self._lets += 1
        var = Var(f"p{self._lets}", node.dtype)
        self.stmts.append(Let(var, Apply(node.op, args, node.dtype, node.attrs)))
        return var

    def _dim(self, node: Node) -> Expr:
        slot = self.sizes.axis_slot.get(node)
        if slot is not None:
            return Slot(slot)
        fixed = node.args[0].shape[node.attrs[0]]
        return self._size(fixed)

    def _element(self, node: Node) -> Expr:
        """One fixed element of a constant."""
        source = node.args[0]
        index = tuple(int(arg.value) for arg in node.args[1:])
        return Const(np.asarray(source.value[index]).item(), node.dtype)

    def _result(self, buffer: Buffer) -> None:
        """Sizes of an output or next buffer, and that their product can be counted in bytes."""
        kind = "output" if buffer.kind == "output" else "next"
        if kind == "output":
            node = self.extents.program.outputs[self.sizes.outputs.index(buffer)]
        else:
            position = next(place for place, found in self.sizes.next_items() if found is buffer)
            node = dict(self.extents.program.updates)[position]
        shape = self.extents.shape(node)
        if not all(isinstance(size, int) for size in shape):
            self._bytes(shape, buffer.dtype.bytes)
        for axis, size in enumerate(shape):
            self.stmts.append(SetSlot(buffer.dim + axis, self._canonical(size)))

    def _canonical(self, size: Size) -> Expr:
        found = self._size(size)
        if isinstance(size, Node) and not isinstance(found, Const | Slot):
            key = found, NOUGHT
            if key not in self._agreed:
                self._agreed[key] = None
                self.stmts.append(Check(_not_negative(found), self._site("size", self._owner(size)), 0, found, NOUGHT))
        return found

    def _owner(self, size: Node) -> int:
        return self.numbers.get(size, -1)

    def _bytes(self, shape: Sequence[Size], item: int) -> Expr:
        """The bytes of an array, checked to be countable; sums of these do not overflow."""
        sizes = [self._canonical(size) for size in shape]
        fixed = item
        for size in sizes:
            fixed *= int(size.value) if isinstance(size, Const) else 1
        factors = (*(size for size in sizes if not isinstance(size, Const)), Const(min(fixed, MOST_BYTES), INT64))
        if len(factors) == 1:
            return factors[0]
        if factors not in self._counted:
            self._lets += 1
            self._counted[factors] = Var(f"p{self._lets}")
            self.stmts.append(LetProduct(self._counted[factors], factors, self._site("memory", -1)))
        return self._counted[factors]

    def _private(self) -> None:
        for size, slot in self.sizes.private.items():
            self.stmts.append(SetSlot(slot, self._value(size) if never_negative(size) else self._canonical(size)))

    # arena and work

    def _arena(self, arena: Arena) -> Expr:
        total: Expr = Const(-(-arena.bytes // ALIGN) * ALIGN, INT64)
        for slot, shape, item in arena.slots:
            size = self._bytes(shape, item)
            self.stmts.append(SetSlot(slot, total))
            self._lets += 1
            var = Var(f"p{self._lets}")
            self.stmts.append(Let(var, plus(Apply(INDEX_PADDED, (size,), INT64), total)))
            total = var
        return total

    def _work(self, root: Body) -> Expr:
        """About how many scalar operations a call does: a polynomial in the sizes, in float64."""
        total: dict[Factors, int] = {}
        for item in root.items:
            self._effort(item, (), total)
        terms = [self._monomial(factors, count) for factors, count in total.items() if factors]
        known = total.get((), 0)
        if not terms:
            return Const(min(known, 10**15), INT64)
        terms.append(Const(float(known), FLOAT64))
        while len(terms) > 1:  # a balanced tree: expressions stay shallow
            pairs = [terms[at : at + 2] for at in range(0, len(terms), 2)]
            terms = [Apply(OPS["add"], tuple(pair), FLOAT64) if len(pair) == 2 else pair[0] for pair in pairs]
            if len(terms) > 8:
                terms = [self._named_work(term) for term in terms]
        return Apply(INDEX_WORK, (terms[0],), INT64)

    def _monomial(self, factors: Factors, count: int) -> Expr:
        product: Expr = Const(float(count), FLOAT64)
        for factor in factors:
            product = Apply(OPS["mul"], (product, Apply(CAST, (factor,), FLOAT64, (FLOAT64,))), FLOAT64)
        return product

    def _named_work(self, effort: Expr) -> Expr:
        self._lets += 1
        var = Var(f"p{self._lets}", FLOAT64)
        self.stmts.append(Let(var, effort))
        return var

    def _effort(self, item: Nest | Statement, around: tuple[Size, ...], total: dict[Factors, int]) -> None:
        """Add the operations of one item inside loops of the extents `around`."""
        if isinstance(item, Nest):
            for below in item.items:
                self._effort(below, (*around, item.extent), total)
            return
        if item.kind == "call":
            extents, count = item.call.work()
            around = (*around, *extents)
        else:
            count = 1 + (item.term.ops if item.term is not None else 0)
        factors: list[Expr] = []
        for size in around:
            if isinstance(size, int):
                count *= size
            else:
                factors.append(self._size(size))
        key = tuple(sorted(factors, key=repr))
        total[key] = total.get(key, 0) + count


def _not_negative(size: Expr) -> Expr:
    return Apply(INDEX_LESS_EQUAL, (NOUGHT, size), BOOL)
