"""One translation unit: the typed function, the two uniform entries around it, and what describes them."""

from __future__ import annotations

import re

import numpy as np

from modc.emit.expr import initializer
from modc.emit.header import header
from modc.emit.large import GIVEN, KIND, NAME
from modc.emit.names import MATH, STRING, Names, c_string
from modc.emit.sections import inlined_calls, sections_for
from modc.emit.stmt import Body, loose_scratch, tables
from modc.emit.writer import Writer
from modc.schedule.loops import Buffer, Check, Kernel, Let, LetProduct, SetSlot, Slot, Stmt
from modc.schedule.verify import places, statements

CXX = "#ifdef __cplusplus\n#define restrict __restrict\n#endif"

_WORD = re.compile(r"[A-Za-z_]\w*")
#: Calls of elementary functions in one kernel above which they are no longer compiled in place (some 20 ms each).
MOST_INLINED = 160
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def emit(kernel: Kernel) -> str:
    """The whole C text of `kernel`: self-contained C99 that is C++17 as well.

    The key goes in when it is compiled (-DMODC_KEY). The same kernel gives the same text on every machine.
    """
    contract, code = texts(kernel)
    includes, parts = needs_of(code)
    return "\n\n".join([contract, "\n".join(includes), CXX, *parts, code])


def needs_of(code: str) -> tuple[list[str], list[str]]:
    """What stands before `code` in a translation unit: `#include` lines, and the parts of csrc that it needs."""
    needed = sections_for(code)
    used = set(_WORD.findall(code)) | {word for section in needed for word in _WORD.findall(section)}
    includes = ["#include <stdint.h>"]
    includes += ["#include <math.h>"] * bool(used & MATH) + ["#include <string.h>"] * bool(used & STRING)
    calls = ["#define MODC_CALLS"] if inlined_calls(code) > MOST_INLINED else []
    return includes, [*calls, *needed]


def texts(kernel: Kernel) -> tuple[str, str]:
    """The comment at the top, and the kernel's own code without what comes from csrc."""
    unit = Unit(kernel)
    return "\n".join(header(kernel.program, unit.output_names())), unit.code()


class Param:
    """One parameter of the typed function: its C type and name, and what a caller passes.

    what    "slot" (a size, position in modc_call.dim), "buffer" (position in modc_call.buf), "arena", "dim", "fail" or "blas"
    """

    __slots__ = ("kind", "name", "position", "what")

    def __init__(self, kind: str, name: str, what: str, position: int = 0) -> None:
        self.kind, self.name, self.what, self.position = kind, name, what, position

    def from_call(self) -> str:
        """The argument, taken from a modc_call `c`."""
        if self.what == "slot":
            return f"c->dim[{self.position}]"
        if self.what == "buffer":
            return f"({self.kind.removesuffix('restrict ').rstrip()})c->buf[{self.position}]"
        return {"arena": "(unsigned char *)c->arena", "dim": "c->dim", "fail": "&c->fail", "blas": GIVEN}[self.what]


#: Parameters for scratch, sizes without a name and failures, where the body mentions them.
EXTRAS = (
    Param("unsigned char *", "arena", "arena"),
    Param("const int64_t *", "dim", "dim"),
    Param("modc_fail *", "fail", "fail"),
    Param(KIND, NAME, "blas"),
)


class Unit:
    """The kernel's own part of its translation unit.

    `title` is the C name of its functions, by default made from the Method's; `taken` are identifiers at
    file scope that are not to be hidden. `params` are those of the typed function, once `functions` has run.
    """

    def __init__(self, kernel: Kernel, title: str | None = None, taken: frozenset[str] = frozenset()) -> None:
        self.kernel = kernel
        self.out = Writer()
        self.params: list[Param] = []
        self.names = Names(frozenset({"c", "dim", "arena", "fail", NAME, "restrict"}) | taken)
        self.title = self.names.fresh(kernel.program.name) if title is None else title
        own = [self.title + end for end in ("", "_plan", "_run", "_args", "_size")]
        listed = tables((*(kernel.plan or ()), *kernel.body))
        free = self.names.fresh if title is None else str  # a title that was given makes free names
        self.constants = {table: free(f"{self.title}_{table.name}") for table in listed}
        self.file_scope = frozenset({"c", "dim", "arena", "fail", NAME, *own, *self.constants.values()}) | taken

    def output_names(self) -> list[str]:
        """The names of the outputs, for the comment."""
        return [buffer.name for buffer in self.kernel.buffers if buffer.kind == "output"]

    def _new_names(self) -> Names:
        """The names of a function: those of the file are taken."""
        names = Names(self.file_scope)
        for table, name in self.constants.items():
            names.give(("Table", table.name), name)
        return names

    def functions(self) -> str:
        """The typed function and the size plan, without the uniform entry: for callers in the same file."""
        self._constant_arrays()
        self._typed_function()
        if self.kernel.plan is not None:
            self._plan_function(self.kernel.plan)
        return self.out.text()

    def code(self) -> str:
        """The whole of it, as text."""
        self._constant_arrays()
        self._typed_function(hosted=True)
        self._run_function()
        if self.kernel.plan is not None:
            self._plan_function(self.kernel.plan)
        self._tables()
        self._entry()
        return self.out.text()

    def _constant_arrays(self) -> None:
        """`static const` arrays."""
        for table, name in self.constants.items():
            values = np.frombuffer(table.data, table.dtype.numpy).tolist() or [0]
            texts = [initializer(value, table.dtype) for value in values]
            self.out.line(f"static const {table.dtype.c_type} {name}[{len(texts)}] = {{")
            with self.out.deeper():
                self.out.listing("", texts, "")
            self.out.line("};")
        if self.constants:
            self.out.line()

    # Functions

    def _typed_function(self, hosted: bool = False) -> None:
        """The function that works; `hosted`: it is called with what a host has."""
        kernel, out = self.kernel, self.out
        sizes, stmts = sizes_first(kernel.body)
        lines = Writer()
        body = Body(kernel, lines, self._new_names(), kernel.body, "fail", "dim", hosted)
        params = [Param("int64_t ", body.name(let.var), "slot", slot.position) for let, slot in sizes]
        params += [
            Param(f"{pointer(buffer)}restrict ", body.name(buffer), "buffer", buffer.position) for buffer in kernel.buffers
        ]
        with lines.deeper():
            body.pointers(loose_scratch(stmts), stmts, "")
            self._body_with_mark(body, stmts)
        used = words_of(lines.lines)
        self.params = [one for one in (*params, *EXTRAS) if one.what == "buffer" or one.name in used]
        listed = [one.kind + one.name for one in self.params] or ["void"]
        out.listing(f"static int32_t {self.title}(", listed, ")")
        out.line("{")
        with out.deeper():
            for one in self.params:
                if one.name not in used:
                    out.line(f"(void){one.name};")
        out.lines += lines.lines
        out.raw("    return MODC_OK;\n}\n")

    def _body_with_mark(self, body: Body, stmts: tuple[Stmt, ...]) -> None:
        """The statements, and where there are checks, the line below which nothing can fail."""
        checks = any(isinstance(stmt, Check | LetProduct) for stmt in statements(stmts))
        commits = [at for at, stmt in enumerate(stmts) if commits_in(stmt)]
        first = commits[0] if checks and commits else 0
        body.body(stmts[:first])
        if first:
            body.out.line("/* Every check is above this line, every store to a member below it. */")
        body.body(stmts[first:])

    def _run_function(self) -> None:
        """`_run`, which unpacks a modc_call."""
        out, arguments = self.out, [one.from_call() for one in self.params]
        out.line(f"static int32_t {self.title}_run(modc_call *c)")
        out.line("{")
        with out.deeper():
            if not arguments:
                out.line("(void)c;")
            if GIVEN in arguments:
                out.line("if (modc_blas_unknown(c))", "the host looks for a library, then it calls again")
                out.line("    return MODC_STOP;")
            out.listing(f"return {self.title}(", arguments, ");")
        out.line("}")
        out.line()

    def _plan_function(self, stmts: tuple[Stmt, ...]) -> None:
        """`_plan`: sizes of outputs and scratch, agreements of shapes."""
        out = self.out
        lines = Writer()
        body = Body(self.kernel, lines, self._new_names(), stmts, "&c->fail", "dim")
        with lines.deeper():
            body.body(stmts)
        touched = dict.fromkeys(place for stmt in statements(stmts) for place, _ in places(stmt))
        used = words_of(lines.lines)
        out.line(f"static int32_t {self.title}_plan(modc_call *c)")
        out.line("{")
        with out.deeper():
            if "dim" in used:
                sets = any(isinstance(stmt, SetSlot) for stmt in statements(stmts))
                out.line(f"{'' if sets else 'const '}int64_t *dim = c->dim;")
            for place in touched:
                if isinstance(place, Buffer) and body.name(place) in used:
                    kind = f"const {place.dtype.c_type} *"
                    out.line(f"{kind}{body.name(place)} = ({kind})c->buf[{place.position}];")
            if not used & {"c", "dim"}:
                out.line("(void)c;")
        out.lines += lines.lines
        out.raw("    return MODC_OK;\n}\n")

    # Description

    def _tables(self) -> None:
        """The fixed sizes, and a modc_arg per buffer."""
        out, rows, sizes = self.out, [], list[int]()
        for buffer in self.kernel.buffers:
            size = "0"
            if any(extent is not None for extent in buffer.size):
                size = f"{self.title}_size + {len(sizes)}"
                sizes += [-1 if extent is None else extent for extent in buffer.size]
            flags = "MODC_WRITTEN" if buffer.written else "MODC_RESHAPED" if buffer.reshaped else "0"
            kind, dtype = f"MODC_{buffer.kind.upper()}", f"MODC_{buffer.dtype.name.upper()}"
            rows.append(
                f"{{{c_string(buffer.name)}, {kind}, {dtype}, {buffer.ndim}, {flags}, {buffer.dim}, {size}}}"
            )
        if sizes:
            texts = [str(size) if abs(size) < 2**31 else f"INT64_C({size})" for size in sizes]
            out.listing(f"static const int64_t {self.title}_size[] = {{", texts, "};")
        if rows:
            out.raw(f"static const modc_arg {self.title}_args[] = {{")
            for row in rows:
                out.raw(f"    {row},")
            out.raw("};")
        out.line()

    def _entry(self) -> None:
        kernel = self.kernel
        kinds = [buffer.kind for buffer in kernel.buffers]
        counts = [str(kinds.count(kind)) for kind in ("input", "member", "output", "next")]
        numbers = ", ".join([*counts, str(kernel.slots), str(len(kernel.sites))])
        plan = "0" if kernel.plan is None else f"{self.title}_plan"
        args = f"{self.title}_args" if kernel.buffers else "0"
        work, arena = whole(kernel.work), whole(kernel.arena_bytes)
        self.out.raw("const modc_kernel modc_entry = {")
        self.out.raw(f"    MODC_ABI, (int32_t)sizeof(modc_kernel), {numbers},")
        self.out.raw(f"    {c_string(kernel.program.name)}, MODC_KEY, {args}, {plan}, {self.title}_run, {work}, {arena}")
        self.out.raw("};")


def words_of(lines: list[str]) -> set[str]:
    """The identifiers in lines of C, not those in comments."""
    return set(_WORD.findall(_COMMENT.sub(" ", "\n".join(lines))))


def sizes_first(body: tuple[Stmt, ...]) -> tuple[list[tuple[Let, Slot]], tuple[Stmt, ...]]:
    """The Lets at the beginning that name a slot, which become parameters, and the rest."""
    found: list[tuple[Let, Slot]] = []
    for stmt in body:
        if not (isinstance(stmt, Let) and isinstance(stmt.value, Slot)):
            break
        found.append((stmt, stmt.value))
    return found, body[len(found) :]


def commits_in(stmt: Stmt) -> bool:
    """Whether a statement stores to a member."""
    touched = (touch for inner in statements((stmt,)) for touch in places(inner))
    return any(writes and isinstance(place, Buffer) and place.kind == "member" for place, writes in touched)


def pointer(buffer: Buffer) -> str:
    """The C type of a buffer's pointer: const unless the kernel writes there."""
    writes = buffer.kind in ("output", "next") or buffer.written
    return f"{'' if writes else 'const '}{buffer.dtype.c_type} *"


def whole(number: int) -> str:
    """An int64 as a literal."""
    return str(number) if abs(number) < 2**31 else f"INT64_C({number})"
