from __future__ import annotations

import numpy as np
import pytest

import modc
import modc.tensor as T
from modc import Method, Module, function

NUMPY = {
    "cumsum": np.cumsum, "cumprod": np.cumprod,
    "cummax": lambda x, axis=None: np.maximum.accumulate(x if axis is not None else x.ravel(), axis=axis or 0),
    "cummin": lambda x, axis=None: np.minimum.accumulate(x if axis is not None else x.ravel(), axis=axis or 0),
}  # fmt: skip
DTYPES = ["bool", "int8", "int32", "int64", "uint8", "uint64", "float32", "float64"]
MODES = ["c", "numpy"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", NUMPY)
def test_every_axis_and_dtype_equals_numpy(name, dtype, mode):
    rng = np.random.default_rng(3)
    data = rng.integers(0, 2 if dtype == "bool" else 4, size=(2, 3, 4)).astype(dtype)
    x = T.TensorType(dtype, (None,) * 3)("x")
    axes = [0, 1, -1, None]
    found = function([x], [getattr(T, name)(x, axis) for axis in axes], mode=mode)(data)
    for axis, got in zip(axes, found, strict=True):
        expected = NUMPY[name](data, axis=axis)
        assert got.dtype == expected.dtype
        np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", NUMPY)
def test_nan_infinity_empty_views_and_numbers(name, mode):
    x, m = T.dvector("x"), T.dmatrix("m")
    run = function([x], getattr(T, name)(x), mode=mode)
    for data in ([1.0, np.nan, 2.0, 3.0], [np.inf, 1.0, -np.inf, 0.0], [-0.0, 0.0, -0.0], []):
        with np.errstate(all="ignore"):
            expected = NUMPY[name](np.array(data, float))
        np.testing.assert_array_equal(run(data), expected)
    turned = function([m], getattr(T, name)(m.T[::-1] * 2, 1), mode=mode)
    data = np.random.default_rng(0).normal(size=(3, 4))
    np.testing.assert_array_equal(turned(data), NUMPY[name](data.T[::-1] * 2, axis=1))
    number = T.dscalar("number")
    np.testing.assert_array_equal(function([number], getattr(T, name)(number), mode=mode)(2.5), [2.5])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", NUMPY)
def test_gradients_agree_with_differences(name, mode):
    data = np.random.default_rng(1).normal(size=(3, 4))
    with_zeros = data.copy()
    with_zeros[0, 2] = with_zeros[1, 1] = with_zeros[1, 3] = 0.0
    for axis in (0, 1):
        modc.check_grad(lambda x, axis=axis: getattr(T, name)(x, axis) ** 2, [data], mode=mode)
    if name in ("cumsum", "cumprod"):
        modc.check_grad(lambda x: getattr(T, name)(x, 1) * 3, [with_zeros], mode=mode)


def test_a_member_is_replaced_by_its_own_running_sum():
    class Total(Module):
        def __init__(self):
            super().__init__()
            self.s, k = T.dvector(), T.dvector("k")
            self.go = Method(k, self.s, {self.s: T.cumsum(self.s + k)})

    total = Total().make(s=[1.0, 2.0, 3.0])
    assert total.go([1, 1, 1]).tolist() == [1.0, 2.0, 3.0]
    assert total.s.tolist() == [2.0, 5.0, 9.0]


def test_an_axis_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="axis"):
        T.cumsum(T.dvector("x"), 1)
