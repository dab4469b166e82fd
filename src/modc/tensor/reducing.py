"""Methods of Variables that combine, order or find elements along axes.

Neighbours: `variable` inherits from `Reducing`; `reductions`, `sorting` and `statistics` are the functions. Below them
are methods that gradients in the op tables call.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from modc.graph import OPS, Node, apply, cast, size_node
from modc.graph.dtype import BOOL, FLOAT64
from modc.graph.sizes import size_product
from modc.tensor import ordering, shapes
from modc.tensor.arguments import axes_of, node_of
from modc.tensor.declared import row_of
from modc.tensor.elementary import Elementary


class Reducing(Elementary):
    """Reductions, running combinations and sorting, as methods."""

    __slots__ = ()

    def _of(self, node: Node) -> Self:
        found: Self = self.wrapped(node)
        return found

    def _counting(self, where: Any, otherwise: Any) -> Self:
        """`self` with a neutral number for the elements that do not count."""
        return self if where is None else self._of(counting(self.node, where, otherwise))

    # Reductions

    def sum(
        self, axis: Any = None, dtype: Any = None, keepdims: bool = False, acc_dtype: Any = None, *,
        initial: Any = None, where: Any = None,
    ) -> Self:  # fmt: skip
        """Sum over `axis` (int, tuple, None for all); small integers and bool add up in 64 bits.

        The elements are added in `acc_dtype` (`dtype` unless given); the result has `dtype`. initial: what the sum starts
        from; where: the elements that count.
        """
        me = self._counting(where, 0)
        found = me._reduce("sum", axis, keepdims, dtype, acc_dtype)
        return found if initial is None else self._of(started("add", found.node, initial))

    def prod(
        self, axis: Any = None, dtype: Any = None, keepdims: bool = False, acc_dtype: Any = None, *,
        initial: Any = None, where: Any = None,
    ) -> Self:  # fmt: skip
        """Product over `axis`; arguments and dtypes as for sum."""
        me = self._counting(where, 1)
        found = me._reduce("prod", axis, keepdims, dtype, acc_dtype)
        return found if initial is None else self._of(started("mul", found.node, initial))

    def mean(
        self, axis: Any = None, dtype: Any = None, keepdims: bool = False, acc_dtype: Any = None, *, where: Any = None
    ) -> Self:
        """Mean over `axis` of the elements that count; float64 for integers. NaN where there are none."""
        if where is None:
            return self._reduce("mean", axis, keepdims, dtype, acc_dtype)
        me: Any = self._of(_floats(self.node) if dtype is None else cast(self.node, row_of(dtype)))
        found = me.sum(axis, None, keepdims, acc_dtype, where=where)
        return found / me._marks(where).sum(axis, None, keepdims).astype(found.dtype)  # type: ignore[no-any-return]

    def max(self, axis: Any = None, keepdims: bool = False, *, initial: Any = None, where: Any = None) -> Self:
        """Largest element over `axis`, and of `initial`; NaN wins. where: the elements that count, besides `initial`."""
        return self._extreme("max", axis, keepdims, initial, where)

    def peak(self, axis: Any) -> Self:
        """As max with keepdims, but -inf where there are no elements: for the expansions of composites."""
        return self._reduce("peak", axis, True)

    def min(self, axis: Any = None, keepdims: bool = False, *, initial: Any = None, where: Any = None) -> Self:
        """Smallest element over `axis`, and of `initial`; NaN wins. where: the elements that count, besides `initial`."""
        return self._extreme("min", axis, keepdims, initial, where)

    def any(self, axis: Any = None, keepdims: bool = False, *, where: Any = None) -> Self:
        """True where any element over `axis` (that counts) is true."""
        return self._counting(where, False)._reduce("any", axis, keepdims)

    def all(self, axis: Any = None, keepdims: bool = False, *, where: Any = None) -> Self:
        """True where all elements over `axis` (that count) are true."""
        return self._counting(where, True)._reduce("all", axis, keepdims)

    def ptp(self, axis: Any = None, keepdims: bool = False) -> Self:
        """Largest minus smallest element over `axis`."""
        large: Any = self.max(axis, keepdims)
        found: Self = large - self.min(axis, keepdims)
        return found

    def var(
        self, axis: Any = None, ddof: Any = 0, keepdims: bool = False, dtype: Any = None, *, where: Any = None,
        mean: Any = None, correction: Any = None,
    ) -> Self:  # fmt: skip
        """Variance over `axis`, divided by n - ddof; computed in `dtype`, float64 for integers.

        where: the elements that count; mean: their mean, with keepdims, where it is known; correction: ddof, by the name
        of the array standard.
        """
        me: Any = self if dtype is None else self._of(cast(self.node, row_of(dtype)))
        if correction is not None:
            if not (isinstance(ddof, int) and not ddof):
                raise ValueError("ddof and correction can't be provided simultaneously.")
            ddof = correction
        found: Self
        axes = axes_of(axis, self.ndim)
        centred = me - (me.mean(axes, keepdims=True, where=where) if mean is None else mean)
        if isinstance(ddof, int) and not ddof:
            found = squared_size(centred).mean(axes, keepdims=keepdims, where=where)
            return found
        count: Any = self.wrapped(size_node(size_product([self.node.shape[at] for at in axes])))
        count = count if where is None else self._marks(where).sum(axes, None, keepdims)
        total = squared_size(centred).sum(axes, keepdims=keepdims, where=where)
        found = total / (count - ddof).function("maximum", 0).astype(total.dtype)
        return found

    def std(
        self, axis: Any = None, ddof: Any = 0, keepdims: bool = False, dtype: Any = None, *, where: Any = None,
        mean: Any = None, correction: Any = None,
    ) -> Self:  # fmt: skip
        """Standard deviation over `axis`: the root of `var`."""
        spread = self.var(axis, ddof, keepdims, dtype, where=where, mean=mean, correction=correction)
        return self._of(apply(OPS["sqrt"], spread.node))

    def argmax(self, axis: Any = None, keepdims: bool = False) -> Self:
        """Position of the first largest element along `axis` (None: of the flattened array), int64; NaN wins.

        Of several axes: in the array flattened over them.
        """
        return self._position("argmax", axis, keepdims)

    def argmin(self, axis: Any = None, keepdims: bool = False) -> Self:
        """Position of the first smallest element along `axis`, int64; as argmax."""
        return self._position("argmin", axis, keepdims)

    def norm(self, L: Any = 2, axis: Any = None, keepdims: bool = False) -> Self:
        """The L-norm over `axis`: (sum |x|**L)**(1/L); the largest |x| for L = inf, the smallest for -inf, the count
        of x != 0 for 0.
        """
        return self._of(self._norm(L, axis, keepdims).node)

    def _norm(self, L: Any, axis: Any, keepdims: bool) -> Any:
        me: Any = self
        if L == 0:
            return me.function("ne", 0).sum(axis, me.real.dtype, keepdims)
        if L in (float("inf"), float("-inf")):
            return abs(me).max(axis, keepdims) if L > 0 else abs(me).min(axis, keepdims)
        if L == 1:
            return abs(me).sum(axis, keepdims=keepdims)
        if L == 2:
            return squared_size(me).sum(axis, keepdims=keepdims).function("sqrt")
        return (abs(me) ** float(L)).sum(axis, keepdims=keepdims) ** (1.0 / L)

    def _reduce(self, op: str, axis: Any, keepdims: bool, dtype: Any = None, acc_dtype: Any = None) -> Self:
        first = dtype if acc_dtype is None else acc_dtype
        source = self.node if first is None else cast(self.node, row_of(first))
        axes = axes_of(axis, self.ndim)
        if not axes and op in ("max", "min"):
            return self._of(source)
        result = apply(OPS[op], source, axes=axes)
        result = shapes.keep_axes(result, axes) if keepdims else result
        return self._of(result if dtype is None else cast(result, row_of(dtype)))

    def _extreme(self, op: str, axis: Any, keepdims: bool, initial: Any, where: Any) -> Self:
        if initial is None:
            if where is not None:
                raise ValueError(
                    f"reduction operation '{op}imum' does not have an identity, so to use a where mask one has to specify 'initial'"
                )
            return self._reduce(op, axis, keepdims)
        return self._of(counting(self.node, where, initial))._with_first(op, axis, keepdims, initial)

    def _with_first(self, op: str, axis: Any, keepdims: bool, initial: Any) -> Self:
        """A reduction over one more element, so that there is one even where the array is empty."""
        axes = axes_of(axis, self.ndim)
        first = cast(node_of(initial), self.node.dtype)
        if all(isinstance(self.node.shape[at], int) and self.node.shape[at] for at in axes):
            return self._of(apply(OPS[f"{op}imum"], self._reduce(op, axis, keepdims).node, first))
        moved = moved_last(self.node, axes)
        one = shapes.broadcast_to(first, [*moved.shape[:-1], 1])
        moved = apply(OPS["concat"], moved, one, axis=moved.ndim - 1)
        found = apply(OPS[op], moved, axes=(moved.ndim - 1,))
        return self._of(shapes.keep_axes(found, axes) if keepdims else found)

    def _marks(self, where: Any) -> Any:
        """The mask of what counts, in this shape."""
        return self._of(shapes.broadcast_to(cast(node_of(where), BOOL), self.node.shape))

    def _position(self, op: str, axis: Any, keepdims: bool) -> Self:
        if isinstance(axis, (tuple, list)) and len(axis) == 1:
            (axis,) = axis
        axes = axes_of(axis, self.ndim)
        if len(axes) == 1:
            found = apply(OPS[op], self.node, axis=axes[0])
        else:
            rest = [at for at in range(self.ndim) if at not in axes]
            moved = shapes.dimshuffle(self.node, [*rest, *axes]) if axes else shapes.pad_left(self.node, self.ndim + 1)
            flat = shapes.flatten(moved, len(rest) + 1) if axes else moved
            found = apply(OPS[op], flat, axis=len(rest) if axes else 0)
        return self._of(shapes.keep_axes(found, axes) if keepdims else found)

    # Running combinations

    def cumsum(self, axis: Any = None, dtype: Any = None) -> Self:
        """Sums of the elements up to each one, along `axis` (None: of the flattened array); dtypes as for sum."""
        return self._running("cumsum", axis, dtype)

    def cumprod(self, axis: Any = None, dtype: Any = None) -> Self:
        """Products of the elements up to each one, along `axis` (None: of the flattened array); dtypes as for sum."""
        return self._running("cumprod", axis, dtype)

    def _running(self, op: str, axis: Any, dtype: Any = None) -> Self:
        node, place = ordering.along_axis(self.node, axis)
        node = node if dtype is None else cast(node, row_of(dtype))
        found = apply(OPS[op], node, axis=place)
        return self._of(found if dtype is None else cast(found, row_of(dtype)))

    # Order

    def sort(self, axis: Any = -1, kind: Any = None, order: Any = None) -> Self:
        """A sorted copy along `axis` (None: of the flattened array), NaN last. Every `kind` is stable."""
        checked_kind(kind, order)
        return self._of(ordering.sort(self.node, axis))

    def argsort(self, axis: Any = -1, kind: Any = None, order: Any = None) -> Self:
        """The positions that sort along `axis` (None: the flattened array), int64; equal elements keep their order."""
        checked_kind(kind, order)
        return self._of(ordering.argsort(self.node, axis))

    def partition(self, kth: Any, axis: Any = -1) -> Self:
        """A copy in which the elements at `kth` along `axis` are where sorting puts them; here all of it is sorted."""
        return self._of(ordering.sort(ordering.check_kth(self.node, kth, axis), 0 if axis is None else axis))

    def argpartition(self, kth: Any, axis: Any = -1) -> Self:
        """The positions that `partition`: here those that sort."""
        return self._of(ordering.argsort(ordering.check_kth(self.node, kth, axis), 0 if axis is None else axis))

    def searchsorted(self, v: Any, side: str = "left", sorter: Any = None) -> Self:
        """Where each of `v` would be put into this sorted vector; see `T.searchsorted`."""
        found = ordering.searchsorted(self.node, node_of(v), side, None if sorter is None else node_of(sorter))
        return self._of(found)

    # For gradients in the op tables

    def order(self, axis: int) -> Any:
        """The positions that sort along an axis."""
        return self.wrapped(ordering.argsort(self.node, axis))

    def later(self, axis: int) -> Any:
        """For each element the next one along an axis, for the last itself."""
        return self._parts(axis, slice(1, None), slice(-1, None))

    def earlier(self, axis: int) -> Any:
        """For each element the one before along an axis, for the first 0."""
        me: Any = self
        front = (slice(None),) * axis
        first, rest = me[(*front, slice(None, 1))].zeros_like(), me[(*front, slice(None, -1))]
        return self.wrapped(apply(OPS["concat"], first.node, rest.node, axis=axis))

    def _parts(self, axis: int, *many: slice) -> Any:
        """Slices along an axis, joined."""
        me: Any = self
        found: list[Node] = [me[(slice(None),) * axis + (one,)].node for one in many]
        return self.wrapped(apply(OPS["concat"], *found, axis=axis))

    def summed_back(self, factors: Any, axis: int) -> Any:
        """From the end: each element plus its factor times the sum behind it."""
        a, b = factors.reversed(axis).node, self.reversed(axis).node
        return self.wrapped(apply(OPS["recurrence"], a, b, axis=axis)).reversed(axis)

    def convolved(self, other: Any, valid: bool) -> Any:
        """The `convolve` row."""
        return self.wrapped(apply(OPS["convolve"], self.node, other.node, valid=valid))

    def convolved_like(self, other: Any, like: Any, up: bool) -> Any:
        """The `convolve_part` row."""
        return self.wrapped(apply(OPS["convolve_part"], self.node, other.node, like.node, up=up))


def checked_kind(kind: Any, order: Any) -> None:
    """Raise for a kind of sort that NumPy does not know, and for an order of fields."""
    if kind not in (None, "quicksort", "mergesort", "heapsort", "stable"):
        raise ValueError(f"sort kind must be one of 'quick', 'heap', or 'stable' (got {kind!r})")
    if order is not None:
        raise ValueError("cannot specify order when the array has no fields")


def _floats(node: Node) -> Node:
    return node if node.dtype.is_inexact else cast(node, FLOAT64)


def counting(node: Node, where: Any, instead: Any) -> Node:
    """`node` with another element where the mask is false; None is no mask."""
    if where is None:
        return node
    other = cast(node_of(instead), node.dtype)
    return apply(OPS["where"], shapes.broadcast_to(cast(node_of(where), BOOL), node.shape), node, other)


def started(op: str, found: Node, initial: Any) -> Node:
    """A sum or product with what it starts from."""
    return found if initial is None else apply(OPS[op], found, cast(node_of(initial), found.dtype))


def moved_last(node: Node, axes: Sequence[int]) -> Node:
    """`node` with `axes` joined into one, which comes last."""
    rest = [at for at in range(node.ndim) if at not in axes]
    moved = shapes.dimshuffle(node, [*rest, *axes])
    return shapes.flatten(moved, len(rest) + 1) if axes else shapes.dimshuffle(node, [*rest, -1])


def squared_size(x: Any) -> Any:
    """|x| squared, elementwise."""
    return x.real * x.real + x.imag * x.imag if x.node.dtype.is_complex else x * x
