"""Where each statement goes: a tree of loops, grown one statement at a time, never taken back.

Input: statements in order, with preds. Output: `Root`, the tree. A statement joins a loop if nothing it
needs from that loop comes from another iteration; joining is decided level by level from outside in.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from modc.graph.node import Leaf, Size
from modc.schedule.terms import At, Axis, Index, Statement, Value, linear_add

WINDOW = 8  # loops at the end of a body that a statement looks at
MAX_LAG = 4  # rows that a commit may trail behind its value
MAX_OPS = 400  # of a top-level nest: bounds the C compiler's work


class Body:
    """A list of loops and statements. keys: increasing numbers, one an item, that stay while others come and go."""

    __slots__ = ("items", "keys")

    def __init__(self) -> None:
        self.items: list[Nest | Statement] = []
        self.keys: list[float] = []


class Nest(Body):
    """A loop. bind: the axis of each statement in it that it runs over; key: its place in the body around it."""

    __slots__ = (
        "after", "bind", "collapsed", "commits", "depth", "extent", "flat_extent", "innermost", "key", "member_reads",
        "lag", "mode", "ops", "reads", "tiles",
    )

    def __init__(self, extent: Size, depth: int) -> None:
        super().__init__()
        self.extent, self.depth = extent, depth
        self.bind: dict[Statement, Axis] = {}
        self.reads: dict[tuple[object, int], None] = {}  # (source, dimension) read along this loop
        self.member_reads: dict[object, None] = {}
        self.commits: dict[object, None] = {}  # members that values computed here are committed to
        self.after = 0  # mask of the statements that descend from one in here
        self.ops = 0
        self.mode = "plain"  # or "rows", "tiles": see there
        self.tiles: dict[Value, int] = {}
        self.lag = 0  # iterations of the loop around by which its commits trail
        self.collapsed: list[Nest] = []  # this and inner nests that run as one loop with `innermost`
        self.innermost: Nest = self
        self.flat_extent: Size = extent
        self.key = 0.0


class Placer:
    """The tree, under construction."""

    def __init__(self, statements: Sequence[Statement], commits_of: dict[Value, Leaf], join: bool = True) -> None:
        self.root = Body()
        self.join = join
        self._commits_of = commits_of
        self._key: dict[Statement, float] = {}
        self._below = _descendants(statements)
        self._later: dict[object, int] = {}  # extent -> mask of statements over it that are not placed yet
        for statement in statements:
            for axis in statement.axes:
                self._later[axis.extent] = self._later.get(axis.extent, 0) | 1 << statement.number
        for statement in statements:
            for axis in statement.axes:
                self._later[axis.extent] &= ~(1 << statement.number)
            self._place(statement)

    def _place(self, statement: Statement) -> None:
        body: Body = self.root
        path: list[Nest] = []
        for depth, axis in enumerate(statement.axes):
            nest = self._choose(statement, axis, body, depth)
            if nest is None:
                nest = Nest(axis.extent, depth)
                nest.lag = statement.lag if depth == 1 else 0
                self._append(body, nest)
            elif depth == 0:
                statement.lag = self._lag(statement, axis, nest) or 0
            path.append(nest)
            self._enter(statement, axis, nest)
            body = nest
        statement.path = tuple(path)
        self._insert(body, statement)

    def _append(self, body: Body, item: Nest) -> None:
        key = body.keys[-1] + 1.0 if body.keys else 0.0
        body.items.append(item)
        body.keys.append(key)
        item.key = key

    def _insert(self, body: Body, statement: Statement) -> None:
        """A leaf goes in as early as it may: scalars precede the loops that use them."""
        place = self._last(statement, body, len(statement.path)) + 1
        if place == len(body.items):
            key = body.keys[-1] + 1.0 if body.keys else 0.0
        else:
            low = body.keys[place - 1] if place else body.keys[0] - 2.0
            key = (low + body.keys[place]) / 2
            if not low < key < body.keys[place]:
                self._renumber(body)
                low = body.keys[place - 1] if place else body.keys[0] - 2.0
                key = (low + body.keys[place]) / 2
        body.items.insert(place, statement)
        body.keys.insert(place, key)
        self._key[statement] = key

    def _renumber(self, body: Body) -> None:
        for number, item in enumerate(body.items):
            body.keys[number] = float(number)
            if isinstance(item, Nest):
                item.key = float(number)
            else:
                self._key[item] = float(number)

    def _last(self, statement: Statement, body: Body, depth: int) -> int:
        """The position in `body` of the last item with a pred, or -1."""
        found = None
        for pred in statement.preds:
            if depth and (len(pred.path) < depth or pred.path[depth - 1] is not body):
                continue
            key = pred.path[depth].key if len(pred.path) > depth else self._key[pred]
            if found is None or key > found:
                found = key
        return -1 if found is None else bisect_right(body.keys, found) - 1

    def _choose(self, statement: Statement, axis: Axis, body: Body, depth: int) -> Nest | None:
        """The loop of `body` to join: of largest benefit, the latest on ties."""
        if not self.join or (statement.lag and depth):
            return None
        last = self._last(statement, body, depth)
        first = last
        if last >= 0:
            item = body.items[last]
            if not (isinstance(item, Nest) and self._lag(statement, axis, item) is not None):
                first = last + 1
        best, most = None, 0
        window = range(max(first, len(body.items) - WINDOW, 0), len(body.items))
        for place in [last, *window] if first == last >= 0 and last not in window else window:
            item = body.items[place]
            if not isinstance(item, Nest) or item.extent != axis.extent:
                continue
            if depth == 0 and item.ops + _ops(statement) > MAX_OPS:
                continue
            if item.lag:
                continue
            if place == last or self._lag(statement, axis, item) is not None:
                gain = self._benefit(statement, axis, item)
                if gain >= most and gain > 0:
                    best, most = item, gain
        return best

    def _lag(self, statement: Statement, axis: Axis, nest: Nest) -> int | None:
        """By how many iterations `statement` must trail in `nest`; None where it must not join.

        0 where an iteration of it needs nothing of other iterations.
        """
        if nest.lag or nest.extent != axis.extent:
            return None
        depth, most = nest.depth, 0
        for pred in statement.preds:
            if len(pred.path) <= depth or pred.path[depth] is not nest:
                continue
            if pred.kind == "check":
                return None
            lag = _lag_behind(statement, axis, pred, nest.bind[pred], depth)
            if lag is None:
                return None
            most = max(most, lag)
        return most

    def _benefit(self, statement: Statement, axis: Axis, nest: Nest) -> int:
        gain = 0
        for pred in statement.preds:
            if len(pred.path) > nest.depth and pred.path[nest.depth] is nest:
                gain += 4 if _reads_of(statement, pred) else 2
        for source, index, shape in statement.reads:
            if source in nest.commits:
                gain += 2
            for dimension, entry in enumerate(index):
                if isinstance(entry, At) and entry.axis is axis and (source, dimension) in nest.reads:
                    gain += 2 + len(shape)
        member = self._commits_of.get(statement.value) if statement.value is not None else None
        if member is not None and member in nest.member_reads:
            gain += 2
        if nest.after & self._below[statement.number] & self._later.get(nest.extent, 0):
            gain += 1
        return gain

    def _enter(self, statement: Statement, axis: Axis, nest: Nest) -> None:
        nest.bind[statement] = axis
        nest.ops += _ops(statement)
        nest.after |= self._below[statement.number]
        for source, index, _ in statement.reads:
            if isinstance(source, Leaf):
                nest.member_reads[source] = None
            for dimension, entry in enumerate(index):
                if isinstance(entry, At) and entry.axis is axis:
                    nest.reads[source, dimension] = None
        if statement.value in self._commits_of:
            nest.commits[self._commits_of[statement.value]] = None


def _ops(statement: Statement) -> int:
    return 1 + (statement.term.ops if statement.term is not None else 0)


def _descendants(statements: Sequence[Statement]) -> list[int]:
    """Per number a mask of the statements that need it, directly or not (statements come in order)."""
    below = [0] * len(statements)
    for statement in reversed(statements):
        mask = 1 << statement.number
        for later in statement.after:
            mask |= below[later.number]
        below[statement.number] = mask
    return below


def _reads_of(statement: Statement, pred: Statement) -> bool:
    return pred.value is not None and any(read[0] is pred.value for read in statement.reads)


def _lag_behind(statement: Statement, axis: Axis, pred: Statement, other: Axis, depth: int) -> int | None:
    """0 where all that passes between pred and statement passes within one iteration; see `Placer._lag`."""
    if pred.value is not None:
        if pred.value is statement.value:
            return None  # writers of one buffer
        for source, index, shape in statement.reads:
            if source is pred.value and not _same_place(pred, other, index, shape, axis):
                return None
    lag = 0
    if statement.member is not None:
        trails = depth == 0 and len(statement.axes) > 1 and _affine(statement.out)
        for source, index, shape in pred.reads:
            if source is statement.member:
                behind = _rows_behind(statement, axis, index, shape, other)
                if behind is None or (behind and not trails) or behind < -MAX_LAG:
                    return None
                lag = max(lag, -behind)
    return lag


def _affine(index: Index) -> bool:
    return all(isinstance(entry, At) for entry in index)


def _same_place(pred: Statement, other: Axis, index: Index, shape: tuple[Size, ...], axis: Axis) -> bool:
    value = pred.value
    assert value is not None
    if len(value.writers) != 1 or pred.kind == "call":
        return False
    dimension = _dimension(pred.out, other)
    if dimension is None or shape[: dimension + 1] != value.shape[: dimension + 1]:
        return False
    if shape != value.shape and dimension and not _prefix_shared(pred, dimension):
        return False
    stored, read = pred.out[dimension], index[dimension]
    return isinstance(read, At) and isinstance(stored, At) and read == At(axis, stored.step, stored.offset)


def _prefix_shared(pred: Statement, dimension: int) -> bool:
    """A reshaped reader shares a leading dimension only below the dimensions before it."""
    loops = [_dimension(pred.out, nest.bind[pred]) for nest in pred.path[:dimension]]
    return loops == list(range(dimension))


def _rows_behind(commit: Statement, axis: Axis, index: Index, shape: tuple[Size, ...], other: Axis) -> int | None:
    """Which row of the member an iteration reads, counted from the row that it commits; None if that varies."""
    dimension = _dimension(commit.out, axis)
    if dimension is None or len(index) != len(commit.out) or shape != commit.whole:
        return None
    stored, read = commit.out[dimension], index[dimension]
    if not isinstance(read, At) or not isinstance(stored, At) or read.axis is not other or read.step != stored.step:
        return None
    apart = linear_add(read.offset, stored.offset, -1)
    if apart[1] or (apart[0] and read.step != 1):
        return None
    return apart[0]


def _dimension(index: Index, axis: Axis) -> int | None:
    for dimension, entry in enumerate(index):
        if isinstance(entry, At) and entry.axis is axis:
            return dimension
    return None
