"""Mode check: every call by the kernel and by the NumPy interpreter, compared node by node.

Takes an Executable with a second, traced kernel whose outputs are all intermediate values; gives the
function that `runtime.bind_python` calls. Each value of the traced kernel is compared with what NumPy makes of
the kernel's own operands, so that rounding does not add up and the first wrong op is the one that is named. Then
the Method's own kernel is compared with NumPy as a whole. NaN that appears out of numbers, and an input that a
kernel changed, are reported too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from modc.errors import CheckError
from modc.graph import Node, Program
from modc.graph.evaluate import Interpreter, Step, evaluator
from modc.graph.show import infix
from modc.isolated import isolated
from modc.rewrite import stable

if TYPE_CHECKING:
    from modc.pipeline import Executable

Array = np.ndarray[Any, Any]

#: Rounding errors, in units of the dtype's epsilon and of the largest term, that one op may make.
_LOCAL = 16.0
#: The same for a whole Method, on top of what one rounding error more in each of its ops changes.
_WHOLE = 256.0
#: The trait of ops with more than one right result, such as eigenvectors with their signs: they are not compared.
AMBIGUOUS = "ambiguous"
#: Ops that give one of their operands' values, or 0, 1, -1: they do not round.
_EXACT = frozenset(
    ["abs", "neg", "sign", "maximum", "minimum", "where", "floor", "ceil", "round", "trunc", "max", "peak", "min"]
)


def traced(program: Program) -> Program:
    """`program` (with the stability rules applied) with every value that it computes as an output, and no updates."""
    nodes = [node for node in stable(program).walk() if node.op.family != "leaf"]
    return Program(
        program.name, program.inputs, program.input_names, program.members, program.member_names, nodes, ()
    )


def checked(executable: Executable, watch_nan: bool = True) -> Callable[..., Any]:
    """evaluate(inputs, members) -> (outputs, updates), which raises CheckError on any difference.

    Without `watch_nan`, NaN that appears out of numbers is a result like others.
    """
    program = executable.program
    assert executable.traced is not None
    main = isolated(executable, program)
    each = isolated(executable.traced, executable.traced.program)
    steps = Steps(executable.traced.program, watch_nan)
    plain = stable(program)
    reference, rough = evaluator(plain), Rough(plain.roots, (*plain.inputs, *plain.members))
    unsure = _unsure(plain)

    def run(inputs: Sequence[Array], members: Sequence[Array]) -> tuple[list[Any], dict[int, Any]]:
        given = [array.copy() for array in inputs]
        wanted = _joined(reference(list(inputs), list(members)))
        steps.compare([*inputs, *members], each(inputs, members)[0])
        outputs, state = main(inputs, members)
        spread = rough([_nudged(array) for array in (*inputs, *members)])
        found = [*outputs, *(state[member] for member, _ in program.updates)]
        labels = [f"output {position}" for position in range(len(outputs))]
        labels += [f"the update of {program.member_names[member]}" for member, _ in program.updates]
        for label, node, want, near, got, root in zip(labels, program.roots, wanted, spread, found, plain.roots, strict=True):
            if root in unsure:
                continue
            _compare(program, label, node, want, got, _WHOLE * (_epsilon(node) * _largest(want) + _distance(want, near)))
        for name, before, after in zip(program.input_names, given, inputs, strict=True):
            if before.tobytes() != after.tobytes():
                raise CheckError(f"{program.name}: the kernel changed its argument {name}")
        return outputs, state

    return run


def _joined(results: tuple[Sequence[Any], Sequence[Any]]) -> list[Any]:
    return [*results[0], *results[1]]


class Steps:
    """The nodes of a traced Program, each to be compared with NumPy on the kernel's own operands."""

    def __init__(self, program: Program, watch_nan: bool) -> None:
        self._program, self._watch_nan = program, watch_nan
        self._leaves = (*program.inputs, *program.members)
        nodes = dict.fromkeys(arg for node in program.outputs for arg in node.args if arg.op.family == "leaf")
        self._given = list(nodes)  # sizes, constants and variables
        self._interpreter = Interpreter(self._given, self._leaves)

    def compare(self, arrays: Sequence[Array], values: Sequence[Array]) -> None:
        """Raise CheckError at the first node whose value is not its op's of its operands' values."""
        known: dict[Node, Any] = dict(zip(self._given, self._interpreter(list(arrays)), strict=True))
        for node, got in zip(self._program.outputs, values, strict=True):
            operands = [np.asarray(known[arg]) for arg in node.args]
            with np.errstate(all="ignore"):
                params = dict(zip(node.op.params, node.attrs, strict=True))
                want = np.asarray(node.op.numpy(*operands, **params), dtype=node.dtype.numpy)
            if AMBIGUOUS not in node.op.traits:
                name = f"the value of {infix(node)}"
                _compare(self._program, name, node, want, got, _local(node, operands, want) + _magnified(node, operands, want))
            self._check_nan(node, operands, got)
            known[node] = got

    def _check_nan(self, node: Node, operands: Sequence[Array], value: Array) -> None:
        if not self._watch_nan or not node.dtype.is_inexact or not np.isnan(value).any():
            return
        if not any(np.isnan(operand).any() for operand in operands if operand.dtype.kind in "fc"):
            what = f"NaN appears in {infix(node)}, out of operands without NaN"
            raise CheckError(f"{self._program.name}: {what}{_where(node)}")


class Rough(Interpreter):
    """The interpreter with one rounding error more in every op that rounds.

    How far its results lie from the plain one's says how much the Method magnifies rounding errors: without it, a
    sum whose terms cancel would have to agree to more digits than it has.
    """

    def _run(self, step: Step, registers: list[Any], names: Mapping[str, int]) -> Array:
        found = super()._run(step, registers, names)
        op = step.node.op
        if op.user:
            return _nudged(found, 1.0 + op.ulp)
        rounds = step.node.op.family in ("map", "reduce", "contract", "composite") and step.node.op.name not in _EXACT
        return _nudged(found) if rounds else found


def _epsilon(node: Node) -> float:
    return float(np.finfo(node.dtype.numpy).eps) if node.dtype.is_inexact else 0.0


def _largest(array: Any) -> float:
    finite = np.abs(array[np.isfinite(array)]) if np.asarray(array).dtype.kind in "fc" else np.zeros(0)
    return float(finite.max()) if finite.size else 0.0


def _distance(first: Any, second: Any) -> float:
    if first.shape != second.shape or first.dtype.kind not in "fc":
        return 0.0
    with np.errstate(invalid="ignore", over="ignore"):
        return _largest(np.asarray(first - second))


def _nudged(array: Array, times: float = 1.0) -> Array:
    """Every float of `array` moved by one rounding error or several, up and down in turn."""
    if array.dtype.kind not in "fc":
        return array
    signs = np.where(np.arange(array.size) % 2, 1.0, -1.0).reshape(array.shape).astype(array.dtype)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(array + array * signs * array.dtype.type(times * np.finfo(array.dtype).eps), dtype=array.dtype)


def _local(node: Node, operands: Sequence[Array], want: Array) -> float:
    """The distance that one op may keep from NumPy: epsilon times the largest sum of its terms."""
    if not node.dtype.is_inexact:
        return 0.0
    floats = [operand for operand in operands if operand.dtype.kind in "fc"]
    size = max((_largest(operand) for operand in floats), default=0.0)
    terms = 1.0
    if node.op.family in ("reduce", "composite", "index") and floats:
        terms = max(1.0, floats[0].size / max(1, want.size))
    if node.op.family == "contract":
        size, terms = size * min(_largest(operand) for operand in floats), float(operands[0].shape[-1])
    if node.op.family == "call" and node.op.ulp:
        terms = float(max((length for operand in floats for length in operand.shape), default=1))
        size = math.prod(map(_largest, floats)) if node.op.name.startswith(("convolve", "csr")) else size
    return (_LOCAL + node.op.ulp * node.op.user) * _epsilon(node) * terms * max(size, _largest(want))


def _magnified(node: Node, operands: Sequence[Array], want: Array) -> float:
    """How far a factorisation moves when its operands do by a rounding error: a singular matrix may move far."""
    if node.op.family != "call" or not node.op.ulp or not node.dtype.is_inexact:
        return 0.0
    params = dict(zip(node.op.params, node.attrs, strict=True))
    with np.errstate(all="ignore"):
        near = np.asarray(node.op.numpy(*map(_nudged, operands), **params), dtype=node.dtype.numpy)
    return _LOCAL * _distance(want, near)


def _unsure(program: Program) -> set[Node]:
    """The nodes that depend on an op with more than one right result."""
    found: set[Node] = set()
    for node in program.walk():
        if AMBIGUOUS in node.op.traits or any(arg in found for arg in node.args):
            found.add(node)
    return found


def _compare(program: Program, what: str, node: Node, want: Any, got: Any, tolerance: float) -> None:
    want, got = np.asarray(want), np.asarray(got)
    if want.dtype != got.dtype or want.shape != got.shape:
        raise CheckError(f"{program.name}: {what} is {got.dtype}{got.shape} in C, {want.dtype}{want.shape} in NumPy")
    equal = want == got
    if node.dtype.is_inexact:
        with np.errstate(invalid="ignore", over="ignore"):
            equal = equal | (np.abs(want - got) <= tolerance) | (np.isnan(want) & np.isnan(got))
    if not np.all(equal):
        place = tuple(int(axis) for axis in np.argwhere(~np.atleast_1d(equal))[0])
        raise CheckError(
            f"{program.name}: {what} differs at {place}: "
            f"C {np.atleast_1d(got)[place]!r}, NumPy {np.atleast_1d(want)[place]!r}{_where(node)}"
        )


def _where(node: Node) -> str:
    return f"\n  at {node.source[0]}:{node.source[1]}" if node.source else ""
