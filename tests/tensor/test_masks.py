"""Boolean masks: read, written, reduced, differentiated; how many there are is known to the call alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import modc
import modc.tensor as T
from modc import Method, Module, function
from modc.graph import walk
from modc.graph.evaluate import values
from modc.graph.masked import unmasked
from modc.graph.split import split

MODES = ["c", "check", "numpy"]
rng = np.random.default_rng(7)
X = rng.normal(size=9)
M = rng.normal(size=(5, 4))
KEEP = X > 0.2
MARKS = M > 0


def mask(ndim: int) -> Any:
    return T.TensorType("bool", (None,) * ndim)(f"mask{ndim}")


@pytest.mark.parametrize("mode", MODES)
def test_masks_select_and_change_elements_and_rows(mode: str) -> None:
    x, m, k, q = T.dvector("x"), T.dmatrix("m"), mask(1), mask(2)
    run = function(
        [x, m, k, q],
        [x[k], x[~k][::-1], m[q], m[k[:5]], m[k[:5], 1:], m[k[:5], 2], T.set_subtensor(x[k], 5.0), T.inc_subtensor(m[q], 2.0),
         T.set_subtensor(m[k[:5]], x[:4]), T.set_subtensor(x[k], T.arange(k.sum()) * 1.0), T.mul_subtensor(m[q], 3.0),
         T.max_subtensor(m[q], m[q] * 2), m[k[:5]][:, q[0]]],
        mode=mode,
    )  # fmt: skip
    for keep, marks in ((KEEP, MARKS), (KEEP & False, MARKS & False), (KEEP | True, MARKS | True)):
        found = run(X, M, keep, marks)
        five, six, seven, eight, nine, ten = X.copy(), M.copy(), M.copy(), X.copy(), M.copy(), M.copy()
        five[keep], six[marks], seven[keep[:5]], eight[keep] = 5, M[marks] + 2, X[:4], np.arange(keep.sum())
        nine[marks], ten[marks] = M[marks] * 3, np.maximum(M[marks], M[marks] * 2)
        expected = [X[keep], X[~keep][::-1], M[marks], M[keep[:5]], M[keep[:5], 1:], M[keep[:5], 2], five, six, seven, eight, nine, ten,
                    M[keep[:5]][:, marks[0]]]  # fmt: skip
        for at, (got, want) in enumerate(zip(found, expected, strict=True)):
            np.testing.assert_array_equal(got, want, err_msg=str(at))


REDUCED = {
    "sum": lambda x: x.sum(), "sum of squares": lambda x: (x**2).sum(), "mean": lambda x: x.mean(), "max": lambda x: x.max(),
    "min": lambda x: x.min(), "prod": lambda x: x.prod(), "any": lambda x: (x > 1).any(), "all": lambda x: (x > 0).all(),
    "var": lambda x: x.var(), "dot": lambda x: (x * 2).dot(x), "of two": lambda x: (np.e * x - x.mean()).sum(),
}  # fmt: skip


@pytest.mark.parametrize("mode", ["c", "numpy"])
def test_reductions_of_masked_elements_are_one_kernel(mode: str) -> None:
    x, k = T.dvector("x"), mask(1)
    run = function([x, k], [reduce(x[k]) for reduce in REDUCED.values()], mode=mode)
    assert split(run.program) is None
    for got, (name, reduce) in zip(run(X, KEEP), REDUCED.items(), strict=True):
        np.testing.assert_allclose(got, reduce(X[KEEP]), rtol=1e-12, err_msg=name)
    empty = function([x, k], [x[k].sum(), x[k].prod(), (x[k] > 0).any(), (x[k] > 0).all(), x[k].mean()], mode=mode)
    np.testing.assert_array_equal(empty(X, KEEP & False), [0, 1, False, True, np.nan])


@pytest.mark.parametrize("mode", ["c", "numpy"])
def test_a_reduction_of_nothing_is_refused_as_numpy_does(mode: str) -> None:
    x, k = T.dvector("x"), mask(1)
    for reduce in (T.max, T.min):
        run = function([x, k], reduce(x[k]), mode=mode)
        with pytest.raises(ValueError, match="zero-size array"):
            run(X, KEEP & False)


@pytest.mark.parametrize("mode", ["c", "numpy"])
def test_masked_rows_reduce_along_either_axis(mode: str) -> None:
    m, k, q = T.dmatrix("m"), mask(1), mask(2)
    run = function([m, k, q], [m[k].sum(axis=0), m[k].max(axis=0), m[:, k[:4]].sum(axis=1), m[k].sum(axis=1).max(), m[q].mean()], mode=mode)
    assert split(run.program) is None
    keep = KEEP[:5]
    keep[1] = True
    m4 = M[:, :4]
    found = function([m, k], m[:, k].sum(axis=1), mode=mode)(m4, KEEP[:4])
    np.testing.assert_allclose(found, m4[:, KEEP[:4]].sum(axis=1))
    got = function([m, k, q], [m[k].sum(axis=0), m[k].max(axis=0), m[k].sum(axis=1).max(), m[q].mean()], mode=mode)(M, keep, MARKS)
    for one, want in zip(got, [M[keep].sum(0), M[keep].max(0), M[keep].sum(1).max(), M[MARKS].mean()], strict=True):
        np.testing.assert_allclose(one, want)


def test_what_the_mask_leaves_out_does_not_spoil_values_or_gradients() -> None:
    x = T.dvector("x")
    data = np.array([1.0, 0.0, -2.0, 4.0])
    cost = T.log(x[x > 0]).sum() + (1.0 / x[x.equals(0).astype("int8").equals(0)]).sum()
    run = function([x], [cost, T.grad(cost, x)])
    assert split(run.program) is None
    got, gradient = run(data)
    np.testing.assert_allclose(got, np.log(4.0) + 1 - 0.5 + 0.25)
    np.testing.assert_allclose(gradient, [1 - 1, 0, -0.25, 0.25 - 1 / 16])


def test_positions_outside_in_what_the_mask_leaves_out_do_not_matter() -> None:
    x, i, k = T.dvector("x"), T.lvector("i"), mask(1)
    run = function([x, i, k], x[i[k]].sum())
    positions = np.array([0, 99, 2])
    assert run(X, positions, np.array([True, False, True])) == pytest.approx(X[0] + X[2])
    with pytest.raises(IndexError):
        run(X, positions, np.array([True, True, True]))


@pytest.mark.parametrize("mode", ["c", "numpy"])
def test_gradients_agree_with_differences(mode: str) -> None:
    k, q = KEEP[:5], MARKS

    def cost(x: Any, m: Any, v: Any) -> Any:
        parts = [x[: k.size][k] ** 3, m[q] * m[q], m[k].flatten(), m[m > 0.1] ** 2, T.set_subtensor(m[q], v).flatten() ** 2,
                 T.inc_subtensor(m[m > 0], m[m > 0] * v).flatten() ** 2, T.max_subtensor(m[q], v * 1.0).flatten()]  # fmt: skip
        weights = [np.linspace(1, 2, 20)[: part.node.shape[0]] if isinstance(part.node.shape[0], int) else 1.5 for part in parts]
        return sum((part * weight).sum() for part, weight in zip(parts, weights, strict=True))

    modc.check_grad(cost, [X, M, 0.3], mode=mode)


def test_jacobians_and_hessians_go_through_masks() -> None:
    x = T.dvector("x")
    part = x[x > 0] ** 2
    run = function([x], [T.jacobian(part, x), T.hessian(part.sum(), x), T.Rop(part, x, x * 0 + 1)])
    found = run(X)
    positive = np.flatnonzero(X > 0)
    expected = np.zeros((positive.size, X.size))
    expected[np.arange(positive.size), positive] = 2 * X[positive]
    np.testing.assert_allclose(found[0], expected)
    np.testing.assert_allclose(found[1], np.diag(np.where(X > 0, 2.0, 0.0)))
    np.testing.assert_allclose(found[2], 2 * X[positive])


class Filter(Module):
    def __init__(self) -> None:
        super().__init__()
        self.kept, k = T.dvector(), mask(1)
        self.drop = Method(k, self.kept.shape[0], {self.kept: self.kept[~k]})
        self.zero = Method(k, updates={self.kept: T.set_subtensor(self.kept[k], 0.0)})


@pytest.mark.parametrize("mode", MODES)
def test_members_shrink_and_change_by_masks(mode: str) -> None:
    filtered = Filter().make(kept=[1.0, 2.0, 3.0, 4.0], mode=mode)
    filtered.drop([False, True, False, False])
    assert filtered.kept.tolist() == [1, 3, 4]
    filtered.zero([True, False, True])
    assert filtered.kept.tolist() == [0, 3, 0]
    with pytest.raises(IndexError, match=r"boolean index|axis 0 has size 2"):
        filtered.drop([True, False])
    assert filtered.kept.tolist() == [0, 3, 0]


@pytest.mark.parametrize("mode", ["c", "numpy"])
def test_masks_of_another_size_are_refused(mode: str) -> None:
    x, m, k, q = T.dvector("x"), T.dmatrix("m"), mask(1), mask(2)
    for inputs, output, given in (
        ([x, k], x[k], (X, KEEP[:-1])), ([x, k], x[k].sum(), (X, KEEP[:-1])), ([m, q], m[q], (M, MARKS[:, :-1])),
        ([x, k], T.set_subtensor(x[k], 0.0), (X, KEEP[1:])), ([m, k], m[:, k], (M, KEEP[:5])),
    ):  # fmt: skip
        with pytest.raises(IndexError):
            function(inputs, output, mode=mode)(*given)
    with pytest.raises(IndexError, match="boolean index did not match"):
        T.dvector("x", shape=(3,))[np.array([True, False])]
    with pytest.raises(ValueError):
        function([x, k, m], T.set_subtensor(x[k], m[0]), mode=mode)(X, KEEP, M[:, :3] if KEEP.sum() == 4 else M)


@pytest.mark.parametrize("mode", ["c", "numpy"])
def test_conditions_without_axes_keep_or_drop_everything(mode: str) -> None:
    x, b = T.dvector("x"), T.TensorType("bool", ())("b")
    run = function([x, b], [x[b], x[True], x[False], T.set_subtensor(x[b], 1.0), x[None, b].sum()], mode=mode)
    for value in (True, False):
        expected = X.copy()
        expected[value] = 1.0
        for got, want in zip(run(X, value), [X[value], X[True], X[False], expected, X[None, value].sum()], strict=True):
            np.testing.assert_allclose(got, want)


@pytest.mark.parametrize("mode", ["c", "numpy"])
def test_masks_of_other_dtypes_of_elements(mode: str) -> None:
    k = mask(1)
    for dtype in ("bool", "int8", "uint16", "int64", "uint64", "float32"):
        x = T.TensorType(dtype, (None,))("x")
        data = np.array([3, 0, 1, 2, 5, 0, 7, 1, 1]).astype(dtype)
        run = function([x, k], [x[k], T.max(x[k]), T.sum(x[k]), T.set_subtensor(x[k], x[0])], mode=mode)
        found = run(data, KEEP)
        expected = data.copy()
        expected[KEEP] = data[0]
        for got, want in zip(found, [data[KEEP], data[KEEP].max(), data[KEEP].sum(), expected], strict=True):
            assert got.dtype == want.dtype
            np.testing.assert_array_equal(got, want)


def test_expressions_with_masks_are_printed_as_written() -> None:
    x, k = T.dvector("x"), T.TensorType("bool", (None,))("k")
    m, q = T.dmatrix("m"), T.TensorType("bool", (None, None))("q")
    for expression, text in ((x[k], "x[k]"), (m[q], "m[q]"), (m[:, k], "m[:, k]"), (m[k, 1:], "m[:, 1:][k]"), (x[x > 0], "x[x > 0.0]")):
        assert str(expression) == text
    assert str(T.set_subtensor(m[q], x)) == "set_subtensor(m[q], x).reshape(m.shape[0], m.shape[1])"


def random_reduction(seed: int, x: Any, m: Any, k: Any, s: Any) -> Any:
    """A reduction of elementwise functions of masked vectors and rows."""
    draw = np.random.default_rng(seed)
    rows, flat = m[k], x[k]
    one = [flat, flat * s, rows[:, 1], rows.sum(axis=1), m[:, 0][k], T.nonzero(k)[0] * 1.0, T.sqr(flat) - flat.mean()]
    two = [rows, rows * flat.dimshuffle(0, "x"), rows + m[0], rows - flat[:, None], m.T[:, k].T, rows * s, m[k, None][:, 0]]
    kind = int(draw.integers(3))
    part = one[draw.integers(len(one))] if kind == 0 else two[draw.integers(len(two))]
    other = one[draw.integers(len(one))] if kind == 0 else two[draw.integers(len(two))]
    part = [part * other + 1, part - other, T.maximum(part, other), T.exp(-abs(part))][draw.integers(4)]
    reduce = [T.sum, T.mean, T.max, T.min, T.any, T.prod, T.logsumexp][draw.integers(7)]
    found = reduce(part, axis=None if kind == 0 else [0, None, (0, 1)][draw.integers(3)])
    return T.grad(found.sum(), x, disconnected_inputs="ignore") if found.dtype == "float64" and seed % 3 == 0 else found


def test_random_reductions_are_the_same_without_positions() -> None:
    x, m, k, s = T.dvector("x"), T.dmatrix("m"), mask(1), T.dscalar("s")
    given = {x.node: X[:5], m.node: M, k.node: KEEP[:5] | [True, False, False, False, True], s.node: np.array(0.7)}
    left = 0
    for seed in range(200):
        node = random_reduction(seed, x, m, k, s).node
        (plain,) = unmasked([node])
        left += any(one.op.name == "nonzero" for one in walk([plain]))
        first, second = values([node, plain], given)
        assert first.dtype == second.dtype
        np.testing.assert_allclose(second, first, rtol=1e-12, atol=1e-14, err_msg=f"seed {seed}: {node}")
    assert left == 0


@pytest.mark.parametrize("mode", MODES)
def test_positions_of_a_mask_are_the_mask(mode: str) -> None:
    m, q = T.dmatrix("m"), mask(2)
    positive = (m > 0).nonzero()
    run = function([m], [m[positive].sum(), T.set_subtensor(m[T.nonzero(m < 0)], 0.0), (m[positive] ** 2).mean()], mode=mode)
    assert split(run.program) is None
    for got, want in zip(run(M), [M[M > 0].sum(), np.maximum(M, 0), (M[M > 0] ** 2).mean()], strict=True):
        np.testing.assert_allclose(got, want)
    other = function([m, q], m[q.nonzero()], mode=mode)
    np.testing.assert_array_equal(other(M, MARKS[:2, :3]), M[MARKS[:2, :3].nonzero()])
    swapped = function([m], m[positive[::-1]], mode=mode)
    square = M[:4, :4]
    np.testing.assert_array_equal(swapped(square), square[(square > 0).nonzero()[::-1]])


@pytest.mark.parametrize("mode", MODES)
def test_a_mask_that_costs_something_is_computed_once(mode: str) -> None:
    x, m = T.dvector("x"), T.dmatrix("m")
    keep = T.dot(m, x) > 0
    run = function([x, m], [m[keep], T.dot(m, x)[keep], x[x > x.mean()], T.repeat(m, keep.astype("int64") * 2, 0)], mode=mode)
    pieces = split(run.program)
    assert pieces is not None
    assert len(pieces) == 2
    assert [node.op.name for node in walk(pieces[-1].program.roots) if node.op.name in ("mean",)] == []
    data = M[:, :3]
    for start in (X[:3], X[:3] * 0):
        chosen = data @ start > 0
        expected = [data[chosen], (data @ start)[chosen], start[start > start.mean()], np.repeat(data, chosen * 2, 0)]
        for got, want in zip(run(start, data), expected, strict=True):
            np.testing.assert_allclose(got, want)


def test_functions_of_users_see_only_what_was_selected() -> None:
    seen: list[float] = []

    def noted(x: Any) -> Any:
        seen.extend(np.ravel(x).tolist())
        return x + 1.0

    careful = modc.op("careful", numpy=noted, c="{0} + 1.0", dtypes="float64 -> float64")
    x = T.dvector("x")
    run = function([x], careful(x[x > 0]).sum(), mode="numpy")
    assert run([1.0, -5.0, 2.0]) == 5.0
    assert set(seen) == {1.0, 2.0}
