"""Random programs and arguments for them, from a seed."""

from __future__ import annotations

import random

import numpy as np
from rule_examples import array, broadcast, op, ranges, reshape

from modc.graph import DTYPES, Node, Program, const
from modc.graph.node import Size

HOSTILE = (0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, 1e-310, 3e150)
BOUNDED = ("tanh", "sin", "sigmoid")


class Maker:
    """Grows a pool of float64 nodes of the shapes (), (n), (n, 3) and (3, n), a few integers and conditions."""

    def __init__(self, seed: int, composites: bool) -> None:
        self.rng = random.Random(seed)
        self.composites = composites
        self.scalar, self.vector = array(name="s"), array("n", name="v")
        self.matrix, self.positions = array("n", 3, name="x"), array("n", kind="int64", name="i")
        self.inputs = [self.scalar, self.vector, self.matrix, self.positions]
        self.pool: list[Node] = [
            self.scalar,
            self.vector,
            self.matrix,
            const(1.0),
            const(-0.0),
            const(2.0),
        ]

    def pick(self, ndim: int | None = None) -> Node:
        found = [node for node in self.pool if ndim is None or node.ndim == ndim]
        return self.rng.choice(found[-12:])

    def pair(self) -> tuple[Node, Node]:
        """Two nodes whose shapes broadcast."""
        first = self.pick()
        found = [node for node in self.pool if _fits(node.shape, first.shape)]
        return first, self.rng.choice(found[-12:])

    def grow(self) -> Node:
        steps = [
            self.binary,
            self.binary,
            self.unary,
            self.constant,
            self.choice,
            self.view,
            self.reduction,
            self.part,
        ]
        if self.composites:
            steps += [self.function, self.composite]
        node: Node = self.rng.choice(steps)()
        self.pool.append(node)
        return node

    def binary(self) -> Node:
        return op(self.rng.choice(("add", "sub", "mul", "div", "maximum", "minimum")), *self.pair())

    def unary(self) -> Node:
        return op(self.rng.choice(("neg", "neg", "abs", "sqrt", "floor")), self.pick())

    def constant(self) -> Node:
        name, value = (
            self.rng.choice(("add", "sub", "mul", "div")),
            self.rng.choice((1.0, -1.0, 0.0, 2.0, 0.25, 3.0)),
        )
        return op(name, *self.rng.sample((self.pick(), value), 2))

    def choice(self) -> Node:
        a, b = self.pair()
        test = op(self.rng.choice(("lt", "ge", "gt", "eq")), a, b)
        test = op("invert", test) if self.rng.random() < 0.5 else test
        return op("where", test, a, self.rng.choice((a, b)))

    def view(self) -> Node:
        node = self.pick()
        if node.ndim == 0:
            return op("dimshuffle", broadcast(node, *self.vector.shape), pattern=(0,))
        if node.ndim == 1:
            reverse = ranges(node, (1,), 0, node.shape[0])
            return self.rng.choice(
                (reverse, op("dimshuffle", node, pattern=(0, -1)), reshape(node, node.shape[0], 1))
            )
        if node.shape[1] == 1:
            return reshape(node, node.shape[0])
        flipped = op("dimshuffle", node, pattern=(1, 0))
        return self.rng.choice((flipped, ranges(node, (1, 1), 0, node.shape[0], 0, node.shape[1])))

    def reduction(self) -> Node:
        node = self.pick()
        if not node.ndim:
            return op("neg", node)
        axis = self.rng.randrange(node.ndim)
        return op(
            self.rng.choice(("max", "min", "sum") if self.composites else ("max", "min")),
            node,
            axes=(axis,),
        )

    def part(self) -> Node:
        zeros = broadcast(const(0.0), *self.matrix.shape)
        rows = op("iota", self.vector.shape[0])
        places = op("mod", self.positions, 3)
        part = op("scatter", zeros, self.pick(0), rows, places, axes=(0, 1), at=0, mode="add")
        picked = op("gather", self.matrix, rows, places, axes=(0, 1), at=0)
        return self.rng.choice((picked, op("add", self.matrix, part)))

    def function(self) -> Node:
        inner = self.pick()
        tame = op(self.rng.choice(BOUNDED), inner)
        return self.rng.choice(
            (
                op("log", op("add", 1.5, tame)),
                op("exp", tame),
                op("sub", op("exp", tame), 1.0),
                op("pow", tame, 2.0),
                op("div", 1.0, op("add", 1.0, op("exp", op("neg", tame)))),
                op("log", op("sigmoid", tame)),
            )
        )

    def composite(self) -> Node:
        node = op("tanh", self.pick())
        if not node.ndim:
            return node
        axes = (self.rng.randrange(node.ndim),)
        name = self.rng.choice(("mean", "logsumexp", "softmax", "log_softmax"))
        found = op(name, node, axes=axes)
        return op("log", found) if name == "softmax" else found


def _fits(a: tuple[Size, ...], b: tuple[Size, ...]) -> bool:
    pairs = zip(reversed(a), reversed(b), strict=False)
    return all(one is two or one == two or 1 in (one, two) for one, two in pairs)


def random_program(seed: int, composites: bool) -> tuple[Program, list[np.ndarray]]:
    """A program of some forty nodes, and arguments: hostile values unless it has composites."""
    maker = Maker(seed, composites)
    for _ in range(40):
        maker.grow()
    outputs = maker.pool[-4:]
    rng = np.random.default_rng(seed)
    given = []
    for leaf in maker.inputs:
        shape = tuple(5 if dim == "n" else dim for dim in leaf.dims)
        if leaf.dtype is DTYPES["int64"]:
            given.append(rng.integers(0, 100, shape))
            continue
        values = rng.normal(size=shape)
        if not composites:
            values = np.where(rng.random(shape) < 0.4, rng.choice(HOSTILE, shape), values)
        given.append(np.asarray(values))
    names = [str(leaf.name) for leaf in maker.inputs]
    return Program(f"random {seed}", maker.inputs, names, [], [], outputs, []), given
