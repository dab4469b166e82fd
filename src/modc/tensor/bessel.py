"""Bessel functions of any real order; SciPy's names.

Input: anything that becomes a Variable. Output: a float Variable; NaN outside the domain, infinite at poles. Gradients go to
the argument; one for the order raises NoGradientError. Neighbours: `special` has the other special functions; the rows in
`modc.graph.ops_special` say how exact each one is.
"""

from __future__ import annotations

import math
from typing import Any

from modc.tensor.elementwise import _floating, switch
from modc.tensor.variable import Variable, as_variable, call

__all__ = [
    "iv", "ive", "jn", "jv", "jve", "k0", "k0e", "k1", "k1e", "kn", "kv", "kve", "spherical_in", "spherical_jn", "spherical_kn",
    "spherical_yn", "y0", "y1", "yn", "yv", "yve",
]  # fmt: skip


def jv(n: Any, x: Any) -> Variable:
    """The Bessel function J of order n; for x < 0 of whole orders only.

    >>> T.jv(1.5, [0.0, 1.0, 2.0]).eval().round(6)
    array([0.      , 0.240298, 0.491294])
    """
    return call("jv", n, x)


def yv(n: Any, x: Any) -> Variable:
    """The Bessel function Y of order n, for x >= 0; -inf at 0.

    >>> T.yv(0, [0.0, 1.0]).eval().round(6)
    array([     -inf, 0.088257])
    """
    return call("yv", n, x)


def iv(n: Any, x: Any) -> Variable:
    """The modified Bessel function I of order n; for x < 0 of whole orders only.

    >>> T.iv(0.5, [0.0, 1.0]).eval().round(6)
    array([0.      , 0.937675])
    """
    return call("iv", n, x)


def ive(n: Any, x: Any) -> Variable:
    """exp(-|x|) iv(n, x), without overflow.

    >>> T.ive(2, [1.0, 1000.0]).eval().round(6)
    array([0.049939, 0.012592])
    """
    return call("ive", n, x)


def kv(n: Any, x: Any) -> Variable:
    """The modified Bessel function K of order n, for x >= 0; inf at 0.

    >>> T.kv(0.5, [0.0, 1.0]).eval().round(6)
    array([     inf, 0.461069])
    """
    return call("kv", n, x)


def kve(n: Any, x: Any) -> Variable:
    """exp(x) kv(n, x), without underflow.

    >>> T.kve(2, [1.0, 1000.0]).eval().round(6)
    array([4.41677 , 0.039708])
    """
    return call("kve", n, x)


jn, yn, kn = jv, yv, kv


def jve(n: Any, x: Any) -> Variable:
    """jv: SciPy scales complex arguments alone.

    >>> T.jve(0, [0.0, 1.0]).eval().round(6)
    array([1.      , 0.765198])
    """
    return jv(n, x)


def yve(n: Any, x: Any) -> Variable:
    """yv: SciPy scales complex arguments alone.

    >>> T.yve(0, [1.0, 2.0]).eval().round(6)
    array([0.088257, 0.510376])
    """
    return yv(n, x)


def y0(x: Any) -> Variable:
    """yv of order 0.

    >>> T.y0([0.0, 1.0]).eval().round(6)
    array([    -inf, 0.088257])
    """
    return call("yv", 0, _floating(x))


def y1(x: Any) -> Variable:
    """yv of order 1.

    >>> T.y1([0.0, 1.0]).eval().round(6)
    array([     -inf, -0.781213])
    """
    return call("yv", 1, _floating(x))


def k0(x: Any) -> Variable:
    """kv of order 0.

    >>> T.k0([0.0, 1.0]).eval().round(6)
    array([     inf, 0.421024])
    """
    return call("kv", 0, _floating(x))


def k1(x: Any) -> Variable:
    """kv of order 1.

    >>> T.k1([0.0, 1.0]).eval().round(6)
    array([     inf, 0.601907])
    """
    return call("kv", 1, _floating(x))


def k0e(x: Any) -> Variable:
    """kve of order 0.

    >>> T.k0e([1.0, 1000.0]).eval().round(6)
    array([1.144463, 0.039628])
    """
    return call("kve", 0, _floating(x))


def k1e(x: Any) -> Variable:
    """kve of order 1.

    >>> T.k1e([1.0, 1000.0]).eval().round(6)
    array([1.636153, 0.039648])
    """
    return call("kve", 1, _floating(x))


def _spherical(op: str, scale: float, n: Any, z: Any, at_zero: float | None) -> Variable:
    value = _floating(z)
    order = as_variable(n).astype(value.dtype)
    inside = value if at_zero is None else switch(value.equals(0), 1.0, value)
    found = call(op, order + 0.5, inside) * call("sqrt", scale / inside)
    if at_zero is None:
        return found
    return switch(value.equals(0), switch(order.equals(0), at_zero, 0.0).astype(value.dtype), found)


def spherical_jn(n: Any, z: Any) -> Variable:
    """The spherical Bessel function j of whole order n for z >= 0: sqrt(pi / (2 z)) jv(n + 1/2, z).

    >>> T.spherical_jn(0, [0.0, 1.0]).eval().round(6)
    array([1.      , 0.841471])
    """
    return _spherical("jv", 0.5 * math.pi, n, z, 1.0)


def spherical_yn(n: Any, z: Any) -> Variable:
    """The spherical Bessel function y of whole order n for z >= 0: sqrt(pi / (2 z)) yv(n + 1/2, z).

    >>> T.spherical_yn(0, [1.0, 2.0]).eval().round(6)
    array([-0.540302,  0.208073])
    """
    return _spherical("yv", 0.5 * math.pi, n, z, None)


def spherical_in(n: Any, z: Any) -> Variable:
    """The modified spherical Bessel function i of whole order n for z >= 0: sqrt(pi / (2 z)) iv(n + 1/2, z).

    >>> T.spherical_in(0, [0.0, 1.0]).eval().round(6)
    array([1.      , 1.175201])
    """
    return _spherical("iv", 0.5 * math.pi, n, z, 1.0)


def spherical_kn(n: Any, z: Any) -> Variable:
    """The modified spherical Bessel function k of whole order n for z >= 0: sqrt(pi / (2 z)) kv(n + 1/2, z).

    >>> T.spherical_kn(0, [1.0, 2.0]).eval().round(6)
    array([0.577864, 0.106292])
    """
    return _spherical("kv", 0.5 * math.pi, n, z, None)
