"""From what users pass (Variables, numbers, lists, arrays) to nodes of the graph.

Neighbours: `variable` defines the classes that users see on top of `Expression`; the node-level helpers (`axes`,
`shapes`, `indexing`) work below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from modc.errors import DTypeError
from modc.graph import OPS, Node, apply, cast, const
from modc.graph.build import HERE, weak
from modc.graph.dtype import INT64
from modc.graph.size_vectors import number

Scalar = bool | int | float | complex


class Expression:
    """Anything that stands for a node: the base of Variable."""

    __slots__ = ()

    @property
    def node(self) -> Node:
        """The typed expression in the graph."""
        raise NotImplementedError


class Carrier:
    """A symbolic value that is no array but has its numbers in one, such as a sparse matrix. Operators of Variables leave
    it to its own; its gradient is of its own kind.
    """

    __slots__ = ()

    __array_ufunc__ = None  # operators of NumPy arrays do the same

    data: Any

    def with_data(self, data: Any) -> Any:
        """The same with other numbers."""
        raise NotImplementedError


def argument(value: Any) -> Node | Scalar:
    """A node, or a bare Python number that will take the dtype of the operands beside it.

    Raises DTypeError (a TypeError) for what is no number, array or Variable.
    """
    if isinstance(value, Expression):
        return value.node
    if isinstance(value, (bool, int, float, complex)) and not isinstance(value, np.generic):
        return value
    return node_of(value)


def node_of(value: Any) -> Node:
    """A node; Python numbers become int64, float64 or bool, lists and arrays constants."""
    if isinstance(value, Expression):
        return value.node
    if isinstance(value, (list, tuple)) and any_symbolic(value):
        return stack_nodes([node_of(item) for item in value])
    if isinstance(value, (bool, int, float, complex)) and not isinstance(value, np.generic):
        return weak(value, ())
    if isinstance(value, (str, bytes, dict, set)) or callable(value) or value is None:
        raise DTypeError(f"{value!r} ({type(value).__name__}) is no number, array or Variable")
    if hasattr(value, "tocsr") and not isinstance(value, Carrier):
        raise DTypeError(f"a {type(value).__name__} of SciPy is no array: use the functions of modc.sparse, or toarray()")
    if isinstance(value, Carrier):
        raise DTypeError(f"{value} is no array: use the functions of modc.sparse, or toarray()")
    array = np.asarray(value)
    if array.dtype.kind not in "biufc":
        raise DTypeError(f"{value!r} ({type(value).__name__}) is no array of numbers")
    return const(array, source=HERE)


def any_symbolic(value: Any) -> bool:
    """Whether an Expression stands anywhere in nested lists and tuples."""
    if isinstance(value, (list, tuple)):
        return any(any_symbolic(item) for item in value)
    return isinstance(value, Expression)


def stack_nodes(nodes: Sequence[Node]) -> Node:
    """0-d or larger nodes joined along a new first axis."""
    rows = [apply(OPS["dimshuffle"], node, pattern=(-1, *range(node.ndim))) for node in nodes]
    return apply(OPS["concat"], *rows, axis=0)


def nodes_together(values: Sequence[Any]) -> list[Node]:
    """Nodes of operands that meet: bare Python numbers take the dtype of the others."""
    found = [argument(value) for value in values]
    strong = [value for value in found if isinstance(value, Node)]
    return [value if isinstance(value, Node) else weak(value, strong) for value in found]


def size_argument(value: Any) -> Node | int:
    """A size or position given by the user: an int, or an integer 0-d node as int64.

    Raises DTypeError for anything else.
    """
    if isinstance(value, Expression):
        node = value.node
    elif hasattr(value, "__index__") and not isinstance(value, (bool, np.ndarray)):
        return int(value.__index__())
    else:
        node = node_of(value)
    if node.ndim or not (node.dtype.is_integer):
        raise DTypeError(
            f"a size or position is an integer scalar, not {node.dtype.name} with {node.ndim} dimensions"
        )
    node = number(cast(node, INT64))
    return int(node.value) if node.op.name == "const" else node


class AxisError(np.exceptions.AxisError):
    """There is no such axis: a ValueError and an IndexError, as NumPy's."""

    def __str__(self) -> str:
        return str(self.args[0])


def axis_of(axis: Any, ndim: int) -> int:
    """`axis` counted from the front. Raises AxisError where there is no such axis."""
    if isinstance(axis, Expression) and axis.node.op.name == "const":
        axis = axis.node.value.item()
    if isinstance(axis, bool) or not hasattr(axis, "__index__"):
        raise TypeError(f"an axis is an int, not {axis!r}")
    found = int(axis.__index__())
    if not -ndim <= found < ndim:
        raise AxisError(f"axis {found} is out of bounds for array of dimension {ndim}")
    return found % ndim


def axes_of(axis: Any, ndim: int) -> tuple[int, ...]:
    """Sorted axes for `axis`: None is all of them. Raises AxisError for unknown and ValueError for repeated axes."""
    if axis is None:
        return tuple(range(ndim))
    many = axis if isinstance(axis, (tuple, list)) else (axis,)
    found = sorted(axis_of(one, ndim) for one in many)
    if len(set(found)) != len(found):
        raise ValueError(f"an axis is repeated in {axis!r}")
    return tuple(found)
