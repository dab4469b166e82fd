"""Time of make() for the digits Module, warm and cold.

    pip install ".[examples]" && python benchmarks/make_time.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from timing import environment, report

EXAMPLES = Path(__file__).parent.parent / "examples"
PROGRAM = f"""
import sys, time
sys.path.insert(0, {str(EXAMPLES)!r})
import digits
images, labels, _, _ = digits.data()
module = digits.Digits()
begin = time.perf_counter()
module.make(images, labels)
print(time.perf_counter() - begin)
begin = time.perf_counter()
module.make(images, labels)
print(time.perf_counter() - begin)
"""


def run(cache: str) -> list[float]:
    """Seconds of the first and of the second make() in a fresh process."""
    command = [sys.executable, "-c", PROGRAM]
    env = environment(cache)
    done = subprocess.run(command, check=True, env=env, capture_output=True, text=True)
    return [float(line) for line in done.stdout.split()]


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    samples: dict[str, list[float]] = {"cold": [], "warm": [], "second in a process": []}
    with tempfile.TemporaryDirectory() as warm:
        run(warm)
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as cold:
                samples["cold"].append(run(cold)[0])
            first, second = run(warm)
            samples["warm"].append(first)
            samples["second in a process"].append(second)
    report("make() of the digits Module", {k: statistics.median(v) for k, v in samples.items()}, "warm", "ms")


if __name__ == "__main__":
    main()
