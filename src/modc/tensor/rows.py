"""What gradients and expansions in the op tables call on their arguments, besides operators and public methods.

Neighbours: `variable` inherits from `Rows`; the rows of `modc.graph.ops_*` are written with these methods, so that they
import nothing from the language.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from modc.graph import OPS, Node, apply, size_node
from modc.graph.sizes import size_product
from modc.tensor import indexing, shapes
from modc.tensor.matrices import Matrices


def _nodes(variables: Sequence[Any]) -> list[Node]:
    return [variable.node for variable in variables]


class Rows(Matrices):
    """Methods for the op tables; not part of the language."""

    __slots__ = ()

    def broadcast_like(self, other: Any) -> Any:
        """Broadcast to the shape of `other`."""
        return self.wrapped(shapes.broadcast_to(self.node, other.node.shape))

    def real_as(self, other: Any) -> Any:
        """In the dtype of `other`: where that is real, of complex numbers the real part."""
        taken: Any = self
        if not other.node.dtype.is_complex:
            taken = taken.real
        return taken.astype(other.dtype)

    def sum_to(self, other: Any) -> Any:
        """Summed over the axes that broadcasting `other` to this shape repeats."""
        return self.wrapped(shapes.sum_to(self.node, other.node))

    def reshape_like(self, other: Any) -> Any:
        """Reshaped to the shape of `other`."""
        return self.wrapped(shapes.reshape(self.node, other.node.shape))

    def count(self, axes: Sequence[int]) -> Any:
        """Number of elements over `axes`, int64."""
        return self.wrapped(size_node(size_product([self.node.shape[axis] for axis in axes])))

    def numbered(self) -> Any:
        """0, 1, 2, ... in this shape, row-major, int64."""
        return self.wrapped(shapes.reshape(apply(OPS["iota"], size_node(size_product(list(self.node.shape)))), self.node.shape))

    def slice_range(self, bounds: Sequence[Any], spec: tuple[int, ...]) -> Any:
        """The `slice` row."""
        return self.wrapped(apply(OPS["slice"], self.node, *_nodes(bounds), spec=spec))

    def update_slice(
        self, value: Any, bounds: Sequence[Any], spec: tuple[int, ...], mode: str
    ) -> Any:
        """The `update_slice` row."""
        return self.wrapped(
            apply(OPS["update_slice"], self.node, value.node, *_nodes(bounds), spec=spec, mode=mode)
        )

    def gather(self, positions: Sequence[Any], axes: tuple[int, ...], at: int) -> Any:
        """The `gather` row."""
        return self.wrapped(apply(OPS["gather"], self.node, *_nodes(positions), axes=axes, at=at))

    def scatter(
        self,
        value: Any,
        positions: Sequence[Any],
        axes: tuple[int, ...],
        at: int,
        mode: str,
    ) -> Any:
        """The `scatter` row."""
        return self.wrapped(
            apply(
                OPS["scatter"],
                self.node,
                value.node,
                *_nodes(positions),
                axes=axes,
                at=at,
                mode=mode,
            )
        )

    def split_like(self, parts: Sequence[Any], axis: int) -> list[Any]:
        """Consecutive pieces along `axis` with the sizes of `parts`."""
        return [
            self.wrapped(piece)
            for piece in shapes.split(self.node, [part.node.shape[axis] for part in parts], axis)
        ]

    def row(self, op: str, *others: Any, **params: Any) -> Any:
        """Any row, on this and other operands."""
        return self.wrapped(apply(OPS[op], self.node, *_nodes(others), **params))

    def resized(self, axis: int, like: Any) -> Any:
        """Cut or filled with zeros along an axis, to the size of `like` there."""
        return self.wrapped(shapes.resized(self.node, axis, like.node.shape[axis]))

    def running(self, op: str, axis: int) -> Any:
        """A cumulative row along an axis."""
        return self.wrapped(apply(OPS[op], self.node, axis=axis))

    def running_back(self, op: str, axis: int) -> Any:
        """The same from the end."""
        return self.reversed(axis).running(op, axis).reversed(axis)

    def reversed(self, axis: int) -> Any:
        """Elements in the opposite order along an axis."""
        items = (slice(None),) * axis + (slice(None, None, -1),)
        return self.wrapped(indexing.take(self.node, items))

    def numbered_along(self, axis: int) -> Any:
        """0, 1, 2, ... along an axis, in this shape, int64."""
        pattern = tuple(0 if at == axis else -1 for at in range(self.node.ndim))
        count = apply(OPS["iota"], size_node(self.node.shape[axis]))
        return self.wrapped(shapes.broadcast_to(apply(OPS["dimshuffle"], count, pattern=pattern), self.node.shape))

    def add_along(self, value: Any, positions: Any, axis: int) -> Any:
        """Values added at positions along an axis; `value` and `positions` have this shape, but for that axis."""
        places = [
            positions if at == axis else positions.numbered_along(at) for at in range(self.node.ndim)
        ]
        return self.scatter(value, places, tuple(range(self.node.ndim)), 0, "add")
