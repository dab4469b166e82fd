"""Exports for tests: written, compiled under the strict flags, run."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from export_zoo import ROWS
from tools import need

import modc

STRICT = ("-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror", "-ffp-contract=off")
C99, CXX17 = ("-std=c99",), ("-x", "c++", "-std=c++17")
SANITIZE = ("-O0", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
_PLACE = TemporaryDirectory(prefix="modc-exports-")


@cache
def zoo_export(name: str):
    """The export of a row of the zoo, made once per process."""
    make, options = ROWS[name]
    return modc.export(make(), Path(_PLACE.name) / name, **{"name": name, **options})


def execute(command: Sequence[object], where: Path) -> str:
    """Output of a command that must end well; its text is the failure."""
    done = subprocess.run([str(part) for part in command], cwd=where, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
    return done.stdout


def warnings(model) -> tuple[str, ...]:
    """The strict flags of an export."""
    return (*STRICT, "-Wdouble-promotion") if model.options.real == "float32" else STRICT


def compile_run(export, compiler: str, flags: Sequence[str], program: str = "selftest", strict: bool = True) -> str:
    """The self-test, compiled in one go and run. Its output."""
    (tool,) = need(compiler)
    name = export.model.name
    files = [f"{name}.c", f"{name}_selftest.c"]
    strictly = warnings(export.model) if strict else ["-ffp-contract=off"]
    execute([tool, *flags, *strictly, *files, "-x", "none", "-lm", "-o", program], export.directory)
    return execute([f"./{program}"], export.directory)
