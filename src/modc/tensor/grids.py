"""Grids and positions: meshgrid, indices, ix_, mgrid, ogrid, triangles of matrices.

Sizes may be numbers or integer scalars. Neighbours: `arrays` has arange and linspace, `diagonals` what lies on diagonals.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from modc.errors import ShapeError
from modc.tensor import shapes
from modc.tensor.arrays import arange, linspace, stack, tri
from modc.tensor.variable import Variable, as_variable, wrap

__all__ = [
    "indices", "ix_", "meshgrid", "mgrid", "ogrid", "tril_indices", "tril_indices_from", "triu_indices",
    "triu_indices_from",
]  # fmt: skip


def meshgrid(*vectors: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> list[Variable]:
    """Coordinates of a grid, one array for each vector.

    indexing    "xy": the first vector runs along the second axis, the second along the first; "ij": each along its own
    sparse      axes of size 1 instead of repeated values

    >>> for one in T.meshgrid([1, 2, 3], [10, 20]): print(one.eval())
    [[1 2 3]
     [1 2 3]]
    [[10 10 10]
     [20 20 20]]
    """
    if indexing not in ("xy", "ij"):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    many = [as_variable(one) for one in vectors]
    many = [one.flatten(1) if one.ndim else one.dimshuffle("x") for one in many]
    places = list(range(len(many)))
    if indexing == "xy" and len(many) > 1:
        places[:2] = 1, 0
    return _grid(many, places, sparse)


def _grid(vectors: Sequence[Variable], places: Sequence[int], sparse: bool) -> list[Variable]:
    """Each vector along its place among as many axes as there are vectors."""
    found = [one.dimshuffle([0 if at == place else "x" for at in range(len(vectors))])
             for one, place in zip(vectors, places, strict=True)]  # fmt: skip
    if sparse:
        return found
    sizes = [vectors[places.index(at)].node.shape[0] for at in range(len(vectors))]
    return [wrap(shapes.broadcast_to(one.node, sizes)) for one in found]


def indices(dimensions: Any, dtype: Any = "int64", sparse: bool = False) -> Any:
    """The positions along each axis of an array of these sizes: an array with one more axis in front, or (sparse) a
    tuple of arrays with axes of size 1.

    >>> for one in T.indices((2, 3)): print(one.eval())
    [[0 0 0]
     [1 1 1]]
    [[0 1 2]
     [0 1 2]]
    """
    sizes = [_size(size) for size in shapes.sizes_argument(dimensions)]
    found = [one.astype(dtype) for one in _grid([arange(size) for size in sizes], range(len(sizes)), sparse)]
    return tuple(found) if sparse else stack(found)


def _size(size: Any) -> Any:
    """A size as an argument of the functions here."""
    return size if isinstance(size, int) else wrap(size)


def ix_(*vectors: Any) -> tuple[Variable, ...]:
    """Vectors of positions (or masks) so that x[ix_(a, b)] has the rows a and the columns b.

    >>> T.constant([[1, 2, 3], [4, 5, 6]])[T.ix_([1, 0], [0, 2])].eval()
    array([[4, 6],
           [1, 3]])
    """
    many = []
    for one in map(as_variable, vectors):
        if one.ndim != 1:
            raise ValueError("Cross index must be 1 dimensional")
        empty = one.node.shape[0] == 0 and not one.node.dtype.is_integer
        many.append(one.nonzero()[0] if one.node.dtype.kind == "b" else one.astype("int64") if empty else one)
    return tuple(_grid(many, range(len(many)), sparse=True))


class Grid:
    """`mgrid[0:3, 0:1:5j]`: coordinates of the grid of several ranges; with an imaginary step that many numbers,
    both ends among them. `ogrid` gives axes of size 1 instead of repeated values.
    """

    __slots__ = ("sparse",)

    def __init__(self, sparse: bool) -> None:
        self.sparse = sparse

    def __getitem__(self, ranges: Any) -> Any:
        many = ranges if isinstance(ranges, tuple) else (ranges,)
        found = _grid([_range(one) for one in many], range(len(many)), self.sparse)
        return found if isinstance(ranges, tuple) else found[0]

    def __repr__(self) -> str:
        return "ogrid" if self.sparse else "mgrid"


def _range(item: Any) -> Variable:
    if not isinstance(item, slice) or item.stop is None:
        raise TypeError("mgrid and ogrid take slices with an end: mgrid[0:3, 0:4]")
    start = 0 if item.start is None else item.start
    if isinstance(item.step, complex):
        found: Variable = linspace(start, item.stop, int(abs(item.step)))
        return found
    return arange(start, item.stop, 1 if item.step is None else item.step)


mgrid, ogrid = Grid(sparse=False), Grid(sparse=True)


# Triangles


def tril_indices(n: Any, k: int = 0, m: Any = None) -> tuple[Variable, ...]:
    """Rows and columns of the elements at and below diagonal k of an n by m matrix (n by n unless given).

    >>> [one.eval() for one in T.tril_indices(2)]
    [array([0, 1, 1]), array([0, 0, 1])]
    """
    return _places(n, m, k, below=True)


def triu_indices(n: Any, k: int = 0, m: Any = None) -> tuple[Variable, ...]:
    """Rows and columns of the elements at and above diagonal k of an n by m matrix (n by n unless given).

    >>> [one.eval() for one in T.triu_indices(2, k=1, m=3)]
    [array([0, 0, 1]), array([1, 2, 2])]
    """
    return _places(n, m, k, below=False)


def _places(n: Any, m: Any, k: int, below: bool) -> tuple[Variable, ...]:
    """Positions on one side of a diagonal: constants where the sizes are numbers."""
    sizes = shapes.sizes_argument((n, n if m is None else m))
    if all(isinstance(size, int) for size in sizes):
        rows, columns = (int(size) for size in sizes if isinstance(size, int))
        found = np.tril_indices(rows, k, columns) if below else np.triu_indices(rows, k, columns)
        return tuple(as_variable(one) for one in found)
    mask = tri(n, m, k, "bool") if below else ~tri(n, m, k - 1, "bool")
    return mask.nonzero()  # type: ignore[no-any-return]


def tril_indices_from(x: Any, k: int = 0) -> tuple[Variable, ...]:
    """Rows and columns of the elements of a matrix at and below diagonal k.

    >>> [one.eval() for one in T.tril_indices_from(np.zeros((2, 3)))]
    [array([0, 1, 1]), array([0, 0, 1])]
    """
    return tril_indices(*_matrix(x, k))


def triu_indices_from(x: Any, k: int = 0) -> tuple[Variable, ...]:
    """Rows and columns of the elements of a matrix at and above diagonal k.

    >>> [one.eval() for one in T.triu_indices_from(np.zeros((2, 2)))]
    [array([0, 0, 1]), array([0, 1, 1])]
    """
    return triu_indices(*_matrix(x, k))


def _matrix(x: Any, k: int) -> tuple[Any, int, Any]:
    value = as_variable(x)
    if value.ndim != 2:
        raise ShapeError(f"input array must be 2-d, not {value.type}")
    return _size(value.node.shape[0]), k, _size(value.node.shape[1])

