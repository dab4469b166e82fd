"""What to do about a kernel that MODC_NO_COMPILE=1 forbids to compile: commands to copy.

Input: what was looked for, where; the target that would make it, where one is known. Output: the
text of the error. Neighbours: load says what is missing; pipeline adds the target.
"""

from __future__ import annotations

import shlex
import sys

from modc import config
from modc.build.cache import Directory
from modc.errors import MissingKernel

LONGEST = 400  # characters of the user's command line that are shown


def missing(name: str, count: int, directory: Directory, level: str) -> MissingKernel:
    """The error for `count` kernels, the first of them `name`, for a CPU level."""
    own = not (directory.problem or directory.readonly)
    facts = (name, count, directory.path, own, level)
    return MissingKernel(_text(facts, "", ""), facts)


def retold(error: MissingKernel, target: str, mode: str) -> MissingKernel:
    """The same error with the `modc warm` of a target: text for it, "" where none is known."""
    if error.facts is None:
        return error
    return MissingKernel(_text(error.facts, target, mode), error.facts)


def _text(facts: tuple[str, int, str, bool, str], target: str, mode: str) -> str:
    name, count, path, own, level = facts
    others = f" (and {count - 1} more)" if count > 1 else ""
    place = f"MODC_CACHE_DIR={shlex.quote(path)} modc warm" if own else "modc warm --out kernels"
    level = f" --target {level}" if "+" not in level else ""  # which only this CPU has
    options = level + (f" --mode {mode}" if mode else "")
    lines = [
        f"{name}{others}: the kernel is in no cache, and MODC_NO_COMPILE=1 forbids compiling it",
        f"  looked in: {path} and MODC_CACHE_PATH",
    ]
    if target:
        lines += [
            "  hint: where a C compiler is, this makes it:",
            f"    {_settings()}{place} {shlex.quote(target)}{options}",
            "  or this, which makes what the program really uses:",
        ]
    else:
        lines.append("  hint: where a C compiler is, this makes it:")
    lines += [
        f"    MODC_NO_COMPILE=0 MODC_RECORD=kernels.jsonl {_program()}",
        f"    MODC_NO_COMPILE=0 {place} --from-trace kernels.jsonl{level}",
    ]
    if not own:
        lines.append("  and MODC_CACHE_PATH=kernels lets the program find it")
    return "\n".join(lines)


def _settings() -> str:
    """Settings that change which kernels a target has."""
    dtype = config.get("MODC_FLOATX")
    return "MODC_NO_COMPILE=0 " + ("" if dtype == "float64" else f"MODC_FLOATX={dtype} ")


def _program() -> str:
    """The command line of this process."""
    program = shlex.join(sys.orig_argv or ["python"])
    return program if len(program) <= LONGEST else program[:LONGEST] + "..."
