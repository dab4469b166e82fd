"""The whole compiler on one page: a Program in, its C text and every stage on the way out.

Imported on a cache miss and by the inspection commands only; a warm start never loads it.
"""

from __future__ import annotations

import time
from typing import Any

from modc import config
from modc.emit import emit
from modc.graph import Program
from modc.graph.show import listing
from modc.rewrite import optimize
from modc.schedule import schedule
from modc.schedule.loops import Kernel


class Stages:
    """One Method at every stage: graph, rewritten graph, schedule, C."""

    __slots__ = ("c", "kernel", "program", "rewritten")

    def __init__(self, program: Program, rewritten: Program, kernel: Kernel, c: str) -> None:
        self.program, self.rewritten, self.kernel, self.c = program, rewritten, kernel, c

    def text(self, stage: str) -> str:
        """The text of "graph", "rewrite", "schedule" or "c"."""
        texts = {
            "graph": lambda: listing(self.program),
            "rewrite": lambda: listing(self.rewritten),
            "schedule": lambda: self.kernel.tree,
            "c": lambda: self.c,
        }
        return texts[stage]()


STAGES = ("graph", "rewrite", "schedule", "c")


def compile_program(program: Program) -> Stages:
    """Every stage of the compiler, in order.

    Raises `modc.schedule.Unschedulable` for a Program that no kernel can express; `graph.split` takes sizes that data decide apart first.
    """
    rewritten = _timed("rewrite", program, lambda: optimize(program))
    kernel = _timed("schedule", program, lambda: schedule(rewritten))
    if config.flag("MODC_VERIFY"):
        from modc.schedule.verify import verify

        verify(kernel)
    text = _timed("emit", program, lambda: emit(kernel))
    config.trace(4, f"{program.name}: c\n{text}")
    return Stages(program, rewritten, kernel, text)


def note_of(stages: Stages) -> dict[str, Any]:
    """What errors and `modc doctor` need to know about a compiled Method without its graph."""
    return {
        "name": stages.program.name,
        "inputs": [[name, leaf.dtype.name, leaf.ndim] for name, leaf in _named(stages.program, "input")],
        "members": [[name, leaf.dtype.name, leaf.ndim] for name, leaf in _named(stages.program, "member")],
        "sites": [[site.kind, site.node, site.operand] for site in stages.kernel.sites],
    }


def _named(program: Program, which: str) -> list[tuple[str, Any]]:
    if which == "input":
        return list(zip(program.input_names, program.inputs, strict=True))
    return list(zip(program.member_names, program.members, strict=True))


def _timed(stage: str, program: Program, work: Any) -> Any:
    if config.debug_level() < 1:
        return work()
    begin = time.perf_counter()
    result = work()
    config.trace(1, f"{program.name}: {stage} {1e3 * (time.perf_counter() - begin):.2f} ms")
    return result
