"""Derive the polynomial coefficients of csrc/modc_special.h, modc_errors.h, modc_bessel.h and modc_arc.h.

Input: the table below. Output: coefficients as hexadecimal literals on stdout, highest power first, with the number of
bits to which the polynomial is right. Run it by hand when a polynomial changes: the headers and
modc/graph/special_tables.py, for the NumPy references, hold the result. Needs mpmath. Neighbours: `minimax` does the same for the elementary functions.

Method: interpolation at Chebyshev points (J. C. Mason and D. C. Handscomb, Chebyshev Polynomials, 2003, chapter 6) in
60 digits, cut where the rest is below the bits asked for, and turned into powers of a variable t that runs from -1 to 1.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
from mpmath import mp, mpf

Real = Callable[[mpf], mpf]
mp.dps = 60


def chebyshev(f: Real, count: int) -> list[mpf]:
    """Coefficients of the interpolating Chebyshev series over [-1, 1]."""
    angles = [mp.pi * (k + mpf(1) / 2) / count for k in range(count)]
    values = [f(mp.cos(angle)) for angle in angles]
    found = [2 * mp.fsum(v * mp.cos(j * a) for v, a in zip(values, angles, strict=True)) / count for j in range(count)]
    found[0] /= 2
    return found


def powers(series: list[mpf]) -> list[mpf]:
    """The same polynomial in powers of t, lowest first."""
    before, now = [mpf(1)], [mpf(0), mpf(1)]
    total = [mpf(0)] * len(series)
    for coefficient in series:
        for power, c in enumerate(before):
            total[power] += coefficient * c
        double = [mpf(0)] + [2 * c for c in now]
        before, now = now, [a - (before[i] if i < len(before) else 0) for i, a in enumerate(double)]
    return total


def between(low: float | mpf, high: float | mpf, f: Real) -> Real:
    """f over [low, high] as a function of t."""
    low, high = mpf(low), mpf(high)
    return lambda t: f((low + high) / 2 + t * (high - low) / 2)


def unscaled(powers_of_t: list[mpf], high: mpf) -> list[mpf]:
    """From powers of t to powers of z = high (1 + t) / 2, for series whose terms are all positive."""
    total, factor = [mpf(0)] * len(powers_of_t), [mpf(1)]
    for coefficient in powers_of_t:
        for power, c in enumerate(factor):
            total[power] += coefficient * c
        factor = [(factor[i - 1] * 2 / high if i else 0) - (factor[i] if i < len(factor) else 0) for i in range(len(factor) + 1)]
    return total


def fit(f: Real, bits: float) -> tuple[list[mpf], float]:
    """Powers of t, lowest first, so that the rest is 2^-bits of the smallest value; and the bits reached."""
    count = 24
    while True:
        series = chebyshev(f, count)
        if mp.fsum(abs(c) for c in series[-3:]) < mpf(2) ** (-bits - 6) * abs(series[0]) or count > 90:
            break
        count += 10
    least = min(abs(f(mpf(k) / 20)) for k in range(-19, 20))
    rest = mpf(0)
    while len(series) > 2 and rest + abs(series[-1]) < least * mpf(2) ** -bits:
        rest += abs(series.pop())
    return powers(series), float(-mp.log(rest / least, 2))


# The functions


def erfcx(x: mpf) -> mpf:
    """exp(x^2) erfc(x)."""
    return mp.exp(x * x) * mp.erfc(x)


def erfcx_mapped(t: mpf) -> mpf:
    """(1 + 2 x) erfcx(x) with t = (x - 3.75) / (x + 3.75), after Shepherd and Laframboise."""
    if 1 - t < mpf("1e-30"):
        return 1 / mp.sqrt(mp.pi) * 2
    x = mpf("3.75") * (1 + t) / (1 - t)
    return (1 + 2 * x) * (erfcx(x) if x < 1000 else (1 - 1 / (2 * x * x) + 3 / (4 * x**4)) / (x * mp.sqrt(mp.pi)))


def inverse(log: mpf) -> mpf:
    """erfinv(x) where -log(1 - x^2) = log."""
    if log < mpf("1e-25"):
        return mp.sqrt(log) * mp.sqrt(mp.pi) / 2
    rest = 1 - mp.sqrt(-mp.expm1(-log))  # 1 - x
    if rest < mpf("1e-9"):
        rest = mp.exp(-log) / (1 + mp.sqrt(-mp.expm1(-log)))
    if rest > mpf("0.3"):
        return mp.erfinv(1 - rest)
    goal = mp.log(rest)
    y = mp.sqrt(-goal - mp.log(mp.sqrt(-goal * mp.pi)))
    for _ in range(60):
        value = mp.erfc(y)
        step = (mp.log(value) - goal) * value * mp.sqrt(mp.pi) / 2 * mp.exp(y * y)
        y += step
        if abs(step) < mpf(10) ** -50:
            break
    return y


def stirling(x: mpf) -> mpf:
    """log(gamma(x)) - ((x - 1/2) log(x) - x + log(2 pi) / 2)."""
    with mp.extradps(20):
        return mp.loggamma(x) - ((x - mpf(1) / 2) * mp.log(x) - x + mp.log(2 * mp.pi) / 2)


def of_inverse(f: Real, limit: mpf | float) -> Real:
    """f(1 / s), and its limit for s = 0."""
    return lambda s: f(1 / s) if s > mpf("1e-7") else mpf(limit)


def zero_divided(f: Real, zero: mpf) -> Real:
    """f(x) / (x - zero)."""
    def quotient(x: mpf) -> mpf:
        return f(x) / (x - zero) if abs(x - zero) > mpf("1e-20") else mp.diff(f, zero)
    return quotient


def gamma_near(x: mpf) -> mpf:
    """log(gamma(x)) / ((x - 1) (x - 2))."""
    for zero in (1, 2):
        if abs(x - zero) < mpf("1e-20"):
            return mp.digamma(zero) / (2 * zero - 3)
    return mp.loggamma(x) / ((x - 1) * (x - 2))


mp.dps = 60
ROOT = mp.findroot(mp.digamma, mpf("1.46163214496836234126265954232572"))
J0, J1 = [mp.besseljzero(0, k) for k in (1, 2)], [mp.besseljzero(1, k) for k in (1, 2)]


def wave(order: int, part: str) -> Real:
    """P or Q of the asymptotic form J = sqrt(2 / (pi x)) (P cos(c) - Q sin(c)), by s = 1 / x^2 (Q: times x)."""
    def value(s: mpf) -> mpf:
        if s < mpf("1e-12"):
            m = 4 * order * order
            return mpf(1) if part == "p" else mpf(m - 1) / 8
        x = 1 / mp.sqrt(s)
        c = x - mp.pi / 4 - order * mp.pi / 2
        j, y = mp.besselj(order, x), mp.bessely(order, x)
        root = mp.sqrt(mp.pi * x / 2)
        found = root * (j * mp.cos(c) + y * mp.sin(c)) if part == "p" else root * (y * mp.cos(c) - j * mp.sin(c))
        return found if part == "p" else found * x
    return value


def scaled_i(order: int) -> Real:
    """sqrt(x) exp(-x) I(x)."""
    return lambda x: mp.sqrt(x) * mp.exp(-x) * mp.besseli(order, x)


#: Polynomials of z itself, from 0 to a number, instead of t.
PLAIN: dict[str, int] = {"i0_near": 60, "i1_near": 60}

#: name -> (function of t, bits)
TABLE: dict[str, tuple[Real, float]] = {
    "erfcx": (erfcx_mapped, 56),
    "erfinv_near": (between(0, "6.25", lambda w: mp.sqrt(mp.pi) / 2 if w < mpf("1e-25") else inverse(w) / mp.sqrt(-mp.expm1(-w))), 56),
    "erfinv_mid": (between("2.5", "5", lambda r: inverse(r * r) / r), 56),
    "erfinv_far": (between(1 / mpf("27.35"), mpf(1) / 5, lambda s: inverse(1 / (s * s)) * s), 56),
    "gamma": (between(2, 3, mp.gamma), 57),
    "gamma_stirling": (between(0, mpf(1) / 8, of_inverse(lambda x: mp.exp(stirling(x)) * mp.sqrt(2 * mp.pi), mp.sqrt(2 * mp.pi))), 57),
    "gammaln_1": (between(1, 2, gamma_near), 56),
    "gammaln_2": (between(2, 4, gamma_near), 56),
    "gammaln_stirling": (between(0, mpf(1) / 16, lambda z: stirling(1 / mp.sqrt(z)) / mp.sqrt(z) if z > mpf("1e-20") else mpf(1) / 12), 50),
    "digamma_1": (between(1, 2, zero_divided(mp.digamma, ROOT)), 56),
    "digamma_2": (between(0, mpf(1) / 4, lambda z: (mp.log(1 / mp.sqrt(z)) - mp.sqrt(z) / 2 - mp.digamma(1 / mp.sqrt(z))) / z if z > mpf("1e-16") else mpf(1) / 12), 53),
    "trigamma_1": (between(1, 2, lambda x: mp.psi(1, x)), 56),
    "trigamma_2": (between(0, mpf(1) / 4, lambda z: (mp.psi(1, 1 / mp.sqrt(z)) - mp.sqrt(z) - z / 2) / (z * mp.sqrt(z)) if z > mpf("1e-14") else mpf(1) / 6), 53),
    "i0_near": (between(0, 60, lambda z: mp.besseli(0, mp.sqrt(z))), 56),
    "i0_far": (between(0, mpf(1) / mp.sqrt(60), lambda s: scaled_i(0)(1 / s) if s > mpf("1e-7") else 1 / mp.sqrt(2 * mp.pi)), 56),
    "i1_near": (between(0, 60, lambda z: mp.besseli(1, mp.sqrt(z)) / mp.sqrt(z) if z > mpf("1e-25") else mpf(1) / 2), 56),
    "i1_far": (between(0, mpf(1) / mp.sqrt(60), lambda s: scaled_i(1)(1 / s) if s > mpf("1e-7") else 1 / mp.sqrt(2 * mp.pi)), 56),
    "j0_near": (between(0, 64, lambda z: (z + 16) ** 2 * mp.besselj(0, mp.sqrt(z)) / ((z - J0[0] ** 2) * (z - J0[1] ** 2))), 56),
    "j1_near": (between(0, 64, lambda z: (mp.besselj(1, mp.sqrt(z)) / mp.sqrt(z) if z > mpf("1e-25") else mpf(1) / 2) * (z + 16) ** 2 / ((z - J1[0] ** 2) * (z - J1[1] ** 2))), 56),
    "j0_p": (between(0, mpf(1) / 64, wave(0, "p")), 56),
    "j0_q": (between(0, mpf(1) / 64, wave(0, "q")), 50),
    "j1_p": (between(0, mpf(1) / 64, wave(1, "p")), 56),
    "j1_q": (between(0, mpf(1) / 64, wave(1, "q")), 50),
    "arctan": (between(0, 1, lambda z: (mp.atan(mp.sqrt(z)) / mp.sqrt(z) - 1) / z if z > mpf("1e-15") else z / 5 - mpf(1) / 3), 54),
    "arcsin": (between(0, mpf(1) / 4, lambda z: (mp.asin(mp.sqrt(z)) / mp.sqrt(z) - 1) / z if z > mpf("1e-15") else mpf(1) / 6), 54),
    "arctan_f32": (between(0, 1, lambda z: (mp.atan(mp.sqrt(z)) / mp.sqrt(z) - 1) / z if z > mpf("1e-15") else z / 5 - mpf(1) / 3), 25),
    "arcsin_f32": (between(0, mpf(1) / 4, lambda z: (mp.asin(mp.sqrt(z)) / mp.sqrt(z) - 1) / z if z > mpf("1e-15") else mpf(1) / 6), 25),
    "sinpi": (between(0, mpf(1) / 4, lambda z: mp.sin(mp.pi * mp.sqrt(z)) / mp.sqrt(z) if z > 0 else mp.pi), 57),
}


def main() -> None:
    """Print every polynomial whose name holds the first argument (all without one)."""
    wanted = next((one for one in sys.argv[1:] if not one.startswith("--")), "")
    for name, (f, bits) in TABLE.items():
        if wanted in name:
            coefficients, reached = fit(f, bits)
            if name in PLAIN:
                coefficients = unscaled(coefficients, mpf(PLAIN[name]))
            round_to = np.float32 if name.endswith("f32") else float
            literals = [float(round_to(c)).hex() for c in reversed(coefficients)]
            sys.stdout.write(f"{name}: {len(literals)} coefficients, 2^-{reached:.1f}\n")
            sys.stdout.writelines(f"    {literal}\n" for literal in literals)


if __name__ == "__main__":
    main()
