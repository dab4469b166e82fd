"""The callable that the pure-Python paths return.

Input: a `Side` and a closure. Output: an object that is called, indexed and inspected like the one
of `csrc/call.c`. Neighbours: `cffi_call` and `python_call` make the closures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from modc.runtime.convert import Array
    from modc.runtime.side import Side


class Bound:
    """A bound Method. Each is the only object of a class of its own, whose `__call__` is the closure.

    `fn[key]` gets and sets the default, or the private state, of an input by position, name or
    Variable; unknown attributes come from the module layer's Method.
    """

    __slots__ = ("__weakref__", "side")

    def __init__(self, side: Side) -> None:
        self.side = side

    if TYPE_CHECKING:

        def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
            """Call the Method."""

    def __getitem__(self, key: Any) -> Array | None:
        return self.get_default(self.side.position(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        self.set_default(self.side.position(key), value)

    def position(self, key: Any) -> int:
        """Index of an input; TypeError when there is none."""
        return self.side.position(key)

    def get_default(self, index: int) -> Array | None:
        """Default of an input: a copy, None when the argument is required."""
        return self.side.get_default(index)

    def set_default(self, index: int, value: Any) -> None:
        """Change the default of an input; None takes it away."""
        self.side.set_default(index, value)

    def __get__(self, instance: Any, owner: type | None = None) -> Bound:
        """Itself: having this, `help` and `inspect` take it for a routine."""
        return self

    def __getattr__(self, name: str) -> Any:
        if name == "side":  # not yet set: a copy in the making
            raise AttributeError(name)
        return self.side.attribute(self, name)

    def __dir__(self) -> list[str]:
        return self.side.directory(self)

    def __repr__(self) -> str:
        return f"<compiled Method {self.side.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return self.side.reduce()


def _release(bound: Bound) -> None:
    """Let go of the closure, and the members behind it, at once: a class itself waits for the collector."""
    if "__call__" in vars(type(bound)):
        del type(bound).__call__


def make_bound(side: Side, call: Callable[..., Any]) -> Bound:
    """A `Bound` that runs a closure without a Python frame of its own."""
    body = {
        "__slots__": (),
        "__call__": staticmethod(call),
        "__del__": _release,
        "__doc__": side.spec.doc.encode("utf-8", "backslashreplace").decode() if side.spec.doc else None,
        "__module__": __name__,
    }
    cls = type("Bound", (Bound,), body)
    bound: Bound = cls(side)
    return bound
