"""Loops and the accumulators in them.

Input: nests of the placed tree. Output: loops of the loop IR. A sum over the vector axis runs in 32 fixed
lanes (element j goes to lane j % 32), in blocks of 1024 elements that are folded by a fixed tree; the
results of blocks and rows are added in order, in float64 for float32. The order depends on the graph
and on sizes known when it is built, never on vector width or values.
"""

from __future__ import annotations

from modc.graph.dtype import BOOL, FLOAT32, FLOAT64, INT64, DType
from modc.graph.op import OPS
from modc.schedule.loops import (
    INDEX_DIV,
    INDEX_LESS_EQUAL,
    INDEX_MIN,
    INDEX_MUL,
    INDEX_SUB,
    Apply,
    Block,
    Const,
    Expr,
    Fold,
    If,
    Let,
    Load,
    Local,
    Loop,
    Place,
    Stmt,
    Store,
    Temp,
    Var,
)
from modc.schedule.place import Nest
from modc.schedule.positions import LANES, Positions, cast
from modc.schedule.scalar import ROWS
from modc.schedule.sizes import NOUGHT, Sizes, plus, times
from modc.schedule.starts import start_of
from modc.schedule.storage import CHUNK, Storage
from modc.schedule.terms import Statement, Value

BLOCK = 1024


class Loops(Positions):
    """Loops of one kernel; `leaf` (in `lower`) writes the statements in them."""

    def __init__(self, storage: Storage, sizes: Sizes) -> None:
        super().__init__(storage, sizes)
        self.direct: dict[Statement, Local] = {}  # lanes that hold the whole result
        self.row_totals: dict[Statement, Local] = {}  # sums over all rows of a nest of rows
        self._first: Expr = NOUGHT  # row of such a nest that lane 0 is
        self._width: Expr = NOUGHT  # rows that are left, at most 64
        self._inside: dict[Nest, tuple[Place, ...]] = {}

    def leaf(self, statement: Statement) -> None:
        """Write one statement in the innermost scope."""
        raise NotImplementedError

    def row_blocks(self, nest: Nest) -> None:
        """Write a nest of short rows (in `rows`)."""
        raise NotImplementedError

    def lane_sums(self, nest: Nest) -> list[Statement]:
        """The reductions of a nest that run in lanes (in `lanes`)."""
        raise NotImplementedError

    def in_lanes_alone(self, nest: Nest, sums: list[Statement]) -> bool:
        """Whether lanes are all that such a nest adds to (in `lanes`)."""
        raise NotImplementedError

    def lane_loop(self, nest: Nest, extent: Expr, sums: list[Statement]) -> None:
        """Write a loop with lanes (in `lanes`)."""
        raise NotImplementedError

    def tiled(self, nest: Nest) -> None:
        """Write a loop and its only child in tiles (in `tiles`)."""
        raise NotImplementedError

    def shifts(self, nest: Nest) -> bool:
        """Whether a loop has a shifted tail (in `shift`)."""
        raise NotImplementedError

    def shifted(self, nest: Nest, extent: Expr) -> None:
        """Write a loop with a shifted tail (in `shift`)."""
        raise NotImplementedError

    # loops

    def body(self, body: Nest) -> None:
        """The items of a loop."""
        for _, local in self.storage.locals_in.get(body, ()):
            self.scopes.declare(local, None)
        for item in body.items:
            if isinstance(item, Nest) and item.lag:
                self._trailing(body, item)
            elif isinstance(item, Nest):
                self.begin_loop(item)
                self.loop(item)
                self.end_loop(item)
            else:
                self.leaf(item)

    def _trailing(self, outer: Nest, nest: Nest) -> None:
        """Commits of a row that no later iteration reads any more."""
        lag = Const(nest.lag, INT64)
        now = {axis: self.axis[axis] for axis in (outer.bind[statement] for statement in nest.bind)}
        (position,) = dict.fromkeys(now.values())
        self.scopes.enter(self.written(nest))
        row = self.let(Apply(INDEX_SUB, (position, lag), INT64))
        self.axis.update(dict.fromkeys(now, row))
        self.loop(nest)
        body = self.scopes.leave()
        self.axis.update(now)
        self.scopes.emit(If(Apply(INDEX_LESS_EQUAL, (lag, position), BOOL), body))

    def finish_trailing(self, outer: Nest) -> None:
        """After the loop: the rows whose commits are still due."""
        for nest in outer.items:
            if isinstance(nest, Nest) and nest.lag:
                extent = self.sizes.extent(outer.extent)
                due: Expr = Const(nest.lag, INT64)
                due = due if isinstance(extent, Const) and extent.value >= nest.lag else self.let(
                    Apply(INDEX_MIN, (extent, due), INT64)
                )
                var = self.scopes.counter()
                self.scopes.enter(self.written(nest))
                row = self.let(plus(Apply(INDEX_SUB, (extent, due), INT64), var))
                self.axis.update((outer.bind[statement], row) for statement in nest.bind)
                self.loop(nest)
                body = self.scopes.leave()
                self.scopes.end_counter()
                self.scopes.emit(Loop(var, due, body))

    def loop(self, nest: Nest) -> None:
        """One nest; collapsed ones are one loop, whose outer counters stay 0."""
        if nest.mode == "rows":
            self.row_blocks(nest)
            return
        if nest.mode == "tiles":
            self.tiled(nest)
            return
        inner = nest.innermost
        for outer in nest.collapsed:
            self.run_over(outer, NOUGHT)
        extent = self.sizes.extent(nest.flat_extent)
        sums = self.lane_sums(nest)
        columns = [s for s in nest.bind if not nest.depth and s.value is not None and s.value.partial is not None]
        totals = [] if sums else self._long_totals(nest)
        if columns or totals:
            self._chunks(inner, extent, columns, totals)
        elif not sums and self.shifts(inner):
            self.shifted(inner, extent)
        elif not sums:
            self.plain(inner, extent, NOUGHT)
        else:
            self.lane_loop(nest, extent, sums)

    def run_over(self, nest: Nest, position: Expr) -> None:
        """Let the statements of a nest stand at `position` of it."""
        for axis in nest.bind.values():
            self.axis[axis] = position

    def plain(self, nest: Nest, extent: Expr, start: Expr, kind: str = "plain") -> None:
        """The items of a nest, `extent` times from `start` on."""
        var = self.scopes.counter()
        self.scopes.enter(self.written(nest))
        self.run_over(nest, plus(var, start))
        for statement, (local, _) in list(self.lanes.items()):
            self.lanes[statement] = local, var
        self.body(nest)
        body = self.scopes.leave()
        self.scopes.end_counter()
        self.scopes.emit(Loop(var, extent, body, kind))
        self.finish_trailing(nest)

    def _long_totals(self, nest: Nest) -> list[Statement]:
        """The sums of floats over rows that may be many, each in one number that is no wider than they are."""
        short = isinstance(nest.flat_extent, int) and nest.flat_extent <= CHUNK
        if nest.depth or short or any(isinstance(item, Nest) and item.lag for item in nest.innermost.items):
            return []
        return [
            statement
            for statement in nest.bind
            if statement in self.accumulator and statement.combine is OPS["add"] and statement.node.dtype.is_inexact
            and total_dtype(statement) is statement.node.dtype
        ]

    def _chunks(self, nest: Nest, extent: Expr, columns: list[Statement], totals: list[Statement]) -> None:
        """Rows in chunks of 1024: sums of columns, and of all rows, are added up per chunk, then to the total."""
        count = self.divided(plus(extent, Const(CHUNK - 1, INT64)), CHUNK)
        var = self.scopes.counter()
        self.scopes.enter(self.written(nest))
        start = self.let(Apply(INDEX_MUL, (var, Const(CHUNK, INT64)), INT64))
        left = Apply(INDEX_SUB, (extent, start), INT64)
        length = self.let(Apply(INDEX_MIN, (left, Const(CHUNK, INT64)), INT64))
        for statement in columns:
            assert statement.value is not None
            self._row(statement, nest.depth + 1, statement.value.partial, Const(start_of(statement), statement.value.dtype))
        whole = {statement: self.accumulator[statement] for statement in totals}
        for statement in totals:
            part = Local(f"part{self.next_name()}", statement.node.dtype)
            self.scopes.declare(part, Const(start_of(statement), statement.node.dtype))
            self.accumulator[statement] = (part,)
        self.plain(nest, length, start)
        for statement in columns:
            assert statement.value is not None
            self._row(statement, nest.depth + 1, statement.value.home, None)
        for statement, (total,) in whole.items():
            (part,) = self.accumulator[statement]
            self.scopes.emit(Store(total, NOUGHT, Load(part, NOUGHT), statement.combine))
            self.scopes.forget(total)
        self.accumulator.update(whole)
        body = self.scopes.leave()
        self.scopes.end_counter()
        self.scopes.emit(Loop(var, count, body))

    def let(self, expr: Expr) -> Expr:
        """A name for an index in the innermost scope."""
        return self.scopes.name(expr, len(self.scopes.open) - 1)

    def divided(self, expr: Expr, by: int) -> Expr:
        """An extent divided by a constant, rounded down."""
        return Const(int(expr.value) // by, INT64) if isinstance(expr, Const) else Apply(
            INDEX_DIV, (expr, Const(by, INT64)), INT64
        )

    # accumulators

    def begin_loop(self, nest: Nest) -> None:
        """Start the accumulators whose first reduced loop this is."""
        if nest.mode == "rows":
            return
        for statement in self._starting(nest):
            self._start(statement, nest)

    def end_loop(self, nest: Nest) -> None:
        """Bind or store the results of the accumulators that are complete."""
        for statement in self._starting(nest):
            self._finish(statement, nest)

    def _starting(self, nest: Nest) -> list[Statement]:
        return [
            statement
            for statement, axis in nest.bind.items()
            if axis in statement.reduced and nest.depth in (first_reduced(statement), last_run(statement))
        ]

    def _start(self, statement: Statement, nest: Nest) -> None:
        value = statement.value
        assert value is not None and statement.term is not None
        start = start_of(statement)
        if nest.depth != last_run(statement):
            self._row(statement, nest.depth, value.home, Const(start, value.dtype))
            return
        if statement.kind == "arg":
            self.start_position(statement)
            return
        number = self.next_name()
        sums = self.lane_sums(nest)
        if statement in sums and self.in_lanes_alone(nest, sums):
            local = self.direct[statement] = Local(f"lane{number}", value.dtype, LANES)
        else:
            local = Local(f"acc{number}", total_dtype(statement))
        self.scopes.declare(local, Const(start, local.dtype))
        self.accumulator[statement] = (local,)

    def _row(self, statement: Statement, depth: int, place: Place, start: Expr | None) -> None:
        """Set the row of accumulators to `start`, or add the partial row to it."""
        value = statement.value
        assert value is not None
        inner = [other for other in statement.path[depth:] if other.bind[statement] not in statement.reduced]
        loops: list[tuple[Var, Expr]] = []
        for nest in inner:
            var = self.scopes.counter()
            loops.append((var, self.sizes.extent(nest.extent)))
            self.axis[nest.bind[statement]] = var
        index = self.home_index(value, statement.out)
        stmt: Stmt
        if start is None:
            stmt = Store(place, index, Load(value.partial, index), statement.combine)
        else:
            stmt = Store(place, index, start)
        for var, extent in reversed(loops):
            self.scopes.end_counter()
            stmt = Loop(var, extent, (stmt,))
        in_block = len(self.scopes.open) == 1 and isinstance(place, Temp)
        self.scopes.emit(Block((stmt,)) if in_block else stmt)
        self.scopes.forget(place)

    def _finish(self, statement: Statement, nest: Nest) -> None:
        if nest.mode != "rows" and nest.depth != last_run(statement):
            return
        places = self.accumulator.pop(statement, None)
        if places is None:
            return
        value, lanes = statement.value, self.direct.pop(statement, None)
        assert value is not None
        found = cast(Load(places[0], NOUGHT), value.dtype)
        if lanes is not None:
            assert statement.combine is not None
            found = Fold(statement.combine.name, lanes)
        if nest.mode != "rows" and last_run(statement) != first_reduced(statement):
            self.store(value.home, self.home_index(value, statement.out), found, statement)
        else:
            self._define(value, statement, found)

    def _define(self, value: Value, statement: Statement, expr: Expr) -> None:
        """Bind a value that lives in a register, or store it in its place."""
        if value.home is not None:
            self.store(value.home, self.home_index(value, statement.out), expr)
            return
        level = len(self.scopes.open) - 1
        name = self.scopes.fresh(expr.dtype, level)
        self.scopes.emit(Let(name, expr))
        self.bound[value] = name

    def accumulate(self, statement: Statement) -> None:
        """One element of a reduction."""
        value, term = statement.value, self.term(statement.term)
        assert value is not None
        if statement.kind == "arg":
            self.accumulate_position(statement, term)
        elif statement in self.lanes:
            local, lane = self.lanes[statement]
            self.store(local, lane, term, statement)
        elif statement in self.row_totals:
            local = self.row_totals[statement]
            index = plus(times(self._total_index(statement), ROWS), self.lane)
            self.store(local, index, cast(term, local.dtype), statement)
        elif statement in self.accumulator:
            (local,) = self.accumulator[statement]
            self.store(local, self.lane if local.length else NOUGHT, cast(term, local.dtype), statement)
        else:
            place = value.home if value.partial is None else value.partial
            self.store(place, self.home_index(value, statement.out), term, statement)

    def _total_index(self, statement: Statement) -> Expr:
        """Which of its results a sum over all rows is at."""
        total: Expr = NOUGHT
        for nest in statement.path[1:]:
            axis = nest.bind[statement]
            if axis not in statement.reduced:
                total = plus(times(total, self.sizes.extent(nest.extent)), self.axis[axis])
        return total

    def store(self, place: Place, index: Expr, value: Expr, statement: Statement | None = None) -> None:
        """Store `value`, combined with what is there where the statement says so."""
        combine = statement.combine if statement is not None else None
        self.scopes.emit(Store(place, index, value, combine))
        self.scopes.forget(place)

    # what a loop stores to

    def stores(self, statement: Statement) -> tuple[Place, ...]:
        """The place that a statement changes."""
        if statement in self.storage.dropped:
            return ()
        place = statement.target if statement.kind in ("commit", "output") else None
        if statement.value is not None:
            place = statement.value.home
        return () if place is None else (place,)

    def written(self, nest: Nest) -> tuple[Place, ...]:
        """The places that the statements of a nest change."""
        found = self._inside.get(nest)
        if found is None:
            places = dict.fromkeys(place for statement in nest.bind for place in self.stores(statement))
            partials = [s.value.partial for s in nest.bind if s.value is not None and s.value.partial is not None]
            places.update(dict.fromkeys(partials))
            found = self._inside[nest] = tuple(places)
        return found + tuple(place for statement in nest.bind for place in self.accumulator.get(statement, ()))


# How a loop is summed


def first_reduced(statement: Statement) -> int:
    """The depth of the outermost loop that a statement is reduced over."""
    return next(depth for depth, nest in enumerate(statement.path) if nest.bind[statement] in statement.reduced)


def last_run(statement: Statement) -> int | None:
    """The depth where the innermost loops begin that are all reduced; None where the last loop is not.

    There a scalar accumulator begins; loops outside it that are reduced too add to the value's place.
    """
    depth = len(statement.path)
    while depth and statement.path[depth - 1].bind[statement] in statement.reduced:
        depth -= 1
    return depth if depth < len(statement.path) else None


def total_dtype(statement: Statement) -> DType:
    """The dtype of a scalar accumulator: float64 for float32 sums, unless they are short."""
    assert statement.term is not None and statement.combine is not None
    dtype = statement.term.dtype
    extents = [axis.extent for axis in statement.reduced]
    short = len(extents) == 1 and isinstance(extents[0], int) and extents[0] < LANES
    if statement.wide and dtype is FLOAT32 and statement.combine.name in ("add", "mul") and not short:
        return FLOAT64
    return dtype
