"""The optimiser: an ordered list of passes, each with the reason for its place. No rule is applied
anywhere else.

Takes a Program from the tensor language, gives one that computes the same within the promises of
the design: exact rules, and inexact ones from the approved sets.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence

from modc import config
from modc.graph.masked import unmasked
from modc.graph.node import Node, plain_name
from modc.graph.program import Program
from modc.graph.show import listing
from modc.graph.verify import verify
from modc.rewrite.algebra import ALGEBRA, STRENGTH, STRENGTH_FLOAT
from modc.rewrite.engine import Rewriter, Rule, RuleSet, Trace
from modc.rewrite.expand import EXPAND
from modc.rewrite.fold import FOLD, SIZES
from modc.rewrite.movement import MOVEMENT, lift_reshapes
from modc.rewrite.reduce import REDUCE, REDUCE_FLOAT
from modc.rewrite.stability import STABILITY

Roots = Sequence[Node]


class Pass:
    """A name, the rule sets (or a function of the roots) and why it stands where it stands."""

    __slots__ = ("name", "why", "work")

    def __init__(
        self, name: str, work: tuple[RuleSet, ...] | Callable[[Roots, Trace], Roots], why: str
    ) -> None:
        self.name, self.work, self.why = name, work, why

    def run(self, roots: Roots, trace: Trace) -> Roots:
        """The new roots. Raises AssertionError where rules do not end."""
        if callable(self.work):
            return self.work(roots, trace)
        return Rewriter(rules_of(self.work), trace).run(roots)


def rules_of(sets: Iterable[RuleSet]) -> list[Rule]:
    """All rules of some sets, in order."""
    return [rule for rules in sets for rule in rules]


_TIDY = (SIZES, FOLD, ALGEBRA, MOVEMENT)

PASSES: list[Pass] = [
    Pass(
        "masks",
        lambda roots, trace: unmasked(roots),
        "first, on what `split` looked at: whether sizes depend on data must not be decided twice",
    ),
    Pass(
        "simplify",
        _TIDY,
        "stability looks for shapes such as log(1 + x), which views and double signs hide",
    ),
    Pass(
        "stabilise",
        (STABILITY, *_TIDY),
        "log(softmax(x)) can only be seen while softmax is one node",
    ),
    Pass(
        "expand",
        (EXPAND, *_TIDY, STRENGTH, STRENGTH_FLOAT, REDUCE, REDUCE_FLOAT),
        "the scheduler knows no composites; strength and reductions after it see all arithmetic",
    ),
    Pass("reshape", lift_reshapes, "last, when it is settled which values have one use"),
]


def optimize(program: Program, passes: Sequence[Pass] | None = None) -> Program:
    """`program` after all passes. With MODC_VERIFY=1 every pass is followed by the verifier.

    Raises AssertionError for a bug of modc, never for what a user wrote.
    """
    level, checked = config.debug_level(), config.flag("MODC_VERIFY")
    for item in PASSES if passes is None else passes:
        trace = Trace(keep=level >= 2)
        program = program.with_roots(item.run(program.roots, trace))
        if checked:
            verify(program, f"pass {item.name}")
        if level >= 2:
            report(program, item, trace, level)
    return program


def stable(program: Program) -> Program:
    """`program` after the passes that decide which results are finite, with composites kept.

    What the NumPy interpreter runs, so that it agrees with a kernel where the formula as written
    overflows.
    """
    return optimize(program, PASSES[:3])


def report(program: Program, item: Pass, trace: Trace, level: int) -> None:
    """MODC_DEBUG=2: the rules that fired; 3: the graph as well."""
    name = plain_name(program.name)
    lines = [f"modc: {name}: {item.name}: {line}" for line in trace.lines()]
    if level >= 3:
        lines += [f"modc: {name}: graph after {item.name}", listing(program).rstrip()]
    if lines:
        sys.stderr.write("\n".join(lines) + "\n")
