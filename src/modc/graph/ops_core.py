"""The op rows that the graph itself is made of: leaves, constants, sizes, casts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from modc.errors import ShapeError
from modc.graph import rules
from modc.graph.dtype import BOOL, INT64, DType
from modc.graph.op import UNARY, Op, table


def _no_value(*args: Any, **params: Any) -> Any:
    raise AssertionError("modc bug: a leaf has no value of its own")


def _cast(x: Any, dtype: DType) -> Any:
    if x.dtype.kind == "f" and dtype.is_integer:
        return _whole(np.asarray(x), dtype)
    return x.astype(dtype.numpy)


def _whole(x: Any, dtype: DType) -> Any:
    """Floats as integers, cut towards 0. What does not fit is as in csrc/modc_scalar.h: NumPy leaves it to the machine."""
    if dtype.name == "uint64":
        high = (x >= 2.0**63) & (x < 2.0**64)
        low = _whole(np.where(high, x - x.dtype.type(2.0**63), x), INT64).astype(dtype.numpy)
        return np.where(high, low + dtype.numpy.type(2**63), low)
    wide = np.dtype("int64" if dtype.bits == 64 or dtype.name == "uint32" else "int32")
    end = x.dtype.type(2.0 ** (8 * wide.itemsize - 1))
    return np.where((x >= -end) & (x < end), x, -end).astype(wide).astype(dtype.numpy)


def _cast_dtypes(dtypes: Sequence[DType], target: DType) -> rules.DTypes:
    return tuple(dtypes), target


def _cast_gradient(g: Any, y: Any, x: Any, dtype: DType) -> tuple[Any]:
    return (g.real_as(x),)


def _dim(x: Any, axis: int) -> Any:
    return INT64.numpy.type(x.shape[axis])


def _as_given(dtypes: Sequence[DType], *params: Any) -> rules.DTypes:
    return tuple(dtypes), INT64


#: What a `require` row may be about -> the exception where its condition does not hold.
REQUIREMENTS: dict[str, type[Exception]] = {
    "assert": AssertionError, "value": ValueError, "index": IndexError, "singular": np.linalg.LinAlgError,
    "division": ZeroDivisionError,
}  # fmt: skip


#: What a `specify` row is about -> the exception where the sizes are others.
SPECIFIED: dict[str, type[Exception]] = {"specified": AssertionError, "mask": IndexError, "divides": ValueError, "shape": ShapeError, "cube": ValueError}


def _require(x: Any, ok: Any, kind: str, message: str) -> Any:
    if not ok.all():
        raise REQUIREMENTS[kind](message)
    return x


def _required(dtypes: Sequence[DType], *params: Any) -> rules.DTypes:
    return (dtypes[0], BOOL), dtypes[0]


INPUT = Op("input", "leaf", _no_value, doc="A root variable.")
CONST = Op("const", "leaf", _no_value, params=("shape", "data"), doc="An array known when the graph is built.")
DIM = Op("dim", "leaf", _dim, dtypes=_as_given, shape=rules.scalar_shape, params=("axis",), doc="One size of a variable.")
NAMED_DIM = Op("named_dim", "leaf", _no_value, params=("name",), doc="The size of every axis declared with that name.")
CAST = Op(
    "cast", "map", _cast, "modc_cast_{r}_{t}({0})", UNARY, _cast_dtypes, rules.same_shape,
    params=("dtype",), grad=_cast_gradient, traits=("complex",), doc="The same values in another dtype.",
)

REQUIRE = Op(
    "require", "guard", _require, dtypes=_required, shape=rules.same_shape, params=("kind", "message"),
    grad=lambda g, y, x, ok, kind, message: (g, None),
    doc="x, where every element of a condition holds; else the call fails with a message, and changes nothing.",
)

table(INPUT, CONST, DIM, NAMED_DIM, CAST, REQUIRE)
