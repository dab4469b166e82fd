"""A Method whose sizes depend on data, or that calls Python, as several Programs in sequence.

Input: a Program. Output: `Piece`s, or None where one kernel can do it all (the usual case, found out in one walk). A
kernel's sizes must be known before it runs; so a number that a size is made of, such as the count of `nonzero`, is
computed by a Program of its own first, and is an input of the later ones. An op of family "python" runs between two
Programs: its arguments are outputs of the one before, its result an input of those after. Only the last Program has the
outputs and updates of the Method. Neighbours: `pipeline` compiles the Programs, `staged` runs them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from modc.graph.build import apply, leaf, size_node, substitute
from modc.graph.masked import unmasked
from modc.graph.node import Leaf, Node, walk
from modc.graph.op import OPS
from modc.graph.ops_core import CONST, DIM, NAMED_DIM
from modc.graph.program import Program


class Piece:
    """One Program of the sequence, and what follows from its outputs.

    gives       per output of the Program the node of the whole that it is; () for the last Program
    python      nodes that Python computes when the Program has run
    cuts        the nodes whose values are inputs of this Program, behind those of the Method
    inputs, members   positions in the whole Program of what this one takes
    """

    __slots__ = ("cuts", "gives", "inputs", "members", "program", "python")

    def __init__(
        self, program: Program, gives: Sequence[Node], python: Sequence[Node], cuts: Sequence[Node],
        inputs: Sequence[int], members: Sequence[int],
    ) -> None:  # fmt: skip
        self.program, self.gives, self.python, self.cuts = program, tuple(gives), tuple(python), tuple(cuts)
        self.inputs, self.members = tuple(inputs), tuple(members)


def split(program: Program) -> list[Piece] | None:
    """The sequence of Programs that computes `program`; None where it is one kernel as it stands."""
    cuts = _cuts(program)
    if cuts:  # masks may need no positions
        program = program.with_roots(unmasked(program.roots))
        cuts = _cuts(program)
    return _Splitter(program, cuts).run() if cuts else None


def _cuts(program: Program) -> dict[Node, None]:
    """Numbers that sizes are made of and no size plan can compute, and results of Python."""
    known: dict[Node, bool] = {}
    found: dict[Node, None] = {}
    for node in program.walk():
        if node.op.family == "python":
            found[node] = None
        for size in node.shape:
            if isinstance(size, Node) and not plannable(size, known):
                found.update(dict.fromkeys(_numbers(size, known)))
    return found


def plannable(size: Node, known: dict[Node, bool]) -> bool:
    """Whether a size plan can compute this 0-d node: from sizes and 0-d inputs and members."""
    if size not in known:
        for node in walk([size], lambda one: () if one in known else one.args):
            if node not in known:
                known[node] = _plannable(node, known)
    return known[size]


def _plannable(node: Node, known: dict[Node, bool]) -> bool:
    if node.op in (DIM, NAMED_DIM):
        return True
    if node.op.family == "python" and node.op.user and node.attrs[1] >= 0:
        return True  # a size of what Python gave: that is an input of the next kernel, which has the size
    if node.op is CONST or isinstance(node, Leaf):
        return node.ndim == 0
    if node.op.name == "slice" and node.ndim == 0:
        return all(arg.op is CONST for arg in node.args)
    return node.ndim == 0 and node.op.family == "map" and node.op.name != "iota" and all(known[arg] for arg in node.args)


def _numbers(size: Node, known: dict[Node, bool]) -> Iterable[Node]:
    """The 0-d nodes under a size that data decide, as far down as they are numbers."""
    stack, seen = [size], set[Node]()
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        unknown = [arg for arg in node.args if arg.ndim or not plannable(arg, known)]
        if node.op.family == "map" and all(arg.ndim == 0 for arg in node.args):
            stack.extend(reversed(unknown))
        else:
            yield node


_CHEAP = 8  # operations that a later Program rather repeats than reads the array that they give


def _marks(program: Program, cuts: dict[Node, None]) -> dict[Node, Node]:
    """Count -> the vector of marks or numbers that was counted, where a later Program must not compute that again."""
    found: dict[Node, Node] = {}
    for node in program.walk():
        if "counted" in node.op.traits and node.args[-1] in cuts:
            marks = node.args[0]
            while marks.op.name in ("reshape", "specify"):
                marks = marks.args[0]
            if not _is_cheap(marks):
                found[node.args[-1]] = marks
    return found


_COSTLY = ("call", "contract", "reduce")


def _is_cheap(marks: Node) -> bool:
    """Whether an array is a few elementwise operations of what is there."""
    below = list(walk([marks], lambda one: () if isinstance(one, Leaf) else one.args))
    few = sum(node.ndim > 0 for node in below) <= _CHEAP
    return few and all(node.op.family in ("leaf", "map", "view") for node in below)


class _Splitter:
    """The work on one Program."""

    def __init__(self, program: Program, cuts: dict[Node, None]) -> None:
        self.program, self.cuts = program, cuts
        self.marks = _marks(program, cuts)
        self.leaves: dict[Node, Node] = {}  # what a later Program gets for a cut
        self.stands: dict[Node, Node] = {}  # what stands for it there: the same, with its sizes
        self.level: dict[Node, int] = {}
        for node in program.walk():
            below = max((self.level[arg] for arg in node.args), default=0)
            self.level[node] = below + (node in cuts)

    def run(self) -> list[Piece]:
        """Level by level: what needs no cut, what needs cuts of the first level, and so on; then the rest."""
        pieces: list[Piece] = []
        for level in range(1, max(self.level[node] for node in self.cuts) + 1):
            now = [node for node in self.cuts if self.level[node] == level]
            python = [node for node in now if node.op.family == "python"]
            arguments = [arg for node in python for arg in node.args]
            marks = [self.marks[node] for node in now if node in self.marks and self.marks[node] not in self.leaves]
            wanted = dict.fromkeys([node for node in now if node.op.family != "python"] + arguments + marks)
            marks += self._shared(list(wanted))
            wanted.update(dict.fromkeys(marks))
            pieces.append(self._piece(list(wanted), python))
            for node in dict.fromkeys([*now, *marks]):
                self.leaves[node] = leaf(node.dtype, node.static_shape, _Cut(f"cut{len(self.leaves)}"), node.source)
            for node in dict.fromkeys([*now, *marks]):
                self.stands[node] = self._sized(node) if node in marks else self.leaves[node]
        pieces.append(self._piece([], []))
        return pieces

    def _shared(self, gives: list[Node]) -> list[Node]:
        """Arrays that cost something, which these are computed from, and what comes later too."""

        def below(node: Node) -> tuple[Node, ...]:
            return () if node in self.leaves else node.args

        costly = {node for node in walk(gives, below) if node.ndim and node.op.family in _COSTLY and node not in self.leaves}
        given = set(gives)
        later = walk(self.program.roots, lambda node: () if node in given or node in costly else below(node))
        return [node for node in later if node in costly and node not in given]

    def _sized(self, node: Node) -> Node:
        """What stands for an array, with the sizes that it had where it was computed."""
        sizes = substitute([size_node(size) for size in node.shape], self.leaves | self.stands)
        return apply(OPS["specify"], self.leaves[node], *sizes, kind="shape", source=node.source)

    def _piece(self, gives: list[Node], python: list[Node]) -> Piece:
        """A Program that computes `gives`, or the Method's own outputs and updates."""
        whole = self.program
        last = not gives and not python
        roots = substitute(whole.roots if last else gives, self.stands)
        used = set(walk(roots))
        written = {at for at, _ in whole.updates} if last else set[int]()
        inputs = [at for at, one in enumerate(whole.inputs) if one in used]
        members = [at for at, one in enumerate(whole.members) if one in used or at in written]
        cuts = [node for node, one in self.leaves.items() if one in used]
        names = [whole.input_names[at] for at in inputs] + [f"cut{at}" for at in range(len(cuts))]
        place = {at: position for position, at in enumerate(members)}
        split = len(whole.outputs)
        updates = [(place[at], root) for (at, _), root in zip(whole.updates, roots[split:], strict=True)] if last else []
        program = Program(
            whole.name, [*(whole.inputs[at] for at in inputs), *(_leaf(self.leaves[node]) for node in cuts)], names,
            [whole.members[at] for at in members], [whole.member_names[at] for at in members],
            roots[:split] if last else roots, updates,
        )  # fmt: skip
        return Piece(program, gives, python, cuts, inputs, members)


class _Cut:
    """The name of a value that an earlier Program gave, as a Variable would have it."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


def _leaf(node: Node) -> Leaf:
    assert isinstance(node, Leaf)
    return node

