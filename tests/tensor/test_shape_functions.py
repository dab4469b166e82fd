"""Functions that move, join, cut, repeat and pad, against NumPy's of the same name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import modc.tensor as T
from modc import function

V = np.array([3.0, -1.0, 4.0, 1.5, -5.0])
M = np.arange(12.0).reshape(3, 4) - 4.5
C = (np.arange(24.0).reshape(2, 3, 4) % 7) - 3
I = np.array([2, 0, -1, 1], dtype=np.int64)
SQ = np.arange(9.0).reshape(3, 3)

#: name -> f(numpy or modc.tensor, v, m, c, i, s): arrays V, M, C, I, SQ or root Variables for them.
CASES: dict[str, Any] = {
    "hstack": lambda n, v, m, c, i, s: [n.hstack([v, v]), n.hstack([m, m]), n.hstack([c, c])],
    "vstack": lambda n, v, m, c, i, s: [n.vstack([v, v]), n.vstack([m, s @ m])],
    "dstack": lambda n, v, m, c, i, s: [n.dstack([v, v]), n.dstack([m, m]), n.dstack([c, c])],
    "column_stack": lambda n, v, m, c, i, s: [n.column_stack([v, v]), n.column_stack([m, s, s[0]])],
    "block": lambda n, v, m, c, i, s: [n.block([[m, s], [s, m]]), n.block([v, v[:2]])],
    "concatenate": lambda n, v, m, c, i, s: [n.concatenate([m, s], 1), n.concatenate([m, m], axis=-2)],
    "split": lambda n, v, m, c, i, s: [*n.split(m, 2, 1), *n.split(c, [1, 2], axis=2), *n.split(v, [1, 3, 9]), *n.split(v, [-2])],
    "array_split": lambda n, v, m, c, i, s: [*n.array_split(v, 3), *n.array_split(v, 7), *n.array_split(m, [1], axis=1)],
    "hsplit": lambda n, v, m, c, i, s: [*n.hsplit(m, 2), *n.hsplit(v, [2])],
    "vsplit": lambda n, v, m, c, i, s: [*n.vsplit(m, 3)],
    "dsplit": lambda n, v, m, c, i, s: [*n.dsplit(c, 2)],
    "flip": lambda n, v, m, c, i, s: [n.flip(c), n.flip(c, 1), n.flip(c, (0, -1)), n.fliplr(m), n.flipud(v)],
    "rot90": lambda n, v, m, c, i, s: [n.rot90(m, k) for k in range(-1, 5)] + [n.rot90(c, 1, (1, 2)), n.rot90(c, 3, (2, 0))],
    "roll": lambda n, v, m, c, i, s: [n.roll(v, 2), n.roll(v, -7), n.roll(m, 5), n.roll(c, (1, -1), (0, 2)), n.roll(m, 1, (0, 1)), n.roll(m, 0, 0)],
    "tile": lambda n, v, m, c, i, s: [n.tile(v, 2), n.tile(m, (2, 1, 2)), n.tile(v, (2, 2)), n.tile(m, 0)],
    "repeat": lambda n, v, m, c, i, s: [n.repeat(m, 2), n.repeat(m, 2, 0), n.repeat(m, [1, 0, 2], 0), n.repeat(m, [3], 1), n.repeat(m, i * i, 1)],
    "append": lambda n, v, m, c, i, s: [n.append(v, m), n.append(m, s, 1), n.append(v, 1.0)],
    "insert": lambda n, v, m, c, i, s: [
        n.insert(v, 1, 9.0), n.insert(v, [1, 3, 1], [7.0, 8.0, 9.0]), n.insert(m, 1, 5.0, axis=1), n.insert(m, 2, v[:3], axis=1),
        n.insert(m, [1], 5.0, 0), n.insert(m, [0, 2], [[1.0], [2.0]], 0), n.insert(v, -1, 2.5), n.insert(v, [2], v),
        n.insert(m, 0, v[:4] * 2, 0),
    ],
    "delete": lambda n, v, m, c, i, s: [
        n.delete(v, 1), n.delete(v, [0, 2, 2]), n.delete(v, -1), n.delete(v, [-1, -3]), n.delete(m, 1, 1), n.delete(m, slice(1, None, 2), 1),
        n.delete(m, [0, 1]), n.delete(v, slice(None)), n.delete(v, []), n.delete(v, v > 1), n.delete(m, np.array([True, False, True]), 0),
    ],
    "moveaxis": lambda n, v, m, c, i, s: [n.moveaxis(c, 0, -1), n.moveaxis(c, (0, 1), (-1, 0)), n.swapaxes(c, 0, 2), n.rollaxis(c, 2), n.rollaxis(c, 0, 3), n.rollaxis(c, 1, 2)],
    "atleast": lambda n, v, m, c, i, s: [n.atleast_1d(v), n.atleast_2d(v), n.atleast_3d(v), n.atleast_3d(m), n.atleast_1d(v[0]), n.atleast_3d(v[0]), *n.atleast_2d(v, c)],
    "expand_dims": lambda n, v, m, c, i, s: [n.expand_dims(m, 1), n.expand_dims(m, (0, -1)), n.squeeze(m[:, None], 1)],
    "broadcast_arrays": lambda n, v, m, c, i, s: [*n.broadcast_arrays(v, v[0], m[:, :1, None])],
    "meshgrid": lambda n, v, m, c, i, s: [*n.meshgrid(v, i), *n.meshgrid(v, i, m[0], indexing="ij"), *n.meshgrid(v, i, sparse=True), *n.meshgrid(v), *n.meshgrid(v[0], i)],
    "indices": lambda n, v, m, c, i, s: [n.indices((2, 3)), *n.indices((2, 3), sparse=True), n.indices((4,), dtype="float32")],
    "ix_": lambda n, v, m, c, i, s: [m[n.ix_(n.arange(2), i)], m[n.ix_(m[:, 0] > -2, np.array([0, 2]))]],
    "tri": lambda n, v, m, c, i, s: [n.tri(3, 4, 1), n.tril(m), n.triu(c, -1), n.triu(s, 1), n.tril(v), *n.tril_indices(3, 1, 4), *n.triu_indices(4), *n.triu_indices_from(m, 1), *n.tril_indices_from(m)],
    "diag": lambda n, v, m, c, i, s: [n.diag(v), n.diag(v, 2), n.diag(v, -1), n.diag(m), n.diag(m, 1), n.diag(m, -2), n.diag(m, 9), n.diagflat(m, 1)],
    "diagonal": lambda n, v, m, c, i, s: [n.diagonal(m), n.diagonal(c, 1, 2, 1), n.diagonal(c, 0, 0, 2), n.diagonal(c, -1), n.diagonal(s)],
    "trace": lambda n, v, m, c, i, s: [n.trace(m), n.trace(c, 1, 1, 2), n.trace(m, -5), n.trace(s)],
    "diag_indices": lambda n, v, m, c, i, s: [*n.diag_indices(3), *n.diag_indices_from(s), s[n.diag_indices_from(s)]],
    "take": lambda n, v, m, c, i, s: [n.take(m, i), n.take(m, i, 1), n.take(c, [[0, 2], [1, 0]], 1), n.take(m, i * 9, 1, mode="wrap"), n.take(m, i * 9, 1, mode="clip"), n.take(c, 1, axis=-1)],
    "take_along_axis": lambda n, v, m, c, i, s: [
        n.take_along_axis(m, n.argmax(m, 1, keepdims=True), 1), n.take_along_axis(m, i[None], 1), n.take_along_axis(v, i, None), n.take_along_axis(m[0][None], np.array([[0, 1], [3, 2]]), 1), n.take_along_axis(m, np.array([[2, 0, 1, -1]]), 0)],
    "compress": lambda n, v, m, c, i, s: [n.compress(v > 0, v), n.compress(np.array([False, True]), m, 0), n.compress([True, False, True, True, False, False], m), n.extract(m > 1, m)],
    "choose": lambda n, v, m, c, i, s: [n.choose(np.array([1, 0, 2, 1]), [m[0], m[1], 7.0]), n.choose(i, [m[0], m[1], m[2]], mode="clip"), n.choose(i * 5, [m[0], m[1]], mode="wrap")],
    "select": lambda n, v, m, c, i, s: [n.select([v > 3, v > 0], [v, v * 2], 9.0)],
    "nonzero": lambda n, v, m, c, i, s: [*n.where(m > 0), n.where(m > 0, m, 0.0), *n.nonzero(m > 0), *n.nonzero(v), *n.nonzero(c), n.flatnonzero(m > 0), n.argwhere(c > 1), n.count_nonzero(c), n.count_nonzero(c, axis=(0, 2)), n.count_nonzero(m > 0, 1, keepdims=True)],
    "ravel_multi_index": lambda n, v, m, c, i, s: [n.ravel_multi_index((i % 3, i % 4), (3, 4)), n.ravel_multi_index((i, i * 3), (3, 4), mode=("wrap", "clip")), n.ravel_multi_index((i % 3, i % 4), (3, 4), order="F")],
    "unravel_index": lambda n, v, m, c, i, s: [*n.unravel_index(i * i * 3, (2, 3, 4)), *n.unravel_index(i * i, (2, 3, 4), order="F"), *n.unravel_index(7, (2, 3, 4))],
}  # fmt: skip


def roots(fixed: bool) -> list[Any]:
    found = []
    for name, array in zip("vmcis", (V, M, C, I, SQ), strict=True):
        found.append(T.TensorType(array.dtype, array.shape if fixed else (None,) * array.ndim)(name))
    return found


def numpy_of(case: Any) -> list[Any]:
    return [np.asarray(one) for one in case(np, V, M, C, I, SQ)]


@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_functions_give_what_numpy_gives(name: str, fixed: bool) -> None:
    expected = numpy_of(CASES[name])
    leaves = roots(fixed)
    outputs = CASES[name](T, *leaves)
    for mode in ("c", "numpy"):
        run = function(leaves, list(outputs), mode=mode, on_unused_input="ignore")
        assert run.maker.mode == mode
        found = run(V, M, C, I, SQ)
        assert len(found) == len(expected)
        for at, (got, want) in enumerate(zip(found, expected, strict=True)):
            assert got.dtype == want.dtype or name in ("choose",), (at, got.dtype, want.dtype)
            np.testing.assert_array_equal(got, want, err_msg=f"{name} {at} {mode}")


MORE: dict[str, Any] = {
    "resize": lambda n, v, m: [n.resize(v, (2, 2)), n.resize(m, (3, 7)), n.resize(v, 11)],
    "trim_zeros": lambda n, v, m: [n.trim_zeros(n.concatenate([v * 0, v, v * 0])), n.trim_zeros(v * 0), n.trim_zeros(n.concatenate([v * 0, v]), "b")],
    "making": lambda n, v, m: [n.identity(3), n.logspace(0, 2, 5), n.geomspace(1.0, 1000.0, 4), n.vander(v), n.vander(v, 3, increasing=True),
                               n.empty_like(v) * 0, n.copy(m), n.fromfunction(lambda i, j: i * 10 + j, (2, 3))],
    "comparing": lambda n, v, m: [n.array_equal(v, v), n.array_equal(v, v + 1), n.array_equal(v * np.nan, v * np.nan, equal_nan=True), n.array_equiv(m, m[0][None] * 0)],
    "functions": lambda n, v, m: [n.piecewise(v, [v < 0, v > 3], [lambda x: -x, 7.0, lambda x: x * 2]), n.piecewise(v, [v < 0], [1.0]), *n.mask_indices(3, n.triu, 1)],
    "apply_along_axis": lambda n, v, m: [n.apply_along_axis(lambda x: x - x.mean(), 0, m), n.apply_along_axis(lambda x: x.max(), 1, m),
                                         n.apply_along_axis(lambda x: x[:2, None] * x[None, 1:], 1, m), n.apply_along_axis(lambda x: x, 0, m)],
}  # fmt: skip


@pytest.mark.parametrize("name", MORE)
def test_making_and_comparing_as_numpy_does(name: str) -> None:
    expected = [np.asarray(one) for one in MORE[name](np, V, M)]
    v, m = T.dvector("v"), T.dmatrix("m")
    for mode in ("c", "numpy"):
        found = function([v, m], list(MORE[name](T, v, m)), mode=mode, on_unused_input="ignore")(V, M)
        for at, (got, want) in enumerate(zip(found, expected, strict=True)):
            np.testing.assert_allclose(got, want, rtol=1e-14, err_msg=f"{name} {at} {mode}")


def test_slices_of_a_known_axis_are_unstacked() -> None:
    m = T.dmatrix("m", shape=(None, 3))
    assert [str(one) for one in T.unstack(m, 1)] == ["m.T[0, :]", "m.T[1, :]", "m.T[2, :]"]
    assert T.permute_dims(m).type.shape == (3, None)
    assert T.concat([m, m], None).ndim == 1
    assert tuple(T.broadcast_shapes((2, 1), (1, 3)).eval()) == (2, 3)


SYMBOLIC: dict[str, Any] = {
    "roll": lambda n, v, m, k: [n.roll(v, k), n.roll(m, k, 1), n.roll(m, (k, -k), (0, 1))],
    "repeat": lambda n, v, m, k: [n.repeat(v, abs(k)), n.repeat(m, abs(k), 1), n.tile(v, abs(k)), n.tile(m, (abs(k), 2))],
    "diagonals": lambda n, v, m, k: [n.diag(v, k), n.diag(m, k), n.diagonal(m, k), n.trace(m, k), n.tri(3, 4, k), n.eye(4, 3, k), n.tril(m, k)],
    "positions": lambda n, v, m, k: [n.take(v, k), n.insert(v, k, 9.0), n.insert(m, k, v[:4], 0), n.delete(v, k), n.delete(v, slice(k, None, 2))],
    "ranges": lambda n, v, m, k: [v[k:], v[:k], v[k:-1], v[k::-1], m[:, k:][::-1], n.split(v, [abs(k)])[0], n.array_split(v[abs(k):], 3)[1], v[-k:][:k]],
    "widths": lambda n, v, m, k: [n.pad(v, abs(k)), n.pad(m, ((abs(k), 0), (1, abs(k))), "reflect"), n.pad(v, (abs(k), 1), "edge")],
}  # fmt: skip


@pytest.mark.parametrize("name", SYMBOLIC)
def test_numbers_may_be_symbolic(name: str) -> None:
    v, m, k = T.dvector("v"), T.dmatrix("m"), T.lscalar("k")
    outputs = list(SYMBOLIC[name](T, v, m, k))
    runs = [function([v, m, k], outputs, mode=mode, on_unused_input="ignore") for mode in ("c", "numpy")]
    for number in (-3, -2, -1, 0, 1, 2):
        expected = [np.asarray(one) for one in SYMBOLIC[name](np, V, M, number)]
        for run in runs:
            for at, (got, want) in enumerate(zip(run(V, M, number), expected, strict=True)):
                np.testing.assert_array_equal(got, want, err_msg=f"{name} {at} of {number}")
