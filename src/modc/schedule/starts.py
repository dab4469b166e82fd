"""What accumulators begin with."""

from __future__ import annotations

from modc.graph.dtype import DType
from modc.schedule.terms import Statement


def start_of(statement: Statement) -> bool | int | float:
    """What an accumulator begins with."""
    name = statement.node.op.name
    dtype: DType = statement.term.dtype if statement.term is not None else statement.node.dtype
    if name in ("max", "argmax", "min", "argmin"):
        return lowest(dtype) if name in ("max", "argmax") else highest(dtype)
    start = statement.node.op.start[dtype.kind] if statement.node.op.start else 0
    return dtype.numpy.type(start).item()  # type: ignore[no-any-return]


def lowest(dtype: DType) -> bool | int | float:
    """The identity of maximum."""
    if dtype.is_float:
        return float("-inf")
    if dtype.kind == "b":
        return False
    return 0 if dtype.kind == "u" else -(1 << dtype.bits - 1)


def highest(dtype: DType) -> bool | int | float:
    """The identity of minimum."""
    if dtype.is_float:
        return float("inf")
    if dtype.kind == "b":
        return True
    return (1 << dtype.bits - (dtype.kind == "i")) - 1
