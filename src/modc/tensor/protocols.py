"""NumPy's functions on Variables: `np.sin(v)`, `np.sum(v, axis=0)`, `np.add.reduce(v)` are those of the language.

Input: a NumPy function and its arguments. Output: what the function of the same name in `modc.tensor` gives. Neighbours:
`symbol` asks here, through hooks, because it is below the language. References: NEP 13, NEP 18.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from modc.tensor.symbol import Symbol
from modc.tensor.variable import Variable, as_variable

#: ufunc.reduce and ufunc.accumulate as functions of the language.
_REDUCED = {
    "add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min", "logical_and": "all", "logical_or": "any",
    "logaddexp": "logsumexp",
}  # fmt: skip
_ACCUMULATED = {"add": "cumsum", "multiply": "cumprod", "maximum": "cummax", "minimum": "cummin"}

#: NumPy's names that the language has under another one.
_RENAMED = {"amax": "max", "amin": "min", "around": "round", "product": "prod", "gradient": "finite_gradient", "split": "_numpy_split"}

#: Arguments that mean nothing to expressions: memory layout, subclasses, copies.
_IDLE = frozenset(["casting", "copy", "device", "like", "order", "overwrite_input", "subok"])


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
        if table is not None:
            options = {"axis": 0, **options}  # as in NumPy: not all axes
        return _called(ufunc.__name__, language.get(name), inputs, options)

    def of_function(function: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        scope = getattr(scopes.get(function.__module__), "__dict__", None) or (
            language if function.__module__ == "numpy" else {}
        )
        name = function.__name__
        found = scope.get(_RENAMED.get(name, name)) or (language.get(name) if name in _ALSO_LINALG else None) or _MORE.get(name)
        if found is not None:
            args, options = _bound(function, found, args, options)
        return _called(name, found, args, options)

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


def _bound(
    function: Any, found: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Arguments of NumPy's function as those of the language's: by their names, where both have them, else by place.

    What equals NumPy's own default is left to the default here.
    """
    import inspect

    try:
        theirs, ours = inspect.signature(function).parameters, inspect.signature(found).parameters
    except ValueError:  # a C function without a signature
        return args, options
    if any(one.kind is one.VAR_POSITIONAL for one in (*theirs.values(), *ours.values())):
        return args, {key: value for key, value in options.items() if key not in _IDLE or key in ours}
    mine = list(ours)
    places = list(theirs)
    first: list[Any] = []
    rest: dict[str, Any] = {}
    given = inspect.signature(function).bind(*args, **options).arguments
    for name, one in theirs.items():
        if one.kind is one.VAR_KEYWORD:
            given.update(given.pop(name, {}))
    for name, value in given.items():
        if (name in theirs and value is theirs[name].default) or value is np._NoValue or (name in _IDLE and name not in ours):
            continue
        place = places.index(name) if name in theirs else len(mine)
        here = mine[place] if place < len(mine) else name
        if name not in ours and here not in theirs and theirs[name].kind is not inspect.Parameter.KEYWORD_ONLY:
            name = here  # the same argument under another name
        if name in ours and ours[name].kind is inspect.Parameter.POSITIONAL_ONLY:
            first.append(value)
        else:
            rest[name] = value
    return tuple(first), rest


def _dtypes(*values: Any) -> list[Any]:
    return [np.dtype(one.dtype) if isinstance(one, Variable) else one for one in values]


#: Functions of NumPy that are about dtypes, and have no name in the language.
_MORE: dict[str, Callable[..., Any]] = {
    "astype": lambda x, dtype, /: x.astype(np.dtype(dtype).name),
    "can_cast": lambda from_, to, casting="safe": np.can_cast(_dtypes(from_)[0], to, casting),
    "common_type": lambda *arrays: np.dtype(np.result_type(*_dtypes(*arrays), np.float32)).type,
    "iscomplexobj": lambda x: as_variable(x).dtype.startswith("complex"),
    "isrealobj": lambda x: not as_variable(x).dtype.startswith("complex"),
    "min_scalar_type": lambda a: np.dtype(as_variable(a).dtype),
    "ndim": lambda x: as_variable(x).ndim,
    "result_type": lambda *values: np.result_type(*_dtypes(*values)),
}  # fmt: skip

#: Functions of numpy.linalg that modc.tensor has itself.
_ALSO_LINALG = frozenset(["cross", "diagonal", "matmul", "outer", "tensordot", "trace", "vecdot"])


def _called(name: str, function: Callable[..., Any] | None, args: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
    """The result, or NotImplemented where the language has no such function.

    Raises TypeError for `out`: nothing symbolic is written into an array.
    """
    out = options.get("out")
    given_out = any(one is not None for one in out) if isinstance(out, tuple) else out is not None
    if function is None:
        return NotImplemented
    if given_out:
        raise TypeError(f"np.{name} cannot compute with what is symbolic into an array (out=): an update of a Method stores results")
    given = {key: value for key, value in options.items() if key != "out" and value is not np._NoValue}
    return function(*args, **given)
