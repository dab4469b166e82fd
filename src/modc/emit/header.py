"""The comment at the top of a kernel: what goes in and out, and the optimised expressions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count

from modc.emit.names import comment
from modc.graph.node import Leaf, Node, plain_name
from modc.graph.program import Program
from modc.graph.show import infix, program_names, type_text

#: Lines of expressions at most; longest expression that is repeated rather than named; families that are.
MOST, SHORT, PLAIN = 60, 12, ("leaf", "view")


def header(program: Program, output_names: Sequence[str]) -> list[str]:
    """The lines of the comment."""
    names = program_names(program)
    outputs = list(zip(output_names, program.outputs, strict=True))
    rows = [("inputs", names[leaf], type_text(leaf, names), "") for leaf in program.inputs]
    rows += [("state", names[leaf], type_text(leaf, names), use) for leaf, use in _uses(program)]
    rows += [("outputs", name, type_text(node, names), "") for name, node in outputs]
    lines = [plain_name(program.name), *_table(rows)]
    results = _results(program, names, outputs)
    if results:
        width = max(len(name) for name, _, _ in results)
        lines.append("")
        lines += [f"  {name:{width}} {sign:>2} {text}" for name, sign, text in results[:MOST]]
        lines += [f"  ... and {len(results) - MOST} more"] if len(results) > MOST else []
    body = [f" * {comment(line)}".rstrip() for line in lines[1:]]
    return [f"/* {comment(lines[0])}", *body, " */"]


def _results(
    program: Program, names: Mapping[Node, str], outputs: Sequence[tuple[str, Node]]
) -> list[tuple[str, str, str]]:
    """(name, sign, expression) per output, per update, and before them for what several of them share."""
    known = dict(names)
    named_outputs = {node: name for name, node in reversed(outputs) if node not in known}
    taken = {*known.values(), *(name for name, _ in outputs)}
    free = (name for name in map("e{}".format, count(1)) if name not in taken)
    uses = Counter(arg for node in program.walk() for arg in dict.fromkeys(node.args)) + Counter(program.roots)
    lines: list[tuple[str, str, str]] = []
    for node in program.walk():
        shared = uses[node] > 1 and node.op.family not in PLAIN and node.op.name != "cast"
        if node in known or not (shared or node in named_outputs) or len(lines) > MOST:
            continue
        text = infix(node, 160, known)
        if node in named_outputs or len(text) > SHORT:
            known[node] = named_outputs[node] if node in named_outputs else next(free)
            lines.append((known[node], "=", text))
    done = {name for name, _, _ in lines}
    lines += [(name, "=", infix(node, 160, known)) for name, node in outputs if name not in done]
    lines += [(names[program.members[at]], "<-", infix(node, 160, known)) for at, node in program.updates]
    return lines


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
