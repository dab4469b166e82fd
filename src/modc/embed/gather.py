"""What there is to export: the storage and the Methods of an instance, each under its dotted key.

Input: a Module, or an instance with the values that the exported state begins with. Output: `Subject`.
Neighbours: `fit` gives sizes to it, `model` names it for C.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from modc.errors import ExportError, ModcError
from modc.graph import Program
from modc.module.component import Component
from modc.runtime import Cell
from modc.runtime.spec import Spec
from modc.runtime.state import Stateful, parts_of, private_key


@dataclass(frozen=True, slots=True)
class Stored:
    """One array of the instance: its key, the cell that holds it, and what its Variable says of it."""

    key: str
    cell: Cell
    unit: str
    doc: str


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a Method in Python: how it is converted, and the key of the member that is its private state."""

    name: str | None
    strict: bool
    allow_downcast: bool | None
    private: str


@dataclass(frozen=True, slots=True)
class Called:
    """One Method: its key, what it computes, and per member of the Program the key of its array.

    inputs      (name, unit, doc) of each input of the Program, in order
    outputs     (name, unit, doc) of each output, the name "" where the Variable has none
    result      "none", "one" or "list": what a call returns
    arguments   what a call takes, private states of inputs included
    """

    key: str
    program: Program
    members: tuple[str, ...]
    inputs: tuple[tuple[str, str, str], ...]
    outputs: tuple[tuple[str, str, str], ...]
    defaults: tuple[Any, ...]
    doc: str
    result: str
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """An instance, flat: arrays by key, and Methods."""

    name: str
    stored: dict[str, Stored]
    called: list[Called]


def gather(found: Any) -> Subject:
    """The arrays and Methods under a Module or an instance.

    A Module is made first, without arguments. Raises ExportError for anything else, and where there
    is no Method.
    """
    instance = _made(found) if isinstance(found, Component) else found
    function = isinstance(getattr(instance, "spec", None), Spec)
    if not isinstance(instance, Stateful) and not function:
        raise ExportError(
            f"export takes a Module, an instance of one or a function, not {type(found).__name__}",
            "give it what `make()` returned, or the Module itself",
        )
    described = {} if function else {id(cell): variable for variable, cell in instance._modc_made.cells}
    stored: dict[int, Stored] = {}
    methods: list[tuple[str, Any]] = []
    for key, part in [("call", instance)] if function else parts_of(instance):
        if isinstance(part, Cell):
            stored.setdefault(id(part), _stored(key, part, described))
        elif isinstance(getattr(part, "spec", None), Spec):
            methods.append((key, part))
    called: dict[int, Called] = {}
    for key, method in methods:
        for at, cell in enumerate(method.spec.cells):
            stored.setdefault(id(cell), _stored(_hidden_key(key, method, at), cell, described))
        called.setdefault(id(method), _called(key, method, stored))
    if not called:
        raise ExportError(f"{type(instance).__name__} has no Method", "export a Module that has one")
    return Subject(_name_of(instance), {one.key: one for one in stored.values()}, list(called.values()))


def _made(component: Component) -> Any:
    """The instance of a Module. Raises ExportError for what the Module's own code raises."""
    try:
        return component.make(mode="numpy")
    except ModcError:
        raise
    except Exception as error:
        raise ExportError(
            f"{type(component).__name__}.make() raised {type(error).__name__}: {error}",
            "export an instance, or name a function that returns one: make() gets no arguments here",
        ) from error


def _name_of(instance: Any) -> str:
    if not isinstance(instance, Stateful):
        return str(getattr(instance, "name", "") or "function")
    component = instance._modc_component
    return str(getattr(component, "name", "") or type(component).__name__)


def _stored(key: str, cell: Cell, described: dict[int, Any]) -> Stored:
    unit, doc = _about(described.get(id(cell)))
    return Stored(key, cell, unit, doc)


def _hidden_key(key: str, method: Any, at: int) -> str:
    """The key of an array that is no attribute: a private state of a Method, or a shared variable."""
    for position, given in enumerate(method.spec.inputs):
        if given.cell == at:
            return private_key(key, given, position)
    return f"{key}.{method.spec.cells[at].name or at}" if not method.program.member_names[at] else method.program.member_names[at]


def _called(key: str, method: Any, stored: dict[int, Stored]) -> Called:
    program: Program = method.program
    variables = {id(variable.node): variable for variable in method.variables}
    inputs = []
    for name, leaf in zip(program.input_names, program.inputs, strict=True):
        inputs.append((name, *_about(variables.get(id(leaf)))))
    outputs = [(str(getattr(one, "name", None) or ""), *_about(one)) for one in method.results]
    explicit = [given for given in method.spec.inputs if given.cell is None]
    members = tuple(stored[id(cell)].key for cell in method.spec.cells)
    arguments = tuple(
        Argument(given.name, given.strict, given.allow_downcast, "" if given.cell is None else members[given.cell])
        for given in method.spec.inputs
    )
    return Called(
        key, program, members, tuple(inputs), tuple(outputs), tuple(given.default for given in explicit),
        method.spec.doc or "", method.spec.result, arguments,
    )  # fmt: skip


def _about(variable: Any) -> tuple[str, str]:
    """Unit and description of a Variable: `x.tag.unit`, `x.tag.doc`."""
    tag = getattr(variable, "tag", None)
    return str(getattr(tag, "unit", "") or ""), str(getattr(tag, "doc", "") or "")
