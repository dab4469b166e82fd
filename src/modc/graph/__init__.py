"""What a Method means: typed, interned expression nodes over one table of ops."""

import modc.graph.ops_array
import modc.graph.ops_call
import modc.graph.ops_complex
import modc.graph.ops_composite
import modc.graph.ops_eig
import modc.graph.ops_fft
import modc.graph.ops_index
import modc.graph.ops_linalg
import modc.graph.ops_number
import modc.graph.ops_rows
import modc.graph.ops_scalar
import modc.graph.ops_scalar_math
import modc.graph.ops_sort
import modc.graph.ops_sparse
import modc.graph.ops_special
import modc.graph.serial  # noqa: F401  registers pickling of nodes
from modc.graph.blame import apply
from modc.graph.build import (
    cast,
    const,
    leaf,
    rebuild,
    size_node,
    size_of,
    substitute,
    transform,
)
from modc.graph.dtype import ALL_DTYPES, DTYPES, DType, dtype
from modc.graph.node import Leaf, Node, Size, users, walk
from modc.graph.op import OPS, Op
from modc.graph.program import Program

__all__ = [
    "ALL_DTYPES", "DTYPES", "OPS", "DType", "Leaf", "Node", "Op", "Program", "Size", "apply", "cast", "const", "dtype", "leaf",
    "rebuild", "size_node", "size_of", "substitute", "transform", "users", "walk",
]
