"""Functions of elements: `exp(x)`, `maximum(x, y)`, `switch(c, a, b)` and their like, one per row of the scalar tables.

Arguments are Variables, numbers, arrays or lists; results Variables. Dtypes follow the rows: functions such as exp
give float32 for integers up to 16 bits and float64 for wider ones, everything else promotes as in NumPy 2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modc.graph import OPS
from modc.tensor.arguments import node_of
from modc.tensor.variable import Variable, as_variable, call, power, wrap

__all__ = [
    "abs", "abs_", "absolute", "add", "allclose", "and_", "arccos", "arccosh", "arcsin", "arcsinh",
    "arctan", "arctan2", "arctanh", "bitwise_and", "bitwise_not", "bitwise_or", "bitwise_xor",
    "cast", "ceil", "clip", "cos", "cosh", "divide", "eq", "equal", "erf", "erfc", "exp", "exp2",
    "expm1", "floor", "floor_div", "floor_divide", "ge", "greater", "greater_equal", "gt",
    "int_div", "inv", "invert", "isclose", "isfinite", "isinf", "isnan", "le", "left_shift", "less",
    "less_equal", "log", "log10", "log1p", "log2", "logical_and", "logical_not", "logical_or",
    "logical_xor", "lt", "maximum", "minimum", "mod", "mul", "multiply", "neg", "negative", "neq",
    "not_equal", "or_", "pow", "reciprocal", "remainder", "right_shift", "round", "sgn", "sigmoid",
    "sign", "sin", "sinh", "softplus", "sqr", "sqrt", "square", "sub", "subtract", "switch", "tan",
    "tanh", "true_div", "true_divide", "trunc", "where", "xor",
]  # fmt: skip

Unary = Callable[[Any], Variable]
Binary = Callable[[Any, Any], Variable]


def _unary(op: str) -> Unary:
    """The function of one operand over the row called `op`."""

    def apply(x: Any) -> Variable:
        return call(op, x)

    apply.__name__ = apply.__qualname__ = op
    apply.__doc__ = OPS[op].doc + "."
    return apply


def _binary(op: str) -> Binary:
    """The function of two operands over the row called `op`."""

    def apply(a: Any, b: Any) -> Variable:
        return call(op, a, b)

    apply.__name__ = apply.__qualname__ = op
    apply.__doc__ = OPS[op].doc + "."
    return apply


def _whole(op: str) -> Unary:
    """A rounding function: integers are whole already."""

    def apply(x: Any) -> Variable:
        node = node_of(x)
        return call(op, x) if node.dtype.is_float else wrap(node)

    apply.__name__ = apply.__qualname__ = op
    apply.__doc__ = OPS[op].doc + "."
    return apply


# fmt: off
exp, exp2, expm1             = _unary("exp"), _unary("exp2"), _unary("expm1")
log, log2, log10, log1p      = _unary("log"), _unary("log2"), _unary("log10"), _unary("log1p")
sin, cos, tan                = _unary("sin"), _unary("cos"), _unary("tan")
arcsin, arccos, arctan       = _unary("arcsin"), _unary("arccos"), _unary("arctan")
sinh, cosh, tanh             = _unary("sinh"), _unary("cosh"), _unary("tanh")
arcsinh, arccosh, arctanh    = _unary("arcsinh"), _unary("arccosh"), _unary("arctanh")
sqrt, erf, erfc              = _unary("sqrt"), _unary("erf"), _unary("erfc")
sigmoid, softplus            = _unary("sigmoid"), _unary("softplus")
neg, abs_, sign              = _unary("neg"), _unary("abs"), _unary("sign")
invert, isnan, isinf         = _unary("invert"), _unary("isnan"), _unary("isinf")
floor, ceil, trunc           = _whole("floor"), _whole("ceil"), _whole("trunc")
sub, true_div, floor_div     = _binary("sub"), _binary("div"), _binary("floordiv")
mod, arctan2                 = _binary("mod"), _binary("arctan2")
lt, le, gt, ge, eq, neq      = map(_binary, ("lt", "le", "gt", "ge", "eq", "ne"))
bitwise_and, bitwise_or      = _binary("and_"), _binary("or_")
bitwise_xor                  = _binary("xor")
left_shift, right_shift      = _binary("shl"), _binary("shr")
# fmt: on

absolute, sgn, negative, bitwise_not = abs_, sign, neg, invert
less, less_equal, greater, greater_equal, equal, not_equal = lt, le, gt, ge, eq, neq
subtract, divide, int_div, floor_divide, remainder = sub, true_div, floor_div, floor_div, mod
_round = _whole("round")


def _folded(op: str, values: tuple[Any, ...]) -> Variable:
    if len(values) < 2:
        raise TypeError(f"{op} takes two or more arguments, not {len(values)}")
    result = call(op, values[0], values[1])
    for value in values[2:]:
        result = call(op, result, value)
    return result


def add(*values: Any) -> Variable:
    """The sum of two or more arguments, element by element."""
    return _folded("add", values)


def mul(*values: Any) -> Variable:
    """The product of two or more arguments, element by element."""
    return _folded("mul", values)


def and_(*values: Any) -> Variable:
    """`a & b` of two or more arguments: of integers bit by bit, of bool as logic."""
    return _folded("and_", values)


def or_(*values: Any) -> Variable:
    """`a | b` of two or more arguments: of integers bit by bit, of bool as logic."""
    return _folded("or_", values)


def xor(*values: Any) -> Variable:
    """`a ^ b` of two or more arguments: of integers bit by bit, of bool as logic."""
    return _folded("xor", values)


def maximum(*values: Any) -> Variable:
    """The largest of two or more arguments; NaN wins; on ties the gradient goes to the first."""
    return _folded("maximum", values)


def minimum(*values: Any) -> Variable:
    """The smallest of two or more arguments; NaN wins; on ties the gradient goes to the first."""
    return _folded("minimum", values)


def sqr(x: Any) -> Variable:
    """`x * x`."""
    node = node_of(x)
    return call("mul", wrap(node), wrap(node))


def reciprocal(x: Any) -> Variable:
    """1 / x."""
    return call("div", 1, as_variable(x))


def round(x: Any, mode: str = "half_to_even") -> Variable:
    """The nearest whole number. mode: where halves go, "half_to_even" or "half_away_from_zero"."""
    if mode == "half_to_even":
        return _round(x)
    if mode != "half_away_from_zero":
        raise ValueError(f"round: mode is half_to_even or half_away_from_zero, not {mode!r}")
    value = as_variable(x)
    return trunc(value + sign(value) * 0.5) if value.node.dtype.is_float else value


def clip(x: Any, low: Any, high: Any) -> Variable:
    """Elements below `low` become `low`, those above `high` become `high`; the dtype of x stays."""
    return as_variable(x).clip(low, high)


def switch(condition: Any, yes: Any, no: Any) -> Variable:
    """`yes` where `condition` is true, else `no`. Both are computed."""
    return as_variable(condition).where(yes, no)


def cast(x: Any, dtype: Any) -> Variable:
    """`x` in another dtype, by name ("floatX" included); a fraction is cut off."""
    return as_variable(x).astype(dtype)


def isfinite(x: Any) -> Variable:
    """True where x is neither infinite nor NaN."""
    value = as_variable(x)
    return ~(isnan(value) | isinf(value))


def isclose(
    a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Variable:
    """True where |a - b| <= atol + rtol * |b|, and for equal infinities; for two NaNs only with equal_nan."""
    first, second = as_variable(a), as_variable(b)
    if not second.node.dtype.is_float:  # as NumPy: unsigned differences would wrap, bool has none
        second = second.astype("float64")
    near = (abs_(first - second) <= atol + rtol * abs_(second)) & isfinite(first) & isfinite(second)
    near = near | first.equals(second)
    return near | (isnan(first) & isnan(second)) if equal_nan else near


def allclose(
    a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Variable:
    """Whether `isclose` holds everywhere."""
    return isclose(a, b, rtol, atol, equal_nan).all()


def logical_and(a: Any, b: Any) -> Variable:
    """True where a and b are both not 0."""
    return call("and_", cast(a, "bool"), cast(b, "bool"))


def logical_or(a: Any, b: Any) -> Variable:
    """True where a or b is not 0."""
    return call("or_", cast(a, "bool"), cast(b, "bool"))


def logical_xor(a: Any, b: Any) -> Variable:
    """True where one of a and b is not 0."""
    return call("xor", cast(a, "bool"), cast(b, "bool"))


def logical_not(x: Any) -> Variable:
    """True where x is 0."""
    return call("invert", cast(x, "bool"))


abs, pow, where, square = abs_, power, switch, sqr
inv, true_divide, multiply = reciprocal, true_div, mul
