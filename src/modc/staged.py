"""A Method that is several kernels in sequence, with Python in between: how one call goes.

Input: the Executables of the pieces that `graph.split` made. Output: the function that `runtime.bind_python` calls.
Members change after the last kernel alone, so a call that fails anywhere changes nothing. Neighbours: `pipeline`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from modc.check import checked
from modc.errors import DTypeError, ShapeError
from modc.graph import Node, Program
from modc.graph.show import infix
from modc.graph.split import Piece
from modc.graph.user_python import PythonOp, value_of
from modc.isolated import isolated

if TYPE_CHECKING:
    from modc.pipeline import Executable

Array = np.ndarray[Any, Any]


def staged(program: Program, pieces: Sequence[tuple[Piece, Executable]]) -> Callable[..., Any]:
    """evaluate(inputs, members) -> (outputs, updates)."""
    steps = [(piece, checked(one) if one.mode == "check" else isolated(one, piece.program)) for piece, one in pieces]

    def run(inputs: Sequence[Array], members: Sequence[Array]) -> tuple[list[Any], dict[int, Any]]:
        values: dict[Node, Array] = {}
        for piece, kernel in steps:
            given = [*(inputs[at] for at in piece.inputs), *(values[node] for node in piece.cuts)]
            outputs, updates = kernel(given, [members[at] for at in piece.members])
            values.update(zip(piece.gives, outputs, strict=False))
            calls: dict[Any, list[Array]] = {}
            for node in piece.python:
                values[node] = called(program, node, [values[arg] for arg in node.args], calls)
        return outputs, {piece.members[at]: value for at, value in updates.items()}

    return run


def called(program: Program, node: Node, arrays: Sequence[Array], calls: dict[Any, list[Array]]) -> Array:
    """The result of an op that Python computes. Raises what the function raises, DTypeError and ShapeError.

    `calls`: what functions of users gave in this call of the Method.
    """
    if isinstance(node.op, PythonOp):
        try:
            return value_of(node, arrays, calls)
        except Exception as error:
            error.add_note(f"  in the Method {program.name}")
            raise
    params = dict(zip(node.op.params, node.attrs, strict=True))
    found = np.asarray(node.op.numpy(*arrays, **params))
    what = f"{program.name}: the result of {infix(node)}"
    if found.dtype != node.dtype.numpy:
        raise DTypeError(f"{what} is {found.dtype}, declared as {node.dtype.name}")
    fixed = node.static_shape
    fits = found.ndim == node.ndim and all(want in (None, have) for have, want in zip(found.shape, fixed, strict=False))
    if not fits:
        raise ShapeError(f"{what} has shape {found.shape}, declared as {tuple(fixed)}")
    return np.ascontiguousarray(found)
