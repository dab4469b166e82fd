from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

import modc.tensor as T
from modc import function, shared, sparse
from modc.sparse import elementwise, functions, types

MODES = ["c", "numpy"]
FORMATS = ["csr", "csc"]

NUMPY = {
    "sqr": np.square, "sgn": np.sign, "structured_exp": np.exp, "structured_log": np.log,
    "structured_sigmoid": lambda x: 1 / (1 + np.exp(-x)),
}  # fmt: skip
TWO = {"structured_add": np.add, "structured_maximum": np.maximum, "structured_minimum": np.minimum, "structured_pow": np.power}


def matrix(rows=4, columns=5, seed=0, format="csr"):
    rng = np.random.default_rng(seed)
    dense = rng.uniform(0.1, 0.9, size=(rows, columns)) * (rng.random((rows, columns)) < 0.5)
    return sp.coo_array(dense).asformat(format)


def at(a, dense):
    """A dense matrix in the places of a sparse one."""
    return np.where(a.toarray() != 0, dense, 0)


def dense_of(found):
    return found.toarray() if sp.issparse(found) else found


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("format", FORMATS)
def test_functions_of_the_stored_elements(format, mode):
    a = matrix(format=format)
    A = sparse.matrix(format, "a")
    names = [name for name in elementwise.__all__ if name not in TWO]
    run = function([A], [getattr(sparse, name)(A) for name in names], mode=mode)
    for name, got in zip(names, run(a), strict=True):
        reference = NUMPY.get(name) or getattr(np, name)
        assert got.format == format
        np.testing.assert_array_equal(got.indices, a.indices)
        np.testing.assert_allclose(got.data, reference(a.data), rtol=1e-12)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("format", FORMATS)
def test_functions_of_two_with_numbers_arrays_and_matrices(format, mode):
    a, m = matrix(format=format), np.random.default_rng(1).uniform(1, 2, (4, 5))
    A, M, v = sparse.matrix(format, "a"), T.dmatrix("m"), T.dvector("v")
    outputs = [getattr(sparse, name)(A, other) for name in TWO for other in (0.5, M, v, A * 2)]
    results = iter(function([A, M, v], outputs, mode=mode)(a, m, m[0]))
    for reference in TWO.values():
        for other in (0.5, m, m[0], 2 * a.toarray()):
            with np.errstate(all="ignore"):
                np.testing.assert_allclose(next(results).toarray(), at(a, reference(a.toarray(), other)), rtol=1e-12)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("format", FORMATS)
def test_arithmetic_is_that_of_dense_matrices(format, mode):
    a, m = matrix(format=format), np.random.default_rng(1).uniform(1, 2, (4, 5))
    d = a.toarray()
    A, M = sparse.matrix(format, "a", shape=(4, 5)), T.TensorType("float64", (4, 5))("m")
    r, c, s = T.dvector("r"), T.dvector("c"), T.dscalar("s")
    pairs = [
        (A * 2, d * 2), (2 * A, d * 2), (A * s, d * 1.5), (s * A, d * 1.5), (-A, -d), (abs(-A), d), (A / 2, d / 2), (A / M, d / m),
        (A * M, d * m), (M * A, d * m), (A * r, d * m[0]), (A * c.dimshuffle(0, "x"), d * m[:, :1]), (A * r.dimshuffle("x", 0), d * m[0]),
        (A + A, 2 * d), (A - A * 2, -d), (A * A, d * d), (A + M, d + m), (M + A, d + m), (A - M, d - m), (M - A, m - d),
        (A + m, d + m), (m - A, m - d), (A + r, d + m[0]), (A**2, d**2), (A.T, d.T), (A.T.T, d), (A.transpose() * 3, d.T * 3),
        (sparse.add(A, M), d + m), (sparse.add(M, A), d + m), (sparse.sub(M, A), m - d), (sparse.sub(A, A), d - d),
        (sparse.mul(M, A), d * m), (sparse.mul(A, 3), d * 3), (sparse.neg(A), -d), (sparse.transpose(A), d.T),
        (sparse.row_scale(A, c), d * m[:, :1]), (sparse.col_scale(A, r), d * m[0]), (sparse.structured_add_s_v(A, r), at(a, d + m[0])),
        (sparse.sp_ones_like(A), d != 0), (sparse.sp_zeros_like(A), d * 0), (sparse.cast(A, "float32"), d.astype("f4")),
        (sparse.dense_from_sparse(A), d), (A.todense(), d), (sparse.from_dense(M, like=A), at(a, m)), (A.tocsr(), d), (A.tocsc(), d),
        (A.sum(), d.sum()), (A.sum(0), d.sum(0)), (A.sum(1), d.sum(1)), (A.sum(-1), d.sum(1)), (A.mean(), d.mean()), (A.mean(0), d.mean(0)),
        (sparse.sp_sum(A, 1), d.sum(1)), (sparse.diag(A), np.diag(d)), (sparse.square_diagonal(r), np.diag(m[0])),
        (A[1, 2], d[1, 2]), (A[-1, -2], d[-1, -2]), (A[2], d[2]), (A[1, :], d[1]), (A[:, 3], d[:, 3]), (A[:, -1], d[:, -1]),
        (sparse.usmm(2.0, A, M.T, T.zeros((4, 4))), 2 * d @ m.T), (sparse.structured_dot(A, M.T), d @ m.T),
        (sparse.vstack([A, A * 2]), np.vstack([d, 2 * d])), (sparse.hstack([A, A * 2]), np.hstack([d, 2 * d])),
        (sparse.vstack([A, A], format="csc"), np.vstack([d, d])), (sparse.hstack([A, A], format="csr"), np.hstack([d, d])),
        (sparse.remove0(A * (M > 1.5)), d * (m > 1.5)), (sparse.clean(A), d), (sparse.ensure_sorted_indices(A), d), (sparse.verify(A), d),
        (A.nnz, a.nnz), (A.shape, d.shape), (sparse.csm_data(A).sum(), d.sum()), (sparse.csm_shape(A), (4, 5)),
    ]  # fmt: skip
    got = function([A, M, r, c, s], [found for found, _ in pairs], mode=mode)(a, m, m[0], m[:, 0], 1.5)
    for (expression, expected), found in zip(pairs, got, strict=True):
        np.testing.assert_allclose(dense_of(found), expected, rtol=1e-6, atol=1e-12, err_msg=str(expression))
        if isinstance(expression, sparse.SparseVariable):
            assert found.format == expression.format
            found.check_format(full_check=True)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("format", FORMATS)
def test_sampled_products(format, mode):
    p = matrix(format=format)
    x, y = np.random.default_rng(1).normal(size=(4, 3)), np.random.default_rng(2).normal(size=(5, 3))
    P, X, Y = sparse.matrix(format, "p"), T.dmatrix("x"), T.dmatrix("y")
    weighted, plain = function([P, X, Y], [sparse.sampling_dot(X, Y, P), sparse.sampled_dot(X, Y.T, P)], mode=mode)(p, x, y)
    np.testing.assert_allclose(weighted.toarray(), p.toarray() * (x @ y.T), atol=1e-12)
    np.testing.assert_allclose(plain.toarray(), at(p, x @ y.T), atol=1e-12)


@pytest.mark.parametrize("mode", MODES)
def test_structures_that_data_decide(mode):
    m = np.round(np.random.default_rng(1).normal(size=(5, 7)))
    M, v = T.dmatrix("m"), T.dvector("v")
    by_rows, by_columns = sparse.csr_from_dense(M), sparse.csc_from_dense(M)
    run = function([M, v], [by_rows, by_columns, by_rows @ v, T.grad((by_rows @ v).sum(), M)], mode=mode)
    for given in (m, m * 0, np.ones((5, 7))):
        rows, columns, product, slope = run(given, np.arange(7.0))
        assert rows.nnz == columns.nnz == np.count_nonzero(given)
        np.testing.assert_array_equal(rows.toarray(), given)
        np.testing.assert_array_equal(columns.toarray(), given)
        np.testing.assert_allclose(product, given @ np.arange(7.0), atol=1e-12)
        np.testing.assert_allclose(slope, (given != 0) * np.arange(7.0))


@pytest.mark.parametrize("mode", MODES)
def test_unsorted_and_repeated_entries_are_sorted_and_kept(mode):
    a = sp.csr_array((np.array([1.0, 0, 3, 4, 5]), [3, 0, 3, 1, 1], [0, 3, 3, 5]), shape=(3, 4))
    A = sparse.csr_matrix("a")
    tidy, clean, turned, back = function(
        [A], [sparse.ensure_sorted_indices(A), sparse.clean(A), A.tocsc(), A.tocsc().tocsr()], mode=mode
    )(a)
    assert tidy.indices.tolist() == [0, 3, 3, 1, 1]
    assert clean.data.tolist() == [1, 3, 4, 5]
    for found in (tidy, clean, turned, back):
        np.testing.assert_array_equal(found.toarray(), a.toarray())


@pytest.mark.parametrize("mode", MODES)
def test_matrices_of_scipy_are_constants(mode):
    a, b = matrix(), matrix(format="coo")
    x = T.dvector("x")
    run = function([x], [sparse.dot(a, x), sparse.dot(x.dimshuffle("x", 0), a.T), sparse.as_sparse_variable(b) * 2, sparse.sp_sum(b, 0)], mode=mode)
    first, second, third, sums = run(np.arange(5.0))
    np.testing.assert_allclose(first, a @ np.arange(5.0))
    np.testing.assert_allclose(second[0], a @ np.arange(5.0))
    np.testing.assert_allclose(third.toarray(), 2 * b.toarray())
    np.testing.assert_allclose(sums, b.toarray().sum(0))
    bad = matrix()
    bad.indices[0] = 50
    with pytest.raises(ValueError, match="indices must be from 0 to 4"):
        sparse.as_sparse_variable(bad)


@pytest.mark.parametrize("mode", MODES)
def test_matrices_from_their_parts(mode):
    data, indices, indptr = T.dvector("data"), T.ivector("indices"), T.lvector("indptr")
    n = T.lscalar("n")
    A = sparse.CSR(data, indices, indptr, (3, 4))
    parts = sparse.csm_properties(A)
    run = function([data, indices, indptr], [A, A @ T.ones(4), *parts], mode=mode)
    found, sums, *got = run([1.0, 2, 3], [0, 3, 1], [0, 1, 1, 3])
    np.testing.assert_array_equal(found.toarray(), [[1, 0, 0, 0], [0, 0, 0, 0], [0, 3, 0, 2]])
    assert sums.tolist() == [1, 0, 5]
    assert [one.tolist() for one in got] == [[1, 2, 3], [0, 3, 1], [0, 1, 1, 3], [3, 4]]
    with pytest.raises(ValueError, match="no sparse matrix"):
        run([1.0, 2, 3], [0, 4, 1], [0, 1, 1, 3])
    with pytest.raises(ValueError, match="size 3"):
        run([1.0, 2, 3], [0, 3, 1], [0, 1, 3])
    parts = [A @ T.ones(4), A.T @ T.ones(3), A.sum(0), A.sum(1), A.toarray(), A * T.ones(4), A.diagonal(), sparse.clean(A), A.tocsc()]
    for part in parts:
        with pytest.raises(ValueError, match=r"(size|expected) [23]"):
            function([data, indices, indptr], part, mode=mode)([1.0, 2], [0, 3, 1], [0, 1, 1, 3])
    B = sparse.CSC(data, indices, indptr, (n, 3))
    turned = function([data, indices, indptr, n], B.T @ T.arange(n).astype("float64"), mode=mode)
    assert turned([1.0, 2, 3], [0, 3, 1], [0, 1, 1, 3], 4).tolist() == [0, 0, 9]


def test_what_cannot_be_is_refused():
    A, B, x = sparse.csr_matrix("a"), sparse.csr_matrix("b"), T.dmatrix("x")
    with pytest.raises(TypeError, match="not known to have one structure"):
        A + B
    with pytest.raises(TypeError, match="dense matrix"):
        A + 1
    with pytest.raises(TypeError, match=r"modc.sparse|no array"):
        T.exp(A)
    with pytest.raises(TypeError, match=r"csr_array of SciPy is no array: use the functions of modc\.sparse"):
        x @ matrix()
    with pytest.raises(TypeError, match=r"use modc\.sparse\.shared"):
        shared(matrix())
    with pytest.raises(TypeError, match=r"sparse\.dot takes a sparse matrix"):
        sparse.dot(x, x)
    with pytest.raises(TypeError, match="no sparse matrix"):
        sparse.transpose(x)
    with pytest.raises(TypeError, match="takes a row, a column"):
        A[1:3]
    with pytest.raises(TypeError, match="truth value"):
        bool(A)
    with pytest.raises(TypeError, match="iterated"):
        list(A)
    with pytest.raises(ValueError, match="axis 2"):
        A.sum(2)
    with pytest.raises(ValueError, match="'csr' or 'csc'"):
        sparse.matrix("coo")
    with pytest.raises(IndexError):
        sparse.csr_matrix("d", shape=(2, 3))[5, 0]
    with pytest.raises(IndexError):
        function([A, i := T.lscalar("i")], A[i])(matrix(), 4)
    with pytest.raises(TypeError, match="integers"):
        sparse.CSR([1.0], [0.5], [0, 1], (1, 1))


def test_every_name_is_on_the_page_of_the_documentation():
    page = (Path(__file__).parents[2] / "docs" / "sparse.md").read_text()
    assert [name for name in sparse.__all__ if not re.search(rf"`{name}\b", page)] == []


def test_every_function_has_a_docstring_and_theanos_constructors_exist():
    for module in (elementwise, functions, types):
        for name in module.__all__:
            assert getattr(sparse, name).__doc__, name
    assert sparse.csr_fmatrix("a").dtype == "float32"
    assert sparse.csc_dmatrix("a").format == "csc"
    assert sparse.is_sparse_variable(sparse.csc_fmatrix())
    assert str(sparse.csr_dmatrix("a") * 2) == "csr(a.data * 2.0)"
    assert repr(sparse.SparseType("csr", "float32")) == "SparseType('csr', 'float32', (None, None))"
