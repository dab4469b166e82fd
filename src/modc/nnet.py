"""`modc.nnet`: the functions of neural networks, also reached as `modc.tensor.nnet`."""

from __future__ import annotations

from modc.tensor.nnet import *  # noqa: F403  the same names, by their __all__
from modc.tensor.nnet import __all__ as __all__
