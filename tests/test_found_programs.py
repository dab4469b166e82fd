"""Programs that random testing found to be wrong once."""

from __future__ import annotations

import subprocess

import numpy as np
import pytest

import modc
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


@pytest.mark.parametrize("dtype", ["float64", "float32", "int32"])
@pytest.mark.parametrize("n", [2, 3, 4, 5, 8])
def test_small_matrices_read_by_rows_and_by_columns(n: int, dtype: str) -> None:
    """gcc 12.2 packs neighbours of the unrolled loops into wrong AVX-512 vectors, unless it is told not to."""
    x, y = T.matrix("x", dtype=dtype, shape=(n, n)), T.matrix("y", dtype=dtype, shape=(n, n))
    i, j = T.arange(n).dimshuffle(0, "x"), T.arange(n).dimshuffle("x", 0)
    v, w = x - y, x.T - y.T
    mirrored = T.where(j < i, v, 0) + T.where(i < j, w, 0) + T.where(T.eq(i, j), v, 0)
    a, b = (np.arange(n * n).reshape(n, n) ** 2 % 13).astype(dtype), (np.arange(n * n).reshape(n, n) * 7 % 11).astype(dtype)
    lower = np.tril(a - b)
    np.testing.assert_array_equal(modc.function([x, y], mirrored, mode="c")(a, b), lower + np.tril(a - b, -1).T)


def test_an_export_of_them_is_right_for_the_machine_it_is_built_on(tmp_path) -> None:
    x = T.dmatrix("x", shape=(4, 4))
    i, j = T.arange(4).dimshuffle(0, "x"), T.arange(4).dimshuffle("x", 0)
    m = modc.Module()
    m.f = modc.Method(x, T.where(j < i, x * 2, 0.0) + T.where(i < j, x.T * 2, 0.0) + T.where(T.eq(i, j), x * 2, 0.0))
    modc.export(m.make(), tmp_path / "out", name="mirrored")
    done = subprocess.run(
        ["make", "-C", str(tmp_path / "out"), "test", "CFLAGS=-O3 -march=native -ffp-contract=off"], capture_output=True, text=True
    )
    assert "checks passed" in done.stdout, done.stdout + done.stderr
