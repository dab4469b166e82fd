"""Kernels for other people's programs: a C project from a Module, and wrappers around it.

Input: a Module or an instance. Output: a directory of C99 files that need nothing of modc.
Data flows: `gather` (arrays and Methods), `fit` (sizes), `model` (C names), the writers, `write`.
Neighbours: rewrite, schedule and emit make the kernels; the command `modc export`.
"""

from __future__ import annotations

from modc.embed.exporting import export
from modc.embed.options import Options
from modc.errors import ExportError

__all__ = ["ExportError", "Options", "export"]
