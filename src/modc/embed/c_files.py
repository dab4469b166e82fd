"""The files of an export that a program compiles: NAME.h, NAME.c, and NAME.bin where there is one.

Input: a `Model`. Output: names and texts. Neighbours: `project` writes them at the top; wrappers that must
stand alone (a crate, an Arduino library) carry their own copies.
"""

from __future__ import annotations

from modc.embed.blob import blob
from modc.embed.c_header import header
from modc.embed.c_source import source
from modc.embed.model import Model


def c_files(model: Model) -> dict[str, str | bytes]:
    """NAME.h, NAME.c and, with `Options.blob`, NAME.bin."""
    name = model.name
    files: dict[str, str | bytes] = {}
    if model.options.single:
        files[f"{name}.h"] = source(model)
        files[f"{name}.c"] = f'/* {name}.c: {name}.h has everything. */\n#define {model.upper}_IMPLEMENTATION\n#include "{name}.h"\n'
    else:
        files[f"{name}.h"] = header(model)
        files[f"{name}.c"] = source(model)
    if model.options.blob:
        files[f"{name}.bin"] = blob(model)
    return files
