"""The Python side of a callable: names, messages, defaults, signature.

Input: a `Spec` and the object of the module layer that the Method came from. Output: what the call
paths (C, cffi, Python) ask for when the common case is over: conversions, exceptions, attributes.
Neighbours: `convert` for values; `csrc/call*.c` calls `convert_input`, `bad_call`, `missing`,
`failed`, `attribute`, `get_item` and `set_item` by name.
"""

from __future__ import annotations

import inspect
from typing import Any, NoReturn

import numpy as np

from modc.errors import ModcError, ShapeError
from modc.runtime.convert import Array, convert
from modc.runtime.spec import MISSING, Input, Spec, shown_name


class Side:
    """Everything about one bound Method that is not its fast path."""

    def __init__(self, spec: Spec, method: Any = None) -> None:
        self.spec = spec
        self.method = method
        self.name = spec.name
        self.targets = [_named(spec, one, i) for i, one in enumerate(spec.inputs)]
        self.defaults: list[Array | None] = [self._first_default(i) for i in self.targets]
        self.positions: dict[str, int] = {}
        for i, given in enumerate(spec.inputs):
            if given.name is not None:
                self.positions.setdefault(given.name, i)

    def _first_default(self, target: Input) -> Array | None:
        if target.default is MISSING or target.default is None or target.cell is not None:
            return None
        return convert(target.default, target).copy()

    # -- arguments

    def convert_input(self, index: int, value: Any) -> Array:
        """One argument as the array that the kernel reads."""
        return convert(value, self.targets[index])

    def match(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
        """Arguments in the order of the inputs; MISSING stands for a private cell's own value.

        Raises TypeError for too many, unknown, duplicate or missing arguments.
        """
        count = len(self.targets)
        if len(args) > count:
            self._too_many(len(args))
        values = [*args, *[MISSING] * (count - len(args))]
        for name, value in kwargs.items():
            position = self.positions.get(name)
            if position is None:
                self._unknown(name)
            if values[position] is not MISSING:
                self._refuse(f"argument {shown_name(name)} is given twice")
            values[position] = value
        for i, value in enumerate(values):
            if value is MISSING and self.targets[i].cell is None:
                values[i] = self.defaults[i]
                if values[i] is None:
                    self._refuse(f"argument {_called(self.targets[i], i)} is missing")
        return values

    def bad_call(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> NoReturn:
        """Raise the TypeError for arguments that the C path could not match."""
        self.match(args, kwargs)
        raise AssertionError(f"{self.name}: the arguments match")

    def _too_many(self, given: int) -> NoReturn:
        count = len(self.targets)
        self._refuse(f"takes {count} argument{'s' * (count != 1)}, {given} were given")

    def _unknown(self, name: str) -> NoReturn:
        import difflib  # only for the message

        close = difflib.get_close_matches(name[:200], self.positions, 1)
        hint = f", did you mean {close[0]!r}?" if close else ""
        hidden = any(cell.name == name for cell in self.spec.cells)
        if hidden and not close:
            hint = ": it is a member, which the Method reads by itself"
        self._refuse(f"there is no argument {name[:200]!r}{hint}")

    def _refuse(self, why: str) -> NoReturn:
        names = ", ".join(_called(one, i).strip("'") for i, one in enumerate(self.targets[:20])) or "none"
        raise TypeError(f"{self.name}: {why} (inputs: {names})")

    # -- exceptions of a call

    def missing(self, index: int) -> ValueError:
        """The exception for a member that holds nothing."""
        name = self.spec.cells[index].name
        return ValueError(f"{self.name}: member {name!r} is None; set it before the call")

    def stand_in(self, index: int) -> Array:
        """Zeros for a member that holds nothing and is only written; free axes have size 0."""
        cell = self.spec.cells[index]
        sizes = cell.size or (None,) * cell.ndim
        return np.zeros([n or 0 for n in sizes], cell.dtype)

    def wrong_size(self, buffer: int, axis: int, shape: tuple[int, ...], want: int) -> ShapeError:
        """The exception for an input or member (counted in that order) of a wrong fixed size."""
        direct = [target.label for target in self.targets if target.cell is None]
        labels = [*direct, *(f"{self.name}: {cell.label}" for cell in self.spec.cells)]
        return ShapeError(f"{labels[buffer]} has shape {shape}: axis {axis} must have size {want}")

    def too_large(self) -> MemoryError:
        """The exception for a result whose bytes cannot even be counted."""
        return MemoryError(f"{self.name}: a result is too large")

    def failed(self, site: int, axis: int, got: int, want: int) -> Exception:
        """The exception for a check that the kernel reported."""
        if self.spec.fail is not None:
            return self.spec.fail(site, axis, got, want)
        return ShapeError(f"{self.name}: check {site} failed on axis {axis}: {got}, not {want}")

    # -- defaults and private cells

    def position(self, key: Any) -> int:
        """Index of an input from its position, its name, or a key of the module layer.

        Raises TypeError for an unknown key.
        """
        found: int | None = None
        if isinstance(key, int) and not isinstance(key, bool):
            found = key
        elif isinstance(key, str):
            found = self.positions.get(key)
        elif hasattr(self.method, "position"):
            found = self.method.position(key)
        if found is None or not -len(self.targets) <= found < len(self.targets):
            self._refuse(f"there is no input {str(key)[:200]!r}")
        return found % len(self.targets)

    def get_default(self, index: int) -> Array | None:
        """What the next call takes when the argument is left out: a copy, None if it is required."""
        cell = self.targets[index].cell
        if cell is not None:
            value: Array | None = self.spec.cells[cell].copy()
            return value
        default = self.defaults[index]
        return None if default is None else default.copy()

    def set_default(self, index: int, value: Any) -> Array | None:
        """Change a default, or the value of a private cell; None takes it away."""
        cell = self.targets[index].cell
        if cell is not None:
            self.spec.cells[cell].value = value
            return None
        array = None if value is None else convert(value, self.targets[index]).copy()
        self.defaults[index] = array
        return array

    # -- the callable as an object

    def attribute(self, function: Any, name: str) -> Any:
        """Attributes of the callable that its type does not have."""
        if name in ("value", "container"):
            return (Values if name == "value" else Containers)(function)
        if name == "__signature__":
            return self.signature()
        own = _ATTRIBUTES.get(name)
        if own is not None:
            return own(self)
        if name.startswith("__") or self.method is None:
            raise AttributeError(f"{self.name} has no attribute {name!r}")
        return getattr(self.method, name)

    def signature(self) -> inspect.Signature:
        """Signature for `inspect`; a name that is no identifier shows as `argN`, by position."""
        if self.spec.signature is None:
            self.spec.signature = _signature(self)
        return self.spec.signature

    def directory(self, function: Any) -> list[str]:
        """What `dir` lists for the callable: its own names and those of the Method."""
        extra = [] if self.method is None else [n for n in dir(self.method) if n[:1] != "_"]
        return sorted({*dir(type(function)), "value", "container", *_ATTRIBUTES, *extra})

    def reduce(self) -> tuple[Any, ...]:
        """How to pickle the callable: the module layer knows, by `method.reduce()`."""
        if not hasattr(self.method, "reduce"):
            raise TypeError(f"{self.name} cannot be pickled alone: pickle its instance")
        reduced: tuple[Any, ...] = self.method.reduce()
        return reduced


_ATTRIBUTES = {
    "__name__": lambda side: side.name.rpartition(".")[2],
    "__qualname__": lambda side: side.name,
    "__doc__": lambda side: side.spec.doc,
    "spec": lambda side: side.spec,
    "method": lambda side: side.method,
    "side": lambda side: side,
}


def _called(given: Input, index: int) -> str:
    """What messages and the signature call an input."""
    return f"arg{index}" if given.name is None else shown_name(given.name)


def _named(spec: Spec, given: Input, index: int) -> Input:
    """The input as a target whose messages name the Method."""
    target = Input(
        given.name, given.dtype, given.ndim, given.size, given.strict, given.allow_downcast,
        given.default, given.cell,
    )  # fmt: skip
    target.label = f"{spec.name}: argument {_called(given, index)}"
    return target


def _signature(side: Side) -> inspect.Signature:
    kind: Any = inspect.Parameter.POSITIONAL_OR_KEYWORD
    names = [str(target.name) for target in side.targets]
    plain = all(name.isidentifier() for name in names) and len(set(names)) == len(names)
    if not plain:
        kind = inspect.Parameter.POSITIONAL_ONLY
        names = [f"arg{i}" for i in range(len(names))]
    try:
        return inspect.Signature(
            [
                inspect.Parameter(name, kind, default=_shown_default(side, i))
                for i, name in enumerate(names)
            ]
        )
    except ValueError:  # a required input after one with a default, or a keyword of Python
        plain_kind = inspect.Parameter.POSITIONAL_ONLY
        return inspect.Signature(
            [inspect.Parameter(f"arg{i}", plain_kind) for i in range(len(names))]
        )


def _shown_default(side: Side, index: int) -> Any:
    default = side.defaults[index]
    if default is None:
        return inspect.Parameter.empty if side.targets[index].cell is None else None
    return default.item() if default.ndim == 0 else default


class Container:
    """The default, or the private state, of one input, with a `value` to get and set."""

    def __init__(self, function: Any, index: int) -> None:
        self._function = function
        self._index = index

    @property
    def value(self) -> Array | None:
        """A copy of what a call takes when the argument is left out."""
        default: Array | None = self._function.get_default(self._index)
        return default

    @value.setter
    def value(self, value: Any) -> None:
        self._function.set_default(self._index, value)


class Containers:
    """`fn.container`: inputs by position, name or Variable."""

    def __init__(self, function: Any) -> None:
        self._function = function

    def __getitem__(self, key: Any) -> Any:
        return Container(self._function, self._function.position(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        self._function[key] = value


class Values(Containers):
    """`fn.value`: the same, but each is its value at once."""

    def __getitem__(self, key: Any) -> Any:
        return self._function[key]


class BindError(ModcError, ValueError):
    """A kernel and a Spec do not describe the same Method: a fault of modc, never of its user."""
