"""Rules that keep results finite and accurate where the formula as written overflows or cancels.
All are approved.

Takes and gives nodes through `engine`, while softmax and its like are still single nodes. The rules
about gradients see what reverse mode makes of log(softmax(x)) and log(sigmoid(x)): quotients by a
probability that may be 0, times that probability. """

from __future__ import annotations

import functools

from modc.graph.build import apply
from modc.graph.node import Node
from modc.graph.op import OPS
from modc.graph.ops_array import BROADCAST, DIMSHUFFLE, GATHER, RESHAPE, SLICE, SUM
from modc.rewrite.engine import RuleSet, function_rule, rule
from modc.rewrite.pattern import Parameter, function, wild
from modc.rewrite.quotients import make, quotients

x, y = wild("x y")
exp, expm1, log, log1p = map(function, ("exp", "expm1", "log", "log1p"))
sigmoid, softplus = map(function, ("sigmoid", "softplus"))
log_softmax, logsumexp, softmax, sum_ = map(
    function, ("log_softmax", "logsumexp", "softmax", "sum")
)
axes = Parameter("axes")

_VIEWS = (DIMSHUFFLE, BROADCAST, RESHAPE, SLICE, GATHER)
SOFTMAX, LOG_SOFTMAX = OPS["softmax"], OPS["log_softmax"]


def _log_below_views(node: Node) -> Node | None:
    """Turn log(view of softmax(x)) into the same view of log_softmax(x); sigmoid likewise."""
    chain = [node.args[0]]
    while chain[-1].op in _VIEWS:
        chain.append(chain[-1].args[0])
    root = chain.pop()
    if root.op is SOFTMAX:
        new = apply(LOG_SOFTMAX, *root.args, axes=root.attrs[0], source=None)
    elif root.op.name == "sigmoid" and chain:
        new = make("neg", make("softplus", make("neg", root.args[0])))
    else:
        return None
    for view in reversed(chain):
        params = dict(zip(view.op.params, view.attrs, strict=True))
        new = apply(view.op, new, *view.args[1:], source=None, **params)
    return new


def kept_axes(ndim: int, axes: tuple[int, ...]) -> tuple[int, ...]:
    """The dimshuffle pattern that puts reduced axes back with size 1."""
    order = iter(range(ndim))
    return tuple(-1 if axis in axes else next(order) for axis in range(ndim))


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


def _has_reduced_axes(node: Node, inner: Node, ndim: int, axes: tuple[int, ...]) -> bool:
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
        and _has_reduced_axes(node, inner, operand.ndim, axes)
    )


def _softmax_gradient(node: Node) -> Node | None:
    """Turn s * (g - sum(g * s)) into h - s * sum(h) + s * (r - sum(r * s)), for g = h / s + r."""
    for s, difference in (node.args, node.args[::-1]):
        if (
            s.op is SOFTMAX
            and difference.op.name == "sub"
            and difference.static_shape == s.static_shape
        ):
            g, total = difference.args
            axes = s.attrs[0]
            if g.static_shape == s.static_shape and any(
                _sum_over(total, product, axes) for product in _products(total, g, s, axes)
            ):
                parts = quotients(g, [s])
                if parts is not None and parts[0] is not None:
                    return _stable_softmax_gradient(s, parts[0], parts[1], axes)
    return None


def _products(total: Node, g: Node, s: Node, axes: tuple[int, ...]) -> list[Node]:
    """What is summed in `total`, if it is g * s in either order."""
    inner = without_kept_axes(total, s.ndim, axes)
    if inner.op is SUM and inner.args[0].op.name == "mul" and set(inner.args[0].args) == {g, s}:
        return [inner.args[0]]
    return []


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


def _sigmoid_gradient(node: Node) -> Node | None:
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


def _minus_logsumexp(node: Node) -> Node | None:
    """Turn x - logsumexp(x) into log_softmax(x)."""
    x, total = node.args
    inner = _below_kept(total)
    if inner.op.name != "logsumexp" or inner.args[0] is not x:
        return None
    axes = inner.attrs[0]
    if without_kept_axes(total, x.ndim, axes) is inner and _has_reduced_axes(
        total, inner, x.ndim, axes
    ):
        return apply(LOG_SOFTMAX, x, axes=axes, source=None)
    return None


def _below_kept(node: Node) -> Node:
    """`node` without the views that put reduced axes back."""
    node = node.args[0] if node.op is BROADCAST else node
    return node.args[0] if node.op is DIMSHUFFLE else node


def _exp_over_sum(node: Node) -> Node | None:
    """Turn exp(x) / sum(exp(x)) into softmax(x)."""
    top, bottom = node.args
    return _as_softmax(top, bottom) if top.op.name == "exp" else None


def _as_softmax(top: Node, bottom: Node) -> Node | None:
    """Softmax of x, where `top` is exp(x) and `bottom` its sum over axes, broadcast along them."""
    inner = _below_kept(bottom)
    if inner.op is SUM and inner.args[0] is top and _sum_over(bottom, top, inner.attrs[0]):
        return apply(SOFTMAX, top.args[0], axes=inner.attrs[0], source=None)
    return None


def _logsumexp_gradient(node: Node) -> Node | None:
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
            else _has_reduced_axes(total, total, top.ndim, axes)
        )
        if not fits or g.ndim not in (0, total.ndim):
            continue
        wide = g if g.ndim == 0 else with_kept_axes(g, top.ndim, axes)
        return make("mul", apply(SOFTMAX, top.args[0], axes=axes, source=None), wide)
    return None


def _shifted_softmax(node: Node) -> Node | None:
    """Turn softmax(x - max(x)) into softmax(x), which subtracts the largest element itself."""
    (operand,) = node.args
    axes = node.attrs[0]
    if operand.op.name != "sub" or operand.args[0].static_shape != operand.static_shape:
        return None
    x, shift = operand.args
    inner = without_kept_axes(shift, x.ndim, axes)
    is_max = inner.op.name == "max" and inner.args[0] is x and inner.attrs[0] == axes
    if is_max and _has_reduced_axes(shift, inner, x.ndim, axes):
        return apply(node.op, x, axes=axes, source=None)
    return None


def not_shifted(x: Node, axes: tuple[int, ...]) -> bool:
    """Whether nothing equal along `axes` is subtracted: who does that took care of overflow."""
    if x.op.name != "sub":
        return True
    shift = x.args[1]
    kept = shift.ndim - x.ndim
    return any(axis + kept >= 0 and shift.static_shape[axis + kept] != 1 for axis in axes)


STABILITY = RuleSet(
    "stability",
    function_rule("log of softmax", "log", _log_below_views, exact=False),
    rule("log of sigmoid", log(sigmoid(x)), -softplus(-x), exact=False),
    rule("log of one minus sigmoid", log(1 - sigmoid(x)), -softplus(x), exact=False),
    rule("log1p of minus sigmoid", log1p(-sigmoid(x)), -softplus(x), exact=False),
    rule("log of one plus exp", log(1 + exp(x)), softplus(x), exact=False),
    rule("log1p of exp", log1p(exp(x)), softplus(x), exact=False),
    rule(
        "log of sum of exp",
        log(sum_(exp(x), axes=axes)),
        logsumexp(x, axes=axes),
        not_shifted,
        exact=False,
    ),
    rule("log1p", log(1 + x), log1p(x), exact=False),
    rule("log1p of minus", log(1 - x), log1p(-x), exact=False),
    rule("expm1", exp(x) - 1, expm1(x), exact=False),
    rule("minus expm1", 1 - exp(x), -expm1(x), exact=False),
    rule("sigmoid", 1 / (1 + exp(-x)), sigmoid(x), exact=False),
    rule("sigmoid of minus", 1 / (1 + exp(x)), sigmoid(-x), exact=False),
    rule("sigmoid from exp", exp(x) / (1 + exp(x)), sigmoid(x), exact=False),
    rule(
        "product with exp over one plus exp", x / (1 + exp(y)) * exp(y), x * sigmoid(y), exact=False
    ),
    rule("product of sigmoid and exp", sigmoid(-x) * exp(x), sigmoid(x), exact=False),
    rule("product of sigmoid and exp of minus", sigmoid(x) * exp(-x), sigmoid(-x), exact=False),
    rule(
        "exp of log of softmax", exp(log_softmax(x, axes=axes)), softmax(x, axes=axes), exact=False
    ),
    function_rule("log of softmax from logsumexp", "sub", _minus_logsumexp, exact=False),
    function_rule("softmax from exp", "div", _exp_over_sum, exact=False),
    function_rule("softmax of shifted", "softmax log_softmax", _shifted_softmax, exact=False),
    function_rule("gradient of log of softmax", "mul", _softmax_gradient, exact=False),
    function_rule("gradient of log of sigmoid", "mul", _sigmoid_gradient, exact=False),
    function_rule("gradient of log of sum of exp", "mul", _logsumexp_gradient, exact=False),
)
