"""Exceptions of modc, and the user's line they point at.

    ModcError
    ├── AllocationError (LookupError)    a Variable has no storage in this make
    ├── CompileError    (RuntimeError)   a C compiler failed, hung, or wrote something unusable
    │   ├── NoCompiler                   there is no compiler at all
    │   └── MissingKernel                MODC_NO_COMPILE=1 forbids compiling what no cache has
    ├── ShapeError      (ValueError)     shapes or numbers of dimensions do not agree
    ├── DTypeError      (TypeError)      a dtype is unknown or cannot be converted safely
    ├── OpError         (ValueError)     an op of a user is ill defined, or not defined at all
    ├── ModeError       (ValueError)     an unknown mode, or a setting with an unusable value
    ├── CheckError      (ArithmeticError) mode check found C and NumPy to differ, or a new NaN
    ├── CacheError      (OSError)        a cache command cannot do its work
    └── PackageError    (ImportError)    kernels in a package are missing, damaged, or for another CPU
    ModcWarning (UserWarning)            modc goes on, in a slower or safer way

Input: nothing. Output: classes that every layer raises, and `user_frame` for the layers that make
nodes. Neighbours: everything imports this module; it imports nothing of modc.
"""

from __future__ import annotations

import sys


class ModcError(Exception):
    """Base of every exception that modc defines. `exit_code` is that of commands which it ends."""

    exit_code = 1


class AllocationError(ModcError, LookupError):
    """A Variable is used by a Method, but nothing gives it storage."""


class ExportError(ModcError):
    """Something cannot be exported; nothing was written. `environment`: a tool is missing on this machine."""

    def __init__(self, reason: str, hint: str = "", environment: bool = False) -> None:
        super().__init__(f"{reason}\n  hint: {hint}" if hint else reason)
        if environment:
            self.exit_code = 4


class CompileError(ModcError, RuntimeError):
    """The C compiler failed, exceeded its deadline, or wrote something that is no kernel."""


class NoCompiler(CompileError):
    """No usable C compiler was found at all; callers fall back to mode ``numpy``."""

    exit_code = 4


class MissingKernel(CompileError):
    """A kernel is in no cache, and MODC_NO_COMPILE=1 forbids compiling it; the text says how to make it.

    `facts` is for the layers above the cache, which may know a better command.
    """

    def __init__(self, text: str, facts: tuple[str, int, str, bool, str] | None = None) -> None:
        super().__init__(text)
        self.facts = facts


class ShapeError(ModcError, ValueError):
    """Shapes or numbers of dimensions do not agree."""


class DTypeError(ModcError, TypeError):
    """A dtype is unknown, or a value cannot be converted to it under the rules in force."""


class OpError(ModcError, ValueError):
    """An op that a user defines is not well formed, or an op is needed that nothing defines."""


class ModeError(ModcError, ValueError):
    """An unknown mode, or a setting (`modc.config`) with a value that cannot be used."""


class CacheError(ModcError, OSError):
    """A command on the kernel cache cannot do its work. Calls of Methods never raise it."""


class PackageError(ModcError, ImportError):
    """The kernels of an installed package are not there, are damaged, or are for another machine."""


class CheckError(ModcError, ArithmeticError):
    """Mode ``check``: the kernel and NumPy differ, NaN appears out of numbers, or an input changed."""


class ModcWarning(UserWarning):
    """modc goes on, but slower or safer than asked."""


# Every file of modc starts with this; compared with `co_filename`, which is not normalised either.
_PACKAGE = __file__.removesuffix("errors.py")


def user_frame() -> tuple[str, int] | None:
    """File and line of the innermost frame outside modc, or None when there is none.

    Costs some 0.1 us per frame of modc: it is called for every Variable and node that is made.
    """
    frame = sys._getframe(1)
    while frame is not None:
        filename = frame.f_code.co_filename
        if not filename.startswith((_PACKAGE, "<frozen ")):
            return filename, frame.f_lineno
        frame = frame.f_back  # type: ignore[assignment]
    return None
