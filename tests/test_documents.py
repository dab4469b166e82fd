"""Every example in the documents runs, and the generated parts are current."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import modc
import modc.tensor as T
from modc import Method, Module
from modc.build.trial import try_compiler

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


MODES = os.environ.get("MODC_TEST_MODES", "c numpy").split()
#: Pages of the reference hold examples of docstrings, which tests/test_docstrings.py runs as kernels too.
PAGES = [
    pytest.param(path, mode, id=f"{path.name}-{mode}")
    for path in DOCUMENTS
    for mode in (("numpy",) if "reference" in path.parts else ("c", "numpy"))
    if mode in MODES
]

OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@pytest.mark.parametrize(("path", "mode"), PAGES)
def test_examples_of_a_document_run_as_written(path, mode, monkeypatch):
    monkeypatch.setenv("MODC_MODE", mode)
    failed, tried = doctest.testfile(str(path), module_relative=False, optionflags=OPTIONS)
    assert failed == 0
    assert tried > 0 or ">>>" not in path.read_text()


def test_the_worked_method_of_the_architecture_page_runs_as_written():
    text = (ROOT / "ARCHITECTURE.md").read_text()
    source, call = (block for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    scope: dict[str, object] = {}
    exec("import modc.tensor as T\nfrom modc import Method, Module, grad\n" + source, scope)
    test = doctest.DocTestParser().get_doctest(call, scope, "ARCHITECTURE.md", "ARCHITECTURE.md", 0)
    runner = doctest.DocTestRunner()
    runner.run(test)
    assert (runner.failures, runner.tries > 0) == (0, True)


def test_generated_parts_of_documents_are_current():
    command = [sys.executable, str(ROOT / "build_tools" / "regenerate.py"), "--check"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout.strip()) == (0, "all current"), run.stderr


def test_every_function_stands_in_a_group_of_the_reference():
    assert not (ROOT / "docs" / "reference" / "more.md").exists(), "name what it has in GROUPS of build_tools/op_reference.py"


def test_every_function_of_the_reference_has_an_example():
    lacking: list[str] = []
    for path in (ROOT / "docs" / "reference").glob("*.md"):
        for part in path.read_text().split("\n## ")[1:]:
            lacking += [part.split("\n")[0]] * (">>> " not in part)
    assert lacking == [], "give their docstrings one, or build_tools/op_examples.py"


def test_the_program_that_uses_a_kernel_without_modc_runs_as_written(tmp_path, monkeypatch):
    monkeypatch.setenv("MODC_CACHE_DIR", str(tmp_path / "cache"))
    if not try_compiler().importable:
        pytest.skip("no Python headers: kernels are plain shared objects")
    module = Module(state=T.dscalar())
    inc = T.dscalar("inc")
    module.add = Method(inc, module.state + inc, {module.state: module.state + inc})
    shutil.copy(module.make(mode="c").add.path, tmp_path / "_modc_kernel.abi3.so")
    (code,) = re.findall(r"```python\n(from _modc_kernel.*?)```", (ROOT / "docs" / "compiling.md").read_text(), re.DOTALL)
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, env={}, check=False)
    assert (run.stdout, run.stderr) == ("42.0 42.0\n", "")


def sessions(text: str) -> list[tuple[str, str]]:
    """Every command of the console blocks of a document, with the output it should have."""
    found: list[tuple[str, str]] = []
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = part.splitlines()
            more = next((at for at, line in enumerate(lines[1:], 1) if not line.startswith(">")), len(lines))
            command = [lines[0], *[line.removeprefix(">").removeprefix(" ") for line in lines[1:more]]]
            found.append(("\n".join(command), "\n".join(lines[more:])))
    return found


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if "```console" in path.read_text()], ids=lambda path: path.name)
def test_console_sessions_of_a_document_run_as_written(path, tmp_path):
    """One shell runs all of them, in an empty directory, with `modc` and `python` on its path."""
    if shutil.which("bash") is None or try_compiler().problem:
        pytest.skip("needs bash and a C compiler")
    (tmp_path / "bin").mkdir()
    for name, arguments in (("modc", "-m modc "), ("python", "")):
        (tmp_path / "bin" / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments}"$@"\n')
        (tmp_path / "bin" / name).chmod(0o755)
    (tmp_path / "work").mkdir()
    commands = sessions(path.read_text())
    script = "".join(f"{command}\necho '-- end --'\n" for command, _ in commands)
    search = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MODC_")}
    run = subprocess.run(
        ["bash"], input=script, cwd=tmp_path / "work", env={**kept, "PATH": search, "PYTHONPATH": str(Path(modc.__file__).parents[1])},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    said = run.stdout.split("-- end --\n")
    check = doctest.OutputChecker().check_output
    for (command, wanted), got in zip(commands, said, strict=False):
        assert check(wanted + "\n", got or "\n", OPTIONS), f"$ {command}\n{got}\n--- in the document:\n{wanted}"
    assert len(commands) + 1 == len(said)
