"""The rewrite engine: rules applied bottom-up until none fires.

Takes rule sets and root nodes; gives roots that compute the same. The engine, not the rule, owns
what every rule must keep: dtype and shape of the replaced node (a cast or broadcast is inserted, or
the rule is refused), the checks of sizes that dropped operands stood for, the user's source line,
and merging `b + a` with `a + b`. Cost is near-linear in the nodes: rules are indexed by the op at
their root, every node is settled once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from modc.errors import ModcError, user_frame
from modc.graph.build import apply, cast, rebuild, size_node
from modc.graph.dtype import DType
from modc.graph.node import Node, Place, walk
from modc.graph.op import OPS, Op
from modc.graph.ops_array import BROADCAST
from modc.graph.show import infix
from modc.rewrite.pattern import Call, Term, Wild, build, match, wilds_of
from modc.rewrite.sizes import Sizes

Change = Callable[[Node], "Node | None"]


class Rule:
    """One equation: where `left` matches and `when` holds, it becomes `right`.

    name    unique, shown in traces
    roots   names of the ops at which it is tried
    change  the rule as a function of the matched node: the replacement, or None
    exact   whether both sides are equal bit for bit (NaN payloads aside; of complex numbers also the signs of zeros and
            what infinite parts give)
    real    whether it is not tried at complex nodes
    left, right, when   the equation, None for a rule that was written as a function
    """

    __slots__ = ("change", "exact", "left", "name", "real", "right", "roots", "when")

    def __init__(
        self,
        name: str,
        roots: Sequence[str],
        change: Change,
        exact: bool,
        left: Term | None = None,
        right: Any = None,
        when: Callable[..., bool] | None = None,
    ) -> None:
        for root in roots:
            if root not in OPS:
                raise KeyError(f"rule {name}: no op {root}")
        self.name, self.roots, self.change, self.exact = name, tuple(roots), change, exact
        self.left, self.right, self.when = left, right, when
        self.real = False

    def __repr__(self) -> str:
        return f"<rule {self.name}>"


class RuleSet:
    """Rules of one purpose, in the order in which they are tried. real: they are not for complex numbers."""

    __slots__ = ("name", "rules")

    def __init__(self, name: str, *rules: Rule, real: bool = False) -> None:
        names = [rule.name for rule in rules]
        if len(set(names)) != len(names):
            raise ValueError(f"two rules of {name} have the same name")
        self.name, self.rules = name, rules
        for item in rules:
            item.real = real

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __repr__(self) -> str:
        return f"<rules {self.name}>"


def rule(
    name: str,
    left: Term,
    right: Term | Callable[..., Node | None],
    when: Callable[..., bool] | None = None,
    *,
    exact: bool = True,
) -> Rule:
    """A rule as an equation.

    right   a term, or a function of the bound nodes, by the names of the wildcards
    when    a condition on them, likewise
    """
    if not isinstance(left, Call):
        raise TypeError(f"rule {name}: the left side must be an op")
    make = (lambda bound: build(right, bound)) if isinstance(right, Term) else _by_name(right)
    holds = _by_name(when) if when is not None else None
    dropped = _dropped(left, right) if isinstance(right, Term) else []

    def change(node: Node) -> Node | None:
        for bound in match(left, node, {}):
            if holds is not None and not holds(bound):
                continue
            new: Node | None = make(bound)
            if new is not None and all(_checked_by(node, bound[wild.name]) for wild in dropped):
                return new
        return None

    return Rule(name, (left.op.name,), change, exact, left, right, when)


def _by_name(callback: Callable[..., Any]) -> Callable[[dict[str, Any]], Any]:
    """`callback` as a function of the binding: its parameters are names of wildcards."""
    code = callback.__code__
    names = code.co_varnames[: code.co_argcount]
    return lambda bound: callback(*[bound[name] for name in names])


def function_rule(name: str, roots: str, change: Change, *, exact: bool = True) -> Rule:
    """A rule as a function of the node, tried at the ops named in `roots` (split at blanks)."""
    return Rule(name, roots.split(), change, exact)


def _dropped(left: Term, right: Term) -> list[Wild]:
    kept = {wild.name for wild in wilds_of(right)}
    return [wild for wild in wilds_of(left) if wild.name not in kept]


def _checked_by(node: Node, operand: Node) -> bool:
    """Whether dropping `operand` loses no check: each of its sizes is 1 or the result's own."""
    if operand.ndim > node.ndim:
        return False
    pairs = zip(operand.shape, node.shape[node.ndim - operand.ndim :], strict=True)
    return all(
        size == 1 if isinstance(size, int) and size == 1 else _is_same(size, want)
        for size, want in pairs
    )


def _is_same(size: Any, want: Any) -> bool:
    return size is want or (isinstance(size, int) and isinstance(want, int) and size == want)


class Trace:
    """What fired: the last six rules for messages, all of them where `keep` is set."""

    __slots__ = ("count", "keep", "last", "steps")

    def __init__(self, keep: bool = False) -> None:
        self.keep, self.count = keep, 0
        self.last: deque[tuple[str, Node, Node]] = deque(maxlen=6)
        self.steps: list[tuple[str, Node, Node]] = []

    def add(self, name: str, before: Node, after: Node) -> None:
        """Note that the rule `name` fired."""
        self.count += 1
        self.last.append((name, before, after))
        if self.keep:
            self.steps.append((name, before, after))

    def lines(self, steps: Iterable[tuple[str, Node, Node]] | None = None) -> list[str]:
        """One line per step: `double neg: --x -> x`."""
        steps = self.steps if steps is None else steps
        return [f"{name}: {infix(before)} -> {infix(after)}" for name, before, after in steps]


#: Commutative bit for bit; maximum and minimum are not (0.0 and -0.0).
_REORDERED = (
    "add",
    "mul",
    "eq",
    "neq",
    "and_",
    "or_",
    "xor",
    "logical_and",
    "logical_or",
    "logical_xor",
)


class Rewriter:
    """One run of `rules` over `roots`; `run` gives the new roots. `trace` says what fired.

    Raises AssertionError where rules undo each other or do not end.
    """

    def __init__(
        self, rules: Iterable[Rule], trace: Trace | None = None, limit: int | None = None
    ) -> None:
        self.index: dict[str, list[Rule]] = {}
        for item in rules:
            for root in item.roots:
                self.index.setdefault(root, []).append(item)
        self.trace = trace or Trace()
        self.limit = limit
        self.sizes = Sizes()
        self._done: dict[Node, Node] = {}
        self._mirrors: dict[tuple[Op, Node, Node], Node] = {}
        self._known: set[Node] = set()
        self._here: Place | None = user_frame()

    def run(self, roots: Sequence[Node]) -> list[Node]:
        """`roots`, rewritten until no rule fires."""
        self._known.update(walk(roots))
        if self.limit is None:
            self.limit = 1000 + 100 * len(self._known)
        return [self.settle(root) for root in roots]

    def settle(self, root: Node) -> Node:
        """`root` in its final form; iterative, so that depth costs no stack."""
        done = self._done
        pending: list[tuple[Node, Node | None]] = [(root, None)]  # node, what it became
        open_: set[Node] = set()
        while pending:
            node, became = pending.pop()
            if became is not None:
                done[node] = done[became]
                open_.discard(node)
                continue
            if node in done:
                continue
            waiting = [arg for arg in node.args if arg not in done]
            if waiting:
                pending.append((node, None))
                pending.extend((arg, None) for arg in reversed(waiting))
                continue
            new = self._step(node)
            if new is node:
                done[node] = node
            elif new in open_:
                raise AssertionError(self._message("rules undo each other"))
            else:
                open_.add(node)
                pending += [(node, new), (new, None)]
        return done[root]

    def _step(self, node: Node) -> Node:
        """`node` over settled operands, its mirror image, or what the first rule makes of it."""
        args = [self._done[arg] for arg in node.args]
        if any(new is not old for new, old in zip(args, node.args, strict=True)):
            return self._adopt(rebuild(node, args), node)
        found = self._mirrored(node)
        if found is not node:
            return found
        for item in self.index.get(node.op.name, ()):
            new = None if item.real and node.dtype.is_complex else item.change(node)
            if new is None or new is node:
                continue
            kept = self._keep_type(node, new)
            if kept is None or kept is node:
                continue
            self._adopt(kept, node)
            self.trace.add(item.name, node, kept)
            if self.limit is not None and self.trace.count > self.limit:
                raise AssertionError(self._message(f"more than {self.limit} rewrites"))
            return kept
        return node

    def _message(self, what: str) -> str:
        return (
            "modc bug: rewriting does not end, "
            + what
            + "; last:\n  "
            + "\n  ".join(self.trace.lines(self.trace.last))
        )

    def _mirrored(self, node: Node) -> Node:
        """The settled `b + a` instead of `a + b`; otherwise the user's order stays."""
        if node.op.name in _REORDERED and len(node.args) == 2:
            a, b = node.args
            found = self._mirrors.get((node.op, b, a))
            if found is not None and self.sizes.same_shape(found.shape, node.shape):
                return found
            self._mirrors[node.op, a, b] = node
        return node

    def _keep_type(self, node: Node, new: Node) -> Node | None:
        """`new` with the dtype and shape of `node`; None where that cannot be."""
        if new.dtype is not node.dtype:
            if not lossless(new.dtype, node.dtype):
                return None
            new = cast(new, node.dtype)
        if new.static_shape == node.static_shape or self.sizes.same_shape(new.shape, node.shape):
            # unknown sizes may have another name: the checks that `new` keeps say they are equal
            return new
        if new.ndim > node.ndim:
            return None
        try:
            return apply(BROADCAST, new, *[size_node(size) for size in node.shape], source=None)
        except (ModcError, ValueError):
            return None

    def _adopt(self, new: Node, old: Node) -> Node:
        """Give the nodes that a rule made the source of the node that they replace."""
        stack = [new]
        while stack:
            node = stack.pop()
            if node in self._known:
                continue
            self._known.add(node)
            if node.source is None or node.source == self._here:
                node.source = old.source
            stack.extend(node.args)
        return new


def lossless(source: DType, target: DType) -> bool:
    """Whether every value of `source` is one of `target`."""
    if source.bits == 64 and source.is_integer and target.is_float:
        return False  # NumPy calls that safe
    return source is target or bool(np.can_cast(source.numpy, target.numpy, "safe"))
