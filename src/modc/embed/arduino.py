"""arduino/NAME/: the export as an Arduino library, with a sketch.

Input: a `Model`. Output: paths and texts. Neighbours: `c_files` has the C, `cpp` the class, `sizes` flash and RAM.

On boards of 8 bits double has 4 bytes: an export with float64 is refused by their compiler, one with float32 works.
"""

from __future__ import annotations

import re

import modc
from modc.embed.c_files import c_files
from modc.embed.cpp import hpp
from modc.embed.model import Array, Function, Model
from modc.embed.wrapping import can_fail, default_of, everything, open_axes
from modc.emit import literal
from modc.emit.names import comment
from modc.errors import ExportError

#: Families of boards whose double has 8 bytes.
WIDE = (
    "sam,samd,stm32,esp32,esp8266,mbed,mbed_edge,mbed_giga,mbed_nano,mbed_nicla,mbed_opta,mbed_portenta,mbed_rp2040,"
    "nrf52,renesas_portenta,renesas_uno,rp2040,teensy"
)

#: Macros of Arduino.h that stand for a number or a word, so that nothing else can have their names.
_MACROS = frozenset(
    word
    for text in (
        "PI HALF_PI TWO_PI DEG_TO_RAD RAD_TO_DEG EULER SERIAL DISPLAY LSBFIRST MSBFIRST CHANGE FALLING RISING HIGH LOW INPUT",
        "OUTPUT INPUT_PULLUP DEFAULT EXTERNAL INTERNAL DEC HEX OCT BIN LED_BUILTIN SDA SCL MOSI MISO SCK SS NUM_DIGITAL_PINS",
        "F_CPU PROGMEM E2END RAMEND FLASHEND Serial SPI Wire",
    )
    for word in text.split()
)
_NUMBERED = re.compile(r"B[01]{1,8}|(PIN_)?[ADP]\d+|P[A-L]\d?|DD[A-L]\d|(PORT|PIN|DDR)[A-L]\d?|TX\d?|RX\d?|_[A-Z]")


def files(model: Model) -> dict[str, str | bytes]:
    """The library. Raises ExportError for a blob, and for names that Arduino.h defines as macros."""
    if model.options.blob:
        raise ExportError("an Arduino library has no files for initial values", "leave out --blob, or --arduino")
    _check_names(model)
    name = model.name
    made: dict[str, str | bytes] = {"library.properties": _properties(model), "keywords.txt": _keywords(model)}
    made["README.md"] = _readme(model)
    made |= {f"src/{path}": content for path, content in c_files(model).items()}
    made[f"src/{name}.hpp"] = hpp(model)
    made["examples/Basic/Basic.ino"] = _sketch(model)
    return {f"arduino/{name}/{path}": content for path, content in made.items()}


def has_double(model: Model) -> bool:
    """Whether float64 is anywhere in the C."""
    rows = {one.dtype.name for one in everything(model)}
    for function in model.functions:
        rows |= {node.dtype.name for node in function.fitted.rewritten.walk()}
    return "float64" in rows


def _check_names(model: Model) -> None:
    names = [(one.key, name) for one in everything(model) for name in (one.name, *one.open)]
    for function in model.functions:
        for one in (*function.inputs, *function.outputs):
            names += [(f"{function.key}.{one.key}", name) for name in (one.name, *one.open)]
    for key, name in names:
        if name in _MACROS or _NUMBERED.fullmatch(name):
            raise ExportError(f"{key}: {name} is a macro of Arduino.h", f"--rename {key}=another_name")


def _properties(model: Model) -> str:
    title = comment(model.title)
    return f"""name={model.name}
version={modc.__version__}
author=modc
maintainer=modc
sentence={title}, written by modc.
paragraph=One {model.name}_state ({model.state_bytes} bytes) is one instance. Nothing is allocated, and there are no variables at file scope.
category=Data Processing
url=
architectures={WIDE if has_double(model) else "*"}
includes={model.name}.h
"""


def _keywords(model: Model) -> str:
    name = model.name
    rows = [(f"{name}_state", "KEYWORD1")]
    rows += [(f"{name}_{own}", "KEYWORD2") for own in ("init", "reset", "error")]
    rows += [(f"{name}_{one.name}", "KEYWORD2") for one in model.functions]
    for one in everything(model):
        rows.append((f"{name}_get_{one.name}", "KEYWORD2"))
        rows += [] if one.constant else [(f"{name}_set_{one.name}", "KEYWORD2")]
    rows += [(f"{model.upper}_STATE_BYTES", "LITERAL1"), (f"{model.upper}_WORK_BYTES", "LITERAL1")]
    return "".join(f"{word}\t{kind}\n" for word, kind in rows)


def _readme(model: Model) -> str:
    name = model.name
    wide = (
        "It computes with float64, which boards of 8 bits do not have, and which many others compute slowly: export with\n"
        "`--real float32` for them."
        if has_double(model)
        else "It computes without float64, so that it runs on boards of 8 bits, and fast on those with a unit for float32."
    )
    return f"""# {name}

{comment(model.title)} as an Arduino library, written by modc {modc.__version__}. Copy the folder `{name}` into `libraries` of your sketchbook, or
zip it and choose Sketch > Include Library > Add .ZIP Library. `File > Examples > {name} > Basic` is a sketch.

{wide}

`{name}.h` is the interface; `{name}.hpp` a class, for cores that compile C++17. A `{name}_state` takes {model.state_bytes} bytes of RAM: make it
`static`, since a board's stack is small.
"""


# The sketch


def _sketch(model: Model) -> str:
    name = model.name
    function = max(model.functions, key=lambda one: (bool(one.outputs), bool(one.inputs)))  # the first that is worth showing
    arrays = [_storage(one) for one in (*function.inputs, *function.outputs) if not one.is_number]
    code = [f"  {one.c_type} {one.name};" for one in function.outputs if one.is_number]
    code += [f"  int64_t {size};" for one in function.outputs for size in one.open if size]
    call = f"{name}_{function.name}({', '.join(['&instance', *_arguments(function)])})"
    if can_fail(function):
        code += [f"  const int code = {call};", "  if (code != 0) {", f"    Serial.println({name}_error(code));", "    return;", "  }"]
    else:
        code.append(f"  {call};")
    for one in function.outputs:
        code.append(f"  Serial.println({_printed(one)});")
    lines = [
        f"// {comment(function.key)}, ten times a second.", f"#include <{name}.h>", "",
        f"static {name}_state instance;  // {model.state_bytes} bytes", *arrays, "",
        "void setup() {", "  Serial.begin(115200);", f"  {name}_init(&instance);", "}", "",
        "void loop() {", *code, "  delay(100);", "}", "",
    ]  # fmt: skip
    return "\n".join(lines)


def _storage(one: Array) -> str:
    return f"static {one.c_type} {one.name}[{max(one.count, 1)}];  // {comment(one.shape_text)}"


def _arguments(function: Function) -> list[str]:
    texts = []
    for one in function.inputs:
        value = default_of(one) if one.is_number else None
        texts.append((literal(0 if value is None else value.item(), one.dtype)[0]) if one.is_number else one.name)
        texts += [str(one.sizes[axis]) for axis in open_axes(one)]
    for one in function.outputs:
        texts.append(f"&{one.name}" if one.is_number else one.name)
        texts += [f"&{one.open[axis]}" for axis in open_axes(one)]
    return texts


def _printed(one: Array) -> str:
    place = one.name if one.is_number else f"{one.name}[0]"
    return place if one.dtype.is_float else f"(long){place}"
