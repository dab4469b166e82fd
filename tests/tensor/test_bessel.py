"""Bessel functions of any order: SciPy's values and edges in C and NumPy mode, recurrences, gradients."""

from __future__ import annotations

import os

import numpy as np
import pytest
import scipy.special as sp
from tensor_helpers import check_gradient, value

import modc
import modc.tensor as T

MODES = os.environ.get("MODC_TEST_MODES", "numpy c").split()
NAMES = ["jv", "yv", "iv", "ive", "kv", "kve"]
INF = np.inf
ORDERS = np.array([0.0, 1.0, 2.0, 7.0, -1.0, -2.0, 0.5, -0.5, 1.5, -2.5, 19.75, 20.0, 100.25, -60.5])
POINTS = np.array([1e-300, 1e-8, 0.3, 1.999, 2.0, 7.0, 24.9, 25.0, 60.0, 199.0, 600.0])


@pytest.mark.parametrize("mode", MODES)
def test_values_are_scipys(mode):
    n, x = T.dvector("n"), T.dvector("x")
    order, point = (part.ravel() for part in np.meshgrid(ORDERS, POINTS))
    found = modc.function([n, x], [getattr(T, name)(n, x) for name in NAMES], mode=mode)(order, point)
    for name, values in zip(NAMES, found, strict=True):
        with np.errstate(all="ignore"):
            expected = getattr(sp, name)(order, point)
        kept = np.isfinite(expected) & (np.abs(expected) > 1e-280) & np.isfinite(values)
        size = np.abs(expected)
        if name in ("jv", "yv"):
            with np.errstate(all="ignore"):
                size = np.where(point > np.abs(order), np.hypot(sp.jv(order, point), sp.yv(order, point)), size)
        with np.errstate(all="ignore"):
            worst = np.max(np.abs(values - expected)[kept] / size[kept])
        assert worst < 1e-11, (name, worst)
        assert kept.sum() > 100


@pytest.mark.parametrize("mode", MODES)
def test_edges_are_limits(mode):
    cases = {
        ("jv", 0.0, 0.0): 1.0, ("jv", 1.0, 0.0): 0.0, ("jv", -1.0, -0.0): 0.0, ("jv", -0.5, 0.0): INF, ("jv", -1.5, 0.0): -INF,
        ("jv", 2.0, INF): 0.0, ("jv", 0.5, -1.0): np.nan, ("jv", INF, 1.0): np.nan, ("jv", np.nan, 1.0): np.nan,
        ("yv", 0.0, 0.0): -INF, ("yv", 3.0, 0.0): -INF, ("yv", -1.0, 0.0): INF, ("yv", -0.5, 0.0): 0.0, ("yv", 1.0, -1.0): np.nan,
        ("yv", 300.0, 1e-3): -INF, ("yv", 1.0, INF): 0.0, ("iv", 0.0, 0.0): 1.0, ("iv", 2.0, 0.0): 0.0, ("iv", -0.5, 0.0): INF,
        ("iv", 1.0, -INF): -INF, ("iv", 0.5, -1.0): np.nan, ("iv", 0.0, 800.0): INF, ("ive", 0.0, INF): 0.0,
        ("kv", 0.0, 0.0): INF, ("kv", 1.0, INF): 0.0, ("kv", 1.0, -1.0): np.nan, ("kve", 2.0, INF): 0.0, ("kve", 300.0, 1e-3): INF,
        ("kv", 1e5, 3e4): INF, ("iv", 500.0, 1.0): 0.0, ("jv", 1e6, 10.0): 0.0,
    }  # fmt: skip
    n, x = T.dvector("n"), T.dvector("x")
    for name in NAMES:
        own = [(key[1], key[2], wanted) for key, wanted in cases.items() if key[0] == name]
        order, point, wanted = (np.array(column) for column in zip(*own, strict=True))
        found = modc.function([n, x], getattr(T, name)(n, x), mode=mode)(order, point)
        np.testing.assert_array_equal(found, wanted, err_msg=name)


@pytest.mark.parametrize("mode", MODES)
def test_whole_orders_of_negative_numbers_have_their_parity(mode):
    n, x = T.lvector("n"), T.dvector("x")
    run = modc.function([n, x], [T.jv(n, x), T.iv(n, x), T.ive(n, x)], mode=mode)
    order, point = np.array([0, 1, 2, 3, -1, -2, -3]), np.array([0.7, 3.0, 9.0, 30.0, 2.5, 7.0, 40.0])
    for right, left in zip(run(order, point), run(order, -point), strict=True):
        np.testing.assert_allclose(left, right * np.where(order % 2, -1, 1), rtol=1e-14)


def test_gradients_go_to_the_argument_and_not_to_the_order():
    n, x = T.dvector("n"), T.dvector("x")
    given = {n: np.array([0.0, 1.5, 7.0, -2.5]), x: np.array([0.4, 3.0, 8.0, 2.2])}
    for name in NAMES:
        check_gradient(getattr(T, name)(n, x).sum(), [x], given, 1e-5)
        with pytest.raises(T.NoGradientError, match=name):
            T.grad(getattr(T, name)(n, x).sum(), n)
    check_gradient(T.grad(T.jv(2, x).sum(), x).sum(), [x], given, 1e-5)


OF_ONE = ["y0", "y1", "k0", "k1", "k0e", "k1e"]


@pytest.mark.parametrize("name", OF_ONE)
def test_orders_0_and_1_have_names_of_their_own(name):
    x = T.dvector("x")
    points = np.array([0.1, 1.0, 5.0, 40.0])
    np.testing.assert_allclose(value(getattr(T, name)(x), {x: points}), getattr(sp, name)(points), rtol=1e-13)
    check_gradient(getattr(T, name)(x).sum(), [x], {x: points}, 1e-4)
    assert getattr(T, name)(T.fvector()).dtype == "float32"


@pytest.mark.parametrize("name", ["spherical_jn", "spherical_yn", "spherical_in", "spherical_kn"])
def test_spherical_ones_follow(name):
    x = T.dvector("x")
    points = np.array([0.0, 0.5, 2.0, 9.0])
    for n in (0, 1, 4):
        np.testing.assert_allclose(value(getattr(T, name)(n, x), {x: points}), getattr(sp, name)(n, points), rtol=1e-12)


def test_a_constant_order_is_weak():
    assert (T.jv(2, T.fvector()).dtype, T.kv(0.5, T.fvector()).dtype, T.iv(1, T.lvector()).dtype) == ("float32", "float32", "float64")
    assert T.jn is T.jv and T.kn is T.kv and T.yn is T.yv
