"""The table of eigenvalues and eigenvectors of general matrices: complex, whatever the matrices are.

Neighbours: `ops_linalg`, of which these rows are a part; csrc/modc_eig.h, where the C is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from modc.graph import rules
from modc.graph.dtype import DType, float_of
from modc.graph.node import Node, Size
from modc.graph.op import Op, table
from modc.graph.ops_linalg import square, square_sizes, taller
from modc.graph.sizes import size_add, size_mul

Array = np.ndarray[Any, Any]


def _dtypes(dtypes: Sequence[DType], *params: Any) -> rules.DTypes:
    own = dtypes[0] if dtypes[0].is_complex else float_of(dtypes[0])
    return (own,), own.complex


def _each(function: Any, extra: int) -> Any:
    """A reference for stacks; NaN where NumPy refuses a matrix."""

    def run(a: Array) -> Array:
        found = np.full((*a.shape[:-2], a.shape[-1] + extra, a.shape[-1]), np.nan, np.result_type(a, np.complex64))
        for at in np.ndindex(a.shape[:-2]):
            if np.isfinite(a[at]).all():
                found[at] = function(a[at])
        return found

    return run


def _eig(a: Array) -> Array:
    w, v = np.linalg.eig(a)
    return np.concatenate([w[None], v])


def _eigvals(a: Array) -> Array:
    found: Array = _each(lambda one: np.broadcast_to(np.linalg.eigvals(one), one.shape), 0)(a)
    return found[..., 0, :] if a.shape[-1] else np.zeros(a.shape[:-1], found.dtype)


def _scratch(args: Sequence[Node], *params: Any) -> Size:
    n = args[0].shape[-1]
    return size_mul(size_mul(n, 6), size_add(n, 3))


# Gradients, with the unconjugated cotangents of `ops_complex`: for A V = V diag(w), P = V^-1 dA V and F[i, j] = 1 / (w[j] - w[i])
# (0 on the diagonal) dw = diag(P), dV = V (F * P) + V diag(c), where c keeps the length of each column and the phase of its
# largest component (Boeddeker, Hanebrink, Drude, Heymann & Haeb-Umbach, "On the computation of complex-valued gradients with
# application to statistically optimum beamforming", 2017; Giles, 2008).


def _back(a: Any, v: Any, inner: Any) -> Any:
    """V^-T inner V^T, real for real matrices."""
    found = v.swapped().solved(inner.matmul_any(v.swapped()))
    return found.real_as(a)


def _eig_gradient(g: Any, y: Any, a: Any) -> tuple[Any]:
    w, v = y.first_row(), y.without_first_row()
    to_w, to_v = g.first_row(), g.without_first_row()
    turned = (to_v * v).sum(axis=-2)
    largest = abs(v).argmax(axis=-2)
    here = v.numbered_along(v.ndim - 2).equals(largest.as_rows())
    top = here.where(v.real, 0).sum(axis=-2)
    free = to_v - v.conj() * turned.real.as_rows()
    phase = here.where((turned.imag / top).as_rows(), 0)
    free = free - phase.zeros_like().function("complex", phase)
    gaps = w.as_rows() - w.as_columns()
    equal = gaps.equals(0)
    weight = equal.where(0, 1 / equal.where(1, gaps))
    return (_back(a, v, weight * v.swapped().matmul_any(free) + to_w.as_diagonal()),)


def _eigvals_gradient(g: Any, y: Any, a: Any) -> tuple[Any]:
    return (_back(a, a.running_row("eig").without_first_row(), g.as_diagonal()),)


# fmt: off
EIGEN = table(
    Op("eig", "call", _each(_eig, 1), "modc_eig_{t}", dtypes=_dtypes, shape=taller(1), agree=square, sizes=square_sizes,
       scratch=_scratch, grad=_eig_gradient, cost=32, ulp=0.5, traits=("ambiguous", "cubic", "complex"),
       doc="Eigenvalues of a matrix, and below them its eigenvectors as columns."),
    Op("eigvals", "call", _eigvals, "modc_eigvals_{t}", dtypes=_dtypes, shape=lambda args: args[0].shape[:-1], agree=square,
       sizes=square_sizes, scratch=_scratch, grad=_eigvals_gradient, cost=16, ulp=0.5, traits=("ambiguous", "cubic", "complex"),
       doc="Eigenvalues of a matrix."),
)
# fmt: on
