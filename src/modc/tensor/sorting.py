"""Sorting, and finding places in what is sorted; NumPy's meaning: NaN behind all numbers, -0.0 equal to 0.0.

Every sort is stable: equal elements keep their order. The gradient of a sorted array goes to the places that its elements
come from.
"""

from __future__ import annotations

from typing import Any

from modc.graph import OPS, apply, size_node
from modc.tensor import ordering
from modc.tensor.arguments import Expression, axis_of, node_of, nodes_together, size_argument
from modc.tensor.reducing import checked_kind
from modc.tensor.variable import Variable, as_variable, wrap

__all__ = [
    "argpartition", "argsort", "argtopk", "lexsort", "msort", "partition", "searchsorted", "sort", "topk",
    "topk_and_argtopk",
]  # fmt: skip


def sort(x: Any, axis: Any = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> Variable:
    """A sorted copy along `axis` (None: of the flattened array), NaN last.

    `kind` and `stable` choose an algorithm in NumPy; here all are stable.

    >>> T.sort([3.0, np.nan, 1.0]).eval()
    array([ 1.,  3., nan])
    >>> T.sort([[2, 1], [0, 5]], axis=0).eval()
    array([[0, 1],
           [2, 5]])
    """
    checked_kind(kind, order)
    return wrap(ordering.sort(node_of(x), axis))


def argsort(x: Any, axis: Any = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> Variable:
    """The positions that sort x along `axis` (None: the flattened array), int64; equal elements keep their order.

    >>> T.argsort([3, 1, 1, 2]).eval()
    array([1, 2, 3, 0])
    """
    checked_kind(kind, order)
    return wrap(ordering.argsort(node_of(x), axis))


def msort(x: Any) -> Variable:
    """A sorted copy along the first axis.

    >>> T.msort([[2, 1], [0, 5]]).eval()
    array([[0, 1],
           [2, 5]])
    """
    return sort(x, 0)


def partition(x: Any, kth: Any, axis: Any = -1, kind: str = "introselect", order: Any = None) -> Variable:
    """A copy in which the element at each position `kth` along `axis` is where sorting puts it, what is smaller in front
    of it and the rest behind: here all of it is sorted.

    Raises ValueError for positions known to be outside.

    >>> T.partition([3, 1, 4, 1, 5], 2)[2].eval()
    array(3)
    """
    checked_kind(None, order)
    return as_variable(x).partition(kth, axis)


def argpartition(x: Any, kth: Any, axis: Any = -1, kind: str = "introselect", order: Any = None) -> Variable:
    """The positions that `partition` along `axis`: here those that sort.

    >>> T.argpartition([3, 1, 4, 1, 5], 0)[0].eval()
    array(1)
    """
    checked_kind(None, order)
    return as_variable(x).argpartition(kth, axis)


def lexsort(keys: Any, axis: int = -1) -> Variable:
    """The positions that sort by several keys along `axis`: by the last key, where it ties by the one before it, ...

    keys: a sequence of arrays of one shape, or an array whose first axis counts the keys.

    >>> T.lexsort(([1, 2, 1], [5, 5, 4])).eval()
    array([2, 0, 1])
    """
    if isinstance(keys, Expression):
        whole = as_variable(keys)
        count = whole.node.shape[0]
        if not isinstance(count, int):
            raise ValueError("lexsort needs to know how many keys there are: give a list of arrays")
        keys = [whole[at] for at in range(count)]
    many = [as_variable(key).node for key in keys]
    if not many:
        raise TypeError("need sequence of keys with len > 0 in lexsort")
    place = axis_of(axis, many[0].ndim)
    found = ordering.argsort(many[0], place)
    for key in many[1:]:
        found = ordering.picked(found, ordering.argsort(ordering.picked(key, found, place), place), place)
    return wrap(found)


def searchsorted(x: Any, v: Any, side: str = "left", sorter: Any = None) -> Variable:
    """For each of `v` the position in the sorted vector `x` where it would be put: before the elements equal to it
    ("left"), or behind them ("right"); int64, in the shape of v.

    sorter: positions that sort x, which then need not be sorted itself.

    >>> T.searchsorted([1, 3, 3], [3, 4], side="left").eval()
    array([1, 3])
    """
    ordered, values = nodes_together([x, v])
    return wrap(ordering.searchsorted(ordered, values, side, None if sorter is None else node_of(sorter)))


def topk(x: Any, kth: Any, axis: Any = -1, sorted: bool = True, idx_dtype: str = "int64") -> Variable:
    """The `kth` largest elements along `axis` (None: of the flattened array), largest first; NaN is the largest.

    A negative kth gives the smallest, smallest first. The order is the same for sorted=False. kth may be symbolic if it
    is positive. Raises ValueError for 0 and for more elements than there are known to be; a call gives as many as there
    are.

    >>> T.topk([3, 1, 4, 1, 5], 2).eval(), T.topk([3, 1, 4, 1, 5], -2).eval()
    (array([5, 4]), array([1, 1]))
    """
    return topk_and_argtopk(x, kth, axis, sorted, idx_dtype)[0]


def argtopk(x: Any, kth: Any, axis: Any = -1, sorted: bool = True, idx_dtype: str = "int64") -> Variable:
    """The positions of what `topk` gives; of equal elements the first come first.

    >>> T.argtopk([3, 1, 4, 1, 5], 2).eval()
    array([4, 2])
    """
    return topk_and_argtopk(x, kth, axis, sorted, idx_dtype)[1]


def topk_and_argtopk(
    x: Any, kth: Any, axis: Any = -1, sorted: bool = True, idx_dtype: str = "int64"
) -> tuple[Variable, Variable]:
    """`topk` and `argtopk` together.

    >>> [one.eval() for one in T.topk_and_argtopk([3, 1, 4, 1, 5], 2)]
    [array([5, 4]), array([4, 2])]
    """
    node, place = ordering.along_axis(node_of(x), axis)
    down, count = True, size_argument(kth)
    if isinstance(count, int):
        down, count = count > 0, abs(count)
        size = node.shape[place]
        if not count:
            raise ValueError("topk: kth is 0: it must be 1 or more, or negative for the smallest elements")
        if isinstance(size, int) and count > size:
            raise ValueError(f"topk: kth is {kth}, but there are {size} elements along axis {place}")
    positions = apply(OPS["argtopk"], node, size_node(count), axis=place, down=down)
    return wrap(ordering.picked(node, positions, place)), wrap(positions).astype(idx_dtype)
