"""Bodies under construction: names for what is computed, each at the outermost body where it may stand.

`lower` opens and closes scopes and asks for expressions; `Scopes.name` gives every computed element and
every load one name per scope, hoists what does not change in a loop, and forgets loads after a store.
"""

from __future__ import annotations

from collections.abc import Iterable

from modc.graph.dtype import DType
from modc.schedule.loops import (
    Apply,
    Const,
    Declare,
    Expr,
    Fold,
    Let,
    Load,
    Local,
    Place,
    Slot,
    Stmt,
    Table,
    Temp,
    Var,
)

COUNTERS = "ijklm"


class Scope:
    """One body: its statements so far, the names known in it, the places that its loop stores to."""

    __slots__ = ("known", "loads", "stmts", "written")

    def __init__(self, written: Iterable[Place]) -> None:
        self.stmts: list[Stmt] = []
        self.known: dict[Expr, Var] = {}
        self.loads: dict[Place, list[Expr]] = {}
        self.written = dict.fromkeys(written)


class Scopes:
    """The stack of open bodies."""

    def __init__(self) -> None:
        self.open: list[Scope] = [Scope(())]
        self.levels: dict[str, int] = {}
        self._places: dict[Place, int] = {}
        self._lets = 0
        self._loops = 0

    @property
    def top(self) -> Scope:
        """The innermost scope."""
        return self.open[-1]

    def emit(self, statement: Stmt) -> None:
        """Add a statement to the innermost scope."""
        self.top.stmts.append(statement)

    # scopes

    def enter(self, written: Iterable[Place]) -> None:
        """Open a scope, whose statements (run perhaps many times) store to `written`."""
        self.open.append(Scope(written))

    def leave(self) -> tuple[Stmt, ...]:
        """Close the innermost scope; what it stored to is no longer known outside."""
        scope = self.open.pop()
        for place in scope.written:
            self.forget(place)
        return tuple(scope.stmts)

    def counter(self) -> Var:
        """The name of a new loop's counter; call before `enter`, and `end_counter` after `leave`."""
        depth = self._loops
        self._loops += 1
        var = Var(COUNTERS[depth] if depth < len(COUNTERS) else f"i{depth}")
        self.levels[var.name] = len(self.open)
        return var

    def end_counter(self) -> None:
        """The counter's loop is complete."""
        self._loops -= 1

    def declare(self, local: Local, init: Expr | None) -> None:
        """Begin a local in the innermost scope."""
        self._places[local] = len(self.open) - 1
        self.emit(Declare(local, init))

    # names

    def level(self, expr: Expr) -> int:
        """The outermost scope in which `expr` has its value."""
        if isinstance(expr, Var):
            return self.levels.get(expr.name, 0)
        if isinstance(expr, Load):
            return max(self.level(expr.index), self._floor(expr.place))
        if isinstance(expr, Apply):
            return max((self.level(arg) for arg in expr.args), default=0)
        if isinstance(expr, Fold):
            return self._floor(expr.place)
        return 0

    def _floor(self, place: Place) -> int:
        """The outermost scope in which what `place` holds does not change any more."""
        low = 1 if isinstance(place, Temp) else self._places.get(place, 0)
        for level in range(len(self.open) - 1, low, -1):
            if place in self.open[level].written:
                return level
        return low

    def name(self, expr: Expr, level: int | None = None) -> Expr:
        """The name of a computed element; constants, sizes and names stand for themselves."""
        if isinstance(expr, Const | Var | Slot):
            return expr
        at = self.level(expr) if level is None else level
        at = min(at, len(self.open) - 1)
        scope = self.open[at]
        found = scope.known.get(expr)
        if found is None:
            found = self.fresh(expr.dtype, at)
            scope.stmts.append(Let(found, expr))
            scope.known[expr] = found
            if isinstance(expr, Load):
                scope.loads.setdefault(expr.place, []).append(expr)
        return found

    def remember(self, load: Load, found: Expr) -> None:
        """What was just stored, so that it need not be loaded."""
        if isinstance(found, Var) and self.level(found) == len(self.open) - 1:
            self.top.known[load] = found
            self.top.loads.setdefault(load.place, []).append(load)

    def fresh(self, dtype: DType, level: int) -> Var:
        """A new name, for a Let in the scope at `level`."""
        self._lets += 1
        var = Var(f"v{self._lets}", dtype)
        self.levels[var.name] = level
        return var

    def forget(self, place: Place) -> None:
        """After a store: loads of `place` must be done again."""
        if isinstance(place, Table):
            return
        for scope in self.open:
            for expr in scope.loads.pop(place, ()):
                del scope.known[expr]
