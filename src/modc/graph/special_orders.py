"""NumPy references of the Bessel functions of any real order.

Input: arrays of one float dtype, order and argument. Output: an array of that dtype. Formulas: csrc/modc_orders.h, which
names their sources. Neighbours: `special` has those of order 0 and 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from modc.graph import special
from modc.graph.special_order_tables import DEBYE, GAMMA_1, GAMMA_2

_END = 2.0**-56
#: From this order on the expansions for large orders hold.
LARGE = 20.0
#: Recurrences over more orders than these are refused.
MOST = 4000000.0


def _exp(x: float) -> float:
    return math.exp(x) if x < 709.7 else math.inf


def _horner(coefficients: Sequence[float], t: float) -> float:
    total = 0.0
    for coefficient in reversed(coefficients):
        total = total * t + coefficient
    return total


def _cospi(x: float) -> tuple[float, float]:
    """Cosine and sine of pi x."""
    turns = math.floor(2 * math.fmod(x, 2.0) + 0.5)
    rest = math.fmod(x, 2.0) - 0.5 * turns
    c, s = math.cos(math.pi * rest), math.sin(math.pi * rest)
    return ((c, s), (-s, c), (-c, -s), (s, -c))[turns % 4]


def _temme(mu: float, x: float, sign: float) -> tuple[float, float]:
    """K of orders mu and mu + 1 (sign 1), or Y of these times -pi / 2 (sign -1); |mu| <= 1/2, x < 2."""
    log, a = math.log(2) - math.log(x), math.pi * mu
    turn = mu * log
    odd, even = _horner(GAMMA_1, mu * mu), _horner(GAMMA_2, mu * mu)
    share = math.sinh(turn) / turn if abs(turn) > 1e-8 else 1.0
    f = (a / math.sin(a) if abs(a) > 1e-8 else 1.0) * (math.cosh(turn) * odd + share * log * even)
    p, q = 0.5 * math.exp(turn) / (even - mu * odd), 0.5 * math.exp(-turn) / (even + mu * odd)
    r = 2 * math.sin(0.5 * a) ** 2 / mu if mu and sign < 0 else 0.0
    first, second, factor = f + r * q, p, 1.0
    for k in range(1, 200):
        f = (k * f + p + q) / (k * k - mu * mu)
        p, q, factor = p / (k - mu), q / (k + mu), factor * (sign * 0.25 * x * x / k)
        part = factor * (f + r * q)
        first, second = first + part, second + factor * (p - k * (f + r * q))
        if abs(part) < _END * abs(first):
            break
    return first, second * 2 / x


def _debye(nu: float, x: float, sign: float, scaled: bool) -> float:
    """I (sign 1) or K (sign -1) of a large order; scaled: exp(-x) I or exp(x) K."""
    z = x / nu
    root = math.hypot(1.0, z)
    p, total = 1 / root, 0.0
    for k in range(len(DEBYE) - 1, -1, -1):
        total = total * (sign * p / nu) + _horner(DEBYE[k], p * p)
    fall = nu * ((1 / (root + z) if scaled else root) - math.asinh(nu / x))
    front = math.sqrt(0.5 * p / (math.pi * nu)) if sign > 0 else math.sqrt(0.5 * math.pi * p / nu)
    return _exp(sign * fall) * front * total


def _asymptotic(nu: float, x: float, sign: float) -> float:
    """The series in 1 / x of exp(x) K (sign 1) and exp(-x) I (sign -1), without its factor."""
    square, term, total = 4 * nu * nu, 1.0, 1.0
    for k in range(1, 100):
        term *= sign * (square - (2 * k - 1) ** 2) / (8 * k * x)
        total += term
        if abs(term) < _END * abs(total):
            break
    return total


def _far(nu: float, x: float) -> bool:
    return x > max(25.0, 0.5 * nu * nu)


def _k_sum(nu: float, x: float) -> float:
    """exp(x) K by the trapezoidal rule over its integral."""
    h, total = min(0.125, 0.7 / math.sqrt(x)), 0.5
    for n in range(1, 1000):
        s = math.sinh(0.5 * n * h)
        part = 0.5 * (_exp(nu * n * h - 2 * x * s * s) + _exp(-nu * n * h - 2 * x * s * s))
        total += part
        if part < _END * total and 2 * s * x > nu:
            break
    return total * h


def _k_scaled(nu: float, x: float) -> float:
    """exp(x) K for nu >= 0, x > 0."""
    if nu >= LARGE:
        return _debye(nu, x, -1.0, True)
    if _far(nu, x):
        return math.sqrt(0.5 * math.pi / x) * _asymptotic(nu, x, 1.0)
    if x >= 2:
        return _k_sum(nu, x)
    n = math.floor(nu + 0.5)
    now, then = _temme(nu - n, x, 1.0)
    for k in range(n):
        now, then = then, now + 2 * (nu - n + k + 1) / x * then
    return now * math.exp(x)


def _i_scaled(nu: float, x: float) -> float:
    """exp(-x) I for nu >= 0, x > 0."""
    if nu >= LARGE:
        return _debye(nu, x, 1.0, True)
    if _far(nu, x):
        return _asymptotic(nu, x, -1.0) / math.sqrt(2 * math.pi * x)
    term = total = 1.0
    for k in range(1, 1000):
        term *= 0.25 * x * x / (k * (k + nu))
        total += term
        if term < _END * total:
            break
    return math.pow(0.5 * x, nu) / math.gamma(nu + 1) * (total * math.exp(-x))


def _hankel(nu: float, x: float) -> tuple[float, float]:
    """J and Y for large x."""
    square, term, even, odd = 4 * nu * nu, 1.0, 1.0, 0.0
    for k in range(1, 100):
        term *= (square - (2 * k - 1) ** 2) / (8 * k * x) * (-1 if k % 2 == 0 else 1)
        even, odd = (even + term, odd) if k % 2 == 0 else (even, odd + term)
        if abs(term) < _END:
            break
    (ca, sa), cx, sx = _cospi(0.5 * nu + 0.25), math.cos(x), math.sin(x)
    c, s, front = cx * ca + sx * sa, sx * ca - cx * sa, math.sqrt(2 / (math.pi * x))
    return front * (even * c - odd * s), front * (even * s + odd * c)


def _j_series(nu: float, x: float) -> float:
    """J by powers of x, for x not much above 2 sqrt(nu + 1)."""
    term = total = 1.0
    for k in range(1, 200):
        term *= -0.25 * x * x / (k * (k + nu))
        total += term
        if abs(term) < _END * abs(total):
            break
    if nu < 100:
        return math.pow(0.5 * x, nu) / math.gamma(nu + 1) * total
    z = 1 / (nu * nu)
    rest = (1 / 12 - z * (1 / 360 - z / 1260)) / nu
    return _exp(nu * (math.log(x) - math.log(2) + 1 - math.log(nu)) - rest) / math.sqrt(2 * math.pi * nu) * total


def _ratio(nu: float, x: float) -> float:
    """J of order nu over that of nu + 1, by their continued fraction."""
    f = 2 * (nu + 1) / x
    c, d = f, 0.0
    for k in range(2, 10000):
        b = 2 * (nu + k) / x
        d, c = b - d, b - 1 / c
        d, c = 1 / (d if d else 1e-300), c if c else 1e-300
        f *= c * d
        if abs(c * d - 1) < 2.0**-53:
            break
    return f


def _first(mu: float, x: float) -> tuple[float, float, float, float]:
    """J of orders mu and mu + 1, and Y; 0 <= mu < 1, x >= 2."""
    if x >= 25:
        (j, y), (j1, y1) = _hankel(mu, x), _hankel(mu + 1, x)
        return j, j1, y, y1
    r, total, c, d = 1 / _ratio(mu, x), 1e-300 + 0j, 1e-300 + 0j, 0j
    for k in range(1, 1000):
        part, b = (k - 0.5) ** 2 - mu * mu, complex(2 * x, 2 * k)
        d, c = 1 / (b + part * d), b + part / c
        total *= c * d
        if abs(c * d - 1) < 2.0**-53:
            break
    p, q = -0.5 / x - total.imag / x, 1 + total.real / x
    slope = mu / x - r
    g = (p - slope) / q
    phase = x - (0.5 * mu + 0.25) * math.pi + (4 * mu * mu - 1) / (8 * x)
    j = math.sqrt(2 / (math.pi * x) / ((p - slope) * g + q))
    if (math.cos(phase) < 0) if abs(g) < 1 else ((math.sin(phase) < 0) != (g < 0)):
        j = -j
    return j, r * j, j * g, mu / x * j * g - j * (p * g + q)


def _y_up(y: float, y1: float, mu: float, x: float, first: int, last: int) -> float:
    """Y of a larger order from those of two neighbours."""
    for k in range(first, last):
        y, y1 = y1, 2 * (mu + k + 1) / x * y1 - y
        if math.isinf(y1):
            return y1 if k + 1 < last else y
    return y


def _both(nu: float, x: float) -> tuple[float, float]:
    """J and Y for nu >= 0, x > 0."""
    if _far(nu, x):
        return _hankel(nu, x)
    if x < 2:
        n = math.floor(nu + 0.5)
        y, y1 = (-2 / math.pi * one for one in _temme(nu - n, x, -1.0))
        return _j_series(nu, x), _y_up(y, y1, nu - n, x, 0, n)
    if nu > MOST:
        return math.nan, math.nan
    n = math.floor(nu)
    mu = nu - n
    j, j1, y, y1 = _first(mu, x)
    middle = min(n, math.floor(x - mu))
    for k in range(middle):
        b = 2 * (mu + k + 1) / x
        j, j1, y, y1 = j1, b * j1 - j, y1, b * y1 - y
    if n == middle:
        return j, y
    found = _y_up(y, y1, mu, x, middle, n)
    if x * x < 4 * (nu + 1):
        return _j_series(nu, x), found
    t, u = 1.0, 1 / _ratio(nu, x)
    for k in range(n, middle, -1):
        t, u = 2 * (mu + k) / x * t - u, t
        if t > 2.0**500:
            t, u, j = t * 2.0**-500, u * 2.0**-500, j * 2.0**-500
    return j / t, found


# For every order and argument


def _side(nu: float, x: float) -> float:
    """1, or for x < 0 the sign that a function of whole order changes to; NaN for other orders, NaN and no order."""
    if math.isnan(nu + x) or math.isinf(nu):
        return math.nan
    if x >= 0:
        return 1.0
    return math.nan if nu != math.floor(nu) else -1.0 if nu % 2 else 1.0


def _jv(nu: float, x: float) -> float:
    side, order, y = _side(nu, x), abs(nu), abs(x)
    if math.isnan(side):
        return math.nan
    whole = nu == math.floor(nu)
    if y == math.inf:
        return 0.0
    if y == 0:
        c, s = _cospi(order)
        return 1.0 if nu == 0 else 0.0 if nu > 0 or whole else math.copysign(math.inf, s)
    first, second = _both(order, y)
    if nu >= 0 or whole:
        return side * (first if nu >= 0 or not order % 2 else -first)
    c, s = _cospi(order)
    return c * first - s * second


def _yv(nu: float, x: float) -> float:
    if math.isnan(nu + x) or x < 0 or math.isinf(nu):
        return math.nan
    order, (c, s) = abs(nu), _cospi(abs(nu))
    if x == math.inf:
        return 0.0
    if x == 0:
        return -math.inf if nu >= 0 else math.copysign(math.inf, -c) if c else 0.0
    first, second = _both(order, x)
    if nu >= 0:
        return second
    return (c * second if c else 0.0) + (s * first if s else 0.0)


def _modified(nu: float, x: float, scaled: bool) -> float:
    side, order, y = _side(nu, x), abs(nu), abs(x)
    if math.isnan(side):
        return math.nan
    whole = nu == math.floor(nu)
    _, s = _cospi(order)
    if y == math.inf:
        return 0.0 if scaled else side * y
    if y == 0:
        return 1.0 if nu == 0 else 0.0 if nu > 0 or whole else math.copysign(math.inf, s)
    if order >= LARGE and not scaled:
        found = _debye(order, y, 1.0, False)
        other = _debye(order, y, -1.0, False)
    else:
        half = 1.0 if scaled else _exp(0.5 * min(y, 1400.0))
        found = _i_scaled(order, y) * half * half
        other = _k_scaled(order, y) * math.exp(-2 * y) if scaled else _kv(order, y)
    return side * found if nu >= 0 or whole else found + 2 / math.pi * s * other


def _kve(nu: float, x: float) -> float:
    if math.isnan(nu + x) or x < 0 or math.isinf(nu):
        return math.nan
    return math.inf if x == 0 else 0.0 if x == math.inf else _k_scaled(abs(nu), x)


def _kv(nu: float, x: float) -> float:
    if abs(nu) >= LARGE and 0 < x < math.inf and not math.isinf(nu):
        return _debye(abs(nu), x, -1.0, False)
    found = _kve(nu, x)
    half = math.exp(-0.5 * min(x, 1600.0)) if x > 0 else 1.0
    return found * half * half


jv, yv = special.one_by_one(_jv), special.one_by_one(_yv)
iv, ive = special.one_by_one(lambda nu, x: _modified(nu, x, False)), special.one_by_one(lambda nu, x: _modified(nu, x, True))
kv, kve = special.one_by_one(_kv), special.one_by_one(_kve)
