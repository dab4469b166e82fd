"""Runs a random Plan: compiled, interpreted, and as plain NumPy, and says where they differ.

The NumPy run knows per value whether it is exact; what is not is compared within a tolerance from Monte Carlo
arithmetic: the same lines with every inexact one disturbed by a few units in the last place.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from module_maker import Action, Line, Plan, Root, values
from module_words import numpy_words, symbolic_words

import modc
import modc.tensor as T
from modc import Method, Module

Array = np.ndarray[Any, Any]
EXACT, APPROXIMATE, UNKNOWN = 0, 1, 2
NOISY_RUNS = 4
SIGNLESS = ("max", "min", "sum", "mean", "prod", "dot", "clip", "inc(", "outer")  # NumPy's sign of zero is no rule here


class Difference(AssertionError):
    """What was computed is not what NumPy computes."""


def module_of(plan: Plan) -> Module:
    """The Module that the text of `plan` writes."""
    words = dict(symbolic_words())
    module = Module()
    for root in (*plan.inputs, *plan.members):
        words[root.name] = T.tensor(root.dtype, root.dims, root.name)
    for root in plan.members:
        setattr(module, root.name, words[root.name])
    for line in plan.lines:
        words[line.name] = eval(line.text, words)
    for action in plan.actions:
        updates = {words[member]: words[value] for member, value in action.updates.items()}
        setattr(module, action.name, Method([words[x] for x in action.inputs], [words[x] for x in action.outputs], updates))
    return module


class Reference:
    """One call as NumPy has it: values with their status and spread."""

    def __init__(self, plan: Plan, action: Action, roots: Mapping[str, Array], seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        used = plan.needed([*action.outputs, *action.updates.values()])
        self.lines = [line for line in plan.lines if line.name in used]
        self.status = dict.fromkeys(roots, EXACT)
        self.words = {**numpy_words(), **roots}
        with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            for line in self.lines:
                self.words[line.name] = np.asarray(eval(line.text, self.words))
                self.status[line.name] = self.status_of(line)
            self.noisy = [self.disturbed(roots) for _ in range(NOISY_RUNS)] if any(self.status.values()) else []

    def status_of(self, line: Line) -> int:
        worst = max((self.status[arg] for arg in line.args), default=EXACT)
        if worst == UNKNOWN:
            return UNKNOWN
        kind = self.words[line.name].dtype.kind
        if worst == APPROXIMATE:
            return APPROXIMATE if line.kind != "step" and kind == "f" else UNKNOWN
        if kind != "f" or line.kind in ("exact", "step"):
            return EXACT
        whole = line.kind == "sum" and all(is_whole(self.words[arg]) for arg in line.args)
        return EXACT if whole and is_whole(self.words[line.name], exact_quotient="mean" in line.text) else APPROXIMATE

    def disturbed(self, roots: Mapping[str, Array]) -> dict[str, Array]:
        words = {**numpy_words(), **roots}
        for line in self.lines:
            if self.status[line.name] == APPROXIMATE:
                near = {arg: self.noise(words[arg]) for arg in line.args}
                words[line.name] = self.noise(np.asarray(eval(line.text, {**words, **near})))
            else:
                words[line.name] = self.words[line.name]
        return words

    def noise(self, x: Array) -> Array:
        if x.dtype.kind != "f":
            return x
        return np.asarray(x * (1 + 4 * np.finfo(x.dtype).eps * self.rng.uniform(-1, 1, x.shape)).astype(x.dtype))

    def compare(self, name: str, found: Array, what: str, signs: bool, dtype: str | None = None) -> None:
        expected = self.words[name].astype(dtype or self.words[name].dtype)
        if (found.dtype, found.shape) != (expected.dtype, expected.shape):
            raise Difference(f"{what} = {name}: {found.dtype}{found.shape}, expected {expected.dtype}{expected.shape}")
        if self.status[name] == UNKNOWN:
            return
        if self.status[name] == EXACT:
            right = equal(found, expected, signs)
        else:
            with np.errstate(all="ignore"):
                spread = np.max([np.abs(one[name] - expected) for one in self.noisy], axis=0)
                limit = 64 * spread + 16 * np.finfo(expected.dtype).eps * np.abs(expected) + np.finfo(expected.dtype).tiny
                right = (np.abs(found - expected) <= limit) | (found == expected) | np.isnan(spread) | (np.isnan(found) & np.isnan(expected))
        if not right.all():
            at = tuple(int(x) for x in np.argwhere(~np.asarray(right))[0]) if found.ndim else ()
            raise Difference(f"{what} = {name} at {at}: {found[at]!r}, expected {expected[at]!r} ({(~np.asarray(right)).sum()} of {right.size})")


def is_whole(x: Array, exact_quotient: bool = False) -> bool:
    """Small whole numbers, whose sums are exact in any order."""
    if x.dtype.kind != "f" or not x.size:
        return True
    finite = x[np.isfinite(x)]
    bound = 2.0**40 if x.dtype == np.float64 else 2.0**20
    return exact_quotient or bool((finite == np.rint(finite)).all() and np.abs(finite).sum(dtype=np.float64) < bound)


def equal(a: Array, b: Array, signs: bool) -> Array:
    """Equal elements; NaN is NaN, and with `signs` -0.0 is not 0.0."""
    if a.dtype.kind != "f":
        return np.asarray(a == b)
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    return np.asarray(same & (np.isnan(a) | (np.signbit(a) == np.signbit(b))) if signs else same)


def arguments(plan: Plan, action: Action, seed: int) -> dict[str, Array]:
    rng = np.random.default_rng(seed)
    return {root.name: values(rng, root, plan.flavour, root.sizes) for root in plan.inputs if root.name in action.inputs}


def start(plan: Plan) -> dict[str, Array]:
    """First values of the members."""
    rng = np.random.default_rng(abs(hash(str(plan.seed))) % 2**32 if not isinstance(plan.seed, int) else plan.seed)
    return {root.name: values(rng, root, plan.flavour, root.sizes) for root in plan.members}


def instances(plan: Plan, modes: Sequence[str]) -> list[Any]:
    module = module_of(plan)
    return [module.make(start(plan), mode=mode) for mode in modes]


def run(plan: Plan, modes: Sequence[str] = ("c", "numpy"), instance: Any = None) -> int:
    """Make and call everything; returns the number of calls. Raises Difference."""
    made = [instance] if instance is not None else instances(plan, modes)
    state = start(plan)
    for number, (which, seed) in enumerate(plan.calls):
        action = plan.actions[which]
        given = arguments(plan, action, seed)
        outcomes = [outcome(plan, inst, action, given, state) for inst in made]
        errors = [one for one in outcomes if isinstance(one, Exception)]
        what = f"call {number} of {action.name}"
        if errors:
            kinds = {next((c.__name__ for c in (MemoryError, IndexError, ValueError, TypeError) if isinstance(e, c)), repr(e)) for e in errors}
            if len(errors) != len(outcomes) or len(kinds) > 1:
                raise Difference(f"{what}: modes disagree: {outcomes!r}"[:2000])
            continue
        try:
            reference = Reference(plan, action, {**state, **given}, seed)
        except (ValueError, IndexError, TypeError) as error:
            raise Difference(f"{what}: only NumPy refuses: {error!r}") from error
        names = [(name, None) for name in action.outputs]
        names += [(value, next(root.dtype for root in plan.members if root.name == member)) for member, value in action.updates.items()]
        for inst, found in zip(made, outcomes, strict=True):
            arrays = [*found, *(np.asarray(getattr(inst, member)) for member in action.updates)]
            for (name, dtype), array in zip(names, arrays, strict=True):
                text = " ".join(line.text for line in plan.lines if line.name in plan.needed([name]))
                signs = plan.flavour == "wild" and not any(word in text for word in SIGNLESS)
                reference.compare(name, array, f"{what}, mode {getattr(inst, action.name).mode}", signs, dtype)
            for root in plan.members:
                if root.name not in action.updates and not same_bytes(getattr(inst, root.name), state[root.name]):
                    raise Difference(f"{what}: {root.name} changed")
        for member in action.updates:
            state[member] = np.array(getattr(made[0], member))
            for inst in made[1:]:  # what was within the tolerance must not drift apart
                setattr(inst, member, state[member])
    return len(plan.calls)


def same_bytes(a: Any, b: Any) -> bool:
    return bool(np.asarray(a).tobytes() == np.asarray(b).tobytes() and np.shape(a) == np.shape(b))


def outcome(plan: Plan, inst: Any, action: Action, given: Mapping[str, Array], state: Mapping[str, Array]) -> Any:
    """The outputs of a call, or its exception; a call that raises leaves members and arguments as they were."""
    before = {name: array.tobytes() for name, array in given.items()}
    try:
        found: Any = getattr(inst, action.name)(**given)
    except (modc.ModcError, ValueError, IndexError, TypeError, MemoryError, OverflowError, ArithmeticError) as error:
        found = error
        for root in plan.members:
            if not same_bytes(getattr(inst, root.name), state[root.name]):
                raise Difference(f"{action.name} raised {error!r} and changed {root.name}") from error
        if f"{action.name}" not in str(error):
            raise Difference(f"{action.name} is not named in {error!r}") from error
    for name, array in given.items():
        if array.tobytes() != before[name]:
            raise Difference(f"{action.name} changed its argument {name}")
    return found


__all__ = ["Difference", "Root", "instances", "module_of", "run"]
