"""Arrays of other libraries as arguments and members, and members in their hands."""

from __future__ import annotations

import array
import ctypes
import gc

import numpy as np
import pytest

import modc.tensor as T
from modc import DTypeError, Method, Module, ShapeError, function


class ByDLPack:
    """What a library has whose arrays know DLPack and nothing else."""

    def __init__(self, values):
        self.values = np.array(values)

    def __dlpack__(self, **options):
        return self.values.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.values.__dlpack_device__()


class OnDevice(ByDLPack):
    def __dlpack__(self, **options):
        raise BufferError("the memory is on device 3")

    def __dlpack_device__(self):
        return 2, 3


class ByArray:
    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.values, dtype)


class ByInterface:
    def __init__(self, values):
        self.values = np.array(values)
        self.__array_interface__ = self.values.__array_interface__


VECTORS = {
    "dlpack": lambda: ByDLPack([1.0, 2.0, 3.0]), "__array__": lambda: ByArray([1.0, 2.0, 3.0]),
    "interface": lambda: ByInterface([1.0, 2.0, 3.0]), "array.array": lambda: array.array("d", [1, 2, 3]),
    "float array.array": lambda: array.array("f", [1, 2, 3]), "memoryview": lambda: memoryview(np.array([1.0, 2.0, 3.0])),
    "strided memoryview": lambda: memoryview(np.array([1.0, 9.0, 2.0, 9.0, 3.0]))[::2], "bytearray": lambda: bytearray([1, 2, 3]),
    "memoryview of bytes": lambda: memoryview(bytes([1, 2, 3])), "ctypes": lambda: (ctypes.c_double * 3)(1, 2, 3),
}  # fmt: skip


class Holder(Module):
    def __init__(self):
        super().__init__()
        self.v, self.m, self.s = T.dvector(), T.dmatrix(), T.dscalar()
        x = T.dvector("x")
        self.step = Method(x, (x * 2).sum() + self.s, {self.m: self.m * 2, self.v: self.v + x, self.s: self.s + 1})


@pytest.mark.parametrize("mode", ["c", "numpy"])
@pytest.mark.parametrize("name", VECTORS)
def test_arguments_and_members_take_what_knows_a_protocol(name, mode):
    inst = Holder().make(v=VECTORS[name](), m=np.eye(2), s=0.0, mode=mode)
    assert inst.v.tolist() == [1.0, 2.0, 3.0]
    assert inst.step(VECTORS[name]()) == 12.0
    assert inst.v.tolist() == [2.0, 4.0, 6.0]
    inst.v = VECTORS[name]()
    assert inst.v.tolist() == [1.0, 2.0, 3.0]


def test_zero_and_more_dimensions_come_the_same_way():
    inst = Holder().make(v=[0.0], m=ByDLPack([[1.0, 2.0]]), s=ByDLPack(3.0))
    assert (inst.m.tolist(), inst.s) == ([[1.0, 2.0]], 3.0)
    inst.m = memoryview(np.arange(6.0).reshape(2, 3).T)
    assert inst.m.tolist() == [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]]


def test_bytes_are_a_vector_of_uint8_and_nothing_else():
    b = T.ubvector("b")
    assert function([b], b + 1)(b"\x01\xfe").tolist() == [2, 255]
    for variable in (T.dvector("x"), T.ubmatrix("x"), T.bvector("x")):
        with pytest.raises(DTypeError, match="got bytes"):
            function([variable], variable + 1)(b"\x01")


def test_what_cannot_be_taken_is_refused_and_changes_nothing():
    inst = Holder().make(v=[1.0], m=np.eye(2), s=0.0)
    with pytest.raises(DTypeError, match="got OnDevice: the memory is on device 3"):
        inst.step(OnDevice([1.0]))
    with pytest.raises(DTypeError, match="member 'v' expects float64 vector, got OnDevice"):
        inst.v = OnDevice([1.0])
    with pytest.raises(DTypeError, match="expects float64 vector"):
        inst.v = ByDLPack([[1.0]])
    with pytest.raises(DTypeError, match="expects float64 vector"):
        inst.step(ByDLPack([1 + 2j]))
    with pytest.raises(DTypeError, match="is symbolic"):
        inst.step(T.dvector("other"))
    fixed = T.dvector("f", shape=2)
    with pytest.raises(ShapeError, match="axis 0 must have size 2"):
        function([fixed], fixed + 1)(ByDLPack([1.0]))
    assert (inst.v.tolist(), inst.s) == ([1.0], 0.0)


def test_an_error_of_the_objects_own_code_stays_its_own():
    class Broken:
        def __array__(self, dtype=None, copy=None):
            raise RuntimeError("not now")

    x = T.dvector("x")
    with pytest.raises(RuntimeError, match="not now"):
        function([x], x)(Broken())


def test_members_give_all_three_protocols_and_stay_alive_in_other_hands():
    inst = Holder().make(v=[1.0, 2.0], m=[[1.0, 2.0], [3.0, 4.0]], s=0.0)
    taken, view, plain = np.from_dlpack(inst.m), memoryview(inst.m), np.asarray(inst.m)
    assert (taken.__array_interface__["data"], plain.__array_interface__["data"]) == (inst.m.__array_interface__["data"],) * 2
    inst.step([0.0, 0.0])
    doubled = [[2.0, 4.0], [6.0, 8.0]]
    assert taken.tolist() == view.tolist() == plain.tolist() == doubled  # live
    del inst, plain
    gc.collect()
    np.zeros(1000)
    assert taken.tolist() == view.tolist() == doubled


def test_a_member_that_grew_leaves_the_old_values_to_those_who_hold_them():
    module = Module()
    module.v, x = T.dvector(), T.dvector("x")
    module.add = Method(x, [], {module.v: T.concatenate([module.v, x])})
    inst = module.make(v=[1.0])
    taken = np.from_dlpack(inst.v)
    inst.add([2.0])
    assert (taken.tolist(), inst.v.tolist()) == ([1.0], [1.0, 2.0])


def test_results_and_members_are_arrays_that_others_can_use():
    x = T.dmatrix("x")
    run = function([x], [x.T, x.sum()])
    for value in run([[1.0, 2.0], [3.0, 4.0]]):
        assert np.from_dlpack(value).tolist() == np.asarray(value).tolist() == memoryview(value).tolist()
