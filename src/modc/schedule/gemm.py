"""Matrix products that a csrc routine computes: operands, transpositions, scale and accumulation.

Input: dot nodes (`gemm_of`), and updates that add a scaled product to a scaled member (`scaled_product`).
Output: `Gemm`, which `lower` prints as one Call. Whether the call may write the member itself is
decided by `order`, when all readers of the old member are known.
"""

from __future__ import annotations

from modc.graph.node import Node, Size
from modc.graph.op import OPS
from modc.schedule.keep import Keep, transposed
from modc.schedule.pull import Puller
from modc.schedule.terms import Index, Source, Term


class Gemm:
    """C = alpha * op(A) @ op(B) + beta * C, sizes m, n, k canonical; alpha and beta terms, None for 1 and 0."""

    __slots__ = ("a", "alpha", "b", "beta", "c", "k", "m", "n", "ta", "tb")

    def __init__(self, a: Source, ta: bool, b: Source, tb: bool, sizes: tuple[Size, Size, Size]) -> None:
        self.a, self.ta, self.b, self.tb = a, ta, b, tb
        self.m, self.n, self.k = sizes
        self.alpha: Term | None = None
        self.beta: Term | None = None
        self.c: Node | None = None  # the member that is C

    @property
    def operands(self) -> tuple[Source, ...]:
        """What the product reads."""
        return self.a, self.b

    def work(self) -> tuple[tuple[Size, ...], int]:
        """Extents whose product, times a number, is about how many scalar operations the call does."""
        return (self.m, self.n, self.k), 2

    @property
    def scalars(self) -> tuple[Term, ...]:
        """Alpha and beta, as far as they are given."""
        return tuple(term for term in (self.alpha, self.beta) if term is not None)

    def operand_reads(self) -> list[tuple[Source, Index, tuple[Size, ...]]]:
        """The operands as reads of whole buffers."""
        sources = (self.a, self.b) if self.c is None else (self.a, self.b, self.c)
        return [(source, (), ()) for source in dict.fromkeys(sources)]


def gemm_of(puller: Puller, node: Node) -> Gemm:
    """The call for a dot of two matrices."""
    (a, ta), (b, tb) = map(transposed, node.args)
    m, n = puller.extents.shape(node)
    k = puller.extents.canonical(node.args[0].shape[1])
    return Gemm(puller.values.get(a, a), ta, puller.values.get(b, b), tb, (m, n, k))


class Scaled:
    """An update as alpha * product + beta * member: factors are 0-d nodes, signs apart."""

    __slots__ = ("alpha", "beta", "product")

    def __init__(self, product: Node, alpha: Factors, beta: Factors | None) -> None:
        self.product, self.alpha, self.beta = product, alpha, beta


Factors = tuple[int, tuple[Node, ...]]  # sign, factors


def scaled_product(keep: Keep, node: Node, member: Node) -> Scaled | None:
    """`node` as a sum of one matrix product and at most one multiple of `member`, or None."""
    if node.ndim != 2 or not node.dtype.is_float:
        return None
    parts = _parts(keep, node, member, node)
    if parts is None:
        return None
    products = [part for part in parts if part[0] is not member]
    members = [part for part in parts if part[0] is member]
    if len(products) != 1 or len(members) > 1:
        return None
    product, alpha = products[0]
    return Scaled(product, alpha, members[0][1] if members else None)


def _parts(keep: Keep, node: Node, member: Node, top: Node) -> list[tuple[Node, Factors]] | None:
    if node is member:
        return [(node, (1, ()))]
    if node is not top and keep.uses[node] != 1:
        return None
    if keep.is_gemm(node):
        return [(node, (1, ()))]
    name = node.op.name
    if name == "neg":
        return _scaled(_parts(keep, node.args[0], member, top), -1, ())
    if name == "mul":
        for factor, rest in (node.args, node.args[::-1]):
            if factor.ndim == 0:
                return _scaled(_parts(keep, rest, member, top), 1, (factor,))
    if name in ("add", "sub"):
        left, right = (_parts(keep, arg, member, top) for arg in node.args)
        right = _scaled(right, 1 if name == "add" else -1, ())
        return None if left is None or right is None else left + right
    return None


def _scaled(
    parts: list[tuple[Node, Factors]] | None, sign: int, factors: tuple[Node, ...]
) -> list[tuple[Node, Factors]] | None:
    if parts is None:
        return None
    return [(node, (sign * own, factors + more)) for node, (own, more) in parts]


def scaled_call(puller: Puller, scaled: Scaled, member: Node) -> Gemm:
    """The call for an update that is a scaled product."""
    call = gemm_of(puller, scaled.product)
    call.alpha = _factor(puller, scaled.alpha, scaled.product)
    if scaled.beta is not None:
        call.c = member
        call.beta = _factor(puller, scaled.beta, scaled.product)
    return call


def _factor(puller: Puller, factors: Factors, like: Node) -> Term:
    sign, nodes = factors
    term: Term | None = None
    for node in nodes:
        found = puller.pull(node, ())
        term = found if term is None else puller.terms.apply(OPS["mul"], (term, found), like.dtype)
    if term is None:
        return puller.terms.const(float(sign), like.dtype)
    if sign < 0 and term.kind == "const":
        return puller.terms.const(-term.data, like.dtype)
    return term if sign > 0 else puller.terms.apply(OPS["neg"], (term,), like.dtype)
