"""The placed tree with its storage, as loop IR.

Input: the tree (`place`), homes (`storage`), sizes. Output: the statements of `run`. `reduce` writes
accumulators, `plan` the sizes, `tidy` folds names that are used once back into their use.
"""

from __future__ import annotations

from modc.graph.dtype import BOOL, INT64, DType
from modc.graph.node import Node, Size
from modc.graph.op import OPS
from modc.schedule.gemm import Gemm
from modc.schedule.loops import (
    INDEX_AND,
    INDEX_LESS,
    INDEX_LESS_EQUAL,
    Address,
    Apply,
    Block,
    Call,
    Check,
    Const,
    Expr,
    If,
    Let,
    Load,
    Local,
    Loop,
    Place,
    Stmt,
    Store,
    Table,
    Temp,
    Var,
)
from modc.schedule.place import Body, Nest
from modc.schedule.scope import Scopes
from modc.schedule.sizes import NOUGHT, Sizes, plus, times
from modc.schedule.storage import Storage
from modc.schedule.terms import At, Axis, Dyn, Entry, Index, Source, Statement, Term, Value


class Lower:
    """Loop IR of one kernel's `run`."""

    def __init__(self, root: Body, storage: Storage, sizes: Sizes) -> None:
        self.root, self.storage, self.sizes = root, storage, sizes
        self.scopes = Scopes()
        self.axis: dict[Axis, Expr] = {}
        self.bound: dict[Value, Expr] = {}
        self.accumulator: dict[Statement, tuple[Place, ...]] = {}
        self._tables: dict[Node, Table] = {}
        self._names = 0
        self._statement: Statement | None = None
        self._terms: dict[Term, Expr] = {}
        self._inside: dict[Nest, tuple[Place, ...]] = {}

    def run(self) -> tuple[Stmt, ...]:
        """The statements of `run`, without the names of sizes."""
        for value, local in self.storage.locals_in.get(self.root, ()):
            self._declare_array(value, local)
        for item in self.root.items:
            self._top(item)
        return tuple(self.scopes.open[0].stmts)

    def _top(self, item: Nest | Statement) -> None:
        """One item of the outermost body, in a block of its own if it needs one."""
        written = self._written(item) if isinstance(item, Nest) else self._stores(item)
        if isinstance(item, Nest):
            self._begin(item)
        self.scopes.enter(written)
        if isinstance(item, Nest):
            self._loop(item)
        else:
            self._leaf(item)
        body = self.scopes.leave()
        if any(_needs_block(statement) for statement in body):
            self.scopes.emit(Block(body))
        else:
            self.scopes.open[0].stmts.extend(body)
        if isinstance(item, Nest):
            self._end(item)

    # loops

    def _body(self, body: Nest) -> None:
        for value, local in self.storage.locals_in.get(body, ()):
            self._declare_array(value, local)
        for item in body.items:
            if isinstance(item, Nest):
                self._begin(item)
                self._loop(item)
                self._end(item)
            else:
                self._leaf(item)

    def _declare_array(self, value: Value, local: Local) -> None:
        self.scopes.declare(local, None)

    def _loop(self, nest: Nest) -> None:
        extent = self.sizes.extent(nest.extent)
        var = self.scopes.counter()
        self.scopes.enter(self._written(nest))
        self._bind(nest, var)
        self._body(nest)
        body = self.scopes.leave()
        self.scopes.end_counter()
        self.scopes.emit(Loop(var, extent, body))

    def _bind(self, nest: Nest, position: Expr) -> None:
        for axis in nest.bind.values():
            self.axis[axis] = position

    def _begin(self, nest: Nest) -> None:
        """Start the accumulators whose first reduced loop this is."""
        for statement in self._starting(nest):
            self._start(statement, nest)

    def _starting(self, nest: Nest) -> list[Statement]:
        return [
            statement
            for statement, axis in nest.bind.items()
            if axis in statement.reduced
            and not any(outer.bind[statement] in statement.reduced for outer in statement.path[: nest.depth])
        ]

    def _end(self, nest: Nest) -> None:
        """Bind or store the results of the accumulators that are complete."""
        for statement in self._starting(nest):
            self._finish(statement)

    # reductions

    def _start(self, statement: Statement, nest: Nest) -> None:
        value = statement.value
        assert value is not None
        inner = [
            other
            for other in statement.path[nest.depth + 1 :]
            if other.bind[statement] not in statement.reduced
        ]
        start = start_of(statement)
        if inner:
            self._fill(statement, inner, Const(start, value.dtype))
            return
        self._names += 1
        if statement.kind == "arg":
            assert statement.term is not None
            best = Local(f"best{self._names}", statement.term.dtype)
            place = Local(f"place{self._names}", INT64)
            self.scopes.declare(best, Const(start, best.dtype))
            self.scopes.declare(place, NOUGHT)
            self.accumulator[statement] = place, best
            return
        local = Local(f"acc{self._names}", value.dtype)
        self.scopes.declare(local, Const(start, value.dtype))
        self.accumulator[statement] = (local,)

    def _fill(self, statement: Statement, inner: list[Nest], start: Expr) -> None:
        """Set the accumulator row of a reduction over an outer loop."""
        value = statement.value
        assert value is not None
        loops: list[tuple[Var, Expr]] = []
        for nest in inner:
            var = self.scopes.counter()
            loops.append((var, self.sizes.extent(nest.extent)))
            self.axis[nest.bind[statement]] = var
        stmt: Stmt = Store(value.home, self._home_index(value, statement.out), start)
        for var, extent in reversed(loops):
            self.scopes.end_counter()
            stmt = Loop(var, extent, (stmt,))
        in_block = len(self.scopes.open) == 1 and isinstance(value.home, Temp)
        self.scopes.emit(Block((stmt,)) if in_block else stmt)
        self.scopes.forget(value.home)

    def _finish(self, statement: Statement) -> None:
        places = self.accumulator.pop(statement, None)
        if places is None:
            return
        assert statement.value is not None
        self._define(statement.value, statement, Load(places[0], NOUGHT))

    def _define(self, value: Value, statement: Statement, expr: Expr) -> None:
        """Bind a value that lives in a register, or store it in its place."""
        if value.home is None:
            self.bound[value] = self.scopes.name(expr)
        else:
            self._store(value.home, self._home_index(value, statement.out), expr)

    # statements

    def _leaf(self, statement: Statement) -> None:
        if statement in self.storage.dropped:
            return
        self._statement = statement
        self._terms = {}
        if statement.kind == "call":
            self._call(statement)
        elif statement.kind == "check":
            self._check(statement)
        elif statement.kind in ("commit", "output"):
            index = self._flat(statement.out, statement.whole)
            self._store(statement.target, index, self._term(statement.term), statement)
        elif statement.reduced:
            self._accumulate(statement)
        else:
            self._value(statement)

    def _value(self, statement: Statement) -> None:
        value = statement.value
        assert value is not None
        if value.home is not None:
            index = self._home_index(value, statement.out)
            self._store(value.home, index, self._term(statement.term), statement)
            return
        found = self._term(statement.term)
        if not statement.path and self.scopes.level(found) > 0:
            self._names += 1
            local = Local(f"s{self._names}", value.dtype)
            self._declare_outside(local)
            self.scopes.emit(Store(local, NOUGHT, found))
            found = Load(local, NOUGHT)
        self.bound[value] = found

    def _declare_outside(self, local: Local) -> None:
        inner = self.scopes.open.pop()
        self.scopes.declare(local, None)
        self.scopes.open.append(inner)

    def _accumulate(self, statement: Statement) -> None:
        value, term = statement.value, self._term(statement.term)
        assert value is not None
        places = self.accumulator.get(statement)
        if statement.kind == "arg":
            self._accumulate_position(statement, term)
        elif places is not None:
            self.scopes.emit(Store(places[0], NOUGHT, term, statement.combine))
        else:
            index = self._home_index(value, statement.out)
            self._store(value.home, index, term, statement)

    def _accumulate_position(self, statement: Statement, term: Expr) -> None:
        place, best = self.accumulator[statement]
        position = self.axis[statement.reduced[0]]
        best_now = self.scopes.name(Load(best, NOUGHT))
        row = OPS["gt"] if statement.node.op.name == "argmax" else OPS["lt"]
        better: Expr = Apply(row, (term, best_now), BOOL)
        if term.dtype.is_float:
            lost, kept = (Apply(OPS["isnan"], (side,), BOOL) for side in (term, best_now))
            first_nan = Apply(OPS["and_"], (lost, Apply(OPS["invert"], (kept,), BOOL)), BOOL)
            better = Apply(OPS["or_"], (better, first_nan), BOOL)
        self.scopes.emit(If(better, (Store(best, NOUGHT, term), Store(place, NOUGHT, position))))
        self.scopes.forget(best)

    def _store(self, place: Place, index: Expr, value: Expr, statement: Statement | None = None) -> None:
        combine = statement.combine if statement is not None else None
        self.scopes.emit(Store(place, index, value, combine))
        self.scopes.forget(place)

    def _check(self, statement: Statement) -> None:
        size, axis, not_negative = statement.target
        got, want = self._term(statement.term), self.sizes.linear(size)
        low: Expr = NOUGHT if not_negative else times(want, -1)
        inside = Apply(INDEX_LESS_EQUAL, (low, got), BOOL), Apply(INDEX_LESS, (got, want), BOOL)
        self.scopes.emit(Check(Apply(INDEX_AND, inside, BOOL), statement.site, axis, got, want))

    def _call(self, statement: Statement) -> None:
        call: Gemm = statement.call
        value = statement.value
        place = statement.target if value is None else value.home
        dtype = place.dtype
        m, n, k = (self.sizes.extent(size) for size in (call.m, call.n, call.k))
        one, zero = (1.0, 0.0) if dtype.is_float else (1, 0)
        alpha = Const(one, dtype) if call.alpha is None else self._term(call.alpha)
        beta = Const(zero, dtype) if call.beta is None else self._term(call.beta)
        a, b = (Address(self._place(source), NOUGHT) for source in (call.a, call.b))
        flags = (Const(int(call.ta), INT64), Const(int(call.tb), INT64))
        lda, ldb = (m if call.ta else k), (k if call.tb else n)
        args = (*flags, m, n, k, alpha, a, lda, b, ldb, beta, Address(place, NOUGHT), n)
        self.scopes.emit(Call(f"modc_gemm_{dtype.suffix}", args, (11,)))
        self.scopes.forget(place)

    # terms

    def _term(self, term: Term | None) -> Expr:
        """The value of a term in the innermost scope."""
        assert term is not None
        found = self._terms.get(term)
        if found is None:
            found = self._terms[term] = self._lower_term(term)
        return found

    def _lower_term(self, term: Term) -> Expr:
        if term.kind == "const":
            return Const(term.data, term.dtype)
        if term.kind == "size":
            return self.sizes.linear(term.data)
        if term.kind == "axis":
            return self._entry(term.data)
        if term.kind == "read":
            return self._read(*term.data)
        args = tuple(self._term(arg) for arg in term.args)
        op, attrs = term.data
        return self.scopes.name(Apply(op, args, term.dtype, attrs))

    def _read(self, source: Source, index: Index, shape: tuple[Size, ...]) -> Expr:
        if isinstance(source, Value):
            assert self._statement is not None
            member = self.storage.through_member.get((self._statement, source))
            if member is None and source.home is None:
                return self.bound[source] if not isinstance(self.bound[source], Load) else self._load(source)
            if member is None:
                return self.scopes.name(Load(source.home, self._kept_index(source, index, shape)))
            return self.scopes.name(Load(member, self._flat(index, shape)))
        return self.scopes.name(Load(self._place(source), self._flat(index, shape)))

    def _load(self, value: Value) -> Expr:
        return self.scopes.name(self.bound[value])

    def _place(self, source: Source) -> Place:
        if isinstance(source, Value):
            found: Place = source.home
            return found
        buffer = self.sizes.buffer_of.get(source)
        if buffer is not None:
            return buffer
        if source not in self._tables:
            self._tables[source] = Table(f"c{len(self._tables)}", source.dtype, source.attrs[1])
        return self._tables[source]

    # indices

    def _entry(self, entry: Entry) -> Expr:
        if isinstance(entry, Dyn):
            return self._term(entry.term)
        offset = self.sizes.linear(entry.offset)
        if entry.axis is None:
            return offset
        return plus(times(self.axis[entry.axis], entry.step), offset)

    def _flat(self, index: Index, shape: tuple[Size, ...]) -> Expr:
        """Row-major position: Horner's rule over the sizes."""
        total: Expr = NOUGHT
        for entry, size in zip(index, shape, strict=True):
            total = plus(times(total, self.sizes.extent(size)), self._entry(entry))
        return total

    def _home_index(self, value: Value, out: Index) -> Expr:
        return self._kept_index(value, out, value.shape)

    def _kept_index(self, value: Value, index: Index, shape: tuple[Size, ...]) -> Expr:
        """The position in a value's place, which may have only its inner dimensions."""
        if shape != value.shape:
            first = min(value.axes_kept, default=0)
            return self._flat(index[first:], shape[first:])
        kept = value.axes_kept
        return self._flat(tuple(index[axis] for axis in kept), tuple(shape[axis] for axis in kept))

    # what a loop stores to

    def _stores(self, statement: Statement) -> tuple[Place, ...]:
        if statement in self.storage.dropped:
            return ()
        place = statement.target if statement.kind in ("commit", "output") else None
        if statement.value is not None:
            place = statement.value.home
        return () if place is None else (place,)

    def _written(self, nest: Nest) -> tuple[Place, ...]:
        found = self._inside.get(nest)
        if found is None:
            places = dict.fromkeys(place for statement in nest.bind for place in self._stores(statement))
            found = self._inside[nest] = tuple(places)
        return found + tuple(place for statement in nest.bind for place in self.accumulator.get(statement, ()))


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


def start_of(statement: Statement) -> bool | int | float:
    """What an accumulator begins with."""
    name = statement.node.op.name
    dtype: DType = statement.term.dtype if statement.term is not None else statement.node.dtype
    if name in ("max", "argmax", "min", "argmin"):
        return lowest(dtype) if name in ("max", "argmax") else highest(dtype)
    start = statement.node.op.start[dtype.kind] if statement.node.op.start else 0
    return dtype.numpy.type(start).item()  # type: ignore[no-any-return]


def lowest(dtype: DType) -> bool | int | float:
    """The identity of maximum."""
    if dtype.is_float:
        return float("-inf")
    if dtype.kind == "b":
        return False
    return 0 if dtype.kind == "u" else -(1 << dtype.bits - 1)


def highest(dtype: DType) -> bool | int | float:
    """The identity of minimum."""
    if dtype.is_float:
        return float("inf")
    if dtype.kind == "b":
        return True
    return (1 << dtype.bits - (dtype.kind == "i")) - 1
