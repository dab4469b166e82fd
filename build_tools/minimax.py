"""Derive the polynomial coefficients of csrc/modc_math.h.

Input: nothing but the table below.  Output: C hexadecimal literals on stdout, one polynomial per
block, lowest power first, with the largest error before the coefficients were rounded.  Run it by
hand when a polynomial changes; the header holds the result.  Needs mpmath.

Method: the Remez exchange algorithm (E. Remez, 1934) for the weighted error `(f - p) * w`, started
at the Chebyshev nodes, in 60-digit arithmetic.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
from mpmath import mp, mpf

Real = Callable[[mpf], mpf]
mp.dps = 60


def remez(f: Real, weight: Real, low: mpf, high: mpf, degree: int) -> tuple[list[mpf], mpf]:
    """Coefficients (lowest first) of the nearest polynomial to f, and its weighted error."""
    count = degree + 2
    nodes = [
        (low + high) / 2 - (high - low) / 2 * mp.cos(mp.pi * k / (count - 1)) for k in range(count)
    ]
    grid = [low + (high - low) * (1 - mp.cos(mp.pi * k / 800)) / 2 for k in range(801)]
    edges = [weight(low), weight((low + high) / 2), weight(high)]
    least = 0 if min(edges) > 0 else max(edges) / 50  # a weight of 0 would leave one equation empty
    values = [(x, f(x), max(weight(x), least)) for x in grid]
    worst = mpf(0)
    for _ in range(8):
        system = mp.matrix(count, count)
        right = mp.matrix(count, 1)
        for row, x in enumerate(nodes):
            for power in range(degree + 1):
                system[row, power] = x**power
            system[row, degree + 1] = (-1) ** row / max(weight(x), least)
            right[row] = f(x)
        solution = mp.lu_solve(system, right)
        coefficients = [solution[k] for k in range(degree + 1)]
        errors = [(fx - mp.polyval(coefficients[::-1], x)) * w for x, fx, w in values]
        worst = max(abs(e) for e in errors)
        nodes = exchange(grid, errors, count)
        if len(nodes) != count or worst < abs(solution[degree + 1]) * mpf("1.001"):
            break
    return coefficients, worst


def exchange(grid: list[mpf], errors: list[mpf], count: int) -> list[mpf]:
    """The extrema of alternating sign, `count` of them (fewer when the grid shows fewer)."""
    best: list[int] = []
    for i, e in enumerate(errors):
        if best and (errors[best[-1]] > 0) == (e > 0):
            if abs(e) > abs(errors[best[-1]]):
                best[-1] = i
        else:
            best.append(i)
    while len(best) > count:
        del best[0 if abs(errors[best[0]]) < abs(errors[best[-1]]) else -1]
    return [grid[i] for i in best]


def literal(value: mpf, single: bool) -> str:
    """The nearest binary64 (or binary32) number as a C99 literal."""
    return f"{float(np.float32(float(value))).hex()}f" if single else float(value).hex()


def log_tail(z: mpf) -> mpf:
    """(log((1+s)/(1-s)) - 2s) / s^3 with z = s^2: 2/3 + 2/5 z + 2/7 z^2 + ..."""
    s = mp.sqrt(z)
    return mpf(2) / 3 + z * mpf(2) / 5 if z < mpf("1e-12") else (2 * mp.atanh(s) - 2 * s) / (s * z)


def log_tail2(z: mpf) -> mpf:
    """(log_tail(z) - 2/3) / z."""
    return mpf(2) / 5 + z * 2 / 7 if z < mpf("1e-12") else (log_tail(z) - mpf(2) / 3) / z


def sin_tail(z: mpf) -> mpf:
    """(sin(r) - r) / r^3 with z = r^2."""
    r = mp.sqrt(z)
    return -mpf(1) / 6 + z / 120 if z < mpf("1e-12") else (mp.sin(r) - r) / (r * z)


def cos_tail(z: mpf) -> mpf:
    """(cos(r) - 1 + r^2/2) / r^4 with z = r^2."""
    r = mp.sqrt(z)
    return mpf(1) / 24 - z / 720 if z < mpf("1e-8") else (mp.cos(r) - 1 + z / 2) / (z * z)


def exp_tail(r: mpf) -> mpf:
    """(exp(r) - 1 - r) / r^2."""
    return mpf(1) / 2 + r / 6 + r * r / 24 if abs(r) < mpf("1e-10") else (mp.expm1(r) - r) / (r * r)


def exp2_tail(r: mpf) -> mpf:
    """(2^r - 1) / r."""
    limit = mp.log(2)
    return limit if abs(r) < mpf("1e-20") else mp.expm1(r * limit) / r


def atanh_log2(z: mpf) -> mpf:
    """log2((1+s)/(1-s)) / s with z = s^2."""
    s = mp.sqrt(z)
    return 2 / mp.log(2) * (1 if z < mpf("1e-30") else mp.atanh(s) / s)


def erf_tail(z: mpf) -> mpf:
    """erf(x) / x - 1 with z = x^2."""
    x = mp.sqrt(z)
    return 2 / mp.sqrt(mp.pi) * (1 - z / 3) - 1 if z < mpf("1e-20") else mp.erf(x) / x - 1


def log_erfc(start: mpf) -> Real:
    """log(erfc(start + t))."""
    return lambda t: mp.log(mp.erfc(start + t))


HALF_LN2 = mp.log(2) / 2 * mpf("1.0001")
Z_LOG = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * mpf("1.0001")
Z_TRIG = (mp.pi / 4) ** 2 * mpf("1.0001")
ONE: Real = lambda x: mpf(1)  # noqa: E731
# name, function, weight (what an error of 1 in the polynomial does to the result), low, high, degree, f32
TABLE: list[tuple[str, Real, Real, mpf, mpf, int, bool]] = [
    ("exp f64", exp_tail, lambda r: r * r, -HALF_LN2, HALF_LN2, 9, False),
    ("exp f32", exp_tail, lambda r: r * r, -HALF_LN2, HALF_LN2, 4, True),
    ("log f64", log_tail, lambda z: z, mpf(0), Z_LOG, 6, False),
    ("log f32", log_tail, lambda z: z, mpf(0), Z_LOG, 2, True),
    ("pow log tail f64", log_tail2, lambda z: z * z, mpf(0), Z_LOG, 6, False),
    ("sin f64", sin_tail, lambda z: z, mpf(0), Z_TRIG, 5, False),
    ("cos f64", cos_tail, lambda z: z * z, mpf(0), Z_TRIG, 5, False),
    ("sin f32", sin_tail, lambda z: z, mpf(0), Z_TRIG, 3, False),
    ("cos f32", cos_tail, lambda z: z * z, mpf(0), Z_TRIG, 2, False),
    ("powf log2", atanh_log2, ONE, mpf(0), Z_LOG, 5, False),
    ("erf f64", erf_tail, ONE, mpf(0), mpf(1), 11, False),
    ("erf f32", erf_tail, ONE, mpf(0), mpf("0.81"), 5, True),
    ("log erfc f64", log_erfc(mpf(1)), lambda t: mp.erfc(1 + t), mpf(0), mpf(5), 17, False),
    (
        "log erfc f32",
        log_erfc(mpf("0.9")),
        lambda t: mp.erfc(t + mpf("0.9")),
        mpf(0),
        mpf(3),
        6,
        True,
    ),
    ("powf exp2", exp2_tail, lambda r: r, -mpf("0.5001"), mpf("0.5001"), 6, False),
]


def main() -> None:
    """Print every polynomial whose name holds the first argument (all without one)."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    for name, f, weight, low, high, degree, single in TABLE:
        if wanted in name:
            coefficients, error = remez(f, weight, low, high, degree)
            print(f"{name}: error 2^{float(mp.log(error, 2)):.1f}")
            for c in coefficients:
                print("   ", literal(c, single))


if __name__ == "__main__":
    main()
