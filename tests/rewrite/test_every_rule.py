"""Every rule: it fires, both sides are equal on hostile values, dtype and shape stay, and it ends."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from rule_examples import EXAMPLES

from modc.errors import ModcError
from modc.graph import ALL_DTYPES, DTYPES, Leaf, Node, const, leaf, walk
from modc.graph.evaluate import values
from modc.rewrite.algebra import ALGEBRA, FAST, STRENGTH, STRENGTH_FLOAT
from modc.rewrite.engine import Rewriter, Rule, RuleSet, Trace
from modc.rewrite.expand import EXPAND
from modc.rewrite.fold import FOLD, SIZES
from modc.rewrite.movement import MOVEMENT
from modc.rewrite.passes import PASSES, rules_of
from modc.rewrite.pattern import build, wilds_of
from modc.rewrite.reduce import REDUCE, REDUCE_FLOAT
from modc.rewrite.stability import STABILITY

SETS = (
    SIZES,
    FOLD,
    ALGEBRA,
    MOVEMENT,
    REDUCE,
    STRENGTH,
    STRENGTH_FLOAT,
    REDUCE_FLOAT,
    STABILITY,
    EXPAND,
    FAST,
)
RULES = [pytest.param(rule, id=f"{rules.name}: {rule.name}") for rules in SETS for rule in rules]
KINDS = ("float64", "float32", "int64", "int8", "uint8", "bool", "complex128")
SHAPES: tuple[tuple[int | None, ...], ...] = ((), (None,), (None, 3))
HOSTILE = (
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -2.5,
    3.0,
    1e-300,
    -7e-20,
    1e30,
    -4e200,
    np.inf,
    -np.inf,
    np.nan,
    87.0,
    -700.0,
)
CONSTANTS = (2.0, -0.5, 3.0, 1.0)


def sample(node: Leaf, seed: int) -> np.ndarray:
    """Random values of a leaf's dtype, hostile ones among them; 4 stands for sizes that are not known."""
    rng = np.random.default_rng(seed)
    shape = tuple(4 if dim is None or isinstance(dim, str) else dim for dim in node.dims)
    kind = node.dtype.kind
    if kind == "b":
        return rng.integers(0, 2, shape).astype(bool)
    if kind in "iu":
        limits = np.iinfo(node.dtype.numpy)
        wild = rng.choice([limits.min, limits.max, 0, 1, 2, 5], shape)
        return np.where(rng.random(shape) < 0.5, wild, rng.integers(0, 4, shape)).astype(
            node.dtype.numpy
        )
    if kind == "c":
        parts = [sample(leaf(DTYPES["float64"], node.dims), seed + part) for part in (0, 1)]
        with np.errstate(invalid="ignore"):
            return np.asarray(parts[0] + 1j * parts[1], dtype=node.dtype.numpy)
    plain = rng.normal(size=shape) * 3
    with np.errstate(over="ignore"):
        return np.where(rng.random(shape) < 0.5, rng.choice(HOSTILE, shape), plain).astype(
            node.dtype.numpy
        )


def lefts(rule: Rule) -> Iterator[Node]:
    """Left sides of a rule: its example, or the equation over leaves of all dtypes and ranks."""
    if rule.left is None:
        yield from EXAMPLES[rule.name]()
        return
    for kind in KINDS:
        for shape in SHAPES:
            for number, constant in enumerate(CONSTANTS):
                node = _left(rule, kind, shape, constant)
                if node is not None and (
                    number == 0 or "c" in {wild.name for wild in wilds_of(rule.left)}
                ):
                    yield node


def _left(rule: Rule, kind: str, shape: tuple[int | None, ...], constant: float) -> Node | None:
    row = ALL_DTYPES[kind]
    if shape == () and "axes=" in repr(rule.left):
        return None
    if row.kind in "bu" and constant != int(abs(constant)):
        return None
    bound: dict[str, object] = {"axes": (0,)}
    for wild in wilds_of(rule.left):
        if wild.constant:
            bound[wild.name] = const(np.asarray(constant).astype(row.numpy))
        elif wild.name == "b":
            bound[wild.name] = leaf(DTYPES["bool"], shape)
        else:
            bound[wild.name] = leaf(row, shape)
    try:
        return build(rule.left, bound)
    except (ModcError, OverflowError, IndexError):
        return None


def leaves_of(*roots: Node) -> list[Leaf]:
    return [node for node in walk(roots) if isinstance(node, Leaf)]


def both_values(before: Node, after: Node, seed: int) -> tuple[np.ndarray, np.ndarray]:
    given = {
        node: sample(node, seed + place) for place, node in enumerate(leaves_of(before, after))
    }
    for node in given:
        if (
            node.dtype.kind == "i"
            and node.dims
            and (before.op.name == "gather" or "positions" in str(node.name))
        ):
            given[node] = np.abs(given[node]) % 3
    first, second = values([before, after], given)
    return np.asarray(first), np.asarray(second)


@pytest.mark.parametrize("rule", RULES)
def test_both_sides_are_equal_and_of_one_type(rule: Rule) -> None:
    fired = 0
    for node in lefts(rule):
        (after,) = Rewriter([rule]).run([node])
        if after is node:
            continue
        fired += 1
        assert after.dtype is node.dtype
        assert after.static_shape == node.static_shape
        for seed in range(3):
            before_value, after_value = both_values(node, after, seed)
            assert before_value.dtype == after_value.dtype
            assert before_value.shape == after_value.shape
            check_equal(rule, before_value, after_value)
    assert fired > 0, "the rule never fires"


def check_equal(rule: Rule, before: np.ndarray, after: np.ndarray) -> None:
    """Bit for bit for exact rules (any NaN is a NaN); else close wherever the left side is finite."""
    if before.dtype.kind == "c":
        finite = np.isfinite(before) & np.isfinite(after)
        np.testing.assert_allclose(after[finite], before[finite], rtol=0 if rule.exact else 1e-9)
    elif before.dtype.kind != "f":
        np.testing.assert_array_equal(after, before)
    elif rule.exact:
        np.testing.assert_array_equal(after, before)
        np.testing.assert_array_equal(
            np.signbit(after[~np.isnan(after)]), np.signbit(before[~np.isnan(before)])
        )
    else:
        finite = np.isfinite(before) & np.isfinite(after)
        bound = 2e-5 if before.dtype == np.float32 else 1e-9
        np.testing.assert_allclose(after[finite], before[finite], rtol=bound, atol=bound)


@pytest.mark.parametrize("rule", RULES)
def test_all_rules_together_end(rule: Rule) -> None:
    for node in lefts(rule):
        roots = [node]
        for item in PASSES:
            roots = (
                Rewriter(rules_of(item.work)).run(roots)
                if isinstance(item.work, tuple)
                else item.work(roots, Trace())
            )
        assert roots[0].dtype is node.dtype
        assert Rewriter(rules_of(PASSES[3].work)).run(roots) == roots


def test_names_of_rules_are_unique() -> None:
    names = [rule.name for rules in SETS for rule in rules]
    assert sorted(set(names)) == sorted(names)


def test_every_function_rule_has_an_example_and_no_other_has() -> None:
    functions = {rule.name for rules in SETS for rule in rules if rule.left is None}
    assert functions == set(EXAMPLES)


def test_default_passes_hold_no_rule_that_is_not_approved() -> None:
    approved: tuple[RuleSet, ...] = (STABILITY, EXPAND, STRENGTH_FLOAT, REDUCE_FLOAT)
    allowed = {rule for rules in approved for rule in rules}
    for item in PASSES:
        if isinstance(item.work, tuple):
            assert [
                rule.name for rule in rules_of(item.work) if not rule.exact and rule not in allowed
            ] == []
