"""Functions of sparse matrices under Theano's names.

Takes and gives `SparseVariable` and dense Variables; matrices of SciPy are taken as constants. Neighbours: `variable` has
the work as methods, `types` the constructors.
"""

from __future__ import annotations

from typing import Any

from modc import tensor as T
from modc.errors import DTypeError
from modc.graph import size_node
from modc.sparse.structure import Structure
from modc.sparse.types import CSC, CSR
from modc.sparse.variable import SparseVariable, as_sparse, is_matrix
from modc.tensor.variable import Variable, as_variable, wrap

__all__ = [
    "add", "add_s_d", "add_s_s", "as_sparse_or_tensor_variable", "as_sparse_variable", "cast", "clean",
    "col_scale", "csc_from_dense", "csm_data", "csm_indices", "csm_indptr", "csm_properties", "csm_shape",
    "csr_from_dense", "dense_from_sparse", "diag", "dot", "ensure_sorted_indices", "from_dense", "hstack",
    "is_sparse_variable", "mul", "mul_s_d", "mul_s_s", "mul_s_v", "multiply", "neg", "remove0", "row_scale",
    "sampled_dot", "sampling_dot", "sp_ones_like", "sp_sum", "sp_zeros_like", "square_diagonal",
    "structured_add_s_v", "structured_dot", "sub", "subtract", "transpose", "true_dot", "usmm", "verify",
    "vstack",
]  # fmt: skip

# Parts


def as_sparse_variable(x: Any, name: str | None = None) -> SparseVariable:
    """`x` itself if it is symbolic, else a constant made of a matrix of SciPy. Raises TypeError for anything else."""
    return as_sparse(x, name)


def as_sparse_or_tensor_variable(x: Any, name: str | None = None) -> Any:
    """A sparse matrix, symbolic or of SciPy, as `as_sparse_variable` has it; else a dense Variable."""
    return as_sparse(x, name) if is_matrix(x) else as_variable(x)


def is_sparse_variable(x: Any) -> bool:
    """Whether `x` is a symbolic sparse matrix."""
    return isinstance(x, SparseVariable)


def csm_properties(csm: Any) -> tuple[Variable, Variable, Variable, Variable]:
    """Values, indices, starts and shape."""
    x = as_sparse(csm)
    return x.data, x.indices, x.indptr, x.shape


def csm_data(csm: Any) -> Variable:
    """The stored values."""
    return as_sparse(csm).data


def csm_indices(csm: Any) -> Variable:
    """The column (csc: row) of each stored element."""
    return as_sparse(csm).indices


def csm_indptr(csm: Any) -> Variable:
    """Where each row (csc: column) begins, and the end."""
    return as_sparse(csm).indptr


def csm_shape(csm: Any) -> Variable:
    """Rows and columns."""
    return as_sparse(csm).shape


# Between dense and sparse


def dense_from_sparse(x: Any) -> Variable:
    """A dense matrix; elements that are stored twice are added."""
    return as_sparse(x).toarray()


def from_dense(x: Any, like: Any) -> SparseVariable:
    """The elements of a dense matrix in the stored places of `like`; the others are left out."""
    pattern = as_sparse(like)
    return pattern.with_data(pattern.at(x))


def csr_from_dense(x: Any) -> SparseVariable:
    """The elements of a dense matrix that are not 0, by rows. Their number is known only in a call: the Method becomes
    several kernels.
    """
    dense = as_variable(x)
    if dense.ndim != 2:
        raise DTypeError(f"csr_from_dense takes a matrix, not an array of {dense.ndim} axes")
    mask = T.neq(dense, 0)
    rows, columns = T.nonzero(mask)
    starts = T.concatenate([T.zeros(1, "int64"), T.cumsum(mask.sum(axis=1))])
    rows_, columns_ = dense.node.shape
    structure = Structure(starts.astype("int32"), columns.astype("int32"), rows_, columns_)  # 2**31 and more are refused
    return SparseVariable(structure, dense[rows, columns], "csr")


def csc_from_dense(x: Any) -> SparseVariable:
    """The elements of a dense matrix that are not 0, by columns."""
    return csr_from_dense(as_variable(x).T).T


def transpose(x: Any) -> SparseVariable:
    """The transpose; csr becomes csc and the other way round, at no cost."""
    return as_sparse(x).T


def cast(x: Any, dtype: Any) -> SparseVariable:
    """The same values in another dtype."""
    return as_sparse(x).astype(dtype)


def sp_ones_like(x: Any) -> SparseVariable:
    """Ones in the stored places."""
    pattern = as_sparse(x)
    return pattern.with_data(T.ones_like(pattern.data))


def sp_zeros_like(x: Any) -> SparseVariable:
    """Zeros in the stored places."""
    pattern = as_sparse(x)
    return pattern.with_data(T.zeros_like(pattern.data))


def remove0(x: Any) -> SparseVariable:
    """Without the stored elements that are 0. Their number is known only in a call: the Method becomes several kernels."""
    old = as_sparse(x)
    mask = T.neq(old.values, 0)
    (kept,) = T.nonzero(mask)
    before = T.concatenate([T.zeros(1, "int64"), T.cumsum(mask.astype("int64"))])
    inner = old.structure
    starts = before[inner.starts].astype(old.indptr.dtype)
    structure = Structure(starts, inner.columns[kept], inner.major, inner.minor, checked=True)
    return SparseVariable(structure, old.data[kept], old.format, old.extent)


def ensure_sorted_indices(x: Any) -> SparseVariable:
    """The stored elements of each row (csc: column) in the order of their indices."""
    old = as_sparse(x)
    inner = old.structure
    place = inner.numbers().astype("int64") * wrap(size_node(inner.minor)) + inner.columns
    order = T.argsort(place, kind="stable")
    structure = Structure(inner.starts, inner.columns[order], inner.major, inner.minor, checked=True)
    return SparseVariable(structure, old.values[order], old.format, old.extent)


def clean(x: Any) -> SparseVariable:
    """Sorted, without stored zeros."""
    return ensure_sorted_indices(remove0(x))


# Arithmetic


def neg(x: Any) -> SparseVariable:
    """-x."""
    return -as_sparse(x)


def add(x: Any, y: Any) -> Any:
    """x + y: sparse where both are and have one structure, dense where one is dense."""
    return as_sparse(x) + y if is_matrix(x) else x + as_sparse(y)


def sub(x: Any, y: Any) -> Any:
    """x - y; see `add`."""
    return as_sparse(x) - y if is_matrix(x) else x - as_sparse(y)


def mul(x: Any, y: Any) -> SparseVariable:
    """x * y by element, with the structure of the sparse one."""
    matrix, other = (as_sparse(x), y) if is_matrix(x) else (as_sparse(y), x)
    found: SparseVariable = matrix * other
    return found


multiply = mul_s_s = mul_s_d = mul_s_v = mul
add_s_s = add_s_d = add
subtract = sub


def structured_add_s_v(x: Any, y: Any) -> SparseVariable:
    """A vector added to the stored elements of each row, by column."""
    matrix = as_sparse(x)
    return matrix.with_data(matrix.data + matrix.at(y))


def row_scale(x: Any, s: Any) -> SparseVariable:
    """Each row times an element of a vector."""
    found: SparseVariable = as_sparse(x) * as_variable(s).dimshuffle(0, "x")
    return found


def col_scale(x: Any, s: Any) -> SparseVariable:
    """Each column times an element of a vector."""
    return as_sparse(x) * as_variable(s)


def sp_sum(x: Any, axis: int | None = None, sparse_grad: bool = False) -> Variable:
    """The sum of all elements, or of each column (axis 0) or row (axis 1). `sparse_grad` is accepted: gradients by sparse
    matrices always have their structure.
    """
    return as_sparse(x).sum(axis)


def diag(x: Any) -> Variable:
    """The diagonal as a dense vector."""
    return as_sparse(x).diagonal()


def square_diagonal(x: Any) -> SparseVariable:
    """A square matrix with a vector on its diagonal, by columns."""
    values = as_variable(x)
    size = values.shape[0]
    return CSC(values, T.arange(size).astype("int32"), T.arange(size + 1).astype("int32"), (size, size))


# Products


def dot(x: Any, y: Any) -> Variable:
    """x @ y of a sparse and a dense array, or of two sparse ones: a dense array."""
    if not (is_matrix(x) or is_matrix(y)):
        raise DTypeError("sparse.dot takes a sparse matrix and an array; modc.tensor.dot is for two arrays")
    return as_sparse(x).dot(y) if is_matrix(x) else as_variable(x) @ as_sparse(y)


structured_dot = true_dot = dot


def sampling_dot(x: Any, y: Any, p: Any) -> SparseVariable:
    """p * (x @ y.T) of dense x and y, computed only in the stored places of p."""
    pattern = as_sparse(p)
    left, right = as_variable(x), as_variable(y)
    if pattern.format == "csc":
        left, right = right, left
    return pattern * pattern.with_data(pattern.structure.sampled(left, right))


def sampled_dot(x: Any, y: Any, like: Any) -> SparseVariable:
    """x @ y of dense x and y, computed only in the stored places of `like`."""
    pattern = as_sparse(like)
    left, right = as_variable(x), as_variable(y).T
    if pattern.format == "csc":
        left, right = right, left
    return pattern.with_data(pattern.structure.sampled(left, right))


def usmm(alpha: Any, x: Any, y: Any, z: Any) -> Variable:
    """alpha * (x @ y) + z, with one of x and y sparse."""
    found: Variable = dot(x, y) * alpha + z
    return found


# Joining


def vstack(blocks: Any, format: str | None = None, dtype: Any = None) -> SparseVariable:
    """Matrices below each other. `format`: of the result, csr by default."""
    many = [as_sparse(block).tocsr() for block in blocks]
    if not many:
        raise ValueError("vstack of nothing")
    columns = many[0].shape[1]
    starts, before = [many[0].structure.starts.astype("int64")], many[0].nnz
    for one in many[1:]:
        starts.append(one.structure.starts[1:] + before)
        before = before + one.nnz
    rows = sum((one.shape[0] for one in many[1:]), many[0].shape[0])
    indices = T.concatenate([one.structure.columns.astype("int64") for one in many])
    joined = CSR(T.concatenate([one.data for one in many]), indices, T.concatenate(starts), (rows, columns))
    joined = joined if dtype is None else joined.astype(dtype)
    return joined.tocsc() if format == "csc" else joined


def hstack(blocks: Any, format: str | None = None, dtype: Any = None) -> SparseVariable:
    """Matrices beside each other. `format`: of the result, csc by default."""
    joined = vstack([as_sparse(block).T for block in blocks], None, dtype).T
    return joined.tocsr() if format == "csr" else joined


def verify(x: Any) -> SparseVariable:
    """`x`, whose values count only in a call in which its structure is a sparse matrix; other functions check that too."""
    matrix = as_sparse(x)
    inner = matrix.structure
    structure = Structure(inner.starts, inner.columns, inner.major, inner.minor, checked=True)
    return SparseVariable(structure, matrix.data, matrix.format, matrix.extent)


