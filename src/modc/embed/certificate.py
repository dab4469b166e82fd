"""What an export promises about itself: memory, work, and which member each function touches.

Input: a `Model`. Output: lines for the comment at the top of NAME.h, and its macros.
Neighbours: `c_header`.
"""

from __future__ import annotations

from collections.abc import Iterator

from modc.embed.model import Model


def certificate(model: Model) -> Iterator[str]:
    """The lines of the certificate."""
    yield f"RAM        {model.state_bytes} bytes: sizeof({model.name}_state), of which {model.work_bytes} are scratch"
    for function in model.functions:
        yield f"{function.key}: reads {', '.join(function.reads) or '-'}; writes {', '.join(function.writes) or '-'}"


def macros(model: Model) -> Iterator[tuple[str, str, str]]:
    """(name, value, remark) of the macros with sizes."""
    upper = model.upper
    yield f"{upper}_STATE_BYTES", str(model.state_bytes), f"sizeof({model.name}_state)"
    yield f"{upper}_WORK_BYTES", str(model.work_bytes), "scratch within it"
    for one in (*model.members, *model.constants):
        if not one.is_number:
            yield f"{upper}_{one.name.upper()}_COUNT", str(one.count), "elements"
    for function in model.functions:
        for array in (*function.inputs, *function.outputs):
            if not array.is_number:
                what = "elements at most" if any(array.open) else "elements"
                yield f"{upper}_{function.name.upper()}_{array.name.upper()}_COUNT", str(array.count), what
