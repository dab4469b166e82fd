"""Methods of Variables that pick elements: those that NumPy's arrays have, and PyTensor's x[items].set(value).

Neighbours: `variable` inherits from `Methods`; the work is done at node level, in `indexing`, `masks` and `picking`.
"""

from __future__ import annotations

from typing import Any

from modc.graph import OPS, Node, apply, cast, const
from modc.graph.dtype import BOOL
from modc.tensor import indexing, masks, picking, shapes
from modc.tensor.arguments import axis_of, node_of, nodes_together, size_argument
from modc.tensor.declared import row_of
from modc.tensor.rows import Rows


class Methods(Rows):
    """Picking elements, as methods."""

    __slots__ = ()

    @property
    def real(self) -> Any:
        """The real part; real numbers as they are."""
        return self.wrapped(apply(OPS["real"], self.node) if self.node.dtype.is_complex else self.node)

    @property
    def imag(self) -> Any:
        """The imaginary part; of real numbers zeros."""
        if self.node.dtype.is_complex:
            return self.wrapped(apply(OPS["imag"], self.node))
        return self.wrapped(shapes.broadcast_to(const(0, self.node.dtype), self.node.shape))

    def conj(self) -> Any:
        """The complex conjugate; real numbers as they are."""
        return self.wrapped(apply(OPS["conj"], self.node) if self.node.dtype.is_complex else self.node)

    conjugate = conj

    def take(self, indices: Any, axis: Any = None, mode: str = "raise") -> Any:
        """The elements at `indices` along `axis` (None: of the flattened array). mode: "raise", "wrap" or "clip"."""
        return self.wrapped(picking.take(self.node, node_of(indices), axis, mode))

    def nonzero(self, return_matrix: bool = False) -> Any:
        """For each axis the positions of the elements that are not 0, row-major; or these as rows of a matrix.

        Raises ValueError for scalars.
        """
        if not self.node.ndim:
            raise ValueError("nonzero of a scalar: use atleast_1d(x).nonzero()")
        found = masks.coordinates(cast(self.node, BOOL))
        if return_matrix:
            rows = [shapes.dimshuffle(one, (-1, 0)) for one in found]
            return self.wrapped(apply(OPS["concat"], *rows, axis=0))
        return tuple(self.wrapped(one) for one in found)

    def nonzero_values(self) -> Any:
        """The elements that are not 0, row-major."""
        return self.wrapped(indexing.take(self.node, self.wrapped(cast(self.node, BOOL))))

    def compress(self, condition: Any, axis: Any = None) -> Any:
        """Slices along `axis` (None: elements of the flattened array) where a vector is true."""
        marks = cast(node_of(condition), BOOL)
        if marks.ndim != 1:
            raise ValueError("condition must be a 1-d array")
        places = masks.positions(marks)
        return self.wrapped(picking.take(self.node, places, axis, "raise"))

    def choose(self, choices: Any, mode: str = "raise") -> Any:
        """For each element the choice of that number. mode: "raise", "wrap" or "clip"."""
        return self.wrapped(picking.choose(self.node, nodes_together(list(choices)), mode))

    @property
    def mT(self) -> Any:
        """The last two axes exchanged. Raises ValueError for fewer dimensions."""
        if self.node.ndim < 2:
            raise ValueError("matrix transpose with ndim < 2 is undefined")
        return self.swapaxes(-1, -2)

    def swapaxes(self, axis1: int, axis2: int) -> Any:
        """Two axes exchanged."""
        order = list(range(self.node.ndim))
        one, two = axis_of(axis1, self.node.ndim), axis_of(axis2, self.node.ndim)
        order[one], order[two] = two, one
        return self.wrapped(shapes.dimshuffle(self.node, order))

    def diagonal(self, offset: Any = 0, axis1: int = 0, axis2: int = 1) -> Any:
        """The diagonals of the matrices in two axes, as a last axis."""
        return self.wrapped(picking.diagonal(self.node, size_argument(offset), axis1, axis2))

    def trace(self, offset: Any = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None) -> Any:
        """Sums of diagonals; dtypes as for sum."""
        found = self.diagonal(offset, axis1, axis2).node
        found = found if dtype is None else cast(found, row_of(dtype))
        total = apply(OPS["sum"], found, axes=(found.ndim - 1,))
        return self.wrapped(total if dtype is None else cast(total, row_of(dtype)))

    def set(self, value: Any) -> Any:
        """For x[items]: x with `value` in that place; see `set_subtensor`."""
        return self.changed(value, "set")

    def inc(self, value: Any) -> Any:
        """For x[items]: x with `value` added in that place; see `inc_subtensor`."""
        return self.changed(value, "add")

    def changed(self, value: Any, mode: str) -> Any:
        """For x[items]: x with a part set or combined. Raises TypeError for what is not indexed."""
        if self.index is None:
            raise TypeError(
                "set_subtensor and inc_subtensor take an indexed Variable: set_subtensor(x[1:], value)"
            )
        source, items = self.index
        _, node = nodes_together([self, value])
        return self.wrapped(indexing.put(source, items, node, mode))


def flat_positions(many: list[Node], sizes: list[Any]) -> Node:
    """Positions along each axis as positions in the flattened array, row-major."""
    total: Node | None = None
    for position, stride in zip(many, picking.strides_of(sizes), strict=True):
        part = position if stride == 1 else apply(OPS["mul"], position, stride)
        total = part if total is None else apply(OPS["add"], total, part)
    assert total is not None
    return total
