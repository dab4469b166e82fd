"""Component: what a Module is made of, and the three passes that make it real.

Input: a graph of Components. Output: what the root's `build` returns, initialised. Neighbours:
`memo` carries storage and results through the passes; `member`, `method`, `containers` and `module`
are the Components that modc has; users may write others.

    allocate(memo)      storage for every Variable: memo[variable] = cell
    build(mode, memo)   the run-time object, or None for "nothing"
    initialize(...)     called on the object of the root alone
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from modc.errors import user_frame
from modc.module.memo import Memo


class Component:
    """Base of everything that can stand in a Module.

    Subclasses define `allocate` and `build`. State that modc keeps is made by `__new__`, so that a
    subclass may leave out ``super().__init__()``.
    """

    __slots__ = ("__dict__", "__weakref__", "_modc_name", "_modc_place")

    _modc_name: str
    _modc_place: tuple[str, int] | None

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """A new object with the state that modc keeps on it."""
        self = object.__new__(cls)
        object.__setattr__(self, "_modc_name", "")
        object.__setattr__(self, "_modc_place", user_frame())
        return self

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "__eq__" in vars(cls) and cls.__hash__ is None:
            cls.__hash__ = object.__hash__  # a make knows components by identity

    @property
    def name(self) -> str:
        """Dotted name, '' before it has one. Assign a str to choose it."""
        return self._modc_name

    @name.setter
    def name(self, name: str | None) -> None:
        if name is not None and not isinstance(name, str):
            raise TypeError(f"the name of a {type(self).__name__} is a str, not {name!r}: "
                            "'name' cannot be used for an attribute of another kind")  # fmt: skip
        self._modc_rename(name or "")

    def _modc_rename(self, name: str) -> None:
        """Take a name. Composites pass it on to what they named themselves."""
        object.__setattr__(self, "_modc_name", name)

    def _modc_named(self) -> Iterable[tuple[Any, Any]]:
        """(key, value) of the parts that are named after this component."""
        return ()

    def allocate(self, memo: Memo) -> None:
        """Pass 1: put storage for Variables into `memo`."""
        raise NotImplementedError(f"{type(self).__name__}.allocate")

    def build(self, mode: Any, memo: Memo) -> Any:
        """Pass 2: the run-time object, or None for nothing. Called once per place: ask `memo` first."""
        raise NotImplementedError(f"{type(self).__name__}.build")

    def make_no_init(self, mode: Any = None) -> Any:
        """Passes 1 and 2: the run-time object with every member None.

        Raises AllocationError, TypeError, ValueError (ShapeError, ModeError), CompileError, each
        naming the Method.
        """
        return Memo(mode).make(self)

    def make(self, /, *args: Any, mode: Any = None, **kwargs: Any) -> Any:
        """The run-time object, initialised with the arguments.

        `mode` is the mode of Methods that have none: "c", "numpy", "check", or a name that Theano
        used. Raises what `make_no_init` does, and what the object's `initialize` raises.
        """
        memo = Memo(mode)
        result = memo.make(self)
        memo.made.begin(result, args, kwargs)
        return result

    def pretty(self, **options: Any) -> str:
        """A description of several lines."""
        raise NotImplementedError(f"{type(self).__name__}.pretty")

    def __str__(self) -> str:
        return type(self).__name__

    def __getstate__(self) -> Any:
        """Attributes and name; not the line where it was made, which is a path of this machine."""
        return dict(self.__dict__), {"_modc_name": self._modc_name, "_modc_place": None}


class Composite(Component):
    """A Component that consists of others. Subclasses define the four methods below and `build`."""

    __slots__ = ()

    def components(self) -> list[Any]:
        """The components, in order."""
        raise NotImplementedError(f"{type(self).__name__}.components")

    def components_map(self) -> list[tuple[Any, Any]]:
        """(key, component) pairs, in order."""
        raise NotImplementedError(f"{type(self).__name__}.components_map")

    def get(self, item: Any) -> Any:
        """What stands at `item`: a Variable for a Member or External, else the component."""
        raise NotImplementedError(f"{type(self).__name__}.get")

    def set(self, item: Any, value: Any) -> None:
        """Put `value` at `item`."""
        raise NotImplementedError(f"{type(self).__name__}.set")

    def _modc_children(self, memo: Memo) -> list[tuple[Any, Any]]:
        """(key, component) pairs as this make sees them."""
        return self.components_map()

    def allocate(self, memo: Memo) -> None:
        """Pass 1; see `Component`."""
        if memo.enter(self):
            for key, child in memo.children(self):
                memo.allocate(key, child)
