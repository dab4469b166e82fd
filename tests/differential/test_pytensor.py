"""The same expression in modc and in PyTensor: names, parameters, dtypes, values and gradients.

Optional: `.ci/pytensor` installs `.[pytensor-test]` into an environment of its own, because PyTensor asks for a Numba that may hold
NumPy back, and runs them there. Without PyTensor these tests are skipped.
"""

from __future__ import annotations

import inspect
import itertools
import os
import re
import types
import warnings
from pathlib import Path

import numpy as np
import pytensor_cases as cases
import pytensor_differences as differences
import pytest

import modc
import modc.tensor as M
from modc.tensor import spellings

# Python implementations alone: what is compared is meaning, and compiling takes minutes.
os.environ["PYTENSOR_FLAGS"] = f"linker=py,cxx=,{os.environ.get('PYTENSOR_FLAGS', '')}".rstrip(",")
pytensor = pytest.importorskip("pytensor")
P = pytest.importorskip("pytensor.tensor")
linalg = pytest.importorskip("pytensor.tensor.linalg")

MODE = pytensor.compile.mode.Mode(linker="py", optimizer=None)
REAL = ("float64", "float32", "int8", "uint8", "int16", "uint16", "int32", "int64", "uint64", "bool")
PAIRED = ("float64", "float32", "int8", "uint8", "int32", "int64", "uint64", "bool")


def listed(expression):
    return list(expression) if isinstance(expression, (list, tuple)) else [expression]


def by_modc(build, arrays):
    variables = [M.TensorType(one.dtype.name, (None,) * one.ndim)(f"x{at}") for at, one in enumerate(arrays)]
    call = modc.function(variables, listed(build(M, *variables)), mode="numpy", on_unused_input="ignore")
    return [np.asarray(one) for one in call(*arrays)]


def by_pytensor(build, arrays):
    variables = [P.TensorType(one.dtype.name, (None,) * one.ndim)(f"x{at}") for at, one in enumerate(arrays)]
    outputs = [P.as_tensor_variable(one) for one in listed(build(P, *variables))]
    call = pytensor.function(variables, outputs, mode=MODE, on_unused_input="ignore")
    return [np.asarray(one) for one in call(*arrays)]


def outcome(run, build, arrays):
    """The results, or the exception."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return run(build, [one.copy() for one in arrays])
        except Exception as error:
            return error


def difference(build, arrays, tolerance=None):
    """What is different ("error", "dtype", "shape", "value" or nothing), and both outcomes."""
    ours, theirs = outcome(by_modc, build, arrays), outcome(by_pytensor, build, arrays)
    both = f"modc: {ours!r}\nPyTensor: {theirs!r}"
    if isinstance(ours, Exception) or isinstance(theirs, Exception):
        return ("" if isinstance(ours, Exception) and isinstance(theirs, Exception) else "error"), both
    for one, other in zip(ours, theirs, strict=True):
        if one.dtype != other.dtype:
            return "dtype", both
        if one.shape != other.shape:
            return "shape", both
        exact = tolerance or (1e-9 if all(array.dtype.name != "float32" for array in [one, *arrays]) else 2e-5)
        if not np.allclose(one, other, rtol=exact, atol=exact, equal_nan=True):
            return "value", both
    return "", both


def compare(table, label, dtype, build, arrays, tolerance=None):
    known = differences.expected(table, label, dtype)
    found, both = difference(build, arrays, tolerance)
    assert found == (known.what if known else ""), both


def of_name(name):
    return lambda T, *operands: getattr(T, name)(*operands)


@pytest.mark.parametrize("dtype", REAL)
@pytest.mark.parametrize("name", cases.UNARY)
def test_an_elementwise_function_means_the_same(name, dtype):
    array = cases.elements(name, dtype, (7,), *cases.UNARY[name])
    compare(differences.DIFFERENCES, name, dtype, of_name(name), [array])


@pytest.mark.parametrize("name", cases.BINARY)
def test_an_elementwise_function_of_two_operands_means_the_same(name):
    for first, second in itertools.product(PAIRED, PAIRED):
        arrays = [
            cases.elements(f"{name} {at}", dtype, (7,), *bounds)
            for at, (dtype, bounds) in enumerate(zip((first, second), cases.BINARY[name], strict=True))
        ]
        # PyTensor's compositions: in parts of them small integers and float32 are not yet float64.
        tolerance = 1e-6 if name in ("iv", "kn", "kv", "logaddexp") else None
        compare(differences.PAIRS, name, f"{first},{second}", of_name(name), arrays, tolerance)


@pytest.mark.parametrize("case", cases.cases(), ids=lambda case: case.label)
def test_an_expression_means_the_same(case):
    varies = any(letter in cases.SHAPES for letter in case.operands)
    for dtype in cases.DTYPES if varies else ("float64",):
        compare(differences.DIFFERENCES, case.label, dtype, case.build, cases.operands(case, dtype))


@pytest.mark.parametrize("case", cases.linalg_cases(), ids=lambda case: case.label)
def test_linear_algebra_means_the_same(case):
    for dtype, tolerance in (("float64", 1e-9), ("float32", 1e-3)):
        compare(differences.DIFFERENCES, case.label, dtype, case.build, cases.operands(case, dtype), tolerance)


def slope(build, shape, at):
    """The gradient of a weighted sum by one operand."""
    count = int(np.prod(shape))
    weights = np.cos(np.arange(count)).reshape(shape)

    def graded(T, *variables):
        return T.grad(T.sum(build(T, *variables) * T.constant(weights)), variables[at])

    return graded


DIFFERENTIABLE = [
    *((name, of_name(name), [bounds]) for name, bounds in cases.UNARY.items()),
    *((name, of_name(name), list(bounds)) for name, bounds in cases.BINARY.items()),
    *((case.label, case.build, case) for case in [*cases.cases(), *cases.linalg_cases()]),
]


@pytest.mark.parametrize(("label", "build", "given"), DIFFERENTIABLE, ids=[one[0] for one in DIFFERENTIABLE])
def test_gradients_agree(label, build, given):
    if isinstance(given, cases.Case):
        arrays = cases.operands(given, "float64")
        places = [at for at, array in enumerate(arrays) if array.dtype.kind == "f"]
    else:
        arrays = [cases.elements(f"{label} {at}", "float64", (5,), *bounds) for at, bounds in enumerate(given)]
        places = list(range(len(arrays)))
    result = outcome(by_modc, build, arrays)
    if isinstance(result, Exception) or len(result) != 1 or result[0].dtype.kind != "f":
        return
    for at in places:  # some of PyTensor's are themselves differences, or cut series
        tolerance = 1e-4 if label in ("gammaincc", "gammainc", "chi2sf", "betainc") else 1e-7
        compare(differences.GRADIENTS, label, str(at), slope(build, result[0].shape, at), arrays, tolerance)


# Names

TYPES = re.compile(r"^u?[bwilfdcz]?(scalar|vector|matrix|row|col|tensor\d)s?$|^[fd]?matrices$|^[ilbwcz]matrices$")

#: Names of both that no case calls, and why.
UNCALLED = {
    "classes": "Constant TensorType Variable", "typing": "Any Sequence TYPE_CHECKING Union", "declares": "tensor",
    "derivatives, tested by themselves": "grad jacobian hessian",
    "constants": "e euler_gamma inf nan newaxis pi", "not an expression": "get_scalar_constant_value get_underlying_scalar_constant_value get_vector_length",
    "the copy of x there, NumPy's matrix here": "identity",
    "between two kinds of scalars, which are one here": "scalar_from_tensor tensor_from_scalar",
}  # fmt: skip

#: Public names of PyTensor that modc does not have, and why.
NOT_HERE = {
    "internal": "NoneConst NoneSliceConst Op TensorConstant TensorLike TensorVariable dense_dot make_slice none_type_t singledispatch slice_at_axis "
        "slicetype values_eq_approx_always_true is_flat",
    "lists of types": "complex_matrix_types complex_scalar_types complex_types complex_vector_types float_matrix_types float_scalar_types "
        "float_types float_vector_types int_matrix_types int_scalar_types int_types int_vector_types",
    "devices": "transfer",
    "new in PyTensor": "concat_with_broadcast interpolate1d pack unpack vectorize",
    "special functions of statistics and physics": "hyp2f1",
    "typing": "Sequence Union",
}  # fmt: skip


def words(table):
    return {word for text in table.values() for word in text.split()}


def public(module):
    return {name for name in dir(module) if name[0] != "_" and not isinstance(getattr(module, name), types.ModuleType)}


NO_LINALG = {"ordqz", "qz", "schur", "solve_continuous_lyapunov", "solve_discrete_are", "solve_discrete_lyapunov", "solve_sylvester",
             "tridiagonal_lu_factor", "tridiagonal_lu_solve", "pivot_to_permutation"}  # fmt: skip


def test_every_function_of_linear_algebra_is_called_by_a_case():
    theirs = set(linalg.__all__) - NO_LINALG
    called = {case.label.split()[0] for case in cases.linalg_cases()}
    assert (theirs - set(M.linalg.__all__), theirs - called) == (set(), set())


class Recorder:
    """The language, with a list of the names that were asked for."""

    def __init__(self):
        self.names = set()

    def __getattr__(self, name):
        self.names.add(name)
        return getattr(M, name)


def test_every_name_of_both_is_called_by_a_case():
    recorder = Recorder()
    for case in cases.cases():
        outcome(lambda build, arrays: build(recorder, *(M.as_tensor_variable(one) for one in arrays)), case.build, cases.operands(case, "float64"))
    called = recorder.names | set(cases.UNARY) | set(cases.BINARY) | words(UNCALLED)
    assert {name for name in public(P) & public(M) if not TYPES.match(name)} - called == set()


def test_names_that_are_missing_are_known():
    assert {name for name in public(P) - public(M) if not TYPES.match(name)} - words(NOT_HERE) == set()


OPTIONS = {
    "grad": {"return_disconnected", "null_gradients"}, "hessian": {"vectorize"}, "inc_subtensor": {"set_instead_of_inc"}, "linspace": {"end", "steps"},
    "geomspace": {"end", "steps", "base", "axis"}, "logspace": {"end", "steps", "axis"}, "matmul": {"dtype"}, "matvec": {"dtype"},
    "vecdot": {"dtype"}, "vecmat": {"dtype"}, "atleast_1d": {"arry", "n", "left"}, "atleast_2d": {"arry", "n", "left"},
    "atleast_3d": {"arry", "n", "left"}, "atleast_Nd": {"arry"}, "get_scalar_constant_value": {"elemwise", "only_process_constants", "max_recur", "raise_not_constant"},
    "get_underlying_scalar_constant_value": {"elemwise", "only_process_constants", "max_recur", "raise_not_constant"}, "mean": {"acc_dtype"},
}  # fmt: skip


def test_parameters_have_their_names():
    known = spellings.table(vars(M))
    missing = {}
    for name in sorted(public(P) & public(M)):
        ours, theirs = getattr(M, name), getattr(P, name)
        if TYPES.match(name) or isinstance(ours, type) or not inspect.isfunction(theirs):
            continue
        parameters = inspect.signature(theirs).parameters.values()
        wanted = {one.name for one in parameters if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)}
        lacking = wanted - set(inspect.signature(ours).parameters) - set(known.get(name, {})) - OPTIONS.get(name, set())
        if lacking and name not in words(UNCALLED):
            missing[name] = lacking
    assert missing == {}


def test_differences_have_reasons_that_the_documentation_explains():
    table = (Path(__file__).parents[2] / "docs" / "coming-from-theano.md").read_text()
    used = {one.reason for one in [*differences.DIFFERENCES, *differences.PAIRS, *differences.GRADIENTS]}
    assert used - set(differences.FAULTS) == set(differences.REASONS)
    for reason, cell in differences.REASONS.items():
        assert f"| {cell} |" in table, reason
