"""Eigenvalues and eigenvectors of general matrices, and complex linear systems."""

from __future__ import annotations

import numpy as np
import pytest

import modc.tensor as T
from modc import Method, Module, function, grad
from modc.errors import ShapeError
from modc.runtime import blas
from modc.tensor import linalg

RNG = np.random.default_rng(7)
MODES = ["c", "numpy"]
DTYPES = ["float64", "float32", "complex128", "complex64"]


def general(*shape, dtype="float64"):
    found = RNG.normal(size=shape)
    return (found + 1j * RNG.normal(size=shape) if dtype.startswith("c") else found).astype(dtype)


def run(f, *arrays, mode="c"):
    given = [T.TensorType(array.dtype.name, (None,) * array.ndim)(f"x{at}") for at, array in enumerate(arrays)]
    return function(given, f(*given), mode=mode)(*arrays)


def same_values(found, want, close):
    """Whether two sets of eigenvalues are the same, in any order."""
    left = list(want)
    for value in found:
        nearest = int(np.argmin([abs(value - other) for other in left]))
        assert abs(value - left.pop(nearest)) <= close


def matrices(n, dtype):
    """Kinds of matrices that an algorithm may stumble over."""
    a = general(n, n, dtype=dtype)
    scale = np.array([10.0 ** (at % 5 - 2) for at in range(n)]).astype(dtype)
    return {
        "general": a, "hermitian": a + a.conj().T, "upper": np.triu(a), "lower": np.tril(a), "zero": 0 * a,
        "unit": np.eye(n, dtype=dtype), "rotation": np.roll(np.eye(n, dtype=dtype), 1, 0), "badly scaled": a * scale[:, None] / scale,
        "large": a * (1e30 if dtype in ("float32", "complex64") else 1e200), "small": a * (1e-30 if dtype in ("float32", "complex64") else 1e-200),
        "in blocks": np.kron(np.eye((n + 1) // 2, dtype=dtype), general(2, 2, dtype=dtype))[:n, :n],
        "of rank 1": np.outer(a[0], a[-1]),
    }  # fmt: skip


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n", [1, 2, 3, 5, 12])
def test_vectors_times_values_are_the_matrix_times_vectors(n, dtype):
    x = T.TensorType(dtype, (None, None))("x")
    f = function([x], [*linalg.eig(x), linalg.eigvals(x)])
    eps = np.finfo(dtype).eps
    for name, a in matrices(n, dtype).items():
        w, v, values = f(a)
        assert w.dtype == v.dtype == values.dtype == np.result_type(a, np.complex64)
        size = max(float(np.abs(a).max()), np.finfo(dtype).tiny)
        unit = (a / size).astype(np.complex128)
        left, right = unit @ v, v * (w / size)
        assert np.abs(left - right).max() < 100 * n * eps, name
        np.testing.assert_allclose(np.linalg.norm(v, axis=0), 1, rtol=20 * n * eps)
        same_values(w / size, np.linalg.eigvals(unit), 3e3 * n * eps)
        same_values(values / size, w / size, 3e3 * n * eps)
        if name in ("lower", "upper"):
            assert sorted(w.real) == sorted(np.diagonal(a).real)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("n", [6, 110])
@pytest.mark.parametrize("library", ["auto", "none"])
def test_real_matrices_have_pairs_and_real_vectors(n, dtype, library, monkeypatch):
    monkeypatch.setenv("MODC_BLAS", library)
    blas.forget()
    a = general(n, n, dtype=dtype)
    w, v = run(linalg.eig, a)
    want = np.linalg.eigvals(a.astype("float64"))
    same_values(w, want, 1e-9 if dtype == "float64" else 1e-2)
    assert (w.imag == 0).sum() == (want.imag == 0).sum()
    assert (v[:, w.imag == 0].imag == 0).all()
    first = np.flatnonzero(w.imag > 0)
    assert (w[first + 1] == w[first].conj()).all()
    assert (v[:, first + 1] == v[:, first].conj()).all()
    top = np.abs(v).argmax(axis=0)
    assert np.abs(v[top, np.arange(n)].imag).max() < 10 * np.finfo(dtype).eps
    np.testing.assert_allclose(a @ v, v * w, atol=1e-11 * n if dtype == "float64" else 1e-2)
    same_values(run(linalg.eigvals, a), w, 1e-9 if dtype == "float64" else 1e-2)
    blas.forget()


@pytest.mark.parametrize("mode", MODES)
def test_stacks_integers_and_empty_ones(mode):
    a = general(2, 3, 4, 4)
    w, v = run(linalg.eig, a, mode=mode)
    assert (w.shape, v.shape) == ((2, 3, 4), (2, 3, 4, 4))
    np.testing.assert_allclose(a @ v, v * w[..., None, :], atol=1e-12)
    assert run(linalg.eigvals, np.zeros((0, 0)), mode=mode).shape == (0,)
    assert run(linalg.eigvals, np.zeros((0, 3, 3)), mode=mode).shape == (0, 3)
    found = run(linalg.eigvals, np.array([[0, 1], [-1, 0]], "int32"), mode=mode)
    same_values(found, [1j, -1j], 1e-15)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("f", [linalg.eig, linalg.eigvals])
def test_elements_that_are_not_finite_fail_as_numpy_does_and_change_nothing(f, bad, mode):
    class Model(Module):
        def __init__(self):
            x = T.dmatrix("x")
            self.n = T.lscalar()
            self.f = Method([x], list(f(x)) if f is linalg.eig else f(x), {self.n: self.n + 1})

    model, a = Model().make(n=0, mode=mode), general(3, 3)
    a[1, 2] = bad
    with pytest.raises(np.linalg.LinAlgError, match="must not contain infs or NaNs"):
        model.f(a)
    assert model.n == 0


def test_shapes_are_checked():
    with pytest.raises(ShapeError, match="eig of"):
        linalg.eig(T.dvector())
    with pytest.raises(ShapeError, match="square"):
        linalg.eigvals(T.TensorType("float64", (2, 3))())


def test_mode_check_takes_both():
    for dtype in DTYPES:
        run(lambda x: [*linalg.eig(x), linalg.eigvals(x), linalg.inv(x)], general(5, 5, dtype=dtype), mode="check")


#: Real functions; those of eigenvectors depend on how they are normalised only where "phase" is in the name.
LOSSES = {
    "values": lambda x: (abs(linalg.eigvals(x) - 1) ** 2).sum(),
    "values and vectors": lambda x: (abs(linalg.eig(x)[1]) * BASE).sum() + abs(T.exp(linalg.eig(x)[0])).sum(),
    "vectors with phase": lambda x: (linalg.eig(x)[1].real * BASE).sum() + (linalg.eig(x)[1].imag * BASE.T).sum(),
    "real parts of values": lambda x: (linalg.eigvals(x).real ** 3).sum(),
    "solve": lambda x: abs(linalg.solve(x, x.T + 1)).sum(),
    "inverse": lambda x: (abs(linalg.inv(x)) ** 3).sum(),
}
BASE = general(4, 4)


def slopes(f, a):
    """dL/dRe + i dL/dIm by central differences."""
    found, step = np.zeros(a.shape, complex), 1e-6
    for at in np.ndindex(a.shape):
        for unit in (1, 1j) if a.dtype.kind == "c" else (1,):
            moved = np.zeros_like(a)
            moved[at] = step * unit
            found[at] += unit * (f(a + moved) - f(a - moved)) / (2 * step)
    return found


@pytest.mark.parametrize("dtype", ["float64", "complex128"])
@pytest.mark.parametrize("name", LOSSES)
def test_gradients_are_central_differences(name, dtype):
    x = T.TensorType(dtype, (None, None))("x")
    loss = LOSSES[name](x)
    a = general(4, 4, dtype=dtype)
    got = function([x], grad(loss, x))(a)
    want = slopes(function([x], loss), a)
    assert got.dtype == dtype
    np.testing.assert_allclose(got, want, rtol=1e-6, atol=1e-6 * np.abs(want).max())


def test_gradients_of_stacks_and_jacobians():
    x = T.dtensor3("x")
    a = general(2, 3, 3)
    loss = (abs(linalg.eig(x)[1]) ** 2 * BASE[:3, :3]).sum() + (linalg.eigvals(x).real ** 2).sum()
    np.testing.assert_allclose(function([x], grad(loss, x))(a), slopes(function([x], loss), a).real, rtol=1e-6, atol=1e-7)
    m = T.dmatrix("m")
    a = np.diag([1.0, 2.0, 3.0]) + 0.1 * general(3, 3)
    values = linalg.eigvals(m).real
    found = function([m], T.jacobian(values, m))(a)
    f = function([m], values)
    for at in np.ndindex(3, 3):
        moved = np.zeros((3, 3))
        moved[at] = 1e-6
        np.testing.assert_allclose(found[:, at[0], at[1]], (f(a + moved) - f(a - moved)) / 2e-6, atol=1e-7)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", ["complex128", "complex64"])
def test_complex_systems(dtype, mode):
    a, b = general(2, 5, 5, dtype=dtype), general(2, 5, 3, dtype=dtype)
    close = 1e-11 if dtype == "complex128" else 1e-3
    np.testing.assert_allclose(run(linalg.solve, a, b, mode=mode), np.linalg.solve(a, b), atol=close, rtol=close)
    np.testing.assert_allclose(run(linalg.inv, a, mode=mode), np.linalg.inv(a), atol=close, rtol=close)
    with pytest.raises(np.linalg.LinAlgError, match="Singular"):
        run(linalg.inv, np.zeros((2, 2), dtype), mode=mode)
