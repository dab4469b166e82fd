"""Simultaneous updates in every combination, against NumPy on copies of the old values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import modc.tensor as T
from modc import Method, Module, ModuleInstance


class Everything(Module):
    """Three vectors, two matrices and a counter, and Methods that mix them."""

    def __init__(self) -> None:
        a, b, c = T.dvectors("a", "b", "c")
        A, B = T.dmatrices("A", "B")
        self.a, self.b, self.c, self.A, self.B, self.n = a, b, c, A, B, T.lscalar()
        self.swap = Method([], [a, b], {a: b, b: a})
        self.cycle = Method([], None, [(a, b), (b, c), (c, a)])
        self.reverse = Method([], a, {a: a[::-1]})
        self.turn = Method([], A, {A: A.T})
        self.square = Method([], A, {A: T.dot(A, A)})
        self.gram = Method([], None, {A: T.dot(A.T, A) + A.T, B: A})
        self.shift = Method([], None, {a: T.set_subtensor(a[1:], a[:-1])})
        self.fold = Method([], None, {a: T.inc_subtensor(a[::-1], a)})
        self.both = Method([], None, {a: c * 2, b: c * 2})
        self.alias = Method([], None, {a: b})
        self.grow = Method([], a.shape[0], {a: T.concatenate([a, a[::-1]]), self.n: self.n + 1})
        self.shrink = Method([], None, {a: a[1:], b: a})
        self.rank = Method([], None, {A: T.outer(a, b), a: T.dot(A, b)})
        self.mix = Method([], None, {a: a + b, b: a - b, c: a * b * c})
        self.rotate = Method([], None, {a: T.concatenate([a[2:], a[:2]])})
        self.views = Method([], [a, a[1:], A.T, a[::-1]])


#: Method -> what it does to the members, in NumPy.
MEANING: dict[str, Any] = {
    "swap": lambda s: {"a": s["b"], "b": s["a"]},
    "cycle": lambda s: {"a": s["b"], "b": s["c"], "c": s["a"]},
    "reverse": lambda s: {"a": s["a"][::-1]},
    "turn": lambda s: {"A": s["A"].T},
    "square": lambda s: {"A": s["A"] @ s["A"]},
    "gram": lambda s: {"A": s["A"].T @ s["A"] + s["A"].T, "B": s["A"]},
    "shift": lambda s: {"a": np.r_[s["a"][:1], s["a"][:-1]]},
    "fold": lambda s: {"a": s["a"] + s["a"][::-1]},
    "both": lambda s: {"a": s["c"] * 2, "b": s["c"] * 2},
    "alias": lambda s: {"a": s["b"]},
    "grow": lambda s: {"a": np.r_[s["a"], s["a"][::-1]], "n": s["n"] + 1},
    "shrink": lambda s: {"a": s["a"][1:], "b": s["a"]},
    "rank": lambda s: {"A": np.outer(s["a"], s["b"]), "a": s["A"] @ s["b"]},
    "mix": lambda s: {"a": s["a"] + s["b"], "b": s["a"] - s["b"], "c": s["a"] * s["b"] * s["c"]},
    "rotate": lambda s: {"a": np.r_[s["a"][2:], s["a"][:2]]},
    "views": lambda s: {},
}


@pytest.fixture(scope="module", params=["c", "numpy"])
def inst(request: pytest.FixtureRequest) -> ModuleInstance:
    made: ModuleInstance = Everything().make(mode=request.param)
    return made


@pytest.mark.parametrize("size", [1, 4, 33])
@pytest.mark.parametrize("name", MEANING)
def test_all_right_hand_sides_see_the_old_state(inst, name, size):
    state = {"a": np.arange(size) + 1.0, "b": np.arange(size) + 10.0, "c": np.arange(size) + 20.0, "n": np.array(0)}
    state |= {"A": np.arange(size**2).reshape(size, size) % 17 + 1.0, "B": -np.ones((size, size))}
    inst.initialize(state)
    getattr(inst, name)()
    expected = state | MEANING[name](state)
    for key, want in expected.items():
        assert np.array_equal(inst[key], want), key
    members = [inst[key] for key in "abcABn"]
    pairs = [(one, other) for at, one in enumerate(members) for other in members[:at]]
    assert not any(np.shares_memory(one, other) for one, other in pairs)


def test_results_stay_as_they_are_and_are_not_the_members(inst):
    inst.initialize(a=[1, 2, 3], b=[4, 5, 6], c=[0, 0, 0], A=np.eye(3))
    results = inst.views()
    inst.mix()
    assert results[0].tolist() == [1, 2, 3] and results[3].tolist() == [3, 2, 1]
    for result in results:
        result[...] = 77
    assert inst.a.tolist() == [5, 7, 9] and np.array_equal(inst.A, np.eye(3))
