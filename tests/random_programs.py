"""Random Programs for the scheduler: integer-valued data, so that the order of a sum cannot hide an error."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import numpy as np

from modc.graph import OPS, Leaf, Node, Program, Size, apply, const, dtype, leaf, size_node
from modc.graph.dtype import FLOAT64, INT64, DType
from modc.graph.node import size_text
from modc.graph.sizes import size_add, size_product, size_sub


class Named:
    """Stands in for a user's Variable."""

    def __init__(self, name: str) -> None:
        self.name = name


def op(name: str, *args: Any, **params: Any) -> Node:
    return apply(OPS[name], *args, **params)


def variable(name: str, row: DType, dims: tuple[Any, ...]) -> Leaf:
    return leaf(row, dims, Named(name))


def tame(node: Node) -> Node:
    """Keep values small, so that sums and products stay exact."""
    if node.dtype.kind == "b":
        return op("cast", node, dtype=FLOAT64)
    if node.dtype is not FLOAT64:
        node = op("cast", node, dtype=FLOAT64)
    return op("minimum", op("maximum", node, -20.0), 20.0)


class Maker:
    """One random Program. seed fixes it.

    fixed: the names whose sizes are known when the graph is built; wild: some positions are out of range.
    """

    def __init__(self, seed: int, fixed: str, sizes: Mapping[str, int], wild: bool = False) -> None:
        self.random = random.Random(seed)
        self.fixed, self.sizes, self.wild = fixed, dict(sizes), wild
        self.leaves: list[Leaf] = []
        self.inputs: list[Leaf] = []
        self.members: list[Leaf] = []
        self.pool: list[Node] = []
        self.positions: list[Node] = []

    def dims(self, names: tuple[str, ...]) -> tuple[Any, ...]:
        return tuple(self.sizes[name] if name in self.fixed else name for name in names)

    def make(self, steps: int = 14) -> Program:
        shapes = [(), ("n",), ("m",), ("n", "m"), ("n", "n"), ("m", "n"), ("k",), ("a", "n"), ("a", "n", "b"), ("n", "b")]
        for number in range(self.random.randint(1, 3)):
            self.inputs.append(variable(f"x{number}", FLOAT64, self.dims(self.random.choice(shapes))))
        for number in range(self.random.randint(1, 4)):
            self.members.append(variable(f"s{number}", FLOAT64, self.dims(self.random.choice(shapes))))
        index = variable("at", INT64, self.dims(("k",)))
        self.inputs.append(index)
        self.positions.append(index)
        self.pool += [*self.inputs[:-1], *self.members]
        for _ in range(steps):
            self.step()
        return self.finish(index)

    def finish(self, index: Leaf) -> Program:
        updates = []
        for number, member in enumerate(self.members):
            node = self.update(member)
            if node is not None:
                updates.append((number, node))
                if self.random.random() < 0.3:
                    self.pool.append(node)
        outputs = self.random.sample(self.pool, min(len(self.pool), self.random.randint(0, 3)))
        inputs = [x.name or "" for x in self.inputs]
        return Program("Random.step", self.inputs, inputs, self.members, [m.name or "" for m in self.members], outputs, updates)

    def update(self, member: Leaf) -> Node | None:
        same = [node for node in self.pool if node.shape == member.shape]
        choice = self.random.random()
        if member.ndim and 0.55 <= choice < 0.7 and self.short(member):
            return member
        product = self.product(member)
        if product is not None and choice < 0.6:
            return product
        if choice < 0.15:
            return None
        if choice < 0.55 or not member.ndim:
            return self.random.choice(same)
        if choice < 0.7:
            return self.stencil(member)
        if choice < 0.85:
            return self.scatter(member, self.random.choice(["set", "add"]))
        return tame(op("add", member, self.random.choice(same)))

    def product(self, member: Leaf) -> Node | None:
        """A step along a matrix product, such as gradients make."""
        if member.ndim != 2:
            return None
        pairs = [
            op("dot", a, op("dimshuffle", b, pattern=(1, 0)) if turn else b)
            for a in self.pool[-8:] for b in self.pool[-8:] for turn in (False, True)
            if a.ndim == b.ndim == 2 and a.shape[1] == b.shape[1 if turn else 0]
        ]
        same = [pair for pair in pairs if pair.shape == member.shape]
        if not same:
            return None
        step = op("mul", self.random.choice(same), self.random.choice([2.0, tame(op("sum", member, axes=(0, 1)))]))
        return op("sub", op("mul", member, 3.0), step) if self.random.random() < 0.7 else op("neg", step)

    def step(self) -> None:
        kinds = ["map"] * 6 + ["reduce"] * 2 + ["view"] * 3 + ["dot", "stencil", "gather", "scatter", "join", "position"]
        kinds += ["gather", "scatter"] * 3 if self.wild else []
        node = getattr(self, self.random.choice(kinds) + "_node")()
        if node is not None:
            self.pool.append(node)

    # families

    def any(self) -> Node:
        return self.random.choice(self.pool)

    def partner(self, node: Node) -> Node:
        """Another node that broadcasts with `node`."""
        rest = [other for other in self.pool if other.shape == node.shape or other.ndim == 0]
        if node.ndim == 2:
            rest += [other for other in self.pool if other.shape == node.shape[1:]]
            columns = [other for other in self.pool if other.shape == node.shape[:1]]
            rest += [op("dimshuffle", other, pattern=(0, -1)) for other in columns]
        return self.random.choice(rest)

    def map_node(self) -> Node | None:
        a = self.any()
        name = self.random.choice(["add", "sub", "mul", "maximum", "where", "floordiv", "div", "narrow"])
        if name == "narrow":
            row = dtype(self.random.choice(["int8", "int16", "int32", "float32", "bool", "uint8"]))
            pair = [op("cast", op("abs", node), dtype=row) for node in (a, self.partner(a))]
            return tame(op(self.random.choice(["add", "mul", "maximum"]), *pair))
        if name == "where":
            return op("where", op("lt", a, self.partner(a)), a, self.partner(a))
        if name in ("div", "floordiv"):  # never by zero: the sign of a zero is free in maximum
            return op("floor", op(name, a, op("add", op("abs", self.partner(a)), 1.0)))
        return tame(op(name, a, self.partner(a)))

    def reduce_node(self) -> Node | None:
        a = self.any()
        if not a.ndim:
            return None
        axes = tuple(axis for axis in range(a.ndim) if self.random.random() < 0.5) or (a.ndim - 1,)
        if self.random.random() < 0.3:
            a = op("cast", a, dtype=dtype(self.random.choice(["int32", "float32", "int8"])))
        return tame(op(self.random.choice(["sum", "max", "min", "sum"]), a, axes=axes))

    def view_node(self) -> Node | None:
        a = self.any()
        if not a.ndim:
            return None
        kind = self.random.choice(["transpose", "flip", "shift", "reshape", "element"])
        if kind == "transpose":
            return op("dimshuffle", a, pattern=tuple(self.random.sample(range(a.ndim), a.ndim)))
        if kind == "flip":
            return self.flip(a)
        if kind == "reshape":
            return op("reshape", a, size_node(size_product(a.shape)))
        small = self.short(a)
        if kind == "shift" and small:
            return self.flip(a)
        if kind == "element" and not small:
            bounds: list[Node] = [const(1)]
            for size in a.shape[1:]:
                bounds += [const(0), size_node(size)]
            return op("slice", a, *bounds, spec=(0, *[1] * (a.ndim - 1)))
        return self.shifted(a) if not small else None

    def flip(self, a: Node) -> Node:
        bounds: list[Node] = [size_node(size_sub(a.shape[0], 1)), size_node(a.shape[0])]
        for size in a.shape[1:]:
            bounds += [const(0), size_node(size)]
        return op("slice", a, *bounds, spec=(-1, *[1] * (a.ndim - 1)))

    def shifted(self, a: Node) -> Node:
        """A window of the first axis, as long as another one of the same array."""
        start = self.random.randint(0, 2)
        bounds: list[Node] = [const(start), size_node(size_sub(a.shape[0], 2))]
        for size in a.shape[1:]:
            bounds += [const(0), size_node(size)]
        return op("slice", a, *bounds, spec=(1,) * a.ndim)

    def dot_node(self) -> Node | None:
        pairs = [
            (a, b)
            for a in self.pool[-12:] for b in self.pool[-12:]
            if a.ndim in (1, 2) and b.ndim in (1, 2) and a.shape[-1] == b.shape[0]
        ]
        return tame(op("dot", *self.random.choice(pairs))) if pairs else None

    def window(self, a: Node, value: Node | None, mode: str) -> Node:
        bounds: list[Node] = [const(1), size_node(size_sub(a.shape[0], 2))]
        for size in a.shape[1:]:
            bounds += [const(0), size_node(size)]
        if value is None:
            return op("slice", a, *bounds, spec=(1,) * a.ndim)
        return op("update_slice", a, value, *bounds, spec=(1,) * a.ndim, mode=mode)

    def stencil(self, a: Node) -> Node:
        pieces = [self.shifted(a), self.shifted(a), self.window(a, None, "")]
        value = tame(op("add", op("sub", pieces[0], pieces[1]), pieces[2]))
        return self.window(a, value, self.random.choice(["set", "add"]))

    def short(self, a: Node) -> bool:
        """Whether a stencil finds no inner element, as far as that is known."""
        size = a.shape[0]
        return (size if isinstance(size, int) else self.sizes.get(size_text(size), 1)) < 3

    def stencil_node(self) -> Node | None:
        a = self.any()
        return tame(self.stencil(a)) if a.ndim and not self.short(a) else None

    def gather_node(self) -> Node | None:
        a = self.any()
        if a.ndim not in (1, 2):
            return None
        return op("gather", a, self.position(a.shape[0]), axes=(0,), at=0)

    def position(self, size: Size) -> Node:
        """Positions below `size`, some of them negative."""
        raw = self.random.choice(self.positions)
        if self.wild and self.random.random() < 0.8:
            return op("floordiv", raw, 4)
        return op("sub", op("mod", raw, size_node(size)), op("floordiv", size_node(size), 2))

    def scatter(self, a: Node, mode: str) -> Node:
        at = self.position(a.shape[0])
        shape = at.shape + a.shape[1:]
        values = [node for node in self.pool if node.shape == shape] or [const(1.0)]
        values.append(op("gather", a, at, axes=(0,), at=0))
        return tame(op("scatter", a, self.random.choice(values), at, axes=(0,), at=0, mode=mode))

    def scatter_node(self) -> Node | None:
        a = self.any()
        return self.scatter(a, self.random.choice(["set", "add"])) if a.ndim else None

    def join_node(self) -> Node | None:
        a = self.any()
        if not a.ndim:
            return None
        if self.random.random() < 0.3:
            return op("cast", op("iota", size_node(size_add(a.shape[0], 1))), dtype=FLOAT64)
        same = [node for node in self.pool if node.shape[1:] == a.shape[1:] and node.ndim == a.ndim]
        return op("concat", a, self.random.choice(same), axis=0)

    def position_node(self) -> Node | None:
        a = self.any()
        if a.ndim != 2:
            return None
        self.positions.append(op(self.random.choice(["argmax", "argmin"]), a, axis=self.random.randint(0, 1)))
        return op("cast", self.positions[-1], dtype=FLOAT64)


def data(program: Program, seed: int, sizes: Mapping[str, int]) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Arrays for inputs and members."""
    rng = np.random.default_rng(seed)

    def array(x: Leaf) -> np.ndarray:
        shape = tuple(dim if isinstance(dim, int) else sizes[str(dim)] for dim in x.dims)
        low, high = (-30, 30) if x.dtype is INT64 else (-4, 5)
        return rng.integers(low, high, shape).astype(x.dtype.numpy)

    return [array(x) for x in program.inputs], [array(x) for x in program.members]


def random_case(seed: int, wild: bool = False) -> tuple[Program, list[np.ndarray], list[np.ndarray]]:
    """A Program and data for it; small and large sizes, known and unknown ones."""
    choice = random.Random(seed)
    sizes = {
        "n": choice.choice([3, 4, 5, 6, 33, 64, 70]),
        "m": choice.choice([3, 4, 7, 10, 32, 35]),
        "k": choice.choice([3, 6, 64, 65]),
        "a": choice.choice([1, 2, 3]),
        "b": choice.choice([1, 2, 5]),
    }
    program = Maker(seed, choice.choice(["", "", "mk", "mb", "ab", "nmkab"]), sizes, wild).make()
    return program, *data(program, seed, sizes)
