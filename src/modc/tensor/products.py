"""Products of nodes: dot, matmul, tensordot and outer over the one `dot` row of vectors and matrices."""

from __future__ import annotations

from collections.abc import Sequence

from modc.errors import ShapeError
from modc.graph import OPS, Node, Size, apply, cast
from modc.graph.build import shape_text
from modc.graph.dtype import INT64
from modc.graph.sizes import size_product
from modc.tensor.arguments import axis_of
from modc.tensor.shapes import broadcast_to, dimshuffle, reshape


def dot(a: Node, b: Node) -> Node:
    """NumPy's dot. Scalars multiply; above two dimensions: the last axis of `a` with the last but one of `b`."""
    if not a.ndim or not b.ndim:
        return apply(OPS["mul"], a, b)
    if a.ndim <= 2 and b.ndim <= 2:
        return apply(OPS["dot"], a, b)
    return tensordot(a, b, [a.ndim - 1], [max(b.ndim - 2, 0)])


def matmul(a: Node, b: Node) -> Node:
    """`a @ b`, of stacks of matrices too: the axes in front broadcast, those known to have size 1.

    Raises ShapeError for scalars and for sizes known to disagree.
    """
    if not a.ndim or not b.ndim:
        raise ShapeError(f"@ of {shape_text(a)} and {shape_text(b)}: scalars multiply with *")
    if b.ndim == 1 or (a.ndim > 2 and b.ndim == 2):
        return tensordot(a, b, [a.ndim - 1], [max(b.ndim - 2, 0)])
    if b.ndim == 2:
        return apply(OPS["dot"], a, b)
    if a.ndim <= 2:
        found = tensordot(a, b, [a.ndim - 1], [b.ndim - 2])
        front = list(range(a.ndim - 1, found.ndim - 1))
        return dimshuffle(found, [*front, *range(a.ndim - 1), found.ndim - 1])
    return _stacked(a, b)


def _stacked(a: Node, b: Node) -> Node:
    """The product of two stacks."""
    ndim = max(a.ndim, b.ndim)
    a, b = (dimshuffle(node, [-1] * (ndim - node.ndim) + list(range(node.ndim))) for node in (a, b))
    front: list[Size] = []
    for one, other in zip(a.shape[:-2], b.shape[:-2], strict=True):
        front.append(one if other == 1 or (isinstance(one, int) and one != 1) else other)
    a, b = (broadcast_to(node, [*_stretched(node, front), *node.shape[-2:]]) for node in (a, b))
    if a.dtype.kind == b.dtype.kind == "b":  # any, of all
        return apply(OPS["ne"], apply(OPS["matmul"], cast(a, INT64), cast(b, INT64)), 0)
    return apply(OPS["matmul"], a, b)


def _stretched(node: Node, front: Sequence[Size]) -> list[Size]:
    """The axes in front of a stack, those of size 1 as long as they must be."""
    return [want if size == 1 else size for size, want in zip(node.shape[:-2], front, strict=True)]


def tensordot(a: Node, b: Node, a_axes: Sequence[int], b_axes: Sequence[int]) -> Node:
    """Products summed over pairs of axes; the free axes of `a` come first, then those of `b`."""
    if len(a_axes) != len(b_axes):
        raise ValueError(
            f"tensordot over {len(a_axes)} axes of the first and {len(b_axes)} of the second operand"
        )
    left, right = (
        [axis_of(axis, a.ndim) for axis in a_axes],
        [axis_of(axis, b.ndim) for axis in b_axes],
    )
    a_free = [axis for axis in range(a.ndim) if axis not in left]
    b_free = [axis for axis in range(b.ndim) if axis not in right]
    a_sizes, b_sizes = [a.shape[axis] for axis in a_free], [b.shape[axis] for axis in b_free]
    inner: list[Size] = [a.shape[axis] for axis in left]
    for axis, (one, two) in enumerate(zip(inner, (b.shape[at] for at in right), strict=True)):
        if isinstance(one, int) and isinstance(two, int) and one != two:
            raise ShapeError(
                f"tensordot of {shape_text(a)} and {shape_text(b)}: pair {axis} of axes has sizes {one}, {two}"
            )
    flat_a = reshape(dimshuffle(a, a_free + left), [size_product(a_sizes), size_product(inner)])
    flat_b = reshape(
        dimshuffle(b, right + b_free),
        [size_product([b.shape[at] for at in right]), size_product(b_sizes)],
    )
    return reshape(apply(OPS["dot"], flat_a, flat_b), [*a_sizes, *b_sizes])


def outer(a: Node, b: Node) -> Node:
    """The matrix of all products of the elements of two vectors."""
    return apply(OPS["mul"], dimshuffle(a, (0, -1)), dimshuffle(b, (-1, 0)))
