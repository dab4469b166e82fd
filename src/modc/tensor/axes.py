"""Axes and sizes: moved, added, checked, made equal. None of these functions computes an element.

Neighbours: `shapes` does the work at node level, `arrays` has reshape, transpose, dimshuffle and their like.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from modc.graph import Node, Size, size_node
from modc.graph.build import check_agreements
from modc.graph.op import OPS
from modc.graph.rules import broadcast_shape as broadcast_sizes
from modc.tensor import shapes
from modc.tensor.arguments import AxisError, axes_of, axis_of
from modc.tensor.variable import Shape, Variable, as_variable, wrap

__all__ = [
    "addbroadcast", "atleast_1d", "atleast_2d", "atleast_3d", "atleast_Nd", "broadcast_arrays", "broadcast_shape",
    "moveaxis", "patternbroadcast", "rollaxis", "specify_shape", "swapaxes", "unbroadcast",
]  # fmt: skip


def swapaxes(x: Any, axis1: int, axis2: int) -> Variable:
    """Two axes exchanged.

    >>> T.swapaxes([[1, 2], [3, 4]], 0, 1).eval()
    array([[1, 3],
           [2, 4]])
    """
    return as_variable(x).swapaxes(axis1, axis2)  # type: ignore[no-any-return]


def moveaxis(x: Any, source: Any, destination: Any) -> Variable:
    """Axes (an int or several) moved to other places; the others keep their order.

    >>> T.moveaxis(np.zeros((2, 3, 4)), 0, -1).eval().shape
    (3, 4, 2)
    """
    value = as_variable(x)
    sources, places = _in_order(source, value.ndim), _in_order(destination, value.ndim)
    if len(sources) != len(places):
        raise ValueError("`source` and `destination` arguments must have the same number of elements")
    order = [axis for axis in range(value.ndim) if axis not in sources]
    for place, axis in sorted(zip(places, sources, strict=True)):
        order.insert(place, axis)
    return value.transpose(order) if order else value


def _in_order(axes: Any, ndim: int) -> list[int]:
    many = list(axes) if isinstance(axes, (tuple, list)) else [axes]
    axes_of(many, ndim)  # raises for axes that repeat or are not there
    return [axis_of(axis, ndim) for axis in many]


def rollaxis(x: Any, axis: int, start: int = 0) -> Variable:
    """An axis moved in front of the axis that is now at `start`; moveaxis says the same more clearly.

    >>> T.rollaxis(np.zeros((2, 3, 4)), 2).eval().shape
    (4, 2, 3)
    """
    value = as_variable(x)
    place = axis_of(axis, value.ndim)
    if not -value.ndim <= start <= value.ndim:
        raise AxisError(f"start={start} is out of bounds for array of dimension {value.ndim}")
    before = start + value.ndim if start < 0 else start
    return moveaxis(value, place, before - (place < before))


def atleast_1d(*arrays: Any) -> Any:
    """Scalars as vectors with one element, other arrays as they are; several give a tuple.

    >>> T.atleast_1d(3).eval()
    array([3])
    """
    return _each(arrays, lambda value: value.dimshuffle("x") if value.ndim == 0 else value)


def atleast_2d(*arrays: Any) -> Any:
    """Scalars and vectors as matrices with one row, other arrays as they are; several give a tuple.

    >>> T.atleast_2d([1, 2]).eval()
    array([[1, 2]])
    """
    return _each(arrays, lambda value: wrap(shapes.pad_left(value.node, max(value.ndim, 2))))


def atleast_3d(*arrays: Any) -> Any:
    """Vectors as (1, n, 1), matrices as (m, n, 1), other arrays as they are; several give a tuple.

    >>> T.atleast_3d([1, 2]).eval()
    array([[[1],
            [2]]])
    """
    patterns: dict[int, tuple[Any, ...]] = {0: ("x", "x", "x"), 1: ("x", 0, "x"), 2: (0, 1, "x")}
    return _each(arrays, lambda value: value.dimshuffle(*patterns[value.ndim]) if value.ndim < 3 else value)


def atleast_Nd(*arrays: Any, n: int = 1, left: bool = True) -> Any:
    """At least n dimensions, with new axes of size 1 in front or (left=False) behind; several give a tuple.

    >>> T.atleast_Nd([1, 2], n=3).eval()
    array([[[1, 2]]])
    >>> T.atleast_Nd([1, 2], n=3, left=False).eval().shape
    (2, 1, 1)
    """

    def wider(value: Variable) -> Variable:
        new, old = ["x"] * max(n - value.ndim, 0), list(range(value.ndim))
        return value.dimshuffle([*new, *old] if left else [*old, *new]) if new else value

    return _each(arrays, wider)


def _each(arrays: Sequence[Any], change: Any) -> Any:
    found = tuple(change(as_variable(one)) for one in arrays)
    return found[0] if len(found) == 1 else found


# Sizes that must be so


def specify_shape(x: Any, shape: Any, *more: Any) -> Variable:
    """x, whose sizes must be these: what is known then needs no check later, and axes of size 1 broadcast.

    shape    per axis a number, an integer scalar, or None for any size; or an integer vector

    Known sizes are compared at once, others by each call: AssertionError where they differ. Raises ValueError for
    another number of dimensions.

    >>> T.specify_shape(T.dmatrix("x"), (None, 3)).type
    TensorType('float64', (None, 3))
    """
    value = as_variable(x)
    given = (shape, *more) if more or shape is None else shape
    many = list(given) if isinstance(given, (tuple, list)) else None
    sizes: list[Size | None]
    if many is None:
        sizes = list(shapes.sizes_argument(given, value.ndim))
    else:
        sizes = [None if size is None else shapes.sizes_argument(size)[0] for size in many]
    if len(sizes) != value.ndim:
        raise ValueError(f"specify_shape: {len(sizes)} sizes for {value.ndim} dimensions")
    return wrap(shapes.specified(value.node, sizes, "specified"))


def addbroadcast(x: Any, *axes: int) -> Variable:
    """x, whose `axes` must have size 1 (a call checks that) and broadcast.

    >>> x, y = T.dmatrix("x"), T.dmatrix("y")
    >>> (T.addbroadcast(x, 1) + y).eval({x: [[10], [20]], y: [[1, 2], [3, 4]]})
    array([[11., 12.],
           [23., 24.]])
    """
    value = as_variable(x)
    ones = {axis_of(axis, value.ndim) for axis in axes}
    return specify_shape(value, [1 if axis in ones else None for axis in range(value.ndim)])


def unbroadcast(x: Any, *axes: int) -> Variable:
    """x: in modc a size that is known stays known, so the `axes`, which are looked at, still broadcast.

    >>> T.unbroadcast(T.drow("x"), 0).type
    TensorType('float64', (1, None))
    """
    value = as_variable(x)
    for axis in axes:
        axis_of(axis, value.ndim)
    return value


def patternbroadcast(x: Any, broadcastable: Sequence[bool]) -> Variable:
    """x, whose axes must have size 1 where `broadcastable` is true.

    >>> T.patternbroadcast(T.dmatrix("x"), (False, True)).type
    TensorType('float64', (None, 1))
    """
    value = as_variable(x)
    if len(broadcastable) != value.ndim:
        raise ValueError(f"patternbroadcast: {len(broadcastable)} axes for {value.ndim} dimensions")
    return addbroadcast(value, *(axis for axis, one in enumerate(broadcastable) if one))


def broadcast_shape(*arrays: Any, arrays_are_shapes: bool = False) -> Shape:
    """The shape to which arrays (or shapes) broadcast together. Raises ShapeError where they are known not to.

    >>> T.broadcast_shape([1, 2], [[3], [4]]).eval()
    array([2, 2])
    """
    if arrays_are_shapes:
        sized = [wrap(size_node(0)).fill(0) if not len(one) else _of_shape(one) for one in arrays]
    else:
        sized = [as_variable(one) for one in arrays]
    return Shape(_together([one.node for one in sized]))


def _together(nodes: list[Node]) -> tuple[Size, ...]:
    """The sizes to which nodes broadcast. Raises ShapeError where they are known not to agree."""
    check_agreements(OPS["add"], nodes, ())
    return broadcast_sizes(nodes)


def _of_shape(shape: Any) -> Variable:
    return wrap(shapes.broadcast_to(wrap(size_node(0)).node, shapes.sizes_argument(shape)))


def broadcast_arrays(*arrays: Any) -> list[Variable]:
    """Arrays repeated along new axes and axes known to have size 1, until all have one shape.

    >>> for one in T.broadcast_arrays([1, 2], [[3], [4]]): print(one.eval())
    [[1 2]
     [1 2]]
    [[3 3]
     [4 4]]
    """
    many = [as_variable(one) for one in arrays]
    if not many:
        return []
    sizes = _together([one.node for one in many])
    return [wrap(shapes.broadcast_to(one.node, list(sizes))) for one in many]
