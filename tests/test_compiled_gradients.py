"""Gradients of random expressions in compiled C, against central differences of compiled C."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import modc.tensor as T
from modc import function, grad

Array = np.ndarray[Any, Any]
STEPS: list[Callable[[Any, Any], Any]] = [
    lambda x, w: T.tanh(x), lambda x, w: T.sigmoid(x) * w, lambda x, w: T.softplus(x), lambda x, w: T.exp(0.3 * x), lambda x, w: x * w - x,
    lambda x, w: x.dot(w.T).dot(x), lambda x, w: T.nnet.softmax(x), lambda x, w: T.log_softmax(x, axis=0), lambda x, w: x[::-1] + w[:, ::-1],
    lambda x, w: x / (1 + w * w), lambda x, w: T.set_subtensor(x[1:], w[:-1] * x[1:]), lambda x, w: T.inc_subtensor(x[[0, 0, 2]], w),
    lambda x, w: x - x.mean(axis=0, keepdims=True), lambda x, w: x * w.sum(axis=1, keepdims=True), lambda x, w: T.concatenate([x[1:], w[:1]]),
    lambda x, w: x[[2, 0, 1]] * w, lambda x, w: T.switch(x > w, x * w, x), lambda x, w: x + T.logsumexp(w, axis=1, keepdims=True), lambda x, w: x.T.reshape((3, 3)),
    lambda x, w: T.sqrt(1 + x * x), lambda x, w: T.maximum(x, w), lambda x, w: x * T.max(w), lambda x, w: T.stack([x[0], w[1], x[2]]), lambda x, w: x.prod(axis=0) + w,
]  # fmt: skip


def costs(seed: int, x: Any, w: Any, count: int) -> list[Any]:
    chooser = random.Random(seed)
    found = []
    for _ in range(count):
        y, z = x, w
        for _ in range(chooser.randint(1, 5)):
            y, z = chooser.choice(STEPS)(y, z), chooser.choice([y, z, w])
        found.append(T.sum(T.tanh(0.3 * y) * (1 + 0.1 * w)))
    return found


def differences(call: Callable[..., list[Array]], at: int, x: Array, w: Array, step: float) -> list[Array]:
    """Central differences of every result, for argument number `at`."""
    found = None
    for place in np.ndindex(3, 3):
        moved = []
        for sign in (1, -1):
            given = [x.copy(), w.copy()]
            given[at][place] += sign * step
            moved.append(np.array(call(*given)))
        slope = (moved[0] - moved[1]) / (2 * step)
        found = np.zeros((len(slope), 3, 3)) if found is None else found
        found[(slice(None), *place)] = slope
    assert found is not None
    return list(found)


@pytest.mark.parametrize("seed", range(2 + int(os.environ.get("MODC_FUZZ", "0")) // 10))
def test_compiled_gradients_are_slopes(seed: int) -> None:
    x, w = T.dmatrix("x"), T.dmatrix("w")
    rng = np.random.default_rng(seed)
    given = [rng.normal(size=(3, 3)), rng.normal(size=(3, 3))]
    first = costs(seed, x, w, 4)
    second = [T.sum(grad(cost, x, disconnected_inputs="ignore") * np.arange(9.0).reshape(3, 3)) for cost in first[:2]]
    every = [*first, *second]
    values = function([x, w], every, on_unused_input="ignore")
    slopes = function([x, w], [grad(cost, root, disconnected_inputs="ignore") for root in (x, w) for cost in every], on_unused_input="ignore")(*given)
    for at in range(2):
        near, far = (differences(values, at, *given, step) for step in (1e-5, 3e-5))
        for number, cost in enumerate(every):
            smooth = np.abs(near[number] - far[number]) < 1e-4 * (1 + np.abs(near[number]))  # else a corner is near
            slope = slopes[at * len(every) + number]
            np.testing.assert_allclose(slope[smooth], near[number][smooth], rtol=2e-4, atol=2e-4, err_msg=str(cost))
