"""ComponentList and ComponentDict: Components in order, and by key.

Input: whatever `wrap` accepts. Output: list and dict instances. Neighbours: `instances` has what
they become; the wrapping rules for lists, dicts, Variables and numbers are registered here.
"""

from __future__ import annotations

from collections.abc import Iterator
from reprlib import recursive_repr
from typing import Any

import numpy as np

from modc.graph import Leaf
from modc.module.component import Component, Composite
from modc.module.member import External, Holder, Literal, Member, Opaque
from modc.module.memo import Memo
from modc.module.naming import name_join, name_value, rename_children
from modc.module.wrapping import Wrapper, is_number, rule, wrap
from modc.runtime.instances import ComponentDictInstance, ComponentListInstance
from modc.tensor.variable import Constant, Variable


class _Container(Composite):
    """What list and dict share."""

    _items: Any  # a list or a dict of the components

    def get(self, item: Any) -> Any:
        """What stands there: a Variable for a Member or External, else the component."""
        return shown(self._items[item])

    def __getitem__(self, item: Any) -> Any:
        return self.get(item)

    def __setitem__(self, item: Any, value: Any) -> None:
        self.set(item, value)

    def __delitem__(self, item: Any) -> None:
        del self._items[item]

    def __len__(self) -> int:
        return len(self._items)

    def _modc_rename(self, name: str) -> None:
        old = self.name
        super()._modc_rename(name)
        for key, child in self._modc_named():
            name_value(child, name_join(name, key))
        rename_children(self, self._modc_named(), old, name, set())

    def _modc_named(self) -> list[tuple[Any, Any]]:
        return self.components_map()

    def attach(self, key: Any, value: Any) -> Component:
        """The Component for `value`, named after its place if this container has a name."""
        component = component_for(value)
        if self.name:
            name_value(component, name_join(self.name, key))
        return component

    def __repr__(self) -> str:
        return str(self)

    def pretty(self, **options: Any) -> str:
        """One line per part, and what belongs to it indented."""
        return pretty_tree(self, options, set())

    def _repr_html_(self) -> str:
        """For notebooks: a row per part."""
        return html_table(self)

    def _modc_lines(self) -> list[tuple[Any, Any]]:
        """(key, Component) of what `pretty` lists."""
        return self.components_map()


class ComponentList(_Container):
    """Components in order; reads like a list whose Variables are Variables.

    ``ComponentList(a, b)`` and ``ComponentList([a, b])`` are the same. Raises TypeError for what
    cannot be wrapped.
    """

    def __init__(self, *components: Any) -> None:
        if len(components) == 1 and isinstance(components[0], (list, tuple, ComponentList)):
            components = tuple(components[0])
        self._items: list[Component] = []
        self.extend(components)

    def components(self) -> list[Any]:
        """The components, in order."""
        return list(self._items)

    def components_map(self) -> list[tuple[Any, Any]]:
        """(key, component) pairs, in order."""
        return list(enumerate(self._items))

    def set(self, item: Any, value: Any) -> None:
        """Put `value` there."""
        place = range(len(self._items))[item]
        self._items[item] = self.attach(place, value)

    def build(self, mode: Any, memo: Memo) -> Any:
        """Pass 2; see `Component`."""
        if self in memo:
            return memo[self]
        inst = memo.instance(self, ComponentListInstance)
        inst._parts = tuple(child.build(mode, memo) for _, child in memo.children(self))
        return inst

    def append(self, value: Any) -> None:
        """Add one at the end."""
        self._items.append(self.attach(len(self._items), value))

    def extend(self, values: Any) -> None:
        """Add several at the end."""
        for value in list(values):
            self.append(value)

    def insert(self, index: int, value: Any) -> None:
        """Add one before `index`."""
        self._items.insert(index, self.attach(index, value))

    def __getitem__(self, item: Any) -> Any:
        if isinstance(item, slice):
            return [shown(one) for one in self._items[item]]
        return self.get(item)

    def __iter__(self) -> Iterator[Any]:
        return iter([shown(one) for one in self._items])

    def __contains__(self, value: Any) -> bool:
        return any(one is value for one in self) or any(one is value for one in self._items)

    def __add__(self, other: Any) -> ComponentList:
        if not isinstance(other, (list, tuple, ComponentList)):
            return NotImplemented
        return ComponentList(*self._items, *_parts(other))

    def __radd__(self, other: Any) -> ComponentList:
        if not isinstance(other, (list, tuple)):
            return NotImplemented
        return ComponentList(*_parts(other), *self._items)

    @recursive_repr("[...]")
    def __str__(self) -> str:
        return "[" + ", ".join(str(one) for one in self) + "]"


def _parts(other: Any) -> list[Any]:
    return other.components() if isinstance(other, ComponentList) else list(other)


class ComponentDict(_Container):
    """Components by key. Raises TypeError for values that cannot be wrapped."""

    InstanceType: Any = ComponentDictInstance

    def __init__(self, components: Any = None, /, **kwargs: Any) -> None:
        self._items: dict[Any, Component] = {}
        for key, value in {**dict(components or {}), **kwargs}.items():
            self.set(key, value)

    def components(self) -> list[Any]:
        """The components, in order."""
        return list(self._items.values())

    def components_map(self) -> list[tuple[Any, Any]]:
        """(key, component) pairs, in order."""
        return list(self._items.items())

    def set(self, item: Any, value: Any) -> None:
        """Put `value` there."""
        self._items[item] = self.attach(item, value)

    def build(self, mode: Any, memo: Memo) -> Any:
        """Pass 2; see `Component`."""
        if self in memo:
            return memo[self]
        if not (isinstance(self.InstanceType, type) and issubclass(self.InstanceType, ComponentDictInstance)):
            raise TypeError(f"{memo.label(self)}: InstanceType must be a subclass of ComponentDictInstance")
        inst = memo.instance(self, self.InstanceType)
        built = [(key, child.build(mode, memo)) for key, child in memo.children(self)]
        built = [(key, part) for key, part in built if part is not None]
        inst._modc_keys = {key: at for at, (key, _) in enumerate(built)}
        inst._parts = tuple(part for _, part in built)
        return inst

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self._items))

    def __contains__(self, item: Any) -> bool:
        return item in self._items

    def keys(self) -> list[Any]:
        """The keys, in order."""
        return list(self._items)

    def values(self) -> list[Any]:
        """What stands at the keys."""
        return [shown(one) for one in self._items.values()]

    def items(self) -> list[tuple[Any, Any]]:
        """(key, what stands there) pairs."""
        return [(key, shown(one)) for key, one in self._items.items()]

    @recursive_repr("{...}")
    def __str__(self) -> str:
        return "{" + ", ".join(f"{key}: {value}" for key, value in self.items()) + "}"


def pretty_tree(composite: Any, options: dict[str, Any], seen: set[int]) -> str:
    """The text of `pretty` for a Module, list or dict; what was shown before (in a cycle too) is only named."""
    if id(composite) in seen:
        return str(composite)
    seen.add(id(composite))
    lines = [type(composite).__name__]
    for key, child in composite._modc_lines():
        nested = isinstance(child, Composite) and hasattr(child, "_modc_lines")
        text = pretty_tree(child, options, seen) if nested else child.pretty(**options)
        lines.append(f"  {key}: " + text.replace("\n", "\n  "))
    return "\n".join(lines)


def html_table(composite: Any) -> str:
    """The parts of a Module, list or dict as an HTML table."""
    from modc.markup import table  # others print no HTML

    rows: list[tuple[Any, str]] = []
    for key, child in composite._modc_lines():
        nested = isinstance(child, Composite) and hasattr(child, "_modc_lines")
        rows.append((key, str(child) if nested else child.pretty()))
    return table(type(composite).__name__, ["name", "part"], rows)


def shown(component: Any) -> Any:
    """What users see of a component: the Variable of a Member or External, the value of a literal."""
    if isinstance(component, (Literal, Opaque)):
        return component.value
    return component.variable if isinstance(component, Holder) else component


def component_for(value: Any) -> Component:
    """`wrap`, which must succeed. Raises TypeError."""
    found = wrap(value)
    if not isinstance(found, Component):
        raise TypeError(f"{value!r} ({type(value).__name__}) cannot be made a Component")
    return found


def child_for(value: Any, wrapper: Wrapper) -> Component:
    """The Component for an attribute of a Module: anything else than a Component is copied.

    A container that holds something symbolic becomes a Component, plain objects in it stay objects.
    """
    found = wrapper.wrap(value)
    if isinstance(found, Component):
        return found
    if isinstance(value, (list, tuple, dict)) and _symbolic(value, set()):
        mixed: Any = ComponentDict() if isinstance(value, dict) else ComponentList()
        wrapper.remember(value, mixed)
        if isinstance(value, dict):
            mixed._items.update({key: child_for(item, wrapper) for key, item in value.items()})
        else:
            mixed._items.extend(child_for(item, wrapper) for item in value)
        return mixed  # type: ignore[no-any-return]
    opaque = Opaque(value)
    wrapper.remember(value, opaque)
    return opaque


def _symbolic(value: Any, seen: set[int]) -> bool:
    """Whether a Component or Variable stands anywhere in nested containers."""
    if isinstance(value, (Component, Variable)):
        return True
    if not isinstance(value, (list, tuple, dict)) or id(value) in seen:
        return False
    seen.add(id(value))
    return any(_symbolic(item, seen) for item in (value.values() if isinstance(value, dict) else value))


# -- modc's own rules, in order


@rule(lambda x: isinstance(x, Component))
def _component(x: Any, wrapper: Wrapper) -> Any:
    return x


@rule(lambda x: isinstance(x, Variable))
def _variable(x: Any, wrapper: Wrapper) -> Any:
    return Member(x) if isinstance(x, Constant) or isinstance(x.node, Leaf) else External(x)


@rule(lambda x: isinstance(x, (list, tuple)))
def _list(x: Any, wrapper: Wrapper) -> Any:
    found = ComponentList()
    wrapper.remember(x, found)
    for item in x:
        component = wrapper.wrap(item)
        if not isinstance(component, Component):
            wrapper.forget(x)
            return x
        found._items.append(component)
    return found


@rule(lambda x: isinstance(x, dict))
def _dict(x: Any, wrapper: Wrapper) -> Any:
    found = ComponentDict()
    wrapper.remember(x, found)
    for key, item in x.items():
        component = wrapper.wrap(item)
        if not isinstance(component, Component):
            wrapper.forget(x)
            return x
        found._items[key] = component
    return found


@rule(is_number)
def _number(x: Any, wrapper: Wrapper) -> Any:
    return Literal(np.array(x) if isinstance(x, np.ndarray) else x)
