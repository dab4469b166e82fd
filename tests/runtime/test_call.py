"""Calls: arguments, results, state, shapes, failures, on every runtime."""

from __future__ import annotations

import inspect
import pydoc
import weakref
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from modc.errors import ShapeError
from modc.runtime import BindError, Input, Output, Spec


def test_a_call_returns_a_zero_dimensional_array_and_updates_the_member(accumulator):
    acc = accumulator(1.0)
    result = acc.add(2)
    assert isinstance(result, np.ndarray)
    assert ((), np.float64, 3.0) == (result.shape, result.dtype, result[()])
    assert 3.0 == acc.cell.value


def test_results_are_fresh(accumulator):
    acc = accumulator()
    results = [acc.add(1.0) for _ in range(5)]
    views = [acc.add(1.0)[...] for _ in range(5)]
    assert [1, 2, 3, 4, 5] == results
    assert [6, 7, 8, 9, 10] == views
    results[0][...] = 99
    assert 10.0 == acc.cell.value


def test_a_dead_result_that_someone_looks_at_is_not_used_again(accumulator):
    acc = accumulator()
    exported = [memoryview(acc.add(1.0)) for _ in range(6)]
    assert [1, 2, 3, 4, 5, 6] == [view[()] for view in exported]


def test_a_result_that_is_weakly_referred_to_keeps_its_value(accumulator):
    acc = accumulator()
    results = [weakref.ref(acc.add(1.0)) for _ in range(6)]
    values = [result() for result in results]
    assert all(value is None or i + 1 == value for i, value in enumerate(values))


@pytest.mark.parametrize(
    ("args", "kwargs", "words"),
    [
        ((), {}, ["'inc'", "missing"]),
        ((1, 2), {}, ["takes 1 argument", "2 were given"]),
        ((1,), {"inc": 2}, ["'inc'", "twice"]),
        ((), {"inx": 2}, ["'inx'", "did you mean 'inc'"]),
        ((), {"state": 2}, ["'state'", "member"]),
        ((1,), {"zzz": 2}, ["'zzz'"]),
        (("1",), {}, ["'inc'", "float64 scalar", "str"]),
        ((None,), {}, ["'inc'", "float64 scalar", "None"]),
        ((np.array([1.0]),), {}, ["'inc'", "float64 scalar", "(1,)"]),
        ((1j,), {}, ["'inc'", "complex"]),
        ((np.array(1, object),), {}, ["'inc'", "object"]),
    ],
)
def test_bad_arguments_are_type_errors_that_name_the_method(accumulator, args, kwargs, words):
    acc = accumulator(5.0)
    with pytest.raises(TypeError) as info:
        acc.add(*args, **kwargs)
    assert [] == [word for word in ["Acc.add", *words] if word not in str(info.value)]
    assert 5.0 == acc.cell.value


def test_arguments_by_name_and_by_default(accumulator):
    acc = accumulator(default=10)
    assert 10.0 == acc.add()
    assert 12.0 == acc.add(inc=2)
    acc.add["inc"] = 5
    assert 17.0 == acc.add()
    acc.add[0] = None
    with pytest.raises(TypeError, match="missing"):
        acc.add()


def test_defaults_can_be_read_and_set_in_three_ways(accumulator):
    acc = accumulator(default=1)
    assert 1.0 == acc.add["inc"] == acc.add[0] == acc.add.value["inc"]
    acc.add.container["inc"].value = 4
    assert 4.0 == acc.add.container[0].value == acc.add.get_default(0)
    acc.add.value[0] = 6
    acc.add["inc"][...] = 7
    assert 6.0 == acc.add["inc"]
    for key in ("nope", 3, 1.5, None):
        with pytest.raises(TypeError, match="there is no input"):
            acc.add[key]


@pytest.mark.parametrize("name", ["self", "args", "kwargs", "mode", "class", "a b", "\n", "é"])
def test_inputs_may_have_any_name(runtime, kernel, name):
    spec = Spec(
        "M.sub",
        inputs=[Input(name, "float64", 0), Input("b", "float64", 0)],
        outputs=[Output("float64", 0)],
        result="one",
    )
    sub = runtime.bind(kernel("sub"), spec, runtime.Lock())
    assert 3.0 == sub(**{"b": 2, name: 5})
    assert 2 == len(inspect.signature(sub).parameters)


def test_none_and_list_results(runtime, kernel):
    lock = runtime.Lock()
    cell = runtime.Cell("state", "float64", 0, lock=lock)
    cell.value = 0
    spec = Spec("Acc.add", [Input("inc", "float64", 0)], [cell], [True])
    assert runtime.bind(kernel("add_only"), spec, lock)(3) is None
    spec = Spec("Acc.add", [Input("inc", "float64", 0)], [cell], [True], result="list")
    assert [] == runtime.bind(kernel("add_only"), spec, lock)(3)
    spec = Spec(
        "Acc.add", [Input("inc", "float64", 0)], [cell], [True], [Output("float64", 0)], (), "list"
    )
    assert [7.0] == runtime.bind(kernel("add"), spec, lock)(1)


def test_several_outputs_of_known_and_of_data_dependent_size(runtime, kernel):
    spec = Spec(
        "S.several",
        inputs=[Input("x", "float64", 1)],
        outputs=[Output("float64", 1), Output("float64", 1), Output("int32", 1, 3)],
        result="list",
    )
    several = runtime.bind(kernel("several"), spec, runtime.Lock())
    for x in ([1.0, -2.0, 3.0], [], [-1.0], [4.0] * 1000):
        squares, positive, three = several(x)
        given = np.array(x, float)
        assert (given**2).tolist() == squares.tolist()
        assert given[given > 0].tolist() == positive.tolist()
        assert positive.flags.c_contiguous and positive.flags.owndata
        assert (np.int32, [0, 1, 2]) == (three.dtype, three.tolist())


def test_shape_disagreement_calls_fail_and_changes_nothing(vector):
    v = vector([1.0, 2.0])
    with pytest.raises(ShapeError, match=r"V\.add"):
        v.add([1.0, 2.0, 3.0])
    assert [1.0, 2.0] == v.cell.value.tolist()


def test_an_input_that_is_the_written_member_is_copied(vector):
    v = vector([1.0, 2.0, 3.0])
    assert [4.0, 4.0, 4.0] == v.add(v.cell.value).tolist()
    v.cell.value = [1.0, 2.0, 3.0]
    assert [4.0, 4.0, 4.0] == v.add(v.cell.value[:]).tolist()
    assert [8.0, 8.0, 8.0] == v.add(v.cell.value[::-1]).tolist()


def test_the_state_given_as_scalar_input(accumulator):
    acc = accumulator(3.0)
    assert 6.0 == acc.add(acc.cell.value)
    assert 12.0 == acc.add(acc.cell.value)


def _odd_arrays() -> list[Any]:
    x = np.arange(6.0)
    raw = np.zeros(6 * 8 + 1, np.uint8)
    unaligned = raw[1:].view("f8")
    unaligned[...] = x
    frozen = x.copy()
    frozen.flags.writeable = False
    wide = np.lib.stride_tricks.as_strided(np.zeros(1), (6,), (0,))
    return [
        np.arange(12.0)[::2] / 2,
        x[::-1].copy()[::-1],
        unaligned,
        frozen,
        x.astype(">f8"),
        np.arange(6, dtype="i4"),
        np.arange(6, dtype="f4"),
        np.arange(6, dtype="u2"),
        np.array([False, True] * 3),
        wide,
        np.ma.getdata(np.ma.masked_array(x)),
        memoryview(x),
        range(6),
        tuple(x.tolist()),
        SimpleNamespace(__array__=0),
    ]


class Duck:
    def __array__(self, dtype=None, copy=None):
        return np.arange(6)


@pytest.mark.parametrize("index", range(15))
def test_arrays_of_any_layout_work_and_stay_as_they_are(vector, index):
    given = [*_odd_arrays()[:-1], Duck()][index]
    before = np.array(given, copy=True)
    v = vector(np.zeros(6))
    assert before[::-1].astype(float).tolist() == v.add(given).tolist()
    assert before.tolist() == np.array(given).tolist()


def test_empty_arrays(vector):
    v = vector([])
    assert [] == v.add([]).tolist()
    assert (0,) == v.add(np.zeros((0,), "i4")).shape


def test_a_member_that_is_none_is_a_value_error(accumulator, vector):
    for made in (accumulator(None), vector(None)):
        with pytest.raises(ValueError, match=r"add: member '(state|v)' is None"):
            made.add([1.0] if made.cell.ndim else 1.0)
        assert made.cell.value is None


@pytest.fixture
def replace(runtime, kernel):
    lock = runtime.Lock()
    v = runtime.Cell("v", "float64", 1, lock=lock)
    count = runtime.Cell("count", "int64", 0, lock=lock)
    v.value, count.value = [1.0, 2.0], 0
    spec = Spec(
        "V.replace",
        inputs=[Input("x", "float64", 1)],
        cells=[v, count],
        written=[False, True],
        outputs=[Output("float64", 1)],
        next=[0],
        result="one",
    )
    return SimpleNamespace(
        call=runtime.bind(kernel("replace"), spec, lock), v=v, count=count, lock=lock
    )


def test_an_update_may_change_the_shape_of_a_member(replace):
    before = replace.v.value
    assert [1.0, 2.0] == replace.call([5.0, 6.0, 7.0]).tolist()
    assert [5.0, 6.0, 7.0] == replace.v.value.tolist()
    assert [1.0, 2.0] == before.tolist()
    assert [5.0, 6.0, 7.0] == replace.call([]).tolist()
    assert [] == replace.v.value.tolist()
    assert 2 == replace.count.value


def test_an_update_of_the_same_shape_keeps_views_live(replace):
    view = replace.v.value
    replace.call([8.0, 9.0])
    assert [8.0, 9.0] == view.tolist()
    assert replace.v.value is view
    assert [8.0, 9.0] == replace.call(view).tolist()
    assert [8.0, 9.0] == view.tolist()


def test_a_check_that_fails_in_run_changes_nothing(runtime, kernel):
    lock = runtime.Lock()
    v = runtime.Cell("v", "float64", 1, lock=lock)
    count = runtime.Cell("count", "int64", 0, lock=lock)
    v.value, count.value = [1.0, 2.0], 0

    def fail(site, axis, got, want):
        return IndexError(f"site {site} axis {axis}: {got} of {want}")

    spec = Spec(
        "P.pick", [Input("i", "int64", 0)], [v, count], [False, True], [Output("float64", 0)],
        result="one", fail=fail,
    )  # fmt: skip
    pick = runtime.bind(kernel("pick"), spec, lock)
    assert 2.0 == pick(1)
    with pytest.raises(IndexError, match="site 7 axis 0: 5 of 2"):
        pick(5)
    assert 1 == count.value


def test_private_state_is_the_default_and_an_argument_stands_in_for_one_call(runtime, kernel):
    lock = runtime.Lock()
    state = runtime.Cell("n", "float64", 0, lock=lock)
    state.value = 1.0
    spec = Spec(
        "Acc.add",
        inputs=[Input("inc", "float64", 0), Input("n", "float64", 0, cell=0)],
        cells=[state],
        written=[True],
        outputs=[Output("float64", 0)],
        result="one",
    )
    add = runtime.bind(kernel("add"), spec, lock)
    assert 3.0 == add(2)
    assert 12.0 == add(2, 10)
    assert 13.0 == add(1)
    assert 13.0 == add["n"] == add.value["n"]
    add["n"] = 100
    assert 101.0 == add(inc=1)
    assert 6.0 == add(1, n=5)
    assert 6.0 == state.value
    with pytest.raises(TypeError, match=r"Acc\.add: argument 'n'"):
        add(1, n="5")
    assert 6.0 == state.value


def test_private_state_of_another_shape(runtime, kernel):
    lock = runtime.Lock()
    v = runtime.Cell("v", "float64", 1, lock=lock)
    v.value = [1.0, 2.0]
    given = np.array([1.0, 1.0, 1.0])
    spec = Spec(
        "V.add", [Input("x", "float64", 1), Input("v", "float64", 1, cell=0)], [v], [True],
        [Output("float64", 1)], result="one",
    )  # fmt: skip
    add = runtime.bind(kernel("vector"), spec, lock)
    assert [5.0, 4.0, 3.0] == add([2.0, 3.0, 4.0], given).tolist()
    assert [5.0, 4.0, 3.0] == v.value.tolist()
    assert [1.0, 1.0, 1.0] == given.tolist()
    with pytest.raises(ShapeError):
        add([2.0], v=[1.0, 1.0])
    assert [5.0, 4.0, 3.0] == v.value.tolist()


class Method:
    """What the module layer gives `bind`."""

    c_source = "int main;"

    def position(self, key):
        if key is Method:
            return 0
        raise TypeError("not a Variable of this Method")


def test_the_callable_is_a_proper_object(runtime, accumulator, kernel):
    acc = accumulator()
    acc.spec.doc = "Adds."
    add = runtime.bind(kernel("add"), acc.spec, acc.lock, Method())
    assert "(inc)" == str(inspect.signature(add))
    assert ("add", "Acc.add", "Adds.") == (add.__name__, add.__qualname__, add.__doc__)
    assert ("int main;", True) == (add.c_source, callable(add))
    assert {"c_source", "value", "container"} <= set(dir(add))
    assert add[Method] is None
    assert inspect.isroutine(add)
    assert "add(inc)" in pydoc.render_doc(add, renderer=pydoc.plaintext)
    assert "Acc.add" in repr(add)
    assert add.spec is acc.spec
    with pytest.raises(AttributeError):
        add.no_such_thing  # noqa: B018


def test_a_kernel_of_another_method_is_refused(runtime, accumulator, kernel):
    acc = accumulator()
    for name in ("add_only", "vector", "sub"):
        with pytest.raises(BindError):
            runtime.bind(kernel(name), acc.spec, acc.lock)


def test_bind_python_does_the_same_without_a_kernel(runtime):
    lock = runtime.Lock()
    state = runtime.Cell("state", "float64", 1, lock=lock)
    state.value = [1.0, 2.0]
    spec = Spec(
        "Acc.add", [Input("inc", "float64", 1)], [state], [True],
        [Output("float64", 1), Output("float64", 1)], result="list",
    )  # fmt: skip

    def evaluate(inputs, members):
        new = members[0] + inputs[0]
        return [members[0], new], {0: new}

    add = runtime.bind_python(evaluate, spec, lock)
    view = state.value
    old, new = add([1, 1])
    assert ([1.0, 2.0], [2.0, 3.0]) == (old.tolist(), new.tolist())
    assert [2.0, 3.0] == view.tolist()
    new[...] = 0
    old, new = add(view)
    assert [4.0, 6.0] == view.tolist()
    with pytest.raises(TypeError, match=r"Acc\.add: argument 'inc'"):
        add("x")


def test_bind_python_is_atomic(runtime):
    lock = runtime.Lock()
    cells = [runtime.Cell(name, "float64", 1, 2, lock=lock) for name in "ab"]
    for cell in cells:
        cell.value = [1.0, 2.0]
    spec = Spec("M.f", [], cells, [True, True])

    def evaluate(inputs, members):
        return [], {0: members[0] + 1, 1: np.zeros(3)}

    with pytest.raises(ShapeError):
        runtime.bind_python(evaluate, spec, lock)()
    assert [[1.0, 2.0]] * 2 == [cell.value.tolist() for cell in cells]
    cells[1].clear()
    with pytest.raises(ValueError, match=r"M\.f: member 'b' is None"):
        runtime.bind_python(evaluate, spec, lock)()
