"""The cache on disk, as a running program sees it: which directories, and what lies in them.

    CACHE/ab/abcd...-TOOL16.so     entries (build/entry.py), 0400 in directories of mode 0700
    CACHE/memo/                    small remembered texts: compiler identities, source digests
    CACHE/glue/                    the cffi glue, one object per toolchain
    CACHE/tmp/, CACHE/damaged/     files being written; files set apart

Input: MODC_CACHE_PATH (read-only layers, looked into first), MODC_CACHE_DIR. Output: verified
entries, and notices for what had to be passed over. This half is on the warm path and only reads;
`store` writes. Neighbours: load, store, toolchain.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from hashlib import sha256

from modc import config
from modc.build import entry
from modc.build.entry import Damaged, Entry

_MISSING = "it does not exist"
TOOL_DIGITS = 16  # digits of the toolchain digest that stand in a file name


class Directory:
    """A cache directory after its check: `problem` says why it cannot be used at all.

    What is written to a `shared` one may be read by everybody (0444 in directories of mode 0755), so
    that a layer which root has made serves other users; else it is private (0400 and 0700).
    """

    __slots__ = ("exists", "path", "problem", "readonly", "shared")

    def __init__(self, path: str, shared: bool = False):
        self.path = path
        self.shared = shared
        self.exists = False
        self.problem: str | None = None
        self.readonly: str | None = None  # why nothing can be written, though it may be read

    def file(self, name: str, tool: str) -> str:
        """Where the entry of this name and toolchain lies, or would lie."""
        return os.path.join(self.path, name[:2], f"{name}-{tool[:TOOL_DIGITS]}.so")


class Lookup:
    """What one call of load_all has found out about the cache: notices, and files to set apart."""

    __slots__ = ("damaged", "notices")

    def __init__(self) -> None:
        self.notices: list[str] = []
        self.damaged: list[tuple[Directory, str]] = []


_checked: dict[str, Directory] = {}  # by the text of a setting: a relative name keeps its meaning


def default_path() -> str:
    """The user's cache directory for modc: what platformdirs says, without its import on Linux."""
    if sys.platform.startswith("linux"):
        base = os.environ.get("XDG_CACHE_HOME", "")
        if not os.path.isabs(base):
            base = os.path.expanduser("~/.cache")
        return os.path.join(base, "modc")
    import platformdirs

    return platformdirs.user_cache_dir("modc", appauthor=False)


def own() -> Directory:
    """The directory that this process may write to (MODC_CACHE_DIR), checked once per process."""
    return _directory(config.get("MODC_CACHE_DIR") or default_path(), create=True)


def layers() -> list[Directory]:
    """The read-only directories of MODC_CACHE_PATH, in order, checked once per process."""
    paths = config.get("MODC_CACHE_PATH").split(os.pathsep)
    return [_directory(path, create=False) for path in paths if path]


def _directory(text: str, create: bool) -> Directory:
    found = _checked.get(text)
    if found is None or (create and found.problem == _MISSING):
        path = os.path.abspath(os.path.expanduser(text)) if found is None else found.path
        found = _checked[text] = check(path, create)
    return found


def check(path: str, create: bool = False, shared: bool = False) -> Directory:
    """Look at a cache directory, making it when `create` is set and it is missing.

    It is made with mode 0700, or 0755 for one that is to be `shared`.
    """
    found = Directory(path, shared)
    try:
        try:
            info = os.lstat(path)
        except FileNotFoundError:
            if not create:
                found.problem = _MISSING
                return found
            make_folder(path, shared)
            info = os.lstat(path)
    except OSError as error:
        found.problem = f"it cannot be made or opened: {error.strerror}"
        return found
    found.exists = True
    found.problem = _distrust(info)
    if found.problem is None and not _writable(path, info):
        found.readonly = "it is read-only"
    return found


def make_folder(path: str, shared: bool = False) -> None:
    """Make a directory and its missing parents, of mode 0700, or 0755 when `shared`.

    No umask opens the one or closes the other. Raises OSError, also where something that is no
    directory is in the way.
    """
    parent = os.path.dirname(path)
    if parent != path and not os.path.isdir(parent):
        make_folder(parent, shared)
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        if not os.path.isdir(path):
            raise
        return
    if shared:
        os.chmod(path, 0o755)


def _distrust(info: os.stat_result) -> str | None:
    if stat.S_ISLNK(info.st_mode):
        return "it is a symbolic link"
    if not stat.S_ISDIR(info.st_mode):
        return "it is no directory"
    return entry.foreign(info)


def _writable(path: str, info: os.stat_result) -> bool:
    if hasattr(os, "geteuid") and info.st_uid != os.geteuid():
        return False
    return os.access(path, os.W_OK | os.X_OK)


def exact(directory: Directory, name: str, tool: str, lookup: Lookup) -> Entry | None:
    """The entry made by this toolchain, verified; None when there is none that can be used."""
    return _verified(directory, directory.file(name, tool), name, lookup)


def any_tool(directory: Directory, names: list[str], tool: str, lookup: Lookup) -> Entry | None:
    """An entry of one of the names, best first, whatever made it (`tool` is preferred)."""
    for name in names:
        folder = os.path.join(directory.path, name[:2])
        try:
            files = sorted(file for file in os.listdir(folder) if file.startswith(name + "-"))
        except OSError:
            continue
        preferred = os.path.basename(directory.file(name, tool)) if tool else ""
        files.sort(key=lambda file: file != preferred)
        for file in files:
            if file.endswith(".so"):
                found = _verified(directory, os.path.join(folder, file), name, lookup)
                if found is not None:
                    return found
    return None


def _verified(directory: Directory, path: str, name: str, lookup: Lookup) -> Entry | None:
    try:
        if os.path.islink(os.path.dirname(path)):
            raise Damaged("its directory is a link")
        found = entry.read(path)
        if found is None:
            return None
        if found.key != name or found.kind != entry.KERNEL:
            raise Damaged("it holds another kernel")
    except Damaged as damage:
        lookup.notices.append(f"the cache entry {path} cannot be used: {damage}")
        if not damage.passing:
            lookup.damaged.append((directory, path))
        return None
    return found


def read_memo(directory: Directory, kind: str, subject: str) -> str | None:
    """A remembered text (see `store.write_memo`), or None when there is none that can be used.

    `subject` is everything that the text depends on; its digest is the file's name and its first
    line, so that a text is never taken for another one's.
    """
    if not directory.exists or directory.problem:
        return None
    path = memo_path(directory, kind, subject)
    try:
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return None
    try:
        info = os.fstat(fd)
        if not stat.S_ISREG(info.st_mode) or entry.foreign(info):
            return None
        data = os.read(fd, 65536)
    except OSError:
        return None
    finally:
        os.close(fd)
    head, _, text = data.partition(b"\n")
    if head != memo_sum(subject, text):
        return None
    return text.decode("utf-8", "replace")


def memo_path(directory: Directory, kind: str, subject: str) -> str:
    """Where the text about this subject is remembered."""
    digest = sha256(subject.encode("utf-8", "surrogateescape")).hexdigest()
    return os.path.join(directory.path, "memo", f"{kind}-{digest[:32]}.txt")


def memo_sum(subject: str, text: bytes) -> bytes:
    """First line of a remembered text: it ties the text to its subject."""
    whole = sha256(subject.encode("utf-8", "surrogateescape"))
    whole.update(text)
    return whole.hexdigest().encode("ascii")


def touch(found: Entry) -> None:
    """Say that an entry is in use, at most once a day: pruning removes what was not used longest.

    Failing to say it is harmless.
    """
    if found.path is None or time.time() - found.age < 86400.0:
        return
    try:
        os.utime(found.path, follow_symlinks=False)
    except OSError:
        return
