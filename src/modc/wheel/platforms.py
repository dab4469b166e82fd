"""Which machines a wheel is for: its platform tag, and the CPU levels of its kernels.

Input: `--plat-name`, the targets of the settings, the kernels as they came out. Output:
`cross.Platform`s to compile for, and a tag (PEP 425, PEP 600, PEP 656). Neighbours: commands.
"""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from modc.build import cross, image, target
from modc.errors import ModeError
from modc.wheel.elf import needs
from modc.wheel.problem import Problem
from modc.wheel.settings import TABLE

OLDEST = (2, 17)  # no tag names an older glibc: every pip that knows PEP 600 takes these
_LEGACY = {"manylinux1": "2_5", "manylinux2010": "2_12", "manylinux2014": "2_17"}
_NAME = re.compile(r"(?:(linux|win)|(manylinux|musllinux|macosx)_(\d+)_(\d+))_(\w+)")
_MACHINES = {
    "x86_64": "x86_64",
    "amd64": "x86_64",
    "aarch64": "aarch64",
    "arm64": "aarch64",
    "riscv64": "riscv64",
}
_KINDS = {"linux": "elf", "manylinux": "elf", "musllinux": "elf", "macosx": "mach-o", "win": "pe"}
_HERE = {"elf": "linux", "mach-o": "macosx", "pe": "win"}
_DEFAULT = {("elf", "x86_64"): ("x86-64-v2", "x86-64-v3")}
_LIBC = frozenset(
    [
        "libc.so.6",
        "libm.so.6",
        "ld-linux-x86-64.so.2",
        "ld-linux-aarch64.so.1",
        "ld-linux-riscv64-lp64d.so.1",
    ]
)


class System:
    """What a wheel is for.

    tag       the platform that was asked for, with underscores; None: this machine
    family    linux, manylinux, musllinux, macosx or win
    version   of glibc, musl or macOS; None where the tag names none
    kind      of objects: elf, mach-o or pe
    machine   x86_64, aarch64 or riscv64
    """

    __slots__ = ("family", "kind", "machine", "tag", "version")

    def __init__(self, tag: str | None, family: str, version: tuple[int, int] | None, machine: str):
        self.tag = tag
        self.family = family
        self.version = version
        self.kind = _KINDS[family]
        self.machine = machine

    @property
    def is_here(self) -> bool:
        """Whether this machine's own compiler makes its kernels."""
        musl_here = self.kind == "elf" and not glibc()
        return (self.kind, self.machine) == image.HERE and (self.family == "musllinux") <= musl_here

    @contextmanager
    def deployment(self) -> Iterator[None]:
        """Let compilers of a Mac compile for the macOS of the tag while the block runs."""
        name = "MACOSX_DEPLOYMENT_TARGET"
        if self.kind != "mach-o" or self.version is None or name in os.environ:
            yield
            return
        os.environ[name] = ".".join(map(str, self.version))
        try:
            yield
        finally:
            del os.environ[name]

    @property
    def triple(self) -> str:
        """What zig calls it."""
        version = ".".join(map(str, self.version or ()))
        if self.family == "musllinux":
            return f"{self.machine}-linux-musl"
        if self.kind == "elf":
            return f"{self.machine}-linux-gnu.{version or '2.17'}"
        return (
            f"{self.machine}-macos.{version}"
            if self.kind == "mach-o"
            else f"{self.machine}-windows-gnu"
        )


def system_of(plat_name: str | None) -> System:
    """What a platform name stands for; None is this machine. Raises Problem for an unknown one."""
    if plat_name is None:
        kind, machine = image.HERE
        if not kind or not machine:
            raise Problem(
                f"kernels for wheels cannot be made on this machine ({sys.platform}, {target.cpu_level()})"
            )
        return _mac(machine) if kind == "mach-o" else System(None, _HERE[kind], None, machine)
    tag = re.sub(r"[-. ]", "_", plat_name.lower())
    first = tag.partition("_")[0]
    name = tag.replace(first, f"manylinux_{_LEGACY[first]}", 1) if first in _LEGACY else tag
    match = _NAME.fullmatch(name)
    machine = _MACHINES.get(match[5], "") if match else ""
    if match is None or not machine:
        raise Problem(
            f"--plat-name {plat_name}: no platform that kernels can be made for\n"
            f"  hint: for example manylinux_2_28_x86_64, manylinux_2_17_aarch64, macosx_11_0_arm64, win_amd64"
        )
    version = (int(match[3]), int(match[4])) if match[3] else None
    return System(tag, match[1] or match[2], version, machine)


def _mac(machine: str) -> System:
    """The Mac at hand: the macOS that its Python is for, but one machine even where that is for two."""
    match = re.match(r"macosx-(\d+)\.(\d+)", sysconfig.get_platform())
    version = (int(match[1]), int(match[2])) if match else (11, 0)
    version = max(version, (11, 0)) if machine == "aarch64" else version
    arch = {"aarch64": "arm64"}.get(machine, machine)
    return System(f"macosx_{version[0]}_{version[1]}_{arch}", "macosx", version, machine)


def platforms_of(system: System, targets: Iterable[str]) -> list[cross.Platform]:
    """What to compile for, lowest level first.

    Targets of other machines are left out, so that one list serves several wheels; where none is left
    the base level is taken. Raises Problem for an unknown target.
    """
    listed = list(targets)
    levels: list[str] = []
    for text in listed:
        level = _level(text)
        if cross.PLATFORMS[level].system == (system.kind, system.machine):
            levels.append(level)
    if not levels:
        base = [
            row.level
            for row in cross.PLATFORMS.values()
            if row.system == (system.kind, system.machine)
        ][:1]
        levels = base if listed else list(_DEFAULT.get((system.kind, system.machine), base))
    if not levels:
        raise Problem(f"--plat-name {system.tag}: modc has no kernels for {system.machine} there")
    known = list(cross.PLATFORMS)
    return [
        cross.Platform(
            _level(level), (system.kind, system.machine), system.triple, foreign=not system.is_here
        )
        for level in sorted(set(levels), key=known.index)
    ]


def _level(text: str) -> str:
    if text.strip().lower() == "native":
        raise Problem(
            f"{TABLE}: the target native is another CPU on every machine, and a wheel goes to others\n"
            f"  hint: choose from {', '.join(cross.PLATFORMS)}"
        )
    try:
        return cross.platform(text).level
    except ModeError as error:
        raise Problem(f"{TABLE}: {error}") from None


def glibc() -> tuple[int, int] | None:
    """The glibc of this process; None where there is another C library."""
    try:
        name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
        numbers = [int(part) for part in version.split(".")[:2]]
    except (AttributeError, ValueError, OSError):
        return None
    return (numbers[0], numbers[1]) if name == "glibc" and len(numbers) == 2 else None


def needed_glibc(images: Iterable[bytes]) -> tuple[int, int] | None:
    """The oldest glibc that has everything; None where kernels need more than libc and libm."""
    found = (2, 0)
    for data in images:
        one = needs(data)
        if not _LIBC.issuperset(one.libraries):
            return None
        for name in one.versions:
            match = re.fullmatch(r"GLIBC_(\d+)\.(\d+)(?:\.\d+)?", name)
            version = (int(match[1]), int(match[2])) if match else glibc()
            if version is None:
                return None
            found = max(found, version)
    return found


def tag_of(system: System, images: Iterable[bytes]) -> str | None:
    """The platform tag of the wheel; None for what setuptools says, as outside of Linux.

    Raises Problem where the kernels need a newer glibc than the tag that was asked for.
    """
    if system.kind != "elf" or system.family == "musllinux":
        return system.tag
    oldest = needed_glibc(images)
    if system.tag is None:
        if oldest is None:
            return f"linux_{system.machine}"
        return "manylinux_{}_{}_{}".format(*max(oldest, OLDEST), system.machine)
    if system.version is not None and (oldest is None or oldest > system.version):
        what = "more than libc and libm" if oldest is None else f"glibc {oldest[0]}.{oldest[1]}"
        raise Problem(
            f"--plat-name {system.tag}: the kernels need {what}\n"
            f"  hint: build in an image of that platform, or with "
            f'CC="{os.path.basename(sys.executable)} -m ziglang cc -target {system.triple}"'
        )
    return system.tag
