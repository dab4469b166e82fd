"""Types, values and words of Rust for the arrays of an export.

Input: arrays of a `Model`. Output: Rust text. Neighbours: `rust`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from modc.embed.model import Array
from modc.emit.names import comment

#: Words that no identifier may be; Ok, Err, Some and None cannot be hidden by an argument.
_WORDS = (
    "abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen if impl in "
    "let loop macro macro_rules match mod move mut override priv pub ref return self static struct super trait true try type "
    "typeof union unsafe unsized use virtual where while yield Self Ok Err Some None"
)
KEYWORDS = frozenset(_WORDS.split())


def raw(name: str) -> str:
    """A name that C chose, where Rust may have a word of the same letters."""
    return f"{name}_" if name in KEYWORDS else name


def element(one: Array) -> str:
    """f64, i8, bool ..."""
    return "bool" if one.dtype.kind == "b" else f"{one.dtype.kind}{one.dtype.bits}"


def pointer_type(one: Array) -> str:
    """What C's pointer to the elements points to: a bool is a byte there."""
    return "u8" if one.dtype.kind == "b" else element(one)


def nested(one: Array, sizes: Sequence[int], kind: str = "") -> str:
    """`[[f64; 3]; 2]`."""
    found = kind or element(one)
    for size in reversed(sizes):
        found = f"[{found}; {size}]"
    return found


def field_type(one: Array) -> str:
    """A member's field in the State: flat where inner sizes change, or where it has no elements."""
    kind = pointer_type(one)
    flat = any(map(bool, one.open[1:])) or (not one.is_number and not one.count)
    return f"[{kind}; {max(one.count, 1)}]" if flat else nested(one, one.sizes, kind)


def is_apart(one: Array) -> bool:
    """Whether the getter of a member gives (elements, open sizes): there is no slice of the field to borrow."""
    return any(one.open) and (any(map(bool, one.open[1:])) or one.dtype.kind == "b" or not one.count)


def owned(one: Array) -> str:
    """A result."""
    if any(one.open):
        return f"Open<{element(one)}, {one.count}, {len(one.sizes)}>"
    return nested(one, one.sizes)


def borrowed(one: Array) -> str:
    """An array argument."""
    if any(map(bool, one.open[1:])):
        return f"&[{element(one)}]"
    return f"&[{nested(one, one.sizes[1:])}]" if one.open[0] else f"&{nested(one, one.sizes)}"


def literal(item: Any, one: Array) -> str:
    """One element; its type is known from where it stands."""
    if one.dtype.kind == "b":
        return "true" if item else "false"
    if not one.dtype.is_float:
        return str(int(item))
    number = float(item)
    if not math.isfinite(number):
        name = "NAN" if math.isnan(number) else "INFINITY" if number > 0 else "NEG_INFINITY"
        return f"{element(one)}::{name}"
    text = str(np.float32(number)) if one.dtype.bits == 32 else repr(number)
    return text if "." in text or "e" in text else f"{text}.0"


def zeros(one: Array, sizes: Sequence[int]) -> str:
    """`[[0.0; 3]; 2]`."""
    found = literal(0, one)
    for size in reversed(sizes):
        found = f"[{found}; {size}]"
    return found


def value_text(value: npt.NDArray[Any], one: Array) -> str:
    """An array as nested lists."""
    if value.ndim == 0:
        return literal(value.item(), one)
    return "[" + ", ".join(value_text(np.asarray(row), one) for row in value) + "]"


def doc_text(text: str) -> str:
    """One line that Markdown shows as it is."""
    return "".join(f"\\{letter}" if letter in "[]<>*_`#|" else letter for letter in comment(text, 300))
