"""Making, joining and reshaping arrays.

Sizes may be numbers or integer scalars (symbolic ones included); dtypes are names, "floatX" included.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from modc.errors import ShapeError
from modc.graph import OPS, Node, Size, apply, const, size_node
from modc.graph import cast as cast_node
from modc.graph.build import shape_text
from modc.graph.dtype import FLOAT64, INT64, promote
from modc.graph.sizes import size_floordiv, size_max, size_product, size_sub
from modc.tensor import shapes
from modc.tensor.arguments import (
    Expression,
    axes_of,
    axis_of,
    node_of,
    nodes_together,
    size_argument,
    stack_nodes,
)
from modc.tensor.declared import row_of
from modc.tensor.variable import Constant, Shape, Variable, as_variable, call, wrap

__all__ = [
    "alloc", "arange", "as_tensor", "as_tensor_variable", "broadcast_to", "concatenate", "constant",
    "dimshuffle", "expand_dims", "eye", "fill", "flatten", "full", "full_like",
    "join", "linspace", "ones", "ones_like",
    "ravel", "reshape", "shape", "shape_padaxis", "shape_padleft",
    "shape_padright", "size", "squeeze", "stack",
    "transpose", "tri", "zeros", "zeros_like",
]  # fmt: skip

# Constants and filled arrays


def constant(
    value: Any, name: str | None = None, ndim: int | None = None, dtype: Any = None
) -> Constant:
    """A Constant with the dtype of `value` as NumPy has it (or `dtype`); `ndim` adds axes of size 1 in front.

    >>> T.constant([1, 2], ndim=2).eval(), T.constant(1, dtype="float32").dtype
    (array([[1, 2]]), 'float32')
    """
    if isinstance(value, Constant) and dtype is None and ndim is None and name is None:
        return value
    if isinstance(value, Expression) and not isinstance(value, Constant):
        raise TypeError(f"{value} is symbolic: it is no constant")
    array = value.data if isinstance(value, Constant) else np.asarray(value)
    if dtype is not None:
        array = array.astype(row_of(dtype).numpy)
    if ndim is not None:
        array = array.reshape((1,) * (ndim - array.ndim) + array.shape)
    result = Constant(node_of(array))
    result.name = name
    return result


def as_tensor_variable(value: Any, name: str | None = None, ndim: int | None = None) -> Variable:
    """`value` as a Variable: itself, a constant, or the stack of a list that holds Variables.

    `ndim` adds axes of size 1 in front, or drops such axes.

    >>> T.as_tensor_variable([T.constant(1), 2]).eval()
    array([1, 2])
    """
    found = as_variable(value)
    if ndim is not None and found.ndim != ndim:
        extra = found.ndim - ndim
        found = (
            wrap(shapes.pad_left(found.node, ndim))
            if extra < 0
            else found.squeeze(tuple(range(extra)))
        )
    if name is not None and found.name is None:
        found.name = name
    return found


as_tensor = as_tensor_variable


def full(shape: Any, fill_value: Any, dtype: Any = None) -> Variable:
    """`fill_value` everywhere in `shape`; the dtype is that of the value unless given.

    >>> T.full((2, 2), 7).eval()
    array([[7, 7],
           [7, 7]])
    """
    node = node_of(fill_value)
    row = node.dtype if dtype is None else row_of(dtype)
    return wrap(shapes.broadcast_to(cast_node(node, row), checked_sizes(shape)))


def zeros(shape: Any, dtype: Any = "floatX") -> Variable:
    """Zeros in `shape`.

    >>> T.zeros(2).eval(), T.zeros((1, 2), dtype="int8").eval()
    (array([0., 0.]), array([[0, 0]], dtype=int8))
    """
    return full(shape, 0, dtype)


def ones(shape: Any, dtype: Any = "floatX") -> Variable:
    """Ones in `shape`.

    >>> T.ones(2).eval(), T.ones((1, 2), dtype="int8").eval()
    (array([1., 1.]), array([[1, 1]], dtype=int8))
    """
    return full(shape, 1, dtype)


def alloc(value: Any, *shape: Any) -> Variable:
    """`value` repeated to `shape`.

    >>> T.alloc(7, 2, 3).eval()
    array([[7, 7, 7],
           [7, 7, 7]])
    """
    return full(
        shape[0] if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape, value
    )


def full_like(x: Any, fill_value: Any, dtype: Any = None, *, shape: Any = None) -> Variable:
    """`fill_value` everywhere in the shape of x, or in `shape`; the dtype is that of x unless given.

    >>> T.full_like([1, 2, 3], 7).eval()
    array([7, 7, 7])
    """
    like = as_variable(x)
    kept = like.dtype if dtype is None else dtype
    return like.full_like(fill_value, kept) if shape is None else full(shape, fill_value, kept)


def zeros_like(x: Any, dtype: Any = None, *, shape: Any = None) -> Variable:
    """Zeros in the shape of x, or in `shape`; the dtype is that of x unless given.

    >>> T.zeros_like([1.5, 2.5]).eval()
    array([0., 0.])
    """
    return full_like(x, 0, dtype, shape=shape)


def ones_like(x: Any, dtype: Any = None, *, shape: Any = None) -> Variable:
    """Ones in the shape of x, or in `shape`; the dtype is that of x unless given.

    >>> T.ones_like([[5, 6]]).eval()
    array([[1, 1]])
    """
    return full_like(x, 1, dtype, shape=shape)


def fill(x: Any, value: Any) -> Variable:
    """`value` in the shape of x; its own dtype.

    >>> T.fill([1, 2, 3], 0.5).eval()
    array([0.5, 0.5, 0.5])
    """
    return as_variable(x).fill(value)


def checked_sizes(shape: Any) -> list[Size]:
    """The sizes of a new array. Raises ShapeError for negative numbers; symbolic ones are looked at by the call."""
    sizes = shapes.sizes_argument(shape)
    if any(isinstance(size, int) and size < 0 for size in sizes):
        raise ShapeError(f"a size cannot be negative: {shape}")
    return sizes


def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = None) -> Variable:
    """start, start + step, ... below `stop`; int64 for integers, float64 otherwise, unless `dtype` says more.

    >>> T.arange(4).eval(), T.arange(1, 2, 0.25).eval(), T.arange(5, 0, -2).eval()
    (array([0, 1, 2, 3]), array([1.  , 1.25, 1.5 , 1.75]), array([5, 3, 1]))
    """
    if stop is None:
        start, stop = 0, start
    parts = [cast_node(part, INT64) if part.dtype.kind == "b" else part for part in map(node_of, (start, stop, step))]
    if any(part.ndim for part in parts):
        raise ShapeError("arange takes scalars")
    if all(part.dtype.is_integer for part in parts):
        first, last, stride = (size_argument(wrap(part)) for part in parts)
        result = _count_up(first, last, stride)
    else:
        result = _float_range(parts)
    return wrap(result if dtype is None else cast_node(result, row_of(dtype)))


def _count_up(start: Size, stop: Size, step: Size) -> Node:
    if isinstance(step, int) and step == 0:
        raise ValueError("arange with step 0")
    distance = size_sub(stop, start)
    if step != 1:  # the distance over the step, rounded up
        distance = size_sub(0, size_floordiv(size_sub(0, distance), step))
    result = apply(OPS["iota"], size_node(size_max(distance, 0)))
    result = result if step == 1 else apply(OPS["mul"], result, size_node(step))
    return result if start == 0 else apply(OPS["add"], result, size_node(start))


def _float_range(parts: Sequence[Node]) -> Node:
    start, stop, step = nodes_together([wrap(apply(OPS["add"], part, 0.0)) for part in parts])
    if all(part.op.name == "const" for part in parts):
        first, last, stride = (float(part.value) for part in parts)
        if stride == 0:
            raise ValueError("arange with step 0")
        length = const(max(math.ceil((last - first) / stride), 0))
        start, step = const(first), const((first + stride) - first)  # as NumPy has it
    else:
        exact = apply(OPS["div"], apply(OPS["sub"], stop, start), step)
        length = apply(OPS["maximum"], cast_node(apply(OPS["ceil"], exact), const(0).dtype), 0)
    counted = cast_node(apply(OPS["iota"], length), start.dtype)
    return apply(OPS["add"], apply(OPS["mul"], counted, step), start)


def linspace(
    start: Any, stop: Any, num: Any = 50, endpoint: bool = True, retstep: bool = False, dtype: Any = None, axis: int = 0
) -> Any:
    """`num` (symbolic or not) evenly spaced numbers from `start` to `stop`, which is left out where endpoint is False.

    Of arrays the numbers are along a new axis at `axis`. retstep: the distance too. Integer dtypes round down.

    >>> T.linspace(0, 1, 5).eval()
    array([0.  , 0.25, 0.5 , 0.75, 1.  ])
    """
    ends = nodes_together([start, stop])
    row = promote(ends[0].dtype, ends[1].dtype)
    first, last = (wrap(cast_node(node, row if row.is_inexact else FLOAT64)) for node in ends)
    count = wrap(size_node(size_argument(num)))
    if isinstance(count, Constant) and int(count) < 0:
        raise ValueError(f"Number of samples, {int(count)}, must be non-negative.")
    steps = count - 1 if endpoint else count
    gap = call("maximum", steps, 1).astype(first.dtype)
    distance: Variable = (last - first) / gap
    numbers = arange(count)
    numbers = numbers.dimshuffle(0, *["x"] * distance.ndim)
    found = numbers.astype(first.dtype) * distance + first
    if endpoint:
        found = (numbers.equals(steps) & (steps > 0)).where(last, found)
    if dtype is not None:
        found = (found.floor() if row_of(dtype).is_integer else found).astype(dtype)
    found = wrap(shapes.dimshuffle(found.node, _with_first_at(axis_of(axis, found.ndim), found.ndim)))
    return (found, (steps > 0).where(distance, float("nan"))) if retstep else found


def _with_first_at(axis: int, ndim: int) -> list[int]:
    """The order of axes that puts the first one at `axis`."""
    order = list(range(1, ndim))
    order.insert(axis, 0)
    return order


def eye(n: Any, m: Any = None, k: Any = 0, dtype: Any = "floatX") -> Variable:
    """A matrix of n rows and m columns (n unless given), 1 on diagonal k and 0 elsewhere.

    >>> T.eye(2, 3, k=1).eval()
    array([[0., 1., 0.],
           [0., 0., 1.]])
    """
    rows, columns = _diagonals(n, m, k)
    return rows.equals(columns).astype(dtype)


def _diagonals(n: Any, m: Any, k: Any) -> tuple[Variable, Variable]:
    """A column and a row that are equal on diagonal k of an n by m matrix."""
    rows: Variable = arange(n).dimshuffle(0, "x") + k
    return rows, arange(n if m is None else m).dimshuffle("x", 0)


def tri(n: Any, m: Any = None, k: Any = 0, dtype: Any = "floatX") -> Variable:
    """A matrix of n rows and m columns, 1 at and below diagonal k and 0 above.

    >>> T.tri(2, 3).eval()
    array([[1., 0., 0.],
           [1., 1., 0.]])
    """
    rows, columns = _diagonals(n, m, k)
    below: Variable = rows >= columns
    return below.astype(dtype)


# Joining and repeating


def concatenate(arrays: Sequence[Any], axis: int | None = 0, dtype: Any = None) -> Variable:
    """Arrays joined along `axis` (None: flattened first), cast to `dtype`.

    Raises ShapeError where their other sizes are known to differ.

    >>> T.concatenate([[[1, 2]], [[3, 4], [5, 6]]]).eval()
    array([[1, 2],
           [3, 4],
           [5, 6]])
    >>> T.concatenate([[[1], [2]], [[3], [4]]], axis=1).eval()
    array([[1, 3],
           [2, 4]])
    """
    nodes = nodes_together(list(arrays))
    if dtype is not None:
        nodes = [cast_node(node, row_of(dtype)) for node in nodes]
    if axis is None:
        nodes, axis = [shapes.flatten(node, 1) if node.ndim else shapes.dimshuffle(node, (-1,)) for node in nodes], 0
    if not nodes:
        raise ValueError("concatenate needs at least one array")
    ndim = nodes[0].ndim
    if not ndim or any(node.ndim != ndim for node in nodes):
        raise ShapeError(
            f"concatenate of {' and '.join(map(shape_text, nodes))}: one number of dimensions, 1 or more"
        )
    return wrap(apply(OPS["concat"], *nodes, axis=axis_of(axis, ndim)))


def join(axis: int, *arrays: Any) -> Variable:
    """Arrays joined along `axis`, which comes first.

    >>> T.join(0, [1, 2], [3]).eval()
    array([1, 2, 3])
    """
    return concatenate(arrays, axis)


def stack(*arrays: Any, axis: int = 0, dtype: Any = None) -> Variable:
    """Arrays of one shape along a new axis: `stack([a, b])`, `stack([a, b], 1)` or `stack(a, b)`.

    >>> T.stack([[1, 2], [3, 4]]).eval()
    array([[1, 2],
           [3, 4]])
    >>> T.stack([[1, 2], [3, 4]], axis=1).eval()
    array([[1, 3],
           [2, 4]])
    """
    many: Any = arrays
    if (
        arrays
        and isinstance(arrays[0], (list, tuple, np.ndarray))
        and all(isinstance(at, int) for at in arrays[1:])
    ):
        many, axis = arrays[0], next(iter(arrays[1:]), axis)
    nodes = nodes_together(list(many))
    nodes = nodes if dtype is None else [cast_node(node, row_of(dtype)) for node in nodes]
    if not nodes or any(node.ndim != nodes[0].ndim for node in nodes):
        raise ShapeError("stack needs arrays, all with the same number of dimensions")
    found = stack_nodes(nodes)
    return wrap(shapes.dimshuffle(found, _with_first_at(axis_of(axis, found.ndim), found.ndim)))


# Shapes


def shape(x: Any) -> Shape:
    """The sizes of x, an int64 vector.

    >>> T.shape([[1, 2, 3], [4, 5, 6]]).eval()
    array([2, 3])
    """
    return as_variable(x).shape


def size(x: Any, axis: Any = None) -> Variable:
    """The number of elements of x, or of those along `axis` (one or several).

    >>> T.size([[1, 2, 3], [4, 5, 6]]).eval()
    array(6)
    """
    value = as_variable(x)
    if axis is None:
        return value.size
    return wrap(size_node(size_product([value.node.shape[at] for at in axes_of(axis, value.ndim)])))


def reshape(x: Any, shape: Any, ndim: int | None = None, order: str = "C") -> Variable:
    """The same elements, row-major (with order="F" column-major), in another shape; one size may be -1.

    >>> T.reshape([1, 2, 3, 4], (2, -1)).eval()
    array([[1, 2],
           [3, 4]])
    """
    return as_variable(x).reshape(shape, ndim=ndim, order=order)


def flatten(x: Any, ndim: int = 1, order: str = "C") -> Variable:
    """`ndim` dimensions: the leading ones are kept, the rest joined.

    >>> T.flatten([[1, 2], [3, 4]]).eval()
    array([1, 2, 3, 4])
    >>> T.flatten(np.zeros((2, 3, 4)), ndim=2).eval().shape
    (2, 12)
    """
    return as_variable(x).flatten(ndim, order)


def ravel(x: Any, order: str = "C") -> Variable:
    """One dimension, row-major, or with order="F" column-major.

    >>> T.ravel([[1, 2], [3, 4]]).eval()
    array([1, 2, 3, 4])
    """
    return as_variable(x).flatten(1, order)


def transpose(x: Any, axes: Any = None) -> Variable:
    """The axes in the order given, reversed where none is.

    >>> T.transpose([[1, 2], [3, 4]]).eval()
    array([[1, 3],
           [2, 4]])
    >>> T.transpose(np.zeros((2, 3, 4)), (1, 0, 2)).eval().shape
    (3, 2, 4)
    """
    return as_variable(x).transpose(axes)


def dimshuffle(x: Any, *pattern: Any) -> Variable:
    """Axes in the order of `pattern`; 'x' makes a new axis of size 1.

    >>> T.dimshuffle([1, 2, 3], 0, "x").eval()
    array([[1],
           [2],
           [3]])
    """
    return as_variable(x).dimshuffle(*pattern)


def squeeze(x: Any, axis: Any = None) -> Variable:
    """Without the axes of size 1 (all that are known to be, or `axis`).

    >>> T.squeeze([[[1], [2]]]).eval()
    array([1, 2])
    >>> T.squeeze([[[1], [2]]], axis=0).eval()
    array([[1],
           [2]])
    """
    return as_variable(x).squeeze(axis)


def expand_dims(x: Any, axis: Any) -> Variable:
    """With a new axis of size 1 at `axis` (one or several) of the result.

    >>> T.expand_dims([1, 2], 0).eval()
    array([[1, 2]])
    >>> T.expand_dims([1, 2], -1).eval()
    array([[1],
           [2]])
    """
    value = as_variable(x)
    many = axis if isinstance(axis, (tuple, list)) else (axis,)
    new = axes_of(many, value.ndim + len(many))
    rest = iter(range(value.ndim))
    return value.dimshuffle(["x" if at in new else next(rest) for at in range(value.ndim + len(many))])


def shape_padleft(x: Any, count: int = 1) -> Variable:
    """With `count` new axes of size 1 in front.

    >>> T.shape_padleft([1, 2]).eval()
    array([[1, 2]])
    """
    value = as_variable(x)
    return value.dimshuffle(["x"] * count + list(range(value.ndim)))


def shape_padright(x: Any, count: int = 1) -> Variable:
    """With `count` new axes of size 1 at the end.

    >>> T.shape_padright([1, 2]).eval()
    array([[1],
           [2]])
    """
    value = as_variable(x)
    return value.dimshuffle(list(range(value.ndim)) + ["x"] * count)


def shape_padaxis(x: Any, axis: int) -> Variable:
    """With a new axis of size 1 at `axis` of the result.

    >>> T.shape_padaxis([1, 2], 1).eval()
    array([[1],
           [2]])
    """
    return expand_dims(x, axis)


def broadcast_to(x: Any, shape: Any) -> Variable:
    """`x` repeated along new axes and axes known to have size 1.

    >>> T.broadcast_to([1, 2, 3], (2, 3)).eval()
    array([[1, 2, 3],
           [1, 2, 3]])
    """
    return wrap(shapes.broadcast_to(node_of(x), checked_sizes(shape)))
