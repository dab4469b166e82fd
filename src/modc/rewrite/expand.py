"""Composite ops in terms of simpler ones, by the `expand` column of their rows; complex matrix products by real ones.

Takes nodes that the stability rules left as they are; gives elementwise ops and reductions.
`expand` is written with operators and methods of Variables, so nodes are wrapped in them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from modc.graph.build import apply, cast
from modc.graph.node import Node
from modc.graph.op import OPS
from modc.graph.ops_core import CAST
from modc.rewrite.engine import RuleSet, function_rule
from modc.tensor.variable import Variable


def expanded(node: Node) -> Node | None:
    """What a composite stands for."""
    assert node.op.expand is not None, f"modc bug: {node.op.name} has no expansion"
    params = dict(zip(node.op.params, node.attrs, strict=True))
    found: Node = node.op.expand(*map(Variable, node.args), **params).node
    return found


_FEW = 512  # products of numbers that loops over pairs do as fast


def _by_real_products(node: Node) -> Node | None:
    """A product of complex matrices as four of real ones, which run in register tiles or a BLAS; two where one factor is
    real. Products with vectors stay: there the parts would cost as much as the product.
    """
    a, b = node.args
    few = all(isinstance(size, int) for size in (*a.shape, *b.shape)) and _count((*a.shape, b.shape[-1])) <= _FEW
    if not node.dtype.is_complex or a.ndim < 2 or b.ndim < 2 or few:
        return None
    (re_a, im_a), (re_b, im_b) = _parts(a), _parts(b)

    def sum_of(sign: str, *pairs: tuple[Node | None, Node | None]) -> Node:
        terms = [apply(node.op, x, y, source=None) for x, y in pairs if x is not None and y is not None]
        return terms[0] if len(terms) == 1 else apply(OPS[sign], *terms, source=None)

    if im_a is None and im_b is None:
        return cast(sum_of("add", (re_a, re_b)), node.dtype)
    pair = sum_of("sub", (re_a, re_b), (im_a, im_b)), sum_of("add", (re_a, im_b), (im_a, re_b))
    return apply(OPS["complex"], *pair, source=None)


def _count(sizes: Sequence[Any]) -> int:
    return math.prod(int(size) for size in sizes)


def _parts(node: Node) -> tuple[Node, Node | None]:
    """Real and imaginary part; None for the second where `node` is a real array made complex."""
    if node.op is CAST and not node.args[0].dtype.is_complex:
        return cast(node.args[0], node.dtype.real), None
    return apply(OPS["real"], node, source=None), apply(OPS["imag"], node, source=None)


EXPAND = RuleSet(
    "expand",
    function_rule("product of complex matrices", "dot matmul", _by_real_products, exact=False),
    *(
        function_rule(f"expand {op.name}", op.name, expanded, exact=False)
        for op in OPS.values()
        if op.family == "composite"
    ),
)
