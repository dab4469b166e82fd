"""NumPy's functions on Variables: `np.sin(v)`, `np.sum(v, axis=0)`, `np.add.reduce(v)` are those of the language.

Input: a NumPy function and its arguments. Output: what the function of the same name in `modc.tensor` gives. Neighbours:
`symbol` asks here, through hooks, because it is below the language. References: NEP 13, NEP 18.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from modc.tensor.symbol import Symbol
from modc.tensor.variable import as_variable

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
        if method in ("__call__", "outer"):
            inputs, options = _plain_call(ufunc, inputs, options)
        if method == "outer":
            first, second = as_variable(inputs[0]), as_variable(inputs[1])
            inputs, method = (first.dimshuffle(*range(first.ndim), *["x"] * second.ndim), second), "__call__"
        table = {"__call__": None, "reduce": _REDUCED, "accumulate": _ACCUMULATED}.get(method, {})
        name = ufunc.__name__ if table is None else table.get(ufunc.__name__, "")
        if ufunc.__name__ == "vecdot" and method == "__call__":
            return _called(_vecdot, inputs, {key: value for key, value in options.items() if key == "axis"})
        if table is not None:
            options = {"axis": 0, **options}  # as in NumPy: not all axes
        return _called(language.get(name), inputs, options)

    def of_function(function: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        scope = getattr(scopes.get(function.__module__), "__dict__", None) or (
            language if function.__module__ == "numpy" else {}
        )
        name = function.__name__
        more = _MORE.get(name)
        found = scope.get(_RENAMED.get(name, name)) or (language.get(name) if name in _ALSO_LINALG else None)
        return _called(more if more is not None and found is None else found, args, options)

    Symbol.ufunc_hook, Symbol.function_hook = of_ufunc, of_function


def _plain_call(ufunc: Any, inputs: tuple[Any, ...], options: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Operands in the dtype that `dtype=` asks for, and options without those that ask for nothing.

    Raises TypeError where NumPy would: for casts that `casting` does not allow.
    """
    rest = {key: value for key, value in options.items() if key not in ("dtype", "casting", "order", "subok")}
    if rest.get("where") is True:
        del rest["where"]
    wanted, casting = options.get("dtype"), options.get("casting", "same_kind")
    if wanted is None:
        return inputs, rest
    given = [as_variable(one) for one in inputs]
    for one in given:
        if not np.can_cast(one.dtype, wanted, casting):
            raise TypeError(f"np.{ufunc.__name__}: {one} is {one.dtype}, which casting={casting!r} does not make {np.dtype(wanted)}")
    return tuple(one.astype(np.dtype(wanted).name) for one in given), rest


def _inner(a: Any, b: Any) -> Any:
    """np.inner: sums of products over the last axes."""
    first, second = as_variable(a), as_variable(b)
    if not first.ndim or not second.ndim:
        return first * second
    axes = list(range(second.ndim))
    return first.dot(second.dimshuffle(*axes[:-2], axes[-1], axes[-2]) if second.ndim > 1 else second)


def _vecdot(a: Any, b: Any, /, *, axis: int = -1) -> Any:
    """np.vecdot of real arrays: sums of products along an axis."""
    return (as_variable(a) * as_variable(b)).sum(axis=axis)


def _array_equal(a: Any, b: Any, equal_nan: bool = False) -> Any:
    """np.array_equal; arrays of other dimensions are not equal, and sizes must agree when it is called."""
    first, second = as_variable(a), as_variable(b)
    if first.ndim != second.ndim:
        return as_variable(False)
    same = first.equals(second)
    if equal_nan:
        same = same | (~first.equals(first) & ~second.equals(second))
    return same.all()


#: Functions of NumPy that are short in terms of the language, and have no name there.
_MORE: dict[str, Callable[..., Any]] = {
    "array_equal": _array_equal, "astype": lambda x, dtype, /, *, copy=True: x.astype(np.dtype(dtype).name),
    "concat": lambda arrays, /, *, axis=0: np.concatenate(arrays, axis=axis), "copy": lambda x, order="K", subok=False: x.copy(),
    "cumulative_prod": lambda x, /, *, axis=None: np.cumprod(x, axis=axis),
    "empty_like": lambda x, dtype=None, **rest: x.zeros_like(None if dtype is None else np.dtype(dtype).name),
    "inner": _inner, "iscomplexobj": lambda x: as_variable(x).dtype.startswith("complex"),
    "isrealobj": lambda x: not as_variable(x).dtype.startswith("complex"),
    "matrix_transpose": lambda x, /: np.swapaxes(x, -1, -2), "ndim": lambda x: as_variable(x).ndim,
    "permute_dims": lambda x, axes=None: np.transpose(x, axes), "vdot": lambda a, b: as_variable(a).ravel().dot(as_variable(b).ravel()),
    "vecdot": _vecdot,
}  # fmt: skip

#: Functions of numpy.linalg that modc.tensor has itself.
_ALSO_LINALG = frozenset(["cross", "matmul", "outer", "tensordot", "trace"])


def _called(function: Callable[..., Any] | None, args: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
    """The result, or NotImplemented where the language has no such function."""
    out = options.get("out")
    given_out = any(one is not None for one in out) if isinstance(out, tuple) else out is not None
    if function is None or given_out:
        return NotImplemented  # nothing symbolic is written into an array
    given = {key: value for key, value in options.items() if key != "out" and not any(value is one for one in _NOTHING)}
    return function(*args, **given)
