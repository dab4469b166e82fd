"""Picking and changing elements by position; diagonals; grids; axes and sizes that are checked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tensor_helpers import value

import modc
import modc.tensor as T
from modc import function
from modc.graph.split import split

MODES = ["c", "numpy"]
rng = np.random.default_rng(11)
V = rng.normal(size=6)
M = rng.normal(size=(4, 3))
S = rng.normal(size=(4, 4))
C = rng.normal(size=(2, 3, 4))
I = np.array([2, 0, -1, 2], dtype=np.int64)


def changed(name: str, x: Any, *args: Any) -> Any:
    """What a function of NumPy that writes into its argument makes of a copy."""
    found = x.copy()
    getattr(np, name)(found, *args)
    return found


@pytest.mark.parametrize("mode", MODES)
def test_functions_that_write_give_changed_copies(mode: str) -> None:
    v, m, i = T.dvector("v"), T.dmatrix("m"), T.lvector("i")
    best = M.argmax(axis=1)[:, None]
    outputs = {
        "put": T.put(m, i, [1.0, 2.0]), "put one": T.put(v, i, 7.0), "put wrap": T.put(v, i * 5, v, mode="wrap"),
        "putmask": T.putmask(m, m > 0, m * 2), "putmask few": T.putmask(m, m > 0, [1.0, 2.0, 3.0]),
        "place": T.place(m, m > 0, v), "place one": T.place(m, m > 0, 9.0),
        "along": T.put_along_axis(m, T.argmax(m, 1, keepdims=True), 99.0, 1), "along none": T.put_along_axis(m, i, v[:4], None),
        "diagonal": T.fill_diagonal(m, 5.0), "diagonal values": T.fill_diagonal(m, v[:3]),
        "diagonal wrapped": T.fill_diagonal(m.T.reshape((6, 2)), 1.0, wrap=True),
    }  # fmt: skip
    tall = np.ascontiguousarray(M.T).reshape(6, 2)
    expected = [
        changed("put", M, I, [1.0, 2.0]), changed("put", V, I, 7.0), changed("put", V, I * 5, V, "wrap"),
        changed("putmask", M, M > 0, M * 2), changed("putmask", M, M > 0, [1.0, 2.0, 3.0]),
        changed("place", M, M > 0, V), changed("place", M, M > 0, [9.0]),
        changed("put_along_axis", M, best, 99.0, 1), changed("put_along_axis", M, I, V[:4], None),
        changed("fill_diagonal", M, 5.0), changed("fill_diagonal", M, V[:3]), changed("fill_diagonal", tall, 1.0, True),
    ]  # fmt: skip
    found = function([v, m, i], list(outputs.values()), mode=mode)(V, M, I)
    for got, want, name in zip(found, expected, outputs, strict=True):
        np.testing.assert_array_equal(got, want, err_msg=name)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "uint8", "bool"])
def test_values_for_one_place_are_combined(dtype: str, mode: str) -> None:
    x, w, i = T.TensorType(dtype, (None,))("x"), T.TensorType(dtype, (None,))("w"), T.lvector("i")
    data, new = (np.arange(6) % 3).astype(dtype), np.array([2, 3, 1, 4]).astype(dtype)
    changes = {T.inc_subtensor: np.add, T.mul_subtensor: np.multiply, T.min_subtensor: np.minimum, T.max_subtensor: np.maximum}
    run = function([x, w, i], [change(x[part], w) for change in changes for part in (i, slice(1, 5))], mode=mode)
    found = iter(run(data, new, I))
    for combine in changes.values():
        for part in (I, slice(1, 5)):
            expected = data.copy()
            combine.at(expected, part, new)
            np.testing.assert_array_equal(next(found), expected)


def test_nan_wins_where_values_are_combined() -> None:
    x, w = T.dvector("x"), T.dvector("w")
    run = function([x, w], [T.max_subtensor(x[I], w), T.min_subtensor(x[I], w)])
    new = np.array([np.nan, 1.0, -0.0, 2.0])
    for got, combine in zip(run(V, new), (np.maximum, np.minimum), strict=True):
        expected = V.copy()
        with np.errstate(invalid="ignore"):
            combine.at(expected, I, new)
        np.testing.assert_array_equal(got, expected)


GRADIENTS: dict[str, Any] = {
    "take": lambda v, m, s, c: [T.take(m, I, 0), T.take(c, [1, -1, 1], 2, mode="wrap"), T.take(v, I)],
    "take_along_axis": lambda v, m, s, c: [T.take_along_axis(m, T.argmax(m, 0, keepdims=True), 0), T.take_along_axis(v, I, None)],
    "put_along_axis": lambda v, m, s, c: [T.put_along_axis(s, [[0], [1], [1], [3]], m[:, :1], 1), T.put_along_axis(s, I[None], v[None, :4], 0, "add")],
    "mul": lambda v, m, s, c: [T.mul_subtensor(s[I], s[0] * 2), T.mul_subtensor(m[:, 1], v[:4])],
    "max": lambda v, m, s, c: [T.max_subtensor(v[I], s[0]), T.min_subtensor(m[I], m[0] * 2), T.min_subtensor(m[1:, ::2], m[:3, :2])],
    "put": lambda v, m, s, c: [T.put(m, [0, 5, 7], v[:2]), T.putmask(s, S > 0, s * s), T.place(s, S > 0, v), T.choose([0, 1, 1, 0], [m[:, 0], v[:4]])],
    "diagonal": lambda v, m, s, c: [T.diagonal(c, 1, 1, 2), T.trace(c, 0, 2, 0), T.diag(v, 1), T.diag(m, -1), T.alloc_diag(c, -1, 0, 2), T.diagflat(m)],
    "fill_diagonal": lambda v, m, s, c: [T.fill_diagonal(m, v[0]), T.fill_diagonal(s, v[:4]), T.fill_diagonal_offset(s, v[1], -1), T.fill_diagonal(s, v[2], wrap=True)],
    "joining": lambda v, m, s, c: [T.hstack([m, s]), T.dstack([v, v * v]), T.column_stack([v[:4], m]), T.block([[m, s], [s, m]]), T.append(m, m * m, 0)],
    "cutting": lambda v, m, s, c: [*T.split(c, 2, axis=2), *T.array_split(v * v, 4), T.insert(m, [0, 2], v[:3] * v[1:4], 0), T.delete(s, [0, -1], 1)],
    "turning": lambda v, m, s, c: [T.roll(m, 4), T.roll(c, (1, -1), (0, 2)), T.flip(c, 1) ** 2, T.rot90(c, 1, (1, 2)), T.tile(v, (2, 2)), T.repeat(m, [2, 0, 1], 1)],
    "axes": lambda v, m, s, c: [T.moveaxis(c, (0, 2), (1, 0)), T.specify_shape(m, (4, None)) ** 2, *T.broadcast_arrays(v[:3], m), T.atleast_3d(m)],
    "triangles": lambda v, m, s, c: [s[T.tril_indices(4, -1)], T.triu(c) ** 2, m[T.ix_([0, 2], [1])], T.compress([True, False, True, True], m, 0)],
    "steps": lambda v, m, s, c: [v[:: T.constant(2)], m[T.shape(v)[0] - 3 :: -1]],
}  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_agree_with_differences(name: str, mode: str) -> None:
    def cost(v: Any, m: Any, s: Any, c: Any) -> Any:
        total: Any = 0.0 * (v.sum() + m.sum() + s.sum() + c.sum())
        for at, part in enumerate(GRADIENTS[name](v, m, s, c)):
            total = total + T.sin(part * (0.5 + 0.1 * at)).sum()
        return total

    modc.check_grad(cost, [V, M, S, C], mode=mode)


@pytest.mark.parametrize("name", [name for name in GRADIENTS if name != "axes"])
def test_jacobians_agree_with_products_of_jacobians(name: str) -> None:
    roots = [T.dvector("v"), T.dmatrix("m"), T.dmatrix("s"), T.dtensor3("c")]
    part = T.concatenate([T.sin(one).flatten() if one.ndim else one.dimshuffle("x") for one in GRADIENTS[name](*roots)])
    for root, data in zip(roots, (V, M, S, C), strict=True):
        if root not in modc_roots(part):
            continue
        direction = np.random.default_rng(1).normal(size=data.shape)
        whole, forward = T.jacobian(part, root), T.Rop(part, root, T.constant(direction))
        run = function(roots, [whole, forward], on_unused_input="ignore")
        jacobian, product = run(V, M, S, C)
        np.testing.assert_allclose(jacobian.reshape(jacobian.shape[0], -1) @ direction.reshape(-1), product, atol=1e-12)


def modc_roots(expression: Any) -> set[Any]:
    """The root Variables that an expression takes values of."""
    from modc.graph import Leaf, walk

    seen = walk([expression.node], lambda node: () if node.op.name == "dim" else node.args)
    return {node.variable for node in seen if isinstance(node, Leaf)}


def test_a_product_of_values_that_are_zero_has_a_gradient() -> None:
    x, w = T.dvector("x"), T.dvector("w")
    found = T.mul_subtensor(x[[0, 0, 1, 2, 2]], w)
    run = function([x, w], T.grad((found * np.array([1.0, 2, 3, 4])).sum(), [x, w]))
    first, second = run([2.0, 0, 5, 1], [0.0, 3, 7, 0, 0])
    np.testing.assert_allclose(first, [0, 2 * 7, 0, 4])
    np.testing.assert_allclose(second, [2 * 3, 0, 0, 0, 0])


# Errors


@pytest.mark.parametrize("mode", MODES)
def test_calls_that_ask_for_what_is_not_there_are_refused(mode: str) -> None:
    v, i = T.dvector("v"), T.lvector("i")
    cases = [
        (T.take(v, i), [9], IndexError), (T.take_along_axis(v, i, 0), [-9], IndexError), (T.put(v, i, 1.0), [9], IndexError),
        (T.choose(i, [v[:1], v[1:2]]), [2], ValueError), (T.repeat(v, i), [1, 2, 1, 1, 1, -1], ValueError),
        (T.repeat(v, i), [1, 2], ValueError), (T.unravel_index(i, (2, 3))[0], [6], ValueError),
        (T.ravel_multi_index((i, i), (2, 3)), [2], ValueError), (v[:: i[0]], [0], ValueError),
        (T.insert(v, 9, 1.0), [0], IndexError), (T.delete(v, [-7]), [0], IndexError), (T.split(v, 4)[0], [0], ValueError),
        (T.split(v, i, 2)[0], [8, -2], ValueError), (T.split(v, i, 2)[1], [-2, 8], ValueError), (T.split(v, i, 2)[1], [3, 4], ValueError),
        (T.pad(v, (i[0], 1), "wrap"), [-1], ValueError), (T.pad(v, (-i[0], i[0])), [1], ValueError),
        (T.specify_shape(v, 5), [0], AssertionError), (T.specify_shape(v, i[0]), [7], AssertionError),
        (T.addbroadcast(v, 0), [0], AssertionError), (T.compress(T.gt(i, 0), v), [1] * 7, IndexError),
        (T.fill_diagonal(v[:3, None, None] * v[:2, None], 0.0), [0], ValueError), (T.delete(v, i), [0, 9], IndexError),
        (T.insert(v, i[0], 1.0), [7], IndexError),
    ]  # fmt: skip
    for at, (output, numbers, error) in enumerate(cases):
        with pytest.raises(error):
            function([v, i], output, mode=mode, on_unused_input="ignore")(V, numbers)
            pytest.fail(f"case {at} gives a result")


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda v, m: T.take(m, 0, 2), ValueError), (lambda v, m: T.take(m, 0, mode="odd"), ValueError),
        (lambda v, m: T.take_along_axis(m, [0], 1), ValueError), (lambda v, m: T.take_along_axis(m, [[0.5]], 1), IndexError),
        (lambda v, m: T.moveaxis(m, (0, 1), (0,)), ValueError), (lambda v, m: T.moveaxis(m, (0, 0), (0, 1)), ValueError),
        (lambda v, m: T.rollaxis(m, 0, 4), ValueError), (lambda v, m: T.diagonal(v), ValueError),
        (lambda v, m: T.diagonal(m, 0, 1, -1), ValueError), (lambda v, m: T.diag(T.zeros((1, 1, 1))), ValueError),
        (lambda v, m: T.fill_diagonal(v, 1.0), ValueError), (lambda v, m: T.split(v, 0), ValueError),
        (lambda v, m: T.split(v, [1, 2], 3), ValueError), (lambda v, m: T.hsplit(v[0], 2), ValueError),
        (lambda v, m: T.vsplit(v, 2), ValueError), (lambda v, m: T.dsplit(m, 2), ValueError),
        (lambda v, m: T.rot90(m, 1, (0, 0)), ValueError), (lambda v, m: T.rot90(m, 1, (0, 1, 2)), ValueError),
        (lambda v, m: T.fliplr(v), ValueError), (lambda v, m: T.roll(m, (1, 2, 3), (0, 1)), ValueError),
        (lambda v, m: T.hstack([]), ValueError), (lambda v, m: T.block([v, [v]]), ValueError), (lambda v, m: T.block([]), ValueError),
        (lambda v, m: T.column_stack([m, T.zeros((2, 2, 2))]), ValueError), (lambda v, m: T.meshgrid(v, indexing="yx"), ValueError),
        (lambda v, m: T.ix_(m), ValueError), (lambda v, m: T.mgrid[3], TypeError), (lambda v, m: T.nonzero(v[0]), ValueError),
        (lambda v, m: T.select([v > 0], [v, v]), ValueError), (lambda v, m: T.select([], []), ValueError),
        (lambda v, m: T.unravel_index(7, (2, 3)), ValueError), (lambda v, m: T.unravel_index(1, (2, 3), order="K"), ValueError),
        (lambda v, m: T.ravel_multi_index((1,), (2, 3)), ValueError), (lambda v, m: T.ravel_multi_index((1, 1), (2, 3), mode="no"), ValueError),
        (lambda v, m: T.repeat(v, [1, -1]), ValueError), (lambda v, m: T.insert(v, T.dvector(), 1.0), IndexError),
        (lambda v, m: T.insert(v, T.lmatrix(), 1.0), IndexError), (lambda v, m: T.compress(m > 0, m), ValueError),
        (lambda v, m: T.specify_shape(m, (1, 2, 3)), ValueError), (lambda v, m: T.specify_shape(T.dvector(shape=(3,)), 4), AssertionError),
        (lambda v, m: T.patternbroadcast(m, [True]), ValueError), (lambda v, m: T.mul_subtensor(m, 2.0), TypeError),
        (lambda v, m: T.insert(T.dvector(shape=(3,)), 5, 1.0), IndexError), (lambda v, m: T.delete(T.dvector(shape=(3,)), 3), IndexError),
        (lambda v, m: T.alloc_diag(v[0]), ValueError), (lambda v, m: T.broadcast_shape(T.zeros((2,)), T.zeros((3,))), ValueError),
        (lambda v, m: T.tril_indices_from(v), ValueError), (lambda v, m: T.horizontal_stack(v, v), ValueError),
    ],
)  # fmt: skip
def test_bad_arguments_are_refused_when_written(make: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        make(T.dvector("v"), T.dmatrix("m"))


# Names that Theano and PyTensor have


def test_names_of_theano_and_methods() -> None:
    v, m, s, i = T.dvector("v"), T.dmatrix("m"), T.dmatrix("s"), T.lvector("i")
    cases = [
        (m.nonzero()[1], M.nonzero()[1]), (m.nonzero(return_matrix=True), np.stack(M.nonzero())), (m.nonzero_values(), M[M.nonzero()]),
        (T.nonzero_values(m), M[M != 0]), (m.take(i, 1 - 1), M.take(I, 0)), (m.diagonal(1), M.diagonal(1)), (m.trace(), M.trace()),
        (m.swapaxes(0, 1), M.T), (v.compress(v > 0), V.compress(V > 0)), ((i % 2).choose([m[:, 0], m[:, 1]]), (I % 2).choose([M[:, 0], M[:, 1]])),
        (m[1:].set(0.0), np.vstack([M[:1], np.zeros((3, 3))])), (v[i].inc(1.0), V + np.array([1, 0, 2, 0, 0, 1])),
        (T.inc_subtensor(v[i], 1.0, ignore_duplicates=True), V + np.array([1, 0, 1, 0, 0, 1])),
        (T.extract_diag(s, 1), np.diag(S, 1)), (T.alloc_diag(v, offset=-1), np.diag(V, -1)), (T.fill_diagonal_offset(s, 0.0, 1), S - np.diag(np.diag(S, 1), 1)),
        (T.stacklists([[v, v], [v, v * 2]]), np.array([[V, V], [V, V * 2]])), (T.vertical_stack(m, m), np.vstack([M, M])),
        (T.split(v, [2, 1, 3], 3)[1], V[2:3]), (T.split(v, i[:2] + 2, 2)[0], V[:4]), (T.inverse_permutation([2, 0, 1]), np.array([1, 2, 0])),
        (T.permute_row_elements(m, [2, 0, 1]), M[:, [2, 0, 1]]), (T.permute_row_elements(m, [2, 0, 1], inverse=True), M[:, [1, 2, 0]]),
        (T.patternbroadcast(m[:1], (True, False)) + m, M[:1] + M), (T.unbroadcast(m, 0), M), (T.ogrid[0:3, 1:3][0], np.ogrid[0:3, 1:3][0]),
        (T.mgrid[0:3, 1:2:4j][1], np.mgrid[0:3, 1:2:4j][1]), (T.mgrid[: m.shape[0]], np.arange(4)), (T.tril_indices(m.shape[0])[1], np.tril_indices(4)[1]),
        (T.atleast_Nd(v, n=3, left=False), V[:, None, None]), (T.broadcast_shape(v[:3], m), np.array([4, 3])),
    ]  # fmt: skip
    for mode in MODES:
        found = function([v, m, s, i], [output for output, _ in cases], mode=mode)(V, M, S, np.array([2, 0, -1, 2]))
        for at, (got, (_, want)) in enumerate(zip(found, cases, strict=True)):
            np.testing.assert_allclose(got, want, rtol=1e-15, err_msg=str(at))


def test_numpys_functions_build_the_same() -> None:
    m = T.dmatrix("m")
    for output, want in (
        (np.roll(m, 1, axis=0), np.roll(M, 1, axis=0)), (np.split(m, [1, 3], 0)[1], M[1:3]), (np.pad(m, 1), np.pad(M, 1)),
        (np.take_along_axis(m, np.argmax(m, axis=1, keepdims=True), axis=1), M.max(axis=1, keepdims=True)), (np.flip(m, 1), M[:, ::-1]),
        (np.insert(m, 1, 0.0, axis=1), np.insert(M, 1, 0.0, axis=1)), (np.count_nonzero(m, axis=0), np.count_nonzero(M, axis=0)),
        (np.argwhere(m > 0), np.argwhere(M > 0)), (np.moveaxis(m, 0, 1), M.T), (np.trace(m), np.trace(M)),
    ):  # fmt: skip
        np.testing.assert_array_equal(value(output, {m: M}), want)


# Sizes


def test_arithmetic_of_sizes_costs_no_array() -> None:
    x, n = T.dmatrix("x"), T.lscalar("n")
    sizes = [x.shape[0] * 2 + 1, T.maximum(x.shape[1] - n, 0), T.prod(x.shape), x.shape.prod() // 2, (x.shape * 2)[0], T.stack([n, n])[1],
             x.shape[::-1][0], T.concatenate([x.shape, [n]])[2], T.switch(n > 2, n, 1)]  # fmt: skip
    run = function([x, n], [T.zeros(size) for size in sizes] + [T.zeros(x.shape * 2), T.zeros(T.stack([n, x.shape[0]]))], on_unused_input="ignore")
    assert split(run.program) is None
    found = run(M, 2)
    assert [one.shape for one in found] == [(9,), (1,), (12,), (6,), (8,), (2,), (3,), (2,), (1,), (8, 6), (2, 4)]


def test_sizes_that_are_specified_let_axes_broadcast_and_agree() -> None:
    x, y, n = T.dmatrix("x"), T.dvector("y"), T.lscalar("n")
    wide = T.specify_shape(x, (None, 1)) + y
    run = function([x, y, n], [wide, T.specify_shape(y, n)], mode="c")
    np.testing.assert_array_equal(run(M[:, :1], V, 6)[0], M[:, :1] + V)
    with pytest.raises(AssertionError, match="size 3, expected 1"):
        run(M, V, 6)
    with pytest.raises(AssertionError, match="size 6, expected 5"):
        run(M[:, :1], V, 5)
    assert T.specify_shape(x, (3, None)).type.shape == (3, None)


@pytest.mark.parametrize("mode", MODES)
def test_a_choice_that_does_not_matter_still_has_its_sizes_checked(mode):
    b, x, y = T.TensorType("bool", (None,))("b"), T.dvector("x"), T.dvector("y")
    for found in (T.where(b, x, x), T.where(T.constant(True), x, y) + 0 * b):
        run = modc.function([b, x, y], found, mode=mode, on_unused_input="ignore")
        with pytest.raises(ValueError, match="size"):
            run([True, False], [1.0, 2.0, 3.0], [1.0, 2.0])
        assert run([True, False, True], [1.0, 2.0, 3.0], [1.0, 2.0, 3.0]).tolist() == [1.0, 2.0, 3.0]
