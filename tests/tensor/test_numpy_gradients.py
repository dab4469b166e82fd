"""Derivatives of functions under NumPy's names: against differences, and Jacobians against rows of gradients."""

from __future__ import annotations

import numpy as np
import pytest
from tensor_helpers import check_gradient, value

import modc
import modc.tensor as T

X = np.array([[0.5, -1.25, 2.0, 0.75], [3.0, 0.25, -0.5, 1.5], [-2.0, 1.0, 0.125, -0.75]])
MASK = np.array([[True, False, True, True], [False, True, True, False], [True, True, False, True]])

#: Smooth at X: functions of a matrix x.
SMOOTH = {
    "sum where": lambda x: T.sum(x * x, axis=0, where=MASK, initial=2.0), "prod initial": lambda x: T.prod(x, axis=1, initial=2.0),
    "prod where": lambda x: T.prod(x, where=MASK), "max initial": lambda x: T.max(x, axis=1, initial=1.1),
    "min where": lambda x: T.min(x, axis=0, initial=9.0, where=MASK), "mean where": lambda x: T.mean(x * x, axis=1, where=MASK),
    "var where": lambda x: T.var(x, axis=0, where=MASK, ddof=0), "std mean": lambda x: T.std(x, axis=1, mean=x.mean(1, keepdims=True)),
    "nansum": lambda x: T.nansum(x * x, where=MASK), "nanvar": lambda x: T.nanvar(x, axis=1, where=MASK),
    "cumulative_sum": lambda x: T.cumulative_sum(x * x, axis=1, include_initial=True),
    "cumulative_prod": lambda x: T.cumulative_prod(x, axis=0, include_initial=True), "cross": lambda x: T.cross(x[:, :3], x[:, 1:]),
    "inner": lambda x: T.inner(x, x[0]), "vdot": lambda x: T.vdot(x, x), "vecdot": lambda x: T.vecdot(x, x[1]),
    "matvec": lambda x: T.matvec(x, x[0]), "vecmat": lambda x: T.vecmat(x[:, 0], x), "polyval": lambda x: T.polyval(x[0], x[1:]),
    "polyval of open size": lambda x: T.polyval(x[0, : T.constant(2) + 1], x[1]), "polymul": lambda x: T.polymul(x[0], x[1]),
    "polyadd": lambda x: T.polyadd(x[0], x[1, :2]) ** 2, "polyder": lambda x: T.polyder(x[0] ** 2), "polyint": lambda x: T.polyint(x[0] ** 2, 2, x[1, 0]),
    "polyfit": lambda x: T.polyfit(np.array([0.0, 1.0, 2.0, 4.0]), x[0] ** 2, 2), "modf": lambda x: T.modf(x * 0.93 + 0.013)[0] ** 2, "frexp": lambda x: T.frexp(x * 0.93 + 0.013)[0],
    "unwrap": lambda x: T.unwrap(x * x * 3.0, axis=1) ** 2, "kaiser": lambda x: T.kaiser(5, x[0, 0]), "insert many": lambda x: T.insert(x * x, T.constant([0, 2]) + 0, x[:, :2], axis=1),
    "insert slice": lambda x: T.insert(x[0], slice(None, None, 2), 1.0) ** 2, "quantile weights": lambda x: T.quantile(x * x, [0.2, 0.7], axis=1, method="inverted_cdf", weights=MASK + 1.0),
    "linspace": lambda x: T.linspace(x[0], x[1], 4) ** 2, "geomspace": lambda x: T.geomspace(x[0, 0] ** 2, x[1, 0], 5), "apply_over_axes": lambda x: T.apply_over_axes(T.prod, x, [0, 1]),
    "histogram weights": lambda x: T.histogram([0.5, 1.5, 1.6, 2.5], bins=3, weights=x[0] ** 2)[0], "average": lambda x: T.average(x, axis=0, weights=x[:, 0] ** 2),
    "ravel F": lambda x: T.ravel(x, "F")[:7] ** 2, "reshape F": lambda x: T.reshape(x, (2, -1), order="F")[0] ** 2, "tensorsolve": lambda x: T.linalg.tensorsolve(x[:, :3] + 4.0 * np.eye(3), x[:, 3]),
    "round": lambda x: (x * 0.93 - (x * 0.93).round(0)) ** 2, "choose": lambda x: T.choose([2, 0, 1, 1], x * x), "einsum diagonal": lambda x: T.einsum("ii->i", x[:, :3]) ** 2,
    "partition": lambda x: x.partition(1, axis=1) ** 2, "mT": lambda x: (x.mT @ x), "spherical": lambda x: T.spherical_jn(1, x * x),
}  # fmt: skip


@pytest.mark.parametrize("name", SMOOTH)
def test_gradients_agree_with_differences(name):
    x = T.dmatrix("x")
    found = SMOOTH[name](x)
    weights = np.cos(np.arange(value(found, {x: X}).size, dtype=float))
    check_gradient((found.ravel() if found.ndim else found.dimshuffle("x")).dot(weights), [x], {x: X}, 2e-5)


@pytest.mark.parametrize("name", SMOOTH)
def test_jacobians_are_rows_of_gradients(name):
    x = T.TensorType("float64", X.shape)("x")
    found = SMOOTH[name](x)
    flat = found.ravel() if found.ndim else found.dimshuffle("x")
    whole = value(T.jacobian(flat, x), {x: X})
    for at in (0, -1):
        np.testing.assert_allclose(whole[at], value(T.grad(flat[at], x), {x: X}), rtol=1e-10, atol=1e-12)


def test_gradients_are_those_of_the_kernel_too():
    x = T.dmatrix("x")
    outputs = [T.grad((SMOOTH[name](x) * 1.5).sum(), x) for name in SMOOTH]
    ours = modc.function([x], outputs, mode="c")(X)
    for name, one, two in zip(SMOOTH, ours, modc.function([x], outputs, mode="numpy")(X), strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-9, atol=1e-11, err_msg=name)
