"""Every elementwise row of the op table: its C is clean for each dtype and gives what its NumPy gives."""

from __future__ import annotations

import re
from itertools import product

import compiled_kernels as compiled
import loop_kernels as make
import numpy as np
import pytest

from modc.emit import emit
from modc.errors import DTypeError
from modc.graph.dtype import DTYPES
from modc.graph.op import OPS
from modc.schedule.loops import Apply, Load, Loop, Store, Var

#: Rows with C of their own; a cast's dtypes are not its operand's.
ROWS = [op for op in OPS.values() if op.family == "map" and op.c and op.name != "cast"]

#: Of 0.0 and -0.0 NumPy takes one or the other, by where they stand in the array.
ZEROS_EITHER_WAY = ("maximum", "minimum", "fmax", "fmin")


def arity(op):
    texts = [op.c] if isinstance(op.c, str) else list(op.c.values())
    return 1 + max(int(digit) for text in texts for digit in re.findall(r"\{(\d)\}", text))


def signature(op, dtype):
    """(operand dtypes, result) where the row takes operands of `dtype` as they are, else None."""
    count = arity(op) - 1
    for first in ([dtype] * arity(op), [DTYPES["bool"]] + [dtype] * count, [dtype] + [DTYPES["int64"]] * count):
        try:
            wanted, result = op.dtypes(first)
        except DTypeError:
            continue
        if tuple(wanted) == tuple(first):
            return wanted, result
    return None


def values(dtype):
    if dtype.kind == "b":
        return np.array([False, True])
    if dtype.is_float:
        tiny = np.finfo(dtype.numpy).tiny
        found = [0.0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3, 7.25, -7.25, 1e10, 1e-5, tiny, np.inf, -np.inf, np.nan]
        return np.array(found, dtype.numpy)
    limits = np.iinfo(dtype.numpy)
    near = {limits.min, limits.min + 1, -7, -3, -2, -1, 0, 1, 2, 3, 5, 31, 63, 64, 100, limits.max - 1, limits.max}
    return np.array([value for value in sorted(near) if value >= limits.min], dtype.numpy)


def grid(dtypes):
    """Every combination of values of the operands."""
    columns = [values(dtype) for dtype in dtypes]
    if len(dtypes) > 2:
        columns = [column[::2] for column in columns]  # every other one is enough
    combinations = list(product(*columns))
    return [np.array(column, dtype.numpy) for dtype, column in zip(dtypes, zip(*combinations, strict=True), strict=True)]


def kernel_of(cases):
    """One kernel with a loop a case. cases: (op, operand dtypes, result, attrs, operands)."""
    rows = []
    for at, (_, dtypes, result, _, operands) in enumerate(cases):
        size = (len(operands[0]),)
        rows += [(f"x{at}_{number}", "input", dtype, size, "") for number, dtype in enumerate(dtypes)]
        rows.append((f"out{at}", "output", result, size, ""))
    rows.sort(key=lambda row: row[1])
    places = make.buffers(*rows)
    named = {place.name: place for place in places}
    i, body = Var("i"), []
    for at, (op, dtypes, result, attrs, operands) in enumerate(cases):
        args = tuple(Load(named[f"x{at}_{number}"], i) for number in range(len(dtypes)))
        store = Store(named[f"out{at}"], i, Apply(op, args, result, attrs))
        body.append(Loop(i, make.whole(len(operands[0])), (store,)))
    return make.kernel("Rows.run", places, body)


def check(cases, directory, exact):
    kernel = kernel_of(cases)
    text = emit(kernel)
    for program, language in compiled.EXTREMES:
        assert compiled.refuses(program, language, text) == ""
    operands = [operand for case in cases for operand in case[4]]
    outputs, _ = compiled.run(compiled.build(text, directory), kernel, operands, [])
    for (op, dtypes, result, attrs, arrays), output in zip(cases, outputs, strict=True):
        with np.errstate(all="ignore"):
            expected = np.asarray(op.numpy(*arrays, **dict(zip(op.params, attrs, strict=True))))
        assert expected.dtype == result.numpy, dtypes
        if exact or not result.is_float:
            same = (expected == output) | (expected != expected) & (output != output)
            signed = result.is_float and op.name not in ZEROS_EITHER_WAY
            zeros = np.signbit(expected) == np.signbit(output) if signed else True
            wrong = ~(same & (zeros | (expected != expected)))
            found = [(*(array[at] for array in arrays), expected[at], output[at]) for at in np.flatnonzero(wrong)]
            assert found == [], f"{op.name} of {dtypes}"
        else:
            close = 1e-5 if result.bits == 32 else 1e-12
            np.testing.assert_allclose(output, expected, rtol=close, atol=np.finfo(result.numpy).tiny)


@pytest.mark.parametrize("op", ROWS, ids=lambda op: op.name)
def test_c_of_a_row_equals_its_numpy(op, tmp_path):
    pairs = [(op, signature(op, dtype)) for dtype in DTYPES.values()]
    cases = [(op, *found, (), grid(found[0])) for op, found in pairs if found]
    assert cases
    check(cases, tmp_path, op.ulp == 0)


@pytest.mark.parametrize("target", DTYPES.values(), ids=str)
def test_casts_equal_astype(target, tmp_path):
    cast = OPS["cast"]
    cases = [
        (cast, (dtype,), target, (target,), [castable(values(dtype), dtype, target)])
        for dtype in DTYPES.values()
        if dtype is not target
    ]
    check(cases, tmp_path, True)


def castable(array, come, target):
    """Floats that fit: NumPy's result for the others depends on the machine."""
    if not come.is_float or target.is_float or target.kind == "b":
        return array
    limits = np.iinfo(target.numpy)
    with np.errstate(all="ignore"):
        return array[(array > float(limits.min)) & (array < float(limits.max))]
