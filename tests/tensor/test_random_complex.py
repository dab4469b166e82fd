"""Random expressions of complex numbers: C against NumPy and against the check mode, values and gradients."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import modc.tensor as T
from modc import Method, Module
from modc.errors import ModcError

STEPS: list[Callable[[Any, Any], Any]] = [
    lambda a, b: a + b, lambda a, b: a * b, lambda a, b: a - b * 1j, lambda a, b: a / (2 + abs(b)), lambda a, b: a.conj(),
    lambda a, b: T.exp(a * 0.1), lambda a, b: abs(a), lambda a, b: a.sum(axis=-1, keepdims=True), lambda a, b: a[..., ::-1],
    lambda a, b: a.real + b.imag, lambda a, b: T.where(a.real > 0, a, b), lambda a, b: T.sqrt(a * (1 + 0j)), lambda a, b: a.mean(axis=0),
    lambda a, b: a.dot(b) if a.ndim > b.ndim else T.outer(a, b), lambda a, b: a.T.conj().dot(a),
    lambda a, b: T.concatenate([a, b], axis=-1)[..., 1:], lambda a, b: T.cumsum(a, axis=-1), lambda a, b: T.angle(a),
    lambda a, b: T.set_subtensor((a * 1j)[..., 0], 1j), lambda a, b: a**2 + T.sign(b), lambda a, b: T.tanh(a * 0.3),
    lambda a, b: T.complex(a.real, b.real), lambda a, b: T.inc_subtensor((a * 1j)[..., [0, 0]], b[..., :1]),
]  # fmt: skip


def program(seed: int) -> tuple[Module, dict[str, np.ndarray]]:
    """A Module with random outputs, the gradient of their sizes, and an update; and its members' values."""
    pick, rng = random.Random(seed), np.random.default_rng(seed)
    rows, columns = pick.choice([(1, 1), (2, 3), (5, 5), (33, 7), (0, 3)])
    m = Module()
    m.a, m.v, m.x = T.zmatrix(), T.zvector(), T.dvector()
    members = {
        "a": rng.normal(size=(rows, columns)) + 1j * rng.normal(size=(rows, columns)),
        "v": rng.normal(size=columns) + 1j * rng.normal(size=columns), "x": rng.normal(size=columns),
    }  # fmt: skip
    pool: list[Any] = [m.a, m.v, m.x]
    for _ in range(pick.randint(3, 10)):
        try:
            pool.append(pick.choice(STEPS)(pick.choice(pool), pick.choice(pool)))
        except (ModcError, TypeError, ValueError, IndexError):
            continue  # these two do not go together
    outputs = pool[-3:]
    slopes = T.grad(sum(abs(one).sum() for one in outputs), [m.a, m.v, m.x], disconnected_inputs="ignore")
    m.f = Method([], outputs + slopes, {m.v: m.v * 1j})
    return m, members


@pytest.mark.parametrize("seed", range(12))
@np.errstate(all="ignore")
def test_random_expressions_agree_in_every_mode(seed: int) -> None:
    m, members = program(seed)
    results: dict[str, Any] = {}
    for mode in ("c", "numpy", "check"):
        instance = m.make(mode=mode, **members)
        try:
            results[mode] = [*instance.f(), instance.v]
        except (ModcError, ValueError, IndexError) as error:
            results[mode] = type(error)
    want = results.pop("numpy")
    for got in results.values():
        if isinstance(want, type):
            assert got is want
            continue
        for one, other in zip(got, want, strict=True):
            assert one.dtype == other.dtype
            scale = 1 + abs(other[np.isfinite(other)]).max(initial=0)
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9 * scale)
