"""Shared variables: root Variables that bring their own storage.

Input: a value. Output: a Variable that every function and Method uses under one value. Neighbours:
`memo.cell` takes the cell as it is; the cell has a lock of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from modc.errors import DTypeError, user_frame
from modc.graph import Node, dtype, leaf
from modc.runtime import Cell
from modc.tensor.variable import Variable


class SharedVariable(Variable):
    """A root Variable with a value. Made by `shared`."""

    __slots__ = ("cell",)

    def __init__(self, node: Node, name: str | None, cell: Cell) -> None:
        super().__init__(node, name)
        self.cell = cell

    def get_value(self, borrow: bool = False, return_internal_type: bool = False) -> Any:
        """The value: a copy, or with `borrow` the live array."""
        return self.cell.value if borrow else self.cell.copy()

    def set_value(self, value: Any, borrow: bool = False) -> None:
        """Store a value of the same type; it is copied in, also with `borrow`."""
        self.cell.set(value)

    def __getstate__(self) -> tuple[Any, ...]:
        return (*super().__getstate__(), self.cell.name, self.cell.copy())

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        *rest, name, value = state
        super().__setstate__(tuple(rest))
        self.cell = Cell(name, value.dtype, value.ndim)
        self.cell.set(value)


def shared(
    value: Any,
    name: str | None = None,
    strict: bool = False,
    allow_downcast: bool | None = None,
    borrow: bool = False,
    shape: Any = None,
    broadcastable: Any = None,
) -> SharedVariable:
    """A Variable with storage of its own, common to everything that uses it.

    The dtype is the value's: int64 and float64 for Python numbers and lists. Sizes are free unless
    `shape` fixes them per axis (or `broadcastable`, those of size 1). The value is copied. Raises
    DTypeError (a TypeError) for what is no array of numbers.
    """
    if isinstance(value, Variable):
        raise DTypeError(f"shared takes a value, not the symbolic {value}: give it numbers or an array")
    if hasattr(value, "tocsr"):
        raise DTypeError(f"shared takes arrays, not a {type(value).__name__} of SciPy: use modc.sparse.shared")
    try:
        array = np.asarray(value)
        row = dtype(array.dtype)
    except (TypeError, ValueError) as error:
        raise DTypeError(f"shared: {value!r} ({type(value).__name__}) is no array of numbers: {error}") from None
    dims: tuple[int | str | None, ...] = (None,) * array.ndim
    if broadcastable is not None:
        dims = tuple(1 if one else None for one in broadcastable)
    if shape is not None:
        dims = tuple(shape)
    node = leaf(row, dims, None, user_frame())
    fixed = tuple(dim if isinstance(dim, int) else None for dim in dims)
    cell = Cell(name or "shared", row.name, array.ndim, fixed)
    cell.set(array)
    node.variable = variable = SharedVariable(node, name, cell)
    return variable
