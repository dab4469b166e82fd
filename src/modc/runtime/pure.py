"""The runtime in pure Python, and kernels through cffi.

Input: nothing. Output: Lock, Cell, Part, bind, bind_python. Neighbours: `native` has the same names
from the extension; `modc.runtime` chooses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from modc.runtime.cell import Cell
from modc.runtime.lock import Lock
from modc.runtime.locks import all_locks
from modc.runtime.part import Part
from modc.runtime.python_call import bind_python_with

if TYPE_CHECKING:
    from modc.runtime.bound import Bound
    from modc.runtime.python_call import Evaluate
    from modc.runtime.spec import Spec

__all__ = ["Cell", "Lock", "Part", "bind", "bind_python"]


def bind(library: Any, spec: Spec, lock: Lock, method: Any = None) -> Bound:
    """A callable that runs a loaded kernel on some cells; see `cffi_call.bind`."""
    from modc.runtime import cffi_call  # needs cffi, which mode numpy does without

    return cffi_call.bind(library, spec, lock, method)


def bind_python(evaluate: Evaluate, spec: Spec, lock: Lock, method: Any = None) -> Bound:
    """A callable that evaluates a Method by `evaluate(inputs, members)`; see `python_call`."""
    return bind_python_with(evaluate, spec, all_locks(lock, spec.cells), method)
