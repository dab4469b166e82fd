"""Matrix products that a csrc routine computes: operands, transpositions, scale and accumulation.

Input: dot nodes (`gemm_of`). Output: `Gemm`, which `lower` prints as one Call.
"""

from __future__ import annotations

from modc.graph.node import Node, Size
from modc.schedule.keep import transposed
from modc.schedule.pull import Puller
from modc.schedule.terms import Index, Source, Term


class Gemm:
    """C = alpha * op(A) @ op(B) + beta * C, sizes m, n, k canonical; alpha and beta terms, None for 1 and 0."""

    __slots__ = ("a", "alpha", "b", "beta", "k", "m", "n", "ta", "tb")

    def __init__(self, a: Source, ta: bool, b: Source, tb: bool, sizes: tuple[Size, Size, Size]) -> None:
        self.a, self.ta, self.b, self.tb = a, ta, b, tb
        self.m, self.n, self.k = sizes
        self.alpha: Term | None = None
        self.beta: Term | None = None

    @property
    def scalars(self) -> tuple[Term, ...]:
        return tuple(term for term in (self.alpha, self.beta) if term is not None)

    def operand_reads(self) -> list[tuple[Source, Index, tuple[Size, ...]]]:
        """The operands as reads of whole buffers."""
        return [(source, (), ()) for source in dict.fromkeys((self.a, self.b))]


def gemm_of(puller: Puller, node: Node) -> Gemm:
    """The call for a dot of two matrices."""
    (a, ta), (b, tb) = map(transposed, node.args)
    m, n = puller.extents.shape(node)
    k = puller.extents.canonical(node.args[0].shape[1])
    return Gemm(puller.values.get(a, a), ta, puller.values.get(b, b), tb, (m, n, k))
