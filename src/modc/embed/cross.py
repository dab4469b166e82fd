"""Libraries for other machines, compiled here.

Input: a `Model` and names of targets. Output: `lib/TARGET/` with an object and a static library each. Neighbours:
`zig` runs the compiler; `modc.build.cross` knows the CPUs that kernels are compiled for; `wasm` wraps wasm32-wasi.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from modc.build import cross as platforms
from modc.build import target as levels
from modc.embed.c_files import c_files
from modc.embed.model import Model
from modc.embed.selftest import selftest
from modc.embed.zig import FLAGS, library, zig
from modc.errors import ExportError, ModeError


@dataclass(frozen=True, slots=True)
class Target:
    """A machine to compile for.

    name     folder under lib/
    triple   what zig calls it; runs: the one that programs are linked for, "" where there is no system to run them
    flags    of the processor
    windows  names of files as there
    bare     without an operating system: headers come from zig's musl, functions from the firmware's C library
    """

    name: str
    triple: str
    runs: str = ""
    flags: tuple[str, ...] = ()
    windows: bool = False
    bare: bool = False

    def files(self, name: str) -> tuple[str, str]:
        """Names of the object and the library."""
        return (f"{name}.obj", f"{name}.lib") if self.windows else (f"{name}.o", f"lib{name}.a")


# For bare ARM cores +vfp4d16sp and +fp_armv8d16 turn the FPU on, which -mcpu alone does not; the Cortex-M0+ has none.
# Without them -mcpu gives calls of __aeabi_fadd. Enums are as small as arm-none-eabi-gcc has them. Without -fhosted,
# fabsf and fmaf would be calls, since a target without a system may give these names another meaning.
_ARM = (
    "-fhosted", "-fshort-enums", "-ffunction-sections", "-fdata-sections", "-fno-unwind-tables", "-fno-asynchronous-unwind-tables",
)  # fmt: skip

_ROWS = (
    Target("aarch64-linux", "aarch64-linux-gnu.2.17", "aarch64-linux-musl"),
    Target("x86_64-linux", "x86_64-linux-gnu.2.17", "x86_64-linux-musl"),
    Target("x86_64-windows", "x86_64-windows-gnu", "x86_64-windows-gnu", windows=True),
    Target("aarch64-macos", "aarch64-macos", "aarch64-macos"),
    Target("x86_64-macos", "x86_64-macos", "x86_64-macos"),
    Target("wasm32-wasi", "wasm32-wasi", "wasm32-wasi"),
    Target("cortex-m0plus", "thumb-freestanding-eabi", flags=("-mcpu=cortex_m0plus", *_ARM), bare=True),
    Target("cortex-m4", "thumb-freestanding-eabihf", flags=("-mcpu=cortex_m4+vfp4d16sp", *_ARM), bare=True),
    Target("cortex-m7", "thumb-freestanding-eabihf", flags=("-mcpu=cortex_m7+fp_armv8d16", *_ARM), bare=True),
)

TARGETS = {row.name: row for row in _ROWS}


def target(name: str) -> Target:
    """The target of a name: a row of TARGETS, or one that `modc warm --target` knows (v3, aarch64, ...).

    Raises ExportError, which lists the names, for another one.
    """
    wanted = name.strip().lower()
    if wanted in TARGETS:
        return TARGETS[wanted]
    try:
        found = platforms.platform(wanted)
    except ModeError:
        found = None
    if found is None or not found.triple:
        known = ", ".join([*TARGETS, *(row for row in platforms.PLATFORMS if row not in TARGETS)])
        error = ExportError(f"unknown target {name!r}", f"choose one of {known}")
        error.exit_code = 2
        raise error
    same = next((row for row in _ROWS if row.triple == found.triple and found.level.startswith("aarch64")), None)
    if same is not None:
        return replace(same, name=found.level)
    flags = levels.march_flags(found.level)[-1] if found.level.startswith("x86-64") else ()
    runs = "x86_64-linux-musl" if found.level.startswith("x86-64") else found.triple.replace("-gnu.2.27", "-musl")
    return Target(found.level, found.triple, runs, flags, windows=found.system[0] == "pe")


def cross(model: Model, targets: Iterable[str]) -> dict[str, bytes]:
    """An object and a static library of the export for each target, by path under the export.

    wasm32-wasi gives `lib/wasm32-wasi/NAME_selftest.wasm` as well, for wasmtime and its like, and what the wrapper "wasm"
    writes. Raises ExportError for an unknown target, for a missing ziglang, and when it fails.
    """
    files: dict[str, bytes] = {}
    for row in dict.fromkeys(target(name) for name in targets):
        folder = f"lib/{row.name}"
        made = library_of(model, row)
        files |= {f"{folder}/{name}": data for name, data in zip(row.files(model.name), made, strict=True)}
        if row.name == "wasm32-wasi":
            from modc.embed import wasm  # with its templates, for this target alone

            files[f"{folder}/{model.name}_selftest.wasm"] = selftest_program(model, row.name)
            files |= {name: text if isinstance(text, bytes) else text.encode("utf-8") for name, text in wasm.files(model).items()}
    return files


def library_of(model: Model, row: Target) -> list[bytes]:
    """The object and the static library of an export."""
    name = model.name
    made, kept = row.files(name)
    compile_ = ["cc", "-target", row.triple, *FLAGS, *row.flags, *_headers(row), "-c", f"{name}.c", "-o", made]
    form = "darwin" if "macos" in row.triple else "gnu"
    return zig(row.name, c_files(model), [compile_, ["ar", f"--format={form}", "rcsD", kept, made]], [made, kept])


def selftest_program(model: Model, name: str) -> bytes:
    """The self-test as a program for a target with an operating system; for Linux it needs no library there.

    Raises ExportError for a target without one.
    """
    row = target(name)
    if not row.runs:
        raise ExportError(f"{row.name} has no system that runs programs", "link the library into your firmware")
    own, made = model.name, f"{model.name}_selftest.{'wasm' if 'wasm' in row.triple else 'exe'}"
    files = {**c_files(model), f"{own}_selftest.c": selftest(model)}
    static = ["-static"] if "musl" in row.runs else []
    link = ["cc", "-target", row.runs, *FLAGS, *row.flags, *static, f"{own}_selftest.c", f"{own}.c", "-lm", "-o", made]
    return zig(row.name, files, [link], [made])[0]


def _headers(row: Target) -> list[str]:
    """Where a bare target finds <math.h> and <string.h>: musl's declare what every C library has."""
    if not row.bare:
        return []
    include = library(row.name) / "libc" / "include"
    return [text for folder in ("arm-linux-musl", "generic-musl") for text in ("-isystem", str(include / folder))]
