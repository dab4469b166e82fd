"""Links of the documents: those to files and headings here lead somewhere; of those to elsewhere only pages that are gone count."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "build_tools" / "check_links.py"


@pytest.fixture
def links():
    spec = importlib.util.spec_from_file_location("check_links", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_links_between_documents_lead_somewhere(links):
    assert [line for path in links.documents() for line in links.broken(path)] == []


def test_a_missing_file_and_a_missing_heading_are_named_with_their_line(links, tmp_path, monkeypatch):
    monkeypatch.setattr(links, "ROOT", tmp_path)
    (tmp_path / "there.md").write_text("# nnet.relu `x`, and more\n\n```text\n# no heading\n```\n## twice\n## twice\n")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](there.md) [b](there.md#nnetrelu-x-and-more) [c](there.md#twice-1) [out](https://example.org/x.md)\n"
        "`[code](nowhere.md)` [`name`](gone.md)\n[d](there.md#no-heading) [e](#here)\n```text\n[f](nowhere.md)\n```\n"
    )
    assert list(links.broken(page)) == [
        "page.md:2: gone.md: no such file",
        "page.md:3: there.md#no-heading: no such heading",
        "page.md:3: #here: no such heading",
    ]


def test_of_links_to_elsewhere_pages_that_are_gone_fail_and_servers_out_of_reach_are_told(links, tmp_path, monkeypatch, capsys):
    report = tmp_path / "output.json"
    found = [("working", 200, ""), ("broken", 404, "404 Client Error: Not Found for url"), ("broken", 0, "Name or service not known"), ("timeout", 0, "")]
    rows = [
        {"filename": "page.md", "lineno": at, "status": status, "code": code, "uri": f"https://example.org/{at}", "info": info}
        for at, (status, code, info) in enumerate(found)
    ]
    monkeypatch.setattr("sys.argv", ["check_links.py", "--outside", str(report)])
    report.write_text("\n".join(map(json.dumps, rows)))
    assert links.main() == 1
    gone = "docs/page.md:1: https://example.org/1: 404 Client Error: Not Found for url"
    unknown = ["docs/page.md:2: https://example.org/2: not reachable", "docs/page.md:3: https://example.org/3: not reachable"]
    assert capsys.readouterr().out.splitlines() == [gone, *unknown]
    report.write_text("\n".join(map(json.dumps, [rows[0], *rows[2:]])))
    assert links.main() == 0
