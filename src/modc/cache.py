"""The cache of compiled kernels, for programs: what `modc cache` does, as functions.

    >>> import modc
    >>> directory = modc.cache.path().path
    >>> for kernel in modc.cache.list():
    ...     print(kernel.name, kernel.level, kernel.bytes)  # doctest: +SKIP

Every function looks at the cache in force: MODC_CACHE_DIR, and behind it, to read only, the layers
of MODC_CACHE_PATH. Results are plain records. Nothing here compiles, loads or runs a kernel.

Input: directories, packs. Output: records, files. Neighbours: build.admin, build.facts, build.pack
and ahead.explain do the work; cli.cache prints it.
"""

from __future__ import annotations

import builtins
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from modc import config
from modc.build import admin, facts
from modc.build import cache as places
from modc.build import pack as packs
from modc.build.ahead import shared_directory
from modc.build.cross import platform
from modc.build.entry import Damaged
from modc.build.facts import Kernel
from modc.errors import CacheError

if TYPE_CHECKING:
    from modc.ahead.explain import Explanation

__all__ = ["Damage", "Kernel", "Packed", "Path", "Place", "Statistics", "Unpacked", "Verified",
           "clear", "explain", "list", "pack", "path", "prune", "stats", "unpack", "verify"]  # fmt: skip

_List = builtins.list  # `list` is a verb here


@dataclass(frozen=True, slots=True)
class Place:
    """A read-only layer of the cache; `problem` says why it is not used."""

    path: str
    problem: str | None


@dataclass(frozen=True, slots=True)
class Path:
    """The directory that kernels are kept in, and the `layers` that are looked into first.

    problem   why the directory cannot be used at all
    readonly  why nothing can be kept in it
    """

    path: str
    problem: str | None
    readonly: str | None
    layers: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Statistics:
    """Numbers of one directory. Times are seconds since 1970; None in an empty one."""

    path: str
    entries: int
    bytes: int
    toolchains: dict[str, int] = field(default_factory=dict)  # digits of the digest -> kernels
    oldest_use: float | None = None
    newest_use: float | None = None


@dataclass(frozen=True, slots=True)
class Damage:
    """An entry that cannot be used, and why."""

    path: str
    problem: str


@dataclass(frozen=True, slots=True)
class Verified:
    """Number of entries that were examined, and those that cannot be used."""

    entries: int
    damaged: tuple[Damage, ...] = ()


@dataclass(frozen=True, slots=True)
class Packed:
    """A pack that was written: its size, and the kernels in it, sorted by their places."""

    path: str
    bytes: int
    kernels: tuple[Kernel, ...] = ()


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Where a pack went: the kernels that are new there, and those that were there already."""

    path: str
    new: tuple[Kernel, ...] = ()
    kept: tuple[Kernel, ...] = ()


def path() -> Path:
    """The cache directory in force, and the layers in front of it."""
    own = places.own()
    layers = tuple(Place(layer.path, layer.problem) for layer in places.layers())
    return Path(own.path, own.problem, own.readonly, layers)


def list() -> tuple[Kernel, ...]:
    """Every kernel of every directory, longest unused first; damaged ones have a `problem`.

    Raises CacheError when MODC_CACHE_DIR cannot be used.
    """
    return tuple(_kernel(item) for directory in _all() for item in admin.scan(directory))


def _kernel(item: admin.Item) -> Kernel:
    try:
        found = facts.open_kernel(item.path)
        if found is not None:
            return found
        problem = "it has gone"
    except Damaged as damage:
        problem = str(damage)
    return Kernel(item.path, item.bytes, item.used, problem, tool=item.tool)


def stats() -> tuple[Statistics, ...]:
    """Kernels and bytes of each directory. Raises CacheError when MODC_CACHE_DIR cannot be used."""
    return tuple(_statistics(directory) for directory in _all())


def _statistics(directory: places.Directory) -> Statistics:
    items = admin.scan(directory)
    tools: dict[str, int] = {}
    for item in items:
        tools[item.tool] = tools.get(item.tool, 0) + 1
    oldest, newest = (items[0].used, items[-1].used) if items else (None, None)
    size = sum(item.bytes for item in items)
    return Statistics(directory.path, len(items), size, tools, oldest, newest)


def verify(fix: bool = False) -> Verified:
    """Owner, mode, length and checksum of every entry; `fix` sets damaged ones apart.

    Read-only layers are examined and left alone. Raises CacheError when MODC_CACHE_DIR cannot be used.
    """
    count = 0
    damaged: _List[Damage] = []
    for directory in _all():
        count += len(admin.scan(directory))
        found = admin.verify(directory, fix and not directory.readonly)
        damaged += [Damage(where, reason) for where, reason in found]
    return Verified(count, tuple(damaged))


def prune(size: str | None = None) -> tuple[str, ...]:
    """Remove what was not used for longest until the rest fits `size`, such as "500M".

    None stands for MODC_CACHE_SIZE. Returns the paths that went. Raises CacheError when the cache
    cannot be changed, ModeError for a size of another form.
    """
    settings = {} if size is None else {"MODC_CACHE_SIZE": size}
    with config.using(**settings):
        removed = admin.prune(_writable(), config.size("MODC_CACHE_SIZE"))
    return tuple(item.path for item in removed)


def clear() -> int:
    """Remove everything that modc has put into its cache; returns the number of kernels.

    Running programs go on. Raises CacheError when the cache cannot be changed.
    """
    return admin.clear(_writable())


def pack(
    file: str | os.PathLike[str],
    sources: Sequence[str | os.PathLike[str]] = (),
    only: Sequence[str] = (),
    levels: Sequence[str] = (),
) -> Packed:
    """Write kernels into one file that `unpack` reads, and `tar`; the same ones give the same bytes.

    sources  cache directories, an earlier one before a later one; none: MODC_CACHE_DIR
    only     patterns for names of Methods, such as "Net.*": kernels that match one of them
    levels   CPU levels and systems, such as "x86-64-v2", "v2", "aarch64": kernels for one of them

    A `file` that ends in .gz or .tgz is compressed. Raises CacheError when a kernel is damaged, none
    is chosen, a directory cannot be used or the file cannot be written; then nothing is. ModeError
    for an unknown level.
    """
    target = os.fspath(file)
    wanted = [platform(level).level for level in levels]
    directories = [_read(os.fspath(source)) for source in sources] or [_own()]
    chosen = _chosen(directories, only, wanted)
    if not chosen:
        where = ", ".join(directory.path for directory in directories)
        which = " that was asked for" if only or levels else ""
        raise CacheError(
            f"there is no kernel{which} in {where}\n"
            f"  hint: `modc cache list` shows what is there; `modc warm` makes kernels"
        )
    try:
        size = packs.write(target, chosen)
    except CacheError:
        raise
    except OSError as error:
        raise CacheError(f"{target} cannot be written: {error.strerror or error}") from None
    return Packed(target, size, tuple(chosen))


def _chosen(
    directories: _List[places.Directory], only: Sequence[str], levels: Sequence[str]
) -> _List[Kernel]:
    """The kernels of the directories that match, one for each place, sorted. Raises CacheError."""
    found: dict[str, Kernel] = {}
    for directory in directories:
        for item in admin.scan(directory):
            try:
                kernel = facts.open_kernel(item.path)
            except Damaged as damage:
                raise CacheError(
                    f"{item.path} cannot be packed: {damage}\n"
                    f"  hint: `modc cache verify --fix` sets damaged kernels apart"
                ) from None
            if kernel is None:
                continue  # removed by another process meanwhile
            wanted = not only or any(fnmatchcase(kernel.name, pattern) for pattern in only)
            if wanted and (not levels or kernel.level in levels):
                found.setdefault(facts.place(kernel), kernel)
    return [found[name] for name in sorted(found)]


def unpack(file: str | os.PathLike[str], out: str | os.PathLike[str] | None = None) -> Unpacked:
    """Put the kernels of a pack into MODC_CACHE_DIR, or into `out`, which everybody may then read.

    All of it is verified before the first kernel is published; kernels that are there already stay.
    Raises CacheError: with nothing published for a file that is no whole pack of this ABI, and with
    what was published so far complete and usable when the directory is full.
    """
    source = os.fspath(file)
    try:
        with packs.opened(source) as found:
            found.kernels()  # before a directory is made for them
            directory = _writable() if out is None else shared_directory(os.fspath(out))
            new, kept = packs.publish(found, directory)
    except CacheError:
        raise
    except OSError as error:
        raise CacheError(f"{source} cannot be read: {error.strerror or error}") from None
    return Unpacked(directory.path, tuple(new), tuple(kept))


def explain(what: Any, mode: Any = None) -> tuple[Explanation, ...]:
    """For each Method of `what`: in which directory its kernel lies, or why in none.

    what  a Component, an instance, a compiled Method, a target such as "model.py:Net", or a list of these
    mode  the mode of Methods that have none of their own; None: MODC_MODE

    Nothing is compiled. Raises TargetError for a target that leads nowhere.
    """
    from modc.ahead import explain as reasons  # the module system is not needed by the other verbs

    return tuple(reasons.explain(what, mode))


def _own() -> places.Directory:
    """The cache directory. Raises CacheError when it cannot be used."""
    directory = places.own()
    if directory.problem:
        raise CacheError(
            f"the cache {directory.path} cannot be used: {directory.problem}\n"
            f"  hint: set MODC_CACHE_DIR to a directory of your own"
        )
    return directory


def _writable() -> places.Directory:
    directory = _own()
    if directory.readonly:
        raise CacheError(f"the cache {directory.path} cannot be changed: {directory.readonly}")
    return directory


def _all() -> _List[places.Directory]:
    return [layer for layer in places.layers() if not layer.problem] + [_own()]


def _read(where: str) -> places.Directory:
    directory = places.check(os.path.abspath(os.path.expanduser(where)))
    if directory.problem:
        raise CacheError(f"{directory.path} cannot be packed: {directory.problem}")
    return directory
