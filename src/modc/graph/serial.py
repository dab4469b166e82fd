"""Pickling and deep-copying nodes without recursion, however deep the graph.

Importing this module registers it with `copyreg`, which `pickle` and `copy` consult.
"""

from __future__ import annotations

import copyreg
from typing import Any

import numpy as np

from modc.graph.build import apply, const, leaf
from modc.graph.dtype import dtype
from modc.graph.node import Leaf, Node, intern, walk
from modc.graph.op import Op, op_named
from modc.graph.ops_core import CONST, DIM, NAMED_DIM


def records(root: Node) -> tuple[Any, ...]:
    """`root` as a flat tuple of rows, arguments before users; leaves stand in it as themselves."""
    position: dict[Node, int] = {}
    rows: list[Any] = []
    for node in walk([root]):
        position[node] = len(rows)
        if isinstance(node, Leaf):
            rows.append(node)
        else:
            args = tuple(position[arg] for arg in node.args)
            name = node.op if node.op.user else node.op.name
            rows.append((name, args, node.attrs, node.dtype.name))
    return tuple(rows)


def restore(rows: tuple[Any, ...]) -> Node:
    """The node that `records` wrote down. Source lines do not travel: they would be paths."""
    nodes: list[Node] = []
    for row in rows:
        nodes.append(row if isinstance(row, Leaf) else _node(row, nodes))
    return nodes[-1]


def _node(row: tuple[Any, ...], nodes: list[Node]) -> Node:
    name, positions, attrs, dtype_name = row
    op, args = name if isinstance(name, Op) else op_named(name), tuple(nodes[position] for position in positions)
    if op is CONST:
        shape, data = attrs
        return const(np.frombuffer(data, dtype_name).reshape(shape))
    if op in (
        DIM,
        NAMED_DIM,
    ):  # a leaf's own sizes: made while the leaf itself is still being restored
        return intern(op, args, attrs, dtype(dtype_name), (), None)
    return apply(op, *args, **dict(zip(op.params, attrs, strict=True)))


def _reduce(node: Node) -> tuple[Any, ...]:
    return restore, (records(node),)


def _reduce_leaf(node: Leaf) -> tuple[Any, ...]:
    """A leaf is whole before its Variable is restored: that may lead back to expressions over the leaf."""
    return _restore_leaf, (node.dtype.name, node.dims), (None, {"variable": node.variable})


def _restore_leaf(dtype_name: str, dims: tuple[int | str | None, ...]) -> Leaf:
    return leaf(dtype(dtype_name), dims)


copyreg.pickle(Node, _reduce)
copyreg.pickle(Leaf, _reduce_leaf)
