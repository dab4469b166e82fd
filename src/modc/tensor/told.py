"""Errors of functions and methods of the language show the call as the user wrote it, its parts and the line.

Input: functions, and a class with its methods. Output: the same ones, whose exceptions get lines of context where they
have none. Neighbours: `modc.tensor` applies it; `modc.graph.blame` does it for single ops.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

from modc.errors import user_frame
from modc.graph.show import infix, type_text
from modc.tensor.arguments import Expression

_PACKAGE = __file__.removesuffix("tensor/told.py")
_WIDEST = 60
#: What is told about.
KINDS = (TypeError, ValueError, IndexError, ArithmeticError, NotImplementedError)


def told(name: str, function: Callable[..., Any], method: bool = False, home: str = "modc.tensor") -> Any:
    """The function, which tells where its exceptions come from; `home` is where pickle finds it."""

    def called(*args: Any, **options: Any) -> Any:
        try:
            return function(*args, **options)
        except KINDS as error:
            if _is_outermost():
                tell(error, lambda: _call(name, args, options, method), (*args, *options.values()))
            raise

    called.__wrapped__ = function  # type: ignore[attr-defined]  # as functools.wraps, which costs more at import
    called.__name__, called.__doc__, called.__annotations__ = name, function.__doc__, function.__annotations__
    called.__module__, called.__qualname__ = home, name
    return called


def install(*languages: tuple[Any, Iterable[str]]) -> None:
    """Make functions of namespaces tell, those with the names given. What is one function under two names stays so."""
    made: dict[int, Any] = {}
    for language, names in languages:
        for name in names:
            function = language.get(name)
            if hasattr(function, "__code__") and not hasattr(function, "__self__"):
                if id(function) not in made:
                    own = function.__name__ if language.get(function.__name__) is function else name
                    made[id(function)] = told(own, function, home=language["__name__"])
                language[name] = made[id(function)]


def install_methods(kind: type, names: str) -> None:
    """Make methods tell."""
    for name in names.split():
        own = getattr(kind, name)
        method = told(name, own, True)
        method.__module__, method.__qualname__ = own.__module__, own.__qualname__
        setattr(kind, name, method)


def _is_outermost() -> bool:
    """Whether the caller of `called` is the user, or NumPy for the user."""
    code = sys._getframe(1).f_code
    frame = sys._getframe(1).f_back
    while frame is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        if frame.f_code is code:
            return False
        frame = frame.f_back
    return True


def tell(error: Exception, where: Callable[[], str], values: Iterable[Any]) -> None:
    """Give an exception lines with the expression, its parts and the user's line, instead of those of what it is made of."""
    text = error.args[0] if len(error.args) == 1 else None
    text = text.partition("\n  in ")[0] if isinstance(text, str) else "\n"
    if "\n" in text:
        return
    parts = dict.fromkeys(one for value in values for one in _expressions(value))
    listed = ", ".join(f"{infix(part, _WIDEST)}: {type_text(part)}" for part in parts)
    frame = user_frame()
    lines = [f"  in {where()}", f"  with {listed}" if listed else "", f"  at {frame[0]}:{frame[1]}" if frame else ""]
    error.args = ("\n".join([text, *filter(None, lines)]),)


def _call(name: str, args: tuple[Any, ...], options: dict[str, Any], method: bool) -> str:
    given = [*map(_text, args), *(f"{key}={_text(value)}" for key, value in options.items())]
    return f"{given[0]}.{name}({', '.join(given[1:])})" if method else f"{name}({', '.join(given)})"


def indexed(value: Any, items: Any) -> str:
    """x[items] as the user wrote it."""
    many = items if isinstance(items, tuple) else (items,)
    return f"{_text(value)}[{', '.join(map(_item, many))}]"


def _item(item: Any) -> str:
    if item is Ellipsis:
        return "..."
    if not isinstance(item, slice):
        return _text(item)
    start, stop, step = ("" if bound is None else _text(bound) for bound in (item.start, item.stop, item.step))
    return f"{start}:{stop}{':' * bool(step)}{step}"


def _text(value: Any) -> str:
    if isinstance(value, Expression):
        return infix(value.node, _WIDEST)
    if isinstance(value, (list, tuple)) and any(_expressions(value)):
        inner = ", ".join(map(_text, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' * (len(value) == 1)})"
    text = getattr(value, "__name__", None) if callable(value) else None
    text = text or " ".join(repr(value).split())
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 3]}..."


def _expressions(value: Any) -> list[Any]:
    """Nodes of the Variables in an argument that are no constants."""
    if isinstance(value, Expression):
        return [value.node] if value.node.op.name != "const" else []
    if isinstance(value, slice):
        value = (value.start, value.stop, value.step)
    return [one for part in value for one in _expressions(part)] if isinstance(value, (list, tuple)) else []
