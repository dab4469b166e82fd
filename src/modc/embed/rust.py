"""rust/: a crate around the C, which its build.rs compiles; a safe `Model` over the functions of NAME.h.

Input: a `Model`. Output: paths and texts. Neighbours: `rust_text` has what all exports share, `rust_test` the crate's test.

The names are those of C without the prefix: `step`, `get_kp`, `set_kp`, `reset`. A Method that can fail gives a
Result. Arrays are references to arrays of their very shape; one whose first axis is open is a slice; where another
axis is open it is a slice of all elements, and the sizes of the open axes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import modc
from modc.embed import rust_text as text
from modc.embed.c_files import c_files
from modc.embed.c_header import is_pure
from modc.embed.model import Array, Function, Member, Model
from modc.embed.rust_test import selftest
from modc.embed.rust_types import (
    KEYWORDS,
    borrowed,
    doc_text,
    element,
    field_type,
    is_apart,
    literal,
    nested,
    owned,
    pointer_type,
    raw,
    value_text,
    zeros,
)  # fmt: skip
from modc.embed.wrapping import SIZE_CODE, SIZE_TEXT, can_fail, default_of, everything, open_axes
from modc.emit.names import Names, comment
from modc.emit.writer import Writer

#: The last ones are methods of every type, which would be found before those that take `&mut self`.
_OWN = (
    "new", "boxed", "init", "reset", "state", "state_mut", "load", "default", "fmt", "STATE_BYTES", "INITIAL", "clone", "into", "try_into",
    "to_owned",
)  # fmt: skip
_TYPES = ("Model", "Error", "Open", "Result", "Option", "MaybeUninit", "Self", "Default", "Clone", "Copy", "Debug")
_LOCAL = ("self", "code", "check", "ffi", "fmt", "core")


def files(model: Model) -> dict[str, str | bytes]:
    """The crate, with a copy of the C."""
    title = comment(model.title)
    crate = crate_name(model)
    cargo = _filled(model, text.CARGO).replace("@TITLE@", title.replace('"', "'")).replace("@CRATE@", crate)
    made: dict[str, str | bytes] = {"Cargo.toml": cargo.replace("@VERSION@", modc.__version__)}
    made["build.rs"] = _filled(model, text.BUILD)
    out = Writer()
    written = _library(model, out)
    made["src/lib.rs"] = out.text()
    names = {one.function.key: (one.name, [name for _, name in one.outputs]) for one in written.methods}
    made["tests/selftest.rs"] = selftest(model, names, crate)
    made |= {f"csrc/{name}": content for name, content in c_files(model).items()}
    return {f"rust/{path}": content for path, content in made.items()}


def crate_name(model: Model) -> str:
    """The export's name, unless Rust has a word or cargo a crate of that name."""
    return raw(model.name) if model.name not in ("test", "core", "std", "alloc", "proc_macro") else f"{model.name}_"


def _library(model: Model, out: Writer) -> _Crate:
    """The text of src/lib.rs; gives the names in it."""
    out.raw(f"//! {doc_text(model.title)}, written by modc {modc.__version__}: a safe wrapper of `csrc/{model.name}.c`.")
    out.raw("//!\n//! `Model` is one instance. It allocates nothing, and may be cloned and sent to other threads.\n")
    out.raw(text.HEAD)
    _ffi(model, out)
    out.raw(text.COMMON.replace("@SIZE_CODE@", str(SIZE_CODE)).replace("@SIZE_TEXT@", SIZE_TEXT).replace("@NAME@", model.name))
    crate = _Crate(model, out)
    crate.write()
    return crate


def _filled(model: Model, template: str) -> str:
    return template.replace("@NAME@", model.name)


# The C side


def _ffi(model: Model, out: Writer) -> None:
    out.raw("/// The C functions, and the struct that they work on.\npub mod ffi {")
    with out.deeper():
        out.line("/// C's int.")
        out.line('#[cfg(target_pointer_width = "16")]')
        out.line("pub type Int = i16;")
        out.line("/// C's int.")
        out.line('#[cfg(not(target_pointer_width = "16"))]')
        out.line("pub type Int = i32;")
        out.line()
        if model.work_bytes:
            out.line("/// Scratch of a call.")
            out.line("#[derive(Clone, Copy)]")
            out.line("#[repr(C)]")
            out.line(f"pub union Work {{ pub real: f64, pub whole: i64, pub bytes: [u8; {model.work_bytes}] }}")
            out.line()
        out.line("/// The struct of C. A bool is a byte that is 0 or 1.")
        out.line("#[derive(Clone, Copy)]")
        out.line("#[repr(C)]")
        with out.block("pub struct State"):
            _fields(model, out)
        out.line()
        out.line(f"const _: () = assert!(core::mem::size_of::<State>() == {model.state_bytes});")
        out.line()
        with out.block('extern "C"'):
            for name, given, result in _signatures(model):
                out.listing(f"pub fn {model.name}_{name}(", given, f"){f' -> {result}' if result else ''};")
    out.raw("}\n")


def _fields(model: Model, out: Writer) -> None:
    for one in model.members:
        for axis, name in enumerate(one.open):
            if name:
                out.line(f"/// Size of {one.name} along axis {axis}, at most {one.sizes[axis]}.")
                out.line(f"pub {raw(name)}: i64,")
    for one in model.members:
        out.raw(f"        /// {_about(one)}")
        out.line(f"pub {raw(one.name)}: {field_type(one)},")
    if model.padding:
        out.line("/// Unused.")
        out.line(f"pub padding: [u8; {model.padding}],")
    if model.work_bytes:
        out.line("/// Holds nothing between calls.")
        out.line("pub work: Work,")


def _signatures(model: Model) -> list[tuple[str, list[str], str]]:
    """(name without the prefix, parameters, result) of the functions of NAME.h."""
    read, write = "s: *const State", "s: *mut State"
    rows: list[tuple[str, list[str], str]] = [("init", [write], ""), ("reset", [write], ""), ("error", ["code: Int"], "*const u8")]
    if model.options.blob:
        rows.append(("load", [write, "blob: *const u8", "bytes: usize"], "Int"))
    for one in everything(model):
        given = [] if one.constant else [read]
        number = pointer_type(one)
        rows.append((f"get_{one.name}", given if one.is_number else [*given, f"to: *mut {number}"], number if one.is_number else ""))
        if not one.constant:
            value = f"value: {number}" if one.is_number else f"from: *const {number}"
            sizes = [f"n{axis}: i64" for axis in open_axes(one)]
            rows.append((f"set_{one.name}", [write, value, *sizes], "Int" if sizes else ""))
    for function in model.functions:
        parameters = [read if is_pure(function) else write]
        for argument in function.inputs:
            parameters.append(f"{raw(argument.name)}: {'' if argument.is_number else '*const '}{pointer_type(argument)}")
            parameters += [f"{raw(name)}: i64" for name in argument.open if name]
        for result in function.outputs:
            parameters.append(f"{raw(result.name)}: *mut {pointer_type(result)}")
            parameters += [f"{raw(name)}: *mut i64" for name in result.open if name]
        rows.append((function.name, parameters, "Int"))
    return rows


# The safe side


@dataclass(frozen=True, slots=True)
class _Method:
    """A Function and its names in Rust: of itself, the struct of its results, its arguments and results."""

    function: Function
    name: str
    result: str
    inputs: tuple[tuple[Array, str], ...]
    outputs: tuple[tuple[Array, str], ...]
    locals: Names


class _Crate:
    """The work on the safe wrapper."""

    def __init__(self, model: Model, out: Writer) -> None:
        self.model, self.out = model, out
        taken = {f"{verb}_{one.name}" for one in everything(model) for verb in ("get", "set")}
        self.names = Names(frozenset({*_OWN, *KEYWORDS, *taken}))
        self.types = Names(frozenset(_TYPES))
        self.methods = [self._method(function) for function in model.functions]

    def _method(self, function: Function) -> _Method:
        name = self.names.fresh(function.name)
        local = Names(frozenset({*_LOCAL, *KEYWORDS}))
        sides = [tuple((one, local.fresh(one.name)) for one in side) for side in (function.inputs, function.outputs)]
        camel = "".join(part[:1].upper() + part[1:] for part in name.split("_"))
        return _Method(function, name, self.types.fresh(f"{camel}Result"), sides[0], sides[1], local)

    def write(self) -> None:
        out, model = self.out, self.model
        arrays = [one for function in model.functions for one in function.outputs]
        if any(map(open_axes, arrays)):
            out.raw(text.OPEN)
        settable = any(open_axes(one) for one in model.members)
        if settable or any(map(can_fail, model.functions)):
            out.raw(text.CHECK)
        for method in self.methods:
            self._result_struct(method)
        out.raw(text.MODEL.replace("@TITLE@", doc_text(model.title)).replace("@BYTES@", str(model.state_bytes)))
        out.raw("impl Model {")
        with out.deeper():
            self._whole()
            for method in self.methods:
                self._defaults(method)
            for one in everything(model):
                self._getter(one)
                if not one.constant:
                    self._setter(one)
            for method in self.methods:
                self._call(method)
        out.raw("}")

    def _whole(self) -> None:
        blob = self.model.options.blob
        new = "All zero, until `load`." if blob else "An instance with the values that the export has."
        reset = "Back to zero; `load` then has the initial values." if blob else "Back to the values that `new` gives."
        texts = [text.WHOLE, text.LOAD] if blob else [text.WHOLE]
        filled = _filled(self.model, "\n".join(texts)).replace("@BYTES@", str(self.model.state_bytes))
        for line in filled.replace("@NEW@", new).replace("@RESET@", reset).splitlines():
            self.out.raw(f"    {line}" if line else "")

    # members

    def _getter(self, one: Member) -> None:
        out, name = self.out, f"{self.model.name}_get_{one.name}"
        out.line()
        out.raw(f"    /// {_about(one)}")
        if one.constant:
            self._constant(one, name)
            return
        place = f"self.state.{raw(one.name)}"
        if one.is_number:
            value = f"{place} != 0" if one.dtype.kind == "b" else place
            out.line(f"pub fn get_{one.name}(&self) -> {element(one)} {{ {value} }}")
        elif is_apart(one) or not one.count or one.dtype.kind == "b":
            self._copied(one, name)
        elif one.open[0]:
            given = f"&[{nested(one, one.sizes[1:])}]"
            out.line(f"pub fn get_{one.name}(&self) -> {given} {{ &{place}[..self.state.{raw(one.open[0])} as usize] }}")
        else:
            out.line(f"pub fn get_{one.name}(&self) -> &{nested(one, one.sizes)} {{ &{place} }}")

    def _constant(self, one: Member, name: str) -> None:
        out = self.out
        with out.block(f"pub fn get_{one.name}() -> {owned(one)}"):
            if one.is_number:
                out.line("// SAFETY: it returns a constant.")
                out.line(f"unsafe {{ ffi::{name}(){' != 0' if one.dtype.kind == 'b' else ''} }}")
                return
            out.line(f"let mut to = {zeros(one, one.sizes)};")
            out.line("// SAFETY: there is room for so many elements.")
            out.line(f"unsafe {{ ffi::{name}(to.as_mut_ptr().cast()) }};")
            out.line("to")

    def _copied(self, one: Member, name: str) -> None:
        """The getter of an array that is no field as it is: of bools, of nothing, or with inner sizes that change."""
        out, sizes = self.out, open_axes(one)
        kind = f"([{element(one)}; {one.count}], [usize; {len(sizes)}])" if sizes else nested(one, one.sizes)
        with out.block(f"pub fn get_{one.name}(&self) -> {kind}"):
            out.line(f"let mut to = {f'[{literal(0, one)}; {one.count}]' if sizes else zeros(one, one.sizes)};")
            out.line("// SAFETY: there is room for as many elements as there can be.")
            out.line(f"unsafe {{ ffi::{name}(&self.state, to.as_mut_ptr().cast()) }};")
            now = ", ".join(f"self.state.{raw(one.open[axis])} as usize" for axis in sizes)
            out.line(f"(to, [{now}])" if sizes else "to")

    def _setter(self, one: Member) -> None:
        out, name = self.out, f"{self.model.name}_set_{one.name}"
        out.line()
        out.raw(f"    /// Sets {doc_text(one.key)}.")
        if one.is_number:
            value = "u8::from(value)" if one.dtype.kind == "b" else "value"
            with out.block(f"pub fn set_{one.name}(&mut self, value: {element(one)})"):
                out.line(f"self.state.{raw(one.name)} = {value};")
            return
        sizes = _size_texts(one, "from", "sizes")
        arguments = ["&mut self", f"from: {borrowed(one)}", *([f"sizes: [usize; {len(sizes)}]"] if _has_sizes(one) else [])]
        with out.block(f"pub fn set_{one.name}({', '.join(arguments)}){' -> Result<(), Error>' if sizes else ''}"):
            self._length_check(one, "from", "sizes")
            out.line("// SAFETY: `from` has as many elements as C reads.")
            call = f"unsafe {{ ffi::{name}({', '.join(['&mut self.state', 'from.as_ptr().cast()', *sizes])}) }}"
            if sizes:
                out.line(f"let code = {call};")
                out.line("if code == 0 { Ok(()) } else { Err(Error::SIZE) }")
            else:
                out.line(f"{call};")

    def _length_check(self, one: Array, name: str, sizes: str) -> None:
        """Where elements and sizes are given apart."""
        if _has_sizes(one):
            count = " * ".join(f"{sizes}[{open_axes(one).index(axis)}]" if one.open[axis] else str(one.sizes[axis])
                               for axis in range(len(one.sizes)))  # fmt: skip
            limits = " || ".join(f"{sizes}[{at}] > {one.sizes[axis]}" for at, axis in enumerate(open_axes(one)))
            self.out.line(f"if {limits} || {name}.len() != {count} {{")
            self.out.line("    return Err(Error::SIZE);")
            self.out.line("}")

    # Methods

    def _result_struct(self, method: _Method) -> None:
        if len(method.outputs) < 2:
            return
        out = self.out
        out.raw(f"/// What `{method.name}` gives.\n#[derive(Clone, Copy, Debug)]\npub struct {method.result} {{")
        with out.deeper():
            for one, name in method.outputs:
                out.raw(f"    /// {_about(one)}")
                out.line(f"pub {name}: {owned(one)},")
        out.raw("}\n")

    def _defaults(self, method: _Method) -> None:
        """Constants for the arguments that Python may leave out."""
        for one, name in method.inputs:
            value = default_of(one)
            if value is None:
                continue
            shaped = np.asarray(value).reshape(-1) if _has_sizes(one) else np.asarray(value)
            own = self.names.fresh(f"{method.name}_{name}_DEFAULT".upper())
            self.out.line()
            self.out.line(f"/// What `{name}` of `{method.name}` usually is.")
            self.out.line(f"pub const {own}: {nested(one, shaped.shape)} = {value_text(shaped, one)};")

    def _call(self, method: _Method) -> None:
        out, function = self.out, method.function
        out.line()
        _doc(method, out)
        sizes = {name: method.locals.fresh(f"{name}_sizes") for one, name in (*method.inputs, *method.outputs) if open_axes(one)}
        given = ["&self" if is_pure(function) else "&mut self"]
        for one, name in method.inputs:
            given.append(f"{name}: {element(one) if one.is_number else borrowed(one)}")
            given += [f"{sizes[name]}: [usize; {len(open_axes(one))}]"] if _has_sizes(one) else []
        kind = _result_type(method)
        fails = can_fail(function)
        shown = f"Result<{kind}, Error>" if fails else kind
        out.listing(f"pub fn {method.name}(", given, f"){'' if shown == '()' else f' -> {shown}'} {{")
        with out.deeper():
            for one, name in method.inputs:
                self._length_check(one, name, sizes.get(name, ""))
            self._body(method, sizes, fails)
        out.line("}")

    def _body(self, method: _Method, sizes: dict[str, str], fails: bool) -> None:
        """The call of the C function, and its results."""
        out, function = self.out, method.function
        for one, name in method.outputs:
            start = "0u8" if one.is_number and one.dtype.kind == "b" else zeros(one, one.sizes) if not open_axes(one) else _room(one)
            kind = pointer_type(one) if one.is_number else f"[{element(one)}; {one.count}]" if open_axes(one) else owned(one)
            out.line(f"let mut {name}: {kind} = {start};")
            if open_axes(one):
                out.line(f"let mut {sizes[name]} = [0i64; {len(open_axes(one))}];")
        passed = ["&self.state" if is_pure(function) else "&mut self.state"]
        for one, name in method.inputs:
            passed.append(_number(one, name) if one.is_number else f"{name}.as_ptr().cast()")
            passed += _size_texts(one, name, sizes.get(name, ""))
        for one, name in method.outputs:
            passed.append(f"&mut {name}" if one.is_number else f"{name}.as_mut_ptr().cast()")
            passed += [f"&mut {sizes[name]}[{at}]" for at in range(len(open_axes(one)))]
        out.raw("        // SAFETY: arguments have as many elements as C reads, and results room for as many as it writes.")
        own = f"{self.model.name}_{function.name}"
        out.listing("let code = unsafe { ffi::" + own + "(" if fails else "unsafe { ffi::" + own + "(", passed, ") };")
        if fails:
            out.line("check(code)?;")
        values = [_finished(one, name, sizes.get(name, "")) for one, name in method.outputs]
        if len(values) > 1:
            pairs = [value if value == name else f"{name}: {value}" for value, (_, name) in zip(values, method.outputs, strict=True)]
            out.listing(f"{'Ok(' if fails else ''}{method.result} {{ ", pairs, " })" if fails else " }")
        elif fails or values:
            result = values[0] if values else "()"
            out.line(f"Ok({result})" if fails else result)


def _doc(method: _Method, out: Writer) -> None:
    function = method.function
    out.raw(f"    /// {doc_text(function.key)}{': ' + doc_text(function.doc) if function.doc else ''}")
    rows = [f"* `{name}`: {_about(one, name)}" for one, name in method.inputs]
    rows += [f"* gives `{name}`: {_about(one, name)}" for one, name in method.outputs]
    if rows:
        out.raw("    ///")
    for row in rows:
        out.raw(f"    /// {row}")


def _about(one: Array, name: str = "") -> str:
    """Key, shape, unit and description, for a doc comment; the key where the name is another."""
    key = "" if one.key == name else f"{doc_text(one.key)}, "
    return f"{key}`{one.shape_text}`" + "".join(
        f", {word}{doc_text(part)}" for word, part in (("in ", one.unit), ("", one.doc)) if part
    )


def _has_sizes(one: Array) -> bool:
    """Whether the sizes of an argument are given apart from its elements."""
    return any(map(bool, one.open[1:]))


def _size_texts(one: Array, name: str, sizes: str) -> list[str]:
    """The open sizes of an argument as C takes them."""
    if not open_axes(one):
        return []
    if not _has_sizes(one):
        return [f"{name}.len() as i64"]
    return [f"{sizes}[{at}] as i64" for at in range(len(open_axes(one)))]


def _number(one: Array, name: str) -> str:
    return f"u8::from({name})" if one.dtype.kind == "b" else name


def _room(one: Array) -> str:
    return f"[{literal(0, one)}; {one.count}]"


def _finished(one: Array, name: str, sizes: str) -> str:
    """A result as it is returned."""
    if one.is_number:
        return f"{name} != 0" if one.dtype.kind == "b" else name
    if not open_axes(one):
        return name
    now = [f"{sizes}[{open_axes(one).index(axis)}] as usize" if one.open[axis] else str(one.sizes[axis]) for axis in range(len(one.sizes))]
    return f"Open {{ elements: {name}, sizes: [{', '.join(now)}] }}"


def _result_type(method: _Method) -> str:
    if not method.outputs:
        return "()"
    return owned(method.outputs[0][0]) if len(method.outputs) == 1 else method.result
