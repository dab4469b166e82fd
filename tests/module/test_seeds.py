"""The documented examples of the Module system run as written (modc for theano)."""

from __future__ import annotations

import doctest
import io
from contextlib import redirect_stdout

import numpy as np
import pytest

import modc.tensor as T
from modc import Method, Module, ModuleInstance
from modc.errors import AllocationError

GUIDE = """
>>> m = Module()
>>> m.state = T.dscalar()
>>> m.inc = T.dscalar('inc')
>>> m.new_state = m.state + m.inc
>>> m.add = Method(m.inc, m.new_state, {m.state: m.new_state})
>>> m.sub = Method(m.inc, None, {m.state: m.state - m.inc})
>>> acc = m.make(state = 0)
>>> acc.state, acc.inc
(array(0.0), None)
>>> acc.add(2)
array(2.0)
>>> acc.state, acc.inc
(array(2.0), None)
>>> acc.state = 39.99
>>> acc.add(0.01)
array(40.0)
>>> acc.state
array(40.0)
>>> acc.sub(20)
>>> acc.state
array(20.0)
>>> acc['state']
array(20.0)
"""


def test_the_transcript_of_the_user_guide_comes_out_as_printed(default_mode):
    names = {"Module": Module, "Method": Method, "T": T}
    test = doctest.DocTestParser().get_doctest(GUIDE, names, "guide", None, None)
    report = io.StringIO()
    with np.printoptions(legacy="1.13"), redirect_stdout(report):
        failed = doctest.DocTestRunner(verbose=False).run(test).failed
    assert failed == 0, report.getvalue()


class Accumulator(Module):
    def __init__(self):
        super(Accumulator, self).__init__()  # noqa: UP008  as documented
        self.inc = T.dscalar()
        self.state = T.dscalar()
        self.new_state = self.inc + self.state
        self.add = Method(inputs=self.inc, outputs=self.new_state, updates={self.state: self.new_state})
        self.sub = Method(inputs=self.inc, outputs=None, updates={self.state: self.state - self.inc})


class Printing(Accumulator):
    def _instance_print_state(self, obj):
        return f"{self.state} is: {obj.state}"


class PrintingInstance(ModuleInstance):
    def print_state(self):
        return f"{self.component.state} is: {self.state}"


class ByType(Accumulator):
    InstanceType = PrintingInstance


class Starting(Accumulator):
    def _instance_initialize(self, obj, start=0):
        obj.state = start * 2


def test_a_subclass_works_like_the_procedural_module(default_mode):
    acc = Accumulator().make(state=0)
    assert [float(acc.add(2)), acc.sub(1), float(acc.state)] == [2.0, None, 1.0]


@pytest.mark.parametrize("cls", [Printing, ByType])
def test_both_mechanisms_give_methods_to_instances(cls):
    assert cls().make(state=0, mode="numpy").print_state() == "state is: 0.0"


def test_instance_initialize_takes_the_arguments_of_make():
    assert float(Starting().make(4, mode="numpy").state) == 8.0


def test_members_of_a_submodule_are_available_to_both(default_mode):
    class Nested(Module):
        def __init__(self):
            super().__init__()
            self.sub = Accumulator()
            self.b = T.dscalar()
            self.all = Method([], None, {self.sub.state: self.sub.state + self.b, self.b: self.b * 2})

    inst = Nested().make(sub={"state": 1}, b=10)
    inst.all()
    inst.sub.add(100)
    assert (float(inst.sub.state), float(inst.b)) == (111.0, 20.0)


def test_make_replicates_the_graph_and_modules_compile_several_times():
    m = Accumulator()
    m.greeting = ["hello"]
    first, second = m.make(state=1, mode="numpy"), m.make(state=2, mode="numpy")
    first.greeting.append("world")
    first.add(1)
    assert (float(first.state), float(second.state)) == (2.0, 2.0)
    assert (first.greeting, second.greeting, m.greeting) == (["hello", "world"], ["hello"], ["hello"])


def test_what_cannot_become_a_component_stops_make():
    m = Module()
    m.generator = (i for i in range(3))
    with pytest.raises(TypeError, match="generator"):
        m.make()


def test_a_variable_that_nothing_owns_stops_make():
    m, x = Module(), T.dscalar("x")
    m.f = Method([], x)
    with pytest.raises(AllocationError, match=r"Module\.f needs x"):
        m.make(mode="numpy")
