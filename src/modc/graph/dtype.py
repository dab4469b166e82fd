"""The dtypes of modc, one row each, and NumPy 2's promotion between them.

Nothing comes in; `graph` and every layer below it take their dtypes from here.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from modc.errors import DTypeError


class DType:
    """One element type: its NumPy dtype, its C type, its place in the kernel ABI."""

    __slots__ = ("bits", "c_type", "code", "kind", "name", "numpy", "suffix", "wide")

    def __init__(self, name: str, kind: str, bits: int, c_type: str, suffix: str, wide: str, code: int) -> None:
        self.name = name  # NumPy's name
        self.kind = kind  # b bool, i signed, u unsigned, f float, c complex
        self.bits = bits
        self.c_type = c_type
        self.suffix = suffix  # of the functions in csrc
        self.wide = wide  # unsigned type, at least 32 bits wide, in which integers wrap without C's undefined behaviour
        self.code = code  # MODC_* in csrc/modc_abi.h
        self.numpy: np.dtype[Any] = np.dtype(name)

    def __repr__(self) -> str:
        return self.name

    def __reduce__(self) -> tuple[Any, ...]:
        return dtype, (self.name,)

    @property
    def is_float(self) -> bool:
        """Whether elements are floating-point numbers."""
        return self.kind == "f"

    @property
    def is_complex(self) -> bool:
        """Whether elements are complex numbers."""
        return self.kind == "c"

    @property
    def is_inexact(self) -> bool:
        """Whether elements are floating-point numbers, real or complex: what has derivatives."""
        return self.kind in "fc"

    @property
    def is_integer(self) -> bool:
        """Whether elements are integers, signed or not; bool is none."""
        return self.kind in "iu"

    @property
    def epsilon(self) -> float:
        """The distance of 1 from the next float."""
        return float(np.finfo(self.numpy).eps)

    @property
    def real(self) -> DType:
        """The dtype of the real part: of a complex one half of it, any other itself."""
        return _PARTS.get(self, self)

    @property
    def complex(self) -> DType:
        """The complex dtype whose parts hold a float of this one: complex64 of float32, else complex128."""
        return COMPLEX64 if self in (FLOAT32, COMPLEX64) else COMPLEX128

    @property
    def bytes(self) -> int:
        """Size of one element."""
        return self.bits // 8


# fmt: off
BOOL       = DType("bool",       "b",   8, "uint8_t",  "b8",   "uint32_t", 0)
INT8       = DType("int8",       "i",   8, "int8_t",   "i8",   "uint32_t", 1)
INT16      = DType("int16",      "i",  16, "int16_t",  "i16",  "uint32_t", 2)
INT32      = DType("int32",      "i",  32, "int32_t",  "i32",  "uint32_t", 3)
INT64      = DType("int64",      "i",  64, "int64_t",  "i64",  "uint64_t", 4)
UINT8      = DType("uint8",      "u",   8, "uint8_t",  "u8",   "uint32_t", 5)
UINT16     = DType("uint16",     "u",  16, "uint16_t", "u16",  "uint32_t", 6)
UINT32     = DType("uint32",     "u",  32, "uint32_t", "u32",  "uint32_t", 7)
UINT64     = DType("uint64",     "u",  64, "uint64_t", "u64",  "uint64_t", 8)
FLOAT32    = DType("float32",    "f",  32, "float",    "f32",  "",         9)
FLOAT64    = DType("float64",    "f",  64, "double",   "f64",  "",        10)
COMPLEX64  = DType("complex64",  "c",  64, "modc_c64",  "c64", "",        11)
COMPLEX128 = DType("complex128", "c", 128, "modc_c128", "c128", "",       12)
# fmt: on

_PARTS = {COMPLEX64: FLOAT32, COMPLEX128: FLOAT64}

#: The real dtypes, which most rows of the op table take.
DTYPES: dict[str, DType] = {
    row.name: row
    for row in (BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, FLOAT32, FLOAT64)
}
#: Those and the complex ones.
ALL_DTYPES: dict[str, DType] = {**DTYPES, "complex64": COMPLEX64, "complex128": COMPLEX128}
_BY_NUMPY: dict[Any, DType] = {row.numpy: row for row in ALL_DTYPES.values()}


def dtype(spec: Any) -> DType:
    """The row for `spec`: a DType, a NumPy dtype or type, or a name.

    Raises DTypeError for a dtype that modc does not have (float16, object, strings, ...).
    """
    if isinstance(spec, DType):
        return spec
    row = ALL_DTYPES.get(spec) if isinstance(spec, str) else None
    if row is not None:
        return row
    try:
        found = np.dtype(spec)
    except TypeError as error:
        raise DTypeError(f"{spec!r} is not a dtype") from error
    row = _BY_NUMPY.get(found.newbyteorder("="))
    if row is None:
        raise DTypeError(f"modc has no dtype {found}; it has {', '.join(ALL_DTYPES)}")
    return row


def promote(first: DType, second: DType) -> DType:
    """NumPy's promotion of two array dtypes (int64 and float32 give float64)."""
    return first if first is second else dtype(np.promote_types(first.numpy, second.numpy))


def weak_result(strong: DType, value: bool | int | float | complex) -> DType:
    """The dtype that a bare Python scalar takes beside an operand of dtype `strong` (NEP 50)."""
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, int):
        return INT64 if strong.kind == "b" else strong
    if isinstance(value, complex):
        return strong.complex
    return strong if strong.is_inexact else FLOAT64


def float_of(row: DType) -> DType:
    """The dtype in which a function such as exp works on `row`: float32 up to 16 bits; complex stays complex."""
    if row.is_inexact:
        return row
    return FLOAT32 if row.bits <= 16 else FLOAT64
