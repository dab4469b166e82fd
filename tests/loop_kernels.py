"""Kernels in the loop language, built by hand: one feature each. For the tests of interpret, verify and emit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from modc.graph import Program, cast, const, leaf
from modc.graph.dtype import BOOL, FLOAT32, FLOAT64, INT64, DType
from modc.graph.op import OPS
from modc.graph.ops_core import CAST
from modc.schedule.loops import (
    INDEX_ADD,
    INDEX_DIV,
    INDEX_MIN,
    INDEX_MUL,
    INDEX_SUB,
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
    Note,
    SetNeed,
    SetSlot,
    Site,
    Slot,
    Stmt,
    Store,
    Table,
    Temp,
    Var,
)  # fmt: skip

ADD, MUL = OPS["add"], OPS["mul"]
ZERO = Const(0, INT64)


def whole(value: int) -> Const:
    return Const(value, INT64)


def index(op: Any, *args: Expr) -> Apply:
    return Apply(op, args, INT64)


def add(a: Expr, b: Expr) -> Apply:
    return Apply(ADD, (a, b), a.dtype)


def mul(a: Expr, b: Expr) -> Apply:
    return Apply(MUL, (a, b), a.dtype)


def less(a: Expr, b: Expr) -> Apply:
    return Apply(OPS["lt"], (a, b), BOOL)


def equal(a: Expr, b: Expr) -> Apply:
    return Apply(OPS["eq"], (a, b), BOOL)


def flat(row: Expr, width: Expr, column: Expr) -> Apply:
    return index(INDEX_ADD, index(INDEX_MUL, row, width), column)


def buffers(*rows: tuple[str, str, DType, tuple[int | None, ...], str]) -> tuple[Buffer, ...]:
    """Rows of (name, kind, dtype, sizes, "written" | "reshaped" | "")."""
    made: list[Buffer] = []
    dim = 0
    for position, (name, kind, dtype, size, how) in enumerate(rows):
        made.append(
            Buffer(name, kind, position, dtype, len(size), dim, size, how == "written", how == "reshaped")
        )
        dim += len(size)
    return tuple(made)


def kernel(
    name: str,
    places: Sequence[Buffer],
    body: Sequence[Stmt],
    plan: Sequence[Stmt] | None = None,
    sites: Sequence[Site] = (),
    private: int = 0,
    **numbers: int,
) -> Kernel:
    """A Kernel over a Program with leaves of the right types and constants for what it computes."""
    inputs = [leaf(place.dtype, place.size) for place in places if place.kind == "input"]
    holders = [place for place in places if place.kind == "member"]
    members = [leaf(place.dtype, place.size) for place in holders]
    outputs = [cast(const(0), place.dtype) for place in places if place.kind == "output"]
    updates = [
        (at, cast(const(0), place.dtype)) for at, place in enumerate(holders) if place.written or place.reshaped
    ]
    input_names = [place.name for place in places if place.kind == "input"]
    program = Program(name, inputs, input_names, members, [place.name for place in holders], outputs, updates)
    slots = sum(place.ndim for place in places) + private
    return Kernel(
        program, tuple(places), slots, None if plan is None else tuple(plan), tuple(body), tuple(sites), **numbers
    )


def agree(site: int, got: int, want: int, axis: int = 0) -> Check:
    """Check that two slots are equal."""
    return Check(equal(Slot(got), Slot(want)), site, axis, Slot(got), Slot(want))


def need(arena: Expr = ZERO) -> SetNeed:
    return SetNeed(arena, whole(1000))


def accumulator(dtype: DType = FLOAT64) -> Kernel:
    """state, out = state + inc: no sizes."""
    inc, state, out = places = buffers(
        ("inc", "input", dtype, (), ""), ("state", "member", dtype, (), "written"), ("out0", "output", dtype, (), "")
    )
    new = Var("new_state", dtype)
    body = (
        Let(new, add(Load(state, ZERO), Load(inc, ZERO))),
        Store(out, ZERO, new),
        Note("Every read of the old state is above this line."),
        Store(state, ZERO, new),
    )
    return kernel("Acc.add", places, body, work=2)


def vector_map() -> Kernel:
    """out = x * 2 + w, with w a member that must have x's size."""
    x, w, out = places = buffers(
        ("x", "input", FLOAT64, (None,), ""),
        ("w", "member", FLOAT64, (None,), ""),
        ("out0", "output", FLOAT64, (None,), ""),
    )
    i, n = Var("i"), Var("n")
    value = add(mul(Load(x, i), Const(2.0, FLOAT64)), Load(w, i))
    plan = (agree(0, 1, 0), SetSlot(2, Slot(0)), need())
    body = (Let(n, Slot(0)), Loop(i, n, (Store(out, i, value),)))
    return kernel("Scale.twice", places, body, plan, [Site("shape", -1, 1)])


def lanes_sum(dtype: DType = FLOAT32) -> Kernel:
    """The sum of x over 32 lanes, a tail, and a fold; the total grows a member."""
    x, total, out = places = buffers(
        ("x", "input", dtype, (None,), ""), ("total", "member", dtype, (), "written"), ("out0", "output", dtype, (), "")
    )
    n, blocks, block, lane, j = Var("n"), Var("blocks"), Var("b"), Var("l"), Var("j")
    acc, result = Local("acc", dtype, 32, "sum(x)"), Var("s", dtype)
    position = index(INDEX_ADD, index(INDEX_MUL, whole(32), block), lane)
    rest = index(INDEX_SUB, n, index(INDEX_MUL, whole(32), blocks))
    last = index(INDEX_ADD, index(INDEX_MUL, whole(32), blocks), j)
    body = (
        Let(n, Slot(0)),
        Let(blocks, index(INDEX_DIV, n, whole(32))),
        Declare(acc, Const(0.0 if dtype.is_float else 0, dtype)),
        Loop(block, blocks, (Loop(lane, whole(32), (Store(acc, lane, Load(x, position), ADD),), "lanes"),)),
        Loop(j, rest, (Store(acc, j, Load(x, last), ADD),)),
        Let(result, Fold("add", acc)),
        Store(out, ZERO, result),
        Store(total, ZERO, result, ADD),
    )
    return kernel("Sum.add", places, body, (need(),))


def gemv() -> Kernel:
    """y = A @ x in a scratch vector, then out = y + y: Blocks, a Temp whose size plan checks."""
    a, x, out = places = buffers(
        ("A", "input", FLOAT64, (None, None), ""),
        ("x", "input", FLOAT64, (None,), ""),
        ("out0", "output", FLOAT64, (None,), ""),
    )
    m, k, i, j = Var("m"), Var("k"), Var("i"), Var("j")
    y, acc = Temp("y", FLOAT64, Slot(4), "A @ x"), Local("acc", FLOAT64, 0, "A[i] @ x")
    size = Var("size")
    plan = (
        agree(0, 2, 1),
        LetProduct(size, (whole(8), Slot(0)), 1),
        SetSlot(3, Slot(0)),
        SetSlot(4, ZERO),
        need(size),
    )
    product = mul(Load(a, flat(i, k, j)), Load(x, j))
    row = (
        Declare(acc, Const(0.0, FLOAT64)),
        Loop(j, k, (Store(acc, ZERO, product, ADD),)),
        Store(y, i, Load(acc, ZERO)),
    )
    body = (
        Let(m, Slot(0)),
        Let(k, Slot(1)),
        Block((Loop(i, m, row),)),
        Block((Loop(i, m, (Store(out, i, add(Load(y, i), Load(y, i))),)),)),
    )
    return kernel("Linear.twice", places, body, plan, [Site("shape", -1, 1), Site("memory", -1)], private=1)


def gather() -> Kernel:
    """out = table[at], table[at] += 1: positions are checked before the first store."""
    at, table, out = places = buffers(
        ("at", "input", INT64, (None,), ""),
        ("table", "member", FLOAT64, (5,), "written"),
        ("out0", "output", FLOAT64, (None,), ""),
    )
    i, n, position = Var("i"), Var("n"), Load(at, Var("i"))
    inside = Apply(OPS["and_"], (Apply(OPS["le"], (ZERO, position), BOOL), less(position, whole(5))), BOOL)
    body = (
        Let(n, Slot(0)),
        Loop(i, n, (Check(inside, 0, 0, position, whole(5)),)),
        Loop(i, n, (Store(out, i, Load(table, position)),)),
        Loop(i, n, (Store(table, position, Const(1.0, FLOAT64), ADD),)),
    )
    return kernel("Embed.rows", places, body, (SetSlot(2, Slot(0)), need()), [Site("index", -1, 1)])


def swap() -> Kernel:
    """a <- b, b <- a, of three elements each: static sizes, two Lets an iteration."""
    a, b = places = buffers(
        ("a", "member", FLOAT32, (3,), "written"), ("b", "member", FLOAT32, (3,), "written")
    )
    i, old_a, old_b = Var("i"), Var("new_b", FLOAT32), Var("new_a", FLOAT32)
    each = (Let(old_a, Load(a, i)), Let(old_b, Load(b, i)), Store(a, i, old_b), Store(b, i, old_a))
    return kernel("Pair.swap", places, (Loop(i, whole(3), each),), work=6)


def append() -> Kernel:
    """log <- concatenate([log, [x]]): a member that changes its shape, so it has a next buffer."""
    x, log, new = places = buffers(
        ("x", "input", FLOAT64, (), ""), ("log", "member", FLOAT64, (None,), "reshaped"), ("log", "next", FLOAT64, (None,), "")
    )
    i, n = Var("i"), Var("n")
    plan = (SetSlot(1, index(INDEX_ADD, Slot(0), whole(1))), need())
    body = (Let(n, Slot(0)), Loop(i, n, (Store(new, i, Load(log, i)),)), Store(new, n, Load(x, ZERO)))
    return kernel("Log.append", places, body, plan)


def branches() -> Kernel:
    """If with an else, a static Temp, a cast, and min of extents."""
    x, out = places = buffers(("x", "input", FLOAT32, (4,), ""), ("out0", "output", FLOAT64, (4,), ""))
    i, temp = Var("i"), Temp("row", FLOAT64, ZERO)
    wide = Apply(CAST, (Load(x, i),), FLOAT64, (FLOAT64,))
    first = less(i, whole(2))
    body = (
        Block((
            Loop(i, index(INDEX_MIN, whole(4), whole(9)), (Store(temp, i, wide),)),
            Loop(i, whole(4), (
                If(first, (Store(out, i, Load(temp, i)),), (Store(out, i, Const(-0.0, FLOAT64)),)),
                If(equal(i, whole(3)), (Note("the last one"), Store(out, i, Const(float("inf"), FLOAT64)),)),
            )),
        )),
    )  # fmt: skip
    return kernel("Branch.pick", places, body, arena_bytes=32)


def constants() -> Kernel:
    """out = x times a constant array."""
    x, out = places = buffers(("x", "input", FLOAT32, (3,), ""), ("out0", "output", FLOAT32, (3,), ""))
    table = Table("c0", FLOAT32, np.array([0.1, -2.0, float("inf")], np.float32).tobytes())
    i = Var("i")
    body = (Loop(i, whole(3), (Store(out, i, mul(Load(x, i), Load(table, i))),)),)
    return kernel("Table.scale", places, body)


def product() -> Kernel:
    """C = 2 A.T @ B + C, by a routine of csrc."""
    a, b, c = places = buffers(
        ("A", "input", FLOAT64, (4, 2), ""), ("B", "input", FLOAT64, (4, 3), ""), ("C", "member", FLOAT64, (2, 3), "written")
    )
    sizes = (whole(1), ZERO, whole(2), whole(3), whole(4))
    two, one = Const(2.0, FLOAT64), Const(1.0, FLOAT64)
    matrices = (two, Address(a, ZERO), whole(2), Address(b, ZERO), whole(3), one, Address(c, ZERO), whole(3))
    return kernel("Product.add", places, (Call("modc_gemm_f64", (*sizes, *matrices), (11,)),))


#: By name, for parametrised tests.
KERNELS: dict[str, Callable[[], Kernel]] = {
    "accumulator": accumulator,
    "vector_map": vector_map,
    "lanes_sum": lanes_sum,
    "gemv": gemv,
    "gather": gather,
    "swap": swap,
    "append": append,
    "branches": branches,
    "constants": constants,
    "product": product,
}
