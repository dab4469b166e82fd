"""Modules that several tests use; at module level, so that pickles find them."""

from __future__ import annotations

import modc.tensor as T
from modc import In, Member, Method, Module, ModuleInstance


class Accumulator(Module):
    """The documented example."""

    def __init__(self) -> None:
        super().__init__()
        self.inc = T.dscalar()
        self.state = T.dscalar()
        self.new_state = self.inc + self.state
        self.add = Method(inputs=self.inc, outputs=self.new_state, updates={self.state: self.new_state})
        self.sub = Method(inputs=self.inc, outputs=None, updates={self.state: self.state - self.inc})

    def _instance_print_state(self, obj, label="state"):
        return f"{label}: {self.state} is {obj.state}"


class Forgetful(Module):
    """Does not call super().__init__."""

    def __init__(self) -> None:
        self.x = T.dscalar()
        self.up = Method([], None, {self.x: self.x + 1})


class CounterInstance(ModuleInstance):
    """InstanceType with behaviour of its own."""

    def initialize(self, start=5):
        self.n = start
        self.label = "counter"

    def twice(self):
        self.step()
        return self.step()

    @property
    def doubled(self):
        return 2 * float(self.n)

    @doubled.setter
    def doubled(self, value):
        self.n = value / 2


class Counter(Module):
    """Counts in steps of `k`, an argument with a default, and has a private state."""

    InstanceType = CounterInstance

    def __init__(self) -> None:
        super().__init__()
        self.n = T.dscalar()
        k = T.dscalar("k")
        self.step = Method(In(k, value=1.0), self.n + k, {self.n: self.n + k})
        t = T.dscalar("t")
        self.tick = Method(In(t, value=10.0, update=t + 1), t)


def seven():
    return 7


class Inner(Module):
    def __init__(self) -> None:
        super().__init__()
        self.x = Member(T.dvector(), init=[1.0, 2.0])
        self.y = T.dscalar(init=seven)
        self.total = Method([], self.x.sum() + self.y)


class Tree(Module):
    """Nested Modules, lists, dicts, literals, and Methods across them."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = Inner(), Inner()
        self.both = [self.a, self.b]
        self.cells = {"p": T.dscalar(), "q": [T.lscalar(), 3]}
        self.shared = self.a.x
        self.note = "hello"
        self.number = 4
        self.flow = Method(
            [], None, {self.a.x: self.b.x, self.b.x: self.a.x, self.cells["p"]: self.cells["p"] + 1}
        )
