"""Boolean masks at node level: how many elements are true, and where they are.

Takes and gives nodes. A constant mask gives constants; of another one the count depends on data, and a Method that has
an array of that size becomes several kernels. Neighbours: `indexing` (x[mask]), `selecting` (nonzero and its like).
"""

from __future__ import annotations

import numpy as np

from modc.graph import OPS, Node, Size, apply, cast, const, size_node
from modc.graph.dtype import BOOL, INT64
from modc.tensor.shapes import flatten, specified


def count_true(mask: Node) -> Node:
    """The number of true elements, int64."""
    if mask.op.name == "const":
        return const(int(np.count_nonzero(mask.value)), INT64)
    return apply(OPS["sum"], cast(mask, INT64), axes=tuple(range(mask.ndim)))


def positions(mask: Node) -> Node:
    """The positions of the true elements of the flattened mask, int64, ascending."""
    mask = cast(mask, BOOL)
    if mask.op.name == "const":
        return const(np.flatnonzero(mask.value).astype(np.int64))
    return apply(OPS["nonzero"], flatten(mask, 1), count_true(mask))


def coordinates(mask: Node) -> list[Node]:
    """For each axis the positions of the true elements along it, in row-major order."""
    if mask.op.name == "const":
        return [const(np.asarray(found, dtype=np.int64)) for found in np.nonzero(np.atleast_1d(mask.value))]
    return unravelled(positions(mask), mask.shape)


def counted_mask(position: Node) -> Node | None:
    """The mask whose `coordinates` a vector is one of; None for other vectors."""
    while position.op.name in ("floordiv", "mod"):
        position = position.args[0]
    if position.op.name != "nonzero":
        return None
    mask = position.args[0]
    return mask.args[0] if mask.op.name == "reshape" else mask


def unravelled(flat: Node, sizes: tuple[Size, ...]) -> list[Node]:
    """Positions in a flattened array as positions along each axis, row-major."""
    found: list[Node] = []
    for size in reversed(sizes[1:]):
        found.append(apply(OPS["mod"], flat, size_node(size)))
        flat = apply(OPS["floordiv"], flat, size_node(size))
    return [flat, *reversed(found)]


def matched(mask: Node, sizes: tuple[Size, ...]) -> Node:
    """`mask`, whose sizes must be these. Raises IndexError, at once or at the call."""
    return specified(mask, sizes, "mask")
