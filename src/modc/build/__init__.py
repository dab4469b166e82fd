"""Compile, cache and load kernels: C text in, addresses out. Knows nothing of graphs.

Input: Requests (a content key, and a way to make the C text on a miss). Output: Libraries.
Neighbours: pipeline above, runtime beside; `modc.config` and `modc.errors` below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from modc.build.digest import source_digest
from modc.build.library import Library, Request, Source
from modc.build.load import load_all
from modc.build.target import target_level
from modc.errors import NoCompiler

if TYPE_CHECKING:
    from modc.build.ahead import find_all, make_all, shared_directory

__all__ = [
    "Library",
    "NoCompiler",
    "Request",
    "Source",
    "find_all",
    "load_all",
    "make_all",
    "shared_directory",
    "source_digest",
    "target_level",
]

_AHEAD = ("find_all", "make_all", "shared_directory")


def __getattr__(name: str) -> Any:
    if name not in _AHEAD:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from modc.build import ahead  # no program that finds its kernels needs it

    return getattr(ahead, name)
