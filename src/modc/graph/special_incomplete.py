"""NumPy references of the incomplete gamma and beta functions, of polygamma and of log beta.

Input: arrays of one float dtype. Output: an array of that dtype. Formulas: csrc/modc_incomplete.h and csrc/modc_special.h,
which name their sources. Neighbours: `special` has the functions without loops.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from modc.graph import special
from modc.graph import special_tables as tables

_TINY = 1e-300
#: B(2 j) / (2 j)!
_WEIGHTS = (
    8.3333333333333329e-02, -1.3888888888888889e-03, 3.3068783068783071e-05, -8.2671957671957675e-07,
    2.0876756987868100e-08, -5.2841901386874931e-10, 1.3382536530684679e-11, -3.3896802963225827e-13,
    8.5860620562778447e-15, -2.1748686985580619e-16, 5.5090028283602295e-18, -1.3954464685812522e-19,
)  # fmt: skip


def _guarded(function: Callable[..., float]) -> Callable[..., float]:
    """Infinite where Python refuses to overflow."""

    def apply(*args: float) -> float:
        try:
            return function(*args)
        except OverflowError:
            return math.inf

    return apply


_exp, _power, _gamma = _guarded(math.exp), _guarded(math.pow), _guarded(math.gamma)


def _log(x: float) -> float:
    return math.log(x) if x > 0 else -math.inf


def _log1p(x: float) -> float:
    return math.log1p(x) if x > -1 else -math.inf


def _log_gamma(x: float) -> float:
    return float(special.gammaln(np.float64(x)))


def _polynomial(coefficients: tuple[float, ...], t: float) -> float:
    total = 0.0
    for coefficient in coefficients:
        total = total * t + coefficient
    return total


# Polygamma


def zeta(s: float, x: float) -> float:
    """Hurwitz's zeta function for s > 1 and x > 0, by Euler and Maclaurin's formula."""
    total, a, term = 0.0, x, 0.0
    for step in range(40):
        term = _power(a, -s)
        if step > 9 and a > 10 and a > 0.5 * s:
            break
        total += term
        if term < 2.0**-60 * total or math.isinf(total):
            return total
        a += 1
    rest, factor = term * 0.5 + term * a / (s - 1), s * term / a
    for j, weight in enumerate(_WEIGHTS):
        part, k = factor * weight, s + 2 * j
        rest += part
        if abs(part) < 2.0**-56 * (total + rest):
            break
        factor *= (k + 1) * (k + 2) / (a * a)
    return total + rest


def _polygamma(n: float, x: float) -> float:
    if not 0 <= n <= 170 or n != math.floor(n) or math.isnan(x):
        return math.nan
    if n < 2:
        return float((special.trigamma if n else special.digamma)(np.float64(x)))
    s, odd = n + 1, n % 2 == 1
    if x > 0:
        total = zeta(s, x) if x < math.inf else 0.0
    elif math.isinf(x) or x == math.floor(x):
        total = math.inf
    else:
        count = math.floor(-x) + 1
        left = zeta(s, -x - (count - 1)) - zeta(s, 1 - x)
        total = zeta(s, x + count) + (left if odd else -left)
    return (1 if odd else -1) * _gamma(s) * total


polygamma = special.one_by_one(_polygamma)


# Gamma


def _log1pmx(u: float) -> float:
    """log(1 + u) - u for u from -1/2 to 1."""
    r = u / (2 + u)
    z, total, power, k = r * r, 0.0, 1.0, 1
    while power > 2.0**-58:
        total += power / (2 * k + 1)
        power *= z
        k += 1
    return 2 * r * z * total - u * r


def _stirling(x: float) -> float:
    s = 1 / x
    return s * _polynomial(tables.GAMMALN_STIRLING, 32 * s * s - 1)


def _factor(a: float, x: float) -> float:
    """x^a exp(-x) / gamma(a)."""
    if a < 100 and x > 700:  # exp(-x) alone would underflow
        root = _power(x, 0.25 * a) * math.exp(-0.25 * x) if x < 1200 else 0.0
        return root * root / _gamma(a) * (root * root)
    if a < 100:
        return _power(x, a) * math.exp(-x) / _gamma(a)
    u = (x - a) / a
    fall = _log1pmx(u) if -0.5 < u < 1 else _log(x / a) - u
    return math.sqrt(a / (2 * math.pi)) * math.exp(a * fall - _stirling(a))


def _temme(a: float, x: float, upper: bool) -> float:
    u = (x - a) / a
    h = -_log1pmx(u)
    n, q = math.copysign(math.sqrt(2 * h), u), 0.0
    for row in reversed(tables.TEMME):
        q = q / a + _polynomial(row, n)
    rest = q * math.exp(-a * h) / math.sqrt(2 * math.pi * a)
    root = n * math.sqrt(0.5 * a)
    return 0.5 * math.erfc(root) + rest if upper else 0.5 * math.erfc(-root) - rest


def _series(a: float, x: float) -> float:
    term = total = 1.0
    k = 1
    while term > 2.0**-56 * total and k < 5000:
        term *= x / (a + k)
        total += term
        k += 1
    return total * (_factor(a, x) / a)


def _fraction(a: float, x: float) -> float:
    factor = _factor(a, x)
    if factor == 0:
        return 0.0
    b, c = x + 1 - a, 1e300
    d = h = 1 / b
    for k in range(1, 5000):
        part = k * (a - k)
        b += 2
        d, c = part * d + b, b + part / c
        d, c = 1 / (_TINY if abs(d) < _TINY else d), _TINY if abs(c) < _TINY else c
        h *= d * c
        if abs(d * c - 1) < 2.0**-53:
            break
    return factor * h


def _small(a: float, x: float) -> float:
    near = a * (a - 1) * _polynomial(tables.GAMMALN_1, 2 * a - 1)
    log, term, total = a * _log(x) - near, 1.0, 0.0
    for k in range(1, 200):
        term *= -x / k
        total += term / (a + k)
        if abs(term) < 2.0**-56 * abs(total) * (a + k):
            break
    return -math.expm1(log) - math.exp(log) * a * total


def _both(a: float, x: float, upper: bool) -> float:
    """Q(a, x) where upper, else P(a, x)."""
    zero, one = (1.0, 0.0) if upper else (0.0, 1.0)
    if not (a >= 0 and x >= 0) or (a == 0 and x == 0) or (math.isinf(a) and math.isinf(x)):
        return math.nan
    if a == 0 or math.isinf(x):
        return one
    if x == 0 or math.isinf(a):
        return zero
    if a >= 100 and abs(x - a) < 0.3 * a:
        return _temme(a, x, upper)
    if upper and x <= 1.5 and a <= 1:
        return _small(a, x)
    if x > 1.5 and x > a + 1:
        return _fraction(a, x) if upper else 1 - _fraction(a, x)
    return 1 - _series(a, x) if upper else _series(a, x)


gammainc = special.one_by_one(lambda a, x: _both(a, x, False))
gammaincc = special.one_by_one(lambda a, x: _both(a, x, True))


def _start(a: float, p: float, upper: bool, q: float) -> float:
    """Wilson and Hilferty's cube, or the first term of the series."""
    z, t = math.sqrt(2) * float(special.erfcinv(np.float64(2 * (q if upper else p)))), 1 / (9 * a)
    z = z if upper else -z
    cube = 1 - t + z * math.sqrt(t)
    if a > 0.5 and cube > 0.2:
        return a * cube**3
    small = _exp((_log(p) + math.lgamma(1 + a)) / a)
    return small if small < 1 or a > 0.5 or not upper else 1 - _log(q)


def _root(a: float, p: float, q: float) -> float:
    """The x with P(a, x) = p and Q(a, x) = q, by Halley's steps between bounds."""
    upper = q < p
    x, low, high = _start(a, p, upper, q), 0.0, math.inf
    for _ in range(100):
        if x == 0:
            return x
        value = _both(a, x, upper)
        gap = q - value if upper else value - p
        if gap == 0:
            return x
        low, high = (x, high) if gap < 0 else (low, x)
        slope, ratio = _factor(a, x), value / q if upper else 1.0
        far = value > 0 and not 0.5 < ratio < 2  # in the tail the logarithm is nearly straight
        step = (-value * math.log(ratio) if far else gap) * x / slope if slope else math.inf
        bend = 0 if far else 0.5 * step * ((a - 1) / x - 1)
        new = x - step / (1 - (bend if abs(bend) < 0.5 else 0))
        if abs(new - x) <= 2.0**-20 * x:  # the error left is its cube
            return new
        if not low < new < high:
            new = 2 * x if math.isinf(high) else math.sqrt(low) * math.sqrt(high) if low else 0.5 * high
        x = new
    return x


def _inverse(a: float, p: float, q: float) -> float:
    if not (a >= 0 and 0 <= p <= 1):
        return math.nan
    if p == 0 or q == 0:
        return 0.0 if p == 0 else math.inf
    return _root(a, p, q) if 0 < a < math.inf else math.nan


gammaincinv = special.one_by_one(lambda a, p: _inverse(a, p, 1 - p))
gammainccinv = special.one_by_one(lambda a, q: _inverse(a, 1 - q, q))


# Beta


def _betaln(a: float, b: float) -> float:
    p, q = (a, b) if a < b else (b, a)
    if math.isnan(a) or math.isnan(b):
        return math.nan
    if not p > 0:
        found = _log_gamma(a) + _log_gamma(b) - _log_gamma(a + b)
        return math.inf if p == 0 or math.isnan(found) else found
    if math.isinf(q):
        return -q
    h = p / q
    c = h / (1 + h)
    if p >= 8:
        rest = _stirling(p) + (_stirling(q) - _stirling(p + q))
        first = -0.5 * _log(q) + 0.5 * math.log(2 * math.pi) + rest
        return first + (p - 0.5) * _log(c) - q * _log1p(h)
    if q >= 8:
        rest = _stirling(q) - _stirling(p + q)
        return _log_gamma(p) + rest + p - p * _log(p + q) - (q - 0.5) * _log1p(h)
    if p < 1e-200:
        return -_log(p)
    return _log(_gamma(p) * (_gamma(q) / _gamma(p + q)))


betaln = special.one_by_one(_betaln)


def _powers(a: float, b: float, x: float, y: float) -> float:
    if x < y:
        return _power(x, a) * math.exp(b * _log1p(-x))
    return _power(y, b) * math.exp(a * _log1p(-y))


def _beta_factor(a: float, b: float, x: float, y: float) -> float:
    """x^a y^b / beta(a, b)."""
    total = a + b
    if a >= 8 and b >= 8:
        gap = x * total - a if x < y else b - y * total
        rest = _stirling(a) + (_stirling(b) - _stirling(total))
        parts = ((gap / a, x * total / a), (-gap / b, y * total / b))  # beside 1 a small x would be lost
        falls = [_log(s) - (s - 1) if s < 0.5 else _log1pmx(u) if u < 1 else _log1p(u) - u for u, s in parts]
        root = math.sqrt(a * (b / total) / (2 * math.pi))
        return root * _exp(a * falls[0] + b * falls[1] - rest)
    powers, whole = _powers(a, b, x, y), _betaln(a, b)
    if powers > 1e-290 and abs(whole) < 600:
        return powers * math.exp(-whole)
    left = _log(x) if x < 0.5 else _log1p(-y)
    right = _log(y) if y < 0.5 else _log1p(-x)
    return _exp(a * left + b * right - whole)


def _beta_fraction(a: float, b: float, x: float, y: float) -> float:
    factor = _beta_factor(a, b, x, y) / a
    if factor == 0:
        return 0.0
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = h = 1 / (_TINY if abs(d) < _TINY else d)
    for m in range(1, 20000):
        n = a + 2 * m
        even, odd = m * (b - m) * x / ((n - 1) * n), -(a + m) * (a + b + m) * x / (n * (n + 1))
        for part in (even, odd):
            d, c = 1 + part * d, 1 + part / c
            d, c = 1 / (_TINY if abs(d) < _TINY else d), _TINY if abs(c) < _TINY else c
            h *= d * c
        if abs(d * c - 1) < 2.0**-53:
            break
    return factor * h


def _beta_series(a: float, b: float, x: float) -> float:
    term, total = 1.0, 1 / a
    for k in range(1, 5000):
        term *= (k - b) * x / k
        total += term / (a + k)
        if abs(term) < 2.0**-56 * total * (a + k):
            break
    power, whole = _power(x, a), _betaln(a, b)
    if power > 1e-290 and abs(whole) < 600:
        return total * (power * math.exp(-whole))
    return total * _exp(a * _log(x) - whole)


def _beta_lower(a: float, b: float, x: float, y: float) -> float:
    if x == 0:
        return 0.0
    return _beta_series(a, b, x) if b * x <= 1 and x <= 0.9 else _beta_fraction(a, b, x, y)


def _betainc(a: float, b: float, x: float) -> float:
    outside = not (a >= 0 and b >= 0 and 0 <= x <= 1)
    if outside or (a == 0 and b == 0) or (math.isinf(a) and math.isinf(b)):
        return math.nan
    if x in (0, 1):
        return x
    if a == 0 or math.isinf(b):
        return 1.0
    if b == 0 or math.isinf(a):
        return 0.0
    y = 1 - x
    return 1 - _beta_lower(b, a, y, x) if x * (a + b) > a else _beta_lower(a, b, x, y)


betainc = special.one_by_one(_betainc)


def _beta_start(a: float, b: float, p: float) -> float:
    if a > 1 and b > 1:
        z = math.sqrt(2) * float(special.erfcinv(np.float64(2 * p)))
        level, s, t = (z * z - 3) / 6, 1 / (2 * a - 1), 1 / (2 * b - 1)
        h = 2 / (s + t)
        w = z * math.sqrt(max(h + level, 0.0)) / h - (t - s) * (level + 5 / 6 - 2 / (3 * h))
        return a / (a + b * _exp(2 * w))
    whole = _betaln(a, b)
    x = _exp((_log(p) + _log(a) + whole) / a)
    return x if x < 0.5 else max(1 - _exp((_log(1 - p) + _log(b) + whole) / b), 0.5)


def _beta_root(a: float, b: float, p: float) -> float:
    """The x with I(x; a, b) = p, for p up to 1/2, by Halley's steps between bounds."""
    x, low, high = _beta_start(a, b, p), 0.0, 1.0
    if x == 0:
        return x
    x = min(x, 0.9999999999999999)
    for _ in range(200):
        y = 1 - x
        here, slope = _betainc(a, b, x), _beta_factor(a, b, x, y)
        gap = here - p
        low, high = (x, high) if gap < 0 else (low, x)
        step = gap / slope * x * y if slope else math.copysign(math.inf, gap)
        bend = 0.5 * step * ((a - 1) / x - (b - 1) / y) if x and y else math.inf
        new = x - step / (1 - (bend if abs(bend) < 0.5 else 0))
        if not 0.5 * p <= here <= 2 * p:  # far off: a step on the scale of logarithms
            new = x * _exp((_log(p) - _log(here)) * (here / slope * y)) if slope and here else math.nan
        elif abs(new - x) <= 2.0**-20 * x * y:  # the error left is its cube
            return new
        if not low < new < high:
            near = 0.5 * (low + high) if low > 0.25 else math.sqrt(low) * math.sqrt(high)
            power = x * _exp((_log(p) - _log(here)) / a) if low == 0 else 0.0  # near 0 it is c x^a
            new = near if low > 0 else power if 0 < power < 0.25 * high else 0.25 * high
        if new == x:
            return x
        x = new
    return x


def _beta_inverse(a: float, b: float, p: float, q: float) -> float:
    if not (0 < a < math.inf and 0 < b < math.inf and p >= 0 and q >= 0):
        return math.nan
    if p == 0 or q == 0:
        return 0.0 if p == 0 else 1.0
    return _beta_root(a, b, p) if p <= q else 1 - _beta_root(b, a, q)


betaincinv = special.one_by_one(lambda a, b, p: _beta_inverse(a, b, p, 1 - p))
betainccinv = special.one_by_one(lambda a, b, q: _beta_inverse(a, b, 1 - q, q))
