"""CPU levels: which machine code this process can run.

Input: the CPU's features, MODC_TARGET, MODC_CFLAGS. Output: a level such as ``x86-64-v3``, never
``native``: it is part of an entry's name and selects `-march`. Flags of the user that choose
instructions, such as ``-march=native``, give a level of just this CPU, ``x86-64-v3+0123abcd``: a
cache that moves to another one must not bring it instructions that it does not have.
Neighbours: toolchain (flags), load (entry names).
"""

from __future__ import annotations

import functools
import os
import sys
from hashlib import sha256

from modc import config
from modc.errors import ModeError

# Features that each level adds, by the names of /proc/cpuinfo (psABI, "Micro-Architecture Levels").
_X86_LEVELS = (
    ("x86-64-v1", ()),
    ("x86-64-v2", ("cx16", "lahf_lm", "popcnt", "pni", "sse4_1", "sse4_2", "ssse3")),
    ("x86-64-v3", ("avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave")),
    ("x86-64-v4", ("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl")),
)

# The same levels for compilers older than their names (gcc < 11, clang < 12).
_X86_FEATURES = {
    "x86-64-v2": ("cx16", "sahf", "popcnt", "sse3", "sse4.1", "sse4.2", "ssse3"),
    "x86-64-v3": ("avx", "avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe", "xsave"),
    "x86-64-v4": ("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"),
}


_HARMLESS = ("-mtune=", "-mprefer-vector-width=", "-mno-", "-mcmodel=")


def target_level() -> str:
    """The CPU level that kernels are compiled for: MODC_TARGET, else the highest of this CPU.

    Raises ModeError when MODC_TARGET is no level of this machine, or one that it cannot run.
    """
    level = config.get("MODC_TARGET") or cpu_level()
    runnable = levels_below(cpu_level())
    if level not in runnable:
        known = ", ".join(runnable)
        raise ModeError(f"MODC_TARGET={level!r} cannot run on this CPU: choose one of {known}")
    return f"{level}+{_this_cpu()}" if machine_flags() else level


def machine_flags() -> list[str]:
    """The flags in MODC_CFLAGS that choose instructions."""
    flags = config.get("MODC_CFLAGS").split()
    return [flag for flag in flags if flag.startswith("-m") and not flag.startswith(_HARMLESS)]


@functools.cache
def _this_cpu() -> str:
    """Eight digits that CPUs with the same features share."""
    return sha256(" ".join(sorted(_cpu_features())).encode()).hexdigest()[:8]


def levels_below(level: str) -> list[str]:
    """The level and all lower ones, best first: code of each runs where code of `level` runs."""
    names = [name for name, _ in _X86_LEVELS]
    base, plus, _ = level.partition("+")
    below = names[names.index(base) :: -1] if base in names else [base]
    return [level, *below] if plus else below


@functools.cache
def cpu_level() -> str:
    """The highest level whose features this CPU and its system have.

    Where the system is not Linux it is part of the level, since its objects are no others' either.
    """
    machine = os.uname().machine.lower() if hasattr(os, "uname") else _windows_machine()
    machine = {"arm64": "aarch64", "amd64": "x86_64"}.get(machine, machine)
    if sys.platform in ("darwin", "win32"):
        return f"{machine}-{'macos' if sys.platform == 'darwin' else 'windows'}"
    if machine != "x86_64" or sys.maxsize < 2**32:
        return machine or "unknown"
    features = _cpu_features()
    best = "x86-64-v1"
    for level, needed in _X86_LEVELS:
        if not features.issuperset(needed):
            break
        best = level
    return best


def _windows_machine() -> str:
    return os.environ.get("PROCESSOR_ARCHITECTURE", "").lower()


def _cpu_features() -> frozenset[str]:
    """Features of the first CPU as Linux names them; empty (the base level) elsewhere."""
    try:
        fd = os.open("/proc/cpuinfo", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return frozenset()
    try:
        text = b""
        # A page at a time: the first CPU is enough, and machines with hundreds answer slowly.
        while page := os.read(fd, 4096):
            text += page
            start = max(text.find(b"\nflags"), text.find(b"\nFeatures"))  # x86, ARM
            stop = text.find(b"\n", start + 1)
            if 0 <= start < stop:
                line = text[start:stop].decode("ascii", "replace")
                return frozenset(line.partition(":")[2].split())
    finally:
        os.close(fd)
    return frozenset()


def march_flags(level: str) -> tuple[tuple[str, ...], ...]:
    """Spellings of the level for a compiler, preferred first; all give the same instructions."""
    level = level.partition("+")[0]
    if level.startswith("aarch64"):
        return (("-march=armv8-a",), ())
    if level.startswith("x86_64-"):  # of a system that has no levels
        return (("-march=x86-64",), ("-march=x86_64",))
    below = levels_below(level)
    if "x86-64-v1" not in below:
        return ((),)
    features = [f"-m{name}" for part in reversed(below) for name in _X86_FEATURES.get(part, ())]
    named = level.removesuffix("-v1")
    zig = named.replace("-", "_")  # `zig cc` has underscores
    return ((f"-march={named}",), ("-march=x86-64", *features), (f"-march={zig}",))
