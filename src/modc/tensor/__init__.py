"""The language: symbolic arrays, and functions of them with NumPy's names and meaning.

import modc.tensor as T
x = T.dmatrix("x")
y = T.tanh(x.dot(w) + b).sum(axis=1)

Each module lists in its `__all__` what it gives to the language.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from modc.tensor import (
    arrays,
    axes,
    bessel,
    checks,
    classic,
    complex_numbers,
    derivatives,
    diagonals,
    differences,
    distributions,
    elementwise,
    fft,
    floats,
    gradient,
    grids,
    histograms,
    inserting,
    joining,
    linalg,
    making,
    multiplying,
    nan_reductions,
    nnet,
    padding,
    polynomials,
    protocols,
    quantiles,
    reductions,
    selecting,
    sets,
    sorting,
    special,
    special_more,
    spellings,
    statistics,
    told,
    types,
    variable,
    windows,
)
from modc.tensor.arrays import *
from modc.tensor.axes import *
from modc.tensor.bessel import *
from modc.tensor.checks import *
from modc.tensor.classic import *
from modc.tensor.complex_numbers import *
from modc.tensor.derivatives import *
from modc.tensor.diagonals import *
from modc.tensor.differences import *
from modc.tensor.distributions import *
from modc.tensor.elementwise import *
from modc.tensor.floats import *
from modc.tensor.gradient import *
from modc.tensor.grids import *
from modc.tensor.histograms import *
from modc.tensor.inserting import *
from modc.tensor.joining import *
from modc.tensor.joining import numpy_split as _numpy_split  # noqa: F401  for protocols
from modc.tensor.linalg import kron, nlinalg, slinalg
from modc.tensor.making import *
from modc.tensor.multiplying import *
from modc.tensor.nan_reductions import *
from modc.tensor.nnet import log_softmax, logsumexp, one_hot, relu, softmax, to_one_hot
from modc.tensor.padding import *
from modc.tensor.polynomials import *
from modc.tensor.quantiles import *
from modc.tensor.reductions import *
from modc.tensor.selecting import *
from modc.tensor.sets import *
from modc.tensor.sorting import *
from modc.tensor.special import *
from modc.tensor.special_more import *
from modc.tensor.statistics import *
from modc.tensor.types import *
from modc.tensor.variable import *
from modc.tensor.windows import *

if TYPE_CHECKING:
    from modc.tensor import printing as printing
    from modc.tensor.from_graph import OpFromGraph as OpFromGraph
    from modc.tensor.printing import Print as Print
    from modc.tensor.printing import debugprint as debugprint
    from modc.tensor.printing import pp as pp
    from modc.tensor.printing import pprint as pprint
    from modc.tensor.python_ops import as_op as as_op
    from modc.tensor.python_ops import wrap_py as wrap_py
    from modc.tensor.user_ops import op as op

__all__ = ["fft", "kron", "linalg", "log_softmax", "logsumexp", "nlinalg", "nnet", "one_hot", "relu", "slinalg", "softmax", "to_one_hot"]
__all__ += arrays.__all__
__all__ += axes.__all__
__all__ += bessel.__all__
__all__ += checks.__all__
__all__ += classic.__all__
__all__ += complex_numbers.__all__
__all__ += derivatives.__all__
__all__ += diagonals.__all__
__all__ += differences.__all__
__all__ += distributions.__all__
__all__ += elementwise.__all__
__all__ += floats.__all__
__all__ += gradient.__all__
__all__ += grids.__all__
__all__ += histograms.__all__
__all__ += inserting.__all__
__all__ += joining.__all__
__all__ += nan_reductions.__all__
__all__ += padding.__all__
__all__ += polynomials.__all__
__all__ += quantiles.__all__
__all__ += making.__all__
__all__ += multiplying.__all__
__all__ += reductions.__all__
__all__ += special.__all__
__all__ += special_more.__all__
__all__ += selecting.__all__
__all__ += sets.__all__
__all__ += sorting.__all__
__all__ += statistics.__all__
__all__ += types.__all__
__all__ += variable.__all__
__all__ += windows.__all__

spellings.install(globals())
told.install((globals(), __all__), (nnet.__dict__, nnet.__all__), (linalg.__dict__, linalg.__all__), (fft.__dict__, fft.__all__))
told.install_methods(
    Variable,
    "all any argmax argmin argpartition argsort astype choose clip compress cumprod cumsum diagonal dimshuffle dot flatten max mean "
    "min norm partition prod ptp ravel repeat reshape round searchsorted sort squeeze std sum swapaxes take trace transpose var",
)
protocols.install(globals(), {"numpy.fft": fft, "numpy.linalg": linalg})

#: What most programs do not use, by the module that has it: loaded when it is asked for.
_LATER = {
    "OpFromGraph": "from_graph", "Print": "printing", "as_op": "python_ops", "debugprint": "printing", "op": "user_ops",
    "pp": "printing", "pprint": "printing", "printing": "", "wrap_py": "python_ops",
}  # fmt: skip
__all__ += [name for name in _LATER if name != "op"]


def __getattr__(name: str) -> Any:
    home = _LATER.get(name)
    if home is None:
        raise AttributeError(f"module 'modc.tensor' has no attribute {name!r}{_meant(name)}")
    found: Any = import_module(f"modc.tensor.{home or name}")
    if home:
        found = getattr(found, name)
    globals()[name] = found
    return found


def _meant(name: str) -> str:
    """What was probably meant. Python itself looks at modules with few names only."""
    if name[:1] == "_":
        return ""
    if name in ("In", "Method", "Module", "Out", "function", "shared"):
        return f"; it is modc.{name}"
    import difflib  # only for the message

    close = difflib.get_close_matches(name, __all__, 1)
    return f"; did you mean {close[0]!r}?" if close else ""
