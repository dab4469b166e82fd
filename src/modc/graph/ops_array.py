"""The table of array ops: reductions, products, movement, indexing. One row per op.

Meaning of the parameters
  axes, axis   non-negative, sorted
  pattern      dimshuffle: for each result axis the operand's axis, or -1 for a new axis of size 1
  spec         slice: for each operand axis the step (a range: arguments start, length), or 0 (a single
               position: argument position; the axis goes away). Positions and starts are never negative
  axes, at     gather, scatter: the operand's axes that the position arrays index (negative positions count
               from the end), and where the positions' axes stand in the result
  mode         "set" or "add"; for scatter also "mul", "min" and "max"
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from modc.errors import DTypeError
from modc.graph import rules
from modc.graph.build import size_of
from modc.graph.dtype import INT64, DType
from modc.graph.node import Node, Size
from modc.graph.op import Op, table
from modc.graph.sizes import same_product, size_add, size_product

Array = np.ndarray[Any, Any]

COMPLEX = ("complex",)

# NumPy references


def _sum(x: Array, axes: tuple[int, ...]) -> Any:
    return np.sum(x, axis=axes, dtype=x.dtype)


def _prod(x: Array, axes: tuple[int, ...]) -> Any:
    return np.prod(x, axis=axes, dtype=x.dtype)


def _dimshuffle(x: Array, pattern: tuple[int, ...]) -> Array:
    kept = [axis for axis in pattern if axis >= 0]
    dropped = tuple(axis for axis in range(x.ndim) if axis not in kept)
    moved = x.transpose(*kept, *dropped).reshape([x.shape[axis] for axis in kept])
    return moved[tuple(np.newaxis if axis < 0 else slice(None) for axis in pattern)]


def _broadcast(x: Array, *sizes: Any) -> Array:
    return np.broadcast_to(x, tuple(int(size) for size in sizes))


def _reshape(x: Array, *sizes: Any) -> Array:
    return np.reshape(x, tuple(int(size) for size in sizes))


def slice_index(spec: tuple[int, ...], bounds: Sequence[Any]) -> tuple[Any, ...]:
    """NumPy's basic index for a slice row's `spec` and bounds."""
    rest = iter(int(bound) for bound in bounds)
    index: list[Any] = []
    for step in spec:
        start = next(rest)
        if step == 0:
            index.append(start)
            continue
        stop = start + step * next(rest)
        index.append(slice(start, stop if stop >= 0 else None, step) if stop != start else slice(0, 0))
    return tuple(index)


def _slice(x: Array, *bounds: Any, spec: tuple[int, ...]) -> Any:
    return x[slice_index(spec, bounds)]


def _update_slice(x: Array, value: Array, *bounds: Any, spec: tuple[int, ...], mode: str) -> Array:
    result = x.copy()
    index = slice_index(spec, bounds)
    result[index] = value if mode == "set" else result[index] + value
    return result


def gather_index(ndim: int, positions: Sequence[Array], axes: tuple[int, ...], at: int) -> tuple[Any, ...]:
    """An open mesh that indexes all `ndim` axes, with the positions' axes standing at `at` of the result."""
    wide = np.broadcast_shapes(*(position.shape for position in positions))
    free = [axis for axis in range(ndim) if axis not in axes]
    total = len(wide) + len(free)
    index: list[Any] = [None] * ndim
    for axis, position in zip(axes, positions, strict=True):
        index[axis] = position.reshape(position.shape + (1,) * (total - at - len(wide)))
    return tuple(index)


def _gather(x: Array, *positions: Array, axes: tuple[int, ...], at: int) -> Any:
    return x[mesh(x.shape, positions, axes, at)]


def mesh(shape: tuple[int, ...], positions: Sequence[Array], axes: tuple[int, ...], at: int) -> tuple[Any, ...]:
    """Index arrays for every axis of `shape`, broadcasting to the result of gather."""
    index: list[Any] = list(gather_index(len(shape), positions, axes, at))
    wide = len(np.broadcast_shapes(*(position.shape for position in positions)))
    free = [axis for axis in range(len(shape)) if axis not in axes]
    total = wide + len(free)
    for order, axis in enumerate(free):
        place = order if order < at else order + wide
        index[axis] = np.arange(shape[axis]).reshape((-1,) + (1,) * (total - place - 1))
    return tuple(index)


#: What a mode of scatter combines old and new with: the row, and NumPy's function.
COMBINE = {"add": "add", "mul": "mul", "min": "minimum", "max": "maximum"}
_AT: dict[str, np.ufunc] = {"add": np.add, "mul": np.multiply, "min": np.minimum, "max": np.maximum}


def _scatter(x: Array, value: Array, *positions: Array, axes: tuple[int, ...], at: int, mode: str) -> Array:
    result = x.copy()
    index = mesh(x.shape, positions, axes, at)
    if mode == "set":
        result[index] = value
    else:
        whole = np.broadcast_to(value, np.broadcast_shapes(*(one.shape for one in index)))
        _AT[mode].at(result, index, whole)  # NumPy 2.4 reads beyond a value that it has to broadcast itself
    return result


def _concat(*parts: Array, axis: int) -> Array:
    return np.concatenate(parts, axis=axis)


def _iota(length: Any) -> Array:
    return np.arange(int(length), dtype=np.int64)


def _argument_of(function: Any) -> Any:
    return lambda x, axis: np.asarray(function(x, axis=axis), dtype=np.int64)


# Dtype, shape and agreement rules of single rows


def _scatter_dtypes(dtypes: Sequence[DType], axes: Any, at: int, mode: str) -> rules.DTypes:
    if mode in ("min", "max") and any(dtype.is_complex for dtype in dtypes[:2]):
        raise DTypeError(f"has no {mode} of complex numbers")
    return rules.first_two(dtypes)


def _iota_dtypes(dtypes: Sequence[DType]) -> rules.DTypes:
    return (INT64,), INT64


def _drop_axis(args: Sequence[Node], axis: int) -> tuple[Size, ...]:
    return rules.drop_axes(args, (axis,))


def _not_empty(args: Sequence[Node], axes: Any) -> list[rules.Agreement]:
    axes = axes if isinstance(axes, tuple) else (axes,)
    return [("lt", 0, args[0].shape[axis], 0, axis) for axis in axes]


def _dimshuffle_shape(args: Sequence[Node], pattern: tuple[int, ...]) -> tuple[Size, ...]:
    return tuple(1 if axis < 0 else args[0].shape[axis] for axis in pattern)


def _dimshuffle_agree(args: Sequence[Node], pattern: tuple[int, ...]) -> list[rules.Agreement]:
    return [("eq", size, 1, 0, axis) for axis, size in enumerate(args[0].shape) if axis not in pattern and size != 1]


def _given_sizes(args: Sequence[Node], *params: Any) -> tuple[Size, ...]:
    return tuple(size_of(arg) for arg in args[1:])


def _broadcast_agree(args: Sequence[Node]) -> list[rules.Agreement]:
    want = _given_sizes(args)
    shape = args[0].shape
    pairs = zip(range(len(shape)), shape, want[len(want) - len(shape):], strict=True)
    return [("eq", size, target, 0, axis) for axis, size, target in pairs if size != 1 and size is not target]


def _reshape_agree(args: Sequence[Node]) -> list[rules.Agreement]:
    have, want = size_product(args[0].shape), size_product(_given_sizes(args))
    return [] if same_product(have, want) else [("eq", have, want, 0, 0)]


def slice_bounds(args: Sequence[Node], spec: tuple[int, ...]) -> list[tuple[int, Size, Size | None]]:
    """(step, start or position, length or None) for each operand axis; `args` are the bounds alone."""
    rest = iter(args)
    return [(step, size_of(next(rest)), size_of(next(rest)) if step else None) for step in spec]


def _slice_shape(args: Sequence[Node], spec: tuple[int, ...]) -> tuple[Size, ...]:
    return tuple(length for _, _, length in slice_bounds(args[1:], spec) if length is not None)


def _slice_agree(args: Sequence[Node], spec: tuple[int, ...]) -> list[rules.Agreement]:
    bounds = slice_bounds(args[1:], spec)
    return [("lt", start, args[0].shape[axis], 0, axis) for axis, (step, start, _) in enumerate(bounds) if step == 0]


def _update_slice_agree(args: Sequence[Node], spec: tuple[int, ...], mode: str) -> list[rules.Agreement]:
    target = [size for step, _, size in slice_bounds(args[2:], spec) if step]
    value = args[1].shape
    pairs = zip(range(len(value)), value, target[len(target) - len(value):], strict=True)
    unequal = [("eq", got, want, 1, axis) for axis, got, want in pairs if got != 1 and got is not want]
    return _slice_agree((args[0], *args[2:]), spec) + unequal  # type: ignore[operator]


def _gather_shape(args: Sequence[Node], axes: tuple[int, ...], at: int) -> tuple[Size, ...]:
    wide = rules.broadcast_shape(args[1:])
    free = rules.drop_axes(args, axes)
    return free[:at] + wide + free[at:]


def _gather_agree(args: Sequence[Node], axes: tuple[int, ...], at: int) -> list[rules.Agreement]:
    return [(kind, a, b, operand + 1, axis) for kind, a, b, operand, axis in rules.broadcast_agree(args[1:])]


def _scatter_agree(args: Sequence[Node], axes: tuple[int, ...], at: int, mode: str) -> list[rules.Agreement]:
    target = _gather_shape((args[0], *args[2:]), axes, at)
    value = args[1].shape
    pairs = zip(range(len(value)), value, target[len(target) - len(value):], strict=True)
    found: list[rules.Agreement] = [("eq", a, b, 1, axis) for axis, a, b in pairs if a != 1 and a is not b]
    wide = rules.broadcast_agree(args[2:])
    return found + [(kind, a, b, operand + 2, axis) for kind, a, b, operand, axis in wide]


def _concat_shape(args: Sequence[Node], axis: int) -> tuple[Size, ...]:
    total: Size = 0
    for arg in args:
        total = size_add(total, arg.shape[axis])
    return tuple(total if place == axis else _concat_size(args, place) for place in range(args[0].ndim))


def _concat_size(args: Sequence[Node], axis: int) -> Size:
    known = [arg.shape[axis] for arg in args if isinstance(arg.shape[axis], int)]
    return known[0] if known else args[0].shape[axis]


def _concat_agree(args: Sequence[Node], axis: int) -> list[rules.Agreement]:
    found: list[rules.Agreement] = []
    for operand, arg in enumerate(args):
        for place, size in enumerate(arg.shape):
            want = _concat_size(args, place)
            if place != axis and size is not want and size != want:
                found.append(("eq", size, want, operand, place))
    return found


def _dot_shape(args: Sequence[Node]) -> tuple[Size, ...]:
    a, b = args
    return a.shape[:-1] + b.shape[1:]


def _dot_agree(args: Sequence[Node]) -> list[rules.Agreement]:
    a, b = args
    got, want = b.shape[0], a.shape[-1]
    return [] if got is want or got == want else [("eq", got, want, 1, 0)]


# Gradients: operators and methods of the arguments only


def _swapped(x: Any) -> Any:
    return x.dimshuffle(1, 0)


def _dot_gradient(g: Any, y: Any, a: Any, b: Any) -> tuple[Any, Any]:
    if a.ndim == 1 and b.ndim == 1:
        return g * b, g * a
    if a.ndim == 1:
        return b.dot(g), a.dimshuffle(0, "x") * g.dimshuffle("x", 0)
    if b.ndim == 1:
        return g.dimshuffle(0, "x") * b.dimshuffle("x", 0), g.dot(a)
    return g.dot(_swapped(b)), _swapped(a).dot(g)


def _reduced_back(g: Any, x: Any, axes: tuple[int, ...]) -> Any:
    """A reduction's result (or its gradient) with the reduced axes back as size 1."""
    kept = iter(range(x.ndim))
    return g.dimshuffle(*("x" if axis in axes else next(kept) for axis in range(x.ndim)))


def _sum_gradient(g: Any, y: Any, x: Any, axes: tuple[int, ...]) -> tuple[Any]:
    return (_reduced_back(g, x, axes).broadcast_like(x),)


def _prod_gradient(g: Any, y: Any, x: Any, axes: tuple[int, ...]) -> tuple[Any]:
    """G * (product of the others): y / x, except where x is 0; there the product of the non-zero others if x is
    the only zero.
    """
    zero = x.equals(0)
    zeros = zero.astype("int64").sum(axis=axes)
    others = zero.where(1, x).prod(axis=axes)
    back = _reduced_back
    at_zero = back(zeros.equals(1).where(others, 0), x, axes)
    elsewhere = back(zeros.equals(0).where(others, 0), x, axes) / zero.where(1, x)
    return (back(g, x, axes) * zero.where(at_zero, elsewhere),)


def _extreme_gradient(g: Any, y: Any, x: Any, axes: tuple[int, ...]) -> tuple[Any]:
    """The whole gradient goes to every place that ties for the extreme."""
    return (x.equals(_reduced_back(y, x, axes)).where(_reduced_back(g, x, axes), 0),)


def _dimshuffle_gradient(g: Any, y: Any, x: Any, pattern: tuple[int, ...]) -> tuple[Any]:
    return (g.dimshuffle(*(pattern.index(axis) if axis in pattern else "x" for axis in range(x.ndim))),)


def _unbroadcast_gradient(g: Any, y: Any, x: Any, *sizes: Any) -> tuple[Any, ...]:
    return (g.sum_to(x), *(None for _ in sizes))


def _reshape_gradient(g: Any, y: Any, x: Any, *sizes: Any) -> tuple[Any, ...]:
    return (g.reshape_like(x), *(None for _ in sizes))


def _slice_gradient(g: Any, y: Any, x: Any, *bounds: Any, spec: tuple[int, ...]) -> tuple[Any, ...]:
    return (x.zeros_like().update_slice(g, bounds, spec, "add"), *(None for _ in bounds))


def _update_slice_gradient(
    g: Any, y: Any, x: Any, value: Any, *bounds: Any, spec: tuple[int, ...], mode: str
) -> tuple[Any, ...]:
    inside = g.slice_range(bounds, spec).sum_to(value)
    outside = g.update_slice(value.zeros_like(), bounds, spec, "set") if mode == "set" else g
    return (outside, inside, *(None for _ in bounds))


def _gather_gradient(g: Any, y: Any, x: Any, *positions: Any, axes: tuple[int, ...], at: int) -> tuple[Any, ...]:
    return (x.zeros_like().scatter(g, positions, axes, at, "add"), *(None for _ in positions))


def _scatter_gradient(
    g: Any, y: Any, x: Any, value: Any, *positions: Any, axes: tuple[int, ...], at: int, mode: str
) -> tuple[Any, ...]:
    if mode == "mul":
        return (*_products_gradient(g, x, value, positions, axes, at), *(None for _ in positions))
    inside = g.gather(positions, axes, at)
    if mode in ("min", "max"):
        there = y.gather(positions, axes, at)
        part = value.broadcast_like(there).equals(there).where(inside, 0).sum_to(value)
        return (x.equals(y).where(g, 0), part, *(None for _ in positions))
    if mode == "set" and _may_repeat([position.node for position in positions]):
        order = inside.numbered()  # of several values for one place the last stays: only it has a gradient
        last = x.zeros_like("int64").scatter(order, positions, axes, at, "set").gather(positions, axes, at)
        inside = last.equals(order).where(inside, 0)
    inside = inside.sum_to(value)
    outside = g.scatter(value.zeros_like(), positions, axes, at, "set") if mode == "set" else g
    return (outside, inside, *(None for _ in positions))


def _products_gradient(g: Any, x: Any, value: Any, positions: Any, axes: tuple[int, ...], at: int) -> tuple[Any, Any]:
    """G times the product of the other factors; where one factor is 0, of those that are not."""
    value_zero, zero = value.equals(0), x.equals(0)
    zeros = zero.astype("int64").scatter(value_zero.astype("int64"), positions, axes, at, "add")
    product = zero.where(1, x).scatter(value_zero.where(1, value), positions, axes, at, "mul")

    def others(factor: Any, zero: Any, zeros: Any, product: Any) -> Any:
        elsewhere = zeros.equals(0).where(product, 0) / zero.where(1, factor)
        return zero.where(zeros.equals(1).where(product, 0), elsewhere)

    there = [one.gather(positions, axes, at) for one in (zeros, product, g)]
    wide, wide_zero = value.broadcast_like(there[1]), value_zero.broadcast_like(there[1])
    inside = there[2] * others(wide, wide_zero, there[0], there[1])
    return g * others(x, zero, zeros, product), inside.sum_to(value)


def _may_repeat(positions: Sequence[Node]) -> bool:
    """Whether two places of the positions may be the same element."""
    if all(position.ndim == 0 for position in positions):
        return False
    if max(position.ndim for position in positions) > 1:
        return True
    known = [position for position in positions if position.op.name == "const" and position.ndim]
    if any(len(set(position.value.tolist())) == position.value.size and (position.value >= 0).all() for position in known):
        return False
    return all(position.op is not IOTA for position in positions)


def _concat_gradient(g: Any, y: Any, *parts: Any, axis: int) -> tuple[Any, ...]:
    return tuple(g.split_like(parts, axis))


# fmt: off
SUM        = Op("sum", "reduce", _sum, "add", dtypes=rules.sums, shape=rules.drop_axes, params=("axes",),
                grad=_sum_gradient, start={"b": 0, "i": 0, "u": 0, "f": 0.0, "c": 0.0}, traits=COMPLEX, doc="Sum over axes.")
PROD       = Op("prod", "reduce", _prod, "mul", dtypes=rules.sums, shape=rules.drop_axes, params=("axes",),
                grad=_prod_gradient, start={"b": 1, "i": 1, "u": 1, "f": 1.0, "c": 1.0}, traits=COMPLEX, doc="Product over axes.")
MAX        = Op("max", "reduce", lambda x, axes: np.max(x, axis=axes), "maximum", dtypes=rules.same,
                shape=rules.drop_axes, agree=_not_empty, params=("axes",), grad=_extreme_gradient,
                doc="Largest element over axes; NaN wins.")
PEAK       = Op("peak", "reduce", lambda x, axes: np.max(x, axis=axes, initial=-np.inf), "maximum",
                dtypes=rules.to_float, shape=rules.drop_axes, params=("axes",), grad=_extreme_gradient,
                start={"f": -np.inf}, doc="Largest element over axes, -inf where there is none; NaN wins.")
MIN        = Op("min", "reduce", lambda x, axes: np.min(x, axis=axes), "minimum", dtypes=rules.same,
                shape=rules.drop_axes, agree=_not_empty, params=("axes",), grad=_extreme_gradient,
                doc="Smallest element over axes; NaN wins.")
ANY        = Op("any", "reduce", lambda x, axes: np.any(x, axis=axes), "or_", dtypes=rules.logical,
                shape=rules.drop_axes, params=("axes",), start={"b": 0}, traits=COMPLEX, doc="True where any element over axes is.")
ALL        = Op("all", "reduce", lambda x, axes: np.all(x, axis=axes), "and_", dtypes=rules.logical,
                shape=rules.drop_axes, params=("axes",), start={"b": 1}, traits=COMPLEX, doc="True where all elements over axes are.")
ARGMAX     = Op("argmax", "reduce", _argument_of(np.argmax), dtypes=rules.positions, shape=_drop_axis,
                agree=_not_empty, params=("axis",), doc="Position of the first largest element; NaN wins.")
ARGMIN     = Op("argmin", "reduce", _argument_of(np.argmin), dtypes=rules.positions, shape=_drop_axis,
                agree=_not_empty, params=("axis",), doc="Position of the first smallest element; NaN wins.")
DOT        = Op("dot", "contract", np.dot, dtypes=rules.same, shape=_dot_shape, agree=_dot_agree,
                grad=_dot_gradient, traits=COMPLEX, doc="Product of vectors and matrices over the last axis of a and the first of b.")
DIMSHUFFLE = Op("dimshuffle", "view", _dimshuffle, dtypes=rules.same, shape=_dimshuffle_shape,
                agree=_dimshuffle_agree, params=("pattern",), grad=_dimshuffle_gradient,
                doc="Axes permuted, new axes of size 1 inserted, axes of size 1 dropped.")
BROADCAST  = Op("broadcast", "view", _broadcast, dtypes=rules.first_of, shape=_given_sizes, agree=_broadcast_agree,
                grad=_unbroadcast_gradient, doc="Repeated along new axes and axes of size 1.")
RESHAPE    = Op("reshape", "view", _reshape, dtypes=rules.first_of, shape=_given_sizes, agree=_reshape_agree,
                grad=_reshape_gradient, doc="The same elements, row-major, in another shape.")
SLICE      = Op("slice", "view", _slice, dtypes=rules.first_of, shape=_slice_shape, agree=_slice_agree,
                params=("spec",), grad=_slice_gradient, doc="A range or one position of every axis.")
GATHER     = Op("gather", "index", _gather, dtypes=rules.first_of, shape=_gather_shape, agree=_gather_agree,
                params=("axes", "at"), grad=_gather_gradient, doc="Elements at integer positions.")
SCATTER    = Op("scatter", "index", _scatter, dtypes=_scatter_dtypes, shape=rules.same_shape, agree=_scatter_agree,
                params=("axes", "at", "mode"), grad=_scatter_gradient,
                doc="A copy with elements at integer positions set or added to.")
UPDATE     = Op("update_slice", "region", _update_slice, dtypes=rules.first_two, shape=rules.same_shape,
                agree=_update_slice_agree, params=("spec", "mode"), grad=_update_slice_gradient,
                doc="A copy with a range set or added to.")
CONCAT     = Op("concat", "region", _concat, dtypes=rules.same, shape=_concat_shape, agree=_concat_agree,
                params=("axis",), grad=_concat_gradient, doc="Arrays joined along an axis.")
IOTA       = Op("iota", "map", _iota, dtypes=_iota_dtypes, shape=lambda args: (size_of(args[0]),),
                doc="0, 1, ..., n - 1 as int64.")
# fmt: on

table(
    SUM, PROD, MAX, PEAK, MIN, ANY, ALL, ARGMAX, ARGMIN, DOT, DIMSHUFFLE, BROADCAST, RESHAPE, SLICE, GATHER, SCATTER,
    UPDATE, CONCAT, IOTA,
)
