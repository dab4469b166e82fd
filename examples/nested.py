"""Modules inside Modules: two accumulators in a parent that moves amounts between them.

    python examples/nested.py
"""

from __future__ import annotations

import modc.tensor as T
from modc import Method, Module


class Accumulator(Module):
    """A number that can be added to."""

    def __init__(self) -> None:
        super().__init__()
        self.state, inc = T.dscalar(), T.dscalar("inc")
        self.add = Method(inc, self.state + inc, {self.state: self.state + inc})

    def _instance_print_state(self, acc, label) -> None:
        print(f"{label}: {self.state} is {acc.state}")


class Transfer(Module):
    """A Method of the parent updates the members of both children at once."""

    def __init__(self) -> None:
        super().__init__()
        self.left, self.right = Accumulator(), Accumulator()
        amount = T.dscalar("amount")
        self.total = Method([], self.left.state + self.right.state)
        self.move = Method(
            amount, None,
            {self.left.state: self.left.state - amount, self.right.state: self.right.state + amount},
        )


def main() -> None:
    """Move an amount from left to right and show both."""
    bank = Transfer().make(left={"state": 10}, right={"state": 5})
    bank.move(3)
    bank.left.add(0.5)
    bank.left.print_state("left")
    bank.right.print_state("right")
    print("total:", bank.total())
    print(bank)


if __name__ == "__main__":
    main()
