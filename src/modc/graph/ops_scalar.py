"""The table of elementwise ops: one row per op.

C text: {0} {1} ... operands, {T} C type of the result, {U} unsigned type in which its integers wrap, {t} suffix
of the operands' dtype, {r} of the result's. Gradients get g (of the result), y (the result) and the operands,
and give one entry per operand; the caller sums them over broadcast axes.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from modc.graph import rules
from modc.graph.op import ADD, CALL, MUL, UNARY, Op, table

# fmt: off
def wrapping(symbol: str, of_bool: str) -> Mapping[str, str]:
    """C of an integer operator: in unsigned arithmetic, which wraps, and back."""
    integer = "({T})(({U}){0} " + symbol + " ({U}){1})"
    return {"f": "{0} " + symbol + " {1}", "i": integer, "u": integer, "b": of_bool}


ARITHMETIC = table(
    Op("add",      "map", np.add,          wrapping("+", "{0} | {1}"), ADD, rules.same,           rules.broadcast_shape,
       agree=rules.broadcast_agree, grad=lambda g, y, a, b: (g, g), traits=("commutative",), doc="a + b"),
    Op("sub",      "map", np.subtract,     wrapping("-", ""),          ADD, rules.numbers,        rules.broadcast_shape,
       agree=rules.broadcast_agree, grad=lambda g, y, a, b: (g, -g), doc="a - b"),
    Op("mul",      "map", np.multiply,     wrapping("*", "{0} & {1}"), MUL, rules.same,           rules.broadcast_shape,
       agree=rules.broadcast_agree, grad=lambda g, y, a, b: (g * b, g * a), traits=("commutative",), doc="a * b"),
    Op("div",      "map", np.true_divide,  "{0} / {1}",                MUL, rules.true_divide,    rules.broadcast_shape,
       agree=rules.broadcast_agree, grad=lambda g, y, a, b: (g / b, -g * y / b), cost=4, doc="a / b, always a float"),
    Op("floordiv", "map", np.floor_divide, "modc_floordiv_{t}({0}, {1})", CALL, rules.counts_of_bool, rules.broadcast_shape,
       agree=rules.broadcast_agree, grad=lambda g, y, a, b: (None, None), cost=8, doc="a // b, rounded down"),
    Op("neg",      "map", np.negative,     {"f": "-{0}", "i": "({T})(0u - ({U}){0})", "u": "({T})(0u - ({U}){0})"}, UNARY,
       rules.numbers, rules.broadcast_shape, grad=lambda g, y, a: (-g,), doc="-a"),
    Op("maximum",  "map", np.maximum,      "modc_max_{t}({0}, {1})",   CALL, rules.same,          rules.broadcast_shape,
       agree=rules.broadcast_agree, grad=lambda g, y, a, b: (a.ge(b).where(g, 0), a.ge(b).where(0, g)),
       traits=("commutative",), doc="The larger of a and b; NaN wins; on ties the gradient goes to a"),
    Op("minimum",  "map", np.minimum,      "modc_min_{t}({0}, {1})",   CALL, rules.same,          rules.broadcast_shape,
       agree=rules.broadcast_agree, grad=lambda g, y, a, b: (a.le(b).where(g, 0), a.le(b).where(0, g)),
       traits=("commutative",), doc="The smaller of a and b; NaN wins; on ties the gradient goes to a"),
)
# fmt: on
