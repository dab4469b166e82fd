"""What a kernel's failed check means, in the user's words.

A kernel reports four integers: which check, which axis, what it got and what it wanted. The live graph
gives the expression, its shapes, and the user's file and line; kernels that travel without their graph
take the text with them.
"""

from __future__ import annotations

from collections.abc import Iterable

from modc.graph import Node, Program
from modc.graph.node import plain_name
from modc.graph.ops_core import REQUIRE
from modc.graph.ops_sparse import NO_MATRIX
from modc.graph.show import infix, program_names, type_text
from modc.runtime.failed import failed

Text = str | list[str]


def failure(program: Program, kind: str, number: int, operand: int, axis: int, got: int, want: int) -> Exception:
    """The exception for a check of `kind` at node `number` of the program's walk; see `failed`."""
    node = _nodes(program, [number]).get(number)
    text = _text(program, program_names(program), kind, node, operand)
    return failed(program.name, kind, text, axis, got, want, _where(node))


def texts(program: Program, sites: Iterable[tuple[str, int, int]]) -> list[Text]:
    """The text of each check (kind, node, operand), for `failed`; without lines of the user's files."""
    listed = list(sites)
    nodes = _nodes(program, [number for _, number, _ in listed])
    names = program_names(program)
    return [_text(program, names, kind, nodes.get(number), operand) for kind, number, operand in listed]


def _nodes(program: Program, numbers: Iterable[int]) -> dict[int, Node]:
    """Nodes of the program's walk by their positions."""
    wanted = {number for number in numbers if number >= 0}
    if not wanted:
        return {}
    return {position: node for position, node in enumerate(program.walk()) if position in wanted}


def _where(node: Node | None) -> str:
    return f"\n  at {node.source[0]}:{node.source[1]}" if node is not None and node.source else ""


def _text(program: Program, names: dict[Node, str], kind: str, node: Node | None, operand: int) -> Text:
    """The text with gaps of one check. Braces of the user's names are doubled, as `str.format` has it."""
    if kind == "named":
        return _named(program, operand)
    expression = "an expression" if node is None else _whole(infix(node, names=names))
    arrays = [arg for arg in node.args if arg.ndim] if node is not None else []
    operands = ", ".join(f"{infix(arg, 60, names)}: {type_text(arg, names)}" for arg in arrays)
    end = f"\n  with {_whole(operands)}" if operands else ""
    if node is not None and node.op is REQUIRE:
        return f"{_whole(node.attr('message'))}: {_whole(infix(node.args[1], names=names))} does not hold"
    if node is not None and "checking" in node.op.traits and kind == "value":
        return f"{NO_MATRIX}: {expression}{end}"
    if kind == "index":
        return f"index {{got}} is out of bounds for axis {{axis}} with size {{want}} in {expression}{end}"
    if kind == "shape":
        return (
            f"sizes do not agree in {expression}: axis {{axis}} of operand {operand} has size {{got}}, "
            f"expected {{want}}{end}"
        )
    if kind == "empty":
        name = node.op.name if node is not None else "max"
        if node is not None and node.op.family == "call":
            return f"operand {operand} of {name} cannot be empty: axis {{axis}} has no elements in {expression}{end}"
        return (
            f"zero-size array to reduction operation {name} which has no identity: axis {{axis}} in {expression}{end}"
        )
    if kind == "specified":
        return f"specify_shape: axis {{axis}} has size {{got}}, expected {{want}}, in {expression}{end}"
    if kind == "mask":
        return (
            f"boolean index did not match indexed array: axis {{axis}} of the mask has size {{got}}, "
            f"expected {{want}}: {expression}{end}"
        )
    if kind == "divides":
        return f"array split does not result in an equal division: axis {{axis}} has size {{got}}, the parts {{want}}, in {expression}{end}"
    if kind == "cube":
        return f"all dimensions must be of equal length: axis {{axis}} has size {{got}}, expected {{want}}, in {expression}{end}"
    if kind == "numel":
        return f"cannot reshape {{got}} elements into {{want}} in {expression}{end}"
    if kind == "next":
        name = _whole(plain_name(program.member_names[operand]))
        return f"the update of {name} has size {{got}} on axis {{axis}}, where its type asks for {{want}}: {expression}"
    if kind == "size":
        return f"a size cannot be negative: {expression} is {{got}}"
    return f"the sizes of this call are too large: {expression} would need more than 2**63 bytes"


def _named(program: Program, operand: int) -> list[str]:
    """For each axis of an input or member: its size is not that of the dimension."""
    leaf = (*program.inputs, *program.members)[operand]
    name = _whole(plain_name((*program.input_names, *program.member_names)[operand]))
    return [
        f"axis {{axis}} of {name} has size {{got}}, expected {{want}}: the dimension {_whole(repr(plain_name(str(dim))))}"
        for dim in leaf.dims
    ]


def _whole(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
