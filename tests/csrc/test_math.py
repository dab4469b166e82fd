"""csrc/modc_math.h: error in ULP, special values, vectorisation."""

from __future__ import annotations

import ctypes
import itertools
import os
import subprocess
from collections.abc import Callable

import header_library
import numpy as np
import pytest
from header_library import Array, Headers

pytestmark = pytest.mark.skipif(
    np.finfo(np.longdouble).nmant < 63, reason="the references are 80-bit long double functions"
)
EXHAUSTIVE = os.environ.get("TEST_EXHAUSTIVE") == "1"  # all 2^32 float arguments: half an hour
LARGEST = {"pow": 4.0, "erfc": 4.0}


def _sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def _softplus(x: Array) -> Array:
    return np.where(x > 60, x, np.log1p(np.exp(np.minimum(x, 60))))


def _libm(name: str) -> Callable[[Array], Array]:
    function = getattr(ctypes.CDLL("libm.so.6"), name)
    function.restype, function.argtypes = ctypes.c_longdouble, [ctypes.c_longdouble]
    return lambda x: np.array([function(v) for v in x], np.longdouble)


OWN: dict[str, Callable[..., Array]] = {
    **{
        name: getattr(np, name)
        for name in [
            "exp",
            "exp2",
            "expm1",
            "log",
            "log2",
            "log10",
            "log1p",
            "sin",
            "cos",
            "tan",
            "sinh",
            "cosh",
            "tanh",
        ]
    },
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "erf": _libm("erfl"),
}
LIBRARY: dict[str, Callable[..., Array]] = {
    name: getattr(np, name)
    for name in [
        "arcsin",
        "arccos",
        "arctan",
        "arcsinh",
        "arccosh",
        "arctanh",
        "floor",
        "ceil",
        "trunc",
        "rint",
    ]
}


def points(dtype: type, count: int) -> Array:
    """Uniform in the exponent, around 0 and 1, in the range of exp; and the special values."""
    random = np.random.default_rng(11)
    info = np.finfo(dtype)
    low, high = np.log2(float(info.smallest_subnormal)), np.log2(float(info.max)) - 1e-3
    wide = np.exp2(random.uniform(low, high, count)) * random.choice([-1, 1], count)
    near, flat = random.uniform(-3, 3, count), random.uniform(-760, 720, count)
    turns = np.arange(1, count) * (np.pi / 2)
    with np.errstate(over="ignore"):
        x = np.concatenate([wide, near, flat, 1 + near / 30, turns]).astype(dtype)
    return np.concatenate([x, special(dtype)])


def special(dtype: type) -> Array:
    """Arguments where functions have edges."""
    info = np.finfo(dtype)
    x = [0, 1, 2, 3, 0.5, 1.5, np.inf, np.nan, info.max, info.tiny, info.smallest_subnormal]
    x += [2.0**23 + 1, 2.0**24, 2.0**52 + 1, 2.0**53 - 1, 2.0**53, 1 + info.eps, 1 - info.eps / 2]
    x += [709.78, 745.13, 745.2, 88.72, 103.9, 87.5, 1e-20, 1e10, 22, 44, 0.41421356, 0.41421357]
    with np.errstate(over="ignore"):
        # the double nearest to a multiple of pi/2, in ULP, is 6381956970095103 * 2^797
        x += [np.ldexp(6381956970095103.0, 797) if dtype is np.float64 else 16367173.0 * 2.0**72]
        half = np.array(x).astype(dtype)
    return np.concatenate([half, -half])


def ulps(exact: Array, got: Array) -> Array:
    """|got - exact| in units in the last place of the rounded value; inf where kinds differ."""
    with np.errstate(all="ignore"):
        rounded = exact.astype(got.dtype)
        error = np.abs(got - exact) / np.spacing(np.abs(rounded)).astype(np.longdouble)
        same = (got == rounded) | (np.isnan(got) & np.isnan(rounded))
        error = np.where(np.isfinite(rounded), error, np.where(same, 0, np.inf))
        at_edge = np.isinf(got) & (np.abs(exact) > np.finfo(got.dtype).max)
        sign = (np.signbit(got) != np.signbit(rounded)) & ~np.isnan(rounded)
        return np.where(at_edge, 0, np.where(sign, np.inf, error))


def worst(headers: Headers, name: str, reference: Callable[..., Array], *args: Array) -> str:
    """'' if all errors are within the promise, else the worst argument."""
    suffix = "f64" if args[0].dtype == np.float64 else "f32"
    got = headers(f"{name}_{suffix}", *args)
    with np.errstate(all="ignore"):
        exact = reference(*(a.astype(np.longdouble) for a in args))
    error = ulps(exact, got)
    i = int(np.argmax(np.where(np.isnan(error), np.inf, error)))
    if error[i] <= LARGEST.get(name, 2.5):
        return ""
    return f"{name}{tuple(float(a[i]) for a in args)} = {got[i]}, not {exact[i]}: {error[i]} ulp"


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", OWN)
def test_a_function_is_within_its_ulps_on_the_whole_domain(headers, name, dtype):
    assert worst(headers, name, OWN[name], points(dtype, 20_000)) == ""


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", LIBRARY)
def test_a_function_of_the_library_is_reached_by_its_numpy_name(headers, name, dtype):
    assert worst(headers, name, LIBRARY[name], points(dtype, 500)) == ""


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_erfc_is_within_its_ulps(headers, dtype):
    assert worst(headers, "erfc", _libm("erfcl"), points(dtype, 2000)) == ""


@pytest.mark.parametrize("name", OWN)
def test_float_functions_are_right_on_a_lattice_of_all_floats(headers, name):
    step = 1 if EXHAUSTIVE else 65_521
    for start in range(0, 1 << 32, 1 << 22 if EXHAUSTIVE else 1 << 32):
        end = min(start + (1 << 22), 1 << 32) if EXHAUSTIVE else 1 << 32
        x = np.arange(start, end, step, np.uint64).astype(np.uint32).view(np.float32)
        assert worst(headers, name, OWN[name], x) == ""


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_pow_of_all_pairs_of_special_values(headers, dtype):
    x, y = (
        np.array(v, dtype) for v in zip(*itertools.product(special(dtype), repeat=2), strict=True)
    )
    assert worst(headers, "pow", np.power, x, y) == ""


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_pow_is_within_its_ulps_where_the_result_is_finite(headers, dtype):
    random = np.random.default_rng(5)
    x = np.abs(points(dtype, 10_000))
    with np.errstate(all="ignore"):
        log = np.maximum(np.abs(np.log2(x.astype(np.float64))), 1e-3)
        y = np.clip(random.uniform(-1100, 1100, x.size) / log, -1e30, 1e30).astype(dtype)
    assert worst(headers, "pow", np.power, x, y) == ""
    assert worst(headers, "pow", np.power, -x, np.rint(y)) == ""
    x = random.uniform(0.9, 1.1, x.size).astype(dtype)
    assert worst(headers, "pow", np.power, x, (y * 10).astype(dtype)) == ""
    assert worst(headers, "pow", np.power, x, np.full_like(x, 2)) == ""
    assert worst(headers, "pow", np.power, x, np.full_like(x, 0.5)) == ""


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_arctan2_is_within_its_ulps(headers, dtype):
    y, x = (
        np.array(v, dtype) for v in zip(*itertools.product(special(dtype), repeat=2), strict=True)
    )
    assert worst(headers, "arctan2", np.arctan2, y, x) == ""


def test_two_compilers_give_the_same_bits(headers, tmp_path):
    other = Headers(headers.level, tmp_path, cc="clang")
    for name, dtype in itertools.product([*OWN, "pow"], (np.float64, np.float32)):
        x = points(dtype, 2000)
        args = (x, x[::-1].copy()) if name == "pow" else (x,)
        suffix = "f64" if dtype is np.float64 else "f32"
        got = headers(f"{name}_{suffix}", *args), other(f"{name}_{suffix}", *args)
        assert np.array_equal(*got, equal_nan=True), name


VECTORISED = [f"{name}_{suffix}" for name in [*OWN, "pow"] for suffix in ("f64", "f32")]


@pytest.mark.parametrize("name", VECTORISED)
def test_a_loop_over_a_function_becomes_vector_code(level, name, tmp_path):
    if not level:
        pytest.skip("without gather instructions sin and cos stay scalar")
    body = header_library.loops().splitlines()
    loop = next(line for line in body if f" loop_modc_{name}(" in line)
    source = tmp_path / "loop.c"
    source.write_text('#include "modc_math.h"\n' + loop)
    flags = [*header_library.FLAGS, *header_library.level_flags(level)]
    flags += ["-fvect-cost-model=dynamic", "-fopt-info-vec-optimized"]
    command = [header_library.compiler(), "-std=c99", *flags, f"-I{header_library.CSRC}"]
    command += ["-c", str(source), "-o", str(tmp_path / "loop.o")]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "loop vectorized" in run.stderr
