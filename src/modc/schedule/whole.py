"""Rows of family "call": one csrc function computes the whole result from whole arrays.

Input: nodes of that family. Output: `Whole`, which `lower` prints as one Call. The C function gets the row's sizes,
then pointers to the operands, to the result and, if the row asks for it, to scratch; all of them row-major and apart.
"""

from __future__ import annotations

from modc.graph.dtype import INT64
from modc.graph.node import Node, Size
from modc.schedule.keep import array_args, whole_source
from modc.schedule.pull import Puller
from modc.schedule.terms import Index, Source, Term, Value


class Whole:
    """A call of the row's C function: operands, numbers that it gets, scratch."""

    __slots__ = ("node", "numbers", "operands", "scratch", "shapes")

    def __init__(self, node: Node, operands: tuple[Source, ...], numbers: tuple[Size, ...]) -> None:
        self.node, self.operands, self.numbers = node, operands, numbers
        self.scratch: Value | None = None
        self.shapes: tuple[tuple[Size, ...], ...] = ()  # of the operands, as the row sees them

    @property
    def function(self) -> str:
        """Name of the C function."""
        assert isinstance(self.node.op.c, str)
        first = self.node.args[0].dtype if self.node.args else self.node.dtype
        return self.node.op.c.replace("{t}", first.suffix).replace("{r}", self.node.dtype.suffix)

    @property
    def scalars(self) -> tuple[Term, ...]:
        """Numbers that depend on data: none."""
        return ()

    def operand_reads(self) -> list[tuple[Source, Index, tuple[Size, ...]]]:
        """The operands as reads of whole buffers."""
        return [(source, (), ()) for source in dict.fromkeys(self.operands)]

    def work(self) -> tuple[tuple[Size, ...], int]:
        """Extents whose product, times a number, is about how many scalar operations the call does."""
        traits, shapes = self.node.op.traits, self.shapes
        if "cubic" in traits:  # matrices, each of them n times
            return (*shapes[0], shapes[0][-1]), self.node.op.cost
        if "product" in traits:  # a matrix, once per column of another
            return (*shapes[0], shapes[1][-1]), self.node.op.cost
        return max(shapes, key=len, default=()), self.node.op.cost


def whole_call(puller: Puller, node: Node) -> Whole:
    """The call for a node of family "call"."""
    arrays = array_args(node)
    sources = [whole_source(arg) for arg in arrays]
    operands = tuple(puller.values.get(source, source) for source in sources)
    sizes = node.op.sizes(node.args, *node.attrs) if node.op.sizes is not None else ()
    call = Whole(node, operands, tuple(puller.extents.canonical(size) for size in sizes))
    call.shapes = tuple(puller.extents.shape(arg) for arg in arrays)
    return call


def scratch_value(puller: Puller, node: Node, number: int) -> Value | None:
    """Scratch for a call, in numbers of 8 bytes, as a value that nobody reads."""
    if node.op.scratch is None:
        return None
    words = puller.extents.canonical(node.op.scratch(node.args, *node.attrs))
    value = Value(number, node, (words,))
    value.dtype = INT64
    return value
