"""Exports of Modules of every shape: strict C99 and C++17, every level of optimisation, sanitizers, symbols, stack."""

from __future__ import annotations

import re

import pytest
from export_zoo import ROWS
from exported import C99, CXX17, SANITIZE, compile_run, execute, warnings, zoo_export
from tools import need

from modc.embed.certificate import _text, stack
from modc.embed.footprint import frames


@pytest.mark.parametrize("name", ROWS)
def test_c_is_clean_small_in_stack_and_right_with_gcc(name):
    (gcc,) = need("gcc")
    export = zoo_export(name)
    model, place = export.model, export.directory
    strict = [*C99, *warnings(model), "-fno-pic"]  # on an executable's fixed address no constant needs relocation
    execute([gcc, *strict, "-O0", "-c", f"{model.name}_selftest.c", "-o", "test.o"], place)
    for level in ("-O0", "-O2", "-O3"):
        execute([gcc, *strict, level, "-fstack-usage", "-c", f"{model.name}.c", "-o", "export.o"], place)
        check_stack(model, (place / "export.su").read_text())
        execute([gcc, "-no-pie", "test.o", "export.o", "-lm", "-o", "gcc"], place)
        assert "checks passed" in execute(["./gcc"], place)
    check_symbols(model, execute(["nm", "export.o"], place))


@pytest.mark.parametrize("name", ROWS)
def test_c_is_clean_and_right_with_clang_and_as_cpp(name):
    export = zoo_export(name)
    compile_run(export, "clang", [*C99, "-O2"])
    compile_run(export, "g++", [*CXX17, "-O0"])
    (clang,) = need("clang++")
    model = export.model
    files = [f"{model.name}.c", f"{model.name}_selftest.c"]
    execute([clang, *CXX17, *warnings(model), "-fsyntax-only", *files], export.directory)


@pytest.mark.parametrize("name", ROWS)
def test_the_sanitizers_find_nothing(name):
    compile_run(zoo_export(name), "gcc", [*C99, *SANITIZE], "sanitized", strict=False)


def check_stack(model, usage):
    """No function needs more than the certificate says, with what it calls."""
    used = {}
    for line in usage.splitlines():
        place, count, kind = line.split("\t")
        function = place.split(":")[-1].split(".")[0]
        used[function] = max(int(count), used.get(function, 0))
        assert kind in ("static", "dynamic,bounded"), line  # bounded: aligned for vectors
    code, parts = _text(model)
    known = frames("\n".join([*parts, code]))

    def chain(function):
        name = re.sub("^modc_", f"{model.name}_modc_", function)
        return used.get(name, 0) + max((chain(call) for call in known[function].calls if call in known), default=0)

    for one in model.functions:
        plan = [one.kernel_name + "_plan"] if one.kernel.plan is not None else []
        reported = used[f"{model.name}_{one.name}"] + max(map(chain, [one.kernel_name, *plan]))
        assert reported <= stack(one, known), one.key


def check_symbols(model, listing):
    """Nothing mutable, nothing allocated, and every name begins with the export's."""
    for line in listing.splitlines():
        kind, symbol = line.split()[-2:]
        assert kind in "tTrRU", line
        if kind in "TR":
            assert symbol.startswith(model.name + "_"), line
        if kind == "U":
            assert symbol not in ("malloc", "calloc", "realloc", "free", "alloca"), line
