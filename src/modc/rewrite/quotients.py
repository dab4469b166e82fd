"""A gradient as a sum of quotients: g = h1 / d1 + h2 / d2 + ... + rest.

Takes a node and the divisors looked for; gives the h and the rest. `stability` uses it where the
divisors cancel against the gradient of softmax or sigmoid, so that nothing is divided by a
probability that may be 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from modc.errors import ModcError
from modc.graph.build import apply, const, size_node
from modc.graph.node import Node
from modc.graph.op import OPS
from modc.graph.ops_array import BROADCAST, DIMSHUFFLE, GATHER, RESHAPE, SCATTER, SLICE, SUM, UPDATE
from modc.rewrite.pattern import matches_number

#: One entry per divisor, then the rest; None where there is nothing.
Parts = list[Node | None]

_DEEPEST = 24


def quotients(g: Node, divisors: Sequence[Node]) -> Parts | None:
    """The parts of `g`, or None where no divisor is found in it. Each part has the shape of `g`."""
    parts = _Split().parts(g, tuple(divisors), 0)
    if all(part is None for part in parts[:-1]):
        return None
    return [None if part is None else _widened(part, g) for part in parts]


def make(name: str, *args: Node | float) -> Node:
    """An elementwise op."""
    return apply(OPS[name], *args, source=None)


def _widened(part: Node, like: Node) -> Node:
    if part.static_shape == like.static_shape:
        return part
    return apply(BROADCAST, part, *map(size_node, like.shape), source=None)


def is_zero(node: Node) -> bool:
    """Whether `node` is 0.0 everywhere."""
    return matches_number(node.args[0] if node.op is BROADCAST else node, 0)


def kept_axes(ndim: int, axes: tuple[int, ...]) -> tuple[int, ...]:
    """The dimshuffle pattern that puts reduced axes back with size 1."""
    order = iter(range(ndim))
    return tuple(-1 if axis in axes else next(order) for axis in range(ndim))


class _Split:
    """Splits nodes, each once for each tuple of divisors."""

    def __init__(self) -> None:
        self._known: dict[tuple[Node, tuple[Node, ...]], Parts] = {}

    def parts(self, g: Node, divisors: tuple[Node, ...], depth: int) -> Parts:
        key = (g, divisors)
        if key not in self._known:
            self._known[key] = self._split(g, divisors, depth + 1)
        return self._known[key]

    def _split(self, g: Node, divisors: tuple[Node, ...], depth: int) -> Parts:
        alone: Parts = [*(None for _ in divisors), g]
        if depth > _DEEPEST or is_zero(g):
            return alone
        name = g.op.name
        if name == "div":
            if g.args[1] in divisors:
                return [g.args[0] if divisor is g.args[1] else None for divisor in divisors] + [
                    None
                ]
            return self._each(g, 0, divisors, depth) or alone
        if name == "neg":
            return self._each(g, 0, divisors, depth) or alone
        if name == "mul":
            return self._each(g, 0, divisors, depth) or self._each(g, 1, divisors, depth) or alone
        if name in ("add", "sub"):
            return self._sum(g, divisors, depth) or alone
        if name == "where":
            return self._where(g, divisors, depth) or alone
        if g.op is SUM or (g.op is DIMSHUFFLE and g.args[0].op is SUM):
            return self._total(g, divisors, depth) or alone
        return self._moved(g, divisors, depth) or alone

    def _found(self, g: Node, divisors: tuple[Node, ...], depth: int) -> Parts | None:
        parts = self.parts(g, divisors, depth)
        return None if all(part is None for part in parts[:-1]) else parts

    def _each(self, g: Node, place: int, divisors: tuple[Node, ...], depth: int) -> Parts | None:
        """Ops that are linear in their operand at `place`."""
        found = self._found(g.args[place], divisors, depth)
        return found and [
            None if part is None else make(g.op.name, *g.args[:place], part, *g.args[place + 1 :])
            for part in found
        ]

    def _sum(self, g: Node, divisors: tuple[Node, ...], depth: int) -> Parts | None:
        left, right = (self.parts(arg, divisors, depth) for arg in g.args)
        if all(part is None for part in left[:-1] + right[:-1]):
            return None
        minus = g.op.name == "sub"
        return [_plus(a, b, minus) for a, b in zip(left, right, strict=True)]

    def _where(self, g: Node, divisors: tuple[Node, ...], depth: int) -> Parts | None:
        condition, first, second = g.args
        left, right = self.parts(first, divisors, depth), self.parts(second, divisors, depth)
        if all(part is None for part in left[:-1] + right[:-1]):
            return None
        zero = const(0, g.dtype)
        pairs = zip(left, right, strict=True)
        return [
            None if a is None and b is None else make("where", condition, a or zero, b or zero)
            for a, b in pairs
        ]

    def _total(self, g: Node, divisors: tuple[Node, ...], depth: int) -> Parts | None:
        """Sums, kept or not, of what is divided by something that is equal along the summed axes."""
        total = g if g.op is SUM else g.args[0]
        operand, axes = total.args[0], total.attrs[0]
        if g is not total and g.attrs[0] != kept_axes(operand.ndim, axes):
            return None
        for divisor in divisors:
            along = divisor.ndim == g.ndim == operand.ndim and all(
                g.shape[axis] == 1 for axis in axes
            )
            if divisor.ndim and not (along and all(divisor.shape[axis] == 1 for axis in axes)):
                return None
        found = self._found(operand, divisors, depth)
        return found and [None if part is None else self._summed(part, g, total) for part in found]

    def _summed(self, part: Node, g: Node, total: Node) -> Node:
        found = apply(SUM, _widened(part, total.args[0]), axes=total.attrs[0], source=None)
        return found if g is total else apply(DIMSHUFFLE, found, pattern=g.attrs[0], source=None)

    def _moved(self, g: Node, divisors: tuple[Node, ...], depth: int) -> Parts | None:
        """Views, and parts added to zeros: the divisors are looked for under the opposite view."""
        opposite = _opposite(g)
        if opposite is None:
            return None
        place, view = opposite
        try:
            seen = tuple(view(divisor) for divisor in divisors)
        except ModcError:
            return None
        found = self._found(g.args[place], seen, depth)
        if found is None:
            return None
        params = dict(zip(g.op.params, g.attrs, strict=True))
        whole = [None if part is None else _widened(part, g.args[place]) for part in found]
        return [
            None
            if part is None
            else apply(g.op, *g.args[:place], part, *g.args[place + 1 :], source=None, **params)
            for part in whole
        ]


def _plus(a: Node | None, b: Node | None, minus: bool) -> Node | None:
    if b is None:
        return a
    if a is None:
        return make("neg", b) if minus else b
    return make("sub" if minus else "add", a, b)


def _opposite(g: Node) -> tuple[int, Callable[[Node], Node]] | None:
    """The operand that `g` moves, and the view of a divisor (of g's shape) at its places."""
    if (
        g.op is DIMSHUFFLE
        and sorted(g.attrs[0]) == list(range(g.ndim))
        and g.args[0].ndim == g.ndim
    ):
        back = tuple(g.attrs[0].index(axis) for axis in range(g.ndim))
        return 0, lambda divisor: apply(DIMSHUFFLE, divisor, pattern=back, source=None)
    if g.op is RESHAPE:
        return 0, lambda divisor: apply(
            RESHAPE, divisor, *map(size_node, g.args[0].shape), source=None
        )
    if g.op is SCATTER and g.attr("mode") == "add" and is_zero(g.args[0]):
        axes, at = g.attr("axes"), g.attr("at")
        return 1, lambda divisor: apply(GATHER, divisor, *g.args[2:], axes=axes, at=at, source=None)
    if g.op is UPDATE and g.attr("mode") == "add" and is_zero(g.args[0]):
        return 1, lambda divisor: apply(
            SLICE, divisor, *g.args[2:], spec=g.attr("spec"), source=None
        )
    return None
