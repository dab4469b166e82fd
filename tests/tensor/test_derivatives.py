from __future__ import annotations

import numpy as np
import pytest

import modc
import modc.tensor as T
from modc import function, grad
from modc.errors import DTypeError, ShapeError
from modc.tensor import hessian, hessian_vector_product, jacobian, jvp, vjp

RNG = np.random.default_rng(7)

#: Functions of a vector of 4 elements, each through other ops, with vectors or matrices as results.
FUNCTIONS = {
    "elementwise": lambda x: T.tanh(x) * T.exp(-x) + x**2,
    "broadcast": lambda x: x.dimshuffle(0, "x") * T.sin(x) + x[0],
    "reductions": lambda x: T.stack([x.sum(), x.prod(), x.max(), x.min(), x.mean(), x.std()]),
    "products": lambda x: T.dot(T.outer(x, x), T.tanh(x)) + T.dot(T.constant(np.arange(12.0).reshape(3, 4)), x).sum(),
    "matrix product": lambda x: T.dot(x.reshape((2, 2)), T.exp(x).reshape((2, 2))),
    "constant times matrix": lambda x: T.dot(T.constant(np.arange(6.0).reshape(3, 2)), x.reshape((2, 2))),
    "vector times matrix": lambda x: T.dot(x[:2], x.reshape((2, 2))),
    "views": lambda x: T.concatenate([x[::-1], x[1:3] * x[:2], x.reshape((2, 2)).T.ravel()]),
    "gather": lambda x: (x**2)[T.constant(np.array([[0, 3], [3, 1]]))],
    "set": lambda x: T.set_subtensor(T.zeros((3, 4))[1], x * x[0]),
    "increment": lambda x: T.inc_subtensor(x[1:], x[:-1] ** 2),
    "scatter": lambda x: T.inc_subtensor(T.zeros((3,))[T.constant(np.array([0, 2, 0, 2]))], x**2),
    "softmax": lambda x: T.softmax(x) * T.logsumexp(x) + T.log_softmax(x),
    "choice": lambda x: T.switch(x > 0, x**3, T.sin(x)),
    "concatenation with constants": lambda x: T.concatenate([T.ones((2,)), x * x]),
    "independent rows": lambda x: T.stack([x * 0 + 1, T.sqr(x)]),
}


def numeric(f, x, step=1e-6):
    sides = [(f(x + step * unit) - f(x - step * unit)) / (2 * step) for unit in np.eye(x.size)]
    return np.stack(sides, axis=-1)


@pytest.mark.parametrize("mode", ["c", "numpy"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_jacobian_and_both_products_agree_with_differences(name, mode):
    x, u = T.dvector("x"), T.dvector("u")
    y = FUNCTIONS[name](x)
    w = T.TensorType("float64", (None,) * y.ndim)("w") if y.ndim else T.dscalar("w")
    point, along = RNG.normal(size=4), RNG.normal(size=4)
    plain = function([x], y, mode=mode)
    expected = numeric(plain, point)
    weights = RNG.normal(size=expected.shape[:-1])
    run = function([x, u, w], [jacobian(y, x), jvp(y, x, u), vjp(y, x, w)], mode=mode)
    full, forward, backward = run(point, along, weights)
    np.testing.assert_allclose(full, expected, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(forward, full @ along, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(backward, np.tensordot(weights, full, weights.ndim), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("mode", ["c", "numpy"])
def test_the_hessian_is_symmetric_and_its_product_needs_no_hessian(mode):
    x, v = T.dvector("x"), T.dvector("v")
    cost = T.exp(x * x[::-1]).sum() + T.softmax(x)[0] + x.prod()
    run = function([x, v], [hessian(cost, x), hessian_vector_product(cost, x, v)], mode=mode)
    point, along = RNG.normal(size=5), RNG.normal(size=5)
    full, product = run(point, along)
    slope = function([x], grad(cost, x), mode=mode)
    np.testing.assert_allclose(full, numeric(slope, point), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(full, full.T, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(product, full @ along, rtol=1e-10)


def test_lists_give_lists_and_scalars_their_gradient():
    x, a = T.dvector("x"), T.dscalar("a")
    y = a * x
    first, second = function([x, a], jacobian(y, [x, a]))([1.0, 2.0], 3.0)
    assert (first.tolist(), second.tolist()) == ([[3.0, 0.0], [0.0, 3.0]], [1.0, 2.0])
    assert function([x], jacobian((x**2).sum(), x))([1.0, 2.0]).tolist() == [2.0, 4.0]
    one, two = function([x, a], T.Rop([y, a * 2], [x, a], [T.ones((2,)), T.constant(1.0)]))([1.0, 2.0], 3.0)
    assert (one.tolist(), two.tolist()) == ([4.0, 5.0], 2.0)


def test_what_does_not_depend_raises_or_is_zero_when_asked():
    x, z = T.dvector("x"), T.dvector("z")
    with pytest.raises(T.DisconnectedInputError):
        jacobian(x * 2, z)
    zeros = function([x, z], jacobian(x * 2, z, disconnected_inputs="ignore"))([1.0, 2.0], [1.0, 2.0, 3.0])
    assert zeros.tolist() == np.zeros((2, 3)).tolist()
    with pytest.raises(DTypeError, match="only float"):
        jacobian(T.lvector("k"), x)
    with pytest.raises(ShapeError, match="other dimensions"):
        T.Lop(x * 2, x, T.dscalar())
    with pytest.raises(ValueError, match="eval points"):
        T.Rop([x], [x, z], [x])


def test_gradients_can_be_stopped_cut_scaled_and_zeroed():
    x = T.dvector("x")
    slopes = [
        grad((x * T.disconnected_grad(x)).sum(), x),
        grad((3 * T.grad_clip(x, -1, 1) ** 2).sum(), x),
        grad((T.grad_scale(x, -2) ** 2).sum(), x),
        grad((T.zero_grad(x) + 0 * x).sum(), x),
    ]
    found = function([x], slopes)([0.1, 2.0])
    assert [one.tolist() for one in found] == [[0.1, 2.0], [0.6000000000000001, 1.0], [-0.4, -8.0], [0.0, 0.0]]
    with pytest.raises(T.DisconnectedInputError):
        grad(T.disconnected_grad(x).sum(), x)


def test_check_grad_accepts_what_is_right_and_names_the_element_that_is_not():
    point = RNG.normal(size=(2, 3))
    modc.check_grad(lambda x, y: T.tanh(x) * y, [point, RNG.normal(size=3)])
    modc.check_grad(lambda x: T.exp(x), [point.astype("float32")])
    with pytest.raises(modc.GradientError, match=r"the gradient by argument 0\[0, 0\] is") as caught:
        modc.check_grad(lambda x: T.grad_scale(x, 2.0) ** 2, [point])
    assert (caught.value.argument, caught.value.index) == (0, (0, 0))
    with pytest.raises(TypeError, match="int64"):
        modc.check_grad(lambda x: x, [np.arange(3)])


def test_a_jacobian_of_a_thousand_elements_is_one_walk():
    x = T.dvector("x")
    run = function([x], jacobian(T.sin(x) * x.sum(), x))
    point = RNG.normal(size=300)
    expected = np.diag(np.cos(point) * point.sum()) + np.sin(point)[:, None]
    np.testing.assert_allclose(run(point), expected, rtol=1e-12, atol=1e-12)
