"""What beginners write, and what they are told."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pytest

import modc
import modc.tensor as T
from modc import Method, Module, function
from modc.errors import AllocationError, DTypeError


class Sum(Module):
    def __init__(self):
        self.state = T.dscalar(init=1)
        self.more = self.state + 1
        self.read = Method([], self.more)

    def _instance_more_than(self, inst, value):
        return float(inst.state) > value


class Doubled(Sum):
    """An expression, and a method of the instance of that name."""

    def _instance_more(self, inst):
        return float(inst.read())


def test_an_expression_is_no_attribute_of_an_instance_which_says_why():
    inst = Sum().make(mode="numpy")
    for one in (inst, copy.deepcopy(inst), pickle.loads(pickle.dumps(inst))):
        with pytest.raises(AttributeError, match="Sum has no attribute 'more': it is an expression, and has no value of its own") as caught:
            _ = one.more
        assert (caught.value.name, caught.value.obj) == ("more", one)
        assert not hasattr(one, "more") and "more" not in dir(one)
    assert {"state", "read", "more_than"} <= set(dir(inst))


def test_a_name_of_an_expression_is_free_on_the_instance():
    assert Doubled().make(mode="numpy").more() == 2.0
    inst = Sum().make(mode="numpy")
    inst.more = "mine"
    assert inst.more == "mine" and "more" in dir(inst)


@pytest.mark.parametrize(
    ("target", "text"),
    [(3, "numbers in a Module are constants; a member that starts with one is T.dscalar"), ("n", "not its name: m.n"), ("no name", "not 'no name'"), (None, "not None")],
)
def test_an_update_of_what_is_no_member_says_what_to_write(target, text):
    m = Module(n=T.dscalar())
    m.f = Method([], None, {target: 1})
    with pytest.raises(TypeError, match=text):
        m.make(mode="numpy")


def test_a_variable_that_was_only_a_local_one():
    w, m = T.dvector(), Module()
    m.f = Method([], w.sum())
    with pytest.raises(AllocationError, match=r"needs a Variable without a name .* an attribute of a Module"):
        m.make(mode="numpy")


@pytest.mark.parametrize("ragged", [[[1, 2], [3]], [[1, 2], 3], [[[1], [2]], [[3], [4, 5]]], ((1,), ())])
def test_lists_of_different_lengths_are_called_so(ragged):
    x = T.dmatrix("x")
    with pytest.raises(DTypeError, match=r"got (list|tuple) of lists of different lengths"):
        function([x], x, mode="numpy")(ragged)


@pytest.mark.parametrize("use", [math.sin, float, int, complex, lambda x: f"{x + 1:}" and float(x)])
def test_a_symbol_is_no_number(use):
    with pytest.raises(TypeError, match=r"x is symbolic: it has no value before a call; use the functions of modc\.tensor"):
        use(T.dscalar("x"))


def test_constants_are_numbers():
    two = T.constant(2)
    assert (float(two), int(two), complex(two), math.sqrt(T.constant(4.0))) == (2.0, 2, 2 + 0j, 2.0)


@pytest.mark.parametrize(
    ("name", "text"), [("sofmax", "did you mean 'softmax'"), ("function", "it is modc.function"), ("Module", "it is modc.Module"), ("qqqq", "'qqqq'$")]
)
def test_a_mistyped_function_is_told_apart(name, text):
    with pytest.raises(AttributeError, match=text):
        getattr(T, name)
    assert not hasattr(T, "_nothing")


def test_a_mistyped_name_of_modc_is_left_to_python_to_correct():
    with pytest.raises(AttributeError) as caught:
        _ = modc.Modul
    assert (caught.value.name, caught.value.obj) == ("Modul", modc)


def test_a_symbol_cannot_go_into_an_array():
    with pytest.raises((TypeError, ValueError)):
        np.zeros(3)[0] = T.dscalar("x")
