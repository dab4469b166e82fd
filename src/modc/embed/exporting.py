"""`modc.export`: a Module or instance as a C project in a directory.

Input: a Module or instance, options. Output: a directory. Neighbours: `model` and `project` do the work.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modc.embed.model import Model, model_of
from modc.embed.options import Options
from modc.embed.project import project
from modc.embed.write import write


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: its directory, the files in it (relative), the model of its C interface, and remarks."""

    directory: Path
    files: tuple[str, ...]
    model: Model
    report: tuple[str, ...] = ()

    def summary(self) -> dict[str, Any]:
        """Names and sizes, JSON-able."""
        model = self.model
        return {
            "schema": "modc export 1", "name": model.name, "directory": str(self.directory), "files": list(self.files),
            "state_bytes": model.state_bytes, "work_bytes": model.work_bytes,
            "functions": {one.key: f"{model.name}_{one.name}" for one in model.functions},
            "members": {one.key: one.shape_text for one in (*model.members, *model.constants)},
            "report": list(self.report),
        }  # fmt: skip


def export(
    found: Any,
    directory: str | os.PathLike[str],
    *,
    name: str | None = None,
    sizes: Mapping[str, Any] | None = None,
    most: Mapping[str, Any] | None = None,
    real: str = "float64",
    freeze: Sequence[str] = (),
    only: Sequence[str] = (),
    rename: Mapping[str, str] | None = None,
    blob: bool = False,
    single: bool = False,
    wrappers: Iterable[str] = (),
    targets: Sequence[str] = (),
    golden: int = 3,
) -> Exported:
    """Write a Module or an instance as a C project: C99, no malloc, no globals, libm or nothing.

    directory   made by this call, or empty
    name        prefix of files and symbols; default: the Module's name in lower case
    sizes       sizes of axes that the Module leaves open: {"x": (10, 3)}, {"x.0": 10}, {"n": 10}
    most        the same as upper bounds: such an axis stays open, and is passed at each call
    real        "float64", or "float32": single precision throughout, on processors that have no other
    freeze      members that become constants, in flash instead of RAM; "*": all that no Method writes
    only        the Methods to export; default: all
    rename      C names for keys that would clash or read badly
    blob        initial values in NAME.bin instead of in the C text
    single      one header with everything, in the way of the stb libraries
    wrappers    any of "cpp", "rust", "arduino", "wasm", "python"
    golden      calls of each Method in the self-test
    targets     machines to compile a library for with ziglang, into lib/: "aarch64", "cortex-m4", "wasm32-wasi" ...

    The state begins with the values of the instance. Raises ExportError, with a remedy, and writes
    nothing then.
    """
    options = Options(
        name, dict(sizes or {}), dict(most or {}), real, tuple(freeze), tuple(only), dict(rename or {}), blob, single,
        golden,
    )
    model = model_of(found, options)
    wrappers = tuple(wrappers)
    files = project(model, wrappers)
    if targets:
        from modc.embed.cross import cross  # the compiler's driver is needed for this alone

        files |= cross(model, targets)
    report: tuple[str, ...] = ()
    if "arduino" in wrappers:
        from modc.embed import sizes as boards  # a cross compiler, for this alone

        report = boards.report(model)
    return Exported(write(directory, files), tuple(files), model, report)
