"""Golden calls: arguments for every function of an export, and what each call must give.

Input: a `Model`. Output: `Golden`, data that `selftest` prints. The expected results are those of mode check (the
kernel, compared with NumPy op by op), or NumPy's where there is no C compiler. The calls are one sequence over one
state, so that members develop as they do in use. Neighbours: `numbers` makes arguments, `tolerance` says how far
a right result may lie.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, product
from math import ceil
from typing import Any

import numpy as np

from modc.check import checked
from modc.embed.fit import Links
from modc.embed.model import Array, Function, Member, Model
from modc.embed.numbers import RANGES, Fill
from modc.embed.retype import retyped_value
from modc.embed.tolerance import FEW, HEAVY, RUNS, SAFE, Disturbed, Noise, exact_nodes
from modc.embed.work import work_of
from modc.errors import CheckError, CompileError, ExportError, ModcWarning
from modc.graph import Program
from modc.graph.evaluate import evaluate, evaluator
from modc.isolated import isolated
from modc.pipeline import Executable, compile_programs
from modc.schedule.loops import Call as Routine
from modc.schedule.verify import statements

Numbers = np.ndarray[Any, Any]
Reference = Callable[[Sequence[Numbers], Sequence[Numbers]], tuple[list[Numbers], dict[int, Numbers]]]

#: What NumPy and kernels raise where arguments do not go together or a condition does not hold.
REFUSED = (ValueError, IndexError, AssertionError, ZeroDivisionError)
#: Checks that the sizes of arguments decide, not their values.
OF_SIZES = ("memory", "shape", "next", "named")
#: How many arguments are tried to make a function fail.
TRIALS = 24


@dataclass(frozen=True, slots=True)
class Given:
    """One argument: its value, and how to make it (None for a number, which is written down)."""

    array: Array
    value: Numbers
    fill: Fill | None


@dataclass(frozen=True, slots=True)
class Expected:
    """One result: the value, per element how far another one may be (negative: anything goes), and whether the bits
    must agree where products and sums are not contracted.
    """

    array: Array
    value: Numbers
    near: Numbers
    exact: bool


@dataclass(frozen=True, slots=True)
class Call:
    """One call: arguments, results, members afterwards. `fails`: it must return a code, and change nothing."""

    function: Function
    number: int
    given: tuple[Given, ...]
    outputs: tuple[Expected, ...] = ()
    members: tuple[Expected, ...] = ()
    fails: bool = False


@dataclass(frozen=True, slots=True)
class Spread:
    """One call by NumPy: its results, how far others may lie from them, and the disturbed runs (None: it failed)."""

    base: list[Numbers]
    near: list[Numbers]
    runs: list[list[Numbers] | None]


@dataclass(slots=True)
class Golden:
    """Every call in order. by_numpy: there was no compiler to run mode check with; silent: Methods without a call."""

    calls: list[Call] = field(default_factory=list)
    by_numpy: bool = False
    silent: list[str] = field(default_factory=list)


@lru_cache(maxsize=2)
def golden(model: Model) -> Golden:
    """The golden calls of an export, made once: the self-test and the wrappers' tests share them. Raises ExportError where a kernel and NumPy do not agree."""
    return _Recorder(model).run()


class _Recorder:
    """The work: the state as it develops, and disturbed copies of it."""

    def __init__(self, model: Model) -> None:
        self.model, self.found = model, Golden()
        self.state = {one.key: np.array(one.value) for one in (*model.members, *model.constants)}
        self.flops = {one.key: work_of(one.fitted).flops for one in model.functions}
        runs = FEW if max(self.flops.values()) > HEAVY else RUNS
        self.copies: list[dict[str, Numbers] | None] = [dict(self.state) for _ in range(runs)]
        self.exact = dict.fromkeys(self.state, True)
        self.seed = 0
        self.references = self._references()

    def run(self) -> Golden:
        for number in range(self.model.options.golden):
            for function, reference in zip(self.model.functions, self.references, strict=True):
                self._call(function, reference, number)
        for function in self.model.functions:
            self._refusal(function)
        called = {one.function.key for one in self.found.calls if not one.fails}
        self.found.silent = [one.key for one in self.model.functions if one.key not in called]
        return self.found

    def _references(self) -> list[Reference]:
        programs = [one.fitted.original for one in self.model.functions]
        made = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ModcWarning)
            try:
                made = compile_programs(programs, "check")
            except CompileError:  # MODC_NO_COMPILE, or a compiler that cannot build for this machine
                self.found.by_numpy = True
        self.found.by_numpy = self.found.by_numpy or any(one.mode != "check" for one in made)
        if self.found.by_numpy:
            return [_by_numpy(one.fitted.rewritten) for one in self.model.functions]
        return [self._checked(*pair) for pair in zip(self.model.functions, made, strict=True)]

    def _checked(self, function: Function, executable: Executable) -> Reference:
        """Mode check; where it finds a difference, the kernel, if its results are as near to NumPy's as disturbed runs are.

        Mode check knows how far one op may be off, not how ill-conditioned its operands are: the inverse of a nearly
        singular matrix differs more.
        """
        check, kernel = checked(executable, watch_nan=False), isolated(executable, executable.program)

        def run(inputs: Sequence[Numbers], members: Sequence[Numbers]) -> tuple[list[Numbers], dict[int, Numbers]]:
            try:
                found: tuple[list[Numbers], dict[int, Numbers]] = check(inputs, members)
            except CheckError:
                found = kernel(inputs, members)
                spread = self._spread(function, list(inputs))
                values = [*found[0], *(found[1][member] for member, _ in executable.program.updates)]
                if not all(_agree(*row) for row in zip(values, spread.base, spread.near, strict=True)):
                    raise
            return found

        return run

    # one call

    def _call(self, function: Function, reference: Reference, number: int) -> None:
        """Arguments that the Method takes, and the results; the first ones that it refuses are kept as well."""
        refused = any(one.fails and one.function is function for one in self.found.calls)
        differs: CheckError | None = None
        for given in self._arguments(function, number):
            members = [self.state[one.key] for one in function.members]
            try:
                outputs, updates = reference([one.value for one in given], members)
            except CheckError as error:
                differs = error
                continue
            except REFUSED:
                fails = bool(function.sites)
            else:
                if self._fits(function, outputs, updates):
                    self.found.calls.append(self._recorded(function, number, given, outputs, updates))
                    return
                fails = True
            if fails and not refused:
                self.found.calls.append(Call(function, number, given, fails=True))
                refused = True
        if differs is not None:
            raise ExportError(f"{function.key}: {differs}", "this is a bug of modc: please report it; golden=0 leaves the check out")

    def _refusal(self, function: Function) -> None:
        """A call that fails, for a function that can and has not yet: positions beyond every array, then other arguments."""
        failing = {one.function.key for one in self.found.calls if one.fails}
        if function.key in failing or not function.inputs or all(site.kind in OF_SIZES for site in function.sites):
            return
        trials = 1 if self.flops[function.key] > HEAVY else TRIALS
        compute = _by_numpy(function.fitted.rewritten)
        beyond = 1 + max((size for one in (*function.members, *function.inputs) for size in one.sizes), default=0)
        for given in islice(self._arguments(function, 1, ((beyond, 1), (-6, 13))), trials):
            try:
                fails = not self._fits(function, *compute([one.value for one in given], [self.state[one.key] for one in function.members]))
            except REFUSED:
                fails = True
            if fails:
                self.found.calls.append(Call(function, self.model.options.golden, given, fails=True))
                return

    def _fits(self, function: Function, outputs: list[Numbers], updates: dict[int, Numbers]) -> bool:
        """Whether the results have room in the C arrays."""
        rows = [*zip(function.outputs, outputs, strict=True), *((function.members[at], value) for at, value in updates.items())]
        return all(have <= most for one, value in rows for have, most in zip(value.shape, one.sizes, strict=True))

    def _recorded(
        self, function: Function, number: int, given: tuple[Given, ...], outputs: list[Numbers], updates: dict[int, Numbers]
    ) -> Call:
        """The call as data; the state and its copies go on."""
        spread = self._spread(function, [one.value for one in given])
        exact = self._exact(function)
        results = [
            Expected(one, value, near, exact[at])
            for at, (one, value, near) in enumerate(zip(function.outputs, outputs, spread.near, strict=False))
        ]
        self._go_on(function, spread)
        members = []
        for at, (member, _) in enumerate(function.fitted.original.updates, len(outputs)):
            one = function.members[member]
            members.append(Expected(one, updates[member], spread.near[at], exact[at]))
            self.exact[one.key] = exact[at]
            self.state[one.key] = np.array(updates[member])
        return Call(function, number, given, tuple(results), tuple(members))

    def _exact(self, function: Function) -> list[bool]:
        """Per output and update whether its bits are the same everywhere."""
        fitted, ours = function.fitted, not self.found.by_numpy
        calls = any(isinstance(one, Routine) and one.meaning is None for one in statements(fitted.kernel.body))
        order = ours and self.model.options.real == "float64"
        program = fitted.rewritten
        found = exact_nodes(program, [self.exact[one.key] for one in function.members], order, not calls)
        return [root in found for root in program.roots]

    def _spread(self, function: Function, inputs: list[Numbers]) -> Spread:
        """Disturbed runs of a call, and what follows from them."""
        program = function.fitted.rewritten
        base = _joined(evaluate(program, inputs, [self.state[one.key] for one in function.members]))
        worst = [np.zeros(one.shape) for one in base]
        runs = []
        for at, copy in enumerate(self.copies):
            run = None if copy is None else self._disturbed(function, inputs, copy, 1 + at + RUNS * len(self.found.calls))
            runs.append(run)
            for number, (have, one) in enumerate(zip(worst, base, strict=True)):
                np.maximum(have, np.inf if run is None else _distance(one, run[number]), out=have)
        return Spread(base, [np.where(np.isinf(one), -1.0, one * SAFE) for one in worst], runs)

    def _go_on(self, function: Function, spread: Spread) -> None:
        """The disturbed copies of the state after a call."""
        program = function.fitted.rewritten
        for at, (copy, run) in enumerate(zip(self.copies, spread.runs, strict=True)):
            if copy is None or run is None:
                self.copies[at] = None
                continue
            for (member, _), value in zip(program.updates, run[len(program.outputs) :], strict=True):
                copy[function.members[member].key] = np.array(value)

    def _disturbed(self, function: Function, inputs: list[Numbers], copy: dict[str, Numbers], seed: int) -> list[Numbers] | None:
        """The roots of one disturbed run; None where it takes another way and fails."""
        try:
            run = Disturbed(function.fitted.rewritten, Noise(seed))
            return run([*inputs, *(copy[one.key] for one in function.members)])
        except REFUSED:
            return None

    # arguments

    def _arguments(
        self, function: Function, number: int, first: tuple[tuple[int, int], ...] = ((-6, 13),)
    ) -> Iterator[tuple[Given, ...]]:
        """Arguments to try, the most telling first; `first`: ranges of integers to begin with."""
        below = min(0.5, HEAVY / max(self.flops[function.key], 1))
        heavy = self.flops[function.key] > HEAVY
        fractions = dict.fromkeys((1.0 if number == 0 or (number % 2 == 0 and not heavy) else below, 1.0, below))
        ranges = dict.fromkeys((number % len(RANGES), *range(len(RANGES))))
        wholes = dict.fromkeys((*first, (0, self._least(function)), (0, 2), (1, 1), (0, 1)))
        for whole, fraction, row in list(product(wholes, fractions, ranges))[: None if function.inputs else 1]:
            sizes = self._sizes(function, fraction)
            yield tuple(
                self._argument(one, buffer_sizes, whole, row, fraction, number, function)
                for one, buffer_sizes in zip(function.inputs, sizes, strict=True)
            )

    def _argument(
        self, one: Array, sizes: tuple[int, ...], whole: tuple[int, int], row: int, fraction: float, number: int, function: Function
    ) -> Given:
        self.seed += 1
        low, span = (0, 2) if one.dtype.kind == "b" else (max(whole[0], 0), whole[1]) if one.dtype.kind == "u" else whole
        fill = Fill(self.seed, row, low, span)
        value = fill.array(one.dtype, sizes)
        if not one.is_number:
            return Given(one, value, fill)
        if one.has_default and number == 0:
            value = np.asarray(retyped_value(np.asarray(one.default)), one.dtype.numpy)
        elif one.dtype.is_float:
            value = np.round(value, 3)
        elif (most := self._most(function, one)) is not None and whole[0] <= most:
            value = np.asarray(ceil(most * fraction), one.dtype.numpy)
        return Given(one, np.asarray(value, one.dtype.numpy), None)

    def _most(self, function: Function, one: Array) -> int | None:
        """The maximum that was given for a number which decides a size."""
        table = self.model.options.most
        found = table.get(f"{function.key}.{one.key}", table.get(one.key))
        return found if isinstance(found, int) else None

    def _least(self, function: Function) -> int:
        """The smallest fixed axis that integers index."""
        nodes = [node for node in function.fitted.rewritten.walk() if node.op.name in ("gather", "scatter")]
        sizes = [node.args[0].shape[axis] for node in nodes for axis in node.attrs[0]]
        return max(1, min((size for size in sizes if isinstance(size, int)), default=2))

    def _sizes(self, function: Function, fraction: float) -> list[tuple[int, ...]]:
        """The sizes of every input: those of members as they are, of open axes a part of the most."""
        links, known = Links(function.kernel), dict[int, int]()
        inputs = [buffer for buffer in function.kernel.buffers if buffer.kind == "input"]
        members = [buffer for buffer in function.kernel.buffers if buffer.kind == "member"]
        for one, buffer in zip(function.members, members, strict=True):
            for axis, size in enumerate(self.state[one.key].shape):
                known[links.root(buffer.dim + axis)] = size
        for array, buffer in zip(function.inputs, inputs, strict=True):
            for axis, fixed in enumerate(buffer.size):
                root, most = links.root(buffer.dim + axis), array.sizes[axis]
                size = fixed if fixed is not None else links.fixed.get(root, known.get(root))
                known[root] = ceil(most * fraction) if size is None else size
        return [
            tuple(known[links.root(buffer.dim + axis)] if fixed is None else fixed for axis, fixed in enumerate(buffer.size))
            for buffer in inputs
        ]


def _by_numpy(program: Program) -> Reference:
    compute = evaluator(program)

    def run(inputs: Sequence[Numbers], members: Sequence[Numbers]) -> tuple[list[Numbers], dict[int, Numbers]]:
        outputs, values = compute(inputs, members)
        return outputs, {member: value for (member, _), value in zip(program.updates, values, strict=True)}

    return run


def _joined(results: tuple[list[Numbers], list[Numbers]]) -> list[Numbers]:
    return [*results[0], *results[1]]


def _agree(got: Numbers, base: Numbers, near: Numbers) -> bool:
    """Whether a result lies within its tolerance everywhere."""
    if (got.dtype, got.shape) != (base.dtype, base.shape):
        return False
    return bool(np.all((near < 0) | (_distance(got, base) <= near)))


def _distance(one: Numbers, other: Numbers) -> Numbers:
    """Per element the distance; infinite where there is none."""
    if one.shape != other.shape:
        return np.full(one.shape, np.inf)
    if one.dtype.kind != "f":
        return np.where(one == other, 0.0, np.inf)
    with np.errstate(all="ignore"):
        far = np.abs(one.astype(np.float64) - other.astype(np.float64))
    same = (one == other) | (np.isnan(one) & np.isnan(other))
    return np.where(same, 0.0, np.where(np.isnan(far), np.inf, far))


__all__ = ["Call", "Expected", "Given", "Golden", "Member", "golden"]
