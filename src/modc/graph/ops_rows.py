"""The table of ops that order whole rows of matrices.

Neighbours: `ops_sort` orders elements; `schedule.whole` calls csrc/modc_rows.h; `modc.tensor.sets` takes sets of slices.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from modc.graph import rules
from modc.graph.node import Node, Size
from modc.graph.op import Op, table
from modc.graph.sizes import size_product

Array = np.ndarray[Any, Any]


def _roworder(x: Array) -> Array:
    """By lexsort, whose last key counts first."""
    found = np.empty(x.shape[:-1], np.int64)
    for place in np.ndindex(*x.shape[:-2]):
        columns = x[place].T[::-1]
        found[place] = np.lexsort(columns) if len(columns) else np.arange(x.shape[-2])
    return found


def _sizes(args: Sequence[Node]) -> tuple[Size, ...]:
    shape = list(args[0].shape)
    return size_product(shape[:-2]), shape[-2], shape[-1]


# fmt: off
ROWS = table(
    Op("roworder", "call", _roworder, "modc_roworder_{t}", dtypes=rules.positions, shape=lambda args: args[0].shape[:-1],
       sizes=_sizes, scratch=lambda args: args[0].shape[-2], cost=60,
       doc="The positions that sort the rows of a matrix, by their first elements, then by their second ones, ...; NaN last."),
)
# fmt: on
