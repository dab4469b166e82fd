"""Statements of the loop language as lines of C, one to one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import assert_never

from modc.emit.expr import Printer, Text, initializer
from modc.emit.large import NAME, large
from modc.emit.names import Names, comment
from modc.emit.shallow import CUT, shallow
from modc.emit.writer import Writer
from modc.graph.dtype import DType
from modc.graph.op import Op
from modc.schedule.loops import (
    Address,
    Apply,
    Block,
    Buffer,
    Call,
    Check,
    Const,
    Declare,
    Expr,
    If,
    Kernel,
    Let,
    LetProduct,
    Local,
    Loop,
    Note,
    Place,
    SetNeed,
    SetSlot,
    Stmt,
    Store,
    Table,
    Temp,
    Var,
)  # fmt: skip
from modc.schedule.verify import children, exprs, places, statements

#: Integer comparisons and their opposites, so that a Check reads as what it refuses.
_OPPOSITE = {"eq": "!=", "lt": ">=", "le": ">", "gt": "<=", "ge": "<"}
_OPPOSITE |= {"index_less": ">=", "index_less_equal": ">", "index_equal": "!="}

LIGHT = 12  # cost of a lane that is cheap enough to be written several times
FEW = 128  # statements that straight code may have in place of loops of known size
LONGEST = 8  # rounds that modc_unrolled makes straight code of


class Body:
    """Prints the statements of one C function."""

    def __init__(
        self, kernel: Kernel, out: Writer, names: Names, stmts: Sequence[Stmt], fail: str, dim: str, hosted: bool = False
    ) -> None:
        self.kernel, self.out, self.names, self.fail = kernel, out, names, fail
        self.used = {expr.name for expr in exprs(stmts) if isinstance(expr, Var)}
        self.printer = Printer(self.name, dim)
        self.c = self.printer.expr
        self.pointed: set[str] = set()  # scratch buffers that have a pointer here
        self.hosted = hosted  # whether calls may get what a host found: libraries
        self.small = False  # whether the outermost open loop is unrolled, with all that it holds

    def name(self, thing: Place | Var) -> str:
        """The C identifier of a buffer, scratch buffer, local, counter or constant."""
        match thing:
            case Buffer(name=name, kind=kind, position=position):
                return self.names.of(("buffer", position), name + "_next" if kind == "next" else name)
            case Var(name):
                return self.names.of(("var", name), name)
            case Temp(name) | Local(name) | Table(name):
                return self.names.of((type(thing).__name__, name), name)
            case _:
                assert_never(thing)

    def body(self, stmts: Sequence[Stmt]) -> None:
        """The statements of a body, one after the other."""
        for stmt in shallow(stmts, self.names):
            self._stmt(stmt)

    def _stmt(self, stmt: Stmt) -> None:
        match stmt:
            case Loop():
                self._loop(stmt)
            case Let(var, value):
                if var.name in self.used or var.name.startswith(CUT):
                    self.out.line(f"const {var.dtype.c_type} {self.name(var)} = {self.c(value)};")
            case Declare(local, init):
                self._declare(local, init)
            case Store():
                self._store(stmt)
            case Call(function, args, _):
                found = large(stmt) if self.hosted else ""
                front = [NAME] if found else []
                self.out.line(f"{found or function}({', '.join(front + [self._argument(arg) for arg in args])});")
            case Check():
                self._check(stmt)
            case If():
                self._branch(stmt)
            case Block(body):
                self._block(body)
            case Note(text):
                self.out.line(f"/* {comment(text)} */")
            case SetSlot(position, value):
                self.out.line(f"{self.printer.dim}[{position}] = {self.c(value)};")
            case SetNeed(arena_bytes, work):
                self.out.line(f"c->arena_bytes = {self.c(arena_bytes)};")
                self.out.line(f"c->work = {self.c(work)};")
            case LetProduct():
                self._product(stmt)
            case _:
                assert_never(stmt)

    # Scopes

    def _loop(self, loop: Loop) -> None:
        counter = self.name(loop.var)
        head = f"for (int64_t {counter} = 0; {counter} < {self.c(loop.extent, 8)}; {counter}++)"
        outermost = self.printer.loops == 0
        self.small = self.small if not outermost else rounds(loop) <= FEW
        if self.small or adds_in_lanes(loop):
            self.out.line("modc_unrolled")
        self.printer.loops += 1
        self._scope(head, loop.body)
        self.printer.loops -= 1

    def _scope(self, head: str, stmts: Sequence[Stmt], tail: str = "}") -> None:
        """`head` and the statements, in braces unless they are a single plain one."""
        body = list(shallow(stmts, self.names))
        if len(body) == 1 and isinstance(body[0], Loop | Store | Check | Call) and tail == "}":
            self.out.line(head)
            with self.out.deeper():
                self._stmt(body[0])
            return
        with self.out.block(head, tail):
            for stmt in body:
                self._stmt(stmt)

    def _branch(self, stmt: If) -> None:
        head = f"if ({self.c(stmt.condition)})"
        if not stmt.otherwise:
            self._scope(head, stmt.then)
            return
        self._scope(head, stmt.then, "} else {")
        with self.out.deeper():
            self.body(stmt.otherwise)
        self.out.line("}")

    def _block(self, body: Sequence[Stmt]) -> None:
        temps = [temp for temp in scratch(body) if temp.name not in self.pointed]
        if not temps and not any(isinstance(stmt, Let | Declare | LetProduct) for stmt in body):
            self.body(body)
            return
        with self.out.block():
            self.pointers(temps, body, "restrict ")
            self.body(body)
        self.pointed -= {temp.name for temp in temps}

    def pointers(self, temps: Iterable[Temp], body: Sequence[Stmt], restrict: str) -> None:
        """Pointers into the arena. One that is only read is const."""
        written = {place for stmt in statements(body) for place, writes in places(stmt) if writes}
        for temp in temps:
            kind = ("" if temp in written else "const ") + temp.dtype.c_type
            at = "arena"
            if not (isinstance(temp.offset, Const) and temp.offset.value == 0):
                at = f"(arena + {self.c(temp.offset, 10)})"
            self.out.line(f"{kind} *{restrict}{self.name(temp)} = ({kind} *){at};", comment(temp.note))
            self.pointed.add(temp.name)

    # Single statements

    def _declare(self, local: Local, init: Expr | None) -> None:
        name, kind, note = self.name(local), local.dtype.c_type, comment(local.note)
        if local.length == 0:
            start = "" if init is None else f" = {self.c(init)}"
            self.out.line(f"{kind} {name}{start};", note)
        elif init is None or not is_zero(init):
            self.out.line(f"{kind} {name}[{local.length}];", note)
            if init is not None:
                counter = self.names.fresh("l")
                self.out.line(f"for (int64_t {counter} = 0; {counter} < {local.length}; {counter}++)")
                with self.out.deeper():
                    self.out.line(f"{name}[{counter}] = {self.c(init)};")
        else:
            self.out.line(f"{kind} {name}[{local.length}] = {{{initializer(0, local.dtype)}}};", note)

    def _store(self, store: Store) -> None:
        target = self.printer.element(store.place, store.index)
        if store.combine is None:
            self.out.line(f"{target} = {self.c(store.value)};")
            return
        value = self._combined(store.value)
        symbol = compound(store.combine, store.place.dtype)
        if symbol:
            self.out.line(f"{target} {symbol}= {value[0]};")
            return
        operands = [(target, 13.0), value]
        text, _ = self.printer.fill(store.combine, operands, store.place.dtype, store.place.dtype)
        self.out.line(f"{target} = {text};")

    def _combined(self, value: Expr) -> Text:
        """What is added to a lane: a choice between floats by their bits, which gcc makes vectors of."""
        if isinstance(value, Apply) and value.op.name == "where" and value.dtype.is_float:
            operands = [self.printer.parts(arg) for arg in value.args]
            return self.printer.fill(value.op, operands, value.dtype, value.dtype, "modc_where_{r}({0}, {1}, {2})")
        return self.printer.parts(value)

    def _argument(self, arg: Expr | Address) -> str:
        return self.printer.address(arg.place, arg.index) if isinstance(arg, Address) else self.c(arg)

    def _check(self, check: Check) -> None:
        got, want = (self._number(expr) for expr in (check.got, check.want))
        self.out.line(f"if ({self._refused(check.ok)})")
        with self.out.deeper():
            self._fails(check.site, f"{check.axis}, {got}, {want}")

    def _fails(self, site: int, numbers: str) -> None:
        kind = comment(self.kernel.sites[site].kind)
        self.out.line(f"return modc_failed({self.fail}, {site}, {numbers});", kind)

    def _number(self, expr: Expr) -> str:
        """As an int64 argument."""
        return self.c(expr) if expr.dtype.name == "int64" else f"(int64_t){self.c(expr, 11)}"

    def _refused(self, ok: Expr) -> str:
        """The opposite of `ok`."""
        if isinstance(ok, Apply) and ok.op.name in _OPPOSITE and not ok.args[0].dtype.is_inexact:
            first, second = (self.c(arg, 9) for arg in ok.args)
            return f"{first} {_OPPOSITE[ok.op.name]} {second}"
        return f"!{self.c(ok, 11)}"

    def _product(self, stmt: LetProduct) -> None:
        """A product of sizes, checked at the end."""
        name = self.name(stmt.var)
        text = self.c(stmt.factors[0])
        for factor in stmt.factors[1:]:
            text = f"modc_bytes({text}, {self.c(factor)})"
        self.out.line(f"const int64_t {name} = {text};")
        self.out.line(f"if ({name} < 0)")
        with self.out.deeper():
            self._fails(stmt.site, f"0, {name}, 0")


def adds_in_lanes(loop: Loop) -> bool:
    """Whether a loop is a round of lanes with little to do for each."""
    if loop.kind != "lanes" or any(isinstance(stmt, If) for stmt in loop.body):
        return False
    lanes = any(isinstance(stmt, Store) and isinstance(stmt.place, Local) for stmt in loop.body)
    cost = sum(expr.op.cost for expr in exprs(loop.body) if isinstance(expr, Apply))
    return lanes and cost <= LIGHT


def rounds(stmt: Stmt) -> float:
    """How many statements run in it; infinity where that is not known, or a loop has many rounds."""
    match stmt:
        case Loop(extent=Const(count), body=body):
            return int(count) * sum(map(rounds, body)) if int(count) <= LONGEST else math.inf
        case Let() | Declare() | Store() | Note():
            return 1
        case _:
            return math.inf


def scratch(body: Sequence[Stmt]) -> list[Temp]:
    """The scratch buffers that `body` touches, in order."""
    touched = (place for stmt in statements(body) for place, _ in places(stmt))
    return list(dict.fromkeys(place for place in touched if isinstance(place, Temp)))


def tables(body: Sequence[Stmt]) -> list[Table]:
    """The constant arrays that `body` reads, in order."""
    touched = (place for stmt in statements(body) for place, _ in places(stmt))
    return list(dict.fromkeys(place for place in touched if isinstance(place, Table)))


def loose_scratch(body: Sequence[Stmt]) -> list[Temp]:
    """Those touched outside every Block."""
    found: list[Temp] = []
    for stmt in body:
        if not isinstance(stmt, Block):
            found += [place for place, _ in places(stmt) if isinstance(place, Temp)]
            for inner in children(stmt):
                found += loose_scratch(inner)
    return list(dict.fromkeys(found))


def is_zero(init: Expr) -> bool:
    """Whether the bytes of a constant are zero: 0, 0.0, not -0.0."""
    return isinstance(init, Const) and init.value == 0 and not str(init.value).startswith("-")


def compound(op: Op, dtype: DType) -> str:
    """The symbol of `a += b` and its like, where C's is the op itself."""
    if dtype.is_float:
        return {"add": "+", "sub": "-", "mul": "*"}.get(op.name, "")
    if dtype.kind == "b":
        return {"add": "|", "or_": "|", "mul": "&", "and_": "&"}.get(op.name, "")
    if dtype.kind == "u" and dtype.bits >= 32:
        return {"add": "+", "sub": "-", "mul": "*"}.get(op.name, "")
    return ""
