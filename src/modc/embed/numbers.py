"""Numbers for the self-test, the same in Python and in C: integer arithmetic, and one exact scaling.

Input: a seed, a dtype and the range. Output: arrays, and the C functions that make the same ones.
Neighbours: `golden` draws its arguments here, `selftest` prints the C.

The generator is SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators"),
counted by the element's number, so that every element can be made on its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from modc.graph import DType

Array = np.ndarray[Any, Any]

STEP = 0x9E3779B97F4A7C15
FIRST, SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB

#: Ranges of floats: (lowest, span as a power of two). Every value is a multiple of span / 2**52 (2**24 in float32).
RANGES = ((-2.0, 2), (0.0, 0), (-8.0, 4), (1.0, 2))


def mixed(seed: int, count: int) -> Array:
    """`count` integers of 64 bits."""
    with np.errstate(over="ignore"):
        z = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(STEP) + np.uint64(seed * SECOND % 2**64)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(FIRST)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(SECOND)
    return np.asarray(z ^ (z >> np.uint64(31)))


@dataclass(frozen=True, slots=True)
class Fill:
    """How an array is made: floats by a row of RANGES, integers from `low`, `span` different ones."""

    seed: int
    range: int = 0
    low: int = 0
    span: int = 1

    def array(self, row: DType, shape: tuple[int, ...]) -> Array:
        """The array."""
        z = mixed(self.seed, int(np.prod(shape, dtype=np.int64)))
        if row.is_float:
            lowest, power = RANGES[self.range]
            bits = 52 if row.bits == 64 else 24
            whole = (z >> np.uint64(64 - bits)).astype(row.numpy)
            flat = whole * row.numpy.type(2.0 ** (power - bits)) + row.numpy.type(lowest)
        else:
            whole = (z % np.uint64(self.span)).astype(np.int64) + self.low
            flat = whole.astype(row.numpy)
        return np.asarray(flat).reshape(shape)


#: C of the generator; {type} {suffix} {bits} and literals are filled in by `functions`.
MIXED = f"""static uint64_t mixed(uint64_t seed, int64_t at) {{
    uint64_t z = seed * UINT64_C({SECOND}) + (uint64_t)(at + 1) * UINT64_C({STEP});
    z = (z ^ (z >> 30)) * UINT64_C({FIRST});
    z = (z ^ (z >> 27)) * UINT64_C({SECOND});
    return z ^ (z >> 31);
}}
"""


def float_function(row: DType) -> str:
    """C: element `at` of a float array, and the array."""
    bits = 52 if row.bits == 64 else 24
    f, t = ("" if row.bits == 64 else "f"), row.c_type
    whole = f"({t})(int64_t)(mixed(seed, at) >> {64 - bits})"
    scales = ", ".join(f"{2.0 ** (power - bits)!r}{f}" for _, power in RANGES)
    lows = ", ".join(f"{low!r}{f}" for low, _ in RANGES)
    return f"""static {t} some{row.suffix}(uint64_t seed, int64_t at, int range) {{
    static const {t} scale[{len(RANGES)}] = {{{scales}}};
    static const {t} low[{len(RANGES)}] = {{{lows}}};
    return {whole} * scale[range] + low[range]; /* the product is exact */
}}

static void fill{row.suffix}({t} *to, int64_t count, uint64_t seed, int range) {{
    for (int64_t i = 0; i < count; i++)
        to[i] = some{row.suffix}(seed, i, range);
}}
"""


def integer_function(row: DType) -> str:
    """C: element `at` of an array of integers or bools, and the array."""
    t = row.c_type
    return f"""static {t} some{row.suffix}(uint64_t seed, int64_t at, int64_t low, uint64_t span) {{
    return ({t})((int64_t)(mixed(seed, at) % span) + low);
}}

static void fill{row.suffix}({t} *to, int64_t count, uint64_t seed, int64_t low, uint64_t span) {{
    for (int64_t i = 0; i < count; i++)
        to[i] = some{row.suffix}(seed, i, low, span);
}}
"""
