"""What programs for Theano and PyTensor call, and NumPy has under no such name: short in terms of the language.

Neighbours: `spellings` has the other names of parameters.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from modc.errors import DTypeError
from modc.graph import Leaf, Node, cast, size_node, substitute, walk
from modc.graph.show import type_text
from modc.tensor.arguments import axis_of, node_of
from modc.tensor.arrays import fill, reshape
from modc.tensor.axes import specify_shape
from modc.tensor.elementwise import softplus
from modc.tensor.gradient import zero_grad
from modc.tensor.multiplying import einsum
from modc.tensor.variable import Constant, Variable, as_variable, wrap

__all__ = [
    "batched_tensordot", "clone_replace", "consider_constant", "e", "euler_gamma", "get_scalar_constant_value",
    "get_underlying_scalar_constant_value", "get_vector_length", "graph_replace", "inf", "join_dims", "log1pexp", "nan", "newaxis", "pi",
    "scalar_from_tensor", "second", "specify_broadcastable", "split_dims", "tensor_from_scalar",
]  # fmt: skip

pi, e, euler_gamma, inf, nan, newaxis = math.pi, math.e, float(np.euler_gamma), math.inf, math.nan, None

second = fill
log1pexp = softplus
consider_constant = zero_grad


def batched_tensordot(x: Any, y: Any, axes: Any = 2) -> Variable:
    """For each i, tensordot(x[i], y[i], axes).

    axes    how many of the last axes of x and of the first ones of y behind the batch; or two lists of axes of x and
            y, counted with the batch, which is axis 0

    >>> T.batched_tensordot(np.ones((4, 2, 3)), np.ones((4, 3, 5)), 1).shape.eval().tolist()
    [4, 2, 5]
    """
    first, second = as_variable(x), as_variable(y)
    if isinstance(axes, int):
        left, right = list(range(first.ndim - axes, first.ndim)), list(range(1, 1 + axes))
    else:
        left, right = ([side] if isinstance(side, int) else list(side) for side in axes)
        left = [axis_of(axis, first.ndim) for axis in left]
        right = [axis_of(axis, second.ndim) for axis in right]
    if 0 in left or 0 in right or len(left) != len(right) or not all(0 < axis < second.ndim for axis in right):
        raise ValueError(f"batched_tensordot over axes {left} and {right}: as many of each, and not the batch, axis 0")
    letters = iter("bcdefghijklmnopqrstuvwxyz")
    one = ["a"] + [next(letters) for _ in range(first.ndim - 1)]
    two = ["a"] + [one[left[right.index(axis)]] if axis in right else next(letters) for axis in range(1, second.ndim)]
    kept = [letter for letter in one + two[1:] if letter not in {one[axis] for axis in left}]
    return einsum(f"{''.join(one)},{''.join(two)}->{''.join(kept)}", first, second)


def join_dims(x: Any, start_axis: int = 0, n_axes: int | None = None) -> Variable:
    """`n_axes` axes from `start_axis` on (None: all that follow) as one; no axis at all becomes one of size 1.

    >>> T.join_dims(np.zeros((2, 3, 4)), 1).shape.eval().tolist()
    [2, 12]
    """
    value = as_variable(x)
    start = axis_of(start_axis, value.ndim + (n_axes == 0))
    count = value.ndim - start if n_axes is None else n_axes
    if not 0 <= count <= value.ndim - start:
        raise ValueError(f"join_dims of {count} axes from axis {start} on: there are {value.ndim}")
    if not count:
        return value.dimshuffle(*range(start), "x", *range(start, value.ndim))
    sizes = [value.shape[axis] for axis in range(value.ndim)]
    joined: Any = 1
    for size in sizes[start : start + count]:
        joined = joined * size
    return reshape(value, [*sizes[:start], joined, *sizes[start + count :]])


def split_dims(x: Any, shape: int | Sequence[Any], axis: int = 0) -> Variable:
    """One axis as several, of these sizes; one of them may be -1. The opposite of `join_dims`.

    >>> T.split_dims(np.zeros((2, 12)), (3, 4), axis=1).shape.eval().tolist()
    [2, 3, 4]
    """
    value = as_variable(x)
    at = axis_of(axis, value.ndim)
    sizes = [value.shape[place] for place in range(value.ndim)]
    new = [shape] if isinstance(shape, int) else list(shape)
    if not new:
        return value.squeeze(at)
    return reshape(value, [*sizes[:at], *new, *sizes[at + 1 :]])


def specify_broadcastable(x: Any, *axes: int) -> Variable:
    """x, of which these axes have size 1 (each call checks it), so that they broadcast.

    >>> T.specify_broadcastable(T.dmatrix("x"), 0).type
    TensorType('float64', (1, None))
    """
    value = as_variable(x)
    ones = {axis_of(axis, value.ndim) for axis in axes}
    return specify_shape(value, [1 if axis in ones else None for axis in range(value.ndim)])


def tensor_from_scalar(x: Any) -> Variable:
    """x: numbers are arrays without axes. Raises TypeError for arrays with axes.

    >>> T.tensor_from_scalar(T.constant(2)).eval()
    array(2)
    """
    value = as_variable(x)
    if value.ndim:
        raise TypeError(f"{value} has {value.ndim} axes: it is no scalar")
    return value


scalar_from_tensor = tensor_from_scalar


def get_scalar_constant_value(v: Any) -> np.ndarray[Any, Any]:
    """The value of a number, or of an expression of constants without axes. Raises ValueError for others.

    >>> T.get_scalar_constant_value(T.constant(2) * 3)
    array(6)
    """
    value = as_variable(v)
    if value.ndim:
        raise ValueError(f"{value} has {value.ndim} axes: it is no scalar")
    if any(isinstance(node, Leaf) for node in walk([value.node])):
        raise ValueError(f"{value} has no value before a call")
    from modc.graph.evaluate import values  # only compiling and this need it

    return values([value.node], {})[0]


get_underlying_scalar_constant_value = get_scalar_constant_value


def get_vector_length(v: Any) -> int:
    """The size of a vector, where it is known while the program is written. Raises ValueError elsewhere.

    >>> T.get_vector_length([1, 2, 3]), T.get_vector_length(T.dmatrix("x").shape)
    (3, 2)
    """
    node = node_of(v)
    if node.ndim != 1:
        raise TypeError(f"{v} has {node.ndim} axes: it is no vector")
    size = wrap(size_node(node.shape[0]))
    if not isinstance(size, Constant):
        raise ValueError(f"only a call knows the size of {v}")
    return int(size)


def clone_replace(output: Any, replace: Mapping[Any, Any] | Iterable[tuple[Any, Any]] | None = None) -> Any:
    """An expression, or a list of them, with Variables replaced: roots, or expressions in between.

    replace    {Variable: what stands for it}; a value has as many axes, and a dtype that fits without loss

    Raises DTypeError for other values, and ShapeError where sizes that are known no longer agree.

    >>> x, y = T.dscalar("x"), T.dscalar("y")
    >>> T.clone_replace(T.exp(x) + x, {x: y * 2})
    exp(y * 2.0) + y * 2.0
    """
    many = [output] if not isinstance(output, (list, tuple)) else list(output)
    table = _replacements(replace)
    found = [wrap(node) for node in substitute([node_of(one) for one in many], table)]
    return found if isinstance(output, (list, tuple)) else found[0]


def graph_replace(outputs: Any, replace: Mapping[Any, Any] | Iterable[tuple[Any, Any]], *, strict: bool = True) -> Any:
    """As `clone_replace`; with `strict` a ValueError for what the expressions do not contain.

    >>> x, y = T.dscalar("x"), T.dscalar("y")
    >>> T.graph_replace([x + 1, x * 2], {x: y})
    [y + 1.0, y * 2.0]
    """
    many = [outputs] if not isinstance(outputs, (list, tuple)) else outputs
    table = _replacements(replace)
    if strict:
        there = set(walk([node_of(one) for one in many]))
        for key in table:
            if key not in there:
                raise ValueError(f"graph_replace: {wrap(key)} is no part of {', '.join(map(str, many))}")
    return clone_replace(outputs, replace)


def _replacements(replace: Any) -> dict[Node, Node]:
    """Nodes for nodes, of one type."""
    table: dict[Node, Node] = {}
    for key, value in dict(replace or {}).items():
        old, new = node_of(key), node_of(value)
        if new.ndim != old.ndim or not np.can_cast(new.dtype.numpy, old.dtype.numpy, "safe"):
            raise DTypeError(f"{key}, {type_text(old)}, cannot be replaced by {value}, {type_text(new)}")
        table[old] = cast(new, old.dtype)
    return table
