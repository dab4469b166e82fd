"""Programs that random testing found to be wrong once."""

from __future__ import annotations

import numpy as np
import pytest

import modc.tensor as T
from modc import Method, Module, ShapeError, function


def test_one_partial_update_for_two_members() -> None:
    m = Module()
    m.a, m.b = T.dvector(), T.dvector()
    changed = T.set_subtensor(m.a[1:], 7)
    m.step = Method([], None, {m.a: changed, m.b: changed})
    inst = m.make(a=[1, 2, 3], b=[0, 0, 0])
    inst.step()
    np.testing.assert_array_equal(inst.a, [1, 7, 7])
    np.testing.assert_array_equal(inst.b, [1, 7, 7])


def test_a_reshaped_value_with_leading_axes_of_size_one() -> None:
    x, at = T.tensor("float64", (1, None)), T.lvector()
    tiled = function([x, at], T.tile(T.inc_subtensor(x[at], 1), 2))
    np.testing.assert_array_equal(tiled([[1, 2, 3]], [0, 0]), [[3, 4, 5, 3, 4, 5]])


def test_products_of_bools_stay_bools_in_lanes() -> None:
    x = T.tensor("float64", (None, 2))
    some = T.any(x, axis=1)
    assert 1.0 == function([x], T.cast(T.dot(some, some), "float64"))(np.ones((65, 2)))


def test_messages_about_long_names_are_short() -> None:
    x, y = T.dvector("x" * 100_000), T.dvector("y" * 100_000)
    with pytest.raises(ShapeError) as caught:
        function([x, y], x + y, mode="numpy")([1, 2], [1, 2, 3])
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("mode", ["c", "numpy"])
def test_messages_about_long_dimensions_are_short(mode: str) -> None:
    x, y = (T.dvector(shape=("n" * 100_000,)) for _ in range(2))
    with pytest.raises(ShapeError) as caught:
        function([x, y], x + y, mode=mode)([1, 2], [1, 2, 3])
    assert len(str(caught.value)) < 500


def test_a_name_that_is_no_unicode_text_is_a_name() -> None:
    m = Module()
    m.w = T.dvector()
    m.step = Method([T.dvector("\ud800")], m.w)
    assert [1, 2] == m.make(w=[1, 2], mode="numpy").step([0]).tolist()


def test_sizes_that_share_their_parts_are_no_longer_work_than_the_program() -> None:
    x = T.dvector()
    part = x
    for _ in range(60):
        part = T.concatenate([part[1:], part[1:-1]]) + T.concatenate([part[2:], part[:-1]])
    assert part.ndim == 1
    turned = T.concatenate([x[1:], x[:1]])
    assert turned.node.shape == x.node.shape
    np.testing.assert_array_equal(function([x], turned + x)([1, 2, 4]), [3, 6, 5])


def test_a_size_of_hundreds_of_terms() -> None:
    x, y = T.dvector(), T.dvector()
    joined = T.concatenate([x, *[y[k:] for k in range(400)]])
    assert 2 + 3 + 2 + 1 == function([x, y], joined.shape[0])([0, 0], [0, 0, 0])


@pytest.mark.parametrize("size", [(0,), (None,)])
def test_no_rule_needs_elements_where_the_program_does_not(size: tuple[int | None]) -> None:
    x = T.tensor("float64", size)
    log_of_sum, quotient = function([x], [T.log(T.sum(T.exp(x))), T.exp(x) / T.sum(T.exp(x))])([])
    assert -np.inf == log_of_sum
    assert (0,) == quotient.shape


@pytest.mark.parametrize("mode", ["c", "numpy"])
def test_a_row_added_at_a_matrix_of_positions(mode: str) -> None:
    x, at = T.dvector(), T.lmatrix()
    added = function([x, at], T.inc_subtensor(x[at], x * 2), mode=mode)
    np.testing.assert_array_equal(added([1, 2, 4], [[0, 0, 0], [1, 2, 0]]), [23, 4, 8])


@pytest.mark.parametrize("mode", ["c", "numpy"])
def test_the_power_one_half_is_the_square_root(mode: str) -> None:
    x = T.dvector()
    found = function([x], x**0.5, mode=mode)([-np.inf, -0.0, 2.0])
    np.testing.assert_array_equal(found, [np.nan, -0.0, np.sqrt(2.0)])
    assert np.signbit(found[1])
