"""Flash and RAM of an export on microcontrollers: the sections of an object that is compiled for them.

Input: a `Model` and the name of a target, or the bytes of an ELF object. Output: `Sizes`. Neighbours: `cross`
compiles; `arduino` and the command print it.

Formula: flash is what is loaded and not zero (code, constants, first values of variables), RAM what is written
(variables, zero or not). An export has no variables at file scope: its RAM is that of its states and the stack.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from modc.build import toolchain
from modc.embed.cross import library_of, target
from modc.embed.model import Model
from modc.errors import ExportError

#: The processors of most boards: without a floating-point unit, with one for float32, and with one for float64.
BOARDS = ("cortex-m0plus", "cortex-m4", "cortex-m7")

_PROGBITS, _NOBITS, _SYMBOLS = 1, 8, 2
_WRITE, _ALLOC = 1, 2


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of an object: in flash, and in RAM; `calls`: functions that it expects elsewhere."""

    flash: int
    ram: int
    calls: tuple[str, ...]


def measure(model: Model, name: str) -> Sizes:
    """The sizes of an export for a target of `modc export --target` whose objects are ELF.

    Raises ExportError for an unknown target, and where there is no ziglang.
    """
    return sizes_of(library_of(model, target(name))[0])


def report(model: Model) -> tuple[str, ...]:
    """Lines for people: flash and RAM on the boards; one line that says what is missing where nothing can be measured."""
    if toolchain.find_zig() is None:
        return ("flash and RAM of boards: not measured, as ziglang is not there (pip install modc[zig])",)
    lines = []
    for name in BOARDS:
        found = measure(model, name)
        calls = f"; calls {', '.join(found.calls)}" if found.calls else ""
        static = f", and {found.ram} static" if found.ram else ""
        lines.append(f"{name}: {found.flash} bytes of flash at -O2, {model.state_bytes} of RAM per instance{static}{calls}")
    return tuple(lines)


def sizes_of(data: bytes) -> Sizes:
    """The sizes of an ELF object, of 32 or 64 bits. Raises ExportError for anything else."""
    if data[:4] != b"\x7fELF" or len(data) < 52:
        raise ExportError("this is no ELF object", "choose a target whose objects are: cortex-m4, aarch64-linux ...")
    wide, order = data[4] == 2, "<" if data[5] == 1 else ">"
    start, = struct.unpack_from(order + ("Q" if wide else "I"), data, 40 if wide else 32)
    width, count = struct.unpack_from(order + "HH", data, 58 if wide else 46)
    row = order + ("IIQQQQIIQQ" if wide else "IIIIIIIIII")
    sections = [struct.unpack_from(row, data, start + at * width) for at in range(count)]
    flash = ram = 0
    calls: list[str] = []
    for _, kind, flags, _, offset, size, link, *_ in sections:
        if kind == _SYMBOLS:
            names = sections[link]
            calls += _undefined(data, order, wide, (offset, size), names[4])
        if flags & _ALLOC and kind == _PROGBITS:
            flash += size
        if flags & _ALLOC and flags & _WRITE and kind in (_PROGBITS, _NOBITS):
            ram += size
    return Sizes(flash, ram, tuple(sorted(calls)))


def _undefined(data: bytes, order: str, wide: bool, table: tuple[int, int], names: int) -> list[str]:
    """Names of the symbols that are in no section."""
    row = order + ("IBBHQQ" if wide else "IIIBBH")
    width, found = struct.calcsize(row), []
    for at in range(table[0], table[0] + table[1], width):
        fields = struct.unpack_from(row, data, at)
        if fields[3 if wide else 5] == 0 and fields[0]:
            start = names + fields[0]
            found.append(data[start : data.index(b"\0", start)].decode("ascii", "replace"))
    return found
