"""Initial values in a file of their own: NAME.bin, and the C function that takes it.

Input: a `Model`. Output: the bytes, and C text. Neighbours: `c_source`.

    bytes 0-7    "modcblob"
    bytes 8-15   the first 8 bytes of SHA-256 over the layout (keys, dtypes, sizes)
    bytes 16-19  0x01020304 in the byte order of the numbers (little-endian)
    bytes 20-23  0
    bytes 24-    the sizes of open axes as int64, then the elements, member by member in the order of the struct
"""

from __future__ import annotations

import struct
from hashlib import sha256

import numpy as np

from modc.embed.model import Member, Model

MAGIC = b"modcblob"
ORDER = 0x01020304
HEAD = 24


def layout_digest(model: Model) -> bytes:
    """8 bytes that tell exports with other members apart."""
    rows = [f"{one.key!a} {one.dtype.name} {one.value.shape} {one.sizes}" for one in model.members]
    return sha256("\n".join(rows).encode("ascii")).digest()[:8]


def blob(model: Model) -> bytes:
    """The bytes of NAME.bin."""
    parts = [MAGIC, layout_digest(model), struct.pack("<II", ORDER, 0)]
    for one in model.members:
        parts += [struct.pack("<q", one.value.shape[axis]) for axis, name in enumerate(one.open) if name]
        parts.append(np.ascontiguousarray(one.value, one.dtype.numpy.newbyteorder("<")).tobytes())
    return b"".join(parts)


def blob_head(model: Model) -> str:
    """The constant that the first 16 bytes of the file must equal."""
    numbers = ", ".join(str(byte) for byte in MAGIC + layout_digest(model))
    return f"static const unsigned char {model.name}_blob_head[16] = {{\n    {numbers}\n}};\n"


def load_function(model: Model) -> str:
    """NAME_load: checks length, layout and byte order before it stores anything."""
    name, at = model.name, HEAD
    lines = [
        f"int {name}_load({name}_state *s, const void *blob, size_t bytes)", "{",
        "    const unsigned char *from = (const unsigned char *)blob;", "    uint32_t order = 0;",
        f"    if (bytes != {len(blob(model))}u || memcmp(from, {name}_blob_head, 16) != 0)", "        return 1;",
        "    memcpy(&order, from + 16, 4);", f"    if (order != {ORDER}u)", "        return 1;",
    ]  # fmt: skip
    lines += ["    (void)s;"] if not model.members else []
    for one in model.members:
        for size in filter(None, one.open):
            lines.append(f"    memcpy(&s->{size}, from + {at}, 8);")
            at += 8
        target = f"&s->{one.name}" if one.is_number else f"s->{one.name}"
        if _bytes(one):
            lines.append(f"    memcpy({target}, from + {at}, {_bytes(one)});")
        at += _bytes(one)
    return "\n".join([*lines, "    return 0;", "}", ""])


def _bytes(one: Member) -> int:
    return int(one.value.size) * one.dtype.bytes
