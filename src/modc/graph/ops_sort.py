"""The table of sorting, searching in sorted arrays, and convolution of vectors.

NumPy's order: NaN behind all numbers, equal elements in the order they come in; a sorted array has -0.0 before 0.0.
Neighbours: `schedule.whole` calls csrc/modc_sort.h and csrc/modc_convolve.h.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from modc.graph import rules
from modc.graph.build import size_of
from modc.graph.dtype import INT64, DType
from modc.graph.node import Node, Size
from modc.graph.op import Op, table
from modc.graph.ops_call import around
from modc.graph.sizes import (
    size_add,
    size_floordiv,
    size_max,
    size_min,
    size_mul,
    size_product,
    size_sub,
)

Array = np.ndarray[Any, Any]

#: MODC_ORDER_FEW of the header: shorter rows need no counters.
FEW = 256
#: MODC_SORT_LANES: no longer rows are sorted as columns.
LANES = 512

# Sorting


def _sort(x: Array, axis: int) -> Array:
    """As np.sort, with -0.0 before 0.0: as integers that have the order of the floats."""
    if x.dtype.kind != "f":
        return np.sort(x, axis=axis)
    whole = np.dtype(f"i{x.itemsize}")
    rest = whole.type(np.iinfo(whole).max)
    keys = np.where(np.isnan(x), np.abs(x), x).astype(x.dtype).view(whole)
    keys = np.sort(np.where(keys < 0, keys ^ rest, keys), axis=axis)
    return np.where(keys < 0, keys ^ rest, keys).view(x.dtype)


def _argsort(x: Array, axis: int, down: bool) -> Array:
    if not down:
        return np.argsort(x, axis=axis, kind="stable")
    turned = np.flip(np.argsort(np.flip(x, axis), axis=axis, kind="stable"), axis)
    return np.asarray(x.shape[axis] - 1 - turned)


def _counters(n: Size, bytes_: int) -> Size:
    """256 for each byte of a key."""
    return 0 if isinstance(n, int) and n < FEW else 256 * bytes_


def _scratch(args: Sequence[Node], axis: int, bytes_: int, rows: int) -> Size:
    """Words for some rows of keys, or for a block of short rows; and counters."""
    n = args[0].shape[axis]
    words = size_floordiv(size_add(size_mul(n, rows * bytes_), 7), 8)
    return size_add(_columns(args, axis, words), _counters(n, bytes_))


def _columns(args: Sequence[Node], axis: int, words: Size) -> Size:
    """So many words, or those of a block of short rows as columns of 64 bytes, if there may be one."""
    outer, n, inner = around(args, axis)
    if outer == 1 == inner or (isinstance(n, int) and n > LANES):
        return words
    return size_max(words, size_mul(size_min(n, LANES), 8))


def _sort_scratch(args: Sequence[Node], axis: int) -> Size:
    return _scratch(args, axis, args[0].dtype.bytes, 2)


def _argsort_scratch(args: Sequence[Node], axis: int, down: bool) -> Size:
    return _scratch(args, axis, 8, 4)


def _ranked(x: Array, ranks: Array, axis: int) -> Array:
    if not x.shape[axis]:
        return np.zeros((*x.shape[:axis], len(ranks), *x.shape[axis + 1 :]), x.dtype)
    return np.take(_sort(x, axis), ranks, axis, mode="clip")


def _ranked_shape(args: Sequence[Node], axis: int) -> tuple[Size, ...]:
    return tuple(args[1].shape[0] if at == axis else size for at, size in enumerate(args[0].shape))


def _ranked_sizes(args: Sequence[Node], axis: int) -> tuple[Size, ...]:
    return (*around(args, axis), args[1].shape[0])


def _ranked_scratch(args: Sequence[Node], axis: int) -> Size:
    return _scratch(args, axis, max(args[0].dtype.bytes, 4), 2)


def _ranked_dtypes(dtypes: Sequence[DType], axis: int) -> rules.DTypes:
    return (dtypes[0], INT64), dtypes[0]


def _ranked_gradient(g: Any, y: Any, x: Any, ranks: Any, axis: int) -> tuple[Any, None]:
    """Each element's gradient goes to the place that it comes from."""
    return x.zeros_like().add_along(g, x.order(axis).take(ranks, axis), axis), None


def _argsort_sizes(args: Sequence[Node], axis: int, down: bool) -> tuple[Size, ...]:
    return (*around(args, axis), int(down))


def _argsort_dtypes(dtypes: Sequence[DType], axis: int, down: bool) -> rules.DTypes:
    return rules.positions(dtypes)


def _argtopk(x: Array, count: Any, axis: int, down: bool) -> Array:
    return np.take(_argsort(x, axis, down), np.arange(min(int(count), x.shape[axis])), axis)


def _top_count(args: Sequence[Node], axis: int) -> Size:
    return size_min(size_of(args[1]), args[0].shape[axis])


def _argtopk_shape(args: Sequence[Node], axis: int, down: bool) -> tuple[Size, ...]:
    return tuple(_top_count(args, axis) if at == axis else size for at, size in enumerate(args[0].shape))


def _argtopk_sizes(args: Sequence[Node], axis: int, down: bool) -> tuple[Size, ...]:
    return (*around(args, axis), int(down), _top_count(args, axis))


def _argtopk_scratch(args: Sequence[Node], axis: int, down: bool) -> Size:
    """Rooms for twice as many keys, positions and words and a few more, or a block of short rows; and counters."""
    room = size_add(size_mul(_top_count(args, axis), 2), 128)
    return size_add(_columns(args, axis, size_mul(room, 5)), _counters(room, 8))


def _argtopk_dtypes(dtypes: Sequence[DType], axis: int, down: bool) -> rules.DTypes:
    return (dtypes[0], INT64), INT64


def _sort_gradient(g: Any, y: Any, x: Any, axis: int) -> tuple[Any]:
    """Each element's gradient goes to the place that it comes from."""
    return (x.zeros_like().add_along(g, x.order(axis), axis),)


def _search(sorted_: Array, values: Array, right: bool) -> Array:
    return np.asarray(np.searchsorted(sorted_, values, "right" if right else "left"), dtype=np.int64)


def _search_dtypes(dtypes: Sequence[DType], right: bool) -> rules.DTypes:
    common = rules.promoted(dtypes)
    return (common, common), INT64


def _search_sizes(args: Sequence[Node], right: bool) -> tuple[Size, ...]:
    return args[0].shape[0], size_product(list(args[1].shape)), int(right)


# Convolution of the last axes; those in front are a batch


def _each(a: Array, v: Array) -> Array:
    """All sums, for each of the batch."""
    result = np.zeros((*a.shape[:-1], a.shape[-1] + v.shape[-1] - 1), a.dtype)
    for place in np.ndindex(*a.shape[:-1]):
        result[place] = np.convolve(a[place], v[place])
    return result


def _window(sums: Array, first: int, count: int) -> Array:
    """`count` of the sums from `first` on, 0 where there are none."""
    padded = np.zeros((*sums.shape[:-1], count), sums.dtype)
    start, stop = max(first, 0), min(first + count, sums.shape[-1])
    if start < stop:
        padded[..., start - first : stop - first] = sums[..., start:stop]
    return padded


def _convolve(a: Array, v: Array, valid: bool) -> Array:
    n, m = a.shape[-1], v.shape[-1]
    return _window(_each(a, v), min(n, m) - 1, abs(n - m) + 1) if valid else _each(a, v)


def _convolve_part(a: Array, v: Array, like: Array, up: bool) -> Array:
    count = like.shape[-1]
    return _window(_each(a, v), (a.shape[-1] + v.shape[-1] - 1 - count + up) // 2, count)


def _all_sums(args: Sequence[Node]) -> Size:
    return size_sub(size_add(args[0].shape[-1], args[1].shape[-1]), 1)


def _convolve_count(args: Sequence[Node], valid: bool) -> Size:
    n, m = args[0].shape[-1], args[1].shape[-1]
    return size_add(size_sub(size_max(n, m), size_min(n, m)), 1) if valid else size_max(_all_sums(args), 0)


def _convolve_shape(args: Sequence[Node], valid: bool) -> tuple[Size, ...]:
    return (*args[0].shape[:-1], _convolve_count(args, valid))


def _convolve_sizes(args: Sequence[Node], valid: bool) -> tuple[Size, ...]:
    n, m = args[0].shape[-1], args[1].shape[-1]
    first = size_sub(size_min(n, m), 1) if valid else 0
    return size_product(list(args[0].shape[:-1])), n, m, first, _convolve_count(args, valid)


def _part_sizes(args: Sequence[Node], up: bool) -> tuple[Size, ...]:
    count = args[2].shape[-1]
    first = size_floordiv(size_add(size_sub(_all_sums(args), count), int(up)), 2)
    return size_product(list(args[0].shape[:-1])), args[0].shape[-1], args[1].shape[-1], first, count


def _convolve_agree(args: Sequence[Node], *params: Any) -> list[rules.Agreement]:
    """The axes in front are equal, and no vector is empty."""
    found: list[rules.Agreement] = []
    for at, arg in enumerate(args):
        for axis, (got, want) in enumerate(zip(arg.shape[:-1], args[0].shape[:-1], strict=True)):
            if got is not want and got != want:
                found.append(("eq", got, want, at, axis))
        found.append(("lt", 0, arg.shape[-1], at, arg.ndim - 1))
    return found


def _convolve_gradient(g: Any, y: Any, a: Any, v: Any, valid: bool) -> tuple[Any, Any]:
    """Convolutions of g with the other vector, turned round."""
    to_a, to_v = v.reversed(v.ndim - 1), a.reversed(a.ndim - 1)
    if not valid:
        return g.convolved(to_a, True), g.convolved(to_v, True)
    return g.convolved_like(to_a, a, False), g.convolved_like(to_v, v, False)


def _part_gradient(g: Any, y: Any, a: Any, v: Any, like: Any, up: bool) -> tuple[Any, Any, None]:
    to_a, to_v = v.reversed(v.ndim - 1), a.reversed(a.ndim - 1)
    return g.convolved_like(to_a, a, not up), g.convolved_like(to_v, v, not up), None


# fmt: off
SORTING = table(
    Op("sort",         "call", _sort,    "modc_sort_{t}",    dtypes=rules.same, shape=rules.same_shape, params=("axis",),
       grad=_sort_gradient, sizes=around, scratch=_sort_scratch, cost=30,
       doc="The elements along an axis in ascending order, NaN last."),
    Op("argsort",      "call", _argsort, "modc_argsort_{t}", dtypes=_argsort_dtypes, shape=rules.same_shape,
       params=("axis", "down"), sizes=_argsort_sizes, scratch=_argsort_scratch, cost=60,
       doc="The positions along an axis that sort it; equal elements keep their order."),
    Op("argtopk",      "call", _argtopk, "modc_argtopk_{t}", dtypes=_argtopk_dtypes, shape=_argtopk_shape,
       params=("axis", "down"), sizes=_argtopk_sizes, scratch=_argtopk_scratch, cost=6, traits=("counted",),
       doc="The positions of the smallest or largest elements along an axis, given their number, the extreme one first."),
    Op("ranked",       "call", _ranked,  "modc_ranked_{t}",  dtypes=_ranked_dtypes, shape=_ranked_shape, params=("axis",),
       grad=_ranked_gradient, sizes=_ranked_sizes, scratch=_ranked_scratch, cost=8,
       doc="The elements that sorting puts at some places along an axis; places outside are the first or last, of nothing 0."),
    Op("searchsorted", "call", _search,  "modc_searchsorted_{t}", dtypes=_search_dtypes,
       shape=lambda args, right: args[1].shape, params=("right",), sizes=_search_sizes, cost=20,
       doc="For each value how many elements of a sorted vector are below it, or not above it."),
    Op("unique",       "composite", lambda x: x, dtypes=rules.same, shape=rules.same_shape, expand=lambda x: x, cost=0,
       doc="x, which holds the elements of a set: it has no gradient."),
    Op("convolve",     "call", _convolve, "modc_convolve_{t}", dtypes=rules.same, shape=_convolve_shape,
       agree=_convolve_agree, params=("valid",), grad=_convolve_gradient, sizes=_convolve_sizes, cost=16, ulp=2.5,
       doc="The sums of a[i] * v[k - i] for each k; with `valid` those where one vector lies whole within the other."),
    Op("convolve_part", "call", _convolve_part, "modc_convolve_{t}_part", dtypes=rules.same,
       shape=lambda args, up: args[2].shape, agree=_convolve_agree, params=("up",), grad=_part_gradient,
       sizes=_part_sizes, cost=16, ulp=2.5,
       doc="As many sums of a convolution as a third array has elements, from their middle."),
)
# fmt: on
