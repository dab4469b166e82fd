"""The interpreter of the loop language: what kernels give, and that it finds wrong ones."""

from __future__ import annotations

from dataclasses import replace

import loop_kernels as make
import numpy as np
import pytest

from modc.graph.dtype import FLOAT64, INT64
from modc.schedule.interpret import Failed, run
from modc.schedule.loops import Const, Load, Loop, SetSlot, Slot, Store, Temp, Var
from modc.schedule.verify import verify

f64, f32, i64 = np.float64, np.float32, np.int64


@pytest.mark.parametrize("name", make.KERNELS)
def test_hand_built_kernels_keep_the_invariants(name):
    verify(make.KERNELS[name]())


def test_accumulator():
    state = np.array(5.0)
    outputs, members = run(make.accumulator(), [np.array(2.0)], [state])
    assert (outputs[0], members[0], state) == (7.0, 7.0, 5.0)


@pytest.mark.parametrize("n", [0, 1, 5])
def test_map_over_a_vector(n):
    x, w = np.arange(n, dtype=f64), np.ones(n)
    outputs, members = run(make.vector_map(), [x], [w])
    assert members == {}
    assert outputs[0].tolist() == (2 * x + 1).tolist()


def test_a_check_of_plan_fails_with_its_site_axis_and_sizes():
    with pytest.raises(Failed) as caught:
        run(make.vector_map(), [np.ones(3)], [np.ones(4)])
    failure = caught.value
    assert (failure.site, failure.axis, failure.got, failure.want) == (0, 0, 4, 3)


@pytest.mark.parametrize("n", [0, 1, 31, 32, 33, 100])
def test_lanes_and_fold_sum(n):
    x = np.arange(n, dtype=f32)
    outputs, members = run(make.lanes_sum(), [x], [np.array(1, f32)])
    assert (outputs[0], members[0]) == (x.sum(), x.sum() + 1)
    assert outputs[0].dtype == f32


def test_scratch_carries_values_between_blocks():
    a, x = np.arange(6.0).reshape(2, 3), np.arange(3.0)
    outputs, _ = run(make.gemv(), [a, x], [])
    assert outputs[0].tolist() == (2 * (a @ x)).tolist()


def test_a_failed_check_leaves_members_alone():
    table = np.arange(5.0)
    with pytest.raises(Failed) as caught:
        run(make.gather(), [np.array([0, 9])], [table])
    assert (caught.value.got, caught.value.want, table.tolist()) == (9, 5, [0, 1, 2, 3, 4])


def test_repeated_positions_all_count():
    outputs, members = run(make.gather(), [np.array([1, 1, 4])], [np.zeros(5)])
    assert outputs[0].tolist() == [0, 0, 0]
    assert members[0].tolist() == [0, 2, 0, 0, 1]


def test_members_swap():
    a, b = np.array([1, 2, 3], f32), np.array([4, 5, 6], f32)
    _, members = run(make.swap(), [], [a, b])
    assert (members[0].tolist(), members[1].tolist()) == (b.tolist(), a.tolist())


def test_a_member_may_change_its_shape():
    _, members = run(make.append(), [np.array(9.0)], [np.array([1.0, 2.0])])
    assert members[0].tolist() == [1, 2, 9]


def test_branches():
    outputs, _ = run(make.branches(), [np.array([1, 2, 3, 4], f32)], [])
    assert outputs[0].tolist() == [1, 2, 0, float("inf")]
    assert np.signbit(outputs[0][2])


I, ONE, X = Var("i"), Const(1.0, FLOAT64), Const(0, INT64)


def with_body(*body):
    kernel = make.accumulator()
    return replace(kernel, body=body)


def out(kernel):
    return kernel.buffers[2]


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (Store(out(make.accumulator()), Const(1, INT64), ONE), "store to out0"),
        (Store(out(make.accumulator()), X, Load(Temp("t", FLOAT64, X), X)), "read of t"),
        (Loop(I, X, (Store(out(make.accumulator()), X, ONE),)), "not written everywhere"),
    ],
)
def test_wrong_kernels_are_found(statement, message):
    with pytest.raises(AssertionError, match=message):
        run(with_body(statement), [np.array(1.0)], [np.array(1.0)])


def test_scratch_that_another_one_overwrote_counts_as_unwritten():
    first, second = Temp("first", FLOAT64, X), Temp("second", INT64, X)
    body = (Store(first, X, ONE), Store(second, X, X), Store(out(make.accumulator()), X, Load(first, X)))
    kernel = replace(with_body(*body), arena_bytes=8)
    with pytest.raises(AssertionError, match=r"first.0. is read and not written"):
        run(kernel, [np.array(1.0)], [np.array(1.0)])
    with pytest.raises(AssertionError, match="overlaps"):
        verify(kernel)


STATE = make.accumulator().buffers[1]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ((Store(STATE, X, Var("gone", FLOAT64)),), "gone is not in scope"),
        ((Store(STATE, I, ONE),), "i is not in scope"),
        ((Loop(I, X, (Loop(I, X, ()),)),), "i is bound twice"),
        ((Store(make.accumulator().buffers[0], X, ONE),), "store to input inc"),
        ((Store(STATE, ONE, ONE),), "index of state"),
        ((Store(STATE, X, X),), "is stored to state"),
        ((Store(STATE, X, Load(make.Local("s", FLOAT64), X)),), "s is not declared"),
        ((make.Declare(make.Local("s", FLOAT64, 1000)),), "4 KiB"),
        ((SetSlot(0, X),), "there is no slot 0"),
        ((make.Let(I, Slot(3)),), "there is no slot 3"),
        ((make.agree(0, 0, 0),), "there is no slot 0"),
        ((Loop(I, make.index(make.INDEX_ADD, X, X), (), "lanes"),), "constant extent"),
        ((Loop(I, make.whole(4), (Store(STATE, X, ONE),), "lanes"),), "lanes i share state"),
    ],
)
def test_verify_finds_what_is_wrong(body, message):
    with pytest.raises(AssertionError, match=message):
        verify(with_body(*body))


@pytest.mark.parametrize("nested", [False, True])
def test_verify_finds_a_check_after_a_commit(nested):
    kernel = make.gather()
    ensure, commit = kernel.body[1].body[0], kernel.body[3].body[0]
    late = (Loop(I, Slot(0), (ensure, commit)),) if nested else (kernel.body[3], kernel.body[1])
    with pytest.raises(AssertionError, match="commit"):
        verify(replace(kernel, body=(kernel.body[0], *late)))
