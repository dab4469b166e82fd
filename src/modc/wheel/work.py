"""One build: from the table to the files in a package.

Input: the table [tool.modc.build], a platform name, the project's packages and directories. Output: the
files that were written, and the platform tag of the wheel. Neighbours: commands calls it; settings,
platforms, gather, compile and manifest are its steps.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from modc.build.cross import Platform
from modc.wheel import manifest
from modc.wheel.compile import compile_all
from modc.wheel.gather import gather
from modc.wheel.platforms import System, platforms_of, system_of, tag_of
from modc.wheel.problem import Problem
from modc.wheel.settings import TABLE, Settings, settings_of


class Begun:
    """What is known before anything is imported or compiled."""

    __slots__ = ("platforms", "settings", "system")

    def __init__(self, settings: Settings, system: System, platforms: list[Platform]):
        self.settings = settings
        self.system = system
        self.platforms = platforms


def start(table: Any, plat_name: str | None) -> Begun:
    """Check the table and the platform. Raises Problem."""
    settings = settings_of(table)
    system = system_of(plat_name)
    return Begun(settings, system, platforms_of(system, settings.targets))


def package_of(settings: Settings, listed: Iterable[str]) -> str:
    """The package that gets the kernels: that of the table, else the first. Raises Problem."""
    packages = sorted(listed, key=lambda name: (name.count("."), name))
    if not packages:
        raise Problem(
            f"{TABLE}: the project has no packages, only single modules\n  hint: make it a package"
        )
    if settings.package is None:
        return packages[0]
    if settings.package not in packages:
        raise Problem(
            f"{TABLE}: there is no package {settings.package!r}\n"
            f"  hint: the project has {', '.join(packages)}"
        )
    return settings.package


def build(
    begun: Begun,
    root: str,
    source: str,
    package: str,
    folder: str,
    temp: str,
    say: Callable[[str], None],
) -> tuple[list[str], str | None]:
    """Write the kernels of a package; gives the files and the platform tag (None: setuptools' own).

    root    what the factories are imported from
    source  where the package lies in the source tree
    folder  where the files go
    temp    for temporary files

    Raises Problem and OSError; then nothing was written.
    """
    if not os.path.isfile(os.path.join(source, "__init__.py")):
        raise Problem(
            f"{TABLE}: the package {package} has no __init__.py, so its kernels would not be found\n"
            f"  hint: add an empty one, or name another package: package = ..."
        )
    system = begun.system
    gathered = gather(begun.settings, root, os.path.join(root, *package.split(".")), say)
    with system.deployment():
        kernels = compile_all(gathered.programs, begun.platforms, temp, say)
    tag = tag_of(system, [one.image for one in kernels])
    written = manifest.write(folder, manifest.files_of(gathered, kernels, system))
    say(f"modc: {len(written)} files in {package}/{os.path.basename(folder)}")
    return written, tag
