"""Where each value lives: a register, a stack array, the output itself, or the arena.

Input: the placed tree. Output: `Value.home` and `Value.axes_kept` of every value, and `Arena`. A value has as
dimensions its loops below the deepest loop that it shares with all of its readers; none left means
a C local.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from modc.graph.dtype import INT64
from modc.graph.node import Size
from modc.graph.op import OPS
from modc.schedule.loops import Buffer, Const, Local, Slot, Temp
from modc.schedule.place import Body, Nest
from modc.schedule.sizes import Sizes
from modc.schedule.terms import ORIGIN, ZERO, At, Statement, Value

LOCAL_BYTES = 4096  # of one stack array
STACK_BYTES = 16384  # of all stack arrays of a kernel
ALIGN = 64
CHUNK = 1024  # rows that are added up before they go to the total


class Span(NamedTuple):
    """A temporary on the arena, alive from one top-level item to another."""

    value: Value
    shape: tuple[Size, ...]
    first: int
    last: int
    partial: bool = False

    def settle(self, temp: Temp) -> None:
        """Give the value its place."""
        if self.partial:
            self.value.partial = temp
        else:
            self.value.home = temp


class Storage:
    """Homes of all values.

    locals_in: the stack arrays to declare where a body begins; dropped: outputs that their value fills
    itself; spans: what goes on the arena; tiled: values with an element for each of the rows that run side
    by side; through_member: readers that find a committed value in its member.
    """

    def __init__(self, root: Body, values: Sequence[Value], sizes: Sizes) -> None:
        self.sizes = sizes
        self.locals_in: dict[Body, list[tuple[Value, Local]]] = {}
        self.dropped: dict[Statement, None] = {}
        self.tiled: dict[Value, int] = {}
        self.spans: list[Span] = []
        self.through_member: dict[tuple[Statement, Value], Buffer] = {}
        self._root = root
        self._stack = 0
        self._top = _top_positions(root)
        for value in values:
            self._house(value)
            if _long_columns(value):
                self._add_partial(value)
        for statement in self.dropped:
            for nest in statement.path:
                del nest.bind[statement]
        _prune(root, self.dropped)
        self.arena = Arena(self.spans, sizes)

    def _house(self, value: Value) -> None:
        if value.into is not None:
            value.axes_kept = tuple(range(len(value.shape)))
            value.home = value.into.target
            self.dropped[value.into] = None
            if value.writers[0].kind != "call":
                self.dropped[value.writers[0]] = None  # the copy
            return
        first = value.writers[0]
        readers = self._direct_readers(value)
        shared = len(first.path) if len(value.writers) == 1 else 0
        for statement in (*value.writers[1:], *readers):
            shared = min(shared, _common(first.path, statement.path))
        if first.kind == "call":
            shared = 0
        dimensions = self._dimensions(value, shared)
        value.axes_kept = dimensions
        shape = tuple(value.shape[dimension] for dimension in dimensions)
        whole = first.kind == "call" or any(reader.kind == "call" for reader in readers)
        if not dimensions and not whole and len(value.writers) == 1:
            return  # a C local, bound where it is computed
        if shared == 0 and self._output(value, readers):
            return
        lag = max((reader.lag for reader in readers), default=0)
        if lag and shared == 1:
            self._ring(value, first, lag)
            return
        self._buffer(value, shape, first.path[shared - 1] if shared else self._root)

    def _ring(self, value: Value, writer: Statement, lag: int) -> None:
        """Rows that wait until the rows before them need the old member no more."""
        row = next(
            dimension
            for dimension, entry in enumerate(writer.out)
            if isinstance(entry, At) and entry.axis is writer.path[0].bind[writer]
        )
        value.ring = 1 << lag.bit_length()  # a power of two above lag
        value.axes_kept = (row, *value.axes_kept)
        self._buffer(value, (value.ring, *(value.shape[dimension] for dimension in value.axes_kept[1:])), self._root)

    def _add_partial(self, value: Value) -> None:
        """A second row for a sum over many rows: chunks of rows are added up in it."""
        shape = tuple(value.shape[dimension] for dimension in value.axes_kept)
        place = self._top[_top(value.writers[0])]
        self.spans.append(Span(value, shape, place, place, True))

    def forget_local(self, value: Value) -> None:
        """The value gets another place: its stack array is not declared."""
        for entries in self.locals_in.values():
            entries[:] = [entry for entry in entries if entry[0] is not value]

    def _direct_readers(self, value: Value) -> list[Statement]:
        """The readers of the value's own place: others read the member that it was committed to."""
        writer = value.writers[0]
        commit = next((reader for reader in value.readers if _commits_all(reader, value)), None)
        if commit is None or len(value.writers) > 1 or commit.path != writer.path or not writer.path:
            return value.readers
        direct = []
        for reader in value.readers:
            if _common(writer.path, reader.path) < len(writer.path) and reader.kind != "call":
                self.through_member[reader, value] = commit.target
            else:
                direct.append(reader)
        return direct

    def _dimensions(self, value: Value, shared: int) -> tuple[int, ...]:
        """The dimensions that the place of `value` needs, in its own order."""
        first = value.writers[0]
        if len(value.writers) > 1 or first.kind == "call":
            return tuple(dimension for dimension, size in enumerate(value.shape) if size != 1)
        inner = {nest.bind[first] for nest in first.path[shared:]}
        return tuple(
            dimension
            for dimension, entry in enumerate(first.out)
            if isinstance(entry, At) and entry.axis is not None and entry.axis in inner
        )

    def _output(self, value: Value, readers: list[Statement]) -> bool:
        """Let an output buffer be the value's place, and drop the statement that would copy it."""
        for reader in readers:
            if reader.kind == "output" and reader not in self.dropped and _whole_copy(reader, value):
                value.home = reader.target
                self.dropped[reader] = None
                return True
        return False

    def _buffer(self, value: Value, shape: tuple[Size, ...], body: Body) -> None:
        count = 1
        for size in shape:
            count = count * size if isinstance(size, int) and count >= 0 else -1
        size_bytes = count * value.dtype.bytes
        if 0 < size_bytes <= LOCAL_BYTES and self._stack + size_bytes <= STACK_BYTES:
            self._stack += size_bytes
            value.home = Local(f"a{value.number}", value.dtype, count)
            self.locals_in.setdefault(body, []).append((value, value.home))
            return
        items = [self._top[item] for statement in (*value.writers, *value.readers) for item in [_top(statement)]]
        self.spans.append(Span(value, shape, min(items), max(items)))


def _prune(body: Body, dropped: dict[Statement, None]) -> None:
    """Take dropped statements, and the loops that hold nothing else, out of the tree."""
    for item in body.items:
        if isinstance(item, Nest):
            _prune(item, dropped)
    kept = [item for item in body.items if (item.items if isinstance(item, Nest) else item not in dropped)]
    body.items[:] = kept


def _top(statement: Statement) -> Nest | Statement:
    return statement.path[0] if statement.path else statement


def _top_positions(root: Body) -> dict[Nest | Statement, int]:
    return {item: place for place, item in enumerate(root.items)}


def _common(a: tuple[Nest, ...], b: tuple[Nest, ...]) -> int:
    """How many leading loops two statements share."""
    count = 0
    for one, other in zip(a, b, strict=False):
        if one is not other:
            break
        count += 1
    return count


def _whole_copy(statement: Statement, value: Value) -> bool:
    """Whether a statement copies the whole value, element for element."""
    term = statement.term
    if term is None or term.kind != "read" or term.data[0] is not value or statement.combine is not None:
        return False
    index = term.data[1]
    identity = all(isinstance(entry, At) and (entry == ORIGIN or entry[1:] == (1, ZERO)) for entry in index)
    return bool(index == statement.out and identity and statement.whole == value.shape == term.data[2])


def _commits_all(statement: Statement, value: Value) -> bool:
    return statement.kind == "commit" and _whole_copy(statement, value)


class Arena:
    """Offsets of temporaries: static ones packed by liveness, dynamic ones in slots of equal size."""

    def __init__(self, spans: Sequence[Span], sizes: Sizes) -> None:
        self.bytes = 0
        self.slots: list[tuple[int, tuple[Size, ...], int]] = []  # private slot, shape, item bytes
        fixed = [span for span in spans if all(isinstance(size, int) for size in span.shape)]
        self._pack(sorted(fixed, key=lambda span: (-_bytes(span), span.value.number)))
        taken: dict[tuple[tuple[Size, ...], int], list[tuple[int, list[Span]]]] = {}
        for span in spans:
            if span in fixed:
                continue
            key = span.shape, span.value.dtype.bytes
            slots = taken.setdefault(key, [])
            free = next((one for one in slots if all(_apart(span, user) for user in one[1])), None)
            if free is None:
                free = sizes.reserve(), []
                slots.append(free)
                self.slots.append((free[0], *key))
            free[1].append(span)
            span.settle(Temp(_name(span), span.value.dtype, Slot(free[0])))

    def _pack(self, spans: Sequence[Span]) -> None:
        placed: list[tuple[int, int, Span]] = []
        for span in spans:
            size = -(-_bytes(span) // ALIGN) * ALIGN
            offset = 0
            for begin, end, other in sorted(placed, key=lambda item: item[0]):
                if not _apart(span, other) and begin < offset + size:
                    offset = max(offset, end)
            placed.append((offset, offset + size, span))
            self.bytes = max(self.bytes, offset + size)
            span.settle(Temp(_name(span), span.value.dtype, Const(offset, INT64)))


def _name(span: Span) -> str:
    return f"t{span.value.number}{'_part' if span.partial else ''}"


def _long_columns(value: Value) -> bool:
    """Whether a value is a float sum of rows that may be many, along the outermost loop alone."""
    statement = value.writers[0]
    if not statement.reduced or len(value.writers) > 1 or not value.dtype.is_inexact or len(statement.path) < 2:
        return False
    outer = statement.path[0]
    alone = statement.reduced == (outer.bind.get(statement),) and statement.combine is OPS["add"]
    short = isinstance(outer.extent, int) and outer.extent <= CHUNK
    return alone and not short and not any(isinstance(item, Nest) and item.lag for item in outer.items)


def _bytes(span: Span) -> int:
    total = span.value.dtype.bytes
    for size in span.shape:
        assert isinstance(size, int)
        total *= size
    return total


def _apart(a: Span, b: Span) -> bool:
    return a.last < b.first or b.last < a.first
