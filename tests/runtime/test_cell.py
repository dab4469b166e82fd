"""Cells: live views, copies in, constants, snapshots; and the descriptor over them."""

from __future__ import annotations

import warnings
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from modc.errors import ShapeError


@pytest.fixture
def cell(runtime) -> Any:
    made = runtime.Cell("w", "float64", 1)
    made.value = [1.0, 2.0, 3.0]
    return made


def test_reading_gives_the_same_live_array(cell):
    view = cell.value
    assert view is cell.value
    view[0] = 9.0
    assert [9.0, 2.0, 3.0] == cell.value.tolist()


def test_a_value_of_the_same_shape_goes_into_the_same_memory(cell):
    view = cell.value
    given = np.array([4.0, 5.0, 6.0])
    cell.value = given
    assert [4.0, 5.0, 6.0] == view.tolist()
    assert cell.value is view
    given[0] = 99.0
    assert 4.0 == view[0]


def test_another_shape_gets_new_memory_and_old_views_keep_their_values(cell):
    view = cell.value
    cell.value = [7.0]
    assert [7.0] == cell.value.tolist()
    assert [1.0, 2.0, 3.0] == view.tolist()


def test_assigning_an_overlapping_array(cell):
    cell.value = cell.value[::-1]
    assert [3.0, 2.0, 1.0] == cell.value.tolist()
    cell.value = cell.value[1:]
    assert [2.0, 1.0] == cell.value.tolist()


def test_what_users_do_to_a_view_does_not_reach_the_cell(cell):
    view = cell.value
    view.flags.writeable = False
    assert cell.value.flags.writeable
    reshaped = cell.value
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        reshaped.shape = (3, 1)
    assert (3,) == cell.value.shape
    with pytest.raises(ValueError, match="own"):
        cell.value.resize((100,), refcheck=False)


def test_none_clears(cell):
    cell.value = None
    assert cell.value is None
    cell.value = [1.0]
    cell.clear()
    assert cell.value is None
    assert cell.copy() is None


def test_a_bad_value_is_refused_by_name_and_the_old_value_stays(cell):
    for value, error in (
        (3.0, TypeError),
        ([[1.0]], TypeError),
        (["a"], TypeError),
        ([1j], TypeError),
        ([[1.0], [1.0, 2.0]], TypeError),
        (np.ma.masked_array([1.0]), TypeError),
    ):
        with pytest.raises(error, match="member 'w' expects float64 vector"):
            cell.value = value
        assert [1.0, 2.0, 3.0] == cell.value.tolist()


def test_a_fixed_size_is_kept(runtime):
    cell = runtime.Cell("w", "float32", 2, (None, 2))
    cell.value = [[1, 2], [3, 4]]
    with pytest.raises(ShapeError, match=r"float32 matrix of shape \(\?, 2\).*axis 1"):
        cell.value = [[1.0]]
    assert [[1.0, 2.0], [3.0, 4.0]] == cell.value.tolist()


def test_constants_cannot_be_set_nor_written(runtime):
    cell = runtime.Cell("y", "int8", 0, readonly=True)
    cell.fill(40)
    assert 40 == cell.value
    for value in (3, None):
        with pytest.raises(TypeError, match="Cannot set readonly storage: y"):
            cell.value = value
    with pytest.raises(ValueError, match="read-only"):
        cell.value[...] = 3
    with pytest.raises(ValueError, match="WRITEABLE"):
        cell.value.flags.writeable = True
    cell.fill(41)
    assert (41, np.int8) == (cell.value[()], cell.value.dtype)


@pytest.mark.parametrize("ndim", [0, 1, 2])
def test_snapshots_bring_back_value_and_shape(runtime, ndim):
    cell = runtime.Cell("w", "float64", ndim)
    empty = cell.snapshot()
    cell.value = np.full((2,) * ndim, 1.5)
    view, token = cell.value, cell.snapshot()
    cell.value = np.full((2,) * ndim, 2.5)
    cell.restore(token)
    assert view is cell.value
    assert (view == 1.5).all()
    cell.value = np.full((3,) * ndim, 2.5)
    cell.restore(token)
    assert ((2,) * ndim, True) == (cell.value.shape, (cell.value == 1.5).all())
    cell.restore(empty)
    assert cell.value is None
    cell.restore(token)
    assert (cell.value == 1.5).all()


def test_set_takes_the_options_of_in(runtime):
    cell = runtime.Cell("n", "int32", 1)
    cell.set([2.7, -2.7], allow_downcast=True)
    assert [2, -2] == cell.value.tolist()
    with pytest.raises(TypeError, match="strict"):
        cell.set([2], strict=True)
    cell.set(np.array([7], "i4"), strict=True)
    assert [7] == cell.value.tolist()


def test_a_cell_tells_what_it_is(runtime):
    lock = runtime.Lock()
    cell = runtime.Cell("w", np.dtype("int16"), 2, (3, None), lock=lock)
    assert ("w", np.dtype("int16"), 2, (3, None), False) == (
        cell.name, cell.dtype, cell.ndim, cell.size, cell.readonly
    )  # fmt: skip
    assert cell.lock is lock
    assert runtime.Cell("a", "bool", 0).lock is not runtime.Cell("b", "bool", 0).lock


def test_large_values(runtime):
    cell = runtime.Cell("w", "float64", 1)
    cell.value = np.ones(1 << 20)
    assert float(1 << 20) == cell.value.sum()
    assert 0 == cell.value.ctypes.data % 64


class Child:
    def __init__(self):
        self.given = None

    def initialize(self, value):
        self.given = value


@pytest.fixture
def instance(runtime, cell):
    parts = (cell, Child(), print, None)
    names = ("w", "child", "call", "nothing")
    body = {name: runtime.Part(i, name) for i, name in enumerate(names)}
    made = type("Instance", (), {"__slots__": ("_parts", "__dict__"), **body})()
    made._parts = parts
    return made


def test_a_part_reads_as_what_it_stands_for(instance, cell):
    assert instance.w is cell.value
    assert instance.child is instance._parts[1]
    assert instance.call is print
    assert instance.nothing is None


def test_setting_a_part(instance, cell):
    instance.w = [5.0]
    assert [5.0] == cell.value.tolist()
    instance.w = None
    assert cell.value is None
    instance.child = {"a": 1}
    assert {"a": 1} == instance.child.given
    for name in ("call", "nothing"):
        with pytest.raises(AttributeError, match=name):
            setattr(instance, name, 5)
    with pytest.raises(AttributeError, match="w"):
        del instance.w
    with pytest.raises(TypeError, match="member 'w'"):
        instance.w = "text"


def test_a_part_belongs_to_a_class_and_needs_an_instance(instance, runtime):
    part = type(instance).w
    assert isinstance(part, runtime.Part)
    assert (0, "w") == (part.index, part.name)
    broken = type(instance)()
    with pytest.raises(AttributeError):
        broken.w  # noqa: B018
    broken._parts = ()
    with pytest.raises(IndexError):
        broken.w  # noqa: B018


def test_parts_of_a_class_with_a_plain_dict(runtime, cell):
    made = type("Plain", (), {"w": runtime.Part(0, "w")})()
    made._parts = (cell,)
    assert made.w is cell.value
    made.w = [1.0]
    assert [1.0] == made.w.tolist()
    assert [] == [name for name in vars(made) if name == "w"]


def test_locks_are_contexts_and_reentrant(runtime):
    lock = runtime.Lock()
    with lock, lock:
        lock.acquire()
        lock.release()
    assert lock.serial < runtime.Lock().serial
    with pytest.raises(RuntimeError):
        lock.release()


def test_sparse_like_objects_are_refused(cell):
    with pytest.raises(TypeError, match="SimpleNamespace"):
        cell.value = SimpleNamespace(a=1)
