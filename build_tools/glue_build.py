"""Compiles the glue object when modc is installed, so that kernels need no Python headers later.

Input: setuptools' compiler. Output: `modc/_glue/<platform>.o`, which `modc.build.glue` finds.
"""

from __future__ import annotations

import runpy
import sys
import sysconfig
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
GLUE_TEXT = ROOT / "src" / "modc" / "build" / "glue_text.py"
FLAGS = ["-O2", "-fPIC", "-fvisibility=hidden", "-w", "-g0"]


def build(compiler: Any, folder: Path, temporary: Path) -> None:
    """Write the C text, compile it, put the object into `folder`."""
    if sys.platform == "win32":
        return
    temporary.mkdir(parents=True, exist_ok=True)
    source = temporary / "modc_glue.c"
    header = (ROOT / "csrc" / "modc_abi.h").read_text(encoding="utf-8")
    # By its path: the package cannot be imported while it is being built.
    runpy.run_path(str(GLUE_TEXT))["emit_glue"](header, str(source))
    include = sysconfig.get_paths()["include"]
    made = compiler.compile(
        [str(source)], output_dir=str(temporary), include_dirs=[include], extra_postargs=FLAGS
    )
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{sysconfig.get_platform()}{sys.abiflags}.o"
    target.write_bytes(Path(made[0]).read_bytes())
