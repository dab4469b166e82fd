"""Special functions: SciPy's values and edges in C and NumPy mode, gradients, dtypes."""

from __future__ import annotations

import os

import numpy as np
import pytest
import scipy.special as sp
from tensor_helpers import check_gradient, root_like, value

import modc
import modc.tensor as T

MODES = os.environ.get("MODC_TEST_MODES", "numpy c").split()
INF, NAN = np.inf, np.nan
EDGES = np.array([0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 1.5, -1.5, 1e-300, -1e-300, 170.0, 172.0, 30.0, INF, -INF, NAN])
ONE = ["gamma", "gammaln", "digamma", "trigamma", "erf", "erfc", "erfcx", "erfinv", "erfcinv", "i0", "i0e", "i1", "i1e", "j0", "j1", "logit", "expit", "log_expit", "entr"]
ONE += ["ndtr", "ndtri", "log_ndtr", "gammasgn", "factorial"]
TWO = ["gammainc", "gammaincc", "gammaincinv", "gammainccinv", "betaln", "xlogy", "xlog1py"]
SCIPY = {"trigamma": lambda x: sp.polygamma(1, x)}
#: Where modc gives the limit, and SciPy NaN or another sign.
OTHERS = {("gammaln", -INF): INF, ("i0", INF): INF, ("i0", -INF): INF, ("i1", INF): INF, ("i1", -INF): -INF,
          ("j0", INF): 0.0, ("j0", -INF): 0.0, ("j1", INF): 0.0, ("j1", -INF): 0.0, ("gammasgn", 0.0): 1.0,
          ("trigamma", -INF): NAN, ("digamma", -INF): NAN}  # fmt: skip


def expected_of_one(name: str, array: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        found = SCIPY.get(name, getattr(sp, name, None))(array)
    for at, number in enumerate(array):
        if (name, float(number)) in OTHERS:
            found[at] = OTHERS[name, float(number)]
    return found


@pytest.mark.parametrize("mode", MODES)
def test_functions_of_one_number_have_scipys_edges(mode):
    x = T.dvector("x")
    function = modc.function([x], [getattr(T, name)(x) for name in ONE], mode=mode)
    for name, found in zip(ONE, function(EDGES), strict=True):
        np.testing.assert_allclose(found, expected_of_one(name, EDGES), rtol=1e-12, atol=1e-300, err_msg=name)


@pytest.mark.parametrize("mode", MODES)
def test_functions_of_two_numbers_have_scipys_edges(mode):
    a, x = T.dvector("a"), T.dvector("x")
    points = np.array([0.0, 1.0, 0.25, 2.5, -1.0, -1.5, 30.0, INF, NAN])
    first, second = (part.ravel() for part in np.meshgrid(points, points))
    function = modc.function([a, x], [getattr(T, name)(a, x) for name in TWO], mode=mode)
    for name, found in zip(TWO, function(first, second), strict=True):
        with np.errstate(all="ignore"):
            expected = getattr(sp, name)(first, second)
        if name == "betaln":  # SciPy's sums of infinities; modc has the limits
            kept = (first > 0) & (second > 0) & np.isfinite(first) & np.isfinite(second)
            found, expected = found[kept], expected[kept]
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-300, err_msg=name)


@pytest.mark.parametrize("mode", MODES)
def test_the_incomplete_beta_function_has_scipys_edges(mode):
    a, b, x = T.dvector("a"), T.dvector("b"), T.dvector("x")
    points = np.array([0.0, 1.0, 0.25, 2.5, -1.0, 40.0, INF])
    grid = [part.ravel() for part in np.meshgrid(points, points, [0.0, 0.1, 0.5, 0.95, 1.0, -0.5, 2.0, NAN])]
    found = modc.function([a, b, x], T.betainc(a, b, x), mode=mode)(*grid)
    with np.errstate(all="ignore"):
        expected = sp.betainc(*grid)
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-300)


@pytest.mark.parametrize("mode", MODES)
def test_polygamma_takes_orders_as_numbers_and_as_arrays(mode):
    n, x = T.lvector("n"), T.dvector("x")
    orders, points = np.arange(6), np.array([0.3, 1.0, 2.5, 7.0, 33.0, 1e6])
    found = modc.function([n, x], [T.polygamma(n, x), T.polygamma(0, x), T.polygamma(1, x), T.polygamma(3, x)], mode=mode)
    every, zero, one, three = found(orders, points)
    np.testing.assert_allclose(every, sp.polygamma(orders, points), rtol=1e-13)
    np.testing.assert_allclose(zero, sp.digamma(points), rtol=1e-13)
    np.testing.assert_allclose(one, sp.polygamma(1, points), rtol=1e-13)
    np.testing.assert_allclose(three, sp.polygamma(3, points), rtol=1e-13)


def test_orders_of_polygamma_that_make_no_sense_are_refused():
    x = T.dvector("x")
    with pytest.raises(ValueError, match="0, 1, 2"):
        T.polygamma(-1, x)
    with pytest.raises(ValueError, match="0, 1, 2"):
        T.polygamma(1.5, x)
    with pytest.raises(modc.errors.DTypeError, match="integer"):
        T.polygamma(x, x)
    n = T.lvector("n")
    assert np.isnan(value(T.polygamma(n, x), {n: np.array([-1]), x: np.array([1.0])})).all()


COMPOSED = {
    "beta": (lambda a, x: T.beta(a, x), sp.beta), "poch": (lambda a, x: T.poch(a, x), sp.poch),
    "chi2sf": (lambda a, x: T.chi2sf(x, a), lambda a, x: sp.chdtrc(a, x)),
    "gammau": (lambda a, x: T.gammau(a, x), lambda a, x: sp.gammaincc(a, x) * sp.gamma(a)),
    "gammal": (lambda a, x: T.gammal(a, x), lambda a, x: sp.gammainc(a, x) * sp.gamma(a)),
    "xlogx": (lambda a, x: T.xlogx(a) + x, lambda a, x: sp.xlogy(a, a) + x),
}  # fmt: skip


@pytest.mark.parametrize("name", COMPOSED)
def test_what_is_composed_agrees_with_scipy_and_has_gradients(name):
    a, x = T.dvector("a"), T.dvector("x")
    ours, theirs = COMPOSED[name]
    first, second = np.array([0.5, 1.25, 3.0]), np.array([0.75, 2.0, 2.5])
    np.testing.assert_allclose(value(ours(a, x), {a: first, x: second}), theirs(first, second), rtol=1e-12)
    check_gradient(ours(a, x).sum(), [x], {a: first, x: second}, 1e-5)


def test_beta_of_negative_numbers_has_its_sign():
    a, b = T.dvector("a"), T.dvector("b")
    first, second = np.array([-0.5, -1.5, -2.5]), np.array([0.75, 0.25, 1.6])
    np.testing.assert_allclose(value(T.beta(a, b), {a: first, b: second}), sp.beta(first, second), rtol=1e-12)


@pytest.mark.parametrize("name", ["i0e", "i1", "i1e", "j1", "xlogx", "entr", "log_ndtr", "log_expit", "ndtr", "ndtri"])
def test_gradients_at_and_around_zero(name):
    x = T.dvector("x")
    points = np.array([0.2, 0.4, 0.6]) if name in ("xlogx", "entr", "ndtri") else np.array([-1.5, 0.3, 2.0])
    check_gradient(getattr(T, name)(x).sum(), [x], {x: points}, 1e-5)
    if name in ("i1", "i1e", "j1"):
        found = value(T.grad(getattr(T, name)(x).sum(), x), {x: np.zeros(1)})
        np.testing.assert_allclose(found, [0.5], rtol=1e-15)


def test_small_integers_give_float32_and_wide_ones_float64():
    for dtype, result in (("int8", "float32"), ("uint16", "float32"), ("int32", "float64"), ("bool", "float32")):
        x = root_like(np.ones(2, dtype))
        for function in (T.gamma, T.erfinv, T.i0, T.xlogx, T.entr, T.ndtr, T.factorial, T.gammasgn):
            assert function(x).dtype == result


def test_numpys_and_scipys_names_reach_the_same_functions():
    assert T.psi is T.digamma and T.tri_gamma is T.trigamma and T.expit is T.sigmoid


def test_functions_agree_in_check_mode():
    x = T.dvector("x")
    outputs = [getattr(T, name)(x) for name in ONE]
    modc.function([x], outputs, mode="check")(np.array([0.1, 0.3, 0.55, 0.9]))
