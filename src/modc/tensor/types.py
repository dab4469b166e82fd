"""Constructors of root Variables: scalar, vector, matrix, row, col, tensor3, tensor4, and with a letter in front for
the dtype: b int8, w int16, i int32, l int64, f float32, d float64, ub uw ui ul unsigned. Without one: floatX.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from modc.errors import ShapeError
from modc.tensor.variable import TensorType, Variable

Maker = Callable[..., Variable]
Makers = Callable[..., list[Variable]]

PREFIXES = {
    "": "floatX", "b": "int8", "w": "int16", "i": "int32", "l": "int64", "f": "float32", "d": "float64",
    "ub": "uint8", "uw": "uint16", "ui": "uint32", "ul": "uint64",
}
SHAPES: dict[str, tuple[int | None, ...]] = {
    "scalar": (), "vector": (None,), "matrix": (None, None), "row": (1, None), "col": (None, 1),
    "tensor3": (None,) * 3, "tensor4": (None,) * 4,
}
PLURALS = {"matrix": "matrices"}


def _maker(prefix: str, kind: str) -> Maker:
    declared = SHAPES[kind]

    def make(name: str | None = None, dtype: Any = None, *, shape: Any = None, init: Any = None) -> Variable:
        if dtype is not None and prefix:
            raise TypeError(f"{prefix}{kind} has its dtype in its name: use {kind}(dtype={dtype!r})")
        sizes = declared if shape is None else _sizes(shape)
        fits = len(sizes) == len(declared) and all(
            want is None or size in (None, want) for want, size in zip(declared, sizes, strict=True)
        )
        if not fits:
            raise ShapeError(f"{prefix}{kind} has the sizes {declared}, which shape={shape!r} does not fit")
        sizes = tuple(want if size is None else size for want, size in zip(declared, sizes, strict=True))
        return TensorType(PREFIXES[prefix] if dtype is None else dtype, sizes)(name, init)

    make.__name__ = make.__qualname__ = prefix + kind
    make.__doc__ = (
        f"A root Variable: {kind} of dtype {PREFIXES[prefix]}. shape: per axis a size, the name of a dimension or "
        "None; init: its first value, or a callable that gives it."
    )
    return make


def _sizes(shape: Any) -> tuple[Any, ...]:
    return tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)


def _plural(one: Maker, plural: str) -> Makers:
    def make(*names: Any, **options: Any) -> list[Variable]:
        """Several root Variables: by names, by one string with a letter for each, or by their number."""
        if len(names) == 1 and isinstance(names[0], int) and not isinstance(names[0], bool):
            return [one(None, **options) for _ in range(names[0])]
        if len(names) == 1 and isinstance(names[0], str):
            return [one(letter, **options) for letter in names[0]]
        return [one(name, **options) for name in names]

    make.__name__ = make.__qualname__ = plural
    return make


def constructors() -> dict[str, Any]:
    """Every constructor by name."""
    found: dict[str, Any] = {}
    for prefix in PREFIXES:
        for kind in SHAPES:
            one = found[prefix + kind] = _maker(prefix, kind)
            plural = prefix + PLURALS.get(kind, kind + "s")
            found[plural] = _plural(one, plural)
    return found


def tensor(dtype: Any = "floatX", shape: Sequence[Any] = (), name: str | None = None, **options: Any) -> Variable:
    """A root Variable of any dtype and number of dimensions."""
    return TensorType(dtype, shape)(name, **options)
