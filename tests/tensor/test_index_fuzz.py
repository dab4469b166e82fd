"""Random indices, read and written, against NumPy: by the interpreter, and compiled.

For memory errors in kernels:  CC="gcc -fsanitize=address,undefined -fno-sanitize-recover=all" MODC_FUZZ=300 python build_tools/sanitize.py tests/tensor/test_index_fuzz.py
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest
from index_cases import CHANGES, Array, case, changed
from tensor_helpers import check_gradient, value

import modc.tensor as T
from modc import Method, Module, function

BATCH = 8
BATCHES = 4 + int(os.environ.get("MODC_FUZZ", "0")) // BATCH
MODES = list(CHANGES)


def expressions(seed: int) -> tuple[list[Any], list[Array], dict[Any, Any]]:
    """An indexed array and one with that part changed, what NumPy gives, values of the roots."""
    data, index, written, x, given = case(seed)
    part, wanted = x[written], data[index]
    mode = MODES[seed % len(MODES)]
    scale = np.random.default_rng(seed).normal(size=wanted.shape)
    repeated = np.unique(np.arange(data.size).reshape(data.shape)[index]).size != wanted.size
    new: Any = 2.5 if seed % 2 or (mode == "set" and repeated) else scale
    root = T.as_tensor(new) if seed % 3 else T.TensorType("float64", (None,) * np.ndim(new))(f"value{seed}")
    if root.owner is None and not isinstance(root, type(T.constant(0.0))):
        given[root] = np.asarray(new)
    return [part, CHANGES[mode](part, root)], [wanted, changed(data, index, new, mode)], given


def test_random_indices_are_numpys() -> None:
    for seed in range(300):
        found, expected, given = expressions(seed)
        for got, want in zip(found, expected, strict=True):
            np.testing.assert_allclose(value(got, given), want, rtol=1e-14, err_msg=f"seed {seed}")


@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_indices_in_c_are_numpys(batch: int) -> None:
    outputs: list[Any] = []
    expected: list[Array] = []
    given: dict[Any, Any] = {}
    for seed in range(1000 + batch * BATCH, 1000 + (batch + 1) * BATCH):
        found, wanted, roots = expressions(seed)
        outputs, expected, given = outputs + found, expected + wanted, given | roots
    run = function(list(given), outputs, mode="c", on_unused_input="ignore")
    assert run.maker.mode == "c"
    for at, (got, want) in enumerate(zip(run(*given.values()), expected, strict=True)):
        np.testing.assert_allclose(got, want, rtol=1e-14, err_msg=f"batch {batch}, output {at}")


@pytest.mark.parametrize("mode", ["c", "numpy"])
def test_positions_outside_are_found_whatever_they_are(mode: str) -> None:
    x, i, j = T.dmatrix("x"), T.lvector("i"), T.lvector("j")
    run = function([x, i, j], [x[i], x[:, j], x[i, j], T.inc_subtensor(x[i, j], 1.0)], mode=mode)
    data, good = np.zeros((3, 4)), np.array([0, -3, 2])
    run(data, good, good)
    for far in (3, -4, 2**62, -(2**63), 2**63 - 1, 2**32, -(2**32)):
        with pytest.raises(IndexError, match="out of bounds"):
            run(data, np.array([0, far, 1]), good)
        with pytest.raises(IndexError, match="out of bounds"):
            run(data, good, np.array([0, 1, far if far not in (3, -4) else 9]))


class Parts(Module):
    """Members of which parts change, and what the parts were before."""

    def __init__(self, cases: list[tuple[Any, Any, dict[Any, Any]]], given: dict[Any, Any]) -> None:
        super().__init__()
        outputs, updates = [], {}
        for at, (change, members, values) in enumerate(cases):
            member = T.TensorType("float64", members.type.shape)(f"m{at}")
            setattr(self, f"m{at}", member)
            part, changed_ = change(member)
            outputs.append(part)
            updates[member] = changed_
            given |= values
        self.go = Method(list(given), outputs, updates)


@pytest.mark.parametrize("batch", range(BATCHES // 2))
def test_random_parts_of_members_change_in_place(batch: int) -> None:
    cases: list[Any] = []
    expected: list[tuple[Array, Array]] = []
    start: dict[str, Array] = {}
    for seed in range(5000 + batch * BATCH, 5000 + (batch + 1) * BATCH):
        data, index, written, x, roots = case(seed)
        mode = MODES[seed % len(MODES)]
        repeated = np.unique(np.arange(data.size).reshape(data.shape)[index]).size != data[index].size
        own = seed % 2 == 0 and not (mode == "set" and repeated)
        del roots[x]

        def change(member: Any, written: Any = written, mode: str = mode, own: bool = own) -> tuple[Any, Any]:
            part = member[written]
            return part, CHANGES[mode](part, part[..., ::-1] * 2 if own and part.ndim else 2.5)

        start[f"m{len(cases)}"] = data
        new = data[index][..., ::-1] * 2 if own and data[index].ndim else 2.5
        expected.append((data[index], changed(data, index, new, mode)))
        cases.append((change, x, roots))
    given: dict[Any, Any] = {}
    inst = Parts(cases, given).make(**start)
    assert inst.go.mode == "c"
    found = inst.go(*given.values())
    for at, (part, after) in enumerate(expected):
        np.testing.assert_array_equal(found[at], part, err_msg=f"part {at} of batch {batch}")
        np.testing.assert_allclose(getattr(inst, f"m{at}"), after, rtol=1e-14, err_msg=f"member {at} of batch {batch}")


def test_gradients_of_random_indices_agree_with_differences() -> None:
    for seed in range(40):
        data, index, written, x, given = case(seed)
        shape = data[index].shape
        if data.size > 40 or not data[index].size:
            continue
        rng = np.random.default_rng(seed)
        v = T.TensorType("float64", [1 if size == 1 else None for size in shape])("v")
        part = x[written]
        written_to = CHANGES[MODES[seed % len(MODES)]](part, v)
        cost = (T.sin(part) * rng.normal(size=shape)).sum() + (written_to * rng.normal(size=data.shape)).sum()
        values = {**given, x: rng.normal(size=data.shape), v: rng.normal(size=shape)}
        check_gradient(cost, [x, v], values, 1e-5)
