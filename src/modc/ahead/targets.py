"""What a command is asked about: `package.module:factory`, `file.py:Class`, or an entry point.

Input: the text. Output: `Target`: the Component or instances behind it, and the path inside it.
No kernel is compiled on the way: factories that make instances get them in mode numpy.
Neighbours: warm, export and show ask here; `programs` takes what was found.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import runpy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from modc import config
from modc.errors import ModcError
from modc.graph import Program
from modc.module.component import Component
from modc.runtime.instance import Instance

GROUP = "modc.modules"
_GIVES = "\n  hint: name what is or returns a Module, an instance, or a list, tuple or dict of these"
_FORMS = "package.module:factory, FILE.py:Class, or an entry point of the group " + GROUP


class TargetError(ModcError):
    """A target cannot be used. `usage`: the text names nothing; else what it names does not work."""

    def __init__(self, text: str, usage: bool = False) -> None:
        super().__init__(text)
        self.usage = usage
        if usage:
            self.exit_code = 2


class Target:
    """What a text stands for.

    text    as it was given
    name    last part of the factory, for default names of files and prefixes
    found   a Component, an instance, a compiled Method, or a list, tuple or dict of these
    names   the path inside `found`: submodules, positions in lists, and a Method at the end
    """

    __slots__ = ("found", "name", "names", "text")

    def __init__(self, text: str, name: str, found: Any, names: list[str]) -> None:
        self.text = text
        self.name = name
        self.found = found
        self.names = names


def resolve(text: str, shared: bool = False) -> Target:
    """The target that `text` names; classes and functions in it are called without arguments.

    What a module compiles while it is imported runs in mode numpy from then on, unless it is
    `shared`: used by other code of this process, too. Raises TargetError: with `usage` for a text
    of another form and for files, modules, names and entry points that do not exist; else where a
    module or a factory raises, or gives no Component.
    """
    where, name, names = _parts(text)
    with _importable(where):
        if shared and not where.endswith(".py"):
            _scope(where)
        with config.using(MODC_RUNTIME="numpy"):
            return _resolved(text, where, name, names)


def _resolved(text: str, where: str, name: str, names: list[str]) -> Target:
    scope = _scope(where)
    if name not in scope:
        known = sorted(key for key, value in scope.items() if _is_own(value))
        raise TargetError(
            f"{where} has no {name!r}\n  hint: Modules there: {', '.join(known) or 'none'}",
            usage=True,
        )
    return Target(text, name, made(scope[name], f"{where}:{name}"), names)


def entry_points() -> dict[str, str]:
    """Name -> `package.module:factory` of every installed entry point of the group modc.modules."""
    return {name: values[0] for name, values in _installed().items()}


def texts_of_entry_points() -> list[str]:
    """What every installed entry point stands for, also those that share a name."""
    return list(dict.fromkeys(value for values in _installed().values() for value in values))


def _installed() -> dict[str, list[str]]:
    """Every installed entry point; more than one value where packages use the same name."""
    from importlib import metadata  # slow to import, and most targets are no entry points

    found: dict[str, list[str]] = {}
    for point in metadata.entry_points(group=GROUP):
        values = found.setdefault(point.name, [])
        value = f"{point.module}:{point.attr}" if point.attr else point.module
        if value not in values:
            values.append(value)
    return {name: found[name] for name in sorted(found)}


def _parts(text: str) -> tuple[str, str, list[str]]:
    """Where, the factory's name, and the names inside it."""
    where, separator, path = text.rpartition(":")
    if not separator and text:
        return _parts(_entry_point(text))
    names = path.split(".")
    if not where or not all(names):
        raise TargetError(f"{text!r} is no target\n  hint: write {_FORMS}", usage=True)
    return where, names[0], names[1:]


def _entry_point(text: str) -> str:
    values = _installed()
    found = values.get(text, [])
    if len(found) > 1:
        raise TargetError(
            f"the entry point {text!r} is in several packages: {', '.join(found)}\n"
            f"  hint: name one of these instead",
            usage=True,
        )
    if not found or ":" not in found[0]:
        known = ", ".join(values) or "none is installed"
        raise TargetError(
            f"{text!r} is no target\n  hint: write {_FORMS} ({known})", usage=True
        )
    return found[0]


@contextmanager
def _importable(where: str) -> Iterator[None]:
    """What a script beside the file, or started here, could import; it comes back to where it was."""
    here = os.getcwd()
    folder = os.path.dirname(os.path.abspath(where)) if where.endswith(".py") else here
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        os.chdir(here)
        if folder in sys.path:
            sys.path.remove(folder)


def _scope(where: str) -> dict[str, Any]:
    """The names of a file or module, after running it."""
    if where.endswith(".py"):
        if not os.path.isfile(where):
            raise TargetError(
                f"there is no file {where}\n  hint: its path counts from here, {os.getcwd()}", usage=True
            )
        return _loaded(where, lambda: runpy.run_path(where, run_name=_stem(where)))
    if _missing(where):
        raise TargetError(
            f"there is no module {where!r}\n  hint: it is looked for as `python -c 'import {where}'` "
            f"would; a file is named by its path, with .py at the end",
            usage=True,
        )
    return _loaded(where, lambda: vars(importlib.import_module(where)))


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]


def _missing(where: str) -> bool:
    """Whether there is no such module; False where a package around it cannot be imported."""
    try:
        return importlib.util.find_spec(where) is None
    except ModuleNotFoundError as error:
        return error.name is not None and f"{where}.".startswith(f"{error.name}.")
    except (Exception, SystemExit):
        return False  # importing it says what is wrong


def _loaded(where: str, load: Any) -> dict[str, Any]:
    try:
        found: dict[str, Any] = load()
    except (Exception, SystemExit) as error:
        command = f"python {where}" if where.endswith(".py") else f"python -c 'import {where}'"
        raise TargetError(
            f"{where} could not be loaded: {_said(error)}\n  hint: `{command}` shows where"
        ) from error
    return found


def _said(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:  # a user's exception may have no text
        text = ""
    return f"{type(error).__name__}: {text}".strip().removesuffix(":")


def _is_own(value: Any) -> bool:
    """Whether a name of a module is worth proposing: a Module of the user's."""
    if isinstance(value, type):
        return issubclass(value, Component) and not value.__module__.startswith("modc")
    return isinstance(value, (Component, Instance))


def made(value: Any, name: str) -> Any:
    """`value`, or what it gives when it is called without arguments. Raises TargetError."""
    if usable(value):
        return value
    if not callable(value):
        raise TargetError(
            f"{name} is no Module, instance or factory, but {type(value).__name__}{_GIVES}"
        )
    try:
        found = value()
    except (Exception, SystemExit) as error:
        raise TargetError(
            f"{name}() raised {_said(error)}\n"
            f"  hint: a factory is called without arguments; name a function that gives them"
        ) from error
    if not usable(found):
        raise TargetError(
            f"{name}() gives no Module and no instance, but {type(found).__name__}{_GIVES}"
        )
    return found


def usable(value: Any, depth: int = 0) -> bool:
    """Whether there are Methods to find; what lies too deep, a list in itself for example, has none."""
    if isinstance(value, (list, tuple, dict)):
        inner = list(value.values()) if isinstance(value, dict) else value
        return len(inner) > 0 and depth < 50 and all(usable(one, depth + 1) for one in inner)
    return isinstance(value, (Component, Instance)) or is_method(value)


def is_method(value: Any) -> bool:
    """Whether this is a compiled Method, or what `modc.function` gave."""
    return not isinstance(value, type) and isinstance(getattr(value, "program", None), Program)


def inside(found: Any, names: list[str]) -> Any:
    """What stands at a path inside an instance; numbers index lists.

    Raises TargetError (usage), which lists the Methods there are, where there is nothing.
    """
    at = found
    for name in names:
        try:
            if isinstance(at, dict):
                at = at[name]
            else:
                at = at[int(name)] if name.isdigit() else getattr(at, name)
        except (AttributeError, LookupError, TypeError):
            raise TargetError(
                f"there is no {'.'.join(names)!r}\n  hint: Methods there: {_methods(found)}",
                usage=True,
            ) from None
    return at


def method_of(found: Any, names: list[str]) -> Any:
    """The compiled Method at a path of an instance. Raises TargetError (usage), see `inside`."""
    method = inside(found, names)
    if not is_method(method):
        raise TargetError(
            f"{'.'.join(names) or 'that'} is no Method\n  hint: Methods there: {_methods(found)}",
            usage=True,
        )
    return method


def _methods(found: Any) -> str:
    names = [
        f"{path}.{key}" if path else str(key)
        for path, inst in (found.walk() if hasattr(found, "walk") else ())
        for key, part in inst._modc_parts()
        if is_method(part)
    ]
    return ", ".join(names[:20]) + (", ..." if len(names) > 20 else "") or "none"
