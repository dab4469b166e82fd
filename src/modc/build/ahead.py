"""Kernels made before anybody asks for them: for this machine, for weaker and for other ones.

Input: Requests, a target's name, a cache directory. Output: one `Made` for each kernel. Kernels
that this CPU cannot run are compiled and looked at, but not loaded.
Neighbours: miss compiles; cross knows the targets; modc.ahead and wheels call it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from modc import config
from modc.build import cache, cross, load, miss, store, target
from modc.build.cache import Directory, Lookup
from modc.build.compiler import Workplace, identify
from modc.build.entry import Damaged, Entry
from modc.build.load import entry_name
from modc.errors import CacheError, CompileError, MissingKernel, ModcError, NoCompiler

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from modc.build.library import Request


class Made:
    """One kernel that was asked for.

    status   "made": compiled now; "found": it was there; "failed": see `error`
    level    CPU level or system it is for
    path     of its entry, None when it failed
    seconds  that the C compiler took, 0 for one that was there
    """

    __slots__ = ("error", "level", "path", "request", "seconds", "status")

    def __init__(self, request: Request, level: str):
        self.request = request
        self.level = level
        self.status = "failed"
        self.path: str | None = None
        self.seconds = 0.0
        self.error: ModcError | None = None


def shared_directory(path: str) -> Directory:
    """A directory for kernels that other users and machines read; made, mode 0755, if missing.

    Raises CacheError when it cannot be made or written, or is not to be trusted.
    """
    if not path:  # of a variable that is not set: the current directory is not meant
        raise CacheError("the name of the directory is empty\n  hint: name one for the kernels")
    path = os.path.abspath(os.path.expanduser(path))
    directory = cache.check(path, create=True, shared=True)
    _usable(directory)
    return directory


def _usable(directory: Directory) -> None:
    reason = directory.problem or directory.readonly
    if reason:
        raise CacheError(
            f"the directory {directory.path} cannot keep kernels: {reason}\n"
            f"  hint: name another one, or set MODC_CACHE_DIR to a private directory"
        )


def make_all(
    requests: Sequence[Request],
    *,
    level: str | cross.Platform = "native",
    directory: Directory | None = None,
    jobs: int | None = None,
    report: Callable[[Made], None] | None = None,
    plain: bool = False,
) -> list[Made]:
    """Make sure that a directory has the kernels of the requests; in their order.

    level      a name that `cross.platform` knows, or what it gives; other systems need ziglang
    directory  None: the process's own cache; else one of `shared_directory`
    jobs       compilers side by side; None: as many as there are processors
    report     called with each Made when it is ready
    plain      kernels without glue, symbols or names of this machine: equal wherever they are made

    One that fails does not stop the others: its `error` says why. Kernels that the own cache has
    are copied into another directory; for the own cache, those in layers are found. Raises ModeError for an unknown level, NoCompiler and CompileError when there is no
    usable compiler and something must be compiled, MissingKernel when MODC_NO_COMPILE forbids it,
    CacheError when the directory cannot be written.
    """
    wanted = cross.platform(level) if isinstance(level, str) else level
    place = cache.own() if directory is None else directory
    _usable(place)
    made: dict[str, Made] = {}
    tasks: list[miss.Task] = []
    for request in requests:
        name = entry_name(request.key, wanted.level)
        if name not in made:
            made[name] = Made(request, wanted.level)
            tasks.append(miss.Task(request, name))

    def finished(task: miss.Task) -> None:
        _record(made[task.name], task)
        if report is not None:
            report(made[task.name])

    if directory is None:
        tasks = [task for task in tasks if not _in_a_layer(task, wanted, made[task.name], report)]
    if tasks:
        work = miss.Ahead(cache.own(), jobs, finished)
        work.glue, work.plain = wanted.is_here and not plain, plain
        _make(tasks, wanted, place, work)
    return [made[entry_name(request.key, wanted.level)] for request in requests]


def _in_a_layer(
    task: miss.Task, wanted: cross.Platform, result: Made, report: Callable[[Made], None] | None
) -> bool:
    """Whether a read-only layer has the kernel: programs here would not look further."""
    if wanted.foreign:
        return False
    names = [entry_name(task.request.key, level) for level in target.levels_below(wanted.level)]
    for layer in cache.layers():
        found = None if layer.problem else cache.any_tool(layer, names, "", Lookup())
        if found is not None:
            result.path, result.status = found.path, "found"
            if report is not None:
                report(result)
            return True
    return False


def _record(result: Made, task: miss.Task) -> None:
    result.path, result.error = task.path, task.error
    if task.path is not None:
        compiled = task.run is not None
        result.status = "made" if compiled else "found"
        result.seconds = task.run.seconds if task.run is not None else 0.0
        if task.library is not None and result.level == target.target_level():
            load.remember(task.name, task.library)


def _make(
    tasks: list[miss.Task], wanted: cross.Platform, place: Directory, ahead: miss.Ahead
) -> None:
    ahead.loads, ahead.system = wanted.runs_here, wanted.system
    lookup = Lookup()
    try:
        if config.flag("MODC_NO_COMPILE"):
            raise NoCompiler("MODC_NO_COMPILE=1 forbids compiling it\n  hint: MODC_NO_COMPILE=0")
        command = cross.compiler_for(wanted)
        miss.make(tasks, command, wanted.level, place, lookup, ahead)
    except NoCompiler as error:
        missing = [task for task in tasks if not _kept(task, place, lookup, ahead)]
        if missing and config.flag("MODC_NO_COMPILE"):
            raise MissingKernel(f"{missing[0].request.name}: {error}") from None
        if missing:
            raise NoCompiler(f"{missing[0].request.name}: {error}") from None
    finally:
        if place.shared:
            store.remove_folder(os.path.join(place.path, "tmp"))


def _kept(task: miss.Task, place: Directory, lookup: Lookup, ahead: miss.Ahead) -> bool:
    """Whether the kernel is there, whatever made it: what counts where there is no compiler."""
    found = cache.any_tool(place, [task.name], "", lookup)
    if found is not None:
        task.path = found.path
        ahead.report(task)
    return found is not None


def find_all(
    requests: Sequence[Request], *, level: str = "native", directory: Directory | None = None
) -> list[str | None]:
    """Where the kernel of each request is, None for one that a program would have to compile.

    For ``native`` in the process's own cache, what a program here would take, with the settings in
    force: from layers, with the compiler that is there, in a lower variant where that may be. Else
    what the directory has for the level. Compiles nothing. Raises ModeError for an unknown level.
    """
    wanted = cross.platform(level)
    lookup = Lookup()
    if directory is None and wanted.level == target.target_level():
        search = load.Search()
        identified(search)
        found = [next(iter(load.candidates(request, search)), None) for request in requests]
    else:
        places = [directory] if directory is not None else [*cache.layers(), cache.own()]
        names = [entry_name(request.key, wanted.level) for request in requests]
        found = [_first(places, name, lookup) for name in names]
    return [None if one is None else one.path for one in found]


def _first(places: Sequence[Directory], name: str, lookup: Lookup) -> Entry | None:
    for place in places:
        if place.exists and not place.problem:
            found = cache.any_tool(place, [name], "", lookup)
            if found is not None:
                return found
    return None


def identified(search: load.Search) -> None:
    """Ask a compiler that was never asked here: its entries may have come with the cache.

    A probe of two lines is compiled for it, and the answer remembered; no kernel is.
    """
    if search.command is None or search.tool is not None or not search.directory.exists:
        return
    try:
        with Workplace() as place:
            search.tool = identify(
                search.command, search.level, search.directory, place, "modc"
            )
    except (CompileError, Damaged):
        return  # then nothing of it can be found; making the kernels says what is wrong
