"""Sphinx: the pages of this folder as a site. `sphinx-build -W -b html docs build/site`."""

import re
from pathlib import Path

project = "modc"
author = "the modc team"
copyright = "the modc team"
release = re.search(r'__version__ = "(.*?)"', (Path(__file__).parent.parent / "src/modc/__init__.py").read_text())[1]  # type: ignore[index]

extensions = ["myst_parser"]
html_theme = "furo"
html_title = f"modc {release}"
source_suffix = {".md": "markdown"}
master_doc = "index"
exclude_patterns = ["site"]

myst_heading_anchors = 3
myst_enable_extensions = ["linkify"]
# Pages link to files of the repository beside this folder, which are no pages of the site.
suppress_warnings = ["myst.xref_missing", "myst.header"]
highlight_language = "none"
