"""The writing half of the cache: publish, set apart, remember, lock, sweep.

Whatever is published is written to a file of its own under CACHE/tmp, synced, and renamed; nothing
is ever written into a file that has its final name. Losing a race is success. A lock on a key only
saves two processes the same work: it is held by a descriptor, so it dies with its process, and
nobody waits for it without a limit.

Input: bytes. Output: files. Neighbours: miss, compiler, glue, digest, admin.
"""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import stat
import time

from modc.build import cache, entry
from modc.build.cache import Directory, Lookup

try:
    import fcntl
except ImportError:  # no flock: two processes may do the same work, which is harmless
    fcntl = None  # type: ignore[assignment]

OURS = "modc-"  # starts the names that `sweep` may remove: a cache directory may hold other things

_serial = itertools.count(1)
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)
_LOCK = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
_OLD = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


def publish(directory: Directory, path: str, data: bytes) -> None:
    """Put `data` at `path` in the cache, whole or not at all. Raises OSError."""
    for _ in range(3):
        try:
            return _publish(directory, path, data)
        except FileNotFoundError:  # somebody cleared the cache, or swept too eagerly
            continue
    return _publish(directory, path, data)


def _publish(directory: Directory, path: str, data: bytes) -> None:
    folder = os.path.dirname(path)
    _folder(folder, directory.shared)
    spare = os.path.join(directory.path, "tmp")
    _folder(spare)
    fresh = os.path.join(spare, f"{OURS}{os.getpid()}-{next(_serial)}-{os.urandom(4).hex()}")
    fd = owned(fresh)
    try:
        try:
            _write(fd, data)
            if hasattr(os, "fchmod"):
                os.fchmod(fd, 0o444 if directory.shared else 0o400)
            os.fsync(fd)
            if os.name == "posix":
                _replace(directory, fresh, path)
        finally:
            os.close(fd)
        if os.name != "posix":
            _replace(directory, fresh, path)
    except BaseException:
        remove(fresh)
        raise


def _folder(path: str, shared: bool = False) -> None:
    """Make a directory of the cache; something else in its place is moved out of the way."""
    try:
        info = os.lstat(path)
        if stat.S_ISDIR(info.st_mode):
            return
        os.replace(path, f"{path}.damaged-{os.getpid()}-{next(_serial)}")
    except FileNotFoundError:
        pass  # the usual case: made below
    cache.make_folder(path, shared)


def _replace(directory: Directory, fresh: str, path: str) -> None:
    try:
        os.replace(fresh, path)
    except (IsADirectoryError, NotADirectoryError, PermissionError):
        set_apart(directory, path)
        os.replace(fresh, path)


def _write(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def remove(path: str) -> None:
    """Remove a file if it is there and can be removed."""
    try:
        os.unlink(path)
    except OSError:
        return


def remove_folder(path: str) -> None:
    """Remove an empty directory if it is there and can be removed; needs no descriptor."""
    try:
        os.rmdir(path)
    except OSError:
        return


def set_apart(directory: Directory, path: str) -> None:
    """Move something that cannot be used to CACHE/damaged, where it can be looked at."""
    apart = os.path.join(directory.path, "damaged")
    try:
        _folder(apart)
        name = f"{OURS}{os.path.basename(path)}-{os.getpid()}-{next(_serial)}-{os.urandom(4).hex()}"
        os.replace(path, os.path.join(apart, name))
    except OSError:
        return  # another process moved it, or nothing can be moved here: it is passed over again


def set_apart_damaged(lookup: Lookup) -> None:
    """Set apart what a lookup found damaged in the process's own cache; layers stay as they are."""
    for directory, path in lookup.damaged:
        if not directory.readonly and directory is cache.own():
            set_apart(directory, path)
    lookup.damaged.clear()


def write_memo(directory: Directory, kind: str, subject: str, text: str) -> None:
    """Remember a text about `subject` (read by `cache.read_memo`), if the cache can be written."""
    if not directory.exists or directory.problem or directory.readonly:
        return
    data = text.encode("utf-8", "replace")
    head = cache.memo_sum(subject, data)
    try:
        publish(directory, cache.memo_path(directory, kind, subject), head + b"\n" + data)
    except OSError:
        return  # not remembered: asked again the next time


class Lock:
    """A held lock on one key; `release` gives it back and removes its file."""

    __slots__ = ("fd", "path")

    def __init__(self, fd: int, path: str):
        self.fd = fd
        self.path = path

    def release(self) -> None:
        """Give the lock back; once is enough, more is harmless."""
        if self.fd >= 0:
            remove(self.path)
            os.close(self.fd)
            self.fd = -1


def try_lock(directory: Directory, name: str) -> Lock | None:
    """Lock a key, or None while another process or thread holds it. Never waits.

    Where no lock can be made, a Lock of nothing is given: the lock is only a courtesy.
    """
    path = os.path.join(directory.path, "tmp", f"{OURS}{name[:32]}.lock")
    if fcntl is None or directory.problem or directory.readonly:
        return Lock(-1, path)
    try:
        _folder(os.path.dirname(path))
        fd = os.open(path, _LOCK, 0o600)
    except OSError:
        return Lock(-1, path)
    if _flock(fd, without=True):
        return Lock(fd, path)
    os.close(fd)
    return None


def _flock(fd: int, without: bool) -> bool:
    """Lock an open file; False while somebody else holds it, `without` where there are no locks."""
    if fcntl is None:
        return without
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return without
    return True


def owned(path: str) -> int:
    """Make a file that tells `sweep` that its maker lives; returns its descriptor.

    Raises FileNotFoundError when a sweep took the file before it was locked: make another one.
    """
    fd = os.open(path, _NEW, 0o600)
    if _flock(fd, without=True) and os.fstat(fd).st_nlink > 0:
        return fd
    os.close(fd)
    raise FileNotFoundError(errno.ENOENT, "removed while it was made", path)


def sweep(folder: str, prefix: str = OURS) -> int:
    """Remove what killed processes left in `folder`; returns how many things went.

    Everything there is locked by its living owner; a directory holds a file ``owner`` for that.
    """
    count = 0
    try:
        names = [name for name in os.listdir(folder) if name.startswith(prefix)]
    except OSError:
        return 0
    for name in names:
        path = os.path.join(folder, name)
        count += _sweep_one(path)
    return count


def _sweep_one(path: str) -> bool:
    try:
        info = os.lstat(path)
        if entry.foreign(info):
            return False
        is_folder = stat.S_ISDIR(info.st_mode)
        fd = os.open(os.path.join(path, "owner") if is_folder else path, _OLD)
    except FileNotFoundError:
        return _sweep_ownerless(path)
    except OSError:
        return False
    try:
        if not _flock(fd, without=False):
            return False
        if is_folder:
            shutil.rmtree(path, ignore_errors=True)
        else:
            remove(path)
        return True
    finally:
        os.close(fd)


def _sweep_ownerless(path: str) -> bool:
    """Remove a directory whose maker died before it could lock it: an old and empty one."""
    try:
        if time.time() - os.lstat(path).st_mtime < 60.0:
            return False
        os.rmdir(path)
    except OSError:
        return False
    return True
