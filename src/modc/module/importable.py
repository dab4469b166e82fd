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
    file = getattr(home, "__file__", None) or ""
    if spec is not None and not _beside_the_script(file, spec.name):  # imported, or run by -m
        return f"{spec.name}:{name}"
    if not file.endswith(".py") or (spec is not None and "." in spec.name):
        return ""
    return f"{_shortest(file)}:{name}"


def _beside_the_script(file: str, name: str) -> bool:
    """Whether a module was found because it lies beside the script, and not where we are."""
    top = os.path.abspath(file)
    for _ in range(name.count(".") + 1 + (os.path.basename(file) == "__init__.py")):
        top = os.path.dirname(top)
    return top == os.path.abspath(sys.path[0] or ".") != os.getcwd()


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
