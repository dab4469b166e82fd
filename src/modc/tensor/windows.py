"""Windows of signals: bartlett, blackman, hamming, hanning, kaiser. Sizes may be symbolic; results are float64."""

from __future__ import annotations

import math
from typing import Any

from modc.graph import size_node
from modc.tensor.arguments import size_argument
from modc.tensor.arrays import arange
from modc.tensor.variable import Variable, as_variable, call, wrap

__all__ = [
    "bartlett", "blackman", "hamming", "hanning", "kaiser",
]  # fmt: skip


def _places(M: Any) -> tuple[Variable, Variable]:
    """The odd numbers 1 - M, 3 - M, ..., M - 1 and M - 1, float64 (1 for windows of one element); as NumPy has them."""
    count = as_variable(wrap(size_node(size_argument(M))))
    numbers = call("sub", arange(count) * 2 + 1, count).astype("float64")
    return numbers, call("where", count > 1, count - 1, 1).astype("float64")


def bartlett(M: Any) -> Variable:
    """A triangle over M places, 0 at both ends.

    >>> T.bartlett(5).eval()
    array([0. , 0.5, 1. , 0.5, 0. ])
    """
    n, width = _places(M)
    return call("where", n <= 0, 1 + n / width, 1 - n / width)


def hanning(M: Any) -> Variable:
    """0.5 + 0.5 cos(pi n / (M - 1)) for n = 1 - M, 3 - M, ..., M - 1.

    >>> T.hanning(5).eval()
    array([0. , 0.5, 1. , 0.5, 0. ])
    """
    n, width = _places(M)
    return 0.5 + 0.5 * call("cos", math.pi * n / width)


def hamming(M: Any) -> Variable:
    """0.54 + 0.46 cos(pi n / (M - 1)) for n = 1 - M, 3 - M, ..., M - 1.

    >>> T.hamming(5).eval()
    array([0.08, 0.54, 1.  , 0.54, 0.08])
    """
    n, width = _places(M)
    return 0.54 + 0.46 * call("cos", math.pi * n / width)


def blackman(M: Any) -> Variable:
    """0.42 + 0.5 cos(pi n / (M - 1)) + 0.08 cos(2 pi n / (M - 1)) for n = 1 - M, 3 - M, ..., M - 1.

    >>> T.blackman(5).eval().round(2) + 0
    array([0.  , 0.34, 1.  , 0.34, 0.  ])
    """
    n, width = _places(M)
    return 0.42 + 0.5 * call("cos", math.pi * n / width) + 0.08 * call("cos", 2.0 * math.pi * n / width)


def kaiser(M: Any, beta: Any) -> Variable:
    """i0(beta sqrt(1 - (n / (M - 1))**2)) / i0(beta) for n = 1 - M, 3 - M, ..., M - 1. The gradient goes to beta.

    >>> T.kaiser(5, 2.0).eval()
    array([0.43867628, 0.83476143, 1.        , 0.83476143, 0.43867628])
    """
    n, width = _places(M)
    shape = as_variable(beta).astype("float64")
    share = n / width
    return call("i0", shape * call("sqrt", 1 - share * share)) / call("i0", shape)
