"""One cache entry: an image, a note and a trailer in one file, and the checks before its use.

    image | note | trailer (128 bytes)

The image is a shared object (or the glue object); the loader ignores what follows it. The note is
JSON and compressed C text, which only messages and tools read. The trailer names format, key and
toolchain, and holds the sha256 of all bytes before the sum itself.

Input: bytes, file names. Output: `Entry`, or `Damaged` with one reason. Neighbours: cache.
"""

from __future__ import annotations

import os
import stat
import struct
from hashlib import sha256
from typing import Any

MAGIC = b"modc\r\n\x1a\x01"
ABI = 1
KERNEL, GLUE = 0, 1
LIMIT = 64 << 20  # larger files are no entries: reading one would not be a small thing

_TRAILER = struct.Struct("<8sIIQQ32s32s32s")
TRAILER_BYTES = _TRAILER.size
_NOTE_HEAD = struct.Struct("<Q")
_OPEN_FLAGS = os.O_RDONLY
for _flag in ("O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_BINARY"):
    _OPEN_FLAGS |= getattr(os, _flag, 0)


class Damaged(Exception):
    """A file is there but cannot be used; the text says why.

    `passing` is set when the reason may lie in this process or moment (no descriptors left, no
    permission): such a file is passed over, but not set apart.
    """

    def __init__(self, reason: str, passing: bool = False):
        super().__init__(reason)
        self.passing = passing


class Entry:
    """A verified entry: `image` and `note` as bytes, `key` and `tool` as 64 hex digits."""

    __slots__ = ("age", "identity", "image", "key", "kind", "note", "path", "tool")

    def __init__(self, kind: int, key: str, tool: str, image: bytes, note: bytes):
        self.kind = kind
        self.key = key
        self.tool = tool
        self.image = image
        self.note = note
        self.path: str | None = None
        self.identity: tuple[int, int] | None = None  # device and inode of the file that was read
        self.age = 0.0


def pack(kind: int, key: str, tool: str, image: bytes, note: bytes) -> bytes:
    """The bytes of an entry. `key` and `tool` are 64 hex digits."""
    keys = bytes.fromhex(key), bytes.fromhex(tool)
    body = image + note + _TRAILER.pack(MAGIC, ABI, kind, len(image), len(note), *keys, b"")[:-32]
    return body + sha256(body).digest()


def unpack(data: bytes) -> Entry:
    """Read and verify the bytes of an entry. Raises Damaged."""
    if len(data) < TRAILER_BYTES:
        raise Damaged(f"{len(data)} bytes are too few")
    magic, abi, kind, image_bytes, note_bytes, key, tool, total = _TRAILER.unpack_from(
        data, len(data) - TRAILER_BYTES
    )
    if magic != MAGIC:
        raise Damaged("it does not end as an entry of modc does")
    if abi != ABI:
        raise Damaged(f"its ABI is {abi}, not {ABI}")
    if image_bytes + note_bytes + TRAILER_BYTES != len(data):
        raise Damaged("its parts do not add up to its length")
    view = memoryview(data)
    if sha256(view[:-32]).digest() != total:
        raise Damaged("its checksum does not match its contents")
    image = data[:image_bytes]
    return Entry(kind, key.hex(), tool.hex(), image, data[image_bytes : image_bytes + note_bytes])


def foreign(info: os.stat_result) -> str | None:
    """Why something with this owner and mode must not be trusted, or None.

    The owner must be this user or root, and nobody else may be able to write.
    """
    if not hasattr(os, "geteuid"):
        return None
    if info.st_uid not in (os.geteuid(), 0):
        return f"it belongs to user {info.st_uid}"
    if info.st_mode & 0o022:
        return f"others can write to it (mode {stat.S_IMODE(info.st_mode):o})"
    return None


def read(path: str) -> Entry | None:
    """The verified entry of a file, or None when there is no file.

    Everything is checked on one descriptor and the bytes are read once, so what was verified is
    what is loaded. Raises Damaged.
    """
    try:
        fd = os.open(path, _OPEN_FLAGS)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        if os.path.islink(path):
            raise Damaged("it is a link") from None
        raise Damaged(f"it cannot be opened: {error.strerror}", passing=True) from None
    try:
        entry, info = _read_open(fd)
    finally:
        os.close(fd)
    entry.path = path
    entry.identity = (info.st_dev, info.st_ino)
    entry.age = info.st_mtime
    return entry


def _read_open(fd: int) -> tuple[Entry, os.stat_result]:
    info = os.fstat(fd)
    if not stat.S_ISREG(info.st_mode):
        raise Damaged("it is no regular file")
    reason = foreign(info)
    if reason:
        raise Damaged(reason)
    if not TRAILER_BYTES <= info.st_size <= LIMIT:
        raise Damaged(f"its length is {info.st_size} bytes")
    try:
        data = os.read(fd, info.st_size + 1)
        while 0 < len(data) < info.st_size:  # a signal or a network filesystem cut it short
            more = os.read(fd, info.st_size - len(data))
            if not more:
                break
            data += more
    except OSError as error:
        passing = not stat.S_ISDIR(info.st_mode)
        raise Damaged(f"it cannot be read: {error.strerror}", passing) from None
    return unpack(data), info


def pack_note(facts: dict[str, Any], c_text: str) -> bytes:
    """A note: length of the JSON text, the JSON text, the compressed C text."""
    import json
    import zlib

    text = json.dumps(facts, separators=(",", ":"), sort_keys=True).encode("ascii")
    packed = zlib.compress(c_text.encode("utf-8", "backslashreplace"), 6)
    return _NOTE_HEAD.pack(len(text)) + text + packed


def unpack_note(note: bytes) -> tuple[dict[str, Any], str]:
    """The facts and the C text of a note that `unpack` has verified."""
    import json
    import zlib

    start = _NOTE_HEAD.size
    stop = start + _NOTE_HEAD.unpack_from(note)[0]
    facts: dict[str, Any] = json.loads(note[start:stop])
    return facts, zlib.decompress(note[stop:]).decode("utf-8")
