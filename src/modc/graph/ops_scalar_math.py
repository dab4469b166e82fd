"""The table of elementary functions: exp and log, trigonometry, rounding. One row per op, in a float dtype.

Neighbours: `ops_scalar` (arithmetic and logic) explains the columns; the C functions are in csrc/modc_math.h and
what it includes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from modc.graph import rules
from modc.graph.op import CALL, Op, table

#: Functions that take complex numbers too.
_OF_COMPLEX = frozenset((
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "sin", "cos", "tan", "arcsin", "arccos", "arctan",
    "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh",
))  # fmt: skip

Array = np.ndarray[Any, Any]
Gradient = Callable[[Any, Any, Any], tuple[Any, ...]]

LN2, LN10, TWO_OVER_ROOT_PI = math.log(2.0), math.log(10.0), 2.0 / math.sqrt(math.pi)


def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(-x)) without overflow."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small)).astype(x.dtype)


def softplus(x: Array) -> Array:
    """log(1 + exp(x)) without overflow."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def _from_math(function: Callable[[float], float]) -> Callable[[Array], Array]:
    """A function of Python's `math`, element by element, for what NumPy does not have."""
    each = np.frompyfunc(function, 1, 1)
    return lambda x: np.asarray(each(x), dtype=x.dtype)


def function(
    name: str,
    reference: Any,
    grad: Gradient,
    doc: str,
    c: str | Mapping[str, str] = "",
    cost: int = 12,
    ulp: float = 2.5,
) -> Op:
    """The row of a function of one operand."""
    return Op(
        name,
        "map",
        reference,
        c or "modc_" + name + "_{t}({0})",
        CALL,
        rules.to_float,
        rules.broadcast_shape,
        grad=grad,
        cost=cost,
        ulp=ulp,
        traits=("complex",) if name in _OF_COMPLEX else (),
        doc=doc,
    )


def rounding(name: str, reference: Any, doc: str, c: str = "") -> Op:
    """The row of a function to whole numbers, whose gradient is zero."""
    return function(name, reference, lambda g, y, x: (None,), doc, c, cost=1, ulp=0.0)


# fmt: off
FUNCTIONS = table(
    function("exp",     np.exp,     lambda g, y, x: (g * y,),                         "e ** x"),
    function("exp2",    np.exp2,    lambda g, y, x: (g * (y * LN2),),                 "2 ** x"),
    function("expm1",   np.expm1,   lambda g, y, x: (g * (y + 1),),                   "exp(x) - 1, exact near 0"),
    function("log",     np.log,     lambda g, y, x: (g / x,),                         "Natural logarithm"),
    function("log2",    np.log2,    lambda g, y, x: (g / (x * LN2),),                 "Logarithm to base 2"),
    function("log10",   np.log10,   lambda g, y, x: (g / (x * LN10),),                "Logarithm to base 10"),
    function("log1p",   np.log1p,   lambda g, y, x: (g / (x + 1),),                   "log(1 + x), exact near 0"),
    function("sqrt",    np.sqrt,    lambda g, y, x: (g * (0.5 / y),),                 "Square root",
             {"f": "sqrt{f}({0})", "c": "modc_sqrt_{t}({0})"}, 4, 0.0),
    function("sin",     np.sin,     lambda g, y, x: (g * x.function("cos"),),         "Sine"),
    function("cos",     np.cos,     lambda g, y, x: (-(g * x.function("sin")),),      "Cosine"),
    function("tan",     np.tan,     lambda g, y, x: (g * (1 + y * y),),               "Tangent"),
    function("arcsin",  np.arcsin,  lambda g, y, x: (g / (1 - x * x).function("sqrt"),),    "Inverse sine"),
    function("arccos",  np.arccos,  lambda g, y, x: (-g / (1 - x * x).function("sqrt"),),   "Inverse cosine"),
    function("arctan",  np.arctan,  lambda g, y, x: (g / (1 + x * x),),               "Inverse tangent"),
    function("sinh",    np.sinh,    lambda g, y, x: (g * x.function("cosh"),),        "Hyperbolic sine"),
    function("cosh",    np.cosh,    lambda g, y, x: (g * x.function("sinh"),),        "Hyperbolic cosine"),
    function("tanh",    np.tanh,    lambda g, y, x: (g * (1 - y * y),),               "Hyperbolic tangent"),
    function("arcsinh", np.arcsinh, lambda g, y, x: (g / (x * x + 1).function("sqrt"),),    "Inverse hyperbolic sine"),
    function("arccosh", np.arccosh, lambda g, y, x: (g / ((x - 1).function("sqrt") * (x + 1).function("sqrt")),),    "Inverse hyperbolic cosine"),
    function("arctanh", np.arctanh, lambda g, y, x: (g / (1 - x * x),),               "Inverse hyperbolic tangent"),
    function("erf",     _from_math(math.erf),  lambda g, y, x: (g * (TWO_OVER_ROOT_PI * (-(x * x)).function("exp")),),
             "Error function"),
    function("sigmoid", sigmoid,    lambda g, y, x: (g * (y * (1 - y)),),             "1 / (1 + exp(-x))", cost=16),
    function("softplus", softplus,  lambda g, y, x: (g * x.function("sigmoid"),),     "log(1 + exp(x))", cost=24),
    rounding("floor",   np.floor,   "The largest whole number that is not above x"),
    rounding("ceil",    np.ceil,    "The smallest whole number that is not below x"),
    rounding("trunc",   np.trunc,   "The whole number next to x towards 0"),
    rounding("round",   np.rint,    "The nearest whole number; halves go to the even one", "modc_rint_{t}({0})"),
    Op("arctan2",  "map", np.arctan2,      "modc_arctan2_{t}({0}, {1})", CALL, rules.to_float,    rules.broadcast_shape,
       agree=rules.broadcast_agree, grad=lambda g, y, a, b: (g * (b / (a * a + b * b)), -g * (a / (a * a + b * b))),
       cost=24, ulp=2.5, doc="The angle of the point (b, a), between -pi and pi"),
)
# fmt: on
