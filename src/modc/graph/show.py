"""Graphs as text: one-line infix in the user's notation, and a numbered listing.

Takes nodes and Programs; gives stable text for comments in the C, error messages, dumps and
`.graph`. Cost is bounded by the limits given, not by the size of the graph, and hostile names
(quotes, newlines, a megabyte of text) come out short and printable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from modc.graph.node import LONGEST_NAME, Leaf, Node, Size, plain_name
from modc.graph.ops_core import CONST
from modc.graph.program import Program
from modc.graph.sizes import size_less

Names = Mapping[Node, str]

#: Python's precedence of what is printed as an operator; a call or a name is 20.
_INFIX: dict[str, tuple[str, int]] = {
    "or_": ("|", 5),
    "xor": ("^", 6),
    "and_": ("&", 7),
    "logical_or": ("|", 5),
    "logical_xor": ("^", 6),
    "logical_and": ("&", 7),
    "lt": ("<", 4),
    "le": ("<=", 4),
    "gt": (">", 4),
    "ge": (">=", 4),
    "eq": ("==", 4),
    "neq": ("!=", 4),
    "ne": ("!=", 4),
    "shl": ("<<", 8),
    "shr": (">>", 8),
    "add": ("+", 9),
    "sub": ("-", 9),
    "mul": ("*", 10),
    "div": ("/", 10),
    "floordiv": ("//", 10),
    "mod": ("%", 10),
    "dot": ("@", 10),
    "pow": ("**", 12),
}
_PREFIX: dict[str, tuple[str, int]] = {
    "neg": ("-", 11),
    "invert": ("~", 11),
    "not_": ("~", 11),
    "logical_not": ("~", 11),
}
_CALL = 20
_DEEPEST = 32


def infix(node: Node, limit: int = 120, names: Names | None = None, deepest: int = _DEEPEST) -> str:
    """`node` in the user's notation, at most `limit` characters; what is too much becomes `...`.

    names: nodes that are printed by a name instead of by what they are; deepest: how many levels are printed.
    """
    text = _Printer(names or {}, limit, deepest).text(node, 0)
    return text if len(text) <= limit else text[: max(limit - 3, 0)] + "..."


def size_infix(size: Size, names: Names | None = None) -> str:
    """One extent: `3`, `n`, `x.shape[0] + 2`."""
    return str(size) if isinstance(size, int) else infix(size, 60, names)


def type_text(node: Node, names: Names | None = None) -> str:
    """Dtype and sizes: `float64[n, 3]`."""
    return f"{node.dtype.name}[{', '.join([size_infix(size, names) for size in node.shape])}]"


def program_names(program: Program) -> dict[Node, str]:
    """The names of a Method's arguments and members, printable, each used once."""
    found: dict[Node, str] = {}
    taken: set[str] = set()
    pairs = zip(
        (*program.inputs, *program.members),
        (*program.input_names, *program.member_names),
        strict=True,
    )
    for position, (leaf, name) in enumerate(pairs):
        text = plain_name(name, f"arg{position}")
        if leaf not in found:
            found[leaf] = text if text not in taken else f"{text}_{position}"
            taken.add(found[leaf])
    return found


def listing(program: Program) -> str:
    """The whole Method: arguments, members, a numbered line for each node, outputs and updates."""
    names = program_names(program)
    lines = [plain_name(program.name)]
    for title, leaves in (("input", program.inputs), ("member", program.members)):
        lines += [f"  {title:8}{names[leaf]}: {type_text(leaf, names)}" for leaf in leaves]
    for node in program.walk():
        if node.op.family == "leaf" and (node.op is not CONST or node.ndim == 0):
            continue  # printed where it is used
        text, kind = infix(node, 160, names), type_text(node, names)
        names[node] = f"%{len(names) - len(program.inputs) - len(program.members)}"
        lines.append(f"  {names[node]} = {text}: {kind}")
    for position, node in enumerate(program.outputs):
        lines.append(f"  output {position}: {infix(node, 160, names)}")
    for member, node in program.updates:
        lines.append(f"  {names[program.members[member]]} <- {infix(node, 160, names)}")
    return "\n".join(lines) + "\n"


#: A vector as a matrix of one column.
_COLUMN = ("dimshuffle", (0, -1))


class _Printer:
    """Prints one expression within a budget of nodes and a depth."""

    def __init__(self, names: Names, limit: int, deepest: int) -> None:
        self.names = names
        self.left = max(limit, 8)
        self.depth, self.deepest = 0, deepest

    def text(self, node: Node, outer: int) -> str:
        """`node`, in parentheses where its surroundings bind tighter than `outer`."""
        name = self.names.get(node)
        if name is not None:
            return name
        if isinstance(node, Leaf):
            return plain_name(node.name)
        self.left -= 1
        if self.left < 0 or self.depth >= self.deepest:
            return "..."
        self.depth += 1
        text, binds = self._parts(node)
        self.depth -= 1
        return f"({text})" if binds < outer else text

    def _parts(self, node: Node) -> tuple[str, int]:
        """Text and precedence."""
        name = node.op.name
        if name in _INFIX and len(node.args) == 2:
            symbol, binds = _INFIX[name]
            right = name == "pow"
            left_text = self.text(node.args[0], binds + right)
            return f"{left_text} {symbol} {self.text(node.args[1], binds + (not right))}", binds
        if name in _PREFIX:
            symbol, binds = _PREFIX[name]
            return symbol + self.text(node.args[0], binds), binds
        if name == "const":
            text = _constant(node)
            return text, 11 if text.startswith("-") else _CALL
        if node.op.family in ("python", "graph") and node.op.user:
            return self._python(node), _CALL
        special = _SPECIAL.get(name)
        return (special(self, node) if special else self._call(node)), _CALL

    def _call(self, node: Node) -> str:
        """`name(operands, parameter=value)`."""
        inside = self._list(node.args) + [
            f"{param}={_short(value)}"
            for param, value in zip(node.op.params, node.attrs, strict=True)
        ]
        return f"{node.op.name}({', '.join(inside)})"

    def _sparse(self, node: Node) -> str:
        """Without the checks of the structure."""
        plain = []
        for arg in node.args:
            while arg not in self.names and (arg.op.name in ("require", "specify") or (arg.op.name, *arg.attrs) == _COLUMN):
                arg = arg.args[0]
            plain.append(arg)
        return f"{node.op.name}({', '.join(self._list(plain))})"

    def _python(self, node: Node) -> str:
        part, axis = (*node.attrs, -1)[:2]
        size = f".shape[{axis}]" if axis >= 0 else ""
        return f"{plain_name(node.op.name)}({', '.join(self._list(node.args))}){f'[{part}]' if part else ''}{size}"

    def _list(self, nodes: Sequence[Node]) -> list[str]:
        """Texts of operands, as many as the budget allows."""
        texts: list[str] = []
        for node in nodes:
            texts.append(self.text(node, 0))
            if self.left < 0:
                break
        return texts

    def _cast(self, node: Node) -> str:
        return f"{node.dtype.name}({self.text(node.args[0], 0)})"

    def _dim(self, node: Node) -> str:
        return f"{self.text(node.args[0], _CALL)}.shape[{node.attrs[0]}]"

    def _named_dim(self, node: Node) -> str:
        return plain_name(node.attrs[0])

    def _reduction(self, node: Node) -> str:
        axes = node.attrs[0]
        operand = self.text(node.args[0], 0)
        if isinstance(axes, tuple) and len(axes) == node.args[0].ndim:
            return f"{node.op.name}({operand})"
        only = axes[0] if isinstance(axes, tuple) and len(axes) == 1 else axes
        return f"{node.op.name}({operand}, axis={only})"

    def _dimshuffle(self, node: Node) -> str:
        operand, pattern = self.text(node.args[0], _CALL), node.attrs[0]
        if pattern == (1, 0):
            return f"{operand}.T"
        axes = [repr("x") if axis < 0 else str(axis) for axis in pattern]
        return f"{operand}.dimshuffle({', '.join(axes)})"

    def _reshape(self, node: Node) -> str:
        return f"{self.text(node.args[0], _CALL)}.reshape({', '.join(self._list(node.args[1:]))})"

    def _slice(self, node: Node) -> str:
        ranges = self._ranges(node.args[0], node.args[1:], node.attrs[0])
        return f"{self.text(node.args[0], _CALL)}[{ranges}]"

    def _update_slice(self, node: Node) -> str:
        target, value, *bounds = node.args
        place = f"{self.text(target, _CALL)}[{self._ranges(target, bounds, node.attrs[0])}]"
        return f"{node.attrs[1]}_subtensor({place}, {self.text(value, 0)})".replace(
            "add_", "inc_", 1
        )

    def _ranges(self, target: Node, bounds: Sequence[Node], spec: tuple[int, ...]) -> str:
        rest = iter(bounds)
        return ", ".join(
            [self._range(step, rest, target.shape[axis]) for axis, step in enumerate(spec)]
        )

    def _range(self, step: int, rest: Any, size: Size) -> str:
        start = next(rest)
        if step == 0:
            back = _beyond(start, size)
            return self.text(start, 0) if not back else str(back)
        length = next(rest)
        written = _as_written(step, start, length, size)
        if written is not None:
            return written
        begins = _whole(start)
        if begins == 0 and step == 1 and (length is size or _whole(length) == size):
            return ":"
        if begins is not None and _whole(length) is not None:
            stop = begins + step * _whole(length)  # type: ignore[operator]
            text = f"{begins}:{stop if stop >= 0 else ''}"
        else:
            low = "" if begins == 0 else self.text(start, 9)
            factor = "" if step == 1 else f" * {step}"
            high = self.text(length, 9 if step == 1 else 11) + factor
            text = f"{low}:{high}" if not low else f"{low}:{low} + {high}"
        return text if step == 1 else f"{text}:{step}"

    def _gather(self, node: Node) -> str:
        return self._indexed(node.args[0], node.args[1:], node.attrs[0])

    def _scatter(self, node: Node) -> str:
        target, value, *positions = node.args
        place = self._indexed(target, positions, node.attrs[0])
        return f"{node.attrs[2]}_subtensor({place}, {self.text(value, 0)})".replace(
            "add_", "inc_", 1
        )

    def _indexed(self, target: Node, positions: Sequence[Node], axes: tuple[int, ...]) -> str:
        masked = _masked(target, positions, axes)
        if masked is not None:
            return f"{self.text(masked[0], _CALL)}[{':, ' * axes[0]}{self.text(masked[1], 0)}]"
        texts = dict(zip(axes, self._list(positions), strict=False))
        last = max(axes, default=-1)
        items = [texts.get(axis, ":") for axis in range(last + 1)]
        return f"{self.text(target, _CALL)}[{', '.join(items)}]"

    def _concat(self, node: Node) -> str:
        return f"concatenate([{', '.join(self._list(node.args))}], axis={node.attrs[0]})"

    def _iota(self, node: Node) -> str:
        return f"arange({self.text(node.args[0], 0)})"


    def _specify(self, node: Node) -> str:
        if node.attrs[0] == "mask":
            return self.text(node.args[0], _CALL)
        return f"specify_shape({self.text(node.args[0], 0)}, ({', '.join(self._list(node.args[1:]))},))"

    def _counted(self, node: Node) -> str:
        return f"{node.op.name}({self.text(node.args[0], 0)})"


_SPECIAL: dict[str, Callable[[_Printer, Node], str]] = {
    "cast": _Printer._cast,
    "dim": _Printer._dim,
    "named_dim": _Printer._named_dim,
    "sum": _Printer._reduction,
    "prod": _Printer._reduction,
    "max": _Printer._reduction,
    "peak": _Printer._reduction,
    "min": _Printer._reduction,
    "any": _Printer._reduction,
    "all": _Printer._reduction,
    "argmax": _Printer._reduction,
    "argmin": _Printer._reduction,
    "dimshuffle": _Printer._dimshuffle,
    "reshape": _Printer._reshape,
    "slice": _Printer._slice,
    "update_slice": _Printer._update_slice,
    "gather": _Printer._gather,
    "scatter": _Printer._scatter,
    "concat": _Printer._concat,
    "iota": _Printer._iota,
    "specify": _Printer._specify,
    "nonzero": _Printer._counted,
    "repeated": _Printer._counted,
    "csr_check": _Printer._sparse,
    "csr_rows": _Printer._sparse,
    "csr_sum": _Printer._sparse,
    "csr_tsum": _Printer._sparse,
    "csr_dot": _Printer._sparse,
    "csr_tdot": _Printer._sparse,
    "csr_sampled": _Printer._sparse,
}


def _masked(target: Node, positions: Sequence[Node], axes: tuple[int, ...]) -> tuple[Node, Node] | None:
    """The array and the mask where positions are those of a mask, whose axes may have been joined for that."""
    if len(positions) != 1 or positions[0].op.name != "nonzero":
        return None
    mask = positions[0].args[0]
    while mask.op.name in ("reshape", "specify"):
        mask = mask.args[0]
    if mask.ndim > 1 and target.op.name == "reshape":
        target = target.args[0]
        joined = target.shape[axes[0] : axes[0] + mask.ndim]
        return (target, mask) if len(joined) == mask.ndim else None
    return (target, mask) if mask.ndim == 1 else None


def _beyond(node: Node, size: Size) -> int | None:
    """The number that `node` adds to `size`, if that is what it is."""
    if node is size:
        return 0
    if node.op.name == "add" and node.args[0] is size:
        return _whole(node.args[1])
    return None


def _as_written(step: int, start: Node, length: Node, size: Size) -> str | None:
    """A slice of an axis of unknown size as the user wrote it: `1:-1`, `:3`, `-2:`, `::-1`; None for other bounds."""
    if step == -1 and length is size and _beyond(start, size) == -1:
        return "::-1"
    begins = _whole(start)
    cut, zero = _operands(length, "maximum")
    short = _beyond(cut, size) if cut is not None and zero is not None and _whole(zero) == 0 else None
    if step != 1 or isinstance(size, int):
        top, by = _operands(length, "floordiv")
        all_of_it = top is not None and by is not None and _whole(by) == step and _beyond(top, size) == step - 1
        return f"::{step}" if begins == 0 and all_of_it else None
    if begins is None:
        from_end, floor = _operands(start, "maximum")
        back = _beyond(from_end, size) if from_end is not None and floor is not None else None
        same, count = _operands(length, "minimum")
        ends = same is size and count is not None and back is not None and _whole(count) == -back
        return f"{back}:" if ends else None
    low = str(begins) if begins else ""
    if length is size_less(size, begins):
        return f"{low}:"
    if short is not None:
        return f"{low}:{begins + short if begins + short else ''}"
    inner, less = _operands(cut, "add") if cut is not None else (length, None)
    same, count = _operands(inner, "minimum") if inner is not None else (None, None)
    fits = same is size and count is not None and (_whole(less) if less is not None else 0) == -begins
    return f"{low}:{_whole(count)}" if fits and count is not None else None


def _operands(node: Node, op: str) -> tuple[Node | None, Node | None]:
    """Both operands of a node of the given op."""
    return (node.args[0], node.args[1]) if node.op.name == op else (None, None)


def _whole(node: Node) -> int | None:
    """The value of a 0-d integer constant."""
    return int(node.value) if node.op is CONST and node.ndim == 0 else None


def _constant(node: Node) -> str:
    """`2.0`, `[1, 2, 3]`, `zeros(3, 4)`-like texts of at most 40 characters."""
    value = node.value
    if value.ndim == 0:
        return _scalar(value[()])
    flat = value.reshape(-1)
    if flat.size and (flat == flat[0]).all():
        return f"full({value.shape}, {_scalar(flat[0])})"
    if value.ndim == 1 and value.size <= 6:
        return f"[{', '.join([_scalar(item) for item in value])}]"
    return f"<{node.dtype.name} {list(value.shape)}>"


def _scalar(value: Any) -> str:
    return repr(value.item()) if isinstance(value, (np.generic, np.ndarray)) else repr(value)


def _short(value: Any) -> str:
    """A parameter, on one short line of ASCII."""
    text = ascii(value)
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 3] + "..."
