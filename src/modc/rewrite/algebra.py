"""Algebra of elementwise ops, as equations. What is exact holds bit for bit: signed zeros,
infinities and NaN included.

Gives RuleSets to `passes`. Rules of numbers say by their condition where they hold only for
integers or bool.
"""

from __future__ import annotations

import numpy as np

from modc.graph.build import apply, cast, const
from modc.graph.node import Node
from modc.graph.op import OPS
from modc.graph.ops_core import CAST
from modc.rewrite.engine import RuleSet, function_rule, lossless, rule
from modc.rewrite.pattern import function, uniform, wild, wild_constants

b, x, y, z = wild("b x y z")
(c,) = wild_constants("c")
abs_, and_, or_, xor, invert = map(function, ("abs", "and_", "or_", "xor", "invert"))
eq, ne, lt, le, gt, ge = map(function, ("eq", "ne", "lt", "le", "gt", "ge"))
conj, imag, pair, real = map(function, ("conj", "imag", "complex", "real"))
maximum, minimum, sqrt, where = map(function, ("maximum", "minimum", "sqrt", "where"))


def _integer(x: Node) -> bool:
    return x.dtype.is_integer


def _floating(x: Node) -> bool:
    return x.dtype.is_float


def _inexact(x: Node) -> bool:
    return x.dtype.is_inexact


def _signed(x: Node) -> bool:
    return x.dtype.kind in "if"


def _boolean(x: Node) -> bool:
    return x.dtype.kind == "b"


def _complex(x: Node) -> bool:
    return x.dtype.is_complex


def _agreed(*nodes: Node) -> bool:
    """Whether shapes are known to broadcast, so that leaving out an operand leaves out no check of sizes."""
    for axis in range(1, max(node.ndim for node in nodes) + 1):
        sizes = [node.shape[-axis] for node in nodes if node.ndim >= axis and node.shape[-axis] != 1]
        if any(size is not sizes[0] and size != sizes[0] for size in sizes):
            return False
    return True


def _zero_like(x: Node) -> Node:
    return const(0, x.dtype)


def _true_like(x: Node) -> Node:
    return const(True, x.dtype)


def _negated(c: Node) -> Node:
    return const(-c.value, c.dtype)


def _negated_factor(x: Node, c: Node) -> Node:
    return apply(OPS["mul"], x, _negated(c), source=None)


def _negated_divisor(x: Node, c: Node) -> Node:
    return apply(OPS["div"], x, _negated(c), source=None)


def power_of_two(x: Node, c: Node) -> bool:
    """Whether dividing by the float c is multiplying by a number that the dtype holds."""
    value = uniform(c)
    if not _floating(c) or value is None or value in (0, 1, -1) or not np.isfinite(value):
        return False
    mantissa, exponent = np.frexp(value)
    info = np.finfo(c.dtype.numpy)
    return bool(abs(mantissa) == 0.5 and info.minexp < 1 - exponent < info.maxexp)


def _reciprocal_factor(x: Node, c: Node) -> Node:
    return apply(OPS["mul"], x, const(1 / c.value, c.dtype), source=None)


def _cast_of_cast(node: Node) -> Node | None:
    """A cast that loses nothing before another cast is not needed."""
    (inner,) = node.args
    if inner.op is not CAST:
        return None
    source, middle, target = inner.args[0].dtype, inner.dtype, node.dtype
    through_float = middle.is_float and not source.is_float and not target.is_float
    if lossless(source, middle) and not through_float:
        return cast(inner.args[0], target)
    return None


def _real_of_cast(node: Node) -> Node | None:
    """The real part of a real number made complex."""
    (inner,) = node.args
    if inner.op is CAST and not inner.args[0].dtype.is_complex and inner.dtype.is_complex:
        return cast(inner.args[0], node.dtype)
    return None


ALGEBRA = RuleSet(
    "algebra",
    # numbers
    rule("times one", x * 1, x, lambda x: not _boolean(x)),
    rule("times minus one", x * -1, -x, _signed),
    rule("over one", x / 1, x),
    rule("over minus one", x / -1, -x),
    rule("double neg", -(-x), x),  # noqa: B002
    rule("plus neg", x + -y, x - y),
    rule("minus neg", x - -y, x + y),
    rule("neg times neg", -x * -y, x * y),
    rule("neg over neg", -x / -y, x / y),
    rule("neg times", -x * y, -(x * y)),
    rule("neg over", -x / y, -(x / y)),
    rule("over neg", x / -y, -(x / y)),
    rule("neg of times constant", -(x * c), _negated_factor, lambda x: _floating(x)),
    rule("neg of over constant", -(x / c), _negated_divisor),
    rule("over power of two", x / c, _reciprocal_factor, power_of_two),
    rule("plus minus zero", x + -0.0, x, _floating),
    rule("minus zero", x - 0.0, x, _floating),
    # integers
    rule("plus zero", x + 0, x, lambda x: _integer(x) or _boolean(x)),
    rule("minus zero of integers", x - 0, x, _integer),
    rule("zero minus", 0 - x, -x, _integer),
    rule("times zero", x * 0, _zero_like, lambda x: _integer(x) or _boolean(x)),
    rule("minus itself", x - x, _zero_like, _integer),
    rule("neg of difference", -(x - y), y - x, _integer),
    rule("floordiv one", x // 1, x, _integer),
    rule("times true", x * True, x, _boolean),
    # extremes and sign
    rule("maximum of one", maximum(x, x), x),
    rule("minimum of one", minimum(x, x), x),
    rule("abs of abs", abs_(abs_(x)), abs_(x)),
    rule("abs of neg", abs_(-x), abs_(x), _signed),
    # bits and logic
    rule("double invert", invert(invert(x)), x),
    rule("and of one", and_(x, x), x),
    rule("or of one", or_(x, x), x),
    rule("and true", and_(x, True), x, _boolean),
    rule("and false", and_(x, False), _zero_like),
    rule("or true", or_(x, True), _true_like, _boolean),
    rule("or false", or_(x, False), x),
    rule("xor false", xor(x, False), x),
    rule("xor true", xor(x, True), invert(x), _boolean),
    # comparisons: less than is the one way
    rule("greater is less", gt(x, y), lt(y, x)),
    rule("greater or equal is less or equal", ge(x, y), le(y, x)),
    rule("not equal", invert(eq(x, y)), ne(x, y)),
    rule("not unequal", invert(ne(x, y)), eq(x, y)),
    rule("not less", invert(lt(x, y)), ge(x, y), lambda x: not _floating(x)),
    rule("not less or equal", invert(le(x, y)), gt(x, y), lambda x: not _floating(x)),
    # where
    rule("where both", where(b, x, x), x, lambda b, x: _agreed(b, x)),
    rule("where true", where(True, x, y), x, lambda x, y: _agreed(x, y)),
    rule("where false", where(False, x, y), y, lambda x, y: _agreed(x, y)),
    rule("where not", where(invert(b), x, y), where(b, y, x)),
    rule("where in where", where(b, where(b, x, y), z), where(b, x, z)),
    rule("where else where", where(b, x, where(b, y, z)), where(b, x, z)),
    function_rule("cast of cast", "cast", _cast_of_cast),
    # parts of complex numbers
    rule("conj of conj", conj(conj(x)), x),
    rule("real of conj", real(conj(x)), real(x)),
    rule("imag of conj", imag(conj(x)), -imag(x), _complex),
    rule("abs of conj", abs_(conj(x)), abs_(x)),
    rule("real of a pair", real(pair(x, y)), x),
    rule("imag of a pair", imag(pair(x, y)), y),
    rule("conj of a pair", conj(pair(x, y)), pair(x, -y)),
    rule("pair of parts", pair(real(x), imag(x)), x, _complex),
    function_rule("real of cast", "real", _real_of_cast),
)


def whole_power(x: Node, power: int) -> Node:
    """The power 2, 3 or 4 of x by products."""
    square = apply(OPS["mul"], x, x, source=None)
    return (
        square
        if power == 2
        else apply(OPS["mul"], square, x if power == 3 else square, source=None)
    )


STRENGTH = RuleSet(
    "strength",
    rule("power one", x**1, x),
    rule("square", x**2, lambda x: whole_power(x, 2), _integer),
    rule("cube", x**3, lambda x: whole_power(x, 3), _integer),
    rule("fourth power", x**4, lambda x: whole_power(x, 4), _integer),
)

#: The last bits differ from a correctly rounded power, by less than pow's own promise. Approved.
STRENGTH_FLOAT = RuleSet(
    "strength float",
    rule("float square", x**2, lambda x: whole_power(x, 2), _inexact, exact=False),
    rule("float cube", x**3, lambda x: whole_power(x, 3), _inexact, exact=False),
    rule("float fourth power", x**4, lambda x: whole_power(x, 4), _inexact, exact=False),
    rule("power minus one", x**-1, 1 / x, _inexact, exact=False),
    rule("square root", x**0.5, sqrt(x), _inexact, exact=False),  # as NumPy: NaN of -inf, -0.0 of -0.0
)

#: Not in the default passes: they change signed zeros, NaN or the last bits.
FAST = RuleSet(
    "fast",
    rule("plus any zero", x + 0, x, _floating, exact=False),
    rule("zero minus float", 0 - x, -x, _floating, exact=False),
    rule("neg of float difference", -(x - y), y - x, _floating, exact=False),
    rule("times float zero", x * 0, _zero_like, _floating, exact=False),
    rule("distribute", x * z + y * z, (x + y) * z, _floating, exact=False),
)
