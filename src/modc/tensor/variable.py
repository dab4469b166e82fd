"""Variables: what users write programs with.

A Variable has identity, a name that may be set later, and a node of the graph. Every operator and method makes a new
Variable over a new (or the same, for equal expressions) node. Functions of the language (`modc.tensor`) are thin
wrappers around the methods here; gradients in the op tables are written with them too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from modc.errors import DTypeError, user_frame
from modc.graph import OPS, Leaf, Node, Op, Size, apply, cast, leaf, size_node
from modc.graph.dtype import INT64
from modc.graph.show import size_infix
from modc.graph.sizes import size_product
from modc.tensor import indexing, products, shapes
from modc.tensor.arguments import Carrier, Expression, argument, node_of, size_argument
from modc.tensor.declared import Declared, row_of
from modc.tensor.reducing import Reducing
from modc.tensor.symbol import Symbol
from modc.tensor.told import KINDS, indexed, tell

__all__ = [
    "Constant", "TensorType", "Variable", "power",
]  # fmt: skip


class Owner:
    """What an expression was made by: its op and inputs."""

    __slots__ = ("inputs", "op", "params")

    def __init__(self, node: Node) -> None:
        self.op: Op = node.op
        self.inputs: list[Variable] = [wrap(arg) for arg in node.args]
        self.params: dict[str, Any] = dict(zip(node.op.params, node.attrs, strict=True))


def _operators(
    name: str,
) -> tuple[Callable[[Variable, Any], Variable], Callable[[Variable, Any], Variable]]:
    """The operator over the row called `name`, and the same with its operands exchanged."""

    def forward(self: Variable, other: Any) -> Variable:
        return NotImplemented if isinstance(other, Carrier) else call(name, self, other)

    def reflected(self: Variable, other: Any) -> Variable:
        return call(name, other, self)

    return forward, reflected


class TensorType(Declared):
    """A dtype and, per axis, a fixed size, the name of a dimension, or None. Calling it makes a root Variable."""

    __slots__ = ()

    def __call__(self, name: str | None = None, init: Any = None) -> Variable:
        """A new root Variable. `init`: its first value, or a callable that gives it."""
        if name is not None and not isinstance(name, str):
            raise TypeError(f"a name is a string, not {name!r}")
        node = leaf(self.row, self.shape, None, user_frame())
        node.variable = variable = Variable(node, name)
        variable.init = init
        return variable


class Variable(Reducing):
    """A symbolic array: a root that gets its value from storage or a call, or an expression over such.

    `==` and `hash` go by identity; compare elements with `T.eq`. Operators follow NumPy's promotion, with bare
    Python numbers taking the dtype of the other operand. Only axes known to have size 1 broadcast.
    """

    __slots__ = ()

    # What it is

    @property
    def type(self) -> TensorType:
        """Dtype and declared sizes; calling it makes a new root Variable."""
        node = self.node
        return TensorType(node.dtype, node.dims if isinstance(node, Leaf) else node.static_shape)

    @property
    def shape(self) -> Shape:
        """The sizes, as an int64 vector; `shape[i]` is the size of one axis."""
        return Shape(self.node.shape)

    @property
    def size(self) -> Variable:
        """Number of elements, int64."""
        return wrap(size_node(size_product(list(self.node.shape))))

    @property
    def owner(self) -> Owner | None:
        """Op and inputs of an expression; None for roots and constants."""
        node = self.node
        return None if isinstance(node, Leaf) or node.op.name == "const" else Owner(node)

    def __iter__(self) -> Iterator[Variable]:
        length = self.node.shape[0] if self.ndim else None
        if not isinstance(length, int):
            why = (
                "its length is not known until the call; declare it with shape="
                if self.ndim
                else "it is a scalar"
            )
            raise TypeError(f"{self} cannot be iterated: {why}")
        return (self[at] for at in range(length))

    # Operators

    __add__, __radd__ = _operators("add")
    __sub__, __rsub__ = _operators("sub")
    __mul__, __rmul__ = _operators("mul")
    __truediv__, __rtruediv__ = _operators("div")
    __floordiv__, __rfloordiv__ = _operators("floordiv")
    __mod__, __rmod__ = _operators("mod")

    def __pow__(self, other: Any) -> Variable:
        return power(self, other)

    def __rpow__(self, other: Any) -> Variable:
        return power(other, self)

    __and__, __rand__ = _operators("and_")
    __or__, __ror__ = _operators("or_")
    __xor__, __rxor__ = _operators("xor")
    __lshift__, __rlshift__ = _operators("shl")
    __rshift__, __rrshift__ = _operators("shr")
    __lt__, __le__ = _operators("lt")[0], _operators("le")[0]
    __gt__, __ge__ = _operators("gt")[0], _operators("ge")[0]

    def __divmod__(self, other: Any) -> tuple[Variable, Variable]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Variable, Variable]:
        return other // self, other % self

    def __neg__(self) -> Variable:
        return call("neg", self)

    def __pos__(self) -> Variable:
        return self

    def __abs__(self) -> Variable:
        return call("abs", self)

    def __invert__(self) -> Variable:
        return call("invert", self)

    def __matmul__(self, other: Any) -> Variable:
        return NotImplemented if isinstance(other, Carrier) else wrap(products.matmul(self.node, node_of(other)))

    def __rmatmul__(self, other: Any) -> Variable:
        return wrap(products.matmul(node_of(other), self.node))

    def __getitem__(self, items: Any) -> Variable:
        try:
            result = wrap(indexing.take(self.node, items))
        except KINDS as error:
            tell(error, lambda: indexed(self, items), (self, items))
            raise
        result.index = (self.node, items)
        return result

    # Elements

    def astype(self, dtype: Any) -> Variable:
        """The same values in another dtype."""
        return wrap(cast(self.node, row_of(dtype)))

    def clip(self, min: Any = None, max: Any = None) -> Variable:
        """Elements below `min` become `min`, those above `max` become `max`; None is no bound. The dtype stays."""
        found: Variable = self if min is None else call("maximum", self, min)
        found = found if max is None else call("minimum", found, max)
        if found.node.dtype.kind != self.node.dtype.kind:
            raise DTypeError(
                f"clip of {self.dtype} to bounds that give {found.dtype}: use astype first"
            )
        return found.astype(self.dtype)

    def where(self, yes: Any, no: Any) -> Variable:
        """`yes` where this is true, else `no`."""
        return call("where", self.astype("bool"), yes, no)

    def equals(self, other: Any) -> Variable:
        """True where elements are equal (`==` compares identity)."""
        return call("eq", self, other)

    def sqr(self) -> Variable:
        """The square of each element."""
        return self * self

    def function(self, op: str, *others: Any) -> Variable:
        """The elementwise row called `op` of this and others; for gradients in the op tables."""
        return call(op, self, *others)

    def copy(self, name: str | None = None) -> Variable:
        """A new Variable with the same value."""
        return Variable(indexing.take(self.node, ...), name)

    # Products

    def dot(self, other: Any) -> Variable:
        """NumPy's dot: products of vectors and matrices; over the last axis and the last but one otherwise."""
        return wrap(products.dot(self.node, node_of(other)))

    # Shapes

    @property
    def T(self) -> Variable:
        """The axes in reverse order."""
        return self.transpose()

    def transpose(self, *axes: Any) -> Variable:
        """The axes in the order given, reversed where none is."""
        return wrap(shapes.transpose(self.node, axes))

    def dimshuffle(self, *pattern: Any) -> Variable:
        """Axes in the order of `pattern`; 'x' makes a new axis of size 1, left-out axes must have size 1."""
        return wrap(shapes.dimshuffle(self.node, shapes.dimshuffle_pattern(pattern, self.ndim)))

    def reshape(self, *shape: Any, ndim: int | None = None, order: str = "C") -> Variable:
        """The same elements, row-major (with order="F" column-major), in another shape; one size may be -1. `ndim` is
        checked.
        """
        given = shape[0] if len(shape) == 1 else shape
        sizes = shapes.sizes_argument(given, ndim)
        if shapes.by_columns(order):
            return wrap(shapes.reshape(self.T.node, sizes[::-1])).T
        return wrap(shapes.reshape(self.node, sizes))

    def flatten(self, ndim: int | str = 1, order: str = "C") -> Variable:
        """`ndim` dimensions: the leading ones are kept, the rest joined; with order="F" (first, too, as in NumPy) the
        elements column-major.
        """
        if isinstance(ndim, str):
            return self.flatten(1, ndim)
        if shapes.by_columns(order):
            if ndim != 1:
                raise ValueError("flatten: order='F' is for one dimension")
            return self.T.flatten(1)
        return wrap(shapes.flatten(self.node, ndim))

    def ravel(self, order: str = "C") -> Variable:
        """One dimension, row-major, or with order="F" column-major."""
        return self.flatten(1, order)

    def squeeze(self, axis: Any = None) -> Variable:
        """Without the axes of size 1 (all that are known to be, or `axis`)."""
        return wrap(shapes.squeeze(self.node, axis))

    def repeat(self, repeats: Any, axis: Any = None) -> Variable:
        """Each element `repeats` times (a number, or a vector with one for each) along `axis` (None: of the flattened
        array).
        """
        many = node_of(repeats)
        if many.ndim == 1 and many.dtype.is_integer:
            return wrap(shapes.repeat(self.node, cast(many, INT64), axis))
        return wrap(shapes.repeat(self.node, size_argument(repeats), axis))

    def fill(self, value: Any) -> Variable:
        """`value` in this shape, in its own dtype."""
        return wrap(shapes.broadcast_to(node_of(value), self.node.shape))

    def zeros_like(self, dtype: Any = None) -> Variable:
        """Zeros of this shape."""
        return self.full_like(0, dtype)

    def ones_like(self, dtype: Any = None) -> Variable:
        """Ones of this shape."""
        return self.full_like(1, dtype)

    def full_like(self, value: Any, dtype: Any = None) -> Variable:
        """`value` everywhere in this shape, in this dtype or `dtype`."""
        row = self.node.dtype if dtype is None else row_of(dtype)
        return wrap(shapes.broadcast_to(cast(node_of(value), row), self.node.shape))


class Constant(Variable):
    """A Variable whose value is known."""

    __slots__ = ()

    @property
    def data(self) -> np.ndarray[Any, Any]:
        """The value, a read-only array."""
        return self.node.value

    def __index__(self) -> int:
        if self.ndim or not self.node.dtype.is_integer:
            raise TypeError(f"{self} is no integer scalar")
        return int(self.data)

    def __int__(self) -> int:
        return int(self.data)

    def __float__(self) -> float:
        return float(self.data)


class Shape(Variable):
    """The sizes of an array: an int64 vector. Indexing and iterating give single sizes at no cost; as for tuples,
    `+` with a tuple, a list or another shape joins them.
    """

    __slots__ = ("sizes",)

    def __init__(self, sizes: Sequence[Size]) -> None:
        super().__init__(None)  # type: ignore[arg-type]  # made on demand by `node`
        self.sizes = tuple(sizes)

    def __str__(self) -> str:
        sizes = ", ".join(map(size_infix, self.sizes))
        return self.name or f"({sizes}{',' if len(self.sizes) == 1 else ''})"

    @property
    def node(self) -> Node:
        """The vector, made when first needed."""
        if self._node is None:
            self._node = shapes.vector(self.sizes)
        return self._node

    def __getitem__(self, items: Any) -> Variable:
        if isinstance(items, Constant):
            items = items.__index__()
        if isinstance(items, int):
            return wrap(size_node(self.sizes[items]))
        constant = isinstance(items, slice) and not any(
            isinstance(bound, Variable) for bound in (items.start, items.stop, items.step)
        )
        return Shape(self.sizes[items]) if constant else super().__getitem__(items)

    def __iter__(self) -> Iterator[Variable]:
        return (wrap(size_node(size)) for size in self.sizes)

    def __len__(self) -> int:
        return len(self.sizes)

    def __add__(self, other: Any) -> Variable:
        if isinstance(other, (tuple, list, Shape)):
            return Shape((*self.sizes, *shapes.sizes_argument(other)))
        return super().__add__(other)

    def __radd__(self, other: Any) -> Variable:
        if isinstance(other, (tuple, list)):
            return Shape((*shapes.sizes_argument(other), *self.sizes))
        return super().__radd__(other)

    def __getstate__(self) -> tuple[Any, ...]:
        return (*super().__getstate__(), self.sizes)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        super().__setstate__(state[:-1])
        self.sizes = state[-1]


def wrap(node: Node) -> Variable:
    """A Variable over `node`: the user's own for a root, a Constant for a constant, else a new one."""
    if isinstance(node, Leaf):
        if node.variable is None:
            node.variable = Variable(node)
        found = node.variable
        return found if isinstance(found, Variable) else Variable(node)  # a value between kernels has only a name
    return Constant(node) if node.op.name == "const" else Variable(node)


Symbol.wrap_hook = wrap


def as_variable(value: Any) -> Variable:
    """`value` itself if it is a Variable, else a constant; lists that hold Variables are stacked."""
    return value if isinstance(value, Variable) else wrap(node_of(value))


def nodes(variables: Sequence[Expression]) -> list[Node]:
    """The nodes of `variables`."""
    return [variable.node for variable in variables]


def call(op: str, *args: Any) -> Variable:
    """The row called `op` of Variables, numbers and arrays."""
    return wrap(apply(OPS[op], *map(argument, args)))


def power(a: Any, b: Any) -> Variable:
    """`a ** b`. Integers to a negative power are cut towards 0.

    Raises ValueError, as NumPy, where such a power is a constant.

    >>> T.pow([2.0, 9.0], [3, 0.5]).eval()
    array([8., 3.])
    """
    result = call("pow", a, b)
    exponent = result.node.args[1]
    if exponent.op.name == "const" and exponent.dtype.is_integer and (exponent.value < 0).any():
        raise ValueError(
            "integers to a negative integer power are not integers: use a float, such as x ** -1.0"
        )
    return result
