"""SEMANTICS.md 7-9: make and initialisation, instances, lists and dicts."""

from __future__ import annotations

import threading

import numpy as np
import pytest

import modc.tensor as T
from modc import (
    ComponentDict,
    ComponentList,
    External,
    Member,
    Method,
    ModcWarning,
    Module,
    ModuleInstance,
)  # fmt: skip
from tests.module.programs import Accumulator, Counter


def made(module, *args, **kwargs):
    return module.make(*args, mode="numpy", **kwargs)


# 7. make and initialisation


def test_7_1_make_no_init_leaves_members_none_and_initialize_alone():
    class Loud(Module):
        def _instance_initialize(self, inst):
            raise AssertionError

    m = Loud(x=T.dscalar())
    assert m.make_no_init(mode="numpy").x is None


def test_7_2_default_initialisation_of_everything():
    m = Module(x=T.dscalar(), l=[T.dscalar(), T.lscalar()], d={"k": T.dscalar()}, sub=Module(y=T.dvector()))
    inst = made(m, {"x": 1, "l": [2, 3]}, d={"k": 4}, sub={"y": [5]})
    assert [float(inst.x), float(inst.l[0]), int(inst.l[1]), float(inst.d["k"])] == [1.0, 2.0, 3, 4.0]
    assert inst.sub.y.tolist() == [5.0]
    assert float(made(m, {"x": 1}, x=2).x) == 2.0


def test_7_3_children_are_initialised_by_their_parent_only():
    class Child(Module):
        def _instance_initialize(self, inst, value=9):
            inst.x = value

    class Parent(Module):
        def __init__(self):
            super().__init__()
            self.child = Child(x=T.dscalar())

    class Calling(Parent):
        def _instance_initialize(self, inst, **init):
            inst.child.initialize(3)
            super()._instance_initialize(inst, init)

    assert made(Parent()).child.x is None
    assert float(made(Calling()).child.x) == 3.0
    assert float(made(Child(x=T.dscalar())).x) == 9.0


def test_7_4_initialize_again_and_the_instance_type_wins():
    acc = made(Accumulator(), state=1)
    acc.initialize(state=5)
    assert float(acc.state) == 5.0
    counter = made(Counter(), 7)
    assert (float(counter.n), counter.label) == (7.0, "counter")


@pytest.mark.parametrize("give", [
    lambda m: made(m, sttae=0), lambda m: made(m, {"sttae": 0}), lambda m: made(m).__setitem__("sttae", 1),
    lambda m: made(m)["sttae"],
])  # fmt: skip
def test_7_5_unknown_names_are_refused_with_a_hint(give):
    with pytest.raises(KeyError, match="did you mean 'state'"):
        give(Accumulator())


def test_7_5_an_expression_is_no_name_for_make():
    with pytest.raises(KeyError, match="expression"):
        made(Module(x=T.dscalar(), total=T.dscalar("y") + 1), total=1)


def test_7_5_plain_attributes_are_the_users_own():
    acc = made(Accumulator())
    acc.input_size = 5
    acc.__hide__ = ["inc"]
    assert acc.input_size == 5
    del acc.input_size
    assert not hasattr(acc, "input_size")


def test_7_6_makes_are_independent():
    m = Accumulator()
    one, two = made(m, state=1), made(m, state=2)
    one.add(1)
    one.state += 1
    assert (float(one.state), float(two.state)) == (3.0, 2.0)


def test_7_7_initialisation_follows_the_order_given_and_errors_name_the_member():
    order = []

    class Ordered(Module):
        class InstanceType(ModuleInstance):
            def __setitem__(self, name, value):
                order.append(name)
                super().__setitem__(name, value)

    made(Ordered(a=T.dscalar(), b=T.dscalar(), c=T.dscalar()), {"c": 1, "a": 2}, b=3)
    assert order == ["c", "a", "b"]
    with pytest.raises(TypeError, match=r"'sub\.x'"):
        made(Module(sub=Module(x=T.lscalar())), sub={"x": 0.5})


def test_7_8_an_empty_module_can_be_made():
    inst = made(Module())
    assert (list(inst), str(inst)) == ([], "{}")


def test_7_9_cyclic_graphs_of_modules_can_be_made():
    m, child = Module(x=T.dscalar()), Module()
    m.child, child.parent, m.me, m.l = child, m, m, [child, m]
    child.up = Method([], None, {m.x: m.x + 1})
    inst = made(m, x=1)
    assert inst.child.parent is inst is inst.me is inst.l[1]
    inst.child.up()
    assert float(inst.child.parent.me.x) == 2.0


# 8. ModuleInstance


def test_8_1_items_and_attributes_are_the_same():
    m = Accumulator()
    m.sub, m.l = Module(y=T.dscalar()), [T.dscalar()]
    acc = made(m, state=1)
    assert acc["state"] is acc.state
    assert acc["add"] is acc.add
    assert acc["sub"] is acc.sub
    acc["state"] = 4
    assert float(acc.state) == 4.0
    with pytest.raises(AttributeError):
        acc.nope  # noqa: B018
    assert getattr(acc, "nope", 5) == 5
    assert not hasattr(acc, "new_state")


def test_8_2_setting_a_part_initialises_it():
    inst = made(Module(sub=Module(y=T.dscalar()), l=[T.dscalar()], d={"k": T.dscalar()}))
    sub, listed, keyed = inst.sub, inst.l, inst.d
    inst.sub, inst.l, inst.d = {"y": 1}, [2], {"k": 3}
    assert inst.sub is sub
    assert inst.l is listed
    assert inst.d is keyed
    assert [float(v) for v in (sub.y, listed[0], keyed["k"])] == [1.0, 2.0, 3.0]


def test_8_3_methods_cannot_be_replaced():
    acc = made(Accumulator())
    with pytest.raises(KeyError):
        acc["add"] = 5
    with pytest.raises(AttributeError):
        acc.add = 5
    assert callable(acc.add)


def test_8_4_instance_methods_get_module_and_instance():
    class M(Module):
        def _instance_show(self, inst, first, *rest, key="k"):
            """Shows."""
            return self, inst, first, rest, key

    class N(M):
        pass

    m = N(x=T.dscalar())
    inst = made(m)
    assert inst.show(1, 2, 3, key="z") == (m, inst, 1, (2, 3), "z")
    assert (inst.show.__doc__, inst.show.__name__) == ("Shows.", "show")


def test_8_5_names_already_there_win_with_a_warning():
    class M(Module):
        def _instance_x(self, inst):
            return "method"

    with pytest.warns(ModcWarning, match="_instance_x"):
        inst = made(M(x=T.dscalar()), x=1)
    assert float(inst.x) == 1.0


def test_8_6_instance_types_use_values_symbols_and_methods():
    counter = made(Counter())
    assert (float(counter.twice()), float(counter.n)) == (7.0, 7.0)
    assert str(counter.component.n) == "n"

    class Wrong(Module):
        InstanceType = dict

    with pytest.raises(TypeError, match="InstanceType"):
        made(Wrong())


def test_8_7_properties_of_instance_types_and_errors_inside_setters():
    counter = made(Counter())
    counter.doubled = 8
    assert (float(counter.n), counter.doubled) == (4.0, 8.0)

    class Raising(Module):
        class InstanceType(ModuleInstance):
            @property
            def p(self):
                return 1

            @p.setter
            def p(self, value):
                raise KeyError("inside")

    with pytest.raises(KeyError, match="inside"):
        made(Raising()).p = 2


def test_8_8_str_shows_members_sorted_and_indented():
    acc = made(Accumulator(), state=1)
    assert str(acc) == "{inc: None\n, state: 1.0}"
    acc.__hide__ = ["inc"]
    assert str(acc) == "{state: 1.0}"
    inst = made(Module(w=T.dmatrix()), w=np.eye(2))
    assert str(inst) == "{w: [[1. 0.]\n    [0. 1.]]}"
    assert "state=1.0" in repr(acc)
    assert {"state", "add", "inc"} <= set(dir(acc))


def test_8_9_instances_answer_in_and_iterate():
    acc = made(Accumulator())
    assert "state" in acc
    assert "nope" not in acc
    assert list(acc) == ["inc", "state", "add", "sub"]


def test_14_11_dotted_access_and_walks():
    m = Module(sub=Module(l=[T.dscalar(), Module(x=T.dscalar())], d={"k": T.dscalar()}))
    inst = made(m)
    inst["sub.l.1.x"] = 3
    inst["sub.l.0"] = 2
    inst["sub.d.k"] = 1
    assert [float(inst[key]) for key in ("sub.l.1.x", "sub.l.0", "sub.d.k")] == [3.0, 2.0, 1.0]
    assert [key for key, _ in inst.named_members()] == ["sub.l.0", "sub.l.1.x", "sub.d.k"]
    assert [key for key, _ in inst.walk()] == ["", "sub", "sub.l", "sub.l.1", "sub.d"]
    with pytest.raises(KeyError):
        inst["sub.nope"]


# 9. Lists and dicts


def test_9_1_a_component_list_is_a_list():
    x, y = T.dscalar("x"), T.dscalar("y")
    e = x + y
    one = ComponentList(x)
    both = one + [y] + (e,)
    assert [len(one), len(both)] == [1, 3]
    assert both[0] is x
    assert both[2] is e
    assert [v.name for v in [y] + one] == ["y", "x"]  # noqa: RUF005
    one.append(y)
    one.extend([Method([], x)])
    one[0] = T.lscalar("z")
    assert [v.name for v in one[:2]] == ["z", "y"]
    assert str(ComponentList([x, y])) == "[x, y]"
    assert len(ComponentList()) == 0
    assert y in one
    assert one[-2] is y
    one.insert(0, x)
    assert one[0] is x


def test_9_2_everything_wrappable_goes_in():
    for component in (ComponentList(T.dscalar(), [T.dscalar()], 3), ComponentDict(a=T.dscalar(), b=[3])):
        assert component.make(mode="numpy") is not None
    with pytest.raises(TypeError, match="text"):
        ComponentList("text", 1)


def test_9_3_a_component_list_iterates_over_variables():
    x = T.dscalar("x")
    assert [v is x for v in ComponentList(x, External(x + 1))] == [True, False]


def test_9_5_a_component_dict_referenced_twice_is_one():
    d = ComponentDict({"x": T.dscalar()}, y=T.dscalar())
    d["z"] = T.dscalar()
    m = Module(a=d, b=d)
    inst = made(m, a={"x": 1, "y": 2, "z": 3})
    assert inst.a is inst.b
    assert list(inst.a) == ["x", "y", "z"]


def test_9_6_list_instances(mode):
    x = T.dscalar("x")
    inst = ComponentList(T.dscalar(), T.lscalar(), x + 1).make([1, 2, None], mode=mode)
    assert len(inst) == 3
    assert [None if v is None else float(v) for v in inst] == [1.0, 2.0, None]
    assert [float(v) for v in inst[:2]] == [1.0, 2.0]
    inst[-2] = 5
    assert str(inst) == "[1.0, 5, None]"
    for bad in ([1, 2], [1, 2, None, 4], [9, "x", None], [9, 9, 9], [9, 0.5, None]):
        with pytest.raises((ValueError, TypeError)):
            inst.initialize(bad)
        assert [float(inst[0]), int(inst[1])] == [1.0, 5]
    with pytest.raises(IndexError):
        inst[3]
    with pytest.raises(IndexError):
        inst[3] = 1


def test_9_7_dict_instances():
    inst = ComponentDict(x=T.dscalar(), y=T.dscalar(), e=T.dscalar("q") + 1).make({"x": 1}, y=2, mode="numpy")
    assert [float(v) for v in inst.values()] == [1.0, 2.0]
    assert (inst.keys(), len(inst), "x" in inst, inst.get("nope")) == (["x", "y"], 2, True, None)
    assert dict(inst.items()).keys() == {"x", "y"}
    with pytest.raises(KeyError, match="nope"):
        inst["nope"] = 1
    with pytest.raises((KeyError, TypeError)):
        inst.initialize(x=7, y="text")
    assert float(inst["x"]) == 1.0


def test_keys_that_are_no_strings_work():
    inst = made(Module(d={1: T.dscalar(), (2, 3): T.dscalar()}), d={1: 5, (2, 3): 6})
    assert [float(inst.d[1]), float(inst.d[2, 3])] == [5.0, 6.0]
    assert list(inst.state_dict()) == ["d.1", "d.(2, 3)"]


# Threads, memory, hostile names


def test_make_from_many_threads_gives_independent_instances():
    m, found = Accumulator(), []

    def work(start):
        acc = made(m, state=start)
        for _ in range(50):
            acc.add(1)
        found.append(float(acc.state) - start)

    threads = [threading.Thread(target=work, args=(100 * i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [50.0] * 8


def test_no_call_of_another_thread_is_lost(mode):
    acc = Accumulator().make(state=0, mode=mode)

    def work():
        for _ in range(200):
            acc.add(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert float(acc.state) == 800.0


def test_dropping_an_instance_frees_its_members_at_once():
    import gc
    import weakref

    inst = made(Accumulator(), state=1)
    made_graph = weakref.ref(inst._modc_made)
    gc.disable()
    try:
        del inst
        assert made_graph() is None
    finally:
        gc.enable()


HOSTILE = ["int", 'a"b', "a'b", "new\nline", "*/ }", "\\", "ünï", "a b", "for", "%s", "NULL", "x" * 1_000_000, "\0", ""]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_are_data(name, mode, tmp_path):
    m = Module()
    x, member = T.dscalar(name), T.dscalar(name)
    setattr(m, name or "empty", member)
    m.f = Method(x, x + member, {member: member + x}, name=name)
    inst = m.make(mode=mode, **{name or "empty": 1})
    assert float(inst.f(2)) == 3.0
    assert float(inst.f(**{name: 2}) if name else inst.f(2)) == 5.0
    with pytest.raises(TypeError) as caught:
        inst.f("text")
    assert len(str(caught.value)) < 10_000
    str(inst), repr(inst), str(m), m.pretty()
    if len(name) < 1000:
        inst.save(tmp_path / "state")
        inst.reset()
        inst.load(tmp_path / "state.npz")
        assert float(inst[name or "empty"]) == 5.0


def test_members_may_have_external_neighbours_and_member_wrappers():
    x = T.dscalar()
    m = Module(x=Member(x, init=2.0), y=x * 2)
    assert float(made(m).x) == 2.0


def test_a_failing_initialisation_changes_nothing():
    m = Module(x=T.dscalar(), sub=Module(y=T.dscalar(), z=T.lscalar()))
    inst = made(m, x=1, sub={"y": 2, "z": 3})
    for values in ({"x": 5, "sub": {"y": 6, "z": 0.5}}, {"x": 5, "nope": 1}, {"x": 5, "sub": {"y": 6, "w": 1}}):
        with pytest.raises((TypeError, KeyError)):
            inst.initialize(values)
        assert [float(inst.x), float(inst.sub.y), int(inst.sub.z)] == [1.0, 2.0, 3]
