"""Conditions that a call checks: `Assert`.

Takes and gives Variables. A condition that does not hold fails the call before anything changes.
"""

from __future__ import annotations

from typing import Any

from modc.graph import Node, apply, cast
from modc.graph.dtype import BOOL
from modc.graph.ops_core import REQUIRE
from modc.tensor.variable import Variable, as_variable, wrap

__all__ = [
    "Assert", "assert_op",
]  # fmt: skip


class Assert:
    """`Assert(message)(x, condition, ...)` is x; a call in which an element of a condition is false raises AssertionError.

    The conditions count where the result is used.

    >>> x = T.dvector("x")
    >>> T.Assert("x must be positive")(T.log(x), x > 0).eval({x: [1.0, np.e]})
    array([0., 1.])
    """

    def __init__(self, message: str = "Assert failed") -> None:
        if not isinstance(message, str):
            raise TypeError(f"the message of Assert is a str, not {message!r}")
        self.message = message

    def __call__(self, value: Any, *conditions: Any) -> Variable:
        """`value`, guarded. Raises AssertionError at once for a constant that is false."""
        found = as_variable(value).node
        for condition in conditions:
            found = require(found, as_variable(condition).node, "assert", self.message)
        return wrap(found)

    def __repr__(self) -> str:
        return f"Assert({self.message!r})"


def assert_op(value: Any, *conditions: Any) -> Variable:
    """`Assert()(value, *conditions)`.

    >>> x = T.dvector("x")
    >>> T.assert_op(x, x.size > 1).eval({x: [1.0, 2.0]})
    array([1., 2.])
    """
    return Assert()(value, *conditions)


def require(x: Node, ok: Node, kind: str, message: str) -> Node:
    """The `require` row, left out where the condition is known to hold. kind: see `ops_core.REQUIREMENTS`."""
    if ok.op.name == "const" and ok.value.all():
        return x
    return apply(REQUIRE, x, cast(ok, BOOL), kind=kind, message=message)
