"""Why a kernel is found, or why not: the parts of its key beside those of the nearest entry.

Input: Components, instances, compiled Methods, targets; the caches in force. Output: one
`Explanation` for each kernel. Nothing is compiled, loaded or run; a C compiler that this cache does
not know yet is asked for its version. Neighbours: `targets` and `programs` find the Methods,
`build.load` looks as a program would, `build.facts` reads entries; `modc.cache.explain` calls here.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff
from typing import Any

from modc import config
from modc.ahead.programs import kernels_of, methods_of
from modc.ahead.targets import TargetError, resolve, usable
from modc.build import Request, admin, cache, entry, facts, load, shipped, source_digest
from modc.build.ahead import identified
from modc.build.entry import Damaged
from modc.build.facts import Kernel
from modc.build.load import Search, entry_name
from modc.errors import ModcError
from modc.graph import Program
from modc.graph.fingerprint import fingerprint
from modc.pipeline import Executable, kernel_source

LINES = 24  # of a comparison of two texts
COMPARED = 50  # entries of one name whose texts are looked at
_FOLLOW = ("-march=", "-mprefer-vector-width=", "-fvect-cost-model=")


@dataclass(frozen=True, slots=True)
class Reason:
    """One part that differs from the nearest entry, or one thing that is wrong.

    part    "graph", "name", "modc", "CPU level", "C compiler", "flags", "damage", "directory", ...
    wanted  what this process looks for
    found   what is there instead
    remedy  what to do about it
    lines   for "graph": a comparison of the two, entry first
    """

    part: str
    wanted: str
    found: str
    remedy: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a program would find for one kernel.

    state      "hit", "miss", or "none" for a Method that runs in mode numpy
    name       of the Method, which may have several kernels: see `programs.kernels_of`
    directory  on a hit, the layer or cache that has it; path and level: of the entry
    nearest    on a miss, the path of the entry that `reasons` compares it with
    reasons    on a miss, at least one; on a hit, why this entry is not the best one
    """

    state: str
    name: str
    mode: str
    key: str
    directory: str | None = None
    path: str | None = None
    level: str | None = None
    nearest: str | None = None
    reasons: tuple[Reason, ...] = ()


def explain(what: Any, mode: Any = None) -> list[Explanation]:
    """An Explanation for each kernel behind Components, instances, Methods or targets, once each."""
    found: dict[tuple[str, str, str], Explanation] = {}
    shelf = _Shelf()
    for one in what if isinstance(what, (list, tuple)) else [what]:
        for method, wanted in _methods(one, mode):
            for program in kernels_of(method.program, wanted):
                made = _explained(program, wanted, method.files, shelf)
                found.setdefault((made.name, made.key, made.mode), made)
    return list(found.values())


def _methods(one: Any, mode: Any) -> list[tuple[Any, str]]:
    if not isinstance(one, str):
        if not usable(one):
            kind = one.__name__ if isinstance(one, type) else type(one).__name__
            raise TargetError(
                f"{kind} is no Module, instance or Method\n  hint: give one, or a target such as 'FILE.py:Class'"
            )
        return methods_of(one, mode)
    target = resolve(one)
    try:
        return methods_of(target.found, mode, target.names)
    except ModcError:
        raise
    except Exception as error:  # what a user's Module raises when it is made
        raise TargetError(f"{one} cannot be made: {type(error).__name__}: {error}") from error


class _Shelf:
    """Where kernels may lie, as a program would look, and what lies there."""

    def __init__(self) -> None:
        self.search = Search()
        identified(self.search)
        self.digest = source_digest()
        self._items: list[tuple[cache.Directory, Kernel]] | None = None
        self._arguments: dict[str, list[Any]] = {}

    @property
    def directories(self) -> list[cache.Directory]:
        """Layers first, then the own cache; those that can be used."""
        known = [*self.search.layers, self.search.directory]
        return [one for one in known if one.exists and not one.problem]

    @property
    def items(self) -> list[tuple[cache.Directory, Kernel]]:
        """Every entry; a damaged one has a `problem`."""
        if self._items is None:
            self._items = [
                (directory, _kernel(item))
                for directory in self.directories
                for item in admin.scan(directory)
            ]
        return self._items

    def arguments(self, kernel: Kernel) -> list[Any]:
        """Inputs and members of an entry, read once."""
        known = self._arguments.get(kernel.path)
        if known is None:
            found = _read(kernel)
            note = {} if found is None else facts.note_of(found)
            known = self._arguments[kernel.path] = [note.get("inputs"), note.get("members")]
        return known


def _kernel(item: admin.Item) -> Kernel:
    try:
        return facts.open_kernel(item.path) or Kernel(item.path, 0, problem="it has gone")
    except Damaged as damage:
        return Kernel(item.path, item.bytes, problem=str(damage))


class _Wanted:
    """One kernel that is looked for."""

    def __init__(self, program: Program, shelf: _Shelf) -> None:
        self.program = program
        self.made = Executable(program, "c")
        self.key = self.made.keyed(shelf.digest)
        self.fingerprint = fingerprint(program, {})
        self.request = Request(program.name, self.key, kernel_source(self.made, shelf.digest))
        self.names = [entry_name(self.key, level) for level in shelf.search.runnable]
        self.own_name = entry_name(self.key, shelf.search.level)


def _explained(program: Program, mode: str, files: tuple[str, ...], shelf: _Shelf) -> Explanation:
    if mode == "numpy" or config.get("MODC_RUNTIME") == "numpy":
        asked = "mode numpy" if mode == "numpy" else "MODC_RUNTIME=numpy"
        reason = Reason("mode", "a kernel", asked, "ask for mode c")
        return Explanation("none", program.name, mode, "", reasons=(reason,))
    wanted = _Wanted(program, shelf)
    came, reasons = _came(wanted, files, shelf)
    if came is not None:
        place = os.path.dirname(came[0])
        return Explanation(
            "hit", program.name, mode, wanted.key, place, *came, reasons=tuple(reasons)
        )
    found = next(iter(load.candidates(wanted.request, shelf.search)), None)
    if found is not None:
        path = found.path or ""
        level = shelf.search.runnable[wanted.names.index(found.key)]
        place = os.path.dirname(os.path.dirname(path))
        reasons += [] if level == shelf.search.level else [_weaker(level, shelf)]
        return Explanation(
            "hit", program.name, mode, wanted.key, place, path, level, None, tuple(reasons)
        )
    from modc.schedule import Unschedulable  # the compiler's own layers are needed on a miss only

    try:
        text = wanted.made.stages.c
    except Unschedulable as error:
        reason = Reason("mode", "a kernel", str(error), "give sizes that do not depend on data")
        return Explanation("none", program.name, mode, wanted.key, reasons=(reason,))
    near, more = _compared(wanted, text, shelf)
    reasons += more
    return Explanation("miss", program.name, mode, wanted.key, nearest=near, reasons=tuple(reasons))


def _came(
    wanted: _Wanted, files: tuple[str, ...], shelf: _Shelf
) -> tuple[tuple[str, str] | None, list[Reason]]:
    """Path and level of the kernel that came with the user's package, and why others are not used."""
    reasons: list[Reason] = []
    if not config.flag("MODC_PACKAGED"):
        return None, reasons
    packages = dict.fromkeys(one for one in map(shipped.beside, files) if one is not None)
    for package in packages:
        for level in shelf.search.runnable:
            name = shipped.file_name(wanted.fingerprint, level)
            if name not in package.names:
                continue
            path = os.path.join(package.path, name)
            try:
                shipped.verified(path, wanted.fingerprint, level)
            except Damaged as damage:
                why = "install the package again"
                reasons.append(Reason("damage", path, str(damage), why))
            else:
                return (path, level), reasons
    return None, reasons


def _weaker(level: str, shelf: _Shelf) -> Reason:
    return Reason(
        "CPU level",
        shelf.search.level,
        f"{level}, which this CPU runs as well",
        f"`modc warm --target {shelf.search.level}` makes a faster one",
    )


def _compared(wanted: _Wanted, text: str, shelf: _Shelf) -> tuple[str | None, list[Reason]]:
    """The nearest entry, and everything that stands between it and this process."""
    reasons = [*_directories(shelf), *_damaged(wanted, shelf)]
    near = _nearest(wanted, text, shelf)
    if near is not None:
        directory, kernel = near
        reasons += _parts(wanted, text, directory, kernel, shelf)
        return kernel.path, reasons
    if not reasons or shelf.items:
        count = sum(kernel.problem is None for _, kernel in shelf.items)
        there = f"{count} kernels of other Methods" if count else "no kernels at all"
        reasons.append(Reason("entry", wanted.program.name, there, _make(shelf)))
    return None, reasons


def _make(shelf: _Shelf) -> str:
    search = shelf.search
    if search.may_compile and search.error is None and search.command is not None:
        return "`modc warm` makes it, and so does the next run"
    return "`modc warm` makes it where a C compiler is; `modc cache pack` carries it here"


def _directories(shelf: _Shelf) -> list[Reason]:
    """Directories that are not looked into."""
    search = shelf.search
    found = [
        Reason("directory", one.path, one.problem, _remedy(one.problem, one.path))
        for one in (*search.layers, search.directory)
        if one.problem is not None
    ]
    if search.error is not None:
        found.append(Reason("C compiler", "CC", str(search.error).partition("\n")[0], "correct CC"))
    return found


def _remedy(problem: str, path: str) -> str:
    """What to do about a file or directory that is not used."""
    if "does not exist" in problem:
        return "correct MODC_CACHE_PATH, or unpack the kernels there"
    if "can write" in problem:
        return f"chmod go-w {path}"
    if "belongs to" in problem:
        return f"chown root {path}, or yourself, if you trust what is in it"
    if "link" in problem:
        return "name what it points to"
    if "ABI" in problem:
        return "made by another version of modc: `modc warm` with this one"
    if "directory" in problem or "opened" in problem:
        return "name a directory that can be opened, or correct its mode"
    return "`modc cache verify --fix` sets it apart, then `modc warm`; or unpack it again"


def _damaged(wanted: _Wanted, shelf: _Shelf) -> list[Reason]:
    """Entries that have the right name and cannot be used; without one, those of another ABI."""
    reasons: list[Reason] = []
    strange = 0
    for _, kernel in shelf.items:
        if kernel.problem is None:
            continue
        if os.path.basename(kernel.path).split("-")[0] in wanted.names:
            remedy = _remedy(kernel.problem, kernel.path)
            reasons.append(Reason("damage", kernel.path, kernel.problem, remedy))
        strange += kernel.problem.startswith("its ABI is")
    if strange and not reasons:
        other = f"{strange} entries of another ABI, which may be it"
        reasons.append(Reason("ABI", str(entry.ABI), other, _remedy("ABI", "")))
    return reasons


def _nearest(wanted: _Wanted, text: str, shelf: _Shelf) -> tuple[cache.Directory, Kernel] | None:
    """The entry with the same fingerprint, else the same name, else the same arguments.

    Of several, the one that differs in the fewest other parts, then the one with the most similar
    comment, then the one that was used last.
    """
    sound = [item for item in shelf.items if item[1].problem is None]
    name, arguments = wanted.program.name, _arguments(wanted.program)
    near = [item for item in sound if item[1].fingerprint == wanted.fingerprint]
    near = near or [item for item in sound if item[1].name == name]
    if not near and any(arguments):
        near = [item for item in sound if shelf.arguments(item[1]) == arguments]
    if not near:
        return None
    near.sort(key=lambda item: (_equal(item[1], shelf), item[1].used, item[1].path), reverse=True)
    best = [item for item in near if _equal(item[1], shelf) == _equal(near[0][1], shelf)]
    return (
        max(best[:COMPARED], key=lambda item: _similar(item[1], text)) if len(best) > 1 else best[0]
    )


def _similar(kernel: Kernel, text: str) -> float:
    """How much the first comments of two C texts have in common, 0 to 1."""
    found = _read(kernel)
    old = "" if found is None else _head(entry.unpack_note(found.note)[1])
    return SequenceMatcher(None, old.splitlines(), _head(text).splitlines()).ratio()


def _equal(kernel: Kernel, shelf: _Shelf) -> tuple[bool, bool, bool]:
    search = shelf.search
    return (
        kernel.digest == shelf.digest,
        kernel.level in search.runnable,
        kernel.tool == search.digest,
    )


def _arguments(program: Program) -> list[Any]:
    """Inputs and members as a note has them: name, dtype, number of dimensions."""
    pairs = (program.input_names, program.inputs), (program.member_names, program.members)
    return [
        [[name, leaf.dtype.name, leaf.ndim] for name, leaf in zip(names, leaves, strict=True)]
        for names, leaves in pairs
    ]


def _read(kernel: Kernel) -> entry.Entry | None:
    try:
        return entry.read(kernel.path)
    except Damaged:
        return None  # removed or damaged since it was listed: nothing to compare with


def _parts(
    wanted: _Wanted, text: str, directory: cache.Directory, kernel: Kernel, shelf: _Shelf
) -> list[Reason]:
    """One Reason for each part of the key, or of the place, that differs."""
    search = shelf.search
    reasons: list[Reason] = []
    if kernel.name != wanted.program.name:
        why = "names of Methods are part of the key: `modc warm` makes the one of the new name"
        reasons.append(Reason("name", wanted.program.name, kernel.name, why))
    if kernel.fingerprint != wanted.fingerprint:
        lines = _difference(kernel, text, same_modc=kernel.digest == shelf.digest)
        if lines or not reasons:
            prints = wanted.fingerprint[:12], kernel.fingerprint[:12] or "?"
            reasons.append(Reason("graph", *prints, _make(shelf), lines))
    if kernel.digest != shelf.digest:
        why = "another version of modc made it: `modc warm` with this one, or install that one"
        reasons.append(Reason("modc", shelf.digest[:12], kernel.digest[:12] or "?", why))
    if kernel.level not in search.runnable:
        why = f"`modc warm --target {search.level}` makes the one for this CPU"
        reasons.append(Reason("CPU level", f"{search.level} or lower", kernel.level, why))
    if directory is search.directory and not directory.readonly and search.tool is not None:
        reasons += _tools(kernel, directory, shelf)
    if not reasons:
        why = "something else changed meanwhile: ask again"
        reasons.append(Reason("entry", wanted.key[:12], kernel.key[:12], why))
    return reasons


def _tools(kernel: Kernel, directory: cache.Directory, shelf: _Shelf) -> list[Reason]:
    """What a process with a compiler asks of its own cache beside the key: level, compiler, flags."""
    search = shelf.search
    assert search.tool is not None, "modc bug: compilers are compared where there is none"
    reasons: list[Reason] = []
    layer = (
        f"put {directory.path} into MODC_CACHE_PATH: what made a layer's kernels does not matter"
    )
    if kernel.level in search.runnable and kernel.level != search.level:
        why = f"MODC_TARGET={kernel.level}, or {layer}"
        reasons.append(Reason("CPU level", search.level, kernel.level, why))
    if kernel.tool == search.digest or kernel.level not in search.runnable:
        return reasons
    version = search.tool.version.partition("\n")[0]
    flags = _without_level(search.tool.flags), _without_level(kernel.flags)
    if version != kernel.compiler:
        reasons.append(
            Reason("C compiler", version, kernel.compiler, f"set CC to that one, or {layer}")
        )
    if flags[0] != flags[1]:
        more = [" ".join(flag for flag in one if flag not in other) or "none of these"
                for one, other in (flags, flags[::-1])]  # fmt: skip
        reasons.append(Reason("flags", more[0], more[1], f"set MODC_CFLAGS as it was, or {layer}"))
    if not reasons:
        found = f"{kernel.tool[:12]}, another build of it"
        reasons.append(Reason("C compiler", search.digest[:12], found, f"`modc warm`, or {layer}"))
    return reasons


def _without_level(flags: Iterable[str]) -> list[str]:
    """The flags that can differ by MODC_CFLAGS: those of a level or a compiler come with these."""
    return [flag for flag in flags if not flag.startswith(_FOLLOW)]


def _difference(kernel: Kernel, text: str, same_modc: bool) -> tuple[str, ...]:
    """Where the two Methods differ, as their C texts tell it: their first comments, else the code."""
    found = _read(kernel)
    if found is None:
        return ()
    old = entry.unpack_note(found.note)[1]
    heads = _head(old), _head(text)
    lines = _lines(*heads)
    if not lines and same_modc and heads[0] == heads[1]:
        lines = _lines(old, text)
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], f"... {len(lines) - LINES + 1} lines more"]
    return tuple(lines)


def _head(text: str) -> str:
    return text.partition("*/")[0]


def _lines(old: str, new: str) -> list[str]:
    """What was taken away and added; the first lines have only the names of the Methods."""
    rows = unified_diff(old.splitlines()[1:], new.splitlines()[1:], lineterm="", n=0)
    found = [row for row in rows if not row.startswith(("---", "+++", "@@"))]
    return [f"{row[0]} {row[1:].removeprefix(' *').rstrip()}" for row in found]
