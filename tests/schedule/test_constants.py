"""Constants in the loop IR."""

from __future__ import annotations

import numpy as np

from modc.graph import DTYPES, OPS, Program, apply, leaf
from modc.schedule import schedule
from modc.schedule.interpret import run
from modc.schedule.loops import Const


def test_zero_and_minus_zero_stay_two_constants():
    x = leaf(DTYPES["float64"], ())
    outputs = [apply(OPS["div"], x, zero) for zero in (0.0, -0.0)]
    found, _ = run(schedule(Program("f", [x], ["x"], [], [], outputs, [])), [np.asarray(1.0)], [])
    assert [np.inf, -np.inf] == [float(value) for value in found]


def test_equal_constants_are_equal():
    row = DTYPES["float64"]
    assert Const(1.5, row) == Const(1.5, row)
    assert Const(float("nan"), row) == Const(float("nan"), row)
    assert Const(1, DTYPES["int64"]) != Const(1, DTYPES["int8"])
    assert 1 == len({Const(0.0, row), Const(0.0, row)})
