"""Everything at once: state dicts, files, snapshots, transactions, reset.

Input: an instance. Output: arrays under dotted keys, and back. Neighbours: `instance` inherits from
`Stateful`; `npz` reads and writes files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from modc.runtime import Cell, Input, Spec, convert
from modc.runtime.npz import read_arrays, write_arrays


class Snapshot:
    """Values of every member and private state of a made graph at one moment."""

    __slots__ = ("values",)

    def __init__(self, values: list[Any]) -> None:
        self.values = values


class Stateful:
    """What instances can do with all of their members together."""

    __slots__ = ()

    _modc_made: Any  # a `modc.module.made.Made`, or a `Loaded` of `packaged`
    _modc_component: Any

    def named_members(self) -> Iterator[tuple[str, Any]]:
        """(dotted key, value) of every member under this instance, once each, constants left out."""
        for key, cell in named_cells(self):
            yield key, cell.value

    def walk(self) -> Iterator[tuple[str, Any]]:
        """(dotted key, instance) of this instance ('') and all below it, once each."""
        for path, found in parts_of(self):
            if isinstance(found, Stateful):
                yield path, found

    def state_dict(self) -> dict[str, Any]:
        """Copies of all members and private input states, by dotted key; None where nothing is stored.

        A member that is reached on several ways has the key of the first one. A dot within a name
        is written ``%2E``, a percent sign ``%25``.
        """
        with self._modc_made.lock:
            return {key: cell.copy() for key, cell in named_cells(self)}

    def load_state_dict(self, state: Mapping[str, Any], strict: bool = True) -> None:
        """Store values under their keys, as `state_dict` gives them. On an error nothing changes.

        `strict`: every key must be there and known. Raises KeyError for keys, and what assigning
        to the member raises.
        """
        cells = dict(named_cells(self))
        missing = [key for key in cells if key not in state]
        strange = [key for key in state if key not in cells]
        if strict and (missing or strange):
            raise KeyError(
                f"the state does not fit {type(self._modc_component).__name__}: "
                f"missing {missing[:10] or 'nothing'}, unknown {strange[:10] or 'nothing'}"
            )
        ready = [(cells[key], converted(cells[key], state[key])) for key in cells if key in state]
        with self._modc_made.lock:
            for cell, value in ready:
                cell.set(value)

    def save(self, path: Any) -> None:
        """Write `state_dict` to a ``.npz`` file that NumPy can read without pickle; never half a file."""
        write_arrays(path, Stateful.state_dict(self))

    def load(self, path: Any, strict: bool = True) -> None:
        """Read a file of `save`. Raises ValueError for a damaged file, and what `load_state_dict` does."""
        Stateful.load_state_dict(self, read_arrays(path), strict)

    def reset(self) -> None:
        """Repeat the initialisation that `make` did, for the whole made graph.

        Arrays given to `make` were copied then; the copies are used.
        """
        self._modc_made.reset()

    def snapshot(self) -> Snapshot:
        """The values of the whole made graph, to be restored later."""
        with self._modc_made.lock:
            return Snapshot([cell.copy() for cell in self._modc_made.own_cells()])

    def restore(self, snapshot: Snapshot) -> None:
        """Back to a snapshot of this instance, or of another one made from the same Module.

        Raises TypeError for what is no snapshot, ValueError for that of another Module.
        """
        if not isinstance(snapshot, Snapshot):
            raise TypeError(f"restore takes what snapshot() gave, not {type(snapshot).__name__}")
        cells = self._modc_made.own_cells()
        values = snapshot.values
        fitting = len(values) == len(cells) and all(
            value is None or (value.dtype == cell.dtype and value.ndim == cell.ndim)
            for value, cell in zip(values, cells, strict=True)
        )
        if not fitting:
            raise ValueError("the snapshot is of an instance of another Module")
        with self._modc_made.lock:
            for cell, value in zip(cells, values, strict=True):
                cell.set(value)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Undo the changes of all members and private states if the block raises. Blocks may be nested.

        Shared variables that the Methods use are restored too; plain attributes are not. Other
        threads' calls and assignments wait until the block has ended, so that none is undone with
        it: the block must not wait for them.
        """
        with self._modc_made.lock, undone_on_error(self._modc_made.all_cells()):
            yield


def part(made: Any, kind: str, index: int) -> Any:
    """An instance or callable of a made graph, by number; pickles call it by this name."""
    return made.part(kind, index)


def kept(value: Any) -> Any:
    """`value` with the arrays in it copied, so that later changes of theirs do not matter."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if type(value) in (list, tuple):
        return type(value)(kept(item) for item in value)
    if type(value) is dict:
        return {key: kept(item) for key, item in value.items()}
    if hasattr(value, "tocsr"):  # a sparse matrix
        return value.copy()
    return value


@contextmanager
def undone_on_error(cells: Iterable[Cell]) -> Iterator[None]:
    """Put cells back to their values if the block raises."""
    saved = [(cell, cell.copy()) for cell in cells if not cell.readonly]
    try:
        yield
    except BaseException:
        for cell, value in saved:
            cell.set(value)
        raise


def cells_under(found: Any) -> list[Cell]:
    """The cells that assigning to a part may change."""
    if isinstance(found, Cell):
        return [found]
    return [cell for _, cell in named_cells(found)] if isinstance(found, Stateful) else []


def named_cells(root: Any) -> Iterator[tuple[str, Cell]]:
    """(dotted key, cell) of the cells under an instance that can change, each at its first place."""
    seen: set[int] = set()
    for place, found in parts_of(root):
        cells = [(place, found)] if isinstance(found, Cell) else _private(place, found)
        for name, cell in cells:
            if not cell.readonly and id(cell) not in seen:
                seen.add(id(cell))
                yield name, cell


def _private(place: str, found: Any) -> list[tuple[str, Cell]]:
    """(dotted key, cell) of the private states of a compiled Method."""
    spec = getattr(found, "spec", None) if callable(found) else None
    if not isinstance(spec, Spec):
        return []
    return [
        (private_key(place, given, at), spec.cells[given.cell])
        for at, given in enumerate(spec.inputs) if given.cell is not None
    ]  # fmt: skip


def private_key(place: str, given: Input, at: int) -> str:
    """The dotted key of the private state of input number `at` of the Method at `place`."""
    return _join(place, given.name if given.name is not None else at)


def parts_of(root: Any) -> Iterator[tuple[str, Any]]:
    """(dotted key, part) of the root ('') and everything below it, in order; each instance once."""
    seen: set[int] = set()
    stack = [("", root)]
    while stack:
        path, found = stack.pop()
        if isinstance(found, Stateful):
            if id(found) in seen:
                continue
            seen.add(id(found))
            below = [(_join(path, key), part) for key, part in found._modc_parts()]  # type: ignore[attr-defined]
            stack.extend(reversed(below))
        yield path, found


def _join(path: str, key: Any) -> str:
    escaped = str(key).replace("%", "%25").replace(".", "%2E")
    return f"{path}.{escaped}" if path else escaped


def converted(cell: Cell, value: Any) -> Any:
    """`value` as the cell would take it, before anything is stored."""
    if value is None:
        return None
    target = Input(cell.name, cell.dtype, cell.ndim, cell.size)
    target.label = f"member {cell.name!r}"
    return np.array(convert(value, target))
