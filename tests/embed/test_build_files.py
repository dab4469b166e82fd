"""Makefile, CMakeLists.txt and the pkg-config file of an export work as they stand."""

from __future__ import annotations

from shutil import copytree

import pytest
from exported import execute, zoo_export
from tools import need

MAIN = """#include <{name}.h>
int main(void) {{ static {name}_state s; {name}_init(&s); return sizeof s != {upper}_STATE_BYTES; }}
"""


@pytest.mark.parametrize("name", ["scalars", "blob", "single", "regression_in_float32"])
def test_make_builds_tests_installs_and_cleans(name, tmp_path):
    make, gcc, config = need("make", "gcc", "pkg-config")
    export = zoo_export(name)
    name = export.model.name
    place, root = tmp_path / "src", tmp_path / "root"
    copytree(export.directory, place, ignore=lambda _, names: [one for one in names if one not in export.files])
    before = sorted(one.name for one in place.iterdir())
    assert "checks passed" in execute([make, "test", "CFLAGS=-O1 -Werror", f"CC={gcc}"], place)
    execute([make, "install", f"PREFIX={root}", f"CC={gcc}"], place)
    flags = execute(["env", f"PKG_CONFIG_PATH={root}/lib/pkgconfig", config, "--cflags", "--libs", name], place).split()
    (tmp_path / "main.c").write_text(MAIN.format(name=name, upper=name.upper()))
    execute([gcc, "main.c", *flags, "-o", "main"], tmp_path)
    execute(["./main"], tmp_path)
    execute([make, "clean"], place)
    assert sorted(one.name for one in place.iterdir()) == before


@pytest.mark.parametrize("name", ["scalars", "blob"])
def test_cmake_builds_tests_and_installs(name, tmp_path):
    (cmake,) = need("cmake")
    export = zoo_export(name)
    build, root = tmp_path / "build", tmp_path / "root"
    execute([cmake, "-S", export.directory, "-B", build, f"-DCMAKE_INSTALL_PREFIX={root}"], tmp_path)
    execute([cmake, "--build", build], tmp_path)
    execute([cmake, "--build", build, "--target", "test"], tmp_path)
    execute([cmake, "--install", build], tmp_path)
    (tmp_path / "user").mkdir()
    (tmp_path / "user" / "main.c").write_text(MAIN.format(name=name, upper=name.upper()))
    (tmp_path / "user" / "CMakeLists.txt").write_text(
        f"cmake_minimum_required(VERSION 3.10)\nproject(user C)\nfind_package({name} REQUIRED)\n"
        f"add_executable(main main.c)\ntarget_link_libraries(main {name}::{name})\n"
    )
    execute([cmake, "-S", tmp_path / "user", "-B", tmp_path / "user_build", f"-DCMAKE_PREFIX_PATH={root}"], tmp_path)
    execute([cmake, "--build", tmp_path / "user_build"], tmp_path)
    execute([tmp_path / "user_build" / "main"], tmp_path)
