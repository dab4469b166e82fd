"""Rules that keep results finite and accurate where the formula as written overflows or cancels.
All are approved.

Takes and gives nodes through `engine`, while softmax and its like are still single nodes. The rules
about gradients see what reverse mode makes of log(softmax(x)) and log(sigmoid(x)): quotients by a
probability that may be 0, times that probability.
"""

from __future__ import annotations

from modc.graph.build import apply
from modc.graph.node import Node
from modc.graph.op import OPS
from modc.graph.ops_array import BROADCAST, DIMSHUFFLE, GATHER, RESHAPE, SLICE
from modc.rewrite.engine import RuleSet, function_rule, rule
from modc.rewrite.gradients import (
    SOFTMAX,
    as_softmax,
    below_kept,
    has_reduced_axes,
    logsumexp_gradient,
    sigmoid_gradient,
    softmax_from_exp_gradient,
    softmax_gradient,
    without_kept_axes,
)
from modc.rewrite.pattern import Parameter, function, wild
from modc.rewrite.quotients import make

x, y = wild("x y")
exp, expm1, log, log1p = map(function, ("exp", "expm1", "log", "log1p"))
sigmoid, softplus = map(function, ("sigmoid", "softplus"))
log_softmax, logsumexp, softmax, sum_ = map(
    function, ("log_softmax", "logsumexp", "softmax", "sum")
)
axes = Parameter("axes")

_VIEWS = (DIMSHUFFLE, BROADCAST, RESHAPE, SLICE, GATHER)
LOG_SOFTMAX = OPS["log_softmax"]


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


def _minus_logsumexp(node: Node) -> Node | None:
    """Turn x - logsumexp(x) into log_softmax(x)."""
    x, total = node.args
    inner = below_kept(total)
    if inner.op.name != "logsumexp" or inner.args[0] is not x:
        return None
    axes = inner.attrs[0]
    if without_kept_axes(total, x.ndim, axes) is inner and has_reduced_axes(
        total, inner, x.ndim, axes
    ):
        return apply(LOG_SOFTMAX, x, axes=axes, source=None)
    return None


def _exp_over_sum(node: Node) -> Node | None:
    """Turn exp(x) / sum(exp(x)) into softmax(x)."""
    top, bottom = node.args
    return as_softmax(top, bottom) if top.op.name == "exp" else None


def _shifted_softmax(node: Node) -> Node | None:
    """Turn softmax(x - max(x)) into softmax(x), which subtracts the largest element itself."""
    (operand,) = node.args
    axes = node.attrs[0]
    if operand.op.name != "sub" or operand.args[0].static_shape != operand.static_shape:
        return None
    x, shift = operand.args
    inner = without_kept_axes(shift, x.ndim, axes)
    is_max = inner.op.name == "max" and inner.args[0] is x and inner.attrs[0] == axes
    if is_max and has_reduced_axes(shift, inner, x.ndim, axes):
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
    function_rule("gradient of log of softmax", "mul", softmax_gradient, exact=False),
    function_rule("gradient of log of sigmoid", "mul", sigmoid_gradient, exact=False),
    function_rule("gradient of softmax from exp", "mul", softmax_from_exp_gradient, exact=False),
    function_rule("gradient of log of sum of exp", "mul", logsumexp_gradient, exact=False),
    real=True,
)
