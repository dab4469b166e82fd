"""The largest error of the unary float32 functions of csrc over all floats, or every n-th one.

Input: names of functions. Output: how far, in units in the last place, a float32 function lies from its float64 sister,
which test_accuracy compares with mpmath. `python tests/csrc/all_floats.py [--step N] [names]` prints a table; all 2^32
floats take a minute a function on an idle core.
"""

from __future__ import annotations

import argparse
import ctypes
import subprocess
import sys
import tempfile
from pathlib import Path

from header_library import FLAGS, HEADERS, LEVELS, compiler, level_flags

from modc.graph import OPS, rules

CSRC = Path(__file__).resolve().parent.parent.parent / "csrc"

#: Rows of one float operand that round.
NAMES = [op.name for op in OPS.values() if op.family == "map" and op.dtypes is rules.to_float and not op.agree and op.ulp]

LOOP = """
/* Of every step-th float from first on, count of them: the largest error, and at which float's bits. */
double worst_NAME(uint64_t first, uint64_t count, uint64_t step, uint32_t *at) {
    enum { BLOCK = 1024 };
    float x[BLOCK], r[BLOCK];
    double d[BLOCK], e[BLOCK], worst = 0.0;
    for (uint64_t done = 0; done < count; done += BLOCK) {
        for (int i = 0; i < BLOCK; ++i) {
            const uint64_t k = done + (uint64_t)i;
            x[i] = modc_from_bits_f32((uint32_t)(first + (k < count ? k : count - 1) * step));
        }
        for (int i = 0; i < BLOCK; ++i) r[i] = modc_NAME_f32(x[i]);
        for (int i = 0; i < BLOCK; ++i) d[i] = modc_NAME_f64((double)x[i]);
        for (int i = 0; i < BLOCK; ++i) {
            const double a = fabs(d[i]), power = modc_from_bits_f64(modc_bits_f64(a) & 0x7ff0000000000000u);
            const double unit = (power < 0x1p-126 ? 0x1p-126 : power) * 0x1p-23, error = fabs((double)r[i] - d[i]) / unit;
            const double edge = a > 0x1.fffffefp127 && fabsf(r[i]) == INFINITY ? 0.0 : error;
            e[i] = (r[i] != r[i] && d[i] != d[i]) || (double)r[i] == d[i] ? 0.0 : edge != edge ? (double)INFINITY : edge;
        }
        for (int i = 0; i < BLOCK; ++i) {
            if (e[i] > worst) {
                worst = e[i];
                *at = modc_bits_f32(x[i]);
            }
        }
    }
    return worst;
}
"""


def build(names: list[str], folder: Path, level: str) -> ctypes.CDLL:
    """A library with one loop a function."""
    source = "".join(f'#include "{header}"\n' for header in HEADERS)
    source += "".join(LOOP.replace("NAME", symbol(name)) for name in names)
    path = folder / "floats.c"
    path.write_text(source)
    command = [compiler(), "-std=c99", *FLAGS, *level_flags(level), f"-I{CSRC}", "-fPIC", "-shared", str(path)]
    subprocess.run([*command, "-o", str(folder / "floats.so"), "-lm"], check=True)
    return ctypes.CDLL(str(folder / "floats.so"))


def symbol(name: str) -> str:
    """What a row is called in csrc."""
    text = OPS[name].c
    return text.split("modc_")[1].split("_{t}")[0] if isinstance(text, str) else name


def worst(library: ctypes.CDLL, name: str, first: int, count: int, step: int) -> tuple[float, float]:
    """(largest error, at which float) of `count` floats from bits `first` on."""
    function = getattr(library, f"worst_{symbol(name)}")
    function.restype = ctypes.c_double
    function.argtypes = [ctypes.c_uint64] * 3 + [ctypes.POINTER(ctypes.c_uint32)]
    at = ctypes.c_uint32(0)
    found = function(first, count, step, ctypes.byref(at))
    return found, ctypes.c_float.from_buffer(at).value


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--level", default=LEVELS[-1])
    given = parser.parse_args()
    names = given.names or NAMES
    with tempfile.TemporaryDirectory() as folder:
        library = build(names, Path(folder), given.level)
        for name in names:
            error, at = worst(library, name, 0, (1 << 32) // given.step, given.step)
            sys.stdout.write(f"{name:12} {error:8.4f}  at {at!r}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
