"""Names that are used once go back into the expression that uses them; the C text stays readable.

Input and output: loop IR bodies. A name stays where its use is in an inner loop (it was hoisted) and
where a store between the two changes what it loads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from modc.schedule.loops import (
    Address,
    Apply,
    Block,
    Call,
    Check,
    Declare,
    Expr,
    Fold,
    If,
    Let,
    LetProduct,
    Load,
    Loop,
    Place,
    SetNeed,
    SetSlot,
    Stmt,
    Store,
    Var,
)

LONGEST = 12  # ops of one C expression

Change = Callable[[Expr], Expr]


def tidy(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """`body` without the names that are used once or never, the others numbered from 1."""
    return _numbered(_tidy(body, count_uses(body)), {})


def _numbered(body: tuple[Stmt, ...], names: dict[str, Expr]) -> tuple[Stmt, ...]:
    done: list[Stmt] = []
    for statement in body:
        statement = with_expressions(statement, lambda expr: _put(expr, names))
        if isinstance(statement, Let):
            var = names[statement.var.name] = Var(f"v{len(names) + 1}", statement.var.dtype)
            statement = replace(statement, var=var)
        match statement:
            case Loop(body=inner) | Block(body=inner):
                statement = replace(statement, body=_numbered(inner, names))
            case If(then=then, otherwise=otherwise):
                statement = replace(statement, then=_numbered(then, names), otherwise=_numbered(otherwise, names))
        done.append(statement)
    return tuple(done)


def count_uses(body: tuple[Stmt, ...]) -> dict[str, int]:
    """How often each name is read."""
    uses: dict[str, int] = {}
    for statement in _all(body):
        for expr in expressions(statement):
            _count(expr, uses)
    return uses


def _count(expr: Expr, uses: dict[str, int]) -> None:
    if isinstance(expr, Var):
        uses[expr.name] = uses.get(expr.name, 0) + 1
    elif isinstance(expr, Load):
        _count(expr.index, uses)
    elif isinstance(expr, Apply):
        for arg in expr.args:
            _count(arg, uses)


def _all(body: tuple[Stmt, ...]) -> Iterator[Stmt]:
    for statement in body:
        yield statement
        for inner in bodies(statement):
            yield from _all(inner)


def bodies(statement: Stmt) -> tuple[tuple[Stmt, ...], ...]:
    """The bodies inside a statement."""
    if isinstance(statement, Loop | Block):
        return (statement.body,)
    if isinstance(statement, If):
        return statement.then, statement.otherwise
    return ()


def expressions(statement: Stmt) -> tuple[Expr, ...]:
    """The expressions that a statement itself evaluates, not those of its bodies."""
    match statement:
        case Loop(extent=extent):
            return (extent,)
        case Let(value=value) | SetSlot(value=value):
            return (value,)
        case Declare(init=init):
            return () if init is None else (init,)
        case Store(index=index, value=value):
            return index, value
        case Call(args=args):
            return tuple(arg.index if isinstance(arg, Address) else arg for arg in args)
        case Check(ok=ok, got=got, want=want):
            return ok, got, want
        case If(condition=condition):
            return (condition,)
        case SetNeed(arena_bytes=arena_bytes, work=work):
            return arena_bytes, work
        case LetProduct(factors=factors):
            return factors
        case _:
            return ()


def with_expressions(statement: Stmt, change: Change) -> Stmt:
    """The statement with its own expressions changed."""
    match statement:
        case Loop(extent=extent):
            return replace(statement, extent=change(extent))
        case Let(value=value) | SetSlot(value=value):
            return replace(statement, value=change(value))
        case Declare(init=init):
            return statement if init is None else replace(statement, init=change(init))
        case Store(index=index, value=value):
            return replace(statement, index=change(index), value=change(value))
        case Call(args=args):
            return replace(statement, args=tuple(_argument(arg, change) for arg in args))
        case Check(ok=ok, got=got, want=want):
            return replace(statement, ok=change(ok), got=change(got), want=change(want))
        case If(condition=condition):
            return replace(statement, condition=change(condition))
        case _:
            return statement


def _argument(arg: Expr | Address, change: Change) -> Expr | Address:
    return replace(arg, index=change(arg.index)) if isinstance(arg, Address) else change(arg)


def _tidy(body: tuple[Stmt, ...], uses: dict[str, int]) -> tuple[Stmt, ...]:
    table: dict[str, Expr] = {}  # names to put back
    used = _direct_uses(body)
    stored = [_stored(statement) for statement in body]
    chosen = _chosen(body)
    done: list[Stmt] = []
    for number, statement in enumerate(body):
        if table:
            statement = with_expressions(statement, lambda expr: _put(expr, table))
        if isinstance(statement, Let):
            name = statement.var.name
            if not uses.get(name):
                continue
            last = used.get(name)
            if name in chosen and isinstance(statement.value, Load):
                done.append(statement)  # an element that is read only under a condition keeps C compilers from vectorising
                continue
            if uses[name] == 1 and last is not None and _ops(statement.value) <= LONGEST:
                loads = _loads(statement.value)
                if not any(place in loads for inner in stored[number + 1 : last] for place in inner):
                    table[name] = statement.value
                    continue
        done.append(_inside(statement, uses))
    return tuple(done)


def _chosen(body: tuple[Stmt, ...]) -> set[str]:
    """Names that would stand where a `where` chooses between them and something else."""
    found: set[str] = set()
    for statement in reversed(body):
        if isinstance(statement, Let):
            _branches(statement.value, statement.var.name in found, found)
        elif isinstance(statement, Store):
            _branches(statement.value, False, found)
    return found


def _branches(expr: Expr, inside: bool, found: set[str]) -> None:
    if isinstance(expr, Var):
        if inside:
            found.add(expr.name)
    elif isinstance(expr, Apply):
        for place, arg in enumerate(expr.args):
            _branches(arg, inside or (expr.op.name == "where" and place > 0), found)


def _stored(statement: Stmt) -> frozenset[Place]:
    """The places that a statement changes."""
    if isinstance(statement, Store):
        return frozenset((statement.place,))
    if isinstance(statement, Declare):
        return frozenset((statement.local,))
    if isinstance(statement, Call):
        written = (statement.args[position] for position in statement.writes)
        return frozenset(arg.place for arg in written if isinstance(arg, Address))
    inner = [_stored(below) for body in bodies(statement) for below in body]
    return frozenset[Place]().union(*inner)


def _loads(expr: Expr) -> set[Place]:
    if isinstance(expr, Load):
        return _loads(expr.index) | {expr.place}
    if isinstance(expr, Fold):
        return {expr.place}
    found: set[Place] = set()
    for arg in expr.args if isinstance(expr, Apply) else ():
        found |= _loads(arg)
    return found


def _inside(statement: Stmt, uses: dict[str, int]) -> Stmt:
    match statement:
        case Loop(body=body) | Block(body=body):
            return replace(statement, body=_tidy(body, uses))
        case If(then=then, otherwise=otherwise):
            return replace(statement, then=_tidy(then, uses), otherwise=_tidy(otherwise, uses))
        case _:
            return statement


def _direct_uses(body: tuple[Stmt, ...]) -> dict[str, int]:
    """Name -> the number of the statement of this body that reads it itself (a Loop's extent does not count)."""
    found: dict[str, int] = {}
    for number, statement in enumerate(body):
        if isinstance(statement, Loop):
            continue
        uses: dict[str, int] = {}
        for expr in expressions(statement):
            _count(expr, uses)
        for name in uses:
            found[name] = number
    return found


def _put(expr: Expr, table: dict[str, Expr]) -> Expr:
    if isinstance(expr, Var):
        return table.get(expr.name, expr)
    if isinstance(expr, Load):
        return replace(expr, index=_put(expr.index, table))
    if isinstance(expr, Apply):
        return replace(expr, args=tuple(_put(arg, table) for arg in expr.args))
    return expr


def _ops(expr: Expr) -> int:
    if isinstance(expr, Apply):
        return 1 + sum(_ops(arg) for arg in expr.args)
    return _ops(expr.index) // 4 if isinstance(expr, Load) else 0
