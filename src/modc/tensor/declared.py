"""What a Variable is declared to be: a dtype, and per axis a fixed size, the name of a dimension, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from modc.config import floatx
from modc.errors import ShapeError
from modc.graph import DType
from modc.graph import dtype as dtype_row


class Declared:
    """A dtype and, per axis, a fixed size, the name of a dimension, or None."""

    __slots__ = ("row", "shape")

    def __init__(
        self,
        dtype: Any,
        shape: Sequence[Any] | None = None,
        *,
        broadcastable: Sequence[bool] | None = None,
    ) -> None:
        """`shape` may also be given the old way, as one bool per axis: True for an axis of size 1.

        Raises DTypeError for an unknown dtype and TypeError for a size that is none.
        """
        self.row = row_of(dtype)
        given = broadcastable if shape is None else shape
        if given is None or isinstance(given, (str, int)):
            raise TypeError("TensorType needs one entry per axis: a size, a name or None")
        self.shape = tuple(_dim(size) for size in given)

    @property
    def dtype(self) -> str:
        """Name of the dtype."""
        return self.row.name

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return len(self.shape)

    @property
    def broadcastable(self) -> tuple[bool, ...]:
        """Per axis whether it is known to have size 1."""
        return tuple(size == 1 for size in self.shape)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Declared) and (self.row, self.shape) == (other.row, other.shape)

    def __hash__(self) -> int:
        return hash((self.row.name, self.shape))

    def __repr__(self) -> str:
        return f"TensorType({self.dtype!r}, {self.shape!r})"


def row_of(dtype: Any) -> DType:
    """The row of a dtype; "floatX" is `config.floatX`. Raises DTypeError for what modc does not have."""
    return dtype_row(floatx() if isinstance(dtype, str) and dtype == "floatX" else dtype)


def _dim(size: Any) -> int | str | None:
    if size is None or size is False:
        return None
    if size is True:
        return 1
    if isinstance(size, str):
        return size
    if not hasattr(size, "__index__"):
        raise TypeError(f"a size is a number, the name of a dimension or None, not {size!r}")
    found = int(size.__index__())
    if found < 0:
        raise ShapeError(f"a size cannot be negative: {found}")
    return found
