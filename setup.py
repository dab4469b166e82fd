"""Builds what pyproject.toml cannot say: the extension, the cffi declarations, the glue object.

    modc/_call         the call extension, from csrc/                     optional
    modc/_abi.py       cffi's declarations of the kernel ABI              needs cffi, no compiler
    modc/_glue/*.o     what makes a kernel importable, compiled once      optional
    modc/csrc/*.h      the headers that are inlined into kernels

Without a compiler modc installs all the same and calls kernels through cffi.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from setuptools import Extension, find_packages, setup
from setuptools.command.build_ext import build_ext
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT / "build_tools"), str(ROOT / "src")]

SOURCES = sorted(
    f"csrc/{path.name}"
    for pattern in ("call*.c", "cell*.c", "lock.c")
    for path in (ROOT / "csrc").glob(pattern)
)


class BuildPython(build_py):
    """Begins with an empty package: a file that was removed since the last build is not installed."""

    def run(self) -> None:
        """Empty the folder, unless it is the source itself."""
        if not self.editable_mode:
            shutil.rmtree(Path(self.build_lib) / "modc", ignore_errors=True)
        super().run()


class BuildExtension(build_ext):
    """Also makes `_abi.py` and the glue object, beside the extension."""

    def finalize_options(self) -> None:
        """Add NumPy's headers, which are only there when building."""
        super().finalize_options()
        import numpy

        self.include_dirs.append(numpy.get_include())

    def run(self) -> None:
        """Declarations first: they need no compiler."""
        package = ROOT / "src" / "modc" if self.inplace else Path(self.build_lib) / "modc"
        package.mkdir(parents=True, exist_ok=True)
        import abi_build

        abi_build.ffi.emit_python_code(str(package / "_abi.py"))
        super().run()
        self.build_glue(package / "_glue")

    def build_glue(self, folder: Path) -> None:
        """The object that every kernel is linked with; made on demand where this fails."""
        import glue_build

        try:
            glue_build.build(self.compiler, folder, Path(self.build_temp))
        except Exception as error:  # whatever compilers and cffi raise: it is optional
            self.warn(f"the glue object was not built: {error}")

    def get_outputs(self) -> list[str]:
        """What an installer records and removes."""
        made = super().get_outputs()
        package = Path(self.build_lib) / "modc"
        return [*made, str(package / "_abi.py"), *map(str, (package / "_glue").glob("*.o"))]


UNIX_FLAGS = ["-O2", "-g0", "-fno-strict-aliasing", "-fvisibility=hidden", "-Wall", "-Wextra"]

setup(
    packages=[*find_packages("src"), "modc.csrc"],
    package_dir={"": "src", "modc.csrc": "csrc"},
    package_data={"modc": ["py.typed", "*.pyi"], "modc.embed": ["web/*"], "modc.wheel": ["*.json"], "modc.csrc": ["modc_*.h"]},
    ext_modules=[
        Extension(
            "modc._call",
            SOURCES,
            depends=["csrc/call_private.h", "csrc/modc_abi.h"],
            extra_compile_args=[] if sys.platform == "win32" else UNIX_FLAGS,
            optional=True,
        )
    ],
    cmdclass={"build_py": BuildPython, "build_ext": BuildExtension},
)
