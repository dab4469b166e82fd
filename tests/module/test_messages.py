"""Messages for mistakes with instances name what the user knows."""

from __future__ import annotations

import pytest

import modc.tensor as T
from modc import Method, Module


@pytest.fixture
def inst():
    module = Module()
    module.rows, module.k = [T.dscalar(), T.dvector()], T.lscalar(init=3)
    module.step = Method([], module.k, {module.k: module.k + 1})
    return module.make(mode="numpy")


@pytest.mark.parametrize(
    ("mistake", "error", "words"),
    [
        (lambda inst: inst.rows[7], IndexError, "rows has 2 elements: there is no element 7"),
        (lambda inst: inst.rows.__setitem__(-3, 1), IndexError, "rows has 2 elements"),
        (lambda inst: inst["rows.x"], KeyError, "rows is a list: 'x'"),
        (lambda inst: setattr(inst, "rows", [1]), ValueError, "rows: 1 values for 2 elements"),
        (lambda inst: inst.step.nope, AttributeError, "Method Module.step has no attribute 'nope'"),
        (lambda inst: inst.restore(3), TypeError, "snapshot"),
        (lambda inst: inst.initialize(3), TypeError, "a dict of values or by keywords, not by 3"),
        (lambda inst: inst.save("/nowhere/state"), FileNotFoundError, "/nowhere/state.npz"),
        (lambda inst: setattr(inst, "k", [[1, 2]]), TypeError, r"list of int with shape \(1, 2\)"),
    ],
)
def test_a_mistake_with_an_instance_is_told_in_its_names(mistake, error, words, inst):
    with pytest.raises(error, match=words):
        mistake(inst)


def test_a_file_that_is_no_state_is_refused_without_advice_to_unpickle_it(inst, tmp_path):
    path = tmp_path / "state.npz"
    path.write_bytes(b"nothing")
    with pytest.raises(ValueError, match="no state that modc can read: it is no"):
        inst.load(path)


def test_shapes_print_as_tuples():
    x = T.dmatrix("x", shape=(None, 3))
    assert (str(x.shape), str(x[0].shape)) == ("(x.shape[0], 3)", "(3,)")


class _Pair(Module):
    def __init__(self):
        self.a, self.b = Module(w=T.dvector()), Module(w=T.dvector())
        x = T.dvector("x")
        self.mix = Method(x, x * self.a.w + self.b.w)


def test_members_of_one_name_are_told_apart_by_paths_that_equal_modules_share():
    inst = Module(pairs=[_Pair(), _Pair()]).make(mode="numpy")
    first, second = inst.pairs[0].mix, inst.pairs[1].mix
    assert (first.program.member_names, first.key) == (("a.w", "b.w"), second.key)
