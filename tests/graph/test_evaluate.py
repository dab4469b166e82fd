"""The NumPy interpreter: values, dtypes, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

import modc.tensor as T
from modc.errors import DTypeError, ShapeError
from modc.graph import Program
from modc.graph.evaluate import Interpreter, evaluate, values


def program(inputs, members, outputs, updates=()) -> Program:
    """A Program over Variables."""
    return Program(
        "m.f",
        [x.node for x in inputs],
        [str(x) for x in inputs],
        [x.node for x in members],
        [str(x) for x in members],
        [y.node for y in outputs],
        [(at, y.node) for at, y in updates],
    )


def test_updates_see_the_old_values() -> None:
    a, b, inc = T.dscalar("a"), T.dscalar("b"), T.dscalar("inc")
    swap = program([inc], [a, b], [a + b], [(0, b + inc), (1, a)])
    outputs, updates = evaluate(swap, [np.array(10.0)], [np.array(1.0), np.array(2.0)])
    assert ([3.0], [12.0, 1.0]) == (outputs, updates)


def test_an_output_that_is_an_input_is_passed_through() -> None:
    x = T.dvector("x")
    assert values([x.node], {x.node: [1, 2]})[0].dtype == np.float64


def test_results_are_arrays_of_the_declared_dtype_even_without_dimensions() -> None:
    x = T.fscalar("x")
    found = values([(x * 2).node], {x.node: 1.5})[0]
    assert isinstance(found, np.ndarray)
    assert (found.shape, found.dtype) == ((), np.float32)


def test_an_interpreter_is_used_again_with_other_shapes() -> None:
    x = T.dmatrix("x")
    run = Interpreter([x.sum(axis=0).node], [x.node])
    for shape in ((2, 3), (0, 2), (4, 0)):
        assert shape[1:] == run([np.ones(shape)])[0].shape


def test_warnings_of_numpy_are_silent() -> None:
    x = T.dscalar("x")
    assert np.isnan(values([T.log(x).node], {x.node: -1.0})[0])
    assert np.isinf(values([(1 / x).node], {x.node: 0.0})[0])


def test_a_missing_value_is_named() -> None:
    x, y = T.dscalars("xy")
    with pytest.raises(ValueError, match="y"):
        values([(x + y).node], {x.node: 1.0})


def test_arrays_of_another_type_are_refused() -> None:
    x = T.dmatrix("x", shape=(None, 3))
    run = Interpreter([x.node], [x.node])
    with pytest.raises(DTypeError, match="x takes float64, not int64"):
        run([np.ones((1, 3), "int64")])
    with pytest.raises(ShapeError, match="2 dimensions"):
        run([np.ones(3)])
    with pytest.raises(ShapeError, match="axis 1 of x has size 2, expected 3"):
        run([np.ones((1, 2))])


def test_the_message_names_the_expression_and_the_line() -> None:
    x, y = T.dvectors("x", "y")
    with pytest.raises(ShapeError, match=r"add of float64\[x.shape\[0\]\], .*test_evaluate.py:\d+"):
        values([(x + y).node], {x.node: np.ones(2), y.node: np.ones(3)})


def test_sizes_that_depend_on_data_work() -> None:
    n = T.lvector("n")
    assert values([T.arange(n.max()).node], {n.node: [2, 5, 3]})[0].tolist() == [0, 1, 2, 3, 4]
    assert values([T.zeros((n.sum(), 2)).node], {n.node: [1, 2]})[0].shape == (3, 2)


def test_ten_thousand_nodes_need_no_recursion() -> None:
    x = T.dscalar("x")
    y = x
    for _ in range(10_000):
        y = y + 1
    assert values([y.node], {x.node: 0.0})[0] == 10_000
