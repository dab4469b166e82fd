"""The table of special functions: gamma and beta, error functions, Bessel functions. One row per op, in a float dtype.

`ulp`: how far a float64 result may lie from the exact value, measured against mpmath (tests/tensor/test_accuracy.py);
float32 results are worked out in double and rounded once. Gradients: DLMF 5.9, 7.10, 8.8, 8.17, 10.6 and 10.29.
Neighbours: `special` has the NumPy references, csrc/modc_special.h and its neighbours the C; `ops_scalar` explains the
columns.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from typing import Any

from modc.graph import rules
from modc.graph.op import CALL, NO_GRADIENT, Op, table

HALF_ROOT_PI, TWO_OVER_ROOT_PI = math.sqrt(math.pi) / 2.0, 2.0 / math.sqrt(math.pi)


class Reference:
    """A function of `special` or `special_incomplete`, which are loaded when it is first called."""

    __slots__ = ("function", "module", "name")

    def __init__(self, name: str, module: str) -> None:
        self.name, self.module = name, module
        self.function: Callable[..., Any] | None = None

    def __call__(self, *args: Any) -> Any:
        """The function's value."""
        if self.function is None:
            self.function = getattr(importlib.import_module(f"modc.graph.{self.module}"), self.name)
        return self.function(*args)


def special(name: str, grad: Any, doc: str, cost: int, ulp: float, *, count: int = 1, module: str = "special") -> Op:
    """The row of a function of `count` floats."""
    operands = ", ".join(f"{{{at}}}" for at in range(count))
    return Op(
        name, "map", Reference(name, module), f"modc_{name}_{{t}}({operands})", CALL, rules.to_float,
        rules.broadcast_shape, agree=None if count == 1 else rules.broadcast_agree, grad=grad, cost=cost, ulp=ulp, doc=doc,
    )


def slow(name: str, grad: Any, doc: str, cost: int, ulp: float, count: int = 2) -> Op:
    """The row of a function with loops."""
    return special(name, grad, doc, cost, ulp, count=count, module="special_incomplete")


def _over(y: Any, x: Any) -> Any:
    """Y / x, and its limit 1/2 where x is 0."""
    zero = x.equals(0)
    return zero.where(0.5, y / zero.where(1, x))


def _gamma_density(a: Any, x: Any) -> Any:
    """The derivative of gammainc(a, x) by x."""
    return ((a - 1) * x.function("log") - x - a.function("gammaln")).function("exp")


def _beta_density(a: Any, b: Any, x: Any) -> Any:
    """The derivative of betainc(a, b, x) by x."""
    log = (a - 1) * x.function("log") + (b - 1) * (-x).function("log1p")
    return (log - a.function("betaln", b)).function("exp")


def _beta_shape_gradient(a: Any, b: Any, x: Any, second: bool) -> Any:
    """The derivative of betainc_da or betainc_db by x."""
    own = (-x).function("log1p") - b.function("digamma") if second else x.function("log") - a.function("digamma")
    return _beta_density(a, b, x) * (own + (a + b).function("digamma"))


def _betaln_gradient(g: Any, y: Any, a: Any, b: Any) -> tuple[Any, Any]:
    whole = (a + b).function("digamma")
    return g * (a.function("digamma") - whole), g * (b.function("digamma") - whole)


def _inverse_gradient(g: Any, x: Any, a: Any, sign: float) -> tuple[Any, Any]:
    """Of the x with P(a, x) = p (sign 1) or Q(a, x) = p (sign -1)."""
    share = g / _gamma_density(a, x)
    return -(share * a.function("gammainc_da", x)), sign * share


def _beta_inverse_gradient(g: Any, x: Any, a: Any, b: Any, sign: float) -> tuple[Any, Any, Any]:
    """Of the x with I(x; a, b) = p (sign 1) or 1 - p (sign -1)."""
    share = g / _beta_density(a, b, x)
    return -(share * a.function("betainc_da", b, x)), -(share * a.function("betainc_db", b, x)), sign * share


def _owen_gradient(g: Any, y: Any, h: Any, a: Any) -> tuple[Any, Any]:
    """By h and by a: Owen's formulas 2.4 and 2.3."""
    ends = (h * a * math.sqrt(0.5)).function("erf")
    by_h = (-0.5 * h * h).function("exp") * ends * (-0.5 / math.sqrt(2.0 * math.pi))
    square = 1 + a * a
    return g * by_h, g * ((-0.5 * h * h * square).function("exp") / (2.0 * math.pi * square))


def _elliptic_gradient(g: Any, y: Any, m: Any, second: bool) -> tuple[Any]:
    """DLMF 19.4, and the limits at 0."""
    zero = m.equals(0)
    safe = zero.where(0.5, m)
    first, other = (m.function("ellipk"), y) if second else (y, m.function("ellipe"))
    if second:
        return (g * zero.where(-math.pi / 8.0, (other - first) / (2.0 * safe)),)
    return (g * zero.where(math.pi / 8.0, (other - (1 - m) * first) / (2.0 * safe * (1 - m))),)


def _between(name: str, sign: float) -> Any:
    """The gradient of a Bessel function to its argument: half the sum (sign 1) or difference of its neighbours."""

    def gradient(g: Any, y: Any, n: Any, x: Any) -> tuple[Any, Any]:
        below, above = (n - 1).function(name, x), (n + 1).function(name, x)
        return NO_GRADIENT, g * (0.5 * (below + above if sign > 0 else below - above))

    return gradient


def _ive_gradient(g: Any, y: Any, n: Any, x: Any) -> tuple[Any, Any]:
    near = 0.5 * ((n - 1).function("ive", x) + (n + 1).function("ive", x))
    return NO_GRADIENT, g * (near - x.function("sign") * y)


def _kv_gradient(g: Any, y: Any, n: Any, x: Any) -> tuple[Any, Any]:
    return NO_GRADIENT, -(g * (0.5 * ((n - 1).function("kv", x) + (n + 1).function("kv", x))))


def _kve_gradient(g: Any, y: Any, n: Any, x: Any) -> tuple[Any, Any]:
    return NO_GRADIENT, g * (y - 0.5 * ((n - 1).function("kve", x) + (n + 1).function("kve", x)))


def order(name: str, grad: Any, doc: str) -> Op:
    """The row of a Bessel function of any order."""
    return special(name, grad, doc, 400, 2048.0, count=2, module="special_orders")


def _bell(x: Any) -> Any:
    return (-(x * x)).function("exp")


# fmt: off
GAMMA = table(
    special("gamma",    lambda g, y, x: (g * y * x.function("digamma"),), "The gamma function: (x - 1)! for whole x", 60, 6.0),
    special("gammaln",  lambda g, y, x: (g * x.function("digamma"),), "log|gamma(x)|; below 0 the ULPs are of 1 or more", 40, 4.0),
    special("digamma",  lambda g, y, x: (g * x.function("trigamma"),),
            "The derivative of gammaln; below 0 the ULPs are of 4 or more", 40, 6.0),
    special("trigamma", lambda g, y, x: (g * x.full_like(2.0).function("polygamma", x),), "The derivative of digamma", 40, 6.0),
    slow("polygamma",   lambda g, y, n, x: (NO_GRADIENT, g * (n + 1).function("polygamma", x)),
         "The n-th derivative of digamma, n = 0, 1, ... 170; below 0 the ULPs are of the nearest pole's term", 400, 32.0),
    slow("gammainc",    lambda g, y, a, x: (g * a.function("gammainc_da", x), g * _gamma_density(a, x)),
         "The regularised lower incomplete gamma function P(a, x); far tails of a > 100 to 1e-13", 400, 64.0),
    slow("gammaincc",   lambda g, y, a, x: (-(g * a.function("gammainc_da", x)), -(g * _gamma_density(a, x))),
         "The regularised upper incomplete gamma function Q(a, x); far tails of a > 100 to 1e-13", 400, 64.0),
    slow("gammaincinv", lambda g, y, a, p: _inverse_gradient(g, y, a, 1.0), "The x with gammainc(a, x) = p", 2000, 64.0),
    slow("gammainccinv", lambda g, y, a, p: _inverse_gradient(g, y, a, -1.0),
         "The x with gammaincc(a, x) = p", 2000, 64.0),
    slow("betaln",      _betaln_gradient, "log|beta(a, b)|; the ULPs are of 1 or more", 60, 16.0),
    slow("betainc",     lambda g, y, a, b, x: (g * a.function("betainc_da", b, x), g * a.function("betainc_db", b, x), g * _beta_density(a, b, x)),
         "The regularised incomplete beta function I(x; a, b)", 600, 512.0, 3),
    slow("betaincinv",  lambda g, y, a, b, p: _beta_inverse_gradient(g, y, a, b, 1.0), "The x with betainc(a, b, x) = p", 3000, 1024.0, 3),
    slow("betainccinv", lambda g, y, a, b, p: _beta_inverse_gradient(g, y, a, b, -1.0),
         "The x with betainc(a, b, x) = 1 - p", 3000, 1024.0, 3),
    special("gammainc_da",
            lambda g, y, a, x: (NO_GRADIENT, g * (_gamma_density(a, x) * (x.function("log") - a.function("digamma")))),
            "The derivative of gammainc(a, x) by a", 800, 1024.0, count=2, module="special_shape"),
    special("betainc_da", lambda g, y, a, b, x: (NO_GRADIENT, NO_GRADIENT, g * _beta_shape_gradient(a, b, x, False)),
            "The derivative of betainc(a, b, x) by a", 1200, 512.0, count=3, module="special_shape"),
    special("betainc_db", lambda g, y, a, b, x: (NO_GRADIENT, NO_GRADIENT, g * _beta_shape_gradient(a, b, x, True)),
            "The derivative of betainc(a, b, x) by b", 1200, 512.0, count=3, module="special_shape"),
)

ERRORS = table(
    special("erfc",    lambda g, y, x: (-(g * (TWO_OVER_ROOT_PI * _bell(x))),), "1 - erf(x), exact for large x", 24, 4.0),
    special("erfcx",   lambda g, y, x: (g * (2.0 * x * y - TWO_OVER_ROOT_PI),), "exp(x^2) erfc(x), without overflow", 24, 4.0),
    special("erfinv",  lambda g, y, x: (g * (HALF_ROOT_PI * (y * y).function("exp")),), "The y with erf(y) = x", 60, 4.0),
    special("erfcinv", lambda g, y, x: (-(g * (HALF_ROOT_PI * (y * y).function("exp"))),), "The y with erfc(y) = x", 60, 4.0),
)

def _expn_gradient(g: Any, y: Any, n: Any, x: Any) -> tuple[Any, Any]:
    """By the function of order n - 1, whose order is at least 0 there: that of 0 is exp(-x) / x."""
    first = n.equals(0)
    return NO_GRADIENT, -(g * first.where(y + y / x, first.where(1, n - 1).function("expn", x)))


def _integral(name: str, grad: Any, doc: str, cost: int, ulp: float, count: int = 1) -> Op:
    return special(name, grad, doc, cost, ulp, count=count, module="special_integrals")


INTEGRALS = table(
    _integral("exp1",    lambda g, y, x: (-(g * ((-x).function("exp") / x)),), "The integral of exp(-t) / t from x on", 300, 64.0),
    _integral("expi",    lambda g, y, x: (g * (x.function("exp") / x),),
              "The integral of exp(t) / t up to x; the ULPs are of 1 or more", 300, 64.0),
    _integral("expn",    _expn_gradient,
              "The integral of exp(-x t) / t^n from 1 on, n = 0, 1, 2, ...", 300, 64.0, 2),
    _integral("dawsn",   lambda g, y, x: (g * (1 - 2.0 * x * y),), "exp(-x^2) times the integral of exp(t^2) from 0 to x", 300, 64.0),
    _integral("erfi",    lambda g, y, x: (g * (TWO_OVER_ROOT_PI * (x * x).function("exp")),),
              "The imaginary error function, -i erf(i x)", 300, 512.0),
    _integral("ellipk",  lambda g, y, m: _elliptic_gradient(g, y, m, False),
              "The complete elliptic integral of the first kind, of the parameter m", 100, 16.0),
    _integral("ellipe",  lambda g, y, m: _elliptic_gradient(g, y, m, True),
              "The complete elliptic integral of the second kind, of the parameter m", 100, 64.0),
    _integral("owens_t", _owen_gradient, "Owen's T function of h and a", 500, 512.0, 2),
    _integral("hurwitz", lambda g, y, s, x: (NO_GRADIENT, -(g * (s * (s + 1).function("hurwitz", x)))),
              "Hurwitz's zeta function of s and x, s > 1", 400, 32.0, 2),
)

BESSEL = table(
    special("i0",  lambda g, y, x: (g * x.function("i1"),), "The modified Bessel function I of order 0", 40, 6.0),
    special("i0e", lambda g, y, x: (g * (x.function("i1e") - x.function("sign") * y),), "exp(-|x|) i0(x)", 40, 6.0),
    special("i1",  lambda g, y, x: (g * (x.function("i0") - _over(y, x)),), "The modified Bessel function I of order 1", 40, 6.0),
    special("i1e", lambda g, y, x: (g * (x.function("i0e") - x.function("sign") * y - _over(y, x)),), "exp(-|x|) i1(x)", 40, 6.0),
    special("j0",  lambda g, y, x: (-(g * x.function("j1")),),
            "The Bessel function J of order 0; beyond 8 the ULPs are of the waves' height", 60, 10.0),
    special("j1",  lambda g, y, x: (g * (x.function("j0") - _over(y, x)),),
            "The Bessel function J of order 1; beyond 8 the ULPs are of the waves' height", 60, 10.0),
    order("jv",  _between("jv", -1.0), "The Bessel function J of any order n; where it waves the ULPs are of the waves' height"),
    order("yv",  _between("yv", -1.0), "The Bessel function Y of any order n; where it waves the ULPs are of the waves' height"),
    order("iv",  _between("iv", 1.0),  "The modified Bessel function I of any order n"),
    order("ive", _ive_gradient,        "exp(-|x|) iv(n, x)"),
    order("kv",  _kv_gradient,         "The modified Bessel function K of any order n"),
    order("kve", _kve_gradient,        "exp(x) kv(n, x)"),
)
# fmt: on
