"""Rules about reductions and about gradients that arrive as an array of zeros with a part added.

Takes and gives nodes through `engine`. Sums over several axes in one pass associate differently
from sums of sums, within the accuracy that sums promise; those rules are marked inexact and are on
the approved list.
"""

from __future__ import annotations

from modc.graph.build import apply
from modc.graph.node import Node
from modc.graph.op import OPS
from modc.graph.ops_array import BROADCAST, DIMSHUFFLE, IOTA, SCATTER, UPDATE
from modc.rewrite.engine import RuleSet, function_rule
from modc.rewrite.movement import dimshuffle, equal
from modc.rewrite.pattern import matches_number

_AXES = "sum prod max min any all"


def _reduced(node: Node, operand: Node, axes: list[int]) -> Node:
    """The reduction of `node` over `axes` of another operand; the operand itself for no axes."""
    if not axes and operand.dtype is node.dtype:
        return operand
    return apply(node.op, operand, axes=tuple(sorted(axes)), source=None)


def _axes_of_one(node: Node) -> Node | None:
    """A reduction over an axis of size 1 only drops the axis."""
    (operand,) = node.args
    axes = node.attrs[0]
    ones = [
        axis for axis in axes if operand.shape[axis] == 1 and isinstance(operand.shape[axis], int)
    ]
    if not ones:
        return operand if not axes and operand.dtype is node.dtype else None
    kept = [axis for axis in range(operand.ndim) if axis not in ones]
    return _reduced(
        node, dimshuffle(operand, kept), [kept.index(axis) for axis in axes if axis not in ones]
    )


def _of_reduction(node: Node) -> Node | None:
    """sum(sum(x)) and the like: all axes in one pass."""
    (inner,) = node.args
    if inner.op is not node.op or inner.dtype is not inner.args[0].dtype:
        return None
    free = [axis for axis in range(inner.args[0].ndim) if axis not in inner.attrs[0]]
    return _reduced(node, inner.args[0], [*inner.attrs[0], *(free[axis] for axis in node.attrs[0])])


def _exact_of_reduction(node: Node) -> Node | None:
    return _of_reduction(node) if _regroups_exactly(node) else None


def _regroups_exactly(node: Node) -> bool:
    return not (node.dtype.is_inexact and node.op.name in ("sum", "prod"))


def _of_dimshuffle(node: Node) -> Node | None:
    """Reduce first, then permute what is left."""
    (inner,) = node.args
    if inner.op is not DIMSHUFFLE:
        return None
    pattern, axes, source = inner.attrs[0], node.attrs[0], inner.args[0]
    reduced = [pattern[axis] for axis in axes if pattern[axis] >= 0]
    left = [axis for axis in range(source.ndim) if axis not in reduced]
    kept = [axis for place, axis in enumerate(pattern) if place not in axes]
    return dimshuffle(
        _reduced(node, source, reduced), [-1 if axis < 0 else left.index(axis) for axis in kept]
    )


def _exact_of_dimshuffle(node: Node) -> Node | None:
    return _of_dimshuffle(node) if _regroups_exactly(node) else None


# Parts added to zeros


def _is_zero(node: Node) -> bool:
    node = node.args[0] if node.op is BROADCAST else node
    return matches_number(node, 0)


def _part(node: Node) -> tuple[Node, tuple[Node, ...]] | None:
    """The value and bounds (or positions) of `zeros with a part added`."""
    if node.op in (UPDATE, SCATTER) and node.attr("mode") == "add" and _is_zero(node.args[0]):
        return node.args[1], node.args[2:]
    return None


def _add_into(node: Node, base: Node, value: Node) -> Node:
    """`node`, with its part added to `base` instead of zeros."""
    params = dict(zip(node.op.params, node.attrs, strict=True))
    return apply(node.op, base, value, *node.args[2:], source=None, **params)


def _sum_with_part(node: Node) -> Node | None:
    """Turn x + (zeros with v added at i) into x with v added at i."""
    for base, part in (node.args, node.args[::-1]):
        found = _part(part)
        if found is not None and base.shape == part.shape and base.dtype is part.dtype:
            return _add_into(part, base, found[0])
    return None


def _difference_with_part(node: Node) -> Node | None:
    """Turn x - (zeros with v added at i) into x with -v added at i."""
    base, part = node.args
    found = _part(part)
    if found is None or base.shape != part.shape or base.dtype is not part.dtype:
        return None
    return _add_into(part, base, apply(OPS["neg"], found[0], source=None))


def _part_minus(node: Node) -> Node | None:
    """Turn (zeros with v added at i) - x into -x with v added at i."""
    part, base = node.args
    found = _part(part)
    if found is None or base.shape != part.shape or base.dtype is not part.dtype:
        return None
    return _add_into(part, apply(OPS["neg"], base, source=None), found[0])


def _sum_of_rows(node: Node) -> Node | None:
    """The sum over a row into which one value was added at [arange(n), y] is that value."""
    (part,) = node.args
    found = _part(part)
    if found is None or part.op is not SCATTER or len(part.attr("axes")) != part.ndim:
        return None
    value, positions = found
    left = [axis for axis in range(part.ndim) if axis not in node.attrs[0]]
    if len(left) != 1 or any(position.ndim != 1 for position in positions) or value.ndim > 1:
        return None
    rows = positions[part.attr("axes").index(left[0])]
    return value if rows.op is IOTA and equal(rows.shape[0], part.shape[left[0]]) else None


def _scaled_part(node: Node) -> Node | None:
    """Turn c * (zeros with v added at i) into zeros with c * v added at i, for a scalar c."""
    name = node.op.name
    for part, factor in (node.args, node.args[::-1]):
        found = _part(part)
        if (
            found is not None
            and factor.ndim == 0
            and factor.dtype is part.dtype
            and node.dtype is part.dtype
        ):
            return _add_into(part, part.args[0], apply(OPS[name], found[0], factor, source=None))
        if name == "div":
            break
    return None


def _negative_part(node: Node) -> Node | None:
    """Turn -(zeros with v added at i) into zeros with -v added at i."""
    (part,) = node.args
    found = _part(part)
    return (
        None
        if found is None
        else _add_into(part, part.args[0], apply(OPS["neg"], found[0], source=None))
    )


REDUCE = RuleSet(
    "reduce",
    function_rule("reduction over axes of size 1", _AXES, _axes_of_one),
    function_rule("reduction of a reduction", _AXES, _exact_of_reduction),
    function_rule("reduction of dimshuffle", _AXES, _exact_of_dimshuffle),
)

#: Rounding and the sign of zero differ. Approved: one pass instead of two, a few rows instead of
#: a whole table.
REDUCE_FLOAT = RuleSet(
    "reduce float",
    function_rule("sum of sum", "sum prod", _of_reduction, exact=False),
    function_rule("sum of dimshuffle", "sum prod", _of_dimshuffle, exact=False),
    function_rule("sum with a part", "add", _sum_with_part, exact=False),
    function_rule("difference with a part", "sub", _difference_with_part, exact=False),
    function_rule("part minus", "sub", _part_minus, exact=False),
    function_rule("sum of rows with a part", "sum", _sum_of_rows, exact=False),
    function_rule("scaled part", "mul div", _scaled_part, exact=False),
    function_rule("negative part", "neg", _negative_part, exact=False),
)
