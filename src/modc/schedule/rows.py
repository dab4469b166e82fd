"""Short rows side by side: 64 rows at a time, so that the vector axis runs across them.

Input: nests that `mark_rows` found (short fixed inner loops, at least one of which reduces). Output: the
same items, each with the loop over 64 rows innermost; what was a register becomes 64 of them, a row of
10 a tile of 10 by 64, a sum over all rows 64 lanes that are folded at the end.
"""

from __future__ import annotations

from modc.graph.dtype import INT64
from modc.schedule.loops import (
    INDEX_MIN,
    INDEX_MUL,
    INDEX_SUB,
    Apply,
    Const,
    Expr,
    Load,
    Local,
    Loop,
    Place,
    Store,
)
from modc.schedule.place import Body, Nest
from modc.schedule.positions import cast
from modc.schedule.reduce import first_reduced, total_dtype
from modc.schedule.scalar import ROWS
from modc.schedule.sizes import NOUGHT, plus, times
from modc.schedule.starts import start_of
from modc.schedule.storage import LOCAL_BYTES, Storage
from modc.schedule.terms import Statement, Value
from modc.schedule.tiles import Tiles

LONGEST_ROW = 32
TILE_BYTES = 12288  # of all tiles of a nest


def mark_rows(root: Body, storage: Storage) -> None:
    """Mark the nests that run 64 rows at a time, and give their values tiles."""
    for item in root.items:
        if isinstance(item, Nest) and not (isinstance(item.extent, int) and item.extent < ROWS):
            tiles = _tiles(item, storage)
            if tiles is not None and sum(_bytes(value, size) for value, size in tiles.items()) <= TILE_BYTES:
                item.mode, item.tiles = "rows", tiles


def _bytes(value: Value, size: int) -> int:
    return size * value.dtype.bytes


def _tiles(nest: Nest, storage: Storage) -> dict[Value, int] | None:
    """The values of a nest that need a tile, with its elements; None where rows cannot stand side by side."""
    if not _short(nest, True):
        return None
    tiles: dict[Value, int] = {}
    reduces = False
    for statement in nest.bind:
        if statement.kind not in ("map", "reduce", "commit", "output"):
            return None
        value = statement.value
        if statement.reduced and not _simple(statement):
            return None
        reduces = reduces or (bool(statement.reduced) and first_reduced(statement) > 0)
        if value is None or (statement.reduced and first_reduced(statement) == 0):
            continue
        if len(value.writers) != 1:
            return None
        if value.home is None and not statement.reduced and _at_once(statement, value):
            continue
        if value.home is None or isinstance(value.home, Local):
            tiles[value] = ROWS * max(1, value.home.length if value.home is not None else 1)
            if _bytes(value, tiles[value]) > LOCAL_BYTES:
                return None
    return tiles if reduces else None


def _at_once(writer: Statement, value: Value) -> bool:
    """Whether all readers of a value stand in one run of statements with its writer."""
    if any(reader.path != writer.path for reader in value.readers):
        return False
    items = writer.path[-1].items
    first = items.index(writer)
    last = max((items.index(reader) for reader in value.readers if reader in items), default=first)
    return not any(isinstance(item, Nest) for item in items[first:last])


def _short(nest: Nest, top: bool) -> bool:
    """Whether all inner loops are short and of fixed extent."""
    if nest.lag or (not top and not (isinstance(nest.extent, int) and 0 < nest.extent <= LONGEST_ROW)):
        return False
    inner = [item for item in nest.items if isinstance(item, Nest)]
    return bool(inner or not top) and all(_short(item, False) for item in inner)


def _simple(statement: Statement) -> bool:
    """Whether a sum runs over the innermost loops, or over the rows and perhaps all loops in them."""
    reduced = [nest.bind[statement] in statement.reduced for nest in statement.path]
    if not reduced[0]:
        return reduced == sorted(reduced)
    inner = 1
    for nest, is_reduced in zip(statement.path[1:], reduced[1:], strict=True):
        if is_reduced and not all(reduced):
            return False
        inner *= 1 if is_reduced else int(nest.extent)
    assert statement.term is not None
    return inner * ROWS * 8 <= LOCAL_BYTES


class RowBlocks(Tiles):
    """Nests whose innermost loop runs over 64 rows."""

    def row_blocks(self, nest: Nest) -> None:
        """The whole nest."""
        totals = [s for s in nest.bind if s.reduced and first_reduced(s) == 0]
        extent = self.sizes.extent(nest.extent)
        self._give_tiles(nest)
        for statement in totals:
            self._start_total(statement)
        count = self.divided(plus(extent, Const(ROWS - 1, INT64)), ROWS)
        var = self.scopes.counter()
        self.scopes.enter((*self.written(nest), *(value.home for value in nest.tiles)))
        self._first = self.let(Apply(INDEX_MUL, (var, Const(ROWS, INT64)), INT64))
        left = Apply(INDEX_SUB, (extent, self._first), INT64)
        self._width = self.let(Apply(INDEX_MIN, (left, Const(ROWS, INT64)), INT64))
        for value in nest.tiles:
            self.scopes.declare(value.home, None)
        self._rows_of(nest, nest)
        body = self.scopes.leave()
        self.scopes.end_counter()
        self.scopes.emit(Loop(var, count, body))
        for statement in totals:
            self._fold_total(statement)

    def _give_tiles(self, nest: Nest) -> None:
        for value, size in nest.tiles.items():
            self.storage.forget_local(value)
            value.home = Local(f"r{value.number}", value.dtype, size)
            self.storage.tiled[value] = ROWS

    def _start_total(self, statement: Statement) -> None:
        inner = 1
        for other in statement.path[1:]:
            inner *= 1 if other.bind[statement] in statement.reduced else int(other.extent)
        local = Local(f"lane{self.next_name()}", total_dtype(statement), inner * ROWS)
        self.scopes.declare(local, Const(start_of(statement), local.dtype))
        self.row_totals[statement] = local

    def _rows_of(self, body: Nest, top: Nest) -> None:
        """The items of a body: runs of statements in one loop over rows, loops with the loop over rows inside."""
        run: list[Statement] = []
        for item in [*body.items, None]:
            if isinstance(item, Statement):
                run.append(item)
                continue
            if run:
                self._side_by_side(run, top)
                run = []
            if isinstance(item, Nest):
                self._start_rows(item, top)
                self._row_loop(item, top)
                self._store_rows(item, top)

    def _row_loop(self, nest: Nest, top: Nest) -> None:
        var = self.scopes.counter()
        self.scopes.enter(self.written(nest))
        self.run_over(nest, var)
        self._rows_of(nest, top)
        body = self.scopes.leave()
        self.scopes.end_counter()
        self.scopes.emit(Loop(var, self.sizes.extent(nest.extent), body))

    def _side_by_side(self, run: list[Statement], top: Nest) -> None:
        var = self.scopes.counter()
        self.scopes.enter(dict.fromkeys(place for statement in run for place in self._touched(statement)))
        self.lane = var
        self.run_over(top, plus(var, self._first))
        for statement in run:
            self.leaf(statement)
        body = self.scopes.leave()
        self.scopes.end_counter()
        self.scopes.emit(Loop(var, self._width, body))

    def _touched(self, statement: Statement) -> list[Place]:
        places: list[Place] = list(self.stores(statement))
        if statement in self.row_totals:
            places.append(self.row_totals[statement])
        return [*places, *(local for local in self.accumulator.get(statement, ()))]

    def _start_rows(self, nest: Nest, top: Nest) -> None:
        """One accumulator a row for the sums that begin here."""
        for statement in self._starting(nest):
            value = statement.value
            assert value is not None
            if value in self.storage.tiled:
                local = value.home
            else:
                local = Local(f"r{self.next_name()}s", value.dtype, ROWS)
                self.scopes.declare(local, None)
            self.accumulator[statement] = (local,)
            var = self.scopes.counter()
            self.scopes.emit(Loop(var, self._width, (Store(local, var, Const(start_of(statement), value.dtype)),)))
            self.scopes.end_counter()
            self.scopes.forget(local)

    def _store_rows(self, nest: Nest, top: Nest) -> None:
        for statement in self._starting(nest):
            value = statement.value
            assert value is not None
            (local,) = self.accumulator.pop(statement)
            if value in self.storage.tiled:
                continue
            var = self.scopes.counter()
            self.scopes.enter((value.home,))
            self.run_over(top, plus(var, self._first))
            self.store(value.home, self.home_index(value, statement.out), Load(local, var))
            body = self.scopes.leave()
            self.scopes.end_counter()
            self.scopes.emit(Loop(var, self._width, body))

    # sums over all rows

    def _fold_total(self, statement: Statement) -> None:
        local, value = self.row_totals.pop(statement), statement.value
        assert value is not None and statement.combine is not None
        kept = [other for other in statement.path[1:] if other.bind[statement] not in statement.reduced]
        if not kept:
            folded = self.folded(local, NOUGHT, statement.combine)
            self._outside(cast(folded, value.dtype), value, statement)
            return
        counters = []
        for other in kept:
            var = self.scopes.counter()
            counters.append((var, self.sizes.extent(other.extent)))
            self.run_over(other, var)
            self.scopes.enter((value.home,))
        index = self._total_index(statement)
        folded = self.folded(local, times(index, ROWS), statement.combine)
        self.store(value.home, self.home_index(value, statement.out), cast(folded, value.dtype))
        for var, size in reversed(counters):
            body = self.scopes.leave()
            self.scopes.end_counter()
            self.scopes.emit(Loop(var, size, body))

    def _outside(self, expr: Expr, value: Value, statement: Statement) -> None:
        """A total is read after the nest: it leaves the block in a local."""
        total = Local(f"acc{self.next_name()}", value.dtype)
        inner = self.scopes.open[1:]
        del self.scopes.open[1:]
        self.scopes.declare(total, None)
        self.scopes.open.extend(inner)
        self.scopes.emit(Store(total, NOUGHT, expr))
        self.accumulator[statement] = (total,)
