"""Products of vectors in NumPy's other forms: inner, vdot, vecdot, matvec, vecmat, cross; polynomials' values.

Neighbours: `products` has dot, matmul and tensordot at node level.
"""

from __future__ import annotations

from typing import Any

from modc.errors import ShapeError
from modc.graph.build import shape_text
from modc.tensor import products, shapes
from modc.tensor.arguments import axis_of, nodes_together
from modc.tensor.arrays import stack
from modc.tensor.axes import moveaxis
from modc.tensor.variable import Variable, as_variable, call, wrap

__all__ = [
    "cross", "inner", "matrix_transpose", "matvec", "vdot", "vecdot", "vecmat",
]  # fmt: skip


def _conjugate(value: Variable) -> Variable:
    return call("conj", value) if value.node.dtype.is_complex else value


def inner(a: Any, b: Any) -> Variable:
    """Sums of products over the last axes of a and b; scalars multiply.

    >>> T.inner([1, 2, 3], [[0, 1, 0], [1, 1, 1]]).eval()
    array([2, 6])
    """
    first, second = nodes_together([a, b])
    if not first.ndim or not second.ndim:
        return call("mul", wrap(first), wrap(second))
    return wrap(products.tensordot(first, second, [first.ndim - 1], [second.ndim - 1]))


def vdot(a: Any, b: Any) -> Variable:
    """The sum of conj(a) * b, both flattened.

    >>> T.vdot([[1, 2], [3, 4]], [[1, 0], [0, 1]]).eval()
    array(5)
    """
    first, second = (wrap(one).ravel() for one in nodes_together([a, b]))
    return _conjugate(first).dot(second)


def vecdot(a: Any, b: Any, axis: int = -1) -> Variable:
    """Sums of conj(a) * b along an axis; the other axes broadcast.

    >>> T.vecdot([[1, 2], [3, 4]], [1, 1]).eval()
    array([3, 7])
    """
    first, second = map(wrap, nodes_together([a, b]))
    for one in (first, second):
        axis_of(axis, one.ndim)
    if axis != -1:
        first, second = moveaxis(first, axis, -1), moveaxis(second, axis, -1)
    found: Variable = (_conjugate(first) * second).sum(-1)
    return found


def matvec(a: Any, v: Any) -> Variable:
    """Matrices times vectors: the last two axes of a with the last of v; the axes in front broadcast.

    >>> T.matvec([[1, 2], [3, 4]], [1, 1]).eval()
    array([3, 7])
    """
    matrix, vector = nodes_together([a, v])
    if matrix.ndim < 2 or not vector.ndim:
        raise ShapeError(f"matvec of {shape_text(matrix)} and {shape_text(vector)}: matrices and vectors")
    if vector.ndim == 1:
        return wrap(products.matmul(matrix, vector))
    return (wrap(matrix) @ wrap(vector).dimshuffle(*range(vector.ndim), "x"))[..., 0]


def vecmat(v: Any, a: Any) -> Variable:
    """Vectors (their conjugates) times matrices: the last axis of v with the last but one of a; the axes in front broadcast.

    >>> T.vecmat([1, 1], [[1, 2], [3, 4]]).eval()
    array([4, 6])
    """
    vector, matrix = nodes_together([v, a])
    if matrix.ndim < 2 or not vector.ndim:
        raise ShapeError(f"vecmat of {shape_text(vector)} and {shape_text(matrix)}: vectors and matrices")
    own = _conjugate(wrap(vector))
    if vector.ndim == 1:
        return wrap(products.matmul(own.node, matrix))
    return (own.dimshuffle(*range(vector.ndim - 1), "x", vector.ndim - 1) @ wrap(matrix))[..., 0, :]


def matrix_transpose(x: Any) -> Variable:
    """The last two axes exchanged. Raises ValueError for fewer dimensions.

    >>> T.matrix_transpose([[[1, 2], [3, 4]]]).eval()
    array([[[1, 3],
            [2, 4]]])
    """
    value = as_variable(x)
    if value.ndim < 2:
        raise ValueError(f"Input array must be at least 2-dimensional, but it is {value.ndim}")
    return value.swapaxes(-1, -2)  # type: ignore[no-any-return]


def _components(value: Variable) -> list[Variable]:
    """The elements along the last axis: 2 or 3."""
    size = value.node.shape[-1]
    if not isinstance(size, int):
        size, value = 3, wrap(shapes.specified(value.node, [*[None] * (value.ndim - 1), 3], "shape"))
    if size not in (2, 3):
        raise ValueError(f"incompatible dimensions for cross product (dimension must be 2 or 3): {shape_text(value.node)}")
    return [value[..., at] for at in range(size)]


def cross(
    a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None
) -> Variable:
    """The vector products of vectors of 3 elements along an axis; of 2 elements the third component alone.

    axisa, axisb, axisc: the axes of the vectors in a, in b and in the result; axis: all of them. Where a size along them is
    not known it must be 3. Raises ValueError for sizes other than 2 and 3.

    >>> T.cross([1, 0, 0], [0, 1, 0]).eval()
    array([0, 0, 1])
    """
    if axis is not None:
        axisa = axisb = axisc = axis
    first, second = map(wrap, nodes_together([a, b]))
    first, second = moveaxis(first, axisa, -1), moveaxis(second, axisb, -1)
    (x1, y1, *z1), (x2, y2, *z2) = (_components(one) for one in (first, second))
    third: Variable = x1 * y2 - y1 * x2
    if not z1 and not z2:
        return third
    if z1 and z2:
        parts = [y1 * z2[0] - z1[0] * y2, z1[0] * x2 - x1 * z2[0], third]
    else:
        parts = [y1 * z2[0], -(x1 * z2[0]), third] if z2 else [-(z1[0] * y2), z1[0] * x2, third]
    return stack(parts, axis=axis_of(axisc, third.ndim + 1))
