"""More special functions: inverses of betainc, integrals, combinations, transformations; SciPy's names.

Input: anything that becomes a Variable. Output: a float Variable. Outside the domain the result is NaN, as in SciPy.
Neighbours: `special`, `bessel` and `distributions`; the rows in `modc.graph.ops_special` say how exact each one is.
"""

from __future__ import annotations

import math
from typing import Any

from modc.graph import cast
from modc.graph.dtype import float_of, promote
from modc.tensor.arguments import nodes_together
from modc.tensor.elementwise import (
    _binary,
    _floating,
    _unary,
    exp,
    expm1,
    floor,
    isnan,
    log,
    log1p,
    sin,
    sqrt,
    switch,
)
from modc.tensor.special import (
    betaln,
    erfcinv,
    gamma,
    gammaln,
    log_ndtr,
    ndtri,
    poch,
)
from modc.tensor.variable import Variable, as_variable, call, wrap

__all__ = [
    "betaincc", "betainccinv", "betaincinv", "binom", "boxcox", "boxcox1p", "comb", "cosm1", "dawsn", "ellipe",
    "ellipk", "ellipkm1", "erfi", "exp1", "exp10", "expi", "expn", "exprel", "huber", "inv_boxcox", "inv_boxcox1p",
    "kl_div", "multigammaln", "ndtri_exp", "owens_t", "perm", "pseudo_huber", "rel_entr", "rgamma", "zeta",
]  # fmt: skip

# fmt: off
exp1, expi, expn                   = _unary("exp1"), _unary("expi"), _binary("expn")
dawsn, erfi                        = _unary("dawsn"), _unary("erfi")
ellipk, ellipe                     = _unary("ellipk"), _unary("ellipe")
owens_t                            = _binary("owens_t")
# fmt: on


def together(*values: Any) -> list[Variable]:
    """Operands in the float dtype in which they meet: bare numbers take that of the others."""
    nodes = nodes_together(values)
    row = nodes[0].dtype
    for node in nodes[1:]:
        row = promote(row, node.dtype)
    return [wrap(cast(node, float_of(row))) for node in nodes]


def betaincinv(a: Any, b: Any, p: Any) -> Variable:
    """The x with betainc(a, b, x) = p: the quantile p of the beta distribution of a and b.

    >>> T.betaincinv(2.0, 2.0, [0.0, 0.5, 1.0]).eval()
    array([0. , 0.5, 1. ])
    """
    return call("betaincinv", a, b, p)


def betainccinv(a: Any, b: Any, q: Any) -> Variable:
    """The x with betainc(a, b, x) = 1 - q.

    >>> T.betainccinv(2.0, 2.0, [0.0, 0.5, 1.0]).eval().round(9)
    array([1. , 0.5, 0. ])
    """
    return call("betainccinv", a, b, q)


def betaincc(a: Any, b: Any, x: Any) -> Variable:
    """1 - betainc(a, b, x), exact where that is nearly 1.

    >>> T.betaincc(2.0, 2.0, 0.5).eval()
    array(0.5)
    """
    return call("betainc", b, a, 1 - _floating(x))


def zeta(x: Any, q: Any = 1.0) -> Variable:
    """Hurwitz's zeta function, the sum of (k + q)**-x over k >= 0, for x > 1; Riemann's for q = 1. The gradient goes to q.

    >>> T.zeta([2.0, 4.0]).eval().round(6)
    array([1.644934, 1.082323])
    """
    return call("hurwitz", x, q)


def ellipkm1(p: Any) -> Variable:
    """ellipk(1 - p), exact for small p too: Landen's steps make p larger, up to where nothing cancels.

    >>> T.ellipkm1([1.0, 1e-20, 0.0]).eval().round(6)
    array([ 1.570796, 24.412145,       inf])
    """
    value = _floating(p)
    endless = value.equals(float("inf"))
    ratio = call("sqrt", switch(endless, 1.0, value))
    scale: Any = 1.0
    for _ in range(7):
        scale, ratio = scale * 2.0 / (1.0 + ratio), 2.0 * call("sqrt", ratio) / (1.0 + ratio)
    return switch(endless, 0.0, scale * ellipk(1.0 - ratio * ratio))


# Near the limits of elementary functions


def exprel(x: Any) -> Variable:
    """(exp(x) - 1) / x, and 1 where x is 0.

    >>> T.exprel([0.0, 1.0]).eval().round(6)
    array([1.      , 1.718282])
    """
    value = _floating(x)
    zero = value.equals(0)
    safe = switch(zero, 1.0, value)
    return switch(zero, 1.0 + value * 0.5, switch(value.equals(float("inf")), value, expm1(safe) / safe))


def cosm1(x: Any) -> Variable:
    """cos(x) - 1, exact near 0.

    >>> T.cosm1([1e-10, 1.0]).eval()
    array([-5.00000000e-21, -4.59697694e-01])
    """
    half = sin(_floating(x) * 0.5)
    return -2.0 * (half * half)


def exp10(x: Any) -> Variable:
    """10 ** x.

    >>> T.exp10([0.0, 2.0, -1.0]).eval()
    array([  1. , 100. ,   0.1])
    """
    return 10.0 ** _floating(x)


def ndtri_exp(y: Any) -> Variable:
    """The x with log_ndtr(x) = y, for y <= 0, without underflow.

    >>> T.ndtri_exp([-1000.0, -1.0]).eval().round(6)
    array([-44.615748,  -0.337475])
    """
    value = _floating(y)
    far, near = value < -600.0, value > -0.01
    depth = switch(far, value, -700.0)
    place = -sqrt(-2.0 * depth - math.log(2.0 * math.pi) - log(-2.0 * depth))
    for _ in range(3):  # Newton's steps, each of which doubles the digits
        level = log_ndtr(place)
        place = place - (level - depth) * exp(level + 0.5 * place * place) * math.sqrt(2.0 * math.pi)
    inner = switch(far | near, -1.0, value)
    top = switch(near, value, -0.001)
    return switch(far, place, switch(near, erfcinv(-2.0 * expm1(top)) * math.sqrt(2.0), ndtri(exp(inner))))


# Gamma and combinations


def rgamma(x: Any) -> Variable:
    """1 / gamma(x), 0 at gamma's poles.

    >>> T.rgamma([4.0, 0.0, -1.0]).eval()
    array([0.16666667, 0.        , 0.        ])
    """
    value = _floating(x)
    pole = (value <= 0) & floor(value).equals(value)
    return switch(pole, 0.0, 1.0 / gamma(switch(pole, 1.0, value)))


def multigammaln(a: Any, d: int) -> Variable:
    """The logarithm of the gamma function of d by d matrices, d a number.

    >>> T.multigammaln([3.0, 10.0], 2).eval().round(6)
    array([ 1.550195, 25.063526])
    """
    if not isinstance(d, int) or d < 1:
        raise ValueError("d should be a positive integer (dimension)")
    value = _floating(a)
    total = gammaln(value) + (d * (d - 1) * 0.25 * math.log(math.pi))
    for at in range(1, d):
        total = total + gammaln(value - 0.5 * at)
    return total


def binom(n: Any, k: Any) -> Variable:
    """The binomial coefficient of real numbers, gamma(n + 1) / (gamma(k + 1) gamma(n - k + 1)) for n >= k >= 0.

    >>> T.binom(5, [0, 2]).eval().round(9)
    array([ 1., 10.])
    """
    first, second = together(n, k)
    return exp(-betaln(1.0 + first - second, 1.0 + second) - log(first + 1.0))


def comb(n: Any, k: Any, exact: bool = False, repetition: bool = False) -> Variable:
    """How many ways there are to choose k of n things, a float; 0 for k < 0 and for k > n.

    repetition: things may be chosen again. exact is there for SciPy's callers.

    >>> T.comb(5, [2, 6]).eval().round(9)
    array([10.,  0.])
    """
    if repetition:
        return comb(as_variable(n) + k - 1, k)
    first, second = together(n, k)
    fine = (second <= first) & (first >= 0) & (second >= 0)
    return switch(fine, binom(switch(fine, first, 1.0), switch(fine, second, 1.0)), 0.0)


def perm(n: Any, k: Any, exact: bool = False) -> Variable:
    """How many sequences there are of k of n things, a float; 0 for k < 0 and for k > n.

    >>> T.perm(5, [2, 6]).eval()
    array([20.,  0.])
    """
    first, second = together(n, k)
    fine = (second <= first) & (first >= 0) & (second >= 0)
    return switch(fine, poch(switch(fine, first - second + 1, 1.0), switch(fine, second, 1.0)), 0.0)


# Transformations and losses


def boxcox(x: Any, lmbda: Any) -> Variable:
    """(x**lmbda - 1) / lmbda, and log(x) where lmbda is 0.

    >>> T.boxcox(4.0, [0.0, 0.5]).eval().round(6)
    array([1.386294, 2.      ])
    """
    value, power = together(x, lmbda)
    return _scaled(log(value), power)


def boxcox1p(x: Any, lmbda: Any) -> Variable:
    """boxcox(1 + x, lmbda), exact for small x.

    >>> T.boxcox1p(3.0, [0.0, 0.5]).eval().round(6)
    array([1.386294, 2.      ])
    """
    value, power = together(x, lmbda)
    return _scaled(log1p(value), power)


def _scaled(level: Variable, power: Variable) -> Variable:
    return level * exprel(power * level)


def inv_boxcox(y: Any, lmbda: Any) -> Variable:
    """The x with boxcox(x, lmbda) = y.

    >>> T.inv_boxcox(2.0, [0.0, 0.5]).eval().round(6)
    array([7.389056, 4.      ])
    """
    return exp(_unboxed(y, lmbda))


def inv_boxcox1p(y: Any, lmbda: Any) -> Variable:
    """The x with boxcox1p(x, lmbda) = y.

    >>> T.inv_boxcox1p(2.0, [0.0, 0.5]).eval().round(6)
    array([6.389056, 3.      ])
    """
    return expm1(_unboxed(y, lmbda))


def _unboxed(y: Any, lmbda: Any) -> Variable:
    """y log(1 + z) / z for z = lmbda y."""
    value, power = together(y, lmbda)
    z = power * value
    zero = z.equals(0)
    safe = switch(zero, 1.0, z)
    return value * switch(zero, 1.0 - 0.5 * z, log1p(safe) / safe)


def rel_entr(x: Any, y: Any) -> Variable:
    """x * log(x / y) for x, y > 0; 0 where x is 0 and y >= 0; else inf.

    >>> T.rel_entr([0.0, 2.0], 1.0).eval().round(6)
    array([0.      , 1.386294])
    """
    return _entropies(x, y, False)


def kl_div(x: Any, y: Any) -> Variable:
    """x * log(x / y) - x + y for x, y > 0; y where x is 0 and y >= 0; else inf.

    >>> T.kl_div([0.0, 1.0, 2.0], [1.0, 1.0, 1.0]).eval().round(6)
    array([1.      , 0.      , 0.386294])
    """
    return _entropies(x, y, True)


def _entropies(x: Any, y: Any, linear: bool) -> Variable:
    first, second = together(x, y)
    inside = (first > 0) & (second > 0)
    p, q = switch(inside, first, 1.0), switch(inside, second, 1.0)
    term = p * log(p / q)
    found = switch(inside, term - p + q if linear else term, float("inf"))
    found = switch(first.equals(0) & (second >= 0), second if linear else 0.0, found)
    return switch(isnan(first) | isnan(second), float("nan"), found)


def huber(delta: Any, r: Any) -> Variable:
    """r**2 / 2 up to |r| = delta, then delta * (|r| - delta / 2); inf for delta < 0.

    >>> T.huber(1.0, [0.5, 3.0]).eval()
    array([0.125, 2.5  ])
    """
    limit, value = together(delta, r)
    size = abs(value)
    found = switch(size <= limit, 0.5 * (value * value), limit * (size - 0.5 * limit))
    return switch(limit < 0, float("inf"), found)


def pseudo_huber(delta: Any, r: Any) -> Variable:
    """delta**2 * (sqrt(1 + (r / delta)**2) - 1), a smooth `huber`; 0 for delta = 0, inf for delta < 0.

    >>> T.pseudo_huber(1.0, [0.0, 3.0]).eval().round(6)
    array([0.      , 2.162278])
    """
    limit, value = together(delta, r)
    safe = switch(limit > 0, limit, 1.0)
    share = value / safe
    square = share * share
    found = safe * safe * (square / (sqrt(1.0 + square) + 1.0))
    return switch(limit < 0, float("inf"), switch(limit.equals(0), 0.0, found))
