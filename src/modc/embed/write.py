"""Files onto the disk, all of them or none.

Input: a directory and its files. Output: the directory. Neighbours: `export`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from modc.errors import ExportError


def write(directory: str | os.PathLike[str], files: Mapping[str, bytes]) -> Path:
    """Make `directory` with these files (relative paths). Returns its path.

    Everything is written beside it and moved into place at the end. Raises ExportError when the
    directory is there and not empty, is a link or a file, or cannot be written.
    """
    target = Path(os.path.abspath(directory))
    _check(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise ExportError(f"{directory} cannot be made: {error.strerror or error}", "choose another --out") from error
    try:
        for name, data in files.items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        os.chmod(place, 0o777 & ~_umask())
        if target.is_dir():
            target.rmdir()  # empty: checked above, and refused by the system if that has changed
        place.rename(target)
    except OSError as error:
        raise ExportError(f"{directory} cannot be written: {error.strerror or error}", "choose another --out") from error
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return target


def _check(target: Path) -> None:
    if target.is_symlink():
        raise ExportError(f"{target.name} is a link", "give --out a directory that does not exist yet")
    if target.exists() and not target.is_dir():
        raise ExportError(f"{target.name} is a file", "give --out a directory that does not exist yet")
    if target.is_dir() and any(target.iterdir()):
        raise ExportError(f"the directory {target.name} is not empty", "remove it, or give --out another one")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
