"""The export as data: state, functions, their C names and sizes. Every writer of this package reads it.

Input: a Module or instance, and `Options`. Output: `Model`. Neighbours: `gather` and `fit` below;
`c_header`, `c_source`, `selftest`, `certificate` and the wrappers above.

The C interface that follows from a Model, with NAME the name in lower case:

    NAME_state                       struct: a field per member, then workspace; nothing else is needed
    NAME_init(s), NAME_reset(s)      members as the instance had them
    NAME_get_M(s ...), NAME_set_M(s, ...)     a number by value, an array by copying
    int NAME_F(s, inputs ..., outputs ...)    a Method: 0, or a code for NAME_error(code), and then nothing changed
    const char *NAME_error(code)

Numbers are passed by value, arrays as pointers, each followed by those of its sizes that are open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np

from modc.embed.fit import Fitted, fit
from modc.embed.gather import Stored, Subject, gather
from modc.embed.options import Options
from modc.embed.retype import retyped_value
from modc.embed.sentences import sentence
from modc.emit.names import Names, is_reserved, plain
from modc.emit.stmt import tables
from modc.errors import ExportError
from modc.graph import DType, dtype
from modc.runtime import MISSING
from modc.schedule.loops import Buffer, Kernel, Site

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")

#: Headers that NAME.h would hide from programs, where its directory is searched first.
_HEADERS = frozenset([
    "assert", "cblas", "complex", "ctype", "errno", "fenv", "float", "inttypes", "iso646", "limits", "locale",
    "math", "setjmp", "signal", "stdalign", "stdarg", "stdatomic", "stdbool", "stddef", "stdint", "stdio",
    "stdlib", "stdnoreturn", "string", "tgmath", "threads", "time", "uchar", "wchar", "wctype",
])  # fmt: skip

#: What every export has beside Methods: nothing else may have these names.
OWN = ("init", "reset", "state", "error", "load", "kernel", "selftest", "layout", "blob_head")


@dataclass(frozen=True, slots=True)
class Array:
    """One argument, result or member as C sees it.

    key     the user's name; name: the C one
    sizes   elements per axis: the size, or for an open axis the largest one
    open    per axis the C name of its size, "" where it is fixed
    """

    key: str
    name: str
    dtype: DType
    sizes: tuple[int, ...]
    open: tuple[str, ...]
    unit: str = ""
    doc: str = ""
    default: Any = None

    @property
    def count(self) -> int:
        """Elements at most."""
        return prod(self.sizes)

    @property
    def has_default(self) -> bool:
        """Whether the Method can be called without it."""
        return self.default is not None and self.default is not MISSING

    @property
    def is_number(self) -> bool:
        """Whether it has no axes."""
        return not self.sizes

    @property
    def c_type(self) -> str:
        """C type of an element."""
        return self.dtype.c_type

    @property
    def shape_text(self) -> str:
        """`float64[3][n]`, an open axis with its most: `[<= 64]`."""
        axes = (f"[<= {size}]" if name else f"[{size}]" for size, name in zip(self.sizes, self.open, strict=True))
        return self.dtype.name + "".join(axes)


@dataclass(frozen=True, slots=True)
class Member(Array):
    """A member: a field of the state struct, or a constant. `value` has the shape that it starts with."""

    value: Any = None
    constant: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """One Method as a C function.

    members     per member of the kernel the exported member; reads, writes: their keys
    grown       members whose sizes may change: (member, capacity of its next value)
    first       code of its first failure
    sites, texts  what can fail, in the kernel's order, and a sentence for each
    kernel_name C name of the typed function that does the work
    """

    key: str
    name: str
    inputs: tuple[Array, ...]
    outputs: tuple[Array, ...]
    members: tuple[Member, ...]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    fitted: Fitted
    kernel_name: str
    first: int
    texts: tuple[str, ...]
    doc: str

    @property
    def kernel(self) -> Kernel:
        """The loop nests."""
        return self.fitted.kernel

    @property
    def sites(self) -> tuple[Site, ...]:
        """What can fail."""
        return self.kernel.sites

    @property
    def next_bytes(self) -> int:
        """Workspace for new values of members that change their size, each padded to 64 bytes."""
        grown = (buffer for buffer in self.kernel.buffers if buffer.kind == "next")
        return sum(_padded(buffer.dtype.bytes * prod(self.shape(buffer))) for buffer in grown)

    @property
    def work_bytes(self) -> int:
        """Workspace of a call: the kernel's arena, then the new values."""
        return _padded(self.fitted.arena_bytes) + self.next_bytes if self.next_bytes else self.fitted.arena_bytes

    def shape(self, buffer: Buffer) -> tuple[int, ...]:
        """The sizes of a buffer, at most."""
        return most_of(self.fitted, buffer)


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """One export.

    name, upper     prefix of symbols and of macros
    members         in the order of the state struct; constants: members that are no state
    work_bytes      workspace in the state, shared by all functions
    """

    name: str
    upper: str
    title: str
    members: tuple[Member, ...]
    constants: tuple[Member, ...]
    functions: tuple[Function, ...]
    options: Options
    work_bytes: int
    data_bytes: int = field(default=0)

    @property
    def padding(self) -> int:
        """Bytes behind the members, so that scratch, and the size of the state, are at multiples of 8 on every machine."""
        fields = self.data_bytes + self.work_bytes
        return -fields % 8 if fields else 8

    @property
    def state_bytes(self) -> int:
        """sizeof(NAME_state), the same on every machine."""
        return self.data_bytes + self.work_bytes + self.padding

    @property
    def messages(self) -> list[str]:
        """What each code of NAME_error means."""
        texts = ["no error"]
        for function in self.functions:
            texts += [*function.texts, f"{function.key}: a size is negative, or larger than the export has room for"]
        return texts

    def member(self, key: str) -> Member:
        """The member (or constant) with a key."""
        return next(one for one in (*self.members, *self.constants) if one.key == key)


def model_of(found: Any, options: Options) -> Model:
    """The export of a Module or instance. Raises ExportError."""
    if options.real not in ("float64", "float32"):
        raise ExportError(f"real={options.real!r}: choose float64 or float32")
    subject = _chosen(gather(found), options)
    name = _checked_name(options.name or (plain(subject.name) or "module").lower())
    return _Builder(name, subject, options).build()


def most_of(fitted: Fitted, buffer: Buffer) -> tuple[int, ...]:
    """The sizes of a buffer of a fitted Method, at most."""
    return tuple(
        fitted.most[buffer.dim + axis] if size is None else size for axis, size in enumerate(buffer.size)
    )


def _padded(count: int) -> int:
    return (count + 63) // 64 * 64


def _chosen(subject: Subject, options: Options) -> Subject:
    """The subject with the Methods of `only`, and the arrays that they or nobody else need."""
    if not options.only:
        return subject
    known = {called.key for called in subject.called}
    for key in options.only:
        if key not in known:
            raise ExportError(f"--only {key}: there is no such Method", f"Methods: {', '.join(sorted(known))}")
    return Subject(subject.name, subject.stored, [one for one in subject.called if one.key in options.only])


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name) or is_reserved(name) or is_reserved(name.upper()) or name.endswith("_") or name in _HEADERS:
        raise ExportError(
            f"{name!r} cannot be the name of an export",
            "letters, digits and single _ between them, no word of C, C++ or their libraries: --name controller",
        )
    if name == name.upper():
        raise ExportError(f"{name!r} cannot be the name of an export: macros are in capitals", f"--name {name.lower()}")
    return name


class _Builder:
    """The work on one Model."""

    def __init__(self, name: str, subject: Subject, options: Options) -> None:
        self.name, self.subject, self.options = name, subject, options
        self.fitted = fit(subject, options.sizes, options.most, options.real)
        self.used = set[str]()
        self.api: dict[str, str] = {f"{name}_{own}": "every export" for own in OWN}
        self.unnamed = 0

    def build(self) -> Model:
        fitted, options = self.fitted, self.options
        members, constants = self._members()
        by_key = {one.key: one for one in (*members, *constants)}
        functions: list[Function] = []
        first = 1
        for one in fitted:
            functions.append(self._function(one, by_key, first))
            first += len(one.kernel.sites) + 1
        for key in options.rename:
            if key not in self.used:
                raise ExportError(f"--rename {key}: nothing has this name", "name a member, a Method, or METHOD.INPUT")
        work = max((one.work_bytes for one in functions), default=0)
        data = sum(max(one.count, 1) * one.dtype.bytes + 8 * sum(map(bool, one.open)) for one in members)
        return Model(
            self.name, self.name.upper(), self.subject.name, tuple(members), tuple(constants), tuple(functions), options,
            (work + 7) // 8 * 8, data,
        )  # fmt: skip

    # names

    def _c_name(self, key: str, fallback: str) -> str:
        renamed = self.options.rename.get(key)
        if renamed is not None:
            self.used.add(key)
            if not _NAME.fullmatch(renamed) or is_reserved(renamed):
                raise ExportError(f"--rename {key}={renamed}: that is no free C name")
            return renamed
        found = plain(key)
        if found is None:
            return fallback
        return found + "_" if is_reserved(found) else found

    def _claim(self, symbol: str, owner: str, key: str) -> None:
        """Take an identifier at file scope. Raises ExportError when something else has it."""
        other = self.api.get(symbol)
        if other is not None:
            raise ExportError(f"{owner} would be {symbol} in C, and so is {other}", f"--rename {key}=another_name")
        self.api[symbol] = owner

    # members

    def _members(self) -> tuple[list[Member], list[Member]]:
        written = {called.members[at] for called in self.subject.called for at, _ in called.program.updates}
        used = {key for called in self.subject.called for key in called.members}
        frozen = self._frozen(written)
        state: list[Member] = []
        constants: list[Member] = []
        for key, stored in self.subject.stored.items():
            if stored.cell.readonly and key not in used:
                continue  # a literal that no Method reads
            member = self._member(key, stored, key in frozen or stored.cell.readonly)
            (constants if member.constant else state).append(member)
        state.sort(key=lambda one: (-one.dtype.bytes, one.key not in used))
        return state, constants

    def _frozen(self, written: set[str]) -> set[str]:
        frozen = set[str]()
        for key in self.options.freeze:
            if key == "*":
                frozen |= {one for one in self.subject.stored if one not in written}
            elif key not in self.subject.stored:
                raise ExportError(f"--freeze {key}: there is no such member", f"members: {', '.join(self.subject.stored)}")
            elif key in written:
                raise ExportError(f"--freeze {key}: a Method writes it", "freeze members that are only read")
            else:
                frozen.add(key)
        return frozen

    def _member(self, key: str, stored: Stored, constant: bool) -> Member:
        name = self._c_name(key, f"member{len(self.api)}")
        name += "_" if name in ("work", "padding") else ""  # fields that the state struct has itself
        for verb in ("get", "set"):
            self._claim(f"{self.name}_{verb}_{name}", f"member {key}", key)
        self._claim(f"{self.name}_{name}_value", f"the value of {key}", key)
        cell = stored.cell
        row = dtype(cell.dtype if self.options.real == "float64" else retyped_value(np.empty(0, cell.dtype)).dtype)
        sizes, opened = self._room(key, stored)
        value = None if cell.value is None else np.array(retyped_value(cell.value) if self.options.real == "float32" else cell.value)
        if value is None and not any(opened):
            value = np.zeros(sizes, row.numpy)
        if value is None:
            value = np.zeros(tuple(0 if name else size for size, name in zip(sizes, opened, strict=True)), row.numpy)
        if any(have > room for have, room in zip(value.shape, sizes, strict=True)):
            raise ExportError(f"{key} has shape {value.shape}, more than its maximum {sizes}", f"--max {key}=...")
        names = tuple(f"{name}_n{axis}" if is_open else "" for axis, is_open in enumerate(opened))
        for axis_name in filter(None, names):
            self._claim(f"{self.name}_get_{axis_name}", f"a size of {key}", key)
        return Member(key, name, row, sizes, names, stored.unit, stored.doc, None, value, bool(constant))

    def _room(self, key: str, stored: Stored) -> tuple[tuple[int, ...], tuple[bool, ...]]:
        """Sizes of a member at most, and which may change: what every Method that has it needs."""
        cell = stored.cell
        shape = (None,) * cell.ndim if cell.value is None else cell.value.shape
        declared = cell.size or (None,) * cell.ndim
        sizes = [have if fixed is None else fixed for have, fixed in zip(shape, declared, strict=True)]
        opened = [False] * cell.ndim
        for fitted in self.fitted:
            for buffer in self._places(fitted, key):
                for axis, (fixed, most) in enumerate(zip(buffer.size, most_of(fitted, buffer), strict=True)):
                    opened[axis] = opened[axis] or fixed is None
                    sizes[axis] = most if fixed is not None else max(sizes[axis] or 0, most)
        if any(size is None for size in sizes):
            axis = sizes.index(None)
            raise ExportError(f"{key} has no value and no size", f"give make() a value for it, or --size {key}.{axis}=...")
        return tuple(int(size) for size in sizes if size is not None), tuple(opened)

    def _places(self, fitted: Fitted, key: str) -> list[Buffer]:
        """The buffers of a Method that hold the member, its next value included."""
        members = _of_kind(fitted.kernel, "member")
        grown = iter(_of_kind(fitted.kernel, "next"))
        found: list[Buffer] = []
        for one, buffer in zip(fitted.called.members, members, strict=True):
            after = [next(grown)] if buffer.reshaped else []
            found += [buffer, *after] if one == key else []
        return found

    # functions

    def _function(self, fitted: Fitted, by_key: dict[str, Member], first: int) -> Function:
        called, kernel = fitted.called, fitted.kernel
        name = self._c_name(called.key, f"method{first}")
        self._claim(f"{self.name}_{name}", f"Method {called.key}", called.key)
        listed = tables((*(kernel.plan or ()), *kernel.body))
        for end in ("", *(["_plan"] if kernel.plan is not None else []), *(f"_{one.name}" for one in listed)):
            self._claim(f"{self.name}_{name}_kernel{end}", f"the kernel of {called.key}", called.key)
        names = Names(frozenset({"s", "call", "dim", "buf", "fail", "status"}))
        inputs = tuple(
            self._array(fitted, buffer, names, f"in{at}", about, f"{called.key}.", default)
            for at, (buffer, about, default) in enumerate(
                zip(_of_kind(kernel, "input"), called.inputs, called.defaults, strict=True)
            )
        )
        outputs = tuple(
            self._array(fitted, buffer, names, f"out{at}", about, f"{called.key}.", None)
            for at, (buffer, about) in enumerate(zip(_of_kind(kernel, "output"), called.outputs, strict=True))
        )
        members = tuple(by_key[key] for key in called.members)
        read = set(fitted.rewritten.walk())
        reads = tuple(key for key, leaf in zip(called.members, fitted.rewritten.members, strict=True) if leaf in read)
        writes = tuple(called.members[at] for at, _ in called.program.updates)
        return Function(
            called.key, name, inputs, outputs, members, reads, writes, fitted, f"{self.name}_{name}_kernel", first,
            tuple(sentence(called.key, fitted.rewritten, site) for site in kernel.sites), called.doc,
        )  # fmt: skip

    def _array(
        self, fitted: Fitted, buffer: Buffer, names: Names, fallback: str, about: tuple[str, str, str], where: str, default: Any
    ) -> Array:
        key = about[0] or fallback
        name = names.fresh(self.options.rename.get(where + key) or (plain(key) or fallback))
        self.used.add(where + key)
        opened = tuple(
            names.fresh(f"{name}_n{axis}") if size is None else "" for axis, size in enumerate(buffer.size)
        )
        return Array(key, name, buffer.dtype, most_of(fitted, buffer), opened, about[1], about[2], default)


def _of_kind(kernel: Kernel, kind: str) -> list[Buffer]:
    return [buffer for buffer in kernel.buffers if buffer.kind == kind]
