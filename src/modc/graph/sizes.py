"""Arithmetic on extents. Constants fold, so sizes known when the graph is built stay plain ints."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from modc.graph.build import apply, size_node, size_of
from modc.graph.node import Node, Size
from modc.graph.op import OPS
from modc.graph.ops_core import CONST, DIM, NAMED_DIM


def size_add(a: Size, b: Size) -> Size:
    """A + b, with (n + i) + j collected."""
    if isinstance(a, int):
        a, b = b, a
    if isinstance(a, int) and isinstance(b, int):
        return a + b
    if isinstance(b, int):
        if b == 0:
            return a
        assert isinstance(a, Node)
        if a.op is OPS["add"] and a.args[1].op is CONST:
            return size_add(size_of(a.args[0]), int(a.args[1].value) + b)
    return _whole(a, b) or _whole(b, a) or _difference(a, b) or _difference(b, a) or size_of(apply(OPS["add"], size_node(a), size_node(b)))


def _whole(most: Size, few: Size) -> Node | None:
    """N for max(n - k, 0) + min(n, k): the two parts that a slice cuts an axis into."""
    if not isinstance(most, Node) or not isinstance(few, Node) or few.op is not OPS["minimum"]:
        return None
    n, k = few.args
    found = n if most is size_max(size_sub(n, size_of(k)), 0) else None
    return found


def _difference(a: Size, b: Size) -> Node | None:
    """N for (n - k) + k."""
    found = isinstance(a, Node) and a.op is OPS["sub"] and a.args[1] is b
    return a.args[0] if found and isinstance(a, Node) else None


def size_sub(a: Size, b: Size) -> Size:
    """A - b, with (n + i) - (n + j) folded."""
    if isinstance(b, int):
        return size_add(a, -b)
    base_a, offset_a = _parts(a)
    base_b, offset_b = _parts(b)
    if base_a is base_b:
        return offset_a - offset_b
    return size_of(apply(OPS["sub"], size_node(a), b))


def _parts(size: Size) -> tuple[Node | None, int]:
    """`size` as a node plus a number."""
    if isinstance(size, int):
        return None, size
    if size.op is OPS["add"] and size.args[1].op is CONST:
        return size.args[0], int(size.args[1].value)
    return size, 0


def size_less(a: Size, b: int) -> Size:
    """max(a - b, 0) for an extent `a`; max(max(n - i, 0) - j, 0) is collected. Below 0, b counts up: a - b."""
    if b <= 0 or isinstance(a, int):
        return size_add(a, -b) if b <= 0 else max(int(a) - b, 0)  # type: ignore[arg-type]
    if a.op is OPS["maximum"] and a.args[1].op is CONST and int(a.args[1].value) == 0:
        return size_max(size_add(size_of(a.args[0]), -b), 0)
    return size_max(size_add(a, -b), 0)


def size_mul(a: Size, b: Size) -> Size:
    """A * b."""
    if isinstance(a, int):
        a, b = b, a
    if isinstance(a, int) and isinstance(b, int):
        return a * b
    if isinstance(b, int) and b in (0, 1):
        return a if b == 1 else 0
    return size_of(apply(OPS["mul"], size_node(a), size_node(b)))


def size_floordiv(a: Size, b: Size) -> Size:
    """A // b (0 where b is 0, as the kernel computes it)."""
    if isinstance(a, int) and isinstance(b, int):
        return a // b if b else 0
    if isinstance(b, int) and b == 1:
        return a
    return size_of(apply(OPS["floordiv"], size_node(a), size_node(b)))


def size_max(a: Size, b: Size) -> Size:
    """max(a, b); an extent itself is never negative."""
    if isinstance(a, int) and isinstance(b, int):
        return max(a, b)
    for one, other in ((a, b), (b, a)):
        if isinstance(one, int) and one <= 0 and isinstance(other, Node) and never_negative(other):
            return other
    return a if a is b else size_of(apply(OPS["maximum"], size_node(a), size_node(b)))


def size_min(a: Size, b: Size) -> Size:
    """min(a, b)."""
    if isinstance(a, int) and isinstance(b, int):
        return min(a, b)
    return a if a is b else size_of(apply(OPS["minimum"], size_node(a), size_node(b)))


def size_product(sizes: Sequence[Size]) -> Size:
    """The number of elements of a shape."""
    total: Size = 1
    for size in sizes:
        total = size_mul(total, size)
    return total


def same_product(a: Size, b: Size) -> bool:
    """Whether two sizes are products of the same factors, in any order."""
    return a is b or _factors(a) == _factors(b)


def _factors(size: Size) -> tuple[int, dict[Node, int]]:
    """A size as a number and the powers of other sizes."""
    number: int = 1
    powers: dict[Node, int] = {}
    rest: list[Size] = [size]
    while rest:
        factor = rest.pop()
        if isinstance(factor, int):
            number *= factor
        elif factor.op is CONST:
            number *= int(factor.value)
        elif factor.op is OPS["mul"]:
            rest += factor.args
        else:
            powers[factor] = powers.get(factor, 0) + 1
    return number, powers


#: Whether a size is known not to be negative; sizes share so many parts that each must be asked once.
_signs: WeakKeyDictionary[Node, bool] = WeakKeyDictionary()


def never_negative(node: Node) -> bool:
    """Whether an int64 0-d node is known not to be negative: a size, or a sum, product, ... of such."""
    stack = [node]
    while stack:
        last = stack[-1]
        inside = last.args if last.op.name in _KEEP_SIGN else ()
        unknown = [arg for arg in inside if arg not in _signs]
        if unknown:
            stack += unknown
            continue
        _signs[last] = _never_negative(last)
        stack.pop()
    return _signs[node]


_KEEP_SIGN = ("add", "mul", "minimum", "floordiv", "maximum")


def _never_negative(node: Node) -> bool:
    """As never_negative, where the operands are known."""
    if node.op is CONST:
        return int(node.value) >= 0
    if node.op.name not in _KEEP_SIGN:
        return node.op in (DIM, NAMED_DIM)
    return (any if node.op.name == "maximum" else all)(_signs[arg] for arg in node.args)
