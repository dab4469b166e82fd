"""The comment at the top of a kernel: what goes in and out, and the optimised expressions."""

from __future__ import annotations

from collections.abc import Sequence

from modc.emit.names import comment
from modc.graph.node import Leaf, Node
from modc.graph.program import Program
from modc.graph.show import infix, plain_name, program_names, type_text

#: Lines of expressions at most.
MOST = 60


def header(program: Program, output_names: Sequence[str]) -> list[str]:
    """The lines of the comment."""
    names = program_names(program)
    outputs = list(zip(output_names, program.outputs, strict=True))
    rows = [("inputs", names[leaf], type_text(leaf, names), "") for leaf in program.inputs]
    rows += [("state", names[leaf], type_text(leaf, names), use) for leaf, use in _uses(program)]
    rows += [("outputs", name, type_text(node, names), "") for name, node in outputs]
    lines = [plain_name(program.name), *_table(rows)]
    results = [(name, "=", node) for name, node in outputs]
    results += [(names[program.members[at]], "<-", node) for at, node in program.updates]
    if results:
        width = max(len(name) for name, _, _ in results)
        lines.append("")
        lines += [f"  {name:{width}} {sign:>2} {infix(node, 160, names)}" for name, sign, node in results[:MOST]]
        lines += [f"  ... and {len(results) - MOST} more"] if len(results) > MOST else []
    body = [f" * {comment(line)}".rstrip() for line in lines[1:]]
    return [f"/* {comment(lines[0])}", *body, " */"]


def _table(rows: Sequence[tuple[str, str, str, str]]) -> list[str]:
    """Rows in columns; a title stands once."""
    width = max((len(name) for _, name, _, _ in rows), default=0)
    wide = max((len(kind) for _, _, kind, _ in rows), default=0)
    lines: list[str] = []
    before = ""
    for title, name, kind, use in rows:
        lines.append(f"  {title if title != before else '':8} {name:{width}}  {kind:{wide}}  {use}".rstrip())
        before = title
    return lines


def _uses(program: Program) -> list[tuple[Leaf, str]]:
    """Members and what happens to them."""
    read: set[Node] = set(program.walk())
    written = {program.members[at] for at, _ in program.updates}
    found: list[tuple[Leaf, str]] = []
    for leaf in program.members:
        uses = ["read"] * (leaf in read) + ["written"] * (leaf in written)
        found.append((leaf, ", ".join(uses) or "unused"))
    return found
