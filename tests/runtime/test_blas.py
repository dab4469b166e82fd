"""Large matrices by a library found at run time, and what happens where there is none or a bad one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import modc.tensor as T
from modc import Method, Module, function
from modc.cli import doctor
from modc.errors import ModeError
from modc.runtime import blas
from modc.tensor import linalg

RNG = np.random.default_rng(3)
LIBRARY = blas.find().path
needs_library = pytest.mark.skipif(not LIBRARY, reason="no BLAS on this machine")


@pytest.fixture(autouse=True)
def looked_for_again():
    """Each test looks for itself."""
    blas.forget()
    yield
    blas.forget()


@pytest.fixture(params=["auto", "none"])
def library(request, monkeypatch):
    monkeypatch.setenv("MODC_BLAS", request.param)
    return request.param


def general(m, n):
    return RNG.normal(size=(m, n)) + 3 * np.eye(m, n)


def positive(n):
    a = RNG.normal(size=(n, n))
    return a @ a.T / n + np.eye(n)


def call(f, *arrays):
    given = [T.TensorType(array.dtype.name, (None,) * array.ndim)(f"x{at}") for at, array in enumerate(arrays)]
    return function(given, f(*given))(*arrays)


def eigh(a):
    w, v = linalg.eigh(a)
    return [w, T.dot(v * w, v.T)]


def svd(a):
    u, w, vt = linalg.svd(a, full_matrices=False)
    return [w, T.dot(u * w, vt)]


def qr(a):
    q, r = linalg.qr(a)
    return [T.dot(q, r), T.dot(q.T, q)]


#: Function of the language, what it gives, arguments: above every threshold of csrc/modc_lapack.h.
CASES = {
    "product": (T.dot, np.dot, [general(910, 900), general(900, 920)]),
    "product of turned matrices": (lambda a, b: T.dot(a.T, b.T), lambda a, b: a.T @ b.T, [general(900, 910), general(920, 900)]),
    "products": (T.matmul, np.matmul, [RNG.normal(size=(2, 900, 910)), RNG.normal(size=(2, 910, 905))]),
    "solve": (linalg.solve, np.linalg.solve, [general(130, 130), general(130, 20)]),
    "solve for a vector": (linalg.solve, np.linalg.solve, [general(130, 130), general(130, 1)]),
    "inv": (linalg.inv, np.linalg.inv, [general(130, 130)]),
    "slogdet": (lambda a: list(linalg.slogdet(a)), np.linalg.slogdet, [general(390, 390)]),
    "lu": (lambda a: list(linalg.lu_factor(a)), None, [general(390, 390)]),
    "cholesky": (linalg.cholesky, np.linalg.cholesky, [positive(110)]),
    "cholesky of a stack": (linalg.cholesky, np.linalg.cholesky, [np.stack([positive(100), positive(100)])]),
    "lower triangle": (lambda a, b: linalg.solve_triangular(a, b, lower=True),
                       lambda a, b: np.linalg.solve(np.tril(a), b), [general(80, 80) / 10 + np.eye(80), general(80, 50)]),
    "upper triangle": (lambda a, b: linalg.solve_triangular(a, b, unit_diagonal=True),
                       lambda a, b: np.linalg.solve(np.triu(a, 1) + np.eye(80), b), [general(80, 80) / 10, general(80, 50)]),
    "qr": (qr, lambda a: (a, np.eye(130)), [general(140, 130)]),
    "qr of a wide matrix": (qr, lambda a: (a, np.eye(130)), [general(130, 150)]),
    "eigh": (eigh, lambda a: (np.linalg.eigvalsh(a), a), [positive(135)]),
    "svd": (svd, lambda a: (np.linalg.svd(a, compute_uv=False), a), [general(150, 140)]),
    "svd of a wide matrix": (svd, lambda a: (np.linalg.svd(a, compute_uv=False), a), [general(140, 150)]),
    "expm": (linalg.expm, lambda a: None, [general(120, 120) / 20]),
}  # fmt: skip


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", CASES)
def test_large_matrices_give_what_numpy_gives_with_a_library_and_without(name, dtype, library):
    f, reference, arrays = CASES[name]
    arrays = [array.astype(dtype) for array in arrays]
    got = call(f, *arrays)
    exact = [array.astype("float64") for array in arrays]
    if name == "expm":
        import scipy.linalg

        want = scipy.linalg.expm(exact[0])
    elif name == "lu":
        import scipy.linalg

        _, order = got
        want = [scipy.linalg.lu_factor(arrays[0])[0], np.argmax(scipy.linalg.lu(exact[0])[0], axis=0)]
        assert (order == want[1]).all()
    else:
        want = reference(*exact)
    got, want = (one if isinstance(one, list | tuple) else [one] for one in (got, want))
    for one, other in zip(got, want, strict=True):
        close = 1e-10 if dtype == "float64" else 2e-3
        np.testing.assert_allclose(one, other, rtol=close, atol=close * max(1, np.abs(other).max()))


def test_what_is_impossible_fails_as_it_does_for_small_matrices(library):
    a = general(150, 150)
    a[:, 3] = a[:, 5] = 0
    with pytest.raises(np.linalg.LinAlgError, match="Singular matrix"):
        call(linalg.inv, a)
    assert call(linalg.det, np.pad(a, ((0, 300), (0, 300)))) == 0
    bad = -np.eye(120)
    with pytest.raises(np.linalg.LinAlgError, match="not positive definite"):
        call(linalg.cholesky, bad)
    for what in (np.nan, np.inf):
        bad = general(140, 140)
        bad[7, 8] = what
        with pytest.raises(np.linalg.LinAlgError, match="SVD did not converge"):
            call(linalg.svdvals, bad)
        assert np.isnan(call(linalg.eigvalsh, bad + bad.T)).all()


@needs_library
def test_a_library_is_looked_for_when_the_first_large_matrix_comes():
    x = T.dmatrix("x")
    f = function([x], linalg.cholesky(x))
    f(positive(5))
    assert not blas._found
    f(positive(100))
    assert blas._found
    assert blas.find().missing == []


def test_none_is_modcs_own_code(monkeypatch):
    monkeypatch.setenv("MODC_BLAS", "none")
    call(linalg.cholesky, positive(100))
    assert (blas.find().path, blas.find().origin) == ("", "MODC_BLAS=none")


def test_a_library_that_cannot_be_used_is_an_error_of_the_call_and_changes_nothing(monkeypatch, tmp_path):
    class Model(Module):
        def __init__(self):
            x = T.dmatrix("x")
            self.n = T.lscalar()
            self.f = Method([x], linalg.cholesky(x), {self.n: self.n + 1})

    model = Model().make(n=0)
    other = tmp_path / "nothing.so"
    other.write_text("no library")
    monkeypatch.setenv("MODC_BLAS", str(other))
    for _ in range(2):
        with pytest.raises(ModeError, match=r"MODC_BLAS=.*nothing.so' cannot be used: .*\n  hint: give the path"):
            model.f(positive(100))
    assert model.n == 0
    model.f(positive(10))  # small ones need none
    monkeypatch.setenv("MODC_BLAS", "none")
    model.f(positive(100))
    assert model.n == 2


@needs_library
def test_a_routine_that_a_library_has_not_is_modcs_own(monkeypatch):
    a = general(390, 390)
    with_library = call(linalg.inv, a)
    table = blas.find().table[0]
    for name in blas.ROUTINES:
        setattr(table, "d" + name, None)
    without = call(linalg.inv, a)
    blas.forget()
    monkeypatch.setenv("MODC_BLAS", "none")
    assert (without == call(linalg.inv, a)).all()
    np.testing.assert_allclose(without, with_library, atol=1e-10)


def test_threads_that_need_a_library_at_once_all_get_it():
    x, b = T.dmatrix("x"), T.dmatrix("b")
    a, right = general(120, 120), general(120, 2)
    fs = [function([x, b], linalg.solve(x, b)) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda f: [f(a, right) for _ in range(5)], fs))
    for one in found:
        for each in one:
            np.testing.assert_allclose(each, np.linalg.solve(a, right), atol=1e-10)


PROGRAM = """
import numpy as np
import modc.tensor as T
from modc import function
from modc.runtime import blas
x = T.dmatrix("x")
f = function([x], T.linalg.inv(x))
a = np.random.default_rng(0).normal(size=(150, 150)) + 9 * np.eye(150)
assert abs(f(a) @ a - np.eye(150)).max() < 1e-9
print(bool(blas._found))
"""


@pytest.mark.parametrize("runtime", ["c", "cffi"])
def test_both_runtimes_have_libraries(runtime):
    env = {**os.environ, "MODC_RUNTIME": runtime}
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, env=env)
    if "ImportError" in run.stderr:
        pytest.skip("the extension modc._call is not built")
    assert (run.stdout, run.stderr) == ("True\n", "")


#: A library with integers of 32 bits that has little, and one that has it wrong.
NARROW = """
#include <stdint.h>
typedef int32_t I;
int count;
void dgemm_(char *ta, char *tb, I *m, I *n, I *k, double *alpha, double *a, I *lda, double *b, I *ldb, double *beta, double *c, I *ldc)
{
    for (I i = 0; i < *m; i++)
        for (I j = 0; j < *n; j++) {
            double sum = 0;
            for (I l = 0; l < *k; l++)
                sum += (*ta == 'T' ? a[l + i * *lda] : a[i + l * *lda]) * (*tb == 'T' ? b[j + l * *ldb] : b[l + j * *ldb]);
            c[i + j * *ldc] = *alpha * sum + (*beta == 0 ? 0 : *beta * c[i + j * *ldc]);
        }
    count++;
}
void dgetrf_(I *m, I *n, double *a, I *lda, I *pivot, I *info)
{
    *info = 0;
    for (I k = 0; k < *n; k++) {
        I best = k;
        for (I i = k; i < *n; i++)
            if (a[i + k * *lda] * a[i + k * *lda] > a[best + k * *lda] * a[best + k * *lda]) best = i;
        pivot[k] = best + 1;
        for (I j = 0; j < *n; j++) {
            double kept = a[k + j * *lda];
            a[k + j * *lda] = a[best + j * *lda];
            a[best + j * *lda] = kept;
        }
        if (a[k + k * *lda] == 0) { if (!*info) *info = k + 1; continue; }
        for (I i = k + 1; i < *n; i++) {
            a[i + k * *lda] /= a[k + k * *lda];
            for (I j = k + 1; j < *n; j++) a[i + j * *lda] -= a[i + k * *lda] * a[k + j * *lda];
        }
    }
    count++;
}
"""


def compiled(tmp_path, text):
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or sys.platform == "win32":
        pytest.skip("needs gcc")
    source, library = tmp_path / "own.c", tmp_path / "own.so"
    source.write_text(text)
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", str(source), "-o", str(library)], check=True)
    return str(library)


def test_a_library_with_integers_of_32_bits(tmp_path, monkeypatch):
    monkeypatch.setenv("MODC_BLAS", compiled(tmp_path, NARROW))
    a = general(400, 400)
    assert abs(call(lambda x: linalg.slogdet(x)[1], a) - np.linalg.slogdet(a)[1]) < 1e-9
    assert call(lambda x: linalg.slogdet(x)[0], a) == np.linalg.slogdet(a)[0]
    found = blas.find()
    assert (found.bits, "dgemm" in found.missing, "sgemm" in found.missing, "dpotrf" in found.missing) == (32, False, True, True)
    b, c = general(400, 390), general(390, 400)
    np.testing.assert_allclose(call(lambda x, y: T.dot(y.T, x.T), b, c), (b @ c).T, atol=1e-9)
    assert blas.find().table[1]["count"] is not None


@pytest.mark.parametrize(("text", "message"), [
    ("void dgemm_(void) {} void openblas_get_config(void) {}", "its dgemm gives a wrong product"),
    ("void dgetrf(void) {}", "it has no dgemm"),
])
def test_a_library_that_gives_wrong_results_is_refused(text, message, tmp_path, monkeypatch):
    path = compiled(tmp_path, text)
    with pytest.raises(ValueError, match=message):
        blas._loaded("the system's", path)
    monkeypatch.setattr(blas, "_candidates", lambda: iter([("the system's", path)]))
    assert blas.find().origin == "no library was found"
    np.testing.assert_allclose(call(linalg.inv, 2 * np.eye(200)), np.eye(200) / 2)


def test_doctor_shows_the_library_and_what_is_wrong_with_it(monkeypatch):
    problems: list[dict[str, str]] = []
    assert doctor._blas(problems)["path"] == LIBRARY
    blas.forget()
    monkeypatch.setenv("MODC_BLAS", "/nowhere.so")
    assert doctor._blas(problems)["path"] == ""
    assert ["/nowhere.so" in problem["what"] and "give the path" in problem["remedy"] for problem in problems] == [True]
