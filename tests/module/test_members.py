"""SEMANTICS.md 4: members, constants, literals, shared variables."""

from __future__ import annotations

import numpy as np
import pytest

import modc.tensor as T
from modc import In, Member, Method, Module, shared


def test_4_1_one_storage_per_variable_wherever_it_appears(mode):
    m, sub, x = Module(), Module(), T.dscalar()
    m.x, m.l, m.d, m.sub = x, [x, (x,)], {"k": x}, sub
    sub.inner = [x]
    m.up = Method([], None, {x: x + 1})
    inst = m.make(mode=mode, x=1)
    inst.up()
    inst.l[1][0] = float(inst.x) + 10
    values = [inst.x, inst.l[0], inst.l[1][0], inst.d["k"], inst.sub.inner[0]]
    assert [float(v) for v in values] == [12.0] * 5


def test_4_2_modules_share_under_a_common_parent_only():
    x = T.dscalar("x")
    a, b = Module(x=x), Module(x=x)
    one, two = a.make(x=1, mode="numpy"), b.make(x=2, mode="numpy")
    assert (float(one.x), float(two.x)) == (1.0, 2.0)
    both = Module(a=a, b=b).make(a={"x": 5}, mode="numpy")
    assert float(both.b.x) == 5.0


def test_4_3_unset_members_are_none_and_can_be_cleared(mode):
    m = Module(x=T.dvector())
    m.total = Method([], m.x.sum())
    inst = m.make(mode=mode)
    assert inst.x is None
    with pytest.raises(ValueError, match=r"(?s)Module\.total.*'x'"):
        inst.total()
    inst.x = [1, 2]
    assert float(inst.total()) == 3.0
    inst.x = None
    assert inst.x is None


def test_4_4_reading_gives_the_live_storage(mode):
    m = Module(x=T.dmatrix())
    m.total = Method([], m.x.sum())
    m.double = Method([], None, {m.x: m.x * 2})
    inst = m.make(mode=mode, x=np.ones((2, 2)))
    assert inst.x is inst.x
    inst.x[0, 0] = 3.0
    assert float(inst.total()) == 6.0
    view = inst.x
    inst.double()
    assert view.tolist() == inst.x.tolist() == [[6.0, 2.0], [2.0, 2.0]]
    inst.x += 1
    assert float(inst.total()) == 16.0


def test_4_4_scalars_are_0_d_arrays_of_the_declared_dtype():
    inst = Module(x=T.fscalar()).make(x=0.5, mode="numpy")
    assert (inst.x.shape, inst.x.dtype) == ((), np.float32)


@pytest.mark.parametrize(("variable", "value"), [
    (T.lscalar, 2.0), (T.dvector, [1, 2]), (T.dmatrix, [[True, False]]), (T.fscalar, 0.1), (T.dscalar, np.float32(1)),
    (T.lvector, np.arange(3, dtype="int8")), (T.dvector, np.arange(6.0)[::2]),
    (T.dvector, np.arange(3.0).astype(">f8")),
])  # fmt: skip
def test_4_5_values_convert_when_nothing_is_lost(variable, value):
    inst = Module(x=variable()).make(mode="numpy")
    inst.x = value
    assert inst.x.tolist() == np.asarray(value, dtype=inst.x.dtype).tolist()


@pytest.mark.parametrize(("variable", "value"), [
    (T.lscalar, 2.5), (T.fvector, np.ones(2)), (T.dvector, 1.0), (T.dscalar, [1.0]), (T.dscalar, "1"),
    (T.dvector, [object()]), (T.dvector, {"a": 1}), (T.lvector, [0.5, 1]), (T.dscalar, 1j),
])  # fmt: skip
def test_4_5_lossy_values_are_refused_and_the_old_one_stays(variable, value):
    m = Module(x=variable())
    start = np.zeros((2,) * m.x.ndim, m.x.dtype)
    inst = m.make(x=start, mode="numpy")
    with pytest.raises(TypeError, match="'x'"):
        inst.x = value
    with pytest.raises(TypeError, match="x"):
        m.make(x=value, mode="numpy")
    assert inst.x.tolist() == start.tolist()


def test_4_6_members_never_alias(mode):
    m = Module(x=T.dvector(), y=T.dvector())
    m.up = Method([], None, {m.x: m.x + 1})
    mine = np.zeros(3)
    inst = m.make(mode=mode, x=mine, y=mine)
    inst.y = inst.x[:]
    inst.up()
    assert (mine.tolist(), inst.y.tolist(), inst.x.tolist()) == ([0.0] * 3, [0.0] * 3, [1.0] * 3)
    assert not np.shares_memory(inst.x, inst.y)


def test_4_8_constants_are_read_only_and_own_their_memory():
    m = Module(y=T.constant(40), z=T.constant([1.0, 2.0]))
    one, two = m.make(mode="numpy"), m.make(mode="numpy")
    assert one.y == 40
    with pytest.raises(TypeError, match="Cannot set readonly storage: y"):
        one.y = 3
    with pytest.raises(TypeError, match="readonly"):
        one["y"] = 3
    with pytest.raises(ValueError, match="read-only"):
        one.z[0] = 5
    assert not np.shares_memory(one.z, two.z)


def test_4_9_shared_variables_bring_their_storage(mode):
    w = shared(np.arange(3.0), "w")
    m = Module()
    m.up = Method([], w.sum(), {w: w + 1})
    m.w = w
    one, two = m.make(mode=mode), m.make(mode=mode)
    one.up()
    assert two.w.tolist() == w.get_value().tolist() == [1.0, 2.0, 3.0]
    assert float(two.up()) == 6.0
    one.w = [5, 5, 5]
    assert w.get_value().tolist() == [5.0] * 3


def test_4_10_members_may_declare_their_first_value():
    calls = []

    def start():
        calls.append(1)
        return [len(calls)] * 2

    m = Module(x=T.dscalar(init=0.5), y=Member(T.dvector(), init=start), z=T.dscalar(init=3))
    one = m.make(mode="numpy", z=4)
    two = m.make(mode="numpy")
    assert (float(one.x), one.y.tolist(), float(one.z)) == (0.5, [1.0, 1.0], 4.0)
    assert (two.y.tolist(), float(two.z)) == ([2.0, 2.0], 3.0)
    assert m.make_no_init(mode="numpy").x is None


def test_4_10_a_wrong_first_value_names_the_member():
    with pytest.raises(TypeError, match="'x'"):
        Module(x=T.lscalar(init=0.5)).make(mode="numpy")


def test_fixed_sizes_are_checked_on_assignment():
    inst = Module(x=T.dmatrix(shape=(None, 3))).make(mode="numpy")
    inst.x = np.ones((5, 3))
    with pytest.raises(ValueError, match="x"):
        inst.x = np.ones((5, 2))
    assert inst.x.shape == (5, 3)


def test_members_called_like_parameters_of_python_work(mode):
    m = Module()
    names = ["self", "args", "init", "inst", "kwargs", "value", "cls"]
    for name in names:
        setattr(m, name, T.dscalar())
    m.mode = T.dscalar()
    m.f = Method([In(T.dscalar(), name=name) for name in names], None)
    m.g = Method([], sum([getattr(m, name) for name in names[1:]], m.self))
    inst = m.make(**{name: index for index, name in enumerate(names)}, mode=mode)
    inst.mode = 5
    inst.initialize({"mode": 6}, self=10)
    assert float(inst.g()) == 31.0
    assert float(inst.mode) == 6.0
    assert inst.f(**dict.fromkeys(names, 1)) is None
