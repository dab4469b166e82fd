"""Rows of family "python" that users make of functions: several results, sizes that only the function knows.

Input: a function of arrays, the types of its operands and results. Output: `PythonOp`. A node of it is one result
(parameters: which, and -1), or one size of a result (which, and the axis). All nodes of one call have the same operands,
so the function runs once for all of them (`value_of`). Neighbours: `split` puts them between kernels, `staged` and
`evaluate` run them, `modc.tensor.python_ops` makes them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pickle import PicklingError
from typing import Any

import numpy as np

from modc.errors import DTypeError, OpError, ShapeError
from modc.graph import rules
from modc.graph.build import apply, leaf
from modc.graph.dtype import INT64, DType, promote
from modc.graph.node import Node, Size
from modc.graph.op import Op
from modc.graph.show import infix

Array = np.ndarray[Any, Any]
Kind = tuple[DType, tuple[int | str | None, ...]]  # dtype and declared sizes

#: How the note on an exception of a user's function begins.
NOTE = "modc: raised by the Python function of "


class PythonOp(Op):
    """A row that calls a function.

    function          of arrays (read-only), gives an array, or as many as there are results
    inputs, outputs   kinds of operands and results
    infer             args -> per result its sizes; None: declared sizes, and what only a call tells
    home, path        module and qualified name where unpickling finds it
    """

    __slots__ = ("function", "home", "infer", "inputs", "outputs", "path")

    user = True

    def __init__(
        self, name: str, function: Callable[..., Any], inputs: Sequence[Kind], outputs: Sequence[Kind],
        infer: Callable[[Sequence[Node]], list[tuple[Size, ...]]] | None, home: tuple[str, str], **columns: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            name, "python", self._reference, dtypes=self._dtypes, shape=self._shape, agree=self._agree,
            params=("part", "axis"), cost=1000, **columns,
        )  # fmt: skip
        self.function, self.infer = function, infer
        self.inputs, self.outputs = tuple(inputs), tuple(outputs)
        self.home, self.path = home

    # the columns

    def _dtypes(self, dtypes: Sequence[DType], part: int, axis: int) -> rules.DTypes:
        wanted = tuple(row for row, _ in self.inputs)
        for given, row in zip(dtypes, wanted, strict=True):
            if promote(given, row) is not row:
                raise DTypeError(f"{self.name} takes {', '.join(one.name for one in wanted)}")
        return wanted, INT64 if axis >= 0 else self.outputs[part][0]

    def _named(self, args: Sequence[Node]) -> dict[str, Size]:
        found: dict[str, Size] = {}
        for arg, (_, dims) in zip(args, self.inputs, strict=True):
            for size, dim in zip(arg.shape, dims, strict=True):
                if isinstance(dim, str):
                    found.setdefault(dim, size)
        return found

    def _shape(self, args: Sequence[Node], part: int, axis: int) -> tuple[Size, ...]:
        if axis >= 0:
            return ()
        if self.infer is not None:
            return self.infer(args)[part]
        named = self._named(args)

        def size(at: int, dim: int | str | None) -> Size:
            if isinstance(dim, int):
                return dim
            return named[dim] if dim in named else apply(self, *args, part=part, axis=at)

        return tuple(size(at, dim) for at, dim in enumerate(self.outputs[part][1]))

    def _agree(self, args: Sequence[Node], part: int, axis: int) -> list[tuple[str, Size, Size, int, int]]:
        named = self._named(args)
        found: list[tuple[str, Size, Size, int, int]] = []
        for number, (arg, (_, dims)) in enumerate(zip(args, self.inputs, strict=True)):
            for at, (size, dim) in enumerate(zip(arg.shape, dims, strict=True)):
                want = named[dim] if isinstance(dim, str) else dim
                if want is not None and want is not size and want != size:
                    found.append(("eq", size, want, number, at))
        return found

    def _reference(self, *arrays: Array, part: int, axis: int) -> Any:
        return _part(self.results(arrays), part, axis)

    # calls

    def results(self, arrays: Sequence[Array]) -> list[Array]:
        """What the function gives, as arrays of the declared types.

        Raises what the function raises; TypeError for another number of results, DTypeError and ShapeError for others
        than were declared.
        """
        views = [array.view() for array in arrays]
        for view in views:
            view.flags.writeable = False
        found = self.function(*views)
        many = [found] if len(self.outputs) == 1 and not isinstance(found, (tuple, list)) else found
        if not isinstance(many, (tuple, list)) or (len(many) != len(self.outputs) and len(self.outputs) > 1):
            raise TypeError(f"{self.name} gives {type(many).__name__}, declared are {len(self.outputs)} results")
        if len(self.outputs) == 1 and isinstance(found, (tuple, list)):
            many = found if len(found) == 1 and isinstance(found[0], np.ndarray) else [found]
        wanted = self._sizes(arrays)
        return [self._checked(one, at, sizes) for at, (one, sizes) in enumerate(zip(many, wanted, strict=True))]

    def _sizes(self, arrays: Sequence[Array]) -> list[tuple[int | None, ...]]:
        """What the declared types, names of dimensions and `infer` say of the results of one call."""
        args = [leaf(row, array.shape) for (row, _), array in zip(self.inputs, arrays, strict=True)]
        found: list[tuple[int | None, ...]] = []
        named: dict[str, Size] = self._named(args)
        inferred = None if self.infer is None else self.infer(args)
        for part, (_, dims) in enumerate(self.outputs):
            sizes: list[Size | None] = [named.get(dim) if isinstance(dim, str) else dim for dim in dims]
            if inferred is not None:
                sizes = [size if isinstance(size, int) else more for size, more in zip(sizes, inferred[part], strict=True)]
            found.append(tuple(size if isinstance(size, int) else None for size in sizes))
        return found

    def _checked(self, value: Any, part: int, sizes: tuple[int | None, ...]) -> Array:
        row, dims = self.outputs[part]
        array = np.asarray(value)
        what = f"result {part} of {self.name}" if len(self.outputs) > 1 else f"the result of {self.name}"
        if array.dtype != row.numpy and not np.can_cast(array.dtype, row.numpy, "safe"):
            raise DTypeError(f"{what} is {array.dtype}, declared as {row.name}")
        fits = array.ndim == len(dims) and all(
            want is None or want == have for want, have in zip(sizes, array.shape, strict=False)
        )
        if not fits:
            raise ShapeError(f"{what} has shape {array.shape}, declared as {sizes}")
        return np.ascontiguousarray(array, dtype=row.numpy).reshape(array.shape)

    # identity

    def identity(self) -> str:
        """For keys: no kernel has its code in it."""
        return f"python {self.home}.{self.path}"

    def __reduce__(self) -> tuple[Any, ...]:
        try:
            found = python_op(self.home, self.path)
        except OpError as error:
            raise PicklingError(f"{error}\n  hint: define {self.name} at the top of a module") from None
        if found is not self:
            raise PicklingError(f"{self.home}.{self.path} is another op than {self.name}\n  hint: define it once, at the top of a module")
        return python_op, (self.home, self.path)

    def __copy__(self) -> PythonOp:
        return self

    def __deepcopy__(self, memo: Any) -> PythonOp:
        return self


def python_op(home: str, path: str) -> PythonOp:
    """The row of the op that a module has under a name. Raises OpError where there is none."""
    try:
        found: Any = import_module(home)
        for name in path.split("."):
            found = getattr(found, name)
    except (ImportError, AttributeError) as error:
        raise OpError(f"there is no op {home}.{path}: {error}") from error
    row = getattr(found, "row", None)
    if not isinstance(row, PythonOp):
        raise OpError(f"{home}.{path} is no op")
    return row


class Stacked(PythonOp):
    """A row that calls the function of another once for each of a batch: of the operands in `flags`, which have one more
    axis in front, the others are the same for all.
    """

    __slots__ = ("flags", "one")

    def __init__(self, one: PythonOp, flags: tuple[bool, ...]) -> None:
        inputs = [(row, (None, *dims)) if flag else (row, dims) for (row, dims), flag in zip(one.inputs, flags, strict=True)]
        outputs = [(row, (None, *dims)) for row, dims in one.outputs]
        super().__init__(one.name, self._each, inputs, outputs, None, (one.home, one.path), doc=one.doc)
        self.one, self.flags = one, flags

    def _each(self, *arrays: Array) -> list[Array]:
        count = next(len(array) for array, flag in zip(arrays, self.flags, strict=True) if flag)
        rows = [
            self.one.results([array[at] if flag else array for array, flag in zip(arrays, self.flags, strict=True)])
            for at in range(count)
        ]
        if not rows:
            return [np.zeros((0, *(dim if isinstance(dim, int) else 0 for dim in dims)), row.numpy) for row, dims in self.one.outputs]
        return [np.stack(parts) for parts in zip(*rows, strict=True)]

    def __reduce__(self) -> tuple[Any, ...]:
        return stacked, (self.one, self.flags)


def stacked(one: PythonOp, flags: tuple[bool, ...]) -> Stacked:
    """The row for a batch; the same each time, so that equal calls are one."""
    found = _stacked.get((one, flags))
    if found is None:
        found = _stacked[one, flags] = Stacked(one, flags)
    return found


_stacked: dict[tuple[PythonOp, tuple[bool, ...]], Stacked] = {}


def _part(results: Sequence[Array], part: int, axis: int) -> Array:
    return results[part] if axis < 0 else np.asarray(results[part].shape[axis], np.int64)


def value_of(node: Node, arrays: Sequence[Array], calls: dict[Any, list[Array]]) -> Array:
    """The value of a node; `calls` keeps the results of this call of the Method.

    Raises what the function raises, with a note that names op and line.
    """
    op = node.op
    assert isinstance(op, PythonOp)
    key = op, node.args
    if key not in calls:
        try:
            calls[key] = op.results(arrays)
        except Exception as error:
            place = f", at {node.source[0]}:{node.source[1]}" if node.source else ""
            error.add_note(f"{NOTE}{infix(node)}{place}")
            raise
    return _part(calls[key], *node.attrs)


def from_function(error: BaseException) -> bool:
    """Whether a user's function raised this."""
    return any(note.startswith(NOTE) for note in getattr(error, "__notes__", ()))
