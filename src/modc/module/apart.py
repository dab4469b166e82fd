"""Values of several Variables in the inputs, outputs and updates of Methods.

Input: descriptions as users give them. Output: the same with the parts in the place of the whole, and a `Packing` that
puts values together again. Neighbours: `plan` calls this; `compound` makes Components of them; `modc.sparse` has sparse
matrices, the only ones so far.
"""

from __future__ import annotations

from typing import Any

from modc.module.io import In, Out
from modc.runtime.compound import Form, Packing, Slot
from modc.tensor.variable import Variable


class Several:
    """A symbolic value of several Variables, which users treat as one."""

    __slots__ = ()

    @property
    def form(self) -> Form:
        """How run-time values are taken apart."""
        raise NotImplementedError

    def variables(self) -> list[Variable]:
        """One for each part of the form."""
        raise NotImplementedError

    def stored(self) -> bool:
        """Whether it is a root, which gets storage as a member of a Module."""
        raise NotImplementedError

    def assigned(self, value: Any) -> list[tuple[Variable, Any]]:
        """(part, new value) pairs for an update by `value`. Raises TypeError for what does not fit."""
        raise NotImplementedError


def taken_apart(
    inputs: list[Any], outputs: list[Any], result: str, keys: list[str] | None = None
) -> tuple[list[In], list[Out], Packing | None]:
    """Inputs and outputs with the parts of each Several in their place, and how to pack them; None where there are none.

    keys: those of the dict that the results go into.
    """
    if keys is None and not any(isinstance(one.variable, Several) for one in (*inputs, *outputs)):
        return inputs, outputs, None
    slots = [_slot(one, 0) for one in outputs]
    if keys is not None:
        slots = [Slot(key, slot.form) for key, slot in zip(keys, slots, strict=True)]
    packing = Packing([_slot(one, at) for at, one in enumerate(inputs)], slots, result)
    flat = [part for at, one in enumerate(inputs) for part in _input_parts(one, at)]
    return flat, [part for one in outputs for part in _output_parts(one)], packing


def _slot(one: Any, at: int) -> Slot:
    form = one.variable.form if isinstance(one.variable, Several) else None
    name = getattr(one, "name", None)
    return Slot(name or f"arg{at}" if form is not None else name, form)


def _input_parts(one: In, at: int) -> list[In]:
    compound = one.variable
    if not isinstance(compound, Several):
        return [one]
    if not compound.stored():
        raise TypeError(f"{compound} is an expression: an input that is no array is a root")
    if one.update is not None or one.implicit:
        raise TypeError(f"In({compound}): a private state is an array; make the matrix a member instead")
    name, form = one.name or f"arg{at}", compound.form
    values = [None] * len(form.parts) if one.value is None else form.take(one.value, f"the default of {name!r}")
    return [
        In(variable, f"{name}.{key}", value, allow_downcast=one.allow_downcast, strict=one.strict and key == form.parts[0])
        for key, variable, value in zip(form.parts, compound.variables(), values, strict=True)
    ]


def _output_parts(one: Out) -> list[Out]:
    compound = one.variable
    return [Out(variable, one.borrow) for variable in compound.variables()] if isinstance(compound, Several) else [one]


def pairs_apart(found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """(variable, value) pairs with those of its parts in the place of a Several."""
    flat: list[tuple[Any, Any]] = []
    for key, value in found:
        flat += key.assigned(value) if isinstance(key, Several) else [(key, value)]
    return flat


def nodes_of(value: Any) -> list[Any]:
    """The nodes of a Variable, of the parts of a Several, or none."""
    many = value.variables() if isinstance(value, Several) else [value]
    return [one.node for one in many if hasattr(one, "node")]
