"""Rows that stand for a graph: a named part of expressions, which becomes those expressions before anything is compiled.

Input: leaves and the expressions over them. Output: `GraphOp`, nodes of which the tensor language differentiates as a
whole; `inlined`, which puts the expressions in their place. Neighbours: `modc.module.lower` inlines every Method, so that
no later stage (keys, rewriting, recording, exports) sees such a node; `modc.tensor.from_graph` makes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from modc.graph import rules
from modc.graph.build import substitute, transform
from modc.graph.dtype import DType
from modc.graph.node import Leaf, Node, Size, walk
from modc.graph.op import Op


class GraphOp(Op):
    """One named graph.

    leaves    what its operands are put in place of
    outputs   expressions over the leaves; the parameter `part` of a node says which it is
    """

    __slots__ = ("leaves", "outputs")

    user = True
    made: ClassVar[bool] = False  # whether there is one: most programs have none

    def __init__(self, name: str, leaves: Sequence[Leaf], outputs: Sequence[Node], **columns: Any) -> None:
        super().__init__(
            name, "graph", self._reference, dtypes=self._dtypes, shape=self._shape, params=("part",), **columns
        )
        self.leaves, self.outputs = tuple(leaves), tuple(outputs)
        GraphOp.made = True

    def _dtypes(self, dtypes: Sequence[DType], part: int) -> rules.DTypes:
        return tuple(leaf.dtype for leaf in self.leaves), self.outputs[part].dtype

    def _shape(self, args: Sequence[Node], part: int) -> tuple[Size, ...]:
        sizes = self.outputs[part].shape
        nodes = iter(substitute([size for size in sizes if isinstance(size, Node)], self.table(args)))
        return tuple(_size(next(nodes)) if isinstance(size, Node) else size for size in sizes)

    def _reference(self, *arrays: Any, part: int) -> Any:
        from modc.graph.evaluate import values  # a warm start evaluates nothing

        return values([self.outputs[part]], dict(zip(self.leaves, arrays, strict=True)))[0]

    def table(self, args: Sequence[Node]) -> dict[Node, Node]:
        """What stands for each leaf."""
        return dict(zip(self.leaves, args, strict=True))

    def expanded(self, node: Node) -> Node:
        """The expression that a node of this row stands for."""
        return substitute([self.outputs[node.attrs[0]]], self.table(node.args))[0]

    def identity(self) -> str:
        """For keys: there are none of nodes that are inlined first."""
        raise AssertionError(f"modc bug: {self.name} was not inlined")

    def __copy__(self) -> GraphOp:
        return self

    def __deepcopy__(self, memo: Any) -> GraphOp:
        return self


def _size(node: Node) -> Size:
    return int(node.value) if node.op.name == "const" else node


def inlined(roots: Sequence[Node]) -> list[Node]:
    """`roots` without nodes of GraphOps, those in sizes and in the graphs themselves included."""
    found = list(roots)
    while GraphOp.made and any(node.op.family == "graph" for node in walk(found)):
        found = transform(found, lambda node: node.op.expanded(node) if isinstance(node.op, GraphOp) else node)
    return found
