"""Products with Jacobians, Jacobians and Hessians, all from the reverse mode of `gradient`.

Takes and gives Variables. `Lop` (vjp) is one walk backwards. `Rop` (jvp) is a second walk backwards through the first,
which is linear in its cotangent (Townsend, "A new trick for calculating Jacobian vector products", 2017). A Jacobian
is one walk backwards for all unit vectors at once: `graph.batch` gives the walk one more axis.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from modc.errors import DTypeError, ShapeError
from modc.graph import OPS, Node, apply, cast, const, leaf, size_node, substitute
from modc.graph.batch import Batch
from modc.graph.build import shape_text
from modc.graph.sizes import size_product
from modc.tensor.gradient import grad
from modc.tensor.shapes import broadcast_to, reshape
from modc.tensor.variable import Variable, as_variable, wrap

__all__ = [
    "Lop", "Rop", "hessian", "hessian_vector_product", "jacobian", "jvp", "vjp",
]  # fmt: skip

Many = Variable | Sequence[Variable]


def Lop(
    f: Many,
    wrt: Many,
    eval_points: Any,
    consider_constant: Iterable[Any] | None = None,
    disconnected_inputs: str = "raise",
) -> Variable | list[Variable]:
    """The product of a row vector with the Jacobian: sum of `eval_points` * d f / d wrt, in the shape of `wrt`.

    f             expression, or a list of them; float
    eval_points   for each f a value of its shape (the cotangents)

    A list for `wrt` gives a list. Raises what `grad` raises, ShapeError where an eval point has other dimensions than f.

    >>> x = T.dvector("x")
    >>> T.Lop(x**2, x, T.constant([1.0, 10.0])).eval({x: [2, 3]})
    array([ 4., 60.])
    """
    known = _summed(_pairs(f, eval_points, "f"))
    found = grad(None, _listed(wrt), consider_constant, disconnected_inputs, known)
    return found if isinstance(wrt, (list, tuple)) else found[0]


def Rop(f: Many, wrt: Many, eval_points: Any, disconnected_outputs: str = "raise") -> Variable | list[Variable]:
    """The product of the Jacobian with a vector: sum of d f / d wrt * `eval_points`, in the shape of `f`.

    wrt           Variable or expression, or a list of them; float
    eval_points   for each wrt a value of its shape (the tangents)

    A list for `f` gives a list. Raises what `grad` raises: with disconnected_outputs="ignore", an f that does not depend
    on wrt gives zeros.

    >>> x = T.dvector("x")
    >>> T.Rop(x**2, x, T.constant([1.0, 10.0])).eval({x: [2, 3]})
    array([ 4., 60.])
    """
    points = _pairs(wrt, eval_points, "wrt")
    found = [_forward(one, points, disconnected_outputs) for one in _listed(f)]
    return found if isinstance(f, (list, tuple)) else found[0]


#: The names that JAX has for the same.
vjp, jvp = Lop, Rop


def _forward(f: Variable, points: list[tuple[Variable, Variable]], disconnected: str) -> Variable:
    seed = _seed(f.node)
    rows = grad(None, [one for one, _ in points], None, "ignore", {f: wrap(seed)})
    known = _summed([(row, point) for row, (_, point) in zip(rows, points, strict=True) if _depends(row.node, seed)])
    if not known:
        for one, _ in points:
            grad(None, one, None, disconnected, {f: wrap(seed)})  # raises, or warns, where nothing leads to it
        return f.zeros_like()
    return _without(grad(None, wrap(seed), None, "ignore", known), seed)


def jacobian(
    expression: Variable,
    wrt: Many,
    consider_constant: Iterable[Any] | None = None,
    disconnected_inputs: str = "raise",
) -> Variable | list[Variable]:
    """The derivative of every element of `expression` by every element of `wrt`: its axes, then those of `wrt`.

    One vectorised walk for all elements. A list for `wrt` gives a list. Raises what `grad` raises.

    >>> x = T.dvector("x")
    >>> T.jacobian(x**2 * x[0], x).eval({x: [2, 3]})
    array([[12.,  0.],
           [ 9., 12.]])
    """
    found = _jacobians(as_variable(expression), _listed(wrt), consider_constant, disconnected_inputs)
    return found if isinstance(wrt, (list, tuple)) else found[0]


def _jacobians(f: Variable, wrt: list[Variable], constant: Iterable[Any] | None, disconnected: str) -> list[Variable]:
    node = f.node
    if not node.dtype.is_float:
        remedy = "; take those of its real and imag" if node.dtype.is_complex else ""
        raise DTypeError(f"jacobian of {f}: it is {f.dtype}, only float expressions have one{remedy}")
    if not node.ndim:
        return grad(f, wrt, constant, disconnected)
    seed, count = _seed(node), size_product(list(node.shape))
    rows = [row.node for row in grad(None, wrt, constant, disconnected, {f: wrap(seed)})]
    places = apply(OPS["iota"], size_node(count))
    unit = apply(OPS["eq"], apply(OPS["dimshuffle"], places, pattern=(0, -1)), places)
    seeds = reshape(cast(unit, node.dtype), [count, *node.shape])
    wide = Batch(count).run(rows, {seed: seeds})
    return [
        wrap(reshape(one, [*node.shape, *target.node.shape])) for one, target in zip(wide, wrt, strict=True)
    ]


def hessian(
    cost: Variable,
    wrt: Many,
    consider_constant: Iterable[Any] | None = None,
    disconnected_inputs: str = "raise",
) -> Variable | list[Variable]:
    """The second derivatives of a scalar `cost`: the axes of `wrt` twice. A list for `wrt` gives a list of the blocks
    on the diagonal. Raises what `grad` raises.

    >>> x = T.dvector("x")
    >>> T.hessian(x[0] ** 2 * x[1], x).eval({x: [2, 3]})
    array([[6., 4.],
           [4., 0.]])
    """
    targets = _listed(wrt)
    slopes = grad(cost, targets, consider_constant, disconnected_inputs)
    found = [
        _jacobians(slope, [target], consider_constant, "ignore")[0] for slope, target in zip(slopes, targets, strict=True)
    ]
    return found if isinstance(wrt, (list, tuple)) else found[0]


def hessian_vector_product(
    cost: Variable, wrt: Many, vectors: Any, consider_constant: Iterable[Any] | None = None
) -> Variable | list[Variable]:
    """The Hessian of a scalar `cost` times `vectors` (one per wrt, in its shape), without the Hessian: the gradient of
    grad(cost) . vectors.

    >>> x = T.dvector("x")
    >>> T.hessian_vector_product((x**3).sum(), x, T.constant([1.0, 10.0])).eval({x: [2, 3]})
    array([ 12., 180.])
    """
    points = _pairs(wrt, vectors, "wrt")
    targets = [one for one, _ in points]
    slopes = grad(cost, targets, consider_constant)
    known = _summed([(slope, point) for slope, (_, point) in zip(slopes, points, strict=True)])
    found = grad(None, targets, consider_constant, "ignore", known)
    return found if isinstance(wrt, (list, tuple)) else found[0]


def _listed(variables: Many) -> list[Variable]:
    return [variables] if isinstance(variables, Variable) else list(variables)


def _summed(pairs: Sequence[tuple[Variable, Variable]]) -> dict[Variable, Variable]:
    """Gradients by Variable; one that is there twice has the sum."""
    found: dict[Node, Variable] = {}
    for one, point in pairs:
        found[one.node] = found[one.node] + point if one.node in found else point
    return {wrap(node): point for node, point in found.items()}


def _pairs(variables: Any, points: Any, what: str) -> list[tuple[Variable, Variable]]:
    """Variables with their eval points. Raises ValueError and ShapeError where they do not go together."""
    many: list[Any] = list(variables) if isinstance(variables, (list, tuple)) else [variables]
    given = list(points) if isinstance(variables, (list, tuple)) else [points]
    if len(many) != len(given):
        raise ValueError(f"{len(given)} eval points for {len(many)} {what}")
    found: list[tuple[Variable, Variable]] = []
    for one, point in zip(map(as_variable, many), map(as_variable, given), strict=True):
        if one.ndim != point.ndim:
            raise ShapeError(f"the eval point {shape_text(point.node)} has other dimensions than {one}, {shape_text(one.node)}")
        found.append((one, wrap(cast(point.node, one.node.dtype))))
    return found


def _seed(like: Node) -> Node:
    """A node of the shape of `like` that nothing else is: it stands for a cotangent until one is put in."""
    return apply(OPS["add"], broadcast_to(const(0.0, like.dtype), like.shape), leaf(like.dtype, ()))


def _depends(node: Node, seed: Node) -> bool:
    stack, seen = [node], set[Node]()
    while stack:
        one = stack.pop()
        if one is seed:
            return True
        if one not in seen:
            seen.add(one)
            stack.extend(one.args)
    return False


def _without(found: Variable, seed: Node) -> Variable:
    """`found` with zeros for the seed, of which only the shape may be left."""
    (node,) = substitute([found.node], {seed: broadcast_to(const(0.0, seed.dtype), seed.shape)})
    return wrap(node)
