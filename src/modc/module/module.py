"""Module: a file of Variables, Methods, submodules and literals.

Input: attribute assignments. Output: by `make`, an instance with the same names. Neighbours:
`naming` names what is assigned, `containers.child_for` says what each attribute becomes, `instance`
has the classes of what comes out.
"""

from __future__ import annotations

import inspect
import warnings
from typing import TYPE_CHECKING, Any

from modc.errors import ModcWarning, user_frame
from modc.module.component import Component, Composite
from modc.module.compound import Compound
from modc.module.containers import child_for, component_for, html_table, pretty_tree, shown
from modc.module.member import External, Literal, Member, Opaque
from modc.module.memo import Memo
from modc.module.naming import items_of, name_join, name_value, rename_children
from modc.runtime import Part
from modc.runtime.instance import Absent, Fixed, Instance, ModuleInstance, Shown, initialize_by_name

#: Names that would hide the interface of Modules or of their instances.
RESERVED = frozenset(
    ["name", "make", "make_no_init", "build", "allocate", "pretty", "components", "components_map", "get", "set",
     "initialize", "component", "default_initialize"]
)  # fmt: skip

_PREFIX = "_instance_"


class Module(Composite):
    """A file of symbolic things, compiled by `make`.

    Assign Variables (members), expressions, Methods, other Modules, lists, tuples and dicts of
    these, numbers and other literals; read back what was assigned. Names that begin with ``_`` are
    private to the Module. ``Module(x=T.dscalar())`` assigns ``x``.

    A method ``_instance_foo(self, inst, ...)`` of a subclass becomes ``inst.foo(...)``;
    ``_instance_initialize`` says what the arguments of `make` mean. `InstanceType` is the class of
    instances.
    """

    __slots__ = ("_modc_class", "_modc_external")

    InstanceType: Any = ModuleInstance
    _modc_scope = True

    _modc_class: Any
    _modc_external: dict[str, External]

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """A new object with the state that modc keeps on it."""
        self = super().__new__(cls)
        object.__setattr__(self, "_modc_class", None)
        object.__setattr__(self, "_modc_external", {})
        return self

    def __init__(self, /, **attributes: Any) -> None:
        for name, value in attributes.items():
            setattr(self, name, value)

    # -- attributes

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...  # what was assigned, for type checkers

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            object.__setattr__(self, name, value)
            return
        found = inspect.getattr_static(type(self), name, None)
        if name in RESERVED and (name != "name" or not isinstance(value, (str, type(None)))):
            raise AttributeError(f"{name!r} belongs to the interface of Modules: choose another name")
        if hasattr(type(found), "__set__"):
            object.__setattr__(self, name, value)
            return
        value, external = _unwrapped(value)
        name_value(value, name_join(self.name, name) if isinstance(value, Component) else name)
        object.__setattr__(self, name, value)
        if external is not None:
            self._modc_external[name] = external
        else:
            self._modc_external.pop(name, None)

    def __delattr__(self, name: str) -> None:
        object.__delattr__(self, name)
        self._modc_external.pop(name, None)

    def _modc_attributes(self) -> list[tuple[str, Any]]:
        """(name, value) of what was assigned, private names left out, in order of assignment."""
        items = list(self.__dict__.items())
        return [(name, value) for name, value in items if not name.startswith("_") and name != "InstanceType"]

    def _modc_named(self) -> list[tuple[Any, Any]]:
        """(key, value) of the parts that are named after this."""
        return self._modc_attributes()

    def _modc_rename(self, name: str) -> None:
        """Take a name, and pass it on to what was named after this."""
        old = self.name
        super()._modc_rename(name)
        rename_children(self, self._modc_named(), old, name, set())

    def __getstate__(self) -> Any:
        state, slots = super().__getstate__()
        return state, {**slots, "_modc_class": None, "_modc_external": self._modc_external}

    # -- as a Composite

    def components(self) -> list[Any]:
        """The components, in order."""
        return [component for _, component in self.components_map()]

    def components_map(self) -> list[tuple[Any, Any]]:
        """(name, Component) of every attribute that can be wrapped."""
        return [(name, child) for name, child in self._modc_children(Memo()) if not isinstance(child, Opaque)]

    def get(self, item: str) -> Any:
        """What stands there: a Variable for a Member or External, else the component."""
        return shown(component_for(self.__dict__[item]))

    def set(self, item: str, value: Any) -> None:
        """Put `value` there."""
        setattr(self, item, value)

    def _modc_children(self, memo: Memo) -> list[tuple[Any, Any]]:
        """(name, Component) of every attribute, as this make sees them."""
        found = []
        for name, value in self._modc_attributes():
            if not isinstance(value, Component):
                name_value(value, name)  # lists may have grown since they were assigned
            child = self._modc_external.get(name) or child_for(value, memo.wrapper)
            if not child.name:
                object.__setattr__(child, "_modc_name", name)  # a list or dict: messages of its instance show it
            found.append((name, child))
        return found

    # -- make

    def build(self, mode: Any, memo: Memo) -> Any:
        """Pass 2; see `Component`."""
        if self in memo:
            return memo[self]
        kind = self.InstanceType
        if not (isinstance(kind, type) and issubclass(kind, ModuleInstance)):
            raise TypeError(f"{memo.label(self)}: InstanceType must be a subclass of ModuleInstance, not {kind!r}")
        inst = memo.instance(self, kind)
        names: list[tuple[str, str]] = []
        parts = []
        for name, child in memo.children(self):
            part = child.build(mode, memo)
            if isinstance(child, Opaque):
                inst.__dict__[name] = part
                names.append((name, "plain"))
            elif part is not None:
                names.append((name, _kind(child, part)))
                parts.append(part)
            elif isinstance(child, External):
                names.append((name, "absent"))
        inst.__class__ = self._modc_instance_class(kind, tuple(names))
        inst._parts = tuple(parts)
        return inst

    def _modc_instance_class(self, base: type, names: tuple[tuple[str, str], ...]) -> type:
        """The class of this Module's instances; made again when the attributes are others."""
        known = self._modc_class
        if known is not None and known[0] == (base, names):
            found: type = known[1]
            return found
        body = class_body(self, base, names)
        made = type(base.__name__, (base,), body)
        object.__setattr__(self, "_modc_class", ((base, names), made))
        return made

    def _instance_initialize(self, inst: Any, /, *args: Any, **kwargs: Any) -> None:
        self.default_initialize(inst, *args, **kwargs)

    def default_initialize(self, inst: Any, init: Any = None, /, **kwargs: Any) -> None:
        """What `initialize` does by itself: ``inst[name] = value`` for a dict, then for the keywords.

        Raises KeyError for unknown names, TypeError for what is no dict; an error in a value names
        the member, and nothing changes.
        """
        initialize_by_name(type(self).__name__, inst, init, kwargs)

    # -- text

    def __str__(self) -> str:
        return f"{type(self).__name__}({', '.join(sorted(name for name, _ in self._modc_attributes()))})"

    def __repr__(self) -> str:
        return str(self)

    def pretty(self, **options: Any) -> str:
        """Every attribute with its kind and type; `mode=...` adds the optimised graph of each Method."""
        return pretty_tree(self, options, set())

    def _repr_html_(self) -> str:
        """For notebooks: a row per attribute."""
        return html_table(self)

    def _modc_lines(self) -> list[tuple[Any, Any]]:
        """(name, Component) of what `pretty` lists."""
        return self._modc_children(Memo())


_DESCRIPTORS: dict[str, Any] = {"part": Part, "fixed": Fixed, "shown": Shown}


def _kind(child: Any, part: Any) -> str:
    """What an attribute of an instance is."""
    if isinstance(child, Literal) and part is child.value:
        return "fixed"
    return "shown" if isinstance(child, Compound) else "part"


def class_body(module: Module, base: type, names: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """Namespace of an instance class: a descriptor per part, a function per ``_instance_`` method.

    Names that a user's InstanceType defines stay the user's, with a warning.
    """
    body: dict[str, Any] = {
        "__slots__": (), "__doc__": type(module).__doc__ if type(module) is not Module else base.__doc__,
        "__module__": base.__module__, "__qualname__": base.__qualname__,
        "_modc_plain": tuple(name for name, kind in names if kind == "plain"),
    }  # fmt: skip
    keys = [(name, kind) for name, kind in names if kind not in ("plain", "absent")]
    body["_modc_keys"] = {name: index for index, (name, _) in enumerate(keys)}
    taken = {name for cls in base.__mro__ if not issubclass(ModuleInstance, cls) for name in vars(cls)}
    for index, (name, kind) in enumerate(keys):
        if name in taken:
            _warn(module, f"{base.__name__}.{name} hides the attribute {name!r}; inst[{name!r}] reaches it")
        else:
            body[name] = _DESCRIPTORS[kind](index, name)
    for attribute in dir(type(module)):
        name = attribute.removeprefix(_PREFIX)
        if attribute == name or name in ("", "initialize"):
            continue
        if name in taken or dict(names).get(name, "absent") != "absent":
            _warn(module, f"{attribute} is hidden by the attribute {name!r} of the instance")
        else:
            body[name] = instance_method(type(module), attribute, name)
    body |= {name: Absent(name) for name, kind in names if kind == "absent" and name not in taken and name not in body}
    return body


def instance_method(cls: type, attribute: str, name: str) -> Any:
    """``inst.name(...)`` for ``component.attribute(inst, ...)``."""

    def method(self: Any, /, *args: Any, **kwargs: Any) -> Any:
        return getattr(self.component, attribute)(self, *args, **kwargs)

    method.__name__ = name
    method.__qualname__ = f"{cls.__qualname__}.{name}"
    method.__doc__ = getattr(cls, attribute).__doc__
    return method


def _warn(module: Module, text: str) -> None:
    filename, line = user_frame() or ("modc", 1)
    warnings.warn_explicit(f"{type(module).__name__}: {text}", ModcWarning, filename, line)


def _unwrapped(value: Any) -> tuple[Any, External | None]:
    """What is stored for an assigned value: the Variable of a Member or External, alone or in containers."""
    if isinstance(value, External):
        return value.variable, value
    if isinstance(value, Member):
        return value.variable, None
    if isinstance(value, (list, tuple, dict)) and _holds_member(value, 0):
        return _rewritten(value), None
    return value, None


def _holds_member(value: Any, depth: int) -> bool:
    if isinstance(value, (list, tuple, dict)):
        return depth < 100 and any(_holds_member(item, depth + 1) for _, item in items_of(value))
    return isinstance(value, Member)


def _rewritten(value: Any) -> Any:
    """A copy of nested containers with Variables in the place of Members."""
    if isinstance(value, dict):
        return {key: _rewritten(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([_rewritten(item) for item in value])
    return value.variable if isinstance(value, Member) else value


__all__ = ["RESERVED", "Instance", "Module"]
