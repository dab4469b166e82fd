"""Mode check: every call by the kernel and by the NumPy interpreter, compared node by node.

Takes an Executable with a second, traced kernel whose outputs are all intermediate values; gives the
function that `runtime.bind_python` calls. Besides wrong values it reports NaN that appears out of
numbers, and an input that a kernel changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from modc.errors import CheckError
from modc.graph import Node, Program
from modc.graph.evaluate import evaluate
from modc.graph.show import infix
from modc.rewrite import stable
from modc.runtime import Cell, Input, Lock, Output, Spec

if TYPE_CHECKING:
    from modc.pipeline import Executable

Array = np.ndarray[Any, Any]

#: Relative difference that reductions, products and transcendental functions may show.
_TOLERANCE = {"float64": 1e-9, "float32": 1e-3}


def traced(program: Program) -> Program:
    """`program` with every value that it computes as an output, and no updates."""
    nodes = [node for node in program.walk() if node.op.family != "leaf"]
    return Program(
        program.name, program.inputs, program.input_names, program.members, program.member_names, nodes, ()
    )


def checked(executable: Executable, spec: Spec) -> Callable[..., Any]:
    """evaluate(inputs, members) -> (outputs, updates), which raises CheckError on any difference."""
    program = executable.program
    reference = stable(program)
    main = _isolated(executable, program)
    assert executable.traced is not None
    each = _isolated(executable.traced, executable.traced.program)
    nodes = executable.traced.program.outputs
    steps = stable(executable.traced.program)

    def run(inputs: Sequence[Array], members: Sequence[Array]) -> tuple[list[Any], dict[int, Any]]:
        given = [array.copy() for array in inputs]
        wanted, _ = evaluate(steps, inputs, members)
        _check_nan(program, nodes, wanted, [*inputs, *members])
        values, _ = each(inputs, members)
        for node, want, got in zip(nodes, wanted, values, strict=True):
            _compare(program, f"the value of {infix(node)}", node, want, got)
        expected, updates = evaluate(reference, inputs, members)
        outputs, state = main(inputs, members)
        for position, (node, want, got) in enumerate(zip(program.outputs, expected, outputs, strict=True)):
            _compare(program, f"output {position}", node, want, got)
        for (member, node), want in zip(program.updates, updates, strict=True):
            _compare(program, f"the update of {program.member_names[member]}", node, want, state[member])
        for name, before, after in zip(program.input_names, given, inputs, strict=True):
            if before.tobytes() != after.tobytes():
                raise CheckError(f"{program.name}: the kernel changed its argument {name}")
        return outputs, state

    return run


def _isolated(executable: Executable, program: Program) -> Callable[..., Any]:
    """The kernel over storage of its own: (inputs, members) -> (outputs, {member: new value})."""
    lock = Lock()
    cells = [
        Cell(name, leaf.dtype.name, leaf.ndim, _fixed(leaf), lock=lock)
        for name, leaf in zip(program.member_names, program.members, strict=True)
    ]
    written = {member for member, _ in program.updates}
    spec = Spec(
        program.name,
        [Input(name, leaf.dtype.name, leaf.ndim, _fixed(leaf))
         for name, leaf in zip(program.input_names, program.inputs, strict=True)],
        cells,
        [index in written for index in range(len(cells))],
        [Output(node.dtype.name, node.ndim, node.static_shape) for node in program.outputs],
        result="list",
    )
    kernel = executable.bind_kernel(spec, lock)

    def run(inputs: Sequence[Array], members: Sequence[Array]) -> tuple[list[Any], dict[int, Any]]:
        for cell, value in zip(cells, members, strict=True):
            cell.set(value)
        outputs = kernel(*inputs)
        return outputs, {member: cells[member].copy() for member in sorted(written)}

    return run


def _fixed(node: Node) -> tuple[int | None, ...]:
    return node.static_shape


def _check_nan(program: Program, nodes: Sequence[Node], values: Sequence[Any], given: Sequence[Array]) -> None:
    leaves: dict[Node, Any] = dict(zip((*program.inputs, *program.members), given, strict=True))
    known = {**leaves, **dict(zip(nodes, values, strict=True))}
    for node, value in zip(nodes, values, strict=True):
        if not node.dtype.is_float or not np.isnan(value).any():
            continue
        operands = [arg.value if arg.op.name == "const" else known[arg] for arg in node.args if arg in known or arg.op.name == "const"]
        if not any(np.isnan(operand).any() for operand in operands if np.asarray(operand).dtype.kind == "f"):
            raise CheckError(f"{program.name}: NaN appears in {infix(node)}, out of operands without NaN{_where(node)}")


def _compare(program: Program, what: str, node: Node, want: Any, got: Any) -> None:
    want, got = np.asarray(want), np.asarray(got)
    if want.dtype != got.dtype or want.shape != got.shape:
        raise CheckError(f"{program.name}: {what} is {got.dtype}{got.shape} in C, {want.dtype}{want.shape} in NumPy")
    if not node.dtype.is_float:
        equal = want == got
    else:
        finite = np.abs(want[np.isfinite(want)])
        scale = _TOLERANCE[node.dtype.name] * (float(finite.max()) if finite.size else 1.0)
        with np.errstate(invalid="ignore"):
            equal = (np.abs(want - got) <= scale) | (want == got) | (np.isnan(want) & np.isnan(got))
    if not np.all(equal):
        place = tuple(int(axis) for axis in np.argwhere(~np.atleast_1d(equal))[0])
        raise CheckError(
            f"{program.name}: {what} differs at {place}: "
            f"C {np.atleast_1d(got)[place]!r}, NumPy {np.atleast_1d(want)[place]!r}{_where(node)}"
        )


def _where(node: Node) -> str:
    return f"\n  at {node.source[0]}:{node.source[1]}" if node.source else ""
