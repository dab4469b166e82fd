from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from modc.cli.main import main

NETS = """
import modc.tensor as T
from modc import Method, Module

print("noise of a module")

class Net(Module):
    def __init__(self):
        self.x, self.w = T.dvector("x"), T.dscalar()
        self.scale = Method(self.x, self.w * self.x)
        self.learn = Method(self.x, updates={self.w: self.w + self.x.sum()})

def raises():
    raise RuntimeError("no model file")
"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("MODC_") or name == "CC"]:
        if name != "MODC_RUNTIME":
            monkeypatch.delenv(name)
    monkeypatch.setenv("MODC_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nets.py").write_text(NETS)
    return tmp_path


def modc(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["warm", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def process(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "modc", "warm", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **env})


def test_a_line_for_each_kernel_and_a_summary():
    run = process("nets.py:Net")
    assert (0, "") == (run.returncode, run.stderr)
    noise, *lines, summary = run.stdout.splitlines()
    assert "noise of a module" == noise
    assert all(re.fullmatch(r"[12]/2 made   Net\.(scale|learn)  \S+  \d+\.\d\d s", line) for line in lines)
    assert summary.startswith("2 made in ")
    assert process("nets.py:Net").stdout.splitlines()[-1].startswith("2 found in ")


def test_json_is_all_that_is_printed():
    code, out, _ = modc("nets.py:Net", "--json")
    report = json.loads(out)
    assert (0, 0, 2, []) == (code, report["exit_code"], report["counts"]["made"], report["problems"])
    assert {"Net.scale", "Net.learn"} == {kernel["name"] for kernel in report["kernels"]}
    assert all(os.path.exists(kernel["path"]) for kernel in report["kernels"])
    code, out, _ = modc("nets.py:raises", "--json", "--check")
    assert (1, 1) == (code, json.loads(out)["problems"][0]["exit_code"])


def test_check_lists_what_is_missing_and_exits_1():
    code, out, err = modc("nets.py:Net", "--check")
    assert (1, 2) == (code, out.count("missing Net."))
    assert "Error: 2 kernels are missing\n  hint: the same command without --check makes them: nets.py:Net\n" == err
    assert 0 == modc("nets.py:Net")[0]
    code, out, err = modc("nets.py:Net", "--check")
    assert (0, 2, "") == (code, out.count("found   Net."), err)


def test_dry_run_lists_what_would_be_made_and_exits_0(home):
    code, out, err = modc("nets.py:Net", "--dry-run", "--target", "native", "--out", "out")
    assert (0, 2, "") == (code, out.count("missing Net."), err)
    assert not (home / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "reason", "remedy"),
    [
        ((), 2, "name a TARGET", ""),
        (("Nowhere",), 2, "'Nowhere' is no target", "hint: write package.module:factory"),
        (("nets.py:Nope",), 2, "nets.py has no 'Nope'", "hint: Modules there: Net"),
        (("nowhere.py:Net",), 2, "there is no file nowhere.py", ""),
        (("nets.py:raises",), 1, "nets.py:raises() raised RuntimeError: no model file", "hint: "),
        (("nets.py:Net", "--target", "vax"), 2, "unknown target 'vax'", "hint: choose one of native"),
        (("nets.py:Net", "--mode", "fast"), 2, "'fast' is not one of", ""),
        (("nets.py:Net", "--jobs", "0"), 2, "Invalid value for '--jobs'", ""),
        (("nets.py:Net", "--out", "nets.py"), 1, "it is no directory", "hint: name another one"),
        (("nets.py:Net", "--out", "nets.py/out"), 1, "Not a directory", "hint: name another one"),
        (("--from-trace", "nowhere"), 2, "nowhere cannot be read: No such file", ""),
        (("--from-trace", "nets.py"), 1, "nets.py, line 1: this is no recording of modc", "hint: run the program"),
        (("--all",), 1, "no installed package has an entry point of the group modc.modules", ""),
    ],
)
def test_bad_input_is_one_reason_a_remedy_an_exit_code_and_leaves_nothing(arguments, code, reason, remedy, home):
    before = sorted(home.iterdir())
    got, _, err = modc(*arguments)
    assert (code, True, True) == (got, reason in err, remedy in err), err
    assert before == [path for path in sorted(home.iterdir()) if path.name != "cache"]
    assert [] == list(home.glob("cache/??/*.so"))


def test_a_missing_compiler_is_exit_code_4(monkeypatch):
    monkeypatch.setenv("CC", "/nowhere/cc")
    code, _, err = modc("nets.py:Net")
    assert (4, True, True) == (code, "CC='/nowhere/cc'" in err, "hint: correct CC" in err)
    monkeypatch.setattr("modc.build.toolchain.find_zig", lambda: None)
    code, _, err = modc("nets.py:Net", "--target", "aarch64-macos")
    assert (4, True) == (code, "hint: `pip install modc[zig]`" in err)


def test_a_terminal_gets_a_progress_bar(home):
    main_end, terminal = pty.openpty()
    command = [sys.executable, "-m", "modc", "warm", "nets.py:Net"]
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"}
    with subprocess.Popen(command, stdout=terminal, stderr=subprocess.PIPE, env=env) as running:
        os.close(terminal)
        said = b""
        while True:
            try:
                part = os.read(main_end, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            said += part
        assert (0, b"") == (running.wait(), running.stderr.read())
    os.close(main_end)
    assert b"2/2" in said
    assert b"\x1b[" in said
    assert b"2 made in " in said.rstrip().splitlines()[-1]


def test_help_tells_targets_and_exit_codes():
    code, out, _ = modc("--help")
    assert 0 == code
    for part in ("Exit codes:", "  4  ", "package.module:factory", "--from-trace", "--dry-run"):
        assert part in out
