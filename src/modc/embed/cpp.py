"""NAME.hpp: the class NAME::Model, C++17, header only, over the functions of NAME.h.

Input: a `Model`. Output: C++ text. Neighbours: `cpp_text` has what all exports share; `c_header` the C signatures.

The names are those of C without the prefix: `step`, `get_kp`, `set_kp`, `reset`. A Method that can fail throws
NAME::Error; every Method has a twin `try_step` that writes its results to arguments and returns the code, and
that is all there is for such a Method without exceptions.
"""

from __future__ import annotations

from dataclasses import dataclass

import modc
from modc.embed.c_header import about, is_pure
from modc.embed.cpp_text import TEMPLATES
from modc.embed.model import Array, Function, Member, Model
from modc.embed.wrapping import (
    SIZE_CODE,
    SIZE_TEXT,
    can_fail,
    default_of,
    everything,
    open_axes,
    optional_from,
)
from modc.emit import literal
from modc.emit.names import Names, c_string, comment
from modc.emit.writer import Writer

#: What the namespace and the class have beside members and Methods.
_OWN = (
    "Model", "View", "Open", "Error", "any", "detail", "state", "reset", "load", "try_load", "init", "state_bytes", "work_bytes",
    "state_", "check_", "code_", "result_", "std",
)  # fmt: skip

_INCLUDES = ("array", "cmath", "cstddef", "cstdint", "exception", "type_traits", "utility")


def files(model: Model) -> dict[str, str]:
    """NAME.hpp."""
    return {f"{model.name}.hpp": hpp(model)}


def hpp(model: Model) -> str:
    """The text of NAME.hpp."""
    name, upper = model.name, model.upper
    out = Writer()
    out.raw(f"/* {name}.hpp: {comment(model.title)} as a C++17 class, written by modc {modc.__version__}.")
    out.raw(f" * Compile {name}.c beside it, as C. Nothing is allocated; a {name}::Model may be copied. */")
    out.raw(f"#ifndef {upper}_HPP\n#define {upper}_HPP\n")
    for include in _INCLUDES:
        out.raw(f"#include <{include}>")
    out.raw(f'\n#include "{name}.h"\n\n#if !defined({upper}_NO_EXCEPTIONS) && !defined(__cpp_exceptions)')
    out.raw(f"#define {upper}_NO_EXCEPTIONS\n#endif\n\nnamespace {name} {{\n")
    out.raw(TEMPLATES.replace("@NAME@", name).replace("@UPPER@", upper))
    _Class(model, out).write()
    out.raw(f"}} // namespace {name}\n\n#endif")
    return out.text()


@dataclass(frozen=True, slots=True)
class _Method:
    """A Function and its names in C++: of itself, its twin, the struct of its results, and a byte for a result that is a bool."""

    function: Function
    name: str
    trying: str
    result: str
    flag: str
    inputs: tuple[tuple[Array, str], ...]
    outputs: tuple[tuple[Array, str], ...]


class _Class:
    """The work on the class."""

    def __init__(self, model: Model, out: Writer) -> None:
        self.model, self.out, self.name = model, out, model.name
        taken = {f"{verb}_{one.name}" for one in everything(model) for verb in ("get", "set", "try_set")}
        self.names = Names(frozenset({*_OWN, self.name, *taken}))
        self.methods = [self._method(function) for function in model.functions]

    def _method(self, function: Function) -> _Method:
        name = self.names.fresh(function.name)
        local = Names(frozenset({*_OWN, self.name, name}))
        sides = [tuple((one, local.fresh(one.name)) for one in side) for side in (function.inputs, function.outputs)]
        return _Method(
            function, name, self.names.fresh(f"try_{name}"), self.names.fresh(f"{name}_result"), local.fresh("flag"), sides[0], sides[1]
        )

    def write(self) -> None:
        out = self.out
        for method in self.methods:
            self._result_struct(method)
        out.raw(f"/* {comment(self.model.title)}. */\nclass Model {{\npublic:")
        with out.deeper():
            self._whole()
            for one in everything(self.model):
                self._getter(one)
                if not one.constant:
                    self._setter(one)
            for method in self.methods:
                self._defaults(method)
                self._calls(method)
        out.raw("\nprivate:")
        with out.deeper():
            self._private()
        out.raw("};\n")

    # the state as a whole

    def _whole(self) -> None:
        out, name, upper = self.out, self.name, self.model.upper
        out.line(f"static constexpr std::size_t state_bytes = {upper}_STATE_BYTES;")
        out.line(f"static constexpr std::size_t work_bytes = {upper}_WORK_BYTES;", "scratch within it")
        out.line()
        blob = self.model.options.blob
        out.line("/* All zero, until the values are loaded. */" if blob else "/* With the values that the export has. */")
        out.line(f"Model() noexcept {{ {name}_init(&state_); }}")
        if blob:
            with self._throwing():
                out.line(f"/* With the values of {name}.bin. */")
                out.line("Model(const void *blob, std::size_t bytes) : Model() { load(blob, bytes); }")
                out.line("void load(const void *blob, std::size_t bytes) {")
                out.line(f'    if (try_load(blob, bytes) != 0) throw Error({SIZE_CODE}, "the bytes are not those of {name}.bin");')
                out.line("}")
            out.line("[[nodiscard]] int try_load(const void *blob, std::size_t bytes) noexcept {")
            out.line(f"    return {name}_load(&state_, blob, bytes);")
            out.line("}")
        out.line(f"void reset() noexcept {{ {name}_reset(&state_); }}")
        out.line()
        out.line("/* The struct of C, with every member as a field. */")
        out.line(f"{name}_state &state() noexcept {{ return state_; }}")
        out.line(f"const {name}_state &state() const noexcept {{ return state_; }}")

    def _throwing(self) -> _Guard:
        return _Guard(self.out, self.model.upper)

    def _private(self) -> None:
        out, name = self.out, self.name
        if any(can_fail(one) for one in self.model.functions):
            with self._throwing():
                out.line("static void check_(int code) {")
                out.line("    if (code != 0) throw Error(code);")
                out.line("}")
        out.line(f"{name}_state state_;")
        out.line(f"static_assert(std::is_trivially_copyable_v<{name}_state>);")

    # members

    def _getter(self, one: Member) -> None:
        out, name = self.out, self.name
        out.line()
        out.line(f"/* {about(one)} */")
        head, tail = ("static ", "") if one.constant else ("", " const")
        given = "" if one.constant else "&state_"
        if one.is_number:
            value = _from_c(one, f"{name}_get_{one.name}({given})")
            out.line(f"{head}{_scalar(one)} get_{one.name}(){tail} noexcept {{ return {value}; }}")
            return
        with out.block(f"{head}{_owned(one)} get_{one.name}(){tail} noexcept"):
            out.line(f"{_owned(one)} result_{{}};")
            for axis in open_axes(one):
                out.line(f"result_.sizes[{axis}] = state_.{one.open[axis]};")
            out.line(f"{name}_get_{one.name}({given}{', ' if given else ''}{_pointer(one, 'result_')});")
            out.line("return result_;")

    def _setter(self, one: Member) -> None:
        out, name = self.out, self.name
        if one.is_number:
            out.line(f"void set_{one.name}({_scalar(one)} value) noexcept {{ {name}_set_{one.name}(&state_, {_to_c(one, 'value')}); }}")
            return
        call = ", ".join([f"{name}_set_{one.name}(&state_", _pointer(one, "from"), *(f"from.size({axis})" for axis in open_axes(one))])
        if not open_axes(one):
            out.line(f"void set_{one.name}({_view(one, True)} from) noexcept {{ {call}); }}")
            return
        with self._throwing():
            out.line(f"void set_{one.name}({_view(one, True)} from) {{")
            out.line(f"    if (try_set_{one.name}(from) != 0)")
            out.raw(f"            throw Error({SIZE_CODE}, {c_string(SIZE_TEXT)});")
            out.line("}")
        out.line(f"[[nodiscard]] int try_set_{one.name}({_view(one, True)} from) noexcept {{ return {call}); }}")

    # Methods

    def _result_struct(self, method: _Method) -> None:
        if len(method.outputs) < 2:
            return
        out = self.out
        out.raw(f"/* What {comment(method.function.key)} gives. */")
        out.line(f"struct {method.result} {{")
        with out.deeper():
            for one, name in method.outputs:
                out.line(f"{_owned(one)} {name}{{}};", about(one))
        out.line("};")
        out.line()

    def _defaults(self, method: _Method) -> None:
        """Constants for the arrays that arguments have when they are left out."""
        for one, _ in method.inputs[optional_from(method.function.inputs) :]:
            value = default_of(one)
            if value is not None and not one.is_number:
                values = [_literal(item, one) for item in value.reshape(-1).tolist()]
                self.out.line()
                head = f"static constexpr std::array<{_element(one)}, {len(values)}> {self._default_name(method, one)}"
                self.out.listing(f"{head}{{{{", values, "}};")

    def _default_name(self, method: _Method, one: Array) -> str:
        return self.names.of((method.name, one.name), f"{method.name}_{one.name}_default")

    def _default(self, method: _Method, one: Array) -> str:
        value = default_of(one)
        assert value is not None
        if one.is_number:
            return f" = {_literal(value.item(), one)}"
        sizes = ", ".join(str(value.shape[axis]) for axis in open_axes(one))
        name = self._default_name(method, one)
        return f" = {_view(one, True)}({name}.data(), {sizes})" if sizes else f" = {name}"

    def _calls(self, method: _Method) -> None:
        out, function = self.out, method.function
        out.line()
        _doc(function, method, out)
        tail = " const" if is_pure(function) else ""
        first = optional_from(function.inputs)
        inputs = [
            f"{_argument(one)} {name}{self._default(method, one) if at >= first else ''}" for at, (one, name) in enumerate(method.inputs)
        ]
        head = f"{_result_type(method)} {method.name}("
        if can_fail(function):
            with self._throwing():
                out.listing(head, inputs, f"){tail} {{")
                self._valued(method, "check_(")
        else:
            out.listing(head, inputs, f"){tail} noexcept {{")
            self._valued(method, "static_cast<void>(")
        self._trying(method, tail)

    def _valued(self, method: _Method, before: str) -> None:
        """The body of the function that returns its results."""
        out = self.out
        places = ["result_"] if len(method.outputs) == 1 else [f"result_.{name}" for _, name in method.outputs]
        arguments = ", ".join([*(name for _, name in method.inputs), *places])
        with out.deeper():
            if method.outputs:
                out.line(f"{_result_type(method)} result_{{}};")
            out.line(f"{before}{method.trying}({arguments}));")
            if method.outputs:
                out.line("return result_;")
        out.line("}")

    def _trying(self, method: _Method, tail: str) -> None:
        """The function that returns the code."""
        out, function = self.out, method.function
        given = [f"{_argument(one)} {name}" for one, name in method.inputs] + [f"{_place(one)}{name}" for one, name in method.outputs]
        head = "[[nodiscard]] " if can_fail(function) else ""
        out.listing(f"{head}int {method.trying}(", given, f"){tail} noexcept {{")
        passed = ["&state_"]
        for one, name in method.inputs:
            passed += [_to_c(one, name) if one.is_number else _pointer(one, name)]
            passed += [f"{name}.size({axis})" for axis in open_axes(one)]
        bools = [name for one, name in method.outputs if one.is_number and one.dtype.kind == "b"]
        flags = {name: f"{method.flag}[{at}]" for at, name in enumerate(bools)}
        for one, name in method.outputs:
            passed += [f"&{flags.get(name, name)}" if one.is_number else _pointer(one, name)]
            passed += [f"&{name}.sizes[{axis}]" for axis in open_axes(one)]
        with out.deeper():
            if flags:
                out.line(f"std::uint8_t {method.flag}[{len(flags)}] = {{}};")
            call = f"{self.name}_{function.name}({', '.join(passed)})"
            out.line(f"const int code_ = {call};" if flags else f"return {call};")
            for name, place in flags.items():
                out.line(f"{name} = {place} != 0;")
            if flags:
                out.line("return code_;")
        out.line("}")


class _Guard:
    """Lines that are only there with exceptions."""

    def __init__(self, out: Writer, upper: str) -> None:
        self.out, self.upper = out, upper

    def __enter__(self) -> None:
        self.out.raw(f"#ifndef {self.upper}_NO_EXCEPTIONS")

    def __exit__(self, *error: object) -> None:
        self.out.raw("#endif")


def _doc(function: Function, method: _Method, out: Writer) -> None:
    lines = [f"{comment(function.key)}{': ' + comment(function.doc, 300) if function.doc else ''}"]
    lines += [f"  {about(one)}" for one, _ in method.inputs]
    lines += [f"  gives {about(one)}" for one, _ in method.outputs]
    out.line(f"/* {lines[0]}" + (" */" if len(lines) == 1 else ""))
    for at, line in enumerate(lines[1:], 2):
        out.raw(f"     * {line}" + (" */" if at == len(lines) else ""))


# Types


def _element(one: Array) -> str:
    if one.dtype.kind == "b":
        return "bool"
    return one.c_type if one.dtype.is_float else f"std::{one.c_type}"


def _scalar(one: Array) -> str:
    return _element(one)


def _sizes(one: Array) -> str:
    return ", ".join("any" if name else str(size) for size, name in zip(one.sizes, one.open, strict=True))


def _view(one: Array, constant: bool) -> str:
    """A View of an array that is read, or written."""
    return f"View<{'const ' if constant else ''}{_element(one)}, {_sizes(one)}>"


def _owned(one: Array) -> str:
    """The type of a value that is returned."""
    if one.is_number:
        return _element(one)
    if open_axes(one):
        return f"Open<{_element(one)}, {one.count}, {_sizes(one)}>"
    return f"std::array<{_element(one)}, {one.count}>"


def _argument(one: Array) -> str:
    return _element(one) if one.is_number else _view(one, True)


def _place(one: Array) -> str:
    """The type of an argument that a result is written to."""
    if one.is_number:
        return f"{_element(one)} &"
    return f"{_owned(one)} &" if open_axes(one) else f"{_view(one, False)} "


def _result_type(method: _Method) -> str:
    if not method.outputs:
        return "void"
    return _owned(method.outputs[0][0]) if len(method.outputs) == 1 else method.result


# Values


def _to_c(one: Array, text: str) -> str:
    return f"static_cast<std::uint8_t>({text})" if one.dtype.kind == "b" else text


def _from_c(one: Array, text: str) -> str:
    return f"{text} != 0" if one.dtype.kind == "b" else text


def _pointer(one: Array, text: str) -> str:
    """The elements of a view or array as C takes them: a bool is a byte that is 0 or 1."""
    if one.dtype.kind != "b":
        return f"{text}.data()"
    return f"detail::bytes({text}.data())"


def _literal(item: object, one: Array) -> str:
    if one.dtype.kind == "b":
        return "true" if item else "false"
    return literal(item, one.dtype)[0]
