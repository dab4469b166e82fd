"""Matrices put together and taken apart: block_diag, matrix_dot, trace, lu.

Neighbours: `linalg` gives them to the language; `modc.graph.ops_linalg` has the row `lu`.
"""

from __future__ import annotations

from typing import Any

from modc.errors import ShapeError
from modc.graph import OPS, apply, cast
from modc.graph.build import shape_text
from modc.graph.dtype import INT64, float_of
from modc.graph.dtype import dtype as dtype_row
from modc.tensor.arguments import nodes_together
from modc.tensor.arrays import arange, concatenate, expand_dims, zeros
from modc.tensor.matrices import one, part
from modc.tensor.variable import Variable, as_variable, wrap


def block_diag(*matrices: Any) -> Variable:
    """A matrix with these along its diagonal, and zeros elsewhere; axes in front are a batch, the same for all.

    Numbers and vectors count as one row. Raises ValueError without any.

    >>> T.linalg.block_diag([[1, 2]], [[3], [4]]).eval()
    array([[1, 2, 0],
           [0, 0, 3],
           [0, 0, 4]])
    """
    if not matrices:
        raise ValueError("block_diag needs at least one matrix")
    many = [wrap(node) for node in nodes_together(matrices)]
    many = [one_.dimshuffle(*["x"] * (2 - one_.ndim), *range(one_.ndim)) if one_.ndim < 2 else one_ for one_ in many]
    if any(one_.ndim != many[0].ndim for one_ in many):
        raise ShapeError("block_diag of " + ", ".join(shape_text(one_.node) for one_ in many) + ": all have the same number of axes")
    bands = []
    for at, block in enumerate(many):
        front = [block.shape[axis] for axis in range(block.ndim - 1)]
        fill = [zeros((*front, other.shape[other.ndim - 1]), block.dtype) for other in many]
        fill[at] = block
        bands.append(concatenate(fill, axis=-1))
    return concatenate(bands, axis=-2)


def matrix_dot(*args: Any) -> Variable:
    """The product of all of them, from left to right.

    >>> T.linalg.matrix_dot([[1, 2], [3, 4]], [[0, 1], [1, 0]], [[1], [1]]).eval()
    array([[3],
           [7]])
    """
    if not args:
        raise ValueError("matrix_dot needs at least one matrix")
    result: Variable = as_variable(args[0])
    for other in args[1:]:
        result = result.dot(other)
    return result


def trace(x: Any, offset: int = 0, dtype: Any = None) -> Variable:
    """The sum of a diagonal of each matrix, `offset` above the main one; matrices are the last two axes.

    >>> T.linalg.trace([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]).eval()
    array([ 5, 13])
    """
    value = as_variable(x)
    if value.ndim < 2:
        raise ShapeError(f"trace of {shape_text(value.node)}: it takes matrices")
    found: Variable = value.diagonal(offset, value.ndim - 2, value.ndim - 1).sum(axis=-1, dtype=dtype)
    return found


def lu(a: Any, permute_l: bool = False, p_indices: bool = False) -> tuple[Variable, ...]:
    """P, L and U with A = P L U: rows in another order, below the diagonal (which is 1), and from it on; of square matrices.

    permute_l    P L and U instead
    p_indices    in the place of P the rows p of L, of which A = L[p] U

    Raises ShapeError for matrices that are known not to be square.

    >>> P, L, U = T.linalg.lu([[0.0, 2.0], [4.0, 1.0]])
    >>> L.eval(), U.eval(), P.eval()
    (array([[1., 0.],
           [0., 1.]]), array([[4., 1.],
           [0., 2.]]), array([[0., 1.],
           [1., 0.]]))
    """
    node = as_variable(a).node
    if node.ndim < 2 or (all(isinstance(size, int) for size in node.shape[-2:]) and node.shape[-2] != node.shape[-1]):
        raise ShapeError(f"lu of {shape_text(node)}: it takes square matrices")
    node = node if node.dtype.is_inexact else cast(node, float_of(dtype_row(node.dtype.name)))
    packed, n = apply(OPS["lu"], node), node.shape[-1]
    both, order = wrap(part(packed, -2, 0, n)), wrap(cast(one(packed, -2, n), INT64))
    places = arange(both.shape[both.ndim - 1])
    rows, columns = expand_dims(places, 1), expand_dims(places, 0)
    lower = (rows > columns).where(both, rows.equals(columns).astype(both.dtype))
    upper = (rows <= columns).where(both, 0)
    exchange: Variable = order.exchange().astype(both.dtype)  # A[order] = L U
    if permute_l:
        return wrap(exchange.matmul_any(lower).node), upper
    return (exchange.argmax(axis=-1) if p_indices else exchange), lower, upper
