"""What a failed check of an exported Method says: one sentence, known when the C is written.

Input: a Program and a check of its kernel. Output: text. Neighbours: `failure` says the same in Python,
with the numbers of the call.
"""

from __future__ import annotations

from modc.graph import Program
from modc.graph.node import plain_name
from modc.graph.ops_core import REQUIRE
from modc.graph.show import infix, program_names
from modc.schedule.loops import Site

_WHAT = {
    "shape": "sizes do not agree in {0}", "index": "an index is out of bounds in {0}", "numel": "sizes do not agree in {0}",
    "empty": "a reduction of no elements in {0}", "size": "a negative size: {0}", "memory": "sizes are too large in {0}",
    "specified": "a size is not the one that was specified in {0}", "mask": "a boolean index has another size in {0}",
    "divides": "a split into equal parts is not possible in {0}", "cube": "axes are not of equal length in {0}",
    "next": "the new value of {1} has another size than it must have", "named": "{1} has not the size of its named dimension",
}  # fmt: skip


def sentence(key: str, program: Program, site: Site) -> str:
    """`fit: sizes do not agree in x @ w`."""
    node = next((one for at, one in enumerate(program.walk()) if at == site.node), None)
    if node is not None and node.op is REQUIRE:
        return f"{key}: {node.attr('message')}: {infix(node.args[1], 100, names=program_names(program))} does not hold"
    expression = "an expression" if node is None else infix(node, 100, names=program_names(program))
    names = (*program.input_names, *program.member_names) if site.kind == "named" else program.member_names
    name = plain_name(names[site.operand]) if site.kind in ("named", "next") else ""
    return f"{key}: {_WHAT.get(site.kind, _WHAT['memory']).format(expression, name)}"
