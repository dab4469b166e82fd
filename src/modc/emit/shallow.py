"""Expressions cut into named pieces where C or a reader would not bear them whole.

Compilers limit nesting (clang: 256 brackets), and a row that mentions an operand twice would repeat
it. A loop body goes in, the same body with more Lets comes out. Nothing but the text changes:
expressions are pure, and every operand of a `where` may be evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from modc.emit.names import Names
from modc.graph.op import Op
from modc.schedule.loops import Apply, Const, Declare, Expr, Let, Load, Slot, Stmt, Store, Var

#: How the names of cut parts begin: unlike any name that the scheduler gives.
CUT = "(cut)"

#: Levels of operators in one C expression.
DEEPEST = 24


def shallow(stmts: Sequence[Stmt], names: Names) -> Iterator[Stmt]:
    """`stmts` with the parts of their values that are too deep, or wanted twice, in Lets before them."""
    for stmt in stmts:
        lets: list[Stmt] = []
        cut: Stmt = stmt
        match stmt:
            case Let(value=value) | Store(value=value):
                cut = replace(stmt, value=_cut(value, lets, names)[0])
            case Declare(init=Apply() as value):
                cut = replace(stmt, init=_cut(value, lets, names)[0])
            case _:
                pass
        yield from lets
        yield cut


def _cut(expr: Expr, lets: list[Stmt], names: Names) -> tuple[Expr, int]:
    """`expr` with parts replaced by names, and its depth."""
    if not isinstance(expr, Apply):
        return expr, 0
    args: list[Expr] = []
    deepest = 0
    for position, arg in enumerate(expr.args):
        inner, depth = _cut(arg, lets, names)
        repeated = not isinstance(inner, Const | Var | Slot | Load) and _mentions(expr.op, inner, position) > 1
        if depth >= DEEPEST or repeated:
            name = names.fresh("t")
            var = Var(f"{CUT} {name}", inner.dtype)
            names.give(("var", var.name), name)
            lets.append(Let(var, inner))
            inner, depth = var, 0
        args.append(inner)
        deepest = max(deepest, depth)
    same = all(new is old for new, old in zip(args, expr.args, strict=True))
    return (expr if same else replace(expr, args=tuple(args))), deepest + _weight(expr)


def _weight(expr: Apply) -> int:
    """How many levels an operator counts for: much where casts around every operand make it hard to read."""
    narrow = expr.dtype.is_integer and expr.dtype.bits < 32 and not isinstance(expr.op.c, str)
    return DEEPEST // 3 if narrow else 1


def _mentions(op: Op, operand: Expr, position: int) -> int:
    """How often the row's text has the operand."""
    template = op.c if isinstance(op.c, str) else op.c.get(operand.dtype.kind, "")
    return template.count(f"{{{position}}}")
