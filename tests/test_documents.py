"""Every example in the documents runs, and the generated parts are current."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@pytest.mark.parametrize("mode", ["c", "numpy"])
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
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


def test_links_between_documents_lead_somewhere():
    for path in [*DOCUMENTS, ROOT / "ARCHITECTURE.md"]:
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
