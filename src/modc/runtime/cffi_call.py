"""Calls a kernel through cffi: the path for Pythons without the extension `modc._call`.

Input: a loaded kernel, a Spec, a Lock. Output: a `Bound`. Neighbours: `kernel` reads the
descriptor, `side` converts and words errors, `scalar_call` is a faster closure for small Methods.

A call is: match, convert (this may run the caller's code, so it comes before the lock), lock, read
the cells, copy inputs that overlap what will be written, plan, allocate, run, put NEXT blocks in
place, unlock. A signal handler may call the same Method in the middle: the frame in use is then
busy and the nested call makes its own, and the outer one starts again when `EPOCH` moved before
its kernel ran.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from modc._abi import ffi
from modc.runtime import blas
from modc.runtime.block import Block
from modc.runtime.bound import Bound, make_bound
from modc.runtime.cell import EPOCH, tick
from modc.runtime.kernel import ABI, Buffer, Kernel
from modc.runtime.lock import Lock
from modc.runtime.locks import all_locks
from modc.runtime.scalar_call import fits, scalar_closure
from modc.runtime.side import Side
from modc.runtime.spec import MISSING

if TYPE_CHECKING:
    from modc.runtime.convert import Array
    from modc.runtime.spec import Spec

OK, FAIL, STOP = 0, 1, 2
_LARGEST = (1 << 62) - 1
cast, from_buffer = ffi.cast, ffi.from_buffer
_NOWHERE = cast("void *", 64)  # of empty arrays: not NULL, not read
_LARGE = 32768  # operations from which on a kernel may ask for a library, as MODC_RELEASE_WORK of csrc/call_private.h
_ENV = ffi.new("modc_env *", {"abi": ABI, "threads": 1})


def _forget() -> None:
    _ENV.blas = ffi.NULL


blas.on_forget(_forget)


class Frame:
    """The structs of one running call."""

    __slots__ = ("arena", "blocks", "buf", "busy", "call", "dim", "keep")

    def __init__(self, kernel: Kernel) -> None:
        self.busy = False
        self.buf = ffi.new("void *[]", max(1, len(kernel.buffers)))
        self.dim = ffi.new("int64_t[]", max(1, kernel.n_dim))
        self.call = ffi.new("modc_call *", {"buf": self.buf, "dim": self.dim})
        self.keep: list[Any] = []
        self.blocks: list[Block] = []
        self.arena: Block | None = None
        for buffer in kernel.buffers:
            for axis, n in enumerate(buffer.size):
                self.dim[buffer.dim + axis] = max(n, 0)

    def put(self, index: int, array: Array) -> None:
        """Let a buffer be the memory of an array, which the frame keeps alive."""
        if array.size:
            self.buf[index] = memory = from_buffer(array)
            self.keep.append(memory)
        else:
            self.buf[index] = _NOWHERE

    def sizes(self, buffer: Buffer, shape: tuple[int, ...]) -> None:
        """Write the sizes of one buffer."""
        for axis, n in enumerate(shape, buffer.dim):
            self.dim[axis] = n

    def shape(self, buffer: Buffer) -> tuple[int, ...]:
        """Sizes of one buffer as plan or run left them."""
        return tuple(self.dim[buffer.dim : buffer.dim + buffer.ndim])


class KernelCall:
    """One Method bound to one instance's cells."""

    def __init__(self, kernel: Kernel, spec: Spec, side: Side, lock: Lock) -> None:
        self.kernel = kernel
        self.spec = spec
        self.side = side
        self.lock = lock
        self.locks = all_locks(lock, spec.cells)
        self.frame = Frame(kernel)
        self.direct = [i for i, given in enumerate(spec.inputs) if given.cell is None]
        self.checked = [
            (i, buffer)
            for i, buffer in enumerate([*kernel.inputs, *kernel.members])
            if max(buffer.size, default=-1) >= 0
        ]

    def call(self, /, *args: Any, **kwargs: Any) -> Any:
        """Any call of any Method. Raises what `Side.match`, `convert` and the kernel's checks do."""
        values = self.side.match(args, kwargs)
        arrays = [
            MISSING if value is MISSING else self.side.convert_input(i, value)
            for i, value in enumerate(values)
        ]
        inputs = [arrays[i] for i in self.direct]
        staged = {
            given.cell: array.copy()
            for given, array in zip(self.spec.inputs, arrays, strict=True)
            if given.cell is not None and array is not MISSING
        }
        with self.locks:
            frame = self.frame if not self.frame.busy else Frame(self.kernel)
            frame.busy = True
            try:
                outputs = self._transact(frame, inputs, staged)
            finally:
                frame.keep.clear()
                frame.blocks.clear()
                frame.busy = False
        if self.spec.result == "one":
            return outputs[0]
        return outputs if self.spec.result == "list" else None

    def _transact(self, frame: Frame, inputs: list[Array], staged: dict[int, Array]) -> list[Array]:
        """Everything under the lock; members change only when the kernel returned OK."""
        run, call = self.kernel.run, frame.call
        while True:
            seen = EPOCH.now
            self._fill(frame, inputs, staged)
            outputs = self._allocate(frame)
            # nothing may come between this comparison and the call: see the module's docstring
            if EPOCH.now != seen:
                continue
            status = run(call)
            if status == OK:
                break
            if status == FAIL:
                raise self._failure(call)
            if not _ENV.blas:
                _ENV.blas = cast("struct modc_blas *", blas.address())
        EPOCH.now = tick()
        self._commit(frame, staged)
        return [
            self._shorten(frame, buffer, array)
            for buffer, array in zip(self.kernel.outputs, outputs, strict=True)
        ]

    def _fill(self, frame: Frame, inputs: list[Array], staged: dict[int, Array]) -> None:
        """Pointers and sizes of members and inputs."""
        frame.keep.clear()
        first, buf = len(inputs), frame.buf
        written = []
        for k, (cell, buffer) in enumerate(zip(self.spec.cells, self.kernel.members, strict=True)):
            if not cell.filled and k not in staged:
                if not self.spec.unread[k]:
                    raise self.side.missing(k)
                staged[k] = self.side.stand_in(k)
            if k in staged:
                frame.put(first + k, staged[k])
                frame.sizes(buffer, staged[k].shape)
                continue
            buf[first + k] = cast("void *", cell.address)
            if buffer.ndim:
                frame.sizes(buffer, cell.shape)
            if self.spec.written[k]:
                written.append(cell)
        for i, (array, buffer) in enumerate(zip(inputs, self.kernel.inputs, strict=True)):
            frame.put(i, _apart(array, written) if written else array)
            if buffer.ndim:
                frame.sizes(buffer, array.shape)
        for i, buffer in self.checked:
            shape = frame.shape(buffer)
            for axis, (got, want) in enumerate(zip(shape, buffer.size, strict=True)):
                if want not in (-1, got):
                    raise self.side.wrong_size(i, axis, shape, want)

    def _failure(self, call: Any) -> Exception:
        fail = call.fail
        return self.side.failed(fail.site, fail.axis, fail.got, fail.want)

    def _allocate(self, frame: Frame) -> list[Array]:
        """Plan; then memory for scratch, outputs and NEXT buffers."""
        kernel, call = self.kernel, frame.call
        call.arena_bytes, call.work = kernel.arena_bytes, kernel.work
        if kernel.plan is not None:
            status = kernel.plan(call)
            if status != OK:
                raise self._failure(call)
        call.env = _ENV if call.work >= _LARGE else ffi.NULL
        if call.arena_bytes > 0:
            self._give_arena(frame, call.arena_bytes)
        outputs = []
        index = len(kernel.inputs) + len(kernel.members)
        for k, (buffer, output) in enumerate(zip(kernel.outputs, self.spec.outputs, strict=True)):
            array = np.empty(self._sane(frame, buffer, output.dtype), output.dtype)
            frame.put(index + k, array)
            outputs.append(array)
        frame.blocks.clear()
        index += len(outputs)
        for k, (buffer, c) in enumerate(zip(kernel.next, self.spec.next, strict=True)):
            dtype = self.spec.cells[c].dtype
            shape = self._sane(frame, buffer, dtype)
            block = Block(max(1, dtype.itemsize * prod(shape)))
            frame.buf[index + k] = cast("void *", block.address)
            frame.blocks.append(block)
        return outputs

    def _sane(self, frame: Frame, buffer: Buffer, dtype: Any) -> tuple[int, ...]:
        """A shape whose bytes can be counted; MemoryError otherwise."""
        shape = frame.shape(buffer)
        nbytes = dtype.itemsize
        for n in shape:
            nbytes *= max(n, 1)
            if n < 0 or nbytes > _LARGEST:
                raise self.side.too_large()
        return shape

    def _give_arena(self, frame: Frame, nbytes: int) -> None:
        arena = self.lock.arena
        if arena is None or arena.nbytes < nbytes:
            arena = self.lock.arena = Block(nbytes)
        frame.arena = arena
        frame.call.arena = cast("void *", arena.address)
        frame.call.arena_bytes = arena.nbytes

    def _commit(self, frame: Frame, staged: dict[int, Array]) -> None:
        """Private values given for this call, and members of a new shape, into their cells."""
        kernel, spec = self.kernel, self.spec
        for k, array in staged.items():
            if spec.written[k] and k not in spec.next:
                spec.cells[k]._store(array)
        for buffer, c, block in zip(kernel.next, spec.next, frame.blocks, strict=True):
            spec.cells[c].adopt(block, frame.shape(buffer))

    def _shorten(self, frame: Frame, buffer: Buffer, array: Array) -> Array:
        """The part of an output that run said is filled, where its size depends on data."""
        shape = frame.shape(buffer)
        if shape == array.shape:
            return array
        return array.reshape(-1)[: prod(shape)].reshape(shape).copy()


def _apart(array: Array, written: list[Any]) -> Array:
    """The array, or a copy of it if its memory is about to be written."""
    if not array.size:
        return array
    start = int(cast("uintptr_t", from_buffer(array)))
    for cell in written:
        size = cell.dtype.itemsize * prod(cell.shape)
        if start < cell.address + size and cell.address < start + array.nbytes:
            return array.copy()
    return array


def bind(library: Any, spec: Spec, lock: Lock, method: Any = None) -> Bound:
    """A callable that runs a loaded kernel on some cells.

    `library.address` is that of the kernel's `modc_entry`; `method` answers unknown attributes.
    Raises BindError when kernel and Spec differ, and what `convert` raises for a bad default.
    """
    side = Side(spec, method)
    kernel = Kernel(library.address, spec)
    general = KernelCall(kernel, spec, side, lock)
    if fits(kernel, spec, lock):
        return make_bound(side, scalar_closure(kernel, spec, side, lock, general))
    return make_bound(side, general.call)
