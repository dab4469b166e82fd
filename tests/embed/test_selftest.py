"""The self-test: it finds what is wrong, runs without stdio, and holds where products and sums are contracted."""

from __future__ import annotations

import re
import subprocess
from shutil import copytree

import numpy as np
import pytest
from export_zoo import ROWS
from exported import C99, STRICT, compile_run, execute, zoo_export
from tools import need

import modc
import modc.tensor as T
from modc import Method, Module
from modc.embed.golden import golden
from modc.embed.numbers import MIXED, Fill, float_function, integer_function
from modc.embed.tolerance import exact_nodes
from modc.graph import dtype

DRIVER = """#include <stdint.h>
int {name}_selftest(void);
int main(void) {{ return {name}_selftest(); }}
"""


def changed(export, place, pattern, to):
    """A copy of an export with one place of its C text changed; the exit status and output of its self-test."""
    (gcc,) = need("gcc")
    copytree(export.directory, place)
    name = export.model.name
    text, count = re.subn(pattern, to, (place / f"{name}.c").read_text(), count=1)
    assert count == 1, pattern
    (place / f"{name}.c").write_text(text)
    execute([gcc, "-std=c99", "-O1", f"{name}.c", f"{name}_selftest.c", "-lm", "-o", "changed"], place)
    done = subprocess.run(["./changed"], cwd=place, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


MUTANTS = {
    "another product": ("scalars", r"v1 \* gain\[0\]", "v1 * (gain[0] * 1.0000000000000003)"),
    "another constant": ("scalars", r"0x1\.000000000000bp-1", "0x1.00001p-1"),
    "another initial value": ("nested", r"(_value\[\d+\] = \{\s*)", r"\1 0.5 + "),
    "a forgotten update": ("scalars", r"total\[0\] = ", "out0[0] = "),
    "a getter of something else": ("scalars", r"return s->gain;", "return s->total;"),
    "a setter that forgets": ("scalars", r"s->gain = value;", "(void)s; (void)value;"),
    "an index that is not checked": ("index_checks", r"return index_checks_modc_failed\(fail, 0", "if (0) return index_checks_modc_failed(fail, 0"),
    "a size that is not checked": ("grows", r"if \(x_n0 < 0 \|\| x_n0 > 6\)", "if (x_n0 < 0)"),
    "a code that is wrong": ("index_checks", r"return 1 \+ \(int\)", "return 90 + (int)"),
}


@pytest.mark.parametrize("what", MUTANTS)
def test_the_self_test_finds(what, tmp_path):
    name, pattern, to = MUTANTS[what]
    code, output = changed(zoo_export(name), tmp_path / "changed", pattern, to)
    assert code == 1, output
    assert re.search(r": (got .* expected|returned \d+, expected|the state has changed|size -?\d+, expected|not what was set)", output), output
    assert re.search(rf"{name}: \d+ of \d+ checks failed", output)


@pytest.mark.parametrize("name", ["scalars", "open_sizes", "odd_values", "statistics_in_float32"])
def test_it_runs_without_stdio(name):
    (gcc,) = need("gcc")
    export = zoo_export(name)
    (export.directory / "driver.c").write_text(DRIVER.format(name=name))
    flag = f"-D{name.upper()}_SELFTEST_NO_STDIO"
    files = [f"{name}.c", f"{name}_selftest.c", "driver.c"]
    execute([gcc, *C99, *STRICT, flag, *files, "-lm", "-o", "quiet"], export.directory)
    execute(["./quiet"], export.directory)
    assert "printf" not in execute(["nm", "-u", "quiet"], export.directory)


@pytest.mark.parametrize("name", ["gemm", "functions", "many_methods", "regression_in_float32", "windows"])
def test_contracted_products_and_sums_are_within_the_tolerances(name):
    flags = ["-O3", "-march=native", "-ffp-contract=fast"]
    (gcc,) = need("gcc")
    export = zoo_export(name)
    files = [f"{export.model.name}.c", f"{export.model.name}_selftest.c"]
    execute([gcc, *flags, *files, "-lm", "-o", "fused"], export.directory)
    execute(["./fused"], export.directory)


def test_what_only_adds_multiplies_divides_and_takes_roots_is_compared_bit_for_bit():
    export = zoo_export("scalars")
    found = golden(export.model)
    exact = {(call.function.key, one.array.key): one.exact for call in found.calls for one in (*call.outputs, *call.members)}
    assert not found.by_numpy
    assert exact.pop(("add", "out1")) is False  # exp
    assert set(exact.values()) == {True}


def test_what_follows_from_a_rounded_function_is_not_exact():
    x = T.dscalar("x")
    m = Module()
    m.s = T.dscalar("s")
    m.f = Method(x, [m.s + x, x * 2], {m.s: T.exp(m.s) * 0.1})
    export_model = modc.embed.model.model_of(m.make(s=0.5), modc.embed.Options(name="chain"))
    calls = golden(export_model).calls
    assert [[one.exact for one in call.outputs] for call in calls] == [[True, True], [False, True], [False, True]]
    assert all(float(call.outputs[1].near) < 1e-14 for call in calls)


@pytest.mark.parametrize("name", ["float64", "float32", "int8", "uint16", "int64", "bool"])
def test_numbers_are_the_same_in_c_and_in_python(name, tmp_path):
    (gcc,) = need("gcc")
    row, fill = dtype(name), Fill(12345, 2, -100 if name[0] == "i" else 0, 2 if name == "bool" else 101)
    function = float_function(row) if row.is_float else integer_function(row)
    recipe = "12345u, 2" if row.is_float else f"12345u, {fill.low}, {fill.span}u"
    (tmp_path / "n.c").write_text(
        f"#include <stdint.h>\n#include <stdio.h>\n{MIXED}{function}"
        f"int main(void) {{ static {row.c_type} x[500]; fill{row.suffix}(x, 500, {recipe});\n"
        f"return fwrite(x, sizeof x[0], 500, stdout) != 500; }}\n"
    )
    execute([gcc, "-std=c99", "n.c", "-o", "n"], tmp_path)
    made = subprocess.run(["./n"], cwd=tmp_path, capture_output=True, check=True).stdout
    assert made == fill.array(row, (500,)).tobytes()


def test_a_blob_that_is_another_is_refused(tmp_path):
    export = zoo_export("blob")
    compile_run(export, "gcc", C99)
    data = bytearray((export.directory / "blob.bin").read_bytes())
    for at, text in ((0, "magic"), (9, "layout"), (16, "order")):
        broken = bytearray(data)
        broken[at] ^= 1
        (tmp_path / text).write_bytes(broken)
        done = subprocess.run(["./selftest", str(tmp_path / text)], cwd=export.directory, capture_output=True, text=True, check=False)
        assert done.returncode == 1, text
    assert subprocess.run(["./selftest", "missing"], cwd=export.directory, capture_output=True, check=False).returncode == 1


def test_without_a_compiler_numpy_gives_the_results(monkeypatch, tmp_path):
    instance = ROWS["functions"][0]()
    monkeypatch.setenv("MODC_NO_COMPILE", "1")
    monkeypatch.setenv("MODC_CACHE_DIR", str(tmp_path / "cache"))
    export = modc.export(instance, tmp_path / "out", name="alone")
    assert "from NumPy, as no C compiler was there" in (export.directory / "alone_selftest.c").read_text()
    monkeypatch.delenv("MODC_NO_COMPILE")
    compile_run(export, "gcc", C99)


def test_arguments_reach_the_largest_sizes_and_lie_below_them():
    calls = [call for call in golden(zoo_export("statistics_in_float32").model).calls if not call.fails]
    assert [call.given[0].value.shape for call in calls] == [(100,), (50,), (100,)]
    failing = [call for call in golden(zoo_export("index_checks").model).calls if call.fails]
    assert {call.function.key for call in failing} == {"take", "put"}


def test_exactness_is_by_node():
    model = zoo_export("functions").model
    fitted = model.functions[0].fitted.rewritten
    exact = exact_nodes(fitted, [], True, True)
    names = {root.op.name for root in fitted.outputs if root in exact}
    assert names >= {"sqrt", "floor", "ceil", "trunc", "round", "sign"}
    assert not names & {"exp", "log", "sin", "tanh", "erf"}


def test_a_nearly_singular_matrix_gets_a_wide_tolerance():
    a, b = T.dmatrix("a", shape=(4, 4)), T.dvector("b", shape=(4,))
    m = Module()
    m.p = T.dmatrix("p")
    m.f = Method([a, b], [T.linalg.solve(m.p + 0.0 * a, b), T.dot(m.p, b)])
    nearly = np.ones((4, 4)) + 1e-9 * np.diag([1.0, 2.0, 3.0, 4.0])
    (call, *_) = golden(modc.embed.model.model_of(m.make(p=nearly), modc.embed.Options(name="bad"))).calls
    solved, product = call.outputs
    assert 1e-10 < float((solved.near / np.abs(solved.value)).max()) < 1e-2
    assert float(product.near.max()) < 1e-13


def test_what_can_fail_is_made_to_fail():
    for name in ("index_checks", "conditions", "long_names_of_methods"):
        calls = golden(zoo_export(name).model).calls
        can = {one.key for one in zoo_export(name).model.functions if any(site.kind in ("index", "assert") for site in one.sites)}
        assert {call.function.key for call in calls if call.fails} == can - {"ring"}, name
