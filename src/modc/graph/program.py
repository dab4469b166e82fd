"""What one Method computes: the unit that every later stage of the compiler takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modc.graph.node import Leaf, Node, walk


class Program:
    """Inputs, members, outputs and simultaneous updates of one Method.

    name            shown in messages and in the C text, such as "Acc.add"
    inputs          leaves, in call order; input_names their names
    members         leaves with storage, in order of binding; member_names their names
    outputs         nodes, in order
    updates         (position in members, node) pairs; every node reads the old values
    """

    __slots__ = ("input_names", "inputs", "member_names", "members", "name", "outputs", "updates")

    def __init__(
        self,
        name: str,
        inputs: Sequence[Leaf],
        input_names: Sequence[str],
        members: Sequence[Leaf],
        member_names: Sequence[str],
        outputs: Sequence[Node],
        updates: Sequence[tuple[int, Node]],
    ) -> None:
        self.name = name
        self.inputs, self.input_names = tuple(inputs), tuple(input_names)
        self.members, self.member_names = tuple(members), tuple(member_names)
        self.outputs, self.updates = tuple(outputs), tuple(updates)

    @property
    def roots(self) -> tuple[Node, ...]:
        """Outputs, then the updates' values."""
        return self.outputs + tuple(node for _, node in self.updates)

    def walk(self) -> Iterator[Node]:
        """Each node of the program once, arguments before users."""
        return walk(self.roots)

    def with_roots(self, roots: Sequence[Node]) -> Program:
        """The same Method with other expressions for its outputs and updates."""
        split = len(self.outputs)
        updates = [(member, node) for (member, _), node in zip(self.updates, roots[split:], strict=True)]
        return Program(
            self.name, self.inputs, self.input_names, self.members, self.member_names, roots[:split], updates
        )
