"""SEMANTICS.md 11 and 14.2: pickles, copies, state dicts, files, transactions, reset."""

from __future__ import annotations

import contextlib
import copy
import os
import pickle
import subprocess
import sys
import threading

import numpy as np
import pytest

import modc.tensor as T
from modc import In, Method, Module, shared
from tests.module.programs import Accumulator, Counter, Tree

COPIES = [copy.deepcopy, lambda inst: pickle.loads(pickle.dumps(inst))]
COPIES += [lambda inst, p=p: pickle.loads(pickle.dumps(inst, p)) for p in range(6)]
copied = pytest.mark.parametrize("duplicate", COPIES, ids=["deepcopy", "pickle", *map(str, range(6))])


@copied
def test_11_1_values_are_equal_and_storage_is_independent(duplicate, mode):
    acc = Accumulator().make(state=1, mode=mode)
    other = duplicate(acc)
    other.add(5)
    assert (float(acc.state), float(other.state), other.inc) == (1.0, 6.0, None)
    assert type(other).__name__ == "ModuleInstance"
    assert float(acc.add(1)) == 2.0


@copied
def test_11_1_sharing_is_kept_inside_the_copy(duplicate, mode):
    tree = Tree().make(mode=mode, cells={"p": 1, "q": [2, 3]} if False else {"p": 1}, b={"x": [5, 6]})
    tree.both[0].y = 8
    other = duplicate(tree)
    assert other.both[0] is other.a
    assert other.shared is other.a.x
    assert float(other.a.y) == 8.0
    other.flow()
    assert (other.a.x.tolist(), other.b.x.tolist()) == ([5.0, 6.0], [1.0, 2.0])
    assert (tree.a.x.tolist(), float(tree.cells["p"]), float(other.cells["p"])) == ([1.0, 2.0], 1.0, 2.0)
    assert float(other.a.total()) == 19.0


@copied
def test_11_2_private_state_defaults_attributes_and_classes_travel(duplicate):
    counter = Counter().make(3, mode="numpy")
    counter.tick()
    counter.step["k"] = 2.0
    counter.extra = {"self": counter}
    other = duplicate(counter)
    assert other.extra["self"] is other
    assert (other.label, float(other.n), other.doubled) == ("counter", 3.0, 6.0)
    assert [float(other.tick()), float(other.step())] == [11.0, 5.0]
    assert [float(counter.tick()), float(counter.n)] == [11.0, 3.0]
    assert other.print_state is None if hasattr(other, "print_state") else True
    assert type(other).__mro__[1].__name__ == "CounterInstance"


@copied
def test_11_2_bound_instance_methods_are_bound_to_the_copy(duplicate):
    acc = Accumulator().make(state=1, mode="numpy")
    acc.hook = acc.print_state
    other = duplicate(acc)
    other.state = 2
    assert other.hook() == "state: state is 2.0"


@copied
def test_parts_bring_the_whole_instance(duplicate, mode):
    tree = Tree().make(mode=mode)
    part = duplicate(tree.a)
    assert part.x.tolist() == [1.0, 2.0]
    assert float(part.total()) == 10.0
    acc = Accumulator().make(state=1, mode=mode)
    add = duplicate(acc.add)
    assert [float(add(1)), float(add(1)), float(acc.state)] == [2.0, 3.0, 1.0]


@copied
def test_several_parts_in_one_pickle_stay_together(duplicate):
    acc = Accumulator().make(state=1, mode="numpy")
    add, other, sub = duplicate((acc.add, acc, [acc.sub]))
    add(4)
    sub[0](1)
    assert float(other.state) == 4.0


@copied
def test_11_3_constants_stay_read_only_and_none_stays_none(duplicate):
    inst = Module(c=T.constant(4), n=3, x=T.dvector(), array=np.arange(3)).make(mode="numpy")
    other = duplicate(inst)
    assert (int(other.c), other.n, other.x, other.array.tolist()) == (4, 3, None, [0, 1, 2])
    for name in ("c", "n", "array"):
        with pytest.raises(TypeError, match="readonly"):
            setattr(other, name, 1)


def test_11_4_a_fresh_process_loads_the_pickle(tmp_path, mode):
    tree = Tree().make(mode=mode, cells={"p": 1})
    file = tmp_path / "tree.pkl"
    file.write_bytes(pickle.dumps(tree))
    code = (
        "import pickle, sys; t = pickle.load(open(sys.argv[1], 'rb')); t.flow(); "
        "print(t.a.x.tolist(), float(t.cells['p']), float(t.a.total()), t.both[1] is t.b)"
    )
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])}
    run = subprocess.run(
        [sys.executable, "-c", code, str(file)], capture_output=True, text=True, env=environment, check=False
    )
    assert (run.stdout.strip(), run.returncode) == ("[1.0, 2.0] 2.0 10.0 True", 0), run.stderr


@copied
def test_11_5_module_graphs_can_be_copied_before_and_after_make(duplicate, mode):
    m = Tree()
    m.make(mode=mode)
    other = duplicate(m)
    inst = other.make(mode=mode, cells={"p": 1})
    inst.flow()
    assert other.a.x is not m.a.x
    assert other.shared is other.a.x
    assert float(inst.cells["p"]) == 2.0
    assert str(other) == str(m)
    assert other.a.x.name == "x"


def test_11_9_pickles_hold_no_paths_and_know_their_version():
    data = pickle.dumps(Accumulator().make(state=1, mode="numpy"))
    assert os.path.dirname(__file__).encode() not in data
    assert b"/src/modc" not in data
    from modc.module.persist import rebuild

    with pytest.raises(ValueError, match="version 99"):
        rebuild(99, None, None, {}, {})


def test_a_copy_is_of_the_instance_as_it_was_made():
    m = Accumulator()
    acc = m.make(state=1, mode="numpy")
    m.extra, m.generator = T.dscalar(), (i for i in ())
    m.add.updates[m.extra] = m.extra + 1
    del m.generator
    other = copy.deepcopy(acc)
    assert not hasattr(other, "extra")
    assert float(other.add(1)) == 2.0


def test_shared_variables_stay_shared_inside_a_copy():
    w = shared(1.0, "w")
    m = Module(a=Method([], w, {w: w + 1}), b=Method([], w))
    pair = copy.deepcopy([m.make(mode="numpy"), m.make(mode="numpy")])
    pair[0].a()
    assert float(pair[1].b()) == 2.0
    assert float(w.get_value()) == 1.0


def test_copy_copy_is_the_same_storage():
    acc = Accumulator().make(state=1, mode="numpy")
    copy.copy(acc).add(1)
    assert float(acc.state) == 2.0


def test_a_cyclic_instance_can_be_copied():
    m = Module(x=T.dscalar())
    m.me, m.l = m, [m]
    inst = copy.deepcopy(m.make(x=3, mode="numpy"))
    assert inst.me is inst is inst.l[0]
    assert float(inst.me.x) == 3.0


# State without pickle


def test_state_dict_has_dotted_keys_and_copies(mode):
    tree = Tree().make(mode=mode, cells={"p": 1})
    state = tree.state_dict()
    assert list(state) == ["a.x", "a.y", "b.x", "b.y", "cells.p", "cells.q.0"]
    state["a.x"][0] = 99
    assert tree.a.x.tolist() == [1.0, 2.0]
    assert state["cells.q.0"] is None
    other = Tree().make(mode=mode)
    other.load_state_dict({**state, "a.y": 5, "cells.q.0": 4})
    assert (other.a.x.tolist(), float(other.a.y), int(other.cells["q"][0])) == ([99.0, 2.0], 5.0, 4)


def test_state_dict_has_private_states():
    counter = Counter().make(mode="numpy")
    counter.tick()
    state = counter.state_dict()
    assert {key: float(value) for key, value in state.items()} == {"n": 5.0, "tick.t": 11.0}
    other = Counter().make(mode="numpy")
    other.load_state_dict(state)
    assert float(other.tick()) == 11.0


@pytest.mark.parametrize(("change", "error"), [
    (lambda s: s.pop("a.y"), KeyError), (lambda s: s.update(extra=1), KeyError),
    (lambda s: s.update({"b.y": "text"}), TypeError), (lambda s: s.update({"b.x": np.ones((2, 2))}), TypeError),
])  # fmt: skip
def test_load_state_dict_is_strict_and_changes_nothing_on_errors(change, error):
    tree = Tree().make(mode="numpy")
    state = tree.state_dict()
    state["a.x"] = [7, 7]
    change(state)
    with pytest.raises(error):
        tree.load_state_dict(state)
    assert tree.a.x.tolist() == [1.0, 2.0]


def test_load_state_dict_may_be_lenient():
    tree = Tree().make(mode="numpy")
    tree.load_state_dict({"a.y": 3, "unknown": 4}, strict=False)
    assert float(tree.a.y) == 3.0


def test_save_and_load_without_pickle(tmp_path, mode):
    tree = Tree().make(mode=mode, cells={"p": 1})
    tree.a.x = [4, 5, 6]
    tree.save(tmp_path / "state.npz")
    with np.load(tmp_path / "state.npz", allow_pickle=False) as file:
        assert file["a.x"].tolist() == [4.0, 5.0, 6.0]
    other = Tree().make(mode=mode)
    other.load(tmp_path / "state.npz")
    assert other.a.x.tolist() == [4.0, 5.0, 6.0]
    assert other.cells["q"][0] is None
    assert os.listdir(tmp_path) == ["state.npz"]


def test_damaged_files_are_refused_and_change_nothing(tmp_path):
    acc = Accumulator().make(state=1, mode="numpy")
    acc.save(tmp_path / "s.npz")
    whole = (tmp_path / "s.npz").read_bytes()
    for data in (b"", b"garbage", whole[: len(whole) // 2], whole[:-4], pickle.dumps({"state": 1})):
        (tmp_path / "s.npz").write_bytes(data)
        with pytest.raises(ValueError, match=r"s\.npz"):
            acc.load(tmp_path / "s.npz")
    with pytest.raises(FileNotFoundError):
        acc.load(tmp_path / "none.npz")
    assert float(acc.state) == 1.0


def test_keys_with_dots_do_not_collide(tmp_path):
    m = Module(d={"a.b": T.dscalar(init=1.0), "a": {"b": T.dscalar(init=2.0)}, "/../x": T.dscalar(init=3.0)})
    inst = m.make(mode="numpy")
    inst.save(tmp_path / "s.npz")
    other = m.make_no_init(mode="numpy")
    other.load(tmp_path / "s.npz")
    assert [float(other.d["a.b"]), float(other.d["a"]["b"]), float(other.d["/../x"])] == [1.0, 2.0, 3.0]


# Going back


def test_reset_repeats_what_make_did(mode):
    class M(Module):
        def __init__(self):
            super().__init__()
            self.x, self.y, self.z = T.dscalar(init=1.0), T.dvector(), T.dscalar()
            t = T.dscalar("t")
            self.tick = Method(In(t, value=0.0, update=t + 1), t, {self.x: self.x + 1})

    start = np.zeros(2)
    inst = M().make(y=start, mode=mode)
    start[0] = 9
    inst.tick()
    inst.y, inst.z = [1, 2, 3], 4
    inst.reset()
    assert (float(inst.x), inst.y.tolist(), inst.z, float(inst.tick())) == (1.0, [0.0, 0.0], None, 0.0)


def test_a_transaction_that_is_undone_takes_no_other_threads_calls_with_it(mode):
    m = Module()
    m.x = T.dscalar()
    m.add = Method([], None, {m.x: m.x + 1})
    inst = m.make(x=0, mode=mode)

    def work(fails: bool) -> None:
        for _ in range(30):
            with contextlib.suppress(KeyError), inst.transaction():
                inst.add()
                if fails:
                    raise KeyError
            inst.add()

    threads = [threading.Thread(target=work, args=(fails,)) for fails in (False, True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert inst.x == 60 + 30 + 60


def test_a_transaction_rolls_back(mode):
    w = shared(1.0)
    m = Module(x=T.dvector(), n=T.dscalar(), sub=Module(y=T.dscalar()))
    t = T.dscalar("t")
    m.f = Method(In(t, value=0.0, update=t + 1), t, {m.x: T.concatenate([m.x, m.x]), m.sub.y: m.sub.y + 1, w: w + 1})
    inst = m.make(x=[1], sub={"y": 0}, mode=mode)
    view = inst.x
    with pytest.raises(RuntimeError), inst.transaction():
        inst.f()
        inst.n = 5
        with pytest.raises(ZeroDivisionError), inst.transaction():
            inst.f()
            raise ZeroDivisionError
        assert inst.x.tolist() == [1.0, 1.0]
        raise RuntimeError
    assert (inst.x.tolist(), inst.n, float(inst.sub.y), float(w.get_value())) == ([1.0], None, 0.0, 1.0)
    assert float(inst.f()) == 0.0
    assert view.tolist() == [1.0]
    with inst.transaction():
        inst.n = 3
    assert float(inst.n) == 3.0


def test_snapshots_restore(mode):
    inst = Accumulator().make(state=1, mode=mode)
    before = inst.snapshot()
    inst.add(5)
    inst.restore(before)
    assert float(inst.state) == 1.0
    with pytest.raises(ValueError, match="another Module"):
        Tree().make(mode="numpy").restore(before)
