"""Process start to first result: cold, from the own cache, and from a packed read-only layer.

    pip install ".[examples]" && python benchmarks/warm_start.py [rounds]

"imports" is the same process up to `make`: what modc cannot change. "layer" has an own cache that is
kept, as on a host; "layer, new machine" an empty one, as in a fresh container, without a compiler.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from timing import environment, report

import modc.cache

EXAMPLES = Path(__file__).parent.parent / "examples"

SMALL = """
import modc.tensor as T
from modc import Method, Module
m = Module(); m.state = T.dscalar(); m.inc = T.dscalar('inc')
m.add = Method(m.inc, m.state + m.inc, {m.state: m.state + m.inc})
"""
DIGITS = f"""
import sys
sys.path.insert(0, {str(EXAMPLES)!r})
import digits
images, labels, tests, _ = digits.data()
module = digits.Digits()
"""
PROGRAMS = {
    "a Module of one Method": (SMALL, "assert m.make(state=0).add(2) == 2"),
    "the digits example": (DIGITS, "net = module.make(images, labels); net.train(range(32)); net.predict(tests)"),
}


def run(program: str, env: dict[str, str]) -> float:
    """Seconds of one fresh process."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True, env=env)
    return time.perf_counter() - begin


def measure(title: str, before: str, after: str, rounds: int) -> None:
    """One table: every contender once in each round."""
    samples: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        own, layer = os.path.join(folder, "own"), os.path.join(folder, "layer")
        cold = run(before + after, environment(own))
        with modc.config.using(MODC_CACHE_DIR=own):
            packed = modc.cache.pack(os.path.join(folder, "kernels.tgz"))
        begin = time.perf_counter()
        modc.cache.unpack(os.path.join(folder, "kernels.tgz"), out=layer)
        unpacking = time.perf_counter() - begin
        kept = {**environment(os.path.join(folder, "kept")), "MODC_CACHE_PATH": layer}
        run(before + after, kept)
        for number in range(rounds):
            new = os.path.join(folder, f"new{number}")
            bare = {**environment(f"{new}-bare"), "MODC_CACHE_PATH": layer, "MODC_NO_COMPILE": "1"}
            contenders = {
                "imports": (before, environment(own)),
                "cold": (before + after, environment(new)),
                "own cache": (before + after, environment(own)),
                "layer": (before + after, kept),
                "layer, new machine": (before + after, bare),
            }
            for name, (program, env) in contenders.items():
                samples.setdefault(name, []).append(run(program, env))
        size = os.path.getsize(os.path.join(folder, "kernels.tgz"))
    times = {name: statistics.median(values) for name, values in samples.items()}
    report(f"process start to first result of {title}", times, "own cache", "ms")
    own_part = {
        name: statistics.median(took - floor for took, floor in zip(values, samples["imports"], strict=True))
        for name, values in samples.items()
        if name != "imports"
    }
    report("the same without what comes before make()", own_part, "own cache", "ms")
    print(f"first cold run {1e3 * cold:.0f} ms; {len(packed.kernels)} kernels packed into {size / 1024:.1f} KiB, "
          f"unpacked in {1e3 * unpacking:.1f} ms\n")  # fmt: skip


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    for title, (before, after) in PROGRAMS.items():
        measure(title, before, after, rounds)


if __name__ == "__main__":
    main()
