"""The cffi glue: what makes a kernel an extension module that anybody with cffi can import.

The glue is the same for every kernel, so it is one object file, compiled once per toolchain and
linked to each kernel. Where it cannot be made (no Python headers) kernels are plain shared objects:
modc loads both in the same way, through `modc_entry`.

Input: csrc/modc_abi.h, Python's headers. Output: the path of an object file, or a reason.
Neighbours: miss links it; doctor reports it.
"""

from __future__ import annotations

import os
import sys
from hashlib import sha256

from modc import config
from modc.build import entry, store
from modc.build.cache import Directory
from modc.build.compiler import Workplace
from modc.build.entry import Damaged
from modc.build.glue_text import APPENDIX, INIT_LINES, MODULE, emit_glue
from modc.build.toolchain import Tool


class Glue:
    """The glue object at `path`, or the reason why there is none."""

    __slots__ = ("_fresh", "path", "reason")

    def __init__(self, path: str | None, reason: str = ""):
        self.path = path
        self.reason = reason
        self._fresh: tuple[Directory, str, str, Tool] | None = None

    def lines(self) -> str:
        """What a kernel's text gets appended."""
        return INIT_LINES.format(module=MODULE) if self.path else ""

    def proven(self) -> None:
        """A kernel with this glue was loaded: a fresh one may go to the cache now."""
        if self._fresh is None or self.path is None:
            return
        directory, path, key, tool = self._fresh
        self._fresh = None
        try:
            with open(self.path, "rb") as file:
                data = entry.pack(entry.GLUE, key, tool.digest, file.read(), b"")
            store.publish(directory, path, data)
        except OSError:
            return  # a full disk: the kernel's own publication reports it


_missing: dict[str, str] = {}  # toolchain digest -> why no glue could be made in this process


def glue_for(tool: Tool, directory: Directory, place: Workplace) -> Glue:
    """The glue object for this toolchain: from the package, from the cache, or made now."""
    shipped = _shipped()
    if shipped is not None:
        return Glue(shipped)
    if tool.digest in _missing:
        return Glue(None, _missing[tool.digest])
    try:
        header = _header()
    except OSError as error:
        return _none(tool, f"modc_abi.h cannot be read: {error.strerror}")
    key = _key(header)
    path = os.path.join(directory.path, "glue", f"{key[:32]}-{tool.digest[:16]}.o")
    usable = directory.exists and not directory.problem
    image = _cached(path, key, tool) if usable else None
    if image is not None:
        try:
            return Glue(_written(image, place))
        except OSError as error:
            return Glue(None, f"the glue cannot be copied: {error.strerror}")
    made = _make(header, tool, place)
    if made.path is None:
        return _none(tool, made.reason)
    if usable and not directory.readonly:
        made._fresh = (directory, path, key, tool)
    return made


def _none(tool: Tool, reason: str) -> Glue:
    _missing[tool.digest] = reason
    return Glue(None, reason)


def _shipped() -> str | None:
    """The object that was made when modc was built, if it was."""
    folder = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "_glue")
    if not os.path.isdir(folder):
        return None
    import sysconfig

    path = os.path.join(folder, f"{sysconfig.get_platform()}{sys.abiflags}.o")
    return path if os.path.isfile(path) else None


def _header() -> str:
    with open(os.path.join(config.csrc_dir(), "modc_abi.h"), encoding="utf-8") as file:
        return file.read()


def _key(header: str) -> str:
    flags = getattr(sys, "abiflags", "")
    return sha256(f"modc glue 1\0{flags}\0{APPENDIX}\0{header}".encode()).hexdigest()


def _cached(path: str, key: str, tool: Tool) -> bytes | None:
    try:
        found = entry.read(path)
    except Damaged:
        return None  # made again and replaced; nothing was linked to it
    if found is None or (found.kind, found.key, found.tool) != (entry.GLUE, key, tool.digest):
        return None
    return found.image


def _written(image: bytes, place: Workplace) -> str:
    """The verified bytes as a file of our own: what is linked is what was verified."""
    path = place.file(".o")
    with open(path, "xb") as file:
        file.write(image)
    return path


def _make(header: str, tool: Tool, place: Workplace) -> Glue:
    import sysconfig

    include = sysconfig.get_paths()["include"]
    if not os.path.isfile(os.path.join(include, "Python.h")):
        return Glue(None, f"Python's headers are missing ({include})")
    source = place.file("-glue.c")
    try:
        emit_glue(header, source)
    except Exception as error:
        # cffi or pycparser, of any version: whatever it raises costs only strangers' imports
        return Glue(None, f"cffi cannot write the glue: {error}")
    output = place.file(".o")
    flags = ["-O2", "-fPIC", "-fvisibility=hidden", "-w", f"-I{include}"]
    run = place.run([*tool.command.argv, *flags, "-c", "-o", output, source])
    if run.status != 0 or not os.path.isfile(output):
        return Glue(None, f"the compiler {run.outcome()}: {run.said(300)}")
    return Glue(output)
