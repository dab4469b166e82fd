"""csrc/modc_scalar.h against NumPy on edge values and random pairs."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from header_library import DTYPES, Array

INTEGERS = [name for name in DTYPES if name[0] in "iu"]
SIGNED = [name for name in INTEGERS if name[0] == "i"]
FLOATS = ["f64", "f32"]
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def integers(name: str) -> Array:
    """Edges and random values of an integer dtype."""
    info = np.iinfo(DTYPES[name])
    edges = [info.min, info.min + 1, info.max, info.max - 1, 0, 1, 2, 3, 7, 10, 31, 63]
    edges += [-1, -2, -3, -7, -10] if info.min < 0 else []
    random = np.random.default_rng(4).integers(info.min, info.max, 20, DTYPES[name], endpoint=True)
    return np.concatenate([np.array(edges, DTYPES[name]), random])


def floats(name: str) -> Array:
    """Edges and random values of a float dtype."""
    info = np.finfo(DTYPES[name])
    half = [0, 0.5, 1, 1.5, 2, 2.5, 3, 7.25, 127.9, 128, 255, 256, 65535, 65536, 1e9, 2.0**31, 3e9]
    half += [2.0**32, 1e15, 2.0**52 + 1, 2.0**63, 1.5 * 2.0**63, 2.0**64, 1e25, np.inf, np.nan]
    half += [float(info.max), float(info.tiny), float(info.smallest_subnormal)]
    random = np.random.default_rng(4).uniform(-100, 100, 30)
    return np.concatenate([half, np.negative(half), random]).astype(DTYPES[name])


def pairs(values: Array) -> tuple[Array, Array]:
    """All pairs of the values."""
    a, b = zip(*itertools.product(values, repeat=2), strict=True)
    return np.array(a, values.dtype), np.array(b, values.dtype)


def same(expected: Array, got: Array) -> bool:
    """Equal bits, but for the payload and sign of NaN."""
    both_nan = np.isnan(expected) & np.isnan(got)
    return bool(np.all(both_nan | ((expected == got) & (np.signbit(expected) == np.signbit(got)))))


@pytest.mark.parametrize("name", INTEGERS)
def test_integer_division_and_remainder_are_numpys(headers, name):
    a, b = pairs(integers(name))
    assert np.array_equal(np.floor_divide(a, b), headers(f"floordiv_{name}", a, b))
    assert np.array_equal(np.remainder(a, b), headers(f"mod_{name}", a, b))


@pytest.mark.parametrize("name", FLOATS)
def test_float_division_and_remainder_are_numpys(headers, name):
    a, b = pairs(floats(name))
    assert same(np.floor_divide(a, b), headers(f"floordiv_{name}", a, b))
    assert same(np.remainder(a, b), headers(f"mod_{name}", a, b))


@pytest.mark.parametrize("name", [*INTEGERS, *FLOATS])
def test_maximum_and_minimum_are_numpys_and_keep_nan(headers, name):
    a, b = pairs(floats(name) if name in FLOATS else integers(name))
    assert np.array_equal(np.maximum(a, b), headers(f"max_{name}", a, b), equal_nan=name in FLOATS)
    assert np.array_equal(np.minimum(a, b), headers(f"min_{name}", a, b), equal_nan=name in FLOATS)


@pytest.mark.parametrize("name", FLOATS)
def test_maximum_and_minimum_outside_loops_are_the_same(headers, name):
    a, b = pairs(floats(name))
    assert same(headers(f"max_{name}", a, b), headers(f"max_one_{name}", a, b))
    assert same(headers(f"min_{name}", a, b), headers(f"min_one_{name}", a, b))


def test_maximum_and_minimum_of_bools_are_or_and_and(headers):
    a, b = pairs(np.array([0, 1], np.uint8))
    assert np.array_equal(a | b, headers("max_b8", a, b))
    assert np.array_equal(a & b, headers("min_b8", a, b))


@pytest.mark.parametrize("name", [*INTEGERS, *FLOATS])
def test_absolute_value_sign_and_rounding_are_numpys(headers, name):
    a = floats(name) if name in FLOATS else integers(name)
    compare = same if name in FLOATS else np.array_equal
    assert compare(np.abs(a), headers(f"abs_{name}", a))
    assert compare(np.sign(a), headers(f"sign_{name}", a))
    assert compare(np.round(a), headers(f"round_{name}", a))


@pytest.mark.parametrize("name", INTEGERS)
def test_integer_power_wraps_as_numpys(headers, name):
    a, b = pairs(integers(name))
    b = np.where(b < 0, 3, b).astype(b.dtype)
    assert np.array_equal(np.power(a, b), headers(f"powi_{name}", a, b))


@pytest.mark.parametrize("name", SIGNED)
def test_negative_integer_power_is_the_reciprocal_rounded_towards_zero(headers, name):
    a = np.array([0, 1, -1, -1, 2, -3], DTYPES[name])
    b = np.array([-1, -5, -2, -3, -1, -1], DTYPES[name])
    assert [0, 1, 1, -1, 0, 0] == headers(f"powi_{name}", a, b).tolist()


@pytest.mark.parametrize("name", INTEGERS)
def test_shifts_are_numpys_for_every_count(headers, name):
    a, b = pairs(integers(name))
    assert np.array_equal(np.left_shift(a, b), headers(f"shl_{name}", a, b))
    assert np.array_equal(np.right_shift(a, b), headers(f"shr_{name}", a, b))


@pytest.mark.parametrize("source", FLOATS)
@pytest.mark.parametrize("name", INTEGERS)
def test_a_cast_of_what_fits_is_numpys(headers, name, source):
    info, x = np.iinfo(DTYPES[name]), floats(source)
    x = x[(np.trunc(x) >= info.min) & (np.trunc(x) < info.max + 1)]
    assert np.array_equal(
        x.astype(DTYPES[name]), headers(f"cast_{name}_{source}", x, dtype=DTYPES[name])
    )


@pytest.mark.parametrize("source", FLOATS)
def test_a_cast_of_what_does_not_fit_is_defined(headers, source):
    x = np.array(
        [np.nan, np.inf, -np.inf, 1e30, -1e30, 300.7, -1.5, 2.0**31, 2.0**32], DTYPES[source]
    )
    low, wrapped = -(2**31), -(2**63)

    def cast(name: str) -> list[int]:
        return headers(f"cast_{name}_{source}", x, dtype=DTYPES[name]).tolist()

    assert [low, low, low, low, low, 300, -1, low, low] == cast("i32")
    assert [wrapped] * 5 + [300, -1, 2**31, 2**32] == cast("i64")
    assert [0, 0, 0, 0, 0, 44, -1, 0, 0] == cast("i8")
    assert [0, 0, 0, 0, 0, 300, 65535, 0, 0] == cast("u16")
    assert [0, 0, 0, 0, 0, 300, 2**32 - 1, 2**31, 0] == cast("u32")
    assert [2**63] * 5 + [300, 2**64 - 1, 2**31, 2**32] == cast("u64")


@pytest.mark.parametrize("name", FLOATS)
def test_tests_and_casts_to_bool_are_numpys(headers, name):
    x = floats(name)
    assert np.array_equal(np.isnan(x), headers(f"isnan_{name}", x, dtype=np.uint8))
    assert np.array_equal(np.isinf(x), headers(f"isinf_{name}", x, dtype=np.uint8))
    assert np.array_equal(x.astype(bool), headers(f"cast_b8_{name}", x, dtype=np.uint8))
