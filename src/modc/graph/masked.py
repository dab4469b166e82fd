"""Elements chosen by a mask, without positions where a choice for every element does the same.

x[mask].sum() need not know how many elements there are: it is the sum of where(mask, x, 0), one loop. Likewise other
reductions, elementwise functions in between, and x with f(x[mask]) set at or added to x[mask], which gradients make.
Input: nodes with rows `nonzero`. Output: the same values from loops over all elements. Neighbours: `split` does this
before it looks for sizes that depend on data, and the rewriter before anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from modc.graph.build import apply, cast, const, size_node, size_of, transform
from modc.graph.dtype import DType
from modc.graph.node import Node, walk
from modc.graph.op import OPS, Op
from modc.graph.ops_core import CONST
from modc.graph.sizes import size_product

_DEEPEST = 200  # ops between the mask and the reduction


def unmasked(roots: Sequence[Node]) -> list[Node]:
    """`roots` with every reduction and scatter of masked elements as a loop over all of them."""
    if not any(node.op.name == "nonzero" for node in walk(roots)):
        return list(roots)
    return transform(roots, _unmasked)


def _unmasked(node: Node) -> Node:
    rule = _RULES.get(node.op.name)
    return (rule(node) if rule is not None else None) or node


class Spread:
    """Nodes with an axis of chosen elements, computed for all elements instead."""

    def __init__(self, chosen: Node | None = None) -> None:
        self.chosen = chosen  # the `nonzero` node
        self._done: dict[tuple[Node, int], Node | None] = {}
        self._depth = 0

    @property
    def mask(self) -> Node:
        """The mask, a vector."""
        assert self.chosen is not None
        return self.chosen.args[0]

    def aligned_mask(self, axis: int, ndim: int) -> Node:
        """The mask along one of `ndim` axes."""
        return apply(OPS["dimshuffle"], self.mask, pattern=tuple(0 if at == axis else -1 for at in range(ndim)), source=None)

    def full(self, node: Node, axis: int) -> Node | None:
        """`node` for all elements along `axis`; None where that cannot be."""
        key = node, axis
        if key not in self._done:
            self._depth += 1
            self._done[key] = self._full(node, axis) if self._depth < _DEEPEST else None
            self._depth -= 1
        return self._done[key]

    def _full(self, node: Node, axis: int) -> Node | None:
        if node.op.name == "gather":
            return self._gather(node, axis)
        if node.op.name == "nonzero" and self._is_chosen(node):
            return apply(OPS["iota"], size_node(node.args[0].shape[0]), source=None)
        if node.op.name == "dimshuffle":
            inside = self.full(node.args[0], node.attrs[0][axis])
            return None if inside is None else apply(node.op, inside, pattern=node.attrs[0], source=node.source)
        if node.op.name == "broadcast":
            return self._broadcast(node, axis)
        if node.op.name == "slice":
            return self._slice(node, axis)
        if node.op.family == "map" and node.op.name != "iota" and type(node.op) is Op:  # users' own C sees what it asked for
            args = [self._operand(arg, axis - node.ndim + arg.ndim) for arg in node.args]
            if any(arg is None for arg in args):
                return None
            params = dict(zip(node.op.params, node.attrs, strict=True))
            return apply(node.op, *[arg for arg in args if arg is not None], source=node.source, **params)
        if node.op.name in _OVER_AXES:
            axes = node.attrs[0]
            inner = [at for at in range(node.args[0].ndim) if at not in axes][axis]
            inside = self.full(node.args[0], inner)
            return None if inside is None else apply(node.op, inside, axes=axes, source=node.source)
        return None

    def _is_chosen(self, positions: Node) -> bool:
        if self.chosen is None:
            self.chosen = positions
        return _bare(self.chosen) is _bare(positions)

    def _operand(self, node: Node, axis: int) -> Node | None:
        return node if axis < 0 or node.shape[axis] == 1 else self.full(node, axis)

    def _gather(self, node: Node, axis: int) -> Node | None:
        """X[mask]: x itself, with the masked axis where the positions stand."""
        source, *positions = node.args
        (place, *more), at = node.attrs
        if more or at != axis or positions[0].op.name != "nonzero" or not self._is_chosen(positions[0]):
            return None
        order = [one for one in range(source.ndim) if one != place]
        return _shuffled(source, [*order[:at], place, *order[at:]])

    def _slice(self, node: Node, axis: int) -> Node | None:
        """Ranges and positions of the other axes."""
        source, *given = node.args
        steps, bounds, at, kept = node.attrs[0], list(given), 0, -1
        for place, step in enumerate(steps):
            kept += step != 0
            if kept == axis and step != 0:
                whole = step == 1 and size_of(bounds[at]) == 0 and _same_size(size_of(bounds[at + 1]), source.shape[place])
                inside = self.full(source, place) if whole else None
                if inside is None:
                    return None
                bounds[at + 1] = size_node(inside.shape[place])
                return apply(node.op, inside, *bounds, spec=steps, source=node.source)
            at += 2 if step else 1
        return None

    def _broadcast(self, node: Node, axis: int) -> Node | None:
        inner = axis - node.ndim + node.args[0].ndim
        inside = self._operand(node.args[0], inner)
        if inside is None or self.chosen is None:
            return None
        sizes = [size_node(size) for size in node.shape]
        sizes[axis] = size_node(self.mask.shape[0])
        return apply(node.op, inside, *sizes, source=node.source)


def _bare(chosen: Node) -> Node:
    """The mask that positions come from, whatever sizes it was compared with."""
    mask = chosen.args[0]
    while mask.op.name in ("specify", "reshape"):
        mask = mask.args[0]
    return mask


def _shuffled(node: Node, pattern: Sequence[int]) -> Node:
    same = list(pattern) == list(range(node.ndim))
    return node if same else apply(OPS["dimshuffle"], node, pattern=tuple(pattern), source=None)


def _reduced(node: Node) -> tuple[Spread, Node, int] | None:
    """For a reduction over chosen elements: the operand for all elements, and the axis."""
    operand = node.args[0]
    for axis in node.attrs[0]:
        if isinstance(operand.shape[axis], Node):
            first = Spread()
            first.full(operand, axis)  # finds the mask, which what stands before it needs too
            spread = Spread(first.chosen)
            whole = spread.full(operand, axis)
            if whole is not None and spread.chosen is not None:
                return spread, whole, axis
    return None


def _filled(start: Callable[[DType], Any]) -> Callable[[Node], Node | None]:
    """The rule of a reduction: what the mask leaves out is `start`, which changes nothing."""

    def change(node: Node) -> Node | None:
        found = _reduced(node)
        if found is None:
            return None
        spread, whole, axis = found
        mask = spread.aligned_mask(axis, whole.ndim)
        chosen = apply(OPS["where"], mask, whole, const(start(whole.dtype), whole.dtype), source=None)
        total = apply(node.op, chosen, axes=node.attrs[0], source=node.source)
        return _not_empty(total, spread) if node.op.name in ("max", "min") else total

    return change


def _not_empty(total: Node, spread: Spread) -> Node:
    some = apply(OPS["any"], spread.mask, axes=(0,), source=None)
    message = "zero-size array to reduction operation which has no identity"
    return apply(OPS["require"], total, some, kind="value", message=message, source=total.source)


def _mean(node: Node) -> Node | None:
    operand = cast(node.args[0], node.dtype)
    total = apply(OPS["sum"], operand, axes=node.attrs[0], source=node.source)
    found = _SUM(total)
    count = size_node(size_product([operand.shape[axis] for axis in node.attrs[0]]))
    return None if found is None else apply(OPS["div"], found, cast(count, node.dtype), source=node.source)


def _dot(node: Node) -> Node | None:
    """The product of two vectors of chosen elements."""
    if any(arg.ndim != 1 for arg in node.args):
        return None
    return _SUM(apply(OPS["sum"], apply(OPS["mul"], *node.args, source=node.source), axes=(0,), source=node.source))


def _scatter(node: Node) -> Node | None:
    """A part of x set or added to at chosen positions: a choice between both."""
    target, value, *positions = node.args
    axes, at, mode = node.attrs
    if len(positions) != 1 or positions[0].op.name != "nonzero" or mode not in ("set", "add"):
        return None
    spread, axis, place = Spread(positions[0]), axes[0], at - (target.ndim - value.ndim)
    if not _same_size(spread.mask.shape[0], target.shape[axis]):
        return None
    whole = value if place < 0 or value.shape[place] == 1 else spread.full(value, place)
    if whole is None:
        return None
    whole = _shuffled(whole, [-1] * (target.ndim - whole.ndim) + list(range(whole.ndim)))
    order = [one for one in range(target.ndim) if one != at]
    whole = _shuffled(whole, [*order[:axis], at, *order[axis:]])
    if mode == "add" and not _is_zero(target):
        whole = apply(OPS["add"], target, whole, source=node.source)
    return apply(OPS["where"], spread.aligned_mask(axis, target.ndim), whole, target, source=node.source)


def _same_size(one: Any, other: Any) -> bool:
    return one is other or (isinstance(one, int) and isinstance(other, int) and one == other)


def _is_zero(node: Node) -> bool:
    node = node.args[0] if node.op.name == "broadcast" else node
    return node.op is CONST and node.value.size > 0 and not node.value.any()


def _lowest(row: DType) -> Any:
    return -np.inf if row.kind == "f" else False if row.kind == "b" else np.iinfo(row.numpy).min


def _highest(row: DType) -> Any:
    return np.inf if row.kind == "f" else True if row.kind == "b" else np.iinfo(row.numpy).max


_SUM = _filled(lambda row: 0)
_OVER_AXES = ("sum", "prod", "max", "min", "any", "all", "mean", "logsumexp")
_RULES: dict[str, Callable[[Node], Node | None]] = {
    "sum": _SUM, "any": _SUM, "prod": _filled(lambda row: 1), "all": _filled(lambda row: 1), "max": _filled(_lowest),
    "min": _filled(_highest), "peak": _filled(_lowest), "logsumexp": _filled(_lowest), "mean": _mean, "scatter": _scatter,
    "dot": _dot,
}  # fmt: skip

