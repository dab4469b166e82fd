"""Gradients in reverse mode: `grad(cost, wrt)` walks the graph backwards through the rows' gradients.

Takes and gives Variables; the result is an ordinary expression, so it can be differentiated again. The graph is
walked without recursion, so chains of any length work.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, overload

from modc.errors import DTypeError, ModcError, ShapeError
from modc.graph import OPS, Node, apply, cast, const, walk
from modc.graph.build import shape_text
from modc.graph.op import NO_GRADIENT
from modc.graph.ops_core import DIM
from modc.graph.show import infix
from modc.tensor.arguments import Carrier
from modc.tensor.shapes import broadcast_to, sum_to
from modc.tensor.variable import Variable, as_variable, wrap

__all__ = [
    "DisconnectedInputError", "NoGradientError", "disconnected_grad", "grad", "grad_clip",
    "grad_scale", "zero_grad",
]  # fmt: skip


class DisconnectedInputError(ModcError, ValueError):
    """The gradient is asked for a Variable that the cost does not depend on."""


class NoGradientError(ModcError, NotImplementedError):
    """The cost depends on a Variable through an op that has no gradient."""


@overload
def grad(
    cost: Variable | None,
    wrt: Variable,
    consider_constant: Iterable[Any] | None = None,
    disconnected_inputs: str = "raise",
    known_grads: Mapping[Any, Any] | None = None,
) -> Variable: ...


@overload
def grad(
    cost: Variable | None,
    wrt: Carrier,
    consider_constant: Iterable[Any] | None = None,
    disconnected_inputs: str = "raise",
    known_grads: Mapping[Any, Any] | None = None,
) -> Any: ...


@overload
def grad(
    cost: Variable | None,
    wrt: Sequence[Variable],
    consider_constant: Iterable[Any] | None = None,
    disconnected_inputs: str = "raise",
    known_grads: Mapping[Any, Any] | None = None,
) -> list[Variable]: ...


def grad(
    cost: Variable | None,
    wrt: Variable | Carrier | Sequence[Variable],
    consider_constant: Iterable[Any] | None = None,
    disconnected_inputs: str = "raise",
    known_grads: Mapping[Any, Any] | None = None,
) -> Variable | list[Variable]:
    """The gradient of a scalar `cost` with respect to `wrt`: a Variable (root or expression), a sparse matrix, or a list
    of them.

    Each gradient has the dtype and shape of its Variable. Of a complex Variable it is d cost / d Re + i d cost / d Im:
    a step against it lowers the cost; known_grads are given in the same way.

    consider_constant     expressions through which nothing is propagated
    disconnected_inputs   what to do for Variables that the cost does not depend on: "raise", "warn", "ignore" (the
                          gradient is then zeros)
    known_grads           gradients of expressions, already known; then the cost may be None

    Raises TypeError for a cost that is no float scalar and for Variables that are neither float nor complex,
    DisconnectedInputError (a ValueError) and NoGradientError (a NotImplementedError).

    >>> x = T.dvector("x")
    >>> T.grad((x**2).sum(), x).eval({x: [2, 3]})
    array([4., 6.])
    """
    if disconnected_inputs not in ("raise", "warn", "ignore"):
        raise ValueError(
            f"disconnected_inputs is 'raise', 'warn' or 'ignore', not {disconnected_inputs!r}"
        )
    many = list(wrt) if isinstance(wrt, (list, tuple)) else [wrt]
    targets = [_target(variable) for variable in many]
    start = _known(known_grads or {})
    if cost is not None:
        node = _checked_cost(cost)
        one = cast(const(1.0), node.dtype)
        start[node] = apply(OPS["add"], start[node], one) if node in start else one
    elif not start:
        raise TypeError("grad needs a cost or known_grads")
    blocked = {as_variable(_array(variable)).node for variable in consider_constant or ()}
    found, reached = _backward(start, targets, blocked)
    results = [
        _of_its_kind(many[at], _result(node, found, reached, many[at], disconnected_inputs))
        for at, node in enumerate(targets)
    ]
    return results if isinstance(wrt, (list, tuple)) else results[0]


def disconnected_grad(x: Any) -> Variable:
    """The value of `x`; to `grad` it is a constant that depends on nothing.

    >>> x = T.dvector("x")
    >>> T.grad((x * T.disconnected_grad(x)).sum(), x).eval({x: [2, 3]})
    array([2., 3.])
    """
    return wrap(apply(OPS["disconnected_grad"], as_variable(x).node))


def zero_grad(x: Any) -> Variable:
    """The value of `x`, with zeros for what `grad` would send through it.

    >>> x = T.dvector("x")
    >>> T.grad(T.zero_grad(x).sum(), x).eval({x: [2, 3]})
    array([0., 0.])
    """
    return wrap(apply(OPS["zero_grad"], as_variable(x).node))


def grad_clip(x: Any, lower_bound: float, upper_bound: float) -> Variable:
    """The value of `x`; what `grad` sends through it is cut, element by element, to the bounds.

    >>> x = T.dvector("x")
    >>> T.grad((T.grad_clip(x, -1, 1) ** 2).sum(), x).eval({x: [0.25, 3]})
    array([0.5, 1. ])
    """
    return wrap(apply(OPS["grad_clip"], as_variable(x).node, low=float(lower_bound), high=float(upper_bound)))


def grad_scale(x: Any, multiplier: float) -> Variable:
    """The value of `x`; what `grad` sends through it is multiplied. A negative multiplier reverses it.

    >>> x = T.dvector("x")
    >>> T.grad((T.grad_scale(x, -1) ** 2).sum(), x).eval({x: [2, 3]})
    array([-4., -6.])
    """
    return wrap(apply(OPS["grad_scale"], as_variable(x).node, factor=float(multiplier)))


def _target(variable: Any) -> Node:
    variable = _array(variable)
    if not isinstance(variable, Variable):
        raise TypeError(f"grad with respect to {variable!r}: it is no Variable")
    if not variable.node.dtype.is_inexact:
        raise DTypeError(
            f"grad with respect to {variable}: it is {variable.dtype}, only float and complex Variables have gradients"
        )
    return variable.node


def _array(variable: Any) -> Any:
    """Where the numbers are of what is no array itself."""
    return variable.data if isinstance(variable, Carrier) else variable


def _of_its_kind(variable: Any, gradient: Variable) -> Any:
    return variable.with_data(gradient) if isinstance(variable, Carrier) else gradient


def _checked_cost(cost: Any) -> Node:
    if not isinstance(cost, Variable):
        raise TypeError(f"the cost is no Variable: {cost!r}")
    node = cost.node
    if node.ndim or not node.dtype.is_float:
        remedy = "take its sum() or mean()" if node.ndim else "take its real, abs() or the like" if node.dtype.is_complex else "use astype"
        raise DTypeError(
            f"the cost must be a float scalar, {cost} is {shape_text(node)}; {remedy}"
        )
    return node


def _known(known: Mapping[Any, Any]) -> dict[Node, Node]:
    found: dict[Node, Node] = {}
    for variable, gradient in known.items():
        node, value = _target(variable), as_variable(gradient).node
        if value.ndim != node.ndim:
            raise ShapeError(
                f"known_grads: {shape_text(value)} is no gradient of {variable}, {shape_text(node)}"
            )
        found[node] = _conjugate(cast(value, node.dtype))
    return found


def _conjugate(gradient: Node) -> Node:
    """From users' gradients, d / d Re + i d / d Im, to those of the rows, whose imaginary part is negative; and back."""
    return apply(OPS["conj"], gradient) if gradient.dtype.is_complex else gradient


def _backward(
    start: Mapping[Node, Node], targets: Sequence[Node], blocked: set[Node]
) -> tuple[dict[Node, Node], set[Node]]:
    """Gradients of all nodes between `start` and `targets`, and the nodes that `start` depends on."""
    ordered = list(walk(start))
    below = _depending(ordered, targets, blocked)
    reached: set[Node] = set(start)
    wanted = set(targets)
    found: dict[Node, Node] = dict(start)
    for node in reversed(ordered):
        if node in reached and node.op is not DIM and node not in blocked and "disconnects" not in node.op.traits:
            reached.update(node.args)
        gradient = found.get(node)
        if gradient is None or node in blocked or not any(arg in below for arg in node.args):
            continue
        for arg, part in _parts(node, gradient, wanted | blocked):
            if part is None or arg not in below or not arg.dtype.is_inexact:
                continue
            if part is NO_GRADIENT:
                place = node.args.index(arg) + 1
                raise NoGradientError(f"{node.op.name} has no gradient by its operand {place}: {infix(node)}")
            part = _fitted(part.node, arg)
            found[arg] = apply(OPS["add"], found[arg], part) if arg in found else part
    return found, reached


def _depending(ordered: Sequence[Node], targets: Sequence[Node], blocked: set[Node]) -> set[Node]:
    """The nodes whose value depends on a target (sizes do not count)."""
    below = set(targets)
    for node in ordered:
        if node.op is not DIM and node not in blocked and any(arg in below for arg in node.args):
            below.add(node)
    return below


def _parts(node: Node, gradient: Node, kept: set[Node]) -> list[tuple[Node, Any]]:
    """(argument, its gradient or None) of one node."""
    g = wrap(gradient)
    through = _stable(node, g, kept)
    if through is not None:
        return [through]
    if node.op.grad is None:
        raise NoGradientError(f"{node.op.name} has no gradient: {infix(node)}")
    params = dict(zip(node.op.params, node.attrs, strict=True))
    parts = node.op.grad(g, wrap(node), *map(wrap, node.args), **params)
    return list(zip(node.args, parts, strict=True))


def _fitted(gradient: Node, like: Node) -> Node:
    """`gradient` summed or repeated to the shape of `like`, in its dtype."""
    found = sum_to(cast(gradient, like.dtype), like)
    if found.ndim < like.ndim or any(
        size == 1 and want != 1 for size, want in zip(found.shape, like.shape, strict=True)
    ):
        found = broadcast_to(found, like.shape)
    return found


def _result(
    node: Node, found: Mapping[Node, Node], reached: set[Node], variable: Any, otherwise: str
) -> Variable:
    if node in found:
        return wrap(_conjugate(found[node]))
    if node not in reached and otherwise != "ignore":
        message = f"the cost does not depend on {variable}: its gradient would be zero everywhere"
        if otherwise == "raise":
            raise DisconnectedInputError(f"{message}; disconnected_inputs='ignore' gives zeros")
        warnings.warn(message, UserWarning, stacklevel=3)
    return wrap(node).zeros_like()


# Chains whose gradient, taken one op at a time, is 0 * inf where the inner function saturates


def _stable(node: Node, g: Variable, kept: set[Node]) -> tuple[Node, Variable] | None:
    """For the logarithm of softmax, sigmoid, 1 - sigmoid: the argument of the inner function and its gradient."""
    inner = node.args[0] if node.args else None
    if inner is None or inner in kept:
        return None
    rule = _CHAINS.get((node.op.name, inner.op.name))
    return rule(inner, g, kept) if rule else None


def _log_softmax(inner: Node, g: Variable, kept: set[Node]) -> tuple[Node, Variable]:
    total = g.sum(axis=inner.attrs[0], keepdims=True)
    return inner.args[0], g - wrap(inner) * total


def _log_picked_softmax(inner: Node, g: Variable, kept: set[Node]) -> tuple[Node, Variable] | None:
    soft = inner.args[0]
    if soft.op is not OPS["softmax"] or soft in kept:
        return None
    spread = (
        wrap(soft)
        .zeros_like()
        .scatter(g, [wrap(arg) for arg in inner.args[1:]], inner.attrs[0], inner.attrs[1], "add")
    )
    return _log_softmax(soft, spread, kept)


def _log_sigmoid(inner: Node, g: Variable, kept: set[Node]) -> tuple[Node, Variable]:
    return inner.args[0], g * (-wrap(inner.args[0])).function("sigmoid")


def _log_one_minus_sigmoid(
    inner: Node, g: Variable, kept: set[Node]
) -> tuple[Node, Variable] | None:
    one, soft = inner.args
    if (
        soft.op is not OPS["sigmoid"]
        or soft in kept
        or one.op is not OPS["const"]
        or not (one.value == 1).all()
    ):
        return None
    return (soft.args[0], -(g * wrap(soft))) if not one.ndim else None


def _log1p_minus_sigmoid(inner: Node, g: Variable, kept: set[Node]) -> tuple[Node, Variable] | None:
    soft = inner.args[0]
    return (
        (soft.args[0], -(g * wrap(soft)))
        if soft.op is OPS["sigmoid"] and soft not in kept
        else None
    )


Chain = Callable[[Node, Variable, set[Node]], "tuple[Node, Variable] | None"]
_CHAINS: dict[tuple[str, str], Chain] = {
    ("log", "softmax"): _log_softmax,
    ("log", "gather"): _log_picked_softmax,
    ("log", "sigmoid"): _log_sigmoid,
    ("log", "sub"): _log_one_minus_sigmoid,
    ("log1p", "neg"): _log1p_minus_sigmoid,
}
