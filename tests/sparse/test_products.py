from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

import modc
import modc.tensor as T
from modc import function, sparse

MODES = ["c", "numpy"]
FORMATS = ["csr", "csc"]
DTYPES = ["float64", "float32", "int8", "int32", "int64", "uint16", "uint64", "bool"]


def matrix(rows=6, columns=9, density=0.4, dtype="float64", format="csr", seed=0):
    """A random matrix with an empty row and an empty column."""
    rng = np.random.default_rng(seed)
    dense = rng.integers(1, 100, (rows, columns)) * (rng.random((rows, columns)) < density)
    if rows > 2 and columns > 2:
        dense[2], dense[:, 1] = 0, 0
    dense = dense / 7 if np.dtype(dtype).kind == "f" else dense
    return sp.coo_array(dense.astype(dtype)).asformat(format)


def untidy(format="csr", dtype="float64"):
    """Unsorted indices, and places that are stored twice."""
    data = np.array([1, 2, 3, 4, 5, 6, 7], dtype)
    kind = sp.csr_array if format == "csr" else sp.csc_array
    return kind((data, [3, 0, 3, 1, 1, 2, 0], [0, 3, 3, 5, 7]), shape=(4, 4))


def operand(shape, dtype, seed=1):
    rng = np.random.default_rng(seed)
    return (rng.integers(-9, 9, shape) if np.dtype(dtype).kind in "fi" else rng.integers(0, 2, shape)).astype(dtype)


def symbol(a, name="a", **options):
    return sparse.matrix(a.format, name, a.dtype.name, **options)


def tensor(x, name="x"):
    return T.TensorType(x.dtype.name, (None,) * x.ndim)(name)


def close(got, expected, dtype):
    assert got.dtype == expected.dtype
    np.testing.assert_allclose(got, expected, rtol=1e-5 if dtype == "float32" else 1e-12, atol=1e-5 if dtype == "float32" else 1e-12)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("format", FORMATS)
def test_products_with_dense_arrays_are_those_of_scipy(format, dtype, mode):
    a = matrix(dtype=dtype, format=format)
    x, y, v, w = operand((9, 3), dtype), operand((3, 6), dtype), operand(9, dtype), operand(6, dtype)
    A, X, Y, V, W = symbol(a), tensor(x, "x"), tensor(y, "y"), tensor(v, "v"), tensor(w, "w")
    run = function([A, X, Y, V, W], [sparse.dot(A, X), sparse.dot(Y, A), A @ V, W @ A, A.T @ W, A.T @ Y.T], mode=mode)
    expected = [a @ x, y @ a, a @ v, w @ a, a.T @ w, a.T @ y.T]
    for got, want in zip(run(a, x, y, v, w), expected, strict=True):
        close(got, np.asarray(want), dtype)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("width", [0, 1, 2, 4, 5, 16, 23, 64])
@pytest.mark.parametrize("format", FORMATS)
def test_products_of_every_width(format, width, mode):
    a, x, z = matrix(20, 30, format=format), operand((30, width), "float64"), operand((20, width), "float64")
    A, X, Z = symbol(a), tensor(x), tensor(z, "z")
    run = function([A, X, Z], [A @ X, A.T @ Z, sparse.sampled_dot(Z, X.T, A)], mode=mode)
    product, turned, sampled = run(a, x, z)
    np.testing.assert_allclose(product, a @ x, atol=1e-9)
    np.testing.assert_allclose(turned, a.T @ z, atol=1e-9)
    np.testing.assert_allclose(sampled.toarray(), (z @ x.T) * (a.toarray() != 0), atol=1e-9)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("format", FORMATS)
def test_mixed_dtypes_promote_as_in_numpy(format, mode):
    for first, second in [("float32", "float64"), ("int8", "float32"), ("int32", "uint8"), ("bool", "int8"), ("float32", "int32")]:
        a, x = matrix(dtype=first, format=format), operand(9, second)
        got = function([A := symbol(a), X := tensor(x)], A @ X, mode=mode)(a, x)
        close(got, a @ x, "float32")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("format", FORMATS)
def test_places_that_are_stored_twice_count_as_their_sum(format, mode):
    a, x = untidy(format), np.arange(4.0)
    A, X = symbol(a), tensor(x)
    run = function([A, X], [A @ X, X @ A, A.toarray(), A.sum(0), A.sum(1), A.diagonal(), A.sum(), A[0, 3], A[2]], mode=mode)
    dense = a.toarray()
    expected = [dense @ x, x @ dense, dense, dense.sum(0), dense.sum(1), np.diag(dense), dense.sum(), dense[0, 3], dense[2]]
    for got, want in zip(run(a, x), expected, strict=True):
        np.testing.assert_allclose(got, want)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("shape", [(0, 0), (0, 4), (3, 0), (3, 4), (1, 1)])
def test_empty_matrices(shape, format, mode):
    a = sp.csr_array(shape).asformat(format)
    A, X = symbol(a), T.dmatrix("x")
    x = np.ones((shape[1], 2))
    run = function([A, X], [A @ X, A.sum(0), A.sum(1), A.sum(), A.toarray(), A.diagonal(), A.T * 2], mode=mode)
    product, columns, rows, total, dense, diagonal, double = run(a, x)
    assert product.shape == (shape[0], 2)
    assert not product.any()
    assert columns.shape == shape[1:]
    assert rows.shape == shape[:1]
    assert total == 0
    assert dense.shape == shape
    assert diagonal.shape == (min(shape),)
    assert double.shape == shape[::-1]
    assert double.nnz == 0


@pytest.mark.parametrize("mode", MODES)
def test_indices_may_have_64_bits(mode):
    a, x = matrix(), operand(9, "float64")
    A, X = sparse.csr_matrix("a", index_dtype="int64"), T.dvector("x")
    run = function([A, X], [A @ X, A.T * 2.0, A.sum(1)], mode=mode)
    wide = a.copy()
    wide.indices, wide.indptr = wide.indices.astype("int64"), wide.indptr.astype("int64")
    for given in (a, wide):
        product, turned, sums = run(given, x)
        np.testing.assert_allclose(product, a @ x, atol=1e-9)
        np.testing.assert_allclose(turned.toarray(), a.T.toarray() * 2)
        np.testing.assert_allclose(sums, a.sum(axis=1))
    narrow = function([B := symbol(a), X], B @ X, mode=mode)
    np.testing.assert_allclose(narrow(wide, x), a @ x)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("format", FORMATS)
def test_gradients_agree_with_differences(format, mode):
    a, pattern = matrix(5, 6, format=format), matrix(5, 6, format=format)
    data = np.random.default_rng(3).normal(size=a.nnz)
    x, z = np.random.default_rng(4).normal(size=(6, 3)), np.random.default_rng(5).normal(size=(5, 3))
    like = sparse.as_sparse_variable(pattern)

    def check(function, *points):
        modc.check_grad(function, list(points), mode=mode)

    check(lambda d, x: like.with_data(d) @ x, data, x)
    check(lambda d, v: like.with_data(d) @ v, data, x[:, 0])
    check(lambda d, z: z.T @ like.with_data(d), data, z)
    check(lambda d, z: like.with_data(d).T @ z, data, z)
    check(lambda d: like.with_data(d).sum(0) ** 2, data)
    check(lambda d: like.with_data(d).sum(1) ** 2, data)
    check(lambda d: like.with_data(d).toarray() ** 2, data)
    check(lambda d: like.with_data(d).diagonal() ** 2, data)
    check(lambda x, z: sparse.sampling_dot(z, x, like).data ** 2, x, z)
    check(lambda d, v: (like.with_data(d) * v).data, data, x[:, 0])
    check(lambda d, s: sparse.row_scale(like.with_data(d), s).data, data, z[:, 0])
    check(lambda d, m: like.with_data(d) + m, data, np.ones((5, 6)))
    check(lambda d: sparse.tanh(like.with_data(d)).data, data)


@pytest.mark.parametrize("mode", MODES)
def test_a_gradient_by_a_matrix_is_a_matrix_of_its_structure(mode):
    a, x, y = matrix(), operand(9, "float64"), operand(6, "float64")
    A, X, Y = symbol(a), T.dvector("x"), T.dvector("y")
    cost = ((A @ X - Y) ** 2).sum()
    by_matrix, by_vector = T.grad(cost, [A, X])
    assert isinstance(by_matrix, sparse.SparseVariable)
    found, slope = function([A, X, Y], [by_matrix, by_vector], mode=mode)(a, x, y)
    residual = 2 * (a @ x - y)
    np.testing.assert_allclose(found.toarray(), np.outer(residual, x) * (a.toarray() != 0))
    np.testing.assert_array_equal(found.indices, a.indices)
    np.testing.assert_allclose(slope, a.T @ residual)


@pytest.mark.parametrize("format", FORMATS)
def test_jacobians_and_directional_derivatives(format):
    a = matrix(4, 5, format=format)
    A, x, d = symbol(a), T.dvector("x"), T.dvector("d")
    data = np.random.default_rng(0).normal(size=a.nnz)
    inner = T.tanh(A.with_data(d) @ x)
    by_x, by_d = T.jacobian(inner, x), T.jacobian(inner, d)
    point = np.random.default_rng(1).normal(size=5)
    b = a.copy()
    b.data = data
    slope = 1 - np.tanh(b @ point) ** 2
    run = function([A, x, d], [by_x, by_d])
    found, found_d = run(a, point, data)
    np.testing.assert_allclose(found, slope[:, None] * b.toarray())
    rows, columns = sp.coo_array(a).coords if format == "csr" else (a.indices, np.repeat(np.arange(5), np.diff(a.indptr)))
    expected = np.zeros((4, a.nnz))
    expected[rows, np.arange(a.nnz)] = slope[rows] * point[columns]
    np.testing.assert_allclose(found_d, expected)
    u, v = np.random.default_rng(2).normal(size=5), np.random.default_rng(3).normal(size=a.nnz)
    forward = T.Rop(inner, [x, d], [T.constant(u), T.constant(v)])
    np.testing.assert_allclose(function([A, x, d], forward)(a, point, data), found @ u + found_d @ v)
    cost = (inner**2).sum()
    curved = function([A, x, d], T.hessian(cost, x))(a, point, data)
    t = np.tanh(b @ point)
    second = 2 * slope**2 - 4 * t**2 * slope
    np.testing.assert_allclose(curved, b.toarray().T @ np.diag(second) @ b.toarray(), rtol=1e-8, atol=1e-10)


def test_a_jacobian_of_a_gradient_by_the_values():
    a = matrix(3, 4)
    A, x = symbol(a), T.dvector("x")
    cost = (T.tanh(A @ x) * T.exp(A @ x)).sum()
    first = T.grad(cost, A).data
    mixed = function([A, x], T.jacobian(first, x))
    point = np.random.default_rng(1).normal(size=4) * 0.01
    step = 1e-6
    run = function([A, x], first)
    expected = np.stack([(run(a, point + step * e) - run(a, point - step * e)) / (2 * step) for e in np.eye(4)], axis=1)
    np.testing.assert_allclose(mixed(a, point), expected, rtol=1e-5, atol=1e-5)


def test_mode_check_accepts_all_rows():
    a = matrix(30, 40, density=0.2)
    A, X = symbol(a), T.dmatrix("x")
    outputs = [A @ X, A.T @ (A @ X), sparse.sampled_dot(A @ X, X.T, A), A.sum(0), A.sum(1), A.toarray(), A.tocsc(), A[3]]
    function([A, X], outputs, mode="check")(a, np.random.default_rng(0).normal(size=(40, 17)))
    small = a.astype("float32")
    B, Y = symbol(small), T.fmatrix("y")
    function([B, Y], [B @ Y, B.T @ (B @ Y), B.sum(1)], mode="check")(small, np.random.default_rng(0).normal(size=(40, 5)).astype("f4"))


@pytest.mark.parametrize("mode", MODES)
def test_products_of_two_sparse_matrices_are_dense(mode):
    a, b = matrix(6, 9), matrix(9, 4, seed=2, format="csc")
    A, B = symbol(a), symbol(b, "b")
    got, turned = function([A, B], [sparse.true_dot(A, B), B.T @ A.T], mode=mode)(a, b)
    np.testing.assert_allclose(got, (a @ b).toarray())
    np.testing.assert_allclose(turned, (a @ b).toarray().T)


@pytest.mark.parametrize("mode", [*MODES, "check"])
@pytest.mark.parametrize("dtype", ["complex128", "complex64"])
@pytest.mark.parametrize("format", FORMATS)
def test_complex_matrices_and_operands(format, dtype, mode):
    rng = np.random.default_rng(0)
    a = matrix(5, 6, format=format)
    z = a.astype(dtype)
    z.data = (a.data * np.exp(1j * rng.normal(size=a.nnz))).astype(dtype)
    x, y = (rng.normal(size=size) + 1j * rng.normal(size=size) for size in (6, 5))
    x, y, d = x.astype(dtype), y.astype(dtype), z.toarray()
    Z, A, X, Y = symbol(z, "z"), symbol(a), tensor(x), tensor(y, "y")
    real = "float64" if dtype == "complex128" else "float32"
    outer = sparse.sampled_dot(Y.dimshuffle(0, "x"), X.dimshuffle("x", 0), Z)
    outputs = [Z @ X, Y @ Z, Z.T @ Y, Z @ T.real(X), A.astype(real) @ X, Z.sum(0), Z.sum(1), Z.sum(), Z.toarray(), Z * 2, Z * X, Z[3], outer]
    dense = a.toarray().astype(real)
    expected = [d @ x, y @ d, d.T @ y, d @ x.real, dense @ x, d.sum(0), d.sum(1), d.sum(), d, d * 2, d * x, d[3], np.outer(y, x) * (d != 0)]
    for got, want in zip(function([Z, A, X, Y], outputs, mode=mode)(z, a, x, y), expected, strict=True):
        got = got.toarray() if sp.issparse(got) else got
        assert got.dtype == want.dtype
        np.testing.assert_allclose(got, want, rtol=1e-4 if real == "float32" else 1e-10, atol=1e-4 if real == "float32" else 1e-10)


def test_complex_gradients_agree_with_differences():
    like = sparse.as_sparse_variable(matrix(5, 6))
    rng = np.random.default_rng(0)
    d, x = (rng.normal(size=n) + 1j * rng.normal(size=n) for n in (like.data.node.shape[0], 6))
    modc.check_grad(lambda d, x: abs(like.with_data(d) @ x) ** 2, [d, x])
    modc.check_grad(lambda d, x: abs(like.with_data(d) @ x) ** 2, [d, x.real])
    modc.check_grad(lambda x: abs(like @ x) ** 2, [x])
    modc.check_grad(lambda d: abs(like.with_data(d).sum(1)) ** 2 + abs(like.with_data(d).diagonal()), [d])


def test_shapes_that_do_not_fit_are_refused():
    A = sparse.csr_matrix("a", shape=(3, 4))
    with pytest.raises(ValueError, match="size"):
        A @ T.TensorType("float64", (5,))("x")
    with pytest.raises(ValueError, match="vector or a matrix"):
        A @ T.dtensor3("x")
    B, X = sparse.csr_matrix("b"), T.dvector("x")
    run = function([B, X], B @ X)
    with pytest.raises(modc.ShapeError, match="size"):
        run(matrix(), np.ones(8))


@pytest.mark.parametrize("mode", MODES)
def test_named_dimensions_are_those_of_the_matrix(mode):
    A, x = sparse.csr_matrix("a", shape=("n", "k")), T.TensorType("float64", ("k",))("x")
    y = T.TensorType("float64", ("n",))("y")
    run = function([A, x, y], [A @ x, y * 2], mode=mode)
    a = matrix()
    run(a, np.ones(9), np.ones(6))
    with pytest.raises(ValueError, match=r"\b5\b"):
        run(a, np.ones(9), np.ones(5))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("fault", ["index", "negative", "falling", "start", "end"])
def test_a_matrix_that_is_none_is_refused_before_anything_is_read(fault, mode):
    a = matrix()
    A, x = symbol(a), T.dvector("x")
    run = function([A, x], [A @ x, A.T @ T.ones(A.shape[0]), A.sum(0), A.toarray()], mode=mode)
    bad = a.copy()
    if fault in ("index", "negative"):
        bad.indices[3] = 9 if fault == "index" else -1
    elif fault == "falling":
        bad.indptr[1] = bad.indptr[3] + 1
    elif fault == "start":
        bad.indptr[0] = 1
    else:
        bad.indptr[-1] += 2
    with pytest.raises(ValueError, match="no sparse matrix"):
        run(bad, np.ones(9))
    run(a, np.ones(9))
