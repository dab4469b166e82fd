"""The compiler's expressions: frozen, typed, interned nodes.

Two equal expressions are one object, so `is` compares expressions and common subexpressions merge
by construction. Nodes are made by `build.apply`; only leaves (root variables) have identity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Union
from weakref import WeakValueDictionary

import numpy as np

if TYPE_CHECKING:
    from modc.graph.dtype import DType
    from modc.graph.op import Op

Size = Union[int, "Node"]  # one extent: known, or an int64 0-d expression over the sizes of leaves
Place = tuple[str, int]  # file and line of the user


class Node:
    """One typed expression: `op` of `args` with parameters `attrs`.

    dtype is a DType row; shape a tuple of int or int64 0-d Node; source the user's file and line
    where the expression was first written (not part of its identity).
    """

    __slots__ = ("__weakref__", "_value", "args", "attrs", "dtype", "op", "shape", "source")

    op: Op
    args: tuple[Node, ...]
    attrs: tuple[Any, ...]
    dtype: DType
    shape: tuple[Size, ...]
    source: Place | None

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return len(self.shape)

    @property
    def static_shape(self) -> tuple[int | None, ...]:
        """Per axis the size, or None where only the call knows it."""
        return tuple(size if isinstance(size, int) else None for size in self.shape)

    @property
    def value(self) -> np.ndarray[Any, Any]:
        """The read-only array of a constant."""
        found: np.ndarray[Any, Any] | None = getattr(self, "_value", None)
        if found is None:
            found = np.frombuffer(self.attrs[1], self.dtype.numpy).reshape(self.attrs[0])
            self._value = found
        return found

    def attr(self, name: str) -> Any:
        """The parameter called `name` in the op's row."""
        return self.attrs[self.op.params.index(name)]

    def __repr__(self) -> str:
        return f"<{self.op.name} {self.dtype.name}[{', '.join(map(size_text, self.shape))}]>"

    def __copy__(self) -> Node:
        return self


class Leaf(Node):
    """A root variable: a node with identity, with the user's Variable behind it."""

    __slots__ = ("dims", "variable")

    dims: tuple[int | str | None, ...]  # declared: fixed size, named dimension, or unknown
    variable: Any  # the user's Variable (tensor layer); names and sources come from it

    @property
    def name(self) -> str | None:
        """The name of the user's Variable."""
        found: str | None = getattr(self.variable, "name", None)
        return found

    def __repr__(self) -> str:
        return f"<leaf {plain_name(self.name)} {self.dtype.name} {self.dims}>"


_interned: WeakValueDictionary[tuple[Any, ...], Node] = WeakValueDictionary()


def intern(
    op: Op,
    args: tuple[Node, ...],
    attrs: tuple[Any, ...],
    dtype: DType,
    shape: tuple[Size, ...],
    source: Place | Callable[[], Place | None] | None,
) -> Node:
    """The one node for this expression. Types are computed by `build`, never chosen by callers.

    `source` may be a function, called when the expression is new.
    """
    key = (op, args, attrs, dtype)
    node = _interned.get(key)
    if node is None:
        node = Node()
        node.op, node.args, node.attrs = op, args, attrs
        node.dtype, node.shape = dtype, shape
        node.source = source() if callable(source) else source
        node = _interned.setdefault(key, node)
    return node


_args: Callable[[Node], Sequence[Node]] = attrgetter("args")


def walk(roots: Iterable[Node], before: Callable[[Node], Sequence[Node]] = _args) -> Iterator[Node]:
    """Each node once, arguments before users, in an order fixed by `roots` alone.

    `before` tells what a node comes after: its arguments, or another selection.
    """
    seen: set[Node] = set()
    for root in roots:
        stack: list[tuple[Node, bool]] = [(root, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                yield node
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((arg, False) for arg in reversed(before(node)) if arg not in seen)


def users(roots: Iterable[Node]) -> Mapping[Node, list[Node]]:
    """For each node under `roots` the nodes that take it as an argument, in walk order."""
    table: dict[Node, list[Node]] = {}
    for node in walk(roots):
        table.setdefault(node, [])
        for arg in dict.fromkeys(node.args):
            table[arg].append(node)
    return table


LONGEST_NAME = 40


def plain_name(name: str | None, missing: str = "?") -> str:
    """A user's name, printable on one line of ASCII and at most 40 characters long."""
    if not name:
        return missing
    text = str(name)[: LONGEST_NAME + 1]
    if not text.isprintable() or not text.isascii() or "*/" in text:
        text = ascii(text)[1:-1].replace("*/", "*\\/")
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 3] + "..."


def size_text(size: Size) -> str:
    """A short text for one extent."""
    if isinstance(size, int):
        return str(size)
    if size.op.name == "named_dim":
        return plain_name(size.attrs[0])
    if size.op.name == "dim":
        leaf = size.args[0]
        name = leaf.name if isinstance(leaf, Leaf) else None
        return f"{plain_name(name)}.shape[{size.attrs[0]}]"
    return "?"
