"""Where modc and PyTensor differ on purpose: each entry says for which cases, in what, and why.

The reasons are the rows of a table in docs/coming-from-theano.md; a test compares the two.
"""

from __future__ import annotations

from typing import NamedTuple

#: Reason -> what stands in the first column of its row in the documentation.
REASONS = {
    "numbers": "Python numbers beside arrays, and alone",
    "integers": "`floor`, `ceil`, `trunc`, `round`, `nan_to_num` of integers and bool",
    "divided": "`reciprocal` of bool and integers up to 16 bits",
    "bool": "bool in arithmetic, comparisons of closeness, triangles",
    "bool results": "`//`, `%`, `ceil_intdiv` of two bools",
    "bits": "`&`, `\\|`, `^` of an integer and a bool",
    "small": "`median`, `chi2sf` of integers up to 16 bits",
    "pad": "`pad`",
    "atleast": "`atleast_3d` of a vector",
    "arange": "`arange` up to a float",
    "clip": "`clip` where the lower bound is above the upper one",
    "clip bool": "`clip` of bool to integers; `set_subtensor`, `inc_subtensor` of bool by integers",
    "order": "`polygamma` of an order that is bool",
    "gradients": "gradients of `choose`, `gammal`, `gammau`, `eig`, `lstsq`, `tensorinv`, `tensorsolve`, and of `gammaincinv`, `gammainccinv`, `betaincinv` by all but the last argument",
    "qr": "`linalg.qr` without `mode`",
    "diagonal": "`fill_diagonal` with a number",
}  # fmt: skip

#: Reasons that are faults of PyTensor alone: no row in the documentation.
FAULTS = {
    "unsigned": "PyTensor's kv and kn take exp(-x) of an unsigned x, which wraps",
    "real": "PyTensor's gradient of the real part of a real fails",
    "half": "PyTensor computes log(2) in float16",
    "dtype": "PyTensor's gradient of a float64 through a cast is float32",
    "modes": "PyTensor's Python mode ignores mode='clip' and 'wrap' of take",
    "edge": "PyTensor's gradient of pad(mode='edge') fails when it is called",
}


class Difference(NamedTuple):
    """Which cases, in which dtypes (empty: all), in what: "dtype", "shape", "value", "error" (only one raises)."""

    labels: str
    dtypes: str
    what: str
    reason: str


_WHOLE = "int8 uint8 int16 uint16 int32 int64 uint64 bool"
_SMALL = "int8 uint8 int16 uint16 bool"

#: Labels are separated by semicolons, dtypes by blanks.
DIFFERENCES = [
    Difference("ceil;floor;trunc;nan_to_num", _WHOLE, "dtype", "integers"),
    Difference("round;round_half_to_even;round_half_away_from_zero;iround", _WHOLE, "error", "integers"),
    Difference("reciprocal", _SMALL, "dtype", "divided"),
    Difference("sign;sgn;diff;diff twice;triu;triu k", "bool", "error", "bool"),
    Difference("softplus;log1pexp", "bool", "value", "half"),
    Difference("pad;pad edge;pad maximum;pad constants", "float32 int8 uint16 int64 bool", "dtype", "pad"),
    Difference("atleast_3d", "", "shape", "atleast"),
    Difference("full number;constant float;arange float", "", "dtype", "numbers"),
    Difference("full_like", "float64 float32 uint16 int64 bool", "dtype", "numbers"),
    Difference("empty_like;clip", "uint16", "dtype", "numbers"),
    Difference("empty_like", "bool", "dtype", "numbers"),
    Difference("betainc", "int8 bool", "dtype", "numbers"),
    Difference("betaincinv", "uint16 bool", "dtype", "numbers"),
    Difference("arange of", "float32", "dtype", "arange"),
    Difference("fill_diagonal;fill_diagonal_offset", "uint16", "error", "diagonal"),
    Difference("clip;set_subtensor;set_subtensor mask;inc_subtensor", "bool", "error", "clip bool"),
    Difference("clip of", "", "value", "clip"),
    Difference("take clip;take wrap", "", "error", "modes"),
    Difference("qr", "", "shape", "qr"),
    Difference("median;median axis", "int8 uint16 bool", "dtype", "small"),
]

_NARROW = ("float32", "int8", "uint8", "bool")

#: The same for two operands: dtypes are pairs, and * is any.
PAIRS = [
    Difference("floor_div;int_div;mod;divmod;ceil_intdiv", "bool,bool", "dtype", "bool results"),
    Difference("isclose;allclose", "bool,* *,bool", "error", "bool"),
    Difference("and_;or_;xor;bitwise_and;bitwise_or;bitwise_xor", "bool,int8 bool,uint8 bool,int32 bool,int64 bool,uint64 int8,bool uint8,bool int32,bool int64,bool uint64,bool", "error", "bits"),
    Difference("kn;kv", "*,uint8 *,uint64", "value", "unsigned"),
    Difference("kn;kv", "*,bool", "error", "bool"),
    Difference("polygamma", "bool,*", "error", "order"),
    *(Difference("chi2sf", f"{one},{other}", "dtype", "small") for one in _NARROW for other in _NARROW if one != "float32" or other != "float32"),
]  # fmt: skip

#: The same for gradients; dtypes are numbers of operands.
GRADIENTS = [
    Difference("gammal;gammau", "", "error", "gradients"),
    Difference("gammaincinv;gammainccinv;betaincinv", "0", "error", "gradients"),
    Difference("betaincinv", "1", "error", "gradients"),
    Difference("take clip;take wrap", "", "error", "modes"),
    Difference("pad edge", "", "error", "edge"),
    Difference("clip of", "1", "value", "clip"),
    Difference("atleast_3d", "", "value", "atleast"),
    Difference("arange of", "", "error", "arange"),
    Difference("cast", "", "dtype", "dtype"),
    Difference("real of real", "", "error", "real"),
    Difference("choose;eig;lstsq;tensorinv;tensorsolve", "", "error", "gradients"),
]


def expected(table: list[Difference], label: str, dtype: str) -> Difference | None:
    """What the table says of a case."""
    for one in table:
        if label in one.labels.split(";") and (not one.dtypes or any(_fits(dtype, word) for word in one.dtypes.split())):
            return one
    return None


def _fits(dtype: str, pattern: str) -> bool:
    return all(want in ("*", got) for want, got in zip(pattern.split(","), dtype.split(","), strict=True))
