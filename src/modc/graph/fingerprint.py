"""The content key of a Method: what it computes, and nothing about where or when it was written.

Takes a Program before any rewriting and the options that change its kernel; gives 64 hex digits
that are equal in every process and on every machine. Files and lines of the user are not in it;
names of the Method, its arguments and members are, because they stand in the C text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modc.graph.dtype import DType
from modc.graph.node import Leaf, Node, walk
from modc.graph.ops_core import CONST
from modc.graph.program import Program

_PLAIN = (int, str, float, bytes, type(None))  # bool is an int


def number_nodes(program: Program) -> dict[Node, int]:
    """A number for every node: inputs, members, then the rest in the order of the walk.

    Equal fingerprints mean equal numberings, so a number that was written into a cache entry finds
    the live node of another process, and with it the user's file and line.
    """
    numbers: dict[Node, int] = {}
    for node in (*program.inputs, *program.members):
        numbers.setdefault(node, len(numbers))
    for other in walk(program.roots):
        if other not in numbers:
            numbers[other] = len(numbers)
    return numbers


def fingerprint(program: Program, options: Mapping[str, str]) -> str:
    """SHA-256 of the program and the options, as 64 hex digits.

    Names of options must be strings. Raises TypeError for a parameter without a canonical text.
    """
    from hashlib import sha256  # 2.5 ms at the first use: OpenSSL

    lines = [f"modc {program.name!a}"]
    lines += [f"{name!a}={options[name]!a}" for name in sorted(options)]
    lines.append(f"inputs {list(program.input_names)!a}")
    lines.append(f"members {list(program.member_names)!a}")
    numbers = number_nodes(program)
    kinds: dict[tuple[Any, ...], str] = {}  # most nodes differ from others in their operands alone
    for node in numbers:
        kind = (node.op, node.dtype, node.attrs)
        text = kinds.get(kind)
        if text is None or isinstance(node, Leaf):
            text = kinds[kind] = _text(node)
        lines.append(f"{text} {' '.join([str(numbers[arg]) for arg in node.args])}")
    roots = [numbers[node] for node in program.roots]
    lines.append(f"roots {roots} updates {[member for member, _ in program.updates]}")
    lines.append(f"bound {[numbers[node] for node in (*program.inputs, *program.members)]}")
    return sha256("\n".join(lines).encode("ascii")).hexdigest()


def _text(node: Node) -> str:
    """Everything about a node but its operands, on one line of ASCII."""
    if isinstance(node, Leaf):
        return f"leaf|{node.dtype.name}|{node.dims!a}"
    if node.op is CONST:
        from hashlib import sha256

        shape, data = node.attrs
        return f"const|{node.dtype.name}|{shape}|{sha256(data).hexdigest()}"
    own = f"|{node.op.identity()!a}" if node.op.user else ""  # type: ignore[attr-defined]
    return f"{node.op.name}|{node.dtype.name}|{_parameter(node.attrs)}{own}"


def _parameter(value: Any) -> str:
    """Canonical text of a parameter. Raises TypeError where `repr` could hold an address."""
    if isinstance(value, tuple):
        return f"({','.join([_parameter(item) for item in value])})"
    if isinstance(value, DType):
        return value.name
    if isinstance(value, _PLAIN):
        if isinstance(value, (int, float)) and abs(value) < 2**53 and value == int(value):
            return str(int(value))  # 1, True and 1.0 are one key of the intern table, so one text
        return ascii(value)
    raise TypeError(f"modc bug: no canonical text for the parameter {value!r}")
