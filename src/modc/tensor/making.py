"""More ways to make and compare whole arrays: NumPy's names, and Theano's where it has others.

Neighbours: `arrays` has zeros, ones, full, eye, arange and linspace.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from modc.errors import ShapeError
from modc.graph import Leaf, leaf, size_node, walk
from modc.graph.batch import Batch
from modc.graph.sizes import size_product
from modc.tensor import masks, shapes
from modc.tensor.arguments import axis_of
from modc.tensor.arrays import (
    arange,
    checked_sizes,
    concatenate,
    constant,
    expand_dims,
    eye,
    full,
    full_like,
    linspace,
)
from modc.tensor.axes import broadcast_shape, moveaxis
from modc.tensor.variable import Shape, Variable, as_variable, call, wrap

__all__ = [
    "apply_along_axis", "apply_over_axes", "array_equal", "array_equiv", "broadcast_shapes", "concat", "copy", "empty", "empty_like",
    "fromfunction", "geomspace", "identity", "identity_like", "logspace", "mask_indices", "permute_dims", "piecewise",
    "resize", "tensor_copy", "trim_zeros", "unstack", "vander",
]  # fmt: skip


def empty(shape: Any, dtype: Any = "floatX") -> Variable:
    """An array whose values do not matter: zeros, so that a program always does the same.

    >>> T.empty(2).eval()
    array([0., 0.])
    """
    return full(shape, 0, dtype)


def empty_like(x: Any, dtype: Any = None, *, shape: Any = None) -> Variable:
    """An array in the shape of x whose values do not matter: zeros.

    >>> T.empty_like([1, 2]).eval()
    array([0, 0])
    """
    return full_like(x, 0, dtype, shape=shape)


def identity(n: Any, dtype: Any = "floatX") -> Variable:
    """A matrix of n rows and columns, 1 on the diagonal and 0 elsewhere.

    >>> T.identity(2).eval()
    array([[1., 0.],
           [0., 1.]])
    """
    return eye(n, dtype=dtype)


def identity_like(x: Any, dtype: Any = None) -> Variable:
    """A matrix in the shape of the matrix x, 1 on the diagonal and 0 elsewhere.

    >>> T.identity_like([[1, 2, 3], [4, 5, 6]]).eval()
    array([[1, 0, 0],
           [0, 1, 0]])
    """
    value = as_variable(x)
    if value.ndim != 2:
        raise ShapeError(f"identity_like takes a matrix, not {value.type}")
    return eye(value.shape[0], value.shape[1], 0, value.dtype if dtype is None else dtype)


def logspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, base: Any = 10.0, dtype: Any = None) -> Variable:
    """`base` to the powers linspace(start, stop, num, endpoint).

    >>> T.logspace(0, 2, 3).eval()
    array([  1.,  10., 100.])
    """
    found: Variable = as_variable(base).astype("float64") ** linspace(start, stop, num, endpoint)
    return found if dtype is None else found.astype(dtype)


def geomspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, dtype: Any = None) -> Variable:
    """`num` numbers from `start` to `stop`, each the one before times the same factor. Both have one sign, not 0.

    >>> T.geomspace(1, 1000, 4).eval()
    array([   1.,   10.,  100., 1000.])
    """
    first, last = as_variable(start).astype("float64"), as_variable(stop).astype("float64")
    share = arange(num).astype("float64") / max(num - 1 if endpoint else num, 1)
    found = first * (last / first) ** share
    if endpoint and num > 1:
        found = call("where", arange(num).equals(num - 1), last, found)
    return found if dtype is None else found.astype(dtype)


def vander(x: Any, N: Any = None, increasing: bool = False) -> Variable:
    """The powers of the elements of a vector as rows, falling from N - 1 (the vector's length - 1 unless given) to 0.

    >>> T.vander([1, 2, 3]).eval()
    array([[1, 1, 1],
           [4, 2, 1],
           [9, 3, 1]])
    """
    value = as_variable(x)
    if value.ndim != 1:
        raise ValueError("x must be a one-dimensional array or sequence.")
    count = value.shape[0] if N is None else N
    powers = arange(count)
    column = value * constant(np.int64(1))
    found = column.dimshuffle(0, "x") ** (powers if increasing else powers[::-1]).astype(column.dtype)
    return found


def fromfunction(function: Callable[..., Any], shape: Any, *, dtype: Any = "float64", **options: Any) -> Variable:
    """The function of the positions along each axis of an array of this shape.

    >>> T.fromfunction(lambda i, j: 10 * i + j, (2, 3)).eval()
    array([[ 0.,  1.,  2.],
           [10., 11., 12.]])
    """
    sizes = checked_sizes(shape)
    places = []
    for at, size in enumerate(sizes):
        along = arange(size if isinstance(size, int) else wrap(size)).astype(dtype)
        wide = along.dimshuffle([0 if axis == at else "x" for axis in range(len(sizes))])
        places.append(wrap(shapes.broadcast_to(wide.node, sizes)))
    return as_variable(function(*places, **options))


def copy(x: Any) -> Variable:
    """A new Variable with the same value.

    >>> T.copy([1, 2]).eval()
    array([1, 2])
    """
    return as_variable(x).copy()


tensor_copy = copy


def permute_dims(x: Any, axes: Any = None) -> Variable:
    """The axes in the order given, reversed where none is.

    >>> T.permute_dims(np.zeros((2, 3, 4)), (2, 0, 1)).eval().shape
    (4, 2, 3)
    """
    return as_variable(x).transpose(axes)


concat = concatenate


def unstack(x: Any, axis: int = 0) -> tuple[Variable, ...]:
    """The slices along an axis whose size is known when the program is written.

    >>> [one.eval() for one in T.unstack([[1, 2], [3, 4]])]
    [array([1, 2]), array([3, 4])]
    """
    value = moveaxis(x, axis, 0)
    return tuple(value)


def resize(x: Any, new_shape: Any) -> Variable:
    """The elements, row-major, in another shape, from the start again where they do not suffice; zeros where there
    are none.

    >>> T.resize([1, 2, 3], (2, 4)).eval()
    array([[1, 2, 3, 1],
           [2, 3, 1, 2]])
    """
    value = as_variable(x)
    sizes = checked_sizes(new_shape)
    total, own = size_product(sizes), size_product(list(value.node.shape))
    flat = value.flatten(1) if value.ndim else value.dimshuffle("x")
    if isinstance(own, int) and own == 0:
        return full([wrap(size) if not isinstance(size, int) else size for size in sizes], 0, value.dtype)
    if isinstance(own, int) and isinstance(total, int) and total <= own:
        return wrap(shapes.reshape(flat[:total].node, sizes))
    numbers = arange(wrap(size_node(total))) % wrap(size_node(own))
    return wrap(shapes.reshape(flat[numbers].node, sizes))


def trim_zeros(filt: Any, trim: str = "fb") -> Variable:
    """A vector without the zeros at its front ("f" in trim) and back ("b"). The size of the result depends on data.

    >>> T.trim_zeros([0, 0, 1, 0, 2, 0]).eval()
    array([1, 0, 2])
    """
    value = as_variable(filt)
    if value.ndim != 1:
        raise ShapeError(f"trim_zeros takes a vector, not {value.type}")
    if set(trim.lower()) - set("fb"):
        raise ValueError(f"unexpected character(s) in `trim`: {trim!r}")
    marks = concatenate([call("ne", value, 0), constant([True])], 0)
    length = wrap(size_node(value.node.shape[0]))
    front: Any = marks.argmax() if "f" in trim.lower() else 0
    back = length
    if "b" in trim.lower():
        back = length - concatenate([call("ne", value, 0)[::-1], constant([True])], 0).argmax()
    return value[front:back]


# Comparing


def array_equal(a1: Any, a2: Any, equal_nan: bool = False) -> Variable:
    """Whether two arrays have one shape and equal elements; with equal_nan two NaNs are equal.

    Sizes that only the call knows must be equal: ShapeError where they are not.

    >>> T.array_equal([1, 2], [1, 2]).eval(), T.array_equal([1, 1], [1]).eval()
    (array(True), array(False))
    """
    first, second = as_variable(a1), as_variable(a2)
    if first.ndim != second.ndim or any(
        isinstance(one, int) and isinstance(other, int) and one != other
        for one, other in zip(first.node.shape, second.node.shape, strict=True)
    ):
        return constant(False)
    same = first.equals(second)
    if equal_nan and first.node.dtype.is_float and second.node.dtype.is_float:
        same = same | (call("isnan", first) & call("isnan", second))
    return same.all()


def array_equiv(a1: Any, a2: Any) -> Variable:
    """Whether two arrays broadcast to each other and have equal elements.

    >>> T.array_equiv([1, 1], [1]).eval()
    array(True)
    """
    first, second = as_variable(a1), as_variable(a2)
    try:
        return first.equals(second).all()
    except ShapeError:
        return constant(False)


def broadcast_shapes(*shapes_: Any) -> Shape:
    """The shape to which shapes broadcast together. Raises ShapeError where they are known not to.

    >>> T.broadcast_shapes((2, 1), (3,)).eval()
    array([2, 3])
    """
    return broadcast_shape(*(one if isinstance(one, (tuple, list)) else (one,) for one in shapes_), arrays_are_shapes=True)


# Functions of arrays


def piecewise(x: Any, condlist: Any, funclist: Sequence[Any], *args: Any, **options: Any) -> Variable:
    """For each element the function (or number) of the last condition that is true; one function more is for
    elements without any, else 0. All are computed for all elements.

    >>> x = T.constant([-2.0, 0.5, 3.0])
    >>> T.piecewise(x, [x < 0, x > 1], [0.0, lambda part: part * 10, 1.0]).eval()
    array([ 0.,  1., 30.])
    """
    value = as_variable(x)
    many = list(condlist) if isinstance(condlist, (list, tuple)) else [condlist]
    if len(funclist) not in (len(many), len(many) + 1):
        raise ValueError(f"with {len(many)} condition(s), either {len(many)} or {len(many) + 1} functions are expected")
    results = [as_variable(one(value, *args, **options) if callable(one) else one).astype(value.dtype) for one in funclist]
    found = results.pop() if len(results) > len(many) else value.zeros_like()
    for condition, result in zip(many, results, strict=True):
        found = as_variable(condition).where(result, found)
    return found


def mask_indices(n: int, mask_func: Callable[..., Any], k: Any = 0) -> tuple[Variable, ...]:
    """The positions at which `mask_func` of an n by n matrix of ones, such as triu, is not 0.

    >>> [one.eval() for one in T.mask_indices(2, T.triu)]
    [array([0, 0, 1]), array([0, 1, 1])]
    """
    found = mask_func(full((n, n), 1, "int64"), k)
    return tuple(wrap(one) for one in masks.coordinates(as_variable(found).astype("bool").node))


def apply_along_axis(func1d: Callable[..., Any], axis: int, arr: Any, *args: Any, **options: Any) -> Variable:
    """The function of every vector along an axis; the axes of its result stand where that axis was.

    The function is called once, with a Variable, and what it gives is vectorised.

    >>> T.apply_along_axis(lambda row: row[::-1], 1, [[1, 2], [3, 4]]).eval()
    array([[2, 1],
           [4, 3]])
    """
    value = as_variable(arr)
    place = axis_of(axis, value.ndim)
    rows = moveaxis(value, place, -1)
    others = list(rows.node.shape[:-1])
    one = leaf(value.node.dtype, [_declared(rows)], None)
    result = as_variable(func1d(wrap(one), *args, **options))
    count = size_product(others)
    flat = shapes.reshape(rows.node, [count, rows.node.shape[-1]])
    if isinstance(result.node, Leaf) or one not in set(walk([result.node])):
        found = shapes.broadcast_to(result.node, [count, *result.node.shape]) if result.node is not one else flat
    else:
        (found,) = Batch(count).run([result.node], {one: flat})
    whole = wrap(shapes.reshape(found, [*others, *found.shape[1:]]))
    inner = list(range(len(others), whole.ndim))
    return moveaxis(whole, inner, [place + at for at in range(len(inner))]) if inner else whole


def apply_over_axes(func: Callable[..., Any], a: Any, axes: Any) -> Variable:
    """A reduction over several axes, one after the other; they stay, with size 1.

    func(x, axis) leaves the axis out, or with size 1.

    >>> T.apply_over_axes(T.sum, [[1, 2], [3, 4]], [0, 1]).eval()
    array([[10]])
    """
    value = as_variable(a)
    for axis in [axes] if not isinstance(axes, (tuple, list)) else axes:
        place = axis_of(axis, value.ndim)
        found = as_variable(func(value, place))
        if found.ndim not in (value.ndim, value.ndim - 1):
            raise ValueError("function is not returning an array of the correct shape")
        value = found if found.ndim == value.ndim else expand_dims(found, place)
    return value


def _declared(rows: Variable) -> int | None:
    size = rows.node.shape[-1]
    return size if isinstance(size, int) else None

