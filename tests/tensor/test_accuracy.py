"""Every row that rounds, in C and by its NumPy reference, against mpmath: within the ULPs that the row promises."""

from __future__ import annotations

import os

import exact_functions as accuracy
import numpy as np
import pytest
from tensor_helpers import root_like

import modc
from modc.graph import OPS
from modc.tensor.variable import call

ROWS = [op.name for op in OPS.values() if op.family == "map" and op.ulp]
CASES = [(name, case) for name, case in accuracy.REFERENCES.items()]
CASES += [(name, case) for name, case in accuracy.BELOW.items()]
#: How much worse than its row a NumPy reference may be: it has no fused products, and NumPy's own functions round.
REFERENCE = 8.0


def test_every_row_that_rounds_is_measured() -> None:
    assert sorted(set(ROWS) - set(accuracy.REFERENCES)) == []


@pytest.fixture(scope="module")
def compiled():
    """(row, dtype) -> its C as a function of arrays: one kernel for all rows, all with vectors of operands."""
    rows = sorted(accuracy.REFERENCES)
    made = {}

    def of(dtype: str):
        if dtype not in made:
            samples = {name: accuracy.REFERENCES[name][1][0] for name in rows}
            roots = {name: [root_like(np.ones(2, dtype)) for _ in samples[name]] for name in rows}
            outputs = [call(name, *roots[name]) for name in rows]
            made[dtype] = modc.function([root for name in rows for root in roots[name]], outputs, mode="c")
        return made[dtype]

    def run(name: str, operands):
        dtype = operands[0].dtype
        nothing = np.ones(0, dtype)
        given = []
        for row in rows:
            given += list(operands) if row == name else [nothing] * len(accuracy.REFERENCES[row][1][0])
        return of(str(dtype))(*given)[rows.index(name)]

    return run


def largest(name, case, function, dtype):
    exact, samples, scale = case
    worst = 0.0
    for sample in samples:
        with np.errstate(all="ignore"):
            operands = tuple(operand.astype(dtype) for operand in sample)
        there = np.all([np.isfinite(one) for one in operands], axis=0)
        if dtype == "float32":  # what left its range became a pole
            there &= np.all([(one != 0) | (full == 0) for one, full in zip(operands, sample, strict=True)], axis=0)
        operands = tuple(operand[there] for operand in operands)
        if name in ("log1p", "logit", "erfinv", "erfcinv", "arctanh") and dtype == "float32":
            operands = tuple(np.clip(operand, *EDGES[name]) for operand in operands)
        got = function(*operands)
        worst = max(worst, float(accuracy.errors(exact, operands, got, scale).max(initial=0.0)))
    return worst


#: Domains whose ends float32 rounds to.
EDGES = {
    name: (np.float32(low), np.float32(high))
    for name, (low, high) in {
        "log1p": (-0.999999, 3e38), "logit": (1e-37, 0.999999), "erfinv": (-0.999999, 0.999999),
        "erfcinv": (1e-37, 1.999999), "arctanh": (-0.999999, 0.999999),
    }.items()
}  # fmt: skip


@pytest.mark.skipif("c" not in os.environ.get("MODC_TEST_MODES", "c"), reason="only interpreted")
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("name", "case"), CASES)
def test_the_c_of_a_row_keeps_its_promise(name, case, dtype, compiled):
    found = largest(name, case, lambda *operands: compiled(name, operands), dtype)
    assert found <= OPS[name].ulp, f"{name}: {found:.2f} ulp"


@pytest.mark.parametrize(("name", "case"), CASES)
def test_the_numpy_reference_of_a_row_is_nearly_as_good(name, case):
    def reference(*operands):
        with np.errstate(all="ignore"):
            return np.asarray(OPS[name].numpy(*operands))

    found = largest(name, case, reference, "float64")
    assert found <= max(OPS[name].ulp, REFERENCE), f"{name}: {found:.2f} ulp"
