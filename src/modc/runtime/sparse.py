"""Sparse matrices of SciPy as arrays, and back: the `Form` of sparse members, arguments and results.

Input: anything of scipy.sparse. Output: the vectors of its values, its indices and its row (or column) starts, in the
dtypes that kernels take, and, where the shape is not fixed, an array without elements that has the shape as its sizes:
so that kernels know rows and columns as they know every other size. Neighbours: `compound`. SciPy is imported when the
first matrix is given out.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from modc.errors import DTypeError, ShapeError
from modc.runtime.compound import Form
from modc.runtime.convert import describe_value

_FORMATS = ("csr", "csc")


class SparseForm(Form):
    """Matrices of one format ("csr" or "csc"), dtype and dtype of indices; `shape` holds fixed sizes or None."""

    __slots__ = ("_place", "dtype", "format", "index", "parts", "shape")

    def __init__(self, format: str, dtype: str, index: str, shape: tuple[int | None, int | None]) -> None:
        self.format, self.dtype, self.index = format, dtype, index
        self.shape: tuple[int | None, int | None] = (shape[0], shape[1])
        self._place = np.dtype(index)
        self.parts = ("data", "indices", "indptr") if None not in shape else ("data", "indices", "indptr", "extent")

    def __repr__(self) -> str:
        sizes = ", ".join("?" if size is None else str(size) for size in self.shape)
        return f"{self.dtype} {self.format} matrix of shape ({sizes})"

    def described(self) -> dict[str, Any]:
        """The arguments of the class."""
        return {"format": self.format, "dtype": self.dtype, "index": self.index, "shape": list(self.shape)}

    def take(self, value: Any, label: str) -> list[Any]:
        """Raises DTypeError for what is not sparse, ShapeError for another shape, OverflowError for a larger matrix
        than the dtype of the indices can have.
        """
        if not is_sparse(value):
            raise DTypeError(
                f"{label} expects a {self}, got {describe_value(value)}\n"
                f"  hint: scipy.sparse.{self.format}_array(...) makes a sparse array of it"
            )
        if len(value.shape) != 2:
            raise DTypeError(f"{label} expects a {self}, got a sparse array of {len(value.shape)} axes")
        for axis, (got, want) in enumerate(zip(value.shape, self.shape, strict=True)):
            if want is not None and got != want:
                raise ShapeError(f"{label} expects a {self}, got shape {value.shape}: axis {axis} must have size {want}")
        matrix = value if value.format == self.format else value.asformat(self.format)
        indices, indptr, data = matrix.indices, matrix.indptr, matrix.data
        count = int(indptr[-1]) if len(indptr) else 0
        if 0 <= count < len(indices):  # SciPy's rooms may be larger than what is in them
            indices, data = indices[:count], data[:count]
        found = [data, self._narrow(indices, matrix, label), self._narrow(indptr, matrix, label)]
        return found if len(self.parts) == 3 else [*found, np.empty((*matrix.shape, 0), np.bool_)]

    def _narrow(self, positions: Any, matrix: Any, label: str) -> Any:
        if positions.dtype == self._place:
            return positions
        largest = max(*matrix.shape, len(matrix.indices))
        if largest > np.iinfo(self.index).max:
            raise OverflowError(f"{label}: a matrix of shape {matrix.shape} with {len(matrix.indices)} entries needs index_dtype='int64'")
        return positions.astype(self.index)

    def give(self, arrays: list[Any], live: bool = False) -> Any:
        """A csr_array or csc_array; the structure of a live one is read-only."""
        data, indices, indptr, *extent = arrays
        if live:
            indices, indptr = _frozen(indices), _frozen(indptr)
        shape = extent[0].shape[:2] if extent else self.shape
        made = _scipy().csr_array if self.format == "csr" else _scipy().csc_array
        return made((data, indices, indptr), shape=shape)

    def check(self, arrays: list[Any], label: str) -> None:
        """Raises ValueError for starts that are none and for indices outside the matrix, and ShapeError for vectors
        of lengths that do not belong together.
        """
        data, indices, indptr, *extent = arrays
        shape: Any = extent[0].shape[:2] if extent else self.shape
        major, minor = shape if self.format == "csr" else shape[::-1]
        if len(indptr) != major + 1 or len(data) != len(indices):
            raise ShapeError(f"{label}: {len(indptr)} starts, {len(indices)} indices and {len(data)} values are no {self}")
        if indptr[0] != 0 or indptr[-1] != len(indices) or (np.diff(indptr) < 0).any():
            raise ValueError(f"{label}: indptr must go from 0 to {len(indices)}, the number of entries, and never down")
        if len(indices) and not 0 <= int(indices.min()) <= int(indices.max()) < minor:
            raise ValueError(f"{label}: indices must be from 0 to {minor - 1}")


def is_sparse(value: Any) -> bool:
    """Whether a value is of scipy.sparse."""
    return hasattr(value, "asformat") and hasattr(value, "format") and hasattr(value, "tocsr")


def _frozen(array: Any) -> Any:
    view = array.view()
    view.flags.writeable = False
    return view


def _scipy() -> Any:
    try:
        import scipy.sparse  # not needed by those who have no sparse matrices
    except ImportError as error:
        raise ImportError("sparse matrices need SciPy\n  hint: pip install modc[sparse]") from error
    return scipy.sparse


__all__ = ["SparseForm", "is_sparse"]
