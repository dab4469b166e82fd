"""Every unary float32 function of csrc, over all floats: a lattice of them, all of them with TEST_EXHAUSTIVE=1."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable

import all_floats
import pytest
from header_library import LEVELS

from modc.graph import OPS

STEP = 1 if os.environ.get("TEST_EXHAUSTIVE") == "1" else 16_411  # a prime


@pytest.fixture(scope="module", params=LEVELS)
def library(request, tmp_path_factory) -> Callable[[], ctypes.CDLL]:
    """The loops over all functions, at a CPU level."""
    return all_floats.build(all_floats.NAMES, tmp_path_factory.mktemp("floats"), request.param)


@pytest.mark.parametrize("name", all_floats.NAMES)
def test_a_float_function_is_within_its_rows_ulps_of_the_double_one(library, name):
    error, at = all_floats.worst(library, name, 0, (1 << 32) // STEP, STEP)
    assert error <= OPS[name].ulp, f"{name}({at!r}): {error} ulp"
