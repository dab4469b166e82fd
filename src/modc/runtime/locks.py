"""Several locks at once, of either runtime.

Input: the lock of a graph and its cells. Output: a context that takes the graph's lock and then those
of cells that belong to no graph (`shared` variables), always in the same order. Neighbours: `lock`,
`csrc/lock.c`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

FORK_PATIENCE = 5.0  # seconds that a fork waits for running calls


class Locks:
    """Several locks, always taken in the same order: the graph's, then by age."""

    __slots__ = ("_locks",)

    def __init__(self, locks: list[Any]) -> None:
        self._locks = locks

    def __enter__(self) -> None:
        taken = 0
        try:
            for lock in self._locks:
                lock.acquire()
                taken += 1
        except BaseException:  # an interrupt while waiting
            for lock in reversed(self._locks[:taken]):
                lock.release()
            raise

    def __exit__(self, *error: object) -> None:
        for lock in reversed(self._locks):
            lock.release()


def all_locks(lock: Any, cells: Iterable[Any]) -> Locks:
    """The lock of a graph and those of cells that belong to no graph."""
    others = {cell.lock for cell in cells} - {lock}
    return Locks([lock, *sorted(others, key=lambda other: other.serial)])
