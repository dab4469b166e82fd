"""Batch normalisation: what Theano's functions of these names give, gradients, running statistics as updates."""

from __future__ import annotations

import numpy as np
import pytest
from tensor_helpers import check_gradient, value

import modc
import modc.tensor as T
from modc.tensor import nnet

RNG = np.random.default_rng(0)
AXES = [("per-activation", (0,)), ("spatial", (0, 2, 3)), ((0, 1), (0, 1)), ((3,), (3,))]


def normalised(data, axes, gamma, beta, epsilon):
    """By NumPy."""
    mean, var = data.mean(axes, keepdims=True), data.var(axes, keepdims=True)
    return (data - mean) / np.sqrt(var + epsilon) * gamma + beta, mean, 1 / np.sqrt(var + epsilon)


@pytest.mark.parametrize("mode", ["numpy", "c"])
@pytest.mark.parametrize(("axes", "over"), AXES)
def test_training_normalises_by_the_batch(axes, over, mode):
    data = RNG.normal(size=(4, 3, 2, 5))
    shape = tuple(1 if at in over else size for at, size in enumerate(data.shape))
    gamma, beta = RNG.normal(size=shape), RNG.normal(size=shape)
    x, g, b = (T.TensorType("float64", [1 if size == 1 else None for size in one.shape])() for one in (data, gamma, beta))
    outputs = list(nnet.batch_normalization_train(x, g, b, axes, epsilon=1e-3))
    found = modc.function([x, g, b], outputs, mode=mode)(data, gamma, beta)
    for one, two in zip(found, normalised(data, over, gamma, beta, 1e-3), strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-12, atol=1e-12)
    if axes != (3,):
        return
    check_gradient((outputs[0] ** 2).sum(), [x, g, b], {x: data, g: gamma, b: beta}, 1e-4)


def test_parameters_may_have_the_other_axes_alone():
    x, g, b = T.dtensor4("x"), T.dvector("g"), T.dvector("b")
    data, gamma, beta = RNG.normal(size=(4, 3, 2, 5)), RNG.normal(size=3), RNG.normal(size=3)
    found = nnet.batch_normalization_train(x, g, b, "spatial")[0]
    wide = [one[None, :, None, None] for one in (gamma, beta)]
    np.testing.assert_allclose(value(found, {x: data, g: gamma, b: beta}), normalised(data, (0, 2, 3), *wide, 1e-4)[0], rtol=1e-12)
    given = {x: data, g: gamma, b: beta}
    tested = nnet.batch_normalization_test(x, g, b, b, g * g, "spatial")
    expected = (data - wide[1]) / np.sqrt(wide[0] ** 2 + 1e-4) * wide[0] + wide[1]
    np.testing.assert_allclose(value(tested, given), expected, rtol=1e-12)


@pytest.mark.parametrize("mode", ["numpy", "c"])
def test_running_statistics_are_updates(mode):
    class Layer(modc.Module):
        def __init__(self):
            x = T.dmatrix("x")
            self.mean, self.var = T.dvector(init=np.zeros(3)), T.dvector(init=np.ones(3))
            found = nnet.batch_normalization_train(x, np.ones(3), np.zeros(3), running_mean=self.mean, running_var=self.var)
            self.train = modc.Method([x], found[0], {self.mean: found[3], self.var: found[4]})
            self.test = modc.Method([x], nnet.batch_normalization_test(x, np.ones(3), np.zeros(3), self.mean, self.var))

    layer = Layer().make(mode=mode)
    data = RNG.normal(size=(6, 3)) * 3 + 1
    layer.train(data)
    np.testing.assert_allclose(layer.mean, 0.1 * data.mean(0), rtol=1e-12)
    np.testing.assert_allclose(layer.var, 0.9 + 0.1 * data.var(0, ddof=1), rtol=1e-12)
    np.testing.assert_allclose(layer.test(data), (data - layer.mean) / np.sqrt(layer.var + 1e-4), rtol=1e-12)


def test_the_plain_form_and_bad_arguments():
    x = T.dmatrix("x")
    found = nnet.batch_normalization(x, 2.0, 1.0, 0.5, 4.0, mode="high_mem")
    np.testing.assert_allclose(value(found, {x: np.ones((1, 1))}), [[1.25]])
    with pytest.raises(ValueError, match="mode"):
        nnet.batch_normalization(x, 1.0, 0.0, 0.0, 1.0, mode="fast")
    with pytest.raises(ValueError, match="axes"):
        nnet.batch_normalization_train(x, 1.0, 0.0, "all")
    with pytest.raises(ValueError, match="both"):
        nnet.batch_normalization_train(x, np.ones(2), np.zeros(2), running_mean=np.zeros(2))
    with pytest.raises(modc.errors.ShapeError, match="dimensions"):
        nnet.batch_normalization_train(x, T.dtensor3("g"), np.zeros(2))
