"""The descriptor behind every attribute of an instance, in pure Python.

Input: an instance whose `_parts` is a tuple of cells, callables and children. Output: what the
attribute reads as, and what assigning to it does. Neighbours: `cell`; the module layer makes one
class per Module of these; `csrc/cell_part.c` is the same in C.
"""

from __future__ import annotations

from typing import Any

from modc.runtime.cell import Cell


class Part:
    """Data descriptor for `instance._parts[index]`.

    A cell reads as its value and takes values; a child with `initialize` is initialised by what is
    assigned; anything else reads as itself and refuses with AttributeError.
    """

    __slots__ = ("index", "name")

    def __init__(self, index: int, name: str) -> None:
        self.index = index
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        part = instance._parts[self.index]
        return part.value if isinstance(part, Cell) else part

    def __set__(self, instance: Any, value: Any) -> None:
        part = instance._parts[self.index]
        if isinstance(part, Cell):
            part.set(value)
        elif hasattr(type(part), "initialize"):
            part.initialize(value)
        else:
            raise AttributeError(f"cannot set {self.name!r}: it is no member")

    def __delete__(self, instance: Any) -> None:
        raise AttributeError(f"cannot delete {self.name!r}: it belongs to the compiled Module")
