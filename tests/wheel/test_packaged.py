"""Instances from a package's kernels behave as those that make gives."""

from __future__ import annotations

import copy
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from wheel_packages import Packed, models, pack

import modc.runtime
from modc.errors import DTypeError, ModeError, PackageError, ShapeError

if modc.runtime.KIND == "numpy":
    pytest.skip("no kernel can be called", allow_module_level=True)

TEXT = '''
class Acc(Module):
    """Adds up."""

    def __init__(self):
        self.state = Member(T.dscalar(), init=1.5)
        inc = T.dscalar("inc")
        self.factor = 2
        self.rate = float("inf")
        self.table = np.arange(3.0)
        self.note = {"unit": "m", "by": [1, None]}
        self.doubled = self.state * self.factor
        self.add = Method([In(inc, value=3.0)], self.state + inc * self.factor, {self.state: self.state + inc * self.factor})
        self.look = Method([], [self.state, self.doubled], doc="Both.")
        self.named = Method([], {"state": self.state, "doubled": self.doubled})


class Layer(Module):
    def __init__(self, x, sizes):
        self.w, self.b = Member(T.dmatrix()), Member(T.dvector())
        self.out = T.tanh(T.dot(x, self.w) + self.b)
        self.run = Method(x, self.out)

    def _instance_initialize(self, inst, inputs=2, outputs=3):
        inst.w, inst.b = np.ones([inputs, outputs]) / 4, np.arange(outputs) / 8


class Net(Module):
    def __init__(self):
        x = T.dmatrix("x")
        self.first = Layer(x, None)
        self.second = Layer(self.first.out, None)
        self.layers = [self.first, self.second]
        self.named = {"a": self.second.b, 7: self.first.b}
        self.predict = Method(x, self.second.out)
        rate = T.dscalar("rate")
        self.decay = Method(In(rate, value=0.5), None, {one.b: one.b * rate for one in (self.first, self.second)})

    def _instance_initialize(self, inst):
        inst.first.initialize(2, 3)
        inst.second.initialize(3, 1)


class Strict(Module):
    def __init__(self, needed=None):
        self.helper = object
        self.x = T.dscalar()
        self.y = Member(T.dscalar(), init=2.0)
        self.total = Method([], self.x + self.y)

    def _instance_initialize(self, inst, x):
        inst.y = 77.0
        inst.x = x


common = shared(np.float64(10.0), "common")


class Counts(Module):
    def __init__(self):
        k = T.lvector("k")
        self.spread = Method(k, T.arange(k.sum()), mode="numpy")
        self.staged = Method(k, T.arange(k.max()) * 2)
        n = T.lscalar("n")
        self.count = Method([In(n, value=0, update=n + 1)], n)
        self.both = Method([], common, {common: common + 1})
        self.last = T.lvector()
        v = T.lvector("v")
        self.put = Method(v, v.sum(), {self.last: v})


class Own(Component):
    """Gives something that no package holds, and makes a Method of its own."""

    def __init__(self, method):
        self.method = method

    def allocate(self, memo):
        self.method.allocate(memo)

    def build(self, mode, memo):
        return {"run": self.method.build(mode, memo)}


class Odd(Module):
    def __init__(self):
        x = T.dvector("x")
        self.own = Own(Method(x, x + 5, name="inner"))
        self.by = {(1, 2): T.dscalar(), 3: Member(T.dscalar(), init=4.0)}
        self.listed = [Own(Method(x, x + 6, name="listed")), Member(T.dscalar(), init=1.0)]
        self.run = Method(x, x + 7)


def make_acc():
    return Acc()


def ready():
    inst = Acc().make()
    inst.add(4)
    return inst


def several():
    return {"one": Acc(), "two": [Counts()]}


def plain():
    x = T.dvector("x")
    return function([x], x * 2)
'''

FACTORIES = {
    "acc": "make_acc", "net": "Net", "strict": "Strict", "counts": "Counts", "ready": "ready", "several": "several",
    "plain": "plain", "odd": "Odd",
}  # fmt: skip


@pytest.fixture(scope="module")
def packed(tmp_path_factory) -> Packed:
    return pack(tmp_path_factory.mktemp("packed"), TEXT, FACTORIES)


def load(packed: Packed, name: str):
    return modc.runtime.load(packed.path, name)


def said(call) -> tuple[type, str]:
    with pytest.raises(Exception) as caught:
        call()
    return caught.type, str(caught.value).partition("\n  at ")[0]


def test_members_methods_and_first_values_are_those_of_the_module(packed):
    acc = load(packed, "acc")()
    assert float(acc.state) == 1.5
    assert float(acc.add(2)) == 5.5
    assert float(acc.add()) == 11.5
    assert [float(one) for one in acc.look()] == [11.5, 23.0]
    assert acc.named() == {"state": 11.5, "doubled": 23.0}
    assert (acc.factor, acc.rate, acc.table.tolist()) == (2, float("inf"), [0.0, 1.0, 2.0])
    assert acc.note == {"unit": "m", "by": [1, None]}
    assert (acc.look.__doc__, type(acc).__doc__, acc.add.mode, acc.add.cache_hit) == ("Both.", "Adds up.", "c", True)
    assert "state" in acc and "nothing" not in acc


def test_arguments_of_the_factory_are_those_of_make(packed):
    factory = load(packed, "acc")
    assert float(factory(state=7).state) == 7.0
    assert float(factory({"state": 8}).state) == 8.0
    theirs, ours = models(packed).Acc().make, factory
    for call in (lambda f: f(nothing=1), lambda f: f(3), lambda f: f(state="x"), lambda f: f(factor=3), lambda f: f(1, 2)):
        assert said(lambda call=call: call(ours)) == said(lambda call=call: call(theirs))


def test_instances_are_independent(packed):
    factory = load(packed, "acc")
    a, b = factory(), factory()
    a.add(1)
    a.note["unit"] = "s"
    a.add[0] = 100.0
    assert (float(a.state), float(b.state), b.note["unit"], float(b.add[0])) == (3.5, 1.5, "m", 3.0)


def test_nested_parts_are_there_and_shared_as_in_the_module(packed):
    net = load(packed, "net")()
    twin = models(packed).Net().make()
    x = np.arange(6.0).reshape(3, 2)
    assert np.array_equal(net.predict(x), twin.predict(x))
    assert np.array_equal(net.layers[0].run(x), net.first.run(x))
    net.decay(0.25)
    twin.decay(0.25)
    assert np.array_equal(net.first.b, twin.first.b) and net.layers[0] is net.first
    net.named[7] = [1.0, 2.0, 3.0]
    assert net.first.b.tolist() == [1.0, 2.0, 3.0]
    assert sorted(net.state_dict()) == sorted(twin.state_dict())
    assert [key for key, _ in net.walk()] == [key for key, _ in twin.walk()]
    assert "Net" in repr(net) and str(net.named) == str(net["named"])


def test_a_module_that_wants_arguments_starts_from_declared_values(packed):
    inst = load(packed, "strict")()
    assert (inst.x, float(inst.y), hasattr(inst, "helper")) == (None, 2.0, False)
    assert said(inst.total) == said(models(packed).Strict().make_no_init().total)
    inst.x = 1
    assert float(inst.total()) == 3.0
    assert any("make() without arguments raises TypeError" in line for line in packed.said)


def test_private_states_and_shared_variables_keep_their_values(packed):
    factory = load(packed, "counts")
    a, b = factory(), factory()
    assert [int(a.count()) for _ in range(3)] == [0, 1, 2]
    assert int(b.count()) == 0
    assert [float(a.both()), float(b.both()), float(a.both())] == [10.0, 11.0, 12.0]
    assert int(a.count[0]) == 3 and a.state_dict()["count.n"] == 3
    a.put([1, 2, 3])
    assert a.last.tolist() == [1, 2, 3] and b.last is None


def test_an_instance_that_a_factory_gives_is_kept_as_it_was(packed):
    inst = load(packed, "ready")()
    assert float(inst.state) == 9.5
    inst.state = 0
    inst.reset()
    assert float(inst.state) == 9.5


def test_lists_and_dicts_of_a_factory_have_names_of_their_own(packed):
    assert float(load(packed, "several.one")().add(1)) == 3.5
    assert int(load(packed, "several.two.0")().count()) == 0


def test_a_function_is_an_object_of_its_own(packed):
    double = load(packed, "plain")()
    assert double([1.0, 2.0]).tolist() == [2.0, 4.0]
    assert said(lambda: double("x"))[0] is DTypeError
    assert said(lambda: load(packed, "plain")(x=1))[0] is TypeError


def test_errors_have_the_same_words(packed):
    ours, theirs = load(packed, "acc")(), models(packed).Acc().make()
    for call in (
        lambda one: one.add("x"), lambda one: one.add(1, 2), lambda one: one.add(nix=1), lambda one: one["nix"],
        lambda one: one["doubled"], lambda one: one.add[5], lambda one: setattr(one, "factor", 1),
        lambda one: setattr(one, "state", [1, 2]), lambda one: setattr(one, "add", 1), lambda one: one.__setitem__("add", 1),
        lambda one: one.load_state_dict({}), lambda one: one.restore(3), lambda one: setattr(one, "table", 1),
    ):  # fmt: skip
        assert said(lambda call=call: call(ours)) == said(lambda call=call: call(theirs))
    ours, theirs = load(packed, "net")(), models(packed).Net().make()
    for call in (lambda one: one.predict(np.ones([2, 5])), lambda one: one.layers[9], lambda one: one.named["x"]):
        assert said(lambda call=call: call(ours)) == said(lambda call=call: call(theirs))
    assert said(lambda: ours.predict(np.ones([2, 5])))[0] is ShapeError


def test_state_goes_there_and_back(packed, tmp_path):
    inst = load(packed, "net")()
    state, moment = inst.state_dict(), inst.snapshot()
    inst.decay(0.5)
    assert not np.array_equal(inst.first.b, state["first.b"])
    inst.restore(moment)
    assert np.array_equal(inst.first.b, state["first.b"])
    inst.save(tmp_path / "state")
    with pytest.raises(KeyError), inst.transaction():
        inst.decay(0.5)
        raise KeyError
    assert np.array_equal(inst.first.b, state["first.b"])
    other = models(packed).Net().make()
    other.decay(0.0)
    other.load(tmp_path / "state")
    assert np.array_equal(other.first.b, inst.first.b)
    other.decay(0.5)
    inst.load_state_dict(other.state_dict())
    assert np.array_equal(other.first.b, inst.first.b)


def test_reset_repeats_the_arguments(packed):
    inst = load(packed, "acc")(state=4)
    inst.add(1)
    inst.reset()
    assert float(inst.state) == 4.0


@pytest.mark.parametrize("way", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_copies_and_pickles_take_values_and_defaults_along(packed, way):
    inst = load(packed, "acc")(state=4)
    inst.add[0] = 10.0
    inst.own = "mine"
    twin = way(inst)
    assert float(twin.add()) == 24.0 and float(inst.state) == 4.0 and twin.own == "mine"
    function = way(inst.add)
    assert float(function()) == 24.0
    counts = load(packed, "counts")()
    counts.count()
    assert int(way(counts).count()) == 1


def test_only_kernels_are_there(packed):
    inst = load(packed, "acc")()
    with pytest.raises(ModeError, match="only 'c'"):
        load(packed, "acc")(mode="numpy")
    with pytest.raises(AttributeError, match="came with a package, without its graph"):
        _ = inst.add.graph
    assert "Acc_add" in inst.add.c_source and len(inst.add.key) == 64
    assert os.path.dirname(inst.add.path) == str(packed.folder)


def test_what_no_package_holds_is_left_out_but_its_methods_have_kernels(packed, monkeypatch, tmp_path):
    odd = load(packed, "odd")()
    assert odd.run([1.0]).tolist() == [8.0]
    assert not hasattr(odd, "own") and list(odd.by) == [3] and float(odd.by[3]) == 4.0
    assert odd.listed[0] is None and float(odd.listed[1]) == 1.0
    data = json.loads((packed.folder / "manifest.json").read_text())
    rows = {row["class"]: row["left_out"] for row in data["objects"]["odd"]["instances"]}
    assert rows == {"Odd": ["own"], "ComponentDict": ["(1, 2)"], "ComponentList": ["0"]}
    monkeypatch.setenv("MODC_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("MODC_NO_COMPILE", "1")
    assert models(packed).Odd().make().own["run"]([1.0]).tolist() == [6.0]


def test_a_method_of_mode_numpy_has_no_kernel(packed):
    inst = load(packed, "counts")()
    assert (inst.spread.mode, inst.spread.path) == ("numpy", None)
    for method in (inst.spread, inst.staged):
        with pytest.raises(ModeError, match="a package has kernels alone, and this Method has mode numpy, or Python between"):
            method([1, 2])


def test_a_method_of_several_kernels_has_them_where_its_module_is_made(packed, monkeypatch, tmp_path):
    monkeypatch.setenv("MODC_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("MODC_NO_COMPILE", "1")
    counts = models(packed).Counts().make()
    assert (counts.staged.mode, counts.staged.cache_hit) == ("c", True)
    assert counts.staged([3, 1]).tolist() == [0, 2, 4] and counts.spread([1, 1]).tolist() == [0, 1]


def test_without_cffi_the_reason_is_said(packed):
    program = f"import modc.runtime; modc.runtime.load({str(packed.path)!r}, 'acc')"
    env = {**os.environ, "MODC_RUNTIME": "numpy"}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=env, check=False)
    assert "PackageError: kernels of packages cannot be called without cffi\n  hint: `pip install cffi`" in run.stderr


def test_what_cannot_be_found_is_said(packed, tmp_path, monkeypatch):
    with pytest.raises(PackageError, match=r"which one is wanted\? \(it has: acc, net, "):
        modc.runtime.load(packed.path)
    with pytest.raises(PackageError, match="there is no 'nix'"):
        load(packed, "nix")
    with pytest.raises(PackageError, match="there is no package 'nowhere_at_all'"):
        modc.runtime.load("nowhere_at_all")
    with pytest.raises(PackageError, match="json has no kernels"):
        modc.runtime.load("json")
    with pytest.raises(PackageError, match="has no kernels"):
        modc.runtime.load(tmp_path)
    monkeypatch.syspath_prepend(str(packed.root))
    assert modc.runtime.load(packed.name, "acc")().factor == 2
    assert packed.name not in sys.modules or modc.runtime.load(sys.modules[packed.name], "acc")().factor == 2


def test_nothing_but_the_runtime_is_loaded(packed):
    program = f"""
import sys, modc.runtime
acc = modc.runtime.load({str(packed.path)!r}, "acc")()
assert float(acc.add(2)) == 5.5
assert sorted(acc.state_dict()) == ["state"]
print(*sys.modules)
"""
    for kind in ("c", "cffi"):
        if kind == "c" and modc.runtime.KIND != "c":
            continue
        env = {**os.environ, "MODC_RUNTIME": kind, "MODC_NO_COMPILE": "1", "PATH": ""}
        run = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, env=env, check=False)
        assert (run.returncode, run.stderr) == (0, "")
        parts = {".".join(name.split(".")[:2]) for name in run.stdout.split() if name.startswith("modc.")}
        assert parts <= {"modc._abi", "modc._call", "modc.build", "modc.config", "modc.errors", "modc.runtime"}
        assert not {"click", "rich", "platformdirs", "subprocess", "cffi"} & set(run.stdout.split())


def test_the_manifest_fits_its_schema_and_holds_no_path(packed):
    jsonschema = pytest.importorskip("jsonschema")
    import modc.wheel

    schema = json.loads((Path(modc.wheel.__file__).parent / "manifest.schema.json").read_text())
    text = (packed.folder / "manifest.json").read_text()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(text))
    for path in packed.folder.iterdir():
        assert str(packed.root).encode() not in path.read_bytes()
        assert str(Path.home()).encode() + b"/" not in path.read_bytes()


def test_the_same_sources_give_the_same_bytes(tmp_path):
    text = "class M(Module):\n    def __init__(self):\n        x = T.dvector('x')\n        self.f = Method(x, x.sum() + x[0])\n"
    made = []
    for place in (tmp_path / "a", tmp_path / "b" / "c"):
        from wheel_packages import package

        one = package(place, text, "same_bytes")
        one.build({"factories": ["same_bytes.models:M"]})
        made.append({path.name: path.read_bytes() for path in one.folder.iterdir()})
        for name in [name for name in sys.modules if name.startswith("same_bytes")]:
            del sys.modules[name]
    assert made[0] == made[1]
