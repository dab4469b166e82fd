"""The table of sparse matrices in compressed rows: vectors `indptr` (where each row begins, and the end), `indices` (the
column of each stored entry) and `data` (the value of each). A matrix in compressed columns is the same, transposed.

`data` and dense operands may be stacks, with equal axes in front; the structure never is. Entries of the same place
count as their sum. Products check the structure themselves, on the way; the sums and `csr_rows` rely on `csr_check`.
Neighbours: `modc.sparse` is the language; `schedule.whole` calls csrc/modc_sparse.h.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from modc.graph import rules
from modc.graph.build import size_of
from modc.graph.dtype import BOOL, FLOAT32, FLOAT64, INT32, INT64, DType
from modc.graph.node import Node, Size
from modc.graph.op import Op, table
from modc.graph.sizes import size_add, size_mul, size_product, size_sub

Array = np.ndarray[Any, Any]

#: What is wrong where a structure is none.
NO_MATRIX = "no sparse matrix: indptr goes from 0 to the number of entries and never down, indices are inside the matrix"

# NumPy references


def _check(indptr: Array, indices: Array, minor: Any) -> Any:
    starts = indptr.astype(np.int64)
    ends = starts.size > 0 and starts[0] == 0 and starts[-1] == indices.size
    return np.bool_(ends and (np.diff(starts) >= 0).all() and (indices >= 0).all() and (indices < minor).all())


def _sound(indptr: Array, indices: Array, minor: Any) -> None:
    if not _check(indptr, indices, minor):
        raise ValueError(NO_MATRIX)


def _row_of(indptr: Array) -> Array:
    return np.repeat(np.arange(indptr.size - 1), np.diff(indptr))


def _rows(indptr: Array, count: Any) -> Array:
    return _row_of(indptr).astype(indptr.dtype)


def _segments(indptr: Array, terms: Array) -> Array:
    """Sums of the terms of each row, along the last axis but one."""
    result = np.zeros((*terms.shape[:-2], indptr.size - 1, terms.shape[-1]), terms.dtype)
    filled = np.diff(indptr) > 0
    if filled.any():
        result[..., filled, :] = np.add.reduceat(terms, indptr[:-1][filled], axis=-2, dtype=terms.dtype)
    return result


def _dot(indptr: Array, indices: Array, data: Array, x: Array) -> Array:
    _sound(indptr, indices, x.shape[-2])
    return _segments(indptr, data[..., None] * x[..., indices, :])


def _tdot(indptr: Array, indices: Array, data: Array, x: Array, minor: Any) -> Array:
    _sound(indptr, indices, minor)
    order = np.argsort(indices, kind="stable")
    terms = (data[..., None] * x[..., _row_of(indptr), :])[..., order, :]
    return _segments(np.searchsorted(indices[order], np.arange(int(minor) + 1)), terms)


def _sampled(indptr: Array, indices: Array, a: Array, b: Array) -> Array:
    _sound(indptr, indices, b.shape[-2])
    return np.asarray((a[..., _row_of(indptr), :] * b[..., indices, :]).sum(axis=-1, dtype=a.dtype))


def _sum(indptr: Array, data: Array) -> Array:
    return _segments(indptr, data[..., None])[..., 0]


def _tsum(indices: Array, data: Array, minor: Any) -> Array:
    order = np.argsort(indices, kind="stable")
    return _sum(np.searchsorted(indices[order], np.arange(int(minor) + 1)), data[..., order])


# Dtypes: int32 or int64 of the structure, one of float32, float64 and int64 of the values


def _index(dtypes: Sequence[DType]) -> DType:
    return INT32 if all(one is INT32 for one in dtypes) else INT64


def _values(dtypes: Sequence[DType]) -> DType:
    common = rules.promoted(dtypes)
    return common if common in (FLOAT32, FLOAT64) else INT64


def _check_dtypes(dtypes: Sequence[DType]) -> rules.DTypes:
    index = _index(dtypes[:2])
    return (index, index, INT64), BOOL


def _rows_dtypes(dtypes: Sequence[DType]) -> rules.DTypes:
    index = _index(dtypes[:1])
    return (index, INT64), index


def _sum_dtypes(dtypes: Sequence[DType]) -> rules.DTypes:
    values = _values(dtypes[1:2])
    return (_index(dtypes[:1]), values, *(INT64 for _ in dtypes[2:])), values


def _product_dtypes(dtypes: Sequence[DType]) -> rules.DTypes:
    index, values = _index(dtypes[:2]), _values(dtypes[2:4])
    return (index, index, values, values, *(INT64 for _ in dtypes[4:])), values


# Sizes. `lead` are the axes in front: a batch


def _lead(first: Sequence[Size], second: Sequence[Size]) -> tuple[Size, ...]:
    return tuple(first) or tuple(second)


def _major(args: Sequence[Node]) -> Size:
    return size_sub(args[0].shape[0], 1)


def _dot_shape(args: Sequence[Node]) -> tuple[Size, ...]:
    data, x = args[2:4]
    return (*_lead(data.shape[:-1], x.shape[:-2]), _major(args), x.shape[-1])


def _tdot_shape(args: Sequence[Node]) -> tuple[Size, ...]:
    data, x, minor = args[2:]
    return (*_lead(data.shape[:-1], x.shape[:-2]), size_of(minor), x.shape[-1])


def _sampled_shape(args: Sequence[Node]) -> tuple[Size, ...]:
    a, b = args[2:]
    return (*_lead(a.shape[:-2], b.shape[:-2]), args[1].shape[0])


def _sum_shape(args: Sequence[Node]) -> tuple[Size, ...]:
    return (*args[1].shape[:-1], _major(args))


def _tsum_shape(args: Sequence[Node]) -> tuple[Size, ...]:
    return (*args[1].shape[:-1], size_of(args[2]))


def _step(lead: Sequence[Size], size: Size) -> Size:
    """How far the next of a batch is: nowhere for an operand that is the same for all."""
    return size if lead else 0


def _product_sizes(args: Sequence[Node]) -> tuple[Size, ...]:
    """Batch, its steps in the operands, rows, columns, entries, columns of the dense operand."""
    data, x = args[2:4]
    lead = _lead(data.shape[:-1], x.shape[:-2])
    count, width = args[1].shape[0], x.shape[-1]
    minor = size_of(args[4]) if len(args) > 4 else x.shape[-2]
    steps = _step(data.shape[:-1], count), _step(x.shape[:-2], size_mul(x.shape[-2], width))
    return size_product(list(lead)), *steps, _major(args), minor, count, width


def _sampled_sizes(args: Sequence[Node]) -> tuple[Size, ...]:
    a, b = args[2:]
    lead, width = _lead(a.shape[:-2], b.shape[:-2]), a.shape[-1]
    steps = (_step(one.shape[:-2], size_mul(one.shape[-2], width)) for one in (a, b))
    return size_product(list(lead)), *steps, _major(args), b.shape[-2], args[1].shape[0], width


def _mark(args: Sequence[Node]) -> Size:
    """A word that says whether the structure was one."""
    return 1


def _check_sizes(args: Sequence[Node]) -> tuple[Size, ...]:
    return args[0].shape[0], args[1].shape[0], size_of(args[2])


def _rows_sizes(args: Sequence[Node]) -> tuple[Size, ...]:
    return _major(args), size_of(args[1])


def _sum_sizes(args: Sequence[Node]) -> tuple[Size, ...]:
    return size_product(list(args[1].shape[:-1])), _major(args), args[1].shape[-1]


def _tsum_sizes(args: Sequence[Node]) -> tuple[Size, ...]:
    return size_product(list(args[1].shape[:-1])), size_of(args[2]), args[0].shape[0]


# Agreements


def _equal(found: list[rules.Agreement], got: Size, want: Size, operand: int, axis: int) -> None:
    if got is not want and got != want:
        found.append(("eq", got, want, operand, axis))


def _tsum_agree(args: Sequence[Node]) -> list[rules.Agreement]:
    found: list[rules.Agreement] = []
    _equal(found, args[1].shape[-1], args[0].shape[0], 1, args[1].ndim - 1)
    return found


def _leads_agree(first: Node, second: Node, deep: int) -> list[rules.Agreement]:
    """`deep` axes of the first are its own; two batches are equal."""
    found: list[rules.Agreement] = []
    leads = first.shape[: first.ndim - deep], second.shape[:-2]
    if all(leads):
        for axis, (got, want) in enumerate(zip(leads[1], leads[0], strict=True)):
            _equal(found, got, want, 3, axis)
    return found


def _dot_agree(args: Sequence[Node]) -> list[rules.Agreement]:
    found = _leads_agree(args[2], args[3], 1)
    _equal(found, args[2].shape[-1], args[1].shape[0], 2, args[2].ndim - 1)
    return found


def _tdot_agree(args: Sequence[Node]) -> list[rules.Agreement]:
    found = _dot_agree(args)
    _equal(found, size_add(args[3].shape[-2], 1), args[0].shape[0], 3, args[3].ndim - 2)
    return found


def _sampled_agree(args: Sequence[Node]) -> list[rules.Agreement]:
    found = _leads_agree(args[2], args[3], 2)
    _equal(found, size_add(args[2].shape[-2], 1), args[0].shape[0], 2, args[2].ndim - 2)
    _equal(found, args[3].shape[-1], args[2].shape[-1], 3, args[3].ndim - 1)
    return found


# Gradients: each of the three products is a gradient of the others


def _dot_gradient(g: Any, y: Any, indptr: Any, indices: Any, data: Any, x: Any) -> tuple[Any, ...]:
    to_x = indptr.function("csr_tdot", indices, data, g, x.count((x.ndim - 2,)))
    return None, None, indptr.function("csr_sampled", indices, g, x), to_x


def _tdot_gradient(g: Any, y: Any, indptr: Any, indices: Any, data: Any, x: Any, minor: Any) -> tuple[Any, ...]:
    to_x = indptr.function("csr_dot", indices, data, g)
    return None, None, indptr.function("csr_sampled", indices, x, g), to_x, None


def _sampled_gradient(g: Any, y: Any, indptr: Any, indices: Any, a: Any, b: Any) -> tuple[Any, ...]:
    to_b = indptr.function("csr_tdot", indices, g, a, b.count((b.ndim - 2,)))
    return None, None, indptr.function("csr_dot", indices, g, b), to_b


def _sum_gradient(g: Any, y: Any, indptr: Any, data: Any) -> tuple[Any, ...]:
    rows = indptr.function("csr_rows", data.count((data.ndim - 1,)))
    return None, g.gather([rows.astype("int64")], (g.ndim - 1,), g.ndim - 1)


def _tsum_gradient(g: Any, y: Any, indices: Any, data: Any, minor: Any) -> tuple[Any, ...]:
    return None, g.gather([indices.astype("int64")], (g.ndim - 1,), g.ndim - 1), None


def _no_gradient(g: Any, y: Any, *args: Any) -> tuple[None, ...]:
    return (None,) * len(args)


# fmt: off
SPARSE = table(
    Op("csr_check",   "call", _check,   "modc_csr_check_{t}",       dtypes=_check_dtypes, shape=rules.scalar_shape,
       grad=_no_gradient, sizes=_check_sizes, traits=("counted", "csr"),
       doc="Whether a structure is one: rows begin at 0, never before the one in front, the last ends with the entries; columns exist."),
    Op("csr_rows",    "call", _rows,    "modc_csr_rows_{t}",        dtypes=_rows_dtypes, shape=lambda args: (size_of(args[1]),),
       grad=_no_gradient, sizes=_rows_sizes, traits=("counted", "csr"), doc="The row of each stored entry."),
    Op("csr_sum",     "call", _sum,     "modc_csr_sum_{t}_{r}",     dtypes=_sum_dtypes, shape=_sum_shape,
       grad=_sum_gradient, sizes=_sum_sizes, ulp=2.5, traits=("csr",), doc="The sum of each row."),
    Op("csr_tsum",    "call", _tsum,    "modc_csr_tsum_{t}_{r}",    dtypes=_sum_dtypes, shape=_tsum_shape, agree=_tsum_agree,
       grad=_tsum_gradient, sizes=_tsum_sizes, ulp=2.5, traits=("counted", "csr"),
       doc="The sum of each column, given their number."),
    Op("csr_dot",     "call", _dot,     "modc_csr_dot_{t}_{r}",     dtypes=_product_dtypes, shape=_dot_shape, agree=_dot_agree,
       grad=_dot_gradient, sizes=_product_sizes, cost=4, ulp=2.5, scratch=_mark, traits=("csr", "checking"), doc="A @ x, with a dense matrix x."),
    Op("csr_tdot",    "call", _tdot,    "modc_csr_tdot_{t}_{r}",    dtypes=_product_dtypes, shape=_tdot_shape, agree=_tdot_agree,
       grad=_tdot_gradient, sizes=_product_sizes, cost=4, ulp=2.5, scratch=_mark, traits=("counted", "csr", "checking"),
       doc="A.T @ x, with a dense matrix x, given the number of columns of A."),
    Op("csr_sampled", "call", _sampled, "modc_csr_sampled_{t}_{r}", dtypes=_product_dtypes, shape=_sampled_shape, agree=_sampled_agree,
       grad=_sampled_gradient, sizes=_sampled_sizes, cost=4, ulp=2.5, scratch=_mark, traits=("csr", "checking"),
       doc="The elements of a @ b.T, of two dense matrices, in the places of the stored entries."),
)
# fmt: on
