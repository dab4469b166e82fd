"""Sorting and searching at node level.

Takes and gives nodes of the graph; `reducing` makes methods of these, `sorting` and `sets` functions.
"""

from __future__ import annotations

from typing import Any

from modc.graph import OPS, Leaf, Node, apply, size_node
from modc.graph.build import shape_text
from modc.tensor.arguments import axis_of
from modc.tensor.picking import take_along
from modc.tensor.shapes import flatten, required


def along_axis(node: Node, axis: int | None) -> tuple[Node, int]:
    """The node and the axis counted from the front; None is the flattened array. Scalars have no axis."""
    return (flatten(node, 1), 0) if axis is None else (node, axis_of(axis, node.ndim))


def sort(node: Node, axis: int | None) -> Node:
    """Ascending along `axis` (None: the flattened array), NaN last."""
    node, place = along_axis(node, axis)
    return node if _single(node, place) and not isinstance(node, Leaf) else apply(OPS["sort"], node, axis=place)


def argsort(node: Node, axis: int | None, down: bool = False) -> Node:
    """The positions that sort along `axis`, or that sort downwards; equal elements keep their order."""
    node, place = along_axis(node, axis)
    return apply(OPS["argsort"], node, axis=place, down=down)


def check_kth(node: Node, kth: Any, axis: int | None) -> Node:
    """`node`, flattened without an axis. Raises ValueError for positions outside of the axis, at the call where its size is
    not known before.
    """
    node, place = along_axis(node, axis)
    size = node.shape[place]
    many = [one for one in (kth if isinstance(kth, (tuple, list)) else [kth]) if isinstance(one, int)]
    for one in many:
        if isinstance(size, int) and not -size <= one < size:
            raise ValueError(f"kth(={one}) out of bounds ({size})")
    if isinstance(size, int) or not many:
        return node
    least = max(one + 1 if one >= 0 else -one for one in many)
    return required(node, apply(OPS["ge"], size_node(size), least), "value", f"kth out of bounds, which needs {least} elements")


def _single(node: Node, axis: int) -> bool:
    size = node.shape[axis]
    return isinstance(size, int) and size <= 1


def picked(node: Node, positions: Node, axis: int) -> Node:
    """For each place of `positions` the element of the same row along `axis`."""
    if node.ndim == 1:
        return apply(OPS["gather"], node, positions, axes=(0,), at=0)
    return take_along(node, positions, axis)


def searchsorted(ordered: Node, values: Node, side: str, sorter: Node | None) -> Node:
    """Where `values` would be put into a sorted vector: before equal elements ("left") or behind them ("right").

    Raises ValueError for another side and for what is no vector.
    """
    if side not in ("left", "right", "l", "r"):
        raise ValueError(f"side must be 'left' or 'right' (got {side!r})")
    if ordered.ndim != 1:
        raise ValueError(f"searchsorted searches in a vector, not in {shape_text(ordered)}")
    if sorter is not None:
        ordered = picked(ordered, sorter, 0)
    return apply(OPS["searchsorted"], ordered, values, right=side[0] == "r")
