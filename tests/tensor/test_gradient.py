"""Gradients: of chains, with respect to expressions, of losses, and what is refused."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from tensor_helpers import by_differences, check_gradient, value

import modc.tensor as T
from modc.graph import OPS, apply
from modc.tensor import nnet
from modc.tensor.variable import wrap

RNG = np.random.default_rng(11)


def test_a_chain_of_ten_thousand_nodes() -> None:
    x = T.dscalar("x")
    y = x
    for _ in range(10_000):
        y = y * 1.0001
    found = value(T.grad(y, x), {x: 1.0})
    np.testing.assert_allclose(1.0001**10_000, found, rtol=1e-9)


def test_a_variable_used_twice_gets_the_sum() -> None:
    x = T.dscalar("x")
    assert value(T.grad(x * x + 3 * x, x), {x: 2.0}) == 7


def test_with_respect_to_an_intermediate_expression() -> None:
    x = T.dvector("x")
    hidden = x * 3
    cost = (hidden**2).sum()
    np.testing.assert_array_equal([6, 12], value(T.grad(cost, hidden), {x: [1.0, 2.0]}))
    both = T.grad(cost, [x, x * 3])
    np.testing.assert_array_equal([18, 36], value(both[0], {x: [1.0, 2.0]}))
    np.testing.assert_array_equal([6, 12], value(both[1], {x: [1.0, 2.0]}))


def test_one_variable_gives_a_variable_and_a_list_gives_a_list() -> None:
    x, y = T.dscalars("xy")
    assert isinstance(T.grad(x * y, x), T.Variable)
    assert len(T.grad(x * y, (x, y))) == 2


def test_the_cost_itself_has_gradient_one() -> None:
    x = T.dscalar("x")
    assert value(T.grad(x, x), {x: 5.0}) == 1


def test_dtypes_of_gradients_are_those_of_the_variables() -> None:
    x, w = T.fvector("x"), T.dvector("w")
    first, second = T.grad((x * w).sum(), [x, w])
    assert ("float32", "float64") == (first.dtype, second.dtype)
    assert T.grad((x * 2.5).sum(), x).dtype == "float32"


@pytest.mark.parametrize("shape", [(1, None), (None, 1), (1, 1), (3, None)])
def test_gradients_keep_the_declared_sizes(shape: tuple[int | None, ...]) -> None:
    b, x = T.dmatrix("b", shape=shape), T.dmatrix("x")
    found = T.grad((x * b).sum(), b)
    assert b.node.static_shape == found.node.static_shape
    data = np.ones([size or 3 for size in shape])
    assert data.shape == value(found, {b: data, x: np.ones((3, 3))}).shape


def test_the_hessian_of_a_quadratic_form() -> None:
    x, a = T.dvector("x"), T.dmatrix("a")
    matrix = RNG.normal(size=(3, 3))
    first = T.grad(x.dot(a).dot(x), x)
    rows = [value(T.grad(first[at], x), {x: np.ones(3), a: matrix}) for at in range(3)]
    np.testing.assert_allclose(matrix + matrix.T, rows)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_repeated_derivatives_of_a_power(order: int) -> None:
    x = T.dscalar("x")
    y = x**4
    for _ in range(order):
        y = T.grad(y, x)
    expected = {1: 4 * 2.0**3, 2: 12 * 2.0**2, 3: 24 * 2.0}[order]
    assert expected == value(y, {x: 2.0})


def test_second_order_through_layers() -> None:
    x, w = T.dmatrix("x"), T.dmatrix("w")
    loss = (nnet.softmax(T.tanh(x.dot(w))) ** 2).sum()
    penalty = (T.grad(loss, x) ** 2).sum()
    given = {x: RNG.normal(size=(2, 3)), w: RNG.normal(size=(3, 4))}
    check_gradient(penalty, [w, x], given, 1e-5)


def test_a_network_with_minibatches_from_a_member() -> None:
    data, labels, w, b, i = (
        T.dmatrix("data"),
        T.lvector("labels"),
        T.dmatrix("w"),
        T.dvector("b"),
        T.lscalar("i"),
    )
    x, y = data[i * 2 : (i + 1) * 2], labels[i * 2 : (i + 1) * 2]
    cost = -T.mean(T.log(nnet.softmax(x.dot(w) + b))[T.arange(y.shape[0]), y])
    given = {
        data: RNG.normal(size=(6, 3)),
        labels: RNG.integers(0, 4, 6),
        w: RNG.normal(size=(3, 4)),
        b: np.zeros(4),
        i: 1,
    }
    check_gradient(cost, [w, b], given)


@pytest.mark.parametrize(
    "loss",
    [
        lambda x, y: nnet.categorical_crossentropy(nnet.softmax(x), y).sum(),
        lambda x, y: -T.log(nnet.softmax(x))[T.arange(y.shape[0]), y].sum(),
        lambda x, y: -T.log(nnet.softmax(x)[T.arange(y.shape[0]), y]).sum(),
        lambda x, y: nnet.crossentropy_softmax_1hot(x, y)[0].sum(),
    ],
)
def test_losses_of_softmax_have_finite_gradients_where_it_underflows(loss) -> None:
    x, y = T.dmatrix("x"), T.lvector("y")
    given = {x: np.array([[1000.0, -1000.0, 0.0]]), y: np.array([1])}
    np.testing.assert_allclose([[1, -1, 0]], value(T.grad(loss(x, y), x), given), atol=1e-12)
    mild = {x: RNG.normal(size=(4, 3)), y: np.array([0, 2, 1, 1])}
    check_gradient(loss(x, y), [x], mild)


def test_losses_of_sigmoid_have_finite_gradients_where_it_saturates() -> None:
    x, t = T.dvector("x"), T.dvector("t")
    given = {x: np.array([-800.0, 800.0, 0.5]), t: np.array([1.0, 0.0, 0.25])}
    cost = nnet.binary_crossentropy(nnet.sigmoid(x), t).sum()
    np.testing.assert_allclose(
        [-1, 1, 1 / (1 + np.exp(-0.5)) - 0.25], value(T.grad(cost, x), given)
    )
    same = nnet.sigmoid_binary_crossentropy(x, t).sum()
    np.testing.assert_allclose(value(T.grad(same, x), given), value(T.grad(cost, x), given))
    found = value(T.grad(T.log1p(-nnet.sigmoid(x)).sum(), x), given)
    np.testing.assert_allclose([0, -1, -1 / (1 + np.exp(-0.5))], found, atol=1e-12)


def test_the_gradient_of_a_loss_with_respect_to_the_softmax_itself() -> None:
    x = T.dmatrix("x")
    soft = nnet.softmax(x)
    data = RNG.normal(size=(2, 3))
    np.testing.assert_allclose(
        1 / value(soft, {x: data}), value(T.grad(T.log(soft).sum(), soft), {x: data})
    )


def test_a_function_with_zero_gradient_is_connected() -> None:
    x = T.dvector("x")
    np.testing.assert_array_equal([0, 0], value(T.grad(T.floor(x).sum(), x), {x: [1.5, 2.5]}))
    np.testing.assert_array_equal(
        [0, 0], value(T.grad((x > 0).astype("float64").sum(), x), {x: [1.5, 2.5]})
    )


def test_disconnected_variables_raise_warn_or_give_zeros() -> None:
    x, y = T.dvector("x"), T.dvector("y")
    with pytest.raises(ValueError, match="does not depend on y"):
        T.grad(x.sum(), y)
    with pytest.raises(T.DisconnectedInputError):
        T.grad(x.sum() * y.shape[0], [x, y])
    with pytest.warns(UserWarning, match="does not depend on y"):
        found = T.grad(x.sum(), y, disconnected_inputs="warn")
    np.testing.assert_array_equal([0, 0], value(found, {y: [1.0, 2.0]}))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        T.grad(x.sum(), y, disconnected_inputs="ignore")
    with pytest.raises(ValueError, match="disconnected_inputs"):
        T.grad(x.sum(), y, disconnected_inputs="maybe")


def test_consider_constant_stops_the_gradient() -> None:
    x = T.dscalar("x")
    square = x * x
    assert value(T.grad(square * x, x, consider_constant=[square]), {x: 3.0}) == 9


def test_known_gradients_replace_the_cost() -> None:
    x = T.dvector("x")
    y = x * x
    found = T.grad(None, x, known_grads={y: T.constant([1.0, 10.0])})
    np.testing.assert_array_equal([2, 40], value(found, {x: [1.0, 2.0]}))


def test_what_has_no_gradient_is_refused_with_a_reason() -> None:
    x, k = T.dvector("x"), T.lvector("k")
    with pytest.raises(TypeError, match="int64"):
        T.grad((k * 1.5).sum(), k)
    with pytest.raises(TypeError, match="sum"):
        T.grad(x, x)
    with pytest.raises(TypeError, match="scalar"):
        T.grad(k.sum(), x)
    with pytest.raises(TypeError):
        T.grad(x.sum(), 3)
    with pytest.raises(TypeError):
        T.grad(1.0, x)


def test_an_op_without_gradient_is_named() -> None:
    saved = OPS["erf"].grad
    x = T.dscalar("x")
    try:
        OPS["erf"].grad = None
        with pytest.raises(NotImplementedError, match="erf has no gradient"):
            T.grad(wrap(apply(OPS["erf"], x.node)), x)
    finally:
        OPS["erf"].grad = saved


def test_shared_subexpressions_cost_no_more_than_their_nodes() -> None:
    x = T.dscalar("x")
    y = x
    for _ in range(60):
        y = y + y * 0.5
    np.testing.assert_allclose(1.5**60, value(T.grad(y, x), {x: 1.0}))


def test_composed_functions_agree_with_differences() -> None:
    x = T.dvector("x")
    data = np.array([0.3, -0.7, 1.9])
    for cost in (
        nnet.relu(x).sum(),
        nnet.relu(x, 0.1).sum(),
        nnet.elu(x).sum(),
        nnet.hard_sigmoid(x).sum(),
        nnet.swish(x).sum(),
        nnet.softsign(x).sum(),
        x.norm(2),
        x.norm(3),
        T.sqr(x).sum(),
        T.mod(x, 0.4).sum(),
        (2.0**x).sum(),
        nnet.logsumexp(x),
        T.log(nnet.sigmoid(x)).sum(),
        x.std(),
        T.round(x * x, "half_away_from_zero").sum() + x.sum(),
    ):
        np.testing.assert_allclose(
            by_differences(cost, x, {x: data}),
            value(T.grad(cost, x), {x: data}),
            rtol=1e-5,
            atol=1e-7,
        )


def test_gradients_at_ties_and_bounds_are_as_documented() -> None:
    x, y = T.dvector("x"), T.dvector("y")
    at = {x: np.array([-1.0, 0.0, 0.5, 1.0, 2.0])}
    np.testing.assert_array_equal([0, 1, 1, 1, 0], value(T.grad(x.clip(0.0, 1.0).sum(), x), at))
    np.testing.assert_array_equal([-1, 0, 1, 1, 1], value(T.grad(abs(x).sum(), x), at))
    both = {x: np.array([1.0, 2.0]), y: np.array([1.0, 3.0])}
    for function, first in ((T.maximum, [1, 0]), (T.minimum, [1, 1])):
        found = T.grad(function(x, y).sum(), [x, y])
        np.testing.assert_array_equal(first, value(found[0], both))
        np.testing.assert_array_equal(1 - np.array(first), value(found[1], both))


@pytest.mark.parametrize("base", [0.0, 1.5])
def test_gradients_of_powers_of_zero_are_numbers(base: float) -> None:
    x, n = T.dscalar("x"), T.dscalar("n")
    assert value(T.grad(x**2, x), {x: base}) == 2 * base
    assert value(T.grad(x**0, x), {x: base}) == 0
    assert value(T.grad(x**1, x), {x: base}) == 1
    assert value(T.grad(x**n, x), {x: base, n: 2.0}) == 2 * base
    assert value(T.grad(x**n, x), {x: base, n: 0.0}) == 0
    assert np.isfinite(value(T.grad(x**n, n), {x: base, n: 2.0}))
