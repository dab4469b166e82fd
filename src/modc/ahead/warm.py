"""`modc.warm`: make kernels before a program asks for them.

Input: targets, or a recording. Output: entries in a cache directory, and a `Report`. One bad target
does not hide what the others gave. Neighbours: `targets`, `programs` and `modc.recording` say which
kernels; `modc.build.make_all` makes them; `modc warm` is this function on the command line.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from modc import config, recording
from modc.ahead.programs import kernels_of, programs_of, requests_of
from modc.ahead.report import Kernel, Problem, Report
from modc.ahead.targets import GROUP, Target, made, resolve, texts_of_entry_points
from modc.build import Request, find_all, make_all, shared_directory
from modc.build import cache as places
from modc.build.cross import platform
from modc.errors import CompileError, MissingKernel, ModcError
from modc.pipeline import mode_named
from modc.schedule import Unschedulable

if TYPE_CHECKING:
    from modc.build.ahead import Made
    from modc.build.cache import Directory
    from modc.graph import Program

    #: Called with a kernel that is ready, how many are, and how many there are.
    Progress = Callable[[Kernel, int, int], None]


def warm(
    *targets: Any,
    all: bool = False,
    mode: str | None = None,
    jobs: int | None = None,
    target: str | Iterable[str] | None = None,
    out: str | os.PathLike[str] | None = None,
    check: bool = False,
    dry_run: bool = False,
    from_trace: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Make the kernels of the targets, so that the programs that use them need no compiler.

    targets     ``package.module:factory``, ``file.py:Class``, names of entry points of the group
                modc.modules; or Modules, instances and factories themselves
    all         every installed entry point as well
    mode        of Methods that have none of their own, as in `make`; None: MODC_MODE
    jobs        compilers side by side; None: as many as there are processors
    target      what the kernels are for: ``native``, ``v3``, ``aarch64``, ...; one or several
    out         a directory for MODC_CACHE_PATH, readable for others; None: the own cache
    check       compile nothing: is everything there?
    dry_run     compile nothing: what would be made?
    from_trace  a file of MODC_RECORD: the kernels in it as well
    progress    called with each Kernel that is ready, how many are, and how many there are

    Raises ModeError for an unknown mode or target level, CacheError for a directory that cannot be
    written, TraceError for a damaged recording. Whatever is wrong with one target, kernel or
    compiler stands in the Report; `Report.exit_code` sums it up.
    """
    levels = _levels(target)
    mode_named(mode)
    recorded = recording.read(os.fspath(from_trace)) if from_trace is not None else []
    idle = check or dry_run
    directory, fresh = _directory(out, idle)
    own = places.own()  # first: a relative name counts from here, wherever a factory goes
    report = Report(directory.path if directory is not None else own.path, check)
    try:
        wanted = _Wanted(report)
        for one in [*targets, *_installed(all, report)]:
            wanted.add(one, mode)
        wanted.add_recorded(recorded, os.fspath(from_trace or ""))
        work = _Work(report, wanted, levels, progress)
        for level in levels:
            if idle:
                work.look(level, directory)
            else:
                work.make(level, directory, jobs)
    finally:
        if fresh and not os.listdir(fresh):
            os.rmdir(fresh)
    return report


def _levels(target: str | Iterable[str] | None) -> list[str]:
    """The levels that the names stand for, each once."""
    names = [target] if isinstance(target, str) else list(target or ["native"])
    return list(dict.fromkeys(platform(name).level for name in names))


def _directory(out: Any, idle: bool) -> tuple[Directory | None, str]:
    """The directory of `out`, and its path when it was made just now."""
    if out is None:
        return None, ""
    text = os.fspath(out)
    path = os.path.abspath(os.path.expanduser(text)) if text else ""
    if idle and path:
        return places.check(path), ""
    existed = os.path.lexists(path)
    return shared_directory(path), "" if existed else path


def _installed(all: bool, report: Report) -> list[str]:
    found = texts_of_entry_points() if all else []
    if all and not found:
        reason = (
            f"no installed package has an entry point of the group {GROUP}\n"
            f"  hint: install one, or name a target"
        )
        report.problems.append(Problem("--all", reason, 1))
    return found


def _target_of(given: Any, text: str) -> Target:
    """The target that a Module, an instance, a class or a factory is by itself."""
    with config.using(MODC_RUNTIME="numpy"):
        return Target(text, text, made(given, text), [])


class _Wanted:
    """Which kernels are asked for, by which targets, in which mode."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.requests: dict[str, Request] = {}
        self.modes: dict[str, str] = {}
        self.targets: dict[str, list[str]] = {}
        self.plain: list[Kernel] = []  # Methods that are to run in mode numpy

    def add(self, given: Any, mode: str | None) -> None:
        """The kernels of a target; a problem of it is kept, and its kernels are left out."""
        text = given if isinstance(given, str) else getattr(given, "__name__", type(given).__name__)
        try:
            is_text = isinstance(given, str)
            target = resolve(given, shared=True) if is_text else _target_of(given, text)
            pairs = programs_of(target.found, mode, target.names)
        except ModcError as error:
            self.report.problems.append(Problem(text, str(error), error.exit_code))
            return
        except Exception as error:  # what a user's Module raises when it is made
            reason = (
                f"{text} cannot be made: {type(error).__name__}: {error}\n"
                f"  hint: its `make_no_init()` raises the same"
            )
            self.report.problems.append(Problem(text, reason, 1))
            return
        if not pairs:
            reason = f"{text} has no Methods\n  hint: there is nothing to compile; name another target"
            self.report.problems.append(Problem(text, reason, 1))
        self._take(text, pairs)

    def add_recorded(self, recorded: Sequence[recording.Recorded], path: str) -> None:
        """The kernels of a recording."""
        for one in recorded:
            pairs = [(program, one.mode) for program in kernels_of(one.program, one.mode)]
            self._take(f"{path}:{one.line}", pairs)

    def _take(self, text: str, pairs: Sequence[tuple[Program, str]]) -> None:
        for program, mode in pairs:
            if mode == "numpy":
                kernel = Kernel(program.name, "", "", mode, [text])
                kernel.state, kernel.reason = "numpy", "mode numpy is asked for"
                self.plain.append(kernel)
                continue
            (request,) = requests_of([program])
            self.requests.setdefault(request.key, request)
            self.modes.setdefault(request.key, mode)
            wanted_by = self.targets.setdefault(request.key, [])
            if text not in wanted_by:
                wanted_by.append(text)


class _Work:
    """Going through the kernels, level by level."""

    def __init__(
        self, report: Report, wanted: _Wanted, levels: Sequence[str], progress: Progress | None
    ) -> None:
        self.report = report
        self.wanted = wanted
        self.requests = list(wanted.requests.values())
        self.progress = progress
        self.done = 0
        self.total = len(self.requests) * len(levels)
        report.kernels.extend(wanted.plain)

    def _kernels(self, level: str) -> dict[str, Kernel]:
        """A Kernel for each request at a level, by key; all are in the report."""
        found = {
            key: Kernel(one.name, key, level, self.wanted.modes[key], self.wanted.targets[key])
            for key, one in self.wanted.requests.items()
        }
        self.report.kernels.extend(found.values())
        return found

    def _tell(self, kernel: Kernel) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(kernel, self.done, self.total)

    def look(self, level: str, directory: Directory | None) -> None:
        """What is there; compiles nothing."""
        kernels = self._kernels(level)
        paths = find_all(self.requests, level=level, directory=directory)
        for request, path in zip(self.requests, paths, strict=True):
            kernel = kernels[request.key]
            if path is not None:
                kernel.state, kernel.path = "found", path
            else:
                self._without_kernel(request, kernel)
            self._tell(kernel)

    def _without_kernel(self, request: Request, kernel: Kernel) -> None:
        """Some Methods have no kernel: they are not missing."""
        try:
            request.source()
        except Unschedulable as error:
            kernel.state, kernel.reason = "numpy", str(error)
        except Exception as error:
            kernel.state, kernel.reason = "failed", f"{type(error).__name__}: {error}"

    def make(self, level: str, directory: Directory | None, jobs: int | None) -> None:
        """Make what is missing. A compiler that cannot be used is a problem of this level."""
        kernels = self._kernels(level)

        def ready(one: Made) -> None:
            kernel = kernels[one.request.key]
            kernel.path, kernel.seconds, kernel.state = one.path, one.seconds, one.status
            if one.error is not None:
                kernel.reason = str(one.error)
                if isinstance(one.error, Unschedulable):
                    kernel.state = "numpy"
            self._tell(kernel)

        try:
            make_all(self.requests, level=level, directory=directory, jobs=jobs, report=ready)
        except CompileError as error:
            code = error.exit_code if isinstance(error, MissingKernel) else 4
            self.report.problems.append(Problem(level, str(error), code))
