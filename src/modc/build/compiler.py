"""Running C compilers: never through a shell, in a process group of their own, with a deadline.

Input: argument lists. Output: `Run`s with a status and the end of what was said; `identify` asks a
compiler who it is and which flags it takes. Neighbours: toolchain reads what is remembered here;
miss and glue compile with it; doctor shows it.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from hashlib import sha256
from typing import TYPE_CHECKING

from modc import config
from modc.build import cache, store, target, toolchain
from modc.build.library import shown
from modc.build.toolchain import BASE_FLAGS, Command, Tool
from modc.errors import CompileError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

SAID_LIMIT = 64 << 20  # bytes of messages after which a compiler is stopped
TAIL = 2048  # bytes of its messages that an error shows


class Run:
    """One run of a command. `status` is None while it runs, negative for a signal."""

    __slots__ = ("argv", "deadline", "log", "poll_fd", "process", "seconds", "started", "status",
                 "stopped")  # fmt: skip

    def __init__(self, argv: list[str], process: subprocess.Popen[bytes], log: str, limit: float):
        self.argv = argv
        self.process = process
        self.log = log
        self.started = time.monotonic()
        self.deadline = self.started + limit
        self.seconds = 0.0
        self.status: int | None = None
        self.stopped = ""  # why modc stopped it
        self.poll_fd = -1
        if hasattr(os, "pidfd_open"):
            try:
                self.poll_fd = os.pidfd_open(process.pid)
            except OSError:  # an old kernel: `wait_any` looks every 2 ms instead
                self.poll_fd = -1

    def check(self) -> bool:
        """Whether the command has ended; stops it when it is over its limits."""
        if self.status is None:
            status = self.process.poll()
            if status is not None:
                self._end(status)
            elif time.monotonic() > self.deadline:
                limit = self.deadline - self.started
                self.stop(f"it did not end within {limit:g} s (MODC_CC_TIMEOUT)")
            elif self._said() > SAID_LIMIT:
                self.stop(f"it wrote more than {SAID_LIMIT >> 20} MiB of messages")
        return self.status is not None

    def _said(self) -> int:
        try:
            return os.stat(self.log).st_size
        except OSError:
            return 0

    def stop(self, why: str) -> None:
        """End the command and everything that it started."""
        if self.status is not None:
            return
        try:
            if os.name == "posix":
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()
        except OSError:
            self.process.kill()
        self.stopped = why
        self._end(self.process.wait())

    def _end(self, status: int) -> None:
        self.status = status
        self.seconds = time.monotonic() - self.started
        if self.poll_fd >= 0:
            os.close(self.poll_fd)
            self.poll_fd = -1

    def outcome(self) -> str:
        """What happened, for people: status, signal, or why it was stopped."""
        if self.stopped:
            return f"was stopped: {self.stopped}"
        if self.status is not None and self.status < 0:
            try:
                return f"was killed by {signal.Signals(-self.status).name}"
            except ValueError:
                return f"was killed by signal {-self.status}"
        return f"ended with status {self.status}"

    def said(self, limit: int = TAIL, start: bool = False) -> str:
        """The last (or first) bytes of its messages."""
        try:
            with open(self.log, "rb") as file:
                if not start:
                    size = file.seek(0, os.SEEK_END)
                    file.seek(max(0, size - limit))
                return file.read(limit).decode("utf-8", "replace").strip()
        except OSError:
            return ""


class Workplace:
    """A private directory for compilers, and the runs in it; both end with the `with` block."""

    def __init__(self) -> None:
        self.path, self._owner = _private_folder()
        self.runs: list[Run] = []
        self._serial = 0

    def __enter__(self) -> Workplace:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            for run in self.runs:
                run.stop("modc was interrupted")
        finally:
            os.close(self._owner)
            shutil.rmtree(self.path, ignore_errors=True)

    def file(self, suffix: str, stem: str = "") -> str:
        """Absolute path of a file that does not exist yet; without a stem it gets a number."""
        self._serial += not stem
        return os.path.join(self.path, f"{stem or self._serial}{suffix}")

    def write(self, suffix: str, text: str, stem: str = "") -> str:
        """A new file with this text; returns its path. Raises CompileError when it cannot be."""
        path = self.file(suffix, stem)
        try:
            with open(path, "x", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
                file.write(text)
        except OSError as error:
            raise CompileError(f"a temporary file cannot be written: {error}") from None
        return path

    def start(self, argv: list[str], everything: bool = False) -> Run:
        """Start a command here; with `everything`, its output is kept beside its messages.

        Raises CompileError when it cannot be started.
        """
        log = self.file(".log")
        limit = min(config.number("MODC_CC_TIMEOUT"), 1e8)
        config.trace(5, _command_text(argv))
        try:
            with open(log, "xb") as file:
                process = subprocess.Popen(
                    argv,
                    stdin=subprocess.DEVNULL,
                    stdout=file if everything else subprocess.DEVNULL,
                    stderr=file,
                    cwd=self.path,
                    env=self._environment(),
                    process_group=0 if os.name == "posix" else None,
                )
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise CompileError(
                f"the C compiler cannot be started: {reason}\n"
                f"  command: {_command_text(argv)}\n"
                f"  hint: set CC to a C compiler; `modc doctor` shows which ones are there"
            ) from None
        run = Run(argv, process, log, limit)
        self.runs.append(run)
        return run

    def _environment(self) -> dict[str, str]:
        environment = dict(os.environ)
        environment["LC_ALL"] = "C"
        environment["TMPDIR"] = self.path  # what a killed compiler leaves goes with the directory
        for name in ("DEPENDENCIES_OUTPUT", "SUNPRO_DEPENDENCIES"):
            environment.pop(name, None)
        own = cache.own()
        place = self.path if own.problem or own.readonly else own.path
        for name in ("ZIG_LOCAL_CACHE_DIR", "ZIG_GLOBAL_CACHE_DIR"):
            environment.setdefault(name, os.path.join(place, "modc-zig"))
        return environment

    def run(self, argv: list[str], everything: bool = False) -> Run:
        """Run a command to its end."""
        run = self.start(argv, everything)
        while not run.check():
            wait_any([run])
        return run


def _private_folder() -> tuple[str, int]:
    """A new directory of mode 0700, in the temporary directory or in the cache, and its lock."""
    own = cache.own()
    places = [None] if own.problem or own.readonly or not own.exists else [None, own.path]
    reason: OSError | None = None
    for place in [*places, *places]:  # twice: a sweep may take a directory that is not locked yet
        try:
            path = tempfile.mkdtemp(prefix=temp_prefix(), dir=place)
        except OSError as error:
            reason = reason or error
            continue
        try:
            return path, store.owned(os.path.join(path, "owner"))
        except OSError as error:
            reason = reason or error
            store.remove_folder(path)
    raise CompileError(f"there is no place for temporary files: {reason}") from None


def temp_prefix() -> str:
    """How the names of this user's work directories start."""
    return f"modc-work-{os.geteuid() if hasattr(os, 'geteuid') else 0}-"


def wait_any(runs: Iterable[Run], limit: float = 0.25) -> None:
    """Sleep until one of the runs has ended, or for `limit` seconds."""
    live = [run for run in runs if run.status is None]
    if not live or any(run.poll_fd < 0 for run in live):
        time.sleep(min(limit, 0.002))
        return
    first = min(run.deadline for run in live)
    seconds = max(0.0, min(limit, first - time.monotonic() + 0.001))
    waiter = select.poll()
    for run in live:
        waiter.register(run.poll_fd, select.POLLIN)
    waiter.poll(seconds * 1000.0)


def _command_text(argv: list[str]) -> str:
    import shlex

    return shlex.join(argv)


def failure(run: Run, name: str, what: str | None = None) -> CompileError:
    """The exception for a run that gave nothing usable; `what` replaces the run's own outcome."""
    said = run.said()
    lines = [
        f"{shown(name)}: the C compiler {what or run.outcome()}",
        f"  command: {_command_text(run.argv)}",
    ]
    if said:
        lines.append("  its last words:\n    " + said.replace("\n", "\n    "))
    lines.append("  hint: `modc doctor` tests the compiler; CC selects another one")
    return CompileError("\n".join(lines))


def identify(
    command: Command, level: str, directory: cache.Directory, place: Workplace, name: str
) -> Tool:
    """Ask a compiler for its version and which flags it takes, and remember the answer.

    Raises CompileError when it cannot be started or hangs. One that merely refuses to answer is
    taken as it is: the compilation that follows shows what is wrong with it.
    """
    known = toolchain.recall(command, level, directory)
    if known is not None:
        return known
    key = toolchain.subject(command, level)
    asked = place.run([*command.argv, "--version"], everything=True)
    if asked.stopped:
        raise failure(asked, name)
    version = asked.said(2000, start=True) or asked.outcome()
    version = version.replace("\0", " ")
    works, accepted = _accepted_flags(command, level, place, name)
    flags = [*accepted, *toolchain.user_flags()]
    fields = ["modc tool 1", version, str(os.stat(command.file).st_size)]
    fields += [*command.argv[1:], "--", *flags]
    text = "\0".join(f"{len(field)}:{field}" for field in fields)
    digest = sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
    tool = Tool(command, digest, version, flags)
    remembered = toolchain.remember(key, tool)
    if works and asked.status == 0:
        store.write_memo(directory, "tool", key, remembered)
    return tool


def _accepted_flags(
    command: Command, level: str, place: Workplace, name: str
) -> tuple[bool, list[str]]:
    """The flags of modc as this compiler takes them: usually all, found out by one short run.

    The first value says whether it compiled anything at all.
    """
    spellings = target.march_flags(level)
    extras = ["-fvect-cost-model=dynamic"]
    if level.startswith("x86-64-v4"):
        extras.append("-mprefer-vector-width=512")
    source = place.write(".c", "int modc_probe(int x);\nint modc_probe(int x) { return x; }\n")

    def takes(flags: Iterable[str]) -> bool:
        output = place.file(".o")
        argv = [*command.argv, *BASE_FLAGS, *flags, "-Werror", "-c", "-o", output, source]
        run = place.run(argv)
        if run.stopped:
            raise failure(run, name)
        return run.status == 0

    if takes([*spellings[0], *extras]):
        return True, [*BASE_FLAGS, *spellings[0], *extras]
    for march in spellings:
        if takes(march):
            return True, [*BASE_FLAGS, *march, *[flag for flag in extras if takes([flag])]]
    return False, [*BASE_FLAGS, *spellings[0], *extras]
