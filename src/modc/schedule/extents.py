"""Sizes of one program: which are equal, which plan must check, which the kernel can compute.

Input: a Program. Output: `Extents`, which gives each size its canonical form (a plain int, or one Node
for all sizes that agree), offsets as sums, and the agreements that `plan` has to check, in walk order.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from modc.errors import ModcError
from modc.graph.node import Leaf, Node, Size, size_text, walk
from modc.graph.op import OPS
from modc.graph.ops_core import CAST, CONST, DIM, NAMED_DIM
from modc.graph.program import Program
from modc.schedule.terms import ZERO, Linear, linear_add


class Unschedulable(ModcError, NotImplementedError):
    """A program that the C kernel cannot express, such as a size that only the data decide."""


class Agreement(NamedTuple):
    """One thing that plan checks: kind "eq" or "lt", blamed on an operand's axis of a node in the walk."""

    kind: str
    node: Node | None
    operand: int
    axis: int
    got: Size
    want: Size
    site: str


class Extents:
    """Union-find over the sizes of a program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.order: dict[Node, int] = {}
        self.parent: dict[Node, Size] = {}
        self.agreements: list[Agreement] = []
        self._linear: dict[Node, Linear] = {}
        self._known: dict[Node, bool] = {}
        self._forms: dict[Any, Node] = {}
        for leaf in (*program.inputs, *program.members):
            for size in leaf.shape:
                self._register(size)
        nodes = list(program.walk())
        for node in nodes:
            for size in node.shape:
                self._register(size)
        for node in nodes:
            self._agree(node)
        for member, node in program.updates:
            self._declared(program.members[member], member, node)
        self._close()

    # union-find

    def _register(self, size: Size) -> None:
        if isinstance(size, Node) and size not in self.order:
            if not self.known(size):
                raise Unschedulable(f"the size {size_text(size)} depends on data: a kernel cannot plan it")
            for node in walk([size]):
                self.order.setdefault(node, len(self.order))

    def find(self, size: Size) -> Size:
        """The representative of `size` among the sizes known to agree with it."""
        while isinstance(size, Node):
            up = self.parent.get(size)
            if up is None:
                return size
            size = up
        return size

    def _rank(self, size: Size) -> tuple[int, int]:
        if isinstance(size, int):
            return 0, 0
        kind = 1 if size.op in (DIM, NAMED_DIM) else 3 if size.op.name in ("add", "sub", "mul", "neg") else 2
        return kind, self.order[size]

    def _union(self, a: Size, b: Size) -> bool:
        """Make a and b one; False where they were, or are different constants."""
        a, b = self.find(a), self.find(b)
        if a is b or (isinstance(a, int) and isinstance(b, int)):
            return False
        if self._rank(b) < self._rank(a):
            a, b = b, a
        assert isinstance(b, Node)
        self.parent[b] = a
        return True

    def _agree(self, node: Node) -> None:
        if node.op.agree is None:
            return
        for kind, got, want, operand, axis in node.op.agree(node.args, *node.attrs):
            if isinstance(got, int) and isinstance(want, int):
                continue
            if kind == "lt":
                site = "empty" if node.op.family in ("reduce", "call") else "index"
                if all(not isinstance(size, Node) or self.known(size) for size in (got, want)):
                    self.agreements.append(Agreement(kind, node, operand, axis, got, want, site))
                continue
            self._register(got)
            self._register(want)
            if self.find(got) is not self.find(want) and self.find(got) != self.find(want):
                site = "numel" if node.op.name == "reshape" else node.attr("kind") if node.op.name == "specify" else "shape"
                self.agreements.append(Agreement(kind, node, operand, axis, got, want, site))
                self._union(got, want)

    def _declared(self, member: Leaf, position: int, node: Node) -> None:
        """Axes that a member's type fixes: its update must have them."""
        for axis, (dim, size) in enumerate(zip(member.dims, node.shape, strict=True)):
            want = member.shape[axis]
            if dim is None or size is want or (isinstance(size, int) and size == want):
                continue
            self._register(size)
            if self.find(size) is not self.find(want) and self.find(size) != self.find(want):
                self.agreements.append(Agreement("eq", node, position, axis, size, want, "next"))
                self._union(size, want)

    def _close(self) -> None:
        """Merge expressions that became equal because their parts did."""
        changed = True
        while changed:
            changed = False
            self._linear.clear()
            self._forms.clear()
            for node in list(self.order):
                if node.ndim or not node.dtype.is_integer or node.op is CONST or isinstance(node, Leaf):
                    continue
                form = self.linear(node)
                if not form[1]:
                    changed |= self._union(node, form[0])
                else:
                    changed |= self._union(node, self._forms.setdefault(form, node))
        self._linear.clear()

    # canonical forms

    def canonical(self, size: Size) -> Size:
        """The one object for all sizes that agree with `size`."""
        if isinstance(size, int):
            return size
        self._register(size)
        found = self.find(size)
        if isinstance(found, int):
            return found
        form = self.linear(found)
        if not form[1]:
            return form[0]
        return self.find(self._forms.setdefault(form, found))

    def shape(self, node: Node) -> tuple[Size, ...]:
        """The canonical sizes of a node."""
        return tuple(self.canonical(size) for size in node.shape)

    def linear(self, size: Size) -> Linear:
        """`size` as a constant plus multiples of sizes that are no sums themselves."""
        if isinstance(size, int):
            return size, ()
        found = self._linear.get(size)
        if found is None:
            self._register(size)
            for inner in walk([size]):  # operands first: sums of a thousand sizes are no recursion
                if inner not in self._linear and not inner.ndim and inner.dtype.is_integer:
                    self._linear[inner] = self._expand(inner)
            found = self._linear[size]
        return found

    def _expand(self, node: Node) -> Linear:
        if node.op is CONST:
            return int(node.value), ()
        name = node.op.name
        if name in ("add", "sub", "neg", "mul") and node.dtype.is_integer:
            parts = [self.linear(arg) for arg in node.args]
            if name == "neg":
                return linear_add(ZERO, parts[0], -1)
            if name != "mul":
                return linear_add(parts[0], parts[1], 1 if name == "add" else -1)
            for one, other in (parts, parts[::-1]):
                if not one[1]:
                    return linear_add(ZERO, other, one[0]) if one[0] else ZERO
        return self._atom(node)

    def _atom(self, node: Node) -> Linear:
        if node.op not in (DIM, NAMED_DIM) and not isinstance(node, Leaf):
            parts = [self.linear(arg) if not arg.ndim and arg.dtype.is_integer else arg for arg in node.args]
            numbers = [part[0] for part in parts if isinstance(part, tuple) and not part[1]]
            if len(numbers) == len(parts) and node.op.family == "map":
                return _fold(node, numbers), ()
            key = (node.op, node.attrs, *parts)
            first = self._forms.setdefault(key, node)
            if first is not node and first in self.order:
                self._union(first, node)
        root = self.find(node)
        if isinstance(root, int):
            return root, ()
        return 0, ((root, 1),)

    # what plan can compute

    def known(self, node: Node) -> bool:
        """Whether plan can compute this 0-d node from sizes and 0-d inputs and members."""
        found = self._known.get(node)
        if found is None:
            for inner in walk([node]):
                if inner not in self._known:
                    self._known[inner] = self._computable(inner)
            found = self._known[node]
        return found

    def _computable(self, node: Node) -> bool:
        if node.op in (DIM, NAMED_DIM):
            return True
        if node.op is CONST or isinstance(node, Leaf):
            return node.ndim == 0
        if node.op is OPS["slice"] and node.ndim == 0:
            source = node.args[0]
            fixed = all(arg.op is CONST for arg in node.args[1:])
            return fixed and source.op is CONST
        scalar = node.ndim == 0 and (node.op.family == "map" or node.op is CAST)
        return scalar and node.op.name != "iota" and all(self._known[arg] for arg in node.args)


def _fold(node: Node, numbers: list[int]) -> int:
    attrs = dict(zip(node.op.params, node.attrs, strict=True))
    arrays = [arg.dtype.numpy.type(number) for arg, number in zip(node.args, numbers, strict=True)]
    if node.op.name == "floordiv" and not numbers[1]:
        return 0
    return int(node.op.numpy(*arrays, **attrs))
