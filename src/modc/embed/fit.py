"""Sizes: every axis of an export is fixed, or bounded by a maximum, because nothing is allocated in C.

Input: a `Subject`, sizes and maxima by name. Output: Programs with fixed sizes, scheduled, and what each
axis that stays open can be at most. Neighbours: `gather` before, `model` after.

A member has the size of the array that it holds, unless a maximum is given for it. Sizes of inputs that
a Method checks against a known one (the columns of `x` in `x @ w`) follow from that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from modc.embed.gather import Called, Stored, Subject
from modc.embed.retype import retyped
from modc.errors import ExportError, ModcError
from modc.graph import DType, Leaf, Node, Program, leaf, size_node, substitute
from modc.graph.dtype import INT64
from modc.graph.ops_core import NAMED_DIM
from modc.rewrite import optimize
from modc.schedule import Unschedulable, schedule
from modc.schedule.interpret import Failed, Machine
from modc.schedule.loops import Apply, Check, Const, Expr, Kernel, SetNeed, Slot

Sizes = Mapping[str, Any]


class Given:
    """Sizes or maxima by name: `n` (a named dimension), `x.0` (an axis), `x` (every axis), `fit.x.0`."""

    def __init__(self, option: str, table: Sizes) -> None:
        self.option, self.unused, self.table = option, dict.fromkeys(table), dict[str, int]()
        for name, value in table.items():
            values = [value] if isinstance(value, (int, np.integer)) else list(value)
            keys = [name] if isinstance(value, (int, np.integer)) else [f"{name}.{at}" for at in range(len(values))]
            for key, size in zip(keys, values, strict=True):
                if not isinstance(size, (int, np.integer)) or isinstance(size, bool) or size < 0:
                    raise ExportError(f"{option} {name}={value}: a size is a number from 0 on", f"{option} {name}=64")
                self.table[key] = int(size)

    def find(self, names: list[str]) -> int | None:
        """The number for the first of these names that has one."""
        for name in names:
            if name in self.table:
                self.unused.pop(name, None)
                self.unused.pop(name.rpartition(".")[0], None)
                return self.table[name]
        return None

    def check(self) -> None:
        """Raises ExportError for a name that nothing has."""
        for name in self.unused:
            raise ExportError(f"{self.option} {name}: there is no such dimension, input or member",
                              "name a dimension (n), an axis (x.0), or all axes of one (x=10x5)")  # fmt: skip


@dataclass(slots=True)
class Fitted:
    """One Method with its sizes: the Program, its Kernel, and the most that each size slot can be.

    original    the Program as it was gathered (with the real type of the export, and its sizes)
    most        per slot of modc_call.dim the largest value; only for a Kernel with a plan
    """

    called: Called
    original: Program
    rewritten: Program
    kernel: Kernel
    arena_bytes: int
    most: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Option:
    """What decides about sizes and numbers: `sizes` and `most` as given, `real` "float64" or "float32"."""

    sizes: Given
    most: Given
    real: str


def fit(subject: Subject, sizes: Sizes, most: Sizes, real: str) -> list[Fitted]:
    """Every Method of the subject with sizes. Raises ExportError, which names the axes without a size."""
    for one in subject.stored.values():
        _no_complex(one.key, one.cell.dtype)
    option = Option(Given("--size", sizes), Given("--max", most), real)
    found = [_Fit(called, subject.stored, option).run() for called in subject.called]
    option.sizes.check()
    option.most.check()
    return found


class _Fit:
    """The work on one Method."""

    def __init__(self, called: Called, stored: dict[str, Stored], option: Option) -> None:
        self.called, self.stored, self.option = called, stored, option
        _without_python(called)
        self._without_complex()
        self.program = retyped(called.program) if option.real == "float32" else called.program
        self.known: dict[tuple[str, int], int] = {}  # sizes that follow from others, by leaf name and axis

    def _without_complex(self) -> None:
        """Raise ExportError where an argument or result is complex; within a Method complex numbers are fine."""
        program, key = self.called.program, self.called.key
        for name, one in zip(program.input_names, program.inputs, strict=True):
            _no_complex(f"{key}: {name}", one.dtype)
        for at, node in enumerate(program.outputs):
            _no_complex(f"{key}: result {at}", node.dtype)

    def run(self) -> Fitted:
        while True:
            program = self._sized()
            rewritten, kernel = self._compiled(program)
            links = Links(kernel)
            fresh = self._inferred(kernel, links)
            if not fresh:
                break
            self.known.update(fresh)
        if kernel.plan is None:
            return Fitted(self.called, program, rewritten, kernel, kernel.arena_bytes)
        machine = self._at_most(kernel, links)
        dim = [0 if size is None else size for size in machine.dim]
        return Fitted(self.called, program, rewritten, kernel, machine.need, dim)

    # sizes that are fixed

    def _sized(self) -> Program:
        """The Program over leaves with the sizes that are known."""
        program = self.program
        table: dict[Node, Node] = {}
        rows = [(one, tuple(self._dim(key, name, one, axis) for axis in range(one.ndim))) for key, name, one in self._leaves()]
        named = self._named(rows)
        for one, dims in rows:
            dims = tuple(named.get(dim, dim) if isinstance(dim, str) else dim for dim in dims)
            if dims != one.dims:
                table[one] = leaf(one.dtype, dims, one.variable, one.source)
        for node in {size for one, _ in rows for size in one.shape if isinstance(size, Node) and size.op is NAMED_DIM}:
            fixed = named.get(str(node.attrs[0]))
            if fixed is not None:
                table[node] = size_node(fixed)
        try:
            roots = substitute(program.roots, table)
        except ModcError as error:
            raise ExportError(f"{self.called.key}: {error}", "give sizes that go together") from error
        swap = [[table.get(one, one) for one in side] for side in (program.inputs, program.members)]
        split = len(program.outputs)
        updates = [(at, node) for (at, _), node in zip(program.updates, roots[split:], strict=True)]
        inputs, members = ([one for one in side if isinstance(one, Leaf)] for side in swap)
        self._check_updates(members, updates)
        return Program(program.name, inputs, program.input_names, members, program.member_names, roots[:split], updates)

    def _named(self, rows: list[tuple[Leaf, tuple[int | str | None, ...]]]) -> dict[str, int]:
        """Named dimensions that are known: given, or because an axis declared with the name is."""
        found: dict[str, int] = {}
        for one, dims in rows:
            for name, size in zip(one.dims, dims, strict=True):
                if isinstance(name, str) and isinstance(size, int) and found.setdefault(name, size) != size:
                    raise ExportError(
                        f"{self.called.key}: dimension {name} is {found[name]} and {size}", "give sizes that go together"
                    )
        return found

    def _leaves(self) -> Iterator[tuple[str | None, str, Leaf]]:
        """(key of the member or None, name, leaf) of inputs and members."""
        for (name, _, _), at, one in zip(self.called.inputs, range(len(self.program.inputs)), self.program.inputs, strict=True):
            yield None, name or f"in{at}", one
        for key, one in zip(self.called.members, self.program.members, strict=True):
            yield key, key, one

    def _dim(self, key: str | None, name: str, one: Leaf, axis: int) -> int | str | None:
        dim = one.dims[axis]
        if isinstance(dim, int):
            return dim
        names = self._names(name, axis, dim)
        fixed = self.option.sizes.find(names)
        if fixed is None:
            fixed = self.known.get((name, axis))
        if fixed is None and key is not None and self.option.most.find(names) is None:
            value = self.stored[key].cell.value
            fixed = None if value is None else value.shape[axis]
        return dim if fixed is None else fixed

    def _names(self, name: str, axis: int, dim: int | str | None) -> list[str]:
        named = [dim] if isinstance(dim, str) else []
        return [f"{self.called.key}.{name}.{axis}", f"{name}.{axis}", *named, f"{self.called.key}.{name}", name]

    def _check_updates(self, members: list[Leaf], updates: list[tuple[int, Node]]) -> None:
        for at, node in updates:
            for axis, (new, old) in enumerate(zip(node.shape, members[at].shape, strict=True)):
                if isinstance(new, int) and isinstance(old, int) and new != old:
                    key = self.called.members[at]
                    raise ExportError(
                        f"{self.called.key} changes the size of {key} on axis {axis} from {old} to {new}",
                        f"give it room: --max {key}.{axis}={max(old, new)}",
                    )

    def _compiled(self, program: Program) -> tuple[Program, Kernel]:
        rewritten = optimize(program)
        try:
            return rewritten, _plain(schedule(rewritten, wide=self.option.real != "float32"))
        except Unschedulable as error:
            raise ExportError(f"{self.called.key} has no standalone C: {error}",
                              "leave the Method out with --only, or give its sizes other than by data") from error  # fmt: skip

    def _inferred(self, kernel: Kernel, links: Links) -> dict[tuple[str, int], int]:
        """Open axes of inputs that the plan compares with a known size."""
        fresh: dict[tuple[str, int], int] = {}
        for (key, name, one), buffer in zip(self._leaves(), kernel.buffers, strict=False):
            for axis in range(buffer.ndim):
                fixed = links.fixed.get(links.root(buffer.dim + axis))
                if buffer.size[axis] is None and fixed is not None:
                    self._check_room(key, name, one, axis, fixed)
                    fresh[name, axis] = fixed
        return fresh

    def _check_room(self, key: str | None, name: str, one: Leaf, axis: int, size: int) -> None:
        """Raise ExportError where an axis cannot have the size that the Method needs."""
        most = self.option.most.find(self._names(name, axis, one.dims[axis]))
        value = None if key is None else self.stored[key].cell.value
        have = value.shape[axis] if value is not None else most if most is not None and most < size else size
        if have != size:
            raise ExportError(
                f"{self.called.key} needs size {size} on axis {axis} of {name}, which has {have}",
                f"give sizes that go together, and room to what changes its size: --max {name}.{axis}={max(size, have)}",
            )

    # sizes that are bounded

    def _at_most(self, kernel: Kernel, links: Links) -> Machine:
        """The size plan of the kernel, run with every open size at its maximum."""
        bounds: dict[int, int] = {}
        leaves = list(self._leaves())
        for (_, name, one), buffer in zip(leaves, kernel.buffers, strict=False):
            for axis in range(buffer.ndim):
                found = self.option.most.find(self._names(name, axis, one.dims[axis]))
                if buffer.size[axis] is None and found is not None:
                    root = links.root(buffer.dim + axis)
                    bounds[root] = min(found, bounds.get(root, found))
        arrays, missing = list[Any](), list[str]()
        for (_, name, _), buffer in zip(leaves, kernel.buffers, strict=False):
            shape = []
            for axis, fixed in enumerate(buffer.size):
                size = bounds.get(links.root(buffer.dim + axis)) if fixed is None else fixed
                missing += [f"{name}.{axis}"] if size is None else []
                shape.append(size or 0)
            arrays.append(self._filled(name, buffer.dtype, shape))
        if missing:
            raise ExportError(
                f"{self.called.key}: no size is known for {', '.join(missing)}, and C without malloc needs one",
                f"--size {missing[0]}=64 fixes it, --max {missing[0]}=64 bounds it",
            )
        return self._planned(kernel, arrays)

    def _filled(self, name: str, row: DType, shape: list[int]) -> Any:
        """An argument of the largest shape; a number that may decide a size has its maximum."""
        value = self.option.most.find([f"{self.called.key}.{name}", name]) if not shape else None
        return np.full(shape, value or 0, row.numpy)

    def _planned(self, kernel: Kernel, arrays: list[Any]) -> Machine:
        assert kernel.plan is not None
        machine = Machine(kernel, arrays)
        try:
            with np.errstate(all="ignore"):
                machine.body(kernel.plan)()
        except Failed as error:
            raise ExportError(
                f"{self.called.key}: the maxima do not agree: got {error.got}, expected {error.want}",
                "give sizes that go together",
            ) from error
        return machine


def _no_complex(what: str, dtype: DType | np.dtype[Any]) -> None:
    if dtype.kind == "c":
        raise ExportError(
            f"{what} is {dtype.name}: the exported interface has real numbers only",
            "pass real and imaginary parts: T.complex(re, im) puts them together, .real and .imag take them apart",
        )


def _without_python(called: Called) -> None:
    """Raise ExportError where a Method calls Python."""
    for node in called.program.walk():
        if node.op.family == "python":
            raise ExportError(
                f"{called.key} has no standalone C: {node.op.name} is a function of Python",
                "leave the Method out with --only, or write the op with modc.op, which takes C text",
            )


def _plain(kernel: Kernel) -> Kernel:
    """The kernel with a size plan that estimates no work: in C nobody asks, and it would take double precision."""
    plan = kernel.plan and tuple(
        replace(stmt, work=Const(0, INT64)) if isinstance(stmt, SetNeed) else stmt for stmt in kernel.plan
    )
    return replace(kernel, plan=plan)


class Links:
    """Which size slots of a kernel are equal, by the checks of its plan, and which have a known value."""

    def __init__(self, kernel: Kernel) -> None:
        self.up: dict[int, int] = {}
        self.fixed: dict[int, int] = {}
        for buffer in kernel.buffers:
            for axis, size in enumerate(buffer.size):
                if size is not None:
                    self.fixed[buffer.dim + axis] = size
        for stmt in kernel.plan or ():
            if isinstance(stmt, Check) and isinstance(stmt.ok, Apply) and stmt.ok.op.name == "index_equal":
                self._join(*stmt.ok.args)

    def root(self, slot: int) -> int:
        """The slot that stands for all that are equal to this one."""
        while slot in self.up:
            slot = self.up[slot]
        return slot

    def _join(self, left: Expr, right: Expr) -> None:
        if isinstance(left, Const):
            left, right = right, left
        if isinstance(left, Slot) and isinstance(right, Const):
            self.fixed.setdefault(self.root(left.position), int(right.value))
        elif isinstance(left, Slot) and isinstance(right, Slot):
            low, high = sorted((self.root(left.position), self.root(right.position)))
            if low != high:
                self.up[high] = low
                if high in self.fixed:
                    self.fixed.setdefault(low, self.fixed[high])
