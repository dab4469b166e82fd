"""Finding what a command is asked about: `FILE.py:Module.method`, `package.module:Module.method`.

Input: the text. Output: the made Component and the path inside it. Neighbours: the verbs.
"""

from __future__ import annotations

import importlib
import runpy
import sys
from pathlib import Path
from typing import Any

import click

from modc.module.component import Component


def component_of(text: str) -> tuple[Component, list[str]]:
    """The symbolic Component that `text` names, and the names inside it.

    The first name is a Component, a subclass that needs no arguments, or a function that returns a
    Component. Raises click.UsageError for a text of another form, click.ClickException where the
    file or the name does not exist, or the factory raises.
    """
    where, separator, path = text.rpartition(":")
    if not separator or not where or not path:
        raise click.UsageError(
            f"{text!r} is not of the form FILE.py:Module.method or package.module:Module.method"
        )
    name, *rest = path.split(".")
    scope = _scope(where)
    if name not in scope:
        known = sorted(key for key, value in scope.items() if _is_factory(value))
        raise click.ClickException(
            f"{where} has no {name!r}; Modules there: {', '.join(known) or 'none'}"
        )
    return _made(scope[name], f"{where}:{name}"), rest


def _is_factory(value: Any) -> bool:
    own = (
        isinstance(value, type)
        and issubclass(value, Component)
        and not value.__module__.startswith("modc")
    )
    return own or isinstance(value, Component)


def _scope(where: str) -> dict[str, Any]:
    try:
        if where.endswith(".py"):
            file = Path(where)
            if not file.is_file():
                raise click.ClickException(f"there is no file {where}")
            sys.path.insert(0, str(file.resolve().parent))
            return runpy.run_path(where, run_name=file.stem)
        sys.path.insert(0, "")
        return vars(importlib.import_module(where))
    except (Exception, SystemExit) as error:
        if isinstance(error, click.ClickException):
            raise
        raise click.ClickException(
            f"{where} could not be loaded: {type(error).__name__}: {error}"
        ) from error


def _made(found: Any, name: str) -> Component:
    if not isinstance(found, Component):
        try:
            found = found()
        except Exception as error:
            raise click.ClickException(
                f"{name}() raised {type(error).__name__}: {error}"
            ) from error
    if not isinstance(found, Component):
        raise click.ClickException(
            f"{name} is no Module, and calling it gives none, but {type(found).__name__}"
        )
    return found


def method_of(instance: Any, names: list[str]) -> Any:
    """The compiled Method at a dotted path of an instance; numbers index lists.

    Raises click.ClickException, which lists the Methods there are, where there is none.
    """
    found = instance
    for name in names:
        try:
            found = found[int(name)] if name.isdigit() else getattr(found, name)
        except (AttributeError, LookupError, TypeError):
            found = None
            break
    if not hasattr(found, "stages"):
        raise click.ClickException(
            f"there is no Method {'.'.join(names) or '(no name given)'}; Methods: {_methods(instance)}"
        )
    return found


def _methods(instance: Any) -> str:
    found = [
        f"{path}.{key}" if path else str(key)
        for path, inst in (instance.walk() if hasattr(instance, "walk") else ())
        for key, part in inst._modc_parts()
        if hasattr(part, "stages")
    ]
    return ", ".join(found[:20]) + (", ..." if len(found) > 20 else "") or "none"
