"""Kernels that are in no cache: C text, compiler, check, publication.

All of it is driven from the calling thread: compilers run side by side as processes, as many as
there are processors, so there are no threads to fork with or to stop. For each kernel: take the
lock of its key; look again; compile; load and check what came out; publish. A key that another
process holds is left for last, and compiled anyway when the other one takes too long.

Input: Requests. Output: Libraries, or CompileError; ahead of time (`Ahead`) paths and one error for
each Task. Neighbours: load and ahead call it; compiler, glue, image, store, dl do the work.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections import deque
from typing import TYPE_CHECKING

from modc import config
from modc.build import admin, cache, dl, entry, glue, image, store
from modc.build.cache import Directory, Lookup
from modc.build.compiler import Run, Workplace, failure, identify, temp_prefix, wait_any
from modc.build.entry import Damaged, Entry
from modc.build.library import Library, Request, Source, ascii_name
from modc.build.toolchain import Command, Tool
from modc.errors import CacheError, CompileError, ModcError

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = (2.0, 30.0)  # seconds to wait for another process: at least, at most

_swept: set[str] = set()
_slowest = 0.0  # the longest compilation of this process so far


class Task:
    """One missing kernel on its way: request, C text, lock, compiler run, library.

    Ahead of time there is a `path` instead of a library, or an `error`.
    """

    __slots__ = ("error", "library", "lock", "name", "output", "patience", "path", "request", "run",
                 "source")  # fmt: skip

    def __init__(self, request: Request, name: str):
        self.request = request
        self.name = name
        self.source: Source | None = None
        self.path: str | None = None
        self.error: ModcError | None = None
        self.lock: store.Lock | None = None
        self.run: Run | None = None
        self.output = ""
        self.patience = 0.0
        self.library: Library | None = None

    @property
    def done(self) -> bool:
        """Whether nothing is left to do: it was made, found, or it failed."""
        return self.library is not None or self.path is not None or self.error is not None


class Ahead:
    """How kernels are made ahead of time: a failure is kept with its Task, the others go on.

    own      the process's own cache: compilers and glue are remembered there, not in the output
    loads    whether this CPU runs the kernels: then each is loaded once, to be sure of it
    glue     whether kernels are linked to the cffi glue, which is of this system
    plain    without symbols and names of this machine
    system   which kind of object comes out: see `image`
    report   called with each Task when it is done
    """

    __slots__ = ("glue", "jobs", "loads", "own", "plain", "report", "system")

    def __init__(self, own: Directory, jobs: int | None, report: Callable[[Task], None]):
        self.own = own
        self.jobs = jobs
        self.report = report
        self.loads = True
        self.glue = True
        self.plain = False
        self.system = image.HERE


class Work:
    """What all tasks of one call share."""

    __slots__ = ("ahead", "directory", "glue", "level", "lookup", "place", "tool", "unpublished")

    def __init__(
        self, directory: Directory, lookup: Lookup, tool: Tool, level: str, place: Workplace
    ):
        self.directory = directory
        self.lookup = lookup
        self.tool = tool
        self.level = level
        self.place = place
        self.ahead: Ahead | None = None
        self.glue = glue.Glue(None, "not needed yet")
        self.unpublished = ""  # why something could not be published


def make(
    tasks: list[Task],
    command: Command,
    level: str,
    directory: Directory,
    lookup: Lookup,
    ahead: Ahead | None = None,
) -> None:
    """Fill in `library` of every task; ahead of time its `path` or `error`.

    Raises CompileError when a compiler cannot be used, and, unless it works ahead of time, when it
    fails, and what a Request's source raises.
    """
    _sweep(directory)
    memory = ahead.own if ahead else directory
    with Workplace() as place:
        tool = identify(command, level, memory, place, tasks[0].request.name)
        work = Work(directory, lookup, tool, level, place)
        work.ahead = ahead
        open_tasks = [task for task in tasks if not _found(task, work)]
        if ahead is None:
            for task in open_tasks:
                task.source = task.request.source()
        if open_tasks:
            if ahead is None or ahead.glue:
                work.glue = glue.glue_for(tool, memory, place)
            try:
                _drive(open_tasks, work)
            finally:
                for task in open_tasks:
                    if task.lock is not None:
                        task.lock.release()
    if work.unpublished:
        lookup.notices.append(
            f"the kernel cache {directory.path} cannot keep new kernels: {work.unpublished}; "
            f"they are compiled again in each process"
        )


def _sweep(directory: Directory) -> None:
    """Once per process and cache: remove what killed processes left."""
    if directory.path in _swept:
        return
    _swept.add(directory.path)
    try:
        store.sweep(tempfile.gettempdir(), temp_prefix())
    except OSError:
        return  # no temporary directory at all: Workplace finds another place, or says so
    if directory.exists and not directory.problem and not directory.readonly:
        store.sweep(os.path.join(directory.path, "tmp"))
        store.sweep(directory.path, temp_prefix())


def _found(task: Task, work: Work) -> bool:
    """Whether the entry is there after all: the compiler was unknown before, or others made it."""
    if not work.directory.exists or work.directory.problem:
        return False
    found = cache.exact(work.directory, task.name, work.tool.digest, work.lookup)
    store.set_apart_damaged(work.lookup)
    if work.ahead is not None:
        return _found_ahead(task, work, work.ahead, found)
    if found is None:
        return False
    try:
        address = dl.load(found, task.request.name)
    except Damaged as damage:
        work.lookup.notices.append(f"the cache entry {found.path} cannot be used: {damage}")
        return False  # the entry that is made now takes its place
    task.library = Library(task.request, address, found.note, found.tool, found.path, True)
    return True


def _found_ahead(task: Task, work: Work, ahead: Ahead, found: Entry | None) -> bool:
    """The same ahead of time: what the process's own cache has is copied."""
    if found is not None:
        task.path = found.path
    elif work.directory is not ahead.own and ahead.own.exists and not ahead.own.problem:
        kept = cache.exact(ahead.own, task.name, work.tool.digest, work.lookup)
        store.set_apart_damaged(work.lookup)
        if kept is not None:
            _publish(kept, task, work)
    if task.done:
        ahead.report(task)
    return task.done


def _drive(tasks: list[Task], work: Work) -> None:
    """Start, watch and finish the compilations of all tasks."""
    ready = deque(tasks)
    running: list[Task] = []
    waiting: list[Task] = []
    slots = (work.ahead.jobs if work.ahead else None) or processors()
    while ready or running or waiting:
        while ready and len(running) < slots:
            task = ready.popleft()
            if _begin(task, work):
                running.append(task)
            elif not task.done:
                waiting.append(task)
        live = [task.run for task in running if task.run is not None]
        if live or waiting:
            wait_any(live, 0.01 if waiting else 0.25)
        for task in [task for task in running if task.run is not None and task.run.check()]:
            running.remove(task)
            _end(task, work)
        ready.extend(waiting)
        waiting.clear()


def processors() -> int:
    """How many compilers run side by side: the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def _begin(task: Task, work: Work) -> bool:
    """Start the compiler for a task; False when it is done already, or when it is locked."""
    task.lock = store.try_lock(work.directory, task.name + work.tool.digest)
    now = time.monotonic()
    if task.lock is None:
        if not task.patience:
            task.patience = now + min(max(PATIENCE[0], 2.0 * _slowest), PATIENCE[1])
        if now < task.patience:
            return False
    if _found(task, work) or not _prepared(task, work):
        if task.lock is not None:
            task.lock.release()
        return False
    _compile(task, work)
    return True


def _prepared(task: Task, work: Work) -> bool:
    """Make the C text where it is not there yet: ahead of time, beside running compilers."""
    if task.source is None:
        assert work.ahead is not None, "modc bug: a kernel is compiled before its C text is made"
        try:
            task.source = task.request.source()
        except Exception as error:  # of any part of the compiler: it costs this kernel alone
            text = f"{task.request.name}: {type(error).__name__}: {error}"
            task.error = error if isinstance(error, ModcError) else CompileError(text)
            work.ahead.report(task)
    return task.source is not None


def _compile(task: Task, work: Work) -> None:
    assert task.source is not None, "modc bug: a kernel is compiled before its C text is made"
    place = work.place
    system = work.ahead.system if work.ahead else image.HERE
    # Symbol tables hold the name of the file: one that depends on the kernel alone.
    path = place.write(".c", task.source.c + work.glue.lines(), task.name[:16])
    task.output = place.file(".so", task.name[:16])
    argv = [*work.tool.command.argv, *work.tool.flags, "-shared", *image.flags(system)]
    argv += image.plain_flags(system) if work.ahead and work.ahead.plain else []
    argv += ["-Wall", "-Wextra"] if config.debug_level() >= 5 else ["-w"]
    argv += [f'-DMODC_KEY="{task.name}"', "-o", task.output, path]
    argv += [work.glue.path] if work.glue.path else []
    task.run = place.start([*argv, *image.libraries(system)])
    _keep(task)


def _keep(task: Task) -> None:
    """MODC_KEEP: leave the C text where a person can find it."""
    folder = config.get("MODC_KEEP")
    if not folder or task.source is None:
        return
    path = os.path.join(folder, f"{ascii_name(task.request.name)}-{task.request.key[:12]}.c")
    try:
        os.makedirs(folder, exist_ok=True)
        with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(task.source.c)
    except OSError as error:
        raise CompileError(f"MODC_KEEP={folder!r}: {path} cannot be written: {error}") from None


def _end(task: Task, work: Work) -> None:
    """Finish a compilation; ahead of time a failure is kept with the task."""
    try:
        _finish(task, work)
    except CompileError as error:
        if work.ahead is None:
            raise
        task.error = error
    finally:
        if task.lock is not None:
            task.lock.release()
    if work.ahead is not None:
        work.ahead.report(task)


def _finish(task: Task, work: Work) -> None:
    """Check what the compiler wrote, load it, publish it. Raises CompileError."""
    global _slowest
    run, source = task.run, task.source
    assert run is not None and source is not None, "modc bug: a run ends before it was started"
    if run.status != 0:
        raise failure(run, task.request.name)
    _slowest = max(_slowest, run.seconds)
    data = _image(task, run, work)
    if run.said():
        config.trace(5, run.said(SAID))
    facts = {
        **source.note,
        "build": {
            **source.parts,
            "name": task.request.name,
            "key": task.request.key,
            "level": work.level,
            "command": run.argv,
            "version": work.tool.version,
            "flags": work.tool.flags,
            "seconds": round(run.seconds, 4),
            "importable": work.glue.path is not None,
        },
    }
    fresh = Entry(entry.KERNEL, task.name, work.tool.digest, data, entry.pack_note(facts, source.c))
    if work.ahead is None or work.ahead.loads:
        try:
            address = dl.load(fresh, task.request.name)
        except Damaged as damage:
            raise failure(run, task.request.name, f"wrote no kernel: {damage}") from None
        work.glue.proven()
        _publish(fresh, task, work)
        path, note = task.path, fresh.note
        task.library = Library(task.request, address, note, fresh.tool, path, False)
    else:
        _publish(fresh, task, work)


SAID = 20000  # bytes of warnings that MODC_DEBUG=5 shows


def _image(task: Task, run: Run, work: Work) -> bytes:
    """The bytes that the compiler wrote, when they have the form of a shared object."""
    try:
        with open(task.output, "rb") as file:
            data = file.read(entry.LIMIT + 1)
    except OSError:
        raise failure(run, task.request.name, "ended well, but wrote nothing") from None
    system = work.ahead.system if work.ahead else image.HERE
    reason = "the file is too large" if len(data) > entry.LIMIT else image.malformed(data, system)
    if not reason and not (work.ahead is None or work.ahead.loads) and task.name.encode() not in data:
        reason = "its key is not in it"  # what loading it would have shown
    if reason:
        raise failure(run, task.request.name, f"wrote no kernel: {reason}")
    return data


def _publish(fresh: Entry, task: Task, work: Work) -> None:
    """Put a checked kernel into the cache, and the place into `task.path`.

    Where that is not possible there is a notice, ahead of time an error of the task.
    """
    directory = work.directory
    if work.ahead is None and (directory.problem or directory.readonly):
        work.unpublished = ""  # load has said so already
        return
    path = directory.file(fresh.key, fresh.tool)
    data = entry.pack(fresh.kind, fresh.key, fresh.tool, fresh.image, fresh.note)
    try:
        if len(data) > entry.LIMIT:
            raise OSError(f"an entry of {len(data)} bytes is too large")
        store.publish(directory, path, data)
    except OSError as error:
        reason = work.unpublished = f"{error.strerror or error}"
        if work.ahead is not None:
            work.unpublished = ""
            task.error = CacheError(
                f"{task.request.name} cannot be kept in {directory.path}: {reason}"
            )
        return
    if not directory.shared:
        admin.published(directory)
    task.path = path
