"""argmax and argmin: the best value so far and where it stood, in one number or in 32 lanes.

The first of equal elements wins, and the first NaN before all others. A lane remembers the round in
which it met its best element, in a narrow integer so that both fit the same vectors.
"""

from __future__ import annotations

from collections.abc import Sequence

from modc.graph.dtype import BOOL, INT32, INT64, DType
from modc.graph.op import OPS, Op
from modc.graph.ops_core import CAST
from modc.schedule.loops import Apply, Const, Expr, Fold, If, Load, Local, Loop, Store
from modc.schedule.scalar import Scalars
from modc.schedule.sizes import NOUGHT, Sizes, plus, times
from modc.schedule.starts import highest, start_of
from modc.schedule.storage import Storage
from modc.schedule.terms import Statement

LANES = 32
POSITION_LANES = 64  # where positions are all that a long loop finds: a round of 32 would wait for the one before


def cast(expr: Expr, dtype: DType) -> Expr:
    """`expr` in another dtype."""
    return expr if expr.dtype is dtype else Apply(CAST, (expr,), dtype, (dtype,))


class Positions(Scalars):
    """Accumulators of argmax and argmin."""

    def __init__(self, storage: Storage, sizes: Sizes) -> None:
        super().__init__(storage, sizes)
        self.accumulator: dict[Statement, tuple[Local, ...]] = {}  # a number, or (position, best value)
        self.lanes: dict[Statement, tuple[Local, Expr]] = {}  # the lanes that a statement adds to now, and which
        self.round: Expr = NOUGHT  # of the lanes
        self.rounds_of: dict[Statement, Local] = {}
        self._names = 0

    def next_name(self) -> int:
        """A number for the name of a new local."""
        self._names += 1
        return self._names

    def start_position(self, statement: Statement) -> None:
        """One best value, and its position."""
        assert statement.term is not None
        number, dtype = self.next_name(), statement.term.dtype
        best, place = Local(f"best{number}", dtype), Local(f"place{number}", INT64)
        self.scopes.declare(best, Const(start_of(statement), dtype))
        self.scopes.declare(place, NOUGHT)
        self.accumulator[statement] = place, best

    def start_rounds(self, statement: Statement, lanes: int) -> None:
        """Beside the lanes of best values, the rounds in which they were met."""
        assert statement.term is not None
        dtype = INT64 if statement.term.dtype.bits == 64 else INT32
        local = self.rounds_of[statement] = Local(f"round{self.next_name()}", dtype, lanes)
        self.scopes.declare(local, Const(0, dtype))

    def accumulate_position(self, statement: Statement, term: Expr) -> None:
        """One element, without a branch; the best value does not wait for the comparison."""
        now: Expr = self.axis[statement.reduced[0]]
        lane: Expr = NOUGHT
        if statement in self.lanes:
            (bests, lane), places = self.lanes[statement], self.rounds_of[statement]
            now = cast(self.round, places.dtype)
        else:
            places, bests = self.accumulator[statement]
        best = self.scopes.name(Load(bests, lane))
        better = self.scopes.name(self._better(statement, term, best))
        self.scopes.emit(Store(bests, lane, term, extreme(statement)))
        where = Apply(OPS["where"], (better, now, Load(places, lane)), places.dtype)
        self.scopes.emit(Store(places, lane, where))
        self.scopes.forget(bests)

    def fold_positions(self, statement: Statement, start: Expr) -> None:
        """The best of all lanes, and the first position where it stood."""
        (bests, _), rounds = self.lanes[statement], self.rounds_of.pop(statement)
        place, best = self.accumulator[statement]
        found = self.scopes.name(self.folded(bests, NOUGHT, extreme(statement)))
        first = Local(f"first{self.next_name()}", INT64, LANES)
        self.scopes.declare(first, None)
        var = self.scopes.counter()
        self.scopes.enter((first,))
        for lane in (plus(var, Const(offset, INT64)) for offset in range(0, bests.length, LANES)):
            position = plus(times(cast(Load(rounds, lane), INT64), bests.length), lane)
            args = self._equal(Load(bests, lane), found), position, Const(highest(INT64), INT64)
            stood: Expr = Apply(OPS["where"], args, INT64)
            self.scopes.emit(Store(first, var, stood, OPS["minimum"] if lane is not var else None))
        body = self.scopes.leave()
        self.scopes.end_counter()
        self.scopes.emit(Loop(var, Const(LANES, INT64), body, "lanes"))
        position = plus(Fold("minimum", first), start)
        stores = Store(best, NOUGHT, found), Store(place, NOUGHT, position)
        self.scopes.emit(If(self._better(statement, found, Load(best, NOUGHT)), stores))
        self.scopes.forget(best)

    def folded(self, local: Local, start: Expr, combine: Op) -> Expr:
        """The lanes from `start` folded; 64 of them first onto 32, then by the fixed tree."""
        if local.length == LANES:
            return Fold(combine.name, local)
        half = Local(f"lane{self.next_name()}", local.dtype, LANES)
        self.scopes.declare(half, None)
        var = self.scopes.counter()
        low, high = Load(local, plus(start, var)), Load(local, plus(plus(start, var), Const(LANES, INT64)))
        stores = (Store(half, var, low), Store(half, var, high, combine))
        self.scopes.emit(Loop(var, Const(LANES, INT64), stores, "lanes"))
        self.scopes.end_counter()
        return Fold(combine.name, half)

    def _better(self, statement: Statement, one: Expr, other: Expr) -> Expr:
        most = statement.node.op.name == "argmax"
        if not one.dtype.is_float:
            return Apply(OPS["gt" if most else "lt"], (one, other), BOOL)
        worse = Apply(OPS["le" if most else "ge"], (one, other), BOOL)
        kept = Apply(OPS["isnan"], (other,), BOOL)
        return Apply(OPS["invert"], (Apply(OPS["or_"], (worse, kept), BOOL),), BOOL)

    def _equal(self, one: Expr, other: Expr) -> Expr:
        equal: Expr = Apply(OPS["eq"], (one, other), BOOL)
        if one.dtype.is_float:
            both = Apply(OPS["and_"], tuple(Apply(OPS["isnan"], (side,), BOOL) for side in (one, other)), BOOL)
            equal = Apply(OPS["or_"], (equal, both), BOOL)
        return equal


def extreme(statement: Statement) -> Op:
    """The row that keeps the best value of an argmax or argmin."""
    return OPS["maximum" if statement.node.op.name == "argmax" else "minimum"]


def lanes_of(sums: Sequence[Statement], extent: Expr, depth: int) -> int:
    """How many lanes a loop runs in."""
    short = depth > 0 or (isinstance(extent, Const) and int(extent.value) < 2 * POSITION_LANES)
    return POSITION_LANES if not short and all(statement.kind == "arg" for statement in sums) else LANES
