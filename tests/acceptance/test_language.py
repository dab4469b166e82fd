"""The language as a user of the old one would try it."""

from __future__ import annotations

import numpy as np
import pytest

import modc.tensor as T
from modc import Method, Module, function, grad

rng = np.random.default_rng(7)


@pytest.mark.parametrize("mode", ["c", "numpy"])
@pytest.mark.parametrize("wrong", [-1, -3, 3])
def test_a_label_that_is_no_class_stops_the_step_and_changes_nothing(mode, wrong):
    x, y = T.dmatrix("x"), T.lvector("y")
    m = Module(w=T.dmatrix())
    cost = T.nnet.categorical_crossentropy(T.nnet.softmax(T.dot(x, m.w)), y).mean()
    m.step = Method([x, y], cost, {m.w: m.w - grad(cost, m.w)})
    inst = m.make(w=np.eye(2, 3), mode=mode)
    with pytest.raises(IndexError, match=r"Module\.step"):
        inst.step(np.ones((2, 2)), [0, wrong])
    assert np.array_equal(inst.w, np.eye(2, 3))
    assert np.isfinite(inst.step(np.ones((2, 2)), [0, 2]))


def test_gradients_reach_intermediate_expressions():
    x, w = T.dmatrix("x"), T.dmatrix("w")
    hidden = T.dot(x, w)
    cost = T.sum(T.nnet.relu(hidden) ** 2)
    of_hidden, of_w = function([x, w], grad(cost, [hidden, w]))(
        a := rng.normal(size=(5, 3)), b := rng.normal(size=(3, 2))
    )
    np.testing.assert_allclose(of_hidden, 2 * np.maximum(a @ b, 0))
    np.testing.assert_allclose(of_w, a.T @ (2 * np.maximum(a @ b, 0)))


def test_the_penalty_on_a_gradient_has_a_gradient():
    x, y, w, v = T.dmatrix("x"), T.lvector("y"), T.dmatrix("w"), T.dmatrix("v")
    soft = T.nnet.softmax(T.dot(T.tanh(T.dot(x, w)), v))
    cost = T.nnet.categorical_crossentropy(soft, y).mean() + 0.1 * (w**2).sum()
    penalty = sum((one**2).sum() for one in grad(cost, [w, v]))
    evaluate = function([x, y, w, v], [penalty, *grad(penalty, [w, v])])
    data = rng.normal(size=(5, 3)), rng.integers(0, 4, 5)
    weights = [rng.normal(size=(3, 6)), rng.normal(size=(6, 4))]
    _, *slopes = evaluate(*data, *weights)
    for array, slope in zip(weights, slopes, strict=True):
        for place in np.ndindex(*array.shape):
            kept = array[place]
            array[place] = kept + 1e-6
            above = evaluate(*data, *weights)[0]
            array[place] = kept - 1e-6
            below = evaluate(*data, *weights)[0]
            array[place] = kept
            np.testing.assert_allclose(slope[place], (above - below) / 2e-6, rtol=1e-5, atol=1e-6)


def test_every_constructor_gives_its_dtype_and_its_plural_several():
    dtypes = {"b": "int8", "w": "int16", "i": "int32", "l": "int64", "f": "float32", "d": "float64", "": "float64"}
    dtypes |= {"ub": "uint8", "uw": "uint16", "ui": "uint32", "ul": "uint64"}
    kinds = {"scalar": 0, "vector": 1, "matrix": 2, "row": 2, "col": 2, "tensor3": 3, "tensor4": 4}
    for prefix, dtype in dtypes.items():
        for kind, ndim in kinds.items():
            one = getattr(T, prefix + kind)("x")
            assert (one.name, one.dtype, one.ndim) == ("x", dtype, ndim)
            several = getattr(T, prefix + ("matrices" if kind == "matrix" else kind + "s"))
            assert [other.name for other in several("n", "c")] == ["n", "c"]
            assert [other.name for other in several("nc")] == ["n", "c"]
            assert [other.type == one.type for other in several(3)] == [True] * 3
