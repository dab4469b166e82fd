"""Which conversions are done, one question: `action`.

Input: where a value comes from (`origin`), its dtype or Python kind, the target's dtype and the two
options of `In`. Output: one of TAKE, CAST, CHECK, REFUSE. Neighbours: `convert` acts on the answer;
the C fast path (`csrc/call_convert.c`) covers some rows and is tested against all of them.

    origin   source                      rule without options
    python   bool int float complex      weak: takes the target's dtype. int into an integer or a
                                         float and float into an integer look at the value
    scalar   NumPy scalar                as an array; an integer into an integer looks at the value
    array    dtype                       lossless casts only (NumPy's "safe")

A number is never a bool, a complex never a real number. `strict` takes arrays of the very dtype
only; `allow_downcast=True` does lossy casts between real numbers as well.
"""

from __future__ import annotations

from typing import Any

import numpy as np

TAKE = "take"  # the values are used as they are
CAST = "cast"  # converted; never fails
CHECK = "check"  # converted if every value survives
REFUSE = "refuse"

PYTHON_KINDS = ("bool", "int", "float", "complex")


def action(
    origin: str,
    source: Any,
    target: np.dtype[Any],
    strict: bool = False,
    allow_downcast: bool | None = None,
) -> str:
    """The row of the table for one conversion.

    `origin` is "python", "scalar" or "array"; `source` is one of PYTHON_KINDS for the first and a
    NumPy dtype for the others.
    """
    if strict:
        return TAKE if origin == "array" and source == target else REFUSE
    if origin == "python":
        return _weak(source, target.kind, bool(allow_downcast))
    if source == target:
        return TAKE
    if source.kind not in "biufc":
        return REFUSE
    if np.can_cast(source, target, "safe"):
        return CAST
    if source.kind == "c":
        return CAST if target.kind == "c" and allow_downcast else REFUSE
    if allow_downcast:
        return CHECK if source.kind == "f" and target.kind in "iu" else CAST
    if origin == "scalar" and source.kind in "iu" and target.kind in "iu":
        return CHECK
    return REFUSE


def _weak(kind: str, target: str, downcast: bool) -> str:
    """The row of a Python number, or a list of them, of one kind."""
    if kind == "complex":
        return CAST if target == "c" else REFUSE
    if target == "b":
        return CAST if kind == "bool" or downcast else REFUSE
    if kind == "bool" or (kind == "float" and target in "fc"):
        return CAST
    return CHECK
