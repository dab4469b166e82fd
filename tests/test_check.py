"""Mode check: silent where C and NumPy agree, and precise where they do not."""

from __future__ import annotations

import numpy as np
import pytest

import modc.tensor as T
from modc import CheckError, Method, Module, function, grad
from modc.graph import OPS


class Network(Module):
    """Two layers in float32, whose gradient cancels: the hardest thing for a tolerance."""

    def __init__(self):
        x, y = T.fmatrix("x"), T.lvector("y")
        self.w, self.v = T.fmatrix(), T.fmatrix()
        p = T.nnet.softmax(T.dot(T.tanh(T.dot(x, self.w)), self.v))
        cost = T.nnet.categorical_crossentropy(p, y).mean()
        steps = grad(cost, [self.w, self.v])
        self.step = Method([x, y], cost, {p: p - 0.5 * g for p, g in zip([self.w, self.v], steps, strict=True)})


def test_a_float32_network_trains_in_mode_check():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 5)).astype("float32"), rng.integers(0, 3, 40)
    start = {"w": rng.normal(size=(5, 8)).astype("float32"), "v": rng.normal(size=(8, 3)).astype("float32")}
    checked, plain = (Network().make(start, mode=mode) for mode in ("check", "c"))
    costs = [(checked.step(x, y), plain.step(x, y)) for _ in range(10)]
    assert all(first == second for first, second in costs)
    assert checked.w.tobytes() == plain.w.tobytes()


def test_a_wrong_op_is_named_with_its_place_and_the_users_line(monkeypatch):
    x = T.dvector("x")
    double = function([x], T.exp(T.tanh(x) * 2).sum(), mode="check")
    monkeypatch.setattr(OPS["tanh"], "numpy", lambda v: np.tanh(v) + 1e-12 * (v > 1))
    assert double([0.5]) == np.exp(2 * np.tanh(0.5))
    with pytest.raises(CheckError, match=r"the value of tanh\(x\) differs at \(1,\).*\n  at .*test_check.py:\d+"):
        double([0.5, 2.0])


def test_nan_out_of_numbers_is_reported_and_nan_out_of_nan_is_not():
    x = T.dvector("x")
    root = function([x], T.sqrt(x), mode="check")
    assert np.isnan(root([np.nan, 4.0])).tolist() == [True, False]
    with pytest.raises(CheckError, match=r"NaN appears in sqrt\(x\)"):
        root([-1.0, 4.0])


def test_a_failed_check_changes_no_member():
    m = Module()
    m.total = T.dscalar()
    x = T.dscalar("x")
    m.add = Method(x, m.total, {m.total: m.total + T.log(x)})
    inst = m.make(total=1, mode="check")
    with pytest.raises(CheckError):
        inst.add(-1)
    assert inst.total == 1
    inst.add(1)
    assert inst.total == 1


def test_a_gradient_whose_terms_cancel_is_no_difference():
    x, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), np.array([[0], [1], [1], [0.0]])
    inputs, targets, w, v, b = T.dmatrix("x"), T.dmatrix("y"), T.dmatrix("w"), T.dmatrix("v"), T.dvector("b")
    p = T.nnet.sigmoid(T.dot(T.tanh(T.dot(inputs, w)), v) + b)
    step = function([inputs, targets, w, v, b], grad(((p - targets) ** 2).sum(), [w, v, b]), mode="check")
    rng = np.random.default_rng(3)
    values = [rng.uniform(-0.5, 0.5, (2, 4)), rng.uniform(-0.5, 0.5, (4, 1)), np.zeros(1)]
    for _ in range(60):
        values = [value - 0.5 * slope for value, slope in zip(values, step(x, y, *values), strict=True)]
