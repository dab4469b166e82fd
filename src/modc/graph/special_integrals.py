"""NumPy references of special functions that are integrals: of the exponential, elliptic, Dawson's, Owen's, Hurwitz's sum.

Input: arrays of one float dtype. Output: an array of that dtype. Formulas: csrc/modc_integrals.h, which names their sources.
Neighbours: `special_incomplete` has the incomplete gamma and beta functions.
"""

from __future__ import annotations

import math

from modc.graph import special
from modc.graph.special_incomplete import zeta

_END = 2.0**-56
#: Positions and weights of Gauss's rule of 24 points, the upper half.
_PLACES = (
    0.06405689286260563, 0.1911188674736163, 0.3150426796961634, 0.4337935076260451, 0.5454214713888396,
    0.6480936519369755, 0.7401241915785544, 0.820001985973903, 0.8864155270044011, 0.9382745520027328,
    0.9747285559713095, 0.9951872199970213,
)
_WEIGHTS = (
    0.12793819534675202, 0.12583745634682825, 0.1216704729278033, 0.11550566805372552, 0.10744427011596556,
    0.09761865210411393, 0.0861901615319532, 0.07334648141108016, 0.05929858491543636, 0.04427743881741941,
    0.02853138862893356, 0.01234122979998869,
)


def _exp(x: float) -> float:
    return math.exp(x) if x < 709.7 else math.inf


# Exponential integrals


def _en_fraction(n: float, x: float) -> float:
    """E of order n for x > 1."""
    b, c = x + n, 1e300
    d = h = 1 / b
    for k in range(1, 5000):
        part = -k * (n - 1 + k)
        b += 2
        d, c = 1 / (part * d + b), b + part / c
        h *= c * d
        if abs(c * d - 1) < 2.0**-53:
            break
    return h * math.exp(-x)


def _en_series(n: float, x: float) -> float:
    """E of order n >= 1 for x up to 1."""
    term, total, own, level = 1.0, 0.0, 0.0, -float.fromhex("0x1.2788cfc6fb619p-1") - math.log(x)
    for k in range(400):
        term = term * (-x / k) if k else 1.0
        if k == n - 1:
            own = term
        else:
            part = term / (k - (n - 1))
            total -= part
            if k > n and abs(part) < _END * abs(total):
                break
        if k and k <= n - 1:
            level += 1 / k
    return total + own * level


def _expn(n: float, x: float) -> float:
    if math.isnan(n + x) or n < 0 or x < 0 or (n < math.inf and n != math.floor(n)):
        return math.nan
    if n == math.inf:
        return 0.0
    if x == 0:
        return math.inf if n < 2 else 1 / (n - 1)
    if n == 0:
        return math.exp(-x) / x
    return 0.0 if math.isinf(x) else _en_fraction(n, x) if x > 1 or n > 300 else _en_series(n, x)


def _expi(x: float) -> float:
    if x == 0 or math.isinf(x) or math.isnan(x):
        return -math.inf if x == 0 else max(x, 0.0) if x == x else x
    if x < 0:
        return -_expn(1.0, -x)
    term, total = 1.0, 0.0
    if x >= 40:
        for k in range(1, 60):
            term *= k / x
            total += term
            if term < _END:
                break
        return _exp(x * 0.5) * (_exp(x * 0.5) / x * (1 + total))
    for k in range(1, 200):
        term *= x / k
        total += term / k
        if term < _END * total * k:
            break
    return float.fromhex("0x1.2788cfc6fb619p-1") + math.log(x) + total


exp1, expi = special.one_by_one(lambda x: _expn(1.0, x)), special.one_by_one(_expi)
expn = special.one_by_one(_expn)


# Dawson's integral and erfi


def _growing(x: float) -> float:
    """The sum of x^(2 k + 1) / (k! (2 k + 1))."""
    term = total = x
    for k in range(1, 1000):
        term *= x * x / k
        part = term / (2 * k + 1)
        total += part
        if part < _END * total:
            break
    return total


def _falling(x: float) -> float:
    """2 x exp(-x^2) times that sum, for x >= 7."""
    term = total = 1.0
    for k in range(1, 60):
        term *= (2 * k - 1) / (2 * x * x)
        total += term
        if term < _END:
            break
    return total


def _dawsn(x: float) -> float:
    y = abs(x)
    if not y > 0:
        return x
    found = _growing(y) * math.exp(-y * y) if y < 7 else _falling(y) / (2 * y)
    return math.copysign(found, x)


def _erfi(x: float) -> float:
    y = abs(x)
    if not 0 < y < math.inf:
        return x
    if y < 7:
        found = _growing(y)
    else:
        half = _exp(0.5 * min(y * y, 1450.0))
        found = half * (half * _falling(y) / (2 * y))
    return math.copysign(2 / math.sqrt(math.pi) * found, x)


dawsn, erfi = special.one_by_one(_dawsn), special.one_by_one(_erfi)


# Elliptic integrals


def _elliptic(m: float, second: bool) -> float:
    """The complete integral of the first or second kind, by means."""
    if math.isnan(m) or m > 1:
        return math.nan
    if m == 1 or m == -math.inf:
        return (1.0 if m == 1 else math.inf) if second else (math.inf if m == 1 else 0.0)
    a, b, factor, total = 1.0, math.sqrt(1 - m), 0.5, 0.5 * m
    for _ in range(60):
        c = 0.5 * (a - b)
        a, b = 0.5 * (a + b), math.sqrt(a * b)
        factor *= 2
        total += factor * c * c
        if abs(c) < 1e-9 * a:
            break
    first = math.pi / (a + b)
    return first * (1 - total) if second else first


ellipk = special.one_by_one(lambda m: _elliptic(m, False))
ellipe = special.one_by_one(lambda m: _elliptic(m, True))


# Owen's function


def _owen(h: float, a: float) -> float:
    """For h >= 0 and 0 <= a <= 1, by Gauss's rule over where the integrand counts."""
    top = 0.5 * (a if h * a < 9 else 9 / h)
    total = 0.0
    for place, weight in zip(_PLACES, _WEIGHTS, strict=True):
        for side in (1 - place, 1 + place):
            x = top * side
            total += weight * math.exp(-0.5 * (h * x) ** 2) / (1 + x * x)
    return math.exp(-0.5 * h * h) / (2 * math.pi) * (top * total)


def _owens_t(h: float, a: float) -> float:
    if math.isnan(h) or math.isnan(a):
        return math.nan
    y, b = abs(h), abs(a)
    if y == math.inf:
        found = 0.0
    elif b <= 1:
        found = _owen(y, b)
    else:
        low, high = 0.5 * math.erfc(y * math.sqrt(0.5)), 0.5 * math.erfc(y * b * math.sqrt(0.5)) if y or b < math.inf else 0.5
        rest = _owen(y * b, 1 / b) if b < math.inf else 0.0 if y else 0.25
        found = 0.5 * low + 0.5 * high - low * high - rest if b < math.inf else 0.5 * low
    return math.copysign(found, a)


owens_t = special.one_by_one(_owens_t)


def _hurwitz(s: float, x: float) -> float:
    if math.isnan(s) or math.isnan(x) or s < 1 or (-math.inf < x < 0 and x != math.floor(x)):
        return math.nan
    if s == 1 or x <= 0:
        return math.inf
    return 0.0 if math.isinf(x) else 1.0 if math.isinf(s) and x == 1 else zeta(s, x)


hurwitz = special.one_by_one(_hurwitz)
