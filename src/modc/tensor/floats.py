"""Parts of floats: fraction and whole part, mantissa and exponent, the distance to the next float."""

from __future__ import annotations

from typing import Any

from modc.tensor.elementwise import _floating
from modc.tensor.variable import Variable, call

__all__ = [
    "frexp", "modf", "spacing",
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
