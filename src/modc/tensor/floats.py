"""Functions of numbers made of others: parts and kinds of floats, angles, divisions with a rest."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from modc.errors import DTypeError
from modc.tensor.elementwise import (
    _floating,
    abs_,
    cast,
    floor_div,
    isinf,
    isnan,
    mod,
    neq,
    sin,
    switch,
)
from modc.tensor.variable import Variable, as_variable, call, power

__all__ = [
    "ceil_intdiv", "deg2rad", "degrees", "divmod", "fabs", "float_power", "frexp", "heaviside", "isneginf", "isposinf", "ldexp",
    "modf", "nan_to_num", "positive", "rad2deg", "radians", "sinc", "spacing",
]  # fmt: skip


def modf(x: Any) -> tuple[Variable, Variable]:
    """The fraction and the whole part of x, both with its sign; of infinities 0 and they themselves.

    >>> [part.eval().tolist() for part in T.modf([2.5, -1.25])]
    [[0.5, -0.25], [2.0, -1.0]]
    """
    value = _floating(x)
    whole = call("trunc", value)
    fraction = call("where", call("isinf", value), 0.0, value - whole)
    return call("copysign", fraction, value), whole


def frexp(x: Any) -> tuple[Variable, Variable]:
    """Mantissa (1/2 up to 1) and exponent (int32) of x = mantissa * 2 ** exponent; 0, NaN and infinities have exponent 0.

    >>> [part.eval().tolist() for part in T.frexp([8.0, 0.3])]
    [[0.5, 0.6], [4, -1]]
    """
    value = _floating(x)
    exponent = call("exponent", value)
    return call("ldexp", value, -exponent), exponent


def spacing(x: Any) -> Variable:
    """The distance from x to the next float away from 0, with the sign of x. NaN for infinities.

    >>> T.spacing([1.0, -4.0, np.inf]).eval()
    array([ 2.22044605e-16, -8.88178420e-16,             nan])
    """
    value = _floating(x)
    limit = call("copysign", float("inf"), value)
    return call("nextafter", value, limit.astype(value.dtype)) - value


def fabs(x: Any) -> Variable:
    """|x|, a float.

    >>> T.fabs([-3, 2]).eval()
    array([3., 2.])
    """
    return abs_(_floating(x))


def positive(x: Any) -> Variable:
    """`+x`: x itself. Raises DTypeError for bool, as NumPy.

    >>> T.positive([1, -2]).eval()
    array([ 1, -2])
    """
    value = as_variable(x)
    if value.dtype == "bool":
        raise DTypeError("positive is not defined for bool")
    return value


def ldexp(x: Any, n: Any) -> Variable:
    """x * 2 ** n for integers n, rounded once.

    >>> T.ldexp([1.0, 0.75], [3, -1]).eval()
    array([8.   , 0.375])
    """
    return call("ldexp", as_variable(x), as_variable(n))


def divmod(a: Any, b: Any) -> tuple[Variable, Variable]:
    """(a // b, a % b).

    >>> [one.eval() for one in T.divmod([7, -7], 3)]
    [array([ 2, -3]), array([1, 2])]
    """
    first, second = as_variable(a), as_variable(b)
    return floor_div(first, second), mod(first, second)


def ceil_intdiv(a: Any, b: Any) -> Variable:
    """a / b of integers, rounded up.

    >>> T.ceil_intdiv([6, 7, -7], 3).eval()
    array([ 2,  3, -2])
    """
    first, second = as_variable(a), as_variable(b)
    down = floor_div(first, second)
    return down + neq(mod(first, second), 0).astype(down.dtype)


def float_power(a: Any, b: Any) -> Variable:
    """a ** b in float64, or complex128.

    >>> T.float_power([2, 9], [-1, 0.5]).eval()
    array([0.5, 3. ])
    """
    first, second = as_variable(a), as_variable(b)
    wide = "complex128" if first.node.dtype.is_complex or second.node.dtype.is_complex else "float64"
    return power(cast(first, wide), cast(second, wide))


def deg2rad(x: Any) -> Variable:
    """Degrees as radians.

    >>> T.deg2rad([90, 180]).eval()
    array([1.57079633, 3.14159265])
    """
    return _floating(x) * (math.pi / 180.0)


def rad2deg(x: Any) -> Variable:
    """Radians as degrees.

    >>> T.rad2deg([np.pi, 1.0]).eval()
    array([180.        ,  57.29577951])
    """
    return _floating(x) * (180.0 / math.pi)


def sinc(x: Any) -> Variable:
    """sin(pi * x) / (pi * x), and 1 where x is 0.

    >>> T.sinc([0.0, 0.5, 1.0]).eval().round(15)
    array([1.        , 0.63661977, 0.        ])
    """
    value = _floating(x)
    angle = math.pi * switch(value.equals(0), 1e-20, value)
    return sin(angle) / angle


def heaviside(x: Any, h0: Any) -> Variable:
    """0 below 0, 1 above, h0 at 0; NaN stays.

    >>> T.heaviside([-1.5, 0.0, 2.0], 0.5).eval()
    array([0. , 0.5, 1. ])
    """
    value, level = _floating(x), h0 if isinstance(h0, (int, float)) else _floating(h0)
    step = switch(value < 0, 0.0, switch(value.equals(0), level, 1.0))
    return switch(isnan(value), value, step)


def isposinf(x: Any) -> Variable:
    """True where x is inf.

    >>> T.isposinf([np.inf, -np.inf, 1.0]).eval()
    array([ True, False, False])
    """
    return isinf(x) & (as_variable(x) > 0)


def isneginf(x: Any) -> Variable:
    """True where x is -inf.

    >>> T.isneginf([np.inf, -np.inf, 1.0]).eval()
    array([False,  True, False])
    """
    return isinf(x) & (as_variable(x) < 0)


def nan_to_num(x: Any, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Variable:
    """`nan` for NaN, `posinf` and `neginf` for infinities: the largest and smallest finite number unless given.

    >>> T.nan_to_num([np.nan, np.inf, 1.0], nan=-1.0, posinf=9.0).eval()
    array([-1.,  9.,  1.])
    """
    value = as_variable(x)
    if not value.node.dtype.is_float:
        return value
    most = float(np.finfo(value.dtype).max)
    finite = switch(isposinf(value), most if posinf is None else posinf, value)
    finite = switch(isneginf(value), -most if neginf is None else neginf, finite)
    return switch(isnan(value), nan, finite).astype(value.dtype)


radians, degrees = deg2rad, rad2deg
