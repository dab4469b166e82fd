"""Sizes as polynomials: equality that holds for every call, and shorter ways to write one."""

from __future__ import annotations

from rule_examples import array, op, scalar

from modc.graph import Node, const
from modc.graph.evaluate import values
from modc.rewrite.sizes import Sizes, build

x = array(None, None)
n, m = x.shape
assert isinstance(n, Node)
assert isinstance(m, Node)


def test_order_and_grouping_do_not_matter() -> None:
    left = op("mul", op("add", n, 2), m)
    right = op("add", op("mul", m, 2), op("mul", m, n))
    assert Sizes().equal(left, right)
    assert not Sizes().equal(left, op("add", right, 1))


def test_known_and_unknown_sizes_differ() -> None:
    assert Sizes().equal(3, 3)
    assert not Sizes().equal(3, n)
    assert not Sizes().equal(n, m)
    assert Sizes().same_shape((n, 3), (op("sub", op("add", n, m), m), 3))


def test_what_is_no_polynomial_is_a_factor() -> None:
    half = op("floordiv", n, 2)
    assert Sizes().equal(op("add", half, half), op("mul", 2, half))
    assert not Sizes().equal(half, n)


def test_shorter_texts_have_the_same_value() -> None:
    long = op("sub", op("mul", op("add", n, 3), op("sub", n, 3)), op("mul", n, n))
    short = Sizes().shorter(long)
    assert short is not None
    assert -9 == short.value
    assert Sizes().shorter(op("add", n, 1)) is None


def test_integers_wrap_as_in_the_kernel() -> None:
    k = scalar(kind="int64")
    largest = const(2**63 - 1)
    node = op("add", op("add", k, largest), largest)
    short = Sizes().shorter(node)
    assert short is not None
    assert values([node], {k: 5})[0] == values([short], {k: 5})[0] == 3


def test_negative_polynomials_are_built() -> None:
    for node in (op("neg", op("add", n, m)), op("sub", -4, n), op("mul", op("neg", n), 3)):
        again = build(Sizes().polynomial(node))
        assert Sizes().equal(node, again)


def test_large_products_stay_products() -> None:
    node: Node = n
    for _ in range(40):
        node = op("mul", op("add", node, m), op("add", node, 1))
    assert Sizes().equal(node, node)
    assert len(Sizes().polynomial(node)) <= 8
