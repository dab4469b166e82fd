"""`apply` for the language: where an expression cannot be, its error shows it as the user wrote it.

Input: what `build.apply` takes. Output: its node, or its exception with the expression, the types of its parts and the
user's file and line. Neighbours: `build` makes the nodes, for the rewriter too, which needs none of this; `show` prints.
"""

from __future__ import annotations

from typing import Any

from modc.errors import ShapeError, user_frame
from modc.graph import build
from modc.graph.build import HERE, Argument
from modc.graph.node import Node, Place
from modc.graph.op import Op
from modc.graph.ops_core import CONST
from modc.graph.show import infix, type_text

_WIDEST = 60


def apply(op: Op, *args: Argument, source: Place | None = HERE, **params: Any) -> Node:
    """The node `op(*args, **params)`, see `build.apply`. Raises what that raises."""
    try:
        return build.apply(op, *args, source=source, **params)
    except (ShapeError, TypeError, ValueError, IndexError) as error:
        if source is HERE and len(error.args) == 1 and "\n" not in str(error):
            error.args = (f"{error}{_context(op, args, params)}",)
        raise


def _context(op: Op, args: tuple[Argument, ...], params: dict[str, Any]) -> str:
    """Lines with the expression, its parts and where it stands."""
    strong = [arg for arg in args if isinstance(arg, Node)]
    node = Node()  # one that nobody else sees: it has no type, for there is none
    node.op, node.attrs = op, tuple(params.get(name) for name in op.params)
    node.args = tuple(arg if isinstance(arg, Node) else build.weak(arg, strong) for arg in args)
    node.dtype, node.shape, node.source = (strong[0] if strong else node.args[0]).dtype, (), None
    parts = dict.fromkeys(arg for arg in strong if arg.op is not CONST)
    listed = ", ".join(f"{infix(part, _WIDEST)}: {type_text(part)}" for part in parts)
    frame = user_frame()
    return "".join([
        f"\n  in {infix(node)}", f"\n  with {listed}" if listed else "", f"\n  at {frame[0]}:{frame[1]}" if frame else "",
    ])  # fmt: skip
