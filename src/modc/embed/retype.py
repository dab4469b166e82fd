"""The real type of an export: every float64 of a Program becomes float32.

Input: a Program. Output: the same Program over float32 leaves, constants and casts. Neighbours: `fit`
applies it before sizes are fixed; `schedule(wide=False)` keeps sums in float32 as well.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from modc.graph import DType, Leaf, Node, Program, apply, const, leaf
from modc.graph.build import rebuild
from modc.graph.dtype import COMPLEX64, COMPLEX128, FLOAT32, FLOAT64
from modc.graph.ops_core import CAST, CONST

_NARROW = {FLOAT64: FLOAT32, COMPLEX128: COMPLEX64}


def retyped(program: Program) -> Program:
    """`program` with float32 wherever it has float64, complex64 for complex128; integers and bools stay.

    Constants are rounded. Sizes stay int64.
    """
    leaves: dict[Node, Leaf] = {one: _leaf(one) for one in (*program.inputs, *program.members)}
    done: dict[Node, Node] = dict(leaves)
    for node in program.walk():
        if node not in done:
            done[node] = _changed(node, [done[arg] for arg in node.args])
    roots = [done.get(root, root) for root in program.roots]
    split = len(program.outputs)
    return Program(
        program.name, [leaves[one] for one in program.inputs], program.input_names,
        [leaves[one] for one in program.members], program.member_names, roots[:split],
        [(at, node) for (at, _), node in zip(program.updates, roots[split:], strict=True)],
    )  # fmt: skip


def narrow(row: DType) -> DType:
    """float32 for float64, complex64 for complex128, anything else as it is."""
    return _NARROW.get(row, row)


def _leaf(one: Leaf) -> Leaf:
    return leaf(narrow(one.dtype), one.dims, one.variable, one.source)


def _changed(node: Node, args: list[Node]) -> Node:
    if node.op is CONST and node.dtype in _NARROW:
        return const(retyped_value(node.value), narrow(node.dtype), node.source)
    if node.op is CAST:
        wanted = narrow(node.dtype)
        return args[0] if args[0].dtype is wanted else apply(CAST, args[0], source=node.source, dtype=wanted)
    return rebuild(node, args)


def retyped_value(value: Any) -> Any:
    """A stored array as float32 where it was float64 (complex64 where complex128); what is too large becomes infinite."""
    row = next((row for row in _NARROW if getattr(value, "dtype", None) == row.numpy), None)
    if row is None:
        return value
    with np.errstate(over="ignore"):
        return value.astype(_NARROW[row].numpy)
