"""Rewrites the generated parts of the documents: the worked Method of ARCHITECTURE.md, docs/settings.md, the messages of
docs/errors.md, and the pages of docs/reference.

    python build_tools/regenerate.py [--check]

With --check nothing is written; it exits 1 and names the documents that are not current.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from error_messages import checked, messages
from error_messages import program as mistaken
from reference_pages import pages

import modc.tensor as T
from modc import Method, Module, config, grad
from modc.compiler import STAGES, compile_program
from modc.emit import texts

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "docs" / "reference"

SOURCE = '''\
class Logistic(Module):
    def __init__(self):
        x, y = T.dmatrix("x"), T.dvector("y")
        self.w, self.b, self.rate = T.dvector(), T.dscalar(), T.dscalar()
        z = T.dot(x, self.w) + self.b
        cost = (T.nnet.softplus(z) - y * z).mean()
        step_w, step_b = grad(cost, [self.w, self.b])
        self.step = Method([x, y], cost, {self.w: self.w - self.rate * step_w, self.b: self.b - self.rate * step_b})
'''

_TITLES = {
    "graph": "The graph, as the user wrote it (gradient included)",
    "rewrite": "After rewriting",
    "schedule": "The schedule: loops and where values live",
    "c": "The kernel (without the functions it takes from `csrc/`)",
}

CALL = '''\
>>> step = Logistic().make(w=[0, 0], b=0, rate=0.1)
>>> step.step([[1, 2], [3, 4]], [0, 1])
array(0.69314718)
>>> step.w
array([0.05, 0.05])
'''


def worked() -> str:
    """The worked Method at every stage, as Markdown."""
    scope: dict[str, object] = {"T": T, "Method": Method, "Module": Module, "grad": grad}
    exec(SOURCE, scope)
    module = scope["Logistic"]()  # type: ignore[operator]
    stages = compile_program(module.make_no_init(mode="numpy").step.program)
    parts = [_block("python", SOURCE)]
    for stage in STAGES:
        text = "\n\n".join(texts(stages.kernel)) if stage == "c" else stages.text(stage)
        parts += [f"**{_TITLES[stage]}**", _block("c" if stage == "c" else "", text)]
    parts += ["**The call**", _block("python", CALL)]
    return "\n\n".join(parts)


def _block(language: str, text: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```"


def settings() -> str:
    """The table of settings, as Markdown."""
    rows = [f"| `{row.name}` | {f'`{row.default}`' if row.default else ''} | {row.meaning} |" for row in config.TABLE.values()]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows])


DOCUMENTS: dict[str, tuple[str, Callable[[], str]]] = {
    "worked": ("ARCHITECTURE.md", worked),
    "settings": ("docs/settings.md", settings),
    "mistaken": ("docs/errors.md", mistaken),
    "messages": ("docs/errors.md", messages),
    "checked": ("docs/errors.md", checked),
}


def renewed(document: str, name: str, text: str) -> str:
    """The document with the block between its two markers replaced."""
    begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
    before, rest = document.split(begin)
    return before + begin + text + "\n" + end + rest.split(end)[1]


def _now(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def _write(path: Path, text: str | None) -> None:
    """Text to a file; None: the page is one of a group that is no more."""
    path.parent.mkdir(exist_ok=True)
    if text is None:
        path.unlink()
    else:
        path.write_text(text)


def main() -> int:
    check = "--check" in sys.argv[1:]
    for name in [name for name in os.environ if name.startswith("MODC_") and name != "MODC_CACHE_DIR"]:
        del os.environ[name]  # messages differ by mode
    texts_of: dict[str, str | None] = {str(path.relative_to(ROOT)): None for path in sorted(REFERENCE.glob("*.md"))}
    for name, (document, make) in DOCUMENTS.items():
        texts_of[document] = renewed(texts_of.get(document) or (ROOT / document).read_text(), name, make())
    texts_of |= {str((REFERENCE / name).relative_to(ROOT)): text for name, text in pages().items()}
    stale = [document for document, text in texts_of.items() if text != _now(ROOT / document)]
    for document in [] if check else stale:
        _write(ROOT / document, texts_of[document])
    print("\n".join(f"{'not current' if check else 'written'}: {document}" for document in stale) or "all current")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
