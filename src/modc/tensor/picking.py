"""Elements by position, at node level: along an axis, on diagonals, out of several arrays.

Takes and gives nodes of the graph; `methods`, `selecting` and `diagonals` wrap these for users.
"""

from __future__ import annotations

from collections.abc import Sequence

from modc.errors import ShapeError
from modc.graph import OPS, Node, Size, apply, cast, size_node
from modc.graph.build import shape_text
from modc.graph.dtype import INT64
from modc.graph.sizes import size_less, size_max, size_min, size_mul, size_sub
from modc.tensor.arguments import axis_of
from modc.tensor.shapes import dimshuffle, flatten, pad_left, required

MODES = ("raise", "wrap", "clip")


def within(positions: Node, size: Size, mode: str) -> Node:
    """Positions along an axis as `take` reads them: "wrap" counts on from the start, "clip" stops at the ends.

    Raises ValueError for another mode.
    """
    if mode not in MODES:
        raise ValueError(f"clipmode must be one of 'clip', 'raise', or 'wrap' (got {mode!r})")
    positions = cast(positions, INT64)
    if mode == "wrap":
        return apply(OPS["mod"], positions, size_node(size))
    if mode == "clip":
        return apply(OPS["minimum"], apply(OPS["maximum"], positions, 0), size_node(size_sub(size, 1)))
    return positions


def take(node: Node, positions: Node, axis: int | None, mode: str) -> Node:
    """Elements at `positions` along `axis` (None: of the flattened array)."""
    if axis is None:
        return take(flatten(node, 1), positions, 0, mode)
    place = axis_of(axis, node.ndim)
    return apply(OPS["gather"], node, within(positions, node.shape[place], mode), axes=(place,), at=place)


def counted(size: Size, start: Size = 0) -> Node:
    """start, start + 1, ...: `size` numbers."""
    found = apply(OPS["iota"], size_node(size))
    return found if start == 0 else apply(OPS["add"], found, size_node(start))


def along(node: Node, positions: Node, axis: int) -> list[Node]:
    """Positions of every axis where `positions` says them for one; the others count. Raises ShapeError where the
    numbers of dimensions differ.
    """
    if positions.ndim != node.ndim:
        raise ShapeError(
            f"positions along an axis of {shape_text(node)} have as many dimensions as it, not {positions.ndim}"
        )
    found = [dimshuffle(counted(size), [0 if at == place else -1 for at in range(node.ndim)])
             for place, size in enumerate(node.shape)]  # fmt: skip
    found[axis] = cast(positions, INT64)
    return found


def take_along(node: Node, positions: Node, axis: int) -> Node:
    """For each place of `positions` the element of the same row. Axes of size 1 broadcast."""
    meshes = along(node, positions, axis)
    for place, (size, other) in enumerate(zip(node.shape, positions.shape, strict=True)):
        if place != axis and size == 1 and other != 1:
            meshes[place] = apply(OPS["sub"], counted(1), 0)
    meshes = [pad_left(mesh, node.ndim) for mesh in meshes]
    return apply(OPS["gather"], node, *meshes, axes=tuple(range(node.ndim)), at=0)


def put_along(node: Node, positions: Node, value: Node, axis: int, mode: str) -> Node:
    """`node` with values set at (or combined with) the elements that `take_along` gives."""
    return apply(
        OPS["scatter"], node, cast(value, node.dtype), *along(node, positions, axis),
        axes=tuple(range(node.ndim)), at=0, mode=mode,
    )  # fmt: skip


# Diagonals


def diagonal_places(rows: Size, columns: Size, offset: Size) -> tuple[Node, Node]:
    """The positions of a diagonal in both axes."""
    down, right = size_max(size_sub(0, offset), 0), size_max(offset, 0)
    count = size_min(_less(rows, down), _less(columns, right))
    return counted(count, down), counted(count, right)


def _less(size: Size, start: Size) -> Size:
    return size_less(size, start) if isinstance(start, int) else size_max(size_sub(size, start), 0)


def two_axes(node: Node, axis1: int, axis2: int, what: str) -> tuple[int, int]:
    """Both axes from the front. Raises ValueError for fewer than two dimensions and for one axis twice."""
    if node.ndim < 2:
        raise ValueError(f"{what} requires an array of at least two dimensions, not {shape_text(node)}")
    first, second = axis_of(axis1, node.ndim), axis_of(axis2, node.ndim)
    if first == second:
        raise ValueError(f"axis1 and axis2 of {what} cannot be the same")
    return first, second


def diagonal(node: Node, offset: Size, axis1: int, axis2: int) -> Node:
    """The diagonals of the matrices in two axes, as a last axis."""
    first, second = two_axes(node, axis1, axis2, "diagonal")
    one, two = diagonal_places(node.shape[first], node.shape[second], offset)
    places = (one, two) if first < second else (two, one)
    return apply(OPS["gather"], node, *places, axes=tuple(sorted((first, second))), at=node.ndim - 2)


def choose(number: Node, choices: Sequence[Node], mode: str) -> Node:
    """For each element the choice of that number. Raises ValueError at the call for numbers without a choice."""
    number = within(number, len(choices), mode)
    if mode == "raise":
        inside = apply(OPS["and_"], apply(OPS["ge"], number, 0), apply(OPS["lt"], number, len(choices)))
        number = required(number, inside, "value", "invalid entry in choice array")
    found = choices[-1]
    for at in range(len(choices) - 2, -1, -1):
        found = apply(OPS["where"], apply(OPS["eq"], number, at), choices[at], found)
    return found if len(choices) > 1 else apply(OPS["where"], apply(OPS["eq"], number, 0), found, found)


def strides_of(sizes: Sequence[Size]) -> list[Size]:
    """How far apart neighbours along each axis are in the flattened array."""
    found: list[Size] = []
    step: Size = 1
    for size in reversed(sizes):
        found.append(step)
        step = size_mul(step, size)
    return found[::-1]
