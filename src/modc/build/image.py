"""Shared objects as bytes: do they look right, and which flags make them, system by system.

Input: what a compiler wrote. Output: one reason why it is no kernel, or nothing. dlopen trusts its
file, and objects for another CPU are never given to it, so their form is checked here.
Neighbours: miss and ahead.
"""

from __future__ import annotations

import os
import struct
import sys

#: System and machine of an object, as (kind, machine): kind is "elf", "mach-o" or "pe".
System = tuple[str, str]

_ELF_MACHINES = {"x86_64": 62, "aarch64": 183, "riscv64": 243}
_MACHO_CPUS = {"x86_64": 0x01000007, "aarch64": 0x0100000C}
_PE_MACHINES = {"x86_64": 0x8664, "aarch64": 0xAA64}


def _here() -> System:
    """The kind of object that this process loads; machine "" where modc does not know its number."""
    machine = os.uname().machine.lower() if hasattr(os, "uname") else "x86_64"
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    kinds = {"linux": "elf", "darwin": "mach-o", "win32": "pe"}
    wide = sys.maxsize > 2**32
    return kinds.get(sys.platform, ""), machine if wide and machine in _ELF_MACHINES else ""


HERE = _here()


def flags(system: System) -> list[str]:
    """Flags beside -shared."""
    kind, _ = system
    if kind == "pe":
        return []
    if kind == "mach-o":
        return ["-fPIC", "-undefined", "dynamic_lookup"]  # Python's symbols come from the process
    return ["-fPIC"]


def plain_flags(system: System) -> list[str]:
    """Flags for an object without symbols, in which nothing tells where it was made."""
    return ["-g0", "-Wl,-install_name,modc_kernel"] if system[0] == "mach-o" else ["-s"]


def libraries(system: System) -> list[str]:
    """Libraries that kernels are linked to."""
    return [] if system[0] == "pe" else ["-lm"]


def malformed(data: bytes, system: System) -> str:
    """Why bytes are no shared object of this system; empty when they look right.

    dlopen trusts its file: segments that lie beyond the end would end the process.
    """
    kind, machine = system
    if not data:
        return "the file is empty"
    if kind == "elf":
        return _malformed_elf(data, machine)
    if kind == "mach-o":
        return _malformed_macho(data, machine)
    if kind == "pe":
        return _malformed_pe(data, machine)
    return ""


def _malformed_elf(data: bytes, machine: str) -> str:
    if len(data) < 64 or data[:4] != b"\x7fELF":
        return "the file is no ELF object"
    wide = data[4] == 2
    order = "<" if data[5] == 1 else ">"
    layout = order + ("HHIQQQIHHHHHH" if wide else "HHIIIIIHHHHHH")
    head = struct.unpack_from(layout, data, 16)
    kind, table, size, count = head[0], head[4], head[8], head[9]
    if kind != 3:
        return "the ELF object is not a shared one"
    if machine and head[1] != _ELF_MACHINES[machine]:
        return f"the ELF object is for another machine than {machine}"
    if count == 0 or table + size * count > len(data):
        return "the ELF object is cut off"
    for index in range(count):
        at = table + size * index
        segment = struct.unpack_from(order + ("IIQQQQ" if wide else "IIIIII"), data, at)
        offset, bytes_ = (segment[2], segment[5]) if wide else (segment[1], segment[4])
        if segment[0] == 1 and offset + bytes_ > len(data):
            return "the ELF object is cut off"
    return ""


def _malformed_macho(data: bytes, machine: str) -> str:
    if len(data) < 32 or data[:4] not in (b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"):
        return "the file is no Mach-O object"
    if data[:4] == b"\xca\xfe\xba\xbe":
        return ""  # for several machines at once: the loader picks
    cpu, _, kind = struct.unpack_from("<III", data, 4)
    if kind not in (6, 8):  # MH_DYLIB, MH_BUNDLE
        return "the Mach-O object is not a shared one"
    if machine and cpu != _MACHO_CPUS.get(machine, cpu):
        return f"the Mach-O object is for another machine than {machine}"
    return ""


def _malformed_pe(data: bytes, machine: str) -> str:
    if len(data) < 64 or data[:2] != b"MZ":
        return "the file is no PE object"
    (at,) = struct.unpack_from("<I", data, 60)
    if at + 24 > len(data) or data[at : at + 4] != b"PE\0\0":
        return "the file is no PE object"
    cpu, *_, traits = struct.unpack_from("<HHIIIHH", data, at + 4)
    if not traits & 0x2000:
        return "the PE object is not a shared one"
    if machine and cpu != _PE_MACHINES.get(machine, cpu):
        return f"the PE object is for another machine than {machine}"
    return ""
