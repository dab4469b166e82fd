"""Random values of any type, layout and rank: both runtimes do what `convert` does, or refuse alike."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modc.runtime import Input, convert
from modc.runtime.spec import DTYPE_NAMES

NUMBERS = st.one_of(
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.integers(-300, 300),
    st.floats(),
    st.complex_numbers(),
    st.none(),
    st.text(max_size=3),
)
SCALARS = st.builds(
    lambda dtype, n: np.array(n).astype(dtype)[()],
    st.sampled_from([*DTYPE_NAMES, "float16", "longdouble"]),
    st.integers(0, 200),
)
LISTS = st.recursive(st.one_of(NUMBERS, SCALARS), lambda inner: st.lists(inner, max_size=4))


@st.composite
def arrays(draw: Any) -> Any:
    """An array with odd strides, byte order, alignment or type."""
    name = draw(st.sampled_from([*DTYPE_NAMES, "float16", "longdouble", "O", "S2", "M8[s]"]))
    shape = draw(st.lists(st.integers(0, 4), max_size=3))
    size = int(np.prod(shape, dtype=int))
    array = (np.arange(size) * draw(st.integers(-40, 40))).astype("i8")
    if name == "S2":
        array = array.astype("U2")
    array = array.reshape(shape)
    with np.errstate(all="ignore"):
        array = array.astype(name)
    for axis in range(array.ndim):
        step = draw(st.sampled_from([1, 1, -1, 2, -3]))
        array = array[(slice(None),) * axis + (slice(None, None, step),)]
    if draw(st.booleans()):
        array = array.T
    if draw(st.booleans()):
        array = array.astype(array.dtype.newbyteorder())
    if draw(st.booleans()) and array.dtype.hasobject is False:
        raw = np.zeros(array.nbytes + 1, "u1")[1:]
        moved = np.frombuffer(raw, array.dtype, array.size) if array.size else array.ravel()
        moved = moved.reshape(array.shape).copy() if not array.size else moved.reshape(array.shape)
        if array.size:
            raw[...] = np.frombuffer(array.tobytes(), "u1")
        array = moved
    if draw(st.booleans()):
        array.flags.writeable = False
    return array


def _attempt(function: Any, value: Any) -> Any:
    try:
        result = function(value)
    except (TypeError, ValueError, OverflowError) as error:
        return type(error), str(error)
    return result.dtype.str, result.shape, result.tobytes()


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    value=st.one_of(arrays(), LISTS, SCALARS),
    dtype=st.sampled_from(DTYPE_NAMES),
    ndim=st.integers(0, 3),
    fixed=st.booleans(),
    options=st.sampled_from([(False, None), (False, True), (True, None)]),
)
def test_cells_take_what_convert_takes(runtime, value, dtype, ndim, fixed, options):
    size = (2,) * ndim if fixed else None
    target = Input("x", dtype, ndim, size, *options)
    target.label = "member 'x'"
    cell = runtime.Cell("x", dtype, ndim, size)
    before = value.tobytes() if isinstance(value, np.ndarray) else None

    def assign(value):
        cell.set(value, *options)
        return cell.value

    if value is not None:
        assert _attempt(lambda v: convert(v, target), value) == _attempt(assign, value)
    if before is not None:
        assert before == value.tobytes()
