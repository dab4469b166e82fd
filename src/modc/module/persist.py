"""Pickling and copying made graphs: structure and values, never machine code or paths.

Input: a `Made`, met by `pickle` or `copy` on the way from an instance or a compiled Method. Output:
a flat description; on the way back the passes of `memo` run again on the frozen structure, and the
kernels come from the cache. Neighbours: importing this module registers it with `copyreg`.
"""

from __future__ import annotations

import copyreg
from typing import Any

from modc.module.made import Made
from modc.module.memo import Memo

VERSION = 1


class Rebuilt:
    """A made graph on its way back. Holds its instances until whoever asked for them has them."""

    def __init__(self, made: Made, result: Any, objects: list[Any]) -> None:
        self.made = made
        self.result = result
        self.objects = objects

    def part(self, kind: str, index: int) -> Any:
        """See `made.part`."""
        if kind == "method":
            return self.objects[index]
        return self.made.part(kind, index)

    def __setstate__(self, state: dict[str, Any]) -> None:
        made = self.made
        cells = made.own_cells()
        if len(state["values"]) != len(cells) or len(state["defaults"]) != len(self.objects):
            raise ValueError("the pickle does not fit its own Module: it is damaged")
        for cell, value in zip(cells, state["values"], strict=True):
            cell.set(value)
        for index, values in state["attributes"]:
            inst = made.instances[index]()
            if inst is not None:
                inst.__dict__.update(values)
        for function, values in zip(self.objects, state["defaults"], strict=True):
            for position, value in values.items():
                function.set_default(position, value)
        made.given = state["given"]


def rebuild(version: int, root: Any, mode: Any, children: Any, plans: Any) -> Rebuilt:
    """The made graph again, its members None.

    Raises ValueError for a version that this modc does not know, and what `make` raises.
    """
    if version != VERSION:
        raise ValueError(f"the pickle has version {version}, this modc reads version {VERSION}")
    made = Made(mode)
    made.children.update(children)
    made.plans.update(plans)
    memo = Memo(mode, made)
    result = memo.make(root)
    keep = [memo[method] for method in made.places]
    return Rebuilt(made, (result, dict(memo)), keep)


def _reduce(made: Made) -> tuple[Any, ...]:
    with made.lock:
        values = [cell.copy() for cell in made.own_cells()]
    living = list(made.living())
    methods = [reference() for reference in made.compiled]
    defaults = [{} if one is None else one.defaults() for one in methods]
    attributes = [(index, dict(vars(inst))) for index, inst in living if hasattr(inst, "__dict__")]
    state = {"values": values, "attributes": attributes, "defaults": defaults, "given": made.given}
    children = [(component, list(parts)) for component, parts in made.children.items()]
    return rebuild, (VERSION, made.root, made.mode, children, list(made.plans.items())), state


copyreg.pickle(Made, _reduce)
