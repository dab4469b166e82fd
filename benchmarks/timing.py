"""Honest timing on a noisy machine: contenders interleaved in one process, medians, ratios.

Used by the other files here; they print tables whose ratios are the result, not the times.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Mapping

from rich.console import Console
from rich.table import Table


def environment(cache: str) -> dict[str, str]:
    """For a fresh process: that cache, and bytecode kept as an installed package has it."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "MODC_CACHE_DIR": cache}


def interleaved(
    contenders: Mapping[str, Callable[[], object]], rounds: int = 15, seconds: float = 0.02,
    of: Callable[[list[float]], float] = statistics.median,
) -> dict[str, float]:
    """Median seconds (or their `min`) per call of each contender.

    Every round runs each contender once, for about `seconds`, in turn, so that interference hits all alike.
    """
    counts = {name: _calls_in(call, seconds) for name, call in contenders.items()}
    samples: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, call in contenders.items():
            count = counts[name]
            begin = time.perf_counter()
            for _ in range(count):
                call()
            samples[name].append((time.perf_counter() - begin) / count)
    return {name: of(times) for name, times in samples.items()}


def _calls_in(call: Callable[[], object], seconds: float) -> int:
    call()
    count = 1
    while True:
        begin = time.perf_counter()
        for _ in range(count):
            call()
        took = time.perf_counter() - begin
        if took >= seconds / 4:
            return max(1, int(count * seconds / took))
        count *= 4


def report(title: str, times: Mapping[str, float], against: str, unit: str = "us") -> None:
    """Print times and their ratios to the contender called `against`."""
    scale = {"ns": 1e9, "us": 1e6, "ms": 1e3}[unit]
    table = Table(title=title)
    for column in ("", unit, f"x {against}"):
        table.add_column(column, justify="left" if not column else "right")
    for name, value in times.items():
        table.add_row(name, f"{scale * value:.4g}", f"{value / times[against]:.2f}")
    Console().print(table)
