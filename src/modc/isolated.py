"""A kernel as a function of arrays, over storage of its own.

Input: an Executable with its kernel. Output: (inputs, members) -> (outputs, updates), as `runtime.bind_python` wants it.
Neighbours: `check` compares kernels with NumPy this way, `staged` runs several in sequence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from modc.runtime import Cell, Input, Lock, Output, Spec

if TYPE_CHECKING:
    from modc.graph import Program
    from modc.pipeline import Executable

Array = np.ndarray[Any, Any]


def isolated(executable: Executable, program: Program) -> Callable[..., Any]:
    """The kernel over storage of its own: (inputs, members) -> (outputs, {member: new value})."""
    lock = Lock()
    cells = [
        Cell(name, leaf.dtype.name, leaf.ndim, leaf.static_shape, lock=lock)
        for name, leaf in zip(program.member_names, program.members, strict=True)
    ]
    written = {member for member, _ in program.updates}
    spec = Spec(
        program.name,
        [Input(name, leaf.dtype.name, leaf.ndim, leaf.static_shape)
         for name, leaf in zip(program.input_names, program.inputs, strict=True)],
        cells,
        [index in written for index in range(len(cells))],
        [Output(node.dtype.name, node.ndim, node.static_shape) for node in program.outputs],
        result="list",
    )  # fmt: skip
    kernel = executable.bind_kernel(spec, lock)

    def run(inputs: Sequence[Array], members: Sequence[Array]) -> tuple[list[Any], dict[int, Any]]:
        for cell, value in zip(cells, members, strict=True):
            cell.set(value)
        outputs = kernel(*inputs)
        return outputs, {member: cells[member].copy() for member in sorted(written)}

    return run
