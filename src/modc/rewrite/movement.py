"""Rules that move and remove views: dimshuffle, broadcast, reshape, slice. All of them are exact.

Takes and gives nodes through `engine`. The scheduler wants few views, reshapes as near to the
leaves as they can be, and operands of elementwise ops without broadcasts that implicit broadcasting
makes anyway.
"""

from __future__ import annotations

from collections.abc import Sequence

from modc.errors import ModcError
from modc.graph import rules as shape_rules
from modc.graph.build import apply, const, rebuild, size_node, size_of
from modc.graph.node import Node, Size, users
from modc.graph.op import OPS, Op
from modc.graph.ops_array import (
    BROADCAST,
    DIMSHUFFLE,
    GATHER,
    RESHAPE,
    SCATTER,
    SLICE,
    slice_bounds,
)
from modc.graph.ops_core import CONST
from modc.graph.sizes import size_add, size_mul, size_product
from modc.rewrite.engine import Rewriter, RuleSet, Trace, function_rule
from modc.rewrite.pattern import uniform
from modc.rewrite.sizes import Sizes

#: Names of the ops that broadcast their operands implicitly.
MAPS = " ".join(
    op.name
    for op in OPS.values()
    if op.shape in (shape_rules.broadcast_shape, shape_rules.same_shape) and op.family == "map"
)
_MAP_NAMES = frozenset(MAPS.split())


def equal(a: Size, b: Size) -> bool:
    """Whether two extents are provably the same."""
    return a is b or Sizes().equal(a, b)


def same_shape(a: Sequence[Size], b: Sequence[Size]) -> bool:
    """Whether two shapes are provably the same."""
    return len(a) == len(b) and all(map(equal, a, b))


def dimshuffle(node: Node, pattern: Sequence[int]) -> Node:
    """`node` with permuted, new and dropped axes."""
    return apply(DIMSHUFFLE, node, pattern=tuple(pattern), source=None)


def broadcast(node: Node, shape: Sequence[Size]) -> Node:
    """`node` repeated to `shape`."""
    return apply(BROADCAST, node, *map(size_node, shape), source=None)


def reshape(node: Node, shape: Sequence[Size]) -> Node:
    """`node` in another shape."""
    return apply(RESHAPE, node, *map(size_node, shape), source=None)


# dimshuffle


def _same_axes(node: Node) -> Node | None:
    pattern = node.attrs[0]
    return node.args[0] if pattern == tuple(range(node.args[0].ndim)) else None


def _two_dimshuffles(node: Node) -> Node | None:
    (inner,) = node.args
    if inner.op is not DIMSHUFFLE:
        return None
    first = inner.attrs[0]
    return dimshuffle(inner.args[0], [-1 if axis < 0 else first[axis] for axis in node.attrs[0]])


def _dimshuffle_of_scalar(node: Node) -> Node | None:
    (inner,) = node.args
    return (
        broadcast(inner.args[0], node.shape)
        if inner.op is BROADCAST and inner.args[0].ndim == 0
        else None
    )


# broadcast


def _same_sizes(node: Node) -> Node | None:
    return node.args[0] if same_shape(node.args[0].shape, node.shape) else None


def _specified_already(node: Node) -> Node | None:
    """Sizes that are known need no check."""
    same = all(equal(size, size_of(want)) for size, want in zip(node.args[0].shape, node.args[1:], strict=True))
    return node.args[0] if same else None


def _two_broadcasts(node: Node) -> Node | None:
    inner = node.args[0]
    if inner.op is not BROADCAST:
        return None
    outer = node.shape[node.ndim - inner.ndim :]
    if all(size == 1 or equal(size, want) for size, want in zip(inner.shape, outer, strict=True)):
        return broadcast(inner.args[0], node.shape)
    return None


def only_leading(node: Node) -> bool:
    """Whether `node` only puts new axes of size 1 before those of its operand."""
    if node.op is not DIMSHUFFLE:
        return False
    kept = tuple(axis for axis in node.attrs[0] if axis >= 0)
    new = node.ndim - len(kept)
    return kept == tuple(range(node.args[0].ndim)) and node.attrs[0][:new] == (-1,) * new


def _broadcast_of_constant(node: Node) -> Node | None:
    inner = node.args[0]
    value = uniform(inner) if inner.ndim else None
    return None if value is None else broadcast(const(value, inner.dtype), node.shape)


def _broadcast_of_leading(node: Node) -> Node | None:
    inner = node.args[0]
    return broadcast(inner.args[0], node.shape) if only_leading(inner) else None


# reshape


def _two_reshapes(node: Node) -> Node | None:
    inner = node.args[0]
    if inner.op is not RESHAPE:
        return None
    middle = size_product(inner.shape)
    if equal(middle, size_product(inner.args[0].shape)) or equal(middle, size_product(node.shape)):
        return reshape(inner.args[0], node.shape)
    return None


def _reshape_of_scalar(node: Node) -> Node | None:
    inner = node.args[0]
    if (
        inner.op is BROADCAST
        and inner.args[0].ndim == 0
        and equal(size_product(inner.shape), size_product(node.shape))
    ):
        return broadcast(inner.args[0], node.shape)
    return None


def _reshape_of_ones(node: Node) -> Node | None:
    """A reshape that only adds and drops axes of size 1 moves no element: it is a dimshuffle."""
    shape = node.args[0].shape
    kept = [axis for axis, size in enumerate(shape) if not shape_rules.is_one(size)]
    wide = [size for size in node.shape if not shape_rules.is_one(size)]
    if len(kept) != len(wide) or not all(
        equal(shape[axis], size) for axis, size in zip(kept, wide, strict=True)
    ):
        return None
    rest = iter(kept)
    return dimshuffle(
        node.args[0], [-1 if shape_rules.is_one(size) else next(rest) for size in node.shape]
    )


# slice


def _whole_slice(node: Node) -> Node | None:
    operand, *bounds = node.args
    for (step, start, length), size in zip(
        slice_bounds(bounds, node.attrs[0]), operand.shape, strict=True
    ):
        if step != 1 or start != 0 or length is None or not equal(length, size):
            return None
    return operand


def _two_slices(node: Node) -> Node | None:
    """Ranges of ranges. A position in a range stays: it is checked against the range."""
    inner = node.args[0]
    if inner.op is not SLICE or not all(node.attrs[0]):
        return None
    outer = iter(slice_bounds(node.args[1:], node.attrs[0]))
    spec: list[int] = []
    bounds: list[Size] = []
    for step, start, length in slice_bounds(inner.args[1:], inner.attrs[0]):
        if step == 0:
            spec.append(0)
            bounds.append(start)
            continue
        step_, start_, length_ = next(outer)
        assert length is not None and length_ is not None
        spec.append(step * step_)
        bounds += [size_add(start, size_mul(start_, step)), length_]
    return apply(SLICE, inner.args[0], *map(size_node, bounds), spec=tuple(spec), source=None)


def _slice_of_scalar(node: Node) -> Node | None:
    inner = node.args[0]
    whole = inner.op is BROADCAST and inner.args[0].ndim == 0 and all(node.attrs[0])
    return broadcast(inner.args[0], node.shape) if whole else None


# operands of elementwise ops


def _bare(arg: Node) -> Node:
    """`arg` without a view that broadcasting makes anyway; equal constants as a scalar."""
    if arg.op is CONST:
        value = uniform(arg) if arg.ndim else None
        return arg if value is None else const(value, arg.dtype)
    return arg.args[0] if arg.op is BROADCAST or only_leading(arg) else arg


def _implicit_broadcast(node: Node) -> Node | None:
    """Drop the views of one operand after the other, as long as the result has the same shape."""
    args = list(node.args)
    for place, arg in enumerate(node.args):
        bare = _bare(arg)
        if bare is arg:
            continue
        tried = [*args[:place], bare, *args[place + 1 :]]
        if same_shape(shape_rules.broadcast_shape(tried), node.shape):
            args = tried
    return _rebuilt(node, args)


def _shape(op: Op, args: Sequence[Node], *params: object) -> tuple[Size, ...]:
    assert op.shape is not None
    found: tuple[Size, ...] = op.shape(args, *params)
    return found


def _value_of_part(node: Node) -> Node | None:
    """Setting and adding broadcast the value themselves."""
    value = node.args[1]
    bare = _bare(value)
    place = (node.args[0], *node.args[2:])
    scattered = node.op is SCATTER
    target = (
        _shape(GATHER, place, *node.attrs[:2]) if scattered else _shape(SLICE, place, node.attrs[0])
    )
    if bare is value or not same_shape(value.shape, target[len(target) - value.ndim :]):
        return None
    params = dict(zip(node.op.params, node.attrs, strict=True))
    return apply(node.op, node.args[0], bare, *node.args[2:], source=None, **params)


def _map_of_broadcasts(node: Node) -> Node | None:
    """f(broadcast(x), broadcast(y)) computes f once per element of x and y."""
    if not any(arg.op is BROADCAST for arg in node.args):
        return None
    fits = all(
        arg.ndim == 0 or (arg.op is BROADCAST and same_shape(arg.shape, node.shape))
        for arg in node.args
    )
    if not fits:
        return None
    new = _rebuilt(node, [arg.args[0] if arg.op is BROADCAST else arg for arg in node.args])
    if new is None or same_shape(new.shape, node.shape):
        return None
    return broadcast(new, node.shape)


# reshapes towards the leaves


def lift_reshapes(roots: Sequence[Node], trace: Trace) -> list[Node]:
    """`roots` with each reshape of an elementwise op that nothing else uses moved to its operands.

    There it is free: an argument, a member or a matrix product is a buffer anyway, while the value of
    an elementwise op would have to be stored to be seen in another shape.
    """
    table = users(roots)
    single = {node for node in table if len(table[node]) == 1} - set(roots)

    def lift(node: Node) -> Node | None:
        inner = node.args[0]
        if inner not in single or inner.op.name not in _MAP_NAMES or not inner.ndim:
            return None
        if not all(arg.ndim == 0 or same_shape(arg.shape, inner.shape) for arg in inner.args):
            return None
        return _rebuilt(
            inner, [reshape(arg, node.shape) if arg.ndim else arg for arg in inner.args]
        )

    rules = [*MOVEMENT, function_rule("reshape of elementwise", "reshape", lift)]
    return Rewriter(rules, trace).run(roots)


def _rebuilt(node: Node, args: Sequence[Node]) -> Node | None:
    try:
        return rebuild(node, args)
    except ModcError:
        return None  # sizes that disagree: the call will say so


MOVEMENT = RuleSet(
    "movement",
    function_rule("dimshuffle that keeps the axes", "dimshuffle", _same_axes),
    function_rule("dimshuffle of dimshuffle", "dimshuffle", _two_dimshuffles),
    function_rule("dimshuffle of a repeated scalar", "dimshuffle", _dimshuffle_of_scalar),
    function_rule("broadcast that keeps the sizes", "broadcast", _same_sizes),
    function_rule("broadcast of broadcast", "broadcast", _two_broadcasts),
    function_rule("broadcast of equal constants", "broadcast", _broadcast_of_constant),
    function_rule("broadcast of new leading axes", "broadcast", _broadcast_of_leading),
    function_rule("sizes known before", "specify", _specified_already),
    function_rule("reshape that keeps the sizes", "reshape", _same_sizes),
    function_rule("reshape of reshape", "reshape", _two_reshapes),
    function_rule("reshape of a repeated scalar", "reshape", _reshape_of_scalar),
    function_rule("reshape that moves ones", "reshape", _reshape_of_ones),
    function_rule("slice of everything", "slice", _whole_slice),
    function_rule("slice of slice", "slice", _two_slices),
    function_rule("slice of a repeated scalar", "slice", _slice_of_scalar),
    function_rule("broadcast that is implicit", MAPS, _implicit_broadcast),
    function_rule("value that is broadcast", "scatter update_slice", _value_of_part),
    function_rule("elementwise of broadcasts", MAPS, _map_of_broadcasts),
)
