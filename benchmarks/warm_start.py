"""Process start to first result: cold, from the own cache, and from a packed read-only layer.

    pip install ".[examples]" && python benchmarks/warm_start.py [rounds]

The first table is the whole process, the second what happens in it from `make` to the first result.
"layer" has an own cache that is kept, as on a host; "layer, new machine" an empty one, as in a fresh
container, without a compiler.
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


def run(before: str, after: str, env: dict[str, str]) -> tuple[float, float]:
    """Seconds of one fresh process, and of its second part."""
    program = f"{before}\nimport time; begin = time.perf_counter()\n{after}\nprint(time.perf_counter() - begin)"
    begin = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", program], check=True, env=env, capture_output=True, text=True)
    return time.perf_counter() - begin, float(done.stdout)


def measure(title: str, before: str, after: str, rounds: int) -> None:
    """Two tables: every contender once in each round."""
    whole: dict[str, list[float]] = {}
    part: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        own, layer, pack = (os.path.join(folder, name) for name in ("own", "layer", "kernels.tgz"))
        run(before, after, environment(own))
        with modc.config.using(MODC_CACHE_DIR=own):
            packed = modc.cache.pack(pack)
        begin = time.perf_counter()
        modc.cache.unpack(pack, out=layer)
        unpacking = time.perf_counter() - begin
        kept = {**environment(os.path.join(folder, "kept")), "MODC_CACHE_PATH": layer}
        run(before, after, kept)
        for number in range(rounds):
            new = os.path.join(folder, f"new{number}")
            contenders = {
                "cold": environment(new),
                "own cache": environment(own),
                "layer": kept,
                "layer, new machine": {**environment(f"{new}-bare"), "MODC_CACHE_PATH": layer, "MODC_NO_COMPILE": "1"},
            }
            for name, env in contenders.items():
                seconds, own_part = run(before, after, env)
                whole.setdefault(name, []).append(seconds)
                part.setdefault(name, []).append(own_part)
        size = os.path.getsize(pack)
    for what, samples in (("process start", whole), ("make()", part)):
        times = {name: statistics.median(values) for name, values in samples.items()}
        report(f"{what} to first result of {title}", times, "own cache", "ms")
    print(f"{len(packed.kernels)} kernels packed into {size / 1024:.1f} KiB, unpacked in {1e3 * unpacking:.1f} ms\n")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    for title, (before, after) in PROGRAMS.items():
        measure(title, before, after, rounds)


if __name__ == "__main__":
    main()
