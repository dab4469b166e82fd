"""Random Modules as Python text: each line runs with `modc.tensor` and, word for word, with NumPy.

A failing program is printed as text that runs as it stands. `Maker` draws from a `random.Random`; `numpy_words` is
the second meaning of the words the lines use. Neighbours: `module_runs` compiles and compares.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from module_words import Words, numpy_words, symbolic_words

import modc.tensor as T
from modc.errors import ModcError

Array = np.ndarray[Any, Any]

SIZES = [0, 1, 2, 3, 4, 5, 31, 32, 33, 63, 64, 65]
DTYPES = ["float64"] * 8 + ["float32"] * 3 + ["int64"] * 3 + ["int32", "int8", "uint8", "bool", "int16", "uint16", "uint32", "uint64"]
REFUSED = (ModcError, TypeError, ValueError, IndexError, OverflowError)


class Root:
    """A member or an input: its declaration and the sizes its data have."""

    def __init__(self, name: str, dtype: str, dims: tuple[Any, ...], sizes: tuple[int, ...]) -> None:
        self.name, self.dtype, self.dims, self.sizes = name, dtype, dims, sizes

    @property
    def text(self) -> str:
        return f"{self.name} = T.tensor({self.dtype!r}, {self.dims!r}, {self.name!r})"


class Line:
    """`name = text`. kind: exact (bit for bit), sum (so for whole numbers), approx, or step (of approximations
    nothing is known).
    """

    def __init__(self, name: str, text: str, args: Sequence[str], kind: str) -> None:
        self.name, self.text, self.args, self.kind = name, text, tuple(args), kind


class Action:
    """One Method: names of its inputs and outputs, and (member, value) pairs."""

    def __init__(self, name: str, inputs: list[str], outputs: list[str], updates: dict[str, str]) -> None:
        self.name, self.inputs, self.outputs, self.updates = name, inputs, outputs, updates

    @property
    def text(self) -> str:
        updates = ", ".join(f"{member}: {value}" for member, value in self.updates.items())
        return f"m.{self.name} = Method([{', '.join(self.inputs)}], [{', '.join(self.outputs)}], {{{updates}}})"


class Plan:
    """A whole random Module with the calls to make."""

    def __init__(self, seed: Any, flavour: str) -> None:
        self.seed, self.flavour = seed, flavour
        self.inputs: list[Root] = []
        self.members: list[Root] = []
        self.lines: list[Line] = []
        self.actions: list[Action] = []
        self.calls: list[tuple[int, int]] = []  # which Method, and the seed of its arguments

    @property
    def text(self) -> str:
        rows = [f"# seed {self.seed}, {self.flavour} values", "m = Module()"]
        rows += [root.text for root in (*self.inputs, *self.members)]
        rows += [f"m.{root.name} = {root.name}" for root in self.members]
        rows += [f"{line.name} = {line.text}" for line in self.lines]
        rows += [action.text for action in self.actions]
        rows += [f"# {root.name} has shape {root.sizes}" for root in (*self.inputs, *self.members)]
        rows += [f"# call {self.actions[which].name} with arguments of seed {seed}" for which, seed in self.calls]
        return "\n".join(rows)

    def needed(self, roots: Sequence[str]) -> set[str]:
        """Every name that the values of `roots` are made of."""
        lines = {line.name: line for line in self.lines}
        found: set[str] = set()
        stack = list(roots)
        while stack:
            name = stack.pop()
            if name not in found:
                found.add(name)
                stack += lines[name].args if name in lines else ()
        return found


def values(rng: np.random.Generator, root: Root, flavour: str, sizes: tuple[int, ...]) -> Array:
    """Data: whole (small whole numbers), odd (with NaN and infinities among them), wild (every extreme)."""
    dtype = np.dtype(root.dtype)
    if dtype.kind == "b":
        return rng.integers(0, 2, sizes).astype(bool)
    low = 0 if dtype.kind == "u" else -4
    found = np.asarray(rng.integers(low, 6, sizes)).astype(dtype)
    if flavour == "whole":
        return found
    if dtype.kind == "f":
        tiny, huge = np.finfo(dtype).smallest_subnormal, np.finfo(dtype).max
        special = [np.nan, np.inf, -np.inf] + ([-0.0, 0.0, tiny, -tiny, huge, -huge, 0.1, 1.5, 1e-3] if flavour == "wild" else [])
    else:
        special = [np.iinfo(dtype).min, np.iinfo(dtype).max, 0, 1] if flavour == "wild" else [1]
    chosen = np.asarray(rng.choice(np.array(special, dtype), sizes))
    return np.where(rng.random(sizes) < (0.5 if flavour == "wild" else 0.1), chosen, found).astype(dtype)


class Maker:
    """Draws one Plan, line by line; each line is tried with both meanings as it is drawn."""

    def __init__(self, chooser: random.Random, flavour: str = "whole", seed: Any = None, sizes: Sequence[int] = SIZES) -> None:
        self.random, self.plan = chooser, Plan(seed, flavour)
        self.sizes = {name: chooser.choice(sizes) for name in "nmk"}
        self.symbols: dict[str, Any] = dict(symbolic_words())
        self.arrays: dict[str, Any] = dict(numpy_words())
        self.names: list[str] = []
        self.refused: list[str] = []  # lines that only NumPy takes
        self.differ: list[str] = []  # lines whose dtype or shape is not NumPy's

    # roots

    def root(self, name: str, dtype: str | None = None, shape: str | None = None) -> Root:
        choose = self.random.choice
        shape = choose(["", "n", "m", "n", "nm", "nm", "nn", "mn", "k", "nmk", "1m", "n1"]) if shape is None else shape
        dims: list[Any] = []
        for size in shape:
            dims.append(1 if size == "1" else choose([None, None, size, self.sizes[size]]))
        sizes = tuple(1 if size == "1" else self.sizes[size] for size in shape)
        root = Root(name, dtype or choose(DTYPES), tuple(dims), sizes)
        self.symbols[name] = T.tensor(root.dtype, root.dims, name)
        rng = np.random.default_rng(self.random.randrange(2**32))
        self.arrays[name] = values(rng, root, self.plan.flavour, sizes)
        self.names.append(name)
        return root

    def make(self, steps: int, methods: int = 2, calls: int = 3) -> Plan:
        plan = self.plan
        dtype = self.random.choice(DTYPES)
        near = [dtype, dtype, dtype, None]
        plan.inputs = [self.root(f"x{at}", self.random.choice(near)) for at in range(self.random.randint(1, 3))]
        plan.inputs.append(self.root("i0", self.random.choice(["int64", "int64", "int32", "uint8"]), self.random.choice(["k", "k", "n", "nm"])))
        plan.members = [self.root(f"s{at}", self.random.choice(near)) for at in range(self.random.randint(1, 3))]
        families = [family for family, weight in FAMILIES for _ in range(weight)]
        for _ in range(steps):
            self.random.choice(families)(self)
        for at in range(methods):
            plan.actions.append(self.action(f"f{at}"))
        plan.calls = [(self.random.randrange(methods), self.random.randrange(2**32)) for _ in range(calls)]
        return plan

    def action(self, name: str) -> Action:
        updates = {}
        for member in self.plan.members:
            fits = [value for value in self.names if self.fits(value, member)]
            fresh = [value for value in fits if value[0] == "v"]
            if self.random.random() < 0.8:
                updates[member.name] = self.random.choice(fresh[-6:] or fits)
        outputs = self.random.sample(self.names, min(len(self.names), self.random.randint(0, 3)))
        if self.random.random() < 0.7:
            outputs.append(self.names[-1])
        needed = self.plan.needed([*outputs, *updates.values()])
        inputs = [root.name for root in self.plan.inputs if root.name in needed]
        return Action(name, inputs, outputs, updates)

    def fits(self, value: str, member: Root) -> bool:
        found, want = self.symbols[value], self.symbols[member.name]
        if found.ndim != want.ndim or not np.can_cast(found.dtype, want.dtype):
            return False
        pairs = zip(self.arrays[value].shape, member.sizes, member.dims, strict=True)
        return all(got == size or (dim is None and self.random.random() < 0.2) for got, size, dim in pairs)

    # lines

    def add(self, text: str, args: Sequence[str], kind: str) -> str | None:
        """Append `text` where both meanings take it and its result stays small."""
        array = self.array(text)
        try:
            found = eval(text, self.symbols)
        except REFUSED as error:
            if array is not None:
                self.refused.append(f"{text}: {error!r}; " + ", ".join(f"{a}: {self.symbols[a].type}" for a in args))
            return None
        if array is None:
            return None
        if array.size > 20_000 or array.ndim > 4 or too_large(array, self.plan.flavour):
            return None
        if str(array.dtype) != found.dtype or array.ndim != found.ndim:
            self.differ.append(f"{text}: {found.type} for {array.dtype}{array.shape}, " + ", ".join(f"{a}: {self.symbols[a].type}" for a in args))
            return None
        known = found.node.shape
        if any(isinstance(dim, int) and dim != size for dim, size in zip(known, array.shape, strict=True)):
            self.differ.append(f"{text}: shape {known} for {array.shape}")
            return None
        name = f"v{len(self.plan.lines)}"
        self.plan.lines.append(Line(name, text, args, kind))
        self.symbols[name], self.arrays[name] = found, array
        self.names.append(name)
        return name

    def array(self, text: str) -> Array | None:
        """What NumPy makes of `text`; None where it refuses."""
        with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            try:
                return np.asarray(eval(text, self.arrays))
            except (ValueError, IndexError, TypeError, OverflowError, MemoryError):
                return None

    def any(self, test: Callable[[Any], bool] = lambda x: True) -> str | None:
        """A value, later ones rather, that passes."""
        pool = [name for name in self.names if test(self.symbols[name])]
        if not pool:
            return None
        return self.random.choice(pool[-5:] if self.random.random() < 0.5 else pool)

    def partner(self, name: str) -> str:
        """A value that broadcasts with `name` by declared sizes only."""
        mine = self.symbols[name].node.shape, self.arrays[name].shape
        pool = [other for other in self.names if broadcasts(mine, (self.symbols[other].node.shape, self.arrays[other].shape))]
        same = [other for other in pool if self.symbols[other].dtype == self.symbols[name].dtype]
        return self.random.choice(same if same and self.random.random() < 0.8 else pool)

    def axis(self, name: str) -> int:
        ndim = self.symbols[name].ndim
        return self.random.randrange(-ndim, ndim)


def _axes(shapes: Any) -> list[tuple[Any, int]]:
    """(declared, actual) sizes, the last axis first."""
    return list(zip(*map(reversed, shapes), strict=True))


def broadcasts(one: Any, other: Any) -> bool:
    """Whether the (declared, actual) shapes go together without an undeclared broadcast."""
    for (a, x), (b, y) in zip(_axes(one), _axes(other), strict=False):
        if x != y and not (isinstance(a, int) and a == 1) and not (isinstance(b, int) and b == 1):
            return False
    return True


def too_large(array: Array, flavour: str) -> bool:
    if flavour == "wild" or array.dtype.kind == "b" or not array.size:
        return False
    finite = array[np.isfinite(array)] if array.dtype.kind == "f" else array
    return bool(finite.size) and float(np.abs(finite.astype(np.float64)).max()) > 1e5



from module_lines import FAMILIES  # noqa: E402  (the families draw with a Maker)

__all__ = ["FAMILIES", "Action", "Line", "Maker", "Plan", "Root", "Words", "values"]
