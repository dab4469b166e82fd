"""Expressions of the loop language as C, with parentheses only where C or a compiler's warning wants them.

The C of an op is the text in its row; this module only fills it in.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cache
from typing import Any, assert_never

import numpy as np

from modc.graph.dtype import DType
from modc.graph.op import (
    ADD,
    AND,
    BIT_AND,
    BIT_OR,
    BIT_XOR,
    CALL,
    EQUAL,
    LESS,
    MUL,
    OR,
    SHIFT,
    UNARY,
    Op,
)
from modc.graph.ops_core import CAST
from modc.schedule.loops import Apply, Const, Expr, Fold, Load, Local, Place, Slot, Var

#: Weaker than every binary operator: `a ? b : c`.
TERNARY = 0.5
PRIMARY = CALL + 1

#: The function of csrc that folds lanes, by the row that combines them; bools are bytes 0 and 1.
FOLDS = {"add": "sum", "mul": "prod", "maximum": "max", "minimum": "min", "or_": "max", "and_": "min"}

Name = Callable[[Place | Var], str]
Text = tuple[str, float]  # C and how strongly it binds


class Printer:
    """Prints expressions; `name` gives identifiers, `dim` is the C of modc_call.dim; `loops`: how many are open."""

    __slots__ = ("dim", "loops", "name")

    def __init__(self, name: Name, dim: str = "dim") -> None:
        self.name, self.dim, self.loops = name, dim, 0

    def expr(self, expr: Expr, outer: float = 0) -> str:
        """C text, in parentheses where it binds less than `outer`."""
        text, binds = self.parts(expr)
        return f"({text})" if binds < outer else text

    def parts(self, expr: Expr) -> Text:
        """C text, and how strongly it binds."""
        match expr:
            case Const(value, dtype):
                return literal(value, dtype)
            case Var():
                return self.name(expr), PRIMARY
            case Slot(position):
                return f"{self.dim}[{position}]", PRIMARY
            case Load(place, index):
                return self.element(place, index), PRIMARY
            case Apply():
                return self._apply(expr)
            case Fold(how, place):
                suffix = "u8" if place.dtype.kind == "b" else place.dtype.suffix
                return f"modc_fold{place.length}_{FOLDS[how]}_{suffix}({self.name(place)})", CALL
            case _:
                assert_never(expr)

    def element(self, place: Place, index: Expr) -> str:
        """`place[index]`, or the name of a scalar local."""
        if isinstance(place, Local) and place.length == 0:
            return self.name(place)
        return f"{self.name(place)}[{self.expr(index)}]"

    def address(self, place: Place, index: Expr) -> str:
        """`&place[index]`."""
        if isinstance(place, Local) and place.length == 0:
            return "&" + self.name(place)
        if isinstance(index, Const) and index.value == 0:
            return self.name(place)
        return f"{self.name(place)} + {self.expr(index, ADD + 1)}"

    def _apply(self, expr: Apply) -> Text:
        if expr.op is CAST:
            return self._cast(expr.args[0], expr.dtype)
        if expr.op.name.startswith("index_") and (known := constant(expr)) is not None:
            return literal(known, expr.dtype)
        if wraps(expr):
            return self._wrapping(expr, expr.dtype.c_type == expr.dtype.wide)
        template = ""
        if self.loops == 0 and expr.op.name in ("maximum", "minimum") and expr.dtype.is_float:
            template = text_of(expr.op, expr.dtype).replace("_{t}(", "_one_{t}(")
        return self.fill(expr.op, [self.parts(arg) for arg in expr.args], expr.args[-1].dtype, expr.dtype, template)

    def _wrapping(self, expr: Apply, unsigned: bool) -> Text:
        """Sums and products of integers: unsigned inside, and one cast around the whole unless `unsigned`."""
        template = text_of(expr.op, expr.dtype)
        operands: list[Text] = []
        for position, arg in enumerate(expr.args):
            if isinstance(arg, Apply) and wraps(arg):
                template = template.replace(f"({{U}}){{{position}}}", f"{{{position}}}")
                operands.append(self._wrapping(arg, True))
            else:
                operands.append(self.parts(arg))
        if unsigned:
            template = template.removeprefix("({T})(").removesuffix(")")
        return self.fill(expr.op, operands, expr.dtype, expr.dtype, template)

    def fill(self, op: Op, operands: list[Text], operand: DType, result: DType, template: str = "") -> Text:
        """The row's text around the operands. `operand`: the dtype that the operands have in common."""
        template = template or text_of(op, operand)
        pieces, binds = _shape(template, op.binds, result.c_type == result.wide)
        fields = {
            "T": result.c_type, "U": result.wide, "t": operand.suffix, "r": result.suffix,
            "f": "f" if operand.bits == 32 and operand.is_float else "",
        }  # fmt: skip
        out: list[str] = []
        for before, position, need in pieces:
            if op.name == "index_add":  # whole numbers that do not overflow: a + (b + c) needs no parentheses
                need = ADD, ADD
            out.append(before.format(**fields))
            if position >= 0:
                text, strength = operands[position]
                doubled = bool(out[-1]) and text[0] in "+-" and out[-1][-1] == text[0]
                out.append(f"({text})" if doubled or not _fits(strength, need) else text)
        return "".join(out), binds

    def _cast(self, arg: Expr, to: DType) -> Text:
        """As NumPy's astype; conversions that C leaves undefined are functions of csrc."""
        come = arg.dtype
        if to.is_complex and not come.is_complex:
            return f"modc_of_{to.suffix}({self.expr(arg) if come is to.real else f'({to.real.c_type}){self.expr(arg, UNARY)}'}, 0)", CALL
        if come.is_complex:
            how = f"truth_{come.suffix}" if to.kind == "b" else f"cast_{to.suffix}_{come.suffix}"
            return f"modc_{how}({self.expr(arg)})", CALL
        if to.kind == "b":
            zero = literal(0, come)[0]
            return f"{self.expr(arg, ADD)} != {zero}", EQUAL
        if come.is_float and to.is_integer:
            return f"modc_cast_{to.suffix}_{come.suffix}({self.expr(arg)})", CALL
        return f"({to.c_type}){self.expr(arg, UNARY)}", UNARY


# Rows' texts


def text_of(op: Op, operand: DType) -> str:
    """The row's C for operands of this dtype."""
    template = op.c if isinstance(op.c, str) else op.c.get(operand.kind, "")
    if not template:
        raise AssertionError(f"modc bug: {op.name} of {operand} has no C")
    return template


def wraps(expr: Apply) -> bool:
    """Whether this is a sum or product in unsigned arithmetic, of which only the last result needs its cast.

    Not for narrow types: there the casts in between tell the compiler that narrow lanes will do.
    """
    if isinstance(expr.op.c, str) or not expr.dtype.is_integer or expr.dtype.bits < 32:
        return False
    return text_of(expr.op, expr.args[-1].dtype).startswith("({T})(") and expr.args[-1].dtype is expr.dtype


Need = tuple[float, float]  # an operand binds at least this, or exactly that
Piece = tuple[str, int, Need]  # text before the operand, its number (-1: none), what it needs

#: C's binary operators by how strongly they bind.
_OPERATORS = {
    "||": OR, "&&": AND, "|": BIT_OR, "^": BIT_XOR, "&": BIT_AND, "==": EQUAL, "!=": EQUAL, "<": LESS, ">": LESS,
    "<=": LESS, ">=": LESS, "<<": SHIFT, ">>": SHIFT, "+": ADD, "-": ADD, "*": MUL, "/": MUL, "%": MUL,
}  # fmt: skip

#: By operator, what its left and its right operand need: precedence, and what gcc's -Wparentheses asks for beyond it.
_NEEDS: dict[int, tuple[Need, Need]] = {
    OR: ((EQUAL, OR), (EQUAL, EQUAL)), AND: ((EQUAL, AND), (EQUAL, EQUAL)),
    BIT_OR: ((UNARY, BIT_OR), (UNARY, UNARY)), BIT_XOR: ((UNARY, BIT_XOR), (UNARY, UNARY)),
    BIT_AND: ((UNARY, BIT_AND), (UNARY, UNARY)), EQUAL: ((ADD, ADD), (ADD, ADD)), LESS: ((ADD, ADD), (ADD, ADD)),
    SHIFT: ((UNARY, UNARY), (UNARY, UNARY)), ADD: ((ADD, ADD), (MUL, MUL)), MUL: ((MUL, MUL), (UNARY, UNARY)),
}  # fmt: skip

_HOLE = re.compile(r"\{(\d)\}")
_BINARY = re.compile(r" (\|\||&&|[=!<>]=|<<|>>|[|^&<>+*/%-]) ")
_AFTER, _BEFORE = re.compile(_BINARY.pattern.rstrip()), re.compile(_BINARY.pattern + "$")


def _fits(strength: float, need: Need) -> bool:
    return strength >= need[0] or strength == need[1]


@cache
def _shape(template: str, binds: int, wraps_in_itself: bool) -> tuple[tuple[Piece, ...], float]:
    """How a row's text is put together: the text before each operand, what that needs, how the whole binds."""
    if wraps_in_itself:  # the type that wraps is the type itself: no casts
        template = template.replace("({T})", "").replace("({U})", "")
    text = _HOLE.split(template)
    holes = range(0, len(text) - 1, 2)
    pieces = [(text[at], int(text[at + 1]), _need(text[at], text[at + 2], "?" in template)) for at in holes]
    return (*pieces, (text[-1], -1, (0, 0))), _strength(template, binds)


def _strength(template: str, binds: int) -> float:
    """How strongly the whole text binds; `binds` where it is one operator or call without blanks around it."""
    depth, outside = 0, ""
    for character in template:
        depth -= character == ")"
        outside += character if depth == 0 else ""
        depth += character == "("
    if "?" in outside:
        return TERNARY
    found = [_OPERATORS[symbol] for symbol in _BINARY.findall(outside)]
    if found:
        return min(found)
    if template.startswith("({T})"):
        return UNARY
    return PRIMARY if outside == "()" else binds


def _need(before: str, after: str, ternary: bool) -> Need:
    """What an operand needs between `before` and `after`."""
    if before[-1:] and before[-1] in ")-~!":
        return UNARY, UNARY
    needs: list[Need] = []
    if follows := _AFTER.match(after):
        needs.append(_NEEDS[_OPERATORS[follows[1]]][0])
    if comes := _BEFORE.search(before):
        needs.append(_NEEDS[_OPERATORS[comes[1]]][1])
    if needs:
        return max(needs)
    if ternary:
        return (EQUAL, OR) if after.startswith(" ?") else (OR, OR)  # clang asks for parentheses around a | b ? c : d
    return 0, 0


def constant(expr: Expr) -> int | None:
    """The value of an index expression without variables: as C it would be worked out in int, which is too narrow."""
    match expr:
        case Const(value):
            return int(value)
        case Apply(op, args) if op.name.startswith("index_"):
            numbers = [constant(arg) for arg in args]
            return None if None in numbers else int(op.numpy(*numbers))
        case _:
            return None


# Literals


def literal(value: Any, dtype: DType) -> Text:
    """A literal that reads back as the same bits (of a NaN: as a NaN), and how strongly it binds."""
    if dtype.is_complex:
        return f"modc_of_{dtype.suffix}({', '.join(parts_of(value, dtype))})", PRIMARY
    if dtype.is_float:
        return _float(dtype.numpy.type(value), dtype.bits == 32)
    if dtype.kind == "b":
        return ("1" if value else "0"), PRIMARY
    number = int(value)
    if dtype.kind == "u":
        if number >= 2**32:
            return f"UINT64_C({number})", PRIMARY
        return (f"{number}u" if dtype.bits >= 32 else str(number)), PRIMARY
    if number == -(2**63) or (number == -(2**31) and dtype.bits == 32):
        return f"INT{dtype.bits}_MIN", PRIMARY
    text = str(abs(number)) if abs(number) < 2**31 else f"INT64_C({abs(number)})"
    return (f"-{text}", UNARY) if number < 0 else (text, PRIMARY)


def initializer(value: Any, dtype: DType) -> str:
    """The element of an array's initialiser, where C has no calls."""
    return f"{{{', '.join(parts_of(value, dtype))}}}" if dtype.is_complex else literal(value, dtype)[0]


def parts_of(value: Any, dtype: DType) -> tuple[str, str]:
    """The literals of a complex number's parts."""
    return literal(value.real, dtype.real)[0], literal(value.imag, dtype.real)[0]


def _float(value: Any, single: bool) -> Text:
    number = float(value)
    if math.isnan(number) or math.isinf(number):
        name = "NAN" if math.isnan(number) else "INFINITY"
        text = name if single else f"(double){name}"
        return (f"-{text}", UNARY) if number < 0 else (text, PRIMARY if single else UNARY)
    text = str(np.abs(value)) if single else repr(abs(number))
    text = text if "." in text or "e" in text else text + ".0"
    text += "f" if single else ""
    return (f"-{text}", UNARY) if math.copysign(1.0, number) < 0 else (text, PRIMARY)
