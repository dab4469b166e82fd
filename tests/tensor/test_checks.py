from __future__ import annotations

import numpy as np
import pytest

import modc.tensor as T
from modc import Method, Module, function, grad
from modc.tensor import Assert

MODES = ["c", "numpy", "check"]


class Guarded(Module):
    def __init__(self):
        super().__init__()
        self.s, k = T.dvector(), T.dvector("k")
        self.go = Method(k, self.s.sum(), {self.s: Assert("k must be {positive}")(self.s + k, k > 0)})


@pytest.mark.parametrize("mode", MODES)
def test_a_condition_that_does_not_hold_fails_the_call_and_changes_nothing(mode):
    guarded = Guarded().make(s=[1.0, 2.0, 3.0], mode=mode)
    assert guarded.go([1, 1, 1]) == 6.0
    with pytest.raises(AssertionError, match=r"Guarded.go: k must be \{positive\}: 0.0 < k does not hold") as caught:
        guarded.go([1, -1, 1])
    assert "test_checks.py:" in str(caught.value)
    assert guarded.s.tolist() == [2.0, 3.0, 4.0]


@pytest.mark.parametrize("mode", MODES)
def test_values_gradients_products_and_several_conditions_pass_through(mode):
    x = T.dvector("x")
    kept = Assert("small")(x, x < 9, T.all(x > -9), T.constant(True))
    square = kept.reshape((2, 2))
    run = function([x], [kept, grad((kept**2).sum(), x), T.dot(square, square)], mode=mode)
    data = np.array([1.0, 2.0, 3.0, 4.0])
    same, slope, product = run(data)
    assert (same.tolist(), slope.tolist()) == (data.tolist(), (2 * data).tolist())
    np.testing.assert_array_equal(product, data.reshape(2, 2) @ data.reshape(2, 2))
    with pytest.raises(AssertionError, match="small"):
        run([1.0, 2.0, 3.0, 10.0])


def test_conditions_and_messages_of_other_kinds_are_refused():
    with pytest.raises(TypeError, match="message"):
        Assert(3)
    x = T.dvector("x")
    assert Assert()(x, True) is x


def test_a_jacobian_goes_through_a_condition():
    x = T.dvector("x")
    y = Assert()(x * x, x > 0)
    assert function([x], T.jacobian(y, x))([1.0, 2.0]).tolist() == [[2.0, 0.0], [0.0, 4.0]]
