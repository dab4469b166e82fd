"""Process start to first result, cold and warm, against `import numpy`, Numba and JAX.

    pip install ".[bench]" && python benchmarks/startup.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time

from timing import environment, report

PROGRAMS = {
    "python": "pass",
    "import numpy": "import numpy",
    "modc": """
import modc.tensor as T
from modc import Method, Module
m = Module(); m.state = T.dscalar(); m.inc = T.dscalar('inc')
m.add = Method(m.inc, m.state + m.inc, {m.state: m.state + m.inc})
acc = m.make(state=0)
assert acc.add(2) == 2
""",
    "numba": """
import numba, numpy as np
@numba.njit
def add(state, inc):
    state[0] += inc
    return state[0]
assert add(np.zeros(1), 2.0) == 2
""",
    "jax": """
import jax
jax.config.update("jax_enable_x64", True)
assert jax.jit(lambda s, inc: s + inc)(0.0, 2.0) == 2
""",
}


def run(program: str, cache: str) -> float:
    """Seconds of one fresh process."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True, env=environment(cache))
    return time.perf_counter() - begin


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    samples: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as warm:
        for program in PROGRAMS.values():
            run(program, warm)
        for _ in range(rounds):
            for name, program in PROGRAMS.items():
                samples.setdefault(f"{name}, warm" if name == "modc" else name, []).append(run(program, warm))
            with tempfile.TemporaryDirectory() as cold:
                samples.setdefault("modc, cold", []).append(run(PROGRAMS["modc"], cold))
    times = {name: statistics.median(values) for name, values in samples.items()}
    report("process start to first result", times, "import numpy", "ms")


if __name__ == "__main__":
    main()
