"""Runs the runtime's tests on an extension built with the address and undefined-behaviour sanitizers.

    python build_tools/sanitize.py [pytest arguments]

Input: csrc/call*.c, cell*.c, lock.c and gcc. Output: pytest's, and its exit status. Leaks are not
looked for: Python keeps memory until it ends.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import numpy

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ["-g", "-O1", "-fno-omit-frame-pointer", "-fsanitize=address,undefined",
         "-fno-sanitize-recover=undefined", "-fno-strict-aliasing", "-fPIC", "-shared",
         "-Wall", "-Wextra", "-Werror"]  # fmt: skip


def build(package: Path) -> None:
    """Compile the extension into a copy of the package."""
    sources = [
        str(path)
        for pattern in ("call*.c", "cell*.c", "lock.c")
        for path in sorted((ROOT / "csrc").glob(pattern))
    ]
    includes = [f"-I{numpy.get_include()}", f"-I{sysconfig.get_paths()['include']}"]
    target = package / f"_call{sysconfig.get_config_var('EXT_SUFFIX')}"
    target.unlink(missing_ok=True)
    subprocess.run(["gcc", *FLAGS, *includes, *sources, "-o", str(target)], check=True)


def library(name: str) -> str:
    """Path of a sanitizer's own library, which must be loaded before Python."""
    command = ["gcc", f"-print-file-name={name}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def main() -> int:
    """Build into a temporary copy, run the tests there."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "src", Path(folder) / "src")
        shutil.copytree(ROOT / "csrc", Path(folder) / "csrc")
        build(Path(folder) / "src" / "modc")
        environment = {
            **os.environ,
            "PYTHONPATH": str(Path(folder) / "src"),
            "ASAN_OPTIONS": "detect_leaks=0,allocator_may_return_null=1",
            "PYTHONMALLOC": "malloc",
            "LD_PRELOAD": f"{library('libasan.so')}:{library('libubsan.so')}",
        }
        tests = sys.argv[1:] or [str(ROOT / "tests" / "runtime")]
        command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", *tests]
        return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
