"""Variables: types, names, operators, printing, copies, and what is refused."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from tensor_helpers import value

import modc
import modc.tensor as T
from modc.errors import DTypeError, ShapeError


def test_constructors_make_the_type_they_name() -> None:
    for prefix, dtype in {
        "": "float64",
        "b": "int8",
        "w": "int16",
        "i": "int32",
        "l": "int64",
        "f": "float32",
        "d": "float64",
        "ub": "uint8",
        "uw": "uint16",
        "ui": "uint32",
        "ul": "uint64",
    }.items():
        for kind, pattern in {
            "scalar": (),
            "vector": (False,),
            "matrix": (False, False),
            "row": (True, False),
            "col": (False, True),
            "tensor3": (False,) * 3,
            "tensor4": (False,) * 4,
        }.items():
            found = getattr(T, prefix + kind)("x")
            assert (dtype, pattern, "x") == (found.dtype, found.broadcastable, found.name)


def test_plurals_take_names_letters_or_a_number() -> None:
    assert ["x", "y"] == [found.name for found in T.dscalars("x", "y")]
    assert ["n", "c"] == [found.name for found in T.scalars("nc")]
    assert [None, None] == [found.name for found in T.fmatrices(2)]
    assert ["alpha", "beta"] == [found.name for found in T.lvectors("alpha", "beta")]


def test_floatx_decides_what_plain_constructors_make() -> None:
    with modc.config.using(MODC_FLOATX="float32"):
        assert ("float32", "float64") == (T.vector().dtype, T.dvector().dtype)
        assert (T.ones(3).dtype, T.cast(T.lscalar(), "floatX").dtype) == ("float32", "float32")


def test_types_are_compared_by_dtype_and_sizes() -> None:
    assert T.dmatrix().type == T.TensorType("float64", (None, None)) != T.drow().type
    assert T.TensorType("float64", broadcastable=(True, False)) == T.drow().type
    assert T.TensorType("float64", (False, True)) == T.dcol().type
    made = T.dmatrix("m", shape=("n", 10)).type("other")
    assert ("other", ("n", 10)) == (made.name, made.type.shape)


@pytest.mark.parametrize(
    "make",
    [
        lambda: T.TensorType("float16", ()),
        lambda: T.TensorType("object", ()),
        lambda: T.TensorType("float64", (1.5,)),
        lambda: T.TensorType("float64", 3),
        lambda: T.dscalar(5),
        lambda: T.dvector(dtype="int8"),
    ],
)
def test_bad_types_are_type_errors(make) -> None:
    with pytest.raises(TypeError):
        make()


@pytest.mark.parametrize(
    "make",
    [lambda: T.dmatrix(shape=(3,)), lambda: T.dvector(shape=(-1,)), lambda: T.drow(shape=(2, 3))],
)
def test_bad_sizes_are_shape_errors(make) -> None:
    with pytest.raises(ShapeError):
        make()


def test_identity_decides_equality_and_hash() -> None:
    x, y = T.dscalars("x", "x")
    assert x == x
    assert x != y
    assert len({x, y, x}) == 2
    assert x in [y, x]


def test_equal_expressions_are_one_node_but_two_variables() -> None:
    x = T.dscalar("x")
    assert (x + 1).node is (x + 1).node
    assert (x + 1) is not (x + 1)


def test_roots_have_no_owner_and_expressions_have() -> None:
    x = T.dvector("x")
    y = x + 2
    assert x.owner is None
    assert T.constant(3).owner is None
    assert y.owner is not None and y.owner.op.name == "add" and y.owner.inputs[0] is x
    assert x.shape[0].owner is not None


def test_operators_take_numbers_arrays_and_lists_on_either_side() -> None:
    x = T.dvector("x")
    given = {x: [1.0, 2.0, 4.0]}
    data = np.array([1.0, 2.0, 4.0])
    for found, expected in (
        (2 - x, 2 - data),
        (np.ones(3) - x, 1 - data),
        (x - [1, 2, 3], data - [1, 2, 3]),
        (3 / x, 3 / data),
        (7 // x, 7 // data),
        (7 % x, 7 % data),
        (2**x, 2**data),
        (np.float64(2) * x, 2 * data),
        (-x, -data),
        (+x, data),
        (abs(x - 2), abs(data - 2)),
        (x < 2, data < 2),
        (2 < x, data > 2),
        (x >= 2, data >= 2),
        (x <= 2, data <= 2),
        (np.ones((1, 3)) @ np.eye(3) + x, 1 + data[None]),
        (np.ones((2, 3)) @ x, np.ones((2, 3)) @ data),
        (divmod(x, 3)[1], data % 3),
        (T.eq(x, 2), data == 2),
        (T.neq(x, 2), data != 2),
        ((x > 1) & (x < 4), (data > 1) & (data < 4)),
        (~(x > 1) | (x > 2), ~(data > 1) | (data > 2)),
    ):
        np.testing.assert_array_equal(expected, value(found, given))


def test_bare_python_numbers_take_the_dtype_beside_them() -> None:
    assert (T.fvector() * 0.5).dtype == "float32"
    assert (T.bvector() + 1).dtype == "int8"
    assert (T.bvector() * 0.5).dtype == "float64"
    assert (T.fvector() * np.float64(0.5)).dtype == "float64"
    assert T.switch(T.dvector() > 0, 1, 0).dtype == "int64"
    assert T.switch(T.lscalar(), T.bvector(), 0).dtype == "int8"
    with pytest.raises(OverflowError):
        T.bvector() + 1000
    with pytest.raises(OverflowError):
        T.ubvector() - (-1)


def test_in_place_operators_bind_a_new_variable() -> None:
    x = T.dscalar("x")
    y = x
    y += 1
    assert y is not x
    assert value(y, {x: 1.0}) == 2


def test_truth_iteration_and_length_need_known_values() -> None:
    x = T.dvector("x")
    with pytest.raises(TypeError, match=r"T\.switch"):
        bool(x > 0)
    with pytest.raises(TypeError, match="length is not known"):
        iter(x)
    with pytest.raises(TypeError, match="scalar"):
        iter(T.dscalar())
    with pytest.raises(TypeError):
        len(x)
    with pytest.raises(TypeError):
        3 in x  # noqa: B015
    a, b = T.dvector("v", shape=(2,))
    assert (a.ndim, b.ndim, len(T.dvector(shape=(2,)))) == (0, 0, 2)


def test_unknown_axes_never_broadcast_and_the_error_says_how_to_declare_them() -> None:
    x, y = T.dmatrix("x"), T.dmatrix("y")
    with pytest.raises(ShapeError, match=r"T\.row"):
        value(x + y, {x: np.ones((1, 3)), y: np.ones((2, 3))})
    row = T.drow("r")
    assert value(row + y, {row: np.ones((1, 3)), y: np.ones((2, 3))}).shape == (2, 3)


def test_sizes_known_to_differ_are_refused_when_written() -> None:
    x, y = T.dmatrix("x", shape=(2, 3)), T.dvector("y", shape=(4,))
    with pytest.raises(ShapeError, match="size 4, expected 3"):
        x + y
    with pytest.raises(ShapeError):
        x.dot(y)
    with pytest.raises(ShapeError):
        T.concatenate([x, T.dmatrix(shape=(3, 3))], axis=1)
    with pytest.raises(ShapeError):
        T.concatenate([x, y])
    with pytest.raises(ShapeError):
        x.reshape((4, 2))
    with pytest.raises(ShapeError):
        x.reshape((4, -1))


def test_named_dimensions_agree() -> None:
    x, y, z = (
        T.dvector("x", shape=("n",)),
        T.dvector("y", shape=("n",)),
        T.dvector("z", shape=("m",)),
    )
    assert (x + y).node.shape[0] is x.node.shape[0]
    with pytest.raises(ShapeError):
        x + z
    with pytest.raises(ShapeError, match=r"axis 0 of y has size 3, expected 2 \(n\)"):
        value(x.sum() + y.sum(), {x: np.ones(2), y: np.ones(3)})


@pytest.mark.parametrize(
    "bad", [None, "a", object(), {1: 2}, [[1], [1, 2]], np.array(["a"]), np.array([None])]
)
def test_what_is_no_array_is_a_type_error(bad: object) -> None:
    x = T.dvector("x")
    with pytest.raises((TypeError, ValueError)):
        x + bad


@pytest.mark.parametrize(
    "wrong",
    [
        lambda x: x.sum(axis=2),
        lambda x: x.sum(axis=(0, 0)),
        lambda x: x.dimshuffle(0, 0),
        lambda x: x.transpose(0, 0),
        lambda x: x.flatten(5),
        lambda x: T.concatenate([]),
        lambda x: T.zeros((-1,)),
    ],
)
def test_impossible_axes_and_sizes_are_value_errors(wrong) -> None:
    with pytest.raises(ValueError):
        wrong(T.dmatrix("x"))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda x: x.sum(axis=0.5),
        lambda x: x.sum(axis=True),
        lambda x: ~x,
        lambda x: x & x,
        lambda x: x << 1,
        lambda x: (x > 0) - (x > 1),
        lambda x: -(x > 0),
        lambda x: x[1.5:],
    ],
)
def test_operands_that_an_op_does_not_take_are_type_errors(wrong) -> None:
    with pytest.raises(TypeError):
        wrong(T.dmatrix("x"))


def test_text_is_the_name_or_the_expression() -> None:
    x = T.dscalar("state")
    assert str(x) == "state"
    assert "state" in str(x + 1)
    y = x + 1
    y.name = "new_state"
    assert str(y) == "new_state"
    with pytest.raises(TypeError) as caught:
        bool(T.dscalar("long" * 10**6))
    assert len(str(caught.value)) < 500
    hostile = T.dscalar('int"\n' * 3)
    assert "\n" not in str(hostile + 1)


def test_variables_remember_where_they_were_written() -> None:
    x = T.dscalar("x")
    assert x.source is not None and x.source[0] == __file__
    assert (x * 1.2345).source[0] == __file__


def test_constants_are_read_only_and_know_their_value() -> None:
    c = T.constant(40)
    assert (int(c), c.dtype, c.data == 40) == (40, "int64", True)
    with pytest.raises(ValueError):
        T.constant([1.0, 2.0]).data[0] = 5
    assert T.constant([1, 2], dtype="float32").dtype == "float32"
    assert T.constant(1.5, name="k").name == "k"
    data = np.ones(3)
    kept = T.constant(data)
    data[0] = 9
    assert kept.data[0] == 1
    with pytest.raises(TypeError):
        T.constant(T.dscalar())
    with pytest.raises(DTypeError):
        T.constant("text")


@pytest.mark.parametrize("through", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_copies_keep_identity_and_sharing(through) -> None:
    x = T.dmatrix("x", shape=("n", 3))
    y = (x * 2)[1:]
    y.name = "y"
    c = T.constant([1, 2])
    found = through(
        {"x": x, "y": y, "again": [x, y], "c": c, "shape": x.shape, "init": T.dscalar(init=3.0)}
    )
    assert found["x"] is found["again"][0] and found["y"] is found["again"][1]
    assert found["x"] is not x
    assert (found["x"].name, found["y"].name, found["x"].type) == ("x", "y", x.type)
    assert found["y"].owner.inputs[0].owner.inputs[0] is found["x"]
    assert found["init"].init == 3.0
    given = {found["x"]: np.ones((2, 3))}
    np.testing.assert_array_equal([[2, 2, 2]], value(found["y"], given))
    np.testing.assert_array_equal([2, 3], value(found["shape"], given))
    np.testing.assert_array_equal(
        [[1, 1, 1], [5, 5, 5]], value(T.set_subtensor(found["x"][1], 5), given)
    )


def test_expressions_first_then_their_roots_survive_pickling() -> None:
    x = T.dscalar("x")
    y = x * 3 + x
    found_y, found_x = pickle.loads(pickle.dumps((y, x)))
    assert found_y.owner.inputs[1] is found_x


@pytest.mark.parametrize("through", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_root_whose_tag_leads_to_expressions_over_it_survives(through) -> None:
    x = T.dvector("x")
    x.tag.related = [x * 2, x[1:]]
    found = through(x * 3)
    root = found.owner.inputs[0]
    assert root.tag.related[0].owner.inputs[0] is root
    assert root.type == x.type
    assert value(root.tag.related[0].sum() + found.sum(), {root: [1.0, 2.0]}) == 15


def test_a_very_deep_expression_can_be_pickled() -> None:
    x = T.dscalar("x")
    y = x
    for _ in range(5000):
        y = y + 1
    found_x, found_y = pickle.loads(pickle.dumps((x, y)))
    assert value(found_y, {found_x: 1.0}) == 5001


def test_every_public_name_exists() -> None:
    for name in T.__all__:
        assert hasattr(T, name)
    assert T.nnet.softmax is T.softmax


def test_both_spellings_mean_the_same() -> None:
    for one, other in (
        ("sqr", "square"),
        ("abs_", "abs"),
        ("sgn", "sign"),
        ("neq", "not_equal"),
        ("mod", "remainder"),
        ("sub", "subtract"),
        ("true_div", "divide"),
        ("neg", "negative"),
    ):
        assert getattr(T, one) is getattr(T, other)


def test_integers_stay_as_they_are_when_rounded() -> None:
    k = T.lvector("k")
    assert (T.floor(k).dtype, T.round(k).dtype, T.ceil(k).dtype) == ("int64",) * 3
    found = T.round(T.constant([0.5, 1.5, -0.5, -2.5]), mode="half_away_from_zero")
    np.testing.assert_array_equal([1, 2, -1, -3], value(found))


def test_clip_keeps_the_dtype() -> None:
    assert T.fvector().clip(T.dscalar(), 1.0).dtype == "float32"
    with pytest.raises(DTypeError, match="astype"):
        T.lvector().clip(0.5, 1.5)


def test_numpy_functions_do_not_take_variables_apart() -> None:
    x = T.dvector("x")
    for wrong in (lambda: np.asarray(x), lambda: np.array([x, 1])):
        with pytest.raises(TypeError):
            wrong()


def test_a_long_chain_of_parts_can_be_pickled() -> None:
    x = T.dvector("x")
    y = x
    for _ in range(1000):
        y = y[::-1]
    found_x, found_y = pickle.loads(pickle.dumps((x, y)))
    np.testing.assert_array_equal([1, 2], value(found_y, {found_x: [1.0, 2.0]}))


def test_comparisons_are_printed_as_they_were_written() -> None:
    x, y = T.dvectors("x", "y")
    assert ["x < y", "x <= y", "x > y", "x >= y"] == [str(x < y), str(x <= y), str(x > y), str(x >= y)]
