"""The pages of docs/reference: one for each group of functions of `modc.tensor`, and an index.

Input: the tables of `op_reference`, docstrings, the op table; what a function does is found out by calling it. Output:
Markdown by path. Neighbours: `regenerate` writes the pages; their examples run as doctests in `tests/test_documents.py`.
A public function that stands in no group comes into a last one of its own, so that no page misses one.
"""

from __future__ import annotations

import code
import contextlib
import inspect
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from op_examples import EXAMPLES
from op_reference import (
    ASKED,
    GROUPS,
    INTRODUCTIONS,
    OTHERS,
    ROUNDED,
    RULES,
    SAMPLES,
    SCOPES,
    SPARSE,
    SUMS,
    UNCALLED,
    Call,
)

import modc.tensor as T
from modc import sparse
from modc.errors import ModcError
from modc.graph import Node, walk
from modc.graph.dtype import ALL_DTYPES, DTYPES
from modc.rewrite.expand import expanded
from modc.tensor import types

ROOT = Path(__file__).parent.parent
REFUSALS = (TypeError, ValueError, IndexError)
COMPLEX = [name for name in ALL_DTYPES if name not in DTYPES]

#: Stars that Markdown would take for emphasis: those that do not stand by themselves.
STARS = re.compile(r"(?<=[^\s*])\*+|\*+(?=[^\s*])")

#: A function that an example calls by its bare name.
OWN = re.compile(r"(?<![\w.])([a-z]\w*)(?=\()")

#: What the examples of a page begin with.
SESSION = ["import numpy as np", "import modc.tensor as T"]
SPARSE_SESSION = [*SESSION, "from modc import sparse", "a = sparse.csr_from_dense([[0.0, 2.0], [3.0, 4.0]])"]

INDEX = """\
# Reference

Every function of `modc.tensor`, by group. `python build_tools/regenerate.py` writes these pages from the table of ops and the docstrings;
dtypes and gradients are found out by calling each function, and the examples run as tests, compiled and in mode `numpy`. Operators and
methods of Variables are in [the language](../language.md).

**dtype** is that of the result. Operands of several dtypes are [promoted](../language.md#dtypes) first.

**gradient** names the float arguments for which `T.grad` has one. *Zero* is what it is everywhere; where there is none, asking for it
raises `T.NoGradientError`.

**accuracy** is that of mode `c` for real operands, in ULP, units of the last place: the largest distance from the correctly rounded result
that is allowed, and tested. *Measured* is the largest that was found: of float32 functions of one operand over all 2^32 floats, of the others on random and
special points, see [performance](../performance.md#elementary-functions). *As NumPy* is bit for bit. Of what is put together from several
operations only the parts promise something. Sums are in an order that depends on sizes alone, so they are the same on every machine, but
for large products of matrices, which a BLAS does where one is found.
"""


class AtOnce(TypeError):
    """The function gives what Python has, no Variable."""


def functions() -> dict[str, Any]:
    """Every public function by the name it has in the tables."""
    found = {name: getattr(T, name) for name in T.__all__ if name not in OTHERS and not hasattr(types, name)}
    found = {name: one for name, one in found.items() if callable(one)}
    here = list(found.values())
    for scope in SCOPES:
        module = getattr(T, scope)
        for name in module.__all__:
            if not any(getattr(module, name) is one for one in here):
                found[f"{scope}.{name}"] = getattr(module, name)
    for names in UNCALLED.values():
        found |= {name: getattr(T, name) for name in names.split()}
    listed = [name for name in sparse.__all__ if name not in OTHERS and (name not in sparse.elementwise.__all__ or "_" in name)]
    return found | {f"sparse.{name}": getattr(sparse, name) for name in listed}


def groups(known: dict[str, Any]) -> dict[str, list[str]]:
    """Names by the title of their group; functions that are in none of GROUPS in a last one."""
    listed: set[int] = set()

    def new(name: str) -> bool:
        before = len(listed)
        listed.add(id(known[name]))
        return len(listed) > before

    listed_ones = GROUPS | {title: re.sub(r"(\S+)", r"sparse.\1", names) for title, names in SPARSE.items()} | UNCALLED
    found = {title: [name for name in names.split() if name in known and new(name)] for title, names in listed_ones.items()}
    rest = [name for name in known if new(name)]
    return found | ({"More": rest} if rest else {})


def pages() -> dict[str, str]:
    """Every page by its path in docs/reference. Raises ValueError for a function without a docstring."""
    known = functions()
    found = groups(known)
    places = {name: f"{slug(title)}.md#{anchor(name)}" for title, names in found.items() for name in names}
    places |= {other: place for name, place in places.items() for other in aliases(name, known)}
    made = {f"{slug(title)}.md": page(title, names, known, places) for title, names in found.items()}
    return {"index.md": index(found, known), **made}


def slug(title: str) -> str:
    """The file of a group, without ending."""
    return re.sub(r"[^a-z]+", "-", title.lower())


def anchor(name: str) -> str:
    """What GitHub and Sphinx make of a heading that is a name."""
    return name.replace(".", "").lower()


def index(found: dict[str, list[str]], known: dict[str, Any]) -> str:
    parts = [INDEX]
    for title, names in found.items():
        links = [f"[{one}]({slug(title)}.md#{anchor(name)})" for name in names for one in (name, *aliases(name, known))]
        parts.append(f"**[{title}]({slug(title)}.md)**: {', '.join(links)}.\n")
    listed = "\n".join(slug(title) for title in found)
    return "\n".join([*parts, f"```{{toctree}}\n:hidden:\n\n{listed}\n```"]) + "\n"


def page(title: str, names: list[str], known: dict[str, Any], places: dict[str, str]) -> str:
    head = [f"# {title}", *([INTRODUCTIONS[title]] if title in INTRODUCTIONS else [])]
    head.append(_block(_lines(SPARSE_SESSION if title in SPARSE else SESSION)))
    return "\n\n".join([*head, *(entry(name, known, places) for name in names)]) + "\n"


def entry(name: str, known: dict[str, Any], places: dict[str, str]) -> str:
    """One function: heading, signature, docstring with links to the functions that it names, facts, example."""
    text, example = described(name, known)
    text = re.sub(r"(?<!`)(?<!- )`([A-Za-z_][\w.]*)`(?!`)", lambda found: _linked(found, name, known, places), text)
    facts = [f"**also**: {', '.join(f'`{one}`' for one in others)}"] if (others := aliases(name, known)) else []
    if not any(name in names.split() for names in UNCALLED.values()):
        call = _sample(name, known[name])
        told = {"dtype": ASKED.get(name) or dtypes(name, call), "gradient": gradient(call), "accuracy": accuracy(name, call)}
        facts += [f"**{what}**: {fact}" for what, fact in told.items() if fact]
    parts = [f"## {name}", f"```python\n{'' if name.startswith('sparse.') else 'T.'}{name}{signature(known[name])}\n```", text]
    parts += ["\n".join(f"* {fact}" for fact in facts)] * bool(facts)  # with another mark than the list above
    parts += [_block(example)] * bool(example)
    return "\n\n".join(parts)


def _linked(found: re.Match[str], name: str, known: dict[str, Any], places: dict[str, str]) -> str:
    """A name in code as a link to the function of that name; not where it is an argument, or the function itself."""
    scope, _, _ = name.rpartition(".")
    place = places.get(f"{scope}.{found[1]}") or places.get(found[1])
    if place is None or place == places[name] or found[1] in inspect.signature(known[name]).parameters:
        return found[0]
    return f"[{found[0]}]({place})"


def described(name: str, known: dict[str, Any]) -> tuple[str, str]:
    """The docstring without its example, and the example: that of the docstring, or the one of the table."""
    doc = inspect.getdoc(known[name])
    if not doc:
        raise ValueError(f"{name} has no docstring")
    text, mark, example = doc.partition("\n\n>>> ")
    return _markdown(text), _called(mark.strip("\n") + example) or _session(EXAMPLES.get(name, ""), SPARSE_SESSION if name.startswith("sparse.") else SESSION)


def _called(example: str) -> str:
    """An example of a docstring, whose module's own names are those of T here."""
    lines = [line for line in example.split("\n") if line != ">>> import modc.tensor as T"]
    return "\n".join(OWN.sub(_from_language, line) if line.startswith((">>> ", "... ")) else line for line in lines)


def _from_language(found: re.Match[str]) -> str:
    homes = ["T"] * (found[1] in T.__all__) + [f"T.{scope}" for scope in SCOPES if found[1] in getattr(T, scope).__all__]
    return f"{homes[0]}.{found[0]}" if homes else found[0]


def _markdown(doc: str) -> str:
    """A docstring, whose columns of names and meanings become lists, and whose stars stay stars."""
    found: list[str] = []
    for line in doc.split("\n"):
        columns = re.fullmatch(r"([\w*, ]*[\w*])  +(\S.*)", line)
        inside = bool(found) and found[-1].startswith(("- ", "  "))
        if columns:
            found.append(f"- `{columns[1]}`: {columns[2]}")
        else:
            found.append(f"  {line.strip()}" if inside and line.startswith(" ") else line)
    parts = "\n".join(found).split("`")
    return "`".join(STARS.sub(lambda found: "\\*" * len(found[0]), part) if at % 2 == 0 else part for at, part in enumerate(parts))


def _session(calls: str, before: list[str]) -> str:
    """Lines of Python as a session with what they really give, computed without compiling."""
    os.environ["MODC_MODE"] = "numpy"
    scope: dict[str, Any] = {"__name__": "__main__"}
    found: list[str] = []
    for line in [*before, *calls.splitlines()] if calls else []:
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            code.InteractiveInterpreter(scope).runsource(line + "\n")
        found += [f">>> {line}", *said.getvalue().splitlines()]
    del os.environ["MODC_MODE"]
    return "\n".join(found[len(before) :])


def _lines(calls: list[str]) -> str:
    return "\n".join(f">>> {line}" for line in calls)


def _block(session: str) -> str:
    """A session, in a document that doctest reads: it ends with an empty line."""
    return f"```python\n{session}\n\n```"


def aliases(name: str, known: dict[str, Any]) -> list[str]:
    """The other names of a function."""
    return [other for other, one in known.items() if one is known[name] and other != name]


def signature(function: Any) -> str:
    """Parameters and defaults, without annotations."""
    plain = [one.replace(annotation=inspect.Parameter.empty) for one in inspect.signature(function).parameters.values()]
    return str(inspect.Signature(plain))


# What calling a function tells


def _sample(name: str, function: Any) -> Call:
    """How to call a function; the argument of a sample that does not matter by its name is called as the function's first."""
    call = SAMPLES.get(name)
    if call is None:
        return _plain(function)
    named = list(inspect.signature(function).parameters.values())
    if list(inspect.signature(call).parameters) == ["x"] and "x" not in [one.name for one in named] and named:

        def renamed(x: Any) -> Any:
            return call(x)

        one = inspect.Parameter(named[0].name, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        renamed.__signature__ = inspect.Signature([one])  # type: ignore[attr-defined]
        return renamed
    return call


def _plain(function: Any) -> Call:
    """The function of a Variable for each argument that it needs; of two where it takes any number."""
    parameters = list(inspect.signature(function).parameters.values())
    if any(one.kind is one.VAR_POSITIONAL for one in parameters):

        def any_number(a: Any, b: Any) -> Any:
            return function(a, b)

        return any_number
    needed = [one.replace(annotation=inspect.Parameter.empty) for one in parameters if one.default is one.empty]
    takes: Call = sparse.csr_from_dense if function.__module__.startswith("modc.sparse") else lambda x: x

    def apply(*arguments: Any) -> Any:
        return function(*map(takes, arguments))

    apply.__signature__ = inspect.Signature(needed)  # type: ignore[attr-defined]
    return apply


def _arguments(call: Call, dtype: str) -> dict[str, Any]:
    return {name: T.tensor(dtype, (2, 3), name) for name in inspect.signature(call).parameters}


def _results(call: Call, arguments: dict[str, Any]) -> tuple[Any, ...]:
    """The symbolic results of a call. Raises AtOnce where there are none."""
    found = call(*arguments.values())
    many = [sparse.csm_data(one) if sparse.is_sparse_variable(one) else one for one in (found if isinstance(found, (tuple, list)) else [found])]
    symbolic = tuple(one for one in many if isinstance(one, T.Variable))
    if not symbolic:
        raise AtOnce
    return symbolic


def dtypes(name: str, call: Call) -> str:
    """How the result's dtype follows from the operands'. Raises ValueError for a call that fails."""
    found = {name: _dtype(call, name) for name in [*DTYPES, *COMPLEX]}
    real = {name: found[name] for name in DTYPES}
    kept = [one for one in real.values() if one is not None]
    if not kept:
        try:
            _results(call, _arguments(call, "float64"))
        except AtOnce:
            return ""
        except (ModcError, *REFUSALS) as error:
            raise ValueError(f"no row of SAMPLES tells how to call {name}") from error
    text = kept[0] if len(set(kept)) == 1 and len(kept) > 2 else _rule(real)
    arguments = list(inspect.signature(call).parameters)
    if len(arguments) == 1:
        text = text.replace("the operands", f"`{arguments[0]}`")
    return text + _refused([name for name, one in real.items() if one is None]) + _complex(found)


def _dtype(call: Call, name: str) -> str | None:
    try:
        found: str = _results(call, _arguments(call, name))[0].dtype
    except (ModcError, *REFUSALS):
        return None
    return found


def _rule(found: dict[str, str | None]) -> str:
    for text, names in RULES.items():
        if all(one in (None, want) for one, want in zip(found.values(), names.split(), strict=True)):
            return text
    given: dict[str, list[str]] = {}
    for name, one in found.items():
        if one is not None:
            given.setdefault(one, []).append(name)
    return "; ".join(f"{one} of {', '.join(names)}" for one, names in given.items())


def _complex(found: dict[str, str | None]) -> str:
    kept = [found[name] for name in COMPLEX]
    if None in kept or len(set(kept)) < len(kept):
        return ""
    return "; complex of complex numbers" if kept == COMPLEX else "; of complex numbers that of their parts"


def _refused(names: list[str]) -> str:
    kinds = {"bool": "bool", "float": "floats", "int": "integers"}
    if "bool" in names and "int8" in names:
        return "; of floats only"
    left = [text for kind, text in kinds.items() if any(kind in name for name in names)]
    return f"; not of {', '.join(left)}" if left else ""


def gradient(call: Call) -> str:
    """For which float arguments there is a gradient, for which it is zero, and for which there is none."""
    arguments = _arguments(call, "float64")
    try:
        total = sum(one.astype("float64").sum() for found in _results(call, arguments) for one in _real(found))
    except (ModcError, *REFUSALS):  # the function takes no floats
        return ""
    kinds: dict[str, list[str]] = {"": [], "zero for ": [], "none for ": []}
    for name, argument in arguments.items():
        kind = _slope(total, argument)
        if kind is not None:
            kinds[kind].append(f"`{name}`")
    if call.__name__ == "any_number" and kinds[""]:
        return "all arguments"
    return "; ".join(kind + ", ".join(names) for kind, names in kinds.items() if names)


def _real(found: Any) -> list[Any]:
    return [found.real, found.imag] if found.dtype in COMPLEX else [found]


def _slope(total: Any, argument: Any) -> str | None:
    try:
        slope = T.grad(total, argument)
    except T.DisconnectedInputError:
        return None
    except T.NoGradientError:
        return "none for "
    inner = slope.node.args[0] if slope.node.op.name == "broadcast" else slope.node
    return "zero for " if inner.op.name == "const" and not inner.value.any() else ""


def accuracy(name: str, call: Call) -> str:
    """What a float result promises: of the row that is the whole function, or of the rows it is put together from."""
    try:
        result = _results(call, _arguments(call, "float64"))[0].node
    except (ModcError, *REFUSALS):
        return ""
    if not result.dtype.is_float:
        return ""
    parts = {node.op.name: node.op for node in _parts(result)}
    if any(op.family == "call" and op.ulp and one not in SUMS for one, op in parts.items()):
        return "no promise by element; a stable algorithm"
    inexact = [f"`{one}` {op.ulp:g} ULP" for one, op in parts.items() if op.ulp and one not in SUMS]
    whole = result.op.family == "map" and len(parts) == 1
    if inexact:
        return f"{result.op.ulp:g} ULP{measured(name)}" if whole else f"of its parts: {', '.join(inexact)}"
    if parts.keys() & SUMS:
        return "sums, in a fixed order"
    return "as NumPy" if whole else "exact" if not parts.keys() & ROUNDED else "as NumPy's operations"


def _parts(result: Node) -> Iterator[Node]:
    """The float operations on data that a result is made of; composites are expanded, sizes left out."""
    for node in walk([result]):
        simpler = expanded(node) if node.op.family == "composite" else None
        if simpler is not None:
            yield from _parts(simpler)
        elif node.op.family in ("map", "reduce", "contract", "call") and node.dtype.is_float and node.op.name != "cast":
            yield node


def measured(name: str) -> str:
    """The largest distances that the tables of docs/performance.md tell."""
    found: dict[str, str] = {}
    heads: list[str] = []
    for line in (ROOT / "docs" / "performance.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if "function" in cells:
            heads = cells
        elif cells and cells[0] == name:
            for at, cell in enumerate(cells):
                if heads[at] == "ULP" and cell:
                    found["float64" if "f64 ns" in heads[at - 2 : at] else "float32"] = cell
    return f"; measured {', '.join(f'{value} ({dtype})' for dtype, value in found.items())}" if found else ""
