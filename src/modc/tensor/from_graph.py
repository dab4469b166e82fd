"""`OpFromGraph`: a part of an expression with a name, to be used again, and with a gradient of its own.

Input: Variables and expressions over them. Output: a function of Variables. Its results are single nodes until a Method is
compiled; then the expressions stand in their place, so it costs nothing. Reference: Theano's and PyTensor's OpFromGraph.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from modc.errors import DTypeError, OpError, ShapeError
from modc.graph import OPS, Leaf, Node, apply, const, leaf, substitute, walk
from modc.graph.build import shape_text
from modc.graph.dtype import promote
from modc.graph.inline import GraphOp
from modc.graph.node import Size, plain_name
from modc.graph.ops_core import NAMED_DIM
from modc.tensor.arguments import node_of
from modc.tensor.gradient import grad
from modc.tensor.shapes import broadcast_to, specified
from modc.tensor.variable import Variable, as_variable, wrap

__all__ = ["OpFromGraph"]

Overrides = Callable[..., Any] | Sequence[Any] | None


class GraphRow(GraphOp):
    """The row of an OpFromGraph, with what its gradient is made of."""

    __slots__ = ("by_grad", "by_lop", "dims", "templates")

    def __init__(
        self, name: str, leaves: Sequence[Leaf], outputs: Sequence[Node], dims: Sequence[tuple[Any, ...]],
        by_grad: Overrides, by_lop: Overrides,
    ) -> None:  # fmt: skip
        super().__init__(name, leaves, outputs, grad=self._gradient)
        self.dims, self.by_grad, self.by_lop = tuple(dims), by_grad, by_lop
        self.templates: dict[int, tuple[Node, list[Node | None]]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return GraphRow, (self.name, self.leaves, self.outputs, self.dims, self.by_grad, self.by_lop)

    def _gradient(self, g: Variable, y: Variable, *args: Variable, part: int) -> tuple[Any, ...]:
        own = len(self.dims)  # operands behind these are what the graph uses besides
        overrides = self.by_lop if self.by_lop is not None else self.by_grad
        if overrides is None:
            return tuple(self._through(g, args, part))
        nodes = [arg.node for arg in args]
        outputs = [wrap(apply(self, *nodes, part=at)) for at in range(len(self.outputs))]
        grads = [g if at == part else one.zeros_like() for at, one in enumerate(outputs)]
        given = (list(args[:own]), outputs, grads) if self.by_lop is not None else (list(args[:own]), grads)
        default: list[Any] | None = None
        if callable(overrides):
            found = overrides(*given)
            parts = list(found) if isinstance(found, (list, tuple)) else [found]
        else:
            parts = []
            for at, one in enumerate(overrides):
                if one is None:
                    default = self._through(g, args, part) if default is None else default
                parts.append(default[at] if one is None and default is not None else one(*given) if callable(one) else one)
        if len(parts) != own:
            raise OpError(f"{self.name}: the gradient has {len(parts)} entries for {own} inputs")
        rest = self._through(g, args, part)[own:] if len(args) > own else []
        return (*(None if one is None else as_variable(one) for one in parts), *rest)

    def _through(self, g: Variable, args: Sequence[Variable], part: int) -> list[Any]:
        """The gradient of the graph itself."""
        if part not in self.templates:
            self.templates[part] = self._template(part)
        seed, rows = self.templates[part]
        table = {**self.table([arg.node for arg in args]), seed: g.node}
        found = iter(substitute([row for row in rows if row is not None], table))
        return [None if row is None else wrap(next(found)) for row in rows]

    def _template(self, part: int) -> tuple[Node, list[Node | None]]:
        """The gradients by the leaves, over the leaves and a node that stands for the gradient of the output."""
        output = self.outputs[part]
        if not output.dtype.is_inexact:
            return output, [None] * len(self.leaves)
        seed = apply(OPS["add"], broadcast_to(const(0.0, output.dtype), output.shape), leaf(output.dtype, ()))
        below = set(walk([output]))
        wanted = [one for one in self.leaves if one in below and one.dtype.is_inexact]
        known = {wrap(output): wrap(seed).conj()}  # rows hold the conjugates of users' gradients
        rows = grad(None, [wrap(one) for one in wanted], None, "ignore", known) if wanted else []
        found: dict[Node, Node] = {one: row.conj().node for one, row in zip(wanted, rows, strict=True)}
        return seed, [found.get(one) for one in self.leaves]


class OpFromGraph:
    """A function of Variables made of an expression: `OpFromGraph([x, y], [x + y * 2])(a, b)`.

    inputs          root Variables
    outputs         expressions over them, or one; shared variables and members may stand in them too
    name            how it is printed
    grad_overrides  the gradient: (inputs, output_grads) -> one per input (None: it has none); or a list with, per input,
                    such a function that gives its gradient, or None for the gradient of the expression itself
    lop_overrides   the same with (inputs, outputs, output_grads)

    Without overrides the gradient is that of the expression. Jacobians and second derivatives work through either. Raises
    OpError for inputs that are no roots, or are given twice.

    >>> x, y = T.dvectors("x", "y")
    >>> T.OpFromGraph([x, y], x + y * 2)(T.constant([1.0, 2.0]), y).eval({y: [10, 20]})
    array([21., 42.])
    """

    def __init__(
        self, inputs: Sequence[Variable], outputs: Any, name: str | None = None,
        grad_overrides: Overrides = None, lop_overrides: Overrides = None,
    ) -> None:  # fmt: skip
        self.many = isinstance(outputs, (list, tuple))
        found = [as_variable(one).node for one in (outputs if self.many else [outputs])]
        given = [one.node for one in inputs]
        if not given or not found:
            raise OpError("OpFromGraph takes a list of inputs and a list of outputs")
        if not all(isinstance(one, Leaf) for one in given) or len(set(given)) != len(given):
            raise OpError("OpFromGraph: inputs are root Variables, each given once")
        if grad_overrides is not None and lop_overrides is not None:
            raise OpError("OpFromGraph: give grad_overrides or lop_overrides")
        for one in (grad_overrides, lop_overrides):
            if one is not None and not callable(one) and len(one) != len(given):
                raise OpError(f"OpFromGraph: {len(one)} overrides for {len(given)} inputs")
        roots = [one for one in given if isinstance(one, Leaf)]
        besides = [one for one in walk(found) if isinstance(one, Leaf) and one not in set(roots)]
        self.captured: tuple[Leaf, ...] = tuple(besides)
        leaves, table = _fresh([*roots, *besides])
        title = plain_name(name, "OpFromGraph")
        dims = [one.dims for one in roots]
        self.row = GraphRow(title, leaves, substitute(found, table), dims, grad_overrides, lop_overrides)

    def __call__(self, *args: Any) -> Any:
        """The outputs for Variables, numbers and arrays in place of the inputs: one, or a list if a list was given.

        Raises TypeError for another number of arguments, DTypeError and ShapeError for others than the inputs' types.
        """
        row = self.row
        if len(args) != len(row.dims):
            raise TypeError(f"{row.name} takes {len(row.dims)} arguments, not {len(args)}")
        nodes = self._fitting([node_of(arg) for arg in args])
        found = [wrap(apply(row, *nodes, *self.captured, part=part)) for part in range(len(row.outputs))]
        return found if self.many else found[0]

    def _fitting(self, nodes: Sequence[Node]) -> list[Node]:
        """The arguments, with checks of sizes that the inputs' types fix or name."""
        row, named, found = self.row, dict[str, Size](), list[Node]()
        for at, (node, dims) in enumerate(zip(nodes, row.dims, strict=True)):
            wanted = row.leaves[at].dtype
            if promote(node.dtype, wanted) is not wanted:
                raise DTypeError(f"{row.name}: argument {at} is {node.dtype.name}, its input {wanted.name}")
            if node.ndim != len(dims):
                raise ShapeError(f"{row.name}: argument {at} is {shape_text(node)}, its input has {len(dims)} dimensions")
            sizes = [
                dim if isinstance(dim, int) else None if dim is None else named.setdefault(dim, size)
                for dim, size in zip(dims, node.shape, strict=True)
            ]
            for axis, (size, want) in enumerate(zip(node.shape, sizes, strict=True)):
                if isinstance(size, int) and isinstance(want, int) and size != want:
                    raise ShapeError(f"{row.name}: axis {axis} of argument {at} has size {size}, expected {want}")
            found.append(specified(node, sizes, "shape"))
        return found

    def __repr__(self) -> str:
        return f"<OpFromGraph {self.row.name}>"


def _fresh(roots: Sequence[Leaf]) -> tuple[list[Leaf], dict[Node, Node]]:
    """Leaves of the op's own, and what to put them in place of: named dimensions become sizes of the first that has them."""
    leaves: list[Leaf] = []
    table: dict[Node, Node] = {}
    for one in roots:
        made = leaf(one.dtype, [None if isinstance(dim, str) else dim for dim in one.dims], _Name(one.name))
        leaves.append(made)
        table[one] = made
        for axis, size in enumerate(one.shape):
            if isinstance(size, Node) and size.op is NAMED_DIM and size not in table:
                own = made.shape[axis]
                assert isinstance(own, Node)
                table[size] = own
    return leaves, table


class _Name:
    """Stands behind a leaf for its name."""

    __slots__ = ("name",)

    def __init__(self, name: str | None) -> None:
        self.name = name
