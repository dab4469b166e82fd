"""Sphinx: the pages of this folder as a site. `sphinx-build -W -b html docs build/site`."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
project = "modc"
author = "the modc team"
copyright = "the modc team"
release = re.search(r'__version__ = "(.*?)"', (ROOT / "src/modc/__init__.py").read_text())[1]  # type: ignore[index]

extensions = ["myst_parser"]
html_theme = "furo"
html_title = f"modc {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
source_suffix = {".md": "markdown"}
master_doc = "index"

myst_heading_anchors = 3
suppress_warnings = ["myst.header"]
highlight_language = "none"
smartquotes = False    # quoted words are strings of Python

# build_tools/check_links.py tells pages that are gone from servers that cannot be reached.
linkcheck_timeout = 10
linkcheck_retries = 1
linkcheck_anchors = False

#: Pages that show a document of the repository's top, which links to this folder's pages.
TOP = {"readme": "README.md", "architecture": "ARCHITECTURE.md", "changelog": "CHANGELOG.md"}


def _shown(_app, docname, source):  # type: ignore[no-untyped-def]
    """The text of a page: links to documents of the top lead to the pages that show them, sessions end without a blank line."""
    if docname in TOP:
        source[0] = (ROOT / TOP[docname]).read_text().replace("](docs/", "](")
    up = "../" * docname.count("/")
    source[0] = re.sub(r"\]\((?:\.\./)*(README|ARCHITECTURE|CHANGELOG)\.md", lambda found: f"]({up}{found[1].lower()}.md", source[0])
    source[0] = re.sub(r"^(```python\n.*?)\n+```$", r"\1\n```", source[0], flags=re.DOTALL | re.MULTILINE)


def setup(app):  # type: ignore[no-untyped-def]
    """What Sphinx calls."""
    app.connect("source-read", _shown)
