"""In and Out: how one input or output of a Method is handled.

Input: Variables and options. Output: plain descriptions. Neighbours: `plan` makes one for every
bare Variable, `lower` reads them.
"""

from __future__ import annotations

from typing import Any


class In:
    """An input of a Method or function.

    variable        a Variable, or a Member or External for its Variable
    name            keyword of the argument; default: the Variable's name
    value           without `update`: the default argument. With `update`: the start of a private
                    state of this Method
    update          expression whose value replaces the private state after each call
    mutable         permits overwriting the array that is passed (never relied upon)
    strict          only arrays of the very dtype
    allow_downcast  True: lossy conversions are done; False and None: only lossless ones, and Python
                    floats to float types
    borrow          accepted; arguments are never kept
    implicit        True: the caller cannot pass it

    Raises TypeError for a name that is no str, ValueError for ``mutable=True, borrow=False``.
    """

    def __init__(
        self,
        variable: Any,
        name: str | None = None,
        value: Any = None,
        update: Any = None,
        mutable: bool | None = None,
        strict: bool = False,
        allow_downcast: bool | None = None,
        autoname: bool = True,
        implicit: bool | None = None,
        borrow: bool | None = None,
    ) -> None:
        if name is not None and not isinstance(name, str):
            raise TypeError(f"the name of an input is a str, not {name!r}")
        variable = getattr(variable, "variable", variable)
        self.variable = variable
        self.name = name if name is not None or not autoname else getattr(variable, "name", None)
        self.autoname = autoname and name is None
        self.value = value
        self.update = update
        self.mutable = update is not None if mutable is None else mutable
        if mutable and borrow is False:
            raise ValueError(f"In({variable}): mutable=True with borrow=False contradict each other")
        self.borrow = self.mutable if borrow is None else borrow
        self.strict = strict
        self.allow_downcast = allow_downcast
        self.implicit = bool(implicit)

    def __repr__(self) -> str:
        parts = [str(self.variable)]
        if self.value is not None:
            parts.append(f"value={self.value!r}")
        if self.update is not None:
            parts.append(f"update={self.update}")
        return f"In({', '.join(parts)})"


class Out:
    """An output of a Method. `borrow=True` gives up the promise that a later call leaves it alone."""

    def __init__(self, variable: Any, borrow: bool = False) -> None:
        self.variable = getattr(variable, "variable", variable)
        self.borrow = borrow

    def __repr__(self) -> str:
        return f"Out({self.variable}{', borrow=True' if self.borrow else ''})"
