"""The structure of sparse matrices: which places are stored, as symbolic vectors, and the ops on values in these places.

Input: `indptr` and `indices` of a matrix in compressed rows; a matrix in compressed columns has those of its transpose.
Output: dense Variables. Neighbours: `variable` has the matrices; the rows are those of `modc.graph.ops_sparse`.

Nothing is read outside an array: products look at the structure as they go, what else works by it depends on a check
of it, once a call.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modc import tensor as T
from modc.errors import ShapeError
from modc.graph import Node, Size, apply, size_node
from modc.graph.dtype import BOOL, INT64, DType
from modc.graph.op import OPS
from modc.graph.ops_sparse import NO_MATRIX
from modc.graph.rules import promoted
from modc.graph.sizes import size_add
from modc.tensor.checks import require
from modc.tensor.shapes import specified
from modc.tensor.variable import Variable, wrap


class Structure:
    """`indptr` and `indices` of a matrix of `major` rows (if it is stored by rows) and `minor` columns.

    checked: it is known to be right.
    """

    def __init__(self, indptr: Variable, indices: Variable, major: Size, minor: Size, checked: bool = False) -> None:
        self.indptr, self.indices, self.major, self.minor = indptr, indices, major, minor
        starts, columns = specified(indptr.node, (size_add(major, 1),), "shape"), indices.node
        self._unchecked = wrap(starts)  # for products, which look themselves
        if not checked:
            ok = apply(OPS["csr_check"], starts, indices.node, size_node(minor))
            starts, columns = (require(node, ok, "value", NO_MATRIX) for node in (starts, indices.node))
        self.starts, self.columns = wrap(starts), wrap(columns)
        self._numbers: Variable | None = None

    def same_as(self, other: Structure) -> bool:
        """Whether both are known to be one."""
        mine, others = ((one.indptr.node, one.indices.node) for one in (self, other))
        return self is other or mine == others

    def numbers(self) -> Variable:
        """The row (column, if it is stored by columns) of each entry."""
        if self._numbers is None:
            self._numbers = self._apply("csr_rows", self.starts, wrap(size_node(self.indices.node.shape[0])))
        return self._numbers

    # -- products; x is a vector or a matrix

    def dot(self, data: Variable, x: Variable) -> Variable:
        """A @ x, where A is stored by rows."""
        return self._product("csr_dot", data, x, self.minor)

    def dot_transposed(self, data: Variable, x: Variable) -> Variable:
        """A.T @ x, where A is stored by rows."""
        return self._product("csr_tdot", data, x, self.major, wrap(size_node(self.minor)))

    def _product(self, op: str, data: Variable, x: Variable, inner: Size, *more: Variable) -> Variable:
        if x.ndim not in (1, 2):
            raise ShapeError(f"the product of a sparse matrix takes a vector or a matrix, not an array of {x.ndim} axes")
        row = promoted([data.node.dtype, x.node.dtype])
        work = INT64 if row is BOOL else row
        x = wrap(specified(x.node, (inner,) if x.ndim == 1 else (inner, None), "shape"))
        columns = x if x.ndim == 2 else x.dimshuffle(0, "x")
        found = _bilinear(lambda a, b: self._apply(op, self._unchecked, self.indices, a, b, *more), data, columns, work)
        found = found.astype(row) if work is row else T.neq(found, 0)
        return found if x.ndim == 2 else found.dimshuffle(0)

    def sampled(self, left: Variable, right: Variable) -> Variable:
        """In each place the product of a row of `left` and a row of `right`: elements of left @ right.T."""
        row = promoted([left.node.dtype, right.node.dtype])
        left = wrap(specified(left.node, (self.major, None), "shape"))
        right = wrap(specified(right.node, (self.minor, None), "shape"))
        found = _bilinear(lambda a, b: self._apply("csr_sampled", self._unchecked, self.indices, a, b), left, right, row)
        return found.astype(row)

    # -- sums

    def sums(self, data: Variable, inner: bool) -> Variable:
        """Sums of the rows, or (not `inner`) of the columns of a matrix that is stored by rows."""
        row = OPS["sum"].dtypes([data.node.dtype])[1]  # type: ignore[misc]
        data = wrap(specified(data.node, (self.indices.node.shape[0],), "shape")).astype(row)
        if row.is_complex:
            return T.complex(*(self.sums(part, inner) for part in (T.real(data), T.imag(data))))
        if inner:
            return self._apply("csr_sum", self.starts, data).astype(row)
        return self._apply("csr_tsum", self.columns, data, wrap(size_node(self.minor))).astype(row)

    def _apply(self, op: str, *args: Variable) -> Variable:
        nodes: list[Node] = [arg.node for arg in args]
        return wrap(apply(OPS[op], *nodes))

    def __reduce__(self) -> Any:
        checked = self.starts.node is specified(self.indptr.node, (size_add(self.major, 1),), "shape")
        return Structure, (self.indptr, self.indices, self.major, self.minor, checked)


def _bilinear(product: Callable[[Variable, Variable], Variable], a: Variable, b: Variable, row: DType) -> Variable:
    """A product that rows have for real numbers, in a dtype that may be complex: then it is up to four of them."""
    if not row.is_complex:
        return product(a.astype(row), b.astype(row))
    (re, im), (first, second) = _parts(a, row), _parts(b, row)
    if im is None:
        assert second is not None, "one of them is complex"
        return T.complex(product(re, first), product(re, second))
    if second is None:
        return T.complex(product(re, first), product(im, first))
    return T.complex(product(re, first) - product(im, second), product(re, second) + product(im, first))


def _parts(x: Variable, row: DType) -> tuple[Variable, Variable | None]:
    """Real and imaginary part; of real numbers None is the second."""
    if x.node.dtype.is_complex:
        return T.real(x).astype(row.real), T.imag(x).astype(row.real)
    return x.astype(row.real), None
