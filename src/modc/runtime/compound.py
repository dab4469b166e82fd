"""Values that are several arrays, such as sparse matrices: as members, as arguments and as results.

Input: values of a kind of its own, and a `Form`, which takes them apart and puts them together. Output: what users see
in their place. Neighbours: `sparse` has the Form of sparse matrices; the module layer makes these objects; everything
below them sees plain arrays.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any, NoReturn

from modc.runtime.instance import Instance, read_part
from modc.runtime.spec import MISSING, shown_name
from modc.runtime.state import converted, undone_on_error


class Form:
    """How a value of one kind is made of arrays. Subclasses define the three methods; objects are pickled."""

    #: Names of the parts, in order.
    parts: tuple[str, ...]

    def take(self, value: Any, label: str) -> list[Any]:
        """The arrays of a value. Raises DTypeError (a TypeError) or ShapeError, which begin with the label."""
        raise NotImplementedError

    def give(self, arrays: list[Any], live: bool = False) -> Any:
        """The value made of its arrays, which it keeps. `live`: they are storage."""
        raise NotImplementedError

    def described(self) -> dict[str, Any]:
        """Itself as JSON holds it, for packages."""
        raise NotImplementedError

    def check(self, arrays: list[Any], label: str) -> None:
        """Raise ValueError where arrays that `take` gave are no valid value, and no kernel could use them."""
        raise NotImplementedError


class CompoundInstance(Instance):
    """A member that is several cells: reads as one value, and takes one."""

    __slots__ = ("_form",)

    _form: Form

    @property
    def value(self) -> Any:
        """The value over the live storage; None where it has none."""
        with self._modc_made.lock:
            arrays = [cell.value for cell in self._parts]
            return None if any(array is None for array in arrays) else self._form.give(arrays, True)

    def _modc_shown(self) -> Any:
        return self.value

    def _modc_summary(self) -> str:
        value = self.value
        return "None" if value is None else f"{self._form}: {self._parts[0].value.size} values"

    def initialize(self, /, *values: Any) -> None:
        """Store a value, or None. On an error nothing changes."""
        if not values:
            return
        (value,) = values
        label = f"member {shown_name(self._modc_component.name or self._form.parts[0])}"
        arrays: list[Any] = [None] * len(self._parts)
        if value is not None:
            arrays = self._form.take(value, label)
            arrays = [converted(cell, array) for cell, array in zip(self._parts, arrays, strict=True)]
            self._form.check(arrays, label)
        with self._modc_made.lock, undone_on_error(self._parts):
            for cell, array in zip(self._parts, arrays, strict=True):
                cell.set(array)

    def _modc_parts(self) -> Iterable[tuple[Any, Any]]:
        """(key, part) pairs in order."""
        return zip(self._form.parts, self._parts, strict=True)

    def __getitem__(self, key: Any) -> Any:
        return read_part(self._cell(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        self._cell(key).set(value)

    def _cell(self, key: Any) -> Any:
        if key not in self._form.parts:
            raise KeyError(f"{self._form} has no {key!r} (it has: {', '.join(self._form.parts)})")
        return self._parts[self._form.parts.index(key)]

    def __repr__(self) -> str:
        return f"<{self._modc_summary()}>"


class Slot:
    """One argument or result as users see it: `form` is None for an array; `name` that of the argument."""

    __slots__ = ("form", "name")

    def __init__(self, name: str | None, form: Form | None) -> None:
        self.name, self.form = name, form

    @property
    def count(self) -> int:
        """How many arrays it is."""
        return 1 if self.form is None else len(self.form.parts)

    def part_name(self, at: int) -> str | None:
        """What the Method calls one of its arrays."""
        return self.name if self.form is None else f"{self.name}.{self.form.parts[at]}"


class Packing:
    """The arguments and results of a Method of which some are several arrays. `result`: as in `Spec`, or "dict", by the
    names of the outputs.
    """

    __slots__ = ("inputs", "outputs", "plain", "result")

    def __init__(self, inputs: list[Slot], outputs: list[Slot], result: str) -> None:
        self.inputs, self.outputs, self.result = inputs, outputs, result
        self.plain = result not in ("one", "dict") and all(slot.form is None for slot in outputs)  # results are as they come

    def __getstate__(self) -> tuple[Any, ...]:
        rows = [[(slot.name, slot.form) for slot in slots] for slots in (self.inputs, self.outputs)]
        return (*rows, self.result)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        inputs, outputs, self.result = state
        self.inputs, self.outputs = ([Slot(*row) for row in rows] for rows in (inputs, outputs))
        self.plain = self.result not in ("one", "dict") and all(slot.form is None for slot in self.outputs)

    def places(self, at: int) -> range:
        """The inputs of the Method that one argument stands for."""
        first = sum(slot.count for slot in self.inputs[:at])
        return range(first, first + self.inputs[at].count)

    def packed(self, arrays: Any) -> Any:
        """The results of the Method out of its arrays."""
        if self.result == "none":
            return None
        left = list(arrays)
        found: list[Any] = []
        for slot in self.outputs:
            own, left = left[: slot.count], left[slot.count :]
            found.append(own[0] if slot.form is None else slot.form.give(own))
        if self.result == "dict":
            return {slot.name: one for slot, one in zip(self.outputs, found, strict=True)}
        return found[0] if self.result == "one" else found


class Packed:
    """A bound Method some of whose arguments or results are several arrays."""

    __slots__ = ("__weakref__", "function", "labels", "packing")

    def __init__(self, function: Any, packing: Packing) -> None:
        self.function, self.packing = function, packing
        self.labels = [f"{function.spec.name}: argument {shown_name(slot.name)}" for slot in packing.inputs]

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """Take the arguments apart, call, put the results together."""
        slots = self.packing.inputs
        if len(args) != len(slots) or kwargs:
            args = self._matched(args, kwargs)
        flat: list[Any] = []
        left_out = False
        for slot, value, label in zip(slots, args, self.labels, strict=True):
            if value is MISSING:
                left_out = True
                flat += [value] * slot.count
            elif slot.form is None:
                flat.append(value)
            else:
                flat += slot.form.take(value, label)
        found = self.function(**self._named(flat)) if left_out else self.function(*flat)
        return found if self.packing.plain else self.packing.packed(found)

    def _named(self, flat: list[Any]) -> dict[str, Any]:
        names = [slot.part_name(at) for slot in self.packing.inputs for at in range(slot.count)]
        return {str(name): value for name, value in zip(names, flat, strict=True) if value is not MISSING}

    def _matched(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        slots = self.packing.inputs
        if len(args) > len(slots):
            self._refuse(f"takes {len(slots)} argument{'s' * (len(slots) != 1)}, {len(args)} were given")
        values = [*args, *[MISSING] * (len(slots) - len(args))]
        names = [slot.name for slot in slots]
        for name, value in kwargs.items():
            if name not in names:
                self._refuse(f"there is no argument {name!r}")
            at = names.index(name)
            if values[at] is not MISSING:
                self._refuse(f"argument {name!r} is given twice")
            values[at] = value
        for at, (slot, value) in enumerate(zip(slots, values, strict=True)):
            private = self.function.spec.inputs[self.packing.places(at)[0]].cell is not None
            if value is MISSING and not private and self.default(at) is None:
                self._refuse(f"argument {shown_name(slot.name)} is missing")
        return tuple(values)

    def _refuse(self, why: str) -> NoReturn:
        names = ", ".join(str(slot.name) for slot in self.packing.inputs) or "none"
        raise TypeError(f"{self.function.spec.name}: {why} (inputs: {names})")

    # -- defaults

    def _position(self, key: Any) -> int | None:
        """Number of an argument, None for what only the Method itself knows."""
        if isinstance(key, int) and not isinstance(key, bool) and -len(self.packing.inputs) <= key < len(self.packing.inputs):
            return key % len(self.packing.inputs)
        name = key if isinstance(key, str) else getattr(key, "name", None)
        return next((at for at, slot in enumerate(self.packing.inputs) if slot.name == name), None)

    def default(self, at: int) -> Any:
        """What a call takes for an argument that is left out; None where it must be given."""
        found = [self.function.get_default(place) for place in self.packing.places(at)]
        form = self.packing.inputs[at].form
        if any(one is None for one in found):
            return None
        return found[0] if form is None else form.give(found)

    def __getitem__(self, key: Any) -> Any:
        at = self._position(key)
        return self.function[key] if at is None else self.default(at)

    def __setitem__(self, key: Any, value: Any) -> None:
        at = self._position(key)
        if at is None:
            self.function[key] = value
            return
        slot, places = self.packing.inputs[at], self.packing.places(at)
        arrays = [value]
        if slot.form is not None:
            arrays = [None] * slot.count if value is None else slot.form.take(value, f"argument {shown_name(slot.name)}")
        for place, array in zip(places, arrays, strict=True):
            self.function.set_default(place, array)

    # -- as an object

    @property
    def __signature__(self) -> inspect.Signature:
        """The arguments as users see them."""
        kind: Any = inspect.Parameter.POSITIONAL_OR_KEYWORD
        names = [str(slot.name) for slot in self.packing.inputs]
        if not all(name.isidentifier() for name in names) or len(set(names)) < len(names):
            kind = inspect.Parameter.POSITIONAL_ONLY
            names = [f"arg{at}" for at in range(len(names))]
        return inspect.Signature([inspect.Parameter(name, kind) for name in names])

    @property
    def __doc__(self) -> Any:  # type: ignore[override]
        """The Method's own."""
        return self.function.__doc__

    def __repr__(self) -> str:
        return repr(self.function)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *dir(self.function)})

    def __getattr__(self, name: str) -> Any:
        if name in ("function", "labels", "packing"):  # a copy in the making
            raise AttributeError(name)
        return getattr(self.function, name)

    def __reduce__(self) -> Any:
        return self.function.side.reduce()

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self.__reduce__()
