"""Derive the coefficients of csrc/modc_orders.h and modc/graph/special_order_tables.py.

Input: none. Output: the numbers on stdout. Run it by hand; needs mpmath. Neighbours: `special_fits` does the same for the
polynomials of the other special functions.
"""

from __future__ import annotations

import sys
from fractions import Fraction

from mpmath import mp, rgamma, taylor

TERMS = 15


def reciprocal_gamma() -> tuple[list[float], list[float]]:
    """1 / gamma(1 - m) - 1 / gamma(1 + m) over 2 m, and the half sum of both, by powers of m^2 (DLMF 5.7.1)."""
    mp.dps = 50
    powers = taylor(lambda m: rgamma(1 + m), 0, 27)
    return [float(-powers[k]) for k in range(1, 26, 2)], [float(powers[k]) for k in range(0, 26, 2)]


def debye() -> list[list[float]]:
    """U[k](p) over p^k by powers of p^2, by their recurrence (DLMF 10.41.9)."""
    found = [{0: Fraction(1)}]
    for _ in range(TERMS - 1):
        following: dict[int, Fraction] = {}
        for power, c in found[-1].items():
            parts = {power + 1: c * power / 2 + c / (8 * (power + 1)), power + 3: -c * power / 2 - 5 * c / (8 * (power + 3))}
            for at, part in parts.items():
                following[at] = following.get(at, Fraction(0)) + part
        found.append(following)
    return [[float(found[k].get(k + 2 * j, 0)) for j in range(k + 1)] for k in range(TERMS)]


if __name__ == "__main__":
    for row in (*reciprocal_gamma(), *debye()):
        sys.stdout.write(", ".join(map(repr, row)) + "\n")
