"""What must come before what, the order of loops inside a statement, and the order of statements.

Input: the statements of `Builder`. Output: preds of each, axes outermost first, and one stable
topological order. Old values are safe by construction: a commit comes after every reader of its member.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from modc.graph.node import Leaf
from modc.schedule.terms import At, Axis, Index, Statement, Value


def add_edges(statements: Sequence[Statement], values: Sequence[Value]) -> None:
    """Fill preds and after: writer -> reader, reader of an old member -> its commit, check -> commit."""
    readers: dict[Leaf, list[Statement]] = {}
    for statement in statements:
        for source in dict.fromkeys(read[0] for read in statement.reads):
            if isinstance(source, Value):
                source.readers.append(statement)
                statement.preds.update(dict.fromkeys(source.writers))
            elif isinstance(source, Leaf):
                readers.setdefault(source, []).append(statement)
    for value in values:
        for earlier, later in zip(value.writers, value.writers[1:], strict=False):
            later.preds[earlier] = None
    checks = [statement for statement in statements if statement.kind == "check"]
    commits = [statement for statement in statements if statement.member is not None]
    for commit in commits:
        assert isinstance(commit.member, Leaf)
        before = [*readers.get(commit.member, []), *checks]
        commit.preds.update((statement, None) for statement in before if statement is not commit)
    for statement in statements:
        for pred in statement.preds:
            pred.after.append(statement)
    _soft_edges(statements, commits, readers, checks)


def _soft_edges(
    statements: Sequence[Statement],
    commits: Sequence[Statement],
    readers: dict[Leaf, list[Statement]],
    checks: list[Statement],
) -> None:
    """Checks and readers of a member before the value of its update, where that closes no cycle.

    Nothing needs these edges; they are what lets the commit stand beside its value.
    """
    above = _ancestors(statements)
    for commit in commits:
        values = [read[0] for read in commit.reads if isinstance(read[0], Value)]
        if not values:
            continue
        target = values[0].writers[0]
        bit = 1 << target.number
        assert isinstance(commit.member, Leaf)
        gained = 0
        early = True  # every check and every other reader comes before the value
        for statement in (*checks, *readers.get(commit.member, [])):
            mask = above[statement.number]
            if statement is target or statement is commit or statement in target.preds:
                continue
            if mask & bit:
                early = False
                continue
            target.preds[statement] = None
            statement.after.append(target)
            gained |= mask | 1 << statement.number
        if gained & ~above[target.number]:
            _spread(target, gained, above)
        value = target.value
        if early and value is not None and value.into is None and _may_fill(value, commit.member):
            value.into = commit


def _may_fill(value: Value, member: Leaf) -> bool:
    """Whether the member itself may be the place of `value`, once nobody needs the old member.

    So it is for a product that does not read the member, and for a copy of the member that is then
    changed in parts.
    """
    first = value.writers[0]
    if first.kind == "call":
        return member not in first.call.operands
    copies = first.term is not None and first.term.kind == "read" and first.term.data[0] is member
    return copies and len(value.writers) > 1 and first.term is not None and first.term.data[1] == first.out


def _spread(start: Statement, gained: int, above: list[int]) -> None:
    """Add ancestors to a statement and to all that come after it."""
    stack = [start]
    while stack:
        statement = stack.pop()
        if gained & ~above[statement.number]:
            above[statement.number] |= gained
            stack.extend(statement.after)


def _ancestors(statements: Sequence[Statement]) -> list[int]:
    """Per statement number a bit mask of all statements that must come before it."""
    masks = [0] * len(statements)
    for statement in _topological(statements, lambda statement: statement.number):
        mask = 0
        for pred in statement.preds:
            mask |= masks[pred.number] | 1 << pred.number
        masks[statement.number] = mask
    return masks


def _topological(statements: Sequence[Statement], key: Callable[[Statement], Any]) -> list[Statement]:
    waiting = {statement: len(statement.preds) for statement in statements}
    heap = [(key(statement), statement.number) for statement in statements if not statement.preds]
    heapq.heapify(heap)
    order: list[Statement] = []
    while heap:
        statement = statements[heapq.heappop(heap)[1]]
        order.append(statement)
        for later in statement.after:
            waiting[later] -= 1
            if not waiting[later]:
                heapq.heappush(heap, (key(later), later.number))
    if len(order) != len(statements):
        raise AssertionError("modc bug: the statements of a kernel wait for each other")
    return order


def in_order(statements: Sequence[Statement]) -> list[Statement]:
    """Checks and what they need first, then commits as early as they may, else creation order."""
    for_checks: set[Statement] = set()
    stack = [statement for statement in statements if statement.kind == "check"]
    while stack:
        statement = stack.pop()
        if statement not in for_checks:
            for_checks.add(statement)
            stack.extend(statement.preds)
    return _topological(
        statements, lambda statement: (statement not in for_checks, statement.member is None, statement.number)
    )


def order_axes(statement: Statement) -> None:
    """Sort a statement's axes: the vector axis last, the others as the widest access has them."""
    if len(statement.axes) < 2 or (statement.combine is not None and statement.target is not None):
        return
    if statement.kind == "scatter" or (statement.kind == "commit" and not _affine(statement.out)):
        return  # repeated positions: the last one wins
    accesses = [read[1] for read in statement.reads]
    if statement.out:
        accesses.append(statement.out)
    order = {axis: place for place, axis in enumerate(statement.axes)}
    last_stored = next((entry.axis for entry in reversed(statement.out) if isinstance(entry, At) and entry.axis), None)
    if statement.kind == "arg":
        last = statement.reduced[0]
    else:
        scores = {axis: _score(axis, accesses) for axis in statement.axes}
        last = max(
            statement.axes,
            key=lambda axis: (scores[axis], axis not in statement.reduced, axis is last_stored, order[axis]),
        )
    places = _places(accesses)
    statement.axes.sort(key=lambda axis: (axis is last, places.get(axis, 0), order[axis]))


def _affine(index: Index) -> bool:
    return all(isinstance(entry, At) for entry in index)


def _score(axis: Axis, accesses: Iterable[Index]) -> int:
    """How much the accesses want `axis` innermost: for as last dimension, against as another one, by rank."""
    total = 0
    for index in accesses:
        for place, entry in enumerate(index):
            if isinstance(entry, At) and entry.axis is axis:
                total += len(index) if place == len(index) - 1 else -len(index)
    return total


def _places(accesses: Sequence[Index]) -> dict[Axis, int]:
    """The position of each axis in the widest access that has it."""
    ranked = sorted(accesses, key=lambda index: -sum(isinstance(e, At) and e.axis is not None for e in index))
    places: dict[Axis, int] = {}
    for index in ranked:
        for place, entry in enumerate(index):
            if isinstance(entry, At) and entry.axis is not None:
                places.setdefault(entry.axis, place)
    return places
