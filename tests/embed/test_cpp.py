"""The C++ class of an export: compiled without a warning, run under sanitizers, and refused where it should be."""

from __future__ import annotations

import pytest
from export_zoo import ROWS
from tools import need
from wrapped import (
    ODD,
    SANITIZERS,
    STRICT,
    growing_oddities,
    hostile_names,
    mixed_export,
    refusal,
    run,
)

import modc

STD = ["-std=c++17", *STRICT]
COMPILERS = ["g++", "clang++"]

#: Rows of the zoo whose C interfaces differ most.
KINDS = (
    "every_dtype", "no_axes_and_no_elements", "shared_and_private", "constants", "odd_values", "grows", "open_sizes", "bad_names",
    "blob", "single", "nothing_in_nothing_out", "statistics_in_float32",
)  # fmt: skip

SESSION = """
#include <cstdio>
#include <vector>
#include "mixed.hpp"

int main() {
    mixed::Model m;
    const auto row = m.pick(2);
    std::printf("%g %g %g\\n", row[0], row[1], row[2]);
    try {
        static_cast<void>(m.pick(7));
    } catch (const mixed::Error &error) {
        std::printf("%d %s\\n", error.code() > 0, error.what());
    }
    const std::vector<double> x{1, 2, 3};
    const auto sums = m.sum(x);
    std::printf("%g %zu %g %zu %g\\n", sums.out0, sums.out1.size(), sums.out1[2], sums.out2.size(), sums.out2(0));
    std::printf("%g\\n", m.sum(std::vector<double>{}).out0);
    m.grow(x);
    m.grow({x.data(), 1});
    const double raw[2] = {5, 6};
    m.grow(raw);
    for (const double one : m.get_history())
        std::printf("%g ", one);
    m.set_history(std::vector<double>{});
    std::printf("then %zu\\n", m.get_history().size());
    try {
        m.set_history(std::vector<double>(17));
    } catch (const std::exception &error) {
        std::printf("%s\\n", error.what());
    }
    m.tick();
    mixed::Model copy = m;
    copy.tick();
    std::printf("%d %d\\n", static_cast<int>(m.get_count()), static_cast<int>(copy.get_count()));
    const double matrix[2][3] = {{1, 2, 3}, {4, 5, 6}};
    const auto product = m.dot(matrix, x);
    std::printf("%g %g %zu\\n", product[0], product(1), product.size());
    const auto over = m.over(std::array<double, 3>{0.5, 1.5, 2.5});
    std::printf("%d%d%d\\n", over[0], over[1], over[2]);
    std::printf("%d %d\\n", m.any_over(row), m.any_over(row, 100.0));
    std::printf("%g %g %g\\n", m.scaled()[2], m.scaled(row)[2], m.scaled({{1.0, 2.0, 3.0}}, 10.0)[2]);
    std::printf("%g\\n", m.next()[1]);
    const bool before = m.flip();
    std::printf("%d %d\\n", before, m.get_flag());
    m.set_mask({{false, true}});
    std::printf("%d%d\\n", m.get_mask()[0], m.get_mask()[1]);
    std::printf("%g %g\\n", m.parts_0_run(5.0), m.parts_1_run(5.0));
    const auto two = m.two(1.5);
    std::printf("%g %d\\n", two.out0, two.out1);
    const auto table = m.get_table();
    const mixed::View<const double, 4, 3> seen(table);
    std::printf("%g %d\\n", seen(1, 2), static_cast<int>(seen.size(0)));
    double place[3] = {};
    int code = m.try_pick(1, place);
    std::printf("%d %g\\n", code, place[0]);
    std::printf("%d\\n", m.try_pick(-5, place) > 0);
    m.reset();
    std::printf("%d %d\\n", static_cast<int>(m.get_count()), static_cast<int>(m.state().history_n0));
    static_assert(mixed::Model::state_bytes == sizeof(mixed::Model), "the state and nothing else");
    return 0;
}
"""

TRANSCRIPT = """\
6 7 8
1 pick: an index is out of bounds in table[i]
6 3 6 2 2
0
0 0 0 1 2 3 1 5 6 then 0
an array has a size that there is no room for, or that does not go with its elements
1 2
14 32 2
011
1 0
1.5 4 30
3
0 1
01
10 15
2.5 1
5 4
0 3
1
0 3
"""

WITHOUT = """
#include <cstdio>
#include "mixed.hpp"

int main() {
    static mixed::Model m;
    m.tick();
    const auto scaled = m.scaled();
    double place[3] = {};
    mixed::Open<double, 8, mixed::any> twice;
    mixed::Open<double, 7, mixed::any> rest;
    double total = 0;
    const double x[9] = {1, 2};
    bool flag = false;
    std::printf("%d %g %d\\n", static_cast<int>(m.get_count()), scaled[1], m.try_pick(9, place) != 0);
    int code = m.try_sum({x, 2}, total, twice, rest);
    std::printf("%d %g %d\\n", code, total, static_cast<int>(twice.size()));
    std::printf("%s\\n", mixed_error(m.try_sum(x, total, twice, rest)));
    std::printf("%d %d\\n", m.try_set_history({x, 17}), static_cast<int>(m.get_history().size()));
    code = m.try_flip(flag);
    std::printf("%d %d\\n", code, flag);
    return 0;
}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("cpp") / "mixed"
    mixed_export(place, "cpp")
    return place


@pytest.mark.parametrize("compiler", COMPILERS)
def test_a_session_in_cpp_is_that_of_python(folder, tmp_path, compiler):
    cc = {"g++": "gcc", "clang++": "clang"}[compiler]
    need(compiler, cc)
    (tmp_path / "main.cpp").write_text(SESSION)
    run(cc, "-std=c99", "-O1", *STRICT, *SANITIZERS, "-c", folder / "mixed.c", "-o", tmp_path / "mixed.o")
    run(compiler, *STD, *SANITIZERS, f"-I{folder}", tmp_path / "main.cpp", tmp_path / "mixed.o", "-o", tmp_path / "main")
    assert run(tmp_path / "main") == TRANSCRIPT


@pytest.mark.parametrize("flags", [["-fno-exceptions"], ["-DMIXED_NO_EXCEPTIONS"]], ids=["no exceptions", "by macro"])
def test_without_exceptions_methods_give_codes(folder, tmp_path, flags):
    need("g++", "gcc")
    (tmp_path / "main.cpp").write_text(WITHOUT)
    run("gcc", "-std=c99", "-c", folder / "mixed.c", "-o", tmp_path / "mixed.o")
    run("g++", *STD, *flags, f"-I{folder}", tmp_path / "main.cpp", tmp_path / "mixed.o", "-o", tmp_path / "main")
    lines = run(tmp_path / "main").splitlines()
    assert lines == [
        "1 1 1", "0 3 2", "sum: a size is negative, or larger than the export has room for", "1 3", "0 0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "statement, reason",
    [
        ("double x[2] = {}; m.set_table(x);", "no matching|could not convert|array of another size"),
        ("std::array<double, 2> x{}; (void)m.over(x);", "an array of another size is needed here"),
        ("double x[4] = {}; (void)m.over(x);", "an array of another size is needed here"),
        ("double x[3][4] = {}; m.set_table(x);", "an array of another size is needed here"),
        ("m.pick(1.5f, 2);", "no matching function|no member"),
    ],
)
def test_arrays_of_another_size_do_not_compile(folder, tmp_path, statement, reason):
    need("g++")
    (tmp_path / "main.cpp").write_text(f'#include "mixed.hpp"\nint main() {{ mixed::Model m; {statement} return 0; }}\n')
    said = refusal("g++", "-std=c++17", "-fsyntax-only", f"-I{folder}", tmp_path / "main.cpp")
    assert any(part in said for part in reason.split("|")), said


def test_a_method_that_can_fail_is_only_there_as_try_without_exceptions(folder, tmp_path):
    need("g++")
    (tmp_path / "main.cpp").write_text('#include "mixed.hpp"\nint main() { mixed::Model m; (void)m.pick(1); return 0; }\n')
    run("g++", *STD, "-fsyntax-only", f"-I{folder}", tmp_path / "main.cpp")
    said = refusal("g++", *STD, "-fno-exceptions", "-fsyntax-only", f"-I{folder}", tmp_path / "main.cpp")
    assert "pick" in said


def test_the_makefile_installs_the_class(folder, tmp_path):
    need("make", "gcc")
    run("make", "-s", "install", f"PREFIX={tmp_path}", "CC=gcc", cwd=folder)
    assert sorted(path.name for path in (tmp_path / "include").iterdir()) == ["mixed.h", "mixed.hpp"]


def test_initial_values_from_a_blob(tmp_path):
    need("g++", "gcc")
    mixed_export(tmp_path / "mixed", "cpp", blob=True)
    (tmp_path / "main.cpp").write_text(
        """#include <cstdio>
#include "mixed.hpp"
int main() {
    static unsigned char bytes[4096];
    std::FILE *file = std::fopen("mixed/mixed.bin", "rb");
    const std::size_t count = std::fread(bytes, 1, sizeof bytes, file);
    std::fclose(file);
    mixed::Model empty, full(bytes, count);
    std::printf("%g %g\\n", empty.get_table()[5], full.get_table()[5]);
    try {
        empty.load(bytes, count - 1);
    } catch (const mixed::Error &error) {
        std::printf("%s\\n", error.what());
    }
    return empty.try_load(bytes, count);
}
"""
    )
    run("gcc", "-std=c99", "-c", "mixed/mixed.c", "-o", "mixed.o", cwd=tmp_path)
    run("g++", *STD, "-Imixed", "main.cpp", "mixed.o", "-o", "main", cwd=tmp_path)
    assert run(tmp_path / "main", cwd=tmp_path) == "0 5\nthe bytes are not those of mixed.bin\n"


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Headers of many exports in one folder, and a program that includes all of them."""
    place = tmp_path_factory.mktemp("many")
    names = []
    for key, (make, options) in {**{key: ROWS[key] for key in KINDS}, "names": (hostile_names, {}), "odd": (growing_oddities, ODD)}.items():
        done = modc.export(make(), place / key, **{"name": f"its_{key}", **options, "golden": 0}, wrappers=["cpp"])
        names.append(done.model.name)
        for path in ("h", "hpp"):
            (place / f"{done.model.name}.{path}").write_bytes((done.directory / f"{done.model.name}.{path}").read_bytes())
    lines = [f'#include "{name}.hpp"' for name in names]
    lines += ["int main() {", *(f"    {{ static {name}::Model one; one.reset(); }}" for name in names), "    return 0;", "}", ""]
    (place / "all.cpp").write_text("\n".join(lines))
    return place


@pytest.mark.parametrize("flags", [[], ["-fno-exceptions"]], ids=["exceptions", "none"])
@pytest.mark.parametrize("compiler", COMPILERS)
def test_classes_of_many_exports_live_in_one_program(many, compiler, flags):
    need(compiler)
    run(compiler, *STD, *flags, "-fsyntax-only", f"-I{many}", many / "all.cpp")
