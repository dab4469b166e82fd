"""NumPy references of the derivatives of the incomplete gamma and beta functions by their shapes.

Input: arrays of one float dtype. Output: an array of that dtype. Formulas: csrc/modc_shape.h, which names their sources.
Neighbours: `special_incomplete` has the functions themselves.
"""

from __future__ import annotations

import math

import numpy as np

from modc.graph import special
from modc.graph.special_incomplete import _TINY, _beta_factor, _factor, _log, _log1p

_CLOSE = 2.0**-53


def _digamma(x: float) -> float:
    return float(special.digamma(np.float64(x)))


def _away(x: float) -> float:
    """`x`, but not 0."""
    return _TINY if abs(x) < _TINY else x


def _gamma_series(a: float, x: float, factor: float) -> float:
    term, slope = 1.0, _log(x) - _digamma(a + 1)
    total, size = slope, abs(slope)
    for k in range(1, 200000):
        term *= x / (a + k)
        slope -= 1 / (a + k)
        total += term * slope
        size += term * abs(slope)
        if term * abs(slope) < 2.0**-56 * size and slope < 0:
            break
    return factor / a * total


def _gamma_fraction(a: float, x: float, factor: float) -> float:
    b, c, dc = x + 1 - a, 1e300, 0.0
    d = h = 1 / b
    dd = dh = d * d
    for k in range(1, 200000):
        part = k * (a - k)
        b += 2
        dd, d = k * d + part * dd - 1, part * d + b
        dc, c = k / c - part * dc / (c * c) - 1, b + part / c
        d, c = 1 / _away(d), _away(c)
        dd = -dd * d * d
        step, bend = d * c, dd * c + d * dc
        dh, h = dh * step + h * bend, h * step
        if abs(step - 1) < _CLOSE and abs(h * bend) < _CLOSE * abs(dh):
            break
    return -factor * (h * (_log(x) - _digamma(a)) + dh)


def _gammainc_da(a: float, x: float) -> float:
    if not (a > 0 and x >= 0):
        return math.nan
    if x == 0 or math.isinf(x) or math.isinf(a):
        return 0.0
    factor = _factor(a, x)
    if x <= a + 1 or x <= 1.5:
        return _gamma_series(a, x, factor)
    return _gamma_fraction(a, x, factor) if factor else 0.0


gammainc_da = special.one_by_one(_gammainc_da)


def _beta_slope(a: float, b: float, x: float, y: float, second: bool) -> float:
    """The derivative by b where second, else by a, for x up to the mean; y = 1 - x."""
    factor = _beta_factor(a, b, x, y) / a
    if factor == 0 or x == 0:
        return 0.0
    da, db, whole = float(not second), float(second), _digamma(a + b)
    if second:
        front = (_log(y) if y < 0.5 else _log1p(-x)) - _digamma(b) + whole
    else:
        front = (_log(x) if x < 0.5 else _log1p(-y)) - _digamma(a) + whole - 1 / a
    c, dc, d = 1.0, 0.0, 1 / _away(1 - (a + b) * x / (a + 1))
    dd = -(-x / (a + 1) if second else x * (b - 1) / (a + 1) ** 2) * d * d
    h, dh = d, dd
    for m in range(1, 100000):
        n, step, bend = a + 2 * m, 1.0, 0.0
        even = m * (b - m), m * db, (n - 1) * n, 2 * n - 1
        odd = -(a + m) * (a + b + m), -(da * (a + b + m) + (a + m) * (da + db)), n * (n + 1), 2 * n + 1
        for over, by, under, spread in (even, odd):
            part, turn = over * x / under, x * (by - over * da * spread / under) / under
            dd, d = turn * d + part * dd, 1 + part * d
            dc, c = turn / c - part * dc / (c * c), 1 + part / c
            d, c = 1 / _away(d), _away(c)
            dd = -dd * d * d
            step, bend = d * c, dd * c + d * dc
            dh, h = dh * step + h * bend, h * step
        if abs(step - 1) < _CLOSE and abs(h * bend) <= _CLOSE * abs(dh):
            break
    return factor * (h * front + dh)


def _beta_shape(a: float, b: float, x: float, second: bool) -> float:
    if not (0 < a < math.inf and 0 < b < math.inf and 0 <= x <= 1):
        return math.nan
    if x in (0, 1):
        return 0.0
    y = 1 - x
    return -_beta_slope(b, a, y, x, not second) if x * (a + b) > a else _beta_slope(a, b, x, y, second)


betainc_da = special.one_by_one(lambda a, b, x: _beta_shape(a, b, x, False))
betainc_db = special.one_by_one(lambda a, b, x: _beta_shape(a, b, x, True))
