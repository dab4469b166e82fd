"""The csrc primitives that a Call may name, in Python, for `interpret`.

A primitive gets its arguments as the C function does: numbers, and for an Address something to index.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

#: By the name of the C function.
PRIMITIVES: dict[str, Callable[..., Any]] = {}
