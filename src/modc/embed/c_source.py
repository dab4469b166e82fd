"""NAME.c: kernels, and the functions of NAME.h around them.

Input: a `Model`. Output: C99 text that is C++17 as well: no malloc, nothing mutable at file scope, no
arrays of variable length. Every identifier at file scope begins with the export's name.
Neighbours: `emit` prints the kernels; `c_header` declares.
"""

from __future__ import annotations

import re
from math import prod

import numpy as np

import modc
from modc.embed.blas import with_blas
from modc.embed.blob import blob_head, load_function
from modc.embed.c_header import getter, header, parameters, setter
from modc.embed.model import Array, Function, Member, Model
from modc.emit import Unit, literal
from modc.emit.names import c_string
from modc.emit.unit import Param
from modc.emit.writer import Writer
from modc.graph import DType
from modc.schedule.loops import Buffer

_OURS = re.compile(r"\b(modc|MODC)_(\w+)")
_RESTRICT = re.compile(r"\brestrict\b")
_INLINE = re.compile(r"\bstatic inline\b(?! __attribute__)")

#: A section of csrc may have a function that this export does not call.
_FUNCTION = """#if defined(__GNUC__)
#define modc_function static inline __attribute__((unused))
#else
#define modc_function static inline
#endif
"""


#: Around all code: gcc makes no vectors of neighbours in straight code, as it would at every level from -O2 on. In a chain
#: of numbers it waits longer for its shuffles than it gains (a PID step: 13 ns against 8), and 12.2 makes wrong vectors of
#: unrolled 4 x 4 loops for AVX-512.
_GCC = "#if defined(__GNUC__) && !defined(__clang__)"
APART = [_GCC, "#pragma GCC push_options", '#pragma GCC optimize("no-tree-slp-vectorize")', "#endif", ""]
TOGETHER = [_GCC, "#pragma GCC pop_options", "#endif", ""]


def source(model: Model) -> str:
    """The text of NAME.c, or with `Options.single` of the one file NAME.h."""
    body = _body(model)
    if not model.options.single:
        return f'/* {model.name}.c: see {model.name}.h. Written by modc {modc.__version__}. */\n#include "{model.name}.h"\n{body}'
    lines = header(model), f"#ifdef {model.upper}_IMPLEMENTATION", body.rstrip("\n"), f"#endif /* {model.upper}_IMPLEMENTATION */\n"
    return "\n".join(lines)


def _body(model: Model) -> str:
    taken = _file_scope(model)
    units = [Unit(function.kernel, function.kernel_name, taken) for function in model.functions]
    kernels = [unit.functions() for unit in units]
    out = Writer()
    _values(model, out)
    _state_functions(model, out)
    for function, unit in zip(model.functions, units, strict=True):
        _method(model, function, unit, out)
    _error(model, out)
    code = "\n".join([*kernels, out.text()])
    includes, sections = with_blas(code, model.upper)
    sections = [_INLINE.sub("modc_function", section) for section in sections]
    text = "\n\n".join([*sections, code])
    text = _RESTRICT.sub(f"{model.upper}_RESTRICT", renamed(text, model))
    head = [*includes, *(["#include <string.h>"] if "#include <string.h>" not in includes else [])]
    unused = [renamed(_FUNCTION, model)] if "modc_function" in "".join(sections) else []
    return "\n".join([*head, "", *_restrict(model), "", *_width(text), *unused, *APART, text, *TOGETHER])


def renamed(text: str, model: Model) -> str:
    """`text` with modc's own identifiers under the name of the export, so that two exports link into one program."""
    return _OURS.sub(lambda match: f"{model.upper if match[1] == 'MODC' else model.name}_{match[1]}_{match[2]}", text)


def _restrict(model: Model) -> list[str]:
    name = f"{model.upper}_RESTRICT"
    return ["#ifdef __cplusplus", f"#define {name} __restrict", "#else", f"#define {name} restrict", "#endif"]


def _width(text: str) -> list[str]:
    """Boards of 8 bits have a double of 4 bytes."""
    if not re.search(r"\bdouble\b", text):
        return []
    reason = '#error "double has not 8 bytes here: export with real=float32 (--real float32)"'
    return ["#if defined(__SIZEOF_DOUBLE__) && __SIZEOF_DOUBLE__ < 8", reason, "#endif", ""]


def _file_scope(model: Model) -> frozenset[str]:
    """Variables at file scope, which no parameter may hide."""
    return frozenset(value_name(model, one) for one in (*model.members, *model.constants))


# Values


def value_name(model: Model, one: Member) -> str:
    """The constant with the initial values of a member."""
    return f"{model.name}_{one.name}_value"


def _is_zero(one: Member) -> bool:
    return not any(np.ascontiguousarray(one.value).tobytes())


def _values(model: Model, out: Writer) -> None:
    """Constants, and the arrays that members begin with."""
    for one in model.constants:
        table(out, f"static const {one.c_type} {value_name(model, one)}", one.value, one.dtype)
    if model.options.blob:
        out.raw(blob_head(model))
        return
    for one in model.members:
        if not one.is_number and one.value.size and not _is_zero(one):
            table(out, f"static const {one.c_type} {value_name(model, one)}", one.value, one.dtype)


def table(out: Writer, head: str, value: object, row: DType) -> None:
    """`head[n] = { ... };`."""
    flat = np.asarray(value).reshape(-1)
    texts = [literal(item, row)[0] for item in flat.tolist()] or ["0"]
    out.line(f"{head}[{len(texts)}] = {{")
    with out.deeper():
        out.listing("", texts, "")
    out.line("};")
    out.line()


# State


def _state_functions(model: Model, out: Writer) -> None:
    name = model.name
    out.raw(f"typedef char {name}_layout[sizeof({name}_state) == {model.upper}_STATE_BYTES ? 1 : -1];\n")
    with out.block(f"void {name}_init({name}_state *s)"):
        out.line("memset(s, 0, sizeof *s);")
        out.line(f"{name}_reset(s);")
    out.line()
    with out.block(f"void {name}_reset({name}_state *s)"):
        if not model.members:
            out.line("(void)s;")
        for one in model.members:
            _begin(model, one, out)
    out.line()
    if model.options.blob:
        out.raw(load_function(model))
    for one in (*model.members, *model.constants):
        _getter(model, one, out)
        if not one.constant:
            _setter(model, one, out)


def _begin(model: Model, one: Member, out: Writer) -> None:
    """A member's initial value, in the body of reset."""
    blank = model.options.blob
    if one.is_number:
        out.line(f"s->{one.name} = {'0' if blank else literal(one.value.item(), one.dtype)[0]};")
        return
    if blank or _is_zero(one):
        out.line(f"memset(s->{one.name}, 0, sizeof s->{one.name});")
    else:
        out.line(f"memcpy(s->{one.name}, {value_name(model, one)}, sizeof {value_name(model, one)});")
    for axis, size in enumerate(one.open):
        if size:
            out.line(f"s->{size} = {0 if blank else one.value.shape[axis]};")


def _getter(model: Model, one: Member, out: Writer) -> None:
    with out.block(getter(model, one)):
        place = value_name(model, one) if one.constant else f"s->{one.name}"
        if one.is_number:
            out.line(f"return {place}{'[0]' if one.constant else ''};")
        elif one.count:
            out.line(f"memcpy(to, {place}, {_bytes(one, 's->')});")
        else:
            out.line("(void)to;" if one.constant else "(void)s; (void)to;")
    out.line()


def _setter(model: Model, one: Member, out: Writer) -> None:
    with out.block(setter(model, one)):
        if one.is_number:
            out.line(f"s->{one.name} = {'value != 0' if one.dtype.kind == 'b' else 'value'};")
            return_needed = False
        else:
            return_needed = any(one.open)
            for axis, size in enumerate(one.open):
                if size:
                    out.line(f"if (n{axis} < 0 || n{axis} > {one.sizes[axis]})")
                    out.line("    return 1;")
            for axis, size in enumerate(one.open):
                if size:
                    out.line(f"s->{size} = n{axis};")
            if one.count:
                if return_needed:
                    out.line(f"if ({_bytes(one, 's->')} > 0)", "else `from` may be null")
                    out.depth += 1
                out.line(f"memcpy(s->{one.name}, from, {_bytes(one, 's->')});")
                out.depth -= return_needed
            else:
                out.line("(void)s; (void)from;")
        if return_needed:
            out.line("return 0;")
    out.line()


def _bytes(one: Array, owner: str) -> str:
    """The bytes that an array has now."""
    if not any(one.open):
        return f"{one.count} * sizeof({one.c_type})"
    sizes = [f"(size_t){owner}{name}" if name else str(size) for size, name in zip(one.sizes, one.open, strict=True)]
    return " * ".join([*sizes, f"sizeof({one.c_type})"])


# Methods


def _method(model: Model, function: Function, unit: Unit, out: Writer) -> None:
    out.listing(f"int {model.name}_{function.name}(", list(parameters(model, function)), ")")
    with out.block():
        call = _Call(model, function, unit)
        if function.kernel.plan is not None:
            call.plan(out)
        call.run(out)
    out.line()


class _Call:
    """The statements that call one kernel."""

    def __init__(self, model: Model, function: Function, unit: Unit) -> None:
        self.model, self.function, self.unit = model, function, unit
        self.buffers = function.kernel.buffers
        self.planned = function.kernel.plan is not None
        self.places = [place for _, place, _ in self._rows()]

    def _rows(self) -> list[tuple[Array, str, list[str]]]:
        """(array, pointer, open sizes) of every buffer in the kernel's order."""
        rows: list[tuple[Array, str, list[str]]] = []
        for one in self.function.inputs:
            rows.append((one, f"&{one.name}" if one.is_number else one.name, list(one.open)))
        for member in self.function.members:
            place = value_name(self.model, member) if member.constant else f"s->{member.name}"
            pointer = f"&{place}" if member.is_number and not member.constant else place
            rows.append((member, pointer, [f"s->{name}" if name else "" for name in member.open]))
        rows += [(one, one.name, [f"*{name}" if name else "" for name in one.open]) for one in self.function.outputs]
        at = _padded(self.function.fitted.arena_bytes)
        for member, buffer in self._grown():
            room = f"({member.c_type} *)(void *)(s->work.bytes + {at})" if self._room(buffer) else f"({member.c_type} *)0"
            rows.append((member, room, []))
            at += _padded(self._room(buffer))
        return rows

    def _grown(self) -> list[tuple[Member, Buffer]]:
        kinds = [buffer for buffer in self.buffers if buffer.kind == "member"]
        owners = [one for one, buffer in zip(self.function.members, kinds, strict=True) if buffer.reshaped]
        return list(zip(owners, [buffer for buffer in self.buffers if buffer.kind == "next"], strict=True))

    def _room(self, buffer: Buffer) -> int:
        return prod(self.function.shape(buffer)) * buffer.dtype.bytes

    def plan(self, out: Writer) -> None:
        """Sizes in, agreements checked, sizes of results out."""
        function = self.function
        too_large = f"return {function.first + len(function.sites)};"
        out.line(f"int64_t dim[{function.kernel.slots}];")
        out.line(f"void *buf[{max(len(self.buffers), 1)}];")
        out.line("modc_call call;")
        rows = list(zip(self._rows(), self.buffers, strict=True))
        given = [row for row in rows if row[1].kind in ("input", "member")]
        for (one, _, names), buffer in given:
            for axis, (name, fixed) in enumerate(zip(names, buffer.size, strict=True)):
                if fixed is None and name:
                    out.line(f"if ({name} < 0 || {name} > {one.sizes[axis]})")
                    out.line(f"    {too_large}")
        for (_, _, names), buffer in rows:
            for axis, fixed in enumerate(buffer.size):
                known = names[axis] if names and buffer.kind in ("input", "member") and names[axis] else None
                if fixed is not None or known is not None:
                    out.line(f"dim[{buffer.dim + axis}] = {known or fixed};")
        for (_, place, _), buffer in rows:
            out.line(f"buf[{buffer.position}] = (void *){place};")
        arena = "s->work.bytes" if self.model.work_bytes and function.work_bytes else "0"
        out.line(f"call.buf = buf; call.dim = dim; call.arena = {arena}; call.arena_bytes = 0;")
        out.line("call.work = 0; call.env = 0; call.fail.site = 0;")
        out.line(f"if ({function.kernel_name}_plan(&call) != MODC_OK)")
        out.line(f"    return {function.first} + (int)call.fail.site;")
        for condition in self._too_large():
            out.line(f"if ({condition})")
            out.line(f"    {too_large}")

    def _too_large(self) -> list[str]:
        """Conditions under which a result or scratch would not fit."""
        found = [f"call.arena_bytes > {self.function.fitted.arena_bytes}"]
        for buffer in self.buffers:
            if buffer.kind in ("output", "next"):
                shape = self.function.shape(buffer)
                found += [
                    f"dim[{buffer.dim + axis}] > {shape[axis]}" for axis, fixed in enumerate(buffer.size) if fixed is None
                ]
        return found

    def run(self, out: Writer) -> None:
        """The call of the kernel, and what follows it."""
        function = self.function
        fails = any(one.what == "fail" for one in self.unit.params)
        if fails and not self.planned:
            out.line("modc_fail fail = {0, 0, 0, 0};")
        arguments = [self._argument(one) for one in self.unit.params]
        if not any("s->" in argument for argument in arguments):
            out.line("(void)s;")
        if fails:
            out.listing(f"if ({function.kernel_name}(", arguments, ") != MODC_OK)")
            out.line(f"    return {function.first} + (int){'call.' if self.planned else ''}fail.site;")
        else:
            out.listing(f"(void){function.kernel_name}(", arguments, ");")
        self._after(out)
        out.line("return 0;")

    def _argument(self, one: Param) -> str:
        if one.what == "slot":
            return f"dim[{one.position}]" if self.planned else str(self._fixed(one.position))
        if one.what == "buffer":
            return self.places[one.position]
        arena = "s->work.bytes" if self.function.work_bytes else "0"
        return {"arena": arena, "dim": "dim", "fail": "&call.fail" if self.planned else "&fail"}[one.what]

    def _fixed(self, slot: int) -> int:
        return next(
            size for buffer in self.buffers for axis, size in enumerate(buffer.size)
            if buffer.dim + axis == slot and size is not None
        )  # fmt: skip

    def _after(self, out: Writer) -> None:
        """Sizes of results, and members that changed theirs."""
        for (_, _, names), buffer in zip(self._rows(), self.buffers, strict=True):
            if buffer.kind == "output":
                for axis, name in enumerate(names):
                    if name:
                        out.line(f"{name} = dim[{buffer.dim + axis}];")
        nexts = [row for row, buffer in zip(self._rows(), self.buffers, strict=True) if buffer.kind == "next"]
        for (member, place, _), (_, buffer) in zip(nexts, self._grown(), strict=True):
            for axis, name in enumerate(member.open):
                if name:
                    out.line(f"s->{name} = dim[{buffer.dim + axis}];")
            if self._room(buffer):
                out.line(f"memcpy(s->{member.name}, {place}, {_bytes(member, 's->')});")


def _padded(count: int) -> int:
    return (count + 63) // 64 * 64


def _error(model: Model, out: Writer) -> None:
    """NAME_error: the sentences by code."""
    texts = model.messages
    with out.block(f"const char *{model.name}_error(int code)"):
        out.raw(f"    static const char *const text[{len(texts)}] = {{")
        for one in texts:
            out.raw(f"        {c_string(one, 200)},")
        out.line("};")
        out.line(f'return code >= 0 && code < {len(texts)} ? text[code] : "unknown code";')
