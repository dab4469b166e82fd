"""The class of an exported Python project, over the C functions of its cffi extension.

Input: a `Layout`, which the project's own `__init__.py` writes down. Output: objects with members, Methods, `reset`,
`state_dict`, copies and pickles. Neighbours: `convert` and `side` check arguments.

`modc export --python` copies this file, and those of the runtime that it imports, into every project: nothing of modc
is needed there.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from modc.errors import ShapeError
from modc.runtime.bound import Bound, make_bound
from modc.runtime.convert import Array, convert
from modc.runtime.failed import _ERRORS
from modc.runtime.side import Side
from modc.runtime.spec import MISSING, Input, Output, Spec, shown_name


class Member(NamedTuple):
    """A field of the state, or a constant. sizes: of every axis, at most; open: fields with the sizes that may change."""

    key: str
    field: str
    dtype: str
    sizes: tuple[int, ...] = ()
    open: tuple[str, ...] = ()
    constant: bool = False

    @property
    def target(self) -> Input:
        """What a value is converted to."""
        found = _target(self.key, self)
        found.label = f"member {shown_name(self.key)}"
        return found


class Argument(NamedTuple):
    """An argument of a Method. private: key of the member that holds it between calls."""

    name: str | None
    dtype: str = ""
    sizes: tuple[int, ...] = ()
    open: tuple[str, ...] = ()
    strict: bool = False
    allow_downcast: bool | None = None
    default: Any = MISSING
    private: str = ""


class Result(NamedTuple):
    """A result of a Method."""

    dtype: str
    sizes: tuple[int, ...] = ()
    open: tuple[str, ...] = ()


class Method(NamedTuple):
    """A Method and its C function. errors: what kind of failure each code is, from `first` on."""

    key: str
    function: str
    arguments: tuple[Argument, ...]
    results: tuple[Result, ...]
    result: str
    first: int
    errors: tuple[str, ...]
    doc: str


#: Kind of a failure that `failed` does not know: a size is more than the export has room for.
_ROOM = {"room": ShapeError}


class Layout:
    """Everything about the C side of one class."""

    def __init__(self, ffi: Any, lib: Any, name: str, members: tuple[Member, ...], methods: tuple[Method, ...]) -> None:
        self.ffi, self.lib, self.name = ffi, lib, name
        self.members = {one.key: one for one in members}
        self.methods = {one.key: one for one in methods}
        self.offsets = {one.key: ffi.offsetof(f"{name}_state", one.field) for one in members if not one.constant}
        self.fixed = {one.key: (one.sizes, np.dtype(one.dtype), self.offsets[one.key]) for one in members if not one.constant and not one.open}
        self.bytes = ffi.sizeof(f"{name}_state")
        self.tree: dict[str, Any] = {}
        for key in (*self.methods, *self.members):
            self._plant(key)
        self.constants = {one.key: self._constant(one) for one in members if one.constant}

    def _plant(self, key: str) -> None:
        """A place in the tree of attributes, unless a Method's own name is on the way."""
        *path, last = (part.replace("%2E", ".").replace("%25", "%") for part in key.split("."))
        place = self.tree
        for part in path:
            found = place.setdefault(part, {})
            if not isinstance(found, dict):
                return
            place = found
        place.setdefault(last, key)

    def _constant(self, one: Member) -> Array:
        value: Array = np.zeros(one.sizes, one.dtype)
        getter = getattr(self.lib, f"{self.name}_get_{one.field}")
        if one.sizes:
            getter(self.ffi.from_buffer(f"{c_type(one.dtype)}[]", value) if value.size else self.ffi.NULL)
        else:
            value[()] = getter()
        value.flags.writeable = False
        return value


class Core:
    """The memory of one object and what is done with it. Calls of several threads wait for each other."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.state = layout.ffi.new(f"{layout.name}_state *")
        self.memory = layout.ffi.buffer(self.state)
        self.lock = threading.RLock()
        getattr(layout.lib, f"{layout.name}_init")(self.state)

    def view(self, key: str) -> Array:
        """A member: an array over the state itself. It sees later changes; writing to it changes the member."""
        row = self.layout.fixed.get(key)
        if row is not None:
            return np.ndarray(row[0], row[1], self.memory, row[2])
        one = self.layout.members[key]
        if one.constant:
            return self.layout.constants[key]
        shape = tuple(
            getattr(self.state, field) if field else size
            for size, field in zip(one.sizes, one.open or ("",) * len(one.sizes), strict=True)
        )
        return np.ndarray(shape, one.dtype, self.memory, self.layout.offsets[key])

    def set(self, key: str, value: Any) -> None:
        """Convert and copy in. Raises what `convert` raises, TypeError for constants and None."""
        one = self.layout.members[key]
        self.store(one, self.converted(one, value))

    def converted(self, one: Member, value: Any) -> Array:
        """The value as a member's own array."""
        if one.constant:
            raise TypeError(f"Cannot set readonly storage: {one.key}")
        if value is None:
            raise TypeError(f"member {shown_name(one.key)} cannot be None: C has a number in its place")
        array = convert(value, one.target)
        _check_room(one.target.label, array.shape, one)
        return array.copy()

    def store(self, one: Member, array: Array) -> None:
        """Copy in an array of `converted`."""
        with self.lock:
            for size, field in zip(array.shape, one.open, strict=False):
                if field:
                    setattr(self.state, field, size)
            self.view(one.key)[...] = array

    def reset(self) -> None:
        """Initial values."""
        with self.lock:
            getattr(self.layout.lib, f"{self.layout.name}_reset")(self.state)

    def error(self, method: Method, code: int) -> Exception:
        """The exception for a code other than 0."""
        text = self.layout.ffi.string(getattr(self.layout.lib, f"{self.layout.name}_error")(code)).decode()
        at = code - method.first
        kind = method.errors[at] if 0 <= at < len(method.errors) else ""
        error: type[Exception] = {**_ERRORS, **_ROOM}.get(kind, MemoryError)
        return error(text)


def _target(name: str | None, one: Member | Argument) -> Input:
    opened = one.open or ("",) * len(one.sizes)
    sizes = [None if field else size for size, field in zip(one.sizes, opened, strict=True)]
    return Input(name, one.dtype, len(sizes), sizes)


def _check_room(label: str, shape: tuple[int, ...], one: Member | Argument) -> None:
    for axis, (size, field) in enumerate(zip(shape, one.open, strict=False)):
        if field and size > one.sizes[axis]:
            raise ShapeError(f"{label} has shape {shape}: axis {axis} has room for {one.sizes[axis]}")


_C_TYPES = {"bool": "uint8_t", "float32": "float", "float64": "double"}


def c_type(dtype: str) -> str:
    """C's name of a dtype."""
    return _C_TYPES.get(dtype, f"{dtype}_t")


class Private:
    """The member behind an input with a private state, as `Side` wants to see it."""

    def __init__(self, core: Core, key: str, name: str | None) -> None:
        self.core, self.key, self.name = core, key, name

    def copy(self) -> Array:
        """The value, as the next call takes it."""
        with self.core.lock:
            return self.core.view(self.key).copy()

    @property
    def value(self) -> Array:
        """The live value."""
        return self.core.view(self.key)

    @value.setter
    def value(self, value: Any) -> None:
        self.core.set(self.key, value)


def bound(core: Core, method: Method) -> Bound:
    """The callable for a Method. `fn['x']` gets and sets the default, or the private state, of an input."""
    inputs, cells = list[Input](), list[Private]()
    for one in method.arguments:
        if one.private:
            member = core.layout.members[one.private]
            given = _target(one.name, member)
            given.cell = len(cells)
            cells.append(Private(core, one.private, one.name))
        else:
            given = _target(one.name, one)
            given.default = one.default
        given.strict, given.allow_downcast = one.strict, one.allow_downcast
        inputs.append(given)
    outputs = [Output(one.dtype, len(one.sizes)) for one in method.results]
    side = Side(Spec(method.key, inputs, cells, (), outputs, (), method.result, None, method.doc))

    return make_bound(side, Caller(core, method, side).call)


class Given(NamedTuple):
    """One argument as calls take it. at: its position; plain: a Python float goes to C as it is."""

    at: int
    one: Argument
    plain: bool
    pointer: Any


class Made(NamedTuple):
    """One result as calls make it: C type of the pointer to it, most elements, and the axes whose size C says."""

    one: Result
    dtype: Any
    pointer: Any
    most: int
    open: tuple[int, ...]


class Caller:
    """A Method with everything looked up."""

    def __init__(self, core: Core, method: Method, side: Side) -> None:
        self.core, self.method, self.side = core, method, side
        typeof = core.layout.ffi.typeof
        self.from_buffer, self.new = core.layout.ffi.from_buffer, core.layout.ffi.new
        self.function = getattr(core.layout.lib, method.function)
        self.count = len(method.arguments)
        self.size = typeof("int64_t *")
        self.explicit = [
            Given(at, one, one.dtype == "float64" and not one.sizes and not one.strict, typeof(f"{c_type(one.dtype)}[]"))
            for at, one in enumerate(method.arguments) if not one.private
        ]  # fmt: skip
        self.private = [(at, core.layout.members[one.private]) for at, one in enumerate(method.arguments) if one.private]
        self.made = [
            Made(
                one, np.dtype(one.dtype), typeof(f"{c_type(one.dtype)} {'[]' if one.sizes else '*'}"),
                int(np.prod(one.sizes, dtype=np.int64)), tuple(axis for axis, name in enumerate(one.open) if name),
            )
            for one in method.results
        ]  # fmt: skip

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """What users call."""
        values = self.side.match(args, kwargs) if kwargs or len(args) != self.count else args
        arguments, kept = self._given(values)
        with self.core.lock:
            found = self._with_private(values, arguments) if self.private else self._run(arguments)
        del kept  # pointers do not keep arrays alive
        return None if self.method.result == "none" else found[0] if self.method.result == "one" else found

    def _given(self, values: Any) -> tuple[list[Any], list[Array]]:
        """Arguments for C, and the arrays behind them."""
        arguments, kept = [self.core.state], list[Array]()
        for at, one, plain, pointer in self.explicit:
            if plain and type(values[at]) is float:
                arguments.append(values[at])
                continue
            array = self.side.convert_input(at, values[at])
            if not one.sizes:
                arguments.append(array.item())
                continue
            if array.base is not None and np.may_share_memory(array, np.frombuffer(self.core.memory, np.uint8)):
                array = array.copy()
            kept.append(array)
            arguments.append(self.from_buffer(pointer, array) if array.size else self.core.layout.ffi.NULL)
            if one.open:
                _check_room(self.side.targets[at].label, array.shape, one)
                arguments += [size for size, field in zip(array.shape, one.open, strict=True) if field]
        return arguments, kept

    def _run(self, arguments: list[Any]) -> list[Array]:
        """Call C. Raises the exception of a code other than 0; nothing has changed then."""
        arguments, places = list(arguments), list[Any]()
        for one, dtype, pointer, most, opened in self.made:
            if not one.sizes:
                places.append(self.new(pointer))
                arguments.append(places[-1])
                continue
            array: Array = np.empty(most, dtype)
            sizes = [self.new(self.size) for _ in opened]
            places.append((array, sizes))
            arguments += [self.from_buffer(pointer, array) if most else self.core.layout.ffi.NULL, *sizes]
        code = self.function(*arguments)
        if code:
            raise self.core.error(self.method, code)
        return [
            _shaped(made, *place) if made.one.sizes else np.array(place[0], made.dtype)
            for made, place in zip(self.made, places, strict=True)
        ]

    def _with_private(self, values: Any, arguments: list[Any]) -> list[Array]:
        """Run, with the old values of private states that were given for this call."""
        given = [(at, member) for at, member in self.private if values[at] is not MISSING]
        ready = [(member, self.side.convert_input(at, values[at]).copy()) for at, member in given]
        for (at, member), (_, value) in zip(given, ready, strict=True):
            _check_room(self.side.targets[at].label, value.shape, member)
        kept = [(member, self.core.view(member.key).copy()) for _, member in given]
        for member, value in ready:
            self.core.store(member, value)
        try:
            return self._run(arguments)
        except BaseException:
            for member, value in kept:
                self.core.store(member, value)
            raise


def _shaped(made: Made, array: Array, sizes: list[Any]) -> Array:
    if not sizes:
        return array.reshape(made.one.sizes)
    found = dict(zip(made.open, sizes, strict=True))
    shape = tuple(int(found[axis][0]) if axis in found else size for axis, size in enumerate(made.one.sizes))
    return array[: int(np.prod(shape, dtype=np.int64))].reshape(shape).copy()


class Part:
    """Attributes and items over a part of the tree: members are arrays, Methods callables, the rest Parts."""

    __slots__ = ("_core", "_methods", "_tree")

    _core: Core
    _methods: dict[str, Bound]
    _tree: dict[str, Any]

    def _place(self, name: Any) -> Any:
        """A part of the tree, or the dotted key of a member or Method. Raises KeyError."""
        text, layout = str(name), self._core.layout
        if text not in self._tree and (text in layout.members or text in layout.methods):
            return text
        return self._tree[text]

    def _find(self, name: Any) -> Any:
        found = self._place(name)
        if isinstance(found, dict):
            part = Part.__new__(Part)
            for slot, value in (("_core", self._core), ("_methods", self._methods), ("_tree", found)):
                object.__setattr__(part, slot, value)
            return part
        if found in self._core.layout.members:
            return self._core.view(found)
        if found not in self._methods:
            self._methods[found] = bound(self._core, self._core.layout.methods[found])
        return self._methods[found]

    def _store(self, name: Any, value: Any) -> None:
        found = self._place(name)
        if isinstance(found, dict):
            raise TypeError(f"{str(name)!r} has members of its own: set those")
        if found not in self._core.layout.members:
            raise TypeError(f"{found!r} is a Method: it cannot be replaced")
        self._core.set(found, value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") and name in Exported.__slots__ + Part.__slots__:
            raise AttributeError(name)
        try:
            return self._find(name)
        except KeyError:
            raise AttributeError(f"{type(self).__name__} has no member or Method {name!r}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        try:
            self._store(name, value)
        except KeyError:
            raise AttributeError(f"{type(self).__name__} has no member {name!r}") from None

    def __getitem__(self, name: Any) -> Any:
        return self._find(name)

    def __setitem__(self, name: Any, value: Any) -> None:
        self._store(name, value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._tree)

    def __len__(self) -> int:
        return len(self._tree)

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *self._tree})


class Exported(Part):
    """Base of the exported class. Members are live arrays; Methods take what NumPy can make an array of."""

    __slots__ = ("__weakref__",)

    _layout: Layout

    def __init__(self, /, **values: Any) -> None:
        """Initial values, but for those given: of members, by name."""
        object.__setattr__(self, "_core", Core(self._layout))
        object.__setattr__(self, "_methods", {})
        object.__setattr__(self, "_tree", self._layout.tree)
        for name, value in values.items():
            if self._tree.get(name) not in self._layout.members:
                raise TypeError(f"{type(self).__name__} has no member {name!r}")
            self._store(name, value)

    def reset(self) -> None:
        """All members as they were at first."""
        self._core.reset()

    def state_dict(self) -> dict[str, Array]:
        """Copies of all members, by dotted key."""
        with self._core.lock:
            return {key: self._core.view(key).copy() for key, one in self._layout.members.items() if not one.constant}

    def load_state_dict(self, state: Mapping[str, Any], strict: bool = True) -> None:
        """Store values under their keys, as `state_dict` gives them. On an error nothing changes.

        `strict`: every key must be there and known. Raises KeyError for keys, and what assigning to the member raises.
        """
        members = {key: one for key, one in self._layout.members.items() if not one.constant}
        missing = [key for key in members if key not in state]
        strange = [key for key in state if key not in members]
        if strict and (missing or strange):
            raise KeyError(
                f"the state does not fit {type(self).__name__}: missing {missing[:10] or 'nothing'}, unknown {strange[:10] or 'nothing'}"
            )
        ready = [(one, self._core.converted(one, state[key])) for key, one in members.items() if key in state]
        with self._core.lock:
            for one, value in ready:
                self._core.store(one, value)

    def __copy__(self) -> Exported:
        return _restored(type(self), self.state_dict())

    def __deepcopy__(self, memo: Any) -> Exported:
        return _restored(type(self), self.state_dict())

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.state_dict())

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self._core.layout.bytes} bytes of state>"


def _restored(kind: type[Exported], state: Mapping[str, Any]) -> Exported:
    """An object with these members: copies and pickles call it."""
    found = kind()
    found.load_state_dict(state)
    return found
