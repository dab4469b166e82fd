"""Shapes of nodes: permuting, broadcasting and reshaping at node level.

Takes and gives nodes of the graph; `variable` wraps these for users.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from modc.errors import ShapeError
from modc.graph import OPS, Node, Size, apply, cast, const, size_node, size_of
from modc.graph.build import shape_text
from modc.graph.dtype import BOOL
from modc.graph.size_vectors import elements
from modc.graph.sizes import (
    size_add,
    size_floordiv,
    size_max,
    size_min,
    size_mul,
    size_product,
    size_sub,
)
from modc.tensor.arguments import Expression, axes_of, axis_of, size_argument


def dimshuffle(node: Node, pattern: Sequence[int]) -> Node:
    """`node` with its axes as in `pattern` (-1: a new axis of size 1); nothing where nothing changes."""
    pattern = tuple(pattern)
    return (
        node
        if pattern == tuple(range(node.ndim))
        else apply(OPS["dimshuffle"], node, pattern=pattern)
    )


def dimshuffle_pattern(pattern: Sequence[Any], ndim: int) -> tuple[int, ...]:
    """A user's pattern of axes and 'x'. Raises ValueError for unknown or repeated axes."""
    if len(pattern) == 1 and isinstance(pattern[0], (list, tuple)):
        pattern = pattern[0]
    found = tuple(-1 if item == "x" else axis_of(item, ndim) for item in pattern)
    kept = [axis for axis in found if axis >= 0]
    if len(set(kept)) != len(kept):
        raise ValueError(f"an axis is repeated in dimshuffle{tuple(pattern)!r}")
    return found


def transpose(node: Node, axes: Sequence[Any]) -> Node:
    """Axes permuted; reversed where none are given."""
    if len(axes) == 1 and (axes[0] is None or isinstance(axes[0], (list, tuple))):
        axes = axes[0] or ()
    order = [axis_of(axis, node.ndim) for axis in axes] or list(reversed(range(node.ndim)))
    if sorted(order) != list(range(node.ndim)):
        raise ValueError(f"transpose{tuple(order)} of {node.ndim} dimensions: give each axis once")
    return dimshuffle(node, order)


def by_columns(order: str) -> bool:
    """Whether `order` is column-major. Raises ValueError for what is no order; memory of expressions is row-major ("A", "K")."""
    if order not in ("C", "F", "A", "K"):
        raise ValueError(f"order must be one of 'C', 'F', 'A', or 'K' (got {order!r})")
    return order == "F"


def keep_axes(node: Node, axes: Sequence[int]) -> Node:
    """The result of a reduction over `axes` with those axes back as size 1."""
    rest = iter(range(node.ndim))
    return dimshuffle(
        node, [-1 if axis in axes else next(rest) for axis in range(node.ndim + len(axes))]
    )


def squeeze(node: Node, axis: Any) -> Node:
    """Without axes of size 1. Raises ShapeError for an axis not known to have size 1."""
    if axis is None:
        dropped: tuple[int, ...] = tuple(at for at, size in enumerate(node.shape) if size == 1)
    else:
        dropped = axes_of(axis, node.ndim)
    return dimshuffle(node, [at for at in range(node.ndim) if at not in dropped])


def pad_left(node: Node, ndim: int) -> Node:
    """`node` with new axes in front, up to `ndim` dimensions."""
    return dimshuffle(node, [-1] * (ndim - node.ndim) + list(range(node.ndim)))


def broadcast_to(node: Node, sizes: Sequence[Size]) -> Node:
    """Repeated along new axes and axes of size 1, up to `sizes`."""
    if len(sizes) < node.ndim:
        raise ShapeError(f"{shape_text(node)} cannot broadcast to {len(sizes)} dimensions")
    if same_sizes(node.shape, sizes):
        return node
    return apply(OPS["broadcast"], node, *map(size_node, sizes))


def specified(node: Node, sizes: Sequence[Size | None], kind: str) -> Node:
    """`node`, whose sizes must be these (None: any); looked at at once where both are known, else by the call."""
    wanted = [own if size is None else size for own, size in zip(node.shape, sizes, strict=True)]
    if same_sizes(node.shape, wanted):
        return node
    return apply(OPS["specify"], node, *map(size_node, wanted), kind=kind)


def same_sizes(first: Sequence[Size], second: Sequence[Size]) -> bool:
    """Whether two shapes are known to be equal."""
    return len(first) == len(second) and all(
        a is b or a == b for a, b in zip(first, second, strict=True)
    )


def sum_to(node: Node, like: Node) -> Node:
    """The sum of `node` over the axes that broadcasting `like` to it repeated: the gradient of broadcasting."""
    extra = node.ndim - like.ndim
    axes = list(range(extra))
    for axis, size in enumerate(like.shape):
        if size == 1 and node.shape[extra + axis] != 1:
            axes.append(extra + axis)
    if not axes:
        return node
    total = apply(OPS["sum"], node, axes=tuple(axes))
    rest = iter(range(total.ndim))
    return dimshuffle(
        total, [-1 if extra + axis in axes else next(rest) for axis in range(like.ndim)]
    )


def sizes_argument(shape: Any, ndim: int | None = None) -> list[Size]:
    """A user's shape: a number, a tuple or list of numbers and 0-d Variables, or an integer vector Variable
    whose length is known or given by `ndim`. -1 is left for the caller.
    """
    if isinstance(shape, Expression) and shape.node.ndim == 1:
        return vector_items(shape.node, ndim)
    if isinstance(shape, np.ndarray):
        shape = shape.tolist()
    many = shape if isinstance(shape, (tuple, list)) else (shape,)
    if ndim is not None and len(many) != ndim:
        raise ShapeError(f"{len(many)} sizes are given for {ndim} dimensions")
    return [size_argument(size) for size in many]


def vector_items(node: Node, ndim: int | None) -> list[Size]:
    """The elements of an integer vector of known length. Raises ShapeError where it is not known."""
    (length,) = node.shape
    if not isinstance(length, int) and ndim is not None:
        node, length = apply(OPS["reshape"], node, const(ndim)), ndim
    if not isinstance(length, int):
        raise ShapeError(
            "a shape given as a vector must have a known length: give ndim=, or a tuple of sizes"
        )
    known = elements(node)
    if known is not None:
        return [size_argument(NodeArgument(one)) for one in known]
    items = [apply(OPS["slice"], node, const(at), spec=(0,)) for at in range(length)]
    return [size_argument(NodeArgument(item)) for item in items]


class NodeArgument(Expression):
    """A bare node where an argument is expected."""

    __slots__ = ("_node",)

    def __init__(self, node: Node) -> None:
        self._node = node

    @property
    def node(self) -> Node:
        """The node itself."""
        return self._node


def reshape(node: Node, sizes: Sequence[Size]) -> Node:
    """The same elements, row-major, as `sizes`; one of them may be -1. Raises ShapeError where they cannot fit."""
    wild = [axis for axis, size in enumerate(sizes) if isinstance(size, int) and size < 0]
    result = list(sizes)
    if any(sizes[axis] != -1 for axis in wild) or len(wild) > 1:
        raise ShapeError(
            f"reshape to {tuple(sizes)}: at most one size may be -1, the others are not negative"
        )
    if wild:
        result[wild[0]] = _rest(node, [size for axis, size in enumerate(sizes) if axis not in wild])
    if same_sizes(node.shape, result):
        return node
    return apply(OPS["reshape"], node, *map(size_node, result))


def _rest(node: Node, sizes: Sequence[Size]) -> Size:
    """The size that -1 stands for: the number of elements over the product of the other sizes."""
    have, others = list(node.shape), list(sizes)
    for size in sizes:
        same = next(
            (at for at, one in enumerate(have) if one is size and isinstance(size, Node)), None
        )
        if same is not None:
            del have[same]
            others.remove(size)
    total, known = size_product(have), size_product(others)
    if isinstance(total, int) and isinstance(known, int) and (known == 0 or total % known):
        raise ShapeError(f"{shape_text(node)} does not divide into the sizes given")
    return size_floordiv(total, known)


def flatten(node: Node, ndim: int) -> Node:
    """`ndim` dimensions: the leading ndim - 1 are kept, the rest joined into the last. Raises ValueError for a
    number of dimensions that cannot be.
    """
    if not 1 <= ndim <= max(node.ndim, 1):
        raise ValueError(f"flatten of {node.ndim} dimensions cannot give {ndim}")
    last: Size = 1
    for size in node.shape[ndim - 1 :]:
        last = size_mul(last, size)
    return reshape(node, [*node.shape[: ndim - 1], last])


def vector(sizes: Sequence[Size]) -> Node:
    """Sizes as an int64 vector."""
    if all(isinstance(size, int) for size in sizes):
        return const(np.asarray(sizes, dtype=np.int64))
    return apply(OPS["concat"], *(dimshuffle(size_node(size), (-1,)) for size in sizes), axis=0)


def split(node: Node, sizes: Sequence[Size], axis: int) -> list[Node]:
    """Consecutive pieces of the given sizes along `axis`."""
    pieces: list[Node] = []
    start: Size = 0
    for size in sizes:
        bounds: list[Size] = []
        for place, whole in enumerate(node.shape):
            bounds += (start, size) if place == axis else (0, whole)
        pieces.append(apply(OPS["slice"], node, *map(size_node, bounds), spec=(1,) * node.ndim))
        start = size_add(start, size)
    return pieces


def repeat(node: Node, repeats: Size, axis: Any) -> Node:
    """Each element `repeats` times along `axis` (None: of the flattened array); a vector says it for each."""
    if axis is None:
        return repeat(flatten(node, 1), repeats, 0)
    place = axis_of(axis, node.ndim)
    if isinstance(repeats, Node) and repeats.ndim:
        return _repeat_each(node, repeats, place)
    wide = dimshuffle(node, [*range(place + 1), -1, *range(place + 1, node.ndim)])
    sizes = list(node.shape)
    return reshape(
        broadcast_to(wide, [*sizes[: place + 1], repeats, *sizes[place + 1 :]]),
        [*sizes[:place], size_mul(sizes[place], repeats), *sizes[place + 1 :]],
    )


def _repeat_each(node: Node, repeats: Node, axis: int) -> Node:
    """Each slice along `axis` as often as the vector says. Raises ValueError for negative numbers."""
    if repeats.shape[0] == 1:
        return repeat(node, size_of(dimshuffle(repeats, ())), axis)
    if repeats.op.name == "const":
        if (repeats.value < 0).any():
            raise ValueError("repeats may not contain negative values.")
        node = specified(node, [repeats.shape[0] if at == axis else None for at in range(node.ndim)], "shape")
        places = const(np.repeat(np.arange(repeats.value.size), repeats.value))
    else:
        repeats = specified(repeats, [node.shape[axis]], "shape")
        ok = apply(OPS["ge"], repeats, 0)
        repeats = required(repeats, ok, "value", "repeats may not contain negative values")
        places = apply(OPS["repeated"], repeats, apply(OPS["sum"], repeats, axes=(0,)))
    return apply(OPS["gather"], node, places, axes=(axis,), at=axis)


def resized(node: Node, axis: int, size: Size) -> Node:
    """`node` cut or filled with zeros along an axis, to `size`."""
    have = node.shape[axis]
    if same_sizes([have], [size]):
        return node
    bounds: list[Size] = []
    for at, own in enumerate(node.shape):
        bounds += [0, size_min(own, size) if at == axis else own]
    kept = apply(OPS["slice"], node, *map(size_node, bounds), spec=(1,) * node.ndim)
    more = size_max(size_sub(size, have), 0)
    if isinstance(more, int) and more == 0:
        return kept
    zeros = broadcast_to(const(0, node.dtype), [more if at == axis else own for at, own in enumerate(node.shape)])
    return apply(OPS["concat"], kept, zeros, axis=axis)


def not_negative(x: Node, sizes: Sequence[Size], message: str) -> Node:
    """`x`, where none of the sizes is negative; else ValueError, at once or at the call."""
    for size in sizes:
        if isinstance(size, Node):
            x = required(x, apply(OPS["ge"], size, 0), "value", message)
        elif size < 0:
            raise ValueError(message)
    return x


def required(x: Node, ok: Node, kind: str, message: str) -> Node:
    """`x`, where every element of `ok` is true; else the call raises. kind: see `ops_core.REQUIREMENTS`."""
    if ok.op.name == "const" and ok.value.all():
        return x
    return apply(OPS["require"], x, cast(ok, BOOL), kind=kind, message=message)
