"""Terms of rewrite rules: wildcards, literals and ops in the user's notation; matching and
building.

    x, y = wild("x y")
    c, = wild_constants("c")
    log = function("log")
    log(x + 1)                  a term: matches log(1 + x) as well, in any dtype

A wildcard matches any node, the same one wherever it stands twice; a constant wildcard any
constant; a number a constant all of whose elements are that number, the sign of zero included.
Takes nodes from `engine`, gives bindings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations
from typing import Any

import numpy as np

from modc.graph.build import apply
from modc.graph.node import Node
from modc.graph.op import OPS, Op
from modc.graph.ops_core import CONST

Number = bool | int | float
Binding = dict[str, Any]


class Term:
    """One side of a rule. Operators make bigger terms."""

    __slots__ = ()

    def __add__(self, other: Term | Number) -> Term:
        return _operator("add", self, other)

    def __radd__(self, other: Number) -> Term:
        return _operator("add", other, self)

    def __sub__(self, other: Term | Number) -> Term:
        return _operator("sub", self, other)

    def __rsub__(self, other: Number) -> Term:
        return _operator("sub", other, self)

    def __mul__(self, other: Term | Number) -> Term:
        return _operator("mul", self, other)

    def __rmul__(self, other: Number) -> Term:
        return _operator("mul", other, self)

    def __truediv__(self, other: Term | Number) -> Term:
        return _operator("div", self, other)

    def __rtruediv__(self, other: Number) -> Term:
        return _operator("div", other, self)

    def __floordiv__(self, other: Term | Number) -> Term:
        return _operator("floordiv", self, other)

    def __pow__(self, other: Term | Number) -> Term:
        return _operator("pow", self, other)

    def __neg__(self) -> Term:
        return Call(OPS["neg"], (self,), ())


class Wild(Term):
    """Matches any node; `constant`: any constant."""

    __slots__ = ("constant", "name")

    def __init__(self, name: str, constant: bool = False) -> None:
        self.name, self.constant = name, constant

    def __repr__(self) -> str:
        return self.name


class Literal(Term):
    """Matches a constant whose elements all equal `value`."""

    __slots__ = ("value",)

    def __init__(self, value: Number) -> None:
        self.value = value

    def __repr__(self) -> str:
        return repr(self.value)


class Parameter:
    """Stands for any value of an op's parameter, bound under its name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


class Call(Term):
    """Matches `op` of operands that match; `params` hold values or Parameters."""

    __slots__ = ("args", "op", "orders", "params")

    def __init__(self, op: Op, args: tuple[Term, ...], params: tuple[Any, ...]) -> None:
        if len(params) != len(op.params):
            raise TypeError(f"{op.name} takes the parameters {op.params}, not {params}")
        self.op, self.args, self.params = op, args, params
        both = "commutative" in op.traits and len(args) == 2
        self.orders = list(permutations(range(len(args)))) if both else [tuple(range(len(args)))]

    def __repr__(self) -> str:
        inside = [repr(arg) for arg in self.args]
        inside += [
            f"{name}={value!r}" for name, value in zip(self.op.params, self.params, strict=True)
        ]
        return f"{self.op.name}({', '.join(inside)})"


class Function:
    """The op called `name`, ready to make terms: `log(x)`, `sum_(x, axes=Parameter("axes"))`."""

    __slots__ = ("op",)

    def __init__(self, op: Op) -> None:
        self.op = op

    def __call__(self, *args: Term | Number, **params: Any) -> Term:
        """The op of `args`. Raises TypeError unless every parameter is given."""
        if set(params) != set(self.op.params):
            raise TypeError(
                f"{self.op.name} takes the parameters {self.op.params}, not {tuple(params)}"
            )
        values = tuple(params[name] for name in self.op.params)
        return Call(self.op, tuple(_term(arg) for arg in args), values)


def wild(names: str) -> list[Wild]:
    """Wildcards for the names, split at blanks."""
    return [Wild(name) for name in names.split()]


def wild_constants(names: str) -> list[Wild]:
    """Wildcards that match constants only."""
    return [Wild(name, constant=True) for name in names.split()]


def function(name: str) -> Function:
    """The op called `name`, for terms. Raises KeyError where the table has no such row."""
    return Function(OPS[name])


def _term(value: Term | Number) -> Term:
    return value if isinstance(value, Term) else Literal(value)


def _operator(name: str, left: Term | Number, right: Term | Number) -> Term:
    return Call(OPS[name], (_term(left), _term(right)), ())


def uniform(node: Node) -> Any | None:
    """The value that every element of a constant has, as a NumPy scalar; None for anything else."""
    if node.op is not CONST:
        return None
    shape, data = node.attrs
    width = node.dtype.bytes
    if shape and (not data or data != data[:width] * (len(data) // width)):
        return None
    return node.value.reshape(-1)[0]


def matches_number(node: Node, value: Number) -> bool:
    """Whether `node` is a constant equal to `value` everywhere; 0.0 and -0.0 differ."""
    if node.op is not CONST:
        return False
    found = uniform(node)
    if found is None or found != value:
        return False
    return not node.dtype.is_float or bool(np.signbit(found) == np.signbit(float(value)))


def match(term: Term, node: Node, bound: Binding) -> Iterator[Binding]:
    """Every way in which `term` matches `node`, given what is bound so far."""
    if isinstance(term, Wild):
        known = bound.get(term.name)
        if known is None:
            if not term.constant or node.op is CONST:
                yield {**bound, term.name: node}
        elif known is node:
            yield bound
    elif isinstance(term, Literal):
        if matches_number(node, term.value):
            yield bound
    elif isinstance(term, Call) and term.op is node.op and len(term.args) == len(node.args):
        start = _match_parameters(term.params, node.attrs, bound)
        if start is not None:
            for order in term.orders:
                yield from _match_all(term.args, [node.args[place] for place in order], start)


def _match_all(terms: tuple[Term, ...], nodes: list[Node], bound: Binding) -> Iterator[Binding]:
    if not terms:
        yield bound
        return
    for found in match(terms[0], nodes[0], bound):
        yield from _match_all(terms[1:], nodes[1:], found)


def _match_parameters(
    params: tuple[Any, ...], attrs: tuple[Any, ...], bound: Binding
) -> Binding | None:
    for param, value in zip(params, attrs, strict=True):
        if isinstance(param, Parameter):
            if param.name in bound and bound[param.name] != value:
                return None
            bound = {**bound, param.name: value}
        elif param != value:
            return None
    return bound


def build(term: Term, bound: Mapping[str, Any]) -> Node:
    """The node that `term` stands for; numbers are weak operands. Raises what `apply` raises."""
    result = _operand(term, bound)
    if not isinstance(result, Node):
        raise TypeError("a rule's right side cannot be a bare number")
    return result


def _operand(term: Term, bound: Mapping[str, Any]) -> Node | Number:
    if isinstance(term, Literal):
        return term.value
    if isinstance(term, Wild):
        found: Node = bound[term.name]
        return found
    assert isinstance(term, Call)
    params = {
        name: bound[value.name] if isinstance(value, Parameter) else value
        for name, value in zip(term.op.params, term.params, strict=True)
    }
    return apply(term.op, *[_operand(arg, bound) for arg in term.args], source=None, **params)


def wilds_of(term: Term) -> list[Wild]:
    """The wildcards in `term`, each once, from left to right."""
    found: dict[str, Wild] = {}
    stack: list[Term] = [term]
    while stack:
        item = stack.pop()
        if isinstance(item, Wild):
            found.setdefault(item.name, item)
        elif isinstance(item, Call):
            stack.extend(reversed(item.args))
    return list(found.values())
