"""Random Modules: compiled, interpreted and plain NumPy agree, and no failed call leaves a trace.

MODC_FUZZ=N runs N programs more (a hundred take about half a minute); what fails is printed as a program, made small.
"""

from __future__ import annotations

import ctypes
import os
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from module_maker import Action, Maker, Plan, values
from module_runs import instances, module_of, run, same_bytes
from module_shrink import shrink

import modc
import modc.tensor as T
from modc import Method, Module

FLAVOURS = ["whole", "whole", "odd", "wild"]


def plan_of(seed: int, steps: int = 0) -> Plan:
    chooser = random.Random(seed)
    return Maker(chooser, FLAVOURS[seed % 4], seed).make(steps or chooser.choice([3, 6, 10]), chooser.choice([1, 2]), 3)


def attempt(plan: Plan, **options: Any) -> Exception | None:
    try:
        run(plan, **options)
    except Exception as error:  # a crash of the compiler is a finding as well
        return error
    return None


def check(plan: Plan, **options: Any) -> None:
    error = attempt(plan, **options)
    if error is not None:
        small = shrink(plan, lambda less: type(attempt(less, **options)) is type(error), 60)
        raise AssertionError(f"{attempt(small, **options) or error!r}\n{small.text}") from error


@pytest.mark.parametrize("seed", range(500, 512 + int(os.environ.get("MODC_FUZZ", "0"))))
def test_random_modules_compute_what_numpy_computes(seed: int) -> None:
    check(plan_of(seed))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False), st.sampled_from(FLAVOURS))
def test_random_modules_interpreted_are_numpy(chooser: random.Random, flavour: str) -> None:
    plan = Maker(chooser, flavour, 1, sizes=[0, 1, 2, 3, 5]).make(5, 1, 2)
    error = attempt(plan, modes=["numpy"])
    if error is not None:
        raise AssertionError(plan.text) from error


# pairs that must agree without any oracle


def outputs_of(plan: Plan, module: Module, name: str, given: dict[str, Any]) -> list[Any]:
    inst = module.make({root.name: values(np.random.default_rng(at), root, plan.flavour, root.sizes) for at, root in enumerate(plan.members)})
    return [np.array(found) for found in getattr(inst, name)(**given)]


@pytest.mark.parametrize("seed", range(700, 704))
def test_an_output_alone_is_the_output_among_others(seed: int) -> None:
    plan = plan_of(seed, 8)
    names = [line.name for line in plan.lines]
    last = names[-1]
    inputs = [root.name for root in plan.inputs if root.name in plan.needed(names)]
    alone = [name for name in inputs if name in plan.needed([last])]
    plan.actions = [Action("all", inputs, names, {}), Action("one", alone, [last], {})]
    module = module_of(plan)
    given = {root.name: values(np.random.default_rng(7), root, plan.flavour, root.sizes) for root in plan.inputs}
    found = outputs_of(plan, module, "all", {name: given[name] for name in inputs})[-1]
    one = outputs_of(plan, module, "one", {name: given[name] for name in alone})[0]
    np.testing.assert_allclose(found, one, rtol=1e-12 if one.dtype == np.float64 else 1e-5, err_msg=plan.text)


@pytest.mark.parametrize("seed", range(720, 724))
def test_sizes_known_when_compiled_change_nothing(seed: int) -> None:
    plans = [plan_of(seed, 8) for _ in range(2)]
    for root in (*plans[1].inputs, *plans[1].members):
        root.dims = root.sizes
    for member in plans[1].members:  # an update of another shape is no update of a fixed size
        for plan in plans:
            for action in plan.actions:
                action.updates.pop(member.name, None)
    found = []
    for plan in plans:
        [inst] = instances(plan, ["c"])
        for action in plan.actions:
            given = {r.name: values(np.random.default_rng(3), r, plan.flavour, r.sizes) for r in plan.inputs if r.name in action.inputs}
            found.append([np.array(x) for x in getattr(inst, action.name)(**given)])
    half = len(found) // 2
    for free, fixed in zip(found[:half], found[half:], strict=True):
        for a, b in zip(free, fixed, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12 if a.dtype == np.float64 else 1e-5, err_msg=plans[0].text)


def test_other_compilers_and_levels_give_the_same_bits(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(740, 10)
    settings_of = [{}, {"MODC_CFLAGS": "-O0"}, {"MODC_RUNTIME": "cffi"}]
    for number, setting in enumerate(settings_of):
        monkeypatch.setenv("MODC_CACHE_DIR", str(tmp_path / str(number)))
        for name, value in setting.items():
            monkeypatch.setenv(name, value)
        check(plan, modes=["c"])


# atomicity, and the processor's own state


def failing() -> Module:
    """Methods that fail as late as they can, with every member updated in some way."""
    m = Module()
    m.n, m.v, m.w, m.grows = T.lscalar(), T.dvector(), T.dmatrix(), T.dvector()
    at, x = T.lvector("at"), T.dvector("x")
    everything = {m.n: m.n + 1, m.v: m.v[::-1], m.w: T.dot(m.w, m.w), m.grows: T.concatenate([m.grows, x])}
    m.take = Method([at, x], m.v[at], everything)
    m.computed = Method([x], m.v[T.cast(m.w.sum(axis=0) * x, "int64")], everything)
    m.put = Method([at, x], None, {**everything, m.v: T.set_subtensor(m.v[at], 0)})
    m.sizes = Method([x], m.v + x, everything)
    m.largest = Method([x], x.max() + m.v, everything)
    m.shaped = Method([x], x.reshape((2, 2)), everything)
    return m


@pytest.mark.parametrize("mode", ["c", "numpy", "check"])
@pytest.mark.parametrize("path", ["", "cffi"])
def test_a_call_that_raises_leaves_every_member_as_it_was(mode: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODC_RUNTIME", path)
    start = {"n": 5, "v": [1.0, 2.0, 3.0], "w": np.arange(9.0).reshape(3, 3), "grows": [1.0]}
    inst = failing().make(start, mode=mode)
    x = [1.0, 2.0, 3.0]
    calls: list[tuple[str, tuple[Any, ...]]] = [
        ("take", ([0, 3], x)), ("take", ([-4], x)), ("take", ([2**62], x)), ("take", ([0.5], x)), ("take", ("a", x)), ("take", ([0],)),
        ("computed", ([99.0, 0, 0],)), ("computed", ([np.nan, 0, 0],)), ("computed", ([np.inf, 1, 1],)), ("put", ([5], x)), ("put", ([[0]], x)),
        ("sizes", ([1.0, 2.0],)), ("sizes", (None,)), ("largest", ([],)), ("shaped", (x,)),
    ]  # fmt: skip
    for name, args in calls:
        before = {member: np.array(getattr(inst, member)) for member in start}
        with pytest.raises((TypeError, ValueError, IndexError)) as caught:
            getattr(inst, name)(*args)
        assert name in str(caught.value)
        assert all(same_bytes(getattr(inst, member), before[member]) for member in start), (name, args)
    for member in start:
        before = {other: np.array(getattr(inst, other)) for other in start if other != member}
        old = np.array(getattr(inst, member))
        setattr(inst, member, None)
        with pytest.raises(ValueError, match=member):
            inst.take([0], x)
        assert all(same_bytes(getattr(inst, other), before[other]) for other in before)
        setattr(inst, member, old)
    inst.take([0], x)
    assert 6 == inst.n


def test_arguments_may_be_views_of_the_members_that_a_call_updates() -> None:
    m = Module()
    m.v, m.w = T.dvector(init=[1, 2, 3, 4]), T.dmatrix(init=np.arange(9.0).reshape(3, 3))
    x, y = T.dvector("x"), T.dmatrix("y")
    m.shift = Method([x], x * 2, {m.v: T.concatenate([m.v[1:], m.v[:1]]) + x[::-1]})
    m.turn = Method([y], y.sum(), {m.w: m.w.T + y})
    for mode in ("c", "numpy"):
        inst = m.make(mode=mode)
        found = inst.shift(inst.v)
        np.testing.assert_array_equal(found, [2, 4, 6, 8])
        np.testing.assert_array_equal(inst.v, [6, 6, 6, 2])
        inst.shift(inst.v[::-1])
        np.testing.assert_array_equal(inst.v, [12, 12, 8, 8])
        inst.turn(inst.w.T)
        np.testing.assert_array_equal(inst.w, 2 * np.arange(9.0).reshape(3, 3).T)


def control_word() -> int:
    """MXCSR: rounding, flushing of subnormals and masks of this thread."""
    lib = ctypes.CDLL(None)
    state = (ctypes.c_ubyte * 512)()
    assert 0 == lib.fegetenv(ctypes.byref(state))
    return int.from_bytes(bytes(state[28:32]), "little") & ~0x3F  # without the flags that any operation sets


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="an x86 register")
def test_kernels_leave_the_floating_point_unit_alone() -> None:
    before = control_word()
    x = T.dvector("x")
    found = modc.function([x], [T.exp(x), x * 0.5, x / 3, T.tanh(x).sum()])
    assert before == control_word()
    tiny = np.array([5e-324, np.nan, np.inf, -np.inf, 1e308, -0.0, 2.0])
    halves = found(tiny)[1]
    assert before == control_word()
    np.testing.assert_array_equal(halves, tiny * 0.5)
    assert 2.5e-308 / 4 == modc.function([x], x / 4)([2.5e-308])[0]


