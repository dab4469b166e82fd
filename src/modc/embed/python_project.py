"""A Python project around an export: a cffi extension that needs cffi and NumPy, and nothing of modc.

Input: a `Model`. Output: the folder `python/`: what pip builds, and tests with golden values. Neighbours: `extension`
is the class; it and the files of the runtime that it uses are copied; `golden` gives the values.

One wheel serves every Python from 3.11 on: the extension keeps to the stable ABI.
"""

from __future__ import annotations

import io
import json
import keyword
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files as resources
from typing import Any

import numpy as np

import modc
from modc.embed.c_files import c_files
from modc.embed.c_header import getter, signature
from modc.embed.gather import Argument
from modc.embed.golden import golden
from modc.embed.model import Array, Function, Model
from modc.embed.wasm_js import camel, remark, said
from modc.embed.wrapping import default_of, everything
from modc.emit.names import comment
from modc.errors import ExportError

#: Files of modc that are copied into NAME/_runtime: those that `extension` imports.
_COPIED = {"model": "embed/extension", **{name: f"runtime/{name}" for name in ("bound", "convert", "failed", "rules", "side", "spec")}}

_IMPORT = re.compile(r"^(\s*)from modc\.(?:runtime\.)?(\w+) import", re.MULTILINE)

_ERRORS = '''"""Exceptions of this package."""

from __future__ import annotations


class ModcError(Exception):
    """Base of the exceptions below."""


class ShapeError(ModcError, ValueError):
    """Shapes or numbers of dimensions do not agree."""


class DTypeError(ModcError, TypeError):
    """A value cannot be converted to a dtype without loss."""
'''


def files(model: Model) -> dict[str, str | bytes]:
    """The project, by path under the export. Raises ExportError where Python has another use for the name."""
    _check(model.name)
    model = replace(model, options=replace(model.options, blob=False, single=False))
    name = model.name
    calls, arrays = golden_files(model)
    found: dict[str, str | bytes] = {
        "pyproject.toml": _pyproject(model), "setup.py": _setup(model), f"{name}_build.py": _build(model), "README.md": _readme(model),
        "MANIFEST.in": "include *_build.py\ngraft c\ngraft tests\n",
        **{f"c/{path}": text for path, text in c_files(model).items()},
        f"src/{name}/__init__.py": package(model), f"src/{name}/__init__.pyi": stub(model), f"src/{name}/py.typed": "",
        **{f"src/{name}/_runtime/{path}": text for path, text in runtime().items()},
        "tests/test_selftest.py": _TEST.replace("@NAME@", name).replace("@CLASS@", class_name(model)),
        "tests/golden.json": calls, "tests/golden.npz": arrays,
    }  # fmt: skip
    return {f"python/{path}": content for path, content in found.items()}


def _check(name: str) -> None:
    if keyword.iskeyword(name) or name in sys.stdlib_module_names or name in ("numpy", "cffi", "pycparser"):
        what = "a word of Python" if keyword.iskeyword(name) else "a package that Python has already"
        raise ExportError(f"a Python package cannot be called {name}: that is {what}", f"--name {name}_model")


def class_name(model: Model) -> str:
    """The Module's own name, or NAME in capitals and small letters."""
    title = model.title
    plain = title.isidentifier() and title.isascii() and not keyword.iskeyword(title) and title[:1].isupper()
    return title if plain and title not in ("ShapeError", "DTypeError") else camel(model.name)


def runtime() -> dict[str, str]:
    """The files of NAME/_runtime."""
    found = {"__init__.py": f'"""Parts of modc {modc.__version__} (BSD-3-Clause): argument checks, and the class itself."""\n', "errors.py": _ERRORS}
    for name, place in _COPIED.items():
        text = resources("modc").joinpath(f"{place}.py").read_text(encoding="utf-8")
        found[f"{name}.py"] = _IMPORT.sub(r"\1from .\2 import", text)
    return found


# How it is built


def _pyproject(model: Model) -> str:
    return f"""[build-system]
requires = ["setuptools>=70.1", "cffi>=1.16"]
build-backend = "setuptools.build_meta"

[project]
name = {json.dumps(model.name.replace("_", "-").strip("-"))}
version = "0.1.0"
description = {json.dumps(f"{comment(model.title)}, compiled ahead of time by modc")}
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["cffi>=1.16", "numpy>=2.0"]

[tool.setuptools.packages.find]
where = ["src"]

[tool.setuptools.package-data]
{model.name} = ["py.typed", "*.pyi"]
"""


def _setup(model: Model) -> str:
    return f'''"""Builds the extension with the stable ABI: one wheel for every Python from 3.11 on."""

from setuptools import setup

setup(
    cffi_modules=["{model.name}_build.py:ffibuilder"],
    options={{"bdist_wheel": {{"py_limited_api": "cp311"}}}},
)
'''


def declarations(model: Model) -> Iterator[str]:
    """What cffi is told of NAME.h."""
    name = model.name
    yield f"typedef struct {name}_state {{"
    for one in model.members:
        yield f"    {one.c_type} {one.name}{f'[{max(one.count, 1)}]' if one.sizes else ''};"
        yield from (f"    int64_t {field};" for field in one.open if field)
    yield f"    ...;\n}} {name}_state;"
    yield f"void {name}_init({name}_state *s);\nvoid {name}_reset({name}_state *s);\nconst char *{name}_error(int code);"
    yield from (f"{getter(model, one)};" for one in model.constants)
    yield from (f"{signature(model, one)};" for one in model.functions)


def _build(model: Model) -> str:
    name = model.name
    return f'''"""The extension {name}._{name}: C that modc {modc.__version__} wrote, and cffi's glue."""

import os

from cffi import FFI

CDEF = """
{chr(10).join(declarations(model))}
"""

ffibuilder = FFI()
ffibuilder.cdef(CDEF)
windows = os.name == "nt"
ffibuilder.set_source(
    "{name}._{name}",
    '#include "{name}.h"',
    sources=["c/{name}.c"],
    include_dirs=["c"],
    depends=["c/{name}.h"],
    libraries=[] if windows else ["m"],
    # Products and sums stay two roundings, as in modc.
    extra_compile_args=[] if windows else ["-O2", "-ffp-contract=off", "-fno-math-errno"],
)

if __name__ == "__main__":
    ffibuilder.compile(verbose=True)
'''


def _readme(model: Model) -> str:
    kind = class_name(model)
    calls = "\n".join(f"- `{one.key}({', '.join(_names(one))})`: {remark(one.doc) or 'no description'}" for one in model.functions)
    rows = "\n".join(f"| `{one.key}` | {said(one)} |" for one in everything(model))
    return f"""# {model.name}

A Python package written by modc {modc.__version__} from the Module {comment(model.title)}. It needs cffi and NumPy; to build it, a C compiler.

    pip install .
    python tests/test_selftest.py

    from {model.name} import {kind}
    one = {kind}()

Members are NumPy arrays over the object's own memory: `one.x` is live, `one.x = value` converts and copies. `one["a.b"]` is a member by its
key. `{kind}(x=value)` begins with another value; `reset()`, `state_dict()`, `load_state_dict()`, copies and pickles do what one expects.

## Methods

{calls}

## Members

| key | |
|---|---|
{rows}
"""


# The package


def package(model: Model) -> str:
    """The text of NAME/__init__.py."""
    name, kind = model.name, class_name(model)
    head = comment(model.title)
    lines = [
        f'"""{head.replace(chr(92), chr(92) * 2)}, compiled: one class, `{kind}`. Written by modc {modc.__version__}."""', "",
        "from __future__ import annotations", "", f"from ._{name} import ffi, lib", "from ._runtime.errors import DTypeError, ShapeError",
        "from ._runtime.model import Argument, Exported, Layout, Member, Method, Result", "",
        f'__all__ = ["DTypeError", "ShapeError", "{kind}"]', "", "_MEMBERS = (",
        *(f"    Member({_member(one)})," for one in everything(model)), ")", "", "_METHODS = (",
        *(line for one in model.functions for line in _method(model, one)), ")", "", "",
        f"class {kind}(Exported):", f'    """{_class_doc(model)}"""', "", "    __slots__ = ()",
        f'    _layout = Layout(ffi, lib, "{name}", _MEMBERS, _METHODS)', "",
    ]  # fmt: skip
    return "\n".join(lines)


def _class_doc(model: Model) -> str:
    keys = ", ".join(one.key for one in model.functions)
    return comment(f"{model.title}. Methods: {keys}.").replace("\\", "\\\\")


def _member(one: Array) -> str:
    constant = getattr(one, "constant", False)
    return f"{_text(one.key)}, {_text(one.name)}, {_shape(one)}, constant={constant}"


def _shape(one: Array) -> str:
    opened = one.open if any(one.open) else ()
    return f"{_text(one.dtype.name)}, {tuple(one.sizes)!r}, {opened!r}".replace("'", '"')


def _text(text: str | None) -> str:
    return ascii(text) if text is None or "\\" in ascii(text) else json.dumps(text)


def _method(model: Model, one: Function) -> Iterator[str]:
    yield f"    Method({_text(one.key)}, {_text(f'{model.name}_{one.name}')},"
    yield "        ("
    explicit = iter(one.inputs)
    for given in one.fitted.called.arguments:
        if given.private:
            yield f"            Argument({_text(given.name)}, private={_text(given.private)}{_rules(given)}),"
        else:
            array = next(explicit)
            default = default_of(array)
            tail = "" if default is None else f", default={literal(default)}"
            yield f"            Argument({_text(given.name)}, {_shape(array)}{_rules(given)}{tail}),"
    yield "        ),"
    results = "".join(f"Result({_shape(array)}), " for array in one.outputs)
    yield f"        ({results.rstrip()}),"
    kinds = [*(site.kind for site in one.sites), "room"]
    yield f'        "{one.fitted.called.result}", {one.first}, ({", ".join(map(_text, kinds))},),'
    yield f"        {_text(one.doc)},"
    yield "    ),"


def _rules(given: Argument) -> str:
    strict = ", strict=True" if given.strict else ""
    return strict + (f", allow_downcast={given.allow_downcast}" if given.allow_downcast is not None else "")


def literal(value: Any) -> str:
    """A default as Python text."""
    if np.ndim(value):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    plain = np.asarray(value).item()
    return repr(plain) if not isinstance(plain, float) or np.isfinite(plain) else f'float("{plain}")'


def _names(one: Function) -> list[str]:
    given = [given.name or f"arg{at}" for at, given in enumerate(one.fitted.called.arguments)]
    return [name if name.isidentifier() else f"arg{at}" for at, name in enumerate(given)]


# Types


def stub(model: Model) -> str:
    """The text of NAME/__init__.pyi."""
    lines = [
        "from collections.abc import Mapping", "from typing import Any", "", "import numpy as np",
        "from numpy.typing import ArrayLike, NDArray", "", "class ShapeError(ValueError): ...", "class DTypeError(TypeError): ...", "",
        f"class {class_name(model)}:", *(f"    {line}".rstrip() for line in _stub_lines(model)), "",
    ]  # fmt: skip
    return "\n".join(lines)


def _stub_lines(model: Model) -> Iterator[str]:
    simple = [one for one in everything(model) if _is_plain(one.key)]
    given = [f"{one.key}: ArrayLike = ..." for one in simple if not one.constant and one.key != "self"]
    yield f"def __init__(self{', *, ' if given else ''}{', '.join(given)}) -> None: ..."
    yield "def reset(self) -> None: ..."
    yield "def state_dict(self) -> dict[str, NDArray[Any]]: ..."
    yield "def load_state_dict(self, state: Mapping[str, Any], strict: bool = True) -> None: ..."
    yield "def __getitem__(self, key: str) -> Any: ..."
    yield "def __setitem__(self, key: str, value: ArrayLike) -> None: ..."
    parts = {key.partition(".")[0]: None for key in (*(one.key for one in everything(model)), *(one.key for one in model.functions)) if "." in key}
    methods = {one.key for one in model.functions}
    yield from (f"{part}: Any" for part in parts if _is_plain(part) and part not in methods)
    for one in simple:
        yield f"@property\ndef {one.key}(self) -> {_array(one)}: ...".replace("\n", "\n    ")
        if not one.constant:
            yield f"@{one.key}.setter\ndef {one.key}(self, value: ArrayLike) -> None: ...".replace("\n", "\n    ")
    yield from (_stub_method(one) for one in model.functions if _is_plain(one.key))


def _is_plain(key: str) -> bool:
    return key.isidentifier() and not keyword.iskeyword(key) and key not in ("reset", "state_dict", "load_state_dict")


def _array(one: Array) -> str:
    return f"NDArray[np.{'bool' if one.dtype.kind == 'b' else one.dtype.name}]"


def _stub_method(one: Function) -> str:
    names, explicit = _names(one), iter(one.inputs)
    defaults = [bool(given.private) or default_of(next(explicit)) is not None for given in one.fitted.called.arguments]
    texts, seen = [], False
    for name, default in zip(names, defaults, strict=True):
        seen = seen or default  # a required one after a default is given by keyword
        texts.append(f"{'_' if keyword.iskeyword(name) else ''}{name}: ArrayLike{' = ...' if seen else ''}")
    results = [_array(array) for array in one.outputs]
    made = {"none": "None", "one": results[0] if results else "None", "list": f"list[{' | '.join(dict.fromkeys(results)) or 'Any'}]"}
    return f"def {one.key}({', '.join(['self', *texts])}) -> {made[one.fitted.called.result]}: ..."


# Tests


def golden_files(model: Model) -> tuple[str, bytes]:
    """Golden calls: their order as JSON, their arrays as an .npz file."""
    rows, arrays = list[dict[str, Any]](), dict[str, Any]()
    for at, call in enumerate(golden(model).calls):
        for number, given in enumerate(call.given):
            arrays[f"{at}.given.{number}"] = given.value
        checks = [(f"{at}.output.{number}", one) for number, one in enumerate(call.outputs)]
        checks += [(f"{at}.member.{one.array.key}", one) for one in call.members]
        for name, one in checks:
            arrays[name] = one.value
            if not one.exact:
                arrays[f"{name}.near"] = one.near
        explicit = iter(range(len(call.given)))
        arguments = [None if given.private else next(explicit) for given in call.function.fitted.called.arguments]
        rows.append({
            "method": call.function.key, "arguments": arguments, "outputs": len(call.outputs),
            "members": [one.array.key for one in call.members], "fails": call.fails,
        })  # fmt: skip
    packed = io.BytesIO()
    np.savez_compressed(packed, **arrays)
    return "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n", packed.getvalue()


_TEST = '''"""The class gives what modc computed when it wrote this project."""

import copy
import json
import pickle
from pathlib import Path

import numpy as np

from @NAME@ import @CLASS@
from @NAME@._runtime.spec import MISSING

FOLDER = Path(__file__).parent


def agree(found, arrays, name):
    """Whether an array is the golden one: bit for bit, or within its tolerance (negative: anything goes)."""
    want = arrays[name]
    assert (found.dtype, found.shape) == (want.dtype, want.shape), name
    if f"{name}.near" not in arrays:
        np.testing.assert_array_equal(found, want, err_msg=name)
        return
    near = arrays[f"{name}.near"]
    with np.errstate(all="ignore"):
        far = np.abs(found.astype(np.float64) - want.astype(np.float64))
    same = (found == want) | (np.isnan(found) & np.isnan(want)) | (near < 0)
    assert np.all(same | (far <= near)), f"{name}: {found} is not {want}"


def test_every_golden_call():
    one = @CLASS@()
    with np.load(FOLDER / "golden.npz") as packed:
        arrays = dict(packed)
    for at, call in enumerate(json.loads((FOLDER / "golden.json").read_text())):
        method, before = one[call["method"]], one.state_dict()
        given = [MISSING if number is None else arrays[f"{at}.given.{number}"] for number in call["arguments"]]
        if call["fails"]:
            try:
                method(*given)
            except Exception:
                for key, value in one.state_dict().items():
                    np.testing.assert_array_equal(value, before[key])
                continue
            raise AssertionError(f"call {at} did not fail")
        results = method(*given)
        results = [] if results is None else results if isinstance(results, list) else [results]
        assert len(results) == call["outputs"]
        for number, found in enumerate(results):
            agree(found, arrays, f"{at}.output.{number}")
        for key in call["members"]:
            agree(one[key], arrays, f"{at}.member.{key}")


def test_copies_and_pickles_are_objects_of_their_own():
    one = @CLASS@()
    for other in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        state = other.state_dict()
        assert list(state) == list(one.state_dict())
        for key, value in one.state_dict().items():
            np.testing.assert_array_equal(value, state[key])
            assert not np.shares_memory(one[key], other[key])


def test_reset_goes_back_to_the_beginning():
    one, fresh = @CLASS@(), @CLASS@()
    for key, value in one.state_dict().items():
        one[key] = np.zeros_like(value)
    one.reset()
    for key, value in fresh.state_dict().items():
        np.testing.assert_array_equal(one[key], value)


if __name__ == "__main__":
    for name, test in list(globals().items()):
        if name.startswith("test_"):
            test()
            print(name, "passed")
'''
