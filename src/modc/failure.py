"""The exception for a kernel's failed check, in the user's words.

A kernel reports four integers: which check, which axis, what it got and what it wanted. The live graph
gives the expression, its shapes, and the user's file and line.
"""

from __future__ import annotations

from modc.errors import ShapeError
from modc.graph import Node, Program
from modc.graph.node import plain_name
from modc.graph.show import infix, program_names, type_text

_HINT = (
    "an axis of unknown size never broadcasts: declare it with T.row, T.col, shape=(1, None), "
    "or insert it with dimshuffle or None"
)


def failure(program: Program, kind: str, number: int, operand: int, axis: int, got: int, want: int) -> Exception:
    """The exception for a check of `kind` at node `number` of the program's walk.

    IndexError for positions, ShapeError for sizes that disagree, ValueError for a reduction of
    nothing, MemoryError for sizes beyond what can be addressed.
    """
    node = _node(program, number)
    text = _TEXTS.get(kind, _memory)
    error = _ERRORS.get(kind, MemoryError)
    return error(f"{program.name}: {text(program, node, operand, axis, got, want)}{_where(node)}")


def _node(program: Program, number: int) -> Node | None:
    if number < 0:
        return None
    return next((node for position, node in enumerate(program.walk()) if position == number), None)


def _where(node: Node | None) -> str:
    return f"\n  at {node.source[0]}:{node.source[1]}" if node is not None and node.source else ""


def _expression(program: Program, node: Node | None) -> str:
    return "an expression" if node is None else infix(node, names=program_names(program))


def _operands(program: Program, node: Node | None) -> str:
    if node is None:
        return ""
    names = program_names(program)
    arrays = [arg for arg in node.args if arg.ndim]
    return "\n  with " + ", ".join(f"{infix(arg, 60, names)}: {type_text(arg, names)}" for arg in arrays) if arrays else ""


def _index(program: Program, node: Node | None, operand: int, axis: int, got: int, want: int) -> str:
    return (
        f"index {got} is out of bounds for axis {axis} with size {want} in {_expression(program, node)}"
        f"{_operands(program, node)}"
    )


def _shape(program: Program, node: Node | None, operand: int, axis: int, got: int, want: int) -> str:
    hint = f"\n  hint: {_HINT}" if 1 in (got, want) else ""
    return (
        f"sizes do not agree in {_expression(program, node)}: axis {axis} of operand {operand} has size {got}, "
        f"expected {want}{_operands(program, node)}{hint}"
    )


def _empty(program: Program, node: Node | None, operand: int, axis: int, got: int, want: int) -> str:
    name = node.op.name if node is not None else "max"
    return (
        f"zero-size array to reduction operation {name} which has no identity: axis {axis} "
        f"in {_expression(program, node)}{_operands(program, node)}"
    )


def _numel(program: Program, node: Node | None, operand: int, axis: int, got: int, want: int) -> str:
    return f"cannot reshape {got} elements into {want} in {_expression(program, node)}{_operands(program, node)}"


def _next(program: Program, node: Node | None, operand: int, axis: int, got: int, want: int) -> str:
    return (
        f"the update of {plain_name(program.member_names[operand])} has size {got} on axis {axis}, "
        f"where its type asks for {want}: {_expression(program, node)}"
    )


def _named(program: Program, node: Node | None, operand: int, axis: int, got: int, want: int) -> str:
    leaf = (*program.inputs, *program.members)[operand]
    name = (*program.input_names, *program.member_names)[operand]
    return f"axis {axis} of {plain_name(name)} has size {got}, expected {want}: the dimension {plain_name(str(leaf.dims[axis]))!r}"


def _size(program: Program, node: Node | None, operand: int, axis: int, got: int, want: int) -> str:
    return f"a size cannot be negative: {_expression(program, node)} is {got}"


def _memory(program: Program, node: Node | None, operand: int, axis: int, got: int, want: int) -> str:
    return f"the sizes of this call are too large: {_expression(program, node)} would need more than 2**63 bytes"


_TEXTS = {
    "index": _index, "shape": _shape, "empty": _empty, "numel": _numel, "next": _next, "named": _named, "size": _size,
}  # fmt: skip
_ERRORS: dict[str, type[Exception]] = {
    "index": IndexError, "shape": ShapeError, "empty": ValueError, "numel": ShapeError, "next": ShapeError,
    "named": ShapeError, "size": ShapeError,
}  # fmt: skip
