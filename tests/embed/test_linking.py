"""Several exports in one program, and the same bytes from every process."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from export_zoo import ROWS
from exported import C99, STRICT, execute, zoo_export
from tools import need

import modc

TESTS = Path(__file__).parent.parent
PAIR = [("open_sizes", "first"), ("open_sizes", "second"), ("gemm", "third"), ("functions", "fourth")]


def driver(names, includes=""):
    """C that runs the self-tests of several exports."""
    lines = [includes] + [f"int {name}_selftest(void);" for name in names]
    calls = " + ".join(f"{name}_selftest()" for name in names)
    return "\n".join([*lines, f"int main(void) {{ return ({calls}) != 0; }}", ""])


@pytest.mark.parametrize("compiler, flags", [("gcc", C99), ("g++", ("-x", "c++", "-std=c++17"))])
def test_exports_link_into_one_program(compiler, flags, tmp_path):
    (tool,) = need(compiler)
    names = [name for _, name in PAIR]
    for row, name in PAIR:
        make, options = ROWS[row]
        modc.export(make(), tmp_path / name, **{**options, "name": name, "golden": 1})
    c_linkage = "\n".join(f'extern "C" int {name}_selftest(void);' for name in names) if compiler == "g++" else ""
    (tmp_path / "main.c").write_text(driver(names, c_linkage))
    quiet = [f"-D{name.upper()}_SELFTEST_NO_STDIO" for name in names]
    files = [f"{name}/{name}{end}.c" for name in names for end in ("", "_selftest")]
    execute([tool, *flags, *STRICT, *quiet, "-O1", *files, "main.c", "-x", "none", "-lm", "-o", "all"], tmp_path)
    execute(["./all"], tmp_path)


@pytest.mark.parametrize("compiler, flags", [("gcc", C99), ("clang", C99), ("g++", ("-x", "c++", "-std=c++17"))])
def test_single_headers_go_into_one_translation_unit(compiler, flags, tmp_path):
    (tool,) = need(compiler)
    names = ["alpha", "beta", "delta"]
    for row, name in zip(["open_sizes", "gemm", "index_checks"], names, strict=True):
        make, options = ROWS[row]
        modc.export(make(), tmp_path / name, **{**options, "name": name, "single": True, "golden": 1})
    (tmp_path / "plain.c").write_text("".join(f'#include "{name}/{name}.h"\n' for name in names) * 2)
    whole = "".join(f'#define {name.upper()}_IMPLEMENTATION\n#include "{name}/{name}.h"\n' for name in names)
    (tmp_path / "main.c").write_text(
        whole + "int main(void) { static alpha_state a; static beta_state b; static delta_state c;\n"
        "alpha_init(&a); beta_init(&b); delta_init(&c); return 0; }\n"
    )
    execute([tool, *flags, *STRICT, "-O1", "main.c", "plain.c", "-x", "none", "-lm", "-o", "one"], tmp_path)
    execute(["./one"], tmp_path)
    tests = [f"{name}/{name}{end}.c" for name in names for end in ("", "_selftest")]
    (tmp_path / "driver.c").write_text(driver(names, "\n".join(f'extern "C" int {n}_selftest(void);' for n in names) if compiler == "g++" else ""))
    quiet = [f"-D{name.upper()}_SELFTEST_NO_STDIO" for name in names]
    execute([tool, *flags, *STRICT, *quiet, *tests, "driver.c", "-x", "none", "-lm", "-o", "many"], tmp_path)
    execute(["./many"], tmp_path)


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
import modc
from export_zoo import ROWS
for name in ["many_methods", "open_sizes", "bad_names", "every_dtype", "statistics_in_float32", "blob"]:
    make, options = ROWS[name]
    modc.export(make(), f"{sys.argv[2]}/{name}", **{"name": name, **options})
"""


def digests(place):
    """Digest by path of every file."""
    return {str(one.relative_to(place)): hashlib.sha256(one.read_bytes()).hexdigest() for one in sorted(place.rglob("*")) if one.is_file()}


def test_every_process_writes_the_same_bytes(tmp_path):
    found = []
    for seed in ("0", "77"):
        place = tmp_path / seed
        place.mkdir()
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(modc.__file__).parent.parent)}
        subprocess.run([sys.executable, "-c", SCRIPT, str(TESTS), str(place)], env=env, cwd=place, check=True, capture_output=True)
        found.append(digests(place))
    assert found[0] == found[1]
    assert len(found[0]) > 40


def test_nothing_of_the_machine_is_in_the_files():
    for name in ("nested", "bad_names", "index_checks", "blob"):
        export = zoo_export(name)
        for file in export.files:
            text = (export.directory / file).read_bytes()
            for word in (str(Path.cwd()), str(TESTS), "/tmp", os.uname().nodename):
                assert word.encode() not in text, (file, word)
