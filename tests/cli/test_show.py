from __future__ import annotations

import json
import os

import pytest
from click.testing import CliRunner

from modc.cli.main import main

NETS = """
import modc.tensor as T
from modc import Method, Module

class Net(Module):
    def __init__(self):
        self.x, self.w = T.dvector("x"), T.dscalar()
        self.scale = Method(self.x, self.w * self.x)

class Two(Module):
    def __init__(self):
        self.nets = [Net(), Net()]

def made():
    return Net().make(w=1)

def raises():
    raise RuntimeError("no model file")
"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("MODC_") or name == "CC"]:
        if name != "MODC_RUNTIME":
            monkeypatch.delenv(name)
    monkeypatch.setenv("MODC_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("CC", "/nowhere/cc")  # nothing is compiled
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nets.py").write_text(NETS)


def show(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["show", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.mark.parametrize("target", ["nets.py:Net.scale", "nets.py:Two.nets.1.scale", "nets.py:made.scale"])
def test_a_method_is_shown_at_every_stage(target):
    texts = [show(target, "--stage", stage) for stage in ("graph", "rewrite", "schedule", "c")]
    assert [0] * 4 == [code for code, _ in texts]
    assert "member  w: float64[]" in texts[0][1]
    assert "const modc_kernel modc_entry" in texts[3][1]


def test_json_has_name_and_key():
    code, text = show("nets.py:Net.scale", "--json", "--stage", "graph")
    found = json.loads(text)
    assert (0, "graph", 64) == (code, found["stage"], len(found["key"]))
    assert found["name"].endswith("scale")


@pytest.mark.parametrize(
    ("target", "code", "reason"),
    [
        ("nets.py:Net", 2, "that is no Method\n  hint: Methods there: scale"),
        ("nets.py:Net.nope", 2, "there is no 'nope'\n  hint: Methods there: scale"),
        ("nets.py:Two.nets.7.scale", 2, "Methods there: nets.0.scale, nets.1.scale"),
        ("nets.py:Nope.scale", 2, "nets.py has no 'Nope'"),
        ("nowhere.py:Net.scale", 2, "there is no file nowhere.py"),
        ("Net", 2, "'Net' is no target"),
        ("nets.py:raises.scale", 1, "nets.py:raises() raised RuntimeError: no model file"),
    ],
)
def test_what_cannot_be_shown_is_one_reason_and_an_exit_code(target, code, reason):
    got, text = show(target)
    assert (code, True) == (got, reason in text), text
