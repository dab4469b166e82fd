"""From a frozen Method to what the compiler and the runtime take: a Program and a Spec.

Input: a `Plan`, and the memo with the storage of the made graph. Output: `Lowered`. Neighbours:
`pipeline` compiles the Program, `runtime` binds the Spec. Everything that can be refused before a
call is refused here, with the names of Method and Variable and the user's line.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from modc.errors import AllocationError, DTypeError, ShapeError
from modc.graph import DType, Leaf, Node, Program, cast, const, leaf, substitute, walk
from modc.graph.inline import inlined
from modc.graph.node import plain_name
from modc.graph.show import type_text
from modc.module.io import In
from modc.module.made import fixed_sizes
from modc.module.plan import Plan
from modc.runtime import MISSING, Cell, Input, Output, Spec, convert
from modc.runtime.state import kept
from modc.tensor.variable import Constant, Variable


class Lowered:
    """A Program, the Spec to bind it with, and the Variables of its inputs in call order."""

    __slots__ = ("program", "spec", "variables")

    def __init__(self, program: Program, spec: Spec, variables: list[Variable]) -> None:
        self.program = program
        self.spec = spec
        self.variables = variables


def lower(plan: Plan, memo: Any) -> Lowered:
    """The Program and Spec of a Method.

    Raises AllocationError for a Variable without storage, TypeError (DTypeError) for updates of
    constants and of other types, ValueError for repeated inputs and for updates of inputs,
    ShapeError where sizes are known to disagree.
    """
    return _Lowering(plan, memo).run()


class _Lowering:
    """The work on one Method."""

    def __init__(self, plan: Plan, memo: Any) -> None:
        self.plan = plan
        self.memo = memo
        self.leaves: list[Leaf] = []  # one per input, in call order
        self.cuts: dict[Node, Node] = {}  # expressions and constants that are inputs
        self.cells: list[Cell] = []
        self.members: list[Leaf] = []
        self.place: dict[Leaf, int] = {}  # position of a leaf among the members

    def run(self) -> Lowered:
        plan = self.plan
        self._take_inputs()
        updates = [self._target(key, value) for key, value in plan.updates]
        private = [(at, one) for at, one in enumerate(plan.inputs) if one.update is not None or one.implicit]
        outputs = [self._node(one.variable, "an output") for one in plan.outputs]
        values = [self._value(value, target, name) for target, name, value in updates]
        values += [
            self._value(one.update, self.leaves[at], str(one.variable))
            for at, one in private if one.update is not None
        ]  # fmt: skip
        roots = self._replaced([*outputs, *values])
        for at, one in private:
            self._take_private(at, one)
        self._take_members(roots)
        targets = [self._bind(target) for target, _, _ in updates]
        targets += [self.place[self.leaves[at]] for at, one in private if one.update is not None]
        names = [name for _, name, _ in updates] + [str(one.variable) for _, one in private if one.update is not None]
        fitted = [
            self._fit(value, self.members[target], name)
            for value, target, name in zip(roots[len(outputs) :], targets, names, strict=True)
        ]
        program = self._program(roots[: len(outputs)], list(zip(targets, fitted, strict=True)))
        variables = [one.variable for one in plan.inputs if not one.implicit]
        return Lowered(program, self._spec(program), variables)

    # -- inputs

    def _take_inputs(self) -> None:
        seen: dict[Node, str] = {}
        for at, one in enumerate(self.plan.inputs):
            node = one.variable.node
            if node in seen:
                raise ValueError(f"{self.plan.name}: {one.variable} is an input twice{self.plan.at()}")
            seen[node] = str(one.variable)
            if isinstance(node, Leaf):
                self.leaves.append(node)
                continue
            fresh = leaf(node.dtype, node.static_shape, _Named(one.name or f"arg{at}"), node.source)
            self.cuts[node] = fresh
            self.leaves.append(fresh)

    def _take_private(self, at: int, one: In) -> None:
        """The state of an input with an update: a cell that only this Method knows."""
        target = self.leaves[at]
        name = f"{self.plan.name}[{plain_name(one.name, str(at))}]"
        try:
            cell = self.memo.made.new_private(name, target, kept(one.value))
        except (TypeError, ValueError, OverflowError) as error:
            raise _noted(error, self.plan) from None
        self._add(target, cell)

    def _take_members(self, roots: list[Node]) -> None:
        """Storage for every other root Variable that the Method reads, in the order of its graph."""
        given = set(self.leaves)
        for node in walk(roots):
            if isinstance(node, Leaf) and node not in given and node not in self.place:
                self._add(node, self._storage(node))

    def _add(self, node: Leaf, cell: Cell) -> int:
        self.place[node] = len(self.members)
        self.members.append(node)
        self.cells.append(cell)
        return self.place[node]

    def _bind(self, target: Leaf) -> int:
        """Position of an updated member, which the Method may not read at all."""
        found = self.place.get(target)
        return self._add(target, self._storage(target)) if found is None else found

    def _storage(self, node: Leaf) -> Cell:
        variable = node.variable
        found: Cell | None = self.memo.storage(variable)
        if found is None:
            written = f", made at {node.source[0]}:{node.source[1]}," if node.source else ""
            raise AllocationError(
                f"{self.plan.name} needs {plain_name(variable.name, 'a Variable without a name')} ({type_text(node)}){written} but nothing gives "
                "it storage: make it an input of the Method, or an attribute of a Module that is made with it"
                f"{self.plan.at()}"
            )
        return found

    # -- outputs and updates

    def _node(self, value: Any, what: str) -> Node:
        from modc.tensor import (
            as_tensor_variable,  # the language, loaded by whoever wrote this Method
        )

        if isinstance(value, Variable):
            return value.node
        try:
            found: Node = as_tensor_variable(value).node
            return found
        except TypeError as error:
            raise TypeError(f"{self.plan.name}: {what} is no Variable: {error}{self.plan.at()}") from None

    def _target(self, key: Any, value: Any) -> tuple[Leaf, str, Any]:
        """The leaf that an update writes. Raises for what is no member."""
        plan = self.plan
        if isinstance(key, Constant):
            raise TypeError(f"{plan.name}: Module Constants cannot be updated: {key}{plan.at()}")
        if not isinstance(key, Variable):
            remedy = ""
            if isinstance(key, str):
                remedy = f"; not its name: m.{key}" if key.isidentifier() else ""
            elif isinstance(key, (bool, int, float)):
                remedy = ": numbers in a Module are constants; a member that starts with one is T.dscalar(init=...) or T.lscalar(init=...)"
            raise TypeError(f"{plan.name}: the target of an update is a member, not {key!r}{remedy}{plan.at()}")
        node = key.node
        if any(one.variable is key for one in plan.inputs):
            raise ValueError(
                f"{plan.name}: {key} is an input and has an update; an input hides the member of the "
                f"same Variable: use In({key}, value=..., update=...) for a private state{plan.at()}"
            )
        if not isinstance(node, Leaf):
            raise AllocationError(f"{plan.name}: {key} has an update but is an expression, no member{plan.at()}")
        self._storage(node)
        return node, str(key), value

    def _value(self, value: Any, target: Leaf, name: str) -> Node:
        """The node of an update; numbers and arrays become constants of the member's type."""
        if isinstance(value, Variable):
            return value.node
        wanted = Input(name, target.dtype.name, target.ndim, fixed_sizes(target))
        wanted.label = f"{self.plan.name}: the update of {name}"
        try:
            return const(convert(value, wanted), target.dtype)
        except (TypeError, ValueError, OverflowError) as error:
            raise _noted(error, self.plan) from None

    def _replaced(self, roots: list[Node]) -> list[Node]:
        """Givens put in, then inputs that are expressions or constants cut out."""
        table: dict[Node, Node] = {}
        for key, value in self.plan.givens:
            old = key.node
            table[old] = self._fit(self._value(value, old, str(key)), old, str(key), "the given of")
        if table:
            roots = substitute(roots, table)
        return substitute(roots, self.cuts) if self.cuts else roots

    def _fit(self, value: Node, target: Node, name: str, what: str = "the update of") -> Node:
        """`value` as the type of `target`: cast where nothing is lost. Raises DTypeError, ShapeError."""
        plan = self.plan
        head = f"{plan.name}: {what} {plain_name(name)}, {type_text(target)}, is {type_text(value)}"
        if value.ndim != target.ndim:
            raise DTypeError(f"{head}: {value.ndim} axes, not {target.ndim}{plan.at()}")
        if not fits(value.dtype, target.dtype):
            raise DTypeError(
                f"{head}: {value.dtype.name} does not convert to {target.dtype.name} without loss; "
                f"write .astype({target.dtype.name!r}) if that is meant{plan.at()}"
            )
        for axis, (got, want) in enumerate(zip(value.static_shape, fixed_sizes(target), strict=True)):
            if want is not None and got is not None and got != want:
                raise ShapeError(f"{head}: axis {axis} has size {got}, not {want}{plan.at()}")
        return cast(value, target.dtype)

    # -- results

    def _program(self, outputs: list[Node], updates: list[tuple[int, Node]]) -> Program:
        plan = self.plan
        roots = inlined([*outputs, *(node for _, node in updates)])
        outputs, updates = roots[: len(outputs)], list(zip([at for at, _ in updates], roots[len(outputs) :], strict=True))
        direct = [at for at, node in enumerate(self.leaves) if node not in self.place]
        return Program(
            plan.local,
            [self.leaves[at] for at in direct],
            [plan.inputs[at].name or f"arg{at}" for at in direct],
            self.members,
            self._member_names(),
            outputs,
            updates,
        )

    def _member_names(self) -> list[str]:
        """Names of the members, and where several have one name, paths from the Method's Module on.

        Not from the root: equal Modules in several places share their kernels.
        """
        names = [node.name or cell.name for node, cell in zip(self.members, self.cells, strict=True)]
        tail = self.plan.local.partition(".")[2]
        place = self.plan.name.removesuffix(tail).partition(".")[2]
        return [
            cell.name.removeprefix(place) if names.count(name) > 1 and cell.name.startswith(place) else name
            for name, cell in zip(names, self.cells, strict=True)
        ]

    def _spec(self, program: Program) -> Spec:
        plan = self.plan
        written = {member for member, _ in program.updates}
        inputs = [self._input(at, one) for at, one in enumerate(plan.inputs) if not one.implicit]
        outputs = [
            Output(node.dtype.name, node.ndim, fixed_sizes(node), given.borrow)
            for node, given in zip(program.outputs, plan.outputs, strict=True)
        ]
        read = set(program.walk())
        unread = [
            at in written and node not in read and not any(isinstance(dim, str) for dim in node.dims)
            for at, node in enumerate(self.members)
        ]
        return Spec(
            plan.name, inputs, self.cells, [at in written for at in range(len(self.cells))], outputs,
            result=plan.result, doc=plan.doc, unread=unread,
        )  # fmt: skip

    def _input(self, at: int, one: In) -> Input:
        node = self.leaves[at]
        default = MISSING if one.value is None or one.update is not None else kept(one.value)
        return Input(
            one.name, node.dtype.name, node.ndim, fixed_sizes(node), one.strict, one.allow_downcast,
            default, self.place.get(node),
        )  # fmt: skip


class _Named:
    """Stands behind the leaf of an input that is an expression, for its name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


def fits(source: DType, target: DType) -> bool:
    """Whether a conversion loses nothing."""
    return source is target or np.can_cast(source.numpy, target.numpy, "safe")


def _noted(error: Exception, plan: Plan) -> Exception:
    """The same exception with the Method and the user's line in its text."""
    text = str(error)
    head = "" if text.startswith(plan.name) else f"{plan.name}: "
    return type(error)(f"{head}{text}{plan.at()}")
