"""The runtime of the extension `modc._call`.

Input: nothing. Output: Lock, Cell, Part, bind, bind_python. Neighbours: `pure` has the same names in
Python; the extension asks `convert` and `Side` for whatever is not common.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from modc import _call, config
from modc.runtime import blas
from modc.runtime.convert import Array, Size, convert
from modc.runtime.locks import FORK_PATIENCE, all_locks
from modc.runtime.python_call import bind_python_with
from modc.runtime.side import BindError, Side
from modc.runtime.spec import Input, as_dtype, as_size, shown_name

if TYPE_CHECKING:
    from modc.runtime.bound import Bound
    from modc.runtime.python_call import Evaluate
    from modc.runtime.spec import Spec

__all__ = ["Cell", "Lock", "Part", "bind", "bind_python"]

Lock = _call.Lock
Part = _call.Part


class Cell(_call.Cell):
    """A typed place for an array. `value` is a live view of it, None while it holds nothing.

    A value of the same shape is copied into the same memory, so views that were read before stay
    live; another shape gets new memory, and old views keep the old values.
    """

    __slots__ = ()

    def __new__(
        cls,
        name: str,
        dtype: Any,
        ndim: int,
        size: Size = None,
        readonly: bool = False,
        lock: Any = None,
    ) -> Cell:
        """An empty cell; see `modc.runtime.cell.Cell`."""
        return super().__new__(
            cls,
            name,
            as_dtype(dtype),
            ndim,
            as_size(size, ndim),
            readonly,
            Lock() if lock is None else lock,
            f"member {shown_name(name)}",
        )


def _convert_with(value: Any, cell: Any, strict: bool, allow_downcast: bool | None) -> Array:
    """`convert` for `Cell.set` with the options of an In."""
    target = Input(cell.name, cell.dtype, cell.ndim, cell.size, strict, allow_downcast)
    target.label = cell.label
    return convert(value, target)


def bind(library: Any, spec: Spec, lock: Any, method: Any = None) -> Any:
    """A callable that runs a loaded kernel on some cells.

    `library.address` is that of the kernel's `modc_entry`; `method` answers unknown attributes.
    Raises BindError when kernel and Spec differ, and what `convert` raises for a bad default.
    """
    return _call.Call(library.address, Side(spec, method), lock, config.flag("MODC_RECYCLE"))


def bind_python(evaluate: Evaluate, spec: Spec, lock: Any, method: Any = None) -> Bound:
    """A callable that evaluates a Method by `evaluate(inputs, members)`; see `python_call`."""
    return bind_python_with(evaluate, spec, all_locks(lock, spec.cells), method)


_call.setup(convert, _convert_with, BindError, blas.address)
blas.on_forget(_call.forget_blas)

if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=lambda: _call.fork_prepare(FORK_PATIENCE),
        after_in_parent=lambda: _call.fork_done(False),
        after_in_child=lambda: _call.fork_done(True),
    )
