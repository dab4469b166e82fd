"""`modc.nnet`: another name of `modc.tensor.nnet`, the functions of neural networks; the same module."""

from __future__ import annotations

import sys

from modc.tensor import nnet
from modc.tensor.nnet import *  # noqa: F403  for type checkers, which do not see the next line

sys.modules[__name__] = nnet
