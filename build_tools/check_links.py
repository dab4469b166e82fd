"""Whether the links of the documents lead somewhere.

    python build_tools/check_links.py [--outside build/links/output.json]

Without an option: the links of README.md, ARCHITECTURE.md, CHANGELOG.md and docs/ to files of this repository, and to
headings in them. With --outside: what `sphinx-build -b linkcheck` found out about links to elsewhere: pages that are
gone (HTTP 404, 410) are broken; servers that could not be reached or do not answer machines are only told.

Exit code 1, and a line for each, where links are broken.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
GONE = (404, 410)
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```+).*?^\1", re.DOTALL | re.MULTILINE)


def documents() -> list[Path]:
    """Every page that people read, in the order of their paths."""
    top = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md")]
    return [*top, *sorted((ROOT / "docs").rglob("*.md"))]


def prose(text: str) -> str:
    """The text with code made blank, line by line."""
    plain = FENCE.sub(lambda found: "\n" * found[0].count("\n"), text)
    return re.sub(r"`[^`\n]+`(?!\])", "", plain)


@cache
def anchors(path: Path) -> frozenset[str]:
    """What a link to a place in a document may name: its headings, as GitHub and Sphinx spell them."""
    text = FENCE.sub("", path.read_text())
    headings = [re.sub(r"[^\w\- ]", "", found.lower()).replace(" ", "-") for found in re.findall(r"^#+ +(.+?) *$", text, re.MULTILINE)]
    count: dict[str, int] = {}
    found: set[str] = set(re.findall(r'<a (?:id|name)="([^"]+)"', text))
    for heading in headings:
        found.add(f"{heading}-{count[heading]}" if heading in count else heading)
        count[heading] = count.get(heading, 0) + 1
    return frozenset(found)


def broken(path: Path) -> Iterator[str]:
    """A line for each link of a document to a file or heading that is not there."""
    for number, line in enumerate(prose(path.read_text()).split("\n"), 1):
        for link in LINK.findall(line):
            if re.match(r"[a-z]+:", link):
                continue
            name, _, anchor = link.partition("#")
            target = (path.parent / name).resolve() if name else path
            if not target.exists():
                yield f"{path.relative_to(ROOT)}:{number}: {link}: no such file"
            elif anchor and target.suffix == ".md" and anchor not in anchors(target):
                yield f"{path.relative_to(ROOT)}:{number}: {link}: no such heading"


def outside(report: Path) -> tuple[list[str], list[str]]:
    """Links to elsewhere that are broken, and those that could not be looked at, by Sphinx's report."""
    gone: list[str] = []
    unknown: list[str] = []
    for line in report.read_text().splitlines():
        link = json.loads(line)
        where = f"docs/{link['filename']}:{link['lineno']}: {link['uri']}"
        if link["status"] in ("broken", "timeout"):
            if link["code"] in GONE or any(str(code) in link["info"].split() for code in GONE):
                gone.append(f"{where}: {link['info']}")
            else:
                unknown.append(f"{where}: not reachable")
    return gone, unknown


def main() -> int:
    if sys.argv[1:2] == ["--outside"]:
        found, unknown = outside(Path(sys.argv[2]))
    else:
        found, unknown = [line for path in documents() for line in broken(path)], []
    print("\n".join([*found, *unknown]) or "all links lead somewhere")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
