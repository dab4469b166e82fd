"""The lock of a made graph: one for all its Methods and cells.

Input: nothing. Output: `Lock`, re-entrant for its thread, usable with `with`, safe over fork: a fork
waits (not for ever) until no other thread is inside a call, so the child sees whole states.
Neighbours: `cell` and the call paths take it; `csrc/lock.c` is the same thing in C.
"""

from __future__ import annotations

import itertools
import os
import threading
import time
import weakref
from typing import Any

from modc.runtime.locks import FORK_PATIENCE

_serials = itertools.count()
_locks: weakref.WeakSet[Lock] = weakref.WeakSet()
_held: dict[int, list[Lock]] = {}  # by the thread that forks


class Lock:
    """Re-entrant lock with a serial number; several are taken in the order of these."""

    __slots__ = ("__weakref__", "acquire", "arena", "inner", "release", "serial")

    def __init__(self) -> None:
        self.serial = next(_serials)
        self.arena: Any = None  # scratch of the calls under this lock, grown by them
        self._renew()
        _locks.add(self)

    def _renew(self) -> None:
        self.inner = threading.RLock()
        self.acquire = self.inner.acquire
        self.release = self.inner.release

    def __enter__(self) -> Lock:
        self.acquire()
        return self

    def __exit__(self, *error: object) -> None:
        self.release()


def _before_fork() -> None:
    """Take every lock, so that no call of another thread is halfway when the child is made."""
    deadline = time.monotonic() + FORK_PATIENCE
    held = _held.setdefault(threading.get_ident(), [])
    for lock in sorted(_locks, key=lambda lock: lock.serial):
        if lock.acquire(timeout=max(0.0, deadline - time.monotonic())):
            held.append(lock)


def _after_fork() -> None:
    for lock in _held.pop(threading.get_ident(), ()):
        lock.release()


def _after_fork_in_child() -> None:
    """Threads that held a lock do not exist here: their locks start anew."""
    taken = set(_held.get(threading.get_ident(), ()))
    _after_fork()
    _held.clear()
    for lock in _locks:
        if lock not in taken:
            lock._renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_after_fork,
        after_in_child=_after_fork_in_child,
    )
