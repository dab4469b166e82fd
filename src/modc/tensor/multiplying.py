"""Products of arrays: dot, matmul, einsum and their like, and NumPy's products of vectors.

Neighbours: `products` has them at node level, `linalg` what is done with matrices besides.
"""

from __future__ import annotations

from typing import Any

from modc.errors import ShapeError
from modc.graph.build import shape_text
from modc.tensor import products, shapes
from modc.tensor.arguments import axis_of, nodes_together
from modc.tensor.arrays import stack
from modc.tensor.axes import moveaxis
from modc.tensor.einsum import einsum as _einsum
from modc.tensor.einsum import lettered
from modc.tensor.variable import Variable, as_variable, call, wrap

__all__ = [
    "batched_dot", "cross", "dot", "einsum", "inner", "matmul", "matrix_transpose", "matvec", "outer", "tensordot", "vdot",
    "vecdot", "vecmat",
]  # fmt: skip


def dot(a: Any, b: Any) -> Variable:
    """NumPy's dot: of vectors and matrices, else the last axis of a with the last but one of b; scalars multiply.

    >>> T.dot([1, 2], [3, 4]).eval(), T.dot([[1, 2], [3, 4]], [1, 10]).eval()
    (array(11), array([21, 43]))
    """
    return wrap(products.dot(*nodes_together([a, b])))


def matmul(a: Any, b: Any) -> Variable:
    """`a @ b`: of vectors, matrices and stacks of matrices, whose axes in front broadcast.

    >>> T.matmul([[1, 2], [3, 4]], [[0, 1], [1, 0]]).eval()
    array([[2, 1],
           [4, 3]])
    """
    return wrap(products.matmul(*nodes_together([a, b])))


def einsum(subscripts: Any, *operands: Any, optimize: Any = True) -> Variable:
    """Sums of products of operands by labels: `einsum("ij,jk->ik", a, b)`; NumPy's meaning, `...` included.

    Any number of operands; they are joined two at a time, in the order that costs least for the sizes that are known
    (`optimize` is there for NumPy's callers). Labels may be numbers beside their operands: `einsum(a, [0, 1], b, [1, 2])`.
    Raises ValueError for subscripts that do not fit, ShapeError for sizes that disagree.

    >>> T.einsum("ij,j->i", [[1, 2], [3, 4]], [10, 1]).eval()
    array([12, 34])
    >>> T.einsum("ii", [[1, 2], [3, 4]]).eval()
    array(5)
    """
    if not isinstance(subscripts, str):
        subscripts, many = lettered((subscripts, *operands))
        return wrap(_einsum(subscripts, nodes_together(many)))
    return wrap(_einsum(subscripts, nodes_together(operands)))


def batched_dot(a: Any, b: Any) -> Variable:
    """For each i, `dot(a[i], b[i])`: of stacks of vectors and matrices.

    >>> T.batched_dot([[1, 2], [3, 4]], [[5, 6], [7, 8]]).eval()
    array([17, 53])
    """
    first, second = nodes_together([a, b])
    if not 2 <= first.ndim <= 3 or not 2 <= second.ndim <= 3:
        raise ShapeError(f"batched_dot of {shape_text(first)} and {shape_text(second)}: two or three dimensions each")
    left, right = ("bk", "bik")[first.ndim - 2], ("bk", "bkj")[second.ndim - 2]
    return wrap(_einsum(f"{left},{right}->b{'i' * (first.ndim == 3)}{'j' * (second.ndim == 3)}", [first, second]))


def outer(a: Any, b: Any) -> Variable:
    """All products of the elements of a and b, flattened: a matrix.

    >>> T.outer([1, 2], [10, 20, 30]).eval()
    array([[10, 20, 30],
           [20, 40, 60]])
    """
    first, second = nodes_together([a, b])
    return wrap(products.outer(shapes.flatten(first, 1), shapes.flatten(second, 1)))


def tensordot(a: Any, b: Any, axes: Any = 2) -> Variable:
    """Products summed over `axes`: the last ones of a with the first of b (an int), or two lists of axes.

    >>> T.tensordot([[1, 2], [3, 4]], [[1, 0], [0, 1]]).eval()
    array(5)
    >>> T.tensordot([[1, 2], [3, 4]], [1, 10], axes=1).eval()
    array([21, 43])
    """
    first, second = nodes_together([a, b])
    if isinstance(axes, int):
        left, right = list(range(first.ndim - axes, first.ndim)), list(range(axes))
    else:
        left, right = ([side] if isinstance(side, int) else list(side) for side in axes)
    return wrap(products.tensordot(first, second, left, right))


# Of vectors


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
