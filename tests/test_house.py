"""The rules of the house: layers, sizes, and that README and CI say the same."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "src" / "modc").rglob("*.py"))


def test_imports_follow_the_layers_and_have_no_cycle():
    command = [sys.executable, str(ROOT / "build_tools" / "check_layers.py"), str(ROOT / "src" / "modc")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout.strip()) == (0, "imports follow the layers")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_short(path):
    text = path.read_text()
    if path.name == "_abi.py":  # generated
        return
    assert text.count("\n") <= 520
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno <= 60, f"{path.name}: {node.name}"


@pytest.mark.parametrize("path", sorted((ROOT / "csrc").glob("*.[ch]")), ids=lambda path: path.name)
def test_files_of_c_stay_short(path):
    assert path.read_text().count("\n") <= 520


def test_ci_runs_the_test_command_of_the_readme():
    readme = (ROOT / "README.md").read_text()
    command = next(line for line in readme.splitlines() if line.strip().endswith("-m pytest")).strip()
    ci = (ROOT / ".ci" / "run").read_text().splitlines()
    assert command.replace("pip install ", "pip install --quiet ") in ci or command in ci
