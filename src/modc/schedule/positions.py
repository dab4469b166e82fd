"""argmax and argmin: the best value so far and where it stood, in one number or in 32 lanes.

The first of equal elements wins, and the first NaN before all others. A lane remembers the round in
which it met its best element, in a narrow integer so that both fit the same vectors.
"""

from __future__ import annotations

from modc.graph.dtype import BOOL, INT32, INT64, DType
from modc.graph.op import OPS
from modc.graph.ops_core import CAST
from modc.schedule.loops import INDEX_LESS, Apply, Const, Expr, If, Load, Local, Loop, Store
from modc.schedule.scalar import Scalars
from modc.schedule.sizes import NOUGHT, Sizes, plus, times
from modc.schedule.starts import start_of
from modc.schedule.storage import Storage
from modc.schedule.terms import Statement

LANES = 32


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
        self._rounds_of: dict[Statement, Local] = {}
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

    def start_rounds(self, statement: Statement) -> None:
        """Beside the lanes of best values, the rounds in which they were met."""
        assert statement.term is not None
        dtype = INT64 if statement.term.dtype.bits == 64 else INT32
        local = self._rounds_of[statement] = Local(f"round{self.next_name()}", dtype, LANES)
        self.scopes.declare(local, Const(0, dtype))

    def accumulate_position(self, statement: Statement, term: Expr) -> None:
        """One element."""
        if statement in self.lanes:
            self._in_lanes(statement, term)
            return
        place, best = self.accumulator[statement]
        better = self._better(statement, term, self.scopes.name(Load(best, NOUGHT)))
        position = self.axis[statement.reduced[0]]
        self.scopes.emit(If(better, (Store(best, NOUGHT, term), Store(place, NOUGHT, position))))
        self.scopes.forget(best)

    def _in_lanes(self, statement: Statement, term: Expr) -> None:
        """The same without a branch."""
        (bests, lane), rounds = self.lanes[statement], self._rounds_of[statement]
        best = self.scopes.name(Load(bests, lane))
        better = self.scopes.name(self._better(statement, term, best))
        now, before = cast(self.round, rounds.dtype), Load(rounds, lane)
        self.scopes.emit(Store(bests, lane, Apply(OPS["where"], (better, term, best), term.dtype)))
        self.scopes.emit(Store(rounds, lane, Apply(OPS["where"], (better, now, before), rounds.dtype)))
        self.scopes.forget(bests)

    def fold_positions(self, statement: Statement, start: Expr) -> None:
        """The best lane; of equal ones, the one with the first position."""
        (bests, _), rounds = self.lanes[statement], self._rounds_of.pop(statement)
        place, best = self.accumulator[statement]
        var = self.scopes.counter()
        self.scopes.enter((best, place))
        found, known = self.scopes.name(Load(bests, var)), self.scopes.name(Load(best, NOUGHT))
        position = self.scopes.name(plus(plus(times(cast(Load(rounds, var), INT64), LANES), var), start))
        earlier = Apply(INDEX_LESS, (position, Load(place, NOUGHT)), BOOL)
        tie = Apply(OPS["and_"], (self._equal(found, known), earlier), BOOL)
        better = Apply(OPS["or_"], (self._better(statement, found, known), tie), BOOL)
        self.scopes.emit(If(better, (Store(best, NOUGHT, found), Store(place, NOUGHT, position))))
        body = self.scopes.leave()
        self.scopes.end_counter()
        self.scopes.emit(Loop(var, Const(LANES, INT64), body))

    def _better(self, statement: Statement, one: Expr, other: Expr) -> Expr:
        row = OPS["gt"] if statement.node.op.name == "argmax" else OPS["lt"]
        better: Expr = Apply(row, (one, other), BOOL)
        if one.dtype.is_float:
            lost, kept = (Apply(OPS["isnan"], (side,), BOOL) for side in (one, other))
            first_nan = Apply(OPS["and_"], (lost, Apply(OPS["invert"], (kept,), BOOL)), BOOL)
            better = Apply(OPS["or_"], (better, first_nan), BOOL)
        return better

    def _equal(self, one: Expr, other: Expr) -> Expr:
        equal: Expr = Apply(OPS["eq"], (one, other), BOOL)
        if one.dtype.is_float:
            both = Apply(OPS["and_"], tuple(Apply(OPS["isnan"], (side,), BOOL) for side in (one, other)), BOOL)
            equal = Apply(OPS["or_"], (equal, both), BOOL)
        return equal
