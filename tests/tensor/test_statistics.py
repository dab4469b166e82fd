from __future__ import annotations

import numpy as np
import pytest

import modc
import modc.tensor as T
from modc import function

MODES = ["c", "numpy"]


def close(got, want):
    want = np.asarray(want)
    assert got.dtype == want.dtype
    assert got.shape == want.shape
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("mode", MODES)
def test_bincount_equals_numpy(mode):
    x, w, n = T.lvector("x"), T.dvector("w"), T.lscalar("n")
    run = function(
        [x, w, n],
        [T.bincount(x), T.bincount(x, w), T.bincount(x, minlength=7), T.bincount(x, w, minlength=n),
         T.bincount(x.astype("uint8"))],
        mode=mode,
    )  # fmt: skip
    for data in ([1, 3, 3, 0, 5], [2], []):
        data = np.array(data, np.int64)
        weights = np.linspace(-1, 1, data.size)
        wanted = [
            np.bincount(data), np.bincount(data, weights) * 1.0, np.bincount(data, minlength=7),
            np.bincount(data, weights, minlength=4) * 1.0, np.bincount(data),
        ]  # fmt: skip
        for got, want in zip(run(data, weights, 4), wanted, strict=True):
            close(got, want)
    with pytest.raises(ValueError, match="negative"):
        run([1, -1], [0.0, 0.0], 0)
    with pytest.raises(ValueError):
        run([1, 1], [0.0], 0)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("right", [False, True])
def test_digitize_equals_numpy_for_ascending_and_descending_bins(right, mode):
    x, bins = T.dmatrix("x"), T.dvector("bins")
    run = function([x, bins], [T.digitize(x, bins, right), T.digitize(x, [0.0, 1.0, 2.5], right)], mode=mode)
    data = np.array([[0.0, 1.0, -3.0], [2.5, np.nan, 0.5]])
    for edges in ([0.0, 1.0, 2.5], [2.5, 1.0, 0.0], [1.0], [1.0, 1.0]):
        got = run(data, edges)
        close(got[0], np.digitize(data, edges, right))
        close(got[1], np.digitize(data, [0.0, 1.0, 2.5], right))
    with pytest.raises(ValueError, match="monotonically"):
        run(data, [1.0, 0.0, 2.0])


@pytest.mark.parametrize("mode", MODES)
def test_histograms_equal_numpys(mode):
    x, w, edges, n = T.dmatrix("x"), T.dmatrix("w"), T.dvector("edges"), T.lscalar("n")
    run = function(
        [x, w, edges, n],
        [*T.histogram(x), *T.histogram(x, 4, (-1.0, 2.0)), *T.histogram(x, edges), *T.histogram(x, edges, weights=w),
         *T.histogram(x, n, density=True), T.histogram_bin_edges(x, n), *T.histogram(x, 3, weights=w.astype("int64"))],
        mode=mode,
    )  # fmt: skip
    rng = np.random.default_rng(0)
    for shape in ((5, 20), (1, 1), (0, 3)):
        data, weights = np.round(rng.normal(size=shape), 1), rng.normal(size=shape) * 3
        given = np.array([-1.0, -0.2, 0.0, 0.7, 1.5])
        with np.errstate(invalid="ignore"):
            wanted = [
                *np.histogram(data), *np.histogram(data, 4, (-1.0, 2.0)), *np.histogram(data, given),
                *np.histogram(data, given, weights=weights), *np.histogram(data, 6, density=True),
                np.histogram_bin_edges(data, 6), *np.histogram(data, 3, weights=weights.astype("int64")),
            ]  # fmt: skip
        for got, want in zip(run(data, weights, given, 6), wanted, strict=True):
            close(got, want)
    with pytest.raises(ValueError, match="monotonically"):
        run(data, weights, [1.0, 0.0], 6)
    with pytest.raises(ValueError, match="finite"):
        run([[np.nan, 1.0]], [[1.0, 1.0]], [0.0, 1.0], 6)


@pytest.mark.parametrize("mode", MODES)
def test_histograms_of_integers_and_float32(mode):
    i, f = T.bvector("i"), T.fvector("f")
    run = function([i, f], [*T.histogram(i, 5), *T.histogram(f, 5), *T.histogram(i, [0, 2, 4])], mode=mode)
    integers = np.array([0, 1, 2, 4, 4, 3, -1], np.int8)
    floats = np.array([0, 0.25, 1, 0.75, 0.5, np.inf], np.float32)[:5]
    wanted = [*np.histogram(integers, 5), *np.histogram(floats, 5), *np.histogram(integers, [0, 2, 4])]
    for got, want in zip(run(integers, floats), wanted, strict=True):
        close(got, want)


@pytest.mark.parametrize("mode", MODES)
def test_covariances_and_correlations_equal_numpys(mode):
    x, y, v, f, a = T.dmatrix("x"), T.dmatrix("y"), T.dvector("v"), T.lvector("f"), T.dvector("a")
    run = function(
        [x, y, v, f, a],
        [T.cov(x), T.cov(x, y), T.cov(x, rowvar=False), T.cov(x, bias=True), T.cov(x, ddof=2), T.cov(v), T.cov(x, v),
         T.cov(x, fweights=f), T.cov(x, aweights=a), T.cov(x, fweights=f, aweights=a), T.cov(x, aweights=a, bias=True),
         T.corrcoef(x), T.corrcoef(x, y), T.corrcoef(v), T.corrcoef(x, rowvar=False)],
        mode=mode,
    )  # fmt: skip
    rng = np.random.default_rng(0)
    one, two, vector = rng.normal(size=(3, 6)), rng.normal(size=(2, 6)), rng.normal(size=6)
    counts, scale = np.array([1, 2, 0, 3, 1, 1]), rng.random(6)
    wanted = [
        np.cov(one), np.cov(one, two), np.cov(one, rowvar=False), np.cov(one, bias=True), np.cov(one, ddof=2), np.cov(vector),
        np.cov(one, vector), np.cov(one, fweights=counts), np.cov(one, aweights=scale),
        np.cov(one, fweights=counts, aweights=scale), np.cov(one, aweights=scale, bias=True), np.corrcoef(one),
        np.corrcoef(one, two), np.corrcoef(vector), np.corrcoef(one, rowvar=False),
    ]  # fmt: skip
    for got, want in zip(run(one, two, vector, counts, scale), wanted, strict=True):
        close(got, want)
    with pytest.raises(ValueError, match="negative"):
        run(one, two, vector, counts, -scale)


@pytest.mark.parametrize("mode", MODES)
def test_gradients_agree_with_differences(mode):
    rng = np.random.default_rng(1)
    places = np.array([0, 2, 2, 1])
    modc.check_grad(lambda w: T.bincount(T.constant(places), w) ** 2, [rng.normal(size=4)], mode=mode)
    modc.check_grad(lambda x: T.cov(x) ** 2, [rng.normal(size=(2, 5))], mode=mode)
    modc.check_grad(lambda x: T.corrcoef(x)[0, 1], [rng.normal(size=(2, 5))], mode=mode)
    modc.check_grad(
        lambda w: T.histogram([0.1, 0.5, 0.9], [0.0, 0.3, 1.0], weights=w)[0] ** 2, [rng.normal(size=3)], mode=mode
    )


def test_what_cannot_be_counted_is_refused():
    x, m = T.dvector("x"), T.lmatrix("m")
    with pytest.raises(TypeError, match="integers"):
        T.bincount(x)
    with pytest.raises(ValueError, match="vector"):
        T.bincount(m)
    with pytest.raises(ValueError, match="minlength"):
        T.bincount(T.lvector("l"), minlength=-1)
    with pytest.raises(ValueError, match="positive"):
        T.histogram(x, 0)
    with pytest.raises(TypeError, match="integer"):
        T.histogram(x, 2.5)
    with pytest.raises(NotImplementedError, match="bins"):
        T.histogram(x, "stone")
    with pytest.raises(ValueError, match="not a valid estimator"):
        T.histogram(x, "many")
    with pytest.raises(TypeError, match="weighted"):
        T.histogram(x, "auto", weights=x)
    with pytest.raises(ValueError, match="2 dimensions"):
        T.cov(T.dtensor3("t"))
    with pytest.raises(TypeError, match="integer"):
        T.cov(x, fweights=x)
