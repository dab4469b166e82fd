"""Methods evaluated by a Python function: modes `numpy` and `check`, and life without a compiler.

Input: `evaluate(inputs, members) -> (outputs, {cell index: new value})`, a Spec and a Lock. Output: a
`Bound` with the conversions, lock, errors and atomicity of a compiled Method. Neighbours: `side`;
cells of either implementation are read by `value` and written by `fill`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from modc.errors import ShapeError
from modc.runtime.bound import Bound, make_bound
from modc.runtime.convert import check_size
from modc.runtime.side import Side
from modc.runtime.spec import MISSING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from typing import TypeAlias

    from modc.runtime.convert import Array
    from modc.runtime.spec import Spec

    Evaluate: TypeAlias = Callable[
        [list[Array], list[Array]], tuple[Sequence[Array], Mapping[int, Array]]
    ]


class PythonCall:
    """One Method bound to one instance's cells and to a function that evaluates it."""

    def __init__(
        self, evaluate: Evaluate, spec: Spec, side: Side, locks: AbstractContextManager[Any]
    ) -> None:
        self.evaluate = evaluate
        self.spec = spec
        self.side = side
        self.locks = locks

    def call(self, /, *args: Any, **kwargs: Any) -> Any:
        """Match, convert, evaluate on read-only views, commit when all of it succeeded."""
        side, spec = self.side, self.spec
        values = side.match(args, kwargs)
        arrays = [
            MISSING if value is MISSING else side.convert_input(i, value)
            for i, value in enumerate(values)
        ]
        inputs = [
            _readonly(array)
            for given, array in zip(spec.inputs, arrays, strict=True)
            if given.cell is None
        ]
        staged = {
            given.cell: array
            for given, array in zip(spec.inputs, arrays, strict=True)
            if given.cell is not None and array is not MISSING
        }
        with self.locks:
            members = [self._member(k, staged) for k in range(len(spec.cells))]
            results, updates = self.evaluate(inputs, members)
            known = [*inputs, *members]
            outputs: list[Array] = []
            for result, output in zip(results, spec.outputs, strict=True):
                array = self._typed(result, output.dtype, output.ndim)
                outputs.append(_fresh(array, [*known, *outputs]))
            self._commit(updates)
        if spec.result == "one":
            return outputs[0]
        return outputs if spec.result == "list" else None

    def _member(self, index: int, staged: dict[int, Array]) -> Array:
        value = staged.get(index)
        if value is None:
            value = self.spec.cells[index].value
        if value is None:
            if not self.spec.unread[index]:
                raise self.side.missing(index)
            value = self.side.stand_in(index)
        return _readonly(value)

    def _typed(self, value: Any, dtype: np.dtype[Any], ndim: int) -> Array:
        array = np.asarray(value)
        if array.dtype != dtype or array.ndim != ndim:
            raise AssertionError(
                f"{self.spec.name}: evaluate gave {array.dtype} of {array.ndim} axes, "
                f"{dtype} of {ndim} is due"
            )
        return array

    def _commit(self, updates: Mapping[int, Array]) -> None:
        """All new values are complete and apart from the members before the first is stored."""
        cells = self.spec.cells
        ready = []
        for index, value in updates.items():
            cell = cells[index]
            array = self._typed(value, cell.dtype, cell.ndim).copy(order="C")
            try:
                check_size(array.shape, cell)
            except ShapeError as error:
                raise ShapeError(f"{self.spec.name}: the update: {error}") from None
            ready.append((cell, array, cell.snapshot()))
        try:
            for cell, array, _ in ready:
                cell.fill(array)
        except BaseException:
            for cell, _, before in ready:
                cell.restore(before)
            raise


def _readonly(array: Array) -> Array:
    view = array.view()
    view.flags.writeable = False
    return view


def _fresh(array: Array, known: list[Array]) -> Array:
    """The array if nobody else can see its memory, else a copy."""
    lonely = array.flags.owndata and array.flags.writeable and array.flags.c_contiguous
    if lonely and not any(np.may_share_memory(array, other) for other in known):
        return array
    return np.array(array, order="C", copy=True)


def bind_python_with(
    evaluate: Evaluate,
    spec: Spec,
    locks: AbstractContextManager[Any],
    method: Any = None,
) -> Bound:
    """A callable that evaluates a Method in Python under some locks."""
    side = Side(spec, method)
    return make_bound(side, PythonCall(evaluate, spec, side, locks).call)
