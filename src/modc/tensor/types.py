"""Constructors of root Variables: scalar, vector, matrix, row, col, tensor3 to tensor7, and with a letter in front for
the dtype: b int8, w int16, i int32, l int64, f float32, d float64, c complex64, z complex128, ub uw ui ul unsigned. Without one: floatX.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from modc.errors import DTypeError, ShapeError
from modc.tensor.declared import row_of
from modc.tensor.variable import TensorType, Variable

__all__ = [
    "bcol", "bcols", "bmatrices", "bmatrix", "brow", "brows", "bscalar", "bscalars", "btensor3", "btensor3s", "btensor4", "btensor4s",
    "btensor5", "btensor5s", "btensor6", "btensor6s", "btensor7", "btensor7s", "bvector", "bvectors", "ccol", "ccols", "cmatrices",
    "cmatrix", "col", "cols", "crow", "crows", "cscalar", "cscalars", "ctensor3", "ctensor3s", "ctensor4", "ctensor4s", "ctensor5",
    "ctensor5s", "ctensor6", "ctensor6s", "ctensor7", "ctensor7s", "cvector", "cvectors", "dcol", "dcols", "dmatrices", "dmatrix", "drow",
    "drows", "dscalar", "dscalars", "dtensor3", "dtensor3s", "dtensor4", "dtensor4s", "dtensor5", "dtensor5s", "dtensor6", "dtensor6s",
    "dtensor7", "dtensor7s", "dvector", "dvectors", "fcol", "fcols", "fmatrices", "fmatrix", "frow", "frows", "fscalar", "fscalars",
    "ftensor3", "ftensor3s", "ftensor4", "ftensor4s", "ftensor5", "ftensor5s", "ftensor6", "ftensor6s", "ftensor7", "ftensor7s", "fvector",
    "fvectors", "icol", "icols", "imatrices", "imatrix", "irow", "irows", "iscalar", "iscalars", "itensor3", "itensor3s", "itensor4",
    "itensor4s", "itensor5", "itensor5s", "itensor6", "itensor6s", "itensor7", "itensor7s", "ivector", "ivectors", "lcol", "lcols",
    "lmatrices", "lmatrix", "lrow", "lrows", "lscalar", "lscalars", "ltensor3", "ltensor3s", "ltensor4", "ltensor4s", "ltensor5",
    "ltensor5s", "ltensor6", "ltensor6s", "ltensor7", "ltensor7s", "lvector", "lvectors", "matrices", "matrix", "row", "rows", "scalar",
    "scalars", "tensor", "tensor3", "tensor3s", "tensor4", "tensor4s", "tensor5", "tensor5s", "tensor6", "tensor6s", "tensor7", "tensor7s",
    "ubcol", "ubcols", "ubmatrices", "ubmatrix", "ubrow", "ubrows", "ubscalar", "ubscalars", "ubtensor3", "ubtensor3s", "ubtensor4",
    "ubtensor4s", "ubvector", "ubvectors", "uicol", "uicols", "uimatrices", "uimatrix", "uirow", "uirows", "uiscalar", "uiscalars",
    "uitensor3", "uitensor3s", "uitensor4", "uitensor4s", "uivector", "uivectors", "ulcol", "ulcols", "ulmatrices", "ulmatrix", "ulrow",
    "ulrows", "ulscalar", "ulscalars", "ultensor3", "ultensor3s", "ultensor4", "ultensor4s", "ulvector", "ulvectors", "uwcol", "uwcols",
    "uwmatrices", "uwmatrix", "uwrow", "uwrows", "uwscalar", "uwscalars", "uwtensor3", "uwtensor3s", "uwtensor4", "uwtensor4s", "uwvector",
    "uwvectors", "vector", "vectors", "wcol", "wcols", "wmatrices", "wmatrix", "wrow", "wrows", "wscalar", "wscalars", "wtensor3",
    "wtensor3s", "wtensor4", "wtensor4s", "wtensor5", "wtensor5s", "wtensor6", "wtensor6s", "wtensor7", "wtensor7s", "wvector", "wvectors",
    "zcol", "zcols", "zmatrices", "zmatrix", "zrow", "zrows", "zscalar", "zscalars", "ztensor3", "ztensor3s", "ztensor4", "ztensor4s",
    "ztensor5", "ztensor5s", "ztensor6", "ztensor6s", "ztensor7", "ztensor7s", "zvector", "zvectors",
]  # fmt: skip

Maker = Callable[..., Variable]
Makers = Callable[..., list[Variable]]

PREFIXES = {
    "": "floatX",
    "b": "int8",
    "w": "int16",
    "i": "int32",
    "l": "int64",
    "f": "float32",
    "d": "float64",
    "ub": "uint8",
    "uw": "uint16",
    "ui": "uint32",
    "ul": "uint64",
    "c": "complex64",
    "z": "complex128",
}
SHAPES: dict[str, tuple[int | None, ...]] = {
    "scalar": (),
    "vector": (None,),
    "matrix": (None, None),
    "row": (1, None),
    "col": (None, 1),
    "tensor3": (None,) * 3,
    "tensor4": (None,) * 4,
    "tensor5": (None,) * 5,
    "tensor6": (None,) * 6,
    "tensor7": (None,) * 7,
}
PLURALS = {"matrix": "matrices"}


def _maker(prefix: str, kind: str) -> Maker:
    declared = SHAPES[kind]

    def make(
        name: str | None = None, dtype: Any = None, *, shape: Any = None, init: Any = None
    ) -> Variable:
        if dtype is not None and prefix:
            raise TypeError(
                f"{prefix}{kind} has its dtype in its name: use {kind}(dtype={dtype!r})"
            )
        sizes = declared if shape is None else _sizes(shape)
        fits = len(sizes) == len(declared) and all(
            want is None or size in (None, want) for want, size in zip(declared, sizes, strict=True)
        )
        if not fits:
            raise ShapeError(
                f"{prefix}{kind} has the sizes {declared}, which shape={shape!r} does not fit"
            )
        sizes = tuple(
            want if size is None else size for want, size in zip(declared, sizes, strict=True)
        )
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


def _pair(prefix: str, kind: str) -> tuple[Maker, Makers]:
    one = _maker(prefix, kind)
    return one, _plural(one, prefix + PLURALS.get(kind, kind + "s"))


def tensor(
    first: Any = None, shape: Sequence[Any] = (), name: str | None = None, *, dtype: Any = None, **options: Any
) -> Variable:
    """A root Variable of any dtype and number of dimensions: `tensor("float32", (None, 3), "x")`, as in Theano, or
    `tensor("x", dtype="float32", shape=(None, 3))`, as in PyTensor.

    A first string that is no dtype, or is one letter, is the name. Raises TypeError where name or dtype is given twice.

    >>> tensor("x", dtype="int8", shape=(3,)).type
    TensorType('int8', (3,))
    """
    if isinstance(first, str) and (dtype is not None or len(first) == 1 or not _is_dtype(first)):
        if name is not None:
            raise TypeError(f"tensor: two names, {first!r} and {name!r}" + ("" if dtype else f"; {first!r} is no dtype"))
        return TensorType("floatX" if dtype is None else dtype, shape)(first, **options)
    if first is not None and dtype is not None:
        raise TypeError(f"tensor: two dtypes, {first!r} and {dtype!r}")
    given = first if dtype is None else dtype
    return TensorType("floatX" if given is None else given, shape)(name, **options)


def _is_dtype(text: str) -> bool:
    try:
        row_of(text)
    except DTypeError:
        return False
    return True


# fmt: off
scalar, scalars = _pair("", "scalar")
vector, vectors = _pair("", "vector")
matrix, matrices = _pair("", "matrix")
row, rows = _pair("", "row")
col, cols = _pair("", "col")
tensor3, tensor3s = _pair("", "tensor3")
tensor4, tensor4s = _pair("", "tensor4")
tensor5, tensor5s = _pair("", "tensor5")
tensor6, tensor6s = _pair("", "tensor6")
tensor7, tensor7s = _pair("", "tensor7")
bscalar, bscalars = _pair("b", "scalar")
bvector, bvectors = _pair("b", "vector")
bmatrix, bmatrices = _pair("b", "matrix")
brow, brows = _pair("b", "row")
bcol, bcols = _pair("b", "col")
btensor3, btensor3s = _pair("b", "tensor3")
btensor4, btensor4s = _pair("b", "tensor4")
btensor5, btensor5s = _pair("b", "tensor5")
btensor6, btensor6s = _pair("b", "tensor6")
btensor7, btensor7s = _pair("b", "tensor7")
wscalar, wscalars = _pair("w", "scalar")
wvector, wvectors = _pair("w", "vector")
wmatrix, wmatrices = _pair("w", "matrix")
wrow, wrows = _pair("w", "row")
wcol, wcols = _pair("w", "col")
wtensor3, wtensor3s = _pair("w", "tensor3")
wtensor4, wtensor4s = _pair("w", "tensor4")
wtensor5, wtensor5s = _pair("w", "tensor5")
wtensor6, wtensor6s = _pair("w", "tensor6")
wtensor7, wtensor7s = _pair("w", "tensor7")
iscalar, iscalars = _pair("i", "scalar")
ivector, ivectors = _pair("i", "vector")
imatrix, imatrices = _pair("i", "matrix")
irow, irows = _pair("i", "row")
icol, icols = _pair("i", "col")
itensor3, itensor3s = _pair("i", "tensor3")
itensor4, itensor4s = _pair("i", "tensor4")
itensor5, itensor5s = _pair("i", "tensor5")
itensor6, itensor6s = _pair("i", "tensor6")
itensor7, itensor7s = _pair("i", "tensor7")
lscalar, lscalars = _pair("l", "scalar")
lvector, lvectors = _pair("l", "vector")
lmatrix, lmatrices = _pair("l", "matrix")
lrow, lrows = _pair("l", "row")
lcol, lcols = _pair("l", "col")
ltensor3, ltensor3s = _pair("l", "tensor3")
ltensor4, ltensor4s = _pair("l", "tensor4")
ltensor5, ltensor5s = _pair("l", "tensor5")
ltensor6, ltensor6s = _pair("l", "tensor6")
ltensor7, ltensor7s = _pair("l", "tensor7")
fscalar, fscalars = _pair("f", "scalar")
fvector, fvectors = _pair("f", "vector")
fmatrix, fmatrices = _pair("f", "matrix")
frow, frows = _pair("f", "row")
fcol, fcols = _pair("f", "col")
ftensor3, ftensor3s = _pair("f", "tensor3")
ftensor4, ftensor4s = _pair("f", "tensor4")
ftensor5, ftensor5s = _pair("f", "tensor5")
ftensor6, ftensor6s = _pair("f", "tensor6")
ftensor7, ftensor7s = _pair("f", "tensor7")
dscalar, dscalars = _pair("d", "scalar")
dvector, dvectors = _pair("d", "vector")
dmatrix, dmatrices = _pair("d", "matrix")
drow, drows = _pair("d", "row")
dcol, dcols = _pair("d", "col")
dtensor3, dtensor3s = _pair("d", "tensor3")
dtensor4, dtensor4s = _pair("d", "tensor4")
dtensor5, dtensor5s = _pair("d", "tensor5")
dtensor6, dtensor6s = _pair("d", "tensor6")
dtensor7, dtensor7s = _pair("d", "tensor7")
ubscalar, ubscalars = _pair("ub", "scalar")
ubvector, ubvectors = _pair("ub", "vector")
ubmatrix, ubmatrices = _pair("ub", "matrix")
ubrow, ubrows = _pair("ub", "row")
ubcol, ubcols = _pair("ub", "col")
ubtensor3, ubtensor3s = _pair("ub", "tensor3")
ubtensor4, ubtensor4s = _pair("ub", "tensor4")
uwscalar, uwscalars = _pair("uw", "scalar")
uwvector, uwvectors = _pair("uw", "vector")
uwmatrix, uwmatrices = _pair("uw", "matrix")
uwrow, uwrows = _pair("uw", "row")
uwcol, uwcols = _pair("uw", "col")
uwtensor3, uwtensor3s = _pair("uw", "tensor3")
uwtensor4, uwtensor4s = _pair("uw", "tensor4")
uiscalar, uiscalars = _pair("ui", "scalar")
uivector, uivectors = _pair("ui", "vector")
uimatrix, uimatrices = _pair("ui", "matrix")
uirow, uirows = _pair("ui", "row")
uicol, uicols = _pair("ui", "col")
uitensor3, uitensor3s = _pair("ui", "tensor3")
uitensor4, uitensor4s = _pair("ui", "tensor4")
ulscalar, ulscalars = _pair("ul", "scalar")
ulvector, ulvectors = _pair("ul", "vector")
ulmatrix, ulmatrices = _pair("ul", "matrix")
ulrow, ulrows = _pair("ul", "row")
ulcol, ulcols = _pair("ul", "col")
ultensor3, ultensor3s = _pair("ul", "tensor3")
ultensor4, ultensor4s = _pair("ul", "tensor4")
cscalar, cscalars = _pair("c", "scalar")
cvector, cvectors = _pair("c", "vector")
cmatrix, cmatrices = _pair("c", "matrix")
crow, crows = _pair("c", "row")
ccol, ccols = _pair("c", "col")
ctensor3, ctensor3s = _pair("c", "tensor3")
ctensor4, ctensor4s = _pair("c", "tensor4")
ctensor5, ctensor5s = _pair("c", "tensor5")
ctensor6, ctensor6s = _pair("c", "tensor6")
ctensor7, ctensor7s = _pair("c", "tensor7")
zscalar, zscalars = _pair("z", "scalar")
zvector, zvectors = _pair("z", "vector")
zmatrix, zmatrices = _pair("z", "matrix")
zrow, zrows = _pair("z", "row")
zcol, zcols = _pair("z", "col")
ztensor3, ztensor3s = _pair("z", "tensor3")
ztensor4, ztensor4s = _pair("z", "tensor4")
ztensor5, ztensor5s = _pair("z", "tensor5")
ztensor6, ztensor6s = _pair("z", "tensor6")
ztensor7, ztensor7s = _pair("z", "tensor7")
# fmt: on
