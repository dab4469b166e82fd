"""Exports called from Python by ctypes, next to the same Methods in modc."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import numpy as np
from exported import execute
from tools import need

from modc.embed.c_header import is_pure
from modc.embed.golden import REFUSED
from modc.isolated import isolated
from modc.pipeline import compile_programs

NUMBERS = {
    "bool": ctypes.c_uint8, "int8": ctypes.c_int8, "int16": ctypes.c_int16, "int32": ctypes.c_int32, "int64": ctypes.c_int64,
    "uint8": ctypes.c_uint8, "uint16": ctypes.c_uint16, "uint32": ctypes.c_uint32, "uint64": ctypes.c_uint64,
    "float32": ctypes.c_float, "float64": ctypes.c_double,
}  # fmt: skip
#: As modc compiles its own kernels, so that the bits are the same.
FLAGS = ("-std=c99", "-O2", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=off", "-march=native", "-fPIC", "-shared")


class Exported:
    """A state of an export, and its functions."""

    def __init__(self, directory: Path, model: Any) -> None:
        (gcc,) = need("gcc")
        name = model.name
        execute([gcc, *FLAGS, f"{name}.c", "-o", f"lib{name}.so", "-lm"], directory)
        self.model, self.library = model, ctypes.CDLL(str(directory / f"lib{name}.so"))
        self.state = ctypes.create_string_buffer(model.state_bytes)
        self._named("init")(self.state)

    def _named(self, name: str) -> Any:
        return getattr(self.library, f"{self.model.name}_{name}")

    def bytes(self) -> bytes:
        """The state without scratch."""
        return self.state.raw[: self.model.state_bytes - self.model.padding - self.model.work_bytes]

    def call(self, function: Any, inputs: list[np.ndarray]) -> tuple[int, list[np.ndarray]]:
        """The code that is returned, and the outputs."""
        arguments: list[Any] = [self.state]
        for one, value in zip(function.inputs, inputs, strict=True):
            kept = np.ascontiguousarray(value, one.dtype.numpy)
            arguments.append(NUMBERS[one.dtype.name](value.item()) if one.is_number else kept.ctypes.data_as(ctypes.c_void_p))
            arguments += [ctypes.c_int64(value.shape[axis]) for axis, name in enumerate(one.open) if name]
        outputs, sizes = [], []
        for one in function.outputs:
            outputs.append(np.full(max(one.count, 1), 77, one.dtype.numpy))
            sizes.append([ctypes.c_int64(-1) if name else size for size, name in zip(one.sizes, one.open, strict=True)])
            arguments.append(outputs[-1].ctypes.data_as(ctypes.c_void_p))
            arguments += [ctypes.byref(size) for size in sizes[-1] if not isinstance(size, int)]
        code = self._named(function.name)(*arguments)
        shapes = [tuple(size if isinstance(size, int) else size.value for size in row) for row in sizes]
        if code:
            return code, []
        return code, [flat[: int(np.prod(shape))].reshape(shape) for flat, shape in zip(outputs, shapes, strict=True)]

    def member(self, one: Any) -> np.ndarray:
        """The value of a member, through its getter."""
        if one.is_number:
            get = self._named(f"get_{one.name}")
            get.restype = NUMBERS[one.dtype.name]
            return np.array(get(self.state) if not one.constant else get(), one.dtype.numpy)
        flat = np.zeros(max(one.count, 1), one.dtype.numpy)
        self._named(f"get_{one.name}")(*([] if one.constant else [self.state]), flat.ctypes.data_as(ctypes.c_void_p))
        shape = tuple(self.size(name) if name else size for size, name in zip(one.sizes, one.open, strict=True))
        return flat[: int(np.prod(shape))].reshape(shape)

    def size(self, name: str) -> int:
        """An open size of a member, read from the struct."""
        names = [size for one in self.model.members for size in one.open if size]
        at = 8 * names.index(name)  # sizes come first in the struct
        return int.from_bytes(self.state.raw[at : at + 8], "little", signed=True)


def references(model: Any) -> list[Any]:
    """The Methods with the sizes of the export, in mode c: run(inputs, members) -> (outputs, updates)."""
    made = compile_programs([one.fitted.original for one in model.functions], "c")
    return [isolated(one, one.program) for one in made]


def same_bits(a: np.ndarray, b: np.ndarray) -> bool:
    """Equal bytes, with every NaN the same."""
    if (a.dtype, a.shape) != (b.dtype, b.shape):
        return False
    if a.dtype.kind != "f":
        return bool((a == b).all())
    return bool(((a.view(f"u{a.itemsize}") == b.view(f"u{b.itemsize}")) | (np.isnan(a) & np.isnan(b))).all())


def follow(exported: Exported, calls: list[tuple[Any, list[np.ndarray]]]) -> int:
    """Make the same calls in C and in modc; the number of those that worked. Raises AssertionError where they differ."""
    model, worked = exported.model, 0
    run = dict(zip((one.key for one in model.functions), references(model), strict=True))
    state = {one.key: np.array(one.value) for one in (*model.members, *model.constants)}
    for number, (function, inputs) in enumerate(calls):
        before = exported.bytes()
        code, outputs = exported.call(function, inputs)
        what = f"call {number} of {function.key}"
        try:
            wanted, updates = run[function.key](inputs, [state[one.key] for one in function.members])
        except (*REFUSED, MemoryError):
            assert function.first <= code <= function.first + len(function.sites), what
            assert exported.bytes() == before, f"{what}: failed, and changed the state"
            continue
        if code == function.first + len(function.sites):
            assert too_large(function, wanted, updates), f"{what}: refused for its sizes"
            assert exported.bytes() == before, f"{what}: failed, and changed the state"
            continue
        assert code == 0, what
        for at, (got, want) in enumerate(zip(outputs, wanted, strict=True)):
            assert same_bits(got, np.asarray(want)), f"{what}, output {at}: {got!r}, expected {want!r}"
        for at, value in updates.items():
            state[function.members[at].key] = np.array(value)
        for one in model.members:
            got = exported.member(one)
            assert same_bits(got, state[one.key]), f"{what}, {one.key}: {got!r}, expected {state[one.key]!r}"
        assert not is_pure(function) or exported.bytes() == before, what
        worked += 1
    return worked


def too_large(function: Any, outputs: list[np.ndarray], updates: dict[int, np.ndarray]) -> bool:
    """Whether a result has no room in C."""
    rows = [*zip(function.outputs, outputs, strict=True), *((function.members[at], value) for at, value in updates.items())]
    return any(have > most for one, value in rows for have, most in zip(value.shape, one.sizes, strict=True))
