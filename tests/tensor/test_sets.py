from __future__ import annotations

import numpy as np
import pytest

import modc
import modc.tensor as T
from modc import function

MODES = ["c", "numpy"]
SAMPLES = {
    "float64": [3.0, 1.0, np.nan, 1.0, -0.5, np.inf, np.nan, 3.0, 0.0, -0.0],
    "int64": [3, 1, 2, 1, -5, 2, 3, 2**62],
    "uint8": [3, 255, 0, 3],
    "bool": [True, False, True],
}


def equal(got, want):
    got, want = (one if isinstance(one, (list, tuple)) else [one] for one in (got, want))
    for one, other in zip(got, want, strict=True):
        assert one.dtype == other.dtype
        assert one.shape == other.shape
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", SAMPLES)
def test_unique_equals_numpy(dtype, mode):
    x = T.TensorType(dtype, (None,))("x")
    everything = function([x], list(T.unique(x, True, True, True)), mode=mode)
    values = function([x], [T.unique(x), *T.unique(x, return_counts=True, equal_nan=False)], mode=mode)
    for data in (SAMPLES[dtype], [], SAMPLES[dtype][:1]):
        data = np.array(data, dtype)
        equal(everything(data), np.unique(data, True, True, True))
        equal(values(data), [np.unique(data), *np.unique(data, return_counts=True, equal_nan=False)])


@pytest.mark.parametrize("mode", MODES)
def test_unique_of_a_matrix_and_of_a_number(mode):
    m, s = T.lmatrix("m"), T.dscalar("s")
    values, back = T.unique(m[:, ::-1], return_inverse=True)
    run = function([m, s], [values, back, values[back], *T.unique(s, return_inverse=True)], mode=mode)
    data = np.array([[3, 1, 3], [2, 2, 1]])
    expected = np.unique(data[:, ::-1], return_inverse=True)
    equal(run(data, 2.5), [*expected, data[:, ::-1], *np.unique(np.float64(2.5), return_inverse=True)])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", ["float64", "int64", "uint8"])
def test_sets_of_two_arrays_equal_numpys(dtype, mode):
    a, b = (T.TensorType(dtype, (None,))(name) for name in "ab")
    names = ["union1d", "intersect1d", "setdiff1d", "setxor1d", "isin"]
    run = function([a, b], [getattr(T, name)(a, b) for name in names], mode=mode)
    found = function([a, b], [*T.intersect1d(a, b, return_indices=True), T.isin(a, b, invert=True)], mode=mode)
    one = np.array(SAMPLES[dtype], dtype)
    for other in (one[1::2], one[:0], np.array([3, 77, 0, 77], dtype)):
        for first, second in ((one, other), (other, one)):
            equal(run(first, second), [getattr(np, name)(first, second) for name in names])
            expected = [*np.intersect1d(first, second, return_indices=True), np.isin(first, second, invert=True)]
            equal(found(first, second), expected)


@pytest.mark.parametrize("mode", MODES)
def test_membership_keeps_the_shape_and_differences_the_order(mode):
    m, v = T.lmatrix("m"), T.dvector("v")
    run = function([m, v], [T.isin(m, v), T.in1d(m, [1, 2]), T.setdiff1d(m, v, assume_unique=True)], mode=mode)
    data = np.array([[3, 1], [2, 7]])
    got = run(data, [1.0, 7.0])
    np.testing.assert_array_equal(got[0], [[False, True], [False, True]])
    np.testing.assert_array_equal(got[1], [False, True, True, False])
    np.testing.assert_array_equal(got[2], [3, 2])


def test_sets_have_no_gradient():
    x = T.dvector("x")
    for cost in (T.unique(x).sum(), T.union1d(x, x).sum(), T.setdiff1d(x, [1.0]).sum()):
        with pytest.raises(modc.tensor.NoGradientError, match="unique"):
            T.grad(cost, x)
    m = T.dmatrix("m")
    with pytest.raises(modc.tensor.NoGradientError, match="unique"):
        T.grad(T.unique(m, axis=0).sum(), m)


@pytest.mark.parametrize("mode", MODES)
def test_unique_slices_equal_numpys(mode):
    x = T.TensorType("float64", (None, 3, 2))("x")
    results = [*T.unique(x, True, True, True, axis=0), *T.unique(x[:, :, 0], return_counts=True, axis=-2), T.unique(x[0], axis=1)]
    run = function([x], results, mode=mode)
    data = np.random.default_rng(0).integers(0, 2, size=(40, 3, 2)) * 1.0
    for rows in (data, data[:1]):
        expected = [
            *np.unique(rows, True, True, True, axis=0), *np.unique(rows[:, :, 0], return_counts=True, axis=-2),
            np.unique(rows[0], axis=1),
        ]  # fmt: skip
        equal(run(rows), expected)
    v = T.lvector("v")
    equal(function([v], T.unique(v, axis=0), mode=mode)([3, 1, 3]), np.array([1, 3]))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", ["float64", "float32", "int8", "uint16", "int64", "bool"])
def test_unique_slices_of_any_number_of_elements_equal_numpys(mode, dtype):
    x = T.TensorType(dtype, (None, None))("x")
    run = function([x], [*T.unique(x, True, True, True, axis=0), T.unique(x, axis=1)], mode=mode)
    rng = np.random.default_rng(1)
    for shape in ((40, 3), (1, 5), (7, 1), (3, 40)):
        data = rng.integers(0, 2, size=shape).astype(dtype)
        equal(run(data), [*np.unique(data, True, True, True, axis=0), np.unique(data, axis=1)])
    assert run(np.zeros((3, 0), dtype))[0].shape == (1, 0)
    assert run(np.zeros((0, 2), dtype))[0].shape == (0, 2)


@pytest.mark.parametrize("mode", MODES)
def test_rows_with_nan_are_behind_others_and_keep_their_order(mode):
    x = T.dmatrix("x")
    data = np.array([[np.nan, 1.0], [0.0, np.nan], [0.0, 1.0], [-0.0, 1.0], [np.nan, 0.0]])
    _, first, inverse = function([x], T.unique(x, True, True, axis=0), mode=mode)(data)
    assert (first.tolist(), inverse.tolist()) == ([2, 1, 4, 0], [3, 1, 0, 0, 2])


def test_the_array_standards_names_give_named_tuples():
    x = T.lvector("x")
    found = T.unique_all(x)
    assert found._fields == ("values", "indices", "inverse_indices", "counts")
    assert T.unique_counts(x).counts.eval({x: [3, 1, 3]}).tolist() == [1, 2]
    assert T.unique_inverse(x).inverse_indices.eval({x: [3, 1, 3]}).tolist() == [1, 0, 1]
