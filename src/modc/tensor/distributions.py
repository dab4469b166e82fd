"""Distribution functions and quantiles: chi-squared, gamma, Poisson, binomial, F, Student's; SciPy's names.

Input: anything that becomes a Variable. Output: a float Variable; NaN outside the domain. Neighbours: `special_more`; all are
short in terms of the incomplete gamma and beta functions.
"""

from __future__ import annotations

from typing import Any

from modc.tensor.elementwise import exp, floor, sqrt, switch
from modc.tensor.special import betaln, gammaincc, gammainccinv
from modc.tensor.special_more import together
from modc.tensor.variable import Variable, call

__all__ = [
    "bdtr", "bdtrc", "chdtr", "chdtrc", "chdtri", "fdtr", "fdtrc", "fdtri", "gdtr", "gdtrc", "nbdtr", "nbdtrc", "pdtr",
    "pdtrc", "stdtr", "stdtrit",
]  # fmt: skip


def chdtr(v: Any, x: Any) -> Variable:
    """The chance of at most x under the chi-squared distribution with v degrees of freedom.

    >>> T.chdtr([1, 2], 3.841458820694124).eval().round(6)
    array([0.95  , 0.8535])
    """
    return call("gammainc", *(one * 0.5 for one in together(v, x)))


def chdtrc(v: Any, x: Any) -> Variable:
    """The chance of more than x under the chi-squared distribution with v degrees of freedom.

    >>> T.chdtrc([1, 2], 3.841458820694124).eval().round(6)
    array([0.05  , 0.1465])
    """
    return gammaincc(*(one * 0.5 for one in together(v, x)))


def chdtri(v: Any, p: Any) -> Variable:
    """The x with chdtrc(v, x) = p.

    >>> T.chdtri([1, 2], 0.05).eval().round(6)
    array([3.841459, 5.991465])
    """
    free, chance = together(v, p)
    return 2.0 * gammainccinv(free * 0.5, chance)


def gdtr(a: Any, b: Any, x: Any) -> Variable:
    """The chance of at most x under the gamma distribution of rate a and shape b.

    >>> T.gdtr(1.0, 2.0, [0.0, 3.0]).eval().round(6)
    array([0.      , 0.800852])
    """
    rate, shape, value = together(a, b, x)
    return call("gammainc", shape, rate * value)


def gdtrc(a: Any, b: Any, x: Any) -> Variable:
    """The chance of more than x under the gamma distribution of rate a and shape b.

    >>> T.gdtrc(1.0, 2.0, [0.0, 3.0]).eval().round(6)
    array([1.      , 0.199148])
    """
    rate, shape, value = together(a, b, x)
    return gammaincc(shape, rate * value)


def pdtr(k: Any, m: Any) -> Variable:
    """The chance of at most k events under the Poisson distribution of mean m.

    >>> T.pdtr([0, 1], 2.0).eval().round(6)
    array([0.135335, 0.406006])
    """
    count, mean = together(k, m)
    return gammaincc(floor(count) + 1.0, mean)


def pdtrc(k: Any, m: Any) -> Variable:
    """The chance of more than k events under the Poisson distribution of mean m.

    >>> T.pdtrc([0, 1], 2.0).eval().round(6)
    array([0.864665, 0.593994])
    """
    count, mean = together(k, m)
    return call("gammainc", floor(count) + 1.0, mean)


def bdtr(k: Any, n: Any, p: Any) -> Variable:
    """The chance of at most k successes in n trials, of chance p each.

    >>> T.bdtr([0, 1, 3], 3, 0.5).eval()
    array([0.125, 0.5  , 1.   ])
    """
    count, number, chance = together(k, n, p)
    whole = floor(count)
    inside = call("minimum", whole, number - 1)
    return switch(whole.equals(number), 1.0, call("betainc", number - inside, inside + 1.0, 1.0 - chance))


def bdtrc(k: Any, n: Any, p: Any) -> Variable:
    """The chance of more than k successes in n trials, of chance p each.

    >>> T.bdtrc([0, 1, 3], 3, 0.5).eval()
    array([0.875, 0.5  , 0.   ])
    """
    count, number, chance = together(k, n, p)
    whole = floor(count)
    inside = call("minimum", whole, number - 1)
    return switch(whole.equals(number), 0.0, call("betainc", inside + 1.0, number - inside, chance))


def nbdtr(k: Any, n: Any, p: Any) -> Variable:
    """The chance of at most k failures before n successes, of chance p each.

    >>> T.nbdtr([0, 1], 2, 0.5).eval()
    array([0.25, 0.5 ])
    """
    count, number, chance = together(k, n, p)
    return call("betainc", number, floor(count) + 1.0, chance)


def nbdtrc(k: Any, n: Any, p: Any) -> Variable:
    """The chance of more than k failures before n successes, of chance p each.

    >>> T.nbdtrc([0, 1], 2, 0.5).eval()
    array([0.75, 0.5 ])
    """
    count, number, chance = together(k, n, p)
    return call("betainc", floor(count) + 1.0, number, 1.0 - chance)


def fdtr(dfn: Any, dfd: Any, x: Any) -> Variable:
    """The chance of at most x under the F distribution with dfn and dfd degrees of freedom.

    >>> T.fdtr(2, 4, [0.0, 1.0]).eval().round(6)
    array([0.      , 0.555556])
    """
    first, second, value = together(dfn, dfd, x)
    return call("betainc", first * 0.5, second * 0.5, first * value / (second + first * value))


def fdtrc(dfn: Any, dfd: Any, x: Any) -> Variable:
    """The chance of more than x under the F distribution with dfn and dfd degrees of freedom.

    >>> T.fdtrc(2, 4, [0.0, 1.0]).eval().round(6)
    array([1.      , 0.444444])
    """
    first, second, value = together(dfn, dfd, x)
    return call("betainc", second * 0.5, first * 0.5, second / (second + first * value))


def fdtri(dfn: Any, dfd: Any, p: Any) -> Variable:
    """The x with fdtr(dfn, dfd, x) = p.

    >>> T.fdtri(2, 4, [0.0, 0.5]).eval().round(6)
    array([0.      , 0.828427])
    """
    first, second, chance = together(dfn, dfd, p)
    share = call("betaincinv", first * 0.5, second * 0.5, chance)
    return second * share / (first * (1.0 - share))


def stdtr(df: Any, t: Any) -> Variable:
    """The chance of at most t under Student's distribution with df degrees of freedom.

    >>> T.stdtr(3, [0.0, 1.0]).eval().round(6)
    array([0.5     , 0.804499])
    """
    free, value = together(df, t)
    zero = value.equals(0)
    safe = switch(zero, 1.0, value)
    tail = 0.5 * call("betainc", free * 0.5, 0.5, free / (free + safe * safe))
    middle = 0.5 + value * exp(-betaln(0.5, free * 0.5)) / sqrt(free)
    return switch(zero, middle, switch(value < 0, tail, 1.0 - tail))


def stdtrit(df: Any, p: Any) -> Variable:
    """The t with stdtr(df, t) = p.

    >>> T.stdtrit(3, [0.5, 0.9]).eval().round(6) + 0
    array([0.      , 1.637744])
    """
    free, chance = together(df, p)
    tail = call("minimum", chance, 1.0 - chance)
    share = call("betaincinv", free * 0.5, 0.5, 2.0 * tail)
    size = sqrt(free * (1.0 - share) / share)
    return switch(chance < 0.5, -size, size)
