"""A fast closure for Methods on numbers: scalar inputs and members, small outputs of fixed size.

Input: what `cffi_call.bind` has. Output: a function; the general call stands behind it for
everything that is not common. Neighbours: `cffi_call`.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from modc._abi import ffi
from modc.runtime.block import Block
from modc.runtime.cell import EPOCH, tick

if TYPE_CHECKING:
    from collections.abc import Callable

    from modc.runtime.kernel import Kernel
    from modc.runtime.lock import Lock
    from modc.runtime.side import Side
    from modc.runtime.spec import Input, Spec

SMALL = 4096  # bytes of an output that is cheaper to copy than to allocate and bind
EXACT = 1 << 53  # integers up to here are floats
_C_TYPES = {
    "i1": "int8_t", "i2": "int16_t", "i4": "int32_t", "i8": "int64_t", "u1": "uint8_t",
    "u2": "uint16_t", "u4": "uint32_t", "u8": "uint64_t", "b1": "uint8_t", "f4": "float",
    "f8": "double",
}  # fmt: skip


def fits(kernel: Kernel, spec: Spec, lock: Lock) -> bool:
    """Whether the closure can serve a Method: nothing in it ever moves or changes size."""
    return (
        kernel.plan is None
        and not spec.next
        and all(i.ndim == 0 and i.cell is None and i.dtype.kind != "c" for i in spec.inputs)
        and all(cell.ndim == 0 and cell.lock is lock for cell in spec.cells)
        and all(
            prod(b.size) * o.dtype.itemsize <= SMALL
            for b, o in zip(kernel.outputs, spec.outputs, strict=True)
        )
    )


class Structs:
    """Structs that all calls of one closure share, and what keeps their memory alive."""

    def __init__(self, kernel: Kernel, spec: Spec, frame: Any) -> None:
        self.frame = frame
        self.slots = [ffi.new(f"{_C_TYPES[i.dtype.str[1:]]} *") for i in spec.inputs]
        shapes = [
            (tuple(b.size), o.dtype) for b, o in zip(kernel.outputs, spec.outputs, strict=True)
        ]
        self.blocks = [Block(max(1, prod(shape) * dtype.itemsize)) for shape, dtype in shapes]
        self.copies = [
            block.array(dtype, shape).copy
            for block, (shape, dtype) in zip(self.blocks, shapes, strict=True)
        ]
        addresses = [cell.address for cell in spec.cells] + [b.address for b in self.blocks]
        pointers = [*self.slots, *(ffi.cast("void *", address) for address in addresses)]
        for i, pointer in enumerate(pointers):
            frame.buf[i] = pointer
        self.scratch = Block(max(1, kernel.arena_bytes))
        frame.call.arena = ffi.cast("void *", self.scratch.address)
        frame.call.arena_bytes = kernel.arena_bytes

    def result(self, kind: str) -> Callable[[], Any]:
        """What makes the result of a call, by the `result` of its Spec."""
        if kind == "one":
            copy: Callable[[], Any] = self.copies[0]
            return copy
        copies = self.copies
        return (lambda: [copy() for copy in copies]) if kind == "list" else (lambda: None)


def number(side: Side, index: int, target: Input) -> Callable[[Any], Any]:
    """Conversion of one argument to what its slot takes."""
    integer = target.dtype.kind in "iu"
    real = target.dtype.kind == "f"
    low, high = (-EXACT, EXACT) if real else (0, -1)
    if integer:
        bounds = np.iinfo(target.dtype)
        low, high = int(bounds.min), int(bounds.max)
    weak = not target.strict

    def convert(value: Any) -> Any:
        kind = type(value)
        if weak and (kind is float if real else kind is int and low <= value <= high):
            return value
        if weak and real and kind is int and low <= value <= high:
            return value
        return side.convert_input(index, value).item()

    return convert


def scalar_closure(
    kernel: Kernel, spec: Spec, side: Side, lock: Lock, general: Any
) -> Callable[..., Any]:
    """The closure. Its structs are shared by all calls: a nested call takes the general way."""
    structs = Structs(kernel, spec, type(general.frame)(kernel))
    numbers = [number(side, i, target) for i, target in enumerate(side.targets)]
    if len(numbers) == 1 and side.targets[0].dtype.kind == "f" and len(spec.cells) == 1:
        return _single(structs, kernel, spec, side, lock, general, numbers[0])
    frame, slots, call = structs.frame, structs.slots, structs.frame.call
    run, cells, result, count = kernel.run, spec.cells, structs.result(spec.result), len(numbers)

    def closure(*args: Any, **kwargs: Any) -> Any:
        if kwargs or len(args) != count:
            args = tuple(side.match(args, kwargs))
        values = [convert(value) for convert, value in zip(numbers, args, strict=True)]
        with lock.inner:
            if frame.busy:
                return general.call(*args)
            frame.busy = True
            try:
                for slot, value in zip(slots, values, strict=True):
                    slot[0] = value
                for cell in cells:
                    if not cell.filled:
                        return general.call(*args)
                if run(call):
                    raise general._failure(call)
                EPOCH.now = tick()
                return result()
            finally:
                frame.busy = False

    closure.structs = structs  # type: ignore[attr-defined]
    return closure


def _single(
    structs: Structs,
    kernel: Kernel,
    spec: Spec,
    side: Side,
    lock: Lock,
    general: Any,
    convert: Callable[[Any], Any],
) -> Callable[..., Any]:
    """The same for one float and one member, the commonest Method of all, without the loops."""
    frame, (slot,), (cell,), call = structs.frame, structs.slots, spec.cells, structs.frame.call
    run, result, strict = kernel.run, structs.result(spec.result), side.targets[0].strict

    def closure(*args: Any, **kwargs: Any) -> Any:
        if kwargs or len(args) != 1:
            args = tuple(side.match(args, kwargs))
        value = args[0]
        if type(value) is not float or strict:
            value = convert(value)
        with lock.inner:
            if frame.busy or not cell.filled:
                return general.call(*args)
            frame.busy = True
            try:
                slot[0] = value
                if run(call):
                    raise general._failure(call)
                EPOCH.now = tick()
                return result()
            finally:
                frame.busy = False

    closure.structs = structs  # type: ignore[attr-defined]
    return closure
