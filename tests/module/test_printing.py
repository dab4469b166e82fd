"""SEMANTICS.md 12, 14.8: text of Modules and Methods, and what compiled Methods tell."""

from __future__ import annotations

import pytest

import modc.tensor as T
from modc import ComponentDict, ComponentList, External, Member, Method, Module, runtime
from tests.module.programs import Accumulator, Tree


def test_12_1_str_of_a_module_lists_its_attributes():
    m = Accumulator()
    m._hidden = T.dscalar()
    assert str(m) == repr(m) == "Accumulator(add, inc, new_state, state, sub)"


def test_12_1_str_of_methods_and_members():
    m = Accumulator()
    assert str(m.add) == "inc -> new_state; state <= new_state"
    assert str(m.sub) == "inc -> None; state <= state - inc"
    assert str(Method([m.inc, m.state], [m.inc, m.state])) == "inc, state -> [inc, state]"
    assert (str(Member(m.state)), str(External(m.new_state))) == ("Member(state)", "External(new_state)")
    assert "add" in repr(m.add)


def test_12_2_pretty_lists_every_attribute_with_its_kind():
    text = Accumulator().pretty()
    for line in ("state: Member state: float64 scalar", "new_state: External", "add: Method(inc)", "state <= new_state"):
        assert line in text


def test_12_2_pretty_works_for_everything():
    m = Tree()
    m.many = Method([], [m.number * m.a.y, m.a.x])
    m.l, m.d = ComponentList(T.dscalar(), [1]), ComponentDict(k=T.dvector(shape=(3,)))
    m.me = m
    text = m.pretty()
    for part in ("output 1", "float64 vector of shape (3,)", "Literal 4", "plain str", "ComponentList", "q: ComponentList"):
        assert part in text, part


def test_12_2_pretty_with_a_mode_shows_the_graph(mode):
    text = Accumulator().add.pretty(mode=mode)
    assert "rewritten" in text
    assert "state <- " in text
    assert "rewritten" in Accumulator().pretty(mode=mode)


@pytest.mark.skipif(runtime.KIND == "numpy", reason="this runtime cannot run kernels")
def test_14_8_compiled_methods_tell_how_they_were_made():
    acc = Accumulator().make(state=0, mode="c")
    assert acc.add.name == "Accumulator.add"
    assert len(acc.add.key) == 64
    assert "inc + state" in acc.add.graph or "state + inc" in acc.add.graph
    assert isinstance(acc.add.cache_hit, bool)
    assert isinstance(acc.add.compile_time, float)
    assert "modc_entry" in acc.add.c_source
    assert acc.add.component is acc.component.add
    assert (str(acc.add.maker.mode), acc.add.mode == "FAST_RUN") == ("c", True)


def test_equal_layers_share_a_kernel():
    class Layer(Module):
        def __init__(self):
            super().__init__()
            self.x = T.dscalar()
            self.up = Method([], self.x, {self.x: self.x + 1})

    inst = Module(layers=[Layer(), Layer()]).make(mode="c")
    assert inst.layers[0].up.key == inst.layers[1].up.key
    assert inst.layers[1].up.name == "Module.layers.1.up"
