"""The language: symbolic arrays, and functions of them with NumPy's names and meaning.

    import modc.tensor as T
    x = T.dmatrix("x")
    y = T.tanh(x.dot(w) + b).sum(axis=1)
"""

from __future__ import annotations

from modc.tensor.types import constructors, tensor
from modc.tensor.variable import Constant, TensorType, Variable

globals().update(constructors())
