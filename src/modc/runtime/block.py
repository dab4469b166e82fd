"""Memory of members, NEXT buffers and scratch: 64-byte aligned, huge pages when large.

Input: a number of bytes. Output: the object that owns the memory, an address in it, and arrays over
it whose memory nobody can resize or free. Neighbours: `cell` and `cffi_call`.
"""

from __future__ import annotations

import ctypes
import mmap
from typing import Any

import numpy as np

ALIGNMENT = 64
HUGE = 4 << 20  # from here on, huge pages make the first touch six times cheaper


class Block:
    """Zeroed memory. A frozen block sits in a `bytes` object: no array over it can be written."""

    __slots__ = ("address", "memory", "nbytes", "offset")

    def __init__(self, nbytes: int, frozen: bool = False) -> None:
        self.nbytes = nbytes
        self.memory: bytes | bytearray | mmap.mmap
        if frozen:
            self.memory = bytes(nbytes + ALIGNMENT)
        elif nbytes >= HUGE:
            try:
                self.memory = mmap.mmap(-1, nbytes)
            except OSError as error:
                raise MemoryError(f"{nbytes} bytes cannot be had: {error.strerror}") from None
            if hasattr(mmap, "MADV_HUGEPAGE"):
                self.memory.madvise(mmap.MADV_HUGEPAGE)
        else:
            self.memory = bytearray(nbytes + ALIGNMENT)
        start: int = np.frombuffer(self.memory, np.uint8).__array_interface__["data"][0]
        self.offset = -start % ALIGNMENT
        self.address = start + self.offset

    def array(self, dtype: np.dtype[Any], shape: tuple[int, ...]) -> np.ndarray[Any, np.dtype[Any]]:
        """An array over the start of the block; it keeps the block alive."""
        return np.ndarray(shape, dtype, self.memory, self.offset)

    def fill(self, source: np.ndarray[Any, np.dtype[Any]]) -> None:
        """Copy a C-contiguous array in, which may overlap the block."""
        nbytes = source.nbytes
        if nbytes:
            ctypes.memmove(self.address, source.__array_interface__["data"][0], nbytes)
