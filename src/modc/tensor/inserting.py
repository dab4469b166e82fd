"""Parts put into arrays and taken out: `insert`, `delete`, `append`; NumPy's meaning.

Constant positions cut the array into pieces that are joined; symbolic ones move every element on by the number of positions
in front of it, or leave it out by a mask. Neighbours: `joining`, `indexing`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from modc.graph import OPS, Node, Size, apply, cast, const, size_node
from modc.graph.build import shape_text
from modc.graph.dtype import INT64
from modc.graph.sizes import size_add
from modc.tensor import indexing, masks, ordering, picking, shapes
from modc.tensor.arguments import Expression, any_symbolic, axis_of, node_of
from modc.tensor.arrays import concatenate
from modc.tensor.axes import atleast_1d, moveaxis
from modc.tensor.joining import is_number
from modc.tensor.variable import Variable, as_variable, wrap

__all__ = [
    "append", "delete", "insert",
]  # fmt: skip


def append(x: Any, values: Any, axis: Any = None) -> Variable:
    """`values` behind x along `axis`; both flattened without one.

    >>> T.append([[1, 2]], [[3, 4]], axis=0).eval()
    array([[1, 2],
           [3, 4]])
    >>> T.append([1, 2], 3).eval()
    array([1, 2, 3])
    """
    one, two = as_variable(x), as_variable(values)
    if axis is None:
        return concatenate([atleast_1d(one).flatten(1), atleast_1d(two).flatten(1)], 0)
    return concatenate([one, two], axis)


def insert(x: Any, obj: Any, values: Any, axis: Any = None) -> Variable:
    """`values` put in before the positions `obj` (a number, a list or vector, a slice, a mask; symbolic or not) along
    `axis` (None: of the flattened array).

    Raises IndexError for positions outside.

    >>> T.insert([1, 2, 3], [0, 2], [8, 9]).eval()
    array([8, 1, 2, 9, 3])
    """
    value, place = _flat_or_axis(x, axis)
    size = value.node.shape[place]
    if isinstance(obj, Expression) and _is_symbolic(obj) and not obj.node.ndim:
        return _insert_at(value, wrap(cast(obj.node, INT64)), values, place)
    if not isinstance(size, int) and (isinstance(obj, slice) or _is_mask(obj) or _from_both_ends(obj)):
        return _insert_many(value, _positions(obj, size), values, place)
    if _is_symbolic(obj):
        return _insert_many(value, _positions(obj, size), values, place)
    single = is_number(obj)
    many = _constant_positions(obj, size, "insert")
    new = _rows(values, value.node, place, None if single else len(many))
    parts = [new] if len(many) == 1 else shapes.split(new, [1] * len(many), place)
    pieces: list[Variable] = []
    last: Any = 0
    for position, part in sorted(zip(many, parts, strict=True), key=lambda one: one[0]):
        pieces += [_piece(value, last, position, place), wrap(part)]
        last = position
    found = concatenate([*pieces, _piece(value, last, None, place)], place)
    return wrap(_reaching(found.node, [at for at in many if not isinstance(size, int)], size))


def _flat_or_axis(x: Any, axis: Any) -> tuple[Variable, int]:
    """x and an axis of it; flattened, and its only axis, where none is given."""
    value = as_variable(x)
    if axis is None:
        return value.flatten(1) if value.ndim else value.dimshuffle("x"), 0
    return value, axis_of(axis, value.ndim)


def _is_mask(obj: Any) -> bool:
    return not isinstance(obj, slice) and node_of(obj).dtype.kind == "b"


def _positions(obj: Any, size: Size) -> Node:
    """Positions that only the call knows, as a vector; those known are checked by `_insert_many`."""
    if isinstance(obj, slice):
        return wrap(picking.counted(size))[obj].node
    if _is_mask(obj):
        return masks.positions(node_of(obj))
    node = node_of(obj)
    if not node.dtype.is_integer or node.ndim != 1:
        raise IndexError(f"positions to insert are a vector of integers or a mask, not {shape_text(node)}")
    return cast(node, INT64)


def _insert_many(value: Variable, positions: Node, values: Any, axis: int) -> Variable:
    """Before several symbolic positions: each element moves on by the number of positions up to it."""
    size, count = value.node.shape[axis], positions.shape[0]
    total = wrap(size_node(size))
    at = wrap(positions)
    inside = (at >= -total) & (at <= total)
    at = wrap(shapes.required(positions, inside.node, "index", "position is out of bounds"))
    at = (at < 0).where(at + total, at)
    order = wrap(ordering.argsort(at.node, 0))
    ordered = at[order]
    new = wrap(_rows(values, value.node, axis, count))
    own = wrap(picking.counted(size))
    places = own + wrap(ordering.searchsorted(ordered.node, own.node, "right", None))
    before = (slice(None),) * axis
    sizes = [size_add(size, count) if one == axis else other for one, other in enumerate(value.node.shape)]
    found = shapes.broadcast_to(const(0, value.node.dtype), sizes)
    found = indexing.put(found, (*before, places), value.node, "set")
    found = indexing.put(found, (*before, ordered + wrap(picking.counted(count))), new[(*before, order)].node, "set")
    return wrap(found)


def _insert_at(value: Variable, position: Variable, values: Any, axis: int) -> Variable:
    """Before one symbolic position."""
    size = wrap(size_node(value.node.shape[axis]))
    inside = (position >= -size) & (position <= size)
    new = wrap(_rows(values, value.node, axis, None))
    found = concatenate([_piece(value, 0, position, axis), new, _piece(value, position, None, axis)], axis)
    return wrap(shapes.required(found.node, inside.node, "index", "position is out of bounds"))


def _rows(values: Any, like: Node, axis: int, count: Size | None) -> Node:
    """The values to insert, broadcast to the other sizes of `like`; `count` None: all before one position."""
    new = cast(node_of(values), like.dtype)
    if count is None and new.ndim:  # one position: the values' first axis goes where they are put in
        new = moveaxis(wrap(shapes.pad_left(new, max(new.ndim, like.ndim))), 0, axis).node
    new = shapes.pad_left(new, like.ndim)
    own = new.shape[axis]
    keep = count is None or (isinstance(count, int) and count == 1)
    sizes: list[Size] = [
        (own if keep or count is None else count) if at == axis else size for at, size in enumerate(like.shape)
    ]
    return shapes.broadcast_to(new, sizes)


def _constant_positions(obj: Any, size: Size, name: str) -> list[int]:
    """Positions as numbers that are all counted from the front, or (of unknown sizes) all from the end."""
    if isinstance(obj, slice):
        assert isinstance(size, int)
        return list(range(*obj.indices(size)))
    array = np.asarray(obj.node.value if isinstance(obj, Expression) else obj)
    array = array.astype(np.int64) if not array.size else np.flatnonzero(array) if array.dtype == bool else array
    if array.dtype.kind not in "iu" or array.ndim > 1:
        raise IndexError(f"positions to {name} are integers or a mask, not {array.dtype}")
    many = [int(one) for one in array.reshape(-1)]
    if isinstance(size, int):
        limit = size if name == "insert" else size - 1
        outside = [one for one in many if not -size <= one <= limit]
        if outside:
            raise IndexError(f"index {outside[0]} is out of bounds for axis with size {size}")
        return [one + size if one < 0 else one for one in many]
    return many


def _piece(value: Variable, start: Any, stop: Any, axis: int) -> Variable:
    """A range; negative bounds count from the end, and `start` is one that has been a `stop`."""
    return value[(slice(None),) * axis + (slice(start, stop),)]


def _reaching(node: Node, positions: list[int], size: Size) -> Node:
    """`node`, where a size that only the call knows reaches to the positions; else IndexError."""
    if not positions:
        return node
    least = max(at if at >= 0 else -at for at in positions)
    ok = apply(OPS["ge"], size_node(size), least)
    return shapes.required(node, ok, "index", "position is out of bounds")


def delete(x: Any, obj: Any, axis: Any = None) -> Variable:
    """x without the positions `obj` (a number, a list, a slice, a mask) along `axis` (None: of the flattened array).

    With symbolic positions the size of the result depends on data. Raises IndexError for positions outside.

    >>> T.delete([1, 2, 3, 4], [0, -1]).eval()
    array([2, 3])
    """
    value, place = _flat_or_axis(x, axis)
    before = (slice(None),) * place
    if isinstance(obj, (Expression, np.ndarray)) and node_of(obj).dtype.kind == "b":
        return value[(*before, ~as_variable(obj))]
    size = value.node.shape[place]
    if not isinstance(size, int) and (isinstance(obj, slice) or _from_both_ends(obj)):
        return _without(value, obj, place)
    if _is_symbolic(obj):
        return _without(value, obj, place)
    many = sorted(set(_constant_positions(obj, size, "delete")))
    if isinstance(size, int):
        return value[(*before, [at for at in range(size) if at not in set(many)])]
    ends = list(zip([0, *(at + 1 for at in many)], [*many, None], strict=True))
    if many and many[-1] == -1:
        del ends[-1]
    found = concatenate([_piece(value, start, stop, place) for start, stop in ends], place)
    return wrap(_reaching(found.node, [at if at < 0 else at + 1 for at in many], size))


def _is_symbolic(obj: Any) -> bool:
    if isinstance(obj, slice):
        return any(map(_is_symbolic, (obj.start, obj.stop, obj.step)))
    return (isinstance(obj, Expression) and obj.node.op.name != "const") or (isinstance(obj, (list, tuple)) and any_symbolic(obj))


def _from_both_ends(obj: Any) -> bool:
    if _is_symbolic(obj):
        return True
    array = np.asarray(obj.node.value if isinstance(obj, Expression) else obj)
    return array.dtype.kind == "i" and len(set((array < 0).reshape(-1).tolist())) > 1


def _without(value: Variable, obj: Any, axis: int) -> Variable:
    """By a mask."""
    size = value.node.shape[axis]
    marks = indexing.put(shapes.broadcast_to(const(True), [size]), obj, const(False), "set")
    return value[(slice(None),) * axis + (wrap(marks),)]
