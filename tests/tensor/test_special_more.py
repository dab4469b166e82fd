"""Special functions composed of others, and integrals: SciPy's values and edges, gradients, weak dtypes."""

from __future__ import annotations

import os

import numpy as np
import pytest
import scipy.special as sp
from tensor_helpers import check_gradient, value

import modc
import modc.tensor as T

MODES = os.environ.get("MODC_TEST_MODES", "numpy c").split()
INF, NAN = np.inf, np.nan
EDGES = np.array([0.0, -0.0, 1.0, -1.0, 0.5, 3.0, 1e-300, 40.0, 700.0, INF, -INF, NAN])
#: Names of one operand, all of whose edges are SciPy's.
ONE = ["exp1", "expi", "dawsn", "erfi", "ellipk", "ellipe", "exprel", "rgamma", "ellipkm1"]


@pytest.mark.parametrize("mode", MODES)
def test_functions_of_one_number_have_scipys_edges(mode):
    x = T.dvector("x")
    found = modc.function([x], [getattr(T, name)(x) for name in ONE], mode=mode)(EDGES)
    for name, values in zip(ONE, found, strict=True):
        with np.errstate(all="ignore"):
            expected = getattr(sp, name)(EDGES)
        kept = ~(np.isnan(expected) & ~np.isnan(EDGES)) if name in ("rgamma", "exprel") else np.full(EDGES.size, True)
        if name == "ellipkm1":
            kept = EDGES > 1e-9
        np.testing.assert_allclose(values[kept], expected[kept], rtol=1e-12, atol=1e-300, err_msg=name)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["expn", "owens_t", "zeta"])
def test_functions_of_two_numbers_have_scipys_edges(mode, name):
    points = np.array([0.0, 1.0, 2.0, 0.5, 3.0, -1.0, 30.0, INF, NAN])
    first, second = (part.ravel() for part in np.meshgrid(points, points))
    if name != "owens_t":
        kept = (first > 1) & (second > 0) if name == "zeta" else (first == np.floor(first)) & np.isfinite(first)
        first, second = first[kept], second[kept]
    a, x = T.dvector("a"), T.dvector("x")
    found = modc.function([a, x], getattr(T, name)(a, x), mode=mode)(first, second)
    with np.errstate(all="ignore"):
        expected = getattr(sp, name)(first, second)
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-300)


@pytest.mark.parametrize("mode", MODES)
def test_inverses_of_betainc_invert_it(mode):
    a, b, p = T.dvector("a"), T.dvector("b"), T.dvector("p")
    first, second, third = (part.ravel() for part in np.meshgrid([0.3, 1.0, 2.5, 40.0], [0.5, 3.0, 100.0], [1e-30, 1e-3, 0.4, 0.9]))
    low, high = modc.function([a, b, p], [T.betaincinv(a, b, p), T.betainccinv(a, b, p)], mode=mode)(first, second, third)
    np.testing.assert_allclose(sp.betainc(first, second, low), third, rtol=1e-11)
    np.testing.assert_allclose(sp.betaincc(first, second, high)[high < 0.999], third[high < 0.999], rtol=1e-11)
    far = np.array([[7.25, 1.5, 2.2e-308], [1.5, 7.25, 1e-300], [7.25, 7.25, 1e-200], [0.5, 3.0, 1e-100], [40.0, 2.0, 1e-250], [2.0, 40.0, 1e-250], [16.25, 837.0, 4e-299]]).T
    found = modc.function([a, b, p], T.betaincinv(a, b, p), mode=mode)(*far)
    np.testing.assert_allclose(sp.betainc(far[0], far[1], found), far[2], rtol=1e-9)
    edges = np.array([[0.5, 2, 0.0], [0.5, 2, 1.0], [-1, 2, 0.5], [0, 2, 0.5], [2, INF, 0.5], [2, 3, -0.1], [2, 3, 1.1], [2, 3, NAN]]).T
    found = modc.function([a, b, p], T.betaincinv(a, b, p), mode=mode)(*edges)
    np.testing.assert_array_equal(found, [0.0, 1.0, NAN, NAN, NAN, NAN, NAN, NAN])


#: name -> operands; the function of SciPy with that name gives the values.
COMPOSED = {
    "betaincc": ([2.0, 0.5], [3.0, 1.5], [0.3, 0.99]), "binom": ([5.0, 10.0, 7.5], [2.0, 3.0, 1.25]), "comb": ([5.0, 10.0, 3.0], [2.0, 3.0, 4.0]),
    "perm": ([5.0, 10.0, 3.0], [2.0, 3.0, 4.0]), "boxcox": ([0.5, 2.0, 3.0], [0.0, 0.5, -1.0]), "boxcox1p": ([1e-9, 2.0, 3.0], [0.0, 0.5, -1.0]),
    "inv_boxcox": ([0.5, 0.2, 0.3], [0.0, 0.5, -1.0]), "inv_boxcox1p": ([1e-9, 0.2, 0.3], [0.0, 0.5, -1.0]),
    "chdtr": ([2.0, 5.0], [1.0, 7.0]), "chdtrc": ([2.0, 5.0], [1.0, 7.0]), "chdtri": ([2.0, 5.0], [0.1, 0.9]),
    "gdtr": ([2.0, 0.5], [1.0, 3.0], [0.5, 4.0]), "gdtrc": ([2.0, 0.5], [1.0, 3.0], [0.5, 4.0]), "pdtr": ([2.0, 5.0], [1.5, 7.0]),
    "pdtrc": ([2.0, 5.0], [1.5, 7.0]), "nbdtr": ([2.0, 5.0], [3.0, 4.0], [0.3, 0.6]), "nbdtrc": ([2.0, 5.0], [3.0, 4.0], [0.3, 0.6]),
    "fdtr": ([2.0, 5.0], [3.0, 4.0], [0.3, 2.0]), "fdtrc": ([2.0, 5.0], [3.0, 4.0], [0.3, 2.0]), "fdtri": ([2.0, 5.0], [3.0, 4.0], [0.3, 0.9]),
    "stdtr": ([2.0, 5.0, 1.0], [0.5, -2.0, 0.0]), "stdtrit": ([2.0, 5.0, 1.0], [0.2, 0.9, 0.4]), "kl_div": ([0.5, 0.0, 2.0], [0.2, 1.0, 3.0]),
    "rel_entr": ([0.5, 0.0, 2.0], [0.2, 1.0, 3.0]), "huber": ([1.0, 1.0, 0.5], [0.3, -2.0, 1.0]), "pseudo_huber": ([1.0, 1.0, 0.5], [0.3, -2.0, 1.0]),
    "exprel": ([0.0, 1e-9, -3.0],), "cosm1": ([0.0, 1e-9, 2.0],), "exp10": ([0.0, -2.0, 1.5],), "rgamma": ([0.5, -1.5, 4.0],),
    "ndtri_exp": ([-1e5, -700.0, -3.0, -0.5, -1e-9],), "bdtr": ([2.0, 5.0, 4.0], [3.0, 9.0, 4.0], [0.3, 0.6, 0.2]),
    "bdtrc": ([2.0, 5.0, 4.0], [3.0, 9.0, 4.0], [0.3, 0.6, 0.2]), "ellipkm1": ([0.5, 0.1],),
}  # fmt: skip
#: The operand whose gradient is checked, where it is not the last one; whole numbers have none.
WRT = {"pdtr": 1, "bdtr": 2, "comb": None, "perm": None, "ndtri_exp": None, "binom": 1}


@pytest.mark.parametrize("name", COMPOSED)
def test_what_is_composed_agrees_with_scipy_and_has_gradients(name):
    given = [np.array(one) for one in COMPOSED[name]]
    roots = [T.dvector() for _ in given]
    points = dict(zip(roots, given, strict=True))
    found = getattr(T, name)(*roots)
    expected = getattr(sp, name)(*(one.astype(int) if name in ("bdtr", "bdtrc", "nbdtr", "nbdtrc") and at < 2 else one for at, one in enumerate(given)))
    np.testing.assert_allclose(value(found, points), expected, rtol=1e-12, atol=1e-300)
    wrt = WRT.get(name, len(given) - 1)
    if wrt is not None:
        check_gradient(found.sum(), [roots[wrt]], points, 1e-4)


def test_the_log_of_the_multivariate_gamma_function():
    x = T.dscalar("x")
    for d in (1, 2, 5):
        np.testing.assert_allclose(value(T.multigammaln(x, d), {x: np.array(4.5)}), sp.multigammaln(4.5, d), rtol=1e-14)
    with pytest.raises(ValueError, match="positive integer"):
        T.multigammaln(x, 0)


def test_gradients_of_integrals_go_where_they_are_known():
    h, a = T.dvector("h"), T.dvector("a")
    given = {h: np.array([0.3, 1.2, -2.0]), a: np.array([0.7, -1.6, 2.5])}
    check_gradient(T.owens_t(h, a).sum(), [h, a], given, 1e-5)
    given = {h: np.array([0.0, 1.0, 4.0]), a: np.array([0.7, 1.6, 2.5])}
    check_gradient(T.expn(h, a).sum(), [a], given, 1e-4)
    with pytest.raises(T.NoGradientError, match="expn"):
        T.grad(T.expn(h, a).sum(), h)
    with pytest.raises(T.NoGradientError, match="hurwitz"):
        T.grad(T.zeta(h).sum(), h)
    check_gradient((T.ellipk(a) + T.ellipe(a)).sum(), [a], {a: np.array([0.0, 0.5, -3.0])}, 1e-5)


def test_constants_are_weak():
    x = T.fvector("x")
    for found in (T.betaincinv(2.0, 3.0, x), T.owens_t(x, 0.5), T.boxcox(x, 0.5), T.stdtr(3, x), T.zeta(x), T.comb(5, x), T.exp10(x)):
        assert found.dtype == "float32"
