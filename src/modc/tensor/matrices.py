"""What the gradients of linear algebra call on their arguments: parts of stacks of matrices, and the rows by name.

Neighbours: `rows` inherits from `Matrices`; `modc.graph.ops_linalg` is written with these methods, `linalg` is the language.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from modc.errors import ShapeError
from modc.graph import OPS, Node, Size, apply, cast, const, size_node
from modc.graph.sizes import size_add, size_floordiv, size_min, size_mul, size_sub
from modc.tensor import products, shapes
from modc.tensor.symbol import Symbol


class MatrixError(ShapeError, np.linalg.LinAlgError):
    """An array is no matrix, or not square where it has to be: a LinAlgError, as NumPy's."""


def part(node: Node, axis: int, start: Size, length: Size) -> Node:
    """A range along one axis."""
    bounds: list[Size] = []
    for at, size in enumerate(node.shape):
        bounds += (start, length) if at == axis % node.ndim else (0, size)
    return apply(OPS["slice"], node, *map(size_node, bounds), spec=(1,) * node.ndim)


def one(node: Node, axis: int, position: Size) -> Node:
    """The elements at one position of an axis, which goes away."""
    bounds: list[Size] = []
    for at, size in enumerate(node.shape):
        bounds += (position,) if at == axis % node.ndim else (0, size)
    spec = tuple(0 if at == axis % node.ndim else 1 for at in range(node.ndim))
    return apply(OPS["slice"], node, *map(size_node, bounds), spec=spec)


def at_diagonal(node: Node, compare: str, offset: int = 0) -> Node:
    """True where row `compare` column - offset, in the shape of the last two axes."""
    rows, columns = (apply(OPS["iota"], size_node(size)) for size in node.shape[-2:])
    return apply(OPS[compare], apply(OPS["add"], shapes.dimshuffle(rows, (0, -1)), const(offset)), columns)


def masked(node: Node, mask: Node) -> Node:
    """`node` where the mask is true, else 0."""
    return apply(OPS["where"], mask, node, const(0, node.dtype))


class Matrices(Symbol):
    """Methods for the rows of linear algebra; not part of the language."""

    __slots__ = ()

    def matmul(self, other: Any) -> Any:
        """The `matmul` row."""
        return self.wrapped(apply(OPS["matmul"], self.node, other.node))

    def matmul_any(self, other: Any) -> Any:
        """A product of matrices, or of stacks of them."""
        return self.wrapped(products.matmul(self.node, other.node))

    def swapped(self) -> Any:
        """The last two axes exchanged."""
        *front, rows, columns = range(self.node.ndim)
        return self.wrapped(apply(OPS["dimshuffle"], self.node, pattern=(*front, columns, rows)))

    def trisolve(self, b: Any, lower: int, unit: int) -> Any:
        """The `trisolve` row."""
        return self.wrapped(apply(OPS["trisolve"], self.node, b.node, lower=lower, unit=unit))

    def trisolve_back(self, b: Any) -> Any:
        """X with L' X = B, L' the adjoint."""
        return self.adjoint().trisolve(b, 0, 0)

    def real_part(self) -> Any:
        """The real part, in the same dtype."""
        return self.wrapped(cast(apply(OPS["real"], self.node), self.node.dtype)) if self.node.dtype.is_complex else self

    def adjoint(self) -> Any:
        """Transposed, and conjugate where complex."""
        me: Any = self
        return me.conj().swapped()

    def solve_packed(self, b: Any) -> Any:
        """The `solve` row."""
        return self.wrapped(apply(OPS["solve"], self.node, b.node))

    def solved(self, b: Any) -> Any:
        """X with A X = B, for a matrix that is not singular."""
        return self.solve_packed(b).without_last_row()

    def running_row(self, op: str) -> Any:
        """A row of one operand, by name."""
        return self.wrapped(apply(OPS[op], self.node))

    def without_last_row(self) -> Any:
        """All rows but the last."""
        return self.wrapped(part(self.node, -2, 0, size_sub(self.node.shape[-2], 1)))

    def last_row(self) -> Any:
        """The last row."""
        return self.wrapped(one(self.node, -2, size_sub(self.node.shape[-2], 1)))

    def exchange(self) -> Any:
        """The matrix P with (P A)[self[k]] = A[k]; stacks of orders give stacks of matrices."""
        order = self.as_rows().node
        places = shapes.dimshuffle(apply(OPS["iota"], size_node(order.shape[-1])), (0, -1))
        return self.wrapped(cast(apply(OPS["eq"], order, cast(places, order.dtype)), order.dtype))

    def first_row(self) -> Any:
        """The first row."""
        return self.wrapped(one(self.node, -2, 0))

    def without_first_row(self) -> Any:
        """All rows but the first."""
        return self.wrapped(part(self.node, -2, 1, size_sub(self.node.shape[-2], 1)))

    def triangle(self, lower: int, strict: int) -> Any:
        """The lower or upper triangle, without the diagonal if `strict`."""
        compare = ("gt" if strict else "ge") if lower else ("lt" if strict else "le")
        return self.wrapped(masked(self.node, at_diagonal(self.node, compare)))

    def lower_half(self) -> Any:
        """The lower triangle, its diagonal halved."""
        return self.triangle(1, 1) + self.diagonal_only() * 0.5

    def diagonal_only(self) -> Any:
        """The diagonal, zeros elsewhere."""
        return self.wrapped(masked(self.node, at_diagonal(self.node, "eq")))

    def as_rows(self) -> Any:
        """Stacks of vectors as matrices of one row."""
        return self.wrapped(shapes.dimshuffle(self.node, [*range(self.node.ndim - 1), -1, self.node.ndim - 1]))

    def as_columns(self) -> Any:
        """Stacks of vectors as matrices of one column."""
        return self.wrapped(shapes.dimshuffle(self.node, [*range(self.node.ndim), -1]))

    def as_diagonal(self) -> Any:
        """Stacks of vectors as diagonal matrices."""
        size = self.node.shape[-1]
        wide = shapes.broadcast_to(self.as_rows().node, [*self.node.shape[:-1], size, size])
        return self.wrapped(masked(wide, at_diagonal(wide, "eq")))

    def block_upper(self, corner: Any) -> Any:
        """[[A, corner], [0, A]]."""
        a, g = self.node, corner.node
        zero = shapes.broadcast_to(const(0, a.dtype), a.shape)
        upper, lower = (apply(OPS["concat"], *pair, axis=a.ndim - 1) for pair in ((a, g), (zero, a)))
        return self.wrapped(apply(OPS["concat"], upper, lower, axis=a.ndim - 2))

    def block_real(self) -> Any:
        """[[X, -Y], [Y, X]] of the complex matrix X + iY: products and sums of these are those of the complex ones."""
        x, y = (apply(OPS[name], self.node) for name in ("real", "imag"))
        rows = (apply(OPS["concat"], *pair, axis=x.ndim - 1) for pair in ((x, apply(OPS["neg"], y)), (y, x)))
        return self.wrapped(apply(OPS["concat"], *rows, axis=x.ndim - 2))

    def of_block_real(self) -> Any:
        """X + iY of [[X, -Y], [Y, X]]."""
        half = size_floordiv(self.node.shape[-1], 2)
        left = part(self.node, -1, 0, half)
        return self.wrapped(apply(OPS["complex"], part(left, -2, 0, half), part(left, -2, half, half)))

    def corner(self) -> Any:
        """The upper right quarter."""
        half = size_floordiv(self.node.shape[-1], 2)
        return self.wrapped(part(part(self.node, -2, 0, half), -1, half, half))

    def unpacked_qr(self, a: Any) -> tuple[Any, Any]:
        """Q and R out of their flat form, for the matrices `a`."""
        *front, m, n = a.node.shape
        r = size_min(m, n)
        first, second = size_mul(m, r), size_mul(r, n)
        q = shapes.reshape(part(self.node, -1, 0, first), [*front, m, r])
        return self.wrapped(q), self.wrapped(shapes.reshape(part(self.node, -1, first, second), [*front, r, n]))

    def unpacked_svd(self, a: Any) -> tuple[Any, Any, Any]:
        """U, the values and V out of their flat form, for the matrices `a`."""
        *front, m, n = a.node.shape
        first, last = size_mul(m, n), size_mul(n, n)
        u = shapes.reshape(part(self.node, -1, 0, first), [*front, m, n])
        v = shapes.reshape(part(self.node, -1, size_add(first, n), last), [*front, n, n])
        return self.wrapped(u), self.wrapped(part(self.node, -1, first, n)), self.wrapped(v)

    def lu_parts(self) -> tuple[Any, Any]:
        """The pivots of the LU factors, and the sign of the order of the rows."""
        n = self.node.shape[-1]
        packed = apply(OPS["lu"], self.node)
        places = apply(OPS["iota"], size_node(n))
        pivots = apply(OPS["gather"], packed, places, places, axes=(packed.ndim - 2, packed.ndim - 1), at=packed.ndim - 2)
        few = size_min(n, 1)
        last = part(part(packed, -2, size_add(n, 1), 1), -1, 0, few)
        sign = self.wrapped(last).sum(axis=(-2, -1)) + (1 - self.wrapped(size_node(few)).astype(self.node.dtype.name))
        return self.wrapped(pivots), sign

    def inverse_transposed(self) -> Any:
        """The inverse of A', NaN where A is singular."""
        unit = cast(at_diagonal(self.node, "eq"), self.node.dtype)
        return self.swapped().solve_packed(self.wrapped(shapes.broadcast_to(unit, self.node.shape))).without_last_row()

    def over_square(self) -> Any:
        """Numbers, one a matrix, in a form that multiplies matrices."""
        return self.wrapped(shapes.dimshuffle(self.node, [*range(self.node.ndim), -1, -1]))

    def svd_parts(self) -> tuple[Any, Any, Any]:
        """U, the values and V."""
        packed = self.running_row("svd")
        found: tuple[Any, Any, Any] = packed.unpacked_svd(self)
        return found
