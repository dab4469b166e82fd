"""Random expressions: their gradients against central differences, their second derivatives too."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tensor_helpers import by_differences, check_gradient, value

import modc.tensor as T
from modc.tensor import Variable, nnet

SMOOTH = [
    T.tanh,
    T.sigmoid,
    T.sin,
    T.softplus,
    T.exp,
    T.sqr,
    lambda x: -x,
    lambda x: 1 / (2 + x * x),
    lambda x: T.log(1.5 + x * x),
    lambda x: x.T,
    lambda x: x[::-1],
    lambda x: x[:, ::-1],
    nnet.softmax,
    nnet.log_softmax,
    lambda x: x[[1, 0, 1]][:2],
    lambda x: x - x.mean(axis=0, keepdims=True),
    lambda x: x / (1 + x.std(axis=1, keepdims=True)),
    lambda x: x * x.sum(),
    lambda x: T.concatenate([x[:1], x[1:] * 2]),
    lambda x: T.set_subtensor(x[0], T.sin(x[1])),
    lambda x: x.reshape((x.shape[1], x.shape[0])).T,
    lambda x: T.switch(x > 0, x, 0.5 * x * x),
    lambda x: x.dot(x.T).dot(x),
    lambda x: T.inc_subtensor(x[[0, 0]], x[1]),
    lambda x: x + T.logsumexp(x, axis=0),
    lambda x: x * x[0],
    lambda x: x + x[:, :1].reshape((2, 1)) * 0.5,
]
JOIN = [
    lambda a, b: a + b,
    lambda a, b: a * b,
    lambda a, b: a - 0.5 * b,
    lambda a, b: T.arctan2(a, 2 + b * b),
    T.maximum,
]


@st.composite
def expressions(draw: st.DrawFn, x: Variable, w: Variable) -> Variable:
    """An expression over two (2, 2) matrices."""
    made = [x, w]
    for _ in range(draw(st.integers(1, 6))):
        if draw(st.booleans()):
            made.append(draw(st.sampled_from(SMOOTH))(draw(st.sampled_from(made))))
        else:
            made.append(draw(st.sampled_from(JOIN))(draw(st.sampled_from(made)), made[-1]))
    return T.tanh(0.2 * made[-1]).sum() + 0.0 * (x.sum() + w.sum())


X, W = T.dmatrix("x", shape=(2, 2)), T.dmatrix("w", shape=(2, None))
DATA = {X: np.array([[0.31, -0.72], [1.13, 0.47]]), W: np.array([[-0.55, 0.21], [0.83, -1.2]])}


@settings(max_examples=80, deadline=None)
@given(expressions(X, W))
def test_gradients_of_random_expressions(cost: Variable) -> None:
    check_gradient(cost, [X, W], DATA, 1e-5)


@settings(max_examples=25, deadline=None)
@given(expressions(X, W))
def test_second_derivatives_of_random_expressions(cost: Variable) -> None:
    first = T.grad(cost, X)
    weighted = (first * np.array([[1.0, -2.0], [0.5, 3.0]])).sum() + 0.0 * X.sum()
    np.testing.assert_allclose(
        by_differences(weighted, X, DATA), value(T.grad(weighted, X), DATA), rtol=1e-4, atol=1e-4
    )
