"""NAME.h: what a C programmer reads.

Input: a `Model`. Output: C text. Neighbours: `c_source` defines what stands here; `certificate` gives
the comment at the top; the wrappers repeat these signatures in other languages.
"""

from __future__ import annotations

from collections.abc import Iterator

import modc
from modc.embed.certificate import certificate, macros
from modc.embed.model import Array, Function, Member, Model
from modc.emit.names import comment
from modc.emit.writer import Writer


def header(model: Model) -> str:
    """The text of NAME.h."""
    out = Writer()
    guard = f"{model.upper}_H"
    _top(model, out)
    out.raw(f"#ifndef {guard}\n#define {guard}\n")
    out.raw("#include <stddef.h>\n#include <stdint.h>\n\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n")
    for name, value, remark in macros(model):
        out.raw(f"#define {name} {value}" + (f"  /* {comment(remark)} */" if remark else ""))
    out.line()
    _struct(model, out)
    _state_functions(model, out)
    for function in model.functions:
        _method(model, function, out)
    out.raw('#ifdef __cplusplus\n}\n#endif\n#endif')
    return out.text()


def _top(model: Model, out: Writer) -> None:
    out.raw(f"/* {model.name}.h: {comment(model.title)}, written by modc {modc.__version__}.")
    out.raw(" *")
    for line in certificate(model):
        out.raw(f" * {comment(line)}".rstrip() if line else " *")
    out.raw(" */")


def _struct(model: Model, out: Writer) -> None:
    out.raw("/* The state: one of these per controller, filter or network. No pointers in it, so it may be copied.")
    out.raw(" * Arrays are row-major. The fields may be read and written between calls. */")
    out.line(f"typedef struct {model.name}_state {{")
    with out.deeper():
        for one in model.members:
            for axis, name in enumerate(one.open):
                if name:
                    out.line(f"int64_t {name};", f"size of {one.name} along axis {axis}, at most {one.sizes[axis]}")
        for one in model.members:
            out.line(field(one), about(one))
        if model.padding:
            out.line(f"uint8_t padding[{model.padding}];")
        if model.work_bytes:
            out.line(f"union {{ double real; int64_t whole; unsigned char bytes[{model.work_bytes}]; }} work;",
                     "scratch: holds nothing between calls")  # fmt: skip
    out.line(f"}} {model.name}_state;")
    out.line()


def field(one: Member) -> str:
    """The declaration of a member in the state struct."""
    return f"{one.c_type} {one.name}{f'[{max(one.count, 1)}]' if not one.is_number else ''};"


def about(one: Array) -> str:
    """Key, shape, unit and description, for a comment."""
    parts = [f"{one.key}: {one.shape_text}", f"in {one.unit}" if one.unit else "", one.doc]
    return comment(", ".join(part for part in parts if part))


def _state_functions(model: Model, out: Writer) -> None:
    state, name = f"{model.name}_state *s", model.name
    out.raw(f"/* {name}_init makes a state, with the values below; {name}_reset sets the members to them again. */")
    out.line(f"void {name}_init({state});")
    out.line(f"void {name}_reset({state});")
    if model.options.blob:
        out.raw(f"\n/* The initial values, which are in {name}.bin: 0, or 1 where `blob` is not that file. */")
        out.line(f"int {name}_load({state}, const void *blob, size_t bytes);")
    out.raw("\n/* Members by value; arrays are copied. Sizes that may change are checked: 0, or 1 and nothing changed. */")
    for one in (*model.members, *model.constants):
        out.line(f"{getter(model, one)};", about(one))
        if not one.constant:
            out.line(f"{setter(model, one)};")
    out.raw("\n/* What a code other than 0 of the functions below means. */")
    out.line(f"const char *{name}_error(int code);")


def getter(model: Model, one: Member) -> str:
    """The signature of NAME_get_MEMBER."""
    given = "void" if one.constant else f"const {model.name}_state *s"
    if one.is_number:
        return f"{one.c_type} {model.name}_get_{one.name}({given})"
    target = f"{one.c_type} *to" if one.constant else f"{given}, {one.c_type} *to"
    return f"void {model.name}_get_{one.name}({target})"


def setter(model: Model, one: Member) -> str:
    """The signature of NAME_set_MEMBER."""
    start = f"{model.name}_set_{one.name}({model.name}_state *s, "
    if one.is_number:
        return f"void {start}{one.c_type} value)"
    sizes = "".join(f", int64_t n{axis}" for axis, name in enumerate(one.open) if name)
    return f"{'int' if sizes else 'void'} {start}const {one.c_type} *from{sizes})"


def signature(model: Model, function: Function) -> str:
    """The signature of a Method's function."""
    return f"int {model.name}_{function.name}({', '.join(parameters(model, function))})"


def parameters(model: Model, function: Function) -> Iterator[str]:
    """State, inputs and outputs of a Method's function, each followed by its open sizes."""
    yield f"{'const ' if is_pure(function) else ''}{model.name}_state *s"
    for one in function.inputs:
        yield f"{one.c_type} {one.name}" if one.is_number else f"const {one.c_type} *{one.name}"
        yield from (f"int64_t {name}" for name in one.open if name)
    for one in function.outputs:
        yield f"{one.c_type} *{one.name}"
        yield from (f"int64_t *{name}" for name in one.open if name)


def is_pure(function: Function) -> bool:
    """Whether a call leaves the whole state as it is, scratch included."""
    return not function.writes and not function.work_bytes


def _method(model: Model, function: Function, out: Writer) -> None:
    out.raw(f"\n/* {comment(function.key)}" + (f": {comment(function.doc, 300)}" if function.doc else ""))
    rows = [("in", one) for one in function.inputs] + [("out", one) for one in function.outputs]
    for kind, one in rows:
        default = f", usually {one.default!s}" if kind == "in" and one.is_number and one.has_default else ""
        out.raw(f" *   {kind:3} {one.name:12} {about(one)}{comment(default)}")
    out.raw(f" *   reads {', '.join(map(comment, function.reads)) or 'nothing'}; "
            f"writes {', '.join(map(comment, function.writes)) or 'nothing'}. Arguments must not overlap results or members. */")  # fmt: skip
    out.listing(f"int {model.name}_{function.name}(", list(parameters(model, function)), ");")
