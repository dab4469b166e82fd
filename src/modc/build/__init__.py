"""Compile, cache and load kernels: C text in, addresses out. Knows nothing of graphs.

Input: Requests (a content key, and a way to make the C text on a miss). Output: Libraries.
Neighbours: pipeline above, runtime beside; `modc.config` and `modc.errors` below.
"""

from __future__ import annotations

from modc.build.digest import source_digest
from modc.build.library import Library, Request, Source
from modc.build.load import load_all
from modc.build.target import target_level
from modc.errors import NoCompiler

__all__ = [
    "Library",
    "NoCompiler",
    "Request",
    "Source",
    "load_all",
    "source_digest",
    "target_level",
]
