"""The language: symbolic arrays, and functions of them with NumPy's names and meaning.

import modc.tensor as T
x = T.dmatrix("x")
y = T.tanh(x.dot(w) + b).sum(axis=1)

Each module lists in its `__all__` what it gives to the language.
"""

from __future__ import annotations

from modc.tensor import (
    arrays,
    checks,
    derivatives,
    elementwise,
    gradient,
    linalg,
    nnet,
    protocols,
    reductions,
    types,
    variable,
)
from modc.tensor.arrays import *
from modc.tensor.checks import *
from modc.tensor.derivatives import *
from modc.tensor.elementwise import *
from modc.tensor.gradient import *
from modc.tensor.linalg import kron, nlinalg, slinalg
from modc.tensor.nnet import log_softmax, logsumexp, relu, softmax
from modc.tensor.reductions import *
from modc.tensor.types import *
from modc.tensor.variable import *

__all__ = ["kron", "linalg", "log_softmax", "logsumexp", "nlinalg", "nnet", "relu", "slinalg", "softmax"]
__all__ += arrays.__all__
__all__ += checks.__all__
__all__ += derivatives.__all__
__all__ += elementwise.__all__
__all__ += gradient.__all__
__all__ += reductions.__all__
__all__ += types.__all__
__all__ += variable.__all__

protocols.install(globals(), {"numpy.linalg": linalg})
