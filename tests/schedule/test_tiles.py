"""Transposed copies in tiles: every size gives what NumPy gives, and only loops that cross run in tiles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from compiled_kernels import build
from compiled_kernels import run as run_compiled
from random_programs import op, variable

from modc.emit import emit
from modc.graph import Node, Program
from modc.graph.dtype import FLOAT32, FLOAT64
from modc.graph.evaluate import evaluate
from modc.schedule import schedule
from modc.schedule.interpret import run
from modc.schedule.verify import verify


def in_tiles(outputs: list[Node], inputs: list[Node]) -> int:
    names = ["a", "b"][: len(inputs)]
    return schedule(Program("f", inputs, names, [], [], outputs, [])).tree.count("[in tiles]")


def transposed(x: Node, *pattern: int) -> Node:
    return op("dimshuffle", x, pattern=pattern or (1, 0))


@pytest.mark.parametrize("rows", [0, 1, 32, 33, 70])
@pytest.mark.parametrize("fixed", [False, True])
def test_a_transposed_copy_of_every_size(rows: int, fixed: bool, tmp_path: Any) -> None:
    for columns in (1, 31, 64, 65):
        x = variable("a", FLOAT32, (rows, columns) if fixed else (None, None))
        y = variable("b", FLOAT32, (columns, rows) if fixed else (None, None))
        outputs = [op("add", transposed(x), y)]
        array = np.arange(rows * columns, dtype="float32").reshape(rows, columns)
        other = (array * array).T.copy()
        program = Program("f", [x, y], ["a", "b"], [], [], outputs, [])
        kernel = schedule(program)
        verify(kernel)
        (expected,), _ = evaluate(program, [array, other], [])
        (interpreted,), _ = run(kernel, [array, other], [])
        (compiled,), _ = run_compiled(build(emit(kernel), tmp_path), kernel, [array, other], [])
        np.testing.assert_array_equal(interpreted, expected)
        np.testing.assert_array_equal(compiled, expected)


def test_axes_around_the_crossed_ones_stay_loops() -> None:
    x = variable("a", FLOAT64, (None, None, None))
    array = np.random.default_rng(0).normal(size=(3, 40, 35))
    for pattern in ((0, 2, 1), (2, 1, 0), (1, 2, 0)):
        program = Program("f", [x], ["a"], [], [], [op("exp", transposed(x, *pattern))], [])
        kernel = schedule(program)
        verify(kernel)
        np.testing.assert_array_equal(run(kernel, [array], [])[0][0], evaluate(program, [array], [])[0][0])


def test_loops_run_in_tiles_only_where_what_is_read_and_what_is_stored_cross() -> None:
    x, y = variable("a", FLOAT64, (None, None)), variable("b", FLOAT64, (None, None))
    short = variable("a", FLOAT64, (8, None))
    assert in_tiles([op("add", transposed(x), y)], [x, y]) == 1
    assert in_tiles([op("add", x, y)], [x, y]) == 0
    assert in_tiles([op("exp", transposed(short))], [short]) == 0  # rows of 8 are short enough as they are
    assert in_tiles([op("sum", op("mul", transposed(x), y), axes=(1,))], [x, y]) == 0
