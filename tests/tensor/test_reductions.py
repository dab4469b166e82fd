from __future__ import annotations

import warnings

import numpy as np
import pytest

import modc
import modc.tensor as T
from modc import function

DTYPES = ["bool", "int8", "int32", "int64", "uint8", "uint64", "float32", "float64"]
MODES = ["c", "numpy"]
AXES = [None, 0, -1, (0, 2), (2, 1), ()]
PLAIN = ["sum", "prod", "mean", "var", "std", "max", "min", "any", "all", "ptp"]
NAN = ["nansum", "nanprod", "nanmean", "nanvar", "nanstd", "nanmax", "nanmin"]


def close(got, want):
    assert got.dtype == want.dtype
    assert got.shape == want.shape
    if got.dtype.kind == "f":
        np.testing.assert_allclose(got, want, rtol=2e-5 if got.dtype == np.float32 else 1e-12)
    else:
        np.testing.assert_array_equal(got, want)


def numpys(name, data, axis, keepdims):
    if name == "ptp" and data.dtype == bool:
        return None
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return np.asarray(getattr(np, name)(data, axis=axis, keepdims=keepdims))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_every_reduction_equals_numpy_over_every_axis(dtype, mode):
    rng = np.random.default_rng(0)
    data = rng.integers(0, 2 if dtype == "bool" else 5, size=(2, 3, 4)).astype(dtype)
    names = [name for name in PLAIN + NAN if dtype != "bool" or name != "ptp"]
    x = T.TensorType(dtype, (None,) * 3)("x")
    cases = [(name, axis, keep) for name in names for axis in AXES for keep in (False, True)]
    if dtype in ("float32", "float64"):
        data[0, 1, 2] = data[1, 0, 3] = np.nan
        data[1, 2, :] = np.nan
    run = function([x], [getattr(T, name)(x, axis=axis, keepdims=keep) for name, axis, keep in cases], mode=mode)
    for (name, axis, keep), got in zip(cases, run(data), strict=True):
        if dtype.startswith("float") and axis == () and name in ("var", "std"):
            continue  # NumPy's variance of infinities and NaN over no axes
        close(got, numpys(name, data, axis, keep))


@pytest.mark.parametrize("mode", MODES)
def test_dtypes_are_those_asked_for(mode):
    data = np.array([[100, 100, 100], [1, 2, 4]], np.int8)
    x, f = T.bmatrix("x"), T.fmatrix("f")
    run = function(
        [x, f],
        [T.sum(x, dtype="int8"), x.sum(1, dtype="float32"), x.prod(0, "uint8"), T.mean(f, dtype="float64"),
         x.sum(acc_dtype="float64", dtype="int16"), T.var(f, 0, dtype="float64"), f.std(dtype="float64", ddof=1),
         T.cumsum(x, 1, "float32"), x.cumprod(dtype="int16"), T.nansum(f, dtype="float64")],
        mode=mode,
    )  # fmt: skip
    floats = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")
    with np.errstate(all="ignore"):
        wanted = [
            data.sum(dtype="int8"), data.sum(1, dtype="float32"), data.prod(0, dtype="uint8"),
            floats.mean(dtype="float64"), np.int16(307), floats.var(0, dtype="float64"), floats.std(dtype="float64", ddof=1),
            data.cumsum(1, dtype="float32"), data.cumprod(dtype="int16"), np.nansum(floats, dtype="float64"),
        ]  # fmt: skip
    for got, want in zip(run(data, floats), wanted, strict=True):
        close(got, np.asarray(want))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["argmax", "argmin"])
def test_positions_of_extremes_take_the_first_tie_and_nan(name, mode):
    data = np.array([[[1.0, 3, 3], [0, 0, 3]], [[np.nan, 3, np.nan], [0, -0.0, 0]]])
    x = T.dtensor3("x")
    axes = [None, 0, 1, -1, (2,)]
    ours = [getattr(T, name)(x, axis, keepdims=keep) for axis in axes for keep in (False, True)]
    run = function([x], [*ours, getattr(x, name)((0, 2)), getattr(T, name)(x[0, 0, 0])], mode=mode)
    *found, several, scalar = run(data)
    for (axis, keep), got in zip([(a, k) for a in axes for k in (False, True)], found, strict=True):
        axis = axis[0] if isinstance(axis, tuple) else axis
        close(got, np.asarray(getattr(np, name)(data, axis=axis, keepdims=keep)))
    close(several, getattr(np, name)(data.transpose(1, 0, 2).reshape(2, -1), axis=1))
    assert scalar == 0


@pytest.mark.parametrize("mode", MODES)
def test_positions_without_nan_and_slices_of_nothing_but_nan(mode):
    x = T.dmatrix("x")
    run = function([x], [T.nanargmax(x, 1), T.nanargmin(x), T.nanmax(x, 0), T.nanmin(x, 1, keepdims=True)], mode=mode)
    data = np.array([[np.nan, -np.inf, 2.0, 2.0], [3.0, np.nan, 7.0, 1.0]])
    with np.errstate(all="ignore"):
        wanted = [np.nanargmax(data, 1), np.nanargmin(data), np.nanmax(data, 0), np.nanmin(data, 1, keepdims=True)]
    for got, want in zip(run(data), wanted, strict=True):
        np.testing.assert_array_equal(got, want)
    with pytest.raises(ValueError, match="All-NaN slice"):
        run(np.full((2, 2), np.nan))


@pytest.mark.parametrize("mode", MODES)
def test_running_sums_without_nan_and_of_exponentials(mode):
    x = T.dmatrix("x")
    run = function([x], [T.nancumsum(x, 0), T.nancumprod(x), T.logcumsumexp(x, 1), T.logcumsumexp(x)], mode=mode)
    data = np.random.default_rng(0).normal(size=(3, 5)) * 300
    found = run(data)
    close(found[2], np.logaddexp.accumulate(data, axis=1))
    close(found[3], np.logaddexp.accumulate(data.ravel()))
    data[1, 2] = np.nan
    found = run(data)
    close(found[0], np.nancumsum(data, 0))
    close(found[1], np.nancumprod(data))
    wild = np.array([[-np.inf, -np.inf, 0.0, np.inf, 1.0], [np.nan, 0, 0, 0, 0], [1e308, 1e308, -1e308, 0, 0]])
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(run(wild)[2], np.logaddexp.accumulate(wild, axis=1))


@pytest.mark.parametrize("mode", MODES)
def test_averages_and_norms(mode):
    x, w = T.dmatrix("x"), T.dvector("w")
    rng = np.random.default_rng(1)
    data, weights = rng.normal(size=(3, 4)), rng.random(4)
    mean, total = T.average(x, 1, w, returned=True)
    orders = [0, 1, 2, 3, -1, np.inf, -np.inf]
    run = function(
        [x, w],
        [T.average(x), T.average(x, axis=0), mean, total, T.average(x, weights=x * x),
         T.average(x, weights=T.abs(x), axis=0, keepdims=True), *[x.norm(L, 1) for L in orders], T.norm(x, 2, (0, 1))],
        mode=mode,
    )  # fmt: skip
    *found, whole = run(data, weights)
    expected = np.average(data, 1, weights, returned=True)
    wanted = [
        np.average(data), np.average(data, 0), *expected, np.average(data, weights=data * data),
        np.average(data, weights=abs(data), axis=0, keepdims=True), *[np.linalg.norm(data, L, 1) for L in orders],
    ]  # fmt: skip
    for got, want in zip(found, wanted, strict=True):
        close(got, np.asarray(want))
    close(whole, np.asarray(np.linalg.norm(data)))
    with pytest.raises(ZeroDivisionError, match="Weights sum to zero"):
        run(data, weights * 0)


@pytest.mark.parametrize("mode", MODES)
def test_no_elements(mode):
    x = T.dmatrix("x")
    run = function(
        [x],
        [T.sum(x, 0), T.prod(x, 0), T.mean(x, 0), T.var(x, 0), T.any(x, 0), T.all(x, 0), T.nansum(x), T.nanmean(x),
         T.nanvar(x, 0), T.nancumsum(x, 0), T.logcumsumexp(x, 0)],
        mode=mode,
    )  # fmt: skip
    shapes = [one.shape for one in run(np.zeros((0, 3)))]
    assert shapes == [(3,)] * 6 + [(), (), (3,), (0, 3), (0, 3)]
    for bad in (T.max(x), T.nanmin(x, 0), T.argmax(x, 0), T.ptp(x)):
        with pytest.raises(ValueError):
            function([x], bad, mode=mode)(np.zeros((0, 3)))


@pytest.mark.parametrize("mode", MODES)
def test_gradients_agree_with_differences(mode):
    rng = np.random.default_rng(3)
    data = rng.normal(size=(3, 4))
    modc.check_grad(
        lambda x: T.concatenate([
            T.var(x, 0, ddof=1), T.std(x, 1), T.ptp(x, 0), x.norm(3, 0), T.average(x, 0, T.exp(x)),
            T.logcumsumexp(x, 1).flatten() ** 2, T.logcumsumexp(x, 0).flatten(), T.nanvar(x, 1), T.nanmax(x, 0),
            T.nancumprod(x, 1).flatten(),
        ]),
        [data], mode=mode,
    )  # fmt: skip
    holes = data.copy()
    holes[0, 1] = holes[2, 2] = np.nan
    x = T.dmatrix("x")
    found = function([x], T.grad((T.nanmean(x, 0) ** 2).sum() + T.nanstd(x) + T.nanmax(x), x), mode=mode)(holes)
    assert (found[np.isnan(holes)] == 0).all()
    assert np.isfinite(found).all()


@pytest.mark.parametrize("mode", MODES)
def test_second_derivatives_of_the_running_logsumexp(mode):
    x, v = T.dvector("x"), T.dvector("v")
    cost = (T.logcumsumexp(x) ** 2).sum()
    run = function([x, v], [T.hessian(cost, x), T.jvp(T.logcumsumexp(x), x, v), T.jacobian(T.logcumsumexp(x), x)], mode=mode)
    at, along = np.array([0.3, -1.0, 2.0, 0.5]), np.array([1.0, 2.0, -1.0, 0.5])
    hessian, forward, jacobian = run(at, along)
    np.testing.assert_allclose(jacobian @ along, forward)
    np.testing.assert_allclose(hessian, hessian.T)
    gradient = function([x], T.grad(cost, x), mode=mode)
    for place in range(4):
        step = np.eye(4)[place] * 1e-6
        np.testing.assert_allclose(hessian[place], (gradient(at + step) - gradient(at - step)) / 2e-6, rtol=1e-6, atol=1e-8)
    early = function([x], T.grad(T.logcumsumexp(x)[-1], x), mode=mode)([-np.inf, -np.inf, 1.0, 2.0])
    np.testing.assert_allclose(early, [0, 0, np.exp(1 - np.logaddexp(1, 2)), np.exp(2 - np.logaddexp(1, 2))])


def test_wrong_axes_and_weights_are_refused():
    x = T.dmatrix("x")
    for bad in (lambda: T.sum(x, 2), lambda: T.max(x, (0, 0)), lambda: T.argmax(x, -3), lambda: T.nanmean(x, (0, 5))):
        with pytest.raises(ValueError, match="axis"):
            bad()
    with pytest.raises(TypeError, match="weights"):
        T.average(x, weights=T.dvector("w"))
    with pytest.raises(modc.errors.ShapeError, match="weights"):
        T.average(x, 0, weights=T.dmatrix("w").dimshuffle(0, 1, "x"))
    with pytest.raises(TypeError):
        T.sum(x, axis=0.5)


def test_numpys_functions_reduce_variables():
    x = T.dmatrix("x")
    data = np.random.default_rng(0).normal(size=(3, 4))
    ours = [np.nansum(x, axis=0), np.average(x, axis=1), np.ptp(x), np.amax(x, axis=0), np.std(x, axis=1, ddof=1)]
    wanted = [np.nansum(data, axis=0), np.average(data, axis=1), np.ptp(data), data.max(0), data.std(1, ddof=1)]
    for got, want in zip(function([x], ours, mode="numpy")(data), wanted, strict=True):
        np.testing.assert_allclose(got, want)
