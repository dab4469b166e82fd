"""NumPy's functions and keywords on Variables: what NumPy gives for arrays, in values, shapes and dtypes, in every mode."""

from __future__ import annotations

import re

import numpy as np
import pytest
from numpy_calls import ARRAYS, CASES

import modc
import modc.tensor as T

MODES = ["numpy", "c"]


def flat(found):
    """All results of a case, in one list."""
    if isinstance(found, (tuple, list)):
        return [one for part in found for one in flat(part)]
    return [found]


def cases(topic):
    return [line.strip() for line in CASES[topic].strip().splitlines()]


def roots(declared):
    return {
        name: T.TensorType(array.dtype.name, array.shape if declared else [None] * array.ndim)(name)
        for name, array in ARRAYS.items()
    }


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "open"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("topic", CASES)
def test_numpys_functions_give_what_numpy_gives(topic, mode, declared):
    given, results, expected, names = roots(declared), [], [], []
    for text in cases(topic):
        if not declared and re.search(r"np\.(unstack|poly|vander)\b", text):
            continue  # these need to know sizes
        with np.errstate(all="ignore"):
            wanted = flat(eval(text, {**ARRAYS, "np": np}))
        found = flat(eval(text, {**given, "np": np}))
        assert len(found) == len(wanted), text
        results += [T.as_tensor_variable(one) for one in found]
        expected += wanted
        names += [text] * len(wanted)
    run = modc.function(list(given.values()), results, mode=mode, on_unused_input="ignore")
    with np.errstate(all="ignore"):
        values = run(*ARRAYS.values())
    for text, value, wanted in zip(names, values if isinstance(values, list) else [values], expected, strict=True):
        close = 1e-4 if "F" in text or "float32" in text else 1e-9
        np.testing.assert_allclose(value, wanted, rtol=close, atol=close, err_msg=text)
        assert np.shape(value) == np.shape(wanted), text
        assert np.asarray(value).dtype == np.asarray(wanted).dtype, text
