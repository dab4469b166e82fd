"""Which nodes become statements of their own, and which are inlined where they are used.

Input: a Program and its `Extents`. Output: `Keep`. The numbers were measured (cost of an op against
a store and a load); keeping is cheap to be wrong about, since a kept value whose readers all land in
its own loop is a C local.
"""

from __future__ import annotations

from collections.abc import Sequence

from modc.graph.node import Leaf, Node, Size, walk
from modc.graph.ops_core import CONST, DIM, NAMED_DIM
from modc.graph.program import Program
from modc.schedule.extents import Extents, Unschedulable

MAX_TREE = 64  # ops of one inlined expression
SHARED = 8  # from this cost on, an expression that is used twice is kept
WIDER = 4  # from this cost on, an expression is not repeated along axes that it does not have
FEW_TERMS = 12  # products with an inner size up to this are sums that are written out
FEW_STRIDED = 4  # the same where the second operand is transposed
SMALL_PRODUCT = 4096  # matrix products of fixed sizes up to this are loops

SUPPORTED = frozenset((
    "sum", "prod", "max", "peak", "min", "any", "all", "argmax", "argmin", "dot", "dimshuffle", "broadcast", "reshape",
    "slice", "gather", "scatter", "update_slice", "concat", "iota", "cast", "input", "const", "dim", "named_dim", "require",
    "specify",
))


def runtime_args(node: Node, extents: Extents) -> tuple[Node, ...]:
    """The arguments whose values `run` needs (sizes that plan computes are not among them)."""
    name = node.op.name
    if node.op in (DIM, NAMED_DIM) or name == "iota":
        return ()
    if name in ("broadcast", "reshape", "specify"):
        return node.args[:1]
    if node.op.family == "call":
        return array_args(node)
    if name in ("slice", "update_slice"):
        first = 1 if name == "slice" else 2
        return node.args[:first] + tuple(arg for arg in node.args[first:] if not extents.known(arg))
    return node.args


def array_args(node: Node) -> tuple[Node, ...]:
    """The operands of a call that its C function reads: not the length of its result."""
    return node.args[:-1] if "counted" in node.op.traits else node.args


def runtime_walk(roots: Sequence[Node], extents: Extents) -> list[Node]:
    """The nodes that `run` computes, arguments first."""
    return list(walk(roots, lambda node: runtime_args(node, extents)))


def same_memory(have: Sequence[Size], want: Sequence[Size]) -> bool:
    """Whether two canonical shapes differ only by axes of size 1."""
    return [size for size in have if size != 1] == [size for size in want if size != 1]


def reshape_source(node: Node) -> Node:
    """What a reshape reads, through other reshapes and added or dropped axes of size 1."""
    return whole_source(node.args[0])


def _in_order(pattern: tuple[int, ...]) -> bool:
    kept = [axis for axis in pattern if axis >= 0]
    return kept == sorted(kept)


def whole_source(node: Node) -> Node:
    """What has the memory of a whole row-major operand: reshaped or not, it is the same."""
    while node.op.name in ("reshape", "specify") or (node.op.name == "dimshuffle" and _in_order(node.attrs[0])):
        node = node.args[0]
    return node


def transposed(node: Node) -> tuple[Node, bool]:
    """A matrix operand without its transposition, and without checks of its sizes."""
    node = _unchecked(node)
    if node.op.name == "dimshuffle" and node.attrs[0] == (1, 0):
        return _unchecked(node.args[0]), True
    return node, False


def _unchecked(node: Node) -> Node:
    while node.op.name == "specify":
        node = node.args[0]
    return node


def is_leaf(node: Node) -> bool:
    """Whether a node is there without computing."""
    return isinstance(node, Leaf) or node.op in (CONST, DIM, NAMED_DIM)


class Keep:
    """nodes: what `run` computes; kept: the ones with statements of their own, in walk order."""

    def __init__(self, program: Program, extents: Extents) -> None:
        self.extents = extents
        self.nodes = runtime_walk(program.roots, extents)
        self.users: dict[Node, list[Node]] = {node: [] for node in self.nodes}
        self.uses: dict[Node, int] = dict.fromkeys(self.nodes, 0)
        for node in self.nodes:
            if node.op.name not in SUPPORTED and node.op.family not in ("map", "call"):
                python = node.op.family == "python"
                why = f"{node.op.name} is a function of Python" if python else f"the C kernel has no lowering of {node.op.name}"
                raise Unschedulable(why)
            for arg in dict.fromkeys(runtime_args(node, extents)):
                self.users[arg].append(node)
            for arg in runtime_args(node, extents):
                self.uses[arg] += 1
        for node in program.outputs:
            self.uses[node] += 1
        self.updated = dict.fromkeys(node for _, node in program.updates)
        for _, node in program.updates:  # each: one value may update several members
            self.uses[node] += 1
        self.kept: dict[Node, None] = {}
        self.cost: dict[Node, int] = {}
        self.size: dict[Node, int] = {}
        self._forced: set[Node] = set()
        self._span: dict[Node, int] = {}
        self._force()
        self._spans()
        for node in self.nodes:
            self._decide(node)

    def _axes(self, node: Node) -> int:
        return sum(size != 1 for size in self.extents.shape(node))

    def is_written_out(self, node: Node) -> bool:
        """Whether a dot is so short that it is an expression of its terms."""
        inner = self.extents.canonical(node.args[0].shape[-1])
        limit = FEW_STRIDED if transposed(node.args[1])[1] else FEW_TERMS
        return isinstance(inner, int) and 1 <= inner <= limit

    def is_gemm(self, node: Node) -> bool:
        """Whether a dot is a matrix product that csrc computes (else it is written as loops)."""
        if node.op.name != "dot" or node.args[0].ndim != 2 or node.args[1].ndim != 2 or node.dtype.kind in "bc":
            return False
        sizes = (*self.extents.shape(node), self.extents.canonical(node.args[0].shape[1]))
        if any(size == 1 for size in sizes) or self.is_written_out(node):
            return False
        product = 1
        for size in sizes:
            product *= size if isinstance(size, int) else SMALL_PRODUCT + 1
        return product > SMALL_PRODUCT or product == 0

    def is_view(self, node: Node) -> bool:
        """Whether reading `node` only moves the index."""
        return node.op.name in ("dimshuffle", "broadcast", "slice", "reshape", "specify", "require")

    def true_reshape(self, node: Node) -> bool:
        """Whether a reshape does more than add or drop axes of size 1."""
        if node.op.name != "reshape":
            return False
        return not same_memory(self.extents.shape(node.args[0]), self.extents.shape(node))

    def _force(self) -> None:
        for node in self.nodes:
            if self.is_gemm(node):
                for arg in node.args:
                    self._forced.add(transposed(arg)[0])
            elif self.true_reshape(node):
                self._forced.add(reshape_source(node))
            elif node.op.name == "scatter":
                self._forced.add(node.args[1])
            elif node.op.family == "call":
                self._forced.update(map(whole_source, array_args(node)))

    def _spans(self) -> None:
        """How many axes the consumers of each node iterate over, seen through views."""
        for node in reversed(self.nodes):
            widest = 0
            for user in self.users[node]:
                if self.is_view(user):
                    width = max(self._span[user], self._axes(user))
                elif user.op.name == "dot":
                    width = self._axes(user) + 1
                elif user.op.family == "reduce":
                    width = self._axes(user.args[0])
                elif user.op.name == "gather":
                    width = self._axes(user) + (1 if node is user.args[0] else 0)
                else:
                    width = self._axes(user)
                widest = max(widest, width)
            self._span[node] = widest

    def _decide(self, node: Node) -> None:
        args = [arg for arg in runtime_args(node, self.extents) if arg not in self.kept]
        own = node.op.cost if node.op.family == "map" else 0
        self.cost[node] = min(sum(self.cost[arg] for arg in args) + own, 1 << 20)
        self.size[node] = min(sum(self.size[arg] for arg in args) + 1, 1 << 20)
        if is_leaf(node):
            self.cost[node] = self.size[node] = 0
        elif self._is_kept(node):
            self.kept[node] = None
            self.cost[node] = self.size[node] = 0

    def _is_kept(self, node: Node) -> bool:
        if node.op.family in ("reduce", "contract", "region", "call") or node.op.name == "scatter":
            return True
        if node in self._forced or node in self.updated or self.size[node] > MAX_TREE:
            return True
        if self.is_view(node):
            return False
        cost = self.cost[node]
        shared = cost >= SHARED and self.uses[node] >= 2
        return shared or (cost >= WIDER and self._span[node] > self._axes(node))


def walk_numbers(program: Program) -> dict[Node, int]:
    """The number of each node in the program's walk, as error messages and sites use it."""
    return {node: number for number, node in enumerate(walk(program.roots))}
