"""Constructors of sparse matrices: roots by format and dtype, and expressions from their parts.

Output: `SparseVariable`. Neighbours: `runtime.sparse` takes the matrices of SciPy apart that calls give.
"""

from __future__ import annotations

from typing import Any

from modc.errors import DTypeError, ShapeError
from modc.graph import Leaf, Size
from modc.sparse.structure import Structure
from modc.sparse.variable import SparseVariable
from modc.tensor.declared import row_of
from modc.tensor.shapes import sizes_argument
from modc.tensor.variable import TensorType, Variable, as_variable

__all__ = [
    "CSC", "CSM", "CSR", "SparseType", "csc_dmatrix", "csc_fmatrix", "csc_matrix", "csr_dmatrix", "csr_fmatrix",
    "csr_matrix", "matrix",
]  # fmt: skip


class SparseType:
    """Format ("csr" or "csc"), dtype, and per axis a fixed size, the name of a dimension or None. Calling it makes a root.

    nnz          number of stored elements where that is fixed
    index_dtype  "int32", or "int64" for more than 2**31 rows, columns or elements
    """

    def __init__(self, format: str, dtype: Any = "floatX", shape: Any = (None, None), nnz: int | None = None,
                 index_dtype: str = "int32") -> None:  # fmt: skip
        if format not in ("csr", "csc"):
            raise ValueError(f"the format of a sparse matrix is 'csr' or 'csc', not {format!r}")
        if str(index_dtype) not in ("int32", "int64"):
            raise DTypeError(f"indices are int32 or int64, not {index_dtype}")
        row = row_of(dtype)
        if len(shape) != 2:
            raise ShapeError(f"a sparse matrix has 2 axes, not {len(shape)}")
        self.format, self.dtype, self.nnz, self.index_dtype = format, row.name, nnz, str(index_dtype)
        self.shape = TensorType("bool", shape).shape

    def __call__(self, name: str | None = None, init: Any = None) -> SparseVariable:
        """A new root. `init`: its first value as a member, or a callable that gives it."""
        rows, columns = self.shape
        major = rows if self.format == "csr" else columns
        data = TensorType(self.dtype, (self.nnz,))()
        indices = TensorType(self.index_dtype, (self.nnz,))()
        indptr = TensorType(self.index_dtype, (major + 1 if isinstance(major, int) else None,))()
        extent = TensorType("bool", (rows, columns, 0))()
        sizes: list[Size] = list(extent.node.shape[:2])
        if self.format == "csc":
            sizes.reverse()
        fixed = isinstance(rows, int) and isinstance(columns, int)
        found = SparseVariable(
            Structure(indptr, indices, sizes[0], sizes[1]), data, self.format, None if fixed else extent, root=True
        )
        if init is not None:
            _initialised(found, init)
        found.name = name
        return found

    def __repr__(self) -> str:
        return f"SparseType({self.format!r}, {self.dtype!r}, {self.shape!r})"


class _First:
    """The first value of one part; the first of the parts makes the value."""

    def __init__(self, variable: SparseVariable, init: Any, at: int, made: list[Any]) -> None:
        self.variable, self.init, self.at, self.made = variable, init, at, made

    def __call__(self) -> Any:
        if self.at == 0:
            value = self.init() if callable(self.init) else self.init
            label = f"the first value of {self.variable}"
            self.made[:] = self.variable.form.take(value, label)
            self.variable.form.check(self.made, label)
        return self.made[self.at]


def _initialised(variable: SparseVariable, init: Any) -> None:
    made: list[Any] = []
    for at, part in enumerate(variable.variables()):
        part.init = _First(variable, init, at, made)


def matrix(format: str, name: str | None = None, dtype: Any = None, **options: Any) -> SparseVariable:
    """A root of a format ("csr" or "csc"); options as for `csr_matrix`."""
    init = options.pop("init", None)
    return SparseType(format, "floatX" if dtype is None else dtype, **options)(name, init)


def csr_matrix(name: str | None = None, dtype: Any = None, **options: Any) -> SparseVariable:
    """A sparse matrix that is stored by rows.

    shape        per axis a size, the name of a dimension, or None
    nnz          number of stored elements, where that is fixed
    index_dtype  "int32" or "int64"
    init         its first value as a member of a Module: a matrix of SciPy, or a callable that gives one
    """
    return matrix("csr", name, dtype, **options)


def csc_matrix(name: str | None = None, dtype: Any = None, **options: Any) -> SparseVariable:
    """A sparse matrix that is stored by columns; options as for `csr_matrix`."""
    return matrix("csc", name, dtype, **options)


def csr_fmatrix(name: str | None = None, **options: Any) -> SparseVariable:
    """`csr_matrix` of float32."""
    return matrix("csr", name, "float32", **options)


def csr_dmatrix(name: str | None = None, **options: Any) -> SparseVariable:
    """`csr_matrix` of float64."""
    return matrix("csr", name, "float64", **options)


def csc_fmatrix(name: str | None = None, **options: Any) -> SparseVariable:
    """`csc_matrix` of float32."""
    return matrix("csc", name, "float32", **options)


def csc_dmatrix(name: str | None = None, **options: Any) -> SparseVariable:
    """`csc_matrix` of float64."""
    return matrix("csc", name, "float64", **options)


def CSM(format: str, data: Any, indices: Any, indptr: Any, shape: Any) -> SparseVariable:
    """A matrix from its values, indices, starts and shape, each dense and possibly symbolic; calls check them.

    Raises DTypeError for indices that are no integers, ShapeError for what is no vector.
    """
    if format not in ("csr", "csc"):
        raise ValueError(f"the format of a sparse matrix is 'csr' or 'csc', not {format!r}")
    places = [_places(as_variable(one)) for one in (indptr, indices)]
    if "int64" in (one.dtype for one in places):
        places = [one.astype("int64") for one in places]
    sizes = sizes_argument(shape)
    if len(sizes) != 2:
        raise ShapeError(f"a sparse matrix has 2 axes, not {len(sizes)}")
    major, minor = sizes if format == "csr" else sizes[::-1]
    return SparseVariable(Structure(places[0], places[1], major, minor), as_variable(data), format)


def _places(found: Variable) -> Variable:
    """A vector of int32 or int64."""
    if not found.node.dtype.is_integer:
        raise DTypeError(f"indices and indptr are integers, not {found.dtype}")
    if found.ndim != 1:
        raise ShapeError(f"indices and indptr are vectors, not arrays of {found.ndim} axes")
    constant = not isinstance(found.node, Leaf) and found.node.op.name == "const"
    small = found.node.dtype.bits < 32 or (constant and (found.node.value.size == 0 or abs(found.node.value).max() < 2**31))
    return found if found.dtype == "int32" else found.astype("int32" if small else "int64")


def CSR(data: Any, indices: Any, indptr: Any, shape: Any) -> SparseVariable:
    """A matrix stored by rows from its parts; see `CSM`."""
    return CSM("csr", data, indices, indptr, shape)


def CSC(data: Any, indices: Any, indptr: Any, shape: Any) -> SparseVariable:
    """A matrix stored by columns from its parts; see `CSM`."""
    return CSM("csc", data, indices, indptr, shape)


