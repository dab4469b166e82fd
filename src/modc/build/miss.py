"""Kernels that are in no cache: C text, compiler, check, publication.

All of it is driven from the calling thread: compilers run side by side as processes, as many as
there are processors, so there are no threads to fork with or to stop. For each kernel: take the
lock of its key; look again; compile; load and check what came out; publish. A key that another
process holds is left for last, and compiled anyway when the other one takes too long.

Input: Requests. Output: Libraries, or CompileError with nothing published.
Neighbours: load calls it; compiler, glue, store, dl do the work.
"""

from __future__ import annotations

import os
import struct
import sys
import tempfile
import time
from collections import deque

from modc import config
from modc.build import admin, cache, dl, entry, glue, store
from modc.build.cache import Directory, Lookup
from modc.build.compiler import Run, Workplace, failure, identify, temp_prefix, wait_any
from modc.build.entry import Damaged, Entry
from modc.build.library import Library, Request, Source, ascii_name
from modc.build.toolchain import Command, Tool
from modc.errors import CompileError

PATIENCE = (2.0, 30.0)  # seconds to wait for another process: at least, at most

_swept: set[str] = set()
_slowest = 0.0  # the longest compilation of this process so far


class Task:
    """One missing kernel on its way: request, C text, lock, compiler run, library."""

    __slots__ = ("c", "library", "lock", "name", "output", "patience", "request", "run", "source")

    def __init__(self, request: Request, name: str):
        self.request = request
        self.name = name
        self.source: Source | None = None
        self.c = ""
        self.lock: store.Lock | None = None
        self.run: Run | None = None
        self.output = ""
        self.patience = 0.0
        self.library: Library | None = None


class Work:
    """What all tasks of one call share."""

    __slots__ = ("directory", "glue", "lookup", "place", "tool", "unpublished")

    def __init__(self, directory: Directory, lookup: Lookup, tool: Tool, place: Workplace):
        self.directory = directory
        self.lookup = lookup
        self.tool = tool
        self.place = place
        self.glue = glue.Glue(None, "not needed yet")
        self.unpublished = ""  # why something could not be published


def make(
    tasks: list[Task], command: Command, level: str, directory: Directory, lookup: Lookup
) -> None:
    """Fill in `library` of every task. Raises CompileError, and what a Request's source raises."""
    _sweep(directory)
    with Workplace() as place:
        tool = identify(command, level, directory, place, tasks[0].request.name)
        work = Work(directory, lookup, tool, place)
        open_tasks = [task for task in tasks if not _found(task, work)]
        for task in open_tasks:
            task.source = task.request.source()
        if open_tasks:
            work.glue = glue.glue_for(tool, directory, place)
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
    if found is None:
        return False
    try:
        address = dl.load(found, task.request.name)
    except Damaged as damage:
        work.lookup.notices.append(f"the cache entry {found.path} cannot be used: {damage}")
        return False  # the entry that is made now takes its place
    task.library = Library(task.request, address, found.note, found.tool, found.path, True)
    return True


def _drive(tasks: list[Task], work: Work) -> None:
    """Start, watch and finish the compilations of all tasks."""
    ready = deque(tasks)
    running: list[Task] = []
    waiting: list[Task] = []
    slots = os.cpu_count() or 1
    while ready or running or waiting:
        while ready and len(running) < slots:
            task = ready.popleft()
            if _begin(task, work):
                running.append(task)
            elif task.library is None:
                waiting.append(task)
        live = [task.run for task in running if task.run is not None]
        if live or waiting:
            wait_any(live, 0.01 if waiting else 0.25)
        for task in [task for task in running if task.run is not None and task.run.check()]:
            running.remove(task)
            _finish(task, work)
        ready.extend(waiting)
        waiting.clear()


def _begin(task: Task, work: Work) -> bool:
    """Start the compiler for a task; False when the kernel was found, or when it is locked."""
    task.lock = store.try_lock(work.directory, task.name + work.tool.digest)
    now = time.monotonic()
    if task.lock is None:
        if not task.patience:
            task.patience = now + min(max(PATIENCE[0], 2.0 * _slowest), PATIENCE[1])
        if now < task.patience:
            return False
    if _found(task, work):
        if task.lock is not None:
            task.lock.release()
        return False
    _compile(task, work)
    return True


def _compile(task: Task, work: Work) -> None:
    assert task.source is not None, "modc bug: a kernel is compiled before its C text is made"
    place = work.place
    path = place.write(".c", task.source.c + work.glue.lines())
    task.output = place.file(".so")
    argv = [*work.tool.command.argv, *work.tool.flags, "-shared", "-fPIC"]
    argv += ["-Wall", "-Wextra"] if config.debug_level() >= 5 else ["-w"]
    if sys.platform == "darwin":
        argv += ["-undefined", "dynamic_lookup"]  # Python's symbols come from the process
    argv += [f'-DMODC_KEY="{task.name}"', "-o", task.output, path]
    argv += [work.glue.path] if work.glue.path else []
    task.run = place.start([*argv, "-lm"])
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


def _finish(task: Task, work: Work) -> None:
    """Check what the compiler wrote, load it, publish it. Raises CompileError."""
    global _slowest
    run, source = task.run, task.source
    assert run is not None and source is not None, "modc bug: a run ends before it was started"
    if run.status != 0:
        raise failure(run, task.request.name)
    _slowest = max(_slowest, run.seconds)
    image = _image(task, run)
    if run.said():
        config.trace(5, run.said(SAID))
    facts = {
        **source.note,
        "build": {
            "name": task.request.name,
            "key": task.request.key,
            "command": run.argv,
            "version": work.tool.version,
            "seconds": round(run.seconds, 4),
            "importable": work.glue.path is not None,
        },
    }
    note = entry.pack_note(facts, source.c)
    fresh = Entry(entry.KERNEL, task.name, work.tool.digest, image, note)
    try:
        address = dl.load(fresh, task.request.name)
    except Damaged as damage:
        raise failure(run, task.request.name, f"wrote no kernel: {damage}") from None
    work.glue.proven()
    path = _publish(fresh, work)
    if task.lock is not None:
        task.lock.release()
    task.library = Library(task.request, address, note, fresh.tool, path, False)


SAID = 20000  # bytes of warnings that MODC_DEBUG=5 shows


def _image(task: Task, run: Run) -> bytes:
    """The bytes that the compiler wrote, when they have the form of a shared object."""
    try:
        with open(task.output, "rb") as file:
            image = file.read(entry.LIMIT + 1)
    except OSError:
        raise failure(run, task.request.name, "ended well, but wrote nothing") from None
    reason = _malformed(image)
    if reason:
        raise failure(run, task.request.name, f"wrote no kernel: {reason}")
    return image


def _malformed(image: bytes) -> str:
    """Why bytes are no shared object that dlopen can be given; empty when they look right.

    dlopen trusts its file: segments that lie beyond the end would end the process.
    """
    if len(image) > entry.LIMIT:
        return "the file is too large"
    if not sys.platform.startswith("linux"):
        return "" if image else "the file is empty"
    if len(image) < 64 or image[:4] != b"\x7fELF":
        return "the file is no ELF object"
    wide = image[4] == 2
    order = "<" if image[5] == 1 else ">"
    layout = order + ("HHIQQQIHHHHHH" if wide else "HHIIIIIHHHHHH")
    head = struct.unpack_from(layout, image, 16)
    kind, table, size, count = head[0], head[4], head[8], head[9]
    if kind != 3:
        return "the ELF object is not a shared one"
    if count == 0 or table + size * count > len(image):
        return "the ELF object is cut off"
    for index in range(count):
        at = table + size * index
        segment = struct.unpack_from(order + ("IIQQQQ" if wide else "IIIIII"), image, at)
        offset, bytes_ = (segment[2], segment[5]) if wide else (segment[1], segment[4])
        if segment[0] == 1 and offset + bytes_ > len(image):
            return "the ELF object is cut off"
    return ""


def _publish(fresh: Entry, work: Work) -> str | None:
    """Put a checked kernel into the cache; None, and a notice, when that is not possible."""
    directory = work.directory
    if directory.problem or directory.readonly:
        work.unpublished = ""  # load has said so already
        return None
    path = directory.file(fresh.key, fresh.tool)
    data = entry.pack(fresh.kind, fresh.key, fresh.tool, fresh.image, fresh.note)
    if len(data) > entry.LIMIT:
        work.unpublished = f"an entry of {len(data)} bytes is too large"
        return None
    try:
        store.publish(directory, path, data)
    except OSError as error:
        work.unpublished = f"{error.strerror or error}"
        return None
    admin.published(directory)
    return path
