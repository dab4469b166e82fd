"""The files of a package's kernels: entries, arrays, and the manifest that lists them.

    _modc/manifest.json     see docs/wheels.md and manifest.schema.json
    _modc/values.bin        arrays that members start from
    _modc/KEY32.LEVEL.modc  entries

Input: what was gathered and compiled. Output: a directory, written whole or not at all; the same
bytes for the same sources and compilers. Neighbours: `runtime.package` reads them.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from hashlib import sha256
from typing import Any

import modc
from modc.build import source_digest
from modc.build.entry import ABI
from modc.build.shipped import MANIFEST, file_name
from modc.runtime.package import FORMAT, sum_of
from modc.wheel.compile import Kernel
from modc.wheel.gather import Gathered
from modc.wheel.platforms import System


def files_of(gathered: Gathered, kernels: list[Kernel], system: System) -> dict[str, bytes]:
    """Contents by name of everything that belongs into the directory."""
    values = bytes(gathered.describer.values.data)
    files = {file_name(one.key, one.level): one.data for one in kernels}
    listed: dict[str, Any] = {}
    for one in kernels:
        row = listed.setdefault(one.key, {"name": one.name, "files": {}})
        row["files"][one.level] = {
            "file": file_name(one.key, one.level),
            "bytes": len(one.data),
            "sha256": sha256(one.data).hexdigest(),
        }
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "abi": ABI,
        "modc": modc.__version__,
        "compiler": source_digest(),
        "system": {"objects": system.kind, "machine": system.machine},
        "levels": list(dict.fromkeys(one.level for one in kernels)),
        "kernels": listed,
        "objects": gathered.objects,
        "shared": gathered.describer.shared,
        "values": {
            "file": "values.bin",
            "bytes": len(values),
            "sha256": sha256(values).hexdigest(),
        },
    }
    manifest["sha256"] = sum_of(manifest)
    text = json.dumps(manifest, indent=1, allow_nan=False)
    return {MANIFEST: text.encode("ascii") + b"\n", "values.bin": values, **files}


def write(folder: str, files: dict[str, bytes]) -> list[str]:
    """Put the files into a directory that replaces an older one. Returns their paths. Raises OSError."""
    above = os.path.dirname(folder)
    os.makedirs(above, exist_ok=True)
    fresh = tempfile.mkdtemp(prefix=".modc-", dir=above)
    try:
        for name, data in files.items():
            path = os.path.join(fresh, name)
            with open(path, "xb") as file:
                file.write(data)
            os.chmod(path, 0o644)
        os.chmod(fresh, 0o755)
        remove(folder)
        os.replace(fresh, folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return [os.path.join(folder, name) for name in sorted(files)]


def remove(folder: str) -> None:
    """Remove a directory that an earlier build wrote."""
    if os.path.isdir(folder) and not os.path.islink(folder):
        old = tempfile.mkdtemp(prefix=".modc-", dir=os.path.dirname(folder))
        os.replace(folder, os.path.join(old, "old"))
        shutil.rmtree(old, ignore_errors=True)
