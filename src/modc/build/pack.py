"""Many kernels in one file, to be carried to another machine: a tar of a cache with a manifest.

    modc-pack.json                 what is inside: name, sha256, level, compiler, flags, ... of each
    ab/abcd...-TOOL16.so           the entries, as they lie in a cache, sorted by name

The same entries give the same bytes: times, owners and order are fixed. A name that ends in ``.gz``
or ``.tgz`` asks for compression. Unpacked by `tar` it is a cache that can stand in MODC_CACHE_PATH.

A pack is read as if somebody hostile had made it: only what this page writes is accepted, every
entry is verified before the first is published, and nothing is ever loaded or run.

Input: `Kernel`s, or a file. Output: a file, or published entries. Neighbours: facts, entry, store.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import stat
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from typing import Any, BinaryIO

from modc.build import entry, facts, store
from modc.build.cache import Directory
from modc.build.entry import ABI, LIMIT, Damaged
from modc.build.facts import Kernel
from modc.errors import CacheError

MANIFEST = "modc-pack.json"
FORMAT = "modc cache pack 1"
_BLOCK, _RECORD = 512, 10240
_PLACE = re.compile(r"([0-9a-f]{2})/(\1[0-9a-f]{62}-[0-9a-f]{16}\.so)")
_LARGEST_MANIFEST = 16 << 20
_CUT = (EOFError, zlib.error, gzip.BadGzipFile)
_FIELDS = ("name", "key", "level", "compiler", "flags", "tool", "digest", "sha256",
           "bytes")  # fmt: skip


class BadPack(CacheError):
    """A file is no pack that can be used; nothing of it was published."""


def write(path: str, kernels: Sequence[Kernel]) -> int:
    """Write the kernels to one file, whole or not at all; returns its size in bytes.

    Raises CacheError when an entry has changed meanwhile, or when `path` is there and is no pack;
    OSError when the file cannot be written.
    """
    if not _replaceable(path):
        raise CacheError(f"{path} is there and is no pack\n  hint: remove it, or give another name")
    ordered = sorted(kernels, key=facts.place)
    fresh = f"{path}.part-{os.getpid()}-{os.urandom(4).hex()}"
    fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(fd, "wb") as raw:
            if path.lower().endswith((".gz", ".tgz")):
                with gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
                    _write_all(packed, ordered)
            else:
                _write_all(raw, ordered)
            raw.flush()
            os.fsync(raw.fileno())
            size = raw.tell()
        os.replace(fresh, path)
    except BaseException:
        store.remove(fresh)
        raise
    return size


def _replaceable(path: str) -> bool:
    """Whether nothing is lost when a pack takes this name: it is free, empty, or that of a pack."""
    if not os.path.lexists(path):
        return True
    if not os.path.isfile(path):
        return False
    with opened(path) as pack:
        return os.path.getsize(path) == 0 or pack.is_one()


def manifest(kernels: Sequence[Kernel]) -> dict[str, Any]:
    """What the pack of these kernels says of itself: JSON-able, without paths or times."""
    rows = [_row(one) for one in kernels]
    return {"format": FORMAT, "abi": ABI, "entries": rows}


def _row(kernel: Kernel) -> dict[str, Any]:
    found = {field: getattr(kernel, field) for field in _FIELDS}
    return {**found, "path": facts.place(kernel), "flags": [*kernel.flags]}


def _write_all(file: Any, kernels: Sequence[Kernel]) -> None:
    text = json.dumps(manifest(kernels), indent=1, sort_keys=True).encode("ascii") + b"\n"
    done = _write_member(file, MANIFEST, text)
    for kernel in kernels:
        try:
            with open(kernel.path, "rb") as source:
                data = source.read(LIMIT + 1)
        except OSError:
            data = b""
        if sha256(data).hexdigest() != kernel.sha256:
            raise CacheError(f"{kernel.path} changed while it was packed\n  hint: pack again")
        done += _write_member(file, facts.place(kernel), data)
    file.write(bytes(2 * _BLOCK + -(done + 2 * _BLOCK) % _RECORD))


def _write_member(file: Any, name: str, data: bytes) -> int:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), 0o444
    head, padding = info.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict"), bytes(-len(data) % _BLOCK)
    return sum(file.write(part) for part in (head, data, padding))


@contextmanager
def opened(path: str) -> Iterator[Pack]:
    """A pack that is open for reading. Raises BadPack, OSError."""
    flags = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
    fd = os.open(path, flags | getattr(os, "O_BINARY", 0))
    with os.fdopen(fd, "rb") as raw:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise BadPack(f"{path}: it is no regular file")
        yield Pack(path, raw)


class Pack:
    """A pack that is being read. `kernels` verifies all of it."""

    def __init__(self, path: str, raw: BinaryIO):
        self.path = path
        self._raw = raw
        self._kernels: list[Kernel] | None = None

    def is_one(self) -> bool:
        """Whether the file begins as a pack does."""
        try:
            with self._plain() as file:
                return next(_members(file), ("", b""))[0] == MANIFEST
        except (Damaged, *_CUT):
            return False

    def kernels(self) -> list[Kernel]:
        """Every kernel of the pack, each verified; read once. Raises BadPack."""
        if self._kernels is None:
            self._kernels = [kernel for kernel, _ in self.read()]
        return self._kernels

    def read(self) -> Iterator[tuple[Kernel, bytes]]:
        """Each kernel with the bytes of its entry, verified one after the other. Raises BadPack."""
        try:
            with self._plain() as file:
                yield from _entries(file)
        except Damaged as damage:
            raise BadPack(f"{self.path} cannot be unpacked: {damage}") from None
        except _CUT:
            raise BadPack(f"{self.path} cannot be unpacked: it is cut off or damaged") from None

    @contextmanager
    def _plain(self) -> Iterator[Any]:
        """The file from its beginning, decompressed where it is compressed."""
        self._raw.seek(0)
        packed = self._raw.read(2) == b"\x1f\x8b"
        self._raw.seek(0)
        if packed:
            with gzip.GzipFile(fileobj=self._raw) as file:
                yield file
        else:
            yield self._raw


def _entries(file: Any) -> Iterator[tuple[Kernel, bytes]]:
    members = _members(file)
    first = next(members, None)
    if first is None or first[0] != MANIFEST:
        raise Damaged("it is no pack of modc")
    rows = _rows(first[1])
    for row in rows:
        name, data = next(members, ("nothing", b""))
        if name != row["path"]:
            raise Damaged(f"it has {name} where its manifest says {row['path']}")
        if len(data) != row["bytes"] or sha256(data).hexdigest() != row["sha256"]:
            raise Damaged(f"{name} is not what its manifest says")
        yield _verified(name, data, row), data
    extra = next(members, None)
    if extra is not None:
        raise Damaged(f"its manifest does not name {extra[0]}")


def _verified(name: str, data: bytes, row: dict[str, Any]) -> Kernel:
    """The facts of one entry, when its bytes, its name and its row agree. Raises Damaged."""
    try:
        kernel = facts.kernel_of(entry.unpack(data), len(data), row["sha256"])
    except Damaged as damage:
        raise Damaged(f"{name}: {damage}") from None
    if facts.place(kernel) != name:
        raise Damaged(f"{name} holds another kernel")
    for field, value in _row(kernel).items():
        if row.get(field) != value:
            raise Damaged(f"{name} is not what its manifest says ({field})")
    return kernel


def _rows(text: bytes) -> list[dict[str, Any]]:
    """The entries that a manifest names, in order. Raises Damaged."""
    if len(text) > _LARGEST_MANIFEST:
        raise Damaged(f"its manifest has {len(text)} bytes")
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        raise Damaged("its manifest cannot be read") from None
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise Damaged("its manifest has a form that this modc does not know")
    if whole.get("abi") != ABI:
        raise Damaged(
            f"its ABI is {whole.get('abi')!r:.20}, not {ABI}: another version of modc made it"
        )
    rows = whole.get("entries")
    if not isinstance(rows, list) or not all(_well_formed(row) for row in rows):
        raise Damaged("its manifest names something that is no entry")
    places = [row["path"] for row in rows]
    if any(one >= other for one, other in pairwise(places)):
        raise Damaged("its manifest names an entry twice or out of order")
    return rows


def _well_formed(row: Any) -> bool:
    return (
        isinstance(row, dict)
        and isinstance(row.get("path"), str)
        and _PLACE.fullmatch(row["path"]) is not None
        and type(row.get("bytes")) is int
        and isinstance(row.get("sha256"), str)
    )


def _members(file: Any) -> Iterator[tuple[str, bytes]]:
    """Name and contents of each file of a tar; anything but plain small files raises Damaged."""
    while True:
        header = file.read(_BLOCK)
        if header == bytes(_BLOCK):
            return _end(file)
        try:
            info = tarfile.TarInfo.frombuf(header, "ascii", "strict")
        except (tarfile.HeaderError, ValueError):
            whole = len(header) == _BLOCK
            raise Damaged(
                "it is no pack of modc, or damaged" if whole else "it is cut off"
            ) from None
        name = info.name if info.name.isprintable() else ascii(info.name)
        if info.type != tarfile.REGTYPE:
            raise Damaged(f"{name} in it is no regular file")
        if not 0 <= info.size <= LIMIT:
            raise Damaged(f"{name} in it has {info.size} bytes")
        data = file.read(info.size)
        padding = file.read(-info.size % _BLOCK)
        if len(data) + len(padding) != info.size + -info.size % _BLOCK:
            raise Damaged("it is cut off")
        if padding.strip(b"\0"):
            raise Damaged(f"something follows {name} in it")
        yield name, data


def _end(file: Any) -> None:
    """Look at what follows the last member: zeros up to a full record. Raises Damaged."""
    rest = file.read(_RECORD + 1)
    if len(rest) < _BLOCK or len(rest) > _RECORD or rest.strip(b"\0"):
        raise Damaged("it is cut off" if not rest else "something follows its end")


def publish(pack: Pack, directory: Directory) -> tuple[list[Kernel], list[Kernel]]:
    """Put every kernel of a pack into a cache: those that are new, and those that were there.

    Everything is verified before the first is published, and again as it is. Raises BadPack with
    nothing published, CacheError when the cache cannot take all of them: those before are complete.
    """
    total = len(pack.kernels())
    spare = os.path.join(directory.path, "tmp")
    store.sweep(spare)  # of those that were killed while they unpacked
    new: list[Kernel] = []
    kept: list[Kernel] = []
    for kernel, data in pack.read():
        path = directory.file(kernel.entry, kernel.tool)
        there = _there(path, kernel)
        if not there:
            try:
                store.publish(directory, path, data)
            except OSError as error:
                done = len(new) + len(kept)
                raise CacheError(
                    f"{directory.path} took {done} of {total} kernels: {error.strerror or error}\n"
                    f"  hint: make room, or give --out a directory that can be written; then unpack again"
                ) from None
        (kept if there else new).append(replace(kernel, path=path))
    if directory.shared:
        store.remove_folder(spare)
    return new, kept


def _there(path: str, kernel: Kernel) -> bool:
    """Whether the cache has this kernel already, in a file that can be used."""
    try:
        found = facts.open_kernel(path)
    except Damaged:
        return False  # replaced by a good one
    return found is not None and (found.entry, found.tool) == (kernel.entry, kernel.tool)
