"""The files of an export: C, self-test, build files, README, and the wrappers that were asked for.

Input: a `Model` and names of wrappers. Output: paths and bytes. A wrapper is a function from a Model to
files, and a row of WRAPPERS. Neighbours: every writer of this package; `export` puts them on the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module

from modc.embed.build_files import build_files
from modc.embed.c_files import c_files
from modc.embed.model import Model
from modc.embed.selftest import selftest
from modc.errors import ExportError

Files = dict[str, bytes]

#: Name of a wrapper -> module of this package with a function `files(model) -> dict of path and text`.
WRAPPERS = {
    "cpp": "modc.embed.cpp",
    "rust": "modc.embed.rust",
    "arduino": "modc.embed.arduino",
    "wasm": "modc.embed.wasm",
    "python": "modc.embed.python_project",
}


def project(model: Model, wrappers: Iterable[str] = ()) -> Files:
    """Every file of the export by its relative path, in order.

    Raises ExportError for an unknown wrapper.
    """
    name = model.name
    files = c_files(model)
    files[f"{name}_selftest.c"] = selftest(model)
    files |= build_files(model)
    for wrapper in dict.fromkeys(wrappers):
        if wrapper not in WRAPPERS:
            raise ExportError(f"there is no wrapper {wrapper!r}", f"choose from {', '.join(WRAPPERS)}")
        write: Callable[[Model], dict[str, str | bytes]] = import_module(WRAPPERS[wrapper]).files
        files |= write(model)
    return {path: text if isinstance(text, bytes) else text.encode("utf-8") for path, text in files.items()}
