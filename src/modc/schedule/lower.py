"""The placed tree with its storage, as loop IR.

Input: the tree (`place`), homes (`storage`), sizes. Output: the statements of `run`. `reduce` writes loops and
accumulators, `plan` the sizes, `tidy` folds names that are used once back into their use.
"""

from __future__ import annotations

from modc.graph.dtype import BOOL, INT64
from modc.schedule.gemm import Gemm
from modc.schedule.loops import (
    INDEX_AND,
    INDEX_LESS,
    INDEX_LESS_EQUAL,
    INDEX_SUB,
    Address,
    Apply,
    Block,
    Call,
    Check,
    Const,
    Expr,
    Let,
    Load,
    Local,
    Loop,
    Meaning,
    Place,
    Stmt,
    Store,
    Temp,
)
from modc.schedule.place import Body, Nest
from modc.schedule.rows import RowBlocks
from modc.schedule.sizes import NOUGHT, Sizes, plus, times
from modc.schedule.storage import Storage
from modc.schedule.terms import Statement
from modc.schedule.whole import Whole


class Lower(RowBlocks):
    """Loop IR of one kernel's `run`."""

    def __init__(self, root: Body, storage: Storage, sizes: Sizes) -> None:
        super().__init__(storage, sizes)
        self.root = root

    def run(self) -> tuple[Stmt, ...]:
        """The statements of `run`, without the names of sizes."""
        for _, local in self.storage.locals_in.get(self.root, ()):
            self.scopes.declare(local, None)
        for item in self.root.items:
            self._top(item)
        return tuple(self.scopes.open[0].stmts)

    def _top(self, item: Nest | Statement) -> None:
        """One item of the outermost body, in a block of its own if it needs one."""
        written = self.written(item) if isinstance(item, Nest) else self.stores(item)
        if isinstance(item, Nest):
            self.begin_loop(item)
        self.scopes.enter(written)
        if isinstance(item, Nest):
            self.loop(item)
        else:
            self.leaf(item)
        body = self.scopes.leave()
        if any(_needs_block(statement) for statement in body):
            self.scopes.emit(Block(body))
        else:
            self.scopes.open[0].stmts.extend(body)
        if isinstance(item, Nest):
            self.end_loop(item)

    # statements

    def leaf(self, statement: Statement) -> None:
        """Write one statement in the innermost scope."""
        if statement in self.storage.dropped:
            return
        self.begin(statement)
        if statement.kind == "call":
            self._call(statement)
        elif statement.kind == "check":
            self._check(statement)
        elif statement.kind in ("commit", "output"):
            index = self.flat(statement.out, statement.whole)
            self.store(statement.target, index, self.term(statement.term), statement)
        elif statement.reduced:
            self.accumulate(statement)
        else:
            self._value(statement)

    def _value(self, statement: Statement) -> None:
        value = statement.value
        assert value is not None
        if value.home is not None:
            index, found = self.home_index(value, statement.out), self.term(statement.term)
            self.store(value.home, index, found, statement)
            if statement.combine is None and not isinstance(found, Load):
                self.scopes.remember(Load(value.home, index), found)
            return
        found = self.term(statement.term)
        if not statement.path and self.scopes.level(found) > 0:
            local = Local(f"s{self.next_name()}", value.dtype)
            self._declare_outside(local)
            self.scopes.emit(Store(local, NOUGHT, found))
            found = Load(local, NOUGHT)
        self.bound[value] = found

    def _declare_outside(self, local: Local) -> None:
        inner = self.scopes.open.pop()
        self.scopes.declare(local, None)
        self.scopes.open.append(inner)

    def _check(self, statement: Statement) -> None:
        if statement.target is None:  # a condition
            self.scopes.emit(Check(self.term(statement.term), statement.site, 0, NOUGHT, Const(1, INT64)))
            return
        size, axis, not_negative = statement.target
        got, want = self.term(statement.term), self.sizes.linear(size)
        low: Expr = NOUGHT if not_negative else negated(want)
        inside = Apply(INDEX_LESS_EQUAL, (low, got), BOOL), Apply(INDEX_LESS, (got, want), BOOL)
        self.scopes.emit(Check(Apply(INDEX_AND, inside, BOOL), statement.site, axis, got, want))

    def _copy(self, source: Place, place: Place, rows: Expr, columns: Expr) -> None:
        """What a product adds to, where it cannot be added in place."""
        i, j = self.scopes.counter(), self.scopes.counter()
        index = plus(times(i, columns), j)
        inner = Loop(j, columns, (Store(place, index, Load(source, index)),))
        self.scopes.emit(Loop(i, rows, (inner,)))
        self.scopes.end_counter()
        self.scopes.end_counter()
        self.scopes.forget(place)

    def _call(self, statement: Statement) -> None:
        value = statement.value
        place = statement.target if value is None else value.home
        if isinstance(statement.call, Whole):
            self._whole(statement.call, place)
        else:
            self._product(statement.call, place)
        self.scopes.forget(place)

    def _whole(self, call: Whole, place: Place) -> None:
        """A row's own function over whole arrays."""
        numbers = [self.sizes.extent(size) for size in call.numbers]
        sources = [Address(self.place_of(source), NOUGHT) for source in call.operands]
        args: list[Expr | Address] = [*numbers, *sources, Address(place, NOUGHT)]
        writes = [len(args) - 1]
        if call.scratch is not None:
            writes.append(len(args))
            args.append(Address(call.scratch.home, NOUGHT))
        shapes = tuple(tuple(self.sizes.extent(size) for size in shape) for shape in call.shapes)
        self.scopes.emit(Call(call.function, tuple(args), tuple(writes), Meaning(call.node, len(numbers), shapes)))

    def _product(self, call: Gemm, place: Place) -> None:
        dtype = place.dtype
        m, n, k = (self.sizes.extent(size) for size in (call.m, call.n, call.k))
        one, zero = (1.0, 0.0) if dtype.is_float else (1, 0)
        alpha = Const(one, dtype) if call.alpha is None else self.term(call.alpha)
        beta = Const(zero, dtype) if call.beta is None else self.term(call.beta)
        if call.c is not None and self.sizes.buffer_of[call.c] is not place:
            self._copy(self.sizes.buffer_of[call.c], place, m, n)
        a, b = (Address(self.place_of(source), NOUGHT) for source in (call.a, call.b))
        flags = (Const(int(call.ta), INT64), Const(int(call.tb), INT64))
        lda, ldb = (m if call.ta else k), (k if call.tb else n)
        args = (*flags, m, n, k, alpha, a, lda, b, ldb, beta, Address(place, NOUGHT), n)
        self.scopes.emit(Call(f"modc_gemm_{dtype.suffix}", args, (11,)))


def negated(size: Expr) -> Expr:
    """The negative of a size."""
    return Const(-int(size.value), INT64) if isinstance(size, Const) else Apply(INDEX_SUB, (NOUGHT, size), INT64)


def _needs_block(statement: Stmt) -> bool:
    """Whether a top-level statement has a loop or touches the arena."""
    if isinstance(statement, Store):
        exprs: tuple[Expr, ...] = (statement.index, statement.value)
        return isinstance(statement.place, Temp) or any(map(_reads_temp, exprs))
    if isinstance(statement, Let):
        return _reads_temp(statement.value)
    return not isinstance(statement, Check) or _reads_temp(statement.got)


def _reads_temp(expr: Expr) -> bool:
    if isinstance(expr, Load):
        return isinstance(expr.place, Temp) or _reads_temp(expr.index)
    return isinstance(expr, Apply) and any(map(_reads_temp, expr.args))
