"""Gradients in which a division cancels: of the logarithm of softmax and sigmoid, of exp(x) / sum(exp(x)).

Takes nodes that reverse mode made, gives the same without a quotient that may be 0 / 0 or
inf / inf. `stability` makes rules of the functions here.
"""

from __future__ import annotations

import functools

from modc.graph.build import apply
from modc.graph.node import Node
from modc.graph.op import OPS
from modc.graph.ops_array import BROADCAST, DIMSHUFFLE, SUM
from modc.rewrite.quotients import kept_axes, make, quotients

SOFTMAX = OPS["softmax"]


def without_kept_axes(node: Node, ndim: int, axes: tuple[int, ...]) -> Node:
    """The reduction whose `keepdims` form (of `ndim` axes) `node` is, or `node` itself."""
    if node.op is BROADCAST:
        node = node.args[0]
    if node.op is DIMSHUFFLE and node.attrs[0] == kept_axes(ndim, axes):
        return node.args[0]
    return node


def with_kept_axes(node: Node, ndim: int, axes: tuple[int, ...]) -> Node:
    """`node`, a reduction, with the reduced axes back as size 1."""
    return apply(DIMSHUFFLE, node, pattern=kept_axes(ndim, axes), source=None)


def has_reduced_axes(node: Node, inner: Node, ndim: int, axes: tuple[int, ...]) -> bool:
    """Whether `node` broadcasts `inner` along `axes`: by keepdims, or implicitly along leading axes."""
    if node is not inner:
        return True
    return tuple(sorted(axes)) == tuple(range(len(axes))) and inner.ndim == ndim - len(axes)


def _sum_over(node: Node, operand: Node, axes: tuple[int, ...]) -> bool:
    """Whether `node` is sum(operand) over `axes`, kept or broadcast implicitly."""
    inner = without_kept_axes(node, operand.ndim, axes)
    return (
        inner.op is SUM
        and inner.attrs[0] == axes
        and inner.args[0] is operand
        and has_reduced_axes(node, inner, operand.ndim, axes)
    )


def softmax_gradient(node: Node) -> Node | None:
    """Turn s * (g - sum(g * s)) into h - s * sum(h) + s * (r - sum(r * s)), for g = h / s + r."""
    for s, difference in (node.args, node.args[::-1]):
        if s.op is not SOFTMAX or difference.static_shape != s.static_shape:
            continue
        g, axes = _minuend(difference, s), s.attrs[0]
        parts = None if g is None else quotients(g, [s])
        if parts is not None and parts[0] is not None:
            return _stable_softmax_gradient(s, parts[0], parts[1], axes)
    return None


def _minuend(difference: Node, s: Node) -> Node | None:
    """The g of g - sum(g * s) or g + sum(-(g * s)), where `difference` is such."""
    name = difference.op.name
    if name not in ("sub", "add"):
        return None
    g, total = difference.args
    inner = without_kept_axes(total, s.ndim, s.attrs[0])
    if inner.op is not SUM or g.static_shape != s.static_shape:
        return None
    product = inner.args[0]
    if name == "add":
        if product.op.name != "neg":
            return None
        product = product.args[0]
    fits = product.op.name == "mul" and set(product.args) == {g, s}
    return g if fits and _sum_over(total, inner.args[0], s.attrs[0]) else None


def _stable_softmax_gradient(s: Node, h: Node, rest: Node | None, axes: tuple[int, ...]) -> Node:
    def total(node: Node) -> Node:
        return with_kept_axes(apply(SUM, node, axes=axes, source=None), s.ndim, axes)

    stable = make("sub", h, make("mul", s, total(h)))
    if rest is None:
        return stable
    return make("add", stable, make("mul", s, make("sub", rest, total(make("mul", rest, s)))))


def _factors(node: Node) -> list[Node]:
    """The factors of a product of up to four, in order."""
    found = [node]
    for _ in range(2):
        found = [
            part for item in found for part in (item.args if item.op.name == "mul" else (item,))
        ]
    return found


def sigmoid_gradient(node: Node) -> Node | None:
    """Turn g * s * t into a * t + b * s + r * s * t, for t = 1 - s and g = a / s + b / t + r."""
    factors = _factors(node)
    for s in factors:
        if s.op.name != "sigmoid":
            continue
        others = (make("sub", 1, s), make("sigmoid", make("neg", s.args[0])))
        other = next((factor for factor in factors if factor in others), None)
        rest = [factor for factor in factors if factor is not s and factor is not other]
        if other is None or not rest or len(rest) + 2 != len(factors):
            continue
        g = functools.reduce(lambda a, b: make("mul", a, b), rest)
        parts = quotients(g, [s, *others]) if g.static_shape == s.static_shape else None
        if parts is not None:
            products = zip(parts, (other, s, s, make("mul", s, other)), strict=True)
            terms = [make("mul", part, factor) for part, factor in products if part is not None]
            return functools.reduce(lambda a, b: make("add", a, b), terms)
    return None


def below_kept(node: Node) -> Node:
    """`node` without the views that put reduced axes back."""
    node = node.args[0] if node.op is BROADCAST else node
    return node.args[0] if node.op is DIMSHUFFLE else node


def as_softmax(top: Node, bottom: Node) -> Node | None:
    """Softmax of x, where `top` is exp(x) and `bottom` its sum over axes, broadcast along them."""
    inner = below_kept(bottom)
    if inner.op is SUM and inner.args[0] is top and _sum_over(bottom, top, inner.attrs[0]):
        return apply(SOFTMAX, top.args[0], axes=inner.attrs[0], source=None)
    return None


def logsumexp_gradient(node: Node) -> Node | None:
    """Turn (g / sum(exp(x))) * exp(x) into g * softmax(x)."""
    for top, scale in (node.args, node.args[::-1]):
        if top.op.name != "exp":
            continue
        bare = scale.args[0] if scale.op is BROADCAST else scale
        view = bare if bare.op is DIMSHUFFLE else None
        quotient = view.args[0] if view is not None else bare
        if (
            quotient.op.name != "div"
            or quotient.args[1].op is not SUM
            or quotient.args[1].args[0] is not top
        ):
            continue
        g, total = quotient.args
        axes = total.attrs[0]
        fits = (
            view.attrs[0] == kept_axes(top.ndim, axes)
            if view
            else has_reduced_axes(total, total, top.ndim, axes)
        )
        if not fits or g.ndim not in (0, total.ndim):
            continue
        wide = g if g.ndim == 0 else with_kept_axes(g, top.ndim, axes)
        return make("mul", apply(SOFTMAX, top.args[0], axes=axes, source=None), wide)
    return None


def softmax_from_exp_gradient(node: Node) -> Node | None:
    """Turn e * (h / sum(e)) into h * softmax(x), for e = exp(x): reverse mode of e / sum(e)."""
    for e, other in (node.args, node.args[::-1]):
        total = _divisor(other, e) if e.op.name == "exp" else None
        parts = None if total is None else quotients(other, [total])
        if total is not None and parts is not None and parts[0] is not None and parts[1] is None:
            axes = below_kept(total).attrs[0]
            return make("mul", parts[0], apply(SOFTMAX, e.args[0], axes=axes, source=None))
    return None


_LINEAR = ("neg", "add", "sub", "mul", "div", "sum", "dimshuffle", "broadcast")


def _divisor(node: Node, e: Node) -> Node | None:
    """A sum of `e` over some axes by which something in `node` is divided."""
    level, seen = [node], {node}
    for _ in range(8):
        for item in level:
            if item.op.name == "div":
                inner = below_kept(item.args[1])
                if inner.op is SUM and _sum_over(item.args[1], e, inner.attrs[0]):
                    return item.args[1]
        inside = [arg for item in level if item.op.name in _LINEAR for arg in item.args[:2]]
        level = [arg for arg in dict.fromkeys(inside) if arg not in seen]
        seen.update(level)
    return None
