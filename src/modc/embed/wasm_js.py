"""NAME.js: the class of an export as an ES module, and NAME.d.ts: its types.

Input: a `Model` and the bytes of its WebAssembly. Output: JavaScript and TypeScript. Neighbours: `wasm` compiles;
`web/support.js` has what every module shares: memory, conversions, exceptions.

Identifiers of the module that are not the user's begin with `$`, which no name of C has.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as resources
from typing import Any

import numpy as np

import modc
from modc.embed.model import Array, Function, Member, Model
from modc.embed.wrapping import default_of, everything, open_axes
from modc.graph import DType

#: What the class has beside members and Methods.
_OWN = frozenset({"constructor", "prototype", "__proto__", "free", "copy", "reset", "snapshot", "restore", "toString", "valueOf"})

#: Globals that the module or the page uses: the class cannot hide them.
_GLOBALS = frozenset(
    ["Array", "ArrayBuffer", "BigInt", "BigInt64Array", "BigUint64Array", "Error", "FinalizationRegistry", "Float32Array", "Float64Array", "ImageData", "Infinity", "Int16Array", "Int32Array", "Int8Array", "JSON", "Math", "ModelError", "NaN", "Number", "Object", "RangeError", "String", "TextDecoder", "TypeError", "Uint16Array", "Uint32Array", "Uint8Array", "WebAssembly"]
)

#: Words that JavaScript does not take as parameters, and what the text of a method uses.
_WORDS = frozenset(
    ["arguments", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do", "else", "enum", "eval", "export", "extends", "false", "finally", "for", "function", "if", "implements", "import", "in", "instanceof", "interface", "let", "new", "null", "package", "private", "protected", "public", "return", "static", "super", "switch", "this", "throw", "true", "try", "typeof", "undefined", "var", "void", "while", "with", "yield", "BigInt", "Number", "Infinity", "NaN", "ModelError"]
)

_CLASS = re.compile(r"[A-Z][A-Za-z0-9]*")


@cache
def template(name: str) -> str:
    """A file of `modc/embed/web`."""
    return resources("modc.embed").joinpath("web", name).read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Slot:
    """Where an argument, a result or one of its sizes lies, in bytes from $room."""

    array: Array
    at: int
    sizes_at: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A Function with its names in JavaScript and the places of its arguments."""

    function: Function
    name: str
    parameters: tuple[str, ...]
    inputs: tuple[Slot, ...]
    outputs: tuple[Slot, ...]
    result: str


class Script:
    """The names and places of one export's module."""

    def __init__(self, model: Model) -> None:
        self.model = model
        kind = model.title if _CLASS.fullmatch(model.title) else camel(model.name)
        self.kind = f"{kind}Model" if kind in _GLOBALS or kind[:1].isdigit() else kind
        rename, taken = model.options.rename, set(_OWN)
        self.members = {one.key: identifier(rename.get(one.key, one.key), taken) for one in everything(model)}
        self.calls = [self._call(one, identifier(rename.get(one.key, one.key), taken)) for one in model.functions]
        self.room = 64
        for call in self.calls:
            for slot in (*call.inputs, *call.outputs):
                self.room = max(self.room, slot.at + padded(slot.array), *(at + 8 for at in slot.sizes_at))
        self.room = max(self.room, *(padded(one) for one in everything(model)), 64)

    def _call(self, function: Function, name: str) -> Call:
        local = set(_WORDS)
        at, slots = 0, []
        for array in (*function.inputs, *function.outputs):
            start, at = at, at + padded(array)
            sizes = tuple(range(at, at + 8 * len(open_axes(array)), 8))
            at += 8 * len(sizes)
            slots.append(Slot(array, start, sizes))
        split = len(function.inputs)
        parameters = tuple(identifier(one.key, local) for one in function.inputs)
        return Call(function, name, parameters, tuple(slots[:split]), tuple(slots[split:]), function.fitted.called.result)


def identifier(key: str, taken: set[str]) -> str:
    """A name for what the user calls `key`, which nothing else has; it is taken then."""
    name = re.sub(r"\W", "_", key, flags=re.ASCII)
    name = f"_{name}" if not name or name[0].isdigit() else name
    free, number = name, 0
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    taken.add(free)
    return free


def camel(name: str) -> str:
    """`my_filter` as the name of a class: MyFilter."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_") if part)


def padded(one: Array) -> int:
    """Bytes of an array at most, as a multiple of 8."""
    return (max(one.count, 1) * one.dtype.bytes + 7) // 8 * 8


def code(value: object) -> str:
    """A JavaScript literal; it may stand within HTML."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False)
    return text.replace("<", "\\u003c")


def number(value: Any, row: DType) -> str:
    """A number as a JavaScript literal."""
    if row.kind == "b":
        return "true" if value else "false"
    if row.kind in "iu":
        return f"{int(value)}n" if row.bits == 64 else str(int(value))
    value = float(value)
    if np.isnan(value):
        return "NaN"
    return repr(value) if np.isfinite(value) else ("Infinity" if value > 0 else "-Infinity")


def nested(value: Any, row: DType) -> str:
    """An array as nested JavaScript arrays."""
    if np.ndim(value) == 0:
        return number(value, row)
    return "[" + ", ".join(nested(item, row) for item in value) + "]"


def remark(text: str) -> str:
    """Text for a comment: one line."""
    line = "".join(one if one.isprintable() else "?" for one in " ".join(text.split()))
    return line.replace("*/", "* /")


def said(one: Array) -> str:
    """Key, shape, unit and description of an array, in one line."""
    parts = [f"{one.key}: {one.shape_text}", f"in {one.unit}" if one.unit else "", one.doc]
    return remark(", ".join(part for part in parts if part))


# JavaScript


def module(model: Model, wasm: bytes) -> str:
    """The text of NAME.js."""
    script = Script(model)
    head = f"// {model.name}.js: {remark(model.title)} as an ES module, written by modc {modc.__version__}. It holds {model.name}.wasm.\n\n"
    support = template("support.js").replace("$NAME", model.name)
    room = f"\nconst $room = $reserve({script.room});\n\n"
    return "".join([
        head, f'const $WASM = "{base64.b64encode(wasm).decode()}";\n\n', support, room,
        f"/** What the class has: members and Methods with their sizes and units. */\nexport const model = {code(outline(script))};\n\n",
        "\n".join(_class(script)), f"\n\nexport default {script.kind};\n",
    ])  # fmt: skip


def outline(script: Script) -> dict[str, Any]:
    """The export as data, for pages that show any model."""
    model = script.model
    return {
        "name": model.name, "title": model.title, "className": script.kind, "stateBytes": model.state_bytes,
        "members": [_described(one, script.members[one.key]) for one in everything(model)],
        "methods": [
            {
                "key": call.function.key, "name": call.name, "doc": call.function.doc, "result": call.result,
                "reads": list(call.function.reads), "writes": list(call.function.writes),
                "inputs": [_described(slot.array, name) for slot, name in zip(call.inputs, call.parameters, strict=True)],
                "outputs": [_described(slot.array, slot.array.name) for slot in call.outputs],
            }
            for call in script.calls
        ],
    }  # fmt: skip


def _described(one: Array, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {"key": one.key, "name": name, "dtype": one.dtype.name, "sizes": list(one.sizes)}
    found |= {"open": list(open_axes(one)), "unit": one.unit, "doc": one.doc}
    if isinstance(one, Member):
        found["constant"] = one.constant
    return found


def _class(script: Script) -> Iterator[str]:
    name, bytes_ = script.model.name, script.model.state_bytes
    yield f"/** {remark(script.model.title)}. Numbers are numbers (BigInt for int64 and uint64), arrays are row-major typed arrays. */"
    yield f"""export class {script.kind} {{
  #at;

  /** A new state; `values` are members to begin with. */
  constructor(values = {{}}) {{
    this.#at = $free.pop() ?? $reserve({bytes_});
    $lost.register(this, this.#at, this);
    $c.{name}_init(this.#at);
    for (const [key, value] of Object.entries(values)) {{
      if (!Object.getOwnPropertyDescriptor({script.kind}.prototype, key)?.set) throw new TypeError(`{script.kind} has no member ${{key}} that can be set`);
      this[key] = value;
    }}
  }}

  get #state() {{
    if (!this.#at) throw new Error("this {script.kind} was freed");
    return this.#at;
  }}

  /** Gives the memory back, which else happens some time after the last use. */
  free() {{
    $lost.unregister(this);
    $free.push(this.#state);
    this.#at = 0;
  }}

  /** Sets all members to what they were at first. */
  reset() {{
    $c.{name}_reset(this.#state);
  }}

  /** Another one with the same members. */
  copy() {{
    const other = new {script.kind}();
    other.restore(this.snapshot());
    return other;
  }}

  /** The bytes of the state, for `restore`, storage or another page. */
  snapshot() {{
    return new Uint8Array($memory.buffer, this.#state, {bytes_}).slice();
  }}

  /** Back to a snapshot. */
  restore(bytes) {{
    if (!(bytes instanceof Uint8Array) || bytes.length !== {bytes_}) throw new TypeError("restore takes the {bytes_} bytes of a snapshot");
    new Uint8Array($memory.buffer, this.#state, {bytes_}).set(bytes);
  }}"""
    for one in everything(script.model):
        yield from _member(script, one)
    for call in script.calls:
        yield from _method(script, call)
    yield "}"


def _type(one: Array) -> str:
    return f"${one.dtype.name}"


def _place(at: int) -> str:
    return f"$room + {at}" if at else "$room"


def _member(script: Script, one: Member) -> Iterator[str]:
    name, own, kind = script.model.name, script.members[one.key], _type(one)
    state = "" if one.constant else "this.#state"
    yield f"\n  /** {said(one)}{'. Constant' if one.constant else ''} */"
    yield f"  get {own}() {{"
    if one.is_number:
        yield f"    return $result({kind}, $c.{name}_get_{one.name}({state}));"
    else:
        sizes = [f"Number($c.{size_function(script.model, one, axis)}(this.#state))" if open_ else str(size)
                 for axis, (size, open_) in enumerate(zip(one.sizes, one.open, strict=True))]  # fmt: skip
        yield f"    $c.{name}_get_{one.name}({', '.join(filter(None, [state, '$room']))});"
        yield f"    return $take({kind}, $room, [{', '.join(sizes)}]);"
    yield "  }"
    if one.constant:
        return
    what = code(f"{one.key}")
    yield f"  set {own}(value) {{"
    if one.is_number:
        yield f"    $c.{name}_set_{one.name}(this.#state, $number({kind}, value, {what}));"
    else:
        opened = open_axes(one)
        yield f"    {'const $shape = ' if opened else ''}{_put(one, 'value', 0, what)};"
        passed = "".join(f", BigInt($shape[{axis}])" for axis in opened)
        yield f"    $c.{name}_set_{one.name}(this.#state, $room{passed});"
    yield "  }"


def size_function(model: Model, one: Member, axis: int) -> str:
    """The function of the shim that gives an open size of a member."""
    return f"{model.name}_wasm_{one.name}_n{axis}"


def _put(one: Array, value: str, at: int, what: str) -> str:
    sizes = ", ".join("null" if open_ else str(size) for size, open_ in zip(one.sizes, one.open, strict=True))
    most = ", ".join(map(str, one.sizes))
    return f"$put({_type(one)}, {value}, {_place(at)}, [{sizes}], [{most}], {what})"


def _method(script: Script, call: Call) -> Iterator[str]:
    function = call.function
    yield "\n  /**"
    if function.doc:
        yield f"   * {remark(function.doc)}"
    for slot, parameter in zip(call.inputs, call.parameters, strict=True):
        yield f"   * @param {parameter} {said(slot.array)}"
    for slot in call.outputs:
        yield f"   * @returns {said(slot.array)}"
    yield "   */"
    yield f"  {call.name}({', '.join(_parameter(slot, name) for slot, name in zip(call.inputs, call.parameters, strict=True))}) {{"
    arguments = ["this.#state"]
    for at, (slot, parameter) in enumerate(zip(call.inputs, call.parameters, strict=True)):
        what = code(f"{function.key}: argument {slot.array.key}")
        if slot.array.is_number:
            arguments.append(f"$number({_type(slot.array)}, {parameter}, {what})")
            continue
        opened = open_axes(slot.array)
        yield f"    {f'const $shape{at} = ' if opened else ''}{_put(slot.array, parameter, slot.at, what)};"
        arguments += [_place(slot.at), *(f"BigInt($shape{at}[{axis}])" for axis in opened)]
    for slot in call.outputs:
        arguments += [_place(slot.at), *(_place(at) for at in slot.sizes_at)]
    yield f"    const $code = $c.{script.model.name}_{function.name}({', '.join(arguments)});"
    yield "    if ($code !== 0) throw new ModelError($code);"
    results = [_result(slot) for slot in call.outputs]
    if call.result != "none":
        yield f"    return {results[0] if call.result == 'one' else '[' + ', '.join(results) + ']'};"
    yield "  }"


def _parameter(slot: Slot, name: str) -> str:
    default = default_of(slot.array)
    return name if default is None else f"{name} = {nested(default, slot.array.dtype)}"


def _result(slot: Slot) -> str:
    one = slot.array
    if one.is_number:
        return f"$read({_type(one)}, {_place(slot.at)})"
    places = dict(zip(open_axes(one), slot.sizes_at, strict=True))
    sizes = [f"Number($read($int64, {_place(places[axis])}))" if axis in places else str(size) for axis, size in enumerate(one.sizes)]
    return f"$take({_type(one)}, {_place(slot.at)}, [{', '.join(sizes)}])"


# TypeScript

_ARRAYS = {
    "bool": "Uint8Array", "int8": "Int8Array", "int16": "Int16Array", "int32": "Int32Array", "int64": "BigInt64Array",
    "uint8": "Uint8Array", "uint16": "Uint16Array", "uint32": "Uint32Array", "uint64": "BigUint64Array",
    "float32": "Float32Array", "float64": "Float64Array",
}  # fmt: skip


def _element(row: DType) -> str:
    return "boolean" if row.kind == "b" else "bigint" if row.kind in "iu" and row.bits == 64 else "number"


def _given(one: Array) -> str:
    """The type of an argument."""
    element = _element(one.dtype)
    loose = {"boolean": "boolean | number", "bigint": "bigint | number"}.get(element, element)
    return loose if one.is_number else f"{_ARRAYS[one.dtype.name]} | Nested<{loose}>"


def _got(one: Array) -> str:
    """The type of a result."""
    if one.is_number:
        return _element(one.dtype)
    return _ARRAYS[one.dtype.name] if len(one.sizes) == 1 else f"Shaped<{_ARRAYS[one.dtype.name]}>"


def declarations(model: Model) -> str:
    """The text of NAME.d.ts."""
    script = Script(model)
    return "\n".join([f"// {model.name}.d.ts: the types of {model.name}.js, written by modc {modc.__version__}.", "", *_types(script), ""])


def _types(script: Script) -> Iterator[str]:
    yield "/** Numbers, or rows of them to any depth. */\nexport type Nested<T> = ArrayLike<T> | readonly Nested<T>[];"
    yield "/** A row-major array with its sizes. */\nexport type Shaped<T> = T & { readonly shape: readonly number[] };\n"
    yield "/** Thrown when a function refuses its arguments; nothing has changed then. */"
    yield "export class ModelError extends Error {\n  readonly code: number;\n}\n"
    yield "/** Members and Methods with their sizes and units. */\nexport const model: Record<string, any>;\n"
    yield f"export class {script.kind} {{"
    settable = list(script.model.members)
    values = "".join(f" {script.members[one.key]}?: {_given(one)};" for one in settable)
    yield f"  constructor(values?: {{{values} }});"
    yield "  free(): void;\n  reset(): void;"
    yield f"  copy(): {script.kind};\n  snapshot(): Uint8Array;\n  restore(bytes: Uint8Array): void;"
    for one in everything(script.model):
        own = script.members[one.key]
        yield f"  /** {said(one)} */\n  get {own}(): {_got(one)};"
        if not one.constant:
            yield f"  set {own}(value: {_given(one)});"
    for call in script.calls:
        yield from _method_types(call)
    yield f"}}\n\nexport default {script.kind};"


def _method_types(call: Call) -> Iterator[str]:
    if call.function.doc:
        yield f"  /** {remark(call.function.doc)} */"
    defaults = [default_of(slot.array) is not None for slot in call.inputs]
    texts = []
    for at, (slot, name) in enumerate(zip(call.inputs, call.parameters, strict=True)):
        optional = all(defaults[at:])
        texts.append(f"{name}{'?' if optional else ''}: {_given(slot.array)}{' | undefined' if defaults[at] and not optional else ''}")
    results = [_got(slot.array) for slot in call.outputs]
    labels = set(_WORDS)
    tuple_ = ", ".join(f"{identifier(slot.array.key, labels)}: {kind}" for slot, kind in zip(call.outputs, results, strict=True))
    result = "void" if call.result == "none" else results[0] if call.result == "one" else f"[{tuple_}]"
    yield f"  {call.name}({', '.join(texts)}): {result};"
