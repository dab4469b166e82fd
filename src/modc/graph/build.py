"""Making nodes: typed, cast, shape-checked, interned.

Takes op rows and arguments from the tensor language and the rewriter; gives nodes. Casts between
dtypes are explicit nodes that `apply` inserts; broadcasting of elementwise operands is implicit
(right-aligned, axes known to have size 1), as in NumPy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from modc.errors import DTypeError, ShapeError, user_frame
from modc.graph.dtype import BOOL, COMPLEX128, FLOAT64, INT64, DType, dtype, weak_result
from modc.graph.node import Leaf, Node, Place, Size, intern, size_text, walk
from modc.graph.op import Op
from modc.graph.ops_core import CAST, CONST, DIM, INPUT, NAMED_DIM, SPECIFIED

#: Families of ops that move elements and do not look at them.
_MOVING = ("leaf", "view", "index", "region", "guard", "python", "graph")

Argument = Node | bool | int | float | complex

#: Default of `source`: the line of the user's program that is running now.
HERE: Place = ("", 0)


def leaf(row: DType, dims: Sequence[int | str | None], variable: Any = None, source: Place | None = None) -> Leaf:
    """A new root variable. dims: per axis a fixed size, the name of a dimension, or None."""
    node = Leaf()
    node.op, node.args, node.attrs, node.dtype = INPUT, (), (), row
    node.dims, node.variable, node.source = tuple(dims), variable, source
    node.shape = ()  # while the sizes below are made
    node.shape = tuple(_leaf_size(node, axis, dim) for axis, dim in enumerate(node.dims))
    return node


def _leaf_size(node: Leaf, axis: int, dim: int | str | None) -> Size:
    if isinstance(dim, int):
        return dim
    if isinstance(dim, str):
        return intern(NAMED_DIM, (), (dim,), INT64, (), None)
    return intern(DIM, (node,), (axis,), INT64, (), None)


def const(value: Any, row: DType | None = None, source: Place | None = None) -> Node:
    """A constant: any array-like of a dtype that modc has. Its bytes are copied.

    Raises DTypeError where the values do not fit `row`.
    """
    array = np.asarray(value) if row is None else np.asarray(value, dtype=row.numpy)
    row = row or dtype(array.dtype)
    array = np.ascontiguousarray(array, dtype=row.numpy).reshape(array.shape)
    return intern(CONST, (), (array.shape, array.tobytes()), row, array.shape, source)


def size_node(size: Size) -> Node:
    """An extent as an int64 node."""
    return const(size, INT64) if isinstance(size, int) else size


def size_of(node: Node) -> Size:
    """The extent that an int64 0-d node stands for: a plain int where it is a constant."""
    return int(node.value) if node.op is CONST else node


def cast(node: Node, row: DType) -> Node:
    """`node` in another dtype; folds on constants.

    Raises DTypeError for complex numbers as real ones: which part is meant is not known.
    """
    if node.dtype is row:
        return node
    if node.dtype.is_complex and row.kind not in "cb":
        raise DTypeError(f"{node.dtype.name} cannot become {row.name}; take its real, imag, abs or angle")
    if node.op is CONST and (row.is_inexact or not node.dtype.is_float):
        return const(node.value.astype(row.numpy), row, node.source)
    return apply(CAST, node, dtype=row)


def weak(value: bool | int | float | complex, others: Sequence[Node]) -> Node:
    """A bare Python scalar beside `others`: it takes their dtype as in NumPy 2.

    Raises OverflowError for an int that the dtype cannot hold.
    """
    kinds = ((bool, BOOL), (int, INT64), (float, FLOAT64), (complex, COMPLEX128))
    row = next(row for kind, row in kinds if isinstance(value, kind))
    if others:
        strong = max((other.dtype for other in others), key=_strength)
        row = weak_result(strong, value)
    if row.is_integer:
        assert isinstance(value, int)
        limits = np.iinfo(row.numpy)
        if not limits.min <= value <= limits.max:
            raise OverflowError(f"Python integer {value} is out of bounds for {row.name}")
    with np.errstate(over="ignore"):
        return const(np.asarray(value, dtype=row.numpy))


def _strength(row: DType) -> tuple[int, int]:
    return "biufc".index(row.kind), row.bits


def apply(op: Op, *args: Argument, source: Place | None = HERE, **params: Any) -> Node:
    """The node `op(*args, **params)`.

    Python scalars are weak operands. Operands are cast by the row's dtype rule. Raises DTypeError
    for operands the op does not take and ShapeError for sizes known to disagree.
    """
    strong = [arg for arg in args if isinstance(arg, Node)]
    nodes = tuple(arg if isinstance(arg, Node) else weak(arg, strong) for arg in args)
    attrs = tuple(params[name] for name in op.params)
    if len(params) != len(op.params):
        raise TypeError(f"{op.name} takes the parameters {op.params}, not {tuple(params)}")
    try:
        if any(node.dtype.is_complex for node in nodes) and not takes_complex(op):
            raise DTypeError("is not defined for complex numbers")
        wanted, row = op.dtypes([node.dtype for node in nodes], *attrs) if op.dtypes else ((), INT64)
    except DTypeError as error:
        given = ", ".join(node.dtype.name for node in nodes)
        raise DTypeError(f"{op.name} of {given}: {error}") from None
    nodes = tuple(cast(node, target) for node, target in zip(nodes, wanted, strict=True))
    if op.agree is not None:
        check_agreements(op, nodes, attrs)
    shape = op.shape(nodes, *attrs) if op.shape else ()
    return intern(op, nodes, attrs, row, shape, user_frame if source is HERE else source)


def takes_complex(op: Op) -> bool:
    """Whether the row takes complex operands: those that move elements do, the others say it by a trait."""
    return op.family in _MOVING or "complex" in op.traits


def check_agreements(op: Op, args: Sequence[Node], attrs: tuple[Any, ...]) -> None:
    """Raise ShapeError (IndexError for positions) where sizes are known to disagree."""
    assert op.agree is not None
    for kind, got, want, operand, axis in op.agree(args, *attrs):
        known = isinstance(got, int) and isinstance(want, int)
        if kind == "eq" and ((known and got != want) or _names_differ(got, want)):
            if op.name == "specify":
                raise SPECIFIED[attrs[0]](
                    f"{'boolean index did not match: ' * (attrs[0] == 'mask')}{shape_text(args[0])}: axis {axis} has size "
                    f"{size_text(got)}, expected {size_text(want)}"
                )
            shapes = " and ".join(shape_text(arg) for arg in args)
            raise ShapeError(
                f"{op.name} of {shapes}: axis {axis} of operand {operand} has size {size_text(got)}, "
                f"expected {size_text(want)}"
            )
        if kind == "lt" and op.family == "call" and want == 0:
            raise ValueError(f"operand {operand} of {op.name} cannot be empty: {shape_text(args[operand])}")
        if kind == "lt" and op.family in ("reduce", "composite") and want == 0:
            raise ValueError(f"{op.name} of {shape_text(args[0])}: axis {axis} has no elements, and {op.name} no value for that")
        if kind == "lt" and known and not 0 <= int(got) < int(want):
            raise IndexError(f"index {got} is out of bounds for axis {axis} with size {want}")


def _names_differ(got: Size, want: Size) -> bool:
    return (
        isinstance(got, Node) and isinstance(want, Node)
        and got.op is NAMED_DIM and want.op is NAMED_DIM and got is not want
    )


def shape_text(node: Node) -> str:
    """Dtype and sizes of a node: `float64[3, x.shape[1]]`."""
    return f"{node.dtype.name}[{', '.join(map(size_text, node.shape))}]"


def rebuild(node: Node, args: Sequence[Node]) -> Node:
    """`node` with other arguments; sizes and casts follow."""
    if all(new is old for new, old in zip(args, node.args, strict=True)):
        return node
    if node.op is DIM:
        return size_node(args[0].shape[node.attrs[0]])
    return apply(node.op, *args, source=node.source, **dict(zip(node.op.params, node.attrs, strict=True)))


def substitute(roots: Sequence[Node], table: Mapping[Node, Node]) -> list[Node]:
    """`roots` with each node of `table` replaced, everywhere, sizes included."""
    done: dict[Node, Node] = {}
    for node in walk(roots):
        done[node] = table[node] if node in table else rebuild(node, [done[arg] for arg in node.args])
    return [done[root] for root in roots]


def transform(roots: Sequence[Node], change: Callable[[Node], Node]) -> list[Node]:
    """`roots` rebuilt bottom-up, `change` applied once to each rebuilt node."""
    done: dict[Node, Node] = {}
    for node in walk(roots):
        done[node] = change(rebuild(node, [done[arg] for arg in node.args]))
    return [done[root] for root in roots]
