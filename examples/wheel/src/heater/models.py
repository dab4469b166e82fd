"""The Modules behind the package: imported when its wheel is built, and by who changes them.

Whoever makes them here, with `Controller().make()`, gets the kernels of the wheel too.
"""

from __future__ import annotations

import modc.tensor as T
from modc import Member, Method, Module, Variable


class Smoother(Module):
    """Exponential smoothing: level <- level + share * (x - level)."""

    def __init__(self, x: Variable, level: Member) -> None:
        self.level = level
        self.share = Member(T.dscalar(), init=0.25)
        self.next = self.level + self.share * (x - self.level)
        self.step = Method(x, self.next, {self.level: self.next})


class Controller(Module):
    """PID control with a smoothed measurement and a limited output; the time step is one second."""

    def __init__(self) -> None:
        measured = T.dscalar("measured")
        self.target = Member(T.dscalar(), init=20.0)
        self.gain = Member(T.dscalar(), init=4.0)
        self.reset_time = Member(T.dscalar(), init=30.0)
        self.rate_time = Member(T.dscalar(), init=2.0)
        self.limit = 100.0
        self.total = Member(T.dscalar(), init=0.0)
        self.smoother = Smoother(measured, Member(T.dscalar(), init=20.0))
        rate = self.smoother.next - self.smoother.level
        error = self.target - measured
        wanted = self.gain * (error + self.total / self.reset_time - self.rate_time * rate)
        power = T.clip(wanted, 0.0, self.limit)
        held = T.eq(power, wanted)  # the sum of errors waits while the output is at its limit
        self.step = Method(
            measured,
            power,
            {
                self.total: T.switch(held, self.total + error, self.total),
                self.smoother.level: self.smoother.next,
            },
        )


def make_smoother() -> Smoother:
    """A smoother of several measurements at once."""
    return Smoother(T.dvector("x"), Member(T.dvector()))
