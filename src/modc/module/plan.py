"""A Method as it was when `make` looked at it: inputs, outputs and updates in one form.

Input: a symbolic Method, whatever its user passed. Output: `Plan`, which later changes of the Method
do not touch. Neighbours: `memo` keeps plans (pickles contain them), `lower` makes Programs of them.
"""

from __future__ import annotations

from typing import Any

from modc.module.apart import Several, pairs_apart, taken_apart
from modc.module.io import In, Out
from modc.pipeline import mode_named
from modc.runtime.compound import Packing


class Plan:
    """Inputs, outputs and updates of a Method.

    name    for messages, from the root on; local: from the nearest Module on
    result  "none", "one" or "list": what a call of the kernel returns
    packing how arguments and results are taken apart, None where all of them are arrays
    where   the user's file and line, not pickled
    """

    __slots__ = (
        "doc", "givens", "inputs", "local", "mode", "name", "outputs", "packing", "result", "updates", "where",
    )  # fmt: skip

    def __init__(self, name: str, local: str, where: tuple[str, int] | None) -> None:
        self.name = name
        self.local = local
        self.where = where
        self.inputs: list[In] = []
        self.outputs: list[Out] = []
        self.updates: list[tuple[Any, Any]] = []
        self.givens: list[tuple[Any, Any]] = []
        self.result = "none"
        self.packing: Packing | None = None
        self.mode: Any = None
        self.doc: str | None = None

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        return None, {**{name: getattr(self, name) for name in self.__slots__}, "where": None}

    def at(self) -> str:
        """The user's line for the end of a message, or nothing."""
        return f"\n  at {self.where[0]}:{self.where[1]}" if self.where else ""


def freeze(method: Any, name: str, local: str, mode: Any = None) -> Plan:
    """The plan of a Method. Raises TypeError for inputs, outputs or updates of a wrong kind."""
    plan = Plan(name, local, method._modc_place)
    plan.mode = method.mode if method.mode is not None else mode
    if plan.mode is not None:
        plan.mode = mode_named(plan.mode)  # a name, whatever kind of object it was
    plan.inputs = [_input(plan, one) for one in _listed(method.inputs)]
    plan.outputs, plan.result = _outputs(plan, method.outputs)
    try:
        keys = list(method.outputs) if plan.result == "dict" else None
        plan.inputs, plan.outputs, plan.packing = taken_apart(plan.inputs, plan.outputs, plan.result, keys)
    except (TypeError, ValueError, OverflowError) as error:
        raise type(error)(f"{plan.name}: {error}{plan.at()}") from None
    if plan.packing is not None and (plan.outputs or plan.result == "dict"):
        plan.result = "list"
    plan.updates = pairs(plan, method.updates, "updates")
    plan.givens = pairs(plan, method.givens, "givens")
    if method.repeated is not None:
        raise ValueError(f"{name}: updates list {method.repeated} twice{plan.at()}")
    plan.doc = method.doc if method.doc is not None else str(method)
    return plan


def _listed(inputs: Any) -> list[Any]:
    if inputs is None:
        return []
    return list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]


def _input(plan: Plan, given: Any) -> In:
    """A fresh description, never the user's own object."""
    if isinstance(given, In):
        one = In(given.variable, given.name, given.value, given.update, given.mutable, given.strict,
                 given.allow_downcast, given.autoname, given.implicit)  # fmt: skip
        if given.autoname:
            one.name = getattr(given.variable, "name", None)
    else:
        one = In(given)
    if not hasattr(one.variable, "node") and not isinstance(one.variable, Several):
        raise TypeError(f"{plan.name}: an input is a Variable or an In, not {one.variable!r}{plan.at()}")
    return one


def listed_outputs(outputs: Any) -> list[Any]:
    """The outputs that a Method was given, whatever they came in."""
    if isinstance(outputs, dict):
        return list(outputs.values())
    return list(outputs) if isinstance(outputs, (list, tuple)) else [] if outputs is None else [outputs]


def _outputs(plan: Plan, outputs: Any) -> tuple[list[Out], str]:
    if outputs is None:
        return [], "none"
    if isinstance(outputs, dict):
        for key in outputs:
            if not isinstance(key, str):
                raise TypeError(f"{plan.name}: outputs in a dict have strings as keys, not {key!r}{plan.at()}")
        return [_output(one) for one in outputs.values()], "dict"
    if isinstance(outputs, (list, tuple)):
        return [_output(one) for one in outputs], "list"
    return [_output(outputs)], "one"


def _output(given: Any) -> Out:
    return Out(given.variable, given.borrow) if isinstance(given, Out) else Out(given)


def pairs(plan: Plan, updates: Any, what: str) -> list[tuple[Any, Any]]:
    """(variable, value) pairs of a dict or an iterable of pairs; Members stand for their Variables.

    Raises TypeError for anything else.
    """
    try:
        items = list(updates.items() if isinstance(updates, dict) else updates or ())
        found = [(getattr(key, "variable", key), getattr(value, "variable", value)) for key, value in items]
    except (TypeError, ValueError):
        raise TypeError(
            f"{plan.name}: {what} are a dict or pairs of a Variable and its new value, not {updates!r}{plan.at()}"
        ) from None
    try:
        return pairs_apart(found)
    except TypeError as error:
        raise type(error)(f"{plan.name}: {error}{plan.at()}") from None
