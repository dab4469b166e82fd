"""Speed of the special functions in csrc: ns per element of a C loop over 4096 elements, and SciPy's time for the same.

Input: command line (function names; none means all). Output: one table row per function. Neighbours: `csrc_math` does the
same for the elementary functions; accuracy is measured by tests/tensor/test_accuracy.py and tests/csrc/all_floats.py.
"""

from __future__ import annotations

import argparse
import ctypes
import re
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import scipy.special as sp
from csrc_math import CSRC, FLAGS, LEVELS

Array = Any
SIZE = 4096
#: name -> (SciPy's or NumPy's function, bounds of each operand)
FUNCTIONS: dict[str, tuple[Callable[..., Array], list[tuple[float, float]]]] = {
    "arcsin": (np.arcsin, [(-1, 1)]), "arccos": (np.arccos, [(-1, 1)]), "arctan": (np.arctan, [(-9, 9)]),
    "arctan2": (np.arctan2, [(-4, 4), (-4, 4)]),
    "gamma": (sp.gamma, [(0.1, 20)]), "gammaln": (sp.gammaln, [(0.1, 20)]), "digamma": (sp.digamma, [(0.1, 20)]),
    "trigamma": (lambda x: sp.polygamma(1, x), [(0.1, 20)]), "erfc": (sp.erfc, [(-4, 4)]), "erfcx": (sp.erfcx, [(-4, 4)]),
    "erfinv": (sp.erfinv, [(-1, 1)]), "erfcinv": (sp.erfcinv, [(0, 2)]), "i0": (sp.i0, [(-20, 20)]),
    "i0e": (sp.i0e, [(-20, 20)]), "i1": (sp.i1, [(-20, 20)]), "i1e": (sp.i1e, [(-20, 20)]), "j0": (sp.j0, [(-20, 20)]),
    "j1": (sp.j1, [(-20, 20)]), "cbrt": (np.cbrt, [(-20, 20)]), "logit": (sp.logit, [(0, 1)]),
    "hypot": (np.hypot, [(-4, 4), (-4, 4)]), "logaddexp": (np.logaddexp, [(-4, 4), (-4, 4)]),
    "xlogy": (sp.xlogy, [(0, 4), (0, 4)]), "betaln": (sp.betaln, [(0.1, 20), (0.1, 20)]),
    "gammainc": (sp.gammainc, [(0.1, 20), (0.1, 20)]), "gammaincinv": (sp.gammaincinv, [(0.1, 20), (0, 1)]),
    "betainc": (sp.betainc, [(0.1, 20), (0.1, 20), (0, 1)]),
}  # fmt: skip


def sections() -> list[tuple[str, list[str], str]]:
    """(first name, needs, text) of every section of every header, each after what it needs."""
    found: dict[str, tuple[list[str], str]] = {}
    for file in sorted(CSRC.glob("modc_*.h")):
        for own, needs, body in re.findall(r"/\* @section ([^:*]+?)(?: : ([^*]*?))? \*/\n(.*?)/\* @end \*/", file.read_text(), re.S):
            found[own.split()[0]] = (needs.split(), body)
    return [(name, *found[name]) for name in found]


def source(name: str, suffix: str, count: int) -> str:
    """C text: what the function needs, and a loop over n elements named `run`."""
    known = {own: (needs, body) for own, needs, body in sections()}
    done: list[str] = []

    def visit(one: str) -> None:
        if one in known and one not in done:
            for need in [*known[one][0], *re.findall(r"modc_\w+", known[one][1])]:
                if need != one:
                    visit(need)
            done.append(one)

    visit(f"modc_{name}_{suffix}")
    kind = "double" if suffix == "f64" else "float"
    operands = "".join(f"const {kind} *a{at}, " for at in range(count))
    call = f"modc_{name}_{suffix}({', '.join(f'a{at}[i]' for at in range(count))})"
    return (
        "#include <stdint.h>\n#include <math.h>\n#include <string.h>\n" + "".join(known[one][1] for one in done)
        + f"void run({operands}{kind} *restrict r, int64_t n) {{ for (int64_t i = 0; i < n; ++i) r[i] = {call}; }}\n"
    )  # fmt: skip


def best(call: Callable[[], object]) -> float:
    """The smallest time of one call, over 20 rounds, in ns per element."""
    found = np.inf
    for _ in range(20):
        start = time.perf_counter()
        call()
        found = min(found, time.perf_counter() - start)
    return found / SIZE * 1e9


def row(name: str, suffix: str, level: str, folder: Path) -> tuple[float, float]:
    """Our time and theirs."""
    theirs, bounds = FUNCTIONS[name]
    path = folder / f"{name}_{suffix}.c"
    path.write_text(source(name, suffix, len(bounds)))
    library = path.with_suffix(".so")
    subprocess.run(["gcc", *FLAGS, *LEVELS[level], "-fPIC", "-shared", str(path), "-o", str(library), "-lm"], check=True)
    run = ctypes.CDLL(str(library)).run
    random = np.random.default_rng(1)
    operands = [random.uniform(low, high, SIZE).astype("float64" if suffix == "f64" else "float32") for low, high in bounds]
    result = np.empty_like(operands[0])
    given = [ctypes.c_void_p(one.ctypes.data) for one in (*operands, result)]
    return best(lambda: run(*given, ctypes.c_int64(SIZE))), best(lambda: theirs(*operands))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="functions (default: all)")
    parser.add_argument("--level", default="v4", choices=sorted(LEVELS))
    given = parser.parse_args()
    print("| function | f64 ns | SciPy / modc | f32 ns | SciPy / modc |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in given.names or FUNCTIONS:
            (ours, theirs), (single, other) = (row(name, suffix, given.level, Path(folder)) for suffix in ("f64", "f32"))
            print(f"| {name} | {ours:.2f} | {theirs / ours:.1f} | {single:.2f} | {other / single:.1f} |")


if __name__ == "__main__":
    main()
