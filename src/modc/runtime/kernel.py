"""The descriptor of a loaded kernel, read through cffi and compared with a Spec.

Input: the address of a `modc_kernel` and a Spec. Output: `Kernel`, plain Python data about its
buffers. Raises BindError where the two differ: a wrong pointer count would crash the process.
Neighbours: `cffi_call` uses it; `csrc/call_bind.c` makes the same checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from modc._abi import ffi
from modc.runtime.side import BindError
from modc.runtime.spec import DTYPE_CODES

if TYPE_CHECKING:
    import numpy as np

    from modc.runtime.spec import Spec

ABI = 1
WRITTEN = 1


class Buffer:
    """One buffer of a kernel: where its sizes stand, and which of them are fixed."""

    __slots__ = ("dim", "dtype", "flags", "kind", "ndim", "size")

    def __init__(self, arg: Any) -> None:
        self.kind: int = arg.kind
        self.dtype: int = arg.dtype
        self.ndim: int = arg.ndim
        self.flags: int = arg.flags
        self.dim: int = arg.dim
        fixed = arg.size != ffi.NULL
        self.size = [arg.size[i] if fixed else -1 for i in range(self.ndim)]


class Kernel:
    """What a call needs to know of a kernel."""

    def __init__(self, address: int, spec: Spec) -> None:
        self.raw = raw = ffi.cast("modc_kernel *", address)
        if raw.abi != ABI or raw.bytes != ffi.sizeof("modc_kernel"):
            raise BindError(f"{spec.name}: kernel of ABI {raw.abi}, this is modc ABI {ABI}")
        direct = [i for i in spec.inputs if i.cell is None]
        groups: list[list[Any]] = [
            direct,
            list(spec.cells),
            list(spec.outputs),
            [spec.cells[i] for i in spec.next],
        ]
        counts = [raw.n_in, raw.n_member, raw.n_out, raw.n_next]
        if [len(group) for group in groups] != counts:
            raise BindError(
                f"{spec.name}: kernel has {counts} buffers, not {[len(g) for g in groups]}"
            )
        buffers = [Buffer(raw.arg[i]) for i in range(sum(counts))]
        wanted = [(kind, item) for kind, group in enumerate(groups) for item in group]
        for buffer, (kind, item) in zip(buffers, wanted, strict=True):
            _check(spec, buffer, kind, item.dtype, item.ndim)
        self.buffers = buffers
        self.n_dim: int = raw.n_dim
        self.inputs = buffers[: counts[0]]
        self.members = buffers[counts[0] : counts[0] + counts[1]]
        self.outputs = buffers[counts[0] + counts[1] : len(buffers) - counts[3]]
        self.next = buffers[len(buffers) - counts[3] :]
        self.run = raw.run
        self.plan = raw.plan if raw.plan != ffi.NULL else None
        self.arena_bytes: int = raw.arena_bytes
        self.work: int = raw.work
        self._check_sizes(spec)

    def _check_sizes(self, spec: Spec) -> None:
        for buffer in self.buffers:
            if not 0 <= buffer.dim <= self.n_dim - buffer.ndim:
                raise BindError(f"{spec.name}: sizes at {buffer.dim} of {self.n_dim}")
        for buffer in (*self.outputs, *self.next):
            if self.plan is None and -1 in buffer.size:
                raise BindError(f"{spec.name}: a kernel without plan has an output of unknown size")
        for flag, buffer in zip(spec.written, self.members, strict=True):
            if bool(buffer.flags & WRITTEN) and not flag:
                raise BindError(f"{spec.name}: the kernel writes a member that the Spec does not")


def _check(spec: Spec, buffer: Buffer, kind: int, dtype: np.dtype[Any], ndim: int) -> None:
    wanted = (kind, DTYPE_CODES[dtype], ndim)
    got = (buffer.kind, buffer.dtype, buffer.ndim)
    if got != wanted:
        raise BindError(f"{spec.name}: buffer (kind, dtype, ndim) {got}, Spec says {wanted}")
