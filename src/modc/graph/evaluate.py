"""The NumPy interpreter of graphs: the oracle, the debugger, and the way to run without a compiler.

Takes a Program (or plain nodes) and arrays; gives the arrays of its outputs and updates, computed row by row with
each op's NumPy reference. Sizes that must agree are checked as the compiled kernel checks them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from modc.errors import DTypeError, ShapeError
from modc.graph.build import shape_text
from modc.graph.node import Leaf, Node, Size, plain_name, size_text, walk
from modc.graph.ops_core import CONST, NAMED_DIM, REQUIRE, SPECIFIED
from modc.graph.program import Program
from modc.graph.show import infix
from modc.graph.user_python import from_function, value_of

Array = np.ndarray[Any, Any]


class Step:
    """One node to compute: where its operands are, what must hold, what can be dropped after it."""

    __slots__ = ("args", "checks", "frees", "node", "params", "shape")

    def __init__(self, node: Node, place: Mapping[Node, int]) -> None:
        self.node = node
        self.args = tuple(place[arg] for arg in node.args)
        self.params = dict(zip(node.op.params, node.attrs, strict=True))
        self.checks = [] if node.op.agree is None else list(node.op.agree(node.args, *node.attrs))
        self.shape = node.shape
        self.frees: tuple[int, ...] = ()


class Interpreter:
    """`roots` as a list of steps over the arrays of `leaves`, in order; made once, called often.

    Raises, when called: DTypeError and ShapeError for arrays that are not of their leaf's type, ShapeError and
    IndexError for sizes and positions that do not agree.
    """

    def __init__(self, roots: Sequence[Node], leaves: Sequence[Leaf]) -> None:
        self.leaves = tuple(leaves)
        self._place: dict[Node, int] = {leaf: at for at, leaf in enumerate(self.leaves)}
        self._steps: list[Step] = []
        for node in order(roots):
            if node in self._place:
                continue
            if isinstance(node, Leaf):
                raise ValueError(f"no value is given for {node!r}, which the expression needs")
            step = Step(node, self._place)
            self._place[node] = len(self._place)
            self._steps.append(step)
        self._roots = [self._place[root] for root in roots]
        self._plan_frees()

    def _plan_frees(self) -> None:
        last: dict[int, Step] = {}
        for step in self._steps:
            for used in (*step.args, *self._sizes_of(step)):
                last[used] = step
        kept = set(self._roots)
        ends: dict[Step, list[int]] = {}
        for place, step in last.items():
            if place not in kept:
                ends.setdefault(step, []).append(place)
        for step, places in ends.items():
            step.frees = tuple(places)

    def _sizes_of(self, step: Step) -> list[int]:
        return [self._place[size] for size in sizes_needed(step.node)]

    def __call__(self, arrays: Sequence[Array]) -> list[Array]:
        """The roots' arrays for the leaves' `arrays`; no result shares memory with an argument it could change."""
        registers: list[Any] = [None] * (len(self._place) + 1)
        registers[-1] = {}  # results of Python functions
        names = bind_leaves(self.leaves, arrays)
        registers[: len(self.leaves)] = arrays
        with np.errstate(all="ignore"):
            for at, step in enumerate(self._steps, len(self.leaves)):
                registers[at] = self._run(step, registers, names)
                for place in step.frees:
                    registers[place] = None
        return [registers[place] for place in self._roots]

    def _run(self, step: Step, registers: list[Any], names: Mapping[str, int]) -> Array:
        node = step.node
        if node.op is CONST:
            return node.value
        if node.op is NAMED_DIM:
            return np.asarray(names[node.attrs[0]], dtype=np.int64)

        def number(size: Size) -> int:
            return size if isinstance(size, int) else int(registers[self._place[size]])

        for kind, got, want, operand, axis in step.checks:
            check(node, kind, (got, number(got)), (want, number(want)), operand, axis)
        arrays = [registers[place] for place in step.args]
        try:
            python = node.op.family == "python" and node.op.user
            found = value_of(node, arrays, registers[-1]) if python else np.asarray(node.op.numpy(*arrays, **step.params), dtype=node.dtype.numpy)
        except IndexError as error:
            if from_function(error):
                raise
            raise IndexError(f"{describe(node)}: {error}") from None
        except (AssertionError, ValueError, ZeroDivisionError) as error:
            if node.op is not REQUIRE:
                if type(error) is not ValueError or from_function(error) or "\n" in str(error):
                    raise
                raise ValueError(f"{error}, {describe(node)}") from None
            raise type(error)(f"{error}: {infix(node.args[1])} does not hold{_place(node)}") from None
        wanted = tuple(map(number, step.shape))
        if found.shape != wanted:
            raise ShapeError(
                f"{describe(node)}: the result has shape {found.shape}, expected {wanted}"
            )
        return found


def sizes_needed(node: Node) -> list[Node]:
    """The size nodes that the checks of `node` compare, and those of its own shape."""
    if node.op is CONST:
        return []
    sizes: list[Size] = list(node.shape)
    if node.op.agree is not None:
        for _, got, want, _, _ in node.op.agree(node.args, *node.attrs):
            sizes += (got, want)
    return [size for size in dict.fromkeys(sizes) if isinstance(size, Node)]


def order(roots: Iterable[Node]) -> list[Node]:
    """Each node under `roots` once, after its arguments and the sizes it is checked against."""
    return list(walk(roots, lambda node: node.args if isinstance(node, Leaf) else (*node.args, *sizes_needed(node))))


def bind_leaves(leaves: Sequence[Leaf], arrays: Sequence[Array]) -> dict[str, int]:
    """The sizes of the named dimensions. Raises DTypeError and ShapeError for arrays of another type."""
    names: dict[str, int] = {}
    for leaf, array in zip(leaves, arrays, strict=True):
        if array.dtype != leaf.dtype.numpy:
            raise DTypeError(f"{plain_name(leaf.name)} takes {leaf.dtype.name}, not {array.dtype}")
        if array.ndim != len(leaf.dims):
            raise ShapeError(
                f"{plain_name(leaf.name)} takes {len(leaf.dims)} dimensions, not an array of shape {array.shape}"
            )
        for axis, (dim, size) in enumerate(zip(leaf.dims, array.shape, strict=True)):
            want = (
                size
                if dim is None
                else dim
                if isinstance(dim, int)
                else names.setdefault(dim, size)
            )
            if want != size:
                called = f" ({plain_name(dim)})" if isinstance(dim, str) else ""
                raise ShapeError(
                    f"axis {axis} of {plain_name(leaf.name)} has size {size}, expected {want}{called}"
                )
    return names


def check(
    node: Node, kind: str, got: tuple[Size, int], want: tuple[Size, int], operand: int, axis: int
) -> None:
    """Raise ShapeError or IndexError where an agreement of `node` does not hold."""
    if kind == "lt":
        if node.op.family == "call" and not want[1]:
            raise ValueError(f"operand {operand} of {node.op.name} cannot be empty: {describe(node)}")
        if node.op.family in ("reduce", "composite") and not want[1]:
            raise ValueError(
                f"zero-size array to reduction operation {node.op.name} which has no identity: {describe(node)}"
            )
        if not 0 <= got[1] < want[1]:
            raise IndexError(
                f"{describe(node)}: index {got[1]} is out of bounds for axis {axis} with size {want[1]}"
            )
    elif got[1] != want[1] and node.op.name == "specify":
        raise SPECIFIED[node.attr("kind")](
            f"{describe(node)}: axis {axis} has size {_number(*got)}, expected {_number(*want)}"
        )
    elif got[1] != want[1]:
        hint = ""
        if 1 in (got[1], want[1]) and node.op.family == "map":
            hint = "; only axes declared to have size 1 broadcast: T.row, T.col, shape=(1, None), keepdims or dimshuffle('x')"
        raise ShapeError(
            f"{describe(node)}: axis {axis} of operand {operand} has size {_number(*got)}, "
            f"expected {_number(*want)}{hint}"
        )


def _number(size: Size, value: int) -> str:
    """A size as a number, and as it was written if that says more."""
    written = size_text(size)
    return f"{value}" if written in ("?", f"{value}") else f"{value} ({written})"


def describe(node: Node) -> str:
    """The expression, the op, its operands' types and the line where it was written, for messages."""
    return f"in {infix(node)} ({node.op.name} of {', '.join(map(shape_text, node.args))}){_place(node)}"


def _place(node: Node) -> str:
    return f", at {node.source[0]}:{node.source[1]}" if node.source else ""


def values(roots: Sequence[Node], given: Mapping[Leaf, Any]) -> list[Array]:
    """The arrays of `roots` where each leaf has the value in `given` (converted to its dtype)."""
    leaves = list(given)
    arrays = [np.asarray(given[leaf], dtype=leaf.dtype.numpy) for leaf in leaves]
    return Interpreter(roots, leaves)(arrays)


def evaluate(
    program: Program, inputs: Sequence[Array], members: Sequence[Array]
) -> tuple[list[Array], list[Array]]:
    """Outputs and updates of one call. Results may be views of the arguments: copy them before storing."""
    return evaluator(program)(inputs, members)


def evaluator(
    program: Program,
) -> Callable[[Sequence[Array], Sequence[Array]], tuple[list[Array], list[Array]]]:
    """`evaluate` for many calls of one Program. Errors name the Method."""
    interpreter = Interpreter(program.roots, (*program.inputs, *program.members))
    split = len(program.outputs)

    def run(inputs: Sequence[Array], members: Sequence[Array]) -> tuple[list[Array], list[Array]]:
        arrays = [*inputs, *members]
        try:
            found = interpreter(arrays)
            check_updates(program, arrays, found[split:])
        except Exception as error:
            if from_function(error):
                error.add_note(f"  in the Method {program.name}")
                raise
            if not isinstance(error, (ValueError, IndexError, TypeError, MemoryError, AssertionError, ZeroDivisionError)):
                raise
            raise type(error)(f"{program.name}: {error}") from None
        return found[:split], found[split:]

    return run


def check_updates(program: Program, arrays: Sequence[Array], values: Sequence[Array]) -> None:
    """Raise ShapeError where an update does not have the sizes that its member's type names or fixes."""
    names: Mapping[str, int] | None = None
    for (member, _), value in zip(program.updates, values, strict=True):
        for axis, dim in enumerate(program.members[member].dims):
            if isinstance(dim, str) and names is None:
                names = bind_leaves((*program.inputs, *program.members), arrays)
            want = dim if isinstance(dim, int) or names is None else names.get(str(dim))
            if dim is not None and value.shape[axis] != want:
                raise ShapeError(
                    f"the update of {plain_name(program.member_names[member])} has size {value.shape[axis]} on axis {axis}, "
                    f"where its type asks for {want}"
                )


__all__ = ["Interpreter", "evaluate", "evaluator", "values"]
