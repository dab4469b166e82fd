"""Every row of the elementwise tables: dtypes, values and gradients against NumPy and differences."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from tensor_helpers import check_gradient, root_like, value

import modc.tensor as T
from modc.errors import DTypeError
from modc.graph import DTYPES, OPS
from modc.tensor.variable import call

ROWS = [op for op in OPS.values() if op.family == "map" and op.name not in ("cast", "iota", "complex")]
FLOAT_FUNCTIONS = [op.name for op in ROWS if op.dtypes is OPS["exp"].dtypes]
DOMAINS = {
    "arccosh": (1.2, 3.0),
    "arcsin": (-0.9, 0.9),
    "arccos": (-0.9, 0.9),
    "arctanh": (-0.9, 0.9),
    "tan": (-1.2, 1.2),
    "erfinv": (-0.9, 0.9),
    "erfcinv": (0.1, 1.9),
    "logit": (0.1, 0.9),
    "log1mexp": (-2.5, -0.2),
    "cbrt": (0.3, 2.5),
    "ellipk": (-2.5, 0.9),
    "ellipe": (-2.5, 0.9),
    "hurwitz": (1.3, 4.0),
}
POSITIVE = ("log", "log2", "log10", "log1p", "sqrt", "pow", "mod", "fmod", "xlogy", "xlog1py", "gamma", "gammaln")
POSITIVE += ("exp1", "expi", "expn", "hurwitz", "betaincinv", "betainccinv", "jv", "yv", "iv", "ive", "kv", "kve", "digamma", "trigamma", "polygamma", "gammainc", "gammaincc", "gammaincinv", "gammainccinv", "betaln", "betainc")
POSITIVE += ("gammainc_da", "betainc_da", "betainc_db")
WITHIN_ONE = {("betaincinv", 2), ("betainccinv", 2), ("gammaincinv", 1), ("gammainccinv", 1), ("betainc", 2), ("betainc_da", 2), ("betainc_db", 2)}  # operands that are probabilities
WHOLE = {("polygamma", 0), ("expn", 0), ("ldexp", 1)}


def operands(name: str, rng: np.random.Generator, count: int = 24) -> list[np.ndarray]:
    """Float operands inside the op's domain."""
    arity = OPERANDS[name]
    low, high = DOMAINS.get(name, (0.3, 2.5) if name in POSITIVE else (-2.5, 2.5))
    found = [rng.uniform(low, high, count) for _ in range(arity)]
    for at in range(arity):
        if (name, at) in WITHIN_ONE:
            found[at] = rng.uniform(0.1, 0.9, count)
        if (name, at) in WHOLE:
            found[at] = rng.integers(0, 5, count).astype("float64" if name in ("polygamma", "expn") else "int64")
    return [found[0] > 0, *found[1:]] if name == "where" else found


OPERANDS = {op.name: 2 if op.agree else 1 for op in ROWS} | dict.fromkeys(["where", "betainc", "betainc_da", "betainc_db", "betaincinv", "betainccinv"], 3)


def reference_dtype(name: str, dtypes: tuple[np.dtype, ...]) -> np.dtype | None:
    """The result's dtype by NumPy's promotion and modc's rule for float functions; None: NumPy refuses."""
    if name == "ldexp" and dtypes[1].kind == "f":
        return None
    if name in FLOAT_FUNCTIONS or name == "ldexp":
        dtypes = dtypes[:1] if name == "ldexp" else dtypes
        joined = np.result_type(*dtypes)
        return (
            joined
            if joined.kind == "f"
            else np.dtype("float32" if joined.itemsize <= 2 else "float64")
        )
    if name == "sign" and dtypes[0].kind == "b":
        return np.dtype("int8")
    if name == "div" and np.result_type(*dtypes).kind != "f":
        return np.dtype("float64")
    try:
        with np.errstate(all="ignore"):
            reference = np.power if name == "pow" else OPS[name].numpy
            return np.asarray(reference(*(np.ones(1, dtype) for dtype in dtypes))).dtype
    except TypeError:
        return None


@pytest.mark.parametrize("name", [op.name for op in ROWS])
def test_dtypes_of_a_row_follow_numpy(name: str) -> None:
    rows = [row.numpy for row in DTYPES.values()]
    for dtypes in itertools.product(rows, repeat=OPERANDS[name]):
        if name == "where" and dtypes[0].kind != "b":
            continue
        arrays = [np.ones(2, dtype) for dtype in dtypes]
        roots = [root_like(array) for array in arrays]
        expected = reference_dtype(name, dtypes)
        if expected is None:
            with pytest.raises(DTypeError):
                call(name, *roots)
            continue
        result = call(name, *roots)
        found = value(result, dict(zip(roots, arrays, strict=True)))
        assert expected == result.node.dtype.numpy == found.dtype, (name, dtypes)


@pytest.mark.parametrize("name", [op.name for op in ROWS])
@pytest.mark.parametrize(
    "dtype", ["float64", "float32", "int64", "int8", "uint8", "uint64", "bool"]
)
def test_values_of_a_row_are_those_of_its_numpy_reference(name: str, dtype: str) -> None:
    rng = np.random.default_rng(1)
    kind = np.dtype(dtype).kind
    given = [
        array.astype(dtype) if kind in "fb" else rng.integers(0, 9, 24).astype(dtype)
        for array in operands(name, rng)
    ]
    if name == "where":
        given[0] = given[0].astype(bool)
    if name == "ldexp":
        given[1] = given[1].astype("int8")
    roots = [root_like(array, f"x{at}") for at, array in enumerate(given)]
    if reference_dtype(name, tuple(array.dtype for array in given)) is None:
        with pytest.raises(DTypeError):
            call(name, *roots)
        return
    node = call(name, *roots).node
    cast = [array.astype(arg.dtype.numpy) for array, arg in zip(given, node.args, strict=True)]
    with np.errstate(all="ignore"):
        expected = np.asarray(OPS[name].numpy(*cast))
    np.testing.assert_array_equal(
        expected, value(call(name, *roots), dict(zip(roots, given, strict=True)))
    )


#: Operands by which a row has no gradient.
UNKNOWN = {
    "nextafter": [0, 1], "polygamma": [0], "expn": [0], "hurwitz": [0], "jv": [0], "yv": [0], "iv": [0], "ive": [0], "kv": [0], "kve": [0], "gammainc_da": [0], "betainc_da": [0, 1], "betainc_db": [0, 1],
}  # fmt: skip


@pytest.mark.parametrize("name", [op.name for op in ROWS if op.grad])
def test_gradient_of_a_row_agrees_with_central_differences(name: str) -> None:
    given = operands(name, np.random.default_rng(2), 5)
    roots = [root_like(array, f"x{at}") for at, array in enumerate(given)]
    weights = np.linspace(0.5, 1.5, 5)
    cost = (call(name, *roots).astype("float64") * weights).sum()
    floats = [
        root
        for at, root in enumerate(roots)
        if root.node.dtype.is_float and at not in UNKNOWN.get(name, [])
    ]
    check_gradient(cost, floats, dict(zip(roots, given, strict=True)), 1e-5)


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_gradient_that_no_row_knows_is_an_error_that_names_the_op(name: str) -> None:
    given = operands(name, np.random.default_rng(2), 5)
    roots = [root_like(array, f"x{at}") for at, array in enumerate(given)]
    for at in UNKNOWN[name]:
        with pytest.raises(T.NoGradientError, match=f"{name} has no gradient by its operand {at + 1}"):
            T.grad(call(name, *roots).sum(), roots[at])


SECOND = ["exp", "tanh", "sigmoid", "softplus", "pow", "div", "sin", "mul", "sqrt", "gammaln", "digamma", "trigamma", "betaln"]
SECOND += ["erfc", "erfcx", "erfinv", "erfcinv", "i0", "i1", "i0e", "i1e", "j0", "j1", "logit", "log1mexp", "hypot", "logaddexp"]
SECOND += ["logaddexp2", "xlogy", "xlog1py", "cbrt", "fmax", "gamma"]


@pytest.mark.parametrize("name", SECOND)
def test_second_derivative_of_a_row_agrees_with_central_differences(name: str) -> None:
    given = operands(name, np.random.default_rng(3), 4)
    roots = [root_like(array, f"x{at}") for at, array in enumerate(given)]
    first = T.grad(call(name, *roots).sum(), roots)
    cost = sum((gradient * gradient).sum() for gradient in first)
    check_gradient(cost, roots, dict(zip(roots, given, strict=True)), 1e-5)


@pytest.mark.parametrize("name", [op.name for op in ROWS if op.grad and op.name not in UNKNOWN])
def test_forward_and_reverse_derivatives_of_a_row_agree(name: str) -> None:
    given = operands(name, np.random.default_rng(5), 4)
    roots = [root_like(array, f"x{at}") for at, array in enumerate(given)]
    floats = [root for root in roots if root.node.dtype.is_float]
    directions = [T.constant(np.linspace(-1.0, 2.0, 4) + at) for at, _ in enumerate(floats)]
    result = call(name, *roots).astype("float64")
    values_of = dict(zip(roots, given, strict=True))
    forward = value(T.Rop(result, floats, directions).sum(), values_of)
    slopes = T.grad(result.sum(), floats, disconnected_inputs="ignore")
    reverse = sum(value((slope * way).sum(), values_of) for slope, way in zip(slopes, directions, strict=True))
    np.testing.assert_allclose(forward, reverse, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", ["add", "mul", "maximum", "arctan2", "where"])
def test_gradients_are_summed_over_broadcast_axes(name: str) -> None:
    rng = np.random.default_rng(4)
    a, b = T.dmatrix("a"), T.row("b", dtype="float64")
    given = {a: rng.normal(size=(3, 4)), b: rng.normal(size=(1, 4))}
    result = call(name, a > 0, a, b) if name == "where" else call(name, a, b)
    check_gradient((result * np.arange(12.0).reshape(3, 4)).sum(), [a, b], given)
    vector = T.dvector("v")
    result = call(name, a > 0, a, vector) if name == "where" else call(name, a, vector)
    check_gradient((result * result).sum(), [a, vector], {a: given[a], vector: given[b][0]})


def test_edge_values_follow_numpy() -> None:
    special = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.5, 1e300, 5e-324])
    for op in ROWS:
        if op.name in ("and_", "or_", "xor", "invert", "shl", "shr", "where", "erf", "ldexp", "gcd", "lcm", "bitcount", "betainc", "betainc_da", "betainc_db", "betaincinv", "betainccinv"):
            continue
        pairs = (
            [special]
            if OPERANDS[op.name] == 1
            else list(np.broadcast_arrays(special[:, None], special))
        )
        roots = [root_like(array) for array in pairs]
        with np.errstate(all="ignore"):
            expected = op.numpy(*pairs)
        found = value(call(op.name, *roots), dict(zip(roots, pairs, strict=True)))
        np.testing.assert_array_equal(expected, found)
        if expected.dtype.kind == "f":
            finite = ~np.isnan(expected)
            np.testing.assert_array_equal(
                np.signbit(expected[finite]), np.signbit(found[finite]), err_msg=op.name
            )


@pytest.mark.parametrize("source", list(DTYPES))
@pytest.mark.parametrize("target", list(DTYPES))
def test_casts_equal_numpy_where_values_fit(source: str, target: str) -> None:
    array = np.array([0, 1, 2, 100]).astype(source)
    x = root_like(array)
    found = value(x.astype(target), {x: array})
    assert found.dtype == x.astype(target).node.dtype.numpy == np.dtype(target)
    np.testing.assert_array_equal(array.astype(target), found)


def test_a_cast_keeps_the_gradient_and_its_dtype() -> None:
    x = T.fvector("x")
    found = T.grad((x.astype("float64") ** 2).sum(), x)
    assert found.dtype == "float32"
    np.testing.assert_array_equal([2, 4], value(found, {x: np.array([1, 2], "float32")}))


def test_every_row_has_a_sentence_and_c_text() -> None:
    for op in ROWS:
        assert op.doc and op.c, op.name


@pytest.mark.parametrize(
    ("base", "exponent", "expected"),
    [(2, -1, 0), (1, -5, 1), (-1, -3, -1), (-1, -2, 1), (0, -1, 0), (3, 4, 81), (-2, 3, -8)],
)
def test_integers_to_a_negative_power_are_cut_towards_zero(
    base: int, exponent: int, expected: int
) -> None:
    a, b = T.lscalar("a"), T.lscalar("b")
    assert expected == value(a**b, {a: base, b: exponent})


def test_a_constant_negative_power_of_an_integer_is_refused() -> None:
    with pytest.raises(ValueError, match="use a float"):
        T.lscalar("a") ** -1
    assert value(T.constant(2) ** -1.0) == 0.5
