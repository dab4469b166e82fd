"""Signatures of ops on whole arrays, as NumPy's generalised ufuncs have them: "(n,k),(k)->(n)".

Input: the text. Output: which axes operands and result have, in terms of sizes with names. Sizes of the result may be
sums and products: "(n),(m)->(n+m-1)". Axes in front of these are a stack, for which the op is done once each.
Reference: NumPy's documentation of gufunc signatures.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from modc.errors import OpError
from modc.graph.node import Node, Size
from modc.graph.sizes import size_add, size_floordiv, size_mul, size_sub

Extent = ast.expr

_SYMBOLIC: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: size_add, ast.Sub: size_sub, ast.Mult: size_mul, ast.FloorDiv: size_floordiv,
}  # fmt: skip


class Signature:
    """One signature.

    operands   per operand its axes: a name or a number each
    result     the axes of the result: expressions
    names      the named sizes, in the order in which they appear
    """

    __slots__ = ("names", "operands", "result", "scratch", "text")

    def __init__(self, op: str, text: str, scratch: str = "") -> None:
        left, arrow, right = "".join(text.split()).partition("->")
        if not arrow:
            raise OpError(f"op {op}: a signature is like '(n,k),(k)->(n)', not {text!r}")
        operands, results = _groups(op, left, text), _groups(op, right, text)
        if not operands or len(results) != 1:
            raise OpError(f"op {op}: {text!r} has {len(operands)} operands and {len(results)} results; one result is needed")
        self.text = f"{left}->{right}"
        self.operands: list[list[str | int]] = []
        self.names: list[str] = []
        for axes in operands:
            if not all(axis.isidentifier() or axis.isdecimal() for axis in axes):
                raise OpError(f"op {op}: sizes of operands are names or numbers, in {text!r}")
            self.operands.append([int(axis) if axis.isdecimal() else axis for axis in axes])
            self.names += [axis for axis in dict.fromkeys(axes) if axis.isidentifier() and axis not in self.names]
        self.result = [self._expression(op, axis) for axis in results[0]]
        self.scratch = self._expression(op, scratch) if scratch else None

    def _expression(self, op: str, text: str) -> Extent:
        """A size of the result. Raises OpError for what is more than sums and products of the named ones."""
        try:
            tree = ast.parse(text, mode="eval").body
        except SyntaxError:
            raise OpError(f"op {op}: {text!r} is no size") from None
        for part in ast.walk(tree):
            known = isinstance(part, ast.BinOp | ast.operator | ast.Load) or (
                isinstance(part, ast.Name) and part.id in self.names
            ) or (isinstance(part, ast.Constant) and type(part.value) is int and part.value >= 0)  # fmt: skip
            if isinstance(part, ast.BinOp) and isinstance(part.op, ast.FloorDiv):
                known = isinstance(part.right, ast.Constant) and bool(part.right.value)  # C has no answer to n // 0
            if not known or (isinstance(part, ast.operator) and type(part) not in _SYMBOLIC):
                raise OpError(f"op {op}: a size is made of {', '.join(self.names)}, numbers, + - * and // by a number, not {text!r}")
        return tree

    def stack(self, shapes: Sequence[Sequence[Any]]) -> Sequence[Any]:
        """The axes of an operand in front of its own."""
        return shapes[0][: len(shapes[0]) - len(self.operands[0])]

    def bind(self, shapes: Sequence[Sequence[Any]]) -> dict[str, Any]:
        """The named sizes, each from its first place."""
        found: dict[str, Any] = {}
        for axes, shape in zip(self.operands, shapes, strict=True):
            for axis, size in zip(axes, shape[len(shape) - len(axes) :], strict=True):
                if isinstance(axis, str):
                    found.setdefault(axis, size)
        return found

    def agree(self, args: Sequence[Node]) -> list[tuple[str, Size, Size, int, int]]:
        """Agreements, as rows have them: stacks, repeated names, numbers."""
        sizes, first = self.bind([arg.shape for arg in args]), self.stack([arg.shape for arg in args])
        found: list[tuple[str, Size, Size, int, int]] = []
        for number, (axes, arg) in enumerate(zip(self.operands, args, strict=True)):
            wanted = [*first, *(axis if isinstance(axis, int) else sizes[axis] for axis in axes)]
            for axis, (got, want) in enumerate(zip(arg.shape, wanted, strict=True)):
                if got is not want and got != want:
                    found.append(("eq", got, want, number, axis))
        return found

    def symbolic(self, extent: Extent, sizes: Mapping[str, Size]) -> Size:
        """A size of the result in the graph."""
        found: Size = _value(extent, sizes, lambda op, a, b: _SYMBOLIC[op](a, b))
        return found

    def number(self, extent: Extent, sizes: Mapping[str, int]) -> int:
        """A size of the result of one call."""
        plain: dict[type, Callable[[int, int], int]] = {
            ast.Add: int.__add__, ast.Sub: int.__sub__, ast.Mult: int.__mul__, ast.FloorDiv: int.__floordiv__,
        }  # fmt: skip
        return int(_value(extent, sizes, lambda op, a, b: plain[op](a, b)))


def _value(extent: Extent, sizes: Mapping[str, Any], apply: Callable[[type, Any, Any], Any]) -> Any:
    if isinstance(extent, ast.Constant):
        return extent.value
    if isinstance(extent, ast.Name):
        return sizes[extent.id]
    assert isinstance(extent, ast.BinOp)
    return apply(type(extent.op), _value(extent.left, sizes, apply), _value(extent.right, sizes, apply))


def _groups(op: str, side: str, text: str) -> list[list[str]]:
    """The axes in each pair of brackets."""
    found: list[list[str]] = []
    depth, start = 0, 0
    for at, character in enumerate(side):
        depth += character == "("
        if character == "(" and depth == 1:
            start = at + 1
        depth -= character == ")"
        if depth < 0 or (depth == 0 and character not in "),"):
            raise OpError(f"op {op}: a signature is like '(n,k),(k)->(n)', not {text!r}")
        if character == ")" and depth == 0:
            inside = side[start:at]
            found.append(inside.rstrip(",").split(",") if inside else [])
    if depth or len(found) != side.count("),(") + 1:
        raise OpError(f"op {op}: a signature is like '(n,k),(k)->(n)', not {text!r}")
    return found
