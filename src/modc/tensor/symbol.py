"""What every Variable is before it can do anything: identity, a name, a node, a printed form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import SimpleNamespace
from typing import Any, ClassVar

from modc.graph import Node
from modc.graph.node import plain_name
from modc.graph.show import infix, type_text
from modc.tensor.arguments import Expression

#: NumPy's function behind an operator -> the method for the operand on the right; == compares identity.
REFLECTED: dict[str, str | bool] = {
    "add": "__radd__", "subtract": "__rsub__", "multiply": "__rmul__", "divide": "__rtruediv__",
    "floor_divide": "__rfloordiv__", "remainder": "__rmod__", "divmod": "__rdivmod__", "power": "__rpow__",
    "matmul": "__rmatmul__", "bitwise_and": "__rand__", "bitwise_or": "__ror__", "bitwise_xor": "__rxor__",
    "left_shift": "__rlshift__", "right_shift": "__rrshift__", "less": "__gt__", "less_equal": "__ge__",
    "greater": "__lt__", "greater_equal": "__le__", "equal": False, "not_equal": True,
}  # fmt: skip


class Symbol(Expression):
    """A node with identity and a name that may be set later."""

    __slots__ = ("__weakref__", "_node", "_tag", "index", "init", "name")

    #: Set by the module layer: (variable, {variable: value}) -> array.
    eval_hook: ClassVar[Callable[[Any, Mapping[Any, Any]], Any] | None] = None

    #: Set by `variable`, which knows the kinds: node -> Variable.
    wrap_hook: ClassVar[Callable[[Node], Any] | None] = None

    #: Set by `protocols`: NumPy's functions in the language, NotImplemented for what it has not.
    ufunc_hook: ClassVar[Callable[[Any, str, Any, Any], Any] | None] = None
    function_hook: ClassVar[Callable[[Any, Any, Any], Any] | None] = None

    __array_priority__ = 1000
    __contains__ = None

    def __init__(self, node: Node, name: str | None = None) -> None:
        self._node = node
        self.name = name
        self.init: Any = None  # initial value of a root, or a callable that gives it
        self.index: tuple[Node, Any] | None = None  # for x[items]: the node of x, and items
        self._tag: SimpleNamespace | None = None

    @staticmethod
    def wrapped(node: Node) -> Any:
        """A Variable over `node`."""
        assert Symbol.wrap_hook is not None
        return Symbol.wrap_hook(node)

    @property
    def tag(self) -> SimpleNamespace:
        """A place for the user's own attributes."""
        if self._tag is None:
            self._tag = SimpleNamespace()
        return self._tag

    @property
    def node(self) -> Node:
        """The typed expression in the graph."""
        return self._node

    @property
    def dtype(self) -> str:
        """Name of the dtype."""
        return self.node.dtype.name

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return len(self.node.shape)

    @property
    def broadcastable(self) -> tuple[bool, ...]:
        """Per axis whether it is known to have size 1."""
        return tuple(size == 1 for size in self.node.shape)

    @property
    def source(self) -> tuple[str, int] | None:
        """File and line where it was first written."""
        return self.node.source

    def __str__(self) -> str:
        return self.name or infix(self.node)

    def __repr__(self) -> str:
        return str(self)

    def __format__(self, spec: str) -> str:
        """In messages: the name on one line and not too long, whatever it is."""
        return format(plain_name(self.name) if self.name else infix(self.node), spec)

    def _repr_html_(self) -> str:
        """For notebooks: name, expression, type and line."""
        from modc.markup import table  # others print no HTML

        place = f"{self.source[0].rpartition('/')[2]}:{self.source[1]}" if self.source else ""
        rows = [("expression", infix(self.node)), ("type", type_text(self.node)), ("at", place)]
        return table(plain_name(self.name, "Variable"), ["", ""], rows)

    def __bool__(self) -> bool:
        raise TypeError(
            f"{self} is symbolic: it has no truth value while the program is written. Use T.switch to choose by "
            "element, & | ~ for logic, T.eq to compare; a chained a < b < c needs &"
        )

    def __float__(self) -> float:
        raise TypeError(f"{self} is symbolic: it has no value before a call; use the functions of modc.tensor, or eval()")

    def __int__(self) -> int:
        return int(float(self))

    def __len__(self) -> int:
        length = self.node.shape[0] if self.ndim else None
        if not isinstance(length, int):
            raise TypeError(f"len({self}) is not known until the call: use .shape[0]")
        return length

    def __setitem__(self, items: Any, value: Any) -> None:
        raise TypeError(
            "Variables do not change: use T.set_subtensor(x[items], value) or T.inc_subtensor"
        )

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """Operators with a NumPy array or scalar on the left, and NumPy's functions that the language has."""
        operator = REFLECTED.get(ufunc.__name__)
        if operator is not None and method == "__call__" and not options and inputs[1] is self:
            return operator if isinstance(operator, bool) else getattr(self, operator)(inputs[0])
        found = Symbol.ufunc_hook(ufunc, method, inputs, options) if Symbol.ufunc_hook else NotImplemented
        if found is NotImplemented:
            raise self._refusal(ufunc)
        return found

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """NumPy's functions that the language has."""
        found = Symbol.function_hook(function, args, kwargs) if Symbol.function_hook else NotImplemented
        if found is NotImplemented:
            raise self._refusal(function)
        return found

    def _refusal(self, function: Any) -> TypeError:
        name = function.__name__
        return TypeError(
            f"np.{name} cannot compute with {self}, which is symbolic: use functions of modc.tensor, or eval()"
        )

    def __array__(self, *args: Any, **options: Any) -> Any:
        raise TypeError(
            f"{self} is symbolic: NumPy cannot compute with it; use the functions of modc.tensor, or eval()"
        )

    def __getstate__(self) -> tuple[Any, ...]:
        return self._node, self.name, self.init, self.index, self._tag

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._node, self.name, self.init, self.index, self._tag = state

    def eval(self, values: Mapping[Any, Any] | None = None) -> Any:
        """Its value where root Variables have the given `values`: for looking at things."""
        if Symbol.eval_hook is None:
            import_module(
                "modc.module"
            )  # by name: this layer knows nothing of the one that registers itself
        assert Symbol.eval_hook is not None
        return Symbol.eval_hook(self, values or {})
