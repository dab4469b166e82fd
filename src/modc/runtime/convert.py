"""Values that people pass and assign -> arrays that kernels read.

Input: any Python object and a target (an `Input` or a `Cell`: label, dtype, ndim, size, strict,
allow_downcast). Output: a C-contiguous, aligned array in native byte order, of the target's dtype,
ndim and sizes; the very object that came in where it fits already. Neighbours: `rules` says which
conversions are done; this is the only place that does them and words their refusals. The C fast
path handles the common ones itself and asks here for everything else.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np

from modc.errors import DTypeError, ShapeError
from modc.runtime.rules import CHECK, PYTHON_KINDS, REFUSE, action

Size: TypeAlias = "int | Sequence[int | None] | None"
Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

_NUMBERS = (bool, int, float, complex)
_RANKS = ("scalar", "vector", "matrix")


class Target(Protocol):
    """What a conversion needs to know of the place that a value goes to."""

    label: str
    dtype: np.dtype[Any]
    ndim: int
    size: tuple[int | None, ...] | None
    strict: bool
    allow_downcast: bool | None


def convert(value: Any, target: Target) -> Array:
    """The value as an array that a kernel can read.

    Raises DTypeError (a TypeError) for a wrong type, dtype or number of axes, OverflowError for an
    integer beyond the target's range, ShapeError (a ValueError) for a wrong fixed size.
    """
    if type(value) is np.ndarray and value.ndim == target.ndim and value.dtype == target.dtype:
        flags = value.flags
        if flags.c_contiguous and flags.aligned:
            if target.size is not None:
                check_size(value.shape, target)
            return value
    if type(value) is float and not target.ndim and target.dtype.char == "d" and not target.strict:
        return np.array(value)
    origin, source, array = _classify(value, target)
    if array is not None and array.ndim != target.ndim:
        raise refusal(value, target)
    todo = action(origin, source, target.dtype, target.strict, target.allow_downcast)
    if todo == REFUSE:
        raise refusal(value, target)
    result = _cast(value, array, target, todo == CHECK)
    if result.ndim != target.ndim:
        raise refusal(value, target)
    if target.size is not None:
        check_size(result.shape, target)
    return result


def check_size(shape: tuple[int, ...], target: Target) -> None:
    """Raise ShapeError when a shape contradicts the target's fixed sizes."""
    for axis, (got, want) in enumerate(zip(shape, target.size or (), strict=False)):
        if want is not None and got != want:
            raise ShapeError(
                f"{target.label} expects {describe(target)}, got shape {shape}: "
                f"axis {axis} must have size {want}"
            )


def _classify(value: Any, target: Target) -> tuple[str, Any, Array | None]:
    """Origin and source for `rules.action`, and the value as an array where it is one."""
    if isinstance(value, np.ndarray):
        masked = sys.modules.get("numpy.ma")
        if masked is not None and isinstance(value, masked.MaskedArray):
            raise refusal(value, target, "a masked array has no values under its mask")
        return "array", value.dtype, value
    if isinstance(value, np.generic):
        return "scalar", value.dtype, np.asarray(value)
    if isinstance(value, _NUMBERS):
        return "python", _python_kind({type(value)}), None
    if isinstance(value, (list, tuple, range)):
        kind = "int" if isinstance(value, range) else _python_kind(_leaf_types(value))
        if kind is not None:
            return "python", kind, None
    array = _foreign(value, target)
    return "array", array.dtype, array


def _foreign(value: Any, target: Target) -> Array:
    """np.asarray of anything else; its failures are refusals."""
    if isinstance(value, bytes) and target.dtype.char == "B" and target.ndim == 1:
        return np.frombuffer(value, np.uint8)
    if value is None or isinstance(value, (str, bytes, dict, set, frozenset)):
        raise refusal(value, target)
    kind = type(value)
    dlpack = hasattr(kind, "__dlpack__") and not hasattr(kind, "__array__") and not hasattr(kind, "__array_interface__")
    try:
        return np.asarray(np.from_dlpack(value) if dlpack else value)
    except (TypeError, ValueError) as error:
        raise refusal(value, target, str(error)) from error
    except MemoryError:
        raise MemoryError(_expects(value, target, "it does not fit into memory")) from None
    except Exception as error:
        if dlpack and isinstance(error, (BufferError, RuntimeError)):  # memory of a device, a type that NumPy has not
            raise refusal(value, target, str(error)) from error
        # what the value's own code raises stays its own
        error.add_note(_expects(value, target, "it gives no array"))
        raise


def _leaf_types(value: Any, depth: int = 0) -> set[type]:
    """Types of the elements of nested lists; deeper than any array can be counts as an object."""
    types = set(map(type, value))
    if depth > 64:
        return {object}
    if list in types or tuple in types:
        leaves = types - {list, tuple}
        for item in value:
            if type(item) in (list, tuple):
                leaves |= _leaf_types(item, depth + 1)
        return leaves
    return types


def _python_kind(types: set[type]) -> str | None:
    """The widest Python kind among some types, None when there is any other type."""
    rank = 0
    for kind in types:
        if issubclass(kind, np.generic) or not issubclass(kind, _NUMBERS):
            return None
        rank = max(rank, next(i for i, number in enumerate(_NUMBERS) if issubclass(kind, number)))
    return PYTHON_KINDS[rank]


def _cast(value: Any, array: Array | None, target: Target, check: bool) -> Array:
    """The conversion itself, after the rules allowed it."""
    source: Any = value if array is None else array
    try:
        if not check and target.dtype.char in "?dD":  # these casts cannot overflow
            result = np.array(source, dtype=target.dtype, order="C", copy=None, subok=False)
        else:
            with np.errstate(over="ignore", invalid="ignore"):
                result = _cast_checked(source, value, target, check)
    except OverflowError as error:
        raise OverflowError(_expects(value, target, str(error))) from None
    except MemoryError as error:
        raise MemoryError(_expects(value, target, str(error))) from None
    except ValueError as error:  # a ragged list
        raise refusal(value, target, str(error).split(". ")[0]) from None
    return result if result.flags.aligned else result.copy()


def _cast_checked(source: Any, value: Any, target: Target, check: bool) -> Array:
    if check:
        _check_values(source, value, target)
    result = np.array(source, dtype=target.dtype, order="C", copy=None, subok=False)
    if check and source is value and target.dtype.kind in "fc":
        _check_finite(source, result, value, target)
    return result


def _check_values(source: Any, value: Any, target: Target) -> None:
    """Refuse what an integer type cannot hold: fractions, NaN, and numbers beyond its range."""
    if target.dtype.kind not in "iu":
        return
    values = np.asarray(source)
    bounds = np.iinfo(target.dtype)
    if values.dtype.kind == "f":
        if not np.isfinite(values).all():
            raise refusal(value, target, "it is not finite")
        if not target.allow_downcast and not (values == np.rint(values)).all():
            raise refusal(value, target, "it is no whole number")
        values = np.trunc(values)
        if not ((values >= float(bounds.min)) & (values < float(bounds.max + 1))).all():
            raise OverflowError(f"{target.dtype} ends at {bounds.max}")
    elif isinstance(source, np.ndarray) and values.size:
        low, high = int(values.min()), int(values.max())
        if low < bounds.min or high > bounds.max:
            raise OverflowError(f"{target.dtype} goes from {bounds.min} to {bounds.max}")


def _check_finite(source: Any, result: Array, value: Any, target: Target) -> None:
    """A Python int beyond the range of a float type is an error; a float becomes infinite."""
    if not np.isfinite(result).all() and np.isfinite(np.asarray(source, np.complex128)).all():
        raise OverflowError(f"beyond the range of {target.dtype}")


def describe(target: Target) -> str:
    """A target in words: `float64 scalar`, `int64 matrix of shape (?, 3)`."""
    rank = _RANKS[target.ndim] if target.ndim < 3 else f"array of {target.ndim} axes"
    text = f"{target.dtype} {rank}"
    if target.size is not None:
        sizes = ", ".join("?" if n is None else str(n) for n in target.size)
        text += f" of shape ({sizes}{',' if target.ndim == 1 else ''})"
    return text


def describe_value(value: Any) -> str:
    """A value in words, never longer than a line."""
    if isinstance(value, np.ndarray):
        kind = "array" if type(value) is np.ndarray else type(value).__name__
        return f"{kind} of {value.dtype} with shape {value.shape}"
    name = type(value).__name__
    if value is None:
        return "None"
    if isinstance(value, (list, tuple)):
        if _ragged(value):
            return f"{name} of lists of different lengths"
        shape, first = _outline(value)
        kind = "" if isinstance(first, (list, tuple)) else f" of {type(first).__name__}"
        return f"{name}{kind} with shape {shape}"
    if isinstance(value, (*_NUMBERS, np.generic, str, bytes)):
        text = repr(value) if not isinstance(value, int) or abs(value) < 1 << 200 else "huge"
        return f"{name} {text if len(text) <= 40 else text[:37] + '...'}"
    return name


def _ragged(value: Any, depth: int = 0) -> bool:
    """Whether nested lists are no array."""
    lengths = {len(item) if isinstance(item, (list, tuple)) else -1 for item in value}
    return len(lengths) > 1 or (depth < 64 and -1 not in lengths and any(_ragged(item, depth + 1) for item in value))


def _outline(value: Any) -> tuple[tuple[int, ...], Any]:
    """Lengths of nested lists along their first elements, and the innermost first one."""
    shape: list[int] = []
    while isinstance(value, (list, tuple)) and len(shape) < 64:
        shape.append(len(value))
        if not value:
            break
        value = value[0]
    return tuple(shape), value


def _expects(value: Any, target: Target, why: str = "") -> str:
    strict = " (strict)" if target.strict else ""
    text = f"{target.label} expects {describe(target)}{strict}, got {describe_value(value)}"
    return f"{text}: {why}" if why else text


def refusal(value: Any, target: Target, why: str = "") -> DTypeError:
    """The exception for a value of a wrong type, dtype or number of axes."""
    return DTypeError(_expects(value, target, why))
