"""Rows that a user adds: they are not in the table of modc's own, and carry their C text with them.

Input: names, functions and text of a user. Output: `UserOp`, which every stage treats as a row of its family. `USER` has
the newest row of each name. Neighbours: `modc.tensor.user_ops` makes them; `fingerprint` has their definition in the key
of every kernel that uses one; `modc.emit.sections` asks here for C text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from modc.errors import OpError
from modc.graph import rules
from modc.graph.dtype import ALL_DTYPES, DType, dtype
from modc.graph.node import Node, Size
from modc.graph.op import OPS, Op
from modc.graph.signature import Signature
from modc.graph.sizes import size_product
from modc.graph.user_text import PREFIX, CText, c_text, expression, prefixed

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")


class UserOp(Op):
    """A row that a user defined.

    home         name of the module that defined it
    definition   its C text and what else decides its kernels, for keys
    text         the C functions, None where the expression is all
    """

    __slots__ = ("definition", "home", "signature", "text")

    user = True

    def __init__(self, name: str, home: str, family: str, numpy: Callable[..., Any], text: CText | None, **columns: Any) -> None:
        super().__init__(name, family, numpy, **columns)
        self.home, self.text = home, text
        self.definition = ""
        self.signature: Signature | None = None

    def usable(self) -> bool:
        """Whether this is what its name stands for now."""
        now = USER.get(self.name)
        return now is not None and now.definition == self.definition

    def identity(self) -> str:
        """The definition, for keys. Raises OpError where the name stands for something else by now."""
        if not self.usable():
            raise OpError(
                f"op {self.name} was defined anew since this expression was written\n  hint: run what builds the expression again"
            )
        return self.definition

    def __reduce__(self) -> tuple[Any, ...]:
        return user_op, (self.name, self.home)

    def __copy__(self) -> UserOp:
        return self

    def __deepcopy__(self, memo: Any) -> UserOp:
        return self


#: The rows of users, by name.
USER: dict[str, UserOp] = {}


def user_op(name: str, home: str) -> UserOp:
    """The row called `name`, for unpickling; imports the module that defined it. Raises OpError where it does not."""
    if name not in USER and home != "__main__":
        try:
            import_module(home)
        except ImportError as error:
            raise OpError(f"op {name} is needed, and its module cannot be imported: {error}") from error
    if name not in USER:
        raise OpError(f"there is no op {name}\n  hint: define it as the program did that wrote this, in {home}")
    return USER[name]


def register(op: UserOp) -> UserOp:
    """Make `op` what its name stands for. Raises OpError for names that others use; a module may define its own anew."""
    known = USER.get(op.name)
    if known is not None and known.home != op.home:
        raise OpError(f"op {op.name} is defined by {known.home} already, and now by {op.home}\n  hint: give one another name")
    for other in USER.values():
        shared = set(other.text.names) & set(op.text.names) if other.text and op.text and other is not known else set[str]()
        if shared:
            raise OpError(f"op {op.name}: its c_code defines {min(shared)}, as that of op {other.name} does")
    USER[op.name] = op
    return op


def c_sections() -> list[tuple[str, list[str], str]]:
    """(op, names in C, text) of every row with C functions."""
    return [(op.name, [PREFIX + name for name in op.text.names], op.text.text) for op in USER.values() if op.text is not None]


def checked_name(name: Any) -> str:
    """Raises OpError for what is no name, or one of modc's own rows."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise OpError(f"the name of an op is a letter, then letters, digits and _, at most 40: not {name!r}")
    if name in OPS:
        raise OpError(f"modc has an op called {name}\n  hint: give yours another name")
    return name


# dtypes

_RULES: dict[str, Callable[..., rules.DTypes]] = {
    "float": rules.to_float, "same": rules.same, "number": rules.numbers, "integer": rules.integers, "compare": rules.to_bool,
}  # fmt: skip

DTypeRule = Callable[..., rules.DTypes]


def dtype_rule(op: str, given: Any) -> tuple[DTypeRule, int | None, list[DType] | None]:
    """The rule, the number of operands and the result's dtypes, where these follow from it.

    given   a name of _RULES, or "float64, int64 -> float64", or a function of dtypes' names that gives
            ([operands], result)
    """
    if callable(given):
        def by_function(dtypes: Sequence[DType], *params: Any) -> rules.DTypes:
            operands, result = given(*(one.name for one in dtypes))
            return tuple(dtype(one) for one in operands), dtype(result)

        return by_function, None, None
    if not isinstance(given, str):
        raise OpError(f"op {op}: dtypes is a text or a function, not {given!r}")
    if given in _RULES:
        return _RULES[given], None, None
    left, arrow, right = given.partition("->")
    names = [one.strip() for one in left.split(",")]
    wrong = [one for one in (*names, right.strip()) if one not in ALL_DTYPES]
    if not arrow or wrong:
        raise OpError(f"op {op}: dtypes is one of {', '.join(_RULES)}, or like 'float64, int64 -> float64', not {given!r}")
    wanted, result = tuple(dtype(one) for one in names), dtype(right.strip())
    return (lambda dtypes, *params: (wanted, result)), len(wanted), [result]


# rows


def map_row(
    name: str, home: str, numpy: Callable[..., Any], c: str | Mapping[str, str] | None, code: str | None, dtypes: Any, **columns: Any
) -> UserOp:
    """An elementwise row. Raises OpError for what cannot be one."""
    text = None if code is None else c_text(name, code)
    rule, count, fixed = dtype_rule(name, dtypes)
    count = _operands(name, c, text) if count is None else count
    pairs = fixed is not None and fixed[-1].is_complex
    if c is None:
        function = name if text is None or name in text.functions else f"{name}_{{t}}"
        c = f"{function}({', '.join(f'{{{at}}}' for at in range(count))})"
    known = [] if text is None else text.names

    def renamed(given: str) -> str:
        return prefixed(given, [*known, *(re.sub(r"_[a-z]+\d+$", "_{t}", one) for one in known)]) if known else given

    if isinstance(c, str):
        shown: Any = expression(name, c, count, renamed, pairs)
    elif isinstance(c, Mapping) and c and set(c) <= set("fiubc"):
        shown = {kind: expression(name, c[kind], count, renamed, kind == "c" or pairs) for kind in sorted(c)}
    else:
        raise OpError(f"op {name}: c is a C expression, or a dict of them by kind of dtype (f, i, u, b, c), not {c!r}")

    def taken(given: Sequence[DType], *params: Any) -> rules.DTypes:
        _count(name, given, count)
        return rule(given)

    op = UserOp(
        name, home, "map", numpy, text, c=shown, dtypes=taken, shape=rules.broadcast_shape, agree=rules.broadcast_agree,
        traits=("complex",) if fixed or (isinstance(c, Mapping) and "c" in c) else (), **columns,
    )  # fmt: skip
    op.definition = repr(("map", shown, None if text is None else text.text))
    return op


def _operands(name: str, c: Any, text: CText | None) -> int:
    """The number of operands that C text has."""
    if c is not None:
        texts = [c] if isinstance(c, str) else list(c.values()) if isinstance(c, Mapping) else []
        return max([int(hole) + 1 for one in texts for hole in re.findall(r"\{(\d)\}", one)], default=1)
    if text is not None:
        for function, types in text.functions.items():
            if function == name or function.startswith(f"{name}_"):
                return len(types)
        raise OpError(f"op {name}: its c_code has no function called {name}\n  hint: say with c=... how it is called")
    raise OpError(f"op {name} has no C: give c, c_code or both\n  hint: modc.as_op makes an op of a Python function alone")


def _count(name: str, given: Sequence[DType], count: int) -> None:
    if len(given) != count:
        raise TypeError(f"{name} takes {count} operands, not {len(given)}")


def call_row(
    name: str, home: str, numpy: Callable[..., Any], code: str | None, dtypes: Any, shape: str, scratch: str, **columns: Any
) -> UserOp:
    """A row on whole arrays, of a function of one item; stacks of them are done here. Raises OpError."""
    if code is None:
        raise OpError(f"op {name} has a signature, so it needs c_code with the function {name}(sizes, operands, result)")
    text, signature = c_text(name, code), Signature(name, shape, scratch)
    rule, count, fixed = dtype_rule(name, dtypes)
    operands = len(signature.operands)
    if count not in (None, operands):
        raise OpError(f"op {name}: dtypes has {count} operands, the signature {operands}")
    stacks = _stacks(name, text, signature)

    def taken(given: Sequence[DType], *params: Any) -> rules.DTypes:
        _count(name, given, operands)
        return rule(given)

    def result(args: Sequence[Node]) -> tuple[Size, ...]:
        shapes = [arg.shape for arg in args]
        sizes = signature.bind(shapes)
        return (*signature.stack(shapes), *(signature.symbolic(one, sizes) for one in signature.result))

    def numbers(args: Sequence[Node]) -> tuple[Size, ...]:
        shapes = [arg.shape for arg in args]
        return (size_product(list(signature.stack(shapes))), *signature.bind(shapes).values())

    def words(args: Sequence[Node]) -> Size:
        assert signature.scratch is not None
        return signature.symbolic(signature.scratch, signature.bind([arg.shape for arg in args]))

    one_function = name in text.functions
    op = UserOp(
        name, home, "call", each(name, numpy, signature), text,
        c=f"{PREFIX}{name}{'' if one_function else '_{t}'}_stack", dtypes=taken, shape=result, agree=signature.agree, sizes=numbers,
        scratch=words if signature.scratch is not None else None, traits=("complex",) if fixed else (), **columns,
    )  # fmt: skip
    text.text = "\n\n".join([text.text, *stacks.values()])
    text.names = [*text.names, *stacks]
    op.signature = signature
    op.definition = repr(("call", op.c, signature.text, scratch, text.text))
    return op


def each(name: str, numpy: Callable[..., Any], signature: Signature) -> Callable[..., Any]:
    """The NumPy reference for stacks, made of that for one item."""

    def run(*arrays: Any) -> Any:
        shapes = [array.shape for array in arrays]
        stack = tuple(signature.stack(shapes))
        if not stack:
            return numpy(*arrays)
        items = [np.asarray(numpy(*(array[at] for array in arrays))) for at in np.ndindex(stack)]
        if not items:
            sizes = signature.bind(shapes)
            return np.zeros((*stack, *(signature.number(one, sizes) for one in signature.result)))
        return np.stack(items).reshape(*stack, *items[0].shape)

    return run


def _stacks(name: str, text: CText, signature: Signature) -> dict[str, str]:
    """For each C function of the op one that calls it for every item of a stack: name -> text."""
    suffixes = {f"{name}_{row.suffix}" for row in ALL_DTYPES.values()}
    functions = [one for one in text.functions if one == name or one in suffixes]
    if not functions:
        raise OpError(f"op {name}: its c_code has no function called {name}")
    found: dict[str, str] = {}
    for function in functions:
        found[f"{function}_stack"] = _stack(name, function, text.functions[function], signature)
    if set(found) & set(text.names):
        raise OpError(f"op {name}: {min(found)} is a name that modc gives itself")
    return found


def _stack(name: str, function: str, types: list[str], signature: Signature) -> str:
    sizes, operands, scratch = signature.names, len(signature.operands), signature.scratch is not None
    wanted = ["int64_t"] * len(sizes) + ["const T *"] * operands + ["T *"] + ["int64_t *"] * scratch
    arrays = types[len(sizes) : len(wanted) - scratch]
    fits = len(types) == len(wanted) and all(one == "int64_t" for one in types[: len(sizes)])
    if not fits or not all(one.endswith("*") for one in arrays) or any("const" not in one for one in arrays[:-1]):
        listed = [f"int64_t {one}" for one in sizes] + [f"const T *x{at}" for at in range(operands)] + ["T *result"]
        raise OpError(
            f"op {name}: for {signature.text!r} the C function is static inline void "
            f"{function}({', '.join(listed + ['int64_t *scratch'] * scratch)})"
        )
    names = [f"size{at}" for at in range(len(sizes))] + [f"x{at}" for at in range(operands)] + ["y"] + ["scratch"] * scratch
    by_name = dict(zip(sizes, names, strict=False))
    strides = [" * ".join([by_name.get(str(axis), str(axis)) for axis in axes]) or "1" for axes in signature.operands]
    strides.append(" * ".join(f"({_c(one, by_name)})" for one in signature.result) or "1")
    passed = [f"{one} + at * ({stride})" for one, stride in zip(names[len(sizes) :], strides, strict=False)]
    given = ", ".join([*names[: len(sizes)], *passed, *(["scratch"] * scratch)])
    listed = [f"{kind}{'' if kind.endswith('*') else ' '}{one}" for kind, one in zip(types, names, strict=True)]
    return (
        f"static inline void {PREFIX}{function}_stack(int64_t stack, {', '.join(listed)})\n{{\n"
        f"    for (int64_t at = 0; at < stack; at++)\n        {PREFIX}{function}({given});\n}}"
    )


def _c(extent: Any, names: Mapping[str, str]) -> str:
    text = ast.unparse(extent).replace("//", "/")
    return re.sub(r"[A-Za-z_]\w*", lambda match: names[match[0]], text)
