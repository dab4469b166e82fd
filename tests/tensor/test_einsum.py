from __future__ import annotations

import numpy as np
import pytest

import modc
import modc.tensor as T
from modc import function

RNG = np.random.default_rng(5)
MODES = ["c", "numpy"]
STACKS = [
    ((2, 3, 4), (2, 4, 5)), ((2, 3, 4), (4, 5)), ((3, 4), (2, 4, 5)), ((2, 3, 4), (4,)), ((4,), (2, 4, 5)), ((4,), (4,)),
    ((3, 4), (4,)), ((2, 1, 3, 4), (1, 6, 4, 5)), ((6, 3, 4), (2, 6, 4, 5)), ((0, 3, 4), (0, 4, 5)), ((2, 3, 0), (2, 0, 5)),
]  # fmt: skip
SUBSCRIPTS = [
    "ij,jk->ik", "ij,jk", "ij->ji", "ii->i", "ii", "ij->", "i,i->", "i,j->ij", "bij,bjk->bik", "bij,bkj->bik", "ij,ij->ij",
    "ij,ij->i", "ij,jk,kl->il", "ab,cd,bc,ad->", "bij,bjk,bkl,bl->bi", "...ij,...jk->...ik", "ijk->kij", "ijj->i", "i...->...",
    "ab,b,b->a", "ij,k->kij",
]  # fmt: skip


def variables(arrays):
    """Variables with the axes of size 1 declared, so that they broadcast."""
    return [
        T.TensorType("float64", [1 if size == 1 else None for size in array.shape])(f"x{at}") for at, array in enumerate(arrays)
    ]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shapes", STACKS, ids=str)
def test_products_of_stacks_equal_numpy(shapes, mode):
    arrays = [RNG.normal(size=shape) for shape in shapes]
    given = variables(arrays)
    found = function(given, given[0] @ given[1], mode=mode)(*arrays)
    np.testing.assert_allclose(found, np.matmul(*arrays), rtol=1e-12, atol=1e-12)
    if all(array.size for array in arrays):
        modc.check_grad(lambda a, b: a @ b, arrays, mode=mode)


@pytest.mark.parametrize("dtype", ["bool", "int8", "int64", "uint16", "float32"])
def test_products_of_stacks_of_other_dtypes(dtype):
    a, b = (RNG.integers(0, 2 if dtype == "bool" else 9, size=size).astype(dtype) for size in ((2, 3, 4), (2, 4, 5)))
    x, y = (T.TensorType(dtype, (None,) * 3)(name) for name in "xy")
    found = function([x, y], T.matmul(x, y))(a, b)
    expected = np.matmul(a, b)
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("subscripts", SUBSCRIPTS)
def test_einsum_equals_numpy(subscripts, mode):
    sizes = dict(zip("abcdijklb", (2, 3, 4, 2, 3, 4, 2, 5, 3), strict=True))
    terms = subscripts.split("->")[0].split(",")
    fill = (2, 3)
    shapes = []
    for term in terms:
        before, dots, after = term.partition("...")
        labels = "iii" if term in ("ii", "ijj") else None
        axes = [sizes[label] for label in before] + (list(fill) if dots else []) + [sizes[label] for label in after]
        if labels:
            axes = {"ii": [3, 3], "ijj": [3, 4, 4]}[term]
        shapes.append(axes)
    arrays = [RNG.normal(size=shape) for shape in shapes]
    given = variables(arrays)
    found = function(given, T.einsum(subscripts, *given), mode=mode)(*arrays)
    np.testing.assert_allclose(found, np.einsum(subscripts, *arrays), rtol=1e-11, atol=1e-12)
    modc.check_grad(lambda *xs: T.einsum(subscripts, *xs), arrays, mode=mode)


@pytest.mark.parametrize(
    "subscripts, operands",
    [("ij,jk", 1), ("ijk", 1), ("ij->ik", 1), ("ij->ii", 1), ("i?", 1), ("...ijk", 1)],
)
def test_subscripts_that_do_not_fit_are_refused(subscripts, operands):
    with pytest.raises(ValueError, match="einsum"):
        T.einsum(subscripts, *[T.dmatrix()] * operands)


def test_sizes_that_disagree_are_refused():
    a, b = T.TensorType("float64", (2, 3))(), T.TensorType("float64", (4, 5))()
    with pytest.raises(ValueError):
        T.einsum("ij,jk->ik", a, b)
    x, y = T.dtensor3("x"), T.dtensor3("y")
    with pytest.raises(ValueError, match="size"):
        function([x, y], x @ y)(np.ones((2, 3, 4)), np.ones((3, 4, 5)))


@pytest.mark.parametrize("shapes", [((3, 4), (3, 4)), ((3, 2, 4), (3, 4)), ((3, 4), (3, 4, 5)), ((3, 2, 4), (3, 4, 5))], ids=str)
def test_batched_dot_is_a_dot_for_each(shapes):
    a, b = (RNG.normal(size=shape) for shape in shapes)
    given = variables([a, b])
    found = function(given, T.batched_dot(*given))(a, b)
    np.testing.assert_allclose(found, np.stack([np.dot(one, other) for one, other in zip(a, b, strict=True)]), rtol=1e-12)


def test_a_jacobian_goes_through_products_of_stacks():
    x = T.dtensor3("x")
    data = RNG.normal(size=(2, 2, 2))
    full = function([x], T.jacobian((x @ x).sum(axis=0), x))(data)
    step = 1e-6
    for index in np.ndindex(2, 2, 2):
        moved = [data.copy(), data.copy()]
        moved[0][index] += step
        moved[1][index] -= step
        slope = ((moved[0] @ moved[0]).sum(0) - (moved[1] @ moved[1]).sum(0)) / (2 * step)
        np.testing.assert_allclose(full[(..., *index)], slope, rtol=1e-6, atol=1e-8)
