"""The invariants of a Kernel, one function each.

Input: a Kernel from `lower`; raises AssertionError ("modc bug") for the first one that does not hold.
`emit` and `interpret` rely on all of them. Cheap enough to run on every kernel under MODC_VERIFY=1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from modc.graph.dtype import BOOL, INT64, DType
from modc.graph.op import OPS
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
    Fold,
    If,
    Kernel,
    Let,
    LetProduct,
    Load,
    Local,
    Loop,
    Place,
    SetNeed,
    SetSlot,
    Slot,
    Stmt,
    Store,
    Table,
    Temp,
    Var,
)  # fmt: skip

#: On the stack: bytes of one Local, of all that are alive at once.
LOCAL_BYTES, STACK_BYTES = 4096, 16384


def verify(kernel: Kernel) -> None:
    """Check every invariant. Raises AssertionError."""
    bodies = (kernel.plan or (), kernel.body)
    for body in bodies:
        for check in (names_are_bound_once, types_fit, slots_exist, lanes_are_simple, sites_exist):
            check(kernel, body)
        stack_is_small(body)
    buffers_are_in_order(kernel)
    plan_only_plans(kernel)
    stores_are_allowed(kernel)
    no_check_after_a_commit(kernel.body, set())
    temps_have_one_name(kernel)
    temps_are_disjoint(kernel)


def says(holds: bool, text: str) -> None:
    """Raise unless `holds`."""
    if not holds:
        raise AssertionError(f"modc bug: {text}")


# Walks


def children(stmt: Stmt) -> tuple[tuple[Stmt, ...], ...]:
    """The bodies inside a statement."""
    match stmt:
        case Loop() | Block():
            return (stmt.body,)
        case If():
            return (stmt.then, stmt.otherwise)
        case _:
            return ()


def statements(body: Sequence[Stmt]) -> Iterator[Stmt]:
    """Every statement, outer ones first, in program order."""
    for stmt in body:
        yield stmt
        for inner in children(stmt):
            yield from statements(inner)


def own_exprs(stmt: Stmt) -> list[Expr]:
    """The expressions that a statement evaluates itself, not those of its bodies."""
    match stmt:
        case Loop():
            return [stmt.extent]
        case Let() | SetSlot():
            return [stmt.value]
        case Declare():
            return [] if stmt.init is None else [stmt.init]
        case Store():
            return [stmt.index, stmt.value]
        case Call():
            return [arg.index if isinstance(arg, Address) else arg for arg in stmt.args]
        case Check():
            return [stmt.ok, stmt.got, stmt.want]
        case If():
            return [stmt.condition]
        case SetNeed():
            return [stmt.arena_bytes, stmt.work]
        case LetProduct():
            return list(stmt.factors)
        case _:
            return []


def parts(expr: Expr) -> Iterator[Expr]:
    """`expr` and every expression in it, outer ones first."""
    stack = [expr]
    while stack:
        part = stack.pop()
        yield part
        if isinstance(part, Load):
            stack.append(part.index)
        elif isinstance(part, Apply):
            stack.extend(reversed(part.args))


def exprs(body: Sequence[Stmt]) -> Iterator[Expr]:
    """Every expression of every statement."""
    for stmt in statements(body):
        for expr in own_exprs(stmt):
            yield from parts(expr)


def places(stmt: Stmt) -> list[tuple[Place, bool]]:
    """What a statement touches itself, and whether it writes there."""
    loads = [part.place for expr in own_exprs(stmt) for part in parts(expr) if isinstance(part, Load | Fold)]
    found: list[tuple[Place, bool]] = [(place, False) for place in loads]
    match stmt:
        case Store():
            found.append((stmt.place, True))
        case Call():
            spans = [(at, arg) for at, arg in enumerate(stmt.args) if isinstance(arg, Address)]
            found += [(arg.place, at in stmt.writes) for at, arg in spans]
        case _:
            pass
    return found


# Invariants of a body


def names_are_bound_once(kernel: Kernel, body: Sequence[Stmt]) -> None:
    """Every Var and Local is bound in an enclosing body before its use, and hides nothing."""
    _scope(body, {}, {})


def _scope(body: Sequence[Stmt], names: dict[str, DType], locals_: dict[str, Local]) -> None:
    names, locals_ = dict(names), dict(locals_)

    def bind(var: Var) -> None:
        says(var.name not in names, f"{var.name} is bound twice")
        names[var.name] = var.dtype

    for stmt in body:
        for expr in own_exprs(stmt):
            for part in parts(expr):
                if isinstance(part, Var):
                    says(names.get(part.name) is part.dtype, f"{part.name} is not in scope as {part.dtype}")
        for place, _ in places(stmt):
            if isinstance(place, Local):
                says(locals_.get(place.name) == place, f"{place.name} is not declared")
        match stmt:
            case Let() | LetProduct():
                bind(stmt.var)
            case Declare(local):
                says(local.name not in locals_, f"{local.name} is declared twice")
                locals_[local.name] = local
            case Loop():
                says(stmt.var.name not in names, f"{stmt.var.name} is bound twice")
                _scope(stmt.body, names | {stmt.var.name: stmt.var.dtype}, locals_)
            case _:
                for inner in children(stmt):
                    _scope(inner, names, locals_)


def types_fit(kernel: Kernel, body: Sequence[Stmt]) -> None:
    """Indices, extents, slots are int64, conditions bool, stored values of the place's dtype."""
    for stmt in statements(body):
        match stmt:
            case Loop():
                says(stmt.var.dtype is stmt.extent.dtype is INT64, f"loop {stmt.var.name} is not int64")
            case Store():
                wanted = stmt.place.dtype
                says(stmt.index.dtype is INT64, f"index of {stmt.place.name} is {stmt.index.dtype}")
                says(stmt.value.dtype is wanted, f"{stmt.value.dtype} is stored to {stmt.place.name}: {wanted}")
            case Let():
                says(stmt.var.dtype is stmt.value.dtype, f"{stmt.var.name} is {stmt.var.dtype}: {stmt.value.dtype}")
            case Declare(local, init) if init is not None:
                says(init.dtype is local.dtype, f"{local.name} starts as {init.dtype}")
            case If() | Check():
                condition = stmt.condition if isinstance(stmt, If) else stmt.ok
                says(condition.dtype is BOOL, f"a condition is {condition.dtype}")
            case _:
                pass
    for expr in exprs(body):
        match expr:
            case Load():
                says(expr.index.dtype is INT64, f"index of {expr.place.name} is {expr.index.dtype}")
            case Apply():
                row = expr.op.name.startswith("index_") or OPS.get(expr.op.name) is expr.op or expr.op.user
                says(row and expr.op.family in ("map", "index"), f"{expr.op.name} is no scalar row")
                says(len(expr.attrs) == len(expr.op.params), f"attributes of {expr.op.name}")
            case _:
                pass


def slots_exist(kernel: Kernel, body: Sequence[Stmt]) -> None:
    """Slots are entries of modc_call.dim."""
    read = [expr.position for expr in exprs(body) if isinstance(expr, Slot)]
    set_ = [stmt.position for stmt in statements(body) if isinstance(stmt, SetSlot)]
    for position in read + set_:
        says(0 <= position < kernel.slots, f"there is no slot {position}")


def sites_exist(kernel: Kernel, body: Sequence[Stmt]) -> None:
    """Checks name entries of the kernel's table of sites."""
    for stmt in statements(body):
        if isinstance(stmt, Check | LetProduct):
            says(0 <= stmt.site < len(kernel.sites), f"there is no site {stmt.site}")


def lanes_are_simple(kernel: Kernel, body: Sequence[Stmt]) -> None:
    """A lanes loop has a constant extent, no loop inside, and stores to its own element of each place."""
    for stmt in statements(body):
        if not (isinstance(stmt, Loop) and stmt.kind == "lanes"):
            continue
        says(isinstance(stmt.extent, Const), f"lanes {stmt.var.name} without a constant extent")
        for inner in statements(stmt.body):
            says(not isinstance(inner, Loop | Call | Check), f"{type(inner).__name__} in lanes {stmt.var.name}")
            if isinstance(inner, Store) and not _declared_in(inner.place, stmt.body):
                used = {part.name for part in parts(inner.index) if isinstance(part, Var)}
                lets = {let.var.name for let in statements(stmt.body) if isinstance(let, Let)}
                says(bool(used & (lets | {stmt.var.name})), f"lanes {stmt.var.name} share {inner.place.name}")


def _declared_in(place: Place, body: Sequence[Stmt]) -> bool:
    return any(isinstance(stmt, Declare) and stmt.local == place for stmt in statements(body))


def stack_is_small(body: Sequence[Stmt]) -> None:
    """Locals stay within what a thread's stack surely has."""
    declared = {stmt.local for stmt in statements(body) if isinstance(stmt, Declare)}
    sizes = [max(local.length, 1) * local.dtype.bytes for local in declared]
    says(max(sizes, default=0) <= LOCAL_BYTES, "a local is larger than 4 KiB")
    says(sum(sizes) <= STACK_BYTES, "locals take more than 16 KiB")


# Invariants of the kernel


def buffers_are_in_order(kernel: Kernel) -> None:
    """Inputs | members | outputs | next; sizes follow each other in dim; a next buffer per reshaped member."""
    order = ["input", "member", "output", "next"]
    ranks = [order.index(buffer.kind) for buffer in kernel.buffers]
    says(ranks == sorted(ranks), "buffers are out of order")
    dim = 0
    for position, buffer in enumerate(kernel.buffers):
        says(buffer.position == position, f"{buffer.name} is at {position}, not at {buffer.position}")
        says(buffer.dim == dim and len(buffer.size) == buffer.ndim, f"sizes of {buffer.name}")
        says(not (buffer.written and buffer.reshaped), f"{buffer.name} is written and reshaped")
        dim += buffer.ndim
    says(dim <= kernel.slots, "sizes of buffers do not fit into dim")
    nexts = sum(buffer.kind == "next" for buffer in kernel.buffers)
    says(nexts == sum(buffer.reshaped for buffer in kernel.buffers), "next buffers and reshaped members differ")


def plan_only_plans(kernel: Kernel) -> None:
    """SetSlot, SetNeed are plan's; plan stores to locals only and reads nothing but 0-d inputs and members."""
    for stmt in statements(kernel.body):
        says(not isinstance(stmt, SetSlot | SetNeed), f"{type(stmt).__name__} in run")
    for stmt in statements(kernel.plan or ()):
        says(not isinstance(stmt, Call), "Call in plan")
        for place, writes in places(stmt):
            readable = isinstance(place, Buffer) and place.kind in ("input", "member") and place.ndim == 0
            says(isinstance(place, Local | Table) or (readable and not writes), f"plan touches {place.name}")
    if kernel.plan is None:
        loose = [buffer.name for buffer in kernel.buffers if None in buffer.size]
        says(not loose, f"no plan, but sizes of {', '.join(loose)} are unknown")


def stores_are_allowed(kernel: Kernel) -> None:
    """Outputs, next buffers, written members, scratch: nothing else is stored to."""
    for stmt in statements(kernel.body):
        for place, writes in places(stmt):
            if isinstance(place, Buffer):
                says(place in kernel.buffers, f"{place.name} is no buffer of this kernel")
                allowed = place.kind in ("output", "next") or place.written
                says(allowed or not writes, f"store to {place.kind} {place.name}")
            says(not (writes and isinstance(place, Table)), f"store to the constant {place.name}")


def no_check_after_a_commit(body: Sequence[Stmt], seen: set[str]) -> None:
    """After the first store to a member nothing may fail; a loop with both would check after its own commits."""
    for stmt in body:
        inside = list(statements((stmt,)))
        checks = any(isinstance(inner, Check | LetProduct) for inner in inside)
        commits = [
            place.name
            for inner in inside
            for place, writes in places(inner)
            if writes and isinstance(place, Buffer) and place.kind == "member"
        ]
        says(not (checks and seen), f"a check after the commit of {', '.join(sorted(seen))}")
        if checks and commits:
            says(not isinstance(stmt, Loop), f"a check and the commit of {commits[0]} in one loop")
            for inner in children(stmt):
                no_check_after_a_commit(inner, set(seen))
        seen.update(commits)


def _temps(body: Sequence[Stmt]) -> dict[Temp, tuple[int, int]]:
    """Per scratch buffer the first and last top-level statement that touches it."""
    found: dict[Temp, tuple[int, int]] = {}
    for at, stmt in enumerate(body):
        for inner in statements((stmt,)):
            for place, _ in places(inner):
                if isinstance(place, Temp):
                    found[place] = (found.get(place, (at, at))[0], at)
    return found


def temps_have_one_name(kernel: Kernel) -> None:
    """One name is one scratch buffer."""
    names = [temp.name for temp in _temps(kernel.body)]
    says(len(names) == len(set(names)), "two scratch buffers have one name")


def temps_are_disjoint(kernel: Kernel) -> None:
    """Scratch buffers that are alive at the same time do not overlap, as far as offsets and indices are constant."""
    last = _last_indices(kernel.body)
    spans: list[tuple[Temp, int, int, int, int]] = []
    for temp, (first, final) in _temps(kernel.body).items():
        end = last.get(temp.name)
        if isinstance(temp.offset, Const) and end is not None:
            start = int(temp.offset.value)
            stop = start + (end + 1) * temp.dtype.bytes
            says(kernel.plan is not None or stop <= kernel.arena_bytes, f"{temp.name} ends behind the arena")
            spans.append((temp, first, final, start, stop))
    for at, (temp, first, final, start, stop) in enumerate(spans):
        for other, first2, final2, start2, stop2 in spans[:at]:
            together = first <= final2 and first2 <= final
            says(not (together and start < stop2 and start2 < stop), f"{temp.name} overlaps {other.name}")


def _last_indices(body: Sequence[Stmt]) -> dict[str, int | None]:
    """Per scratch buffer the largest constant bound of its indices, None where one is not known."""
    found: dict[str, int | None] = {}

    def note(name: str, index: Expr, bounds: dict[str, int | None]) -> None:
        top = _bound(index, bounds)
        known = found.get(name, 0)
        found[name] = None if top is None or known is None else max(known, top)

    def visit(body: Sequence[Stmt], bounds: dict[str, int | None]) -> None:
        for stmt in body:
            for expr in own_exprs(stmt):
                for part in parts(expr):
                    if isinstance(part, Load) and isinstance(part.place, Temp):
                        note(part.place.name, part.index, bounds)
            match stmt:
                case Store(Temp(name=name), index):
                    note(name, index, bounds)
                case Call():
                    for arg in stmt.args:
                        if isinstance(arg, Address) and isinstance(arg.place, Temp):
                            found[arg.place.name] = None
                case Let():
                    bounds[stmt.var.name] = _bound(stmt.value, bounds)
                case Loop():
                    extent = _bound(stmt.extent, bounds)
                    bounds[stmt.var.name] = None if extent is None else max(extent - 1, 0)
                case _:
                    pass
            for inner in children(stmt):
                visit(inner, bounds)

    visit(body, {})
    return found


_MONOTONE: dict[str, Callable[[int, int], int]] = {
    "index_add": lambda a, b: a + b,
    "index_mul": lambda a, b: a * b,
    "index_min": min,
    "index_max": max,
}


def _bound(expr: Expr, bounds: dict[str, Any]) -> int | None:
    """An upper bound of a non-negative index expression, where constants give one."""
    match expr:
        case Const(value):
            return int(value)
        case Var(name):
            found: int | None = bounds.get(name)
            return found
        case Apply(op, args) if op.name in _MONOTONE:
            tops = [_bound(arg, bounds) for arg in args]
            known = [top for top in tops if top is not None]
            if op.name == "index_min" and known:
                return min(known)
            return _MONOTONE[op.name](*known) if len(known) == 2 else None
        case _:
            return None
