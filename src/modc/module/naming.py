"""Names that Variables and Components take from the attributes they are assigned to.

Input: a value and the name of its place. Output: `value.name`, set where it had none. Neighbours:
`module` calls it at assignment, and again at `make` for lists that grew since.
"""

from __future__ import annotations

from typing import Any

from modc.module.component import Component
from modc.tensor.variable import Variable

_DEEPEST = 200  # nesting beyond this is left unnamed; make() refuses it long before


def name_join(*parts: Any) -> str:
    """Parts of a dotted path, empty ones left out: ``name_join('a', '', 'b') == 'a.b'``."""
    return ".".join(str(part) for part in parts if part is not None and part != "")


def name_value(value: Any, name: str, depth: int = 0) -> None:
    """Give `name` to a Variable or Component without one; elements of containers get `name.key`.

    A Variable that is used in several places keeps its first name.
    """
    if isinstance(value, Variable):
        if value.name is None:
            value.name = name
    elif isinstance(value, Component):
        if not value.name:
            value._modc_rename(name)
    elif isinstance(value, (list, tuple, dict)) and depth < _DEEPEST:
        for key, item in items_of(value):
            name_value(item, name_join(name, key), depth + 1)


def rename_children(parent: Any, children: Any, old: str, new: str, done: set[int]) -> None:
    """Let names that were made from the parent's old name follow its new one."""
    done.add(id(parent))
    for key, child in children:
        if isinstance(child, Component):
            if id(child) not in done and child.name == name_join(old, key):
                before = child.name
                object.__setattr__(child, "_modc_name", name_join(new, key))
                rename_children(child, child._modc_named(), before, child.name, done)
        elif isinstance(child, (list, tuple, dict)) and id(child) not in done:
            rename_children(child, items_of(child), name_join(old, key), name_join(new, key), done)


def items_of(container: Any) -> list[tuple[Any, Any]]:
    """(key, element) pairs of a list, tuple or dict, as they are now."""
    return list(container.items()) if isinstance(container, dict) else list(enumerate(container))
