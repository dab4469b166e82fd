"""Bad input is a clear exception and changes nothing; odd memory just works."""

from __future__ import annotations

import numpy as np
import pytest

import modc.tensor as T
from modc import Method, ModeError, Module, ShapeError, function


class Net(Module):
    def __init__(self):
        super().__init__()
        self.w, self.n = T.dmatrix(), T.lscalar(init=0)
        self.unset = T.dvector()
        x, v, i, k = T.dmatrix("x"), T.dvector("v"), T.lvector("i"), T.lscalar("k")
        count = {self.n: self.n + 1}
        self.forward = Method(x, T.dot(x, self.w), count)
        self.shift = Method(v, self.w + v, count)
        self.rows = Method(i, self.w[i], count)
        self.row = Method(k, self.w[k], count)
        self.write = Method([i, v], None, {self.w: T.set_subtensor(self.w[i, 0], v), **count})
        self.use = Method([], self.unset.sum(), count)
        self.reshape = Method(k, self.w.reshape((k, -1)), count)
        self.largest = Method(v, v.max(), count)


CALLS = [
    ("forward", [], TypeError), ("forward", [np.ones((2, 2)), 1], TypeError), ("forward", ["text"], TypeError),
    ("forward", [None], TypeError), ("forward", [np.ones(2)], TypeError), ("forward", [np.ones((2, 3))], ShapeError),
    ("forward", [np.array([[object()] * 2])], TypeError), ("forward", [np.array([["a", "b"]])], TypeError),
    ("forward", [np.ones((2, 2), complex)], TypeError), ("forward", [[[1, 2], [3]]], TypeError),
    ("forward", [np.ma.masked_array(np.ones((1, 2)), True)], TypeError), ("forward", [{"x": 1}], TypeError),
    ("shift", [[1.0, 2.0, 3.0]], ShapeError), ("shift", [[1.0]], ShapeError), ("shift", [[]], ShapeError),
    ("rows", [[2]], IndexError), ("rows", [[-3]], IndexError), ("rows", [[0.5]], TypeError),
    ("rows", [[2**63]], OverflowError), ("row", [2], IndexError), ("row", [-3], IndexError),
    ("row", [-(2**63)], IndexError), ("write", [[0, 5], [1, 1]], IndexError), ("write", [[0], [1, 2]], ShapeError),
    ("use", [], ValueError), ("reshape", [3], ValueError), ("reshape", [0], ValueError), ("largest", [[]], ValueError),
]  # fmt: skip


@pytest.mark.parametrize(("method", "args", "error"), CALLS, ids=range(len(CALLS)))
def test_a_refused_call_names_the_method_and_changes_nothing(method, args, error, mode):
    net = Net().make(w=[[1, 2], [3, 4]], mode=mode)
    with pytest.raises(error, match=rf"Net\.{method}"):
        net[method](*args)
    assert (net.w.tolist(), int(net.n)) == ([[1.0, 2.0], [3.0, 4.0]], 0)
    net.n = 7
    assert net.rows([-1, 0]).tolist() == [[3.0, 4.0], [1.0, 2.0]]
    assert int(net.n) == 8


def test_negative_indices_count_from_the_end(mode):
    net = Net().make(w=[[1, 2], [3, 4]], mode=mode)
    assert [net.row(-1).tolist(), net.row(-2).tolist()] == [[3.0, 4.0], [1.0, 2.0]]
    net.write([-1, 0], [9, 8])
    assert net.w.tolist() == [[8.0, 2.0], [9.0, 4.0]]


def layouts(array):
    """The same values in many kinds of memory."""
    frozen = array.copy()
    frozen.flags.writeable = False
    raw = np.zeros(array.nbytes + 1, np.uint8)[1:]
    unaligned = raw.view(array.dtype).reshape(array.shape)
    unaligned[...] = array
    wide = np.repeat(np.repeat(array, 2, 0), 2, 1)
    return {
        "fortran": np.asfortranarray(array), "strided": wide[::2, ::2], "reversed": array[::-1, ::-1].copy()[::-1, ::-1],
        "swapped": array.astype(array.dtype.newbyteorder()), "frozen": frozen, "unaligned": unaligned,
        "int": array.astype("int8"), "list": array.tolist(), "subclass": array.view(type("Sub", (np.ndarray,), {})),
        "float32": array.astype("float32"), "broadcast": np.broadcast_to(array, array.shape),
    }  # fmt: skip


def test_arrays_in_any_memory_are_arguments_and_values(mode):
    net = Net().make(mode=mode)
    array = np.array([[1.0, 2.0], [3.0, 5.0]])
    for name, value in layouts(array).items():
        net.w = value
        assert net.w.tolist() == array.tolist(), name
        assert net.forward(value).tolist() == (array @ array).tolist(), name


def test_empty_arrays_work(mode):
    net = Net().make(w=np.zeros((2, 0)), mode=mode)
    assert net.forward(np.zeros((3, 2))).shape == (3, 0)
    net.w = np.zeros((0, 4))
    assert net.forward(np.zeros((3, 0))).tolist() == [[0.0] * 4] * 3
    assert net.rows([]).shape == (0, 4)


def test_arguments_may_overlap_members_and_each_other(mode):
    a, b = T.dvector("a"), T.dvector("b")
    m = Module(v=T.dvector())
    m.f = Method([a, b], a - b, {m.v: m.v[::-1] + a + b})
    inst = m.make(v=[1, 2, 3], mode=mode)
    v = inst.v
    assert inst.f(v[::-1], v).tolist() == [2.0, 0.0, -2.0]
    assert inst.v.tolist() == [7.0, 6.0, 5.0]
    shared_memory = np.arange(6.0)
    assert inst.f(shared_memory[:3], shared_memory[1:4]).tolist() == [-1.0] * 3
    assert shared_memory.tolist() == list(range(6))


def test_sizes_that_do_not_agree_are_found_when_they_are_known():
    m, x = Module(), T.dmatrix("x", shape=(None, 3))
    with pytest.raises(ShapeError, match="3"):
        m.y = T.dot(x, T.dmatrix(shape=(4, 2)))
    with pytest.raises(ShapeError):
        T.dvector(shape=(3,)) + T.dvector(shape=(4,))


@pytest.mark.parametrize("mode_name", ["nonsense", "", 5, object(), "c ", b"c"])
def test_unknown_modes_are_refused_everywhere(mode_name):
    x = T.dscalar("x")
    with pytest.raises(ModeError):
        Module(x=x).make(mode=mode_name)
    with pytest.raises(ModeError):
        function([x], x, mode=mode_name)


@pytest.mark.parametrize("mode_name", ["FAST_RUN", "FAST_COMPILE", "DebugMode", "DEBUG_MODE", "C", "Numpy", None])
def test_known_modes_are_accepted_in_theanos_spelling(mode_name):
    assert float(Module(x=T.dscalar()).make(x=1, mode=mode_name).x) == 1.0


def test_a_setting_with_an_unknown_mode_is_refused(monkeypatch):
    monkeypatch.setenv("MODC_MODE", "nonsense")
    with pytest.raises(ModeError, match="nonsense"):
        Module(x=T.dscalar()).make()
