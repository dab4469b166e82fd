"""The table of linear algebra on stacks of matrices: each row acts on the last two axes, the others are a batch.

Neighbours: `ops_call` says how such rows are computed; `dot`, of single matrices, is in `ops_array`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from modc.graph import rules
from modc.graph.node import Node, Size
from modc.graph.op import Op, table
from modc.graph.sizes import size_product


def _matmul_shape(args: Sequence[Node]) -> tuple[Size, ...]:
    a, b = args
    return (*a.shape[:-1], b.shape[-1])


def _matmul_agree(args: Sequence[Node]) -> list[rules.Agreement]:
    a, b = args
    pairs = [(axis, b.shape[axis], a.shape[axis]) for axis in range(a.ndim - 2)]
    pairs.append((a.ndim - 2, b.shape[-2], a.shape[-1]))
    return [("eq", got, want, 1, axis) for axis, got, want in pairs if got is not want and got != want]


def _matmul_sizes(args: Sequence[Node]) -> tuple[Size, ...]:
    a, b = args
    return size_product(list(a.shape[:-2])), a.shape[-2], b.shape[-1], a.shape[-1]


# fmt: off
PRODUCTS = table(
    Op("matmul", "call", np.matmul, "modc_matmul_{t}", dtypes=rules.same, shape=_matmul_shape, agree=_matmul_agree,
       sizes=_matmul_sizes, grad=lambda g, y, a, b: (g.matmul(b.swapped()), a.swapped().matmul(g)), cost=2, ulp=0.5,
       doc="Products of stacks of matrices that have the same axes in front."),
)
# fmt: on
