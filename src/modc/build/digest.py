"""Digest of modc's own compiler sources: part of every key, so nobody bumps a version by hand.

Input: the Python of the layers that decide the C text, and csrc's headers. Output: 64 hex digits.
Reading a megabyte of sources takes 12 ms, so the answer is remembered in the cache under the names,
sizes and times of the files. Neighbours: pipeline puts it into Request.key.
"""

from __future__ import annotations

import os
from hashlib import sha256

from modc import config
from modc.build import cache

LAYERS = ("graph", "tensor", "rewrite", "schedule", "emit")
FILES = ("compiler.py",)

_known: dict[str, str] = {}


def source_digest() -> str:
    """Digest of modc's compiler sources, 64 hex digits; the same wherever they are installed.

    Raises OSError when modc's own files cannot be read.
    """
    files = _files()
    state = _state(files)
    digest = _known.get(state)
    if digest is None:
        own = cache.own()
        digest = cache.read_memo(own, "sources", state)
        if digest is None or len(digest) != 64:
            digest = _computed(files)
            _remember(own, state, digest)
        _known[state] = digest
    return digest


def _files() -> list[tuple[str, str, os.stat_result]]:
    """Every source: name in the digest, path, state; sorted by name."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found: list[tuple[str, str, os.stat_result]] = []
    for layer in LAYERS:
        _walk(os.path.join(package, layer), layer, ".py", found)
    for name in FILES:
        path = os.path.join(package, name)
        if os.path.isfile(path):
            found.append((name, path, os.stat(path)))
    _walk(config.csrc_dir(), "csrc", ".h", found, "modc_")
    found.sort(key=lambda item: item[0])
    return found


def _walk(
    folder: str,
    name: str,
    suffix: str,
    found: list[tuple[str, str, os.stat_result]],
    prefix: str = "",
) -> None:
    if not os.path.isdir(folder):
        return
    with os.scandir(folder) as items:
        for item in items:
            if item.name.startswith(prefix) and item.name.endswith(suffix) and item.is_file():
                found.append((f"{name}/{item.name}", item.path, item.stat()))
            elif item.is_dir(follow_symlinks=False) and item.name != "__pycache__":
                _walk(item.path, f"{name}/{item.name}", suffix, found)


def _state(files: list[tuple[str, str, os.stat_result]]) -> str:
    lines = ["modc sources 1"]
    for name, path, info in files:
        lines.append(f"{name}\0{path}\0{info.st_size}\0{info.st_mtime_ns}\0{info.st_ino}")
    return "\n".join(lines)


def _computed(files: list[tuple[str, str, os.stat_result]]) -> str:
    whole = sha256(b"modc sources 1")
    for name, path, _ in files:
        with open(path, "rb") as file:
            data = file.read()
        whole.update(f"\0{name}\0{len(data)}\0".encode())
        whole.update(data)
    return whole.hexdigest()


def _remember(own: cache.Directory, state: str, digest: str) -> None:
    from modc.build import store

    store.write_memo(own, "sources", state, digest)
