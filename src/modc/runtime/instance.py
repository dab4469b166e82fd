"""Instances: what Modules become. Attributes are members' values, callables and other instances.

Input: parts (cells, callables, instances, literals) from `Module.build`, or from a package. Output:
ordinary Python objects. Neighbours: `runtime.Part` is behind every attribute; `state` adds what works
on all members at once; `instances` has lists and dicts. No graphs are needed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

from modc.runtime import Cell
from modc.runtime.state import Stateful, cells_under, part, undone_on_error

_PLAIN_NUMBERS = (bool, int, float)


class Instance(Stateful):
    """Base of the three kinds of instance. `_parts` holds cells, callables, instances and numbers."""

    __slots__ = ("__weakref__", "_modc_component", "_modc_made", "_parts")

    _modc_made: Any
    _modc_component: Any
    _parts: tuple[Any, ...]

    @property
    def component(self) -> Any:
        """The symbolic object that this was made from."""
        return self._modc_component

    def _modc_parts(self) -> Iterable[tuple[Any, Any]]:
        """(key, part) pairs in order."""
        raise NotImplementedError

    def _modc_shown(self) -> Any:
        """What users see in its place: itself, or the one value that its parts are."""
        return self

    def _modc_summary(self) -> str:
        """Itself in a few words."""
        return f"<{type(self._modc_component).__name__}>"

    def _repr_html_(self) -> str:
        """For notebooks: a row per part, with its type and the beginning of its value."""
        from modc.markup import table  # others print no HTML

        rows: list[tuple[Any, str, str]] = []
        for key, found in self._modc_parts():
            method = callable(found)
            rows.append((key, "Method" if method else summary(found), str(read_part(found)) if isinstance(found, Cell) else ""))
        return table(type(self._modc_component).__name__, ["name", "type", "value"], rows)

    def __reduce__(self) -> tuple[Any, ...]:
        number = next(index for index, one in self._modc_made.living() if one is self)
        return part, (self._modc_made, "instance", number)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return self.__reduce__()


def read_part(found: Any) -> Any:
    """What users see of a part."""
    if isinstance(found, Cell):
        return found.value
    return found._modc_shown() if isinstance(found, Instance) else found


def write_part(found: Any, value: Any, label: Any) -> None:
    """Store a value in a part: cells take it, instances are initialised by it.

    Raises KeyError for Methods and TypeError for read-only values.
    """
    if value is found:  # `inst.parts = inst.parts`
        return
    if isinstance(found, Cell):
        found.set(value)
    elif hasattr(type(found), "initialize"):
        found.initialize(value)
    elif callable(found):
        raise KeyError(f"{label!r} is a Method: it cannot be replaced")
    elif found is None and value is None:
        return
    elif found is None:
        raise TypeError(f"nothing can be stored at {label!r}: it is computed or owned elsewhere")
    else:
        raise TypeError(f"Cannot set readonly storage: {label}")


class Fixed:
    """Descriptor of a number in a Module: reads as the Python value, refuses assignment."""

    __slots__ = ("index", "name")

    def __init__(self, index: int, name: str) -> None:
        self.index = index
        self.name = name

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else instance._parts[self.index]

    def __set__(self, instance: Any, value: Any) -> None:
        raise TypeError(f"Cannot set readonly storage: {self.name}")

    def __delete__(self, instance: Any) -> None:
        raise TypeError(f"Cannot delete readonly storage: {self.name}")


class Shown:
    """Descriptor of a member that is several cells: reads and takes one value."""

    __slots__ = ("index", "name")

    def __init__(self, index: int, name: str) -> None:
        self.index = index
        self.name = name

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else read_part(instance._parts[self.index])

    def __set__(self, instance: Any, value: Any) -> None:
        write_part(instance._parts[self.index], value, self.name)

    def __delete__(self, instance: Any) -> None:
        raise AttributeError(f"cannot delete {self.name!r}: it belongs to the compiled Module")


class Absent:
    """Descriptor of an expression of the Module, which instances do not have: says so."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        raise AttributeError(
            f"{type(instance.component).__name__} has no attribute {self.name!r}: it is an expression, and has no value of its own; an output of a Method has one",
            name=self.name, obj=instance,
        )  # fmt: skip


class ModuleInstance(Instance):
    """What `Module.make` returns.

    ``inst.x`` and ``inst['x']`` read and write members; Methods are callables; submodules, lists and
    dicts are instances, and assigning to them initialises them. Other attributes are the user's own.
    """

    __slots__ = ("__dict__",)

    if TYPE_CHECKING:  # members, Methods and the user's own attributes

        def __getattr__(self, name: str) -> Any: ...
        def __setattr__(self, name: str, value: Any) -> None: ...

    _modc_keys: dict[str, int] = {}  # of the class that is made for each Module

    def __dir__(self) -> list[str]:
        kind = type(self)
        return [name for name in super().__dir__() if name in self.__dict__ or not isinstance(getattr(kind, name, None), Absent)]

    def initialize(self, /, *args: Any, **kwargs: Any) -> None:
        """Give members their values; `make` calls it. The Module's `_instance_initialize` does the work."""
        self._modc_component._instance_initialize(self, *args, **kwargs)

    def _modc_parts(self) -> Iterable[tuple[Any, Any]]:
        """(key, part) pairs in order."""
        return [(name, self._parts[index]) for name, index in self._modc_keys.items()]

    def __getitem__(self, name: str) -> Any:
        index = self._modc_keys.get(name)
        if index is not None:
            return read_part(self._parts[index])
        if name in self._modc_literals():
            return self.__dict__[name]
        owner, last = owner_of(self, name)
        return owner[last]

    def __setitem__(self, name: str, value: Any) -> None:
        index = self._modc_keys.get(name)
        if index is not None:
            write_part(self._parts[index], value, name)
        elif name in self._modc_literals():
            self.__dict__[name] = value
        else:
            owner, last = owner_of(self, name)
            owner[last] = value

    def __contains__(self, name: object) -> bool:
        return name in self._modc_keys or name in self._modc_literals()

    def __iter__(self) -> Iterator[str]:
        return iter([*self._modc_keys, *self._modc_literals()])

    def _modc_literals(self) -> list[str]:
        return [name for name in type(self)._modc_plain if name in self.__dict__]

    _modc_plain: tuple[str, ...] = ()

    @recursive_repr("{...}")  # the graph of Modules may have cycles
    def __str__(self) -> str:
        hidden = getattr(self, "__hide__", ())
        lines = []
        for name in sorted(self, key=str):
            value = self[name]
            if name.startswith("_") or callable(value) or name in hidden:
                continue
            lines.append(f"{name}: " + str(value).replace("\n", "\n" + " " * (len(name) + 2)))
        return "{" + "\n, ".join(lines) + "}"

    def __repr__(self) -> str:
        shown = [f"{name}={summary(found)}" for name, found in self._modc_parts() if not callable(found)]
        methods = [name for name, found in self._modc_parts() if callable(found)]
        if methods:
            shown.append("methods: " + " ".join(methods))
        return f"<{type(self).__name__} of {type(self._modc_component).__name__}: {', '.join(shown)}>"


def initialize_by_name(name: str, inst: Any, init: Any, kwargs: dict[str, Any]) -> None:
    """``inst[key] = value`` for a dict, then for the keywords; `name` is that of the Module's class.

    Raises KeyError for unknown names, TypeError for what is no dict; an error in a value names the
    member, and nothing changes.
    """
    try:
        given = [*dict({} if init is None else init).items(), *kwargs.items()]
    except (TypeError, ValueError):
        raise TypeError(f"{name} is initialised by a dict of values or by keywords, not by {init!r}") from None
    names = dict.fromkeys(name for name, _ in given)
    changed = [cell for name, found in inst._modc_parts() if name in names for cell in cells_under(found)]
    with undone_on_error(changed):
        for key, value in given:
            inst[key] = value


def owner_of(inst: ModuleInstance, name: Any) -> tuple[Any, Any]:
    """Part and key for a dotted name. Raises KeyError, with what was probably meant."""
    if isinstance(name, str):
        for at in [at for at, letter in enumerate(name) if letter == "."]:
            index = inst._modc_keys.get(name[:at])
            if index is not None and isinstance(inst._parts[index], Instance):
                return inst._parts[index], name[at + 1 :]
    raise KeyError(unknown(inst, name, inst))


def summary(found: Any) -> str:
    """A part in a few words."""
    if isinstance(found, Cell):
        value = found.copy()
        if value is None:
            return "None"
        return f"{value[()]!s}" if value.ndim == 0 else f"{value.dtype}{list(value.shape)}"
    if isinstance(found, Instance):
        return found._modc_summary()
    return repr(found) if isinstance(found, _PLAIN_NUMBERS) else type(found).__name__


def unknown(inst: Any, name: Any, names: Iterable[Any]) -> str:
    """The message for a key that an instance does not have."""
    import difflib  # only for the message

    known = [str(key) for key in names]
    text = str(name)[:200]
    close = difflib.get_close_matches(text, known, 1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    component = inst.component
    if not close and isinstance(name, str) and name in vars(component) and not name.startswith("_"):
        hint = "; it is an expression: it has no value of its own"
    listed = ", ".join(known[:20]) + (", ..." if len(known) > 20 else "")
    label = "" if getattr(component, "is_module", False) else component.name
    return f"{label or type(component).__name__} has no {text!r}{hint} (it has: {listed or 'nothing'})"
