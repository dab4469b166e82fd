"""Transformations of finished nests; each is optional and independent of the others.

Input: the placed tree with storage. Output: marks on its nests, which `reduce` follows.
"""

from __future__ import annotations

from modc.graph.node import Size
from modc.graph.sizes import size_mul
from modc.schedule.extents import Extents
from modc.schedule.place import Body, Nest
from modc.schedule.terms import ZERO, At, Axis, Dyn, Index, Term


def collapse(body: Body, extents: Extents) -> None:
    """Run a loop and its only child as one where every access walks through memory without a gap."""
    for item in body.items:
        if isinstance(item, Nest) and item.mode != "rows":
            _collapse_nest(item, extents)
            collapse(item.innermost, extents)


def _collapse_nest(nest: Nest, extents: Extents) -> None:
    outer = nest
    while len(outer.items) == 1 and isinstance(outer.items[0], Nest) and _contiguous(outer, outer.items[0]):
        inner = outer.items[0]
        nest.collapsed.append(outer)
        nest.flat_extent = extents.canonical(size_mul(nest.flat_extent, inner.extent))
        nest.innermost = inner
        outer = inner


def _contiguous(outer: Nest, inner: Nest) -> bool:
    if len(outer.bind) != len(inner.bind):
        return False
    touched = False
    for statement, b in inner.bind.items():
        a = outer.bind[statement]
        if (a in statement.reduced) != (b in statement.reduced):
            return False
        if statement.kind not in ("map", "reduce", "commit", "output"):
            return False
        accesses = [(index, shape) for _, index, shape in statement.reads]
        if statement.out:
            shape = statement.whole if statement.value is None else statement.value.shape
            accesses.append((statement.out, shape))
        for index, shape in accesses:
            found = _follow(index, shape, a, b, inner.extent)
            if found is None:
                return False
            touched |= found
        if statement.term is not None and _names_axis(statement.term, a, b, {}):
            return False
    return touched


def _follow(index: Index, shape: tuple[Size, ...], a: Axis, b: Axis, extent: Size) -> bool | None:
    """True: a and b are neighbours in `index`; False: neither is there; None: otherwise."""
    places: list[int] = []
    for place, entry in enumerate(index):
        if isinstance(entry, Dyn):
            return None
        if entry.axis is a or entry.axis is b:
            places.append(place)
    if not places:
        return False
    if len(places) != 2 or places[1] != places[0] + 1:
        return None
    first, second = index[places[0]], index[places[1]]
    if first == At(a, 1, ZERO) and second == At(b, 1, ZERO) and shape[places[1]] == extent:
        return True
    return None


def _names_axis(term: Term, a: Axis, b: Axis, seen: dict[Term, bool]) -> bool:
    """Whether a term uses a position as a number."""
    found = seen.get(term)
    if found is None:
        named = term.kind == "axis" and term.data.axis in (a, b)
        found = seen[term] = named or any(_names_axis(arg, a, b, seen) for arg in term.args)
    return found
