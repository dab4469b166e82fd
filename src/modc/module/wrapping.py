"""From what users assign to Components: `wrap` and its rules.

Input: any object. Output: a Component, or the object itself where no rule applies. Neighbours:
`containers` calls `wrap` for what is put into them; `memo` keeps one `Wrapper` per make, which sees
that a list in two places is one Component.

    Component                       itself
    Variable without owner          Member (Constants too)
    Variable with owner             External
    list, tuple of wrappables       ComponentList
    dict with wrappable values      ComponentDict
    number, numeric array           Literal, read-only
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

DEEPEST = 150  # nesting of containers and Modules; Python's own recursion ends a little later

_rules: list[tuple[Callable[[Any], Any], Callable[[Any], Any]]] = []
_defaults: list[tuple[Callable[[Any], Any], Callable[[Any, Wrapper], Any]]] = []


def register_wrapper(condition: Callable[[Any], Any], wrapper: Callable[[Any], Any]) -> None:
    """Append a rule: where ``condition(x)`` is true, ``wrapper(x)`` is the Component for x.

    modc's own rules come first.
    """
    _rules.append((condition, wrapper))


def rule(condition: Callable[[Any], Any]) -> Callable[[Callable[[Any, Wrapper], Any]], Any]:
    """Decorator for modc's own rules, tried in the order of definition."""

    def register(wrapper: Callable[[Any, Wrapper], Any]) -> Callable[[Any, Wrapper], Any]:
        _defaults.append((condition, wrapper))
        return wrapper

    return register


def wrap(x: Any) -> Any:
    """The Component for `x`, or `x` itself where no rule applies."""
    return Wrapper().wrap(x)


class Wrapper:
    """Wraps objects; one container, however often it is met, becomes one Component."""

    def __init__(self) -> None:
        self._done: dict[int, tuple[Any, Any]] = {}  # keeps the object alive, so that its id stays its own
        self._depth = 0

    def wrap(self, x: Any) -> Any:
        """The Component for `x`, or `x` itself."""
        known = self._done.get(id(x))
        if known is not None:
            return known[1]
        for condition, wrapper in _defaults:
            if condition(x):
                found = self._nested(x, wrapper)
                if found is not x:
                    self._done[id(x)] = (x, found)
                return found
        for condition, own in _rules:
            if condition(x):
                found = own(x)
                self._done[id(x)] = (x, found)
                return found
        return x

    def _nested(self, x: Any, wrapper: Callable[[Any, Wrapper], Any]) -> Any:
        self._depth += 1
        try:
            if self._depth > DEEPEST:
                raise ValueError(f"lists, tuples or dicts are nested more than {DEEPEST} deep")
            return wrapper(x, self)
        finally:
            self._depth -= 1

    def remember(self, x: Any, component: Any) -> None:
        """Let `component` stand for a container that is being wrapped, so that cycles end."""
        self._done[id(x)] = (x, component)

    def forget(self, x: Any) -> None:
        """Undo `remember`."""
        self._done.pop(id(x), None)


def is_number(x: Any) -> bool:
    """Whether `x` is a number or array of a dtype that modc has."""
    if isinstance(x, (bool, float)):
        return True
    if isinstance(x, int):
        return -(2**63) <= x < 2**63
    if isinstance(x, (np.ndarray, np.generic)):
        return x.dtype.kind in "biuf" and x.dtype.itemsize <= 8 and x.dtype != np.float16
    return False
