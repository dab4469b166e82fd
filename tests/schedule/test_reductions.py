"""Reductions in lanes, blocks and rows: every length, dtype and edge gives what NumPy gives."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from compiled_kernels import build
from compiled_kernels import run as run_compiled
from random_programs import op, variable

from modc.emit import emit
from modc.graph import DTYPES, Program, dtype
from modc.graph.dtype import BOOL, FLOAT32, FLOAT64
from modc.graph.evaluate import evaluate
from modc.schedule import schedule
from modc.schedule.interpret import Failed, run
from modc.schedule.verify import verify

LENGTHS = [0, 1, 2, 31, 32, 33, 63, 64, 65, 1023, 1024, 1025, 2100]
NAMES = [name for name in DTYPES if not name.startswith("complex")]


def agree(program: Program, *arrays: Any, compiled: Any = None) -> None:
    kernel = schedule(program)
    verify(kernel)
    expected, _ = evaluate(program, list(arrays), [])
    actual, _ = run(kernel, list(arrays), [])
    for want, got in zip(expected, actual, strict=True):
        np.testing.assert_array_equal(want, got)
    if compiled is not None:
        actual, _ = run_compiled(build(emit(kernel), compiled), kernel, list(arrays), [])
        for want, got in zip(expected, actual, strict=True):
            np.testing.assert_array_equal(want, got)


@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.parametrize("name", ["float32", "float64", "int64", "bool"])
def test_sum_and_dot_of_every_length(name: str, fixed: bool) -> None:
    for n in LENGTHS:
        x = variable("x", dtype(name), (n if fixed else None,))
        array = np.random.default_rng(n).integers(-3, 4, n).astype(name)
        agree(Program("f", [x], ["x"], [], [], [op("sum", x, axes=(0,)), op("dot", x, x)], []), array)


@pytest.mark.parametrize("columns", [1, 2, 10, 32, 33, 64])
def test_every_axis_of_a_matrix(columns: int) -> None:
    for rows in (0, 1, 5, 63, 64, 65, 130):
        for fixed in (None, columns):
            x = variable("x", FLOAT32, (None, fixed))
            outputs = [op("sum", x, axes=axes) for axes in ((0,), (1,), (0, 1))]
            outputs.append(op("prod", op("minimum", x, 1.0), axes=(1,)))
            if columns <= 10:
                outputs.append(op("dot", op("dimshuffle", x, pattern=(1, 0)), x))
            array = np.random.default_rng(rows).integers(-3, 4, (rows, columns)).astype("float32")
            agree(Program("f", [x], ["x"], [], [], outputs, []), array)


@pytest.mark.parametrize("name", NAMES)
def test_every_reduction_of_every_dtype(name: str, tmp_path: Any) -> None:
    row = dtype(name)
    x = variable("x", row, (None, None))
    outputs = [op(how, x, axes=axes) for how in ("max", "min", "sum", "prod") for axes in ((0,), (1,), (0, 1))]
    outputs += [op(how, x, axis=axis) for how in ("argmax", "argmin") for axis in (0, 1)]
    outputs += [op(how, op("cast", x, dtype=BOOL), axes=(0,)) for how in ("any", "all")]
    low = 0 if row.kind in "bu" else -2
    array = np.random.default_rng(3).integers(low, 3, (6, 40)).astype(name)
    agree(Program("f", [x], ["x"], [], [], outputs, []), array, compiled=tmp_path)


def test_extremes_keep_nan_and_infinities() -> None:
    x = variable("x", FLOAT64, (None, None))
    outputs = [op(how, x, axes=(1,)) for how in ("max", "min")] + [op(how, x, axis=1) for how in ("argmax", "argmin")]
    array = np.zeros((5, 40))
    array[0, 7], array[1, :], array[2, :] = np.nan, -np.inf, np.inf
    array[3, 5], array[3, 9], array[4, 33] = np.nan, np.nan, -np.inf
    agree(Program("f", [x], ["x"], [], [], outputs, []), array)


@pytest.mark.parametrize("name", ["float32", "float64", "int32"])
@pytest.mark.parametrize("columns", [1, 15, 16, 23, 24, 127, 1100])
def test_interpreter_and_c_agree_to_the_bit_on_rows_of_every_length(name: str, columns: int, tmp_path: Any) -> None:
    rng = np.random.default_rng(columns)
    array = (rng.normal(size=(5, columns)) * 100).astype(name)
    array[1] = array[1, 0]
    if name != "int32":
        array[2, columns // 2], array[2, columns - 1], array[3] = np.nan, np.nan, -np.inf
    for fixed in (None, columns):
        x = variable("x", dtype(name), (None, fixed))
        outputs = [op(how, x, axes=(1,)) for how in ("max", "min", "sum")]
        outputs += [op(how, x, axis=1) for how in ("argmax", "argmin")]
        for one in ([output] for output in outputs):
            kernel = schedule(Program("f", [x], ["x"], [], [], one, []))
            verify(kernel)
            (expected,), _ = run(kernel, [array], [])
            (actual,), _ = run_compiled(build(emit(kernel), tmp_path), kernel, [array], [])
            np.testing.assert_array_equal(expected, actual)
            (plain,), _ = evaluate(Program("f", [x], ["x"], [], [], one, []), [array], [])
            np.testing.assert_allclose(actual, plain, 1e-4)


def test_positions_of_ties_are_the_first() -> None:
    x = variable("x", FLOAT32, (None, 3))
    outputs = [op(how, x, axis=axis) for how in ("argmax", "argmin") for axis in (0, 1)]
    agree(Program("f", [x], ["x"], [], [], outputs, []), np.zeros((70, 3), "float32"))


def test_maximum_of_nothing_is_refused_by_the_plan() -> None:
    x = variable("x", FLOAT64, (None,))
    kernel = schedule(Program("f", [x], ["x"], [], [], [op("max", x, axes=(0,))], []))
    with pytest.raises(Failed) as failed:
        run(kernel, [np.zeros(0)], [])
    assert kernel.sites[failed.value.site].kind == "empty"


def test_a_long_float32_sum_is_as_good_as_a_float64_one(tmp_path: Any) -> None:
    x = variable("x", FLOAT32, (None,))
    array = np.random.default_rng(0).random(1_000_001).astype("float32")
    kernel = schedule(Program("f", [x], ["x"], [], [], [op("sum", x, axes=(0,))], []))
    (actual,), _ = run_compiled(build(emit(kernel), tmp_path), kernel, [array], [])
    exact = float(np.sum(array, dtype="float64"))
    assert abs(float(actual) - exact) <= 1.2e-7 * exact


def test_a_long_float32_sum_of_columns_is_added_up_in_chunks(tmp_path: Any) -> None:
    x = variable("x", FLOAT32, (None, None))
    kernel = schedule(Program("f", [x], ["x"], [], [], [op("sum", x, axes=(0,))], []))
    verify(kernel)
    array = np.random.default_rng(0).random((400_000, 5)).astype("float32")
    (actual,), _ = run_compiled(build(emit(kernel), tmp_path), kernel, [array], [])
    exact = np.sum(array, axis=0, dtype="float64")
    assert np.max(np.abs(actual - exact) / exact) <= 3e-6


def test_a_long_float64_sum_of_what_rows_give_is_added_up_in_chunks(tmp_path: Any) -> None:
    x = variable("x", FLOAT64, (None, None))
    kernel = schedule(Program("f", [x], ["x"], [], [], [op("sum", op("max", x, axes=(1,)), axes=(0,))], []))
    verify(kernel)
    array = np.random.default_rng(0).random((400_000, 3))
    (actual,), _ = run_compiled(build(emit(kernel), tmp_path), kernel, [array], [])
    exact = math.fsum(array.max(axis=1))
    assert abs(float(actual) - exact) <= 2e-15 * exact


@pytest.mark.parametrize("rows", [0, 1, 1023, 1024, 1025, 2050])
def test_sums_of_columns_of_every_number_of_rows(rows: int) -> None:
    x = variable("x", FLOAT64, (None, None))
    outputs = [op("sum", op("mul", x, x), axes=(0,)), op("sum", x, axes=(0, 1))]
    array = np.random.default_rng(rows).integers(-3, 4, (rows, 3)).astype(float)
    agree(Program("f", [x], ["x"], [], [], outputs, []), array)
