from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg

import modc
import modc.tensor as T
from modc import Method, Module, function
from modc.tensor import linalg

RNG = np.random.default_rng(11)
MODES = ["c", "numpy"]


def general(*shape):
    return RNG.normal(size=shape)


def positive(*front, n=4):
    a = general(*front, n, n)
    return a @ np.swapaxes(a, -1, -2) + n * np.eye(n)


def symmetric(*front, n=4):
    a = general(*front, n, n)
    return a + np.swapaxes(a, -1, -2)


def run(f, *arrays, mode="c"):
    given = [T.TensorType(array.dtype.name, (None,) * array.ndim)(f"x{at}") for at, array in enumerate(arrays)]
    return function(given, f(*given), mode=mode)(*arrays)


#: Function of the language, NumPy's or SciPy's, arguments.
CASES = {
    "solve": (linalg.solve, np.linalg.solve, [general(4, 4), general(4, 3)]),
    "solve a vector": (linalg.solve, np.linalg.solve, [general(4, 4), general(4)]),
    "solve a stack": (linalg.solve, np.linalg.solve, [general(3, 4, 4), general(3, 4, 2)]),
    "solve positive": (lambda a, b: linalg.solve(a, b, assume_a="pos"), np.linalg.solve, [positive(), general(4, 2)]),
    "solve one": (linalg.solve, np.linalg.solve, [general(1, 1), general(1, 1)]),
    "lower triangle": (lambda a, b: linalg.solve_triangular(a, b, lower=True),
                       lambda a, b: scipy.linalg.solve_triangular(a, b, lower=True), [general(4, 4), general(4, 2)]),
    "upper triangle": (linalg.solve_triangular, scipy.linalg.solve_triangular, [general(4, 4), general(4)]),
    "triangle turned": (lambda a, b: linalg.solve_triangular(a, b, trans="T", lower=True, unit_diagonal=True),
                        lambda a, b: scipy.linalg.solve_triangular(a, b, trans="T", lower=True, unit_diagonal=True),
                        [general(4, 4), general(4, 2)]),
    "cholesky": (linalg.cholesky, np.linalg.cholesky, [positive()]),
    "cholesky of a stack": (linalg.cholesky, np.linalg.cholesky, [positive(2, 3)]),
    "upper cholesky": (lambda a: linalg.cholesky(a, lower=False), scipy.linalg.cholesky, [positive()]),
    "inv": (linalg.inv, np.linalg.inv, [general(5, 5)]),
    "inv of a stack": (linalg.inv, np.linalg.inv, [general(2, 3, 3)]),
    "det": (linalg.det, np.linalg.det, [general(4, 4)]),
    "det of a stack": (linalg.det, np.linalg.det, [general(5, 3, 3)]),
    "slogdet sign": (lambda a: linalg.slogdet(a)[0], lambda a: np.linalg.slogdet(a)[0], [general(3, 4, 4)]),
    "slogdet": (lambda a: linalg.slogdet(a)[1], lambda a: np.linalg.slogdet(a)[1], [general(3, 4, 4)]),
    "eigenvalues": (linalg.eigvalsh, np.linalg.eigvalsh, [symmetric(2, n=5)]),
    "singular values": (linalg.svdvals, lambda a: np.linalg.svd(a, compute_uv=False), [general(2, 5, 3)]),
    "singular values of a wide matrix": (linalg.svdvals, lambda a: np.linalg.svd(a, compute_uv=False), [general(3, 5)]),
    "pinv": (linalg.pinv, np.linalg.pinv, [general(5, 3)]),
    "pinv of a wide matrix": (linalg.pinv, np.linalg.pinv, [general(3, 5)]),
    "pinv of a poor rank": (linalg.pinv, np.linalg.pinv, [general(5, 2) @ general(2, 4)]),
    "expm": (linalg.expm, scipy.linalg.expm, [general(4, 4)]),
    "expm of a large matrix": (linalg.expm, scipy.linalg.expm, [20 * general(3, 3)]),
    "power": (lambda a: linalg.matrix_power(a, 5), lambda a: np.linalg.matrix_power(a, 5), [general(3, 3)]),
    "power of 6": (lambda a: linalg.matrix_power(a, 6), lambda a: np.linalg.matrix_power(a, 6), [general(2, 3, 3)]),
    "power of 0": (lambda a: linalg.matrix_power(a, 0), lambda a: np.linalg.matrix_power(a, 0), [general(3, 3)]),
    "power of -2": (lambda a: linalg.matrix_power(a, -2), lambda a: np.linalg.matrix_power(a, -2), [general(3, 3)]),
    "rank": (linalg.matrix_rank, np.linalg.matrix_rank, [general(5, 2) @ general(2, 4)]),
    "cond": (linalg.cond, np.linalg.cond, [general(4, 4)]),
    "cond 1": (lambda a: linalg.cond(a, 1), lambda a: np.linalg.cond(a, 1), [general(4, 4)]),
    "kron": (linalg.kron, np.kron, [general(2, 3), general(3, 2)]),
    "kron of vectors": (linalg.kron, np.kron, [general(2), general(3)]),
    "multi_dot": (lambda *xs: linalg.multi_dot(xs), lambda *xs: np.linalg.multi_dot(xs), [general(3, 4), general(4, 2), general(2, 5), general(5)]),
    "trace": (T.nlinalg.trace, np.trace, [general(3, 4)]),
    "lstsq": (lambda a, b: linalg.lstsq(a, b)[0], lambda a, b: np.linalg.lstsq(a, b, rcond=None)[0], [general(6, 3), general(6, 2)]),
    "lstsq residuals": (lambda a, b: linalg.lstsq(a, b)[1], lambda a, b: np.linalg.lstsq(a, b, rcond=None)[1], [general(6, 3), general(6, 2)]),
}  # fmt: skip
NORMS = ["fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", CASES)
def test_results_equal_numpys_and_scipys(name, mode):
    ours, theirs, arrays = CASES[name]
    found, expected = run(ours, *arrays, mode=mode), theirs(*arrays)
    scale = max(1.0, float(np.abs(expected).max()))
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-10 * scale)


@pytest.mark.parametrize("name", ["solve", "cholesky", "inv", "det", "eigenvalues", "singular values", "expm", "lower triangle"])
def test_float32_and_integers_have_their_dtypes(name):
    ours, theirs, arrays = CASES[name]
    singles = [array.astype("float32") for array in arrays]
    found = run(ours, *singles)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, theirs(*arrays), rtol=2e-3, atol=2e-3)
    whole = [np.round(array * 3).astype("int64") + 9 * np.eye(*array.shape[-2:], dtype="int64") for array in arrays if array.ndim > 1]
    if len(whole) == len(arrays) and name != "cholesky":
        assert run(ours, *whole).dtype == np.float64


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (4, 4), (2, 5, 3), (1, 1), (6, 1)], ids=str)
def test_qr_and_svd_give_back_the_matrix_by_orthogonal_factors(shape, mode):
    a = general(*shape)
    x = T.TensorType("float64", (None,) * len(shape))("x")
    for full in (False, True):
        outputs = [*linalg.svd(x, full_matrices=full), *linalg.qr(x, "complete" if full else "reduced")]
        u, s, vt, q, r = function([x], outputs, mode=mode)(a)
        wide = np.zeros((*shape[:-2], u.shape[-1], vt.shape[-2]))
        wide[..., range(s.shape[-1]), range(s.shape[-1])] = s
        np.testing.assert_allclose(u @ wide @ vt, a, atol=1e-12)
        np.testing.assert_allclose(q @ r, a, atol=1e-12)
        for columns in (u, np.swapaxes(vt, -1, -2), q):
            unit = np.swapaxes(columns, -1, -2) @ columns
            np.testing.assert_allclose(unit, np.broadcast_to(np.eye(unit.shape[-1]), unit.shape), atol=1e-12)
        assert (s >= 0).all() and (np.diff(s, axis=-1) <= 1e-12).all()


@pytest.mark.parametrize("mode", MODES)
def test_factors_of_matrices_of_poor_rank_are_orthogonal_too(mode):
    a = general(5, 2) @ general(2, 4)
    u, s, vt = run(lambda x: list(linalg.svd(x, full_matrices=False)), a, mode=mode)
    np.testing.assert_allclose((u * s) @ vt, a, atol=1e-12)
    zero = run(lambda x: list(linalg.svd(x)), np.zeros((3, 2)), mode=mode)
    np.testing.assert_allclose(zero[0].T @ zero[0], np.eye(3), atol=1e-12)
    assert zero[1].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("uplo", ["L", "U"])
def test_eigenvectors_diagonalise_and_one_triangle_is_read(uplo, mode):
    a = symmetric(3, n=6)
    spoiled = np.where(np.tri(6, dtype=bool) if uplo == "L" else np.tri(6, dtype=bool).T, a, 99.0)
    w, v = run(lambda x: list(linalg.eigh(x, uplo)), spoiled, mode=mode)
    np.testing.assert_allclose(a @ v, v * w[:, None, :], atol=1e-11)
    np.testing.assert_allclose(w, np.linalg.eigvalsh(a), atol=1e-12)


@pytest.mark.parametrize("order", NORMS, ids=str)
def test_norms_of_matrices_equal_numpy(order):
    a = general(2, 4, 3)
    found = run(lambda x: [linalg.norm(x, order, (-2, -1)), linalg.norm(x, order, (0, 2), keepdims=True)], a)
    np.testing.assert_allclose(found[0], np.linalg.norm(a, order, (-2, -1)), rtol=1e-12)
    np.testing.assert_allclose(found[1], np.linalg.norm(a, order, (0, 2), keepdims=True), rtol=1e-12)


def test_norms_of_vectors_equal_numpy():
    a = general(3, 4)
    found = run(lambda x: [linalg.norm(x), linalg.norm(x, axis=1), linalg.norm(x, 1, 0), linalg.norm(x, np.inf, 1), linalg.norm(x[0], 3)], a)
    expected = [np.linalg.norm(a), np.linalg.norm(a, axis=1), np.linalg.norm(a, 1, 0), np.linalg.norm(a, np.inf, 1), np.linalg.norm(a[0], 3)]
    for got, want in zip(found, expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-12)


@pytest.mark.parametrize("name", [name for name in CASES if "stack" not in name])
def test_mode_check_finds_nothing_to_object_to(name):
    ours, theirs, arrays = CASES[name]
    found, expected = run(ours, *arrays, mode="check"), theirs(*arrays)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-10 * max(1.0, float(np.abs(expected).max())))


def test_mode_check_leaves_the_signs_of_vectors_open():
    a = symmetric(n=5)
    w, v = run(lambda x: list(linalg.eigh(x)), a, mode="check")
    np.testing.assert_allclose(a @ v, v * w, atol=1e-11)
    hilbert = 1.0 / (np.arange(8)[:, None] + np.arange(8) + 1)
    run(linalg.inv, hilbert, mode="check")


SYMMETRISED = {"cholesky", "cholesky of a stack", "upper cholesky", "eigenvalues", "solve positive"}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", [name for name in CASES if name not in ("rank", "slogdet sign", "pinv of a poor rank")])
def test_gradients_agree_with_differences(name, mode):
    ours, _, arrays = CASES[name]
    if name in SYMMETRISED:  # both triangles move together, or only one would be read
        modc.check_grad(lambda a, *rest: ours((a + a.swapped()) / 2, *rest), arrays, mode=mode, rtol=1e-5)
    else:
        modc.check_grad(ours, arrays, mode=mode, rtol=1e-4 if "large" in name else 1e-5)


@pytest.mark.parametrize("mode", MODES)
def test_gradients_by_factors_agree_with_differences(mode):
    weights = general(4, 4)
    a = symmetric()
    modc.check_grad(lambda x: (linalg.eigh((x + x.T) / 2)[1] ** 2 * weights), [a], mode=mode, rtol=1e-5)
    modc.check_grad(lambda x: T.concatenate([(linalg.qr(x)[0] ** 2).ravel(), (linalg.qr(x)[1] ** 2).ravel()]), [general(5, 3)], mode=mode, rtol=1e-5)

    def parts(x):
        u, s, vt = linalg.svd(x, full_matrices=False)
        return T.concatenate([(u**2).ravel(), s, (vt**2).ravel()])

    modc.check_grad(parts, [general(5, 3)], mode=mode, rtol=1e-5)


class Solver(Module):
    def __init__(self):
        super().__init__()
        self.a, b = T.dmatrix(), T.dvector("b")
        self.count = T.lscalar(init=0)
        self.solve = Method(b, linalg.solve(self.a, b), {self.count: self.count + 1})


@pytest.mark.parametrize("mode", MODES)
def test_a_singular_matrix_raises_what_numpy_raises_and_changes_nothing(mode):
    solver = Solver().make(a=[[1.0, 2.0], [2.0, 4.0]], mode=mode)
    with pytest.raises(np.linalg.LinAlgError, match=r"Solver.solve: Singular matrix"):
        solver.solve([1.0, 1.0])
    assert solver.count == 0
    solver.a = [[2.0, 0.0], [0.0, 4.0]]
    assert solver.solve([1.0, 1.0]).tolist() == [0.5, 0.25]
    assert solver.count == 1
    for f, bad, text in (
        (linalg.cholesky, -np.eye(2), "not positive definite"),
        (linalg.inv, np.zeros((3, 3)), "Singular"),
        (lambda x: linalg.solve_triangular(x, x), np.array([[1.0, 0.0], [1.0, 0.0]]), "singular"),
    ):
        with pytest.raises(np.linalg.LinAlgError, match=text):
            run(f, bad, mode=mode)


def test_the_determinant_of_singular_and_empty_matrices():
    assert run(linalg.det, np.zeros((2, 2))) == 0.0
    assert run(linalg.det, np.zeros((0, 0))) == 1.0
    sign, logarithm = run(lambda x: list(linalg.slogdet(x)), np.ones((2, 2)))
    assert (sign, logarithm) == (0.0, -np.inf)


def test_what_is_no_matrix_is_refused():
    with pytest.raises(ValueError, match="matrices"):
        linalg.inv(T.dvector("x"))
    with pytest.raises(ValueError, match="square"):
        linalg.det(T.TensorType("float64", (2, 3))())
    x = T.dmatrix("x")
    with pytest.raises(ValueError, match="size"):
        function([x], linalg.det(x))(np.ones((2, 3)))
    with pytest.raises(TypeError, match="int"):
        linalg.matrix_power(x, 0.5)
    with pytest.raises(ValueError, match="order"):
        linalg.matrix_norm(x, 7)


def test_numpys_own_functions_build_the_graph():
    a = positive()
    x = T.dmatrix("x")
    found = function([x], [np.linalg.inv(x), np.linalg.det(x), np.linalg.norm(x), np.linalg.cholesky(x)])(a)
    for got, want in zip(found, [np.linalg.inv(a), np.linalg.det(a), np.linalg.norm(a), np.linalg.cholesky(a)], strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-10, atol=1e-12)


def test_a_jacobian_goes_through_a_solution():
    x = T.dmatrix("x")
    a = general(3, 3)
    full = function([x], T.jacobian(linalg.inv(x), x))(a)
    inverse = np.linalg.inv(a)
    np.testing.assert_allclose(full, -np.einsum("ia,bj->ijab", inverse, inverse), rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("mode", ["c", "numpy"])
@pytest.mark.parametrize("shape", [(3, 4), (4, 3), (3, 3)])
def test_gradients_of_singular_values_where_the_sizes_are_not_known(shape, mode):
    x = T.dmatrix("x")
    value = np.random.default_rng(1).normal(size=shape)
    u, _, vt = np.linalg.svd(value, full_matrices=False)
    weights = np.array([3.0, 1.0, 2.0])
    found = modc.function([x], T.grad((T.linalg.svdvals(x) * weights).sum(), x), mode=mode)(value)
    np.testing.assert_allclose(found, u * weights @ vt, rtol=1e-10, atol=1e-12)
