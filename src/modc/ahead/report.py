"""What warming did: kernels, problems, and the exit code of the command.

Input: what `warm` found out. Output: `Report`, for people and as JSON. Neighbours: `warm` fills it
in, `modc warm` prints it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

#: What can be said of a kernel.
STATES = {
    "made": "compiled now",
    "found": "there already, or copied from the process's own cache",
    "missing": "not there",
    "failed": "could not be made",
    "numpy": "runs in mode numpy: there is no kernel to make",
}


class Kernel:
    """One kernel for one CPU level.

    state     one of STATES; reason says why for "failed" and "numpy"
    mode      "c" or "check"; "numpy" where the Method is asked for in that mode
    targets   the targets that want it
    path      of its entry, None without one
    seconds   that the C compiler took
    """

    __slots__ = ("key", "level", "mode", "name", "path", "reason", "seconds", "state", "targets")

    def __init__(self, name: str, key: str, level: str, mode: str, targets: Sequence[str]) -> None:
        self.name = name
        self.key = key
        self.level = level
        self.mode = mode
        self.targets = list(targets)
        self.state = "missing"
        self.reason = ""
        self.path: str | None = None
        self.seconds = 0.0

    def as_dict(self) -> dict[str, Any]:
        """Everything about it, for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __repr__(self) -> str:
        return f"<{self.state} {self.name} {self.level}>"


class Problem:
    """A target, a compiler or a level that could not be used: one reason, with its remedy.

    `exit_code`: 1 it does not work, 2 it names nothing that exists, 4 a tool is missing.
    """

    __slots__ = ("exit_code", "reason", "target")

    def __init__(self, target: str, reason: str, exit_code: int) -> None:
        self.target = target
        self.reason = reason
        self.exit_code = exit_code

    def as_dict(self) -> dict[str, Any]:
        """Everything about it, for JSON."""
        return {"target": self.target, "reason": self.reason, "exit_code": self.exit_code}

    def __repr__(self) -> str:
        return f"<problem with {self.target}: {self.reason}>"


class Report:
    """The outcome of `modc.warm`.

    kernels   in the order of targets and Methods, for one level after the other
    problems  of targets and compilers; the other targets' kernels are there all the same
    out       the directory that they are in
    checked   whether a missing kernel is a failure: `check` was asked for
    """

    __slots__ = ("checked", "kernels", "out", "problems")

    def __init__(self, out: str, checked: bool) -> None:
        self.out = out
        self.checked = checked
        self.kernels: list[Kernel] = []
        self.problems: list[Problem] = []

    def state(self, state: str) -> list[Kernel]:
        """The kernels in one of STATES."""
        return [one for one in self.kernels if one.state == state]

    @property
    def missing(self) -> list[Kernel]:
        """Kernels that are in no cache."""
        return self.state("missing")

    @property
    def counts(self) -> dict[str, int]:
        """Number of kernels in each state."""
        return {state: len(self.state(state)) for state in STATES}

    @property
    def exit_code(self) -> int:
        """0 done; 4 a tool is missing; 2 a target names nothing; 1 something failed or is missing."""
        codes = {problem.exit_code for problem in self.problems}
        for code in (4, 2):
            if code in codes:
                return code
        bad = self.state("failed") or codes or (self.checked and self.missing)
        return 1 if bad else 0

    @property
    def ok(self) -> bool:
        """Whether everything that was asked for is true now."""
        return self.exit_code == 0

    def as_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "out": self.out,
            "kernels": [one.as_dict() for one in self.kernels],
            "problems": [one.as_dict() for one in self.problems],
            "counts": self.counts,
            "exit_code": self.exit_code,
        }

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {state}" for state, count in self.counts.items() if count)
        return f"<Report: {counts or 'no kernels'}; {len(self.problems)} problems>"
