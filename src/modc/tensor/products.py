"""Products of nodes: dot, matmul, tensordot and outer over the one `dot` row of vectors and matrices."""

from __future__ import annotations

from collections.abc import Sequence

from modc.errors import ShapeError
from modc.graph import OPS, Node, Size, apply
from modc.graph.build import shape_text
from modc.graph.sizes import size_product
from modc.tensor.arguments import axis_of
from modc.tensor.shapes import dimshuffle, reshape


def dot(a: Node, b: Node) -> Node:
    """NumPy's dot. Scalars multiply; above two dimensions: the last axis of `a` with the last but one of `b`."""
    if not a.ndim or not b.ndim:
        return apply(OPS["mul"], a, b)
    if a.ndim <= 2 and b.ndim <= 2:
        return apply(OPS["dot"], a, b)
    return tensordot(a, b, [a.ndim - 1], [max(b.ndim - 2, 0)])


def matmul(a: Node, b: Node) -> Node:
    """`a @ b` of vectors and matrices. Raises ShapeError for scalars and, so far, for stacks of matrices."""
    if not a.ndim or not b.ndim:
        raise ShapeError(f"@ of {shape_text(a)} and {shape_text(b)}: scalars multiply with *")
    if a.ndim > 2 and b.ndim <= 2:
        return tensordot(a, b, [a.ndim - 1], [max(b.ndim - 2, 0)])
    if a.ndim > 2 or b.ndim > 2:
        raise ShapeError(
            f"@ of {shape_text(a)} and {shape_text(b)}: at most two dimensions on the right"
        )
    return apply(OPS["dot"], a, b)


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
