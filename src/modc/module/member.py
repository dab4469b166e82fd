"""Members, Externals and literals: the leaves of a Component graph.

Input: Variables, numbers, arrays, other objects. Output: cells, nothing, or copies. Neighbours:
`wrapping` chooses among these classes; `memo` makes the cells.
"""

from __future__ import annotations

import copy
from typing import Any

from modc.graph import Leaf
from modc.module.component import Component
from modc.module.memo import Memo
from modc.tensor.variable import Constant, Variable


class Holder(Component):
    """A Component around one Variable, which takes the component's name where it has none."""

    __slots__ = ("_owns_name", "_variable")

    _variable: Variable
    _owns_name: bool

    def __init__(self, variable: Any) -> None:
        if isinstance(variable, Holder):
            variable = variable.variable
        if not isinstance(variable, Variable):
            raise TypeError(f"{type(self).__name__} takes a Variable, not {variable!r}")
        self._variable = variable
        self._owns_name = variable.name is None
        object.__setattr__(self, "_modc_name", variable.name or "")

    @property
    def variable(self) -> Variable:
        """The Variable it stands for."""
        return self._variable

    def _modc_rename(self, name: str) -> None:
        """Take a name, and pass it on to what was named after this."""
        super()._modc_rename(name)
        if self._owns_name:
            self._variable.name = name

    def __getstate__(self) -> Any:
        state, slots = super().__getstate__()
        return state, {**slots, "_variable": self._variable, "_owns_name": self._owns_name}

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return f"{type(self).__name__}({self._variable})"

    def pretty(self, **options: Any) -> str:
        """Kind, name and type on one line."""
        return f"{type(self).__name__} {self._variable}: {type_text(self._variable)}"


class Member(Holder):
    """A root Variable with storage. `init`: its value after `make`, or a function that gives it."""

    __slots__ = ()

    def __init__(self, variable: Any, init: Any = None) -> None:
        super().__init__(variable)
        if not isinstance(self._variable.node, Leaf) and not isinstance(self._variable, Constant):
            raise TypeError(
                f"Member({self._variable}): only a root Variable has storage; an expression is an External"
            )
        if init is not None:
            self._variable.init = init

    def allocate(self, memo: Memo) -> None:
        """Pass 1; see `Component`."""
        memo.cell(self._variable)

    def build(self, mode: Any, memo: Memo) -> Any:
        """Pass 2; see `Component`."""
        return memo.cell(self._variable)


class External(Holder):
    """A Variable that is computed, or owned elsewhere: it gets neither storage nor a name on the instance."""

    __slots__ = ()

    def allocate(self, memo: Memo) -> None:
        """Nothing to allocate."""

    def build(self, mode: Any, memo: Memo) -> None:
        """Nothing at run time."""


class Literal(Member):
    """A number or array in a Module: a Member of a Constant, whose value instances show read-only."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    @property
    def variable(self) -> Variable:
        """The value as a Constant."""
        from modc.tensor import (
            constant,  # the language itself, which a Module file has loaded anyway
        )

        found: Variable = constant(self.value)
        return found

    def allocate(self, memo: Memo) -> None:
        """An array gets a read-only cell of its own; a number needs none."""
        if hasattr(self.value, "ndim"):
            memo.literal(self, self.value)

    def build(self, mode: Any, memo: Memo) -> Any:
        """Pass 2; see `Component`."""
        return memo.get(self, self.value)

    def _modc_rename(self, name: str) -> None:
        Component._modc_rename(self, name)

    def __getstate__(self) -> Any:
        state, slots = Component.__getstate__(self)
        return state, {**slots, "value": self.value}

    def __str__(self) -> str:
        return f"Member({self.value!r})"

    def pretty(self, **options: Any) -> str:
        """The value on one line."""
        return f"Literal {self.value!r}"


class Opaque(Component):
    """Anything that can be copied but is no Component: each instance gets its own copy, a plain attribute."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def allocate(self, memo: Memo) -> None:
        """Copy it now, so that what cannot be copied stops `make` before anything is compiled."""
        if self in memo:
            return
        try:
            memo[self] = copy.deepcopy(self.value, memo.copies)
        except Exception as error:
            raise TypeError(
                f"{memo.label(self)}: a {type(self.value).__name__} is no Component and cannot be copied "
                f"({error}); begin the attribute's name with '_' to keep it out of the instance"
            ) from error

    def build(self, mode: Any, memo: Memo) -> Any:
        """Pass 2; see `Component`."""
        return memo[self]

    def __getstate__(self) -> Any:
        state, slots = super().__getstate__()
        return state, {**slots, "value": self.value}

    def pretty(self, **options: Any) -> str:
        """Its type on one line."""
        return f"plain {type(self.value).__name__}"


def type_text(variable: Variable) -> str:
    """Dtype and axes in words: `float64 vector`, `int64 matrix of shape (?, 3)`."""
    node = variable.node
    rank = ("scalar", "vector", "matrix")[node.ndim] if node.ndim < 3 else f"array of {node.ndim} axes"
    text = f"{node.dtype.name} {rank}"
    sizes = node.dims if isinstance(node, Leaf) else node.static_shape
    if any(size is not None for size in sizes):
        shown = ", ".join("?" if size is None else str(size) for size in sizes)
        text += f" of shape ({shown}{',' if len(sizes) == 1 else ''})"
    return text
