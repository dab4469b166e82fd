"""The exception for a kernel's failed check, from a text with gaps.

Input: the kind of check, its text and the numbers that the kernel reported. Output: the exception.
Nothing of graphs is needed: kernels in packages carry their texts with them. Neighbours:
`modc.failure` writes the texts.
"""

from __future__ import annotations

import numpy as np

from modc.errors import ShapeError

_HINT = (
    "an axis of unknown size never broadcasts: declare it with T.row, T.col, shape=(1, None), "
    "or insert it with dimshuffle or None"
)
_ERRORS: dict[str, type[Exception]] = {
    "index": IndexError, "shape": ShapeError, "empty": ValueError, "numel": ShapeError, "next": ShapeError,
    "named": ShapeError, "size": ShapeError, "assert": AssertionError, "value": ValueError,
    "singular": np.linalg.LinAlgError, "division": ZeroDivisionError, "specified": AssertionError, "mask": IndexError,
    "divides": ValueError, "cube": ValueError,
}  # fmt: skip


def failed(
    name: str, kind: str, text: str | list[str], axis: int, got: int, want: int, where: str = ""
) -> Exception:
    """The exception for a check of `kind` in the Method `name`.

    text    with the gaps {axis}, {got} and {want}; or one text for each axis
    where   the user's line, for the end of the message

    IndexError for positions, ShapeError for sizes that disagree, ValueError for a reduction of
    nothing, MemoryError for sizes beyond what can be addressed; AssertionError, ValueError,
    ZeroDivisionError and numpy.linalg.LinAlgError for what the Method itself requires.
    """
    one = text if isinstance(text, str) else text[axis]
    said = one.format(axis=axis, got=got, want=want)
    if kind == "shape" and 1 in (got, want):
        said += f"\n  hint: {_HINT}"
    return _ERRORS.get(kind, MemoryError)(f"{name}: {said}{where}")
