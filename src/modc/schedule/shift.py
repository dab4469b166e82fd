"""Tails of loops over narrow elements: the last block is shifted back and computed again.

A C compiler leaves up to 63 elements of an int8 loop to a scalar tail. Where a loop reads nothing that it
stores to, its last 64 elements may as well be computed twice.
"""

from __future__ import annotations

from modc.graph.dtype import BOOL, INT64
from modc.graph.node import Size
from modc.schedule.lanes import LaneLoops
from modc.schedule.loops import (
    INDEX_LESS,
    INDEX_LESS_EQUAL,
    INDEX_MUL,
    INDEX_SUB,
    Apply,
    Const,
    Expr,
    If,
    Loop,
    Place,
    Stmt,
)
from modc.schedule.place import Nest
from modc.schedule.terms import At, Source, Statement, Value

WIDTH = 64
NARROW = 2  # bytes of an element


class ShiftedTails(LaneLoops):
    """Loops in blocks of 64, the last of which overlaps the one before."""

    def shifts(self, nest: Nest) -> bool:
        """Whether the loop is over narrow elements and reads nothing that it stores to."""
        if any(isinstance(item, Nest) for item in nest.items) or _short(nest.flat_extent):
            return False
        stored: dict[Place, None] = {}
        if all(statement.term is None or not statement.term.ops for statement in nest.bind):
            return False  # copies
        for statement in nest.bind:
            if statement.reduced or statement.combine is not None or statement.kind not in ("map", "commit", "output"):
                return False
            if not all(isinstance(entry, At) for entry in statement.out):
                return False
            stored.update(dict.fromkeys(self.stores(statement)))
        if not stored or max(place.dtype.bytes for place in stored) > NARROW:
            return False
        return not any(self._read_place(statement, read[0]) in stored for statement in nest.bind for read in statement.reads)

    def _read_place(self, statement: Statement, source: Source) -> Place | None:
        if isinstance(source, Value):
            member = self.storage.through_member.get((statement, source))
            home: Place | None = source.home
            return home if member is None else member
        return self.sizes.buffer_of.get(source)

    def shifted(self, nest: Nest, extent: Expr) -> None:
        """Whole blocks, then the last 64 elements again; fewer than 64 one by one."""
        width = Const(WIDTH, INT64)
        blocks = self.divided(extent, WIDTH)
        blocks = blocks if isinstance(blocks, Const) else self.let(blocks)
        var = self.scopes.counter()
        self.scopes.enter(self.written(nest))
        self.plain(nest, width, self.let(Apply(INDEX_MUL, (var, width), INT64)), "lanes")
        body = self.scopes.leave()
        self.scopes.end_counter()
        self.scopes.emit(Loop(var, blocks, body))
        if isinstance(extent, Const):
            if int(extent.value) % WIDTH:
                for statement in self._once(nest, Const(int(extent.value) - WIDTH, INT64), width, "lanes"):
                    self.scopes.emit(statement)
            return
        again = self._once(nest, Apply(INDEX_SUB, (extent, width), INT64), width, "lanes")
        few = self._once(nest, Const(0, INT64), extent, "plain")
        left = Apply(INDEX_LESS, (Apply(INDEX_MUL, (blocks, width), INT64), extent), BOOL)
        self.scopes.emit(If(left, (If(Apply(INDEX_LESS_EQUAL, (width, extent), BOOL), again, few),)))

    def _once(self, nest: Nest, start: Expr, extent: Expr, kind: str) -> tuple[Stmt, ...]:
        self.scopes.enter(self.written(nest))
        first = start if isinstance(start, Const) else self.let(start)
        self.plain(nest, extent, first, kind)
        return self.scopes.leave()


def _short(extent: Size) -> bool:
    return isinstance(extent, int) and extent < WIDTH
