"""dlopen of verified bytes, and the check that what came back is what was asked for.

The loader of glibc takes a file for one that it has loaded before when the *name* is the same. So
every name given to dlopen here is used once, and the key in the loaded kernel is compared with the
wanted key. The bytes go through a private memory file: nobody can change them after their check,
nothing is mapped that could be truncated, and a cache on a noexec mount works.

Input: an Entry. Output: the address of its `modc_entry`. Nothing is ever unloaded.
Neighbours: load, miss.
"""

from __future__ import annotations

import itertools
import os
from typing import Any

from modc import config
from modc._abi import ffi
from modc.build.entry import ABI, Damaged, Entry
from modc.build.library import ascii_name

_KERNEL_BYTES = ffi.sizeof("modc_kernel")
_FLAGS = ffi.RTLD_NOW | ffi.RTLD_LOCAL
_libraries: list[Any] = []  # keeps every library, and with it the code, for ever
_serial = itertools.count(1)


def load(entry: Entry, name: str) -> int:
    """Load a verified entry; `name` is what debuggers and profilers show. Raises Damaged."""
    ways = [_from_memory, _from_own_file]
    if entry.path and config.debug_level() >= 1:
        ways.insert(0, _from_path)  # a real path lets gdb, perf and valgrind find the symbols
    reason = ""
    for way in ways:
        try:
            library = way(entry, name)
        except OSError as error:
            reason = reason or str(error)
            continue
        address = _address(library, entry.key)
        if address:
            _libraries.append(library)
            return address
        reason = reason or "the loaded kernel has another key or another ABI"
    raise Damaged(f"it cannot be loaded: {reason}")


def _address(library: Any, key: str) -> int:
    """Address of the kernel's descriptor when it is the wanted one, else 0."""
    try:
        entry = ffi.addressof(library.modc_entry)
    except AttributeError:
        return 0
    if entry.abi != ABI or entry.bytes != _KERNEL_BYTES or not entry.key or not entry.run:
        return 0
    if ffi.string(entry.key, 65) != key.encode("ascii"):
        return 0
    return int(ffi.cast("uintptr_t", entry))


def _from_memory(entry: Entry, name: str) -> Any:
    if not hasattr(os, "memfd_create"):
        raise OSError("there are no memory files here")
    fd = os.memfd_create("modc " + ascii_name(name), os.MFD_CLOEXEC)
    try:
        _write(fd, entry.image)
        return ffi.dlopen(_alias(fd), _FLAGS)
    finally:
        os.close(fd)


def _alias(fd: int) -> str:
    """A name of the descriptor that was never used before: slashes and dots spell a number."""
    bits = f"{next(_serial):b}".replace("0", "/").replace("1", "./")
    return f"/proc/self/fd/{bits}{fd}"


def _from_own_file(entry: Entry, name: str) -> Any:
    """Through a file of our own in a private directory, removed again where the system allows."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="modc-", ignore_cleanup_errors=True) as folder:
        path = os.path.join(folder, f"{entry.key[:16]}-{next(_serial)}.so")
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o500)
        try:
            _write(fd, entry.image)
        finally:
            os.close(fd)
        return ffi.dlopen(path, _FLAGS)


def _from_path(entry: Entry, name: str) -> Any:
    assert entry.path is not None, "modc bug: an entry without a path is loaded by its path"
    library = ffi.dlopen(entry.path, _FLAGS)
    info = os.stat(entry.path, follow_symlinks=False)
    if entry.identity is not None and (info.st_dev, info.st_ino) != entry.identity:
        raise OSError("the file was replaced while it was loaded")
    return library


def _write(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
