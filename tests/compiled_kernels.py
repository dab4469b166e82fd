"""Compile emitted text and call it through the ABI alone, with ctypes."""

from __future__ import annotations

import ctypes
import itertools
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from modc.schedule.interpret import Failed
from modc.schedule.loops import Kernel

STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Wdouble-promotion", "-Werror"]
OPTIMISE = ["-O2", "-ftree-vectorize", "-fno-tree-slp-vectorize", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=off"]
C99, CXX17 = ["-x", "c", "-std=c99"], ["-x", "c++", "-std=c++17"]

#: Every compiler of this machine that the text must suit, with its language.
COMPILERS = [
    (program, language)
    for program, language in [("gcc", C99), ("clang", C99), ("g++", CXX17), ("clang++", CXX17)]
    if shutil.which(program)
]

#: The first and the last of them: C by one maker, C++ by another.
EXTREMES = COMPILERS[:: max(len(COMPILERS) - 1, 1)]


def refuses(program: str, flags: Sequence[str], text: str) -> str:
    """What the compiler says against `text`, under the strict flags; empty for nothing."""
    command = [program, *flags, *STRICT, *OPTIMISE, "-c", "-o", os.devnull, "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False).stderr


_count = itertools.count()


class Fail(ctypes.Structure):
    _fields_ = [("site", ctypes.c_int32), ("axis", ctypes.c_int32), ("got", ctypes.c_int64), ("want", ctypes.c_int64)]


class Call(ctypes.Structure):
    _fields_ = [
        ("buf", ctypes.POINTER(ctypes.c_void_p)), ("dim", ctypes.POINTER(ctypes.c_int64)), ("arena", ctypes.c_void_p),
        ("arena_bytes", ctypes.c_int64), ("work", ctypes.c_int64), ("env", ctypes.c_void_p), ("fail", Fail),
    ]  # fmt: skip


FN = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.POINTER(Call))


class Arg(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_char_p), ("kind", ctypes.c_uint8), ("dtype", ctypes.c_uint8), ("ndim", ctypes.c_uint8),
        ("flags", ctypes.c_uint8), ("dim", ctypes.c_int32), ("size", ctypes.POINTER(ctypes.c_int64)),
    ]  # fmt: skip


class Entry(ctypes.Structure):
    _fields_ = [
        *((name, ctypes.c_int32) for name in ["abi", "bytes", "n_in", "n_member", "n_out", "n_next", "n_dim", "n_site"]),
        ("name", ctypes.c_char_p), ("key", ctypes.c_char_p), ("arg", ctypes.POINTER(Arg)), ("plan", ctypes.c_void_p),
        ("run", ctypes.c_void_p), ("work", ctypes.c_int64), ("arena_bytes", ctypes.c_int64),
    ]  # fmt: skip


def build(text: str, directory: Path, name: str = "kernel", flags: Sequence[str] = ()) -> Entry:
    """Compile as a shared library, as modc does, and give its descriptor."""
    once = f"{name}{next(_count)}"  # a loader gives the old library for a name that it knows
    source, library = directory / f"{once}.c", directory / f"{once}.so"
    source.write_text(text)
    command = ["cc", "-std=c99", "-fPIC", "-shared", "-fvisibility=hidden", *OPTIMISE, *flags]
    subprocess.run([*command, str(source), "-o", str(library), "-lm"], check=True)
    return Entry.in_dll(ctypes.CDLL(str(library)), "modc_entry")


def run(entry: Entry, kernel: Kernel, inputs: Sequence[Any], members: Sequence[Any]) -> tuple[list[Any], Mapping[int, Any]]:
    """As interpret.run, by the compiled kernel."""
    held = [np.array(array, order="C") for array in (*inputs, *members)]
    dim = (ctypes.c_int64 * max(kernel.slots, 1))()
    for buffer, array in zip(kernel.buffers, held, strict=False):
        dim[buffer.dim : buffer.dim + buffer.ndim] = array.shape
    pointers = (ctypes.c_void_p * max(len(kernel.buffers), 1))(*(array.ctypes.data for array in held))
    call = Call(pointers, dim, None, entry.arena_bytes, entry.work)
    if entry.plan:
        _ask(entry.plan, call)
    for buffer in kernel.buffers[len(held) :]:
        sizes = dim[buffer.dim : buffer.dim + buffer.ndim] if entry.plan else buffer.size
        held.append(np.full(prod(sizes), 7, buffer.dtype.numpy).reshape(sizes))
        pointers[buffer.position] = held[-1].ctypes.data
    arena = np.full(call.arena_bytes + 64, 0xA5, np.uint8)
    call.arena = arena.ctypes.data + -arena.ctypes.data % 64
    before = [array.copy() for array in held]
    try:
        _ask(entry.run, call)
    except Failed:
        for buffer, now, old in zip(kernel.buffers, held, before, strict=True):
            assert buffer.kind != "member" or now.tobytes() == old.tobytes(), f"{buffer.name} changed"
        raise
    return _results(kernel, held, len(inputs))


def _ask(function: int, call: Call) -> None:
    if FN(function)(ctypes.byref(call)):
        raise Failed(call.fail.site, call.fail.axis, call.fail.got, call.fail.want)


def _results(kernel: Kernel, held: list[Any], first: int) -> tuple[list[Any], Mapping[int, Any]]:
    nexts = iter([buffer.position for buffer in kernel.buffers if buffer.kind == "next"])
    news: dict[int, Any] = {}
    for buffer in kernel.buffers:
        if buffer.kind == "member" and (buffer.written or buffer.reshaped):
            news[buffer.position - first] = held[next(nexts) if buffer.reshaped else buffer.position]
    return [held[buffer.position] for buffer in kernel.buffers if buffer.kind == "output"], news
