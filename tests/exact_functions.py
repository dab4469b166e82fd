"""Exact values of the rows that round, by mpmath, and where to measure them.

Output: REFERENCES, row -> (function of mpf, [operands by sample], scale or None). A scale is the size of number whose
ULPs the row promises, where that is not the result's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from mpmath import mp, mpf

Array = np.ndarray[Any, Any]
Exact = Callable[..., Any]
Samples = Sequence[tuple[Array, ...]]
mp.dps = 45

COUNT = 60
RANDOM = np.random.default_rng(17)


def flat(low: float, high: float, count: int = COUNT) -> Array:
    """Uniform numbers."""
    return RANDOM.uniform(low, high, count)


def wide(low: float, high: float, count: int = COUNT) -> Array:
    """10 to uniform numbers."""
    return 10.0 ** RANDOM.uniform(low, high, count)


def both(array: Array) -> Array:
    """Of either sign."""
    return array * RANDOM.choice([-1.0, 1.0], array.size)


def turning(low: float, high: float, count: int = COUNT) -> tuple[Array, Array]:
    """A, and x a standard deviation or so from it, where the incomplete gamma functions turn."""
    a = wide(low, high, count)
    return a, np.abs(a + np.sqrt(a) * RANDOM.standard_normal(count))


def of_one(*arrays: Array) -> Samples:
    """Samples of one operand."""
    return [(array,) for array in arrays]


def erfcinv(x: mpf) -> mpf:
    """By Newton's steps on the logarithm of erfc."""
    if x > mpf("0.3"):
        return mp.erfinv(1 - x)
    y = mp.sqrt(-mp.log(x))
    for _ in range(100):
        value = mp.erfc(y)
        step = mp.log(value / x) * value * mp.sqrt(mp.pi) / 2 * mp.exp(y * y)
        y += step
        if abs(step) < mpf(10) ** -40:
            break
    return y


def gamma_root(lower: Exact) -> Exact:
    """The x of an incomplete gamma function, by bisection of its logarithm."""

    def inverse(a: mpf, p: mpf) -> mpf:
        low, high = mpf(-800), mpf(12)
        falling = lower(a, mp.exp(low)) > lower(a, mp.exp(high))
        for _ in range(120):
            middle = (low + high) / 2
            if (lower(a, mp.exp(middle)) < p) != falling:
                low = middle
            else:
                high = middle
        return mp.exp(low)

    return inverse


def gammainc(a: mpf, x: mpf) -> mpf:
    """P(a, x)."""
    return mp.gammainc(a, 0, x, regularized=True)


def gammaincc(a: mpf, x: mpf) -> mpf:
    """Q(a, x)."""
    return mp.gammainc(a, x, mp.inf, regularized=True)


def slope(function: Exact, at: int) -> Exact:
    """The derivative by one operand, by a central difference in many digits."""

    def by_difference(*operands: mpf) -> mpf:
        step = operands[at] * mpf(10) ** -15
        ends = [function(*operands[:at], operands[at] + sign * step, *operands[at + 1 :]) for sign in (1, -1)]
        return (ends[0] - ends[1]) / (2 * step)

    return by_difference


def betainc(a: mpf, b: mpf, x: mpf) -> mpf:
    """I(x; a, b)."""
    return mp.betainc(a, b, 0, x, regularized=True)


def owens_t(h: mpf, a: mpf) -> mpf:
    """Owen's function, by its integral in pieces."""
    ends = [a * k / 40 for k in range(41)]
    whole = mp.quad(lambda x: mp.exp(-h * h * (1 + x * x) / 2) / (1 + x * x), ends)
    return whole / (2 * mp.pi)


def beta_root(function: Exact) -> Exact:
    """The x of an incomplete beta function, by bisection of its logit."""

    def inverse(a: mpf, b: mpf, p: mpf) -> mpf:
        low, high = mpf(-300), mpf(300)
        falling = function(a, b, mpf("0.01")) > function(a, b, mpf("0.99"))
        for _ in range(70):
            middle = (low + high) / 2
            x = 1 / (1 + mp.exp(-middle))
            if (function(a, b, x) < p) != falling:
                low = middle
            else:
                high = middle
        return 1 / (1 + mp.exp(-(low + high) / 2))

    return inverse


def log_gamma(x: mpf) -> mpf:
    """log|gamma(x)|."""
    return mp.loggamma(x).real if x > 0 else mp.log(abs(mp.gamma(x)))


def at_least_one(*operands: float) -> float:
    """ULPs of 1 or of the result, the larger."""
    return 1.0


def at_least_four(*operands: float) -> float:
    """ULPs of 4 or of the result, the larger."""
    return 4.0


def nearest_pole(n: float, x: float) -> float:
    """ULPs of the largest term of polygamma, that of the nearest pole."""
    away = min(x - np.floor(x), np.ceil(x) - x)
    return float(np.prod(np.arange(1.0, n + 1)) / away ** (n + 1))


def largest(*operands: float) -> float:
    """ULPs of the largest operand."""
    return max(1.0, *map(abs, operands))


def precisely(function: Exact) -> Exact:
    """The function in more digits: what cancels on the way to Bessel functions of large orders is many digits long."""

    def apply(*operands: mpf) -> mpf:
        with mp.workdps(110):
            return +function(*operands)

    return apply


def waves(n: float, x: float) -> float:
    """ULPs of the height of the waves of J and Y of an order where they wave, beyond it; for negative orders both mix."""
    height = float(precisely(lambda v, z: mp.sqrt(mp.besselj(v, z) ** 2 + mp.bessely(v, z) ** 2))(mpf(abs(n)), mpf(x)))
    return height if x > abs(n) or n < 0 else 0.0


def orders(low: float = 0.0) -> list[tuple[Array, Array]]:
    """Orders and arguments: small ones, whole ones, halves, large ones, and arguments near the order."""
    near = flat(2, 200, 20)
    found = [
        (flat(low, 3, 20), wide(-6, 3, 20)), (np.floor(flat(low * 5, 30, 20)), flat(0.01, 40, 20)),
        (np.floor(flat(low * 5, 30, 10)) + 0.5, flat(0.01, 40, 10)), (flat(15, 200, 20), wide(0, 3, 20)),
        (near, near * flat(0.7, 1.4, 20)),
    ]  # fmt: skip
    return found


def wave(x: float) -> float:
    """ULPs of the height of a Bessel function's waves, beyond their first."""
    return 0.8 / np.sqrt(abs(x)) if abs(x) > 8 else 0.0


# fmt: off
REFERENCES: dict[str, tuple[Exact, Samples, Any]] = {
    "exp": (mp.exp, of_one(flat(-745, 709), flat(-1, 1), both(wide(-20, 0))), None),
    "exp2": (lambda x: mpf(2) ** x, of_one(flat(-1070, 1023), flat(-1, 1)), None),
    "expm1": (mp.expm1, of_one(flat(-40, 709), both(wide(-300, 0))), None),
    "log": (mp.log, of_one(wide(-320, 308), flat(0.5, 2)), None),
    "log2": (lambda x: mp.log(x) / mp.log(2), of_one(wide(-320, 308), flat(0.5, 2)), None),
    "log10": (mp.log10, of_one(wide(-320, 308), flat(0.5, 2)), None),
    "log1p": (mp.log1p, of_one(wide(-320, 308), flat(-0.999, 2)), None),
    "sin": (mp.sin, of_one(both(wide(-300, 300)), flat(-10, 10)), None),
    "cos": (mp.cos, of_one(both(wide(-300, 300)), flat(-10, 10)), None),
    "tan": (mp.tan, of_one(both(wide(-300, 300)), flat(-10, 10)), None),
    "arcsin": (mp.asin, of_one(flat(-1, 1), both(wide(-300, 0))), None),
    "arccos": (mp.acos, of_one(flat(-1, 1)), None),
    "arctan": (mp.atan, of_one(both(wide(-300, 300)), flat(-3, 3)), None),
    "sinh": (mp.sinh, of_one(flat(-710, 710), both(wide(-300, 0))), None),
    "cosh": (mp.cosh, of_one(flat(-710, 710)), None),
    "tanh": (mp.tanh, of_one(flat(-22, 22), both(wide(-300, 0))), None),
    "arcsinh": (mp.asinh, of_one(both(wide(-300, 300)), flat(-3, 3)), None),
    "arccosh": (mp.acosh, of_one(1 + wide(-15, 300)), None),
    "arctanh": (mp.atanh, of_one(flat(-1, 1), both(wide(-300, 0))), None),
    "erf": (mp.erf, of_one(flat(-6, 6), both(wide(-300, 0))), None),
    "sigmoid": (lambda x: 1 / (1 + mp.exp(-x)), of_one(flat(-740, 40), flat(-3, 3)), None),
    "softplus": (lambda x: mp.log1p(mp.exp(x)), of_one(flat(-740, 40), flat(-3, 3)), None),
    "pow": (lambda a, b: a ** b, [(wide(-30, 30), flat(-10, 10)), (flat(0.9, 1.1), flat(-3000, 3000))], None),
    "arctan2": (mp.atan2, [(both(wide(-30, 30)), both(wide(-30, 30))), (flat(-1, 1), flat(-1, 1))], None),
    "cbrt": (lambda x: mp.sign(x) * mp.cbrt(abs(x)), of_one(both(wide(-323, 308)), flat(-10, 10)), None),
    "logit": (lambda x: mp.log(x / (1 - x)), of_one(flat(0, 1), wide(-323, 0), 0.5 + both(wide(-10, -1))), None),
    "log1mexp": (lambda x: mp.log1p(-mp.exp(x)) if x < -1 else mp.log(-mp.expm1(x)), of_one(-wide(-300, 2.8), flat(-3, 0)), None),
    "hypot": (mp.hypot, [(wide(-300, 300), wide(-300, 300)), (flat(-1, 1), flat(-1, 1)), (wide(-320, -300), wide(-320, -300))], None),
    "logaddexp": (lambda a, b: mp.log(mp.exp(a) + mp.exp(b)), [(flat(-5, 5), flat(-5, 5)), (flat(-700, 700), flat(-700, 700))], largest),
    "logaddexp2": (lambda a, b: mp.log(mpf(2) ** a + mpf(2) ** b) / mp.log(2), [(flat(-5, 5), flat(-5, 5)), (flat(-700, 700), flat(-700, 700))], largest),
    "xlogy": (lambda a, b: a * mp.log(b), [(flat(-5, 5), wide(-300, 300)), (flat(0, 2), flat(0, 2))], None),
    "xlog1py": (lambda a, b: a * mp.log1p(b), [(flat(-5, 5), wide(-300, 300)), (flat(0, 2), flat(-1, 2))], None),
    "gamma": (mp.gamma, of_one(flat(-8, 10), flat(-170, 171), both(wide(-300, 0)), 1 + both(wide(-9, -1))), None),
    "gammaln": (log_gamma, of_one(flat(0, 10), wide(-300, 300), 1 + both(wide(-9, -1)), 2 + both(wide(-9, -1))), None),
    "digamma": (mp.digamma, of_one(flat(0, 10), wide(-300, 300), 1.4616321449683623 + both(wide(-12, -2))), None),
    "trigamma": (lambda x: mp.psi(1, x), of_one(flat(-6, 10), wide(-100, 100), flat(-60, 60)), None),
    "polygamma": (lambda n, x: mp.psi(int(n), x), [(np.floor(flat(0, 8)), wide(-3, 3)), (np.floor(flat(8, 40)), flat(0.5, 30))], None),
    "gammainc": (gammainc, [turning(-3, 2), (wide(-5, 1), wide(-5, 1)), turning(2, 4, 20)], None),
    "gammaincc": (gammaincc, [turning(-3, 2), (wide(-5, 1), wide(-5, 1)), (wide(-1, 2), flat(600, 900))], None),
    "gammaincinv": (gamma_root(gammainc), [(wide(-0.5, 2, 20), flat(0, 1, 20))], None),
    "gammainccinv": (gamma_root(gammaincc), [(wide(-0.5, 2, 20), flat(0, 1, 20)), (wide(-0.5, 2, 20), wide(-300, -10, 20))], None),
    "betaln": (lambda a, b: mp.log(abs(mp.beta(a, b))), [(wide(-3, 4), wide(-3, 4)), (flat(0, 10), flat(0, 10)), (wide(0, 6), flat(0, 3))], at_least_one),
    "gammainc_da": (slope(gammainc, 0), [turning(-2, 3, 30), (wide(-2, 1.5, 30), wide(-2, 1.5, 30))], None),
    "betainc_da": (slope(betainc, 0), [(wide(-1, 1, 20), wide(-1, 1, 20), flat(0, 1, 20))], None),
    "betainc_db": (slope(betainc, 1), [(wide(-1, 1, 20), wide(-1, 1, 20), flat(0, 1, 20))], None),
    "betainc": (betainc, [(wide(-2, 2), wide(-2, 2), flat(0, 1)), (flat(0, 10), flat(0, 10), flat(0, 1))], None),
    "erfc": (mp.erfc, of_one(flat(-6, 6), flat(0, 26)), None),
    "erfcx": (lambda x: mp.exp(x * x) * mp.erfc(x), of_one(flat(-26, 26), flat(-1, 6), wide(0, 4)), None),
    "erfinv": (mp.erfinv, of_one(flat(-1, 1), 1 - wide(-15, -1), both(wide(-300, 0))), None),
    "erfcinv": (erfcinv, of_one(flat(0, 2), wide(-300, 0, 20), 1 + both(wide(-9, -1))), None),
    "i0": (lambda x: mp.besseli(0, x), of_one(flat(-30, 30), flat(-700, 700)), None),
    "i1": (lambda x: mp.besseli(1, x), of_one(flat(-30, 30), flat(-700, 700), wide(-300, 0)), None),
    "i0e": (lambda x: mp.besseli(0, x) * mp.exp(-abs(x)), of_one(flat(-30, 30), wide(0, 5)), None),
    "i1e": (lambda x: mp.besseli(1, x) * mp.exp(-abs(x)), of_one(flat(-30, 30), wide(0, 5)), None),
    "j0": (lambda x: mp.besselj(0, x), of_one(flat(-8, 8), flat(8, 40), wide(0, 5)), wave),
    "j1": (lambda x: mp.besselj(1, x), of_one(flat(-8, 8), flat(8, 40), wide(0, 5)), wave),
    "exp1": (mp.e1, of_one(wide(-10, 2.8), flat(0, 3)), None),
    "expi": (mp.ei, of_one(flat(-40, 60), wide(-10, 2.8), both(flat(0, 1))), at_least_one),
    "expn": (lambda n, x: mp.expint(int(n), x), [(np.floor(flat(0, 30)), wide(-5, 2)), (np.floor(flat(0, 400)), flat(0, 10))], None),
    "dawsn": (lambda x: mp.exp(-x * x) * mp.erfi(x) * mp.sqrt(mp.pi) / 2, of_one(flat(-10, 10), both(wide(-300, 5))), None),
    "erfi": (mp.erfi, of_one(flat(-26, 26), both(wide(-300, 0))), None),
    "ellipk": (mp.ellipk, of_one(flat(-5, 1), -wide(-10, 10), 1 - wide(-15, -1)), None),
    "ellipe": (mp.ellipe, of_one(flat(-5, 1), -wide(-10, 4), 1 - wide(-15, -1)), None),
    "owens_t": (owens_t, [(both(wide(-3, 1, 30)), both(wide(-3, 1, 30))), (flat(-5, 5, 20), flat(-2, 2, 20)), (flat(0, 35, 10), flat(0, 1, 10))], None),
    "hurwitz": (mp.zeta, [(1 + wide(-2, 2), wide(-2, 2))], None),
    "betaincinv": (beta_root(betainc), [(wide(-0.5, 1, 20), wide(-0.5, 1, 20), flat(0, 1, 20))], None),
    "betainccinv": (beta_root(lambda a, b, x: betainc(b, a, 1 - x)), [(wide(-0.5, 1, 20), wide(-0.5, 1, 20), flat(0, 1, 20))], None),
    "jv": (precisely(mp.besselj), orders(-3.0), waves),
    "yv": (precisely(mp.bessely), orders(-3.0), waves),
    "iv": (precisely(mp.besseli), orders(-3.0), None),
    "ive": (precisely(lambda n, x: mp.besseli(n, x) * mp.exp(-abs(x))), orders(-3.0), None),
    "kv": (precisely(mp.besselk), orders(-3.0), None),
    "kve": (precisely(lambda n, x: mp.besselk(n, x) * mp.exp(x)), orders(-3.0), None),
}
#: Below 0, where zeros lie that no double hits, the promise is of ULPs of 1.
BELOW: dict[str, tuple[Exact, Samples, Any]] = {
    "gammaln": (log_gamma, of_one(flat(-6, 0), flat(-100, 0)), at_least_one),
    "digamma": (mp.digamma, of_one(flat(-6, 0), flat(-100, 0)), at_least_four),
    "polygamma": (lambda n, x: mp.psi(int(n), x), [(np.floor(flat(2, 8)), flat(-8, 0))], nearest_pole),
}
# fmt: on


def errors(exact: Exact, operands: tuple[Array, ...], got: Array, scale: Any) -> Array:
    """The distance of each result from the exact one, in units in the last place."""
    found = np.zeros(got.size)
    for at, value in enumerate(got):
        point = [float(operand[at]) for operand in operands]
        true = mpf(exact(*map(mpf, point)))
        if not np.isfinite(value) or not mp.isfinite(true):
            same = float(value) == float(true) or (np.isinf(value) and abs(true) > np.finfo(got.dtype).max)
            found[at] = 0.0 if same else np.inf
            continue
        size = max(abs(float(true)), scale(*point) if scale else 0.0)
        found[at] = float(abs(mpf(float(value)) - true) / mpf(float(np.spacing(got.dtype.type(size)))))
    return found
