"""Kernels that came with a package: found beside the user's files, loaded without a compiler.

    PACKAGE/_modc/manifest.json            what the package has; see docs/wheels.md
    PACKAGE/_modc/KEY32.LEVEL.modc         entries (build/entry.py), one per kernel and CPU level

Their names hold the fingerprint of the graph without that of modc's compiler, so a later modc with
the same ABI still finds them. They are trusted as the package's own Python files are: owner, mode
and links do not matter, but every byte is verified.

Input: names of source files, fingerprints. Output: Libraries. Neighbours: pipeline asks before it
looks into the cache; `runtime.packaged` loads what a manifest lists; `modc.wheel` writes.
"""

from __future__ import annotations

import os
import warnings
from hashlib import sha256

from modc import config
from modc.build import dl, target
from modc.build.entry import KERNEL, LIMIT, Damaged, Entry, unpack
from modc.build.library import Library, Request, Source
from modc.build.load import entry_name
from modc.errors import ModcWarning, user_frame

FOLDER = "_modc"
MANIFEST = "manifest.json"

_beside: dict[str, Shipped | None] = {}  # directory of source files -> what lies there or above
_known: dict[str, Shipped] = {}
_loaded: dict[str, Library] = {}  # by path
_damaged: set[str] = set()


class Shipped:
    """The kernels of one package: the directory, and the names of the files in it."""

    __slots__ = ("names", "path")

    def __init__(self, path: str):
        self.path = path
        self.names = frozenset(os.listdir(path))


def file_name(key: str, level: str) -> str:
    """Name of the file with the kernel of a fingerprint for a CPU level."""
    return f"{key[:32]}.{level}.modc"


def beside(filename: str) -> Shipped | None:
    """The kernels of the package that a source file belongs to, or of the packages around it.

    One look per directory and process; a file outside of packages costs one look in all.
    """
    folder = os.path.dirname(filename)
    if folder in _beside:
        return _beside[folder]
    found = None
    if os.path.isabs(folder):  # others are no files: "<stdin>"
        try:
            found = _search(folder)
        except OSError:
            found = None  # it has gone, or is not ours to see: as if nothing were there
    _beside[folder] = found
    return found


def _search(folder: str) -> Shipped | None:
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        path = os.path.join(folder, FOLDER)
        if path in _known:
            return _known[path]
        if os.path.isfile(os.path.join(path, MANIFEST)):
            return _known.setdefault(path, Shipped(path))
        folder = os.path.dirname(folder)
    return None


def find(files: tuple[str, ...], name: str, key: str) -> Library | None:
    """The kernel of a fingerprint, from the packages that the files belong to.

    One that cannot be used is passed over with one warning. Raises ModeError for a MODC_TARGET that
    this CPU cannot run.
    """
    packages = dict.fromkeys(one for one in map(beside, files) if one is not None)
    if not packages:
        return None
    levels = target.levels_below(target.target_level())
    for package in packages:
        for level in levels:
            path = os.path.join(package.path, file_name(key, level))
            if file_name(key, level) not in package.names or path in _damaged:
                continue
            try:
                library = load(path, name, key, level)
            except Damaged as damage:
                _damaged.add(path)
                _warn(f"the kernel {path} of a package is not used: {damage}")
                continue
            config.trace(1, f"{name} from its package: {path}")
            return library if library.name == name else library.again(Request(name, key, _nothing))
    return None


def _warn(text: str) -> None:
    filename, line = user_frame() or ("modc", 1)
    warnings.warn_explicit(f"modc: {text}", ModcWarning, filename, line)


def load(path: str, name: str, key: str, level: str, total: str = "") -> Library:
    """A kernel of a package, loaded once per process.

    total   the sha256 that the whole file must have, where one is known

    Raises Damaged when the file is not what it should be, or when it cannot be loaded here.
    """
    known = _loaded.get(path)
    if known is not None and known.key == key:
        return known
    entry = verified(path, key, level, total)
    request = Request(name, key, _nothing)
    address = dl.load(entry, name)
    library = Library(request, address, entry.note, entry.tool, path, True)
    return _loaded.setdefault(path, library)


def _nothing() -> Source:
    raise AssertionError("modc bug: a kernel of a package is compiled")


def verified(path: str, key: str, level: str, total: str = "") -> Entry:
    """The entry in a file of a package, checked but not loaded. Raises Damaged."""
    try:
        with open(path, "rb") as file:
            data = file.read(LIMIT + 1)
    except OSError as error:
        raise Damaged(f"it cannot be read: {error.strerror}") from None
    if len(data) > LIMIT:
        raise Damaged("it is too large")
    if total and sha256(data).hexdigest() != total:
        raise Damaged("its contents are not what the manifest says")
    entry = unpack(data)
    if entry.kind != KERNEL or entry.key != entry_name(key, level):
        raise Damaged("it holds another kernel")
    return entry
