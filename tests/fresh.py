"""A virtual environment that has a few packages of this one, and nothing else; no package index is needed."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from importlib.metadata import distribution
from pathlib import Path


def fresh_venv(folder: Path, *packages: str) -> Path:
    """Make it, with links to these distributions; returns its python."""
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = folder.glob("lib/python3*/site-packages")
    for package in packages:
        found = distribution(package)
        tops = {path.parts[0] for path in found.files or () if path.parts[0] not in ("..", "__pycache__")}
        for top in sorted(tops):
            (site / top).symlink_to(found.locate_file(top))
    return folder / "bin" / "python"


def pip(python: Path, *arguments: str | Path, **env: str) -> None:
    """This environment's pip, working on another one without an index."""
    command = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check", *map(str, arguments)]
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**clean, **env})
    assert done.returncode == 0, done.stdout + done.stderr
