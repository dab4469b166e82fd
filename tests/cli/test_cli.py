from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent.parent / "build"))

from build_kernels import request

from modc.build import cache, load, load_all, toolchain
from modc.cli.main import main

VERBS = ("path", "list", "stats", "verify", "prune", "clear")


@pytest.fixture(autouse=True)
def cache_dir(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("MODC_") or name == "CC"]:
        if name != "MODC_RUNTIME":
            monkeypatch.delenv(name)
    path = tmp_path / "cache"
    monkeypatch.setenv("MODC_CACHE_DIR", str(path))
    for memory in (cache._checked, load._loaded, load._said, toolchain._known):
        memory.clear()
    return path


def modc(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def modc_json(*arguments: str):
    code, text = modc(*arguments, "--json")
    return code, json.loads(text)


def damage(path: str) -> None:
    data = bytearray(Path(path).read_bytes())
    data[100] ^= 1
    os.unlink(path)
    Path(path).write_bytes(data)
    os.chmod(path, 0o400)


def test_path_prints_the_directory(cache_dir):
    assert (0, f"{cache_dir}\n") == modc("cache", "path")
    assert (
        0,
        {"path": str(cache_dir), "problem": None, "readonly": None, "layers": []},
    ) == modc_json("cache", "path")


@pytest.mark.parametrize("verb", VERBS)
def test_every_cache_verb_works_on_an_empty_cache_in_both_forms(verb):
    assert 0 == modc("cache", verb)[0]
    assert 0 == modc_json("cache", verb)[0]


def test_list_names_the_methods(cache_dir):
    (library,) = load_all([request(3, "Acc.add[bold]")])
    code, rows = modc_json("cache", "list")
    assert (0, ["Acc.add[bold]"], [library.key]) == (
        code,
        [row["name"] for row in rows],
        [row["key"] for row in rows],
    )
    assert "Acc.add[bold]" in modc("cache", "list")[1]


def test_stats_count(cache_dir):
    load_all([request(3), request(4)])
    code, (facts,) = modc_json("cache", "stats")
    assert (0, 2, [2]) == (code, facts["entries"], list(facts["toolchains"].values()))
    assert "kernels     2" in modc("cache", "stats")[1]


def test_verify_finds_and_sets_apart_damage(cache_dir):
    _, bad = load_all([request(3), request(4)])
    assert (0, "2 kernels, 0 damaged\n") == modc("cache", "verify")
    damage(bad.path)
    code, found = modc_json("cache", "verify")
    assert (1, [bad.path]) == (code, [item["path"] for item in found["damaged"]])
    assert "damaged: its checksum" in modc("cache", "list")[1]
    code, text = modc("cache", "verify", "--fix")
    assert (1, True) == (code, "2 kernels, 1 damaged and set apart" in text)
    assert (0, "1 kernels, 0 damaged\n") == modc("cache", "verify")


def test_prune_takes_a_size_and_refuses_others(cache_dir):
    load_all([request(3), request(4)])
    assert (0, {"removed": []}) == modc_json("cache", "prune", "--size", "1G")
    code, found = modc_json("cache", "prune", "--size", "0")
    assert (0, 2) == (code, len(found["removed"]))
    code, text = modc("cache", "prune", "--size", "much")
    assert (1, True) == (code, "'much' is not a size" in text)


def test_clear_empties(cache_dir):
    load_all([request(3)])
    assert (0, {"path": str(cache_dir), "removed": 1}) == modc_json("cache", "clear")
    assert [] == list(cache_dir.rglob("*.so"))


def test_pack_and_unpack_carry_kernels(cache_dir, tmp_path):
    load_all([request(3, "Acc.add"), request(4, "Net.step")])
    pack = str(tmp_path / "kernels.tar")
    code, done = modc_json("cache", "pack", pack, "--only", "Acc.*")
    assert (0, pack, ["Acc.add"]) == (code, done["path"], [one["name"] for one in done["kernels"]])
    assert (0, True) == tuple(
        one if isinstance(one, int) else one.startswith("2 kernels, ")
        for one in modc("cache", "pack", pack, "--from", str(cache_dir))
    )
    out = str(tmp_path / "out")
    assert (0, f"2 kernels new, 0 there already: {out}\n") == modc(
        "cache", "unpack", pack, "--out", out
    )
    code, done = modc_json("cache", "unpack", pack, "--out", out)
    assert (0, 0, 2) == (code, len(done["new"]), len(done["kept"]))


def test_packs_that_cannot_be_made_or_read_are_exit_code_1_and_a_remedy(cache_dir, tmp_path):
    code, text = modc("cache", "pack", str(tmp_path / "kernels.tar"))
    assert (1, True) == (code, text.startswith("Error: there is no kernel in") and "hint:" in text)
    code, text = modc("cache", "unpack", __file__)
    assert (1, True) == (code, "cannot be unpacked: it is no pack of modc" in text)
    assert 2 == modc("cache", "pack")[0]
    code, text = modc("cache", "pack", str(tmp_path / "kernels.tar"), "--level", "v9")
    assert (2, True) == (code, "unknown target 'v9'" in text)


def test_a_cache_that_cannot_be_used_is_exit_code_1_and_a_reason(cache_dir):
    cache_dir.write_text("a file")
    for verb in VERBS:
        code, text = modc("cache", verb)
        assert (1, True) == (code, "it is no directory" in text)


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["cache", "nonsense"], ["doctor", "--nonsense"]]
)
def test_a_wrong_command_line_is_exit_code_2(arguments):
    assert 2 == modc(*arguments)[0]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["cache"],
        ["doctor"],
        *(["cache", verb] for verb in (*VERBS, "pack", "unpack", "explain")),
    ],
)
def test_help_tells_the_exit_codes(arguments):
    code, text = modc(*arguments, "--help")
    assert (0, True) == (code, "Exit codes:" in text)


def test_doctor_reports_a_healthy_machine(cache_dir):
    code, report = modc_json("doctor")
    if not any(row["used"] for row in report["compilers"]):
        pytest.skip("there is no compiler")
    assert (0, [], True) == (code, report["problems"], report["trial"]["worked"])
    assert str(cache_dir) == report["cache"]["path"]
    assert 1 == sum(row["used"] for row in report["compilers"])
    code, text = modc("doctor")
    assert (0, True, True) == (code, "All is well." in text, "CPU level" in text)


def test_doctor_explains_a_broken_compiler(tmp_path, monkeypatch):
    script = tmp_path / "cc"
    script.write_text("#!/bin/sh\necho broken compiler >&2\nexit 3\n")
    script.chmod(0o755)
    monkeypatch.setenv("CC", str(script))
    code, report = modc_json("doctor")
    (problem,) = report["problems"]
    assert (1, True) == (code, "broken compiler" in problem["what"])
    assert "CC" in problem["remedy"]
    assert [f"CC={script}"] == [row["name"] for row in report["compilers"] if row["used"]]


def test_doctor_explains_that_there_is_no_compiler(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("modc.build.toolchain.find_zig", lambda: None)
    code, report = modc_json("doctor")
    assert (1, True) == (code, "there is no C compiler" in report["problems"][0]["what"])
    assert {"is not on PATH", "is not installed (pip install modc[zig])"} == {
        row["reason"] for row in report["compilers"]
    }


def test_doctor_explains_settings_and_directories_that_cannot_be_used(cache_dir, monkeypatch):
    cache_dir.mkdir()
    cache_dir.chmod(0o777)
    monkeypatch.setenv("MODC_TARGET", "pdp-11")
    monkeypatch.setenv("MODC_FLOATX", "float8")
    monkeypatch.setenv("MODC_CACHE_PATH", "/nowhere/at/all")
    monkeypatch.setenv("CC", "/nowhere/cc")
    code, report = modc_json("doctor")
    text = json.dumps(report["problems"])
    assert 1 == code
    for part in ("others can write", "pdp-11", "float8", "/nowhere/at/all", "/nowhere/cc"):
        assert part in text
    assert 1 == modc("doctor")[0]


@pytest.mark.parametrize("how", ["python -m modc", "modc"])
def test_the_command_is_installed(cache_dir, how):
    script = shutil.which("modc", path=os.path.dirname(sys.executable))
    if how == "modc" and script is None:
        pytest.skip("modc is on the path of modules, but not installed")
    command = [script] if how == "modc" else [sys.executable, "-m", "modc"]
    for arguments, code in (
        (["cache", "path"], 0),
        (["show", "nowhere.py:Module.method"], 2),
        (["nonsense"], 2),
    ):
        run = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
        assert run.returncode == code, run.stderr
        assert run.stdout == (f"{cache_dir}\n" if code == 0 else "")
