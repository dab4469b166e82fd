"""More elementwise rows: parts of floats, roots, logarithms of sums and differences, divisors and bits of integers.

Neighbours: `ops_scalar` explains the columns; the C is in csrc/modc_number.h and csrc/modc_logs.h.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from modc.errors import DTypeError
from modc.graph import rules
from modc.graph.dtype import INT32, INT64, UINT8, DType, float_of
from modc.graph.op import CALL, NO_GRADIENT, UNARY, Op, table

Array = np.ndarray[Any, Any]
LN2 = math.log(2.0)
MAX, MIN = "modc_max_{t}({0}, {1})", "modc_min_{t}({0}, {1})"


def _whole_numbers(dtypes: Sequence[DType], *params: Any) -> rules.DTypes:
    """Integers promoted together; NumPy refuses bool."""
    common = rules.promoted(dtypes)
    if not common.is_integer:
        raise DTypeError(f"takes integers, not {common.name}")
    return (common,) * len(dtypes), common


def _bit_counts(dtypes: Sequence[DType], *params: Any) -> rules.DTypes:
    """Integers or bool; the result is uint8."""
    return rules.integers(dtypes)[0], UINT8


def _powers_of_two(dtypes: Sequence[DType], *params: Any) -> rules.DTypes:
    """A float, and an integer, which becomes int64."""
    if not (dtypes[1].is_integer or dtypes[1].kind == "b"):
        raise DTypeError(f"takes an integer exponent, not {dtypes[1].name}")
    return (float_of(dtypes[0]), INT64), float_of(dtypes[0])


def _exponents(dtypes: Sequence[DType], *params: Any) -> rules.DTypes:
    """A float; the result is int32."""
    return (float_of(dtypes[0]),), INT32


# NumPy references of what NumPy does not have


def _quiet(function: Any) -> Any:
    def apply(*args: Any) -> Any:
        with np.errstate(all="ignore"):
            return np.asarray(function(*args)).astype(args[0].dtype)

    return apply


@_quiet
def _log1mexp(x: Array) -> Any:
    return np.where(x < -LN2, np.log1p(-np.exp(x)), np.log(-np.expm1(x)))


@_quiet
def _logit(x: Array) -> Any:
    rest = 1 - x
    middle = np.log1p((2 * x - 1) / rest)
    return np.where((x > 0.25) & (x < 0.75), middle, np.where(x == 1, np.inf, np.log(x / rest)))


@_quiet
def _xlogy(x: Array, y: Array) -> Any:
    return np.where((x == 0) & ~np.isnan(y), 0, x * np.log(y))


@_quiet
def _xlog1py(x: Array, y: Array) -> Any:
    return np.where((x == 0) & ~np.isnan(y), 0, x * np.log1p(y))


def _ldexp(x: Array, n: Array) -> Any:
    return np.ldexp(x, np.clip(n, -5000, 5000).astype(np.int32))


def _exponent(x: Array) -> Any:
    return np.where(np.isfinite(x), np.frexp(x)[1], 0).astype(np.int32)


def _cut_rest(a: Array, b: Array) -> Any:
    """NumPy's fmod, and 0 for the smallest integer over -1, where some CPUs trap."""
    return np.fmod(a, np.where(b == -1, 1, b).astype(b.dtype)) if a.dtype.kind == "i" else np.fmod(a, b)


# Gradients


def _share(a: Any, b: Any) -> Any:
    """exp(a) / (exp(a) + exp(b)), one half where they are equal, infinite or not."""
    return a.equals(b).where(0.5, (a - b).function("sigmoid"))


def _logaddexp_gradient(g: Any, y: Any, a: Any, b: Any) -> tuple[Any, Any]:
    return g * _share(a, b), g * _share(b, a)


def _logaddexp2_gradient(g: Any, y: Any, a: Any, b: Any) -> tuple[Any, Any]:
    return _logaddexp_gradient(g, y, a * LN2, b * LN2)


def _hypot_gradient(g: Any, y: Any, a: Any, b: Any) -> tuple[Any, Any]:
    length = y.equals(0).where(1, y)
    return g * (a / length), g * (b / length)


def _quotient(x: Any, y: Any) -> Any:
    """X / y, 0 where x is."""
    zero = x.equals(0)
    return zero.where(0, x / zero.where(1, y))


def _larger_gradient(g: Any, y: Any, a: Any, b: Any) -> tuple[Any, Any]:
    first = (a >= b) | b.function("isnan")
    return first.where(g, 0), first.where(0, g)


def _smaller_gradient(g: Any, y: Any, a: Any, b: Any) -> tuple[Any, Any]:
    first = (a <= b) | b.function("isnan")
    return first.where(g, 0), first.where(0, g)


def _copysign_gradient(g: Any, y: Any, a: Any, b: Any) -> tuple[Any, Any]:
    return a.function("signbit").equals(b.function("signbit")).where(g, -g), None


def pair(name: str, function: Any, grad: Any, doc: str, cost: int, ulp: float, c: str = "") -> Op:
    """The row of a function of two floats."""
    return Op(
        name, "map", function, c or f"modc_{name}_{{t}}({{0}}, {{1}})", CALL, rules.to_float, rules.broadcast_shape,
        agree=rules.broadcast_agree, grad=grad, cost=cost, ulp=ulp, doc=doc,
    )


def single(name: str, function: Any, grad: Any, doc: str, cost: int, ulp: float) -> Op:
    """The row of a function of one float."""
    return Op(
        name, "map", function, f"modc_{name}_{{t}}({{0}})", CALL, rules.to_float, rules.broadcast_shape, grad=grad,
        cost=cost, ulp=ulp, doc=doc,
    )


# fmt: off
FLOATS = table(
    single("cbrt",     np.cbrt,       lambda g, y, x: (g / (3.0 * y * y),),                     "Cube root", 30, 1.0),
    single("logit",    _logit,        lambda g, y, x: (g / (x * (1 - x)),),                     "log(x / (1 - x)), the inverse of sigmoid", 24, 4.0),
    single("log1mexp", _log1mexp,     lambda g, y, x: (-g / (-x).function("expm1"),),           "log(1 - exp(x)) for x < 0", 36, 3.0),
    pair("hypot",      np.hypot,      _hypot_gradient,                                          "sqrt(a * a + b * b), without overflow", 8, 1.5),
    pair("logaddexp",  np.logaddexp,  _logaddexp_gradient,
         "log(exp(a) + exp(b)), without overflow; the ULPs are of the largest of |a|, |b| and 1", 24, 2.5),
    pair("logaddexp2", np.logaddexp2, _logaddexp2_gradient,
         "log2(2 ** a + 2 ** b), without overflow; the ULPs are of the largest of |a|, |b| and 1", 24, 2.5),
    pair("xlogy",      _xlogy,        lambda g, y, a, b: (g * b.function("log"), g * _quotient(a, b)),
         "a * log(b), and 0 where a is 0", 14, 3.0),
    pair("xlog1py",    _xlog1py,      lambda g, y, a, b: (g * b.function("log1p"), g * _quotient(a, b + 1)),
         "a * log(1 + b), and 0 where a is 0", 14, 3.0),
    pair("copysign",   np.copysign,   _copysign_gradient,                                       "|a| with the sign of b", 1, 0.0, "copysign{f}({0}, {1})"),
    pair("nextafter",  np.nextafter,  lambda g, y, a, b: (NO_GRADIENT, NO_GRADIENT),
         "The float next to a towards b", 4, 0.0, "nextafter{f}({0}, {1})"),
    Op("ldexp",     "map", _ldexp,          "modc_ldexp_{r}({0}, {1})", CALL, _powers_of_two, rules.broadcast_shape,
       agree=rules.broadcast_agree, grad=lambda g, y, x, n: (g.function("ldexp", n), None), cost=8,
       doc="x * 2 ** n for integers n, rounded once"),
    Op("exponent",  "map", _exponent,       "modc_exponent_{t}({0})", CALL, _exponents, rules.broadcast_shape, cost=4,
       doc="The e with |x| from 2 ** (e - 1) up to 2 ** e, int32; 0 for 0, NaN and infinities"),
    Op("signbit",   "map", np.signbit,      {"f": "signbit({0}) != 0", "i": "{0} < 0", "u": "0", "b": "0"}, CALL, rules.to_bool,
       rules.broadcast_shape, doc="True where the sign is minus, of -0.0 and NaN as well"),
    Op("fmax",      "map", np.fmax,         {"f": "modc_fmax_{t}({0}, {1})", "i": MAX, "u": MAX, "b": MAX}, CALL, rules.same,
       rules.broadcast_shape, agree=rules.broadcast_agree, grad=_larger_gradient,
       doc="The larger of a and b; a NaN only where both are"),
    Op("fmin",      "map", np.fmin,         {"f": "modc_fmin_{t}({0}, {1})", "i": MIN, "u": MIN, "b": MIN}, CALL, rules.same,
       rules.broadcast_shape, agree=rules.broadcast_agree, grad=_smaller_gradient,
       doc="The smaller of a and b; a NaN only where both are"),
    Op("fmod",      "map", _cut_rest,       {"f": "fmod{f}({0}, {1})", "i": "modc_fmod_{t}({0}, {1})", "u": "modc_fmod_{t}({0}, {1})"},
       CALL, rules.counts_of_bool, rules.broadcast_shape, agree=rules.broadcast_agree,
       grad=lambda g, y, a, b: (g, -(g * (a / b).function("trunc"))), cost=8,
       doc="The rest of the division cut towards 0: it has the sign of a; of integers 0 where b is 0"),
)

INTEGERS = table(
    Op("gcd",      "map", np.gcd, "modc_gcd_{t}({0}, {1})", CALL, _whole_numbers, rules.broadcast_shape,
       agree=rules.broadcast_agree, cost=40, doc="The greatest common divisor of |a| and |b|"),
    Op("lcm",      "map", np.lcm, "modc_lcm_{t}({0}, {1})", CALL, _whole_numbers, rules.broadcast_shape,
       agree=rules.broadcast_agree, cost=40, doc="The least common multiple of |a| and |b|"),
    Op("bitcount", "map", np.bitwise_count, {"i": "modc_bitcount_{t}({0})", "u": "modc_bitcount_{t}({0})", "b": "{0}"}, UNARY,
       _bit_counts, rules.broadcast_shape, cost=6, doc="How many bits of |a| are set, uint8"),
)
# fmt: on
