from __future__ import annotations

import numpy as np
import pytest

import modc
import modc.tensor as T
from modc import function

DTYPES = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64"]
MODES = ["c", "numpy"]


def sample(dtype, shape, seed=0):
    rng = np.random.default_rng(seed)
    if dtype == "bool":
        return rng.random(shape) > 0.5
    if dtype.startswith("float"):
        data = rng.normal(size=shape).astype(dtype)
        data[rng.random(shape) < 0.1] = np.nan
        data[rng.random(shape) < 0.1] = np.inf
        data[rng.random(shape) < 0.1] = -np.inf
        data[rng.random(shape) < 0.2] = -0.0
        data[rng.random(shape) < 0.2] = 0.0
        return data
    info = np.iinfo(dtype)
    return rng.integers(info.min, info.max, size=shape, dtype=dtype, endpoint=True)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_sort_and_argsort_equal_numpys(dtype, mode):
    x = T.TensorType(dtype, (None,) * 3)("x")
    axes = [0, 1, -1, None]
    results = [(T.sort(x, axis), T.argsort(x, axis)) for axis in axes]
    run = function([x], [one for pair in results for one in pair], mode=mode)
    for shape in ((3, 5, 11), (2, 300, 2), (3, 0, 2), (1, 1, 700)):
        data = sample(dtype, shape)
        found = run(data)
        for at, axis in enumerate(axes):
            assert found[2 * at].dtype == data.dtype
            np.testing.assert_array_equal(found[2 * at], np.sort(data, axis=axis))
            np.testing.assert_array_equal(found[2 * at + 1], np.argsort(data, axis=axis, kind="stable"))


@pytest.mark.parametrize("mode", MODES)
def test_negative_zeros_come_first(mode):
    x = T.fvector("x")
    run = function([x], [x.sort(), x.argsort()], mode=mode)
    for n in (5, 50, 600):
        data = np.resize(np.array([0.0, -0.0, 1.0, -0.0, -np.nan], np.float32), n)
        values, places = run(data)
        np.testing.assert_array_equal(np.signbit(values), np.arange(n) < 2 * n // 5)
        np.testing.assert_array_equal(places, np.argsort(data, kind="stable"))


@pytest.mark.parametrize("mode", MODES)
def test_views_are_sorted_and_members_replaced(mode):
    m = T.dmatrix("m")
    data = sample("float64", (6, 7))
    run = function([m], [T.sort(m.T[::-1, 1::2], 0), m[:, 3].sort(), m[2, ::-1].argsort(), T.msort(m)], mode=mode)
    for got, expected in zip(
        run(data),
        [np.sort(data.T[::-1, 1::2], 0), np.sort(data[:, 3]), np.argsort(data[2, ::-1], kind="stable"), np.sort(data, 0)],
        strict=True,
    ):
        np.testing.assert_array_equal(got, expected)

    class Kept(modc.Module):
        def __init__(self):
            super().__init__()
            self.s = T.dvector()
            self.go = modc.Method([], [], {self.s: self.s.sort()})

    kept = Kept().make(s=[3.0, 1.0, 2.0], mode=mode)
    kept.go()
    assert kept.s.tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", ["bool", "int8", "uint16", "int64", "float32", "float64"])
def test_searchsorted_equals_numpy(dtype, mode):
    x, v = T.TensorType(dtype, (None,))("x"), T.TensorType(dtype, (None, None))("v")
    order = T.lvector("order")
    run = function(
        [x, v, order],
        [T.searchsorted(x, v), T.searchsorted(x, v, side="right"), T.searchsorted(x, v[0, 0]),
         x[::-1].searchsorted(v, "right", order)],
        mode=mode,
    )  # fmt: skip
    for n in (0, 1, 20):
        data, values = np.sort(sample(dtype, n)), sample(dtype, (3, 4), seed=1)
        turned = np.arange(n)[::-1].copy()
        expected = [
            np.searchsorted(data, values), np.searchsorted(data, values, "right"), np.searchsorted(data, values[0, 0]),
            np.searchsorted(data[::-1], values, "right", turned),
        ]  # fmt: skip
        for got, want in zip(run(data, values, turned), expected, strict=True):
            assert got.dtype == np.int64
            np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("mode", MODES)
def test_topk_gives_the_largest_first_and_their_first_places(mode):
    x, k = T.dmatrix("x"), T.lscalar("k")
    data = sample("float64", (4, 6))
    some = T.topk(x, k)
    values, places = T.topk_and_argtopk(x, 3, axis=0)
    run = function([x, k], [some, values, places, T.topk(x, -2), T.argtopk(x, 4, None, idx_dtype="int32")], mode=mode)
    got = run(data, 2)
    np.testing.assert_array_equal(got[0], np.sort(data, 1)[:, ::-1][:, :2])
    np.testing.assert_array_equal(got[1], np.sort(data, 0)[::-1][:3])
    np.testing.assert_array_equal(np.take_along_axis(data, got[2], 0), got[1])
    np.testing.assert_array_equal(got[3], np.sort(data, 1)[:, :2])
    assert got[4].dtype == np.int32
    ties = function([k], T.argtopk(T.constant([1.0, 2.0, 2.0, 1.0]), 3), mode=mode, on_unused_input="ignore")
    assert ties(0).tolist() == [1, 2, 0]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_topk_of_every_dtype_is_the_start_of_a_stable_sort(dtype, mode):
    x = T.TensorType(dtype, (None, None))("x")
    cases = [(kth, axis) for kth in (1, 3, -2, 100, -100) for axis in (0, 1)]
    run = function([x], [T.argtopk(x, kth, axis) for kth, axis in cases], mode=mode)
    for shape in ((2, 500), (400, 3), (0, 2)):
        data = sample(dtype, shape)
        for (kth, axis), got in zip(cases, run(data), strict=True):
            turned = np.flip(data, axis)
            down = np.flip(shape[axis] - 1 - np.argsort(turned, axis, kind="stable"), axis)
            order = down if kth > 0 else np.argsort(data, axis, kind="stable")
            np.testing.assert_array_equal(got, order[: abs(kth)] if axis == 0 else order[:, : abs(kth)])


@pytest.mark.parametrize("mode", MODES)
def test_lexsort_and_partition(mode):
    a, b, m = T.lvector("a"), T.dvector("b"), T.dmatrix("m")
    one, two, data = np.array([1, 0, 1, 0, 1]), np.array([2.0, 2, 1, 1, np.nan]), sample("float64", (3, 8))
    run = function(
        [a, b, m],
        [T.lexsort([a, b]), T.lexsort((b, a)), T.lexsort([m, m[:, ::-1]]), T.lexsort([m, m], 0), T.partition(m, 3),
         T.argpartition(m, 2, 0)],
        mode=mode,
    )  # fmt: skip
    got = run(one, two, data)
    np.testing.assert_array_equal(got[0], np.lexsort([one, two]))
    np.testing.assert_array_equal(got[1], np.lexsort([two, one]))
    np.testing.assert_array_equal(got[2], np.lexsort([data, data[:, ::-1]]))
    np.testing.assert_array_equal(got[3], np.lexsort([data, data], 0))
    np.testing.assert_array_equal(got[4], np.sort(data))
    np.testing.assert_array_equal(np.take_along_axis(data, got[5], 0), np.sort(data, 0))


@pytest.mark.parametrize("mode", MODES)
def test_gradients_go_where_the_elements_come_from(mode):
    data = np.random.default_rng(2).normal(size=(3, 4))
    modc.check_grad(lambda x: T.sort(x, 0) ** 2 * T.arange(4), [data], mode=mode)
    modc.check_grad(lambda x: T.topk(x, 2) ** 3, [data], mode=mode)
    modc.check_grad(lambda x: x[:, T.argsort(x[0])] ** 2, [data], mode=mode)
    x = T.dvector("x")
    run = function([x], [T.jacobian(x.sort() ** 2, x), T.hessian((x.sort() ** 3).sum(), x)], mode=mode)
    jacobian, hessian = run([3.0, 1.0, 2.0])
    np.testing.assert_array_equal(jacobian, [[0, 2, 0], [0, 0, 4], [6, 0, 0]])
    np.testing.assert_array_equal(hessian, np.diag([18.0, 6.0, 12.0]))


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("shape", [(300,), (9, 40), (20, 513), (600, 9), (2, 511, 3), (2, 2000)])
def test_rows_and_columns_of_every_length_keep_to_their_scratch(shape, known):
    rng = np.random.default_rng(5)
    for dtype in ("float64", "float32", "int8"):
        x = T.TensorType(dtype, shape if known else (None,) * len(shape))("x")
        axes = range(len(shape))
        wanted = [(T.sort(x, a), T.argsort(x, a), T.argtopk(x, 2, a), T.median(x, a), T.quantile(x, 0.3, a)) for a in axes]
        run = function([x], [one for many in wanted for one in many])
        data = (rng.normal(size=shape) * 40).astype(dtype)
        got = iter(run(data))
        for axis in axes:
            np.testing.assert_array_equal(next(got), np.sort(data, axis))
            np.testing.assert_array_equal(next(got), np.argsort(data, axis, kind="stable"))
            last = shape[axis] - 1
            down = last - np.flip(np.argsort(np.flip(data, axis), axis, kind="stable"), axis)
            np.testing.assert_array_equal(next(got), np.take(down, [0, 1], axis))
            np.testing.assert_allclose(next(got), np.median(data, axis), rtol=1e-6)
            np.testing.assert_allclose(next(got), np.quantile(data.astype(float), 0.3, axis), rtol=1e-4, atol=1e-4)


def test_what_cannot_be_sorted_is_refused():
    x = T.dvector("x")
    with pytest.raises(ValueError, match="axis"):
        T.sort(x, 1)
    with pytest.raises(ValueError, match="axis"):
        T.sort(T.dscalar("s"))
    with pytest.raises(ValueError, match="sort kind"):
        T.sort(x, kind="bogo")
    with pytest.raises(ValueError, match="order"):
        x.sort(order="name")
    with pytest.raises(ValueError, match="side"):
        T.searchsorted(x, 1.0, "middle")
    with pytest.raises(ValueError, match="vector"):
        T.searchsorted(T.dmatrix("m"), 1.0)
    with pytest.raises(ValueError, match="kth"):
        T.topk(x, 0)
    with pytest.raises(ValueError, match="kth"):
        T.topk(T.constant([1.0, 2.0]), 3)
    with pytest.raises(ValueError, match="kth"):
        T.partition(T.constant([1.0, 2.0]), 2)


def test_numpys_functions_sort_variables():
    m = T.dmatrix("m")
    data = sample("float64", (3, 4))
    run = function([m], [np.sort(m, axis=0), np.argsort(m), np.searchsorted(np.sort(m[0]), m)], mode="numpy")
    np.testing.assert_array_equal(run(data)[0], np.sort(data, axis=0))
