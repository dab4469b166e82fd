"""Composite ops in terms of simpler ones, by the `expand` column of their rows.

Takes nodes that the stability rules left as they are; gives elementwise ops and reductions.
`expand` is written with operators and methods of Variables, so nodes are wrapped in them.
"""

from __future__ import annotations

from modc.graph.node import Node
from modc.graph.op import OPS
from modc.rewrite.engine import RuleSet, function_rule
from modc.tensor.variable import Variable


def expanded(node: Node) -> Node | None:
    """What a composite stands for."""
    assert node.op.expand is not None, f"modc bug: {node.op.name} has no expansion"
    params = dict(zip(node.op.params, node.attrs, strict=True))
    found: Node = node.op.expand(*map(Variable, node.args), **params).node
    return found


EXPAND = RuleSet(
    "expand",
    *(
        function_rule(f"expand {op.name}", op.name, expanded, exact=False)
        for op in OPS.values()
        if op.family == "composite"
    ),
)
