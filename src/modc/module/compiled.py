"""What is known about a compiled Method, behind the callable.

Input: plan, Program and Executable. Output: the callable, and the attributes that `inst.method.x`
reaches. Neighbours: the runtime's callables ask it for `position`, `reduce` and unknown attributes.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from modc.errors import ModeError
from modc.module.lower import Lowered
from modc.module.made import Made
from modc.module.plan import Plan
from modc.pipeline import Executable, mode_named
from modc.runtime.compound import Packed
from modc.runtime.state import part
from modc.tensor.variable import Variable

if TYPE_CHECKING:
    from modc.compiler import Stages
    from modc.graph import Program


def _nobody() -> None:
    """Stands for a callable that was not bound yet."""


class Mode(str):
    """Name of the mode in effect; equals every name that means the same."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        try:
            return str.__eq__(self, mode_named(other)) if isinstance(other, str) else NotImplemented
        except ModeError:
            return False

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


class Maker:
    """`fn.maker`: how the callable was made."""

    __slots__ = ("mode", "name")

    def __init__(self, mode: str, name: str) -> None:
        self.mode = Mode(mode)
        self.name = name


class Compiled:
    """One Method of one made graph."""

    def __init__(self, component: Any, plan: Plan, lowered: Lowered, executable: Executable, made: Made) -> None:
        self.component = component
        self.name = plan.name
        self.variables: list[Variable] = lowered.variables
        self._plan = plan
        self.spec = lowered.spec
        self._executable = executable
        self._made = made
        self._index = len(made.compiled)
        self._side: Callable[[], Any] = _nobody

    def bind(self) -> Any:
        """A callable over the storage of the made graph."""
        found: Any = self._executable.bind(self.spec, self._made.lock, method=self)
        self._side = weakref.ref(found.side)
        packing = self._plan.packing
        return found if packing is None else Packed(found, packing)

    def defaults(self) -> dict[int, Any]:
        """Default arguments of the callable by position; private states are cells and not among them."""
        side = self._side()
        if side is None:
            return {}
        inputs = range(len(self.spec.inputs))
        found = {at: side.get_default(at) for at in inputs if self.spec.inputs[at].cell is None}
        return {at: value for at, value in found.items() if value is not None}

    @property
    def mode(self) -> Mode:
        """Name of the mode in effect."""
        return Mode(self._executable.mode)

    @property
    def asked_mode(self) -> str | None:
        """The mode that the Method or its `make` was given, None where MODC_MODE decides."""
        found: str | None = self._made.mode if self._plan.mode is None else self._plan.mode
        return found

    @property
    def maker(self) -> Maker:
        """Object with the mode in effect."""
        return Maker(self._executable.mode, self.name)

    @property
    def c_source(self) -> str:
        """The C text of the kernel."""
        return self._executable.c_source

    @property
    def graph(self) -> str:
        """The expression graph, before and after rewriting, as text."""
        return self._executable.graph

    @property
    def results(self) -> list[Variable]:
        """The Variables of the outputs, in order."""
        return [one.variable for one in self._plan.outputs]

    @property
    def program(self) -> Program:
        """What the compiler was given: inputs, members, outputs and updates as graph nodes."""
        return self._executable.program

    @property
    def files(self) -> tuple[str, ...]:
        """The user's files whose packages may have brought the kernel."""
        return self._executable.files

    @property
    def stages(self) -> Stages:
        """The Method at every stage of the compiler."""
        return self._executable.stages

    @property
    def kernels(self) -> list[Executable]:
        """The kernels of the Method, in sequence: mostly itself."""
        return [one for _, one in self._executable.pieces] or [self._executable]

    @property
    def key(self) -> str:
        """64 hex digits that name the kernel in the cache."""
        return self._executable.key

    @property
    def cache_hit(self) -> bool:
        """Whether the kernel came from the cache."""
        return self._executable.cache_hit

    @property
    def compile_time(self) -> float:
        """Seconds from graph to loaded kernel."""
        return self._executable.compile_time

    @property
    def path(self) -> str | None:
        """File of the kernel in the cache, None in mode numpy."""
        library = self._executable.library
        return None if library is None else library.path

    def __getattr__(self, name: str) -> Any:
        label = f"Method {self.name}" if "name" in vars(self) else "a Method"
        raise AttributeError(f"{label} has no attribute {name!r}")

    def pretty(self, **options: Any) -> str:
        """The optimised graph as text."""
        return self._executable.graph

    def position(self, key: Any) -> int | None:
        """Number of the input that has the Variable `key`; None when there is none."""
        key = getattr(key, "variable", key)
        return next((at for at, one in enumerate(self.variables) if one is key), None)

    def reduce(self) -> tuple[Any, ...]:
        """How to pickle the callable: with the whole graph that it belongs to."""
        return part, (self._made, "method", self._index)
