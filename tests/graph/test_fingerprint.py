"""The fingerprint: equal for equal Methods everywhere, different for anything that the kernel depends on."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from modc.graph import OPS, Leaf, Node, Program, apply, const, dtype, leaf
from modc.graph.fingerprint import fingerprint, number_nodes


class Name:
    def __init__(self, name: str) -> None:
        self.name = name


def vector(kind: str = "float64", dim: object = None, name: str = "x") -> Leaf:
    return leaf(dtype(kind), (dim,), Name(name))  # type: ignore[arg-type]


def op(name: str, *args: Node | float, **params: object) -> Node:
    return apply(OPS[name], *args, **params)


def program(
    kind: str = "float64", dim: object = None, factor: object = 2.0, **changes: object
) -> Program:
    x, w = vector(kind, dim), vector(kind, dim, "w")
    total = op("sum", op("mul", x, const(np.asarray(factor, dtype=kind))), axes=(0,))
    values = {
        "name": "M.f",
        "inputs": [x],
        "input_names": ["x"],
        "members": [w],
        "member_names": ["w"],
        "outputs": [total],
        "updates": [(0, op("add", w, x))],
    }
    values.update(
        {key: change(values) if callable(change) else change for key, change in changes.items()}
    )
    return Program(*values.values())  # type: ignore[arg-type]


CHANGES = {
    "dtype": {"kind": "float32"},
    "declared size": {"dim": 3},
    "named dimension": {"dim": "n"},
    "constant": {"factor": 3.0},
    "sign of a zero": {"factor": -0.0},
    "zero": {"factor": 0.0},
    "shape of a constant": {"factor": [2.0]},
    "name of the Method": {"name": "M.g"},
    "name of an argument": {"input_names": ["y"]},
    "name of a member": {"member_names": ["v"]},
    "outputs": {"outputs": []},
    "an output twice": {"outputs": lambda values: values["outputs"] * 2},
    "updates": {"updates": []},
    "bound the other way": {
        "inputs": lambda values: values["members"],
        "members": lambda values: [vector(), *values["inputs"]][:1],
    },
}


def test_equal_programs_have_equal_fingerprints() -> None:
    assert fingerprint(program(), {}) == fingerprint(program(), {})
    assert 64 == len(fingerprint(program(), {}))


@pytest.mark.parametrize("what", list(CHANGES))
def test_what_the_kernel_depends_on_is_in_it(what: str) -> None:
    others = {fingerprint(program(**CHANGES[change]), {}) for change in CHANGES if change != what}  # type: ignore[arg-type]
    others.add(fingerprint(program(), {}))
    assert fingerprint(program(**CHANGES[what]), {}) not in others  # type: ignore[arg-type]


def test_options_are_in_it_in_any_order() -> None:
    plain = fingerprint(program(), {"mode": "c", "level": "v3"})
    assert plain == fingerprint(program(), {"level": "v3", "mode": "c"})
    assert plain != fingerprint(program(), {"level": "v4", "mode": "c"})
    assert plain != fingerprint(program(), {"mode": "c"})


def test_lines_and_names_of_variables_that_are_not_bound_by_them_are_not_in_it() -> None:
    first = Program("f", [vector(name="a")], ["x"], [], [], [], [])
    second = Program("f", [vector(name="b")], ["x"], [], [], [], [])
    assert fingerprint(first, {}) == fingerprint(second, {})


@pytest.mark.parametrize("name", ['a"b', "a\nb", "ä", "\ud800", "x" * 1_000_000, "", "a', 'b"])
def test_hostile_names_are_told_apart(name: str) -> None:
    def named(*names: str) -> str:
        return fingerprint(Program("f", [vector() for _ in names], names, [], [], [], []), {})

    assert named(name) == named(name)
    assert named(name) != named(name + "x")
    assert named(name, "b") != named(name + "b", "")


def test_numbers_start_with_inputs_and_members_and_count_every_node_once() -> None:
    found = program()
    numbers = number_nodes(found)
    assert [0, 1] == [numbers[found.inputs[0]], numbers[found.members[0]]]
    assert list(range(len(numbers))) == list(numbers.values())
    assert set(found.walk()) | {*found.inputs, *found.members} == set(numbers)


def test_a_chain_of_thirty_thousand_nodes_needs_no_recursion() -> None:
    node: Node = vector()
    start = node
    for _ in range(30_000):
        node = op("neg", node)
    assert fingerprint(Program("f", [start], ["x"], [], [], [node], []), {})  # type: ignore[list-item]


SCRIPT = """
import sys
sys.path[:] = {path!r}
from modc.graph import OPS, Program, apply, const, dtype, leaf
from modc.graph.fingerprint import fingerprint
x = leaf(dtype("float64"), ("n", None, 3))
y = apply(OPS["sum"], apply(OPS["mul"], x, const([1.5, 2.5, -0.0])), axes=(0, 2))
print(fingerprint(Program("f", [x], ["x"], [], [], [y], []), {{"a": "1", "b": "2"}}))
"""


def test_every_process_computes_the_same() -> None:
    found = []
    for seed in ("1", "77"):
        env = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", SCRIPT.format(path=sys.path)]
        found.append(
            subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
        )
    assert found[0] == found[1]
