"""Sizes as polynomials: which extents are provably equal, and a shorter way to write one.

Takes int64 0-d nodes; `engine` asks it whether a rule keeps the shape, `rules_sizes` makes a rule
of it. Integer addition and multiplication wrap, so they are a ring and every rearrangement is
exact.
"""

from __future__ import annotations

from modc.graph.build import apply, const
from modc.graph.dtype import INT64
from modc.graph.node import Node, Size
from modc.graph.op import OPS
from modc.graph.ops_core import CONST

#: Monomials (factors in a fixed order) and their coefficients.
Polynomial = dict[tuple[Node, ...], int]

_MOST_TERMS = 8
_MOST_FACTORS = 6
_RING = ("add", "sub", "mul", "neg")


class Sizes:
    """Polynomials of int64 0-d nodes, each computed once."""

    def __init__(self) -> None:
        self._known: dict[Node, Polynomial] = {}
        self._order: dict[Node, int] = {}  # of the factors: first seen, first written

    def equal(self, a: Size, b: Size) -> bool:
        """Whether two extents are the same for every call."""
        if a is b:
            return True
        if isinstance(a, int) and isinstance(b, int):
            return a == b
        return self.polynomial(a) == self.polynomial(b)

    def same_shape(self, a: tuple[Size, ...], b: tuple[Size, ...]) -> bool:
        """Whether two shapes are the same for every call."""
        return len(a) == len(b) and all(map(self.equal, a, b))

    def polynomial(self, size: Size) -> Polynomial:
        """The polynomial that `size` is, over the sizes it is made of."""
        if isinstance(size, int):
            return {(): size} if size else {}
        stack = [size]
        while stack:
            node = stack[-1]
            waiting = [arg for arg in node.args if arg not in self._known] if is_ring(node) else []
            if node in self._known:
                stack.pop()
            elif waiting:
                stack.extend(reversed(waiting))
            else:
                self._known[node] = self._combine(node)
                stack.pop()
        return self._known[size]

    def _combine(self, node: Node) -> Polynomial:
        if node.op is CONST:
            value = int(node.value)
            return {(): value} if value else {}
        result: Polynomial | None = None
        if is_ring(node):
            first, *rest = [self._known[arg] for arg in node.args]
            name = node.op.name
            if name == "neg":
                result = {monomial: -factor for monomial, factor in first.items()}
            elif name == "mul":
                result = self._product(first, rest[0])
            else:
                result = _sum(first, rest[0], -1 if name == "sub" else 1)
        if result is None or len(result) > _MOST_TERMS:
            self._order.setdefault(node, len(self._order))
            return {(node,): 1}
        return result

    def _product(self, a: Polynomial, b: Polynomial) -> Polynomial | None:
        result: Polynomial = {}
        for left, i in a.items():
            for right, j in b.items():
                monomial = tuple(sorted((*left, *right), key=self._order.__getitem__))
                if len(monomial) > _MOST_FACTORS:
                    return None
                result = _sum(result, {monomial: i * j})
        return result

    def shorter(self, node: Node) -> Node | None:
        """`node` written with fewer operations, or None."""
        polynomial = self.polynomial(node)
        if polynomial == {(node,): 1} or _operations(polynomial) >= self._written(node):
            return None
        return build(polynomial)

    def _written(self, node: Node) -> int:
        """Operations in `node` down to the factors of its polynomial, up to a limit."""
        count, stack = 0, [node]
        while stack and count <= 4 * _MOST_TERMS:
            item = stack.pop()
            if is_ring(item) and self._known.get(item) != {(item,): 1}:
                count += 1
                stack.extend(item.args)
        return count


def is_ring(node: Node) -> bool:
    """Whether `node` adds or multiplies int64 scalars."""
    return node.op.name in _RING and node.dtype is INT64 and node.shape == ()


def _sum(a: Polynomial, b: Polynomial, sign: int = 1) -> Polynomial:
    result = dict(a)
    for monomial, factor in b.items():
        total = _wrapped(result.get(monomial, 0) + sign * factor)
        if total:
            result[monomial] = total
        else:
            result.pop(monomial, None)
    return result


def _wrapped(value: int) -> int:
    """The int64 that `value` wraps to."""
    return (value + 2**63) % 2**64 - 2**63


def _operations(polynomial: Polynomial) -> int:
    """How many operations `build` needs."""
    count = max(len(polynomial) - 1, 0)
    for monomial, factor in polynomial.items():
        if monomial:
            count += len(monomial) - 1 + (factor not in (1, -1))
    if polynomial and all(factor == -1 and monomial for monomial, factor in polynomial.items()):
        count += 1
    return count


def build(polynomial: Polynomial) -> Node:
    """The polynomial as a node: positive terms first, the constant last."""
    terms = [(monomial, factor) for monomial, factor in polynomial.items() if monomial]
    terms.sort(key=lambda term: term[1] < 0)
    result: Node | None = None
    for monomial, factor in terms:
        negative = factor < 0 and factor != -(2**63)
        product = _monomial(monomial, -factor if negative else factor)
        if result is None:
            result = apply(OPS["neg"], product, source=None) if negative else product
        else:
            result = apply(OPS["sub" if negative else "add"], result, product, source=None)
    rest = polynomial.get((), 0)
    if result is None:
        return const(rest, INT64)
    if rest < 0 and rest != -(2**63):
        return apply(OPS["sub"], result, const(-rest, INT64), source=None)
    return apply(OPS["add"], result, const(rest, INT64), source=None) if rest else result


def _monomial(monomial: tuple[Node, ...], factor: int) -> Node:
    result = monomial[0]
    for other in monomial[1:]:
        result = apply(OPS["mul"], result, other, source=None)
    return result if factor == 1 else apply(OPS["mul"], result, const(factor, INT64), source=None)
