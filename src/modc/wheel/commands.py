"""setuptools commands that put kernels into wheels and into editable installations.

    build_modc       imports the factories, compiles, writes PACKAGE/_modc
    build            runs it at the end
    build_ext        with --inplace runs it too, into the source tree
    bdist_wheel      one wheel per platform for all Pythons: py3-none-PLATFORM

Input: the table [tool.modc.build]. Output: files in the build directory or in the source tree.
Neighbours: hook registers them; `work` is loaded when something is built, not for a source distribution.
"""

from __future__ import annotations

import logging
import os
from typing import Any

from setuptools import Command
from setuptools.errors import SetupError

from modc.errors import ModcError

NAME = "build_modc"
FOLDER = "_modc"  # that of modc.build.shipped, which loads cffi
_logger = logging.getLogger(__name__)  # setuptools shows what is logged


class BuildKernels(Command):  # type: ignore[misc]
    """Compiles the Methods of the factories, and writes them into the package."""

    description = "compile the modc kernels of the package"
    user_options = [
        ("build-lib=", "d", "directory of the built package"),
        ("build-temp=", "t", "directory for temporary files"),
        ("plat-name=", "p", "platform to compile for, default: this one"),
        ("inplace", "i", "write the kernels into the source tree"),
    ]
    boolean_options = ["inplace"]
    table: Any = None
    editable_mode: bool = False

    def initialize_options(self) -> None:
        """Nothing is known yet."""
        self.build_lib: Any = None
        self.build_temp: Any = None
        self.plat_name: Any = None
        self.inplace = False
        self.tag: str | None = None
        self.package = ""
        self.written: list[str] = []

    def finalize_options(self) -> None:
        """Take the directories of `build`."""
        self.set_undefined_options(
            "build", ("build_lib", "build_lib"), ("build_temp", "build_temp")
        )

    def run(self) -> None:
        """Everything, or one error with reason and remedy and nothing written."""
        try:
            self._build()
        except (ModcError, OSError) as error:
            raise SetupError(str(error)) from error

    def _build(self) -> None:
        from modc.wheel.work import build, package_of, start  # modc itself, for builds alone

        begun = start(self.table, self.plat_name)
        self.package = package_of(begun.settings, self.distribution.packages or [])
        source = os.path.abspath(self._source(self.package))
        folder = os.path.join(self._place(self.package, source), FOLDER)
        done = build(
            begun, self._root(), source, self.package, folder, self.build_temp, _logger.info
        )
        self.written, self.tag = done

    def _source(self, package: str) -> str:
        """Where the package lies in the source tree."""
        return str(self.get_finalized_command("build_py").get_package_dir(package))

    @property
    def _here(self) -> bool:
        """Whether the kernels go into the source tree."""
        return bool(self.inplace or self.editable_mode)

    def _place(self, package: str, source: str) -> str:
        return source if self._here else str(os.path.join(self.build_lib, *package.split(".")))

    def _root(self) -> str:
        """What factories are imported from: the source tree where it has the form of the package.

        Extension modules of the project's own are in the build directory alone.
        """
        folders = self.distribution.package_dir or {}
        extensions = bool(self.distribution.ext_modules) and not self._here
        if not extensions and set(folders) <= {""}:
            return str(
                os.path.abspath(
                    os.path.join(self.distribution.src_root or os.curdir, folders.get("", ""))
                )
            )
        self.run_command("build_py")
        return str(os.path.abspath(self.build_lib))

    # -- what setuptools asks of parts of `build`

    def get_source_files(self) -> list[str]:
        """Nothing that a source distribution would not have anyway."""
        return []

    def get_outputs(self) -> list[str]:
        """The files, by their names in the build directory."""
        return [self._built(path) for path in self.written]

    def get_output_mapping(self) -> dict[str, str]:
        """Names in the build directory -> files in the source tree, for editable installations."""
        return {self._built(path): path for path in self.written} if self._here else {}

    def _built(self, path: str) -> str:
        names = self.package.split(".")
        return str(os.path.join(self.build_lib, *names, FOLDER, os.path.basename(path)))


def register(dist: Any, table: Any) -> None:
    """Give a distribution the commands, above those that it has already."""
    if NAME in dist.cmdclass:
        return
    dist.cmdclass[NAME] = type("build_modc", (BuildKernels,), {"table": table})
    dist.cmdclass["build"] = _build_above(dist.get_command_class("build"))
    dist.cmdclass["build_ext"] = _build_ext_above(dist.get_command_class("build_ext"))
    try:
        wheel = dist.get_command_class("bdist_wheel")
    except Exception:  # an old setuptools without the package wheel: it makes no wheels at all
        return
    dist.cmdclass["bdist_wheel"] = _bdist_wheel_above(wheel)


def _build_above(base: Any) -> type:
    return type("build", (base,), {"sub_commands": [*base.sub_commands, (NAME, None)]})


def _build_ext_above(base: Any) -> type:
    class BuildExtensions(base):  # type: ignore[misc]
        """Also compiles kernels with --inplace."""

        def run(self) -> None:
            super().run()
            if self.inplace and not getattr(self, "editable_mode", False):
                kernels = self.get_finalized_command(NAME)
                kernels.inplace = True
                self.run_command(NAME)

    BuildExtensions.__name__ = "build_ext"
    return BuildExtensions


def _bdist_wheel_above(base: Any) -> type:
    class BuildWheel(base):  # type: ignore[misc]
        """One wheel for all Pythons of a platform."""

        def finalize_options(self) -> None:
            self.distribution.has_ext_modules = lambda: True  # kernels are as good as those
            super().finalize_options()

        def run(self) -> None:
            kernels = self.get_finalized_command(NAME)
            kernels.plat_name = self.plat_name if self.plat_name_supplied else kernels.plat_name
            super().run()

        def get_tag(self) -> tuple[str, str, str]:
            found: tuple[str, str, str] = super().get_tag()
            if self.distribution.ext_modules:
                return found  # extension modules of the project's own are for one Python
            return "py3", "none", self.get_finalized_command(NAME).tag or found[2]

    BuildWheel.__name__ = "bdist_wheel"
    return BuildWheel
