"""The same expressions for a whole batch of values at once: vectorising over a new leading axis.

Input: expressions, and for some of their nodes arrays with one more axis in front. Output: the expressions with
that axis in front. One rule per family of ops; what does not depend on the replaced nodes stays as it is.
Neighbours: Jacobians (`modc.tensor.derivatives`) replace one seed by all unit vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from modc.graph.build import apply, rebuild, size_node, substitute
from modc.graph.inline import GraphOp
from modc.graph.node import Node, Size, walk
from modc.graph.op import OPS
from modc.graph.ops_core import DIM
from modc.graph.sizes import size_product
from modc.graph.user_python import PythonOp, stacked


class BatchError(NotImplementedError):
    """An op has no rule for a batch in this place."""


class Batch:
    """The rules, for a batch of `size` values."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.rules: dict[str, Callable[[Node, list[Node], list[bool]], Node]] = {
            "map": self._map, "reduce": self._reduce, "composite": self._reduce, "contract": self._contract,
            "view": self._view, "index": self._index, "region": self._region, "call": self._call, "guard": self._guard,
            "graph": self._graph, "python": self._python,
        }  # fmt: skip

    def run(self, roots: Sequence[Node], table: Mapping[Node, Node]) -> list[Node]:
        """The roots, each with the batch as its first axis."""
        done: dict[Node, Node] = {}
        wide: dict[Node, bool] = {}
        for node in walk(roots):
            if node in table:
                done[node], wide[node] = table[node], True
                continue
            args, flags = [done[arg] for arg in node.args], [wide[arg] for arg in node.args]
            if node.op is DIM and flags[0]:
                done[node], wide[node] = size_node(args[0].shape[node.attrs[0] + 1]), False
            elif any(flags):
                done[node], wide[node] = self._rule(node, args, flags), True
            else:
                done[node], wide[node] = rebuild(node, args), False  # sizes of what is replaced may be among them
        return [done[root] if wide[root] else self._widened(done[root]) for root in roots]

    def _rule(self, node: Node, args: list[Node], flags: list[bool]) -> Node:
        rule = self.rules.get(node.op.family)
        if rule is None:
            raise BatchError(f"{node.op.name} cannot be vectorised")
        return rule(node, args, flags)

    # one family each

    def _map(self, node: Node, args: list[Node], flags: list[bool]) -> Node:
        if node.op.name == "iota":
            raise BatchError("a size cannot differ within a batch")
        aligned = [aligned_to(arg, node.ndim) if flag else arg for arg, flag in zip(args, flags, strict=True)]
        return again(node, aligned)

    def _reduce(self, node: Node, args: list[Node], flags: list[bool]) -> Node:
        return again(node, args, **{key: _later(value) for key, value in _params(node).items()})

    def _call(self, node: Node, args: list[Node], flags: list[bool]) -> Node:
        """Calls take stacks: axes in front of theirs, or in front of the one that they are told."""
        if "csr" in node.op.traits:
            return self._structured(node, args, flags)
        whole = [self._whole(arg, flag) for arg, flag in zip(args, flags, strict=True)]
        if "counted" in node.op.traits:
            if flags[-1]:
                raise BatchError(f"the length that {node.op.name} gives cannot differ within a batch")
            whole[-1] = args[-1]
        shifted = {key: _later(value) if key.startswith("ax") else value for key, value in _params(node).items()}
        return again(node, whole, **shifted)

    def _structured(self, node: Node, args: list[Node], flags: list[bool]) -> Node:
        """Sparse matrices: one structure, and what is the same for all of the batch stays without an axis for it."""
        own = {"csr_sum": (0, 1), "csr_tsum": (0, 1, 0), "csr_sampled": (0, 0, 2, 2)}.get(node.op.name, (0, 0, 1, 2, 0))
        if any(flag and not deep for flag, deep in zip(flags, own, strict=False)):
            raise BatchError(f"the structure of {node.op.name} cannot differ within a batch")
        batches = [old.shape[: old.ndim - deep] for old, deep in zip(node.args, own, strict=False) if old.ndim > deep > 0]
        lead = batches[0] if batches else ()
        found = list(args)
        for at, (arg, flag, deep) in enumerate(zip(args, flags, own, strict=False)):
            if flag and lead and node.args[at].ndim == deep:
                wide = aligned_to(arg, deep + len(lead))
                sizes = (arg.shape[0], *lead, *arg.shape[1:])
                found[at] = apply(OPS["broadcast"], wide, *map(size_node, sizes))
            elif deep and node.args[at].ndim > deep:
                found[at] = self._whole(arg, flag)
        return again(node, found)

    def _guard(self, node: Node, args: list[Node], flags: list[bool]) -> Node:
        return again(node, [self._whole(args[0], flags[0]), args[1]])

    def _contract(self, node: Node, args: list[Node], flags: list[bool]) -> Node:
        (a, b), (wide_a, wide_b) = args, flags
        if wide_a and wide_b:
            return self._products(node, a, b)
        if wide_a:
            rows, last = list(a.shape[:-1]), a.shape[-1]
            return _reshaped(apply(node.op, _reshaped(a, [size_product(rows), last]), b), [*rows, *node.args[1].shape[1:]])
        inner = apply(OPS["dimshuffle"], b, pattern=(1, 0, *range(2, b.ndim)))  # (k, batch, columns)
        flat = _reshaped(inner, [inner.shape[0], size_product(list(inner.shape[1:]))])
        found = _reshaped(apply(node.op, a, flat), [*a.shape[:-1], *inner.shape[1:]])
        return apply(OPS["dimshuffle"], found, pattern=(a.ndim - 1, *range(a.ndim - 1), *range(a.ndim, found.ndim)))

    def _products(self, node: Node, a: Node, b: Node) -> Node:
        """A product for each of the batch; vectors become matrices of one row or column."""
        rows, columns = a.ndim - 2, b.ndim - 2
        left = a if rows else apply(OPS["dimshuffle"], a, pattern=(0, -1, 1))
        right = b if columns else apply(OPS["dimshuffle"], b, pattern=(0, 1, -1))
        found = apply(OPS["matmul"], left, right)
        kept = (0, *(1,) * rows, *(2,) * columns)
        return found if len(kept) == 3 else apply(OPS["dimshuffle"], found, pattern=kept)

    def _view(self, node: Node, args: list[Node], flags: list[bool]) -> Node:
        if any(flags[1:]):
            raise BatchError(f"sizes and positions of {node.op.name} cannot differ within a batch")
        x, rest = args[0], args[1:]
        if node.op.name == "dimshuffle":
            return again(node, [x], pattern=(0, *(axis if axis < 0 else axis + 1 for axis in node.attrs[0])))
        if node.op.name == "slice":
            return again(node, [x, size_node(0), size_node(self.size), *rest], spec=(1, *node.attrs[0]))
        x = aligned_to(x, node.ndim) if node.op.name == "broadcast" else x
        return again(node, [x, size_node(self.size), *rest])

    def _region(self, node: Node, args: list[Node], flags: list[bool]) -> Node:
        if node.op.name == "concat":
            return again(node, [self._whole(arg, flag) for arg, flag in zip(args, flags, strict=True)], axis=node.attrs[0] + 1)
        if any(flags[2:]):
            raise BatchError(f"positions of {node.op.name} cannot differ within a batch")
        spec, mode = node.attrs
        value = aligned_to(args[1], sum(map(bool, spec))) if flags[1] else args[1]
        bounds = [size_node(0), size_node(self.size), *args[2:]]
        return again(node, [self._whole(args[0], flags[0]), value, *bounds], spec=(1, *spec), mode=mode)

    def _index(self, node: Node, args: list[Node], flags: list[bool]) -> Node:
        gathers = node.op.name == "gather"
        first = 1 if gathers else 2
        if any(flags[first:]):
            return self._index_varying(node, args, flags, first)
        params = _params(node) | {"axes": tuple(axis + 1 for axis in node.attrs[0]), "at": node.attrs[1] + 1}
        if gathers:
            return again(node, args, **params)
        value = aligned_to(args[1], _target_ndim(node)) if flags[1] else args[1]
        return again(node, [self._whole(args[0], flags[0]), value, *args[2:]], **params)

    def _index_varying(self, node: Node, args: list[Node], flags: list[bool], first: int) -> Node:
        """Positions that differ within the batch: the number in the batch becomes one more position."""
        axes, at = node.attrs[0], node.attrs[1]
        wide = max(arg.ndim for arg in node.args[first:])
        number = apply(OPS["dimshuffle"], apply(OPS["iota"], size_node(self.size)), pattern=(0, *(-1,) * wide))
        positions = [aligned_to(arg, wide) if flag else arg for arg, flag in zip(args[first:], flags[first:], strict=True)]
        params = _params(node) | {"axes": (0, *(axis + 1 for axis in axes)), "at": at}
        target = self._whole(args[0], flags[0])
        if first == 1:
            found = again(node, [target, number, *positions], **params)
            return apply(OPS["dimshuffle"], found, pattern=(at, *(axis for axis in range(found.ndim) if axis != at)))
        value = self._whole(args[1], flags[1])
        value = aligned_to(value, _target_ndim(node))
        moved = apply(OPS["dimshuffle"], value, pattern=(*range(1, at + 1), 0, *range(at + 1, value.ndim)))
        return again(node, [target, moved, number, *positions], **params)

    def _graph(self, node: Node, args: list[Node], flags: list[bool]) -> Node:
        """The graph that a node stands for, over the batch."""
        assert isinstance(node.op, GraphOp)
        pairs = list(zip(node.op.leaves, args, flags, strict=True))
        (inner,) = substitute([node.op.outputs[node.attrs[0]]], {leaf: arg for leaf, arg, flag in pairs if not flag})
        return self.run([inner], {leaf: arg for leaf, arg, flag in pairs if flag})[0]

    def _python(self, node: Node, args: list[Node], flags: list[bool]) -> Node:
        """The function called for one of the batch after the other."""
        if not isinstance(node.op, PythonOp) or node.attrs[1] >= 0:
            raise BatchError(f"a size that {node.op.name} gives cannot differ within a batch")
        return apply(stacked(node.op, tuple(flags)), *args, part=node.attrs[0], axis=-1)

    # shapes

    def _whole(self, node: Node, flag: bool) -> Node:
        return node if flag else self._widened(node)

    def _widened(self, node: Node) -> Node:
        """`node`, once per value of the batch."""
        return apply(OPS["broadcast"], node, size_node(self.size), *map(size_node, node.shape))


def aligned_to(node: Node, ndim: int) -> Node:
    """A batch of values with axes of size 1 behind the batch, so that each value has `ndim` axes."""
    missing = ndim - (node.ndim - 1)
    if missing <= 0:
        return node
    return apply(OPS["dimshuffle"], node, pattern=(0, *(-1,) * missing, *range(1, node.ndim)))


def again(node: Node, args: Sequence[Node], **params: object) -> Node:
    """The op of `node` on other arguments."""
    return apply(node.op, *args, source=node.source, **(params or _params(node)))


def _params(node: Node) -> dict[str, object]:
    return dict(zip(node.op.params, node.attrs, strict=True))


def _later(value: object) -> object:
    """Axes, one further back."""
    if isinstance(value, tuple):
        return tuple(axis + 1 for axis in value)
    return value + 1 if isinstance(value, int) else value


def _target_ndim(node: Node) -> int:
    """How many axes a scatter's value may have."""
    wide = max(arg.ndim for arg in node.args[2:])
    return wide + node.args[0].ndim - len(node.attrs[0])


def _reshaped(node: Node, sizes: Sequence[Size]) -> Node:
    return apply(OPS["reshape"], node, *map(size_node, sizes))
