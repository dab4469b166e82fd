"""The text by which `modc warm` finds a Module again, where there is one.

Input: the root of a made graph. Output: `package.module:Class`, `FILE.py:Class`, or "". Loaded for
the message about a kernel that may not be compiled. Neighbours: `memo`; `modc.ahead.targets` reads
such texts.
"""

from __future__ import annotations

import inspect
import os
import sys
from typing import Any


def importable(root: Any) -> str:
    """What to call a Module: its class, when that is a user's, at the top of a file or an importable
    module, and can be made without arguments. "" for everything else.
    """  # fmt: skip
    cls = type(root)
    home = sys.modules.get(cls.__module__)
    name = cls.__qualname__
    if home is None or "." in name or cls.__module__.split(".")[0] == "modc":
        return ""
    if getattr(home, name, None) is not cls or not _callable_without_arguments(cls):
        return ""
    spec = getattr(home, "__spec__", None)
    if spec is not None:  # imported, or run by `python -m`
        return f"{spec.name}:{name}"
    file = getattr(home, "__file__", None) or ""
    return f"{_shortest(file)}:{name}" if file.endswith(".py") else ""


def _shortest(file: str) -> str:
    """The path from here where the file lies below, else the whole one."""
    path = os.path.abspath(file)
    below = os.path.join(os.getcwd(), "")
    return path.removeprefix(below)


def _callable_without_arguments(cls: type) -> bool:
    try:
        inspect.signature(cls).bind()
    except (TypeError, ValueError):
        return False
    return True
