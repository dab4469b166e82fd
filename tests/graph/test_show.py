"""The printer: the user's notation, stable, bounded, and printable whatever the names are."""

from __future__ import annotations

import numpy as np
import pytest

from modc.graph import DTYPES, OPS, Leaf, Node, Program, apply, const, leaf, size_node
from modc.graph.show import infix, listing, plain_name, program_names, type_text


class Name:
    def __init__(self, name: str | None) -> None:
        self.name = name


def op(name: str, *args: Node | float, **params: object) -> Node:
    return apply(OPS[name], *args, **params)


def var(name: str | None, *dims: int | str | None, kind: str = "float64") -> Leaf:
    return leaf(DTYPES[kind], dims, Name(name))


def sizes(*values: object) -> list[Node]:
    return [size_node(value) for value in values]  # type: ignore[arg-type]


a, b, c = var("a"), var("b"), var("c")
x, i = var("x", None, 3), var("i", None, kind="int64")
flag = var("p", kind="bool")


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (op("add", a, op("mul", b, c)), "a + b * c"),
        (op("mul", op("add", a, b), c), "(a + b) * c"),
        (op("sub", a, op("sub", b, c)), "a - (b - c)"),
        (op("sub", op("sub", a, b), c), "a - b - c"),
        (op("div", a, op("mul", b, c)), "a / (b * c)"),
        (op("neg", op("add", a, b)), "-(a + b)"),
        (op("pow", op("neg", a), 2.0), "(-a) ** 2.0"),
        (op("neg", op("pow", a, 2.0)), "-a ** 2.0"),
        (op("pow", a, op("pow", b, c)), "a ** b ** c"),
        (op("pow", op("pow", a, b), c), "(a ** b) ** c"),
        (op("mul", a, -2.0), "a * -2.0"),
        (op("lt", op("add", a, b), c), "a + b < c"),
        (op("invert", op("and_", flag, op("lt", a, b))), "~(p & (a < b))"),
        (op("where", flag, a, b), "where(p, a, b)"),
        (op("exp", op("neg", a)), "exp(-a)"),
        (op("cast", op("add", a, b), dtype=DTYPES["float32"]), "float32(a + b)"),
        (op("dot", x, op("dimshuffle", x, pattern=(1, 0))), "x @ x.T"),
        (
            op("dimshuffle", op("add", x, 1.0), pattern=(0, -1, 1)),
            "(x + 1.0).dimshuffle(0, 'x', 1)",
        ),
        (op("sum", x, axes=(0,)), "sum(x, axis=0)"),
        (op("sum", x, axes=(0, 1)), "sum(x)"),
        (op("max", var("t", 2, 3, 4), axes=(0, 2)), "max(t, axis=(0, 2))"),
        (op("argmax", x, axis=1), "argmax(x, axis=1)"),
        (op("softmax", x, axes=(1,)), "softmax(x, axes=(1,))"),
        (
            op("reshape", x, size_node(x.shape[0]), const(1), const(3)),
            "x.reshape(x.shape[0], 1, 3)",
        ),
        (op("slice", x, *sizes(0, x.shape[0], 2), spec=(1, 0)), "x[:, 2]"),
        (op("slice", x, *sizes(1, 2, 2, 3), spec=(2, -1)), "x[1:5:2, 2::-1]"),
        (op("slice", x, *sizes(4, i.shape[0], 0, 3), spec=(1, 1)), "x[4:4 + i.shape[0], :]"),
        (op("gather", x, i, axes=(1,), at=1), "x[:, i]"),
        (op("gather", x, op("iota", i.shape[0]), i, axes=(0, 1), at=0), "x[arange(i.shape[0]), i]"),
        (op("scatter", x, a, i, axes=(0,), at=0, mode="add"), "inc_subtensor(x[i], a)"),
        (
            op("update_slice", x, a, *sizes(0, 1, 0, 3), spec=(1, 1), mode="set"),
            "set_subtensor(x[0:1, :], a)",
        ),
        (op("concat", i, i, axis=0), "concatenate([i, i], axis=0)"),
        (op("add", i, var(None, "n", kind="int64").shape[0]), "i + n"),
        (const(2.5), "2.5"),
        (const([1, 2, 3]), "[1, 2, 3]"),
        (const(np.zeros((2, 3))), "full((2, 3), 0.0)"),
        (const(np.arange(100.0)), "<float64 [100]>"),
        (const(float("nan")), "nan"),
        (const(True), "True"),
        (var(None), "?"),
    ],
)
def test_expressions_print_as_they_are_written(node: Node, text: str) -> None:
    assert text == infix(node)


def test_named_nodes_print_as_their_names() -> None:
    total = op("add", a, b)
    assert "t * t" == infix(op("mul", total, total), names={total: "t"})


@pytest.mark.parametrize(
    "name", ['a"b', "a\nb", "a*/b", "ä\u202e", "\ud800", "for", "x" * 1_000_000, "\x00"]
)
def test_hostile_names_are_short_and_printable(name: str) -> None:
    found = plain_name(name)
    assert found.isascii()
    assert found.isprintable()
    assert "*/" not in found
    assert len(found) <= 60
    assert found in infix(op("neg", var(name)))


def test_deep_and_shared_graphs_print_quickly_and_short() -> None:
    deep: Node = a
    for _ in range(20_000):
        deep = op("neg", deep)
    wide: Node = a
    for _ in range(200):  # 2 ** 200 leaves when printed in full
        wide = op("add", wide, op("mul", wide, wide))
    for node in (deep, wide, op("concat", *[i] * 5000, axis=0)):
        text = infix(node, 80)
        assert "..." in text
        assert len(text) <= 80


def test_types_print_with_sizes() -> None:
    assert "float64[x.shape[0], 3]" == type_text(x)
    assert "float64[]" == type_text(a)


def test_names_of_a_program_are_told_apart() -> None:
    leaves = [var("v"), var("v"), var("v")]
    found = program_names(Program("f", leaves, ["x", "x", "y" * 90], [], [], [], []))
    assert ["x", "x_1", "y" * 37 + "..."] == list(found.values())


def test_listing_shows_the_whole_method() -> None:
    w = var("weights", 3)
    error = op("sub", op("dot", x, w), 1.0)
    method = Program(
        "Model.step",
        [x],
        ["x"],
        [w],
        ["w"],
        [op("sum", op("mul", error, error), axes=(0,))],
        [(0, op("mul", w, 0.5))],
    )
    assert listing(method) == (
        "Model.step\n"
        "  input   x: float64[x.shape[0], 3]\n"
        "  member  w: float64[3]\n"
        "  %0 = x @ w: float64[x.shape[0]]\n"
        "  %1 = %0 - 1.0: float64[x.shape[0]]\n"
        "  %2 = %1 * %1: float64[x.shape[0]]\n"
        "  %3 = sum(%2): float64[]\n"
        "  %4 = w * 0.5: float64[3]\n"
        "  output 0: %3\n"
        "  w <- %4\n"
    )
