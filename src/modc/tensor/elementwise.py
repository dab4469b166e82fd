"""Functions of elements: `exp(x)`, `maximum(x, y)`, `switch(c, a, b)` and their like, one per row of the scalar tables.

Arguments are Variables, numbers, arrays or lists; results Variables. Dtypes follow the rows: functions such as exp
give float32 for integers up to 16 bits and float64 for wider ones, everything else promotes as in NumPy 2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modc.errors import DTypeError
from modc.graph import OPS
from modc.graph.dtype import float_of
from modc.tensor.arguments import node_of
from modc.tensor.variable import Variable, as_variable, call, power, wrap

__all__ = [
    "abs", "abs_", "absolute", "acos", "acosh", "add", "allclose", "and_", "arccos", "arccosh",
    "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "around", "asin", "asinh", "atan", "atan2",
    "atanh", "bitwise_and", "bitwise_count", "bitwise_invert", "bitwise_left_shift", "bitwise_not",
    "bitwise_or", "bitwise_right_shift", "bitwise_xor", "cast", "cbrt", "ceil",
    "clip", "copysign", "cos", "cosh", "divide", "eq", "equal",
    "erf", "exp", "exp2", "expm1", "fix", "floor", "floor_div",
    "floor_divide", "fmax", "fmin", "fmod", "gcd", "ge", "greater", "greater_equal", "gt",
    "hypot", "int_div", "inv", "invert", "iround", "isclose", "isfinite", "isinf", "isnan",
    "largest", "lcm", "le", "left_shift", "less", "less_equal",
    "log", "log10", "log1mexp", "log1p", "log2", "logaddexp", "logaddexp2", "logical_and",
    "logical_not", "logical_or", "logical_xor", "logit", "lt", "maximum", "minimum", "mod", "mul",
    "multiply", "neg", "negative", "neq", "nextafter", "not_equal", "or_",
    "pow", "reciprocal", "remainder", "right_shift", "rint", "round",
    "round_half_away_from_zero", "round_half_to_even", "sgn", "sigmoid", "sign", "signbit", "sin",
    "sinh", "smallest", "softplus", "sqr", "sqrt", "square", "sub", "subtract", "switch",
    "tan", "tanh", "true_div", "true_divide", "trunc", "where", "xlog1py", "xlogy", "xor",
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
        return wrap(node) if node.dtype.is_integer or node.dtype.kind == "b" else call(op, x)

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
sqrt, erf, cbrt              = _unary("sqrt"), _unary("erf"), _unary("cbrt")
sigmoid, logit, log1mexp     = _unary("sigmoid"), _unary("logit"), _unary("log1mexp")
signbit, bitwise_count       = _unary("signbit"), _unary("bitcount")
neg, abs_                    = _unary("neg"), _unary("abs")
invert, isnan, isinf         = _unary("invert"), _unary("isnan"), _unary("isinf")
floor, ceil, trunc           = _whole("floor"), _whole("ceil"), _whole("trunc")
sub, true_div, floor_div     = _binary("sub"), _binary("div"), _binary("floordiv")
mod, fmod, arctan2           = _binary("mod"), _binary("fmod"), _binary("arctan2")
hypot, copysign, nextafter   = _binary("hypot"), _binary("copysign"), _binary("nextafter")
logaddexp, logaddexp2        = _binary("logaddexp"), _binary("logaddexp2")
xlogy, xlog1py               = _binary("xlogy"), _binary("xlog1py")
fmax, fmin                   = _binary("fmax"), _binary("fmin")
gcd, lcm                     = _binary("gcd"), _binary("lcm")
lt, le, gt, ge, eq, neq      = map(_binary, ("lt", "le", "gt", "ge", "eq", "ne"))
bitwise_and, bitwise_or      = _binary("and_"), _binary("or_")
bitwise_xor                  = _binary("xor")
left_shift, right_shift      = _binary("shl"), _binary("shr")
# fmt: on


def sign(x: Any) -> Variable:
    """-1, 0 or 1 by the sign of x; of a complex x x / |x|, and 0 of 0.

    >>> import modc.tensor as T
    >>> T.sign([-2.0, 0.0, 3j]).eval()
    array([-1.+0.j,  0.+0.j,  0.+1.j])
    """
    value = as_variable(x)
    if not value.node.dtype.is_complex:
        return call("sign", value)
    size = abs_(value)
    return call("div", value, call("where", call("eq", size, 0), 1, size))


absolute, sgn, negative, bitwise_not, bitwise_invert = abs_, sign, neg, invert, invert
bitwise_left_shift, bitwise_right_shift = left_shift, right_shift
acos, asin, atan, atan2 = arccos, arcsin, arctan, arctan2
acosh, asinh, atanh = arccosh, arcsinh, arctanh
fix = trunc
less, less_equal, greater, greater_equal, equal, not_equal = lt, le, gt, ge, eq, neq
subtract, divide, int_div, floor_divide, remainder = sub, true_div, floor_div, floor_div, mod


def _folded(op: str, values: tuple[Any, ...]) -> Variable:
    if len(values) < 2:
        raise TypeError(f"{op} takes two or more arguments, not {len(values)}")
    result = call(op, values[0], values[1])
    for value in values[2:]:
        result = call(op, result, value)
    return result


def add(*values: Any) -> Variable:
    """The sum of two or more arguments, element by element.

    >>> T.add([1, 2], 10, [0.5, 0.25]).eval()
    array([11.5 , 12.25])
    """
    return _folded("add", values)


def mul(*values: Any) -> Variable:
    """The product of two or more arguments, element by element.

    >>> T.mul([1, 2], 10, [0.5, 0.25]).eval()
    array([5., 5.])
    """
    return _folded("mul", values)


def and_(*values: Any) -> Variable:
    """`a & b` of two or more arguments: of integers bit by bit, of bool as logic.

    >>> T.and_([True, True], [True, False]).eval(), T.and_(6, 3).eval()
    (array([ True, False]), array(2))
    """
    return _folded("and_", values)


def or_(*values: Any) -> Variable:
    """`a | b` of two or more arguments: of integers bit by bit, of bool as logic.

    >>> T.or_([True, False], [False, False]).eval(), T.or_(6, 3).eval()
    (array([ True, False]), array(7))
    """
    return _folded("or_", values)


def xor(*values: Any) -> Variable:
    """`a ^ b` of two or more arguments: of integers bit by bit, of bool as logic.

    >>> T.xor([True, True], [True, False]).eval(), T.xor(6, 3).eval()
    (array([False,  True]), array(5))
    """
    return _folded("xor", values)


def maximum(*values: Any) -> Variable:
    """The largest of two or more arguments; NaN wins; on ties the gradient goes to the first.

    >>> T.maximum([1.0, np.nan, 3.0], 2.0).eval()
    array([ 2., nan,  3.])
    """
    return _folded("maximum", values)


def minimum(*values: Any) -> Variable:
    """The smallest of two or more arguments; NaN wins; on ties the gradient goes to the first.

    >>> T.minimum([1.0, np.nan, 3.0], 2.0).eval()
    array([ 1., nan,  2.])
    """
    return _folded("minimum", values)


def sqr(x: Any) -> Variable:
    """`x * x`.

    >>> T.sqr([-3, 2]).eval()
    array([9, 4])
    """
    node = node_of(x)
    return call("mul", wrap(node), wrap(node))


def reciprocal(x: Any) -> Variable:
    """1 / x.

    >>> T.reciprocal([4, 0]).eval()
    array([0.25,  inf])
    """
    return call("div", 1, as_variable(x))


def softplus(x: Any, beta: Any = 1) -> Variable:
    """log(1 + exp(x)), or log(1 + exp(beta * x)) / beta, without overflow.

    >>> T.softplus([0.0, 1000.0, -1000.0]).eval(), T.softplus(0.0, beta=2).eval()
    (array([6.93147181e-01, 1.00000000e+03, 0.00000000e+00]), array(0.34657359))
    """
    if isinstance(beta, (int, float)) and beta == 1:
        return call("softplus", x)
    found: Variable = call("softplus", as_variable(x) * beta) / beta
    return found


def round(x: Any, decimals: int | str = 0, mode: str = "half_to_even") -> Variable:
    """The nearest multiple of 10 ** -decimals; integers stay integers.

    mode: where halves go, "half_to_even" (NumPy's way) or "half_away_from_zero"; Theano's calls give it second. With
    decimals, x * 10 ** decimals is rounded, as in NumPy: 2.675 is a little less than it looks, and its product is a half.

    >>> T.round([0.5, 1.5, -2.5]).eval(), T.round(0.5, mode="half_away_from_zero").eval()
    (array([ 0.,  2., -2.]), array(1.))
    >>> T.round(3.14159, 2).eval(), T.round([149, 151], -2).eval()
    (array(3.14), array([100, 200]))
    """
    found: Variable = as_variable(x).round(decimals, mode)
    return found


def around(x: Any, decimals: int = 0) -> Variable:
    """`round` with halves to the even digit, under NumPy's other name.

    >>> T.around([1.25, 1.35], 1).eval()
    array([1.2, 1.4])
    """
    return round(x, decimals)


def round_half_to_even(x: Any) -> Variable:
    """The nearest whole number; halves go to the even one.

    >>> T.round_half_to_even([0.5, 1.5, 2.5]).eval()
    array([0., 2., 2.])
    """
    return round(x)


def round_half_away_from_zero(x: Any) -> Variable:
    """The nearest whole number; halves go away from 0.

    >>> T.round_half_away_from_zero([0.5, 1.5, -2.5]).eval()
    array([ 1.,  2., -3.])
    """
    return round(x, 0, "half_away_from_zero")


def iround(x: Any, mode: str = "half_away_from_zero") -> Variable:
    """`round` as int64: Theano's name, and its mode unless given.

    >>> T.iround([0.5, 1.5, -2.5]).eval()
    array([ 1,  2, -3])
    """
    return cast(round(x, 0, mode), "int64")


def rint(x: Any) -> Variable:
    """The nearest whole number, a float; halves go to the even one. Of complex numbers both parts.

    >>> T.rint([0.5, 1.5, -2.7]).eval()
    array([ 0.,  2., -3.])
    """
    value = as_variable(x)
    return call("complex", rint(value.real), rint(value.imag)) if value.node.dtype.is_complex else call("round", value)


def clip(x: Any, min: Any = None, max: Any = None, *, a_min: Any = None, a_max: Any = None) -> Variable:
    """Elements below `min` become `min`, those above `max` become `max`; None is no bound. The dtype of x stays.

    >>> T.clip([-5, 0, 5], -1, 3).eval(), T.clip([-5, 0, 5], max=3).eval()
    (array([-1,  0,  3]), array([-5,  0,  3]))
    """
    value, low, high = as_variable(x), a_min if min is None else min, a_max if max is None else max
    if low is not None and high is not None:
        return value.clip(low, high)
    return _bounded("minimum", _bounded("maximum", value, low), high)


def _bounded(op: str, value: Variable, bound: Any) -> Variable:
    if bound is None:
        return value
    found = call(op, value, bound)
    if found.node.dtype.kind != value.node.dtype.kind:
        raise DTypeError(f"clip of {value.dtype} to a bound that gives {found.dtype}: use astype first")
    return found.astype(value.dtype)


def switch(condition: Any, yes: Any, no: Any) -> Variable:
    """`yes` where `condition` is true, else `no`. Both are computed.

    >>> T.switch([True, False], [1, 2], 0.5).eval()
    array([1. , 0.5])
    """
    return as_variable(condition).where(yes, no)


def where(condition: Any, yes: Any = None, no: Any = None) -> Any:
    """`where(condition, yes, no)` is `switch`; `where(condition)` is `nonzero`, a tuple of positions.

    >>> T.where([True, False], [1, 2], 0).eval(), T.where([0, 3, 4])[0].eval()
    (array([1, 0]), array([1, 2]))
    """
    if yes is None and no is None:
        return as_variable(condition).nonzero()
    if yes is None or no is None:
        raise ValueError("either both or neither of yes and no should be given")
    return switch(condition, yes, no)


def cast(x: Any, dtype: Any) -> Variable:
    """`x` in another dtype, by name ("floatX" included); a fraction is cut off.

    >>> T.cast([1.9, -1.9], "int8").eval()
    array([ 1, -1], dtype=int8)
    """
    return as_variable(x).astype(dtype)


def isfinite(x: Any) -> Variable:
    """True where x is neither infinite nor NaN.

    >>> T.isfinite([1.0, np.nan, np.inf]).eval()
    array([ True, False, False])
    """
    value = as_variable(x)
    return ~(isnan(value) | isinf(value))


def isclose(
    a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Variable:
    """True where |a - b| <= atol + rtol * |b|, and for equal infinities; for two NaNs only with equal_nan.

    >>> T.isclose([1.0, 1.0, np.nan], [1.0 + 1e-9, 1.1, np.nan]).eval()
    array([ True, False, False])
    """
    first, second = as_variable(a), as_variable(b)
    if not second.node.dtype.is_inexact:  # as NumPy: unsigned differences would wrap, bool has none
        second = second.astype("float64")
    near = (abs_(first - second) <= atol + rtol * abs_(second)) & isfinite(first) & isfinite(second)
    near = near | first.equals(second)
    return near | (isnan(first) & isnan(second)) if equal_nan else near


def allclose(
    a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Variable:
    """Whether `isclose` holds everywhere.

    >>> T.allclose([1.0, 2.0], [1.0, 2.0 + 1e-9]).eval()
    array(True)
    """
    return isclose(a, b, rtol, atol, equal_nan).all()


def logical_and(a: Any, b: Any) -> Variable:
    """True where a and b are both not 0.

    >>> T.logical_and([0, 1, 2], [1, 0, 4]).eval()
    array([False, False,  True])
    """
    return call("and_", cast(a, "bool"), cast(b, "bool"))


def logical_or(a: Any, b: Any) -> Variable:
    """True where a or b is not 0.

    >>> T.logical_or([0, 1, 0], [0, 0, 4]).eval()
    array([False,  True,  True])
    """
    return call("or_", cast(a, "bool"), cast(b, "bool"))


def logical_xor(a: Any, b: Any) -> Variable:
    """True where one of a and b is not 0.

    >>> T.logical_xor([0, 1, 2], [0, 0, 4]).eval()
    array([False,  True, False])
    """
    return call("xor", cast(a, "bool"), cast(b, "bool"))


def logical_not(x: Any) -> Variable:
    """True where x is 0.

    >>> T.logical_not([0.0, 2.5, np.nan]).eval()
    array([ True, False, False])
    """
    return call("invert", cast(x, "bool"))


def _floating(x: Any) -> Variable:
    """`x` in the float dtype in which a function of it works."""
    value = as_variable(x)
    return value.astype(float_of(value.node.dtype).name)


abs, pow, square, smallest, largest = abs_, power, sqr, minimum, maximum
inv, true_divide, multiply = reciprocal, true_div, mul
