"""The schedule tree as text, for `modc show --stage schedule` and the goldens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modc.graph.node import Size, size_text
from modc.schedule.loops import Buffer, Local, Temp
from modc.schedule.place import Body, Nest
from modc.schedule.storage import Storage
from modc.schedule.terms import Statement, Value

if TYPE_CHECKING:
    from modc.schedule.statements import Builder

MODES = {"plain": "", "rows": "  [64 rows at a time]", "tiles": "  [in tiles]"}


def tree_text(root: Body, storage: Storage, builder: Builder) -> str:
    """One line a loop or statement; `->` where a value lives, `over` the loops that a reduction runs over."""
    lines: list[str] = []
    for item in root.items:
        _item(item, storage, builder, 0, lines)
    return "\n".join(lines) + "\n"


def _item(item: Nest | Statement, storage: Storage, builder: Builder, depth: int, lines: list[str]) -> None:
    pad = "  " * depth
    if isinstance(item, Nest):
        trails = f"  [trails by {item.lag}]" if item.lag else MODES[item.mode]
        lines.append(f"{pad}for {_size(item.extent, builder)}:{trails}")
        for inner in item.items:
            _item(inner, storage, builder, depth + 1, lines)
    elif item not in storage.dropped:
        lines.append(pad + _statement(item, storage, builder))


def _size(size: Size, builder: Builder) -> str:
    return str(size) if isinstance(size, int) else builder.sizes.var(size).name


def _statement(statement: Statement, storage: Storage, builder: Builder) -> str:
    name = statement.node.op.name
    if statement.kind == "check":
        return "check positions" if statement.target is not None else "check a condition"
    if statement.kind in ("commit", "output"):
        how = " add" if statement.combine is not None else ""
        return f"{statement.kind} {statement.target.name}{how}"
    over = ", ".join(_size(axis.extent, builder) for axis in statement.reduced)
    text = f"{statement.kind if statement.kind in ('call', 'scatter') else ''} {name}".strip()
    text += f" over [{over}]" if over else ""
    if statement.value is None:
        return text
    return f"{text} -> {_home(statement.value, storage, builder)}"


def _home(value: Value, storage: Storage, builder: Builder) -> str:
    sizes = ", ".join(_size(value.shape[axis], builder) for axis in value.axes_kept[1 if value.ring else 0 :])
    if value.ring:
        return f"ring[{value.ring}, {sizes}]"
    if isinstance(value.home, Temp):
        return f"temp[{sizes}]"
    if isinstance(value.home, Local) and value in storage.tiled:
        return f"tile[{sizes}{', ' if sizes else ''}64]"
    if isinstance(value.home, Local):
        return f"row[{sizes}]"
    return value.home.name if isinstance(value.home, Buffer) else "local"


__all__ = ["size_text", "tree_text"]
