"""What lives as long as any part of one made graph: storage, lock, and how to make it again.

Input: cells and frozen structure from `memo`. Output: values to save and restore. Neighbours:
`instance` and `compiled` hold on to it (it holds instances weakly, so that dropping the last one
frees the memory at once); `persist` pickles it.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from typing import Any

from modc.graph import Leaf, Node
from modc.module.plan import Plan
from modc.runtime import Cell, Lock
from modc.runtime.state import kept
from modc.tensor.variable import Variable


class Made:
    """One made graph.

    cells       (variable, cell) for every root Variable and Constant with storage of this graph
    private     cells of private input states, in order of Methods and inputs
    foreign     cells of shared variables in the graph
    children    (key, component) pairs of every Composite, as they were at `make`
    plans       Methods as they were at `make`
    compiled    weak references, one per Method, in order of compilation
    instances   weak references, in order of building
    given       arguments of `make`, for `reset`
    """

    __slots__ = (
        "__weakref__", "cells", "children", "compiled", "foreign", "given", "instances", "lock", "mode", "places",
        "plans", "private", "root",
    )  # fmt: skip

    def __init__(self, mode: Any = None) -> None:
        self.mode = mode
        self.lock = Lock()
        self.root: Any = None
        self.cells: list[tuple[Variable, Cell]] = []
        self.private: list[tuple[Cell, Any]] = []  # with the value that it starts from
        self.foreign: list[Cell] = []
        self.children: dict[Any, list[tuple[Any, Any]]] = {}
        self.plans: dict[Any, Plan] = {}
        self.places: dict[Any, int] = {}
        self.compiled: list[weakref.ref[Any]] = []
        self.instances: list[weakref.ref[Any]] = []
        self.given: tuple[tuple[Any, ...], dict[str, Any]] | None = None

    def new_cell(self, name: str, node: Node, constant: bool) -> Cell:
        """Storage for a Variable of this graph."""
        sizes = None if constant else fixed_sizes(node)
        return Cell(name, node.dtype.name, node.ndim, sizes, readonly=constant, lock=self.lock)

    def new_private(self, name: str, node: Node, value: Any) -> Cell:
        """Storage for the private state of an input, starting from `value`."""
        cell = Cell(name, node.dtype.name, node.ndim, fixed_sizes(node), lock=self.lock)
        self.private.append((cell, value))
        if value is not None:
            cell.set(value)
        return cell

    def own_cells(self) -> list[Cell]:
        """Every cell of this graph whose value can change, members first."""
        members = [cell for _, cell in self.cells if not cell.readonly]
        return members + [cell for cell, _ in self.private]

    def all_cells(self) -> list[Cell]:
        """The same and the shared variables that its Methods use."""
        found = dict.fromkeys([*self.own_cells(), *self.foreign])
        for reference in self.compiled:
            compiled = reference()
            if compiled is not None:
                found.update(dict.fromkeys(cell for cell in compiled.spec.cells if not cell.readonly))
        return list(found)

    # -- initialisation

    def begin(self, result: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Pass 3: declared initial values, then `result.initialize(*args, **kwargs)`."""
        self.given = (kept(args), kept(kwargs))
        self._initialize(result, args, kwargs)

    def _initialize(self, result: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        for variable, cell in self.cells:
            init = variable.init
            if init is not None and not cell.readonly:
                cell.set(init() if callable(init) else init)
        if hasattr(result, "initialize"):
            result.initialize(*args, **kwargs)
        elif isinstance(result, Cell) and len(args) == 1 and not kwargs:
            result.set(args[0])
        elif args or kwargs:
            raise TypeError(f"{self.root}: there is nothing to initialize with the arguments of make")

    def reset(self) -> None:
        """Everything as `make` left it: private states, declared values, arguments of `make`."""
        root = self.instances[0]() if self.instances else None
        if root is None:
            raise ValueError("the instance that make returned is gone: keep it to reset this part of it")
        for _, cell in self.cells:
            if not cell.readonly:
                cell.clear()
        for cell, value in self.private:
            cell.set(value)
        if self.given is not None:
            args, kwargs = self.given
            self._initialize(root, kept(args), kept(kwargs))

    # -- parts, for pickles

    def part(self, kind: str, index: int) -> Any:
        """The instance or callable with a number of its own in this graph."""
        if kind == "method":
            compiled = self.compiled[index]()
            assert compiled is not None, "whoever asks holds the callable"
            return compiled.bind()
        return self.instances[index]()

    def living(self) -> Iterator[tuple[int, Any]]:
        """(number, instance) of the instances that still exist."""
        for index, reference in enumerate(self.instances):
            inst = reference()
            if inst is not None:
                yield index, inst


def fixed_sizes(node: Node) -> tuple[int | None, ...]:
    """Declared sizes per axis, None where the call decides."""
    sizes = node.dims if isinstance(node, Leaf) else node.static_shape
    return tuple(size if isinstance(size, int) else None for size in sizes)
