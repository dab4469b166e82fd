"""NumPy's functions on Variables: `np.sin(v)`, `np.sum(v, axis=0)`, `np.add.reduce(v)` are those of the language.

Input: a NumPy function and its arguments. Output: what the function of the same name in `modc.tensor` gives. Neighbours:
`symbol` asks here, through hooks, because it is below the language. References: NEP 13, NEP 18.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from modc.tensor.symbol import Symbol

#: ufunc.reduce and ufunc.accumulate as functions of the language.
_REDUCED = {
    "add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min", "logical_and": "all", "logical_or": "any",
    "logaddexp": "logsumexp",
}  # fmt: skip
_ACCUMULATED = {"add": "cumsum", "multiply": "cumprod", "maximum": "cummax", "minimum": "cummin"}

#: NumPy's names that the language has under another one.
_RENAMED = {"amax": "max", "amin": "min", "around": "round", "product": "prod", "cumulative_sum": "cumsum", "gradient": "finite_gradient", "split": "_numpy_split"}

#: Values of keyword arguments that ask for nothing.
_NOTHING: tuple[Any, ...] = (None, np._NoValue)


def install(language: Mapping[str, Any], scopes: Mapping[str, Any]) -> None:
    """Make Variables answer NumPy with the functions in `language`; `scopes` has those of numpy.linalg and numpy.fft."""

    def of_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
        table = {"__call__": None, "reduce": _REDUCED, "accumulate": _ACCUMULATED}.get(method, {})
        name = ufunc.__name__ if table is None else table.get(ufunc.__name__, "")
        if table is not None:
            options = {"axis": 0, **options}  # as in NumPy: not all axes
        return _called(language.get(name), inputs, options)

    def of_function(function: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        scope = getattr(scopes.get(function.__module__), "__dict__", None) or (
            language if function.__module__ == "numpy" else {}
        )
        name = function.__name__
        return _called(scope.get(_RENAMED.get(name, name)), args, options)

    Symbol.ufunc_hook, Symbol.function_hook = of_ufunc, of_function


def _called(function: Callable[..., Any] | None, args: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
    """The result, or NotImplemented where the language has no such function."""
    if function is None or options.get("out") not in (None, (None,)):
        return NotImplemented  # nothing symbolic is written into an array
    given = {key: value for key, value in options.items() if not any(value is one for one in _NOTHING)}
    return function(*args, **given)
