"""Complex numbers: every row that takes them, against NumPy and mpmath; gradients by both parts; state and calls."""

from __future__ import annotations

import copy
import itertools
import pickle
import subprocess

import mpmath
import numpy as np
import pytest

import modc
import modc.tensor as T
from modc import Method, Module
from modc.errors import DTypeError
from modc.graph import OPS
from modc.graph.build import takes_complex
from modc.tensor.variable import call

FUNCTIONS = [op.name for op in OPS.values() if op.family == "map" and op.dtypes is OPS["exp"].dtypes and takes_complex(op)]
MODES = ["c", "numpy", "check"]
DTYPES = ["complex64", "complex128"]
EPS = {"complex64": 2.0**-23, "complex128": 2.0**-52}


def numbers(n: int, dtype: str, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.normal(size=n) + 1j * rng.normal(size=n)).astype(dtype)


def compute(outputs, roots, arrays, mode="c"):
    m = Module()
    m.f = Method(roots, outputs)
    return m.make(mode=mode).f(*arrays)


EXPRESSIONS = {
    "add": lambda z, w: z + w, "sub": lambda z, w: z - w, "mul": lambda z, w: z * w, "div": lambda z, w: z / w,
    "neg": lambda z, w: -z, "eq": lambda z, w: T.eq(z, w), "neq": lambda z, w: T.neq(z, z), "square": lambda z, w: z**2,
    "reverse": lambda z, w: z[::-1], "sum": lambda z, w: z.sum(), "prod": lambda z, w: z[:9].prod(), "mean": lambda z, w: z.mean(),
    "var": lambda z, w: z.var(), "cumsum": lambda z, w: z.cumsum(), "cumprod": lambda z, w: T.cumprod(z[:9]),
    "dot": lambda z, w: z.dot(w), "outer": lambda z, w: T.outer(z, w), "real": lambda z, w: z.real, "imag": lambda z, w: z.imag,
    "conj": lambda z, w: z.conj(), "abs": lambda z, w: abs(z), "angle": lambda z, w: T.angle(z),
    "sign": lambda z, w: T.sign(z), "where": lambda z, w: T.where(z.real > 0, z, w),
    "weak": lambda z, w: 2 * z + 1j, "take": lambda z, w: z[[3, 1, -1]], "set": lambda z, w: T.set_subtensor(z[1:5], 1j),
    "put": lambda z, w: T.inc_subtensor(z[[1, 1, 2]], w[:3]), "any": lambda z, w: T.any(z), "isnan": lambda z, w: T.isnan(z),
    "isinf": lambda z, w: T.isinf(z), "isclose": lambda z, w: T.isclose(z, z + 1e-9), "norm": lambda z, w: z.norm(),
    "matmul": lambda z, w: T.matmul(T.outer(z, w), T.outer(w, z)), "stack": lambda z, w: T.stack([z, w]),
    "stacks": lambda z, w: T.matmul(T.stack([T.outer(z, w)] * 2), T.stack([T.outer(w, z)] * 2)),
    "einsum": lambda z, w: T.einsum("i,j,j->i", z, w, z), "pow": lambda z, w: z**w, "polar": lambda z, w: T.complex_from_polar(abs(z), T.angle(z)),
}  # fmt: skip
EXPRESSIONS |= {
    "convolve": lambda z, w: T.convolve(z, w[:5]), "mixed convolve": lambda z, w: T.convolve(z.real, w[:5], "same"),
    "correlate": lambda z, w: T.correlate(z, w[:5]), "cov": lambda z, w: T.cov(T.stack([z, w])),
    "corrcoef": lambda z, w: T.corrcoef(T.stack([z, w])), "round": lambda z, w: T.round(z, 1), "rint": lambda z, w: T.rint(z),
    "float_power": lambda z, w: T.float_power(z, 2), "polymul": lambda z, w: T.polymul(z[:3], w[:4]), "ptp": lambda z, w: T.ptp(z.imag),
}  # fmt: skip
SAME = {
    "convolve": lambda z, w: np.convolve(z, w[:5]), "mixed convolve": lambda z, w: np.convolve(z.real, w[:5], "same"),
    "correlate": lambda z, w: np.correlate(z, w[:5]), "cov": lambda z, w: np.cov(np.stack([z, w])),
    "corrcoef": lambda z, w: np.corrcoef(np.stack([z, w])), "round": lambda z, w: np.round(z, 1), "rint": lambda z, w: np.rint(z),
    "float_power": lambda z, w: np.float_power(z, 2), "polymul": lambda z, w: np.polymul(z[:3], w[:4]), "ptp": lambda z, w: np.ptp(z.imag),
    "square": lambda z, w: z**2, "norm": lambda z, w: np.linalg.norm(z), "reverse": lambda z, w: z[::-1], "sum": lambda z, w: z.sum(),
    "prod": lambda z, w: z[:9].prod(), "mean": lambda z, w: z.mean(), "var": lambda z, w: z.var(), "cumsum": lambda z, w: z.cumsum(),
    "cumprod": lambda z, w: np.cumprod(z[:9]), "dot": lambda z, w: z @ w, "outer": np.outer, "real": lambda z, w: z.real,
    "imag": lambda z, w: z.imag, "conj": lambda z, w: z.conj(), "abs": lambda z, w: abs(z), "angle": lambda z, w: np.angle(z),
    "sign": lambda z, w: np.sign(z), "where": lambda z, w: np.where(z.real > 0, z, w), "weak": lambda z, w: 2 * z + 1j,
    "take": lambda z, w: z[[3, 1, -1]], "any": lambda z, w: np.any(z), "isnan": lambda z, w: np.isnan(z),
    "isinf": lambda z, w: np.isinf(z), "isclose": lambda z, w: np.isclose(z, z + 1e-9), "add": lambda z, w: z + w,
    "sub": lambda z, w: z - w, "mul": lambda z, w: z * w, "div": lambda z, w: z / w, "neg": lambda z, w: -z, "eq": lambda z, w: z == w,
    "neq": lambda z, w: z != z, "matmul": lambda z, w: np.outer(z, w) @ np.outer(w, z), "stack": lambda z, w: np.stack([z, w]),
    "stacks": lambda z, w: np.stack([np.outer(z, w) @ np.outer(w, z)] * 2), "pow": lambda z, w: z**w,
    "einsum": lambda z, w: np.einsum("i,j,j->i", z, w, z), "polar": lambda z, w: z,
    "set": lambda z, w: np.concatenate([z[:1], np.full(4, 1j, z.dtype), z[5:]]),
    "put": lambda z, w: z + np.bincount([1, 1, 2], w.real[:3], len(z)) + 1j * np.bincount([1, 1, 2], w.imag[:3], len(z)),
}  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_expressions_of_complex_numbers_are_numpys(dtype: str, mode: str) -> None:
    z, w = T.vector("z", dtype=dtype), T.vector("w", dtype=dtype)
    a, b = numbers(67, dtype), numbers(67, dtype, 1)
    found = compute([make(z, w) for make in EXPRESSIONS.values()], [z, w], [a, b], mode)
    for name, got in zip(EXPRESSIONS, found, strict=True):
        want = np.asarray(SAME[name](a, b))
        assert got.dtype == want.astype(dtype if name == "put" else want.dtype).dtype, name
        np.testing.assert_allclose(got, want, rtol=400 * EPS[dtype], atol=100 * EPS[dtype], err_msg=name)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(0,), (1,), (33,), (2000,)])
def test_sums_of_any_length_keep_their_digits(shape, dtype: str) -> None:
    z = T.vector("z", dtype=dtype)
    given = numbers(shape[0], dtype)
    given /= abs(given)
    total, product, last = compute([z.sum(), z.prod(), z[::2].sum()], [z], [given])
    assert abs(total - given.astype("complex128").sum()) <= 20 * EPS[dtype] * (1 + abs(given).sum())
    np.testing.assert_allclose(product, given.prod(), rtol=2000 * EPS[dtype])
    np.testing.assert_allclose(last, given[::2].sum(), rtol=100 * EPS[dtype], atol=100 * EPS[dtype])


def test_sums_over_axes() -> None:
    m = Module()
    m.a = T.zmatrix()
    m.f = Method([], [m.a.sum(axis=0), m.a.sum(axis=1), m.a.T.conj().dot(m.a), m.a.prod(axis=1)])
    a = numbers(33 * 21, "complex128").reshape(33, 21)
    for got, want in zip(m.make(a=a).f(), (a.sum(0), a.sum(1), a.T.conj() @ a, a.prod(1)), strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-13)


# Elementary functions


def hard_points() -> np.ndarray:
    """All quadrants and magnitudes, the unit circle, neighbourhoods of 1, -1, i, -1 + unit circle."""
    rng = np.random.default_rng(1)
    sizes = (1e-300, 1e-20, 1e-8, 0.3, 1.0, 2.0, 30.0, 600.0, 1e8, 1e200)
    plain = [complex(*(rng.choice([-1, 1], 2) * (a, b) * rng.uniform(0.5, 1.5, 2))) for a, b in itertools.product(sizes, sizes)]
    circle = np.exp(1j * rng.uniform(-np.pi, np.pi, 60))
    near = (rng.normal(size=20) + 1j * rng.normal(size=20)) * 1e-8
    return np.concatenate([plain, circle, circle * (1 + 1e-9), circle - 1, 1 + near, near - 1, near + 1j])


EXACT = {
    "exp2": lambda z: mpmath.power(2, z), "log1p": lambda z: mpmath.log(1 + z), "log2": lambda z: mpmath.log(z) / mpmath.log(2),
    "log10": lambda z: mpmath.log(z) / mpmath.log(10), **{f"arc{name}": getattr(mpmath, f"a{name}") for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
}  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_elementary_functions_are_accurate_everywhere(name: str) -> None:
    """Within the row's promise, times the absolute value."""
    points = hard_points()
    found = _of(name, points)
    exact = EXACT.get(name) or getattr(mpmath, name)
    with mpmath.workdps(500 if name.startswith(("arc", "log1p")) else 60):
        for point, got in zip(points, found, strict=True):
            grows = point.real if name in ("exp", "exp2", "expm1", "sinh", "cosh") else point.imag
            if name == "exp2" and abs(point.imag) > 1e15:  # an angle without digits
                continue
            if abs(grows) > 690 and not name.startswith(("arc", "log", "sqrt")):
                continue
            want = exact(mpmath.mpc(complex(point)))
            if mpmath.mpf("1e-290") < abs(want) < mpmath.mpf("1e307"):
                error = abs(mpmath.mpc(complex(got)) - want) / abs(want) / EPS["complex128"]
                assert error <= max(OPS[name].ulp, 2.5), (point, got, complex(want))


def _of(name: str, points: np.ndarray) -> np.ndarray:
    z = T.vector("z", dtype=str(points.dtype))
    return compute(call(name, z), [z], [points])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_single_precision_is_rounded_once(name: str) -> None:
    points = numbers(200, "complex64")
    wide = _of(name, points.astype("complex128"))
    assert np.all(abs(_of(name, points) - wide) <= abs(wide) * 2.0**-23)


#: What C99's Annex G leaves open, or where NumPy is further from it.
OPEN = {"expm1": lambda z: np.isinf(z) | (z.real > 700) | np.isnan(z), "sin": np.isinf, "cos": np.isinf, "tan": np.isinf,
        "sinh": np.isinf, "cosh": np.isinf, "tanh": np.isinf}  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_zeros_infinities_and_branch_cuts_are_numpys(name: str) -> None:
    parts = [0.0, -0.0, 1.0, -1.0, 2.5, -2.5, np.inf, -np.inf]
    points = np.array([complex(re, im) for re in parts for im in parts])
    points = points[~OPEN.get(name, lambda z: np.zeros(z.shape, bool))(points)]
    with np.errstate(all="ignore"):
        want = getattr(np, name)(points)
    got = _of(name, points)
    for part in ("real", "imag"):
        a, b = getattr(got, part), getattr(want, part)
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=0)
        nan = np.isnan(b)
        assert np.array_equal(np.signbit(a[~nan]), np.signbit(b[~nan]))


def test_powers() -> None:
    z, w = T.zvector("z"), T.zvector("w")
    f = modc.function([z, w], z**w)
    given = np.array([1j, 1j, 0, 0, 2, -8, 1 + 1j])
    powers = np.array([2, -1, 0, 2, 0.5, 1 / 3, -7])
    np.testing.assert_allclose(f(given, powers), given**powers, rtol=1e-14)
    assert f([1j], [2])[0] == -1


# Gradients

WEIGHTS = np.array([1.0, 2.0, 3.0, 4.0]) + 1j * np.array([0.5, -1.0, 2.0, 1.0])
DIFFERENTIABLE = {
    **{name: (lambda z, w, x, name=name: call(name, 0.7 * z)) for name in FUNCTIONS},
    "product": lambda z, w, x: z * w.conj() / (1 + w), "pow": lambda z, w, x: z**w, "whole power": lambda z, w, x: z**3,
    "abs": lambda z, w, x: abs(z) * w, "angle": lambda z, w, x: T.angle(z) * w, "parts": lambda z, w, x: z.real * w.imag,
    "put together": lambda z, w, x: T.complex(x, x**2) * z, "polar": lambda z, w, x: T.complex_from_polar(x, z.real),
    "mixed": lambda z, w, x: x * z + x, "prod": lambda z, w, x: z.prod() * w, "cumprod": lambda z, w, x: T.cumprod(z),
    "cumsum": lambda z, w, x: T.cumsum(z), "index": lambda z, w, x: z[[0, 2, 2, 1]] * w[::-1], "sign": lambda z, w, x: T.sign(z),
    "set": lambda z, w, x: T.set_subtensor(z[1:3], w[:2]), "where": lambda z, w, x: T.where(z.real > 0, z, w),
    "mean": lambda z, w, x: z.mean() * w, "var": lambda z, w, x: z.var() * w, "dot": lambda z, w, x: z.dot(w) * z,
    "matmul": lambda z, w, x: T.matmul(T.outer(z, w), T.outer(w, x)), "norm": lambda z, w, x: z.norm() * w,
    "clipped": lambda z, w, x: T.disconnected_grad(z) * w,
}  # fmt: skip


@pytest.mark.parametrize("mode", ["c", "numpy"])
@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_gradients_by_both_parts_agree_with_differences(name: str, mode: str) -> None:
    points = [numbers(4, "complex128"), numbers(4, "complex128", 1), np.array([0.3, 1.2, -0.8, 2.0])]
    function = DIFFERENTIABLE[name]
    if name == "clipped":  # nothing goes to z: only w is checked
        modc.check_grad(lambda w: function(T.constant(points[0]), w, None), points[1:2], mode=mode)
        return
    modc.check_grad(function, points, mode=mode)


def test_a_step_against_the_gradient_lowers_the_cost() -> None:
    z = T.zvector("z")
    cost = (abs(z - (3 + 4j)) ** 2).sum()
    value, slope = compute([cost, T.grad(cost, z)], [z], [np.zeros(2, complex)])
    assert (slope == -2 * (3 + 4j)).all()
    assert compute(cost, [z], [-0.1 * slope]) < value


def test_forward_and_reverse_products_are_adjoint() -> None:
    z, v, u = T.zvectors("z", "v", "u")
    f = z * z.conj().sum() + abs(z) * T.exp(z)
    point, tangent, cotangent = (numbers(5, "complex128", seed) for seed in range(3))
    forward, backward = compute([T.Rop(f, z, v), T.Lop(f, z, u)], [z, v, u], [point, tangent, cotangent])
    np.testing.assert_allclose(np.vdot(cotangent, forward).real, np.vdot(backward, tangent).real, rtol=1e-12)


def test_the_jacobian_of_real_numbers_by_complex_ones() -> None:
    z = T.zvector("z")
    point = numbers(4, "complex128")
    np.testing.assert_allclose(compute(T.jacobian(abs(z) ** 2, z), [z], [point]), np.diag(2 * point), atol=1e-15)


def test_known_gradients_are_in_the_users_convention() -> None:
    z = T.zvector("z")
    inner = z * (2 + 1j)
    whole = T.grad(abs(inner).sum(), z)
    parts = T.grad(None, z, known_grads={inner: T.grad(abs(inner).sum(), inner)})
    one, other = compute([whole, parts], [z], [numbers(4, "complex128")])
    np.testing.assert_allclose(one, other, rtol=1e-15)


@pytest.mark.parametrize("make", [lambda z: T.grad((z * z).sum(), z), lambda z: T.jacobian(z * z, z)])
def test_a_complex_cost_is_refused_with_a_remedy(make) -> None:
    with pytest.raises(DTypeError, match="real"):
        make(T.zvector("z"))


# What complex numbers do not do


@pytest.mark.parametrize("name", ["maximum", "lt", "floor", "mod", "arctan2", "sort", "max", "argmax", "sigmoid", "cummax", "erf"])
def test_what_has_no_meaning_for_complex_numbers_is_refused(name: str) -> None:
    z = T.zvector("z")
    with pytest.raises(DTypeError, match="complex"):
        getattr(T, name)(*[z] * (2 if name in ("maximum", "lt", "mod", "arctan2") else 1))


def test_complex_numbers_do_not_become_real_ones_silently() -> None:
    z, x = T.zvector("z"), T.dvector("x")
    with pytest.raises(DTypeError, match="real, imag, abs or angle"):
        z.astype("float64")
    with pytest.raises(DTypeError, match="complex128 cannot be set in float64"):
        T.set_subtensor(x[0], 1j)
    assert z.astype("bool").dtype == "bool"
    assert (x * 1j).dtype == "complex128"
    assert (T.fvector() * 1j).dtype == "complex64"
    assert (T.cvector() * 1.5).dtype == "complex64"
    assert (T.cvector() * T.dvector()).dtype == "complex128"


# State and calls


@pytest.mark.parametrize("mode", MODES)
def test_complex_members_and_arguments(mode: str) -> None:
    m = Module()
    m.state, m.by = T.zscalar(), T.zscalar("by")
    m.add = Method(m.by, m.state + m.by, {m.state: m.state + m.by})
    instance = m.make(state=1j, mode=mode)
    assert instance.add(2) == 2 + 1j
    assert instance.add(np.complex64(1j)) == 2 + 2j
    assert instance.state.dtype == "complex128"
    again = pickle.loads(pickle.dumps(instance))
    assert again.add(1) == 3 + 2j == copy.deepcopy(instance).add(1)
    for wrong in ("1j", [1j], None):
        with pytest.raises(TypeError):
            instance.add(wrong)
    assert instance.state == 2 + 2j
    instance.state = 5
    assert instance.state == 5


def test_complex_arguments_of_real_parameters_are_refused() -> None:
    x = T.dscalar("x")
    f = modc.function([x], x * 2)
    with pytest.raises(DTypeError, match="expects float64 scalar, got complex 1j"):
        f(1j)
    c = T.cvector("c")
    with pytest.raises(DTypeError):
        modc.function([c], c)(np.ones(2, complex))


def test_numpy_functions_build_the_graph() -> None:
    z = T.zvector("z")
    given = numbers(5, "complex128")
    outputs = [np.exp(z), np.real(z), np.conj(z), np.angle(z), np.abs(z), np.ones(5) * 1j + z]
    for got, want in zip(
        compute(outputs, [z], [given]),
        [np.exp(given), given.real, given.conj(), np.angle(given), abs(given), 1j + given],
        strict=True,
    ):
        np.testing.assert_allclose(got, want, rtol=1e-14)


# Ops of users, exports


def test_ops_of_users_take_complex_numbers() -> None:
    text = "static inline modc_c128 made_square(modc_c128 z) { modc_c128 y; y.re = z.re * z.re - z.im * z.im; y.im = 2 * z.re * z.im; return y; }"
    made = modc.op("made_square", numpy=lambda z: z * z, c_code=text, dtypes="complex128 -> complex128", grad=lambda g, y, z: (g * 2 * z,))
    turned = "static inline void made_turned(int64_t n, const modc_c64 *z, modc_c64 *y) { for (int64_t i = 0; i < n; i++) y[i] = z[n - 1 - i]; }"
    back = modc.op("made_turned", numpy=lambda z: z[::-1].copy(), c_code=turned, shape="(n)->(n)", dtypes="complex64 -> complex64")
    z, c = T.zvector("z"), T.cvector("c")
    given = numbers(5, "complex128")
    np.testing.assert_allclose(compute(made(z), [z], [given], "check"), given * given, rtol=1e-15)
    np.testing.assert_array_equal(compute(back(c), [c], [given.astype("complex64")], "check"), given.astype("complex64")[::-1])
    modc.check_grad(made, [given])
    with pytest.raises(ValueError, match="structs"):
        modc.op("made_sum", numpy=lambda z: z + z, c="{0} + {0}", dtypes="complex128 -> complex128")


def test_a_graph_as_an_op_has_complex_gradients() -> None:
    z = T.zvector("z")
    made = T.OpFromGraph([z], z * z.conj() * z + 1)
    modc.check_grad(lambda z: made(z), [numbers(3, "complex128")])


def test_a_python_function_takes_complex_numbers() -> None:
    z = T.zvector("z")
    twice = modc.as_op(itypes=[T.zvector], otypes=[T.zvector])(lambda a: a * 2j)
    np.testing.assert_array_equal(compute(twice(z) + 1, [z], [np.ones(2)]), [1 + 2j] * 2)


@pytest.mark.parametrize("real", ["float64", "float32"])
def test_complex_numbers_inside_a_method_are_exported(real: str, tmp_path) -> None:
    m = Module()
    x = T.vector("x", dtype="float64", shape=(8,))
    m.spectrum = Method(x, abs(T.exp(x * 1j) + 0.5j) ** 2)
    modc.export(m.make(), tmp_path / "out", name="inner", real=real)
    done = subprocess.run(["make", "-C", str(tmp_path / "out"), "test"], capture_output=True, text=True)
    assert "checks passed" in done.stdout, done.stdout + done.stderr
