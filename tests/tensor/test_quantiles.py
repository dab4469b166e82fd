from __future__ import annotations

import warnings

import numpy as np
import pytest

import modc
import modc.tensor as T
from modc import function

MODES = ["c", "numpy"]
METHODS = [
    "inverted_cdf", "averaged_inverted_cdf", "closest_observation", "interpolated_inverted_cdf", "hazen", "weibull", "linear",
    "median_unbiased", "normal_unbiased", "lower", "higher", "midpoint", "nearest",
]  # fmt: skip
AXES = [None, 0, -1, (0, 2), (1,)]


def quietly(function_of, *args, **options):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return np.asarray(function_of(*args, **options))


def close(got, want):
    assert got.dtype == want.dtype
    assert got.shape == want.shape
    np.testing.assert_allclose(got, want, rtol=2e-6 if got.dtype == np.float32 else 1e-13, atol=1e-14)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", ["bool", "int8", "int64", "uint8", "float32", "float64"])
def test_medians_equal_numpys_over_every_axis(dtype, mode):
    rng = np.random.default_rng(0)
    x = T.TensorType(dtype, (None,) * 3)("x")
    cases = [(axis, keep) for axis in AXES for keep in (False, True)]
    ours = [f(x, axis, keepdims=keep) for f in (T.median, T.nanmedian) for axis, keep in cases]
    run = function([x], ours, mode=mode)
    for shape in ((2, 3, 4), (3, 5, 1)):
        data = (rng.normal(size=shape) * 10).astype(dtype)
        if dtype.startswith("float"):
            data[0, 1, 0] = np.nan
            data[1, :, 0] = np.nan
        wanted = [quietly(f, data, axis=a, keepdims=k) for f in (np.median, np.nanmedian) for a, k in cases]
        for got, want in zip(run(data), wanted, strict=True):
            close(got, want)


@pytest.mark.parametrize("mode", MODES)
def test_medians_of_nothing_are_nan(mode):
    x = T.dmatrix("x")
    run = function([x], [T.median(x), T.median(x, 0), T.nanmedian(x, 0), T.nanquantile(x, [0.2, 0.5], 0)], mode=mode)
    found = run(np.zeros((0, 3)))
    assert [one.shape for one in found] == [(), (3,), (3,), (2, 3)]
    assert all(np.isnan(one).all() for one in found)
    with pytest.raises(IndexError):
        function([x], T.quantile(x, 0.5), mode=mode)(np.zeros((0, 3)))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("method", METHODS)
def test_quantiles_equal_numpys_by_every_method(method, mode):
    rng = np.random.default_rng(1)
    x, q = T.dtensor3("x"), T.dvector("q")
    cases = [(None, False), (1, False), ((0, 2), True), (-1, True)]
    ours = [T.quantile(x, q, axis, method, keep) for axis, keep in cases]
    ours += [T.nanquantile(x, q, axis, method, keep) for axis, keep in cases]
    ours += [T.percentile(x, 37.5, 0, method), T.nanpercentile(x, [10, 90], 1, method=method)]
    run = function([x, q], ours, mode=mode)
    parts = np.array([0.0, 0.1, 0.25, 0.5, 0.6, 1.0])
    for shape in ((2, 3, 4), (1, 2, 1)):
        data = rng.normal(size=shape)
        wanted = [quietly(np.quantile, data, parts, axis=a, method=method, keepdims=k) for a, k in cases]
        wanted += [quietly(np.nanquantile, data, parts, axis=a, method=method, keepdims=k) for a, k in cases]
        wanted += [np.percentile(data, 37.5, 0, method=method), np.nanpercentile(data, [10, 90], 1, method=method)]
        for got, want in zip(run(data, parts), wanted, strict=True):
            close(got, np.asarray(want))
    data[0, 0, 0] = np.nan
    for place, (axis, keep) in enumerate(cases):
        found = run(data, parts)
        close(found[place], quietly(np.quantile, data, parts, axis=axis, method=method, keepdims=keep))
        close(found[4 + place], quietly(np.nanquantile, data, parts, axis=axis, method=method, keepdims=keep))


@pytest.mark.parametrize("mode", MODES)
def test_dtypes_and_infinities(mode):
    f, i, x = T.fvector("f"), T.lvector("i"), T.dvector("x")
    run = function(
        [f, i, x],
        [T.quantile(f, 0.3), T.quantile(f, [0.3]), T.quantile(i, 0.4), T.quantile(i, 0.4, method="lower"), T.quantile(x, 0.75)],
        mode=mode,
    )  # fmt: skip
    floats, integers = np.array([3.0, 1.0, 7.0], np.float32), np.array([5, 1, 9, 2])
    found = run(floats, integers, [1.0, np.inf, np.inf])
    close(found[0], np.asarray(np.quantile(floats, 0.3)))
    close(found[1], np.quantile(floats, [0.3]))
    close(found[2], np.asarray(np.quantile(integers, 0.4)))
    close(found[3], np.asarray(np.quantile(integers, 0.4, method="lower")))
    assert found[4] == np.inf


@pytest.mark.parametrize("mode", MODES)
def test_gradients_go_to_the_elements_picked_and_to_q(mode):
    rng = np.random.default_rng(2)
    data = rng.normal(size=(4, 5))
    modc.check_grad(
        lambda x, q: T.concatenate([
            T.median(x, 0), T.median(x, 1) ** 2, T.quantile(x, q, 0).flatten(), T.quantile(x, 0.3, 1, "midpoint"),
            T.nanmedian(x, 1), T.nanquantile(x, q, 1, "hazen").flatten(), T.quantile(x, q, method="nearest"),
        ]),
        [data, np.array([0.2, 0.55])], mode=mode,
    )  # fmt: skip
    x = T.dvector("x")
    run = function([x], [T.jacobian(T.quantile(x, [0.1, 0.5]), x), T.hessian(T.median(x) ** 2, x)], mode=mode)
    jacobian, hessian = run([3.0, 1.0, 2.0])
    np.testing.assert_allclose(jacobian, [[0, 0.8, 0.2], [0, 0, 1]])
    np.testing.assert_allclose(hessian, np.diag([0, 0, 2.0]))


def test_what_has_no_quantile_is_refused():
    x, q = T.dvector("x"), T.dscalar("q")
    with pytest.raises(ValueError, match="range"):
        T.quantile(x, 1.5).eval({x: [1.0]})
    run = function([x, q], T.quantile(x, q), mode="numpy")
    with pytest.raises(ValueError, match="range"):
        run([1.0], -0.1)
    with pytest.raises(ValueError, match="range"):
        run([1.0], np.nan)
    with pytest.raises(ValueError, match="method"):
        T.quantile(x, 0.5, method="best")
    with pytest.raises(TypeError, match="bool"):
        T.quantile(T.TensorType("bool", (None,))("b"), 0.5)
    with pytest.raises(ValueError, match="axis"):
        T.median(x, 1)


@pytest.mark.parametrize("mode", ["c", "check", "numpy"])
def test_medians_of_sizes_known_and_not_and_their_derivatives(mode):
    rng = np.random.default_rng(7)
    for size in (1, 2, 7, 300, 301):
        data = rng.normal(size=size)
        for shape in ((size,), (None,)):
            x = T.TensorType("float64", shape)("x")
            run = function([x], [T.median(x), T.quantile(x, [0.1, 0.9])], mode=mode)
            np.testing.assert_allclose(run(data)[0], np.median(data), rtol=1e-15)
            np.testing.assert_allclose(run(data)[1], np.quantile(data, [0.1, 0.9]), rtol=1e-13)
            data_with_nan = np.append(data[1:], np.nan)
            assert np.isnan(run(data_with_nan)[0])
            assert np.isnan(run(data_with_nan)[1]).all()
    big = np.array([1.7e308, -1.7e308, 1.7e308])
    x = T.dvector("x")
    assert function([x], T.median(x), mode=mode)(big) == 1.7e308
    m = T.dmatrix("m")
    data = rng.normal(size=(3, 5))
    modc.check_grad(lambda m: T.median(m, 1) ** 2, [data], mode=mode)
    jacobian = function([m], T.jacobian(T.median(m, 1), m), mode=mode)(data)
    np.testing.assert_array_equal(jacobian.sum((1, 2)), np.ones(3))
    assert (np.count_nonzero(jacobian, axis=(1, 2)) == 1).all()
