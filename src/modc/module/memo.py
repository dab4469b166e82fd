"""What one `make` knows while it runs: storage, results, names, and the Methods to compile.

Input: a root Component. Output: its run-time object, and `made`, which lives on with it. Neighbours:
`component` runs the passes; `plan` freezes Methods, `lower` turns them into Programs, `pipeline`
compiles all of them together.
"""

from __future__ import annotations

import sys
import weakref
from typing import Any

from modc.errors import AllocationError
from modc.graph import Leaf
from modc.module.compiled import Compiled
from modc.module.lower import lower
from modc.module.made import Made
from modc.module.plan import freeze
from modc.module.wrapping import DEEPEST, Wrapper
from modc.pipeline import compile_programs, mode_named
from modc.runtime import Cell
from modc.runtime.spec import short_name
from modc.tensor.variable import Constant, Variable


class Memo(dict[Any, Any]):
    """Variable -> cell, and Component -> what it became; both by identity.

    `made` outlives the passes, `copies` is the memo of `copy.deepcopy` for literals.
    """

    def __init__(self, mode: Any = None, made: Made | None = None) -> None:
        super().__init__()
        mode_named(mode)  # an unknown mode is refused even where no Method would use it
        kept = mode if mode is None or isinstance(mode, str) else mode_named(mode)
        self.made = Made(kept) if made is None else made
        self.wrapper = Wrapper()
        self.copies: dict[int, Any] = {}
        self._entered: set[Any] = set()
        self._path: list[tuple[Any, Any]] = []  # (key, component) from the root to where we are
        self._labels: dict[Any, tuple[str, str]] = {}
        self._pending: list[Any] = []

    def __setitem__(self, key: Any, value: Any) -> None:
        if isinstance(value, Cell) and isinstance(key, Variable) and key not in self:
            shared = getattr(key, "cell", None)
            if shared is None:
                self.made.cells.append((key, value))
            else:
                self.made.foreign.append(shared)
        super().__setitem__(key, value)

    def make(self, root: Any) -> Any:
        """Both passes over the graph of `root`; all its Methods are compiled between them."""
        self.made.root = root
        self._path = [("", root)]
        root.allocate(self)
        self._compile()
        return root.build(self.made.mode, self)

    # -- pass 1

    def enter(self, composite: Any) -> bool:
        """True the first time: its parts are to be allocated now."""
        if composite in self._entered:
            return False
        if len(self._path) > DEEPEST:
            raise ValueError(f"{self._join()[:200]}: Modules and containers are nested too deeply")
        self._entered.add(composite)
        self.copies[id(composite)] = composite  # a literal that refers to a Component keeps doing so
        self._labels.setdefault(composite, self._where_now())
        return True

    def children(self, composite: Any) -> list[tuple[Any, Any]]:
        """(key, component) pairs of a Composite, the same in both passes and in copies."""
        found = self.made.children.get(composite)
        if found is None:
            found = self.made.children[composite] = composite._modc_children(self)
        return found

    def allocate(self, key: Any, component: Any) -> None:
        """Allocate a part of the Composite that is being allocated."""
        self._path.append((key, component))
        try:
            self._labels.setdefault(component, self._where_now())
            component.allocate(self)
        finally:
            self._path.pop()

    def cell(self, variable: Variable) -> Cell:
        """The storage of a root Variable, a Constant or a shared variable; made when first asked for."""
        found: Cell | None = self.get(variable)
        if found is not None:
            return found
        found = getattr(variable, "cell", None)
        if found is None:
            node = variable.node
            constant = isinstance(variable, Constant)
            if not constant and not isinstance(node, Leaf):
                raise AllocationError(f"{variable} is an expression: it has no storage")
            name = self._join() or short_name(variable.name or "value")
            found = self.made.new_cell(name, node, constant)
            if constant:
                found.fill(node.value)
        self[variable] = found
        return found

    def storage(self, variable: Variable) -> Cell | None:
        """The cell of a Variable that a Method reads or writes, None when nothing gives it one."""
        found: Cell | None = self.get(variable)
        return getattr(variable, "cell", None) if found is None else found

    def literal(self, component: Any, array: Any) -> None:
        """A read-only cell for an array in a Module."""
        if component not in self:
            cell = Cell(self._join(), array.dtype.newbyteorder("="), array.ndim, readonly=True, lock=self.made.lock)
            cell.fill(array)
            self[component] = cell

    # -- Methods

    def pend(self, method: Any, mode: Any = None) -> None:
        """Compile a Method with the others of this make, under the name of its first place."""
        if method in self.made.places:
            return
        names = self._labels.get(method) or self._where_now()
        plan = self.made.plans.get(method)
        if plan is None:
            plan = self.made.plans[method] = freeze(method, *names, mode)
        self.made.places[method] = len(self.made.places)
        self._pending.append((method, plan))

    def method(self, method: Any, mode: Any = None) -> Any:
        """The callable of a Method."""
        if method not in self:
            self.pend(method, mode)
            self._compile()
        return self[method]

    def _compile(self) -> None:
        jobs, self._pending = self._pending, []
        lowered = [lower(plan, self) for _, plan in jobs]
        modes = [mode_named(plan.mode if plan.mode is not None else self.made.mode) for _, plan in jobs]
        programs = [one.program for one in lowered]
        files = [self._files(plan) for _, plan in jobs]
        executables = compile_programs(programs, modes, files, self._target) if jobs else []
        for (method, plan), one, executable in zip(jobs, lowered, executables, strict=True):
            compiled = Compiled(method, plan, one, executable, self.made)
            self.made.compiled.append(weakref.ref(compiled))
            self[method] = compiled.bind()

    def _target(self) -> str:
        """What `modc warm` would call the root of this make; "" where it has no name."""
        from modc.module.importable import importable  # for a message alone

        return importable(self.made.root)

    def _files(self, plan: Any) -> tuple[str, ...]:
        """Where a Method was written, its root was made, and the class of that was written.

        Kernels may have come with one of their packages.
        """
        root = self.made.root
        home = sys.modules.get(type(root).__module__)
        places = [plan.where, getattr(root, "_modc_place", None)]
        found = [place[0] for place in places if place is not None]
        if home is not None and not home.__name__.startswith("modc."):
            found.append(getattr(home, "__file__", None) or "")
        return tuple(dict.fromkeys(found))

    def optimised(self, method: Any) -> str:
        """The graph of a Method alone, before and after rewriting, as text."""
        plan = freeze(method, method.name or "Method", method.name or "Method")
        mode = mode_named(plan.mode if plan.mode is not None else self.made.mode)
        return compile_programs([lower(plan, _Free(self.made.mode)).program], [mode])[0].graph

    # -- instances

    def instance(self, component: Any, cls: type) -> Any:
        """A new instance for a Composite, known before its parts are built, so that cycles end."""
        inst: Any = object.__new__(cls)
        inst._modc_made, inst._modc_component, inst._parts = self.made, component, ()
        self[component] = inst
        self.made.instances.append(weakref.ref(inst))
        return inst

    # -- names

    def label(self, component: Any) -> str:
        """Full name of a component for messages: `Net.layers.0.step`."""
        return self._labels.get(component, self._where_now())[0]

    def _join(self) -> str:
        return ".".join(short_name(str(key)) for key, _ in self._path[1:])

    def _where_now(self) -> tuple[str, str]:
        """Full name, and the name from the nearest Module on, which equal layers share."""
        root = self._path[0][1] if self._path else None
        keys = [short_name(str(key)) for key, _ in self._path[1:]]
        scopes = [at for at, (_, one) in enumerate(self._path[:-1]) if getattr(one, "_modc_scope", False)]
        full = ".".join([root_name(root), *keys])
        if not scopes:
            return full, full
        at = scopes[-1]
        return full, ".".join([type(self._path[at][1]).__name__, *keys[at:]])


class _Free(Memo):
    """Gives storage to whatever is asked for: for looking at one Method alone."""

    def storage(self, variable: Variable) -> Cell | None:
        return self.cell(variable)


def root_name(root: Any) -> str:
    """What messages call the root of a made graph."""
    if root is None:
        return ""
    named = not hasattr(root, "components") and root.name
    return short_name(root.name) if named else type(root).__name__
