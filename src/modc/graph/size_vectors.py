"""Numbers taken out of short vectors of sizes, such as (x.shape * 2)[0] or prod(x.shape): without the vector.

Input: 0-d integer nodes that users give as sizes. Output: the same numbers as expressions over sizes and 0-d values,
which a kernel's size plan computes. Neighbours: `tensor.arguments` asks for every size that a user gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from modc.graph.build import apply, const, size_node, size_of
from modc.graph.dtype import INT64
from modc.graph.node import Node, Size
from modc.graph.ops_core import CONST, DIM, NAMED_DIM
from modc.graph.sizes import size_add, size_max, size_min, size_mul

_LONGEST = 64  # elements of a vector of sizes
_DEEPEST = 50
_FOLDS: dict[str, Callable[[Size, Size], Size]] = {"sum": size_add, "prod": size_mul, "max": size_max, "min": size_min}


def number(node: Node, depth: int = 0) -> Node:
    """A 0-d integer node, with elements of vectors of sizes taken out; the node itself where there are none."""
    if depth > _DEEPEST or not node.args or node.op in (DIM, NAMED_DIM, CONST) or not node.dtype.is_integer:
        return node
    if node.op.family == "map" and node.op.name != "iota" and all(arg.ndim == 0 for arg in node.args):
        return _again(node, [number(arg, depth + 1) for arg in node.args])
    source = node.args[0]
    if source.ndim != 1 or source.dtype is not node.dtype:
        return node
    many = elements(source, depth + 1)
    if not many:
        return node
    if node.op.name in _FOLDS and node.dtype is INT64:
        total = size_of(many[0])
        for one in many[1:]:
            total = _FOLDS[node.op.name](total, size_of(one))
        return size_node(total)
    if node.op.name == "slice" and node.attrs[0] == (0,) and node.args[1].op is CONST:
        at = int(node.args[1].value)
        return many[at] if 0 <= at < len(many) else node
    return many[0] if node.op.name == "dimshuffle" and len(many) == 1 else node


def elements(node: Node, depth: int = 0) -> list[Node] | None:
    """The elements of an integer vector of known length as 0-d nodes; None where it would have to be computed."""
    length = node.shape[0] if node.ndim == 1 else None
    if depth > _DEEPEST or not isinstance(length, int) or length > _LONGEST or not node.dtype.is_integer:
        return None
    if node.op is CONST:
        return [const(item, node.dtype) for item in node.value]
    rule = _RULES.get(node.op.name)
    if rule is not None:
        return rule(node, depth + 1)
    if node.op.family == "map" and node.op.name != "iota":
        return _mapped(node, length, depth + 1)
    return None


def _mapped(node: Node, length: int, depth: int) -> list[Node] | None:
    columns: list[Sequence[Node]] = []
    for arg in node.args:
        found = elements(arg, depth) if arg.ndim else [number(arg, depth)]
        if not found:
            return None
        columns.append(found * length if len(found) == 1 else found)
    return [_again(node, column) for column in zip(*columns, strict=True)]


def _again(node: Node, args: Sequence[Node]) -> Node:
    if all(new is old for new, old in zip(args, node.args, strict=True)):
        return node
    return apply(node.op, *args, source=node.source, **dict(zip(node.op.params, node.attrs, strict=True)))


def _joined(node: Node, depth: int) -> list[Node] | None:
    found: list[Node] = []
    for part in node.args:
        inside = elements(part, depth)
        if inside is None:
            return None
        found += inside
    return found


def _single(node: Node, depth: int) -> list[Node] | None:
    """A vector made of a scalar, or of a vector as it is."""
    source = node.args[0]
    if source.ndim == 1:
        return elements(source, depth) if source.shape == node.shape or node.op.name != "broadcast" else None
    return [number(source, depth)] * int(node.shape[0]) if source.ndim == 0 else None  # type: ignore[arg-type]


def _sliced(node: Node, depth: int) -> list[Node] | None:
    found = elements(node.args[0], depth)
    (step,) = node.attrs[0]
    if found is None or step == 0 or any(arg.op is not CONST for arg in node.args[1:]):
        return None
    start, count = (int(arg.value) for arg in node.args[1:])
    return [found[start + step * at] for at in range(count)]


_RULES: dict[str, Callable[[Node, int], list[Node] | None]] = {
    "concat": _joined, "dimshuffle": _single, "broadcast": _single, "slice": _sliced,
}  # fmt: skip
