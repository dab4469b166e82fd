"""The Programs behind what a target named, and the requests to make their kernels.

Input: Components, instances, compiled Methods. Output: (Program, mode) pairs, and Requests for
`build`. Nothing is compiled here: Methods are made in mode numpy and asked for their graphs.
Neighbours: `targets` above it in the flow, `warm` below; wheels and exports take the Programs too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from modc import config
from modc.ahead.targets import inside, is_method
from modc.build import Request, source_digest
from modc.graph import Program
from modc.module.component import Component
from modc.pipeline import Executable, kernel_source, mode_named
from modc.runtime.instance import Instance


def programs_of(
    found: Any, mode: Any = None, names: Sequence[str] = ()
) -> list[tuple[Program, str]]:
    """Each Method's Program with the mode that it would run in: "c", "numpy" or "check".

    found   a Component, an instance, a compiled Method, or a list, tuple or dict of these
    mode    the mode of Methods that have none of their own, as in `make`; None: MODC_MODE
    names   path of a part, for example ["layers", "0", "step"]: the rest is left out

    A Method has one Program for each of its kernels, see `kernels_of`. Raises what `make` raises,
    and TargetError (usage) for a path that leads nowhere.
    """
    return [
        (program, wanted)
        for method, wanted in methods_of(found, mode, names)
        for program in kernels_of(method.program, wanted)
    ]


def kernels_of(program: Program, mode: str) -> list[Program]:
    """The Programs that are compiled for a Method in a mode.

    Its own one; where sizes depend on data, those of its pieces, in sequence. In mode check each is
    followed by the one that has every value as an output.
    """
    if mode == "numpy":
        return [program]
    return [one.program for one in Executable(program, mode).kernels()]


def methods_of(found: Any, mode: Any = None, names: Sequence[str] = ()) -> list[tuple[Any, str]]:
    """Each compiled Method with the mode that it would run in; see `programs_of`."""
    mode_named(mode)
    with config.using(MODC_RUNTIME="numpy"):
        ready = _ready(found, mode)
    methods = _methods(inside(ready, list(names)) if names else ready)
    asked = [(method, method.asked_mode) for method in methods]
    return [(method, mode_named(mode if own is None else own)) for method, own in asked]


def _ready(found: Any, mode: Any) -> Any:
    """The same with every Component made, its members empty."""
    if isinstance(found, (list, tuple)):
        return [_ready(one, mode) for one in found]
    if isinstance(found, dict):
        return {str(key): _ready(one, mode) for key, one in found.items()}
    return found.make_no_init() if isinstance(found, Component) else found


def _methods(found: Any) -> Iterable[Any]:
    """Every compiled Method, once each, in the order of compilation."""
    seen: dict[int, Any] = {}
    _collect(found, seen)
    return seen.values()


def _collect(found: Any, seen: dict[int, Any]) -> None:
    if isinstance(found, (list, dict)):
        for one in found.values() if isinstance(found, dict) else found:
            _collect(one, seen)
    elif is_method(found):
        seen.setdefault(id(found.program), found)
    elif isinstance(found, Instance):
        made = found._modc_made
        compiled = getattr(made, "compiled", None)  # an instance of a package's kernels has no Programs
        if compiled is not None and made.instances and made.instances[0]() is found:
            parts: list[Any] = [reference() for reference in compiled]
        else:
            parts = [part for _, inst in found.walk() for _, part in inst._modc_parts()]
        for part in parts:
            if is_method(part):
                seen.setdefault(id(part.program), part)


def requests_of(programs: Iterable[Program]) -> list[Request]:
    """What `modc.build.make_all` takes, one Request for each distinct kernel.

    The `source` of a Request raises `modc.schedule.Unschedulable` for a Method that has no kernel.
    """
    digest = source_digest()
    found: dict[str, Request] = {}
    for program in programs:
        one = Executable(program, "c")
        key = one.keyed(digest)
        found.setdefault(key, Request(program.name, key, kernel_source(one, digest)))
    return list(found.values())
