"""Transposed copies in tiles: two loops of which one walks along the rows of what is read, one along those of what is stored.

Input: nests that `mark_tiles` found (a loop and its only child, elements that do not depend on each other). Output:
the same loops over tiles of 32 by 32, so that every cache line is used up before it is dropped.
"""

from __future__ import annotations

from modc.graph.dtype import INT64
from modc.graph.node import Size
from modc.schedule.loops import INDEX_MIN, INDEX_MUL, INDEX_SUB, Apply, Const, Expr, Loop, Var
from modc.schedule.place import Body, Nest
from modc.schedule.shift import ShiftedTails
from modc.schedule.sizes import NOUGHT, plus
from modc.schedule.terms import At, Axis, Statement

TILE = 32


def mark_tiles(body: Body) -> None:
    """Mark the loops that run in tiles together with their only child."""
    for item in body.items:
        if isinstance(item, Nest) and item.mode == "plain":
            if not item.collapsed and _crossed(item):
                item.mode = "tiles"
            else:
                mark_tiles(item.innermost)


def _crossed(nest: Nest) -> bool:
    """Whether one of the two loops is the fast one of what is read and not of what is stored, in any order of elements."""
    inner = nest.items[0]
    if len(nest.items) > 1 or not isinstance(inner, Nest) or nest.lag or inner.lag or _fits(inner.extent):
        return False
    crossed = False
    for item in inner.items:
        if isinstance(item, Nest) or item.kind not in ("map", "commit", "output") or item.combine is not None:
            return False
        if not all(isinstance(entry, At) for entry in item.out):
            return False
        crossed = crossed or _reads_across(item, nest.bind[item], inner.bind[item])
    return crossed


def _reads_across(statement: Statement, a: Axis, b: Axis) -> bool:
    """Whether a statement reads something along whose rows a runs, while b jumps from row to row."""
    for _, index, _ in statement.reads:
        axes = [entry.axis if isinstance(entry, At) else None for entry in index]
        if len(axes) > 1 and axes[-1] is a and b in axes[:-1]:
            return True
    return False


def _fits(extent: Size) -> bool:
    return isinstance(extent, int) and extent <= TILE


class Tiles(ShiftedTails):
    """Pairs of loops over tiles."""

    def tiled(self, nest: Nest) -> None:
        """The whole nest."""
        (inner,) = nest.items
        assert isinstance(inner, Nest)
        blocks = [self._begin_blocks(one) for one in (nest, inner)]
        heads = []
        for one, (_, _, first, width) in zip((nest, inner), blocks, strict=True):
            var = self.scopes.counter()
            heads.append((var, width))
            self.scopes.enter(self.written(one))
            self.run_over(one, plus(var, first))
        self.body(inner)
        for var, width in reversed(heads):
            self._end_loop_over(var, width)
        for block, count, _, _ in reversed(blocks):
            if block is not None:
                self._end_loop_over(block, count)

    def _begin_blocks(self, nest: Nest) -> tuple[Var | None, Expr, Expr, Expr]:
        """The counter of blocks and how many there are; the first element of one, and how many it has."""
        extent = self.sizes.extent(nest.extent)
        if _fits(nest.extent):
            return None, NOUGHT, NOUGHT, extent
        count = self.divided(plus(extent, Const(TILE - 1, INT64)), TILE)
        var = self.scopes.counter()
        self.scopes.enter(self.written(nest))
        first = self.let(Apply(INDEX_MUL, (var, Const(TILE, INT64)), INT64))
        left = Apply(INDEX_SUB, (extent, first), INT64)
        return var, count, first, self.let(Apply(INDEX_MIN, (left, Const(TILE, INT64)), INT64))

    def _end_loop_over(self, var: Var, extent: Expr) -> None:
        body = self.scopes.leave()
        self.scopes.end_counter()
        self.scopes.emit(Loop(var, extent, body))
