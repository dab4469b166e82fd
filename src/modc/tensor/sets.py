"""Arrays as sets of elements: what differs, what two have in common. Results have the size that the data decide.

Sets have no gradient: asking for one through them raises NoGradientError.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from modc.graph import OPS, Node, apply, cast, const, size_node
from modc.graph.dtype import INT64
from modc.graph.sizes import size_min, size_product
from modc.tensor import masks, ordering, shapes
from modc.tensor.arguments import axis_of, node_of, nodes_together
from modc.tensor.variable import Variable, as_variable, wrap

__all__ = [
    "in1d", "intersect1d", "isin", "setdiff1d", "setxor1d", "union1d", "unique", "unique_all",
    "unique_counts", "unique_inverse", "unique_values",
]  # fmt: skip


def unique(
    x: Any, return_index: bool = False, return_inverse: bool = False, return_counts: bool = False, axis: Any = None,
    *, equal_nan: bool = True, sorted: bool = True,
) -> Any:  # fmt: skip
    """The different elements of x, ascending: a vector; several NaNs are one, unless equal_nan is False.

    With `return_index` also where each one is first in the flattened x, with `return_inverse` the positions that make x
    again of them, with `return_counts` how often each one is there.

    axis: the different slices along it, ordered by their first elements, then by their second, ... (there NaN is equal to
    nothing).

    >>> T.unique([3, 1, 3, 2], return_counts=True)[1].eval()
    array([1, 1, 2])
    """
    node = node_of(x)
    if axis is not None and node.ndim == 1:
        axis_of(axis, 1)
        axis = None  # the slices of a vector are its elements
    rows = shapes.flatten(node, 1) if axis is None else _rows(node, axis_of(axis, node.ndim))
    order: Node | None = None
    if axis is not None:
        order = apply(OPS["roworder"], rows)
    elif return_index or return_inverse:
        order = ordering.argsort(rows, 0)
    ordered = ordering.sort(rows, 0) if order is None else apply(OPS["gather"], rows, order, axes=(0,), at=0)
    first = _firsts(ordered, equal_nan and axis is None)
    places = masks.positions(first)
    values = apply(OPS["unique"], apply(OPS["gather"], ordered, places, axes=(0,), at=0))
    found = [values if axis is None else _back(values, node, axis_of(axis, node.ndim))]
    if return_index:
        assert order is not None
        found.append(ordering.picked(order, places, 0))
    if return_inverse:
        assert order is not None
        numbers = apply(OPS["sub"], apply(OPS["cumsum"], cast(first, INT64), axis=0), 1)
        back = apply(OPS["scatter"], numbers, numbers, order, axes=(0,), at=0, mode="set")
        found.append(shapes.reshape(back, node.shape) if axis is None else back)
    if return_counts:
        ends = apply(OPS["concat"], places, shapes.dimshuffle(size_node(rows.shape[0]), (-1,)), axis=0)
        found.append((wrap(ends)[1:] - wrap(ends)[:-1]).node)
    return wrap(found[0]) if len(found) == 1 else tuple(map(wrap, found))


def _rows(node: Node, axis: int) -> Node:
    """The slices along an axis as rows of a matrix."""
    moved = shapes.dimshuffle(node, [axis, *(at for at in range(node.ndim) if at != axis)])
    if node.ndim == 1:
        return shapes.dimshuffle(node, (0, -1))
    return shapes.reshape(moved, [moved.shape[0], size_product(list(moved.shape[1:]))])


def _back(values: Node, node: Node, axis: int) -> Node:
    """Rows as slices along an axis."""
    rest = [size for at, size in enumerate(node.shape) if at != axis]
    whole = shapes.reshape(values, [values.shape[0], *rest])
    order = list(range(1, node.ndim))
    order.insert(axis, 0)
    return shapes.dimshuffle(whole, order)


def unique_values(x: Any) -> Variable:
    """The different elements of x, ascending; every NaN is one of its own.

    >>> T.unique_values([3, 1, 3, 2]).eval()
    array([1, 2, 3])
    """
    found: Variable = unique(x, equal_nan=False)
    return found


def unique_counts(x: Any) -> UniqueCounts:
    """The different elements of x, ascending, and how often each one is there; every NaN is one of its own.

    >>> [one.eval() for one in T.unique_counts([3, 1, 3])]
    [array([1, 3]), array([1, 2])]
    """
    return UniqueCounts(*unique(x, return_counts=True, equal_nan=False))


def unique_inverse(x: Any) -> UniqueInverse:
    """The different elements of x, ascending, and the positions that make x again of them; every NaN is one of its own.

    >>> [one.eval() for one in T.unique_inverse([3, 1, 3])]
    [array([1, 3]), array([1, 0, 1])]
    """
    return UniqueInverse(*unique(x, return_inverse=True, equal_nan=False))


def unique_all(x: Any) -> UniqueAll:
    """The different elements of x, ascending, where each one is first, the positions that make x again of them, and how
    often each one is there; every NaN is one of its own.

    >>> [one.eval() for one in T.unique_all([3, 1, 3])]
    [array([1, 3]), array([1, 0]), array([1, 0, 1]), array([1, 2])]
    """
    return UniqueAll(*unique(x, return_index=True, return_inverse=True, return_counts=True, equal_nan=False))


class UniqueCounts(NamedTuple):
    """What `unique_counts` gives."""

    values: Variable
    counts: Variable


class UniqueInverse(NamedTuple):
    """What `unique_inverse` gives."""

    values: Variable
    inverse_indices: Variable


class UniqueAll(NamedTuple):
    """What `unique_all` gives."""

    values: Variable
    indices: Variable
    inverse_indices: Variable
    counts: Variable


def _firsts(ordered: Node, equal_nan: bool) -> Node:
    """Whether each element of a sorted vector, or row of a matrix, differs from the one before it."""
    value = wrap(ordered)
    differ = value[1:].function("ne", value[:-1])
    if equal_nan and ordered.dtype.is_float:
        differ = differ & ~value[:-1].function("isnan")  # behind NaN there is only NaN
    differ = differ if ordered.ndim == 1 else differ.any(1)
    lead = shapes.broadcast_to(const(True), [size_min(ordered.shape[0], 1)])
    return apply(OPS["concat"], lead, differ.node, axis=0)


def isin(element: Any, test_elements: Any, assume_unique: bool = False, invert: bool = False, *, kind: Any = None) -> Variable:
    """Whether each element of the first is one of the second (with `invert`: is none). NaN is equal to nothing.

    >>> T.isin([[1, 2], [3, 4]], [2, 4]).eval()
    array([[False,  True],
           [False,  True]])
    """
    first, second = nodes_together([element, test_elements])
    ordered = ordering.sort(shapes.flatten(second, 1), 0)
    up_to, below = (apply(OPS["searchsorted"], ordered, first, right=right) for right in (True, False))
    found = wrap(apply(OPS["gt"], up_to, below))
    if first.dtype.is_float:
        found = found & ~wrap(first).function("isnan")
    return ~found if invert else found


def in1d(x: Any, test_elements: Any, assume_unique: bool = False, invert: bool = False) -> Variable:
    """As isin, of the flattened x.

    >>> T.in1d([1, 2, 3], [2], invert=True).eval()
    array([ True, False,  True])
    """
    return isin(as_variable(x).flatten(1), test_elements, assume_unique, invert)


def union1d(a: Any, b: Any) -> Variable:
    """The different elements of a and b together, ascending.

    >>> T.union1d([3, 1], [2, 3]).eval()
    array([1, 2, 3])
    """
    parts = [shapes.flatten(one, 1) for one in nodes_together([a, b])]
    found: Variable = unique(wrap(apply(OPS["concat"], *parts, axis=0)))
    return found


def intersect1d(a: Any, b: Any, assume_unique: bool = False, return_indices: bool = False) -> Any:
    """The different elements that are both in a and in b, ascending; with `return_indices` also where each is first in
    the flattened a and b.

    >>> T.intersect1d([3, 1, 2], [2, 3, 3]).eval()
    array([2, 3])
    """
    first, second = (wrap(shapes.flatten(one, 1)) for one in nodes_together([a, b]))
    if not return_indices:
        own = unique(first)
        return own[isin(own, second)]
    own, places = unique(first, return_index=True)
    common = isin(own, second)
    values = own[common]
    order = ordering.argsort(second.node, 0)
    at = ordering.searchsorted(second.node, values.node, "left", order)
    return values, places[common], wrap(ordering.picked(order, at, 0))


def setdiff1d(a: Any, b: Any, assume_unique: bool = False) -> Variable:
    """The different elements of a that are not in b, ascending; with `assume_unique` in the order of a.

    >>> T.setdiff1d([3, 1, 2, 1], [2]).eval()
    array([1, 3])
    """
    first, second = nodes_together([a, b])
    own: Variable = wrap(shapes.flatten(first, 1)) if assume_unique else unique(wrap(first))
    return own[isin(own, wrap(second), invert=True)]


def setxor1d(a: Any, b: Any, assume_unique: bool = False) -> Variable:
    """The different elements that are in just one of a and b, ascending.

    >>> T.setxor1d([1, 2], [2, 3]).eval()
    array([1, 3])
    """
    parts = [setdiff1d(one, other).node for one, other in ((a, b), (b, a))]
    found = ordering.sort(apply(OPS["concat"], *parts, axis=0), 0)
    return wrap(found)
