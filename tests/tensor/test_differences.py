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
    np.testing.assert_allclose(got, want, rtol=2e-6 if want.dtype == np.float32 else 1e-12, atol=1e-13)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int64", "float32", "float64"])
def test_differences_equal_numpys(dtype, mode):
    x = T.TensorType(dtype, (None, None))("x")
    run = function(
        [x],
        [T.diff(x), T.diff(x, 2, 0), T.diff(x, axis=0, prepend=x[:1], append=x), T.diff(x, n=3), T.diff(x, 0),
         *([] if dtype == "bool" else [T.ediff1d(x), T.ediff1d(x, [1, 2], 3)])],
        mode=mode,
    )  # fmt: skip
    for shape in ((3, 5), (1, 1), (4, 0)):
        data = np.random.default_rng(0).integers(0, 2 if dtype == "bool" else 100, size=shape).astype(dtype)
        wanted = [np.diff(data), np.diff(data, 2, 0), np.diff(data, axis=0, prepend=data[:1], append=data), np.diff(data, n=3), data]
        if dtype != "bool":
            wanted += [np.ediff1d(data), np.ediff1d(data, np.array([1, 2], dtype), np.array(3, dtype))]
        for got, want in zip(run(data), wanted, strict=True):
            close(got, want)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("edge_order", [1, 2])
def test_slopes_equal_numpys(edge_order, mode):
    x, p, h = T.dmatrix("x"), T.dvector("p"), T.dscalar("h")
    ours = [
        *T.finite_gradient(x, edge_order=edge_order), T.finite_gradient(x, h, axis=1, edge_order=edge_order),
        *T.finite_gradient(x, p[:4], 2.0, edge_order=edge_order), T.finite_gradient(p, p**3, edge_order=edge_order),
        *T.finite_gradient(x, 0.5, p, axis=(0, -1), edge_order=edge_order),
    ]  # fmt: skip
    run = function([x, p, h], ours, mode=mode)
    rng = np.random.default_rng(1)
    data, places = rng.normal(size=(4, 6)), np.sort(rng.random(6))
    wanted = [
        *np.gradient(data, edge_order=edge_order), np.gradient(data, 0.1, axis=1, edge_order=edge_order),
        *np.gradient(data, places[:4], 2.0, edge_order=edge_order), np.gradient(places, places**3, edge_order=edge_order),
        *np.gradient(data, 0.5, places, axis=(0, -1), edge_order=edge_order),
    ]  # fmt: skip
    for got, want in zip(run(data, places, 0.1), wanted, strict=True):
        close(got, want)
    with pytest.raises(ValueError, match="too few"):
        function([x], T.finite_gradient(x, axis=0, edge_order=edge_order), mode=mode)(np.zeros((1, 4)))


@pytest.mark.parametrize("mode", MODES)
def test_areas_equal_numpys(mode):
    y, x = T.dmatrix("y"), T.dvector("x")
    run = function(
        [y, x],
        [T.trapezoid(y), T.trapezoid(y, dx=0.5, axis=0), T.trapezoid(y, x), T.trapezoid(y, y * 2, axis=0), T.trapz(y[0])],
        mode=mode,
    )  # fmt: skip
    rng = np.random.default_rng(2)
    data, places = rng.normal(size=(3, 4)), rng.random(4)
    wanted = [
        np.trapezoid(data), np.trapezoid(data, dx=0.5, axis=0), np.trapezoid(data, places),
        np.trapezoid(data, data * 2, axis=0), np.trapezoid(data[0]),
    ]  # fmt: skip
    for got, want in zip(run(data, places), wanted, strict=True):
        close(got, want)


@pytest.mark.parametrize("mode", MODES)
def test_single_precision_stays(mode):
    x = T.fvector("x")
    run = function([x], [T.finite_gradient(x, 0.5), T.trapezoid(x), T.trapezoid(x, x), T.diff(x), T.convolve(x, x)], mode=mode)
    data = np.array([1.0, 3.0, 2.0], np.float32)
    wanted = [np.gradient(data, 0.5), np.trapezoid(data), np.trapezoid(data, data), np.diff(data), np.convolve(data, data)]
    for got, want in zip(run(data), wanted, strict=True):
        close(got, want)


@pytest.mark.parametrize("mode", MODES)
def test_interpolation_equals_numpy(mode):
    x, xp, fp = T.dmatrix("x"), T.dvector("xp"), T.dvector("fp")
    run = function(
        [x, xp, fp],
        [T.interp(x, xp, fp), T.interp(x, xp, fp, left=-7.0, right=9.0), T.interp(x, xp, fp, period=3.0),
         T.interp(x[0, 0], xp, fp), T.interp(x.astype("float32"), xp, fp)],
        mode=mode,
    )  # fmt: skip
    data = np.array([[0.0, 1.0, 1.5, 2.0], [-1.0, 5.0, np.nan, 3.75]])
    for places, heights in (
        ([0.0, 1.0, 2.0, 4.0], [1.0, -1.0, 3.0, 3.5]), ([1.0], [2.0]), ([0.0, 1.0, 1.0, 2.0], [0.0, 1.0, 5.0, 6.0]),
        ([0.0, 1.0, 2.0, 3.0], [np.inf, np.inf, 1.0, 2.0]), ([-np.inf, 1.0], [3.0, 3.0]),
    ):  # fmt: skip
        if np.isinf(places[0]):
            close(run(data, places, heights)[0], np.interp(data, places, heights))
            continue
        wanted = [
            np.interp(data, places, heights), np.interp(data, places, heights, left=-7.0, right=9.0),
            np.interp(data, places, heights, period=3.0), np.interp(data[0, 0], places, heights),
            np.interp(data.astype("float32"), places, heights),
        ]  # fmt: skip
        for got, want in zip(run(data, places, heights), wanted, strict=True):
            close(got, want)
    with pytest.raises(ValueError, match="empty"):
        run(data, [], [])
    with pytest.raises(ValueError):
        run(data, [1.0, 2.0], [1.0])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", ["bool", "int8", "int64", "uint16", "float32", "float64"])
def test_convolutions_equal_numpys(dtype, mode):
    a, v = (T.TensorType(dtype, (None,))(name) for name in "av")
    modes = ["full", "same", "valid"]
    names = ["convolve"] if dtype == "bool" else ["convolve", "correlate"]
    run = function([a, v], [getattr(T, name)(a, v, each) for name in names for each in modes], mode=mode)
    rng = np.random.default_rng(0)
    for n, m in ((7, 3), (3, 7), (1, 4), (6, 6), (40, 2)):
        one, two = ((rng.normal(size=size) * 9).astype(dtype) for size in (n, m))
        wanted = [getattr(np, name)(one, two, each) for name in names for each in modes]
        if names[-1] == "correlate" and n < m:
            wanted[4] = np.convolve(one, two[::-1], "same")  # NumPy takes another middle there
        for got, want in zip(run(one, two), wanted, strict=True):
            close(got, want)
    with pytest.raises(ValueError, match="operand 0 of convolve cannot be empty"):
        run(one[:0], two)


@pytest.mark.parametrize("mode", MODES)
def test_convolutions_of_known_sizes(mode):
    a, v = T.TensorType("float64", (5,))("a"), T.TensorType("float64", (2,))("v")
    run = function([a, v], [T.convolve(a, v, "same"), T.convolve(v, a, "same"), T.convolve(a, 2.0)], mode=mode)
    one, two = np.arange(5.0), np.array([1.0, -2.0])
    for got, want in zip(run(one, two), [np.convolve(one, two, "same")] * 2 + [one * 2], strict=True):
        close(got, want)


@pytest.mark.parametrize("mode", MODES)
def test_gradients_agree_with_differences(mode):
    rng = np.random.default_rng(3)
    a, v = rng.normal(size=5), rng.normal(size=3)
    for each in ("full", "same", "valid"):
        modc.check_grad(lambda a, v, each=each: T.convolve(a, v, each) ** 2, [a, v], mode=mode)
        modc.check_grad(lambda a, v, each=each: T.convolve(v, a[:4], each) ** 2, [a, v[:2]], mode=mode)
    modc.check_grad(lambda x: T.concatenate([T.diff(x, 2), T.ediff1d(x), T.finite_gradient(x, 0.5) ** 2]), [a], mode=mode)
    modc.check_grad(lambda y, x: T.trapezoid(y, x), [a, rng.normal(size=5)], mode=mode)
    places, heights = np.array([0.0, 1.0, 2.5, 3.0]), rng.normal(size=4)
    modc.check_grad(lambda x, xp, fp: T.interp(x, xp, fp), [np.array([-0.5, 0.3, 1.7, 2.8, 4.0]), places, heights], mode=mode)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("each", ["full", "same", "valid"])
def test_second_derivatives_of_convolutions(each, mode):
    a, v = T.TensorType("float64", (4,))("a"), T.TensorType("float64", (3,))("v")
    cost = (T.convolve(a, v, each) ** 3).sum()
    run = function([a, v], [T.hessian(cost, a), T.jacobian(T.grad(cost, a), v), T.jacobian(T.convolve(a, v, each), v)], mode=mode)
    gradients = function([a, v], [T.grad(cost, a), T.convolve(a, v, each)], mode=mode)
    rng = np.random.default_rng(5)
    at, by = rng.normal(size=4), rng.normal(size=3)
    hessian, mixed, jacobian = run(at, by)
    for place in range(4):
        step = np.eye(4)[place] * 1e-6
        slope = (gradients(at + step, by)[0] - gradients(at - step, by)[0]) / 2e-6
        np.testing.assert_allclose(hessian[:, place], slope, rtol=1e-6, atol=1e-7)
    for place in range(3):
        step = np.eye(3)[place] * 1e-6
        up, down = gradients(at, by + step), gradients(at, by - step)
        np.testing.assert_allclose(mixed[:, place], (up[0] - down[0]) / 2e-6, rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(jacobian[:, place], (up[1] - down[1]) / 2e-6, rtol=1e-6, atol=1e-7)


def test_what_does_not_fit_is_refused():
    x, m = T.dvector("x"), T.dmatrix("m")
    for bad in (
        lambda: T.diff(x, -1), lambda: T.diff(T.dscalar("s")), lambda: T.convolve(x, m), lambda: T.convolve(x, x, "most"),
        lambda: T.interp(x, x, m), lambda: T.finite_gradient(x, edge_order=3), lambda: T.interp(x, x, x, period=0),
        lambda: T.finite_gradient(T.constant([1.0])), lambda: T.trapezoid(x, axis=1), lambda: T.convolve(x, T.constant(np.zeros(0))),
    ):  # fmt: skip
        with pytest.raises(ValueError):
            bad()
    with pytest.raises(TypeError, match="arguments"):
        T.finite_gradient(m, 1.0, 2.0, 3.0)


def test_numpys_functions_of_variables():
    x = T.dvector("x")
    data = np.array([1.0, 3.0, 2.0, 7.0])
    ours = [np.gradient(x), np.diff(x), np.convolve(x, x), np.trapezoid(x), np.interp(x, [0.0, 9.0], [1.0, 2.0])]
    wanted = [np.gradient(data), np.diff(data), np.convolve(data, data), np.trapezoid(data), np.interp(data, [0.0, 9.0], [1.0, 2.0])]
    for got, want in zip(function([x], ours, mode="numpy")(data), wanted, strict=True):
        close(got, want)
