"""The cache as an administrator sees it: list, verify, prune, clear.

Input: a checked cache directory. Output: `Item`s, counts and reasons. Only files with the names
that modc gives are counted or removed: a cache directory may hold other things.
Neighbours: miss prunes through here after it has published; cli.cache and cli.doctor show it.
"""

from __future__ import annotations

import os
import re
import shutil
import time

from modc import config
from modc.build import entry, store
from modc.build.cache import Directory
from modc.build.entry import Damaged, Entry

_ENTRY = re.compile(r"([0-9a-f]{64})-([0-9a-f]{16})\.so")
_SHARD = re.compile(r"[0-9a-f]{2}")
_HELPERS = {
    "memo": re.compile(r"(tool|sources)-[0-9a-f]{32}\.txt"),
    "glue": re.compile(r"[0-9a-f]{32}-[0-9a-f]{16}\.o"),
    "tmp": re.compile(r"modc-.*"),
    "damaged": re.compile(r"modc-.*"),
}
DAMAGED_DAYS = 7.0
FRESH = 60.0  # seconds during which an entry is never pruned: its maker may not have loaded it


class Item:
    """One entry on disk, unverified: key and toolchain from its name, size, time of last use."""

    __slots__ = ("bytes", "path", "tool", "used")

    def __init__(self, path: str, tool: str, size: int, used: float):
        self.path = path
        self.tool = tool
        self.bytes = size
        self.used = used

    def open(self) -> Entry:
        """The verified entry. Raises Damaged, also when it has gone."""
        found = entry.read(self.path)
        if found is None:
            raise Damaged("it has gone")
        name = os.path.basename(self.path)
        if found.kind != entry.KERNEL or not name.startswith(f"{found.key}-{found.tool[:16]}"):
            raise Damaged("it holds another kernel")
        return found


def scan(directory: Directory) -> list[Item]:
    """Every entry of the directory, longest unused first. Links and oddities are left out."""
    items: list[Item] = []
    for shard in _names(directory.path, _SHARD):
        folder = os.path.join(directory.path, shard)
        for name in _names(folder, _ENTRY):
            path = os.path.join(folder, name)
            try:
                info = os.lstat(path)
            except OSError:
                continue  # removed by another process meanwhile
            match = _ENTRY.fullmatch(name)
            tool = match[2] if match else ""
            items.append(Item(path, tool, info.st_size, info.st_mtime))
    items.sort(key=lambda item: (item.used, item.path))
    return items


def _names(folder: str, pattern: re.Pattern[str]) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if pattern.fullmatch(name))
    except OSError:
        return []


def verify(directory: Directory, fix: bool = False) -> list[tuple[str, str]]:
    """Path and reason of every entry that cannot be used; `fix` sets them apart."""
    bad: list[tuple[str, str]] = []
    for item in scan(directory):
        try:
            item.open()
        except Damaged as damage:
            bad.append((item.path, str(damage)))
            if fix:
                store.set_apart(directory, item.path)
    return bad


def prune(directory: Directory, limit: int) -> list[Item]:
    """Remove entries, longest unused first, until the rest takes at most `limit` bytes.

    Files set apart go after a week. Returns the entries that were removed.
    """
    now = time.time()
    apart = os.path.join(directory.path, "damaged")
    for name in _names(apart, _HELPERS["damaged"]):
        path = os.path.join(apart, name)
        if _age(path, now) > DAMAGED_DAYS * 86400.0:
            _remove(path)
    store.sweep(os.path.join(directory.path, "tmp"))
    items = scan(directory)
    total = sum(item.bytes for item in items)
    removed: list[Item] = []
    for item in items:
        if total <= limit:
            break
        if now - item.used > FRESH or limit == 0:
            _remove(item.path)
            removed.append(item)
            total -= item.bytes
    return removed


def _age(path: str, now: float) -> float:
    """Seconds since a file was changed; 0 for one that another process has removed."""
    try:
        return now - os.lstat(path).st_mtime
    except OSError:
        return 0.0


def clear(directory: Directory) -> int:
    """Remove everything that modc has put into the directory; returns the number of entries."""
    items = scan(directory)
    for item in items:
        _remove(item.path)
    for helper, pattern in _HELPERS.items():
        folder = os.path.join(directory.path, helper)
        for name in _names(folder, pattern):
            _remove(os.path.join(folder, name))
        store.remove_folder(folder)
    shutil.rmtree(os.path.join(directory.path, "modc-zig"), ignore_errors=True)
    for shard in _names(directory.path, _SHARD):
        store.remove_folder(os.path.join(directory.path, shard))
    return len(items)


def _remove(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        store.remove(path)


_published: dict[str, int] = {}


def published(directory: Directory) -> None:
    """Keep the cache under MODC_CACHE_SIZE: looked at after the first and each 32nd publication."""
    count = _published[directory.path] = _published.get(directory.path, 0) + 1
    if count % 32 == 1:
        prune(directory, config.size("MODC_CACHE_SIZE"))
