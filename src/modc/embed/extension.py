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
            getter(self.pointer(value))
        else:
            value[()] = getter()
        value.flags.writeable = False
        return value

    def pointer(self, array: Array) -> Any:
        """The elements of an array as C takes them. It must live as long as this."""
        element = {"b": "uint8_t", "i": f"int{8 * array.itemsize}_t", "u": f"uint{8 * array.itemsize}_t"}.get(
            array.dtype.kind, "float" if array.itemsize == 4 else "double"
        )
        return self.ffi.from_buffer(f"{element}[]", array) if array.size else self.ffi.NULL


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

    def run(self, method: Method, values: list[Array]) -> list[Array]:
        """Call a C function. Raises the exception of a code other than 0; nothing has changed then."""
        ffi = self.layout.ffi
        own = np.frombuffer(self.memory, np.uint8)
        arguments, kept = [self.state], list[Array]()  # kept: pointers do not keep arrays alive
        for one, value in zip([one for one in method.arguments if not one.private], values, strict=True):
            if one.sizes:
                kept.append(value.copy() if np.may_share_memory(value, own) else value)
                arguments += [self.layout.pointer(kept[-1]), *_open_sizes(one, value.shape)]
            else:
                arguments.append(value.item())
        made: list[tuple[Array, Any]] = []
        for result in method.results:
            array: Array = np.empty(int(np.prod(result.sizes, dtype=np.int64)), result.dtype)
            sizes = {axis: ffi.new("int64_t *") for axis, name in enumerate(result.open) if name}
            made.append((array, sizes))
            arguments += [self.layout.pointer(array), *sizes.values()]
        code = getattr(self.layout.lib, method.function)(*arguments)
        if code:
            raise self._error(method, code)
        return [_shaped(array, one, sizes) for one, (array, sizes) in zip(method.results, made, strict=True)]

    def _error(self, method: Method, code: int) -> Exception:
        text = self.layout.ffi.string(getattr(self.layout.lib, f"{self.layout.name}_error")(code)).decode()
        at = code - method.first
        kind = method.errors[at] if 0 <= at < len(method.errors) else ""
        return {**_ERRORS, **_ROOM}.get(kind, MemoryError)(text)


def _target(name: str | None, one: Member | Argument) -> Input:
    opened = one.open or ("",) * len(one.sizes)
    sizes = [None if field else size for size, field in zip(one.sizes, opened, strict=True)]
    return Input(name, one.dtype, len(sizes), sizes)


def _check_room(label: str, shape: tuple[int, ...], one: Member | Argument) -> None:
    for axis, (size, field) in enumerate(zip(shape, one.open, strict=False)):
        if field and size > one.sizes[axis]:
            raise ShapeError(f"{label} has shape {shape}: axis {axis} has room for {one.sizes[axis]}")


def _open_sizes(one: Argument, shape: tuple[int, ...]) -> list[int]:
    return [size for size, field in zip(shape, one.open, strict=False) if field]


def _shaped(array: Array, one: Result, sizes: Mapping[int, Any]) -> Array:
    shape = tuple(int(sizes[axis][0]) if axis in sizes else size for axis, size in enumerate(one.sizes))
    if not sizes:
        return array.reshape(shape)
    return array[: int(np.prod(shape, dtype=np.int64))].reshape(shape).copy()


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

    def call(*args: Any, **kwargs: Any) -> Any:
        values, olds, arrays = side.match(args, kwargs), list[tuple[Member, Array]](), list[Array]()
        for at, (one, value) in enumerate(zip(method.arguments, values, strict=True)):
            if not one.private:
                arrays.append(side.convert_input(at, value))
                _check_room(side.targets[at].label, arrays[-1].shape, one)
            elif value is not MISSING:
                member = core.layout.members[one.private]
                value = side.convert_input(at, value).copy()
                _check_room(side.targets[at].label, value.shape, member)
                olds.append((member, value))
        with core.lock:
            found = _with_private(core, method, arrays, olds)
        return None if method.result == "none" else found[0] if method.result == "one" else found

    return make_bound(side, call)


def _with_private(core: Core, method: Method, arrays: list[Array], given: list[tuple[Member, Array]]) -> list[Array]:
    """Run, with the old values of private states that were given for this call."""
    kept = [(member, core.view(member.key).copy()) for member, _ in given]
    for member, value in given:
        core.store(member, value)
    try:
        return core.run(method, arrays)
    except BaseException:
        for member, value in kept:
            core.store(member, value)
        raise


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
