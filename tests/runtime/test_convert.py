"""The table of conversions, every row, by `convert` and by a call of every runtime."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
import pytest

from modc.errors import DTypeError, ShapeError
from modc.runtime import Input, Output, Spec, convert
from modc.runtime.rules import CAST, CHECK, REFUSE, TAKE, action
from modc.runtime.spec import DTYPE_NAMES

from . import kernels

OPTIONS = [(False, None), (False, True), (True, None)]
ARRAYS = [*DTYPE_NAMES, "float16", "longdouble", "datetime64[s]", "S3", "U3", "O"]


def _values(origin: str, source: str, ndim: int) -> list[Any]:
    """Values of one source: harmless ones first, then those at the edges."""
    if origin == "python":
        edges: dict[str, list[Any]] = {
            "bool": [True, False],
            "int": [1, 0, -1, 127, 128, 255, 256, 2**31, 2**24 + 1, 2**53 + 1, 2**63, 2**64, -(2**63),
                    10**39, 10**400],
            "float": [1.0, 2.5, -0.0, 1e300, float("nan"), float("inf"), 255.0, 256.0, 2.0**63, -1.0],
            "complex": [1 + 2j, 1 + 0j],
        }  # fmt: skip
        values = edges[source]
        return values if ndim == 0 else [[value, value] for value in values]
    dtype = np.dtype(source)
    if dtype.kind in "biufc":
        numbers = np.array([1, 0, 100]).astype(dtype)
        if dtype.kind in "iu":
            bounds = np.iinfo(dtype)
            numbers = np.append(numbers, np.array([bounds.max, bounds.min], dtype))
        if dtype.kind == "f":
            numbers = np.append(numbers, np.array([2.5, np.nan, np.inf, 60000.0], dtype))
    else:
        numbers = np.array([1, 0]).astype(dtype)
    if ndim == 1:
        return [np.array([number, number], dtype) for number in numbers]
    return [number if origin == "scalar" else np.array(number, dtype) for number in numbers]


SOURCES = [("python", kind) for kind in ("bool", "int", "float", "complex")] + [
    (origin, name)
    for origin in ("scalar", "array")
    for name in ARRAYS
    if not (origin == "scalar" and name == "O")
]


def _attempt(function: Any, value: Any) -> Any:
    """What came out, comparable: bytes of the result, or the class of the error and its text."""
    try:
        result = function(value)
    except (TypeError, ValueError, OverflowError) as error:
        return type(error), str(error)
    return result.dtype.str, result.shape, result.tobytes()


@pytest.mark.parametrize("ndim", [0, 1])
@pytest.mark.parametrize("target", DTYPE_NAMES)
def test_calls_and_convert_agree_on_every_row(runtime, kernel, target, ndim):
    load = kernel(f"id_{target}_{ndim}", kernels.identity(target, ndim))
    for strict, downcast in OPTIONS:
        given = Input("x", target, ndim, None, strict, downcast)
        spec = Spec("Id.run", [given], outputs=[Output(target, ndim)], result="one")
        call = runtime.bind(load, spec, runtime.Lock())
        given.label = "Id.run: argument 'x'"
        cell = runtime.Cell("x", target, ndim)
        for origin, source in SOURCES:
            for value in _values(origin, source, ndim):
                expected = _attempt(lambda v, g=given: convert(v, g), value)
                assert expected == _attempt(call, value), (strict, downcast, value)

                def assign(v, cell=cell, options=(strict, downcast)):
                    cell.set(v, *options)
                    return cell.value

                got = _attempt(assign, value)
                if isinstance(expected[0], type):
                    expected = expected[0], expected[1].replace("Id.run: argument", "member")
                assert expected == got, (strict, downcast, value)


@pytest.mark.parametrize("target", DTYPE_NAMES)
def test_convert_follows_the_table(target):
    for strict, downcast in OPTIONS:
        given = Input("x", target, 0, None, strict, downcast)
        for origin, source in SOURCES:
            kind = source if origin == "python" else np.dtype(source)
            row = action(origin, kind, np.dtype(target), strict, downcast)
            for i, value in enumerate(_values(origin, source, 0)):
                result = _attempt(lambda v, g=given: convert(v, g), value)
                refused = isinstance(result[0], type)
                if row == REFUSE:
                    assert refused and result[0] is DTypeError, (origin, source, value)
                elif row in (TAKE, CAST):
                    assert not refused, (origin, source, value, result)
                else:
                    assert (CHECK, False) == (row, i == 0 and refused), (origin, source, value)


@pytest.mark.parametrize(
    ("value", "dtype", "expected"),
    [
        (2.0, "int64", 2),
        (2.5, "int64", TypeError),
        (float("nan"), "int64", TypeError),
        (1e300, "float32", np.inf),
        (0.1, "float32", np.float32(0.1)),
        (2**24 + 1, "float32", np.float32(2**24)),
        (2**63, "int64", OverflowError),
        (2**63, "uint64", 2**63),
        (-1, "uint8", OverflowError),
        (1e30, "int64", OverflowError),
        (10**400, "float64", OverflowError),
        (10**400, "complex128", OverflowError),
        (True, "float64", 1.0),
        (1, "bool", TypeError),
        (1.0, "bool", TypeError),
        (np.float64(0.5), "float32", TypeError),
        (np.array(0.5), "float32", TypeError),
        (np.int64(3), "int8", 3),
        (np.int64(300), "int8", OverflowError),
        (np.int64(3), "float32", TypeError),
        (np.array(3), "int32", TypeError),
        (np.float64(2.0), "int64", TypeError),
        (np.True_, "int8", 1),
        (np.float16(0.5), "float32", 0.5),
        (1j, "float64", TypeError),
        (np.complex64(1), "complex128", 1),
        ("1", "float64", TypeError),
        (b"1", "float64", TypeError),
        (None, "float64", TypeError),
        ({1: 2}, "float64", TypeError),
        (object(), "float64", TypeError),
    ],
)
def test_rows_that_need_care(value, dtype, expected):
    target = Input("x", dtype, 0)
    if isinstance(expected, type):
        with pytest.raises(expected, match=rf"argument 'x' expects {dtype} scalar, got "):
            convert(value, target)
    else:
        result = convert(value, target)
        assert (expected, dtype, ()) == (result[()], result.dtype, result.shape)


@pytest.mark.parametrize(
    ("value", "dtype", "expected"),
    [
        ([1, 2], "float32", [1, 2]),
        ([0.1], "float32", [np.float32(0.1)]),
        ([np.float64(0.1)], "float32", TypeError),
        ([1.0, 2.0], "int8", [1, 2]),
        ([1.0, 2.5], "int8", TypeError),
        ([1, 300], "int8", OverflowError),
        ([True, False], "bool", [1, 0]),
        ([True, 2], "int8", [1, 2]),
        ([True, 0], "bool", TypeError),
        ([], "bool", []),
        ([2**63, 1], "uint64", [2**63, 1]),
        ([2**53 + 1, 1.0], "int64", [2**53 + 1, 1]),
        ([None], "float64", TypeError),
        (["1"], "float64", TypeError),
        ([[1], [1, 2]], "float64", TypeError),
        ([1, [2]], "float64", TypeError),
        ([[1.0]], "float64", TypeError),
        (1.0, "float64", TypeError),
        ([np.array(1.0), 2.0], "float64", [1, 2]),
        (bytearray(b"ab"), "uint8", [97, 98]),
    ],
)
def test_lists_are_weak_like_the_numbers_in_them(value, dtype, expected):
    target = Input("x", dtype, 1)
    if isinstance(expected, type):
        with pytest.raises(expected, match=rf"argument 'x' expects {dtype} vector, got "):
            convert(value, target)
    else:
        result = convert(value, target)
        assert (expected, dtype) == (result.tolist(), result.dtype)


def test_subclasses_of_numbers_are_numbers():
    class Level(IntEnum):
        HIGH = 3

    class Metre(float):
        pass

    assert 3 == convert(Level.HIGH, Input("x", "int8", 0))
    assert np.float32(0.1) == convert(Metre(0.1), Input("x", "float32", 0))
    assert [3] == convert([Level.HIGH], Input("x", "int8", 1)).tolist()


def test_an_array_that_fits_is_taken_and_never_written():
    x = np.arange(3.0)
    assert convert(x, Input("x", "float64", 1)) is x
    swapped = np.arange(3).astype(">i8")
    assert [0, 1, 2] == convert(swapped, Input("x", "int64", 1, strict=False)).tolist()


def test_a_list_nested_deeper_than_any_array_is_refused():
    value: list[Any] = []
    for _ in range(5000):
        value = [value]
    with pytest.raises(TypeError, match="expects"):
        convert(value, Input("x", "float64", 1))


def test_a_wrong_size_is_a_shape_error():
    target = Input("x", "float64", 2, (1, None))
    assert (1, 4) == convert([[1, 2, 3, 4]], target).shape
    with pytest.raises(ShapeError, match=r"shape \(1, \?\), got shape \(2, 1\): axis 0"):
        convert([[1], [2]], target)


def test_an_error_of_the_callers_own_code_passes_through():
    class Broken:
        def __array__(self, dtype=None, copy=None):
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        convert(Broken(), Input("x", "float64", 1))


def test_a_value_too_large_for_memory_names_who_wanted_it() -> None:
    endless = np.lib.stride_tricks.as_strided(np.zeros(1, np.float32), (2**50,), (0,))
    with pytest.raises(MemoryError, match="'x'"):
        convert(endless, Input("x", "float64", 1))


def test_what_a_values_own_code_raises_is_told_where() -> None:
    class Refuses:
        def __array__(self, dtype=None, copy=None):
            raise RuntimeError("no")

    with pytest.raises(RuntimeError) as caught:
        convert(Refuses(), Input("x", "float64", 1))
    assert "'x'" in caught.value.__notes__[0]
