"""Settings: one table of every environment variable that modc reads.

Input: `os.environ`, looked at when a setting is used, never at import; scoped overrides by
`using`. Output: values, checked. Neighbours: every layer reads its settings here and nowhere else.

    with modc.config.using(MODC_DEBUG="1", MODC_CACHE_DIR="/tmp/k"):
        inst = module.make()
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from modc.errors import ModeError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Setting:
    """One row of the table: a variable's name, its default and what it means."""

    __slots__ = ("choices", "default", "meaning", "name")

    def __init__(self, name: str, default: str, meaning: str, choices: tuple[str, ...] = ()):
        self.name = name
        self.default = default
        self.meaning = meaning
        self.choices = choices


_ROWS = (
    # what is compiled, and how it runs
    Setting("MODC_MODE", "c", "mode of `make` and `function` when none is given"),
    Setting("MODC_FLOATX", "float64", "dtype of `floatX`", ("float64", "float32")),
    Setting(
        "MODC_RUNTIME",
        "",
        "call path: c (extension), cffi (pure Python), numpy (no kernels); empty: the best",
        ("", "c", "cffi", "numpy"),
    ),
    Setting(
        "MODC_BLAS", "auto", "BLAS and LAPACK for large matrices: auto, none, or the path of a library"
    ),
    Setting("MODC_RECYCLE", "1", "0: never use the memory of a dead small output again"),
    Setting("MODC_VERIFY", "0", "1: check every invariant of the graph after each pass"),
    # the compiler
    Setting("CC", "", "C compiler and its first arguments; empty: gcc, clang, cc, ziglang in turn"),
    Setting("MODC_CFLAGS", "", "flags added after modc's own"),
    Setting("MODC_CC_TIMEOUT", "120", "seconds that one run of the C compiler may take"),
    Setting("MODC_TARGET", "", "CPU level, such as x86-64-v2; empty: the highest of this CPU"),
    Setting(
        "MODC_NO_COMPILE", "0", "1: never run a compiler; a kernel missing from the cache fails"
    ),
    Setting(
        "MODC_RECORD", "", "file to which the kernels in use are appended, for `modc warm --from-trace`"
    ),
    # the cache
    Setting(
        "MODC_CACHE_DIR", "", "directory of compiled kernels; empty: the user's cache directory"
    ),
    Setting(
        "MODC_CACHE_PATH", "", f"read-only caches looked into first, separated by {os.pathsep!r}"
    ),
    Setting(
        "MODC_PACKAGED", "1", "0: kernels that came with installed packages are not used"
    ),
    Setting("MODC_CACHE_SIZE", "1GiB", "size above which the oldest kernels are removed"),
    # seeing what happens
    Setting(
        "MODC_DEBUG", "0", "0-5: 1 timings and cache hits, ... 5 compiler commands and warnings"
    ),
    Setting("MODC_KEEP", "", "directory in which the C text of every compiled kernel is kept"),
)

TABLE = {row.name: row for row in _ROWS}

_overrides: ContextVar[dict[str, str]] = ContextVar("modc settings")


def get(name: str) -> str:
    """Value of the setting as text: from `using`, else the environment, else its default.

    An empty variable counts as unset. Raises ModeError when the row lists choices and the value is
    none of them.
    """
    row = TABLE[name]
    value = _overrides.get({}).get(name)
    if value is None:
        value = os.environ.get(name)
    if not value:
        return row.default
    if row.choices and value not in row.choices:
        known = ", ".join(choice for choice in row.choices if choice)
        raise ModeError(f"{name}={value!r} is not known: choose one of {known}")
    return value


def flag(name: str) -> bool:
    """Value of an on/off setting. Raises ModeError for anything but 1/0, yes/no, on/off."""
    value = get(name).lower()
    if value in ("1", "yes", "on", "true"):
        return True
    if value in ("0", "no", "off", "false", ""):
        return False
    raise ModeError(f"{name}={value!r} is neither 1 nor 0")


def number(name: str) -> float:
    """Value of a numeric setting. Raises ModeError when it is no number >= 0."""
    value = get(name)
    try:
        result = float(value)
    except ValueError:
        result = -1.0
    if not result >= 0.0:
        raise ModeError(f"{name}={value!r} is not a number >= 0")
    return result


_UNITS = {"": 1, "b": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}


def size(name: str) -> int:
    """Value of a setting in bytes, from texts such as 500M, 1GiB, 4096. Raises ModeError."""
    value = get(name).strip().lower()
    digits = value.rstrip("bikmgt ")
    unit = value[len(digits) :].strip().removesuffix("b").removesuffix("i")
    try:
        result = float(digits) * _UNITS[unit]
    except (KeyError, ValueError):
        result = -1.0
    if not 0.0 <= result < 2.0**63:
        raise ModeError(f"{name}={value!r} is not a size: write for example 500M or 1GiB")
    return int(result)


def debug_level() -> int:
    """MODC_DEBUG as an integer; anything that is no number counts as 1."""
    value = get("MODC_DEBUG")
    return int(value) if value.isascii() and value.isdigit() else 1


def trace(level: int, text: str) -> None:
    """Write a line for MODC_DEBUG >= level to standard error."""
    if debug_level() >= level and sys.stderr is not None:
        sys.stderr.write(f"modc: {text}\n")


@contextmanager
def using(**settings: str | int | float | None) -> Iterator[None]:
    """Override settings for this thread (and context) while the block runs.

    Names are those of the table; None takes an override of an outer block back to the default.
    Raises ModeError for a name that is not in the table.
    """
    for name in settings:
        if name not in TABLE:
            raise ModeError(f"unknown setting {name}: known are {', '.join(TABLE)}")
    changed = {name: "" if value is None else str(value) for name, value in settings.items()}
    token = _overrides.set({**_overrides.get({}), **changed})
    try:
        yield
    finally:
        _overrides.reset(token)


def floatx() -> str:
    """Name of the dtype that `floatX` stands for: `config.floatX = ...`, else MODC_FLOATX.

    Raises ModeError when it is neither float64 nor float32.
    """
    value = globals().get("floatX") or get("MODC_FLOATX")
    if value not in TABLE["MODC_FLOATX"].choices:
        raise ModeError(f"config.floatX = {value!r}: choose float64 or float32")
    return str(value)


def __getattr__(name: str) -> str:
    if name == "floatX":  # assigning `config.floatX` makes a global, which `floatx` sees first
        return floatx()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def csrc_dir() -> str:
    """Directory of modc's C headers: package data when installed, else that of the checkout."""
    package = os.path.dirname(os.path.abspath(__file__))
    installed = os.path.join(package, "csrc")
    if os.path.isdir(installed):
        return installed
    return os.path.join(os.path.dirname(os.path.dirname(package)), "csrc")
