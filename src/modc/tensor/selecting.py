"""Picking elements and changing them: by positions, by masks, along an axis; positions of what is not 0.

Where NumPy writes into an array (put, putmask, place, put_along_axis), the functions here give a changed copy: the
graph has no memory to write into. Neighbours: `indexing` has x[items], `picking` and `masks` the work at node level.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from modc.errors import ShapeError
from modc.graph import OPS, Node, apply, cast, size_node
from modc.graph.dtype import BOOL, INT64
from modc.graph.sizes import size_product
from modc.tensor import masks, picking, shapes
from modc.tensor.arguments import axis_of, node_of, nodes_together
from modc.tensor.methods import flat_positions
from modc.tensor.variable import Variable, as_variable, wrap

__all__ = [
    "argwhere", "choose", "compress", "count_nonzero", "extract", "flatnonzero", "inc_subtensor", "max_subtensor",
    "min_subtensor", "mul_subtensor", "nonzero", "nonzero_values", "place", "put", "put_along_axis", "putmask",
    "ravel_multi_index", "select", "set_subtensor", "take", "take_along_axis", "unravel_index",
]  # fmt: skip


def take(x: Any, indices: Any, axis: Any = None, mode: str = "raise") -> Variable:
    """The elements of x at `indices` along `axis` (None: of the flattened array).

    mode    "raise" (IndexError for positions outside), "wrap" (they go on from the start) or "clip" (they stop at the
            ends; negative ones too)

    >>> T.take([10, 20, 30], [2, 0, -1]).eval()
    array([30, 10, 30])
    >>> T.take([10, 20, 30], [3, -5], mode="clip").eval()
    array([30, 10])
    """
    return as_variable(x).take(indices, axis, mode)  # type: ignore[no-any-return]


def take_along_axis(x: Any, indices: Any, axis: Any = -1) -> Variable:
    """For each place of `indices` the element of that row of x, as argsort and argmax give positions along an axis.

    Both have as many dimensions; axes of size 1 broadcast. axis=None: of the flattened array.

    >>> x = T.constant([[3, 1], [2, 4]])
    >>> T.take_along_axis(x, T.argsort(x, axis=1), axis=1).eval()
    array([[1, 3],
           [2, 4]])
    """
    node, positions = node_of(x), _integers(indices)
    if axis is None:
        return wrap(picking.take_along(shapes.flatten(node, 1), positions, 0))
    return wrap(picking.take_along(node, positions, axis_of(axis, node.ndim)))


def put_along_axis(x: Any, indices: Any, values: Any, axis: Any, mode: str = "set") -> Variable:
    """`x` with `values` set at the elements that take_along_axis gives; of values for one place the last stays.

    mode    "set", "add", "mul", "min" or "max": what values do with the elements that are there

    >>> T.put_along_axis([[1, 2], [3, 4]], [[0], [1]], 0, axis=1).eval()
    array([[0, 2],
           [3, 0]])
    """
    target, value = nodes_together([x, values])
    positions = _integers(indices)
    if axis is None:
        flat = picking.put_along(shapes.flatten(target, 1), positions, value, 0, mode)
        return wrap(shapes.reshape(flat, target.shape))
    return wrap(picking.put_along(target, positions, value, axis_of(axis, target.ndim), mode))


def _integers(indices: Any) -> Any:
    node = node_of(indices)
    if not node.dtype.is_integer:
        raise IndexError(f"positions are integers, not {node.dtype.name}")
    return node


# Set and combine


def set_subtensor(part: Variable, value: Any, inplace: bool = False, tolerate_inplace_aliasing: bool = False) -> Variable:
    """For `part` = x[items]: x with `value` in that place. x itself does not change.

    With a mask, x[mask], and a scalar this is a choice for every element; of several values for one place the last
    stays. `inplace` and `tolerate_inplace_aliasing` are there for Theano's callers: modc writes in place where it can.

    >>> x = T.constant([1, 2, 3])
    >>> T.set_subtensor(x[1:], 0).eval(), x.eval()
    (array([1, 0, 0]), array([1, 2, 3]))
    """
    return _changed(part, value, "set")


def inc_subtensor(
    part: Variable, value: Any, inplace: bool = False, tolerate_inplace_aliasing: bool = False,
    ignore_duplicates: bool = False,
) -> Variable:  # fmt: skip
    """For `part` = x[items]: x with `value` added in that place; values for positions that repeat add up.

    ignore_duplicates    as NumPy's x[items] += value: of several values for one place the last one counts

    >>> x = T.constant([1, 2, 3])
    >>> T.inc_subtensor(x[[0, 0, 2]], 10).eval()
    array([21,  2, 13])
    """
    if ignore_duplicates:
        return _changed(part, part + value, "set")
    return _changed(part, value, "add")


def mul_subtensor(part: Variable, value: Any) -> Variable:
    """For `part` = x[items]: x with that place multiplied by `value`; values for one place multiply up.

    >>> x = T.constant([1, 5, 3])
    >>> T.mul_subtensor(x[1:], 10).eval()
    array([ 1, 50, 30])
    """
    return _changed(part, value, "mul")


def min_subtensor(part: Variable, value: Any) -> Variable:
    """For `part` = x[items]: x with the smaller of what is in that place and `value`; NaN wins.

    >>> x = T.constant([1, 5, 3])
    >>> T.min_subtensor(x[:2], 4).eval()
    array([1, 4, 3])
    """
    return _changed(part, value, "min")


def max_subtensor(part: Variable, value: Any) -> Variable:
    """For `part` = x[items]: x with the larger of what is in that place and `value`; NaN wins.

    >>> x = T.constant([1, 5, 3])
    >>> T.max_subtensor(x[:2], 4).eval()
    array([4, 5, 3])
    """
    return _changed(part, value, "max")


def _changed(part: Any, value: Any, mode: str) -> Variable:
    if not isinstance(part, Variable):
        raise TypeError("set_subtensor and inc_subtensor take an indexed Variable: set_subtensor(x[1:], value)")
    return part.changed(value, mode)  # type: ignore[no-any-return]


def put(x: Any, indices: Any, values: Any, mode: str = "raise") -> Variable:
    """`x` with `values`, repeated as often as needed, at `indices` of the flattened array. mode: see `take`.

    >>> T.put([1, 2, 3], [0, -1], [10, 30]).eval()
    array([10,  2, 30])
    """
    target, value = nodes_together([x, values])
    flat, places = shapes.flatten(target, 1), shapes.flatten(node_of(indices), 1)
    places = picking.within(places, flat.shape[0], mode)
    changed = apply(
        OPS["scatter"], flat, _cycled(wrap(value), wrap(picking.counted(places.shape[0]))).astype(target.dtype).node,
        places, axes=(0,), at=0, mode="set",
    )  # fmt: skip
    return wrap(shapes.reshape(changed, target.shape))


def _cycled(values: Variable, numbers: Variable) -> Variable:
    """The elements of the flattened values at `numbers`, starting again behind the last."""
    flat = values.flatten(1) if values.ndim else values.dimshuffle("x")
    if flat.node.shape[0] == 1:
        return flat.dimshuffle()
    if flat.node.shape[0] is numbers.node.shape[0] or flat.node.shape[0] == numbers.node.shape[0]:
        return flat
    return flat[numbers % flat.shape[0]]


def putmask(x: Any, mask: Any, values: Any) -> Variable:
    """`x` with `values` where the mask is true; where their shapes differ, the i-th value (counted on from the start
    again) goes to the i-th element.

    >>> T.putmask([1, 2, 3], [True, False, True], [10, 20, 30]).eval()
    array([10,  2, 30])
    """
    target, value = nodes_together([x, values])
    value = cast(value, target.dtype)
    kept = masks.matched(cast(node_of(mask), BOOL), target.shape)
    if value.ndim and not shapes.same_sizes(value.shape, target.shape):
        numbers = wrap(target).numbered()
        flat = wrap(value).flatten(1)
        value = (flat.dimshuffle() if flat.node.shape[0] == 1 else flat[numbers % flat.shape[0]]).node
    return wrap(apply(OPS["where"], kept, value, target))


def place(x: Any, mask: Any, values: Any) -> Variable:
    """`x` with the first values where the mask is true, in order, starting again behind the last.

    >>> T.place([1, 2, 3, 4], [True, False, True, True], [10, 20]).eval()
    array([10,  2, 20, 10])
    """
    target, value = nodes_together([x, values])
    marks = masks.matched(cast(node_of(mask), BOOL), target.shape)
    if shapes.flatten(value, 1).shape[0] == 1:
        return wrap(apply(OPS["where"], marks, cast(wrap(value).flatten(1).dimshuffle().node, target.dtype), target))
    places = masks.positions(marks)
    chosen = _cycled(wrap(value), wrap(picking.counted(places.shape[0]))).astype(target.dtype)
    changed = apply(OPS["scatter"], shapes.flatten(target, 1), chosen.node, places, axes=(0,), at=0, mode="set")
    return wrap(shapes.reshape(changed, target.shape))


# What is not 0


def nonzero(x: Any, return_matrix: bool = False) -> Any:
    """For each axis the positions of the elements that are not 0, int64; with return_matrix the rows of a matrix.

    How many there are depends on data: x[nonzero(mask)] and x[mask] are arrays of a size that only the call knows.
    Raises ValueError for scalars.

    >>> [one.eval() for one in T.nonzero([[0, 5], [6, 0]])]
    [array([0, 1]), array([1, 0])]
    """
    return as_variable(x).nonzero(return_matrix)


def flatnonzero(x: Any) -> Variable:
    """The positions in the flattened array of the elements that are not 0, int64.

    >>> T.flatnonzero([[0, 5], [6, 0]]).eval()
    array([1, 2])
    """
    return wrap(masks.positions(cast(node_of(x), BOOL)))


def nonzero_values(x: Any) -> Variable:
    """The elements that are not 0, row-major.

    >>> T.nonzero_values([[0, 5], [6, 0]]).eval()
    array([5, 6])
    """
    return as_variable(x).nonzero_values()  # type: ignore[no-any-return]


def argwhere(x: Any) -> Variable:
    """The positions of the elements that are not 0: one row for each, one column for each axis.

    >>> T.argwhere([[0, 5], [6, 0]]).eval()
    array([[0, 1],
           [1, 0]])
    """
    node = cast(node_of(x), BOOL)
    if not node.ndim:
        count = masks.count_true(node)
        return wrap(shapes.broadcast_to(cast(node_of(np.zeros((1, 0))), INT64), [1, 0]))[: wrap(count)]
    columns = [shapes.dimshuffle(one, (0, -1)) for one in masks.coordinates(node)]
    return wrap(apply(OPS["concat"], *columns, axis=1))


def count_nonzero(x: Any, axis: Any = None, keepdims: bool = False) -> Variable:
    """How many elements over `axis` (None: all) are not 0, int64.

    >>> T.count_nonzero([[0, 5], [6, 7]], axis=1).eval()
    array([1, 2])
    """
    return wrap(cast(node_of(x), BOOL)).sum(axis, "int64", keepdims)


def compress(condition: Any, x: Any, axis: Any = None) -> Variable:
    """The slices of x along `axis` (None: elements of the flattened array) where a vector is true.

    >>> T.compress([False, True], [[1, 2], [3, 4]], axis=0).eval()
    array([[3, 4]])
    """
    return as_variable(x).compress(condition, axis)  # type: ignore[no-any-return]


def extract(condition: Any, x: Any) -> Variable:
    """The elements of x where the condition is true, row-major.

    >>> T.extract([True, False, True], [1, 2, 3]).eval()
    array([1, 3])
    """
    return as_variable(x).compress(as_variable(condition).flatten(1))  # type: ignore[no-any-return]


# Out of several arrays


def choose(x: Any, choices: Any, mode: str = "raise") -> Variable:
    """For each element of x the choice of that number. mode: "raise" (ValueError), "wrap" or "clip".

    choices: a list of arrays, or an array whose first axis counts them.

    >>> T.choose([0, 1, 0], [[1, 2, 3], [10, 20, 30]]).eval()
    array([ 1, 20,  3])
    """
    if isinstance(choices, Variable) and choices.ndim and not isinstance(choices.node.shape[0], int):
        return _chosen(_integers(x), choices.node, mode)
    return as_variable(x).choose(choices, mode)  # type: ignore[no-any-return]


def _chosen(number: Node, choices: Node, mode: str) -> Variable:
    """Out of an array of unknown length: by positions along its first axis."""
    places = picking.within(number, choices.shape[0], mode)
    if mode == "raise":
        inside = apply(OPS["and_"], apply(OPS["ge"], places, 0), apply(OPS["lt"], places, size_node(choices.shape[0])))
        places = shapes.required(places, inside, "value", "invalid entry in choice array")
    rest = [
        shapes.dimshuffle(picking.counted(size), [0 if at == axis else -1 for at in range(choices.ndim - 1)])
        for axis, size in enumerate(choices.shape[1:])
    ]
    return wrap(apply(OPS["gather"], choices, places, *rest, axes=tuple(range(choices.ndim)), at=0))


def select(condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0) -> Variable:
    """For each element the choice of the first condition that is true, else `default`.

    Raises ValueError where the lists differ in length or are empty.

    >>> T.select([[True, False, False], [True, True, False]], [[1, 2, 3], [10, 20, 30]], default=-1).eval()
    array([ 1, 20, -1])
    """
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    if not condlist:
        raise ValueError("select with an empty condition list is not possible")
    *choices, found = nodes_together([*choicelist, default])
    for condition, choice in zip(reversed(condlist), reversed(choices), strict=True):
        found = apply(OPS["where"], cast(node_of(condition), BOOL), choice, found)
    return wrap(found)


# Positions in the flattened array


def unravel_index(indices: Any, shape: Any, order: str = "C") -> tuple[Variable, ...]:
    """Positions in a flattened array of a shape as positions along each axis. order: "C" (row-major) or "F".

    A call with positions outside raises ValueError.

    >>> [one.eval() for one in T.unravel_index([2, 3], (2, 3))]
    [array([0, 1]), array([2, 0])]
    """
    sizes = _ordered(shapes.sizes_argument(shape), order)
    flat, total = cast(_integers(indices), INT64), size_product(sizes)
    inside = apply(OPS["and_"], apply(OPS["ge"], flat, 0), apply(OPS["lt"], flat, size_node(total)))
    flat = shapes.required(_known_inside(flat, inside), inside, "value", "index is out of bounds for array")
    found = masks.unravelled(flat, tuple(sizes)) if sizes else []
    return tuple(wrap(one) for one in _ordered(found, order))


def _known_inside(flat: Any, inside: Any) -> Any:
    """`flat`; raises ValueError where it is known to be outside."""
    if flat.op.name == "const" and inside.args[1].args[1].op.name == "const":
        bad = flat.value[(flat.value < 0) | (flat.value >= inside.args[1].args[1].value)]
        if bad.size:
            raise ValueError(f"index {bad.flat[0]} is out of bounds for array with size {inside.args[1].args[1].value}")
    return flat


def _ordered(many: Sequence[Any], order: str) -> list[Any]:
    if order not in ("C", "F"):
        raise ValueError("only 'C' or 'F' order is permitted")
    return list(many) if order == "C" else list(many)[::-1]


def ravel_multi_index(multi_index: Any, dims: Any, mode: Any = "raise", order: str = "C") -> Variable:
    """Positions along each axis as positions in the flattened array of a shape.

    mode    "raise" (ValueError), "wrap" or "clip", for all axes or for each. order: "C" (row-major) or "F"

    >>> T.ravel_multi_index(([0, 1], [2, 0]), (2, 3)).eval()
    array([2, 3])
    """
    sizes = shapes.sizes_argument(dims)
    many = [_integers(one) for one in (multi_index if isinstance(multi_index, (list, tuple)) else as_variable(multi_index))]
    if len(many) != len(sizes):
        raise ShapeError(f"parameter multi_index must be a sequence of length {len(sizes)}")
    modes = [mode] * len(sizes) if isinstance(mode, str) else list(mode)
    found = []
    for position, size, how in zip(many, sizes, modes, strict=True):
        place = picking.within(position, size, how)
        inside = apply(OPS["and_"], apply(OPS["ge"], place, 0), apply(OPS["lt"], place, size_node(size)))
        place = place if how != "raise" else shapes.required(place, inside, "value", "invalid entry in coordinates array")
        found.append(place)
    return wrap(flat_positions(_ordered(found, order), _ordered(sizes, order)))
