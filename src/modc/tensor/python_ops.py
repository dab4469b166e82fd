"""Ops that call Python: what cannot be C, between the kernels of a Method.

Input: functions of arrays, and types. Output: functions of Variables. A Method that has such an op is several kernels in
sequence with Python between them (`modc.graph.split`); members change after the last one alone, so an exception of the
function leaves everything as it was. Reference: `theano.compile.ops.as_op`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import update_wrapper
from typing import Any

from modc.errors import OpError, ShapeError
from modc.graph import Node, apply, size_node
from modc.graph.build import shape_text
from modc.graph.node import Size, plain_name
from modc.graph.user_python import Kind, PythonOp
from modc.tensor.arguments import nodes_together
from modc.tensor.declared import Declared
from modc.tensor.shapes import sizes_argument
from modc.tensor.variable import TensorType, Variable, wrap

__all__ = ["as_op", "wrap_py"]


class PythonFunction:
    """What `as_op` gives: a function of Variables. `row` is its row, `perform` the Python function."""

    def __init__(self, row: PythonOp) -> None:
        self.row, self.perform = row, row.function
        update_wrapper(self, row.function, ["__name__", "__qualname__", "__doc__", "__module__"], [])

    def __call__(self, *args: Any) -> Variable | list[Variable]:
        """The results for Variables, numbers and arrays: one, or a list of them.

        Raises TypeError for another number of operands, DTypeError and ShapeError for other types than were declared.
        """
        row = self.row
        if len(args) != len(row.inputs):
            raise TypeError(f"{row.name} takes {len(row.inputs)} operands, not {len(args)}")
        nodes = nodes_together(args) if len(args) == 1 else [nodes_together([arg])[0] for arg in args]
        for at, (node, (_, dims)) in enumerate(zip(nodes, row.inputs, strict=True)):
            if node.ndim != len(dims):
                raise ShapeError(f"{row.name}: operand {at} is {shape_text(node)}, declared with {len(dims)} dimensions")
        found = [wrap(apply(row, *nodes, part=part, axis=-1)) for part in range(len(row.outputs))]
        return found[0] if len(found) == 1 else found

    def __repr__(self) -> str:
        return f"<modc.as_op {self.row.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return PythonFunction, (self.row,)


def as_op(
    itypes: Any, otypes: Any, infer_shape: Callable[..., Any] | None = None, grad: Callable[..., Any] | None = None
) -> Callable[[Callable[..., Any]], PythonFunction]:
    """Decorator that makes an op of a Python function of NumPy arrays.

    itypes, otypes   types of operands and results: makers such as T.dmatrix, or TensorType; a list, or one alone. A
                     dimension with the same name in several places has one size
    infer_shape      (node, input_shapes) -> per result its shape, as tuples of numbers and expressions; None: what the types
                     do not say, the call does
    grad             (inputs, output_grads) -> per input its gradient, or None where it has none. Without it the op has no
                     gradient, and asking for one raises NoGradientError

    The function gets read-only arrays and gives an array, or as many as there are otypes. It should depend on its
    operands alone: equal calls are done once, and unused ones not at all. What it raises reaches the caller of the Method
    unchanged, with a note that names the op, the line and the Method. Exports refuse Methods that use it.

    Raises OpError for what is no list of types.

    >>> turned = T.as_op(T.dvector, T.dvector)(lambda x: np.ascontiguousarray(x[::-1]))
    >>> turned(T.constant([1.0, 2.0, 3.0])).eval()
    array([3., 2., 1.])
    """
    inputs, outputs = _kinds(itypes, "itypes"), _kinds(otypes, "otypes")
    if not inputs or not outputs:
        raise OpError("as_op: an op has an operand and a result")

    def decorate(function: Callable[..., Any]) -> PythonFunction:
        if not callable(function):
            raise OpError(f"as_op makes ops of functions, not of {function!r}")
        name = plain_name(getattr(function, "__name__", type(function).__name__))
        home = str(getattr(function, "__module__", "__main__")), str(getattr(function, "__qualname__", name))
        infer = None if infer_shape is None else _inferred(name, infer_shape, outputs)
        row = PythonOp(name, function, inputs, outputs, infer, home, doc=(function.__doc__ or "").strip())
        row.grad = None if grad is None else _gradient(row, grad)
        return PythonFunction(row)

    return decorate


wrap_py = as_op


def _kinds(types: Any, what: str) -> list[Kind]:
    """Dtypes and declared sizes. Raises OpError."""
    many = list(types) if isinstance(types, (list, tuple)) else [types]
    found: list[Kind] = []
    for one in many:
        given = one
        if isinstance(given, Variable):
            given = given.type
        elif callable(given) and not isinstance(given, Declared):
            try:
                made = given()
            except TypeError:  # a function of something
                made = None
            given = made.type if isinstance(made, Variable) else made
        if not isinstance(given, TensorType):
            raise OpError(f"as_op: {what} are types such as T.dmatrix or T.TensorType('float64', (None, 3)), not {one!r}")
        found.append((given.row, tuple(given.shape)))
    return found


def _inferred(name: str, infer_shape: Callable[..., Any], outputs: Sequence[Kind]) -> Callable[[Sequence[Node]], list[tuple[Size, ...]]]:
    """`infer_shape` as a function of nodes."""

    def infer(args: Sequence[Node]) -> list[tuple[Size, ...]]:
        shapes = [tuple(size if isinstance(size, int) else wrap(size_node(size)) for size in arg.shape) for arg in args]
        found = list(infer_shape(None, shapes))
        if len(found) != len(outputs):
            raise OpError(f"{name}: infer_shape gives {len(found)} shapes for {len(outputs)} results")
        sizes = [tuple(sizes_argument(tuple(one))) if len(one) else () for one in found]
        for one, (_, dims) in zip(sizes, outputs, strict=True):
            if len(one) != len(dims):
                raise OpError(f"{name}: infer_shape gives {len(one)} sizes for {len(dims)} dimensions")
        return sizes

    return infer


def _gradient(row: PythonOp, grad: Callable[..., Any]) -> Callable[..., Any]:
    """The row's gradient; results that the cost does not use have zeros for theirs."""

    def run(g: Variable, y: Variable, *args: Variable, part: int, axis: int) -> tuple[Any, ...]:
        results = [wrap(apply(row, *(arg.node for arg in args), part=at, axis=-1)) for at in range(len(row.outputs))]
        given = [g if at == part else result.zeros_like() for at, result in enumerate(results)]
        found = grad(list(args), given)
        parts = tuple(found) if isinstance(found, (list, tuple)) else (found,)
        if len(parts) != len(args):
            raise OpError(f"the gradient of {row.name} has {len(parts)} entries for {len(args)} operands")
        return parts

    return run


# Print


class PrintRow(PythonOp):
    """The row of one Print."""

    __slots__ = ("attributes", "message")

    def __init__(self, message: str, attributes: tuple[str, ...], kind: Kind, infer: Any) -> None:
        super().__init__("Print", self._print, [kind], [kind], infer, ("", ""), grad=lambda g, y, x, part, axis: (g,))
        self.message, self.attributes = message, attributes

    def _print(self, array: Any) -> Any:
        for name in self.attributes:
            found = getattr(array, name)
            sys.stdout.write(f"{self.message} {name} = {found() if callable(found) else found}\n")
        return array

    def identity(self) -> str:
        """For keys."""
        return f"print {self.message!r} {self.attributes}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _print_row, (self.message, self.attributes, self.inputs[0])


def _print_row(message: str, attributes: tuple[str, ...], kind: Kind) -> PrintRow:
    return PrintRow(message, attributes, kind, lambda args: [args[0].shape])


class Print:
    """`Print(message)(x)` is x; every call that computes it writes `message __str__ = value` to standard output.

    attrs   attributes and methods of the array that are printed, such as ("shape", "min")

    The value is not changed, and neither is its gradient, which is not printed. The Method becomes two kernels, one before
    the line is printed and one after it, and rewriting does not look through: so `log(Print("s")(softmax(x)))` is computed
    as written. Nothing is printed where the result is not used.

    >>> x = T.dvector("x")
    >>> T.Print("doubled")(x * 2).sum().eval({x: [1.0, 2.0]})
    doubled __str__ = [2. 4.]
    array(6.)
    """

    def __init__(self, message: str = "", attrs: Sequence[str] = ("__str__",)) -> None:
        if not isinstance(message, str) or isinstance(attrs, str) or not all(isinstance(one, str) for one in attrs):
            raise TypeError(f"Print takes a message and names of attributes, not {message!r} and {attrs!r}")
        self.message, self.attrs = message, tuple(attrs)

    def __call__(self, x: Any) -> Variable:
        """`x`, printed."""
        (node,) = nodes_together([x])
        row = _print_row(self.message, self.attrs, (node.dtype, node.static_shape))
        return wrap(apply(row, node, part=0, axis=-1))

    def __repr__(self) -> str:
        return f"Print({self.message!r})"
