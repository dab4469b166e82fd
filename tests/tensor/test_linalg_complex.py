"""Factorisations of complex matrices, and of real ones that an algorithm may stumble over, against NumPy and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg

import modc
import modc.tensor as T
from modc import function, grad
from modc.runtime import blas
from modc.tensor import linalg

RNG = np.random.default_rng(17)
MODES = ["c", "numpy"]


def general(*shape):
    return RNG.normal(size=shape) + 1j * RNG.normal(size=shape)


def hermitian(n):
    a = general(n, n)
    return a + a.conj().T


def positive(n):
    a = general(n, n)
    return a @ a.conj().T + n * np.eye(n)


def run(f, *arrays, mode="c"):
    given = [T.TensorType(array.dtype.name, (None,) * array.ndim)(f"x{at}") for at, array in enumerate(arrays)]
    return function(given, f(*given), mode=mode)(*arrays)


def svd(a):
    u, w, vt = linalg.svd(a, full_matrices=False)
    return [w, T.dot(u * w, vt), T.dot(u.T.conj(), u), T.dot(vt, vt.T.conj())]


def eigh(a, triangle="L"):
    w, v = linalg.eigh(a, triangle)
    return [w, T.dot(v * w, v.T.conj()), T.dot(v.T.conj(), v)]


#: Function of the language, NumPy's or SciPy's, arguments.
CASES = {
    "det": (linalg.det, np.linalg.det, [general(4, 4)]),
    "det of a stack": (linalg.det, np.linalg.det, [general(3, 2, 2)]),
    "slogdet": (lambda a: list(linalg.slogdet(a)), np.linalg.slogdet, [general(3, 4, 4)]),
    "cholesky": (linalg.cholesky, np.linalg.cholesky, [positive(5)]),
    "cholesky of one": (linalg.cholesky, np.linalg.cholesky, [positive(1)]),
    "upper cholesky": (lambda a: linalg.cholesky(a, lower=False), scipy.linalg.cholesky, [positive(4)]),
    "solve positive": (lambda a, b: linalg.solve(a, b, assume_a="pos"), np.linalg.solve, [positive(4), general(4, 2)]),
    "lu": (lambda a: list(linalg.lu_factor(a)), scipy.linalg.lu_factor, [general(1, 1)]),
    "lu_solve": (lambda a, b: linalg.lu_solve(linalg.lu_factor(a), b), np.linalg.solve, [general(4, 4), general(4, 2)]),
    "triangle": (lambda a, b: linalg.solve_triangular(a, b, lower=True),
                 lambda a, b: scipy.linalg.solve_triangular(a, b, lower=True), [general(4, 4), general(4, 2)]),
    "triangle transposed": (lambda a, b: linalg.solve_triangular(a, b, trans="T"),
                            lambda a, b: scipy.linalg.solve_triangular(a, b, trans="T"), [general(4, 4), general(4, 2)]),
    "triangle adjoint": (lambda a, b: linalg.solve_triangular(a, b, trans="C", unit_diagonal=True),
                         lambda a, b: scipy.linalg.solve_triangular(a, b, trans="C", unit_diagonal=True), [general(4, 4), general(4, 2)]),
    "qr": (lambda a: list(linalg.qr(a)), np.linalg.qr, [general(4, 4)]),
    "qr of a tall matrix": (lambda a: list(linalg.qr(a)), np.linalg.qr, [general(6, 3)]),
    "qr of a wide matrix": (lambda a: list(linalg.qr(a)), np.linalg.qr, [general(3, 6)]),
    "eigh": (eigh, lambda a: (np.linalg.eigvalsh(a), a, np.eye(5)), [hermitian(5)]),
    "eigh of one": (eigh, lambda a: (np.linalg.eigvalsh(a), a, np.eye(1)), [hermitian(1)]),
    "eigh of the upper triangle": (lambda a: eigh(a, "U")[0], lambda a: np.linalg.eigvalsh(a, "U"), [general(6, 6)]),
    "eigh of a stack": (linalg.eigvalsh, np.linalg.eigvalsh, [np.stack([hermitian(3), hermitian(3)])]),
    "svd": (svd, lambda a: (np.linalg.svd(a, compute_uv=False), a, np.eye(4), np.eye(4)), [general(4, 4)]),
    "svd of a tall matrix": (svd, lambda a: (np.linalg.svd(a, compute_uv=False), a, np.eye(3), np.eye(3)), [general(6, 3)]),
    "svd of a wide matrix": (svd, lambda a: (np.linalg.svd(a, compute_uv=False), a, np.eye(3), np.eye(3)), [general(3, 6)]),
    "svd of rank 1": (svd, lambda a: (np.linalg.svd(a, compute_uv=False), a, np.eye(5), np.eye(5)), [np.outer(np.ones(5), 1j * np.ones(5))]),
    "singular values of a stack": (linalg.svdvals, lambda a: np.linalg.svd(a, compute_uv=False), [general(2, 4, 3)]),
    "power": (lambda a: linalg.matrix_power(a, -2), lambda a: np.linalg.matrix_power(a, -2), [general(3, 3)]),
}  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", ["complex128", "complex64"])
@pytest.mark.parametrize("name", CASES)
def test_complex_matrices_give_what_numpy_gives(name, dtype, mode):
    f, reference, arrays = CASES[name]
    arrays = [array.astype(dtype) for array in arrays]
    got, want = run(f, *arrays, mode=mode), reference(*(array.astype("complex128") for array in arrays))
    close = 1e-11 if dtype == "complex128" else 2e-4
    got, want = (one if isinstance(one, list | tuple) else [one] for one in (got, want))
    for one, other in zip(got, want, strict=True):
        assert np.iscomplexobj(one) == np.iscomplexobj(other) or name.startswith(("eigh", "svd"))
        np.testing.assert_allclose(one, other, rtol=close, atol=close * max(1, np.abs(other).max()))


@pytest.mark.parametrize("mode", MODES)
def test_what_is_impossible_fails(mode):
    with pytest.raises(np.linalg.LinAlgError, match="not positive definite"):
        run(linalg.cholesky, -positive(3), mode=mode)
    assert np.isnan(run(linalg.eigvalsh, np.full((3, 3), np.nan + 0j), mode=mode)).all()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shape", [(4, 4), (5, 3), (3, 5)])
def test_least_squares_ranks_and_exponentials(shape, mode):
    rng = np.random.default_rng(3)
    a, b = (rng.normal(size=size) + 1j * rng.normal(size=size) for size in (shape, (shape[0], 2)))
    x, y = T.zmatrices("x", "y")
    inverse, rank, *found = modc.function([x, y], [linalg.pinv(x), linalg.matrix_rank(x), *linalg.lstsq(x, y)], mode=mode)(a, b)
    np.testing.assert_allclose(inverse, np.linalg.pinv(a), atol=1e-13)
    want = np.linalg.lstsq(a, b)
    assert rank == want[2] == found[2]
    np.testing.assert_allclose(found[0], want[0], atol=1e-13)
    np.testing.assert_allclose(found[3], want[3], atol=1e-13)
    np.testing.assert_allclose(found[1], (abs(a @ want[0] - b) ** 2).sum(axis=0), atol=1e-13)
    modc.check_grad(linalg.pinv, [a], mode=mode)
    square = a @ a.conj().T / 9
    np.testing.assert_allclose(modc.function([x], linalg.expm(x), mode=mode)(square), scipy.linalg.expm(square), rtol=1e-12)
    modc.check_grad(lambda m: linalg.expm(m * 0.3), [square], mode=mode)


def slopes(f, a):
    """dL/dRe + i dL/dIm by central differences."""
    found, step = np.zeros(a.shape, complex), 1e-6
    for at in np.ndindex(a.shape):
        for unit in (1, 1j):
            moved = np.zeros_like(a)
            moved[at] = step * unit
            found[at] += unit * (f(a + moved) - f(a - moved)) / (2 * step)
    return found


BASE = RNG.normal(size=(3, 3))
LOSSES = {
    "det": lambda x: abs(linalg.det(x)),
    "log of the determinant": lambda x: linalg.slogdet(x)[1],
    "phase of the determinant": lambda x: 3 * linalg.slogdet(x)[0].real + linalg.slogdet(x)[0].imag,
    "cholesky": lambda x: (linalg.cholesky(T.dot(x, x.T.conj()) + T.eye(3)).real * BASE).sum()
    + (abs(linalg.cholesky(T.dot(x, x.T.conj()) + T.eye(3))) * BASE.T).sum(),
    "qr": lambda x: (linalg.qr(x)[0].real * BASE).sum() + (linalg.qr(x)[1].imag * BASE).sum() + (abs(linalg.qr(x)[1]) ** 2 * BASE).sum(),
    "eigh": lambda x: (abs(linalg.eigh(x + x.T.conj())[1]) * BASE).sum() + (linalg.eigh(x + x.T.conj())[0] ** 2 * BASE[0]).sum(),
    "svd": lambda x: (abs(linalg.svd(x, False)[0]) * BASE).sum() + (linalg.svd(x, False)[1] ** 2 * BASE[0]).sum()
    + (abs(linalg.svd(x, False)[2]) * BASE.T).sum(),
    "svd with phase": lambda x: (T.dot(linalg.svd(x, False)[0], linalg.svd(x, False)[2]).real * BASE).sum()
    + (T.dot(linalg.svd(x, False)[0], linalg.svd(x, False)[2]).imag * BASE.T).sum(),
    "triangle": lambda x: (abs(linalg.solve_triangular(x, x.T.conj(), trans="C")) * BASE).sum(),
    "lu": lambda x: (linalg.lu_factor(x)[0].real * BASE).sum() + (linalg.lu_factor(x)[0].imag * BASE.T).sum(),
}


@pytest.mark.parametrize("name", LOSSES)
def test_gradients_are_central_differences(name):
    x = T.zmatrix("x")
    loss = LOSSES[name](x)
    a = general(3, 3)
    got, want = function([x], grad(loss, x))(a), slopes(function([x], loss), a)
    np.testing.assert_allclose(got, want, rtol=1e-6, atol=1e-6 * np.abs(want).max())


def kinds(m, n, dtype):
    """Matrices with equal, vanishing, very large and very small values."""
    a, far = RNG.normal(size=(m, n)), (30 if dtype == "float32" else 200)
    found = {
        "general": a, "unit": np.eye(m, n), "zero": 0 * a, "sparse": a * (RNG.random((m, n)) < 0.3), "ones": np.ones((m, n)),
        "graded": a * 10.0 ** RNG.integers(-3, 3, n), "large": a * 10.0**far, "small": a * 10.0**-far, "shifted": np.eye(m, n, k=1),
        "of rank 2": RNG.normal(size=(m, 2)) @ RNG.normal(size=(2, n)),
    }  # fmt: skip
    return {name: one.astype(dtype) for name, one in found.items()}


@pytest.fixture
def own_code(monkeypatch):
    monkeypatch.setenv("MODC_BLAS", "none")
    blas.forget()
    yield
    blas.forget()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_modcs_own_eigh_and_svd_of_every_kind(dtype, own_code):
    x, eps = T.TensorType(dtype, (None, None))("x"), np.finfo(dtype).eps
    of_symmetric, of_general = function([x], list(linalg.eigh(x))), function([x], list(linalg.svd(x, full_matrices=False)))
    for m, n in ((1, 1), (1, 4), (4, 1), (2, 2), (3, 2), (2, 3), (9, 4), (4, 9), (40, 40), (70, 30), (150, 150)):
        for name, a in kinds(m, n, dtype).items():
            size = max(float(np.abs(a).max()), np.finfo(dtype).tiny)
            unit, close = (a / size).astype("float64"), 20 * eps * max(m, n)
            u, w, vt = (one.astype("float64") for one in of_general(a))
            assert (np.diff(w) <= 0).all()
            np.testing.assert_allclose(u * (w / size) @ vt, unit, atol=close, err_msg=f"{name} {m} x {n}")
            for one in (u.T @ u, vt @ vt.T):
                np.testing.assert_allclose(one, np.eye(len(w)), atol=close, err_msg=f"{name} {m} x {n}")
            if m != n:
                continue
            lower = np.tril(unit) + np.tril(unit, -1).T
            w, v = (one.astype("float64") for one in of_symmetric(a))
            assert (np.diff(w) >= 0).all()
            np.testing.assert_allclose(v * (w / size) @ v.T, lower, atol=close * max(1, np.abs(lower).sum(0).max()), err_msg=name)
            np.testing.assert_allclose(v.T @ v, np.eye(n), atol=close, err_msg=name)
