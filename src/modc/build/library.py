"""What is asked of `build` and what it gives back: Source, Request, Library.

Neighbours: load and miss make Libraries; pipeline makes Requests; runtime binds Libraries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from modc._abi import ffi
from modc.build import entry

if TYPE_CHECKING:
    from collections.abc import Callable

RESHAPED = 2  # MODC_RESHAPED of csrc/modc_abi.h


class Source:
    """What a miss must produce: the C text of a kernel, and a note for people and messages.

    `note` is JSON-able: names, argument specs, check sites. `parts` is what the key was made of, to
    explain a miss by: it stands under ``build`` in the entry's note. The text defines `modc_entry`
    and uses the macro MODC_KEY for its key.
    """

    __slots__ = ("c", "note", "parts")

    def __init__(self, c: str, note: dict[str, Any], parts: dict[str, Any] | None = None):
        self.c = c
        self.note = note
        self.parts = parts or {}


class Request:
    """A kernel that is wanted: `name` for messages, `key` (64 hex digits) for its content.

    `source` is called only when the kernel is in no cache.
    """

    __slots__ = ("key", "name", "source")

    def __init__(self, name: str, key: str, source: Callable[[], Source]):
        self.name = name
        self.key = key
        self.source = source


class Library:
    """A loaded kernel: `address` is that of its `modc_entry`, valid until the process ends."""

    __slots__ = ("_note", "_read", "address", "cache_hit", "key", "name", "path", "tool")

    def __init__(
        self,
        request: Request,
        address: int,
        note: bytes,
        tool: str,
        path: str | None,
        cache_hit: bool,
    ):
        self.name = request.name
        self.key = request.key
        self.address = address
        self.tool = tool  # 64 hex digits: the toolchain that made it
        self.path = path  # of its entry; None when it could not be kept
        self.cache_hit = cache_hit
        self._note = note
        self._read: tuple[dict[str, Any], str] | None = None

    def again(self, request: Request) -> Library:
        """The same kernel for another request of its key: nothing is compiled or loaded."""
        return Library(request, self.address, self._note, self.tool, self.path, True)

    @property
    def note(self) -> dict[str, Any]:
        """The note of the Source, with the facts of its compilation under ``build``."""
        return self._parsed()[0]

    @property
    def c_source(self) -> str:
        """The C text that the kernel was compiled from."""
        return self._parsed()[1]

    @property
    def reshaped(self) -> tuple[int, ...]:
        """Positions of the members that the kernel gives a new buffer, since their shape may change."""
        raw = ffi.cast("modc_kernel *", self.address)
        members = range(raw.n_in, raw.n_in + raw.n_member)
        return tuple(i - raw.n_in for i in members if raw.arg[i].flags & RESHAPED)

    def _parsed(self) -> tuple[dict[str, Any], str]:
        if self._read is None:
            self._read = entry.unpack_note(self._note)
        return self._read


def shown(name: str, limit: int = 120) -> str:
    """A display name for messages: printable, on one line, not longer than `limit`."""
    text = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in name[: limit + 1])
    return text if len(text) <= limit else text[: limit - 3] + "..."


def ascii_name(name: str, limit: int = 80) -> str:
    """A display name as part of a file name: letters, digits, dots, lines; never empty."""
    text = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name[:limit])
    return text.lstrip(".-") or "kernel"
