"""Graphs of Modules that are no trees: cycles, and what is printed of them."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import modc.tensor as T
from modc import Member, Method, Module, ModuleInstance, wrap
from modc.errors import ModcWarning


def ring() -> Module:
    """Two Modules that hold each other, and a list that holds the first."""
    a, b = Module(), Module()
    a.x = T.dscalar()
    a.b, b.a = b, a
    b.step = Method([], a.x, {a.x: a.x + 1})
    a.everyone = [a, b]
    return a


def test_a_cyclic_graph_makes_a_cyclic_instance_of_one_storage():
    inst = ring().make(x=1)
    assert inst.b.a is inst and inst.everyone[0] is inst
    assert inst.b.a.everyone[1].step() == 1
    assert inst.x == 2


def test_cyclic_modules_and_instances_print():
    module = ring()
    inst = module.make(x=1)
    assert "{...}" in str(inst)
    assert "x=1.0" in repr(inst)
    assert module.pretty().count("float64 scalar") == 1


def test_cyclic_modules_and_instances_are_copied_and_pickled():
    inst = ring().make(x=1)
    for copied in (copy.deepcopy(inst), pickle.loads(pickle.dumps(inst))):
        assert copied.b.a is copied
        copied.b.step()
        assert copied.x == 2
        assert inst.x == 1
    assert copy.deepcopy(ring()).make(x=3).b.step() == 3


@pytest.mark.parametrize("value", [3, True, 2.5, np.eye(2)])
def test_numbers_and_arrays_wrap_to_members(value: object):
    assert isinstance(wrap(value), Member)
    module = Module()
    module.held = wrap(value)
    inst = module.make()
    assert np.array_equal(inst.held, value)
    with pytest.raises(TypeError, match="held"):
        inst.held = 1


class Quiet(ModuleInstance):
    def describe(self) -> str:
        return "of the InstanceType"


class Loud(Module):
    InstanceType = Quiet

    def _instance_describe(self, inst: ModuleInstance) -> str:
        return "of the Module"


def test_the_warning_about_a_hidden_instance_method_points_at_the_users_line():
    with pytest.warns(ModcWarning, match="_instance_describe is hidden") as caught:
        inst = Loud().make()
    assert caught[0].filename == __file__
    assert inst.describe() == "of the InstanceType"


def test_a_plain_module_brings_no_methods_of_its_own_to_instances():
    inst = Module(x=T.dscalar()).make()
    assert sorted(set(dir(inst)) - set(dir(ModuleInstance))) == ["x"]
    odd = Module()
    setattr(odd, "class", T.dscalar())
    assert odd.make({"class": 2})["class"] == 2
