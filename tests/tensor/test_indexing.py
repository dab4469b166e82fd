"""Indexing, and changing parts of arrays, against NumPy."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tensor_helpers import check_gradient, value

import modc.tensor as T
from modc.errors import ShapeError

BOUND = st.none() | st.integers(-7, 7)
STEP = st.sampled_from([None, 1, 2, 3, -1, -2, -3])
SLICE = st.builds(slice, BOUND, BOUND, STEP)
DATA = np.arange(60.0).reshape(3, 4, 5)


@st.composite
def indices(draw: st.DrawFn, advanced: bool) -> tuple[Any, ...]:
    """An index of a (3, 4, 5) array that NumPy takes."""
    used = draw(st.integers(0, 3))
    wide = draw(st.sampled_from([(), (2,), (1,), (2, 3)]))
    entries: list[Any] = []
    for axis in range(used):
        size = DATA.shape[axis]
        kinds = ["slice", "int", "array"] if advanced else ["slice", "int"]
        kind = draw(st.sampled_from(kinds))
        if kind == "slice":
            entries.append(draw(SLICE))
        elif kind == "int":
            entries.append(draw(st.integers(-size, size - 1)))
        else:
            shape = draw(st.sampled_from([wide, wide[-1:], ()])) if wide else ()
            numbers = st.lists(
                st.integers(-size, size - 1),
                min_size=int(np.prod(shape)),
                max_size=int(np.prod(shape)),
            )
            entries.append(np.array(draw(numbers), dtype=np.int64).reshape(shape))
    for _ in range(draw(st.integers(0, 2))):
        entries.insert(draw(st.integers(0, len(entries))), None)
    if draw(st.booleans()) and used < 3:
        at = draw(st.integers(0, len(entries)))
        rest = sum(entry is not None for entry in entries[at:])
        shifted: list[Any] = []
        axis = 3 - rest
        for entry in entries[at:]:
            if entry is None or isinstance(entry, slice):
                shifted.append(entry)
                axis += entry is not None
                continue
            shifted.append(
                np.asarray(entry) % DATA.shape[axis]
                if isinstance(entry, np.ndarray)
                else entry % DATA.shape[axis]
            )
            axis += 1
        entries = [*entries[:at], Ellipsis, *shifted]
    return tuple(entries)


def symbolic(index: tuple[Any, ...], roots: dict[Any, Any]) -> tuple[Any, ...]:
    """The same index with its numbers and arrays given by root Variables."""

    def root(entry: Any) -> Any:
        if entry is None or entry is Ellipsis:
            return entry
        if isinstance(entry, slice):
            return slice(root(entry.start), root(entry.stop), entry.step)
        array = np.asarray(entry, dtype=np.int64)
        found = T.TensorType("int64", [1 if size == 1 else None for size in array.shape])()
        roots[found] = array
        return found

    return tuple(root(entry) for entry in index)


@settings(max_examples=150, deadline=None)
@given(
    st.booleans().flatmap(indices), st.sampled_from([(None, None, None), (3, None, 5), (3, 4, 5)])
)
def test_indices_select_what_numpy_selects(index: tuple[Any, ...], dims: tuple[Any, ...]) -> None:
    x = T.dtensor3("x", shape=dims)
    np.testing.assert_array_equal(DATA[index], value(x[index], {x: DATA}))


@settings(max_examples=100, deadline=None)
@given(st.booleans().flatmap(indices))
def test_symbolic_indices_select_what_numpy_selects(index: tuple[Any, ...]) -> None:
    x = T.dtensor3("x")
    roots: dict[Any, Any] = {x: DATA}
    arrays = any(isinstance(entry, np.ndarray) and entry.ndim for entry in index)
    reference = (
        index if arrays else tuple(int(e) if isinstance(e, np.ndarray) else e for e in index)
    )
    np.testing.assert_array_equal(DATA[reference], value(x[symbolic(index, roots)], roots))


@settings(max_examples=100, deadline=None)
@given(st.booleans().flatmap(indices), st.sampled_from(["set", "inc"]))
def test_parts_are_changed_as_numpy_changes_them(index: tuple[Any, ...], how: str) -> None:
    x = T.dtensor3("x")
    expected = DATA.copy()
    part = DATA[index] * 2 + 1
    if how == "set":
        expected[index] = part
        order_matters = np.unique(np.arange(60).reshape(3, 4, 5)[index]).size != np.size(part)
        if order_matters:
            return
        found = T.set_subtensor(x[index], part)
    else:
        np.add.at(expected, index, part)
        found = T.inc_subtensor(x[index], part)
    np.testing.assert_array_equal(expected, value(found, {x: DATA}))


@pytest.mark.parametrize(
    "index",
    [
        1,
        slice(1, -1),
        slice(None, None, -1),
        (slice(None), 2),
        (0, slice(1, None, 2), None),
        [0, 2, 0],
        (slice(None), [1, 1, 3], slice(None, None, -2)),
        ([0, 2], slice(None), [4, 1]),
        (..., -1),
    ],
)
def test_gradients_of_parts_and_of_changed_arrays(index: Any) -> None:
    x, v = T.dtensor3("x"), T.dscalar("v")
    start = np.random.default_rng(0).normal(size=DATA.shape)
    check_gradient((x[index] ** 2).sum(), [x], {x: start})
    for change in (T.set_subtensor, T.inc_subtensor):
        check_gradient((change(x[index], v * v) ** 2).sum(), [x, v], {x: start, v: 1.5})
    rows = T.TensorType("float64", [None] * DATA[index].ndim)("rows")
    unique = index != [0, 2, 0] and not (
        isinstance(index, tuple) and [1, 1, 3] in [e for e in index if isinstance(e, list)]
    )
    for change in (T.set_subtensor, T.inc_subtensor) if unique else (T.inc_subtensor,):
        check_gradient(
            (change(x[index], rows) ** 2).sum(), [x, rows], {x: start, rows: start[index] + 1}
        )


def test_one_element_per_row_is_picked_by_class() -> None:
    m, y = T.dmatrix("m"), T.ivector("y")
    data = np.arange(12.0).reshape(4, 3)
    picked = m[T.arange(y.shape[0]), y]
    np.testing.assert_array_equal(
        [0, 4, 8, 10], value(picked, {m: data, y: np.array([0, 1, 2, 1])})
    )


def test_a_reversed_vector_has_the_same_symbolic_length() -> None:
    v = T.dvector("v")
    assert v.node.shape[0] is v[::-1].node.shape[0]


def test_slices_of_equal_length_share_one_size() -> None:
    u = T.dvector("u")
    sizes = {part.node.shape[0] for part in (u[1:-1], u[:-2], u[2:], u[1:][1:], u[:-1][1:])}
    assert len(sizes) == 1
    assert (u[1:-1] + u[:-2] * u[2:]).node.shape[0] in sizes


def test_a_whole_slice_of_a_root_is_an_expression_that_can_be_set() -> None:
    v = T.dvector("v")
    assert v[:].owner is not None
    np.testing.assert_array_equal([7, 7], value(T.set_subtensor(v[:], 7), {v: [1.0, 2.0]}))
    s = T.dscalar("s")
    assert value(T.set_subtensor(s[...], 3.0), {s: 1.0}) == 3


@pytest.mark.parametrize(
    "index",
    [
        slice(None, 10**30),
        slice(-(10**30), None),
        slice(10**30, -(10**30), -1),
        slice(sys.maxsize, None),
        slice(-sys.maxsize, sys.maxsize, 2),
    ],
)
def test_bounds_beyond_every_size_are_cut(index: slice) -> None:
    v = T.dvector("v")
    np.testing.assert_array_equal(np.arange(5.0)[index], value(v[index], {v: np.arange(5.0)}))


def test_a_copy_of_a_root_is_an_expression() -> None:
    v = T.dvector("v")
    assert v.copy().owner is not None
    np.testing.assert_array_equal([1, 2], value(v.copy(), {v: [1.0, 2.0]}))


def test_repeated_positions_add_up() -> None:
    v = T.dvector("v")
    found = T.inc_subtensor(v[[0, 0, 1]], [1.0, 2.0, 4.0])
    np.testing.assert_array_equal([3, 4, 0], value(found, {v: np.zeros(3)}))


def test_minibatches_by_a_symbolic_number() -> None:
    x, i = T.dmatrix("x"), T.iscalar("i")
    data = np.arange(20.0).reshape(10, 2)
    for at in range(5):
        np.testing.assert_array_equal(
            data[at * 3 : (at + 1) * 3], value(x[i * 3 : (i + 1) * 3], {x: data, i: at})
        )


@pytest.mark.parametrize(
    ("index", "error"),
    [
        (5, IndexError),
        (-4, IndexError),
        ((0, 0, 0, 0), IndexError),
        ([0, 3], IndexError),
        (1.5, IndexError),
        ("a", IndexError),
        ((..., ...), IndexError),
        (np.array([True, False, True, True]), IndexError),
        ((True, 0, 0, 0, 0), IndexError),
        (slice(None, None, 0), ValueError),
        (slice(0.5, None), TypeError),
        (np.array([0.0]), IndexError),
    ],
)
def test_bad_indices_are_refused_when_written(index: Any, error: type[Exception]) -> None:
    x = T.dtensor3("x", shape=(3, 4, 5))
    with pytest.raises(error):
        x[index]


def test_positions_out_of_range_are_refused_at_the_call() -> None:
    v, i = T.dvector("v"), T.lscalar("i")
    for at in (3, -4):
        with pytest.raises(IndexError, match="out of bounds"):
            value(v[i], {v: np.zeros(3), i: at})
    with pytest.raises(IndexError, match="index 4 is out of bounds for axis 0 with size 3"):
        value(v[4], {v: np.zeros(3)})
    with pytest.raises(IndexError):
        value(v[-4], {v: np.zeros(3)})


def test_values_that_do_not_fit_are_refused() -> None:
    x, i = T.dmatrix("x", shape=(3, 4)), T.lvector("i")
    with pytest.raises(ShapeError):
        T.set_subtensor(x[0], np.zeros(3))
    with pytest.raises(TypeError, match="astype"):
        T.set_subtensor(i[0], 0.5)
    with pytest.raises(TypeError, match="indexed"):
        T.set_subtensor(x, 1.0)
    with pytest.raises(TypeError, match="set_subtensor"):
        x[0] = 1.0


@pytest.mark.parametrize(
    "text", ["1:-1", ":-2", "2:", ":3", "-2:", "::-1", "-1", "0", "1:3", "::2", ":", "::3"]
)
def test_slices_are_printed_as_they_were_written(text: str) -> None:
    v = T.dvector("v")
    assert f"v[{text}]" == str(eval(f"v[{text}]", {"v": v}))
