"""Sums over the vector axis, in lanes that the graph alone decides on.

Input: innermost loops of which some statements are reduced over. Output: their loop IR. Element j goes to lane
j % 32 (j % 64 where only positions are sought, along a whole vector), in blocks of 1024 elements that are folded
by a fixed tree. A row that turns out to be shorter than 16 is added up in order instead: zeroing and folding
lanes would take longer than the row.
"""

from __future__ import annotations

from modc.graph.dtype import BOOL, INT64
from modc.schedule.loops import (
    INDEX_LESS,
    INDEX_MIN,
    INDEX_MUL,
    INDEX_SUB,
    Apply,
    Const,
    Expr,
    Fold,
    If,
    Load,
    Local,
    Loop,
    Stmt,
    Store,
    Var,
)
from modc.schedule.place import Nest
from modc.schedule.positions import LANES, cast, lanes_of
from modc.schedule.reduce import Loops
from modc.schedule.sizes import NOUGHT, plus
from modc.schedule.starts import start_of
from modc.schedule.terms import At, Statement

BLOCK = 1024
SHORT = 16  # elements of a row that are not worth lanes
LIGHT = 8  # cost of a row's element that one by one is no slower


class LaneLoops(Loops):
    """Innermost loops with reductions in lanes."""

    def lane_sums(self, nest: Nest) -> list[Statement]:
        """The reductions of a nest that run in lanes."""
        return lane_sums(nest.innermost, nest.flat_extent)

    def in_lanes_alone(self, nest: Nest, sums: list[Statement]) -> bool:
        """Whether lanes are all that a nest adds to: their fold is the result."""
        return not needs_blocks(sums, nest.flat_extent) and not _may_be_short(nest)

    def lane_loop(self, nest: Nest, extent: Expr, sums: list[Statement]) -> None:
        """A loop with lanes; rows whose length is known at the call only may turn out too short for them."""
        if not _may_be_short(nest):
            self._long(nest, extent, sums)
            return
        extent = self.let(extent)
        inner = nest.innermost
        self.scopes.enter(self.written(inner))
        self.plain(inner, extent, NOUGHT)
        few = self.scopes.leave()
        self.scopes.enter(self.written(inner))
        self._long(nest, extent, sums)
        many = self.scopes.leave()
        self.scopes.emit(If(Apply(INDEX_LESS, (extent, Const(SHORT, INT64)), BOOL), few, many))

    def _long(self, nest: Nest, extent: Expr, sums: list[Statement]) -> None:
        if needs_blocks(sums, nest.flat_extent):
            self._blocks(nest.innermost, extent, sums)
        else:
            self._lanes(nest.innermost, extent, NOUGHT, sums)

    def _blocks(self, nest: Nest, extent: Expr, sums: list[Statement]) -> None:
        """Blocks of 1024 elements: lanes, folded and added to the total."""
        count = self.divided(plus(extent, Const(BLOCK - 1, INT64)), BLOCK)
        var = self.scopes.counter()
        self.scopes.enter(self.written(nest))
        start = self.let(Apply(INDEX_MUL, (var, Const(BLOCK, INT64)), INT64))
        left = Apply(INDEX_SUB, (extent, start), INT64)
        length = self.let(Apply(INDEX_MIN, (left, Const(BLOCK, INT64)), INT64))
        self._lanes(nest, length, start, sums)
        body = self.scopes.leave()
        self.scopes.end_counter()
        self.scopes.emit(Loop(var, count, body))

    def _lanes(self, nest: Nest, extent: Expr, start: Expr, sums: list[Statement]) -> None:
        """Whole rounds of the lanes, then the rest, then the fold."""
        lanes = lanes_of(sums, extent, nest.depth)
        for statement in sums:
            local = self.direct.get(statement)
            if local is None:
                assert statement.term is not None
                local = Local(f"lane{self.next_name()}", statement.term.dtype, lanes)
                self.scopes.declare(local, Const(start_of(statement), local.dtype))
            if statement.kind == "arg":
                self.start_rounds(statement, lanes)
            self.lanes[statement] = local, NOUGHT
        if isinstance(extent, Const):
            rounds: Expr = Const(int(extent.value) // lanes, INT64)
            done: Expr = Const(int(extent.value) // lanes * lanes, INT64)
            rest: Expr = Const(int(extent.value) % lanes, INT64)
        else:
            rounds = self.let(self.divided(extent, lanes))
            done = self.let(Apply(INDEX_MUL, (rounds, Const(lanes, INT64)), INT64))
            rest = Apply(INDEX_SUB, (extent, done), INT64)
        self._rounds(nest, rounds, start, lanes)
        self.round = rounds
        if rest != NOUGHT and nest.depth and _cost(nest) <= LIGHT:
            self._rest(nest, rest, plus(start, done), lanes)
        elif rest != NOUGHT:
            self.plain(nest, rest, plus(start, done))
        for statement in sums:
            if statement.kind == "arg":
                self.fold_positions(statement, start)
            elif statement not in self.direct:
                self._add_fold(statement, self.lanes[statement][0])
            del self.lanes[statement]

    def _rounds(self, nest: Nest, rounds: Expr, start: Expr, lanes: int) -> None:
        var = self.scopes.counter()
        self.scopes.enter(self.written(nest))
        first = self.let(plus(Apply(INDEX_MUL, (var, Const(lanes, INT64)), INT64), start))
        self.round = var
        self.plain(nest, Const(lanes, INT64), first, "lanes")
        body = self.scopes.leave()
        self.scopes.end_counter()
        self.scopes.emit(Loop(var, rounds, body))

    def _rest(self, nest: Nest, rest: Expr, start: Expr, lanes: int) -> None:
        """The last elements of a row: a round in which some lanes stay as they are.

        A lane is loaded and stored once, whatever the condition, so that lanes stay in vectors.
        """
        if not isinstance(rest, Const):
            rest = self.let(rest)
            self.scopes.enter(self.written(nest))
        var = self.scopes.counter()
        self.scopes.enter(self.written(nest))
        lanes_before, rounds_before = dict(self.lanes), dict(self.rounds_of)
        kept = [self._keep_lane(statement, var) for statement in lanes_before]
        self.scopes.enter(self.written(nest))
        self.run_over(nest, self.let(plus(var, start)))
        self.body(nest)
        self.scopes.emit(If(Apply(INDEX_LESS, (var, rest), BOOL), self.scopes.leave()))
        for pairs in kept:
            for one, whole_lanes in pairs:
                self.scopes.emit(Store(whole_lanes, var, Load(one, NOUGHT)))
        body = self.scopes.leave()
        self.scopes.end_counter()
        loop: Stmt = Loop(var, Const(lanes, INT64), body, "lanes")
        if not isinstance(rest, Const):
            loop = If(Apply(INDEX_LESS, (NOUGHT, rest), BOOL), (*self.scopes.leave(), loop))
        self.scopes.emit(loop)
        self.lanes.update(lanes_before)
        self.rounds_of.update(rounds_before)

    def _add_fold(self, statement: Statement, local: Local) -> None:
        (total,) = self.accumulator[statement]
        assert statement.combine is not None
        folded = cast(Fold(statement.combine.name, local), total.dtype)
        self.scopes.emit(Store(total, NOUGHT, folded, statement.combine))
        self.scopes.forget(total)

    def _keep_lane(self, statement: Statement, lane: Var) -> list[tuple[Local, Local]]:
        """Let a statement add to copies of its lane; the copies, each with the lanes it comes from."""
        wholes = [self.lanes[statement][0]]
        if statement.kind == "arg":
            wholes.append(self.rounds_of[statement])
        pairs = []
        for whole in wholes:
            one = Local(f"kept{self.next_name()}", whole.dtype)
            self.scopes.declare(one, Load(whole, lane))
            pairs.append((one, whole))
        self.lanes[statement] = pairs[0][0], NOUGHT
        if statement.kind == "arg":
            self.rounds_of[statement] = pairs[1][0]
        return pairs


# How a loop is summed


def _may_be_short(nest: Nest) -> bool:
    """Whether a nest is a row of unknown length with little to do for each element."""
    return nest.depth > 0 and not isinstance(nest.flat_extent, int) and _cost(nest.innermost) <= LIGHT


def _cost(nest: Nest) -> int:
    """The scalar work of one element."""
    return sum(statement.term.ops for statement in nest.bind if statement.term is not None)


def lane_sums(nest: Nest, extent: object) -> list[Statement]:
    """The reductions of an innermost loop that run in lanes; none where the loop stays as it is."""
    if any(isinstance(item, Nest) for item in nest.items) or (isinstance(extent, int) and extent < LANES):
        return []
    found: list[Statement] = []
    for statement, axis in nest.bind.items():
        if statement.kind in ("check", "scatter") or not all(isinstance(entry, At) for entry in statement.out):
            return []
        if axis in statement.reduced:
            found.append(statement)
    if any(statement.kind == "arg" or _is_float(statement) for statement in found):
        return found
    return []


def needs_blocks(sums: list[Statement], extent: object) -> bool:
    """Whether lanes are folded every 1024 elements (extremes and integers do not need it)."""
    rounding = [s for s in sums if s.combine is not None and s.combine.name in ("add", "mul") and _is_float(s)]
    return bool(rounding) and not (isinstance(extent, int) and extent <= BLOCK)


def _is_float(statement: Statement) -> bool:
    return statement.term is not None and statement.term.dtype.is_inexact
