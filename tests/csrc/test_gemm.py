"""csrc/modc_gemm.h against NumPy; the bits against a plain loop's."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from header_library import ALL_LEVELS, DTYPES, Array, Headers

SHAPES = [
    (1, 1, 1),
    (3, 2, 5),
    (4, 4, 4),
    (7, 9, 13),
    (8, 16, 3),
    (9, 33, 40),
    (17, 10, 129),
    (30, 40, 257),
    (1, 70, 30),
    (70, 1, 30),
    (5, 3, 300),
    (25, 64, 10),
    (1, 300, 200),
    (9, 1, 100),
    (1, 1, 33),
]
FLOATS = ["f64", "f32"]
TRANSPOSED = [(False, False), (True, False), (False, True), (True, True)]


def operands(
    name: str, m: int, n: int, k: int, ta: bool, tb: bool, pad: int = 0
) -> tuple[Array, Array]:
    """Random op(A), op(B) as stored, with rows `pad` elements longer than needed."""
    random = np.random.default_rng(m * 1000 + n * 100 + k)

    def draw(rows: int, columns: int) -> Array:
        if name[0] == "f":
            full = random.uniform(-1, 1, (rows, columns + pad)).astype(DTYPES[name])
        else:
            info = np.iinfo(DTYPES[name])
            size = (rows, columns + pad)
            full = random.integers(info.min, info.max, size, DTYPES[name], endpoint=True)
        return full[:, :columns]

    return draw(*((k, m) if ta else (m, k))), draw(*((n, k) if tb else (k, n)))


@pytest.mark.parametrize(("ta", "tb"), TRANSPOSED)
@pytest.mark.parametrize("name", FLOATS)
def test_a_product_is_as_near_as_its_error_bound(headers, name, ta, tb):
    for m, n, k in SHAPES:
        a, b = operands(name, m, n, k, ta, tb, pad=3)
        x, y = (v.astype(np.longdouble) for v in (a.T if ta else a, b.T if tb else b))
        old = np.random.default_rng(1).uniform(-1, 1, (m, n + 2)).astype(DTYPES[name])[:, :n]
        for alpha, beta in ((1.0, 0.0), (1.0, 1.0), (-0.5, 0.25)):
            c = np.full((m, n + 2), np.nan, DTYPES[name])
            c[:, :n] = old if beta else np.nan
            headers.gemm(a, b, c[:, :n], ta, tb, alpha, beta)
            exact = alpha * (x @ y) + (beta * old.astype(np.longdouble) if beta else 0)
            bound = (k + 2) * np.finfo(DTYPES[name]).eps * (np.abs(x) @ np.abs(y) + 1)
            assert np.all(np.abs(c[:, :n] - exact) <= bound), (m, n, k, alpha, beta)
            assert np.all(np.isnan(c[:, n:]))


@pytest.mark.parametrize(("ta", "tb"), TRANSPOSED)
@pytest.mark.parametrize("name", [name for name in DTYPES if name[0] in "iu"])
def test_an_integer_product_wraps(headers, name, ta, tb):
    for m, n, k in ((1, 1, 1), (3, 70, 5), (6, 4, 20)):
        a, b = operands(name, m, n, k, ta, tb, pad=1)
        x, y = (v.astype(object) for v in (a.T if ta else a, b.T if tb else b))
        for alpha, beta in ((1, 0), (3, 5)):
            c = np.full((m, n), 7, DTYPES[name])
            headers.gemm(a, b, c, ta, tb, alpha, beta)
            exact = alpha * (x @ y) + beta * 7
            wrapped = np.vectorize(lambda v: v % 2**64, otypes=[np.uint64])(exact)
            assert np.array_equal(wrapped.astype(DTYPES[name]), c), (m, n, k)


@pytest.mark.parametrize("name", [name for name in DTYPES if name != "b8"])
def test_empty_products_only_scale(headers, name):
    a, b = np.ones((3, 0), DTYPES[name]), np.ones((0, 4), DTYPES[name])
    c = np.full((3, 4), 5, DTYPES[name])
    headers.gemm(a, b, c, False, False, 1, 2)
    assert np.all(c == 10)
    headers.gemm(a, b, c, False, False, 1, 0)
    assert np.all(c == 0)
    headers.gemm(
        np.ones((0, 2), DTYPES[name]), np.ones((2, 4), DTYPES[name]), c[:0], False, False, 1, 0
    )
    headers.gemm(
        np.ones((3, 2), DTYPES[name]), np.ones((2, 0), DTYPES[name]), c[:, :0], False, False, 1, 0
    )
    assert np.all(c == 0)


def in_order(a: Array, b: Array, fused: bool) -> Array:
    """A @ B with products added in order of k in blocks of 128, rounded as the headers promise."""
    kind = a.dtype.type
    c = np.zeros((a.shape[0], b.shape[1]), a.dtype)
    for i, j in np.ndindex(c.shape):
        for start in range(0, a.shape[1], 128):
            total = kind(0)
            for k in range(start, min(start + 128, a.shape[1])):
                if fused:  # in exact arithmetic; float() of a Fraction rounds correctly
                    exact = Fraction(float(a[i, k])) * Fraction(float(b[k, j])) + Fraction(
                        float(total)
                    )
                    total = kind(float(exact))
                else:
                    total = total + a[i, k] * b[k, j]
            c[i, j] = total if start == 0 else c[i, j] + total
    return c


def test_the_bits_are_those_of_a_loop_in_order(headers):
    for m, n, k in ((3, 5, 7), (9, 17, 131), (5, 2, 260)):
        a, b = operands("f64", m, n, k, False, False)
        c = np.empty((m, n))
        headers.gemm(a, b, c, False, False, 1.0, 0.0)
        assert np.array_equal(in_order(a, b, fused=headers.level != ""), c), (m, n, k)


@pytest.fixture(scope="module", params=["gcc", "clang"])
def plain(headers: Headers, request: pytest.FixtureRequest, tmp_path_factory) -> Headers:
    """The loops for compilers without vectors, at the lowest CPU level with the same kind of products."""
    level = ALL_LEVELS[min(1, len(ALL_LEVELS) - 1)] if headers.level else ""
    return Headers(level, tmp_path_factory.mktemp("plain"), "-DMODC_PLAIN_LOOPS", cc=request.param)


def in_lanes(m: int, n: int, k: int, ta: bool, tb: bool) -> bool:
    """Whether a product is made of dot products of rows without gaps, which have an order of their own."""
    return k >= 32 and ((n == 1 and not ta) or (m == 1 and tb))


@pytest.mark.parametrize("name", FLOATS)
def test_the_bits_do_not_depend_on_the_path_the_compiler_or_the_vector_width(headers, plain, name):
    for m, n, k in SHAPES:
        a, b = operands(name, m, n, k, False, False)
        firsts = {}
        for ta, tb in TRANSPOSED:
            first, c = np.empty((m, n), DTYPES[name]), np.empty((m, n), DTYPES[name])
            x, y = (np.ascontiguousarray(v) for v in (a.T if ta else a, b.T if tb else b))
            plain.gemm(x, y, first, ta, tb, 1.0, 0.0)
            headers.gemm(x, y, c, ta, tb, 1.0, 0.0)
            expected = firsts.setdefault(in_lanes(m, n, k, ta, tb), first)
            assert np.array_equal(expected, first), (m, n, k, ta, tb)
            assert np.array_equal(expected, c), (m, n, k, ta, tb)
