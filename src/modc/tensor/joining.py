"""Arrays joined, cut into pieces, turned, repeated.

Names and arguments are NumPy's; `split` takes Theano's as well. Neighbours: `arrays` has concatenate, join and stack;
`inserting` puts parts in and takes them out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from modc.errors import ShapeError
from modc.graph import OPS, Size, apply, cast, const, size_node
from modc.graph.dtype import INT64
from modc.graph.sizes import size_add, size_floordiv, size_less, size_min, size_mul, size_sub
from modc.tensor import picking, shapes
from modc.tensor.arguments import Expression, axes_of, axis_of, node_of, size_argument
from modc.tensor.arrays import concatenate, stack
from modc.tensor.axes import atleast_1d, atleast_2d, atleast_3d
from modc.tensor.variable import Variable, as_variable, wrap

__all__ = [
    "array_split", "block", "column_stack", "dsplit", "dstack", "flip", "fliplr", "flipud", "horizontal_stack", "hsplit",
    "hstack", "inverse_permutation", "permute_row_elements", "repeat", "roll",
    "rot90", "row_stack", "split", "stacklists", "tile", "vertical_stack", "vsplit", "vstack",
]  # fmt: skip

# Joining


def hstack(arrays: Sequence[Any], dtype: Any = None) -> Variable:
    """Arrays side by side: vectors joined, others along their second axis.

    >>> T.hstack([[1, 2], [3]]).eval()
    array([1, 2, 3])
    """
    many = [atleast_1d(one) for one in _list(arrays)]
    return concatenate(many, 0 if many[0].ndim == 1 else 1, dtype)


def vstack(arrays: Sequence[Any], dtype: Any = None) -> Variable:
    """Arrays one below the other: along the first axis, vectors as rows.

    >>> T.vstack([[1, 2], [3, 4]]).eval()
    array([[1, 2],
           [3, 4]])
    """
    return concatenate([atleast_2d(one) for one in _list(arrays)], 0, dtype)


row_stack = vstack


def dstack(arrays: Sequence[Any]) -> Variable:
    """Arrays one behind the other: along the third axis.

    >>> T.dstack([[1, 2], [3, 4]]).eval()
    array([[[1, 3],
            [2, 4]]])
    """
    return concatenate([atleast_3d(one) for one in _list(arrays)], 2)


def column_stack(arrays: Sequence[Any]) -> Variable:
    """Vectors and matrices as columns of a matrix.

    >>> T.column_stack([[1, 2], [3, 4]]).eval()
    array([[1, 3],
           [2, 4]])
    """
    many = [as_variable(one) for one in _list(arrays)]
    return concatenate([atleast_2d(one).transpose() if one.ndim < 2 else one for one in many], 1)


def horizontal_stack(*arrays: Any) -> Variable:
    """Matrices side by side.

    >>> T.horizontal_stack([[1], [2]], [[3], [4]]).eval()
    array([[1, 3],
           [2, 4]])
    """
    return concatenate(_matrices(arrays), 1)


def vertical_stack(*arrays: Any) -> Variable:
    """Matrices one below the other.

    >>> T.vertical_stack([[1, 2]], [[3, 4]]).eval()
    array([[1, 2],
           [3, 4]])
    """
    return concatenate(_matrices(arrays), 0)


def _matrices(arrays: Sequence[Any]) -> list[Variable]:
    many = [as_variable(one) for one in arrays]
    if len(many) < 2 or any(one.ndim != 2 for one in many):
        raise ShapeError("two or more matrices are stacked")
    return many


def _list(arrays: Any) -> list[Any]:
    """The arrays of a sequence; the rows of an array."""
    many = list(as_variable(arrays)) if isinstance(arrays, (Expression, np.ndarray)) else list(arrays)
    if not many:
        raise ValueError("need at least one array to concatenate")
    return many


def block(arrays: Any) -> Variable:
    """An array of nested lists of arrays: the innermost are joined along the last axis, the next along the one before.

    >>> T.block([[T.ones((1, 1)), T.zeros((1, 2))], [T.full((1, 3), 7.0)]]).eval()
    array([[1., 0., 0.],
           [7., 7., 7.]])
    """
    depth = _depth(arrays)
    leaves = _leaves(arrays)
    ndim = max(depth, *(as_variable(one).ndim for one in leaves))

    def joined(part: Any, level: int) -> Variable:
        if level == depth:
            return wrap(shapes.pad_left(as_variable(part).node, ndim))
        return concatenate([joined(one, level + 1) for one in part], ndim - depth + level)

    return joined(arrays, 0)


def _depth(arrays: Any) -> int:
    if not isinstance(arrays, list):
        return 0
    if not arrays:
        raise ValueError("List at arrays cannot be empty")
    depths = {_depth(one) for one in arrays}
    if len(depths) > 1:
        raise ValueError("List depths are mismatched")
    return 1 + depths.pop()


def _leaves(arrays: Any) -> list[Any]:
    return [leaf for one in arrays for leaf in _leaves(one)] if isinstance(arrays, list) else [arrays]


def stacklists(arrays: Any) -> Variable:
    """Nested lists of arrays of one shape as one array, with an axis for each level of nesting.

    >>> T.stacklists([[1, 2], [3, T.constant(4)]]).eval()
    array([[1, 2],
           [3, 4]])
    """
    if isinstance(arrays, (list, tuple)):
        return stack([stacklists(one) for one in arrays])
    return as_variable(arrays)


# Cutting


def split(x: Any, sizes: Any, n_splits: Any = None, axis: int = 0) -> list[Variable]:
    """Pieces of x along `axis`.

    split(x, k) gives k equal pieces (ValueError where that does not work out), split(x, [2, 5]) the pieces before,
    between and behind these positions, as in NumPy; split(x, sizes, n, axis) n pieces of the sizes given, as in
    Theano, where they may be symbolic. In split(x, k, axis) the third argument is the axis, as in NumPy.

    >>> [one.eval() for one in T.split([1, 2, 3, 4], 2)]
    [array([1, 2]), array([3, 4])]
    >>> [one.eval() for one in T.split([1, 2, 3, 4], [1, 3], 2)]
    [array([1]), array([2, 3, 4])]
    """
    if is_number(sizes):
        return _equal(x, int(sizes), axis if n_splits is None else n_splits, exact=True)
    if n_splits is None:
        return _cut_at(x, _list_of_positions(sizes), axis)
    value = as_variable(x)
    place = axis_of(axis, value.ndim)
    many = shapes.sizes_argument(sizes, int(n_splits) if isinstance(sizes, Expression) else None)
    if len(many) != n_splits:
        raise ValueError(f"split: {len(many)} sizes for {n_splits} pieces; to cut at positions, leave n_splits out")
    total: Size = 0
    for size in many:
        total = size_add(total, size)
    wanted = [total if at == place else None for at in range(value.ndim)]
    node = shapes.specified(value.node, wanted, "divides")
    node = shapes.not_negative(node, many, "the sizes of a split cannot be negative")
    return [wrap(piece) for piece in shapes.split(node, many, place)]


def numpy_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Variable]:
    """`numpy.split` of a Variable: without Theano's meaning of a third argument."""
    return split(ary, indices_or_sections, axis=axis)


def is_number(sizes: Any) -> bool:
    """Whether this is an int, or a constant that is one."""
    return hasattr(sizes, "__index__") and not isinstance(sizes, np.ndarray) and not (
        isinstance(sizes, Expression) and (sizes.node.ndim or sizes.node.op.name != "const")
    )


def _list_of_positions(positions: Any) -> list[Any]:
    if isinstance(positions, np.ndarray):
        return positions.tolist()  # type: ignore[no-any-return]
    return list(positions)


def array_split(x: Any, indices_or_sections: Any, axis: int = 0) -> list[Variable]:
    """As split, but k pieces need not be equal: the first ones are one longer.

    >>> [one.eval() for one in T.array_split([1, 2, 3, 4, 5], 2)]
    [array([1, 2, 3]), array([4, 5])]
    """
    if is_number(indices_or_sections):
        return _equal(x, int(indices_or_sections), axis, exact=False)
    return _cut_at(x, _list_of_positions(indices_or_sections), axis)


def vsplit(x: Any, indices_or_sections: Any) -> list[Variable]:
    """Pieces along the first axis. Raises ValueError for vectors.

    >>> [one.eval() for one in T.vsplit([[1, 2], [3, 4]], 2)]
    [array([[1, 2]]), array([[3, 4]])]
    """
    return _split_along(x, indices_or_sections, 0, 2, "vsplit")


def hsplit(x: Any, indices_or_sections: Any) -> list[Variable]:
    """Pieces along the second axis, of vectors along their only one. Raises ValueError for scalars.

    >>> [one.eval() for one in T.hsplit([[1, 2, 3, 4]], 2)]
    [array([[1, 2]]), array([[3, 4]])]
    """
    return _split_along(x, indices_or_sections, 0 if as_variable(x).ndim == 1 else 1, 1, "hsplit")


def dsplit(x: Any, indices_or_sections: Any) -> list[Variable]:
    """Pieces along the third axis. Raises ValueError for fewer than three dimensions.

    >>> [one.eval().shape for one in T.dsplit(np.zeros((1, 2, 4)), 2)]
    [(1, 2, 2), (1, 2, 2)]
    """
    return _split_along(x, indices_or_sections, 2, 3, "dsplit")


def _split_along(x: Any, sections: Any, axis: int, least: int, name: str) -> list[Variable]:
    if as_variable(x).ndim < least:
        raise ValueError(f"{name} only works on arrays of {least} or more dimensions")
    return split(x, sections, axis=axis)


def _equal(x: Any, count: int, axis: int, exact: bool) -> list[Variable]:
    value = as_variable(x)
    place = axis_of(axis, value.ndim)
    if count < 1:
        raise ValueError("number sections must be larger than 0")
    node, whole = value.node, value.node.shape[place]
    each = size_floordiv(whole, count)
    if exact:
        wanted = [size_mul(each, count) if at == place else None for at in range(value.ndim)]
        node = shapes.specified(node, wanted, "divides")
        return [wrap(piece) for piece in shapes.split(node, [each] * count, place)]
    more = size_sub(whole, size_mul(each, count))
    sizes = [size_add(each, size_min(_less(more, at), 1)) for at in range(count)]
    return [wrap(piece) for piece in shapes.split(node, sizes, place)]


def _less(size: Size, number: int) -> Size:
    return max(size - number, 0) if isinstance(size, int) else size_less(size, number)


def _cut_at(x: Any, positions: list[Any], axis: int) -> list[Variable]:
    value = as_variable(x)
    before = (slice(None),) * axis_of(axis, value.ndim)
    ends = [*positions, None]
    return [value[(*before, slice(start, stop))] for start, stop in zip([0, *positions], ends, strict=True)]


# Turning


def flip(x: Any, axis: Any = None) -> Variable:
    """The elements in the opposite order along `axis` (an int, several, or None for all).

    >>> T.flip([[1, 2], [3, 4]]).eval()
    array([[4, 3],
           [2, 1]])
    >>> T.flip([[1, 2], [3, 4]], axis=1).eval()
    array([[2, 1],
           [4, 3]])
    """
    value = as_variable(x)
    axes = axes_of(axis, value.ndim)
    return value[tuple(slice(None, None, -1 if at in axes else None) for at in range(value.ndim))]


def flipud(x: Any) -> Variable:
    """The first axis in the opposite order. Raises ValueError for scalars.

    >>> T.flipud([[1, 2], [3, 4]]).eval()
    array([[3, 4],
           [1, 2]])
    """
    return _flipped(x, 0, 1)


def fliplr(x: Any) -> Variable:
    """The second axis in the opposite order. Raises ValueError for fewer than two dimensions.

    >>> T.fliplr([[1, 2], [3, 4]]).eval()
    array([[2, 1],
           [4, 3]])
    """
    return _flipped(x, 1, 2)


def _flipped(x: Any, axis: int, least: int) -> Variable:
    if as_variable(x).ndim < least:
        raise ValueError(f"Input must be >= {least}-d.")
    return flip(x, axis)


def rot90(x: Any, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Variable:
    """The plane of two axes turned by k right angles, from the first towards the second.

    >>> T.rot90([[1, 2], [3, 4]]).eval()
    array([[2, 4],
           [1, 3]])
    """
    value = as_variable(x)
    if len(axes) != 2:
        raise ValueError("len(axes) must be 2.")
    first, second = (axis_of(axis, value.ndim) for axis in axes)
    if first == second:
        raise ValueError("Axes must be different.")
    turns = k % 4
    if turns == 2:
        return flip(value, (first, second))
    if turns == 1:
        return flip(value, second).swapaxes(first, second)  # type: ignore[no-any-return]
    return flip(value.swapaxes(first, second), second) if turns else value


def roll(x: Any, shift: Any, axis: Any = None) -> Variable:
    """The elements moved on by `shift` along `axis` (both may be several); what falls off comes in at the start.

    axis=None: along the flattened array.

    >>> T.roll([1, 2, 3, 4], 1).eval()
    array([4, 1, 2, 3])
    >>> T.roll([[1, 2], [3, 4]], 1, axis=0).eval()
    array([[3, 4],
           [1, 2]])
    """
    value = as_variable(x)
    if axis is None:
        total: Any = sum(shift) if isinstance(shift, (tuple, list)) else shift
        return roll(value.flatten(1) if value.ndim else value.dimshuffle("x"), total, 0).reshape(value.shape)
    axes = list(axis) if isinstance(axis, (tuple, list)) else [axis]
    shifts = list(shift) if isinstance(shift, (tuple, list)) else [shift]
    if len(axes) == 1 or len(shifts) == 1:
        axes, shifts = axes * len(shifts), shifts * len(axes)
    if len(axes) != len(shifts):
        raise ValueError("'shift' and 'axis' should be scalars or 1D sequences")
    for one, by in zip(axes, shifts, strict=True):
        value = _rolled(value, size_argument(by), axis_of(one, value.ndim))
    return value


def _rolled(value: Variable, shift: Size, axis: int) -> Variable:
    size = value.node.shape[axis]
    if isinstance(shift, int) and isinstance(size, int):
        late: Size = shift % size if size else 0
    else:
        late = apply(OPS["mod"], size_node(shift), size_node(size))
    if isinstance(late, int) and late == 0:
        return value
    early = size_sub(size, late)
    head, tail = shapes.split(value.node, [early, late], axis)
    return wrap(apply(OPS["concat"], tail, head, axis=axis))


# Repeating


def tile(x: Any, reps: Any, ndim: int | None = None) -> Variable:
    """`x` repeated as a whole, `reps` times along each axis; axes are added in front as NumPy does.

    >>> T.tile([1, 2], 2).eval()
    array([1, 2, 1, 2])
    >>> T.tile([1, 2], (2, 1)).eval()
    array([[1, 2],
           [1, 2]])
    """
    times = shapes.sizes_argument(reps)
    node = node_of(x)
    total = max(node.ndim, len(times), ndim or 0)
    node = shapes.pad_left(node, total)
    times = [*[1] * (total - len(times)), *times]
    wide = shapes.dimshuffle(node, [entry for axis in range(total) for entry in (-1, axis)])
    spread = [entry for axis in range(total) for entry in (times[axis], node.shape[axis])]
    sizes = [size_mul(size, count) for size, count in zip(node.shape, times, strict=True)]
    return wrap(shapes.reshape(shapes.broadcast_to(wide, spread), sizes))


def repeat(x: Any, repeats: Any, axis: Any = None) -> Variable:
    """Each element as often as `repeats`, a number or a vector with one for each, says along `axis` (None: of the
    flattened array).

    With a vector that is not constant, the size of the result depends on data. A call with a negative number in it
    raises ValueError.

    >>> T.repeat([1, 2], 2).eval()
    array([1, 1, 2, 2])
    >>> T.repeat([[1, 2], [3, 4]], [1, 2], axis=0).eval()
    array([[1, 2],
           [3, 4],
           [3, 4]])
    """
    return as_variable(x).repeat(repeats, axis)


# Permutations


def inverse_permutation(perm: Any) -> Variable:
    """The permutation that undoes `perm`, a vector or (in the last axis) a stack of them.

    >>> T.inverse_permutation([2, 0, 1]).eval()
    array([1, 2, 0])
    """
    node = cast(node_of(perm), INT64)
    numbers = picking.counted(node.shape[-1])
    zeros = shapes.broadcast_to(const(0), list(node.shape))
    value = shapes.broadcast_to(numbers, list(node.shape))
    return wrap(picking.put_along(zeros, node, value, node.ndim - 1, "set"))


def permute_row_elements(x: Any, perm: Any, inverse: bool = False) -> Variable:
    """The rows (last axis) of x in the orders that `perm` gives; inverse: back.

    >>> T.permute_row_elements([[1, 2, 3], [4, 5, 6]], [2, 0, 1]).eval()
    array([[3, 1, 2],
           [6, 4, 5]])
    """
    value, order = as_variable(x), inverse_permutation(perm) if inverse else as_variable(perm)
    if order.ndim < value.ndim:
        order = wrap(shapes.broadcast_to(order.node, list(value.node.shape)))
    found = picking.take_along(value.node, order.node, value.ndim - 1)
    return wrap(found)
