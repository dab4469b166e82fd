"""What is known of a kernel on disk: the facts of its entry, as a plain typed record.

Input: entries, verified by `entry`. Output: `Kernel`s; nothing is loaded or run. Neighbours: pack
writes them into its manifest, `modc.cache` lists them, `ahead.explain` compares them.
"""

from __future__ import annotations

import json
import os
import struct
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from modc.build import entry, target
from modc.build.cache import Directory
from modc.build.entry import Damaged, Entry
from modc.build.load import entry_name

_HEAD = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class Kernel:
    """One kernel on disk. A damaged one has a `problem`, and only `path`, `bytes` and `used`."""

    path: str
    bytes: int
    used: float = 0.0  # seconds since 1970 at its last use, to the day
    problem: str | None = None
    name: str = ""  # of the Method, from the nearest Module on
    key: str = ""  # content key: the graph, its names, options, modc's compiler
    entry: str = ""  # name of the entry: key, CPU level and ABI
    tool: str = ""  # digest of the C compiler, its version and flags
    level: str = ""
    compiler: str = ""  # first line of what the C compiler says of itself
    flags: tuple[str, ...] = ()
    digest: str = ""  # of the sources of modc's own compiler
    fingerprint: str = ""  # of the graph and its names, without modc's compiler
    sha256: str = ""  # of the whole file
    seconds: float | None = None  # that it took to compile


def kernel_of(found: Entry, size: int, total: str, used: float = 0.0) -> Kernel:
    """The facts of a verified entry of `size` bytes and digest `total`.

    Raises Damaged when its note cannot be read, or tells of another kernel than its key does.
    """
    if found.kind != entry.KERNEL:
        raise Damaged("it is no kernel")
    build = note_of(found).get("build")
    if not isinstance(build, dict):
        raise Damaged("its note says nothing of its compilation")
    name, key = build.get("name"), build.get("key")
    if not isinstance(name, str) or not isinstance(key, str) or not key.isascii():
        raise Damaged("its note names no Method and no key")
    flags = build.get("flags")
    seconds = build.get("seconds")
    return Kernel(
        path=found.path or "",
        bytes=size,
        used=used,
        name=name,
        key=key,
        entry=found.key,
        tool=found.tool,
        level=_level(key, found.key, build.get("level")),
        compiler=_text(build, "version").partition("\n")[0],
        flags=tuple(map(str, flags)) if isinstance(flags, list) else (),
        digest=_text(build, "compiler"),
        fingerprint=_text(build, "graph"),
        sha256=total,
        seconds=float(seconds) if isinstance(seconds, (int, float)) else None,
    )


def note_of(found: Entry) -> dict[str, Any]:
    """The facts in a note; the C text stays compressed. Raises Damaged."""
    try:
        stop = _HEAD.size + _HEAD.unpack_from(found.note)[0]
        facts = json.loads(found.note[_HEAD.size : stop])
    except (struct.error, ValueError, RecursionError, OverflowError):
        raise Damaged("its note cannot be read") from None
    if not isinstance(facts, dict):
        raise Damaged("its note cannot be read")
    return facts


def _text(build: dict[str, Any], name: str) -> str:
    value = build.get(name)
    return value if isinstance(value, str) else ""


def _level(key: str, name: str, stated: object) -> str:
    """The CPU level for which this key has this entry name. Raises Damaged when there is none."""
    levels = [*target.levels_below("x86-64-v4"), "aarch64", target.cpu_level()]
    if isinstance(stated, str) and stated.isascii():
        levels = [stated]
    for level in levels:
        if entry_name(key, level) == name:
            return level
    raise Damaged("its name does not follow from its key and its CPU level")


def open_kernel(path: str) -> Kernel | None:
    """The facts of a file, verified; None when there is no file. Raises Damaged.

    The name of the file must be the one that its contents ask for.
    """
    found = entry.read(path)
    if found is None:
        return None
    data = entry.pack(found.kind, found.key, found.tool, found.image, found.note)
    kernel = kernel_of(found, len(data), sha256(data).hexdigest(), found.age)
    if os.path.basename(path) != os.path.basename(place(kernel)):
        raise Damaged("it holds another kernel")
    return kernel


def place(kernel: Kernel) -> str:
    """Where the kernel's entry lies inside a cache directory, with slashes."""
    return Directory("").file(kernel.entry, kernel.tool).replace(os.sep, "/")
