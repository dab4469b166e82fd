"""What an export is asked to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Options:
    """Choices of one export.

    name        C name: prefix of every symbol and file name; default: the Module's name in lower case
    sizes       fixed sizes: {"x": (10, 3)}, {"x.0": 10}, {"n": 10} for a named dimension
    most        largest sizes, with the same keys: the axis stays open, up to that
    real        "float64", or "float32" to compute with single precision throughout
    freeze      keys of members that become constants (in flash, not in RAM); "*" for every one that no Method writes
    only        keys of the Methods to export; empty for all
    rename      C names for keys: {"reset": "restart", "step.in": "input"}
    blob        initial values in a separate file instead of the C text
    single      one file NAME.h in place of NAME.h and NAME.c
    golden      calls per Method in the self-test
    """

    name: str | None = None
    sizes: Mapping[str, Any] = field(default_factory=dict)
    most: Mapping[str, Any] = field(default_factory=dict)
    real: str = "float64"
    freeze: Sequence[str] = ()
    only: Sequence[str] = ()
    rename: Mapping[str, str] = field(default_factory=dict)
    blob: bool = False
    single: bool = False
    golden: int = 3
