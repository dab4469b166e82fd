"""Linear algebra: NumPy's and SciPy's functions, on stacks of matrices (the last two axes are the matrix).

Takes and gives Variables: floats and, where nothing else is said, complex numbers; integers are computed in float64. What a
call finds to be impossible, such as a singular matrix, raises numpy.linalg.LinAlgError and changes nothing. Neighbours:
`modc.graph.ops_linalg` has the rows; `nlinalg` and `slinalg` are Theano's names for what is here.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from modc.graph import OPS, Node, Size, apply, cast, const, size_node
from modc.graph.build import shape_text
from modc.graph.dtype import INT64, float_of
from modc.graph.sizes import size_min, size_mul, size_product, size_sub
from modc.tensor import products, shapes
from modc.tensor.blocks import block_diag, lu, matrix_dot, trace
from modc.tensor.checks import require
from modc.tensor.einsum import einsum
from modc.tensor.elementwise import isfinite
from modc.tensor.matrices import MatrixError, at_diagonal, one, part
from modc.tensor.reducing import squared_size
from modc.tensor.variable import Variable, as_variable, wrap

__all__ = [
    "block_diag", "lu", "matrix_dot", "trace", "cho_solve", "cholesky", "cond", "det", "eig", "eigh", "eigvals", "eigvalsh", "expm", "inv", "kron", "lstsq", "lu_factor", "lu_solve",
    "matrix_norm", "matrix_power", "matrix_rank", "matrix_transpose", "multi_dot", "norm", "pinv", "qr", "slogdet", "solve",
    "solve_triangular", "svd", "svdvals", "tensorinv", "tensorsolve", "vector_norm",
]  # fmt: skip

SINGULAR = "Singular matrix"


def _matrix(x: Any, name: str, square: bool = False) -> Node:
    """A float (or complex) stack of matrices. Raises MatrixError for less than two axes and, with `square`, for sizes known to differ."""
    node = as_variable(x).node
    if node.ndim < 2 or (square and all(isinstance(size, int) for size in node.shape[-2:]) and node.shape[-2] != node.shape[-1]):
        raise MatrixError(f"{name} of {shape_text(node)}: it takes {'square ' if square else ''}matrices")
    return node if node.dtype.is_inexact else cast(node, float_of(node.dtype))


def _eye(like: Node) -> Node:
    """The unit matrix, in the shape of a stack."""
    unit = cast(at_diagonal(like, "eq"), like.dtype)
    return shapes.broadcast_to(unit, like.shape)


def _diagonal(node: Node) -> Node:
    places = apply(OPS["iota"], size_node(size_min(*node.shape[-2:])))
    return apply(OPS["gather"], node, places, places, axes=(node.ndim - 2, node.ndim - 1), at=node.ndim - 2)


# Solving


def solve(a: Any, b: Any, assume_a: str = "gen") -> Variable:
    """X with A X = B.

    a          (..., n, n)
    b          (n,), or (..., n, k) with the same axes in front (those of either may be missing)
    assume_a   "gen", or "pos" for a symmetric positive definite A, by Cholesky

    Raises ShapeError; at the call LinAlgError for a singular A (or one that is not positive definite).
    """
    left, right = _matrix(a, "solve", True), as_variable(b).node
    if assume_a in ("pos", "positive definite"):
        return cho_solve((cholesky(a), True), b)
    if assume_a not in ("gen", "general", "sym", "her"):
        raise ValueError(f"assume_a is 'gen' or 'pos', not {assume_a!r}")
    vector = right.ndim == 1
    left, right = _together(left, shapes.dimshuffle(right, (0, -1)) if vector else right)
    packed = apply(OPS["solve"], left, right)
    rows = left.shape[-1]
    found = part(packed, -2, 0, rows)
    flag = part(packed, -2, rows, 1)
    ok = apply(OPS["eq"], flag, const(0, flag.dtype))
    found = require(found, ok, "singular", SINGULAR)
    return wrap(one(found, -1, 0) if vector else found)


def _together(a: Node, b: Node) -> tuple[Node, Node]:
    """Two stacks with the same axes in front, in one dtype."""
    both = cast(a, float_of(_promoted(a, b))), cast(b, float_of(_promoted(a, b)))
    ndim = max(a.ndim, b.ndim)
    a, b = (shapes.dimshuffle(node, [-1] * (ndim - node.ndim) + list(range(node.ndim))) for node in both)
    front = [one_ if two == 1 else two for one_, two in zip(a.shape[:-2], b.shape[:-2], strict=True)]
    front = [size if size != 1 else other for size, other in zip(front, a.shape[:-2], strict=True)]
    wide = []
    for node in (a, b):
        sizes = [want if have == 1 else have for have, want in zip(node.shape[:-2], front, strict=True)]
        wide.append(shapes.broadcast_to(node, [*sizes, *node.shape[-2:]]))
    return wide[0], wide[1]


def _promoted(a: Node, b: Node) -> Any:
    return apply(OPS["add"], const(0, a.dtype), const(0, b.dtype)).dtype


def solve_triangular(a: Any, b: Any, trans: Any = 0, lower: bool = False, unit_diagonal: bool = False) -> Variable:
    """X with op(A) X = B for the lower or upper triangle of A, the rest of which is not read; trans: 0 or "N", 1 or "T", 2 or "C".

    Raises ShapeError; at the call LinAlgError where an element of the diagonal is 0.
    """
    left, right = _matrix(a, "solve_triangular", True), as_variable(b).node
    vector = right.ndim == 1
    left, right = _together(left, shapes.dimshuffle(right, (0, -1)) if vector else right)
    if not unit_diagonal:
        ok = apply(OPS["ne"], _diagonal(left), const(0, left.dtype))
        right = require(right, ok, "singular", "singular matrix: an element of the diagonal is 0")
    turned = trans in (1, "T", "C", 2)
    if trans not in (0, 1, 2, "N", "T", "C"):
        raise ValueError(f"trans is 0, 1, 'N' or 'T', not {trans!r}")
    if turned:
        *front, rows, columns = range(left.ndim)
        left = shapes.dimshuffle(left, [*front, columns, rows])
        if trans in ("C", 2):
            left = wrap(left).conj().node
    found = apply(OPS["trisolve"], left, right, lower=int(bool(lower) != turned), unit=int(unit_diagonal))
    return wrap(one(found, -1, 0) if vector else found)


def cholesky(a: Any, lower: bool = True, *, upper: bool = False) -> Variable:
    """The lower (or upper) Cholesky factor of symmetric (Hermitian) positive definite matrices, whose lower triangle is read.

    Theano says lower=False, NumPy upper=True. Raises ShapeError; at the call LinAlgError for a matrix that is not positive
    definite.
    """
    lower = lower and not upper
    node = _matrix(a, "cholesky", True)
    factor = apply(OPS["cholesky"], node)
    diagonal = apply(OPS["real"], _diagonal(factor)) if factor.dtype.is_complex else _diagonal(factor)
    ok = apply(OPS["gt"], diagonal, const(0, diagonal.dtype))
    found = wrap(require(factor, ok, "singular", "Matrix is not positive definite"))
    return found if lower else found.adjoint()


def cho_solve(factor: tuple[Any, bool], b: Any) -> Variable:
    """X with A X = B, from `(cholesky(A), True)` or `(its transpose, False)`."""
    c, lower = factor
    return solve_triangular(c, solve_triangular(c, b, 0 if lower else "C", lower), "C" if lower else 0, lower)


def lu_factor(a: Any) -> tuple[Variable, Variable]:
    """The factors of A with rows exchanged, in one matrix, and the order of its rows (int64): A[order] = L U."""
    node = _matrix(a, "lu_factor", True)
    packed, n = apply(OPS["lu"], node), node.shape[-1]
    order = cast(wrap(one(packed, -2, n)).real.node, INT64)
    return wrap(part(packed, -2, 0, n)), wrap(order)


def lu_solve(factors: tuple[Any, Any], b: Any) -> Variable:
    """X with A X = B for single matrices, from `lu_factor(A)`."""
    lu, order = (as_variable(one_) for one_ in factors)
    right = as_variable(b)[order]
    return solve_triangular(lu, solve_triangular(lu, right, lower=True, unit_diagonal=True))


def inv(a: Any) -> Variable:
    """The inverse. Raises ShapeError; at the call LinAlgError for a singular matrix."""
    node = _matrix(a, "inv", True)
    return solve(wrap(node), wrap(_eye(node)))


def det(a: Any) -> Variable:
    """The determinant. Its gradient needs the inverse: at a singular matrix it raises LinAlgError at the call."""
    return wrap(apply(OPS["det"], _matrix(a, "det", True)))


def slogdet(a: Any) -> tuple[Variable, Variable]:
    """Sign and logarithm of the absolute value of the determinant; (0, -inf) for a singular matrix."""
    node = _matrix(a, "slogdet", True)
    return wrap(apply(OPS["signdet"], node)), wrap(apply(OPS["logabsdet"], node))


# Factors


def qr(a: Any, mode: str = "reduced") -> Any:
    """Q and R with A = Q R: reduced to the smaller of rows and columns, mode "r" gives R alone.

    mode "complete" has Q square, where the sizes are known. The gradient is for matrices with at least as many rows as
    columns.
    """
    node = _matrix(a, "qr")
    mode = "complete" if mode == "full" else mode  # SciPy's word
    if mode not in ("reduced", "economic", "complete", "r"):
        raise ValueError(f"the mode of qr is 'reduced', 'complete' or 'r', not {mode!r}")
    rows, columns = node.shape[-2:]
    if mode == "complete" and (not isinstance(rows, int) or not isinstance(columns, int) or rows > columns):
        unit = shapes.broadcast_to(_eye_of(rows, node), [*node.shape[:-2], rows, rows])
        wide = apply(OPS["concat"], node, unit, axis=node.ndim - 1)
        q, r = wrap(apply(OPS["qr"], wide)).unpacked_qr(wrap(wide))
        return q, wrap(part(r.node, -1, 0, columns))
    q, r = wrap(apply(OPS["qr"], node)).unpacked_qr(wrap(node))
    return r if mode == "r" else (q, r)


def _eye_of(size: Size, like: Node) -> Node:
    places = apply(OPS["iota"], size_node(size))
    return cast(apply(OPS["eq"], shapes.dimshuffle(places, (0, -1)), places), like.dtype)


def eigh(a: Any, UPLO: str = "L") -> tuple[Variable, Variable]:
    """Eigenvalues, ascending, and eigenvectors (columns) of symmetric (Hermitian) matrices, of which one triangle is read.

    The gradient by eigenvectors is for different eigenvalues; equal ones contribute nothing to each other.
    """
    node = _matrix(a, "eigh", True)
    if UPLO not in ("L", "U"):
        raise ValueError(f"UPLO is 'L' or 'U', not {UPLO!r}")
    x = wrap(node)
    packed = wrap(apply(OPS["eigh"], (x if UPLO == "L" else x.adjoint()).node))
    return packed.first_row().real, packed.without_first_row()


def eigvalsh(a: Any, UPLO: str = "L") -> Variable:
    """Eigenvalues, ascending, of symmetric matrices."""
    return eigh(a, UPLO)[0]


def eig(a: Any) -> tuple[Variable, Variable]:
    """Eigenvalues, in no particular order, and eigenvectors (columns of length 1) of square matrices: A V = V diag(w).

    Both are complex, of real matrices too (NumPy's are real where all eigenvalues are). The largest component of each vector is
    real. The gradient is for different eigenvalues; equal ones contribute nothing to each other.

    Raises ShapeError; at the call LinAlgError for a matrix with NaN or infinite elements.
    """
    node = _finite(_matrix(a, "eig", True))
    packed = wrap(_converged(apply(OPS["eig"], node)))
    return packed.first_row(), packed.without_first_row()


def eigvals(a: Any) -> Variable:
    """Eigenvalues, in no particular order, of square matrices: complex, of real matrices too.

    Raises ShapeError; at the call LinAlgError for a matrix with NaN or infinite elements.
    """
    return wrap(_converged(apply(OPS["eigvals"], _finite(_matrix(a, "eigvals", True)))))


def _finite(node: Node) -> Node:
    ok = isfinite(wrap(node)).node
    return require(node, ok, "singular", "Array must not contain infs or NaNs")


def _converged(node: Node) -> Node:
    return require(node, apply(OPS["eq"], node, node), "singular", "Eigenvalues did not converge")


def svd(a: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
    """U, the singular values (descending) and V transposed with A = U diag(s) V'; or the values alone.

    full_matrices   U and V' square, as NumPy's default; False: reduced to the smaller of rows and columns

    Raises LinAlgError at the call for a matrix with NaN or infinite elements.
    hermitian       there for NumPy's callers: the method is the same
    """
    node = _matrix(a, "svd")
    rows, columns = node.shape[-2:]
    if isinstance(rows, int) and isinstance(columns, int) and rows < columns:
        found = svd(wrap(node).swapped(), full_matrices, compute_uv)
        return (found[2].swapped(), found[1], found[0].swapped()) if compute_uv else found
    packed = apply(OPS["svd"], node)
    ok = apply(OPS["eq"], packed, packed)
    u, w, v = wrap(require(packed, ok, "singular", "SVD did not converge")).unpacked_svd(wrap(node))
    small = size_min(rows, columns)
    values = wrap(part(w.node, -1, 0, small)).real
    if not compute_uv:
        return values
    u, v = wrap(part(u.node, -1, 0, small)), wrap(part(v.node, -1, 0, small))
    if full_matrices:
        u, v = _completed(u.node), _completed(v.node)
    return u, values, v.adjoint()


def _completed(node: Node) -> Variable:
    """Orthonormal columns, and more of them, up to a square matrix."""
    rows, columns = node.shape[-2:]
    if isinstance(rows, int) and rows == columns:
        return wrap(node)
    q = qr(wrap(node), "complete")[0].node
    rest = part(q, -1, columns, size_sub(q.shape[-1], columns))
    return wrap(apply(OPS["concat"], node, rest, axis=node.ndim - 1))


def svdvals(a: Any) -> Variable:
    """The singular values, descending."""
    found: Variable = svd(a, compute_uv=False)
    return found


def pinv(a: Any, rcond: float | None = None, hermitian: bool = False, *, rtol: float | None = None) -> Variable:
    """The Moore-Penrose inverse; singular values up to `rcond` (or `rtol`, by the array standard's name) times the largest
    count as 0 (default: NumPy's 1e-15). hermitian: there for NumPy's callers.
    """
    node = _matrix(a, "pinv")
    rcond = rtol if rcond is None else rcond
    return wrap(apply(OPS["pinv"], node, rcond=1e-15 if rcond is None else float(rcond)))


def lstsq(a: Any, b: Any, rcond: float | None = None) -> tuple[Variable, Variable, Variable, Variable]:
    """The X of least norm that minimises |A X - B|; the sums of squared residuals per column; the rank; singular values.

    NumPy leaves the residuals out where the rank is smaller than the number of columns; here they are always given. rcond:
    as in `pinv`, default epsilon times the larger of rows and columns.
    """
    node, right = _matrix(a, "lstsq"), as_variable(b)
    values = svdvals(wrap(node))
    cut = _cut(node, values, rcond)
    rank = (values > cut).astype("int64").sum(axis=-1)
    if rcond is None and all(isinstance(size, int) for size in node.shape[-2:]):
        rcond = float(node.dtype.epsilon * max(int(size) for size in node.shape[-2:] if isinstance(size, int)))
    found = wrap(products.matmul(pinv(wrap(node), rcond).node, right.node))
    rest = wrap(products.matmul(node, found.node)) - right
    return found, squared_size(rest).sum(axis=0), rank, values


def _cut(node: Node, values: Variable, rcond: Any) -> Variable:
    """The size up to which singular values count as 0."""
    largest = values.max(axis=-1, keepdims=True)
    if rcond is not None:
        return largest * float(rcond)
    most = apply(OPS["maximum"], *(size_node(size) for size in node.shape[-2:]))
    return largest * (wrap(cast(most, node.dtype.real)) * node.dtype.epsilon)


def matrix_rank(a: Any, tol: float | None = None, hermitian: bool = False, *, rtol: float | None = None) -> Variable:
    """The number of singular values above `tol`, or above `rtol` times the largest (default: the largest, times epsilon,
    times the larger of both sizes). hermitian: there for NumPy's callers.
    """
    if tol is not None and rtol is not None:
        raise ValueError("`tol` and `rtol` can't be both set.")
    node = _matrix(a, "matrix_rank")
    values = svdvals(wrap(node))
    return (values > (tol if tol is not None else _cut(node, values, rtol))).astype("int64").sum(axis=-1)


def tensorsolve(a: Any, b: Any, axes: Any = None) -> Variable:
    """The x with tensordot(a, x, x.ndim) = b: the last axes of a, in number as b has not got, are those of x.

    axes: axes of a that go to its end first. Sizes must agree. A call raises LinAlgError where there is no one solution.
    """
    left, right = as_variable(a), as_variable(b)
    if axes is not None:
        last = [at % left.ndim for at in axes]
        left = left.dimshuffle(*(at for at in range(left.ndim) if at not in last), *last)
    sizes = list(left.node.shape[right.ndim :])
    rows, columns = size_product(list(left.node.shape[: right.ndim])), size_product(sizes)
    if isinstance(rows, int) and isinstance(columns, int) and rows != columns:
        raise np.linalg.LinAlgError(
            "Input arrays must satisfy the requirement prod(a.shape[b.ndim:]) == prod(a.shape[:b.ndim])"
        )
    square = wrap(shapes.reshape(left.node, [rows, columns]))
    return wrap(shapes.reshape(solve(square, right.ravel()).node, sizes))


def tensorinv(a: Any, ind: int = 2) -> Variable:
    """The inverse of tensordot(a, x, ind): the first `ind` axes of a are its last ones."""
    if ind <= 0:
        raise ValueError("Invalid ind argument.")
    node = as_variable(a).node
    front, back = list(node.shape[:ind]), list(node.shape[ind:])
    square = wrap(shapes.reshape(node, [size_product(front), size_product(back)]))
    return wrap(shapes.reshape(inv(square).node, [*back, *front]))


# Functions and norms


def expm(a: Any) -> Variable:
    """The exponential of matrices; of complex ones X + iY that of [[X, -Y], [Y, X]]."""
    node = _matrix(a, "expm", True)
    found: Variable = wrap(node).block_real().running_row("expm").of_block_real() if node.dtype.is_complex else wrap(apply(OPS["expm"], node))
    return found


def matrix_power(a: Any, n: int) -> Variable:
    """A @ A @ ..., n times, by squaring; the inverse's power for a negative n. `n` is a plain int."""
    if isinstance(n, Variable) or not isinstance(n, int):
        raise TypeError(f"the power of matrix_power is an int, not {n!r}")
    base = as_variable(a) if n >= 0 else inv(a)
    sizes = base.node.shape[-2:]
    if base.ndim < 2 or (all(isinstance(size, int) for size in sizes) and sizes[0] != sizes[1]):
        raise MatrixError(f"matrix_power of {shape_text(base.node)}: it takes square matrices")
    result, square, left = None, base, abs(n)
    while left:
        if left % 2:
            result = square if result is None else wrap(products.matmul(result.node, square.node))
        left //= 2
        if left:
            square = wrap(products.matmul(square.node, square.node))
    return wrap(_eye(base.node)) if result is None else result


def multi_dot(arrays: Any) -> Variable:
    """The product of two or more matrices (the first and last may be vectors), in the order that costs least."""
    many = [as_variable(one_) for one_ in arrays]
    if len(many) < 2:
        raise ValueError(f"multi_dot takes at least two matrices, not {len(many)}")
    letters = "abcdefghijklmnopqrstuvwxyz"
    terms = [letters[at : at + 2] for at in range(len(many))]
    first, last = terms[0][0], terms[-1][1]
    if many[0].ndim == 1:
        terms[0], first = terms[0][1:], ""
    if many[-1].ndim == 1:
        terms[-1], last = terms[-1][:1], ""
    return wrap(einsum(f"{','.join(terms)}->{first}{last}", [one_.node for one_ in many]))


def kron(a: Any, b: Any) -> Variable:
    """The Kronecker product, of any number of dimensions."""
    x, y = as_variable(a).node, as_variable(b).node
    ndim = max(x.ndim, y.ndim)
    x, y = (shapes.dimshuffle(node, [-1] * (ndim - node.ndim) + list(range(node.ndim))) for node in (x, y))
    left = shapes.dimshuffle(x, [at // 2 if at % 2 == 0 else -1 for at in range(2 * ndim)])
    right = shapes.dimshuffle(y, [at // 2 if at % 2 else -1 for at in range(2 * ndim)])
    product = apply(OPS["mul"], left, right)
    return wrap(shapes.reshape(product, [size_mul(m, n) for m, n in zip(x.shape, y.shape, strict=True)]))


def matrix_transpose(a: Any) -> Variable:
    """The last two axes exchanged."""
    found: Variable = as_variable(a).swapped()
    return found


def vector_norm(x: Any, ord: float = 2, axis: Any = None, keepdims: bool = False) -> Variable:
    """The norm of vectors: (sum |x|**ord)**(1/ord), max for inf, min for -inf, the count of x != 0 for 0."""
    return as_variable(x).norm(ord, axis, keepdims)


def matrix_norm(x: Any, ord: Any = "fro", keepdims: bool = False) -> Variable:
    """The norm of matrices: "fro", "nuc", 1, -1, 2, -2, inf, -inf, as NumPy's."""
    node = _matrix(x, "matrix_norm")
    matrix = wrap(node)
    plain: dict[Any, Callable[[], Variable]] = {
        "fro": lambda: squared_size(matrix).sum(axis=(-2, -1)).function("sqrt"),
        "nuc": lambda: svdvals(matrix).sum(axis=-1),
        1: lambda: abs(matrix).sum(axis=-2).max(axis=-1),
        -1: lambda: abs(matrix).sum(axis=-2).min(axis=-1),
        2: lambda: svdvals(matrix).max(axis=-1),
        -2: lambda: svdvals(matrix).min(axis=-1),
        float("inf"): lambda: abs(matrix).sum(axis=-1).max(axis=-1),
        float("-inf"): lambda: abs(matrix).sum(axis=-1).min(axis=-1),
    }
    if ord not in plain:
        raise ValueError(f"the order of a matrix norm is one of {', '.join(map(str, plain))}, not {ord!r}")
    found = plain[ord]()
    return found.dimshuffle(*range(found.ndim), "x", "x") if keepdims else found


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Variable:
    """NumPy's norm: of all elements, of vectors along an axis, or of matrices over a pair of axes."""
    variable = as_variable(x)
    if axis is None and ord is None:
        return vector_norm(variable, 2, None, keepdims)
    pair = axis if isinstance(axis, (tuple, list)) else None
    if (axis is None and variable.ndim == 2) or (pair is not None and len(pair) == 2):
        first, second = (0, 1) if pair is None else (at % variable.ndim for at in pair)
        rest = [at for at in range(variable.ndim) if at not in (first, second)]
        found = matrix_norm(variable.dimshuffle(*rest, first, second), "fro" if ord is None else ord)
        if not keepdims:
            return found
        back = iter(range(len(rest)))
        return found.dimshuffle(*("x" if at in (first, second) else next(back) for at in range(variable.ndim)))
    if axis is None and variable.ndim != 1:
        raise ValueError(f"a norm of order {ord!r} of {shape_text(variable.node)} needs an axis")
    return vector_norm(variable, 2 if ord is None else ord, axis, keepdims)


def cond(x: Any, p: Any = None) -> Variable:
    """The condition number: the largest singular value over the smallest, or norm(x, p) * norm(inv(x), p)."""
    if p in (None, 2, -2):
        values = svdvals(x)
        most, least = values.max(axis=-1), values.min(axis=-1)
        return least / most if p == -2 else most / least
    return matrix_norm(x, p) * matrix_norm(inv(x), p)


#: Theano's names.
nlinalg = SimpleNamespace(
    matrix_inverse=inv, pinv=pinv, det=det, slogdet=slogdet, eig=eig, eigh=eigh, qr=qr, svd=svd, lstsq=lstsq, matrix_power=matrix_power,
    norm=norm, trace=trace,
    diag=lambda x, k=0: as_variable(x).diagonal(k) if as_variable(x).ndim == 2 else as_variable(x).as_diagonal(), inv=inv, kron=kron, tensorinv=tensorinv, tensorsolve=tensorsolve, matrix_dot=matrix_dot,
)  # fmt: skip
slinalg = SimpleNamespace(
    cholesky=cholesky, solve=solve, solve_triangular=solve_triangular, cho_solve=cho_solve, expm=expm, kron=kron, eigvalsh=eigvalsh,
    solve_lower_triangular=lambda a, b: solve_triangular(a, b, lower=True),
    solve_upper_triangular=lambda a, b: solve_triangular(a, b, lower=False), lu_factor=lu_factor, lu=lu, block_diag=block_diag,
)  # fmt: skip
