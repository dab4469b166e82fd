"""Methods whose sizes depend on data: several kernels in sequence."""

from __future__ import annotations

import numpy as np
import pytest

import modc.tensor as T
from modc import Method, Module, function
from modc.graph.split import split

MODES = ["c", "check", "numpy"]


@pytest.mark.parametrize("mode", MODES)
def test_sizes_may_be_what_the_data_say(mode):
    x = T.dvector("x")
    k = T.argmax(x)
    run = function([x], [x[:k] * 2, T.arange(k).sum(), x[k:].sum(), x[: k + 1][::-1]], mode=mode)
    assert run.maker.mode == mode
    for data in ([1.0, 5.0, 9.0, 2.0], [1.0, 0.0], [3.0]):
        array = np.array(data)
        at = int(array.argmax())
        found = run(array)
        expected = [array[:at] * 2, np.arange(at).sum(), array[at:].sum(), array[: at + 1][::-1]]
        for got, want in zip(found, expected, strict=True):
            np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("mode", MODES)
def test_a_size_may_follow_from_another_one(mode):
    x = T.lvector("x")
    first = T.arange(x.max())
    second = T.arange(first.sum() + first.shape[0])
    run = function([x], [first, second * 2], mode=mode)
    for data in ([1, 3], [0], [2, 2, 1]):
        one = np.arange(max(data))
        two = np.arange(one.sum() + len(one)) * 2
        got = run(data)
        assert [part.tolist() for part in got] == [one.tolist(), two.tolist()]


class Growing(Module):
    def __init__(self):
        super().__init__()
        self.s, k = T.dvector(), T.lvector("k")
        self.go = Method(k, self.s.sum(), {self.s: T.concatenate([self.s, T.arange(k.max()) * 1.0])})


@pytest.mark.parametrize("mode", MODES)
def test_members_change_after_the_last_kernel_alone(mode):
    growing = Growing().make(s=[1.0, 2.0], mode=mode)
    assert growing.go([1, 2]) == 3.0
    assert growing.s.tolist() == [1.0, 2.0, 0.0, 1.0]
    with pytest.raises(ValueError, match=r"no identity|zero-size"):
        growing.go([])
    assert growing.s.tolist() == [1.0, 2.0, 0.0, 1.0]


def test_a_second_process_would_find_the_pieces_in_the_cache():
    first, second = Growing().make(s=[0.0]), Growing().make(s=[0.0])
    assert (first.go.mode, second.go.cache_hit) == ("c", True)
    assert first.go.c_source.count("modc_entry = {") == 2


def test_a_method_that_is_one_kernel_is_not_split():
    x, n = T.dvector("x"), T.lscalar("n")
    run = function([x, n], [x[:n], T.zeros((n, x.shape[0]))], mode="numpy")
    assert split(run.program) is None


def test_what_costs_something_is_computed_once():
    x, m = T.dvector("x"), T.dmatrix("m")
    for made, name in ((T.unique(x), "sort"), ((m @ x)[(m @ x) > 0], "dot")):
        pieces = split(function([x, m], made, mode="numpy", on_unused_input="ignore").program)
        ops = [node.op.name for piece in pieces for node in piece.program.walk()]
        assert len(pieces) == 2
        assert ops.count(name) == 1
