"""Looking at expressions and Methods: on one line, as a tree with types, as a picture; and `Print`, which looks at values.

Input: Variables, compiled Methods, instances. Output: text. Nothing here changes what is computed. Reference: the names and
the look of Theano's `theano.printing`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from modc.errors import ModcError
from modc.graph import Leaf, Node, Program, walk
from modc.graph.show import infix, program_names, type_text
from modc.tensor.python_ops import Print
from modc.tensor.variable import Variable, as_variable

__all__ = ["Print", "debugprint", "dot", "pp", "pprint", "pydotprint"]

#: How long `pp` is at most, and how many levels it shows.
LONGEST, DEEPEST = 100_000, 200


def pp(x: Any) -> str:
    """An expression on one line, in the language's own notation; of a compiled Method its outputs and updates, a line each.

    What lies deeper than 200 levels is printed as `...`.

    >>> T.pp(T.exp(T.dvector("x")[1:]) + 1)
    'exp(x[1:]) + 1.0'
    """
    program = getattr(x, "program", None)
    if isinstance(program, Program):
        names = program_names(program)
        lines = [infix(node, LONGEST, names, DEEPEST) for node in program.outputs]
        lines += [f"{names[program.members[at]]} <- {infix(node, LONGEST, names, DEEPEST)}" for at, node in program.updates]
        return "\n".join(lines)
    return infix(as_variable(x).node, LONGEST, None, DEEPEST)


pprint = pp


def debugprint(
    obj: Any, file: Any = None, print_type: bool = True, ids: str = "CHAR", depth: int = -1,
    stages: Sequence[str] = ("graph", "rewritten", "schedule"),
) -> Any:  # fmt: skip
    """Write an expression as a tree, with every part once: another mention of it ends in `...`.

    obj         Variable, or a list of them; a compiled Method: its storage, its graph before and after rewriting, and the
                loops with what is stored where; an instance: all its Methods
    file        an open file; None: standard output; "str": the text is the result
    print_type  dtypes and sizes
    ids         "CHAR" (A, B ...), "int" (0, 1 ...) or "" for none: equal ids are one node
    depth       levels that are shown, -1: all
    stages      which parts of a Method are shown

    Raises TypeError for what is none of these.

    >>> x = T.dvector("x")
    >>> T.debugprint(T.tanh(x) + T.tanh(x).sum())
    add [id A] float64[x.shape[0]]
     ├─ tanh [id B] float64[x.shape[0]]
     │   └─ x [id C] float64[x.shape[0]]
     └─ sum{axes=(0,)} [id D] float64[]
         └─ tanh [id B] float64[x.shape[0]] ...
    """
    if ids not in ("CHAR", "int", ""):
        raise ValueError(f"ids is 'CHAR', 'int' or '', not {ids!r}")
    unknown = set(stages) - {"graph", "rewritten", "schedule"}
    if unknown:
        raise ValueError(f"stages are graph, rewritten and schedule, not {min(unknown)!r}")
    text = "".join(line + "\n" for line in _lines(obj, _Look(print_type, ids, depth), tuple(stages)))
    if file == "str":
        return text
    (sys.stdout if file is None else file).write(text)
    return None


class _Look:
    """How trees are shown."""

    __slots__ = ("depth", "ids", "types")

    def __init__(self, types: bool, ids: str, depth: int) -> None:
        self.types, self.ids, self.depth = types, ids, depth


def _lines(obj: Any, look: _Look, stages: Sequence[str]) -> Iterator[str]:
    if isinstance(obj, (list, tuple)) and all(isinstance(one, Variable) for one in obj):
        yield from _Tree(look, {}).all([("", one.node) for one in obj])
    elif isinstance(obj, Variable):
        yield from _Tree(look, {}).all([("", obj.node)])
    elif isinstance(getattr(obj, "program", None), Program):
        yield from _method(obj, look, stages)
    elif hasattr(type(obj), "_modc_parts"):
        yield from _instance(obj, look, stages, set())
    else:
        raise TypeError(f"debugprint shows Variables, compiled Methods and instances, not {type(obj).__name__}")


def _instance(obj: Any, look: _Look, stages: Sequence[str], seen: set[int]) -> Iterator[str]:
    if id(obj) in seen:
        return
    seen.add(id(obj))
    for _, part in obj._modc_parts():
        if isinstance(getattr(part, "program", None), Program):
            yield from _method(part, look, stages)
        elif hasattr(type(part), "_modc_parts"):
            yield from _instance(part, look, stages, seen)


def _method(method: Any, look: _Look, stages: Sequence[str]) -> Iterator[str]:
    """Storage and stages of a compiled Method."""
    program: Program = method.program
    yield f"Method {program.name} (mode {method.mode})"
    yield from _storage(program, method.spec.cells)
    if "graph" in stages:
        yield "graph"
        yield from _program(program, look)
    if set(stages) <= {"graph"}:
        return
    kernels = method.kernels
    for number, kernel in enumerate(kernels):
        which = f" of kernel {number + 1} of {len(kernels)}" if len(kernels) > 1 else ""
        try:
            found = kernel.stages
        except ModcError as error:
            yield f"no kernel{which}: {error}"
            continue
        if "rewritten" in stages:
            yield f"rewritten{which}"
            yield from _program(found.rewritten, look)
        if "schedule" in stages:
            yield f"schedule{which}"
            yield from (f"  {line}" for line in found.text("schedule").splitlines())


def _storage(program: Program, cells: Sequence[Any]) -> Iterator[str]:
    names = program_names(program)
    used, written = set(program.walk()), {program.members[at] for at, _ in program.updates}
    for leaf in program.inputs:
        yield f"  input   {names[leaf]}: {type_text(leaf, names)}"
    for leaf, cell in zip(program.members, cells, strict=False):
        value = cell.value
        now = "holds nothing" if value is None else f"{value.shape}, {value.nbytes} bytes"
        use = ", ".join(["read"] * (leaf in used) + ["written"] * (leaf in written)) or "unused"
        yield f"  member  {names[leaf]}: {type_text(leaf, names)}, {now}; {use}"


def _program(program: Program, look: _Look) -> Iterator[str]:
    names = program_names(program)
    roots = [(f"output {at}: ", node) for at, node in enumerate(program.outputs)]
    roots += [(f"{names[program.members[at]]} <- ", node) for at, node in program.updates]
    yield from (f"  {line}" for line in _Tree(look, names).all(roots))


class _Tree:
    """One tree for several expressions, with a number for each node."""

    def __init__(self, look: _Look, names: Mapping[Node, str]) -> None:
        self.look, self.names = look, names
        self.ids: dict[Node, int] = {}

    def all(self, roots: Sequence[tuple[str, Node]]) -> Iterator[str]:
        """Lines; without recursion, so that graphs of any depth print."""
        for title, root in roots:
            stack: list[tuple[Node, str, str, int]] = [(root, title, "", 0)]
            while stack:
                node, first, rest, level = stack.pop()
                known = node in self.ids
                inside = self._children(node)
                cut = bool(inside) and (known or level == self.look.depth)
                yield first + self._text(node) + (" ..." if cut else "")
                if cut:
                    continue
                for at, arg in reversed(list(enumerate(inside))):
                    last = at == len(inside) - 1
                    stack.append((arg, rest + (" └─ " if last else " ├─ "), rest + ("    " if last else " │  "), level + 1))

    def _children(self, node: Node) -> Sequence[Node]:
        return () if node in self.names or isinstance(node, Leaf) or node.op.name == "dim" else node.args

    def _text(self, node: Node) -> str:
        number = self.ids.setdefault(node, len(self.ids))
        text = self._name(node)
        if self.look.ids:
            text += f" [id {_letters(number) if self.look.ids == 'CHAR' else number}]"
        return f"{text} {type_text(node, self.names)}" if self.look.types else text

    def _name(self, node: Node) -> str:
        if node in self.names:
            return self.names[node]
        if not node.args or node.op.name == "dim":
            return infix(node, 60, self.names)
        return label(node)


def label(node: Node) -> str:
    """An op with its parameters."""
    given = [f"{name}={value}" for name, value in zip(node.op.params, node.attrs, strict=True) if node.op.family not in ("python", "graph")]
    part = node.attrs[0] if node.op.family in ("python", "graph") and node.attrs else 0
    text = f"{node.op.name}{{{', '.join(given)}}}" if given else f"{node.op.name}{f'.{part}' if part else ''}"
    text = text.encode("ascii", "backslashreplace").decode()
    return text if len(text) <= 80 else text[:77] + "..."


def _letters(number: int) -> str:
    """A, B ... Z, AA, AB ..."""
    text = ""
    number += 1
    while number:
        number, at = divmod(number - 1, 26)
        text = chr(ord("A") + at) + text
    return text


# Pictures


def dot(x: Any) -> str:
    """The graph of a Variable, a list of them, or a compiled Method, in the language of Graphviz."""
    program = getattr(x, "program", None)
    if isinstance(program, Program):
        names, roots = program_names(program), list(program.roots)
    else:
        names, roots = {}, [as_variable(one).node for one in (x if isinstance(x, (list, tuple)) else [x])]
    shown: Callable[[Node], bool] = lambda node: node.op.name not in ("dim", "named_dim")  # noqa: E731
    numbers: dict[Node, int] = {}
    lines = ["digraph modc {"]
    for node in filter(shown, walk(roots)):
        number = numbers[node] = len(numbers)
        leaf = isinstance(node, Leaf) or not node.args
        text = (names.get(node) or infix(node, 60)) if leaf else label(node)
        shape = "box" if leaf else "ellipse"
        lines.append(f'  n{number} [shape={shape}, label="{_quoted(text)}\\n{_quoted(type_text(node, names))}"];')
        lines += [f"  n{numbers[arg]} -> n{number};" for arg in node.args if shown(arg)]
    for at, root in enumerate(roots):
        if root in numbers:
            lines += [f'  out{at} [shape=plaintext, label="{at}"];', f"  n{numbers[root]} -> out{at};"]
    return "\n".join([*lines, "}"]) + "\n"


def pydotprint(x: Any, outfile: str = "modc.dot", **options: Any) -> None:
    """Write `dot(x)` to a file, for `dot -Tsvg`. Options of Theano's function are taken and have no effect."""
    text = dot(x)
    with open(outfile, "w", encoding="utf-8") as file:
        file.write(text)


def _quoted(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in text).replace("\\", "\\\\").replace('"', '\\"')
