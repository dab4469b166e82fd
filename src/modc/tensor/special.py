"""Special functions: gamma and beta, error functions, Bessel functions, entropies; SciPy's names, and PyTensor's.

Input: anything that becomes a Variable. Output: a float Variable: float32 for float32 and integers up to 16 bits, else
float64. Outside the domain the result is NaN, at a pole infinite, as in SciPy. Neighbours: the rows in
`modc.graph.ops_special` say how exact each one is; `elementwise` has the elementary functions.
"""

from __future__ import annotations

import math
from typing import Any

from modc.errors import DTypeError
from modc.tensor.elementwise import (
    _binary,
    _floating,
    _unary,
    exp,
    floor,
    isnan,
    sigmoid,
    softplus,
    switch,
)
from modc.tensor.variable import Constant, Variable, as_variable, call

__all__ = [
    "beta", "betainc", "betaln", "chi2sf", "digamma", "entr", "erfc", "erfcinv", "erfcx", "erfinv", "expit", "factorial",
    "gamma", "gammainc", "gammaincc", "gammainccinv", "gammaincinv", "gammal", "gammaln", "gammasgn", "gammau", "i0", "i0e",
    "i1", "i1e", "j0", "j1", "log_expit", "log_ndtr", "ndtr", "ndtri", "poch", "polygamma", "psi", "tri_gamma", "trigamma",
    "xlogx", "xlogy0",
]  # fmt: skip


# fmt: off
gamma, gammaln                     = _unary("gamma"), _unary("gammaln")
digamma, trigamma                  = _unary("digamma"), _unary("trigamma")
erfc, erfcx                        = _unary("erfc"), _unary("erfcx")
erfinv, erfcinv                    = _unary("erfinv"), _unary("erfcinv")
i0, i0e, i1, i1e                   = _unary("i0"), _unary("i0e"), _unary("i1"), _unary("i1e")
j0, j1                             = _unary("j0"), _unary("j1")
betaln                             = _binary("betaln")
# fmt: on

psi, tri_gamma, expit = digamma, trigamma, sigmoid
_ROOT_HALF = math.sqrt(0.5)


def polygamma(n: Any, x: Any) -> Variable:
    """The n-th derivative of digamma; n = 0, 1, 2, ..., of any shape.

    Raises DTypeError where n is a float Variable, ValueError where it is a negative constant.

    >>> T.polygamma(2, [1.0, 2.0]).eval()
    array([-2.40411381, -0.40411381])
    """
    order = as_variable(n)
    if not (order.node.dtype.is_integer or isinstance(order, Constant)):
        raise DTypeError(f"polygamma: the order is an integer, not {order.dtype}")
    if isinstance(order, Constant):
        if (order.data < 0).any() or (order.data != order.data.astype("int64")).any():
            raise ValueError(f"polygamma: the order is 0, 1, 2, ..., not {order.data.tolist()!r}")
        if order.ndim == 0 and order.data < 2:
            return trigamma(x) if order.data else digamma(x)
    value = _floating(x)
    return call("polygamma", order.astype(value.dtype), value)


def gammasgn(x: Any) -> Variable:
    """The sign of gamma(x): 1 or -1; NaN at -1, -2, ...

    >>> T.gammasgn([2.5, -0.5, -1.5, -1.0]).eval()
    array([ 1., -1.,  1., nan])
    """
    value = _floating(x)
    whole = floor(value)
    sign = switch((whole * 0.5).equals(floor(whole * 0.5)), 1.0, -1.0)
    below = switch(whole.equals(value), float("nan"), sign)
    return switch(isnan(value), value, switch(value < 0, below, 1.0)).astype(value.dtype)


def beta(a: Any, b: Any) -> Variable:
    """gamma(a) * gamma(b) / gamma(a + b), without overflow on the way.

    >>> T.beta([1.0, 2.0], [3.0, 2.0]).eval()
    array([0.33333333, 0.16666667])
    """
    first, second = as_variable(a), as_variable(b)
    return exp(betaln(first, second)) * (gammasgn(first) * gammasgn(second) * gammasgn(first + second))


def betainc(a: Any, b: Any, x: Any) -> Variable:
    """The regularised incomplete beta function: the chance of at most x under the beta distribution of a and b.

    >>> T.betainc(2.0, 3.0, [0.0, 0.5, 1.0]).eval()
    array([0.    , 0.6875, 1.    ])
    """
    return call("betainc", a, b, x)


def gammainc(a: Any, x: Any) -> Variable:
    """The regularised lower incomplete gamma function P(a, x), for a >= 0 and x >= 0.

    >>> T.gammainc(2.0, [0.0, 1.0, np.inf]).eval()
    array([0.        , 0.26424112, 1.        ])
    """
    return call("gammainc", a, x)


def gammaincc(a: Any, x: Any) -> Variable:
    """The regularised upper incomplete gamma function Q(a, x) = 1 - P(a, x), exact where P is nearly 1.

    >>> T.gammaincc(2.0, [0.0, 1.0, 100.0]).eval()
    array([1.00000000e+00, 7.35758882e-01, 3.75727674e-42])
    """
    return call("gammaincc", a, x)


def gammaincinv(a: Any, p: Any) -> Variable:
    """The x with gammainc(a, x) = p.

    >>> T.gammaincinv(2.0, T.gammainc(2.0, 1.5)).eval()
    array(1.5)
    """
    return call("gammaincinv", a, p)


def gammainccinv(a: Any, q: Any) -> Variable:
    """The x with gammaincc(a, x) = q.

    >>> T.gammainccinv(2.0, [0.5, 1e-50]).eval()
    array([  1.67834699, 119.92442038])
    """
    return call("gammainccinv", a, q)


def gammau(a: Any, x: Any) -> Variable:
    """The upper incomplete gamma function, gammaincc(a, x) * gamma(a).

    >>> T.gammau(3.0, [0.0, 1.0]).eval()
    array([2.        , 1.83939721])
    """
    share = gammaincc(a, x)
    return share * gamma(as_variable(a).astype(share.dtype))


def gammal(a: Any, x: Any) -> Variable:
    """The lower incomplete gamma function, gammainc(a, x) * gamma(a).

    >>> T.gammal(3.0, [0.0, 1.0]).eval()
    array([0.        , 0.16060279])
    """
    share = gammainc(a, x)
    return share * gamma(as_variable(a).astype(share.dtype))


def chi2sf(x: Any, k: Any) -> Variable:
    """The chance of more than x under the chi-squared distribution with k degrees of freedom.

    >>> T.chi2sf(3.841458820694124, 1).eval()
    array(0.05)
    """
    return gammaincc(_floating(k) * 0.5, _floating(x) * 0.5)


def factorial(n: Any) -> Variable:
    """gamma(n + 1), a float; 0 for negative n, as in SciPy.

    >>> T.factorial([0, 5, 0.5, -1]).eval()
    array([  1.        , 120.        ,   0.88622693,   0.        ])
    """
    value = _floating(n)
    return switch(value < 0, 0.0, gamma(value + 1))


def poch(z: Any, m: Any) -> Variable:
    """The rising factorial z (z + 1) ... (z + m - 1), as gamma(z + m) / gamma(z).

    >>> T.poch([2.0, 0.5], 3).eval()
    array([24.   ,  1.875])
    """
    value = _floating(z)
    return gamma(value + m) / gamma(value)


def log_expit(x: Any) -> Variable:
    """log(sigmoid(x)), without underflow.

    >>> T.log_expit([0.0, -1000.0]).eval()
    array([-6.93147181e-01, -1.00000000e+03])
    """
    return -softplus(-_floating(x))


def xlogx(x: Any) -> Variable:
    """x * log(x), and 0 where x is 0.

    >>> T.xlogx([0.0, 1.0, 2.0]).eval()
    array([0.        , 0.        , 1.38629436])
    """
    value = _floating(x)
    return call("xlogy", value, value)


def xlogy0(x: Any, y: Any) -> Variable:
    """x * log(y), and 0 where x is 0: Theano's name of xlogy.

    >>> T.xlogy0([0.0, 2.0], [0.0, 3.0]).eval()
    array([0.        , 2.19722458])
    """
    return call("xlogy", x, y)


def entr(x: Any) -> Variable:
    """-x * log(x), 0 where x is 0, -inf below: the terms of an entropy.

    >>> T.entr([0.5, 0.25, -1.0]).eval()
    array([0.34657359, 0.34657359,       -inf])
    """
    value = _floating(x)
    return switch(value < 0, float("-inf"), -xlogx(switch(value < 0, 1.0, value)))


def ndtr(x: Any) -> Variable:
    """The chance of at most x under the standard normal distribution.

    >>> T.ndtr([0.0, 1.96, -np.inf]).eval()
    array([0.5      , 0.9750021, 0.       ])
    """
    return 0.5 * erfc(_floating(x) * -_ROOT_HALF)


def ndtri(p: Any) -> Variable:
    """The inverse of `ndtr`.

    >>> T.ndtri([0.975, 0.25, 0.0]).eval()
    array([ 1.95996398, -0.67448975,        -inf])
    """
    return erfcinv(_floating(p) * 2.0) / -_ROOT_HALF


def log_ndtr(x: Any) -> Variable:
    """log(ndtr(x)), without underflow.

    >>> T.log_ndtr([0.0, -40.0]).eval()
    array([-6.93147181e-01, -8.04608442e+02])
    """
    value = _floating(x)
    scaled = value * -_ROOT_HALF
    far = call("log", erfcx(switch(value < -1, scaled, 1.0))) - scaled * scaled - math.log(2.0)
    return switch(value < -1, far, call("log1p", -0.5 * erfc(switch(value < -1, 1.0, -scaled))))
