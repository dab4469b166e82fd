"""Compound: the Component of a symbolic value of several Variables.

Input: Variables and a `Form` of the runtime. Output: one attribute of a Module and of its instances. Neighbours: `apart`
has what Methods do with it, `runtime.compound` what instances do.
"""

from __future__ import annotations

from typing import Any

from modc.module.apart import Several
from modc.module.component import Composite
from modc.module.member import Member
from modc.module.memo import Memo
from modc.runtime.compound import CompoundInstance


class Compound(Several, Composite):
    """A symbolic value of several Variables: one attribute, input, output or update.

    Subclasses define `form`, `variables`, `stored` and `assigned`.
    """

    __slots__ = ()

    # -- as a Component

    def components(self) -> list[Any]:
        """The Members that it consists of."""
        return [component for _, component in self.components_map()]

    def components_map(self) -> list[tuple[Any, Any]]:
        """(name, Member) of each part with storage."""
        pairs = zip(self.form.parts, self.variables(), strict=True) if self.stored() else ()
        return [(key, Member(variable)) for key, variable in pairs]

    def get(self, item: Any) -> Any:
        """The Variable of a part."""
        return self.variables()[self.form.parts.index(item)]

    def set(self, item: Any, value: Any) -> None:
        """Refused: the parts belong together."""
        raise TypeError(f"{self}: {item} cannot be replaced")

    def build(self, mode: Any, memo: Memo) -> Any:
        """Pass 2; see `Component`."""
        if self in memo:
            return memo[self]
        if not self.stored():
            return None
        inst = memo.instance(self, CompoundInstance)
        inst._form = self.form
        inst._parts = tuple(child.build(mode, memo) for _, child in memo.children(self))
        return inst
