"""Dtype and shape rules that rows of the op table share; each is a few lines.

A dtype rule takes the operands' dtypes and the parameters and gives the dtypes to cast the operands to and the
result's. A shape rule takes the argument nodes and the parameters and gives the sizes of the result. An agreement
rule gives the sizes that must be equal ("eq") or less ("lt"), with the operand and axis to blame; what is known is
checked when the graph is built, the rest by the kernel's plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from modc.errors import DTypeError
from modc.graph.dtype import BOOL, FLOAT64, INT8, INT64, UINT64, DType, dtype, float_of, promote
from modc.graph.node import Node, Size

DTypes = tuple[tuple[DType, ...], DType]
Agreement = tuple[str, Size, Size, int, int]


def promoted(dtypes: Sequence[DType]) -> DType:
    """NumPy's promotion of all of `dtypes`; of three or more it is not that of pairs (int8, uint16 and float32)."""
    if len(set(dtypes)) > 2:
        return dtype(np.result_type(*(one.numpy for one in dtypes)))
    result = dtypes[0]
    for other in dtypes[1:]:
        result = promote(result, other)
    return result


def same(dtypes: Sequence[DType], *params: Any) -> DTypes:
    """Operands promoted together; the result has their dtype."""
    common = promoted(dtypes)
    return (common,) * len(dtypes), common


def numbers(dtypes: Sequence[DType], *params: Any) -> DTypes:
    """As `same`, but NumPy refuses bool (subtraction, negation)."""
    common = promoted(dtypes)
    if common.kind == "b":
        raise DTypeError("is not defined for bool; use xor, or ~ (invert) for negation")
    return (common,) * len(dtypes), common


def counts_of_bool(dtypes: Sequence[DType], *params: Any) -> DTypes:
    """As `same`, with bool operands worked on as int8 (NumPy: floor division, modulo, power, sign of bool)."""
    from_bool = promoted(dtypes)
    common = promote(from_bool, INT8) if from_bool.kind == "b" else from_bool
    return (common,) * len(dtypes), common


def to_float(dtypes: Sequence[DType], *params: Any) -> DTypes:
    """Operands and result in a float dtype (complex stays): float32 for integers up to 16 bits, else float64."""
    common = float_of(promoted(dtypes))
    return (common,) * len(dtypes), common


def magnitude(dtypes: Sequence[DType], *params: Any) -> DTypes:
    """As `same`, but a complex operand gives a float."""
    common = promoted(dtypes)
    return (common,) * len(dtypes), common.real


def true_divide(dtypes: Sequence[DType], *params: Any) -> DTypes:
    """Division: floats keep their dtype, all integers give float64."""
    common = promoted(dtypes)
    common = common if common.is_inexact else FLOAT64
    return (common,) * len(dtypes), common


def to_bool(dtypes: Sequence[DType], *params: Any) -> DTypes:
    """Operands promoted together, the result is bool (comparisons)."""
    common = promoted(dtypes)
    return (common,) * len(dtypes), BOOL


def logical(dtypes: Sequence[DType], *params: Any) -> DTypes:
    """Operands and result bool."""
    return (BOOL,) * len(dtypes), BOOL


def integers(dtypes: Sequence[DType], *params: Any) -> DTypes:
    """Operands promoted together and integer or bool (bit operations)."""
    common = promoted(dtypes)
    if common.is_float:
        raise DTypeError(f"takes integers or bool, not {common.name}")
    return (common,) * len(dtypes), common


def shifts(dtypes: Sequence[DType], *params: Any) -> DTypes:
    """As `integers`, with bool worked on as int8 (NumPy: shifts of bool)."""
    integers(dtypes)
    return counts_of_bool(dtypes)


def select(dtypes: Sequence[DType], *params: Any) -> DTypes:
    """where: a bool condition, the other two promoted."""
    common = promoted(dtypes[1:])
    return (BOOL, common, common), common


def sums(dtypes: Sequence[DType], *params: Any) -> DTypes:
    """Sums and products: small integers and bool accumulate in 64 bits."""
    (only,) = dtypes
    if only.is_inexact:
        return (only,), only
    wide = UINT64 if only.kind == "u" else INT64
    return (wide,), wide


def positions(dtypes: Sequence[DType], *params: Any) -> DTypes:
    """argmax, argmin: any operand, int64 result."""
    return (dtypes[0],), INT64


def first_of(dtypes: Sequence[DType], *params: Any) -> DTypes:
    """The first operand keeps its dtype and gives the result's; the others are int64 (sizes, positions)."""
    return (dtypes[0],) + (INT64,) * (len(dtypes) - 1), dtypes[0]


def first_two(dtypes: Sequence[DType], *params: Any) -> DTypes:
    """Set and add into: value cast to the dtype of the first operand, positions int64."""
    return (dtypes[0], dtypes[0]) + (INT64,) * (len(dtypes) - 2), dtypes[0]


# Shapes


def is_one(size: Size) -> bool:
    """Whether an extent is known to be 1."""
    return isinstance(size, int) and size == 1


def broadcast_shape(args: Sequence[Node], *params: Any) -> tuple[Size, ...]:
    """NumPy's broadcasting over axes known to have size 1; a known size wins over an unknown one."""
    first = args[0].shape
    if all(arg.shape == first for arg in args[1:]):
        return first
    ndim = max(arg.ndim for arg in args)
    shape: list[Size] = []
    for axis in range(-ndim, 0):
        sizes = [
            arg.shape[axis] for arg in args if arg.ndim >= -axis and not is_one(arg.shape[axis])
        ]
        known = [size for size in sizes if isinstance(size, int)]
        shape.append(known[0] if known else sizes[0] if sizes else 1)
    return tuple(shape)


def broadcast_agree(args: Sequence[Node], *params: Any) -> list[Agreement]:
    """Axes of operands that are not known to be 1 must be equal."""
    first = args[0].shape
    if all(arg.shape == first for arg in args[1:]):
        return []
    result = broadcast_shape(args)
    found: list[Agreement] = []
    for operand, arg in enumerate(args):
        for axis, size in enumerate(arg.shape):
            want = result[len(result) - arg.ndim + axis]
            if not is_one(size) and size is not want and size != want:
                found.append(("eq", size, want, operand, axis))
    return found


def drop_axes(args: Sequence[Node], axes: tuple[int, ...], *params: Any) -> tuple[Size, ...]:
    """Reductions: the shape without the reduced axes."""
    return tuple(size for axis, size in enumerate(args[0].shape) if axis not in axes)


def same_shape(args: Sequence[Node], *params: Any) -> tuple[Size, ...]:
    """The shape of the first operand."""
    return args[0].shape


def scalar_shape(args: Sequence[Node], *params: Any) -> tuple[Size, ...]:
    """0-d."""
    return ()
