"""The table of elementwise ops: one row per op.

C text: {0} {1} ... operands, {T} C type of the result, {U} unsigned type in which its integers wrap, {t} suffix
of the operands' dtype, {r} of the result's. Gradients get g (of the result), y (the result) and the operands,
and give one entry per operand; the caller sums them over broadcast axes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from modc.graph import rules
from modc.graph.op import ADD, BIT_AND, BIT_OR, BIT_XOR, CALL, EQUAL, LESS, MUL, UNARY, Op, table

COMPLEX = ("complex",)
CONDITION = 0  # ?: binds less than every operator
QUOTIENT = {"f": "{0} / {1}", "c": "modc_div_{t}({0}, {1})"}
NEGATIVE = {"f": "-{0}", "i": "({T})(0u - ({U}){0})", "u": "({T})(0u - ({U}){0})", "c": "modc_neg_{t}({0})"}
ISNAN, ISINF = "modc_isnan_{t}({0})", "modc_isinf_{t}({0})"
ABS, POWI, POW = "modc_abs_{t}({0})", "modc_powi_{t}({0}, {1})", "modc_pow_{t}({0}, {1})"


def wrapping(symbol: str, of_bool: str) -> Mapping[str, str]:
    """C of an operator: of integers in unsigned arithmetic, which wraps, and back; of complex numbers a function."""
    integer = "({T})(({U}){0} " + symbol + " ({U}){1})"
    pairs = {"+": "modc_add_{t}({0}, {1})", "-": "modc_sub_{t}({0}, {1})", "*": "modc_mul_{t}({0}, {1})"}
    return {"f": "{0} " + symbol + " {1}", "i": integer, "u": integer, "b": of_bool, "c": pairs[symbol]}


def power(a: Any, b: Any) -> Any:
    """NumPy's power, and for integers to a negative power (which NumPy refuses) the value cut towards zero."""
    if a.dtype.kind != "i":
        return np.power(a, b)
    negative = b < 0
    small = np.where(a == 1, 1, np.where(a == -1, np.where(b & 1, -1, 1), 0))
    return np.where(negative, small, np.power(a, np.where(negative, 0, b), dtype=a.dtype)).astype(
        a.dtype
    )


def _pow_gradient(g: Any, y: Any, a: Any, b: Any) -> tuple[Any, Any]:
    """B * a**(b - 1) and a**b * log(a), both without NaN where a or b is 0."""
    known = getattr(b, "data", None)
    if known is not None and known.ndim == 0:
        n = known.item()
        return (g * (n * a ** (n - 1.0)) if n not in (0.0, 1.0) else g * n), None
    to_a = b.equals(0).where(0, b * a ** (b - 1))
    to_b = a.equals(0).where(0, y * a.function("log"))
    return g * to_a, g * to_b


def _abs_gradient(g: Any, y: Any, a: Any) -> tuple[Any]:
    """The sign; of a complex a, conj(a) / |a| and 0 at 0 (see `tensor.gradient` for the convention)."""
    return (g * (a.function("sign") if a.dtype == y.dtype else a.conj() / y.equals(0).where(1, y)),)


# fmt: off

ARITHMETIC = table(
    Op("add",      "map", np.add,          wrapping("+", "{0} | {1}"), ADD, rules.same,           rules.broadcast_shape,
       agree=rules.broadcast_agree, grad=lambda g, y, a, b: (g, g), traits=("commutative", "complex"), doc="a + b"),
    Op("sub",      "map", np.subtract,     wrapping("-", ""),          ADD, rules.numbers,        rules.broadcast_shape,
       agree=rules.broadcast_agree, grad=lambda g, y, a, b: (g, -g), traits=COMPLEX, doc="a - b"),
    Op("mul",      "map", np.multiply,     wrapping("*", "{0} & {1}"), MUL, rules.same,           rules.broadcast_shape,
       agree=rules.broadcast_agree, grad=lambda g, y, a, b: (g * b, g * a), traits=("commutative", "complex"), doc="a * b"),
    Op("div",      "map", np.true_divide,  QUOTIENT,                   MUL, rules.true_divide,    rules.broadcast_shape,
       agree=rules.broadcast_agree, grad=lambda g, y, a, b: (g / b, -g * y / b), cost=4, traits=COMPLEX, doc="a / b, always a float"),
    Op("floordiv", "map", np.floor_divide, "modc_floordiv_{t}({0}, {1})", CALL, rules.counts_of_bool, rules.broadcast_shape,
       agree=rules.broadcast_agree, grad=lambda g, y, a, b: (None, None), cost=8, doc="a // b, rounded down"),
    Op("mod",      "map", np.remainder,    "modc_mod_{t}({0}, {1})",   CALL, rules.counts_of_bool, rules.broadcast_shape,
       agree=rules.broadcast_agree, grad=lambda g, y, a, b: (g, -(g * (a // b))), cost=8,
       doc="a - b * (a // b): the rest, with the sign of b"),
    Op("neg",      "map", np.negative,     NEGATIVE, UNARY, rules.numbers, rules.broadcast_shape,
       grad=lambda g, y, a: (-g,), traits=COMPLEX, doc="-a"),
    Op("abs",      "map", np.abs,          {"f": ABS, "i": ABS, "u": "{0}", "b": "{0}", "c": ABS}, CALL, rules.magnitude,
       rules.broadcast_shape, grad=_abs_gradient, traits=COMPLEX,
       doc="|a|, of complex numbers a float; the gradient at 0 is 0"),
    Op("sign",     "map", np.sign,         "modc_sign_{t}({0})",       CALL, rules.counts_of_bool, rules.broadcast_shape,
       grad=lambda g, y, a: (None,), doc="-1, 0 or 1 by the sign of a"),
    Op("pow",      "map", power,           {"f": POW, "i": POWI, "u": POWI, "c": POW}, CALL,
       rules.counts_of_bool, rules.broadcast_shape, agree=rules.broadcast_agree, grad=_pow_gradient, cost=24, ulp=4.0,
       traits=COMPLEX,
       doc="a ** b; integers to a negative power are cut towards zero"),
    Op("maximum",  "map", np.maximum,      "modc_max_{t}({0}, {1})",   CALL, rules.same,          rules.broadcast_shape,
       agree=rules.broadcast_agree, grad=lambda g, y, a, b: ((a >= b).where(g, 0), (a >= b).where(0, g)),
       traits=("commutative",), doc="The larger of a and b; NaN wins; on ties the gradient goes to a"),
    Op("minimum",  "map", np.minimum,      "modc_min_{t}({0}, {1})",   CALL, rules.same,          rules.broadcast_shape,
       agree=rules.broadcast_agree, grad=lambda g, y, a, b: ((a <= b).where(g, 0), (a <= b).where(0, g)),
       traits=("commutative",), doc="The smaller of a and b; NaN wins; on ties the gradient goes to a"),
)


def comparison(name: str, function: Any, symbol: str, binds: int, traits: tuple[str, ...] = (), pairs: str = "") -> Op:
    """A row of two operands and a bool result, whose gradient is zero. `pairs`: C for complex numbers."""
    text = "{0} " + symbol + " {1}"
    return Op(
        name, "map", function, {**dict.fromkeys("fiub", text), "c": pairs} if pairs else text, binds, rules.to_bool, rules.broadcast_shape,
        agree=rules.broadcast_agree, traits=traits, doc=f"a {symbol} b, bool",
    )


def bits(name: str, function: Any, symbol: str, binds: int) -> Op:
    """A row of two integer or bool operands, bit by bit."""
    integer = "({T})(({U}){0} " + symbol + " ({U}){1})"
    return Op(
        name, "map", function, {"i": integer, "u": integer, "b": "{0} " + symbol + " {1}"}, binds, rules.integers,
        rules.broadcast_shape, agree=rules.broadcast_agree, traits=("commutative",),
        doc=f"a {symbol} b, of integers bit by bit, of bool as logic",
    )


LOGIC = table(
    comparison("lt", np.less,          "<",  LESS),
    comparison("le", np.less_equal,    "<=", LESS),
    comparison("gt", np.greater,       ">",  LESS),
    comparison("ge", np.greater_equal, ">=", LESS),
    comparison("eq", np.equal,         "==", EQUAL, ("commutative", "complex"), "modc_eq_{t}({0}, {1})"),
    comparison("ne", np.not_equal,     "!=", EQUAL, ("commutative", "complex"), "!modc_eq_{t}({0}, {1})"),
    bits("and_", np.bitwise_and, "&", BIT_AND),
    bits("or_",  np.bitwise_or,  "|", BIT_OR),
    bits("xor",  np.bitwise_xor, "^", BIT_XOR),
    Op("invert",   "map", np.invert,       {"i": "({T})~({U}){0}", "u": "({T})~({U}){0}", "b": "!{0}"}, UNARY,
       rules.integers, rules.broadcast_shape, doc="~a: of integers bit by bit, of bool as logic"),
    Op("shl",      "map", np.left_shift,   "modc_shl_{t}({0}, {1})",   CALL, rules.shifts,        rules.broadcast_shape,
       agree=rules.broadcast_agree, doc="a << b; 0 where b is negative or all bits are shifted out"),
    Op("shr",      "map", np.right_shift,  "modc_shr_{t}({0}, {1})",   CALL, rules.shifts,        rules.broadcast_shape,
       agree=rules.broadcast_agree, doc="a >> b, which keeps the sign"),
    Op("isnan",    "map", np.isnan,        {"f": ISNAN, "c": ISNAN, "i": "0", "u": "0", "b": "0"}, CALL,
       rules.to_bool, rules.broadcast_shape, traits=COMPLEX, doc="True where a is NaN"),
    Op("isinf",    "map", np.isinf,        {"f": ISINF, "c": ISINF, "i": "0", "u": "0", "b": "0"}, CALL,
       rules.to_bool, rules.broadcast_shape, traits=COMPLEX, doc="True where a is infinite"),
    Op("where",    "map", np.where,        "{0} ? {1} : {2}",          CONDITION, rules.select,   rules.broadcast_shape,
       agree=rules.broadcast_agree, grad=lambda g, y, c, a, b: (None, c.where(g, 0), c.where(0, g)),
       traits=COMPLEX, doc="a where c is true, else b"),
)
# fmt: on
