"""The verifier: silent on what `apply` makes, and one message for each way to break a graph."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modc.graph import DTYPES, OPS, Leaf, Node, Program, apply, const, leaf
from modc.graph.dtype import FLOAT32, FLOAT64, INT64
from modc.graph.node import intern
from modc.graph.ops_core import CONST, DIM
from modc.graph.verify import verify

x, w, n = leaf(FLOAT64, (None, 3)), leaf(FLOAT64, (3,)), leaf(FLOAT32, ())


def program(
    *outputs: Node, updates: list[tuple[int, Node]] | None = None, members: list[Leaf] | None = None
) -> Program:
    found = [w, n] if members is None else members
    return Program(
        "f", [x], ["x"], found, [f"m{place}" for place in range(len(found))], outputs, updates or []
    )


def op(name: str, *args: Node | float, **params: object) -> Node:
    return apply(OPS[name], *args, **params)


def forged(
    name: str,
    args: tuple[Node, ...],
    attrs: tuple[object, ...] = (),
    row: object = FLOAT64,
    shape: tuple[object, ...] = (),
) -> Node:
    return intern(OPS[name], args, attrs, row, shape, None)  # type: ignore[arg-type]


def copied(node: Node) -> Node:
    found = Node()
    for slot in ("op", "args", "attrs", "dtype", "shape", "source"):
        setattr(found, slot, getattr(node, slot))
    return found


def unlisted(node: Node) -> Node:
    found = copied(node)
    found.op = type(node.op)("stranger", "map", abs)
    return found


def test_graphs_that_apply_makes_pass() -> None:
    total = op("sum", op("mul", op("dot", x, w), 2.0), axes=(0,))
    picked = op("gather", x, op("iota", x.shape[0]), const([1, 0]), axes=(0, 1), at=0)
    verify(program(total, picked, updates=[(0, op("neg", w)), (1, op("mul", n, 2.0))]))


BROKEN: dict[str, tuple[str, Callable[[], Program]]] = {
    "unbound leaf": (
        "neither an argument nor a member",
        lambda: program(op("neg", leaf(FLOAT64, ()))),
    ),
    "operand dtype": ("the row wants", lambda: program(forged("add", (w, op("neg", n))))),
    "result dtype": ("the row gives", lambda: program(forged("neg", (w,), row=INT64, shape=(3,)))),
    "shape": ("shape", lambda: program(forged("exp", (w,), shape=(4,)))),
    "sizes that disagree": (
        "has size 4, expected 3",
        lambda: program(forged("sub", (w, const([1.0] * 4)), shape=(3,))),
    ),
    "missing parameter": ("parameters", lambda: program(forged("sum", (w,), shape=()))),
    "not interned": ("not interned", lambda: program(copied(op("cos", w)))),
    "unknown op": ("is not in the table", lambda: program(unlisted(op("sin", w)))),
    "constant with too few bytes": (
        "bytes of a constant",
        lambda: program(intern(CONST, (), ((3,), b"12"), FLOAT64, (3,), None)),
    ),
    "size of no leaf": (
        "no leaf",
        lambda: program(intern(DIM, (op("neg", w),), (0,), INT64, (), None)),
    ),
    "axis of a size": ("no such axis", lambda: program(intern(DIM, (w,), (7,), INT64, (), None))),
    "negative extent": ("extent -1", lambda: program(forged("tan", (w,), shape=(-1,)))),
    "extent that is no integer": (
        "an extent is",
        lambda: program(forged("sinh", (w,), shape=(op("neg", n),))),
    ),
    "update of a stranger": ("which does not exist", lambda: program(updates=[(5, w)])),
    "update twice": ("updated twice", lambda: program(updates=[(0, w), (0, w)])),
    "update dtype": ("dtypes differ", lambda: program(updates=[(1, op("sum", w, axes=(0,)))])),
    "update ndim": ("ndims differ", lambda: program(updates=[(0, x)])),
    "update size": ("axis 0 differs", lambda: program(updates=[(0, const([1.0, 2.0]))])),
    "member twice": ("bound twice", lambda: program(members=[w, w])),
    "names": ("differ in number", lambda: Program("f", [x], [], [], [], [], [])),
    "bound expression": ("no leaf", lambda: program(members=[op("neg", w)])),  # type: ignore[list-item]
}


@pytest.mark.parametrize("what", list(BROKEN))
def test_each_broken_invariant_is_found(what: str) -> None:
    message, make = BROKEN[what]
    with pytest.raises(AssertionError, match="modc bug: after pass p, f: .*" + message):
        verify(make(), "pass p")


def test_every_dtype_may_be_bound() -> None:
    leaves = [leaf(row, (None,)) for row in DTYPES.values()]
    verify(Program("f", leaves, list(DTYPES), [], [], leaves, []))
