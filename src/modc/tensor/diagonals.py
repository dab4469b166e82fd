"""Diagonals: taken out, put in, summed; matrices made of them; triangles.

offset: which diagonal, 0 the main one, above it positive. Neighbours: `picking` has the positions.
"""

from __future__ import annotations

from typing import Any

from modc.errors import ShapeError
from modc.graph import OPS, Node, Size, apply, const, size_node
from modc.graph.build import shape_text
from modc.graph.sizes import size_add, size_max, size_sub
from modc.tensor import indexing, picking, shapes
from modc.tensor.arguments import axis_of, nodes_together, size_argument
from modc.tensor.arrays import constant, tri
from modc.tensor.variable import Variable, as_variable, wrap

__all__ = [
    "alloc_diag", "diag", "diag_indices", "diag_indices_from", "diagflat", "diagonal", "extract_diag",
    "fill_diagonal", "fill_diagonal_offset", "trace", "tril", "triu",
]  # fmt: skip


def diagonal(x: Any, offset: Any = 0, axis1: int = 0, axis2: int = 1) -> Variable:
    """The diagonals of the matrices in two axes of x, as a last axis.

    >>> T.diagonal([[1, 2, 3], [4, 5, 6]], offset=1).eval()
    array([2, 6])
    """
    return as_variable(x).diagonal(offset, axis1, axis2)  # type: ignore[no-any-return]


extract_diag = diagonal


def trace(x: Any, offset: Any = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None) -> Variable:
    """Sums of the diagonals of the matrices in two axes; dtypes as for sum.

    >>> T.trace([[1, 2], [3, 4]]).eval()
    array(5)
    """
    return as_variable(x).trace(offset, axis1, axis2, dtype)  # type: ignore[no-any-return]


def diag(x: Any, k: Any = 0) -> Variable:
    """Of a vector the matrix with it on diagonal k and 0 elsewhere; of a matrix its diagonal k.

    >>> T.diag([1, 2]).eval()
    array([[1, 0],
           [0, 2]])
    >>> T.diag([[1, 2], [3, 4]]).eval()
    array([1, 4])
    """
    value = as_variable(x)
    if value.ndim == 1:
        return alloc_diag(value, k)
    if value.ndim == 2:
        return diagonal(value, k)
    raise ValueError(f"Input must be 1- or 2-d, not {shape_text(value.node)}")


def diagflat(x: Any, k: Any = 0) -> Variable:
    """The matrix with the flattened x on diagonal k and 0 elsewhere.

    >>> T.diagflat([[1, 2]]).eval()
    array([[1, 0],
           [0, 2]])
    """
    value = as_variable(x)
    return alloc_diag(value.flatten(1) if value.ndim else value.dimshuffle("x"), k)


def alloc_diag(x: Any, offset: Any = 0, axis1: int = 0, axis2: int = 1) -> Variable:
    """Matrices in two new axes with the last axis of x on a diagonal and 0 elsewhere: (..., n) gives (..., m, m) with
    m = n + abs(offset), where axis1 and axis2 say.

    >>> T.alloc_diag([1, 2], offset=1).eval()
    array([[0, 1, 0],
           [0, 0, 2],
           [0, 0, 0]])
    """
    node, shift = as_variable(x).node, size_argument(offset)
    if not node.ndim:
        raise ShapeError(f"alloc_diag takes a vector or a stack of them, not {shape_text(node)}")
    down, right = size_max(size_sub(0, shift), 0), size_max(shift, 0)
    count = node.shape[-1]
    side = size_add(count, size_add(down, right))
    zeros = shapes.broadcast_to(const(0, node.dtype), [*node.shape[:-1], side, side])
    at = node.ndim - 1
    found = apply(
        OPS["scatter"], zeros, node, picking.counted(count, down), picking.counted(count, right),
        axes=(at, at + 1), at=at, mode="set",
    )  # fmt: skip
    first, second = axis_of(axis1, found.ndim), axis_of(axis2, found.ndim)
    if first == second:
        raise ValueError("axis1 and axis2 of alloc_diag cannot be the same")
    order = list(range(at))
    for place, source in sorted(((first, at), (second, at + 1))):
        order.insert(place, source)
    return wrap(shapes.dimshuffle(found, order))


def fill_diagonal(x: Any, val: Any, wrap: bool = False) -> Variable:
    """`x` with `val`, a scalar or a vector of the diagonal's length, on its main diagonal; of more than two
    dimensions, which must have one size, at [i, i, ...]. wrap: of a tall matrix, the diagonal goes on from the top.

    Raises ValueError for fewer than two dimensions.

    >>> T.fill_diagonal([[1, 2], [3, 4]], 0).eval()
    array([[0, 2],
           [3, 0]])
    """
    target, value = nodes_together([x, val])
    if target.ndim < 2:
        raise ValueError("array must be at least 2-d")
    if wrap and target.ndim == 2:
        flat, step = shapes.flatten(target, 1), size_add(target.shape[1], 1)
        items = slice(None, None, step if isinstance(step, int) else shapes.NodeArgument(step))
        return _wrap(shapes.reshape(indexing.put(flat, items, value, "set"), target.shape))
    if target.ndim > 2:
        target = shapes.specified(target, [target.shape[0]] * target.ndim, "cube")
    return _with_diagonal(target, value, 0)


def fill_diagonal_offset(x: Any, val: Any, offset: Any) -> Variable:
    """A matrix with `val`, a scalar or a vector of the diagonal's length, on a diagonal.

    >>> T.fill_diagonal_offset([[1, 2], [3, 4]], 0, 1).eval()
    array([[1, 0],
           [3, 4]])
    """
    target, value = nodes_together([x, val])
    if target.ndim != 2:
        raise ValueError(f"fill_diagonal_offset takes a matrix, not {shape_text(target)}")
    return _with_diagonal(target, value, size_argument(offset))


def _with_diagonal(target: Node, value: Node, offset: Size) -> Variable:
    if target.ndim == 2:
        places = list(picking.diagonal_places(target.shape[0], target.shape[1], offset))
    else:
        places = [picking.counted(target.shape[0])] * target.ndim
    chosen = apply(OPS["gather"], target, *places, axes=tuple(range(target.ndim)), at=0)
    value = indexing.fit(value, chosen, "set")
    found = apply(OPS["scatter"], target, value, *places, axes=tuple(range(target.ndim)), at=0, mode="set")
    return _wrap(found)


def _wrap(node: Node) -> Variable:
    """`wrap`, where an argument has that name."""
    return wrap(node)


def diag_indices(n: Any, ndim: int = 2) -> tuple[Variable, ...]:
    """Positions of the main diagonal of an array with `ndim` axes of size n.

    >>> [one.eval() for one in T.diag_indices(3)]
    [array([0, 1, 2]), array([0, 1, 2])]
    """
    return (wrap(picking.counted(size_argument(n))),) * ndim


def diag_indices_from(x: Any) -> tuple[Variable, ...]:
    """Positions of the main diagonal of x, whose axes have one size. Raises ValueError for fewer than two axes.

    >>> [one.eval() for one in T.diag_indices_from(np.zeros((2, 2)))]
    [array([0, 1]), array([0, 1])]
    """
    value = as_variable(x)
    if value.ndim < 2:
        raise ValueError("input array must be at least 2-d")
    size = value.node.shape[0]
    if all(isinstance(one, int) for one in value.node.shape):
        if any(one != size for one in value.node.shape):
            raise ValueError(f"All dimensions of input must be of equal length, which are {value.node.shape}")
        return diag_indices(size, value.ndim)
    same = [apply(OPS["eq"], size_node(one), size_node(size)) for one in value.node.shape[1:]]
    count = size_node(size)
    for one in same:
        count = shapes.required(count, one, "value", "All dimensions of input must be of equal length")
    return diag_indices(wrap(count), value.ndim)


# Triangles


def tril(x: Any, k: int = 0) -> Variable:
    """`x` with 0 above diagonal k; of a vector, the matrix whose rows it is.

    >>> T.tril([[1, 2], [3, 4]]).eval()
    array([[1, 0],
           [3, 4]])
    >>> T.tril([[1, 2], [3, 4]], k=-1).eval()
    array([[0, 0],
           [3, 0]])
    """
    value = as_variable(x)
    return _lower(value, k).where(value, constant(0, dtype=value.dtype))


def triu(x: Any, k: int = 0) -> Variable:
    """`x` with 0 below diagonal k; of a vector, the matrix whose rows it is.

    >>> T.triu([[1, 2], [3, 4]]).eval()
    array([[1, 2],
           [0, 4]])
    """
    value = as_variable(x)
    return _lower(value, k - 1).where(constant(0, dtype=value.dtype), value)


def _lower(value: Variable, k: int) -> Variable:
    """True on and below diagonal k of the last two axes. Raises ShapeError for 0-d."""
    if value.ndim == 0:
        raise ShapeError(f"tril and triu take a vector, a matrix or a stack of them, not {value.type}")
    return tri(value.shape[max(-2, -value.ndim)], value.shape[-1], k, "bool")
