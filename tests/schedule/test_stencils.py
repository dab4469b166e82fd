"""Updates that read their neighbours: in place, with rows that wait, for every size of row and tail."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from compiled_kernels import build
from compiled_kernels import run as run_compiled
from random_programs import op, variable
from worked_examples import EXAMPLES, inner, set_inner, window

from modc.emit import emit
from modc.graph import Program, const, size_node
from modc.graph.dtype import FLOAT64, INT8
from modc.graph.evaluate import evaluate
from modc.graph.sizes import size_sub
from modc.schedule import schedule
from modc.schedule.interpret import run
from modc.schedule.verify import verify


def agree(program: Program, members: list[Any], compiled: Any = None) -> str:
    kernel = schedule(program)
    verify(kernel)
    _, expected = evaluate(program, [], members)
    news = [run(kernel, [], members)[1]]
    if compiled is not None:
        news.append(run_compiled(build(emit(kernel), compiled), kernel, [], members)[1])
    for new in news:
        for (member, _), want in zip(program.updates, expected, strict=True):
            np.testing.assert_array_equal(want, new[member])
    return kernel.tree


@pytest.mark.parametrize("columns", [3, 4, 65, 66, 67, 130, 131])
def test_life_of_every_width(columns: int, tmp_path: Any) -> None:
    for rows in (3, 4, 9):
        board = np.random.default_rng(columns).integers(0, 2, (rows, columns)).astype("int8")
        tree = agree(EXAMPLES["life"](), [board], tmp_path if rows == 9 else None)
        assert "ring[2" in tree


def test_heat_keeps_two_rows_and_no_copy() -> None:
    for shape in ((3, 3), (3, 8), (8, 3), (7, 9)):
        u = np.random.default_rng(1).integers(-5, 6, shape).astype(float) * 10
        assert "temp" not in agree(EXAMPLES["heat"](), [u])


@pytest.mark.parametrize("reach", [1, 2, 3, 4, 5])
def test_a_commit_trails_by_as_many_rows_as_are_read_behind_it(reach: int) -> None:
    u = variable("u", FLOAT64, (None, None))
    n, m = size_sub(u.shape[0], reach), u.shape[1]

    def rows(start: int) -> Any:
        return op("slice", u, const(start), size_node(n), const(0), size_node(m), spec=(1, 1))

    value = op("add", op("add", rows(reach), rows(0)), rows(reach - 1))
    bounds = (const(reach), size_node(n), const(0), size_node(m))
    new = op("update_slice", u, value, *bounds, spec=(1, 1), mode="set")
    for count in (reach, reach + 1, reach + 2, 2 * reach + 3):
        tree = agree(
            Program("f", [], [], [u], ["u"], [], [(0, new)]), [np.arange(float(count * 3)).reshape(count, 3)]
        )
        assert (f"trails by {reach}" in tree) == (reach < 5)


def test_rows_that_are_read_ahead_need_no_waiting() -> None:
    u = variable("u", FLOAT64, (None, None))
    n, m = size_sub(u.shape[0], 1), u.shape[1]
    ahead = op("slice", u, const(1), size_node(n), const(0), size_node(m), spec=(1, 1))
    new = op("update_slice", u, ahead, const(0), size_node(n), const(0), size_node(m), spec=(1, 1), mode="add")
    tree = agree(Program("f", [], [], [u], ["u"], [], [(0, new)]), [np.arange(15.0).reshape(5, 3)])
    assert tree.count("for ") == 2
    assert "local" in tree


def test_two_fields_that_drive_each_other() -> None:
    u, v = variable("u", FLOAT64, ("n", "m")), variable("v", FLOAT64, ("n", "m"))
    sizes = inner(u)

    def around(w: Any) -> Any:
        sides = [window(w, i, j, *sizes) for i, j in ((0, 1), (2, 1), (1, 0), (1, 2))]
        return op("add", op("add", op("add", sides[0], sides[1]), sides[2]), sides[3])

    product = op("mul", window(u, 1, 1, *sizes), window(v, 1, 1, *sizes))
    updates = [(0, set_inner(u, op("sub", around(u), product))), (1, set_inner(v, op("add", around(v), product)))]
    rng = np.random.default_rng(5)
    fields = [rng.integers(-3, 4, (6, 7)).astype(float) for _ in "uv"]
    tree = agree(Program("f", [], [], [u, v], ["u", "v"], [], updates), fields)
    assert tree.count("trails by 1") == 2


@pytest.mark.parametrize("length", [1, 63, 64, 65, 128, 200])
@pytest.mark.parametrize("fixed", [False, True])
def test_narrow_elements_of_every_length(length: int, fixed: bool) -> None:
    w = variable("w", INT8, (length if fixed else None,))
    program = Program("f", [], [], [w], ["w"], [op("add", op("mul", w, w), 3)], [(0, op("mul", w, 3))])
    values = np.random.default_rng(length).integers(-100, 100, length).astype("int8")
    kernel = schedule(program)
    verify(kernel)
    (want,), (new,) = evaluate(program, [], [values])
    (got,), news = run(kernel, [], [values])
    np.testing.assert_array_equal(want, got)
    np.testing.assert_array_equal(new, news[0])
