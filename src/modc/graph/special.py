"""NumPy references of the special functions: what the rows of `ops_special` mean, for float64 and float32 arrays.

Input: arrays of one float dtype. Output: an array of that dtype; float32 is worked out in float64. The formulas are
those of csrc/modc_special.h, modc_errors.h, modc_bessel.h and modc_incomplete.h, which name their sources. Loaded when
first needed (`ops_special.Reference`). Neighbours: `special_incomplete` has the functions with loops.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from modc.graph import special_tables as tables

Array = np.ndarray[Any, Any]
Function = Callable[..., Any]


def in_double(function: Function) -> Function:
    """The function on float64 arrays, as one on float arrays that keeps their dtype."""

    @functools.wraps(function)
    def apply(*args: Any) -> Any:
        kept = np.result_type(*args)
        with np.errstate(all="ignore"):
            return np.asarray(function(*(np.asarray(arg, np.float64) for arg in args))).astype(kept)

    return apply


def one_by_one(function: Callable[..., float]) -> Function:
    """A function of Python floats, element by element."""
    return in_double(np.vectorize(function, otypes=[np.float64]))


def polynomial(coefficients: Sequence[float], t: Any) -> Any:
    """Horner's rule, highest power first."""
    total = np.full_like(t, coefficients[0])
    for coefficient in coefficients[1:]:
        total = total * t + coefficient
    return total


def _math(function: Callable[[float], float], outside: Callable[[float], float]) -> Function:
    """A function of Python's `math`, with a value where that raises."""

    def apply(x: float) -> float:
        try:
            return function(x)
        except OverflowError:
            return math.inf
        except ValueError:
            return outside(x)

    return one_by_one(apply)


# Gamma

gamma = _math(math.gamma, lambda x: math.copysign(math.inf, x) if x == 0 else math.nan)
erfc = one_by_one(math.erfc)


def _offset(y: Any) -> Any:
    fraction = y - np.floor(y)
    return np.where(fraction > 0.5, fraction - 1, fraction)


def _sinpi(r: Any) -> Any:
    return r * polynomial(tables.SINPI, 8 * r * r - 1)


def _around_zero(y: Any) -> tuple[Any, Any, Any]:
    """y - 1 (below 1: y), that as t, and 1 / y from 2 on."""
    d = np.where(y < 1, y, y - 1)
    return d, 2 * d - 1, 1 / np.where(y < 2, 2, y)


@in_double
def gammaln(x: Any) -> Any:
    """log|gamma(x)|; inf at 0, -1, -2, ..."""
    y = np.abs(x)
    d, t, _ = _around_zero(y)
    small = d * (d - 1) * np.where(y < 2, polynomial(tables.GAMMALN_1, t), polynomial(tables.GAMMALN_2, y - 3))
    c = np.maximum(y, 4.0)
    s = 1 / c
    large = (c - 0.5) * (np.log(c) - 1) + (0.5 * math.log(2 * math.pi) - 0.5)
    large = large + s * polynomial(tables.GAMMALN_STIRLING, 32 * s * s - 1)
    right = np.where(y < 4, np.where(y < 1, -np.log(y), 0) + small, np.where(y < np.inf, large, np.inf))
    sine = _sinpi(np.abs(_offset(np.where(y < np.inf, y, 0.0))))
    left = -np.log(sine / np.pi * np.where(y < 1, 1, y)) - np.where(y < 1, small, right)
    return np.where(y < np.inf, np.where(x < 0, left, right), y)


@in_double
def digamma(x: Any) -> Any:
    """The derivative of log(gamma(x)); NaN at -1, -2, ..."""
    y = np.abs(x)
    d, t, s = _around_zero(y)
    z = s * s
    near = ((d - float.fromhex("0x1.d8b618d5af8fep-2")) + float.fromhex("0x1.1e563779a1f5bp-56")) * polynomial(
        tables.DIGAMMA_1, t
    )
    far = (-np.log(s) - 0.5 * s) - z * polynomial(tables.DIGAMMA_2, 8 * z - 1)
    core, one, r = np.where(y < 2, near, far), 1 / y, _offset(y)
    left = np.pi * _sinpi(0.5 - np.abs(r)) / _sinpi(r) + np.where(y < 1, core, core + one)
    found = np.where(x < 0, np.where(r == 0, np.nan, left), np.where(y < 1, core - one, core))
    return np.where(x == 0, np.copysign(np.inf, -x), found)


@in_double
def trigamma(x: Any) -> Any:
    """The derivative of digamma; inf at 0, -1, -2, ..."""
    y = np.abs(x)
    _, t, s = _around_zero(y)
    z = s * s
    far = s + 0.5 * z + z * s * polynomial(tables.TRIGAMMA_2, 8 * z - 1)
    core, one = np.where(y < 2, polynomial(tables.TRIGAMMA_1, t), far), 1 / y
    left = (np.pi / _sinpi(_offset(y))) ** 2 - np.where(y < 1, core, core - one * one)
    found = np.where(x < 0, left, np.where(y < 1, core + one * one, core))
    return np.where(x == 0, np.inf, found)


# Error functions


def _erfcx_part(y: Any) -> Any:
    b = np.minimum(y, 1e200)
    return polynomial(tables.ERFCX, (b - 3.75) / (b + 3.75)) / (1 + 2 * y)


@in_double
def erfcx(x: Any) -> Any:
    """exp(x^2) erfc(x)."""
    value = _erfcx_part(np.abs(x))
    b = np.minimum(np.abs(x), 26.7)
    high = np.float64(2**27 + 1) * b  # the square in two parts, after Dekker
    high = high - (high - b)
    low = (b - high) * (b + high)
    return np.where(x < 0, 2 * np.exp(high * high) * np.exp(low) - value, value)


def _erfinv_part(x: Any, w: Any) -> Any:
    r = np.sqrt(w)
    s = 1 / r
    low, high = 1 / 27.35, 0.2
    near = x * polynomial(tables.ERFINV_NEAR, 0.32 * w - 1)
    mid = r * polynomial(tables.ERFINV_MID, 0.8 * r - 3)
    far = r * polynomial(tables.ERFINV_FAR, (2 * s - (low + high)) / (high - low))
    return np.where(w < 6.25, near, np.where(w < 25, mid, far))


@in_double
def erfinv(x: Any) -> Any:
    """The y with erf(y) = x."""
    y = np.abs(x)
    return np.copysign(_erfinv_part(y, -np.log((1 - y) * (1 + y))), x)


@in_double
def erfcinv(x: Any) -> Any:
    """The y with erfc(y) = x."""
    return np.copysign(_erfinv_part(np.abs(1 - x), -np.log(x * (2 - x))), 1 - x)


# Bessel functions

_ROOT = 2 * math.sqrt(60.0)


def _i_part(x: Any, near: Sequence[float], far: Sequence[float], scaled: bool) -> Any:
    """I0(x) or I1(x) / sign(x), of exp(-|x|) times it."""
    y = np.abs(x)
    small = polynomial(near, np.minimum(x * x, 60.0))
    large = polynomial(far, _ROOT / np.maximum(y, 7.0) - 1) / np.sqrt(np.maximum(y, 7.0))
    half = np.exp(0.5 * np.minimum(y, 800.0))
    if scaled:
        return np.where(x * x < 60, small * np.exp(-y), large)
    return np.where(x * x < 60, small, np.where(y > 800, np.inf, half * large * half))


@in_double
def i0(x: Any) -> Any:
    """The modified Bessel function of order 0."""
    return np.where(np.isnan(x), x, _i_part(x, tables.I0_NEAR, tables.I0_FAR, False))


@in_double
def i0e(x: Any) -> Any:
    """exp(-|x|) I0(x)."""
    return np.where(np.isnan(x), x, _i_part(x, tables.I0_NEAR, tables.I0_FAR, True))


def _odd(x: Any, scaled: bool) -> Any:
    found = _i_part(x, tables.I1_NEAR, tables.I1_FAR, scaled)
    return np.where(np.isnan(x), x, np.where(x * x < 60, x * found, np.copysign(found, x)))


@in_double
def i1(x: Any) -> Any:
    """The modified Bessel function of order 1."""
    return _odd(x, False)


@in_double
def i1e(x: Any) -> Any:
    """exp(-|x|) I1(x)."""
    return _odd(x, True)


def _wave(y: Any) -> tuple[Any, Any, Any]:
    """From 8 on: y, 1 / y and that as the polynomials' t."""
    c = np.clip(y, 8.0, 1e300)
    s = 1 / c
    return c, s, 128 * s * s - 1


def _zeros(b: Any, first: tuple[float, float], second: tuple[float, float]) -> Any:
    """(b^2 - z1^2) (b^2 - z2^2) over (b^2 + 16)^2, the zeros in two parts."""
    left = ((b - first[0]) - first[1]) * (b + first[0])
    right = ((b - second[0]) - second[1]) * (b + second[0])
    return left * right / (b * b + 16) ** 2


_J0 = (2.404825557695773, -1.176691651530894e-16), (5.520078110286311, 8.088597146146722e-17)
_J1 = (3.8317059702075125, -1.5269184090088067e-16), (7.015586669815619, -9.414165653410389e-17)
_HEIGHT = 1 / math.sqrt(math.pi)


@in_double
def j0(x: Any) -> Any:
    """The Bessel function of order 0."""
    y = np.abs(x)
    b, (c, s, u) = np.minimum(y, 8.0), _wave(y)
    near = _zeros(b, *_J0) * polynomial(tables.J0_NEAR, b * b / 32 - 1)
    sine, cosine = np.sin(c), np.cos(c)
    far = polynomial(tables.J0_P, u) * (cosine + sine) - s * polynomial(tables.J0_Q, u) * (sine - cosine)
    found = np.where(y < 8, near, np.where(y < np.inf, far * _HEIGHT / np.sqrt(c), 0))
    return np.where(np.isnan(x), x, found)


@in_double
def j1(x: Any) -> Any:
    """The Bessel function of order 1."""
    y = np.abs(x)
    b, (c, s, u) = np.minimum(y, 8.0), _wave(y)
    near = b * (_zeros(b, *_J1) * polynomial(tables.J1_NEAR, b * b / 32 - 1))
    sine, cosine = np.sin(c), np.cos(c)
    far = polynomial(tables.J1_P, u) * (sine - cosine) + s * polynomial(tables.J1_Q, u) * (sine + cosine)
    found = np.where(y < 8, near, np.where(y < np.inf, far * _HEIGHT / np.sqrt(c), 0))
    return np.where(np.isnan(x), x, np.copysign(1.0, x) * found)
