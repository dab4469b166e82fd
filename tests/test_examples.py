"""The examples run as a user would run them: in a process of their own, over an empty cache."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"


def run(name: str, cache: Path, **env: str) -> str:
    command = [sys.executable, "-W", "error", str(EXAMPLES / name)]
    environment = {**os.environ, "MODC_CACHE_DIR": str(cache), **env}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("mode", ["c", "numpy"])
def test_the_accumulator_prints_the_documented_transcript(tmp_path, mode):
    lines = run("accumulator.py", tmp_path / "cache", MODC_MODE=mode).splitlines()
    assert lines[lines.index(">>> acc.add(2)") + 1] == "array(2.)"
    assert lines[lines.index(">>> acc.state, acc.inc") + 1] == "(array(0.), None)"
    assert lines[-3:] == [">>> acc.sub(20)", ">>> acc.state", "array(20.)"]


@pytest.mark.parametrize("mode", ["c", "numpy"])
def test_nested_modules_share_their_members(tmp_path, mode):
    lines = run("nested.py", tmp_path / "cache", MODC_MODE=mode).splitlines()
    assert lines[:3] == ["left: state is 7.5", "right: state is 8.0", "total: 15.5"]


@pytest.mark.parametrize("compiler", ["clang", "ziglang"])
def test_the_other_compilers_do_as_well(tmp_path, tmp_path_factory, compiler):
    if compiler == "clang":
        if shutil.which("clang") is None:
            pytest.skip("there is no clang")
        env = {"CC": "clang"}
    else:  # what modc finds by itself where PATH has no compiler
        pytest.importorskip("ziglang", reason="extra modc[zig]")
        own = str(tmp_path_factory.getbasetemp() / "zig")
        env = {"CC": "", "PATH": str(tmp_path), "ZIG_LOCAL_CACHE_DIR": own, "ZIG_GLOBAL_CACHE_DIR": own}
    lines = run("nested.py", tmp_path / "cache", MODC_MODE="c", **env).splitlines()
    assert lines[:3] == ["left: state is 7.5", "right: state is 8.0", "total: 15.5"]
    assert list((tmp_path / "cache").glob("??/*.so")) != []


def test_digits_are_learned_and_a_second_run_starts_from_the_cache(tmp_path):
    pytest.importorskip("sklearn", reason="extra modc[examples]")
    first, second = (run("digits.py", tmp_path / "cache") for _ in range(2))
    assert "compiled now" in first
    assert "from the cache" in second
    for text in (first, second):
        accuracy = float(re.search(r"test accuracy ([0-9.]+) %", text).group(1))
        assert accuracy > 96.0
    assert first.splitlines()[-1].split(",")[1:] == second.splitlines()[-1].split(",")[1:]


def test_the_models_to_embed_say_how_well_they_do(tmp_path):
    lines = run("embed_c/models.py", tmp_path / "cache").splitlines()
    assert re.fullmatch(r"PID: 6[01]\.\d\d degrees at most, 60\.00 after two minutes", lines[0])
    measured, estimated = (float(re.search(r"are ([0-9.]+) m off", line).group(1)) for line in lines[1:])
    assert estimated < 0.75 * measured


def test_the_reader_is_trained_and_taught(tmp_path):
    pytest.importorskip("sklearn", reason="extra modc[examples]")
    first, drawn, second = run("embed_web/reader.py", tmp_path / "cache").splitlines()
    assert float(re.search(r"test accuracy ([0-9.]+) %", first).group(1)) > 96.0
    assert float(re.search(r"of other drawings ([0-9.]+) %", drawn).group(1)) > 95.0
    before, after = map(float, re.search(r"cost ([0-9.]+), after 20 steps ([0-9.]+)", second).groups())
    assert after < 0.1 < before
