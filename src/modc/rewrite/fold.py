"""Constant folding, and the arithmetic of sizes.

Takes and gives nodes through `engine`. Only operations whose result is the same on every machine
are folded: those that are exactly rounded, or of integers. A transcendental function of a constant
stays in the kernel, where modc's own code computes it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from modc.graph.build import const
from modc.graph.dtype import INT64
from modc.graph.node import Node
from modc.graph.op import OPS
from modc.graph.ops_core import CONST, DIM, NAMED_DIM
from modc.rewrite.engine import RuleSet, function_rule
from modc.rewrite.sizes import Sizes, build, is_ring

_LARGEST = 1024  # elements; what is larger stays an expression
_NEVER = ("broadcast", "iota", "dot", "input", "const", "dim", "named_dim", "require", "specify")
_ROUNDED_SUMS = ("sum", "prod")
FOLDED = " ".join(
    op.name
    for op in OPS.values()
    if op.name not in _NEVER and op.family != "composite" and op.ulp == 0
)


def _constants(node: Node) -> Node | None:
    """The value of an operation on constants."""
    if not node.args or any(arg.op is not CONST for arg in node.args):
        return None
    count = 1
    for size in node.shape:
        if not isinstance(size, int):
            return None
        count *= size
    if count > _LARGEST or (node.op.name in _ROUNDED_SUMS and node.dtype.is_inexact):
        return None
    return _evaluated(node)


def _evaluated(node: Node) -> Node | None:
    operands = [arg.value for arg in node.args]
    if node.op.name == "cast" and not _fits(operands[0], node):
        return None
    params = dict(zip(node.op.params, node.attrs, strict=True))
    with np.errstate(all="ignore"):
        try:
            value = np.asarray(node.op.numpy(*operands, **params), dtype=node.dtype.numpy)
        except (ArithmeticError, IndexError, ValueError):
            return None  # the call will say so
    if value.shape != node.shape or (node.dtype.is_inexact and bool(np.isnan(value).any())):
        return None  # the sign of a NaN differs between machines
    return const(value, node.dtype)


def _fits(value: np.ndarray[Any, Any], node: Node) -> bool:
    """Whether C defines the cast: floats must be in the integers' range."""
    if value.dtype.kind != "f" or not node.dtype.is_integer:
        return True
    limits = np.iinfo(node.dtype.numpy)
    return bool(
        (np.isfinite(value) & (value > float(limits.min) - 1.0) & (value < float(limits.max))).all()
    )


def _shorter_size(node: Node) -> Node | None:
    """(n + 2) - 2 and the like."""
    return Sizes().shorter(node) if is_ring(node) and not _is_plain(node) else None


def _is_plain(node: Node) -> bool:
    """One operation on factors that are no sums or products: nothing to shorten, and frequent."""
    a, *rest = node.args
    return (
        bool(rest)
        and a is not rest[0]
        and not is_ring(a)
        and a.op is not CONST
        and not is_ring(rest[0])
    )


def _is_size(node: Node) -> bool:
    return node.op in (DIM, NAMED_DIM)


def _divided_size(node: Node) -> Node | None:
    """(n * 6) // 3: exact where every factor is an extent, whose product cannot wrap."""
    top, bottom = node.args
    if (
        node.dtype is not INT64
        or node.shape != ()
        or bottom.op is not CONST
        or int(bottom.value) <= 0
    ):
        return None
    divisor = int(bottom.value)
    polynomial = Sizes().polynomial(top)
    for monomial, factor in polynomial.items():
        if factor % divisor or not all(map(_is_size, monomial)):
            return None
    return build({monomial: factor // divisor for monomial, factor in polynomial.items()})


def _extreme_size(node: Node) -> Node | None:
    """max(n, 0) -> n, min(n, 0) -> 0: an extent is never negative."""
    if node.dtype is not INT64 or node.shape != ():
        return None
    larger = node.op.name == "maximum"
    for size, bound in (node.args, node.args[::-1]):
        if _is_size(size) and bound.op is CONST and int(bound.value) <= 0:
            return size if larger else bound
    return None


FOLD = RuleSet("fold", function_rule("constant", FOLDED, _constants))

SIZES = RuleSet(
    "sizes",
    function_rule("shorter size", "add sub mul neg", _shorter_size),
    function_rule("divided size", "floordiv", _divided_size),
    function_rule("extreme of a size", "maximum minimum", _extreme_size),
)
