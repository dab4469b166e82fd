"""Functions of neural networks against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from tensor_helpers import value

import modc.tensor as T
from modc.tensor import nnet

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
