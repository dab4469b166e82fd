"""What one call of an exported function computes: float operations by kind, and the nests of its loops.

Input: a fitted Method. Output: `Work`, counted by walking the loop IR with its extents: exact where sizes are
fixed, the most where they are not. Branches that only data decide count as the larger one. Neighbours:
`certificate` prints it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from modc.embed.fit import Fitted
from modc.graph import Node
from modc.schedule.loops import (
    Address,
    Apply,
    Call,
    Const,
    Declare,
    Expr,
    Fold,
    If,
    Let,
    Loop,
    Slot,
    Stmt,
    Store,
    Var,
)
from modc.schedule.verify import children, own_exprs, parts, statements

#: Kind of operation by op; functions are counted by their own names.
_KINDS = {
    "add": "additions", "sub": "additions", "mul": "multiplications", "div": "divisions", "floordiv": "divisions",
    "mod": "divisions", "sqrt": "square roots", "maximum": "comparisons", "minimum": "comparisons", "lt": "comparisons",
    "le": "comparisons", "gt": "comparisons", "ge": "comparisons", "eq": "comparisons", "ne": "comparisons",
}  # fmt: skip

#: What a flop is: not comparisons, and no elementary functions.
FLOPS = ("additions", "multiplications", "divisions", "square roots")

Env = Mapping[str, int]


@dataclass(slots=True)
class Work:
    """counts: float operations by kind. nests: extents of loops inside each other, outermost first."""

    counts: Counter[str] = field(default_factory=Counter)
    nests: list[tuple[int, ...]] = field(default_factory=list)

    @property
    def flops(self) -> int:
        """Additions, multiplications, divisions and square roots."""
        return sum(self.counts[kind] for kind in FLOPS)

    @property
    def functions(self) -> dict[str, int]:
        """Calls of elementary functions by name."""
        return {kind: count for kind, count in sorted(self.counts.items()) if kind not in _KINDS.values() and count}


def work_of(fitted: Fitted) -> Work:
    """The work of one call."""
    counter = _Counter(fitted)
    counts = counter.body(fitted.kernel.body, {}, ())
    leaves = [path for path in counter.most if not any(other[: len(path)] == path != other for other in counter.most)]
    nests = dict.fromkeys(tuple(counter.most[path[: at + 1]] for at in range(len(path))) for path in leaves)
    return Work(counts, [*nests, *counter.products])


class _Counter:
    """The walk over one kernel."""

    def __init__(self, fitted: Fitted) -> None:
        self.slots = {
            buffer.dim + axis: size
            for buffer in fitted.kernel.buffers for axis, size in enumerate(buffer.size) if size is not None
        }  # fmt: skip
        self.slots |= dict(enumerate(fitted.most))
        self.most: dict[tuple[int, ...], int] = {}  # largest extent of each loop, by the numbers of those around it
        self.products: list[tuple[int, ...]] = []
        self.known: dict[int, frozenset[str]] = {}

    def body(self, body: Sequence[Stmt], env: Env, path: tuple[int, ...]) -> Counter[str]:
        """Operations of statements, where the variables in `env` are known."""
        found: Counter[str] = Counter()
        inner = dict(env)
        for stmt in body:
            match stmt:
                case Loop():
                    found += self._loop(stmt, inner, path)
                case If():
                    found += self._branch(stmt, inner, path)
                case Call():
                    found += self._call(stmt, inner)
                case _:
                    found += _times(_own(stmt), max(1, stmt.local.length) if isinstance(stmt, Declare) else 1)
                    for part in children(stmt):
                        found += self.body(part, inner, path)
            if isinstance(stmt, Let) and (value := self.value(stmt.value, inner)) is not None:
                inner[stmt.var.name] = value
        return found

    def _loop(self, loop: Loop, env: Env, path: tuple[int, ...]) -> Counter[str]:
        extent = self.value(loop.extent, env)
        assert extent is not None, "modc bug: a loop of unknown extent"
        extent, here = max(extent, 0), (*path, id(loop))
        self.most[here] = max(extent, self.most.get(here, 0))
        if not extent:
            return Counter()
        if loop.var.name not in self._controls(loop.body):
            return _times(self.body(loop.body, env, here), extent)
        found: Counter[str] = Counter()
        for round_ in range(extent):
            found += self.body(loop.body, {**env, loop.var.name: round_}, here)
        return found

    def _branch(self, stmt: If, env: Env, path: tuple[int, ...]) -> Counter[str]:
        own = _own(stmt)
        known = self.value(stmt.condition, env)
        if known is not None:
            return own + self.body(stmt.then if known else stmt.otherwise, env, path)
        then, otherwise = self.body(stmt.then, env, path), self.body(stmt.otherwise, env, path)
        return own + (then | otherwise)

    def _call(self, call: Call, env: Env) -> Counter[str]:
        """C = alpha A B + beta C: m n k products and sums, and the scaling. Other routines count by name, running sums by element."""
        numbers = [None if isinstance(arg, Address) else self.value(arg, env) for arg in call.args]
        if call.meaning is not None:
            return self._routine(call.meaning.node, [number or 0 for number in numbers[: call.meaning.first]])
        m, n, k = (number or 0 for number in numbers[2:5])
        self.products.append((m, n, k))
        if not call.function.endswith(("_f64", "_f32")):
            return Counter()
        beta = call.args[10]
        scaled = 0 if isinstance(beta, Const) and beta.value == 0 else m * n
        return Counter({"multiplications": m * n * k + m * n + scaled, "additions": m * n * k + scaled})

    def _routine(self, node: Node, sizes: Sequence[int]) -> Counter[str]:
        self.products.append(tuple(sizes))
        running = {"cumsum": "additions", "cumprod": "multiplications", "cummax": "comparisons", "cummin": "comparisons"}
        if node.op.name not in running:
            return Counter({node.op.name: 1})
        outer, n, inner = sizes
        return Counter({running[node.op.name]: outer * max(n - 1, 0) * inner} if node.dtype.is_float else {})

    def _controls(self, body: Sequence[Stmt]) -> frozenset[str]:
        """Variables that decide about extents and branches in `body`."""
        found = self.known.get(id(body))
        if found is None:
            inside = list(statements(body))
            deciding = [one.extent if isinstance(one, Loop) else one.condition for one in inside if isinstance(one, (Loop, If))]
            deciding += [arg for one in inside if isinstance(one, Call) for arg in one.args if not isinstance(arg, Address)]
            names = {part.name for expr in deciding for part in parts(expr) if isinstance(part, Var)}
            for one in reversed(inside):
                if isinstance(one, Let) and one.var.name in names:
                    names |= {part.name for part in parts(one.value) if isinstance(part, Var)}
            found = self.known[id(body)] = frozenset(names)
        return found

    def value(self, expr: Expr, env: Env) -> int | None:
        """The value of an expression over sizes and counters; None where data is in it."""
        match expr:
            case Const(value, row):
                return None if row.is_float else int(value)
            case Var(name):
                return env.get(name)
            case Slot(position):
                return self.slots.get(position)
            case Apply(op, args, row) if not row.is_float:
                numbers = [self.value(arg, env) for arg in args]
                return None if None in numbers or not op.name.startswith("index_") else int(op.numpy(*numbers))
            case _:
                return None


def _own(stmt: Stmt) -> Counter[str]:
    """Operations in the expressions of one statement."""
    found: Counter[str] = Counter()
    for whole in own_exprs(stmt):
        for part in parts(whole):
            if isinstance(part, Fold) and part.dtype.is_float:
                found[_KINDS.get(part.how, "comparisons")] += part.place.length - 1
            elif isinstance(part, Apply) and any(arg.dtype.is_float for arg in part.args):
                found[_kind(part)] += 1
    if isinstance(stmt, Store) and stmt.combine is not None and stmt.place.dtype.is_float:
        found[_KINDS.get(stmt.combine.name, "comparisons")] += 1
    del found[""]
    return found


def _kind(part: Apply) -> str:
    """The kind of an operation; "" for those that move a sign or round."""
    return _KINDS.get(part.op.name, part.op.name if part.op.ulp else "")


def _times(counts: Counter[str], factor: int) -> Counter[str]:
    return Counter({kind: count * factor for kind, count in counts.items()})


