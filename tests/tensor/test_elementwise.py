"""Elementwise functions of the language against NumPy: dtypes, edges, weak scalars, bounds, rounding; C and NumPy mode."""

from __future__ import annotations

import itertools
import os

import numpy as np
import pytest
from tensor_helpers import check_gradient, root_like, value

import modc
import modc.tensor as T
from modc.errors import DTypeError
from modc.graph import DTYPES, OPS
from modc.tensor.variable import call

MODES = os.environ.get("MODC_TEST_MODES", "numpy c").split()
INF, NAN = np.inf, np.nan
EDGES = np.array([NAN, INF, -INF, 0.0, -0.0, 1.0, -1.5, 2.5, -2.5, 3.5, 0.49999999999999994, 4503599627370497.0, 1e300, 5e-324])
PAIRS = [part.ravel() for part in np.meshgrid(EDGES, EDGES)]
#: By name: how to call it on one array.
ONE = {name: (getattr(T, name), getattr(np, name)) for name in ["cbrt", "deg2rad", "rad2deg", "degrees", "radians", "signbit", "isposinf", "isneginf", "isfinite", "isnan", "isinf", "nan_to_num", "fix", "rint", "trunc", "floor", "ceil", "positive", "fabs", "sinc", "square", "sign", "absolute", "reciprocal", "negative", "logical_not", "expm1", "log1p"]}  # fmt: skip
TWO = {name: (getattr(T, name), getattr(np, name)) for name in ["hypot", "copysign", "nextafter", "logaddexp", "logaddexp2", "fmax", "fmin", "fmod", "heaviside", "maximum", "minimum", "floor_divide", "remainder", "isclose", "logical_and", "logical_or", "logical_xor", "arctan2", "greater", "not_equal"]}  # fmt: skip


def same(expected, found, name: str, tolerance: float = 2e-15) -> None:
    expected = np.asarray(expected)
    if expected.dtype.kind != "f":
        np.testing.assert_array_equal(expected, found, err_msg=name)
        return
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=1e-15 if name == "sinc" else 0, err_msg=name)


@pytest.mark.parametrize("mode", MODES)
def test_functions_of_one_array_have_numpys_edges(mode):
    x = T.dvector("x")
    small = EDGES[np.isnan(EDGES) | (np.abs(EDGES) < 1e10) | np.isinf(EDGES)]  # of sinc and of large angles NumPy's are rough
    for name, found in zip(ONE, modc.function([x], [ours(x) for ours, _ in ONE.values()], mode=mode)(small), strict=True):
        with np.errstate(all="ignore"):
            same(ONE[name][1](small), found, name)


@pytest.mark.parametrize("mode", MODES)
def test_functions_of_two_arrays_have_numpys_edges(mode):
    a, b = T.dvector("a"), T.dvector("b")
    function = modc.function([a, b], [ours(a, b) for ours, _ in TWO.values()], mode=mode)
    for name, found in zip(TWO, function(*PAIRS), strict=True):
        with np.errstate(all="ignore"):
            same(TWO[name][1](*PAIRS), found, name)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", ["int8", "int32", "int64", "uint8", "uint64"])
def test_integer_functions_are_numpys_at_the_ends_of_their_range(dtype, mode):
    info = np.iinfo(dtype)
    points = np.array(sorted({info.min, info.min + 1, -7 if info.min else 7, -1 if info.min else 1, 0, 1, 6, 100, info.max - 1, info.max}), dtype)
    first, second = (part.ravel() for part in np.meshgrid(points, points))
    a, b = root_like(first, "a"), root_like(second, "b")
    names = ["gcd", "lcm", "fmod", "floor_divide", "remainder", "left_shift", "right_shift", "fmax", "fmin", "bitwise_xor"]
    outputs = [getattr(T, name)(a, b) for name in names] + [T.bitwise_count(a), T.signbit(a), *T.divmod(a, b)]
    found = modc.function([a, b], outputs, mode=mode)(first, second)
    safe = (first == info.min) & (second.astype(float) == -1)  # NumPy's fmod may trap on some CPUs
    with np.errstate(all="ignore"):
        for name, array in zip(names, found, strict=False):
            where = ~safe if name == "fmod" else slice(None)
            np.testing.assert_array_equal(getattr(np, name)(first[where], second[where]), array[where], err_msg=name)
        np.testing.assert_array_equal(np.bitwise_count(first), found[-4])
        np.testing.assert_array_equal(np.signbit(first), found[-3])
        np.testing.assert_array_equal(np.floor_divide(first, second), found[-2])
        np.testing.assert_array_equal(np.remainder(first, second), found[-1])
    assert found[-4].dtype == np.uint8


@pytest.mark.parametrize("mode", MODES)
def test_ldexp_rounds_once_and_takes_any_exponent(mode):
    x, n = T.dvector("x"), T.lvector("n")
    numbers = np.array([1.0, 1.5, -0.75, 5e-324, 1.7e308, 0.0, NAN, INF, 1.0, 3.0])
    powers = np.array([1, -1074, -1075, 1074, 1, 10**12, 3, -(10**12), -(10**12), 10**12])
    with np.errstate(all="ignore"):
        expected = np.ldexp(numbers, np.clip(powers, -5000, 5000).astype(np.int32))
    np.testing.assert_array_equal(expected, modc.function([x, n], T.ldexp(x, n), mode=mode)(numbers, powers))
    with pytest.raises(DTypeError, match="integer exponent"):
        T.ldexp(x, x)
    check_gradient(T.ldexp(x, n).sum(), [x], {x: np.array([1.5, 2.0]), n: np.array([2, -1])})


# Rounding


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("decimals", [0, 1, 2, 7, -1, -2])
def test_round_with_decimals_is_numpys(decimals, mode):
    x, k = T.dvector("x"), T.lvector("k")
    numbers = np.array([1.005, 2.675, 0.125, -2.5, 15.0, 25.0, -0.05, 1e17, 123456.789, INF, NAN, -0.0])
    whole = np.array([15, 25, -15, -25, 14, 16, 149, 150, 151, 250, -250, 0])
    found = modc.function([x, k], [T.round(x, decimals), T.around(k, decimals=decimals)], mode=mode)(numbers, whole)
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(np.round(numbers, decimals), found[0])
    np.testing.assert_array_equal(np.round(whole, decimals), found[1])
    assert found[1].dtype == np.int64


def test_round_of_integers_to_more_than_they_hold_is_zero():
    k = T.bvector("k")
    array = np.array([-128, -50, 50, 127], "int8")
    assert value(T.round(k, -3), {k: array}).tolist() == [0, 0, 0, 0]
    assert value(T.round(k, -1), {k: array}).tolist() == [126, -50, 50, -126]  # wraps: -130 and 130 do not fit


def test_round_far_beyond_the_digits_keeps_numbers_finite():
    x = T.dvector("x")
    array = np.array([1.25, -1e300, INF])
    np.testing.assert_array_equal(array, value(T.round(x, 400), {x: array}))


def test_halves_away_from_zero():
    x = T.dvector("x")
    array = np.array([0.5, -0.5, 1.5, 2.5, -2.5, 0.49999999999999994, 4503599627370497.0, -0.0, INF, NAN])
    expected = np.array([1, -1, 2, 3, -3, 0, 4503599627370497.0, 0, INF, NAN])
    for found in (T.round(x, "half_away_from_zero"), T.round(x, mode="half_away_from_zero"), T.round_half_away_from_zero(x)):
        np.testing.assert_array_equal(expected, value(found, {x: array}))
    np.testing.assert_array_equal(np.rint(array), value(T.round_half_to_even(x), {x: array}))
    assert value(T.iround(x[:5]), {x: array}).tolist() == [1, -1, 2, 3, -3]
    k = T.lvector("k")
    assert value(T.round(k, -1, "half_away_from_zero"), {k: np.array([15, 25, -15, -25, 14])}).tolist() == [20, 30, -20, -30, 10]
    with pytest.raises(ValueError, match="half_to_even"):
        T.round(x, "up")


# Bounds, kinds, choices


@pytest.mark.parametrize(("low", "high"), [(None, 1.0), (-1.0, None), (None, None), (-1.0, 1.0)])
def test_clip_takes_none_for_no_bound(low, high):
    x = T.dvector("x")
    array = np.array([-3.0, -1.0, 0.5, 4.0, NAN])
    expected = array if low is None and high is None else np.clip(array, low, high)
    for found in (T.clip(x, low, high), T.clip(x, a_min=low, a_max=high)):
        np.testing.assert_array_equal(expected, value(found, {x: array}))
    with pytest.raises(DTypeError, match="clip"):
        T.clip(T.lvector("k"), None, 1.5)


def test_nan_to_num_replaces_each_kind():
    x, f, k = T.dvector("x"), T.fvector("f"), T.lvector("k")
    array = np.array([NAN, INF, -INF, 2.0])
    np.testing.assert_array_equal(np.nan_to_num(array), value(T.nan_to_num(x), {x: array}))
    expected = np.nan_to_num(array, nan=7, posinf=8, neginf=9)
    np.testing.assert_array_equal(expected, value(T.nan_to_num(x, 7.0, 8.0, 9.0), {x: array}))
    single = array.astype("float32")
    found = value(T.nan_to_num(f), {f: single})
    np.testing.assert_array_equal(np.nan_to_num(single), found)
    assert found.dtype == np.float32 and T.nan_to_num(k) is k


def test_isclose_and_allclose_know_nan_and_infinities():
    a, b = T.dvector("a"), T.dvector("b")
    first, second = np.array([1.0, NAN, INF, INF, 1.0]), np.array([1.0 + 1e-6, NAN, INF, -INF, 1.1])
    for equal_nan in (False, True):
        np.testing.assert_array_equal(np.isclose(first, second, equal_nan=equal_nan), value(T.isclose(a, b, equal_nan=equal_nan), {a: first, b: second}))
        assert value(T.allclose(a, b, equal_nan=equal_nan), {a: first[:3], b: second[:3]}) == equal_nan


def test_names_of_theano_and_of_the_array_standard():
    assert (T.sqr, T.sgn, T.inv, T.abs_) == (T.square, T.sign, T.reciprocal, T.absolute)
    assert (T.acos, T.atan2, T.fix, T.bitwise_invert) == (T.arccos, T.arctan2, T.trunc, T.invert)
    assert (T.largest, T.smallest, T.radians, T.degrees) == (T.maximum, T.minimum, T.deg2rad, T.rad2deg)
    a, b = T.lvector("a"), T.lvector("b")
    given = {a: np.array([7, -7, 6]), b: np.array([2, 2, 3])}
    assert value(T.ceil_intdiv(a, b), given).tolist() == [4, -3, 2]
    assert value(T.float_power(a, -1), given).tolist() == [7.0**-1, (-7.0) ** -1, 6.0**-1]
    with pytest.raises(DTypeError):
        T.positive(T.tensor("bool", (None,), "flags"))


def test_numpys_functions_on_variables_are_these():
    x, k = T.dvector("x"), T.lvector("k")
    assert np.logaddexp(x, 1.0).owner.op.name == "logaddexp"
    assert np.around(x, 2).owner.op.name == "div"
    assert np.gcd(k, 4).owner.op.name == "gcd"
    assert np.heaviside(x, 0.5).owner.op.name == "where"


@pytest.mark.parametrize("name", ["logaddexp", "logaddexp2"])
def test_gradients_of_sums_of_exponentials_are_shares_even_of_infinities(name):
    a, b = T.dvector("a"), T.dvector("b")
    points = {a: np.array([-INF, INF, 0.0, 1.0, -INF]), b: np.array([-INF, INF, -INF, 1.0, 2.0])}
    found = [value(part, points) for part in T.grad(getattr(T, name)(a, b).sum(), [a, b])]
    np.testing.assert_allclose(found[0], [0.5, 0.5, 1.0, 0.5, 0.0])
    np.testing.assert_allclose(found[1], [0.5, 0.5, 0.0, 0.5, 1.0])


def test_gradients_that_dodge_their_singular_points():
    x, y = T.dvector("x"), T.dvector("y")
    zero = {x: np.zeros(1), y: np.array([2.0])}
    assert value(T.grad(T.xlogy(x, y).sum(), y), zero) == 0.0
    np.testing.assert_allclose(value(T.grad(T.xlogy(x, y).sum(), x), zero), [np.log(2.0)])
    assert value(T.grad(T.hypot(x, x).sum(), x), zero) == 0.0
    assert value(T.grad(T.sinc(x).sum(), x), zero) == 0.0
    check_gradient(T.sinc(x).sum(), [x], {x: np.array([0.3, -1.2])}, 1e-5)
    check_gradient(T.heaviside(x, y).sum(), [y], {x: np.array([0.0]), y: np.array([0.4])})


# Dtypes


#: References of modc's own around NumPy's functions.
OWN = {"pow": "power", "fmod": "fmod"}


def weak_reference(name: str, dtype: np.dtype, scalar: object) -> np.dtype | None:
    """NumPy's dtype of array and Python number, with modc's rule for float functions; None: NumPy refuses."""
    op = OPS[name]
    if op.dtypes is OPS["exp"].dtypes:
        joined = np.result_type(dtype, scalar)
        return joined if joined.kind == "f" and joined.itemsize > 2 else np.dtype("float32" if joined.itemsize <= 2 else "float64")
    try:
        with np.errstate(all="ignore"):
            found = np.asarray(getattr(np, OWN.get(name, ""), op.numpy)(np.ones(1, dtype), scalar)).dtype
    except TypeError:
        return None
    return np.dtype("float64") if name == "div" and found.itemsize < 4 else found


BINARY = [op.name for op in OPS.values() if op.family == "map" and op.agree and op.name not in ("where", "ldexp", "complex") and "beta" not in op.name]


@pytest.mark.parametrize("scalar", [True, 1, 1.0], ids=["bool", "int", "float"])
@pytest.mark.parametrize("name", BINARY)
def test_python_numbers_are_weak_beside_every_dtype(name, scalar):
    for row in DTYPES.values():
        if row.kind == "c" or (row.kind == "b" and name in ("shl", "shr", "fmod", "floordiv", "mod", "pow")):
            continue
        x = root_like(np.ones(2, row.numpy))
        expected = weak_reference(name, row.numpy, scalar)
        if expected is None:
            with pytest.raises(DTypeError):
                call(name, x, scalar)
            continue
        assert call(name, x, scalar).dtype == str(expected), (name, row, scalar)


@pytest.mark.parametrize(("number", "dtype"), [(300, "int8"), (-1, "uint8"), (2**40, "int32")])
def test_a_python_integer_that_does_not_fit_is_refused(number, dtype):
    with pytest.raises((OverflowError, ValueError, DTypeError)):
        call("add", root_like(np.ones(2, dtype)), number)


@pytest.mark.parametrize("mode", MODES)
def test_integers_wrap_and_never_trap(mode):
    for dtype in ("int8", "int16", "int32", "int64"):
        low = np.iinfo(dtype).min
        a, b = root_like(np.ones(3, dtype), "a"), root_like(np.ones(3, dtype), "b")
        outputs = [a + b, a - b, a * b, a // b, a % b, T.fmod(a, b), -a, abs(a), a << b, a >> b, T.lcm(a, b)]
        first, second = np.array([low, low, low], dtype), np.array([-1, 0, low], dtype)
        found = modc.function([a, b], outputs, mode=mode)(first, second)
        assert found[3].tolist() == [low, 0, 1]
        assert found[4].tolist() == [0, 0, 0] == found[5].tolist()
        assert found[6].tolist() == [low] * 3 == found[7].tolist()
        assert found[8].tolist() == [0, low, 0]
        assert found[9].tolist() == [-1, low, -1]


CASTS = [name for name, row in DTYPES.items() if row.kind in "iu"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("source", ["float32", "float64"])
def test_casts_of_what_does_not_fit_are_the_same_everywhere(source, mode):
    x = root_like(np.ones(2, source))
    array = np.array([NAN, INF, -INF, 1e30, -1e30, 300.7, -1.5, 2.0**31, 2.0**32], source)
    found = modc.function([x], [x.astype(name) for name in CASTS], mode=mode)(array)
    low, wide = -(2**31), -(2**63)
    expected = {
        "int8": [0, 0, 0, 0, 0, 44, -1, 0, 0], "int16": [0, 0, 0, 0, 0, 300, -1, 0, 0],
        "int32": [low, low, low, low, low, 300, -1, low, low], "int64": [wide] * 5 + [300, -1, 2**31, 2**32],
        "uint8": [0, 0, 0, 0, 0, 44, 255, 0, 0], "uint16": [0, 0, 0, 0, 0, 300, 65535, 0, 0],
        "uint32": [0, 0, 0, 0, 0, 300, 2**32 - 1, 2**31, 0], "uint64": [2**63] * 5 + [300, 2**64 - 1, 2**31, 2**32],
    }  # fmt: skip
    for name, result in zip(CASTS, found, strict=True):
        assert result.tolist() == expected[name], name


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["hypot", "logaddexp", "fmax", "fmod", "gcd", "copysign", "xlogy", "gammainc"])
def test_broadcasts_strides_and_empty_arrays(name, mode):
    whole = name == "gcd"
    make = (lambda shape: np.arange(1, 1 + int(np.prod(shape))).reshape(shape)) if whole else (
        lambda shape: 0.5 + np.arange(np.prod(shape), dtype="float64").reshape(shape))  # fmt: skip
    kind = "int64" if whole else "float64"
    m, row, scalar = T.tensor(kind, (None, None), "m"), T.tensor(kind, (1, None), "row"), T.tensor(kind, (), "s")
    function = modc.function([m, row, scalar], [call(name, m.T[::-1].T, row), call(name, scalar, m)], mode=mode)
    for shape in ((3, 4), (0, 4), (1, 1)):
        left, right, number = make(shape), make((1, shape[1])), make(())
        found = function(left, right, number)
        np.testing.assert_allclose(found[0], OPS[name].numpy(left[:, ::-1], np.broadcast_to(right, shape)), rtol=1e-13)
        np.testing.assert_allclose(found[1], OPS[name].numpy(np.broadcast_to(number, shape), left), rtol=1e-13)


def test_jacobians_go_through_the_new_rows():
    a, x = T.dvector("a"), T.dvector("x")
    given = {a: np.array([0.5, 1.5, 3.0]), x: np.array([0.4, 1.2, 2.0])}
    for name, other in itertools.product(["gammainc", "betaln", "hypot", "logaddexp", "xlogy", "copysign"], [a, x]):
        y = getattr(T, name)(a, x)
        rows = value(T.jacobian(y, other), given)
        np.testing.assert_allclose(rows, np.diag(value(T.grad(y.sum(), other), given)), rtol=1e-12)
