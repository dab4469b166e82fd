"""Polynomials given by their coefficients, the highest power first: NumPy's poly... functions.

Neighbours: `differences` has convolve, of which products are made; `linalg` fits.
"""

from __future__ import annotations

from typing import Any

from modc.errors import ShapeError
from modc.graph import OPS, Node, apply, const
from modc.graph.build import shape_text
from modc.graph.sizes import size_max, size_sub
from modc.tensor import linalg, shapes
from modc.tensor.arguments import node_of, nodes_together
from modc.tensor.arrays import arange, concatenate
from modc.tensor.differences import convolve
from modc.tensor.making import vander
from modc.tensor.variable import Variable, as_variable, wrap

__all__ = [
    "polyadd", "polyder", "polyfit", "polyint", "polymul", "polysub", "polyval",
]  # fmt: skip


def _coefficients(p: Any) -> Variable:
    value = as_variable(p)
    if value.ndim > 1:
        raise ShapeError(f"coefficients are a vector, not {shape_text(value.node)}")
    return value if value.ndim else value.dimshuffle("x")


def polyval(p: Any, x: Any) -> Variable:
    """p[0] * x**(n - 1) + ... + p[n - 1] for each element of x.

    With a number of coefficients that is known by Horner's rule; else by powers of x.

    >>> T.polyval([1, 0, 2], [0, 1, 2]).eval()
    array([2, 3, 6])
    """
    weights, value = map(wrap, nodes_together([_coefficients(p), x]))
    size = weights.node.shape[0]
    if not isinstance(size, int):
        powers = arange(weights.shape[0])[::-1].astype(value.dtype)
        wide = value.dimshuffle(*range(value.ndim), "x")
        found: Variable = (wide**powers * weights).sum(-1)
        return found
    if not size:
        return value.zeros_like()
    total = value * 0 + weights[0] if size == 1 else value * weights[0]
    total = total + weights[1] if size > 1 else total
    for at in range(2, size):
        total = total * value + weights[at]
    return total


def _together(a: Any, b: Any) -> tuple[Variable, Variable]:
    """Both with zeros in front, so that they are as long."""
    first, second = (wrap(one) for one in nodes_together([_coefficients(a), _coefficients(b)]))
    return _longer(first, second), _longer(second, first)


def _longer(value: Variable, other: Variable) -> Variable:
    one, two = value.node.shape[0], other.node.shape[0]
    more = size_max(size_sub(two, one), 0)
    if isinstance(more, int) and not more:
        return value
    zeros = shapes.broadcast_to(const(0, value.node.dtype), [more])
    return wrap(apply(OPS["concat"], zeros, value.node, axis=0))


def polyadd(a1: Any, a2: Any) -> Variable:
    """The sum of two polynomials.

    >>> T.polyadd([1, 2], [9, 5, 4]).eval()
    array([9, 6, 6])
    """
    first, second = _together(a1, a2)
    return first + second


def polysub(a1: Any, a2: Any) -> Variable:
    """The difference of two polynomials.

    >>> T.polysub([9, 5, 4], [1, 2]).eval()
    array([9, 4, 2])
    """
    first, second = _together(a1, a2)
    return first - second


def polymul(a1: Any, a2: Any) -> Variable:
    """The product of two polynomials.

    >>> T.polymul([1, 1], [1, -1]).eval()
    array([ 1,  0, -1])
    """
    return convolve(_coefficients(a1), _coefficients(a2))


def polyder(p: Any, m: int = 1) -> Variable:
    """The coefficients of the m-th derivative.

    >>> T.polyder([1, 2, 3]).eval()
    array([2, 2])
    """
    if m < 0:
        raise ValueError("Order of derivative must be positive (see polyint)")
    value = _coefficients(p)
    for _ in range(m):
        powers = arange(value.shape[0])[::-1]
        value = (value * powers.astype(value.dtype))[:-1]
    return value


def polyint(p: Any, m: int = 1, k: Any = None) -> Variable:
    """The coefficients of the m-th integral; k: the constants of integration, one for each time or one for all.

    >>> T.polyint([2.0, 2.0]).eval()
    array([1., 2., 0.])
    """
    if m < 0:
        raise ValueError("Order of integral must be positive (see polyder)")
    value = _coefficients(p)
    value = value if value.node.dtype.is_inexact else value.astype("float64")
    constants: Node = node_of(0.0 if k is None else k)
    for at in range(m):
        more = wrap(constants)[at if constants.shape[0] != 1 else 0] if constants.ndim else wrap(constants)
        divisors = arange(value.shape[0])[::-1] + 1
        value = concatenate([value / divisors.astype(value.dtype), more.astype(value.dtype).dimshuffle("x")], 0)
    return value


def polyfit(x: Any, y: Any, deg: int, rcond: float | None = None, *, w: Any = None) -> Variable:
    """The deg + 1 coefficients of the polynomial that fits the points (x, y) with the least sum of squares; w weighs the
    distances. y may be a matrix: a column for each polynomial. The gradient goes to y (and through the points' powers to x).

    >>> T.polyfit([0.0, 1.0, 2.0], [1.0, 3.0, 5.0], 1).eval().round(12)
    array([2., 1.])
    """
    places, heights = (as_variable(one).astype("float64") for one in (x, y))
    if deg < 0:
        raise ValueError("expected deg >= 0")
    if places.ndim != 1:
        raise TypeError("expected 1D vector for x")
    if heights.ndim not in (1, 2):
        raise TypeError("expected 1D or 2D array for y")
    powers = vander(places, deg + 1)
    if w is not None:
        weights = as_variable(w).astype("float64")
        powers = powers * weights.dimshuffle(0, "x")
        heights = heights * (weights.dimshuffle(0, "x") if heights.ndim == 2 else weights)
    scale = (powers * powers).sum(0).function("sqrt")
    found = linalg.lstsq(powers / scale, heights, rcond)[0]
    return (found.T / scale).T
