"""The engine: what it owns for every rule."""

from __future__ import annotations

import pytest
from rule_examples import array, broadcast, op, scalar, vector

from modc.errors import user_frame
from modc.graph import DTYPES, Node, const, walk
from modc.rewrite.engine import Rewriter, Trace, function_rule, rule
from modc.rewrite.pattern import Parameter, build, function, match, uniform, wild, wild_constants

x, y = wild("x y")
(c,) = wild_constants("c")
DOUBLE_NEG = rule("double neg", -(-x), x)  # noqa: B002


def run(node: Node, *rules: object, trace: Trace | None = None) -> Node:
    (found,) = Rewriter(rules, trace).run([node])  # type: ignore[arg-type]
    return found


def test_pattern_matches_either_order_of_a_commutative_op() -> None:
    a = scalar("a")
    for node in (op("add", 1.0, a), op("add", a, 1.0)):
        assert [{"x": a}] == list(match(1 + x, node, {}))


def test_wildcard_that_stands_twice_matches_one_node_only() -> None:
    a, b = scalar("a"), scalar("b")
    assert [{"x": a}] == list(match(x - x, op("sub", a, a), {}))
    assert [] == list(match(x - x, op("sub", a, b), {}))


def test_constant_wildcard_matches_constants_only() -> None:
    a = scalar("a")
    assert [] == list(match(x + c, op("add", a, a), {}))
    assert ["x", "c"] == list(next(match(x + c, op("add", 2.5, a), {})))


def test_number_tells_zero_from_minus_zero() -> None:
    a = scalar("a")
    assert [] == list(match(x + 0.0, op("add", a, -0.0), {}))
    assert [{"x": a}] == list(match(x + -0.0, op("add", a, -0.0), {}))


def test_number_matches_arrays_of_equal_elements() -> None:
    assert uniform(const([2.0, 2.0])) == 2.0
    assert uniform(const([2.0, 2.5])) is None
    assert uniform(const([])) is None
    assert uniform(scalar()) is None


def test_parameter_binds_and_builds() -> None:
    axes = Parameter("axes")
    total = function("sum")(x, axes=axes)
    node = op("sum", array(2, 3), axes=(1,))
    (bound,) = match(total, node, {})
    assert (1,) == bound["axes"]
    assert node is build(total, bound)


def test_right_side_is_broadcast_to_the_shape_of_the_left() -> None:
    v = vector()
    found = run(op("mul", v, const([[1.0], [1.0]])), rule("times one", x * 1, x))
    assert "broadcast" == found.op.name
    assert (2, v.shape[0]) == found.shape


def test_right_side_is_cast_where_that_loses_nothing() -> None:
    small = scalar(kind="int8")
    widened = op("cast", small, dtype=DTYPES["int64"])
    found = run(
        widened,
        function_rule("drop", "cast", lambda node: node.args[0] if node.args[0] is small else None),
    )
    assert found is widened
    assert found.dtype is DTYPES["int64"]


def test_rule_that_would_lose_precision_is_refused() -> None:
    narrow = op("cast", scalar(), dtype=DTYPES["float32"])
    assert run(narrow, function_rule("drop", "cast", lambda node: node.args[0])) is narrow


def test_dropped_operand_whose_size_is_not_known_to_fit_stays() -> None:
    a, b, d = array(None, kind="bool"), vector("b"), vector("d")
    choice = op("where", a, op("where", a, b, d), op("where", a, d, b))
    names = wild("b x y z")
    where = function("where")
    inner = rule(
        "inner",
        where(names[0], where(names[0], names[1], names[2]), names[3]),
        where(names[0], names[1], names[3]),
    )
    assert run(choice, inner) is choice


def test_dropped_operand_that_is_a_scalar_goes() -> None:
    a, b, d = scalar(kind="bool"), vector("b"), scalar("d")
    where = function("where")
    left, right = wild("x y")
    found = run(op("where", True, b, d), rule("where true", where(True, left, right), left))
    assert found is b
    assert run(op("where", a, b, d), rule("where true", where(True, left, right), left)) is not b


def test_new_nodes_inherit_the_source_line() -> None:
    a = scalar("a")
    written = op("neg", op("neg", op("sub", a, 7.25)))
    here = user_frame()
    assert here is not None
    found = run(
        written, DOUBLE_NEG, rule("sub to add", x - c, lambda x, c: op("add", x, op("neg", c)))
    )
    assert "add" == found.op.name
    assert [written.args[0].args[0].source] * 2 == [found.source, found.args[1].source]


def test_mirror_images_become_one_node() -> None:
    a, b = vector("a"), scalar("b")
    found = run(op("sub", op("mul", a, b), op("mul", b, a)))
    assert found.args[0] is found.args[1]
    assert found.args[0].args == (a, b)


def test_rules_that_undo_each_other_are_reported_with_their_names() -> None:
    there = rule("there", x - y, x + -y)
    back = rule("back", x + -y, x - y)
    with pytest.raises(
        AssertionError, match=r"modc bug.*undo each other(.|\n)*there: a - b -> a \+ -b"
    ):
        run(op("sub", scalar("a"), scalar("b")), there, back)


def test_rules_that_grow_are_stopped_and_the_last_six_are_shown() -> None:
    grow = rule("grow", x + y, (x + y) + (x - y))
    with pytest.raises(AssertionError, match="modc bug: rewriting does not end") as caught:
        Rewriter([grow], limit=50).run([op("add", scalar("a"), scalar("b"))])
    assert 6 == str(caught.value).count("grow:")


def test_trace_says_what_became_what() -> None:
    trace = Trace(keep=True)
    run(
        op("log", op("add", 1.0, scalar("a"))),
        rule("log1p", function("log")(1 + x), function("log1p")(x)),
        trace=trace,
    )
    assert ["log1p: log(1.0 + a) -> log1p(a)"] == trace.lines()


def test_deep_graphs_need_no_recursion() -> None:
    node: Node = scalar()
    for _ in range(20_000):
        node = op("neg", node)
    assert run(node, DOUBLE_NEG).op.name == "input"


def test_shared_nodes_are_rewritten_once() -> None:
    node: Node = scalar()
    for _ in range(200):  # 2 ** 200 paths
        node = op("add", node, op("neg", op("neg", node)))
    found = run(node, DOUBLE_NEG)
    assert 201 == len(list(walk([found])))


def test_a_rule_without_an_op_at_its_root_is_refused() -> None:
    with pytest.raises(TypeError, match="left side must be an op"):
        rule("nothing", x, x)


def test_broadcast_is_not_inserted_for_another_name_of_an_unknown_size() -> None:
    a, b = vector("a"), vector("b")
    found = run(op("gt", a, b), rule("greater", function("gt")(x, y), function("lt")(y, x)))
    assert "lt" == found.op.name


def test_result_with_a_larger_shape_is_refused() -> None:
    a = vector("a")
    wide = function_rule("wide", "neg", lambda node: broadcast(node.args[0], 2, a.shape[0]))
    node = op("neg", a)
    assert run(node, wide) is node
