"""What plan checks and computes: sizes, agreements, private numbers, and what cannot be planned."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from random_programs import op, variable

from modc.graph import Program, const, size_node
from modc.graph.dtype import FLOAT64, INT64
from modc.graph.sizes import size_add, size_floordiv, size_mul
from modc.schedule import Unschedulable, schedule
from modc.schedule.interpret import Failed, run
from modc.schedule.loops import Check, Kernel, Temp
from modc.schedule.verify import statements, verify


def checked(program: Program) -> Kernel:
    kernel = schedule(program)
    verify(kernel)
    return kernel


def kinds(kernel: Kernel) -> list[str]:
    return [kernel.sites[stmt.site].kind for stmt in statements(kernel.plan or ()) if isinstance(stmt, Check)]


def test_a_program_of_fixed_sizes_has_no_plan() -> None:
    x = variable("x", FLOAT64, (3, 4))
    kernel = checked(Program("f", [x], ["x"], [], [], [op("sum", op("exp", x), axes=(0,))], []))
    assert kernel.plan is None
    assert kernel.work > 12


def test_sizes_that_must_agree_are_checked_once() -> None:
    x, y = variable("x", FLOAT64, (None,)), variable("y", FLOAT64, (None,))
    total = op("add", op("add", x, y), op("mul", x, y))
    kernel = checked(Program("f", [x, y], ["x", "y"], [], [], [total], []))
    assert kinds(kernel).count("shape") == 1
    with pytest.raises(Failed) as failed:
        run(kernel, [np.zeros(3), np.zeros(4)], [])
    assert (failed.value.got, failed.value.want, failed.value.axis) in {(4, 3, 0), (3, 4, 0)}


def test_axes_with_one_name_agree() -> None:
    x, y = variable("x", FLOAT64, ("n",)), variable("y", FLOAT64, (2, "n"))
    kernel = checked(Program("f", [x, y], ["x", "y"], [], [], [op("sum", x, axes=(0,))], []))
    with pytest.raises(Failed) as failed:
        run(kernel, [np.zeros(3), np.zeros((2, 5))], [])
    site = kernel.sites[failed.value.site]
    assert (site.kind, site.operand, failed.value.axis) == ("named", 1, 1)


def test_equal_sizes_from_different_arrays_share_one_loop() -> None:
    x, y = variable("x", FLOAT64, (None,)), variable("y", FLOAT64, (None,))
    outputs = [op("sum", op("exp", op("add", x, y)), axes=(0,)), op("sum", op("mul", y, y), axes=(0,))]
    assert checked(Program("f", [x, y], ["x", "y"], [], [], outputs, [])).tree.count("for ") == 1


def test_sizes_may_depend_on_a_scalar_input() -> None:
    n = variable("n", INT64, ())
    ones = op("broadcast", const(2.0), n)
    kernel = checked(Program("f", [n], ["n"], [], [], [ones, op("iota", n)], []))
    outputs, _ = run(kernel, [np.asarray(4)], [])
    assert [list(output) for output in outputs] == [[2.0] * 4, [0, 1, 2, 3]]
    with pytest.raises(Failed) as failed:
        run(kernel, [np.asarray(-1)], [])
    assert kernel.sites[failed.value.site].kind in ("size", "memory")


def test_a_size_that_only_data_tell_is_refused() -> None:
    x = variable("x", INT64, (None,))
    length = op("sum", x, axes=(0,))
    with pytest.raises(Unschedulable):
        schedule(Program("f", [x], ["x"], [], [], [op("iota", length)], []))


def test_reshape_checks_the_number_of_elements() -> None:
    x = variable("x", FLOAT64, (None, None))
    rows = size_floordiv(size_mul(*x.shape), 6)
    kernel = checked(Program("f", [x], ["x"], [], [], [op("reshape", x, size_node(rows), const(6))], []))
    (output,), _ = run(kernel, [np.arange(12.0).reshape(4, 3)], [])
    assert output.tolist() == np.arange(12.0).reshape(2, 6).tolist()
    with pytest.raises(Failed) as failed:
        run(kernel, [np.zeros((3, 3))], [])
    assert kernel.sites[failed.value.site].kind == "numel"


def test_an_update_of_another_shape_goes_to_a_next_buffer() -> None:
    w, x = variable("w", FLOAT64, (None,)), variable("x", FLOAT64, (None,))
    kernel = checked(Program("f", [x], ["x"], [w], ["w"], [], [(0, op("concat", w, x, axis=0))]))
    assert [(buffer.name, buffer.kind) for buffer in kernel.buffers][-1] == ("w_next", "next")
    _, news = run(kernel, [np.ones(2)], [np.zeros(3)])
    assert news[0].tolist() == [0.0, 0.0, 0.0, 1.0, 1.0]


def test_an_update_must_have_the_size_that_its_member_declares() -> None:
    w, x = variable("w", FLOAT64, (3,)), variable("x", FLOAT64, (None,))
    kernel = checked(Program("f", [x], ["x"], [w], ["w"], [], [(0, op("exp", x))]))
    assert kernel.buffers[1].written
    with pytest.raises(Failed) as failed:
        run(kernel, [np.zeros(4)], [np.zeros(3)])
    assert kernel.sites[failed.value.site].kind == "next"


def test_sizes_too_large_to_count_are_refused() -> None:
    n = variable("n", INT64, ())
    kernel = checked(Program("f", [n], ["n"], [], [], [op("broadcast", const(2.0), n, n)], []))
    with pytest.raises(Failed) as failed:
        run(kernel, [np.asarray(2**40)], [])
    assert kernel.sites[failed.value.site].kind == "memory"


def test_temporaries_that_are_not_alive_together_share_the_arena() -> None:
    x = variable("x", FLOAT64, (64, 64))
    y: Any = x
    for _ in range(6):
        y = op("dot", op("exp", y), x)
    kernel = checked(Program("f", [x], ["x"], [], [], [op("sum", y, axes=(0, 1))], []))
    assert kernel.arena_bytes == 2 * 64 * 64 * 8


def test_a_reversed_view_of_itself_needs_a_copy_and_a_sum_with_itself_does_not() -> None:
    w = variable("w", FLOAT64, (5000,))
    last = size_node(size_add(w.shape[0], -1))
    flipped = op("slice", w, last, size_node(w.shape[0]), spec=(-1,))
    for value, temps in ((flipped, 1), (op("add", w, w), 0)):
        kernel = checked(Program("f", [], [], [w], ["w"], [], [(0, value)]))
        used = {place.name for stmt in statements(kernel.body) for place in [getattr(stmt, "place", None)]
                if isinstance(place, Temp)}  # fmt: skip
        assert len(used) == temps
