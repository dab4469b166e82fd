"""The C compiler for other machines: zig, from the Python package `ziglang`.

Input: files, and the arguments of one run. Output: the files that it made. Nothing of this machine gets into
them: it runs in an empty directory, on relative paths. Neighbours: `cross` and `wasm` say what to compile.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from modc.build import toolchain
from modc.build.compiler import Workplace
from modc.errors import ExportError

#: Flags of every object: the rounding of modc, no calls into zig's own runtime. -s: without it, objects for Windows name zig's cache.
FLAGS = ("-O2", "-std=c99", "-ffp-contract=off", "-fno-math-errno", "-fno-sanitize=undefined", "-fno-stack-protector", "-g0", "-s")


def library(what: str) -> Path:
    """Where zig keeps headers and C libraries. Raises ExportError (environment) when zig is not there."""
    found = toolchain.find_zig()
    if found is None:
        raise ExportError(
            f"there is no compiler for {what}: the package ziglang is not installed", "pip install modc[zig]", environment=True
        )
    return Path(found).parent / "lib"


def zig(what: str, files: Mapping[str, str | bytes], runs: Iterable[Sequence[str]], wanted: Iterable[str]) -> list[bytes]:
    """The files `wanted`, in order, after some runs of zig (`cc -c ...`, `ar ...`) beside `files`.

    `what` is the target, for messages. Raises ExportError when zig is missing, fails, or runs too long.
    """
    library(what)
    with Workplace() as place:
        folder = Path(place.path)
        for name, content in files.items():
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        for arguments in runs:
            run = place.run([sys.executable, "-m", "ziglang", *arguments])
            if run.status != 0:
                raise ExportError(
                    f"ziglang cannot compile for {what}: it {run.outcome()}\n    " + run.said().replace("\n", "\n    "),
                    "try another version of ziglang, or compile the C files with a compiler of that machine",
                )
        return [(folder / name).read_bytes() for name in wanted]
