"""What the factories of a package make, and the Programs whose kernels it needs.

Input: settings, and the folder that the package can be imported from. Output: descriptions of the
objects, their arrays, and Programs by fingerprint. Nothing is compiled: instances are made in mode
numpy. Neighbours: commands; `describe` writes down, `compile` makes the kernels.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from modc import config
from modc.ahead.programs import kernels_of
from modc.ahead.targets import TargetError, inside, resolve
from modc.errors import ModcError
from modc.graph import Program
from modc.graph.fingerprint import fingerprint
from modc.module.component import Component
from modc.module.memo import Memo
from modc.wheel.describe import Describer
from modc.wheel.problem import Problem
from modc.wheel.settings import TABLE, Settings

Say = Callable[[str], None]


class Gathered:
    """Descriptions of objects by name, what they share, and Programs by fingerprint."""

    def __init__(self) -> None:
        self.describer = Describer()
        self.objects: dict[str, Any] = {}
        self.programs: dict[str, Program] = {}


def gather(settings: Settings, root: str, package: str, say: Say) -> Gathered:
    """Call every factory; `package` is the directory of the package that gets the kernels.

    Raises Problem, which names the factory.
    """
    found = Gathered()
    with _importable(root), config.using(MODC_RUNTIME="numpy"):
        for name, text in settings.factories.items():
            try:
                target = resolve(text)
                made = _made(target.found, settings.mode, f"{TABLE}: {text}", say)
                parts = _named(name, inside(made, target.names))
                for key, part in parts:
                    found.objects[key] = {"target": text, **found.describer.describe(part, text)}
                    _check_place(part, package, text)
                    _others(part, found.describer)
            except (TargetError, Problem) as error:
                raise Problem(f"{TABLE}: factory {name}: {error}") from error
    for compiled in found.describer.methods:
        mode = "check" if "check" in (settings.mode, compiled.asked_mode) else "c"
        for program in kernels_of(compiled.program, mode):
            found.programs[fingerprint(program, {})] = program
    if not found.programs:
        raise Problem(
            f"{TABLE}: the factories make no Method\n  hint: name those of Modules with Methods"
        )
    return found


@contextmanager
def _importable(root: str) -> Iterator[None]:
    """What lies under a folder can be imported, and no bytecode is left there."""
    kept = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    sys.path.insert(0, root)
    try:
        yield
    finally:
        sys.dont_write_bytecode = kept
        if root in sys.path:
            sys.path.remove(root)


def _made(found: Any, mode: str | None, text: str, say: Say) -> Any:
    """The same with Components made and initialised as far as that goes without arguments."""
    if isinstance(found, (list, tuple)):
        return [_made(one, mode, text, say) for one in found]
    if isinstance(found, dict):
        return {str(key): _made(one, mode, text, say) for key, one in found.items()}
    if not isinstance(found, Component):
        return found
    memo = Memo(mode)
    try:
        result = memo.make(found)
    except Exception as error:  # of modc or of the user's own Components
        said = error if isinstance(error, ModcError) else f"{type(error).__name__}: {error}"
        raise Problem(f"it cannot be made: {said}") from error
    try:
        memo.made.begin(result, (), {})
    except Exception as error:  # of the user's own code, which may want arguments
        say(f"{text}: make() without arguments raises {type(error).__name__}: {error}")
        say("    its members start from their declared values, or as None")
        _declared(memo.made)
    return result


def _declared(made: Any) -> None:
    """Members as they were before the user's code initialised some of them."""
    for variable, cell in made.cells:
        if not cell.readonly:
            init = variable.init
            cell.set(init() if callable(init) else init)
    for cell, value in made.private:
        cell.set(value)


def _named(name: str, made: Any) -> list[tuple[str, Any]]:
    """(name, part) pairs: those of a list or dict have its name and their own."""
    if isinstance(made, (list, dict)):
        items = made.items() if isinstance(made, dict) else enumerate(made)
        return [pair for key, one in items for pair in _named(f"{name}.{key}", one)]
    return [(name, made)]


def _others(part: Any, describer: Describer) -> None:
    """Methods in what the manifest cannot describe get kernels too: Modules find them."""
    made = part._modc_made if hasattr(part, "_modc_made") else part.method._made
    for reference in made.compiled:
        compiled = reference()
        if compiled is not None:
            describer.kernel(compiled)


def _check_place(part: Any, package: str, text: str) -> None:
    """Raise Problem where Modules that a program makes would not find the kernels.

    They are looked for from the files on in which Methods were written and their root was made.
    """
    made = part._modc_made if hasattr(part, "_modc_made") else part.method._made
    home = sys.modules.get(type(made.root).__module__)
    files = [plan.where[0] for plan in made.plans.values() if plan.where]
    files += [made.root._modc_place[0]] if getattr(made.root, "_modc_place", None) else []
    if (
        home is not None
        and getattr(home, "__file__", None)
        and not home.__name__.startswith("modc.")
    ):
        files.append(home.__file__)
    folder = os.path.realpath(package) + os.sep
    if not any(os.path.realpath(file).startswith(folder) for file in files):
        where = ", ".join(sorted({os.path.basename(file) for file in files})) or "no file"
        raise Problem(
            f"{text} is written in {where}, outside of the package {os.path.basename(package)} that gets the kernels\n"
            f"  hint: name the package that it belongs to: package = ..."
        )
