"""MODC_RECORD: the kernels that a program really used, one line of JSON for each.

    {"modc": 1, "key": "...", "mode": "c", "name": "Acc.add", "graph": "...", "program": {...}}

Input: Programs and their keys; or such a file. Output: lines, appended whole, so that several
processes may write to one file; or `Recorded`s. A line is data: reading it runs no code. `graph` is
the fingerprint without modc's own sources: it proves what was read, also to another modc.
Neighbours: pipeline records, when the setting is there; modc.ahead reads.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable

from modc.errors import ModcError
from modc.graph import Program
from modc.graph.fingerprint import fingerprint
from modc.graph.plain import BadData, NotPlain, from_plain, to_plain

VERSION = 1
MODES = ("c", "check")
LONGEST = 64 << 20  # bytes of a line: others are not read into memory

_HEAD = re.compile(rb'\{"modc": \d+, "key": "([0-9a-f]{64})", "mode": "([a-z]+)"')
_known: dict[str, set[tuple[str, str]]] = {}  # file -> keys and modes that it has
_absolute: dict[str, str] = {}  # a relative name keeps its meaning when the program changes directory


class TraceError(ModcError):
    """A file is no recording, or a damaged one; the text begins with file and line."""


class Recorded:
    """One line: a Program, the mode that it ran in, its key at that time."""

    __slots__ = ("key", "line", "mode", "name", "program")

    def __init__(self, line: int, name: str, key: str, mode: str, program: Program) -> None:
        self.line = line
        self.name = name
        self.key = key
        self.mode = mode
        self.program = program


def record(path: str, used: Iterable[tuple[Program, str, str]]) -> list[str]:
    """Append (Program, key, mode) triples that the file does not have yet; gives what cannot be recorded, and why.

    Raises OSError.
    """
    refused: list[str] = []
    path = _absolute.setdefault(path, os.path.abspath(os.path.expanduser(path)))
    known = _known.get(path)
    if known is None or not os.path.exists(path):
        known = _known[path] = _keys(path)
    for program, key, mode in used:
        if (key, mode) not in known:
            try:
                _append(path, line_of(program, key, mode))
            except NotPlain as error:
                refused.append(f"{program.name} is not recorded: {error}")
            known.add((key, mode))
    return refused


def line_of(program: Program, key: str, mode: str) -> str:
    """The line about a kernel, without its end."""
    facts = {
        "modc": VERSION,
        "key": key,
        "mode": mode,
        "name": str(program.name),
        "graph": fingerprint(program, {}),
        "program": to_plain(program),
    }
    return json.dumps(facts, allow_nan=False)


def _keys(path: str) -> set[tuple[str, str]]:
    """What other processes have recorded already; what they add later may come twice."""
    found: set[tuple[str, str]] = set()
    if not os.path.isfile(path):  # not there yet, or a pipe or device that is not to be read
        return found
    with open(path, "rb") as file:
        for line in file:
            match = _HEAD.match(line)
            if match:
                found.add((match[1].decode(), match[2].decode()))
    return found


def _append(path: str, line: str) -> None:
    """One line by one write: the system puts it behind what others have written."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)
    fd = os.open(path, flags | getattr(os, "O_NONBLOCK", 0), 0o666)  # a pipe without a reader
    try:
        data = line.encode("ascii") + b"\n"
        written = os.write(fd, data)
        if written != len(data):
            _take_back(fd, written)
    finally:
        os.close(fd)
    if written != len(data):
        raise OSError(f"only {written} of {len(data)} bytes could be written")


def _take_back(fd: int, written: int) -> None:
    """Remove the beginning of a line, so that the lines before it stay readable."""
    end = os.lseek(fd, 0, os.SEEK_CUR)
    if os.fstat(fd).st_size == end:  # nobody else has written behind it
        os.ftruncate(fd, end - written)


def read(path: str) -> list[Recorded]:
    """The kernels of a recording, each once, in order.

    Raises TraceError, with the number of the line, for a damaged or foreign file.
    """
    found: dict[tuple[str, str], Recorded] = {}
    try:
        with open(path, "rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(LONGEST + 1), b""), 1):
                one = _read_line(path, number, line)
                found.setdefault((one.key, one.mode), one)
    except OSError as error:
        error_ = TraceError(
            f"{path} cannot be read: {error.strerror}\n  hint: MODC_RECORD={path} makes one"
        )
        error_.exit_code = 2
        raise error_ from None
    if not found:
        raise TraceError(f"{path}: no kernel is recorded in it\n  hint: {_REMEDY}")
    return list(found.values())


_REMEDY = "run the program again with MODC_RECORD set to a new file"


def _read_line(path: str, number: int, line: bytes) -> Recorded:
    where = f"{path}, line {number}"
    if len(line) > LONGEST:
        raise TraceError(f"{where}: more than {LONGEST >> 20} MiB\n  hint: {_REMEDY}")
    if not line.endswith(b"\n"):
        raise TraceError(f"{where}: the line is cut off\n  hint: {_REMEDY}")
    try:
        facts = json.loads(line)
        version = facts["modc"]
        name, key, mode = facts["name"], facts["key"], facts["mode"]
        graph, data = facts["graph"], facts["program"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise TraceError(f"{where}: this is no recording of modc\n  hint: {_REMEDY}") from None
    if version != VERSION:
        raise TraceError(f"{where}: format {version!r}, this modc reads {VERSION}\n  hint: {_REMEDY}")
    texts = (name, key, mode, graph)
    if not all(isinstance(text, str) for text in texts) or mode not in MODES:
        raise TraceError(f"{where}: this is no recording of modc\n  hint: {_REMEDY}")
    try:
        program = from_plain(data)
        if fingerprint(program, {}) != graph:
            raise BadData("it is not the Program that was recorded")
    except (BadData, TypeError) as error:
        raise TraceError(f"{where}: {name[:120]}: {error}\n  hint: {_REMEDY}") from None
    return Recorded(number, name, key, mode, program)
