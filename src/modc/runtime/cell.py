"""Storage of one Variable in one made graph, in pure Python (`csrc/cell.c` is the same in C).

Input: values of any kind, through `convert`. Output: live arrays, and addresses for kernels.
Neighbours: `block` owns the memory, `lock` guards changes, the call paths read `address` and
`shape` and put new blocks in place with `adopt`.
"""

from __future__ import annotations

import itertools
from typing import Any

from modc.runtime.block import Block
from modc.runtime.convert import Array, Size, Target, convert
from modc.runtime.lock import Lock
from modc.runtime.spec import Input, as_dtype, as_size, shown_name


class _Epoch:
    """Changes whenever any storage does: a call that a signal handler interrupts notices it."""

    __slots__ = ("now",)

    def __init__(self) -> None:
        self.now = 0


EPOCH = _Epoch()
tick = itertools.count(1).__next__


class Cell:
    """A typed place for an array. `value` is a live view of it, None while it holds nothing.

    A value of the same shape is copied into the same memory, so views that were read before stay
    live; another shape gets new memory, and old views keep the old values.
    """

    strict = False

    def __init__(
        self,
        name: str,
        dtype: Any,
        ndim: int,
        size: Size = None,
        readonly: bool = False,
        lock: Lock | None = None,
    ) -> None:
        self.name = name
        self.label = f"member {shown_name(name)}"
        self.dtype = as_dtype(dtype)
        self.ndim = ndim
        self.size = as_size(size, ndim)
        self.readonly = readonly
        self.allow_downcast: bool | None = None
        self.lock = Lock() if lock is None else lock
        self.filled = False
        self.shape: tuple[int, ...] = ()
        # a scalar keeps its address for life: bound calls know it
        self._block = Block(self.dtype.itemsize, readonly) if ndim == 0 else None
        self.address = self._block.address if self._block is not None else 0
        self._view: Array | None = None
        self._own: Array | None = None  # like the view, but nobody else has it

    def __repr__(self) -> str:
        return f"<Cell {self.name} {self.dtype} {self.shape if self.filled else None}>"

    @property
    def value(self) -> Array | None:
        """Live array over the storage (read-only for constants), or None.

        Assigning converts and copies in; None clears. Raises what `convert` raises, and TypeError
        for a constant.
        """
        if not self.filled:
            return None
        view = self._view
        if view is None or not self._intact(view):
            block = self._block
            assert block is not None
            view = self._view = block.array(self.dtype, self.shape)
        return view

    @value.setter
    def value(self, value: Any) -> None:
        self.set(value)

    def _intact(self, view: Array) -> bool:
        """Whether a view still looks as it was made: its header belongs to whoever holds it."""
        flags = view.flags
        return (
            view.shape == self.shape
            and view.dtype == self.dtype
            and flags.c_contiguous
            and flags.writeable is not self.readonly
        )

    def set(self, value: Any, strict: bool = False, allow_downcast: bool | None = None) -> None:
        """Convert a value and copy it in; None clears. On an error the old value stays."""
        if self.readonly:
            raise TypeError(f"Cannot set readonly storage: {self.name}")
        if value is None:
            self.clear()
        else:
            self.fill(value, strict, allow_downcast)

    def fill(self, value: Any, strict: bool = False, allow_downcast: bool | None = None) -> None:
        """`set` for whoever owns the cell: constants are filled by it."""
        target: Target = self
        if strict or allow_downcast is not None:
            target = Input(self.name, self.dtype, self.ndim, self.size, strict, allow_downcast)
            target.label = self.label
        array = convert(value, target)
        with self.lock.inner:
            self._store(array)

    def clear(self) -> None:
        """Back to None. Views that were read before keep their values."""
        with self.lock:
            EPOCH.now = tick()
            self.filled = False
            self._view = None
            if self.ndim:
                self._block, self._own, self.address = None, None, 0

    def copy(self) -> Array | None:
        """A copy of the value that no call is halfway through, or None."""
        with self.lock:
            value = self.value
            return None if value is None else value.copy()

    def snapshot(self) -> Array | None:
        """A token that `restore` takes."""
        return self.copy()

    def restore(self, token: Array | None) -> None:
        """Back to the value of a snapshot; views stay live when the shape is the same."""
        if token is None:
            self.clear()
            return
        with self.lock:
            self._store(token)

    def _store(self, array: Array) -> None:
        """Copy in an array of the right dtype and ndim, under the lock."""
        EPOCH.now = tick()
        block = self._block
        if block is None or self.shape != array.shape:
            block = Block(max(array.nbytes, 1), self.readonly)
            block.fill(array)
            self.adopt(block, array.shape)
        elif self.readonly:
            block.fill(array)
        else:
            own = self._own
            if own is None:
                own = self._own = block.array(self.dtype, self.shape)
            own[...] = array
        self.filled = True

    def adopt(self, block: Block, shape: tuple[int, ...]) -> None:
        """Let a filled block be the storage, or its contents if the shape stays."""
        EPOCH.now = tick()
        if self._block is not None and self.shape == shape:
            self._block.fill(block.array(self.dtype, shape))
        else:
            self._block, self._view, self._own = block, None, None
            self.shape, self.address = shape, block.address
        self.filled = True
