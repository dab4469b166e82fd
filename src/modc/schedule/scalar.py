"""Terms as expressions of the loop IR, in the bodies that are open.

Input: terms and indices of statements, the counters that their axes run over (`axis`), the homes of values.
Output: expressions whose parts have names in `Scopes`. `reduce` and `lower` build on it.
"""

from __future__ import annotations

from modc.graph.dtype import INT64
from modc.graph.node import Node, Size
from modc.schedule.loops import INDEX_MASK, Apply, Const, Expr, Load, Place, Table
from modc.schedule.scope import Scopes
from modc.schedule.sizes import NOUGHT, Sizes, plus, times
from modc.schedule.storage import Storage
from modc.schedule.terms import Axis, Dyn, Entry, Index, Source, Statement, Term, Value

ROWS = 64  # of a nest of short rows, side by side


class Scalars:
    """Expressions of one kernel, as seen from where `scopes` stands."""

    def __init__(self, storage: Storage, sizes: Sizes) -> None:
        self.storage, self.sizes = storage, sizes
        self.scopes = Scopes()
        self.axis: dict[Axis, Expr] = {}  # what each axis runs over now
        self.bound: dict[Value, Expr] = {}  # values that live in a register
        self.lane: Expr = NOUGHT  # which of the rows
        self._tables: dict[Node, Table] = {}
        self._statement: Statement | None = None
        self._terms: dict[Term, Expr] = {}

    def begin(self, statement: Statement) -> None:
        """Terms from here on are of this statement, in the innermost scope."""
        self._statement, self._terms = statement, {}

    def term(self, term: Term | None) -> Expr:
        """The value of a term in the innermost scope."""
        assert term is not None
        found = self._terms.get(term)
        if found is None:
            found = self._terms[term] = self._lower_term(term)
        return found

    def _lower_term(self, term: Term) -> Expr:
        if term.kind == "const":
            return Const(term.data, term.dtype)
        if term.kind == "size":
            return self.sizes.linear(term.data)
        if term.kind == "axis":
            return self.entry(term.data)
        if term.kind == "read":
            return self._read(*term.data)
        args = tuple(self.term(arg) for arg in term.args)
        op, attrs = term.data
        return self.scopes.name(Apply(op, args, term.dtype, attrs))

    def _read(self, source: Source, index: Index, shape: tuple[Size, ...]) -> Expr:
        if isinstance(source, Value):
            assert self._statement is not None
            member = self.storage.through_member.get((self._statement, source))
            if member is None and source.home is None:
                return self.bound[source] if not isinstance(self.bound[source], Load) else self._load(source)
            if member is None:
                return self.scopes.name(Load(source.home, self.kept_index(source, index, shape)))
            return self.scopes.name(Load(member, self.flat(index, shape)))
        return self.scopes.name(Load(self.place_of(source), self.flat(index, shape)))

    def _load(self, value: Value) -> Expr:
        return self.scopes.name(self.bound[value])

    def place_of(self, source: Source) -> Place:
        """Where a leaf, a constant or a value is."""
        if isinstance(source, Value):
            found: Place = source.home
            return found
        buffer = self.sizes.buffer_of.get(source)
        if buffer is not None:
            return buffer
        if source not in self._tables:
            self._tables[source] = Table(f"c{len(self._tables)}", source.dtype, source.attrs[1])
        return self._tables[source]

    # indices

    def entry(self, entry: Entry) -> Expr:
        """One position, along one dimension."""
        if isinstance(entry, Dyn):
            return self.term(entry.term)
        offset = self.sizes.linear(entry.offset)
        if entry.axis is None:
            return offset
        return plus(times(self.axis[entry.axis], entry.step), offset)

    def flat(self, index: Index, shape: tuple[Size, ...]) -> Expr:
        """Row-major position: Horner's rule over the sizes."""
        total: Expr = NOUGHT
        for entry, size in zip(index, shape, strict=True):
            total = plus(times(total, self.sizes.extent(size)), self.entry(entry))
        return total

    def home_index(self, value: Value, out: Index) -> Expr:
        """The position in a value's place for an index in the value."""
        return self.kept_index(value, out, value.shape)

    def kept_index(self, value: Value, index: Index, shape: tuple[Size, ...]) -> Expr:
        """The position in a value's place, which may have only its inner dimensions."""
        if value in self.storage.tiled:
            return plus(times(self._inner_index(value, index, shape), ROWS), self.lane)
        return self._inner_index(value, index, shape)

    def _inner_index(self, value: Value, index: Index, shape: tuple[Size, ...]) -> Expr:
        if shape != value.shape:
            first = _same_start(shape, value)
            return self.flat(index[first:], shape[first:])
        kept = value.axes_kept
        if value.ring:
            mask = Const(value.ring - 1, INT64)
            total: Expr = Apply(INDEX_MASK, (self.entry(index[kept[0]]), mask), INT64)
            for axis in kept[1:]:
                total = plus(times(total, self.sizes.extent(shape[axis])), self.entry(index[axis]))
            return total
        return self.flat(tuple(index[axis] for axis in kept), tuple(shape[axis] for axis in kept))


def _same_start(shape: tuple[Size, ...], value: Value) -> int:
    """How many axes of a reshaped value its loops share with its reader; sizes of 1 count for nothing."""
    shared = sum(size != 1 for size in value.shape[: min(value.axes_kept, default=0)])
    first = 0
    while shared:
        shared -= shape[first] != 1
        first += 1
    return first
