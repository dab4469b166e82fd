"""What an ELF shared object needs of the system it is loaded on.

Input: its bytes. Output: the libraries and symbol versions that its dynamic section names (System V
ABI, chapter 5; versions: LSB core specification, 10.7). Neighbours: platforms makes a tag of it.
"""

from __future__ import annotations

import struct

_LOAD, _DYNAMIC = 1, 2
_NEEDED, _STRTAB, _VERNEED, _VERNEEDNUM = 1, 5, 0x6FFFFFFE, 0x6FFFFFFF


class Needs:
    """Libraries (DT_NEEDED), and versions of their symbols such as GLIBC_2.17."""

    __slots__ = ("libraries", "versions")

    def __init__(self) -> None:
        self.libraries: list[str] = []
        self.versions: list[str] = []


class _Object:
    """A 64-bit little-endian ELF object: all that kernels in wheels are on Linux."""

    def __init__(self, data: bytes):
        if data[:6] != b"\x7fELF\x02\x01":
            raise ValueError("no 64-bit little-endian ELF object")
        self.data = data
        (table,) = struct.unpack_from("<Q", data, 32)
        size, count = struct.unpack_from("<HH", data, 54)
        self.segments = [
            struct.unpack_from("<IIQQQQ", data, table + size * at) for at in range(count)
        ]

    def offset(self, address: int) -> int:
        """Where in the file the byte at an address comes from."""
        for kind, _, offset, start, _, length in self.segments:
            if kind == _LOAD and start <= address < start + length:
                return int(offset + address - start)
        raise ValueError(f"nothing is loaded at address {address}")

    def dynamic(self) -> list[tuple[int, int]]:
        """(tag, value) pairs of the dynamic section."""
        pairs: list[tuple[int, int]] = []
        for kind, _, offset, _, _, length in self.segments:
            if kind == _DYNAMIC:
                pairs += [
                    struct.unpack_from("<qQ", self.data, offset + at) for at in range(0, length, 16)
                ]
        return pairs[: next((at for at, (tag, _) in enumerate(pairs) if tag == 0), len(pairs))]

    def text(self, offset: int) -> str:
        """The text that ends with a zero byte."""
        return self.data[offset : self.data.index(b"\0", offset)].decode("utf-8", "replace")


def needs(data: bytes) -> Needs:
    """What the object needs. Raises ValueError for bytes that are no such object."""
    found = Needs()
    try:
        one = _Object(data)
        pairs = one.dynamic()
        tags = dict(pairs)
        strings = one.offset(tags[_STRTAB]) if _STRTAB in tags else 0
        found.libraries = [one.text(strings + value) for tag, value in pairs if tag == _NEEDED]
        at = one.offset(tags[_VERNEED]) if _VERNEED in tags else 0
        for _ in range(tags.get(_VERNEEDNUM, 0)):
            _, count, _, first, step = struct.unpack_from("<HHIII", data, at)
            version = at + first
            for _ in range(count):
                _, _, _, name, next_version = struct.unpack_from("<IHHII", data, version)
                found.versions.append(one.text(strings + name))
                version += next_version
            at += step
    except (struct.error, IndexError, OverflowError) as error:
        raise ValueError(f"a damaged ELF object: {error}") from None
    return found
