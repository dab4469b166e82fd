"""Ops of the user's own: one row each, with a NumPy reference and C text, or a Python function.

Input: names, functions and text. Output: functions of Variables. What they make is a row (`modc.graph.user`), which every
stage of the compiler treats like modc's own: interpreter, C, mode check, gradients, keys, exports.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from modc.errors import OpError, ShapeError
from modc.graph import OPS, Node, apply, const, leaf
from modc.graph.batch import Batch
from modc.graph.build import shape_text
from modc.graph.node import Size
from modc.graph.rules import is_one
from modc.graph.sizes import size_product
from modc.graph.user import UserOp, call_row, checked_name, map_row, register
from modc.tensor.arguments import argument, nodes_together
from modc.tensor.shapes import broadcast_to, reshape
from modc.tensor.variable import Variable, wrap

__all__ = ["op"]


class OpFunction:
    """What `op` gives: a function of Variables. `row` is its row."""

    def __init__(self, row: UserOp) -> None:
        self.row, self.__name__, self.__doc__ = row, row.name, row.doc

    def __call__(self, *args: Any) -> Variable:
        """The op of Variables, numbers and arrays. Raises TypeError, DTypeError and ShapeError as built-in functions do."""
        signature = self.row.signature
        if signature is None:
            return wrap(apply(self.row, *map(argument, args)))
        if len(args) != len(signature.operands):
            raise TypeError(f"{self.row.name} takes {len(signature.operands)} operands, not {len(args)}")
        nodes = nodes_together(args)
        return wrap(apply(self.row, *_stacked(self.row.name, nodes, [len(axes) for axes in signature.operands])))

    def __repr__(self) -> str:
        return f"<modc.op {self.row.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return OpFunction, (self.row,)


def _stacked(name: str, nodes: Sequence[Node], own: Sequence[int]) -> list[Node]:
    """The operands with the same axes in front of their own. Raises ShapeError for too few axes."""
    for node, count in zip(nodes, own, strict=True):
        if node.ndim < count:
            raise ShapeError(f"{name} of {shape_text(node)}: the operand has {count} dimensions or more")
    stacks = [node.shape[: node.ndim - count] for node, count in zip(nodes, own, strict=True)]
    wide = max(map(len, stacks))
    common: list[Size] = []
    for axis in range(-wide, 0):
        sizes = [stack[axis] for stack in stacks if len(stack) >= -axis and not is_one(stack[axis])]
        known = [size for size in sizes if isinstance(size, int)]
        common.append((known or sizes or [1])[0])
    return [
        broadcast_to(node, (*common, *node.shape[len(stack) :])) if tuple(stack) != tuple(common) else node
        for node, stack in zip(nodes, stacks, strict=True)
    ]


def op(
    name: str,
    *,
    numpy: Callable[..., Any],
    c: str | Mapping[str, str] | None = None,
    c_code: str | None = None,
    dtypes: Any = "float",
    shape: str | None = None,
    grad: Callable[..., Any] | None = None,
    ulp: float = 0.0,
    cost: int = 4,
    scratch: str = "",
    doc: str = "",
) -> OpFunction:
    """A new op, as one row; gives the function that applies it to Variables.

    name     a name of its own: letters, digits and _
    numpy    its meaning: a function of NumPy arrays. It is what modes `numpy` and `check` compute with
    c        elementwise ops: a C expression over {0}, {1} ...; or a dict of them by kind of the operands' dtype ("f", "i",
             "u", "b"). {t} is the suffix of the operands' dtype (f64, f32, i64 ...), {T} the C type of the result
    c_code   C text that the expression uses: static inline functions, static const tables
    dtypes   "float" (operands and result float32 or float64), "same", "number" (same, without bool), "integer",
             "compare" (the result is bool); or fixed ones, "float64, int64 -> float64"; or a function of names of dtypes
    shape    None: elementwise. Else a signature as NumPy's gufuncs have, "(n,k),(k)->(n)": the C function `name` gets the
             sizes in order of appearance, the operands and the result (row-major), and does one item; stacks of them
             come by themselves. With several float types: functions name_f64, name_f32
    grad     (g, y, *operands) -> the gradient by each operand (None: it has none), from g, that of the result y
    ulp      how far C may be from `numpy`, in units in the last place; for mode check and self-tests of exports
    cost     about how many additions one element (or one element of the operands) costs
    scratch  with `shape`: a size such as "n*k": so many int64_t of scratch are the C function's last argument

    Raises OpError (a ValueError) for what is not well formed, and for a name that modc or another module uses. The
    module that called this may define an op anew.
    """
    home = str(sys._getframe(1).f_globals.get("__name__", "__main__"))
    checked_name(name)
    if not callable(numpy):
        raise OpError(f"op {name}: numpy is a function of arrays, not {numpy!r}")
    columns: dict[str, Any] = {"ulp": float(ulp), "cost": int(cost), "doc": doc or (numpy.__doc__ or "").strip()}
    columns["grad"] = None if grad is None else _gradient(name, grad)
    if shape is None:
        if scratch:
            raise OpError(f"op {name}: scratch is for ops with a signature (shape=...)")
        return OpFunction(register(map_row(name, home, numpy, c, c_code, dtypes, **columns)))
    if c is not None:
        raise OpError(f"op {name}: with a signature the C is the function {name} in c_code; c is for elementwise ops")
    row = call_row(name, home, numpy, c_code, dtypes, shape, scratch, **columns)
    if grad is not None:
        row.grad = _of_stacks(row, columns["grad"])
    return OpFunction(register(row))


def _gradient(name: str, grad: Callable[..., Any]) -> Callable[..., Any]:
    """`grad` with its result checked: one entry per operand."""

    def run(g: Variable, y: Variable, *args: Variable) -> tuple[Any, ...]:
        found = grad(g, y, *args)
        parts = tuple(found) if isinstance(found, (tuple, list)) else (found,)
        if len(parts) != len(args):
            raise OpError(f"op {name}: its gradient gives {len(parts)} entries for {len(args)} operands")
        return parts

    return run


def _of_stacks(row: UserOp, grad: Callable[..., Any]) -> Callable[..., Any]:
    """The gradient for stacks, made of that for one item: all items at once, by `graph.batch`."""
    signature = row.signature
    assert signature is not None

    def run(g: Variable, y: Variable, *args: Variable) -> tuple[Any, ...]:
        depth = y.ndim - len(signature.result)
        if depth == 0:
            return tuple(grad(g, y, *args))
        stack = list(y.node.shape[:depth])
        nodes = [one.node for one in (g, y, *args)]
        items = [_item(one, depth) for one in nodes]
        parts = grad(*map(wrap, items))
        wide = [reshape(one, [size_product(stack), *one.shape[depth:]]) for one in nodes]
        wanted = [part.node for part in parts if isinstance(part, Variable)]
        found = iter(Batch(size_product(stack)).run(wanted, dict(zip(items, wide, strict=True))))
        return tuple(
            wrap(reshape(one := next(found), [*stack, *one.shape[1:]])) if isinstance(part, Variable) else part for part in parts
        )

    return run


def _item(node: Node, depth: int) -> Node:
    """A node of the type of one item that nothing else is: it stands for every item of the stack."""
    return apply(OPS["or_" if node.dtype.kind == "b" else "add"], broadcast_to(const(0, node.dtype), node.shape[depth:]), leaf(node.dtype, ()))
