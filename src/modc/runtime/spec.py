"""What a Method takes, binds and returns: plain descriptions that `bind` reads once.

Input: names, dtypes, axes and cells from the module layer. Output: `Spec`, read by the C call object
(`csrc/call_bind.c`), by the cffi path and by the Python path alike. Neighbours: `convert` reads an
`Input` as the target of a conversion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from modc.errors import ShapeError

if TYPE_CHECKING:
    import inspect
    from collections.abc import Callable, Sequence

    from modc.runtime.convert import Size

# Codes of csrc/modc_abi.h, in its order.
DTYPE_NAMES = (
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
    "float32", "float64", "complex64", "complex128",
)  # fmt: skip
DTYPE_CODES = {np.dtype(name): code for code, name in enumerate(DTYPE_NAMES)}


class Missing:
    """Type of `MISSING`: no default, the caller must give the argument."""

    def __repr__(self) -> str:
        return "<missing>"

    def __reduce__(self) -> str:
        return "MISSING"


MISSING = Missing()


def as_dtype(dtype: Any) -> np.dtype[Any]:
    """NumPy dtype of a dtype name, a NumPy dtype, or a dtype of `modc.graph`."""
    found: np.dtype[Any] = np.dtype(getattr(dtype, "name", dtype))
    return found


def as_size(size: Size, ndim: int) -> tuple[int | None, ...] | None:
    """Sizes per axis, None where an axis is free; None when all are.

    Raises ShapeError when their number is not `ndim`.
    """
    if size is None:
        return None
    sizes = (size,) if isinstance(size, int) else tuple(size)
    if len(sizes) != ndim:
        raise ShapeError(f"{len(sizes)} sizes were given for {ndim} axes")
    return sizes if any(n is not None for n in sizes) else None


def short_name(name: str) -> str:
    """A name for messages, which may be a megabyte long."""
    return name if len(name) <= 100 else name[:97] + "..."


def shown_name(name: str | None) -> str:
    """A name in quotes, for messages."""
    return "None" if name is None else repr(short_name(name))


class Input:
    """One explicit input of a Method.

    `cell` is the index (in `Spec.cells`) of a private cell that holds this input between calls: it
    is no buffer of its own to the kernel, and an argument given for it is the old value of that one
    call. `default` is converted once, and owned, at `bind`.
    """

    __slots__ = (
        "allow_downcast", "cell", "default", "dtype", "label", "name", "ndim", "size", "strict",
    )  # fmt: skip

    def __init__(
        self,
        name: str | None,
        dtype: Any,
        ndim: int,
        size: Size = None,
        strict: bool = False,
        allow_downcast: bool | None = None,
        default: Any = MISSING,
        cell: int | None = None,
    ) -> None:
        self.name = name
        self.dtype = as_dtype(dtype)
        self.ndim = ndim
        self.size = as_size(size, ndim)
        self.strict = strict
        self.allow_downcast = allow_downcast
        self.default = default
        self.cell = cell
        self.label = f"argument {shown_name(name)}"


class Output:
    """One output of a Method. `borrow` permits handing out memory that a later call overwrites."""

    __slots__ = ("borrow", "dtype", "ndim", "size")

    def __init__(self, dtype: Any, ndim: int, size: Size = None, borrow: bool = False) -> None:
        self.dtype = as_dtype(dtype)
        self.ndim = ndim
        self.size = as_size(size, ndim)
        self.borrow = borrow


class Spec:
    """One Method as the runtime sees it.

    The kernel's buffers are: the inputs without a `cell` | the cells | the outputs | one NEXT buffer
    for each entry of `next`. A written cell that is `unread` may hold nothing before a call. `fail(site, axis, got, want)` makes the exception of a failed check;
    without it, that is a ShapeError with these numbers.
    """

    __slots__ = (
        "cells", "doc", "fail", "inputs", "name", "next", "outputs", "result", "signature",
        "unread", "written",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        inputs: Sequence[Input] = (),
        cells: Sequence[Any] = (),
        written: Sequence[bool] = (),
        outputs: Sequence[Output] = (),
        next: Sequence[int] = (),
        result: str = "none",
        fail: Callable[[int, int, int, int], Exception] | None = None,
        doc: str | None = None,
        signature: inspect.Signature | None = None,
        unread: Sequence[bool] = (),
    ) -> None:
        if result not in ("none", "one", "list"):
            raise ValueError(f"{name}: result is none, one or list, not {result!r}")
        if (result == "one" and len(outputs) != 1) or (result == "none" and outputs):
            raise ValueError(f"{name}: {len(outputs)} outputs cannot be returned as {result!r}")
        self.name = name
        self.inputs = tuple(inputs)
        self.cells = tuple(cells)
        self.written = tuple(bool(flag) for flag in written) or (False,) * len(self.cells)
        self.unread = tuple(bool(flag) for flag in unread) or (False,) * len(self.cells)
        self.outputs = tuple(outputs)
        self.next = tuple(next)
        self.result = result
        self.fail = fail
        self.doc = doc
        self.signature = signature
        for index in (*self.next, *(i.cell for i in self.inputs if i.cell is not None)):
            if not 0 <= index < len(self.cells):
                raise ValueError(f"{name}: there is no cell {index}")
        for flags in (self.written, self.unread):
            if len(flags) != len(self.cells):
                raise ValueError(f"{name}: {len(self.cells)} cells, {len(flags)} flags")
