"""What an op is: one row that says everything about it.

Documentation, the NumPy oracle, the C emitter, the gradient and the tests all read the row; adding
an op is adding a row to `ops_scalar` or `ops_array`. The dtype and shape rules that rows share are
in `rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

# Precedence of a C expression, as in the standard: higher binds tighter.
OR, AND, BIT_OR, BIT_XOR, BIT_AND, EQUAL, LESS, SHIFT, ADD, MUL, UNARY, CALL = range(1, 13)

#: Families of ops; each is lowered in exactly one place.
FAMILIES = ("leaf", "map", "reduce", "contract", "view", "index", "region", "call", "guard", "composite", "python", "graph")


class Op:
    """One row of the op table.

    name        the op's name, unique
    family      one of FAMILIES
    numpy       NumPy reference: numpy(*arrays, **params) -> array; the meaning of the op
    c           C expression over {0} {1} ..., or {kind: expression} by dtype kind of the operands;
                {T} C type of the result, {U} unsigned type to wrap in, {t} suffix of the operands' dtype,
                {r} suffix of the result's dtype. "" where a family has its own lowering. For family "call" the name of
                the csrc function: void f(sizes ..., const T *operand ..., T *result, int64_t *scratch)
    binds       precedence of the C expression
    dtypes      dtype rule: (operand dtypes, params) -> (dtypes the operands are cast to, result dtype)
    shape       shape rule: (args, *params) -> sizes
    agree       agreements of sizes: (args, *params) -> [(kind, size, size, operand, axis)], kind "eq" or "lt"
    params      names of the parameters, in the order of Node.attrs
    grad        (g, y, *args, **params) -> gradient per argument (None: no gradient); written with operators and
                methods of its arguments, so that rows import nothing from the tensor language
    expand      for composites: (*args, **params) -> the same in simpler ops, by operators and methods
    cost        scalar work of one element: add 1, div 4, exp 12
    ulp         promised distance from the correctly rounded value (0: equals NumPy bit for bit)
    sizes       for calls: (args, *params) -> the numbers that the C function gets first
    scratch     for calls: (args, *params) -> numbers of 8 bytes that it needs as scratch
    start       for reductions: kind -> value of the empty reduction, or None where it has none
    traits      "commutative", "associative", "exact" ...; "checking": a call whose scratch is one word, 0 where its
                operands are none (then the call fails with a ValueError)
    doc         one sentence for the reference page
    """

    #: Rows that a user defined (`modc.graph.user`) have more to them: a definition for keys, C text.
    user: ClassVar[bool] = False

    __slots__ = (
        "agree", "binds", "c", "cost", "doc", "dtypes", "expand", "family", "grad", "name", "numpy", "params",
        "scratch", "shape", "sizes", "start", "traits", "ulp",
    )

    def __init__(
        self,
        name: str,
        family: str,
        numpy: Callable[..., Any],
        c: str | Mapping[str, str] = "",
        binds: int = CALL,
        dtypes: Callable[..., Any] | None = None,
        shape: Callable[..., Any] | None = None,
        *,
        agree: Callable[..., Any] | None = None,
        params: tuple[str, ...] = (),
        grad: Callable[..., Any] | None = None,
        expand: Callable[..., Any] | None = None,
        cost: int = 1,
        ulp: float = 0.0,
        sizes: Callable[..., Any] | None = None,
        scratch: Callable[..., Any] | None = None,
        start: Mapping[str, Any] | None = None,
        traits: tuple[str, ...] = (),
        doc: str = "",
    ) -> None:
        if family not in FAMILIES:
            raise ValueError(f"op {name}: no family {family!r}")
        self.name, self.family, self.numpy, self.c, self.binds = name, family, numpy, c, binds
        self.dtypes, self.shape, self.agree, self.params = dtypes, shape, agree, params
        self.grad, self.expand, self.cost, self.ulp = grad, expand, cost, ulp
        self.sizes, self.scratch = sizes, scratch
        self.start, self.traits, self.doc = start, traits, doc

    def __repr__(self) -> str:
        return f"<op {self.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return op_named, (self.name,)


#: In a row's gradients: the operand has a derivative that modc does not know; asking for it is an error.
NO_GRADIENT = object()

#: Every op by name, filled by `table`.
OPS: dict[str, Op] = {}


def table(*rows: Op) -> dict[str, Op]:
    """Register rows and return them by name."""
    for op in rows:
        if op.name in OPS:
            raise ValueError(f"two ops are called {op.name!r}")
        OPS[op.name] = op
    return {op.name: op for op in rows}


def op_named(name: str) -> Op:
    """The row called `name`."""
    return OPS[name]
