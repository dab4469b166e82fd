"""The table of linear algebra on stacks of matrices: each row acts on the last two axes, the others are a batch.

Neighbours: `ops_call` says how such rows are computed; `dot`, of single matrices, is in `ops_array`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from modc.graph import rules
from modc.graph.dtype import DType, float_of
from modc.graph.node import Node, Size
from modc.graph.op import Op, table
from modc.graph.sizes import size_add, size_min, size_mul, size_product

Array = np.ndarray[Any, Any]


def _matmul_shape(args: Sequence[Node]) -> tuple[Size, ...]:
    a, b = args
    return (*a.shape[:-1], b.shape[-1])


def _matmul_agree(args: Sequence[Node]) -> list[rules.Agreement]:
    a, b = args
    pairs = [(axis, b.shape[axis], a.shape[axis]) for axis in range(a.ndim - 2)]
    pairs.append((a.ndim - 2, b.shape[-2], a.shape[-1]))
    return [("eq", got, want, 1, axis) for axis, got, want in pairs if got is not want and got != want]


def _matmul_sizes(args: Sequence[Node]) -> tuple[Size, ...]:
    a, b = args
    return size_product(list(a.shape[:-2])), a.shape[-2], b.shape[-1], a.shape[-1]


# Factorisations: packed into one array each, see csrc/modc_linalg.h. References give the same packing.


def _stack(args: Sequence[Node]) -> Size:
    return size_product(list(args[0].shape[:-2]))


def square_sizes(args: Sequence[Node], *params: Any) -> tuple[Size, ...]:
    """How many matrices, and their size."""
    return _stack(args), args[0].shape[-1]


def square(args: Sequence[Node], *params: Any) -> list[rules.Agreement]:
    """As many rows as columns."""
    rows, columns = args[0].shape[-2:]
    return [] if rows is columns or rows == columns else [("eq", columns, rows, 0, args[0].ndim - 1)]


def _together(args: Sequence[Node], *params: Any) -> list[rules.Agreement]:
    """A is square, and B has as many rows, in a stack of the same axes."""
    a, b = args
    pairs = [(axis, b.shape[axis], a.shape[axis]) for axis in range(a.ndim - 1)]
    return square(args) + [("eq", got, want, 1, axis) for axis, got, want in pairs if got is not want and got != want]


def taller(extra: int) -> Any:
    """The shape with more rows."""
    return lambda args, *params: (*args[-1].shape[:-2], size_add(args[-1].shape[-2], extra), args[-1].shape[-1])


def _each(function: Any, result: Any) -> Any:
    """A NumPy reference for a stack from one for single matrices."""

    def run(*arrays: Array, **params: Any) -> Array:
        front = arrays[0].shape[:-2]
        flat = [array.reshape(int(np.prod(array.shape[:-2])), *array.shape[-2:]) for array in arrays]  # -1 is no size of nothing
        found = [function(*(array[at] for array in flat), **params) for at in range(flat[0].shape[0])]
        shape = result(*(array.shape[-2:] for array in arrays))
        whole = np.array(found, arrays[0].dtype).reshape(*front, *shape)
        return whole

    return run


def _cholesky(a: Array) -> Array:
    if not np.isfinite(np.tril(a)).all():
        return np.full_like(a, np.nan)
    try:
        return np.asarray(np.linalg.cholesky(a))
    except np.linalg.LinAlgError:
        return np.full_like(a, np.nan)


def _lu(a: Array) -> Array:
    """LU with row exchanges, as LAPACK's getrf chooses them."""
    n, sign = len(a), 1.0
    lu, order = a.copy(), list(range(n))
    for k in range(n):
        best = k + int(np.argmax(np.abs(lu[k:, k].real) + np.abs(lu[k:, k].imag)))
        if best != k:
            lu[[k, best]], sign = lu[[best, k]], -sign
            order[k], order[best] = order[best], order[k]
        if lu[k, k] != 0:
            lu[k + 1 :, k] /= lu[k, k]
            lu[k + 1 :, k + 1 :] -= np.outer(lu[k + 1 :, k], lu[k, k + 1 :])
    last = np.zeros(n)
    last[:1] = sign
    return np.concatenate([lu, [order], [last]]) if n else np.zeros((2, 0))


def _solve(a: Array, b: Array) -> Array:
    try:
        found, singular = np.linalg.solve(a, b), 0.0
    except np.linalg.LinAlgError:
        found, singular = np.full_like(b, np.nan), 1.0
    return np.concatenate([found, np.full((1, b.shape[1]), singular)])


def _trisolve(a: Array, b: Array, lower: int, unit: int) -> Array:
    triangle = np.tril(a) if lower else np.triu(a)
    if unit:
        np.fill_diagonal(triangle, 1)
    x = np.zeros_like(b)
    rows = range(len(a)) if lower else range(len(a) - 1, -1, -1)
    for i in rows:
        x[i] = (b[i] - triangle[i] @ x) / triangle[i, i]
    return x


def _qr(a: Array) -> Array:
    q, r = np.linalg.qr(a)
    return np.concatenate([q.reshape(-1), r.reshape(-1)])


def _eigh(a: Array) -> Array:
    if not np.isfinite(np.tril(a)).all():
        return np.full((len(a) + 1, len(a)), np.nan)
    w, v = np.linalg.eigh(a)
    return np.concatenate([w[None], v])


def _svd(a: Array) -> Array:
    if not np.isfinite(a).all():  # LAPACK need not come to an end
        return np.full((a.shape[0] + a.shape[1] + 1) * a.shape[1], np.nan)
    u, w, vt = np.linalg.svd(a, full_matrices=False)
    more = a.shape[1] - len(w)  # columns beyond the rank have zeros
    u, w, v = np.pad(u, ((0, 0), (0, more))), np.pad(w, (0, more)), np.pad(vt.conj().T, ((0, 0), (0, more)))
    return np.concatenate([u.reshape(-1), w, v.reshape(-1)])


def _expm(a: Array) -> Array:
    """Scaling, a Taylor series to rounding, squaring: another way than the C."""
    norm = np.abs(a).sum(axis=0).max(initial=0.0)
    if not np.isfinite(norm):
        return np.full_like(a, np.nan)
    halvings = max(0, int(np.ceil(np.log2(norm))) + 4) if norm else 0
    scaled, total = a.astype(np.float64) / 2.0**halvings, np.eye(len(a))
    term = total
    for k in range(1, 20):
        term = term @ scaled / k
        total = total + term
    for _ in range(halvings):
        total = total @ total
    return np.asarray(total)


def _qr_shape(args: Sequence[Node]) -> tuple[Size, ...]:
    *front, m, n = args[0].shape
    return (*front, size_mul(size_add(m, n), size_min(m, n)))


def _svd_shape(args: Sequence[Node]) -> tuple[Size, ...]:
    *front, m, n = args[0].shape
    return (*front, size_mul(size_add(size_add(m, n), 1), n))


def _both_sizes(args: Sequence[Node]) -> tuple[Size, ...]:
    return _stack(args), args[0].shape[-2], args[0].shape[-1]


# Gradients. Sources: Giles, "Collected matrix derivative results for forward and reverse mode AD" (2008); Murray,
# "Differentiation of the Cholesky decomposition" (2016); Townsend, "Differentiating the singular value decomposition" (2016);
# Seeger et al., "Auto-differentiating linear algebra" (2017).


def _solve_scratch(args: Sequence[Node], *params: Any) -> Size:
    n = args[0].shape[-1]
    return size_mul(size_mul(n, n), 2) if args[0].dtype.is_complex else size_mul(n, size_add(n, 1))


def _qr_scratch(args: Sequence[Node], *params: Any) -> Size:
    m, n = args[0].shape[-2:]
    if args[0].dtype.is_complex:
        return size_mul(size_add(size_mul(m, n), size_add(m, n)), 4)
    return size_mul(size_add(size_mul(m, 2), 1), n)


def _eigh_scratch(args: Sequence[Node], *params: Any) -> Size:
    n = args[0].shape[-1]
    return size_mul(size_mul(n, 7), size_add(n, 1)) if args[0].dtype.is_complex else size_mul(n, size_add(n, 2))


def _svd_scratch(args: Sequence[Node], *params: Any) -> Size:
    m, n = args[0].shape[-2:]
    whole, edges = (14, 8) if args[0].dtype.is_complex else (4, 3)
    return size_add(size_mul(size_mul(m, n), whole), size_mul(size_add(m, n), edges))


def _cholesky_gradient(g: Any, y: Any, a: Any) -> tuple[Any]:
    inner = y.adjoint().matmul_any(g.conj()).lower_half()
    left = y.trisolve_back(inner)
    both = y.trisolve_back(left.adjoint()).adjoint()
    return (((both + both.adjoint()) * 0.5).conj(),)


def _lu_gradient(g: Any, y: Any, a: Any) -> tuple[Any]:
    """Of A[order] = L U; de Hoog, Anderssen, Lukas (2011), turned round."""
    both, to_both = y.without_last_row().without_last_row(), g.without_last_row().without_last_row()
    to_lower = to_both.triangle(1, 1)
    inner = (to_lower + both.triangle(1, 1).swapped().matmul_any(to_lower)).triangle(1, 1)
    inner = inner + to_both.triangle(0, 0).matmul_any(both.triangle(0, 0).swapped()).triangle(0, 0)
    left = both.swapped().trisolve(inner, 0, 1)
    ordered = both.trisolve(left.swapped(), 0, 0).swapped()
    return (y.without_last_row().last_row().exchange().matmul_any(ordered),)


def _solve_gradient(g: Any, y: Any, a: Any, b: Any) -> tuple[Any, Any]:
    x = y.without_last_row()
    to_b = a.swapped().solve_packed(g.without_last_row()).without_last_row()
    return -to_b.matmul_any(x.swapped()), to_b


def _trisolve_gradient(g: Any, y: Any, a: Any, b: Any, lower: int, unit: int) -> tuple[Any, Any]:
    to_b = a.swapped().trisolve(g, 1 - lower, unit)
    return (-to_b.matmul_any(y.swapped())).triangle(lower, unit), to_b


def _expm_gradient(g: Any, y: Any, a: Any) -> tuple[Any]:
    """The corner of exp([[A', G], [0, A']]) (Najfeld & Havel 1995)."""
    turned = a.swapped()
    return (turned.block_upper(g).running_row("expm").corner(),)


def _qr_gradient(g: Any, y: Any, a: Any) -> tuple[Any]:
    """For at least as many rows as columns (Seeger et al. 2017, 4.3)."""
    (q, r), (to_q, to_r) = y.unpacked_qr(a), g.conj().unpacked_qr(a)
    m = r.matmul_any(to_r.adjoint()) - to_q.adjoint().matmul_any(q)
    lower = m.triangle(1, 1)
    mirrored = lower + lower.adjoint() + m.diagonal_only().real_part()
    right = to_q + q.matmul_any(mirrored)
    return (r.trisolve(right.adjoint(), 0, 0).adjoint().conj(),)


def _svd_gradient(g: Any, y: Any, a: Any) -> tuple[Any]:
    """For at least as many rows as columns, different singular values that are not 0 (Townsend 2016)."""
    (u, w, v), (to_u, to_w, to_v) = y.unpacked_svd(a), g.conj().unpacked_svd(a)
    squares = w * w
    gaps = squares.as_rows() - squares.as_columns()
    weight = gaps.equals(0).where(0, 1 / gaps.equals(0).where(1, gaps))
    of_u, of_v = u.adjoint().matmul_any(to_u), v.adjoint().matmul_any(to_v)
    inner = ((of_u - of_u.adjoint()) * weight) * w.as_rows()
    inner = inner + w.as_columns() * ((of_v - of_v.adjoint()) * weight) + to_w.as_diagonal()
    if y.dtype.startswith("complex"):  # the phase of a column of U against that of V
        phases = (of_u - of_v).diagonal_only()
        inner = inner + (phases - phases.real_part()) / (w.as_rows() * 2)
    outside = (to_u - u.matmul_any(of_u)) * w.equals(0).where(0, 1 / w.equals(0).where(1, w)).as_rows()
    return ((u.matmul_any(inner) + outside).matmul_any(v.adjoint()).conj(),)


def _eigh_gradient(g: Any, y: Any, a: Any) -> tuple[Any]:
    w, v = y.first_row(), y.without_first_row()
    to_w, to_v = g.conj().first_row(), g.conj().without_first_row()
    gaps = w.as_rows() - w.as_columns()  # [i, j] = w[j] - w[i]
    inner = v.adjoint().matmul_any(to_v) * gaps.equals(0).where(0, 1 / gaps.equals(0).where(1, gaps))
    found = v.matmul_any(inner + to_w.as_diagonal()).matmul_any(v.adjoint())
    return (((found + found.adjoint()) * 0.5).conj(),)


def _signdet_gradient(g: Any, y: Any, a: Any) -> tuple[Any]:
    """Of complex matrices, whose sign is the phase of the determinant; that of real ones does not move."""
    if not y.dtype.startswith("complex"):
        return (None,)
    phase = (g * y).imag
    return (phase.zeros_like().function("complex", phase).over_square() * a.inverse_transposed(),)


# Composites: what follows from the factors, with gradients of their own


def _of_matrices(args: Sequence[Node], *params: Any) -> tuple[Size, ...]:
    return args[0].shape[:-2]


def _expand_det(x: Any) -> Any:
    pivots, sign = x.lu_parts()
    return pivots.prod(axis=-1) * sign


def _expand_signdet(x: Any) -> Any:
    pivots, sign = x.lu_parts()
    return (pivots / abs(pivots) if pivots.dtype.startswith("complex") else pivots.function("sign")).prod(axis=-1) * sign


def _expand_logabsdet(x: Any) -> Any:
    pivots, _ = x.lu_parts()
    return abs(pivots).function("log").sum(axis=-1)


def _magnitude(dtypes: Sequence[DType], *params: Any) -> rules.DTypes:
    own = float_of(dtypes[0])
    return (own,), own.real


def _pinv_shape(args: Sequence[Node], *params: Any) -> tuple[Size, ...]:
    *front, m, n = args[0].shape
    return (*front, n, m)


def _expand_pinv(x: Any, rcond: float) -> Any:
    u, values, v = x.svd_parts()
    w = values.real
    kept = w > w.peak(axis=(w.ndim - 1,)) * rcond
    inverse = kept.where(1 / kept.where(w, 1), 0)
    return (v * inverse.as_rows()).matmul_any(u.adjoint())


def _pinv_gradient(g: Any, y: Any, a: Any, rcond: float) -> tuple[Any]:
    """Golub & Pereyra (1973), for a constant rank."""
    p, back, a, y = y.swapped(), g.adjoint(), a.conj(), y.conj()
    outside = back - a.matmul_any(y.matmul_any(back))
    inside = back - back.matmul_any(y).matmul_any(a)
    found = outside.matmul_any(y.matmul_any(p)) + p.matmul_any(y).matmul_any(inside)
    return (found - p.matmul_any(g).matmul_any(p),)


# fmt: off
PRODUCTS = table(
    Op("matmul", "call", np.matmul, "modc_matmul_{t}", dtypes=rules.same, shape=_matmul_shape, agree=_matmul_agree,
       sizes=_matmul_sizes, grad=lambda g, y, a, b: (g.matmul(b.swapped()), a.swapped().matmul(g)), cost=2, ulp=0.5, traits=("complex", "product"),
       doc="Products of stacks of matrices that have the same axes in front."),
)
FACTORS = table(
    Op("cholesky", "call", _each(_cholesky, lambda a: a), "modc_cholesky_{t}", dtypes=rules.to_float, shape=rules.same_shape,
       agree=square, sizes=square_sizes, grad=_cholesky_gradient, cost=1, ulp=0.5, traits=("cubic", "complex"),
       doc="Lower Cholesky factor; NaN on the diagonal where the matrix is not positive definite."),
    Op("lu", "call", _each(_lu, lambda a: (a[0] + 2, a[1])), "modc_lu_{t}", dtypes=rules.to_float, shape=taller(2),
       agree=square, sizes=square_sizes, grad=_lu_gradient, cost=1, ulp=0.5, traits=("cubic", "complex"),
       doc="LU factors, the order of the rows below them, and its sign in front of the last row."),
    Op("solve", "call", _each(_solve, lambda a, b: (b[0] + 1, b[1])), "modc_solve_{t}", dtypes=rules.to_float,
       shape=taller(1), agree=_together, sizes=lambda args: (*square_sizes(args), args[1].shape[-1]),
       scratch=_solve_scratch, grad=_solve_gradient, cost=2, ulp=0.5, traits=("cubic", "complex"),
       doc="X with A X = B, and below it a row of 1 where A is singular."),
    Op("trisolve", "call", _each(_trisolve, lambda a, b: b), "modc_trisolve_{t}", dtypes=rules.to_float,
       shape=lambda args, *params: args[1].shape, agree=_together, params=("lower", "unit"),
       sizes=lambda args, lower, unit: (*square_sizes(args), args[1].shape[-1], lower, unit), grad=_trisolve_gradient,
       cost=2, ulp=0.5, traits=("product", "complex"), doc="X with A X = B for a triangle of A."),
    Op("qr", "call", _each(_qr, lambda a: ((a[0] + a[1]) * min(a),)), "modc_qr_{t}", dtypes=rules.to_float, shape=_qr_shape,
       sizes=_both_sizes, scratch=_qr_scratch,
       grad=_qr_gradient, cost=4, ulp=0.5,
       traits=("ambiguous", "cubic", "complex"), doc="Reduced QR factors, Q before R, flat."),
    Op("eigh", "call", _each(_eigh, lambda a: (a[0] + 1, a[1])), "modc_eigh_{t}", dtypes=rules.to_float, shape=taller(1),
       agree=square, sizes=square_sizes, scratch=_eigh_scratch,
       grad=_eigh_gradient, cost=16, ulp=0.5,
       traits=("ambiguous", "cubic", "complex"), doc="Eigenvalues of a symmetric matrix, ascending, and below them its eigenvectors as columns."),
    Op("svd", "call", _each(_svd, lambda a: ((a[0] + a[1] + 1) * a[1],)), "modc_svd_{t}", dtypes=rules.to_float,
       shape=_svd_shape, sizes=_both_sizes, scratch=_svd_scratch, grad=_svd_gradient, cost=16, ulp=0.5,
       traits=("ambiguous", "cubic", "complex"), doc="U, the singular values, descending, and V of a matrix, flat."),
    Op("expm", "call", _each(_expm, lambda a: a), "modc_expm_{t}", dtypes=rules.to_float, shape=rules.same_shape,
       agree=square, sizes=square_sizes, scratch=lambda args: size_mul(size_mul(args[0].shape[-1], 8), size_add(args[0].shape[-1], 1)),
       grad=_expm_gradient, cost=32, ulp=0.5, traits=("cubic",), doc="The exponential of a matrix."),
)
COMPOSED = table(
    Op("det", "composite", np.linalg.det, dtypes=rules.to_float, shape=_of_matrices, agree=square, expand=_expand_det, traits=("complex",),
       grad=lambda g, y, a: ((g * y).over_square() * a.inverse_transposed(),), cost=2, ulp=0.5, doc="The determinant."),
    Op("signdet", "composite", lambda a: np.linalg.slogdet(a)[0], dtypes=rules.to_float, shape=_of_matrices, agree=square,
       expand=_expand_signdet, grad=_signdet_gradient, cost=2, traits=("complex",), doc="The sign of the determinant."),
    Op("logabsdet", "composite", lambda a: np.linalg.slogdet(a)[1], dtypes=_magnitude, shape=_of_matrices, agree=square,
       expand=_expand_logabsdet, grad=lambda g, y, a: (g.over_square() * a.inverse_transposed(),), cost=2, ulp=0.5, traits=("complex",),
       doc="The logarithm of the absolute value of the determinant."),
    Op("pinv", "composite", lambda a, rcond: np.linalg.pinv(a, rcond=rcond), dtypes=rules.to_float, shape=_pinv_shape,
       params=("rcond",), expand=_expand_pinv, grad=_pinv_gradient, cost=16, ulp=0.5, traits=("complex",),
       doc="The Moore-Penrose inverse."),
)
# fmt: on
