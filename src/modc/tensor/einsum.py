"""Einstein's summation: `einsum("bij,bjk->bik", x, y)`, of any number of operands, two at a time.

Takes and gives nodes. The order of the pairs is `numpy.einsum_path`'s, for the sizes as far as they are known. Each pair is
brought to one matrix product (of stacks, where a label stays that both have), or to a product element by element.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from modc.graph import OPS, Node, Size, apply, size_node
from modc.graph.build import shape_text
from modc.graph.sizes import size_product
from modc.tensor import products, shapes

UNKNOWN = 32  # what an unknown size counts as when the order is chosen
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def einsum(subscripts: str, operands: Sequence[Node]) -> Node:
    """The node. Raises ValueError for subscripts that do not fit, ShapeError for sizes that disagree."""
    terms, result = parsed(subscripts, operands)
    work = [_own(node, labels, terms, result) for node, labels in zip(operands, terms, strict=True)]
    for pair in _order(terms, result, operands):
        chosen = [work.pop(at) for at in sorted(pair, reverse=True)][::-1]
        rest = {label for _, labels in work for label in labels} | set(result)
        found = chosen[0]
        for other in chosen[1:]:
            found = _pair(found, other, rest)
        work.append(found)
    ((node, labels),) = work
    node, labels = _summed(node, labels, set(result))
    return shapes.dimshuffle(node, [labels.index(label) for label in result])


def lettered(given: Sequence[Any]) -> tuple[str, list[Any]]:
    """Subscripts and operands of NumPy's other form: operands with lists of numbers, the result's list last."""
    pairs = len(given) // 2
    operands, lists = [given[2 * at] for at in range(pairs)], [given[2 * at + 1] for at in range(pairs)]
    terms = ",".join(map(_letters, lists))
    return (f"{terms}->{_letters(given[-1])}" if len(given) % 2 else terms), operands


def _letters(numbers: Any) -> str:
    if any(at is not Ellipsis and not 0 <= at < len(LETTERS) for at in numbers):
        raise ValueError(f"einsum: labels are 0 to {len(LETTERS) - 1} and ..., not {list(numbers)!r}")
    return "".join("..." if at is Ellipsis else LETTERS[at] for at in numbers)


def parsed(subscripts: str, operands: Sequence[Node]) -> tuple[list[str], str]:
    """Labels of each operand and of the result, without dots or blanks. Raises ValueError."""
    text = subscripts.replace(" ", "")
    left, arrow, result = text.partition("->")
    terms = left.split(",")
    if len(terms) != len(operands):
        raise ValueError(f"einsum {subscripts!r} is of {len(terms)} operands, {len(operands)} were given")
    free = [letter for letter in LETTERS if letter not in text]
    wide = [node.ndim - len(term.replace("...", "")) for term, node in zip(terms, operands, strict=True)]
    for term, node, more in zip(terms, operands, wide, strict=True):
        if ("..." in term and more < 0) or ("..." not in term and more != 0):
            raise ValueError(f"einsum {subscripts!r}: {term!r} does not fit {shape_text(node)}")
    dots = max((more for term, more in zip(terms, wide, strict=True) if "..." in term), default=0)
    spare = "".join(free[:dots])
    terms = [term.replace("...", spare[dots - more :] if more else "") for term, more in zip(terms, wide, strict=True)]
    if arrow:
        result = result.replace("...", spare)
    else:
        counts = Counter("".join(terms))
        result = spare + "".join(sorted(label for label, count in counts.items() if count == 1 and label not in spare))
    labels = set("".join(terms))
    wrong = [label for label in result if label not in labels or result.count(label) > 1]
    if wrong or any(label not in LETTERS for label in labels):
        raise ValueError(f"einsum {subscripts!r}: the result cannot have {wrong or sorted(labels)}")
    return terms, result


def _order(terms: Sequence[str], result: str, operands: Sequence[Node]) -> list[tuple[int, ...]]:
    """Which operands to join, one after the other; joined ones go to the end."""
    if len(operands) < 3:
        return [tuple(range(len(operands)))] if len(operands) == 2 else []
    sizes: dict[str, int] = {}
    for term, node in zip(terms, operands, strict=True):
        for label, size in zip(term, node.shape, strict=True):
            sizes[label] = max(size if isinstance(size, int) else UNKNOWN, sizes.get(label, 1))
    arrays: list[Any] = [np.broadcast_to(0.0, [sizes[label] for label in term]) for term in terms]
    path, _ = np.einsum_path(f"{','.join(terms)}->{result}", *arrays, optimize="optimal" if len(terms) < 6 else "greedy")
    return [tuple(pair) for pair in path[1:]]


def _own(node: Node, labels: str, terms: Sequence[str], result: str) -> tuple[Node, str]:
    """An operand with the diagonal of labels that it has twice, and summed over those that nobody else has."""
    for label in dict.fromkeys(labels):
        while labels.count(label) > 1:
            node, labels = _diagonal(node, labels, label)
    counts = Counter(label for term in terms for label in set(term))
    return _summed(node, labels, {label for label in labels if counts[label] > 1} | set(result))


def _diagonal(node: Node, labels: str, label: str) -> tuple[Node, str]:
    first, second = (at for at, one in enumerate(labels) if one == label and labels[:at].count(label) < 2)
    node = shapes.specified(node, [node.shape[first] if at == second else None for at in range(node.ndim)], "shape")
    places = apply(OPS["iota"], size_node(node.shape[first]))
    found = apply(OPS["gather"], node, places, places, axes=(first, second), at=0)
    rest = [one for at, one in enumerate(labels) if at not in (first, second)]
    return found, label + "".join(rest)


def _summed(node: Node, labels: str, kept: set[str]) -> tuple[Node, str]:
    axes = tuple(at for at, label in enumerate(labels) if label not in kept)
    if not axes:
        return node, labels
    total = apply(OPS["sum"], node, axes=axes)
    return total, "".join(label for label in labels if label in kept)


def _pair(first: tuple[Node, str], second: tuple[Node, str], kept: set[str]) -> tuple[Node, str]:
    """Two operands as one; labels that nobody else has are summed over."""
    (a, left), (b, right) = first, second
    shared = [label for label in left if label in right]
    batch = [label for label in shared if label in kept]
    inner = [label for label in shared if label not in kept]
    rows, columns = ([label for label in labels if label not in shared] for labels in (left, right))
    sizes = _sizes(first, second)
    if not inner:
        labels = batch + rows + columns
        factors = [_spread(node, own, labels) for node, own in (first, second)]
        return apply(OPS["mul"], *factors), "".join(labels)
    flat = [size_product([sizes[label] for label in group]) for group in (batch, rows, inner, columns)]
    a = shapes.dimshuffle(_whole(a, left, sizes, shared), [left.index(label) for label in batch + rows + inner])
    b = shapes.dimshuffle(_whole(b, right, sizes, shared), [right.index(label) for label in batch + inner + columns])
    front = [flat[0]] if batch else []
    found = products.matmul(shapes.reshape(a, [*front, flat[1], flat[2]]), shapes.reshape(b, [*front, flat[2], flat[3]]))
    return shapes.reshape(found, [sizes[label] for label in batch + rows + columns]), "".join(batch + rows + columns)


def _sizes(*operands: tuple[Node, str]) -> dict[str, Size]:
    """The size of each label: one that is known to be 1 broadcasts."""
    found: dict[str, Size] = {}
    for node, labels in operands:
        for label, size in zip(labels, node.shape, strict=True):
            if label not in found or found[label] == 1 or (isinstance(size, int) and size != 1):
                found[label] = size
    return found


def _whole(node: Node, labels: str, sizes: dict[str, Size], shared: Sequence[str]) -> Node:
    """`node` with axes of size 1 repeated where the other operand has more."""
    want = [sizes[label] if label in shared and size == 1 else size for label, size in zip(labels, node.shape, strict=True)]
    return shapes.broadcast_to(node, want)


def _spread(node: Node, own: str, labels: Sequence[str]) -> Node:
    """`node` with its axes in the order of `labels`, of size 1 where it has not got one."""
    return shapes.dimshuffle(node, [own.index(label) if label in own else -1 for label in labels])
