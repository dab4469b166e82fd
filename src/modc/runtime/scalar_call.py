"""A fast closure for Methods on numbers: scalar inputs and members, small outputs of fixed size.

Input: what `cffi_call.bind` has. Output: a function; the general call stands behind it for
everything that is not common. Neighbours: `cffi_call`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from modc._abi import ffi
from modc.runtime.block import Block
from modc.runtime.cell import EPOCH, tick

if TYPE_CHECKING:
    from collections.abc import Callable

    from modc.runtime.kernel import Kernel
    from modc.runtime.lock import Lock
    from modc.runtime.side import Side
    from modc.runtime.spec import Spec

SMALL = 4096  # bytes of an output that is cheaper to copy than to allocate and bind
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
            abs(_count(b.size)) * o.dtype.itemsize <= SMALL
            for b, o in zip(kernel.outputs, spec.outputs, strict=True)
        )
    )


def _count(sizes: list[int]) -> int:
    count = 1
    for n in sizes:
        count *= n
    return count


def scalar_closure(
    kernel: Kernel, spec: Spec, side: Side, lock: Lock, general: Any
) -> Callable[..., Any]:
    """The closure. Its structs are shared by all calls: a nested call takes the general way."""
    frame = type(general.frame)(kernel)
    slots = [ffi.new(f"{_C_TYPES[i.dtype.str[1:]]} *") for i in spec.inputs]
    floats = [i.dtype.kind == "f" and not i.strict for i in spec.inputs]
    blocks = [
        Block(max(1, _count(b.size) * o.dtype.itemsize))
        for b, o in zip(kernel.outputs, spec.outputs, strict=True)
    ]
    copies = [
        block.array(o.dtype, tuple(b.size)).copy
        for block, b, o in zip(blocks, kernel.outputs, spec.outputs, strict=True)
    ]
    addresses = [*slots, *(ffi.cast("void *", cell.address) for cell in spec.cells)]
    for i, address in enumerate([*addresses, *(ffi.cast("void *", b.address) for b in blocks)]):
        frame.buf[i] = address
    scratch = Block(kernel.arena_bytes) if kernel.arena_bytes else None
    if scratch is not None:
        frame.call.arena = ffi.cast("void *", scratch.address)
        frame.call.arena_bytes = scratch.nbytes
    run, call, cells = kernel.run, frame.call, spec.cells
    count, one, as_list = len(slots), spec.result == "one", spec.result == "list"
    places = list(zip(slots, floats, range(count), strict=True))
    first = copies[0] if copies else None

    def closure(*args: Any, **kwargs: Any) -> Any:
        if kwargs or len(args) != count:
            args = tuple(side.match(args, kwargs))
        values = [
            value if is_float and type(value) is float else side.convert_input(i, value).item()
            for value, (_, is_float, i) in zip(args, places, strict=True)
        ]
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
                if one:
                    return first()  # type: ignore[misc]
                return [copy() for copy in copies] if as_list else None
            finally:
                frame.busy = False

    # the memory behind raw addresses lives as long as the closure
    closure.keep = (frame, blocks, scratch)  # type: ignore[attr-defined]
    return closure
