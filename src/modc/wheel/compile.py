"""Kernels for a package: Programs in, verified entries with notes that are the same everywhere out.

Input: Programs by fingerprint, platforms. Output: the bytes of an entry for each Program and CPU
level. Neighbours: `modc.build.make_all` compiles; manifest puts the entries into files.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from typing import Any

from modc.build import Request, Source, entry, make_all, shared_directory, source_digest
from modc.build.cross import Platform
from modc.compiler import compile_program, note_of
from modc.errors import CompileError, ModcError, NoCompiler
from modc.failure import texts
from modc.graph import Program
from modc.schedule import Unschedulable
from modc.wheel.problem import Problem
from modc.wheel.settings import TABLE


class Kernel:
    """One kernel for one CPU level: the bytes of its file, and those of the shared object in it."""

    __slots__ = ("data", "image", "key", "level", "name")

    def __init__(self, key: str, name: str, level: str, data: bytes, image: bytes):
        self.key = key
        self.name = name
        self.level = level
        self.data = data
        self.image = image


def compile_all(
    programs: dict[str, Program], platforms: list[Platform], folder: str, say: Callable[[str], None]
) -> list[Kernel]:
    """Every kernel for every platform; `folder` is for what is needed on the way.

    Raises Problem for a Method that has no kernel, and where there is no compiler or it fails.
    """
    requests = [_request(key, program) for key, program in programs.items()]
    os.makedirs(folder, exist_ok=True)
    kernels: list[Kernel] = []
    with tempfile.TemporaryDirectory(prefix="modc-", dir=folder) as place:
        directory = shared_directory(os.path.join(place, "kernels"))
        for platform in platforms:
            say(f"modc: {len(requests)} kernels for {platform.level}")
            try:
                made = make_all(requests, level=platform, directory=directory, plain=True)
            except NoCompiler as error:
                raise Problem(f"{TABLE}: {error}") from None
            except ModcError as error:
                raise Problem(f"{TABLE}: target {platform.level}: {error}") from None
            for one in made:
                if one.path is None:
                    raise Problem(f"{TABLE}: target {platform.level}: {one.error}")
                kernels.append(_kernel(one.path, one.request, platform.level))
    return kernels


def _request(key: str, program: Program) -> Request:
    """A Request whose C text is made now: it is the same for every level."""
    try:
        stages = compile_program(program)
    except Unschedulable as error:
        raise Problem(
            f"{TABLE}: {error}; {program.name} has no kernel\n"
            f"  hint: leave the Method out of the factory's Module, or make its sizes depend on shapes alone"
        ) from None
    note = note_of(stages)
    note["texts"] = texts(stages.rewritten, note["sites"])
    note["compiler"] = source_digest()
    source = Source(stages.c, note)
    return Request(program.name, key, lambda: source)


def _kernel(path: str, request: Request, level: str) -> Kernel:
    """The entry with a note in which nothing tells where and when it was made."""
    found = entry.read(path)
    if found is None:
        raise CompileError(f"{request.name}: its entry has gone while it was packaged")
    facts, text = entry.unpack_note(found.note)
    build: dict[str, Any] = facts["build"]
    version = str(build["version"]).partition("\n")[0]
    facts["build"] = {"name": request.name, "key": request.key, "level": level, "version": version}
    data = entry.pack(found.kind, found.key, found.tool, found.image, entry.pack_note(facts, text))
    return Kernel(request.key, request.name, level, data, found.image)
