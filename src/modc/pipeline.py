"""From Programs to callables: keys, the cache, the modes.

Takes the Programs of one made graph from the module system, gives one Executable each, to be bound
to storage. A warm start stays in this page and `build`: the compiler itself (`modc.compiler`) is
loaded on a cache miss only.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from modc import config
from modc.errors import CompileError, MissingKernel, ModcWarning, ModeError, NoCompiler, user_frame
from modc.graph import Program
from modc.graph.split import Piece, split

if TYPE_CHECKING:
    from modc.build import Library, Source
    from modc.compiler import Stages
    from modc.runtime import Lock, Spec

MODES = ("c", "numpy", "check")

#: Names of other systems' modes, lower case without underscores, and what they are here.
_ALIASES = {
    "fastrun": "c", "c": "c", "cvm": "c", "vm": "c", "c|py": "c", "profilemode": "c", "profile": "c",
    "fastcompile": "numpy", "numpy": "numpy", "py": "numpy", "python": "numpy",
    "debugmode": "check", "debug": "check", "check": "check", "nanguardmode": "check", "nanguard": "check",
}  # fmt: skip


def mode_named(mode: Any = None) -> str:
    """The mode called `mode`: one of MODES, one of Theano's names, or None for MODC_MODE.

    Raises ModeError, which lists the known ones.
    """
    if mode is None:
        mode = config.get("MODC_MODE")
    name = mode if isinstance(mode, str) else getattr(mode, "name", None) or type(mode).__name__
    found = _ALIASES.get(str(name).lower().replace("_", "").replace("-", ""))
    if found is None:
        known = "FAST_RUN, FAST_COMPILE, DebugMode"
        raise ModeError(f"unknown mode {mode!r}: choose one of {', '.join(MODES)} (Theano's {known} are accepted)")
    return found


class Executable:
    """One compiled Method, not yet bound to storage.

    mode            "c", "numpy" or "check": the one in effect
    key             64 hex digits: graph, options and modc's own compiler, the cache's name for it
    cache_hit       whether the kernel came from the cache
    compile_time    seconds that this Method took from graph to loaded kernel (0 for a hit)
    """

    __slots__ = (
        "_key", "_rewritten", "_stages", "compile_time", "files", "library", "mode", "pieces", "program", "traced",
    )  # fmt: skip

    def __init__(self, program: Program, mode: str, files: tuple[str, ...] = ()) -> None:
        self.program, self.mode = program, mode
        self.files = files  # the user's, whose package may have brought the kernel
        self.library: Library | None = None
        self.traced: Executable | None = None  # mode check: the same Method with every node as an output
        self.pieces: list[tuple[Piece, Executable]] = []  # of a Method that is several kernels in sequence
        self.compile_time = 0.0
        self._stages: Stages | None = None
        self._rewritten: Program | None = None
        self._key: str | None = None

    @property
    def key(self) -> str:
        """Name of the kernel in the cache, made when asked for."""
        if self._key is None:
            from modc.build import source_digest

            return self.keyed(source_digest())
        return self._key

    def keyed(self, digest: str) -> str:
        """The key, for a digest of modc's sources that the caller took once for several Methods."""
        if self._key is None:
            from modc.graph.fingerprint import fingerprint

            self._key = fingerprint(self.program, {"compiler": digest})
        return self._key

    def kernels(self) -> list[Executable]:
        """Itself; or its pieces. In mode check each is followed by the traced kernel."""
        if not self.pieces:
            found = split(self.program)
            self.pieces = [(piece, Executable(piece.program, self.mode, self.files)) for piece in found or ()]
        own = [one for _, one in self.pieces] or [self]
        if self.mode == "check":
            from modc.check import traced

            for one in own:
                one.traced = Executable(traced(one.program), "c", one.files)
        return [kernel for one in own for kernel in (one, one.traced) if kernel is not None]

    def settle(self) -> None:
        """Once kernels are loaded: without one of them, the Method runs in mode numpy."""
        for _, one in self.pieces:
            one.settle()
        lost = self.traced is not None and self.traced.library is None
        if lost or any(one.mode == "numpy" for _, one in self.pieces):
            self.mode = "numpy"
        self.compile_time += sum(one.compile_time for _, one in self.pieces)

    @property
    def stages(self) -> Stages:
        """The Method at every stage of the compiler (the last of its kernels); made when asked for."""
        if self.pieces:
            return self.pieces[-1][1].stages
        if self._stages is None:
            from modc.compiler import compile_program

            begin = time.perf_counter()
            self._stages = compile_program(self.program)
            self.compile_time += time.perf_counter() - begin
        return self._stages

    @property
    def cache_hit(self) -> bool:
        """Whether the kernel came from the cache; False in mode numpy."""
        if self.pieces:
            return all(one.cache_hit for _, one in self.pieces)
        return self.library is not None and self.library.cache_hit

    @property
    def c_source(self) -> str:
        """The C text of the kernel, self-contained; of several kernels one after the other."""
        if self.pieces:
            return "\n".join(one.c_source for _, one in self.pieces)
        return self.library.c_source if self.library is not None else self.stages.c

    @property
    def graph(self) -> str:
        """The expression graph before and after rewriting, as numbered listings."""
        stages = self.stages
        return f"{stages.text('graph')}\nrewritten\n{stages.text('rewrite')}"

    def bind(self, spec: Spec, lock: Lock, method: Any = None) -> Callable[..., Any]:
        """The callable over the storage that `spec` names."""
        from modc import runtime

        if self.pieces and self.mode != "numpy":
            from modc.staged import staged

            return runtime.bind_python(staged(self.program, self.pieces), spec, lock, method=method)
        if self.mode == "numpy" or self.library is None:
            return runtime.bind_python(self._interpreted(), spec, lock, method=method)
        if self.mode == "check":
            from modc.check import checked

            return runtime.bind_python(checked(self), spec, lock, method=method)
        return self.bind_kernel(spec, lock, method)

    def bind_kernel(self, spec: Spec, lock: Lock, method: Any = None) -> Callable[..., Any]:
        """The kernel itself over the storage that `spec` names."""
        from modc import runtime

        assert self.library is not None
        spec.next = self.library.reshaped
        spec.fail = self._failure
        return runtime.bind(self.library, spec, lock, method=method)

    def _failure(self, site: int, axis: int, got: int, want: int) -> Exception:
        """The exception for a failed check of the kernel; the rewriter repeats itself to find the node.

        The rewriter of another modc could find another one: a kernel that came with a package has its
        texts with it.
        """
        assert self.library is not None
        note = self.library.note
        kind, number, operand = note["sites"][site]
        if "texts" in note:
            from modc.build import source_digest

            if note["compiler"] != source_digest():
                from modc.runtime.failed import failed

                return failed(self.program.name, kind, note["texts"][site], axis, got, want)
        from modc.failure import failure
        from modc.rewrite import optimize

        if self._rewritten is None:
            self._rewritten = self._stages.rewritten if self._stages is not None else optimize(self.program)
        return failure(self._rewritten, kind, number, operand, axis, got, want)

    def _interpreted(self) -> Callable[..., Any]:
        from modc.graph.evaluate import evaluator
        from modc.rewrite import stable

        program = stable(self.program)
        compute = evaluator(program)

        def run(inputs: list[Any], members: list[Any]) -> tuple[list[Any], dict[int, Any]]:
            outputs, values = compute(inputs, members)
            return outputs, {member: value for (member, _), value in zip(program.updates, values, strict=True)}

        return run


def compile_programs(
    programs: Sequence[Program],
    modes: str | Sequence[str],
    files: Sequence[tuple[str, ...]] = (),
    target: Callable[[], str] = str,
) -> list[Executable]:
    """Executables for Programs, each in its mode; kernels come from the cache or compile in parallel.

    `files`, for each Program: source files whose packages may have brought the kernel with them; it is
    looked for there first. `target` gives the text by which `modc warm` would find the Programs, or "".
    Raises CompileError when a compiler is there and fails, MissingKernel under MODC_NO_COMPILE. Without any compiler,
    and for a Method that no kernel can express, the mode in effect is "numpy", with one warning. A Method whose sizes depend
    on data is several kernels: see `graph.split`.
    """
    wanted = [modes] * len(programs) if isinstance(modes, str) else list(modes)
    places = files or [()] * len(programs)
    made = [Executable(one, mode_named(mode), at) for one, mode, at in zip(programs, wanted, places, strict=True)]
    jobs = [one for one in made if one.mode != "numpy"]
    if config.get("MODC_RUNTIME") == "numpy":
        for one in jobs:
            one.mode = "numpy"
        return made
    try:
        _load([kernel for one in jobs for kernel in one.kernels()])
    except MissingKernel as error:
        from modc.build.recipe import retold

        raise retold(error, target(), "check" if any(one.mode == "check" for one in made) else "") from None
    for one in jobs:
        one.settle()
    if jobs and (path := config.get("MODC_RECORD")):
        _record(path, made)
    return made


def _record(path: str, made: Sequence[Executable]) -> None:
    """MODC_RECORD: write down which kernels are in use. A file that cannot be written is one warning."""
    from modc.recording import record  # nobody records by default

    used = [part for one in made if one.mode != "numpy" for part in [piece for _, piece in one.pieces] or [one]]
    try:
        for refused in record(path, [(one.program, one.key, one.mode) for one in used]):
            _warn(f"record {refused}", f"MODC_RECORD: {refused}\n  hint: modc warm takes what makes the Module")
    except OSError as error:
        _warn(f"record {path}", f"MODC_RECORD={path!r} cannot be written: {error.strerror or error}; nothing is recorded")


def _load(jobs: list[Executable]) -> None:
    """Give each job its library; a job that cannot have one falls back to mode numpy."""
    jobs = [one for one in jobs if not _came(one)]
    while jobs:
        from modc.build import Request, load_all, source_digest

        refused: list[Executable] = []
        digest = source_digest()
        requests = [Request(one.program.name, one.keyed(digest), _source(one, digest, refused)) for one in jobs]
        begin = time.perf_counter()
        try:
            libraries = load_all(requests)
        except NoCompiler as error:
            if len(jobs) == 1:
                jobs[0].mode = "numpy"
                _warn("no compiler", f"{error}\n  until then Methods run in mode numpy, slower")
            else:
                for one in jobs:  # those in the cache are kernels all the same
                    _load([one])
            return
        except MissingKernel:
            raise
        except CompileError as error:
            _blame_text_of_users(error, jobs)
            raise
        except _Refused:
            jobs = [one for one in jobs if one not in refused]
            continue
        seconds = time.perf_counter() - begin
        for one, library in zip(jobs, libraries, strict=True):
            one.library = library
            one.compile_time = 0.0 if library.cache_hit else max(one.compile_time, seconds)
        return


def _blame_text_of_users(error: CompileError, jobs: Sequence[Executable]) -> None:
    """Add to the error which ops with C text of the user's own are in the kernels that were being compiled."""
    names = {node.op.name for one in jobs for node in one.program.walk() if node.op.user and node.op.family in ("map", "call")}
    if names:
        error.args = (f"{error}\n  the C text of these ops is the user's: {', '.join(sorted(names))}",)


def _came(one: Executable) -> bool:
    """Whether the kernel came with the user's package; nothing is compiled for it then."""
    if not one.files or not config.flag("MODC_PACKAGED"):
        return False
    from modc.build import shipped

    if all(shipped.beside(file) is None for file in one.files):
        return False  # before a key is made: most Methods are in no such package
    from modc.graph.fingerprint import fingerprint

    one.library = shipped.find(one.files, one.program.name, fingerprint(one.program, {}))
    return one.library is not None


_told: set[str] = set()


def _warn(once: str, text: str) -> None:
    """A warning that points at the user's line; those with a name are given once per process."""
    if once in _told:
        return
    filename, line = user_frame() or ("modc", 1)
    warnings.warn_explicit(text, ModcWarning, filename, line)
    if once:
        _told.add(once)


class _Refused(Exception):
    """A Method cannot be a kernel; the others go on without it."""


def _source(one: Executable, digest: str, refused: list[Executable]) -> Callable[[], Source]:
    def source() -> Source:
        from modc.schedule import Unschedulable

        try:
            return kernel_source(one, digest)()
        except Unschedulable as error:
            one.mode = "numpy"
            refused.append(one)
            _warn("", f"{error}; {one.program.name} runs in mode numpy, slower")
            raise _Refused from error

    return source


def kernel_source(one: Executable, digest: str) -> Callable[[], Source]:
    """What makes the C text of a kernel, for a Request; `digest` is that of modc's sources.

    It raises `modc.schedule.Unschedulable` for a Program that no kernel can express.
    """

    def source() -> Source:
        from modc.build import Source
        from modc.compiler import note_of
        from modc.graph.fingerprint import fingerprint

        stages = one.stages
        parts = {"graph": fingerprint(one.program, {}), "compiler": digest, "options": {}}
        return Source(stages.c, note_of(stages), parts)

    return source
