"""What statements are made of: axes, indices, scalar terms, kept values.

`statements` makes them from graph nodes; `order`, `place`, `storage` and `lower` read them. Terms are
hash-consed by `Terms`, so equal scalar expressions over the same axes are one object.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from modc.graph.dtype import INT64, DType
from modc.graph.node import Node, Size
from modc.graph.op import Op

#: A sum of sizes: (constant, ((size node, factor), ...)), the nodes canonical, in order of first use.
Linear = tuple[int, tuple[tuple[Node, int], ...]]
ZERO: Linear = (0, ())


def linear_add(a: Linear, b: Linear, factor: int = 1) -> Linear:
    """The sum a + factor * b."""
    if not b[1]:
        return a[0] + factor * b[0], a[1]
    total = dict(a[1])
    for node, count in b[1]:
        total[node] = total.get(node, 0) + factor * count
    return a[0] + factor * b[0], tuple((node, count) for node, count in total.items() if count)


class Axis:
    """One dimension of a statement's iteration space. The extent is canonical (see `extents`)."""

    __slots__ = ("extent",)

    def __init__(self, extent: Size) -> None:
        self.extent = extent


class At(NamedTuple):
    """The position step * axis + offset along one dimension; axis None: the offset alone."""

    axis: Axis | None
    step: int
    offset: Linear


class Dyn(NamedTuple):
    """A position that a term computes, already checked or known to be in range."""

    term: Term


Entry = At | Dyn
Index = tuple[Entry, ...]
ORIGIN = At(None, 0, ZERO)


class Term:
    """One scalar expression. kind: "const", "size", "axis", "read" or "apply".

    const  data = the Python value             size  data = a Linear of sizes (int64)
    axis   data = an At (int64)                read  data = (source, index, shape)
    apply  data = (op, attrs), over args
    The source of a read is a Leaf, a constant Node, or a Value; shape is the shape under which it is
    read (a reshape reads the same memory under other sizes).
    """

    __slots__ = ("args", "data", "dtype", "kind", "ops")

    def __init__(self, kind: str, dtype: DType, data: Any, args: tuple[Term, ...]) -> None:
        self.kind, self.dtype, self.data, self.args = kind, dtype, data, args
        own: int = data[0].cost if kind == "apply" else 0
        self.ops: int = sum(arg.ops for arg in args) + own


class Terms:
    """The factory of terms."""

    def __init__(self) -> None:
        self._known: dict[Any, Term] = {}

    def _make(self, kind: str, dtype: DType, data: Any, args: tuple[Term, ...] = (), key: Any = None) -> Term:
        key = (kind, dtype, data if key is None else key, args)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Term(kind, dtype, data, args)
        return found

    def const(self, value: bool | int | float, dtype: DType) -> Term:
        """A literal."""
        return self._make("const", dtype, value, (), repr(value))

    def size(self, value: Linear) -> Term:
        """A sum of sizes, as a number."""
        return self.const(value[0], INT64) if not value[1] else self._make("size", INT64, value)

    def position(self, entry: Entry) -> Term:
        """The int64 value of an index entry."""
        if isinstance(entry, Dyn):
            return entry.term
        return self.size(entry.offset) if entry.axis is None else self._make("axis", INT64, entry)

    def read(self, source: Source, index: Index, shape: tuple[Size, ...], dtype: DType) -> Term:
        """One element of memory."""
        return self._make("read", dtype, (source, index, shape))

    def apply(self, op: Op, args: tuple[Term, ...], dtype: DType, attrs: tuple[Any, ...] = ()) -> Term:
        """A scalar row applied."""
        return self._make("apply", dtype, (op, attrs), args)


class Value:
    """A kept node (or the copy that an update stores): computed by statements, read by others.

    writers: the statements that fill it, in order. home: its place, given by `storage`.
    """

    __slots__ = ("axes_kept", "dtype", "home", "into", "node", "number", "partial", "readers", "ring", "shape", "writers")

    def __init__(self, number: int, node: Node, shape: tuple[Size, ...]) -> None:
        self.number, self.node, self.shape = number, node, shape
        self.dtype = node.dtype
        self.writers: list[Statement] = []
        self.readers: list[Statement] = []
        self.home: Any = None
        self.partial: Any = None  # where a long sum of rows is added up before it goes home
        self.ring = 0  # rows of a ring, a power of two, whose row i stands at i modulo it
        self.into: Statement | None = None  # the commit that a call does itself
        self.axes_kept: tuple[int, ...] = ()  # dimensions that its place has


Source = Node | Value


class Statement:
    """One unit that the placement puts into the tree of loops.

    kind     "map", "reduce", "arg" (argmax, argmin), "call" (gemm), "check", "commit", "output"
    value    what it fills (map, reduce, arg, call) or None; target: the Buffer position of a commit or output
    axes     outermost first, after `order`; reduced: the ones that are summed over
    out      an entry per dimension of what it stores to; term: the scalar that it computes
    whole    the shape of what `out` indexes
    combine  how it joins with what is there: the op of a reduction, or "add" of a scatter
    wide     sums of float32 are added up in float64
    """

    __slots__ = (
        "after", "axes", "call", "combine", "kind", "lag", "member", "node", "number", "out", "path", "preds", "reads",
        "reduced", "site", "target", "term", "value", "whole", "wide",
    )

    def __init__(self, kind: str, node: Node, axes: list[Axis], out: Index, term: Term | None) -> None:
        self.kind, self.node, self.axes, self.out, self.term = kind, node, axes, out, term
        self.number = -1
        self.reduced: tuple[Axis, ...] = ()
        self.value: Value | None = None
        self.target: Any = None
        self.member: Node | None = None  # the member that a commit stores to
        self.combine: Op | None = None
        self.call: Any = None
        self.site = -1
        self.wide = True
        self.reads: list[tuple[Source, Index, tuple[Size, ...]]] = []
        self.preds: dict[Statement, None] = {}
        self.after: list[Statement] = []  # statements that have this one as a pred
        self.path: tuple[Any, ...] = ()
        self.lag = 0
        self.whole: tuple[Size, ...] = ()  # the shape of what a commit or output stores to

    def collect_reads(self) -> None:
        """Fill `reads` from the term and the store's index, in order, without repeats."""
        found: dict[tuple[Any, ...], None] = {}
        stack = [entry.term for entry in reversed(self.out) if isinstance(entry, Dyn)]
        stack += reversed(self.call.scalars) if self.call else ()
        stack += [self.term] if self.term is not None else []
        seen: set[Term] = set()
        while stack:
            term = stack.pop()
            if term in seen:
                continue
            seen.add(term)
            stack.extend(reversed(term.args))
            if term.kind == "read":
                found[term.data] = None
                stack.extend(entry.term for entry in term.data[1] if isinstance(entry, Dyn))
        self.reads = list(found)
        if self.call:
            self.reads += self.call.operand_reads()
