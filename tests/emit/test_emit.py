"""Emitted kernels: clean C and C++, the same results as the interpreter, the same text every time."""

from __future__ import annotations

import re
from dataclasses import replace

import compiled_kernels as compiled
import loop_kernels as make
import numpy as np
import pytest

import modc.tensor as T
from modc import function
from modc.emit import emit
from modc.emit.header import header
from modc.emit.unit import texts
from modc.emit.writer import Writer
from modc.graph import OPS, Program, apply, leaf
from modc.graph.dtype import DTYPES, FLOAT32, FLOAT64, INT64
from modc.graph.op import ADD, CALL, Op
from modc.schedule import interpret
from modc.schedule.interpret import Failed
from modc.schedule.loops import Const, Declare, Fold, Let, Load, Local, Loop, Note, Store, Var

f64, f32, i64 = np.float64, np.float32, np.int64

#: Arguments to call each kernel with: lists of (inputs, members).
CALLS = {
    "accumulator": [([np.array(2.5)], [np.array(-1.0)]), ([np.array(-0.0)], [np.array(-0.0)])],
    "vector_map": [([np.arange(n, dtype=f64)], [np.ones(n)]) for n in (0, 1, 33)] + [([np.ones(3)], [np.ones(4)])],
    "lanes_sum": [([np.linspace(0, 1, n, dtype=f32)], [np.array(1, f32)]) for n in (0, 1, 31, 32, 33, 1000)],
    "gemv": [([np.arange(6.0).reshape(2, 3), np.arange(3.0)], []), ([np.ones((0, 3)), np.ones(3)], [])],
    "gather": [([np.array(at, i64)], [np.arange(5.0)]) for at in ([], [0, 4, 4], [-1], [1, 5], [2**40])],
    "swap": [([], [np.array([1, 2, 3], f32), np.array([4, 5, 6], f32)])],
    "append": [([np.array(9.0)], [np.array([1.0, 2.0])]), ([np.array(9.0)], [np.zeros(0)])],
    "product": [([np.arange(8.0).reshape(4, 2), np.arange(12.0).reshape(4, 3)], [np.ones((2, 3))])],
    "constants": [([np.array([1, 2, 3], f32)], [])],
    "branches": [([np.array([1, 2, 3, 4], f32)], [])],
}


def outcome(run, *args):
    """Bytes, dtypes and shapes of everything a run gives, or what failed."""
    try:
        outputs, members = run(*args)
    except Failed as failure:
        return failure.site, failure.axis, failure.got, failure.want
    arrays = [("out", at, array) for at, array in enumerate(outputs)] + [("new", *item) for item in members.items()]
    return [(kind, at, array.dtype.name, array.shape, array.tobytes()) for kind, at, array in arrays]


def check_against_interpreter(kernel, calls, directory):
    entry = compiled.build(emit(kernel), directory)
    for inputs, members in calls:
        expected = outcome(interpret.run, kernel, inputs, members)
        assert expected == outcome(compiled.run, entry, kernel, inputs, members)


@pytest.mark.parametrize("name", make.KERNELS)
def test_compiled_kernel_does_what_the_interpreter_does(name, tmp_path):
    check_against_interpreter(make.KERNELS[name](), CALLS[name], tmp_path)


@pytest.mark.parametrize("dtype", DTYPES.values(), ids=str)
def test_accumulator_of_every_dtype(dtype, tmp_path):
    value = np.array(100).astype(dtype.numpy)
    check_against_interpreter(make.accumulator(dtype), [([value], [value])], tmp_path)


@pytest.mark.parametrize(("program", "language"), compiled.COMPILERS, ids=lambda item: str(item))
@pytest.mark.parametrize("name", make.KERNELS)
def test_text_is_clean_under_strict_warnings(name, program, language):
    assert compiled.refuses(program, language, emit(make.KERNELS[name]())) == ""


@pytest.mark.parametrize("name", make.KERNELS)
def test_golden(name, golden):
    contract, code = texts(make.KERNELS[name]())
    golden(f"{name}.c", f"{contract}\n{code}")


@pytest.mark.parametrize("name", make.KERNELS)
def test_same_kernel_gives_the_same_text(name):
    assert emit(make.KERNELS[name]()) == emit(make.KERNELS[name]())


def test_descriptor_says_what_the_kernel_has(tmp_path):
    entry = compiled.build(emit(make.gather()), tmp_path, flags=['-DMODC_KEY="abc"'])
    assert (entry.name, entry.key, entry.abi) == (b"Embed.rows", b"abc", 1)
    assert (entry.n_in, entry.n_member, entry.n_out, entry.n_next, entry.n_dim, entry.n_site) == (1, 1, 1, 0, 3, 1)
    table = entry.arg[1]
    assert (table.name, table.kind, table.dtype, table.ndim, table.flags, table.dim, table.size[0]) == (
        b"table", 1, 10, 1, 1, 1, 5,
    )  # fmt: skip
    assert not entry.arg[0].size


def test_nothing_but_the_entry_is_exported(tmp_path):
    compiled.build(emit(make.gemv()), tmp_path)
    symbols = compiled.subprocess.run(
        ["nm", "-D", "--defined-only", *tmp_path.glob("*.so")], capture_output=True, text=True, check=True
    ).stdout.split()
    assert [word for word in symbols if "modc" in word or "Linear" in word] == ["modc_entry"]


HOSTILE = [
    "", "double", "class", "exp", "modc_entry", "__x", "_X", "a b", "9lives", 'quo"te', "new\nline", "*/ evil() /*",
    "/* never closed", "??/", "*??/\n/", "back\\slash\\", "\\\n", "naïve", "变量", "\0", "%s%n", "#include", "x" * 41,
    "y" * 1_000_000, "int64_t", "INT64_MIN", "main", "c", "dim", "arena", "fail", "i", "new_state", "Acc_add", "//", "\u202e",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_any_name_is_harmless(name, tmp_path):
    kernel = make.accumulator()
    inc, state, out = (replace(buffer, name=name) for buffer in kernel.buffers)
    places = dict(zip(kernel.buffers, (inc, state, out), strict=True))
    body = make.accumulator().body
    new = Var(name, FLOAT64)
    text = Note(name)
    body = (
        Let(new, make.add(Load(state, make.ZERO), Load(inc, make.ZERO))),
        text,
        Declare(Local(name, FLOAT64, 0, name), new),
        Store(out, make.ZERO, Load(Local(name, FLOAT64, 0, name), make.ZERO)),
        Store(state, make.ZERO, new),
    )
    made = make.kernel(name or "m", list(places.values()), body)
    source = emit(made)
    assert len(source) < 20_000
    for program, language in compiled.EXTREMES:
        assert compiled.refuses(program, language, source) == ""
    check_against_interpreter(made, CALLS["accumulator"], tmp_path)


@pytest.mark.parametrize("name", ["w", "A", "weights_1", "gamma1", "I", "x_t", "theta"])
def test_plain_names_survive(name):
    made = make.kernel("M.f", [replace(make.accumulator().buffers[2], name=name, position=0)], ())
    assert re.search(rf"double \*restrict {name}\)", emit(made))


def test_paths_of_members_become_identifiers():
    made = make.kernel("M.f", [replace(make.accumulator().buffers[2], name="layers[0].w", position=0)], ())
    assert "double *restrict layers_0_w)" in emit(made)


def unary(value, dtype, op="add"):
    """out = value op x, of one element."""
    x, out = places = make.buffers(("x", "input", dtype, (), ""), ("out0", "output", dtype, (), ""))
    body = (Store(out, make.ZERO, make.Apply(make.OPS[op], (value, Load(x, make.ZERO)), dtype)),)
    return make.kernel("M.f", places, body)


LITERALS = [
    *[(value, dtype) for dtype in (FLOAT32, FLOAT64) for value in (
        0.0, -0.0, 1.0, -1.5, 0.1, 1e22, 1e-45, 5e-324, 1.7976931348623157e308, 3.4028234e38, 1 / 3, -np.inf, np.inf, np.nan,
        16777217.0, 2.2250738585072014e-308,
    )],
    *[(getattr(np.iinfo(dtype.numpy), end), dtype) for dtype in DTYPES.values() if dtype.is_integer for end in ("min", "max")],
    (-1, INT64), (2**31, INT64), (-(2**31), INT64), (2**32 - 1, INT64), (-(2**31) - 1, INT64),
    *[(2**32, dtype) for dtype in (DTYPES["uint64"],)], (True, DTYPES["bool"]), (False, DTYPES["bool"]),
]  # fmt: skip


def test_literals_read_back_as_the_same_bits(tmp_path):
    with np.errstate(all="ignore"):
        values = [(dtype.numpy.type(value), dtype) for value, dtype in LITERALS]
    rows = [(f"out{at}", "output", dtype, (), "") for at, (_, dtype) in enumerate(values)]
    places = make.buffers(*rows)
    body = [Store(place, make.ZERO, Const(value.item(), dtype)) for place, (value, dtype) in zip(places, values, strict=True)]
    kernel = make.kernel("M.f", places, body)
    source = emit(kernel)
    for program, language in compiled.COMPILERS:
        assert compiled.refuses(program, language, source) == ""
    outputs, _ = compiled.run(compiled.build(source, tmp_path), kernel, [], [])
    for (value, _), output in zip(values, outputs, strict=True):
        assert np.array_equal(value, output, equal_nan=True)
        assert np.isnan(value) or value.tobytes() == output.tobytes()


def test_negative_literals_meet_signs(tmp_path):
    one = Const(-1.0, FLOAT64)
    value = make.Apply(make.OPS["neg"], (make.Apply(make.OPS["sub"], (one, one), FLOAT64),), FLOAT64)
    minus = make.Apply(make.OPS["neg"], (make.Apply(make.OPS["neg"], (one,), FLOAT64),), FLOAT64)
    kernel = unary(make.Apply(make.OPS["sub"], (value, minus), FLOAT64), FLOAT64, "sub")
    assert "-(-" in emit(kernel)
    check_against_interpreter(kernel, [([np.array(3.0)], [])], tmp_path)


def test_deep_expressions_are_cut(tmp_path):
    deep = Const(1.0, FLOAT64)
    for at in range(100):
        deep = make.mul(make.add(Const(float(at % 7), FLOAT64), deep), Const(0.5, FLOAT64))
    kernel = unary(deep, FLOAT64)
    text = emit(kernel)
    assert max(line.count("(") for line in text.splitlines()) < 64
    check_against_interpreter(kernel, [([np.array(3.0)], [])], tmp_path)


def test_locals_start_where_they_are_told(tmp_path):
    out, = places = make.buffers(("out0", "output", FLOAT64, (), ""))
    lane = Var("l")
    for value in (0.0, -0.0, 1.0, float("inf")):
        acc = Local("acc", FLOAT64, 32, "a product")
        body = (
            Declare(acc, Const(value, FLOAT64)),
            Loop(lane, make.whole(32), (Store(acc, lane, Const(-0.0, FLOAT64), make.ADD),), "lanes"),
            Store(out, make.ZERO, Fold("mul", acc)),
        )
        kernel = make.kernel("M.f", places, body)
        for program, language in compiled.COMPILERS:
            assert compiled.refuses(program, language, emit(kernel)) == ""
        check_against_interpreter(kernel, [([], [])], tmp_path)


def test_a_value_that_a_row_mentions_twice_is_computed_once():
    x = Load(make.accumulator().buffers[0], make.ZERO)
    double = Op("double", "map", np.add, "{0} + {0}", ADD)
    value = make.Apply(double, (make.mul(x, x),), FLOAT64)
    kernel = unary(value, FLOAT64)
    assert "const double t = x[0] * x[0];\n    out0[0] = t + t + x[0];" in emit(kernel).replace("inc[0]", "x[0]")


def test_unknown_functions_are_a_bug_of_modc():
    missing = Op("missing", "map", np.add, "modc_missing_{t}({0})", CALL)
    with pytest.raises(AssertionError, match="modc_missing_f64"):
        emit(unary(make.Apply(missing, (Const(1.0, FLOAT64),), FLOAT64), FLOAT64))


def test_constant_extents_are_worked_out_in_64_bits(tmp_path):
    million = make.whole(1_000_000)
    size = make.index(make.INDEX_ADD, make.index(make.INDEX_MUL, million, million), make.whole(1))
    out, = places = make.buffers(("out0", "output", INT64, (), ""))
    kernel = make.kernel("M.f", places, (Store(out, make.ZERO, size),))
    assert "out0[0] = INT64_C(1000000000001);" in emit(kernel)
    check_against_interpreter(kernel, [([], [])], tmp_path)


def test_integer_sums_are_cast_once_but_for_narrow_types(tmp_path):
    for dtype, text in [
        (INT64, "(int64_t)((uint64_t)1 + (uint64_t)2 * (uint64_t)x[0] + (uint64_t)x[0])"),
        (DTYPES["uint64"], "1u + 2u * x[0] + x[0]"),
        (DTYPES["int8"], "(int8_t)((uint32_t)t + (uint32_t)x[0])"),
    ]:
        kernel = unary(Const(0, dtype), dtype)
        x = Load(kernel.buffers[0], make.ZERO)
        value = make.add(make.add(Const(1, dtype), make.mul(Const(2, dtype), x)), x)
        kernel = replace(kernel, body=(Store(kernel.buffers[1], make.ZERO, value),))
        found = emit(kernel)
        assert (text in found) or dtype.bits == 8
        check_against_interpreter(kernel, [([np.array(100, dtype.numpy)], [])], tmp_path)
        for program, language in compiled.COMPILERS:
            assert compiled.refuses(program, language, found) == ""


def test_long_lines_are_broken_where_brackets_are_fewest():
    out = Writer()
    out.line("x = " + " + ".join(f"f(a * {number}, b)" for number in range(20)) + ";")
    assert all(len(line) <= 100 for line in out.lines)
    assert all(line.endswith(("+", ";")) for line in out.lines)


def test_header_names_what_results_share():
    x = leaf(FLOAT64, ("n",))
    total = apply(OPS["sum"], apply(OPS["mul"], x, x), axes=(0,))
    program = Program("M.f", [x], ["x"], [], [], [total, apply(OPS["exp"], total)], [])
    lines = header(program, ["out0", "out1"])
    assert lines[-3:] == [" *   out0  = sum(x * x)", " *   out1  = exp(out0)", " */"]


def test_hundreds_of_elementary_functions_are_called_and_not_compiled_in_place():
    x = T.dvector("x")
    few, many = x, x
    for step in range(200):
        many = T.tanh(many) + 1
        few = T.tanh(few) + 1 if step < 20 else few * 2
    assert "#define MODC_CALLS" not in function([x], few).c_source
    compiled = function([x], many)
    assert "#define MODC_CALLS" in compiled.c_source
    assert np.allclose(compiled([0.1, 2.0]), function([x], many, mode="numpy")([0.1, 2.0]), rtol=1e-13)


def test_small_loops_of_known_size_become_straight_code():
    small, large, free = T.dmatrix("a", shape=(4, 3)), T.dmatrix("b", shape=(16, 3)), T.dmatrix("c")
    assert "        modc_unrolled\n        for (" in function([small], T.dot(small, small.T)).c_source
    for x in (large, free):
        assert "modc_unrolled\n" not in function([x], T.exp(x) + x).c_source.partition("_kernel(")[2]


def test_maximum_outside_loops_has_a_form_of_its_own():
    x, low, v = T.dscalar("x"), T.dscalar("low"), T.dvector("v")
    alone = function([x, low], T.maximum(x, low))
    assert "modc_max_one_f64(x[0], low[0])" in alone.c_source
    assert "modc_max_f64(v[i], " in function([v, low], T.maximum(v, low)).c_source
    for pair in [(np.nan, 1.0), (1.0, np.nan), (-0.0, np.inf), (2.0, 1.0)]:
        assert np.array_equal(alone(*pair), np.maximum(*pair), equal_nan=True)
