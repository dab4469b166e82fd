"""The table of indexing ops beyond gather and scatter: positions from data, and sizes that a call checks.

Neighbours: `ops_array` has slice, gather and scatter; `schedule.whole` calls csrc/modc_index.h; `graph.masked` removes
positions where a choice of elements does the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from modc.graph import rules
from modc.graph.build import size_of
from modc.graph.dtype import BOOL, INT64, DType
from modc.graph.node import Node, Size
from modc.graph.op import Op, table

Array = np.ndarray[Any, Any]


def _nonzero(mask: Array, count: Any) -> Array:
    return _exactly(np.flatnonzero(mask), int(count))


def _repeated(repeats: Array, count: Any) -> Array:
    return _exactly(np.repeat(np.arange(repeats.size), np.maximum(repeats, 0)), int(count))


def _exactly(found: Array, count: int) -> Array:
    """`count` positions; the count was computed apart."""
    return np.concatenate([found[:count], np.zeros(max(count - found.size, 0), np.int64)])


def _specify(x: Array, *sizes: Any, kind: str) -> Array:
    return x


def _mask_dtypes(dtypes: Sequence[DType]) -> rules.DTypes:
    return (BOOL, INT64), INT64


def _counts_dtypes(dtypes: Sequence[DType]) -> rules.DTypes:
    return (INT64, INT64), INT64


def _last_size(args: Sequence[Node]) -> tuple[Size, ...]:
    return (size_of(args[-1]),)


def _counted(args: Sequence[Node]) -> tuple[Size, ...]:
    return args[0].shape[0], size_of(args[1])


def _specified(args: Sequence[Node], kind: str) -> tuple[Size, ...]:
    own, given = args[0].shape, map(size_of, args[1:])
    return tuple(size if isinstance(size, int) else want for size, want in zip(own, given, strict=True))


def _specify_agree(args: Sequence[Node], kind: str) -> list[rules.Agreement]:
    pairs = zip(args[0].shape, map(size_of, args[1:]), strict=True)
    return [("eq", own, want, 0, axis) for axis, (own, want) in enumerate(pairs) if own is not want and own != want]


def _no_gradient(g: Any, y: Any, *args: Any) -> tuple[None, ...]:
    return (None,) * len(args)


def _through(g: Any, y: Any, x: Any, *sizes: Any, kind: str) -> tuple[Any, ...]:
    return (g, *(None for _ in sizes))


# fmt: off
INDEXING = table(
    Op("nonzero", "call", _nonzero, "modc_nonzero_{t}", dtypes=_mask_dtypes, shape=_last_size, grad=_no_gradient,
       sizes=_counted, traits=("counted",), doc="Positions of the true elements of a vector, given their number."),
    Op("repeated", "call", _repeated, "modc_repeated_{t}", dtypes=_counts_dtypes, shape=_last_size, grad=_no_gradient,
       sizes=_counted, traits=("counted",), doc="0, 1, ..., each as often as a vector says, given their number."),
    Op("specify", "view", _specify, dtypes=rules.first_of, shape=_specified, agree=_specify_agree, params=("kind",),
       grad=_through, doc="x, where it has the sizes given; else the call fails."),
)
# fmt: on
