"""Ops of the user's own: rows with C text, Python functions, named graphs."""

from __future__ import annotations

import copy
import json
import os
import pickle
import subprocess
import sys
import textwrap

import numpy as np
import pytest

import modc
import modc.tensor as T
from modc import (
    DTypeError,
    Method,
    Module,
    OpError,
    OpFromGraph,
    ShapeError,
    as_op,
    function,
    grad,
    op,
    shared,
)
from modc.graph.fingerprint import fingerprint
from modc.graph.plain import BadData, NotPlain, from_plain, to_plain
from modc.graph.user import USER

MODES = ["c", "numpy", "check"]

swirl = op(
    "swirl", numpy=lambda x: x * np.sin(x) + 1,
    c_code="""
    static const double offset[1] = {1.0}; /* a table */
    static inline double part(double x) { return sin(x); } // a helper
    static inline double swirl(double x) { return x * part(x) + offset[0]; }
    """,
    grad=lambda g, y, x: g * (T.sin(x) + x * T.cos(x)), ulp=4,
)  # fmt: skip
mixed = op(
    "mixed", numpy=lambda a, b: np.where(b > 0, a * b, a - b).astype(a.dtype), c={"f": "{1} > 0 ? {0}*{1} : {0}-{1}", "i": "{1} > 0 ? {0}*{1} : {0}-{1}"},
    dtypes="number", grad=lambda g, y, a, b: (T.switch(b > 0, g * b, g), T.switch(b > 0, g * a, -g)),
)  # fmt: skip
above = op("above", numpy=lambda a, b: a > b + 1, c="{0} > {1} + 1", dtypes="compare")
blend = op(
    "blend", numpy=lambda x, n: np.ldexp(x, n), c="ldexp({0}, (int){1})", dtypes="float64, int64 -> float64",
    grad=lambda g, y, x, n: (g * y / x, None),
)  # fmt: skip
fullconv = op(
    "fullconv", numpy=np.convolve, dtypes="float64, float64 -> float64", shape="(n),(m)->(n+m-1)", ulp=8,
    c_code="""
    static inline void fullconv(int64_t n, int64_t m, const double *x, const double *k, double *y)
    {
        for (int64_t i = 0; i < n + m - 1; i++)
            y[i] = 0.0;
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < m; j++)
                y[i + j] += x[i] * k[j];
    }
    """,
    grad=lambda g, y, x, k: (
        fullconv(g, k[::-1])[k.shape[0] - 1 : k.shape[0] - 1 + x.shape[0]],
        fullconv(g, x[::-1])[x.shape[0] - 1 : x.shape[0] - 1 + k.shape[0]],
    ),
)  # fmt: skip
total = op(
    "total", numpy=lambda x: x.sum(dtype=x.dtype), shape="(n)->()", ulp=100, scratch="n",
    c_code="""
    static inline void total_f64(int64_t n, const double *restrict x, double *y, int64_t *scratch)
    { *y = 0.0; for (int64_t i = 0; i < n; i++) { scratch[i] = i; *y += x[scratch[i]]; } }
    static inline void total_f32(int64_t n, const float *x, float *y, int64_t *scratch)
    { (void)scratch; *y = 0.0f; for (int64_t i = 0; i < n; i++) *y += x[i]; }
    """,
    grad=lambda g, y, x: (x.ones_like() * g,),
)  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "int8"])
def test_an_elementwise_op_fuses_and_has_its_dtypes(mode, dtype):
    x = T.TensorType(dtype, (None, None))("x")
    run = function([x], [swirl(x + 1) * 2, swirl(x.T).sum()], mode=mode)
    data = np.arange(6).reshape(2, 3).astype(dtype)
    kind = "float32" if dtype in ("float32", "int8") else "float64"
    wide = data.astype(kind)
    first, second = run(data)
    assert (run.maker.mode, first.dtype) == (mode, kind)
    np.testing.assert_allclose(first, ((wide + 1) * np.sin(wide + 1) + 1) * 2, rtol=1e-5 if kind == "float32" else 1e-13)
    np.testing.assert_allclose(second, (wide * np.sin(wide) + 1).sum(), rtol=1e-5)


@pytest.mark.parametrize("mode", MODES)
def test_operands_bind_as_in_brackets_broadcast_and_may_be_numbers(mode):
    a, b = T.dmatrix("a"), T.row("b", dtype="float64")
    run = function([a, b], [mixed(a + 1, b - 1) * 2, mixed(a, 3), above(a, b), mixed(T.cast(a, "int32"), 2)], mode=mode)
    x, y = np.array([[1.0, -2.0], [3.0, 4.0]]), np.array([[2.0, 0.5]])
    reference = lambda p, q: np.where(q > 0, p * q, p - q)  # noqa: E731
    found = run(x, y)
    np.testing.assert_array_equal(found[0], reference(x + 1, y - 1) * 2)
    np.testing.assert_array_equal(found[1], x * 3)
    np.testing.assert_array_equal(found[2], x > y + 1)
    np.testing.assert_array_equal(found[3], (x * 2).astype(np.int32))
    assert [one.dtype.name for one in found[2:]] == ["bool", "int32"]


@pytest.mark.parametrize("mode", MODES)
def test_an_op_on_whole_arrays_takes_stacks(mode):
    x, m, k = T.dvector("x"), T.dmatrix("m"), T.dvector("k")
    t, f = T.dtensor3("t"), T.fmatrix("f")
    run = function([x, m, k, t, f], [fullconv(x, k), fullconv(m, k), fullconv(m, m[:, ::-1]), total(t), total(f), total(x * 2)], mode=mode)
    rng = np.random.default_rng(5)
    values = [rng.normal(size=size) for size in ((4,), (3, 4), (2,), (2, 3, 5))]
    X, M, K, F = *values[:3], rng.normal(size=(2, 3)).astype("float32")
    found = run(*values, F)
    np.testing.assert_allclose(found[0], np.convolve(X, K))
    np.testing.assert_allclose(found[1], [np.convolve(row, K) for row in M])
    np.testing.assert_allclose(found[2], [np.convolve(row, row[::-1]) for row in M])
    np.testing.assert_allclose(found[3], values[3].sum(axis=-1))
    np.testing.assert_allclose(found[4], F.sum(axis=-1), rtol=1e-6)
    assert (found[4].dtype.name, found[5].shape) == ("float32", ())
    empty = run(X, np.zeros((0, 4)), K, np.zeros((2, 0, 5)), F)
    assert (empty[1].shape, empty[3].shape) == ((0, 5), (2, 0))


TWINS = {
    name: (op(f"own_{name}", numpy=function_, c=c, dtypes=dtypes), getattr(T, name))
    for name, function_, c, dtypes in [
        ("add", np.add, {"f": "{0} + {1}", "i": "{0} + {1}", "u": "{0} + {1}", "b": "{0} | {1}"}, "same"), ("mul", np.multiply, "{0} * {1}", "number"),
        ("lt", np.less, "{0} < {1}", "compare"), ("true_div", np.true_divide, "{0} / {1}", "float64, float64 -> float64"),
        ("maximum", np.maximum, "{0} > {1} || {0} != {0} ? {0} : {1}", "same"),
    ]
}  # fmt: skip
EDGES = np.array([0.0, -0.0, 1.5, np.nan, np.inf, -np.inf, 5e-324, -3.0])


@pytest.mark.parametrize("dtype", ["float64", "float32", "int32", "uint8", "bool"])
@pytest.mark.parametrize("name", TWINS)
def test_an_own_row_computes_what_the_built_in_one_does(name, dtype):
    own, built_in = TWINS[name]
    if (name == "mul" and dtype == "bool") or (name == "true_div" and dtype in ("float32", "uint8")):
        return  # other dtypes by design
    a, b, row = T.TensorType(dtype, (None, None))("a"), T.TensorType(dtype, (None, None))("b"), T.TensorType(dtype, (1, None))("row")
    pairs = [(a, b), (a, row), (a.T, b.T), (a[::-1, ::2], b[::-1, ::2]), (a.T, row.T), (row[0, 0], row), (row[0], a)]
    run = function([a, b, row], [one(x, y) for x, y in pairs for one in (own, built_in)])
    with np.errstate(all="ignore"):
        values = np.resize(EDGES, (8, 8)).astype(dtype) if dtype.startswith("float") else np.resize(np.arange(7), (8, 8)).astype(dtype)
    others = np.ascontiguousarray(np.roll(values.T, 3, axis=0))
    if name == "maximum":
        values, others = np.nan_to_num(values) + np.zeros((), dtype), np.nan_to_num(others)
    for size in (8, 0):
        found = run(values[:size], others[:size], values[2:3])
        for mine, theirs in zip(found[::2], found[1::2], strict=True):
            assert (mine.dtype, mine.shape) == (theirs.dtype, theirs.shape)
            np.testing.assert_array_equal(mine, theirs)
            if mine.dtype.kind == "f" and name != "maximum":  # which of two zeros it gives is the row's own choice
                np.testing.assert_array_equal(np.signbit(mine[~np.isnan(mine)]), np.signbit(theirs[~np.isnan(theirs)]))


def test_gradients_jacobians_and_second_derivatives():
    rng = np.random.default_rng(6)
    modc.check_grad(lambda x: swirl(x), [rng.normal(size=(2, 3))])
    modc.check_grad(lambda a, b: mixed(a, b), [rng.normal(size=3), rng.normal(size=(2, 3)) + 4])
    modc.check_grad(fullconv, [rng.normal(size=4), rng.normal(size=3)])
    modc.check_grad(fullconv, [rng.normal(size=(2, 4)), rng.normal(size=3)])
    modc.check_grad(lambda x: total(x * x), [rng.normal(size=(2, 3, 2))])
    x = T.dvector("x")
    run = function([x], [T.jacobian(fullconv(x, x), x), T.hessian(swirl(x).sum(), x), T.Rop(swirl(x), x, x)])
    data = np.array([0.5, 1.0, 2.0])
    jac, hes, rop = run(data)
    expected = np.zeros((5, 3))
    for i in range(3):
        for j in range(3):
            expected[i + j, i] += data[j]
            expected[i + j, j] += data[i]
    np.testing.assert_allclose(jac, expected)
    np.testing.assert_allclose(hes, np.diag(2 * np.cos(data) - data * np.sin(data)), rtol=1e-12)
    np.testing.assert_allclose(rop, (np.sin(data) + data * np.cos(data)) * data, rtol=1e-12)


def test_a_gradient_that_does_not_exist_names_the_op():
    x = T.dvector("x")
    plain = op("plainop", numpy=lambda x: x + 1, c="{0} + 1")
    with pytest.raises(T.NoGradientError, match=r"plainop has no gradient: plainop\(x\)"):
        grad(plain(x).sum(), x)
    n = T.lvector("n")
    assert function([x, n], grad(blend(x, n).sum(), x))([1.0, 2.0], [3, 1]).tolist() == [8.0, 2.0]
    wrong = op("wrongop", numpy=lambda x: x + 1, c="{0} + 1", grad=lambda g, y, x: (g, g))
    with pytest.raises(OpError, match="wrongop: its gradient gives 2 entries for 1 operands"):
        grad(wrong(x).sum(), x)


def test_mode_check_finds_c_that_differs_from_numpy():
    liar = op("liar", numpy=lambda x: x + 1, c="{0} + 2")
    x = T.dvector("x")
    with pytest.raises(modc.CheckError, match=r"liar\(x\) differs at \(0,\): C .*3.0.*, NumPy .*2.0"):
        function([x], liar(x), mode="check")([1.0])


def test_c_text_that_does_not_compile_is_an_error_that_names_the_op():
    x = T.dvector("x")
    for name, text in (("nolink", "no_such_function({0})"), ("nosense", "{0} + + * 2")):
        bad = op(name, numpy=lambda x: x, c=text)
        with pytest.raises(modc.CompileError, match=f"the C text of these ops is the user's: {name}$"):
            function([x], bad(x), mode="c")


def test_the_key_changes_with_the_c_text_and_old_expressions_are_refused():
    def define(text):
        return op("keyed", numpy=lambda x: x + 1, c=text)

    def key(expression):
        return fingerprint(function([x], expression, mode="numpy").program, {})

    x = T.dvector("x")
    old = define("{0} + 1")(x)
    first = key(old)
    assert key(define("{0} + 1")(x)) == first
    assert key(old) == first  # the same definition again
    new = define("1 + {0}")(x)
    assert key(new) != first
    with pytest.raises(OpError, match="op keyed was defined anew since this expression was written\n  hint"):
        function([x], old, mode="c")
    assert function([x], old, mode="numpy")([1.0]).tolist() == [2.0]


def test_names_texts_and_types_that_cannot_be_are_refused():
    good = {"numpy": lambda x: x, "c": "{0}"}
    cases = [
        ("exp", good, "modc has an op called exp"), ("a b", good, "the name of an op"), (3, good, "the name of an op"),
        ("x1", {"numpy": 3, "c": "{0}"}, "numpy is a function"), ("x1", {"numpy": abs}, "has no C: give c, c_code"),
        ("x1", {**good, "c": "{0}; abort()"}, "one C expression"), ("x1", {**good, "c": "({0}"}, "brackets do not match"),
        ("x1", {**good, "c": "modc_exp_f64({0})"}, "modc's own"), ("x1", {**good, "c": "{0} // x"}, "one C expression"),
        ("x1", {**good, "c": {"q": "{0}"}}, "dict of them by kind"), ("x1", {**good, "dtypes": "float65"}, "dtypes is one of"),
        ("x1", {**good, "dtypes": "float64 -> float64", "c": "{1}"}, "mentions operand 1 of 1"),
        ("x1", {**good, "c_code": "#include <stdio.h>"}, "may not use the preprocessor"),
        ("x1", {**good, "c_code": "int counter;"}, "static inline functions and static const tables"),
        ("x1", {**good, "c_code": "static int counter = 0;"}, "static inline functions and static const tables"),
        ("x1", {**good, "c_code": "static inline double f(double x) { return x; "}, "ends in the middle"),
        ("x1", {**good, "c_code": "static inline double f(double x) { return x; } }"}, "brace too many"),
        ("x1", {**good, "c_code": "static inline double f(double x) { return modc_x(x); }"}, "modc's own"),
        ("x1", {"numpy": abs, "c_code": "static inline double f(double x) { return x; }"}, "no function called x1"),
        ("x1", {**good, "c_code": "static inline double part(double x) { return x; }"}, "as that of op swirl does"),
        ("x1", {**good, "scratch": "n"}, "scratch is for ops with a signature"), ("x1", {**good, "shape": "(n)->()"}, "c is for elementwise"),
        ("x1", {"numpy": abs, "shape": "(n)->()"}, "needs c_code"),
    ]  # fmt: skip
    for name, given, message in cases:
        with pytest.raises(OpError, match=message):
            op(name, **given)
    assert "x1" not in USER
    code = "static inline void x2(int64_t n, const double *x, double *y) { *y = x[n - 1]; }"
    signatures = [
        ("(n)", "a signature is like"), ("(n)->(n", "a signature is like"), ("(n)->(),()", "one result is needed"),
        ("(n+1)->()", "names or numbers"), ("(n)->(m)", "a size is made of n"), ("(n)->(n//n)", "// by a number"),
        ("(n),(n)->()", "the C function is static inline void x2"), ("(n,m)->()", "the C function is static inline void x2"),
    ]  # fmt: skip
    for shape, message in signatures:
        with pytest.raises(OpError, match=message):
            op("x2", numpy=abs, c_code=code, shape=shape)


def test_two_modules_cannot_use_one_name():
    scope = {"__name__": "other_module", "op": op, "np": np}
    with pytest.raises(OpError, match=f"op swirl is defined by {__name__} already, and now by other_module"):
        exec("op('swirl', numpy=np.sin, c='sin({0})')", scope)


def test_wrong_operands_are_refused_as_by_built_in_functions():
    x, m = T.dvector("x"), T.dmatrix("m")
    with pytest.raises(TypeError, match="swirl takes 1 operands, not 2"):
        swirl(x, x)
    with pytest.raises(TypeError, match="fullconv takes 2 operands"):
        fullconv(x)
    with pytest.raises(ShapeError, match="mixed of"):
        mixed(T.TensorType("float64", (3,))(), T.TensorType("float64", (4,))())
    with pytest.raises(ShapeError, match="has 1 dimensions or more"):
        fullconv(T.dscalar(), x)
    with pytest.raises(DTypeError):
        mixed(T.TensorType("bool", ())(), T.TensorType("bool", ())())
    with pytest.raises(ShapeError, match="sizes do not agree"):
        function([m, x], fullconv(m, T.stack([x, x])))(np.zeros((3, 2)), [1.0])


class Spun(Module):
    def __init__(self):
        super().__init__()
        self.s = T.dvector(shape=3)
        v = T.dvector("v", shape=3)
        self.step = Method(v, total(swirl(v) * 2), {self.s: self.s + swirl(v)})


def test_pickles_find_the_op_by_its_name():
    x = T.dvector("x")
    expression, fun = pickle.loads(pickle.dumps((swirl(x) + 1, swirl)))
    assert (str(expression), fun.row is swirl.row, expression.node.args[0].op is swirl.row) == ("swirl(x) + 1.0", True, True)
    inst = pickle.loads(pickle.dumps(Spun().make(s=[1.0, 2.0, 3.0])))
    inst.step([0.0, 0.0, 0.0])
    assert inst.s.tolist() == [2.0, 3.0, 4.0]
    assert copy.deepcopy(Spun()).make(s=[0.0, 0.0, 0.0]).step([0.0, 0.0, 0.0]) == 6.0


def test_another_process_imports_the_module_or_says_what_is_missing(tmp_path):
    (tmp_path / "myops.py").write_text("from modc import op\ngain = op('gain', numpy=lambda x: x * 3, c='{0} * 3')\n")
    write = "import myops, pickle, modc.tensor as T; x = T.dvector('x'); pickle.dump((x, myops.gain(x)), open('p', 'wb'))"
    read = "import pickle; x, y = pickle.load(open('p', 'rb')); print(y.eval({x: [2.0]}))"

    def python(code):
        return subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert python(write).stderr == ""
    assert python(read).stdout == "[6.]\n"
    (tmp_path / "myops.py").unlink()
    assert "OpError: op gain is needed, and its module cannot be imported: No module named 'myops'" in python(read).stderr


def test_programs_with_an_op_of_the_user_are_not_written_down_as_data(tmp_path, monkeypatch):
    x = T.dvector("x")
    with pytest.raises(NotPlain, match="it uses swirl, an op of the user's own"):
        to_plain(function([x], swirl(x)).program)
    monkeypatch.setenv("MODC_RECORD", str(tmp_path / "trace"))
    with pytest.warns(modc.ModcWarning, match="recorded: it uses swirl"):
        function([x], swirl(x) + 2)
    monkeypatch.delenv("MODC_RECORD")
    text = json.dumps(to_plain(function([x], T.exp(x)).program)).replace('"exp"', '"swirl"')
    with pytest.raises(BadData, match="there is no op 'swirl'"):
        from_plain(json.loads(text))


def test_an_export_has_the_c_text_under_its_own_name(tmp_path):
    modc.export(Spun().make(s=[1.0, 2.0, 3.0]), tmp_path / "out", name="spun")
    text = (tmp_path / "out" / "spun.c").read_text()
    assert "spun_modc_user_swirl(double x)" in text and "a table" not in text
    assert "modc_user_blend" not in text and "fullconv" not in text


# Python functions


@as_op([T.dvector], [T.dvector], infer_shape=lambda node, shapes: shapes, grad=lambda inputs, gs: [gs[0] * T.cos(inputs[0])])
def pysin(x):
    """The sine, by NumPy."""
    if x.size and x[0] == 7.0:
        raise KeyError("seven")
    return np.sin(x)


CALLS: list[int] = []


@as_op(itypes=[T.dmatrix, T.lvector], otypes=[T.dvector, T.lscalar, T.TensorType("float64", (2, None))])
def picked(m, v):
    CALLS.append(1)
    kept = m[:, 0][m[:, 0] > 0]
    return kept, int(v.sum()), np.stack([kept, kept])


@pytest.mark.parametrize("mode", MODES)
def test_a_python_function_gives_several_results_of_sizes_that_it_knows(mode):
    m, v = T.dmatrix("m"), T.lvector("v")
    kept, count, both = picked(m * 2, v)
    run = function([m, v], [kept + 1, count * 2, both.sum(axis=0), T.zeros(kept.shape[0]), T.concatenate([kept, m[0]])], mode=mode)
    CALLS.clear()
    found = run([[1.0, 5.0], [-1.0, 5.0], [3.0, 5.0]], [4, 5])
    assert [one.tolist() for one in found] == [[3.0, 7.0], 18, [4.0, 12.0], [0.0, 0.0], [2.0, 6.0, 1.0, 5.0]]
    assert (run.maker.mode, len(CALLS)) == (mode, 1)
    assert (str(kept), str(count), str(kept.shape[0])) == ("picked(m * 2.0, v)", "picked(m * 2.0, v)[1]", "picked(m * 2.0, v).shape[0]")


class Called(Module):
    def __init__(self):
        super().__init__()
        self.s = T.dvector()
        x = T.dvector("x")
        self.step = Method(x, pysin(x).sum(), {self.s: pysin(self.s) + x})


@pytest.mark.parametrize("mode", MODES)
def test_an_exception_of_the_function_arrives_and_changes_nothing(mode):
    inst = Called().make(s=[1.0, 2.0], mode=mode)
    with pytest.raises(KeyError, match="seven") as caught:
        inst.step([7.0, 1.0])
    notes = "\n".join(caught.value.__notes__)
    assert "function of pysin(x), at " in notes and __file__ in notes and "Called.step" in notes
    assert inst.s.tolist() == [1.0, 2.0]
    inst.step([0.0, 1.0])
    np.testing.assert_allclose(inst.s, np.sin([1.0, 2.0]) + np.array([0.0, 1.0]))


@pytest.mark.parametrize("mode", MODES)
def test_the_gradient_of_a_python_function_is_what_it_was_given(mode):
    x = T.dvector("x")
    run = function([x], [grad((pysin(x) ** 2).sum(), x), T.jacobian(pysin(2 * x), x)], mode=mode)
    data = np.array([0.5, 1.0])
    first, jac = run(data)
    np.testing.assert_allclose(first, 2 * np.sin(data) * np.cos(data))
    np.testing.assert_allclose(jac, np.diag(2 * np.cos(2 * data)))
    m = T.dmatrix("m")
    with pytest.raises(T.NoGradientError, match="picked has no gradient"):
        grad(picked(m, [1])[0].sum(), m)


@as_op([T.dvector, T.dvector], [T.dvector], infer_shape=lambda node, shapes: [shapes[0]])
def cosine_times(x, g):
    return np.cos(x) * g


@as_op([T.dvector], [T.dvector], grad=lambda inputs, gs: [cosine_times(inputs[0], gs[0])])
def sine(x):
    return np.sin(x)


@pytest.mark.parametrize("mode", MODES)
def test_a_jacobian_calls_python_once_for_each_row_where_the_gradient_does(mode):
    x = T.dvector("x")
    run = function([x], [grad(sine(x).sum(), x), T.jacobian(sine(x * x), x)], mode=mode)
    for data in (np.array([0.5, 1.0]), np.zeros(0)):
        first, jac = run(data)
        np.testing.assert_allclose(first, np.cos(data))
        np.testing.assert_allclose(jac, np.diag(2 * data * np.cos(data * data)))


@pytest.mark.parametrize("mode", MODES)
def test_results_other_than_declared_are_refused(mode):
    makers = {
        "is float64, declared as int64": ([T.lvector], lambda x: x * 0.5), "has shape (2, 1), declared as": ([T.dvector], lambda x: x[:, None]),
        "declared are 2 results": ([T.dvector, T.dvector], lambda x: x),
        "assignment destination is read-only": ([T.dvector], lambda x: x.__setitem__(0, 1.0)),
    }  # fmt: skip
    x = T.dvector("x")
    for text, (otypes, body) in makers.items():
        found = as_op([T.dvector], otypes)(body)(x)
        run = function([x], found, mode=mode)
        with pytest.raises((TypeError, ValueError)) as caught:
            run([1.0, 2.0])
        assert text in str(caught.value)


@pytest.mark.parametrize("mode", MODES)
def test_sizes_that_were_promised_are_checked(mode):
    n = T.TensorType("float64", ("n",))
    x = T.dvector("x")
    for decorate in (as_op([n], [n]), as_op([T.dvector], [T.dvector], infer_shape=lambda node, shapes: [(shapes[0][0] + 0,)])):
        shorter = decorate(lambda v: v[v > 0])
        run = function([x], shorter(x), mode=mode)
        assert run([1.0, 2.0]).tolist() == [1.0, 2.0]
        with pytest.raises(ShapeError, match=r"has shape \(1,\), declared as \(2,\)"):
            run([1.0, -2.0])


def test_types_and_operands_of_python_ops_are_checked():
    for given in ([T.exp], "float64", [3]):
        with pytest.raises(OpError, match="itypes are types such as"):
            as_op(given, [T.dvector])
    with pytest.raises(OpError, match="ops of functions, not of 3"):
        as_op([T.dvector], [T.dvector])(3)
    with pytest.raises(TypeError, match="pysin takes 1 operands, not 2"):
        pysin(T.dvector(), 1)
    with pytest.raises(ShapeError, match="pysin: operand 0 is"):
        pysin(T.dmatrix())
    with pytest.raises(DTypeError, match="picked takes float64, int64"):
        picked(T.dmatrix(), T.dvector())


def test_python_ops_pickle_by_the_name_of_their_function():
    x = T.dvector("x")
    assert pickle.loads(pickle.dumps(pysin)).row is pysin.row
    assert pickle.loads(pickle.dumps(pysin(x))).node.op is pysin.row
    inst = pickle.loads(pickle.dumps(Called().make(s=[0.0])))
    assert inst.step([0.0]) == 0.0
    local = as_op([T.dvector], [T.dvector])(lambda x: x)
    with pytest.raises(pickle.PicklingError, match="at the top of a module"):
        pickle.dumps(local(x))


def test_an_export_refuses_a_method_that_calls_python(tmp_path):
    with pytest.raises(modc.ExportError, match="step has no standalone C: pysin is a function of Python\n  hint"):
        modc.export(Called().make(s=[0.0]), tmp_path / "out")
    assert not (tmp_path / "out").exists()


# Named graphs


def _cell(**options):
    x, y = T.TensorType("float64", ("n",))("x"), T.TensorType("float64", ("n",))("y")
    return OpFromGraph([x, y], [T.tanh(x) * y, (x * y).sum() + x.shape[0]], **options)


@pytest.mark.parametrize("mode", MODES)
def test_a_named_graph_is_what_its_expressions_are(mode):
    cell = _cell(name="cell")
    a = T.dvector("a")
    first, second = cell(a, a * 2)
    cost = (first**2).sum() + second
    plain = (T.tanh(a) * a * 2, (a * a * 2).sum() + a.shape[0])
    other = (plain[0] ** 2).sum() + plain[1]
    run = function([a], [first, second, grad(cost, a), T.jacobian(first, a), T.hessian(cost, a)], mode=mode)
    reference = function([a], [*plain, grad(other, a), T.jacobian(plain[0], a), T.hessian(other, a)])
    for got, want in zip(run([0.5, 1.0, 2.0]), reference([0.5, 1.0, 2.0]), strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-13, atol=1e-13)
    assert (str(first), str(second), repr(cell)) == ("cell(a, a * 2.0)", "cell(a, a * 2.0)[1]", "<OpFromGraph cell>")
    assert first.eval({a: [1.0]}).tolist() == [np.tanh(1.0) * 2]


def test_equal_graphs_have_one_key_whether_they_were_named_or_not():
    a = T.dvector("a")
    named = function([a], _cell()(a, a * 2)[0], mode="numpy").program
    plain = function([a], T.tanh(a) * (a * 2), mode="numpy").program
    assert fingerprint(named, {}) == fingerprint(plain, {})
    assert to_plain(named) == to_plain(plain)


@pytest.mark.parametrize("mode", MODES)
def test_a_named_graph_may_have_its_own_gradient(mode):
    x, y = T.dvector("x"), T.dvector("y")
    a = T.dvector("a")
    by_grad = OpFromGraph([x], x**2, grad_overrides=lambda inputs, gs: [gs[0] * 100.0])
    by_lop = OpFromGraph([x, y], [x * y], lop_overrides=[None, lambda inputs, outputs, gs: outputs[0] * gs[0]])
    none = OpFromGraph([x], x**2, lop_overrides=lambda inputs, outputs, gs: [None])
    found = function(
        [a],
        [grad(by_grad(a).sum(), a), grad(by_lop(a, a + 1)[0].sum(), a), T.jacobian(by_grad(a), a),
         T.jacobian(grad((by_grad(a) * a).sum(), a), a), grad(none(a).sum() + a.sum(), a)],
        mode=mode,
    )([1.0, 2.0])  # fmt: skip
    assert [one.tolist() for one in found] == [
        [100.0, 100.0], [4.0, 9.0], [[100.0, 0.0], [0.0, 100.0]], [[200.0, 0.0], [0.0, 200.0]], [1.0, 1.0]
    ]  # fmt: skip


def test_shared_variables_inside_are_seen_from_outside():
    w = shared(np.array([1.0, 2.0]), "w")
    x, a = T.dvector("x"), T.dvector("a")
    scaled = OpFromGraph([x], x * w)
    assert function([a], [scaled(a), grad(scaled(a).sum(), w)])([3.0, 4.0])[1].tolist() == [3.0, 4.0]


class Cells(Module):
    def __init__(self):
        super().__init__()
        cell = _cell(name="cell")
        self.s = T.dvector()
        b = T.dvector("b")
        self.go = Method(b, cell(self.s, b)[0], {self.s: cell(b, b)[0]})


def test_modules_with_named_graphs_pickle():
    inst = pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(Cells())).make(s=[1.0, 2.0])))
    np.testing.assert_allclose(inst.go([1.0, 1.0]), np.tanh([1.0, 2.0]))
    np.testing.assert_allclose(copy.deepcopy(inst).go([1.0, 1.0]), np.tanh(np.tanh([1.0, 1.0])))


def test_named_graphs_check_what_they_are_given():
    cell, a = _cell(name="cell"), T.dvector("a")
    with pytest.raises(ShapeError, match="cell: argument 1 is"):
        cell(a, T.dmatrix())
    with pytest.raises(TypeError, match="cell takes 2 arguments, not 1"):
        cell(a)
    with pytest.raises(DTypeError, match="its input int64"):
        OpFromGraph([n := T.lvector("n")], n + 1)(a)
    with pytest.raises(ShapeError, match=r"axis 0 of argument 1 has size 3, expected 2|has size"):
        cell(np.zeros(2), np.zeros(3))
    b = T.dvector("b")
    with pytest.raises(ShapeError, match="sizes do not agree"):
        function([a, b], cell(a, b))([1.0, 2.0], [1.0])
    for inputs, outputs in (([], a), ([a + 1], a), ([a, a], a)):
        with pytest.raises(OpError):
            OpFromGraph(inputs, outputs)
    with pytest.raises(OpError, match="2 overrides for 1 inputs"):
        OpFromGraph([a], a, lop_overrides=[None, None])


def test_a_script_that_defines_its_own_ops_runs_twice_from_one_cache(tmp_path):
    script = textwrap.dedent("""
        import numpy as np, modc.tensor as T
        from modc import function, op
        triple = op("triple", numpy=lambda x: x * 3, c="{0} * 3")
        x = T.dvector("x")
        run = function([x], triple(x), mode="c")
        print(run.cache_hit, run([1.0])[0])
    """)
    (tmp_path / "script.py").write_text(script)

    def once(text):
        (tmp_path / "script.py").write_text(text)
        command = [sys.executable, "script.py"]
        env = {**os.environ, "MODC_CACHE_DIR": str(tmp_path / "cache")}
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)

    assert [once(script).stdout for _ in range(2)] == ["False 3.0\n", "True 3.0\n"]
    assert once(script.replace("* 3", "* 4")).stdout == "False 4.0\n"
