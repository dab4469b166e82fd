"""Instances of ComponentList and ComponentDict: list-like and dict-like views of parts.

Input: parts from `containers`. Output: values by position or key. Neighbours: `instance`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from reprlib import recursive_repr
from typing import Any

from modc.runtime.instance import Instance, read_part, summary, unknown, write_part
from modc.runtime.state import cells_under, undone_on_error

_NOTHING: Any = object()  # make() without arguments


class ComponentListInstance(Instance):
    """Values in order. An element that is computed elsewhere (External) reads as None."""

    __slots__ = ()

    def initialize(self, values: Iterable[Any] = _NOTHING, /) -> None:
        """Set every element. Raises ValueError for another length; on an error nothing changes."""
        if values is _NOTHING:
            return
        values = list(values)
        if len(values) != len(self._parts):
            raise ValueError(f"{self._label()}: {len(values)} values for {len(self._parts)} elements")
        with undone_on_error(cells_under(self)):
            for index, value in enumerate(values):
                self[index] = value

    def _label(self) -> str:
        return self._modc_component.name or "a list"

    def _modc_parts(self) -> Iterable[tuple[Any, Any]]:
        """(key, part) pairs in order."""
        return enumerate(self._parts)

    def __getitem__(self, item: Any) -> Any:
        if isinstance(item, slice):
            return [read_part(one) for one in self._parts[item]]
        first, _, rest = item.partition(".") if isinstance(item, str) else (item, "", "")
        found = self._parts[self._place(first)]
        return found[rest] if rest else read_part(found)

    def _place(self, item: Any) -> int:
        """The position of an element. Raises IndexError, KeyError for text that is no number."""
        try:
            return range(len(self._parts))[int(item) if isinstance(item, str) else item]
        except IndexError:
            raise IndexError(f"{self._label()} has {len(self._parts)} elements: there is no element {item}") from None
        except ValueError:
            raise KeyError(f"{self._label()} is a list: {item!r} is no position") from None

    def __setitem__(self, item: Any, value: Any) -> None:
        if isinstance(item, slice):
            places = range(len(self._parts))[item]
            values = list(value)
            if len(values) != len(places):
                raise ValueError(f"{self._label()}: {len(values)} values for {len(places)} elements")
            with undone_on_error(cells_under(self)):
                for place, one in zip(places, values, strict=True):
                    self[place] = one
            return
        first, _, rest = item.partition(".") if isinstance(item, str) else (item, "", "")
        place = self._place(first)
        if rest:
            self._parts[place][rest] = value
            return
        write_part(self._parts[place], value, f"{self._label()}.{place}")

    def __len__(self) -> int:
        return len(self._parts)

    def __iter__(self) -> Iterator[Any]:
        return iter([read_part(one) for one in self._parts])

    def __contains__(self, value: Any) -> bool:
        return any(one is value for one in self)

    @recursive_repr("[...]")
    def __str__(self) -> str:
        return "[" + ", ".join(str(one) for one in self) + "]"

    def __repr__(self) -> str:
        return f"<list instance: [{', '.join(summary(one) for one in self._parts)}]>"


class ComponentDictInstance(Instance):
    """Values by key. Keys of what is computed elsewhere (External) do not exist."""

    __slots__ = ("__dict__", "_modc_keys")

    _modc_keys: dict[Any, int]

    def initialize(self, values: Any = None, /, **kwargs: Any) -> None:
        """Set the elements at the keys given. Raises KeyError for others; on an error nothing changes."""
        with undone_on_error(cells_under(self)):
            for key, value in {**dict(values or {}), **kwargs}.items():
                self[key] = value

    def _modc_parts(self) -> Iterable[tuple[Any, Any]]:
        """(key, part) pairs in order."""
        return [(key, self._parts[index]) for key, index in self._modc_keys.items()]

    def _part(self, key: Any) -> Any:
        index = self._modc_keys.get(key)
        if index is None:
            raise KeyError(unknown(self, key, self._modc_keys))
        return self._parts[index]

    def __getitem__(self, key: Any) -> Any:
        if key not in self._modc_keys and isinstance(key, str) and "." in key:
            first, _, rest = key.partition(".")
            return self._part(first)[rest]
        return read_part(self._part(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        if key not in self._modc_keys and isinstance(key, str) and "." in key:
            first, _, rest = key.partition(".")
            self._part(first)[rest] = value
            return
        write_part(self._part(key), value, key)

    def __len__(self) -> int:
        return len(self._modc_keys)

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self._modc_keys))

    def __contains__(self, key: object) -> bool:
        return key in self._modc_keys

    def keys(self) -> list[Any]:
        """The keys, in order."""
        return list(self._modc_keys)

    def values(self) -> list[Any]:
        """The values, in the order of the keys."""
        return [read_part(one) for one in self._parts]

    def items(self) -> list[tuple[Any, Any]]:
        """(key, value) pairs."""
        return list(zip(self.keys(), self.values(), strict=True))

    def get(self, key: Any, default: Any = None) -> Any:
        """The value at a key, or `default`."""
        return self[key] if key in self._modc_keys else default

    @recursive_repr("{...}")
    def __str__(self) -> str:
        return "{" + ", ".join(f"{key}: {value}" for key, value in self.items()) + "}"

    def __repr__(self) -> str:
        shown = ", ".join(f"{key!r}: {summary(one)}" for key, one in self._modc_parts())
        return f"<dict instance: {{{shown}}}>"
