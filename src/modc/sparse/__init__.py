"""Sparse matrices: the names of `theano.sparse`, over SciPy's sparse arrays.

from modc import sparse
W = sparse.csr_matrix("W", shape=(None, 100))
y = sparse.dot(W, x)

Structures are fixed: no computation changes which elements are stored, results have the structure of their operand, and
gradients by a sparse matrix have its own.
"""

from modc.runtime.sparse import SparseForm
from modc.sparse import elementwise, functions, types
from modc.sparse.elementwise import *
from modc.sparse.functions import *
from modc.sparse.types import *
from modc.sparse.variable import SharedSparse, SparseVariable, shared

__all__ = ["SharedSparse", "SparseForm", "SparseVariable", "shared"]
__all__ += elementwise.__all__
__all__ += functions.__all__
__all__ += types.__all__
