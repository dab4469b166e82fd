"""The certificate: operations counted by hand, loops, constants, libm, double precision; macros."""

from __future__ import annotations

import re

import numpy as np
import pytest
from export_zoo import ROWS, module
from exported import zoo_export

import modc.tensor as T
from modc import Method
from modc.embed import Options
from modc.embed.certificate import certificate, flash, macros, stack
from modc.embed.footprint import frames, stack_bytes
from modc.embed.model import model_of
from modc.embed.work import work_of


def model(instance, **options):
    """The model of an instance."""
    return model_of(instance, Options(**{"name": "made", **options}))


def counts(result, inputs, **values):
    """Operations of one Method of these inputs."""
    made = model(module(f=Method(inputs, result)).make(**values))
    return work_of(made.functions[0].fitted)


X, Y, Z = T.dscalar("x"), T.dvector("v", shape=(10,)), T.dmatrix("m", shape=(5, 40))
BIG = T.dmatrix("big", shape=(50, 60)), T.dmatrix("other", shape=(60, 70))

BY_HAND = {
    "numbers": (X * X + X / 3.0 - X, [X], {"additions": 2, "multiplications": 1, "divisions": 1}),
    "a square root": (T.sqrt(X), [X], {"square roots": 1}),
    "functions": (T.exp(X) + T.tanh(Y), [X, Y], {"additions": 10, "exp": 1, "tanh": 10}),
    "a short sum": (Y.sum(), [Y], {"additions": 10}),
    "comparisons": (T.maximum(Y, 0.0), [Y], {"comparisons": 10}),
    "products": (T.dot(*BIG), list(BIG), {"additions": 50 * 60 * 70, "multiplications": 50 * 60 * 70 + 50 * 70}),
    "nothing but copies": (Y[::-1], [Y], {}),
    "integers": (T.lvector("i", shape=(4,)) * 3, None, {}),
}


@pytest.mark.parametrize("what", BY_HAND)
def test_operations_are_those_counted_by_hand(what):
    result, inputs, wanted = BY_HAND[what]
    if inputs is None:
        i = T.lvector("i", shape=(4,))
        result, inputs = i * 3 + i, [i]
    assert {kind: count for kind, count in counts(result, inputs).counts.items() if count} == wanted


def test_rest_of_blocks_and_lanes_count_once():
    for n in (33, 1000, 1024, 1025, 5000):
        x = T.dvector("x", shape=(n,))
        work = counts((x * x).sum(), [x])
        assert work.counts["multiplications"] == n, n
        assert n <= work.counts["additions"] <= n + 64 * (1 + n // 1024), n


def test_open_sizes_count_at_their_most():
    x = T.dvector("x")
    open_, fixed = (
        model(module(f=Method(x, x * 2 + 1)).make(), **given).functions[0] for given in ({"most": {"x": 64}}, {"sizes": {"x": 64}})
    )
    assert work_of(open_.fitted).counts == work_of(fixed.fitted).counts
    assert work_of(open_.fitted).flops == 128
    assert work_of(open_.fitted).nests == [(64,)]


def test_loops_are_listed_from_outside_in():
    work = counts(Z * 2, [Z])
    assert work.nests in ([(5, 40)], [(200,)])
    assert (50, 70, 60) in counts(T.dot(*BIG), list(BIG)).nests


def test_the_larger_branch_counts():
    c = T.dscalar("c")
    work = counts(T.where(c > 0, T.exp(Y) * 2, Y), [c, Y])
    assert work.counts["exp"] == 10


def test_constants_are_what_the_c_text_has():
    made = zoo_export("large_constants").model
    values, tables = flash(made, [])
    assert values == 50 * 64 * 8
    text = (zoo_export("large_constants").directory / "large_constants.c").read_text()
    assert re.search(r"static const double large_constants_w_value\[3200\]", text)
    assert flash(zoo_export("blob").model, [])[0] == 0
    table = T.constant(np.linspace(0, 1, 300) ** 2)
    at = T.lscalar("at")
    assert sum(flash(model(module(f=Method(at, table[at])).make()), [])) >= 2400
    assert tables == 0
    assert flash(zoo_export("blob").model, ["static const double modc_table_f64[70] = {"]) == (0, 560)


@pytest.mark.parametrize("name", ["nothing_in_nothing_out", "shared_and_private", "renamed"])
def test_libm_is_none_where_it_is_not_called(name):
    assert "libm       none" in list(certificate(zoo_export(name).model))


def test_libm_names_what_the_linker_wants():
    export = zoo_export("functions")
    (line,) = [line for line in certificate(export.model) if line.startswith("libm")]
    listed = set(line.removeprefix("libm").replace(",", " ").split())
    assert listed >= {"sqrt", "floor", "fmod"}
    assert not listed & {"exp", "log", "sin", "tanh"}, "these are modc's own"


def test_every_double_of_a_float32_export_is_named():
    for name, (_, options) in ROWS.items():
        if options.get("real") != "float32":
            continue
        export = zoo_export(name)
        text = re.sub(r"/\*.*?\*/", " ", (export.directory / f"{name}.c").read_text() + (export.directory / f"{name}.h").read_text(), flags=re.DOTALL)
        lines = "\n".join(certificate(export.model))
        has = bool(re.search(r"\bdouble\b", re.sub(r"union \{ double real;", "", text)))
        assert has == ("double     none" not in lines), name


def test_macros_have_one_meaning_each():
    for name in ("same_macros", "bad_names", "open_sizes"):
        made = zoo_export(name).model
        names = [one for one, _, _ in macros(made)]
        assert len(set(names)) == len(names)
        text = (zoo_export(name).directory / f"{name}.h").read_text()
        for one, value, _ in macros(made):
            assert f"#define {one} {value}" in text


def test_reads_and_writes_are_listed():
    lines = list(certificate(zoo_export("scalars").model))
    assert "add: reads total, gain; writes total" in lines
    assert "roots: reads total; writes total" in lines


def test_stack_of_nested_calls_adds_up():
    text = """
static inline double modc_leaf_f64(double x) { double y[4]; y[0] = x; return y[0]; }
static double modc_outer_f64(double a, double b)
{
    double lane[32] = {0}, other[8];
    for (int64_t i = 0; i < 32; i++)
        lane[i] = modc_leaf_f64(a) + b;
    return lane[0] + other[1];
}
"""
    known = frames(text)
    assert (known["modc_outer_f64"].arrays, known["modc_outer_f64"].variables) == (32 * 8 + 64, 3)
    assert known["modc_outer_f64"].calls == ["modc_leaf_f64"]
    assert stack_bytes("modc_outer_f64", known) > stack_bytes("modc_leaf_f64", known) + 320


def test_stack_is_not_far_above_what_compilers_need():
    made = zoo_export("renamed").model
    assert stack(made.functions[0], frames("\n".join(
        ["static int32_t renamed_run_kernel(const double *x)", "{", "    return 0;", "}"]))) < 512
