"""WebAssembly: NAME.wasm, a JavaScript class around it with its types, and a page that runs the model.

Input: a `Model`. Output: the folder `wasm/`. Neighbours: `wasm_js` writes the script, `web/` has the page and what
all scripts share, `zig` compiles.

NAME.wasm is a reactor for wasm32-wasi that imports nothing: it exports its memory, `__heap_base`, and the functions of
NAME.h. It allocates nothing: states, arguments and results lie where the caller puts them in the memory from
`__heap_base` on, so that there are as many states as one wants. The script holds the bytes of NAME.wasm as text, and the
page holds the script: either works alone, without a server.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape

from modc.embed.c_files import c_files
from modc.embed.certificate import macros
from modc.embed.model import Model
from modc.embed.wasm_js import Script, declarations, module, size_function, template
from modc.embed.wrapping import everything
from modc.embed.zig import FLAGS, zig

#: Bytes of stack beside what the certificate says.
STACK = 1 << 16

#: SIMD of 128 bits: browsers have had it since March 2023, wasmtime since 0.33. Lanes compute what loops do, bit for bit.
SIMD = "-msimd128"


def files(model: Model) -> dict[str, str | bytes]:
    """wasm/NAME.wasm, NAME.js, NAME.d.ts and index.html. Raises ExportError when ziglang is missing."""
    name = model.name
    bytes_ = binary(model)
    script = module(model, bytes_)
    return {
        f"wasm/{name}.wasm": bytes_, f"wasm/{name}.js": script, f"wasm/{name}.d.ts": declarations(model),
        "wasm/index.html": page(model, script),
    }  # fmt: skip


def binary(model: Model) -> bytes:
    """NAME.wasm. Initial values stand in it, with `Options.blob`, too."""
    name = model.name
    whole = replace(model, options=replace(model.options, blob=False, single=False))
    content = {**c_files(whole), f"{name}_wasm.c": shim(whole)}
    exported = [f"-Wl,--export={symbol}" for symbol in (*symbols(whole), "__heap_base")]
    most = max((int(value) for macro, value, _ in macros(whole) if macro.endswith("_STACK_BYTES")), default=0)
    stack = f"-Wl,-z,stack-size={(STACK + most + 15) // 16 * 16}"  # zig puts it below the data: too deep a call traps
    link = ["cc", "-target", "wasm32-wasi", *FLAGS, SIMD, "-mexec-model=reactor", *exported, stack]
    return zig("wasm32-wasi", content, [[*link, f"{name}.c", f"{name}_wasm.c", "-lm", "-o", "out.wasm"]], ["out.wasm"])[0]


def shim(model: Model) -> str:
    """C functions that NAME.h has not: sizes of members that may change."""
    functions = [
        f"int64_t {size_function(model, one, axis)}(const {model.name}_state *s) {{ return s->{field}; }}"
        for one in model.members
        for axis, field in enumerate(one.open)
        if field
    ]
    return "\n".join([f'#include "{model.name}.h"', f"typedef {model.name}_state {model.name}_wasm_state;", *functions, ""])


def symbols(model: Model) -> list[str]:
    """The functions that the script calls."""
    name = model.name
    own = [f"{name}_{one}" for one in ("init", "reset", "error")]
    own += [f"{name}_get_{one.name}" for one in everything(model)]
    own += [f"{name}_set_{one.name}" for one in model.members]
    own += [size_function(model, one, axis) for one in model.members for axis, field in enumerate(one.open) if field]
    return own + [f"{name}_{one.name}" for one in model.functions]


def page(model: Model, script: str) -> str:
    """A page that runs the model, with everything in it."""
    text = template("page.html").replace("$TITLE", escape(model.title))
    text = text.replace("/* page.css */", template("page.css").rstrip()).replace("/* page.js */", template("page.js").rstrip())
    text = text.replace("$CLASS", Script(model).kind)
    return text.replace("/* model.js */", script.rstrip().replace("</script", "<\\/script").replace("<!--", "<\\!--"))
