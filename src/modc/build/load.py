"""From Requests to loaded kernels: the warm path of modc.

    loaded in this process?  ->  read-only layers  ->  own cache  ->  compile (build/miss.py)

A process that has a compiler takes only what that compiler made from its own cache; from a
read-only layer, without a compiler, or under MODC_NO_COMPILE it takes any entry that this CPU runs.
Problems of the cache become one warning, never an error.

Input: Requests. Output: Libraries. Neighbours: pipeline, runtime; cache, toolchain, dl below.
"""

from __future__ import annotations

import os
import time
import warnings
from hashlib import sha256
from typing import TYPE_CHECKING

from modc import config
from modc.build import cache, dl, target, toolchain
from modc.build.cache import Lookup
from modc.build.entry import ABI, Damaged, Entry
from modc.build.library import Library, Request, shown
from modc.errors import CompileError, ModcWarning, NoCompiler, user_frame

if TYPE_CHECKING:
    from collections.abc import Sequence

_loaded: dict[tuple[str, str], Library] = {}  # entry name, toolchain digest or "" -> library
_said: set[str] = set()


class Search:
    """Where one call of load_all looks, and with which compiler."""

    __slots__ = ("command", "directory", "error", "layers", "level", "lookup", "may_compile",
                 "runnable", "tool")  # fmt: skip

    def __init__(self) -> None:
        self.level = target.target_level()
        self.runnable = target.levels_below(self.level)
        self.directory = cache.own()
        self.layers = cache.layers()
        self.lookup = Lookup()
        self.may_compile = not config.flag("MODC_NO_COMPILE")
        self.command: toolchain.Command | None = None
        self.error: CompileError | None = None
        self.tool: toolchain.Tool | None = None
        if self.may_compile:
            try:
                self.command = toolchain.find_command()
                if self.command is not None:
                    self.tool = toolchain.recall(self.command, self.level, self.directory)
            except CompileError as error:  # raised only when something must be compiled
                self.error = error

    @property
    def digest(self) -> str:
        """Digest of the toolchain; empty when any will do, or when it is not known yet."""
        return self.tool.digest if self.tool is not None else ""


def entry_name(key: str, level: str) -> str:
    """Name of the entry for a content key at a CPU level: what every process can compute."""
    return sha256(f"modc entry {ABI}\0{level}\0{key}".encode("ascii")).hexdigest()


def load_all(requests: Sequence[Request]) -> list[Library]:
    """The loaded kernels of the requests, in their order, compiled where no cache has them.

    Raises NoCompiler when something must be compiled and there is no compiler, CompileError when
    the compiler fails, MissingKernel when MODC_NO_COMPILE forbids it, ModeError for settings that cannot be used,
    and whatever a Request's `source` raises. Problems of the cache are one ModcWarning.
    """
    started = time.perf_counter()
    search = Search()
    found: dict[str, Library] = {}
    missing: dict[str, Request] = {}
    for request in requests:
        name = entry_name(request.key, search.level)
        if name not in found and name not in missing:
            library = _lookup(request, name, search)
            if library is None:
                missing[name] = request
            else:
                found[name] = library
    try:
        if missing:
            found.update(_make(missing, search))
    finally:
        if search.lookup.damaged:
            from modc.build import store  # the writing half is not needed on a clean hit

            store.set_apart_damaged(search.lookup)
        _notice_directories(search, bool(missing))
        _say(search.lookup.notices)
    _debug(requests, found, search, started)
    return [_for(request, found, search.level) for request in requests]


def _for(request: Request, found: dict[str, Library], level: str) -> Library:
    library = found[entry_name(request.key, level)]
    return library if library.name == request.name else library.again(request)


def _lookup(request: Request, name: str, search: Search) -> Library | None:
    """The kernel when it is loaded already or in a cache."""
    known = _loaded.get((name, search.digest))
    if known is not None and (
        search.tool is not None or search.command is None or _of_layer(known, search)
    ):
        return known.again(request)
    for entry in candidates(request, search):
        try:
            address = dl.load(entry, request.name)
        except Damaged as damage:
            search.lookup.notices.append(f"the cache entry {entry.path} cannot be used: {damage}")
            continue
        library = Library(request, address, entry.note, entry.tool, entry.path, True)
        return _loaded.setdefault((name, search.digest), library)
    return None


def _of_layer(known: Library, search: Search) -> bool:
    """Whether a kernel came from a layer, where it does not matter which compiler made it."""
    place = os.path.dirname(os.path.dirname(known.path or ""))
    return any(place == layer.path for layer in search.layers)


def remember(name: str, library: Library) -> None:
    """Keep a library that was made ahead of time for the process that made it."""
    _loaded.setdefault((name, library.tool), library)


def candidates(request: Request, search: Search) -> list[Entry]:
    """Verified entries for the kernel; the first that can be loaded is taken."""
    name = entry_name(request.key, search.level)
    names = [entry_name(request.key, level) for level in search.runnable]
    own = search.directory
    for layer in search.layers:
        if layer.problem is None:
            entry = cache.any_tool(layer, names, search.digest, search.lookup)
            if entry is not None:
                return [entry]
    if own.problem is not None or not own.exists:
        return []
    entry = None
    if search.tool is not None:
        entry = cache.exact(own, name, search.digest, search.lookup)
    if entry is None and (own.readonly or (search.command is None and search.error is None)):
        entry = cache.any_tool(own, names, search.digest, search.lookup)
    if entry is None:
        return []
    if not own.readonly:
        cache.touch(entry)
    return [entry]


def _make(missing: dict[str, Request], search: Search) -> dict[str, Library]:
    """Compile what is missing. Raises CompileError, NoCompiler, MissingKernel."""
    first = shown(next(iter(missing.values())).name)
    if not search.may_compile:
        for request in missing.values():
            request.source()  # raises for a Method that has no kernel anywhere: it is not missing
        from modc.build import recipe  # for the message alone

        raise recipe.missing(first, len(missing), search.directory, search.level)
    if search.error is not None:
        raise CompileError(f"{first}: {search.error}")
    if search.command is None:
        raise NoCompiler(f"{first}: {toolchain.NO_COMPILER}")
    from modc.build import miss  # a hit loads neither the compiler driver nor subprocess

    tasks = [miss.Task(request, name) for name, request in missing.items()]
    try:
        miss.make(tasks, search.command, search.level, search.directory, search.lookup)
    except CompileError as error:
        if any(shown(request.name) in str(error) for request in missing.values()):
            raise
        raise CompileError(f"{first}: {error}") from None
    made = {task.name: task.library for task in tasks if task.library is not None}
    for name, library in made.items():
        _loaded[name, library.tool] = library
    return made


def _notice_directories(search: Search, missed: bool) -> None:
    """Say which directories could not be used; a read-only one matters only on a miss."""
    notices = search.lookup.notices
    for layer in search.layers:
        if layer.problem is not None:
            notices.append(f"{layer.path} in MODC_CACHE_PATH is not used: {layer.problem}")
    own = search.directory
    reason = own.problem or (own.readonly if missed else None)
    if reason is not None:
        notices.append(
            f"the kernel cache {own.path} cannot keep kernels: {reason}; they are compiled again in "
            f"each process (hint: set MODC_CACHE_DIR to a private directory)"
        )


def _say(notices: list[str]) -> None:
    """One warning for everything that this process has not been told yet."""
    fresh = [notice for notice in dict.fromkeys(notices) if notice not in _said]
    if not fresh:
        return
    _said.update(fresh)
    text = "modc: " + "; ".join(fresh) + " (`modc doctor` says more)"
    filename, line = user_frame() or ("modc", 1)
    warnings.warn_explicit(text, ModcWarning, filename, line)


def _debug(
    requests: Sequence[Request], found: dict[str, Library], search: Search, started: float
) -> None:
    if config.debug_level() < 1:
        return
    for request in requests:
        library = found[entry_name(request.key, search.level)]
        how = "from the cache" if library.cache_hit else "compiled"
        config.trace(1, f"{shown(request.name)} {how}: {library.path}")
    milliseconds = (time.perf_counter() - started) * 1e3
    config.trace(1, f"{len(requests)} kernels ready in {milliseconds:.2f} ms")
