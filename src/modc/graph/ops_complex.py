"""The table of ops that take complex numbers apart and put them together; the other tables say by the trait "complex"
which of their rows take complex operands.

Gradients hold G = dL/dRe - i dL/dIm of a real L, so that rows of analytic functions have one gradient for real and
complex operands; `tensor.gradient` conjugates what users give and get. Neighbours: csrc/modc_complex.h.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from modc.errors import DTypeError
from modc.graph import rules
from modc.graph.dtype import DType, float_of
from modc.graph.op import CALL, Op, table


def _pair(dtypes: Sequence[DType], *params: Any) -> rules.DTypes:
    """Two floats, a complex result."""
    common = rules.promoted(dtypes)
    if common.is_complex:
        raise DTypeError("takes real numbers")
    part = float_of(common)
    return (part, part), part.complex


def _put_together(re: Any, im: Any) -> Any:
    found = np.empty(np.broadcast_shapes(np.shape(re), np.shape(im)), np.result_type(re, im, np.complex64))
    found.real, found.imag = re, im
    return found


def _of_complex(text: str, of_real: str) -> Mapping[str, str]:
    """C by kind: for complex operands and for the others."""
    return {**dict.fromkeys("fiub", of_real), "c": text}


def _imag_gradient(g: Any, y: Any, z: Any) -> tuple[Any]:
    return (g.zeros_like().function("complex", -g) if z.dtype != y.dtype else None,)


# fmt: off
COMPLEX_PARTS = table(
    Op("real",    "map", np.real,       _of_complex("modc_real_{t}({0})", "({0})"), CALL, rules.magnitude, rules.broadcast_shape,
       grad=lambda g, y, z: (g,), traits=("complex",), doc="The real part; of real numbers themselves"),
    Op("imag",    "map", np.imag,       _of_complex("modc_imag_{t}({0})", "0"), CALL, rules.magnitude, rules.broadcast_shape,
       grad=_imag_gradient, traits=("complex",), doc="The imaginary part; of real numbers 0"),
    Op("conj",    "map", np.conjugate,  _of_complex("modc_conj_{t}({0})", "({0})"), CALL, rules.counts_of_bool, rules.broadcast_shape,
       grad=lambda g, y, z: (g.conj(),), traits=("complex",), doc="The complex conjugate"),
    Op("complex", "map", _put_together, "modc_of_{r}({0}, {1})", CALL, _pair, rules.broadcast_shape,
       agree=rules.broadcast_agree, grad=lambda g, y, re, im: (g.real, -g.imag), doc="re + i im"),
)
# fmt: on
