"""What wrappers of several languages ask of a Model.

Input: a `Model` and its parts. Output: answers. Neighbours: `cpp`, `rust`, `arduino`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from modc.embed.model import Array, Function, Member, Model

#: Code of an error that only wrappers have: an array whose size the C function would not take.
SIZE_CODE = -1
SIZE_TEXT = "an array has a size that there is no room for, or that does not go with its elements"


def can_fail(function: Function) -> bool:
    """Whether a call may return something else than 0."""
    return bool(function.sites) or function.kernel.plan is not None


def open_axes(one: Array) -> tuple[int, ...]:
    """The axes whose size is passed at each call."""
    return tuple(axis for axis, name in enumerate(one.open) if name)


def default_of(one: Array) -> npt.NDArray[np.generic] | None:
    """The default argument of an input in the export's dtype and shape; None where there is none.

    One that does not fit (its Method then fails in Python, too) counts as none.
    """
    if not one.has_default:
        return None
    value = np.asarray(one.default).astype(one.dtype.numpy)
    fits = value.ndim == len(one.sizes) and all(
        have <= size if name else have == size for have, size, name in zip(value.shape, one.sizes, one.open, strict=False)
    )
    return value if fits else None


def everything(model: Model) -> tuple[Member, ...]:
    """Members of the state, then constants."""
    return (*model.members, *model.constants)


def optional_from(inputs: Sequence[Array]) -> int:
    """Position of the first input such that it and all later ones have a default."""
    at = len(inputs)
    while at and default_of(inputs[at - 1]) is not None:
        at -= 1
    return at
