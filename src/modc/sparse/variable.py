"""SparseVariable: a symbolic sparse matrix.

Input: a `Structure` and a dense Variable with the values. Output: expressions; attributes of Modules, inputs, outputs and
updates of Methods. Neighbours: `types` makes roots, `functions` has the functions.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from modc import tensor as T
from modc.errors import DTypeError, ShapeError
from modc.graph import Size, size_node
from modc.graph.sizes import size_min
from modc.module.compound import Compound
from modc.module.functions import evaluate
from modc.module.sharing import shared as shared_array
from modc.runtime.sparse import SparseForm, is_sparse
from modc.sparse.structure import Structure
from modc.tensor.arguments import Carrier
from modc.tensor.declared import row_of
from modc.tensor.shapes import same_sizes, specified
from modc.tensor.variable import Shape, Variable, as_variable, wrap


class SparseVariable(Compound, Carrier):
    """A symbolic matrix of which only some elements are stored, by rows ("csr") or by columns ("csc").

    data    the stored values, a dense vector: elements with derivatives, like every Variable
    format  "csr" or "csc"

    Operators: `@` with dense vectors and matrices, `*` and `/` by element with numbers, dense arrays and matrices of the
    same structure, `+` and `-` with dense matrices (then the result is dense) and with those of the same structure.
    Results have the structure of the operand. Elements that are stored twice count as their sum.
    """

    data: Variable

    def __init__(self, structure: Structure, data: Variable, format: str, extent: Variable | None = None, root: bool = False) -> None:
        if data.ndim != 1:
            raise ShapeError(f"the values of a sparse matrix are a vector, not an array of {data.ndim} axes")
        self.structure, self.data, self.format = structure, data, format
        self.extent, self._root = extent, root

    # What it is

    @property
    def dtype(self) -> str:
        """Name of the dtype of the values."""
        return self.data.dtype

    @property
    def ndim(self) -> int:
        """2."""
        return 2

    @property
    def sizes(self) -> tuple[Size, Size]:
        """Rows and columns."""
        sizes = self.structure.major, self.structure.minor
        return sizes if self.format == "csr" else sizes[::-1]

    @property
    def shape(self) -> Shape:
        """Rows and columns, as an int64 vector."""
        return Shape(self.sizes)

    @property
    def nnz(self) -> Variable:
        """How many elements are stored."""
        return self.data.size

    @property
    def indices(self) -> Variable:
        """The column (csc: the row) of each stored element."""
        return self.structure.indices

    @property
    def indptr(self) -> Variable:
        """Where each row (csc: column) begins among the elements, and the end."""
        return self.structure.indptr

    @property
    def type(self) -> Any:
        """Format and dtype, in words."""
        return f"{self.form}"

    @property
    def values(self) -> Variable:
        """`data`, of which a call checks that there are as many as indices."""
        return wrap(specified(self.data.node, (self.indices.node.shape[0],), "shape"))

    def rows(self) -> Variable:
        """The row of each stored element."""
        return self.structure.numbers() if self.format == "csr" else self.structure.columns

    def columns(self) -> Variable:
        """The column of each stored element."""
        return self.structure.columns if self.format == "csr" else self.structure.numbers()

    def with_data(self, data: Any) -> SparseVariable:
        """The same structure with other values."""
        found = as_variable(data)
        return SparseVariable(self.structure, found, self.format, self.extent)

    def structured(self, function: Any, *others: Any) -> SparseVariable:
        """A function of the stored values, and of numbers or of the elements of other arrays and matrices in their places."""
        return self.with_data(function(self.data, *(self.at(one) for one in others)))

    def astype(self, dtype: Any) -> SparseVariable:
        """The same values in another dtype."""
        return self.with_data(self.data.astype(dtype))

    def __str__(self) -> str:
        return self.name or f"{self.format}({self.data})"

    def __repr__(self) -> str:
        return str(self)

    def __bool__(self) -> bool:
        raise TypeError(f"{self} is symbolic: it has no truth value while the program is written")

    def pretty(self, **options: Any) -> str:
        """Kind, name and type on one line."""
        return f"{'Member' if self._root else 'External'} {self}: {self.form}"

    # As a Component: storage, inputs, outputs, updates

    def _modc_rename(self, name: str) -> None:
        super()._modc_rename(name)
        if self._root:
            for key, variable in zip(self.form.parts, self.variables(), strict=True):
                variable.name = f"{name}.{key}" if name else None

    @property
    def form(self) -> SparseForm:
        """How matrices of SciPy are taken apart."""
        rows, columns = (size if isinstance(size, int) else None for size in self.sizes)
        return SparseForm(self.format, self.dtype, self.indices.dtype, (rows, columns))

    def variables(self) -> list[Variable]:
        """Values, indices, starts and, where the shape is not fixed, an array without elements of that shape."""
        found = [self.data, self.indices, self.indptr]
        if all(isinstance(size, int) for size in self.sizes):
            return found
        extent = T.zeros((*self.shape, 0), "bool") if self.extent is None else self.extent
        return [*found, extent]

    def stored(self) -> bool:
        """Whether it is a root."""
        return self._root

    def assigned(self, value: Any) -> list[tuple[Variable, Any]]:
        """New values, and a new structure where that is another one."""
        if not is_matrix(value):
            raise TypeError(f"the update of {self} is a sparse matrix, not {value}; from_dense(x, like={self}) makes one of it")
        if not self._root:
            raise TypeError(f"{self} has an update but is an expression, no member")
        new = as_sparse(value)
        if new.format != self.format:
            raise TypeError(f"the update of {self} is {new.format}, not {self.format}: use to{self.format}()")
        pairs: list[tuple[Variable, Any]] = [(self.data, new.data)]
        if not self.structure.same_as(new.structure):
            if not same_sizes(new.sizes, self.sizes) and all(isinstance(size, int) for size in (*new.sizes, *self.sizes)):
                raise TypeError(f"the update of {self} has shape {new.shape}, not {self.shape}")
            pairs += zip(self.variables()[1:], [one.astype(self.indices.dtype) for one in new.variables()[1:3]], strict=False)
            if len(self.variables()) > 3:
                pairs.append((self.variables()[3], T.zeros((*new.shape, 0), "bool")))
        return pairs

    def eval(self, values: Any = None) -> Any:
        """Its value, a sparse array of SciPy, where root Variables have the given `values`."""
        return evaluate(self, values or {})

    # Transposition and conversion

    @property
    def T(self) -> SparseVariable:
        """The transpose: rows become columns, at no cost."""
        other = "csc" if self.format == "csr" else "csr"
        extent = None if self.extent is None else self.extent.dimshuffle(1, 0, 2)
        return SparseVariable(self.structure, self.data, other, extent)

    def transpose(self) -> SparseVariable:
        """The transpose."""
        return self.T

    def tocsr(self) -> SparseVariable:
        """Stored by rows."""
        return self if self.format == "csr" else self._turned("csr")

    def tocsc(self) -> SparseVariable:
        """Stored by columns."""
        return self if self.format == "csc" else self._turned("csc")

    def _turned(self, format: str) -> SparseVariable:
        """The other format: entries in the order of their columns."""
        old = self.structure
        order = T.argsort(old.columns, kind="stable")
        sorted_ = old.columns[order]
        starts = T.searchsorted(sorted_, T.arange(wrap(size_node(old.minor)) + 1).astype(sorted_.dtype))
        new = Structure(starts.astype(old.indptr.dtype), old.numbers()[order], old.minor, old.major, checked=True)
        return SparseVariable(new, self.values[order], format, self.extent)

    def toarray(self) -> Variable:
        """A dense matrix."""
        return self._added_to(T.zeros(self.shape, self.dtype))

    todense = toarray

    def _added_to(self, dense: Variable) -> Variable:
        return T.inc_subtensor(dense[self.rows(), self.columns()], self.data)

    # By element

    def at(self, other: Any) -> Any:
        """The elements of a dense array in the stored places, where axes of size 1 and missing ones broadcast; those of a
        matrix of the same structure; a number itself.
        """
        if is_matrix(other):
            return self._matching(other)
        if isinstance(other, (bool, int, float)):
            return other
        x = as_variable(other)
        if x.ndim > 2:
            raise ShapeError(f"a sparse matrix meets numbers, vectors and matrices, not an array of {x.ndim} axes")
        if x.ndim == 0:
            return x
        sizes = (1, *x.node.shape) if x.ndim == 1 else x.node.shape
        if x.ndim == 2 and sizes[0] == 1 and self.sizes[0] != 1:
            x = x.dimshuffle(1)
        elif x.ndim == 2 and sizes[1] == 1 and self.sizes[1] != 1:
            return wrap(specified(x.dimshuffle(0).node, (self.sizes[0],), "shape"))[self.rows()]
        if x.ndim == 1:
            return x.dimshuffle() if sizes[1] == 1 else wrap(specified(x.node, (self.sizes[1],), "shape"))[self.columns()]
        return wrap(specified(x.node, self.sizes, "shape"))[self.rows(), self.columns()]

    def _matching(self, other: Any) -> Variable:
        """The values of a matrix of the same structure. Raises TypeError for another one."""
        found = as_sparse(other)
        if found.format != self.format or not self.structure.same_as(found.structure):
            raise TypeError(
                f"{self} and {found} are not known to have one structure, and structures are fixed: build both with "
                "with_data or from_dense(..., like=...), or use toarray()"
            )
        return found.data

    def _by_element(self, name: str, other: Any) -> SparseVariable:
        return self.with_data(getattr(self.data, name)(self.at(other)))

    def __mul__(self, other: Any) -> SparseVariable:
        return self._by_element("__mul__", other)

    def __rmul__(self, other: Any) -> SparseVariable:
        return self._by_element("__rmul__", other)

    def __truediv__(self, other: Any) -> SparseVariable:
        return self._by_element("__truediv__", other)

    def __pow__(self, other: Any) -> SparseVariable:
        return self._by_element("__pow__", other)

    def __neg__(self) -> SparseVariable:
        return self.with_data(-self.data)

    def __abs__(self) -> SparseVariable:
        return self.with_data(abs(self.data))

    multiply = __mul__

    def _plus(self, other: Any, name: str) -> Any:
        if is_matrix(other):
            return self.with_data(getattr(self.data, name)(self._matching(other)))
        dense = as_variable(other)
        if dense.ndim == 0:
            raise TypeError(f"{self} and a number would be a dense matrix: use toarray(), or structured_add for the stored elements")
        if name == "__sub__":
            dense = -dense
        mine = -self if name == "__rsub__" else self
        common = row_of(np.result_type(self.data.node.dtype.numpy, dense.node.dtype.numpy)).name
        wide = T.broadcast_to(dense, self.shape) if dense.ndim < 2 else wrap(specified(dense.node, self.sizes, "shape"))
        return mine.astype(common)._added_to(wide.astype(common))

    def __add__(self, other: Any) -> Any:
        return self._plus(other, "__add__")

    def __radd__(self, other: Any) -> Any:
        return self._plus(other, "__radd__")

    def __sub__(self, other: Any) -> Any:
        return self._plus(other, "__sub__")

    def __rsub__(self, other: Any) -> Any:
        return self._plus(other, "__rsub__")

    # Products and sums

    def dot(self, other: Any) -> Variable:
        """The product with a dense vector or matrix, or with a sparse matrix: a dense array."""
        x = as_sparse(other).toarray() if is_matrix(other) else as_variable(other)
        product = self.structure.dot if self.format == "csr" else self.structure.dot_transposed
        return product(self.data, x)

    def __matmul__(self, other: Any) -> Variable:
        return self.dot(other)

    def __rmatmul__(self, other: Any) -> Variable:
        x = as_sparse(other).toarray() if is_matrix(other) else as_variable(other)
        return self.T.dot(x if x.ndim < 2 else x.T).T

    def sum(self, axis: int | None = None) -> Variable:
        """The sum of all elements, or of each column (axis 0) or row (axis 1): a dense vector."""
        if axis is None:
            return self.data.sum()
        if axis not in (0, 1, -1, -2):
            raise ValueError(f"axis {axis} is out of bounds for 2 dimensions")
        return self.structure.sums(self.data, (axis % 2 == 1) == (self.format == "csr"))

    def mean(self, axis: int | None = None) -> Variable:
        """The mean over all elements, stored or not, or over an axis."""
        many = self.shape[0] * self.shape[1] if axis is None else self.shape[axis]
        return self.sum(axis) / many

    def diagonal(self) -> Variable:
        """The elements of equal row and column: a dense vector."""
        rows, columns = self.rows(), self.columns()
        on = T.eq(rows, columns)
        zeros = T.zeros(wrap(size_node(size_min(*self.sizes))), self.dtype)
        return T.inc_subtensor(zeros[T.where(on, rows, 0)], T.where(on, self.data, T.zeros_like(self.data)))

    # Parts

    def __getitem__(self, items: Any) -> Variable:
        """An element, or a row or column as a dense vector: `x[i, j]`, `x[i]`, `x[i, :]`, `x[:, j]`."""
        given = items if isinstance(items, tuple) else (items, slice(None))
        whole = [isinstance(item, slice) and item == slice(None) for item in given]
        if len(given) != 2 or all(whole) or any(isinstance(item, slice) and not one for item, one in zip(given, whole, strict=True)):
            raise TypeError(f"{self}[...] takes a row, a column or both: the structure of a part would not be fixed")
        places = (self.rows(), self.columns())
        found = self.data
        for item, one, place, size in zip(given, whole, places, self.shape, strict=True):
            if not one:
                position = T.arange(size)[item]
                if position.ndim:
                    raise TypeError(f"{self}[...] takes integers, not arrays")
                found = T.where(T.eq(place.astype("int64"), position), found, T.zeros_like(found))
        if not any(whole):
            return found.sum().astype(self.dtype)
        at = whole.index(True)
        return T.inc_subtensor(T.zeros(self.shape[at], self.dtype)[places[at]], found)

    def __iter__(self) -> Any:
        raise TypeError(f"{self} cannot be iterated: use toarray()")


class SharedSparse(SparseVariable):
    """A sparse matrix with storage of its own, common to everything that uses it. Made by `shared`."""

    def get_value(self, borrow: bool = False) -> Any:
        """The value: a copy, or with `borrow` over the live storage."""
        arrays: list[Any] = [variable.get_value(borrow=borrow) for variable in self.variables()]  # type: ignore[attr-defined]
        return self.form.give(arrays, borrow)

    def set_value(self, value: Any, borrow: bool = False) -> None:
        """Store a matrix of the same shape; it is copied in."""
        arrays = self.form.take(value, str(self))
        self.form.check(arrays, str(self))
        for variable, array in zip(self.variables(), arrays, strict=True):
            variable.set_value(array.astype(variable.dtype))  # type: ignore[attr-defined]


def is_matrix(value: Any) -> bool:
    """Whether a value is a sparse matrix, symbolic or of SciPy."""
    return isinstance(value, SparseVariable) or is_sparse(value)


def as_sparse(value: Any, name: str | None = None) -> SparseVariable:
    """`value` itself if it is symbolic, else a constant made of a matrix of SciPy (csc stays, others become csr).

    Raises DTypeError (a TypeError) for anything else.
    """
    if isinstance(value, SparseVariable):
        return value
    if not is_sparse(value):
        raise DTypeError(f"{value!r} ({type(value).__name__}) is no sparse matrix")
    format = "csc" if value.format == "csc" else "csr"
    arrays, form = _arrays(value, format, "a constant")
    data, indices, indptr = map(as_variable, arrays[:3])
    sizes = form if format == "csr" else form[::-1]
    found = SparseVariable(Structure(indptr, indices, *sizes, checked=True), data, format)
    found.name = name
    return found


def _arrays(value: Any, format: str, label: str) -> tuple[list[Any], tuple[int, int]]:
    """The checked arrays of a matrix of SciPy, and its shape."""
    rows, columns = map(int, value.shape)
    wide = max(rows, columns, value.nnz) > np.iinfo(np.int32).max
    form = SparseForm(format, value.dtype.name, "int64" if wide else "int32", (rows, columns))
    arrays = form.take(value, label)
    form.check(arrays, label)
    return arrays, (rows, columns)


def shared(value: Any, name: str | None = None) -> SharedSparse:
    """A sparse matrix with storage, from one of SciPy: Methods and functions share it. The shape stays.

    Raises DTypeError (a TypeError) for what is no sparse matrix.
    """
    if not is_sparse(value):
        raise DTypeError(f"sparse.shared takes a matrix of scipy.sparse, not {type(value).__name__}")
    format = "csc" if value.format == "csc" else "csr"
    arrays, sizes = _arrays(value, format, "shared")
    data, indices, indptr = (shared_array(array) for array in arrays)
    major, minor = sizes if format == "csr" else sizes[::-1]
    found = SharedSparse(Structure(indptr, indices, major, minor), data, format, root=True)
    found.name = name or "shared"
    return found


__all__ = ["SharedSparse", "SparseVariable", "as_sparse", "is_matrix", "shared"]
