"""csrc/modc_reduce.h: the tree, and NaN."""

from __future__ import annotations

import numpy as np
import pytest
from header_library import DTYPES

OPERATIONS = {"sum": np.add, "prod": np.multiply, "max": np.maximum, "min": np.minimum}
NAMES = [name for name in DTYPES if name != "b8"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_lanes_are_folded_over_the_tree_16_8_4_2_1(headers, operation, name):
    random = np.random.default_rng(8)
    if name[0] == "f":
        lanes = random.normal(size=32).astype(DTYPES[name])
    else:
        info = np.iinfo(DTYPES[name])
        lanes = random.integers(info.min, info.max, 32, DTYPES[name], endpoint=True)
    expected = lanes
    while expected.size > 1:
        half = expected.size // 2
        expected = OPERATIONS[operation](expected[:half], expected[half:])
    assert expected[0] == headers.fold(f"{operation}_{name}", lanes)


@pytest.mark.parametrize("name", ["f64", "f32"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_nan_in_any_lane_is_the_result(headers, operation, name):
    for place in range(32):
        lanes = np.ones(32, DTYPES[name])
        lanes[place] = np.nan
        assert np.isnan(headers.fold(f"{operation}_{name}", lanes))
