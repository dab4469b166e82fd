"""Two pages that run exported models, each in one file that works without a network or a server.

    pip install "modc[examples,zig]"
    python examples/embed_web/build.py --out build/web

index.html   digits drawn by hand, read by a network that learns on in the page
tracking.html   a Kalman filter follows the mouse from noisy measurements

A page imports its model (`import { Reader } from "./reader.js"`), as any page could that is served together with it.
Here the script takes the place of that line, since browsers load no modules from files.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from pathlib import Path

import modc

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "embed_c"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
import models
import reader

HERE = Path(__file__).resolve().parent

#: Page -> the file it becomes, the name of its model, and the model.
PAGES = {
    "digits.html": ("index.html", "reader", reader.trained),
    "tracking.html": ("tracking.html", "kalman", models.Kalman),
}

_IMPORT = re.compile(r'^import \{ \w+ \} from "\./(\w+)\.js";$', re.MULTILINE)


def build(out: str | os.PathLike[str]) -> Path:
    """Write the pages, and beside them each model as .wasm, .js and .d.ts."""
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    for source, (target, name, make) in PAGES.items():
        with tempfile.TemporaryDirectory() as place:
            modc.export(make(), Path(place) / name, name=name, wrappers=["wasm"])
            made = Path(place) / name / "wasm"
            for ending in ("wasm", "js", "d.ts"):
                (folder / f"{name}.{ending}").write_bytes((made / f"{name}.{ending}").read_bytes())
            page = inlined((HERE / source).read_text(encoding="utf-8"), (made / f"{name}.js").read_text(encoding="utf-8"))
            (folder / target).write_text(page, encoding="utf-8")
    return folder


def inlined(page: str, script: str) -> str:
    """The page with the script in place of its import."""
    safe = script.replace("</script", "<\\/script").replace("<!--", "<\\!--")
    found, count = _IMPORT.subn(lambda match: safe, page)
    assert count == 1, "a page imports one model"
    return found


def main() -> None:
    """Build, and say what there is."""
    parser = argparse.ArgumentParser(description="Two pages that run exported models.")
    parser.add_argument("--out", default="build/web", help="directory to write to (default: build/web)")
    folder = build(parser.parse_args().out)
    for path in sorted(folder.iterdir()):
        print(f"{path.stat().st_size:8} bytes  {path}")


if __name__ == "__main__":
    main()
