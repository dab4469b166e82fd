"""NAME_selftest.c: calls of every function, with the results that they must give.

Input: a `Model`. Output: C text of a program that exits 0 when all is well; with -DNAME_SELFTEST_NO_STDIO it is one
function without printf, for processors without a console. Neighbours: `golden` has the calls, `numbers` the
generator of large arguments, `selftest_parts` the C helpers, `project` writes the file.

Identifiers at file scope have no underscore: those of the export have one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import ceil, floor, log10
from typing import Any

import numpy as np

import modc
from modc.embed.blob import blob
from modc.embed.golden import Call, Expected, Given, Golden, Numbers, golden
from modc.embed.model import Array, Function, Member, Model
from modc.embed.numbers import Fill
from modc.embed.selftest_parts import helpers
from modc.emit import literal
from modc.emit.names import c_string, comment
from modc.emit.writer import STEP, Writer
from modc.graph import DType

#: Of an array with more elements than this, about half as many are compared, in even steps.
MOST = 64


def selftest(model: Model) -> str:
    """The text of NAME_selftest.c. Raises ExportError where a kernel and NumPy do not agree."""
    found = golden(model)
    code = _Code(model)
    code.write(found)
    body = code.out.text()
    state_bytes = f"offsetof({model.name}_state, work)" if model.work_bytes else "sizeof state"
    parts = helpers(body, state_bytes)
    return "\n".join([*_head(model, found, body), *code.storage(), *_counters(parts), parts, body])


def _head(model: Model, found: Golden, body: str) -> Iterator[str]:
    name, upper = model.name, model.upper
    source = "NumPy, as no C compiler was there" if found.by_numpy else "mode check: the kernel, compared with NumPy op by op"
    given = "const void *blob, size_t bytes" if model.options.blob else "void"
    yield f"/* {name}_selftest.c: exits 0 when {name}.c gives what modc {modc.__version__} computed."
    yield f" * Expected results are from {source}."
    yield " * What only adds, multiplies, divides and takes square roots is compared bit for bit, unless the compiler"
    yield " * contracts products and sums; the rest within tolerances: the error budgets of the functions, magnified as"
    yield " * a Monte Carlo run of the Method magnifies them (Parker 1997). Compile it with the flags of"
    yield f" * {name}.c. -D{upper}_SELFTEST_NO_STDIO leaves main and printf out:"
    yield f" * int {name}_selftest({given}) gives the number of failures."
    for key in found.silent:
        yield f" * No call of {comment(key)}: no arguments were found that it takes."
    yield " */"
    yield f'#include "{name}.h"'
    yield "#include <string.h>"
    if "NAN" in body or "INFINITY" in body:
        yield "#include <math.h>"
    yield f"#ifdef {upper}_SELFTEST_NO_STDIO\n#define say(list) ((void)0)\n#else\n#include <stdio.h>\n#define say(list) ((void)printf list)\n#endif"
    yield f'#ifdef __cplusplus\nextern "C"\n#endif\nint {name}_selftest({given});\n'
    yield f"static {name}_state state;"


def _counters(parts: str) -> list[str]:
    contracted = ["static int contracted; /* products and sums have one rounding */"] if "contracted" in parts else []
    return ["static int checks, failures;", *contracted, ""]


class _Code:
    """The functions of a self-test, as they are written."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.out = Writer()
        self.tables = 0

    def write(self, found: Golden) -> None:
        """Every function of the file."""
        self._initial()
        for at, call in enumerate(found.calls):
            self._call(call, f"call{at}")
        self._too_large()
        self._round_trips()
        self._all(found)

    # storage

    def storage(self) -> list[str]:
        """One union for the arguments of all calls: the largest call decides the RAM."""
        lines = []
        for function in self.model.functions:
            fields = [f"{one.c_type} {one.name}[{max(one.count, 1)}];" for one in function.inputs if not one.is_number]
            for one in function.outputs:
                fields.append(f"{one.c_type} {one.name}{'' if one.is_number else f'[{max(one.count, 1)}]'};")
                fields += [f"int64_t {size};" for size in filter(None, one.open)]
            if fields:
                lines.append(f"    struct {{ {' '.join(fields)} }} call_{function.name};")
        for one in (*self.model.members, *self.model.constants):
            if not one.is_number:
                lines.append(f"    {one.c_type} member_{one.name}[{max(one.count, 1)}];")
        return ["static union {", *lines, "} io;"] if lines else []

    def _table(self, value: Numbers, near: Numbers | None, row: DType) -> tuple[str, int, int]:
        """A constant array of pairs (value, tolerance): its name, the number of pairs, the step between elements."""
        step = 1 if value.size <= MOST else (value.size // (MOST // 2)) | 1
        values = np.ascontiguousarray(value, row.numpy).reshape(-1)[::step]
        nears: Numbers = np.zeros(values.shape) if near is None else np.asarray(near).reshape(-1)[::step]
        texts = []
        for item, most in zip(values.tolist(), nears.tolist(), strict=True):
            texts.append(f"{literal(item, row)[0]}, {_tolerance(most, row)}")
        self.tables += 1
        name = f"want{self.tables}"
        self.out.line(f"static const {row.c_type} {name}[{2 * len(texts)}] = {{")
        with self.out.deeper():
            self.out.listing("", texts, "")
        self.out.line("};")
        return name, len(texts), step

    def _say(self, text: str) -> None:
        """A statement with a string in it, which must not be broken at a space."""
        self.out.raw(" " * (STEP * self.out.depth) + text)

    def _compare(self, what: str, place: str, expected: Expected) -> None:
        """An array's sizes and elements."""
        one, value = expected.array, expected.value
        owner = "state." if isinstance(one, Member) else place.rpartition(".")[0] + "."
        for axis, size in enumerate(one.open):
            if size:
                self._say(f"sized({c_string(f'{what}, axis {axis}')}, {owner}{size}, {value.shape[axis]});")
        if not value.size:
            return
        with self.out.block():
            name, count, step = self._table(value, expected.near, one.dtype)
            pointer = f"&{place}" if one.is_number else place
            exact = 1 if expected.exact else 0
            self._say(f"check{one.dtype.suffix}({c_string(what)}, {pointer}, {step}, {name}, {count}, {exact});")

    # parts of the test

    def _initial(self) -> None:
        """The members as they must begin."""
        with self.out.block("static void initial(void)"):
            for one in self.model.members:
                self._compare(f"initial {one.key}", f"state.{one.name}", Expected(one, one.value, np.zeros(one.value.shape), True))
            for one in self.model.constants:
                self._constant(one)
        self.out.line()

    def _constant(self, one: Member) -> None:
        get, what = f"{self.model.name}_get_{one.name}", f"constant {one.key}"
        expected = Expected(one, one.value, np.zeros(one.value.shape), True)
        with self.out.block():
            if one.is_number:
                self.out.line(f"const {one.c_type} value = {get}();")
                self._compare(what, "value", expected)
            else:
                self.out.line(f"{get}(io.member_{one.name});")
                self._compare(what, f"io.member_{one.name}", expected)

    def _call(self, call: Call, name: str) -> None:
        """One golden call."""
        function, out = call.function, self.out
        what = f"{function.key}, call {call.number}"
        with out.block(f"static void {name}(void)"):
            for one in call.given:
                if one.fill is not None and one.value.size:
                    out.line(_filling(f"io.call_{function.name}.{one.array.name}", one.array, one.value.size, one.fill))
            if call.fails:
                self._failing(what, function, self._arguments(function, call.given), function.first, len(function.sites))
            else:
                out.listing(f"const int code = {self.model.name}_{function.name}(", self._arguments(function, call.given), ");")
                self._say(f"if (!passed({c_string(what)}, code, 0, 0))")
                out.line("    return;")
            for expected in call.outputs:
                self._compare(f"{what}: {expected.array.key}", f"io.call_{function.name}.{expected.array.name}", expected)
            for expected in call.members:
                self._compare(f"{what}: member {expected.array.key}", f"state.{expected.array.name}", expected)
        out.line()

    def _arguments(self, function: Function, given: tuple[Given, ...]) -> list[str]:
        texts = ["&state"]
        for one in given:
            if one.array.is_number:
                texts.append(literal(one.value.item(), one.array.dtype)[0])
            else:
                texts.append(f"io.call_{function.name}.{one.array.name}")
            texts += [str(size) for size, name in zip(one.value.shape, one.array.open, strict=True) if name]
        return [*texts, *self._results(function)]

    def _results(self, function: Function) -> Iterator[str]:
        for one in function.outputs:
            place = f"io.call_{function.name}.{one.name}"
            yield f"&{place}" if one.is_number else place
            yield from (f"&io.call_{function.name}.{size}" for size in one.open if size)

    def _failing(self, what: str, function: Function, arguments: list[str], first: int, more: int) -> None:
        """A call that returns a code and changes nothing, as statements."""
        text = c_string(f"{what}, to fail")
        self.out.line("const uint64_t before = digest();")
        self.out.listing(f"const int code = {self.model.name}_{function.name}(", arguments, ");")
        self._say(f"(void)passed({text}, code, {first}, {first + more});")
        self._say(f"unchanged({text}, before);")

    def _too_large(self) -> None:
        """Calls with a size above its maximum."""
        for function in self.model.functions:
            opened = [size for one in function.inputs for size in one.open if size]
            if not opened:
                continue
            texts = ["&state"]
            for one in function.inputs:
                texts.append(literal(0, one.dtype)[0] if one.is_number else f"io.call_{function.name}.{one.name}")
                for size, most in zip(one.open, one.sizes, strict=True):
                    texts += [str(most + (size == opened[0]))] if size else []
            texts += self._results(function)
            with self.out.block(f"static void large{function.first}(void)"):
                self._failing(f"{function.key}, {opened[0]} too large", function, texts, function.first + len(function.sites), 0)
            self.out.line()

    def _round_trips(self) -> None:
        """Every member set and read again."""
        for at, one in enumerate(self.model.members):
            with self.out.block(f"static void trip{at}(void)"):
                fill = Fill(1000 + at, 2, 0, 2) if one.dtype.kind in "bu" else Fill(1000 + at, 2, -100, 201)
                if one.is_number:
                    self._number_trip(one, fill)
                else:
                    self._array_trip(one, fill)
            self.out.line()

    def _number_trip(self, one: Member, fill: Fill) -> None:
        value = fill.array(one.dtype, ())
        self.out.line(f"{self.model.name}_set_{one.name}(&state, {literal(value.item(), one.dtype)[0]});")
        self.out.line(f"const {one.c_type} value = {self.model.name}_get_{one.name}(&state);")
        self._compare(f"set {one.key}", "value", Expected(Array(one.key, "value", one.dtype, (), ()), value, np.zeros(()), True))

    def _array_trip(self, one: Member, fill: Fill) -> None:
        name, out, place = self.model.name, self.out, f"io.member_{one.name}"
        sizes = [str(size) for size, opened in zip(one.sizes, one.open, strict=True) if opened]
        if one.count:
            out.line(_filling(place, one, one.count, fill))
        call = f"{name}_set_{one.name}({', '.join(['&state', place, *sizes])})"
        what = c_string(f"set {one.key}")
        self._say(f"(void)passed({what}, {call}, 0, 0);" if sizes else f"{call};")
        if one.count:
            out.line(f"memset({place}, 0, sizeof {place});")
            out.line(f"{name}_get_{one.name}(&state, {place});")
            self._say(f"same{one.dtype.suffix}({what}, {place}, {one.count}, {_recipe(one.dtype, fill)});")
        if not sizes:
            return
        out.line("const uint64_t before = digest();")
        first = [str(int(sizes[0]) + 1), *sizes[1:]]
        call = f"{name}_set_{one.name}({', '.join(['&state', place, *first])})"
        self._say(f"(void)passed({what}, {call}, 1, 1);")
        self._say(f"unchanged({what}, before);")

    def _all(self, found: Golden) -> None:
        """NAME_selftest, and main."""
        model, out = self.model, self.out
        given = "const void *blob, size_t bytes" if model.options.blob else "void"
        probes = " || ".join(f"fused{row.suffix}()" for row in _floats(model))
        with out.block(f"int {model.name}_selftest({given})"):
            out.line("checks = failures = 0;")
            if probes and re.search(r"\bcheck\w+\(", "\n".join(out.lines)):
                out.line(f"contracted = {probes};")
            self._begin("init")
            for at in range(len(found.calls)):
                out.line(f"call{at}();")
            for function in model.functions:
                if any(size for one in function.inputs for size in one.open):
                    out.line(f"large{function.first}();")
            for at in range(len(model.members)):
                out.line(f"trip{at}();")
            self._begin("reset")
            codes = sum(len(one.sites) + 1 for one in model.functions)
            out.raw(f'    if ({model.name}_error({codes})[0] == 0 || {model.name}_error(-1)[0] == 0)\n        failures++;')
            out.line("return failures;")
        out.raw(f"\n#ifndef {model.upper}_SELFTEST_NO_STDIO")
        out.raw(_blob_main(model) if model.options.blob else _main(model, "void", f"{model.name}_selftest()", ""))
        out.raw("#endif")

    def _begin(self, verb: str) -> None:
        """init or reset, the blob, and what the members are then."""
        name, out = self.model.name, self.out
        out.line(f"{name}_{verb}(&state);")
        if self.model.options.blob:
            out.line(f"(void)passed(\"load\", {name}_load(&state, blob, bytes), 0, 0);")
            with out.block():
                out.line("const uint64_t before = digest();")
                out.line(f"(void)passed(\"load\", {name}_load(&state, blob, bytes - 1), 1, 1);")
                out.line("unchanged(\"load\", before);")
        out.line("initial();")


def _main(model: Model, parameters: str, call: str, before: str) -> str:
    name = model.name
    return f"""int main({parameters}) {{
{before}    const int wrong = {call};
    if (wrong)
        printf("{name}: %d of %d checks failed\\n", wrong, checks);
    else
        printf("{name}: %d checks passed\\n", checks);
    return wrong != 0;
}}"""


def _blob_main(model: Model) -> str:
    """main of an export whose initial values are in a file."""
    size = len(blob(model))
    before = f"""    static unsigned char values[{size + 1}];
    const char *path = argc > 1 ? argv[1] : "{model.name}.bin";
    FILE *file = fopen(path, "rb");
    size_t bytes;
    if (!file) {{
        printf("{model.name}: cannot open %s\\n", path);
        return 1;
    }}
    bytes = fread(values, 1, sizeof values, file);
    fclose(file);
"""
    return _main(model, "int argc, char **argv", f"{model.name}_selftest(values, bytes)", before)


def _floats(model: Model) -> list[DType]:
    """The float dtypes that values of the export have."""
    rows = {one.dtype for one in (*model.members, *model.constants)}
    for function in model.functions:
        rows |= {node.dtype for node in function.fitted.rewritten.walk()}
    return sorted((row for row in rows if row.is_float), key=lambda row: row.bits)


def _filling(place: str, one: Array, count: int, fill: Fill) -> str:
    return f"fill{one.dtype.suffix}({place}, {count}, {_recipe(one.dtype, fill)});"


def _recipe(row: DType, fill: Fill) -> str:
    return f"{fill.seed}u, {fill.range}" if row.is_float else f"{fill.seed}u, {fill.low}, {fill.span}u"


def _tolerance(most: float, row: DType) -> str:
    """A tolerance as a literal of two digits, rounded up; for integers whether anything goes."""
    if not row.is_float:
        return "1" if most else "0"
    limit = float(np.finfo(row.numpy).max) / 16
    if most <= 0 or most > limit:
        return literal(0.0 if most == 0 else -1.0, row)[0]
    unit = 10.0 ** (floor(log10(most)) - 1)
    value: Any = float(f"{ceil(most / unit) * unit:.1e}")
    if row.bits == 32:
        value = max(np.nextafter(np.float32(value), np.float32(np.inf)), np.float32(1.5e-45))
    return literal(value, row)[0]
