"""SEMANTICS.md 1-3: Components, attributes and wrapping, names."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import modc.tensor as T
from modc import (
    AllocationError,
    Component,
    ComponentDict,
    ComponentDictInstance,
    ComponentList,
    ComponentListInstance,
    Composite,
    External,
    Member,
    Method,
    ModcWarning,
    Module,
    ModuleInstance,
    register_wrapper,
    wrap,
)  # fmt: skip
from modc.module import name_join
from modc.runtime import Cell


def made(module, *args, **kwargs):
    return module.make(*args, mode="numpy", **kwargs)


# 1. Object model


def test_1_1_sharing_in_the_component_graph_is_sharing_in_the_instance_graph():
    m, sub = Module(), Module()
    sub.x = T.dscalar()
    m.a, m.b, m.l = sub, sub, [sub]
    inst = made(m)
    assert inst.a is inst.b
    assert inst.l[0] is inst.a


def test_1_2_the_component_contract_is_open_to_users():
    class Clock(Component):
        def allocate(self, memo):
            memo["ticks"] = 7

        def build(self, mode, memo):
            return {"ticks": memo["ticks"]}

    class Nothing(Component):
        def allocate(self, memo):
            pass

        def build(self, mode, memo):
            return None

    m = Module()
    m.clock, m.nothing = Clock(), Nothing()
    inst = made(m)
    assert inst.clock == {"ticks": 7}
    assert not hasattr(inst, "nothing")
    assert Clock().make() == {"ticks": 7}


def test_1_2_storage_that_a_component_puts_into_the_memo_is_used_and_copied():
    class Holding(Component):
        def __init__(self, x):
            self.x = x

        def allocate(self, memo):
            memo[self.x] = Cell("held", "float64", 0)

        def build(self, mode, memo):
            return memo[self.x]

    m, x = Module(), T.dscalar("x")
    m.held = Holding(x)
    m.up = Method([], None, {x: x + 1})
    inst = made(m, held=3)
    inst.up()
    twin = copy.deepcopy(inst)
    twin.up()
    assert (float(inst.held), float(twin.held)) == (4.0, 5.0)


def test_1_2_a_component_may_compile_a_method_of_its_own():
    class Doubler(Component):
        def __init__(self, x):
            self.method = Method([], x * 2)

        def allocate(self, memo):
            pass

        def build(self, mode, memo):
            return self.method.build(mode, memo)

    m = Module()
    m.x = T.dscalar()
    m.double = Doubler(m.x)
    assert float(made(m, x=4).double()) == 8.0


@pytest.mark.parametrize("call", [
    lambda: Component().allocate(None), lambda: Component().build(None, None), lambda: Component().pretty(),
    lambda: Composite().components(), lambda: Composite().components_map(), lambda: Composite().get(0),
    lambda: Composite().set(0, 0),
])  # fmt: skip
def test_1_2_bases_leave_the_contract_to_subclasses(call):
    with pytest.raises(NotImplementedError):
        call()


def test_1_3_every_component_can_be_made(mode):
    x = T.dscalar("x")
    assert float(Method([x], x * 2).make(mode=mode)(3)) == 6.0
    assert [float(v) for v in ComponentList(T.dscalar(), T.dscalar()).make([1, 2], mode=mode)] == [1.0, 2.0]
    assert float(ComponentDict(x=T.dscalar()).make(x=1, mode=mode)["x"]) == 1.0
    cell = Member(T.dvector()).make(mode=mode)
    assert isinstance(cell, Cell)
    assert cell.value is None


def test_1_4_instance_types_are_class_attributes():
    assert (Module.InstanceType, ComponentDict.InstanceType) == (ModuleInstance, ComponentDictInstance)


def test_1_5_instances_know_their_component():
    m = Module()
    m.l = [T.dscalar()]
    inst = made(m)
    assert inst.component is m
    assert isinstance(inst.l, ComponentListInstance)


# 2. Attributes and wrapping


def test_2_1_arguments_of_module_are_attributes():
    m = Module(x=T.dscalar(), n=3)
    assert (m.x.name, m.n) == ("x", 3)


def test_2_2_reading_gives_what_was_assigned():
    m, x = Module(), T.dscalar()
    m.x, m.l, m.t, m.d, m.i = x, [x], (1, 1), {"k": x}, 4
    assert m.x is x
    assert m.l == [x]
    assert m.t == (1, 1)
    assert m.d == {"k": x}
    assert m.i == 4
    made(m)
    assert m.x is x
    assert isinstance(m.t, tuple)


def test_2_3_wrap_follows_its_rules():
    x, method = T.dscalar(), Method([], None)
    assert wrap(method) is method
    assert isinstance(wrap(x), Member)
    assert isinstance(wrap(T.constant(3)), Member)
    assert isinstance(wrap(x + 1), External)
    assert isinstance(wrap([x, (x, 1)]), ComponentList)
    assert isinstance(wrap({"a": x}), ComponentDict)
    assert isinstance(wrap(3.5), Component)
    assert isinstance(wrap(np.ones(3)), Component)
    text = "text"
    assert wrap(text) is text
    mixed = [x, "text"]
    assert wrap(mixed) is mixed


def test_2_3_register_wrapper_appends_a_rule():
    class Marker:
        pass

    register_wrapper(lambda x: isinstance(x, Marker), lambda x: Member(T.dscalar(init=9.0)))
    m = Module()
    m.mark = Marker()
    assert float(made(m).mark) == 9.0
    assert isinstance(wrap(Marker()), Member)


@pytest.mark.parametrize("build", [
    lambda leaf: [leaf], lambda leaf: (leaf,), lambda leaf: {"k": leaf}, lambda leaf: [[[leaf]]],
    lambda leaf: [{"k": (leaf, [leaf])}], lambda leaf: {"k": {"l": [leaf]}},
])  # fmt: skip
def test_2_4_every_nesting_works(build):
    def first(container):
        while isinstance(container, (ComponentListInstance, ComponentDictInstance)):
            container = container["k" if isinstance(container, ComponentDictInstance) and "k" in container
                                  else "l" if isinstance(container, ComponentDictInstance) else 0]  # fmt: skip
        return container

    m, x, sub = Module(), T.dscalar(), Module()
    sub.y = T.dscalar()
    m.x = x
    m.variable, m.constant, m.module = build(x), build(T.constant(3)), build(sub)
    m.method = build(Method([], x + 1))
    inst = made(m, x=4)
    assert float(first(inst.variable)) == 4.0
    assert int(first(inst.constant)) == 3
    assert float(first(inst.method)()) == 5.0
    assert isinstance(first(inst.module), ModuleInstance)


def test_2_4_nesting_without_end_is_refused_clearly():
    for depth, wrapped in ((100, True), (1000, False), (100_000, False)):
        nested = T.dscalar(init=1.0)
        for _ in range(depth):
            nested = [nested]
        m = Module(l=nested)
        if wrapped:
            assert len(list(made(m).named_members())) == 1
        else:
            with pytest.raises(ValueError, match="nested"):
                made(m)


def test_2_4_empty_containers_work():
    m = Module()
    m.l, m.t, m.d = [], (), {}
    inst = made(m)
    assert (list(inst.l), list(inst.t), dict(inst.d.items())) == ([], [], {})


def test_2_4_lists_that_grow_after_assignment_count():
    m = Module()
    m.subs = []
    for _ in range(2):
        m.subs.append(Module(x=T.dscalar(init=1.0)))
    inst = made(m)
    assert [float(sub.x) for sub in inst.subs] == [1.0, 1.0]


def test_2_5_other_objects_are_literals_that_each_instance_copies():
    m = Module()
    m.text, m.none, m.function, m.config = "t", None, len, {"depth": [1, "x"]}
    one, two = made(m), made(m)
    assert (one.text, one.none, one.function, one.config) == ("t", None, len, {"depth": [1, "x"]})
    one.config["depth"].append(5)
    assert two.config == m.config == {"depth": [1, "x"]}


def test_2_5_private_names_stay_with_the_module():
    m = Module()
    m._generator, m._x = (i for i in ()), T.dscalar()
    inst = made(m)
    assert not hasattr(inst, "_generator")
    assert not hasattr(inst, "_x")


def test_2_5_a_literal_that_refers_to_its_module_keeps_doing_so():
    class Acting(Module):
        def __init__(self):
            super().__init__()
            self.act = self.helper

        def helper(self):
            return self

    m = Acting()
    assert made(m).act() is m


def test_2_5_plain_objects_among_symbolic_ones_are_kept():
    m = Module()
    m.mixed = [T.dscalar(init=2.0), "text", None]
    inst = made(m)
    assert float(inst.mixed[0]) == 2.0
    assert list(inst.mixed)[1:] == ["text", None]


def test_2_6_numeric_literals_are_read_only():
    m = Module()
    m.n, m.yes, m.a, m.array = 3, True, [1, 2, 3], np.arange(3)
    inst = made(m)
    assert (inst.n, inst.yes, list(inst.a)) == (3, True, [1, 2, 3])
    assert inst.yes is True
    for name, value in (("n", 4), ("yes", False), ("a", [4, 5, 6]), ("array", np.ones(3))):
        with pytest.raises(TypeError, match="readonly"):
            setattr(inst, name, value)
        with pytest.raises(TypeError, match="readonly"):
            inst[name] = value
    with pytest.raises(TypeError, match="readonly"):
        inst.a[0] = 4
    assert list(inst.a) == [1, 2, 3]
    assert not inst.array.flags.writeable
    assert inst.array.tolist() == [0, 1, 2]


def test_2_6_a_mixed_list_has_one_place_to_set():
    m = Module()
    m.a = [1, 2, T.lscalar()]
    inst = made(m)
    assert list(inst.a) == [1, 2, None]
    inst.a[2] = 5
    assert [int(v) for v in inst.a] == [1, 2, 5]
    with pytest.raises(TypeError):
        inst.a[1] = 0


def test_2_7_members_and_externals_are_unwrapped():
    m, x, y = Module(), T.dscalar(), T.dscalar()
    m.x, m.y = Member(x), External(y)
    m.l = [Member(T.dscalar())]
    assert m.x is x
    assert m.y is y
    assert m.l[0].name == "l.0"
    inst = made(m, x=1)
    assert float(inst.x) == 1.0
    assert not hasattr(inst, "y")
    m.f = Method([], y)
    with pytest.raises(AllocationError, match="y"):
        made(m)
    m.owner = Module(y=y)
    assert float(made(m, owner={"y": 3}).f()) == 3.0


def test_2_8_members_inside_dicts_are_unwrapped():
    m, x = Module(), T.dscalar()
    m.d = {"k": Member(x)}
    assert m.d["k"] is x


def test_2_9_deleted_attributes_are_gone_and_the_last_value_wins():
    m = Module()
    m.x, m.y = T.dscalar(), T.dscalar()
    del m.x
    m.y = T.lscalar()
    inst = made(m)
    assert not hasattr(inst, "x")
    inst.y = 3
    assert inst.y.dtype == "int64"


def test_2_10_property_setters_of_subclasses_win():
    class Celsius(Module):
        @property
        def kelvin(self):
            return self._celsius + 273

        @kelvin.setter
        def kelvin(self, value):
            self._celsius = value - 273

    m = Celsius()
    m.kelvin = 300
    assert m._celsius == 27
    assert not hasattr(made(m), "kelvin")


@pytest.mark.parametrize("name", ["make", "build", "name", "allocate", "components", "initialize", "pretty"])
def test_2_11_names_of_the_interface_are_refused(name):
    m = Module()
    with pytest.raises((AttributeError, TypeError), match=name):
        setattr(m, name, T.dscalar())
    made(m)


def test_2_12_forgetting_super_init_works():
    class Forgetful(Module):
        def __init__(self):
            self.x = T.dscalar()
            self.up = Method([], None, {self.x: self.x + 1})

    inst = made(Forgetful(), x=1)
    inst.up()
    assert float(inst.x) == 2.0


def test_2_13_make_leaves_the_module_as_it_was():
    m, x = Module(), T.dscalar("x")
    m.x, m.l, m.d, m.t = x, [x, 3], {"k": [x]}, (x, "s")
    m.f = Method(x, x + 1)
    before = dict(m._modc_attributes())
    containers = (m.l[:], copy.copy(m.d), m.d["k"][:])
    made(m)
    made(m)
    assert dict(m._modc_attributes()) == before
    assert (m.l, m.d, m.d["k"]) == containers
    assert m.f.inputs is x


def test_2_14_later_attributes_affect_later_makes_only():
    m = Module()
    m.x = T.dscalar()
    first = made(m, x=1)
    m.y = T.dscalar()
    m.f = Method([], m.x + m.y)
    second = made(m, x=1, y=2)
    assert not hasattr(first, "y")
    assert float(second.f()) == 3.0
    assert float(first.x) == 1.0


# 3. Names


def test_3_1_names_come_from_attributes_and_explicit_ones_stay():
    m, twice = Module(), T.dscalar()
    m.state, m.inc = T.dscalar(), T.dscalar("step")
    m.new_state = m.state + m.inc
    m.first, m.second = twice, twice
    assert [v.name for v in (m.state, m.inc, m.new_state, twice)] == ["state", "step", "new_state", "first"]


def test_3_3_elements_of_containers_get_dotted_names():
    m = Module()
    m.l = [T.dscalar(), [T.dscalar(), T.dscalar()]]
    m.d = {"key": T.dscalar()}
    assert [m.l[0].name, m.l[1][1].name, m.d["key"].name] == ["l.0", "l.1.1", "d.key"]
    m.l.append(T.dscalar())
    made(m)
    assert m.l[2].name == "l.2"


def test_3_4_component_paths_are_dotted():
    outer, middle, inner = Module(), Module(), Module()
    inner.x, inner.f = T.dscalar(), Method([], None)
    middle.inner = inner
    outer.middle = middle
    assert (middle.name, inner.name, inner.f.name) == ("middle", "middle.inner", "middle.inner.f")
    assert inner.x.name.split(".")[-1] == "x"


def test_3_5_keywords_are_local_names(mode):
    m, sub = Module(), Module()
    sub.inc = T.dscalar()
    sub.state = T.dscalar()
    sub.add = Method(sub.inc, sub.state + sub.inc)
    m.sub = sub
    inst = m.make(mode=mode, sub={"state": 1})
    assert float(inst.sub.add(inc=2)) == 3.0


def test_3_6_methods_are_named_and_messages_say_so():
    m = Module()
    m.add = Method(T.dscalar("x"), None)
    assert m.add.name.endswith("add")
    with pytest.raises(TypeError, match=r"Module\.add"):
        made(m).add()
    assert name_join("a", "", "b") == "a.b"


def test_3_7_a_component_renames_the_variables_it_named():
    unnamed, named = T.dscalar(), T.dscalar("own")
    for variable in (unnamed, named):
        Member(variable).name = "given"
    assert (unnamed.name, named.name) == ("given", "own")


def test_3_8_str_of_a_member_is_its_name_and_of_its_value_the_number():
    m = Module()
    m.state = T.dscalar()
    assert str(m.state) == "state"
    assert str(made(m, state=0).state) == "0.0"


def test_a_component_list_names_its_elements_when_it_is_attached():
    m = Module()
    m.l = ComponentList(T.dscalar(), T.dscalar())
    m.l.append(T.dscalar())
    assert [v.name for v in m.l] == ["l.0", "l.1", "l.2"]


def test_cyclic_modules_can_be_named():
    m, child = Module(), Module()
    m.child, child.parent, m.me = child, m, m
    child.f = Method([], None)
    assert child.f.name.endswith("f")


def test_an_attribute_that_hides_an_instance_method_is_warned_about():
    class Kind(ModuleInstance):
        def size(self):
            return "method"

    class Sized(Module):
        InstanceType = Kind

    m = Sized()
    m.size = T.dscalar()
    with pytest.warns(ModcWarning, match="size"):
        inst = made(m)
    assert inst.size() == "method"
    inst["size"] = 2
    assert float(inst["size"]) == 2.0


def test_names_that_modc_itself_might_use_are_free():
    m = Module()
    names = ["children", "attributes", "rename", "parts", "walk", "reset", "save", "load", "state_dict", "restore",
             "snapshot", "transaction", "named_members", "keyed_parts", "cell", "lock"]  # fmt: skip
    for name in names:
        setattr(m, name, T.dscalar())
    for name in ("_class", "_place", "_made", "_component", "_keys", "_children"):
        setattr(m, name, [T.dscalar()])
    m.f = Method([], sum(getattr(m, name) for name in names[1:]))
    inst = made(m, dict.fromkeys(names, 1))
    assert float(inst.f()) == len(names) - 1
    assert [float(getattr(inst, name)) for name in names] == [1.0] * len(names)
    twin = copy.deepcopy(inst)
    assert float(twin.reset) == 1.0
    assert str(m).startswith("Module(attributes, cell")


def test_components_that_compare_equal_are_still_two():
    class Equal(Module):
        def __eq__(self, other):
            return True

    m = Module()
    m.a, m.b = Equal(x=T.dscalar()), Equal(x=T.dscalar())
    inst = made(m, a={"x": 1}, b={"x": 2})
    assert (float(inst.a.x), float(inst.b.x)) == (1.0, 2.0)


def test_an_instance_type_may_be_chosen_for_one_module():
    class Kind(ModuleInstance):
        def hello(self):
            return float(self.x)

    m = Module(x=T.dscalar())
    m.InstanceType = Kind
    assert made(m, x=2).hello() == 2.0
    assert str(m) == "Module(x)"
