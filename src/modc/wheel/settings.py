"""The table [tool.modc.build] of a user's pyproject.toml.

    [tool.modc.build]
    factories = {acc = "mypackage.models:make_acc"}     # or a list of targets
    targets = ["x86-64-v2", "x86-64-v3"]                # CPU levels
    package = "mypackage"                               # where the kernels go
    mode = "c"                                          # or "check"

Input: the table. Output: `Settings`, checked, or Problem. Neighbours: commands.
"""

from __future__ import annotations

import re
from typing import Any

from modc.errors import ModeError
from modc.pipeline import mode_named
from modc.wheel.problem import Problem

TABLE = "[tool.modc.build]"
_KEYS = ("factories", "targets", "package", "mode")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


class Settings:
    """What to build: targets of factories by name, CPU levels, the package, the mode."""

    __slots__ = ("factories", "mode", "package", "targets")

    def __init__(
        self, factories: dict[str, str], targets: list[str], package: str | None, mode: str | None
    ):
        self.factories = factories
        self.targets = targets
        self.package = package
        self.mode = mode


def settings_of(table: Any) -> Settings:
    """The settings of a table. Raises Problem, which names the key and what it may be."""
    if not isinstance(table, dict):
        raise Problem(f"{TABLE} is no table, but {table!r}")
    for key in table:
        if key not in _KEYS:
            raise Problem(f"{TABLE}: unknown key {key!r}\n  hint: known are {', '.join(_KEYS)}")
    package = table.get("package")
    if package is not None and not isinstance(package, str):
        raise Problem(f"{TABLE}: package is the name of a package, not {package!r}")
    return Settings(
        _factories(table.get("factories")),
        _targets(table.get("targets", [])),
        package,
        _mode(table),
    )


def _factories(given: Any) -> dict[str, str]:
    """Factories by name. In a list each has the name of what it calls."""
    if isinstance(given, list):
        pairs = [(str(text).rpartition(":")[2], text) for text in given]
    elif isinstance(given, dict):
        pairs = list(given.items())
    else:
        pairs = []
    found: dict[str, str] = {}
    for name, text in pairs:
        if not isinstance(text, str) or ":" not in text:
            raise Problem(
                f'{TABLE}: {text!r} is no factory\n  hint: write "package.module:factory"'
            )
        if not _NAME.fullmatch(name):
            raise Problem(
                f"{TABLE}: {name!r} is no name for a factory: use letters, digits, '_', '.' and '-'"
            )
        if name in found:
            raise Problem(
                f"{TABLE}: two factories are called {name!r}\n  hint: write factories = {{name = target, ...}}"
            )
        found[name] = text
    if not found:
        raise Problem(
            f'{TABLE}: there are no factories\n  hint: factories = {{name = "package.module:factory"}}'
        )
    return found


def _targets(given: Any) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise Problem(
            f'{TABLE}: targets are a list of CPU levels such as "x86-64-v3", not {given!r}'
        )
    return list(given)


def _mode(table: dict[str, Any]) -> str | None:
    mode = table.get("mode")
    try:
        found = None if mode is None else mode_named(mode)
    except ModeError as error:
        raise Problem(f"{TABLE}: {error}") from None
    if found == "numpy":
        raise Problem(f'{TABLE}: mode "numpy" has no kernels\n  hint: leave mode out')
    return found
