"""Targets by name, and the compiler for each: this machine's own, or zig for the others.

Input: names such as ``native``, ``v3``, ``x86-64-v3``, ``aarch64``, ``aarch64-macos``. Output:
`Platform`s, and the command that compiles for one. Neighbours: ahead; target has the CPU levels.
"""

from __future__ import annotations

import sys

from modc.build import image, target, toolchain
from modc.build.image import System
from modc.build.toolchain import Command
from modc.errors import ModeError, NoCompiler


class Platform:
    """What kernels can be made for.

    level   stands in the names of entries, and a process of that kind looks for it
    system  the kind of object
    triple  what zig calls it; the oldest C library that has everything, so that newer ones do
    foreign whether it is another system though its objects look like this one's: another C library
    """

    __slots__ = ("foreign", "level", "system", "triple")

    def __init__(self, level: str, system: System, triple: str, foreign: bool = False):
        self.level = level
        self.system = system
        self.triple = triple
        self.foreign = foreign

    @property
    def is_here(self) -> bool:
        """Whether objects of this machine and system are wanted, of whatever CPU level."""
        return not self.foreign and (self.system == image.HERE or self.level == target.cpu_level())

    @property
    def runs_here(self) -> bool:
        """Whether this CPU runs them."""
        base = self.level.partition("+")[0]
        return not self.foreign and base in target.levels_below(target.cpu_level())


_X86_LEVELS = ("x86-64-v1", "x86-64-v2", "x86-64-v3", "x86-64-v4")

_ROWS = (
    *(Platform(name, ("elf", "x86_64"), "x86_64-linux-gnu.2.17") for name in _X86_LEVELS),
    Platform("aarch64", ("elf", "aarch64"), "aarch64-linux-gnu.2.17"),
    Platform("riscv64", ("elf", "riscv64"), "riscv64-linux-gnu.2.27"),
    Platform("aarch64-macos", ("mach-o", "aarch64"), "aarch64-macos"),
    Platform("x86_64-macos", ("mach-o", "x86_64"), "x86_64-macos"),
    Platform("x86_64-windows", ("pe", "x86_64"), "x86_64-windows-gnu"),
)

PLATFORMS = {row.level: row for row in _ROWS}

_SHORT = {
    **{f"v{digit}": f"x86-64-v{digit}" for digit in "1234"},
    "x86-64": "x86-64-v1",
    "x86_64": "x86-64-v1",
    "arm64": "aarch64",
    "aarch64-linux": "aarch64",
    "arm64-macos": "aarch64-macos",
}


def platform(name: str) -> Platform:
    """The platform of a name: a row of the table, a short name, or ``native`` (MODC_TARGET).

    Raises ModeError, which lists the names, for another one.
    """
    wanted = name.strip().lower()
    level = target.target_level() if wanted == "native" else _SHORT.get(wanted, wanted)
    level = level.replace("x86_64-v", "x86-64-v")
    if level not in PLATFORMS and level == target.target_level():  # a machine that has no row
        return Platform(level, image.HERE, "")
    if level not in PLATFORMS:
        known = ", ".join(["native", "v1", "v2", "v3", "v4", *PLATFORMS])
        raise ModeError(f"unknown target {name!r}\n  hint: choose one of {known}")
    if target.machine_flags() and wanted != "native":
        flags = " ".join(target.machine_flags())
        raise ModeError(
            f"the target {name} has its own instructions, but MODC_CFLAGS has {flags}\n"
            f"  hint: take that out of MODC_CFLAGS, or warm for native"
        )
    return PLATFORMS[level]


def compiler_for(wanted: Platform) -> Command:
    """The command that compiles for a platform: what `find_command` finds, or zig for other systems.

    Raises NoCompiler with the remedy where there is none, CompileError when CC cannot be started.
    """
    if wanted.is_here:
        command = toolchain.find_command()
        if command is None:
            raise NoCompiler(toolchain.NO_COMPILER)
        return command
    zig = toolchain.find_zig()
    if zig is None:
        raise NoCompiler(
            f"there is no cross compiler for {wanted.level}: the package ziglang is not installed\n"
            f"  hint: `pip install modc[zig]`"
        )
    argv = [sys.executable, "-m", "ziglang", "cc", "-target", wanted.triple]
    return Command(argv, zig, explicit=False)
