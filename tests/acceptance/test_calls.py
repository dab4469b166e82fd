"""What users see when they call Methods wrongly, and what a call leaves behind."""

from __future__ import annotations

import numpy as np
import pytest

import modc.tensor as T
from modc import Method, Module


@pytest.fixture(params=["c", "numpy"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_inputs_without_a_name_are_called_by_their_place(mode):
    call = Method([T.dscalar(), T.dvector()], []).make(mode=mode)
    with pytest.raises(TypeError, match=r"argument arg1 is missing \(inputs: arg0, arg1\)"):
        call(1)
    with pytest.raises(TypeError, match="argument arg1 expects float64 vector, got float"):
        call(1, 2.0)


def test_a_list_with_methods_may_be_assigned_to_itself(mode):
    m = Module()
    m.pair = [T.dscalar(init=1.0), Method([], T.constant(2.0))]
    inst = m.make(mode=mode)
    inst.pair = inst.pair
    assert [inst.pair[0], inst.pair[1]()] == [1, 2]
    with pytest.raises(KeyError, match="is a Method"):
        inst.pair = [4, 5]
    assert inst.pair[0] == 1


def test_every_kind_of_array_is_an_argument_and_none_is_changed(mode):
    x, w = T.dvector("x"), T.dmatrix("w")
    m = Module(s=T.dvector())
    m.f = Method([x, w], [x + 1, w.T, T.dot(w, x)], {m.s: x})
    inst = m.make(mode=mode)
    base = np.arange(40.0)
    readonly = np.arange(4.0)
    readonly.flags.writeable = False
    unaligned = np.frombuffer(b"\0" + np.arange(4.0).tobytes(), np.uint8)[1:].view(np.float64)
    vectors = [
        readonly, unaligned, base[::10], base[3::-1], base[:4].astype(">f8"), [1, 2, 3, 4], np.int8([1, 2, 3, 4]),
        np.broadcast_to(3.0, (4,)), np.float32([1, 2, 3, 4]),
    ]  # fmt: skip
    square = np.arange(12.0).reshape(3, 4)
    matrices = [
        square, np.asfortranarray(square), square[::-1, ::-1], np.arange(24.0).reshape(3, 8)[:, ::2],
        np.broadcast_to(np.arange(4.0), (3, 4)), square.astype(">f8"), np.zeros((0, 4)), square.astype(int),
        np.lib.stride_tricks.as_strided(base, (3, 4), (8, 8)),
    ]  # fmt: skip
    for vector in vectors:
        for matrix in matrices:
            before = np.array(vector), np.array(matrix)
            first, second, third = inst.f(vector, matrix)
            for got in (first, second, third):
                got[...] = -1
            assert np.array_equal(vector, before[0]) and np.array_equal(matrix, before[1])
            assert np.array_equal(inst.s, before[0])


def test_members_may_be_arguments_of_the_methods_that_update_them(mode):
    x = T.dvector("x")
    m = Module(s=T.dvector())
    m.add = Method(x, None, {m.s: m.s + x})
    m.put = Method(x, None, {m.s: x})
    inst = m.make(s=[1, 2, 3, 4], mode=mode)
    inst.add(inst.s)
    inst.add(inst.s[::-1])
    assert inst.s.tolist() == [10, 10, 10, 10]
    inst.s = [1, 2, 3, 4]
    inst.put(inst.s[::-1])
    assert inst.s.tolist() == [4, 3, 2, 1]


@pytest.mark.parametrize("count", [2**45, 2**61, 2**62])
def test_a_result_that_no_memory_holds_is_a_memory_error_and_changes_nothing(count, mode):
    n = T.lscalar("n")
    m = Module(calls=T.lscalar(init=0), held=T.dvector(init=[1.0]))
    m.result = Method(n, T.zeros((n,)), {m.calls: m.calls + 1})
    m.keep = Method(n, None, {m.held: T.zeros((n,)), m.calls: m.calls + 1})
    inst = m.make(mode=mode)
    for call in (inst.result, inst.keep):
        with pytest.raises((MemoryError, ValueError)):
            call(count)
    assert inst.calls == 0
    assert inst.held.tolist() == [1]
