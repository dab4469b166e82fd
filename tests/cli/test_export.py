from __future__ import annotations

import json
import subprocess

import pytest
from click.testing import CliRunner
from tools import need

from modc.cli.main import main

FILE = """
import modc.tensor as T
from modc import Method, Module, function

class Counter(Module):
    def __init__(self):
        super().__init__()
        self.count = T.lscalar(init=3)
        self.by = T.lscalar("by")
        self.add = Method(self.by, self.count + self.by, {self.count: self.count + self.by})

class Line(Module):
    def __init__(self):
        super().__init__()
        x = T.dvector("x")
        self.slope = T.dscalar(init=2.0)
        self.at = Method(x, self.slope * x)

class Pair(Module):
    def __init__(self):
        super().__init__()
        self.one = Counter()
        self.two = Line()

class Clash(Module):
    def __init__(self):
        super().__init__()
        x = T.dscalar("x")
        self.reset = Method(x, x)

x = T.dscalar("x")
double = function([x], 2 * x)

class Asking(Module):
    def __init__(self):
        super().__init__()
        self.count = T.lscalar()
        self.read = Method([], self.count)

    def _instance_initialize(self, inst, start):
        inst.count = start

def broken():
    raise RuntimeError("no weights")

def several():
    return [Counter(), Line()]
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "app.py").write_text(FILE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def export(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["export", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_a_module_becomes_a_c_project_whose_self_test_passes(folder):
    (make,) = need("make")
    code, text = export("app.py:Counter", "--out", "out")
    assert (code, "counter_add" in text) == (0, True)
    names = sorted(path.name for path in (folder / "out").iterdir())
    assert names == ["CMakeLists.txt", "Makefile", "README.md", "counter.c", "counter.h", "counter.pc.in", "counter_selftest.c"]
    subprocess.run([make, "-s", "-C", "out", "test"], check=True, capture_output=True)


def test_the_json_form_names_files_functions_and_sizes(folder):
    code, text = export("app.py:Line", "--out", "out", "--max", "x=8", "--name", "line", "--json")
    found = json.loads(text)
    assert (code, found["functions"], found["members"]) == (0, {"at": "line_at"}, {"slope": "float64"})
    assert found["state_bytes"] == 8


def test_parts_and_functions_are_exported_too(folder):
    assert export("app.py:Pair.two", "--out", "part", "--size", "x=4")[0] == 0
    assert export("app.py:double", "--out", "function", "--name", "twice")[0] == 0
    assert "int twice_call(" in (folder / "function" / "twice.h").read_text()


@pytest.mark.parametrize(
    "arguments, code, reason, remedy",
    [
        (["app.py:Nothing"], 2, "has no 'Nothing'", "Asking, Clash, Counter, Line, Pair"),
        (["nowhere.py:Counter"], 2, "there is no file nowhere.py", ""),
        (["app.py"], 2, "is no target", "hint"),
        (["app.py:broken"], 1, "raised RuntimeError: no weights", "hint"),
        (["app.py:Asking"], 1, "Asking.make() raised TypeError", "a function that returns one"),
        (["app.py:several"], 1, "export takes a Module", "hint"),
        (["app.py:Line"], 1, "no size is known for x.0", "--max x.0="),
        (["app.py:Clash"], 1, "clash_reset", "--rename reset="),
        (["app.py:Counter", "--name", "int"], 1, "'int' cannot be the name", "--name"),
        (["app.py:Counter", "--name", "a b"], 1, "'a b' cannot be the name", "--name"),
        (["app.py:Counter", "--size", "y=3"], 1, "--size y", "dimension"),
        (["app.py:Counter", "--size", "y"], 2, "NAME=VALUE", ""),
        (["app.py:Counter", "--max", "by=a"], 2, "is no size", ""),
        (["app.py:Counter", "--freeze", "count"], 1, "a Method writes it", "only read"),
        (["app.py:Counter", "--only", "sub"], 1, "there is no such Method", "add"),
        (["app.py:Counter", "--rename", "sub=b"], 1, "nothing has this name", ""),
        (["app.py:Counter", "--real", "float16"], 2, "float16", ""),
    ],
)  # fmt: skip
def test_a_refusal_is_a_reason_a_remedy_and_an_exit_code_and_writes_nothing(folder, arguments, code, reason, remedy):
    got, text = export(*arguments, "--out", "out")
    assert (got, reason in text, remedy in text) == (code, True, True), text
    assert sorted(path.name for path in folder.iterdir()) == ["app.py"]


def test_a_directory_that_is_not_empty_is_left_as_it_is(folder):
    (folder / "out").mkdir()
    (folder / "out" / "notes.txt").write_text("mine")
    code, text = export("app.py:Counter", "--out", "out")
    assert (code, "not empty" in text) == (1, True)
    assert [path.name for path in (folder / "out").iterdir()] == ["notes.txt"]


def test_the_same_module_gives_the_same_bytes(folder):
    export("app.py:Counter", "--out", "first")
    export("app.py:Counter", "--out", "second")
    for path in (folder / "first").iterdir():
        assert path.read_bytes() == (folder / "second" / path.name).read_bytes(), path.name


def test_a_clash_is_solved_by_renaming(folder):
    assert export("app.py:Clash", "--out", "out", "--rename", "reset=restart")[0] == 0
    assert "int clash_restart(" in (folder / "out" / "clash.h").read_text()
