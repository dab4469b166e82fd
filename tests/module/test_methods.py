"""SEMANTICS.md 5 and 6: Methods, In, Out."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import modc.tensor as T
from modc import (
    AllocationError,
    External,
    In,
    Member,
    Method,
    ModeError,
    Module,
    Out,
    ShapeError,
    shared,
)  # fmt: skip


def accumulator():
    m = Module()
    m.state, m.inc = T.dscalar(), T.dscalar()
    m.add = Method(m.inc, m.state + m.inc, {m.state: m.state + m.inc})
    return m


def test_5_1_nothing_is_checked_before_make():
    m = Module()
    m.bad = Method(5, "text", {T.constant(1): 2}, mode="nonsense")
    with pytest.raises((TypeError, ValueError)):
        m.make()


def test_5_2_every_form_of_inputs(mode):
    x, y = T.dscalar("x"), T.dscalar("y")
    m = Module()
    m.one, m.listed, m.tupled = Method(x, x + 1), Method([x, In(y)], x - y), Method((x, y), x - y)
    m.none, m.member, m.external = Method([], T.constant(2.0) * 2), Method(Member(x), x), Method([External(y)], y)
    inst = m.make(mode=mode)
    found = [inst.one(1), inst.listed(5, 2), inst.tupled(5, 2), inst.none(), inst.member(7), inst.external(8)]
    assert [float(v) for v in found] == [2.0, 3.0, 3.0, 4.0, 7.0, 8.0]


def test_5_2_an_expression_as_input_cuts_the_graph(mode):
    x = T.dscalar("x")
    y = x * 2
    m = Module()
    m.f = Method(y, y + 1)
    assert float(m.make(mode=mode).f(10)) == 11.0


def test_5_2_a_constant_as_input_is_a_parameter(mode):
    c = T.constant(3.0)
    assert float(Method(c, c + T.constant(1.5)).make(mode=mode)(10)) == 11.5


def test_5_2_the_same_input_twice_is_refused():
    x = T.dscalar("x")
    with pytest.raises(ValueError, match="x is an input twice"):
        Method([x, x], x).make()


def test_5_3_forms_of_outputs(mode):
    x = T.dscalar("x")
    m = Module()
    m.none, m.one, m.single = Method(x, None), Method(x, x), Method(x, [x])
    m.empty, m.two, m.out = Method(x, []), Method(x, (x, x + 1)), Method(x, Out(x, borrow=True))
    inst = m.make(mode=mode)
    assert inst.none(1) is None
    assert isinstance(inst.one(1), np.ndarray)
    assert inst.empty(1) == []
    assert [type(inst.single(1)), len(inst.single(1))] == [list, 1]
    assert [float(v) for v in inst.two(1)] == [1.0, 2.0]
    assert float(inst.out(4)) == 4.0


def test_5_4_updates_as_dict_pairs_and_numbers(mode):
    m = Module(x=T.dscalar(), y=T.dscalar(), v=T.dvector())
    m.dict = Method([], None, {m.x: m.y})
    m.pairs = Method([], None, [(m.x, 5), (Member(m.y), m.x + 1)])
    m.array = Method([], None, {m.v: np.array([1, 2])})
    inst = m.make(mode=mode, x=1, y=2, v=[0, 0])
    inst.dict()
    assert float(inst.x) == 2.0
    inst.pairs()
    assert (float(inst.x), float(inst.y)) == (5.0, 3.0)
    inst.array()
    assert inst.v.tolist() == [1.0, 2.0]


def test_5_4_safe_widening_is_inserted(mode):
    m = Module(x=T.dscalar(), n=T.lscalar(), f=T.fscalar(), i=T.bscalar())
    m.f1 = Method([], None, {m.x: m.f, m.n: m.i + m.i})
    inst = m.make(mode=mode, x=0, n=0, f=1.5, i=3)
    inst.f1()
    assert (float(inst.x), int(inst.n)) == (1.5, 6)


@pytest.mark.parametrize(("member", "value"), [
    (T.lscalar, lambda x: x * 0.5), (T.dscalar, lambda x: T.dvector("v")), (T.fscalar, lambda x: T.dscalar("d")),
    (T.bscalar, lambda x: T.lscalar("l")), (T.lscalar, lambda x: 2.5), (T.dvector, lambda x: 3),
    (T.dscalar, lambda x: "text"), (T.lscalar, lambda x: np.array(1.5)),
])  # fmt: skip
def test_5_4_updates_of_another_type_name_member_and_method(member, value):
    m = Module(x=member())
    new = value(m.x)
    m.f = Method([new] if hasattr(new, "node") and new.owner is None else [], None, {m.x: new})
    with pytest.raises(TypeError, match=r"(?s)Module\.f.*x"):
        m.make(mode="numpy")


def test_5_4_sizes_known_to_differ_are_refused():
    m = Module(x=T.dvector(shape=(3,)))
    m.f = Method([], None, {m.x: T.zeros((4,))})
    with pytest.raises(ShapeError, match=r"(?s)Module\.f.*x.*4.*3"):
        m.make(mode="numpy")


def test_5_5_an_explicit_input_hides_the_member(mode):
    m = accumulator()
    acc = m.make(mode=mode, state=1, inc=100)
    assert float(acc.add(2)) == 3.0
    assert float(acc.inc) == 100.0


def test_5_6_implicit_inputs_come_from_the_graph_and_cannot_be_passed(mode):
    acc = accumulator().make(mode=mode, state=1)
    for args, kwargs in (((1, 2), {}), ((1,), {"state": 4})):
        with pytest.raises(TypeError, match=r"Module\.add"):
            acc.add(*args, **kwargs)
    assert float(acc.state) == 1.0


def test_5_7_unused_inputs_are_required(mode):
    f = Method([T.dscalar("x"), T.dscalar("unused")], T.constant(1)).make(mode=mode)
    assert int(f(1, 2)) == 1
    with pytest.raises(TypeError, match="unused"):
        f(1)


def test_5_8_updates_are_simultaneous(mode):
    m = Module(a=T.dscalar(), b=T.dscalar(), v=T.dvector(), w=T.dmatrix())
    m.swap = Method([], m.a, {m.a: m.b, m.b: m.a})
    m.fibonacci = Method([], None, {m.a: m.b, m.b: m.a + m.b})
    m.reverse = Method([], None, {m.v: m.v[::-1]})
    m.turn = Method([], None, {m.w: m.w.T})
    m.square = Method([], None, {m.w: T.dot(m.w, m.w)})
    m.shift = Method([], None, {m.v: T.set_subtensor(m.v[1:], m.v[:-1])})
    inst = m.make(mode=mode, a=1, b=2, v=[1, 2, 3, 4], w=[[1, 2], [3, 4]])
    assert float(inst.swap()) == 1.0
    assert (float(inst.a), float(inst.b)) == (2.0, 1.0)
    inst.fibonacci()
    assert (float(inst.a), float(inst.b)) == (1.0, 3.0)
    inst.reverse()
    assert inst.v.tolist() == [4.0, 3.0, 2.0, 1.0]
    inst.shift()
    assert inst.v.tolist() == [4.0, 4.0, 3.0, 2.0]
    inst.turn()
    assert inst.w.tolist() == [[1.0, 3.0], [2.0, 4.0]]
    inst.square()
    assert inst.w.tolist() == [[7.0, 15.0], [10.0, 22.0]]


def test_5_8_an_output_is_the_old_or_the_new_value_as_written(mode):
    m = Module(x=T.dvector())
    new = m.x + 1
    m.f = Method([], [m.x, new], {m.x: new})
    inst = m.make(mode=mode, x=[1, 2])
    old, fresh = inst.f()
    assert (old.tolist(), fresh.tolist(), inst.x.tolist()) == ([1.0, 2.0], [2.0, 3.0], [2.0, 3.0])


def test_5_9_members_never_share_memory_after_updates(mode):
    m = Module(a=T.dvector(), b=T.dvector(), c=T.dvector())
    e = m.c * 2
    m.same = Method([], None, {m.a: e, m.b: e})
    m.copy = Method([], None, {m.a: m.b})
    m.swap = Method([], None, {m.a: m.b, m.b: m.a})
    inst = m.make(mode=mode, a=[1, 1], b=[2, 2], c=[3, 3])
    for mark, call in enumerate((inst.same, inst.copy, inst.swap), 100):
        call()
        assert not np.shares_memory(inst.a, inst.b)
        inst.a[0] = mark
        assert inst.b[0] != mark


def test_5_10_results_are_fresh(mode):
    x = T.dvector("x")
    m = Module(a=T.dvector())
    m.member, m.view, m.input = Method([], m.a), Method([], m.a[::-1]), Method(x, x)
    m.constant, m.new = Method([], T.constant([1.0, 2.0])), Method([], m.a + 1, {m.a: m.a + 1})
    inst = m.make(mode=mode, a=[1, 2])
    given = np.array([5.0, 6.0])
    results = [inst.member(), inst.view(), inst.input(given), inst.constant(), inst.new()]
    kept = [one.tolist() for one in results]
    again = [inst.member(), inst.view(), inst.input([0, 0]), inst.constant(), inst.new()]
    assert [one.tolist() for one in results] == kept
    for one in [*results, *again]:
        one[...] = -1
    assert given.tolist() == [5.0, 6.0]
    assert inst.a.tolist() == [3.0, 4.0]
    assert inst.constant().tolist() == [1.0, 2.0]


def test_5_11_arguments_are_never_modified(mode):
    x = T.dvector("x")
    m = Module(a=T.dvector())
    m.f = Method(x, x * 2, {m.a: x + 1})
    inst = m.make(mode=mode, a=[0, 0])
    given = np.array([1.0, 2.0])
    given.flags.writeable = False
    assert inst.f(given).tolist() == [2.0, 4.0]
    inst.a[0] = 9
    assert given.tolist() == [1.0, 2.0]
    inst.f(inst.a)
    assert inst.a.tolist() == [10.0, 4.0]


def test_5_12_updates_may_change_the_shape(mode):
    m = Module(v=T.dvector())
    m.grow = Method([], m.v.sum(), {m.v: T.concatenate([m.v, m.v])})
    inst = m.make(mode=mode, v=[1, 2])
    inst.grow()
    inst.grow()
    assert inst.v.tolist() == [1, 2] * 4
    assert float(inst.grow()) == 12.0


def test_5_12_a_member_that_is_only_written_may_be_unset(mode):
    x = T.dvector("x")
    m = Module(v=T.dvector(), s=T.dscalar())
    m.put = Method(x, None, {m.v: x, m.s: x.sum()})
    inst = m.make(mode=mode)
    inst.put([1, 2])
    assert (inst.v.tolist(), float(inst.s)) == ([1.0, 2.0], 3.0)
    inst.put([1, 2, 3])
    assert inst.v.tolist() == [1.0, 2.0, 3.0]


def test_5_13_a_failing_call_changes_nothing(mode):
    x = T.dvector("x")
    m = Module(a=T.dvector(), n=T.dscalar(), empty=T.dscalar())
    m.f = Method(x, None, {m.n: m.n + 1, m.a: m.a + x})
    m.g = Method([], None, {m.n: m.n + 1, m.a: m.a + m.empty})
    i = T.lvector("i")
    m.h = Method(i, m.a[i], {m.n: m.n + 1})
    inst = m.make(mode=mode, a=[1, 2], n=0)
    for call, error in (
        (lambda: inst.f([1, 2, 3]), ValueError), (lambda: inst.f("x"), TypeError), (lambda: inst.f(1), TypeError),
        (lambda: inst.g(), ValueError), (lambda: inst.h([0, 2]), IndexError),
    ):  # fmt: skip
        with pytest.raises(error, match=r"Module\."):
            call()
        assert (inst.a.tolist(), float(inst.n)) == ([1.0, 2.0], 0.0)
    assert inst.h([-1]).tolist() == [2.0]


@pytest.mark.parametrize(("updates", "error", "text"), [
    (lambda m, x: {m.c: 2}, TypeError, "Module Constants cannot be updated"),
    (lambda m, x: {T.dscalar("other"): 2}, AllocationError, "other"),
    (lambda m, x: {m.x * 2: 2}, AllocationError, "expression"),
    (lambda m, x: {x: x + 1}, ValueError, "is an input and has an update"),
    (lambda m, x: [(m.x, 1), (m.x, 2)], ValueError, "twice"),
    (lambda m, x: {"x": 1}, TypeError, "member"),
    (lambda m, x: 5, TypeError, "updates"),
])  # fmt: skip
def test_5_14_targets_that_are_no_members(updates, error, text):
    m, x = Module(x=T.dscalar(), c=T.constant(1)), T.dscalar("in")
    with pytest.raises(error, match=text):
        m.f = Method(x, None, updates(m, x))
        m.make(mode="numpy")


def test_5_15_calling_the_symbolic_method_hints_at_make():
    with pytest.raises(TypeError, match="make"):
        accumulator().add(2)


def test_5_16_the_call_protocol(mode):
    x, y = T.dscalar("x"), T.dscalar("y")
    f = Method([x, y], x - y).make(mode=mode)
    assert [float(v) for v in (f(5, 2), f(5, y=2), f(y=2, x=5))] == [3.0] * 3
    for args, kwargs in (((5,), {}), ((5, 2, 1), {}), ((5,), {"x": 1}), ((5, 2), {"z": 1}), ((), {})):
        with pytest.raises(TypeError):
            f(*args, **kwargs)
    with pytest.raises(TypeError, match="'y'"):
        f(5, "text")


def test_5_17_private_state_by_position_name_and_variable(mode):
    x = T.dscalar("x")
    m = Module(x=x)
    m.f = Method(In(x, value=5.0), x)
    inst = m.make(mode=mode)
    assert [float(inst.f[key]) for key in (0, "x", x)] == [5.0] * 3
    assert float(inst.f.value["x"]) == 5.0
    assert float(inst.f.container[x].value) == 5.0
    inst.f[x] = 7
    assert float(inst.f()) == 7.0
    inst.f.container["x"].value = 8
    assert float(inst.f()) == 8.0
    for key in ("nope", 3, T.dscalar()):
        with pytest.raises(TypeError):
            inst.f[key]


def test_5_18_modes_of_methods_override_that_of_make():
    m = Module(x=T.dscalar())
    m.own, m.inherits = Method([], m.x, mode="FAST_COMPILE"), Method([], m.x)
    inst = m.make(mode="numpy", x=1)
    assert inst.own.maker.mode == "FAST_COMPILE" == inst.inherits.maker.mode
    assert inst.own.maker.mode != "FAST_RUN"
    for bad in ("nonsense", 5):
        with pytest.raises(ModeError):
            m.make(mode=bad)
    m.bad = Method([], m.x, mode="nonsense")
    with pytest.raises(ModeError):
        m.make()


def test_5_19_updates_may_be_extended_before_make(mode):
    m = accumulator()
    m.n = T.lscalar()
    m.add.updates[m.n] = m.n + 1
    inst = m.make(mode=mode, state=0, n=0)
    inst.add(1)
    assert int(inst.n) == 1


def test_5_20_a_method_in_several_places_is_built_once():
    m = Module(x=T.dscalar())
    m.y = Method([], m.x)
    m.ly = [m.y]
    inst = m.make(mode="numpy")
    assert inst.y is inst.ly[0]


def test_5_21_methods_use_members_of_the_whole_graph(mode):
    m, left, right = Module(), Module(), Module()
    m.left, m.right, m.total = left, right, T.dscalar()
    left.x, right.y = T.dscalar(), T.dscalar()
    left.move = Method([], None, {right.y: right.y + left.x, m.total: m.total + 1})
    inst = m.make(mode=mode, left={"x": 2}, right={"y": 3}, total=0)
    inst.left.move()
    assert (float(inst.right.y), float(inst.total)) == (5.0, 1.0)
    with pytest.raises(AllocationError, match="move"):
        left.make(mode="numpy")


# 6. In and Out


def test_6_1_options_are_checked():
    x = T.dscalar("x")
    with pytest.raises(TypeError, match="name"):
        In(x, name=5)
    with pytest.raises(ValueError, match="mutable"):
        In(x, mutable=True, borrow=False)
    assert In(x, update=x + 1).mutable


def test_6_2_defaults_last_and_overrides_last_one_call(mode):
    x, y = T.dscalar("x"), T.dscalar("y")
    f = Method([x, In(y, value=10)], x + y).make(mode=mode)
    assert [float(v) for v in (f(1), f(1, 2), f(1, y=3), f(1))] == [11.0, 3.0, 4.0, 11.0]


def test_6_3_private_state(mode):
    m = Module(x=T.dvector())
    start = np.zeros(2)
    m.f = Method(In(m.x, value=start, update=m.x + 1), m.x)
    one, two = m.make(mode=mode), m.make(mode=mode)
    assert [one.f().tolist() for _ in range(3)] == [[0, 0], [1, 1], [2, 2]]
    assert one.x is None
    assert one.f[m.x].tolist() == [3.0, 3.0]
    assert one.f([10, 10]).tolist() == [10.0, 10.0]
    assert one.f().tolist() == [11.0, 11.0]
    assert (two.f().tolist(), start.tolist()) == ([0.0, 0.0], [0.0, 0.0])


def test_6_5_strict_and_allow_downcast(mode):
    x = T.fvector("x")
    strict = Method(In(x, strict=True), x).make(mode=mode)
    lossy = Method(In(x, allow_downcast=True), x).make(mode=mode)
    plain = Method(x, x).make(mode=mode)
    assert strict(np.ones(2, "float32")).tolist() == lossy(np.ones(2)).tolist() == plain([0.5, 0.5]).tolist() * 0 + [1, 1]
    for call in (lambda: strict([1, 2]), lambda: strict(np.ones(2)), lambda: plain(np.ones(2))):
        with pytest.raises(TypeError):
            call()


def test_6_6_subclasses_of_in_are_inputs():
    class Sub(In):
        pass

    x = T.dscalar("x")
    assert float(Method([Sub(x, value=2)], x).make(mode="numpy")()) == 2.0


def test_6_7_descriptions_are_not_shared_between_methods():
    x, m = T.dscalar("x"), Module()
    given = In(x, value=1)
    m.f, m.g = Method(given, x), Method(given, x + 1)
    inst = m.make(mode="numpy")
    inst.f[x] = 5
    assert float(inst.g()) == 2.0


# Around the call


def test_signature_and_documentation_of_a_compiled_method(mode):
    m = Module(x=T.dscalar())
    a, b = T.dscalar("a"), T.dscalar("b")
    m.f = Method([a, In(b, value=2.0)], a, doc="Adds.", name="chosen")
    m.g = Method([], m.x, {m.x: m.x + 1})
    f = m.make(mode=mode, x=1).f
    assert list(inspect.signature(f).parameters) == ["a", "b"]
    assert inspect.signature(f).parameters["b"].default == 2.0
    assert f.__doc__ == "Adds."
    assert m.f.name == "chosen"
    assert "x <=" in m.make(mode=mode).g.__doc__
    assert (f.__name__, f.__qualname__) == ("f", "Module.f")


def test_givens_replace_variables_in_a_method(mode):
    x, data, i = T.dvector("x"), shared(np.arange(6.0), "data"), T.lscalar("i")
    f = Method(i, x.sum(), givens={x: data[i:]}).make(mode=mode)
    assert float(f(4)) == 9.0


def test_messages_name_the_line_of_the_method():
    m = Module(x=T.lscalar())
    m.f = Method([], None, {m.x: m.x * 0.5})
    with pytest.raises(TypeError, match=r"test_methods\.py:\d+"):
        m.make()


def test_updates_keep_the_sizes_that_a_type_fixes(mode):
    x, z = T.dvector("x"), T.dmatrix("z")
    m = Module(a=T.dvector(shape=(3,)), r=T.row(), n=T.dscalar())
    m.put = Method(x, None, {m.a: x, m.n: m.n + 1})
    m.row = Method(z, None, {m.r: z, m.n: m.n + 1})
    inst = m.make(a=[1, 2, 3], r=[[1, 2]], n=0, mode=mode)
    inst.put([4, 5, 6])
    inst.row([[7]])
    for call in (lambda: inst.put([1, 2, 3, 4]), lambda: inst.put([1]), lambda: inst.row([[1], [2]])):
        with pytest.raises(ShapeError, match=r"(?s)Module\.(put|row).*update"):
            call()
        assert (inst.a.tolist(), inst.r.tolist(), float(inst.n)) == ([4.0, 5.0, 6.0], [[7.0]], 2.0)


def test_named_dimensions_stay_equal(mode):
    x = T.dvector("x")
    m = Module(a=T.dvector(shape=("n",)), b=T.dvector(shape=("n",)))
    m.put = Method(x, m.a.sum(), {m.a: x, m.b: m.b + x})
    inst = m.make(a=[1, 2], b=[1, 2], mode=mode)
    inst.put([3, 4])
    with pytest.raises(ShapeError, match=r"Module\.put"):
        inst.put([1, 2, 3])
    assert (inst.a.tolist(), inst.b.tolist()) == ([3.0, 4.0], [4.0, 6.0])


def test_sizes_that_only_differ_at_the_call_are_explained(mode):
    x = T.dvector("x")
    m = Module(a=T.dvector())
    m.f = Method(x, m.a + x)
    m.g = Method(x, x.max())
    inst = m.make(a=[1, 2, 3], mode=mode)
    with pytest.raises(ShapeError, match=r"(?s)Module\.f.*size 1.*expected 3.*T\.row.*") as caught:
        inst.f([1])
    assert "test_methods.py" in str(caught.value)
    with pytest.raises(ValueError, match="zero-size array to reduction operation max"):
        inst.g([])
