"""Functions of neural networks against their definitions."""

from __future__ import annotations

import math
import os

import numpy as np
import pytest
import scipy.special as sp
from tensor_helpers import check_gradient, value

import modc
import modc.tensor as T
from modc.errors import DTypeError, ShapeError
from modc.tensor import nnet

MODES = os.environ.get("MODC_TEST_MODES", "numpy c").split()
X = np.random.default_rng(21).normal(size=(4, 3))
SOFT = np.exp(X) / np.exp(X).sum(axis=1, keepdims=True)
CLASSES = np.array([0, 2, 1, 1])


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (nnet.softmax, SOFT),
        (nnet.log_softmax, np.log(SOFT)),
        (lambda x: nnet.softmax(x, axis=0), None),
        (nnet.sigmoid, 1 / (1 + np.exp(-X))),
        (nnet.softplus, np.log1p(np.exp(X))),
        (nnet.relu, np.maximum(X, 0)),
        (lambda x: nnet.relu(x, 0.1), np.where(X >= 0, X, 0.1 * X)),
        (nnet.elu, np.where(X > 0, X, np.expm1(X))),
        (nnet.hard_sigmoid, np.clip(0.2 * X + 0.5, 0, 1)),
        (nnet.swish, X / (1 + np.exp(-X))),
        (lambda x: nnet.logsumexp(x, axis=1), np.log(np.exp(X).sum(axis=1))),
        (lambda x: nnet.logsumexp(x), np.log(np.exp(X).sum())),
        (
            lambda x: nnet.logsumexp(x, axis=0, keepdims=True),
            np.log(np.exp(X).sum(axis=0, keepdims=True)),
        ),
    ],
)
def test_activations_follow_their_definition(function, expected) -> None:
    x = T.dmatrix("x")
    found = value(function(x), {x: X})
    expected = np.exp(X) / np.exp(X).sum(axis=0) if expected is None else expected
    assert expected.shape == found.shape
    np.testing.assert_allclose(expected, found, rtol=1e-12)


def test_softmax_of_a_vector() -> None:
    x = T.fvector("x")
    np.testing.assert_allclose(
        SOFT[0], value(nnet.softmax(x), {x: X[0].astype("float32")}), rtol=1e-5
    )
    assert nnet.softmax(x).dtype == "float32"


def test_cross_entropies_take_classes_or_distributions() -> None:
    x, y, t = T.dmatrix("x"), T.ivector("y"), T.dmatrix("t")
    given = {x: X, y: CLASSES.astype("int32"), t: np.eye(3)[CLASSES]}
    expected = -np.log(SOFT[np.arange(4), CLASSES])
    p = nnet.softmax(x)
    for loss in (
        nnet.categorical_crossentropy(p, y),
        nnet.categorical_crossentropy(p, t),
        nnet.softmax_cross_entropy(x, y),
        nnet.softmax_cross_entropy(x, t),
        nnet.crossentropy_softmax_1hot(x, y)[0],
        nnet.crossentropy_softmax_max_and_argmax_1hot(x, y)[0],
        nnet.categorical_crossentropy(p * 1.0, y),
    ):
        np.testing.assert_allclose(expected, value(loss, given), rtol=1e-12)


def test_the_largest_probability_and_its_class_come_with_the_loss() -> None:
    x, y = T.dmatrix("x"), T.lvector("y")
    _, soft, largest, place = nnet.crossentropy_softmax_max_and_argmax_1hot(x, y)
    given = {x: X, y: CLASSES}
    np.testing.assert_allclose(SOFT, value(soft, given))
    np.testing.assert_allclose(SOFT.max(axis=1), value(largest, given))
    np.testing.assert_array_equal(SOFT.argmax(axis=1), value(place, given))


def test_binary_cross_entropy() -> None:
    x, t = T.dvector("x"), T.dvector("t")
    p, target = np.array([0.2, 0.9]), np.array([0.0, 0.75])
    expected = -(target * np.log(p) + (1 - target) * np.log(1 - p))
    np.testing.assert_allclose(expected, value(nnet.binary_crossentropy(x, t), {x: p, t: target}))


def test_classes_are_integers_and_as_many_as_rows() -> None:
    x = T.dmatrix("x")
    with pytest.raises(TypeError, match="integers"):
        nnet.categorical_crossentropy(nnet.softmax(x), T.dvector("y"))
    with pytest.raises(ValueError, match="vector of classes"):
        nnet.categorical_crossentropy(nnet.softmax(x), T.lscalar("y"))
    with pytest.raises(ValueError):
        nnet.softmax(T.dscalar())
    y = T.lvector("y")
    with pytest.raises(IndexError):
        value(nnet.softmax_cross_entropy(x, y), {x: X, y: np.array([0, 1, 2, 3])})


# Activations


def _reference(name: str, x: np.ndarray) -> np.ndarray:
    normal = 0.5 * (1 + np.vectorize(math.erf)(x / np.sqrt(2)))
    soft = np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0)
    return {
        "relu6": np.clip(x, 0, 6), "leaky_relu": np.where(x > 0, x, 0.01 * x), "celu": np.where(x > 0, x, np.expm1(x)),
        "elu": np.where(x > 0, x, np.expm1(x)),
        "selu": 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x)), "gelu": x * normal,
        "silu": x / (1 + np.exp(-x)), "mish": x * np.tanh(soft), "hard_tanh": np.clip(x, -1, 1),
        "hard_swish": x * np.clip(x + 3, 0, 6) / 6, "softsign": x / (1 + np.abs(x)), "hard_sigmoid": np.clip(0.2 * x + 0.5, 0, 1),
    }[name]  # fmt: skip


ACTIVATIONS = ["relu6", "leaky_relu", "celu", "elu", "selu", "gelu", "silu", "mish", "hard_tanh", "hard_swish", "softsign", "hard_sigmoid"]


@pytest.mark.parametrize("mode", MODES)
def test_activations_are_their_formulas(mode):
    x = T.dvector("x")
    points = np.array([-7.0, -3.5, -1.0, -0.25, 0.0, 0.3, 1.7, 2.9, 6.5])
    found = modc.function([x], [getattr(T.nnet, name)(x) for name in ACTIVATIONS], mode=mode)(points)
    for name, array in zip(ACTIVATIONS, found, strict=True):
        np.testing.assert_allclose(array, _reference(name, points), rtol=1e-12, atol=1e-15, err_msg=name)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_have_gradients_keep_float32_and_do_not_overflow(name):
    x, f = T.dvector("x"), T.fvector("f")
    function = getattr(T.nnet, name)
    check_gradient(function(x).sum(), [x], {x: np.array([-3.4, -0.7, 0.4, 2.2])}, 1e-5)
    assert function(f).dtype == "float32"
    far = np.array([-1e4, 1e4])
    gradient = value(T.grad(function(x).sum(), x), {x: far})
    assert np.isfinite(value(function(x), {x: far})).all() and np.isfinite(gradient).all()


def test_gelu_by_tanh_prelu_softplus_with_beta_and_glu():
    x, a, m = T.dvector("x"), T.dvector("a"), T.dmatrix("m")
    points = np.array([-2.0, 0.5, 3.0])
    inner = np.sqrt(2 / np.pi) * (points + 0.044715 * points**3)
    np.testing.assert_allclose(value(T.nnet.gelu(x, "tanh"), {x: points}), 0.5 * points * (1 + np.tanh(inner)), rtol=1e-14)
    np.testing.assert_allclose(value(T.nnet.gelu(x, approximate=True), {x: points}), 0.5 * points * (1 + np.tanh(inner)), rtol=1e-14)
    with pytest.raises(ValueError, match="approximate"):
        T.nnet.gelu(x, "erf")
    slopes = np.array([0.1, 0.2, 0.3])
    np.testing.assert_allclose(value(T.nnet.prelu(x, a), {x: points, a: slopes}), np.where(points > 0, points, slopes * points))
    check_gradient(T.nnet.prelu(x, a).sum(), [x, a], {x: points, a: slopes})
    np.testing.assert_allclose(value(T.nnet.softplus(x, 2.0), {x: points}), np.log1p(np.exp(2 * points)) / 2, rtol=1e-14)
    array = np.arange(8.0).reshape(2, 4)
    np.testing.assert_allclose(value(T.nnet.glu(m), {m: array}), array[:, :2] / (1 + np.exp(-array[:, 2:])), rtol=1e-14)
    np.testing.assert_allclose(value(T.nnet.glu(m, 0), {m: array}), array[:1] / (1 + np.exp(-array[1:])), rtol=1e-14)
    with pytest.raises(ShapeError, match="odd"):
        T.nnet.glu(T.tensor("float64", (2, 3), "t"))


# Classes


def test_one_hot_of_any_shape_and_axis():
    v, m = T.ivector("v"), T.lmatrix("m")
    classes = np.array([[0, 2], [1, 5]])
    found = value(T.nnet.one_hot(m, 3), {m: classes})
    np.testing.assert_array_equal(found, classes[..., None] == np.arange(3))
    assert found.dtype == np.float64
    first = value(T.nnet.one_hot(m, 3, "int8", axis=0), {m: classes})
    np.testing.assert_array_equal(first, classes == np.arange(3)[:, None, None])
    assert first.dtype == np.int8
    np.testing.assert_array_equal(value(T.to_one_hot(v, 3), {v: np.array([2, 0], "int32")}), [[0, 0, 1], [1, 0, 0]])
    n = T.lscalar("n")
    assert modc.function([v, n], T.to_one_hot(v, n))(np.array([1], "int32"), 4).tolist() == [[0, 1, 0, 0]]
    with pytest.raises(DTypeError, match="integers"):
        T.nnet.one_hot(T.dvector("x"), 3)
    with pytest.raises(ShapeError, match="vector"):
        T.to_one_hot(m, 3)


def test_the_confusion_matrix_counts_pairs():
    a, b = T.lvector("a"), T.lvector("b")
    counts, order = T.nnet.confusion_matrix(a, b)
    given = {a: np.array([2, 0, 2, 2, 0, 1]), b: np.array([0, 0, 2, 2, 0, 2])}
    assert value(counts, given).tolist() == [[2, 0, 0], [0, 0, 1], [1, 0, 2]]
    assert value(order, given).tolist() == [0, 1, 2]


@pytest.mark.parametrize("mode", MODES)
def test_cross_entropies_from_logits_are_those_of_probabilities_and_do_not_underflow(mode):
    x, t, k = T.dmatrix("x"), T.dmatrix("t"), T.lvector("k")
    logits, classes = np.array([[1.0, -2.0, 0.5], [1000.0, 0.0, -1000.0]]), np.array([2, 2])
    targets = np.array([[0.2, 0.5, 0.3], [0.0, 0.0, 1.0]])
    outputs = [
        T.nnet.categorical_crossentropy(x, k, from_logits=True), T.nnet.categorical_crossentropy(T.nnet.softmax(x), k),
        T.nnet.categorical_crossentropy(x, t, from_logits=True), T.nnet.categorical_crossentropy(x.T, t.T, axis=0, from_logits=True),
        T.nnet.categorical_crossentropy(x.T, k, axis=0, from_logits=True),
    ]  # fmt: skip
    found = modc.function([x, t, k], outputs, mode=mode, on_unused_input="ignore")(logits, targets, classes)
    logs = logits - np.log(np.exp(logits - logits.max(1, keepdims=True)).sum(1, keepdims=True)) - logits.max(1, keepdims=True)
    by_class, by_target = -logs[[0, 1], classes], -(targets * logs).sum(1)
    for array, expected in zip(found, [by_class, by_class, by_target, by_target, by_class], strict=True):
        np.testing.assert_allclose(array, expected, rtol=1e-13)


def test_classes_of_more_dimensions_and_their_gradients():
    x, k = T.dtensor3("x"), T.lmatrix("k")
    given = {x: np.random.default_rng(3).normal(size=(2, 3, 4)), k: np.array([[0, 1, 3], [2, 2, 0]])}
    loss = T.nnet.categorical_crossentropy(x, k, from_logits=True)
    soft = np.exp(given[x]) / np.exp(given[x]).sum(-1, keepdims=True)
    np.testing.assert_allclose(value(loss, given), -np.log(np.take_along_axis(soft, given[k][..., None], -1))[..., 0])
    check_gradient(loss.sum(), [x], given)


def test_binary_cross_entropy_from_logits():
    x, t = T.dvector("x"), T.dvector("t")
    given = {x: np.array([-800.0, 0.3, 800.0]), t: np.array([0.0, 0.4, 0.5])}
    found = value(T.nnet.binary_crossentropy(x, t, from_logits=True), given)
    np.testing.assert_allclose(found, [0.0, np.log1p(np.exp(0.3)) - 0.12, 400.0], atol=1e-300, rtol=1e-14)


@pytest.mark.parametrize("axis", [None, (0, 2), -1, (1,)])
@pytest.mark.parametrize("mode", MODES)
def test_softmax_and_logsumexp_over_several_axes(axis, mode):
    x = T.dtensor3("x")
    array = np.random.default_rng(5).normal(size=(2, 3, 4)) * 300
    outputs = [T.softmax(x, axis), T.log_softmax(x, axis), T.logsumexp(x, axis), T.logsumexp(x, axis, keepdims=True)]
    found = modc.function([x], outputs, mode=mode)(array)
    total = sp.logsumexp(array, axis=axis, keepdims=True)
    np.testing.assert_allclose(found[0], np.exp(array - total), rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(found[1], array - total, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(found[2], sp.logsumexp(array, axis=axis), rtol=1e-13)
    np.testing.assert_allclose(found[3], total, rtol=1e-13)
